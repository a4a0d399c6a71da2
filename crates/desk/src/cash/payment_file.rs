//! What leaves for the bank or the payments team: a list, Bacs Standard 18 credits, or pain.001.
use super::paying_account::{PayingAccount, paying_account_of};
use crate::core::command::Command;
use crate::{Fault, No, Outcome};
use chrono::{Datelike, NaiveDate};
use sundry_domain::calendar::Nation;
use sundry_domain::cash::desk_refusals::PAYMENT_FILE;
use sundry_domain::refusal::Invalid;
use sundry_formats::FormatProblem;
use sundry_formats::bacs::standard18::{Code, Contra, LineEnd, Origin, Record, Submission, write};
use sundry_formats::bacs::words::fit;
use sundry_formats::csv_out::{self, Cell};
use sundry_formats::pain::{CreditBatch, CreditProfile, Party, Payment, convert, write_credits};
use sundry_store::cash_refunds::{PaymentBatchRow, RefundRow};

/// A payee's account, opened: sort code and account number.
fn account_of(cmd: &Command, refund: &RefundRow) -> Outcome<(String, String)> {
    if refund.bank_sealed.is_empty() {
        return Ok((String::new(), String::new()));
    }
    let vault = cmd.desk.vault();
    let plain = vault.open_text(cmd.by.org.0, &format!("refund/{}", refund.id), &refund.bank_sealed)?;
    let (sort_code, account) =
        plain.split_once(' ').ok_or_else(|| Fault::new(format!("the account of {} cannot be read", refund.number)))?;
    Ok((sort_code.to_owned(), account.to_owned()))
}

/// The day on which the money can move, by a way of paying: as wished, or the earliest.
///
/// Bacs takes its input on day one, works on day two and moves the money on day three, working days all of them.
pub(super) fn day_to_pay(cmd: &Command, method: &str, wished: Option<NaiveDate>) -> Outcome<NaiveDate> {
    if method == "list" {
        return Ok(wished.unwrap_or(cmd.today));
    }
    let book = cmd.desk.book();
    // Bacs keeps England's bank holidays wherever the payer is.
    let calendar = book.calendar(Nation::EnglandAndWales);
    let earliest = calendar.add(cmd.today, 2)?;
    match wished {
        None => Ok(earliest),
        Some(day) if day >= earliest && calendar.is_working_day(day)? => Ok(day),
        Some(day) => {
            let message = format!("Enter a working day, {} at the earliest", sundry_domain::words::written(earliest));
            Err(Invalid::field("pay_on", message, day.to_string()).into())
        }
    }
}

/// Writes the file of a batch: name, media type, bytes.
pub(super) async fn write_file(
    cmd: &mut Command,
    batch: &PaymentBatchRow,
    refunds: &[RefundRow],
) -> Outcome<(String, &'static str, Vec<u8>)> {
    if batch.method == "list" {
        return Ok((format!("{}.csv", batch.number), "text/csv", list(cmd, batch, refunds)?));
    }
    let from = paying_account_of(&mut cmd.tx, cmd.by.org).await?;
    let from = from.ok_or_else(|| PAYMENT_FILE.because("The account that payments leave from is not set."))?;
    if batch.method == "bacs" {
        return Ok((format!("{}.txt", batch.number), "text/plain", standard18(cmd, batch, refunds, &from)?));
    }
    Ok((format!("{}.xml", batch.number), "application/xml", pain(cmd, batch, refunds, &from)?))
}

const COLUMNS: &[&str] = &[
    "batch",
    "refund",
    "pay_on",
    "method",
    "payee",
    "sort_code",
    "account",
    "amount",
    "reference",
    "address",
    "approved_by",
];

