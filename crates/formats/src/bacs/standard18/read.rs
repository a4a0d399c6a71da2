//! Bytes to records, proved.

use super::write::totals;
use super::{Code, Record, Totals};
use crate::bacs::words;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A file taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Serial of the volume.
    pub serial: String,
    /// Service user number.
    pub sun: String,
    /// The day it was made.
    pub created_on: NaiveDate,
    /// The account that collects or pays: sort code and account number.
    pub origin: (String, String),
    /// What it moves, contras left out.
    pub records: Vec<Record>,
    /// The contras.
    pub contras: Vec<Record>,
    /// What the trailer says, proved against the records.
    pub totals: Totals,
}

/// The labels in their order, around the records.
const LABELS: [&str; 7] = ["VOL1", "HDR1", "HDR2", "UHL1", "EOF1", "EOF2", "UTL1"];

/// Takes a file apart and proves it: widths, labels, character set, codes, amounts, totals, contras.
///
/// # Errors
/// Everything that is wrong, with its line.
pub fn read(bytes: &[u8]) -> Result<Parsed, Vec<FormatProblem>> {
    let one = |problem| vec![problem];
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii());
    let text = text.ok_or_else(|| one(FormatProblem::new("bacs.charset", "", "the file is not plain ASCII")))?;
    let lines: Vec<&str> = lines(text);
    if lines.len() < 8 {
        return Err(one(FormatProblem::new("bacs.labels", "", "the file has too few lines for its labels")));
    }
    let count = lines.len();
    let places = [0, 1, 2, 3, count - 3, count - 2, count - 1];
    let mut wrong = Vec::new();
    for (place, label) in places.into_iter().zip(LABELS) {
        let at = format!("line {}", place + 1);
        if !lines[place].starts_with(label) {
            wrong.push(FormatProblem::new("bacs.labels", &at, format!("{label} should stand here")));
        }
        if lines[place].len() != 80 {
            wrong.push(FormatProblem::new("bacs.length", &at, format!("{} characters, not 80", lines[place].len())));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    body(&lines)
}

fn body(lines: &[&str]) -> Result<Parsed, Vec<FormatProblem>> {
    let mut wrong = Vec::new();
    let bad = |line: usize, code: &str, message: String| FormatProblem::new(code, format!("line {line}"), message);
    let length: usize = lines[2][10..15].parse().unwrap_or(0);
    if length != 100 && length != 106 {
        wrong.push(bad(3, "bacs.length", format!("records of “{}” characters", &lines[2][10..15])));
    }
    let process_on = julian(&lines[3][4..10]);
    if process_on.is_none() {
        wrong.push(bad(4, "bacs.date", format!("“{}” is not a processing day", &lines[3][4..10])));
    }
    let created_on = julian(&lines[1][41..47]);
    if created_on.is_none() {
        wrong.push(bad(2, "bacs.date", format!("“{}” is not a day", &lines[1][41..47])));
    }
    let (mut records, mut contras) = (Vec::new(), Vec::new());
    let mut origin: Option<(String, String)> = None;
    for (index, line) in lines[4..lines.len() - 3].iter().enumerate() {
        match data(line, length, process_on) {
            Ok((record, from)) => {
                if origin.get_or_insert_with(|| from.clone()) != &from {
                    wrong.push(bad(index + 5, "bacs.origin", "a second originating account".into()));
                }
                let contra = record.reference == "CONTRA" && (record.sort_code.clone(), record.account.clone()) == from;
                if contra { contras.push(record) } else { records.push(record) }
            }
            Err(problems) => wrong.extend(problems.into_iter().map(|(code, why)| bad(index + 5, code, why))),
        }
    }
    let (Some(created_on), true) = (created_on, wrong.is_empty()) else { return Err(wrong) };
    let totals = totals(records.iter().chain(&contras));
    prove(lines[lines.len() - 1], &totals, &records, &contras)?;
    let (serial, sun) = (lines[0][4..10].to_owned(), lines[1][5..11].to_owned());
    Ok(Parsed { serial, sun, created_on, origin: origin.unwrap_or_default(), records, contras, totals })
}

fn lines(text: &str) -> Vec<&str> {
    if text.contains('\n') {
        return text.split('\n').map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty()).collect();
    }
    let length = text.get(170..175).and_then(|t| t.parse::<usize>().ok()).filter(|l| *l == 100 || *l == 106);
    let (Some(length), true) = (length, text.len() > 560) else { return vec![text] };
    let (head, rest) = text.split_at(320);
    let (data, tail) = rest.split_at(rest.len() - 240);
    let mut lines = Vec::new();
    for (part, width) in [(head, 80), (data, length), (tail, 80)] {
        lines.extend((0..part.len()).step_by(width).map(|from| &part[from..(from + width).min(part.len())]));
    }
    lines
}

