//! A site's own fee for paying late, on both engines: only by a term of the contract, once, never beside the fixed sum
//! (DUN-09, REC-04, LP-08).
use crate::pathways::{decide, draft_of, put_live, set};
use crate::recovery::{customer, flag, open, release};
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::delivery::{letter, letters_of_customer};
use sundry_desk::recovery::contract_fees::{
    ChargeContractFee, ContractFeeCharged, ContractFeeRecorded, RecordContractFee, WithdrawContractFee,
    charge_contract_fee, contract_fees, record_contract_fee, withdraw_contract_fee,
};
use sundry_desk::recovery::{PostCharges, WaiveCharge, charges, post_charges, waive_charge};
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::StepCharges;
use sundry_paper::LetterItem;
use sundry_store::ledger;

const TERM: &str = "Waste agreement 2026, clause 7.2";

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

pub(super) fn term(key: &str, customer: &str, debt_type: &str, fair: &str) -> RecordContractFee {
    RecordContractFee {
        key: key.into(),
        customer: customer.into(),
        debt_type: debt_type.into(),
        fee: Some(Pence(1_500)),
        term: TERM.into(),
        from_on: Some(d("2026-01-01")),
        to_on: None,
        found_fair_by: fair.into(),
        evidence: "Signed agreement of 20 December 2025".into(),
    }
}

async fn asked(t: &TestDesk, ask: RecordContractFee) -> Outcome<ContractFeeRecorded> {
    record_contract_fee(&t.desk, &t.role(Role::CreditController), ask).await
}

/// Records a term, to which somebody else says yes.
async fn record(t: &TestDesk, ask: RecordContractFee) -> Outcome<ContractFeeRecorded> {
    let made = asked(t, ask).await?;
    decide(t, &made.approval, true).await.expect("a yes");
    Ok(made)
}

async fn charge(t: &TestDesk, key: &str, invoice: &str) -> Outcome<ContractFeeCharged> {
    let ask = ChargeContractFee { key: key.into(), invoice: invoice.into() };
    charge_contract_fee(&t.desk, &t.role(Role::CreditController), ask).await
}

async fn by_the_act(t: &TestDesk, key: &str, invoice: &str) -> (Pence, Pence) {
    let ask = PostCharges { key: key.into(), invoice: invoice.into() };
    let done = post_charges(&t.desk, &t.role(Role::CreditController), ask).await.expect("the act gives interest");
    (done.interest_pence, done.compensation_pence)
}

/// What the one reminder of a day says of an invoice, and what it asks for in all.
async fn said(t: &TestDesk, who: CustomerId, day: &str) -> (LetterItem, i64) {
    let by = t.role(Role::CreditController);
    let all = letters_of_customer(&t.desk, &by, who).await.expect("letters");
    let of_day: Vec<_> = all.into_iter().filter(|one| one.dated_on == d(day) && one.kind == "reminder").collect();
    assert_eq!(of_day.len(), 1, "letters of {day}");
    let mut content = letter(&t.desk, &by, &of_day[0].number).await.expect("a letter").content;
    (content.items.remove(0), content.sum_pence)
}

async fn sums(t: &TestDesk, invoice: &str) -> (i64, i64, i64) {
    let seen = charges(&t.desk, &t.role(Role::CreditController), invoice).await.expect("what was charged");
    (seen.charged_pence.0, seen.waived_pence.0, seen.open_pence.0)
}

