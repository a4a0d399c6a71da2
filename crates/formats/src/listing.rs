//! A funder's own listing: any CSV with headings, its columns named once by a person.
//!
//! Titles above the headings and totals below the rows are common, so the row of headings is found, or told, and a row
//! of totals is compared with the sum and not taken as a bill. Everything wrong is told at once, by row and column.

use crate::csv_out::armed;
use crate::intake::{Numbered, RowProblem};
use crate::money::{self, MoneyError};
use crate::problem::FormatProblem;
use crate::text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The most rows of a listing.
pub const MOST_ROWS: usize = 250_000;
/// Rows looked at to find the headings, and shown to the person who names the columns.
const HEAD: usize = 30;
/// The most columns.
const MOST_COLUMNS: usize = 256;
/// The longest text kept of a cell.
const LONGEST: usize = 300;
/// The most problems told.
const MOST_PROBLEMS: usize = 1_000;

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident = $title:literal, [$($like:literal),*];)*) => {
        /// Which heading holds what; empty for none.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Columns { $($(#[$doc])* pub $name: String,)* }

        impl Columns {
            /// Each field: its name, its title for people, and words that headings of it are made of.
            pub const FIELDS: &'static [(&'static str, &'static str, &'static [&'static str])] =
                &[$((stringify!($name), $title, &[$($like),*])),*];

            /// The heading that holds a field.
            pub fn of(&self, field: &str) -> &str {
                match field { $(stringify!($name) => &self.$name,)* _ => "" }
            }

            /// Names the heading that holds a field.
            pub fn set(&mut self, field: &str, heading: &str) {
                match field { $(stringify!($name) => self.$name = heading.to_owned(),)* _ => {} }
            }
        }
    };
}

columns! {
    /// The reference: our number, if they keep it.
    reference = "Reference (our invoice number)", ["invoice number", "invoice no", "invoice ref", "invoice", "document number", "document no", "your ref", "supplier ref", "reference", "ref", "doc no"];
    /// The amount.
    amount = "Amount", ["gross amount", "invoice amount", "gross", "amount", "total", "value", "charge", "debit"];
    /// Credits, where they stand in a column of their own.
    credit = "Credits, if in their own column", ["credit amount", "credits", "credit"];
    /// What is still owed.
    balance = "Still owed", ["balance", "outstanding", "open amount", "amount due", "remaining"];
    /// What they show as paid.
    paid = "Paid so far", ["amount paid", "paid amount", "paid to date", "payments"];
    /// When they paid.
    paid_on = "Paid on", ["date paid", "paid date", "payment date", "paid on", "pay date"];
    /// The date of the bill.
    date = "Date of the bill", ["invoice date", "document date", "doc date", "bill date", "tax point", "date"];
    /// A description.
    words = "Description", ["description", "narrative", "details", "service", "comment", "text"];
    /// Who it is for.
    name = "Name of the person or account", ["service user", "client name", "customer name", "patient", "client", "resident", "name"];
    /// What they say of it.
    status = "Status", ["payment status", "status", "state", "hold"];
}

/// How a listing is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Layout {
    /// The row of the headings, as a spreadsheet numbers it.
    pub heading_row: usize,
    /// The columns.
    pub columns: Columns,
}

/// A row of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingRow {
    /// Their reference.
    pub reference: String,
    /// Their description.
    pub words: String,
    /// Who it is for.
    pub name: String,
    /// What they say of it.
    pub status: String,
    /// Pence as listed; below nothing for a credit.
    pub amount: i64,
    /// Pence they show as paid, where a column says.
    pub paid: Option<i64>,
    /// When they paid.
    pub paid_on: Option<NaiveDate>,
    /// The date of the bill.
    pub on: Option<NaiveDate>,
}

/// A listing, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its rows.
    pub rows: Vec<Numbered<ListingRow>>,
    /// The rows of totals: row and pence.
    pub totals: Vec<(usize, i64)>,
    /// What is wrong.
    pub problems: Vec<RowProblem>,
}

/// The head of a listing, to name its columns by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The first rows as they stand, by the spreadsheet's numbers.
    pub rows: Vec<(usize, Vec<String>)>,
    /// The layout as it seems.
    pub layout: Layout,
}

