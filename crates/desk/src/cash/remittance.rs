//! Remittance advice: the payer's own list of what a receipt pays, read, shown and applied (CSH-04).
use super::allocate_receipt::{AllocateReceipt, AllocationSplit, allocate_now};
use super::common::{find_receipt, must_say};
use super::placing::{AccountCredit, AllocationLine, Why, place_later, share_of};
use super::remittance_lines::{Payer, Plan, Resolved};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::keep_file;
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::remittance::{NOT_THE_SUM, NOTHING_FOUND};
use sundry_domain::control::Duty;
use sundry_domain::ids::{ItemId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::remittance::{self as formats, Advice};
use sundry_store::Tx;
use sundry_store::cash::ReceiptRow;
use sundry_store::cash::again::{RemittanceRow, add_remittance, remittances_of};

/// Remittance advice for a receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemittanceFile {
    /// Receipt number.
    pub receipt: String,
    /// Name of the file.
    pub file_name: String,
    /// CSV, text or a saved message; a workbook is made CSV before.
    pub bytes: Vec<u8>,
}

/// A line of the advice with what we know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemittanceLineShown {
    /// Where it stands in the file.
    pub row: i64,
    /// As the payer wrote it.
    pub reference: String,
    /// Our number; empty where nothing was found.
    pub item: String,
    /// Whose.
    pub customer: String,
    /// What the payer says was paid; less than nothing for a credit note taken.
    pub paid_pence: i64,
    /// What was taken off.
    pub deducted_pence: i64,
    /// Why, as the payer says.
    pub reason: String,
    /// What is open on it.
    pub open_pence: i64,
    /// What is to be said of it; empty where it is plain.
    pub note: String,
}

/// An advice as it would be applied.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemittanceRead {
    /// Receipt number.
    pub receipt: String,
    /// What is left of the receipt.
    pub left_pence: i64,
    /// The lines.
    pub lines: Vec<RemittanceLineShown>,
    /// What the advice adds up to.
    pub sum_pence: i64,
    /// What would be set against items out of the receipt.
    pub allocated_pence: i64,
    /// Credit notes that would be used.
    pub credits_pence: i64,
    /// Deductions, which stay open on their items.
    pub deductions_pence: i64,
    /// What would stay on the account.
    pub on_account_pence: i64,
    /// Lines whose bill was not found.
    pub not_found: i64,
    /// Rows with an amount that could not be read as a bill.
    pub left_out: Vec<String>,
    /// Why it cannot be applied as it is; empty when it can.
    pub problem: String,
    /// Whether the rest may stay on the account: all of it is one customer's.
    pub may_keep_rest: bool,
}

/// Reads an advice and shows what applying it would do; nothing is kept.
///
/// # Errors
/// Duty; receipt absent; the file cannot be read.
pub async fn read_remittance(desk: &Desk, by: &Actor, ask: &RemittanceFile) -> Outcome<RemittanceRead> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let receipt = find_receipt(&mut look, by.org, &ask.receipt).await?;
    let (plan, advice) = planned(&mut look, &receipt, by.org, ask).await?;
    Ok(shown(&receipt, &plan, &advice))
}

/// The advice that was applied to a receipt.
///
/// # Errors
/// Duty; receipt absent.
pub async fn remittances(desk: &Desk, by: &Actor, receipt: &str) -> Outcome<Vec<RemittanceRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let receipt = find_receipt(&mut look, by.org, receipt).await?;
    Ok(remittances_of(&mut look, by.org, ReceiptId(receipt.id)).await?)
}

async fn planned(
    tx: &mut Tx,
    receipt: &ReceiptRow,
    org: sundry_domain::ids::OrgId,
    ask: &RemittanceFile,
) -> Outcome<(Plan, Advice)> {
    let payer = Payer::of(tx, org, receipt).await?;
    let known = Resolved::numbers_in(tx, org, &ask.bytes).await?;
    let is_number = |word: &str| known.contains(&word.to_uppercase());
    let advice = formats::read(&ask.file_name, &ask.bytes, &is_number)
        .map_err(|problem| Invalid::field("file", problem.to_string(), &ask.file_name))?;
    let resolved = Resolved::of(tx, org, &advice, &payer).await?;
    Ok((Plan::of(resolved, payer.left), advice))
}

fn shown(receipt: &ReceiptRow, plan: &Plan, advice: &Advice) -> RemittanceRead {
    RemittanceRead {
        receipt: receipt.number.clone(),
        left_pence: plan.left.0,
        lines: plan.lines.iter().map(Resolved::shown).collect(),
        sum_pence: advice.sum_pence(),
        allocated_pence: plan.allocated.0,
        credits_pence: plan.credits.0,
        deductions_pence: advice.lines.iter().map(|line| line.deducted_pence).sum(),
        on_account_pence: plan.on_account.0,
        not_found: plan.lines.iter().filter(|line| line.item.is_none()).count() as i64,
        left_out: advice.left_out.clone(),
        problem: plan.problem(advice.sum_pence()),
        may_keep_rest: plan.may_keep_rest(),
    }
}

/// Applies an advice to its receipt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplyRemittance {
    /// Idempotency key.
    pub key: String,
    /// The receipt and the file.
    pub file: RemittanceFile,
    /// The file as it arrived, where it was a workbook; otherwise empty.
    pub original: Vec<u8>,
    /// What the advice does not explain stays on the account.
    pub keep_rest: bool,
}

