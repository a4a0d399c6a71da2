//! Who decides a write-off: by what the debtor has had written off in twelve months with this, reason and class (WOF-02, CTL-02).
use super::{WriteOffReason, refusals};
use crate::control::Role;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// Who decides, the least first.
    Tier {
        /// Senior clerk or team leader: small balances.
        TeamLeader = "team_leader", "Team leader";
        /// Manager.
        Manager = "manager", "Manager";
        /// Head of finance, director of finance.
        HeadOfFinance = "head_of_finance", "Head of finance";
        /// Committee, cabinet, board.
        Committee = "committee", "Committee";
    }
}

impl Tier {
    /// The tier a role reaches; the committee decides by minute, which the head of finance records.
    pub fn of_role(role: Role) -> Option<Tier> {
        match role {
            Role::TeamLeader => Some(Tier::TeamLeader),
            Role::Approver => Some(Tier::HeadOfFinance),
            _ => None,
        }
    }
}

/// A row of the scheme of delegation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierRow {
    /// Who.
    pub tier: Tier,
    /// Up to and with this, cumulative over twelve months.
    pub up_to: Pence,
    /// Only for these reasons; empty: all.
    pub reasons: Vec<WriteOffReason>,
    /// Only for these classes of debt; empty: all.
    pub classes: Vec<String>,
}

/// The seeded scheme: £100, £1,000, £10,000, and the committee above.
pub fn default_tiers() -> Vec<TierRow> {
    let row = |tier, pounds: i64| TierRow { tier, up_to: Pence(pounds * 100), reasons: vec![], classes: vec![] };
    vec![row(Tier::TeamLeader, 100), row(Tier::Manager, 1_000), row(Tier::HeadOfFinance, 10_000)]
}

/// What is to be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierFacts {
    /// This line.
    pub amount: Pence,
    /// Written off for the same debtor in the twelve months before.
    pub before: Pence,
    /// Why.
    pub reason: WriteOffReason,
    /// Class of debt.
    pub class: String,
}

/// The tier that decides: splitting a debt does not lower it.
pub fn tier_of(rows: &[TierRow], facts: &TierFacts) -> Tier {
    let total = facts.amount.plus(facts.before);
    let fits = |row: &&TierRow| {
        total <= row.up_to
            && (row.reasons.is_empty() || row.reasons.contains(&facts.reason))
            && (row.classes.is_empty() || row.classes.contains(&facts.class))
    };
    rows.iter().filter(fits).map(|row| row.tier).min().unwrap_or(Tier::Committee)
}

/// Refuses a decision by a tier that does not reach; the second person is control's.
pub fn may_decide_tier(rows: &[TierRow], facts: &TierFacts, by: Tier) -> Result<(), Refusal> {
    let needed = tier_of(rows, facts);
    if by >= needed {
        return Ok(());
    }
    let total = facts.amount.plus(facts.before);
    let sentence = format!("{total} in twelve months is for the {}", needed.name().to_lowercase());
    Err(refusals::TIER.because(sentence))
}

/// Refuses to change a line that was decided.
pub fn may_change_line(number: &str, decided: bool) -> Result<(), Refusal> {
    if decided { Err(refusals::LOCKED.because(format!("{number} was decided"))) } else { Ok(()) }
}

/// Refuses a debt above the maximum of a small-balance run.
pub fn may_write_off_small(open: Pence, maximum: Pence) -> Result<(), Refusal> {
    if open > Pence::ZERO && open <= maximum {
        return Ok(());
    }
    Err(refusals::NOT_SMALL.because(format!("{open} is not a small balance of up to {maximum}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pounds: i64, before: i64) -> TierFacts {
        TierFacts {
            amount: Pence(pounds * 100),
            before: Pence(before * 100),
            reason: WriteOffReason::Untraceable,
            class: "trade_waste".into(),
        }
    }

    #[test]
    fn wof_02_the_tier_goes_by_what_a_debtor_had_in_twelve_months() {
        let rows = default_tiers();
        for (pounds, before, tier) in [
            (100, 0, Tier::TeamLeader),
            (100, 1, Tier::Manager),
            (250, 750, Tier::Manager),
            (250, 800, Tier::HeadOfFinance),
            (10_000, 0, Tier::HeadOfFinance),
            (10_001, 0, Tier::Committee),
        ] {
            assert_eq!(tier_of(&rows, &facts(pounds, before)), tier, "{pounds} after {before}");
        }
        let refused = may_decide_tier(&rows, &facts(250, 800), Tier::Manager).expect_err("above");
        assert_eq!(
            (refused.code.as_str(), refused.sentence.as_str()),
            ("WOF-02-TIER", "£1,050.00 in twelve months is for the head of finance")
        );
        assert_eq!(may_decide_tier(&rows, &facts(250, 800), Tier::Committee), Ok(()));
        assert_eq!(Tier::of_role(Role::TeamLeader), Some(Tier::TeamLeader));
        assert_eq!(Tier::of_role(Role::CreditController), None);
    }

    #[test]
    fn wof_02_a_scheme_may_name_reasons_and_classes() {
        let mut rows = default_tiers();
        rows[0].reasons = vec![WriteOffReason::Uneconomic];
        rows[1].classes = vec!["care".into()];
        assert_eq!(tier_of(&rows, &facts(10, 0)), Tier::HeadOfFinance);
        let small = TierFacts { reason: WriteOffReason::Uneconomic, ..facts(10, 0) };
        assert_eq!(tier_of(&rows, &small), Tier::TeamLeader);
        assert_eq!(tier_of(&rows, &TierFacts { class: "care".into(), ..facts(10, 0) }), Tier::Manager);
    }

    #[test]
    fn wof_02_what_was_decided_is_locked() {
        assert_eq!(may_change_line("WO-000001", true).expect_err("locked").code, "WOF-02-LOCKED");
        assert_eq!(may_change_line("WO-000001", false), Ok(()));
    }

    #[test]
    fn wof_03_a_small_balance_has_a_maximum() {
        assert_eq!(may_write_off_small(Pence(500), Pence(500)), Ok(()));
        for open in [501, 0, -1] {
            assert_eq!(may_write_off_small(Pence(open), Pence(500)).expect_err("refused").code, "WOF-03-NOT-SMALL");
        }
    }
}
