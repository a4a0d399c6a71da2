//! What waits for a yes, and what was decided.
use super::{PLAN, PLAN_CHANGE, is_limited, needs};
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Decider, Duty, default_limits, limit_of, may_approve, may_decide};
use sundry_domain::ids::UserId;
use sundry_domain::money::Pence;
use sundry_store::control::{self, ApprovalRow};

/// An approval as the page shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApprovalShown {
    /// Number.
    pub number: String,
    /// credit_note, write_off and so on.
    pub command: String,
    /// What it is about.
    pub subject: String,
    /// In one sentence.
    pub summary: String,
    /// Everything that would be carried out.
    pub payload: serde_json::Value,
    /// Give this back when deciding.
    pub content_hash: String,
    /// Amount.
    pub amount_pence: i64,
    /// Who asked.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// waiting, approved or refused.
    pub state: String,
    /// Who decided.
    pub decided_by_name: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Whether it is the reader's own request: shown, but locked.
    pub own: bool,
    /// Whether the reader may decide it.
    pub may_decide: bool,
    /// Why not, in a sentence; empty when they may.
    pub why_not: String,
}

/// Approvals of a state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApprovalsPage {
    /// Oldest first.
    pub rows: Vec<ApprovalShown>,
    /// Their sum.
    pub total_pence: i64,
}

/// Approvals in a state: waiting, approved or refused; waiting when empty.
pub async fn approvals_list(desk: &Desk, by: &Actor, state: &str) -> Outcome<ApprovalsPage> {
    by.must_hold(Duty::View)?;
    let state = if state.is_empty() { "waiting" } else { state };
    let mut look = desk.look().await?;
    let rows = control::approvals(&mut look, by.org, state).await?;
    let total = rows.iter().fold(Pence::ZERO, |sum, row| sum.plus(Pence(row.amount_pence)));
    Ok(ApprovalsPage { rows: rows.into_iter().map(|row| shown(row, by)).collect(), total_pence: total.0 })
}

/// One approval.
///
/// # Errors
/// Absent when there is no such approval here.
pub async fn approval(desk: &Desk, by: &Actor, number: &str) -> Outcome<ApprovalShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = control::approval(&mut look, by.org, number).await?;
    row.map(|row| shown(row, by)).ok_or_else(|| No::Absent(format!("approval {number}")))
}

fn shown(row: ApprovalRow, by: &Actor) -> ApprovalShown {
    let refused = match needs(&row.command) {
        Some((duty, _, act)) => {
            let decider = Decider { user: by.user, duties: by.duties.clone() };
            let limit = limit_of(&by.roles, act, by.limit, &default_limits());
            let within = || match is_limited(&row.command) {
                true => may_decide(act, Pence(row.amount_pence), Pence::ZERO, limit),
                false => Ok(()),
            };
            let stands = || match row.command.as_str() {
                PLAN | PLAN_CHANGE => crate::plans::standing_refusal(by, &row.payload).map_or(Ok(()), Err),
                _ => Ok(()),
            };
            let may = may_approve(UserId(row.asked_by), &decider, duty).and_then(|()| within()).and_then(|()| stands());
            may.err().map(|refusal| refusal.sentence)
        }
        None => Some("Nobody decides this here yet".into()),
    };
    let own = row.asked_by == by.user.0;
    let why_not = if own { "You asked for this".to_owned() } else { refused.unwrap_or_default() };
    ApprovalShown {
        own,
        may_decide: why_not.is_empty() && row.state == "waiting",
        why_not,
        number: row.number,
        command: row.command,
        subject: row.subject,
        summary: row.summary,
        payload: row.payload,
        content_hash: row.content_hash,
        amount_pence: row.amount_pence,
        asked_by_name: row.asked_by_name,
        asked_on: row.asked_on,
        state: row.state,
        decided_by_name: row.decided_by_name,
        decided_on: row.decided_on,
        reason: row.reason,
    }
}
