//! Queries: the disputed part, the clock, the hold, the evidence, the end.
use crate::billing::{line, raised, standard};
use crate::customers::{customer, fields};
use sundry_desk::No;
use sundry_desk::approvals::{DecideApproval, Decided, approval, approvals_list, decide_approval};
use sundry_desk::billing::invoice;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{AddCustomer, CustomerFields, add_customer, customer_account};
use sundry_desk::delivery::{PrintLetters, letter, letter_pdf, letters_of_customer, print_letters};
use sundry_desk::queries::*;
use sundry_desk::recovery::people::{RegisterAsk, hold_register};
use sundry_desk::recovery::{DayReleased, ReleaseDay, case, release_day};
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_desk::work::worklist::{AskWorklist, worklist};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_store::delivery::outgoing::{MailRow, mails_about};

fn ask(key: &str, item: &str, disputed: Option<i64>) -> RaiseQuery {
    RaiseQuery {
        key: key.into(),
        customer: String::new(),
        item: item.into(),
        category: "price".into(),
        disputed: disputed.map(Pence),
        words: "Charged twice".into(),
        owner: "Lettings".into(),
        ..RaiseQuery::default()
    }
}

async fn held(t: &TestDesk, item: &str) -> i64 {
    invoice(&t.desk, &t.role(Role::Auditor), item).await.expect("shows").disputed_pence
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_the_disputed_part_is_held_until_it_is_resolved() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let controller = t.role(Role::CreditController);
        let no = raise_query(&t.desk, &controller, ask("q0", &item, Some(120_001))).await.expect_err("above open");
        assert_eq!(no.code(), Some("QRY-ABOVE-OPEN"));
        let query_made = raise_query(&t.desk, &controller, ask("q1", &item, Some(50_000))).await.expect("raises");
        // Ten working days from Friday 1 May 2026, over the early May bank holiday.
        assert_eq!(query_made.answer_by.to_string(), "2026-05-18");
        assert_eq!(held(&t, &item).await, 50_000);
        let account = customer_account(&t.desk, &controller, &number).await.expect("shows");
        assert_eq!(account.strip.in_query_pence, 50_000);
        let register = hold_register(&t.desk, &controller, &RegisterAsk::default()).await.expect("lists");
        assert_eq!((register.stops.len(), register.risk_pence), (1, 50_000), "the rest may be asked for");
        let act = |key: &str, act: &str| ActOnQuery {
            key: key.into(),
            number: query_made.number.clone(),
            act: act.into(),
            ..ActOnQuery::default()
        };
        act_on_query(&t.desk, &controller, act("a1", "ask_customer")).await.expect("asks");
        t.go_to("2026-05-08");
        let stands = act_on_query(&t.desk, &controller, act("a2", "customer_replied")).await.expect("replies");
        assert_eq!(stands.answer_by.to_string(), "2026-05-22");
        let answer = AnswerQuery { key: "an".into(), number: query_made.number.clone(), answer: "We agree".into() };
        answer_query(&t.desk, &t.role(Role::ServiceManager), answer).await.expect("answers");
        let end = ResolveQuery {
            key: "e".into(),
            number: query_made.number.clone(),
            resolution: "upheld".into(),
            ..ResolveQuery::default()
        };
        let no = resolve_query(&t.desk, &t.role(Role::ServiceManager), end.clone()).await.expect_err("no credit duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        assert_eq!(held(&t, &item).await, 50_000);
        let ended =
            resolve_query(&t.desk, &controller, ResolveQuery { key: "e2".into(), ..end.clone() }).await.expect("ends");
        assert_eq!((ended.state.as_str(), ended.approval.is_some()), ("resolved", true));
        // What is to be credited is not chased while the credit note waits for its yes.
        assert_eq!(held(&t, &item).await, 50_000);
        let twice =
            resolve_query(&t.desk, &controller, ResolveQuery { key: "e3".into(), ..end }).await.expect_err("is over");
        assert_eq!(twice.code(), Some("QRY-STATE"));
        assert_eq!(approvals_list(&t.desk, &controller, "").await.expect("lists").rows.len(), 1);
        let shown = query(&t.desk, &controller, &query_made.number).await.expect("shows");
        assert_eq!((shown.query.resolution.as_str(), shown.history.len()), ("upheld", 5));
        assert!(queries_list(&t.desk, &controller, QueriesAsk::default()).await.expect("lists").rows.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_two_disputes_never_hold_more_than_is_open() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let tasks: Vec<_> = (0..4)
            .map(|n| {
                let (desk, by, ask) =
                    (t.desk.clone(), t.role(Role::CreditController), ask(&format!("q{n}"), &item, Some(50_000)));
                tokio::spawn(async move { raise_query(&desk, &by, ask).await })
            })
            .collect();
        let mut raised = 0;
        for task in tasks {
            match task.await.expect("runs") {
                Ok(_) => raised += 1,
                Err(no) => assert_eq!(no.code(), Some("QRY-ABOVE-OPEN")),
            }
        }
        assert_eq!((raised, held(&t, &item).await), (2, 100_000));
        let first = QueriesAsk { limit: Some(1), ..QueriesAsk::default() };
        let listed = queries_list(&t.desk, &t.role(Role::Auditor), first).await.expect("lists");
        assert!(listed.rows.len() == 1 && listed.next.is_some());
        let no =
            raise_query(&t.desk, &t.role(Role::Cashier), ask("q9", &item, None)).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let absent = raise_query(&t.desk, &t.role(Role::CreditController), ask("q8", "INV-999999", None)).await;
        assert!(matches!(absent.expect_err("not there"), No::Absent(_)));
    })
    .await;
}

