//! The claim: its value, its interest paragraph, and what it cannot do without (CT-04).
use super::fees::{CourtFee, issue_fee};
use super::refusals;
use crate::calendar::add_days;
use crate::law::{CourtInterest, Frozen, PartPayment, Regime, late_interest, s69_interest};
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::reference::ReferenceBook;
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// Who is sued, in law.
    DefendantStatus {
        /// A person.
        Individual = "individual", "Individual";
        /// A person under a trading name.
        TradingAs = "trading_as", "Trading as";
        /// A company with its number.
        Company = "company", "Company";
        /// A limited liability partnership.
        Llp = "llp", "Limited liability partnership";
    }
}

/// A debt in a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedDebt {
    /// Number of the invoice.
    pub number: String,
    /// What is owed of it.
    pub principal: Pence,
    /// The day interest runs after: due day for section 69, relevant day under the act.
    pub from_on: NaiveDate,
    /// Paid since, already out of the principal; the days before bore interest on more.
    pub payments: Vec<PartPayment>,
    /// Days that bear no interest.
    pub frozen: Vec<Frozen>,
    /// The contract's own fee was charged on it, so the fixed sum of the act is not claimed (DUN-09).
    #[serde(default)]
    pub bears_fee: bool,
    /// Interest that was charged before, and paid or waived: it is not claimed again.
    #[serde(default)]
    pub interest_settled: Pence,
    /// The fixed sum that was charged before, and paid or waived.
    #[serde(default)]
    pub fixed_sum_settled: Pence,
}

/// The interest of a claim, as it is pleaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimInterest {
    /// On what basis.
    pub regime: Regime,
    /// The yearly rate, where there is one for all debts.
    pub rate: Option<BasisPoints>,
    /// First day.
    pub from_on: NaiveDate,
    /// To the day of issue.
    pub to_on: NaiveDate,
    /// The amount to that day.
    pub to_date: Pence,
    /// A day's interest to judgment or payment.
    pub daily: Pence,
    /// Fixed compensation under the act: a line of its own.
    pub compensation: Pence,
}

/// The one ground on which the interest of all debts is claimed, from the ground and the due day of each: their own where
/// it is the same, else the court's, which runs from the day each was due (LP-07, LP-08).
pub fn one_ground(debts: &mut [ClaimedDebt], each: &[(Regime, NaiveDate)]) -> Regime {
    let first = each.first().map(|(regime, _)| *regime);
    match first.filter(|first| each.iter().all(|(regime, _)| regime == first)) {
        Some(same) => same,
        None => {
            for (debt, (_, due_on)) in debts.iter_mut().zip(each) {
                debt.from_on = *due_on;
            }
            Regime::Section69
        }
    }
}

/// Works out the interest of all debts of a claim to the day of issue.
pub fn claim_interest(
    book: &ReferenceBook,
    regime: Regime,
    debts: &[ClaimedDebt],
    contract_rate: Option<BasisPoints>,
    issue_on: NaiveDate,
) -> Result<Option<ClaimInterest>, Refusal> {
    let Some(first) = debts.iter().map(|debt| debt.from_on).min().filter(|_| regime != Regime::None) else {
        return Ok(None);
    };
    let mut sum = ClaimInterest {
        regime,
        rate: None,
        from_on: add_days(first, 1),
        to_on: issue_on,
        to_date: Pence::ZERO,
        daily: Pence::ZERO,
        compensation: Pence::ZERO,
    };
    let mut rates = Vec::new();
    let mut daily_exact = 0;
    for debt in debts {
        let (rate, interest, compensation) = one(book, regime, debt, contract_rate, issue_on)?;
        sum.to_date = sum.to_date.plus(interest);
        sum.compensation = sum.compensation.plus(compensation);
        daily_exact += i128::from(debt.principal.0) * i128::from(rate.0);
        rates.push(rate);
    }
    rates.dedup();
    let daily = divide_half_up(daily_exact, 10_000 * 365);
    sum.daily = Pence(i64::try_from(daily).expect("a day of an amount bounded at the door fits"));
    sum.rate = rates.first().copied().filter(|_| rates.len() == 1);
    Ok(Some(sum))
}