impl Head {
    /// The headings of a row; one that is empty is named by its letter, one that is there twice is numbered.
    pub fn headings(&self, row: usize) -> Vec<String> {
        self.rows.iter().find(|(number, _)| *number == row).map(|(_, cells)| named(cells)).unwrap_or_default()
    }
}

/// Reads the head of a listing and guesses where its headings are and what they hold.
///
/// # Errors
/// When it is no CSV, or empty.
pub fn head(bytes: &[u8]) -> Result<Head, FormatProblem> {
    let content = content(bytes)?;
    let mut rows = Vec::new();
    each_row(&content, |number, cells| {
        rows.push((number, cells));
        rows.len() < HEAD
    })?;
    let most = rows.iter().map(|(_, cells)| filled(cells)).max().unwrap_or(0);
    let is_heading = |cells: &[String]| {
        filled(cells) * 2 > most && !cells.iter().any(|cell| pence(cell).is_ok() || date(cell).is_some())
    };
    let heading = rows.iter().find(|(_, cells)| is_heading(cells)).or(rows.first());
    let Some((heading_row, cells)) = heading else {
        return Err(FormatProblem::new("csv.empty", "", "the file has no rows"));
    };
    let layout = Layout { heading_row: *heading_row, columns: guess(&named(cells)) };
    Ok(Head { rows, layout })
}

/// Reads a listing whose columns are named.
///
/// # Errors
/// When it is no CSV, has too many rows, or a column that is named is not there.
pub fn read(bytes: &[u8], layout: &Layout) -> Result<Listing, FormatProblem> {
    let content = content(bytes)?;
    let mut listing = Listing::default();
    let mut places: Option<Places> = None;
    let mut broken = None;
    each_row(&content, |number, cells| {
        if number < layout.heading_row {
            return true;
        }
        match &places {
            None => match Places::of(layout, &cells) {
                Ok(found) => places = Some(found),
                Err(problem) => broken = Some(problem),
            },
            Some(places) => row(&mut listing, places, number, &cells),
        }
        broken.is_none() && listing.rows.len() <= MOST_ROWS && listing.problems.len() < MOST_PROBLEMS
    })?;
    if let Some(problem) = broken {
        return Err(problem);
    }
    if listing.rows.len() > MOST_ROWS {
        let message = "the listing has more than 250,000 rows; send it in parts";
        return Err(FormatProblem::new("file.too_many", "", message));
    }
    if listing.rows.is_empty() && listing.problems.is_empty() {
        return Err(FormatProblem::new("csv.empty", "", "there are no rows under the headings"));
    }
    check_totals(&mut listing);
    Ok(listing)
}

/// A row of totals at the end that is not the sum of the rows is a problem: a row is missing, or one too many is there.
fn check_totals(listing: &mut Listing) {
    let sum: i64 = listing.rows.iter().map(|row| row.value.amount).sum();
    if let Some((row, total)) = listing.totals.last()
        && *total != sum
        && listing.problems.is_empty()
    {
        let message =
            format!("their total is {} and the rows come to {}", money::write_pounds(*total), money::write_pounds(sum));
        listing.problems.push(RowProblem::new(*row, "amount", "listing.total", message, &money::write_pounds(*total)));
    }
}

fn content(bytes: &[u8]) -> Result<String, FormatProblem> {
    let no = |code: &str, message: &str| Err(FormatProblem::new(code, "", message));
    if bytes.len() > text::LARGEST_FILE {
        return no("file.too_large", "the file is over 200 MB");
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) || bytes.starts_with(b"%PDF") {
        return no("file.not_csv", "the file is not CSV; save it as CSV and send that");
    }
    let content = text::with_line_feeds(text::decode(bytes, None).text);
    if let Some((line, _)) = text::control_character(&content) {
        return Err(FormatProblem::new(
            "text.control",
            format!("line {line}"),
            "holds a character that no list should hold",
        ));
    }
    Ok(content)
}

