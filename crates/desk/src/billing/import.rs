//! Open items taken on from an old ledger, under their old numbers.
use crate::core::command::{Command, request_hash};
use crate::core::vault::sha256_hex;
use crate::customers::{Imported, answered_before, check_not_imported, drop_bad, keep_file, shown, text};
use crate::ledger::post::{NewJournal, open_period, post_many};
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use sundry_domain::billing::VatCode;
use sundry_domain::control::{Duty, contains_card_number, mask_card_numbers};
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::ledger::taken_on;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::reference::ReferenceBook;
use sundry_domain::refusal::Invalid;
use sundry_formats::intake::{self, InvoiceLineRow, InvoiceRow, Numbered, RowProblem};
use sundry_store::Tx;
use sundry_store::billing::{DocumentLineRow, DocumentRow, add_documents, numbers_taken};
use sundry_store::customers::customer_ids;
use sundry_store::ledger::{self, ItemRow, PeriodRow};

/// Takes open invoices on from an old ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportInvoices {
    /// Idempotency key.
    pub key: String,
    /// The invoice file's name, for people.
    pub file_name: String,
    /// The invoice file.
    pub bytes: Vec<u8>,
    /// The lines file's name.
    #[serde(default)]
    pub lines_name: String,
    /// The lines file; without it each invoice has one line.
    #[serde(default)]
    pub lines: Option<Vec<u8>>,
    /// Check only; keep nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Keep the good rows and give the bad ones back.
    #[serde(default)]
    pub accept_good: bool,
}

#[derive(Serialize)]
struct Claim<'a> {
    file_name: &'a str,
    file_sha256: &'a str,
    lines_sha256: Option<String>,
    accept_good: bool,
}

/// A file read and checked: what is good, and everything that is wrong.
struct Checked {
    rows: i64,
    good: Vec<Numbered<InvoiceRow>>,
    lines: HashMap<String, Vec<InvoiceLineRow>>,
    owners: HashMap<String, i64>,
    of_invoices: Vec<RowProblem>,
    of_lines: Vec<RowProblem>,
}

/// From so many invoices on, the database looks at its tables again.
const MANY: i64 = 1_000;

/// Takes open invoices (and credits, below zero) on as open items dated by their invoice date, in one transaction.
///
/// # Errors
/// `CUS-ALREADY-IMPORTED` for a file taken in before. Rows that are wrong are told in the answer.
pub async fn import_invoices(desk: &Desk, by: &Actor, ask: ImportInvoices) -> Outcome<Imported> {
    by.must_hold(Duty::ImportFiles)?;
    let file_sha256 = sha256_hex(&ask.bytes);
    let lines_sha256 = ask.lines.as_deref().map(sha256_hex);
    let claim =
        Claim { file_name: &ask.file_name, file_sha256: &file_sha256, lines_sha256, accept_good: ask.accept_good };
    let mut look = desk.look().await?;
    if let Some(before) =
        answered_before(&mut look, by.org, &ask.key, "import_invoices", &request_hash(&claim)?).await?
    {
        return Ok(before);
    }
    check_not_imported(&mut look, by.org, &file_sha256).await?;
    let checked = check(&mut look, by.org, &desk.book(), &ask).await?;
    drop(look);
    let answer = answer_of(&ask, &checked, &file_sha256);
    if ask.dry_run || answer.taken == 0 {
        return Ok(answer);
    }
    let taken = command!(desk, by, "import_invoices", &ask.key, &claim, |cmd| {
        check_not_imported(&mut cmd.tx, cmd.by.org, &file_sha256).await?;
        let clash = taken_already(&mut cmd.tx, cmd.by.org, &checked.good).await?;
        if let Some(first) = clash.first() {
            return Err(Invalid::row(first.row as u64, &first.field, &first.message, &first.typed).into());
        }
        keep_file(cmd, &ask.file_name, &ask.bytes).await?;
        if let Some(lines) = &ask.lines {
            keep_file(cmd, &ask.lines_name, lines).await?;
        }
        take(cmd, desk, &checked).await?;
        let detail = serde_json::json!({
            "file": ask.file_name, "sha256": file_sha256, "taken": answer.taken, "refused": answer.refused,
            "total_pence": answer.total_pence,
        });
        cmd.tell("InvoicesTakenOn", format!("file {file_sha256}"), detail);
        Ok(answer.clone())
    })?;
    if answer.taken >= MANY {
        // The invoices are in; plans made on old figures would only be slower.
        if let Err(fault) = desk.db().take_stock().await {
            tracing::warn!(%fault, "the database did not take stock");
        }
    }
    Ok(taken)
}

