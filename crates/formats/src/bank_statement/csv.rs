//! CSV bank exports, by profile.

use super::csv_profile::{AmountShape, Profile, Prove, profiles, signature};
use super::record::{BankStatementFile, Entry, EntryStatus, Statement};
use crate::csv_out::{Cell, CsvWriter};
use crate::money;
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;
use std::collections::HashSet;

/// The most rows accepted.
const MOST_ROWS: usize = 2_000_000;
/// How far down the header may be.
const HEADER_WITHIN: usize = 12;
/// Delimiters tried, in order.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a CSV bank export; `wanted` is a profile's name when the person chose one.
pub(crate) fn read(file_name: &str, bytes: &[u8], wanted: Option<&str>) -> BankStatementFile {
    let decoded = text::decode(bytes, None);
    let mut file = if decoded.text.trim().is_empty() {
        refused("csv.empty", "", "the file is empty")
    } else if let Some((line, _)) = text::control_character(&decoded.text) {
        refused("encoding.control", &format!("line {line}"), "a character that no text file should hold")
    } else {
        by_delimiter(file_name, &text::with_line_feeds(decoded.text), wanted)
    };
    file.warnings.extend(decoded.warning);
    file.settled()
}

/// Reads rows that came from somewhere else, such as a workbook's first sheet.
pub fn read_rows(file_name: &str, rows: &[Vec<String>], wanted: Option<&str>) -> BankStatementFile {
    let rows = rows.iter().enumerate().map(|(index, cells)| Row { number: index + 1, cells: cells.clone() }).collect();
    by_rows(file_name, rows, wanted).unwrap_or_else(no_profile).settled()
}

fn refused(code: &str, at: &str, message: &str) -> BankStatementFile {
    BankStatementFile::refused("csv", FormatProblem::new(code, at, message))
}

struct Row {
    number: usize,
    cells: Vec<String>,
}

fn by_delimiter(file_name: &str, text: &str, wanted: Option<&str>) -> BankStatementFile {
    let mut first_header = String::new();
    for delimiter in DELIMITERS {
        let head = match rows(text, delimiter, HEADER_WITHIN) {
            Ok(head) => head,
            Err(problem) => return BankStatementFile::refused("csv", problem),
        };
        if first_header.is_empty() {
            first_header = head.first().map(|r| r.cells.join(",")).unwrap_or_default();
        }
        if head.iter().any(|row| !candidates(&row.cells, wanted).is_empty()) {
            let all = match rows(text, delimiter, MOST_ROWS + HEADER_WITHIN) {
                Ok(all) => all,
                Err(problem) => return BankStatementFile::refused("csv", problem),
            };
            return by_rows(file_name, all, wanted).unwrap_or_else(no_profile);
        }
    }
    no_profile(first_header)
}

fn no_profile(header: String) -> BankStatementFile {
    let message = format!("no profile has the header `{}`; map its columns", shown(&header));
    refused("csv.profile", "row 1", &message)
}

/// Rows with any text in them, numbered as a spreadsheet shows lines.
fn rows(content: &str, delimiter: u8, most: usize) -> Result<Vec<Row>, FormatProblem> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(content.trim_start_matches('\u{FEFF}').as_bytes());
    let mut rows = Vec::new();
    let mut record = ::csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(rows),
            Ok(true) => {}
            Err(e) => {
                return Err(FormatProblem::new("csv.format", "", format!("the file is not CSV: {e}")));
            }
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() >= most {
            return Ok(rows);
        }
        let number = text::line_of(&reader, &record);
        rows.push(Row { number, cells: record.iter().map(str::to_owned).collect() });
    }
}

fn candidates(cells: &[String], wanted: Option<&str>) -> Vec<&'static Profile> {
    let found = signature(cells.iter().map(String::as_str));
    let chosen = |p: &&Profile| wanted.map_or(!p.only_by_name, |name| p.name == name);
    profiles().iter().filter(chosen).filter(|p| p.signatures.contains(&found)).collect()
}

/// Reads rows whose header is among the first; gives the first row back when no profile fits.
fn by_rows(file_name: &str, rows: Vec<Row>, wanted: Option<&str>) -> Result<BankStatementFile, String> {
    let header_at = rows.iter().take(HEADER_WITHIN).position(|row| !candidates(&row.cells, wanted).is_empty());
    let Some(header_at) = header_at else {
        return Err(rows.first().map(|r| r.cells.join(",")).unwrap_or_default());
    };
    let fitting = candidates(&rows[header_at].cells, wanted);
    let Some(profile) = fitting.first().copied() else {
        return Err(String::new());
    };
    if fitting.iter().any(|p| p.name != profile.name) {
        let names = fitting.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
        return Ok(refused(
            "csv.ambiguous",
            "row 1",
            &format!("several profiles have this header: {names}; choose one"),
        ));
    }
    let mut reading = Reading::new(profile, &rows[header_at], file_name);
    reading.before_header(&rows[..header_at]);
    if rows.len() == header_at + 1 {
        reading.error("csv.empty", "", "the file has a header and no rows");
    }
    if rows.len() > MOST_ROWS {
        reading.error("file.too_many_records", "", "the file has more than 2,000,000 rows");
    } else {
        for row in &rows[header_at + 1..] {
            reading.row(row);
        }
    }
    Ok(reading.finish())
}