/// Gives each row that is not blank, until told to stop.
fn each_row(content: &str, mut give: impl FnMut(usize, Vec<String>) -> bool) -> Result<(), FormatProblem> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter(content))
        .from_reader(content.as_bytes());
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|e| FormatProblem::new("csv.format", "", format!("the file is not CSV: {e}")))?
    {
        if record.len() > MOST_COLUMNS {
            return Err(FormatProblem::new("csv.width", "", "the file has more than 256 columns"));
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let number = text::line_of(&reader, &record);
        let cells = record.iter().map(|cell| armed(cell.trim()).chars().take(LONGEST).collect()).collect();
        if !give(number, cells) {
            break;
        }
    }
    Ok(())
}

/// The mark between cells: the one that the first lines have most of.
fn delimiter(content: &str) -> u8 {
    let marks = [b',', b'\t', b';', b'|'];
    let count = |mark: u8| {
        content.lines().take(HEAD).map(|line| line.bytes().filter(|byte| *byte == mark).count()).sum::<usize>()
    };
    marks.into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}

fn named(cells: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        let own = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let own = if own.is_empty() { format!("Column {}", at + 1) } else { own };
        let times = names.iter().filter(|name| **name == own || name.starts_with(&format!("{own} ("))).count();
        names.push(if times == 0 { own } else { format!("{own} ({})", times + 1) });
    }
    names
}

/// The headings that seem to hold each field: the likeliest words first, each heading once.
fn guess(headings: &[String]) -> Columns {
    let mut columns = Columns::default();
    let mut taken = vec![false; headings.len()];
    let plain: Vec<String> =
        headings.iter().map(|heading| heading.to_lowercase().replace(['_', '-', '.', '/'], " ")).collect();
    // Fields whose words are parts of other fields' words come after those.
    let order = ["balance", "paid_on", "paid", "credit", "status", "date", "reference", "amount", "name", "words"];
    for field in order {
        let likes = Columns::FIELDS.iter().find(|(name, ..)| *name == field).map_or(&[][..], |(.., likes)| likes);
        let fits = |like: &str, whole: bool| {
            plain.iter().enumerate().position(|(at, heading)| {
                !taken[at]
                    && if whole {
                        heading.trim() == like
                    } else {
                        heading.contains(like) && !(field == "credit" && heading.contains("creditor"))
                    }
            })
        };
        let at =
            likes.iter().find_map(|like| fits(like, true)).or_else(|| likes.iter().find_map(|like| fits(like, false)));
        if let Some(at) = at {
            taken[at] = true;
            columns.set(field, &headings[at]);
        }
    }
    columns
}

/// Where each field stands.
struct Places(Vec<(&'static str, usize)>);

impl Places {
    fn of(layout: &Layout, cells: &[String]) -> Result<Places, FormatProblem> {
        let headings = named(cells);
        let at = format!("row {}", layout.heading_row);
        let mut places = Vec::new();
        for (field, title, _) in Columns::FIELDS {
            let wanted = layout.columns.of(field);
            if wanted.is_empty() {
                continue;
            }
            let Some(place) = headings.iter().position(|heading| heading == wanted) else {
                let message = format!("there is no heading “{wanted}” for {title}; name the columns again");
                return Err(FormatProblem::new("csv.missing_column", at, message));
            };
            places.push((*field, place));
        }
        if !places.iter().any(|(field, _)| *field == "amount") {
            return Err(FormatProblem::new("csv.missing_column", at, "name the column that holds the amount"));
        }
        Ok(Places(places))
    }

    fn cell<'a>(&self, cells: &'a [String], field: &str) -> &'a str {
        let place = self.0.iter().find(|(name, _)| *name == field).map(|(_, place)| *place);
        place.and_then(|at| cells.get(at)).map_or("", String::as_str)
    }
}

