//! OFX 1 (SGML), OFX 2 (XML) and QFX statement downloads, with the ways real banks bend them.
//!
//! There is no opening balance in OFX: the ledger balance is the closing one, and whether it follows is for whoever
//! knows the statement before it.

use super::ofx_tags::{header, walk};
use super::record::{BankStatementFile, Entry, Statement};
use super::xml::{Listener, Node};
use crate::money::{self, MoneyError};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;

/// The most transactions accepted in one file.
const MOST_ENTRIES: usize = 2_000_000;

/// Reads an OFX file.
pub(crate) fn read(bytes: &[u8]) -> BankStatementFile {
    let header = header(bytes);
    let decoded = text::decode(bytes, header.encoding.as_deref());
    let mut reading = Reading::default();
    reading.file.format = "ofx".to_owned();
    reading.file.version.clone_from(&header.version);
    reading.file.warnings.extend(decoded.warning);
    if let Some((line, _)) = text::control_character(&decoded.text) {
        reading.error("encoding.control", &format!("line {line}"), "a character that no text file should hold");
    } else {
        match walk(&decoded.text, header.xml, &mut reading) {
            Ok(()) => reading.none_found(),
            Err(problem) => reading.file.errors.push(problem),
        }
    }
    reading.file.settled()
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    file: BankStatementFile,
    entries: Vec<Entry>,
    count: usize,
    other_kinds: Vec<String>,
}

impl Listener for Reading {
    fn begun(&mut self, node: &Node, _: &[Node]) {
        if matches!(node.name.as_str(), "INVSTMTRS" | "INVSTMTTRNRS") {
            self.other_kinds.push(node.name.clone());
        }
    }

    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node> {
        let parent = parents.last().map_or("", |p| p.name.as_str());
        match (node.name.as_str(), parent) {
            ("STMTTRN", _) if parents.iter().any(|p| matches!(p.name.as_str(), "STMTRS" | "CCSTMTRS")) => {
                self.transaction(&node);
                None
            }
            ("STMTRS" | "CCSTMTRS", _) => {
                self.statement(&node);
                None
            }
            ("STATUS", "SONRS" | "STMTTRNRS" | "CCSTMTTRNRS") => {
                self.status(&node, parent);
                None
            }
            _ => Some(node),
        }
    }
}

