//! A file of notices, such as the register of breathing space gives: each row is taken in as a notice of its own.
use super::notice::{TakeNotice, take_notice};
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::plain_table;

/// The most notices in a file.
const ROWS_MOST: usize = 500;
/// The most columns; what has no heading that we know is left.
const COLUMNS_MOST: usize = 64;
/// Dates as registers write them.
const DATES: [&str; 3] = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"];

/// A file of notices.
#[derive(Clone, Debug, Default)]
pub struct NoticeFile {
    /// Idempotency key: that of each notice is made from it.
    pub key: String,
    /// Who told us, where the file does not say it.
    pub source: String,
    /// CSV with headings: `reference`, `name`, `start date`, and any other field of a notice.
    pub bytes: Vec<u8>,
}

/// What came of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoticeTaken {
    /// The row, as a spreadsheet numbers it.
    pub row: usize,
    /// The reference in it.
    pub reference: String,
    /// The case; empty where it was not taken in.
    pub case: String,
    /// to_match or in_force; empty where it was not taken in.
    pub state: String,
    /// Why it was not taken in; empty where it was.
    pub problem: String,
}

/// Takes in a file of notices, row by row: one that is refused says why, and does not stop the others. A file that comes
/// again adds nothing: its references are known.
///
/// # Errors
/// Duty; a file that is no table; a heading that is missing.
pub async fn take_notices(desk: &Desk, by: &Actor, file: NoticeFile) -> Outcome<Vec<NoticeTaken>> {
    by.must_hold(Duty::SetFlags)?;
    let wrong = |message: String| Invalid::field("file", message, "");
    let table = plain_table::read(&file.bytes, ROWS_MOST + 1, COLUMNS_MOST).map_err(|no| wrong(no.message))?;
    let mut rows = table.iter();
    let headings: Vec<String> = rows.next().into_iter().flatten().map(|cell| field_of(cell)).collect();
    for needed in ["reference", "person", "starts_on"] {
        if !headings.iter().any(|heading| heading == needed) {
            let words = needed.replace("person", "name").replace("starts_on", "start date");
            return Err(wrong(format!("Add a column with the heading {words}")).into());
        }
    }
    let mut all = Vec::new();
    for (at, cells) in rows.enumerate() {
        let cell = |field: &str| {
            let found = headings.iter().position(|heading| heading == field).and_then(|column| cells.get(column));
            found.map_or("", String::as_str)
        };
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let mut taken = NoticeTaken {
            row: at + 2,
            reference: cell("reference").to_owned(),
            case: String::new(),
            state: String::new(),
            problem: String::new(),
        };
        let key = format!("{}/{}", file.key, taken.row);
        match notice_of(key, &file.source, cell) {
            Err(problem) => taken.problem = problem,
            Ok(ask) => match take_notice(desk, by, ask).await {
                Ok(stands) => (taken.case, taken.state) = (stands.number, stands.state),
                Err(no) => taken.problem = why(no)?,
            },
        }
        all.push(taken);
    }
    Ok(all)
}

/// A heading as the name of a field.
fn field_of(heading: &str) -> String {
    let plain: Vec<&str> = heading.split([' ', '_', '-']).filter(|part| !part.is_empty()).collect();
    let plain = plain.join("_").to_lowercase();
    let known = match plain.as_str() {
        "name" | "full_name" | "client_name" | "debtor" => "person",
        "start_date" | "starts" | "from" | "date_of_death" | "date_of_order" => "starts_on",
        "end_date" | "ends" | "until" => "ends_on",
        "date_of_birth" | "dob" => "born_on",
        "type" | "kind" => "form",
        "account_number" | "creditor_reference" | "your_reference" => "account",
        "adviser" | "debt_adviser" | "contact" => "contact_name",
        "adviser_email" | "email" => "contact_email",
        "adviser_address" => "contact_address",
        "debt" => "debts",
        other => other,
    };
    known.to_owned()
}

fn notice_of<'a>(key: String, source: &str, cell: impl Fn(&str) -> &'a str) -> Result<TakeNotice, String> {
    let text = |field: &str| cell(field).to_owned();
    let or = |field: &str, otherwise: &str| match cell(field) {
        "" => otherwise.to_owned(),
        told => told.to_owned(),
    };
    let debts = cell("debts").split([',', ';', ' ']).map(str::trim).filter(|number| !number.is_empty());
    Ok(TakeNotice {
        key,
        form: or("form", "standard").to_lowercase(),
        person: text("person"),
        born_on: date(cell("born_on"))?,
        address: text("address"),
        account: text("account"),
        customer: text("customer"),
        source: or("source", source),
        reference: text("reference"),
        contact_role: or("contact_role", if cell("contact_name").is_empty() { "" } else { "debt adviser" }),
        contact_name: text("contact_name"),
        contact_address: text("contact_address"),
        contact_email: text("contact_email"),
        received_on: None,
        starts_on: date(cell("starts_on"))?,
        ends_on: date(cell("ends_on"))?,
        debts: debts.map(str::to_owned).collect(),
        confirmed_by_adviser: false,
        words: text("words"),
    })
}

fn date(typed: &str) -> Result<Option<NaiveDate>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let found = DATES.iter().find_map(|form| NaiveDate::parse_from_str(typed, form).ok());
    found.map(Some).ok_or_else(|| format!("{typed} is not a date such as 2026-05-01 or 01/05/2026"))
}

/// Why a row was not taken in; what broke goes on.
fn why(no: No) -> Outcome<String> {
    match no {
        No::Refused(refusal) => Ok(format!("{} ({})", refusal.sentence, refusal.code)),
        No::Invalid(all) => Ok(all.into_iter().map(|one| one.message).collect::<Vec<_>>().join("; ")),
        No::Absent(what) => Ok(format!("There is no {what}")),
        No::Fault(fault) => Err(fault.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leg_07_headings_of_a_register_are_fields_of_a_notice() {
        assert_eq!(field_of("Start date"), "starts_on");
        assert_eq!(field_of("Full  Name"), "person");
        assert_eq!(field_of("reference"), "reference");
        assert_eq!(field_of("Colour"), "colour");
        let row =
            [("reference", "BS-1"), ("person", "Mary Holt"), ("starts_on", "01/05/2026"), ("debts", "INV-1; INV-2")];
        let cell = |field: &str| row.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| *value);
        let ask = notice_of("k/2".into(), "Debt respite register", cell).expect("a notice");
        assert_eq!((ask.form.as_str(), ask.source.as_str()), ("standard", "Debt respite register"));
        assert_eq!(ask.starts_on, NaiveDate::from_ymd_opt(2026, 5, 1));
        assert_eq!(ask.debts, ["INV-1", "INV-2"]);
        assert!(date("soon").is_err());
    }
}
