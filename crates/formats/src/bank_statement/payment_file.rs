//! Payment files of collection agents: allpay, giro and barcode, bill payment, lockbox, each by its layout.

use super::payment_layout::{CheckDigit, Field, FieldType, Layout, RecordLayout, Use, layouts};
use super::record::{BankStatementFile, Entry, Statement};
use crate::money;
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashSet};

/// The most records accepted in one file.
const MOST_RECORDS: usize = 2_000_000;

/// Reads a payment file by the name of a layout that ships.
pub(crate) fn read(bytes: &[u8], layout: &str) -> BankStatementFile {
    match layouts().iter().find(|known| known.name == layout) {
        Some(layout) => read_by(bytes, layout),
        None => {
            let message = format!("there is no layout `{}`", shown(layout));
            BankStatementFile::refused("payment-file", FormatProblem::new("payfile.layout", "", message))
        }
    }
}

/// Reads a payment file by a layout.
pub(crate) fn read_by(bytes: &[u8], layout: &Layout) -> BankStatementFile {
    let decoded = text::decode(bytes, None);
    let mut reading = Reading::new(layout);
    reading.file.warnings.extend(decoded.warning);
    if let Some(problem) = layout.problems().into_iter().next() {
        reading.file.errors.push(problem);
    } else if let Some((line, _)) = text::control_character(&decoded.text) {
        reading.error("encoding.control", &format!("line {line}"), "a character that no text file should hold");
    } else {
        reading.lines(&text::with_line_feeds(decoded.text));
    }
    reading.finish()
}

/// The values of one record by name.
#[derive(Default)]
struct Values {
    texts: BTreeMap<String, String>,
    amounts: BTreeMap<String, i64>,
    dates: BTreeMap<String, NaiveDate>,
}

struct Reading<'a> {
    layout: &'a Layout,
    file: BankStatementFile,
    statement: Statement,
    header_date: Option<NaiveDate>,
    seen: HashSet<String>,
    records: usize,
    trailers: usize,
}

impl<'a> Reading<'a> {
    fn new(layout: &'a Layout) -> Self {
        let format = format!("payment-file:{}", layout.name);
        Self {
            layout,
            file: BankStatementFile { format, ..BankStatementFile::default() },
            statement: Statement { currency: layout.currency.clone(), ..Statement::default() },
            header_date: None,
            seen: HashSet::new(),
            records: 0,
            trailers: 0,
        }
    }

