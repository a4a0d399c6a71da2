//! Payment plans: agreed inside policy or approved, kept or broken by receipts, changed with their history (PP-01 to PP-06).
use crate::ledger::{owe, pay};
use crate::recovery::{customer, flag, release};
use chrono::{Days, NaiveDate};
use sundry_desk::approvals::{DecideApproval, Decided, approval, decide_approval};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::timeline;
use sundry_desk::delivery::{letter, letters_of_customer};
use sundry_desk::plans::{
    AgreePlan, ChangePlan, ChangePlanSettings, EndHold, EndPlan, HouseGuideline, PlaceHold, PlanAgreed, PlanAsk,
    PlanSettings, PlanShown, PlansAsk, ReviewPlan, TakeBudget, WithdrawPlan, agree_plan, budgets_of, change_plan,
    change_plan_settings, end_hold, end_plan, holds, offer_plan, place_hold, plan, plans_list, plans_of, review_plan,
    take_budget, withdraw_plan,
};
use sundry_desk::recovery::people::{RegisterAsk, hold_register, hold_week};
use sundry_desk::recovery::preview_day;
use sundry_desk::work::worklist::{AskWorklist, worklist};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::plans::{Budget, BudgetLine, BudgetPeriod, LineKind};
use sundry_store::ledger;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

pub(super) fn ask(items: &[&str], instalments: u32, first_on: &str) -> PlanAsk {
    PlanAsk {
        customer: "C100001".into(),
        with: Vec::new(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        instalments: Some(instalments),
        amount_pence: None,
        parts: Vec::new(),
        every: "month".into(),
        first_on: d(first_on),
        day_of_month: None,
        remainder: String::new(),
        method: "transfer".into(),
        asked_by: "customer".into(),
        agreed_with: String::new(),
        evidence: "call".into(),
        words: "Works part time now".into(),
        interest_charged: false,
        interest_in_writing: false,
        interest_legal: false,
        late_interest: String::new(),
        budget: None,
        review_on: None,
    }
}

async fn agree(t: &TestDesk, key: &str, ask: PlanAsk) -> Outcome<PlanAgreed> {
    agree_plan(&t.desk, &t.role(Role::CreditController), AgreePlan { key: key.into(), ask }).await
}

async fn refused(t: &TestDesk, ask: PlanAsk) -> String {
    let key = format!("refused {}", t.desk.id::<i64>());
    let offered = offer_plan(&t.desk, &t.role(Role::CreditController), &ask).await.expect_err("no offer");
    let no = agree(t, &key, ask).await.expect_err("refused");
    assert_eq!(offered.code(), no.code(), "the offer says what the agreement would");
    no.code().expect("a code").to_owned()
}

async fn shown(t: &TestDesk, number: &str) -> PlanShown {
    plan(&t.desk, &t.role(Role::CreditController), number).await.expect("a plan")
}

async fn decide(t: &TestDesk, key: &str, number: &str, by: Role, approve: bool) -> Result<Decided, No> {
    let read = approval(&t.desk, &t.role(Role::Auditor), number).await.expect("an approval");
    let reason = if approve { String::new() } else { "Too long".to_owned() };
    let ask =
        DecideApproval { key: key.into(), number: number.into(), approve, reason, content_hash: read.content_hash };
    decide_approval(&t.desk, &t.role(by), ask).await
}

/// Somebody who owes by two invoices: £600.00 and £400.00.
async fn owing(t: &TestDesk) -> CustomerId {
    let who = customer(t, "C100001", "individual", "").await;
    owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 60_000).await.expect("owes");
    owe(&t.desk, t.org, "INV-2", who, d("2025-12-01"), 40_000).await.expect("owes");
    who
}

async fn live(t: &TestDesk, from: &str, to: &str) {
    let mut day = d(from);
    while day <= d(to) {
        release(t, &day.to_string()).await.expect("a day is released");
        day = day + Days::new(1);
    }
}

async fn codes(t: &TestDesk, who: CustomerId) -> Vec<String> {
    let all = letters_of_customer(&t.desk, &t.role(Role::CreditController), who).await.expect("letters");
    let mut codes: Vec<String> = all.into_iter().map(|one| one.template_code).collect();
    codes.reverse();
    codes
}

