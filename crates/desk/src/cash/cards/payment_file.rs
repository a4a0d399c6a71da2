//! Payment files of a council's payment screen, taken in once and whole.
use super::dispute::{Told, note_dispute};
use super::paid::note_now;
use super::payout::form_payouts;
use super::provider::SeenPayment;
use super::settlement::{Found, add_found, whose};
use super::start::chosen_json;
use crate::core::actor::Actor;
use crate::core::clock::uk_day;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::cards::CardState;
use sundry_domain::cash::cards::refusals::{FILE_AGAIN, FILE_GAP};
use sundry_domain::control::{Duty, contains_card_number, mask_card_numbers};
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::card::payenet::{Method, PaymentFile, Row, read};
use sundry_store::cash::cards::{self, CardFileRow, CardPaymentRow};
use sundry_store::{Tx, ledger};

/// Takes a payment file in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportPaymentFile {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The files between the last and this one will never come.
    pub accept_gap: bool,
    /// Look only.
    pub dry_run: bool,
}

#[derive(Serialize)]
struct Asked<'a> {
    file_name: &'a str,
    sha256: &'a str,
    accept_gap: bool,
}

/// What was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentFileTaken {
    /// Its number.
    pub number: i64,
    /// Rows.
    pub rows: i64,
    /// What they come to.
    pub sum_pence: i64,
    /// Receipts made.
    pub receipts: i64,
    /// Of these, in suspense.
    pub suspense: i64,
    /// Rows that confirm a payment we knew.
    pub confirmed: i64,
    /// Rows that take a payment back.
    pub taken_back: i64,
    /// The day it came before, if it did; then nothing was done.
    pub already_on: Option<NaiveDate>,
}

/// Takes a payment file in: all of it or nothing; the same file again changes nothing and says so.
///
/// # Errors
/// Duty; every row that is wrong; `CSH-CARD-FILE-GAP`, `CSH-CARD-FILE-AGAIN`.
pub async fn import_payment_file(desk: &Desk, by: &Actor, ask: ImportPaymentFile) -> Outcome<PaymentFileTaken> {
    by.must_hold(Duty::ImportFiles)?;
    let file = read(&ask.bytes).map_err(|all| -> Vec<Invalid> { all.iter().map(problem).collect() })?;
    let cards_typed = typed_cards(&file);
    if !cards_typed.is_empty() {
        return Err(cards_typed.into());
    }
    let sha256 = sha256_hex(&ask.bytes);
    if ask.dry_run {
        return Ok(plan(&mut desk.look().await?, by, &ask, &file, &sha256).await?.0);
    }
    let asked = Asked { file_name: &ask.file_name, sha256: &sha256, accept_gap: ask.accept_gap };
    command!(desk, by, "import_payment_file", &ask.key, &asked, |cmd| {
        let (mut taken, again) = plan(&mut cmd.tx, by, &ask, &file, &sha256).await?;
        if again {
            cmd.tell("PaymentFileSeenAgain", format!("payment file {}", taken.number), &ask.file_name);
            return Ok(taken);
        }
        desk.files().put(by.org.0, &ask.bytes)?;
        for row in &file.rows {
            take_row(cmd, row, &mut taken).await?;
        }
        let kept = CardFileRow {
            file_number: taken.number,
            dated_on: file.dated_on,
            sha256: sha256.clone(),
            rows_count: taken.rows,
            sum_pence: file.sum_pence,
            recorded_at: cmd.at,
        };
        cards::add_file(&mut cmd.tx, cmd.by.org, &kept).await?;
        sundry_store::control::add_kept_file(&mut cmd.tx, cmd.by.org, &kept_file(&ask, &sha256), cmd.at).await?;
        form_payouts(cmd, "payment_file").await?;
        cmd.tell("PaymentFileTaken", format!("payment file {}", taken.number), &taken);
        Ok(taken)
    })
}

