//! Which debts are candidates, and for which reason (REC-09, WOF-01, WOF-03).
use super::WriteOffReason;
use crate::law::{Insolvency, Limitation};
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What is known of a debt that may be a candidate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Candidate {
    /// What is open.
    pub open: Pence,
    /// The customer died.
    pub deceased: bool,
    /// Probate searches that found nothing; three are due.
    pub probate_searches: u32,
    /// How the customer is insolvent.
    pub insolvency: Option<Insolvency>,
    /// Gone away.
    pub gone_away: bool,
    /// Sources tried without finding them.
    pub sources_tried: u32,
    /// How long it can be sued for.
    pub limitation: Option<Limitation>,
    /// The final notice was sent.
    pub final_notice_sent: bool,
    /// A judgment, and ways to enforce that failed.
    pub enforcement_failed: Option<u32>,
    /// Somebody proposed it on compassionate grounds.
    pub compassionate: bool,
    /// Below this it is uneconomic.
    pub uneconomic_below: Pence,
}

/// Sources to try before somebody counts as untraceable.
const SOURCES: u32 = 3;
/// Probate searches before there is no estate.
const SEARCHES: u32 = 3;

/// Why a debt could be given up today, the strongest first; empty: it goes on.
pub fn reasons_to_give_up(debt: &Candidate, today: NaiveDate) -> Vec<WriteOffReason> {
    let ended = |insolvency: &Insolvency| insolvency.may_give_up(today).is_ok();
    let barred = |limitation: &Limitation| limitation.barred_on(today);
    [
        (debt.deceased && debt.probate_searches >= SEARCHES, WriteOffReason::DeceasedNoEstate),
        (debt.insolvency.as_ref().is_some_and(ended), WriteOffReason::InsolventNoDividend),
        (debt.limitation.as_ref().is_some_and(barred), WriteOffReason::StatuteBarred),
        (debt.enforcement_failed.is_some_and(|ways| ways >= 1), WriteOffReason::Unenforceable),
        (debt.gone_away && debt.sources_tried >= SOURCES, WriteOffReason::Untraceable),
        (debt.open < debt.uneconomic_below && debt.final_notice_sent, WriteOffReason::Uneconomic),
        (debt.compassionate, WriteOffReason::Compassionate),
    ]
    .into_iter()
    .filter(|(fits, _)| *fits && debt.open > Pence::ZERO)
    .map(|(_, reason)| reason)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::{InsolvencyKind, LimitFacts, LimitKind, limitation};

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn reasons(change: impl Fn(&mut Candidate)) -> Vec<WriteOffReason> {
        let mut debt = Candidate { open: Pence(9_000), uneconomic_below: Pence(5_000), ..Candidate::default() };
        change(&mut debt);
        reasons_to_give_up(&debt, d("2026-11-22"))
    }

    #[test]
    fn wof_01_candidates_by_criteria() {
        assert_eq!(reasons(|_| {}), []);
        assert_eq!(reasons(|debt| (debt.deceased, debt.probate_searches) = (true, 2)), []);
        let dead = reasons(|debt| (debt.deceased, debt.probate_searches) = (true, 3));
        assert_eq!(dead, [WriteOffReason::DeceasedNoEstate]);
        let order = Insolvency {
            kind: InsolvencyKind::DebtReliefOrder,
            on: d("2025-11-22"),
            ended_on: None,
            revoked: false,
            final_dividend: false,
        };
        assert_eq!(reasons(|debt| debt.insolvency = Some(order.clone())), [WriteOffReason::InsolventNoDividend]);
        let old =
            LimitFacts { kind: LimitKind::Contract, due_on: d("2020-01-01"), events: vec![], concealed_until: None };
        assert_eq!(reasons(|debt| debt.limitation = Some(limitation(&old))), [WriteOffReason::StatuteBarred]);
        assert_eq!(reasons(|debt| (debt.gone_away, debt.sources_tried) = (true, 3)), [WriteOffReason::Untraceable]);
        let small = reasons(|debt| (debt.open, debt.final_notice_sent) = (Pence(4_999), true));
        assert_eq!(small, [WriteOffReason::Uneconomic]);
        assert_eq!(reasons(|debt| (debt.open, debt.final_notice_sent) = (Pence(5_000), true)), []);
        assert_eq!(reasons(|debt| debt.enforcement_failed = Some(1)), [WriteOffReason::Unenforceable]);
        assert_eq!(reasons(|debt| (debt.open, debt.compassionate) = (Pence::ZERO, true)), []);
    }
}
