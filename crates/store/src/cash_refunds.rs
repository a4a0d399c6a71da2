//! Money out: refunds, payment batches, transfers, and what was decided about overpayments.
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, ItemId, OrgId, ReceiptId};
use sundry_domain::money::Pence;

// Refunds ----------------------------------------------------------------------------

/// A refund, from asking to payment.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RefundRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// credit or suspense.
    pub source: String,
    /// Whose credit it is; none out of suspense.
    pub customer_id: Option<i64>,
    /// The credit on the account.
    pub credit_item_id: Option<i64>,
    /// The debit that took it off, once approved.
    pub refund_item_id: Option<i64>,
    /// The receipt the money came in by, where it is known.
    pub receipt_id: Option<i64>,
    /// Number of the credit or receipt.
    pub credit_number: String,
    /// Amount.
    pub amount_pence: i64,
    /// overpaid, paid_twice and so on.
    pub reason: String,
    /// The evidence, in words.
    pub words: String,
    /// Who allows it despite open debts.
    pub authority: String,
    /// bank, cheque or card.
    pub method: String,
    /// To whom.
    pub payee_name: String,
    /// Where a cheque goes.
    pub payee_address: String,
    /// Fingerprint of the payee's account.
    pub bank_print: String,
    /// The account, sealed.
    pub bank_sealed: String,
    /// Its last digits.
    pub bank_shown: String,
    /// Who was rung about the account, and when.
    pub call_back: String,
    /// What was looked at before asking.
    pub warnings: String,
    /// asked, approved, refused, in_batch, sent, paid, returned or withdrawn.
    pub state: String,
    /// Number of the approval.
    pub approval: String,
    /// The batch that pays it.
    pub batch_id: Option<i64>,
    /// Who asked.
    pub asked_by: i64,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// Who approved.
    pub approved_by: Option<i64>,
    /// Their name.
    pub approved_by_name: String,
    /// When.
    pub approved_on: Option<NaiveDate>,
    /// When it was sent.
    pub paid_on: Option<NaiveDate>,
    /// When it came back.
    pub returned_on: Option<NaiveDate>,
    /// Why it came back or was withdrawn.
    pub return_reason: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

const REFUND: &str = "id, number, source, customer_id, credit_item_id, refund_item_id, receipt_id, credit_number, amount_pence, reason, words, authority, method, payee_name, payee_address, bank_print, bank_sealed, bank_shown, call_back, warnings, state, approval, batch_id, asked_by, asked_by_name, asked_on, approved_by, approved_by_name, approved_on, paid_on, returned_on, return_reason, recorded_at, version";

