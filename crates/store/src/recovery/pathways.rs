//! Pathways on their way from a draft to a version in force, trials on the book, choices and random splits.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A draft of a pathway.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PathwayDraftRow {
    /// Id.
    pub id: i64,
    /// The pathway.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// draft, asked, approved or withdrawn.
    pub state: String,
    /// The steps.
    pub body: serde_json::Value,
    /// Hash of the steps.
    pub content_hash: String,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for or had; may be empty.
    pub approval: String,
    /// Why it was turned down; empty when it was not.
    pub turned_down: String,
    /// Who wrote it last.
    pub drafted_by_name: String,
    /// When.
    pub changed_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes: what was read is what is changed.
    pub changes: i64,
}

/// The drafts under way, by code.
pub async fn drafts(tx: &mut Tx, org: OrgId) -> Result<Vec<PathwayDraftRow>, StoreFault> {
    let sql = sql!(
        "select id, code, version, state, body, content_hash, live_from, approval, turned_down, drafted_by_name, changed_on, recorded_at, changes from pathway_draft where org_id = $1 and state in ('draft', 'asked') order by code"
    );
    tx.all(sql, args![org]).await
}

/// The draft of a pathway that is under way.
pub async fn draft(tx: &mut Tx, org: OrgId, code: &str) -> Result<Option<PathwayDraftRow>, StoreFault> {
    let sql = sql!(
        "select id, code, version, state, body, content_hash, live_from, approval, turned_down, drafted_by_name, changed_on, recorded_at, changes from pathway_draft where org_id = $1 and code = $2 and state in ('draft', 'asked')"
    );
    tx.maybe(sql, args![org, code]).await
}

/// Adds a draft; false when the pathway has one under way.
pub async fn add_draft(tx: &mut Tx, org: OrgId, r: &PathwayDraftRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into pathway_draft (org_id, id, code, version, state, body, content_hash, live_from, approval, turned_down, drafted_by_name, changed_on, recorded_at, changes) values ($1, $2, $3, $4, 'draft', $5, $6, $7, '', '', $8, $9, $10, 1) on conflict do nothing"
    );
    let a = args![
        org,
        r.id,
        r.code.as_str(),
        r.version,
        r.body.clone(),
        r.content_hash.as_str(),
        r.live_from,
        r.drafted_by_name.as_str(),
        r.changed_on,
        r.recorded_at
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// Changes the steps of a draft that stands as it was read; false otherwise.
pub async fn change_draft(tx: &mut Tx, org: OrgId, r: &PathwayDraftRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update pathway_draft set body = $4, content_hash = $5, drafted_by_name = $6, changed_on = $7, turned_down = '', changes = changes + 1 where org_id = $1 and id = $2 and changes = $3 and state = 'draft'"
    );
    let a =
        args![org, r.id, r.changes, r.body.clone(), r.content_hash.as_str(), r.drafted_by_name.as_str(), r.changed_on];
    Ok(tx.run(sql, a).await? == 1)
}

/// Where a draft goes.
#[derive(Clone, Debug)]
pub struct PathwayMove<'a> {
    /// From which state.
    pub from: &'a str,
    /// To which.
    pub to: &'a str,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for or had.
    pub approval: &'a str,
    /// Why it was turned down.
    pub turned_down: &'a str,
}

/// Moves a draft from a state to another; false when it is not there.
pub async fn move_draft(tx: &mut Tx, org: OrgId, id: i64, to: PathwayMove<'_>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update pathway_draft set state = $4, live_from = $5, approval = $6, turned_down = $7, changes = changes + 1 where org_id = $1 and id = $2 and state = $3"
    );
    Ok(tx.run(sql, args![org, id, to.from, to.to, to.live_from, to.approval, to.turned_down]).await? == 1)
}

