//! One row of a bank's CSV, read by its profile.

use super::csv_profile::{AmountShape, Profile, Prove};
use super::record::{Entry, EntryStatus};
use crate::money::{self, Style};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A row as it stands in the file.
pub(crate) struct Row {
    /// As a spreadsheet numbers it.
    pub number: usize,
    pub cells: Vec<String>,
}

/// A row read, before the running balance is proved.
pub(crate) struct Line {
    pub account: String,
    pub currency: String,
    pub entry: Entry,
    pub balance: Option<i64>,
    pub row: usize,
    pub written_date: String,
}

/// Where each field of a profile stands in this file.
pub(crate) struct Columns<'a> {
    profile: &'a Profile,
    places: HashMap<&'a str, Vec<usize>>,
    /// Header cells that no field takes, with their places.
    unmapped: Vec<(usize, String)>,
    width: usize,
    headless: bool,
}

/// A row with something wrong in it, which has been said.
struct Wrong;

impl<'a> Columns<'a> {
    /// The columns by the names of a header, or by number when there is none.
    pub fn of(profile: &'a Profile, header: Option<&Row>) -> Self {
        let names: Option<Vec<String>> =
            header.map(|row| row.cells.iter().map(|c| c.trim_matches('\u{FEFF}').trim().to_lowercase()).collect());
        let mut places = HashMap::new();
        for field in profile.columns.keys() {
            let place = |column: &str| match &names {
                Some(names) => {
                    names.iter().position(|n| *n == column.to_lowercase()).or_else(|| by_number(column, names.len()))
                }
                None => by_number(column, usize::MAX),
            };
            let found: Vec<usize> = profile.columns_of(field).filter_map(place).collect();
            if !found.is_empty() {
                places.insert(field.as_str(), found);
            }
        }
        let taken = |index: &usize| places.values().flatten().any(|place| place == index);
        let names = names.unwrap_or_default();
        let unmapped = names.iter().cloned().enumerate().filter(|(index, _)| !taken(index)).collect();
        let headless = header.is_none();
        let width = if headless { Self::widest(profile) } else { names.len() };
        Self { profile, places, unmapped, width, headless }
    }

    /// The highest column number that a profile names.
    pub fn widest(profile: &Profile) -> usize {
        let columns = profile.columns.values().flat_map(|c| c.split(" + "));
        columns.filter_map(|c| c.trim().parse::<usize>().ok()).max().unwrap_or(0)
    }