/// A row read, before the running balance is proved.
struct Line {
    account: String,
    currency: String,
    entry: Entry,
    balance: Option<i64>,
    row: usize,
}

struct Reading<'a> {
    profile: &'a Profile,
    header: Vec<String>,
    file_account: String,
    account_name: Option<String>,
    other: Vec<(String, String)>,
    lines: Vec<Line>,
    keys: HashSet<String>,
    dates: Vec<String>,
    file: BankStatementFile,
}

impl<'a> Reading<'a> {
    fn new(profile: &'a Profile, header: &Row, file_name: &str) -> Self {
        let header = header.cells.iter().map(|c| c.trim_matches('\u{FEFF}').trim().to_lowercase()).collect();
        let file = BankStatementFile { format: format!("csv:{}", profile.name), ..BankStatementFile::default() };
        let file_account = if profile.account_in_file_name { account_in(file_name) } else { String::new() };
        Self {
            profile,
            header,
            file_account,
            account_name: None,
            other: Vec::new(),
            lines: Vec::new(),
            keys: HashSet::new(),
            dates: Vec::new(),
            file,
        }
    }

    fn error(&mut self, code: &str, at: &str, message: impl Into<String>) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(FormatProblem::new(code, at, message));
        }
    }

    /// Rows above the header may say which account it is.
    fn before_header(&mut self, rows: &[Row]) {
        for row in rows {
            let name = row.cells.first().map(|c| c.trim().trim_end_matches(':').to_owned()).unwrap_or_default();
            let value = row.cells.get(1).map(|c| c.trim().to_owned()).unwrap_or_default();
            match name.to_lowercase().as_str() {
                "account name" | "account number" | "account" => self.file_account.clone_from(&value),
                _ => {}
            }
            self.other.push((name, value));
        }
    }

    fn cell<'r>(&self, row: &'r Row, field: &str) -> Option<&'r str> {
        let column = self.profile.columns.get(field)?.to_lowercase();
        let index = self.header.iter().position(|h| *h == column)?;
        let cell = row.cells.get(index)?.trim();
        Some(cell.strip_prefix('\'').unwrap_or(cell))
    }

    fn row(&mut self, row: &Row) {
        let at = format!("row {}", row.number);
        let width = self.header.len();
        let too_many = row.cells.iter().skip(width).any(|c| !c.trim().is_empty());
        if row.cells.len() < width || too_many {
            let message = format!("the row has {} columns and the header {width}", row.cells.len());
            self.error("csv.width", &at, message);
            return;
        }
        for field in ["account", "payer_account", "bank_reference", "text"] {
            if let Some(cell) = self.cell(row, field).filter(|c| is_scientific(c)) {
                let message = format!("`{}` has been damaged by a spreadsheet; export the file again", shown(cell));
                self.error("csv.excel_damage", &at, message);
                return;
            }
        }
        let date = self.date(row, &at);
        let amount = self.amount(row, &at);
        let balance = self.balance(row, &at);
        if let (Some(date), Some(amount), Some(balance)) = (date, amount, balance) {
            let line = self.line(row, date, amount, balance, at);
            self.lines.push(line);
        }
    }

    fn line(&mut self, row: &Row, date: NaiveDate, amount: i64, balance: Option<i64>, at: String) -> Line {
        let given = |field: &str| self.cell(row, field).filter(|c| !c.is_empty()).map(str::to_owned);
        let mut entry = Entry::bare(date, amount, at.clone());
        entry.kind = given("kind").unwrap_or_default();
        entry.payer_name = given("payer_name");
        entry.payer_sort_code = given("payer_sort_code");
        entry.payer_account = given("payer_account");
        entry.bank_reference = given("bank_reference");
        entry.text = given("text").unwrap_or_default().replace('\t', " ");
        if let Some(state) = given("status")
            && self.profile.status_map.get(&state).map(String::as_str) != Some("booked")
        {
            entry.status = EntryStatus::Pending;
        }
        let account = match (given("sort_code"), given("account")) {
            (Some(sort_code), Some(account)) => format!("{sort_code} {account}"),
            (_, Some(account)) => account,
            _ => self.file_account.clone(),
        };
        let currency = given("currency").unwrap_or_else(|| self.profile.currency.clone());
        if self.account_name.is_none() {
            self.account_name = given("account_name");
        }
        entry.other = self.unmapped(row);
        if let Some(key) = self.profile.unique.as_ref().and(entry.bank_reference.clone())
            && !self.keys.insert(key.clone())
        {
            self.error("csv.duplicate", &at, format!("line `{}` is in the file twice", shown(&key)));
        }
        Line { account: whole_account(&account), currency, entry, balance, row: row.number }
    }

    /// Columns that no field of ours takes.
    fn unmapped(&self, row: &Row) -> Vec<(String, String)> {
        let mapped: Vec<String> = self.profile.columns.values().map(|c| c.to_lowercase()).collect();
        let columns = self.header.iter().zip(&row.cells);
        columns
            .filter(|(name, cell)| !mapped.contains(name) && !cell.trim().is_empty())
            .map(|(name, cell)| (name.clone(), cell.trim().to_owned()))
            .collect()
    }

    fn date(&mut self, row: &Row, at: &str) -> Option<NaiveDate> {
        let written = self.cell(row, "date").unwrap_or("").to_owned();
        let parsed = self.profile.date_format.split('|').find_map(|format| text::date(&written, format));
        if parsed.is_none() {
            self.error("date", at, format!("`{}` is not a date of this bank's form", shown(&written)));
        }
        self.dates.push(written);
        parsed
    }

    fn money(&mut self, written: &str, at: &str) -> Option<i64> {
        let read = money::bank_pounds(written);
        read.map_err(|problem| self.error(problem.code(), at, format!("`{}` {}", shown(written), problem.words()))).ok()
    }

    fn amount(&mut self, row: &Row, at: &str) -> Option<i64> {
        let cell = |field: &str| self.cell(row, field).unwrap_or("").to_owned();
        let amount = match self.profile.amount {
            AmountShape::Signed => {
                let written = cell("amount");
                self.money(&written, at)?
            }
            AmountShape::TwoColumns => {
                let (debit, credit) = (cell("debit"), cell("credit"));
                self.two_columns(&debit, &credit, at)?
            }
            AmountShape::Indicator => {
                let (written, mark) = (cell("amount"), cell("indicator"));
                let size = self.money(&written, at)?;
                match mark.to_uppercase().as_str() {
                    "C" | "CR" | "CREDIT" => size,
                    "D" | "DR" | "DEBIT" => -size,
                    _ => {
                        self.error("csv.sign", at, format!("`{}` says neither credit nor debit", shown(&mark)));
                        return None;
                    }
                }
            }
        };
        Some(if self.profile.negate { -amount } else { amount })
    }

    fn two_columns(&mut self, debit: &str, credit: &str, at: &str) -> Option<i64> {
        if debit.is_empty() && credit.is_empty() {
            self.error("csv.amount", at, "neither money in nor money out is filled");
            return None;
        }
        let out = if debit.is_empty() { 0 } else { self.money(debit, at)? };
        let inward = if credit.is_empty() { 0 } else { self.money(credit, at)? };
        if out != 0 && inward != 0 {
            self.error("csv.amount", at, "money in and money out are both filled");
            return None;
        }
        if out < 0 || inward < 0 {
            self.error("csv.sign", at, "an amount in its own column must not carry a sign");
            return None;
        }
        Some(inward - out)
    }

    /// The outer nothing means that a balance is there and wrong.
    fn balance(&mut self, row: &Row, at: &str) -> Option<Option<i64>> {
        if self.profile.prove == Prove::None {
            return Some(None);
        }
        let written = self.cell(row, "balance").unwrap_or("").to_owned();
        if written.is_empty() { Some(None) } else { self.money(&written, at).map(Some) }
    }

    fn finish(mut self) -> BankStatementFile {
        self.suspect_swapped_dates();
        let mut lines = std::mem::take(&mut self.lines);
        let mut keys: Vec<(String, String)> = Vec::new();
        for line in &lines {
            let key = (line.account.clone(), line.currency.clone());
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        for (account, currency) in keys {
            let (own, rest) = lines.into_iter().partition(|l| l.account == account && l.currency == currency);
            lines = rest;
            self.statement(account, currency, own);
        }
        self.file
    }

    fn statement(&mut self, account: String, currency: String, lines: Vec<Line>) {
        let mut statement = Statement { account, currency, ..Statement::default() };
        statement.account_name.clone_from(&self.account_name);
        statement.other.clone_from(&self.other);
        if self.file.errors.is_empty() && self.profile.prove != Prove::None {
            match proven(self.profile.prove, &lines) {
                Ok((opening, closing)) => (statement.opening, statement.closing) = (opening, closing),
                Err(row) => {
                    let message = "the running balance does not follow from the row beside it";
                    self.error("csv.balance", &format!("row {row}"), message);
                }
            }
        }
        statement.from_on = lines.iter().map(|l| l.entry.booked_on).min();
        statement.to_on = lines.iter().map(|l| l.entry.booked_on).max();
        statement.entries = lines.into_iter().map(|l| l.entry).collect();
        self.file.statements.push(statement);
    }

    /// Days and months swapped by a spreadsheet: every day is 12 or under and only the other order runs one way.
    fn suspect_swapped_dates(&mut self) {
        let formats: Vec<&str> = self.profile.date_format.split('|').collect();
        if self.dates.len() < 4 || !formats.contains(&"%d/%m/%Y") {
            return;
        }
        let read = |format: &str| self.dates.iter().map(|d| text::date(d, format)).collect::<Option<Vec<_>>>();
        let runs = |dates: &[NaiveDate]| dates.is_sorted() || dates.iter().rev().is_sorted();
        if let (Some(stated), Some(swapped)) = (read("%d/%m/%Y"), read("%m/%d/%Y"))
            && !runs(&stated)
            && runs(&swapped)
        {
            self.error("date", "", "day and month look swapped: only month first puts the rows in order");
        }
    }
}

