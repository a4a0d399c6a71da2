//! Standing orders: expected against received in bulk, tasks, letters, changes of the charge.
use super::ledger::{customers, day, owe, pay};
use sundry_desk::Outcome;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::standing_orders::{
    AddStandingOrder, AmendStandingOrder, AskCheck, ChangeLetters, CheckReleased, EndStandingOrder, EndTasks,
    NewCharge, ReleaseCheck, SetCharges, ShortfallLetters, StandingOrderSet, add_standing_order, amend_standing_order,
    check_standing_orders, end_standing_order, end_standing_order_tasks, rate_changes, release_standing_order_check,
    set_standing_order_charges, standing_order_tasks, standing_orders, write_change_letters, write_shortfall_letters,
};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{SetFlag, set_flag};
use sundry_desk::delivery::{letter, letters_of_customer};
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_store::args;

async fn set_up(t: &TestDesk, customer: &str, amount: i64, frequency: &str, from: &str) -> Outcome<StandingOrderSet> {
    let ask = AddStandingOrder {
        key: format!("so {customer} {amount}"),
        customer: customer.into(),
        reference: customer.into(),
        amount: Pence(amount),
        frequency: frequency.into(),
        from_on: day(from),
        to_on: None,
        weekly: Pence(9_540),
        tolerance: Pence::ZERO,
    };
    add_standing_order(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn release(t: &TestDesk, key: &str, from: &str, to: &str) -> Outcome<CheckReleased> {
    let ask = ReleaseCheck { key: key.into(), from_on: day(from), to_on: day(to) };
    release_standing_order_check(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn charge(t: &TestDesk, key: &str, number: &str, weekly: i64, from: &str) -> Outcome<i64> {
    let charges = vec![NewCharge { number: number.into(), weekly: Pence(weekly) }];
    let ask = SetCharges { key: key.into(), from_on: day(from), why: "Uprating".into(), charges };
    set_standing_order_charges(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn tasks(t: &TestDesk, state: &str) -> Vec<(String, String, i64, String)> {
    let rows = standing_order_tasks(&t.desk, &t.role(Role::Auditor), state).await.expect("tasks");
    rows.into_iter().map(|task| (task.order_number, task.kind, task.difference_pence, task.advice)).collect()
}

async fn open(t: &TestDesk, item: &str) -> i64 {
    let ask = AskAgedDebt { as_at: t.desk.today(), basis: "due".into(), by: "item".into() };
    let report = aged_debt(&t.desk, &t.role(Role::Auditor), &ask).await.expect("answers");
    report.rows.iter().find(|row| row.key == item).map_or(0, |row| row.total_pence)
}

async fn speaks_welsh(t: &TestDesk, who: CustomerId) {
    let mut tx = t.desk.db().begin().await.expect("begins");
    let sql = "update customer set language = 'cy' where org_id = $1 and id = $2";
    tx.run(sql, args![t.org, who]).await.expect("changes");
    tx.commit().await.expect("commits");
}

/// The first words of the newest letter.
async fn opening(t: &TestDesk, who: CustomerId) -> String {
    let cashier = t.role(Role::Cashier);
    let letters = letters_of_customer(&t.desk, &cashier, who).await.expect("letters");
    let view = letter(&t.desk, &cashier, &letters[0].number).await.expect("shows");
    view.content.blocks[0].text.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_21_so_e1_so_e2_expected_against_received_in_bulk() {
    on_both("2026-04-06", async |t| {
        let ids = customers(&t, 3).await;
        for (customer, number) in [("C1", "SO-000001"), ("C2", "SO-000002")] {
            let set = set_up(&t, customer, 38_160, "four_weekly", "2026-04-06").await.expect("set up");
            assert_eq!(set.number, number);
            owe(&t.desk, t.org, &format!("B{customer}"), ids[customer], day("2026-04-06"), 38_160).await.expect("owes");
        }
        charge(&t, "c", "SO-000002", 9_825, "2026-04-20").await.expect("a new charge");
        let twice = charge(&t, "c2", "SO-000002", 9_900, "2026-04-20").await.expect_err("there is one");
        assert_eq!(twice.code(), Some("DD-11-CHARGE-DATE"));
        pay(&t, "STO C1", "C1", 38_160, None).await;
        pay(&t, "STO C2", "C2", 38_160, Some(("BC2", 10_000))).await;
        let early = release(&t, "r0", "2026-04-06", "2026-05-03").await.expect_err("not over");
        assert_eq!(early.code(), Some("DD-11-NOT-OVER"));
        t.go_to("2026-05-04");
        let ask = AskCheck { from_on: day("2026-04-06"), to_on: day("2026-05-03") };
        let seen = check_standing_orders(&t.desk, &t.role(Role::Auditor), ask).await.expect("seen");
        let told: Vec<(&str, i64, i64, &str)> = seen
            .findings
            .iter()
            .map(|one| (one.number.as_str(), one.due_pence, one.difference_pence, one.advice.as_str()))
            .collect();
        assert_eq!(told, [("SO-000002", 38_730, -570, "ask_for_shortfall"), ("SO-000001", 38_160, 0, "nothing")]);
        assert_eq!(seen.findings[0].unallocated_pence, 28_160);
        assert!(tasks(&t, "open").await.is_empty(), "looking keeps nothing");
        let done = release(&t, "r1", "2026-04-06", "2026-05-03").await.expect("released");
        assert_eq!((done.shortfalls, done.excesses, done.allocated_pence), (1, 0, 38_160 + 28_160));
        assert_eq!((open(&t, "BC1").await, open(&t, "BC2").await), (0, 0), "the oldest bills first");
        assert_eq!(
            tasks(&t, "open").await,
            [("SO-000002".into(), "shortfall".into(), -570, "ask_for_shortfall".into())]
        );
        let again = release(&t, "r2", "2026-04-06", "2026-05-03").await.expect("another check");
        assert_eq!((again.shortfalls, again.allocated_pence), (0, 0), "a task is not made twice");
        // A bill that came since is not paid by the same request: its first answer said what it did (P02).
        let late = RecordReceipt {
            key: "late".into(),
            method: "cheque".into(),
            customer: "C1".into(),
            amount: Pence(5_000),
            received_on: day("2026-05-03"),
            payer_name: String::new(),
            words: "STO C1".into(),
            lines: Vec::new(),
        };
        record_receipt(&t.desk, &t.role(Role::Cashier), late).await.expect("records");
        owe(&t.desk, t.org, "BC3", ids["C1"], day("2026-05-04"), 4_000).await.expect("owes");
        assert_eq!(release(&t, "r1", "2026-04-06", "2026-05-03").await.expect("the same request"), done);
        assert_eq!(open(&t, "BC3").await, 4_000);
        let nobody = check_standing_orders(&t.desk, &t.role(Role::Administrator), ask).await;
        assert_eq!(nobody.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_21_a_shortfall_is_written_about_and_a_task_ends_once() {
    on_both("2026-04-06", async |t| {
        let ids = customers(&t, 2).await;
        for customer in ["C1", "C2"] {
            set_up(&t, customer, 38_160, "four_weekly", "2026-04-06").await.expect("set up");
        }
        speaks_welsh(&t, ids["C1"]).await;
        pay(&t, "STO C1", "C1", 30_000, None).await;
        pay(&t, "STO C2", "C2", 30_000, None).await;
        t.go_to("2026-05-04");
        release(&t, "r", "2026-04-06", "2026-05-03").await.expect("released");
        let cashier = t.role(Role::Cashier);
        let all = standing_order_tasks(&t.desk, &cashier, "open").await.expect("tasks");
        assert_eq!(all[0].words, "6 April 2026 to 3 May 2026: £381.60 was due and £300.00 came: £81.60 is missing.");
        let ask = ShortfallLetters { key: "l".into(), tasks: vec![all[0].id] };
        let written = write_shortfall_letters(&t.desk, &cashier, ask).await.expect("written");
        assert_eq!((written.tasks, written.letters), (1, 1));
        let letters = letters_of_customer(&t.desk, &cashier, ids["C1"]).await.expect("letters");
        let told: Vec<(&str, i64)> = letters.iter().map(|l| (l.template_code.as_str(), l.total_pence)).collect();
        assert_eq!(told, [("standing_order_shortfall", 8_160)]);
        let said = opening(&t, ids["C1"]).await;
        assert!(said.starts_with("Ar gyfer 6 Ebrill 2026 i 3 Mai 2026, eich tâl oedd £381.60."), "{said}");
        let ask = ShortfallLetters { key: "l2".into(), tasks: vec![all[0].id] };
        let again = write_shortfall_letters(&t.desk, &cashier, ask).await.expect_err("done");
        assert_eq!(again.code(), Some("DD-11-TASK-DONE"));
        let end = |key: &str, how: &str, words: &str| EndTasks {
            key: key.into(),
            tasks: vec![all[1].id],
            how: how.into(),
            words: words.into(),
        };
        assert!(end_standing_order_tasks(&t.desk, &cashier, end("e0", "invoice", "")).await.is_err());
        end_standing_order_tasks(&t.desk, &cashier, end("e1", "invoice", "INV-000009")).await.expect("ended");
        assert!(tasks(&t, "open").await.is_empty());
        assert_eq!(tasks(&t, "done").await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_21_so_e3_an_excess_goes_back_or_to_the_estate() {
    on_both("2026-04-06", async |t| {
        let ids = customers(&t, 3).await;
        let controller = t.role(Role::CreditController);
        for (n, customer) in ["C1", "C2", "C3"].into_iter().enumerate() {
            set_up(&t, customer, 38_160, "four_weekly", "2026-04-06").await.expect("set up");
            pay(&t, &format!("STO {customer}"), customer, 38_160, None).await;
            let number = format!("SO-{:06}", n + 1);
            let end = EndStandingOrder {
                key: format!("end {n}"),
                number,
                to_on: day("2026-04-15"),
                reason: "Left the home".into(),
            };
            end_standing_order(&t.desk, &t.role(Role::Cashier), end.clone()).await.expect("ends");
            let twice = EndStandingOrder { key: format!("again {n}"), ..end };
            let no = end_standing_order(&t.desk, &t.role(Role::Cashier), twice).await.expect_err("ended");
            assert_eq!(no.code(), Some("DD-11-ENDED"));
        }
        let flag = SetFlag {
            key: "f".into(),
            number: "C2".into(),
            kind: "deceased".into(),
            evidence: "Death notified by the home".into(),
            from_on: Some(day("2026-04-16")),
            to_on: None,
            review_on: None,
        };
        t.go_to("2026-05-04");
        set_flag(&t.desk, &controller, flag).await.expect("a flag");
        owe(&t.desk, t.org, "BC3", ids["C3"], day("2026-05-03"), 99_900).await.expect("owes");
        // Its own bill is no other debt: the money on the account pays it and the rest goes back.
        owe(&t.desk, t.org, "BC1", ids["C1"], day("2026-04-06"), 13_629).await.expect("owes");
        release(&t, "r", "2026-04-06", "2026-05-03").await.expect("released");
        assert_eq!(open(&t, "BC1").await, 0);
        assert_eq!(
            tasks(&t, "open").await,
            [
                ("SO-000001".to_owned(), "excess".to_owned(), 24_531, "refund".to_owned()),
                ("SO-000002".to_owned(), "excess".to_owned(), 24_531, "refund_to_estate".to_owned()),
                ("SO-000003".to_owned(), "excess".to_owned(), 24_531, "carry_forward".to_owned()),
            ]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_21_so_e4_months_against_weeks_are_not_chased() {
    on_both("2026-04-06", async |t| {
        customers(&t, 1).await;
        set_up(&t, "C1", 41_340, "monthly", "2026-04-06").await.expect("set up");
        for (n, on) in ["2026-04-06", "2026-05-06", "2026-06-08"].into_iter().enumerate() {
            t.go_to(on);
            pay(&t, &format!("STO C1 {n}"), "C1", 41_340, None).await;
        }
        t.go_to("2026-06-29");
        for (from, to) in [("2026-04-06", "2026-05-03"), ("2026-05-04", "2026-05-31"), ("2026-06-01", "2026-06-28")] {
            let done = release(&t, from, from, to).await.expect("released");
            assert_eq!((done.shortfalls, done.excesses), (0, 0), "{from}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_21_a_new_charge_lists_the_orders_that_no_longer_fit_and_writes_in_time() {
    on_both("2026-02-02", async |t| {
        let ids = customers(&t, 2).await;
        set_up(&t, "C1", 38_160, "four_weekly", "2026-02-02").await.expect("set up");
        set_up(&t, "C2", 41_340, "monthly", "2026-02-02").await.expect("set up");
        speaks_welsh(&t, ids["C1"]).await;
        let cashier = t.role(Role::Cashier);
        for number in ["SO-000001", "SO-000002"] {
            charge(&t, number, number, 9_825, "2026-04-06").await.expect("a new charge");
        }
        let listed = rate_changes(&t.desk, &cashier, day("2026-04-06")).await.expect("listed");
        let told: Vec<(&str, i64, i64)> =
            listed.orders.iter().map(|one| (one.number.as_str(), one.amount_pence, one.right_pence)).collect();
        assert_eq!(told, [("SO-000001", 38_160, 39_300), ("SO-000002", 41_340, 42_575)]);
        assert_eq!(listed.write_by, day("2026-03-09"));
        let letters = |key: &str, late_known| ChangeLetters {
            key: key.into(),
            from_on: day("2026-04-06"),
            numbers: Vec::new(),
            late_known,
        };
        t.go_to("2026-03-10");
        let late = write_change_letters(&t.desk, &cashier, letters("late", false)).await.expect_err("too late");
        assert_eq!(late.code(), Some("DD-11-TOO-LATE"));
        let amend = AmendStandingOrder { key: "a".into(), number: "SO-000002".into(), amount: Pence(42_575) };
        amend_standing_order(&t.desk, &cashier, amend).await.expect("amended");
        let written = write_change_letters(&t.desk, &cashier, letters("known", true)).await.expect("written");
        assert_eq!((written.letters, written.written_before), (1, 0));
        let again = write_change_letters(&t.desk, &cashier, letters("again", true)).await.expect("asked again");
        assert_eq!((again.letters, again.written_before), (0, 1));
        let early = ChangeLetters { from_on: day("2026-06-01"), ..letters("early", false) };
        let first = write_change_letters(&t.desk, &cashier, early.clone()).await.expect("in time");
        let shown = standing_orders(&t.desk, &cashier).await.expect("orders");
        assert_eq!(shown.iter().map(|one| one.weekly_pence).collect::<Vec<_>>(), [9_540, 9_540]);
        t.go_to("2026-05-10");
        let later = write_change_letters(&t.desk, &cashier, early).await.expect("the same request");
        assert_eq!(later, first, "the same key has its first answer, though it would be too late now (P02)");
        let letters = letters_of_customer(&t.desk, &cashier, ids["C1"]).await.expect("letters");
        assert_eq!((letters[0].template_code.as_str(), letters[0].total_pence), ("standing_order_change", 39_300));
        let said = opening(&t, ids["C1"]).await;
        assert!(said.contains("£381.60 atom bob 4 wythnos"), "{said}");
    })
    .await;
}