fn julian(text: &str) -> Option<NaiveDate> {
    let digits = text.strip_prefix(' ').filter(|t| t.len() == 5 && t.bytes().all(|b| b.is_ascii_digit()))?;
    NaiveDate::parse_from_str(&format!("20{digits}"), "%Y%j").ok()
}

type Faults = Vec<(&'static str, String)>;

fn data(line: &str, length: usize, day: Option<NaiveDate>) -> Result<(Record, (String, String)), Faults> {
    if line.len() != length {
        return Err(vec![("bacs.length", format!("{} characters, not {length}", line.len()))]);
    }
    let mut wrong: Faults = Vec::new();
    for (name, from) in [("service user name", 46), ("reference", 64), ("account name", 82)] {
        let field = &line[from..from + 18];
        if let Some(at) = field.chars().position(|c| !words::allowed(c)) {
            wrong.push(("bacs.charset", format!("position {} of the {name}: “{}”", at + 1, shown(field))));
        }
    }
    let digits = |from: usize, to: usize| line[from..to].bytes().all(|b| b.is_ascii_digit());
    if !digits(0, 14) || !digits(17, 31) || !digits(35, 46) {
        wrong.push(("bacs.digits", "a sort code, an account or an amount is not digits".into()));
    }
    let code = Code::parse(&line[15..17]);
    if code.is_none() {
        wrong.push(("bacs.code", format!("“{}” is not a transaction code", shown(&line[15..17]))));
    }
    let process_on = if length == 106 { julian(&line[100..106]) } else { day };
    let amount_pence: i64 = line[35..46].parse().unwrap_or_default();
    if let Some(code) = code
        && code.is_instruction() != (amount_pence == 0)
    {
        wrong.push(("bacs.amount", format!("code {} with {amount_pence} pence", code.as_str())));
    }
    if process_on.is_none() {
        wrong.push(("bacs.date", "the processing day is not a day".into()));
    }
    let (Some(code), Some(process_on), true) = (code, process_on, wrong.is_empty()) else { return Err(wrong) };
    let record = Record {
        code,
        sort_code: line[0..6].into(),
        account: line[6..14].into(),
        name: line[82..100].trim_end().into(),
        reference: line[64..82].trim_end().into(),
        amount_pence,
        process_on,
    };
    Ok((record, (line[17..23].into(), line[23..31].into())))
}

fn prove(utl: &str, found: &Totals, records: &[Record], contras: &[Record]) -> Result<(), Vec<FormatProblem>> {
    let mut wrong = Vec::new();
    let number = |from: usize, to: usize| utl[from..to].trim().parse::<i64>().unwrap_or(-1);
    let said = [number(4, 17), number(17, 30), number(30, 37), number(37, 44)];
    let sums = [found.debits_pence, found.credits_pence, i64::from(found.debits), i64::from(found.credits)];
    if said != sums {
        let message = format!("the trailer says {said:?} and the records make {sums:?}");
        wrong.push(FormatProblem::new("bacs.total", "UTL1", message));
    }
    let mut balance: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for record in records.iter().chain(contras) {
        let signed = if record.code == Code::Credit { -record.amount_pence } else { record.amount_pence };
        *balance.entry(record.process_on).or_default() += signed;
    }
    if !contras.is_empty() && balance.values().any(|sum| *sum != 0) {
        wrong.push(FormatProblem::new(
            "bacs.contra",
            "",
            "debits and credits of a day do not balance with its contras",
        ));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}
