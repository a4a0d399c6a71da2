//! Messages given to GOV.UK Notify, one row and one reference each, and the letters that wait for it.
use super::LetterRow;
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{LetterId, OrgId};

/// A message.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NotifyMessageRow {
    /// Id.
    pub id: i64,
    /// The letter that it carries.
    pub letter_id: i64,
    /// email or letter.
    pub kind: String,
    /// Our id of it, which no other message has.
    pub reference: String,
    /// Theirs; empty until they took it.
    pub notify_id: String,
    /// sending, unknown, put_off, with_notify, failed or done.
    pub state: String,
    /// The last status that they told.
    pub status: String,
    /// Why it stands so.
    pub reason: String,
    /// How often it was tried.
    pub tries: i64,
    /// Hash of the kept file that goes with it.
    pub file_sha256: String,
    /// Its size.
    pub size_bytes: i64,
    /// When it was first tried.
    pub asked_at: DateTime<Utc>,
    /// When it is looked at again; none once it is done.
    pub try_at: Option<DateTime<Utc>>,
    /// When the last status came about.
    pub status_at: Option<DateTime<Utc>>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds a message.
pub async fn add_message(tx: &mut Tx, org: OrgId, m: &NotifyMessageRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into notify_message (org_id, id, letter_id, kind, reference, notify_id, state, status, reason, tries, file_sha256, size_bytes, asked_at, try_at, status_at, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    );
    let values = args![
        org,
        m.id,
        m.letter_id,
        &m.kind,
        &m.reference,
        &m.notify_id,
        &m.state,
        &m.status,
        &m.reason,
        m.tries,
        &m.file_sha256,
        m.size_bytes,
        m.asked_at,
        m.try_at,
        m.status_at,
        m.recorded_at,
        m.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes a message that still has the version it was read with; false if somebody changed it since.
pub async fn change_message(tx: &mut Tx, org: OrgId, m: &NotifyMessageRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update notify_message set notify_id = $3, state = $4, status = $5, reason = $6, tries = $7, file_sha256 = $8, size_bytes = $9, try_at = $10, status_at = $11, version = version + 1 where org_id = $1 and id = $2 and version = $12"
    );
    let values = args![
        org,
        m.id,
        &m.notify_id,
        &m.state,
        &m.status,
        &m.reason,
        m.tries,
        &m.file_sha256,
        m.size_bytes,
        m.try_at,
        m.status_at,
        m.version
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A message by its id.
pub async fn message_by_id(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<NotifyMessageRow>, StoreFault> {
    let sql = sql!(
        "select id, letter_id, kind, reference, notify_id, state, status, reason, tries, file_sha256, size_bytes, asked_at, try_at, status_at, recorded_at, version from notify_message where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// The message that they know by an id, or that we named so.
pub async fn message_of(
    tx: &mut Tx,
    org: OrgId,
    notify_id: &str,
    reference: &str,
) -> Result<Option<NotifyMessageRow>, StoreFault> {
    let sql = sql!(
        "select id, letter_id, kind, reference, notify_id, state, status, reason, tries, file_sha256, size_bytes, asked_at, try_at, status_at, recorded_at, version from notify_message where org_id = $1 and ((notify_id <> '' and notify_id = $2) or reference = $3) order by id desc limit 1"
    );
    tx.maybe(sql, args![org, notify_id, reference]).await
}

/// Messages of a letter, newest first.
pub async fn messages_of_letter(
    tx: &mut Tx,
    org: OrgId,
    letter: LetterId,
) -> Result<Vec<NotifyMessageRow>, StoreFault> {
    let sql = sql!(
        "select id, letter_id, kind, reference, notify_id, state, status, reason, tries, file_sha256, size_bytes, asked_at, try_at, status_at, recorded_at, version from notify_message where org_id = $1 and letter_id = $2 order by id desc"
    );
    tx.all(sql, args![org, letter]).await
}

/// Messages in a state whose time has come, oldest first, at most `limit`.
pub async fn messages_due(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<NotifyMessageRow>, StoreFault> {
    let sql = sql!(
        "select id, letter_id, kind, reference, notify_id, state, status, reason, tries, file_sha256, size_bytes, asked_at, try_at, status_at, recorded_at, version from notify_message where org_id = $1 and state = $2 and try_at <= $3 order by id limit $4"
    );
    tx.all(sql, args![org, state, now, limit]).await
}

/// Whether a message is to be looked at by now; one that was put off only while its letter still waits.
pub async fn anything_due(tx: &mut Tx, org: OrgId, now: DateTime<Utc>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select m.id from notify_message m where m.org_id = $1 and m.try_at <= $2 and (m.state in ('sending', 'unknown', 'with_notify') or (m.state = 'put_off' and exists (select 1 from letter l where l.org_id = m.org_id and l.id = m.letter_id and l.state = 'waiting'))) order by m.id limit 1"
    );
    let found: Option<(i64,)> = tx.maybe(sql, args![org, now]).await?;
    Ok(found.is_some())
}

/// How many messages stand where: kind, state, status, count.
pub async fn message_counts(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, String, String, i64)>, StoreFault> {
    let sql = sql!(
        "select kind, state, status, count(*) from notify_message where org_id = $1 group by kind, state, status order by kind, state, status"
    );
    tx.all(sql, args![org]).await
}

/// A message in a list, with its letter.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NotifyMessageLine {
    /// Number of the letter.
    pub letter: String,
    /// email or letter.
    pub kind: String,
    /// Where it goes.
    pub sent_to: String,
    /// Our id of it.
    pub reference: String,
    /// Theirs.
    pub notify_id: String,
    /// sending, unknown, put_off, with_notify, failed or done.
    pub state: String,
    /// The last status that they told.
    pub status: String,
    /// Why it stands so.
    pub reason: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it was first tried.
    pub asked_at: DateTime<Utc>,
    /// When it is looked at again.
    pub try_at: Option<DateTime<Utc>>,
}

/// Messages, newest first, at most `limit`; in any state when none is said.
pub async fn message_lines(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    limit: i64,
) -> Result<Vec<NotifyMessageLine>, StoreFault> {
    let sql = sql!(
        "select l.number as letter, m.kind, l.sent_to, m.reference, m.notify_id, m.state, m.status, m.reason, m.tries, m.asked_at, m.try_at from notify_message m join letter l on l.org_id = m.org_id and l.id = m.letter_id where m.org_id = $1 and ($2 = '' or m.state = $2) order by m.id desc limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

// Letters that wait for it -----------------------------------------------------------

/// Waiting letters of a channel that it carries, oldest first: not left out, not being printed, not put off for later.
/// `begun` takes only those that were begun before.
pub async fn letters_for_notify(
    tx: &mut Tx,
    org: OrgId,
    channel: &str,
    now: DateTime<Utc>,
    begun: bool,
    limit: i64,
) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.kind, l.customer_id, l.document_id, l.template_code, l.template_version, l.dated_on, l.channel, l.sent_to, l.state, l.total_pence, l.content_sha256, l.file_sha256, l.batch_id, l.run_id, l.attempts, l.state_reason, l.recorded_at from letter l where l.org_id = $1 and l.state = 'waiting' and l.channel = $2 and not exists (select 1 from notify_left_out o where o.org_id = l.org_id and o.letter_id = l.id) and not exists (select 1 from notify_message m where m.org_id = l.org_id and m.letter_id = l.id and m.state = 'put_off' and m.try_at > $3) and (l.batch_id is null or not exists (select 1 from print_batch b where b.org_id = l.org_id and b.id = l.batch_id and b.state = 'printing')) and ($4 = 'all' or exists (select 1 from notify_message m where m.org_id = l.org_id and m.letter_id = l.id and m.state = 'put_off')) order by l.id limit $5"
    );
    let which = if begun { "begun" } else { "all" };
    tx.all(sql, args![org, channel, now, which, limit]).await
}

/// Takes a waiting letter for sending; false if it no longer waits, is left out, or is being printed.
pub async fn begin_letter(tx: &mut Tx, org: OrgId, letter: LetterId) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update letter set state = 'sending', attempts = attempts + 1 where org_id = $1 and id = $2 and state = 'waiting' and not exists (select 1 from notify_left_out o where o.org_id = $1 and o.letter_id = $2) and (batch_id is null or batch_id not in (select id from print_batch where org_id = $1 and state = 'printing'))"
    );
    Ok(tx.run(sql, args![org, letter]).await? == 1)
}

/// Says that it does not carry a letter, and why.
pub async fn leave_out(
    tx: &mut Tx,
    org: OrgId,
    letter: LetterId,
    reasons: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into notify_left_out (org_id, letter_id, reasons, recorded_at) values ($1, $2, $3, $4) on conflict do nothing"
    );
    tx.run(sql, args![org, letter, reasons, at]).await.map(drop)
}

/// A letter that it does not carry.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LeftOutRow {
    /// Number of the letter.
    pub letter: String,
    /// post or email.
    pub channel: String,
    /// Where it goes.
    pub sent_to: String,
    /// Why, in sentences.
    pub reasons: String,
}

/// Letters that it does not carry and that still wait, oldest first.
pub async fn left_out(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<LeftOutRow>, StoreFault> {
    let sql = sql!(
        "select l.number as letter, l.channel, l.sent_to, o.reasons from notify_left_out o join letter l on l.org_id = o.org_id and l.id = o.letter_id where o.org_id = $1 and l.state = 'waiting' order by l.id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Waiting e-mails that it does not carry, oldest first: our own mail server sends them.
pub async fn left_out_emails(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.kind, l.customer_id, l.document_id, l.template_code, l.template_version, l.dated_on, l.channel, l.sent_to, l.state, l.total_pence, l.content_sha256, l.file_sha256, l.batch_id, l.run_id, l.attempts, l.state_reason, l.recorded_at from notify_left_out o join letter l on l.org_id = o.org_id and l.id = o.letter_id where o.org_id = $1 and l.state = 'waiting' and l.channel = 'email' order by l.id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Ids of letters whose message may be on its way: nobody else settles them.
pub async fn letters_under_way(tx: &mut Tx, org: OrgId) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select letter_id from notify_message where org_id = $1 and state in ('sending', 'unknown') order by letter_id"
    );
    let rows: Vec<(i64,)> = tx.all(sql, args![org]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
