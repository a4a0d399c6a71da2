//! What payroll or payments kept of an overpayment, recorded as received, and undone.
use super::super::recorded::reasoned;
use super::agree::planned;
use super::{find, from_of, hold, letter, may_keep, release};
use crate::cash::contra::{Kept, give_back_kept, kept_number, receive_kept};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_domain::ledger::{EntryLine, contra, taken_from_pay};
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::TAKING_STATE;
use sundry_domain::recovery::{Deduction, PaidEvery, TakenFrom, may_record_taken, one_more};
use sundry_domain::refusal::Invalid;
use sundry_store::ledger::ItemRow;
use sundry_store::recovery::taking_back::{self as rows, DeductionRow, TakingRow};

/// Records what was taken on a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordOverpaymentTaken {
    /// Idempotency key.
    pub key: String,
    /// Number of the recovery.
    pub recovery: String,
    /// The deduction, counted from 1.
    pub line: i64,
    /// How much was taken; nothing where the pay or the payment did not allow it.
    pub amount: Option<Pence>,
    /// The day of the pay or the payment.
    pub on: Option<NaiveDate>,
    /// Payroll's or the remittance's reference; why, where less was taken.
    pub reference: String,
}

/// It is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverpaymentTaken {
    /// Number of the recovery.
    pub recovery: String,
    /// Number of the receipt; empty where nothing was taken.
    pub receipt: String,
    /// How much was taken.
    pub taken_pence: i64,
    /// What is open of the debt.
    pub open_pence: i64,
    /// running, or done.
    pub state: String,
    /// Number of the letter that tells a provider of it; else empty.
    #[serde(default)]
    pub letter: String,
}

/// Records what payroll or payments kept: a receipt on the debt, without the bank. What came short is planned once more
/// after the last deduction. A provider is told by letter what was kept of each payment.
///
/// # Errors
/// Duty; fields; a recovery or deduction that is not there; `REC-05-STATE`, `REC-05-MORE`; what the law or a hold stops
/// where it is kept of a payment of ours; `GL-04-…` for a closed period.
pub async fn record_overpayment_taken(
    desk: &Desk,
    by: &Actor,
    ask: RecordOverpaymentTaken,
) -> Outcome<OverpaymentTaken> {
    by.must_hold(Duty::PostCash)?;
    refuse_cards(&[("reference", &ask.reference)])?;
    let (amount, on) = checked(&ask, desk.today())?;
    command!(desk, by, "record_overpayment_taken", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let (mut row, item) = find(&mut cmd.tx, org, &ask.recovery).await?;
        let all = rows::deductions_of(&mut cmd.tx, org, row.id).await?;
        let absent = || No::Absent(format!("deduction {} of {}", ask.line, row.number));
        let mut line = all.iter().find(|one| one.line == ask.line).cloned().ok_or_else(absent)?;
        if row.state != "running" || line.state != "due" {
            let sentence = format!("Deduction {} of {} is not to come", line.line, row.number);
            return Err(TAKING_STATE.because(sentence).into());
        }
        may_record_taken(amount, Pence(line.planned_pence), Pence(item.open_pence))?;
        let from = from_of(&row)?;
        let cuts_payment = from == TakenFrom::Provider && amount > Pence::ZERO;
        if cuts_payment {
            may_keep(&mut cmd.tx, org, &item, row.hold_id, today).await??;
        }
        line.state = if amount > Pence::ZERO { "taken" } else { "missed" }.into();
        (line.taken_on, line.taken_pence) = (Some(on), amount.0);
        line.reference = ask.reference.trim().to_owned();
        if amount > Pence::ZERO {
            line.receipt = kept_number(cmd).await?;
            let reason = format!("{}: {}", from.name(), line.reference);
            let kept = kept(&row, &item, &line, &reason, from);
            line.credit_item_id = Some(receive_kept(cmd, kept).await?.0);
        }
        if !rows::move_deduction(&mut cmd.tx, org, &line, "due").await? {
            return Err(TAKING_STATE.because(format!("Deduction {} was recorded before", line.line)).into());
        }
        let open = Pence(item.open_pence).minus(amount);
        go_on(cmd, &mut row, &all, &line, open).await?;
        if cuts_payment {
            line.letter = letter::write(cmd, &item, &line, open).await?;
            rows::move_deduction(&mut cmd.tx, org, &line, &line.state).await?;
        }
        let answer = OverpaymentTaken {
            recovery: row.number,
            receipt: line.receipt.clone(),
            taken_pence: amount.0,
            open_pence: open.0,
            state: row.state,
            letter: line.letter.clone(),
        };
        let told = serde_json::json!({ "debt": item.number, "deduction": line, "answer": answer });
        cmd.tell("OverpaymentTaken", format!("recovery {}", answer.recovery), told);
        Ok(answer)
    })
}

fn checked(ask: &RecordOverpaymentTaken, today: NaiveDate) -> Outcome<(Pence, NaiveDate)> {
    let mut wrong = Vec::new();
    match ask.amount {
        Some(amount) if amount >= Pence::ZERO => {}
        other => {
            let typed = other.map(Pence::pounds).unwrap_or_default();
            wrong.push(Invalid::field("amount", "Enter how much was taken, or 0.00 where nothing was", typed));
        }
    }
    match ask.on {
        Some(on) if on <= today => {}
        other => {
            let typed = other.map(|on| on.to_string()).unwrap_or_default();
            wrong.push(Invalid::field("on", "Enter a day that is not in the future", typed));
        }
    }
    wrong.extend(lines_wrong(&[("reference", &ask.reference)], 200));
    wrong.extend(days_wrong(&[("on", ask.on.filter(|on| *on <= today))], today));
    if ask.reference.trim().is_empty() {
        let message =
            "Enter payroll's or the remittance's reference, or why nothing was taken, in at most 200 characters";
        wrong.push(Invalid::field("reference", message, &ask.reference));
    }
    match (ask.amount, ask.on) {
        (Some(amount), Some(on)) if wrong.is_empty() => Ok((amount, on)),
        _ => Err(wrong.into()),
    }
}