fn one(
    book: &ReferenceBook,
    regime: Regime,
    debt: &ClaimedDebt,
    contract_rate: Option<BasisPoints>,
    issue_on: NaiveDate,
) -> Result<(BasisPoints, Pence, Pence), Refusal> {
    let mut payments: Vec<PartPayment> =
        debt.payments.iter().filter(|paid| paid.on > debt.from_on && paid.on <= issue_on).copied().collect();
    payments.sort_by_key(|payment| payment.on);
    let left = |sum: Pence, settled: Pence| sum.minus(settled).max(Pence::ZERO);
    let whole = payments.iter().fold(debt.principal, |sum, payment| sum.plus(payment.amount));
    if regime == Regime::LatePaymentAct {
        let worked = late_interest(book, whole, debt.from_on, &payments, &debt.frozen, issue_on)?;
        let fixed_sum = if debt.bears_fee { Pence::ZERO } else { worked.compensation };
        let interest = left(worked.interest, debt.interest_settled);
        return Ok((worked.rate.rate, interest, left(fixed_sum, debt.fixed_sum_settled)));
    }
    let rate = match (regime, contract_rate) {
        (Regime::Contract, Some(rate)) => rate,
        (Regime::Contract, None) => {
            return Err(refusals::CLAIM_LACKS.because("The claim lacks the contract's rate of interest"));
        }
        _ => book.court_rate("s69", issue_on)?,
    };
    let weighed: i128 = crate::law::interest_slices(whole, debt.from_on, &payments, &debt.frozen, issue_on)
        .iter()
        .map(|slice| i128::from(slice.balance.0) * i128::from(slice.days))
        .sum();
    let interest = divide_half_up(weighed * i128::from(rate.0), 10_000 * 365);
    let interest = Pence(i64::try_from(interest).expect("interest on an amount bounded at the door fits"));
    Ok((rate, left(interest, debt.interest_settled), Pence::ZERO))
}

impl ClaimInterest {
    /// The paragraph of the particulars.
    pub fn paragraph(&self) -> String {
        let rate = self.rate.map_or_else(|| "the rates stated".to_owned(), |rate| rate.to_string());
        let basis = match self.regime {
            Regime::LatePaymentAct => {
                format!("the Late Payment of Commercial Debts (Interest) Act 1998 at {rate} a year")
            }
            Regime::Contract => format!("the contract at {rate} a year"),
            Regime::Section69 | Regime::None => {
                format!("section 69 of the County Courts Act 1984 at {rate} a year")
            }
        };
        let period = format!("from {} to {}", written(self.from_on), written(self.to_on));
        let mut text = format!("The claimant claims interest under {basis} {period} of {}", self.to_date);
        text.push_str(&format!(
            " and also interest at the same rate up to judgment or earlier payment at a daily rate of {}.",
            self.daily
        ));
        if self.compensation > Pence::ZERO {
            text.push_str(&format!(
                " The claimant claims fixed compensation of {} under the same Act.",
                self.compensation
            ));
        }
        text
    }
}

/// The value of a claim and what issuing it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimValue {
    /// The debts.
    pub principal: Pence,
    /// Interest to the day of issue.
    pub interest: Pence,
    /// Fixed compensation.
    pub compensation: Pence,
    /// What the fee is worked out from: debt, interest, compensation; never the fee or costs.
    pub value: Pence,
    /// The fee.
    pub fee: CourtFee,
    /// Fixed costs of a representative.
    pub costs: Pence,
}

impl ClaimValue {
    /// What decides the track: the claim without its interest and costs (CPR 26).
    pub fn for_the_track(&self) -> Pence {
        self.principal.plus(self.compensation)
    }

    /// What the defendant is asked for in all.
    pub fn total(&self) -> Pence {
        self.value.plus(self.fee.amount).plus(self.costs)
    }
}

