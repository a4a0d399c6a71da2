//! Who is asked for, why, and on what ground.

use crate::csv_out::{Cell, write};
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Why somebody is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Where they are.
    Trace,
    /// Whether they are where we think.
    ConfirmAddress,
    /// Who employs them.
    Employer,
    /// Whether they died.
    DeceasedCheck,
    /// Whether they are insolvent.
    InsolvencyCheck,
    /// How a company stands.
    CompanyCheck,
}

impl Purpose {
    /// By its code.
    pub fn parse(code: &str) -> Option<Purpose> {
        Some(match code {
            "TRACE" => Purpose::Trace,
            "CONFIRM_ADDRESS" => Purpose::ConfirmAddress,
            "EMPLOYER" => Purpose::Employer,
            "DECEASED_CHECK" => Purpose::DeceasedCheck,
            "INSOLVENCY_CHECK" => Purpose::InsolvencyCheck,
            "COMPANY_CHECK" => Purpose::CompanyCheck,
            _ => return None,
        })
    }

    /// As it is written.
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Trace => "TRACE",
            Purpose::ConfirmAddress => "CONFIRM_ADDRESS",
            Purpose::Employer => "EMPLOYER",
            Purpose::DeceasedCheck => "DECEASED_CHECK",
            Purpose::InsolvencyCheck => "INSOLVENCY_CHECK",
            Purpose::CompanyCheck => "COMPANY_CHECK",
        }
    }
}

/// Somebody who is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceRequest {
    /// A number that is used once, as a UUID.
    pub request_id: String,
    /// Our case.
    pub case_ref: String,
    /// Why.
    pub purpose: Purpose,
    /// Ours to keep and never sent: the ground on which we may ask.
    pub legal_ground: String,
    /// `Mr`.
    pub title: String,
    /// First name.
    pub forename: String,
    /// Other names.
    pub middle: String,
    /// Last name.
    pub surname: String,
    /// Where known.
    pub born_on: Option<NaiveDate>,
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
    /// The postcode before.
    pub previous_postcode: String,
    /// This person must not be traced.
    pub do_not_trace: bool,
}

/// A line of an address as number and street: `1 High Street` is house 1 of High Street.
pub fn house(line: &str) -> (&str, &str) {
    match line.trim().split_once(' ') {
        Some((number, street)) if number.starts_with(|c: char| c.is_ascii_digit()) => (number, street.trim()),
        _ => ("", line.trim()),
    }
}

/// A batch that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceBatch {
    /// `trace_bureau_20261120_1.csv`.
    pub name: String,
    /// Its bytes, with a trailer.
    pub bytes: Vec<u8>,
}

const HEADINGS: [&str; 15] = [
    "request_id",
    "case_ref",
    "title",
    "forename",
    "middle",
    "surname",
    "dob",
    "flat",
    "house_name",
    "house_number",
    "street",
    "town",
    "postcode",
    "previous_postcode",
    "purpose",
];

/// Writes a batch.
///
/// # Errors
/// Everything that forbids it: a person who must not be traced, a request without a ground, a number used twice.
pub fn write_trace(
    bureau: &str,
    on: NaiveDate,
    sequence: u32,
    requests: &[TraceRequest],
) -> Result<TraceBatch, Vec<FormatProblem>> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, request) in (1..).zip(requests) {
        let at = format!("row {number}");
        let mut say = |code: &str, message: String| wrong.push(FormatProblem::new(code, at.clone(), message));
        if request.do_not_trace {
            say("trace.do_not_trace", "this person must not be traced".into());
        }
        if request.legal_ground.trim().is_empty() {
            say("trace.no_ground", "no ground is recorded on which we may ask".into());
        }
        for (name, text) in
            [("request_id", &request.request_id), ("case_ref", &request.case_ref), ("surname", &request.surname)]
        {
            if text.trim().is_empty() {
                say("trace.missing", format!("{name} is missing"));
            }
        }
        if !seen.insert(request.request_id.as_str()) {
            say("trace.twice", format!("{} stands twice", shown(&request.request_id)));
        }
    }
    if requests.is_empty() {
        wrong.push(FormatProblem::new("trace.empty", "", "nobody is asked for"));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let rows = requests.iter().map(|request| {
        let text = |text: &str| Cell::Text(text.trim().to_owned());
        vec![
            text(&request.request_id),
            text(&request.case_ref),
            text(&request.title),
            text(&request.forename),
            text(&request.middle),
            text(&request.surname),
            request.born_on.into(),
            text(&request.flat),
            text(&request.house_name),
            text(&request.house_number),
            text(&request.street),
            text(&request.town),
            text(&request.postcode),
            text(&request.previous_postcode),
            text(request.purpose.code()),
        ]
    });
    let total = vec![Cell::from("TOTAL"), Cell::Whole(i64::try_from(requests.len()).unwrap_or(i64::MAX))];
    let name = format!("trace_{bureau}_{}_{sequence}.csv", on.format("%Y%m%d"));
    Ok(TraceBatch { name, bytes: write(&HEADINGS, rows.chain([total])) })
}