/// Opening and closing balance when every running balance follows; otherwise the first row where it breaks.
fn proven(order: Prove, lines: &[Line]) -> Result<(Option<i64>, Option<i64>), usize> {
    let oldest_first = || chain(lines.iter());
    let newest_first = || chain(lines.iter().rev());
    match order {
        Prove::None => Ok((None, None)),
        Prove::OldestFirst => oldest_first(),
        Prove::NewestFirst => newest_first().or_else(|row| oldest_first().map_err(|_| row)),
        Prove::Either => oldest_first().or_else(|row| newest_first().map_err(|_| row)),
    }
}

fn chain<'a>(lines: impl Iterator<Item = &'a Line>) -> Result<(Option<i64>, Option<i64>), usize> {
    let mut opening = None;
    let mut running: Option<i64> = None;
    let mut unproved = 0;
    for line in lines {
        let moved = if line.entry.status == EntryStatus::Booked { line.entry.amount } else { 0 };
        running = match (running, line.balance) {
            (None, None) => {
                unproved += moved;
                None
            }
            (None, Some(balance)) => {
                opening = Some(balance - moved - unproved);
                Some(balance)
            }
            (Some(before), None) => Some(before + moved),
            (Some(before), Some(balance)) if before + moved == balance => Some(balance),
            (Some(_), Some(_)) => return Err(line.row),
        };
    }
    Ok((opening, running))
}