fn row(listing: &mut Listing, places: &Places, number: usize, cells: &[String]) {
    let of = |field: &str| places.cell(cells, field);
    let mut wrong = Vec::new();
    let mut say = |field: &str, code: &str, words: &str, typed: &str| {
        wrong.push(RowProblem::new(number, field, code, words, typed))
    };
    let mut amount_of = |field: &str| {
        let typed = of(field);
        if matches!(typed, "" | "-" | "–") {
            return None;
        }
        pence(typed).map_err(|e| say(field, e.code(), e.words(), typed)).ok()
    };
    let (amount, credit, balance, paid) =
        (amount_of("amount"), amount_of("credit"), amount_of("balance"), amount_of("paid"));
    let mut date_of = |field: &str| {
        let typed = of(field);
        let read = date(typed);
        if read.is_none() && !typed.is_empty() {
            say(field, "date", "is not a date that can be read", typed);
        }
        read
    };
    let (on, paid_on) = (date_of("date"), date_of("paid_on"));
    let is_total = cells.iter().any(|cell| {
        let cell = cell.to_lowercase();
        cell.starts_with("total")
            || cell.starts_with("grand total")
            || cell.starts_with("sub total")
            || cell.starts_with("subtotal")
    });
    if is_total && of("reference").chars().all(|c| !c.is_ascii_digit()) {
        if let Some(total) = amount {
            listing.totals.push((number, total - credit.unwrap_or(0)));
        }
        return;
    }
    if amount.is_none() && credit.is_none() && wrong.is_empty() {
        if of("reference").is_empty() {
            return;
        }
        wrong.push(RowProblem::new(number, "amount", "field.missing", "must be filled", ""));
    }
    if !wrong.is_empty() {
        listing.problems.append(&mut wrong);
        return;
    }
    let amount = amount.unwrap_or(0) - credit.unwrap_or(0);
    let paid = balance.map(|balance| amount - balance).or(paid);
    let status = of("status").to_owned();
    let (reference, words, name) = (of("reference").to_owned(), of("words").to_owned(), of("name").to_owned());
    let value = ListingRow { reference, words, name, status, amount, paid, paid_on, on };
    listing.rows.push(Numbered { row: number, value });
}

/// An amount as lists write it; a spreadsheet's sum may be a hair beside the penny (`12.000000000000002`).
fn pence(typed: &str) -> Result<i64, MoneyError> {
    let read = money::bank_pounds(typed);
    if read != Err(MoneyError::Precision) {
        return read;
    }
    let (whole, decimals) = typed.split_once('.').ok_or(MoneyError::Precision)?;
    let (kept, rest) = decimals.split_at_checked(2).ok_or(MoneyError::Precision)?;
    let near = money::bank_pounds(&format!("{whole}.{kept}"))?;
    let up = if typed.starts_with('-') { -1 } else { 1 };
    match rest.get(..4) {
        Some("0000") => Ok(near),
        Some("9999") => Ok(near + up),
        _ => Err(MoneyError::Precision),
    }
}

