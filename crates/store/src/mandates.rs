//! Service users, weight tables, mandates and the instructions about them.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A service user number and what the bank agreed for it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ServiceUserRow {
    /// Six digits.
    pub sun: String,
    /// As customers see it, at most 18.
    pub name: String,
    /// Name of the account that collects.
    pub account_name: String,
    /// Its sort code and number, sealed.
    pub sealed: String,
    /// Its last digits, for people.
    pub shown: String,
    /// What was agreed: see desk.
    pub settings: serde_json::Value,
    /// Counts up with every change.
    pub version: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Every service user.
pub async fn service_users(tx: &mut Tx, org: OrgId) -> Result<Vec<ServiceUserRow>, StoreFault> {
    let sql = sql!(
        "select sun, name, account_name, sealed, shown, settings, version, recorded_at from dd_service_user where org_id = $1 order by sun"
    );
    tx.all(sql, args![org]).await
}

/// Adds a service user.
pub async fn add_service_user(tx: &mut Tx, org: OrgId, r: &ServiceUserRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into dd_service_user (org_id, sun, name, account_name, sealed, shown, settings, version, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    tx.run(
        sql,
        args![org, &r.sun, &r.name, &r.account_name, &r.sealed, &r.shown, r.settings.clone(), r.version, r.recorded_at],
    )
    .await
    .map(drop)
}

/// Changes one; false if somebody else did meanwhile.
pub async fn change_service_user(tx: &mut Tx, org: OrgId, r: &ServiceUserRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update dd_service_user set version = version + 1, name = $4, account_name = $5, sealed = $6, shown = $7, settings = $8 where org_id = $1 and sun = $2 and version = $3"
    );
    Ok(tx
        .run(sql, args![org, &r.sun, r.version, &r.name, &r.account_name, &r.sealed, &r.shown, r.settings.clone()])
        .await?
        == 1)
}

/// A version of the weight table.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ModulusTableRow {
    /// As its publisher calls it.
    pub version: String,
    /// The day it counts from.
    pub effective_on: NaiveDate,
    /// Hash of what was loaded.
    pub sha256: String,
    /// The domain's `ModulusTable`.
    pub body: serde_json::Value,
    /// Who.
    pub loaded_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a version.
pub async fn add_modulus_table(tx: &mut Tx, org: OrgId, r: &ModulusTableRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into modulus_table (org_id, version, effective_on, sha256, body, loaded_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)"
    );
    tx.run(sql, args![org, &r.version, r.effective_on, &r.sha256, r.body.clone(), &r.loaded_by, r.recorded_at])
        .await
        .map(drop)
}