fn resolve(key: &str, number: &str, resolution: &str) -> ResolveQuery {
    ResolveQuery { key: key.into(), number: number.into(), resolution: resolution.into(), ..ResolveQuery::default() }
}

async fn decided(t: &TestDesk, key: &str, number: &str, approve: bool) -> Result<Decided, No> {
    let shown = approval(&t.desk, &t.role(Role::Auditor), number).await.expect("shows");
    let reason = if approve { String::new() } else { "The log shows that they came".into() };
    let ask =
        DecideApproval { key: key.into(), number: number.into(), approve, reason, content_hash: shown.content_hash };
    decide_approval(&t.desk, &t.role(Role::TeamLeader), ask).await
}

async fn released(t: &TestDesk, day: &str) -> DayReleased {
    t.go_to(day);
    let ask = ReleaseDay { key: format!("day {day}"), date: day.parse().expect("a date") };
    release_day(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await.expect("releases")
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_a_query_on_a_line_an_invoice_or_an_account_with_its_clock_and_evidence() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let number = customer(&t, "c1", "Calder Ltd").await;
        let lines = vec![line("1", "1000.00", "S"), line("2", "50.00", "S")];
        let item = raised(&t, "r1", &number, lines).await.number;
        // The line: what is left of it, and no more.
        let on_line = |key: &str, disputed| RaiseQuery { line: Some(2), ..ask(key, &item, disputed) };
        let no = raise_query(&t.desk, &controller, on_line("l0", Some(12_001))).await.expect_err("more than the line");
        assert_eq!(no.code(), Some("QRY-ABOVE-OPEN"));
        let line_query = raise_query(&t.desk, &controller, on_line("l1", None)).await.expect("raises");
        assert_eq!((line_query.disputed_pence, held(&t, &item).await), (12_000, 12_000));
        let wrong = RaiseQuery { line: Some(3), ..ask("l3", &item, None) };
        let no = raise_query(&t.desk, &controller, wrong).await.expect_err("no such line");
        assert!(matches!(no, No::Invalid(all) if all[0].field == "line"));
        // The invoice: the rest of it.
        let rest = raise_query(&t.desk, &controller, ask("i1", &item, None)).await.expect("raises");
        assert_eq!((rest.disputed_pence, held(&t, &item).await), (120_000, 132_000));
        // The account: all of it waits, and no amount can be named.
        let account = RaiseQuery {
            customer: number.clone(),
            source: "call".into(),
            service: "Lettings".into(),
            ..ask("a1", "", None)
        };
        let whole = raise_query(&t.desk, &controller, account.clone()).await.expect("raises");
        let shown = query(&t.desk, &controller, &whole.number).await.expect("shows");
        assert!(shown.held && shown.item_number.is_none());
        assert_eq!((shown.query.source.as_str(), shown.query.service.as_str()), ("call", "Lettings"));
        let named = RaiseQuery { key: "a2".into(), disputed: Some(Pence(1)), ..account };
        assert_eq!(raise_query(&t.desk, &controller, named).await.expect_err("no item").code(), Some("QRY-NO-ITEM"));
        // Evidence: kept once, proved by its hash, refused where it is not what its name says.
        let keep = |key: &str, name: &str, bytes: &[u8]| {
            let ask = AddEvidence { key: key.into(), number: rest.number.clone(), words: "The log".into() };
            add_evidence(&t.desk, &controller, ask, NewFile { name: name.into(), bytes: bytes.to_vec() })
        };
        let added = keep("e1", "C:\\logs\\visits.pdf", b"%PDF-1.7 visits").await.expect("keeps");
        assert_eq!((added.name.as_str(), added.was_there), ("visits.pdf", false));
        assert!(keep("e2", "again.pdf", b"%PDF-1.7 visits").await.expect("keeps").was_there);
        let no = keep("e3", "visits.pdf", b"MZ").await.expect_err("a program");
        assert_eq!(no.code(), Some("QRY-EVIDENCE-KIND"));
        let (row, bytes) = evidence_file(&t.desk, &controller, &rest.number, &added.sha256).await.expect("reads");
        assert_eq!((row.media_type.as_str(), bytes.as_slice()), ("application/pdf", b"%PDF-1.7 visits".as_slice()));
        let other = evidence_file(&t.desk, &controller, &whole.number, &added.sha256).await;
        assert!(matches!(other, Err(No::Absent(_))));
        // The clock is the category's, which is the organisation's to set from a day on.
        let set = SetCategory {
            key: "s1".into(),
            code: "hospital_stay".into(),
            name: "Was in hospital".into(),
            dispute: true,
            target_days: 3,
            hold_days: 20,
            from_on: None,
            active: true,
        };
        let no = set_query_category(&t.desk, &controller, set.clone()).await.expect_err("an administrator's");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let administrator = t.role(Role::Administrator);
        set_query_category(&t.desk, &administrator, set.clone()).await.expect("sets");
        let dated =
            SetCategory { key: "s3".into(), code: "in_hospice".into(), from_on: Some(t.desk.today()), ..set.clone() };
        let then = set_query_category(&t.desk, &administrator, dated.clone()).await.expect("sets").from_on;
        let wrong = SetCategory { key: "s2".into(), code: "Hospital".into(), name: " ".into(), target_days: 0, ..set };
        let no = set_query_category(&t.desk, &administrator, wrong).await.expect_err("three faults");
        assert!(matches!(no, No::Invalid(all) if all.len() == 3));
        let second = raised(&t, "r2", &number, standard()).await.number;
        let stay = RaiseQuery { category: "hospital_stay".into(), ..ask("h1", &second, None) };
        let stay = raise_query(&t.desk, &controller, stay).await.expect("raises");
        // Friday 1 May 2026 and three working days, over the early May bank holiday.
        assert_eq!(stay.answer_by.to_string(), "2026-05-07");
        let shown = query(&t.desk, &controller, &stay.number).await.expect("shows");
        assert_eq!(shown.held_until.map(|day| day.to_string()).as_deref(), Some("2026-05-21"));
        let handed = ActOnQuery {
            key: "o1".into(),
            number: stay.number.clone(),
            act: "hand_over".into(),
            owner: "Adult Social Care".into(),
            until: None,
        };
        act_on_query(&t.desk, &controller, handed).await.expect("hands over");
        assert_eq!(query(&t.desk, &controller, &stay.number).await.expect("shows").query.owner, "Adult Social Care");
        t.go_to("2026-06-01");
        let later = set_query_category(&t.desk, &administrator, dated).await.expect("the same request").from_on;
        assert_eq!(later, then, "the same key has its first answer, though its day is over (P02)");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_02_the_rest_is_still_chased_and_the_letter_says_so() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        released(&t, "2026-05-01").await;
        t.go_to("2026-06-01");
        raise_query(&t.desk, &controller, ask("q1", &item, Some(50_000))).await.expect("raises");
        // Due on 31 May: the first reminder comes seven days later, for what nobody disputes.
        let day = released(&t, "2026-06-08").await;
        assert_eq!(day.totals.letters["reminder"].total_pence, Pence(70_000));
        let id = customer_account(&t.desk, &leader, &number).await.expect("shows").customer.id;
        let letters = letters_of_customer(&t.desk, &leader, CustomerId(id)).await.expect("lists");
        let reminder = letters.iter().find(|one| one.kind == "reminder").expect("a reminder");
        assert_eq!((reminder.total_pence, reminder.state.as_str()), (70_000, "waiting"));
        let seen = letter(&t.desk, &leader, &reminder.number).await.expect("shows");
        let line = &seen.content.items[0];
        assert_eq!((line.amount_pence, line.in_query_pence, line.owed_pence), (120_000, 50_000, 70_000));
        let pdf = letter_pdf(&t.desk, &leader, &reminder.number).await.expect("sets");
        assert!(pdf.starts_with(b"%PDF"));
        // More is disputed before it leaves: then it asks for what is disputed, and stays.
        raise_query(&t.desk, &controller, ask("q2", &item, Some(10_000))).await.expect("raises");
        let printed = print_letters(&t.desk, &leader, PrintLetters { key: "p".into(), limit: 10 }, &|_, _| {}).await;
        drop(printed);
        let letters = letters_of_customer(&t.desk, &leader, CustomerId(id)).await.expect("lists");
        let reminder = letters.iter().find(|one| one.number == reminder.number).expect("it is there");
        assert_eq!(reminder.state, "withdrawn", "{}", reminder.state_reason);
        // The letter of claim waits for the answer: only reminders leave a part out.
        let cased = case(&t.desk, &leader, item_id(&t, &item).await).await.expect("shows");
        assert!(cased.holds.iter().any(|hold| hold.query_id.is_some() && hold.ended_on.is_none()));
    })
    .await;
}

