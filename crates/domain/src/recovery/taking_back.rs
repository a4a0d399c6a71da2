//! Overpayments taken back where we pay the debtor anyway: from pay, and from payments to a care provider (REC-05).
use super::refusals;
use crate::calendar::{add_days, add_months, fin_year_name, tax_week};
use crate::law::refusals::{FACT_OF_ANOTHER, PAY_CALCULATION};
use crate::law::{DebtClass, DebtFact, FactSeen};
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::{counted, named};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most deductions that one agreement may have: ten years of months.
pub const MOST_DEDUCTIONS: i64 = 120;

named! {
    /// What an overpayment is taken from.
    TakenFrom {
        /// The employee's pay.
        Pay = "pay", "From pay";
        /// What the provider is paid next.
        Provider = "provider", "From payments to the provider";
    }
}

named! {
    /// What allows it.
    TakenBy {
        /// The debtor agreed in writing.
        Agreement = "agreement", "Written agreement";
        /// A term of the contract.
        Contract = "contract", "Term of the contract";
    }
}

named! {
    /// How often there is pay, or a payment.
    PaidEvery {
        /// Each week.
        Week = "week", "Every week";
        /// Each second week.
        TwoWeeks = "two_weeks", "Every two weeks";
        /// Each fourth week.
        FourWeeks = "four_weeks", "Every four weeks";
        /// Each month, on the same day or its last.
        Month = "month", "Every month";
    }
}

impl TakenFrom {
    /// The debts it is for.
    pub fn class(self) -> DebtClass {
        match self {
            TakenFrom::Pay => DebtClass::Salary,
            TakenFrom::Provider => DebtClass::Provider,
        }
    }
}

impl PaidEvery {
    /// The pay day that comes so many after the first.
    pub fn day(self, first_on: NaiveDate, after: i64) -> NaiveDate {
        match self {
            PaidEvery::Week => add_days(first_on, 7 * after),
            PaidEvery::TwoWeeks => add_days(first_on, 14 * after),
            PaidEvery::FourWeeks => add_days(first_on, 28 * after),
            PaidEvery::Month => add_months(first_on, i32::try_from(after).unwrap_or(i32::MAX)),
        }
    }
}

/// A deduction as it is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// Counted from 1.
    pub line: i64,
    /// Pay day, or day of the payment.
    pub due_on: NaiveDate,
    /// How much.
    pub amount: Pence,
}

/// How many deductions of an amount pay a debt; none where the amount cannot pay it.
pub fn deduction_count(total: Pence, each: Pence) -> Option<i64> {
    let may = each > Pence::ZERO && each <= total;
    may.then(|| (total.0 + each.0 - 1) / each.0).filter(|count| *count <= MOST_DEDUCTIONS)
}

/// Deductions of an amount until a debt is paid; the last is what is left.
pub fn deductions(total: Pence, each: Pence, every: PaidEvery, first_on: NaiveDate) -> Vec<Deduction> {
    let count = deduction_count(total, each).unwrap_or_default();
    let amount = |at: i64| each.min(Pence(total.0 - each.0 * at));
    (0..count).map(|at| Deduction { line: at + 1, due_on: every.day(first_on, at), amount: amount(at) }).collect()
}

/// What is planned once a deduction came short: one more after the last, of at most what was agreed each time.
pub fn one_more(open: Pence, planned: Pence, each: Pence) -> Option<Pence> {
    let rest = open.minus(planned);
    (rest > Pence::ZERO).then(|| rest.min(each))
}

/// Tax year and week of a pay day, as payroll writes them: `2026/27`, 33 (CAL-05).
pub fn pay_week(day: NaiveDate) -> (String, i64) {
    let (year, week) = tax_week(day);
    (fin_year_name(year), i64::from(week))
}

