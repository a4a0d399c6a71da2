//! People: cases that stop recovery, the debts they bear on, what they make somebody do, and who owes with whom.
pub mod acting;
pub mod calls;
pub mod changes;
pub mod register;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};

// Cases ------------------------------------------------------------------------------

/// A case of a person: breathing space, death, insolvency, gone away.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CaseRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Stored name of the domain's `EventKind`.
    pub kind: String,
    /// Stored name of the domain's `EventForm`.
    pub form: String,
    /// to_match, in_force, ended or not_ours.
    pub state: String,
    /// Whose, once somebody has said so.
    pub customer_id: Option<i64>,
    /// Who it may be, with why.
    pub candidates: Value,
    /// The hold while nobody has said whose it is.
    pub hold_id: Option<i64>,
    /// The name in the notice.
    pub person: String,
    /// Their date of birth.
    pub born_on: Option<NaiveDate>,
    /// Their address in the notice.
    pub address: String,
    /// The account number in the notice.
    pub account: String,
    /// Who told us.
    pub source: String,
    /// Their reference.
    pub reference: String,
    /// What the other side is: debt adviser, trustee, executor.
    pub contact_role: String,
    /// Their name.
    pub contact_name: String,
    /// Their address.
    pub contact_address: String,
    /// Their e-mail address.
    pub contact_email: String,
    /// When it came.
    pub received_on: NaiveDate,
    /// First day: start, order, death.
    pub starts_on: NaiveDate,
    /// Last day; none while it is not known.
    pub ends_on: Option<NaiveDate>,
    /// When crisis treatment ended.
    pub treatment_ended_on: Option<NaiveDate>,
    /// The flag on the account.
    pub flag_id: Option<i64>,
    /// In words.
    pub words: String,
    /// Who looks after it.
    pub owner: String,
    /// Who took it in.
    pub opened_by_name: String,
    /// Who said whose it is.
    pub confirmed_by_name: String,
    /// And when.
    pub confirmed_on: Option<NaiveDate>,
    /// When it was closed.
    pub closed_on: Option<NaiveDate>,
    /// How.
    pub outcome: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds a case.
pub async fn add_case(tx: &mut Tx, org: OrgId, c: &CaseRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into person_case (org_id, id, number, kind, form, state, customer_id, candidates, hold_id, person, born_on, address, account, source, reference, contact_role, contact_name, contact_address, contact_email, received_on, starts_on, ends_on, treatment_ended_on, flag_id, words, owner, opened_by_name, confirmed_by_name, confirmed_on, closed_on, outcome, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)"
    );
    let values = args![
        org,
        c.id,
        &c.number,
        &c.kind,
        &c.form,
        &c.state,
        c.customer_id,
        c.candidates.clone(),
        c.hold_id,
        &c.person,
        c.born_on,
        &c.address,
        &c.account,
        &c.source,
        &c.reference,
        &c.contact_role,
        &c.contact_name,
        &c.contact_address,
        &c.contact_email,
        c.received_on,
        c.starts_on,
        c.ends_on,
        c.treatment_ended_on,
        c.flag_id,
        &c.words,
        &c.owner,
        &c.opened_by_name,
        &c.confirmed_by_name,
        c.confirmed_on,
        c.closed_on,
        &c.outcome,
        c.recorded_at,
        c.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes a case that still has the version that was read; false if somebody changed it since.
pub async fn change_case(tx: &mut Tx, org: OrgId, c: &CaseRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update person_case set state = $4, customer_id = $5, hold_id = $6, ends_on = $7, treatment_ended_on = $8, flag_id = $9, words = $10, owner = $11, confirmed_by_name = $12, confirmed_on = $13, closed_on = $14, outcome = $15, contact_role = $16, contact_name = $17, contact_address = $18, contact_email = $19, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        c.id,
        c.version,
        &c.state,
        c.customer_id,
        c.hold_id,
        c.ends_on,
        c.treatment_ended_on,
        c.flag_id,
        &c.words,
        &c.owner,
        &c.confirmed_by_name,
        c.confirmed_on,
        c.closed_on,
        &c.outcome,
        &c.contact_role,
        &c.contact_name,
        &c.contact_address,
        &c.contact_email
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A case by its number.
pub async fn case_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, form, state, customer_id, candidates, hold_id, person, born_on, address, account, source, reference, contact_role, contact_name, contact_address, contact_email, received_on, starts_on, ends_on, treatment_ended_on, flag_id, words, owner, opened_by_name, confirmed_by_name, confirmed_on, closed_on, outcome, recorded_at, version from person_case where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The case that a notice with this reference made.
pub async fn case_of_reference(
    tx: &mut Tx,
    org: OrgId,
    kind: &str,
    reference: &str,
) -> Result<Option<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, form, state, customer_id, candidates, hold_id, person, born_on, address, account, source, reference, contact_role, contact_name, contact_address, contact_email, received_on, starts_on, ends_on, treatment_ended_on, flag_id, words, owner, opened_by_name, confirmed_by_name, confirmed_on, closed_on, outcome, recorded_at, version from person_case where org_id = $1 and kind = $2 and reference = $3"
    );
    tx.maybe(sql, args![org, kind, reference]).await
}

