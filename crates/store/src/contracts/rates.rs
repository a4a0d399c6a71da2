//! Rate cards with their dated lines, terms, uplifts.
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

/// An uplift that was applied.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct UpliftRow {
    /// Id.
    pub id: i64,
    /// Number: `UPL-000001`.
    pub number: String,
    /// First day of the new rates.
    pub from_on: NaiveDate,
    /// Of one rate card; empty for all, and `own` for contracts' own rates.
    pub card_code: String,
    /// Of one service code; empty for all.
    pub service_code: String,
    /// By how much.
    pub by_words: String,
    /// The decision behind it.
    pub why: String,
    /// Rates that changed.
    pub rates_count: i64,
    /// What a period of every charge came to before.
    pub before_pence: i64,
    /// What it comes to now.
    pub after_pence: i64,
    /// Who.
    pub applied_by: i64,
    /// Their name.
    pub applied_by_name: String,
    /// When.
    pub applied_on: NaiveDate,
    /// When it was recorded.
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

/// Adds uplifts that were applied.
pub async fn add_uplifts(tx: &mut Tx, org: OrgId, rows: Vec<UpliftRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "from_on",
        "card_code",
        "service_code",
        "by_words",
        "why",
        "rates_count",
        "before_pence",
        "after_pence",
        "applied_by",
        "applied_by_name",
        "applied_on",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.from_on,
            r.card_code,
            r.service_code,
            r.by_words,
            r.why,
            r.rates_count,
            r.before_pence,
            r.after_pence,
            r.applied_by,
            r.applied_by_name,
            r.applied_on,
            r.recorded_at
        ]
    });
    tx.insert("uplift", COLUMNS, rows.collect()).await
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

/// Uplifts that were applied, newest first.
pub async fn uplifts(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<UpliftRow>, StoreFault> {
    let sql = sql!(
        "select id, number, from_on, card_code, service_code, by_words, why, rates_count, before_pence, after_pence, applied_by, applied_by_name, applied_on, recorded_at from uplift where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// A charge whose rate an uplift would change.
#[derive(Clone, Debug, FromRow)]
pub struct UpliftedRow {
    /// Contract.
    pub contract_id: i64,
    /// Its number.
    pub number: String,
    /// Its service user.
    pub service_user: String,
    /// Its cycle.
    pub cycle: String,
    /// Which charge.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// Its rate card, if not a rate of its own.
    pub card_id: Option<i64>,
    /// The card's line.
    pub service_code: String,
    /// What its rate is for.
    pub unit: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// The contract's own rate on the day, if it has one.
    pub rate_e4: Option<i64>,
    /// First day of the contract.
    pub starts_on: NaiveDate,
    /// Billed up to and with this day.
    pub billed_to: NaiveDate,
}

/// Charges in force on or after a day, with the own rate that holds on it, after a contract and charge.
pub async fn charges_in_force(tx: &mut Tx, org: OrgId, on: NaiveDate) -> Result<Vec<UpliftedRow>, StoreFault> {
    let sql = sql!(
        "select l.contract_id, c.number, c.service_user, c.cycle, l.line, l.description, l.card_id, l.service_code, l.unit, l.quantity_e4, (select r.rate_e4 from contract_rate r where r.org_id = l.org_id and r.contract_id = l.contract_id and r.line = l.line and r.from_on <= $2 order by r.from_on desc limit 1) as rate_e4, c.starts_on, c.billed_to from contract_line l join contract c on c.org_id = l.org_id and c.id = l.contract_id where l.org_id = $1 and (c.ends_on is null or c.ends_on >= $2) and (l.to_on is null or l.to_on >= $2) order by l.contract_id, l.line"
    );
    tx.all(sql, args![org, on]).await
}
