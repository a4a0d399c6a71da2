//! Calls and contact: the call list, what a promise names, how often somebody was contacted, what a flag asks of us.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// More about a call than its note says.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CallRow {
    /// The note.
    pub note_id: i64,
    /// Whose.
    pub customer_id: i64,
    /// out or in.
    pub direction: String,
    /// With whom.
    pub talking_to: String,
    /// The promise it brought.
    pub promise_id: Option<i64>,
    /// When its next step was done.
    pub next_done_on: Option<NaiveDate>,
}

/// Adds what is known of a call.
pub async fn add_call(tx: &mut Tx, org: OrgId, c: &CallRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into call_detail (org_id, note_id, customer_id, direction, talking_to, promise_id, next_done_on) values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let values = args![org, c.note_id, c.customer_id, &c.direction, &c.talking_to, c.promise_id, c.next_done_on];
    tx.run(sql, values).await.map(drop)
}

/// Outcomes of the newest calls of a customer, newest first.
pub async fn outcomes_of(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    limit: i64,
) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!(
        "select outcome from note where org_id = $1 and customer_id = $2 and kind = 'call' order by id desc limit $3"
    );
    tx.all(sql, args![org, customer, limit]).await
}

/// The days on which customers were chased since a day, and by which way: letters and messages that left or wait, calls
/// and visits of ours.
pub async fn contacts_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
    since: NaiveDate,
) -> Result<Vec<(i64, NaiveDate, String)>, StoreFault> {
    let sql = sql!(
        "select customer_id, dated_on, channel as way from letter where org_id = $1 and customer_id between $2 and $3 and kind in ('reminder','notice') and dated_on >= $4 and state not in ('withdrawn','held') union all select n.customer_id, n.on_day, n.kind from note n left join call_detail d on d.org_id = n.org_id and d.note_id = n.id where n.org_id = $1 and n.customer_id between $2 and $3 and n.on_day >= $4 and n.kind in ('call','visit') and (d.direction is null or d.direction = 'out') and n.outcome <> 'wrong_number' order by 1, 2"
    );
    tx.all(sql, args![org, first, last, since]).await
}

/// Somebody to call, and why.
#[derive(Clone, Debug, FromRow)]
pub struct ToCallRow {
    /// Customer.
    pub customer_id: i64,
    /// Since when.
    pub due_on: NaiveDate,
    /// booked, promise or step.
    pub why: String,
    /// In words.
    pub words: String,
    /// What it is about.
    pub amount_pence: i64,
}

/// Who is to be called: calls booked, promises that were broken, steps of pathways that are a call.
pub async fn to_call(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<ToCallRow>, StoreFault> {
    let sql = sql!(
        "select n.customer_id, n.next_on as due_on, 'booked' as why, n.next_step as words, cast(0 as bigint) as amount_pence from note n where n.org_id = $1 and n.next_on is not null and n.next_on <= $2 and n.kind = 'call' and not exists (select 1 from note m where m.org_id = n.org_id and m.customer_id = n.customer_id and m.kind = 'call' and m.id > n.id) union all select p.customer_id, p.decided_on, 'promise', p.words, p.amount_pence from promise p where p.org_id = $1 and p.state = 'broken' and not exists (select 1 from promise q where q.org_id = p.org_id and q.customer_id = p.customer_id and q.id > p.id) and not exists (select 1 from note m where m.org_id = p.org_id and m.customer_id = p.customer_id and m.kind = 'call' and m.on_day >= p.decided_on) and exists (select 1 from open_item i where i.org_id = p.org_id and i.customer_id = p.customer_id and i.open_pence > 0 and i.due_on < $2) union all select s.customer_id, min(s.taken_on), 'step', min(s.note), cast(sum(i.open_pence) as bigint) from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id and i.stage = s.step_code and i.open_pence > 0 where s.org_id = $1 and s.letter_id is null and s.step_code like '%CALL%' and not exists (select 1 from note m where m.org_id = s.org_id and m.customer_id = s.customer_id and m.kind = 'call' and m.on_day >= s.taken_on) group by s.customer_id order by 2, 1"
    );
    tx.all(sql, args![org, today]).await
}

/// Names what a promise is about.
pub async fn add_promise_items(tx: &mut Tx, org: OrgId, rows: Vec<(i64, i64, String)>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "promise_id", "item_id", "number"];
    let rows = rows.into_iter().map(|(promise, item, number)| args![org, promise, item, number]);
    tx.insert("promise_item", COLUMNS, rows.collect()).await
}

