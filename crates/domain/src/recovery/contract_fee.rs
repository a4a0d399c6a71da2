//! A site's own fee for paying late: only where the contract of the debt allows it, once for a debt, outside the scope of
//! VAT, and never beside the fixed sum of the act (REC-04, LP-05, LP-08, DUN-09).
use super::charges::Charged;
use super::day::{DayCase, DayItem, SiteFacts, item_facts};
use super::refusals;
use super::step_charges::{StepCharge, StepCharges};
use crate::customers::CustomerKind;
use crate::law::refusals as law;
use crate::law::{Act, DebtClass, DebtNature, LateInterest, may};
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a contract says of a fee for paying late, as a person recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeTerm {
    /// The debt type it is for; empty for every contract of the customer.
    pub debt_type: String,
    /// The fee.
    pub fee: Pence,
    /// The contract and its clause.
    pub term: String,
    /// First day of debts that it is for.
    pub from_on: NaiveDate,
    /// Last day of debts that it is for.
    pub to_on: Option<NaiveDate>,
    /// Who found the term fair to a consumer; empty where nobody was asked.
    pub found_fair_by: String,
    /// Waits for somebody else's yes, and allows nothing until then.
    #[serde(default)]
    pub waits: bool,
}

impl FeeTerm {
    /// Whether it is for debts of a type and a day.
    fn is_for(&self, debt_type: &str, dated_on: NaiveDate) -> bool {
        let days = self.from_on <= dated_on && self.to_on.is_none_or(|last| dated_on <= last);
        days && (self.debt_type.is_empty() || same(&self.debt_type, debt_type))
    }

    /// Whether two terms of one debt type share a day, so that neither would count.
    pub fn overlaps(&self, other: &FeeTerm) -> bool {
        let before = |one: &FeeTerm, then: &FeeTerm| one.to_on.is_some_and(|last| last < then.from_on);
        same(&self.debt_type, &other.debt_type) && !before(self, other) && !before(other, self)
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The debt that a fee is asked on.
#[derive(Clone, Copy, Debug)]
pub struct FeeDebt<'a> {
    /// Who owes it.
    pub kind: CustomerKind,
    /// Its type.
    pub debt_type: &'a str,
    /// Its own day: the contract of that day counts.
    pub dated_on: NaiveDate,
    /// We are an NHS body.
    pub we_are_nhs: bool,
    /// Something of it is in query.
    pub disputed: bool,
}

/// Whether a contract can stand behind debts of a type: no charge by statute, no care charge, nothing overpaid.
///
/// # Errors
/// `DUN-09-FEE-DEBT`.
pub fn may_bear_fee(debt_type: &str) -> Result<(), Refusal> {
    let by_contract = DebtNature::of_debt_type(debt_type) == DebtNature::Contract;
    if by_contract && DebtClass::of_debt_type(debt_type) == DebtClass::Other {
        return Ok(());
    }
    Err(refusals::FEE_DEBT.because(format!("{debt_type} is not owed under a contract that could set a fee")))
}

/// The fee that the contract of a debt allows, where it may be asked: a term of the debt's own type before one of the
/// whole account.
///
/// # Errors
/// `REC-04-FEE` where no term stands, `DUN-09-FEE-WAITS` where one waits for its yes; `LP-01-NHS`, `LP-01-DISPUTED`;
/// `DUN-09-FEE-…`.
pub fn contract_fee<'t>(
    terms: &'t [FeeTerm],
    debt: FeeDebt<'_>,
    fee: Charged,
    fixed_sum: Charged,
) -> Result<&'t FeeTerm, Refusal> {
    may_bear_fee(debt.debt_type)?;
    let all = || terms.iter().filter(|term| term.is_for(debt.debt_type, debt.dated_on));
    let agreed = || all().filter(|term| !term.waits);
    let term = agreed().find(|term| !term.debt_type.is_empty()).or_else(|| agreed().next());
    let term = term.ok_or_else(|| match all().next() {
        Some(_) => refusals::FEE_WAITS.because("Nobody else has said yes to the term yet"),
        None => law::FEE.because("No term is recorded by which the contract allows a fee"),
    })?;
    if debt.kind == CustomerKind::NhsBody && debt.we_are_nhs {
        return Err(law::NHS_CONTRACT.because("NHS bodies do not charge each other for paying late"));
    }
    if !debt.kind.is_in_business() && term.found_fair_by.trim().is_empty() {
        return Err(refusals::FEE_FAIR.because("Nobody has found the term fair to a consumer"));
    }
    if debt.disputed {
        return Err(law::INTEREST_DISPUTED.because("The invoice is disputed"));
    }
    if fee.net > Pence::ZERO {
        return Err(refusals::FEE_ONCE.because("The fee was charged on this invoice"));
    }
    if fixed_sum.net > fixed_sum.waived {
        return Err(refusals::FEE_FIXED_SUM.because("The fixed sum of the act was charged on this invoice"));
    }
    Ok(term)
}