/// What was applied.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemittanceApplied {
    /// Receipt number.
    pub receipt: String,
    /// Lines of the advice.
    pub lines: i64,
    /// Set against items out of the receipt.
    pub allocated_pence: i64,
    /// Credit notes used.
    pub credits_pence: i64,
    /// Deductions, open on their items still.
    pub deductions_pence: i64,
    /// On the account.
    pub on_account_pence: i64,
    /// Lines whose bill was not found.
    pub not_found: i64,
}

/// Allocates a receipt as the payer's advice says: bills, credit notes taken, several customers at once.
///
/// # Errors
/// Duty; receipt absent; the file cannot be read; `CSH-04-NOT-THE-SUM`, `CSH-04-NOTHING-FOUND`; those of allocating.
pub async fn apply_remittance(desk: &Desk, by: &Actor, ask: ApplyRemittance) -> Outcome<RemittanceApplied> {
    by.must_hold(Duty::PostCash)?;
    let mut wrong = Vec::new();
    must_say("receipt", "Enter the receipt number", &ask.file.receipt, &mut wrong);
    if ask.file.bytes.is_empty() {
        must_say("file", "Choose the file of the advice", "", &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let asked = (&ask.file.receipt, &ask.file.file_name, sha256_hex(&ask.file.bytes), ask.keep_rest);
    command!(desk, by, "apply_remittance", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let receipt = find_receipt(&mut cmd.tx, org, &ask.file.receipt).await?;
        let (plan, advice) = planned(&mut cmd.tx, &receipt, org, &ask.file).await?;
        if plan.shares.is_empty() {
            return Err(NOTHING_FOUND.because("No line of the advice names a bill that is open.").into());
        }
        let problem = plan.problem(advice.sum_pence());
        let goes = problem.is_empty() || ask.keep_rest && plan.may_keep_rest();
        if !goes {
            return Err(NOT_THE_SUM.because(problem).into());
        }
        let answer = allocate_as_said(cmd, &receipt, &plan, &advice, &ask.file.file_name).await?;
        let kept = if ask.original.is_empty() { &ask.file.bytes } else { &ask.original };
        let sha256 = keep_file(cmd, &ask.file.file_name, kept).await?;
        let row = RemittanceRow {
            id: cmd.id::<i64>(),
            receipt_id: receipt.id,
            file_sha256: sha256,
            file_name: ask.file.file_name.clone(),
            lines_count: answer.lines,
            paid_pence: advice.sum_pence(),
            credits_pence: answer.credits_pence,
            deductions_pence: answer.deductions_pence,
            applied_on: cmd.today,
            applied_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        add_remittance(&mut cmd.tx, org, &row).await?;
        cmd.tell("RemittanceApplied", format!("receipt {}", receipt.number), &answer);
        Ok(answer)
    })
}

async fn allocate_as_said(
    cmd: &mut Command,
    receipt: &ReceiptRow,
    plan: &Plan,
    advice: &Advice,
    file_name: &str,
) -> Outcome<RemittanceApplied> {
    let reason = format!("As the payer's remittance advice {file_name} says.");
    let why = Why { reason: &reason, confidence_ppm: 1_000_000 };
    let lines_of = |lines: &[(i64, Pence)]| -> Vec<AllocationLine> {
        lines.iter().map(|(item, amount)| AllocationLine { item: item.to_string(), amount: *amount }).collect()
    };
    let mut split: Vec<AllocationSplit> = Vec::new();
    for share in plan.shares.iter().filter(|share| share.amount > Pence::ZERO) {
        split.push(AllocationSplit {
            customer: share.customer.clone(),
            amount: share.amount,
            lines: lines_of(&share.lines),
        });
    }
    let one = if split.len() == 1 { split.pop() } else { None };
    let ask = AllocateReceipt {
        key: String::new(),
        receipt: receipt.number.clone(),
        customer: one.as_ref().map(|part| part.customer.clone()).unwrap_or_default(),
        lines: one.map(|part| part.lines).unwrap_or_default(),
        split,
        reason: reason.clone(),
    };
    let done = allocate_now(cmd, receipt.clone(), &ask, &why).await?;
    for credit in &plan.used {
        let left: Pence = Pence::total(credit.lines.iter().map(|(_, amount)| amount));
        let share = share_of(cmd, &credit.customer, left, &lines_of(&credit.lines)).await?;
        let source = format!("{} {}", credit.kind.replace('_', " "), credit.number);
        let of = AccountCredit { id: ItemId(credit.item), kind: &credit.kind, source };
        let day = cmd.today.max(credit.posted_on);
        place_later(cmd, &of, &share, day, &why).await?;
    }
    Ok(RemittanceApplied {
        receipt: receipt.number.clone(),
        lines: advice.lines.len() as i64,
        allocated_pence: done.allocated_pence,
        credits_pence: plan.credits.0,
        deductions_pence: advice.lines.iter().map(|line| line.deducted_pence).sum(),
        on_account_pence: done.on_account_pence,
        not_found: plan.lines.iter().filter(|line| line.item.is_none()).count() as i64,
    })
}