async fn item_id(t: &TestDesk, number: &str) -> ItemId {
    let mut look = t.desk.look().await.expect("looks");
    let items = sundry_store::ledger::items_numbered(&mut look, t.org, number).await.expect("reads");
    ItemId(items[0].id)
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_03_a_hold_ends_by_itself_on_closure_or_when_it_runs_out() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        released(&t, "2026-05-01").await;
        let first = raise_query(&t.desk, &controller, ask("q1", &item, Some(120_000))).await.expect("raises");
        let day = released(&t, "2026-06-08").await;
        assert_eq!(day.totals.refused.get("REC-04-HOLD-DISPUTE"), Some(&1), "all of it is in query");
        // Closed: nothing is held, and the reminder comes after fourteen days of grace, not before.
        resolve_query(&t.desk, &controller, resolve("e1", &first.number, "charge_stands")).await.expect("resolves");
        assert_eq!(held(&t, &item).await, 0);
        assert!(!released(&t, "2026-06-19").await.totals.letters.contains_key("reminder"));
        let day = released(&t, "2026-06-22").await;
        assert_eq!(day.totals.letters["reminder"].total_pence, Pence(120_000));
        // Left alone, a hold ends after ninety days; the query goes on, late.
        let second = raise_query(&t.desk, &controller, ask("q2", &item, Some(100_000))).await.expect("raises");
        released(&t, "2026-09-20").await;
        assert_eq!(held(&t, &item).await, 100_000, "its last day");
        let day = released(&t, "2026-09-21").await;
        assert_eq!((day.totals.holds_ended, held(&t, &item).await), (1, 0));
        let shown = query(&t.desk, &controller, &second.number).await.expect("shows");
        assert!(shown.late && !shown.held && shown.query.state == "open");
        assert!(shown.history.iter().any(|event| event.event == "QueryHoldExpired"));
        // What it held is not given back twice when it is closed.
        let third = raise_query(&t.desk, &controller, ask("q3", &item, Some(30_000))).await.expect("raises");
        resolve_query(&t.desk, &controller, resolve("e2", &second.number, "explained")).await.expect("resolves");
        assert_eq!(held(&t, &item).await, 30_000);
        // A person may move the day, while there is something to move.
        let moved = |key: &str, number: &str, until: &str| ActOnQuery {
            key: key.into(),
            number: number.into(),
            act: "extend_hold".into(),
            until: until.parse().ok(),
            ..ActOnQuery::default()
        };
        act_on_query(&t.desk, &controller, moved("m1", &third.number, "2026-12-31")).await.expect("moves");
        let shown = query(&t.desk, &controller, &third.number).await.expect("shows");
        assert_eq!(shown.held_until.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
        let no = act_on_query(&t.desk, &controller, moved("m2", &third.number, "2026-01-01")).await;
        assert!(matches!(no, Err(No::Invalid(_))));
        let no = act_on_query(&t.desk, &controller, moved("m3", &second.number, "2026-12-31")).await;
        assert_eq!(no.expect_err("is over").code(), Some("QRY-STATE"));
        let first = moved("m4", &third.number, "2026-12-31");
        let then = act_on_query(&t.desk, &controller, first.clone()).await.expect("moves again");
        t.go_to("2027-01-10");
        let later = act_on_query(&t.desk, &controller, first).await.expect("the same request");
        assert_eq!(later.state, then.state, "the same key has its first answer, though its day is over (P02)");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_05_an_agreed_dispute_becomes_a_credit_note_within_the_approvers_limit() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        released(&t, "2026-05-01").await;
        let id = CustomerId(customer_account(&t.desk, &leader, &number).await.expect("shows").customer.id);
        let asked = raise_query(&t.desk, &controller, ask("q1", &item, Some(24_000))).await.expect("raises");
        let ended = resolve_query(&t.desk, &controller, resolve("e1", &asked.number, "upheld")).await.expect("ends");
        let waiting = ended.approval.expect("an approval");
        let shown = approval(&t.desk, &leader, &waiting).await.expect("shows");
        assert_eq!(shown.amount_pence, 24_000, "the disputed part at the rate of its line, no more");
        // Refused: the query goes on as it was, and its part is held.
        decided(&t, "d1", &waiting, false).await.expect("decides");
        let again = query(&t.desk, &controller, &asked.number).await.expect("shows");
        assert_eq!((again.query.state.as_str(), again.query.resolution.as_str()), ("open", ""));
        assert_eq!((again.held, held(&t, &item).await), (true, 24_000));
        // Asked again and approved: posted, set against the invoice, nothing held, the customer is told.
        let ended = resolve_query(&t.desk, &controller, resolve("e2", &asked.number, "upheld")).await.expect("ends");
        let made = decided(&t, "d2", &ended.approval.expect("an approval"), true).await.expect("decides");
        let note = made.made.expect("a credit note");
        let seen = invoice(&t.desk, &leader, &item).await.expect("shows");
        assert_eq!((seen.open_pence, seen.disputed_pence, seen.credit_notes.len()), (96_000, 0, 1));
        let over = query(&t.desk, &controller, &asked.number).await.expect("shows");
        assert!(!over.held && over.query.cause == "wrong_rate");
        let told = letter(&t.desk, &leader, &over.query.letter).await.expect("a letter");
        let words = serde_json::to_string(&told.content).expect("is JSON");
        assert!(words.contains(&note) && words.contains("£960.00"), "{words}");
        assert!(letter_pdf(&t.desk, &leader, &over.query.letter).await.expect("sets").starts_with(b"%PDF"));
        assert_eq!((told.head.kind.as_str(), told.head.state.as_str()), ("answer", "waiting"));
        // Above a team leader's limit it waits for someone else.
        let dear = raised(&t, "r2", &number, vec![line("1", "3000.00", "S")]).await.number;
        let asked = raise_query(&t.desk, &controller, ask("q2", &dear, None)).await.expect("raises");
        let ended = resolve_query(&t.desk, &controller, resolve("e3", &asked.number, "upheld")).await.expect("ends");
        let no = decided(&t, "d3", &ended.approval.expect("an approval"), true).await.expect_err("above the limit");
        assert_eq!(no.code(), Some("CTL-02-ABOVE-LIMIT"));
        assert_eq!(held(&t, &dear).await, 360_000, "held while it waits");
        // Billed again: the new invoice must be there; the old charge is credited whole.
        let old = raised(&t, "r3", &number, vec![line("1", "10.00", "S"), line("1", "20.00", "S")]).await.number;
        let part = raise_query(&t.desk, &controller, ask("q3", &old, Some(600))).await.expect("raises");
        let no = resolve_query(&t.desk, &controller, resolve("e4", &part.number, "upheld")).await.expect_err("which");
        assert_eq!(no.code(), Some("QRY-NAME-LINES"));
        let rebilled = |key: &str, as_| ResolveQuery { rebilled_as: as_, ..resolve(key, &part.number, "rebilled") };
        for (key, named) in [("e5", old.clone()), ("e6", String::new()), ("e7", "INV-999999".into())] {
            let no = resolve_query(&t.desk, &controller, rebilled(key, named)).await.expect_err("not billed again");
            assert_eq!(no.code(), Some("QRY-NOT-REBILLED"));
        }
        let new = raised(&t, "r4", &number, standard()).await.number;
        let ended = resolve_query(&t.desk, &controller, rebilled("e8", new.clone())).await.expect("ends");
        let waiting = ended.approval.expect("an approval");
        assert_eq!(approval(&t.desk, &leader, &waiting).await.expect("shows").amount_pence, 3_600);
        // Explained, with the words the customer reads; and nobody is written to where that is asked.
        let asked = raise_query(&t.desk, &controller, ask("q4", &new, Some(100))).await.expect("raises");
        let words = "The price list of April 2026 has it at £1,000".to_owned();
        let explained = ResolveQuery { words, ..resolve("e9", &asked.number, "explained") };
        resolve_query(&t.desk, &controller, explained).await.expect("ends");
        let over = query(&t.desk, &controller, &asked.number).await.expect("shows").query;
        let told = letter(&t.desk, &leader, &over.letter).await.expect("a letter");
        assert!(serde_json::to_string(&told.content).expect("is JSON").contains("price list of April"));
        let before = letters_of_customer(&t.desk, &leader, id).await.expect("lists").len();
        let asked = raise_query(&t.desk, &controller, ask("q5", &new, Some(100))).await.expect("raises");
        let quiet = ResolveQuery { letter: Some(false), ..resolve("e10", &asked.number, "paid") };
        resolve_query(&t.desk, &controller, quiet).await.expect("ends");
        assert_eq!(letters_of_customer(&t.desk, &leader, id).await.expect("lists").len(), before);
    })
    .await;
}

