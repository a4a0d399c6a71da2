//! Batches of searches to a tracing bureau and back: a row a request, and the same request again with what was found.
use crate::agency::{cells, records, scientific};
use crate::csv_out::{Cell, write};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;

/// A person to look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceAsked {
    /// Identifier of the request.
    pub request_id: String,
    /// Our case.
    pub case_ref: String,
    /// Title.
    pub title: String,
    /// First name.
    pub forename: String,
    /// Last name, or a company's.
    pub surname: String,
    /// Date of birth, where it is known.
    pub dob: Option<NaiveDate>,
    /// First line of the address we have.
    pub street: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// Postcode before that.
    pub previous_postcode: String,
    /// What for.
    pub purpose: String,
}

const ASKED: &[&str] = &[
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

/// What a bureau adds to each row.
const FOUND: &[&str] = &[
    "result_code",
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

/// The batch for a bureau.
pub fn write_asked(rows: &[TraceAsked]) -> Vec<u8> {
    let cells = rows.iter().map(|one| {
        let text = |text: &str| Cell::Text(text.to_owned());
        let (number, street) = house(&one.street);
        vec![
            text(&one.request_id),
            text(&one.case_ref),
            text(&one.title),
            text(&one.forename),
            Cell::Empty,
            text(&one.surname),
            one.dob.into(),
            Cell::Empty,
            Cell::Empty,
            text(number),
            text(street),
            text(&one.town),
            text(&one.postcode),
            text(&one.previous_postcode),
            text(&one.purpose),
        ]
    });
    write(ASKED, cells)
}

/// `1 High Street` is house 1 of High Street.
fn house(line: &str) -> (&str, &str) {
    match line.trim().split_once(' ') {
        Some((number, street)) if number.starts_with(|c: char| c.is_ascii_digit()) => (number, street.trim()),
        _ => ("", line.trim()),
    }
}

/// What a bureau found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceFound {
    /// Line of the file.
    pub line: usize,
    /// Identifier of the request.
    pub request_id: String,
    /// The name as it came back.
    pub forename: String,
    /// The last name as it came back.
    pub surname: String,
    /// The date of birth as it came back.
    pub dob: Option<NaiveDate>,
    /// The result.
    pub result_code: String,
    /// How sure they are, in per cent.
    pub confidence_pct: i64,
    /// First line of the new address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// When the newest source saw the person.
    pub last_seen_on: Option<NaiveDate>,
    /// How many independent sources.
    pub sources: i64,
    /// The day of a death or an insolvency.
    pub event_on: Option<NaiveDate>,
    /// What they say.
    pub note: String,
}

/// Reads a bureau's answer; its last row counts the rows.
///
/// # Errors
/// Every reason why the file cannot be trusted.
pub fn read_found(bytes: &[u8]) -> Result<Vec<TraceFound>, Vec<FormatProblem>> {
    let all = records(bytes)?;
    let mut problems = Vec::new();
    let headings: Vec<&str> = ASKED.iter().chain(FOUND).copied().collect();
    let named: Vec<String> =
        all.first().map(|(_, first)| first.iter().map(|cell| cell.trim().to_lowercase()).collect()).unwrap_or_default();
    if named.len() < headings.len() || headings.iter().zip(&named).any(|(want, have)| want != have) {
        let message = format!("the first row must be: {}", headings.join(","));
        return Err(vec![FormatProblem::new("trace.headings", "line 1", message)]);
    }
    let mut rows = Vec::new();
    let mut total = None;
    for record in &all[1..] {
        let row = cells(record);
        if row.text(0) == "TOTAL" {
            total = Some((row.line, row.text(1).parse::<usize>().ok()));
            continue;
        }
        if record.1.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let day = |at: usize, problems: &mut Vec<FormatProblem>| {
            let typed = row.text(at);
            // Months count from their first day.
            let whole = if typed.len() == 7 { format!("{typed}-01") } else { typed.to_owned() };
            let read = text::iso_date(&whole).or_else(|| NaiveDate::parse_from_str(&whole, "%Y-%m-%d").ok());
            if read.is_none() && !typed.is_empty() {
                problems.push(row.problem("trace.date", format!("“{}” is not a date", shown(typed))));
            }
            read
        };
        let request_id = row.text(0).to_owned();
        if request_id.is_empty() || scientific(&request_id) {
            problems.push(row.problem("trace.request", format!("“{}” is not a request", shown(&request_id))));
        }
        let percent = row.text(16).trim_end_matches('%');
        let confidence_pct = if percent.is_empty() { Some(0) } else { percent.parse().ok() };
        let confidence_pct = confidence_pct.filter(|sure| (0..=100).contains(sure)).unwrap_or_else(|| {
            problems.push(row.problem("trace.confidence", format!("“{}” is not 0 to 100", shown(row.text(16)))));
            0
        });
        let sources = row.text(25).split([';', '|']).filter(|source| !source.trim().is_empty()).count();
        let sources = row.text(25).parse::<i64>().unwrap_or(sources as i64);
        let joined = |parts: &[usize]| {
            let parts: Vec<&str> = parts.iter().map(|at| row.text(*at)).filter(|part| !part.is_empty()).collect();
            parts.join(" ")
        };
        rows.push(TraceFound {
            line: row.line,
            request_id,
            forename: row.text(3).to_owned(),
            surname: row.text(5).to_owned(),
            dob: day(6, &mut problems),
            result_code: row.text(15).to_uppercase(),
            confidence_pct,
            address1: if joined(&[17, 18]).is_empty() { joined(&[19, 20]) } else { joined(&[17, 18]) },
            address2: if joined(&[17, 18]).is_empty() { String::new() } else { joined(&[19, 20]) },
            town: row.text(21).to_owned(),
            postcode: row.text(22).to_uppercase(),
            last_seen_on: day(24, &mut problems),
            sources,
            event_on: day(28, &mut problems).or(day(30, &mut problems)),
            note: row.text(31).to_owned(),
        });
    }
    match total {
        Some((_, Some(count))) if count == rows.len() => {}
        Some((line, _)) => {
            let message = format!("the last row does not say {} rows", rows.len());
            problems.push(FormatProblem::new("trace.total", format!("line {line}"), message));
        }
        None => problems.push(FormatProblem::new("trace.total", "", "the last row must be TOTAL and the count")),
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(rows: &str) -> String {
        let headings: Vec<&str> = ASKED.iter().chain(FOUND).copied().collect();
        format!("{}\n{rows}", headings.join(","))
    }

    const ROW: &str = "0192f0b2,4711,Mr,Adam,,Example,1970-01-01,,,1,High Street,Morpeth,NE61 1AA,,TRACE,FOUND_PROVEN,92,\
        ,,14,Low Road,Alnwick,ne66 1aa,2025-02,2026-08,electoral;credit,,,,,,seen twice\n";

    #[test]
    fn cus_17_a_batch_goes_out_and_its_answer_comes_back() {
        let asked = TraceAsked {
            request_id: "0192f0b2".into(),
            case_ref: "4711".into(),
            forename: "Adam".into(),
            surname: "Example".into(),
            street: "1 High Street".into(),
            purpose: "TRACE".into(),
            ..TraceAsked::default()
        };
        let text = String::from_utf8(write_asked(&[asked])).expect("UTF-8");
        assert!(text.ends_with("0192f0b2,4711,,Adam,,Example,,,,1,High Street,,,,TRACE\n"), "{text}");
        let found = read_found(answer(&format!("{ROW}TOTAL,1\n")).as_bytes()).expect("read");
        let one = &found[0];
        assert_eq!((one.result_code.as_str(), one.confidence_pct, one.sources), ("FOUND_PROVEN", 92, 2));
        assert_eq!((one.address1.as_str(), one.postcode.as_str()), ("14 Low Road", "NE66 1AA"));
        assert_eq!(one.last_seen_on, NaiveDate::from_ymd_opt(2026, 8, 1));
        assert_eq!(one.dob, NaiveDate::from_ymd_opt(1970, 1, 1));
    }

    #[test]
    fn bad_answers_are_told() {
        let codes = |text: &str| -> Vec<String> {
            read_found(text.as_bytes()).expect_err("refused").into_iter().map(|problem| problem.code).collect()
        };
        assert_eq!(codes(&answer(ROW)), ["trace.total"]);
        assert_eq!(codes(&answer(&format!("{ROW}TOTAL,2\n"))), ["trace.total"]);
        assert_eq!(codes("request_id\n"), ["trace.headings"]);
        assert_eq!(codes(&answer(&format!("{}TOTAL,1\n", ROW.replace(",92,", ",920,")))), ["trace.confidence"]);
        assert_eq!(codes(&answer(&format!("{}TOTAL,1\n", ROW.replace("2026-08", "Aug 26")))), ["trace.date"]);
    }
}
