//! Cheques and cash taken by hand, their shares for other funds, and the batches that pay them in.
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId, ReceiptId};

/// A cheque, or a sum of cash.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CounterPaymentRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// cheque or cash.
    pub method: String,
    /// The drawer, or who brought the cash.
    pub payer_name: String,
    /// The cheque's own number.
    pub cheque_number: String,
    /// The bank it is drawn on.
    pub drawer_bank: String,
    /// What was said about it.
    pub words: String,
    /// When it came.
    pub received_on: NaiveDate,
    /// Amount.
    pub amount_pence: i64,
    /// The receipt of the customers' shares.
    pub receipt_id: Option<i64>,
    /// Its number; empty when all of it is for other funds.
    pub receipt_number: String,
    /// held, paying_in, banked, cleared or returned.
    pub state: String,
    /// The batch that pays it in.
    pub batch_id: Option<i64>,
    /// When it came back.
    pub returned_on: Option<NaiveDate>,
    /// Why.
    pub return_reason: String,
    /// Who took it.
    pub taken_by: i64,
    /// Their name.
    pub taken_by_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// A share of a payment that is for another fund.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FundShareRow {
    /// The payment.
    pub payment_id: i64,
    /// Line of it, from 1.
    pub line: i64,
    /// The fund's GL code.
    pub gl_code: String,
    /// What it is for.
    pub words: String,
    /// How much.
    pub amount_pence: i64,
}

