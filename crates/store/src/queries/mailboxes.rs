//! Mailboxes that messages are collected from, and what was taken from each.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A mailbox.
#[derive(Clone, Debug, FromRow)]
pub struct MailboxRow {
    /// Id.
    pub id: i64,
    /// Its name here.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: i64,
    /// Whom the server knows us as.
    pub user_name: String,
    /// Their password, sealed.
    pub secret: String,
    /// The certificate of the authority that signed the server's own; empty where a public one did.
    pub certificate: String,
    /// The folder that is read.
    pub folder: String,
    /// The folder that taken messages are moved to; empty leaves them, marked as read.
    pub moved_to: String,
    /// Who looks after the queries that it opens.
    pub query_owner: String,
    /// What such queries are about, until somebody says.
    pub query_category: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Whether what opens a query is acknowledged.
    pub acknowledge: bool,
    /// Who set it up.
    pub owner: i64,
    /// Their name.
    pub owner_name: String,
    /// How the server numbered its messages at the last look; 0 before the first.
    pub uid_validity: i64,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be reached.
    pub failed: bool,
    /// Rises with every change.
    pub version: i64,
    /// When it was set up.
    pub recorded_at: DateTime<Utc>,
}

/// Mailboxes, by name.
pub async fn mailboxes(tx: &mut Tx, org: OrgId) -> Result<Vec<MailboxRow>, StoreFault> {
    let sql = sql!(
        "select id, name, host, port, user_name, secret, certificate, folder, moved_to, query_owner, query_category, every_minutes, in_use, acknowledge, owner, owner_name, uid_validity, looked_at, result, failed, version, recorded_at from mailbox where org_id = $1 order by name"
    );
    tx.all(sql, args![org]).await
}

/// Adds a mailbox, or changes the one with its id.
pub async fn keep_mailbox(tx: &mut Tx, org: OrgId, m: &MailboxRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into mailbox (org_id, id, name, host, port, user_name, secret, certificate, folder, moved_to, query_owner, query_category, every_minutes, in_use, owner, owner_name, uid_validity, looked_at, result, failed, version, recorded_at, acknowledge) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, null, '', $17, $18, $19, $20) on conflict (org_id, id) do update set host = excluded.host, port = excluded.port, user_name = excluded.user_name, secret = excluded.secret, certificate = excluded.certificate, folder = excluded.folder, moved_to = excluded.moved_to, query_owner = excluded.query_owner, query_category = excluded.query_category, every_minutes = excluded.every_minutes, in_use = excluded.in_use, owner = excluded.owner, owner_name = excluded.owner_name, version = excluded.version, acknowledge = excluded.acknowledge"
    );
    let values = args![
        org,
        m.id,
        &m.name,
        &m.host,
        m.port,
        &m.user_name,
        &m.secret,
        &m.certificate,
        &m.folder,
        &m.moved_to,
        &m.query_owner,
        &m.query_category,
        m.every_minutes,
        m.in_use,
        m.owner,
        &m.owner_name,
        m.failed,
        m.version,
        m.recorded_at,
        m.acknowledge
    ];
    tx.run(sql, values).await.map(drop)
}

/// Says whether a mailbox is looked at; false where there is none with this id.
pub async fn set_mailbox_in_use(tx: &mut Tx, org: OrgId, id: i64, in_use: bool) -> Result<bool, StoreFault> {
    let sql = sql!("update mailbox set in_use = $3, version = version + 1 where org_id = $1 and id = $2");
    Ok(tx.run(sql, args![org, id, in_use]).await? == 1)
}

/// Says when a mailbox was looked at, how the server numbers its messages, and what came of it.
pub async fn mailbox_looked_at(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (at, uid_validity): (DateTime<Utc>, i64),
    (result, failed): (&str, bool),
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update mailbox set looked_at = $3, result = $4, failed = $5, uid_validity = case when $6 = 0 then uid_validity else $6 end where org_id = $1 and id = $2"
    );
    tx.run(sql, args![org, id, at, result, failed, uid_validity]).await.map(drop)
}

/// What was taken from a mailbox under one numbering: the server's number.
pub async fn taken(tx: &mut Tx, org: OrgId, mailbox: i64, uid_validity: i64) -> Result<Vec<i64>, StoreFault> {
    let sql =
        sql!("select uid from mailbox_taken where org_id = $1 and mailbox_id = $2 and uid_validity = $3 order by uid");
    let rows: Vec<(i64,)> = tx.all(sql, args![org, mailbox, uid_validity]).await?;
    Ok(rows.into_iter().map(|(uid,)| uid).collect())
}

/// Notes that a message was taken, in the transaction that takes it.
pub async fn note_taken(
    tx: &mut Tx,
    org: OrgId,
    (mailbox, uid_validity, uid): (i64, i64, i64),
    mail: i64,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into mailbox_taken (org_id, mailbox_id, uid_validity, uid, mail_id, taken_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing"
    );
    tx.run(sql, args![org, mailbox, uid_validity, uid, mail, at]).await.map(drop)
}