fn list(cmd: &Command, batch: &PaymentBatchRow, refunds: &[RefundRow]) -> Outcome<Vec<u8>> {
    let mut rows = Vec::new();
    for refund in refunds {
        let (sort_code, account) = account_of(cmd, refund)?;
        rows.push(vec![
            Cell::Text(batch.number.clone()),
            Cell::Text(refund.number.clone()),
            Cell::Date(batch.pay_on),
            Cell::Text(refund.method.clone()),
            Cell::Text(refund.payee_name.clone()),
            Cell::Text(sort_code),
            Cell::Text(account),
            Cell::Pence(refund.amount_pence),
            Cell::Text(refund.number.clone()),
            Cell::Text(refund.payee_address.clone()),
            Cell::Text(refund.approved_by_name.clone()),
        ]);
    }
    Ok(csv_out::write(COLUMNS, rows))
}

fn cannot(problems: &[FormatProblem]) -> No {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    PAYMENT_FILE.because(format!("The file cannot be written: {}.", all.join("; "))).into()
}

/// The processing day of a payment: the working day before the money moves.
fn processing_day(cmd: &Command, pay_on: NaiveDate) -> Outcome<NaiveDate> {
    Ok(cmd.desk.book().calendar(Nation::EnglandAndWales).add(pay_on, -1)?)
}

fn standard18(cmd: &Command, batch: &PaymentBatchRow, refunds: &[RefundRow], from: &PayingAccount) -> Outcome<Vec<u8>> {
    if from.sun.is_empty() {
        return Err(PAYMENT_FILE.because("Our service user number at Bacs is not set.").into());
    }
    let process_on = processing_day(cmd, batch.pay_on)?;
    let mut records = Vec::new();
    for refund in refunds {
        let (sort_code, account) = account_of(cmd, refund)?;
        records.push(Record {
            code: Code::Credit,
            sort_code,
            account,
            name: fit(&refund.payee_name, 18),
            reference: fit(&refund.number, 18),
            amount_pence: refund.amount_pence,
            process_on,
        });
    }
    // Six characters, another one for each batch: the day of the year, then the last digits of its number.
    let last: String = batch.number.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect();
    let submission = Submission {
        serial: format!("{:03}{last}", cmd.today.ordinal()),
        sun: from.sun.clone(),
        created_on: cmd.today,
        expires_on: batch.pay_on,
        multi_day: false,
        origin: Origin {
            sort_code: from.sort_code.clone(),
            account: from.account.clone(),
            name: fit(&from.name, 18),
            narrative: fit(&from.name, 18),
        },
        records,
        contra: if from.contra_by_bank { Contra::ByBank } else { Contra::Written },
        line_end: LineEnd::CrLf,
    };
    let written = write(&submission).map_err(|problems| cannot(&problems))?;
    if written.totals.credits_pence < batch.total_pence {
        return Err(Fault::new(format!("the file of {} does not add up to its batch", batch.number)).into());
    }
    Ok(written.bytes)
}

fn pain(cmd: &Command, batch: &PaymentBatchRow, refunds: &[RefundRow], from: &PayingAccount) -> Outcome<Vec<u8>> {
    let mut payments = Vec::new();
    for refund in refunds {
        let (sort_code, account) = account_of(cmd, refund)?;
        let name: String = convert(&refund.payee_name).chars().take(18).collect();
        payments.push(Payment {
            end_to_end_id: refund.number.clone(),
            to: Party { name: name.trim().to_owned(), sort_code, account },
            amount_pence: refund.amount_pence,
            remittance: refund.number.clone(),
        });
    }
    let message = CreditBatch {
        message_id: format!("SUNDRY-{}-{}", cmd.by.org.0, batch.number).chars().take(35).collect(),
        batch_id: batch.number.clone(),
        created_at: cmd.at,
        execute_on: batch.pay_on,
        from: Party { name: convert(&from.name), sort_code: from.sort_code.clone(), account: from.account.clone() },
        customer_id: Some(from.customer_id.clone()).filter(|id| !id.is_empty()),
        profile: CreditProfile::default(),
        payments,
    };
    let written = write_credits(&message).map_err(|problems| cannot(&problems))?;
    if written.total_pence != batch.total_pence {
        return Err(Fault::new(format!("the file of {} does not add up to its batch", batch.number)).into());
    }
    Ok(written.bytes)
}
