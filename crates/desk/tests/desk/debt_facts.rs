//! Dated facts of debts: overpaid benefit and care charges go nowhere that the law has not opened (REC-05, SC-06).
use super::cash::owe;
use super::recovery::{customer, open, release};
use chrono::NaiveDate;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{ReferToCourt, Referral, about_customer, refer_to_court};
use sundry_desk::delivery::{PrintLetters, letters_of_customer, print_letters};
use sundry_desk::recovery::debt_facts::{
    DebtFactRecorded, RecordDebtFact, WithdrawDebtFact, debt_facts, record_debt_fact, withdraw_debt_fact,
};
use sundry_desk::recovery::{case, statutory_interest};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::law::DebtClass;
use sundry_store::{args, ledger};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

async fn typed(t: &TestDesk, item: ItemId, debt_type: &str) {
    let mut tx = t.desk.db().begin().await.expect("begins");
    let sql = "update open_item set debt_type = $3 where org_id = $1 and id = $2";
    tx.run(sql, args![t.org, item, debt_type]).await.expect("a type");
    tx.commit().await.expect("commits");
}

/// A person who owes £120.00 of a type since 1 April.
async fn owes(t: &TestDesk, n: u32, debt_type: &str) -> (CustomerId, ItemId) {
    let who = customer(t, &format!("C10000{n}"), "individual", "").await;
    let item = open(t, who, "invoice", &format!("INV-{n}"), "2026-04-01", 12_000).await;
    typed(t, item, debt_type).await;
    (who, item)
}

fn fact(item: ItemId, fact: &str, on: &str) -> RecordDebtFact {
    RecordDebtFact {
        key: format!("{} {fact} {on}", item.0),
        item,
        fact: fact.into(),
        on: Some(d(on)),
        method: String::new(),
        evidence: "Letter on the benefits file".into(),
    }
}

async fn record(t: &TestDesk, item: ItemId, which: &str, on: &str) -> Outcome<DebtFactRecorded> {
    record_debt_fact(&t.desk, &t.role(Role::CreditController), fact(item, which, on)).await
}

/// The code with which the next step of a debt is refused today, and from when it may be taken.
async fn refused(t: &TestDesk, item: ItemId) -> Option<(String, Option<NaiveDate>)> {
    let view = case(&t.desk, &t.role(Role::CreditController), item).await.expect("a case");
    view.next.and_then(|next| next.refusal).map(|refusal| (refusal.code, refusal.allowed_from))
}

async fn steps(t: &TestDesk, item: ItemId) -> usize {
    let view = case(&t.desk, &t.role(Role::CreditController), item).await.expect("a case");
    view.steps.iter().filter(|step| step.letter_state != "withdrawn").count()
}

async fn states(t: &TestDesk, who: CustomerId) -> Vec<String> {
    let all = letters_of_customer(&t.desk, &t.role(Role::CreditController), who).await.expect("letters");
    // A statement of account asks for nothing.
    all.into_iter().filter(|letter| letter.kind != "statement").map(|letter| letter.state).collect()
}

