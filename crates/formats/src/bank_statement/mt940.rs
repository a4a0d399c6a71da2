//! SWIFT MT940 statements and MT942 interim reports, with the ways UK banks write them.
//!
//! Our own reader: RC (a reversed credit) is money out and RD money in, and a file that does not prove is refused whole.

use super::mt940_narrative::{self, Narrative};
use super::record::{BankStatementFile, Entry, EntryStatus, Statement};
use crate::money::{self, MoneyError};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::{Datelike, NaiveDate};

/// The most statement lines accepted in one file.
const MOST_ENTRIES: usize = 2_000_000;

/// Reads an MT940 or MT942 file.
pub(crate) fn read(bytes: &[u8]) -> BankStatementFile {
    let decoded = text::decode(bytes, None);
    let mut reading = Reading::default();
    reading.file.format = "mt940".to_owned();
    reading.file.warnings.extend(decoded.warning);
    let messages = reading.messages(&decoded.text);
    if messages.is_empty() {
        reading.error("mt940.structure", "", "no message begins in this file (no :20:)");
    }
    let interim = messages.iter().filter(|m| m.is_interim()).count();
    if interim > 0 && interim == messages.len() {
        reading.file.format = "mt942".to_owned();
    }
    for message in &messages {
        reading.message(message);
    }
    reading.pages();
    reading.file.settled()
}

/// One tagged field with its lines.
struct Field<'a> {
    tag: &'a str,
    line: usize,
    lines: Vec<&'a str>,
}

impl Field<'_> {
    fn first(&self) -> &str {
        self.lines.first().copied().unwrap_or("").trim()
    }

    fn at(&self) -> String {
        format!("line {}", self.line)
    }
}

/// The fields from `:20:` to the end of the message.
struct Message<'a> {
    line: usize,
    fields: Vec<Field<'a>>,
}

impl<'a> Message<'a> {
    fn all<'b>(&'b self, tags: &'b [&'b str]) -> impl Iterator<Item = &'b Field<'a>> + 'b {
        self.fields.iter().filter(move |f| tags.contains(&f.tag))
    }

    fn is_interim(&self) -> bool {
        self.all(&["34F", "13D", "13", "90C", "90D"]).next().is_some() && self.all(&["60F", "60M"]).next().is_none()
    }
}

/// A tag at the start of a line, as `:20:` or `:28C:`, and what follows it.
pub(crate) fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let known = match tag.as_bytes() {
        [a, b] => (a.is_ascii_digit() && b.is_ascii_digit()) || tag == "NS",
        [a, b, c] => a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_uppercase(),
        _ => false,
    };
    known.then_some((tag, rest))
}

#[derive(Default)]
struct Reading {
    file: BankStatementFile,
    entries: usize,
    pages: Vec<Page>,
}

/// How a statement stands in a chain of pages.
struct Page {
    opens_midway: bool,
    closes_midway: bool,
    line: usize,
}

/// A balance field read.
struct Balance {
    on: Option<NaiveDate>,
    currency: String,
    amount: i64,
}

/// A `:61:` line read.
struct Line {
    value_on: NaiveDate,
    booked_on: NaiveDate,
    amount: i64,
    expected: bool,
    reversal: bool,
    kind: String,
    owner_reference: Option<String>,
    bank_reference: Option<String>,
}