/// What there is to take, and whether it was taken before; refused where it does not follow from the last file.
async fn plan(
    tx: &mut Tx,
    by: &Actor,
    ask: &ImportPaymentFile,
    file: &PaymentFile,
    sha256: &str,
) -> Outcome<(PaymentFileTaken, bool)> {
    let (rows, number) = (file.rows.len() as i64, file.number as i64);
    let taken = PaymentFileTaken { number, rows, sum_pence: file.sum_pence, ..PaymentFileTaken::default() };
    if let Some(before) = cards::file_of_sha(tx, by.org, sha256).await? {
        return Ok((PaymentFileTaken { already_on: Some(uk_day(before.recorded_at)), ..taken }, true));
    }
    check_number(tx, by, file, ask.accept_gap).await?;
    let strangers = strangers(tx, by, file).await?;
    if strangers.is_empty() { Ok((taken, false)) } else { Err(strangers.into()) }
}

fn kept_file(ask: &ImportPaymentFile, sha256: &str) -> sundry_store::control::KeptFileRow {
    sundry_store::control::KeptFileRow {
        sha256: sha256.to_owned(),
        name: ask.file_name.clone(),
        media_type: "text/csv".into(),
        size_bytes: ask.bytes.len() as i64,
    }
}

fn problem(one: &sundry_formats::FormatProblem) -> Invalid {
    let row = one.at.strip_prefix("row ").and_then(|n| n.parse().ok());
    Invalid { row, field: "file".into(), message: mask_card_numbers(&one.message), typed: String::new() }
}

/// Somebody typed a card number into the payment screen: the file is held, and the number is masked.
fn typed_cards(file: &PaymentFile) -> Vec<Invalid> {
    let fields = |row: &Row| {
        let texts = [&row.reference, &row.narrative, &row.transaction, &row.original, &row.paying_in];
        texts.into_iter().find(|text| contains_card_number(text)).map(|text| mask_card_numbers(text))
    };
    let say = |row: &Row, masked: String| {
        Invalid::row(row.row, "narrative", "It holds a payment card number: ask for the file without it", masked)
    };
    file.rows.iter().filter_map(|row| fields(row).map(|masked| say(row, masked))).collect()
}

async fn check_number(tx: &mut Tx, by: &Actor, file: &PaymentFile, accept_gap: bool) -> Outcome<()> {
    let Some(last) = cards::last_file(tx, by.org).await? else { return Ok(()) };
    let number = file.number as i64;
    if number <= last {
        return Err(FILE_AGAIN.because(format!("File {number} came before, or {last} after it.")).into());
    }
    if number > last + 1 && !accept_gap {
        return Err(FILE_GAP.because(format!("The last file was {last} and this is {number}.")).into());
    }
    Ok(())
}

/// Rows that take back what is not known, and rows of a transaction that came in an earlier file.
async fn strangers(tx: &mut Tx, by: &Actor, file: &PaymentFile) -> Outcome<Vec<Invalid>> {
    let mut wrong = Vec::new();
    for row in &file.rows {
        let before = cards::payment_of_ref(tx, by.org, "payment_file", &row.transaction).await?;
        let taken = cards::dispute_of_ref(tx, by.org, &row.transaction).await?;
        if before.is_some() || taken.is_some() {
            wrong.push(Invalid::row(
                row.row,
                "transaction",
                "This transaction came in an earlier file",
                &row.transaction,
            ));
        }
        if row.pence < 0 && row.original.is_empty() {
            let message = "It takes money back and does not say which payment";
            wrong.push(Invalid::row(row.row, "original", message, &row.original));
        } else if row.pence < 0 && original(tx, by.org, row).await?.is_none() {
            let here = file.rows.iter().any(|other| other.transaction == row.original && other.pence > 0);
            if !here {
                wrong.push(Invalid::row(
                    row.row,
                    "original",
                    "We do not know the payment it takes back",
                    &row.original,
                ));
            }
        }
    }
    Ok(wrong)
}

