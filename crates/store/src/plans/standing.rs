//! What decides how plans stand: money that came, flags, what waits; and what Direct Debits take for them.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// Money that came, or was credited, for what a plan covers, since it joined the plan.
#[derive(Clone, Debug, FromRow)]
pub struct PlanMoneyRow {
    /// Plan.
    pub plan_id: i64,
    /// The day it counts.
    pub on_day: NaiveDate,
    /// receipt, credit_note, write_off and so on.
    pub kind: String,
    /// How much; below zero where it went back.
    pub amount_pence: i64,
}

/// What came for plans from one id to another. What had come before an item joined, and went back since, is left out.
pub async fn money(tx: &mut Tx, org: OrgId, (first, last): (i64, i64)) -> Result<Vec<PlanMoneyRow>, StoreFault> {
    let sql = sql!(
        "select c.plan_id, m.dated_on as on_day, m.kind, cast(sum(a.amount_pence) as bigint) as amount_pence from plan_item c join allocation a on a.org_id = c.org_id and a.debit_item_id = c.item_id and a.recorded_at > c.joined_at join open_item m on m.org_id = a.org_id and m.id = a.credit_item_id left join allocation o on o.org_id = a.org_id and o.id = a.reverses_id where c.org_id = $1 and c.plan_id between $2 and $3 and (a.reverses_id is null or o.recorded_at > c.joined_at) group by c.plan_id, m.dated_on, m.kind order by c.plan_id, m.dated_on, m.kind"
    );
    tx.all(sql, args![org, first, last]).await
}

/// A flag of somebody on a plan.
#[derive(Clone, Debug, FromRow)]
pub struct PlanFlagRow {
    /// Plan.
    pub plan_id: i64,
    /// Stored name of the domain's `FlagKind`.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
}

/// Flags, ended ones too, of the people on plans from one id to another; not a breathing space whose notice names other
/// debts than the plan's.
pub async fn flags(tx: &mut Tx, org: OrgId, (first, last): (i64, i64)) -> Result<Vec<PlanFlagRow>, StoreFault> {
    let sql = sql!(
        "select y.plan_id, f.kind, f.from_on, f.to_on from plan_party y join customer_flag f on f.org_id = y.org_id and f.customer_id = y.customer_id where y.org_id = $1 and y.plan_id between $2 and $3 and f.kind in ('breathing_space', 'deceased', 'insolvent', 'vulnerable') and not (f.kind = 'breathing_space' and exists (select 1 from flag_detail d join person_case_item s on s.org_id = d.org_id and s.case_id = d.case_id and s.named = true where d.org_id = f.org_id and d.flag_id = f.id) and not exists (select 1 from flag_detail d join person_case_item s on s.org_id = d.org_id and s.case_id = d.case_id join plan_item v on v.org_id = s.org_id and v.item_id = s.item_id where d.org_id = f.org_id and d.flag_id = f.id and v.plan_id = y.plan_id)) order by y.plan_id, f.id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// What of the money of the people on each plan is not set against anything: above zero.
pub async fn unallocated(tx: &mut Tx, org: OrgId, (first, last): (i64, i64)) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select y.plan_id, cast(sum(0 - i.open_pence) as bigint) from plan_party y join open_item i on i.org_id = y.org_id and i.customer_id = y.customer_id and i.open_pence < 0 and i.kind = 'receipt' where y.org_id = $1 and y.plan_id between $2 and $3 group by y.plan_id order by y.plan_id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// The last letter of claim that named an item of a plan.
pub async fn last_letter_of_claim(tx: &mut Tx, org: OrgId, plan: i64) -> Result<Option<NaiveDate>, StoreFault> {
    let sql = sql!(
        "select max(l.dated_on) from plan_item c join letter_item n on n.org_id = c.org_id and n.item_id = c.item_id join letter l on l.org_id = n.org_id and l.id = n.letter_id where c.org_id = $1 and c.plan_id = $2 and l.kind = 'letter_of_claim' and l.state <> 'withdrawn'"
    );
    Ok(tx.one::<(Option<NaiveDate>,)>(sql, args![org, plan]).await?.0)
}

/// How many plans of a customer broke on or after a day.
pub async fn broke_since(tx: &mut Tx, org: OrgId, customer: CustomerId, day: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select count(*) from plan_party y join payment_plan p on p.org_id = y.org_id and p.id = y.plan_id where y.org_id = $1 and y.customer_id = $2 and p.state = 'broken' and p.ended_on >= $3"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, customer, day]).await?.0)
}

/// A mandate under which a customer's debts may be collected, the oldest first.
pub async fn mandate_for(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "select reference from mandate where org_id = $1 and customer_id = $2 and state in ('draft', 'awaiting_lodgement', 'lodged', 'active') order by id limit 1"
    );
    Ok(tx.maybe::<(String,)>(sql, args![org, customer]).await?.map(|row| row.0))
}

/// Instalments of running plans between two days that we do not collect ourselves: plan, customer, how much, when.
pub async fn on_their_way(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(i64, i64, i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select p.id, p.customer_id, i.amount_pence, i.due_on from payment_plan p join plan_instalment i on i.org_id = p.org_id and i.plan_id = p.id and i.version = p.version where p.org_id = $1 and p.state in ('active', 'suspended') and p.method <> 'direct_debit' and i.due_on between $2 and $3 order by p.id, i.part"
    );
    tx.all(sql, args![org, from, to]).await
}

/// What is open of the debts that running plans cover: plan and item, oldest due first.
pub async fn items_of_running(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select c.plan_id, c.item_id from payment_plan p join plan_item c on c.org_id = p.org_id and c.plan_id = p.id join open_item i on i.org_id = c.org_id and i.id = c.item_id where p.org_id = $1 and p.state in ('active', 'suspended') and p.method <> 'direct_debit' and i.open_pence > 0 order by c.plan_id, i.due_on, i.id"
    );
    tx.all(sql, args![org]).await
}

