//! The Register of Judgments, and what a judgment adds to the account (CT-06).
use crate::calendar::add_months;
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How a judgment stands on the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Registered {
    /// Paid within a calendar month: taken off.
    Cancelled,
    /// Paid later: marked, and there until this day.
    Satisfied {
        /// Six years from the judgment.
        until: NaiveDate,
    },
    /// Not paid: there until this day.
    Unpaid {
        /// Six years from the judgment.
        until: NaiveDate,
    },
}

/// The last day on which payment takes a judgment off the register.
pub fn cancelled_if_paid_by(judgment_on: NaiveDate) -> NaiveDate {
    add_months(judgment_on, 1)
}

/// How a judgment stands: the creditor tells the court when it was paid.
pub fn registered(judgment_on: NaiveDate, paid_in_full_on: Option<NaiveDate>) -> Registered {
    let until = add_months(judgment_on, 72);
    match paid_in_full_on {
        Some(paid) if paid <= cancelled_if_paid_by(judgment_on) => Registered::Cancelled,
        Some(_) => Registered::Satisfied { until },
        None => Registered::Unpaid { until },
    }
}

/// What a judgment is made of; it replaces nothing on the account, each part is an item of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgmentSum {
    /// The debt.
    pub principal: Pence,
    /// Interest to the judgment.
    pub interest: Pence,
    /// Fixed compensation.
    pub compensation: Pence,
    /// The fee to issue.
    pub issue_fee: Pence,
    /// Fixed costs.
    pub costs: Pence,
}

impl JudgmentSum {
    /// The judgment.
    pub fn total(&self) -> Pence {
        Pence::total(&[self.principal, self.interest, self.compensation, self.issue_fee, self.costs])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    #[test]
    fn ct_e8_paid_within_a_month_and_later() {
        let of = |paid: Option<&str>| registered(d("2026-11-02"), paid.map(d));
        assert_eq!(of(Some("2026-12-01")), Registered::Cancelled);
        assert_eq!(of(Some("2026-12-02")), Registered::Cancelled);
        assert_eq!(of(Some("2026-12-03")), Registered::Satisfied { until: d("2032-11-02") });
        assert_eq!(of(None), Registered::Unpaid { until: d("2032-11-02") });
    }

    #[test]
    fn leg_04_a_judgment_is_the_sum_of_its_items() {
        let sum = JudgmentSum {
            principal: Pence(120_000),
            interest: Pence(3_692),
            compensation: Pence::ZERO,
            issue_fee: Pence(8_000),
            costs: Pence(8_000),
        };
        assert_eq!(sum.total(), Pence(139_692));
    }
}
