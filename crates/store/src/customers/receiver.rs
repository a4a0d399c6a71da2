//! A customer's own rules for the documents they get.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// The rules of a customer.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ReceiverRow {
    /// Whose.
    pub customer_id: i64,
    /// letters, peppol or portal.
    pub way: String,
    /// Peppol participant: scheme and id.
    pub participant: String,
    /// Name of the portal.
    pub portal: String,
    /// Their VAT number.
    pub vat_number: String,
    /// Whether a purchase order is required.
    pub order_needed: bool,
    /// How it looks.
    pub order_pattern: String,
    /// Whether their reference is required.
    pub reference_needed: bool,
    /// What they call it.
    pub reference_name: String,
    /// How it looks.
    pub reference_pattern: String,
    /// The one that goes on where none is typed.
    pub reference_usual: String,
    /// any, digits or letters_digits.
    pub number_characters: String,
    /// How long our numbers may be.
    pub number_longest: Option<i64>,
    /// How many days after the date of issue the supply may lie.
    pub future_days: Option<i64>,
    /// How large a PDF may be, in thousands of bytes.
    pub pdf_longest_kb: Option<i64>,
    /// Whether the PDF carries the invoice as data.
    pub hybrid: bool,
    /// Who changed them last.
    pub changed_by_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// The rules of a customer, if any are kept.
pub async fn receiver(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Option<ReceiverRow>, StoreFault> {
    let sql = sql!(
        "select customer_id, way, participant, portal, vat_number, order_needed, order_pattern, reference_needed, reference_name, reference_pattern, reference_usual, number_characters, number_longest, future_days, pdf_longest_kb, hybrid, changed_by_name, recorded_at, version from receiver_rule where org_id = $1 and customer_id = $2"
    );
    tx.maybe(sql, args![org, customer]).await
}

/// The rules of these customers, where they have any.
pub async fn receivers(tx: &mut Tx, org: OrgId, customers: &[i64]) -> Result<Vec<ReceiverRow>, StoreFault> {
    let mut found = Vec::new();
    for part in customers.chunks(500) {
        let places: Vec<String> = (2..part.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select customer_id, way, participant, portal, vat_number, order_needed, order_pattern, reference_needed, reference_name, reference_pattern, reference_usual, number_characters, number_longest, future_days, pdf_longest_kb, hybrid, changed_by_name, recorded_at, version from receiver_rule where org_id = $1 and customer_id in ({})",
            places.join(", ")
        );
        let mut values = args![org];
        values.extend(part.iter().map(|id| crate::Arg::from(*id)));
        found.extend(tx.all_built::<ReceiverRow>(sql, values).await?);
    }
    Ok(found)
}

/// Keeps rules; false when someone changed them since that version was read.
pub async fn keep_receiver(tx: &mut Tx, org: OrgId, r: &ReceiverRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into receiver_rule (org_id, customer_id, way, participant, portal, vat_number, order_needed, order_pattern, reference_needed, reference_name, reference_pattern, reference_usual, number_characters, number_longest, future_days, pdf_longest_kb, hybrid, changed_by_name, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) on conflict (org_id, customer_id) do update set way = excluded.way, participant = excluded.participant, portal = excluded.portal, vat_number = excluded.vat_number, order_needed = excluded.order_needed, order_pattern = excluded.order_pattern, reference_needed = excluded.reference_needed, reference_name = excluded.reference_name, reference_pattern = excluded.reference_pattern, reference_usual = excluded.reference_usual, number_characters = excluded.number_characters, number_longest = excluded.number_longest, future_days = excluded.future_days, pdf_longest_kb = excluded.pdf_longest_kb, hybrid = excluded.hybrid, changed_by_name = excluded.changed_by_name, recorded_at = excluded.recorded_at, version = excluded.version where receiver_rule.version = excluded.version - 1"
    );
    let values = args![
        org,
        r.customer_id,
        &r.way,
        &r.participant,
        &r.portal,
        &r.vat_number,
        r.order_needed,
        &r.order_pattern,
        r.reference_needed,
        &r.reference_name,
        &r.reference_pattern,
        &r.reference_usual,
        &r.number_characters,
        r.number_longest,
        r.future_days,
        r.pdf_longest_kb,
        r.hybrid,
        &r.changed_by_name,
        r.recorded_at,
        r.version
    ];
    Ok(tx.run(sql, values).await? == 1)
}
