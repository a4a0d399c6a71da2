//! The rows DUN-02 to DUN-12 that no other story shows: what is sent together, what waits, what is charged.
use crate::pathways::{draft_of, put_live, set};
use crate::recovery::{customer, open, release};
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;
use sundry_desk::approvals::{DecideApproval, approval, approvals_list, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{OpenInsolvency, about_customer, open_insolvency};
use sundry_desk::delivery::{letter, letters_of_customer};
use sundry_desk::plans::{AgreePlan, PlaceHold, agree_plan, place_hold};
use sundry_desk::queries::{RaiseQuery, raise_query};
use sundry_desk::recovery::people::{TakeNotice, take_notice};
use sundry_desk::recovery::{
    ChargesPosted, PostCharges, ReleaseDay, WaiveCharge, case, charges, post_charges, preview_day, release_day, run,
    statutory_interest, waive_charge,
};
use sundry_desk::{Actor, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{Channel, Step, StepKind};
use sundry_store::control::{UserRow, add_user};
use sundry_store::{args, ledger};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

async fn steps(t: &TestDesk, item: ItemId) -> Vec<(String, String)> {
    let view = case(&t.desk, &t.role(Role::CreditController), item).await.expect("a case");
    view.steps.into_iter().map(|step| (step.step_code, step.taken_on.to_string())).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(code, day)| ((*code).to_owned(), (*day).to_owned())).collect()
}

/// A receipt of a day, set against a debt.
pub(crate) async fn paid(t: &TestDesk, who: CustomerId, item: ItemId, number: &str, pence: i64, on: &str) -> ItemId {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "debit_item_id",
        "credit_item_id",
        "amount_pence",
        "allocated_on",
        "made_by",
        "actor_id",
        "reason",
        "confidence_ppm",
        "recorded_at",
    ];
    let due = (d(on) + Days::new(30)).to_string();
    let credit = open(t, who, "receipt", number, &due, -pence).await;
    let id: i64 = t.desk.id();
    let now = t.desk.clock().now();
    let row = args![t.org, id, who, item, credit, pence, d(on), "person", 1i64, "In a test", 1_000_000i64, now];
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.insert("allocation", COLUMNS, vec![row]).await.expect("an allocation");
    assert!(ledger::reduce_debit(&mut tx, t.org, item, Pence(pence)).await.expect("reduced"));
    assert!(ledger::reduce_credit(&mut tx, t.org, credit, Pence(pence)).await.expect("used"));
    tx.commit().await.expect("commits");
    credit
}

async fn charge(t: &TestDesk, key: &str, invoice: &str) -> Outcome<ChargesPosted> {
    let ask = PostCharges { key: key.into(), invoice: invoice.into() };
    post_charges(&t.desk, &t.role(Role::CreditController), ask).await
}

async fn waive(t: &TestDesk, key: &str, charge: &str, amount: Option<i64>, reason: &str) -> Outcome<i64> {
    let ask = waiver(key, charge, amount, reason);
    waive_charge(&t.desk, &t.role(Role::Approver), ask).await.map(|done| done.open_pence.0)
}

fn waiver(key: &str, charge: &str, amount: Option<i64>, reason: &str) -> WaiveCharge {
    WaiveCharge {
        key: key.into(),
        charge: charge.into(),
        amount: amount.map(Pence),
        reason: reason.into(),
        words: String::new(),
    }
}

