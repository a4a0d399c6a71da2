//! Overpayments taken back from pay and from payments to care providers, by their own rules (REC-05).
use super::cash::owe;
use super::recovery::release;
use chrono::NaiveDate;
use sundry_desk::cash::undo_allocation::{AllocationUndone, UndoAllocation, undo_allocation};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{SetFlag, set_flag};
use sundry_desk::ledger::verify::verify;
use sundry_desk::recovery::case;
use sundry_desk::recovery::debt_facts::{RecordDebtFact, record_debt_fact};
use sundry_desk::recovery::pay_calculation::{
    PayCalculationSent, SendPayCalculation, pay_calculation_of, send_pay_calculation,
};
use sundry_desk::recovery::taking_back::{
    AgreeOverpaymentRecovery, EndOverpaymentRecovery, OverpaymentGivenBack, OverpaymentRecoveryAgreed,
    OverpaymentTaken, RecordOverpaymentTaken, UndoOverpaymentTaken, agree_overpayment_recovery,
    end_overpayment_recovery, overpayment_deductions, overpayment_recoveries, overpayment_recovery,
    record_overpayment_taken, undo_overpayment_taken,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{AllocationId, CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{TakenFrom, read_period};
use sundry_store::{args, ledger};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn code<T: std::fmt::Debug>(answer: Outcome<T>) -> String {
    match answer.expect_err("refused") {
        No::Refused(refusal) => refusal.code,
        other => format!("{other:?}"),
    }
}

/// An employee who was overpaid 900.00 in pay, INV-1; a home that was overpaid 1,250.40, INV-2; a care charge, INV-3.
pub(super) async fn overpaid(t: &TestDesk) -> [ItemId; 3] {
    let payers = [("C100001", "Ms Rhian Vale", "", ""), ("C100002", "Elm House Care Ltd", "", "")];
    let owed = [
        ("INV-1", "C100001", "2026-03-02", "2026-04-01", 90_000),
        ("INV-2", "C100002", "2026-03-02", "2026-04-01", 125_040),
        ("INV-3", "C100002", "2026-03-02", "2026-04-01", 5_000),
    ];
    owe(t, "owe", &payers, &owed).await;
    let types = ["Salary overpayment", "Care provider overpayment", "Care contribution"];
    let mut tx = t.desk.db().begin().await.expect("begins");
    let mut items = Vec::new();
    for ((number, ..), debt_type) in owed.iter().zip(types) {
        let item = ItemId(ledger::items_numbered(&mut tx, t.org, number).await.expect("reads").remove(0).id);
        let sql = "update open_item set debt_type = $3 where org_id = $1 and id = $2";
        tx.run(sql, args![t.org, item, debt_type]).await.expect("a type");
        items.push(item);
    }
    let sql = "update customer set kind = 'employee', address1 = '1 Mere Road', postcode = 'NM1 1AA' where org_id = $1 and number = 'C100001'";
    tx.run(sql, args![t.org]).await.expect("a kind");
    tx.commit().await.expect("commits");
    [items[0], items[1], items[2]]
}

pub(super) async fn fact(t: &TestDesk, item: ItemId, which: &str) {
    let ask = RecordDebtFact {
        key: format!("{} {which}", item.0),
        item,
        fact: which.into(),
        on: Some(t.desk.today()),
        method: String::new(),
        evidence: "Letter on the file".into(),
    };
    record_debt_fact(&t.desk, &t.role(Role::CreditController), ask).await.expect("a fact");
}

/// 300.00 a month from 29 May, overpaid in three months, agreed in writing.
pub(super) fn from_pay(key: &str) -> AgreeOverpaymentRecovery {
    AgreeOverpaymentRecovery {
        key: key.into(),
        debt: "INV-1".into(),
        taken_from: "pay".into(),
        taken_by: "agreement".into(),
        evidence: "Form signed on 6 May 2026".into(),
        each: Some(Pence(30_000)),
        every: "month".into(),
        first_on: Some(d("2026-05-29")),
        arose_over: 3,
        sooner: String::new(),
    }
}

/// 500.00 of each four-weekly payment.
fn from_payments(key: &str) -> AgreeOverpaymentRecovery {
    AgreeOverpaymentRecovery {
        key: key.into(),
        debt: "INV-2".into(),
        taken_from: "provider".into(),
        taken_by: "contract".into(),
        evidence: "Clause 14.3 of the framework".into(),
        each: Some(Pence(50_000)),
        every: "four_weeks".into(),
        first_on: Some(d("2026-05-18")),
        arose_over: 0,
        sooner: String::new(),
    }
}

async fn agree(t: &TestDesk, ask: AgreeOverpaymentRecovery) -> Outcome<OverpaymentRecoveryAgreed> {
    agree_overpayment_recovery(&t.desk, &t.role(Role::CreditController), ask).await
}

async fn take(t: &TestDesk, recovery: &str, line: i64, pence: i64) -> Outcome<OverpaymentTaken> {
    let ask = RecordOverpaymentTaken {
        key: format!("taken {}", t.desk.id::<i64>()),
        recovery: recovery.into(),
        line,
        amount: Some(Pence(pence)),
        on: Some(t.desk.today()),
        reference: "Payroll journal 2026/05".into(),
    };
    record_overpayment_taken(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn undo(t: &TestDesk, recovery: &str, line: i64) -> Outcome<OverpaymentGivenBack> {
    let ask = UndoOverpaymentTaken {
        key: format!("undo {}", t.desk.id::<i64>()),
        recovery: recovery.into(),
        line,
        reason: "The payslip was of another".into(),
    };
    undo_overpayment_taken(&t.desk, &t.role(Role::Cashier), ask).await
}

/// Taking the receipt off the debt as any other, to be used or paid out.
async fn freed(t: &TestDesk, recovery: &str) -> Outcome<AllocationUndone> {
    let view = overpayment_recovery(&t.desk, &t.role(Role::Auditor), recovery).await.expect("a view");
    let credit = ItemId(view.deductions[0].credit_item_id.expect("a receipt"));
    let mut look = t.desk.look().await.expect("reads");
    let standing = sundry_store::cash::standing_allocations(&mut look, t.org, credit).await.expect("reads");
    drop(look);
    let ask = UndoAllocation {
        key: "free".into(),
        allocation: Some(AllocationId(standing[0].id)),
        receipt: None,
        reason: "For another debt".into(),
    };
    undo_allocation(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn posted(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let roles = sundry_store::proof::balances_by_role(&mut look, t.org).await.expect("sums");
    roles.iter().filter(|(name, _)| name == role).map(|(_, sum)| sum).sum()
}

async fn open_of(t: &TestDesk, item: ItemId) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    ledger::item(&mut look, t.org, item).await.expect("reads").expect("an item").open_pence
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("proves");
    for name in ["numbers_gapless", "receipts"] {
        assert!(proof.holds(name), "{name}: {:?}", proof.failures());
    }
    let mut look = t.desk.look().await.expect("reads");
    let (figures, wrong) = sundry_desk::ledger::verify::control_check(&mut look, t.org).await.expect("sums");
    assert!(wrong.is_empty(), "{figures}: {wrong:?}");
}

/// What the trail says of a hold.
async fn trail(t: &TestDesk, hold: i64) -> Vec<String> {
    let mut look = t.desk.look().await.expect("reads");
    let rows = sundry_store::control::audit_of(&mut look, t.org, &format!("hold {hold}")).await.expect("a trail");
    rows.into_iter().map(|row| row.event).collect()
}

/// What payroll is told up to a day: debt, day, tax week, pence, why not.
async fn due(t: &TestDesk, from: TakenFrom, through: &str) -> Vec<(String, String, i64, i64, String)> {
    let all = overpayment_deductions(&t.desk, &t.role(Role::Cashier), from, d(through)).await.expect("a list");
    let plain = |one: sundry_desk::recovery::taking_back::DeductionDue| {
        (one.debt, one.due_on.to_string(), one.tax_week, one.amount_pence, one.stopped)
    };
    all.into_iter().map(plain).collect()
}

/// INV-1 by two pay periods: one of the tax year before, asked gross, and one of this, asked net.
pub(super) async fn calculate(t: &TestDesk, key: &str, debt: &str, gross: &str) -> Outcome<PayCalculationSent> {
    let lines = [
        format!("2026-03-01; 2026-03-31; 2026-03-27; {gross}; 80.00; 32.00; 0.00; Paid twice"),
        "2026-04-01; 2026-04-30; 2026-04-28; 700.00; 120.00; 50.00; 30.00; Left on 28 February".to_owned(),
    ];
    let periods = lines.iter().map(|line| read_period(line, |day| day.parse().ok()).expect("a period")).collect();
    let ask = SendPayCalculation {
        key: key.into(),
        debt: debt.into(),
        periods,
        repay_by: Some(d("2026-06-30")),
        paye_corrected: Some(true),
        evidence: "Payroll's sheet of 5 May".into(),
    };
    send_pay_calculation(&t.desk, &t.role(Role::CreditController), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_the_calculation_of_overpaid_pay_is_recorded_written_and_noted_at_once() {
    on_both("2026-05-06", async |t| {
        let [pay, ..] = overpaid(&t).await;
        assert_eq!(code(calculate(&t, "a", "INV-1", "400.01").await), "REC-05-TOTAL");
        assert_eq!(code(calculate(&t, "b", "INV-2", "400.00").await), "REC-05-OTHER-DEBT");
        let sent = calculate(&t, "c", "INV-1", "400.00").await.expect("sent");
        assert_eq!((sent.version, sent.asked_pence, sent.told), (1, 90_000, true));
        assert_eq!(calculate(&t, "c", "INV-1", "400.00").await.expect("again"), sent, "once for one key");
        assert_eq!(code(calculate(&t, "d", "INV-1", "400.00").await), "REC-05-CALCULATED");
        let auditor = t.role(Role::Auditor);
        let view = pay_calculation_of(&t.desk, &auditor, "INV-1").await.expect("a view");
        let row = &view.calculation;
        assert_eq!((row.gross_pence, row.tax_pence, row.net_pence), (110_000, 20_000, 78_800));
        let asked: Vec<(&str, i64)> = view.periods.iter().map(|one| (one.asked_as.as_str(), one.asked_pence)).collect();
        assert_eq!(asked, [("gross", 40_000), ("net", 50_000)]);
        let letter = sundry_desk::delivery::letter(&t.desk, &auditor, &sent.letter).await.expect("a letter");
        let owed: Vec<i64> = letter.content.items.iter().map(|one| one.owed_pence).collect();
        assert_eq!((letter.head.total_pence, owed), (90_000, vec![40_000, 50_000]));
        assert!(letter.content.blocks.iter().any(|one| one.text.contains("£1,100.00")), "the gross sum");
        let contract = AgreeOverpaymentRecovery { taken_by: "contract".into(), ..from_pay("e") };
        agree(&t, contract).await.expect("the calculation counts as sent");
        assert_eq!(open_of(&t, pay).await, 90_000, "nothing is posted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_pay_is_taken_back_by_agreement_over_the_time_in_which_it_was_overpaid() {
    on_both("2026-05-06", async |t| {
        let [pay, ..] = overpaid(&t).await;
        assert_eq!(code(agree(&t, from_pay("a")).await), "REC-05-CALCULATION");
        fact(&t, pay, "salary_notice").await;
        assert_eq!(code(agree(&t, from_pay("b")).await), "REC-05-AGREEMENT");
        let contract = AgreeOverpaymentRecovery { taken_by: "contract".into(), arose_over: 4, ..from_pay("c") };
        assert_eq!(code(agree(&t, contract).await), "REC-05-TOO-FAST", "no longer than it arose over");
        fact(&t, pay, "salary_agreement").await;
        let provider = AgreeOverpaymentRecovery { taken_from: "provider".into(), ..from_pay("d") };
        assert_eq!(code(agree(&t, provider).await), "REC-05-OTHER-DEBT");
        let Err(No::Invalid(wrong)) = agree(&t, AgreeOverpaymentRecovery::default()).await else { panic!("taken") };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["debt", "taken_from", "taken_by", "every", "each", "first_on", "evidence"]);
        let cashier = agree_overpayment_recovery(&t.desk, &t.role(Role::Cashier), from_pay("e")).await;
        assert_eq!(code(cashier), "CTL-01-NO-DUTY");
        let agreed = agree(&t, from_pay("f")).await.expect("agreed");
        let asked = ("OPR-000001", 3, 90_000, "2026-07-29".to_owned());
        assert_eq!((agreed.number.as_str(), agreed.deductions, agreed.total_pence, agreed.last_on.to_string()), asked);
        assert_eq!(agree(&t, from_pay("f")).await.expect("again"), agreed, "once for one key");
        assert_eq!(code(agree(&t, from_pay("g")).await), "REC-05-RUNS");
        // Nobody is chased for what payroll takes back.
        release(&t, "2026-05-07").await.expect("a day");
        let view = case(&t.desk, &t.role(Role::CreditController), pay).await.expect("a case");
        assert!(view.steps.is_empty(), "{:?}", view.steps);
        let held: Vec<(&str, &str)> = view.holds.iter().map(|one| (one.reason.as_str(), one.words.as_str())).collect();
        assert_eq!(held, [("plan", "OPR-000001")]);
        assert_eq!(trail(&t, view.holds[0].id).await, ["HoldPlaced"], "who placed it is in the trail");
        let row = |debt: &str, on: &str, week, pence| (debt.to_owned(), on.to_owned(), week, pence, String::new());
        assert_eq!(due(&t, TakenFrom::Pay, "2026-05-31").await, [row("INV-1", "2026-05-29", 8, 30_000)]);
        assert!(due(&t, TakenFrom::Provider, "2026-12-31").await.is_empty());
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_what_payroll_kept_is_a_receipt_and_what_came_short_is_planned_again() {
    on_both("2026-05-06", async |t| {
        let [pay, ..] = overpaid(&t).await;
        fact(&t, pay, "salary_notice").await;
        fact(&t, pay, "salary_agreement").await;
        let number = agree(&t, from_pay("a")).await.expect("agreed").number;
        let (ar, cost) = (posted(&t, "AR").await, posted(&t, "PAY").await);
        t.go_to("2026-05-29");
        assert_eq!(code(take(&t, &number, 1, 30_001).await), "REC-05-MORE");
        let first = take(&t, &number, 1, 30_000).await.expect("kept");
        assert_eq!((first.receipt.as_str(), first.open_pence, first.state.as_str()), ("STF-000001", 60_000, "running"));
        assert_eq!((posted(&t, "AR").await - ar, posted(&t, "PAY").await - cost), (-30_000, 30_000));
        assert_eq!((posted(&t, "BANK").await, posted(&t, "UNALL").await), (0, 0), "no bank, nothing left over");
        t.go_to("2026-05-30");
        assert_eq!(code(take(&t, &number, 1, 30_000).await), "REC-05-STATE", "once");
        proved(&t).await;
        assert_eq!(code(freed(&t, &number).await), "CSH-KEPT", "for this debt and no other");
        let back = undo(&t, &number, 1).await.expect("undone");
        assert_eq!((back.given_back_pence, back.open_pence, open_of(&t, pay).await), (30_000, 90_000, 90_000));
        assert_eq!((posted(&t, "AR").await - ar, posted(&t, "PAY").await - cost), (0, 0));
        assert_eq!(code(undo(&t, &number, 1).await), "REC-05-STATE");
        proved(&t).await;
        take(&t, &number, 1, 30_000).await.expect("again");
        t.go_to("2026-06-29");
        take(&t, &number, 2, 10_000).await.expect("a month of little pay");
        t.go_to("2026-07-29");
        take(&t, &number, 3, 0).await.expect("a month without pay");
        let view = overpayment_recovery(&t.desk, &t.role(Role::Auditor), &number).await.expect("a view");
        let lines: Vec<(i64, String, i64, &str)> = view
            .deductions
            .iter()
            .map(|one| (one.line, one.due_on.to_string(), one.planned_pence, one.state.as_str()))
            .collect();
        let asked = [
            (1, "2026-05-29".to_owned(), 30_000, "taken"),
            (2, "2026-06-29".to_owned(), 30_000, "taken"),
            (3, "2026-07-29".to_owned(), 30_000, "missed"),
            (4, "2026-08-29".to_owned(), 20_000, "due"),
            (5, "2026-09-29".to_owned(), 30_000, "due"),
        ];
        assert_eq!(lines, asked);
        t.go_to("2026-08-31");
        take(&t, &number, 4, 20_000).await.expect("kept");
        t.go_to("2026-09-29");
        let last = take(&t, &number, 5, 30_000).await.expect("kept");
        assert_eq!((last.open_pence, last.state.as_str()), (0, "done"));
        let listed = overpayment_recoveries(&t.desk, &t.role(Role::Auditor)).await.expect("a list");
        assert_eq!((listed[0].taken_pence, listed[0].open_pence, listed[0].state.as_str()), (90_000, 0, "done"));
        let back = undo(&t, &number, 5).await.expect("undone");
        assert_eq!(back.open_pence, 30_000);
        let view = overpayment_recovery(&t.desk, &t.role(Role::Auditor), &number).await.expect("a view");
        assert_eq!((view.recovery.state.as_str(), view.stopped), ("running", None), "it goes on");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_sc_04_a_providers_debt_is_netted_off_with_notice_as_a_contra_and_undone() {
    on_both("2026-05-06", async |t| {
        let [_, home, charge] = overpaid(&t).await;
        assert_eq!(code(agree(&t, from_payments("a")).await), "REC-05-SET-OFF-NOTICE");
        fact(&t, home, "provider_notice").await;
        let care = AgreeOverpaymentRecovery { debt: "INV-3".into(), each: Some(Pence(100)), ..from_payments("b") };
        assert_eq!(code(agree(&t, care).await), "REC-05-OTHER-DEBT");
        let agreed = agree(&t, from_payments("c")).await.expect("agreed");
        assert_eq!((agreed.deductions, agreed.last_on), (3, d("2026-07-13")));
        let row = |on: &str, week, pence| ("INV-2".to_owned(), on.to_owned(), week, pence, String::new());
        let asked = [row("2026-05-18", 7, 50_000), row("2026-06-15", 11, 50_000), row("2026-07-13", 15, 25_040)];
        assert_eq!(due(&t, TakenFrom::Provider, "2026-12-31").await, asked);
        let (ar, ap) = (posted(&t, "AR").await, posted(&t, "AP").await);
        t.go_to("2026-05-18");
        take(&t, &agreed.number, 1, 50_000).await.expect("netted off");
        assert_eq!((posted(&t, "AR").await - ar, posted(&t, "AP").await - ap), (-50_000, 50_000));
        assert_eq!((open_of(&t, home).await, open_of(&t, charge).await), (75_040, 5_000));
        undo(&t, &agreed.number, 1).await.expect("undone");
        assert_eq!((posted(&t, "AR").await - ar, posted(&t, "AP").await - ap), (0, 0));
        proved(&t).await;
        let end = EndOverpaymentRecovery {
            key: "end".into(),
            recovery: agreed.number.clone(),
            reason: "The contract ended; it is invoiced".into(),
        };
        let view = overpayment_recovery(&t.desk, &t.role(Role::Auditor), &agreed.number).await.expect("a view");
        let over = end_overpayment_recovery(&t.desk, &t.role(Role::CreditController), end).await.expect("over");
        assert_eq!(over.open_pence, 125_040);
        assert_eq!(trail(&t, view.recovery.hold_id.expect("a hold")).await, ["HoldPlaced", "HoldEnded"]);
        assert!(due(&t, TakenFrom::Provider, "2026-12-31").await.is_empty());
        assert_eq!(code(take(&t, &agreed.number, 2, 50_000).await), "REC-05-STATE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_a_provider_gets_one_letter_for_each_payment_that_was_cut() {
    on_both("2026-05-06", async |t| {
        let [pay, home, _] = overpaid(&t).await;
        fact(&t, pay, "salary_notice").await;
        fact(&t, home, "provider_notice").await;
        let number = agree(&t, from_payments("a")).await.expect("agreed").number;
        let contract = AgreeOverpaymentRecovery { taken_by: "contract".into(), ..from_pay("b") };
        let of_pay = agree(&t, contract).await.expect("agreed").number;
        t.go_to("2026-05-18");
        let (cashier, auditor) = (t.role(Role::Cashier), t.role(Role::Auditor));
        let ask = RecordOverpaymentTaken {
            key: "once".into(),
            recovery: number.clone(),
            line: 1,
            amount: Some(Pence(50_000)),
            on: Some(t.desk.today()),
            reference: "Remittance 41".into(),
        };
        let taken = record_overpayment_taken(&t.desk, &cashier, ask.clone()).await.expect("kept");
        let again = record_overpayment_taken(&t.desk, &cashier, ask).await.expect("the same answer");
        assert_eq!(again, taken, "once for one key");
        let letter = sundry_desk::delivery::letter(&t.desk, &auditor, &taken.letter).await.expect("a letter");
        assert_eq!((letter.head.kind.as_str(), letter.head.total_pence), ("receipt", 50_000));
        assert_eq!(letter.content.payment, None, "it asks for no money");
        let said: Vec<&str> = letter.content.blocks.iter().map(|one| one.text.as_str()).collect();
        for words in [
            "18 May 2026",
            "invoice INV-2",
            taken.receipt.as_str(),
            "£750.40 is left",
            "£500.00 of our payment of 15 June",
        ] {
            assert!(said.iter().any(|text| text.contains(words)), "{words}: {said:?}");
        }
        t.go_to("2026-06-15");
        assert_eq!(take(&t, &number, 2, 0).await.expect("nothing kept").letter, "", "nothing to tell");
        assert_eq!(take(&t, &of_pay, 1, 30_000).await.expect("kept of pay").letter, "", "the payslip says it");
        let mut look = t.desk.look().await.expect("reads");
        let who = ledger::item(&mut look, t.org, home).await.expect("reads").expect("an item").customer_id;
        drop(look);
        let all = sundry_desk::delivery::letters_of_customer(&t.desk, &auditor, CustomerId(who)).await;
        let numbers: Vec<String> = all.expect("letters").into_iter().map(|one| one.number).collect();
        assert_eq!(numbers, [taken.letter], "one letter for one payment");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_03_nothing_is_kept_of_what_we_owe_while_breathing_space_freezes_the_debt() {
    on_both("2026-05-06", async |t| {
        let [pay, home, _] = overpaid(&t).await;
        fact(&t, pay, "salary_notice").await;
        fact(&t, home, "provider_notice").await;
        let contract = AgreeOverpaymentRecovery { taken_by: "contract".into(), ..from_pay("a") };
        let by_pay = agree(&t, contract).await.expect("agreed").number;
        let by_payment = agree(&t, from_payments("b")).await.expect("agreed").number;
        for customer in ["C100001", "C100002"] {
            let flag = SetFlag {
                key: customer.into(),
                number: customer.into(),
                kind: "breathing_space".into(),
                evidence: "Notice of 6 May 2026".into(),
                from_on: None,
                to_on: Some(d("2026-07-04")),
                review_on: None,
            };
            set_flag(&t.desk, &t.role(Role::CreditController), flag).await.expect("a flag");
        }
        let stopped = due(&t, TakenFrom::Pay, "2026-05-31").await;
        assert_eq!(
            (stopped[0].3, stopped[0].4.as_str()),
            (0, "BS-03-BREATHING-SPACE"),
            "payroll is told to keep nothing"
        );
        let all = overpayment_deductions(&t.desk, &t.role(Role::Cashier), TakenFrom::Pay, d("2026-05-31")).await;
        let why = all.expect("a list").remove(0).why;
        assert!(why.to_lowercase().contains("breathing space"), "and why, in a sentence: {why}");
        t.go_to("2026-05-29");
        assert_eq!(code(take(&t, &by_payment, 1, 50_000).await), "BS-03-BREATHING-SPACE");
        // What payroll kept all the same is recorded: the books say what happened.
        take(&t, &by_pay, 1, 30_000).await.expect("kept before anybody told payroll");
        proved(&t).await;
    })
    .await;
}
