//! Ending a plan by hand, and looking at it again on its review day (PP-05, PP-06).
use super::agree::{event, save};
use super::change::{assessed, running};
use super::tend::{break_plan, cancel, complete, end, note_figures};
use crate::core::typed::{days_wrong, words_wrong};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_months;
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::plans::running::refusals::PLAN_STATE;
use sundry_domain::plans::{Approver, Standing, TOKEN_MONTHS, may_break, may_complete, standing_of};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::plans::agreed;

/// Ends a plan.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndPlan {
    /// Idempotency key.
    pub key: String,
    /// Number of the plan.
    pub number: String,
    /// completed, broken or cancelled.
    pub how: String,
    /// Why.
    pub reason: String,
}

/// A plan that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEnded {
    /// Number.
    pub number: String,
    /// How it ended.
    pub state: String,
    /// When recovery goes on.
    pub ended_on: NaiveDate,
}

/// Ends a plan: cancelled at the customer's wish, broken where it may be, completed where everything came. That one is
/// broken, whoever grants plans may say too: of somebody vulnerable nobody else may.
///
/// # Errors
/// Duty; fields; `PP-01-OVER`, `PP-05-NOT-BROKEN`, `PP-05-VULNERABLE`, `PP-06-NOT-KEPT`.
pub async fn end_plan(desk: &Desk, by: &Actor, ask: EndPlan) -> Outcome<PlanEnded> {
    if ask.how != "broken" || !by.holds(Duty::ApprovePlans) {
        by.must_hold(Duty::AgreePlans)?;
    }
    let mut wrong = Vec::new();
    if !["completed", "broken", "cancelled"].contains(&ask.how.as_str()) {
        wrong.push(Invalid::field("how", "Choose how it ends", &ask.how));
    }
    if ask.reason.trim().is_empty() {
        wrong.push(Invalid::field("reason", "Enter why, in up to 2,000 characters", &ask.reason));
    }
    wrong.extend(words_wrong(&[("reason", &ask.reason)], 2_000));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("reason", &ask.reason)?;
    command!(desk, by, "end_plan", &ask.key, &ask, |cmd| {
        let row = running(cmd, &ask.number).await?;
        let one = assessed(cmd, row).await?;
        let (mut plan, reason) = (one.plan.clone(), ask.reason.trim());
        note_figures(&mut plan, &one, cmd.today);
        match ask.how.as_str() {
            "completed" => {
                may_complete(&one.standing)?;
                complete(cmd, plan).await?;
            }
            "broken" => {
                may_break(&one.standing, standing_of(&cmd.by.roles) >= Approver::Manager)?;
                break_plan(cmd, plan, &one, reason).await?;
            }
            _ => cancel(cmd, plan, reason).await?,
        }
        cmd.tell("PlanEnded", format!("plan {}", ask.number.trim()), &ask);
        Ok(PlanEnded { number: ask.number.trim().to_owned(), state: ask.how.clone(), ended_on: cmd.today })
    })
}

/// Takes back a plan that waits for approval.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawPlan {
    /// Idempotency key.
    pub key: String,
    /// Number of the plan.
    pub number: String,
    /// Why.
    pub reason: String,
}

/// Withdraws a plan that waits: recovery goes on, and the approval can no longer be given.
///
/// # Errors
/// Duty; `PP-01-STATE` when it does not wait.
pub async fn withdraw_plan(desk: &Desk, by: &Actor, ask: WithdrawPlan) -> Outcome<PlanEnded> {
    by.must_hold(Duty::AgreePlans)?;
    if ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Enter why it is withdrawn", &ask.reason).into());
    }
    let wrong = words_wrong(&[("reason", &ask.reason)], 2_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("reason", &ask.reason)?;
    command!(desk, by, "withdraw_plan", &ask.key, &ask, |cmd| {
        let row = agreed::plan_numbered(&mut cmd.tx, cmd.by.org, ask.number.trim()).await?;
        let mut row = row.ok_or_else(|| No::Absent(format!("plan {}", ask.number)))?;
        if row.state != "proposed" {
            return Err(PLAN_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        end(cmd, &mut row, "cancelled", ask.reason.trim()).await?;
        event(cmd, row.id, "withdrawn", ask.reason.trim().to_owned(), row.total_pence).await?;
        cmd.tell("PlanWithdrawn", format!("plan {}", row.number), &ask);
        Ok(PlanEnded { number: row.number, state: row.state, ended_on: cmd.today })
    })
}

/// Records that a plan was looked at again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReviewPlan {
    /// Idempotency key.
    pub key: String,
    /// Number of the plan.
    pub number: String,
    /// When to look again; by policy where it is not said.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
    /// What was found.
    pub words: String,
}

/// A plan that was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReviewed {
    /// Number.
    pub number: String,
    /// When to look again.
    pub review_on: NaiveDate,
}

/// Records a review. A kept plan goes on whatever the review says; a changed income leads to a change of the plan.
///
/// # Errors
/// Duty; fields; a plan that does not run.
pub async fn review_plan(desk: &Desk, by: &Actor, ask: ReviewPlan) -> Outcome<PlanReviewed> {
    by.must_hold(Duty::AgreePlans)?;
    refuse_card_number("words", &ask.words)?;
    let settings = super::policy::plan_settings(desk, by).await?;
    command!(desk, by, "review_plan", &ask.key, &ask, |cmd| {
        let mut wrong = Vec::new();
        if ask.words.trim().is_empty() {
            wrong.push(Invalid::field("words", "Enter what was found, in up to 2,000 characters", &ask.words));
        }
        wrong.extend(words_wrong(&[("words", &ask.words)], 2_000));
        wrong.extend(days_wrong(&[("next_on", ask.next_on)], cmd.today));
        if let Some(day) = ask.next_on.filter(|day| *day <= cmd.today) {
            wrong.push(Invalid::field("next_on", "Enter a day after today", day.to_string()));
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let mut row = running(cmd, &ask.number).await?;
        let months = if row.token { TOKEN_MONTHS } else { settings.policy.review_months };
        row.review_on = ask.next_on.unwrap_or_else(|| add_months(cmd.today, months));
        save(cmd, &mut row).await?;
        let words = format!("{}. Next on {}", ask.words.trim().trim_end_matches('.'), written(row.review_on));
        event(cmd, row.id, "reviewed", words, 0).await?;
        cmd.tell("PlanReviewed", format!("plan {}", row.number), &ask);
        Ok(PlanReviewed { number: row.number, review_on: row.review_on })
    })
}

/// Whether a standing lets somebody end a plan as broken: for the page, which offers only what may be done.
pub(super) fn can_break(standing: &Standing, manager: bool) -> bool {
    matches!(standing, Standing::Broken { .. }) || (manager && matches!(standing, Standing::ForManager { .. }))
}
