//! Collections, the runs that take them, what the bank reports of them, and claims.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// One collection: notified, taken, perhaps come back.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CollectionRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Mandate.
    pub mandate_id: i64,
    /// Whose debts.
    pub customer_id: i64,
    /// The amount notified, and the amount taken.
    pub amount_pence: i64,
    /// The day notified.
    pub notified_for: NaiveDate,
    /// When the notice is with the payer.
    pub notice_with_payer_on: NaiveDate,
    /// The notice.
    pub letter_id: Option<i64>,
    /// 01, 17, 18 or 19; empty until it is in a run.
    pub code: String,
    /// noticed, in_run, taken, unpaid, withdrawn or claimed.
    pub state: String,
    /// The last under the mandate, confirmed by a person.
    pub is_final: bool,
    /// The day it was taken.
    pub entry_on: Option<NaiveDate>,
    /// The run.
    pub run_id: Option<i64>,
    /// The receipt it made.
    pub receipt_id: Option<i64>,
    /// The collection it presents again.
    pub again_of: Option<i64>,
    /// How often that was presented again, this one counted.
    pub times_again: i64,
    /// Entry day of the first presentation.
    pub first_presented_on: Option<NaiveDate>,
    /// Why it came back.
    pub reason_code: String,
    /// The same in words.
    pub reason: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Counts up with every change.
    pub version: i64,
}

/// Adds collections.
pub async fn add_collections(tx: &mut Tx, org: OrgId, rows: Vec<CollectionRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "mandate_id",
        "customer_id",
        "amount_pence",
        "notified_for",
        "notice_with_payer_on",
        "letter_id",
        "code",
        "state",
        "is_final",
        "entry_on",
        "run_id",
        "receipt_id",
        "again_of",
        "times_again",
        "first_presented_on",
        "reason_code",
        "reason",
        "recorded_at",
        "version",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.mandate_id,
            r.customer_id,
            r.amount_pence,
            r.notified_for,
            r.notice_with_payer_on,
            r.letter_id,
            r.code,
            r.state,
            r.is_final,
            r.entry_on,
            r.run_id,
            r.receipt_id,
            r.again_of,
            r.times_again,
            r.first_presented_on,
            r.reason_code,
            r.reason,
            r.recorded_at,
            r.version
        ]
    });
    tx.insert("dd_collection", COLUMNS, rows.collect()).await
}

/// Changes one; false if somebody else did meanwhile.
pub async fn change_collection(tx: &mut Tx, org: OrgId, r: &CollectionRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_collection set version = version + 1, mandate_id = $4, customer_id = $5, amount_pence = $6, notified_for = $7, notice_with_payer_on = $8, letter_id = $9, code = $10, state = $11, is_final = $12, entry_on = $13, run_id = $14, receipt_id = $15, again_of = $16, times_again = $17, first_presented_on = $18, reason_code = $19, reason = $20 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.mandate_id,
                r.customer_id,
                r.amount_pence,
                r.notified_for,
                r.notice_with_payer_on,
                r.letter_id,
                &r.code,
                &r.state,
                r.is_final,
                r.entry_on,
                r.run_id,
                r.receipt_id,
                r.again_of,
                r.times_again,
                r.first_presented_on,
                &r.reason_code,
                &r.reason
            ],
        )
        .await?
        == 1)
}

/// A collection by id.
pub async fn collection(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// A collection by its number.
pub async fn collection_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Collections of a mandate, newest first.
pub async fn collections_of_mandate(tx: &mut Tx, org: OrgId, mandate: i64) -> Result<Vec<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and mandate_id = $2 order by id desc"
    );
    tx.all(sql, args![org, mandate]).await
}

/// Collections of a run, in order, after an id.
pub async fn collections_of_run(
    tx: &mut Tx,
    org: OrgId,
    run: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and run_id = $2 and id > $3 order by id limit $4"
    );
    tx.all(sql, args![org, run, after, limit]).await
}

