//! Every bank line since a day: where its money went, or might go.
use super::receipt::sentences;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash::{self, PlacedRow};

/// The columns, in order.
pub const COLUMNS: [&str; 8] =
    ["bank_line_id", "customer_id", "invoice_no", "amount", "state", "rank", "confidence", "reason"];

/// A part of a bank line's money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedAllocation {
    /// The bank's key of the line, or our number.
    pub bank_line_id: String,
    /// Customer number; empty in suspense.
    pub customer_id: String,
    /// Item number; empty on account and in suspense.
    pub invoice_no: String,
    /// How much.
    pub amount_pence: i64,
    /// posted or suggested.
    pub state: String,
    /// 1 is best.
    pub rank: i64,
    /// How sure, in parts per million.
    pub confidence_ppm: i64,
    /// Why, in words.
    pub reason: String,
}

impl ExportedAllocation {
    /// The cells of a row, in the order of [`COLUMNS`]: pounds and a confidence from 0.0000 to 1.0000.
    pub fn cells(&self) -> [String; 8] {
        let tenths = self.confidence_ppm.clamp(0, 1_000_000) / 100;
        [
            self.bank_line_id.clone(),
            self.customer_id.clone(),
            self.invoice_no.clone(),
            Pence(self.amount_pence).pounds(),
            self.state.clone(),
            self.rank.to_string(),
            format!("{}.{:04}", tenths / 10_000, tenths % 10_000),
            self.reason.clone(),
        ]
    }
}

/// Where the money of bank lines dated since a day went; what was taken back is not shown.
///
/// # Errors
/// Duty.
pub async fn export_allocations(desk: &Desk, by: &Actor, since: Option<NaiveDate>) -> Outcome<Vec<ExportedAllocation>> {
    by.must_hold(Duty::RunReports)?;
    let org = by.org;
    let since = since.or_else(|| NaiveDate::from_ymd_opt(1900, 1, 1)).unwrap_or_default();
    let mut look = desk.look().await?;
    let mut rows = merged(cash::placed_on_items(&mut look, org, since).await?);
    rows.extend(cash::placed_on_account(&mut look, org, since).await?);
    rows.extend(cash::placed_by_suggestion(&mut look, org, since).await?);
    rows.extend(cash::placed_nowhere(&mut look, org, since).await?);
    // Within a line the order of the parts stays: items, then what is on account.
    rows.sort_by_key(|row| (row.posted_on, row.line_id, row.rank));
    let mut exported: Vec<ExportedAllocation> = Vec::with_capacity(rows.len());
    let mut words = (0, 0, String::new());
    for row in rows {
        if row.state == "suggested" && (words.0, words.1) != (row.line_id, row.rank) {
            words = (row.line_id, row.rank, spoken(row.reasons.as_ref()));
        }
        let reason = if row.state == "suggested" { words.2.clone() } else { row.reason };
        exported.push(ExportedAllocation {
            bank_line_id: row.external_id,
            customer_id: row.customer_number.unwrap_or_default(),
            invoice_no: row.item_number.unwrap_or_default(),
            amount_pence: row.amount_pence,
            state: if row.state == "suggested" { "suggested" } else { "posted" }.into(),
            rank: row.rank,
            confidence_ppm: row.confidence_ppm,
            reason,
        });
    }
    Ok(exported)
}

/// Reasons for, then reasons against.
fn spoken(reasons: Option<&serde_json::Value>) -> String {
    let Some(reasons) = reasons else { return String::new() };
    let against = sentences(reasons, "against").into_iter().map(|s| format!("But: {s}"));
    sentences(reasons, "for").into_iter().chain(against).collect::<Vec<_>>().join(" ")
}

/// One row for each line and item, however many times it was allocated.
fn merged(rows: Vec<PlacedRow>) -> Vec<PlacedRow> {
    let mut all: Vec<PlacedRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let from = all.iter().rposition(|other| other.line_id != row.line_id).map_or(0, |at| at + 1);
        let same = |other: &&mut PlacedRow| {
            (&other.item_number, &other.customer_number) == (&row.item_number, &row.customer_number)
        };
        match all[from..].iter_mut().find(same) {
            Some(sum) => sum.amount_pence += row.amount_pence,
            None => all.push(row),
        }
    }
    all
}
