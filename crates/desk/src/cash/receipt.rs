//! One receipt: its facts, what is suggested and why, and what its customer owes.
use super::common::find_receipt;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{BankLineId, CustomerId, ItemId, OrgId, ReceiptId};
use sundry_store::Tx;
use sundry_store::cash::{self, BankLineRow, ReceiptRow, ShownSuggestionRow, StandingAllocationRow};
use sundry_store::ledger::{self, ItemRow};

/// A suggestion, as the workbench shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// 1 is best.
    pub rank: i64,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// How likely, in parts per million.
    pub confidence_ppm: i64,
    /// What would be set against which item.
    pub lines: Vec<SuggestionLine>,
    /// What would stay on the account.
    pub on_account_pence: i64,
    /// Sentences for it.
    pub reasons_for: Vec<String>,
    /// Sentences against it.
    pub reasons_against: Vec<String>,
}

/// An item that a suggestion would pay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestionLine {
    /// The item.
    pub item: ItemId,
    /// Its number.
    pub number: String,
    /// How much of it.
    pub amount_pence: i64,
}

/// Everything the workbench shows of one receipt.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptView {
    /// The receipt.
    pub receipt: ReceiptRow,
    /// The bank line behind it.
    pub line: Option<BankLineRow>,
    /// What is still to allocate.
    pub left_pence: i64,
    /// Number and name of its customer, or of the best suggestion's.
    pub customer: Option<(String, String)>,
    /// Up to three, best first; none once it is allocated.
    pub suggestions: Vec<Suggestion>,
    /// What that customer owes, oldest due first.
    pub open_items: Vec<ItemRow>,
    /// What stands against items.
    pub allocations: Vec<StandingAllocationRow>,
}

/// A receipt by its number.
///
/// # Errors
/// Duty; absent.
pub async fn receipt(desk: &Desk, by: &Actor, number: &str) -> Outcome<ReceiptView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let org = by.org;
    let receipt = find_receipt(&mut look, org, number).await?;
    let line = match receipt.bank_line_id {
        Some(id) => cash::line(&mut look, org, BankLineId(id)).await?,
        None => None,
    };
    let mut suggestions = Vec::new();
    if let Some(line) = line.as_ref().filter(|line| line.state == "suggested") {
        suggestions = gathered(cash::suggestions_of(&mut look, org, BankLineId(line.id)).await?);
    }
    let (allocations, on_account) = allocated(&mut look, org, &receipt).await?;
    let customer = match (receipt.customer_id, suggestions.first()) {
        (Some(id), _) => cash::customer_name(&mut look, org, CustomerId(id)).await?,
        (None, Some(best)) => Some((best.customer_number.clone(), best.customer_name.clone())),
        (None, None) => None,
    };
    let mut open_items = Vec::new();
    if let Some((number, _)) = &customer
        && let Some((id, ..)) = cash::customer_numbered(&mut look, org, number).await?
    {
        open_items = ledger::open_items_of(&mut look, org, CustomerId(id)).await?;
        open_items.retain(|item| item.open_pence > 0);
    }
    let left_pence = if receipt.state == "suspense" { receipt.amount_pence } else { on_account };
    Ok(ReceiptView { receipt, line, left_pence, customer, suggestions, open_items, allocations })
}

/// What stands against items, and what is left on accounts.
async fn allocated(look: &mut Tx, org: OrgId, receipt: &ReceiptRow) -> Outcome<(Vec<StandingAllocationRow>, i64)> {
    let (mut all, mut left) = (Vec::new(), 0);
    for item in cash::items_of_receipt(look, org, ReceiptId(receipt.id)).await? {
        if item.original_pence < 0 {
            left -= item.open_pence;
            all.extend(cash::standing_allocations(look, org, ItemId(item.id)).await?);
        }
    }
    all.retain(|a| a.item_kind != "receipt");
    Ok((all, left))
}

/// Rows of suggestions, rank by rank.
fn gathered(rows: Vec<ShownSuggestionRow>) -> Vec<Suggestion> {
    let mut all: Vec<Suggestion> = Vec::new();
    for row in rows {
        if all.last().map(|s| s.rank) != Some(row.rank) {
            all.push(Suggestion {
                rank: row.rank,
                customer_number: row.customer_number.clone().unwrap_or_default(),
                customer_name: row.customer_name.clone().unwrap_or_default(),
                confidence_ppm: row.confidence_ppm,
                reasons_for: sentences(&row.reasons, "for"),
                reasons_against: sentences(&row.reasons, "against"),
                ..Suggestion::default()
            });
        }
        let Some(suggestion) = all.last_mut() else { continue };
        match row.item_id {
            Some(id) => suggestion.lines.push(SuggestionLine {
                item: ItemId(id),
                number: row.item_number.unwrap_or_default(),
                amount_pence: row.amount_pence,
            }),
            None => suggestion.on_account_pence += row.amount_pence,
        }
    }
    all
}

/// The sentences on one side.
pub(super) fn sentences(reasons: &serde_json::Value, side: &str) -> Vec<String> {
    let list = reasons.get(side).and_then(serde_json::Value::as_array);
    list.into_iter().flatten().filter_map(|s| s.as_str().map(str::to_owned)).collect()
}