/// `1.23E+10`, where an account number was.
fn is_scientific(cell: &str) -> bool {
    let upper = cell.to_ascii_uppercase();
    let Some((number, power)) = upper.split_once("E+") else {
        return false;
    };
    let numeric = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    numeric(number) && numeric(power)
}

/// Sort code and account run together when that is what the digits are; otherwise as given.
fn whole_account(given: &str) -> String {
    let digits: String = given.chars().filter(char::is_ascii_digit).collect();
    let plain = given.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '/'));
    if digits.len() == 14 && plain { digits } else { given.trim().to_owned() }
}

/// `123456_12345678_2026-11-20.csv`.
fn account_in(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let mut parts = name.split(['_', '.']);
    let sort_code = parts.next().unwrap_or("");
    let account = parts.next().unwrap_or("");
    let both = format!("{sort_code}{account}");
    let fits = sort_code.len() == 6 && account.len() == 8 && both.bytes().all(|b| b.is_ascii_digit());
    if fits { both } else { String::new() }
}

/// Writes entries as `csv:neutral`, which [`super::read`] reads back.
pub fn write_neutral(entries: &[Entry]) -> Vec<u8> {
    let header =
        ["bank_line_id", "date", "amount", "type", "payer_name", "payer_sort_code", "payer_account", "reference"];
    let mut writer = CsvWriter::new(Vec::new(), &header);
    for entry in entries {
        let text = |part: &Option<String>| Cell::Text(part.clone().unwrap_or_default());
        writer.row(&[
            text(&entry.bank_reference),
            Cell::Date(entry.booked_on),
            Cell::Pence(entry.amount),
            Cell::Text(entry.kind.clone()),
            text(&entry.payer_name),
            text(&entry.payer_sort_code),
            text(&entry.payer_account),
            Cell::Text(entry.text.clone()),
        ]);
    }
    writer.finish()
}
