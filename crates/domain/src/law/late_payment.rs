//! Interest on late payment: the act, the court's interest, judgment debts (LP-01 to LP-10). Never mixed on one debt.
use super::debt_facts::DebtClass;
use super::refusals;
use crate::calendar::add_days;
use crate::customers::CustomerKind;
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::reference::{LatePaymentRate, ReferenceBook};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the debt arises from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DebtNature {
    /// A contract for goods or services.
    #[default]
    Contract,
    /// A charge set by statute: care contributions, penalties, overpaid benefit.
    StatutoryCharge,
    /// Pay that was too much.
    SalaryOverpayment,
    /// Consumer credit, mortgage, pledge or charge.
    ExceptedContract,
    /// A contract between NHS bodies.
    NhsContract,
}

impl DebtNature {
    /// What a debt type of the ledger arises from; a type that says nothing special is a contract. Debts with rules of their
    /// own are the same here as everywhere else ([`DebtClass`]).
    pub fn of_debt_type(debt_type: &str) -> DebtNature {
        match DebtClass::of_debt_type(debt_type) {
            DebtClass::Salary => return DebtNature::SalaryOverpayment,
            DebtClass::Benefit | DebtClass::Care | DebtClass::DirectPayment => return DebtNature::StatutoryCharge,
            DebtClass::Provider | DebtClass::Other => {}
        }
        let plain = debt_type.to_lowercase().replace(['_', '-'], " ");
        let says = |all: &[&str]| all.iter().any(|one| plain.contains(one));
        let fined = plain.split_whitespace().any(|word| matches!(word, "fine" | "fines"));
        let visitor = says(&["overseas"]) && says(&["visitor", "patient", "treatment"]);
        if says(&BY_STATUTE) || fined || visitor {
            DebtNature::StatutoryCharge
        } else if says(&["mortgage", "loan"]) {
            DebtNature::ExceptedContract
        } else {
            DebtNature::Contract
        }
    }
}

/// Words of debt types that a law sets, with no contract behind them (LP-01).
const BY_STATUTE: [&str; 10] = [
    "penalty",
    "overpay",
    "statutory",
    "benefit",
    "council tax",
    "business rates",
    "licence fee",
    "licensing fee",
    "premises licence",
    "taxi licence",
];

/// What decides whether the act applies to a debt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateFacts {
    /// Who owes it.
    pub customer_kind: CustomerKind,
    /// What it arises from.
    pub nature: DebtNature,
    /// The contract has its own substantial remedy.
    pub contract_interest: bool,
    /// Our organisation is an NHS body.
    pub we_are_nhs: bool,
    /// A query is unresolved.
    pub disputed: bool,
}

/// Which interest applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// The late payment act.
    LatePaymentAct,
    /// The contract's own term.
    Contract,
    /// Section 69, in a claim only.
    Section69,
    /// None.
    None,
}

/// Whether interest and compensation under the act may be charged, with the reason if not.
pub fn eligible(facts: &LateFacts) -> Result<(), Refusal> {
    let not_commercial = "This is not a commercial debt";
    match facts.nature {
        DebtNature::StatutoryCharge => return Err(refusals::STATUTORY_CHARGE.because(not_commercial)),
        DebtNature::SalaryOverpayment => return Err(refusals::EMPLOYEE.because(not_commercial)),
        DebtNature::ExceptedContract => {
            return Err(refusals::EXCEPTED.because("The act leaves out contracts of this kind"));
        }
        DebtNature::NhsContract => return Err(refusals::NHS_CONTRACT.because("This is a contract between NHS bodies")),
        DebtNature::Contract => {}
    }
    if facts.customer_kind == CustomerKind::NhsBody && facts.we_are_nhs {
        return Err(refusals::NHS_CONTRACT.because("NHS bodies do not charge each other interest"));
    }
    if !facts.customer_kind.is_in_business() {
        return Err(refusals::CONSUMER.because("The customer is not acting in the course of a business"));
    }
    if facts.contract_interest {
        return Err(refusals::CONTRACT_RATE.because("The contract has its own interest"));
    }
    if facts.disputed {
        return Err(refusals::INTEREST_DISPUTED.because("The invoice is disputed"));
    }
    Ok(())
}

