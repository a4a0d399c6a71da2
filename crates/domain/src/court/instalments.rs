//! A judgment that is paid by instalments: which is due next, and whether they are kept (CT-06, CT-07).
use crate::calendar::{add_days, add_months};
use crate::money::Pence;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// How often the court ordered an instalment.
    JudgmentEvery {
        /// Every week.
        Weekly = "weekly", "Every week";
        /// Every two weeks.
        Fortnightly = "fortnightly", "Every two weeks";
        /// Every month.
        Monthly = "monthly", "Every month";
    }
}

/// The instalments of a judgment, as they are kept with its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgmentTerms {
    /// Each.
    #[serde(rename = "amount_pence")]
    pub amount: Pence,
    /// How often.
    pub every: JudgmentEvery,
    /// The first one.
    pub first_on: NaiveDate,
}

impl JudgmentTerms {
    /// The first instalment that is not paid in full, and what is left of it; none once the judgment is paid.
    pub fn next(&self, paid: Pence, judgment: Pence) -> Option<(NaiveDate, Pence)> {
        if paid >= judgment || self.amount <= Pence::ZERO {
            return None;
        }
        let paid = paid.max(Pence::ZERO);
        let number = paid.0 / self.amount.0;
        let left = self.amount.minus(Pence(paid.0 % self.amount.0)).min(judgment.minus(paid));
        let months = i32::try_from(number).unwrap_or(i32::MAX);
        let on = match self.every {
            JudgmentEvery::Weekly => add_days(self.first_on, number.saturating_mul(7)),
            JudgmentEvery::Fortnightly => add_days(self.first_on, number.saturating_mul(14)),
            JudgmentEvery::Monthly => add_months(self.first_on, months),
        };
        Some((on, left))
    }

    /// Whether nothing is in arrear: an instalment may be paid until its day is over.
    pub fn kept(&self, paid: Pence, judgment: Pence, today: NaiveDate) -> bool {
        self.next(paid, judgment).is_none_or(|(on, _)| today <= on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn terms(every: JudgmentEvery, first: &str) -> JudgmentTerms {
        JudgmentTerms { amount: Pence(5_000), every, first_on: d(first) }
    }

    #[test]
    fn ct_06_each_instalment_has_its_day_and_the_last_is_what_is_left() {
        let monthly = terms(JudgmentEvery::Monthly, "2026-08-31");
        let next = |paid| monthly.next(Pence(paid), Pence(12_000));
        assert_eq!(next(0), Some((d("2026-08-31"), Pence(5_000))));
        assert_eq!(next(4_999), Some((d("2026-08-31"), Pence(1))));
        assert_eq!(next(5_000), Some((d("2026-09-30"), Pence(5_000))));
        assert_eq!(next(10_000), Some((d("2026-10-31"), Pence(2_000))));
        assert_eq!(next(12_000), None);
        let weekly = terms(JudgmentEvery::Weekly, "2026-08-01").next(Pence(15_000), Pence(50_000));
        assert_eq!(weekly.map(|(on, _)| on), Some(d("2026-08-22")));
        let fortnightly = terms(JudgmentEvery::Fortnightly, "2026-08-01").next(Pence(15_000), Pence(50_000));
        assert_eq!(fortnightly.map(|(on, _)| on), Some(d("2026-09-12")));
    }

    #[test]
    fn ct_07_an_instalment_is_missed_when_its_day_is_over() {
        let monthly = terms(JudgmentEvery::Monthly, "2026-08-01");
        let kept = |paid, today: &str| monthly.kept(Pence(paid), Pence(50_000), d(today));
        assert!(kept(0, "2026-07-10") && kept(0, "2026-08-01") && !kept(0, "2026-08-02"));
        assert!(kept(5_000, "2026-08-02") && kept(5_000, "2026-09-01") && !kept(5_000, "2026-09-02"));
        assert!(!kept(9_999, "2026-09-02") && kept(10_000, "2026-09-02"));
    }
}