/// The code of every pathway there is.
pub async fn codes(tx: &mut Tx, org: OrgId) -> Result<Vec<String>, StoreFault> {
    let rows: Vec<(String,)> =
        tx.all(sql!("select distinct code from pathway_version where org_id = $1 order by code"), args![org]).await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// How many customers are written to in Welsh.
pub async fn welsh_customers(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!("select count(*) from customer where org_id = $1 and language = 'cy'");
    let (count,): (i64,) = tx.one(sql, args![org]).await?;
    Ok(count)
}

// Trying a draft on the book ---------------------------------------------------------

/// A simulation.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct SimulationRow {
    /// Id.
    pub id: i64,
    /// The pathway.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// Hash of the steps that were tried.
    pub content_hash: String,
    /// live or replay.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// What it found.
    pub result: serde_json::Value,
    /// Debts that would skip a step.
    pub skips: i64,
    /// Debts whose next step changes.
    pub changes: i64,
    /// Who asked.
    pub asked_by_name: String,
    /// On which day.
    pub made_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps a simulation.
pub async fn add_simulation(tx: &mut Tx, org: OrgId, r: &SimulationRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into pathway_simulation (org_id, id, code, version, content_hash, kind, from_on, until_on, result, skips, changes, asked_by_name, made_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let a = args![
        org,
        r.id,
        r.code.as_str(),
        r.version,
        r.content_hash.as_str(),
        r.kind.as_str(),
        r.from_on,
        r.until_on,
        r.result.clone(),
        r.skips,
        r.changes,
        r.asked_by_name.as_str(),
        r.made_on,
        r.recorded_at
    ];
    tx.run(sql, a).await?;
    Ok(())
}

/// The newest simulation of exactly these steps, of a kind.
pub async fn simulation_of(
    tx: &mut Tx,
    org: OrgId,
    code: &str,
    content_hash: &str,
    kind: &str,
) -> Result<Option<SimulationRow>, StoreFault> {
    let sql = sql!(
        "select id, code, version, content_hash, kind, from_on, until_on, result, skips, changes, asked_by_name, made_on, recorded_at from pathway_simulation where org_id = $1 and code = $2 and content_hash = $3 and kind = $4 order by id desc limit 1"
    );
    tx.maybe(sql, args![org, code, content_hash, kind]).await
}

/// Simulations of a pathway, newest first, at most `limit`.
pub async fn simulations(tx: &mut Tx, org: OrgId, code: &str, limit: i64) -> Result<Vec<SimulationRow>, StoreFault> {
    let sql = sql!(
        "select id, code, version, content_hash, kind, from_on, until_on, result, skips, changes, asked_by_name, made_on, recorded_at from pathway_simulation where org_id = $1 and code = $2 order by id desc limit $3"
    );
    tx.all(sql, args![org, code, limit]).await
}

/// Customers who had a debt posted between two days, by id.
pub async fn customers_billed(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<CustomerId>, StoreFault> {
    let sql = sql!(
        "select distinct customer_id from open_item where org_id = $1 and posted_on between $2 and $3 and original_pence > 0 order by customer_id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org, from, until]).await?;
    Ok(rows.into_iter().map(|(id,)| CustomerId(id)).collect())
}

/// A debt as a replay reads it.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BilledRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// Stored name of the customer's kind.
    pub customer_kind: String,
    /// post or email.
    pub channel: String,
    /// E-mail address.
    pub email: String,
    /// When it was posted.
    pub posted_on: NaiveDate,
    /// Its date.
    pub dated_on: NaiveDate,
    /// When it was due.
    pub due_on: NaiveDate,
    /// Amount at first.
    pub original_pence: i64,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
}

/// Debts posted between two days, of customers from one id to another.
pub async fn billed_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<BilledRow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.customer_id, c.kind as customer_kind, c.channel, c.email, i.posted_on, i.dated_on, i.due_on, i.original_pence, i.service, i.debt_type from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.customer_id between $2 and $3 and i.posted_on between $4 and $5 and i.original_pence > 0 order by i.customer_id, i.due_on, i.id"
    );
    tx.all(sql, args![org, first, last, from, until]).await
}

/// What was set against debts posted since a day, of customers from one id to another: item, day, pence.
pub async fn paid_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    since: NaiveDate,
) -> Result<Vec<(i64, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select a.debit_item_id, a.allocated_on, cast(sum(a.amount_pence) as bigint) from open_item i join allocation a on a.org_id = i.org_id and a.debit_item_id = i.id where i.org_id = $1 and i.customer_id between $2 and $3 and i.posted_on >= $4 and i.original_pence > 0 group by a.debit_item_id, a.allocated_on order by a.debit_item_id, a.allocated_on"
    );
    tx.all(sql, args![org, first, last, since]).await
}

/// Steps taken since a day for customers from one id to another: item, step, day, what the item came to at first.
pub async fn steps_since(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    since: NaiveDate,
) -> Result<Vec<(i64, String, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select s.item_id, s.step_code, s.taken_on, i.original_pence from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.customer_id between $2 and $3 and s.taken_on >= $4 order by s.item_id, s.seq"
    );
    tx.all(sql, args![org, first, last, since]).await
}

