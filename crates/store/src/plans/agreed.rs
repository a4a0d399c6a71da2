//! Payment plans: the plan, who is on it, what it covers, its versions and what happened to it.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A payment plan.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PlanRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose plan.
    pub customer_id: i64,
    /// proposed, active, suspended, completed, broken, cancelled or refused.
    pub state: String,
    /// The version in force.
    pub version: i64,
    /// What it covers in all.
    pub total_pence: i64,
    /// Stored name of the domain's `Every`.
    pub every: String,
    /// Stored name of the domain's `Remainder`.
    pub remainder: String,
    /// Stored name of the domain's `PlanMethod`.
    pub method: String,
    /// The mandate it is collected by; empty where it is not.
    pub mandate_reference: String,
    /// customer, adviser or us.
    pub asked_by: String,
    /// Who agreed it.
    pub agreed_with: String,
    /// call, form, sfs, letter or online.
    pub evidence: String,
    /// What was said.
    pub words: String,
    /// It bears interest or a fee.
    pub interest_charged: bool,
    /// That was agreed in writing.
    pub interest_in_writing: bool,
    /// Legal services approved it.
    pub interest_legal: bool,
    /// Interest for late payment: waived, charged, or empty where nobody decided.
    pub late_interest: String,
    /// A token payment.
    pub token: bool,
    /// The budget it rests on.
    pub budget_id: Option<i64>,
    /// When it was put forward.
    pub proposed_on: NaiveDate,
    /// When it was granted: the debt is acknowledged from then.
    pub granted_on: Option<NaiveDate>,
    /// The moment of that.
    pub granted_at: Option<DateTime<Utc>>,
    /// Who granted it.
    pub granted_by: String,
    /// The approval that was asked for; empty where none was needed.
    pub approval: String,
    /// Days of grace.
    pub tolerance_days: i64,
    /// Days to catch up after the reminder.
    pub cure_days: i64,
    /// Days behind before it can break.
    pub break_days: i64,
    /// Credit notes and write-offs that the version in force has taken in already.
    pub credited_pence: i64,
    /// When to look at it again.
    pub review_on: NaiveDate,
    /// How it stood when it was last looked at.
    pub standing: String,
    /// Due by then.
    pub due_pence: i64,
    /// Paid by then.
    pub paid_pence: i64,
    /// Behind by then.
    pub behind_pence: i64,
    /// Since when.
    pub behind_since: Option<NaiveDate>,
    /// The next instalment.
    pub next_on: Option<NaiveDate>,
    /// What is left of that.
    pub next_pence: i64,
    /// Day of the last instalment.
    pub last_on: NaiveDate,
    /// When it was last looked at.
    pub checked_on: Option<NaiveDate>,
    /// The instalment that was last reminded of; 0 for none.
    pub reminded_part: i64,
    /// When.
    pub reminded_on: Option<NaiveDate>,
    /// A new letter of claim comes before any claim.
    pub claim_again: bool,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub end_reason: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Counts up with every change.
    pub changes: i64,
}