impl Reading {
    fn error(&mut self, code: &str, at: &str, message: impl Into<String>) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(FormatProblem::new(code, at, message));
        }
    }

    fn warn(&mut self, code: &str, at: &str, message: impl Into<String>) {
        const MOST_WARNINGS: usize = 1_000;
        if self.file.warnings.len() < MOST_WARNINGS {
            self.file.warnings.push(FormatProblem::new(code, at, message));
        }
    }

    fn none_found(&mut self) {
        if !self.file.errors.is_empty() {
            return;
        }
        if !self.other_kinds.is_empty() {
            self.error("ofx.kind", "", "this is a statement of investments, not of a bank account");
        } else if self.file.statements.is_empty() {
            self.error("ofx.no_statement", "", "there is no statement in it: a sign-on or a list of accounts only");
        }
    }

    /// The bank says whether it answered.
    fn status(&mut self, node: &Node, of: &str) {
        let code = node.text_at("CODE").unwrap_or("0").to_owned();
        if code.trim_start_matches('0').is_empty() {
            return;
        }
        let words = node.text_at("MESSAGE").unwrap_or("no more is said");
        let what = if of == "SONRS" { "the sign-on failed" } else { "the bank gave no statement" };
        let message = format!("{what}: status {}, `{}`", shown(&code), shown(words));
        self.error("ofx.status", of, message);
    }

    fn transaction(&mut self, node: &Node) {
        self.count += 1;
        if self.count > MOST_ENTRIES {
            if self.count == MOST_ENTRIES + 1 {
                self.error("file.too_many_records", "", "the file has more than 2,000,000 transactions");
            }
            return;
        }
        let at = format!("STMTTRN[{}]", self.count);
        if node.child("CORRECTFITID").is_some() || node.child("CORRECTACTION").is_some() {
            let message = "the bank corrects an earlier transaction; a person decides what it takes back";
            self.error("ofx.correction", &at, message);
            return;
        }
        let posted = self.date(node, "DTPOSTED", &at);
        let amount = self.amount(node.text_at("TRNAMT"), &at);
        let (Some(booked_on), Some(amount)) = (posted, amount) else { return };
        let mut entry = Entry::bare(booked_on, amount, at.clone());
        entry.value_on = node.text_at("DTAVAIL").and_then(day);
        entry.kind = node.text_at("TRNTYPE").unwrap_or("").to_uppercase();
        entry.bank_reference = node.text_at("FITID").map(str::to_owned);
        if entry.bank_reference.is_none() {
            self.warn("ofx.no_id", &at, "the transaction has no FITID; what it says tells it from others");
        }
        entry.payer_name = node.first_text(&["NAME", "PAYEE/NAME", "EXTDNAME"]).map(str::to_owned);
        entry.customer_reference = node.first_text(&["CHECKNUM", "CHKNUM"]).map(str::to_owned);
        entry.text = node.text_at("MEMO").unwrap_or("").to_owned();
        entry.payer_account = node.text_at("BANKACCTTO/ACCTID").map(str::to_owned);
        for part in &node.children {
            let read = ["DTPOSTED", "TRNAMT", "TRNTYPE", "FITID", "NAME", "MEMO"].contains(&part.name.as_str());
            if !read && !part.text.trim().is_empty() {
                entry.other.push((part.name.clone(), part.text.trim().to_owned()));
            }
        }
        self.entries.push(entry);
    }

    fn date(&mut self, node: &Node, name: &str, at: &str) -> Option<NaiveDate> {
        let Some(written) = node.text_at(name) else {
            self.error("date", at, format!("the transaction has no date ({name})"));
            return None;
        };
        let read = day(written);
        if read.is_none() {
            self.error("date", at, format!("`{}` is not a date that exists", shown(written)));
        }
        read
    }

    /// A signed decimal, as written: in minor units once the currency is known, so kept at two places until then.
    fn amount(&mut self, written: Option<&str>, at: &str) -> Option<i64> {
        let Some(written) = written else {
            self.error("ofx.amount", at, "the transaction has no amount (TRNAMT)");
            return None;
        };
        match decimal(written, 2) {
            Ok(amount) => Some(amount),
            Err(problem) => {
                self.error(problem.code(), at, format!("`{}` {}", shown(written), problem.words()));
                None
            }
        }
    }

    fn statement(&mut self, node: &Node) {
        let at = format!("STMTRS[{}]", self.file.statements.len() + 1);
        let mut entries = std::mem::take(&mut self.entries);
        let currency = node.text_at("CURDEF").unwrap_or("").to_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            self.error("ofx.currency", &at, format!("`{}` is not a currency code", shown(&currency)));
        }
        let from = node.child("BANKACCTFROM").or_else(|| node.child("CCACCTFROM"));
        let account = from.map(account).unwrap_or_default();
        if account.is_empty() {
            self.error("ofx.account", &at, "the statement names no account (ACCTID)");
        }
        let places = money::decimals_of(&currency);
        if places == 0 {
            for entry in &mut entries {
                if entry.amount % 100 == 0 {
                    entry.amount /= 100;
                } else {
                    self.error("money.precision", &entry.at, format!("{currency} has no smaller unit"));
                }
            }
        } else if places != 2 {
            self.error("ofx.currency", &at, format!("{currency} is not a currency we read in OFX"));
        }
        let closing = self.ledger_balance(node, places, &at);
        let lists: Vec<&Node> = node.all("BANKTRANLIST").collect();
        let ends = |name: &str| lists.iter().filter_map(|list| list.text_at(name).and_then(day)).collect::<Vec<_>>();
        if lists.iter().any(|l| ["DTSTART", "DTEND"].iter().any(|n| l.text_at(n).is_some_and(|t| day(t).is_none()))) {
            self.warn(
                "ofx.period",
                &at,
                "the first or last day of the list is not a date; its transactions say the days",
            );
        }
        let statement = Statement {
            account,
            currency,
            closing,
            from_on: ends("DTSTART").into_iter().min().or_else(|| entries.iter().map(|e| e.booked_on).min()),
            to_on: ends("DTEND").into_iter().max().or_else(|| entries.iter().map(|e| e.booked_on).max()),
            entries,
            ..Statement::default()
        };
        self.file.statements.push(statement);
    }

    fn ledger_balance(&mut self, node: &Node, places: u32, at: &str) -> Option<i64> {
        let Some(written) = node.text_at("LEDGERBAL/BALAMT") else {
            self.warn("ofx.no_balance", at, "the statement has no ledger balance; nothing can be proved by it");
            return None;
        };
        match decimal(written, places) {
            Ok(balance) => Some(balance),
            Err(problem) => {
                self.error(
                    problem.code(),
                    &format!("{at}/LEDGERBAL"),
                    format!("`{}` {}", shown(written), problem.words()),
                );
                None
            }
        }
    }
}

