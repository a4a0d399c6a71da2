//! Customers from a file: everything wrong at once, by row and field; all or, where said, the good ones.
use super::refuse_cards;
use crate::core::command::{Command, answered, request_hash};
use crate::core::vault::sha256_hex;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use sundry_domain::control::{Duty, contains_card_number, mask_card_numbers};
use sundry_domain::customers::{CustomerKind, normalise_name, normalise_reference, postcode, refusals};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_formats::intake::{self, CustomerRow as Sent, Numbered, RowProblem};
use sundry_store::Tx;
use sundry_store::control::{KeptFileRow, add_kept_file, answer_of_key, next_numbers};
use sundry_store::customers::{self, AddressRow, BankRow, CustomerRow, NoteRow, ReferenceRow};

/// Takes customers in from a CSV file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportCustomers {
    /// Idempotency key.
    pub key: String,
    /// The file's name, for people.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Check only; keep nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Keep the good rows and give the bad ones back.
    #[serde(default)]
    pub accept_good: bool,
}

/// One thing wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which file: customers, invoices or lines.
    pub file: String,
    /// The row as a spreadsheet numbers it: the header is 1; 0 is the whole file.
    pub row: u64,
    /// The column; empty for the whole row.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What was typed.
    pub typed: String,
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Rows in the file, header apart.
    pub rows: i64,
    /// Rows taken: on a dry run, those that would be.
    pub taken: i64,
    /// Rows not taken.
    pub refused: i64,
    /// Sum of what was taken: gross, for invoices.
    pub total_pence: i64,
    /// Everything wrong, by row.
    pub problems: Vec<Problem>,
    /// The refused rows with the reason beside each, to correct and send again.
    pub bad_rows_csv: Option<String>,
    /// The refused lines, for invoices sent with lines.
    pub bad_lines_csv: Option<String>,
    /// The file's hash.
    pub file_sha256: String,
    /// Whether it was a check only.
    pub dry_run: bool,
}

/// What the command's key stands for: the file by its hash.
#[derive(Serialize)]
struct Claim<'a> {
    file_name: &'a str,
    file_sha256: &'a str,
    accept_good: bool,
}

/// Takes customers in under their own numbers.
///
/// # Errors
/// `CUS-ALREADY-IMPORTED` for a file taken in before. Rows that are wrong are told in the answer.
pub async fn import_customers(desk: &Desk, by: &Actor, ask: ImportCustomers) -> Outcome<Imported> {
    by.must_hold(Duty::ImportFiles)?;
    let file_sha256 = sha256_hex(&ask.bytes);
    let read = intake::read_customers(&ask.bytes);
    let claim = Claim { file_name: &ask.file_name, file_sha256: &file_sha256, accept_good: ask.accept_good };
    let mut look = desk.look().await?;
    if let Some(before) =
        answered_before(&mut look, by.org, &ask.key, "import_customers", &request_hash(&claim)?).await?
    {
        return Ok(before);
    }
    check_not_imported(&mut look, by.org, &file_sha256).await?;
    let rows_in_file = read.rows_in_file as i64;
    let mut problems = read.problems;
    let mut good = read.rows;
    problems.extend(good.iter().flat_map(check_row));
    problems.extend(numbers_taken(&mut look, by.org, &good).await?);
    drop(look);
    drop_bad(&mut good, &mut problems, |sent| sent.row);
    let mut answer = Imported {
        rows: rows_in_file,
        taken: good.len() as i64,
        refused: rows_in_file - good.len() as i64,
        bad_rows_csv: (!problems.is_empty()).then(|| text(intake::bad_rows(&ask.bytes, &problems))),
        problems: shown("customers", &problems),
        file_sha256: file_sha256.clone(),
        dry_run: ask.dry_run,
        ..Imported::default()
    };
    if !problems.is_empty() && !ask.accept_good {
        (answer.taken, answer.refused) = (0, rows_in_file);
    }
    if ask.dry_run || answer.taken == 0 {
        return Ok(answer);
    }
    command!(desk, by, "import_customers", &ask.key, &claim, |cmd| {
        check_not_imported(&mut cmd.tx, cmd.by.org, &file_sha256).await?;
        let clash = numbers_taken(&mut cmd.tx, cmd.by.org, &good).await?;
        if let Some(first) = clash.first() {
            return Err(sundry_domain::refusal::Invalid::row(
                first.row as u64,
                &first.field,
                &first.message,
                &first.typed,
            )
            .into());
        }
        keep_file(cmd, &ask.file_name, &ask.bytes).await?;
        take(cmd, &good).await?;
        let detail = serde_json::json!({ "file": ask.file_name, "sha256": file_sha256, "taken": answer.taken, "refused": answer.refused });
        cmd.tell("CustomersImported", format!("file {file_sha256}"), detail);
        Ok(answer.clone())
    })
}