fn answer_of(ask: &ImportInvoices, checked: &Checked, sha256: &str) -> Imported {
    let wrong = !checked.of_invoices.is_empty() || !checked.of_lines.is_empty();
    let taken = if wrong && !ask.accept_good { 0 } else { checked.good.len() as i64 };
    let total = checked.good.iter().map(|sent| Pence(sent.value.gross)).fold(Pence::ZERO, Pence::plus);
    let mut problems = shown("invoices", &checked.of_invoices);
    problems.extend(shown("lines", &checked.of_lines));
    let bad_lines = ask.lines.as_ref().filter(|_| !checked.of_lines.is_empty());
    Imported {
        rows: checked.rows,
        taken,
        refused: checked.rows - taken,
        total_pence: if taken == 0 { 0 } else { total.0 },
        problems,
        bad_rows_csv: (!checked.of_invoices.is_empty())
            .then(|| text(intake::bad_rows(&ask.bytes, &checked.of_invoices))),
        bad_lines_csv: bad_lines.map(|bytes| text(intake::bad_rows(bytes, &checked.of_lines))),
        file_sha256: sha256.to_owned(),
        dry_run: ask.dry_run,
    }
}

async fn check(tx: &mut Tx, org: OrgId, book: &ReferenceBook, ask: &ImportInvoices) -> Outcome<Checked> {
    let read = intake::read_invoices(&ask.bytes);
    let (mut good, mut of_invoices) = (read.rows, read.problems);
    let lines = ask.lines.as_deref().map(intake::read_invoice_lines);
    let (mut line_rows, mut of_lines) = lines.map_or_else(Default::default, |read| (read.rows, read.problems));
    if of_lines.iter().any(|problem| problem.row <= 1) {
        of_invoices.push(RowProblem::new(0, "", "lines", "the lines file cannot be read", ""));
    }
    let owners = owners(tx, org, &good).await?;
    of_invoices.extend(good.iter().flat_map(|sent| check_invoice(sent, &owners, book)));
    of_invoices.extend(taken_already(tx, org, &good).await?);
    of_lines.extend(line_rows.iter().flat_map(check_line));
    let (sums, strays) = intake::check_lines(&good, &line_rows);
    of_invoices.extend(sums);
    of_lines.extend(strays.into_iter().map(|p| RowProblem { message: "its invoice was not taken".into(), ..p }));
    with_their_lines(&good, &line_rows, &mut of_invoices, &mut of_lines);
    drop_bad(&mut good, &mut of_invoices, |sent| sent.row);
    drop_bad(&mut line_rows, &mut of_lines, |sent| sent.row);
    let mut by_number: HashMap<String, Vec<InvoiceLineRow>> = HashMap::new();
    for line in line_rows {
        by_number.entry(line.value.invoice_no.clone()).or_default().push(line.value);
    }
    Ok(Checked { rows: read.rows_in_file as i64, good, lines: by_number, owners, of_invoices, of_lines })
}

/// An invoice with a bad line is not taken, and the lines of an invoice that is not taken go back with it.
fn with_their_lines(
    good: &[Numbered<InvoiceRow>],
    lines: &[Numbered<InvoiceLineRow>],
    of_invoices: &mut Vec<RowProblem>,
    of_lines: &mut Vec<RowProblem>,
) {
    let bad_lines: HashMap<usize, String> = of_lines.iter().map(|p| (p.row, p.message.clone())).collect();
    let mut bad_numbers: HashMap<&str, usize> = HashMap::new();
    for line in lines.iter().filter(|line| bad_lines.contains_key(&line.row)) {
        bad_numbers.entry(line.value.invoice_no.as_str()).or_insert(line.row);
    }
    for sent in good {
        if let Some(row) = bad_numbers.get(sent.value.invoice_no.as_str()) {
            let message = format!("row {row} of the lines file, which belongs to it, is wrong");
            of_invoices.push(RowProblem::new(sent.row, "", "invoice.line", message, ""));
        }
    }
    let bad_rows: HashSet<usize> = of_invoices.iter().map(|p| p.row).collect();
    let sent_back: HashSet<&str> =
        good.iter().filter(|sent| bad_rows.contains(&sent.row)).map(|sent| sent.value.invoice_no.as_str()).collect();
    for line in lines {
        if sent_back.contains(line.value.invoice_no.as_str()) && !bad_lines.contains_key(&line.row) {
            let number = &line.value.invoice_no;
            of_lines.push(RowProblem::new(line.row, "invoice_no", "invoice.bad", "its invoice was not taken", number));
        }
    }
}

async fn owners(tx: &mut Tx, org: OrgId, good: &[Numbered<InvoiceRow>]) -> Outcome<HashMap<String, i64>> {
    let numbers = || good.iter().map(|sent| sent.value.customer_id.as_str());
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return Ok(HashMap::new()) };
    Ok(customer_ids(tx, org, first, last).await?.into_iter().collect())
}