/// What is asked of an overpayment before it is taken back.
#[derive(Clone, Debug)]
pub struct TakingFacts<'a> {
    /// What kind of debt it is.
    pub class: DebtClass,
    /// What was recorded of it, and not withdrawn.
    pub recorded: &'a [FactSeen],
    /// What it is taken from.
    pub from: TakenFrom,
    /// What allows it.
    pub by: TakenBy,
    /// How many deductions there would be.
    pub count: i64,
    /// In how many pay periods it arose.
    pub arose_over: i64,
    /// The debtor asked for fewer deductions, in writing.
    pub asked_sooner: bool,
}

/// Whether an overpayment may be taken back so: the right kind of debt, told of it first, on an agreement or a term of
/// the contract, and of pay over no fewer periods than those in which it arose.
///
/// # Errors
/// `REC-05-OTHER-DEBT`, `REC-05-CALCULATION`, `REC-05-AGREEMENT`, `REC-05-SET-OFF-NOTICE`, `REC-05-TOO-FAST`.
pub fn may_take_back(facts: &TakingFacts<'_>, today: NaiveDate) -> Result<(), Refusal> {
    if facts.class != facts.from.class() {
        let sentence = format!("{} is for another kind of debt: this is {}", facts.from.name(), facts.class.name());
        return Err(FACT_OF_ANOTHER.because(sentence));
    }
    let has = |fact: DebtFact| facts.recorded.iter().any(|seen| seen.fact == fact && seen.on <= today);
    match facts.from {
        TakenFrom::Provider if !has(DebtFact::ProviderNotice) => {
            Err(refusals::SET_OFF_NOTICE.because("No notice was sent to the provider"))
        }
        TakenFrom::Provider => Ok(()),
        TakenFrom::Pay if !has(DebtFact::SalaryNotice) => {
            Err(PAY_CALCULATION.because("The calculation of the overpaid pay was not sent"))
        }
        TakenFrom::Pay if facts.by == TakenBy::Agreement && !has(DebtFact::SalaryAgreement) => {
            Err(refusals::PAY_AGREEMENT.because("No written agreement is recorded"))
        }
        TakenFrom::Pay if facts.count < facts.arose_over && !facts.asked_sooner => {
            let sentence = format!(
                "It arose in {} and would be taken back in {}",
                counted(facts.arose_over, "pay period"),
                counted(facts.count, "deduction")
            );
            Err(refusals::PAY_TOO_FAST.because(sentence))
        }
        TakenFrom::Pay => Ok(()),
    }
}