/// Notified collections that may be taken on a day: notified for one from `from` to it.
pub async fn collections_due(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and state = 'noticed' and notified_for between $2 and $3 order by id"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Collections in a state, newest first.
pub async fn collections_in(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    limit: i64,
) -> Result<Vec<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and state = $2 order by notified_for desc, id desc limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// Collections that came back and are not presented again, newest first.
pub async fn came_back(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection back where org_id = $1 and state = 'unpaid' and not exists (select 1 from dd_collection again where again.org_id = back.org_id and again.mandate_id = back.mandate_id and again.again_of = back.id and again.state <> 'withdrawn') order by notified_for desc, id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// The number under which a collection of a mandate stands presented again.
pub async fn presented_again(
    tx: &mut Tx,
    org: OrgId,
    mandate: i64,
    collection: i64,
) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "select number from dd_collection where org_id = $1 and mandate_id = $2 and again_of = $3 and state <> 'withdrawn' order by id limit 1"
    );
    let found: Option<(String,)> = tx.maybe(sql, args![org, mandate, collection]).await?;
    Ok(found.map(|(number,)| number))
}

/// The collection that made a receipt.
pub async fn collection_of_receipt(tx: &mut Tx, org: OrgId, receipt: i64) -> Result<Option<CollectionRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, customer_id, amount_pence, notified_for, notice_with_payer_on, letter_id, code, state, is_final, entry_on, run_id, receipt_id, again_of, times_again, first_presented_on, reason_code, reason, recorded_at, version from dd_collection where org_id = $1 and receipt_id = $2"
    );
    tx.maybe(sql, args![org, receipt]).await
}

/// Puts a notified collection into a run under a code; false if it is no longer notified.
pub async fn put_in_run(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    run: i64,
    code: &str,
    entry_on: NaiveDate,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_collection set state = 'in_run', run_id = $3, code = $4, entry_on = $5, version = version + 1 where org_id = $1 and id = $2 and state = 'noticed'"
    );
    Ok(tx.run(sql, args![org, id, run, code, entry_on]).await? == 1)
}

/// Takes collections out of a run that was not released.
pub async fn free_collections_of_run(tx: &mut Tx, org: OrgId, run: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update dd_collection set state = 'noticed', run_id = null, code = '', entry_on = null, version = version + 1 where org_id = $1 and run_id = $2 and state = 'in_run'"
    );
    tx.run(sql, args![org, run]).await
}

/// Withdraws what is notified and not in a run, of a mandate.
pub async fn withdraw_noticed(tx: &mut Tx, org: OrgId, mandate: i64, reason: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update dd_collection set state = 'withdrawn', reason = $3, version = version + 1 where org_id = $1 and mandate_id = $2 and state = 'noticed'"
    );
    tx.run(sql, args![org, mandate, reason]).await
}

/// A part of a collection.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CollectionItemRow {
    /// Collection.
    pub collection_id: i64,
    /// Item.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// How much of it.
    pub amount_pence: i64,
    /// What is open of it now.
    pub open_pence: i64,
    /// What is disputed of it now.
    pub disputed_pence: i64,
}

/// Adds parts: collection, item, amount.
pub async fn add_collection_items(tx: &mut Tx, org: OrgId, rows: Vec<(i64, i64, i64)>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "collection_id", "item_id", "amount_pence"];
    let rows = rows.into_iter().map(|(collection, item, amount)| args![org, collection, item, amount]);
    tx.insert("dd_collection_item", COLUMNS, rows.collect()).await
}

/// The parts of a collection, with what is open now.
pub async fn items_of_collection(tx: &mut Tx, org: OrgId, id: i64) -> Result<Vec<CollectionItemRow>, StoreFault> {
    let sql = sql!(
        "select p.collection_id, p.item_id, i.number as item_number, p.amount_pence, i.open_pence, i.disputed_pence from dd_collection_item p join open_item i on i.org_id = p.org_id and i.id = p.item_id where p.org_id = $1 and p.collection_id = $2 order by p.item_id"
    );
    tx.all(sql, args![org, id]).await
}

