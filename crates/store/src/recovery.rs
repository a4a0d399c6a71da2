//! Pathways, steps taken, daily runs and what they refused.
pub mod charges;
pub mod contract_fees;
pub mod pathways;
pub mod pay_calculation;
pub mod recorded;
pub mod restarts;
pub mod taking_back;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, ItemId, OrgId, RunId};

// Pathways ---------------------------------------------------------------------------

/// A version of a pathway.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct PathwayRow {
    /// `individual`, `business`, `public`.
    pub code: String,
    /// Counted from 1.
    pub version: i64,
    /// draft, live or ended.
    pub state: String,
    /// From when it was live.
    pub live_from: Option<NaiveDate>,
    /// The steps.
    pub body: serde_json::Value,
    /// Hash of the steps.
    pub content_hash: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// Who approved it.
    pub approved_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds versions of pathways.
pub async fn add_pathways(tx: &mut Tx, org: OrgId, rows: Vec<PathwayRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "code",
        "version",
        "state",
        "live_from",
        "body",
        "content_hash",
        "drafted_by",
        "approved_by",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|p| {
        args![
            org,
            p.code,
            p.version,
            p.state,
            p.live_from,
            p.body,
            p.content_hash,
            p.drafted_by,
            p.approved_by,
            p.recorded_at
        ]
    });
    tx.insert("pathway_version", COLUMNS, rows.collect()).await
}

/// Every version of every pathway, in order.
pub async fn pathways(tx: &mut Tx, org: OrgId) -> Result<Vec<PathwayRow>, StoreFault> {
    let sql = sql!(
        "select code, version, state, live_from, body, content_hash, drafted_by, approved_by, recorded_at from pathway_version where org_id = $1 order by code, version"
    );
    tx.all(sql, args![org]).await
}

/// One version of a pathway.
pub async fn pathway(tx: &mut Tx, org: OrgId, code: &str, version: i64) -> Result<Option<PathwayRow>, StoreFault> {
    let sql = sql!(
        "select code, version, state, live_from, body, content_hash, drafted_by, approved_by, recorded_at from pathway_version where org_id = $1 and code = $2 and version = $3"
    );
    tx.maybe(sql, args![org, code, version]).await
}

// The facts of a day -----------------------------------------------------------------

/// Customers with a debit due on or before a day, by id.
pub async fn customers_due(
    tx: &mut Tx,
    org: OrgId,
    due_by: NaiveDate,
    after: CustomerId,
) -> Result<Vec<CustomerId>, StoreFault> {
    let sql = sql!(
        "select distinct customer_id from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and due_on <= $2 and customer_id > $3 order by customer_id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org, due_by, after]).await?;
    Ok(rows.into_iter().map(|(id,)| CustomerId(id)).collect())
}

/// Customers of a range who got a statement of account on a day.
pub async fn statements_of_day(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select distinct customer_id from letter where org_id = $1 and customer_id between $2 and $3 and template_code = 'statement' and dated_on = $4 and state <> 'withdrawn' order by customer_id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org, first, last, day]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What the run needs to know of an open item.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CaseItemRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// invoice, credit_note, receipt …
    pub kind: String,
    /// Number.
    pub number: String,
    /// Date.
    pub dated_on: NaiveDate,
    /// Due date.
    pub due_on: NaiveDate,
    /// Amount at first.
    pub original_pence: i64,
    /// What is left of it.
    pub open_pence: i64,
    /// How much of that is disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Its document.
    pub document_id: Option<i64>,
}

/// Open items of customers from one id to another.
pub async fn open_items_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<CaseItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, number, dated_on, due_on, original_pence, open_pence, disputed_pence, service, debt_type, document_id from open_item where org_id = $1 and customer_id between $2 and $3 and open_pence <> 0 order by customer_id, due_on, id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// A step that was taken for an item.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct StepRow {
    /// Item.
    pub item_id: i64,
    /// Counted from 1 for each item.
    pub seq: i64,
    /// Customer.
    pub customer_id: i64,
    /// Pathway.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i64,
    /// Step.
    pub step_code: String,
    /// The day the pathway named.
    pub due_on: NaiveDate,
    /// The day it was taken.
    pub taken_on: NaiveDate,
    /// Its letter.
    pub letter_id: Option<i64>,
    /// The run that took it.
    pub run_id: Option<i64>,
    /// What it says, such as the earliest day a claim may be issued.
    pub note: String,
    /// State of the letter; empty without one. A withdrawn letter undoes its step.
    pub letter_state: String,
}

