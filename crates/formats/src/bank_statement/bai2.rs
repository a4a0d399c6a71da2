//! BAI2 cash management reports, as UK banks send them.
//!
//! A file is 01 … 99, a group 02 … 98, an account 03 … 49; 88 goes on with the record before it. Counts and control
//! totals are proved at every level, and balances where the report gives both ends.

use super::bai2_records::{Funds, Record, records};
use super::bai2_text::describe;
use super::record::{BankStatementFile, Entry, EntryStatus, Statement};
use crate::money;
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;

/// Reads a BAI2 file.
pub(crate) fn read(bytes: &[u8]) -> BankStatementFile {
    let decoded = text::decode(bytes, None);
    let mut reading = Reading::default();
    reading.file.format = "bai2".to_owned();
    reading.file.warnings.extend(decoded.warning);
    if let Some((line, _)) = text::control_character(&decoded.text) {
        reading.error("encoding.control", format!("line {line}"), "a character that no text file should hold");
        return reading.file.settled();
    }
    match records(&text::with_line_feeds(decoded.text)) {
        Ok(records) => reading.records(&records),
        Err(problem) => reading.file.errors.push(problem),
    }
    reading.file.settled()
}

#[derive(Default)]
struct Reading {
    file: BankStatementFile,
    header: Option<Header>,
    group: Option<Group>,
    account: Option<Account>,
    sum: i64,
    groups: usize,
    lines: usize,
    ended: bool,
}

struct Header {
    file_id: String,
}

/// A group under way.
struct Group {
    as_of: Option<NaiveDate>,
    currency: String,
    status: String,
    interim: bool,
    sum: i64,
    accounts: usize,
    lines: usize,
}

/// An account under way.
struct Account {
    statement: Statement,
    at: String,
    sum: i64,
    unsigned: i64,
    lines: usize,
    credits: Option<i64>,
    debits: Option<i64>,
}

