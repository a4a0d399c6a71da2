//! The neutral journal CSV: header, lines and trailer with control totals, the same bytes for the same batch.

use crate::csv_out::{armed, defused};
use crate::money;
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// The columns, in order.
const COLUMNS: [&str; 27] = [
    "record",
    "batch",
    "line",
    "entity",
    "period",
    "journal_date",
    "source",
    "category",
    "account",
    "dim1",
    "dim2",
    "dim3",
    "dim4",
    "dim5",
    "dim6",
    "dim7",
    "tax_code",
    "currency",
    "debit",
    "credit",
    "base_debit",
    "base_credit",
    "customer",
    "document",
    "description",
    "reversal_of",
    "journal_line_id",
];
/// The source every record names.
const SOURCE: &str = "SUNDRY";
/// The categories a line may have.
const CATEGORIES: [&str; 12] = [
    "INVOICE",
    "CREDIT",
    "RECEIPT",
    "REVERSAL",
    "ALLOCATION",
    "WRITEOFF",
    "BAD_DEBT_PROVISION",
    "REFUND",
    "INTEREST",
    "FEE",
    "TRANSFER",
    "FX",
];
/// Hash totals are kept modulo this.
const HASH_MODULUS: u64 = 1_000_000_000_000;

/// How lines end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnding {
    /// One line feed.
    #[default]
    Lf,
    /// Carriage return and line feed.
    CrLf,
}

/// How much a batch says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Sums by account; no customer is named.
    #[default]
    Summary,
    /// A line for each posting.
    Detail,
}

impl Mode {
    fn word(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Detail => "detail",
        }
    }
}

/// Which side of the journal a line is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Debit.
    Debit,
    /// Credit.
    Credit,
}

/// One journal line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entity it posts to.
    pub entity: String,
    /// The day of the journal, in the batch's period.
    pub journal_on: NaiveDate,
    /// One of the twelve categories, such as `INVOICE`.
    pub category: String,
    /// Natural account.
    pub account: String,
    /// Up to seven further dimensions.
    pub dimensions: [String; 7],
    /// VAT code of the ledger, or empty.
    pub tax_code: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Debit or credit.
    pub side: Side,
    /// Pence (minor units), over zero.
    pub amount: i64,
    /// The same in the ledger's currency.
    pub base_amount: i64,
    /// The customer, in detail mode only.
    pub customer: String,
    /// Invoice or receipt number.
    pub document: String,
    /// Words, without personal data in summary mode.
    pub description: String,
    /// `batch/line` that this reverses, or empty.
    pub reversal_of: String,
    /// Identity to drill back by.
    pub journal_line_id: String,
}

/// A batch of journal lines for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Unique for ever.
    pub number: u64,
    /// The entity of the file's name and header.
    pub entity: String,
    /// `YYYYMM`.
    pub period: String,
    /// The day of the header and the trailer.
    pub journal_on: NaiveDate,
    /// The ledger's currency.
    pub currency: String,
    /// Summary or detail.
    pub mode: Mode,
    /// Who approved it.
    pub approved_by: String,
    /// The lines in file order.
    pub lines: Vec<Line>,
}

/// The control totals of the trailer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// D records.
    pub lines: usize,
    /// Debits in minor units.
    pub debits: i64,
    /// Credits in minor units.
    pub credits: i64,
    /// Debits in the ledger's currency.
    pub base_debits: i64,
    /// Credits in the ledger's currency.
    pub base_credits: i64,
    /// Sum of the account codes' digits, modulo 10^12.
    pub hash: u64,
}

/// A file written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its control totals.
    pub totals: Totals,
}

/// `SUNDRY_GL_MSE_202611_000123_1.csv`.
pub fn file_name(batch: &Batch, sequence: u32) -> String {
    let entity: String = batch.entity.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("SUNDRY_GL_{entity}_{}_{:06}_{sequence}.csv", batch.period, batch.number)
}

/// Writes a batch.
///
/// # Errors
/// Everything wrong with it, with `gl.*` codes; nothing is written then.
pub fn write(batch: &Batch, ending: LineEnding) -> Result<Written, Vec<FormatProblem>> {
    let problems = check(batch);
    if !problems.is_empty() {
        return Err(problems);
    }
    let totals = totals(&batch.lines);
    let terminator = match ending {
        LineEnding::Lf => csv::Terminator::Any(b'\n'),
        LineEnding::CrLf => csv::Terminator::CRLF,
    };
    let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
    let mut put = |cells: &[String]| writer.write_record(cells).expect("writing to memory does not fail");
    put(&COLUMNS.map(str::to_owned));
    let mut header = record(batch, "H", 0);
    header[24] = defused(&format!("{}; approved by {}", batch.mode.word(), batch.approved_by));
    put(&header);
    for (index, line) in batch.lines.iter().enumerate() {
        put(&line_record(batch, index + 1, line));
    }
    let mut trailer = record(batch, "T", totals.lines);
    for (cell, amount) in
        [(18, totals.debits), (19, totals.credits), (20, totals.base_debits), (21, totals.base_credits)]
    {
        trailer[cell] = money::write_pounds(amount);
    }
    trailer[23] = format!("{:012}", totals.hash);
    put(&trailer);
    let bytes = writer.into_inner().expect("writing to memory does not fail");
    Ok(Written { bytes, totals })
}