// Direct Debit ---------------------------------------------------------------------

/// An instalment that a Direct Debit may take, with the mandate.
#[derive(Clone, Debug, FromRow)]
pub struct ToCollectRow {
    /// Mandate.
    pub mandate_id: i64,
    /// Plan.
    pub plan_id: i64,
    /// Its number.
    pub number: String,
    /// Day of the instalment.
    pub due_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
}

/// Instalments of running Direct Debit plans from today up to a day, that no collection has, of some mandates.
pub async fn to_collect(
    tx: &mut Tx,
    org: OrgId,
    (today, due_by): (NaiveDate, NaiveDate),
    (first, last): (i64, i64),
) -> Result<Vec<ToCollectRow>, StoreFault> {
    let sql = sql!(
        "select m.id as mandate_id, p.id as plan_id, p.number, i.due_on, i.amount_pence from mandate m join payment_plan p on p.org_id = m.org_id and p.customer_id = m.customer_id and p.mandate_reference = m.reference and p.state = 'active' and p.method = 'direct_debit' join plan_instalment i on i.org_id = p.org_id and i.plan_id = p.id and i.version = p.version where m.org_id = $1 and m.id between $4 and $5 and m.state in ('lodged', 'active') and m.claim_open = false and i.due_on between $2 and $3 and not exists (select 1 from plan_collection k join dd_collection d on d.org_id = k.org_id and d.id = k.collection_id where k.org_id = p.org_id and k.plan_id = p.id and k.due_on = i.due_on and d.state <> 'withdrawn') order by m.id, p.id, i.part"
    );
    tx.all(sql, args![org, today, due_by, first, last]).await
}

/// What collections that are notified or in a run will take of the items of some plans: plan, item, sum.
pub async fn under_way(tx: &mut Tx, org: OrgId, (first, last): (i64, i64)) -> Result<Vec<(i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select c.plan_id, c.item_id, cast(sum(n.amount_pence) as bigint) from plan_item c join dd_collection_item n on n.org_id = c.org_id and n.item_id = c.item_id join dd_collection d on d.org_id = n.org_id and d.id = n.collection_id where c.org_id = $1 and c.plan_id between $2 and $3 and d.state in ('noticed', 'in_run') group by c.plan_id, c.item_id order by c.plan_id, c.item_id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Notes which collection takes an instalment.
pub async fn note_collection(
    tx: &mut Tx,
    org: OrgId,
    (plan, due_on): (i64, NaiveDate),
    collection: i64,
) -> Result<(), StoreFault> {
    let sql = sql!("insert into plan_collection (org_id, plan_id, due_on, collection_id) values ($1, $2, $3, $4)");
    tx.run(sql, args![org, plan, due_on, collection]).await.map(drop)
}

/// Collections of a plan that are notified: id, day of the instalment, how much.
pub async fn noticed(tx: &mut Tx, org: OrgId, plan: i64) -> Result<Vec<(i64, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select d.id, k.due_on, d.amount_pence from plan_collection k join dd_collection d on d.org_id = k.org_id and d.id = k.collection_id where k.org_id = $1 and k.plan_id = $2 and d.state = 'noticed' order by k.due_on, d.id"
    );
    tx.all(sql, args![org, plan]).await
}

/// Takes a notified collection back, since its instalment is another or none; false if it is in a run by now.
pub async fn withdraw_noticed(tx: &mut Tx, org: OrgId, collection: i64, reason: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_collection set state = 'withdrawn', reason = $3, version = version + 1 where org_id = $1 and id = $2 and state = 'noticed'"
    );
    Ok(tx.run(sql, args![org, collection, reason]).await? == 1)
}

/// Bank lines up to a day that nobody has matched.
pub async fn bank_lines_wait(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select id from bank_line where org_id = $1 and state = 'waiting' and posted_on <= $2 order by id limit 1"
    );
    Ok(tx.maybe::<(i64,)>(sql, args![org, day]).await?.is_some())
}