    /// Fields that must be there and are not.
    pub fn missing(&self) -> Vec<&'static str> {
        self.profile.required().iter().filter(|field| !self.places.contains_key(**field)).copied().collect()
    }

    fn cell<'r>(&self, row: &'r Row, field: &str) -> Option<&'r str> {
        let index = *self.places.get(field)?.first()?;
        let cell = row.cells.get(index)?.trim();
        Some(cell.strip_prefix('\'').unwrap_or(cell))
    }

    /// The text of a field, its columns joined by a space, when there is any.
    pub fn text(&self, row: &Row, field: &str) -> Option<String> {
        let cells = self.places.get(field)?.iter().filter_map(|index| row.cells.get(*index));
        let parts: Vec<&str> =
            cells.map(|c| c.trim()).map(|c| c.strip_prefix('\'').unwrap_or(c)).filter(|c| !c.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Reads a row; what is wrong with it is said in `problems`.
    pub fn line(&self, row: &Row, problems: &mut Vec<FormatProblem>) -> Option<Line> {
        let at = format!("row {}", row.number);
        let mut say = |code: &str, message: String| problems.push(FormatProblem::new(code, at.as_str(), message));
        let too_many = !self.headless && row.cells.iter().skip(self.width).any(|c| !c.trim().is_empty());
        if row.cells.len() < self.width || too_many {
            let message = format!("the row has {} columns and the file has {}", row.cells.len(), self.width);
            say("csv.width", message);
            return None;
        }
        for field in ["account", "payer_account", "bank_reference", "text"] {
            if let Some(cell) = self.cell(row, field).filter(|c| is_scientific(c)) {
                let message = format!("`{}` has been damaged by a spreadsheet; export the file again", shown(cell));
                say("csv.excel_damage", message);
                return None;
            }
        }
        let currency = self.text(row, "currency").unwrap_or_else(|| self.profile.currency.clone());
        let style = Style::of(&currency, self.profile.decimal, self.profile.thousands);
        let written_date = self.written_date(row);
        let date = self.date(&written_date, &mut say);
        let amount = self.amount(row, style, &mut say);
        let balance = self.balance(row, style, &mut say);
        let (Ok(date), Ok(amount), Ok(balance)) = (date, amount, balance) else { return None };
        let entry = self.entry(row, date, amount, at);
        let account = match (self.text(row, "sort_code"), self.text(row, "account")) {
            (Some(sort_code), Some(account)) => format!("{sort_code} {account}"),
            (_, account) => account.unwrap_or_default(),
        };
        Some(Line { account: whole_account(&account), currency, entry, balance, row: row.number, written_date })
    }

    fn entry(&self, row: &Row, date: NaiveDate, amount: i64, at: String) -> Entry {
        let mut entry = Entry::bare(date, amount, at);
        let kind = self.text(row, "kind").unwrap_or_default();
        entry.kind = self.profile.type_map.get(&kind).cloned().unwrap_or(kind);
        entry.payer_name = self.text(row, "payer_name");
        entry.payer_sort_code = self.text(row, "payer_sort_code");
        entry.payer_account = self.text(row, "payer_account");
        entry.bank_reference = self.text(row, "bank_reference");
        entry.text = self.text(row, "text").unwrap_or_default().replace('\t', " ");
        if let Some(state) = self.text(row, "status")
            && self.profile.status_map.get(&state).map(String::as_str) != Some("booked")
        {
            entry.status = EntryStatus::Pending;
        }
        let others = self.unmapped.iter().filter_map(|(index, name)| Some((name, row.cells.get(*index)?.trim())));
        entry.other.extend(others.filter(|(_, cell)| !cell.is_empty()).map(|(n, c)| (n.clone(), c.to_owned())));
        entry
    }

    fn written_date(&self, row: &Row) -> String {
        let first = self.cell(row, "date").unwrap_or("");
        let written = if first.is_empty() { self.cell(row, "date_else").unwrap_or("") } else { first };
        written.to_owned()
    }

    fn date(&self, written: &str, say: &mut impl FnMut(&str, String)) -> Result<NaiveDate, Wrong> {
        let parsed = self.profile.date_format.split('|').find_map(|format| text::date(written, format));
        parsed.ok_or_else(|| {
            say("date", format!("`{}` is not a date of this bank's form", shown(written)));
            Wrong
        })
    }

    fn amount(&self, row: &Row, style: Style, say: &mut impl FnMut(&str, String)) -> Result<i64, Wrong> {
        let cell = |field: &str| self.cell(row, field).unwrap_or("");
        let amount = match self.profile.amount {
            AmountShape::Signed => amount_of(cell("amount"), style, say)?,
            AmountShape::TwoColumns => two_columns(cell("debit"), cell("credit"), style, say)?,
            AmountShape::Indicator => {
                let size = amount_of(cell("amount"), style, say)?;
                let mark = cell("indicator").to_uppercase();
                let says = |words: &[String], usual: [&str; 3]| match words {
                    [] => usual.contains(&mark.as_str()),
                    words => words.iter().any(|word| word.to_uppercase() == mark),
                };
                if size < 0 {
                    say("csv.sign", "an amount with a credit or debit mark must not carry a sign".to_owned());
                    return Err(Wrong);
                }
                match (
                    says(&self.profile.credit_words, ["C", "CR", "CREDIT"]),
                    says(&self.profile.debit_words, ["D", "DR", "DEBIT"]),
                ) {
                    (true, _) => size,
                    (_, true) => -size,
                    _ => {
                        say("csv.sign", format!("`{}` says neither credit nor debit", shown(&mark)));
                        return Err(Wrong);
                    }
                }
            }
        };
        Ok(if self.profile.negate { -amount } else { amount })
    }

    fn balance(&self, row: &Row, style: Style, say: &mut impl FnMut(&str, String)) -> Result<Option<i64>, Wrong> {
        match self.cell(row, "balance") {
            Some(written) if self.profile.prove != Prove::None && !written.is_empty() => {
                amount_of(written, style, say).map(Some)
            }
            _ => Ok(None),
        }
    }
}

fn by_number(column: &str, width: usize) -> Option<usize> {
    column.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < width)
}

fn amount_of(written: &str, style: Style, say: &mut impl FnMut(&str, String)) -> Result<i64, Wrong> {
    money::bank_amount(written, style).map_err(|problem| {
        say(problem.code(), format!("`{}` {}", shown(written), problem.words()));
        Wrong
    })
}

fn two_columns(debit: &str, credit: &str, style: Style, say: &mut impl FnMut(&str, String)) -> Result<i64, Wrong> {
    if debit.is_empty() && credit.is_empty() {
        say("csv.amount", "neither money in nor money out is filled".to_owned());
        return Err(Wrong);
    }
    let out = if debit.is_empty() { 0 } else { amount_of(debit, style, say)? };
    let inward = if credit.is_empty() { 0 } else { amount_of(credit, style, say)? };
    if out != 0 && inward != 0 {
        say("csv.amount", "money in and money out are both filled".to_owned());
        return Err(Wrong);
    }
    if out < 0 || inward < 0 {
        say("csv.sign", "an amount in its own column must not carry a sign".to_owned());
        return Err(Wrong);
    }
    Ok(inward - out)
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
pub(crate) fn whole_account(given: &str) -> String {
    let digits: String = given.chars().filter(char::is_ascii_digit).collect();
    let plain = given.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '/'));
    if digits.len() == 14 && plain { digits } else { given.trim().to_owned() }
}
