//! The people's side of recovery: who acts, what they need, what stops recovery for them, how they are contacted.
use crate::dunning::paid;
use crate::recovery::{customer, open, release};
use chrono::NaiveDate;
use sundry_desk::No;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::*;
use sundry_desk::delivery::{PrintLetters, letter, letter_pdf, letters_of_customer, print_letters};
use sundry_desk::plans::{EndHold, PlaceHold, PromiseToPay, end_hold, holds, place_hold, promise_to_pay_for, promises};
use sundry_desk::queries::NewFile;
use sundry_desk::recovery::people::*;
use sundry_desk::recovery::{case, preview_day, statutory_interest};
use sundry_desk::work::worklist::{AskWorklist, WorkRow, worklist};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::law::Matter;
use sundry_domain::money::Pence;
use sundry_store::delivery::LetterRow;
use sundry_store::{args, people as store};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

pub(super) fn code<T>(answer: Result<T, No>) -> String {
    match answer {
        Ok(_) => "allowed".into(),
        Err(No::Invalid(all)) => {
            format!("invalid {}", all.iter().map(|one| one.field.as_str()).collect::<Vec<_>>().join(" "))
        }
        Err(no) => no.code().unwrap_or("fault").to_owned(),
    }
}

/// The letters of a customer; a statement asks for nothing.
async fn letters(t: &TestDesk, who: CustomerId) -> Vec<LetterRow> {
    let mut all = letters_of_customer(&t.desk, &t.role(Role::CreditController), who).await.expect("letters");
    all.retain(|one| one.kind != "statement");
    all
}