/// What a deduction posts: a contra with payables, or the mirror of how overpaid pay was recognised.
fn posts(from: TakenFrom, amount: Pence) -> Vec<EntryLine> {
    match from {
        TakenFrom::Pay => taken_from_pay(amount),
        TakenFrom::Provider => contra(amount),
    }
}

fn kept<'a>(row: &TakingRow, item: &'a ItemRow, line: &'a DeductionRow, reason: &'a str, from: TakenFrom) -> Kept<'a> {
    let amount = Pence(line.taken_pence);
    Kept {
        debt: item,
        amount,
        on: line.taken_on.unwrap_or(line.due_on),
        number: &line.receipt,
        source: format!("recovery {}", row.number),
        reason,
        lines: posts(from, amount),
    }
}

/// Done once nothing is open; else one more deduction for what came short.
async fn go_on(
    cmd: &mut Command,
    row: &mut TakingRow,
    all: &[DeductionRow],
    now: &DeductionRow,
    open: Pence,
) -> Outcome<()> {
    let org = cmd.by.org;
    if open == Pence::ZERO {
        release(cmd, row).await?;
        (row.state, row.hold_id, row.ended_on) = ("done".into(), None, Some(cmd.today));
        return if rows::move_taking(&mut cmd.tx, org, row, "running").await? { Ok(()) } else { Err(changed(row)) };
    }
    let to_come = all.iter().filter(|one| one.line != now.line && one.state == "due");
    let to_come = Pence(to_come.map(|one| one.planned_pence).sum());
    let Some(amount) = one_more(open, to_come, Pence(row.each_pence)) else { return Ok(()) };
    let every = PaidEvery::parse(&row.every).ok_or_else(|| Fault::new("how often a recovery takes cannot be read"))?;
    let last = all.iter().map(|one| one.line).max().unwrap_or_default();
    let more = Deduction { line: last + 1, due_on: every.day(row.first_on, last), amount };
    rows::add_deductions(&mut cmd.tx, org, vec![planned(row.id, &more)]).await?;
    Ok(())
}

fn changed(row: &TakingRow) -> No {
    TAKING_STATE.because(format!("{} has changed since you looked", row.number)).into()
}

/// Undoes what was recorded wrongly.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndoOverpaymentTaken {
    /// Idempotency key.
    pub key: String,
    /// Number of the recovery.
    pub recovery: String,
    /// The deduction, counted from 1.
    pub line: i64,
    /// Why.
    pub reason: String,
}

/// It is undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverpaymentGivenBack {
    /// Number of the recovery.
    pub recovery: String,
    /// The receipt that stands no longer; empty where nothing had been taken.
    pub receipt: String,
    /// What is owed again.
    pub given_back_pence: i64,
    /// What is open of the debt.
    pub open_pence: i64,
}

/// Undoes a recorded deduction: the mirror is posted, the debt is open again, and the deduction is to come again while
/// the recovery runs.
///
/// # Errors
/// Duty; no reason; a deduction that is not there; `REC-05-STATE`; `CSH-CHANGED`; `GL-04-…` for a closed period.
pub async fn undo_overpayment_taken(
    desk: &Desk,
    by: &Actor,
    ask: UndoOverpaymentTaken,
) -> Outcome<OverpaymentGivenBack> {
    by.must_hold(Duty::PostCash)?;
    reasoned(&ask.reason, "why it is undone")?;
    command!(desk, by, "undo_overpayment_taken", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let (mut row, item) = find(&mut cmd.tx, org, &ask.recovery).await?;
        let all = rows::deductions_of(&mut cmd.tx, org, row.id).await?;
        let absent = || No::Absent(format!("deduction {} of {}", ask.line, row.number));
        let was = all.into_iter().find(|one| one.line == ask.line).ok_or_else(absent)?;
        if was.state == "due" {
            return Err(TAKING_STATE.because(format!("Nothing is recorded of deduction {}", was.line)).into());
        }
        if let Some(credit) = was.credit_item_id {
            let from = from_of(&row)?;
            let reason = ask.reason.trim();
            give_back_kept(cmd, ItemId(credit), kept(&row, &item, &was, reason, from)).await?;
        }
        let again = DeductionRow {
            state: "due".into(),
            taken_on: None,
            taken_pence: 0,
            receipt: String::new(),
            credit_item_id: None,
            reference: String::new(),
            letter: String::new(),
            ..was.clone()
        };
        if !rows::move_deduction(&mut cmd.tx, org, &again, &was.state).await? {
            return Err(changed(&row));
        }
        let another = rows::running_of_item(&mut cmd.tx, org, ItemId(item.id)).await?;
        if row.state == "done" && another.is_none() {
            row.hold_id = Some(hold(cmd, &item, &row.number).await?);
            (row.state, row.ended_on) = ("running".into(), None);
            if !rows::move_taking(&mut cmd.tx, org, &row, "done").await? {
                return Err(changed(&row));
            }
        }
        let answer = OverpaymentGivenBack {
            recovery: row.number,
            receipt: was.receipt.clone(),
            given_back_pence: was.taken_pence,
            open_pence: item.open_pence + was.taken_pence,
        };
        let told =
            serde_json::json!({ "debt": item.number, "was": was, "reason": ask.reason.trim(), "answer": answer });
        cmd.tell("OverpaymentGivenBack", format!("recovery {}", answer.recovery), told);
        Ok(answer)
    })
}