impl Reading {
    fn error(&mut self, code: &str, at: impl Into<String>, message: impl Into<String>) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(FormatProblem::new(code, at, message));
        }
    }

    fn warn(&mut self, code: &str, at: impl Into<String>, message: impl Into<String>) {
        self.file.warnings.push(FormatProblem::new(code, at, message));
    }

    fn records(&mut self, records: &[Record]) {
        for record in records {
            self.count(record);
            if self.ended {
                self.error("bai.record", record.at(), "there is a record after the end of the file (99)");
                return;
            }
            match (record.code.as_str(), &self.header) {
                ("01", None) => self.begin_file(record),
                (_, None) => {
                    let message = format!("the file begins with record `{}` and not with 01", shown(&record.code));
                    self.error("bai.record", record.at(), message);
                    return;
                }
                ("02", _) if self.group.is_none() => self.begin_group(record),
                ("03", _) if self.group.is_some() && self.account.is_none() => self.begin_account(record),
                ("16", _) if self.account.is_some() => self.transaction(record),
                ("49", _) if self.account.is_some() => self.end_account(record),
                ("98", _) if self.group.is_some() && self.account.is_none() => self.end_group(record),
                ("99", _) if self.group.is_none() => self.end_file(record),
                ("01" | "02" | "03" | "16" | "49" | "98" | "99", _) => {
                    let message = format!("a record {} does not belong here", record.code);
                    self.error("bai.record", record.at(), message);
                    return;
                }
                (code, _) => {
                    self.error("bai.record", record.at(), format!("`{}` is not a record code", shown(code)));
                    return;
                }
            }
        }
        if !self.ended {
            self.error("bai.record", "end of file", "the file stops before its end (99): it was cut short");
        }
    }

    /// Every physical line counts in its account, its group and its file.
    fn count(&mut self, record: &Record) {
        self.lines += record.parts.len();
        if let Some(group) = &mut self.group {
            group.lines += record.parts.len();
        }
        if let Some(account) = &mut self.account {
            account.lines += record.parts.len();
        }
    }

    fn begin_file(&mut self, record: &Record) {
        let fields = record.fields();
        let field = |n: usize| fields.get(n).map_or("", |f| f.trim());
        let version = field(7).to_owned();
        if version != "2" {
            self.error("bai.version", record.at(), format!("the version is `{}` and not 2", shown(&version)));
        }
        self.file.version = version;
        self.header = Some(Header { file_id: field(4).to_owned() });
    }

    fn begin_group(&mut self, record: &Record) {
        let fields = record.fields();
        let field = |n: usize| fields.get(n).map_or("", |f| f.trim()).to_owned();
        let status = field(2);
        match status.as_str() {
            "1" => {}
            "2" | "3" => {
                let what = if status == "2" { "deletion" } else { "correction" };
                let message = format!("the bank marks this group as a {what}; a person decides what it takes back");
                self.error("bai.status", record.at(), message);
            }
            "4" => self.warn("bai.test", record.at(), "the bank marks this group as a test; nothing of it is posted"),
            _ => self.error("bai.status", record.at(), format!("`{}` is not a group status", shown(&status))),
        }
        let day = field(3);
        let as_of = text::short_date(&day);
        if as_of.is_none() {
            self.error("date", record.at(), format!("`{}` is not a date that exists", shown(&day)));
        }
        self.groups += 1;
        let interim = matches!(field(6).as_str(), "1" | "3");
        let (currency, lines) = (field(5), record.parts.len());
        self.group = Some(Group { as_of, currency, status, interim, sum: 0, accounts: 0, lines });
    }

    fn begin_account(&mut self, record: &Record) {
        let Some(group) = &mut self.group else { return };
        group.accounts += 1;
        let (as_of, group_currency) = (group.as_of, group.currency.clone());
        let fields = record.fields();
        let given = |n: usize| fields.get(n).map(|f| f.trim()).unwrap_or_default();
        let currency = if given(1).is_empty() { group_currency } else { given(1).to_owned() };
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            let message = format!("neither account nor group names a currency (`{}`)", shown(&currency));
            self.error("bai.currency", record.at(), message);
        }
        if given(0).is_empty() {
            self.error("bai.account", record.at(), "the account has no number");
        }
        let file_id = self.header.as_ref().map(|h| h.file_id.clone()).unwrap_or_default();
        let day = as_of.map(|d| d.to_string()).unwrap_or_default();
        let statement = Statement {
            account: given(0).to_owned(),
            currency,
            id: format!("{file_id}/{day}"),
            from_on: as_of,
            to_on: as_of,
            ..Statement::default()
        };
        let (at, lines) = (record.at(), record.parts.len());
        let mut account =
            Account { statement, at: at.clone(), sum: 0, unsigned: 0, lines, credits: None, debits: None };
        let mut rest = fields.get(2..).unwrap_or_default();
        while !rest.is_empty() {
            let [kind, amount] = [0, 1].map(|n| rest.get(n).map(|f| f.trim().to_owned()).unwrap_or_default());
            let Some(funds) = Funds::of(rest.get(3).map_or("", |f| f.trim()), rest.get(4..).unwrap_or_default()) else {
                self.error(
                    "bai.funds",
                    at.as_str(),
                    "the funds type of a balance is not one of Z, 0, 1, 2, V, S and D",
                );
                return;
            };
            rest = rest.get(4 + funds.fields..).unwrap_or_default();
            if kind.is_empty() && amount.is_empty() {
                continue;
            }
            self.summary(&mut account, &kind, &amount);
        }
        self.account = Some(account);
    }

    /// A balance or a sum of the account; blank is not given, and not zero.
    fn summary(&mut self, account: &mut Account, kind: &str, written: &str) {
        if written.is_empty() {
            return;
        }
        let Some(amount) = signed_minor(written) else {
            let message = format!("`{}` is not an amount in whole minor units", shown(written));
            self.error("money.format", account.at.as_str(), message);
            return;
        };
        account.sum += amount;
        account.unsigned += amount.abs();
        match kind {
            "010" => account.statement.opening = Some(amount),
            "015" => account.statement.closing = Some(amount),
            "100" => account.credits = Some(amount),
            "400" => account.debits = Some(amount),
            _ => account.statement.other.push((format!("type {kind}"), written.to_owned())),
        }
    }

    fn transaction(&mut self, record: &Record) {
        let Some(group) = &self.group else { return };
        let as_of = group.as_of.unwrap_or_default();
        let status = match (group.status.as_str(), group.interim) {
            ("4", _) => EntryStatus::Information,
            (_, true) => EntryStatus::Pending,
            _ => EntryStatus::Booked,
        };
        let Some(read) = record.transaction() else {
            self.error(
                "bai.funds",
                record.at(),
                "the funds type is not one of Z, 0, 1, 2, V, S and D, or a field is missing",
            );
            return;
        };
        let digits = !read.amount.is_empty() && read.amount.bytes().all(|b| b.is_ascii_digit());
        let Some(size) = signed_minor(&read.amount).filter(|_| digits) else {
            let message = format!("`{}` is not an amount in whole minor units without a sign", shown(&read.amount));
            self.error("money.format", record.at(), message);
            return;
        };
        let sign = match read.kind.parse::<u16>() {
            Ok(100..=399) => 1,
            Ok(400..=699) => -1,
            _ => {
                let message = format!(
                    "type `{}` is the bank's own: nothing says whether it is money in or money out",
                    shown(&read.kind)
                );
                self.error("bai.type", record.at(), message);
                return;
            }
        };
        let value_on = match read.value_date.as_deref() {
            Some(day) if !day.is_empty() => match text::short_date(day) {
                Some(day) => Some(day),
                None => {
                    self.error("date", record.at(), format!("`{}` is not a date that exists", shown(day)));
                    return;
                }
            },
            _ => None,
        };
        let mut entry = Entry::bare(as_of, sign * size, record.at());
        entry.value_on = value_on;
        entry.status = status;
        describe(&mut entry, read);
        if let Some(account) = &mut self.account {
            account.sum += size;
            account.unsigned += size;
            account.statement.entries.push(entry);
        }
    }

    fn end_account(&mut self, record: &Record) {
        let Some(account) = self.account.take() else { return };
        let total = self.control(record, &[account.sum, account.unsigned]);
        self.counted(record, 1, account.lines, "records of the account");
        if let Some(group) = &mut self.group {
            group.sum += total.unwrap_or(account.sum);
        }
        self.prove(&account);
        self.file.statements.push(account.statement);
    }

    fn end_group(&mut self, record: &Record) {
        let Some(group) = self.group.take() else { return };
        let total = self.control(record, &[group.sum]);
        self.counted(record, 1, group.accounts, "accounts of the group");
        self.counted(record, 2, group.lines, "records of the group");
        self.sum += total.unwrap_or(group.sum);
    }

    fn end_file(&mut self, record: &Record) {
        self.ended = true;
        self.control(record, &[self.sum]);
        self.counted(record, 1, self.groups, "groups of the file");
        self.counted(record, 2, self.lines, "records of the file");
        if self.file.statements.is_empty() && self.file.errors.is_empty() {
            self.error("bai.record", "", "the file holds no account (03)");
        }
    }

    /// The control total as written, when it is one of the sums that it may be.
    fn control(&mut self, record: &Record, sums: &[i64]) -> Option<i64> {
        let fields = record.fields();
        let written = fields.first().map(|f| f.trim().to_owned()).unwrap_or_default();
        if written.is_empty() {
            self.warn("bai.total", record.at(), "the control total is blank and proves nothing");
            return None;
        }
        let total = signed_minor(&written);
        if let Some(total) = total.filter(|t| sums.contains(t)) {
            return Some(total);
        }
        let sum = sums.first().copied().unwrap_or_default();
        let message = format!("the control total says {} and the amounts come to {sum}", shown(&written));
        self.error("bai.total", record.at(), message);
        None
    }

    fn counted(&mut self, record: &Record, place: usize, found: usize, what: &str) {
        let fields = record.fields();
        let written = fields.get(place).map(|f| f.trim().to_owned()).unwrap_or_default();
        if written.parse() != Ok(found) {
            let message = format!("it says {} {what} and there are {found}", shown(&written));
            self.error("bai.count", record.at(), message);
        }
    }

    fn prove(&mut self, account: &Account) {
        let statement = &account.statement;
        let places = money::decimals_of(&statement.currency);
        let words = |minor: i64| money::write_minor(minor, places);
        for (said, sum, side) in
            [(account.credits, statement.credits(), "in"), (account.debits, statement.debits(), "out")]
        {
            if let Some(said) = said.filter(|said| *said != sum) {
                let message =
                    format!("the report says {} of money {side}; its entries come to {}", words(said), words(sum));
                if statement.entries.is_empty() {
                    self.warn("bai.summary", account.at.as_str(), message);
                } else {
                    self.error("bai.total", account.at.as_str(), message);
                }
            }
        }
        if let (Some(opening), Some(closing)) = (statement.opening, statement.closing) {
            let reached = opening + statement.credits() - statement.debits();
            if reached != closing {
                let message = format!(
                    "opening balance and entries come to {}, the closing balance says {}: a difference of {}",
                    words(reached),
                    words(closing),
                    words(closing - reached)
                );
                self.error("bai.balance", account.at.as_str(), message);
            }
        }
    }
}

/// Whole minor units with an optional sign, within what we accept.
fn signed_minor(written: &str) -> Option<i64> {
    let (sign, digits) = match written.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, written.strip_prefix('+').unwrap_or(written)),
    };
    if digits.is_empty() || digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<i64>().ok().filter(|n| *n <= money::LARGEST).map(|n| sign * n)
}
