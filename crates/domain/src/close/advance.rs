//! Income in advance (GL-02 rows 2 and 3): what was invoiced for days to come is income when they have come.
use crate::money::{Pence, divide_half_up};
use chrono::NaiveDate;

/// The part of a charge for the days after a day; it and the part before come to the charge exactly.
pub fn ahead(net: Pence, (from, to): (NaiveDate, NaiveDate), at: NaiveDate) -> Pence {
    let days = (to - from).num_days() + 1;
    if days <= 0 {
        return Pence::ZERO;
    }
    let earned_days = ((at - from).num_days() + 1).clamp(0, days);
    let earned = divide_half_up(i128::from(net.0) * i128::from(earned_days), i128::from(days));
    // A part is never larger than the whole.
    net.minus(Pence(i64::try_from(earned).unwrap_or(net.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn cal_e15_a_period_across_the_year_end_is_parted_by_days() {
        let period = (d("2027-03-08"), d("2027-04-04"));
        assert_eq!(ahead(Pence(72_940), period, d("2027-03-31")), Pence(10_420));
        assert_eq!(ahead(Pence(-72_940), period, d("2027-03-31")), Pence(-10_420));
        assert_eq!(ahead(Pence(72_940), period, d("2027-03-07")), Pence(72_940));
        assert_eq!(ahead(Pence(72_940), period, d("2027-04-04")), Pence::ZERO);
        assert_eq!(ahead(Pence(72_940), (period.1, period.0), d("2027-03-31")), Pence::ZERO);
    }

    proptest! {
        #[test]
        fn gl_02_what_lies_ahead_only_falls_and_a_charge_taken_back_leaves_nothing(
            net in 0i64..10_000_000, length in 0i64..400, first in 0i64..400, later in 0i64..60,
        ) {
            let from = d("2026-04-01");
            let span = (from, from + chrono::Days::new(length.unsigned_abs()));
            let at = from + chrono::Days::new(first.unsigned_abs());
            let then = at + chrono::Days::new(later.unsigned_abs());
            prop_assert!(ahead(Pence(net), span, then) <= ahead(Pence(net), span, at));
            prop_assert!(ahead(Pence(net), span, at) >= Pence::ZERO && ahead(Pence(net), span, at) <= Pence(net));
            prop_assert_eq!(ahead(Pence(net), span, at).plus(ahead(Pence(-net), span, at)), Pence::ZERO);
        }
    }
}
