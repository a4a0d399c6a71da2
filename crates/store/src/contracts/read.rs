//! Reading contracts a range at a time.
use super::{
    ContractBreakRow, ContractChangeRow, ContractLineRow, ContractPayerRow, ContractRange, ContractRateRow, ContractRow,
};
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

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
        "select x.contract_id, x.line, x.description, x.card_id, x.service_code, x.unit, x.quantity_e4, x.vat_code, x.income_code, x.clause, x.by_activity, x.agreed_e4, x.from_on, x.to_on from contract_line x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or cast($4 as date) is null or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.line"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Rates of contracts' own, oldest first.
pub async fn contract_rates(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractRateRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.line, x.from_on, x.to_on, x.rate_e4, x.why, x.actor_name, x.recorded_at from contract_rate x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or cast($4 as date) is null or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.line, x.from_on"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Payers of contracts.
pub async fn contract_payers(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractPayerRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.seq, x.customer_id, x.line, x.from_on, x.to_on, x.share, x.share_e4, x.is_lead, x.po_number from contract_payer x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or cast($4 as date) is null or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.seq"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// Breaks of contracts.
pub async fn contract_breaks(tx: &mut Tx, org: OrgId, of: &ContractRange) -> Result<Vec<ContractBreakRow>, StoreFault> {
    let sql = sql!(
        "select x.contract_id, x.seq, x.kind, x.from_on, x.to_on, x.retained_bp, x.reason, x.actor_name, x.recorded_at from contract_break x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or cast($4 as date) is null or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.from_on, x.seq"
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
        "select x.contract_id, x.seq, x.on_day, x.from_on, x.what, x.why, x.actor_name, x.recorded_at from contract_change x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or cast($4 as date) is null or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) order by x.contract_id, x.seq desc"
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
        "select k.id, k.number, k.name, k.address1 || k.address2 || k.town || k.postcode as address, k.terms_days from customer k where k.org_id = $1 and k.id in (select x.customer_id from contract_payer x where x.org_id = $1 and x.contract_id between $2 and $3 and ($2 = $3 or cast($4 as date) is null or exists (select 1 from contract c where c.org_id = $1 and c.id = x.contract_id and c.next_on <= $4)) union select y.customer_id from contract_charge y join contract c on c.org_id = y.org_id and c.id = y.contract_id where y.org_id = $1 and y.contract_id between $2 and $3 and c.recheck_from is not null and c.next_on <= $4) order by k.id"
    );
    tx.all(sql, args![org, of.first, of.last, of.up_to]).await
}

/// The number of a contract.
pub async fn contract_number(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select number from contract where org_id = $1 and id = $2");
    Ok(tx.maybe::<(String,)>(sql, args![org, id]).await?.map(|(number,)| number))
}
