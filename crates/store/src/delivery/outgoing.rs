//! E-mails that are not letters: to services and colleagues, each sent at most once.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// An e-mail that is to go out.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MailRow {
    /// Id.
    pub id: i64,
    /// To whom.
    pub sent_to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// What it is about: `query QRY-000001`.
    pub about: String,
    /// waiting, sending, sent, failed or unknown.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it stands so; once sent, its message id.
    pub state_reason: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds an e-mail, which waits.
pub async fn add_mail(tx: &mut Tx, org: OrgId, row: &MailRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into outgoing_mail (org_id, id, sent_to, subject, body, about, state, attempts, state_reason, recorded_at) values ($1, $2, $3, $4, $5, $6, 'waiting', 0, '', $7)"
    );
    let values = args![org, row.id, &row.sent_to, &row.subject, &row.body, &row.about, row.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// E-mails in a state, oldest first, at most `limit`.
pub async fn mails_in_state(tx: &mut Tx, org: OrgId, state: &str, limit: i64) -> Result<Vec<MailRow>, StoreFault> {
    let sql = sql!(
        "select id, sent_to, subject, body, about, state, attempts, state_reason, recorded_at from outgoing_mail where org_id = $1 and state = $2 order by id limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// E-mails about something, oldest first.
pub async fn mails_about(tx: &mut Tx, org: OrgId, about: &str) -> Result<Vec<MailRow>, StoreFault> {
    let sql = sql!(
        "select id, sent_to, subject, body, about, state, attempts, state_reason, recorded_at from outgoing_mail where org_id = $1 and about = $2 order by id"
    );
    tx.all(sql, args![org, about]).await
}

/// Takes a waiting e-mail for sending; false if it no longer waits.
pub async fn begin_mail(tx: &mut Tx, org: OrgId, id: i64) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update outgoing_mail set state = 'sending', attempts = attempts + 1 where org_id = $1 and id = $2 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, id]).await? == 1)
}

/// Says what became of an e-mail that was being sent.
pub async fn settle_mail(tx: &mut Tx, org: OrgId, id: i64, state: &str, why: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update outgoing_mail set state = $3, state_reason = $4 where org_id = $1 and id = $2 and state = 'sending'"
    );
    Ok(tx.run(sql, args![org, id, state, why]).await? == 1)
}