/// Steps taken for open items of customers from one id to another.
pub async fn steps_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<StepRow>, StoreFault> {
    let sql = sql!(
        "select s.item_id, s.seq, s.customer_id, s.pathway_code, s.pathway_version, s.step_code, s.due_on, s.taken_on, s.letter_id, s.run_id, s.note, coalesce(l.state, '') as letter_state from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id left join letter l on l.org_id = s.org_id and l.id = s.letter_id where s.org_id = $1 and s.customer_id between $2 and $3 and i.open_pence <> 0 order by s.item_id, s.seq"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Steps taken for one item, oldest first.
pub async fn steps_of_item(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<StepRow>, StoreFault> {
    let sql = sql!(
        "select s.item_id, s.seq, s.customer_id, s.pathway_code, s.pathway_version, s.step_code, s.due_on, s.taken_on, s.letter_id, s.run_id, s.note, coalesce(l.state, '') as letter_state from step_taken s left join letter l on l.org_id = s.org_id and l.id = s.letter_id where s.org_id = $1 and s.item_id = $2 order by s.seq"
    );
    tx.all(sql, args![org, item]).await
}

/// Steps taken for a customer's items, newest first.
pub async fn steps_of_customer(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<StepRow>, StoreFault> {
    let sql = sql!(
        "select s.item_id, s.seq, s.customer_id, s.pathway_code, s.pathway_version, s.step_code, s.due_on, s.taken_on, s.letter_id, s.run_id, s.note, coalesce(l.state, '') as letter_state from step_taken s left join letter l on l.org_id = s.org_id and l.id = s.letter_id where s.org_id = $1 and s.customer_id = $2 order by s.taken_on desc, s.item_id, s.seq desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Adds steps.
pub async fn add_steps(tx: &mut Tx, org: OrgId, rows: Vec<StepRow>, at: DateTime<Utc>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "item_id",
        "seq",
        "customer_id",
        "pathway_code",
        "pathway_version",
        "step_code",
        "due_on",
        "taken_on",
        "letter_id",
        "run_id",
        "note",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|s| {
        args![
            org,
            s.item_id,
            s.seq,
            s.customer_id,
            s.pathway_code,
            s.pathway_version,
            s.step_code,
            s.due_on,
            s.taken_on,
            s.letter_id,
            s.run_id,
            s.note,
            at
        ]
    });
    tx.insert("step_taken", COLUMNS, rows.collect()).await
}

/// Sets the stage of every item that took a step in a run.
pub async fn set_stages(tx: &mut Tx, org: OrgId, run: RunId) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update open_item set stage = taken.step_code from (select item_id, max(step_code) as step_code from step_taken where org_id = $1 and run_id = $2 group by item_id) as taken where open_item.org_id = $1 and open_item.id = taken.item_id"
    );
    tx.run(sql, args![org, run]).await
}

/// Number and sum of bank lines, up to a day, that wait to be posted.
pub async fn bank_lines_waiting(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<(i64, i64), StoreFault> {
    let sql = sql!(
        "select count(*), cast(coalesce(sum(amount_pence), 0) as bigint) from bank_line where org_id = $1 and state = 'waiting' and posted_on <= $2"
    );
    tx.one(sql, args![org, day]).await
}

// Runs -------------------------------------------------------------------------------

/// A run.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct RunRow {
    /// Id.
    pub id: i64,
    /// day.
    pub kind: String,
    /// Number: `DAY-2026-05-01`.
    pub number: String,
    /// The business day it is for.
    pub business_on: NaiveDate,
    /// releasing, stopped or done.
    pub state: String,
    /// Customers and documents done.
    pub done_count: i64,
    /// Customers and documents in all.
    pub total_count: i64,
    /// Control totals, and where it stands.
    pub totals: serde_json::Value,
    /// Rises each time a worker takes the run; an older worker is refused.
    pub fence: i64,
    /// Who works on it.
    pub holder: String,
    /// Until when they hold it unless they renew.
    pub lease_until: Option<DateTime<Utc>>,
    /// Who released it.
    pub started_by: String,
    /// When it was begun.
    pub recorded_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Adds a run; false if there is one of its kind for its day.
pub async fn add_run(tx: &mut Tx, org: OrgId, r: &RunRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into run (org_id, id, kind, number, business_on, state, done_count, total_count, totals, fence, holder, lease_until, started_by, recorded_at, ended_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing"
    );
    let values = args![
        org,
        r.id,
        &r.kind,
        &r.number,
        r.business_on,
        &r.state,
        r.done_count,
        r.total_count,
        r.totals.clone(),
        r.fence,
        &r.holder,
        r.lease_until,
        &r.started_by,
        r.recorded_at,
        r.ended_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The run of a kind for a day.
pub async fn run_of_day(tx: &mut Tx, org: OrgId, kind: &str, day: NaiveDate) -> Result<Option<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, business_on, state, done_count, total_count, totals, fence, holder, lease_until, started_by, recorded_at, ended_at from run where org_id = $1 and kind = $2 and business_on = $3"
    );
    tx.maybe(sql, args![org, kind, day]).await
}

/// The newest run of a kind by its business day, other than that of a day.
pub async fn newest_run_but(tx: &mut Tx, org: OrgId, kind: &str, day: NaiveDate) -> Result<Option<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, business_on, state, done_count, total_count, totals, fence, holder, lease_until, started_by, recorded_at, ended_at from run where org_id = $1 and kind = $2 and business_on <> $3 order by business_on desc limit 1"
    );
    tx.maybe(sql, args![org, kind, day]).await
}

/// A run by its number.
pub async fn run(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, business_on, state, done_count, total_count, totals, fence, holder, lease_until, started_by, recorded_at, ended_at from run where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Runs, newest day first, at most `limit`.
pub async fn runs(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<RunRow>, StoreFault> {
    let sql = sql!(
        "select id, kind, number, business_on, state, done_count, total_count, totals, fence, holder, lease_until, started_by, recorded_at, ended_at from run where org_id = $1 order by business_on desc, id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Takes a run over: its fence rises by one. False if someone else was quicker, or it is done.
pub async fn take_run(
    tx: &mut Tx,
    org: OrgId,
    run: RunId,
    fence: i64,
    holder: &str,
    lease_until: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update run set fence = fence + 1, holder = $4, lease_until = $5, state = 'releasing' where org_id = $1 and id = $2 and fence = $3 and state <> 'done'"
    );
    Ok(tx.run(sql, args![org, run, fence, holder, lease_until]).await? == 1)
}

/// Saves how far a run has come; false if its fence has risen since.
pub async fn save_run(tx: &mut Tx, org: OrgId, r: &RunRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update run set state = $4, done_count = $5, total_count = $6, totals = $7, lease_until = $8, ended_at = $9 where org_id = $1 and id = $2 and fence = $3 and state = 'releasing'"
    );
    let values =
        args![org, r.id, r.fence, &r.state, r.done_count, r.total_count, r.totals.clone(), r.lease_until, r.ended_at];
    Ok(tx.run(sql, values).await? == 1)
}

/// A step that a run refused.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RefusalRow {
    /// Place in the run.
    pub seq: i64,
    /// Customer.
    pub customer_id: i64,
    /// Item; none for the whole account.
    pub item_id: Option<i64>,
    /// Step.
    pub step_code: String,
    /// Code of the refusal.
    pub code: String,
    /// Why, in a sentence.
    pub sentence: String,
    /// From when it is allowed, where known.
    pub allowed_from: Option<NaiveDate>,
}

/// Adds what a run refused.
pub async fn add_refusals(tx: &mut Tx, org: OrgId, run: RunId, rows: Vec<RefusalRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "run_id", "seq", "customer_id", "item_id", "step_code", "code", "sentence", "allowed_from"];
    let rows = rows
        .into_iter()
        .map(|r| args![org, run, r.seq, r.customer_id, r.item_id, r.step_code, r.code, r.sentence, r.allowed_from]);
    tx.insert("run_refusal", COLUMNS, rows.collect()).await
}

/// What a run refused, in order, after a place, at most `limit`.
pub async fn refusals_of_run(
    tx: &mut Tx,
    org: OrgId,
    run: RunId,
    after: i64,
    limit: i64,
) -> Result<Vec<RefusalRow>, StoreFault> {
    let sql = sql!(
        "select seq, customer_id, item_id, step_code, code, sentence, allowed_from from run_refusal where org_id = $1 and run_id = $2 and seq > $3 order by seq limit $4"
    );
    tx.all(sql, args![org, run, after, limit]).await
}

// A run as people read it ------------------------------------------------------------

/// A letter that a run wrote, with its customer.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct RunLetterRow {
    /// Number.
    pub number: String,
    /// Stored name of the domain's `LetterKind`.
    pub kind: String,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// Template.
    pub template_code: String,
    /// post or email.
    pub channel: String,
    /// Its state now.
    pub state: String,
    /// The sum it asks for.
    pub total_pence: i64,
    /// Items it names.
    pub items: i64,
}

/// Letters of a run, in the order they were written, at most `limit`.
pub async fn letters_of_run(tx: &mut Tx, org: OrgId, run: RunId, limit: i64) -> Result<Vec<RunLetterRow>, StoreFault> {
    let sql = sql!(
        "select l.number, l.kind, c.number as customer_number, c.name as customer_name, l.template_code, l.channel, l.state, l.total_pence, (select cast(count(*) as bigint) from letter_item x where x.org_id = l.org_id and x.letter_id = l.id) as items from letter l join customer c on c.org_id = l.org_id and c.id = l.customer_id where l.org_id = $1 and l.run_id = $2 order by l.id limit $3"
    );
    tx.all(sql, args![org, run, limit]).await
}

/// What a run refused, with the customer and the item it was about.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct RunRefusalRow {
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// Number of the item; none for the whole account.
    pub item_number: Option<String>,
    /// Step.
    pub step_code: String,
    /// Code of the refusal.
    pub code: String,
    /// Why, in a sentence.
    pub sentence: String,
    /// From when it is allowed, where known.
    pub allowed_from: Option<NaiveDate>,
}

