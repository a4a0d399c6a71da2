//! What goes out: debts placed, and what changed about them since.

use super::AgencyProfile;
use crate::csv_out::{Cell, write};
use crate::money::write_pounds;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A debt that is placed. Amounts are pence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlacementRow {
    /// Our case with its round: `10004711X-1`.
    pub account_number: String,
    /// The debt.
    pub principal: i64,
    /// Interest.
    pub interest: i64,
    /// Fees.
    pub fees: i64,
    /// For a person.
    pub first_name: String,
    /// For a person.
    pub last_name: String,
    /// For a business.
    pub company: String,
    /// For a person, where we may hold and give it.
    pub born_on: Option<NaiveDate>,
    /// Where we may share it.
    pub email: String,
    /// `447700900123`.
    pub mobile: String,
    /// Another number.
    pub phone: String,
    /// House and street.
    pub address1: String,
    /// More of it.
    pub address2: String,
    /// Town.
    pub city: String,
    /// County.
    pub county: String,
    /// Postcode.
    pub postcode: String,
    /// `GB`.
    pub country: String,
    /// Date of the last invoice.
    pub last_invoice_on: Option<NaiveDate>,
    /// Date of the last payment.
    pub last_payment_on: Option<NaiveDate>,
    /// 1, 2, 3.
    pub placement_count: u32,
    /// Needs care. Told only where the agreement allows it, and never why.
    pub vulnerable: bool,
    /// What the debt is for, never a service of a hospital: `public services`.
    pub notes: String,
    /// What the agency calls us.
    pub client_code: String,
}

impl PlacementRow {
    /// Principal, interest and fees.
    pub fn total(&self) -> i64 {
        self.principal + self.interest + self.fees
    }

    /// What the agency would refuse this row for.
    pub fn faults(&self, profile: &AgencyProfile, at: &str) -> Vec<FormatProblem> {
        let person = self.company.trim().is_empty();
        let lacks = [
            (self.account_number.trim().is_empty(), "account_number"),
            (person && self.first_name.trim().is_empty(), "first_name"),
            (person && self.last_name.trim().is_empty(), "last_name"),
            (person && self.born_on.is_none() && !profile.takes_unknown_birth, "dob"),
            (self.address1.trim().is_empty(), "address1"),
            (self.city.trim().is_empty(), "city"),
            (self.postcode.trim().is_empty(), "postcode"),
            (self.country.trim().is_empty(), "country"),
        ];
        let missing = lacks.iter().filter(|(lacks, _)| *lacks);
        let mut wrong: Vec<FormatProblem> =
            missing.map(|(_, name)| FormatProblem::new("agency.missing", at, format!("{name} is missing"))).collect();
        if self.total() <= 0 || [self.principal, self.interest, self.fees].iter().any(|part| *part < 0) {
            let message = format!("{} is no debt to place", write_pounds(self.total()));
            wrong.push(FormatProblem::new("agency.balance", at, message));
        }
        wrong
    }
}

/// A file that goes out, with what its control file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOut {
    /// `20261120-placement.csv`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Rows without the headings.
    pub rows: usize,
    /// What they add up to, in pence.
    pub sum: i64,
}

const HEADINGS: [&str; 25] = [
    "account_number",
    "balance_total",
    "balance_principal",
    "balance_interest",
    "balance_fees",
    "first_name",
    "last_name",
    "company",
    "dob",
    "email",
    "mobile",
    "phone",
    "address1",
    "address2",
    "city",
    "county",
    "postcode",
    "country",
    "last_invoice_date",
    "last_payment_date",
    "placement_count",
    "tags",
    "notes",
    "currency",
    "client_code",
];

