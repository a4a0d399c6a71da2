//! When a customer has died: what stops the same day, who is written to and when, who never owes it (BS-06).
use super::refusals;
use crate::calendar::{add_days, add_months};
use crate::money::{Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Policy: days after we hear of it without a demand.
const NO_DEMAND_DAYS: i64 = 28;
/// Months after which probate is looked for.
const PROBATE_MONTHS: [i32; 3] = [1, 3, 6];
/// Days after death in which a deferred payment falls due.
const DEFERRED_DAYS: i64 = 90;

/// A death, as we know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// When.
    pub on: NaiveDate,
    /// When we heard.
    pub told_on: NaiveDate,
    /// From whom.
    pub source: String,
    /// The letter or claim is addressed to the personal representatives.
    pub to_representatives: bool,
}

impl Death {
    /// The first day of a demand to the estate.
    pub fn demand_from(&self) -> NaiveDate {
        add_days(self.told_on, NO_DEMAND_DAYS)
    }

    /// When to look for a grant of probate.
    pub fn probate_searches(&self) -> [NaiveDate; 3] {
        PROBATE_MONTHS.map(|months| add_months(self.on, months))
    }

    /// When a deferred payment falls due.
    pub fn deferred_due_on(&self) -> NaiveDate {
        add_days(self.on, DEFERRED_DAYS)
    }

    /// Refuses a demand to the person, and one to the estate too soon.
    pub fn may_demand(&self, today: NaiveDate) -> Result<(), Refusal> {
        if !self.to_representatives {
            return Err(refusals::DECEASED.because("The customer has died"));
        }
        let from = self.demand_from();
        if today < from {
            let sentence = format!("The customer died on {}: no demand before {}", written(self.on), written(from));
            return Err(refusals::DEATH_TOO_SOON.because(sentence).allowed_from(from));
        }
        Ok(())
    }
}

named! {
    /// Why somebody else owes it.
    OwesBecause {
        /// Their own contract.
        Contract = "contract", "Contract";
        /// A guarantee.
        Guarantee = "guarantee", "Guarantee";
        /// The debt was joint.
        Joint = "joint", "Joint debt";
        /// They agreed to top up.
        TopUp = "top_up", "Top-up agreement";
    }
}

/// Refuses to move a balance to a relative without a ground and its document.
pub fn may_move_to_relative(ground: Option<OwesBecause>, document: &str) -> Result<(), Refusal> {
    match ground {
        Some(_) if !document.trim().is_empty() => Ok(()),
        _ => Err(refusals::RELATIVE.because("Nothing shows that the relative owes this debt")),
    }
}

/// The last charge of somebody who died: to the day of death, that day counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalCharge {
    /// Days that are charged.
    pub days: i64,
    /// For them.
    pub charge: Pence,
    /// Credited or refunded.
    pub credit: Pence,
}

/// Cuts a charge for a period at a death.
pub fn final_charge(charge: Pence, first_on: NaiveDate, last_on: NaiveDate, died_on: NaiveDate) -> FinalCharge {
    let all = ((last_on - first_on).num_days() + 1).max(1);
    let days = ((died_on - first_on).num_days() + 1).clamp(0, all);
    let part = divide_half_up(i128::from(charge.0) * i128::from(days), i128::from(all));
    let part = Pence(i64::try_from(part).expect("a part of an amount fits"));
    FinalCharge { days, charge: part, credit: charge.minus(part) }
}

named! {
    /// The order in which an estate that is too small pays.
    EstateRank {
        /// Secured on property.
        Secured = "secured", "Secured";
        /// The funeral, and the costs of the estate.
        Funeral = "funeral", "Funeral and testamentary";
        /// Preferred by law.
        Preferential = "preferential", "Preferential";
        /// Everything else: ours.
        Ordinary = "ordinary", "Ordinary";
        /// Interest after death.
        Interest = "interest", "Interest";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn bs_e9_the_last_charge_ends_with_the_day_of_death() {
        let worked = final_charge(Pence(38_160), d("2026-06-01"), d("2026-06-28"), d("2026-06-18"));
        assert_eq!(worked, FinalCharge { days: 18, charge: Pence(24_531), credit: Pence(13_629) });
        let before = final_charge(Pence(38_160), d("2026-06-01"), d("2026-06-28"), d("2026-05-31"));
        assert_eq!((before.days, before.credit), (0, Pence(38_160)));
    }

    #[test]
    fn bs_06_the_person_is_never_written_to_and_the_estate_not_too_soon() {
        let mut death = Death {
            on: d("2026-06-18"),
            told_on: d("2026-06-20"),
            source: "Tell Us Once".into(),
            to_representatives: false,
        };
        assert_eq!(death.may_demand(d("2026-12-01")).expect_err("died").code, "BS-06-DECEASED");
        death.to_representatives = true;
        let refused = death.may_demand(d("2026-07-17")).expect_err("too soon");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("BS-06-TOO-SOON", Some(d("2026-07-18"))));
        assert_eq!(death.may_demand(d("2026-07-18")), Ok(()));
        assert_eq!(death.probate_searches(), ["2026-07-18", "2026-09-18", "2026-12-18"].map(d));
        assert_eq!(death.deferred_due_on(), d("2026-09-16"));
    }

    #[test]
    fn leg_08_a_relative_owes_only_on_a_ground() {
        assert_eq!(may_move_to_relative(None, "letter").expect_err("no ground").code, "BS-06-RELATIVE");
        assert!(may_move_to_relative(Some(OwesBecause::Guarantee), "").is_err());
        assert_eq!(may_move_to_relative(Some(OwesBecause::TopUp), "Agreement of 1 May 2025"), Ok(()));
        assert!(EstateRank::Funeral < EstateRank::Ordinary);
    }
}
