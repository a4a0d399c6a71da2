//! CSV bank exports, by profile.

use super::csv_profile::{Profile, Prove, profiles, signature};
use super::csv_row::{Columns, Line, Row, whole_account};
use super::record::{BankStatementFile, Entry, EntryStatus, Statement};
use crate::csv_out::{Cell, CsvWriter};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// The most rows accepted.
const MOST_ROWS: usize = 2_000_000;
/// How far down the header may be.
const HEADER_WITHIN: usize = 12;
/// Delimiters tried, in order.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What is asked of a CSV file, beside its rows.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub file_name: &'a str,
    pub profile: Option<&'a str>,
    pub own: &'a [Profile],
}

impl<'a> Wanted<'a> {
    /// The profiles that may be meant: the chosen one's layouts, or all; one's own go before those that ship.
    fn profiles(self) -> impl Iterator<Item = &'a Profile> {
        let all = self.own.iter().chain(profiles());
        let shadowed = move |p: &&Profile| {
            self.own.iter().any(|o| o.name == p.name) && !self.own.iter().any(|o| std::ptr::eq(o, *p))
        };
        all.filter(move |p| !shadowed(p)).filter(move |p| match self.profile {
            Some(name) => p.name == name,
            None => !p.only_by_name && !p.headless(),
        })
    }

    /// The one profile without a header row that was chosen by name.
    fn headless(self) -> Option<&'a Profile> {
        self.profile.and_then(|_| self.profiles().find(|p| p.headless()))
    }

    fn candidates(self, cells: &[String]) -> Vec<&'a Profile> {
        let found = signature(cells.iter().map(String::as_str));
        self.profiles().filter(|p| p.signatures.contains(&found)).collect()
    }
}

/// Reads a CSV bank export; `wanted` is a profile's name when the person chose one.
pub(crate) fn read(file_name: &str, bytes: &[u8], wanted: Option<&str>, own: &[Profile]) -> BankStatementFile {
    unsettled(bytes, Wanted { file_name, profile: wanted, own }).settled()
}

/// As [`read`], with what was read of a file that cannot be trusted.
pub(crate) fn unsettled(bytes: &[u8], wanted: Wanted<'_>) -> BankStatementFile {
    let label = wanted.profile.and_then(|_| wanted.profiles().find_map(|p| p.encoding.as_deref()));
    let decoded = text::decode(bytes, label);
    let mut file = if decoded.text.trim().is_empty() {
        refused("csv.empty", "", "the file is empty")
    } else if let Some((line, _)) = text::control_character(&decoded.text) {
        refused("encoding.control", &format!("line {line}"), "a character that no text file should hold")
    } else {
        by_delimiter(&text::with_line_feeds(decoded.text), wanted)
    };
    file.warnings.extend(decoded.warning);
    file
}

/// Reads rows that came from somewhere else, such as a workbook's first sheet.
pub fn read_rows(file_name: &str, rows: &[Vec<String>], wanted: Option<&str>, own: &[Profile]) -> BankStatementFile {
    let rows = rows.iter().enumerate().map(|(index, cells)| Row { number: index + 1, cells: cells.clone() }).collect();
    by_rows(rows, Wanted { file_name, profile: wanted, own }).unwrap_or_else(no_profile).settled()
}

fn refused(code: &str, at: &str, message: &str) -> BankStatementFile {
    BankStatementFile::refused("csv", FormatProblem::new(code, at, message))
}

fn by_delimiter(text: &str, wanted: Wanted<'_>) -> BankStatementFile {
    let mut first_header = String::new();
    let asked = wanted.profiles().filter(|_| wanted.profile.is_some()).find_map(|p| p.delimiter);
    let delimiters = asked.map_or(DELIMITERS.to_vec(), |d| vec![d as u8]);
    for delimiter in delimiters {
        let head = match rows(text, delimiter, HEADER_WITHIN) {
            Ok(head) => head,
            Err(problem) => return BankStatementFile::refused("csv", problem),
        };
        if first_header.is_empty() {
            first_header = head.first().map(|r| r.cells.join(",")).unwrap_or_default();
        }
        let wide = |p: &Profile| {
            head.get(p.skip_rows.min(head.len().saturating_sub(1)))
                .is_some_and(|row| row.cells.len() >= Columns::widest(p))
        };
        let fits = match wanted.headless() {
            Some(profile) => asked.is_some() || wide(profile),
            None => head.iter().any(|row| !wanted.candidates(&row.cells).is_empty()),
        };
        if fits {
            let all = match rows(text, delimiter, MOST_ROWS + HEADER_WITHIN) {
                Ok(all) => all,
                Err(problem) => return BankStatementFile::refused("csv", problem),
            };
            return by_rows(all, wanted).unwrap_or_else(no_profile);
        }
    }
    no_profile(first_header)
}

fn no_profile(header: String) -> BankStatementFile {
    let message = format!("no profile has the header `{}`; map its columns", shown(&header));
    refused("csv.profile", "row 1", &message)
}

/// Rows with any text in them, numbered as a spreadsheet shows lines.
pub(crate) fn rows(content: &str, delimiter: u8, most: usize) -> Result<Vec<Row>, FormatProblem> {
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

/// Reads rows whose header is among the first; gives the first row back when no profile fits.
fn by_rows(rows: Vec<Row>, wanted: Wanted<'_>) -> Result<BankStatementFile, String> {
    if let Some(profile) = wanted.headless() {
        let above = profile.skip_rows.min(rows.len());
        let mut reading = Reading::new(profile, None, wanted.file_name);
        reading.above(&rows[..above]);
        reading.lines(&rows[above..]);
        return Ok(reading.finish());
    }
    let header_at = rows.iter().take(HEADER_WITHIN).position(|row| !wanted.candidates(&row.cells).is_empty());
    let Some(header_at) = header_at else {
        return Err(rows.first().map(|r| r.cells.join(",")).unwrap_or_default());
    };
    let fitting = wanted.candidates(&rows[header_at].cells);
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
    let mut reading = Reading::new(profile, Some(&rows[header_at]), wanted.file_name);
    reading.above(&rows[..header_at]);
    reading.lines(&rows[header_at + 1..]);
    Ok(reading.finish())
}

struct Reading<'a> {
    profile: &'a Profile,
    columns: Columns<'a>,
    file_account: String,
    account_name: Option<String>,
    other: Vec<(String, String)>,
    lines: Vec<Line>,
    keys: HashSet<String>,
    file: BankStatementFile,
}