/// UK: sort code and account run together when they are given as such; otherwise the account as given.
fn account(from: &Node) -> String {
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let bank = from.text_at("BANKID").unwrap_or("").replace(['-', ' '], "");
    let account = from.text_at("ACCTID").unwrap_or("");
    if digits(&bank, 6) && digits(account, 8) { format!("{bank}{account}") } else { account.to_owned() }
}

/// The day part of `YYYYMMDD[HHMMSS[.XXX]][[offset:TZ]]`, as written: no shift by time zone.
fn day(written: &str) -> Option<NaiveDate> {
    let written = written.trim();
    let (day, rest) = written.split_at_checked(8)?;
    let digits = day.bytes().all(|b| b.is_ascii_digit());
    let plain = rest.is_empty() || rest.starts_with(['[', '.', ' ', 'T']) || rest.as_bytes()[0].is_ascii_digit();
    (digits && plain).then(|| text::date(day, "%Y%m%d")).flatten()
}

/// A signed decimal with a point or a comma; a plus sign and a space after the sign are taken.
fn decimal(written: &str, places: u32) -> Result<i64, MoneyError> {
    let text = written.trim();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let rest = rest.trim_start();
    let (points, commas) = (rest.matches('.').count(), rest.matches(',').count());
    let read = match (points, commas) {
        (0 | 1, 0) => money::unsigned(&leading_zero(rest, '.'), places, '.'),
        (0, 1) => money::unsigned(&leading_zero(rest, ','), places, ','),
        // 1,234.56 is plain; 1.234,56 is as plain.
        (1, _) if rest.rfind(',') < rest.rfind('.') => {
            grouped(rest, ',', '.').and_then(|t| money::unsigned(&t, places, '.'))
        }
        (_, 1) if rest.rfind('.') < rest.rfind(',') => {
            grouped(rest, '.', ',').and_then(|t| money::unsigned(&t, places, ','))
        }
        _ => Err(MoneyError::Format),
    };
    read.map(|minor| sign * minor)
}

/// `.50` is written by some; the whole part is then nothing.
fn leading_zero(text: &str, point: char) -> String {
    if text.starts_with(point) && text.len() > 1 { format!("0{text}") } else { text.to_owned() }
}

fn grouped(text: &str, group: char, point: char) -> Result<String, MoneyError> {
    let whole = text.split(point).next().unwrap_or("");
    let mut groups = whole.split(group);
    let first = groups.next().map_or(0, str::len);
    let fits = (1..=3).contains(&first) && groups.all(|g| g.len() == 3);
    if fits { Ok(text.replace(group, "")) } else { Err(MoneyError::Format) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_banks_write_them_in_ofx() {
        for (text, minor) in [
            ("-12.00", -1_200),
            ("+12.5", 1_250),
            ("- 12,00", -1_200),
            ("1,234.56", 123_456),
            ("1.234,56", 123_456),
            ("-.5", -50),
            ("7", 700),
        ] {
            assert_eq!(decimal(text, 2), Ok(minor), "{text}");
        }
        for text in ["", "-", "12.345", "1,2,3", "abc", "1.2.3", "--1", "12 00"] {
            assert!(decimal(text, 2).is_err(), "{text}");
        }
        assert_eq!(decimal("3858.6713", 2), Err(MoneyError::Precision));
    }

    #[test]
    fn dates_lose_their_time_and_zone_and_nothing_else() {
        for text in ["20261120", "20261120235959", "20261120120000.000[-7:MST]", "20261120[0:GMT]"] {
            assert_eq!(day(text).map(|d| d.to_string()).as_deref(), Some("2026-11-20"), "{text}");
        }
        for text in ["00000000", "010126", "20260230", "2026-11-20", ""] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
