//! GOV.UK Notify: how it is set up, its calls, and the e-mail addresses that take no mail.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// How it is set up.
#[derive(Clone, Debug, FromRow)]
pub struct NotifySettingRow {
    /// Where its API is.
    pub base_url: String,
    /// The service's id, from the key.
    pub service_id: String,
    /// The key, sealed.
    pub sealed_key: String,
    /// What its calls to us must bear, sealed.
    pub sealed_token: String,
    /// It carries e-mail.
    pub carries_email: bool,
    /// It carries letters by post.
    pub carries_post: bool,
    /// The template of e-mails there.
    pub email_template: String,
    /// Where answers to e-mails go; empty for the service's own.
    pub reply_to: String,
    /// first, second or economy.
    pub postage: String,
    /// E-mail waits until then.
    pub email_held_until: Option<DateTime<Utc>>,
    /// Letters wait until then.
    pub letter_held_until: Option<DateTime<Utc>>,
    /// Why.
    pub held_words: String,
    /// Calls with no token or a wrong one.
    pub strangers: i64,
    /// When the last of them came.
    pub stranger_at: Option<DateTime<Utc>>,
    /// When it was set up.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// How it is set up, if it is.
pub async fn notify_setting(tx: &mut Tx, org: OrgId) -> Result<Option<NotifySettingRow>, StoreFault> {
    let sql = sql!(
        "select base_url, service_id, sealed_key, sealed_token, carries_email, carries_post, email_template, reply_to, postage, email_held_until, letter_held_until, held_words, strangers, stranger_at, recorded_at, version from notify_setting where org_id = $1"
    );
    tx.maybe(sql, args![org]).await
}

/// Sets it up, or anew; what holds it is forgotten.
pub async fn set_notify_setting(tx: &mut Tx, org: OrgId, row: &NotifySettingRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into notify_setting (org_id, base_url, service_id, sealed_key, sealed_token, carries_email, carries_post, email_template, reply_to, postage, email_held_until, letter_held_until, held_words, strangers, stranger_at, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null, '', 0, null, $11, 1) on conflict (org_id) do update set base_url = excluded.base_url, service_id = excluded.service_id, sealed_key = excluded.sealed_key, sealed_token = excluded.sealed_token, carries_email = excluded.carries_email, carries_post = excluded.carries_post, email_template = excluded.email_template, reply_to = excluded.reply_to, postage = excluded.postage, email_held_until = null, letter_held_until = null, held_words = '', recorded_at = excluded.recorded_at, version = notify_setting.version + 1"
    );
    let values = args![
        org,
        &row.base_url,
        &row.service_id,
        &row.sealed_key,
        &row.sealed_token,
        row.carries_email,
        row.carries_post,
        &row.email_template,
        &row.reply_to,
        &row.postage,
        row.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Says until when e-mails and letters wait, and why.
pub async fn hold_notify(
    tx: &mut Tx,
    org: OrgId,
    email: Option<DateTime<Utc>>,
    letter: Option<DateTime<Utc>>,
    words: &str,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update notify_setting set email_held_until = $2, letter_held_until = $3, held_words = $4 where org_id = $1"
    );
    tx.run(sql, args![org, email, letter, words]).await.map(drop)
}

/// Counts a call that bore no token of ours.
pub async fn count_stranger(tx: &mut Tx, org: OrgId, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!("update notify_setting set strangers = strangers + 1, stranger_at = $2 where org_id = $1");
    tx.run(sql, args![org, at]).await.map(drop)
}

/// A call of theirs.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NotifyCallbackRow {
    /// Hash of what came.
    pub body_sha256: String,
    /// status, returned or other.
    pub kind: String,
    /// Their id.
    pub notify_id: String,
    /// Ours.
    pub reference: String,
    /// Where the message stands.
    pub status: String,
    /// known, unknown or other.
    pub state: String,
    /// When it came.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps a call; false when the same came before.
pub async fn add_callback(tx: &mut Tx, org: OrgId, row: &NotifyCallbackRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into notify_callback (org_id, body_sha256, kind, notify_id, reference, status, state, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing"
    );
    let values = args![
        org,
        &row.body_sha256,
        &row.kind,
        &row.notify_id,
        &row.reference,
        &row.status,
        &row.state,
        row.recorded_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Calls about messages that are none of ours, newest first.
pub async fn unknown_callbacks(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<NotifyCallbackRow>, StoreFault> {
    let sql = sql!(
        "select body_sha256, kind, notify_id, reference, status, state, recorded_at from notify_callback where org_id = $1 and state = 'unknown' order by recorded_at desc, body_sha256 limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// An e-mail address that takes no mail.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FailedEmailRow {
    /// The address, in small letters.
    pub address: String,
    /// Whose, when it failed.
    pub customer_id: i64,
    /// How we know.
    pub words: String,
    /// Since when.
    pub from_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Marks an address as taking no mail.
pub async fn add_failed_email(tx: &mut Tx, org: OrgId, row: &FailedEmailRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into failed_email (org_id, address, customer_id, words, from_on, recorded_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    );
    let values = args![org, &row.address, row.customer_id, &row.words, row.from_on, row.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// Addresses that take no mail, newest first.
pub async fn failed_emails(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<FailedEmailRow>, StoreFault> {
    let sql = sql!(
        "select address, customer_id, words, from_on, recorded_at from failed_email where org_id = $1 order by recorded_at desc, address limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Lets an address be used again; false if it was not marked.
pub async fn remove_failed_email(tx: &mut Tx, org: OrgId, address: &str) -> Result<bool, StoreFault> {
    let sql = sql!("delete from failed_email where org_id = $1 and address = $2");
    Ok(tx.run(sql, args![org, address]).await? == 1)
}