/// The debts that a customer's promises name: promise, item, number.
pub async fn promise_items_of(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<(i64, i64, String)>, StoreFault> {
    let sql = sql!(
        "select r.promise_id, r.item_id, r.number from promise_item r join promise p on p.org_id = r.org_id and p.id = r.promise_id where p.org_id = $1 and p.customer_id = $2 order by r.promise_id, r.number"
    );
    tx.all(sql, args![org, customer]).await
}

/// What was paid on the debts that an open promise names: promise, day, amount.
pub async fn paid_on_promise_items(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select p.id, a.allocated_on, cast(sum(a.amount_pence) as bigint) from promise p join promise_item r on r.org_id = p.org_id and r.promise_id = p.id join allocation a on a.org_id = r.org_id and a.debit_item_id = r.item_id and a.allocated_on >= p.made_on join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id and c.kind = 'receipt' where p.org_id = $1 and p.state = 'open' group by p.id, a.allocated_on order by p.id, a.allocated_on"
    );
    tx.all(sql, args![org]).await
}

/// The open promises that name debts.
pub async fn promises_with_items(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64,)>, StoreFault> {
    let sql = sql!(
        "select distinct p.id from promise p join promise_item r on r.org_id = p.org_id and r.promise_id = p.id where p.org_id = $1 and p.state = 'open' order by p.id"
    );
    tx.all(sql, args![org]).await
}

/// What a flag asks of us.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FlagDetailRow {
    /// The flag.
    pub flag_id: i64,
    /// Whose.
    pub customer_id: i64,
    /// Stored name of the domain's `Need`; empty where there is none.
    pub need: String,
    /// Stored names of the domain's `Adjustment`, with commas.
    pub adjustments: String,
    /// How we know, in words.
    pub reason: String,
    /// By what right it is kept.
    pub basis: String,
    /// Whether only few may read it.
    pub restricted: bool,
    /// The case it belongs to.
    pub case_id: Option<i64>,
}

/// Adds what a flag asks of us.
pub async fn add_flag_detail(tx: &mut Tx, org: OrgId, d: &FlagDetailRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into flag_detail (org_id, flag_id, customer_id, need, adjustments, reason, basis, restricted, case_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let values =
        args![org, d.flag_id, d.customer_id, &d.need, &d.adjustments, &d.reason, &d.basis, d.restricted, d.case_id];
    tx.run(sql, values).await.map(drop)
}

/// What the flags of a customer ask of us.
pub async fn flag_details_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<FlagDetailRow>, StoreFault> {
    let sql = sql!(
        "select flag_id, customer_id, need, adjustments, reason, basis, restricted, case_id from flag_detail where org_id = $1 and customer_id = $2 order by flag_id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Adjustments of flags in force on a day, of customers from one id to another.
pub async fn adjustments_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    day: NaiveDate,
) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = sql!(
        "select d.customer_id, d.adjustments from flag_detail d join customer_flag f on f.org_id = d.org_id and f.id = d.flag_id and f.from_on <= $4 and (f.to_on is null or f.to_on >= $4) where d.org_id = $1 and d.customer_id between $2 and $3 and d.adjustments <> '' order by d.customer_id, d.flag_id"
    );
    tx.all(sql, args![org, first, last, day]).await
}
