//! Measures of collection (GL-06), to two decimals half-up. No sales: no figure.
use crate::money::{Pence, divide_half_up};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A figure in hundredths: 4564 is 45.64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hundredths(pub i64);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Pence(self.0).pounds())
    }
}

fn ratio(over: i128, under: i128, times: i128) -> Option<Hundredths> {
    if under <= 0 {
        return None;
    }
    i64::try_from(divide_half_up(over * times * 100, under)).ok().map(Hundredths)
}

/// Days of sales outstanding: closing balance over the period's sales, in days.
pub fn dso(closing: Pence, sales: Pence, days: i64) -> Option<Hundredths> {
    ratio(closing.0.into(), sales.0.into(), days.into())
}

/// The same of what is not yet due: the best that could be reached.
pub fn best_possible_dso(not_due: Pence, sales: Pence, days: i64) -> Option<Hundredths> {
    dso(not_due, sales, days)
}

/// How many of the days are our customers' lateness.
pub fn average_days_delinquent(dso: Hundredths, best_possible: Hundredths) -> Hundredths {
    Hundredths(dso.0 - best_possible.0)
}

/// A month's sales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthOfSales {
    /// Invoiced with VAT, less credits.
    pub sales: Pence,
    /// Days in the month.
    pub days: i64,
}

/// Days of sales outstanding by counting back: months newest first, the last one pro rata.
/// None when the months given do not use up the balance.
pub fn dso_count_back(closing: Pence, newest_first: &[MonthOfSales]) -> Option<Hundredths> {
    let (mut left, mut days) = (closing, 0);
    for month in newest_first {
        if left < month.sales {
            let part = ratio(left.0.into(), month.sales.0.into(), month.days.into())?;
            return Some(Hundredths(days * 100 + part.0));
        }
        left = left.minus(month.sales);
        days += month.days;
    }
    (left <= Pence::ZERO).then_some(Hundredths(days * 100))
}

/// Collection effectiveness, per cent.
pub fn collection_effectiveness(
    opening: Pence,
    sales: Pence,
    closing: Pence,
    closing_current: Pence,
) -> Option<Hundredths> {
    let all = opening.plus(sales);
    ratio(all.minus(closing).0.into(), all.minus(closing_current).0.into(), 100)
}

/// Bad debt written off, net of VAT relief, over credit sales, per cent.
pub fn bad_debt_ratio(written_off: Pence, sales: Pence) -> Option<Hundredths> {
    ratio(written_off.0.into(), sales.0.into(), 100)
}

/// Overdue over the whole, per cent.
pub fn overdue_share(overdue: Pence, total: Pence) -> Option<Hundredths> {
    ratio(overdue.0.into(), total.0.into(), 100)
}

/// From the opening to the closing balance (GL-E10); all amounts are sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollForward {
    /// At the start.
    pub opening: Pence,
    /// Invoiced.
    pub invoices: Pence,
    /// Credited.
    pub credits: Pence,
    /// Received.
    pub receipts: Pence,
    /// Refunded.
    pub refunds: Pence,
    /// Written off.
    pub write_offs: Pence,
    /// Written back.
    pub write_backs: Pence,
    /// Direct Debits and cheques returned unpaid.
    pub unpaid: Pence,
    /// Interest and costs demanded.
    pub interest: Pence,
}

impl RollForward {
    /// The closing balance, which must equal the control account.
    pub fn closing(&self) -> Pence {
        let up = [self.opening, self.invoices, self.refunds, self.write_backs, self.unpaid, self.interest];
        let down = [self.credits, self.receipts, self.write_offs];
        Pence::total(&up).minus(Pence::total(&down))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pounds(pounds: i64) -> Pence {
        Pence(pounds * 100)
    }

    #[test]
    fn gl_e4_days_of_sales_outstanding() {
        let all = dso(pounds(6_940_000), pounds(55_500_000), 365).expect("sales");
        let best = best_possible_dso(pounds(4_200_000), pounds(55_500_000), 365).expect("sales");
        assert_eq!((all, best), (Hundredths(4_564), Hundredths(2_762)));
        assert_eq!(average_days_delinquent(all, best), Hundredths(1_802));
        assert_eq!(all.to_string(), "45.64");
        assert_eq!(dso(pounds(1), Pence::ZERO, 365), None);
    }

    #[test]
    fn gl_e5_counting_back() {
        let month = |sales, days| MonthOfSales { sales: pounds(sales), days };
        let months = [month(4_100_000, 31), month(3_300_000, 28), month(3_800_000, 31)];
        assert_eq!(dso_count_back(pounds(9_400_000), &months), Some(Hundredths(7_532)));
        assert_eq!(dso_count_back(pounds(99_400_000), &months), None);
        assert_eq!(dso_count_back(pounds(4_100_000), &months[..1]), Some(Hundredths(3_100)));
    }

    #[test]
    fn gl_e6_collection_effectiveness() {
        let figure =
            collection_effectiveness(pounds(9_000_000), pounds(12_000_000), pounds(8_000_000), pounds(5_000_000));
        assert_eq!(figure, Some(Hundredths(8_125)));
    }

    #[test]
    fn gl_e7_bad_debt_ratio() {
        assert_eq!(bad_debt_ratio(pounds(83_250), pounds(55_500_000)), Some(Hundredths(15)));
    }

    #[test]
    fn gl_e10_roll_forward() {
        let roll = RollForward {
            opening: Pence(694_000_000),
            invoices: Pence(463_250_000),
            credits: Pence(8_712_045),
            receipts: Pence(441_930_518),
            refunds: Pence(512_900),
            write_offs: Pence(3_120_077),
            write_backs: Pence(45_000),
            unpaid: Pence(1_820_000),
            interest: Pence(91_511),
        };
        assert_eq!(roll.closing(), Pence(705_956_771));
    }
}
