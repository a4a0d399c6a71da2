//! Aged debt as at any day, by either basis (GL-05): on screen, as CSV, as a workbook.
use super::refused_report;
use crate::core::actor::Actor;
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_domain::reports::{AgeingBasis, Buckets};
use sundry_formats::csv_out::{self, Cell};
use sundry_formats::xlsx_out::{About, Column, ColumnKind, WorkbookWriter};
use sundry_store::Tx;
use sundry_store::reports::{self, AgedBy, AgedSum};

/// Asks for aged debt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskAgedDebt {
    /// As at the end of this day.
    pub as_at: NaiveDate,
    /// due or invoice.
    pub basis: String,
    /// customer, service, debt-type or item.
    pub by: String,
}

impl AskAgedDebt {
    /// By due date and customer, as at a day.
    pub fn by_customer(as_at: NaiveDate) -> AskAgedDebt {
        AskAgedDebt { as_at, basis: "due".into(), by: "customer".into() }
    }

    fn read(&self) -> Result<(AgeingBasis, AgedBy), Vec<Invalid>> {
        let basis = AgeingBasis::parse(&self.basis);
        let by = match self.by.as_str() {
            "customer" => Some(AgedBy::Customer),
            "service" => Some(AgedBy::Service),
            "debt-type" => Some(AgedBy::DebtType),
            "item" => Some(AgedBy::Item),
            _ => None,
        };
        match (basis, by) {
            (Some(basis), Some(by)) => Ok((basis, by)),
            _ => {
                let mut wrong = Vec::new();
                if basis.is_none() {
                    wrong.push(Invalid::field("basis", "Enter due or invoice", &self.basis));
                }
                if by.is_none() {
                    wrong.push(Invalid::field("by", "Enter customer, service, debt-type or item", &self.by));
                }
                Err(wrong)
            }
        }
    }
}

/// A row of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgedRow {
    /// Customer number, service, debt type or item number.
    pub key: String,
    /// Customer number; empty where a row has more than one.
    pub customer_id: String,
    /// Customer's name; empty where a row has more than one.
    pub name: String,
    /// Not due.
    pub not_due_pence: i64,
    /// 1 to 30 days.
    #[serde(rename = "1_30_pence")]
    pub days_1_30_pence: i64,
    /// 31 to 60 days.
    #[serde(rename = "31_60_pence")]
    pub days_31_60_pence: i64,
    /// 61 to 90 days.
    #[serde(rename = "61_90_pence")]
    pub days_61_90_pence: i64,
    /// 91 to 180 days.
    #[serde(rename = "91_180_pence")]
    pub days_91_180_pence: i64,
    /// 181 to 365 days.
    #[serde(rename = "181_365_pence")]
    pub days_181_365_pence: i64,
    /// Over 365 days.
    pub over_365_pence: i64,
    /// Credits not allocated, never netted; zero or below.
    pub unallocated_pence: i64,
    /// All of it.
    pub total_pence: i64,
}

impl AgedRow {
    fn of(sum: &AgedSum) -> AgedRow {
        AgedRow {
            key: sum.code.clone(),
            customer_id: sum.customer_number.clone(),
            name: sum.name.clone(),
            not_due_pence: sum.b0,
            days_1_30_pence: sum.b1,
            days_31_60_pence: sum.b2,
            days_61_90_pence: sum.b3,
            days_91_180_pence: sum.b4,
            days_181_365_pence: sum.b5,
            over_365_pence: sum.b6,
            unallocated_pence: sum.unallocated,
            total_pence: sum.total(),
        }
    }

    /// The amounts in the order of the columns; the total last.
    pub fn amounts(&self) -> [i64; 9] {
        [
            self.not_due_pence,
            self.days_1_30_pence,
            self.days_31_60_pence,
            self.days_61_90_pence,
            self.days_91_180_pence,
            self.days_181_365_pence,
            self.over_365_pence,
            self.unallocated_pence,
            self.total_pence,
        ]
    }

    /// What is overdue, credits left out.
    pub fn overdue_pence(&self) -> i64 {
        self.total_pence - self.not_due_pence - self.unallocated_pence
    }

    /// What is more than 90 days overdue.
    pub fn over_90_pence(&self) -> i64 {
        self.days_91_180_pence + self.days_181_365_pence + self.over_365_pence
    }
}

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgedDebt {
    /// As at the end of this day.
    pub as_at: NaiveDate,
    /// due or invoice.
    pub basis: String,
    /// customer, service, debt-type or item.
    pub by: String,
    /// Rows, in the order of their keys; keys that owe nothing are left out.
    pub rows: Vec<AgedRow>,
    /// The sums of the columns.
    pub total: AgedRow,
}

