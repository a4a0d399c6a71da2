//! What a bureau found.

use crate::exchange::{Table, rows};
use crate::problem::{FormatProblem, shown};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// What a bureau says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultCode {
    /// Lives where we think.
    Confirmed,
    /// A new address, by two sources of their own.
    FoundProven,
    /// A candidate.
    FoundUnproven,
    /// Several fit.
    Multiple,
    /// Nothing.
    NotFound,
    /// Died.
    Deceased,
    /// Insolvent.
    Insolvent,
    /// Left the country.
    GoneAbroad,
}

impl ResultCode {
    fn parse(code: &str) -> Option<ResultCode> {
        Some(match code {
            "CONFIRMED" => ResultCode::Confirmed,
            "FOUND_PROVEN" => ResultCode::FoundProven,
            "FOUND_UNPROVEN" => ResultCode::FoundUnproven,
            "MULTIPLE" => ResultCode::Multiple,
            "NOT_FOUND" => ResultCode::NotFound,
            "DECEASED" => ResultCode::Deceased,
            "INSOLVENT" => ResultCode::Insolvent,
            "GONE_ABROAD" => ResultCode::GoneAbroad,
            _ => return None,
        })
    }

    /// As it is written.
    pub fn code(self) -> &'static str {
        match self {
            ResultCode::Confirmed => "CONFIRMED",
            ResultCode::FoundProven => "FOUND_PROVEN",
            ResultCode::FoundUnproven => "FOUND_UNPROVEN",
            ResultCode::Multiple => "MULTIPLE",
            ResultCode::NotFound => "NOT_FOUND",
            ResultCode::Deceased => "DECEASED",
            ResultCode::Insolvent => "INSOLVENT",
            ResultCode::GoneAbroad => "GONE_ABROAD",
        }
    }
}

/// An address that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Flat.
    pub flat: String,
    /// House by name.
    pub house_name: String,
    /// House by number.
    pub house_number: String,
    /// Street.
    pub street: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// First seen there.
    pub first_seen_on: Option<NaiveDate>,
    /// Last seen there.
    pub last_seen_on: Option<NaiveDate>,
    /// By which sources; a bureau that only counts them gives a number.
    pub sources: Vec<String>,
}

impl Found {
    /// How many sources say so: each name once, or the bureau's own count.
    pub fn source_count(&self) -> usize {
        if let [one] = self.sources.as_slice()
            && let Ok(count) = one.parse()
        {
            return count;
        }
        self.sources.iter().map(|source| squeezed(source)).collect::<BTreeSet<String>>().len()
    }

    /// The address in two lines without town and postcode; the second is empty where the first says all.
    pub fn lines(&self) -> (String, String) {
        let joined = |one: &str, two: &str| format!("{one} {two}").trim().to_owned();
        let (inside, street) = (joined(&self.flat, &self.house_name), joined(&self.house_number, &self.street));
        if inside.is_empty() { (street, String::new()) } else { (inside, street) }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceResult {
    /// Where it stands in the file.
    pub line: usize,
    /// Our number.
    pub request_id: String,
    /// The name that came back.
    pub forename: String,
    /// The name that came back.
    pub surname: String,
    /// The date of birth that came back.
    pub born_on: Option<NaiveDate>,
    /// What is said.
    pub code: ResultCode,
    /// How sure the bureau is, in per cent; none where it does not say.
    pub confidence: Option<i64>,
    /// The address.
    pub found: Found,
    /// A number.
    pub phone: String,
    /// An employer.
    pub employer: String,
    /// Died.
    pub died_on: Option<NaiveDate>,
    /// How insolvent, and since when.
    pub insolvency: Option<(String, Option<NaiveDate>)>,
    /// In their words.
    pub note: String,
}

/// An answer nobody asked for: it may be of somebody else, so ordinary users do not see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldResult {
    /// Where it stands in the file.
    pub line: usize,
    /// The number it bears.
    pub request_id: String,
}

/// What a file of answers holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceResults {
    /// Answers to our requests.
    pub results: Vec<TraceResult>,
    /// Answers to nothing of ours.
    pub held: Vec<HeldResult>,
}

