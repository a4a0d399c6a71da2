//! Insolvency of every kind: what stops, what is proved, what follows after the date, what is left to give up (BS-05).
use super::refusals;
use crate::calendar::{add_days, add_months};
use crate::money::{Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A debt of this size may be treated as proved without a form.
const SMALL_PROOF: Pence = Pence(100_000);
/// Least debt of a bankruptcy petition, and of a demand on a person.
pub const BANKRUPTCY_LEAST: Pence = Pence(500_000);
/// A company's debt must be above this.
pub const WINDING_UP_ABOVE: Pence = Pence(75_000);

named! {
    /// How somebody is insolvent.
    InsolvencyKind {
        /// Debt relief order: twelve months, then the debts are gone. No dividend.
        DebtReliefOrder = "debt_relief_order", "Debt relief order";
        /// Individual voluntary arrangement.
        VoluntaryArrangement = "voluntary_arrangement", "Individual voluntary arrangement";
        /// Bankruptcy.
        Bankruptcy = "bankruptcy", "Bankruptcy";
        /// Company voluntary arrangement.
        CompanyArrangement = "company_arrangement", "Company voluntary arrangement";
        /// Administration.
        Administration = "administration", "Administration";
        /// Liquidation.
        Liquidation = "liquidation", "Liquidation";
        /// Receivership.
        Receivership = "receivership", "Receivership";
        /// Part A1 moratorium of a company: twenty business days, which can be longer.
        CompanyMoratorium = "company_moratorium", "Company moratorium";
        /// Struck off or dissolved.
        Dissolved = "dissolved", "Dissolved";
        /// Sequestration, trust deed, and what Northern Ireland has.
        OtherNation = "other_nation", "Scottish or Northern Irish procedure";
    }
}

/// What the procedure asks of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsolvencyAsk {
    /// A proof of debt is lodged.
    pub proof: bool,
    /// We may vote.
    pub vote: bool,
    /// Credits are set off against debts, by law.
    pub set_off: bool,
    /// Supply on credit stops.
    pub no_more_credit: bool,
    /// Legal services decide.
    pub legal: bool,
}

impl InsolvencyKind {
    /// What it asks of us.
    pub fn asks(self) -> InsolvencyAsk {
        use InsolvencyKind::*;
        InsolvencyAsk {
            proof: !matches!(self, DebtReliefOrder | CompanyMoratorium | Dissolved | OtherNation),
            vote: matches!(self, VoluntaryArrangement | CompanyArrangement),
            set_off: matches!(self, Bankruptcy | Liquidation | Administration),
            no_more_credit: matches!(self, CompanyArrangement | Administration | Liquidation | Receivership),
            legal: matches!(self, OtherNation | CompanyMoratorium),
        }
    }
}

/// An insolvency of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insolvency {
    /// Which.
    pub kind: InsolvencyKind,
    /// The order, approval, resolution or award.
    pub on: NaiveDate,
    /// Revoked, discharged, completed or dissolved.
    pub ended_on: Option<NaiveDate>,
    /// The order was revoked or annulled: the debts are owed again.
    pub revoked: bool,
    /// The office-holder declared the last dividend.
    pub final_dividend: bool,
}

impl Insolvency {
    /// Whether it stops a debt incurred on a day: what came after is an expense or a new debt.
    pub fn stops(&self, incurred_on: NaiveDate, survives: bool) -> bool {
        !self.revoked && !survives && incurred_on <= self.on
    }

    /// The first day on which what is left may be given up; none while nobody can say.
    pub fn write_off_from(&self) -> Option<NaiveDate> {
        match self.kind {
            InsolvencyKind::DebtReliefOrder => Some(add_months(self.on, 12)),
            InsolvencyKind::Dissolved => Some(self.on),
            InsolvencyKind::CompanyMoratorium | InsolvencyKind::OtherNation => None,
            _ if self.final_dividend => Some(self.ended_on.unwrap_or(self.on)),
            _ => None,
        }
    }

    /// Refuses to give up too early.
    pub fn may_give_up(&self, today: NaiveDate) -> Result<(), Refusal> {
        match self.write_off_from() {
            Some(from) if today >= from && !self.revoked => Ok(()),
            Some(from) if !self.revoked => {
                let sentence = format!("The {} of {} runs", self.kind.name().to_lowercase(), written(self.on));
                Err(refusals::GIVE_UP_TOO_EARLY.because(sentence).allowed_from(from))
            }
            _ => {
                let sentence = format!("The {} is not at its end", self.kind.name().to_lowercase());
                Err(refusals::GIVE_UP_TOO_EARLY.because(sentence))
            }
        }
    }
}