/// The answer this key had for the same file, so that a file sent twice by a retry is answered and not refused.
pub(crate) async fn answered_before(
    tx: &mut Tx,
    org: OrgId,
    key: &str,
    name: &str,
    hash: &str,
) -> Outcome<Option<Imported>> {
    match answer_of_key(tx, org, key).await? {
        Some((command, before, Some(answer))) if command == name && before == hash => Ok(Some(answered(answer)?)),
        _ => Ok(None),
    }
}

/// Refuses a file whose bytes were taken in before.
pub(crate) async fn check_not_imported(tx: &mut Tx, org: OrgId, sha256: &str) -> Outcome<()> {
    match customers::file_kept_at(tx, org, sha256).await? {
        Some(at) => {
            let day: NaiveDate = crate::core::clock::uk_day(at);
            Err(refusals::ALREADY_IMPORTED.because(format!("Already imported on {}", day.format("%-d %B %Y"))).into())
        }
        None => Ok(()),
    }
}

/// Keeps the bytes of a file, sealed, under their hash.
pub(crate) async fn keep_file(cmd: &mut Command, name: &str, bytes: &[u8]) -> Outcome<String> {
    let sha256 = cmd.desk.files().put(cmd.by.org.0, bytes)?;
    let row = KeptFileRow {
        sha256: sha256.clone(),
        name: name.to_owned(),
        media_type: "text/csv".into(),
        size_bytes: bytes.len() as i64,
    };
    add_kept_file(&mut cmd.tx, cmd.by.org, &row, cmd.at).await?;
    Ok(sha256)
}

/// Takes rows with a problem out of the good ones, and puts the problems in file order.
pub(crate) fn drop_bad<T>(good: &mut Vec<T>, problems: &mut [RowProblem], row_of: impl Fn(&T) -> usize) {
    problems.sort_by_key(|problem| problem.row);
    let bad: HashSet<usize> = problems.iter().map(|problem| problem.row).collect();
    if bad.contains(&0) || bad.contains(&1) {
        good.clear();
    }
    good.retain(|one| !bad.contains(&row_of(one)));
}

/// Problems as the answer has them; a card number is never repeated.
pub(crate) fn shown(file: &str, problems: &[RowProblem]) -> Vec<Problem> {
    let turn = |p: &RowProblem| Problem {
        file: file.to_owned(),
        row: p.row as u64,
        field: p.field.clone(),
        message: p.message.clone(),
        typed: mask_card_numbers(&p.typed),
    };
    problems.iter().map(turn).collect()
}

/// Bytes that we wrote, as text.
pub(crate) fn text(bytes: Vec<u8>) -> String {
    mask_card_numbers(&String::from_utf8_lossy(&bytes))
}

fn check_row(sent: &Numbered<Sent>) -> Vec<RowProblem> {
    let (row, c) = (sent.row, &sent.value);
    let mut wrong = Vec::new();
    if CustomerKind::parse(&c.kind).is_none() {
        let say = "is not a kind we know; use person, sole_trader, company, council, health, employee or unknown";
        wrong.push(RowProblem::new(row, "kind", "customer.kind", say, &c.kind));
    }
    if !matches!(c.language.to_lowercase().as_str(), "" | "en" | "cy") {
        wrong.push(RowProblem::new(row, "language", "customer.language", "must be en or cy", &c.language));
    }
    let texts = [
        ("customer_id", &c.customer_id),
        ("name", &c.name),
        ("address1", &c.address1),
        ("address2", &c.address2),
        ("town", &c.town),
        ("county", &c.county),
        ("postcode", &c.postcode),
        ("email", &c.email),
        ("phone", &c.phone),
    ];
    let others = c.other.iter().map(|(field, text)| (field.as_str(), text));
    for (field, text) in texts.into_iter().chain(others) {
        if contains_card_number(text) {
            let say = "holds a payment card number, which we never keep";
            wrong.push(RowProblem::new(row, field, "card_number", say, &mask_card_numbers(text)));
        }
    }
    if c.references.iter().any(|reference| contains_card_number(reference)) {
        wrong.push(RowProblem::new(row, "references", "card_number", "holds a payment card number", ""));
    }
    wrong
}

async fn numbers_taken(tx: &mut Tx, org: OrgId, good: &[Numbered<Sent>]) -> Outcome<Vec<RowProblem>> {
    let numbers = || good.iter().map(|sent| sent.value.customer_id.as_str());
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return Ok(Vec::new()) };
    let taken: HashMap<String, i64> = customers::customer_ids(tx, org, first, last).await?.into_iter().collect();
    let clash = good.iter().filter(|sent| taken.contains_key(&sent.value.customer_id));
    let say = "is the number of a customer we have";
    Ok(clash.map(|s| RowProblem::new(s.row, "customer_id", "customer.taken", say, &s.value.customer_id)).collect())
}

