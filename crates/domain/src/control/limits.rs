//! Approval limits (CTL-02): seeded defaults that a site's scheme of delegation replaces.
use super::{Role, refusals};
use crate::money::Pence;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitedAct {
    /// A credit note.
    CreditNote,
    /// A refund.
    Refund,
    /// Write-offs of one customer, cumulative over twelve months.
    WriteOff,
    /// A write-back, or interest waived.
    WriteBack,
    /// Sending a debt to court.
    Court,
}

impl LimitedAct {
    /// All of them.
    pub const ALL: [LimitedAct; 5] =
        [LimitedAct::CreditNote, LimitedAct::Refund, LimitedAct::WriteOff, LimitedAct::WriteBack, LimitedAct::Court];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            LimitedAct::CreditNote => "credit_note",
            LimitedAct::Refund => "refund",
            LimitedAct::WriteOff => "write_off",
            LimitedAct::WriteBack => "write_back",
            LimitedAct::Court => "court",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<LimitedAct> {
        LimitedAct::ALL.into_iter().find(|act| act.as_str() == text)
    }
}

/// How much a role may decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitRow {
    /// Who.
    pub role: Role,
    /// What.
    pub act: LimitedAct,
    /// Up to and with this much.
    pub limit: Pence,
}

/// The seeded limits. A role without a row may decide nothing of the kind.
pub fn default_limits() -> Vec<LimitRow> {
    let clerk = [25_000, 0, 0, 5_000, 0];
    let leader = [250_000, 50_000, 10_000, 50_000, 0];
    let head = [100_000_000, 100_000_000, 1_000_000, 100_000_000, 100_000_000];
    let of_role = |role: Role, limits: [i64; 5]| {
        let row = move |(act, limit): (LimitedAct, i64)| LimitRow { role, act, limit: Pence(limit) };
        LimitedAct::ALL.into_iter().zip(limits).map(row)
    };
    let mut rows = Vec::new();
    for role in [Role::BillingOfficer, Role::Cashier, Role::CreditController, Role::SocialCareFinanceOfficer] {
        rows.extend(of_role(role, clerk));
    }
    rows.extend(of_role(Role::TeamLeader, leader));
    rows.extend(of_role(Role::Approver, head));
    rows
}

/// How much a person may decide: the best of their roles' rows, and never above their own limit.
///
/// The operator has no role; only their own limit counts.
pub fn limit_of(roles: &[Role], act: LimitedAct, own: Pence, rows: &[LimitRow]) -> Option<Pence> {
    if roles.is_empty() {
        return Some(own);
    }
    let of_roles = rows.iter().filter(|row| row.act == act && roles.contains(&row.role));
    of_roles.map(|row| row.limit).max().map(|best| best.min(own))
}

/// Whether this much is within a limit. For write-offs `before` is what was written off in the last twelve months.
pub fn may_decide(act: LimitedAct, amount: Pence, before: Pence, limit: Option<Pence>) -> Result<(), Refusal> {
    let total = if act == LimitedAct::WriteOff { amount.plus(before) } else { amount };
    match limit {
        Some(limit) if total <= limit => Ok(()),
        _ => {
            let limit = limit.unwrap_or(Pence::ZERO);
            Err(refusals::ABOVE_LIMIT.because(format!("{total} is above your limit of {limit}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctl_e2_write_offs_add_up_over_twelve_months() {
        let decide = |before| may_decide(LimitedAct::WriteOff, Pence(25_000), Pence(before), Some(Pence(100_000)));
        assert_eq!(decide(80_000).expect_err("1,050.00").code, "CTL-02-ABOVE-LIMIT");
        assert_eq!(decide(75_000), Ok(()));
        assert!(may_decide(LimitedAct::Refund, Pence(1), Pence::ZERO, None).is_err());
    }

    #[test]
    fn limits_rise_with_the_role() {
        let of = |role, act| {
            default_limits().into_iter().find(|row| row.role == role && row.act == act).map(|row| row.limit)
        };
        for act in LimitedAct::ALL {
            assert!(of(Role::BillingOfficer, act) <= of(Role::TeamLeader, act));
            assert!(of(Role::TeamLeader, act) <= of(Role::Approver, act));
            assert_eq!(of(Role::Auditor, act), None);
            assert_eq!(LimitedAct::parse(act.as_str()), Some(act));
        }
    }

    #[test]
    fn ctl_02_a_person_decides_up_to_the_smaller_of_role_and_own_limit() {
        let rows = default_limits();
        let limit = |roles: &[Role], own| limit_of(roles, LimitedAct::CreditNote, Pence(own), &rows);
        assert_eq!(limit(&[Role::TeamLeader], 500_000), Some(Pence(250_000)));
        assert_eq!(limit(&[Role::TeamLeader, Role::Approver], 500_000), Some(Pence(500_000)));
        assert_eq!(limit(&[Role::Auditor], 500_000), None);
        assert_eq!(limit(&[], 7), Some(Pence(7)));
    }
}
