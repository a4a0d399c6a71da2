//! Contracts with their charges, rates, payers and breaks; what was billed for which days; runs.
mod charges;
mod rates;
mod runs;

pub use charges::*;
pub use rates::*;
pub use runs::*;

use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Contracts from one id to another: the one, or those among them that a run up to a day bills.
#[derive(Clone, Copy, Debug)]
pub struct ContractRange {
    /// First id.
    pub first: i64,
    /// Last id.
    pub last: i64,
    /// The run's day.
    pub up_to: NaiveDate,
}

/// A contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractRow {
    /// Id.
    pub id: i64,
    /// Number: `CON-000001`.
    pub number: String,
    /// Reference of the service user; never a name.
    pub service_user: String,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Cost centre.
    pub cost_centre: String,
    /// How often it is billed.
    pub cycle: String,
    /// Whether it is billed before the period.
    pub in_advance: bool,
    /// First day of the service.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Why it ends.
    pub end_reason: String,
    /// Whether the first day is charged.
    pub charge_first_day: bool,
    /// Whether the last day is charged.
    pub charge_last_day: bool,
    /// Days to pay; the customer's own when not said.
    pub terms_days: Option<i64>,
    /// The contract's own reference.
    pub reference: String,
    /// Billed up to and with this day.
    pub billed_to: NaiveDate,
    /// The first day on which a run bills it again.
    pub next_on: Option<NaiveDate>,
    /// The first billed day that a change touches.
    pub recheck_from: Option<NaiveDate>,
    /// What changed.
    pub recheck_why: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// A charge of a contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractLineRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place, from 1.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// The rate card, if not a rate of its own.
    pub card_id: Option<i64>,
    /// The rate card's line.
    pub service_code: String,
    /// What its rate is for.
    pub unit: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// The clause it rests on.
    pub clause: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
}

/// A rate of a contract's own.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractRateRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Of which charge.
    pub line: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// In ten-thousandths of a pound.
    pub rate_e4: i64,
    /// The decision behind it.
    pub why: String,
    /// Who entered it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// A payer of a contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractPayerRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place.
    pub seq: i64,
    /// Who.
    pub customer_id: i64,
    /// The charge it is for; every one when not said.
    pub line: Option<i64>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// fixed, percent or remainder.
    pub share: String,
    /// A fixed amount in ten-thousandths of a pound, or of a per cent.
    pub share_e4: i64,
    /// Takes the odd pennies.
    pub is_lead: bool,
    /// Purchase order.
    pub po_number: String,
}

/// Days of a contract that are not charged, or in part.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractBreakRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place.
    pub seq: i64,
    /// suspension, absence or free.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// What is still charged, in basis points.
    pub retained_bp: i64,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// What was changed about a contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractChangeRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place.
    pub seq: i64,
    /// When it was made.
    pub on_day: NaiveDate,
    /// The first day it touches.
    pub from_on: Option<NaiveDate>,
    /// What changed.
    pub what: String,
    /// Why.
    pub why: String,
    /// Who.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

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

/// The contract with a number.
pub async fn contract_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ContractRow>, StoreFault> {
    let sql = sql!(
        "select id, number, service_user, service, debt_type, cost_centre, cycle, in_advance, starts_on, ends_on, end_reason, charge_first_day, charge_last_day, terms_days, reference, billed_to, next_on, recheck_from, recheck_why, recorded_at, version from contract where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Contracts that a run bills, after an id; of one service or cycle, where named.
pub async fn contracts_due(
    tx: &mut Tx,
    org: OrgId,
    (up_to, service, cycle): (NaiveDate, &str, &str),
    after: i64,
    limit: i64,
) -> Result<Vec<ContractRow>, StoreFault> {
    let sql = sql!(
        "select id, number, service_user, service, debt_type, cost_centre, cycle, in_advance, starts_on, ends_on, end_reason, charge_first_day, charge_last_day, terms_days, reference, billed_to, next_on, recheck_from, recheck_why, recorded_at, version from contract where org_id = $1 and next_on <= $2 and ($3 = '' or service = $3) and ($4 = '' or cycle = $4) and id > $5 order by id limit $6"
    );
    tx.all(sql, args![org, up_to, service, cycle, after, limit]).await
}

/// How many contracts a run bills after an id.
pub async fn contracts_due_count(
    tx: &mut Tx,
    org: OrgId,
    (up_to, service, cycle): (NaiveDate, &str, &str),
    after: i64,
) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from contract where org_id = $1 and next_on <= $2 and ($3 = '' or service = $3) and ($4 = '' or cycle = $4) and id > $5"
    );
    let (count,): (i64,) = tx.one(sql, args![org, up_to, service, cycle, after]).await?;
    Ok(count)
}