/// The interest that applies before a claim (LP-08).
pub fn regime(facts: &LateFacts) -> Regime {
    let lasting = LateFacts { disputed: false, contract_interest: false, ..facts.clone() };
    match facts.nature {
        DebtNature::Contract if facts.contract_interest => Regime::Contract,
        _ if eligible(&lasting).is_ok() => Regime::LatePaymentAct,
        _ => Regime::None,
    }
}

/// The interest that applies in a claim (LP-08).
pub fn in_claim_regime(facts: &LateFacts) -> Regime {
    let nhs_to_nhs = facts.customer_kind == CustomerKind::NhsBody && facts.we_are_nhs;
    match regime(facts) {
        Regime::None if facts.nature == DebtNature::NhsContract || nhs_to_nhs => Regime::None,
        Regime::None => Regime::Section69,
        other => other,
    }
}

/// What decides the last day without interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelevantDayFacts {
    /// The agreed payment day; by default the due date printed on the invoice.
    pub agreed_on: Option<NaiveDate>,
    /// When we performed.
    pub performed_on: NaiveDate,
    /// When the customer had notice of the amount.
    pub notice_on: NaiveDate,
    /// When acceptance was completed, where there is such a procedure.
    pub accepted_on: Option<NaiveDate>,
    /// The customer is a public authority.
    pub public_authority: bool,
    /// A day beyond sixty was agreed and is not grossly unfair to us.
    pub later_day_is_fair: bool,
}

/// The relevant day: interest starts the day after (LP-02).
pub fn relevant_day(facts: &RelevantDayFacts) -> NaiveDate {
    let begins = [Some(facts.performed_on), Some(facts.notice_on), facts.accepted_on].into_iter().flatten().max();
    let begins = begins.unwrap_or(facts.notice_on);
    let (thirtieth, sixtieth) = (add_days(begins, 29), add_days(begins, 59));
    match facts.agreed_on {
        None => thirtieth,
        Some(agreed) if facts.public_authority => agreed.min(thirtieth),
        Some(agreed) if facts.later_day_is_fair => agreed,
        Some(agreed) => agreed.min(sixtieth),
    }
}

/// A part payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPayment {
    /// When it cleared.
    pub on: NaiveDate,
    /// How much.
    pub amount: Pence,
}

/// Days frozen by law, first and last included: they bear no interest, then or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// First day.
    pub first_on: NaiveDate,
    /// Last day.
    pub last_on: NaiveDate,
}

/// A line of the working: one balance over some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterestSlice {
    /// Unpaid balance.
    pub balance: Pence,
    /// The day before the first that counts.
    pub after_on: NaiveDate,
    /// Last day that counts.
    pub until_on: NaiveDate,
    /// Days that count, without frozen ones.
    pub days: i64,
}

/// Interest and compensation with the whole working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateInterest {
    /// The day interest starts.
    pub starts_on: NaiveDate,
    /// The rate, fixed for the life of the debt, and its row.
    pub rate: LatePaymentRate,
    /// The working.
    pub slices: Vec<InterestSlice>,
    /// Simple interest over 365 days, rounded once.
    pub interest: Pence,
    /// Fixed sum for the band of the debt when interest started.
    pub compensation: Pence,
}

/// Interest on one invoice up to a day, worked out from scratch (LP-04, LP-05).
pub fn late_interest(
    book: &ReferenceBook,
    principal: Pence,
    relevant_day: NaiveDate,
    payments: &[PartPayment],
    frozen: &[Frozen],
    until: NaiveDate,
) -> Result<LateInterest, Refusal> {
    let starts_on = add_days(relevant_day, 1);
    if until < starts_on {
        let sentence = format!("No interest runs before {starts_on}");
        return Err(refusals::INTEREST_TOO_EARLY.because(sentence).allowed_from(starts_on));
    }
    let rate = book.late_payment_rate(starts_on)?;
    let mut payments = payments.to_vec();
    payments.sort_by_key(|payment| payment.on);
    let before = payments.iter().filter(|payment| payment.on <= relevant_day);
    let owed = before.fold(principal, |left, payment| left.minus(payment.amount));
    let slices = interest_slices(owed, relevant_day, &payments, frozen, until);
    let weighed: i128 = slices.iter().map(|slice| i128::from(slice.balance.0) * i128::from(slice.days)).sum();
    let compensation = if owed > Pence::ZERO { book.compensation(owed, starts_on)? } else { Pence::ZERO };
    Ok(LateInterest { starts_on, interest: yearly(weighed, rate.rate), rate, slices, compensation })
}

