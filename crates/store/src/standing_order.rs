//! Standing orders: the orders, their charges, what came for them, checks and tasks.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A standing order with its customer.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct OrderRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Customer.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The reference the payer's bank sends.
    pub reference: String,
    /// What it sends each time.
    pub amount_pence: i64,
    /// weekly, two_weekly, four_weekly, monthly or quarterly.
    pub frequency: String,
    /// First payment.
    pub from_on: NaiveDate,
    /// Last day, where it has ended.
    pub to_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: String,
    /// A difference no larger is let be.
    pub tolerance_pence: i64,
    /// Rises with every change.
    pub version: i64,
}

/// A charge by the week.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ChargeRow {
    /// Order.
    pub standing_order_id: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Pence a week.
    pub weekly_pence: i64,
    /// Why.
    pub why: String,
    /// Who entered it.
    pub actor_name: String,
}

/// A receipt of a customer who pays by standing order.
#[derive(Clone, Debug, FromRow)]
pub struct CameRow {
    /// Customer.
    pub customer_id: i64,
    /// Receipt.
    pub number: String,
    /// When.
    pub received_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
    /// Not set against a bill.
    pub left_pence: i64,
    /// What the bank says.
    pub words: String,
}

/// A task: something to do about a standing order.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TaskRow {
    /// Id.
    pub id: i64,
    /// Order.
    pub standing_order_id: i64,
    /// Its number.
    pub order_number: String,
    /// Customer.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// shortfall, excess or rate_change.
    pub kind: String,
    /// First day of the period.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// What was due.
    pub due_pence: i64,
    /// What came.
    pub received_pence: i64,
    /// Received less due.
    pub difference_pence: i64,
    /// What is advised.
    pub advice: String,
    /// In words.
    pub words: String,
    /// open or done.
    pub state: String,
    /// How it was done.
    pub done_how: String,
    /// When.
    pub done_on: Option<NaiveDate>,
    /// Who did it.
    pub done_by_name: String,
    /// The letter, where one was written.
    pub letter_id: Option<i64>,
}