/// Adds a plan.
pub async fn add_plan(tx: &mut Tx, org: OrgId, p: &PlanRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into payment_plan (org_id, id, number, customer_id, state, version, total_pence, every, remainder, method, mandate_reference, asked_by, agreed_with, evidence, words, interest_charged, interest_in_writing, interest_legal, late_interest, token, budget_id, proposed_on, granted_on, granted_at, granted_by, approval, tolerance_days, cure_days, break_days, credited_pence, review_on, standing, due_pence, paid_pence, behind_pence, behind_since, next_on, next_pence, last_on, checked_on, reminded_part, reminded_on, claim_again, ended_on, end_reason, recorded_at, changes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47)"
    );
    let values = args![
        org,
        p.id,
        &p.number,
        p.customer_id,
        &p.state,
        p.version,
        p.total_pence,
        &p.every,
        &p.remainder,
        &p.method,
        &p.mandate_reference,
        &p.asked_by,
        &p.agreed_with,
        &p.evidence,
        &p.words,
        p.interest_charged,
        p.interest_in_writing,
        p.interest_legal,
        &p.late_interest,
        p.token,
        p.budget_id,
        p.proposed_on,
        p.granted_on,
        p.granted_at,
        &p.granted_by,
        &p.approval,
        p.tolerance_days,
        p.cure_days,
        p.break_days,
        p.credited_pence,
        p.review_on,
        &p.standing,
        p.due_pence,
        p.paid_pence,
        p.behind_pence,
        p.behind_since,
        p.next_on,
        p.next_pence,
        p.last_on,
        p.checked_on,
        p.reminded_part,
        p.reminded_on,
        p.claim_again,
        p.ended_on,
        &p.end_reason,
        p.recorded_at,
        p.changes
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes a plan that still has the changes that were read; false if somebody changed it since.
pub async fn change_plan(tx: &mut Tx, org: OrgId, p: &PlanRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update payment_plan set changes = changes + 1, state = $4, version = $5, total_pence = $6, every = $7, remainder = $8, method = $9, mandate_reference = $10, asked_by = $11, agreed_with = $12, evidence = $13, words = $14, interest_charged = $15, interest_in_writing = $16, interest_legal = $17, late_interest = $18, token = $19, budget_id = $20, granted_on = $21, granted_at = $22, granted_by = $23, approval = $24, tolerance_days = $25, cure_days = $26, break_days = $27, credited_pence = $28, review_on = $29, standing = $30, due_pence = $31, paid_pence = $32, behind_pence = $33, behind_since = $34, next_on = $35, next_pence = $36, last_on = $37, checked_on = $38, reminded_part = $39, reminded_on = $40, claim_again = $41, ended_on = $42, end_reason = $43 where org_id = $1 and id = $2 and changes = $3"
    );
    let values = args![
        org,
        p.id,
        p.changes,
        &p.state,
        p.version,
        p.total_pence,
        &p.every,
        &p.remainder,
        &p.method,
        &p.mandate_reference,
        &p.asked_by,
        &p.agreed_with,
        &p.evidence,
        &p.words,
        p.interest_charged,
        p.interest_in_writing,
        p.interest_legal,
        &p.late_interest,
        p.token,
        p.budget_id,
        p.granted_on,
        p.granted_at,
        &p.granted_by,
        &p.approval,
        p.tolerance_days,
        p.cure_days,
        p.break_days,
        p.credited_pence,
        p.review_on,
        &p.standing,
        p.due_pence,
        p.paid_pence,
        p.behind_pence,
        p.behind_since,
        p.next_on,
        p.next_pence,
        p.last_on,
        p.checked_on,
        p.reminded_part,
        p.reminded_on,
        p.claim_again,
        p.ended_on,
        &p.end_reason
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The plan with a number.
pub async fn plan_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<PlanRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, version, total_pence, every, remainder, method, mandate_reference, asked_by, agreed_with, evidence, words, interest_charged, interest_in_writing, interest_legal, late_interest, token, budget_id, proposed_on, granted_on, granted_at, granted_by, approval, tolerance_days, cure_days, break_days, credited_pence, review_on, standing, due_pence, paid_pence, behind_pence, behind_since, next_on, next_pence, last_on, checked_on, reminded_part, reminded_on, claim_again, ended_on, end_reason, recorded_at, changes from payment_plan where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Every plan that a customer is on, newest first.
pub async fn plans_of_customer(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<PlanRow>, StoreFault> {
    let sql = sql!(
        "select p.id, p.number, p.customer_id, p.state, p.version, p.total_pence, p.every, p.remainder, p.method, p.mandate_reference, p.asked_by, p.agreed_with, p.evidence, p.words, p.interest_charged, p.interest_in_writing, p.interest_legal, p.late_interest, p.token, p.budget_id, p.proposed_on, p.granted_on, p.granted_at, p.granted_by, p.approval, p.tolerance_days, p.cure_days, p.break_days, p.credited_pence, p.review_on, p.standing, p.due_pence, p.paid_pence, p.behind_pence, p.behind_since, p.next_on, p.next_pence, p.last_on, p.checked_on, p.reminded_part, p.reminded_on, p.claim_again, p.ended_on, p.end_reason, p.recorded_at, p.changes from plan_party y join payment_plan p on p.org_id = y.org_id and p.id = y.plan_id where y.org_id = $1 and y.customer_id = $2 order by p.id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Plans of a state or standing (empty for all of either), newest first, before an id.
pub async fn plans(
    tx: &mut Tx,
    org: OrgId,
    (state, standing): (&str, &str),
    (before, limit): (i64, i64),
) -> Result<Vec<PlanRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, version, total_pence, every, remainder, method, mandate_reference, asked_by, agreed_with, evidence, words, interest_charged, interest_in_writing, interest_legal, late_interest, token, budget_id, proposed_on, granted_on, granted_at, granted_by, approval, tolerance_days, cure_days, break_days, credited_pence, review_on, standing, due_pence, paid_pence, behind_pence, behind_since, next_on, next_pence, last_on, checked_on, reminded_part, reminded_on, claim_again, ended_on, end_reason, recorded_at, changes from payment_plan where org_id = $1 and ($2 = '' or state = $2) and ($3 = '' or standing = $3 or ($3 = 'behind' and standing in ('late', 'missed', 'for_manager') and state = 'active')) and id < $4 order by id desc limit $5"
    );
    tx.all(sql, args![org, state, standing, before, limit]).await
}

/// Running Direct Debit plans from one id to another.
pub async fn collected_plans(tx: &mut Tx, org: OrgId, (first, last): (i64, i64)) -> Result<Vec<PlanRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, version, total_pence, every, remainder, method, mandate_reference, asked_by, agreed_with, evidence, words, interest_charged, interest_in_writing, interest_legal, late_interest, token, budget_id, proposed_on, granted_on, granted_at, granted_by, approval, tolerance_days, cure_days, break_days, credited_pence, review_on, standing, due_pence, paid_pence, behind_pence, behind_since, next_on, next_pence, last_on, checked_on, reminded_part, reminded_on, claim_again, ended_on, end_reason, recorded_at, changes from payment_plan where org_id = $1 and id between $2 and $3 and state = 'active' and method = 'direct_debit' order by id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Plans that run after an id, and those that were completed whose debt is open again, in order.
pub async fn plans_to_tend(tx: &mut Tx, org: OrgId, after: i64, limit: i64) -> Result<Vec<PlanRow>, StoreFault> {
    let sql = sql!(
        "select p.id, p.number, p.customer_id, p.state, p.version, p.total_pence, p.every, p.remainder, p.method, p.mandate_reference, p.asked_by, p.agreed_with, p.evidence, p.words, p.interest_charged, p.interest_in_writing, p.interest_legal, p.late_interest, p.token, p.budget_id, p.proposed_on, p.granted_on, p.granted_at, p.granted_by, p.approval, p.tolerance_days, p.cure_days, p.break_days, p.credited_pence, p.review_on, p.standing, p.due_pence, p.paid_pence, p.behind_pence, p.behind_since, p.next_on, p.next_pence, p.last_on, p.checked_on, p.reminded_part, p.reminded_on, p.claim_again, p.ended_on, p.end_reason, p.recorded_at, p.changes from payment_plan p where p.org_id = $1 and p.id > $2 and (p.state in ('active', 'suspended') or (p.state = 'completed' and exists (select 1 from plan_item c join open_item i on i.org_id = c.org_id and i.id = c.item_id where c.org_id = p.org_id and c.plan_id = p.id and i.open_pence > 0 and not exists (select 1 from plan_item o join payment_plan q on q.org_id = o.org_id and q.id = o.plan_id where o.org_id = c.org_id and o.item_id = c.item_id and o.plan_id > p.id)))) order by p.id limit $3"
    );
    tx.all(sql, args![org, after, limit]).await
}

// Who and what ---------------------------------------------------------------------

/// Somebody on a plan.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PartyRow {
    /// Customer.
    pub customer_id: i64,
    /// Their number.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// Adds the people of a plan.
pub async fn add_parties(tx: &mut Tx, org: OrgId, plan: i64, customers: &[i64]) -> Result<(), StoreFault> {
    let rows = customers.iter().map(|customer| args![org, plan, *customer]).collect();
    tx.insert("plan_party", &["org_id", "plan_id", "customer_id"], rows).await
}

/// The people of a plan.
pub async fn parties(tx: &mut Tx, org: OrgId, plan: i64) -> Result<Vec<PartyRow>, StoreFault> {
    let sql = sql!(
        "select y.customer_id, c.number, c.name from plan_party y join customer c on c.org_id = y.org_id and c.id = y.customer_id where y.org_id = $1 and y.plan_id = $2 order by y.customer_id"
    );
    tx.all(sql, args![org, plan]).await
}

/// Plan, and number and name of the customer whose it is, of plans from one id to another.
pub async fn names_of(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (i64, i64),
) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select p.id, c.number, c.name from payment_plan p join customer c on c.org_id = p.org_id and c.id = p.customer_id where p.org_id = $1 and p.id between $2 and $3 order by p.id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// What a plan covers of an invoice, and what is open of it now.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CoveredRow {
    /// Plan.
    pub plan_id: i64,
    /// Item.
    pub item_id: i64,
    /// Whose.
    pub customer_id: i64,
    /// What was open of it when it joined.
    pub share_pence: i64,
    /// The version with which it joined.
    pub version: i64,
    /// The hold that pauses recovery of it.
    pub hold_id: Option<i64>,
    /// When it joined.
    pub joined_at: DateTime<Utc>,
    /// Its number.
    pub number: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// When it was due.
    pub due_on: NaiveDate,
    /// What it was at first.
    pub original_pence: i64,
    /// What is open of it.
    pub open_pence: i64,
    /// What of that is disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// The step of recovery it stands at.
    pub stage: String,
}

/// An item that joins a plan.
#[derive(Clone, Debug)]
pub struct NewCovered {
    /// Plan.
    pub plan_id: i64,
    /// Item.
    pub item_id: i64,
    /// Whose.
    pub customer_id: i64,
    /// What is open of it.
    pub share_pence: i64,
    /// The version with which it joins.
    pub version: i64,
    /// The hold that pauses recovery of it.
    pub hold_id: Option<i64>,
    /// When.
    pub joined_at: DateTime<Utc>,
}

/// Adds items to a plan.
pub async fn add_covered(tx: &mut Tx, org: OrgId, rows: Vec<NewCovered>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "plan_id", "item_id", "customer_id", "share_pence", "version", "hold_id", "joined_at"];
    let rows = rows
        .into_iter()
        .map(|r| args![org, r.plan_id, r.item_id, r.customer_id, r.share_pence, r.version, r.hold_id, r.joined_at]);
    tx.insert("plan_item", COLUMNS, rows.collect()).await
}

/// What plans from one id to another cover, oldest due first.
pub async fn covered(tx: &mut Tx, org: OrgId, (first, last): (i64, i64)) -> Result<Vec<CoveredRow>, StoreFault> {
    let sql = sql!(
        "select c.plan_id, c.item_id, c.customer_id, c.share_pence, c.version, c.hold_id, c.joined_at, i.number, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.stage from plan_item c join open_item i on i.org_id = c.org_id and i.id = c.item_id where c.org_id = $1 and c.plan_id between $2 and $3 order by c.plan_id, i.due_on, i.id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// A plan of customers that is proposed or runs: item and number of the plan.
pub async fn items_in_plans(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = sql!(
        "select c.item_id, p.number from open_item i join plan_item c on c.org_id = i.org_id and c.item_id = i.id join payment_plan p on p.org_id = c.org_id and p.id = c.plan_id where i.org_id = $1 and i.customer_id = $2 and i.open_pence <> 0 and p.state in ('proposed', 'active', 'suspended') order by c.item_id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The items of a plan begin to count from a moment: it is granted.
pub async fn begin_counting(tx: &mut Tx, org: OrgId, plan: i64, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!("update plan_item set joined_at = $3 where org_id = $1 and plan_id = $2");
    tx.run(sql, args![org, plan, at]).await.map(drop)
}

/// Puts an item of a plan under another hold.
pub async fn set_hold_of(tx: &mut Tx, org: OrgId, (plan, item): (i64, i64), hold: i64) -> Result<(), StoreFault> {
    let sql = sql!("update plan_item set hold_id = $4 where org_id = $1 and plan_id = $2 and item_id = $3");
    tx.run(sql, args![org, plan, item, hold]).await.map(drop)
}

/// Ends the holds of a plan that stand; how many there were.
pub async fn end_holds_of_plan(tx: &mut Tx, org: OrgId, plan: i64, on: NaiveDate) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update hold set ended_on = $3 where org_id = $1 and ended_on is null and id in (select hold_id from plan_item where org_id = $1 and plan_id = $2 and hold_id is not null)"
    );
    tx.run(sql, args![org, plan, on]).await
}

/// Sets the last day of a plan's holds.
pub async fn move_holds_of_plan(
    tx: &mut Tx,
    org: OrgId,
    plan: i64,
    until: Option<NaiveDate>,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update hold set until_on = $3 where org_id = $1 and ended_on is null and id in (select hold_id from plan_item where org_id = $1 and plan_id = $2 and hold_id is not null)"
    );
    tx.run(sql, args![org, plan, until]).await
}

/// The plan that a hold belongs to, if it is proposed or runs.
pub async fn plan_of_hold(tx: &mut Tx, org: OrgId, hold: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "select p.number from hold h join plan_item c on c.org_id = h.org_id and c.item_id = h.item_id and c.hold_id = h.id join payment_plan p on p.org_id = c.org_id and p.id = c.plan_id where h.org_id = $1 and h.id = $2 and p.state in ('proposed', 'active', 'suspended')"
    );
    Ok(tx.maybe::<(String,)>(sql, args![org, hold]).await?.map(|row| row.0))
}

// Versions and instalments ---------------------------------------------------------

/// A version of a plan.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct VersionRow {
    /// Version, from 1.
    pub version: i64,
    /// agreed, skip, sooner, smaller, add, reschedule or shift.
    pub what: String,
    /// Why.
    pub reason: String,
    /// When it was made.
    pub made_on: NaiveDate,
    /// Sum of its instalments.
    pub total_pence: i64,
    /// Who made it.
    pub actor_name: String,
    /// The letter that says it.
    pub letter: String,
    /// When another took its place.
    pub superseded_on: Option<NaiveDate>,
}