/// The parts of every notified collection from one day to another, with what is open now.
pub async fn items_of_due(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<CollectionItemRow>, StoreFault> {
    let sql = sql!(
        "select p.collection_id, p.item_id, i.number as item_number, p.amount_pence, i.open_pence, i.disputed_pence from dd_collection c join dd_collection_item p on p.org_id = c.org_id and p.collection_id = c.id join open_item i on i.org_id = p.org_id and i.id = p.item_id where c.org_id = $1 and c.state = 'noticed' and c.notified_for between $2 and $3 order by p.collection_id, p.item_id"
    );
    tx.all(sql, args![org, from, to]).await
}

/// An open debit under an active mandate that nobody has notified yet.
#[derive(Clone, Debug, FromRow)]
pub struct ToNotifyRow {
    /// Mandate.
    pub mandate_id: i64,
    /// Item.
    pub item_id: i64,
    /// Its number.
    pub number: String,
    /// What it is for.
    pub service: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Due.
    pub due_on: NaiveDate,
    /// Whole amount.
    pub original_pence: i64,
    /// Open of it.
    pub open_pence: i64,
}

/// Debits due up to a day, undisputed, under mandates after an id that are lodged or active, not yet in a collection.
pub async fn to_notify(
    tx: &mut Tx,
    org: OrgId,
    due_by: NaiveDate,
    after: i64,
    limit: i64,
) -> Result<Vec<ToNotifyRow>, StoreFault> {
    let sql = sql!(
        "select m.id as mandate_id, i.id as item_id, i.number, i.service, i.dated_on, i.due_on, i.original_pence, i.open_pence from (select id, customer_id from mandate where org_id = $1 and state in ('lodged', 'active') and claim_open = false and id > $3 order by id limit $4) m join open_item i on i.org_id = $1 and i.customer_id = m.customer_id where i.original_pence > 0 and i.open_pence > 0 and i.disputed_pence = 0 and i.kind = 'invoice' and i.due_on <= $2 and not exists (select 1 from dd_collection_item p join dd_collection c on c.org_id = p.org_id and c.id = p.collection_id where p.org_id = $1 and p.item_id = i.id and c.state in ('noticed', 'in_run')) and not exists (select 1 from plan_item v join payment_plan w on w.org_id = v.org_id and w.id = v.plan_id where v.org_id = $1 and v.item_id = i.id and w.state in ('proposed', 'active', 'suspended')) order by m.id, i.due_on, i.id"
    );
    tx.all(sql, args![org, due_by, after, limit]).await
}

/// The ids of mandates that may be notified, after an id.
pub async fn mandates_to_notify(tx: &mut Tx, org: OrgId, after: i64, limit: i64) -> Result<Vec<(i64,)>, StoreFault> {
    let sql = sql!(
        "select id from mandate where org_id = $1 and state in ('lodged', 'active') and claim_open = false and id > $2 order by id limit $3"
    );
    tx.all(sql, args![org, after, limit]).await
}

/// Number and name of the customers of notified collections.
pub async fn customers_of_due(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select id, number, name from customer where org_id = $1 and id in (select customer_id from dd_collection where org_id = $1 and state = 'noticed' and notified_for between $2 and $3) order by id"
    );
    tx.all(sql, args![org, from, to]).await
}

/// The number of a receipt.
pub async fn receipt_number(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<(String,)>, StoreFault> {
    let sql = sql!("select number from receipt where org_id = $1 and id = $2");
    tx.maybe(sql, args![org, id]).await
}

/// A line of a bank statement that may be a run's money, or what came back.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BankCandidateRow {
    /// Line.
    pub id: i64,
    /// Its day.
    pub posted_on: NaiveDate,
    /// Amount; money in is positive.
    pub amount_pence: i64,
    /// What the bank says.
    pub words: String,
    /// Where it stands.
    pub state: String,
    /// Why.
    pub reason: String,
}

