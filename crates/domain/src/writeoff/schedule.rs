//! The monthly schedule: its number, its tiers of value, and how a line moves.
use super::{Tier, TierFacts, default_tiers, desk_refusals, may_change_line, tier_of};
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

named! {
    /// Where a line stands.
    LineState {
        /// Waits for a decision.
        Proposed = "proposed", "Waits for a decision";
        /// Back with who proposed it, with a reason.
        SentBack = "sent_back", "Sent back";
        /// Refused for good.
        Refused = "refused", "Refused";
        /// Approved and posted.
        Approved = "approved", "Written off";
        /// Taken back by who proposed it.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

named! {
    /// What is done to a line.
    LineAct {
        /// Approve and post.
        Approve = "approve", "Approve";
        /// Send back with a reason.
        SendBack = "send_back", "Send back";
        /// Refuse with a reason.
        Refuse = "refuse", "Refuse";
        /// Propose again.
        ProposeAgain = "propose_again", "Propose again";
        /// Take back.
        Withdraw = "withdraw", "Withdraw";
    }
}

/// Every arrow: from, act, to.
pub const ARROWS: &[(LineState, LineAct, LineState)] = &[
    (LineState::Proposed, LineAct::Approve, LineState::Approved),
    (LineState::Proposed, LineAct::SendBack, LineState::SentBack),
    (LineState::Proposed, LineAct::Refuse, LineState::Refused),
    (LineState::Proposed, LineAct::Withdraw, LineState::Withdrawn),
    (LineState::SentBack, LineAct::ProposeAgain, LineState::Proposed),
    (LineState::SentBack, LineAct::Withdraw, LineState::Withdrawn),
];

/// Where an act leads.
///
/// # Errors
/// `WOF-02-LOCKED` once it is decided; `REC-09-LINE-STATE`.
pub fn next_state(from: LineState, act: LineAct) -> Result<LineState, Refusal> {
    may_change_line("This line", matches!(from, LineState::Approved | LineState::Refused))?;
    let arrow = ARROWS.iter().find(|(state, with, _)| *state == from && *with == act);
    let no = || {
        let sentence = format!("“{}” is not done to a line that is “{}”", act.name(), from.name().to_lowercase());
        desk_refusals::LINE_STATE.because(sentence)
    };
    arrow.map(|(_, _, to)| *to).ok_or_else(no)
}

/// `WO-2026-11`.
pub fn schedule_number(month: NaiveDate) -> String {
    format!("WO-{}-{:02}", month.year(), month.month())
}

/// The first day of the month that a number names.
pub fn month_of(number: &str) -> Option<NaiveDate> {
    let (year, month) = number.strip_prefix("WO-")?.split_once('-')?;
    if year.len() != 4 || month.len() != 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

/// The tier that decides today: the scheme of delegation with the committee's threshold as it is set.
pub fn tier_now(facts: &TierFacts, committee_above: Pence) -> Tier {
    let mut rows = default_tiers();
    for row in rows.iter_mut().filter(|row| row.tier == Tier::HeadOfFinance) {
        row.up_to = committee_above;
    }
    tier_of(&rows, facts)
}

/// Whether the tier can be decided: a committee's needs the committee.
///
/// # Errors
/// `REC-09-COMMITTEE`.
pub fn committee_first(tier: Tier, minute: Option<&str>) -> Result<(), Refusal> {
    if tier == Tier::Committee && minute.is_none_or(|words| words.trim().is_empty()) {
        return Err(desk_refusals::COMMITTEE.because("Only the committee can give up this much of one customer"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wof_01_a_schedule_is_named_by_its_month() {
        let month = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
        assert_eq!(schedule_number(month), "WO-2026-11");
        assert_eq!(month_of("WO-2026-11"), Some(month));
        for wrong in ["WO-000001", "WO-2026-13", "WO-2026-1", "XX-2026-11", ""] {
            assert_eq!(month_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ctl_e2_wof_02_the_committee_decides_first_where_officers_may_not() {
        let of = |amount, before| {
            let reason = crate::law::WriteOffReason::Untraceable;
            let facts = TierFacts { amount: Pence(amount), before: Pence(before), reason, class: String::new() };
            tier_now(&facts, Pence(2_000_000))
        };
        assert_eq!(of(25_000, 80_000), Tier::HeadOfFinance, "800.00 before and 250.00 now");
        assert_eq!([of(2_000_000, 0), of(2_000_000, 1)], [Tier::HeadOfFinance, Tier::Committee]);
        assert_eq!(committee_first(Tier::Committee, None).expect_err("no minute").code, "REC-09-COMMITTEE");
        assert_eq!(committee_first(Tier::Committee, Some("Minute 12/26")), Ok(()));
        assert_eq!(committee_first(Tier::HeadOfFinance, None), Ok(()));
    }

    #[test]
    fn every_arrow_is_walked_and_no_other() {
        for from in LineState::ALL {
            for act in LineAct::ALL {
                let arrow = ARROWS.iter().find(|(state, with, _)| state == from && with == act);
                match (next_state(*from, *act), arrow) {
                    (Ok(to), Some((_, _, expected))) => assert_eq!(to, *expected),
                    (Err(no), None) => {
                        let decided = matches!(from, LineState::Approved | LineState::Refused);
                        assert_eq!(no.code, if decided { "WOF-02-LOCKED" } else { "REC-09-LINE-STATE" });
                    }
                    other => panic!("{from:?} {act:?}: {other:?}"),
                }
            }
        }
    }
}
