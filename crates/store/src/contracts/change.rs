//! Changing contracts, and marking what the next run looks at again.
use super::{ContractRateRow, ContractRow};
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sundry_domain::ids::OrgId;

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