const MAY: [&str; 19] = [
    "forename",
    "surname",
    "dob",
    "confidence",
    "new_flat",
    "new_house_name",
    "new_house_number",
    "new_street",
    "new_town",
    "new_postcode",
    "first_seen",
    "last_seen",
    "sources",
    "phone",
    "employer",
    "deceased_date",
    "insolvency_type",
    "insolvency_date",
    "note",
];

/// A date `YYYY-MM-DD`, as far back as the oldest person was born.
fn day_of(text: &str) -> Option<NaiveDate> {
    let digits = |(at, b): (usize, u8)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() };
    let shaped = text.len() == 10 && text.bytes().enumerate().all(digits);
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| shaped)?;
    (1880..=2199).contains(&day.year()).then_some(day)
}

/// Reads answers to the requests we sent.
///
/// # Errors
/// A file without its headings or trailer, with a code or a date that cannot be read.
pub fn read_results(bytes: &[u8], sent: &BTreeSet<String>) -> Result<TraceResults, Vec<FormatProblem>> {
    let mut all = rows(bytes).map_err(|problem| vec![problem])?;
    let total = all.last().filter(|row| row.cell(0) == "TOTAL").map(|row| (row.at(), row.cell(1).to_owned()));
    let Some((at, said)) = total else {
        let message = "the file does not end with TOTAL: it was cut short, or is another";
        return Err(vec![FormatProblem::new("trace.trailer", "", message)]);
    };
    all.pop();
    let table = Table::of(all, 1, &["request_id", "result_code"], &MAY).map_err(|problem| vec![problem])?;
    let mut wrong = Vec::new();
    if said.parse::<usize>().ok() != Some(table.rows.len()) {
        let message = format!("the trailer says {} rows; there are {}", shown(&said), table.rows.len());
        wrong.push(FormatProblem::new("trace.rows", at, message));
    }
    let (mut results, mut held) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let text = |name: &str| table.cell(row, name).to_owned();
        let request_id = text("request_id");
        if !sent.contains(&request_id) {
            held.push(HeldResult { line: row.line, request_id });
            continue;
        }
        let Some(code) = ResultCode::parse(&text("result_code").to_ascii_uppercase()) else {
            let message = format!("{} is no result that we know", shown(&text("result_code")));
            wrong.push(FormatProblem::new("trace.code", row.at(), message));
            continue;
        };
        let mut day = |name: &str| {
            let typed = text(name);
            // Bureaux say when somebody was seen by the month: it counts from its first day.
            let by_month = name.ends_with("_seen") && typed.len() == 7;
            let read = day_of(&if by_month { format!("{typed}-01") } else { typed.clone() });
            if read.is_none() && !typed.is_empty() {
                let message = format!("{name}: {} is not a date such as 2026-11-20", shown(&typed));
                wrong.push(FormatProblem::new("exchange.date", row.at(), message));
            }
            read
        };
        let (born_on, died_on, insolvent_on) = (day("dob"), day("deceased_date"), day("insolvency_date"));
        let (first_seen_on, last_seen_on) = (day("first_seen"), day("last_seen"));
        let sure = text("confidence");
        let percent = sure.trim_end_matches('%').trim().parse::<i64>().ok().filter(|sure| (0..=100).contains(sure));
        if percent.is_none() && !sure.is_empty() {
            let message = format!("confidence: {} is not 0 to 100", shown(&sure));
            wrong.push(FormatProblem::new("trace.confidence", row.at(), message));
        }
        let sources =
            text("sources").split([';', '|']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
        let kind = text("insolvency_type");
        results.push(TraceResult {
            line: row.line,
            request_id,
            forename: text("forename"),
            surname: text("surname"),
            born_on,
            code,
            confidence: percent,
            found: Found {
                flat: text("new_flat"),
                house_name: text("new_house_name"),
                house_number: text("new_house_number"),
                street: text("new_street"),
                town: text("new_town"),
                postcode: text("new_postcode"),
                first_seen_on,
                last_seen_on,
                sources,
            },
            phone: text("phone"),
            employer: text("employer"),
            died_on,
            insolvency: (!kind.is_empty() || insolvent_on.is_some()).then_some((kind, insolvent_on)),
            note: text("note"),
        });
    }
    if wrong.is_empty() { Ok(TraceResults { results, held }) } else { Err(wrong) }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
