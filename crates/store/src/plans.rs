//! Promises to pay, the holds that pause recovery, and payment plans.
pub mod agreed;
pub mod budgets;
pub mod links;
pub mod standing;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, HoldId, ItemId, OrgId, QueryId};

// Holds ------------------------------------------------------------------------------

/// A pause on a customer, or on one item of theirs.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct HoldRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// The item; none when the whole account is held.
    pub item_id: Option<i64>,
    /// Stored name of the domain's `HoldReason`.
    pub reason: String,
    /// Why, in words.
    pub words: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day it was meant to hold; none while open-ended.
    pub until_on: Option<NaiveDate>,
    /// The first day it no longer held, once it was ended.
    pub ended_on: Option<NaiveDate>,
    /// Who looks after it.
    pub owner: String,
    /// The query it belongs to.
    pub query_id: Option<i64>,
    /// The promise it belongs to.
    pub promise_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl HoldRow {
    /// The last day on which it holds, as far as is known.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let before_end = self.ended_on.and_then(|day| day.pred_opt());
        match (self.until_on, before_end) {
            (Some(until), Some(before)) => Some(until.min(before)),
            (until, before) => until.or(before),
        }
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.last_day().is_none_or(|last| day <= last)
    }
}

/// Adds holds.
pub async fn add_holds(tx: &mut Tx, org: OrgId, rows: Vec<HoldRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "item_id",
        "reason",
        "words",
        "from_on",
        "until_on",
        "ended_on",
        "owner",
        "query_id",
        "promise_id",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|h| {
        args![
            org,
            h.id,
            h.customer_id,
            h.item_id,
            h.reason,
            h.words,
            h.from_on,
            h.until_on,
            h.ended_on,
            h.owner,
            h.query_id,
            h.promise_id,
            h.recorded_at
        ]
    });
    tx.insert("hold", COLUMNS, rows.collect()).await
}

/// Adds a hold.
pub async fn add_hold(tx: &mut Tx, org: OrgId, row: HoldRow) -> Result<(), StoreFault> {
    add_holds(tx, org, vec![row]).await
}

/// One hold.
pub async fn hold(tx: &mut Tx, org: OrgId, id: HoldId) -> Result<Option<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// What a hold waits for: `notice` or `question`, and its number; none where a person may end it.
pub async fn hold_waits_for(tx: &mut Tx, org: OrgId, id: HoldId) -> Result<Option<(String, String)>, StoreFault> {
    let sql = sql!(
        "select 'notice' as what, number from person_case where org_id = $1 and hold_id = $2 and state = 'to_match' union all select 'question' as what, number from service_referral where org_id = $1 and hold_id = $2 and state = 'open' order by number limit 1"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Ends a hold: from that day it no longer holds. False if it was ended before.
pub async fn end_hold(tx: &mut Tx, org: OrgId, id: HoldId, ended_on: NaiveDate) -> Result<bool, StoreFault> {
    let sql = sql!("update hold set ended_on = $3 where org_id = $1 and id = $2 and ended_on is null");
    Ok(tx.run(sql, args![org, id, ended_on]).await? == 1)
}

/// Ends every hold of a query; how many there were.
pub async fn end_holds_of_query(
    tx: &mut Tx,
    org: OrgId,
    query: QueryId,
    ended_on: NaiveDate,
) -> Result<u64, StoreFault> {
    let sql = sql!("update hold set ended_on = $3 where org_id = $1 and query_id = $2 and ended_on is null");
    tx.run(sql, args![org, query, ended_on]).await
}

/// The holds of a query, ended ones too, oldest first.
pub async fn holds_of_query(tx: &mut Tx, org: OrgId, query: QueryId) -> Result<Vec<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and query_id = $2 order by id"
    );
    tx.all(sql, args![org, query]).await
}

/// Whether anything is held for a query.
pub async fn query_is_held(tx: &mut Tx, org: OrgId, query: QueryId) -> Result<bool, StoreFault> {
    let sql = sql!("select id from hold where org_id = $1 and query_id = $2 and ended_on is null");
    let found: Vec<(i64,)> = tx.all(sql, args![org, query]).await?;
    Ok(!found.is_empty())
}

/// Moves the last day of what is held for a query; how many holds there were.
pub async fn move_holds_of_query(
    tx: &mut Tx,
    org: OrgId,
    query: QueryId,
    until: Option<NaiveDate>,
) -> Result<u64, StoreFault> {
    let sql = sql!("update hold set until_on = $3 where org_id = $1 and query_id = $2 and ended_on is null");
    tx.run(sql, args![org, query, until]).await
}