    fn error(&mut self, code: &str, at: &str, message: impl Into<String>) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(FormatProblem::new(code, at, message));
        }
    }

    fn lines(&mut self, content: &str) {
        for (index, line) in content.trim_start_matches('\u{FEFF}').lines().enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            self.records += 1;
            if self.records > MOST_RECORDS {
                self.error("file.too_many_records", "", "the file has more than 2,000,000 records");
                return;
            }
            let at = format!("line {}", index + 1);
            let length = line.chars().count();
            if self.layout.record_length > 0 && length != self.layout.record_length {
                let message = format!("the record has {length} characters and not {}", self.layout.record_length);
                self.error("payfile.length", &at, message);
                continue;
            }
            self.record(line, &at);
        }
    }

    fn record(&mut self, line: &str, at: &str) {
        let cells: Option<Vec<&str>> = self.layout.delimiter.map(|d| line.split(d).map(str::trim).collect());
        let begins = |record: &&RecordLayout| match &cells {
            Some(cells) => cells.get(record.start - 1) == Some(&record.equals.as_str()),
            None => characters(line, record.start, record.equals.chars().count()) == Some(record.equals.clone()),
        };
        let Some(record) = self.layout.records.iter().find(begins) else {
            self.error("payfile.record", at, format!("`{}` is no record of this layout", shown(line)));
            return;
        };
        if record.purpose == Use::Ignore {
            return;
        }
        if self.trailers > 0 {
            self.error("payfile.record", at, "there is a record after the trailer");
            return;
        }
        let mut values = Values::default();
        for field in &record.fields {
            let written = match &cells {
                Some(cells) => cells.get(field.start - 1).map(|c| (*c).to_owned()),
                None => characters(line, field.start, field.length),
            };
            self.value(field, written, at, &mut values);
        }
        match record.purpose {
            Use::Header => self.header(values),
            Use::Detail => self.detail(values, at),
            Use::Trailer => self.trailer(&values, at),
            Use::Ignore => {}
        }
    }

    fn value(&mut self, field: &Field, written: Option<String>, at: &str, values: &mut Values) {
        let Some(written) = written.map(|w| w.trim().to_owned()) else {
            self.error("payfile.length", at, format!("the record ends before `{}`", field.name));
            return;
        };
        let name = field.name.clone();
        match &field.kind {
            FieldType::Text => {}
            FieldType::Digits => {
                if !written.bytes().all(|b| b.is_ascii_digit()) {
                    self.error("payfile.digits", at, format!("`{name}` is `{}` and not digits", shown(&written)));
                    return;
                }
            }
            FieldType::Date(format) => match text::date(&written, format) {
                Some(day) => drop(values.dates.insert(name.clone(), day)),
                None => {
                    self.error("date", at, format!("`{}` is not a date that exists", shown(&written)));
                    return;
                }
            },
            kind => match amount(kind, &written, &self.layout.currency) {
                Ok(size) => drop(values.amounts.insert(name.clone(), size)),
                Err(problem) => {
                    self.error(problem.code(), at, format!("`{}` {}", shown(&written), problem.words()));
                    return;
                }
            },
        }
        values.texts.insert(name, written);
    }

    fn header(&mut self, values: Values) {
        self.header_date = values.dates.get("date").copied().or(self.header_date);
        for (name, written) in values.texts {
            match name.as_str() {
                "account" => self.statement.account = written,
                "client" => self.statement.account_name = Some(written),
                _ => self.statement.other.push((name, written)),
            }
        }
    }

    fn detail(&mut self, mut values: Values, at: &str) {
        let Some(size) = values.amounts.get("amount").copied() else { return };
        let Some(day) = values.dates.get("date").copied().or(self.header_date) else {
            self.error("date", at, "neither the payment nor the file's header has a date");
            return;
        };
        let mut take = |name: &str| values.texts.remove(name).filter(|t| !t.is_empty());
        let taken_back = take("reversal").is_some_and(|mark| self.layout.reversal_words.contains(&mark));
        if taken_back && size < 0 {
            self.error("payfile.sign", at, "a payment taken back must not carry a sign as well");
            return;
        }
        let mut entry = Entry::bare(day, if taken_back { -size } else { size }, at.to_owned());
        entry.reversal = taken_back || size < 0;
        entry.text = take("reference").unwrap_or_default();
        entry.kind = take("channel").unwrap_or_default();
        entry.payer_name = take("payer");
        entry.payer_sort_code = take("payer_sort_code");
        entry.payer_account = take("payer_account");
        entry.bank_reference = take("transaction");
        take("amount");
        take("date");
        if !checks(self.layout.check_digit, &entry.text) {
            let message =
                format!("our reference `{}` fails its check digit; the payment goes to suspense", shown(&entry.text));
            self.file.warnings.push(FormatProblem::new("payfile.check_digit", at, message));
        }
        if let Some(number) = entry.bank_reference.clone().filter(|_| self.layout.unique)
            && !self.seen.insert(number.clone())
        {
            self.error("payfile.duplicate", at, format!("payment `{}` is in the file twice", shown(&number)));
        }
        entry.other.extend(values.texts);
        self.statement.entries.push(entry);
    }

    fn trailer(&mut self, values: &Values, at: &str) {
        self.trailers += 1;
        let found = self.statement.entries.len();
        if let Some(count) = values.texts.get("count").filter(|count| count.parse() != Ok(found)) {
            self.error(
                "payfile.total",
                at,
                format!("the trailer says {} payments and there are {found}", shown(count)),
            );
        }
        let sum = self.statement.credits() - self.statement.debits();
        if let Some(said) = values.amounts.get("sum").filter(|said| **said != sum) {
            let places = money::decimals_of(&self.layout.currency);
            let words = |minor: i64| money::write_minor(minor, places);
            let message = format!("the trailer says {} and the payments come to {}", words(*said), words(sum));
            self.error("payfile.total", at, message);
        }
    }

    fn finish(mut self) -> BankStatementFile {
        if self.layout.trailer && self.trailers == 0 && self.file.errors.is_empty() {
            self.error("payfile.total", "end of file", "the file has no trailer: it was cut short");
        }
        if self.records == 0 && self.file.errors.is_empty() {
            self.error("file.empty", "", "the file is empty");
        }
        let days = || self.statement.entries.iter().map(|e| e.booked_on);
        (self.statement.from_on, self.statement.to_on) = (days().min(), days().max());
        self.statement.id = self.header_date.map(|d| d.to_string()).unwrap_or_default();
        self.file.statements.push(self.statement);
        self.file.settled()
    }
}

/// Characters by place, counted from 1; nothing when the line is too short. A cut last field counts as it is.
fn characters(line: &str, start: usize, length: usize) -> Option<String> {
    let found: String = line.chars().skip(start - 1).take(length).collect();
    (!found.is_empty()).then_some(found)
}

