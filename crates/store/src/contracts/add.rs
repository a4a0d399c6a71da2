//! Keeping contracts and what hangs on them.
use super::{ContractBreakRow, ContractChangeRow, ContractLineRow, ContractPayerRow, ContractRateRow, ContractRow};
use crate::{StoreFault, Tx, args};
use sundry_domain::ids::OrgId;

/// Adds contracts.
pub async fn add_contracts(tx: &mut Tx, org: OrgId, rows: Vec<ContractRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "service_user",
        "service",
        "debt_type",
        "cost_centre",
        "cycle",
        "in_advance",
        "starts_on",
        "ends_on",
        "end_reason",
        "charge_first_day",
        "charge_last_day",
        "terms_days",
        "reference",
        "billed_to",
        "next_on",
        "recheck_from",
        "recheck_why",
        "recorded_at",
        "version",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.service_user,
            r.service,
            r.debt_type,
            r.cost_centre,
            r.cycle,
            r.in_advance,
            r.starts_on,
            r.ends_on,
            r.end_reason,
            r.charge_first_day,
            r.charge_last_day,
            r.terms_days,
            r.reference,
            r.billed_to,
            r.next_on,
            r.recheck_from,
            r.recheck_why,
            r.recorded_at,
            r.version
        ]
    });
    tx.insert("contract", COLUMNS, rows.collect()).await
}

/// Adds charges.
pub async fn add_contract_lines(tx: &mut Tx, org: OrgId, rows: Vec<ContractLineRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "contract_id",
        "line",
        "description",
        "card_id",
        "service_code",
        "unit",
        "quantity_e4",
        "vat_code",
        "income_code",
        "clause",
        "by_activity",
        "agreed_e4",
        "from_on",
        "to_on",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.contract_id,
            r.line,
            r.description,
            r.card_id,
            r.service_code,
            r.unit,
            r.quantity_e4,
            r.vat_code,
            r.income_code,
            r.clause,
            r.by_activity,
            r.agreed_e4,
            r.from_on,
            r.to_on
        ]
    });
    tx.insert("contract_line", COLUMNS, rows.collect()).await
}

/// Adds rates of contracts' own.
pub async fn add_contract_rates(tx: &mut Tx, org: OrgId, rows: Vec<ContractRateRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "contract_id", "line", "from_on", "to_on", "rate_e4", "why", "actor_name", "recorded_at"];
    let rows = rows
        .into_iter()
        .map(|r| args![org, r.contract_id, r.line, r.from_on, r.to_on, r.rate_e4, r.why, r.actor_name, r.recorded_at]);
    tx.insert("contract_rate", COLUMNS, rows.collect()).await
}

/// Adds payers.
pub async fn add_contract_payers(tx: &mut Tx, org: OrgId, rows: Vec<ContractPayerRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "contract_id",
        "seq",
        "customer_id",
        "line",
        "from_on",
        "to_on",
        "share",
        "share_e4",
        "is_lead",
        "po_number",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.contract_id,
            r.seq,
            r.customer_id,
            r.line,
            r.from_on,
            r.to_on,
            r.share,
            r.share_e4,
            r.is_lead,
            r.po_number
        ]
    });
    tx.insert("contract_payer", COLUMNS, rows.collect()).await
}

/// Adds breaks.
pub async fn add_contract_breaks(tx: &mut Tx, org: OrgId, rows: Vec<ContractBreakRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "contract_id",
        "seq",
        "kind",
        "from_on",
        "to_on",
        "retained_bp",
        "reason",
        "actor_name",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.contract_id,
            r.seq,
            r.kind,
            r.from_on,
            r.to_on,
            r.retained_bp,
            r.reason,
            r.actor_name,
            r.recorded_at
        ]
    });
    tx.insert("contract_break", COLUMNS, rows.collect()).await
}

/// Adds to the record of changes.
pub async fn add_contract_changes(tx: &mut Tx, org: OrgId, rows: Vec<ContractChangeRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "contract_id", "seq", "on_day", "from_on", "what", "why", "actor_name", "recorded_at"];
    let rows = rows
        .into_iter()
        .map(|r| args![org, r.contract_id, r.seq, r.on_day, r.from_on, r.what, r.why, r.actor_name, r.recorded_at]);
    tx.insert("contract_change", COLUMNS, rows.collect()).await
}