/// Writes a placement.
///
/// # Errors
/// Everything that is missing or stands twice, by row.
pub fn write_placement(
    rows: &[PlacementRow],
    profile: &AgencyProfile,
    on: NaiveDate,
) -> Result<FileOut, Vec<FormatProblem>> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, row) in (1..).zip(rows) {
        let at = format!("row {number}");
        wrong.extend(row.faults(profile, &at));
        if !seen.insert(row.account_number.as_str()) {
            let message = format!("{} stands twice", shown(&row.account_number));
            wrong.push(FormatProblem::new("agency.twice", at, message));
        }
    }
    if rows.is_empty() {
        wrong.push(FormatProblem::new("agency.empty", "", "nothing is placed"));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let written = rows.iter().map(|row| {
        let text = |text: &str| Cell::Text(text.trim().to_owned());
        let tag = if row.vulnerable && profile.may_tell_vulnerable { "vulnerable" } else { "" };
        vec![
            text(&row.account_number),
            Cell::Pence(row.total()),
            Cell::Pence(row.principal),
            Cell::Pence(row.interest),
            Cell::Pence(row.fees),
            text(&row.first_name),
            text(&row.last_name),
            text(&row.company),
            row.born_on.into(),
            text(&row.email),
            text(&row.mobile),
            text(&row.phone),
            text(&row.address1),
            text(&row.address2),
            text(&row.city),
            text(&row.county),
            text(&row.postcode),
            text(&row.country),
            row.last_invoice_on.into(),
            row.last_payment_on.into(),
            Cell::Whole(i64::from(row.placement_count)),
            text(tag),
            text(&row.notes),
            text("GBP"),
            text(&row.client_code),
        ]
    });
    let sum = rows.iter().map(PlacementRow::total).sum();
    let name = format!("{}-placement.csv", on.format("%Y%m%d"));
    Ok(FileOut { name, bytes: write(&HEADINGS, written), rows: rows.len(), sum })
}

/// The control file beside a file: its name, its hash, its rows and their sum.
pub fn control_file(file: &FileOut, sha256: &str) -> FileOut {
    let name = file.name.trim_end_matches(".csv").to_owned() + ".ctl";
    let rows = i64::try_from(file.rows).unwrap_or(i64::MAX);
    let line = vec![Cell::from(file.name.as_str()), Cell::from(sha256), Cell::Whole(rows), Cell::Pence(file.sum)];
    FileOut { name, bytes: write(&["file", "sha256", "rows", "sum"], [line]), rows: 1, sum: file.sum }
}

/// What changed about a placed debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was paid to us.
    Payment,
    /// A credit, or a charge.
    Adjustment,
    /// Nothing is done for now.
    Hold,
    /// Work goes on.
    Release,
    /// It comes back.
    Recall,
    /// A new address.
    Address,
}

impl ChangeKind {
    /// As it is written.
    pub fn code(self) -> &'static str {
        match self {
            ChangeKind::Payment => "PAYMENT",
            ChangeKind::Adjustment => "ADJUSTMENT",
            ChangeKind::Hold => "HOLD",
            ChangeKind::Release => "RELEASE",
            ChangeKind::Recall => "RECALL",
            ChangeKind::Address => "ADDRESS",
        }
    }
}

/// A change, told the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which debt.
    pub account_number: String,
    /// What.
    pub kind: ChangeKind,
    /// How much, for a payment or an adjustment.
    pub amount: Option<i64>,
    /// When.
    pub on: NaiveDate,
    /// A word of why, never a diagnosis.
    pub reason: String,
}

/// Writes the day's changes.
///
/// # Errors
/// A payment or adjustment without an amount, or a change of no debt.
pub fn write_changes(changes: &[Change], on: NaiveDate) -> Result<FileOut, Vec<FormatProblem>> {
    let mut wrong = Vec::new();
    for (number, change) in (1..).zip(changes) {
        let at = format!("row {number}");
        let of_money = matches!(change.kind, ChangeKind::Payment | ChangeKind::Adjustment);
        if of_money && change.amount.is_none_or(|amount| amount == 0) {
            wrong.push(FormatProblem::new(
                "agency.amount",
                at.clone(),
                format!("{} has no amount", change.kind.code()),
            ));
        }
        if change.account_number.trim().is_empty() {
            wrong.push(FormatProblem::new("agency.missing", at, "account_number is missing"));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let headings = ["account_number", "type", "amount", "date", "reason"];
    let written = changes.iter().map(|change| {
        vec![
            Cell::from(change.account_number.as_str()),
            Cell::from(change.kind.code()),
            change.amount.map_or(Cell::Empty, Cell::Pence),
            Cell::Date(change.on),
            Cell::from(change.reason.as_str()),
        ]
    });
    let sum = changes.iter().filter_map(|change| change.amount).sum();
    let name = format!("{}-update.csv", on.format("%Y%m%d"));
    Ok(FileOut { name, bytes: write(&headings, written), rows: changes.len(), sum })
}
