//! The register of everything that stops recovery: holds, queries, freezes of the law, flags.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A line of the register.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct StopRow {
    /// hold, query, freeze or flag.
    pub what: String,
    /// Its id.
    pub id: i64,
    /// The number of a query, case or plan; empty for another hold or a flag.
    pub number: String,
    /// Customer.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The item; none where it is the whole account.
    pub item_id: Option<i64>,
    /// Its number.
    pub item_number: String,
    /// Why: reason of a hold, category of a query, kind of a case or flag.
    pub reason: String,
    /// In words.
    pub words: String,
    /// Who looks after it.
    pub owner: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none where it is not known.
    pub until_on: Option<NaiveDate>,
    /// What it keeps from being asked for.
    pub risk_pence: i64,
}

/// Everything that stops recovery on a day, those that run out first at the top, at most `limit`; what has run out and
/// was not ended stands there too.
pub async fn stops(tx: &mut Tx, org: OrgId, day: NaiveDate, limit: i64) -> Result<Vec<StopRow>, StoreFault> {
    let sql = sql!(
        "select s.what, s.id, s.number, s.customer_id, c.number as customer_number, c.name as customer_name, s.item_id, s.item_number, s.reason, s.words, s.owner, s.from_on, s.until_on, s.risk_pence from (
         select 'hold' as what, h.id, coalesce((select max(n.number) from plan_item t join payment_plan n on n.org_id = t.org_id and n.id = t.plan_id where t.org_id = h.org_id and t.item_id = h.item_id and t.hold_id = h.id), '') as number, h.customer_id, h.item_id, coalesce(i.number, '') as item_number, h.reason, h.words, h.owner, h.from_on, h.until_on, case when h.query_id is not null and i.disputed_pence > 0 then i.disputed_pence when h.item_id is not null then coalesce(i.open_pence, 0) else coalesce((select cast(sum(o.open_pence) as bigint) from open_item o where o.org_id = h.org_id and o.customer_id = h.customer_id and o.open_pence > 0), 0) end as risk_pence from hold h left join open_item i on i.org_id = h.org_id and i.id = h.item_id where h.org_id = $1 and h.ended_on is null and h.from_on <= $2
         union all select 'query', q.id, q.number, q.customer_id, q.item_id, coalesce(i.number, ''), q.category, q.words, q.owner, q.opened_on, q.answer_by, q.disputed_pence from query q left join open_item i on i.org_id = q.org_id and i.id = q.item_id where q.org_id = $1 and q.state not in ('resolved','withdrawn') and not exists (select 1 from hold h where h.org_id = q.org_id and h.query_id = q.id and h.ended_on is null)
         union all select 'freeze', p.id, p.number, i.customer_id, i.item_id, i.number, p.kind, p.words, p.owner, i.starts_on, i.ends_on, coalesce(o.open_pence, 0) from person_case_item i join person_case p on p.org_id = i.org_id and p.id = i.case_id and p.state = 'in_force' left join open_item o on o.org_id = i.org_id and o.id = i.item_id where i.org_id = $1 and i.freed_on is null
         union all select 'flag', f.id, '', f.customer_id, cast(null as bigint), '', f.kind, '', f.raised_by, f.from_on, f.to_on, coalesce((select cast(sum(o.open_pence) as bigint) from open_item o where o.org_id = f.org_id and o.customer_id = f.customer_id and o.open_pence > 0), 0) from customer_flag f left join flag_detail d on d.org_id = f.org_id and d.flag_id = f.id where f.org_id = $1 and f.kind in ('breathing_space','insolvent','deceased') and d.case_id is null and f.from_on <= $2 and (f.to_on is null or f.to_on >= $2)
         ) s join customer c on c.org_id = $1 and c.id = s.customer_id order by case when s.until_on is null then 1 else 0 end, s.until_on, s.customer_id, s.what, s.id, s.item_id limit $3"
    );
    tx.all(sql, args![org, day, limit]).await
}

/// What is open on the accounts that something stops as a whole, by customer.
pub async fn open_of_stopped(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select customer_id, cast(sum(open_pence) as bigint) from open_item where org_id = $1 and open_pence > 0 and customer_id in (select customer_id from hold where org_id = $1 and ended_on is null union select customer_id from customer_flag where org_id = $1) group by customer_id order by customer_id"
    );
    tx.all(sql, args![org]).await
}

/// How a week went, by reason.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct WeekRow {
    /// Reason of a hold.
    pub reason: String,
    /// Who looks after them.
    pub owner: String,
    /// Placed in the week.
    pub placed: i64,
    /// Ended in the week.
    pub ended: i64,
    /// In force at the end of it.
    pub live: i64,
    /// Of these, without a last day.
    pub open_ended: i64,
    /// Of these, how many run out in the week to come.
    pub soon: i64,
}

/// Holds by reason and owner over a week; the debts that one plan holds of a customer count as one, as in the register.
pub async fn holds_of_week(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (NaiveDate, NaiveDate),
    soon: NaiveDate,
) -> Result<Vec<WeekRow>, StoreFault> {
    let sql = sql!(
        "select s.reason, s.owner, cast(sum(case when s.from_on >= $2 and s.from_on <= $3 then 1 else 0 end) as bigint) as placed, cast(sum(case when s.ended_on >= $2 and s.ended_on <= $3 then 1 else 0 end) as bigint) as ended, cast(sum(case when s.from_on <= $3 and (s.ended_on is null or s.ended_on > $3) then 1 else 0 end) as bigint) as live, cast(sum(case when s.from_on <= $3 and (s.ended_on is null or s.ended_on > $3) and s.until_on is null then 1 else 0 end) as bigint) as open_ended, cast(sum(case when s.from_on <= $3 and (s.ended_on is null or s.ended_on > $3) and s.until_on <= $4 then 1 else 0 end) as bigint) as soon from (
         select p.reason, p.owner, min(p.from_on) as from_on, case when count(p.ended_on) = count(p.id) then max(p.ended_on) end as ended_on, case when count(p.until_on) = count(p.id) then max(p.until_on) end as until_on from (
         select h.id, h.customer_id, h.reason, h.owner, h.from_on, h.until_on, h.ended_on, coalesce((select max(t.plan_id) from plan_item t where t.org_id = h.org_id and t.item_id = h.item_id and t.hold_id = h.id), h.id) as line from hold h where h.org_id = $1 and h.from_on <= $3 and (h.ended_on is null or h.ended_on >= $2)
         ) p group by p.reason, p.owner, p.customer_id, p.line
         ) s group by s.reason, s.owner order by s.reason, s.owner"
    );
    tx.all(sql, args![org, first, last, soon]).await
}