/// Lines of an amount that are not settled, newest first.
pub async fn bank_candidates(tx: &mut Tx, org: OrgId, pence: i64) -> Result<Vec<BankCandidateRow>, StoreFault> {
    let sql = sql!(
        "select id, posted_on, amount_pence, words, state, reason from bank_line where org_id = $1 and amount_pence = $2 and state in ('waiting', 'suggested', 'suspense', 'not_a_receipt') and reason not like 'Direct Debit%' order by posted_on desc, id desc limit 20"
    );
    tx.all(sql, args![org, pence]).await
}

/// Takes a line as settled by the desk, whatever it was.
pub async fn settle_line(tx: &mut Tx, org: OrgId, id: i64, reason: &str) -> Result<bool, StoreFault> {
    let sql = sql!("update bank_line set state = 'not_a_receipt', reason = $3 where org_id = $1 and id = $2");
    Ok(tx.run(sql, args![org, id, reason]).await? == 1)
}

/// A collection run: one file.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RunRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Day 3.
    pub entry_on: NaiveDate,
    /// Day 2.
    pub process_on: NaiveDate,
    /// Volume serial.
    pub serial: String,
    /// waiting, refused, releasing, written, sent, acknowledged or withdrawn.
    pub state: String,
    /// Collections.
    pub collections_count: i64,
    /// Their sum.
    pub collections_pence: i64,
    /// Instructions.
    pub instructions_count: i64,
    /// Hash of what was approved.
    pub content_hash: String,
    /// The approval.
    pub approval: String,
    /// Collections posted so far.
    pub done_count: i64,
    /// The file, once written.
    pub file_sha256: String,
    /// Its name.
    pub file_name: String,
    /// What its trailer says.
    pub totals: serde_json::Value,
    /// Who asked.
    pub asked_by: String,
    /// Who released.
    pub released_by: String,
    /// Given to the bank's software.
    pub sent_on: Option<NaiveDate>,
    /// The input report agreed.
    pub acknowledged_on: Option<NaiveDate>,
    /// Seen on the bank statement.
    pub banked_pence: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Counts up with every change.
    pub version: i64,
}

/// Adds a run.
pub async fn add_run(tx: &mut Tx, org: OrgId, r: &RunRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into dd_run (org_id, id, number, entry_on, process_on, serial, state, collections_count, collections_pence, instructions_count, content_hash, approval, done_count, file_sha256, file_name, totals, asked_by, released_by, sent_on, acknowledged_on, banked_pence, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
    );
    tx.run(
        sql,
        args![
            org,
            r.id,
            &r.number,
            r.entry_on,
            r.process_on,
            &r.serial,
            &r.state,
            r.collections_count,
            r.collections_pence,
            r.instructions_count,
            &r.content_hash,
            &r.approval,
            r.done_count,
            &r.file_sha256,
            &r.file_name,
            r.totals.clone(),
            &r.asked_by,
            &r.released_by,
            r.sent_on,
            r.acknowledged_on,
            r.banked_pence,
            r.recorded_at,
            r.version
        ],
    )
    .await
    .map(drop)
}

/// Changes one; false if somebody else did meanwhile.
pub async fn change_run(tx: &mut Tx, org: OrgId, r: &RunRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_run set version = version + 1, entry_on = $4, process_on = $5, serial = $6, state = $7, collections_count = $8, collections_pence = $9, instructions_count = $10, content_hash = $11, approval = $12, done_count = $13, file_sha256 = $14, file_name = $15, totals = $16, asked_by = $17, released_by = $18, sent_on = $19, acknowledged_on = $20, banked_pence = $21 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.entry_on,
                r.process_on,
                &r.serial,
                &r.state,
                r.collections_count,
                r.collections_pence,
                r.instructions_count,
                &r.content_hash,
                &r.approval,
                r.done_count,
                &r.file_sha256,
                &r.file_name,
                r.totals.clone(),
                &r.asked_by,
                &r.released_by,
                r.sent_on,
                r.acknowledged_on,
                r.banked_pence
            ],
        )
        .await?
        == 1)
}