/// The version in force on a day.
pub async fn modulus_table(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Option<ModulusTableRow>, StoreFault> {
    let sql = sql!(
        "select version, effective_on, sha256, body, loaded_by, recorded_at from modulus_table where org_id = $1 and effective_on <= $2 order by effective_on desc, recorded_at desc limit 1"
    );
    tx.maybe(sql, args![org, day]).await
}

/// A version by its name.
pub async fn modulus_table_called(
    tx: &mut Tx,
    org: OrgId,
    version: &str,
) -> Result<Option<ModulusTableRow>, StoreFault> {
    let sql = sql!(
        "select version, effective_on, sha256, body, loaded_by, recorded_at from modulus_table where org_id = $1 and version = $2"
    );
    tx.maybe(sql, args![org, version]).await
}

/// Every version, newest first, with its body.
pub async fn modulus_tables(tx: &mut Tx, org: OrgId) -> Result<Vec<ModulusTableRow>, StoreFault> {
    let sql = sql!(
        "select version, effective_on, sha256, body, loaded_by, recorded_at from modulus_table where org_id = $1 order by effective_on desc, recorded_at desc"
    );
    tx.all(sql, args![org]).await
}

/// A Direct Debit authority.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MandateRow {
    /// Id.
    pub id: i64,
    /// Core reference: never changed, never used again.
    pub reference: String,
    /// Whose debts it pays.
    pub customer_id: i64,
    /// Account holder.
    pub payer_name: String,
    /// Where the payer's letters go; empty for the customer's own address.
    pub payer_address1: String,
    /// Second line.
    pub payer_address2: String,
    /// Town.
    pub payer_town: String,
    /// Postcode.
    pub payer_postcode: String,
    /// E-mail of a payer who is not the customer.
    pub payer_email: String,
    /// Sort code and account, sealed.
    pub sealed: String,
    /// Fingerprint of the account.
    pub print: String,
    /// Last digits, for people.
    pub shown: String,
    /// paper, telephone, web or face_to_face.
    pub route: String,
    /// Where the form or the recording is kept.
    pub evidence: String,
    /// The day of the authority.
    pub signed_on: Option<NaiveDate>,
    /// valid or not_checkable, and the table's version.
    pub modulus: String,
    /// See the domain's `MandateState`.
    pub state: String,
    /// Why, in words.
    pub state_reason: String,
    /// Since when.
    pub state_on: NaiveDate,
    /// Processing day of the newest 0N.
    pub lodged_on: Option<NaiveDate>,
    /// Entry day of the first collection that was paid.
    pub first_collected_on: Option<NaiveDate>,
    /// Entry day of the newest.
    pub last_collected_on: Option<NaiveDate>,
    /// A claim under it waits for a person.
    pub claim_open: bool,
    /// The mandate it stands in for.
    pub replaces_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Counts up with every change.
    pub version: i64,
}

/// Adds a mandate.
pub async fn add_mandate(tx: &mut Tx, org: OrgId, r: &MandateRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into mandate (org_id, id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)"
    );
    tx.run(
        sql,
        args![
            org,
            r.id,
            &r.reference,
            r.customer_id,
            &r.payer_name,
            &r.payer_address1,
            &r.payer_address2,
            &r.payer_town,
            &r.payer_postcode,
            &r.payer_email,
            &r.sealed,
            &r.print,
            &r.shown,
            &r.route,
            &r.evidence,
            r.signed_on,
            &r.modulus,
            &r.state,
            &r.state_reason,
            r.state_on,
            r.lodged_on,
            r.first_collected_on,
            r.last_collected_on,
            r.claim_open,
            r.replaces_id,
            r.recorded_at,
            r.version
        ],
    )
    .await
    .map(drop)
}

/// Changes one; false if somebody else did meanwhile.
pub async fn change_mandate(tx: &mut Tx, org: OrgId, r: &MandateRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update mandate set version = version + 1, customer_id = $4, payer_name = $5, payer_address1 = $6, payer_address2 = $7, payer_town = $8, payer_postcode = $9, payer_email = $10, sealed = $11, print = $12, shown = $13, route = $14, evidence = $15, signed_on = $16, modulus = $17, state = $18, state_reason = $19, state_on = $20, lodged_on = $21, first_collected_on = $22, last_collected_on = $23, claim_open = $24, replaces_id = $25 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.customer_id,
                &r.payer_name,
                &r.payer_address1,
                &r.payer_address2,
                &r.payer_town,
                &r.payer_postcode,
                &r.payer_email,
                &r.sealed,
                &r.print,
                &r.shown,
                &r.route,
                &r.evidence,
                r.signed_on,
                &r.modulus,
                &r.state,
                &r.state_reason,
                r.state_on,
                r.lodged_on,
                r.first_collected_on,
                r.last_collected_on,
                r.claim_open,
                r.replaces_id
            ],
        )
        .await?
        == 1)
}

/// A mandate by id.
pub async fn mandate(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// A mandate by its reference.
pub async fn mandate_called(tx: &mut Tx, org: OrgId, reference: &str) -> Result<Option<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and reference = $2"
    );
    tx.maybe(sql, args![org, reference]).await
}