/// What a document of this amount is.
fn kind_of(gross: i64) -> &'static str {
    if gross < 0 { "credit_note" } else { "invoice" }
}

async fn taken_already(tx: &mut Tx, org: OrgId, good: &[Numbered<InvoiceRow>]) -> Outcome<Vec<RowProblem>> {
    let numbers = || good.iter().map(|sent| sent.value.invoice_no.as_str());
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return Ok(Vec::new()) };
    let taken: HashSet<(String, String)> = numbers_taken(tx, org, first, last).await?.into_iter().collect();
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let clash = |sent: &&Numbered<InvoiceRow>| {
        taken.contains(&(kind_of(sent.value.gross).to_owned(), sent.value.invoice_no.clone()))
    };
    let say = "is the number of an invoice we have";
    let problem = |sent: &Numbered<InvoiceRow>| {
        RowProblem::new(sent.row, "invoice_no", "invoice.taken", say, &sent.value.invoice_no)
    };
    Ok(good.iter().filter(clash).map(problem).collect())
}

fn check_invoice(sent: &Numbered<InvoiceRow>, owners: &HashMap<String, i64>, book: &ReferenceBook) -> Vec<RowProblem> {
    let (row, i) = (sent.row, &sent.value);
    let mut wrong = Vec::new();
    let mut say = |field: &str, code: &str, message: &str, typed: &str| {
        wrong.push(RowProblem::new(row, field, code, message, typed));
    };
    if !owners.contains_key(&i.customer_id) {
        say("customer_id", "customer.unknown", "is not the number of a customer we have", &i.customer_id);
    }
    if ["INV-", "CRN-"].iter().any(|ours| i.invoice_no.starts_with(ours)) {
        let message = "is like the numbers Sundry gives itself; put a letter before it";
        say("invoice_no", "invoice.series", message, &i.invoice_no);
    }
    if i.gross == 0 {
        say("gross", "money.zero", "is nothing: only what is open is taken on", "0.00");
    }
    if [i.net, i.vat, i.gross].iter().any(|amount| amount.abs() > LARGEST.0) {
        say("gross", "money.too_large", "is more than 10,000,000,000.00", &Pence(i.gross).pounds());
    }
    if book.vat_rate(VatCode::S, i.invoice_date).is_err() {
        say("invoice_date", "vat.rate", "is a day for which no VAT rate is loaded", &i.invoice_date.to_string());
    }
    let texts = [
        ("invoice_no", &i.invoice_no),
        ("po_number", &i.po_number),
        ("service", &i.service),
        ("debt_type", &i.debt_type),
        ("cost_centre", &i.cost_centre),
        ("reference", &i.reference),
    ];
    for (field, text) in texts {
        if contains_card_number(text) {
            say(field, "card_number", "holds a payment card number, which we never keep", &mask_card_numbers(text));
        }
    }
    wrong
}

fn check_line(sent: &Numbered<InvoiceLineRow>) -> Vec<RowProblem> {
    let (row, line) = (sent.row, &sent.value);
    let mut wrong = Vec::new();
    if VatCode::parse(&line.vat_code).is_none() {
        wrong.push(RowProblem::new(row, "vat_code", "vat.code", "must be S, R, Z, E or O", &line.vat_code));
    }
    if line.net.abs() > LARGEST.0 || line.vat.abs() > LARGEST.0 {
        wrong.push(RowProblem::new(row, "net", "money.too_large", "is more than 10,000,000,000.00", ""));
    }
    if contains_card_number(&line.description) {
        let say = "holds a payment card number, which we never keep";
        wrong.push(RowProblem::new(row, "description", "card_number", say, &mask_card_numbers(&line.description)));
    }
    wrong
}

async fn take(cmd: &mut Command, desk: &Desk, checked: &Checked) -> Outcome<()> {
    let org = cmd.by.org;
    let periods = ledger::periods(&mut cmd.tx, org).await?;
    let mut days = HashMap::new();
    let count = checked.good.len();
    let mut places = Vec::with_capacity(count);
    let mut journals = Vec::with_capacity(count);
    for sent in &checked.good {
        let i = &sent.value;
        let posted_on = *days.entry(i.invoice_date).or_insert_with(|| posting_day(&periods, i.invoice_date, cmd.today));
        let customer = CustomerId(checked.owners.get(&i.customer_id).copied().unwrap_or_default());
        let (document, item): (DocumentId, ItemId) = (cmd.id(), cmd.id());
        journals.push(NewJournal {
            posted_on,
            event: "InvoiceTakenOn",
            source: format!("{} {}", kind_of(i.gross).replace('_', " "), i.invoice_no),
            reason: "Taken on from the old ledger".into(),
            customer: Some(customer),
            item: Some(item),
            lines: taken_on(Pence(i.gross)),
        });
        places.push((posted_on, customer, document, item));
    }
    let ids = post_many(cmd, journals).await?;
    let book = desk.book();
    let (mut heads, mut lines, mut items) = (Vec::with_capacity(count), Vec::new(), Vec::with_capacity(count));
    for ((sent, place), journal) in checked.good.iter().zip(places).zip(ids) {
        let i = &sent.value;
        heads.push(document_row(cmd, i, place.2, place.1));
        match checked.lines.get(&i.invoice_no) {
            Some(of_invoice) => {
                for line in of_invoice {
                    lines.push(line_row(line, i, place.2, &book)?);
                }
            }
            None => lines.push(only_line(i, place.2, &book)?),
        }
        items.push(item_row(cmd, i, place, journal.0));
    }
    add_documents(&mut cmd.tx, org, heads, lines).await?;
    Ok(ledger::add_items(&mut cmd.tx, org, items).await?)
}