/// A run by its number.
pub async fn run_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, entry_on, process_on, serial, state, collections_count, collections_pence, instructions_count, content_hash, approval, done_count, file_sha256, file_name, totals, asked_by, released_by, sent_on, acknowledged_on, banked_pence, recorded_at, version from dd_run where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A run by its volume serial, the newest.
pub async fn run_of_serial(tx: &mut Tx, org: OrgId, serial: &str) -> Result<Option<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, entry_on, process_on, serial, state, collections_count, collections_pence, instructions_count, content_hash, approval, done_count, file_sha256, file_name, totals, asked_by, released_by, sent_on, acknowledged_on, banked_pence, recorded_at, version from dd_run where org_id = $1 and serial = $2 order by id desc limit 1"
    );
    tx.maybe(sql, args![org, serial]).await
}

/// A run by id.
pub async fn run(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, entry_on, process_on, serial, state, collections_count, collections_pence, instructions_count, content_hash, approval, done_count, file_sha256, file_name, totals, asked_by, released_by, sent_on, acknowledged_on, banked_pence, recorded_at, version from dd_run where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Runs, newest first.
pub async fn runs(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, entry_on, process_on, serial, state, collections_count, collections_pence, instructions_count, content_hash, approval, done_count, file_sha256, file_name, totals, asked_by, released_by, sent_on, acknowledged_on, banked_pence, recorded_at, version from dd_run where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Runs that wait for a yes or are being released.
pub async fn open_runs(tx: &mut Tx, org: OrgId) -> Result<Vec<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, number, entry_on, process_on, serial, state, collections_count, collections_pence, instructions_count, content_hash, approval, done_count, file_sha256, file_name, totals, asked_by, released_by, sent_on, acknowledged_on, banked_pence, recorded_at, version from dd_run where org_id = $1 and state in ('waiting', 'releasing') order by id"
    );
    tx.all(sql, args![org]).await
}

/// A report of the bank.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ReportRow {
    /// Id.
    pub id: i64,
    /// The file it came in.
    pub file_sha256: String,
    /// Which report of the file, from 0.
    pub place: i64,
    /// Its name.
    pub file_name: String,
    /// input, withdrawal, arudd, addacs, auddis, ddica, awacs, arucs or unknown.
    pub kind: String,
    /// The service user.
    pub sun: String,
    /// The day it is of.
    pub report_on: Option<NaiveDate>,
    /// Our serial, if it names one.
    pub serial: String,
    /// Items.
    pub items_count: i64,
    /// Applied.
    pub applied_count: i64,
    /// Waiting for a person.
    pub held_count: i64,
    /// Seen before.
    pub known_count: i64,
    /// applied, held, test.
    pub state: String,
    /// Why it is held.
    pub reason: String,
    /// Who.
    pub imported_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a report.