/// Aged debt as at a day, past or future, by posting date.
///
/// # Errors
/// Options that are not known; someone who may not see reports.
pub async fn aged_debt(desk: &Desk, by: &Actor, ask: &AskAgedDebt) -> Outcome<AgedDebt> {
    refused_report(by)?;
    let mut look = desk.look().await?;
    aged_debt_in(&mut look, by.org, ask).await
}

/// The same, in a moment that someone else holds.
pub(crate) async fn aged_debt_in(tx: &mut Tx, org: OrgId, ask: &AskAgedDebt) -> Outcome<AgedDebt> {
    let (basis, by) = ask.read()?;
    let sums = aged_sums(tx, org, ask.as_at, basis, by).await?;
    let mut total = AgedSum::default();
    let mut rows = Vec::with_capacity(sums.len());
    for sum in &sums {
        total.add(sum);
        rows.push(AgedRow::of(sum));
    }
    let total = AgedRow::of(&AgedSum { code: "Total".into(), ..total });
    Ok(AgedDebt { as_at: ask.as_at, basis: ask.basis.clone(), by: ask.by.clone(), rows, total })
}

/// The parts of each key added up, in the order of the keys.
pub(crate) async fn aged_sums(
    tx: &mut Tx,
    org: OrgId,
    as_at: NaiveDate,
    basis: AgeingBasis,
    by: AgedBy,
) -> Outcome<Vec<AgedSum>> {
    let parts = reports::aged_parts(tx, org, as_at, basis == AgeingBasis::Due, by).await?;
    let mut sums: BTreeMap<(String, i64), AgedSum> = BTreeMap::new();
    for part in parts {
        match sums.entry((part.code.clone(), part.id)) {
            std::collections::btree_map::Entry::Occupied(mut sum) => sum.get_mut().add(&part),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(part);
            }
        }
    }
    Ok(sums.into_values().filter(|sum| !sum.is_nothing()).collect())
}

/// The names of the amount columns in files.
pub fn amount_columns() -> Vec<String> {
    let buckets = Buckets::default().0.into_iter().map(|bucket| bucket.code);
    buckets.chain(["unallocated".to_owned(), "total".to_owned()]).collect()
}

impl AgedDebt {
    /// The names of all columns, in order.
    pub fn columns(&self) -> Vec<String> {
        let first: &[&str] = match self.by.as_str() {
            "customer" => &["customer_id", "name"],
            "item" => &["item", "customer_id", "name"],
            "service" => &["service"],
            _ => &["debt_type"],
        };
        first.iter().map(|name| (*name).to_owned()).chain(amount_columns()).collect()
    }

    fn cells(&self, row: &AgedRow) -> Vec<Cell> {
        let words: Vec<&str> = match self.by.as_str() {
            "customer" => vec![&row.customer_id, &row.name],
            "item" => vec![&row.key, &row.customer_id, &row.name],
            _ => vec![&row.key],
        };
        words.into_iter().map(Cell::from).chain(row.amounts().map(Cell::Pence)).collect()
    }

    /// As CSV: pounds with two decimals, no row of totals.
    pub fn to_csv(&self) -> Vec<u8> {
        let columns = self.columns();
        let header: Vec<&str> = columns.iter().map(String::as_str).collect();
        csv_out::write(&header, self.rows.iter().map(|row| self.cells(row)))
    }

    /// As a workbook with totals and a sheet that says what was asked, and by whom.
    pub fn to_xlsx(&self, asked_by: &str) -> Outcome<Vec<u8>> {
        let broken = |error| Fault::new(format!("the workbook cannot be written: {error}"));
        let words = self.columns().len() - 9;
        let columns = self.columns().into_iter().enumerate().map(|(place, heading)| Column {
            heading,
            kind: if place < words { ColumnKind::Text } else { ColumnKind::Money },
        });
        let fact = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let about = About {
            title: "Aged debt".into(),
            facts: vec![
                fact("As at", &self.as_at.to_string()),
                fact("Basis", &self.basis),
                fact("By", &self.by),
                fact("Made by", asked_by),
            ],
            made_on: Some(self.as_at),
        };
        let mut book = WorkbookWriter::new(about, columns.collect()).map_err(broken)?;
        for row in &self.rows {
            book.row(&self.cells(row)).map_err(broken)?;
        }
        Ok(book.finish().map_err(broken)?)
    }
}
