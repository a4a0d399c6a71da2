//! Payments out, a batch at a time: put together, released by someone else, written, sent, answered (CSH-13).
use super::common::{check_words, must_say};
use super::payment_file::{day_to_pay, write_file};
use super::placing::changed;
use super::settle_refund::mirrored;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::desk_refusals::{BATCH_EMPTY, BATCH_STATE};
use sundry_domain::cash::refunds::{BatchAct, BatchState, next_batch_state};
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::{CONFLICT, OWN_WORK};
use sundry_domain::ids::OrgId;
use sundry_domain::ledger::refund_paid;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::cash_refunds::{self, PaymentBatchRow, RefundRow};
use sundry_store::control::{self, KeptFileRow};

/// Puts approved refunds into a batch.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MakePaymentBatch {
    /// Idempotency key.
    pub key: String,
    /// list, bacs or pain001.
    pub method: String,
    /// Numbers of the refunds; all that fit when none is named.
    #[serde(default)]
    pub refunds: Vec<String>,
    /// When the money is to move; today when not said.
    #[serde(default)]
    pub pay_on: Option<NaiveDate>,
}

/// A batch as it stands after an act.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentBatchMoved {
    /// Number of the batch.
    pub batch: String,
    /// draft, approved, written, sent, acknowledged or rejected.
    pub state: String,
    /// How many payments.
    pub payments: i64,
    /// Their sum.
    pub total_pence: i64,
}

fn moved(row: &PaymentBatchRow) -> PaymentBatchMoved {
    PaymentBatchMoved {
        batch: row.number.clone(),
        state: row.state.clone(),
        payments: row.payments_count,
        total_pence: row.total_pence,
    }
}

/// Puts approved refunds into a draft batch. A list takes every way of paying; files take bank transfers.
///
/// # Errors
/// Duty; fields; `CSH-BATCH-EMPTY`; absent refunds.
pub async fn make_payment_batch(desk: &Desk, by: &Actor, ask: MakePaymentBatch) -> Outcome<PaymentBatchMoved> {
    by.must_hold(Duty::ProposeRefund)?;
    if !["list", "bacs", "pain001"].contains(&ask.method.as_str()) {
        return Err(Invalid::field("method", "Choose list, bacs or pain001", &ask.method).into());
    }
    command!(desk, by, "make_payment_batch", &ask.key, &ask, |cmd| {
        if let Some(day) = ask.pay_on.filter(|day| *day < cmd.today) {
            return Err(Invalid::field("pay_on", "Enter today or a later day", day.to_string()).into());
        }
        let org = cmd.by.org;
        let way = if ask.method == "list" { "" } else { "bank" };
        let mut waiting = cash_refunds::refunds_to_pay(&mut cmd.tx, org, way).await?;
        if !ask.refunds.is_empty() {
            let lost = ask.refunds.iter().find(|number| !waiting.iter().any(|row| row.number == number.trim()));
            if let Some(number) = lost {
                return Err(No::Absent(format!("refund {number} that waits to be paid so")));
            }
            waiting.retain(|row| ask.refunds.iter().any(|number| number.trim() == row.number));
        }
        if waiting.is_empty() {
            return Err(BATCH_EMPTY.because("No approved refund waits to be paid this way.").into());
        }
        let pay_on = day_to_pay(cmd, &ask.method, ask.pay_on)?;
        let row = PaymentBatchRow {
            id: cmd.id::<i64>(),
            number: format!("PMT-{:06}", cmd.next_number("PMT").await?),
            method: ask.method.clone(),
            pay_on,
            payments_count: waiting.len() as i64,
            total_pence: waiting.iter().map(|row| row.amount_pence).sum(),
            state: BatchState::Draft.as_str().into(),
            made_by: cmd.by.user.0,
            made_by_name: cmd.by.name.clone(),
            made_on: cmd.today,
            released_by: None,
            released_by_name: String::new(),
            file_name: String::new(),
            file_sha256: String::new(),
            sent_on: None,
            answered_on: None,
            answer: String::new(),
            recorded_at: cmd.at,
            version: 1,
        };
        cash_refunds::add_payment_batch(&mut cmd.tx, org, &row).await?;
        let ids: Vec<i64> = waiting.iter().map(|row| row.id).collect();
        if cash_refunds::put_in_batch(&mut cmd.tx, org, row.id, &ids).await? != ids.len() {
            return Err(changed());
        }
        cmd.tell("PaymentBatchMade", subject(&row), moved(&row));
        Ok(moved(&row))
    })
}