/// Customers for whom a step was taken since a day, by id.
pub async fn customers_stepped(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<CustomerId>, StoreFault> {
    let sql =
        sql!("select distinct customer_id from step_taken where org_id = $1 and taken_on >= $2 order by customer_id");
    let rows: Vec<(i64,)> = tx.all(sql, args![org, since]).await?;
    Ok(rows.into_iter().map(|(id,)| CustomerId(id)).collect())
}

// History, choices and random splits -------------------------------------------------

/// Settled debts due since a day, of customers from one id to another: customer, due, the day the last of it was paid.
pub async fn settled_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    since: NaiveDate,
) -> Result<Vec<(i64, NaiveDate, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select i.customer_id, i.due_on, max(a.allocated_on) from open_item i join allocation a on a.org_id = i.org_id and a.debit_item_id = i.id where i.org_id = $1 and i.customer_id between $2 and $3 and i.open_pence = 0 and i.original_pence > 0 and i.due_on >= $4 group by i.customer_id, i.id, i.due_on order by i.customer_id, i.id"
    );
    tx.all(sql, args![org, first, last, since]).await
}

/// Promises broken since a day, of customers from one id to another: customer, how many.
pub async fn broken_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    since: NaiveDate,
) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select customer_id, count(*) from promise where org_id = $1 and customer_id between $2 and $3 and state = 'broken' and due_on >= $4 group by customer_id order by customer_id"
    );
    tx.all(sql, args![org, first, last, since]).await
}

/// A choice of pathway.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ChoiceRow {
    /// Id.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// Item; 0 for the account.
    pub item_id: i64,
    /// The pathway.
    pub code: String,
    /// Why.
    pub reason: String,
    /// Who chose.
    pub chosen_by: String,
    /// When.
    pub chosen_on: NaiveDate,
    /// The last day on which it holds; none where it does not end by itself.
    pub until_on: Option<NaiveDate>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
}

/// Adds a choice.
pub async fn add_choice(tx: &mut Tx, org: OrgId, r: &ChoiceRow, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into pathway_choice (org_id, id, customer_id, item_id, code, reason, chosen_by, chosen_on, until_on, ended_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10) on conflict do nothing"
    );
    let a = args![
        org,
        r.id,
        r.customer_id,
        r.item_id,
        r.code.as_str(),
        r.reason.as_str(),
        r.chosen_by.as_str(),
        r.chosen_on,
        r.until_on,
        at
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// Ends the choice that stands for an item or, with 0, an account; false where there is none.
pub async fn end_choice(
    tx: &mut Tx,
    org: OrgId,
    (customer, item): (i64, i64),
    on: NaiveDate,
    by: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update pathway_choice set ended_on = $4, ended_by = $5 where org_id = $1 and customer_id = $2 and item_id = $3 and ended_on is null"
    );
    Ok(tx.run(sql, args![org, customer, item, on, by]).await? == 1)
}

/// Choices that hold on a day for customers from one id to another.
pub async fn choices_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    day: NaiveDate,
) -> Result<Vec<ChoiceRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, item_id, code, reason, chosen_by, chosen_on, until_on, ended_on from pathway_choice where org_id = $1 and customer_id between $2 and $3 and ended_on is null and (until_on is null or until_on >= $4) order by customer_id, item_id"
    );
    tx.all(sql, args![org, first, last, day]).await
}

/// A choice that holds, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct StandingChoiceRow {
    /// Number of the customer.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Number of the debt; empty for the account.
    pub item_number: String,
    /// The pathway.
    pub code: String,
    /// Why.
    pub reason: String,
    /// Who chose.
    pub chosen_by: String,
    /// When.
    pub chosen_on: NaiveDate,
    /// The last day on which it holds; none where it does not end by itself.
    pub until_on: Option<NaiveDate>,
}

/// Choices that hold on a day, the newest first, at most `limit`.
pub async fn standing_choices(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    limit: i64,
) -> Result<Vec<StandingChoiceRow>, StoreFault> {
    let sql = sql!(
        "select c.number as customer_number, c.name as customer_name, coalesce(i.number, '') as item_number, h.code, h.reason, h.chosen_by, h.chosen_on, h.until_on from pathway_choice h join customer c on c.org_id = h.org_id and c.id = h.customer_id left join open_item i on i.org_id = h.org_id and i.id = h.item_id where h.org_id = $1 and h.ended_on is null and (h.until_on is null or h.until_on >= $2) order by h.id desc limit $3"
    );
    tx.all(sql, args![org, day, limit]).await
}

