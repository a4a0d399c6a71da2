//! The worked examples of late payment.
use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn book() -> ReferenceBook {
    ReferenceBook::default()
}

#[rstest]
#[case::lp_e1(100_000, ["2026-03-31", "2026-04-01", "2026-04-30"], 30, 1175, 966, 7_000)]
#[case::lp_e2(250_000, ["2025-06-30", "2025-07-01", "2025-09-30"], 92, 1225, 7_719, 7_000)]
#[case::lp_e3(99_999, ["2024-03-30", "2024-03-31", "2024-06-28"], 90, 1325, 3_267, 4_000)]
#[case::lp_e4_not_rerated(1_000_000, ["2023-01-30", "2023-01-31", "2024-01-30"], 365, 1150, 115_000, 10_000)]
#[case::lp_e5_not_stepped(481_237, ["2025-12-19", "2025-12-20", "2026-02-14"], 57, 1225, 9_206, 7_000)]
#[case::lp_e6_leap_year(500_000, ["2024-01-30", "2024-01-31", "2024-03-31"], 61, 1325, 11_072, 7_000)]
fn interest_and_compensation(
    #[case] principal: i64,
    #[case] dates: [&str; 3],
    #[case] days: i64,
    #[case] rate: i64,
    #[case] interest: i64,
    #[case] compensation: i64,
) {
    let [relevant, starts, paid] = dates.map(d);
    let worked = late_interest(&book(), Pence(principal), relevant, &[], &[], paid).expect("worked out");
    assert_eq!(worked.starts_on, starts);
    assert_eq!(worked.slices.iter().map(|slice| slice.days).sum::<i64>(), days);
    assert_eq!(worked.rate.rate, BasisPoints(rate));
    assert_eq!((worked.interest, worked.compensation), (Pence(interest), Pence(compensation)));
}

#[test]
fn lp_e7_part_payments_are_rounded_once() {
    let payments = [
        PartPayment { on: d("2026-09-30"), amount: Pence(400_000) },
        PartPayment { on: d("2026-07-31"), amount: Pence(200_000) },
    ];
    let worked = late_interest(&book(), Pence(600_000), d("2026-06-30"), &payments, &[], d("2026-11-21"));
    let worked = worked.expect("worked out");
    assert_eq!((worked.interest, worked.compensation), (Pence(13_842), Pence(7_000)));
    let days: Vec<i64> = worked.slices.iter().map(|slice| slice.days).collect();
    assert_eq!(days, [31, 61]);
}

fn council(agreed: Option<&str>, performed: &str, notice: &str) -> RelevantDayFacts {
    RelevantDayFacts {
        agreed_on: agreed.map(d),
        performed_on: d(performed),
        notice_on: d(notice),
        accepted_on: None,
        public_authority: true,
        later_day_is_fair: false,
    }
}

#[test]
fn lp_e8_no_agreed_day() {
    let relevant = relevant_day(&council(None, "2026-03-02", "2026-03-05"));
    assert_eq!(relevant, d("2026-04-03"));
    let worked = late_interest(&book(), Pence(100_000), relevant, &[], &[], d("2026-04-04")).expect("worked out");
    assert_eq!((worked.starts_on, worked.slices[0].days), (d("2026-04-04"), 1));
}

#[test]
fn lp_e9_a_public_authority_is_cut_back_to_thirty_days() {
    let facts = council(Some("2026-05-04"), "2026-03-05", "2026-03-05");
    assert_eq!(relevant_day(&facts), d("2026-04-03"));
    let company = RelevantDayFacts { public_authority: false, agreed_on: Some(d("2026-08-01")), ..facts };
    assert_eq!(relevant_day(&company), d("2026-05-03"));
    let fair = RelevantDayFacts { later_day_is_fair: true, ..company };
    assert_eq!(relevant_day(&fair), d("2026-08-01"));
}

#[test]
fn lp_e10_section_69() {
    let on = d("2026-11-21");
    let claim = s69_interest(&book(), Pence(150_000), 200, on).expect("worked out");
    assert_eq!((claim.to_date, claim.daily), (Pence(6_575), Pence(33)));
    assert_eq!(s69_interest(&book(), Pence(43_217), 97, on).map(|claim| claim.to_date), Ok(Pence(919)));
}

#[test]
fn lp_e11_judgments() {
    let interest = |judgment, under_the_act| {
        judgment_interest(&book(), Pence(judgment), 120, d("2026-05-01"), under_the_act).expect("worked out")
    };
    assert_eq!(interest(525_000, false), Pence(13_808));
    assert_eq!((interest(499_999, false), interest(500_000, false)), (Pence::ZERO, Pence(13_151)));
    assert_eq!(interest(499_999, true), Pence(13_151));
}