/// Charges of contracts.
pub async fn contract_lines(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractLineRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.line, x.description, x.card_id, x.service_code, x.unit, x.quantity_e4, x.vat_code, x.income_code, x.clause, x.from_on, x.to_on from contract_line x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.line"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Rates of contracts' own, oldest first.
pub async fn contract_rates(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractRateRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.line, x.from_on, x.to_on, x.rate_e4, x.why, x.actor_name, x.recorded_at from contract_rate x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.line, x.from_on"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Payers of contracts.
pub async fn contract_payers(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractPayerRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.seq, x.customer_id, x.line, x.from_on, x.to_on, x.share, x.share_e4, x.is_lead, x.po_number from contract_payer x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.seq"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Breaks of contracts.
pub async fn contract_breaks(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractBreakRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.seq, x.kind, x.from_on, x.to_on, x.retained_bp, x.reason, x.actor_name, x.recorded_at from contract_break x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.from_on, x.seq"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// The record of a contract's changes.
pub async fn contract_changes(
    tx: &mut Tx,
    org: OrgId,
    of: &ContractRange,
) -> Result<Vec<ContractChangeRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.seq, x.on_day, x.from_on, x.what, x.why, x.actor_name, x.recorded_at from contract_change x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.seq desc"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// A payer as a run needs them.
#[derive(Clone, Debug, FromRow)]
pub struct PayingRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// The lines of their address, one after the other.
    pub address: String,
    /// Days to pay.
    pub terms_days: i64,
}

/// The customers who pay contracts.
pub async fn paying_customers(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<PayingRow>, StoreFault> {
    let sql = sql!(
        "select k.id, k.number, k.name, k.address1 || k.address2 || k.town || k.postcode as address, k.terms_days from customer k where k.org_id = $1 and k.id in (select x.customer_id from contract_payer x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) union select y.customer_id from contract_charge y join contract c on c.org_id = y.org_id and c.id = y.contract_id where y.org_id = $1 and y.contract_id between $2 and $3 and c.recheck_from is not null and c.next_on <= $4) order by k.id"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Keeps what changed about a contract that still has the version that was read; false if someone changed it since.
pub async fn change_contract(tx: &mut Tx, org: OrgId, r: &ContractRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update contract set ends_on = $4, end_reason = $5, next_on = $6, recheck_from = $7, recheck_why = $8, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![org, r.id, r.version, r.ends_on, &r.end_reason, r.next_on, r.recheck_from, &r.recheck_why];
    Ok(tx.run(sql, values).await? == 1)
}

/// Ends a break on a day.
pub async fn end_contract_break(
    tx: &mut Tx,
    org: OrgId,
    contract: i64,
    seq: i64,
    to_on: NaiveDate,
) -> Result<bool, StoreFault> {
    let sql = sql!("update contract_break set to_on = $4 where org_id = $1 and contract_id = $2 and seq = $3");
    Ok(tx.run(sql, args![org, contract, seq, to_on]).await? == 1)
}

/// Takes a break back as if it had never been.
pub async fn drop_contract_break(tx: &mut Tx, org: OrgId, contract: i64, seq: i64) -> Result<bool, StoreFault> {
    let sql = sql!("delete from contract_break where org_id = $1 and contract_id = $2 and seq = $3");
    Ok(tx.run(sql, args![org, contract, seq]).await? == 1)
}

/// Ends the shares in force the day before a day, and drops those that would have begun on it or later.
pub async fn end_contract_payers(
    tx: &mut Tx,
    org: OrgId,
    contract: i64,
    (last, first): (NaiveDate, NaiveDate),
) -> Result<(), StoreFault> {
    let dropped = sql!("delete from contract_payer where org_id = $1 and contract_id = $2 and from_on >= $3");
    tx.run(dropped, args![org, contract, first]).await?;
    let sql = sql!(
        "update contract_payer set to_on = $3 where org_id = $1 and contract_id = $2 and (to_on is null or to_on > $3)"
    );
    tx.run(sql, args![org, contract, last]).await?;
    Ok(())
}

/// Sets a rate of a contract's own from a day, whether or not one was set for that day before.
pub async fn set_contract_rate(tx: &mut Tx, org: OrgId, r: &ContractRateRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into contract_rate (org_id, contract_id, line, from_on, to_on, rate_e4, why, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (org_id, contract_id, line, from_on) do update set to_on = excluded.to_on, rate_e4 = excluded.rate_e4, why = excluded.why, actor_name = excluded.actor_name, recorded_at = excluded.recorded_at"
    );
    let values = args![org, r.contract_id, r.line, r.from_on, r.to_on, r.rate_e4, &r.why, &r.actor_name, r.recorded_at];
    tx.run(sql, values).await?;
    Ok(())
}

/// Marks contracts that charge a line of a rate card as touched from a day that they were billed for.
pub async fn touch_card(
    tx: &mut Tx,
    org: OrgId,
    (card, service_code): (i64, &str),
    from_on: NaiveDate,
    why: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set recheck_from = case when recheck_from is null or recheck_from > $4 then $4 else recheck_from end, next_on = case when next_on is null or next_on > $4 then $4 else next_on end, recheck_why = $5, version = version + 1 where org_id = $1 and billed_to >= $4 and (ends_on is null or ends_on >= $4) and id in (select l.contract_id from contract_line l where l.org_id = $1 and l.card_id = $2 and l.service_code = $3)"
    );
    tx.run(sql, args![org, card, service_code, from_on, why]).await
}

/// Marks contracts with a rate of their own from a day as touched.
pub async fn touch_own_rates(tx: &mut Tx, org: OrgId, from_on: NaiveDate, why: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set recheck_from = case when recheck_from is null or recheck_from > $2 then $2 else recheck_from end, next_on = case when next_on is null or next_on > $2 then $2 else next_on end, recheck_why = $3, version = version + 1 where org_id = $1 and billed_to >= $2 and (ends_on is null or ends_on >= $2) and id in (select r.contract_id from contract_rate r where r.org_id = $1 and r.from_on = $2)"
    );
    tx.run(sql, args![org, from_on, why]).await
}

/// A contract in a list.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractOfList {
    /// Id: the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Reference of the service user.
    pub service_user: String,
    /// Service.
    pub service: String,
    /// How often it is billed.
    pub cycle: String,
    /// Whether it is billed before the period.
    pub in_advance: bool,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Billed up to and with this day.
    pub billed_to: NaiveDate,
    /// The first day on which a run bills it again.
    pub next_on: Option<NaiveDate>,
    /// The lead payer's number.
    pub payer_number: String,
    /// The lead payer's name.
    pub payer_name: String,
    /// How many pay today.
    pub payers_count: i64,
}

/// Which contracts to list.
#[derive(Clone, Debug, Default)]
pub struct ContractFilter {
    /// Of one service; empty for all.
    pub service: String,
    /// Of one payer.
    pub customer: Option<i64>,
    /// Of one service user.
    pub service_user: String,
    /// running, ended or waiting (to be billed again); empty for all.
    pub state: String,
}

/// Contracts before an id, newest first, as they stand on a day.
pub async fn contracts_page(
    tx: &mut Tx,
    org: OrgId,
    filter: &ContractFilter,
    (today, before, limit): (NaiveDate, i64, i64),
) -> Result<Vec<ContractOfList>, StoreFault> {
    let mut values = args![org, today, before, limit];
    let mut sql = "select c.id, c.number, c.service_user, c.service, c.cycle, c.in_advance, c.starts_on, c.ends_on, c.billed_to, c.next_on, coalesce(k.number, '') as payer_number, coalesce(k.name, '') as payer_name, (select cast(count(distinct p.customer_id) as bigint) from contract_payer p where p.org_id = c.org_id and p.contract_id = c.id and p.from_on <= $2 and (p.to_on is null or p.to_on >= $2)) as payers_count from contract c left join customer k on k.org_id = c.org_id and k.id = (select min(p.customer_id) from contract_payer p where p.org_id = c.org_id and p.contract_id = c.id and p.is_lead and (p.to_on is null or p.to_on >= $2)) where c.org_id = $1 and c.id < $3".to_owned();
    let mut and = |text: &str, value: Arg| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    if !filter.service.is_empty() {
        and(" and c.service = ?", Arg::from(&filter.service));
    }
    if !filter.service_user.is_empty() {
        and(" and c.service_user = ?", Arg::from(&filter.service_user));
    }
    if let Some(customer) = filter.customer {
        let text =
            " and c.id in (select p.contract_id from contract_payer p where p.org_id = $1 and p.customer_id = ?)";
        and(text, Arg::from(customer));
    }
    match filter.state.as_str() {
        "running" => sql.push_str(" and c.starts_on <= $2 and (c.ends_on is null or c.ends_on >= $2)"),
        "ended" => sql.push_str(" and c.ends_on < $2"),
        "waiting" => sql.push_str(" and c.next_on <= $2"),
        _ => {}
    }
    sql.push_str(" order by c.id desc limit $4");
    tx.all_built(sql, values).await
}

/// The number of a contract.
pub async fn contract_number(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select number from contract where org_id = $1 and id = $2");
    Ok(tx.maybe::<(String,)>(sql, args![org, id]).await?.map(|(number,)| number))
}