/// The one letter of a customer that is not withdrawn.
async fn only_letter(t: &TestDesk, who: CustomerId) -> LetterRow {
    let mut all = letters(t, who).await;
    all.retain(|one| one.state != "withdrawn");
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn debt_type(t: &TestDesk, item: ItemId, debt: &str) {
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.run("update open_item set debt_type = $3 where org_id = $1 and id = $2", args![t.org, item, debt])
        .await
        .expect("changes");
    tx.commit().await.expect("commits");
}

pub(super) fn notice(key: &str, customer: &str, form: &str, starts: &str) -> TakeNotice {
    TakeNotice {
        key: key.into(),
        form: form.into(),
        customer: customer.into(),
        source: "Debt respite register".into(),
        reference: format!("BSN-{key}"),
        starts_on: Some(d(starts)),
        ..TakeNotice::default()
    }
}

async fn take(t: &TestDesk, ask: TakeNotice) -> CaseStands {
    take_notice(&t.desk, &t.role(Role::CreditController), ask).await.expect("is taken in")
}

pub(super) fn act(key: &str, number: &str, what: &str) -> ActOnCase {
    ActOnCase {
        key: key.into(),
        number: number.into(),
        act: what.into(),
        words: "As told".into(),
        ..ActOnCase::default()
    }
}

/// Refusals of a preview about an item's number.
async fn refused(t: &TestDesk, day: &str, number: &str) -> Vec<String> {
    let preview = preview_day(&t.desk, &t.role(Role::TeamLeader), d(day)).await.expect("previews");
    let about =
        |one: &&sundry_desk::recovery::PlannedRefusal| one.item.as_ref().is_some_and(|item| item.number == number);
    preview.refusals.iter().filter(about).map(|one| one.refusal.code.clone()).collect()
}

pub(super) fn attorney(key: &str, customer: &str) -> AddActing {
    AddActing {
        key: key.into(),
        customer: customer.into(),
        authority: "attorney".into(),
        name: "Jan Webb".into(),
        address1: "9 Hill Rise".into(),
        town: "Ashford".into(),
        postcode: "TN23 1AA".into(),
        scope: vec!["letters".into(), "speak".into(), "plan".into()],
        from_on: Some(d("2026-04-01")),
        to_on: Some(d("2026-05-20")),
        document: "Lasting power of attorney of 3 March 2026, stamped".into(),
        ..AddActing::default()
    }
}

pub(super) fn pdf() -> NewFile {
    NewFile { name: "power.pdf".into(), bytes: b"%PDF-1.4 stamped on every page".to_vec() }
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_12_letters_follow_a_proved_authority_and_stop_when_it_is_over() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-04-24", 12_000).await;
        let wide = AddActing { authority: "consent".into(), ..attorney("wide", "C100001") };
        assert_eq!(code(add_acting(&t.desk, &controller, wide).await), "invalid scope");
        let none = t.role(Role::Cashier);
        assert_eq!(code(add_acting(&t.desk, &none, attorney("no", "C100001")).await), "CTL-01-NO-DUTY");
        let added = add_acting(&t.desk, &controller, attorney("a", "C100001")).await.expect("is recorded");
        let may = async |act| code(may_act_for(&t.desk, &controller, ("C100001", &added.number), act).await);
        assert_eq!(may(Matter::Speak).await, "BS-07-NO-AUTHORITY");
        assert_eq!(may(Matter::DeferredPayment).await, "BS-07-NO-AUTHORITY");
        let prove = ProveActing { key: "p".into(), number: added.number.clone(), words: "Stamped".into() };
        prove_acting(&t.desk, &controller, prove, pdf()).await.expect("is proved");
        assert_eq!(may(Matter::Speak).await, "allowed");
        release(&t, "2026-05-01").await.expect("a day");
        let sent = only_letter(&t, who).await;
        assert_eq!(sent.state, "waiting");
        assert!(sent.sent_to.starts_with("Jan Webb, for ") && sent.sent_to.contains("9 Hill Rise"), "{}", sent.sent_to);
        let view = letter(&t.desk, &controller, &sent.number).await.expect("shows");
        assert_eq!(view.content.to.salutation, "Jan Webb");
        assert_eq!(view.content.to.customer_number, "C100001");
        // Over, and nobody has looked: nothing leaves to the one or the other.
        release(&t, "2026-05-21").await.expect("a day");
        let held: Vec<LetterRow> = letters(&t, who).await.into_iter().filter(|one| one.state == "held").collect();
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].state_reason, format!("The authority of Jan Webb ({}) ended on 20 May 2026", added.number));
        assert_eq!(may(Matter::Speak).await, "BS-07-EXPIRED");
        let ask = AskWorklist { view: "today".into(), ..AskWorklist::default() };
        let list = worklist(&t.desk, &controller, &ask).await.expect("lists");
        let about = |one: &WorkRow| {
            one.why.contains("authority of Jan Webb")
                || one.also.iter().any(|why| why.contains("authority of Jan Webb"))
        };
        assert!(list.rows.iter().any(about), "{:?}", list.rows);
        let end = EndActing { key: "e".into(), number: added.number.clone(), words: "Revoked".into() };
        end_acting(&t.desk, &controller, end.clone()).await.expect("ends");
        let again = EndActing { key: "e2".into(), ..end };
        assert_eq!(code(end_acting(&t.desk, &controller, again).await), "BS-07-EXPIRED");
        let shown = acting_for(&t.desk, &controller, "C100001").await.expect("shows");
        assert_eq!((shown[0].stands.as_str(), shown[0].files.len()), ("ended", 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_13_a_marker_changes_the_path_the_same_day_and_few_may_read_it() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-04-24", 12_000).await;
        let day = d("2026-05-01");
        let before = preview_day(&t.desk, &controller, day).await.expect("previews").letters.remove(0);
        assert_eq!(before.template, "reminder_1");
        let mark = |key: &str, need: &str| MarkNeed {
            key: key.into(),
            customer: "C100001".into(),
            need: need.into(),
            adjustments: vec!["longer_deadlines".into(), "no_calls".into()],
            reason: "Told us on a call that letters frighten her".into(),
            basis: "Consent, 1 May 2026".into(),
            review_on: None,
        };
        let bad = MarkNeed { reason: " ".into(), adjustments: vec!["shouting".into()], ..mark("m0", "sad") };
        assert_eq!(code(mark_need(&t.desk, &controller, bad).await), "invalid need adjustments reason");
        let marked = mark_need(&t.desk, &controller, mark("m1", "mental_health")).await.expect("is marked");
        assert_eq!((marked.review_on, marked.restricted), (d("2026-11-01"), true));
        let after = preview_day(&t.desk, &controller, day).await.expect("previews").letters.remove(0);
        assert_eq!(after.template, "gentle_reminder");
        assert_eq!(after.due_on, before.due_on.map(|on| on + chrono::Days::new(14)));
        // What everybody sees says what to do, never why.
        let account = customer_account(&t.desk, &controller, "C100001").await.expect("shows");
        assert_eq!(account.flags[0].evidence, "Longer deadlines; No calls");
        let read = |key: &str| ReadNeeds { key: key.into(), customer: "C100001".into(), why: "A call".into() };
        assert!(read_needs(&t.desk, &controller, read("r1")).await.expect("reads").is_empty());
        let leader = t.role(Role::TeamLeader);
        let shown = read_needs(&t.desk, &leader, read("r2")).await.expect("reads");
        assert_eq!((shown.len(), shown[0].need.as_str()), (1, "Mental health"));
        let mut look = t.desk.look().await.expect("looks");
        let trail = sundry_store::control::audit_of(&mut look, t.org, "customer C100001").await.expect("a trail");
        drop(look);
        assert_eq!(trail.iter().filter(|row| row.event == "NeedsRead").count(), 2, "who read is remembered");
        assert!(trail.iter().all(|row| !row.detail.contains("frighten")), "the reason is not in the trail");
        let ready = ready_to_call(&t.desk, &controller, "C100001").await.expect("says");
        assert_eq!(ready.refusal.expect("no calls").code, "BS-08-UNSAFE-CHANNEL");
        // Nobody may be able to answer: recovery waits for a person.
        let held = mark_need(&t.desk, &controller, mark("m2", "capacity")).await.expect("is marked");
        assert_eq!(held.held_for, "vulnerability_review");
        assert_eq!(refused(&t, "2026-05-01", "INV-1").await, ["REC-04-HOLD-VULNERABILITY"]);
        t.go_to("2026-11-01");
        let ask = AskWorklist { view: "holds-to-review".into(), ..AskWorklist::default() };
        let list = worklist(&t.desk, &controller, &ask).await.expect("lists");
        assert!(list.rows.iter().any(|row| row.why.starts_with("Vulnerable: review due")), "{:?}", list.rows);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_14_every_letter_has_the_language_and_format_that_was_asked_for() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let formats =
            [("en", "standard"), ("cy", "large_print"), ("cy", "braille"), ("en", "easy_read"), ("en", "audio")];
        let mut people = Vec::new();
        for (at, (language, format)) in formats.into_iter().enumerate() {
            let who = customer(&t, &format!("C10000{at}"), "individual", "").await;
            let mut tx = t.desk.db().begin().await.expect("begins");
            let sql = "update customer set language = $3, letter_format = $4 where org_id = $1 and id = $2";
            tx.run(sql, args![t.org, who, language, format]).await.expect("changes");
            tx.commit().await.expect("commits");
            open(&t, who, "invoice", &format!("INV-{at}"), "2026-04-24", 12_000).await;
            people.push(who);
        }
        release(&t, "2026-05-01").await.expect("a day");
        let mut seen = Vec::new();
        for who in people {
            let one = only_letter(&t, who).await;
            let view = letter(&t.desk, &controller, &one.number).await.expect("shows");
            let language = serde_json::to_value(view.content.language).expect("a word");
            seen.push((language, view.content.large_print, one.state.clone(), one.state_reason.clone()));
            assert!(letter_pdf(&t.desk, &controller, &one.number).await.expect("a pdf").starts_with(b"%PDF"));
        }
        let said = |form: &str| format!("To be made in {form} by the supplier");
        let states: Vec<(bool, &str, String)> =
            seen.iter().map(|(_, large, state, why)| (*large, state.as_str(), why.clone())).collect();
        assert_eq!(states[0], (false, "waiting", String::new()));
        assert_eq!(states[1], (true, "waiting", String::new()));
        assert_eq!(states[2], (false, "held", said("Braille")));
        assert_eq!(states[3], (false, "held", said("easy read")));
        assert_eq!(states[4], (false, "held", said("audio")));
        assert_ne!(seen[0].0, seen[1].0, "Welsh is Welsh");
        assert_eq!(seen[1].0, seen[2].0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_15_each_event_opens_its_case_and_stops_recovery_the_same_day() {
    on_both("2026-05-01", async |t| {
        let expected = [
            ("death", "BS-06-DECEASED", "deceased"),
            ("bankruptcy", "BS-05-INSOLVENT", "insolvent"),
            ("dro", "BS-05-INSOLVENT", "insolvent"),
            ("administration", "BS-05-INSOLVENT", "insolvent"),
            ("gone", "REC-04-UNREACHABLE", "gone_away"),
        ];
        for (at, (form, stopped, kind)) in expected.into_iter().enumerate() {
            let number = format!("C10000{at}");
            let who = customer(&t, &number, "individual", "").await;
            open(&t, who, "invoice", &format!("INV-{at}"), "2026-04-24", 12_000).await;
            let stands = take(&t, notice(form, &number, form, "2026-04-28")).await;
            assert_eq!((stands.kind.as_str(), stands.state.as_str()), (kind, "in_force"));
            assert_eq!(refused(&t, "2026-05-01", &format!("INV-{at}")).await, [stopped], "{form}");
            let shown = person_case(&t.desk, &t.role(Role::Auditor), &stands.number).await.expect("shows");
            assert!(shown.tasks.iter().any(|task| task.due_on == d("2026-05-01")), "{form}: work for today");
            assert_eq!(shown.customer_number, number);
        }
        // BS-E5: what the order discharges is written off after twelve months.
        let page = cases(&t.desk, &t.role(Role::Auditor), CasesAsk::default()).await.expect("lists");
        assert_eq!(page.rows.len(), 5);
        let dro = person_case(&t.desk, &t.role(Role::Auditor), "PC-000003").await.expect("shows");
        let discharge = dro.tasks.iter().find(|task| task.code == "discharge").expect("a task");
        assert_eq!(discharge.due_on, d("2027-04-28"));
        let controller = t.role(Role::CreditController);
        let done = ActOnCase { task: Some(discharge.seq), ..act("t1", "PC-000003", "do_task") };
        act_on_case(&t.desk, &controller, done.clone()).await.expect("is done");
        let again = act_on_case(&t.desk, &controller, ActOnCase { key: "t2".into(), ..done }).await;
        assert!(matches!(again, Err(No::Absent(_))));
        // Revoked: recovery goes on the day after its last day.
        let end = ActOnCase { on: Some(d("2026-05-01")), ..act("end", "PC-000003", "end") };
        act_on_case(&t.desk, &controller, end.clone()).await.expect("ends");
        assert_eq!(
            code(act_on_case(&t.desk, &controller, ActOnCase { key: "x".into(), ..end }).await),
            "BS-CASE-STATE"
        );
        t.go_to("2026-05-02");
        assert_eq!(refused(&t, "2026-05-02", "INV-2").await, Vec::<String>::new());
        let dead = notice("dup", "C100000", "death", "2026-04-28");
        let twice = TakeNotice { reference: "BSN-death".into(), ..dead.clone() };
        assert_eq!(code(take_notice(&t.desk, &controller, twice).await), "BS-NOTICE-TWICE");
        let later = TakeNotice { starts_on: Some(d("2026-06-01")), source: " ".into(), ..dead };
        assert_eq!(code(take_notice(&t.desk, &controller, later).await), "invalid source starts_on");
    })
    .await;
}

async fn decide(t: &TestDesk, key: &str, number: &str, (approve, reason): (bool, &str)) -> Result<String, No> {
    let leader = t.role(Role::TeamLeader);
    let shown = approval(&t.desk, &leader, number).await.expect("shows");
    let ask = DecideApproval {
        key: key.into(),
        number: number.into(),
        approve,
        reason: reason.into(),
        content_hash: shown.content_hash.clone(),
    };
    decide_approval(&t.desk, &leader, ask).await.map(|decided| decided.state)
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_18_a_new_address_or_account_waits_for_a_second_person_who_called_back() {
    on_both("2026-05-01", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let who = customer(&t, "C100001", "individual", "").await;
        let ask = |key: &str, line: &str| AskForChange {
            key: key.into(),
            customer: "C100001".into(),
            field: "address".into(),
            address1: line.into(),
            town: "Ashford".into(),
            postcode: "TN23 1AA".into(),
            source: "E-mail of 1 May 2026".into(),
            ..AskForChange::default()
        };
        let bad = AskForChange { source: String::new(), postcode: "12".into(), ..ask("b", "") };
        assert_eq!(code(ask_for_change(&t.desk, &officer, bad).await), "invalid source postcode address1");
        let asked = ask_for_change(&t.desk, &officer, ask("a", "2 Mill Lane")).await.expect("waits");
        assert_eq!(asked.wanted, "2 Mill Lane, Ashford, TN23 1AA");
        let address = async || customer_account(&t.desk, &officer, "C100001").await.expect("shows").customer.address1;
        assert_eq!(address().await, "1 Mere Road", "nothing counts yet");
        assert_eq!(code(ask_for_change(&t.desk, &officer, ask("a2", "3 Park Road")).await), "CUS-18-WAITS");
        assert_eq!(code(decide(&t, "y0", &asked.approval, (true, " ")).await), "CUS-18-CALL-BACK");
        let called = "Rang 01234 567890, held since 2024: she moved on 28 April";
        assert_eq!(decide(&t, "y1", &asked.approval, (true, called)).await.expect("a yes"), "approved");
        assert_eq!(address().await, "2 Mill Lane");
        let held = held_changes(&t.desk, &officer, "C100001").await.expect("lists");
        assert_eq!((held[0].state.as_str(), held[0].call_back.as_str()), ("made", called));
        super::court::trail_is_without(&t, &["2 Mill Lane", "01234 567890", "E-mail of 1 May"]).await;
        let bank = AskForChange {
            field: "bank".into(),
            sort_code: "08-99-99".into(),
            account: "66374958".into(),
            ..ask("bank", "")
        };
        let asked = ask_for_change(&t.desk, &officer, bank).await.expect("waits");
        assert_eq!(asked.wanted, "account ending 58");
        decide(&t, "n", &asked.approval, (false, "The number called back is not hers")).await.expect("a no");
        let account = customer_account(&t.desk, &officer, "C100001").await.expect("shows");
        assert!(account.banks.is_empty(), "a no leaves nothing");
        let held = held_changes(&t.desk, &officer, "C100001").await.expect("lists");
        assert_eq!(held[0].state, "turned_down");
        // The same through the form of the customer: the rest counts, the address waits.
        let now = account.customer;
        let change = ChangeCustomer {
            key: "c".into(),
            number: now.number.clone(),
            version: now.version,
            fields: CustomerFields {
                name: now.name.clone(),
                kind: now.kind.clone(),
                address1: "7 New Road".into(),
                town: now.town.clone(),
                postcode: now.postcode.clone(),
                phone: "01234 999999".into(),
                ..CustomerFields::default()
            },
            source: "A letter".into(),
        };
        let changed = change_customer(&t.desk, &officer, change).await.expect("changes");
        assert!(changed.address_waits.starts_with("APP-"));
        let account = customer_account(&t.desk, &officer, "C100001").await.expect("shows").customer;
        assert_eq!((account.address1.as_str(), account.phone.as_str()), ("2 Mill Lane", "01234 999999"));
        let _ = who;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_07_a_notice_is_matched_freezes_its_debts_and_ends_by_itself() {
    on_both("2026-09-14", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        let a = open(&t, who, "invoice", "INV-A", "2026-09-01", 10_000).await;
        open(&t, who, "invoice", "INV-B", "2026-09-01", 20_000).await;
        let told = TakeNotice {
            customer: String::new(),
            person: "Siôn O'Dowd & Co C100001".into(),
            address: "1 Mere Road, Northmere, NM1 1AA".into(),
            account: "C100001".into(),
            ..notice("1", "", "standard", "2026-09-14")
        };
        let stands = take(&t, told).await;
        assert_eq!(stands.state, "to_match");
        assert!(stands.candidates[0].strong && stands.candidates[0].number == "C100001");
        assert_eq!(refused(&t, "2026-09-14", "INV-A").await, ["REC-04-HOLD-BREATHING-SPACE"], "held while nobody said");
        let caution = HoldId(holds(&t.desk, &controller, who).await.expect("lists")[0].id);
        let end = EndHold { key: "e0".into(), hold: caution, words: "Chase".into() };
        assert_eq!(code(end_hold(&t.desk, &controller, end).await), "PP-HOLD-OF-NOTICE");
        let confirm = |key: &str, debts: &[&str]| ConfirmCase {
            key: key.into(),
            number: stands.number.clone(),
            customer: "C100001".into(),
            debts: debts.iter().map(|debt| (*debt).to_owned()).collect(),
            ..ConfirmCase::default()
        };
        assert_eq!(code(confirm_case(&t.desk, &controller, confirm("c0", &["INV-X"])).await), "invalid debts");
        let stands = confirm_case(&t.desk, &controller, confirm("c1", &["INV-A"])).await.expect("is confirmed");
        assert_eq!((stands.state.as_str(), stands.ends_on), ("in_force", Some(d("2026-11-12"))));
        assert_eq!(code(confirm_case(&t.desk, &controller, confirm("c2", &[])).await), "BS-CASE-STATE");
        assert_eq!(refused(&t, "2026-09-14", "INV-A").await, ["BS-03-BREATHING-SPACE"]);
        assert_eq!(refused(&t, "2026-09-14", "INV-B").await, Vec::<String>::new(), "the freeze is of the debt");
        let shown = person_case(&t.desk, &controller, &stands.number).await.expect("shows");
        assert_eq!(shown.midway, Some((d("2026-10-08"), d("2026-10-18"))));
        assert_eq!(shown.review_by, Some(d("2026-10-03")));
        assert_eq!(shown.recovery_from, Some(d("2026-11-20")));
        assert!(shown.allowed.contains(&"Speak with the debt adviser".to_owned()), "{:?}", shown.allowed);
        assert!(shown.tasks[0].what.contains("INV-B £200.00"), "{}", shown.tasks[0].what);
        let codes: Vec<&str> = shown.tasks.iter().map(|task| task.code.as_str()).collect();
        assert_eq!(codes, ["adviser", "agents", "court", "legal", "review"], "agents and court are told today");
        // The adviser adds the other one: it is frozen from now.
        let add = ActOnCase { debt: "INV-B".into(), ..act("add", &stands.number, "add_debt") };
        act_on_case(&t.desk, &controller, add).await.expect("is added");
        assert_eq!(refused(&t, "2026-09-14", "INV-B").await, ["BS-03-BREATHING-SPACE"]);
        let shown = person_case(&t.desk, &controller, &stands.number).await.expect("shows");
        let of_b: Vec<(&str, NaiveDate)> =
            shown.tasks.iter().skip(5).map(|task| (task.code.as_str(), task.due_on)).collect();
        assert_eq!(of_b, [("agents", d("2026-09-14")), ("court", d("2026-09-14")), ("review", d("2026-10-03"))]);
        let register = hold_register(&t.desk, &controller, &RegisterAsk::default()).await.expect("lists");
        assert_eq!((register.stops.len(), register.risk_pence), (2, 30_000));
        release(&t, "2026-11-12").await.expect("a day");
        assert!(letters(&t, who).await.is_empty(), "the last day is frozen");
        for day in ["2026-11-13", "2026-11-19"] {
            release(&t, day).await.expect("a day");
            assert!(letters(&t, who).await.is_empty(), "policy sends nothing for a week");
        }
        release(&t, "2026-11-20").await.expect("a day");
        assert_eq!(letters(&t, who).await.len(), 1, "it goes on by itself");
        let shown = person_case(&t.desk, &controller, &stands.number).await.expect("shows");
        assert_eq!((shown.case.state.as_str(), shown.case.ends_on), ("ended", Some(d("2026-11-12"))));
        let view = case(&t.desk, &controller, a).await.expect("a case");
        assert_eq!(view.steps.len(), 1, "at the step where it stood");
        // A second standard one within twelve months is asked back.
        let early = notice("2", "C100001", "standard", "2027-03-01");
        assert_eq!(code(take_notice(&t.desk, &controller, early.clone()).await), "BS-01-TOO-SOON");
        let told = TakeNotice { key: "3".into(), confirmed_by_adviser: true, ..early };
        assert_eq!(take(&t, told).await.state, "in_force");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_07_of_two_with_one_name_the_date_of_birth_says_which() {
    on_both("2026-09-14", async |t| {
        let officer = t.role(Role::BillingOfficer);
        for (number, invoice, born) in [("C100001", "INV-1", "1950-01-02"), ("C100002", "INV-2", "1961-03-04")] {
            let who = customer(&t, number, "individual", "").await;
            open(&t, who, "invoice", invoice, "2026-09-01", 10_000).await;
            let (kind, reference) = ("date_of_birth".to_owned(), born.to_owned());
            let ask = AddReference { key: number.into(), number: number.into(), kind, reference };
            add_reference(&t.desk, &officer, ask).await.expect("a reference");
        }
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set name = 'Mary Ann Holt', search_name = 'mary ann holt' where org_id = $1";
        tx.run(sql, args![t.org]).await.expect("named");
        tx.commit().await.expect("commits");
        let told = TakeNotice {
            customer: String::new(),
            person: "Mrs Mary Ann Holt".into(),
            born_on: Some(d("1950-01-02")),
            ..notice("1", "", "standard", "2026-09-14")
        };
        let stands = take(&t, told).await;
        let likely: Vec<(&str, bool, &str)> =
            stands.candidates.iter().map(|one| (one.number.as_str(), one.strong, one.why[0].as_str())).collect();
        assert_eq!(
            likely,
            [("C100001", true, "name and date of birth"), ("C100002", false, "name, but another date of birth")]
        );
        assert_eq!(refused(&t, "2026-09-14", "INV-1").await, ["REC-04-HOLD-BREATHING-SPACE"], "held at once");
        assert_eq!(refused(&t, "2026-09-14", "INV-2").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_07_a_file_of_notices_is_taken_in_row_by_row() {
    on_both("2026-09-14", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-09-01", 10_000).await;
        let bytes = b"Reference,Name,Start date,Customer,Colour\n\
            BS-1,Mary Holt,14/09/2026,C100001,red\nBS-2,Somebody Else,2026-09-14,,\nBS-3,Nobody,soon,,\n";
        let file = |key: &str| NoticeFile { key: key.into(), source: "Register".into(), bytes: bytes.to_vec() };
        let rows = take_notices(&t.desk, &controller, file("f1")).await.expect("is read");
        let came: Vec<(usize, &str)> = rows.iter().map(|row| (row.row, row.state.as_str())).collect();
        assert_eq!(came, [(2, "in_force"), (3, "to_match"), (4, "")]);
        assert_eq!(rows[2].problem, "soon is not a date such as 2026-05-01 or 01/05/2026");
        assert_eq!(refused(&t, "2026-09-14", "INV-1").await, ["BS-03-BREATHING-SPACE"]);
        let again = take_notices(&t.desk, &controller, file("f2")).await.expect("is read");
        assert!(again[0].problem.ends_with("(BS-NOTICE-TWICE)"), "{}", again[0].problem);
        let headless = NoticeFile { bytes: b"Name,From\nMary,2026-09-14\n".to_vec(), ..file("f3") };
        assert_eq!(code(take_notices(&t.desk, &controller, headless).await), "invalid file");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_07_a_crisis_has_no_last_day_until_treatment_ends_and_few_know_of_it() {
    on_both("2026-10-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-09-20", 10_000).await;
        let stands = take(&t, notice("1", "C100001", "crisis", "2026-10-01")).await;
        assert_eq!(stands.ends_on, None);
        let seen = person_case(&t.desk, &controller, &stands.number).await.expect("shows");
        assert_eq!((seen.form_name.as_str(), seen.case.form.as_str()), ("Breathing space", "breathing_space"));
        let leader = t.role(Role::TeamLeader);
        let seen = person_case(&t.desk, &leader, &stands.number).await.expect("shows");
        assert_eq!(seen.form_name, "Mental health crisis breathing space");
        t.go_to("2026-10-21");
        let early = ActOnCase { on: Some(d("2026-10-22")), ..act("e0", &stands.number, "treatment_ended") };
        assert_eq!(code(act_on_case(&t.desk, &controller, early).await), "invalid on");
        let ended = ActOnCase { on: Some(d("2026-10-20")), ..act("e1", &stands.number, "treatment_ended") };
        let stands = act_on_case(&t.desk, &controller, ended).await.expect("ends");
        assert_eq!(stands.ends_on, Some(d("2026-11-18")), "BS-E2");
        assert_eq!(refused(&t, "2026-11-18", "INV-1").await, ["BS-03-BREATHING-SPACE"]);
        assert_eq!(refused(&t, "2026-11-19", "INV-1").await, Vec::<String>::new());
        let again = ActOnCase { on: Some(d("2026-10-19")), ..act("e2", &stands.number, "treatment_ended") };
        let stands = act_on_case(&t.desk, &controller, again).await.expect("is put right");
        assert_eq!(stands.ends_on, Some(d("2026-11-17")));
        // BS-01: the end date in a notice always wins.
        customer(&t, "C100002", "individual", "").await;
        let named = TakeNotice { ends_on: Some(d("2026-12-31")), ..notice("2", "C100002", "crisis", "2026-10-01") };
        let stands = take(&t, named).await;
        let ended = ActOnCase { on: Some(d("2026-10-20")), ..act("e3", &stands.number, "treatment_ended") };
        let stands = act_on_case(&t.desk, &controller, ended).await.expect("is noted");
        assert_eq!(stands.ends_on, Some(d("2026-12-31")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_e3_no_interest_for_the_days_of_a_case() {
    on_both("2026-09-14", async |t| {
        let who = customer(&t, "C100001", "sole_trader", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-08-31", 100_000).await;
        let _ = item;
        take(&t, notice("1", "C100001", "standard", "2026-09-14")).await;
        let by = t.role(Role::CreditController);
        let view = statutory_interest(&t.desk, &by, "INV-1", d("2026-11-30")).await.expect("interest");
        assert_eq!(view.frozen.len(), 1);
        assert_eq!((view.frozen[0].first_on, view.frozen[0].last_on), (d("2026-09-14"), d("2026-11-12")));
        assert_eq!(view.working.interest, Pence(998));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_e4_what_fell_due_after_the_start_is_asked_for_alone() {
    on_both("2026-09-14", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-A", "2026-09-10", 10_000).await;
        take(&t, notice("1", "C100001", "standard", "2026-09-14")).await;
        open(&t, who, "invoice", "INV-B", "2026-10-20", 5_000).await;
        release(&t, "2026-10-27").await.expect("a day");
        let sent = only_letter(&t, who).await;
        assert_eq!(sent.total_pence, 5_000);
        assert_eq!(refused(&t, "2026-10-27", "INV-A").await, ["BS-03-BREATHING-SPACE"]);
    })
    .await;
}

/// Story: the notice comes when the letter is written and not yet printed.
#[tokio::test(flavor = "multi_thread")]
async fn leg_07_story_a_notice_between_decision_and_print() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let who = customer(&t, "C100001", "individual", "").await;
        let a = open(&t, who, "invoice", "INV-A", "2026-04-24", 10_000).await;
        open(&t, who, "invoice", "INV-B", "2026-04-24", 4_000).await;
        release(&t, "2026-05-01").await.expect("a day");
        let written = only_letter(&t, who).await;
        assert_eq!((written.state.as_str(), written.total_pence), ("waiting", 14_000));
        let told = TakeNotice { debts: vec!["INV-A".into()], ..notice("1", "C100001", "standard", "2026-05-01") };
        let stands = take(&t, told).await;
        let print = |key: &str| PrintLetters { key: key.into(), limit: 10 };
        drop(print_letters(&t.desk, &leader, print("p1"), &|_, _| {}).await);
        let all = letters(&t, who).await;
        assert_eq!(all[0].state, "withdrawn", "{}", all[0].state_reason);
        assert!(all[0].state_reason.contains("breathing space"), "{}", all[0].state_reason);
        // Its step is undone: the debt that is not frozen is asked for alone, the other keeps its place.
        release(&t, "2026-05-02").await.expect("a day");
        let sent = only_letter(&t, who).await;
        assert_eq!(sent.total_pence, 4_000);
        drop(print_letters(&t.desk, &leader, print("p2"), &|_, _| {}).await);
        let sent = only_letter(&t, who).await;
        assert_eq!(sent.state, "printed", "{}", sent.state_reason);
        let ends = stands.ends_on.expect("a last day");
        assert_eq!(ends, d("2026-06-29"));
        release(&t, "2026-06-30").await.expect("a day");
        release(&t, "2026-07-07").await.expect("a day");
        let view = case(&t.desk, &controller, a).await.expect("a case");
        let taken: Vec<(&str, NaiveDate)> = view
            .steps
            .iter()
            .filter(|step| step.letter_state != "withdrawn")
            .map(|step| (step.step_code.as_str(), step.taken_on))
            .collect();
        assert_eq!(taken, [("R1", d("2026-07-07"))], "it resumes where it stood");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_07_a_joint_debt_is_frozen_for_both_until_a_manager_frees_it() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let who = customer(&t, "C100001", "individual", "").await;
        let other = customer(&t, "C100002", "individual", "").await;
        // The debt stands on the other's account.
        open(&t, other, "invoice", "INV-J", "2026-04-24", 9_000).await;
        let joint = |key: &str, because: &str| AddJoint {
            key: key.into(),
            customer: "C100002".into(),
            debt: "INV-J".into(),
            other: "C100001".into(),
            because: because.into(),
            evidence: "Tenancy of 2 May 2024".into(),
        };
        assert_eq!(code(add_joint(&t.desk, &controller, joint("j0", "relative")).await), "BS-06-RELATIVE");
        add_joint(&t.desk, &controller, joint("j1", "joint")).await.expect("is recorded");
        let stands = take(&t, notice("1", "C100001", "standard", "2026-05-01")).await;
        assert_eq!(refused(&t, "2026-05-01", "INV-J").await, ["BS-03-BREATHING-SPACE"]);
        let free = |key: &str, debt: &str| ActOnCase {
            debt: debt.into(),
            words: "Legal advice of 1 May".into(),
            ..act(key, &stands.number, "free_joint")
        };
        assert_eq!(code(act_on_case(&t.desk, &controller, free("f0", "INV-J")).await), "CTL-01-NO-DUTY");
        assert_eq!(code(act_on_case(&t.desk, &leader, free("f1", "INV-Z")).await), "invalid debt");
        act_on_case(&t.desk, &leader, free("f2", "INV-J")).await.expect("is freed");
        release(&t, "2026-05-01").await.expect("a day");
        let _ = who;
        let mut all = letters(&t, other).await;
        all.extend(letters(&t, who).await);
        assert_eq!(all.len(), 1, "{all:?}");
        assert!(all[0].sent_to.contains("C100002"), "to who is not protected: {}", all[0].sent_to);
    })
    .await;
}

/// Story: a person dies with three debts, one of them joint.
#[tokio::test(flavor = "multi_thread")]
async fn cus_15_story_a_person_dies_with_three_debts_one_joint() {
    on_both("2026-06-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let dead = customer(&t, "C100001", "individual", "mary@example.org").await;
        let widower = customer(&t, "C100002", "individual", "").await;
        open(&t, dead, "invoice", "INV-1", "2026-06-11", 10_000).await;
        open(&t, dead, "invoice", "INV-2", "2026-06-11", 20_000).await;
        open(&t, dead, "invoice", "INV-3", "2026-06-11", 30_000).await;
        let joint = AddJoint {
            key: "j".into(),
            customer: "C100001".into(),
            debt: "INV-3".into(),
            other: "C100002".into(),
            because: "joint".into(),
            evidence: "Both signed on 2 May 2024".into(),
        };
        add_joint(&t.desk, &controller, joint).await.expect("is recorded");
        let promise = PromiseToPay {
            key: "p".into(),
            customer: dead,
            amount_pence: Pence(5_000),
            due_on: d("2026-06-20"),
            words: "By bank".into(),
        };
        promise_to_pay_for(&t.desk, &controller, promise, &[]).await.expect("promises");
        t.go_to("2026-06-19");
        let stands = take(&t, notice("tuo", "C100001", "death", "2026-06-18")).await;
        let of = promises(&t.desk, &controller, dead).await.expect("lists");
        assert_eq!(of[0].state, "withdrawn", "nobody is held to it");
        assert_eq!(refused(&t, "2026-06-19", "INV-1").await, ["BS-06-DECEASED"]);
        assert_eq!(refused(&t, "2026-06-19", "INV-3").await, Vec::<String>::new());
        release(&t, "2026-06-19").await.expect("a day");
        let sent = only_letter(&t, dead).await;
        assert_eq!((sent.total_pence, sent.template_code.as_str()), (30_000, "bereavement_reminder"));
        assert!(sent.sent_to.contains("C100002"), "to who owes it too: {}", sent.sent_to);
        assert_eq!(sent.channel, "post", "never to the address of the dead");
        drop(print_letters(&t.desk, &leader, PrintLetters { key: "pr".into(), limit: 10 }, &|_, _| {}).await);
        assert_eq!(only_letter(&t, dead).await.state, "printed");
        assert!(letters(&t, widower).await.is_empty());
        // The balance of the others is never his.
        let relative = AddJoint {
            key: "r".into(),
            customer: "C100001".into(),
            debt: "INV-1".into(),
            other: "C100002".into(),
            because: "relative".into(),
            evidence: "Her husband".into(),
        };
        assert_eq!(code(add_joint(&t.desk, &controller, relative).await), "BS-06-RELATIVE");
        let shown = person_case(&t.desk, &controller, &stands.number).await.expect("shows");
        let joint: Vec<(&str, bool)> =
            shown.items.iter().map(|item| (item.number.as_str(), item.joint_customer_id.is_some())).collect();
        assert_eq!(joint, [("INV-1", false), ("INV-2", false), ("INV-3", true)]);
        let claim = shown.tasks.iter().find(|task| task.code == "claim").expect("a task");
        assert_eq!(claim.due_on, d("2026-07-17"), "no demand for 28 days");
        // An executor with the grant gets what is written to the estate.
        let executor = AddActing {
            authority: "personal_representative".into(),
            scope: vec!["letters".into(), "speak".into()],
            from_on: Some(d("2026-06-19")),
            to_on: None,
            ..attorney("x", "C100001")
        };
        let added = add_acting(&t.desk, &controller, executor).await.expect("is recorded");
        let prove = ProveActing { key: "g".into(), number: added.number, words: "The grant".into() };
        prove_acting(&t.desk, &controller, prove, pdf()).await.expect("is proved");
        let register = hold_register(&t.desk, &controller, &RegisterAsk::default()).await.expect("lists");
        assert_eq!(register.stops.iter().filter(|one| one.row.what == "freeze").count(), 3);
    })
    .await;
}

fn call(key: &str, outcome: &str) -> LogCall {
    LogCall { key: key.into(), customer: "C100001".into(), outcome: outcome.into(), ..LogCall::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_13_one_form_for_a_call_and_the_list_it_clears() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-04-24", 12_000).await;
        let log = async |ask: LogCall| log_call(&t.desk, &controller, ask).await;
        assert_eq!(code(log(call("b0", "shouted")).await), "invalid outcome");
        assert_eq!(code(log(call("b1", "will_pay")).await), "invalid promise_pence promise_on");
        assert_eq!(code(log(call("b2", "call_back")).await), "invalid next_on");
        let card = LogCall { words: "4111 1111 1111 1111".into(), ..call("b3", "spoke") };
        assert_eq!(code(log(card).await), "CTL-06-CARD-NUMBER");
        let stranger = LogCall { talking_to: "REP-000009".into(), ..call("b4", "spoke") };
        assert!(matches!(log(stranger).await, Err(No::Absent(_))));
        let first = log(call("c1", "no_answer")).await.expect("is recorded");
        assert_eq!(
            (first.next_step.as_str(), first.next_on),
            ("Call again, at another time of day", Some(d("2026-05-05")))
        );
        log(call("c2", "left_message")).await.expect("is recorded");
        let third = log(call("c3", "no_answer")).await.expect("is recorded");
        assert_eq!(third.next_step, "Write instead: three calls found nobody");
        // A promise that the rules refuse leaves nothing of the call.
        let absurd =
            LogCall { promise_pence: Some(99_999_900), promise_on: Some(d("2026-05-08")), ..call("c4", "will_pay") };
        assert_eq!(code(log(absurd).await), "PP-PROMISE-AMOUNT");
        let notes = customer_account(&t.desk, &controller, "C100001").await.expect("shows").notes;
        assert_eq!(notes.len(), 3);
        t.go_to("2026-05-12");
        let list = call_list(&t.desk, &controller).await.expect("lists");
        assert_eq!((list.count, list.rows[0].customer.as_str()), (1, "C100001"));
        assert_eq!(list.rows[0].why, "Write instead: three calls found nobody");
        let ready = ready_to_call(&t.desk, &controller, "C100001").await.expect("says");
        assert_eq!(ready.refusal, None);
        assert!(ready.points.iter().any(|point| point.contains("£120.00 overdue on 1 invoice")), "{:?}", ready.points);
        let promise = LogCall {
            promise_pence: Some(12_000),
            promise_on: Some(d("2026-05-20")),
            promise_items: vec!["INV-1".into()],
            words: "By bank on payday".into(),
            ..call("c5", "will_pay")
        };
        let logged = log(promise.clone()).await.expect("is recorded");
        assert!(logged.promise.is_some() && logged.held_until == Some(d("2026-05-26")), "{logged:?}");
        let same = log(promise).await.expect("the same key");
        assert_eq!(same.note, logged.note, "asked again, nothing is recorded twice");
        let list = call_list(&t.desk, &controller).await.expect("lists");
        assert_eq!(list.count, 0, "the call was made");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_14_a_promise_of_certain_debts_is_kept_by_what_is_paid_on_them() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-04-28", 12_000).await;
        open(&t, who, "invoice", "INV-2", "2026-04-28", 5_000).await;
        let promise = |key: &str, items: &[&str]| {
            let items: Vec<String> = items.iter().map(|one| (*one).to_owned()).collect();
            let ask = PromiseToPay {
                key: key.into(),
                customer: who,
                amount_pence: Pence(12_000),
                due_on: d("2026-05-08"),
                words: "INV-1 on payday".into(),
            };
            (ask, items)
        };
        let (ask, items) = promise("p0", &["INV-9"]);
        assert_eq!(code(promise_to_pay_for(&t.desk, &controller, ask, &items).await), "invalid items");
        let (ask, items) = promise("p1", &["INV-2"]);
        assert_eq!(code(promise_to_pay_for(&t.desk, &controller, ask, &items).await), "PP-PROMISE-AMOUNT");
        let (ask, items) = promise("p2", &["INV-1"]);
        promise_to_pay_for(&t.desk, &controller, ask, &items).await.expect("promises");
        let held = holds(&t.desk, &controller, who).await.expect("lists");
        assert_eq!(held.len(), 1);
        assert!(held[0].item_id.is_some(), "what they promised nothing for is asked for still");
        // Money comes, and is set against the other invoice: the promise is not kept by it.
        let credit = open(&t, who, "receipt", "REC-1", "2026-05-06", -12_000).await;
        let _ = credit;
        let state = async || promises(&t.desk, &controller, who).await.expect("lists")[0].state.clone();
        release(&t, "2026-05-13").await.expect("a day");
        assert_eq!(state().await, "open", "in its days of grace");
        release(&t, "2026-05-14").await.expect("a day");
        assert_eq!(state().await, "broken");
        let ask = AskWorklist { view: "promises-not-kept".into(), ..AskWorklist::default() };
        let list = worklist(&t.desk, &leader, &ask).await.expect("lists");
        assert_eq!(list.rows.len(), 1, "a broken promise is work for somebody");
        assert_eq!(list.rows[0].why, "Promised £120.00 by 8 May 2026 and it did not come");
        let calls = call_list(&t.desk, &controller).await.expect("lists");
        assert_eq!(calls.rows[0].why, "Promised £120.00 and it did not come");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_14_a_receipt_on_its_debt_keeps_a_promise_and_leaves_nobody_work() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-04-28", 12_000).await;
        let promise = PromiseToPay {
            key: "p".into(),
            customer: who,
            amount_pence: Pence(12_000),
            due_on: d("2026-05-08"),
            words: "INV-1 on payday".into(),
        };
        promise_to_pay_for(&t.desk, &controller, promise, &["INV-1".to_owned()]).await.expect("promises");
        let state = async || promises(&t.desk, &controller, who).await.expect("lists")[0].state.clone();
        paid(&t, who, item, "RCT-1", 11_999, "2026-05-06").await;
        release(&t, "2026-05-06").await.expect("a day");
        assert_eq!(state().await, "open", "a penny is missing");
        paid(&t, who, item, "RCT-2", 1, "2026-05-07").await;
        release(&t, "2026-05-07").await.expect("a day");
        assert_eq!(state().await, "kept", "by what came in, and nobody said so");
        let held = holds(&t.desk, &controller, who).await.expect("lists");
        assert!(held.iter().all(|hold| hold.ended_on.is_some()), "{held:?}");
        release(&t, "2026-05-14").await.expect("a day");
        assert_eq!(state().await, "kept");
        let ask = AskWorklist { view: "promises-not-kept".into(), ..AskWorklist::default() };
        assert!(worklist(&t.desk, &controller, &ask).await.expect("lists").rows.is_empty());
        assert_eq!(call_list(&t.desk, &controller).await.expect("lists").count, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_19_the_budget_of_contact_counts_letters_and_calls_over_all_debts() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        for (at, due) in ["2026-04-24", "2026-04-25", "2026-04-26", "2026-04-27"].into_iter().enumerate() {
            open(&t, who, "invoice", &format!("INV-{at}"), due, 5_000).await;
        }
        log_call(&t.desk, &controller, call("c1", "no_answer")).await.expect("is recorded");
        let them = LogCall { direction: "in".into(), ..call("c2", "spoke") };
        log_call(&t.desk, &controller, them).await.expect("is recorded");
        release(&t, "2026-05-01").await.expect("a day");
        release(&t, "2026-05-02").await.expect("a day");
        assert_eq!(letters(&t, who).await.len(), 2, "a call of theirs is not counted");
        release(&t, "2026-05-03").await.expect("a day");
        assert_eq!(letters(&t, who).await.len(), 2, "three contacts in a week");
        assert_eq!(refused(&t, "2026-05-03", "INV-2").await, ["DUN-19-BUDGET"]);
        t.go_to("2026-05-06");
        let ready = ready_to_call(&t.desk, &controller, "C100001").await.expect("says");
        let refusal = ready.refusal.expect("enough for now");
        assert_eq!((refusal.code.as_str(), refusal.allowed_from), ("DUN-19-BUDGET", Some(d("2026-05-08"))));
        release(&t, "2026-05-08").await.expect("a day");
        assert_eq!(letters(&t, who).await.len(), 3, "what was missed is caught up in one letter");
        t.go_to("2026-05-17");
        let sunday = ready_to_call(&t.desk, &controller, "C100001").await.expect("says");
        assert_eq!(sunday.refusal.expect("a Sunday").code, "DUN-19-QUIET");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_19_one_letter_about_debts_at_two_stages_is_one_contact() {
    on_both("2026-04-17", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-A", "2026-04-10", 5_000).await;
        open(&t, who, "invoice", "INV-B", "2026-04-24", 5_000).await;
        release(&t, "2026-04-17").await.expect("a day");
        assert_eq!(letters(&t, who).await.len(), 1, "the first reminder of one debt");
        for (key, day) in [("c1", "2026-04-29"), ("c2", "2026-04-30")] {
            t.go_to(day);
            log_call(&t.desk, &controller, call(key, "no_answer")).await.expect("is recorded");
        }
        release(&t, "2026-05-01").await.expect("a day");
        assert_eq!(letters(&t, who).await.len(), 2, "the second reminder of one and the first of the other, together");
        for number in ["INV-A", "INV-B"] {
            assert!(refused(&t, "2026-05-01", number).await.is_empty(), "{number}: one letter is one contact");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_20_care_staff_and_ordinary_debts_have_their_own_letters() {
    on_both("2026-05-01", async |t| {
        let kinds = [
            ("C100001", "individual", "trade_waste", "reminder_1"),
            ("C100002", "individual", "care_contribution", "care_reminder"),
            ("C100003", "employee", "salary_overpayment", "staff_reminder"),
            ("C100004", "company", "care_fees", "reminder_1"),
        ];
        for (number, kind, debt, _) in kinds {
            let who = customer(&t, number, kind, "").await;
            let item = open(&t, who, "invoice", &format!("INV-{number}"), "2026-04-24", 12_000).await;
            debt_type(&t, item, debt).await;
        }
        release(&t, "2026-05-01").await.expect("a day");
        let by = t.role(Role::CreditController);
        for (number, _, _, template) in kinds {
            let account = customer_account(&t.desk, &by, number).await.expect("shows");
            let sent = only_letter(&t, CustomerId(account.customer.id)).await;
            assert_eq!(sent.template_code, template, "{number}");
            let pdf = letter_pdf(&t.desk, &by, &sent.number).await.expect("a pdf");
            assert!(pdf.starts_with(b"%PDF"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_04_the_hold_register_says_who_why_until_when_and_how_much() {
    on_both("2026-05-04", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-04-24", 12_000).await;
        open(&t, who, "invoice", "INV-2", "2026-04-24", 3_000).await;
        let hold = |key: &str, item: Option<ItemId>, reason: &str, until: Option<&str>| PlaceHold {
            key: key.into(),
            customer: who,
            item,
            reason: reason.into(),
            until: until.map(d),
            words: "As agreed".into(),
        };
        place_hold(&t.desk, &controller, hold("h1", Some(item), "complaint", Some("2026-05-06"))).await.expect("held");
        let all = async |ask: RegisterAsk| hold_register(&t.desk, &controller, &ask).await.expect("lists");
        let register = all(RegisterAsk::default()).await;
        assert_eq!((register.stops.len(), register.risk_pence, register.expired), (1, 12_000, 0));
        assert_eq!(register.stops[0].row.owner, controller.name);
        assert_eq!(register.stops[0].reason_name, "Complaint");
        place_hold(&t.desk, &controller, hold("h2", None, "legal", None)).await.expect("held");
        let register = all(RegisterAsk::default()).await;
        assert_eq!((register.risk_pence, register.open_ended), (15_000, 1), "each debt once");
        let soon = RegisterAsk { within_days: Some(7), ..RegisterAsk::default() };
        assert_eq!(all(soon).await.stops.len(), 1);
        t.go_to("2026-05-07");
        assert_eq!(all(RegisterAsk::default()).await.expired, 1, "it has run out");
        release(&t, "2026-05-07").await.expect("a day");
        let register = all(RegisterAsk::default()).await;
        assert_eq!((register.stops.len(), register.expired), (1, 0), "what ran out came back");
        let week = hold_week(&t.desk, &leader, d("2026-05-07")).await.expect("a week");
        assert_eq!((week.from, week.to), (d("2026-05-04"), d("2026-05-10")));
        assert_eq!((week.placed, week.ended, week.live), (2, 1, 1));
        assert_eq!(code(hold_week(&t.desk, &t.role(Role::Administrator), d("2026-05-07")).await), "CTL-01-NO-DUTY");
        let mut look = t.desk.look().await.expect("looks");
        let rows = store::register::stops(&mut look, t.org, d("2026-05-07"), 1).await;
        drop(look);
        assert_eq!(rows.expect("lists").len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_03_bs_06_the_letter_of_a_case_asks_for_no_money_and_none_goes_to_the_dead() {
    on_both("2026-05-01", async |t| {
        let (controller, leader) = (t.role(Role::CreditController), t.role(Role::TeamLeader));
        let mut people = Vec::new();
        for (at, form) in [(1, "crisis"), (2, "standard")] {
            let number = format!("C10000{at}");
            let who = customer(&t, &number, "individual", "").await;
            open(&t, who, "invoice", &format!("INV-{at}"), "2026-04-24", 12_000).await;
            let stands = take(&t, notice(&number, &number, form, "2026-05-01")).await;
            let ask = ActOnCase { words: String::new(), ..act(&format!("w{at}"), &stands.number, "write") };
            act_on_case(&t.desk, &controller, ask.clone()).await.expect("is written");
            act_on_case(&t.desk, &controller, ask.clone()).await.expect("the same key is the same letter");
            let twice = ActOnCase { key: format!("x{at}"), ..ask };
            assert_eq!(code(act_on_case(&t.desk, &controller, twice).await), "BS-CASE-STATE");
            let named = person_case(&t.desk, &controller, &stands.number).await.expect("a case").letter;
            assert_eq!(named.map(|one| one.number), Some(only_letter(&t, who).await.number), "the case names it");
            people.push(who);
        }
        let written = only_letter(&t, people[0]).await;
        assert_eq!((written.kind.as_str(), written.total_pence), ("circumstances", 0));
        let content = letter(&t.desk, &controller, &written.number).await.expect("shows").content;
        assert!(content.payment.is_none() && content.due_on.is_none() && content.items.is_empty());
        let said: Vec<&str> = content.blocks.iter().map(|block| block.text.as_str()).collect();
        let said = format!("{} {}", content.title, said.join(" "));
        assert!(said.contains("- INV-1") && said.contains("We have not been told yet when it ends."), "{said}");
        for never in ["£", "crisis", "health", "treatment"] {
            assert!(!said.contains(never), "{never}: {said}");
        }
        let dead = take(&t, notice("dead", "C100002", "death", "2026-05-01")).await;
        drop(print_letters(&t.desk, &leader, PrintLetters { key: "p1".into(), limit: 10 }, &|_, _| {}).await);
        assert_eq!(only_letter(&t, people[0]).await.state, "printed", "what the law freezes may be told");
        let stopped = letters(&t, people[1]).await;
        assert_eq!(stopped[0].state, "withdrawn", "{}", stopped[0].state_reason);
        let unwritten = person_case(&t.desk, &controller, &dead.number).await.expect("a case").letter;
        assert_eq!(unwritten, None, "it has none of its own yet");
        act_on_case(&t.desk, &controller, act("w3", &dead.number, "write")).await.expect("is written");
        drop(print_letters(&t.desk, &leader, PrintLetters { key: "p2".into(), limit: 10 }, &|_, _| {}).await);
        let sent = only_letter(&t, people[1]).await;
        assert_eq!((sent.template_code.as_str(), sent.state.as_str()), ("condolence", "printed"));
        assert!(sent.sent_to.starts_with("The personal representatives of"), "{}", sent.sent_to);
        let greeted = letter(&t.desk, &controller, &sent.number).await.expect("shows").content.to.salutation;
        assert!(greeted.starts_with("personal representatives of "), "Dear {greeted}");
        let none = take(&t, notice("dro", "C100001", "dro", "2026-05-01")).await;
        assert_eq!(code(act_on_case(&t.desk, &controller, act("w4", &none.number, "write")).await), "invalid act");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_03_the_adviser_is_told_of_every_other_debt() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-A", "2026-04-24", 12_000).await;
        open(&t, who, "invoice", "INV-B", "2026-04-24", 5_000).await;
        let told = TakeNotice {
            debts: vec!["INV-A".into()],
            contact_role: "Debt adviser".into(),
            contact_name: "Northmere Advice".into(),
            contact_email: "advice@northmere-advice.example".into(),
            ..notice("1", "C100001", "standard", "2026-05-01")
        };
        let stands = take(&t, told).await;
        act_on_case(&t.desk, &controller, act("w", &stands.number, "write")).await.expect("is written");
        let all = letters(&t, who).await;
        assert_eq!(all.len(), 2, "{all:?}");
        let adviser = all.iter().find(|one| one.template_code == "breathing_space_adviser").expect("to the adviser");
        assert_eq!((adviser.channel.as_str(), adviser.sent_to.as_str()), ("email", "advice@northmere-advice.example"));
        let words = |content: sundry_paper::Letter| {
            content.blocks.into_iter().map(|block| block.text).collect::<Vec<_>>().join("\n")
        };
        let said = words(letter(&t.desk, &controller, &adviser.number).await.expect("shows").content);
        assert!(said.contains("- INV-A\n") && said.contains("- INV-B: £50.00"), "{said}");
        let debtor = all.iter().find(|one| one.template_code == "breathing_space").expect("to the debtor");
        let said = words(letter(&t.desk, &controller, &debtor.number).await.expect("shows").content);
        assert!(said.contains("- INV-A") && !said.contains("INV-B"), "{said}");
    })
    .await;
}