impl Reading {
    fn error(&mut self, code: &str, at: impl Into<String>, message: impl Into<String>) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(FormatProblem::new(code, at, message));
        }
    }

    fn warn(&mut self, code: &str, at: impl Into<String>, message: impl Into<String>) {
        const MOST_WARNINGS: usize = 1_000;
        if self.file.warnings.len() < MOST_WARNINGS {
            self.file.warnings.push(FormatProblem::new(code, at, message));
        }
    }

    /// Splits the file into messages. A field outside any message is an error: a statement line is never skipped.
    fn messages<'a>(&mut self, text: &'a str) -> Vec<Message<'a>> {
        let mut messages: Vec<Message<'a>> = Vec::new();
        let mut inside = false;
        let mut long_lines = 0usize;
        for (index, raw) in text.split('\n').enumerate() {
            let number = index + 1;
            let line = raw.trim_end_matches('\r');
            let line = if line.starts_with('{') { line.split_once("{4:").map_or(line, |(_, rest)| rest) } else { line };
            long_lines += usize::from(line.chars().count() > 65 && inside);
            if line.starts_with("-}") || line.trim_end() == "-" {
                inside = false;
            } else if let Some((tag, rest)) = tagged(line) {
                if tag == "20" {
                    messages.push(Message { line: number, fields: Vec::new() });
                    inside = true;
                }
                let field = Field { tag, line: number, lines: vec![rest] };
                match messages.last_mut().filter(|_| inside) {
                    Some(message) => message.fields.push(field),
                    None => {
                        let message = format!("`:{tag}:` stands outside any message (before :20: or after its end)");
                        self.error("mt940.structure", format!("line {number}"), message);
                    }
                }
            } else if inside && let Some(field) = messages.last_mut().and_then(|m| m.fields.last_mut()) {
                field.lines.push(line);
            }
        }
        if long_lines > 0 {
            self.warn("mt940.long_line", "", format!("{long_lines} lines are longer than 65 characters"));
        }
        messages
    }

    fn message(&mut self, message: &Message<'_>) {
        let at = format!("line {}", message.line);
        let interim = message.is_interim();
        let Some(account) = message.all(&["25", "25P"]).next().map(|f| f.first().to_owned()).filter(|a| !a.is_empty())
        else {
            self.error("mt940.structure", at, "the message names no account (:25:)");
            return;
        };
        let mut statement = Statement { account, ..Statement::default() };
        statement.id = message.fields.first().map(|f| f.first().to_owned()).unwrap_or_default();
        if let Some(number) = message.all(&["28C", "28"]).next() {
            let (number, page) = number.first().split_once('/').unwrap_or((number.first(), ""));
            statement.number = Some(number.to_owned());
            statement.page = page.trim().parse().ok();
        }
        let ends = if interim { None } else { self.ends(message, &at) };
        if !interim && ends.is_none() {
            return;
        }
        statement.currency = match &ends {
            Some((opening, _)) => opening.currency.clone(),
            None => floor_currency(message).unwrap_or_else(|| "GBP".to_owned()),
        };
        self.lines(message, &mut statement, ends.as_ref().and_then(|(_, closing)| closing.on));
        match ends {
            Some((opening, closing)) => self.prove(&mut statement, &opening, &closing, &at),
            None => self.prove_interim(message, &statement),
        }
        self.pages.push(Page {
            opens_midway: message.all(&["60M"]).next().is_some(),
            closes_midway: message.all(&["62M"]).next().is_some(),
            line: message.line,
        });
        self.file.statements.push(statement);
    }

    /// The opening and closing balance: exactly one of each.
    fn ends(&mut self, message: &Message<'_>, at: &str) -> Option<(Balance, Balance)> {
        let openings: Vec<_> = message.all(&["60F", "60M"]).collect();
        let closings: Vec<_> = message.all(&["62F", "62M"]).collect();
        let ([opening], [closing]) = (openings.as_slice(), closings.as_slice()) else {
            let message = format!(
                "the message has {} opening and {} closing balances (:60: and :62:); it must have one of each",
                openings.len(),
                closings.len()
            );
            self.error("mt940.structure", at, message);
            return None;
        };
        let opening = self.balance(opening);
        let closing = self.balance(closing);
        let (opening, closing) = (opening?, closing?);
        if opening.currency != closing.currency {
            let message =
                format!("the opening balance is in {} and the closing in {}", opening.currency, closing.currency);
            self.error("mt940.currency", at, message);
            return None;
        }
        Some((opening, closing))
    }

    fn balance(&mut self, field: &Field<'_>) -> Option<Balance> {
        let written = field.first();
        let parts =
            written.is_ascii().then(|| (written.get(..1), written.get(1..7), written.get(7..10), written.get(10..)));
        let Some((Some(mark), Some(day), Some(currency), Some(amount))) = parts else {
            self.error("mt940.structure", field.at(), format!("`{}` is not a balance", shown(written)));
            return None;
        };
        let sign = match mark {
            "C" => 1,
            "D" => -1,
            _ => {
                self.error("mt940.structure", field.at(), format!("`{}` is neither C nor D", shown(mark)));
                return None;
            }
        };
        if !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            self.error("mt940.currency", field.at(), format!("`{}` is not a currency code", shown(currency)));
            return None;
        }
        let size = self.amount(amount, currency, &field.at())?;
        let digits = day.bytes().all(|b| b.is_ascii_digit()) && day != "000000";
        let on = text::short_date(day);
        if on.is_none() && digits {
            self.error("date", field.at(), format!("`{}` is not a date that exists", shown(day)));
            return None;
        }
        if !digits {
            self.warn("mt940.balance_date", field.at(), format!("the balance has no date (`{}`)", shown(day)));
        }
        Some(Balance { on, currency: currency.to_owned(), amount: sign * size })
    }

    fn amount(&mut self, written: &str, currency: &str, at: &str) -> Option<i64> {
        let point = if written.contains('.') && !written.contains(',') { '.' } else { ',' };
        if point == '.' {
            self.warn("mt940.point", at, format!("`{}` has a point for a comma", shown(written)));
        }
        let read = money::unsigned(written, money::decimals_of(currency), point);
        read.map_err(|problem: MoneyError| {
            self.error(problem.code(), at, format!("`{}` {}", shown(written), problem.words()));
        })
        .ok()
    }

    /// The statement lines with their narratives.
    fn lines(&mut self, message: &Message<'_>, statement: &mut Statement, closing_on: Option<NaiveDate>) {
        let mut after_line = false;
        for field in &message.fields {
            match field.tag {
                "61" => {
                    after_line = true;
                    self.entries += 1;
                    if self.entries > MOST_ENTRIES {
                        self.error("file.too_many_records", field.at(), "the file has more than 2,000,000 lines");
                        return;
                    }
                    if let Some(entry) = self.entry(field, &statement.currency) {
                        statement.entries.push(entry);
                    }
                }
                "86" if after_line => {
                    after_line = false;
                    if let Some(entry) = statement.entries.last_mut() {
                        describe(entry, mt940_narrative::read(&field.lines));
                    }
                }
                "20" | "25" | "25P" | "28" | "28C" | "60F" | "60M" => {}
                tag => {
                    after_line = false;
                    statement.other.push((format!(":{tag}:"), field.lines.join("\n")));
                }
            }
        }
        statement.from_on = statement.entries.iter().map(|e| e.booked_on).min();
        statement.to_on = closing_on.or_else(|| statement.entries.iter().map(|e| e.booked_on).max());
    }

    fn entry(&mut self, field: &Field<'_>, currency: &str) -> Option<Entry> {
        let written = field.lines.first().copied().unwrap_or("");
        let line = match self.statement_line(written, currency, &field.at()) {
            Ok(line) => line,
            Err(Some(why)) => {
                let message = format!("`:61:{}`: {why}", shown(written));
                self.error("mt940.line", field.at(), message);
                return None;
            }
            Err(None) => return None,
        };
        let mut entry = Entry::bare(line.booked_on, line.amount, field.at());
        entry.value_on = Some(line.value_on);
        entry.kind = line.kind;
        entry.customer_reference = line.owner_reference;
        entry.bank_reference = line.bank_reference;
        entry.reversal = line.reversal;
        if line.expected {
            entry.status = EntryStatus::Information;
        }
        let supplementary =
            field.lines[1..].iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
        if !supplementary.is_empty() {
            entry.text.clone_from(&supplementary);
            entry.other.push(("supplementary".to_owned(), supplementary));
        }
        Some(entry)
    }

    /// Reads `6!n[4!n]2a[1!a]15d1!a3!c16x[//16x]`. `Err(None)` means that the error has been said already.
    fn statement_line(&mut self, written: &str, currency: &str, at: &str) -> Result<Line, Option<String>> {
        let (day, rest) = split(written, 6).ok_or_else(|| Some("it is too short".to_owned()))?;
        if !day.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Some("it does not begin with a date".to_owned()));
        }
        let Some(value_on) = text::short_date(day) else {
            self.error("date", at, format!("`{}` is not a date that exists", shown(day)));
            return Err(None);
        };
        let (booked_on, rest) = self.entry_date(value_on, rest, at)?;
        let (sign, expected, reversal, rest) =
            mark(rest).ok_or_else(|| Some("it has no credit or debit mark".to_owned()))?;
        let rest = rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
        let (amount, rest) = rest.split_at(end);
        let size = self.amount(amount, currency, at).ok_or(None)?;
        let (kind, rest) = split(rest, 4).ok_or_else(|| Some("it has no type after the amount".to_owned()))?;
        if !kind.starts_with(['N', 'F', 'S']) || !kind.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Some(format!("`{}` is not a type", shown(kind))));
        }
        let (owner, bank) = rest.split_once("//").unwrap_or((rest, ""));
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty() && t != "NONREF");
        Ok(Line {
            value_on,
            booked_on,
            amount: sign * size,
            expected,
            reversal,
            kind: kind.to_owned(),
            owner_reference: given(owner),
            bank_reference: given(bank),
        })
    }

    /// The optional entry date `MMDD`, in the year that brings it nearest to the value date.
    fn entry_date<'a>(
        &mut self,
        value_on: NaiveDate,
        rest: &'a str,
        at: &str,
    ) -> Result<(NaiveDate, &'a str), Option<String>> {
        let Some((day, after)) = split(rest, 4) else {
            return Ok((value_on, rest));
        };
        if day.bytes().all(|b| b == b' ') {
            return Ok((value_on, after));
        }
        if !day.bytes().all(|b| b.is_ascii_digit()) {
            return Ok((value_on, rest));
        }
        let month = day[..2].parse().unwrap_or(0);
        let number = day[2..].parse().unwrap_or(0);
        let years = [value_on.year(), value_on.year() - 1, value_on.year() + 1];
        let nearest = years
            .iter()
            .filter_map(|year| NaiveDate::from_ymd_opt(*year, month, number))
            .min_by_key(|date| (*date - value_on).num_days().abs());
        match nearest {
            Some(date) => Ok((date, after)),
            None => {
                self.error("date", at, format!("entry date `{}` is not a day that exists", shown(day)));
                Err(None)
            }
        }
    }

    fn prove(&mut self, statement: &mut Statement, opening: &Balance, closing: &Balance, at: &str) {
        statement.opening = Some(opening.amount);
        statement.closing = Some(closing.amount);
        if let Some(on) = opening.on {
            statement.from_on = Some(statement.from_on.map_or(on, |first| first.min(on)));
        }
        let reached = opening.amount + statement.booked_movement();
        if reached != closing.amount {
            let places = money::decimals_of(&statement.currency);
            let message = format!(
                "opening balance and lines come to {}, the closing balance says {}: a difference of {}",
                money::write_minor(reached, places),
                money::write_minor(closing.amount, places),
                money::write_minor(closing.amount - reached, places)
            );
            self.error("mt940.balance", at, message);
        }
    }

    /// `:90D:` and `:90C:` carry a count and a sum: both must be right.
    fn prove_interim(&mut self, message: &Message<'_>, statement: &Statement) {
        for (tag, is_credit) in [("90C", true), ("90D", false)] {
            for field in message.all(&[tag]) {
                let written = field.first();
                let end = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
                let (count, rest) = written.split_at(end);
                let Some((currency, amount)) = split(rest, 3) else {
                    self.error("mt940.structure", field.at(), format!("`{}` is not a count and a sum", shown(written)));
                    continue;
                };
                let Some(sum) = self.amount(amount, currency, &field.at()) else {
                    continue;
                };
                let side = statement.entries.iter().filter(|e| (e.amount >= 0) == is_credit);
                let (lines, found) = side.fold((0usize, 0i64), |(n, sum), e| (n + 1, sum + e.amount.abs()));
                if count.parse::<usize>().ok() != Some(lines) || found != sum {
                    let message = format!(
                        "`:{tag}:{}` and the lines come to {lines} for {}",
                        shown(written),
                        money::write_pounds(found)
                    );
                    self.error("mt940.totals", field.at(), message);
                }
            }
        }
    }

    /// Pages of one statement must follow one another; numbers of one account should.
    fn pages(&mut self) {
        if self.pages.len() != self.file.statements.len() {
            return;
        }
        let mut problems = Vec::new();
        let statements = &self.file.statements;
        for (index, page) in self.pages.iter().enumerate() {
            let statement = &statements[index];
            let at = format!("line {}", page.line);
            let same = |other: &usize| statements[*other].account == statement.account;
            let before = (0..index).rev().find(same);
            let after = (index + 1..statements.len()).find(same);
            let follows =
                before.is_some_and(|b| self.pages[b].closes_midway && statements[b].closing == statement.opening);
            if page.opens_midway && !follows {
                problems.push((true, at.clone(), "this page goes on from one that is not in the file"));
            }
            if page.closes_midway && !after.is_some_and(|a| self.pages[a].opens_midway) {
                problems.push((true, at.clone(), "the page after this one has not come; held until it does"));
            }
            if let Some(before) = before
                && gap(&statements[before], statement)
            {
                problems.push((false, at, "the statement number is not the next one"));
            }
        }
        for (held, at, message) in problems {
            if held {
                self.error("mt940.page", at, message);
            } else {
                self.warn("mt940.gap", at, message);
            }
        }
    }
}