/// The cells that every record of a batch shares.
fn record(batch: &Batch, kind: &str, line: usize) -> [String; 27] {
    let mut cells: [String; 27] = std::array::from_fn(|_| String::new());
    kind.clone_into(&mut cells[0]);
    cells[1] = format!("{:010}", batch.number);
    cells[2] = line.to_string();
    cells[3] = defused(&batch.entity);
    cells[4].clone_from(&batch.period);
    cells[5] = batch.journal_on.format("%Y-%m-%d").to_string();
    SOURCE.clone_into(&mut cells[6]);
    cells[17].clone_from(&batch.currency);
    cells
}

fn line_record(batch: &Batch, number: usize, line: &Line) -> [String; 27] {
    let mut cells = record(batch, "D", number);
    cells[3] = defused(&line.entity);
    cells[5] = line.journal_on.format("%Y-%m-%d").to_string();
    cells[7].clone_from(&line.category);
    cells[8] = defused(&line.account);
    for (index, dimension) in line.dimensions.iter().enumerate() {
        cells[9 + index] = defused(dimension);
    }
    cells[16] = defused(&line.tax_code);
    cells[17].clone_from(&line.currency);
    let (amount, base) = match line.side {
        Side::Debit => (18, 20),
        Side::Credit => (19, 21),
    };
    cells[amount] = money::write_pounds(line.amount);
    cells[base] = money::write_pounds(line.base_amount);
    for (cell, text) in [
        (22, &line.customer),
        (23, &line.document),
        (24, &line.description),
        (25, &line.reversal_of),
        (26, &line.journal_line_id),
    ] {
        cells[cell] = defused(text);
    }
    cells
}

/// Control totals of lines.
fn totals(lines: &[Line]) -> Totals {
    let mut totals = Totals { lines: lines.len(), ..Totals::default() };
    for line in lines {
        match line.side {
            Side::Debit => {
                totals.debits += line.amount;
                totals.base_debits += line.base_amount;
            }
            Side::Credit => {
                totals.credits += line.amount;
                totals.base_credits += line.base_amount;
            }
        }
        totals.hash = (totals.hash + account_number(&line.account)) % HASH_MODULUS;
    }
    totals
}

/// The first nine digits of an account code, as a number.
fn account_number(account: &str) -> u64 {
    let digits: String = account.chars().filter(char::is_ascii_digit).take(9).collect();
    digits.parse().unwrap_or(0)
}

fn check(batch: &Batch) -> Vec<FormatProblem> {
    let mut problems = Vec::new();
    let mut say = |code: &str, at: &str, message: String| problems.push(FormatProblem::new(code, at, message));
    if batch.number == 0 || batch.number > 9_999_999_999 {
        say("gl.batch", "", format!("{} is not a batch number of up to ten digits", batch.number));
    }
    if batch.lines.is_empty() {
        say("gl.empty", "", "the batch has no lines".to_owned());
    }
    let mut balances: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    for (index, line) in batch.lines.iter().enumerate() {
        let at = format!("line {}", index + 1);
        for (code, message) in line_problems(batch, line) {
            say(code, &at, message);
        }
        let sign = if line.side == Side::Debit { 1 } else { -1 };
        let balance = balances.entry((&line.entity, &line.currency)).or_default();
        balance.0 += sign * line.amount.clamp(-money::LARGEST, money::LARGEST);
        balance.1 += sign * line.base_amount.clamp(-money::LARGEST, money::LARGEST);
    }
    for ((entity, currency), (difference, base)) in balances {
        if difference != 0 || base != 0 {
            let off = if difference == 0 { base } else { difference };
            let message =
                format!("debits and credits of {entity} in {currency} differ by {}", money::write_pounds(off));
            say("gl.unbalanced", "", message);
        }
    }
    problems
}

fn line_problems(batch: &Batch, line: &Line) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    if line.amount <= 0 || line.base_amount <= 0 || line.amount > money::LARGEST || line.base_amount > money::LARGEST {
        problems.push(("gl.amount", "the amount must be over zero and not over the largest accepted".to_owned()));
    }
    if line.account.trim().is_empty() {
        problems.push(("gl.account", "the line has no account".to_owned()));
    }
    if !CATEGORIES.contains(&line.category.as_str()) {
        problems.push(("gl.category", format!("`{}` is not a category", shown(&line.category))));
    }
    if format!("{:04}{:02}", line.journal_on.year(), line.journal_on.month()) != batch.period {
        problems.push(("gl.period", format!("{} is not in period {}", line.journal_on, batch.period)));
    }
    for (name, text, longest) in
        [("description", &line.description, 100), ("customer", &line.customer, 30), ("document", &line.document, 30)]
    {
        if text.chars().count() > longest {
            problems.push(("gl.too_long", format!("the {name} is longer than {longest} characters")));
        }
    }
    if batch.mode == Mode::Summary && !line.customer.is_empty() {
        problems.push(("gl.personal", "a summary must not name a customer".to_owned()));
    }
    problems
}