/// A charge for days, split at an insolvency: the day itself is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Can be proved.
    pub provable: Pence,
    /// An expense of the procedure, or a new debt.
    pub after: Pence,
}

/// Splits a charge from its first to its last day.
pub fn split_at(charge: Pence, first_on: NaiveDate, last_on: NaiveDate, insolvent_on: NaiveDate) -> Split {
    let days = (last_on - first_on).num_days() + 1;
    let before = ((insolvent_on - first_on).num_days() + 1).clamp(0, days.max(0));
    if days <= 0 {
        return Split { provable: charge, after: Pence::ZERO };
    }
    let part = divide_half_up(i128::from(charge.0) * i128::from(before), i128::from(days));
    let provable = Pence(i64::try_from(part).expect("a part of an amount fits"));
    Split { provable, after: charge.minus(provable) }
}

/// What of a debt can be proved by the days it is for: each part with its weight, first and last day.
pub fn provable_of(open: Pence, parts: &[(Pence, NaiveDate, NaiveDate)], insolvent_on: NaiveDate) -> Pence {
    let (mut before, mut all) = (0, 0);
    for (weight, first_on, last_on) in parts {
        before += i128::from(split_at(*weight, *first_on, *last_on, insolvent_on).provable.0);
        all += i128::from(weight.0);
    }
    if all <= 0 {
        return open;
    }
    let share = divide_half_up(i128::from(open.0) * before, all);
    Pence(i64::try_from(share).expect("a share of an amount fits")).min(open)
}

/// What is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Owed at the date, with VAT, and interest to that date only.
    pub owed: Pence,
    /// What we owe, set off where the law says so.
    pub set_off: Pence,
    /// The proof: never below nothing.
    pub amount: Pence,
    /// What we still owe the estate.
    pub owed_by_us: Pence,
    /// Small enough to be admitted without a form.
    pub without_form: bool,
}

/// The proof of a debt. Credits count where set-off is the law; elsewhere they are refunded to the office-holder.
pub fn proof(kind: InsolvencyKind, owed: Pence, interest_to_date: Pence, credits: Pence) -> Proof {
    let whole = owed.plus(interest_to_date);
    let set_off = if kind.asks().set_off { credits.min(whole) } else { Pence::ZERO };
    let amount = whole.minus(set_off);
    Proof {
        owed: whole,
        set_off,
        amount,
        owed_by_us: credits.minus(set_off),
        without_form: amount <= SMALL_PROOF && amount > Pence::ZERO,
    }
}

/// A dividend of so many pence in the hundred pounds, rounded half-up once.
pub fn dividend(proved: Pence, pence_in_100: i64) -> Pence {
    let share = divide_half_up(i128::from(proved.0) * i128::from(pence_in_100), 10_000);
    Pence(i64::try_from(share).expect("a share of an amount fits"))
}

/// Refuses a demand or petition below the level, or for what is disputed.
pub fn may_petition(individual: bool, owed: Pence, disputed: bool) -> Result<(), Refusal> {
    if disputed {
        return Err(refusals::PETITION_DISPUTED.because("The debt is disputed"));
    }
    let enough = if individual { owed >= BANKRUPTCY_LEAST } else { owed > WINDING_UP_ABOVE };
    if enough {
        return Ok(());
    }
    let level =
        if individual { format!("{BANKRUPTCY_LEAST} or more") } else { format!("more than {WINDING_UP_ABOVE}") };
    Err(refusals::PETITION_TOO_LITTLE.because(format!("{owed} is owed; it takes {level}")))
}

/// The days of a statutory demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandDates {
    /// Last day to apply to set it aside.
    pub set_aside_by: NaiveDate,
    /// Last day to comply.
    pub comply_by: NaiveDate,
}