fn subject(row: &PaymentBatchRow) -> String {
    format!("payment batch {}", row.number)
}

/// Does the next thing with a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MovePaymentBatch {
    /// Idempotency key.
    pub key: String,
    /// Number of the batch.
    pub batch: String,
    /// approve, write, send, acknowledge or reject.
    pub act: String,
    /// What the bank or the payments team says; needed to reject.
    #[serde(default)]
    pub words: String,
}

/// Moves a batch one step on. Who releases it made none of it: not the batch, not a refund in it, not its approval.
///
/// # Errors
/// Duty; `CTL-01-OWN-WORK`, `CTL-01-CONFLICT`; `CSH-BATCH-STATE`; fields; absent.
pub async fn move_payment_batch(desk: &Desk, by: &Actor, ask: MovePaymentBatch) -> Outcome<PaymentBatchMoved> {
    let act = match ask.act.as_str() {
        "approve" => BatchAct::Approve,
        "write" => BatchAct::Write,
        "send" => BatchAct::Send,
        "acknowledge" => BatchAct::Acknowledge,
        "reject" => BatchAct::Reject,
        other => {
            let say = "Choose approve, write, send, acknowledge or reject";
            return Err(Invalid::field("act", say, other).into());
        }
    };
    let answers = matches!(act, BatchAct::Acknowledge | BatchAct::Reject);
    if !answers || !by.holds(Duty::ProposeRefund) {
        by.must_hold(Duty::ReleasePaymentFile)?;
    }
    check_words(&[("words", &ask.words)])?;
    let mut wrong = Vec::new();
    if act == BatchAct::Reject {
        must_say("words", "Say why it was not paid", &ask.words, &mut wrong);
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "move_payment_batch", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find_batch(&mut cmd.tx, org, &ask.batch).await?;
        let from = BatchState::parse(&row.state).ok_or_else(|| BATCH_STATE.because("Its state cannot be read."))?;
        row.state = next_batch_state(from, act)?.as_str().into();
        let refunds = cash_refunds::refunds_of_batch(&mut cmd.tx, org, row.id).await?;
        match act {
            BatchAct::Approve => release(cmd, &mut row, &refunds)?,
            BatchAct::Write => keep_file(cmd, &mut row, &refunds).await?,
            BatchAct::Send => send(cmd, &mut row).await?,
            BatchAct::Acknowledge => {
                let (id, sent) = (row.id, row.sent_on);
                cash_refunds::move_refunds_of_batch(&mut cmd.tx, org, id, ("sent", "paid"), sent).await?;
                (row.answered_on, row.answer) = (Some(cmd.today), ask.words.trim().to_owned());
            }
            BatchAct::Reject => reject(cmd, &mut row, from, ask.words.trim()).await?,
        }
        if !cash_refunds::change_payment_batch(&mut cmd.tx, org, &row).await? {
            return Err(changed());
        }
        let event = match act {
            BatchAct::Approve => "PaymentBatchReleased",
            BatchAct::Write => "PaymentFileWritten",
            BatchAct::Send => "PaymentBatchSent",
            BatchAct::Acknowledge => "PaymentBatchAcknowledged",
            BatchAct::Reject => "PaymentBatchRejected",
        };
        let told = serde_json::json!({ "batch": moved(&row), "file_sha256": row.file_sha256, "words": ask.words });
        cmd.tell(event, subject(&row), told);
        Ok(moved(&row))
    })
}