pub async fn add_report(tx: &mut Tx, org: OrgId, r: &ReportRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into dd_report (org_id, id, file_sha256, place, file_name, kind, sun, report_on, serial, items_count, applied_count, held_count, known_count, state, reason, imported_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    tx.run(
        sql,
        args![
            org,
            r.id,
            &r.file_sha256,
            r.place,
            &r.file_name,
            &r.kind,
            &r.sun,
            r.report_on,
            &r.serial,
            r.items_count,
            r.applied_count,
            r.held_count,
            r.known_count,
            &r.state,
            &r.reason,
            &r.imported_by,
            r.recorded_at
        ],
    )
    .await
    .map(drop)
}

/// Reports, newest first.
pub async fn reports(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ReportRow>, StoreFault> {
    let sql = sql!(
        "select id, file_sha256, place, file_name, kind, sun, report_on, serial, items_count, applied_count, held_count, known_count, state, reason, imported_by, recorded_at from dd_report where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Reports of a file.
pub async fn reports_of_file(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Vec<ReportRow>, StoreFault> {
    let sql = sql!(
        "select id, file_sha256, place, file_name, kind, sun, report_on, serial, items_count, applied_count, held_count, known_count, state, reason, imported_by, recorded_at from dd_report where org_id = $1 and file_sha256 = $2 order by place"
    );
    tx.all(sql, args![org, sha256]).await
}

/// A report by id.
pub async fn report(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<ReportRow>, StoreFault> {
    let sql = sql!(
        "select id, file_sha256, place, file_name, kind, sun, report_on, serial, items_count, applied_count, held_count, known_count, state, reason, imported_by, recorded_at from dd_report where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// One held item of a report less.
pub async fn count_settled(tx: &mut Tx, org: OrgId, id: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update dd_report set held_count = held_count - 1, state = case when held_count <= 1 and reason = '' then 'applied' else state end where org_id = $1 and id = $2"
    );
    tx.run(sql, args![org, id]).await
}

/// One item of a report.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ReportItemRow {
    /// The same item has the same key in whatever file it comes.
    pub key: String,
    /// The report that brought it.
    pub report_id: i64,
    /// Which item of it, from 0.
    pub place: i64,
    /// What it does.
    pub kind: String,
    /// Reference as given.
    pub reference: String,
    /// Reason code.
    pub reason: String,
    /// The bank's words.
    pub words: String,
    /// How much.
    pub amount_pence: i64,
    /// When it was first taken.
    pub original_on: Option<NaiveDate>,
    /// applied, held or settled.
    pub state: String,
    /// What was done.
    pub outcome: String,
    /// Mandate.
    pub mandate_id: Option<i64>,
    /// Collection.
    pub collection_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds items.
pub async fn add_report_items(tx: &mut Tx, org: OrgId, rows: Vec<ReportItemRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "key",
        "report_id",
        "place",
        "kind",
        "reference",
        "reason",
        "words",
        "amount_pence",
        "original_on",
        "state",
        "outcome",
        "mandate_id",
        "collection_id",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.key,
            r.report_id,
            r.place,
            r.kind,
            r.reference,
            r.reason,
            r.words,
            r.amount_pence,
            r.original_on,
            r.state,
            r.outcome,
            r.mandate_id,
            r.collection_id,
            r.recorded_at
        ]
    });
    tx.insert("dd_report_item", COLUMNS, rows.collect()).await
}

/// An item by its key.
pub async fn report_item(tx: &mut Tx, org: OrgId, key: &str) -> Result<Option<ReportItemRow>, StoreFault> {
    let sql = sql!(
        "select key, report_id, place, kind, reference, reason, words, amount_pence, original_on, state, outcome, mandate_id, collection_id, recorded_at from dd_report_item where org_id = $1 and key = $2"
    );
    tx.maybe(sql, args![org, key]).await
}

/// Items of a report, in order.
pub async fn items_of_report(tx: &mut Tx, org: OrgId, report: i64) -> Result<Vec<ReportItemRow>, StoreFault> {
    let sql = sql!(
        "select key, report_id, place, kind, reference, reason, words, amount_pence, original_on, state, outcome, mandate_id, collection_id, recorded_at from dd_report_item where org_id = $1 and report_id = $2 order by place"
    );
    tx.all(sql, args![org, report]).await
}

/// Items that wait for a person.
pub async fn held_items(tx: &mut Tx, org: OrgId) -> Result<Vec<ReportItemRow>, StoreFault> {
    let sql = sql!(
        "select key, report_id, place, kind, reference, reason, words, amount_pence, original_on, state, outcome, mandate_id, collection_id, recorded_at from dd_report_item where org_id = $1 and state = 'held' order by recorded_at, key"
    );
    tx.all(sql, args![org]).await
}

/// A person has dealt with a held item.
pub async fn settle_item(tx: &mut Tx, org: OrgId, key: &str, outcome: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_report_item set state = 'settled', outcome = $3 where org_id = $1 and key = $2 and state = 'held'"
    );
    Ok(tx.run(sql, args![org, key, outcome]).await? == 1)
}

/// An indemnity claim under the Guarantee.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ClaimRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Mandate.
    pub mandate_id: i64,
    /// Collection, when found.
    pub collection_id: Option<i64>,
    /// Customer.
    pub customer_id: i64,
    /// How much.
    pub amount_pence: i64,
    /// 1 to 8.
    pub reason_code: String,
    /// The paying bank's number.
    pub bank_reference: String,
    /// When we were told.
    pub claimed_on: NaiveDate,
    /// When our account is debited.
    pub debited_on: NaiveDate,
    /// The last day to challenge.
    pub challenge_by: NaiveDate,
    /// open, accepted, challenged or withdrawn.
    pub state: String,
    /// Who.
    pub decided_by: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// Why.
    pub words: String,
    /// The hold it placed.
    pub hold_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds claims.
pub async fn add_claims(tx: &mut Tx, org: OrgId, rows: Vec<ClaimRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "mandate_id",
        "collection_id",
        "customer_id",
        "amount_pence",
        "reason_code",
        "bank_reference",
        "claimed_on",
        "debited_on",
        "challenge_by",
        "state",
        "decided_by",
        "decided_on",
        "words",
        "hold_id",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.mandate_id,
            r.collection_id,
            r.customer_id,
            r.amount_pence,
            r.reason_code,
            r.bank_reference,
            r.claimed_on,
            r.debited_on,
            r.challenge_by,
            r.state,
            r.decided_by,
            r.decided_on,
            r.words,
            r.hold_id,
            r.recorded_at
        ]
    });
    tx.insert("dd_claim", COLUMNS, rows.collect()).await
}