/// The address of our pages, as an administrator sets it; and the path of the link in the newest e-mail about a query.
pub async fn pages_at(t: &TestDesk) {
    let changes = [("letters.pages_url".to_owned(), "https://sundry.example.gov.uk".to_owned())].into();
    let ask = ChangeSettings { key: "pages".into(), changes };
    change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("sets");
}

pub async fn mails(t: &TestDesk, query: &str) -> Vec<MailRow> {
    let mut look = t.desk.look().await.expect("looks");
    mails_about(&mut look, t.org, &format!("query {query}")).await.expect("reads")
}

async fn token_of(t: &TestDesk, query: &str) -> String {
    let all = mails(t, query).await;
    let body = &all.last().expect("an e-mail").body;
    let link = body.lines().find(|line| line.starts_with("https://sundry.example.gov.uk/ask/")).expect("a link");
    link.rsplit('/').next().expect("a token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_04_the_worklist_asks_for_late_queries_that_are_with_us() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let mut numbers = Vec::new();
        for n in 0..3 {
            let who = customer(&t, &format!("c{n}"), &format!("Calder {n} Ltd")).await;
            let item = raised(&t, &format!("r{n}"), &who, standard()).await.number;
            numbers.push(
                raise_query(&t.desk, &controller, ask(&format!("q{n}"), &item, None)).await.expect("raises").number,
            );
        }
        let (with_customer, answered) = (numbers[1].clone(), numbers[2].clone());
        let act =
            ActOnQuery { key: "a".into(), number: with_customer, act: "ask_customer".into(), ..ActOnQuery::default() };
        act_on_query(&t.desk, &controller, act).await.expect("asks");
        let says = AnswerQuery { key: "b".into(), number: answered.clone(), answer: "It was two rooms".into() };
        answer_query(&t.desk, &t.role(Role::ServiceManager), says).await.expect("answers");
        t.go_to("2026-07-01");
        let reasons = async |view: &str| {
            let ask = AskWorklist { view: view.into(), ..AskWorklist::default() };
            let rows = worklist(&t.desk, &controller, &ask).await.expect("a worklist").rows;
            rows.into_iter().flat_map(|row| std::iter::once(row.why).chain(row.also)).collect::<Vec<_>>()
        };
        // The clock of the one that waits for its customer stands still.
        let mut of_late = reasons("today").await;
        of_late.retain(|why| why.contains("was to be answered"));
        assert_eq!(of_late.len(), 1, "{of_late:?}");
        assert!(of_late[0].contains(&numbers[0]), "{of_late:?}");
        let of_answered = reasons("queries-answered").await;
        assert!(of_answered.len() == 1 && of_answered[0].contains(&answered), "{of_answered:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_07_a_service_answers_by_a_link_and_its_answer_lands_on_the_query() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let query_made = raise_query(&t.desk, &controller, ask("q1", &item, Some(50_000))).await.expect("raises");
        let asked = |key: &str, question: &str| AskService {
            key: key.into(),
            number: query_made.number.clone(),
            service: "Lettings".into(),
            to: "lettings@example.gov.uk".into(),
            question: question.into(),
            days: None,
        };
        let question = "Was the hall let on 30 April?";
        let no = ask_service(&t.desk, &controller, asked("a0", question)).await.expect_err("no address");
        assert_eq!(no.code(), Some("QRY-NO-ADDRESS"));
        pages_at(&t).await;
        let no = ask_service(&t.desk, &t.role(Role::Cashier), asked("a1", question)).await.expect_err("no duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let made = ask_service(&t.desk, &controller, asked("a2", question)).await.expect("asks");
        // Five working days over the early May bank holiday.
        assert_eq!(made.answer_by.to_string(), "2026-05-11");
        let mail = mails(&t, &query_made.number).await;
        assert_eq!((mail.len(), mail[0].sent_to.as_str()), (1, "lettings@example.gov.uk"));
        assert!(!mail[0].body.contains("Calder") && !mail[0].body.contains(&number), "{}", mail[0].body);
        // The link opens the question, and nothing else; a changed one opens nothing.
        let token = token_of(&t, &query_made.number).await;
        let seen = linked_question(&t.desk, &token).await.expect("opens");
        assert_eq!((seen.reference.as_str(), seen.question.as_str()), (query_made.number.as_str(), question));
        let shown = serde_json::to_string(&seen).expect("is JSON");
        assert!(!shown.contains("Calder") && !shown.contains(&number), "{shown}");
        let mut forged = token.clone().into_bytes();
        forged[3] = if forged[3] == b'A' { b'B' } else { b'A' };
        for wrong in [String::from_utf8(forged).expect("text"), token[..20].to_owned(), "x".into(), String::new()] {
            let no = linked_question(&t.desk, &wrong).await.expect_err("forged");
            assert_eq!(no.code(), Some("QRY-LINK"));
        }
        // Reminded by working days, once a day however often the day is tended.
        for day in ["2026-05-11", "2026-05-12", "2026-05-12", "2026-05-13", "2026-05-15"] {
            t.go_to(day);
            tend_queries(&t.desk, &leader, day.parse().expect("a date")).await.expect("tends");
        }
        let mail = mails(&t, &query_made.number).await;
        let subjects: Vec<&str> = mail.iter().map(|one| one.subject.as_str()).collect();
        assert_eq!(subjects.iter().filter(|one| one.starts_with("Reminder")).count(), 2, "{subjects:?}");
        // Answered, with a file: once. The same form again changes nothing; another finds it answered.
        let answer =
            |key: &str, words: &str| AnswerByLink { key: key.into(), answer: words.into(), name: "Sam Reed".into() };
        let file = || vec![NewFile { name: "log.csv".into(), bytes: b"day,let\n30,yes\n".to_vec() }];
        let no = answer_by_link(&t.desk, &token, answer("k0", " "), Vec::new()).await;
        assert!(matches!(no, Err(No::Invalid(_))));
        let bad = vec![NewFile { name: "log.pdf".into(), bytes: b"MZ".to_vec() }];
        let no = answer_by_link(&t.desk, &token, answer("k1", "Yes"), bad).await.expect_err("not a PDF");
        assert_eq!(no.code(), Some("QRY-EVIDENCE-KIND"));
        answer_by_link(&t.desk, &token, answer("k2", "Yes, from nine"), file()).await.expect("answers");
        assert!(linked_question(&t.desk, &token).await.expect("opens").answered);
        answer_by_link(&t.desk, &token, answer("k2", "Yes, from nine"), file()).await.expect("the same again");
        let no = answer_by_link(&t.desk, &token, answer("k3", "No"), Vec::new()).await.expect_err("answered");
        assert_eq!(no.code(), Some("QRY-LINK"));
        let shown = query(&t.desk, &controller, &query_made.number).await.expect("shows");
        assert_eq!((shown.query.state.as_str(), shown.query.answer.as_str()), ("answered", "Yes, from nine"));
        assert_eq!((shown.evidence.len(), shown.questions[0].state.as_str()), (1, "answered"));
        assert_eq!(shown.evidence[0].came_from, "Sam Reed, Lettings, by link");
        assert_eq!(shown.history.iter().filter(|event| event.event == "ServiceAnswered").count(), 1);
        let view = AskWorklist { view: "queries-answered".into(), ..AskWorklist::default() };
        assert_eq!(worklist(&t.desk, &controller, &view).await.expect("lists").total_count, 1, "work for its owner");
        // A person is never named to a service; a question taken back, or too old, opens no more.
        let person = AddCustomer {
            key: "p1".into(),
            fields: CustomerFields { name: "Joyce Pemberton".into(), kind: "individual".into(), ..fields("x") },
            confirmed_alike: true,
            ..AddCustomer::default()
        };
        let person = add_customer(&t.desk, &t.role(Role::BillingOfficer), person).await.expect("opens").number;
        let bill = raised(&t, "r2", &person, standard()).await.number;
        let about = raise_query(&t.desk, &controller, ask("q2", &bill, None)).await.expect("raises");
        let asked = |key: &str, question: &str| AskService { number: about.number.clone(), ..asked(key, question) };
        let no = ask_service(&t.desk, &controller, asked("a3", "Was Mrs Pemberton at home?")).await;
        assert!(matches!(no, Err(No::Invalid(all)) if all[0].field == "question"));
        let made = ask_service(&t.desk, &controller, asked("a4", question)).await.expect("asks");
        let token = token_of(&t, &about.number).await;
        let back =
            |key: &str| WithdrawQuestion { key: key.into(), number: about.number.clone(), question: made.question };
        withdraw_question(&t.desk, &controller, back("w1")).await.expect("takes back");
        assert_eq!(linked_question(&t.desk, &token).await.expect_err("ended").code(), Some("QRY-LINK"));
        let no = withdraw_question(&t.desk, &controller, back("w2")).await.expect_err("is over");
        assert_eq!(no.code(), Some("QRY-STATE"));
        ask_service(&t.desk, &controller, asked("a5", question)).await.expect("asks");
        let token = token_of(&t, &about.number).await;
        t.go_to("2026-07-01");
        assert_eq!(linked_question(&t.desk, &token).await.expect_err("too old").code(), Some("QRY-LINK"));
        let tended = tend_queries(&t.desk, &leader, "2026-07-01".parse().expect("a date")).await.expect("tends");
        assert_eq!((tended.expired, tended.reminded), (1, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_04_what_nobody_settles_goes_to_somebody_named_once() {
    on_both("2026-05-01", async |t| {
        let (controller, administrator) = (t.role(Role::CreditController), t.role(Role::Administrator));
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let large = raise_query(&t.desk, &controller, ask("q1", &item, Some(110_000))).await.expect("raises");
        let small = raise_query(&t.desk, &controller, ask("q2", &item, Some(10_000))).await.expect("raises");
        let rule = SetEscalation {
            key: "s1".into(),
            code: "large".into(),
            name: "A large amount not answered".into(),
            after_days: 7,
            least: Pence(100_000),
            to_role: "approver".into(),
            to_email: "head.of.income@example.gov.uk".into(),
            from_on: None,
            active: true,
        };
        let no = set_escalation(&t.desk, &controller, rule.clone()).await.expect_err("an administrator's");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let wrong = SetEscalation { key: "s0".into(), to_role: "king".into(), to_email: "x".into(), ..rule.clone() };
        let no = set_escalation(&t.desk, &administrator, wrong).await;
        assert!(matches!(no, Err(No::Invalid(all)) if all.len() == 2));
        let dated = SetEscalation { from_on: Some(t.desk.today()), ..rule };
        let first = set_escalation(&t.desk, &administrator, dated.clone()).await.expect("sets").from_on;
        // Both were to be answered by Monday 18 May 2026; the 25th is a bank holiday.
        let rules = async |number: &str| -> Vec<String> {
            let shown = query(&t.desk, &controller, number).await.expect("shows");
            shown.escalations.into_iter().map(|one| one.rule_code).collect()
        };
        released(&t, "2026-05-22").await;
        let later = set_escalation(&t.desk, &administrator, dated).await.expect("the same request").from_on;
        assert_eq!(later, first, "the same key has its first answer, though its day is over (P02)");
        assert!(rules(&large.number).await.is_empty());
        released(&t, "2026-05-26").await;
        assert_eq!(
            (rules(&large.number).await, rules(&small.number).await),
            (vec!["late".into()], vec!["late".into()])
        );
        released(&t, "2026-05-28").await;
        assert_eq!(rules(&large.number).await, ["late", "large"]);
        // Once: later days add nothing, and one e-mail has gone to the person named, with the page of that day.
        released(&t, "2026-06-01").await;
        assert_eq!((rules(&large.number).await.len(), rules(&small.number).await.len()), (2, 1));
        let mail = mails(&t, &large.number).await;
        assert_eq!((mail.len(), mail[0].sent_to.as_str()), (1, "head.of.income@example.gov.uk"));
        let shown = query(&t.desk, &controller, &large.number).await.expect("shows");
        let page = &shown.escalations[1].summary;
        assert_eq!(&mail[0].body, page);
        for fact in ["£1,100.00", item.as_str(), "18 May 2026", "Lettings"] {
            assert!(page.contains(fact), "{fact} in {page}");
        }
        assert!(!page.contains("Calder"), "the reference is enough");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_09_a_complaint_holds_the_account_and_goes_by_stages() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        released(&t, "2026-05-01").await;
        let open = |key: &str| OpenComplaint {
            key: key.into(),
            customer: number.clone(),
            words: "Nobody rang me back".into(),
            ..OpenComplaint::default()
        };
        let made = open_complaint(&t.desk, &controller, open("o1")).await.expect("opens");
        assert_eq!(
            (made.acknowledge_by.to_string(), made.answer_by.to_string()),
            ("2026-05-11".into(), "2026-05-26".into())
        );
        let no = open_complaint(&t.desk, &controller, open("o2")).await.expect_err("one is open");
        assert_eq!(no.code(), Some("QRY-COMPLAINT-OPEN"));
        assert_eq!(held(&t, &item).await, 0, "it is no query: nothing is disputed");
        assert!(queries_list(&t.desk, &controller, QueriesAsk::default()).await.expect("lists").rows.is_empty());
        let day = released(&t, "2026-06-08").await;
        assert_eq!(day.totals.refused.get("REC-04-HOLD-COMPLAINT"), Some(&1));
        let act = |key: &str, act: &str| ActOnComplaint {
            key: key.into(),
            number: made.number.clone(),
            act: act.into(),
            words: "We should have rung.".into(),
            ..ActOnComplaint::default()
        };
        act_on_complaint(&t.desk, &controller, act("a1", "acknowledge")).await.expect("acknowledges");
        let twice = act_on_complaint(&t.desk, &controller, act("a2", "acknowledge")).await.expect_err("was");
        assert_eq!(twice.code(), Some("QRY-COMPLAINT-STATE"));
        // Where they were right, something is learned.
        let close = |key: &str, outcome: &str, learning: &str| ActOnComplaint {
            outcome: outcome.into(),
            learning: learning.into(),
            ..act(key, "close")
        };
        let no = act_on_complaint(&t.desk, &controller, close("c1", "upheld", "")).await;
        assert!(matches!(no, Err(No::Invalid(all)) if all[0].field == "learning"));
        act_on_complaint(&t.desk, &controller, close("c2", "not_upheld", "")).await.expect("closes");
        let shown = complaint(&t.desk, &controller, &made.number).await.expect("shows");
        let told = letter(&t.desk, &leader, &shown.complaint.letter).await.expect("a letter");
        assert!(serde_json::to_string(&told.content).expect("is JSON").contains("stage 2"));
        // They are not content: stage 2 has its own clock, and the account is held again; then the ombudsman.
        let stands = act_on_complaint(&t.desk, &controller, act("n1", "next_stage")).await.expect("goes on");
        assert_eq!((stands.state.as_str(), stands.stage.as_str()), ("open", "stage_2"));
        let day = released(&t, "2026-06-09").await;
        assert_eq!(day.totals.refused.get("REC-04-HOLD-COMPLAINT"), Some(&1));
        act_on_complaint(&t.desk, &controller, act("n2", "next_stage")).await.expect("goes on");
        let no = act_on_complaint(&t.desk, &controller, act("n3", "next_stage")).await.expect_err("no more stages");
        assert_eq!(no.code(), Some("QRY-COMPLAINT-STATE"));
        let learned = "Calls back are tasks with a day";
        act_on_complaint(&t.desk, &controller, close("c3", "partly_upheld", learned)).await.expect("closes");
        let shown = complaint(&t.desk, &controller, &made.number).await.expect("shows");
        assert_eq!((shown.stages.len(), shown.complaint.learning.as_str()), (3, learned));
        assert!(shown.stages.iter().all(|stage| stage.ended_on.is_some()));
        let day = released(&t, "2026-06-10").await;
        assert!(day.totals.letters.contains_key("reminder"), "chased again");
        let closed = ComplaintsAsk { state: "closed".into(), ..ComplaintsAsk::default() };
        assert_eq!(complaints_list(&t.desk, &controller, closed).await.expect("lists").rows.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_08_causes_by_service_and_letter_with_their_cost_and_trend() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        released(&t, "2026-05-01").await;
        let query_of = |key: &str, pence| RaiseQuery { service: "Lettings".into(), ..ask(key, &item, Some(pence)) };
        let first = raise_query(&t.desk, &controller, query_of("q1", 24_000)).await.expect("raises");
        let second = raise_query(&t.desk, &controller, query_of("q2", 12_000)).await.expect("raises");
        let third = raise_query(&t.desk, &controller, query_of("q3", 6_000)).await.expect("raises");
        t.go_to("2026-05-11");
        let upheld = ResolveQuery { cause: "wrong_quantity".into(), ..resolve("e1", &first.number, "upheld") };
        let ended = resolve_query(&t.desk, &controller, upheld).await.expect("ends");
        decided(&t, "d1", &ended.approval.expect("an approval"), true).await.expect("decides");
        t.go_to("2026-06-01");
        let upheld = ResolveQuery { cause: "wrong_quantity".into(), ..resolve("e2", &second.number, "upheld") };
        resolve_query(&t.desk, &controller, upheld).await.expect("ends, its credit not yet decided");
        resolve_query(&t.desk, &controller, resolve("e3", &third.number, "charge_stands")).await.expect("ends");
        let days = |from: &str, to: &str| (from.parse().expect("a date"), to.parse().expect("a date"));
        let report = query_causes(&t.desk, &leader, days("2026-05-01", "2026-06-30")).await.expect("counts");
        assert_eq!(report.months.len(), 2);
        let row = |at: usize| {
            let row = &report.rows[at];
            (row.service.as_str(), row.cause.as_str(), row.count, row.credited_pence, row.days, row.months.clone())
        };
        assert_eq!(row(0), ("Lettings", "wrong_quantity", 2, 24_000, 10 + 31, vec![1, 1]));
        assert_eq!(row(1), ("Lettings", "no_error", 1, 0, 31, vec![0, 1]));
        assert_eq!(report.rows[0].template, "invoice");
        assert!(report.rows[0].steps >= 5, "{}", report.rows[0].steps);
        let june = query_causes(&t.desk, &leader, days("2026-06-01", "2026-06-30")).await.expect("counts");
        assert_eq!((june.rows.len(), june.rows[0].count), (2, 1));
        let no = query_causes(&t.desk, &leader, days("2026-06-02", "2026-06-01")).await;
        assert!(matches!(no, Err(No::Invalid(_))));
    })
    .await;
}