/// What is open of the item with a number, and its kind.
async fn open_of(t: &TestDesk, number: &str) -> (i64, String) {
    let mut look = t.desk.look().await.expect("looks");
    let found = ledger::items_numbered(&mut look, t.org, number).await.expect("items");
    (found[0].open_pence, found[0].kind.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_02_a_note_goes_a_week_before_the_due_date_and_asks_for_nothing_sooner() {
    on_both("2026-09-20", async |t| {
        let firm = customer(&t, "C100001", "company", "ap@example.org").await;
        let paid_up = customer(&t, "C100002", "company", "ap2@example.org").await;
        let item = open(&t, firm, "invoice", "INV-1", "2026-10-01", 12_000).await;
        let settled = open(&t, paid_up, "invoice", "INV-2", "2026-10-01", 12_000).await;
        paid(&t, paid_up, settled, "RCT-1", 12_000, "2026-09-20").await;
        release(&t, "2026-09-23").await.expect("a day");
        assert_eq!(steps(&t, item).await, []);
        let by = t.role(Role::CreditController);
        let seen = preview_day(&t.desk, &by, d("2026-09-24")).await.expect("a preview");
        assert_eq!(seen.letters.len(), 1, "who has paid hears nothing");
        let note = &seen.letters[0];
        assert_eq!((note.step_code.as_str(), note.way.as_str()), ("R0", "email"));
        assert_eq!(note.due_on, Some(d("2026-10-01")), "the due date, not a day before it");
        release(&t, "2026-09-24").await.expect("a day");
        assert_eq!(steps(&t, item).await, pairs(&[("R0", "2026-09-24")]));
        release(&t, "2026-10-07").await.expect("a day");
        release(&t, "2026-10-08").await.expect("a day");
        assert_eq!(steps(&t, item).await, pairs(&[("R0", "2026-09-24"), ("R1", "2026-10-08")]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_04_one_letter_lists_debts_of_two_pathways_at_the_furthest_stage() {
    on_both("2026-05-08", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let first = open(&t, who, "invoice", "INV-1", "2026-05-01", 12_000).await;
        let second = open(&t, who, "invoice", "INV-2", "2026-05-15", 3_000).await;
        set(&t, second, "debt_type", "Overseas visitor").await;
        open(&t, who, "credit_note", "CRN-1", "2026-05-03", -1_000).await;
        release(&t, "2026-05-08").await.expect("a day");
        let by = t.role(Role::CreditController);
        let preview = preview_day(&t.desk, &by, d("2026-05-22")).await.expect("a preview");
        assert_eq!((preview.letters.len(), preview.letters[0].also.len()), (1, 1));
        let released = release(&t, "2026-05-22").await.expect("a day");
        assert_eq!(released.totals, preview.totals);
        let reminders = released.totals.letters["reminder"];
        assert_eq!((reminders.count, reminders.total_pence), (1, Pence(14_000)));
        assert_eq!((released.totals.steps["R1"], released.totals.steps["R2"]), (1, 1));
        let all = letters_of_customer(&t.desk, &by, who).await.expect("letters");
        let today: Vec<_> = all.iter().filter(|one| one.dated_on == d("2026-05-22")).collect();
        assert_eq!(today.len(), 1);
        assert_eq!(today[0].template_code, "reminder_2", "the furthest stage");
        let view = letter(&t.desk, &by, &today[0].number).await.expect("a letter");
        let mut listed: Vec<(&str, i64)> =
            view.content.items.iter().map(|row| (row.number.as_str(), row.owed_pence)).collect();
        listed.sort_unstable();
        assert_eq!(listed, [("CRN-1", -1_000), ("INV-1", 12_000), ("INV-2", 3_000)]);
        assert_eq!(view.content.sum_pence, 14_000);
        assert_eq!(steps(&t, first).await, pairs(&[("R1", "2026-05-08"), ("R2", "2026-05-22")]));
        assert_eq!(steps(&t, second).await, pairs(&[("R1", "2026-05-22")]), "each debt takes its own step");
        let view = case(&t.desk, &by, second).await.expect("a case");
        assert_eq!(view.steps[0].pathway_code, "overseas");
        assert!(view.steps[0].note.starts_with(&today[0].number), "{}", view.steps[0].note);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_04_what_has_letters_of_its_own_stays_apart() {
    on_both("2026-05-08", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-05-01", 12_000).await;
        let care = open(&t, who, "invoice", "INV-2", "2026-05-15", 3_000).await;
        set(&t, care, "debt_type", "Care contribution").await;
        release(&t, "2026-05-08").await.expect("a day");
        release(&t, "2026-05-22").await.expect("a day");
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, who).await.expect("letters");
        let mut today: Vec<(&str, i64)> = all
            .iter()
            .filter(|one| one.dated_on == d("2026-05-22"))
            .map(|one| (one.template_code.as_str(), one.total_pence))
            .collect();
        today.sort_unstable();
        assert_eq!(today, [("care_reminder", 3_000), ("reminder_2", 12_000)]);
    })
    .await;
}

/// What each of six customers has that holds their debt back: money, a query, a plan, a hold, an insolvency, a moratorium.
async fn six_reasons(t: &TestDesk, who: &[CustomerId], items: &[ItemId]) {
    let controller = t.role(Role::CreditController);
    open(t, who[0], "receipt", "RCT-1", "2026-05-01", -4_000).await;
    let query = RaiseQuery {
        key: "query".into(),
        item: "INV-2".into(),
        category: "price".into(),
        words: "Charged twice".into(),
        owner: "Lettings".into(),
        ..RaiseQuery::default()
    };
    raise_query(&t.desk, &controller, query).await.expect("a query");
    let terms = serde_json::json!({
        "customer": "C100003", "items": ["INV-3"], "instalments": 3, "every": "month", "first_on": "2026-06-01",
        "method": "transfer", "asked_by": "customer", "evidence": "call",
    });
    let plan = AgreePlan { key: "plan".into(), ask: serde_json::from_value(terms).expect("terms") };
    agree_plan(&t.desk, &controller, plan).await.expect("a plan");
    let hold = PlaceHold {
        key: "hold".into(),
        customer: who[3],
        item: Some(items[3]),
        reason: "complaint".into(),
        until: Some(d("2026-05-20")),
        words: "The ombudsman has it".into(),
    };
    place_hold(&t.desk, &controller, hold).await.expect("a hold");
    let order = OpenInsolvency {
        key: "order".into(),
        customer: "C100005".into(),
        kind: "bankruptcy".into(),
        on: d("2026-05-02"),
        office_holder: "Ms Trustee".into(),
        reference: "BKT 1".into(),
        evidence: "The Gazette of 4 May".into(),
    };
    open_insolvency(&t.desk, &controller, order).await.expect("an insolvency");
    let notice = TakeNotice {
        key: "notice".into(),
        form: "standard".into(),
        customer: "C100006".into(),
        source: "Debt respite register".into(),
        reference: "BSN-1".into(),
        starts_on: Some(d("2026-05-11")),
        ..TakeNotice::default()
    };
    take_notice(&t.desk, &controller, notice).await.expect("a moratorium");
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_06_what_is_held_back_is_listed_with_its_reason() {
    on_both("2026-05-11", async |t| {
        let controller = t.role(Role::CreditController);
        let (mut who, mut items) = (Vec::new(), Vec::new());
        for n in 1..=7 {
            let id = customer(&t, &format!("C10000{n}"), "individual", "").await;
            items.push(open(&t, id, "invoice", &format!("INV-{n}"), "2026-05-01", 12_000).await);
            who.push(id);
        }
        six_reasons(&t, &who, &items).await;
        let preview = preview_day(&t.desk, &controller, d("2026-05-11")).await.expect("a preview");
        let released = release(&t, "2026-05-11").await.expect("a day");
        assert_eq!(preview.totals.refused, released.totals.refused, "the dry run lists the same");
        assert_eq!(released.totals.letters["reminder"].count, 1, "only the seventh is asked");
        let (_, refused) = run(&t.desk, &controller, &released.number, 0, 100).await.expect("a run");
        let of_step: BTreeMap<i64, _> =
            refused.iter().filter(|row| row.step_code == "R1").map(|row| (row.customer_id, row)).collect();
        let expected = [
            ("REC-X7-CASH", "£40.00 of this customer waits to be allocated"),
            ("REC-04-HOLD-DISPUTE", ""),
            ("REC-04-HOLD-PLAN", ""),
            ("REC-04-HOLD-COMPLAINT", "complaint"),
            ("BS-05-INSOLVENT", ""),
            ("BS-03-BREATHING-SPACE", ""),
        ];
        for ((who, item), (code, words)) in who.iter().zip(&items).zip(expected) {
            let row = of_step[&who.0];
            assert_eq!((row.code.as_str(), row.item_id), (code, Some(item.0)), "{}", row.sentence);
            assert!(!row.sentence.is_empty() && row.sentence.contains(words), "{}", row.sentence);
            assert_eq!(steps(&t, *item).await, [], "{code}: no step was taken");
        }
        assert_eq!(of_step.len(), 6, "the seventh is not held back");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_07_the_dry_run_says_who_gets_what_and_who_is_left_out_and_the_release_does_just_that() {
    on_both("2026-05-08", async |t| {
        let controller = t.role(Role::CreditController);
        let asked = customer(&t, "C100001", "individual", "").await;
        let held = customer(&t, "C100002", "individual", "").await;
        let item = open(&t, asked, "invoice", "INV-1", "2026-05-01", 12_000).await;
        let kept = open(&t, held, "invoice", "INV-2", "2026-05-01", 8_000).await;
        let hold = PlaceHold {
            key: "hold".into(),
            customer: held,
            item: None,
            reason: "complaint".into(),
            until: Some(d("2026-05-20")),
            words: "The ombudsman has it".into(),
        };
        place_hold(&t.desk, &controller, hold).await.expect("a hold");
        let seen = preview_day(&t.desk, &controller, d("2026-05-08")).await.expect("a preview");
        let [one] = seen.letters.as_slice() else { panic!("one letter: {:?}", seen.letters) };
        assert_eq!(
            (one.customer_number.as_str(), one.template.as_str(), one.way.as_str()),
            ("C100001", "reminder_1", "post")
        );
        assert_eq!((one.items[0].number.as_str(), one.total_pence), ("INV-1", Pence(12_000)));
        let why = (one.step_code.as_str(), one.pathway_code.as_str(), one.pathway_version, one.clause.as_str());
        assert_eq!(why, ("R1", "individual", 1, "2"), "the step, and what allows it");
        let out: Vec<(&str, &str)> = seen
            .refusals
            .iter()
            .filter(|one| one.step_code == "R1")
            .map(|one| (one.customer_number.as_str(), one.refusal.code.as_str()))
            .collect();
        assert_eq!(out, [("C100002", "REC-04-HOLD-COMPLAINT")]);
        let letters = async |who| letters_of_customer(&t.desk, &controller, who).await.expect("letters");
        assert!(letters(asked).await.is_empty() && steps(&t, item).await.is_empty(), "a dry run does nothing");
        let ask = ReleaseDay { key: "clerk".into(), date: d("2026-05-08") };
        let no = release_day(&t.desk, &controller, ask, &|_, _| {}).await.expect_err("somebody else releases");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let released = release(&t, "2026-05-08").await.expect("a day");
        assert_eq!(released.totals, seen.totals);
        let sent = letters(asked).await;
        assert_eq!((sent.len(), sent[0].template_code.as_str(), sent[0].total_pence), (1, "reminder_1", 12_000));
        assert_eq!(steps(&t, item).await, pairs(&[("R1", "2026-05-08")]));
        assert!(letters(held).await.is_empty() && steps(&t, kept).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_08_letter_e_mail_text_and_call_are_steps_of_one_policy() {
    on_both("2026-05-11", async |t| {
        let mut draft = draft_of(&t, "individual").await;
        let text = Step {
            code: "R1-TEXT".into(),
            day: 10,
            name: "Text message".into(),
            kind: StepKind::Task,
            channel: Channel::Text,
            ..draft.steps[3].clone()
        };
        draft.steps.insert(2, text);
        let ways: Vec<Channel> = draft.steps[..5].iter().map(|step| step.channel).collect();
        assert_eq!(ways, [Channel::Email, Channel::Post, Channel::Text, Channel::Post, Channel::Phone]);
        put_live(&t, draft, None).await;
        let by_mail = customer(&t, "C100001", "individual", "ann@example.org").await;
        let by_post = customer(&t, "C100002", "individual", "").await;
        let first = open(&t, by_mail, "invoice", "INV-1", "2026-06-01", 12_000).await;
        let second = open(&t, by_post, "invoice", "INV-2", "2026-06-01", 12_000).await;
        let by = t.role(Role::CreditController);
        let ways = async |day: &str| {
            let seen = preview_day(&t.desk, &by, d(day)).await.expect("a preview");
            let reminders = seen.letters.into_iter().filter(|one| one.step_code != "STATEMENT");
            reminders.map(|one| one.way).collect::<Vec<_>>()
        };
        assert_eq!(ways("2026-05-25").await, ["email"]);
        release(&t, "2026-05-25").await.expect("a day");
        let posted = ways("2026-06-08").await;
        assert!(posted.contains(&"post".to_owned()) && posted.len() == 2, "{posted:?}");
        release(&t, "2026-06-08").await.expect("a day");
        let text = release(&t, "2026-06-11").await.expect("a day");
        assert_eq!((text.totals.steps["R1-TEXT"], text.totals.letters.get("reminder")), (2, None));
        release(&t, "2026-06-22").await.expect("a day");
        let call = release(&t, "2026-06-29").await.expect("a day");
        assert_eq!(call.totals.steps["R2-CALL"], 2);
        let rest = [("R1", "2026-06-08"), ("R1-TEXT", "2026-06-11"), ("R2", "2026-06-22"), ("R2-CALL", "2026-06-29")];
        assert_eq!(steps(&t, second).await, pairs(&rest));
        let mut all = pairs(&[("R0", "2026-05-25")]);
        all.extend(pairs(&rest));
        assert_eq!(steps(&t, first).await, all);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_interest_and_the_fixed_sum_are_quoted_only_or_posted_by_choice() {
    on_both("2026-04-30", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        let by = t.role(Role::CreditController);
        let quoted = charges(&t.desk, &by, "INV-1").await.expect("a quotation");
        let working = quoted.quoted.expect("the law gives interest").working;
        assert_eq!((working.interest, working.compensation), (Pence(966), Pence(7_000)));
        assert_eq!((quoted.charges.len(), quoted.charged_pence), (0, Pence::ZERO), "a quotation posts nothing");
        let posted = charge(&t, "post", "INV-1").await.expect("posted");
        assert_eq!((posted.interest_pence, posted.compensation_pence), (Pence(966), Pence(7_000)));
        assert_eq!(posted.items, ["INV-1/L1", "INV-1/L2"]);
        assert_eq!(charge(&t, "post", "INV-1").await.expect("the same key"), posted);
        assert_eq!(open_of(&t, "INV-1/L1").await, (966, "interest".into()));
        assert_eq!(open_of(&t, "INV-1/L2").await, (7_000, "compensation".into()));
        assert_eq!(open_of(&t, "INV-1").await.0, 100_000, "the invoice ages without them");
        assert_eq!(charge(&t, "twice", "INV-1").await.expect_err("charged").code(), Some("DUN-11-SAME"));
        t.go_to("2026-05-30");
        let more = charge(&t, "a month later", "INV-1").await.expect("posted");
        assert_eq!((more.interest_pence, more.compensation_pence), (Pence(1_932 - 966), Pence::ZERO));
        let about = about_customer(&t.desk, &by, "C100001").await.expect("what stands").late_charges;
        let listed: Vec<(&str, i64)> = about.iter().map(|one| (one.number.as_str(), one.amount_pence)).collect();
        assert_eq!(listed, [("INV-1/L1", 966), ("INV-1/L2", 7_000), ("INV-1/L3", 966)]);
        assert!(about.iter().all(|one| one.invoice == "INV-1" && one.open_pence == one.amount_pence));
        let cashier = t.role(Role::Cashier);
        let no = post_charges(&t.desk, &cashier, PostCharges { key: "cashier".into(), invoice: "INV-1".into() });
        assert_eq!(no.await.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_what_would_be_refused_is_said_before_anybody_charges() {
    on_both("2026-04-30", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        let by = t.role(Role::CreditController);
        let before = charges(&t.desk, &by, "INV-1").await.expect("a quotation");
        assert_eq!(before.stopped, None);
        charge(&t, "post", "INV-1").await.expect("posted");
        let same = charges(&t.desk, &by, "INV-1").await.expect("what was charged");
        assert_eq!(same.stopped.map(|no| no.code), Some("DUN-11-SAME".into()));
        open(&t, firm, "invoice", "INV-2", "2026-03-31", 100_000).await;
        let query = RaiseQuery {
            key: "query".into(),
            item: "INV-2".into(),
            category: "price".into(),
            words: "Charged twice".into(),
            owner: "Lettings".into(),
            ..RaiseQuery::default()
        };
        raise_query(&t.desk, &by, query).await.expect("a query");
        let disputed = charges(&t.desk, &by, "INV-2").await.expect("a page");
        let refused = charge(&t, "disputed", "INV-2").await.expect_err("it is disputed");
        assert_eq!(disputed.stopped.map(|no| no.code).as_deref(), refused.code());
        let item = open(&t, firm, "invoice", "INV-3", "2026-03-31", 100_000).await;
        let hold = PlaceHold {
            key: "hold".into(),
            customer: firm,
            item: Some(item),
            reason: "complaint".into(),
            until: Some(d("2026-05-20")),
            words: "A complaint".into(),
        };
        place_hold(&t.desk, &by, hold).await.expect("held");
        let held = charges(&t.desk, &by, "INV-3").await.expect("a quotation");
        let refused = charge(&t, "held", "INV-3").await.expect_err("it is held");
        assert!(held.quoted.is_some(), "the working is still shown");
        assert_eq!(held.stopped.map(|no| no.code).as_deref(), refused.code());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_10_the_rate_of_its_half_year_for_businesses_and_nothing_for_consumers() {
    on_both("2026-11-02", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let person = customer(&t, "C100002", "individual", "").await;
        let by = t.role(Role::CreditController);
        let cases = [
            ("LP-E1", "2026-03-31", 100_000, "2026-04-30", 966, 7_000),
            ("LP-E2", "2025-06-30", 250_000, "2025-09-30", 7_719, 7_000),
            ("LP-E3", "2024-03-30", 99_999, "2024-06-28", 3_267, 4_000),
            ("LP-E4", "2023-01-30", 1_000_000, "2024-01-30", 115_000, 10_000),
            ("LP-E5", "2025-12-19", 481_237, "2026-02-14", 9_206, 7_000),
        ];
        for (number, due, pence, as_at, interest, fixed) in cases {
            open(&t, firm, "invoice", number, due, pence).await;
            let view = statutory_interest(&t.desk, &by, number, d(as_at)).await.expect("interest");
            assert_eq!((view.working.interest, view.working.compensation), (Pence(interest), Pence(fixed)), "{number}");
        }
        open(&t, firm, "invoice", "NEXT", "2026-12-31", 100_000).await;
        let no = statutory_interest(&t.desk, &by, "NEXT", d("2027-01-31")).await.expect_err("no rate is known");
        assert_eq!(no.code(), Some("REF-MISSING-LATE-PAYMENT-RATE"));
        open(&t, person, "invoice", "OWN", "2026-03-31", 100_000).await;
        assert_eq!(charge(&t, "own", "OWN").await.expect_err("a consumer").code(), Some("LP-06-CONSUMER"));
        let seen = charges(&t.desk, &by, "OWN").await.expect("a page");
        assert_eq!(seen.refusal.map(|no| no.code), Some("LP-06-CONSUMER".into()));
        assert!(seen.quoted.is_none() && seen.charges.is_empty());
        let statute = open(&t, firm, "invoice", "PCN", "2026-03-31", 100_000).await;
        set(&t, statute, "debt_type", "Penalty charge").await;
        assert_eq!(charge(&t, "pcn", "PCN").await.expect_err("no contract").code(), Some("LP-01-STATUTORY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lp_e12_a_resident_400_days_late_is_charged_nothing_for_it() {
    on_both("2026-11-02", async |t| {
        let resident = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, resident, "invoice", "CARE", "2025-09-28", 300_000).await;
        set(&t, item, "debt_type", "Care contribution").await;
        let by = t.role(Role::CreditController);
        let no = statutory_interest(&t.desk, &by, "CARE", d("2026-11-02")).await.expect_err("not commercial");
        assert_eq!(no.code(), Some("LP-01-STATUTORY"));
        let no = charge(&t, "charge", "CARE").await.expect_err("not commercial");
        assert_eq!(no.code(), Some("LP-01-STATUTORY"));
        assert_eq!(open_of(&t, "CARE").await.0, 300_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_11_interest_on_the_reducing_balance_is_put_right_when_a_payment_is_older() {
    on_both("2026-09-30", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let item = open(&t, firm, "invoice", "INV-1", "2026-06-30", 600_000).await;
        paid(&t, firm, item, "RCT-1", 200_000, "2026-07-31").await;
        let second = paid(&t, firm, item, "RCT-2", 400_000, "2026-09-30").await;
        let by = t.role(Role::CreditController);
        let view = statutory_interest(&t.desk, &by, "INV-1", d("2026-09-30")).await.expect("interest");
        let slices: Vec<(i64, i64)> = view.working.slices.iter().map(|slice| (slice.balance.0, slice.days)).collect();
        assert_eq!(slices, [(600_000, 31), (400_000, 61)]);
        let posted = charge(&t, "first", "INV-1").await.expect("posted");
        assert_eq!((posted.interest_pence, posted.compensation_pence), (Pence(13_842), Pence(7_000)));
        let mut tx = t.desk.db().begin().await.expect("begins");
        let older = "update open_item set dated_on = $3 where org_id = $1 and id = $2";
        tx.run(older, args![t.org, second, d("2026-08-31")]).await.expect("back-dated");
        tx.commit().await.expect("commits");
        let again = charge(&t, "again", "INV-1").await.expect("put right");
        assert_eq!((again.interest_pence, again.compensation_pence), (Pence(9_979 - 13_842), Pence::ZERO));
        assert!(again.items.is_empty());
        assert_eq!(open_of(&t, "INV-1/L1").await.0, 9_979);
        let seen = charges(&t.desk, &by, "INV-1").await.expect("what was charged");
        assert_eq!((seen.charged_pence, seen.open_pence), (Pence(16_979), Pence(16_979)));
        let acts: Vec<&str> = seen.charges.iter().map(|row| row.act.as_str()).collect();
        assert_eq!(acts, ["posted", "posted", "corrected"]);
        assert_eq!(charge(&t, "third", "INV-1").await.expect_err("right").code(), Some("DUN-11-SAME"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_12_what_was_charged_is_owed_when_the_invoice_is_paid_or_waived_with_a_reason() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let item = open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        paid(&t, firm, item, "RCT-1", 100_000, "2026-04-30").await;
        assert_eq!(open_of(&t, "INV-1").await.0, 0);
        let posted = charge(&t, "post", "INV-1").await.expect("still claimable");
        assert_eq!((posted.interest_pence, posted.compensation_pence), (Pence(966), Pence(7_000)));
        let no = waive(&t, "no reason", "INV-1/L1", None, " ").await.expect_err("a reason");
        assert!(matches!(no, sundry_desk::No::Invalid(_)));
        let no = waive(&t, "too much", "INV-1/L1", Some(967), "goodwill").await.expect_err("more than is open");
        assert!(matches!(no, sundry_desk::No::Invalid(_)));
        let ask = waiver("own", "INV-1/L1", None, "goodwill");
        let no = waive_charge(&t.desk, &t.role(Role::CreditController), ask).await.expect_err("their own charge");
        assert_eq!(no.code(), Some("DUN-12-SAME-PERSON"));
        let ask = waiver("cashier", "INV-1/L1", None, "goodwill");
        let no = waive_charge(&t.desk, &t.role(Role::Cashier), ask).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        assert_eq!(waive(&t, "part", "INV-1/L1", Some(500), "goodwill").await.expect("waived"), 466);
        assert_eq!(waive(&t, "rest", "INV-1/L1", None, "goodwill").await.expect("waived"), 0);
        let no = waive(&t, "again", "INV-1/L1", None, "goodwill").await.expect_err("nothing is left");
        assert_eq!(no.code(), Some("DUN-12-SETTLED"));
        let by = t.role(Role::CreditController);
        let seen = charges(&t.desk, &by, "INV-1").await.expect("what was charged");
        assert_eq!((seen.charged_pence, seen.waived_pence, seen.open_pence), (Pence(7_966), Pence(966), Pence(7_000)));
        assert!(seen.charges.iter().any(|row| row.act == "waived" && row.reason == "goodwill"));
        let no = charge(&t, "once more", "INV-1").await.expect_err("what was waived stays waived");
        assert_eq!(no.code(), Some("DUN-11-SAME"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_a_waiver_is_at_once_within_ones_limit_and_above_it_by_somebody_elses_yes() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        charge(&t, "post", "INV-1").await.expect("posted");
        let another = t.somebody(Role::CreditController, 2);
        let small = waive_charge(&t.desk, &another, waiver("small", "INV-1/L1", Some(900), "our_error")).await;
        let small = small.expect("within the limit");
        assert_eq!((small.waived_pence, small.approval.as_str()), (Pence(900), ""));
        let large = waive_charge(&t.desk, &another, waiver("large", "INV-1/L2", None, "dispute")).await;
        let large = large.expect("asked for");
        assert_eq!((large.waived_pence, large.open_pence), (Pence::ZERO, Pence(7_000)));
        assert_eq!(open_of(&t, "INV-1/L2").await.0, 7_000, "nothing is waived yet");
        let leader = t.role(Role::Approver);
        let shown = approval(&t.desk, &leader, &large.approval).await.expect("an approval");
        let summary = "Waive £70.00 of charge INV-1/L2, with £9.00 waived on its invoice before: Settled with a query \
                       or complaint.";
        assert_eq!(shown.summary, summary);
        let yes = |key: &str| DecideApproval {
            key: key.into(),
            number: large.approval.clone(),
            approve: true,
            reason: String::new(),
            content_hash: shown.content_hash.clone(),
        };
        let no = decide_approval(&t.desk, &another, yes("own")).await.expect_err("their own request");
        assert_eq!(no.code(), Some("CTL-01-OWN-WORK"));
        let done = decide_approval(&t.desk, &leader, yes("yes")).await.expect("approved");
        assert_eq!(done.made.as_deref(), Some("INV-1/L2"));
        assert_eq!(open_of(&t, "INV-1/L2").await.0, 0);
        let by = t.role(Role::CreditController);
        let seen = charges(&t.desk, &by, "INV-1").await.expect("what was charged");
        assert_eq!((seen.waived_pence, seen.charged_pence), (Pence(7_900), seen.open_pence.plus(Pence(7_900))));
        let reasons: Vec<&str> = seen.charges.iter().map(|row| row.reason.as_str()).filter(|r| !r.is_empty()).collect();
        assert_eq!(reasons, ["our_error", "dispute"]);
        let no = charge(&t, "again", "INV-1").await.expect_err("what was waived stays waived");
        assert_eq!(no.code(), Some("DUN-11-SAME"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_a_slice_above_every_limit_is_refused_when_it_is_asked() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        charge(&t, "post", "INV-1").await.expect("posted");
        approves_up_to(&t, 901, 1_000).await;
        let another = Actor { limit: Pence(1_000), ..t.somebody(Role::CreditController, 2) };
        let slice = async |key: &str, pence: i64| {
            waive_charge(&t.desk, &another, waiver(key, "INV-1/L2", Some(pence), "goodwill")).await
        };
        slice("one", 600).await.expect("within the limit");
        let no = slice("two", 600).await.expect_err("£12.00 is above what anybody may say yes to");
        assert_eq!(no.code(), Some("CTL-02-ABOVE-LIMIT"));
        let waits = approvals_list(&t.desk, &t.role(Role::Approver), "").await.expect("a list");
        assert_eq!((waits.rows.len(), open_of(&t, "INV-1/L2").await.0), (0, 6_400), "nothing waits, nothing is waived");
        approves_up_to(&t, 902, 5_000).await;
        let asked = slice("three", 600).await.expect("somebody may say yes now");
        assert!(!asked.approval.is_empty());
        let no = slice("four", 6_000).await.expect_err("£6.00 of it waits already");
        assert!(matches!(no, sundry_desk::No::Invalid(_)));
    })
    .await;
}

/// A person who approves write-offs and waivers up to a limit.
async fn approves_up_to(t: &TestDesk, id: i64, limit_pence: i64) {
    let row = UserRow {
        org_id: t.org.0,
        id,
        sign_in_name: format!("approver.{id}"),
        display_name: format!("Approver {id}"),
        roles: Role::Approver.as_str().into(),
        limit_pence,
        password_hash: String::new(),
        failed_count: 0,
        locked_until: None,
        disabled_at: None,
    };
    let mut tx = t.desk.db().begin().await.expect("begins");
    assert!(add_user(&mut tx, &row, t.desk.clock().now()).await.expect("a person"));
    tx.commit().await.expect("commits");
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_slices_of_a_waiver_add_up_to_ones_limit() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        charge(&t, "post", "INV-1").await.expect("posted");
        let limit = Pence(1_000);
        let another = Actor { limit, ..t.somebody(Role::CreditController, 2) };
        let slice = async |key: &str| {
            let ask = waiver(key, "INV-1/L2", Some(600), "goodwill");
            waive_charge(&t.desk, &another, ask).await.expect("answers")
        };
        assert_eq!(slice("one").await.waived_pence, Pence(600));
        let second = slice("two").await;
        assert_eq!((second.waived_pence, second.open_pence), (Pence::ZERO, Pence(6_400)), "£12.00 is above £10.00");
        assert!(!second.approval.is_empty(), "somebody else is asked");
        let leader = t.role(Role::Approver);
        let shown = approval(&t.desk, &leader, &second.approval).await.expect("an approval");
        let yes = |key: &str| DecideApproval {
            key: key.into(),
            number: second.approval.clone(),
            approve: true,
            reason: String::new(),
            content_hash: shown.content_hash.clone(),
        };
        let below = Actor { limit, ..leader.clone() };
        let seen = approval(&t.desk, &below, &second.approval).await.expect("an approval");
        assert_eq!(seen.why_not, "£12.00 is above your limit of £10.00", "told before they try");
        let no = decide_approval(&t.desk, &below, yes("low")).await.expect_err("£12.00 is above theirs too");
        assert_eq!(no.code(), Some("CTL-02-ABOVE-LIMIT"));
        decide_approval(&t.desk, &leader, yes("yes")).await.expect("approved");
        assert_eq!(open_of(&t, "INV-1/L2").await.0, 5_800);
    })
    .await;
}