const HB: &str = "Housing benefit overpayment";

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_overpaid_benefit_is_not_chased_before_its_notice_and_the_month_of_appeal() {
    on_both("2026-05-06", async |t| {
        let (who, item) = owes(&t, 1, HB).await;
        let (_, other) = owes(&t, 2, "trade_waste").await;
        let done = release(&t, "2026-05-06").await.expect("a day");
        assert_eq!(done.totals.refused.get("REC-05-NOTICE"), Some(&1), "{:?}", done.totals.refused);
        assert_eq!((steps(&t, item).await, steps(&t, other).await), (0, 1), "the other goes on");
        assert_eq!(refused(&t, item).await, Some(("REC-05-NOTICE".into(), None)));
        record(&t, item, "benefit_notice", "2026-04-20").await.expect("a notice");
        assert_eq!(refused(&t, item).await, Some(("REC-05-APPEAL".into(), Some(d("2026-05-21")))));
        t.go_to("2026-05-15");
        let lodged = record(&t, item, "appeal_lodged", "2026-05-14").await.expect("an appeal");
        assert_eq!((lodged.fact.as_str(), lodged.debts), ("appeal_lodged", 1));
        let done = release(&t, "2026-05-21").await.expect("a day");
        assert_eq!(done.totals.refused.get("REC-05-APPEAL"), Some(&1));
        assert_eq!(refused(&t, item).await, Some(("REC-05-APPEAL".into(), None)), "while it is open");
        t.go_to("2026-06-02");
        record(&t, item, "appeal_decided", "2026-06-01").await.expect("decided");
        assert_eq!(refused(&t, item).await, None);
        release(&t, "2026-06-02").await.expect("a day");
        assert_eq!((steps(&t, item).await, states(&t, who).await.len()), (1, 0), "benefit is asked before the person");
        release(&t, "2026-06-03").await.expect("a day");
        assert_eq!((steps(&t, item).await, states(&t, who).await.len()), (2, 1));
        // A new appeal on the day before the letter is printed: it does not leave.
        record(&t, item, "appeal_lodged", "2026-06-03").await.expect("another");
        let print = PrintLetters { key: "p1".into(), limit: 10 };
        drop(print_letters(&t.desk, &t.role(Role::TeamLeader), print, &|_, _| {}).await);
        assert_eq!(states(&t, who).await, ["withdrawn"]);
        assert_eq!(steps(&t, item).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_a_direct_payment_is_asked_back_after_the_statement_of_what_was_not_spent() {
    on_both("2026-05-06", async |t| {
        let (_, item) = owes(&t, 1, "Direct payment clawback").await;
        assert_eq!(refused(&t, item).await, Some(("REC-05-UNSPENT".into(), None)));
        release(&t, "2026-05-06").await.expect("a day");
        assert_eq!(steps(&t, item).await, 0);
        record(&t, item, "unspent_statement", "2026-05-06").await.expect("the statement");
        t.go_to("2026-05-07");
        release(&t, "2026-05-07").await.expect("a day");
        assert_eq!(steps(&t, item).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_overpaid_pay_gets_its_calculation_before_more_than_a_reminder() {
    on_both("2026-05-06", async |t| {
        let (_, item) = owes(&t, 1, "Salary overpayment").await;
        let (_, unspent) = owes(&t, 2, "Direct payment clawback").await;
        assert_eq!(refused(&t, item).await, None, "a reminder says what it is for");
        assert_eq!(refused(&t, unspent).await.map(|one| one.0).as_deref(), Some("REC-05-UNSPENT"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_a_fact_is_of_its_kind_of_debt_in_order_dated_and_with_evidence() {
    on_both("2026-05-06", async |t| {
        let (_, item) = owes(&t, 1, HB).await;
        let (_, pay) = owes(&t, 2, "Salary overpayment").await;
        let by = t.role(Role::CreditController);
        let code = |answer: Outcome<DebtFactRecorded>| answer.expect_err("refused").code().map(str::to_owned);
        assert_eq!(code(record(&t, item, "deferred", "2026-05-01").await).as_deref(), Some("REC-05-OTHER-DEBT"));
        assert_eq!(code(record(&t, item, "appeal_lodged", "2026-05-01").await).as_deref(), Some("REC-05-ORDER"));
        assert_eq!(code(record(&t, pay, "salary_agreement", "2026-05-01").await).as_deref(), Some("REC-05-ORDER"));
        record(&t, pay, "salary_notice", "2026-05-01").await.expect("the calculation");
        record(&t, pay, "salary_agreement", "2026-05-04").await.expect("agreed in writing");
        let bad =
            RecordDebtFact { on: Some(d("2026-05-07")), evidence: " ".into(), ..fact(item, "notice", "2026-05-01") };
        let Err(No::Invalid(wrong)) = record_debt_fact(&t.desk, &by, bad).await else { panic!("taken") };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["fact", "on", "evidence"]);
        let no_way = record(&t, item, "recovery_method", "2026-05-01").await.expect_err("no way");
        assert!(matches!(no_way, No::Invalid(_)));
        let way = RecordDebtFact {
            method: "earnings".into(),
            key: "w".into(),
            ..fact(item, "recovery_method", "2026-05-01")
        };
        let first = record_debt_fact(&t.desk, &by, way.clone()).await.expect("a way");
        assert_eq!(record_debt_fact(&t.desk, &by, way).await.expect("again"), first, "once for one key");
        let auditor = t.role(Role::Auditor);
        let no = record_debt_fact(&t.desk, &auditor, fact(item, "benefit_notice", "2026-05-01")).await;
        assert!(no.expect_err("no duty").code().is_some());
        let shown = debt_facts(&t.desk, &by, item).await.expect("shown");
        assert_eq!(
            (shown.class, shown.facts.len(), shown.facts[0].method.as_str()),
            (DebtClass::Benefit, 1, "earnings")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_a_fact_that_was_wrong_is_withdrawn_and_kept() {
    on_both("2026-05-06", async |t| {
        let (_, item) = owes(&t, 1, HB).await;
        let by = t.role(Role::CreditController);
        let noticed = record(&t, item, "benefit_notice", "2026-03-20").await.expect("a notice");
        assert_eq!(refused(&t, item).await, None);
        let withdraw =
            |key: &str, id: i64, reason: &str| WithdrawDebtFact { key: key.into(), item, id, reason: reason.into() };
        let no = withdraw_debt_fact(&t.desk, &by, withdraw("a", noticed.id, " ")).await.expect_err("no reason");
        assert!(matches!(no, No::Invalid(_)));
        let no = withdraw_debt_fact(&t.desk, &by, withdraw("b", 5, "Of another")).await.expect_err("none");
        assert!(matches!(no, No::Absent(_)));
        withdraw_debt_fact(&t.desk, &by, withdraw("c", noticed.id, "It was the notice of another claim"))
            .await
            .expect("withdrawn");
        assert_eq!(refused(&t, item).await.map(|one| one.0).as_deref(), Some("REC-05-NOTICE"));
        let no = withdraw_debt_fact(&t.desk, &by, withdraw("d", noticed.id, "Twice")).await.expect_err("over");
        assert_eq!(no.code(), Some("REC-05-WITHDRAWN"));
        let shown = debt_facts(&t.desk, &by, item).await.expect("shown");
        assert_eq!(shown.facts[0].withdrawn_on, Some(d("2026-05-06")));
        assert_eq!(shown.facts[0].withdrawn_why, "It was the notice of another claim");
        let about = about_customer(&t.desk, &by, "C100001").await.expect("what stands");
        let facts: Vec<(&str, &str)> = about.facts.iter().map(|one| (one.debt.as_str(), one.fact.as_str())).collect();
        assert_eq!(facts, [("INV-1", "benefit_notice")]);
        assert_eq!(about.facts[0].withdrawn_on, Some(d("2026-05-06")));
        assert!(about.late_charges.is_empty() && about.insolvencies.is_empty() && about.estates.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lp_08_a_deferred_care_charge_bears_no_other_interest() {
    on_both("2026-06-30", async |t| {
        let (_, item) = owes(&t, 1, "Care contribution").await;
        let by = t.role(Role::CreditController);
        let code = async || {
            let no = statutory_interest(&t.desk, &by, "INV-1", d("2026-06-30")).await.expect_err("none");
            no.code().map(str::to_owned)
        };
        assert_eq!(code().await.as_deref(), Some("LP-01-STATUTORY"));
        record(&t, item, "deferred", "2026-05-01").await.expect("deferred");
        assert_eq!(code().await.as_deref(), Some("LP-08-CARE"));
        record(&t, item, "deferral_ended", "2026-06-01").await.expect("ended");
        assert_eq!(code().await.as_deref(), Some("LP-01-STATUTORY"));
    })
    .await;
}

async fn refer(t: &TestDesk, key: &str, debt: &str) -> Outcome<Referral> {
    let ask = ReferToCourt {
        key: key.into(),
        customer: "C100001".into(),
        debts: vec![debt.into()],
        why: "Three reminders, no answer".into(),
        means: "A pension".into(),
        assets: "Owns the house".into(),
    };
    refer_to_court(&t.desk, &t.role(Role::CreditController), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sc_06_a_care_charge_goes_to_no_court_while_a_deferral_is_possible_and_was_not_refused() {
    on_both("2026-05-20", async |t| {
        let owed = [
            ("INV-1", "C100001", "2026-03-02", "2026-04-01", 120_000),
            ("INV-2", "C100001", "2026-03-02", "2026-04-01", 60_000),
            ("INV-3", "C100001", "2026-03-02", "2026-04-01", 70_000),
            ("INV-4", "C100001", "2026-03-02", "2026-04-01", 80_000),
        ];
        owe(&t, "owe", &[("C100001", "Mr Adam Example", "", "")], &owed).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set kind = 'individual', address1 = '1 High Street', town = 'Morpeth', postcode = 'NE61 1AA' where org_id = $1";
        tx.run(sql, args![t.org]).await.expect("an address");
        let mut items = Vec::new();
        for (number, ..) in owed {
            items.push(ItemId(ledger::items_numbered(&mut tx, t.org, number).await.expect("reads").remove(0).id));
        }
        tx.commit().await.expect("commits");
        typed(&t, items[0], "Care contribution").await;
        typed(&t, items[1], HB).await;
        typed(&t, items[3], "Salary overpayment").await;
        let code = |answer: Outcome<Referral>| answer.expect_err("refused").code().map(str::to_owned);
        record(&t, items[0], "deferral_possible", "2026-04-20").await.expect("possible");
        assert_eq!(code(refer(&t, "a", "INV-1").await).as_deref(), Some("SC-06-DPA"));
        assert_eq!(code(refer(&t, "b", "INV-2").await).as_deref(), Some("REC-05-NOTICE"));
        // What is asked of one debt is not asked of another on the account.
        refer(&t, "c", "INV-3").await.expect("a contract");
        record(&t, items[0], "deferral_refused", "2026-05-10").await.expect("refused");
        refer(&t, "d", "INV-1").await.expect("the adult refused");
        assert_eq!(code(refer(&t, "e", "INV-4").await).as_deref(), Some("REC-05-CALCULATION"));
        record(&t, items[3], "salary_notice", "2026-05-11").await.expect("the calculation");
        refer(&t, "f", "INV-4").await.expect("the calculation was sent");
    })
    .await;
}