impl<'a> Reading<'a> {
    fn new(profile: &'a Profile, header: Option<&Row>, file_name: &str) -> Self {
        let mut file = BankStatementFile { format: format!("csv:{}", profile.name), ..BankStatementFile::default() };
        file.kind.clone_from(&profile.kind);
        let named = if profile.account_in_file_name { account_in(file_name) } else { String::new() };
        let file_account = if named.is_empty() { profile.account.clone().unwrap_or_default() } else { named };
        let columns = Columns::of(profile, header);
        for field in columns.missing() {
            let message = format!("the column of `{field}` is not in the header");
            file.errors.push(FormatProblem::new("csv.profile", "row 1", message));
        }
        let (lines, keys, other) = (Vec::new(), HashSet::new(), Vec::new());
        Self { profile, columns, file_account, account_name: None, other, lines, keys, file }
    }

    fn error(&mut self, problem: FormatProblem) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(problem);
        }
    }

    /// Rows above the lines may say which account it is.
    fn above(&mut self, rows: &[Row]) {
        for row in rows {
            let name = row.cells.first().map(|c| c.trim().trim_end_matches(':').to_owned()).unwrap_or_default();
            let value = row.cells.get(1).map(|c| c.trim().to_owned()).unwrap_or_default();
            match name.to_lowercase().as_str() {
                "account name" | "account number" | "account" => self.file_account.clone_from(&value),
                _ => {}
            }
            self.other.push((name, value));
        }
        for meta in &self.profile.meta {
            let row = rows.iter().find(|row| row.number == meta.row);
            let cell = row.and_then(|row| row.cells.get(meta.column.wrapping_sub(1))).map(|c| c.trim().to_owned());
            match (meta.field.as_str(), cell) {
                ("account", Some(cell)) => self.file_account = cell,
                ("account_name", Some(cell)) => self.account_name = Some(cell),
                (field, Some(cell)) => self.other.push((field.to_owned(), cell)),
                (_, None) => {}
            }
        }
    }

    fn lines(&mut self, rows: &[Row]) {
        let footer = self.profile.footer.as_deref().filter(|f| !f.is_empty());
        let ends = |row: &Row| footer.is_some_and(|f| row.cells.first().is_some_and(|c| c.trim().starts_with(f)));
        let end = rows.iter().position(ends).unwrap_or(rows.len());
        for row in &rows[end..] {
            self.other.push(("footer".to_owned(), row.cells.join(",")));
        }
        if end == 0 {
            self.error(FormatProblem::new("csv.empty", "", "the file has a header and no rows"));
        }
        if end > MOST_ROWS {
            self.error(FormatProblem::new("file.too_many_records", "", "the file has more than 2,000,000 rows"));
            return;
        }
        if !self.file.errors.is_empty() {
            return;
        }
        for row in &rows[..end] {
            let mut problems = Vec::new();
            let line = self.columns.line(row, &mut problems);
            problems.into_iter().for_each(|problem| self.error(problem));
            if let Some(line) = line {
                self.take(row, line);
            }
        }
    }

    fn take(&mut self, row: &Row, mut line: Line) {
        if line.account.is_empty() {
            line.account = whole_account(&self.file_account);
        }
        if self.account_name.is_none() {
            self.account_name = self.columns.text(row, "account_name");
        }
        if let Some(key) = self.profile.unique.as_ref().and(line.entry.bank_reference.clone())
            && !self.keys.insert(key.clone())
        {
            let message = format!("line `{}` is in the file twice", shown(&key));
            self.error(FormatProblem::new("csv.duplicate", line.entry.at.as_str(), message));
        }
        self.lines.push(line);
    }

    fn finish(mut self) -> BankStatementFile {
        self.suspect_swapped_dates();
        let mut places: HashMap<(String, String), usize> = HashMap::new();
        let mut heaps: Vec<(String, String, Vec<Line>)> = Vec::new();
        for line in std::mem::take(&mut self.lines) {
            let key = (line.account.clone(), line.currency.clone());
            let place = *places.entry(key.clone()).or_insert_with(|| {
                heaps.push((key.0, key.1, Vec::new()));
                heaps.len() - 1
            });
            heaps[place].2.push(line);
        }
        for (account, currency, lines) in heaps {
            self.statement(account, currency, lines);
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
                    self.error(FormatProblem::new("csv.balance", format!("row {row}"), message));
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
        if self.lines.len() < 4 || !formats.contains(&"%d/%m/%Y") {
            return;
        }
        let read =
            |format: &str| self.lines.iter().map(|l| text::date(&l.written_date, format)).collect::<Option<Vec<_>>>();
        let runs = |dates: &[NaiveDate]| dates.is_sorted() || dates.iter().rev().is_sorted();
        if let (Some(stated), Some(swapped)) = (read("%d/%m/%Y"), read("%m/%d/%Y"))
            && !runs(&stated)
            && runs(&swapped)
        {
            let message = "day and month look swapped: only month first puts the rows in order";
            self.error(FormatProblem::new("date", "", message));
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