/// Whether so much may be recorded as taken: no more than was agreed for that day, and no more than is open.
///
/// # Errors
/// `REC-05-MORE`.
pub fn may_record_taken(amount: Pence, planned: Pence, open: Pence) -> Result<(), Refusal> {
    if amount > planned {
        return Err(refusals::TAKEN_MORE.because(format!("{planned} was agreed, not {amount}")));
    }
    if amount > open {
        return Err(refusals::TAKEN_MORE.because(format!("{open} is open, not {amount}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn rec_05_deductions_pay_the_debt_to_the_penny_and_the_last_is_the_rest() {
        let all = deductions(Pence(100_000), Pence(30_000), PaidEvery::Month, d("2026-08-31"));
        let plain: Vec<(i64, String, i64)> =
            all.iter().map(|one| (one.line, one.due_on.to_string(), one.amount.0)).collect();
        let asked = [
            (1, "2026-08-31".to_owned(), 30_000),
            (2, "2026-09-30".to_owned(), 30_000),
            (3, "2026-10-31".to_owned(), 30_000),
            (4, "2026-11-30".to_owned(), 10_000),
        ];
        assert_eq!(plain, asked);
        for (each, count) in [(100_000, Some(1)), (50_000, Some(2)), (49_999, Some(3)), (100_001, None), (0, None)] {
            assert_eq!(deduction_count(Pence(100_000), Pence(each)), count, "{each}");
        }
        assert_eq!(deduction_count(Pence(12_000), Pence(100)), Some(120));
        assert_eq!(deduction_count(Pence(12_001), Pence(100)), None, "121 deductions");
        let days = |every: PaidEvery| every.day(d("2026-11-06"), 2).to_string();
        assert_eq!(
            PaidEvery::ALL.iter().map(|one| days(*one)).collect::<Vec<_>>(),
            ["2026-11-20", "2026-12-04", "2027-01-01", "2027-01-06"]
        );
    }

    #[test]
    fn cal_05_a_pay_day_has_its_tax_year_and_week() {
        for (day, year, week) in [
            ("2026-04-06", "2026/27", 1),
            ("2026-04-12", "2026/27", 1),
            ("2026-04-13", "2026/27", 2),
            ("2026-11-21", "2026/27", 33),
            ("2026-04-05", "2025/26", 53),
        ] {
            assert_eq!(pay_week(d(day)), (year.to_owned(), week), "{day}");
        }
    }

    #[test]
    fn rec_05_what_came_short_is_planned_once_more() {
        assert_eq!(one_more(Pence(9_000), Pence(9_000), Pence(3_000)), None);
        assert_eq!(one_more(Pence(9_000), Pence(6_000), Pence(3_000)), Some(Pence(3_000)));
        assert_eq!(one_more(Pence(9_000), Pence(8_500), Pence(3_000)), Some(Pence(500)));
        assert_eq!(one_more(Pence(5_000), Pence(6_000), Pence(3_000)), None, "paid otherwise meanwhile");
        let code = |amount, planned, open| {
            may_record_taken(Pence(amount), Pence(planned), Pence(open)).err().map(|no| no.code)
        };
        assert_eq!(code(3_000, 3_000, 9_000), None);
        assert_eq!(code(3_001, 3_000, 9_000).as_deref(), Some("REC-05-MORE"));
        assert_eq!(code(3_000, 3_000, 2_999).as_deref(), Some("REC-05-MORE"));
    }

    #[test]
    fn rec_05_pay_and_payments_are_taken_from_only_with_notice_and_agreement() {
        let seen = |fact, on: &str| FactSeen { fact, on: d(on) };
        let notice = seen(DebtFact::SalaryNotice, "2026-05-01");
        let agreed = seen(DebtFact::SalaryAgreement, "2026-05-04");
        let told = seen(DebtFact::ProviderNotice, "2026-05-07");
        let code = |class, recorded: &[FactSeen], from, by, (count, arose_over, asked_sooner)| {
            let facts = TakingFacts { class, recorded, from, by, count, arose_over, asked_sooner };
            may_take_back(&facts, d("2026-05-06")).err().map(|no| no.code)
        };
        let pay = |recorded: &[FactSeen], by, over| code(DebtClass::Salary, recorded, TakenFrom::Pay, by, over);
        let even = (3, 3, false);
        assert_eq!(pay(&[], TakenBy::Contract, even).as_deref(), Some("REC-05-CALCULATION"));
        assert_eq!(pay(&[notice], TakenBy::Agreement, even).as_deref(), Some("REC-05-AGREEMENT"));
        assert_eq!(pay(&[notice], TakenBy::Contract, even), None);
        assert_eq!(pay(&[notice, agreed], TakenBy::Agreement, even), None);
        assert_eq!(pay(&[notice, agreed], TakenBy::Agreement, (2, 3, false)).as_deref(), Some("REC-05-TOO-FAST"));
        assert_eq!(pay(&[notice, agreed], TakenBy::Agreement, (2, 3, true)), None, "the employee asked for it");
        let provider =
            |class, recorded: &[FactSeen]| code(class, recorded, TakenFrom::Provider, TakenBy::Contract, even);
        assert_eq!(provider(DebtClass::Provider, &[]).as_deref(), Some("REC-05-SET-OFF-NOTICE"));
        assert_eq!(provider(DebtClass::Provider, &[told]).as_deref(), Some("REC-05-SET-OFF-NOTICE"), "tomorrow's");
        let sent = seen(DebtFact::ProviderNotice, "2026-05-06");
        assert_eq!(provider(DebtClass::Provider, &[sent]), None);
        assert_eq!(provider(DebtClass::Care, &[sent]).as_deref(), Some("REC-05-OTHER-DEBT"));
    }
}
