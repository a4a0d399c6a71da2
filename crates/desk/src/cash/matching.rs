//! A line with its verdict, and what the organisation calls certain.
use crate::Outcome;
use sundry_domain::cash::{Thresholds, Verdict};
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_store::cash::{BankLineRow, ReceiptRow};
use sundry_store::{Tx, control};

/// What may be accepted in one go unless the organisation says otherwise, in parts per million.
const ACCEPT_PPM: i64 = 900_000;

/// A bank line and what the matcher says of it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub line: BankLineRow,
    pub verdict: Verdict,
    /// The receipt in suspense, where the line was settled before and is looked at again.
    pub receipt: Option<ReceiptRow>,
}

async fn setting(tx: &mut Tx, org: OrgId, name: &str) -> Outcome<Option<i64>> {
    let row = control::organisation(tx, org).await?;
    Ok(row.and_then(|o| o.settings.get(name).and_then(serde_json::Value::as_i64)))
}

/// When a match is posted without a person: setting `cash_certain_ppm`.
pub(super) async fn thresholds(tx: &mut Tx, org: OrgId) -> Outcome<Thresholds> {
    let shipped = Thresholds::default();
    let certain = setting(tx, org, "cash_certain_ppm").await?;
    Ok(Thresholds { certain_ppm: certain.unwrap_or(shipped.certain_ppm), ..shipped })
}

/// Differences up to this much are cleared by rule: setting `cash_tolerance_pence`, nothing unless set.
pub(super) async fn tolerance(tx: &mut Tx, org: OrgId) -> Outcome<Pence> {
    Ok(Pence(setting(tx, org, "cash_tolerance_pence").await?.unwrap_or(0)))
}

/// When a suggestion is strong: setting `cash_accept_ppm`.
pub(super) async fn strong_ppm(tx: &mut Tx, org: OrgId) -> Outcome<i64> {
    Ok(setting(tx, org, "cash_accept_ppm").await?.unwrap_or(ACCEPT_PPM))
}
