//! BAI2 lines to records: 88 goes on with the record before it, and how many fields follow depends on the funds type.

use crate::problem::FormatProblem;

/// The most lines accepted in one file.
const MOST_LINES: usize = 2_000_000;

/// One physical line of a record, without its code.
pub(crate) struct Part {
    /// What it says, without the `/` that ends it.
    pub text: String,
    /// Whether the line was as long as a line may be, so that its text runs on into the next.
    pub full: bool,
}

/// One record with its continuations.
pub(crate) struct Record {
    pub code: String,
    pub line: usize,
    pub parts: Vec<Part>,
}

/// A 16 record, split.
pub(crate) struct Transaction {
    pub kind: String,
    pub amount: String,
    pub value_date: Option<String>,
    pub bank_reference: String,
    pub customer_reference: String,
    pub text: Vec<Part>,
}

/// How many fields a funds type brings.
pub(crate) struct Funds {
    pub fields: usize,
}

impl Funds {
    /// By the letter and the fields after it; nothing when the letter is not one of the standard's.
    pub fn of<S: AsRef<str>>(letter: &str, after: &[S]) -> Option<Self> {
        let plain = |fields| Some(Self { fields });
        match letter {
            "" | "Z" | "0" | "1" | "2" => plain(0),
            "V" => plain(2),
            "S" => plain(3),
            "D" => {
                let pairs: usize = after.first()?.as_ref().trim().parse().ok()?;
                plain(pairs.checked_mul(2)?.checked_add(1)?)
            }
            _ => None,
        }
    }
}

impl Record {
    /// Where it begins.
    pub fn at(&self) -> String {
        format!("line {}", self.line)
    }

    /// The fields of all its lines in order.
    pub fn fields(&self) -> Vec<&str> {
        self.parts.iter().flat_map(|part| part.text.split(',')).collect()
    }

    /// The parts of a 16 record: fields from the left, then text to the end with whatever it holds.
    pub fn transaction(&self) -> Option<Transaction> {
        let mut taker = Taker { parts: &self.parts, part: 0, at: Some(0) };
        let (kind, amount) = (taker.next()?, taker.next()?);
        let letter = taker.next().unwrap_or_default();
        let count = if letter == "D" { taker.next()? } else { String::new() };
        let funds = Funds::of(&letter, &[count.as_str()])?;
        let mut extra = Vec::new();
        for _ in usize::from(letter == "D")..funds.fields {
            extra.push(taker.next()?);
        }
        let value_date = extra.first().filter(|_| letter == "V").cloned();
        // Only the first line's fields: what a continuation says from here on is text.
        let bank_reference = taker.next_on_line().unwrap_or_default();
        let customer_reference = taker.next_on_line().unwrap_or_default();
        Some(Transaction { kind, amount, value_date, bank_reference, customer_reference, text: taker.rest() })
    }
}

/// Takes fields from the left of a record.
struct Taker<'a> {
    parts: &'a [Part],
    part: usize,
    at: Option<usize>,
}

impl Taker<'_> {
    fn next(&mut self) -> Option<String> {
        while self.at.is_none() {
            self.part += 1;
            self.at = (self.part < self.parts.len()).then_some(0);
            if self.part >= self.parts.len() {
                return None;
            }
        }
        self.next_on_line()
    }

    fn next_on_line(&mut self) -> Option<String> {
        let rest = self.parts.get(self.part)?.text.get(self.at?..)?;
        let (field, after) = match rest.find(',') {
            Some(comma) => (&rest[..comma], self.at.map(|at| at + comma + 1)),
            None => (rest, None),
        };
        self.at = after;
        Some(field.trim().to_owned())
    }

    /// What is left, line by line.
    fn rest(&self) -> Vec<Part> {
        let here = self.parts.get(self.part).and_then(|part| {
            let text = part.text.get(self.at?..)?.to_owned();
            (!text.trim().is_empty()).then_some(Part { text, full: part.full })
        });
        let later = self.parts.iter().skip(self.part + 1).map(|p| Part { text: p.text.clone(), full: p.full });
        here.into_iter().chain(later).collect()
    }
}

/// The records of a file whose lines end in one line feed.
pub(crate) fn records(text: &str) -> Result<Vec<Record>, FormatProblem> {
    let mut records: Vec<Record> = Vec::new();
    for (index, raw) in text.lines().enumerate() {
        let line = raw.trim_start_matches('\u{FEFF}').trim_end();
        if line.trim().is_empty() {
            continue;
        }
        if index >= MOST_LINES {
            return Err(FormatProblem::new("file.too_many_records", "", "the file has more than 2,000,000 lines"));
        }
        let (code, rest) = line.split_once(',').unwrap_or((line, ""));
        let code = code.trim().trim_end_matches('/');
        let text = rest.strip_suffix('/').unwrap_or(rest).to_owned();
        let part = Part { text, full: raw.chars().count() >= 79 && !rest.ends_with('/') };
        match (code, records.last_mut()) {
            ("88", Some(record)) => record.parts.push(part),
            _ => records.push(Record { code: code.to_owned(), line: index + 1, parts: vec![part] }),
        }
    }
    if records.is_empty() {
        return Err(FormatProblem::new("bai.record", "", "the file is empty"));
    }
    Ok(records)
}
