//! Deciding: someone else, with the duty, within their limit, on exactly what they read (CTL-01, CTL-02).
use super::{
    ACTIVITY_OVERRIDE, ALLOWANCE_MATRIX, ALLOWANCE_RUN, AMENDMENT, CARD_REFUND, CHARGE_WAIVER, COLLECTION_RUN,
    CONTRACT_FEE, CREDIT_NOTE, CUSTOMER_CHANGE, FOUND_ADDRESS, LETTER_TEMPLATE, MANDATE_BANK, MERGE, PATHWAY,
    PATHWAY_TRIAL, PLAN, PLAN_CHANGE, RATES, REFUND, SMALL_BALANCES, TRANSFER, UNDO_MERGE, UPLIFT, WRITE_BACK,
    WRITE_OFF, WRITE_OFF_POLICY, content_hash, is_limited, needs,
};
use crate::cash::{cards, direct_debit};
use crate::core::command::Command;
use crate::customers::{self, refuse_cards};
use crate::delivery::templates;
use crate::recovery::tracing;
use crate::setup::rates::rates_approved;
use crate::{Actor, Desk, Fault, No, Outcome, billing, cash, close, command, plans, queries, recovery, writeoff};
use serde::{Deserialize, Serialize};
use sundry_domain::control::refusals::{CHANGED, DECIDED};
use sundry_domain::control::{Decider, LimitedAct, default_limits, limit_of, may_approve, may_decide};
use sundry_domain::ids::UserId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::control::{self, ApprovalRow};

/// Says yes or no.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecideApproval {
    /// Idempotency key.
    pub key: String,
    /// Approval number.
    pub number: String,
    /// Yes or no.
    pub approve: bool,
    /// Why; needed for a no, and for a new address or bank account: whom you called back, on which number.
    #[serde(default)]
    pub reason: String,
    /// The hash of what was read.
    pub content_hash: String,
}

/// The decision, and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Decided {
    /// Approval number.
    pub number: String,
    /// approved or refused.
    pub state: String,
    /// What was made: the number of a credit note, a write-off; none on a no.
    pub made: Option<String>,
}

/// Decides on what someone else asked for, and carries it out on a yes in the same transaction.
///
/// # Errors
/// `CTL-01-OWN-WORK`, `CTL-01-NO-DUTY`, `CTL-01-CHANGED`, `CTL-01-DECIDED`, `CTL-02-ABOVE-LIMIT`, and whatever
/// the command itself refuses today: then it still waits.
pub async fn decide_approval(desk: &Desk, by: &Actor, ask: DecideApproval) -> Outcome<Decided> {
    if !ask.approve && ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Enter why you refuse", &ask.reason).into());
    }
    refuse_cards(&[("reason", &ask.reason)])?;
    let mut new_rates = false;
    let decided: Outcome<Decided> = command!(desk, by, "decide_approval", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = control::approval(&mut cmd.tx, org, &ask.number).await?;
        let row = row.ok_or_else(|| No::Absent(format!("approval {}", ask.number)))?;
        may(cmd, &row, &ask).await?;
        new_rates = ask.approve && row.command == RATES;
        let state = if ask.approve { "approved" } else { "refused" };
        let (who, today) = ((cmd.by.user, cmd.by.name.clone()), cmd.today);
        let by_whom = (who.0, who.1.as_str());
        if !control::decide_approval(&mut cmd.tx, org, row.id, state, by_whom, today, ask.reason.trim()).await? {
            return Err(DECIDED.because(format!("{} has been decided already", row.number)).into());
        }
        let made = if ask.approve { Some(carry_out(cmd, &row, &ask.reason).await?) } else { None };
        if !ask.approve {
            turn_down(cmd, &row, &ask.reason).await?;
        }
        let event = if ask.approve { "ApprovalGiven" } else { "ApprovalRefused" };
        // Whom somebody called back, and what they said, stands with the change alone.
        let reason = if row.command == CUSTOMER_CHANGE { "" } else { ask.reason.as_str() };
        let detail =
            serde_json::json!({ "command": row.command, "subject": row.subject, "made": made, "reason": reason });
        cmd.tell(event, format!("approval {}", row.number), detail);
        Ok(Decided { number: row.number, state: state.into(), made })
    });
    if new_rates && decided.is_ok() {
        desk.load_book().await?;
    }
    decided
}