async fn find_batch(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<PaymentBatchRow> {
    let absent = || No::Absent(format!("payment batch {number}"));
    cash_refunds::payment_batch_numbered(tx, org, number.trim()).await?.ok_or_else(absent)
}

/// Someone else's yes: on nothing that they themselves made, asked for or approved.
fn release(cmd: &Command, row: &mut PaymentBatchRow, refunds: &[RefundRow]) -> Outcome<()> {
    let me = cmd.by.user.0;
    if row.made_by == me {
        return Err(OWN_WORK.because(format!("You put {} together yourself", row.number)).into());
    }
    if let Some(mine) = refunds.iter().find(|one| one.asked_by == me || one.approved_by == Some(me)) {
        let did = if mine.asked_by == me { "asked for" } else { "approved" };
        let sentence = format!("You {did} {}, so someone else must release its payment", mine.number);
        return Err(CONFLICT.because(sentence).into());
    }
    (row.released_by, row.released_by_name) = (Some(me), cmd.by.name.clone());
    Ok(())
}

async fn keep_file(cmd: &mut Command, row: &mut PaymentBatchRow, refunds: &[RefundRow]) -> Outcome<()> {
    let org = cmd.by.org;
    let sum: i64 = refunds.iter().map(|one| one.amount_pence).sum();
    if (refunds.len() as i64, sum) != (row.payments_count, row.total_pence) {
        let sentence = format!("{} refunds of {} are in it now.", refunds.len(), Pence(sum));
        return Err(BATCH_STATE.because(sentence).into());
    }
    let (name, media_type, bytes) = write_file(cmd, row, refunds).await?;
    row.file_sha256 = cmd.desk.files().put(org.0, &bytes)?;
    row.file_name.clone_from(&name);
    let kept = KeptFileRow {
        sha256: row.file_sha256.clone(),
        name,
        media_type: media_type.into(),
        size_bytes: bytes.len() as i64,
    };
    Ok(control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?)
}

/// Row 19: refunds clearing is cleared by the bank.
async fn send(cmd: &mut Command, row: &mut PaymentBatchRow) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let journal = NewJournal {
        posted_on: today,
        event: "RefundsPaid",
        source: subject(row),
        reason: format!("{} refunds", row.payments_count),
        customer: None,
        item: None,
        lines: refund_paid(Pence(row.total_pence)),
    };
    post(cmd, journal).await?;
    row.sent_on = Some(today);
    cash_refunds::move_refunds_of_batch(&mut cmd.tx, org, row.id, ("in_batch", "sent"), Some(today)).await?;
    Ok(())
}

/// Not paid: the refunds wait for another batch; what had been posted is mirrored.
async fn reject(cmd: &mut Command, row: &mut PaymentBatchRow, from: BatchState, words: &str) -> Outcome<()> {
    let org = cmd.by.org;
    if from == BatchState::Sent {
        // What came back one by one meanwhile has been posted back already.
        let refunds = cash_refunds::refunds_of_batch(&mut cmd.tx, org, row.id).await?;
        let still: i64 = refunds.iter().filter(|one| one.state == "sent").map(|one| one.amount_pence).sum();
        if still > 0 {
            let journal = NewJournal {
                posted_on: cmd.today,
                event: "RefundsPaidReversed",
                source: subject(row),
                reason: words.to_owned(),
                customer: None,
                item: None,
                lines: mirrored(refund_paid(Pence(still)))?,
            };
            post(cmd, journal).await?;
        }
    }
    cash_refunds::free_refunds_of_batch(&mut cmd.tx, org, row.id).await?;
    (row.answered_on, row.answer) = (Some(cmd.today), words.to_owned());
    Ok(())
}

/// A batch with its refunds.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentBatchView {
    /// The batch.
    pub batch: PaymentBatchRow,
    /// Its refunds; the sealed accounts stay out.
    pub refunds: Vec<RefundRow>,
}

/// A batch by its number.
///
/// # Errors
/// Duty; absent.
pub async fn payment_batch(desk: &Desk, by: &Actor, number: &str) -> Outcome<PaymentBatchView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let batch = find_batch(&mut look, by.org, number).await?;
    let mut refunds = cash_refunds::refunds_of_batch(&mut look, by.org, batch.id).await?;
    for refund in &mut refunds {
        (refund.bank_sealed, refund.bank_print) = (String::new(), String::new());
    }
    Ok(PaymentBatchView { batch, refunds })
}

/// The newest batches, newest first.
///
/// # Errors
/// Duty.
pub async fn payment_batches(desk: &Desk, by: &Actor) -> Outcome<Vec<PaymentBatchRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(cash_refunds::payment_batches(&mut look, by.org, 200).await?)
}

/// The file of a batch: name and bytes. It holds payees' accounts, so only who releases payments may have it.
///
/// # Errors
/// Duty; absent; `CSH-BATCH-STATE` before it is written.
pub async fn payment_file(desk: &Desk, by: &Actor, number: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::ReleasePaymentFile)?;
    let mut look = desk.look().await?;
    let batch = find_batch(&mut look, by.org, number).await?;
    if batch.file_sha256.is_empty() {
        return Err(BATCH_STATE
            .because(format!("{} is {}: its file is not written.", batch.number, batch.state))
            .into());
    }
    Ok((batch.file_name, desk.files().get(by.org.0, &batch.file_sha256)?))
}