/// The business pathway, with a fee at these steps and nothing by the act.
async fn with_fee(t: &TestDesk, steps: &[(&str, StepCharges)]) {
    let mut business = draft_of(t, "business").await;
    for step in &mut business.steps {
        step.charges = steps.iter().find(|(code, _)| *code == step.code).map_or(StepCharges::None, |(_, does)| *does);
    }
    put_live(t, business, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_a_step_quotes_and_then_charges_the_contracts_own_fee_once() {
    on_both("2026-04-01", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let other = customer(&t, "C100002", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        open(&t, other, "invoice", "INV-2", "2026-03-31", 100_000).await;
        with_fee(&t, &[("R1", StepCharges::QuoteFee), ("R2", StepCharges::PostFee), ("R3", StepCharges::PostFee)])
            .await;
        record(&t, term("term", "C100001", "", "")).await.expect("recorded");
        release(&t, "2026-04-07").await.expect("a first reminder");
        let (first, asked) = said(&t, firm, "2026-04-07").await;
        let late = first.late.expect("the fee is told");
        assert_eq!((late.posted, late.fee_pence, late.fee_term.as_str()), (false, 1_500, TERM));
        assert_eq!((late.interest_pence, late.compensation_pence), (0, 0), "nothing by the act");
        assert_eq!((first.owed_pence, asked, sums(&t, "INV-1").await), (100_000, 100_000, (0, 0, 0)), "only told");
        assert_eq!(said(&t, other, "2026-04-07").await.0.late, None, "no term, no fee");
        release(&t, "2026-04-21").await.expect("a second reminder");
        let (second, asked) = said(&t, firm, "2026-04-21").await;
        assert!(second.late.is_some_and(|late| late.posted && late.fee_pence == 1_500));
        assert_eq!((second.charges_pence, second.owed_pence, asked), (1_500, 101_500, 101_500));
        assert_eq!(sums(&t, "INV-1").await, (1_500, 0, 1_500));
        let mut look = t.desk.look().await.expect("looks");
        let item = ledger::items_numbered(&mut look, t.org, "INV-1/L1").await.expect("reads").remove(0);
        assert_eq!((item.kind.as_str(), item.document_id), ("costs", None), "an item of its own, without VAT");
        drop(look);
        for day in ["2026-04-22", "2026-05-05"] {
            release(&t, day).await.expect("a day");
        }
        assert_eq!(sums(&t, "INV-1").await, (1_500, 0, 1_500), "once for an invoice");
        assert_eq!(sums(&t, "INV-2").await, (0, 0, 0));
        let waiver = WaiveCharge {
            key: "waive".into(),
            charge: "INV-1/L1".into(),
            amount: None,
            reason: "goodwill".into(),
            words: "A first lapse".into(),
        };
        waive_charge(&t.desk, &t.role(Role::Approver), waiver).await.expect("waived as any other charge");
        assert_eq!(sums(&t, "INV-1").await, (1_500, 1_500, 0));
        assert_eq!(
            charge(&t, "again", "INV-1").await.expect_err("waived stays waived").code(),
            Some("DUN-09-FEE-ONCE")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_04_a_fee_by_hand_is_refused_without_a_term_and_where_the_law_says_no() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let person = customer(&t, "C100002", "individual", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        open(&t, firm, "invoice", "INV-2", "2026-06-30", 100_000).await;
        let penalty = open(&t, firm, "invoice", "INV-3", "2026-03-31", 100_000).await;
        set(&t, penalty, "debt_type", "Penalty charge").await;
        open(&t, person, "invoice", "INV-4", "2026-03-31", 100_000).await;
        let code = |no: sundry_desk::No| no.code().map(str::to_owned).unwrap_or_default();
        assert_eq!(code(charge(&t, "a", "INV-1").await.expect_err("no term")), "REC-04-FEE");
        let ask = ChargeContractFee { key: "b".into(), invoice: "INV-1".into() };
        let no = charge_contract_fee(&t.desk, &t.role(Role::Cashier), ask).await.expect_err("not their duty");
        assert_eq!(code(no), "CTL-01-NO-DUTY");
        let care = record(&t, term("c", "C100001", "Care charge", "")).await.expect_err("no contract");
        assert_eq!(code(care), "DUN-09-FEE-DEBT");
        let unjudged = record(&t, term("d", "C100002", "", " ")).await.expect_err("nobody judged it");
        assert_eq!(code(unjudged), "DUN-09-FEE-FAIR");
        let empty = RecordContractFee { fee: None, evidence: " ".into(), ..term("e", "C100001", "", "") };
        assert!(matches!(record(&t, empty).await, Err(sundry_desk::No::Invalid(wrong)) if wrong.len() == 2));
        record(&t, term("f", "C100001", "", "")).await.expect("recorded");
        let twice = record(&t, term("g", "C100001", "", "")).await.expect_err("one stands");
        assert_eq!(code(twice), "DUN-09-FEE-OVERLAPS");
        assert_eq!(code(charge(&t, "h", "INV-2").await.expect_err("it is not due")), "DUN-09-FEE-NOT-LATE");
        assert_eq!(code(charge(&t, "i", "INV-3").await.expect_err("by statute")), "DUN-09-FEE-DEBT");
        record(&t, term("j", "C100002", "", "J Hale, solicitor")).await.expect("recorded");
        flag(&t, person, "breathing_space", "2026-05-01", "2026-06-30").await;
        assert_eq!(code(charge(&t, "k", "INV-4").await.expect_err("frozen")), "BS-03-BREATHING-SPACE");
        assert_eq!(charge(&t, "l", "INV-1").await.expect("charged").charge, "INV-1/L1");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_the_fee_and_the_fixed_sum_of_the_act_never_stand_on_one_debt() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        for number in ["INV-1", "INV-2"] {
            open(&t, firm, "invoice", number, "2026-03-31", 100_000).await;
        }
        record(&t, term("term", "C100001", "", "")).await.expect("recorded");
        charge(&t, "fee", "INV-1").await.expect("charged");
        let (interest, fixed) = by_the_act(&t, "act 1", "INV-1").await;
        assert!(interest > Pence::ZERO && fixed == Pence::ZERO, "interest runs, the fixed sum does not: {fixed}");
        assert_eq!(by_the_act(&t, "act 2", "INV-2").await.1, Pence(7_000));
        let no = charge(&t, "both", "INV-2").await.expect_err("the fixed sum stands");
        assert_eq!(no.code(), Some("DUN-09-FEE-FIXED-SUM"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_a_term_that_was_wrong_counts_no_longer_and_is_kept() {
    on_both("2026-05-10", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        let id = record(&t, term("term", "C100001", "", "")).await.expect("recorded").id;
        let by = t.role(Role::CreditController);
        let ask = |key: &str| WithdrawContractFee {
            key: key.into(),
            customer: "C100001".into(),
            id,
            reason: "Another customer's agreement".into(),
        };
        withdraw_contract_fee(&t.desk, &by, ask("w")).await.expect("withdrawn");
        let no = withdraw_contract_fee(&t.desk, &by, ask("again")).await.expect_err("once");
        assert_eq!(no.code(), Some("DUN-09-FEE-WITHDRAWN"));
        assert_eq!(charge(&t, "fee", "INV-1").await.expect_err("no term").code(), Some("REC-04-FEE"));
        let kept = contract_fees(&t.desk, &by, "C100001").await.expect("terms");
        assert_eq!((kept.len(), kept[0].withdrawn_why.as_str()), (1, "Another customer's agreement"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_01_a_term_allows_no_fee_until_somebody_else_has_said_yes_to_it() {
    on_both("2026-04-01", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        with_fee(&t, &[("R1", StepCharges::QuoteFee), ("R2", StepCharges::PostFee)]).await;
        let first = asked(&t, term("a", "C100001", "", "")).await.expect("recorded");
        assert_eq!(asked(&t, term("a", "C100001", "", "")).await.expect("again"), first, "once for one key");
        assert_eq!(charge(&t, "b", "INV-1").await.expect_err("it waits").code(), Some("DUN-09-FEE-WAITS"));
        release(&t, "2026-04-07").await.expect("a first reminder");
        assert_eq!(said(&t, firm, "2026-04-07").await.0.late, None, "no letter names it");
        decide(&t, &first.approval, false).await.expect("turned down");
        assert_eq!(charge(&t, "c", "INV-1").await.expect_err("no term").code(), Some("REC-04-FEE"));
        let second = asked(&t, term("d", "C100001", "", "")).await.expect("recorded anew");
        decide(&t, &second.approval, true).await.expect("a yes");
        let kept = contract_fees(&t.desk, &t.role(Role::Auditor), "C100001").await.expect("terms");
        let seen: Vec<(bool, bool)> =
            kept.iter().map(|row| (row.withdrawn_on.is_some(), row.confirmed_on.is_some())).collect();
        assert_eq!(seen, [(true, false), (false, true)]);
        assert_ne!(kept[1].confirmed_by, kept[1].recorded_by, "never the same person");
        release(&t, "2026-04-21").await.expect("a second reminder");
        assert_eq!(sums(&t, "INV-1").await, (1_500, 0, 1_500), "and is charged from then on");
        let third = asked(&t, term("e", "C100001", "Hall hire", "")).await.expect("for another kind of debt");
        let wrong = WithdrawContractFee {
            key: "f".into(),
            customer: "C100001".into(),
            id: third.id,
            reason: "Another customer's agreement".into(),
        };
        withdraw_contract_fee(&t.desk, &t.role(Role::CreditController), wrong).await.expect("withdrawn");
        let late = decide(&t, &third.approval, true).await.expect_err("withdrawn meanwhile");
        assert_eq!(late.code(), Some("DUN-09-FEE-WITHDRAWN"));
    })
    .await;
}