/// Whether a fee may be asked with a letter of today, where its contract allows one: freezes, holds, what is deferred.
///
/// # Errors
/// What the law or a hold says.
pub fn may_charge_fee(
    case: &DayCase<'_>,
    site: &SiteFacts,
    item: &DayItem<'_>,
    today: NaiveDate,
) -> Result<(), Refusal> {
    item.special.may_bear_interest()?;
    let mut facts = item_facts(case, site, item, site.minimum_to_chase.max(item.open));
    facts.debt.contract_fee = true;
    may(Act::Fee, &facts, today)
}

/// What a letter says of the contract's own fee.
pub fn step_fee(does: StepCharges, term: &FeeTerm, as_at: NaiveDate) -> StepCharge {
    StepCharge {
        does,
        as_at,
        rate: BasisPoints(0),
        interest: Pence::ZERO,
        compensation: Pence::ZERO,
        fee: term.fee,
        fee_term: term.term.clone(),
    }
}

/// What the act gives on a debt that bears the contract's own fee: its interest, and no fixed sum beyond what was charged.
pub fn beside_fee(worked: LateInterest, fee: Charged, fixed_sum: Charged) -> LateInterest {
    if fee.net > fee.waived { LateInterest { compensation: fixed_sum.net, ..worked } } else { worked }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn term(debt_type: &str, pence: i64, days: (&str, &str), fair: &str) -> FeeTerm {
        FeeTerm {
            debt_type: debt_type.into(),
            fee: Pence(pence),
            term: "Hire agreement 2026, clause 7.2".into(),
            from_on: d(days.0),
            to_on: (!days.1.is_empty()).then(|| d(days.1)),
            found_fair_by: fair.into(),
            waits: false,
        }
    }

    fn debt(kind: CustomerKind, debt_type: &str) -> FeeDebt<'_> {
        FeeDebt { kind, debt_type, dated_on: d("2026-05-01"), we_are_nhs: false, disputed: false }
    }

    fn of(net: i64, waived: i64) -> Charged {
        Charged { net: Pence(net), waived: Pence(waived), open: Pence::ZERO }
    }

    #[test]
    fn dun_09_a_fee_is_asked_only_where_the_contract_of_the_debts_day_allows_it() {
        let terms =
            [term("", 1_500, ("2026-04-01", "2027-03-31"), ""), term("Hall hire", 2_500, ("2026-04-01", ""), "")];
        let fee = |debt: FeeDebt<'_>| {
            contract_fee(&terms, debt, of(0, 0), of(0, 0)).map(|term| term.fee.0).map_err(|no| no.code)
        };
        let told = step_fee(StepCharges::PostFee, &terms[1], d("2026-05-01"));
        assert_eq!((told.fee, told.fee_term.as_str()), (Pence(2_500), terms[1].term.as_str()), "the letter names it");
        let firm = debt(CustomerKind::Company, "Hall hire");
        assert_eq!(fee(firm), Ok(2_500), "the debt's own type comes first");
        assert_eq!(fee(debt(CustomerKind::Company, "Trade waste")), Ok(1_500));
        assert_eq!(fee(FeeDebt { dated_on: d("2026-03-31"), ..firm }), Err("REC-04-FEE".into()));
        let later = FeeDebt { dated_on: d("2027-04-01"), ..debt(CustomerKind::Company, "Trade waste") };
        assert_eq!(fee(later), Err("REC-04-FEE".into()));
        for nature in ["Care charge", "Penalty charge", "Salary overpayment", "Direct payment", "Residential care"] {
            assert_eq!(fee(debt(CustomerKind::Company, nature)), Err("DUN-09-FEE-DEBT".into()), "{nature}");
        }
        let disputed = FeeDebt { disputed: true, ..firm };
        assert_eq!(fee(disputed), Err(law::INTEREST_DISPUTED.code.into()));
        let nhs = FeeDebt { we_are_nhs: true, ..debt(CustomerKind::NhsBody, "Hall hire") };
        assert_eq!(fee(nhs), Err(law::NHS_CONTRACT.code.into()));
    }

    #[test]
    fn dun_09_a_consumer_bears_a_fee_only_by_a_term_that_somebody_found_fair() {
        let person = debt(CustomerKind::Individual, "Hall hire");
        let asked = |fair: &str| {
            let terms = [term("Hall hire", 1_000, ("2026-04-01", ""), fair)];
            contract_fee(&terms, person, of(0, 0), of(0, 0)).map(|term| term.fee).map_err(|no| no.code)
        };
        assert_eq!(asked(" "), Err("DUN-09-FEE-FAIR".into()));
        assert_eq!(asked("J Hale, solicitor"), Ok(Pence(1_000)));
    }

    #[test]
    fn ctl_01_a_term_that_waits_for_a_yes_allows_nothing_and_stands_in_no_other_terms_way() {
        let waits = FeeTerm { waits: true, ..term("Hall hire", 2_500, ("2026-04-01", ""), "") };
        let all = [waits, term("", 1_500, ("2026-04-01", ""), "")];
        let fee = |terms: &[FeeTerm]| {
            let firm = debt(CustomerKind::Company, "Hall hire");
            contract_fee(terms, firm, of(0, 0), of(0, 0)).map(|term| term.fee.0).map_err(|no| no.code)
        };
        assert_eq!(fee(&all), Ok(1_500));
        assert_eq!(fee(&all[..1]), Err("DUN-09-FEE-WAITS".into()));
    }

    #[test]
    fn dun_09_a_fee_is_charged_once_and_never_beside_the_fixed_sum() {
        let terms = [term("", 1_500, ("2026-04-01", ""), "")];
        let firm = debt(CustomerKind::Company, "Hall hire");
        let code = |fee: Charged, fixed: Charged| contract_fee(&terms, firm, fee, fixed).err().map(|no| no.code);
        assert_eq!(code(of(0, 0), of(7_000, 7_000)), None, "a fixed sum that was waived is none");
        assert_eq!(code(of(0, 0), of(7_000, 0)), Some("DUN-09-FEE-FIXED-SUM".into()));
        assert_eq!(code(of(1_500, 1_500), of(0, 0)), Some("DUN-09-FEE-ONCE".into()), "waived is not asked again");
    }

    #[test]
    fn two_terms_of_one_type_share_no_day() {
        let first = term("Hall hire", 1_500, ("2026-04-01", "2027-03-31"), "");
        assert!(first.overlaps(&term("hall hire ", 2_000, ("2027-03-31", ""), "")));
        assert!(!first.overlaps(&term("Hall hire", 2_000, ("2027-04-01", ""), "")));
        assert!(!first.overlaps(&term("", 2_000, ("2026-04-01", ""), "")), "the debt's own type comes first");
    }
}