/// The value of a claim on the day of issue.
pub fn claim_value(
    book: &ReferenceBook,
    principal: Pence,
    interest: Option<&ClaimInterest>,
    represented: bool,
    issue_on: NaiveDate,
) -> Result<ClaimValue, Refusal> {
    let to_date = interest.map_or(Pence::ZERO, |interest| interest.to_date);
    let compensation = interest.map_or(Pence::ZERO, |interest| interest.compensation);
    let value = principal.plus(to_date).plus(compensation);
    let fee = issue_fee(book, value, issue_on)?;
    let costs = super::fees::fixed_costs(book, super::fees::FIXED_COSTS, principal, represented, issue_on)?;
    Ok(ClaimValue { principal, interest: to_date, compensation, value, fee, costs })
}

/// The court's own interest on a sum: [`s69_interest`] for a claim of one debt.
pub fn court_interest(
    book: &ReferenceBook,
    principal: Pence,
    due_on: NaiveDate,
    issue_on: NaiveDate,
) -> Result<CourtInterest, Refusal> {
    s69_interest(book, principal, (issue_on - due_on).num_days().max(0), issue_on)
}

/// What a claim says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimPack {
    /// Our legal name.
    pub claimant: String,
    /// Who is sued.
    pub defendant: String,
    /// What they are in law.
    pub status: DefendantStatus,
    /// Number of a company or partnership.
    pub company_number: Option<String>,
    /// Where it is served.
    pub service_address: String,
    /// The contract or the statute.
    pub basis: String,
    /// The invoices.
    pub debts: Vec<ClaimedDebt>,
    /// When the letter of claim was sent.
    pub letter_on: Option<NaiveDate>,
    /// Who signs the statement of truth: a person, never a system.
    pub signatory: String,
}

