//! What lies under every room: organisations, people, keys of commands, numbers, the audit trail.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::reference::ReferenceRow;

// Commands ---------------------------------------------------------------------------

/// Claims a key for a command; false if it was claimed before.
pub async fn claim_key(
    tx: &mut Tx,
    org: OrgId,
    key: &str,
    command: &str,
    request_hash: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into idempotency (org_id, key, command, request_hash, recorded_at) values ($1, $2, $3, $4, $5) on conflict do nothing"
    );
    Ok(tx.run(sql, args![org, key, command, request_hash, at]).await? == 1)
}

/// Command, request hash and answer of a key.
pub async fn answer_of_key(
    tx: &mut Tx,
    org: OrgId,
    key: &str,
) -> Result<Option<(String, String, Option<serde_json::Value>)>, StoreFault> {
    let sql = sql!("select command, request_hash, answer from idempotency where org_id = $1 and key = $2");
    tx.maybe(sql, args![org, key]).await
}

/// Keeps the answer under its key.
pub async fn keep_answer(tx: &mut Tx, org: OrgId, key: &str, answer: serde_json::Value) -> Result<(), StoreFault> {
    let sql = sql!("update idempotency set answer = $3 where org_id = $1 and key = $2");
    tx.run(sql, args![org, key, answer]).await.map(drop)
}

/// Takes `count` consecutive numbers of a gapless series and gives the first.
pub async fn next_numbers(tx: &mut Tx, org: OrgId, series: &str, count: i64) -> Result<i64, StoreFault> {
    let sql = sql!(
        "insert into counter (org_id, series, next) values ($1, $2, 1 + $3) on conflict (org_id, series) do update set next = counter.next + $3 returning next"
    );
    let (next,): (i64,) = tx.one(sql, args![org, series, count]).await?;
    Ok(next - count)
}

/// The number that a series would give next; nothing is taken.
pub async fn number_to_come(tx: &mut Tx, org: OrgId, series: &str) -> Result<i64, StoreFault> {
    let row: Option<(i64,)> =
        tx.maybe(sql!("select next from counter where org_id = $1 and series = $2"), args![org, series]).await?;
    Ok(row.map_or(1, |(next,)| next))
}

/// Every series with its next number.
pub async fn counters(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    tx.all(sql!("select series, next from counter where org_id = $1 order by series"), args![org]).await
}

// Audit and outbox -------------------------------------------------------------------

/// A row of the audit trail.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AuditRow {
    /// Place in the chain, from 1.
    pub seq: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The business date.
    pub business_on: NaiveDate,
    /// Who.
    pub actor_id: i64,
    /// Their name then.
    pub actor_name: String,
    /// Which door.
    pub channel: String,
    /// What happened.
    pub event: String,
    /// What it happened to.
    pub subject: String,
    /// Particulars, as JSON text.
    pub detail: String,
    /// Hash of the row before.
    pub previous_hash: String,
    /// Hash of this row.
    pub hash: String,
}

/// Sequence and hash of the newest audit row.
pub async fn audit_head(tx: &mut Tx, org: OrgId) -> Result<Option<(i64, String)>, StoreFault> {
    tx.maybe(sql!("select seq, hash from audit_head where org_id = $1"), args![org]).await
}

/// Moves the head of the chain.
pub async fn set_audit_head(tx: &mut Tx, org: OrgId, seq: i64, hash: &str) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into audit_head (org_id, seq, hash) values ($1, $2, $3) on conflict (org_id) do update set seq = $2, hash = $3"
    );
    tx.run(sql, args![org, seq, hash]).await.map(drop)
}

/// Adds a row to the trail.
pub async fn add_audit(tx: &mut Tx, org: OrgId, row: &AuditRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into audit (org_id, seq, recorded_at, business_on, actor_id, actor_name, channel, event, subject, detail, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        row.seq,
        row.recorded_at,
        row.business_on,
        row.actor_id,
        &row.actor_name,
        &row.channel,
        &row.event,
        &row.subject,
        &row.detail,
        &row.previous_hash,
        &row.hash
    ];
    tx.run(sql, values).await.map(drop)
}

/// Rows of the trail after a sequence number, oldest first, at most `limit`.
pub async fn audit_after(tx: &mut Tx, org: OrgId, seq: i64, limit: i64) -> Result<Vec<AuditRow>, StoreFault> {
    let sql = sql!(
        "select seq, recorded_at, business_on, actor_id, actor_name, channel, event, subject, detail, previous_hash, hash from audit where org_id = $1 and seq > $2 order by seq limit $3"
    );
    tx.all(sql, args![org, seq, limit]).await
}