/// Eighteen days to apply, twenty-one to comply.
pub fn demand_dates(served_on: NaiveDate) -> DemandDates {
    DemandDates { set_aside_by: add_days(served_on, 18), comply_by: add_days(served_on, 21) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn case(kind: InsolvencyKind, on: &str) -> Insolvency {
        Insolvency { kind, on: d(on), ended_on: None, revoked: false, final_dividend: false }
    }

    #[test]
    fn bs_e5_a_debt_relief_order_ends_in_a_write_off_after_twelve_months() {
        let order = case(InsolvencyKind::DebtReliefOrder, "2026-03-02");
        assert!(order.stops(d("2026-03-02"), false) && !order.stops(d("2026-03-03"), false));
        assert!(!order.stops(d("2026-03-01"), true), "a fraud debt survives");
        let refused = order.may_give_up(d("2027-03-01")).expect_err("runs");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("BS-05-WRITE-OFF-EARLY", Some(d("2027-03-02"))));
        assert_eq!(order.may_give_up(d("2027-03-02")), Ok(()));
        assert!(!order.kind.asks().proof);
        assert!(Insolvency { revoked: true, ..order }.may_give_up(d("2028-01-01")).is_err());
    }

    #[test]
    fn bs_e6_weeks_before_and_after_an_administration() {
        let on = d("2026-05-10");
        let week = |first: &str, last: &str| split_at(Pence(7_000), d(first), d(last), on);
        assert_eq!(week("2026-05-04", "2026-05-10"), Split { provable: Pence(7_000), after: Pence::ZERO });
        assert_eq!(week("2026-05-11", "2026-05-17"), Split { provable: Pence::ZERO, after: Pence(7_000) });
        assert_eq!(week("2026-05-08", "2026-05-14"), Split { provable: Pence(3_000), after: Pence(4_000) });
    }

    #[test]
    fn bs_e6_a_debt_is_proved_by_the_days_it_is_for() {
        let on = d("2026-05-10");
        let first = (Pence(7_000), d("2026-05-04"), d("2026-05-10"));
        let second = (Pence(7_000), d("2026-05-11"), d("2026-05-17"));
        let both = (Pence(7_000), d("2026-05-08"), d("2026-05-14"));
        assert_eq!(provable_of(Pence(7_000), &[first], on), Pence(7_000));
        assert_eq!(provable_of(Pence(7_000), &[second], on), Pence::ZERO);
        assert_eq!(provable_of(Pence(7_000), &[both], on), Pence(3_000), "three days of seven");
        assert_eq!(provable_of(Pence(8_400), &[first, second], on), Pence(4_200), "half, with VAT and after a payment");
    }

    #[test]
    fn bs_e7_what_we_owe_is_set_off() {
        let worked = proof(InsolvencyKind::Bankruptcy, Pence(125_000), Pence::ZERO, Pence(40_000));
        assert_eq!((worked.amount, worked.set_off, worked.without_form), (Pence(85_000), Pence(40_000), true));
        let none = proof(InsolvencyKind::VoluntaryArrangement, Pence(125_000), Pence(500), Pence(40_000));
        assert_eq!((none.amount, none.owed_by_us, none.without_form), (Pence(125_500), Pence(40_000), false));
        let more = proof(InsolvencyKind::Liquidation, Pence(100), Pence::ZERO, Pence(250));
        assert_eq!((more.amount, more.owed_by_us, more.without_form), (Pence::ZERO, Pence(150), false));
    }

    #[test]
    fn bs_e8_a_demand_below_the_level() {
        let code = |individual, owed, disputed| {
            may_petition(individual, Pence(owed), disputed).map_or_else(|refusal| refusal.code, |()| "may".into())
        };
        assert_eq!(code(true, 499_999, false), "BS-05-PETITION-LEAST");
        assert_eq!(code(true, 500_000, false), "may");
        assert_eq!(code(false, 75_000, false), "BS-05-PETITION-LEAST");
        assert_eq!(code(false, 75_001, false), "may");
        assert_eq!(code(false, 75_001, true), "BS-05-PETITION-DISPUTED");
        let dates = demand_dates(d("2026-11-01"));
        assert_eq!((dates.set_aside_by, dates.comply_by), (d("2026-11-19"), d("2026-11-22")));
    }

    #[test]
    fn leg_06_dividends_and_the_end() {
        assert_eq!(dividend(Pence(85_000), 1_234), Pence(10_489));
        let mut estate = case(InsolvencyKind::Bankruptcy, "2025-01-10");
        assert_eq!(estate.may_give_up(d("2026-11-22")).expect_err("no dividend yet").allowed_from, None);
        estate.final_dividend = true;
        estate.ended_on = Some(d("2026-10-01"));
        assert_eq!(estate.may_give_up(d("2026-10-01")), Ok(()));
        assert_eq!(case(InsolvencyKind::Dissolved, "2026-01-01").may_give_up(d("2026-01-01")), Ok(()));
        for kind in InsolvencyKind::ALL {
            let asks = kind.asks();
            assert!(
                asks.proof || asks.legal || matches!(kind, InsolvencyKind::DebtReliefOrder | InsolvencyKind::Dissolved)
            );
        }
    }
}