/// The invoice's own date where its period is open, so that aged debt as at a past day is right; else today.
fn posting_day(periods: &[PeriodRow], invoice_date: NaiveDate, today: NaiveDate) -> NaiveDate {
    if invoice_date <= today && open_period(periods, invoice_date).is_ok() { invoice_date } else { today }
}

fn document_row(cmd: &Command, i: &InvoiceRow, id: DocumentId, customer: CustomerId) -> DocumentRow {
    DocumentRow {
        id: id.0,
        kind: kind_of(i.gross).into(),
        number: i.invoice_no.clone(),
        customer_id: customer.0,
        issue_on: i.invoice_date,
        supply_on: i.invoice_date,
        tax_point_on: i.invoice_date,
        due_on: i.due_date,
        po_number: i.po_number.clone(),
        service: i.service.clone(),
        debt_type: i.debt_type.clone(),
        cost_centre: i.cost_centre.clone(),
        net_pence: sized(i, i.net),
        vat_pence: sized(i, i.vat),
        gross_pence: sized(i, i.gross),
        corrects_id: None,
        reason: i.reference.clone(),
        origin: "taken_on".into(),
        actor_id: cmd.by.user.0,
        recorded_at: cmd.at,
    }
}

/// Documents hold positive amounts: those of a credit are turned round.
fn sized(i: &InvoiceRow, amount: i64) -> i64 {
    if i.gross < 0 { Pence(amount).negated().0 } else { amount }
}

fn line_row(line: &InvoiceLineRow, i: &InvoiceRow, id: DocumentId, book: &ReferenceBook) -> Outcome<DocumentLineRow> {
    let code = VatCode::parse(&line.vat_code).unwrap_or(VatCode::O);
    let income = if line.income_code.is_empty() { &i.income_code } else { &line.income_code };
    Ok(DocumentLineRow {
        document_id: id.0,
        line: i64::from(line.line_no),
        description: line.description.clone(),
        quantity_e4: line.quantity_thousandths.saturating_mul(10),
        unit_price_e4: sized(i, line.unit_price_ten_thousandths),
        vat_code: code.as_str().into(),
        vat_bp: book.vat_rate(code, i.invoice_date)?.0,
        net_pence: sized(i, line.net),
        vat_pence: sized(i, line.vat),
        income_code: income.clone(),
        corrects_line: None,
    })
}

/// The one line of an invoice sent without lines.
fn only_line(i: &InvoiceRow, id: DocumentId, book: &ReferenceBook) -> Outcome<DocumentLineRow> {
    let code = if i.vat == 0 { VatCode::O } else { VatCode::S };
    Ok(DocumentLineRow {
        document_id: id.0,
        line: 1,
        description: "Taken on from the old ledger".into(),
        quantity_e4: 10_000,
        unit_price_e4: sized(i, i.net).saturating_mul(100),
        vat_code: code.as_str().into(),
        vat_bp: book.vat_rate(code, i.invoice_date)?.0,
        net_pence: sized(i, i.net),
        vat_pence: sized(i, i.vat),
        income_code: i.income_code.clone(),
        corrects_line: None,
    })
}

fn item_row(
    cmd: &Command,
    i: &InvoiceRow,
    (posted_on, customer, document, item): (NaiveDate, CustomerId, DocumentId, ItemId),
    journal: i64,
) -> ItemRow {
    ItemRow {
        id: item.0,
        customer_id: customer.0,
        kind: kind_of(i.gross).into(),
        number: i.invoice_no.clone(),
        document_id: Some(document.0),
        receipt_id: None,
        posted_on,
        dated_on: i.invoice_date,
        due_on: i.due_date,
        original_pence: i.gross,
        open_pence: i.gross,
        disputed_pence: 0,
        service: i.service.clone(),
        debt_type: i.debt_type.clone(),
        stage: String::new(),
        journal_id: journal,
        recorded_at: cmd.at,
    }
}