/// Rows of the trail before a sequence number, newest first, at most `limit`.
pub async fn audit_before(tx: &mut Tx, org: OrgId, seq: i64, limit: i64) -> Result<Vec<AuditRow>, StoreFault> {
    let sql = sql!(
        "select seq, recorded_at, business_on, actor_id, actor_name, channel, event, subject, detail, previous_hash, hash from audit where org_id = $1 and seq < $2 order by seq desc limit $3"
    );
    tx.all(sql, args![org, seq, limit]).await
}

/// Rows of the trail about one subject, oldest first.
pub async fn audit_of(tx: &mut Tx, org: OrgId, subject: &str) -> Result<Vec<AuditRow>, StoreFault> {
    let sql = sql!(
        "select seq, recorded_at, business_on, actor_id, actor_name, channel, event, subject, detail, previous_hash, hash from audit where org_id = $1 and subject = $2 order by seq"
    );
    tx.all(sql, args![org, subject]).await
}

/// Rows of the trail that have these words in who, event or subject, newest first; all where there are no words.
pub async fn audit_found(
    tx: &mut Tx,
    org: OrgId,
    words: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<AuditRow>, StoreFault> {
    let sql = sql!(
        "select seq, recorded_at, business_on, actor_id, actor_name, channel, event, subject, detail, previous_hash, hash from audit where org_id = $1 and ($2 = '%%' or lower(actor_name) like $2 escape '\\' or lower(event) like $2 escape '\\' or lower(subject) like $2 escape '\\') order by seq desc limit $3 offset $4"
    );
    tx.all(sql, args![org, containing(words), limit, offset]).await
}

/// How many rows of the trail have these words.
pub async fn audit_found_count(tx: &mut Tx, org: OrgId, words: &str) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from audit where org_id = $1 and ($2 = '%%' or lower(actor_name) like $2 escape '\\' or lower(event) like $2 escape '\\' or lower(subject) like $2 escape '\\')"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, containing(words)]).await?.0)
}

