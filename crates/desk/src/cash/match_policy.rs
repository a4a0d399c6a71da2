//! When a match is posted without a person, with the error measured at each threshold beside it.
use super::matching::{strong_ppm, thresholds, tolerance};
use crate::core::actor::Actor;
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::CONFIDENCE_EDGES;
use sundry_domain::cash::intake::MATCH_POLICY;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::lessons::tallies;
use sundry_store::control;

/// The lowest threshold that may be chosen.
const LOWEST_PPM: i64 = 900_000;
/// The largest difference that may be cleared by rule.
const LARGEST_TOLERANCE: Pence = Pence(500);

/// What was measured of answers that were at least so sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The threshold, in parts per million.
    pub from_ppm: i64,
    /// Posted by the matcher, or judged by a person, at least so sure.
    pub lines: i64,
    /// Of those, taken back or corrected by a person.
    pub wrong: i64,
    /// The error, in parts per million; nothing where there is no line yet.
    pub error_ppm: Option<i64>,
    /// With ninety-five chances in a hundred the error is below this, in parts per million.
    pub at_most_ppm: Option<i64>,
}

/// The organisation's settings of the matcher.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatchPolicy {
    /// A match at least so sure is posted without a person.
    pub certain_ppm: i64,
    /// A suggestion at least so sure can be accepted with others.
    pub accept_ppm: i64,
    /// Differences up to this much are cleared by rule.
    pub tolerance_pence: i64,
    /// What was measured at each threshold that may be chosen.
    pub measured: Vec<Measured>,
}

/// The settings, and what was measured.
///
/// # Errors
/// Duty.
pub async fn match_policy(desk: &Desk, by: &Actor) -> Outcome<MatchPolicy> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let rows = tallies(&mut look, by.org).await?;
    Ok(MatchPolicy {
        certain_ppm: thresholds(&mut look, by.org).await?.certain_ppm,
        accept_ppm: strong_ppm(&mut look, by.org).await?,
        tolerance_pence: tolerance(&mut look, by.org).await?.0,
        measured: CONFIDENCE_EDGES.iter().filter(|e| **e >= LOWEST_PPM).map(|e| measured(*e, &rows)).collect(),
    })
}

/// Whoever sees accounts, or keeps the settings.
pub(super) fn may_look(by: &Actor) -> Outcome<()> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    Ok(())
}

/// A posting that was taken back is counted once as posted and once as undone.
fn measured(from_ppm: i64, rows: &[(i64, String, i64)]) -> Measured {
    let sum = |outcomes: [&str; 3]| -> i64 {
        let counted = rows.iter().filter(|row| row.0 >= from_ppm && outcomes.contains(&row.1.as_str()));
        counted.map(|row| row.2).sum()
    };
    let lines = sum(["posted", "agreed", "corrected"]);
    let wrong = sum(["undone", "corrected", ""]).min(lines);
    let error_ppm = (lines > 0).then(|| wrong * 1_000_000 / lines);
    // The rule of three, and its kin for few errors: about wrong + 3 + 2 times the root of wrong.
    let spread = (0..).take_while(|n: &i64| n * n <= wrong * 4).last().unwrap_or_default();
    let at_most_ppm = (lines > 0).then(|| ((wrong + 3 + spread) * 1_000_000 / lines).min(1_000_000));
    Measured { from_ppm, lines, wrong, error_ppm, at_most_ppm }
}

/// Sets when the matcher posts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetMatchPolicy {
    /// Idempotency key.
    pub key: String,
    /// A match at least so sure is posted without a person, in parts per million.
    pub certain_ppm: i64,
    /// A suggestion at least so sure can be accepted with others.
    pub accept_ppm: i64,
    /// Differences up to this much are cleared by rule; nothing for none.
    pub tolerance: Pence,
}

/// The settings from now on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatchPolicySet {
    /// A match at least so sure is posted without a person.
    pub certain_ppm: i64,
    /// A suggestion at least so sure can be accepted with others.
    pub accept_ppm: i64,
    /// Differences up to this much are cleared by rule.
    pub tolerance_pence: i64,
}

/// Sets when the matcher posts without a person; what was posted stays.
///
/// # Errors
/// Duty; `CSH-10-THRESHOLD`; fields.
pub async fn set_match_policy(desk: &Desk, by: &Actor, ask: SetMatchPolicy) -> Outcome<MatchPolicySet> {
    by.must_hold(Duty::ManageSettings)?;
    let mut wrong = Vec::new();
    if ask.tolerance < Pence::ZERO || ask.tolerance > LARGEST_TOLERANCE {
        let message = format!("Enter an amount from £0.00 to {LARGEST_TOLERANCE}");
        wrong.push(Invalid::field("tolerance", message, ask.tolerance.pounds()));
    }
    if ask.accept_ppm < 500_000 || ask.accept_ppm > ask.certain_ppm {
        let message = "Enter a share from 50 % up to the threshold for posting";
        wrong.push(Invalid::field("accept_ppm", message, ask.accept_ppm.to_string()));
    }
    if !CONFIDENCE_EDGES.contains(&ask.certain_ppm) || ask.certain_ppm < LOWEST_PPM {
        return Err(MATCH_POLICY.because("Nothing is measured at this threshold.").into());
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "set_match_policy", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
        let settings = &mut site.settings;
        if !settings.is_object() {
            *settings = serde_json::json!({});
        }
        let keys = ["cash_certain_ppm", "cash_accept_ppm", "cash_tolerance_pence"];
        let before: Vec<serde_json::Value> = keys.iter().map(|key| settings[*key].clone()).collect();
        for (key, value) in keys.into_iter().zip([ask.certain_ppm, ask.accept_ppm, ask.tolerance.0]) {
            settings[key] = value.into();
        }
        control::set_organisation(&mut cmd.tx, &site).await?;
        let detail = serde_json::json!({ "before": before, "now": ask });
        cmd.tell("MatchPolicySet", format!("organisation {}", site.code), detail);
        Ok(MatchPolicySet {
            certain_ppm: ask.certain_ppm,
            accept_ppm: ask.accept_ppm,
            tolerance_pence: ask.tolerance.0,
        })
    })
}