/// A random split.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TrialRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The pathway that debts would begin on.
    pub champion: String,
    /// The one that a share of the customers begins on.
    pub challenger: String,
    /// The share, in hundredths.
    pub share_percent: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// When it was ended before its time.
    pub ended_on: Option<NaiveDate>,
    /// What is to be learnt.
    pub reason: String,
    /// Who asked.
    pub asked_by_name: String,
    /// Who said yes; empty for trials from before there was a yes to say.
    pub approved_by_name: String,
}

/// Adds a trial; false where one runs over the pathway.
pub async fn add_trial(tx: &mut Tx, org: OrgId, r: &TrialRow, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into pathway_trial (org_id, id, number, champion, challenger, share_percent, from_on, until_on, reason, asked_by_name, approved_by_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing"
    );
    let a = args![
        org,
        r.id,
        r.number.as_str(),
        r.champion.as_str(),
        r.challenger.as_str(),
        r.share_percent,
        r.from_on,
        r.until_on,
        r.reason.as_str(),
        r.asked_by_name.as_str(),
        r.approved_by_name.as_str(),
        at
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// Ends a trial; false where it has ended.
pub async fn end_trial(tx: &mut Tx, org: OrgId, number: &str, on: NaiveDate) -> Result<bool, StoreFault> {
    let sql = sql!("update pathway_trial set ended_on = $3 where org_id = $1 and number = $2 and ended_on is null");
    Ok(tx.run(sql, args![org, number, on]).await? == 1)
}

/// Every trial, newest first.
pub async fn trials(tx: &mut Tx, org: OrgId) -> Result<Vec<TrialRow>, StoreFault> {
    let sql = sql!(
        "select id, number, champion, challenger, share_percent, from_on, until_on, ended_on, reason, asked_by_name, approved_by_name from pathway_trial where org_id = $1 order by id desc"
    );
    tx.all(sql, args![org]).await
}

/// What became of a debt that began on one of two pathways.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct TrialItemRow {
    /// Customer.
    pub customer_id: i64,
    /// The item.
    pub item_id: i64,
    /// The pathway of its first step.
    pub pathway_code: String,
    /// What it came to at first.
    pub original_pence: i64,
    /// What is open of it now.
    pub open_pence: i64,
    /// Steps it took.
    pub steps: i64,
}

/// Debts whose first step was taken between two days, on one of two pathways.
pub async fn trial_items(
    tx: &mut Tx,
    org: OrgId,
    (champion, challenger): (&str, &str),
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<TrialItemRow>, StoreFault> {
    let sql = sql!(
        "select s.customer_id, s.item_id, s.pathway_code, i.original_pence, i.open_pence, (select count(*) from step_taken t where t.org_id = s.org_id and t.item_id = s.item_id) as steps from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.seq = 1 and s.taken_on between $4 and $5 and s.pathway_code in ($2, $3) order by s.item_id"
    );
    tx.all(sql, args![org, champion, challenger, from, until]).await
}

/// A step that debts of a customer took which began on one of two pathways.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct TrialStepRow {
    /// Customer.
    pub customer_id: i64,
    /// The pathway of the first step.
    pub began_on: String,
    /// The pathway of this one.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i64,
    /// The step.
    pub step_code: String,
    /// Debts that took it.
    pub debts: i64,
    /// Letters that were written for it.
    pub letters: i64,
}

/// Every step of debts whose first was taken between two days, on one of two pathways, by customer.
pub async fn trial_steps(
    tx: &mut Tx,
    org: OrgId,
    (champion, challenger): (&str, &str),
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<TrialStepRow>, StoreFault> {
    let sql = sql!(
        "select s.customer_id, s.pathway_code as began_on, t.pathway_code, t.pathway_version, t.step_code, count(*) as debts, count(distinct t.letter_id) as letters from step_taken s join step_taken t on t.org_id = s.org_id and t.item_id = s.item_id where s.org_id = $1 and s.seq = 1 and s.taken_on between $4 and $5 and s.pathway_code in ($2, $3) group by s.customer_id, s.pathway_code, t.pathway_code, t.pathway_version, t.step_code order by s.customer_id, t.pathway_code, t.pathway_version, t.step_code"
    );
    tx.all(sql, args![org, champion, challenger, from, until]).await
}

/// Complaints opened between two days: customer, how many.
pub async fn complaints_between(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select customer_id, count(*) from complaint where org_id = $1 and opened_on between $2 and $3 group by customer_id order by customer_id"
    );
    tx.all(sql, args![org, from, until]).await
}