/// Mandates of a customer, newest first.
pub async fn mandates_of(tx: &mut Tx, org: OrgId, customer: i64) -> Result<Vec<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Mandates in a state after an id, in order.
pub async fn mandates_in(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and state = $2 and id > $3 order by id limit $4"
    );
    tx.all(sql, args![org, state, after, limit]).await
}

/// How many mandates are in each state.
pub async fn mandate_counts(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql =
        sql!("select state, cast(count(*) as bigint) from mandate where org_id = $1 group by state order by state");
    tx.all(sql, args![org]).await
}

/// A mandate as a list shows it.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ListedMandateRow {
    /// Reference.
    pub reference: String,
    /// Customer's number.
    pub customer_number: String,
    /// Customer's name.
    pub customer_name: String,
    /// Account holder.
    pub payer_name: String,
    /// Last digits.
    pub shown: String,
    /// State.
    pub state: String,
    /// Why.
    pub state_reason: String,
    /// Since when.
    pub state_on: NaiveDate,
    /// Last collected from.
    pub last_collected_on: Option<NaiveDate>,
}

/// Mandates in a state (every state when empty), newest first.
pub async fn list_mandates(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<ListedMandateRow>, StoreFault> {
    let sql = sql!(
        "select m.reference, c.number as customer_number, c.name as customer_name, m.payer_name, m.shown, m.state, m.state_reason, m.state_on, m.last_collected_on from mandate m join customer c on c.org_id = m.org_id and c.id = m.customer_id where m.org_id = $1 and ($2 = '' or m.state = $2) order by m.id desc limit $3 offset $4"
    );
    tx.all(sql, args![org, state, limit, offset]).await
}

/// Lets mandates sleep that were not collected from since a day (lodged before it too); gives their references.
pub async fn let_sleep(
    tx: &mut Tx,
    org: OrgId,
    since: NaiveDate,
    today: NaiveDate,
    reason: &str,
) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!(
        "update mandate set state = 'dormant', state_on = $3, state_reason = $4, version = version + 1 where org_id = $1 and state in ('active', 'suspended') and lodged_on <= $2 and (last_collected_on is null or last_collected_on <= $2) returning reference"
    );
    tx.all(sql, args![org, since, today, reason]).await
}

/// Makes lodged mandates active whose instruction was accepted, or is old enough.
pub async fn activate_lodged(
    tx: &mut Tx,
    org: OrgId,
    before: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!(
        "update mandate set state = 'active', state_on = $3, state_reason = '', version = version + 1 where org_id = $1 and state = 'lodged' and lodged_on <= $2 returning reference"
    );
    tx.all(sql, args![org, before, today]).await
}

/// An instruction for the bank: 0N, 0C or 0S.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct InstructionRow {
    /// Id.
    pub id: i64,
    /// Mandate.
    pub mandate_id: i64,
    /// 0N, 0C or 0S.
    pub code: String,
    /// The account it is about, sealed.
    pub sealed: String,
    /// Last digits.
    pub shown: String,
    /// waiting, in_run, written, accepted, returned or withdrawn.
    pub state: String,
    /// The run that carries it.
    pub run_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds instructions.
pub async fn add_instructions(tx: &mut Tx, org: OrgId, rows: Vec<InstructionRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "id", "mandate_id", "code", "sealed", "shown", "state", "run_id", "recorded_at"];
    let rows = rows
        .into_iter()
        .map(|r| args![org, r.id, r.mandate_id, r.code, r.sealed, r.shown, r.state, r.run_id, r.recorded_at]);
    tx.insert("dd_instruction", COLUMNS, rows.collect()).await
}

