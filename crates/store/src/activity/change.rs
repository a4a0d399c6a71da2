//! Changing lines of activity, and marking the contracts that they touch.
use super::ActivityRow;
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sundry_domain::ids::OrgId;

/// Keeps what was decided about a line that still has the version that was read; false if someone was quicker.
pub async fn save_activity(tx: &mut Tx, org: OrgId, r: &ActivityRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update activity set contract_told = $4, contract_id = $5, line = $6, rate_e4 = $7, state = $8, held_because = $9, sentence = $10, explained_as = $11, why = $12, worth_pence = $13, owner_name = $14, due_on = $15, approval = $16, actor_name = $17, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        &r.contract_told,
        r.contract_id,
        r.line,
        r.rate_e4,
        &r.state,
        &r.held_because,
        &r.sentence,
        &r.explained_as,
        &r.why,
        r.worth_pence,
        &r.owner_name,
        r.due_on,
        &r.approval,
        &r.actor_name
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Marks a contract as touched from a day, if it was billed for it already.
pub async fn touch_activity(
    tx: &mut Tx,
    org: OrgId,
    contract: i64,
    from_on: NaiveDate,
    why: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set recheck_from = case when recheck_from is null or recheck_from > $3 then $3 else recheck_from end, next_on = case when next_on is null or next_on > $3 then $3 else next_on end, recheck_why = $4, version = version + 1 where org_id = $1 and id = $2 and billed_to >= $3"
    );
    tx.run(sql, args![org, contract, from_on, why]).await
}

/// Marks every contract that a file's accepted lines touch in days it was billed for already.
pub async fn touch_activity_of_file(tx: &mut Tx, org: OrgId, file: i64, why: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set recheck_from = (select case when contract.recheck_from < min(a.from_on) then contract.recheck_from else min(a.from_on) end from activity a where a.org_id = $1 and a.file_id = $2 and a.contract_id = contract.id and a.state = 'accepted'), next_on = (select case when contract.next_on < min(a.from_on) then contract.next_on else min(a.from_on) end from activity a where a.org_id = $1 and a.file_id = $2 and a.contract_id = contract.id and a.state = 'accepted'), recheck_why = $3, version = version + 1 where org_id = $1 and id in (select a.contract_id from activity a where a.org_id = $1 and a.file_id = $2 and a.state = 'accepted' and a.from_on <= contract.billed_to)"
    );
    tx.run(sql, args![org, file, why]).await
}

/// Marks lines as replaced by others; gives how many were.
pub async fn replace_activity(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<u64, StoreFault> {
    let mut count = 0;
    for some in ids.chunks(400) {
        let mut values = args![org];
        let mut places = Vec::with_capacity(some.len());
        for id in some {
            values.push(Arg::from(*id));
            places.push(format!("${}", values.len()));
        }
        let sql = format!(
            "update activity set state = 'replaced', version = version + 1 where org_id = $1 and id in ({}) and state in ('accepted', 'held', 'explained') returning id",
            places.join(", ")
        );
        count += tx.all_built::<(i64,)>(sql, values).await?.len() as u64;
    }
    Ok(count)
}
