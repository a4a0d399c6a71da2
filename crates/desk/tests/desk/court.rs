//! The county court on both engines: from the referral to satisfaction, with the books after each step.
use super::cash::{agrees, open, owe, owe_more};
use super::recovery::{pdf_words, release};
use chrono::{Days, NaiveDate};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{
    ActOnEstate, AddCharge, AddCost, CaseEnded, CaseStep, CourtTended, DecideReferral, DeclareDividend, Defendant,
    EndInsolvency, Enforce, EnterJudgment, ExportClaims, Exported, LodgeProof, OpenEstate, OpenInsolvency,
    PrepareClaim, Prepared, ReceiveDividend, RecordIssue, RecordLimit, RecordReply, RecordResponse, ReferToCourt,
    Referral, ReleaseCharge, RequestJudgment, SignClaim, Signed, StepDone, TellCourt, TendCourt, about_customer,
    act_on_estate, add_charge, add_cost, case, case_bundle, cases_list, charges_list, choices, court_diary, court_file,
    decide_referral, declare_dividend, end_insolvency, enforce, enter_judgment, estate, export_claims, insolvency,
    limitation_of, limitation_soon, lodge_proof, not_referable, open_estate, open_insolvency, prepare_claim,
    receive_dividend, record_issue, record_limit, record_reply, record_response, record_step, refer_to_court,
    release_charge, request_judgment, sign_claim, tell_court, tend_court,
};
use sundry_desk::customers::customer_account;
use sundry_desk::delivery::{letter, letters_since};
use sundry_desk::plans::{AgreePlan, PlanAsk, PromiseToPay, agree_plan, plan, promise_to_pay, promises};
use sundry_desk::queries::NewFile;
use sundry_desk::recovery::people::{AddActing, ProveActing, TakeNotice, add_acting, prove_acting, take_notice};
use sundry_desk::recovery::{PostCharges, post_charges, preview_day};
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::{args, ledger};

pub(super) fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

pub(super) fn code<T: std::fmt::Debug>(answer: Outcome<T>) -> String {
    match answer.expect_err("refused") {
        No::Refused(refusal) => refusal.code,
        other => format!("{other:?}"),
    }
}

pub(super) fn controller(t: &TestDesk) -> Actor {
    t.role(Role::CreditController)
}

pub(super) fn manager(t: &TestDesk) -> Actor {
    t.role(Role::Approver)
}

pub(super) async fn posted(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let roles = sundry_store::proof::balances_by_role(&mut look, t.org).await.expect("sums");
    roles.iter().filter(|(name, _)| name == role).map(|(_, sum)| sum).sum()
}

/// A person with an address who owes £1,200.00 since 1 April.
pub(super) async fn owing(t: &TestDesk, postcode: &str) {
    owe(
        t,
        "owe",
        &[("C100001", "Mr Adam Example", "", "")],
        &[("INV-1", "C100001", "2026-03-02", "2026-04-01", 120_000)],
    )
    .await;
    let mut tx = t.desk.db().begin().await.expect("begins");
    let sql = "update customer set kind = 'individual', address1 = '1 High Street', town = 'Morpeth', postcode = $2 where org_id = $1";
    tx.run(sql, args![t.org, postcode]).await.expect("an address");
    tx.commit().await.expect("commits");
}

/// Nothing of this stands in the trail, from which the world outside is told.
pub(super) async fn trail_is_without(t: &TestDesk, words: &[&str]) {
    let mut look = t.desk.look().await.expect("looks");
    let trail = sundry_store::control::audit_after(&mut look, t.org, 0, 1_000).await.expect("a trail");
    for word in words {
        let found = trail.iter().find(|row| row.detail.contains(word));
        assert!(found.is_none(), "{word}: {found:?}");
    }
}

/// Every day is released, so that the letter of claim of 13 May goes as it does in life.
pub(super) async fn written_to(t: &TestDesk) {
    owing(t, "NE61 1AA").await;
    let mut day = d("2026-04-08");
    while day <= d("2026-05-13") {
        release(t, &day.to_string()).await.expect("a day is released");
        day = day + Days::new(1);
    }
    put_letters(t, "printed").await;
}

/// What was written to the customers has left, or waits as it did.
async fn put_letters(t: &TestDesk, state: &str) {
    let mut tx = t.desk.db().begin().await.expect("begins");
    let sql = "update letter set state = $2 where org_id = $1 and kind = 'letter_of_claim'";
    tx.run(sql, args![t.org, state]).await.expect("is put");
    tx.commit().await.expect("commits");
}

pub(super) async fn refer(t: &TestDesk, key: &str) -> Outcome<Referral> {
    let ask = ReferToCourt {
        key: key.into(),
        customer: "C100001".into(),
        debts: Vec::new(),
        why: "Three reminders, no answer, in work".into(),
        means: "Works at the mill".into(),
        assets: String::new(),
    };
    refer_to_court(&t.desk, &controller(t), ask).await
}

pub(super) async fn accept(t: &TestDesk) -> Outcome<Referral> {
    let ask = DecideReferral { key: "accept".into(), case: "CRT-000001".into(), accept: true, words: String::new() };
    decide_referral(&t.desk, &manager(t), ask).await
}

pub(super) fn claim(key: &str, issue_on: &str) -> PrepareClaim {
    PrepareClaim {
        key: key.into(),
        case: "CRT-000001".into(),
        issue_on: Some(d(issue_on)),
        status: "individual".into(),
        defendants: vec![Defendant {
            name: "Mr Adam Example".into(),
            lines: vec!["1 High Street".into(), "Morpeth".into()],
            postcode: "ne611aa".into(),
            ..Defendant::default()
        }],
        basis: "a contract for trade waste of 2 March 2026".into(),
        ..PrepareClaim::default()
    }
}

pub(super) async fn prepare(t: &TestDesk, ask: PrepareClaim) -> Outcome<Prepared> {
    prepare_claim(&t.desk, &controller(t), ask).await
}

fn signature(key: &str, version: Option<i64>) -> SignClaim {
    SignClaim { key: key.into(), case: "CRT-000001".into(), i_believe: true, version }
}

pub(super) async fn sign(t: &TestDesk, key: &str) -> Outcome<Signed> {
    sign_claim(&t.desk, &manager(t), signature(key, None)).await
}

pub(super) async fn export(t: &TestDesk, key: &str) -> Outcome<Exported> {
    export_claims(&t.desk, &manager(t), ExportClaims { key: key.into(), cases: vec!["CRT-000001".into()] }).await
}

pub(super) async fn pay(t: &TestDesk, key: &str, pence: i64, lines: &[(&str, i64)]) -> String {
    let lines = lines.iter().map(|(item, amount)| AllocationLine { item: (*item).into(), amount: Pence(*amount) });
    let ask = RecordReceipt {
        key: key.into(),
        method: "cash".into(),
        customer: "C100001".into(),
        amount: Pence(pence),
        received_on: t.desk.today(),
        payer_name: String::new(),
        words: "till".into(),
        lines: lines.collect(),
    };
    record_receipt(&t.desk, &t.role(Role::Cashier), ask).await.expect("records").receipt
}

pub(super) async fn our_number(t: &TestDesk) {
    let changes = [("limits.sdt_customer_id".to_owned(), "10009999".to_owned())].into();
    let ask = ChangeSettings { key: "sdt".into(), changes };
    change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("changes");
}

/// A signed claim on 15 June.
pub(super) async fn signed(t: &TestDesk) {
    written_to(t).await;
    t.go_to("2026-05-20");
    refer(t, "r").await.expect("referred");
    accept(t).await.expect("accepted");
    t.go_to("2026-06-15");
    prepare(t, claim("p", "2026-06-15")).await.expect("prepared");
    sign(t, "s").await.expect("signed");
}

