//! Uplifts: a new dated rate for many charges at once, previewed line by line (BIL-04).
use super::refusals;
use super::units::Unit;
use super::{Cycle, rate_in_words};
use crate::money::{Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

/// By how much rates change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uplift {
    /// A percentage in ten-thousandths: 45000 is 4.5%; below zero is a cut.
    Percent(i64),
    /// So much more, in ten-thousandths of a pound.
    Amount(i64),
    /// This rate, in ten-thousandths of a pound.
    New(i64),
}

named! {
    /// How a rate is rounded after an uplift, always half-up.
    UpliftRounding {
        /// To a whole penny, or to a hundredth of one where the rate had part-pennies.
        Penny = "penny", "To the penny";
        /// To five pence.
        FivePence = "five_pence", "To 5p";
        /// To ten pence.
        TenPence = "ten_pence", "To 10p";
        /// To a whole pound.
        Pound = "pound", "To the pound";
        /// To four decimals of a pound.
        Exact = "exact", "To four decimals";
    }
}

impl UpliftRounding {
    /// The step for a rate, in ten-thousandths of a pound.
    fn step(self, rate_e4: i64, by: Uplift) -> i128 {
        match self {
            UpliftRounding::Penny if matches!(by, Uplift::Amount(e4) | Uplift::New(e4) if e4 % 100 != 0) => 1,
            UpliftRounding::Penny if rate_e4 % 100 == 0 => 100,
            UpliftRounding::Penny | UpliftRounding::Exact => 1,
            UpliftRounding::FivePence => 500,
            UpliftRounding::TenPence => 1_000,
            UpliftRounding::Pound => 10_000,
        }
    }
}

impl Uplift {
    /// `4.5% more`, `£1.25 less`, `£23.10`.
    pub fn words(self) -> String {
        let more = |e4: i64| if e4 < 0 { "less" } else { "more" };
        match self {
            Uplift::Percent(e4) => format!("{}% {}", super::units::decimals(e4.abs()), more(e4)),
            Uplift::Amount(e4) => format!("{} {}", rate_in_words(e4.abs()), more(e4)),
            Uplift::New(e4) => rate_in_words(e4),
        }
    }
}

/// A rate after an uplift, rounded half-up once.
///
/// # Errors
/// `BIL-04-NOTHING` where the rate would not stay above zero.
pub fn uplifted(rate_e4: i64, by: Uplift, round: UpliftRounding) -> Result<i64, Refusal> {
    let exact = match by {
        Uplift::Percent(e4) => i128::from(rate_e4) * (1_000_000 + i128::from(e4)),
        Uplift::Amount(e4) => (i128::from(rate_e4) + i128::from(e4)) * 1_000_000,
        Uplift::New(e4) => i128::from(e4) * 1_000_000,
    };
    let step = round.step(rate_e4, by);
    let new = divide_half_up(exact, 1_000_000 * step) * step;
    let new = i64::try_from(new).ok().filter(|new| *new > 0 && *new <= 1_000_000_000_000);
    new.ok_or_else(|| refusals::NO_UPLIFT.because("A rate would not stay above zero"))
}

/// What a charge by plan comes to in a year of 365 days at a rate, for a preview: 52 1/7 weeks, 12 months, 3 terms.
pub fn yearly(rate_e4: i64, quantity_e4: i64, unit: Unit, cycle: Cycle) -> Pence {
    let (num, den): (i128, i128) = match (unit, cycle) {
        (Unit::Day, _) => (365, 1),
        (Unit::Week | Unit::Hour | Unit::Visit | Unit::Session, _) | (Unit::Period, Cycle::Weekly) => (365, 7),
        (Unit::Month, _) | (Unit::Period, Cycle::Monthly) => (12, 1),
        (Unit::Term, _) | (Unit::Period, Cycle::Termly) => (3, 1),
        (Unit::Period, Cycle::FourWeekly | Cycle::FourWeeklyLong) => (365, 28),
        (Unit::Year, _) | (Unit::Period, Cycle::Yearly) => (1, 1),
        (Unit::Quarter | Unit::Period, _) => (4, 1),
    };
    let exact = i128::from(rate_e4) * i128::from(quantity_e4) * num;
    Pence(i64::try_from(divide_half_up(exact, den * 1_000_000)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bil_04_uplifts_round_half_up_by_rule() {
        use UpliftRounding::*;
        let up = |rate, by| uplifted(rate, by, Penny);
        assert_eq!(up(1_823_500, Uplift::Percent(45_000)), Ok(1_905_600));
        assert_eq!(up(1_000_000, Uplift::Percent(-100_000)), Ok(900_000));
        assert_eq!(up(12_345, Uplift::Percent(100_000)), Ok(13_580));
        assert_eq!(up(1_823_500, Uplift::Amount(12_500)), Ok(1_836_000));
        assert_eq!(up(1_823_500, Uplift::New(1_900_000)), Ok(1_900_000));
        assert_eq!(up(100, Uplift::Percent(-1_000_000)).expect_err("nothing left").code, "BIL-04-NOTHING");
        // £182.35 and 4.5% is £190.55575.
        let rounded =
            [FivePence, TenPence, Pound, Exact].map(|round| uplifted(1_823_500, Uplift::Percent(45_000), round));
        assert_eq!(rounded, [Ok(1_905_500), Ok(1_906_000), Ok(1_910_000), Ok(1_905_558)]);
    }

    #[test]
    fn bil_04_a_year_of_each_unit() {
        let of = |unit, cycle| yearly(1_000_000, 10_000, unit, cycle).0;
        assert_eq!(of(Unit::Day, Cycle::Monthly), 3_650_000);
        assert_eq!(of(Unit::Week, Cycle::FourWeekly), 521_429);
        assert_eq!(of(Unit::Month, Cycle::Monthly), 120_000);
        assert_eq!(of(Unit::Quarter, Cycle::QuarterDays), 40_000);
        assert_eq!(of(Unit::Period, Cycle::FourWeekly), 130_357);
        assert_eq!(of(Unit::Period, Cycle::ScottishQuarterDays), 40_000);
        assert_eq!(of(Unit::Year, Cycle::Yearly), 10_000);
        assert_eq!(of(Unit::Term, Cycle::Termly), 30_000);
    }

    #[test]
    fn bil_04_uplifts_in_words() {
        let words = [Uplift::Percent(45_000), Uplift::Amount(-12_500), Uplift::New(231_000)].map(Uplift::words);
        assert_eq!(words, ["4.5% more", "£1.25 less", "£23.10"]);
    }
}