async fn original(tx: &mut Tx, org: sundry_domain::ids::OrgId, row: &Row) -> Outcome<Option<CardPaymentRow>> {
    match cards::payment_of_ref(tx, org, "payment_file", &row.original).await? {
        Some(found) => Ok(Some(found)),
        None => Ok(cards::payment_of_money(tx, org, &row.original).await?),
    }
}

async fn take_row(cmd: &mut Command, row: &Row, taken: &mut PaymentFileTaken) -> Outcome<()> {
    let org = cmd.by.org;
    if row.pence < 0 {
        let payment = original(&mut cmd.tx, org, row).await?.ok_or_else(crate::cash::placing::changed)?;
        let words = if row.narrative.is_empty() { "Taken back at the payment screen" } else { &row.narrative };
        let told = Told {
            provider_ref: &row.transaction,
            amount: Pence(-row.pence),
            fee: Pence::ZERO,
            state: "lost",
            reason: words,
            answer_by: None,
            settled_on: row.banked_on,
        };
        note_dispute(cmd, &payment, &told).await?;
        taken.taken_back += 1;
        return Ok(());
    }
    let seen = SeenPayment {
        state: if row.banked_on.is_some() { CardState::Settled } else { CardState::Paid },
        reason: String::new(),
        pence: row.pence,
        fee_pence: 0,
        settled_on: row.banked_on,
        last_four: String::new(),
        reference: row.transaction.clone(),
    };
    if let Some(known) = confirmed(cmd, row).await? {
        note_now(cmd, known, &seen).await?;
        taken.confirmed += 1;
        return Ok(());
    }
    let customer = whose(cmd, &row.reference).await?;
    taken.receipts += 1;
    taken.suspense += i64::from(customer.is_none());
    let method = match row.method {
        Method::Card => "Card",
        Method::Cash => "Cash",
        Method::Cheque => "Cheque",
        Method::Transfer => "Transfer",
    };
    let description = format!("{method}: {} {}", row.reference, row.narrative);
    let found = Found {
        provider: "payment_file",
        channel: "file",
        provider_ref: &row.transaction,
        customer,
        description: description.trim().to_owned(),
    };
    add_paying(cmd, found, row, &seen).await
}

/// A payment begun here and taken at the same screen: by its transaction, or our number in the narrative.
async fn confirmed(cmd: &mut Command, row: &Row) -> Outcome<Option<CardPaymentRow>> {
    let org = cmd.by.org;
    if let Some(found) = cards::payment_of_money(&mut cmd.tx, org, &row.transaction).await? {
        return Ok(Some(found));
    }
    let number = row.narrative.split_whitespace().find(|word| word.starts_with("CP-"));
    let Some(number) = number else { return Ok(None) };
    let found = cards::payment_numbered(&mut cmd.tx, org, number).await?;
    Ok(found.filter(|found| found.provider == "pay360_scp" && found.amount_pence == row.pence))
}

/// A payment that names an invoice in its narrative pays it, if it is exactly that much; the rest waits on account.
async fn add_paying(cmd: &mut Command, found: Found<'_>, row: &Row, seen: &SeenPayment) -> Outcome<()> {
    let mut chosen = BTreeMap::new();
    for word in row.narrative.split_whitespace().chain([row.reference.as_str()]).take(10) {
        let items = ledger::items_numbered(&mut cmd.tx, cmd.by.org, word).await?;
        let open = |item: &&ledger::ItemRow| Some(item.customer_id) == found.customer && item.open_pence == row.pence;
        if let Some(item) = items.iter().find(open) {
            chosen.insert(ItemId(item.id), Pence(row.pence));
            break;
        }
    }
    let open = SeenPayment { state: CardState::WithPayer, settled_on: None, ..seen.clone() };
    let added = add_found(cmd, found, &open).await?;
    let mut now = cards::payment(&mut cmd.tx, cmd.by.org, added.id).await?.ok_or_else(crate::cash::placing::changed)?;
    now.chosen = chosen_json(&chosen);
    note_now(cmd, now, seen).await?;
    Ok(())
}