pub(super) async fn issued(t: &TestDesk) {
    signed(t).await;
    let ask = RecordIssue {
        key: "i".into(),
        case: "CRT-000001".into(),
        claim_number: "K1QZ12AB".into(),
        issued_on: d("2026-06-15"),
        fee: Pence(8_000),
        served: "online".into(),
    };
    let days = record_issue(&t.desk, &controller(t), ask).await.expect("issued");
    assert_eq!([days.served_on, days.respond_by, days.defend_by], ["2026-06-20", "2026-07-06", "2026-07-20"].map(d));
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_03_what_a_case_freezes_is_not_referred_and_what_is_not_overdue_neither() {
    on_both("2026-04-01", async |t| {
        owing(&t, "NE61 1AA").await;
        assert_eq!(code(refer(&t, "early").await), "CT-CASE-EMPTY", "it is due today");
        t.go_to("2026-05-20");
        let notice = TakeNotice {
            key: "notice".into(),
            form: "standard".into(),
            customer: "C100001".into(),
            source: "Debt respite register".into(),
            reference: "BSN-1".into(),
            starts_on: Some(d("2026-05-20")),
            ..TakeNotice::default()
        };
        take_notice(&t.desk, &controller(&t), notice).await.expect("is taken in");
        assert_eq!(code(refer(&t, "frozen").await), "BS-03-BREATHING-SPACE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_02_a_referral_shows_what_speaks_against_it_and_somebody_else_decides() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        let typo = ReferToCourt {
            key: "typo".into(),
            customer: "C100001".into(),
            debts: vec!["INV-1".into(), "INV-9".into()],
            why: "Three reminders".into(),
            means: String::new(),
            assets: String::new(),
        };
        assert!(
            code(refer_to_court(&t.desk, &controller(&t), typo).await).contains("INV-9"),
            "not left out in silence"
        );
        let told = refer(&t, "r1").await.expect("referred");
        assert_eq!((told.number.as_str(), told.state.as_str()), ("CRT-000001", "referred"));
        assert_eq!(told.earliest_on, Some(d("2026-06-13")), "the thirty-first day after the letter");
        assert!(told.letter.starts_with("LTR-"));
        let look: Vec<&str> =
            told.checks.iter().filter(|(how, _)| how == "look").map(|(_, words)| words.as_str()).collect();
        assert_eq!(look, ["Nothing is known of what they own"]);
        assert_eq!(code(refer(&t, "r2").await), "CT-CASE-TWICE");
        let mine = DecideReferral { key: "d".into(), case: "CRT-000001".into(), accept: true, words: String::new() };
        assert_eq!(code(decide_referral(&t.desk, &controller(&t), mine).await), "CTL-01-OWN-WORK");
        let both = t.operator();
        let back = DecideReferral { key: "d2".into(), case: "CRT-000001".into(), accept: false, words: String::new() };
        assert!(matches!(decide_referral(&t.desk, &both, back).await, Err(No::Invalid(_))), "a no has a reason");
        let back = DecideReferral {
            key: "d3".into(),
            case: "CRT-000001".into(),
            accept: false,
            words: "Look for what they own first".into(),
        };
        let told = decide_referral(&t.desk, &manager(&t), back).await.expect("decided");
        assert_eq!(told.state, "sent_back");
        let again = refer(&t, "r3").await.expect("the debts are free again");
        assert_eq!(again.number, "CRT-000002");
        let shown = case(&t.desk, &controller(&t), "CRT-000002").await.expect("shown");
        assert_eq!((shown.customer.as_str(), shown.open_pence, shown.items.len()), ("C100001", 120_000, 1));
        assert_eq!(cases_list(&t.desk, &controller(&t), "", None, 10).await.expect("lists").len(), 1);
        let own = DecideReferral { key: "d4".into(), case: "CRT-000002".into(), accept: true, words: String::new() };
        let mut proposer = manager(&t);
        proposer.user = controller(&t).user;
        assert_eq!(code(decide_referral(&t.desk, &proposer, own.clone()).await), "CTL-01-OWN-WORK");
        let yes = DecideReferral { key: "d5".into(), ..own };
        let below = Actor { limit: Pence(119_999), ..manager(&t) };
        assert_eq!(code(decide_referral(&t.desk, &below, yes.clone()).await), "CTL-02-ABOVE-LIMIT");
        let within = Actor { limit: Pence(120_000), ..manager(&t) };
        assert_eq!(decide_referral(&t.desk, &within, yes).await.expect("decided").state, "accepted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_02_nobody_beyond_the_border_and_nothing_that_is_frozen_is_referred() {
    on_both("2026-05-01", async |t| {
        owing(&t, "EH1 1AA").await;
        assert_eq!(code(refer(&t, "r1").await), "CT-00-OTHER-COURT");
        let ask = OpenInsolvency {
            key: "i".into(),
            customer: "C100001".into(),
            kind: "bankruptcy".into(),
            on: d("2026-04-20"),
            office_holder: String::new(),
            reference: String::new(),
            evidence: "The Gazette".into(),
        };
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("update customer set postcode = 'NE61 1AA' where org_id = $1", args![t.org]).await.expect("moves");
        tx.commit().await.expect("commits");
        open_insolvency(&t.desk, &controller(&t), ask).await.expect("recorded");
        assert_eq!(code(refer(&t, "r2").await), "BS-05-INSOLVENT");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_02_the_clock_follows_reply_documents_and_notice() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        t.go_to("2026-06-01");
        let reply = |kind: &str, documents: bool| RecordReply {
            key: format!("reply {kind}"),
            case: "CRT-000001".into(),
            on: d("2026-06-01"),
            kind: kind.into(),
            documents,
            offer: false,
            words: "Wants to see the tickets".into(),
        };
        let told = record_reply(&t.desk, &controller(&t), reply("advice", false)).await.expect("taken");
        assert_eq!(told.earliest_on, Some(d("2026-07-02")));
        let told = record_reply(&t.desk, &controller(&t), reply("documents", true)).await.expect("taken");
        assert_eq!((told.earliest_on, told.first.expect("something first").code.as_str()), (None, "REC-03-DOCUMENTS"));
        t.go_to("2026-06-10");
        let step = |key: &str, what: &str| CaseStep {
            key: key.into(),
            case: "CRT-000001".into(),
            step: what.into(),
            on: t.desk.today(),
            words: String::new(),
        };
        let told = record_step(&t.desk, &controller(&t), step("s1", "documents_sent")).await.expect("taken");
        assert_eq!(told.earliest_on, Some(d("2026-07-11")));
        t.go_to("2026-07-05");
        let told = record_step(&t.desk, &controller(&t), step("s2", "notice_given")).await.expect("taken");
        assert_eq!(told.earliest_on, Some(d("2026-07-20")));
        assert_eq!(code(record_step(&t.desk, &controller(&t), step("s3", "hurry")).await), "CTL-01-NO-DUTY");
        let diary = court_diary(&t.desk, &controller(&t), 60).await.expect("a diary");
        assert!(diary.iter().any(|line| line.kind == "claim" && line.due_on == d("2026-07-20")), "{diary:?}");
        assert!(!diary.iter().any(|line| line.kind == "documents"), "sent");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_03_fourteen_days_notice_is_written_once_to_who_answered_and_moves_the_clock() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        let step = |key: &str, on: &str| CaseStep {
            key: key.into(),
            case: "CRT-000001".into(),
            step: "write_notice".into(),
            on: d(on),
            words: String::new(),
        };
        let unanswered = record_step(&t.desk, &controller(&t), step("n0", "2026-05-20")).await;
        assert!(code(unanswered).contains("Record the reply form first"));
        t.go_to("2026-06-01");
        let reply = RecordReply {
            key: "reply".into(),
            case: "CRT-000001".into(),
            on: d("2026-06-01"),
            kind: "other".into(),
            documents: false,
            offer: false,
            words: "Cannot pay at the moment".into(),
        };
        record_reply(&t.desk, &controller(&t), reply).await.expect("taken");
        t.go_to("2026-06-20");
        let past = record_step(&t.desk, &controller(&t), step("n1", "2026-06-19")).await;
        assert!(code(past).contains("Enter today"));
        let told = record_step(&t.desk, &controller(&t), step("n2", "2026-06-20")).await.expect("written");
        assert_eq!(told.earliest_on, Some(d("2026-07-05")), "the fifteenth day after the notice");
        let again = record_step(&t.desk, &controller(&t), step("n3", "2026-06-20")).await;
        assert!(code(again).contains("notice was given on 20 June 2026"));
        let all = letters_since(&t.desk, &controller(&t), d("2026-06-20")).await.expect("letters");
        let told: Vec<(&str, i64)> = all
            .iter()
            .filter(|one| one.kind == "claim_notice")
            .map(|one| (one.state.as_str(), one.total_pence))
            .collect();
        assert_eq!(told, [("waiting", 120_000)]);
        let number = &all.iter().find(|one| one.kind == "claim_notice").expect("a notice").number;
        let content = letter(&t.desk, &controller(&t), number).await.expect("shows").content;
        assert_eq!((content.due_on, content.items.len()), (Some(d("2026-07-04")), 1));
        assert!(content.blocks[0].text.contains("a letter of claim on 13 May 2026"), "{}", content.blocks[0].text);
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert!(shown.events.iter().any(|one| one.kind == "notice_given" && one.words.contains(number.as_str())));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_02_no_clock_runs_from_a_letter_of_claim_that_is_held() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update letter set state = 'held' where org_id = $1 and kind = 'letter_of_claim'";
        tx.run(sql, args![t.org]).await.expect("is held");
        tx.commit().await.expect("commits");
        t.go_to("2026-05-20");
        let told = refer(&t, "r").await.expect("referred");
        assert_eq!((told.letter.as_str(), told.earliest_on), ("", None));
        assert!(told.checks.contains(&("look".into(), "No letter of claim has gone yet".into())), "{:?}", told.checks);
    })
    .await;
}

async fn ids_of(t: &TestDesk, numbers: [&str; 2]) -> Vec<i64> {
    let mut look = t.desk.look().await.expect("looks");
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(ledger::items_numbered(&mut look, t.org, number).await.expect("items")[0].id);
    }
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_03_after_a_broken_plan_an_updated_letter_of_claim_goes_and_its_time_begins_anew() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-14");
        let terms = super::plans::ask(&["INV-1"], 6, "2026-06-01");
        let made = agree_plan(&t.desk, &t.role(Role::TeamLeader), AgreePlan { key: "plan".into(), ask: terms }).await;
        let made = made.expect("agreed").number;
        let mut day = d("2026-05-15");
        while plan(&t.desk, &controller(&t), &made).await.expect("a plan").line.state != "broken" {
            assert!(day < d("2026-09-01"), "nothing was paid, so it breaks");
            release(&t, &day.to_string()).await.expect("a day");
            day = day + Days::new(1);
        }
        assert_eq!(code(refer(&t, "r1").await), "REC-04-HOLD-PLAN", "the letter that it broke gives a fortnight");
        // It broke on the day before; the hold lasts a fortnight from then.
        let after = day + Days::new(14);
        let done = release(&t, &after.to_string()).await.expect("a day");
        assert_eq!(done.totals.letters["letter_of_claim"].count, 1, "{:?}", done.totals);
        let told = refer(&t, "r2").await.expect("referred");
        assert!(told.checks.iter().any(|(_, words)| words.contains(&written(after))), "{:?}", told.checks);
        assert_eq!(told.earliest_on, Some(after + Days::new(31)), "thirty days anew");
        put_letters(&t, "printed").await;
        let shown = case(&t.desk, &controller(&t), &told.number).await.expect("shown");
        assert_eq!((shown.earliest_on, shown.first), (told.earliest_on, None));
        // On the letter from before the plan no day stands, whatever its thirty days are.
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update court_case set letter_on = $2 where org_id = $1";
        tx.run(sql, args![t.org, d("2026-05-13")]).await.expect("the old letter");
        tx.commit().await.expect("commits");
        let shown = case(&t.desk, &controller(&t), &told.number).await.expect("shown");
        let first = shown.first.expect("an updated letter comes first");
        assert_eq!((shown.earliest_on, first.code.as_str()), (None, "REC-03-NO-LETTER"));
        assert!(first.sentence.starts_with("A plan broke on"), "{}", first.sentence);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_03_a_debt_that_no_letter_of_claim_named_stays_out_of_the_case_of_another() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        owe_more(&t, "later", &[("INV-2", "C100001", "2026-04-14", "2026-05-14", 30_000)]).await;
        t.go_to("2026-05-20");
        let ids = ids_of(&t, ["INV-1", "INV-2"]).await;
        let apart = not_referable(&t.desk, &controller(&t), "C100001", &ids).await.expect("asked");
        assert_eq!(apart.keys().copied().collect::<Vec<_>>(), [ids[1]]);
        assert!(apart[&ids[1]].contains("once its own letter has gone; a claim may follow 30 days after"), "{apart:?}");
        let both = ReferToCourt {
            key: "both".into(),
            customer: "C100001".into(),
            debts: vec!["INV-1".into(), "INV-2".into()],
            why: "Three reminders".into(),
            means: String::new(),
            assets: String::new(),
        };
        assert_eq!(code(refer_to_court(&t.desk, &controller(&t), both.clone()).await), "CT-CASE-NOT-NAMED");
        let told = refer(&t, "r").await.expect("what the letter names");
        assert_eq!(told.earliest_on, Some(d("2026-06-13")));
        let shown = case(&t.desk, &controller(&t), &told.number).await.expect("shown");
        let items: Vec<&str> = shown.items.iter().map(|one| one.item_number.as_str()).collect();
        assert_eq!((items.as_slice(), shown.open_pence), (&["INV-1"][..], 120_000));
        // What is in a case stands apart with its number; what is left may come by itself, and be ticked.
        let apart = not_referable(&t.desk, &controller(&t), "C100001", &ids).await.expect("asked");
        assert_eq!(apart.keys().copied().collect::<Vec<_>>(), [ids[0]]);
        assert!(apart[&ids[0]].contains("CRT-000001"), "{apart:?}");
        let own = ReferToCourt { key: "own".into(), debts: vec!["INV-2".into()], ..both };
        let own = refer_to_court(&t.desk, &controller(&t), own).await.expect("a case of its own");
        assert_eq!((own.letter.as_str(), own.earliest_on), ("", None), "no clock runs from another's letter");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_a_person_on_a_firms_plan_gets_an_updated_letter_too() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        let owed = [("INV-9", "C100002", "2026-03-02", "2026-04-01", 10_000)];
        owe(&t, "firm", &[("C100002", "Example Haulage Ltd", "", "")], &owed).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set kind = 'company' where org_id = $1 and number = 'C100002'";
        tx.run(sql, args![t.org]).await.expect("a firm");
        tx.commit().await.expect("commits");
        t.go_to("2026-05-21");
        let ask = PlanAsk {
            customer: "C100002".into(),
            with: vec!["C100001".into()],
            ..super::plans::ask(&["INV-9", "INV-1"], 4, "2026-06-01")
        };
        agree_plan(&t.desk, &t.role(Role::TeamLeader), AgreePlan { key: "plan".into(), ask }).await.expect("a plan");
        for day in ["2026-06-09", "2026-07-09"] {
            release(&t, day).await.expect("a day is released");
        }
        let shown = plan(&t.desk, &controller(&t), "PLAN-000001").await.expect("shown");
        assert_eq!((shown.line.state.as_str(), shown.claim_again), ("broken", true));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_a_claim_asks_no_interest_for_the_days_of_a_breathing_space() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        t.go_to("2026-05-21");
        let notice = TakeNotice {
            key: "notice".into(),
            form: "standard".into(),
            customer: "C100001".into(),
            source: "Debt respite register".into(),
            reference: "BSN-1".into(),
            starts_on: Some(d("2026-05-21")),
            ..TakeNotice::default()
        };
        take_notice(&t.desk, &controller(&t), notice).await.expect("is taken in");
        t.go_to("2026-06-15");
        let told = prepare(&t, claim("p", "2026-06-15")).await.expect("prepared");
        // 75 days from 2 April to 15 June, less the 26 from 21 May on: 49 days of 8% on £1,200.00.
        assert_eq!(told.claim.value.interest, Pence(1_289));
        assert!(told.not_yet.is_some(), "and nothing is issued meanwhile");
        t.go_to("2026-06-16");
        let same = prepare(&t, claim("p", "2026-06-15")).await.expect("the same request");
        assert_eq!(same.claim.value.interest, Pence(1_289), "the same key has its first answer a day later (P02)");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_a_claim_is_worked_out_to_its_day_and_signed_by_somebody_else() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        assert_eq!(code(prepare(&t, claim("p0", "2026-06-15")).await), "CT-CASE-STATE", "nobody decided");
        accept(&t).await.expect("accepted");
        put_letters(&t, "waiting").await;
        let unsent = prepare(&t, claim("p9", "2026-06-15")).await.expect("prepared");
        assert_eq!(unsent.not_yet.expect("it never left").code, "REC-03-NO-LETTER");
        for (state, says) in [("waiting", "waits to be sent"), ("held", "is held"), ("withdrawn", "was withdrawn")] {
            put_letters(&t, state).await;
            let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
            let first = shown.first.expect("no time runs from it");
            assert_eq!((shown.earliest_on, first.code.as_str()), (None, "REC-03-NO-LETTER"));
            assert!(first.sentence.contains(says), "{}", first.sentence);
        }
        put_letters(&t, "printed").await;
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!((shown.earliest_on, shown.first), (Some(d("2026-06-13")), None));
        let early = prepare(&t, claim("p1", "2026-06-12")).await.expect("prepared");
        assert_eq!(early.not_yet.expect("too early").code, "REC-03-TOO-EARLY");
        t.go_to("2026-06-15");
        let mut bare = claim("p2", "2026-06-15");
        bare.basis = String::new();
        bare.defendants.push(Defendant {
            name: "Mrs Example".into(),
            postcode: "EH1 1AA".into(),
            child: true,
            ..Defendant::default()
        });
        let told = prepare(&t, bare).await.expect("prepared");
        assert_eq!(
            told.lacks.iter().map(|one| one.sentence.as_str()).collect::<Vec<_>>(),
            ["The claim lacks the contract or statute"]
        );
        let why: Vec<&str> = told.not_online.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(why.len(), 2, "{why:?}");
        let told = prepare(&t, claim("p3", "2026-06-15")).await.expect("prepared");
        assert!(told.lacks.is_empty() && told.not_online.is_empty() && told.not_yet.is_none(), "{told:?}");
        // 75 days of 8% on £1,200.00.
        assert_eq!((told.claim.value.interest, told.claim.value.value), (Pence(1_973), Pence(121_973)));
        assert_eq!(told.claim.value.fee.amount, Pence(8_000));
        assert!(told.claim.particulars.contains("daily rate of £0.26"), "{}", told.claim.particulars);
        let followed =
            "The claimant followed the Pre-Action Protocol for Debt Claims: a letter of claim was sent on 13 May 2026";
        assert!(told.claim.particulars.contains(followed), "{}", told.claim.particulars);
        assert_eq!(told.claim.defendants[0].postcode, "NE61 1AA");
        let by = signature("s0", None);
        assert_eq!(code(sign_claim(&t.desk, &controller(&t), by.clone()).await), "CTL-01-NO-DUTY");
        let mut same = manager(&t);
        same.user = controller(&t).user;
        assert_eq!(code(sign_claim(&t.desk, &same, by).await), "CTL-01-OWN-WORK");
        let told = sign(&t, "s1").await.expect("signed");
        assert_eq!(
            (told.value_pence, told.fee_pence, told.signed_by.as_str()),
            (121_973, 8_000, manager(&t).name.as_str())
        );
        assert_eq!(code(export(&t, "e0").await), "CT-03-NO-NUMBER");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_what_is_signed_has_the_figures_of_its_day_and_is_what_was_read() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        t.go_to("2026-06-15");
        prepare(&t, claim("p1", "2026-06-15")).await.expect("prepared");
        let read = case(&t.desk, &manager(&t), "CRT-000001").await.expect("shown").case.version;
        // While the manager reads, a part is paid and the claim is prepared once more.
        pay(&t, "part", 20_000, &[("INV-1", 20_000)]).await;
        prepare(&t, claim("p2", "2026-06-15")).await.expect("prepared");
        let stale = sign_claim(&t.desk, &manager(&t), signature("s1", Some(read))).await;
        assert_eq!(code(stale), "CTL-01-CHANGED");
        // Read again, and signed a week later, when another part has come.
        let read = case(&t.desk, &manager(&t), "CRT-000001").await.expect("shown").case.version;
        t.go_to("2026-06-22");
        pay(&t, "more", 10_000, &[("INV-1", 10_000)]).await;
        sign_claim(&t.desk, &manager(&t), signature("s2", Some(read))).await.expect("signed");
        let signed = case(&t.desk, &manager(&t), "CRT-000001").await.expect("shown").case;
        let claim = signed.claim.expect("a claim");
        let words = claim["particulars"].as_str().expect("particulars");
        assert!(words.contains("invoice INV-1 of which £900.00 is owed"), "{words}");
        assert_eq!(claim["value"]["principal"], 90_000, "{claim}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_a_reply_takes_the_signature_back_with_its_name() {
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        let reply = RecordReply {
            key: "reply".into(),
            case: "CRT-000001".into(),
            on: d("2026-06-15"),
            kind: "other".into(),
            documents: false,
            offer: false,
            words: "Cannot pay at the moment".into(),
        };
        record_reply(&t.desk, &controller(&t), reply).await.expect("taken");
        let row = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown").case;
        assert_eq!((row.state.as_str(), row.signed_by.as_str(), row.signed_on), ("accepted", "", None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_the_file_takes_each_claim_once_and_leaves_out_what_was_paid() {
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        our_number(&t).await;
        pay(&t, "part", 20_000, &[("INV-1", 20_000)]).await;
        let told = export(&t, "e1").await.expect("answers");
        assert_eq!((told.cases.len(), told.left[0].why[0].code.as_str()), (0, "CT-04-PAID-SINCE"));
        assert_eq!(code(export(&t, "e2").await), "CT-CASE-STATE", "it was taken out");
        prepare(&t, claim("p2", "2026-06-15")).await.expect("prepared again");
        sign(&t, "s2").await.expect("signed again");
        let told = export(&t, "e3").await.expect("goes");
        assert_eq!((told.cases.len(), told.left.len(), told.file.as_str()), (1, 0, "CTF-000001"));
        let (name, bytes) = court_file(&t.desk, &manager(&t), &told.file).await.expect("the file");
        assert!(name.ends_with("-20260615-000001.xml") || name.ends_with("-000001.xml"), "{name}");
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("CRT-000001") && text.contains("NE61 1AA") && text.contains("10009999"), "{text}");
        assert_eq!(code(export(&t, "e4").await), "CT-CASE-STATE");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_letters_the_court_does_not_take_are_told_and_those_with_a_like_are_sent_so() {
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        our_number(&t).await;
        let of = |key: &str, name: &str| {
            let mut ask = claim(key, "2026-06-15");
            ask.defendants[0].name = name.into();
            ask
        };
        prepare(&t, of("p2", "Zoë O’Dowd *")).await.expect("prepared");
        sign(&t, "s2").await.expect("signed");
        match export(&t, "e1").await.expect_err("left behind") {
            No::Refused(refusal) => {
                assert_eq!(refusal.code, "CT-03-NOTHING");
                assert!(refusal.sentence.contains("'*' in the defendant's name"), "{}", refusal.sentence);
            }
            other => panic!("{other:?}"),
        }
        prepare(&t, of("p3", "Zoë O’Dowd")).await.expect("prepared again");
        sign(&t, "s3").await.expect("signed again");
        let told = export(&t, "e2").await.expect("goes");
        let (_, bytes) = court_file(&t.desk, &manager(&t), &told.file).await.expect("the file");
        let read = sundry_formats::court::read_bulk(&bytes).expect("the court reads it");
        let sundry_formats::court::Request::Claim(sent) = &read.requests[0].request else { panic!("a claim") };
        assert_eq!((sent.defendants[0].name.as_str(), sent.amount), ("Zoe O'Dowd", 121_973));
        assert_eq!(sent.interest.as_ref().map(|interest| interest.base), Some(120_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_fees_nobody_confirmed_stop_the_claim() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        t.go_to("2026-07-13");
        assert_eq!(code(prepare(&t, claim("p", "2026-07-13")).await), "CT-01-CHECK-FEE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_04_from_issue_to_judgment_enforcement_and_satisfaction() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        assert_eq!(posted(&t, "LEGAL").await, 8_000, "the fee is ours until judgment");
        let response = |key: &str, kind: &str, on: &str| RecordResponse {
            key: key.into(),
            case: "CRT-000001".into(),
            kind: kind.into(),
            on: d(on),
            words: String::new(),
        };
        let judgment = |key: &str| RequestJudgment { key: key.into(), case: "CRT-000001".into() };
        t.go_to("2026-07-01");
        let told = record_response(&t.desk, &controller(&t), response("a", "acknowledgment", "2026-07-01"))
            .await
            .expect("taken");
        assert_eq!(told.answer_by, Some(d("2026-07-20")));
        t.go_to("2026-07-07");
        assert_eq!(code(request_judgment(&t.desk, &manager(&t), judgment("j1")).await), "CT-05-TOO-EARLY");
        t.go_to("2026-07-21");
        request_judgment(&t.desk, &manager(&t), judgment("j2")).await.expect("asked for");
        let ask = EnterJudgment {
            key: "e".into(),
            case: "CRT-000001".into(),
            on: d("2026-07-21"),
            kind: "default".into(),
            interest: None,
            instalment: None,
            every: String::new(),
            first_on: None,
        };
        let told = enter_judgment(&t.desk, &manager(&t), ask).await.expect("entered");
        assert_eq!(told.judgment_pence, 120_000 + 1_973 + 8_000);
        assert_eq!(told.items, ["CRT-000001/2", "CRT-000001/3"]);
        assert_eq!(told.cancelled_if_paid_by, d("2026-08-21"));
        assert_eq!(
            (open(&t, "INV-1").await, open(&t, "CRT-000001/2").await, open(&t, "CRT-000001/3").await),
            (120_000, 1_973, 8_000)
        );
        agrees(&t).await;
        let all = choices(&t.desk, &controller(&t), "CRT-000001", "self_employed").await.expect("choices");
        let of = |method: &str| all.iter().find(|one| one.method == method).expect("a way");
        assert!(of("warrant").refusal.is_none() && of("writ").refusal.is_none());
        assert_eq!(
            of("attachment_of_earnings").refusal.as_ref().expect("not an employee").code,
            "CT-07-ATTACHMENT-WORK"
        );
        assert_eq!(of("warrant").fee_pence, None, "nobody confirmed the fees of after 13 July");
        let step =
            Enforce { key: "w".into(), case: "CRT-000001".into(), method: "warrant".into(), ..Enforce::default() };
        assert_eq!(code(enforce(&t.desk, &manager(&t), step).await), "CT-07-PROPORTIONALITY");
        let sum = 129_973;
        let debts = [("INV-1", 120_000), ("CRT-000001/2", 1_973), ("CRT-000001/3", 8_000)];
        let receipt = pay(&t, "all", sum, &debts).await;
        t.go_to("2026-08-20");
        let told = tend_court(&t.desk, &t.role(Role::TeamLeader), TendCourt { key: "t1".into() }).await.expect("looks");
        assert_eq!(told.satisfied, ["CRT-000001"]);
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!((shown.case.state.as_str(), shown.register.as_str()), ("satisfied", "cancelled"));
        assert_eq!(shown.judgment_interest_pence, None, "below £5,000.00, and not under the act");
        let again =
            tend_court(&t.desk, &t.role(Role::TeamLeader), TendCourt { key: "t2".into() }).await.expect("looks");
        assert!(again.satisfied.is_empty());
        let same = tend_court(&t.desk, &t.role(Role::TeamLeader), TendCourt { key: "t1".into() }).await.expect("looks");
        assert_eq!(same, told, "the same key has the same answer, though no case is left");
        let diary = court_diary(&t.desk, &controller(&t), 30).await.expect("a diary");
        assert!(diary.iter().any(|line| line.kind == "tell_court" && line.words.contains("taken off the register")));
        let ask = TellCourt { key: "tell".into(), case: "CRT-000001".into() };
        tell_court(&t.desk, &controller(&t), ask).await.expect("told");
        assert!(court_diary(&t.desk, &controller(&t), 30).await.expect("a diary").is_empty());
        agrees(&t).await;
        t.go_to("2026-08-25");
        let back = ReverseReceipt { key: "bounced".into(), receipt, reason: "Refer to drawer".into() };
        reverse_receipt(&t.desk, &t.role(Role::Cashier), back).await.expect("it came back");
        let leader = t.role(Role::TeamLeader);
        let told = tend_court(&t.desk, &leader, TendCourt { key: "t3".into() }).await.expect("looks");
        assert_eq!((told.owed_again.as_slice(), told.satisfied.len()), (&["CRT-000001".to_owned()][..], 0));
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!((shown.case.state.as_str(), shown.register.as_str()), ("judgment", "unpaid"));
        let diary = court_diary(&t.desk, &controller(&t), 30).await.expect("a diary");
        let work = diary.iter().find(|line| line.kind == "owed_again").expect("work for a person");
        assert!(
            work.words.starts_with("A payment was undone and £1,299.73 is owed again. The court was told on 20 August")
        );
        let once = tend_court(&t.desk, &leader, TendCourt { key: "t4".into() }).await.expect("looks");
        assert!(once.owed_again.is_empty());
        agrees(&t).await;
    })
    .await;
}

/// Judgment by default of 21 July, all at once or by instalments: £1,299.73.
async fn judged(t: &TestDesk, instalments: Option<(i64, &str, &str)>) {
    issued(t).await;
    t.go_to("2026-07-21");
    let ask = RequestJudgment { key: "j".into(), case: "CRT-000001".into() };
    request_judgment(&t.desk, &manager(t), ask).await.expect("asked for");
    let ask = EnterJudgment {
        key: "e".into(),
        case: "CRT-000001".into(),
        on: d("2026-07-21"),
        kind: "default".into(),
        interest: None,
        instalment: instalments.map(|(pence, ..)| Pence(pence)),
        every: instalments.map_or_else(String::new, |(_, every, _)| every.into()),
        first_on: instalments.map(|(.., first)| d(first)),
    };
    enter_judgment(&t.desk, &manager(t), ask).await.expect("entered");
}

/// Everything of the judgment.
const JUDGMENT: [(&str, i64); 3] = [("INV-1", 120_000), ("CRT-000001/2", 1_973), ("CRT-000001/3", 8_000)];

async fn tended(t: &TestDesk, key: &str) -> CourtTended {
    tend_court(&t.desk, &t.role(Role::TeamLeader), TendCourt { key: key.into() }).await.expect("looks")
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_06_what_counts_for_the_register_is_the_day_of_the_last_payment() {
    on_both("2026-04-07", async |t| {
        judged(&t, None).await;
        t.go_to("2026-08-20");
        pay(&t, "part", 50_000, &[("INV-1", 50_000)]).await;
        t.go_to("2026-08-21");
        pay(&t, "rest", 79_973, &[("INV-1", 70_000), JUDGMENT[1], JUDGMENT[2]]).await;
        // Nobody looked for three days: it was paid within the month all the same.
        t.go_to("2026-08-24");
        assert_eq!(tended(&t, "t1").await.satisfied, ["CRT-000001"]);
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!((shown.case.satisfied_on, shown.register.as_str()), (Some(d("2026-08-21")), "cancelled"));
    })
    .await;
    on_both("2026-04-07", async |t| {
        judged(&t, None).await;
        t.go_to("2026-08-22");
        pay(&t, "all", 129_973, &JUDGMENT).await;
        tended(&t, "t1").await;
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!((shown.register.as_str(), shown.register_until), ("satisfied", Some(d("2032-07-21"))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_06_each_instalment_of_a_judgment_is_in_the_diary_and_one_that_is_missed_is_work() {
    on_both("2026-04-07", async |t| {
        judged(&t, Some((50_000, "monthly", "2026-08-01"))).await;
        let diary = async |t: &TestDesk| -> Vec<(String, String)> {
            let all = court_diary(&t.desk, &controller(t), 60).await.expect("a diary");
            let ours = all.into_iter().filter(|line| matches!(line.kind.as_str(), "instalment" | "missed"));
            ours.map(|line| (line.kind, line.due_on.to_string())).collect()
        };
        let told = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(kind, on)| ((*kind).to_owned(), (*on).to_owned())).collect()
        };
        t.go_to("2026-08-01");
        tended(&t, "t1").await;
        assert_eq!(diary(&t).await, told(&[("instalment", "2026-08-01")]), "its day is not over");
        let all = choices(&t.desk, &controller(&t), "CRT-000001", "employed").await.expect("choices");
        let warrant = all.iter().find(|one| one.method == "warrant").and_then(|one| one.refusal.clone());
        assert_eq!(warrant.expect("they are kept").code, "CT-07-INSTALMENTS");
        t.go_to("2026-08-02");
        tended(&t, "t2").await;
        tended(&t, "t3").await;
        assert_eq!(diary(&t).await, told(&[("instalment", "2026-08-01"), ("missed", "2026-08-02")]), "once");
        let all = choices(&t.desk, &controller(&t), "CRT-000001", "employed").await.expect("choices");
        assert!(all.iter().find(|one| one.method == "warrant").is_some_and(|one| one.refusal.is_none()));
        pay(&t, "late", 50_000, &[("INV-1", 50_000)]).await;
        tended(&t, "t4").await;
        assert_eq!(diary(&t).await, told(&[("instalment", "2026-09-01")]));
        let all = choices(&t.desk, &controller(&t), "CRT-000001", "employed").await.expect("choices");
        assert!(all.iter().find(|one| one.method == "warrant").is_some_and(|one| one.refusal.is_some()), "caught up");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_06_a_write_off_is_no_payment_and_the_court_is_told_of_none() {
    on_both("2026-04-07", async |t| {
        judged(&t, None).await;
        pay(&t, "part", 100_000, &[("INV-1", 100_000)]).await;
        let rest = pay(&t, "rest", 29_973, &[("INV-1", 20_000), JUDGMENT[1], JUDGMENT[2]]).await;
        // What settled the rest was a write-off.
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update open_item set kind = 'write_off', number = 'WO-000001' where org_id = $1 and number = $2";
        assert_eq!(tx.run(sql, args![t.org, &rest]).await.expect("changes"), 1);
        tx.commit().await.expect("commits");
        t.go_to("2026-08-01");
        let told = tended(&t, "t1").await;
        assert_eq!((told.given_up.as_slice(), told.satisfied.len()), (&["CRT-000001".to_owned()][..], 0));
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        let stands = (shown.case.state.as_str(), shown.register.as_str(), shown.case.satisfied_on);
        assert_eq!(stands, ("closed", "unpaid", None));
        assert!(court_diary(&t.desk, &controller(&t), 30).await.expect("a diary").is_empty(), "nothing to tell");
    })
    .await;
}

async fn acts(t: &TestDesk, authority: &str, scope: &str) {
    let ask = AddActing {
        key: format!("acts {authority}"),
        customer: "C100001".into(),
        authority: authority.into(),
        name: "Jan Webb".into(),
        address1: "9 Hill Rise".into(),
        scope: vec![scope.into()],
        from_on: Some(d("2026-04-01")),
        document: "Order of 3 March 2026, sealed".into(),
        ..AddActing::default()
    };
    let added = add_acting(&t.desk, &controller(t), ask).await.expect("is recorded");
    let prove = ProveActing { key: format!("proves {authority}"), number: added.number, words: "Sealed".into() };
    let file = NewFile { name: "order.pdf".into(), bytes: b"%PDF-1.4 sealed".to_vec() };
    prove_acting(&t.desk, &controller(t), prove, file).await.expect("is proved");
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_07_who_has_a_deputy_is_sued_and_judged_only_with_a_litigation_friend() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        acts(&t, "deputy", "letters").await;
        t.go_to("2026-07-07");
        assert_eq!(code(asks(&t, "j1").await), "BS-07-LITIGATION-FRIEND");
        acts(&t, "litigation_friend", "claim").await;
        asks(&t, "j2").await.expect("asked for");
    })
    .await;
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        t.go_to("2026-06-15");
        let mut ask = claim("p", "2026-06-15");
        ask.defendants[0].protected = true;
        let told = prepare(&t, ask).await.expect("prepared");
        assert_eq!(told.not_yet.expect("not so").code, "BS-07-LITIGATION-FRIEND");
        assert_eq!(code(sign(&t, "s").await), "BS-07-LITIGATION-FRIEND");
    })
    .await;
}

async fn learns(t: &TestDesk, step: &str, words: &str) -> Outcome<StepDone> {
    let ask = CaseStep {
        key: format!("learn {step} {words}"),
        case: "CRT-000001".into(),
        step: step.into(),
        on: t.desk.today(),
        words: words.into(),
    };
    record_step(&t.desk, &controller(t), ask).await
}

async fn asks(t: &TestDesk, key: &str) -> Outcome<CaseEnded> {
    request_judgment(&t.desk, &manager(t), RequestJudgment { key: key.into(), case: "CRT-000001".into() }).await
}

async fn answered(t: &TestDesk, key: &str, kind: &str) {
    let ask = RecordResponse {
        key: key.into(),
        case: "CRT-000001".into(),
        kind: kind.into(),
        on: t.desk.today(),
        words: String::new(),
    };
    record_response(&t.desk, &controller(t), ask).await.expect("taken");
}

/// The days of a stay that the diary has open.
async fn stays(t: &TestDesk) -> Vec<NaiveDate> {
    let all = court_diary(&t.desk, &controller(t), 400).await.expect("a diary");
    all.into_iter().filter(|line| line.kind == "stay").map(|line| line.due_on).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_05_no_judgment_by_default_against_who_serves_overseas_nor_in_a_stay() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        assert_eq!(stays(&t).await, [d("2027-01-06")], "six months after the time to answer");
        t.go_to("2026-07-07");
        assert!(matches!(learns(&t, "forces_overseas", " ").await, Err(No::Invalid(_))));
        learns(&t, "forces_overseas", "Letter of her regiment, 3 July").await.expect("noted");
        assert_eq!(code(asks(&t, "j1").await), "CT-05-ARMED-FORCES");
        learns(&t, "forces_home", "Call of 1 September").await.expect("noted");
        t.go_to("2027-01-07");
        assert_eq!(code(asks(&t, "j2").await), "CT-05-STAYED");
        learns(&t, "stay_lifted", "Order of 5 January").await.expect("noted");
        assert!(stays(&t).await.is_empty());
        asks(&t, "j3").await.expect("asked for");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_05_an_admission_waits_for_our_answer_whatever_is_filed_after_it() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        t.go_to("2026-07-01");
        answered(&t, "a1", "acknowledgment").await;
        assert_eq!(stays(&t).await, [d("2027-01-20")], "more time to defend");
        answered(&t, "a2", "admission").await;
        assert!(stays(&t).await.is_empty(), "an admission was served");
        answered(&t, "a3", "acknowledgment").await;
        t.go_to("2026-07-21");
        assert_eq!(code(asks(&t, "j").await), "CT-05-ADMISSION");
    })
    .await;
}

/// Codes of what stands against each way to enforce; an open way has none.
async fn closed_by(t: &TestDesk) -> Vec<String> {
    let all = choices(&t.desk, &controller(t), "CRT-000001", "employed").await.expect("choices");
    all.into_iter().map(|one| one.refusal.map_or_else(String::new, |refusal| refusal.code)).collect()
}

/// Steps taken for a debt, and when.
async fn steps_of(t: &TestDesk, number: &str) -> Vec<(String, String)> {
    let mut look = t.desk.look().await.expect("reads");
    let item = sundry_store::ledger::items_numbered(&mut look, t.org, number).await.expect("reads").remove(0);
    drop(look);
    let view = sundry_desk::recovery::case(&t.desk, &controller(t), ItemId(item.id)).await.expect("a debt");
    view.steps.into_iter().map(|step| (step.step_code, step.taken_on.to_string())).collect()
}

/// Story: breathing space of all debts, one of them with a judgment.
#[tokio::test(flavor = "multi_thread")]
async fn leg_07_story_breathing_space_of_all_debts_stops_a_judgment_too_and_each_goes_on_where_it_stood() {
    on_both("2026-04-07", async |t| {
        judged(&t, None).await;
        owe_more(&t, "more", &[("INV-2", "C100001", "2026-06-10", "2026-07-10", 50_000)]).await;
        release(&t, "2026-07-22").await.expect("a day");
        assert_eq!(steps_of(&t, "INV-2").await, [("R1".to_owned(), "2026-07-22".to_owned())]);
        assert!(closed_by(&t).await.iter().any(String::is_empty), "a warrant may be asked for");
        t.go_to("2026-07-23");
        let notice = TakeNotice {
            key: "notice".into(),
            form: "standard".into(),
            customer: "C100001".into(),
            source: "Debt respite register".into(),
            reference: "BSN-1".into(),
            starts_on: Some(d("2026-07-23")),
            ..TakeNotice::default()
        };
        let stands = take_notice(&t.desk, &controller(&t), notice).await.expect("is taken in");
        assert_eq!(stands.ends_on, Some(d("2026-09-20")));
        // The same day: no way to enforce is open, and the diary says to tell the court, once.
        assert!(closed_by(&t).await.iter().all(|code| code == "BS-03-BREATHING-SPACE"));
        let told = async |kind: &str| -> Vec<NaiveDate> {
            let all = court_diary(&t.desk, &controller(&t), 60).await.expect("a diary");
            all.into_iter().filter(|line| line.kind == kind).map(|line| line.due_on).collect()
        };
        for key in ["b1", "b2"] {
            tended(&t, key).await;
            assert_eq!(told("stopped").await, [d("2026-07-23")]);
        }
        // No letter of any debt, whatever its step is.
        for day in ["2026-07-31", "2026-09-20"] {
            t.go_to(day);
            let seen = preview_day(&t.desk, &controller(&t), d(day)).await.expect("a preview");
            assert!(seen.refusals.iter().any(|one| one.refusal.code == "BS-03-BREATHING-SPACE"), "{day}");
            assert_eq!(seen.totals.letters.get("reminder"), None, "{day}");
        }
        release(&t, "2026-09-21").await.expect("a day");
        tended(&t, "b3").await;
        assert_eq!((told("stopped").await, told("resumed").await), (vec![], vec![d("2026-09-28")]));
        assert!(closed_by(&t).await.iter().all(|code| code == "REC-04-HOLD-BREATHING-SPACE"), "seven days of policy");
        release(&t, "2026-09-28").await.expect("a day");
        assert!(closed_by(&t).await.iter().any(String::is_empty), "it goes on");
        let steps = steps_of(&t, "INV-2").await;
        assert_eq!(steps.last(), Some(&("R2".to_owned(), "2026-09-28".to_owned())), "at the step where it stood");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lp_04_a_judgment_takes_the_place_of_what_was_charged_before_and_nothing_runs_beside_it() {
    on_both("2026-04-07", async |t| {
        owing(&t, "NE61 1AA").await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("update customer set kind = 'company' where org_id = $1", args![t.org]).await.expect("a company");
        tx.commit().await.expect("commits");
        let mut day = d("2026-04-08");
        while day <= d("2026-05-13") {
            release(&t, &day.to_string()).await.expect("a day is released");
            day = day + Days::new(1);
        }
        put_letters(&t, "printed").await;
        // The final notice of 6 May charged 35 days and the fixed sum.
        assert_eq!((open(&t, "INV-1/L1").await, open(&t, "INV-1/L2").await), (1_352, 7_000));
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        t.go_to("2026-06-15");
        let of_a_company =
            PrepareClaim { status: "company".into(), company_number: "01234567".into(), ..claim("p", "2026-06-15") };
        let told = prepare(&t, of_a_company).await.expect("prepared");
        assert_eq!((told.claim.value.interest, told.claim.value.compensation), (Pence(2_897), Pence(7_000)));
        sign(&t, "s").await.expect("signed");
        let ask = RecordIssue {
            key: "i".into(),
            case: "CRT-000001".into(),
            claim_number: "K1QZ12AB".into(),
            issued_on: d("2026-06-15"),
            fee: Pence(8_000),
            served: "online".into(),
        };
        record_issue(&t.desk, &controller(&t), ask).await.expect("issued");
        t.go_to("2026-07-21");
        let ask = EnterJudgment {
            key: "e".into(),
            case: "CRT-000001".into(),
            on: d("2026-07-21"),
            kind: "default".into(),
            interest: None,
            instalment: None,
            every: String::new(),
            first_on: None,
        };
        let told = enter_judgment(&t.desk, &manager(&t), ask).await.expect("entered");
        assert_eq!(told.judgment_pence, 120_000 + 2_897 + 7_000 + 8_000);
        assert_eq!((open(&t, "INV-1/L1").await, open(&t, "INV-1/L2").await), (0, 0), "owed once");
        agrees(&t).await;
        let more = PostCharges { key: "more".into(), invoice: "INV-1".into() };
        assert_eq!(code(post_charges(&t.desk, &controller(&t), more).await), "LP-10-JUDGMENT");
        // A judgment for a debt under the act bears interest whatever its amount: 30 days at 8% on £1,378.97.
        t.go_to("2026-08-20");
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!(shown.judgment_interest_pence, Some(Pence(907)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_04_a_warrant_puts_its_fee_on_the_debt() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        // Judgment in the days whose fees are confirmed.
        t.go_to("2026-07-07");
        let cost = |key: &str, charged: bool| AddCost {
            key: key.into(),
            case: "CRT-000001".into(),
            amount: Pence(5_000),
            charged,
            words: "Advice of counsel".into(),
        };
        assert_eq!(code(add_cost(&t.desk, &manager(&t), cost("c1", true)).await), "CT-CASE-STATE", "before judgment");
        assert_eq!(add_cost(&t.desk, &manager(&t), cost("c2", false)).await.expect("ours").item, "");
        request_judgment(&t.desk, &manager(&t), RequestJudgment { key: "j".into(), case: "CRT-000001".into() })
            .await
            .expect("asked");
        let ask = EnterJudgment {
            key: "e".into(),
            case: "CRT-000001".into(),
            on: d("2026-07-07"),
            kind: "default".into(),
            interest: Some(Pence(2_000)),
            instalment: Some(Pence(5_000)),
            every: "monthly".into(),
            first_on: Some(d("2026-07-08")),
        };
        enter_judgment(&t.desk, &manager(&t), ask).await.expect("entered");
        t.go_to("2026-07-08");
        let mut step = Enforce {
            key: "w1".into(),
            case: "CRT-000001".into(),
            method: "warrant".into(),
            instalments_kept: true,
            proportion: "The debt is fifteen times the fee".into(),
            circumstances: "Called on 9 July: in work, no dependants".into(),
            ..Enforce::default()
        };
        let early = Enforce { key: "w0".into(), instalments_kept: false, ..step.clone() };
        assert_eq!(code(enforce(&t.desk, &manager(&t), early).await), "CT-07-INSTALMENTS", "its day is not over");
        t.go_to("2026-07-10");
        assert_eq!(code(enforce(&t.desk, &manager(&t), step.clone()).await), "CT-07-INSTALMENTS", "paid to the court");
        // More than the judgment would pass the least amounts of the law.
        for much in [i64::MAX, 130_001] {
            let much = Enforce { key: format!("w {much}"), amount: Some(Pence(much)), ..step.clone() };
            assert!(code(enforce(&t.desk, &manager(&t), much).await).contains("Enter no more than is owed: £1,300.00"));
        }
        (step.key, step.instalments_kept) = ("w2".into(), false);
        let told = enforce(&t.desk, &manager(&t), step).await.expect("goes");
        assert_eq!((told.fee_pence, told.item.as_str()), (9_400, "CRT-000001/4"));
        assert_eq!(open(&t, "CRT-000001/4").await, 9_400);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_04_a_charging_order_and_an_attachment_of_earnings_put_their_fees_on_the_debt() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        t.go_to("2026-07-07");
        let ask = RequestJudgment { key: "j".into(), case: "CRT-000001".into() };
        request_judgment(&t.desk, &manager(&t), ask).await.expect("asked");
        let ask = EnterJudgment {
            key: "e".into(),
            case: "CRT-000001".into(),
            on: d("2026-07-07"),
            kind: "default".into(),
            interest: Some(Pence(2_000)),
            instalment: None,
            every: String::new(),
            first_on: None,
        };
        enter_judgment(&t.desk, &manager(&t), ask).await.expect("entered");
        t.go_to("2026-07-10");
        let step = |key: &str, method: &str, work: &str| Enforce {
            key: key.into(),
            case: "CRT-000001".into(),
            method: method.into(),
            work: work.into(),
            proportion: "The debt is nearly ten times the fee".into(),
            circumstances: "Called on 9 July: in work, owns the house".into(),
            ..Enforce::default()
        };
        let attachment = |key: &str, work: &str| step(key, "attachment_of_earnings", work);
        let no = enforce(&t.desk, &controller(&t), step("c0", "charging_order", "employed")).await;
        assert_eq!(code(no), "CTL-01-NO-DUTY");
        let charge = enforce(&t.desk, &manager(&t), step("c1", "charging_order", "employed")).await.expect("goes");
        assert_eq!((charge.fee_pence, charge.item.as_str()), (13_500, "CRT-000001/4"));
        let no = enforce(&t.desk, &manager(&t), attachment("a1", "self_employed")).await;
        assert_eq!(code(no), "CT-07-ATTACHMENT-WORK");
        let wages = enforce(&t.desk, &manager(&t), attachment("a2", "employed")).await.expect("goes");
        assert_eq!((wages.fee_pence, wages.item.as_str()), (13_500, "CRT-000001/5"));
        for item in [&charge.item, &wages.item] {
            assert_eq!(open(&t, item).await, 13_500, "{item} is part of the debt");
        }
        let shown = case(&t.desk, &controller(&t), "CRT-000001").await.expect("shown");
        assert_eq!(shown.open_pence, 120_000 + 2_000 + 8_000 + 2 * 13_500);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_05_the_bundle_has_the_letter_the_debts_and_what_happened() {
    const NOTE: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "kind",
        "on_day",
        "outcome",
        "words",
        "pinned",
        "next_step",
        "next_on",
        "actor_id",
        "actor_name",
        "recorded_at",
    ];
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        // A busy account: what was said first must not fall out of the evidence.
        let mut tx = t.desk.db().begin().await.expect("begins");
        let who = sundry_store::cash::customer_numbered(&mut tx, t.org, "C100001").await.expect("reads");
        let (who, none): (i64, Option<NaiveDate>) = (who.expect("a customer").0, None);
        let note = |n: i64, day: &str, words: &str| {
            let now = t.desk.clock().now();
            args![t.org, n, who, "note", d(day), "", words, false, "", none, 1i64, "Ann", now]
        };
        let mut notes = vec![note(1, "2026-03-05", "Says the skip stood empty")];
        notes.extend((2..=510).map(|n| note(n, "2026-06-14", "Rang")));
        tx.insert("note", NOTE, notes).await.expect("notes");
        tx.commit().await.expect("commits");
        let (name, pdf) = case_bundle(&t.desk, &controller(&t), "CRT-000001").await.expect("a bundle");
        assert_eq!(name, "CRT-000001-bundle.pdf");
        assert!(pdf.starts_with(b"%PDF"));
        if let Some(words) = pdf_words(&pdf) {
            for wanted in ["INV-1", "Debts of the claim", "Statement of truth", "The case", "Says the skip stood empty"]
            {
                assert!(words.contains(wanted), "{wanted}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_06_a_proof_sets_off_credits_and_a_dividend_finds_its_receipt() {
    on_both("2026-05-01", async |t| {
        owing(&t, "NE61 1AA").await;
        owe_more(&t, "credit", &[("CRN-1", "C100001", "2026-03-10", "2026-03-10", -20_000)]).await;
        owe_more(&t, "late", &[("INV-2", "C100001", "2026-04-28", "2026-05-28", 7_000)]).await;
        let order = OpenInsolvency {
            key: "i".into(),
            customer: "C100001".into(),
            kind: "bankruptcy".into(),
            on: d("2026-04-20"),
            office_holder: "Ms Trustee".into(),
            reference: "BKT 1".into(),
            evidence: "The Gazette of 21 April".into(),
        };
        let told = open_insolvency(&t.desk, &controller(&t), order.clone()).await.expect("recorded");
        let twice = OpenInsolvency { key: "twice".into(), ..order.clone() };
        assert_eq!(code(open_insolvency(&t.desk, &controller(&t), twice).await), "BS-05-TWICE");
        assert_eq!((told.number.as_str(), told.proof), ("INS-000001", true));
        trail_is_without(&t, &["Gazette", "Trustee"]).await;
        let ask = LodgeProof { key: "p".into(), number: told.number.clone(), interest: None };
        let proof = lodge_proof(&t.desk, &controller(&t), ask).await.expect("lodged");
        assert_eq!((proof.owed_pence, proof.set_off_pence, proof.proof_pence), (120_000, 20_000, 100_000));
        assert_eq!(proof.debts.len(), 1, "what came after the date is not proved");
        t.go_to("2026-09-01");
        let ask = DeclareDividend {
            key: "d".into(),
            number: "INS-000001".into(),
            on: d("2026-08-28"),
            pence_in_100: 1_250,
            admitted: None,
            last: false,
        };
        let one = declare_dividend(&t.desk, &controller(&t), ask.clone()).await.expect("declared");
        assert_eq!((one.seq, one.expected_pence), (1, 12_500));
        let whole = DeclareDividend { key: "d1".into(), pence_in_100: 8_751, ..ask.clone() };
        let whole = declare_dividend(&t.desk, &controller(&t), whole).await;
        assert_eq!(code(whole), "BS-05-DIVIDEND", "£100.01 of every £100.00");
        let two = DeclareDividend { key: "d2".into(), last: true, ..ask.clone() };
        assert_eq!(declare_dividend(&t.desk, &controller(&t), two).await.expect("declared").seq, 2);
        let after = DeclareDividend { key: "d3".into(), pence_in_100: 1, ..ask };
        let after = declare_dividend(&t.desk, &controller(&t), after).await;
        assert_eq!(code(after), "BS-05-DIVIDEND", "nothing follows the last");
        let receipt = pay(&t, "pay", 12_500, &[("INV-1", 12_500)]).await;
        let ask = ReceiveDividend { key: "r".into(), number: "INS-000001".into(), seq: 1, receipt };
        receive_dividend(&t.desk, &controller(&t), ask.clone()).await.expect("received");
        let again = ReceiveDividend { key: "r2".into(), ..ask.clone() };
        assert_eq!(code(receive_dividend(&t.desk, &controller(&t), again).await), "CT-CASE-STATE");
        let other = ReceiveDividend { key: "r3".into(), seq: 2, ..ask };
        assert_eq!(
            code(receive_dividend(&t.desk, &controller(&t), other).await),
            "CT-CASE-STATE",
            "one receipt, one dividend"
        );
        let ask = EndInsolvency { key: "e".into(), number: "INS-000001".into(), on: d("2026-09-01"), revoked: true };
        end_insolvency(&t.desk, &controller(&t), ask).await.expect("ended");
        let shown = insolvency(&t.desk, &controller(&t), "INS-000001").await.expect("shown");
        assert_eq!((shown.insolvency.state.as_str(), shown.dividends[0].received_pence), ("revoked", 12_500));
        let about = about_customer(&t.desk, &controller(&t), "C100001").await.expect("what stands").insolvencies;
        assert_eq!((about.len(), about[0].insolvency.number.as_str()), (1, "INS-000001"));
        assert_eq!(about[0].dividends, shown.dividends);
        let another = OpenInsolvency { key: "anew".into(), on: d("2026-08-30"), ..order };
        let another = open_insolvency(&t.desk, &controller(&t), another).await.expect("the first was revoked");
        assert_eq!(another.number, "INS-000002");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_e6_an_invoice_for_days_on_both_sides_of_the_order_is_proved_in_part() {
    on_both("2026-05-01", async |t| {
        owing(&t, "NE61 1AA").await;
        owe_more(&t, "late", &[("INV-2", "C100001", "2026-04-28", "2026-05-28", 7_000)]).await;
        // Dated after the order, for the week of 18 to 24 April.
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update open_item set document_id = 900 where org_id = $1 and number = 'INV-2'";
        tx.run(sql, args![t.org]).await.expect("its invoice");
        let sql = "insert into document_reference (org_id, document_id, buyer_reference, period_from_on, period_to_on, recorded_at) values ($1, 900, '', $2, $3, $4)";
        let week = args![t.org, d("2026-04-18"), d("2026-04-24"), t.desk.clock().now()];
        tx.run(sql, week).await.expect("its days");
        tx.commit().await.expect("commits");
        let order = OpenInsolvency {
            key: "i".into(),
            customer: "C100001".into(),
            kind: "bankruptcy".into(),
            on: d("2026-04-20"),
            office_holder: String::new(),
            reference: String::new(),
            evidence: "The Gazette of 21 April".into(),
        };
        let told = open_insolvency(&t.desk, &controller(&t), order).await.expect("recorded");
        let ask = LodgeProof { key: "p".into(), number: told.number, interest: None };
        let proof = lodge_proof(&t.desk, &controller(&t), ask).await.expect("lodged");
        let proved: Vec<(&str, i64)> = proof.debts.iter().map(|debt| (debt.number.as_str(), debt.pence)).collect();
        assert_eq!(proved, [("INV-1", 120_000), ("INV-2", 3_000)], "three days of seven");
        assert_eq!(proof.proof_pence, 123_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_08_an_estate_waits_watches_probate_and_is_claimed_from_its_representatives() {
    on_both("2026-05-01", async |t| {
        owing(&t, "NE61 1AA").await;
        let who = customer_account(&t.desk, &controller(&t), "C100001").await.expect("an account").customer;
        let who = CustomerId(who.id);
        let promise = PromiseToPay {
            key: "p".into(),
            customer: who,
            amount_pence: Pence(5_000),
            due_on: d("2026-05-06"),
            words: "By bank".into(),
        };
        promise_to_pay(&t.desk, &controller(&t), promise).await.expect("promises");
        let ask = OpenEstate {
            key: "o".into(),
            customer: "C100001".into(),
            died_on: d("2026-04-20"),
            told_on: None,
            source: "Tell Us Once".into(),
            representatives: String::new(),
            address: String::new(),
        };
        let told = open_estate(&t.desk, &controller(&t), ask.clone()).await.expect("opened");
        assert_eq!(told.number, "EST-000001");
        let of = promises(&t.desk, &controller(&t), who).await.expect("lists");
        assert_eq!(of[0].state, "withdrawn", "nobody is held to it");
        let twice = OpenEstate { key: "twice".into(), ..ask };
        assert_eq!(code(open_estate(&t.desk, &controller(&t), twice).await), "BS-06-TWICE");
        trail_is_without(&t, &["Tell Us Once"]).await;
        let day = preview_day(&t.desk, &controller(&t), t.desk.today()).await.expect("a preview");
        assert!(day.refusals.iter().any(|one| one.refusal.code == "BS-06-DECEASED"), "nobody writes to the dead");
        assert_eq!(day.totals.letters.get("reminder"), None);
        let act = |key: &str, what: &str| ActOnEstate {
            key: key.into(),
            number: "EST-000001".into(),
            act: what.into(),
            ..ActOnEstate::default()
        };
        assert_eq!(code(act_on_estate(&t.desk, &controller(&t), act("c0", "claim")).await), "BS-06-TOO-SOON");
        t.go_to(&told.demand_from.to_string());
        assert!(matches!(act_on_estate(&t.desk, &controller(&t), act("c1", "claim")).await, Err(No::Invalid(_))));
        let known = ActOnEstate {
            representatives: "Mrs Jane Example, executor".into(),
            address: "2 Low Street, Morpeth".into(),
            ..act("r", "representatives")
        };
        act_on_estate(&t.desk, &controller(&t), known).await.expect("known");
        act_on_estate(&t.desk, &controller(&t), act("s", "searched")).await.expect("searched");
        let notice = ActOnEstate { notice_by: Some(d("2026-09-30")), ..act("c2", "claim") };
        assert_eq!(act_on_estate(&t.desk, &controller(&t), notice).await.expect("claimed").state, "claimed");
        let shown = estate(&t.desk, &controller(&t), "EST-000001").await.expect("shown");
        assert_eq!(shown.estate.claim_pence, 120_000);
        let searches = shown.events.iter().filter(|one| one.kind == "probate");
        assert_eq!(searches.filter(|one| one.done_on.is_none()).count(), 2, "one search of three was made");
        let settled = ActOnEstate { amount: Some(Pence(60_000)), ..act("e", "settle") };
        assert_eq!(act_on_estate(&t.desk, &controller(&t), settled).await.expect("settled").state, "settled");
        trail_is_without(&t, &["Jane", "Low Street"]).await;
        assert_eq!(code(act_on_estate(&t.desk, &controller(&t), act("x", "searched")).await), "BS-06-STATE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_09_the_last_safe_day_moves_only_with_evidence() {
    on_both("2026-05-01", async |t| {
        let owed = [
            ("INV-OLD", "C100001", "2020-08-01", "2020-09-01", 50_000),
            ("INV-NEW", "C100001", "2026-03-01", "2026-04-01", 5_000),
        ];
        owe(&t, "owe", &[("C100001", "Mr Adam Example", "", "")], &owed).await;
        let one = limitation_of(&t.desk, &controller(&t), "INV-OLD").await.expect("worked out");
        assert_eq!((one.safe_on, one.barred, one.alert_months), (Some(d("2026-09-01")), false, Some(6)));
        let soon = limitation_soon(&t.desk, &controller(&t)).await.expect("listed");
        assert_eq!(soon.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["INV-OLD"]);
        let happened = |key: &str, kind: &str| RecordLimit {
            key: key.into(),
            invoice: "INV-OLD".into(),
            kind: kind.into(),
            on: d("2024-02-03"),
            evidence: "Letter in the file".into(),
        };
        let one = record_limit(&t.desk, &controller(&t), happened("l1", "unsigned")).await.expect("recorded");
        assert_eq!(one.safe_on, Some(d("2026-09-01")), "an admission that nobody signed counts for nothing");
        let one = record_limit(&t.desk, &controller(&t), happened("l2", "signed_letter")).await.expect("recorded");
        assert_eq!(one.safe_on, Some(d("2030-02-03")));
        t.go_to("2026-05-02");
        pay(&t, "part", 1_000, &[("INV-OLD", 1_000)]).await;
        let one = limitation_of(&t.desk, &controller(&t), "INV-OLD").await.expect("worked out");
        assert_eq!(one.safe_on, Some(d("2032-05-02")));
        // CT-08: money of somebody without authority, or for another debt, starts nothing, though it stands on this one.
        for (key, kind) in [("l3", "payment_by_stranger"), ("l4", "payment_for_other")] {
            let told = RecordLimit { on: d("2026-05-02"), ..happened(key, kind) };
            let one = record_limit(&t.desk, &controller(&t), told).await.expect("recorded");
            assert_eq!(one.safe_on, Some(d("2030-02-03")), "{kind}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_01_a_plan_agreed_in_writing_starts_limitation_again_and_one_on_the_telephone_does_not() {
    on_both("2026-04-07", async |t| {
        owing(&t, "NE61 1AA").await;
        owe_more(&t, "more", &[("INV-2", "C100001", "2026-03-09", "2026-04-01", 30_000)]).await;
        t.go_to("2026-05-20");
        for (item, evidence) in [("INV-1", "form"), ("INV-2", "call")] {
            let ask = PlanAsk { evidence: evidence.into(), ..super::plans::ask(&[item], 4, "2026-06-01") };
            let ask = AgreePlan { key: item.into(), ask };
            agree_plan(&t.desk, &t.role(Role::TeamLeader), ask).await.expect("a plan");
        }
        let safe = async |item: &str| limitation_of(&t.desk, &controller(&t), item).await.expect("worked out").safe_on;
        assert_eq!(safe("INV-1").await, Some(d("2032-05-20")));
        assert_eq!(safe("INV-2").await, Some(d("2032-04-01")), "nobody signed it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_09_alerts_come_twelve_six_and_three_months_before_the_last_safe_day() {
    on_both("2025-08-31", async |t| {
        let owed = [("INV-OLD", "C100001", "2020-08-01", "2020-09-01", 50_000)];
        owe(&t, "owe", &[("C100001", "Mr Adam Example", "", "")], &owed).await;
        let days = [
            ("2025-08-31", None, false),
            ("2025-09-01", Some(12), false),
            ("2026-02-28", Some(12), false),
            ("2026-03-01", Some(6), false),
            ("2026-06-01", Some(3), false),
            ("2026-09-01", Some(2), false),
            ("2026-09-02", Some(2), true),
        ];
        for (day, alert, barred) in days {
            t.go_to(day);
            let one = limitation_of(&t.desk, &controller(&t), "INV-OLD").await.expect("worked out");
            assert_eq!((one.alert_months, one.barred), (alert, barred), "{day}");
            let listed = limitation_soon(&t.desk, &controller(&t)).await.expect("listed");
            assert_eq!(listed.len(), usize::from(alert.is_some()), "{day}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_10_a_charge_shows_its_equity_and_is_released_when_all_is_paid() {
    on_both("2026-05-01", async |t| {
        owing(&t, "NE61 1AA").await;
        let ask = AddCharge {
            key: "a".into(),
            customer: "C100001".into(),
            kind: "interim_charging_order".into(),
            property: "1 High Street, Morpeth".into(),
            title_number: "nd123456".into(),
            charged_on: Some(d("2026-04-20")),
            secured: Pence(120_000),
            value: Some(Pence(18_000_000)),
            valued_on: Some(d("2026-04-01")),
            prior: Some(Pence(17_950_000)),
            ..AddCharge::default()
        };
        let told = add_charge(&t.desk, &controller(&t), ask.clone()).await.expect("recorded");
        assert_eq!((told.equity_pence, told.covered), (Some(50_000), Some(false)));
        let last = AddCharge {
            key: "b".into(),
            number: told.number.clone(),
            kind: "final_charging_order".into(),
            prior: Some(Pence(10_000_000)),
            ..ask
        };
        let told = add_charge(&t.desk, &controller(&t), last).await.expect("changed");
        assert_eq!(told.covered, Some(true));
        let rows = charges_list(&t.desk, &controller(&t), "C100001").await.expect("listed");
        assert_eq!(
            (rows.len(), rows[0].title_number.as_str(), rows[0].kind.as_str()),
            (1, "ND123456", "final_charging_order")
        );
        assert_eq!(
            (rows[0].property.as_str(), rows[0].charged_on),
            ("1 High Street, Morpeth", d("2026-04-20")),
            "which property, and since when"
        );
        let out = |key: &str| ReleaseCharge {
            key: key.into(),
            number: told.number.clone(),
            words: "Form DS1 sent".into(),
            still_owed: false,
        };
        assert_eq!(code(release_charge(&t.desk, &manager(&t), out("r1")).await), "CT-07-CHARGE-OWED");
        pay(&t, "all", 120_000, &[("INV-1", 120_000)]).await;
        release_charge(&t.desk, &manager(&t), out("r2")).await.expect("released");
        assert_eq!(code(release_charge(&t.desk, &manager(&t), out("r3")).await), "CT-07-CHARGE-RELEASED");
    })
    .await;
}
