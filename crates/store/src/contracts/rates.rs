//! Rate cards with their dated lines, and terms.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A rate card.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RateCardRow {
    /// Id.
    pub id: i64,
    /// Code: `CARE-26`.
    pub code: String,
    /// Name.
    pub name: String,
    /// The workbook it was loaded from, if any.
    pub file_sha256: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// A dated rate of a card.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RateLineRow {
    /// Of which card.
    pub card_id: i64,
    /// Service code.
    pub service_code: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// What it is for.
    pub description: String,
    /// What the rate is for.
    pub unit: String,
    /// In ten-thousandths of a pound.
    pub rate_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// The decision behind it.
    pub why: String,
    /// Who entered it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Adds rate cards.
pub async fn add_rate_cards(tx: &mut Tx, org: OrgId, rows: Vec<RateCardRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "id", "code", "name", "file_sha256", "recorded_at", "version"];
    let rows = rows.into_iter().map(|r| args![org, r.id, r.code, r.name, r.file_sha256, r.recorded_at, r.version]);
    tx.insert("rate_card", COLUMNS, rows.collect()).await
}

/// Adds dated rates.
pub async fn add_rate_lines(tx: &mut Tx, org: OrgId, rows: Vec<RateLineRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "card_id",
        "service_code",
        "from_on",
        "to_on",
        "description",
        "unit",
        "rate_e4",
        "vat_code",
        "income_code",
        "why",
        "actor_name",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.card_id,
            r.service_code,
            r.from_on,
            r.to_on,
            r.description,
            r.unit,
            r.rate_e4,
            r.vat_code,
            r.income_code,
            r.why,
            r.actor_name,
            r.recorded_at
        ]
    });
    tx.insert("rate_line", COLUMNS, rows.collect()).await
}

/// The rate cards, by code.
pub async fn rate_cards(tx: &mut Tx, org: OrgId) -> Result<Vec<RateCardRow>, StoreFault> {
    let sql =
        sql!("select id, code, name, file_sha256, recorded_at, version from rate_card where org_id = $1 order by code");
    tx.all(sql, args![org]).await
}

/// The rate card with a code.
pub async fn rate_card(tx: &mut Tx, org: OrgId, code: &str) -> Result<Option<RateCardRow>, StoreFault> {
    let sql =
        sql!("select id, code, name, file_sha256, recorded_at, version from rate_card where org_id = $1 and code = $2");
    tx.maybe(sql, args![org, code]).await
}

/// Names a rate card anew and counts the change.
pub async fn change_rate_card(tx: &mut Tx, org: OrgId, r: &RateCardRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update rate_card set name = $4, file_sha256 = $5, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx.run(sql, args![org, r.id, r.version, &r.name, &r.file_sha256]).await? == 1)
}

/// The lines of every rate card, oldest first within a service code.
pub async fn rate_lines(tx: &mut Tx, org: OrgId) -> Result<Vec<RateLineRow>, StoreFault> {
    let sql = sql!(
        "select card_id, service_code, from_on, to_on, description, unit, rate_e4, vat_code, income_code, why, actor_name, recorded_at from rate_line where org_id = $1 order by card_id, service_code, from_on"
    );
    tx.all(sql, args![org]).await
}

/// Drops a dated rate of a card, for one that puts it right.
pub async fn drop_rate_line(
    tx: &mut Tx,
    org: OrgId,
    (card, service_code, from_on): (i64, &str, NaiveDate),
) -> Result<(), StoreFault> {
    let sql = sql!("delete from rate_line where org_id = $1 and card_id = $2 and service_code = $3 and from_on = $4");
    tx.run(sql, args![org, card, service_code, from_on]).await?;
    Ok(())
}

/// Name, first and last day of every term, in order.
pub async fn term_dates(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, NaiveDate, NaiveDate)>, StoreFault> {
    let sql = sql!("select name, starts_on, ends_on from term_date where org_id = $1 order by starts_on");
    tx.all(sql, args![org]).await
}

/// Adds terms.
pub async fn add_term_dates(
    tx: &mut Tx,
    org: OrgId,
    rows: Vec<(String, NaiveDate, NaiveDate)>,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "starts_on", "ends_on", "name", "recorded_at"];
    let rows = rows.into_iter().map(|(name, starts_on, ends_on)| args![org, starts_on, ends_on, name, at]);
    tx.insert("term_date", COLUMNS, rows.collect()).await
}

/// Terms that began to be dated: contracts billed by term that had no next one are looked at again.
pub async fn wake_termly(tx: &mut Tx, org: OrgId, from_on: NaiveDate) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set next_on = $2 where org_id = $1 and cycle = 'termly' and next_on is null and (ends_on is null or ends_on > billed_to)"
    );
    tx.run(sql, args![org, from_on]).await
}