/// Every standing order that has not ended before a day, by number.
pub async fn orders(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<OrderRow>, StoreFault> {
    let sql = sql!(
        "select s.id, s.number, s.customer_id, c.number as customer_number, c.name as customer_name, s.reference, s.amount_pence, s.frequency, s.from_on, s.to_on, s.end_reason, s.tolerance_pence, s.version from standing_order s join customer c on c.org_id = s.org_id and c.id = s.customer_id where s.org_id = $1 and (s.to_on is null or s.to_on >= $2) order by s.number"
    );
    tx.all(sql, args![org, since]).await
}

/// The standing order with a number.
pub async fn order_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<OrderRow>, StoreFault> {
    let sql = sql!(
        "select s.id, s.number, s.customer_id, c.number as customer_number, c.name as customer_name, s.reference, s.amount_pence, s.frequency, s.from_on, s.to_on, s.end_reason, s.tolerance_pence, s.version from standing_order s join customer c on c.org_id = s.org_id and c.id = s.customer_id where s.org_id = $1 and s.number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Adds a standing order.
pub async fn add_order(tx: &mut Tx, org: OrgId, row: &OrderRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into standing_order (org_id, id, number, customer_id, reference, amount_pence, frequency, from_on, to_on, end_reason, tolerance_pence, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, 1)"
    );
    let values = args![
        org,
        row.id,
        &row.number,
        row.customer_id,
        &row.reference,
        row.amount_pence,
        &row.frequency,
        row.from_on,
        row.to_on,
        row.tolerance_pence,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Ends a standing order that has not ended.
pub async fn end_order(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate, why: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update standing_order set to_on = $3, end_reason = $4, version = version + 1 where org_id = $1 and id = $2 and to_on is null"
    );
    Ok(tx.run(sql, args![org, id, on, why]).await? == 1)
}

/// Changes what the payer's bank sends each time.
pub async fn set_amount(tx: &mut Tx, org: OrgId, id: i64, pence: i64) -> Result<(), StoreFault> {
    let sql = sql!("update standing_order set amount_pence = $3, version = version + 1 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, pence]).await.map(drop)
}

/// Charges of every standing order, oldest first.
pub async fn charges(tx: &mut Tx, org: OrgId) -> Result<Vec<ChargeRow>, StoreFault> {
    let sql = sql!(
        "select standing_order_id, from_on, weekly_pence, why, actor_name from standing_order_charge where org_id = $1 order by standing_order_id, from_on"
    );
    tx.all(sql, args![org]).await
}

/// Adds charges; one from the same day that is there already breaks the key.
pub async fn add_charges(tx: &mut Tx, org: OrgId, rows: &[ChargeRow], at: DateTime<Utc>) -> Result<(), StoreFault> {
    let row = |c: &ChargeRow| args![org, c.standing_order_id, c.from_on, c.weekly_pence, &c.why, &c.actor_name, at];
    let columns = &["org_id", "standing_order_id", "from_on", "weekly_pence", "why", "actor_name", "recorded_at"];
    tx.insert("standing_order_charge", columns, rows.iter().map(row).collect()).await
}

/// What came from customers who pay by standing order, oldest first.
pub async fn came(tx: &mut Tx, org: OrgId, from: NaiveDate, to: NaiveDate) -> Result<Vec<CameRow>, StoreFault> {
    let sql = sql!(
        "select r.customer_id, r.number, r.received_on, r.amount_pence, coalesce(-i.open_pence, 0) as left_pence, r.words from receipt r left join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and r.state = 'identified' and r.received_on >= $2 and r.received_on <= $3 and r.customer_id in (select s.customer_id from standing_order s where s.org_id = $1) order by r.received_on, r.id"
    );
    tx.all(sql, args![org, from, to]).await
}

/// What customers who pay by standing order owe: customer, item, number, due, open, kind.
pub async fn owed(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, i64, String, NaiveDate, i64, String)>, StoreFault> {
    let sql = sql!(
        "select i.customer_id, i.id, i.number, i.due_on, i.open_pence, i.kind from open_item i where i.org_id = $1 and i.open_pence > 0 and i.customer_id in (select s.customer_id from standing_order s where s.org_id = $1) order by i.customer_id, i.due_on, i.id"
    );
    tx.all(sql, args![org]).await
}

/// Customers who pay by standing order and who are flagged as dead on a day.
pub async fn flagged_deceased(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Vec<(i64,)>, StoreFault> {
    let sql = sql!(
        "select distinct f.customer_id from customer_flag f where f.org_id = $1 and f.from_on <= $2 and (f.to_on is null or f.to_on >= $2) and f.kind = 'deceased' and f.customer_id in (select s.customer_id from standing_order s where s.org_id = $1)"
    );
    tx.all(sql, args![org, day]).await
}

/// A check of a period, released.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CheckRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Orders looked at.
    pub orders_count: i64,
    /// What was due.
    pub due_pence: i64,
    /// What came.
    pub received_pence: i64,
    /// Orders that fell short.
    pub shortfalls_count: i64,
    /// Orders that came to more.
    pub excesses_count: i64,
    /// Who released it.
    pub run_by: String,
}

/// Adds a check.
pub async fn add_check(tx: &mut Tx, org: OrgId, c: &CheckRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into standing_order_check (org_id, id, number, from_on, to_on, orders_count, due_pence, received_pence, shortfalls_count, excesses_count, run_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        c.id,
        &c.number,
        c.from_on,
        c.to_on,
        c.orders_count,
        c.due_pence,
        c.received_pence,
        c.shortfalls_count,
        c.excesses_count,
        &c.run_by,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Checks, newest first.
pub async fn checks(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<CheckRow>, StoreFault> {
    let sql = sql!(
        "select id, number, from_on, to_on, orders_count, due_pence, received_pence, shortfalls_count, excesses_count, run_by from standing_order_check where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Adds a task unless the same one is there; whether it was added.
pub async fn add_task(tx: &mut Tx, org: OrgId, check: i64, t: &TaskRow, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into standing_order_task (org_id, id, check_id, standing_order_id, customer_id, kind, from_on, to_on, due_pence, received_pence, difference_pence, advice, words, state, done_how, done_on, done_by_name, letter_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) on conflict do nothing"
    );
    let values = args![
        org,
        t.id,
        check,
        t.standing_order_id,
        t.customer_id,
        &t.kind,
        t.from_on,
        t.to_on,
        t.due_pence,
        t.received_pence,
        t.difference_pence,
        &t.advice,
        &t.words,
        &t.state,
        &t.done_how,
        t.done_on,
        &t.done_by_name,
        t.letter_id,
        at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Tasks in a state, oldest first.
pub async fn tasks(tx: &mut Tx, org: OrgId, state: &str) -> Result<Vec<TaskRow>, StoreFault> {
    let sql = sql!(
        "select t.id, t.standing_order_id, s.number as order_number, t.customer_id, c.number as customer_number, c.name as customer_name, t.kind, t.from_on, t.to_on, t.due_pence, t.received_pence, t.difference_pence, t.advice, t.words, t.state, t.done_how, t.done_on, t.done_by_name, t.letter_id from standing_order_task t join standing_order s on s.org_id = t.org_id and s.id = t.standing_order_id join customer c on c.org_id = t.org_id and c.id = t.customer_id where t.org_id = $1 and t.state = $2 order by t.id limit 5000"
    );
    tx.all(sql, args![org, state]).await
}

/// Rate changes already written about from a day: orders.
pub async fn written_about(tx: &mut Tx, org: OrgId, from: NaiveDate) -> Result<Vec<(i64,)>, StoreFault> {
    let sql = sql!(
        "select standing_order_id from standing_order_task where org_id = $1 and kind = 'rate_change' and from_on = $2"
    );
    tx.all(sql, args![org, from]).await
}

/// Ends a task that is open.
pub async fn end_task(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (how, on, by, letter): (&str, NaiveDate, &str, Option<i64>),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update standing_order_task set state = 'done', done_how = $3, done_on = $4, done_by_name = $5, letter_id = $6 where org_id = $1 and id = $2 and state = 'open'"
    );
    Ok(tx.run(sql, args![org, id, how, on, by, letter]).await? == 1)
}

/// Whether a customer has a standing order with this reference that runs.
pub async fn reference_taken(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    reference: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select number from standing_order where org_id = $1 and customer_id = $2 and reference = $3 and to_on is null order by id limit 1"
    );
    Ok(tx.maybe::<(String,)>(sql, args![org, customer, reference]).await?.is_some())
}