/// Reads a file back, proving its control totals.
///
/// # Errors
/// Everything wrong with it.
pub fn read(bytes: &[u8]) -> Result<Batch, Vec<FormatProblem>> {
    let decoded = text::decode(bytes, None);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(decoded.text.as_bytes());
    let mut records = Vec::new();
    for (index, record) in reader.records().enumerate() {
        match record {
            Ok(record) if record.len() == COLUMNS.len() => records.push(record),
            _ => {
                return Err(vec![FormatProblem::new(
                    "gl.width",
                    format!("row {}", index + 1),
                    "the row has not 27 columns",
                )]);
            }
        }
    }
    let [header, first, lines @ .., trailer] = records.as_slice() else {
        return Err(vec![FormatProblem::new("gl.structure", "", "a header, a first record and a trailer are needed")]);
    };
    if !header.iter().eq(COLUMNS) || first.get(0) != Some("H") || trailer.get(0) != Some("T") {
        return Err(vec![FormatProblem::new(
            "gl.structure",
            "",
            "the columns, the header or the trailer are not as they must be",
        )]);
    }
    let mut problems = Vec::new();
    let mut batch = match batch_of(first) {
        Ok(batch) => batch,
        Err(message) => return Err(vec![FormatProblem::new("gl.header", "row 2", message)]),
    };
    for (index, record) in lines.iter().enumerate() {
        match line_of(record) {
            Ok(line) => batch.lines.push(line),
            Err(message) => problems.push(FormatProblem::new("gl.line", format!("row {}", index + 3), message)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    problems.extend(check(&batch));
    let found = totals(&batch.lines);
    let stated = (cell(trailer, 2), cell(trailer, 18), cell(trailer, 19), cell(trailer, 23));
    let proved = (
        found.lines.to_string(),
        money::write_pounds(found.debits),
        money::write_pounds(found.credits),
        format!("{:012}", found.hash),
    );
    if stated != (&proved.0, &proved.1, &proved.2, &proved.3) {
        problems.push(FormatProblem::new("gl.totals", "trailer", "the control totals do not prove"));
    }
    if problems.is_empty() { Ok(batch) } else { Err(problems) }
}

fn cell(record: &csv::StringRecord, index: usize) -> &str {
    record.get(index).unwrap_or("")
}

fn own(record: &csv::StringRecord, index: usize) -> String {
    armed(cell(record, index)).to_owned()
}

fn batch_of(record: &csv::StringRecord) -> Result<Batch, String> {
    let description = own(record, 24);
    let (mode, approved_by) =
        description.split_once("; approved by ").ok_or("the header does not say who approved it")?;
    Ok(Batch {
        number: cell(record, 1).parse().map_err(|_| "the batch is not a number")?,
        entity: own(record, 3),
        period: cell(record, 4).to_owned(),
        journal_on: text::iso_date(cell(record, 5)).ok_or("the date does not exist")?,
        currency: cell(record, 17).to_owned(),
        mode: match mode {
            "summary" => Mode::Summary,
            "detail" => Mode::Detail,
            _ => return Err("the mode is neither summary nor detail".to_owned()),
        },
        approved_by: approved_by.to_owned(),
        lines: Vec::new(),
    })
}

fn line_of(record: &csv::StringRecord) -> Result<Line, String> {
    if cell(record, 0) != "D" {
        return Err("the record is not a D".to_owned());
    }
    let amount = |index: usize| match cell(record, index) {
        "" => Ok(None),
        written => money::pounds(written).map(Some).map_err(|e| format!("`{}` {}", shown(written), e.words())),
    };
    let (side, amount, base_amount) = match (amount(18)?, amount(19)?, amount(20)?, amount(21)?) {
        (Some(debit), None, Some(base), None) => (Side::Debit, debit, base),
        (None, Some(credit), None, Some(base)) => (Side::Credit, credit, base),
        _ => return Err("exactly one of debit and credit must be filled".to_owned()),
    };
    Ok(Line {
        entity: own(record, 3),
        journal_on: text::iso_date(cell(record, 5)).ok_or("the date does not exist")?,
        category: cell(record, 7).to_owned(),
        account: own(record, 8),
        dimensions: std::array::from_fn(|index| own(record, 9 + index)),
        tax_code: own(record, 16),
        currency: cell(record, 17).to_owned(),
        side,
        amount,
        base_amount,
        customer: own(record, 22),
        document: own(record, 23),
        description: own(record, 24),
        reversal_of: own(record, 25),
        journal_line_id: own(record, 26),
    })
}