/// The cases of a customer, newest first.
pub async fn cases_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, form, state, customer_id, candidates, hold_id, person, born_on, address, account, source, reference, contact_role, contact_name, contact_address, contact_email, received_on, starts_on, ends_on, treatment_ended_on, flag_id, words, owner, opened_by_name, confirmed_by_name, confirmed_on, closed_on, outcome, recorded_at, version from person_case where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Cases in a state, after an id, oldest first.
pub async fn cases_in(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, form, state, customer_id, candidates, hold_id, person, born_on, address, account, source, reference, contact_role, contact_name, contact_address, contact_email, received_on, starts_on, ends_on, treatment_ended_on, flag_id, words, owner, opened_by_name, confirmed_by_name, confirmed_on, closed_on, outcome, recorded_at, version from person_case where org_id = $1 and state = $2 and id > $3 order by id limit $4"
    );
    tx.all(sql, args![org, state, after, limit]).await
}

/// Cases in force whose last day has passed, at most `limit`.
pub async fn cases_over(tx: &mut Tx, org: OrgId, day: NaiveDate, limit: i64) -> Result<Vec<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, form, state, customer_id, candidates, hold_id, person, born_on, address, account, source, reference, contact_role, contact_name, contact_address, contact_email, received_on, starts_on, ends_on, treatment_ended_on, flag_id, words, owner, opened_by_name, confirmed_by_name, confirmed_on, closed_on, outcome, recorded_at, version from person_case where org_id = $1 and state = 'in_force' and ends_on < $2 order by id limit $3"
    );
    tx.all(sql, args![org, day, limit]).await
}

// What a case bears on ---------------------------------------------------------------

/// A debt that a case bears on.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct StoppedDebtRow {
    /// The case.
    pub case_id: i64,
    /// The debt.
    pub item_id: i64,
    /// On whose account it stands.
    pub customer_id: i64,
    /// Its number.
    pub number: String,
    /// Stored name of the domain's `EventKind`.
    pub kind: String,
    /// Whether the notice named it.
    pub named: bool,
    /// Who owes it too.
    pub joint_customer_id: Option<i64>,
    /// What was open of it.
    pub open_pence: i64,
    /// The step at which it stood.
    pub stage: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// The first day on which it no longer stops the debt.
    pub freed_on: Option<NaiveDate>,
    /// Who freed it.
    pub freed_by_name: String,
    /// Why.
    pub freed_why: String,
}

/// Adds debts to a case.
pub async fn add_case_items(tx: &mut Tx, org: OrgId, rows: Vec<StoppedDebtRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "case_id",
        "item_id",
        "customer_id",
        "number",
        "kind",
        "named",
        "joint_customer_id",
        "open_pence",
        "stage",
        "starts_on",
        "ends_on",
        "freed_on",
        "freed_by_name",
        "freed_why",
    ];
    let rows = rows.into_iter().map(|i| {
        args![
            org,
            i.case_id,
            i.item_id,
            i.customer_id,
            i.number,
            i.kind,
            i.named,
            i.joint_customer_id,
            i.open_pence,
            i.stage,
            i.starts_on,
            i.ends_on,
            i.freed_on,
            i.freed_by_name,
            i.freed_why
        ]
    });
    tx.insert("person_case_item", COLUMNS, rows.collect()).await
}