fn amount(kind: &FieldType, written: &str, currency: &str) -> Result<i64, money::MoneyError> {
    let places = money::decimals_of(currency);
    let minor = |text: &str| money::unsigned(text, 0, '.');
    match kind {
        FieldType::Pence => minor(written),
        FieldType::SignedPence => match (written.strip_prefix('-').or(written.strip_suffix('-')), written) {
            (Some(rest), _) => minor(rest).map(|m| -m),
            (None, rest) => minor(rest.strip_prefix('+').or(rest.strip_suffix('+')).unwrap_or(rest)),
        },
        _ => money::bank_amount(written, money::Style { decimals: places, ..money::Style::POUNDS }),
    }
}

/// Whether a reference carries its own check.
fn checks(kind: CheckDigit, reference: &str) -> bool {
    let values: Option<Vec<u32>> =
        reference.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_digit(36)).collect();
    let Some(values) = values.filter(|v| v.len() >= 2) else { return kind == CheckDigit::None };
    match kind {
        CheckDigit::None => true,
        CheckDigit::Luhn => {
            // A letter stands for two digits.
            let digits: Vec<u32> =
                values.iter().flat_map(|v| if *v > 9 { vec![v / 10, v % 10] } else { vec![*v] }).collect();
            let doubled = |(place, digit): (usize, &u32)| match (place % 2, digit * 2) {
                (0, _) => *digit,
                (_, twice) => twice / 10 + twice % 10,
            };
            digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
        }
        CheckDigit::Mod11 => {
            let weighed = values.iter().rev().zip((1u32..=10).cycle()).map(|(v, weight)| v * weight);
            weighed.sum::<u32>().is_multiple_of(11)
        }
        CheckDigit::Mod97 => values.iter().fold(0u32, |rest, v| (rest * if *v > 9 { 100 } else { 10 } + v) % 97) == 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: &str = "H20261120CLIENT0042\nD98261234560004521970000002455020261120120931PO\nD98261234560009999180000001200020261120140221PP\nT0000020000000036550\n";

    fn codes(text: &str) -> Vec<String> {
        let file = read(text.as_bytes(), "agent-example");
        assert!(file.errors.is_empty() || file.statements.is_empty());
        file.errors.into_iter().map(|e| e.code).collect()
    }

    #[test]
    fn the_example_of_a_fixed_layout_reads() {
        let file = read(AGENT.as_bytes(), "agent-example");
        assert_eq!(file.errors, []);
        let statement = &file.statements[0];
        assert_eq!((statement.entries.len(), statement.credits()), (2, 36_550));
        assert_eq!(
            (statement.entries[0].text.as_str(), statement.entries[0].kind.as_str()),
            ("9826123456000452197", "PO")
        );
        assert!(!file.moves_cash(), "the bank's own line moves cash");
    }

    #[test]
    fn a_payment_file_that_cannot_be_trusted_is_refused_by_code() {
        for (from, to, code) in [
            ("T000002", "T000003", "payfile.total"),
            ("036550", "036551", "payfile.total"),
            ("T0000020000000036550\n", "", "payfile.total"),
            ("H2026", "X2026", "payfile.record"),
            ("00024550", "0002455O", "money.format"),
            ("H20261120", "H20260230", "date"),
            ("D982612345600045", "D98261234560OO45", "payfile.digits"),
        ] {
            let text = AGENT.replace(from, to);
            assert_ne!(text, AGENT, "{from}");
            assert!(codes(&text).contains(&code.to_owned()), "{code}: {:?}", codes(&text));
        }
        assert_eq!(codes(""), ["payfile.total"]);
        assert_eq!(read(b"", "none").errors[0].code, "payfile.layout");
    }

    #[test]
    fn a_lockbox_deposit_adds_up_and_each_cheque_comes_once() {
        let good = "DEPOSIT,2026-11-20,08999966374958\nITEM,100001,200000,12345678,MRS A PATEL,SI0004521,245.50\nITEM,100002,200001,87654321,ORCHARD LTD,SI0004522,120.00\nEND,2,365.50\n";
        let file = read(good.as_bytes(), "lockbox-example");
        assert_eq!(file.errors, []);
        assert_eq!(file.statements[0].account, "08999966374958");
        assert_eq!(file.statements[0].entries[1].payer_name.as_deref(), Some("ORCHARD LTD"));
        let twice = read(good.replace("100002", "100001").as_bytes(), "lockbox-example");
        assert_eq!(twice.errors[0].code, "payfile.duplicate");
    }

    #[test]
    fn check_digits() {
        assert!(checks(CheckDigit::Luhn, "79927398713") && !checks(CheckDigit::Luhn, "79927398714"));
        assert!(
            checks(CheckDigit::Mod97, "3214282912345698765432161182")
                && !checks(CheckDigit::Mod97, "3214282912345698765432161183")
        );
        assert!(checks(CheckDigit::Mod11, "0306406152") && !checks(CheckDigit::Mod11, "0306406153"));
    }
}