#[test]
fn lp_10_interest_runs_on_what_is_left_of_a_judgment_and_not_on_frozen_days() {
    let on = d("2026-05-01");
    let to = |judgment: i64, paid: &[PartPayment], frozen: &[Frozen], days: i64| {
        judgment_interest_to(&book(), (Pence(judgment), on), false, (paid, frozen), add_days(on, days))
    };
    assert_eq!(to(525_000, &[], &[], 120), Ok(Pence(13_808)));
    assert_eq!(to(525_000, &[], &[], 0), Ok(Pence::ZERO), "not on the day itself");
    let half = [PartPayment { on: add_days(on, 60), amount: Pence(262_500) }];
    assert_eq!(to(525_000, &half, &[], 120), Ok(Pence(10_356)), "a judgment of more that was paid in part");
    let frozen = [Frozen { first_on: add_days(on, 1), last_on: add_days(on, 60) }];
    assert_eq!(to(525_000, &[], &frozen, 120), Ok(Pence(6_904)));
    assert_eq!(to(499_999, &[], &[], 120), Ok(Pence::ZERO));
}

fn facts(customer_kind: CustomerKind, nature: DebtNature) -> LateFacts {
    LateFacts { customer_kind, nature, contract_interest: false, we_are_nhs: false, disputed: false }
}

#[test]
fn lp_e12_a_care_contribution_bears_no_interest() {
    let resident = facts(CustomerKind::Individual, DebtNature::StatutoryCharge);
    let refused = eligible(&resident).expect_err("not commercial");
    assert_eq!(
        (refused.code.as_str(), refused.sentence.as_str()),
        ("LP-01-STATUTORY", "This is not a commercial debt")
    );
    assert_eq!((regime(&resident), in_claim_regime(&resident)), (Regime::None, Regime::Section69));
}

#[test]
fn lp_01_each_reason_has_its_code() {
    let code = |facts: &LateFacts| eligible(facts).map_or_else(|refusal| refusal.code, |()| "eligible".into());
    let company = facts(CustomerKind::Company, DebtNature::Contract);
    assert_eq!(code(&company), "eligible");
    assert_eq!(code(&facts(CustomerKind::Individual, DebtNature::Contract)), "LP-06-CONSUMER");
    assert_eq!(code(&facts(CustomerKind::Unknown, DebtNature::Contract)), "LP-06-CONSUMER");
    assert_eq!(code(&facts(CustomerKind::Employee, DebtNature::SalaryOverpayment)), "LP-01-EMPLOYEE");
    assert_eq!(code(&facts(CustomerKind::Company, DebtNature::ExceptedContract)), "LP-01-EXCEPTED");
    assert_eq!(code(&facts(CustomerKind::NhsBody, DebtNature::NhsContract)), "LP-01-NHS");
    let nhs = LateFacts { we_are_nhs: true, ..facts(CustomerKind::NhsBody, DebtNature::Contract) };
    assert_eq!(code(&nhs), "LP-01-NHS");
    assert_eq!(code(&LateFacts { contract_interest: true, ..company.clone() }), "LP-01-CONTRACT-RATE");
    assert_eq!(code(&LateFacts { disputed: true, ..company }), "LP-01-DISPUTED");
}

#[test]
fn lp_08_the_decision_table() {
    let trader = facts(CustomerKind::SoleTrader, DebtNature::Contract);
    assert_eq!((regime(&trader), in_claim_regime(&trader)), (Regime::LatePaymentAct, Regime::LatePaymentAct));
    let own_rate = LateFacts { contract_interest: true, ..trader };
    assert_eq!((regime(&own_rate), in_claim_regime(&own_rate)), (Regime::Contract, Regime::Contract));
    let consumer = facts(CustomerKind::Individual, DebtNature::Contract);
    assert_eq!((regime(&consumer), in_claim_regime(&consumer)), (Regime::None, Regime::Section69));
    let nhs = facts(CustomerKind::NhsBody, DebtNature::NhsContract);
    assert_eq!((regime(&nhs), in_claim_regime(&nhs)), (Regime::None, Regime::None));
}

