//! What is left of the lines of an invoice: what a query about one of them may dispute, and a credit take back.
use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::ids::{DocumentId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::{Tx, billing};

/// A line of an invoice and what has not been credited of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineLeft {
    /// Line of the invoice.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// Left before VAT.
    pub net_pence: i64,
    /// VAT left.
    pub vat_pence: i64,
}

impl LineLeft {
    /// Left with VAT.
    pub fn gross(&self) -> Pence {
        Pence(self.net_pence).plus(Pence(self.vat_pence))
    }
}

/// Every line of an invoice with what is left of it.
pub(super) async fn lines_left(tx: &mut Tx, org: OrgId, invoice: DocumentId) -> Outcome<Vec<LineLeft>> {
    let credited: HashMap<i64, (i64, i64)> = billing::credited_so_far(tx, org, invoice)
        .await?
        .into_iter()
        .map(|(line, net, vat)| (line, (net, vat)))
        .collect();
    let rows = billing::lines_of(tx, org, invoice).await?;
    let left = |row: billing::DocumentLineRow| {
        let (net, vat) = credited.get(&row.line).copied().unwrap_or_default();
        LineLeft {
            line: row.line,
            description: row.description,
            net_pence: row.net_pence - net,
            vat_pence: row.vat_pence - vat,
        }
    };
    Ok(rows.into_iter().map(left).collect())
}

/// One line of an invoice with what is left of it.
pub(super) async fn line_left(tx: &mut Tx, org: OrgId, invoice: DocumentId, line: i64) -> Outcome<Option<LineLeft>> {
    Ok(lines_left(tx, org, invoice).await?.into_iter().find(|one| one.line == line))
}