/// Adds a refund that was asked for.
pub async fn add_refund(tx: &mut Tx, org: OrgId, r: &RefundRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into refund (org_id, id, number, source, customer_id, credit_item_id, refund_item_id, receipt_id, credit_number, amount_pence, reason, words, authority, method, payee_name, payee_address, bank_print, bank_sealed, bank_shown, call_back, warnings, state, approval, batch_id, asked_by, asked_by_name, asked_on, approved_by, approved_by_name, approved_on, paid_on, returned_on, return_reason, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, 1)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        &r.source,
        r.customer_id,
        r.credit_item_id,
        r.refund_item_id,
        r.receipt_id,
        &r.credit_number,
        r.amount_pence,
        &r.reason,
        &r.words,
        &r.authority,
        &r.method,
        &r.payee_name,
        &r.payee_address,
        &r.bank_print,
        &r.bank_sealed,
        &r.bank_shown,
        &r.call_back,
        &r.warnings,
        &r.state,
        &r.approval,
        r.batch_id,
        r.asked_by,
        &r.asked_by_name,
        r.asked_on,
        r.approved_by,
        &r.approved_by_name,
        r.approved_on,
        r.paid_on,
        r.returned_on,
        &r.return_reason,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Moves a refund that is still at `r.version`; false if somebody was quicker.
pub async fn change_refund(tx: &mut Tx, org: OrgId, r: &RefundRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update refund set state = $4, refund_item_id = $5, batch_id = $6, approval = $7, approved_by = $8, approved_by_name = $9, approved_on = $10, paid_on = $11, returned_on = $12, return_reason = $13, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        &r.state,
        r.refund_item_id,
        r.batch_id,
        &r.approval,
        r.approved_by,
        &r.approved_by_name,
        r.approved_on,
        r.paid_on,
        r.returned_on,
        &r.return_reason
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A refund by its number.
pub async fn refund_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<RefundRow>, StoreFault> {
    let sql = format!("select {REFUND} from refund where org_id = $1 and number = $2");
    Ok(tx.all_built(sql, args![org, number]).await?.into_iter().next())
}

/// Refunds of a batch, in order.
pub async fn refunds_of_batch(tx: &mut Tx, org: OrgId, batch: i64) -> Result<Vec<RefundRow>, StoreFault> {
    let sql = format!("select {REFUND} from refund where org_id = $1 and batch_id = $2 order by id");
    tx.all_built(sql, args![org, batch]).await
}

/// Approved refunds that no batch pays yet, by one way of paying, oldest first.
pub async fn refunds_to_pay(tx: &mut Tx, org: OrgId, method: &str) -> Result<Vec<RefundRow>, StoreFault> {
    let sql = format!(
        "select {REFUND} from refund where org_id = $1 and state = 'approved' and ($2 = '' or method = $2) order by id"
    );
    tx.all_built(sql, args![org, method]).await
}

/// Puts approved refunds into a batch; gives how many were.
pub async fn put_in_batch(tx: &mut Tx, org: OrgId, batch: i64, refunds: &[i64]) -> Result<usize, StoreFault> {
    let mut put = 0;
    for part in refunds.chunks(500) {
        let places: Vec<String> = (3..part.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!(
            "update refund set state = 'in_batch', batch_id = $2, version = version + 1 where org_id = $1 and state = 'approved' and id in ({}) returning id",
            places.join(", ")
        );
        let mut values = args![org, batch];
        values.extend(part.iter().map(|id| Arg::from(*id)));
        put += tx.all_built::<(i64,)>(sql, values).await?.len();
    }
    Ok(put)
}

/// Moves the refunds of a batch that are in one state to another; `paid_on` as given.
pub async fn move_refunds_of_batch(
    tx: &mut Tx,
    org: OrgId,
    batch: i64,
    (from, to): (&str, &str),
    paid_on: Option<NaiveDate>,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update refund set state = $4, paid_on = $5, version = version + 1 where org_id = $1 and batch_id = $2 and state = $3"
    );
    tx.run(sql, args![org, batch, from, to, paid_on]).await
}

/// Frees the refunds of a batch that will not pay them: they wait for another.
pub async fn free_refunds_of_batch(tx: &mut Tx, org: OrgId, batch: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update refund set state = 'approved', batch_id = null, paid_on = null, version = version + 1 where org_id = $1 and batch_id = $2 and state in ('in_batch','sent')"
    );
    tx.run(sql, args![org, batch]).await
}

/// Numbers of refunds of this amount to this customer, or to this account, asked for since a day and not given up.
pub async fn refunds_alike(
    tx: &mut Tx,
    org: OrgId,
    customer: Option<CustomerId>,
    print: &str,
    amount: Pence,
    since: NaiveDate,
) -> Result<Vec<String>, StoreFault> {
    let sql = sql!(
        "select number from refund where org_id = $1 and amount_pence = $2 and asked_on >= $3 and state not in ('refused','withdrawn','returned') and (customer_id = $4 or (bank_print <> '' and bank_print = $5)) order by id"
    );
    let rows: Vec<(String,)> = tx.all(sql, args![org, amount, since, customer, print]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Numbers of refunds out of a receipt that stand.
pub async fn refunds_of_receipt(tx: &mut Tx, org: OrgId, receipt: ReceiptId) -> Result<Vec<String>, StoreFault> {
    let sql = sql!(
        "select number from refund where org_id = $1 and receipt_id = $2 and state not in ('refused','withdrawn','returned') order by id"
    );
    let rows: Vec<(String,)> = tx.all(sql, args![org, receipt]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// A refund in the list.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ListedRefundRow {
    /// Number.
    pub number: String,
    /// Customer number, if any.
    pub customer_number: Option<String>,
    /// Customer name, if any.
    pub customer_name: Option<String>,
    /// Number of the credit.
    pub credit_number: String,
    /// To whom.
    pub payee_name: String,
    /// bank, cheque or card.
    pub method: String,
    /// Amount.
    pub amount_pence: i64,
    /// Reason.
    pub reason: String,
    /// State.
    pub state: String,
    /// Number of the approval.
    pub approval: String,
    /// Number of the batch, if any.
    pub batch_number: Option<String>,
    /// Who asked.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// When it was sent.
    pub paid_on: Option<NaiveDate>,
}

/// Refunds in these states (all when none is named), newest first.
pub async fn list_refunds(
    tx: &mut Tx,
    org: OrgId,
    states: &[&str],
    customer: Option<CustomerId>,
    (limit, offset): (i64, i64),
) -> Result<Vec<ListedRefundRow>, StoreFault> {
    let (conditions, mut values) = refund_conditions(org, states, customer);
    values.extend(args![limit, offset]);
    let (limit, offset) = (values.len() - 1, values.len());
    let sql = format!(
        "select r.number, c.number as customer_number, c.name as customer_name, r.credit_number, r.payee_name, r.method, r.amount_pence, r.reason, r.state, r.approval, b.number as batch_number, r.asked_by_name, r.asked_on, r.paid_on from refund r left join customer c on c.org_id = r.org_id and c.id = r.customer_id left join payment_batch b on b.org_id = r.org_id and b.id = r.batch_id where {conditions} order by r.id desc limit ${limit} offset ${offset}"
    );
    tx.all_built(sql, values).await
}

/// How many refunds are in these states, and their sum.
pub async fn count_refunds(
    tx: &mut Tx,
    org: OrgId,
    states: &[&str],
    customer: Option<CustomerId>,
) -> Result<(i64, i64), StoreFault> {
    let (conditions, values) = refund_conditions(org, states, customer);
    let sql =
        format!("select count(*), cast(coalesce(sum(r.amount_pence), 0) as bigint) from refund r where {conditions}");
    Ok(tx.all_built(sql, values).await?.into_iter().next().unwrap_or((0, 0)))
}

fn refund_conditions(org: OrgId, states: &[&str], customer: Option<CustomerId>) -> (String, Vec<Arg>) {
    let mut values = args![org];
    let mut sql = String::from("r.org_id = $1");
    if !states.is_empty() {
        values.extend(states.iter().map(|state| Arg::from(*state)));
        let places: Vec<String> = (2..states.len() + 2).map(|place| format!("${place}")).collect();
        sql.push_str(&format!(" and r.state in ({})", places.join(", ")));
    }
    if let Some(customer) = customer {
        values.push(Arg::from(customer));
        sql.push_str(&format!(" and r.customer_id = ${}", values.len()));
    }
    (sql, values)
}

/// What a customer owes on open debits, refunds that came back not counted as debts of theirs.
pub async fn open_debts_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(open_pence), 0) as bigint) from open_item where org_id = $1 and customer_id = $2 and open_pence > 0 and kind <> 'receipt'"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, customer]).await?.0)
}

// Payment batches --------------------------------------------------------------------

/// A batch of payments out.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PaymentBatchRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// bacs, pain001 or list.
    pub method: String,
    /// When the money is to move.
    pub pay_on: NaiveDate,
    /// How many payments.
    pub payments_count: i64,
    /// Their sum.
    pub total_pence: i64,
    /// draft, approved, written, sent, acknowledged or rejected.
    pub state: String,
    /// Who put it together.
    pub made_by: i64,
    /// Their name.
    pub made_by_name: String,
    /// When.
    pub made_on: NaiveDate,
    /// Who released it.
    pub released_by: Option<i64>,
    /// Their name.
    pub released_by_name: String,
    /// Name of the file.
    pub file_name: String,
    /// The file, once written.
    pub file_sha256: String,
    /// When it was sent.
    pub sent_on: Option<NaiveDate>,
    /// When it was answered.
    pub answered_on: Option<NaiveDate>,
    /// The answer, in words.
    pub answer: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a batch.
pub async fn add_payment_batch(tx: &mut Tx, org: OrgId, b: &PaymentBatchRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into payment_batch (org_id, id, number, method, pay_on, payments_count, total_pence, state, made_by, made_by_name, made_on, released_by, released_by_name, file_name, file_sha256, sent_on, answered_on, answer, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1)"
    );
    let values = args![
        org,
        b.id,
        &b.number,
        &b.method,
        b.pay_on,
        b.payments_count,
        b.total_pence,
        &b.state,
        b.made_by,
        &b.made_by_name,
        b.made_on,
        b.released_by,
        &b.released_by_name,
        &b.file_name,
        &b.file_sha256,
        b.sent_on,
        b.answered_on,
        &b.answer,
        b.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Moves a batch that is still at `b.version`; false if somebody was quicker.
pub async fn change_payment_batch(tx: &mut Tx, org: OrgId, b: &PaymentBatchRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update payment_batch set state = $4, released_by = $5, released_by_name = $6, file_name = $7, file_sha256 = $8, sent_on = $9, answered_on = $10, answer = $11, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        b.id,
        b.version,
        &b.state,
        b.released_by,
        &b.released_by_name,
        &b.file_name,
        &b.file_sha256,
        b.sent_on,
        b.answered_on,
        &b.answer
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A batch by its number.
pub async fn payment_batch_numbered(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Result<Option<PaymentBatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, method, pay_on, payments_count, total_pence, state, made_by, made_by_name, made_on, released_by, released_by_name, file_name, file_sha256, sent_on, answered_on, answer, recorded_at, version from payment_batch where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The newest batches first.
pub async fn payment_batches(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<PaymentBatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, method, pay_on, payments_count, total_pence, state, made_by, made_by_name, made_on, released_by, released_by_name, file_name, file_sha256, sent_on, answered_on, answer, recorded_at, version from payment_batch where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

// Transfers --------------------------------------------------------------------------

/// Money that moves to another account or fund.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TransferRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// credit or suspense.
    pub source: String,
    /// Whose credit it was.
    pub customer_id: Option<i64>,
    /// The credit.
    pub credit_item_id: Option<i64>,
    /// The receipt out of suspense.
    pub receipt_id: Option<i64>,
    /// Number of the credit or receipt.
    pub credit_number: String,
    /// To which customer.
    pub to_customer_id: Option<i64>,
    /// Their number; empty for a fund.
    pub to_customer: String,
    /// To which fund's GL code; empty for a customer.
    pub to_fund: String,
    /// Amount.
    pub amount_pence: i64,
    /// Why.
    pub words: String,
    /// Who allows it.
    pub authority: String,
    /// asked, done or refused.
    pub state: String,
    /// Number of the approval.
    pub approval: String,
    /// Who asked.
    pub asked_by: i64,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a transfer that was asked for.
pub async fn add_transfer(tx: &mut Tx, org: OrgId, t: &TransferRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into transfer (org_id, id, number, source, customer_id, credit_item_id, receipt_id, credit_number, to_customer_id, to_customer, to_fund, amount_pence, words, authority, state, approval, asked_by, asked_by_name, asked_on, done_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
    );
    let values = args![
        org,
        t.id,
        &t.number,
        &t.source,
        t.customer_id,
        t.credit_item_id,
        t.receipt_id,
        &t.credit_number,
        t.to_customer_id,
        &t.to_customer,
        &t.to_fund,
        t.amount_pence,
        &t.words,
        &t.authority,
        &t.state,
        &t.approval,
        t.asked_by,
        &t.asked_by_name,
        t.asked_on,
        t.done_on,
        t.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Settles a transfer that was only asked for; false if it was settled before.
pub async fn settle_transfer(tx: &mut Tx, org: OrgId, id: i64, state: &str, on: NaiveDate) -> Result<bool, StoreFault> {
    let sql = sql!("update transfer set state = $3, done_on = $4 where org_id = $1 and id = $2 and state = 'asked'");
    Ok(tx.run(sql, args![org, id, state, on]).await? == 1)
}

/// A transfer by its number.
pub async fn transfer_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<TransferRow>, StoreFault> {
    let sql = sql!(
        "select id, number, source, customer_id, credit_item_id, receipt_id, credit_number, to_customer_id, to_customer, to_fund, amount_pence, words, authority, state, approval, asked_by, asked_by_name, asked_on, done_on, recorded_at from transfer where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The newest transfers first.
pub async fn transfers(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<TransferRow>, StoreFault> {
    let sql = sql!(
        "select id, number, source, customer_id, credit_item_id, receipt_id, credit_number, to_customer_id, to_customer, to_fund, amount_pence, words, authority, state, approval, asked_by, asked_by_name, asked_on, done_on, recorded_at from transfer where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

// Overpayments -----------------------------------------------------------------------

/// A credit on an account that nothing has used yet.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct OverpaymentRow {
    /// Number of the credit.
    pub number: String,
    /// receipt, credit_note or refund.
    pub kind: String,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// When it arose.
    pub dated_on: NaiveDate,
    /// What is left of it.
    pub left_pence: i64,
    /// What the customer owes beside it.
    pub owes_pence: i64,
    /// What was decided; none yet.
    pub choice: Option<String>,
    /// Why.
    pub words: Option<String>,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
    /// By whom.
    pub decided_by_name: Option<String>,
}

/// Credits that wait on accounts, oldest first; `undecided` leaves out those put on account with a day to look again ahead.
pub async fn overpayments(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    undecided: bool,
    (limit, offset): (i64, i64),
) -> Result<Vec<OverpaymentRow>, StoreFault> {
    let sql = sql!(
        "select i.number, i.kind, c.number as customer_number, c.name as customer_name, i.dated_on, -i.open_pence as left_pence, coalesce((select cast(sum(d.open_pence) as bigint) from open_item d where d.org_id = i.org_id and d.customer_id = i.customer_id and d.open_pence > 0), 0) as owes_pence, o.choice, o.words, o.review_on, o.decided_by_name from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id left join overpayment_choice o on o.org_id = i.org_id and o.item_id = i.id where i.org_id = $1 and i.open_pence < 0 and (not $2 or o.item_id is null or o.review_on <= $3) order by i.dated_on, i.id limit $4 offset $5"
    );
    tx.all(sql, args![org, undecided, today, limit, offset]).await
}

/// How many credits wait so, and their sum.
pub async fn count_overpayments(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    undecided: bool,
) -> Result<(i64, i64), StoreFault> {
    let sql = sql!(
        "select count(*), cast(coalesce(sum(-i.open_pence), 0) as bigint) from open_item i left join overpayment_choice o on o.org_id = i.org_id and o.item_id = i.id where i.org_id = $1 and i.open_pence < 0 and (not $2 or o.item_id is null or o.review_on <= $3)"
    );
    tx.one(sql, args![org, undecided, today]).await
}

/// What is decided about an overpayment.
#[derive(Clone, Debug)]
pub struct ChoiceRow {
    /// The credit.
    pub item: ItemId,
    /// on_account or offset.
    pub choice: &'static str,
    /// Why.
    pub words: String,
    /// Who allows an offset.
    pub authority: String,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
    /// By whom.
    pub decided_by_name: String,
    /// When.
    pub decided_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps what was decided; the newest decision counts.
pub async fn decide_overpayment(tx: &mut Tx, org: OrgId, c: &ChoiceRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into overpayment_choice (org_id, item_id, choice, words, authority, review_on, decided_by_name, decided_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (org_id, item_id) do update set choice = excluded.choice, words = excluded.words, authority = excluded.authority, review_on = excluded.review_on, decided_by_name = excluded.decided_by_name, decided_on = excluded.decided_on, recorded_at = excluded.recorded_at"
    );
    let values = args![
        org,
        c.item,
        c.choice,
        &c.words,
        &c.authority,
        c.review_on,
        &c.decided_by_name,
        c.decided_on,
        c.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}