/// What a run refused, in order, at most `limit`.
pub async fn named_refusals_of_run(
    tx: &mut Tx,
    org: OrgId,
    run: RunId,
    limit: i64,
) -> Result<Vec<RunRefusalRow>, StoreFault> {
    let sql = sql!(
        "select c.number as customer_number, c.name as customer_name, i.number as item_number, r.step_code, r.code, r.sentence, r.allowed_from from run_refusal r join customer c on c.org_id = r.org_id and c.id = r.customer_id left join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and r.run_id = $2 order by r.seq limit $3"
    );
    tx.all(sql, args![org, run, limit]).await
}

// Interest ---------------------------------------------------------------------------

/// Dates of the document behind an item: supply, issue, and whether there is one.
pub async fn document_dates(
    tx: &mut Tx,
    org: OrgId,
    document: i64,
) -> Result<Option<(NaiveDate, NaiveDate)>, StoreFault> {
    let sql = sql!("select supply_on, issue_on from document where org_id = $1 and id = $2");
    tx.maybe(sql, args![org, document]).await
}

/// Day and amount of what was set against a debit: payments and credits, less what was undone. A credit note that corrects
/// the invoice itself says that so much was never owed, so it counts from the invoice's own day.
pub async fn payments_of(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<(NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select case when x.id is null then c.dated_on else d.dated_on end, cast(sum(a.amount_pence) as bigint) from allocation a join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id left join document x on x.org_id = c.org_id and x.id = c.document_id and x.corrects_id = d.document_id where a.org_id = $1 and a.debit_item_id = $2 group by c.id, c.dated_on, d.dated_on, x.id order by c.dated_on, c.id"
    );
    tx.all(sql, args![org, item]).await
}

/// Day and amount of what was set against a debit by something dated after a day.
pub async fn paid_after(
    tx: &mut Tx,
    org: OrgId,
    item: ItemId,
    day: NaiveDate,
) -> Result<Vec<(NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select c.dated_on, cast(sum(a.amount_pence) as bigint) from allocation a join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = $1 and a.debit_item_id = $2 and c.dated_on > $3 group by c.id, c.dated_on order by c.dated_on, c.id"
    );
    tx.all(sql, args![org, item, day]).await
}

/// Every flag of a kind a customer ever had, but those of a case, which says which debts it bears on: first day, last day.
pub async fn flag_spans(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    kind: &str,
) -> Result<Vec<(NaiveDate, Option<NaiveDate>)>, StoreFault> {
    let sql = sql!(
        "select f.from_on, f.to_on from customer_flag f where f.org_id = $1 and f.customer_id = $2 and f.kind = $3 and not exists (select 1 from flag_detail d where d.org_id = f.org_id and d.flag_id = f.id and d.case_id is not null) order by f.from_on"
    );
    tx.all(sql, args![org, customer, kind]).await
}
