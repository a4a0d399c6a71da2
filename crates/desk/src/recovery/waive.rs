//! Waiving what was charged for paying late: within one's own limit at once, above it by somebody else's yes, always
//! with a reason from the list, and posted (DUN-09, DUN-12, LP-06).
use super::charges::take_off;
use crate::approvals::{AskForApproval, CHARGE_WAIVER, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::words_wrong;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::refusals::ABOVE_LIMIT;
use sundry_domain::control::{Duty, LimitedAct, Role, default_limits, limit_of, may_decide};
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::WaiveReason;
use sundry_domain::recovery::refusals::{CHARGE_SETTLED, WAIVED_BY_POSTER};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::control::{self, ApprovalRow};
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
/// Duty; fields; absent; `DUN-12-SETTLED`, `DUN-12-SAME-PERSON`; `CTL-02-ABOVE-LIMIT` where nobody could say yes.
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
        let before = waived_before(cmd, &row).await?;
        if within_limit(cmd, before.plus(amount)).is_err() {
            not_asked_twice(cmd, &row, amount).await?;
            within_somebodys_limit(cmd, &row, before.plus(amount)).await?;
            let approval = asked(cmd, &waiver, before).await?;
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
    wrong.extend(words_wrong(&[("words", &ask.words)], 200));
    if let Some(amount) = ask.amount.filter(|amount| *amount <= Pence::ZERO) {
        wrong.push(Invalid::field("amount", "Enter an amount above £0.00", amount.pounds()));
    }
    match reason {
        Some(reason) if wrong.is_empty() => Ok(reason),
        _ => Err(wrong.into()),
    }
}

/// What anybody waived on the same invoice before: it counts against the limit, so that no slice makes it less.
async fn waived_before(cmd: &mut Command, row: &LateChargeRow) -> Outcome<Pence> {
    let all = charges_of(&mut cmd.tx, cmd.by.org, ItemId(row.invoice_item_id)).await?;
    Ok(Pence(all.iter().filter(|one| one.act == "waived").map(|one| one.amount_pence).sum()))
}

/// Whether this much, with what was waived before, is within one's own limit.
fn within_limit(cmd: &Command, whole: Pence) -> Result<(), Refusal> {
    let limit = limit_of(&cmd.by.roles, LimitedAct::WriteBack, cmd.by.limit, &default_limits());
    may_decide(LimitedAct::WriteBack, whole, Pence::ZERO, limit)
}

/// Refuses what would pass the limit of everybody who could say yes: somebody else, who did not charge it. Where nobody
/// approves yet, it waits for who will.
async fn within_somebodys_limit(cmd: &mut Command, row: &LateChargeRow, whole: Pence) -> Outcome<()> {
    let (me, poster) = (cmd.by.user.0, row.actor_id);
    let people = control::users(&mut cmd.tx, cmd.by.org).await?;
    let others = people.into_iter().filter(|one| one.disabled_at.is_none() && one.id != me && one.id != poster);
    let limits = others.filter_map(|one| {
        let roles: Vec<Role> = one.roles.split_whitespace().filter_map(Role::parse).collect();
        let approves = roles.iter().any(|role| role.duties().contains(&Duty::ApproveWriteOff));
        let limit = limit_of(&roles, LimitedAct::WriteBack, Pence(one.limit_pence), &default_limits());
        limit.filter(|_| approves)
    });
    match limits.max() {
        Some(most) if whole > most => {
            let sentence = format!(
                "{whole}, with what was waived on the invoice before, is above the limit of everybody who could say yes: \
                 {most} at most"
            );
            Err(ABOVE_LIMIT.because(sentence).into())
        }
        _ => Ok(()),
    }
}

/// Refuses to ask for what waits for a yes already: the second yes would find nothing open.
async fn not_asked_twice(cmd: &mut Command, row: &LateChargeRow, amount: Pence) -> Outcome<()> {
    let mut waiting = Pence::ZERO;
    for one in control::approvals(&mut cmd.tx, cmd.by.org, "waiting").await? {
        if one.command != CHARGE_WAIVER {
            continue;
        }
        let waiver: Waiver = serde_json::from_value(one.payload)?;
        if waiver.charge == row.item_number {
            waiting = waiting.plus(Pence(waiver.amount_pence));
        }
    }
    let rest = Pence(row.open_pence).minus(waiting);
    if amount <= rest {
        return Ok(());
    }
    let message = match rest > Pence::ZERO {
        true => format!("Enter no more than is open and not asked for yet: {rest}"),
        false => format!("All of {} waits for somebody's yes already", row.item_number),
    };
    Err(vec![Invalid::field("amount", message, amount.pounds())].into())
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

/// Asks for somebody's yes. The limit is held against the whole, so that who may not say yes sees it before they try.
async fn asked(cmd: &mut Command, waiver: &Waiver, before: Pence) -> Outcome<String> {
    let (amount, subject) = (Pence(waiver.amount_pence), format!("charge {}", waiver.charge));
    let with = match before > Pence::ZERO {
        true => format!(", with {before} waived on its invoice before"),
        false => String::new(),
    };
    let request = AskForApproval {
        command: CHARGE_WAIVER,
        subject: subject.clone(),
        summary: format!("Waive {amount} of charge {}{with}: {}", waiver.charge, waiver.words),
        payload: serde_json::to_value(waiver)?,
        amount: amount.plus(before),
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
    let whole = waived_before(cmd, &row).await?.plus(Pence(waiver.amount_pence));
    within_limit(cmd, whole)?;
    waive(cmd, &row, &waiver).await?;
    Ok(row.item_number)
}
