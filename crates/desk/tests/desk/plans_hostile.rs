//! Plans, promises and holds as somebody who means ill tries them: others' numbers, keys sent again, two at once, texts,
//! days and sums nobody means.
use crate::people::code;
use crate::plans::ask;
use crate::recovery::{customer, open};
use chrono::NaiveDate;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::plans::{
    AgreePlan, ChangePlan, ChangePlanSettings, DecidePromises, EndHold, EndPlan, MakePlanLink, PlaceHold, PlanAsk,
    PlanSettings, PlansAsk, PromiseToPay, ReviewPlan, TakeBudget, WithdrawPlan, WithdrawPromise, agree_plan,
    agreed_before, budget, budgets_of, change_plan, change_plan_settings, decide_promises, end_hold, end_plan, holds,
    make_plan_link, offer_plan, place_hold, plan, plan_choices, plan_weeks, plans_list, plans_of, promise_to_pay,
    promise_to_pay_for, review_plan, take_budget, withdraw_plan, withdraw_promise,
};
use sundry_desk::setup::organisations::{OpenOrganisation, open_organisation};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, HoldId};
use sundry_domain::money::Pence;
use sundry_domain::plans::{Budget, BudgetLine, BudgetPeriod, Instalment, LineKind, PlanPolicy};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// What is longer than any field, in more than one byte a letter.
pub(super) fn endless() -> String {
    "Ŵ".repeat(5_000)
}

pub(super) fn far() -> Option<NaiveDate> {
    "9999-12-31".parse().ok()
}

pub(super) fn absent<T>(answer: Outcome<T>) -> bool {
    matches!(answer, Err(No::Absent(_)))
}

/// Somebody with every duty, in another organisation of the same home.
pub(super) async fn elsewhere(t: &TestDesk) -> Actor {
    let other = OpenOrganisation {
        key: "other".into(),
        code: "OTH".into(),
        name: "Other Council".into(),
        nation: "england-and-wales".into(),
        kind: "council".into(),
        vat_number: String::new(),
        letterhead: serde_json::json!({}),
    };
    let org = open_organisation(&t.desk, "Test", other).await.expect("opens").org;
    Actor::operator(org, "Stranger")
}

fn agreeing(key: &str, item: &str) -> AgreePlan {
    AgreePlan { key: key.into(), ask: ask(&[item], 6, "2026-06-01") }
}

/// Somebody who owes £600.00 and £400.00, and a plan for the first.
async fn with_plan(t: &TestDesk) -> (CustomerId, String) {
    let who = customer(t, "C100001", "individual", "").await;
    open(t, who, "invoice", "INV-1", "2026-04-24", 60_000).await;
    open(t, who, "invoice", "INV-2", "2026-04-24", 40_000).await;
    let by = t.role(Role::CreditController);
    let made = agree_plan(&t.desk, &by, agreeing("plan", "INV-1")).await.expect("is agreed");
    (who, made.number)
}

fn change(key: &str, number: &str, what: &str) -> ChangePlan {
    ChangePlan {
        key: key.into(),
        number: number.into(),
        what: what.into(),
        part: Some(2),
        amount_pence: Some(Pence(10_000)),
        items: vec!["INV-2".into()],
        days: Some(7),
        from_on: Some(d("2026-07-01")),
        asked_by: "customer".into(),
        reason: "They asked".into(),
        ..ChangePlan::default()
    }
}

fn ending(key: &str, number: &str) -> EndPlan {
    EndPlan { key: key.into(), number: number.into(), how: "cancelled".into(), reason: "They pay it all".into() }
}

fn hold(key: &str, customer: CustomerId) -> PlaceHold {
    PlaceHold {
        key: key.into(),
        customer,
        item: None,
        reason: "dispute".into(),
        until: Some(d("2026-05-20")),
        words: "One line\nand another".into(),
    }
}

fn promise(key: &str, customer: CustomerId, pence: i64) -> PromiseToPay {
    PromiseToPay {
        key: key.into(),
        customer,
        amount_pence: Pence(pence),
        due_on: d("2026-05-08"),
        words: "On payday".into(),
    }
}