/// A date as lists write it, the day first.
fn date(typed: &str) -> Option<NaiveDate> {
    let typed = typed.split(['T']).next().unwrap_or_default().trim();
    let typed = typed.strip_suffix(" 00:00:00").or_else(|| typed.strip_suffix(" 00:00")).unwrap_or(typed);
    let shapes = [
        "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y",
        "%d %b %y", "%Y%m%d",
    ];
    // `%Y` also takes two digits: a year must then lie within the years we accept.
    shapes.iter().find_map(|shape| text::date(typed, shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FUNDER: &str = "Northmere ICB,,,,,\nSupplier statement at 31/10/2026,,,,,\n\nInvoice No,Doc Date,Service User,Gross Amount,Status,Payment Date\nINV-000120,05/10/2026,\"Pemberton, E\",\"£1,284.50\",Paid,30/10/2026\nINV-000121,6 Oct 2026,Ashworth H,(60.00),,\n,,,,,\nTotal,,,1224.50,,\n";

    fn layout(bytes: &[u8]) -> Layout {
        head(bytes).expect("a head").layout
    }

    #[test]
    fn g7_headings_are_found_under_titles_and_columns_guessed() {
        let head = head(FUNDER.as_bytes()).expect("a head");
        assert_eq!(head.layout.heading_row, 4);
        let columns = &head.layout.columns;
        let told: Vec<&str> = Columns::FIELDS.iter().map(|(field, ..)| columns.of(field)).collect();
        let want = ["Invoice No", "Gross Amount", "", "", "", "Payment Date", "Doc Date", "", "Service User", "Status"];
        assert_eq!(told, want);
        assert_eq!(head.headings(4).len(), 6);
    }

    #[test]
    fn g7_rows_are_read_with_totals_apart() {
        let read = read(FUNDER.as_bytes(), &layout(FUNDER.as_bytes())).expect("read");
        assert_eq!(read.problems, []);
        assert_eq!(read.totals, [(8, 122_450)]);
        let rows: Vec<(usize, &str, i64)> =
            read.rows.iter().map(|row| (row.row, row.value.reference.as_str(), row.value.amount)).collect();
        assert_eq!(rows, [(5, "INV-000120", 128_450), (6, "INV-000121", -6_000)]);
        assert_eq!(read.rows[0].value.on, NaiveDate::from_ymd_opt(2026, 10, 5));
        assert_eq!(read.rows[0].value.paid_on, NaiveDate::from_ymd_opt(2026, 10, 30));
    }

    #[test]
    fn g7_everything_wrong_is_told_by_row_and_column() {
        let file = "Ref,Amount,Date\nA1,1.234,31/02/2026\nA2,,01/10/2026\nA3,5.00,01/10/2026\nTotal,9.00,\n";
        let wrong = read(file.as_bytes(), &layout(file.as_bytes())).expect("read").problems;
        let told: Vec<(usize, &str, &str)> = wrong.iter().map(|p| (p.row, p.field.as_str(), p.code.as_str())).collect();
        assert_eq!(told, [(2, "amount", "money.precision"), (2, "date", "date"), (3, "amount", "field.missing")]);
        let short = "Ref,Amount\nA3,5.00\nTotal,9.00\n";
        let wrong = read(short.as_bytes(), &layout(short.as_bytes())).expect("read").problems;
        assert_eq!(wrong[0].message, "their total is 9.00 and the rows come to 5.00");
    }

    #[test]
    fn g7_a_column_that_is_gone_is_told() {
        let file = b"Ref,Amount\nA1,1.00\n";
        let mut layout = layout(file);
        layout.columns.date = "Invoice date".into();
        assert_eq!(read(file, &layout).expect_err("gone").code, "csv.missing_column");
        assert_eq!(head(b"").expect_err("empty").code, "csv.empty");
        assert_eq!(head(b"PK\x03\x04").expect_err("a workbook").code, "file.not_csv");
    }

    #[test]
    fn g7_amounts_and_dates_as_lists_write_them() {
        for (typed, want) in
            [("12.000000000000002", 1_200), ("11.9999999", 1_200), ("-0.10000001", -10), ("12.50 CR", 1_250)]
        {
            assert_eq!(pence(typed), Ok(want), "{typed}");
        }
        assert!(pence("12.345").is_err());
        for typed in
            ["2026-10-05", "05/10/2026", "5/10/26", "5 Oct 2026", "05-Oct-26", "2026-10-05T00:00:00", "05.10.2026"]
        {
            assert_eq!(date(typed), NaiveDate::from_ymd_opt(2026, 10, 5), "{typed}");
        }
        assert_eq!((date("Oct"), date("45935"), date("")), (None, None, None));
    }

    #[test]
    fn g7_semicolons_tabs_and_columns_of_credits() {
        let file = "Ref;Debit;Credit\nA1;10.00;\nA2;;4.00\n";
        let rows = read(file.as_bytes(), &layout(file.as_bytes())).expect("read").rows;
        assert_eq!(rows.iter().map(|row| row.value.amount).collect::<Vec<_>>(), [1_000, -400]);
    }

    proptest::proptest! {
        #[test]
        fn g7_no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400), text in "[A-Z,;\\n0-9.£/ -]{0,300}") {
            for file in [bytes.as_slice(), text.as_bytes()] {
                if let Ok(head) = head(file) {
                    let mut layout = head.layout.clone();
                    if layout.columns.amount.is_empty() {
                        layout.columns.amount = head.headings(layout.heading_row).first().cloned().unwrap_or_default();
                    }
                    let _ = read(file, &layout);
                }
            }
        }
    }
}