/// The debts of a case, by number.
pub async fn items_of_case(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<StoppedDebtRow>, StoreFault> {
    let sql = sql!(
        "select case_id, item_id, customer_id, number, kind, named, joint_customer_id, open_pence, stage, starts_on, ends_on, freed_on, freed_by_name, freed_why from person_case_item where org_id = $1 and case_id = $2 order by number, item_id"
    );
    tx.all(sql, args![org, case]).await
}

/// What cases say of the debts of customers from one id to another, those that are over left out.
pub async fn case_items_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<StoppedDebtRow>, StoreFault> {
    let sql = sql!(
        "select i.case_id, i.item_id, i.customer_id, i.number, i.kind, i.named, i.joint_customer_id, i.open_pence, i.stage, i.starts_on, i.ends_on, i.freed_on, i.freed_by_name, i.freed_why from person_case_item i join person_case c on c.org_id = i.org_id and c.id = i.case_id and c.state = 'in_force' where i.org_id = $1 and i.customer_id between $2 and $3 order by i.customer_id, i.item_id, i.case_id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// What cases said of the debts of customers from one id to another on some day between two, cases that are over too.
pub async fn case_items_between(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<StoppedDebtRow>, StoreFault> {
    let sql = sql!(
        "select i.case_id, i.item_id, i.customer_id, i.number, i.kind, i.named, i.joint_customer_id, i.open_pence, i.stage, i.starts_on, i.ends_on, i.freed_on, i.freed_by_name, i.freed_why from person_case_item i join person_case c on c.org_id = i.org_id and c.id = i.case_id and c.state in ('in_force', 'ended') where i.org_id = $1 and i.customer_id between $2 and $3 and i.starts_on <= $5 and (i.ends_on is null or i.ends_on >= $4) order by i.customer_id, i.item_id, i.case_id"
    );
    tx.all(sql, args![org, first, last, from, until]).await
}

/// The days on which a case froze a debt, over all its cases: first and last.
pub async fn frozen_spans(
    tx: &mut Tx,
    org: OrgId,
    item: ItemId,
) -> Result<Vec<(NaiveDate, Option<NaiveDate>, Option<NaiveDate>)>, StoreFault> {
    let sql = sql!(
        "select starts_on, ends_on, freed_on from person_case_item where org_id = $1 and item_id = $2 and kind = 'breathing_space' order by starts_on"
    );
    tx.all(sql, args![org, item]).await
}

/// Moves the last day of everything a case bears on.
pub async fn move_case_items(
    tx: &mut Tx,
    org: OrgId,
    case: i64,
    ends_on: Option<NaiveDate>,
) -> Result<u64, StoreFault> {
    let sql = sql!("update person_case_item set ends_on = $3 where org_id = $1 and case_id = $2 and freed_on is null");
    tx.run(sql, args![org, case, ends_on]).await
}

/// Frees one debt of a case from a day on; false if it was free.
pub async fn free_case_item(
    tx: &mut Tx,
    org: OrgId,
    (case, item): (i64, i64),
    from_on: NaiveDate,
    (who, why): (&str, &str),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update person_case_item set freed_on = $4, freed_by_name = $5, freed_why = $6 where org_id = $1 and case_id = $2 and item_id = $3 and freed_on is null"
    );
    Ok(tx.run(sql, args![org, case, item, from_on, who, why]).await? == 1)
}

/// A debt as it stands when a case is opened.
#[derive(Clone, Debug, FromRow)]
pub struct DebtRow {
    /// The item.
    pub id: i64,
    /// On whose account.
    pub customer_id: i64,
    /// Its number.
    pub number: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// What is open.
    pub open_pence: i64,
    /// The step at which it stands.
    pub stage: String,
    /// Who owes it with the customer.
    pub joint_customer_id: Option<i64>,
}

/// What a customer owes alone or with somebody, on whichever account it stands, dated up to a day.
pub async fn debts_of(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    until: NaiveDate,
) -> Result<Vec<DebtRow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.customer_id, i.number, i.dated_on, i.open_pence, i.stage, (select min(j.customer_id) from joint_debtor j where j.org_id = i.org_id and j.item_id = i.id and j.customer_id <> $2) as joint_customer_id from open_item i where i.org_id = $1 and i.customer_id = $2 and i.open_pence > 0 and i.dated_on <= $3 union all select i.id, i.customer_id, i.number, i.dated_on, i.open_pence, i.stage, i.customer_id as joint_customer_id from joint_debtor j join open_item i on i.org_id = j.org_id and i.id = j.item_id where j.org_id = $1 and j.customer_id = $2 and i.open_pence > 0 and i.dated_on <= $3 order by 3, 1"
    );
    tx.all(sql, args![org, customer, until]).await
}

// Tasks ------------------------------------------------------------------------------

/// Something a case makes somebody do.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CaseTaskRow {
    /// The case.
    pub case_id: i64,
    /// Which in order.
    pub seq: i64,
    /// Stable code.
    pub code: String,
    /// What.
    pub what: String,
    /// By when.
    pub due_on: NaiveDate,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
    /// By whom.
    pub done_by_name: String,
    /// How, in words.
    pub words: String,
}