/// Claims in a state (every state when empty), those to be challenged first at the top.
pub async fn claims(tx: &mut Tx, org: OrgId, state: &str, limit: i64) -> Result<Vec<ClaimRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, collection_id, customer_id, amount_pence, reason_code, bank_reference, claimed_on, debited_on, challenge_by, state, decided_by, decided_on, words, hold_id, recorded_at from dd_claim where org_id = $1 and ($2 = '' or state = $2) order by challenge_by, id limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// A claim by its number.
pub async fn claim_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ClaimRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, collection_id, customer_id, amount_pence, reason_code, bank_reference, claimed_on, debited_on, challenge_by, state, decided_by, decided_on, words, hold_id, recorded_at from dd_claim where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Claims under a mandate.
pub async fn claims_of_mandate(tx: &mut Tx, org: OrgId, mandate: i64) -> Result<Vec<ClaimRow>, StoreFault> {
    let sql = sql!(
        "select id, number, mandate_id, collection_id, customer_id, amount_pence, reason_code, bank_reference, claimed_on, debited_on, challenge_by, state, decided_by, decided_on, words, hold_id, recorded_at from dd_claim where org_id = $1 and mandate_id = $2 order by id"
    );
    tx.all(sql, args![org, mandate]).await
}

/// Decides an open claim; false if it was decided before.
pub async fn decide_claim(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    state: &str,
    by: &str,
    on: NaiveDate,
    words: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_claim set state = $3, decided_by = $4, decided_on = $5, words = $6 where org_id = $1 and id = $2 and state in ('open', 'challenged')"
    );
    Ok(tx.run(sql, args![org, id, state, by, on, words]).await? == 1)
}
