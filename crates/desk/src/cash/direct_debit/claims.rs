//! Deciding an indemnity claim: accepted, or challenged with the bank (DD-05).
use super::common::{mandate_of, save};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::RUN_STATE;
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::ids::HoldId;
use sundry_domain::refusal::Invalid;
use sundry_store::collections::{self, ClaimRow};
use sundry_store::plans;

/// Decides a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecideClaim {
    /// Idempotency key.
    pub key: String,
    /// Number of the claim.
    pub number: String,
    /// accepted or challenged.
    pub decision: String,
    /// Why, and what was said to the payer.
    pub words: String,
}

/// It is decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimDecided {
    /// Number.
    pub number: String,
    /// accepted or challenged.
    pub state: String,
}

/// Decides a claim. Accepted, the hold ends and a new authority is needed; challenged, everything waits for the bank.
///
/// # Errors
/// Duty; fields; absent; `DD-09-RUN-STATE` when it was decided before, or its last day has passed.
pub async fn decide_claim(desk: &Desk, by: &Actor, ask: DecideClaim) -> Outcome<ClaimDecided> {
    by.must_hold(Duty::WorkCases)?;
    refuse_card_number("words", &ask.words)?;
    let mut wrong = Vec::new();
    if !["accepted", "challenged"].contains(&ask.decision.as_str()) {
        wrong.push(Invalid::field("decision", "Choose accepted or challenged", &ask.decision));
    }
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter why, and what was said to the payer", &ask.words));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "decide_claim", &ask.key, &ask, |cmd| {
        let row = collections::claim_numbered(&mut cmd.tx, cmd.by.org, ask.number.trim()).await?;
        let row = row.ok_or_else(|| No::Absent(format!("claim {}", ask.number)))?;
        if ask.decision == "challenged" && cmd.today > row.challenge_by {
            let sentence = format!("{} could be challenged until {}", row.number, row.challenge_by);
            return Err(RUN_STATE.because(sentence).into());
        }
        settle(cmd, &row, &ask.decision, ask.words.trim()).await?;
        Ok(ClaimDecided { number: row.number, state: ask.decision.clone() })
    })
}

/// Moves a claim on; once it is over, its hold ends and the mandate no longer waits for it.
pub(super) async fn settle(cmd: &mut Command, row: &ClaimRow, state: &str, words: &str) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let by = cmd.by.name.clone();
    if !collections::decide_claim(&mut cmd.tx, org, row.id, state, &by, today, words).await? {
        return Err(RUN_STATE.because(format!("{} is {}", row.number, row.state)).into());
    }
    if state != "challenged" {
        if let Some(hold) = row.hold_id {
            plans::end_hold(&mut cmd.tx, org, HoldId(hold), today).await?;
        }
        let others = collections::claims_of_mandate(&mut cmd.tx, org, row.mandate_id).await?;
        let mut mandate = mandate_of(&mut cmd.tx, org, row.mandate_id).await?;
        mandate.claim_open = others.iter().any(|c| c.id != row.id && matches!(c.state.as_str(), "open" | "challenged"));
        save(cmd, &mut mandate).await?;
    }
    let detail = serde_json::json!({ "state": state, "words": words, "amount_pence": row.amount_pence });
    cmd.tell("ClaimDecided", format!("claim {}", row.number), detail);
    Ok(())
}
