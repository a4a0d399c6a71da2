//! Feeders: the systems that send charges, and how their files are read.
pub mod files;
pub mod rows;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A system that sends charges.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FeederRow {
    /// Id.
    pub id: i64,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Our field to their heading.
    pub columns: serde_json::Value,
    /// `number`, or the kind of reference they know customers by.
    pub customer_by: String,
    /// VAT code where a row says none.
    pub vat_code: String,
    /// Income code where a row says none.
    pub income_code: String,
    /// Cost centre where a row says none.
    pub cost_centre: String,
    /// Service where a row says none.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Whether amounts include VAT.
    pub gross: bool,
    /// What the first cell of the row of totals says.
    pub trailer: String,
    /// Who puts rejects right.
    pub rejects_to: String,
    /// Whether it takes files.
    pub active: bool,
    /// Who changed it last.
    pub changed_by_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// The feeders, by code.
pub async fn feeders(tx: &mut Tx, org: OrgId) -> Result<Vec<FeederRow>, StoreFault> {
    let sql = sql!(
        "select id, code, name, columns, customer_by, vat_code, income_code, cost_centre, service, debt_type, gross, trailer, rejects_to, active, changed_by_name, recorded_at, version from feeder where org_id = $1 order by code"
    );
    tx.all(sql, args![org]).await
}

/// The feeder with a code.
pub async fn feeder(tx: &mut Tx, org: OrgId, code: &str) -> Result<Option<FeederRow>, StoreFault> {
    let sql = sql!(
        "select id, code, name, columns, customer_by, vat_code, income_code, cost_centre, service, debt_type, gross, trailer, rejects_to, active, changed_by_name, recorded_at, version from feeder where org_id = $1 and code = $2"
    );
    tx.maybe(sql, args![org, code]).await
}

/// The feeder with an id.
pub async fn feeder_of(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<FeederRow>, StoreFault> {
    let sql = sql!(
        "select id, code, name, columns, customer_by, vat_code, income_code, cost_centre, service, debt_type, gross, trailer, rejects_to, active, changed_by_name, recorded_at, version from feeder where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Adds a feeder.
pub async fn add_feeder(tx: &mut Tx, org: OrgId, r: FeederRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "code",
        "name",
        "columns",
        "customer_by",
        "vat_code",
        "income_code",
        "cost_centre",
        "service",
        "debt_type",
        "gross",
        "trailer",
        "rejects_to",
        "active",
        "changed_by_name",
        "recorded_at",
        "version",
    ];
    let row = args![
        org,
        r.id,
        r.code,
        r.name,
        r.columns,
        r.customer_by,
        r.vat_code,
        r.income_code,
        r.cost_centre,
        r.service,
        r.debt_type,
        r.gross,
        r.trailer,
        r.rejects_to,
        r.active,
        r.changed_by_name,
        r.recorded_at,
        r.version
    ];
    tx.insert("feeder", COLUMNS, vec![row]).await
}

/// Changes a feeder that still has the version that was read; false if someone changed it since.
pub async fn change_feeder(tx: &mut Tx, org: OrgId, r: &FeederRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update feeder set name = $4, columns = $5, customer_by = $6, vat_code = $7, income_code = $8, cost_centre = $9, service = $10, debt_type = $11, gross = $12, trailer = $13, rejects_to = $14, active = $15, changed_by_name = $16, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        &r.name,
        r.columns.clone(),
        &r.customer_by,
        &r.vat_code,
        &r.income_code,
        &r.cost_centre,
        &r.service,
        &r.debt_type,
        r.gross,
        &r.trailer,
        &r.rejects_to,
        r.active,
        &r.changed_by_name
    ];
    Ok(tx.run(sql, values).await? == 1)
}