/// What a claim lacks, all at once.
pub fn claim_faults(pack: &ClaimPack) -> Vec<Refusal> {
    let needs_number = matches!(pack.status, DefendantStatus::Company | DefendantStatus::Llp);
    let number = pack.company_number.as_deref().unwrap_or_default();
    let lacks = [
        (pack.claimant.trim().is_empty(), "our legal name"),
        (pack.defendant.trim().is_empty(), "the defendant's full name"),
        (needs_number && number.trim().is_empty(), "the company number"),
        (pack.service_address.trim().is_empty(), "an address for service"),
        (pack.basis.trim().is_empty(), "the contract or statute"),
        (pack.debts.is_empty(), "an invoice"),
        (pack.letter_on.is_none(), "the date of the letter of claim"),
    ];
    let missing = lacks.iter().filter(|(lacks, _)| *lacks);
    let mut faults: Vec<Refusal> =
        missing.map(|(_, what)| refusals::CLAIM_LACKS.because(format!("The claim lacks {what}"))).collect();
    if pack.signatory.trim().is_empty() {
        faults.push(refusals::SIGNATURE.because("Nobody signs the statement of truth"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn debt(principal: i64, from: &str) -> ClaimedDebt {
        let number = "INV-020817".into();
        let (payments, frozen) = (vec![], vec![]);
        ClaimedDebt {
            number,
            principal: Pence(principal),
            from_on: d(from),
            payments,
            frozen,
            bears_fee: false,
            interest_settled: Pence::ZERO,
            fixed_sum_settled: Pence::ZERO,
        }
    }

    #[test]
    fn lp_08_debts_of_several_kinds_have_the_courts_interest_from_their_due_days() {
        let debt = |number: &str, from: &str| ClaimedDebt {
            number: number.into(),
            principal: Pence(100_000),
            from_on: d(from),
            payments: vec![],
            frozen: vec![],
            bears_fee: false,
            interest_settled: Pence::ZERO,
            fixed_sum_settled: Pence::ZERO,
        };
        // The act's interest would have begun a month before the first was due.
        let made = || vec![debt("INV-1", "2026-03-01"), debt("INV-2", "2026-03-15")];
        let (act, court) = ((Regime::LatePaymentAct, d("2026-04-01")), (Regime::Section69, d("2026-03-15")));
        let mut mixed = made();
        assert_eq!(one_ground(&mut mixed, &[act, court]), Regime::Section69);
        assert_eq!([mixed[0].from_on, mixed[1].from_on], [d("2026-04-01"), d("2026-03-15")]);
        let mut same = made();
        assert_eq!(one_ground(&mut same, &[act, (Regime::LatePaymentAct, d("2026-04-15"))]), Regime::LatePaymentAct);
        assert_eq!([same[0].from_on, same[1].from_on], [d("2026-03-01"), d("2026-03-15")]);
    }

    #[test]
    fn ct_e5_the_fee_is_of_debt_and_interest() {
        let book = ReferenceBook::default();
        let interest = ClaimInterest {
            regime: Regime::Section69,
            rate: Some(BasisPoints(800)),
            from_on: d("2026-01-01"),
            to_on: d("2026-06-01"),
            to_date: Pence(2_500),
            daily: Pence(21),
            compensation: Pence::ZERO,
        };
        let worked = claim_value(&book, Pence(98_000), Some(&interest), false, d("2026-06-01")).expect("a fee");
        assert_eq!((worked.value, worked.fee.amount, worked.costs), (Pence(100_500), Pence(8_000), Pence::ZERO));
        assert_eq!(worked.total(), Pence(108_500));
        let refused = claim_value(&book, Pence(98_000), None, false, d("2026-11-22")).expect_err("check fee");
        assert_eq!(refused.code, "CT-01-CHECK-FEE");
    }

    #[test]
    fn ct_05_interest_does_not_lift_a_claim_out_of_its_track() {
        use super::super::{Track, has_mediation, track};
        let book = ReferenceBook::default();
        let interest = ClaimInterest {
            regime: Regime::LatePaymentAct,
            rate: Some(BasisPoints(1_175)),
            from_on: d("2025-06-01"),
            to_on: d("2026-06-01"),
            to_date: Pence(100_000),
            daily: Pence(300),
            compensation: Pence(7_000),
        };
        let of = |principal| {
            let worked = claim_value(&book, Pence(principal), Some(&interest), false, d("2026-06-01"));
            worked.expect("a fee").for_the_track()
        };
        assert_eq!((of(993_000), track(of(993_000))), (Pence(1_000_000), Track::Small));
        assert!(has_mediation(of(993_000), d("2026-06-01")));
        assert_eq!(track(of(993_001)), Track::Fast);
    }

    #[test]
    fn dun_09_a_debt_that_bears_the_contracts_fee_is_claimed_without_the_fixed_sum() {
        let book = ReferenceBook::default();
        let plain = debt(120_000, "2026-07-01");
        let bears = ClaimedDebt { bears_fee: true, ..plain.clone() };
        let claimed = |debts: &[ClaimedDebt]| {
            let worked = claim_interest(&book, Regime::LatePaymentAct, debts, None, d("2026-11-20"));
            worked.expect("worked out").expect("interest")
        };
        let (one, both) = (claimed(std::slice::from_ref(&plain)), claimed(&[plain, bears]));
        assert_eq!((both.compensation, both.to_date.0), (one.compensation, 2 * one.to_date.0));
        assert!(one.compensation > Pence::ZERO);
    }

    #[test]
    fn ct_04_the_interest_paragraph_of_a_consumer() {
        let book = ReferenceBook::default();
        let debts = [debt(120_000, "2026-07-01")];
        let worked = claim_interest(&book, Regime::Section69, &debts, None, d("2026-11-20")).expect("worked out");
        let worked = worked.expect("interest");
        assert_eq!((worked.to_date, worked.daily), (Pence(3_735), Pence(26)));
        assert_eq!(
            worked.paragraph(),
            "The claimant claims interest under section 69 of the County Courts Act 1984 at 8% a year from 2 July 2026 \
             to 20 November 2026 of £37.35 and also interest at the same rate up to judgment or earlier payment at a \
             daily rate of £0.26."
        );
        let one = court_interest(&book, Pence(120_000), d("2026-07-01"), d("2026-11-20")).expect("worked out");
        assert_eq!(one.to_date, worked.to_date);
    }

    #[test]
    fn ct_04_the_interest_paragraph_of_a_business() {
        let book = ReferenceBook::default();
        let debts = [debt(100_000, "2026-03-31"), debt(250_000, "2026-04-30")];
        let worked = claim_interest(&book, Regime::LatePaymentAct, &debts, None, d("2026-06-30")).expect("worked out");
        let worked = worked.expect("interest");
        assert_eq!((worked.rate, worked.compensation), (Some(BasisPoints(1_175)), Pence(14_000)));
        assert_eq!(worked.to_date, Pence(2_929 + 4_909));
        assert!(worked.paragraph().ends_with("fixed compensation of £140.00 under the same Act."));
        let two_rates = [debt(100_000, "2025-12-01"), debt(100_000, "2026-03-31")];
        let worked = claim_interest(&book, Regime::LatePaymentAct, &two_rates, None, d("2026-06-30")).expect("worked");
        assert_eq!(worked.expect("interest").rate, None);
        assert_eq!(claim_interest(&book, Regime::None, &debts, None, d("2026-06-30")), Ok(None));
        let lacks = claim_interest(&book, Regime::Contract, &debts, None, d("2026-06-30")).expect_err("no rate");
        assert_eq!(lacks.code, "CT-04-LACKS");
    }

    #[test]
    fn lp_05_what_was_charged_before_and_paid_or_waived_is_not_claimed_again() {
        let book = ReferenceBook::default();
        let settled = |interest: i64, fixed_sum: i64| {
            let mut one = debt(100_000, "2026-03-31");
            (one.interest_settled, one.fixed_sum_settled) = (Pence(interest), Pence(fixed_sum));
            let worked = claim_interest(&book, Regime::LatePaymentAct, &[one], None, d("2026-06-30"));
            let worked = worked.expect("worked out").expect("interest");
            (worked.to_date, worked.compensation)
        };
        assert_eq!(settled(0, 0), (Pence(2_929), Pence(7_000)));
        assert_eq!(settled(1_000, 7_000), (Pence(1_929), Pence::ZERO));
        assert_eq!(settled(9_999, 9_999), (Pence::ZERO, Pence::ZERO), "never below nothing");
    }

    #[test]
    fn lp_07_part_payments_and_frozen_days_count_in_a_claim_too() {
        let book = ReferenceBook::default();
        let mut one = debt(100_000, "2026-01-01");
        one.payments = vec![PartPayment { on: d("2026-01-31"), amount: Pence(100_000) }];
        one.frozen = vec![Frozen { first_on: d("2026-02-01"), last_on: d("2026-02-28") }];
        let worked = claim_interest(&book, Regime::Section69, &[one], None, d("2026-03-10")).expect("worked out");
        // 2,000 x 30 days and 1,000 x 10 days at 8%.
        assert_eq!(worked.expect("interest").to_date, Pence(1_534));
    }

    #[test]
    fn leg_03_a_claim_says_all_that_it_lacks() {
        let pack = ClaimPack {
            claimant: "Northing Council".into(),
            defendant: "Adam Example".into(),
            status: DefendantStatus::Individual,
            company_number: None,
            service_address: "1 High Street, Morpeth NE61 1AA".into(),
            basis: "Hire of the town hall on 1 June 2026".into(),
            debts: vec![debt(1, "2026-01-01")],
            letter_on: Some(d("2026-06-01")),
            signatory: "J Smith".into(),
        };
        assert_eq!(claim_faults(&pack), []);
        let empty = ClaimPack {
            claimant: " ".into(),
            status: DefendantStatus::Company,
            debts: vec![],
            letter_on: None,
            signatory: String::new(),
            ..pack
        };
        let sentences: Vec<String> = claim_faults(&empty).into_iter().map(|fault| fault.sentence).collect();
        assert_eq!(
            sentences,
            [
                "The claim lacks our legal name",
                "The claim lacks the company number",
                "The claim lacks an invoice",
                "The claim lacks the date of the letter of claim",
                "Nobody signs the statement of truth"
            ]
        );
    }
}