fn states(shown: &PlanShown) -> Vec<&str> {
    shown.instalments.iter().map(|one| one.state.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_01_several_invoices_one_schedule_one_letter() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        let offer =
            offer_plan(&t.desk, &t.role(Role::CreditController), &ask(&["INV-1", "INV-2"], 6, "2026-01-31")).await;
        let offer = offer.expect("an offer");
        assert_eq!((offer.total_pence, offer.months, offer.granted_by.as_str()), (Pence(100_000), 6, "clerk"));
        assert!(offer.at_once);
        let made = agree(&t, "a", ask(&["INV-1", "INV-2"], 6, "2026-01-31")).await.expect("agreed");
        assert_eq!((made.number.as_str(), made.state.as_str(), made.version), ("PLAN-000001", "active", 1));
        let again = agree(&t, "a", ask(&["INV-1", "INV-2"], 6, "2026-01-31")).await.expect("the same");
        assert_eq!(again, made);
        let controller = t.role(Role::CreditController);
        let register = hold_register(&t.desk, &controller, &RegisterAsk::default()).await.expect("lists");
        let lines: Vec<(&str, i64)> =
            register.stops.iter().map(|stop| (stop.row.number.as_str(), stop.row.risk_pence)).collect();
        assert_eq!((lines, register.risk_pence), (vec![("PLAN-000001", 100_000)], 100_000), "one line for the plan");
        assert!(["INV-1", "INV-2"].iter().all(|debt| register.stops[0].row.item_number.contains(debt)));
        let leader = t.role(Role::TeamLeader);
        let week = hold_week(&t.desk, &leader, d("2025-12-15")).await.expect("a week");
        assert_eq!((week.placed, week.ended, week.live), (1, 0, 1), "the report counts as the register does");
        let one = shown(&t, &made.number).await;
        let sums: Vec<i64> = one.instalments.iter().map(|part| part.amount_pence).collect();
        assert_eq!(sums, [16_670, 16_666, 16_666, 16_666, 16_666, 16_666]);
        let days: Vec<String> = one.instalments.iter().map(|part| part.due_on.to_string()).collect();
        assert_eq!(days[..3], ["2026-01-31", "2026-02-28", "2026-03-31"]);
        assert_eq!(one.covers.len(), 2);
        assert_eq!(one.granted_on, Some(d("2025-12-15")));
        let by = t.role(Role::CreditController);
        let sent = letter(&t.desk, &by, &made.letter).await.expect("a letter");
        assert_eq!((sent.content.items.len(), sent.content.sum_pence), (6, 16_670));
        assert!(sent.content.title.contains("PLAN-000001"), "{}", sent.content.title);
        assert_eq!(codes(&t, who).await, ["plan_agreed"]);
        let happened = timeline(&t.desk, &by, "C100001", "", 50).await.expect("a timeline");
        assert!(happened.events.iter().any(|event| event.kind == "plan.granted" && event.number == "PLAN-000001"));
        assert_eq!(plans_of(&t.desk, &by, "C100001").await.expect("plans").len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_02_chasing_follows_the_instalments() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        owe(&t.desk, t.org, "INV-3", who, d("2025-12-01"), 5_000).await.expect("owes");
        agree(&t, "a", ask(&["INV-1", "INV-2"], 6, "2026-02-01")).await.expect("agreed");
        let preview = preview_day(&t.desk, &t.role(Role::CreditController), d("2026-01-08")).await.expect("a preview");
        let reminders = preview.letters.iter().filter(|one| one.kind == LetterKind::Reminder);
        let chased: Vec<&str> = reminders.flat_map(|one| one.items.iter().map(|item| item.number.as_str())).collect();
        assert_eq!(chased, ["INV-3"], "what is not in the plan is chased as ever");
        let held = preview.refusals.iter().filter(|one| one.refusal.code == "REC-04-HOLD-PLAN").count();
        assert_eq!(held, 2);
        let held = holds(&t.desk, &t.role(Role::CreditController), who).await.expect("holds");
        let own = held.iter().find(|hold| hold.reason == "plan").expect("a hold of the plan");
        let ask = EndHold { key: "e".into(), hold: HoldId(own.id), words: "Chase".into() };
        let no = end_hold(&t.desk, &t.role(Role::CreditController), ask).await.expect_err("the plan's own");
        assert_eq!(no.code(), Some("PP-HOLD-OF-PLAN"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_03_pp_e11_missed_reminded_broken_and_back_to_the_stage_before() {
    on_both("2025-12-15", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let item = owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 60_000).await.expect("owes");
        live(&t, "2025-12-15", "2025-12-20").await;
        let before = stage(&t, item).await;
        assert!(!before.is_empty(), "recovery had begun");
        let made = agree(&t, "a", ask(&["INV-1"], 6, "2026-01-01")).await.expect("agreed");
        t.go_to("2026-01-01");
        pay(&t, "p1", "C100001", 10_000, Some(("INV-1", 10_000))).await;
        live(&t, "2026-01-01", "2026-02-01").await;
        assert_eq!(shown(&t, &made.number).await.line.standing, "kept");
        // The morning after, it is on the list; the letter goes on day 8.
        release(&t, "2026-02-02").await.expect("a day");
        let by = t.role(Role::CreditController);
        let view = AskWorklist { view: "plans-behind".into(), ..AskWorklist::default() };
        let list = worklist(&t.desk, &by, &view).await.expect("a list");
        assert_eq!(list.rows.len(), 1);
        assert!(list.rows[0].why.contains("£100.00 behind since 1 February 2026"), "{}", list.rows[0].why);
        live(&t, "2026-02-03", "2026-02-08").await;
        assert!(!codes(&t, who).await.contains(&"plan_missed".to_owned()));
        release(&t, "2026-02-09").await.expect("a day");
        assert!(codes(&t, who).await.contains(&"plan_missed".to_owned()));
        let one = shown(&t, &made.number).await;
        assert_eq!((one.line.standing.as_str(), one.line.behind_pence), ("missed", 10_000));
        assert_eq!(states(&one), ["paid", "missed", "to_come", "to_come", "to_come", "to_come"]);
        live(&t, "2026-02-10", "2026-03-08").await;
        assert_eq!(shown(&t, &made.number).await.line.state, "active");
        release(&t, "2026-03-09").await.expect("a day");
        let over = shown(&t, &made.number).await;
        assert_eq!((over.line.state.as_str(), over.balance_pence), ("broken", 50_000));
        assert_eq!(states(&over), ["paid", "missed", "missed", "ended", "ended", "ended"], "none comes any more");
        assert!(codes(&t, who).await.contains(&"plan_broken".to_owned()));
        live(&t, "2026-03-10", "2026-03-23").await;
        assert_eq!(stage(&t, item).await, before, "the letter gave until 23 March");
        release(&t, "2026-03-24").await.expect("a day");
        assert_eq!(
            (before.as_str(), stage(&t, item).await.as_str()),
            ("R1", "R2"),
            "on from the stage before the plan"
        );
    })
    .await;
}

async fn stage(t: &TestDesk, item: ItemId) -> String {
    let mut look = t.desk.look().await.expect("a look");
    ledger::item(&mut look, t.org, item).await.expect("reads").expect("an item").stage
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_e10_catching_up_cures_and_pp_06_nobody_says_kept() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let mut terms = ask(&["INV-1", "INV-2"], 12, "2026-01-01");
        terms.words = "Twelve months".into();
        let leader = t.role(Role::TeamLeader);
        let made = agree_plan(&t.desk, &leader, AgreePlan { key: "a".into(), ask: terms }).await.expect("for a leader");
        t.go_to("2026-01-01");
        pay(&t, "p1", "C100001", 8_337, Some(("INV-1", 8_337))).await;
        live(&t, "2026-02-01", "2026-02-09").await;
        assert_eq!(shown(&t, &made.number).await.line.standing, "missed");
        let by = t.role(Role::CreditController);
        let end = |how: &str, key: &str| EndPlan {
            key: key.into(),
            number: made.number.clone(),
            how: how.into(),
            reason: "They say so".into(),
        };
        let no = end_plan(&t.desk, &by, end("completed", "e1")).await.expect_err("cash is short");
        assert_eq!(no.code(), Some("PP-06-NOT-KEPT"));
        let no = end_plan(&t.desk, &by, end("broken", "e2")).await.expect_err("in its time to catch up");
        assert_eq!(no.code(), Some("PP-05-NOT-BROKEN"));
        t.go_to("2026-03-01");
        pay(&t, "p2", "C100001", 16_666, Some(("INV-1", 16_666))).await;
        release(&t, "2026-03-02").await.expect("a day");
        let one = shown(&t, &made.number).await;
        assert_eq!((one.due_pence, one.line.paid_pence, one.line.standing.as_str()), (25_003, 25_003, "kept"));
        assert_eq!(one.happened[0].what, "caught_up");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_04_pp_e9_a_budget_makes_the_offer_and_beyond_policy_somebody_else_says_yes() {
    on_both("2026-01-10", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 90_000).await.expect("owes");
        let by = t.role(Role::CreditController);
        let line =
            |kind, amount| BudgetLine { kind, name: String::new(), amount: Pence(amount), period: BudgetPeriod::Month };
        let budget = Budget {
            adults: 1,
            children: 0,
            lines: vec![
                line(LineKind::Income, 142_000),
                line(LineKind::Fixed, 90_000),
                line(LineKind::Food, 33_850),
                line(LineKind::Savings, 1_815),
            ],
            owed_to_us: Pence::ZERO,
            owed_to_all: Pence(360_000),
            creditors: 4,
            from_adviser: false,
        };
        let settings = PlanSettings {
            guidelines: vec![HouseGuideline { kind: "food".into(), adults: 1, children: 0, monthly_pence: 30_000 }],
            ..PlanSettings::default()
        };
        let change = ChangePlanSettings { key: "s".into(), settings };
        let no = change_plan_settings(&t.desk, &by, change.clone()).await.expect_err("not theirs to set");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        change_plan_settings(&t.desk, &t.role(Role::Administrator), change).await.expect("the site's own figures");
        let take = |key: &str, budget: Budget| TakeBudget {
            key: key.into(),
            customer: "C100001".into(),
            budget,
            floor_pence: 0,
            words: String::new(),
        };
        let taken = take_budget(&t.desk, &by, take("b", budget.clone())).await.expect("a budget");
        assert_eq!((taken.available_pence, taken.offer_pence), (16_335, 4_083));
        assert_eq!(taken.findings, ["Food and housekeeping of £338.50 is above the guideline of £300.00"]);
        let mut terms = ask(&["INV-1"], 1, "2026-02-01");
        (terms.instalments, terms.amount_pence, terms.budget) = (None, Some(Pence(4_083)), Some(taken.budget));
        let offer = offer_plan(&t.desk, &by, &terms).await.expect("an offer");
        assert_eq!((offer.schedule.len(), offer.schedule[22].amount, offer.months), (23, Pence(174), 23));
        assert_eq!((offer.granted_by.as_str(), offer.at_once), ("manager", false));
        let asked = agree(&t, "a", terms.clone()).await.expect("asked");
        assert_eq!((asked.state.as_str(), asked.approval.as_str()), ("proposed", "APP-000001"));
        assert!(codes(&t, who).await.is_empty(), "nothing is written before the yes");
        let leader = decide(&t, "d1", &asked.approval, Role::TeamLeader, true).await.expect_err("not a manager");
        assert_eq!(leader.code(), Some("PP-04-APPROVER"));
        let done = decide(&t, "d2", &asked.approval, Role::Approver, true).await.expect("approved");
        assert_eq!(done.made.as_deref(), Some("PLAN-000001"));
        assert_eq!(shown(&t, "PLAN-000001").await.line.state, "active");
        assert_eq!(codes(&t, who).await, ["plan_agreed"]);
        // Who reads accounts does not read budgets.
        let no = budgets_of(&t.desk, &t.role(Role::Cashier), "C100001").await.expect_err("personal");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        // A month that leaves nothing is kept, for a token payment.
        let mut poor = budget.clone();
        poor.lines.push(line(LineKind::PriorityArrears, 16_335));
        let poor = take_budget(&t.desk, &by, take("b2", poor)).await.expect("kept");
        assert_eq!(poor.nothing.map(|no| no.code).as_deref(), Some("PP-03-NOTHING-LEFT"));
        let empty = Budget { lines: vec![], ..budget };
        let no = take_budget(&t.desk, &by, take("b3", empty)).await.expect_err("no income");
        assert_eq!(no.code(), Some("PP-03-BUDGET"));
    })
    .await;
}

/// A hundred pounds by card on the other customer's invoice.
async fn by_card(t: &TestDesk, key: &str) {
    let taken = RecordReceipt {
        key: key.into(),
        method: "card".into(),
        customer: "C100002".into(),
        amount: Pence(10_000),
        received_on: t.desk.today(),
        payer_name: String::new(),
        words: "By telephone".into(),
        lines: vec![AllocationLine { item: "INV-9".into(), amount: Pence(10_000) }],
    };
    record_receipt(&t.desk, &t.role(Role::Cashier), taken).await.expect("records");
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_06_a_standing_order_and_a_card_pay_the_instalments_of_a_plan() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let other = customer(&t, "C100002", "individual", "").await;
        owe(&t.desk, t.org, "INV-9", other, d("2025-12-01"), 30_000).await.expect("owes");
        let by = t.role(Role::CreditController);
        let order = PlanAsk { method: "standing_order".into(), ..ask(&["INV-2"], 6, "2026-01-01") };
        let order = agree(&t, "order", order).await.expect("agreed");
        let card = PlanAsk { customer: "C100002".into(), method: "card".into(), ..ask(&["INV-9"], 3, "2026-01-01") };
        let card = agree(&t, "card", card).await.expect("agreed");
        // The bank sends the same each time; what does not divide comes last.
        let sums: Vec<i64> = shown(&t, &order.number).await.instalments.iter().map(|part| part.amount_pence).collect();
        assert_eq!(sums, [6_666, 6_666, 6_666, 6_666, 6_666, 6_670]);
        for (made, words) in [
            (&order, "standing order for these amounts and days, with the reference C100001"),
            (&card, "Pay each by card"),
        ] {
            let sent = letter(&t.desk, &by, &made.letter).await.expect("a letter");
            assert!(sent.content.blocks.iter().any(|block| block.text.contains(words)), "{words}");
        }
        t.go_to("2026-01-01");
        pay(&t, "order 1", "C100001", 6_666, Some(("INV-2", 6_666))).await;
        by_card(&t, "card 1").await;
        live(&t, "2026-01-01", "2026-01-09").await;
        for (made, paid) in [(&order, 6_666), (&card, 10_000)] {
            let line = shown(&t, &made.number).await.line;
            assert_eq!((line.paid_pence, line.standing.as_str()), (paid, "kept"), "{}", line.method);
        }
        // In February the order does not come: its plan alone is behind.
        t.go_to("2026-02-01");
        by_card(&t, "card 2").await;
        live(&t, "2026-02-01", "2026-02-09").await;
        assert_eq!(shown(&t, &order.number).await.line.standing, "missed");
        assert_eq!(shown(&t, &card.number).await.line.standing, "kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_04_a_yes_after_the_day_of_the_review_still_begins_the_plan() {
    on_both("2026-01-10", async |t| {
        owing(&t).await;
        let soon = PlanAsk { review_on: Some(d("2026-01-13")), ..ask(&["INV-1", "INV-2"], 30, "2026-02-01") };
        let asked = agree(&t, "a", soon).await.expect("asked");
        t.go_to("2026-01-15");
        decide(&t, "yes", &asked.approval, Role::Approver, true).await.expect("what was right when it was asked");
        let line = shown(&t, &asked.number).await.line;
        assert_eq!((line.state.as_str(), line.review_on), ("active", d("2026-01-13")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_04_a_plan_that_is_turned_down_or_withdrawn_holds_nothing() {
    on_both("2026-01-10", async |t| {
        let who = owing(&t).await;
        let long = || ask(&["INV-1", "INV-2"], 30, "2026-02-01");
        let first = agree(&t, "a", long()).await.expect("asked");
        let again = agree(&t, "a2", long()).await.expect_err("it waits already");
        assert_eq!(again.code(), Some("PP-06-SECOND-PLAN"));
        decide(&t, "no", &first.approval, Role::Approver, false).await.expect("refused");
        assert_eq!(shown(&t, &first.number).await.line.state, "refused");
        let second = agree(&t, "a3", long()).await.expect("asked anew");
        let ask = WithdrawPlan { key: "w".into(), number: second.number.clone(), reason: "Changed their mind".into() };
        withdraw_plan(&t.desk, &t.role(Role::CreditController), ask).await.expect("withdrawn");
        let held = holds(&t.desk, &t.role(Role::CreditController), who).await.expect("holds");
        assert!(held.len() == 4 && held.iter().all(|hold| hold.ended_on.is_some()));
        let late = decide(&t, "late", &second.approval, Role::Approver, true).await.expect_err("withdrawn");
        assert_eq!(late.code(), Some("PP-01-STATE"));
        decide(&t, "close", &second.approval, Role::Approver, false).await.expect("closed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_05_skip_more_money_new_invoices_new_terms_each_a_version() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        let made = agree(&t, "a", ask(&["INV-1"], 6, "2026-01-01")).await.expect("agreed");
        t.go_to("2026-01-05");
        pay(&t, "p1", "C100001", 10_000, Some(("INV-1", 10_000))).await;
        let by = t.role(Role::CreditController);
        let change = |key: &str, what: &str| ChangePlan {
            key: key.into(),
            number: made.number.clone(),
            what: what.into(),
            asked_by: "customer".into(),
            reason: "They asked".into(),
            ..ChangePlan::default()
        };
        let skip = ChangePlan { part: Some(1), ..change("c1", "skip") };
        let no = change_plan(&t.desk, &by, skip).await.expect_err("history");
        assert_eq!(no.code(), Some("PP-06-HISTORY"));
        let skip = ChangePlan { part: Some(2), ..change("c2", "skip") };
        assert_eq!(change_plan(&t.desk, &by, skip).await.expect("skipped").version, 2);
        let one = shown(&t, &made.number).await;
        let days: Vec<String> = one.instalments.iter().map(|part| part.due_on.to_string()).collect();
        assert_eq!(days, ["2026-01-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"]);
        let sooner = |key: &str, pence| ChangePlan { amount_pence: Some(Pence(pence)), ..change(key, "sooner") };
        let no = change_plan(&t.desk, &by, sooner("c3", 15_000)).await.expect_err("it has not come");
        assert_eq!(no.code(), Some("PP-02-AMOUNT"));
        pay(&t, "p2", "C100001", 15_000, Some(("INV-1", 15_000))).await;
        change_plan(&t.desk, &by, sooner("c4", 15_000)).await.expect("fewer");
        let one = shown(&t, &made.number).await;
        let sums: Vec<i64> = one.instalments.iter().map(|part| part.amount_pence).collect();
        assert_eq!(sums, [10_000, 15_000, 10_000, 10_000, 10_000, 5_000]);
        assert_eq!((one.line.total_pence, one.balance_pence), (60_000, 35_000));
        let add = ChangePlan { items: vec!["INV-2".into()], ..change("c5", "add") };
        change_plan(&t.desk, &t.role(Role::TeamLeader), add).await.expect("added");
        let one = shown(&t, &made.number).await;
        assert_eq!((one.line.total_pence, one.covers.len(), one.line.version), (100_000, 2, 4));
        // New terms for what is left: what was paid stands as it was.
        let again = ChangePlan {
            instalments: Some(5),
            from_on: Some(d("2026-02-01")),
            method: "standing_order".into(),
            ..change("c6", "reschedule")
        };
        change_plan(&t.desk, &by, again).await.expect("agreed anew");
        let one = shown(&t, &made.number).await;
        let sums: Vec<i64> = one.instalments.iter().map(|part| part.amount_pence).collect();
        assert_eq!(sums, [25_000, 15_000, 15_000, 15_000, 15_000, 15_000]);
        assert_eq!((states(&one)[0], one.line.version, one.line.method.as_str()), ("paid", 5, "standing_order"));
        assert_eq!(one.versions.len(), 5);
        assert!(one.versions[1..].iter().all(|version| version.superseded_on.is_some()));
        assert_eq!(one.versions[4].schedule.len(), 6, "the first version is there as it was agreed");
        assert_eq!(codes(&t, who).await.len(), 5, "a letter with each schedule");
        // Beyond policy a change asks too.
        let long = ChangePlan { instalments: Some(30), from_on: Some(d("2026-02-01")), ..change("c7", "reschedule") };
        let asked = change_plan(&t.desk, &by, long).await.expect("asked");
        assert_eq!((asked.version, asked.approval.is_empty()), (5, false));
        decide(&t, "yes", &asked.approval, Role::Approver, true).await.expect("approved");
        assert_eq!(shown(&t, &made.number).await.line.version, 6);
        let ended = EndPlan {
            key: "end".into(),
            number: made.number.clone(),
            how: "cancelled".into(),
            reason: "They pay it all".into(),
        };
        end_plan(&t.desk, &by, ended).await.expect("cancelled");
        let over = ChangePlan { part: Some(3), ..change("c8", "skip") };
        assert_eq!(change_plan(&t.desk, &by, over).await.expect_err("over").code(), Some("PP-01-OVER"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_06_every_refusal_has_its_code() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        let plain = || ask(&["INV-1"], 6, "2026-01-01");
        assert_eq!(refused(&t, ask(&[], 6, "2026-01-01")).await, "PP-06-NO-ITEM");
        assert_eq!(refused(&t, ask(&["INV-9"], 6, "2026-01-01")).await, "PP-01-NOT-THEIRS");
        assert_eq!(refused(&t, ask(&["INV-1"], 6, "2025-12-14")).await, "PP-06-PAST");
        let part = |day: &str, pence| sundry_domain::plans::Instalment { due_on: d(day), amount: Pence(pence) };
        let typed = |parts: Vec<_>| PlanAsk { instalments: None, parts, ..plain() };
        let short = vec![part("2026-01-01", 30_000), part("2026-02-01", 29_999)];
        assert_eq!(refused(&t, typed(short)).await, "PP-06-SUM");
        let turned = vec![part("2026-02-01", 30_000), part("2026-01-01", 30_000)];
        assert_eq!(refused(&t, typed(turned)).await, "PP-06-ORDER");
        let huge = vec![part("2026-01-01", i64::MAX), part("2026-02-01", i64::MAX)];
        let absurd = agree(&t, "huge", typed(huge)).await;
        assert!(matches!(&absurd, Err(No::Invalid(all)) if all.len() == 2), "{absurd:?}");
        let by_amount = |pence| PlanAsk { instalments: None, amount_pence: Some(Pence(pence)), ..plain() };
        assert_eq!(refused(&t, by_amount(60_001)).await, "PP-02-AMOUNT");
        assert_eq!(refused(&t, by_amount(1)).await, "PP-02-TOO-LONG");
        assert_eq!(refused(&t, by_amount(1_000)).await, "PP-04-MINIMUM");
        let charged = PlanAsk { interest_charged: true, interest_in_writing: true, ..plain() };
        assert_eq!(refused(&t, charged).await, "PP-02-INTEREST");
        assert_eq!(refused(&t, PlanAsk { method: "direct_debit".into(), ..plain() }).await, "PP-01-NO-MANDATE");
        let item = ledger::items_numbered(&mut t.desk.look().await.expect("a look"), t.org, "INV-2").await;
        let item = ItemId(item.expect("reads")[0].id);
        let mut tx = t.desk.db().begin().await.expect("begins");
        ledger::set_disputed(&mut tx, t.org, item, Pence(1_000)).await.expect("disputed");
        tx.commit().await.expect("commits");
        assert_eq!(refused(&t, ask(&["INV-2"], 6, "2026-01-01")).await, "PP-06-DISPUTED");
        agree(&t, "a", plain()).await.expect("agreed");
        assert_eq!(refused(&t, plain()).await, "PP-06-SECOND-PLAN");
        let firm = customer(&t, "C100002", "company", "").await;
        owe(&t.desk, t.org, "INV-4", firm, d("2025-11-01"), 60_000).await.expect("owes");
        let business = PlanAsk { customer: "C100002".into(), ..ask(&["INV-4"], 6, "2026-01-01") };
        assert_eq!(refused(&t, business.clone()).await, "PP-04-INTEREST");
        let unwritten = PlanAsk { interest_charged: true, late_interest: "waived".into(), ..business };
        assert_eq!(refused(&t, unwritten).await, "PP-02-INTEREST-WRITTEN");
        let gone = customer(&t, "C100003", "individual", "").await;
        owe(&t.desk, t.org, "INV-5", gone, d("2025-11-01"), 60_000).await.expect("owes");
        flag(&t, gone, "breathing_space", "2025-12-10", "2026-02-07").await;
        let theirs = PlanAsk { customer: "C100003".into(), ..ask(&["INV-5"], 6, "2026-03-01") };
        let ours = PlanAsk { asked_by: "us".into(), ..theirs.clone() };
        assert_eq!(refused(&t, ours).await, "PP-06-BREATHING-SPACE");
        agree(&t, "offered", theirs).await.expect("what they offer may be taken");
        flag(&t, who, "insolvent", "2025-12-10", "2030-01-01").await;
        assert_eq!(refused(&t, ask(&["INV-2"], 6, "2026-01-01")).await, "BS-05-INSOLVENT");
        let no = agree_plan(&t.desk, &t.role(Role::Cashier), AgreePlan { key: "n".into(), ask: plain() }).await;
        assert_eq!(no.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_breathing_space_suspends_and_death_cancels() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        let made = agree(&t, "a", ask(&["INV-1", "INV-2"], 6, "2026-01-01")).await.expect("agreed");
        t.go_to("2026-01-01");
        pay(&t, "p1", "C100001", 16_670, Some(("INV-1", 16_670))).await;
        flag(&t, who, "breathing_space", "2026-01-20", "2026-03-20").await;
        live(&t, "2026-01-20", "2026-03-20").await;
        let one = shown(&t, &made.number).await;
        assert_eq!((one.line.state.as_str(), one.line.behind_pence), ("suspended", 0));
        assert_eq!(states(&one)[1..3], ["frozen", "frozen"]);
        assert!(!codes(&t, who).await.contains(&"plan_missed".to_owned()));
        live(&t, "2026-03-21", "2026-03-22").await;
        let one = shown(&t, &made.number).await;
        assert_eq!((one.line.state.as_str(), one.line.standing.as_str()), ("active", "kept"));
        let by = t.role(Role::CreditController);
        let view = AskWorklist { view: "plans-behind".into(), ..AskWorklist::default() };
        let list = worklist(&t.desk, &by, &view).await.expect("a list");
        assert!(list.rows[0].why.contains("after breathing space"), "{}", list.rows[0].why);
        let moved = ChangePlan {
            key: "shift".into(),
            number: made.number.clone(),
            what: "shift".into(),
            days: Some(60),
            from_on: Some(d("2026-02-01")),
            asked_by: "customer".into(),
            reason: "Breathing space is over".into(),
            ..ChangePlan::default()
        };
        change_plan(&t.desk, &by, moved).await.expect("new days");
        assert_eq!(shown(&t, &made.number).await.instalments[1].due_on, d("2026-04-02"));
        flag(&t, who, "deceased", "2026-03-23", "2036-01-01").await;
        release(&t, "2026-03-23").await.expect("a day");
        let over = shown(&t, &made.number).await;
        assert_eq!((over.line.state.as_str(), over.ended_on), ("cancelled", Some(d("2026-03-23"))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_new_terms_on_the_day_after_breathing_space_are_watched_from_the_first() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        let made = agree(&t, "a", ask(&["INV-1"], 6, "2026-01-01")).await.expect("agreed");
        t.go_to("2026-01-01");
        pay(&t, "p1", "C100001", 10_000, Some(("INV-1", 10_000))).await;
        flag(&t, who, "breathing_space", "2026-01-20", "2026-03-20").await;
        live(&t, "2026-01-20", "2026-01-21").await;
        release(&t, "2026-03-21").await.expect("a day");
        let anew = ChangePlan {
            key: "anew".into(),
            number: made.number.clone(),
            what: "reschedule".into(),
            instalments: Some(5),
            from_on: Some(d("2026-04-01")),
            asked_by: "customer".into(),
            reason: "Breathing space is over".into(),
            ..ChangePlan::default()
        };
        change_plan(&t.desk, &t.role(Role::CreditController), anew).await.expect("agreed anew");
        let one = shown(&t, &made.number).await;
        assert_eq!((one.due_pence, one.line.paid_pence, one.balance_pence), (10_000, 10_000, 50_000));
        live(&t, "2026-04-02", "2026-04-09").await;
        let one = shown(&t, &made.number).await;
        assert_eq!(
            (one.line.standing.as_str(), one.line.behind_pence),
            ("missed", 10_000),
            "what came is not paid twice"
        );
        assert!(codes(&t, who).await.contains(&"plan_missed".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_somebody_vulnerable_is_for_a_manager() {
    on_both("2025-12-15", async |t| {
        let who = owing(&t).await;
        let made = agree(&t, "a", ask(&["INV-1", "INV-2"], 6, "2026-01-01")).await.expect("agreed");
        flag(&t, who, "vulnerable", "2025-12-16", "2030-01-01").await;
        live(&t, "2026-01-01", "2026-03-20").await;
        let one = shown(&t, &made.number).await;
        assert_eq!((one.line.state.as_str(), one.line.standing.as_str()), ("active", "for_manager"));
        let end = |key: &str| EndPlan {
            key: key.into(),
            number: made.number.clone(),
            how: "broken".into(),
            reason: "Spoke with her".into(),
        };
        let no = end_plan(&t.desk, &t.role(Role::CreditController), end("e1")).await.expect_err("not a manager");
        assert_eq!(no.code(), Some("PP-05-VULNERABLE"));
        let (controller, approver) = (t.role(Role::CreditController), t.role(Role::Approver));
        for (by, offered) in [(&controller, (true, false)), (&approver, (false, true)), (&t.operator(), (true, true))] {
            let seen = plan(&t.desk, by, &made.number).await.expect("a plan");
            assert_eq!((seen.may_change, seen.may_break), offered, "only what may be done is offered");
        }
        let other = EndPlan { how: "cancelled".into(), ..end("e3") };
        let no = end_plan(&t.desk, &approver, other).await.expect_err("that is for who agrees plans");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let done = end_plan(&t.desk, &approver, end("e2")).await.expect("with the standing");
        assert_eq!(done.state, "broken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_a_cheque_that_bounces_after_the_plan_was_finished_opens_it_again() {
    on_both("2025-12-15", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 20_000).await.expect("owes");
        let made = agree(&t, "a", ask(&["INV-1"], 2, "2026-01-01")).await.expect("agreed");
        t.go_to("2026-01-01");
        pay(&t, "p1", "C100001", 10_000, Some(("INV-1", 10_000))).await;
        t.go_to("2026-02-01");
        let cheque = pay(&t, "p2", "C100001", 10_000, Some(("INV-1", 10_000))).await;
        release(&t, "2026-02-02").await.expect("a day");
        let done = shown(&t, &made.number).await;
        assert_eq!((done.line.state.as_str(), done.balance_pence), ("completed", 0));
        assert!(codes(&t, who).await.contains(&"plan_completed".to_owned()));
        t.go_to("2026-03-10");
        let back = ReverseReceipt { key: "r".into(), receipt: cheque, reason: "Refer to drawer".into() };
        reverse_receipt(&t.desk, &t.role(Role::Cashier), back).await.expect("bounces");
        release(&t, "2026-03-10").await.expect("a day");
        let open = shown(&t, &made.number).await;
        assert_eq!((open.line.state.as_str(), open.line.behind_pence), ("active", 10_000));
        let held = holds(&t.desk, &t.role(Role::CreditController), who).await.expect("holds");
        assert!(held.iter().any(|hold| hold.reason == "plan" && hold.ended_on.is_none()), "it is not chased outright");
        release(&t, "2026-03-11").await.expect("a day");
        assert!(codes(&t, who).await.contains(&"plan_missed".to_owned()), "and has time to catch up");
        assert_eq!(shown(&t, &made.number).await.line.state, "active");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_06_a_finished_plan_is_not_opened_again_over_a_new_one() {
    on_both("2025-12-15", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 20_000).await.expect("owes");
        let first = agree(&t, "a", ask(&["INV-1"], 2, "2026-01-01")).await.expect("agreed");
        t.go_to("2026-01-01");
        let cheque = pay(&t, "p1", "C100001", 20_000, Some(("INV-1", 20_000))).await;
        release(&t, "2026-01-02").await.expect("a day");
        assert_eq!(shown(&t, &first.number).await.line.state, "completed");
        t.go_to("2026-01-12");
        let back = ReverseReceipt { key: "r".into(), receipt: cheque, reason: "Refer to drawer".into() };
        reverse_receipt(&t.desk, &t.role(Role::Cashier), back).await.expect("bounces");
        // They ring at once, before the daily run.
        let second = agree(&t, "b", ask(&["INV-1"], 4, "2026-02-01")).await.expect("agreed anew");
        release(&t, "2026-01-13").await.expect("a day");
        let states = [shown(&t, &first.number).await.line.state, shown(&t, &second.number).await.line.state];
        assert_eq!(states, ["completed", "active"]);
        let held = holds(&t.desk, &t.role(Role::CreditController), who).await.expect("holds");
        assert_eq!(held.iter().filter(|hold| hold.reason == "plan" && hold.ended_on.is_none()).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_01_a_joint_debt_stands_in_one_plan_and_everyone_is_told() {
    on_both("2025-12-15", async |t| {
        let first = owing(&t).await;
        let second = customer(&t, "C100002", "individual", "").await;
        owe(&t.desk, t.org, "INV-7", second, d("2025-11-01"), 20_000).await.expect("owes");
        assert_eq!(refused(&t, ask(&["INV-1", "INV-7"], 6, "2026-01-01")).await, "PP-01-NOT-THEIRS");
        let joint = PlanAsk { with: vec!["C100002".into()], ..ask(&["INV-1", "INV-7"], 6, "2026-01-01") };
        let made = agree(&t, "a", joint).await.expect("agreed");
        assert_eq!(made.total_pence, Pence(80_000));
        for who in [first, second] {
            assert_eq!(codes(&t, who).await, ["plan_agreed"]);
        }
        let one = shown(&t, &made.number).await;
        assert_eq!(one.people.len(), 2);
        let by = t.role(Role::CreditController);
        assert_eq!(plans_of(&t.desk, &by, "C100002").await.expect("plans")[0].number, made.number);
        // What the law stops for one it stops for the joint debt.
        flag(&t, second, "breathing_space", "2025-12-20", "2026-02-20").await;
        release(&t, "2025-12-20").await.expect("a day");
        assert_eq!(shown(&t, &made.number).await.line.state, "suspended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_04_the_words_of_a_hold_are_counted_in_characters() {
    on_both("2026-05-11", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let ask = |key: &str, count: usize| PlaceHold {
            key: key.into(),
            customer: who,
            item: None,
            reason: "dispute".into(),
            until: Some(d("2026-05-20")),
            words: "ŵ".repeat(count),
        };
        let by = t.role(Role::CreditController);
        place_hold(&t.desk, &by, ask("fits", 2_000)).await.expect("Welsh takes no less than English");
        let long = place_hold(&t.desk, &by, ask("long", 2_001)).await;
        assert!(matches!(&long, Err(No::Invalid(all)) if all[0].field == "words"), "{long:?}");
        let first = place_hold(&t.desk, &by, ask("fits", 2_000)).await.expect("the same request").hold;
        t.go_to("2026-06-01");
        let later = place_hold(&t.desk, &by, ask("fits", 2_000)).await.expect("the same request, later").hold;
        assert_eq!(later, first, "the same key has the same answer, though its day is over (P02)");
        let over = place_hold(&t.desk, &by, ask("over", 20)).await;
        assert!(matches!(&over, Err(No::Invalid(all)) if all[0].field == "until"), "{over:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_reviews_and_lists() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let made = agree(&t, "a", ask(&["INV-1"], 6, "2026-07-01")).await.expect("agreed");
        assert_eq!(shown(&t, &made.number).await.line.review_on, d("2026-06-15"));
        release(&t, "2026-06-15").await.expect("a day");
        let by = t.role(Role::CreditController);
        let view = AskWorklist { view: "holds-to-review".into(), ..AskWorklist::default() };
        let list = worklist(&t.desk, &by, &view).await.expect("a list");
        assert!(list.rows[0].why.contains("PLAN-000001: review due"), "{}", list.rows[0].why);
        let review = ReviewPlan {
            key: "r".into(),
            number: made.number.clone(),
            next_on: None,
            words: "Income is the same".into(),
        };
        assert_eq!(review_plan(&t.desk, &by, review).await.expect("reviewed").review_on, d("2026-12-15"));
        assert_eq!(shown(&t, &made.number).await.line.state, "active", "a kept plan goes on");
        let running = PlansAsk { state: "active".into(), limit: 10, ..PlansAsk::default() };
        assert_eq!(plans_list(&t.desk, &by, &running).await.expect("a list").len(), 1);
        let behind = PlansAsk { standing: "behind".into(), limit: 10, ..PlansAsk::default() };
        assert!(plans_list(&t.desk, &by, &behind).await.expect("a list").is_empty());
    })
    .await;
}