/// The working of simple interest: each balance over its days, payments in order of their days.
pub fn interest_slices(
    owed: Pence,
    relevant_day: NaiveDate,
    payments: &[PartPayment],
    frozen: &[Frozen],
    until: NaiveDate,
) -> Vec<InterestSlice> {
    let mut slices = Vec::new();
    let (mut balance, mut after_on) = (owed, relevant_day);
    let ends = payments.iter().filter(|payment| payment.on > relevant_day && payment.on <= until);
    for (end, paid) in ends.map(|payment| (payment.on, payment.amount)).chain([(until, Pence::ZERO)]) {
        if end > after_on && balance > Pence::ZERO {
            let days = (end - after_on).num_days() - frozen_days(frozen, after_on, end);
            slices.push(InterestSlice { balance, after_on, until_on: end, days });
        }
        balance = balance.minus(paid);
        after_on = end;
    }
    slices
}

/// Frozen days in `(after, until]`, each counted once however many freezes hold it.
fn frozen_days(frozen: &[Frozen], after: NaiveDate, until: NaiveDate) -> i64 {
    let mut spans: Vec<(NaiveDate, NaiveDate)> =
        frozen.iter().map(|span| (span.first_on.max(add_days(after, 1)), span.last_on.min(until))).collect();
    spans.sort();
    let (mut days, mut counted_to) = (0, after);
    for (first, last) in spans {
        let first = first.max(add_days(counted_to, 1));
        if last >= first {
            days += (last - first).num_days() + 1;
            counted_to = last;
        }
    }
    days
}

/// Interest in a claim: to date, and by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtInterest {
    /// To date, from the exact figure.
    pub to_date: Pence,
    /// A day's interest to the penny, to be pleaded.
    pub daily: Pence,
}

/// Interest under section 69 for a number of days, at the rate in force on the day of the claim (LP-07).
pub fn s69_interest(
    book: &ReferenceBook,
    principal: Pence,
    days: i64,
    claim_on: NaiveDate,
) -> Result<CourtInterest, Refusal> {
    let rate = book.court_rate("s69", claim_on)?;
    let of_days = |days: i64| yearly(i128::from(principal.0) * i128::from(days), rate);
    Ok(CourtInterest { to_date: of_days(days), daily: of_days(1) })
}

/// Interest on a judgment (LP-10): from the least amount up, or any amount for a debt under the act.
pub fn judgment_interest(
    book: &ReferenceBook,
    judgment: Pence,
    days: i64,
    judgment_on: NaiveDate,
    under_the_act: bool,
) -> Result<Pence, Refusal> {
    if judgment < book.judgment_minimum(judgment_on)? && !under_the_act {
        return Ok(Pence::ZERO);
    }
    let rate = book.court_rate("judgment", judgment_on)?;
    Ok(yearly(i128::from(judgment.0) * i128::from(days), rate))
}

/// Interest on what is left of a judgment to a day, without frozen days (LP-10): none below the least amount, but for a
/// debt under the act.
pub fn judgment_interest_to(
    book: &ReferenceBook,
    (judgment, judgment_on): (Pence, NaiveDate),
    under_the_act: bool,
    (payments, frozen): (&[PartPayment], &[Frozen]),
    until: NaiveDate,
) -> Result<Pence, Refusal> {
    if judgment < book.judgment_minimum(judgment_on)? && !under_the_act {
        return Ok(Pence::ZERO);
    }
    let rate = book.court_rate("judgment", judgment_on)?;
    let mut payments = payments.to_vec();
    payments.sort_by_key(|payment| payment.on);
    let slices = interest_slices(judgment, judgment_on, &payments, frozen, until);
    Ok(yearly(slices.iter().map(|slice| i128::from(slice.balance.0) * i128::from(slice.days)).sum(), rate))
}

/// Pence-days at a yearly rate over 365 days, leap years included.
fn yearly(pence_days: i128, rate: BasisPoints) -> Pence {
    let interest = divide_half_up(pence_days * i128::from(rate.0), 10_000 * 365);
    Pence(i64::try_from(interest).expect("interest on an amount bounded at the door fits"))
}

#[cfg(test)]
#[path = "late_payment_tests.rs"]
mod tests;