#[test]
fn bs_e3_frozen_days_bear_no_interest() {
    let frozen = [
        Frozen { first_on: d("2026-09-14"), last_on: d("2026-11-12") },
        Frozen { first_on: d("2026-10-01"), last_on: d("2026-10-31") },
    ];
    let worked = late_interest(&book(), Pence(100_000), d("2026-08-31"), &[], &frozen, d("2026-11-30"));
    assert_eq!(worked.map(|worked| worked.interest), Ok(Pence(998)));
}

#[test]
fn lp_05_the_band_is_that_of_the_day_interest_starts() {
    let sum = |paid_on: &str, paid: i64| {
        let payments = [PartPayment { on: d(paid_on), amount: Pence(paid) }];
        let worked = late_interest(&book(), Pence(100_000), d("2026-06-30"), &payments, &[], d("2026-09-30"));
        worked.expect("worked out").compensation
    };
    assert_eq!(sum("2026-06-30", 1), Pence(4_000), "paid before interest started: the debt was smaller");
    assert_eq!(sum("2026-07-01", 99_999), Pence(7_000), "paid later: the sum stays");
    assert_eq!(sum("2026-06-30", 100_000), Pence::ZERO, "nothing was owed when interest would have started");
}

#[test]
fn lp_06_no_interest_before_its_day_and_none_without_a_rate() {
    let code =
        |relevant, until| late_interest(&book(), Pence(1), d(relevant), &[], &[], d(until)).expect_err("refused").code;
    assert_eq!(code("2026-06-30", "2026-06-30"), "LP-06-TOO-EARLY");
    assert_eq!(code("2026-12-31", "2027-02-01"), "REF-MISSING-LATE-PAYMENT-RATE");
}

proptest! {
    #[test]
    fn cutting_the_time_changes_the_sum_by_rounding_only(principal in 1i64..10_000_000, days in 2i64..400, cut in 1i64..400) {
        prop_assume!(cut < days);
        let relevant = d("2025-01-01");
        let to = |n: i64| late_interest(&book(), Pence(principal), relevant, &[], &[], add_days(relevant, n));
        let whole = to(days).expect("worked out").interest;
        let first = to(cut).expect("worked out").interest;
        let rest = late_interest(
            &book(), Pence(principal), relevant, &[],
            &[Frozen { first_on: add_days(relevant, 1), last_on: add_days(relevant, cut) }], add_days(relevant, days),
        ).expect("worked out").interest;
        prop_assert!(whole.minus(first.plus(rest)).size() <= Pence(1));
    }
}

#[test]
fn the_debt_type_says_what_a_debt_arises_from() {
    for (word, nature) in [
        ("Salary overpayment", DebtNature::SalaryOverpayment),
        ("care_contribution", DebtNature::StatutoryCharge),
        ("Housing benefit overpayment", DebtNature::StatutoryCharge),
        ("Client contribution", DebtNature::StatutoryCharge),
        ("Respite stay", DebtNature::StatutoryCharge),
        ("Direct payment clawback", DebtNature::StatutoryCharge),
        ("Care provider overpayment", DebtNature::StatutoryCharge),
        ("Overseas visitor", DebtNature::StatutoryCharge),
        ("overseas_patient_charge", DebtNature::StatutoryCharge),
        ("Library fines", DebtNature::StatutoryCharge),
        ("Taxi licence", DebtNature::StatutoryCharge),
        ("Business rates", DebtNature::StatutoryCharge),
        ("Pay overpaid", DebtNature::SalaryOverpayment),
        ("Mortgage", DebtNature::ExceptedContract),
        ("Overseas students", DebtNature::Contract),
        ("careers fair", DebtNature::Contract),
        ("Refined sugar", DebtNature::Contract),
        ("trade_waste", DebtNature::Contract),
        ("", DebtNature::Contract),
    ] {
        assert_eq!(DebtNature::of_debt_type(word), nature, "{word}");
    }
}

#[test]
fn lp_01_a_trader_who_is_charged_by_statute_pays_no_interest_under_the_act() {
    for debt_type in ["Client contribution", "Overseas visitor", "Taxi licence", "Fixed penalty"] {
        let trader = facts(CustomerKind::SoleTrader, DebtNature::of_debt_type(debt_type));
        let refused = eligible(&trader).expect_err(debt_type);
        assert_eq!(refused.code, "LP-01-STATUTORY", "{debt_type}");
        assert_eq!((regime(&trader), in_claim_regime(&trader)), (Regime::None, Regime::Section69), "{debt_type}");
    }
    assert_eq!(eligible(&facts(CustomerKind::SoleTrader, DebtNature::of_debt_type("Trade waste"))), Ok(()));
}