/// Instructions that wait for a file, in order.
pub async fn instructions_waiting(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<InstructionRow>, StoreFault> {
    let sql = sql!(
        "select id, mandate_id, code, sealed, shown, state, run_id, recorded_at from dd_instruction where org_id = $1 and state = 'waiting' order by id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Instructions of a run, in order.
pub async fn instructions_of_run(tx: &mut Tx, org: OrgId, run: i64) -> Result<Vec<InstructionRow>, StoreFault> {
    let sql = sql!(
        "select id, mandate_id, code, sealed, shown, state, run_id, recorded_at from dd_instruction where org_id = $1 and run_id = $2 order by id"
    );
    tx.all(sql, args![org, run]).await
}

/// Instructions about a mandate, newest first.
pub async fn instructions_of(tx: &mut Tx, org: OrgId, mandate: i64) -> Result<Vec<InstructionRow>, StoreFault> {
    let sql = sql!(
        "select id, mandate_id, code, sealed, shown, state, run_id, recorded_at from dd_instruction where org_id = $1 and mandate_id = $2 order by id desc"
    );
    tx.all(sql, args![org, mandate]).await
}

/// Moves the instructions of a run from a state to another.
pub async fn set_instructions_of_run(
    tx: &mut Tx,
    org: OrgId,
    run: i64,
    from: &str,
    to: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!("update dd_instruction set state = $4 where org_id = $1 and run_id = $2 and state = $3");
    tx.run(sql, args![org, run, from, to]).await
}

/// Puts the waiting instructions up to an id into a run.
pub async fn put_instructions_in_run(tx: &mut Tx, org: OrgId, last: i64, run: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update dd_instruction set state = 'in_run', run_id = $3 where org_id = $1 and state = 'waiting' and id <= $2"
    );
    tx.run(sql, args![org, last, run]).await
}

/// Takes instructions out of a run that was not released.
pub async fn free_instructions_of_run(tx: &mut Tx, org: OrgId, run: i64) -> Result<u64, StoreFault> {
    let sql = sql!("update dd_instruction set state = 'waiting', run_id = null where org_id = $1 and run_id = $2");
    tx.run(sql, args![org, run]).await
}

/// Moves the newest sent instruction of a code of a mandate to a state.
pub async fn set_instruction(tx: &mut Tx, org: OrgId, mandate: i64, code: &str, to: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update dd_instruction set state = $4 where org_id = $1 and id = (select max(id) from dd_instruction where org_id = $1 and mandate_id = $2 and code = $3 and state in ('written', 'accepted'))"
    );
    tx.run(sql, args![org, mandate, code, to]).await
}

/// Withdraws what waits of a mandate.
pub async fn withdraw_waiting_instructions(tx: &mut Tx, org: OrgId, mandate: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update dd_instruction set state = 'withdrawn' where org_id = $1 and mandate_id = $2 and state = 'waiting'"
    );
    tx.run(sql, args![org, mandate]).await
}

/// Mandates of notified collections from one day to another.
pub async fn mandates_of_due(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and id in (select mandate_id from dd_collection where org_id = $1 and state = 'noticed' and notified_for between $2 and $3) order by id"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Mandates of a run's collections and instructions.
pub async fn mandates_of_run(tx: &mut Tx, org: OrgId, run: i64) -> Result<Vec<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and (id in (select mandate_id from dd_collection where org_id = $1 and run_id = $2) or id in (select mandate_id from dd_instruction where org_id = $1 and run_id = $2)) order by id"
    );
    tx.all(sql, args![org, run]).await
}

/// Mandates of the instructions that wait.
pub async fn mandates_waiting(tx: &mut Tx, org: OrgId) -> Result<Vec<MandateRow>, StoreFault> {
    let sql = sql!(
        "select id, reference, customer_id, payer_name, payer_address1, payer_address2, payer_town, payer_postcode, payer_email, sealed, print, shown, route, evidence, signed_on, modulus, state, state_reason, state_on, lodged_on, first_collected_on, last_collected_on, claim_open, replaces_id, recorded_at, version from mandate where org_id = $1 and id in (select mandate_id from dd_instruction where org_id = $1 and state = 'waiting') order by id"
    );
    tx.all(sql, args![org]).await
}