/// Adds tasks to a case.
pub async fn add_tasks(tx: &mut Tx, org: OrgId, rows: Vec<CaseTaskRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "case_id", "seq", "code", "what", "due_on", "done_on", "done_by_name", "words"];
    let rows = rows
        .into_iter()
        .map(|t| args![org, t.case_id, t.seq, t.code, t.what, t.due_on, t.done_on, t.done_by_name, t.words]);
    tx.insert("person_case_task", COLUMNS, rows.collect()).await
}

/// The tasks of a case, in order.
pub async fn tasks_of_case(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<CaseTaskRow>, StoreFault> {
    let sql = sql!(
        "select case_id, seq, code, what, due_on, done_on, done_by_name, words from person_case_task where org_id = $1 and case_id = $2 order by seq"
    );
    tx.all(sql, args![org, case]).await
}

/// Marks a task as done; false if it was.
pub async fn do_task(
    tx: &mut Tx,
    org: OrgId,
    (case, seq): (i64, i64),
    on: NaiveDate,
    (who, words): (&str, &str),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update person_case_task set done_on = $4, done_by_name = $5, words = $6 where org_id = $1 and case_id = $2 and seq = $3 and done_on is null"
    );
    Ok(tx.run(sql, args![org, case, seq, on, who, words]).await? == 1)
}

/// Closes what is left to do of a case that is over.
pub async fn close_tasks(tx: &mut Tx, org: OrgId, case: i64, on: NaiveDate, who: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update person_case_task set done_on = $3, done_by_name = $4, words = 'The case is over' where org_id = $1 and case_id = $2 and done_on is null"
    );
    tx.run(sql, args![org, case, on, who]).await
}

// Who owes with whom -----------------------------------------------------------------

/// Somebody who owes a debt that stands on another account.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct JointRow {
    /// The debt.
    pub item_id: i64,
    /// Who owes it too.
    pub customer_id: i64,
    /// On whose account it stands.
    pub owner_id: i64,
    /// Stored name of the domain's `Jointly`.
    pub because: String,
    /// The agreement.
    pub evidence: String,
    /// Who recorded it.
    pub recorded_by_name: String,
    /// When.
    pub recorded_on: NaiveDate,
    /// The instant.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a joint debtor; false if they were there.
pub async fn add_joint(tx: &mut Tx, org: OrgId, j: &JointRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into joint_debtor (org_id, item_id, customer_id, owner_id, because, evidence, recorded_by_name, recorded_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"
    );
    let values = args![
        org,
        j.item_id,
        j.customer_id,
        j.owner_id,
        &j.because,
        &j.evidence,
        &j.recorded_by_name,
        j.recorded_on,
        j.recorded_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Who owes with a customer, on their account or on another's.
pub async fn joints_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<JointRow>, StoreFault> {
    let sql = sql!(
        "select item_id, customer_id, owner_id, because, evidence, recorded_by_name, recorded_on, recorded_at from joint_debtor where org_id = $1 and (customer_id = $2 or owner_id = $2) order by item_id, customer_id"
    );
    tx.all(sql, args![org, customer]).await
}