/// Adds a payment.
pub async fn add_counter_payment(tx: &mut Tx, org: OrgId, p: &CounterPaymentRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into counter_payment (org_id, id, number, method, payer_name, cheque_number, drawer_bank, words, received_on, amount_pence, receipt_id, receipt_number, state, batch_id, returned_on, return_reason, taken_by, taken_by_name, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)"
    );
    let values = args![
        org,
        p.id,
        &p.number,
        &p.method,
        &p.payer_name,
        &p.cheque_number,
        &p.drawer_bank,
        &p.words,
        p.received_on,
        p.amount_pence,
        p.receipt_id,
        &p.receipt_number,
        &p.state,
        p.batch_id,
        p.returned_on,
        &p.return_reason,
        p.taken_by,
        &p.taken_by_name,
        p.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Adds shares for other funds.
pub async fn add_fund_shares(tx: &mut Tx, org: OrgId, shares: &[FundShareRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "payment_id", "line", "gl_code", "words", "amount_pence"];
    let rows = shares.iter().map(|s| args![org, s.payment_id, s.line, &s.gl_code, &s.words, s.amount_pence]);
    tx.insert("fund_share", COLUMNS, rows.collect()).await
}

/// The shares of a payment for other funds.
pub async fn fund_shares_of(tx: &mut Tx, org: OrgId, payment: i64) -> Result<Vec<FundShareRow>, StoreFault> {
    let sql = sql!(
        "select payment_id, line, gl_code, words, amount_pence from fund_share where org_id = $1 and payment_id = $2 order by line"
    );
    tx.all(sql, args![org, payment]).await
}

const PAYMENT: &str = "id, number, method, payer_name, cheque_number, drawer_bank, words, received_on, amount_pence, receipt_id, receipt_number, state, batch_id, returned_on, return_reason, taken_by, taken_by_name, recorded_at, version";

/// A payment by its number.
pub async fn counter_payment_numbered(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Result<Option<CounterPaymentRow>, StoreFault> {
    let sql = format!("select {PAYMENT} from counter_payment where org_id = $1 and number = $2");
    Ok(tx.all_built(sql, args![org, number]).await?.into_iter().next())
}

/// The payment that a receipt came of.
pub async fn counter_payment_of_receipt(
    tx: &mut Tx,
    org: OrgId,
    receipt: ReceiptId,
) -> Result<Option<CounterPaymentRow>, StoreFault> {
    let sql = format!("select {PAYMENT} from counter_payment where org_id = $1 and receipt_id = $2");
    Ok(tx.all_built(sql, args![org, receipt]).await?.into_iter().next())
}

/// The payments of a batch, in the order they came.
pub async fn counter_payments_of_batch(
    tx: &mut Tx,
    org: OrgId,
    batch: i64,
) -> Result<Vec<CounterPaymentRow>, StoreFault> {
    let sql = format!("select {PAYMENT} from counter_payment where org_id = $1 and batch_id = $2 order by id");
    tx.all_built(sql, args![org, batch]).await
}

/// Which payments to list.
#[derive(Clone, Debug, Default)]
pub struct CounterFilter {
    /// One state; empty for all.
    pub state: String,
    /// Words in drawer, cheque number, receipt or number; empty for any.
    pub words: String,
    /// Exactly this amount, where what was searched for is one.
    pub amount: Option<i64>,
}

fn counter_conditions(org: OrgId, filter: &CounterFilter) -> (String, Vec<Arg>) {
    let mut values = args![org];
    let mut sql = String::from("org_id = $1");
    if !filter.state.is_empty() {
        values.push(Arg::from(&filter.state));
        sql.push_str(&format!(" and state = ${}", values.len()));
    }
    if !filter.words.is_empty() {
        let escaped = filter.words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        values.push(Arg::from(format!("%{escaped}%")));
        let place = values.len();
        let like = |column: &str| format!("lower({column}) like ${place} escape '\\'");
        let columns = ["payer_name", "cheque_number", "receipt_number", "number", "words"];
        let any: Vec<String> = columns.iter().map(|column| like(column)).collect();
        sql.push_str(&format!(" and ({}", any.join(" or ")));
        if let Some(amount) = filter.amount {
            values.push(Arg::from(amount));
            sql.push_str(&format!(" or amount_pence = ${}", values.len()));
        }
        sql.push(')');
    }
    (sql, values)
}

/// A page of payments, newest first.
pub async fn list_counter_payments(
    tx: &mut Tx,
    org: OrgId,
    filter: &CounterFilter,
    (limit, offset): (i64, i64),
) -> Result<Vec<CounterPaymentRow>, StoreFault> {
    let (conditions, mut values) = counter_conditions(org, filter);
    values.extend(args![limit, offset]);
    let (limit, offset) = (values.len() - 1, values.len());
    let sql = format!(
        "select {PAYMENT} from counter_payment where {conditions} order by id desc limit ${limit} offset ${offset}"
    );
    tx.all_built(sql, values).await
}

/// How many payments a filter finds, and their sum.
pub async fn count_counter_payments(tx: &mut Tx, org: OrgId, filter: &CounterFilter) -> Result<(i64, i64), StoreFault> {
    let (conditions, values) = counter_conditions(org, filter);
    let sql = format!(
        "select count(*), cast(coalesce(sum(amount_pence), 0) as bigint) from counter_payment where {conditions}"
    );
    Ok(tx.all_built(sql, values).await?.into_iter().next().unwrap_or((0, 0)))
}

/// Payments with the same cheque number and amount that did not come back: it was recorded before.
pub async fn cheques_alike(
    tx: &mut Tx,
    org: OrgId,
    cheque_number: &str,
    amount_pence: i64,
    payer_name: &str,
) -> Result<Vec<String>, StoreFault> {
    let sql = sql!(
        "select number from counter_payment where org_id = $1 and method = 'cheque' and cheque_number = $2 and amount_pence = $3 and lower(payer_name) = $4 and state <> 'returned' order by id"
    );
    let values = args![org, cheque_number, amount_pence, payer_name.to_lowercase()];
    let rows: Vec<(String,)> = tx.all(sql, values).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Puts payments that are in the office on a batch; gives how many were.
pub async fn put_on_slip(tx: &mut Tx, org: OrgId, batch: i64, payments: &[i64]) -> Result<usize, StoreFault> {
    let mut put = 0;
    for part in payments.chunks(500) {
        let places: Vec<String> = (3..part.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!(
            "update counter_payment set state = 'paying_in', batch_id = $2, version = version + 1 where org_id = $1 and state = 'held' and id in ({}) returning id",
            places.join(", ")
        );
        let mut values = args![org, batch];
        values.extend(part.iter().map(|id| Arg::from(*id)));
        put += tx.all_built::<(i64,)>(sql, values).await?.len();
    }
    Ok(put)
}

/// Moves the payments of a batch that are in one state to another.
pub async fn move_payments_of_batch(
    tx: &mut Tx,
    org: OrgId,
    batch: i64,
    from: &str,
    to: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update counter_payment set state = $4, version = version + 1 where org_id = $1 and batch_id = $2 and state = $3"
    );
    tx.run(sql, args![org, batch, from, to]).await
}

/// Marks a payment as come back; false if somebody was quicker.
pub async fn return_counter_payment(
    tx: &mut Tx,
    org: OrgId,
    payment: &CounterPaymentRow,
    on: NaiveDate,
    reason: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update counter_payment set state = 'returned', returned_on = $4, return_reason = $5, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx.run(sql, args![org, payment.id, payment.version, on, reason]).await? == 1)
}

// Batches ----------------------------------------------------------------------------

/// A batch that pays cheques and cash in.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PayingInRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Number of the bank's slip.
    pub slip: String,
    /// Into which account of ours.
    pub bank_account_id: i64,
    /// When.
    pub dated_on: NaiveDate,
    /// How many cheques.
    pub cheques_count: i64,
    /// Their sum.
    pub cheques_pence: i64,
    /// The cash.
    pub cash_pence: i64,
    /// The slip's total.
    pub total_pence: i64,
    /// made, banked or cleared.
    pub state: String,
    /// The line of the bank statement that proves it.
    pub bank_line_id: Option<i64>,
    /// The day of that line.
    pub banked_on: Option<NaiveDate>,
    /// Who made it.
    pub made_by: i64,
    /// Their name.
    pub made_by_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a batch.
pub async fn add_paying_in(tx: &mut Tx, org: OrgId, b: &PayingInRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into paying_in_batch (org_id, id, number, slip, bank_account_id, dated_on, cheques_count, cheques_pence, cash_pence, total_pence, state, bank_line_id, banked_on, made_by, made_by_name, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)"
    );
    let values = args![
        org,
        b.id,
        &b.number,
        &b.slip,
        b.bank_account_id,
        b.dated_on,
        b.cheques_count,
        b.cheques_pence,
        b.cash_pence,
        b.total_pence,
        &b.state,
        b.bank_line_id,
        b.banked_on,
        b.made_by,
        &b.made_by_name,
        b.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// A batch by its number.
pub async fn paying_in_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<PayingInRow>, StoreFault> {
    let sql = sql!(
        "select id, number, slip, bank_account_id, dated_on, cheques_count, cheques_pence, cash_pence, total_pence, state, bank_line_id, banked_on, made_by, made_by_name, recorded_at, version from paying_in_batch where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A batch by its id.
pub async fn paying_in(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<PayingInRow>, StoreFault> {
    let sql = sql!(
        "select id, number, slip, bank_account_id, dated_on, cheques_count, cheques_pence, cash_pence, total_pence, state, bank_line_id, banked_on, made_by, made_by_name, recorded_at, version from paying_in_batch where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Batches in a state, oldest first.
pub async fn paying_in_in_state(tx: &mut Tx, org: OrgId, state: &str) -> Result<Vec<PayingInRow>, StoreFault> {
    let sql = sql!(
        "select id, number, slip, bank_account_id, dated_on, cheques_count, cheques_pence, cash_pence, total_pence, state, bank_line_id, banked_on, made_by, made_by_name, recorded_at, version from paying_in_batch where org_id = $1 and state = $2 order by id"
    );
    tx.all(sql, args![org, state]).await
}

/// The newest batches first.
pub async fn paying_in_batches(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<PayingInRow>, StoreFault> {
    let sql = sql!(
        "select id, number, slip, bank_account_id, dated_on, cheques_count, cheques_pence, cash_pence, total_pence, state, bank_line_id, banked_on, made_by, made_by_name, recorded_at, version from paying_in_batch where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Ties a batch to the bank line that proves it; false if somebody was quicker.
pub async fn tie_paying_in(
    tx: &mut Tx,
    org: OrgId,
    batch: &PayingInRow,
    line: i64,
    on: NaiveDate,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update paying_in_batch set state = 'banked', bank_line_id = $4, banked_on = $5, version = version + 1 where org_id = $1 and id = $2 and version = $3 and state = 'made'"
    );
    Ok(tx.run(sql, args![org, batch.id, batch.version, line, on]).await? == 1)
}

/// Marks banked batches as cleared whose money has lain long enough; gives their ids.
pub async fn clear_paying_in(tx: &mut Tx, org: OrgId, banked_by: NaiveDate) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "update paying_in_batch set state = 'cleared', version = version + 1 where org_id = $1 and state = 'banked' and banked_on <= $2 returning id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org, banked_by]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

// Funds ------------------------------------------------------------------------------

/// GL codes that take money for other funds: code and name.
pub async fn funds(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, String)>, StoreFault> {
    tx.all(sql!("select code, name from gl_code where org_id = $1 and role = 'FUND' order by code"), args![org]).await
}

// What a payment that comes back leaves behind ---------------------------------------

/// Breaks promises that were kept on or after a day: the money that kept them went back.
pub async fn break_kept_promises(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    since: NaiveDate,
    today: NaiveDate,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update promise set state = 'broken', decided_on = $4 where org_id = $1 and customer_id = $2 and state = 'kept' and decided_on >= $3"
    );
    tx.run(sql, args![org, customer, since, today]).await
}

/// How many promises were kept on or after a day.
pub async fn kept_promises(tx: &mut Tx, org: OrgId, customer: CustomerId, since: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select count(*) from promise where org_id = $1 and customer_id = $2 and state = 'kept' and decided_on >= $3"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, customer, since]).await?.0)
}