fn gap(before: &Statement, this: &Statement) -> bool {
    let number = |s: &Statement| s.number.as_deref().and_then(|n| n.trim().parse::<u64>().ok());
    match (number(before), number(this)) {
        (Some(before), Some(this)) => this != before && this != before.saturating_add(1),
        _ => false,
    }
}

/// The first `n` bytes when they are ASCII, and the rest.
fn split(text: &str, n: usize) -> Option<(&str, &str)> {
    text.split_at_checked(n).filter(|(head, _)| head.is_ascii())
}

/// Sign, whether only expected, whether a reversal, and the rest. RC takes a credit back: money out.
fn mark(text: &str) -> Option<(i64, bool, bool, &str)> {
    let marks = [
        ("RC", -1, false, true),
        ("RD", 1, false, true),
        ("EC", 1, true, false),
        ("ED", -1, true, false),
        ("C", 1, false, false),
        ("D", -1, false, false),
    ];
    marks.iter().find_map(|(mark, sign, expected, reversal)| {
        text.strip_prefix(mark).map(|rest| (*sign, *expected, *reversal, rest))
    })
}

fn floor_currency(message: &Message<'_>) -> Option<String> {
    let field = message.all(&["34F", "90C", "90D"]).next()?;
    let written = field.first().trim_start_matches(|c: char| c.is_ascii_digit());
    let currency = written.get(..3)?;
    currency.bytes().all(|b| b.is_ascii_uppercase()).then(|| currency.to_owned())
}

/// Puts a narrative into its entry.
fn describe(entry: &mut Entry, narrative: Narrative) {
    if !narrative.text.is_empty() {
        entry.text = if entry.text.is_empty() { narrative.text } else { format!("{} {}", entry.text, narrative.text) };
    }
    entry.payer_name = narrative.payer_name;
    entry.payer_account = narrative.payer_account;
    if let Some(code) = narrative.code {
        entry.other.push(("type".to_owned(), std::mem::replace(&mut entry.kind, code)));
    }
    if entry.customer_reference.is_none() {
        entry.customer_reference = narrative.reference;
    }
    entry.other.extend(narrative.other);
}
