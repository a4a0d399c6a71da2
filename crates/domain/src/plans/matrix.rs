//! Who may grant a plan: by its length, its sum, and what went before (PP-04). Policy, so a site's own rows replace these.
use super::refusals;
use crate::billing::{Every, Instalment};
use crate::calendar::add_months;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::{counted, named};
use serde::{Deserialize, Serialize};

named! {
    /// Who grants plans, the least first.
    Approver {
        /// Whoever works the case.
        Clerk = "clerk", "Clerk";
        /// Senior clerk or team leader.
        TeamLeader = "team_leader", "Team leader";
        /// Manager.
        Manager = "manager", "Manager";
        /// Head of service.
        Head = "head", "Head of service";
    }
}

/// Up to how long and how much somebody may grant: both hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanBand {
    /// Who.
    pub approver: Approver,
    /// Months at most.
    pub months: u32,
    /// Pounds at most.
    pub up_to: Pence,
}

/// A site's policy on plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPolicy {
    /// In order of standing; beyond the last it is the head of service.
    pub bands: Vec<PlanBand>,
    /// Least a week.
    pub least_weekly: Pence,
    /// Least a month.
    pub least_monthly: Pence,
    /// Below this a month it is a token payment.
    pub token_below: Pence,
    /// Months a business may have before a manager is asked.
    pub business_months: u32,
    /// Calendar days of grace after an instalment.
    pub tolerance_days: i64,
    /// Days in which a missed instalment can be brought up to date after the reminder.
    pub cure_days: i64,
    /// Days behind after which a plan can break.
    pub break_days: i64,
    /// Months between reviews.
    pub review_months: i32,
}

impl Default for PlanPolicy {
    fn default() -> Self {
        let band = |approver, months, pounds: i64| PlanBand { approver, months, up_to: Pence(pounds * 100) };
        Self {
            bands: vec![
                band(Approver::Clerk, 6, 1_000),
                band(Approver::TeamLeader, 12, 5_000),
                band(Approver::Manager, 24, 20_000),
            ],
            least_weekly: Pence(500),
            least_monthly: Pence(2_000),
            token_below: Pence(500),
            business_months: 3,
            tolerance_days: 7,
            cure_days: 14,
            break_days: 21,
            review_months: 6,
        }
    }
}

/// What decides who grants a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTerms {
    /// Months it takes.
    pub months: u32,
    /// What it is for.
    pub total: Pence,
    /// A token payment.
    pub token: bool,
    /// Another plan of this customer broke in the last twelve months.
    pub broke_one: bool,
    /// The customer is in business.
    pub business: bool,
}

/// Months a schedule takes, the last begun month counted.
pub fn term_months(parts: &[Instalment]) -> u32 {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return 0 };
    (1..=1_200).find(|months| add_months(first.due_on, *months) > last.due_on).unwrap_or(1_200).unsigned_abs()
}

/// The least standing that may grant these terms.
pub fn approver_of(policy: &PlanPolicy, terms: &PlanTerms) -> Approver {
    if terms.token || terms.broke_one {
        return Approver::Head;
    }
    let fits = |band: &&PlanBand| terms.months <= band.months && terms.total <= band.up_to;
    let by_band = policy.bands.iter().find(fits).map_or(Approver::Head, |band| band.approver);
    if terms.business && terms.months > policy.business_months { by_band.max(Approver::Manager) } else { by_band }
}

/// Refuses a grant by somebody whose standing does not reach.
pub fn may_grant(policy: &PlanPolicy, terms: &PlanTerms, by: Approver) -> Result<(), Refusal> {
    let needed = approver_of(policy, terms);
    if by >= needed {
        return Ok(());
    }
    let months = counted(i64::from(terms.months), "month");
    let sentence = format!("A plan of {} over {months} is for the {}", terms.total, needed.name().to_lowercase());
    Err(refusals::APPROVER.because(sentence))
}

/// Refuses an instalment below the policy's least, unless a budget shows that there is no more.
pub fn check_minimum(policy: &PlanPolicy, instalment: Pence, every: Every, budget_says: bool) -> Result<(), Refusal> {
    let least = match every {
        Every::Week => policy.least_weekly,
        Every::Fortnight => Pence(policy.least_weekly.0 * 2),
        Every::FourWeeks | Every::Month => policy.least_monthly,
        Every::Quarter => Pence(policy.least_monthly.0 * 3),
    };
    if instalment < least && !budget_says {
        return Err(refusals::TOO_LITTLE.because(format!("{instalment} is below the least instalment of {least}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn terms(months: u32, pounds: i64) -> PlanTerms {
        PlanTerms { months, total: Pence(pounds * 100), token: false, broke_one: false, business: false }
    }

    #[test]
    fn pp_04_the_matrix() {
        let policy = PlanPolicy::default();
        let of = |terms| approver_of(&policy, &terms);
        for (months, pounds, who) in [
            (6, 1_000, Approver::Clerk),
            (7, 1_000, Approver::TeamLeader),
            (6, 1_001, Approver::TeamLeader),
            (12, 5_000, Approver::TeamLeader),
            (13, 100, Approver::Manager),
            (24, 20_000, Approver::Manager),
            (25, 100, Approver::Head),
            (1, 20_001, Approver::Head),
        ] {
            assert_eq!(of(terms(months, pounds)), who, "{months} months, {pounds} pounds");
        }
        assert_eq!(of(PlanTerms { token: true, ..terms(1, 10) }), Approver::Head);
        assert_eq!(of(PlanTerms { broke_one: true, ..terms(1, 10) }), Approver::Head);
        assert_eq!(of(PlanTerms { business: true, ..terms(3, 10) }), Approver::Clerk);
        assert_eq!(of(PlanTerms { business: true, ..terms(4, 10) }), Approver::Manager);
        let refused = may_grant(&policy, &terms(7, 10), Approver::Clerk).expect_err("above");
        assert_eq!(
            (refused.code.as_str(), refused.sentence.as_str()),
            ("PP-04-APPROVER", "A plan of £10.00 over 7 months is for the team leader")
        );
        assert_eq!(may_grant(&policy, &terms(7, 10), Approver::Manager), Ok(()));
    }

    #[test]
    fn pp_04_the_least_instalment() {
        let policy = PlanPolicy::default();
        let least = |pence, every, says| check_minimum(&policy, Pence(pence), every, says).is_ok();
        assert!(least(500, Every::Week, false) && !least(499, Every::Week, false) && least(100, Every::Week, true));
        assert!(least(2_000, Every::Month, false) && !least(1_999, Every::Month, false));
        assert!(!least(999, Every::Fortnight, false) && !least(5_999, Every::Quarter, false));
    }

    #[test]
    fn a_term_counts_the_month_it_ends_in() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let parts = |days: &[&str]| -> Vec<Instalment> {
            days.iter().map(|day| Instalment { due_on: d(day), amount: Pence(1) }).collect()
        };
        assert_eq!(term_months(&parts(&["2026-01-01", "2026-12-01"])), 12);
        assert_eq!(term_months(&parts(&["2026-12-31"])), 1);
        assert_eq!(term_months(&parts(&["2026-12-14", "2027-02-08"])), 2);
        assert_eq!(term_months(&[]), 0);
    }
}