fn monthly(key: &str) -> TakeBudget {
    let line = |kind, amount| BudgetLine {
        kind,
        name: "Each month".into(),
        amount: Pence(amount),
        period: BudgetPeriod::Month,
    };
    TakeBudget {
        key: key.into(),
        customer: "C100001".into(),
        budget: Budget {
            adults: 1,
            children: 0,
            lines: vec![line(LineKind::Income, 142_000), line(LineKind::Fixed, 90_000)],
            owed_to_us: Pence::ZERO,
            owed_to_all: Pence(360_000),
            creditors: 4,
            from_adviser: false,
        },
        floor_pence: 0,
        words: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_plans_promises_and_holds_are_not_there() {
    on_both("2026-05-01", async |t| {
        let (who, number) = with_plan(&t).await;
        let (desk, ours) = (&t.desk, t.role(Role::CreditController));
        let held = place_hold(desk, &ours, hold("h", who)).await.expect("is placed").hold;
        let promised = promise_to_pay(desk, &ours, promise("p", who, 40_000)).await.expect("is taken").promise;
        let kept = take_budget(desk, &ours, monthly("b")).await.expect("is kept").budget;
        let by = elsewhere(&t).await;
        assert!(absent(agree_plan(desk, &by, agreeing("s1", "INV-2")).await));
        assert!(absent(offer_plan(desk, &by, &ask(&["INV-2"], 6, "2026-06-01")).await));
        for what in ["skip", "sooner", "smaller", "add", "shift", "reschedule"] {
            assert!(absent(change_plan(desk, &by, change(what, &number, what)).await), "{what}");
        }
        assert!(absent(end_plan(desk, &by, ending("s2", &number)).await));
        let back = WithdrawPlan { key: "s3".into(), number: number.clone(), reason: "Not wanted".into() };
        assert!(absent(withdraw_plan(desk, &by, back).await));
        let seen = ReviewPlan { key: "s4".into(), number: number.clone(), next_on: None, words: "As it was".into() };
        assert!(absent(review_plan(desk, &by, seen).await));
        assert!(absent(plan(desk, &by, &number).await));
        assert!(absent(plans_of(desk, &by, "C100001").await));
        let page = PlansAsk { before: number.clone(), limit: 10, ..PlansAsk::default() };
        assert!(absent(plans_list(desk, &by, &page).await));
        assert!(absent(plan_choices(desk, &by, "C100001", Some(kept)).await));
        let link = MakePlanLink { key: "s5".into(), customer: "C100001".into(), email: false };
        assert!(absent(make_plan_link(desk, &by, link).await), "though nobody has said where their pages are");
        assert!(absent(take_budget(desk, &by, monthly("s6")).await));
        assert!(absent(budgets_of(desk, &by, "C100001").await));
        assert!(absent(budget(desk, &by, kept).await));
        assert!(absent(place_hold(desk, &by, hold("s7", who)).await));
        let end = EndHold { key: "s8".into(), hold: held, words: "It is decided".into() };
        assert!(absent(end_hold(desk, &by, end).await));
        // By far more than is owed, and yet it is not said that anything is.
        assert!(absent(promise_to_pay(desk, &by, promise("s9", who, i64::MAX)).await));
        let back = WithdrawPromise { key: "s10".into(), promise: promised, words: "Misheard".into() };
        assert!(absent(withdraw_promise(desk, &by, back).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_key_of_a_plan_has_its_first_answer_though_the_plan_has_ended() {
    on_both("2026-05-01", async |t| {
        let (_, number) = with_plan(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let ended = end_plan(desk, &by, ending("e", &number)).await.expect("ends");
        let again = agree_plan(desk, &by, agreeing("plan", "INV-1")).await.expect("the same request");
        assert_eq!((again.number.as_str(), again.state.as_str()), (number.as_str(), "active"));
        let before = agreed_before(desk, &by, &agreeing("plan", "INV-1")).await.expect("looks");
        assert_eq!(before, Some(again));
        assert_eq!(agreed_before(desk, &by, &agreeing("new", "INV-1")).await.expect("looks"), None);
        assert_eq!(code(agreed_before(desk, &by, &agreeing("plan", "INV-2")).await), "OPS-KEY-REUSED");
        assert_eq!(code(agree_plan(desk, &by, agreeing("plan", "INV-2")).await), "OPS-KEY-REUSED");
        let nobody = t.role(Role::Cashier);
        assert_eq!(code(agreed_before(desk, &nobody, &agreeing("plan", "INV-1")).await), "CTL-01-NO-DUTY");
        assert_eq!(end_plan(desk, &by, ending("e", &number)).await.expect("the same request"), ended);
        assert_eq!(code(end_plan(desk, &by, ending("e2", &number)).await), "PP-01-OVER");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_06_of_two_who_agree_at_once_for_one_debt_one_makes_the_plan() {
    on_both("2026-05-01", async |t| {
        with_plan(&t).await;
        let by = t.role(Role::CreditController);
        let two = ["t1", "t2"].map(|key| {
            let (desk, by) = (t.desk.clone(), by.clone());
            tokio::spawn(async move { agree_plan(&desk, &by, agreeing(key, "INV-2")).await })
        });
        let mut came = Vec::new();
        for one in two {
            came.push(code(one.await.expect("runs")));
        }
        came.sort();
        assert_eq!(came, ["PP-06-SECOND-PLAN", "allowed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_01_texts_without_end_and_days_nobody_means_are_refused_at_their_field() {
    on_both("2026-05-01", async |t| {
        let (_, number) = with_plan(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let agree = async |key: &str, ask: PlanAsk| {
            let offered = code(offer_plan(desk, &by, &ask).await);
            let agreed = code(agree_plan(desk, &by, AgreePlan { key: key.into(), ask }).await);
            assert_eq!(offered, agreed, "the offer says what the agreement would");
            agreed
        };
        let long = PlanAsk {
            words: endless(),
            agreed_with: "Ann\u{202e}Lee".into(),
            first_on: d("9999-12-31"),
            review_on: far(),
            ..ask(&["INV-2"], 6, "2026-06-01")
        };
        assert_eq!(agree("b1", long).await, "invalid words agreed_with first_on review_on");
        assert_eq!(agree("b2", ask(&["INV-2"], 6, "0001-01-01")).await, "invalid first_on");
        let part = |day: &str| Instalment { due_on: d(day), amount: Pence(20_000) };
        let typed = PlanAsk {
            instalments: None,
            parts: vec![part("2026-06-01"), part("9999-12-31")],
            ..ask(&["INV-2"], 6, "2026-06-01")
        };
        assert_eq!(agree("b3", typed).await, "invalid parts");
        let moved = ChangePlan { reason: "a\u{7}b".into(), from_on: far(), ..change("b4", &number, "shift") };
        assert_eq!(code(change_plan(desk, &by, moved).await), "invalid reason from_on");
        let many = ChangePlan { items: vec!["INV-2".into(); 501], ..change("b5", &number, "add") };
        assert_eq!(code(change_plan(desk, &by, many).await), "invalid items");
        let end = EndPlan { reason: endless(), ..ending("b6", &number) };
        assert_eq!(code(end_plan(desk, &by, end).await), "invalid reason");
        let back = WithdrawPlan { key: "b7".into(), number: number.clone(), reason: endless() };
        assert_eq!(code(withdraw_plan(desk, &by, back).await), "invalid reason");
        let seen = ReviewPlan { key: "b8".into(), number, next_on: far(), words: endless() };
        assert_eq!(code(review_plan(desk, &by, seen).await), "invalid words next_on");
        let budget = monthly("b9");
        let mut odd = budget.clone();
        odd.budget.lines[1].name = endless();
        (odd.budget.owed_to_all, odd.words) = (Pence(i64::MIN), endless());
        assert_eq!(code(take_budget(desk, &by, odd).await), "invalid owed_to_all lines words");
        let mut ours = budget;
        ours.budget.owed_to_us = Pence(i64::MAX);
        assert_eq!(code(take_budget(desk, &by, ours).await), "invalid owed_to_all");
        assert_eq!(code(plan_weeks(desk, &by, d("9999-12-31")).await), "invalid on");
        assert_eq!(code(plan_weeks(desk, &by, NaiveDate::MIN).await), "invalid on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_04_promises_and_holds_of_days_and_texts_nobody_means_are_refused_at_their_field() {
    on_both("2026-05-01", async |t| {
        let (who, _) = with_plan(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let long = PlaceHold { words: "a\u{202e}b".into(), until: far(), ..hold("h1", who) };
        assert_eq!(code(place_hold(desk, &by, long).await), "invalid words until");
        place_hold(desk, &by, hold("h2", who)).await.expect("words may have lines");
        let end = EndHold { key: "h3".into(), hold: HoldId(1), words: endless() };
        assert_eq!(code(end_hold(desk, &by, end).await), "invalid words");
        let absurd = PromiseToPay { words: endless(), due_on: d("9999-12-31"), ..promise("p1", who, 1_000) };
        assert_eq!(code(promise_to_pay(desk, &by, absurd).await), "invalid words due_on");
        let back = WithdrawPromise { key: "p2".into(), promise: 1, words: endless() };
        assert_eq!(code(withdraw_promise(desk, &by, back).await), "invalid words");
        for (n, pence) in [0, -1, i64::MIN, i64::MAX].into_iter().enumerate() {
            let no = promise_to_pay(desk, &by, promise(&format!("sum {n}"), who, pence)).await;
            assert_eq!(code(no), "PP-PROMISE-AMOUNT", "{pence}");
        }
        // A debt that is named twice is owed once.
        let twice = ["INV-2".to_owned(), " INV-2".to_owned()];
        let no = promise_to_pay_for(desk, &by, promise("p3", who, 80_000), &twice).await;
        assert_eq!(code(no), "PP-PROMISE-AMOUNT");
        promise_to_pay_for(desk, &by, promise("p4", who, 40_000), &twice).await.expect("is taken");
        let held = holds(desk, &by, who).await.expect("lists");
        assert_eq!(held.iter().filter(|hold| hold.reason == "promise").count(), 1);
        // Nobody has broken what may still be kept.
        for (n, day) in ["2026-05-15", "9999-12-31"].into_iter().enumerate() {
            let ask = DecidePromises { key: format!("d{n}"), on: d(day) };
            assert_eq!(code(decide_promises(desk, &t.operator(), ask).await), "invalid on", "{day}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_02_sums_and_numbers_nobody_means_change_no_plan() {
    on_both("2026-05-01", async |t| {
        let (who, number) = with_plan(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        for pence in [0, -1, 1, i64::MIN, i64::MAX] {
            let each =
                PlanAsk { instalments: None, amount_pence: Some(Pence(pence)), ..ask(&["INV-2"], 1, "2026-06-01") };
            let wanted = if pence == 1 { "PP-02-TOO-LONG" } else { "PP-02-AMOUNT" };
            let made = agree_plan(desk, &by, AgreePlan { key: format!("a {pence}"), ask: each }).await;
            assert_eq!(code(made), wanted, "{pence}");
            let wanted = if pence == 1 { "PP-02-TOO-LONG" } else { "PP-02-AMOUNT" };
            let key = format!("r {pence}");
            let anew = ChangePlan { amount_pence: Some(Pence(pence)), ..change(&key, &number, "reschedule") };
            assert_eq!(code(change_plan(desk, &by, anew).await), wanted, "{pence}");
            for what in ["sooner", "smaller"] {
                let key = format!("{what} {pence}");
                let paid = ChangePlan { amount_pence: Some(Pence(pence)), ..change(&key, &number, what) };
                assert_eq!(code(change_plan(desk, &by, paid).await), "PP-02-AMOUNT", "{what} {pence}");
            }
        }
        for part in [0, 7, u32::MAX] {
            let skip = ChangePlan { part: Some(part), ..change(&format!("s {part}"), &number, "skip") };
            assert_eq!(code(change_plan(desk, &by, skip).await), "PP-02-AMOUNT", "{part}");
        }
        for days in [0, -7, 366, i64::MIN, i64::MAX] {
            let moved = ChangePlan { days: Some(days), ..change(&format!("m {days}"), &number, "shift") };
            assert_eq!(code(change_plan(desk, &by, moved).await), "invalid days", "{days}");
        }
        // So much more, by instalments as they are, would take longer than any plan may.
        open(&t, who, "invoice", "INV-3", "2026-04-24", 3_000_000).await;
        let more = ChangePlan { items: vec!["INV-3".into()], ..change("more", &number, "add") };
        assert_eq!(code(change_plan(desk, &by, more).await), "PP-02-TOO-LONG");
        assert_eq!(plan(desk, &by, &number).await.expect("shows").line.version, 1);
        let mut policy = PlanPolicy { least_weekly: Pence(i64::MAX), ..PlanPolicy::default() };
        policy.bands[0].months = u32::MAX;
        let settings = PlanSettings { policy, savings_basis_points: i64::MAX, ..PlanSettings::default() };
        let ask = ChangePlanSettings { key: "policy".into(), settings };
        let wanted = "invalid least_weekly savings bands.months";
        assert_eq!(code(change_plan_settings(desk, &t.role(Role::Administrator), ask).await), wanted);
    })
    .await;
}