async fn take(cmd: &mut Command, good: &[Numbered<Sent>]) -> Outcome<()> {
    let (org, at, today) = (cmd.by.org, cmd.at, cmd.today);
    let (mut rows, mut addresses, mut references, mut banks, mut notes) =
        <(Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>)>::default();
    for sent in good {
        let id: CustomerId = cmd.id();
        let row = row_of(&sent.value, id, cmd);
        let address = super::fields::one_line(&row);
        if !address.is_empty() {
            let source = "old ledger".to_owned();
            addresses.push((id, AddressRow { from_on: today, seq: 1, address, source, recorded_at: at }));
        }
        references.extend(references_of(&sent.value, id));
        banks.extend(bank_of(cmd, &sent.value, id)?);
        notes.extend(note_of(cmd, &sent.value, id));
        rows.push(row);
    }
    step_over(cmd, &rows).await?;
    customers::add_customers(&mut cmd.tx, org, rows).await?;
    customers::add_addresses(&mut cmd.tx, org, addresses).await?;
    customers::add_references(&mut cmd.tx, org, references).await?;
    customers::add_banks(&mut cmd.tx, org, banks).await?;
    for note in notes {
        refuse_cards(&[("notes", &note.words)])?;
        customers::add_note(&mut cmd.tx, org, &note).await?;
    }
    Ok(())
}

/// Moves our own series past the file's numbers that look like ours, so that new accounts find a free one at once.
async fn step_over(cmd: &mut Command, rows: &[CustomerRow]) -> Outcome<()> {
    let ours =
        |number: &str| number.strip_prefix('C')?.parse::<i64>().ok().filter(|n| (100_001..1_000_000).contains(n));
    let Some(highest) = rows.iter().filter_map(|row| ours(&row.number)).max() else { return Ok(()) };
    let next = next_numbers(&mut cmd.tx, cmd.by.org, "customer", 1).await?;
    let ahead = highest - 100_000 - next;
    if ahead > 0 {
        next_numbers(&mut cmd.tx, cmd.by.org, "customer", ahead).await?;
    }
    Ok(())
}

fn row_of(c: &Sent, id: CustomerId, cmd: &Command) -> CustomerRow {
    let more = [c.address2.as_str(), c.county.as_str(), c.country.as_str()];
    CustomerRow {
        id: id.0,
        number: c.customer_id.clone(),
        name: c.name.clone(),
        search_name: normalise_name(&c.name),
        kind: CustomerKind::parse(&c.kind).unwrap_or(CustomerKind::Unknown).as_str().into(),
        address1: c.address1.clone(),
        address2: more.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        town: c.town.clone(),
        postcode: postcode(&c.postcode).unwrap_or_else(|| c.postcode.clone()),
        email: c.email.clone(),
        phone: c.phone.clone(),
        terms_days: c.terms_days.map_or(30, i64::from),
        channel: "post".into(),
        language: if c.language.eq_ignore_ascii_case("cy") { "cy".into() } else { "en".into() },
        letter_format: "standard".into(),
        collector: String::new(),
        recorded_at: cmd.at,
        version: 1,
    }
}

fn references_of(c: &Sent, id: CustomerId) -> Vec<ReferenceRow> {
    let typed = c.references.iter().map(|reference| ("other", reference));
    let named = c.other.iter().filter(|(field, _)| field != "notes").map(|(field, text)| (field.as_str(), text));
    let mut seen = HashSet::new();
    typed
        .chain(named)
        .map(|(kind, reference)| ReferenceRow {
            customer_id: id.0,
            kind: kind.to_owned(),
            reference: reference.clone(),
            search_reference: normalise_reference(reference),
        })
        .filter(|r| !r.search_reference.is_empty() && seen.insert((r.kind.clone(), r.search_reference.clone())))
        .collect()
}

fn bank_of(cmd: &Command, c: &Sent, id: CustomerId) -> Outcome<Option<BankRow>> {
    let (org, vault) = (cmd.by.org.0, cmd.desk.vault());
    let Some(print) = vault.bank_print(org, &c.sort_code, &c.account_no) else { return Ok(None) };
    let plain = format!("{} {}", c.sort_code, c.account_no);
    Ok(Some(BankRow {
        customer_id: id.0,
        print,
        sealed: vault.seal_text(org, &format!("customer_bank/{}", id.0), &plain)?,
        last_digits: c.account_no.chars().skip(c.account_no.chars().count().saturating_sub(2)).collect(),
        source: "import".into(),
        recorded_at: cmd.at,
    }))
}

fn note_of(cmd: &Command, c: &Sent, id: CustomerId) -> Option<NoteRow> {
    let (_, words) = c.other.iter().find(|(field, _)| field == "notes")?;
    Some(NoteRow {
        id: cmd.id(),
        customer_id: id.0,
        kind: "note".into(),
        on_day: cmd.today,
        outcome: String::new(),
        words: words.clone(),
        pinned: false,
        next_step: String::new(),
        next_on: None,
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    })
}