/// Ends every hold of a promise; how many there were.
pub async fn end_holds_of_promise(
    tx: &mut Tx,
    org: OrgId,
    promise: i64,
    ended_on: NaiveDate,
) -> Result<u64, StoreFault> {
    let sql = sql!("update hold set ended_on = $3 where org_id = $1 and promise_id = $2 and ended_on is null");
    tx.run(sql, args![org, promise, ended_on]).await
}

/// Every hold of a customer and of their items, ended ones too, oldest first.
pub async fn holds_of_customer(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Every hold that bears on an item: its own and those of the whole account, oldest first.
pub async fn holds_of_item(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    item: ItemId,
) -> Result<Vec<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and customer_id = $2 and (item_id is null or item_id = $3) order by id"
    );
    tx.all(sql, args![org, customer, item]).await
}

/// Holds of customers from one id to another that still matter: not ended, or disputes that moved the clock.
pub async fn holds_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and customer_id between $2 and $3 and (ended_on is null or reason = 'dispute') order by id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Holds that have run out and were not ended, at most `limit`, oldest first.
pub async fn expired_holds(tx: &mut Tx, org: OrgId, day: NaiveDate, limit: i64) -> Result<Vec<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and ended_on is null and until_on < $2 order by id limit $3"
    );
    tx.all(sql, args![org, day, limit]).await
}

/// Holds in force on a day, at most `limit`, those that end first at the top.
pub async fn live_holds(tx: &mut Tx, org: OrgId, day: NaiveDate, limit: i64) -> Result<Vec<HoldRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, reason, words, from_on, until_on, ended_on, owner, query_id, promise_id, recorded_at from hold where org_id = $1 and from_on <= $2 and (until_on is null or until_on >= $2) and (ended_on is null or ended_on > $2) order by case when until_on is null then 1 else 0 end, until_on, id limit $3"
    );
    tx.all(sql, args![org, day, limit]).await
}

// Promises ---------------------------------------------------------------------------

/// A promise to pay.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct PromiseRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// How much.
    pub amount_pence: i64,
    /// When it was made.
    pub made_on: NaiveDate,
    /// By when.
    pub due_on: NaiveDate,
    /// open, kept, broken or withdrawn.
    pub state: String,
    /// When that was decided.
    pub decided_on: Option<NaiveDate>,
    /// What was said.
    pub words: String,
    /// Who took it.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a promise.
pub async fn add_promise(tx: &mut Tx, org: OrgId, row: &PromiseRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into promise (org_id, id, customer_id, amount_pence, made_on, due_on, state, decided_on, words, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = args![
        org,
        row.id,
        row.customer_id,
        row.amount_pence,
        row.made_on,
        row.due_on,
        &row.state,
        row.decided_on,
        &row.words,
        &row.actor_name,
        row.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// One promise.
pub async fn promise(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<PromiseRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, amount_pence, made_on, due_on, state, decided_on, words, actor_name, recorded_at from promise where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Every promise of a customer, newest first.
pub async fn promises_of_customer(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<PromiseRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, amount_pence, made_on, due_on, state, decided_on, words, actor_name, recorded_at from promise where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Every open promise, by id.
pub async fn open_promises(tx: &mut Tx, org: OrgId) -> Result<Vec<PromiseRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, amount_pence, made_on, due_on, state, decided_on, words, actor_name, recorded_at from promise where org_id = $1 and state = 'open' order by id"
    );
    tx.all(sql, args![org]).await
}

/// Promise, day and amount of every receipt since an open promise was made, bounced ones left out.
pub async fn receipts_for_promises(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select p.id, i.dated_on, 0 - i.original_pence from promise p join open_item i on i.org_id = p.org_id and i.customer_id = p.customer_id and i.kind = 'receipt' and i.dated_on >= p.made_on left join receipt r on r.org_id = i.org_id and r.id = i.receipt_id where p.org_id = $1 and p.state = 'open' and (r.state is null or r.state <> 'reversed') order by p.id, i.id"
    );
    tx.all(sql, args![org]).await
}

/// Decides an open promise; false if it was decided before.
pub async fn decide_promise(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    state: &str,
    decided_on: NaiveDate,
) -> Result<bool, StoreFault> {
    let sql = sql!("update promise set state = $3, decided_on = $4 where org_id = $1 and id = $2 and state = 'open'");
    Ok(tx.run(sql, args![org, id, state, decided_on]).await? == 1)
}

/// What is open on an account in all: debits less credits.
pub async fn owed_by(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(open_pence), 0) as bigint) from open_item where org_id = $1 and customer_id = $2 and open_pence <> 0"
    );
    let (owed,): (i64,) = tx.one(sql, args![org, customer]).await?;
    Ok(owed)
}
