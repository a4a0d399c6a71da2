//! Waiving what was charged for paying late: within one's own limit at once, above it by somebody else's yes, always
//! with a reason from the list, and posted (DUN-09, DUN-12, LP-06).
use super::charges::take_off;
use crate::approvals::{AskForApproval, CHARGE_WAIVER, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, LimitedAct, default_limits, limit_of, may_decide};
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::WaiveReason;
use sundry_domain::recovery::refusals::{CHARGE_SETTLED, WAIVED_BY_POSTER};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::control::ApprovalRow;
use sundry_store::recovery::charges::{LateChargeRow, charge_numbered, charges_of};

/// Waives a charge that was posted, or a part of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WaiveCharge {
    /// Idempotency key.
    pub key: String,
    /// Number of the charge.
    pub charge: String,
    /// How much; all that is open when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// Why, from the list: goodwill, our_error, dispute, hardship, agreed, uneconomic.
    pub reason: String,
    /// More about why; may be empty.
    #[serde(default)]
    pub words: String,
}

/// What was waived, or asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeWaived {
    /// Number of the charge.
    pub charge: String,
    /// How much; nothing yet where it waits for somebody's yes.
    pub waived_pence: Pence,
    /// What is left of it.
    pub open_pence: Pence,
    /// The approval it waits for; empty where it is waived.
    pub approval: String,
}

/// Everything a waiver needs, kept with its approval.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Waiver {
    charge: String,
    amount_pence: i64,
    reason: String,
    words: String,
}

/// Waives interest or a fixed sum within one's own limit, and asks for somebody's yes above it. Nobody waives what they
/// charged themselves.
///
/// # Errors
/// Duty; fields; absent; `DUN-12-SETTLED`, `DUN-12-SAME-PERSON`.
pub async fn waive_charge(desk: &Desk, by: &Actor, ask: WaiveCharge) -> Outcome<ChargeWaived> {
    if !by.holds(Duty::ProposeWriteOff) {
        by.must_hold(Duty::ApproveWriteOff)?;
    }
    let reason = reason_of(&ask)?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "waive_charge", &ask.key, &ask, |cmd| {
        let row = found(cmd, &ask.charge).await?;
        let open = Pence(row.open_pence);
        let amount = ask.amount.unwrap_or(open);
        if amount > open {
            let message = format!("Enter no more than is open: {open}");
            return Err(vec![Invalid::field("amount", message, amount.pounds())].into());
        }
        let words = format!("{}. {}", reason.name(), ask.words.trim()).trim().to_owned();
        let waiver =
            Waiver { charge: row.item_number.clone(), amount_pence: amount.0, reason: reason.as_str().into(), words };
        if within_limit(cmd, &row, amount).await?.is_err() {
            let approval = asked(cmd, &waiver).await?;
            return Ok(ChargeWaived { charge: row.item_number, waived_pence: Pence::ZERO, open_pence: open, approval });
        }
        waive(cmd, &row, &waiver).await?;
        Ok(ChargeWaived {
            charge: row.item_number,
            waived_pence: amount,
            open_pence: open.minus(amount),
            approval: String::new(),
        })
    })
}

fn reason_of(ask: &WaiveCharge) -> Outcome<WaiveReason> {
    let mut wrong = Vec::new();
    let reason = WaiveReason::parse(ask.reason.trim());
    if reason.is_none() {
        let all: Vec<&str> = WaiveReason::ALL.iter().map(|one| one.as_str()).collect();
        wrong.push(Invalid::field("reason", format!("Choose a reason: {}", all.join(", ")), &ask.reason));
    }
    if ask.words.chars().count() > 200 {
        wrong.push(Invalid::field("words", "Say more in up to 200 characters", &ask.words));
    }
    if let Some(amount) = ask.amount.filter(|amount| *amount <= Pence::ZERO) {
        wrong.push(Invalid::field("amount", "Enter an amount above £0.00", amount.pounds()));
    }
    match reason {
        Some(reason) if wrong.is_empty() => Ok(reason),
        _ => Err(wrong.into()),
    }
}

/// Whether this much is within one's limit, with what anybody waived on the same invoice before: no slice makes it less.
async fn within_limit(cmd: &mut Command, row: &LateChargeRow, amount: Pence) -> Outcome<Result<(), Refusal>> {
    let all = charges_of(&mut cmd.tx, cmd.by.org, ItemId(row.invoice_item_id)).await?;
    let before: i64 = all.iter().filter(|one| one.act == "waived").map(|one| one.amount_pence).sum();
    let limit = limit_of(&cmd.by.roles, LimitedAct::WriteBack, cmd.by.limit, &default_limits());
    Ok(may_decide(LimitedAct::WriteBack, amount.plus(Pence(before)), Pence::ZERO, limit))
}

/// The charge, with something open, that somebody else posted.
async fn found(cmd: &mut Command, number: &str) -> Outcome<LateChargeRow> {
    let found = charge_numbered(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    let row = found.ok_or_else(|| No::Absent(format!("charge {}", number.trim())))?;
    if row.actor_id == cmd.by.user.0 {
        return Err(WAIVED_BY_POSTER.because(format!("You charged {} yourself", row.item_number)).into());
    }
    if row.open_pence <= 0 {
        return Err(CHARGE_SETTLED.because(format!("Nothing is open of {}", row.item_number)).into());
    }
    Ok(row)
}

async fn asked(cmd: &mut Command, waiver: &Waiver) -> Outcome<String> {
    let (amount, subject) = (Pence(waiver.amount_pence), format!("charge {}", waiver.charge));
    let request = AskForApproval {
        command: CHARGE_WAIVER,
        subject: subject.clone(),
        summary: format!("Waive {amount} of charge {}: {}", waiver.charge, waiver.words),
        payload: serde_json::to_value(waiver)?,
        amount,
    };
    let approval = ask_for_approval(cmd, request).await?;
    cmd.tell("LateChargeWaiverAsked", subject, waiver);
    Ok(approval)
}

async fn waive(cmd: &mut Command, row: &LateChargeRow, waiver: &Waiver) -> Outcome<()> {
    let org = cmd.by.org;
    let mut next = charges_of(&mut cmd.tx, org, ItemId(row.invoice_item_id)).await?.len() + 1;
    let why = (waiver.reason.as_str(), waiver.words.as_str());
    take_off(cmd, row, Pence(waiver.amount_pence), "waived", why, &mut next).await?;
    cmd.tell("LateChargeWaived", format!("charge {}", row.item_number), waiver);
    Ok(())
}

/// Posts a waiver that somebody else said yes to; what was paid or corrected meanwhile is not waived, and
/// slices add up to their limit too.
pub(crate) async fn waiver_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let waiver: Waiver = serde_json::from_value(approval.payload.clone())?;
    if waiver.amount_pence <= 0 {
        return Err(Fault::new("a waiver of nothing").into());
    }
    let row = found(cmd, &waiver.charge).await?;
    if waiver.amount_pence > row.open_pence {
        let sentence = format!("Only {} is open of {} by now", Pence(row.open_pence), row.item_number);
        return Err(CHARGE_SETTLED.because(sentence).into());
    }
    within_limit(cmd, &row, Pence(waiver.amount_pence)).await??;
    waive(cmd, &row, &waiver).await?;
    Ok(row.item_number)
}