/// A pattern for text that has these words in it.
fn containing(words: &str) -> String {
    let plain = words.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

/// Adds an event for those outside who listen.
pub async fn add_outbox(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    event: &str,
    subject: &str,
    detail: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or(serde_json::Value::Null);
    let payload = serde_json::json!({ "subject": subject, "detail": detail });
    let sql = sql!("insert into outbox (org_id, id, event, payload, recorded_at) values ($1, $2, $3, $4, $5)");
    tx.run(sql, args![org, id, event, payload, at]).await.map(drop)
}

// Reference data ---------------------------------------------------------------------

#[derive(FromRow)]
struct Reference {
    kind: String,
    key: String,
    from_on: NaiveDate,
    to_on: Option<NaiveDate>,
    value: i64,
    note: String,
    source: String,
    entered_by: String,
    approved_by: String,
}

/// All dated reference rows.
pub async fn reference_rows(tx: &mut Tx) -> Result<Vec<ReferenceRow>, StoreFault> {
    let sql = sql!(
        "select kind, key, from_on, to_on, value, note, source, entered_by, approved_by from reference_row order by kind, key, from_on"
    );
    let rows: Vec<Reference> = tx.all(sql, args![]).await?;
    let turn = |r: Reference| ReferenceRow {
        kind: r.kind,
        key: r.key,
        from_on: r.from_on,
        to_on: r.to_on,
        value: r.value,
        note: r.note,
        source: r.source,
        entered_by: r.entered_by,
        approved_by: r.approved_by,
    };
    Ok(rows.into_iter().map(turn).collect())
}

/// Adds reference rows.
pub async fn add_reference_rows(tx: &mut Tx, rows: &[ReferenceRow], at: DateTime<Utc>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["kind", "key", "from_on", "to_on", "value", "note", "source", "entered_by", "approved_by", "recorded_at"];
    let turn = |r: &ReferenceRow| {
        args![&r.kind, &r.key, r.from_on, r.to_on, r.value, &r.note, &r.source, &r.entered_by, &r.approved_by, at]
    };
    tx.insert("reference_row", COLUMNS, rows.iter().map(turn).collect()).await
}

// The home and its organisations -----------------------------------------------------

/// A setting of the home.
pub async fn home_setting(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreFault> {
    let row: Option<(String,)> = tx.maybe(sql!("select value from home_setting where name = $1"), args![name]).await?;
    Ok(row.map(|(value,)| value))
}

/// Sets a setting of the home.
pub async fn set_home_setting(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreFault> {
    let sql =
        sql!("insert into home_setting (name, value) values ($1, $2) on conflict (name) do update set value = $2");
    tx.run(sql, args![name, value]).await.map(drop)
}

/// An organisation.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct OrganisationRow {
    /// Id.
    pub id: i64,
    /// Short code, as given on the command line.
    pub code: String,
    /// Name.
    pub name: String,
    /// Nation whose calendar it keeps.
    pub nation: String,
    /// council, nhs, independent or care.
    pub kind: String,
    /// VAT registration number; empty when not registered.
    pub vat_number: String,
    /// What its letters carry at the top.
    pub letterhead: serde_json::Value,
    /// Thresholds and choices.
    pub settings: serde_json::Value,
}

/// Every organisation of the home, by code.
pub async fn organisations(tx: &mut Tx) -> Result<Vec<OrganisationRow>, StoreFault> {
    let sql =
        sql!("select id, code, name, nation, kind, vat_number, letterhead, settings from organisation order by code");
    tx.all(sql, args![]).await
}

/// One organisation.
pub async fn organisation(tx: &mut Tx, org: OrgId) -> Result<Option<OrganisationRow>, StoreFault> {
    let sql =
        sql!("select id, code, name, nation, kind, vat_number, letterhead, settings from organisation where id = $1");
    tx.maybe(sql, args![org]).await
}

/// Replaces what an organisation sets for itself: name, VAT number, letterhead, settings.
pub async fn set_organisation(tx: &mut Tx, row: &OrganisationRow) -> Result<(), StoreFault> {
    let sql = sql!("update organisation set name = $2, vat_number = $3, letterhead = $4, settings = $5 where id = $1");
    let values = args![row.id, &row.name, &row.vat_number, row.letterhead.clone(), row.settings.clone()];
    tx.run(sql, values).await.map(drop)
}

/// Adds an organisation.
pub async fn add_organisation(tx: &mut Tx, row: &OrganisationRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into organisation (id, code, name, nation, kind, vat_number, letterhead, settings, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let values = args![
        row.id,
        &row.code,
        &row.name,
        &row.nation,
        &row.kind,
        &row.vat_number,
        row.letterhead.clone(),
        row.settings.clone(),
        at
    ];
    tx.run(sql, values).await.map(drop)
}

// People -----------------------------------------------------------------------------

/// Someone who signs in.
#[derive(Clone, Debug, FromRow)]
pub struct UserRow {
    /// Organisation.
    pub org_id: i64,
    /// Id.
    pub id: i64,
    /// Sign-in name.
    pub sign_in_name: String,
    /// Name as others see it.
    pub display_name: String,
    /// Roles, separated by spaces.
    pub roles: String,
    /// Approval limit.
    pub limit_pence: i64,
    /// Argon2id.
    pub password_hash: String,
    /// Failed sign-ins since the last good one.
    pub failed_count: i64,
    /// Locked until.
    pub locked_until: Option<DateTime<Utc>>,
    /// Disabled since.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// The user with a sign-in name.
pub async fn user_by_name(tx: &mut Tx, name: &str) -> Result<Option<UserRow>, StoreFault> {
    let sql = sql!(
        "select u.org_id, u.id, u.sign_in_name, u.display_name, u.roles, u.limit_pence, u.password_hash, u.failed_count, u.locked_until, u.disabled_at from sign_in_name n join app_user u on u.org_id = n.org_id and u.id = n.user_id where n.name = $1"
    );
    tx.maybe(sql, args![name]).await
}

/// One user.
pub async fn user(tx: &mut Tx, org: OrgId, user: UserId) -> Result<Option<UserRow>, StoreFault> {
    let sql = sql!(
        "select org_id, id, sign_in_name, display_name, roles, limit_pence, password_hash, failed_count, locked_until, disabled_at from app_user where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, user]).await
}

/// All users of an organisation, by name.
pub async fn users(tx: &mut Tx, org: OrgId) -> Result<Vec<UserRow>, StoreFault> {
    let sql = sql!(
        "select org_id, id, sign_in_name, display_name, roles, limit_pence, password_hash, failed_count, locked_until, disabled_at from app_user where org_id = $1 order by sign_in_name"
    );
    tx.all(sql, args![org]).await
}

/// Adds a user; false if the sign-in name is taken.
pub async fn add_user(tx: &mut Tx, row: &UserRow, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!("insert into sign_in_name (name, org_id, user_id) values ($1, $2, $3) on conflict do nothing");
    if tx.run(sql, args![&row.sign_in_name, row.org_id, row.id]).await? == 0 {
        return Ok(false);
    }
    let sql = sql!(
        "insert into app_user (org_id, id, sign_in_name, display_name, roles, limit_pence, password_hash, failed_count, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8)"
    );
    let values = args![
        row.org_id,
        row.id,
        &row.sign_in_name,
        &row.display_name,
        &row.roles,
        row.limit_pence,
        &row.password_hash,
        at
    ];
    tx.run(sql, values).await?;
    Ok(true)
}

/// Disables a user and ends their sessions; false if there is no such user.
pub async fn disable_user(tx: &mut Tx, org: OrgId, user: UserId, at: DateTime<Utc>) -> Result<bool, StoreFault> {
    tx.run(sql!("delete from session where org_id = $1 and user_id = $2"), args![org, user]).await?;
    let sql = sql!("update app_user set disabled_at = $3 where org_id = $1 and id = $2 and disabled_at is null");
    Ok(tx.run(sql, args![org, user, at]).await? == 1)
}

/// Counts a failed sign-in, and locks where said.
pub async fn count_failure(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    locked_until: Option<DateTime<Utc>>,
) -> Result<(), StoreFault> {
    let sql =
        sql!("update app_user set failed_count = failed_count + 1, locked_until = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, user, locked_until]).await.map(drop)
}

/// Forgets failed sign-ins.
pub async fn clear_failures(tx: &mut Tx, org: OrgId, user: UserId) -> Result<(), StoreFault> {
    let sql = sql!("update app_user set failed_count = 0, locked_until = null where org_id = $1 and id = $2");
    tx.run(sql, args![org, user]).await.map(drop)
}

/// Sets a new password and ends every session.
pub async fn set_password(tx: &mut Tx, org: OrgId, user: UserId, hash: &str) -> Result<(), StoreFault> {
    tx.run(sql!("delete from session where org_id = $1 and user_id = $2"), args![org, user]).await?;
    let sql = sql!("update app_user set password_hash = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, user, hash]).await.map(drop)
}

// Sessions and API keys --------------------------------------------------------------

/// A signed-in session, by the hash of its token.
#[derive(Clone, Debug, FromRow)]
pub struct SessionRow {
    /// Organisation.
    pub org_id: i64,
    /// User.
    pub user_id: i64,
    /// Token that forms carry.
    pub csrf: String,
    /// Last use.
    pub seen_at: DateTime<Utc>,
    /// End, whatever happens.
    pub expires_at: DateTime<Utc>,
}

/// Starts a session.
pub async fn add_session(tx: &mut Tx, hash: &str, row: &SessionRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into session (token_hash, org_id, user_id, csrf, started_at, seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)"
    );
    tx.run(sql, args![hash, row.org_id, row.user_id, &row.csrf, row.seen_at, row.expires_at]).await.map(drop)
}

/// The session with a token's hash.
pub async fn session(tx: &mut Tx, hash: &str) -> Result<Option<SessionRow>, StoreFault> {
    let sql = sql!("select org_id, user_id, csrf, seen_at, expires_at from session where token_hash = $1");
    tx.maybe(sql, args![hash]).await
}

/// Notes that a session was used.
pub async fn touch_session(tx: &mut Tx, hash: &str, at: DateTime<Utc>) -> Result<(), StoreFault> {
    tx.run(sql!("update session set seen_at = $2 where token_hash = $1"), args![hash, at]).await.map(drop)
}

/// Ends a session.
pub async fn end_session(tx: &mut Tx, hash: &str) -> Result<(), StoreFault> {
    tx.run(sql!("delete from session where token_hash = $1"), args![hash]).await.map(drop)
}

/// Adds an API key by its hash.
pub async fn add_api_key(
    tx: &mut Tx,
    hash: &str,
    org: OrgId,
    user: UserId,
    name: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!("insert into api_key (key_hash, org_id, user_id, name, recorded_at) values ($1, $2, $3, $4, $5)");
    tx.run(sql, args![hash, org, user, name, at]).await.map(drop)
}

/// The organisation and user a key acts for.
pub async fn api_key(tx: &mut Tx, hash: &str) -> Result<Option<(i64, i64)>, StoreFault> {
    let sql = sql!("select org_id, user_id from api_key where key_hash = $1 and ended_at is null");
    tx.maybe(sql, args![hash]).await
}

// Kept files -------------------------------------------------------------------------

/// A kept file's entry.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct KeptFileRow {
    /// Content hash.
    pub sha256: String,
    /// Name it came or went under.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
}

/// Notes a kept file; the same bytes twice are one.
pub async fn add_kept_file(tx: &mut Tx, org: OrgId, row: &KeptFileRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into kept_file (org_id, sha256, name, media_type, size_bytes, recorded_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    );
    tx.run(sql, args![org, &row.sha256, &row.name, &row.media_type, row.size_bytes, at]).await.map(drop)
}

/// A kept file's entry.
pub async fn kept_file(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Option<KeptFileRow>, StoreFault> {
    let sql = sql!("select sha256, name, media_type, size_bytes from kept_file where org_id = $1 and sha256 = $2");
    tx.maybe(sql, args![org, sha256]).await
}

/// All kept files.
pub async fn kept_files(tx: &mut Tx, org: OrgId) -> Result<Vec<KeptFileRow>, StoreFault> {
    let sql = sql!("select sha256, name, media_type, size_bytes from kept_file where org_id = $1 order by sha256");
    tx.all(sql, args![org]).await
}

// Approvals --------------------------------------------------------------------------

/// Something that waits for, or had, someone else's yes.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ApprovalRow {
    /// Id.
    pub id: i64,
    /// Number people see.
    pub number: String,
    /// Command that will be carried out.
    pub command: String,
    /// What it is about.
    pub subject: String,
    /// One line for the approver.
    pub summary: String,
    /// The command's request, exactly.
    pub payload: serde_json::Value,
    /// Its hash, which the approval binds.
    pub content_hash: String,
    /// Amount.
    pub amount_pence: i64,
    /// Who asked.
    pub asked_by: i64,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// waiting, approved or refused.
    pub state: String,
    /// Who decided.
    pub decided_by: Option<i64>,
    /// Their name.
    pub decided_by_name: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Adds something to approve.
pub async fn add_approval(tx: &mut Tx, org: OrgId, row: &ApprovalRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into approval (org_id, id, number, command, subject, summary, payload, content_hash, amount_pence, asked_by, asked_by_name, asked_on, state, decided_by_name, reason, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', '', '', $13)"
    );
    let values = args![
        org,
        row.id,
        &row.number,
        &row.command,
        &row.subject,
        &row.summary,
        row.payload.clone(),
        &row.content_hash,
        row.amount_pence,
        row.asked_by,
        &row.asked_by_name,
        row.asked_on,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// One approval by its number.
pub async fn approval(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ApprovalRow>, StoreFault> {
    let sql = sql!(
        "select id, number, command, subject, summary, payload, content_hash, amount_pence, asked_by, asked_by_name, asked_on, state, decided_by, decided_by_name, decided_on, reason from approval where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Approvals in a state, oldest first.
pub async fn approvals(tx: &mut Tx, org: OrgId, state: &str) -> Result<Vec<ApprovalRow>, StoreFault> {
    let sql = sql!(
        "select id, number, command, subject, summary, payload, content_hash, amount_pence, asked_by, asked_by_name, asked_on, state, decided_by, decided_by_name, decided_on, reason from approval where org_id = $1 and state = $2 order by id"
    );
    tx.all(sql, args![org, state]).await
}

/// How many wait for a yes.
pub async fn approvals_waiting(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!("select cast(count(*) as bigint) from approval where org_id = $1 and state = 'waiting'");
    let (count,): (i64,) = tx.one(sql, args![org]).await?;
    Ok(count)
}

/// Decides one that waits; false if someone decided it already.
pub async fn decide_approval(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    state: &str,
    by: (UserId, &str),
    on: NaiveDate,
    reason: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update approval set state = $3, decided_by = $4, decided_by_name = $5, decided_on = $6, reason = $7 where org_id = $1 and id = $2 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, id, state, by.0, by.1, on, reason]).await? == 1)
}