/// Adds a version.
pub async fn add_version(
    tx: &mut Tx,
    org: OrgId,
    plan: i64,
    v: &VersionRow,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into plan_version (org_id, plan_id, version, what, reason, made_on, total_pence, actor_name, letter, superseded_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = args![
        org,
        plan,
        v.version,
        &v.what,
        &v.reason,
        v.made_on,
        v.total_pence,
        &v.actor_name,
        &v.letter,
        v.superseded_on,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Another version takes the place of those before it.
pub async fn supersede(tx: &mut Tx, org: OrgId, plan: i64, before: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!(
        "update plan_version set superseded_on = $4 where org_id = $1 and plan_id = $2 and version < $3 and superseded_on is null"
    );
    tx.run(sql, args![org, plan, before, on]).await.map(drop)
}

/// Notes the letter that says a version.
pub async fn note_letter(tx: &mut Tx, org: OrgId, (plan, version): (i64, i64), letter: &str) -> Result<(), StoreFault> {
    let sql = sql!("update plan_version set letter = $4 where org_id = $1 and plan_id = $2 and version = $3");
    tx.run(sql, args![org, plan, version, letter]).await.map(drop)
}

/// The versions of a plan, newest first.
pub async fn versions(tx: &mut Tx, org: OrgId, plan: i64) -> Result<Vec<VersionRow>, StoreFault> {
    let sql = sql!(
        "select version, what, reason, made_on, total_pence, actor_name, letter, superseded_on from plan_version where org_id = $1 and plan_id = $2 order by version desc"
    );
    tx.all(sql, args![org, plan]).await
}

/// An instalment.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct InstalmentRow {
    /// Plan.
    pub plan_id: i64,
    /// Version.
    pub version: i64,
    /// Part, from 1.
    pub part: i64,
    /// Day.
    pub due_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
}

/// Adds instalments.
pub async fn add_instalments(tx: &mut Tx, org: OrgId, rows: Vec<InstalmentRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "plan_id", "version", "part", "due_on", "amount_pence"];
    let rows = rows.into_iter().map(|r| args![org, r.plan_id, r.version, r.part, r.due_on, r.amount_pence]);
    tx.insert("plan_instalment", COLUMNS, rows.collect()).await
}

/// Every instalment of a plan, of every version.
pub async fn instalments_of(tx: &mut Tx, org: OrgId, plan: i64) -> Result<Vec<InstalmentRow>, StoreFault> {
    let sql = sql!(
        "select plan_id, version, part, due_on, amount_pence from plan_instalment where org_id = $1 and plan_id = $2 order by version, part"
    );
    tx.all(sql, args![org, plan]).await
}

/// The instalments in force of plans from one id to another.
pub async fn instalments_in_force(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (i64, i64),
) -> Result<Vec<InstalmentRow>, StoreFault> {
    let sql = sql!(
        "select i.plan_id, i.version, i.part, i.due_on, i.amount_pence from payment_plan p join plan_instalment i on i.org_id = p.org_id and i.plan_id = p.id and i.version = p.version where p.org_id = $1 and p.id between $2 and $3 order by i.plan_id, i.part"
    );
    tx.all(sql, args![org, first, last]).await
}

// What happened --------------------------------------------------------------------

/// Something that happened to a plan.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PlanEventRow {
    /// Id.
    pub id: i64,
    /// Plan.
    pub plan_id: i64,
    /// When.
    pub on_day: NaiveDate,
    /// proposed, granted, changed, missed, broken and so on.
    pub what: String,
    /// In words.
    pub words: String,
    /// Amount; 0 where there is none.
    pub amount_pence: i64,
    /// Who.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds what happened.
pub async fn add_event(tx: &mut Tx, org: OrgId, e: &PlanEventRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into plan_event (org_id, id, plan_id, on_day, what, words, amount_pence, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let values = args![org, e.id, e.plan_id, e.on_day, &e.what, &e.words, e.amount_pence, &e.actor_name, e.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// What happened to a plan, newest first.
pub async fn events(tx: &mut Tx, org: OrgId, plan: i64) -> Result<Vec<PlanEventRow>, StoreFault> {
    let sql = sql!(
        "select id, plan_id, on_day, what, words, amount_pence, actor_name, recorded_at from plan_event where org_id = $1 and plan_id = $2 order by id desc"
    );
    tx.all(sql, args![org, plan]).await
}