/// May they? Own work first, then the duty, the state, the content, the limit.
async fn may(cmd: &mut Command, row: &ApprovalRow, ask: &DecideApproval) -> Outcome<()> {
    let (duty, _, act) =
        needs(&row.command).ok_or_else(|| Fault::new(format!("nobody knows how to approve {}", row.command)))?;
    let decider = Decider { user: cmd.by.user, duties: cmd.by.duties.clone() };
    may_approve(UserId(row.asked_by), &decider, duty)?;
    if row.state != "waiting" {
        return Err(DECIDED.because(format!("{} was {} by {}", row.number, row.state, row.decided_by_name)).into());
    }
    let hash = content_hash(&row.command, &row.subject, Pence(row.amount_pence), &row.payload);
    if hash != row.content_hash || hash != ask.content_hash {
        return Err(CHANGED.because(format!("{} is not what you read", row.number)).into());
    }
    if !ask.approve || !is_limited(&row.command) {
        return Ok(());
    }
    let before = match act {
        // A bulk of small balances is many customers': each is weighed with what they had before when it is posted.
        LimitedAct::WriteOff if row.command == SMALL_BALANCES => Pence::ZERO,
        LimitedAct::WriteOff => writeoff::written_off_before(cmd, &row.payload).await?,
        _ => Pence::ZERO,
    };
    let limit = limit_of(&cmd.by.roles, act, cmd.by.limit, &default_limits());
    Ok(may_decide(act, Pence(row.amount_pence), before, limit)?)
}

/// Carries out what was approved. A room that needs a yes adds its line here.
async fn carry_out(cmd: &mut Command, row: &ApprovalRow, reason: &str) -> Outcome<String> {
    match row.command.as_str() {
        CREDIT_NOTE => {
            let made = billing::post_credit_note(cmd, row).await?;
            queries::credit_decided(cmd, &row.number, Some(&made)).await?;
            Ok(made)
        }
        ACTIVITY_OVERRIDE => billing::activity::override_approved(cmd, row).await,
        UPLIFT => billing::uplifts::uplift_approved(cmd, row).await,
        AMENDMENT => billing::post_amendment(cmd, row).await,
        WRITE_OFF => writeoff::post_write_off(cmd, row).await,
        WRITE_BACK => writeoff::post_write_back(cmd, row).await,
        SMALL_BALANCES => writeoff::post_small_balances(cmd, row).await,
        WRITE_OFF_POLICY => writeoff::policy_approved(cmd, row).await,
        ALLOWANCE_MATRIX => close::matrix_approved(cmd, row).await,
        ALLOWANCE_RUN => close::run_approved(cmd, row).await,
        COLLECTION_RUN => direct_debit::carry_out_run(cmd, row).await,
        MANDATE_BANK => direct_debit::carry_out_change(cmd, row).await,
        CUSTOMER_CHANGE => customers::carry_out_change(cmd, row, reason).await,
        MERGE => customers::merge_approved(cmd, row).await,
        UNDO_MERGE => customers::undo_approved(cmd, row).await,
        REFUND => cash::post_refund(cmd, row).await,
        TRANSFER => cash::post_transfer(cmd, row).await,
        CARD_REFUND => cards::post_card_refund(cmd, row).await,
        LETTER_TEMPLATE => templates::go_live(cmd, row).await,
        PATHWAY => recovery::pathway_approved(cmd, row).await,
        PATHWAY_TRIAL => recovery::trial_approved(cmd, row).await,
        CHARGE_WAIVER => recovery::waiver_approved(cmd, row).await,
        CONTRACT_FEE => recovery::fee_approved(cmd, row).await,
        RATES => rates_approved(cmd, row).await,
        PLAN => plans::plan_approved(cmd, row).await,
        PLAN_CHANGE => plans::change_approved(cmd, row).await,
        FOUND_ADDRESS => tracing::put_address_in_use(cmd, row).await,
        other => Err(Fault::new(format!("nobody carries out {other} yet")).into()),
    }
}

/// What stands in the books only as asked for is closed with the no. A room that keeps such rows adds its line here.
async fn turn_down(cmd: &mut Command, row: &ApprovalRow, reason: &str) -> Outcome<()> {
    match row.command.as_str() {
        CREDIT_NOTE => {
            billing::contracts::credit_refused(cmd, &row.number).await?;
            queries::credit_decided(cmd, &row.number, None).await
        }
        ACTIVITY_OVERRIDE => billing::activity::override_refused(cmd, row, reason).await,
        UPLIFT => billing::uplifts::uplift_refused(cmd, row).await,
        COLLECTION_RUN => direct_debit::refuse_run(cmd, row).await,
        CUSTOMER_CHANGE => customers::turn_down_change(cmd, row, reason).await,
        MERGE => customers::merge_refused(cmd, row).await,
        UNDO_MERGE => customers::undo_refused(cmd, row).await,
        REFUND => cash::turn_down_refund(cmd, row).await,
        TRANSFER => cash::turn_down_transfer(cmd, row).await,
        CARD_REFUND => cards::refuse_card_refund(cmd, row, reason).await,
        LETTER_TEMPLATE => templates::turn_down_draft(cmd, row, reason).await,
        PATHWAY => recovery::pathway_refused(cmd, row, reason).await,
        CONTRACT_FEE => recovery::fee_refused(cmd, row, reason).await,
        PLAN => plans::plan_refused(cmd, row, reason).await,
        PLAN_CHANGE => plans::change_refused(cmd, row, reason).await,
        FOUND_ADDRESS => tracing::turn_address_down(cmd, row).await,
        ALLOWANCE_RUN => close::run_refused(cmd, row).await,
        _ => Ok(()),
    }
}
