//! Messages to the shared mailbox: as they came, where they were put and why.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A message.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct InboundMailRow {
    /// Id.
    pub id: i64,
    /// Number: `MSG-000001`.
    pub number: String,
    /// Hash of its bytes: the kept file.
    pub sha256: String,
    /// Its own id; empty where it has none.
    pub message_id: String,
    /// Hash of who wrote what, whichever way it came.
    pub content_sha256: String,
    /// The mailbox it was collected from; empty where it was handed in.
    pub mailbox: String,
    /// The name of the file it came in.
    pub file_name: String,
    /// Size.
    pub size_bytes: i64,
    /// Whether a card number was masked in it.
    pub masked: bool,
    /// person, automatic or bulk.
    pub writer: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Where answers are to go, when that is elsewhere.
    pub reply_to: String,
    /// Subject.
    pub subject: String,
    /// What they wrote.
    pub words: String,
    /// What they quote.
    pub quoted: String,
    /// When it says that it was written.
    pub sent_at: Option<DateTime<Utc>>,
    /// The business day on which it came.
    pub received_on: NaiveDate,
    /// When it was taken.
    pub recorded_at: DateTime<Utc>,
    /// Where it stands.
    pub state: String,
    /// Why, in sentences.
    pub reasons: Value,
    /// Accounts a person may choose from.
    pub candidates: Value,
    /// The account it belongs to.
    pub customer_id: Option<i64>,
    /// The query it is part of.
    pub query_id: Option<i64>,
    /// The letter that it is about.
    pub letter: String,
    /// Who is to sort it.
    pub owner: String,
    /// Who sorted it; empty where the rules did.
    pub decided_by_name: String,
    /// Why they set it aside.
    pub decided_reason: String,
    /// When they did.
    pub decided_at: Option<DateTime<Utc>>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds a message.
pub async fn add_mail(tx: &mut Tx, org: OrgId, m: &InboundMailRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into inbound_mail (org_id, id, number, sha256, message_id, content_sha256, mailbox, file_name, size_bytes, masked, writer, from_name, from_address, reply_to, subject, words, quoted, sent_at, received_on, recorded_at, state, reasons, candidates, customer_id, query_id, letter, owner, decided_by_name, decided_reason, decided_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, '', '', null, 1)"
    );
    let values = args![
        org,
        m.id,
        &m.number,
        &m.sha256,
        &m.message_id,
        &m.content_sha256,
        &m.mailbox,
        &m.file_name,
        m.size_bytes,
        m.masked,
        &m.writer,
        &m.from_name,
        &m.from_address,
        &m.reply_to,
        &m.subject,
        &m.words,
        &m.quoted,
        m.sent_at,
        m.received_on,
        m.recorded_at,
        &m.state,
        m.reasons.clone(),
        m.candidates.clone(),
        m.customer_id,
        m.query_id,
        &m.letter,
        &m.owner
    ];
    tx.run(sql, values).await.map(drop)
}

/// The message with a number.
pub async fn mail_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<InboundMailRow>, StoreFault> {
    let sql = sql!(
        "select id, number, sha256, message_id, content_sha256, mailbox, file_name, size_bytes, masked, writer, from_name, from_address, reply_to, subject, words, quoted, sent_at, received_on, recorded_at, state, reasons, candidates, customer_id, query_id, letter, owner, decided_by_name, decided_reason, decided_at, version from inbound_mail where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Id, number and state of a message that came before: the same bytes, or the same words under the same id.
pub async fn mail_seen(
    tx: &mut Tx,
    org: OrgId,
    sha256: &str,
    (message_id, content_sha256): (&str, &str),
) -> Result<Option<(i64, String, String)>, StoreFault> {
    let same = sql!("select id, number, state from inbound_mail where org_id = $1 and sha256 = $2");
    let found = tx.maybe(same, args![org, sha256]).await?;
    if found.is_some() || message_id.is_empty() {
        return Ok(found);
    }
    let sql = sql!(
        "select id, number, state from inbound_mail where org_id = $1 and message_id = $2 and content_sha256 = $3 order by id limit 1"
    );
    tx.maybe(sql, args![org, message_id, content_sha256]).await
}

/// Says where a message stands now, if it still has the version that was read; false if not.
pub async fn sort_mail(tx: &mut Tx, org: OrgId, m: &InboundMailRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update inbound_mail set state = $4, customer_id = $5, query_id = $6, owner = $7, decided_by_name = $8, decided_reason = $9, decided_at = $10, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        m.id,
        m.version,
        &m.state,
        m.customer_id,
        m.query_id,
        &m.owner,
        &m.decided_by_name,
        &m.decided_reason,
        m.decided_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A file that hung on a message.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct InboundFileRow {
    /// The message.
    pub mail_id: i64,
    /// Its place, from 1.
    pub seq: i64,
    /// Its name as sent.
    pub name: String,
    /// Its media type as sent.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// Hash of the kept file; empty where it was left out.
    pub sha256: String,
    /// Why it was left out; empty where it is kept.
    pub left_out: String,
}

/// Adds the files of a message.
pub async fn add_files(tx: &mut Tx, org: OrgId, rows: &[InboundFileRow]) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into inbound_file (org_id, mail_id, seq, name, media_type, size_bytes, sha256, left_out) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    for r in rows {
        let values = args![org, r.mail_id, r.seq, &r.name, &r.media_type, r.size_bytes, &r.sha256, &r.left_out];
        tx.run(sql, values).await?;
    }
    Ok(())
}

/// The files of a message, in order.
pub async fn files_of(tx: &mut Tx, org: OrgId, mail: i64) -> Result<Vec<InboundFileRow>, StoreFault> {
    let sql = sql!(
        "select mail_id, seq, name, media_type, size_bytes, sha256, left_out from inbound_file where org_id = $1 and mail_id = $2 order by seq"
    );
    tx.all(sql, args![org, mail]).await
}

/// A line of the list of messages.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct InboundMailLine {
    /// Id: the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Subject.
    pub subject: String,
    /// person, automatic or bulk.
    pub writer: String,
    /// Where it stands.
    pub state: String,
    /// Why, in sentences.
    pub reasons: Value,
    /// Who is to sort it, or looks after its query.
    pub owner: String,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// When it was taken.
    pub recorded_at: DateTime<Utc>,
    /// Number of the account it belongs to, or empty.
    pub customer_number: String,
    /// Its name.
    pub customer_name: String,
    /// Number of the query it is part of, or empty.
    pub query_number: String,
    /// When the sender was first asked, answered or told something, or somebody set the message aside.
    pub answered_at: Option<DateTime<Utc>>,
}

/// Messages in a state: what waits oldest first, the rest newest first, after a place in the list.
pub async fn mails_page(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<InboundMailLine>, StoreFault> {
    let waiting = sql!(
        "select m.id, m.number, m.from_name, m.from_address, m.subject, m.writer, m.state, m.reasons, case when m.owner <> '' then m.owner else coalesce(q.owner, '') end as owner, m.received_on, m.recorded_at, coalesce(c.number, '') as customer_number, coalesce(c.name, '') as customer_name, coalesce(q.number, '') as query_number, coalesce((select min(a.recorded_at) from audit a where a.org_id = m.org_id and a.subject = 'query ' || q.number and a.event in ('CustomerAsked','QueryAnswered','QueryResolved') and a.recorded_at >= m.recorded_at), m.decided_at) as answered_at from inbound_mail m left join query q on q.org_id = m.org_id and q.id = m.query_id left join customer c on c.org_id = m.org_id and c.id = m.customer_id where m.org_id = $1 and m.state = $2 and m.id > $3 order by m.id limit $4"
    );
    let newest = sql!(
        "select m.id, m.number, m.from_name, m.from_address, m.subject, m.writer, m.state, m.reasons, case when m.owner <> '' then m.owner else coalesce(q.owner, '') end as owner, m.received_on, m.recorded_at, coalesce(c.number, '') as customer_number, coalesce(c.name, '') as customer_name, coalesce(q.number, '') as query_number, coalesce((select min(a.recorded_at) from audit a where a.org_id = m.org_id and a.subject = 'query ' || q.number and a.event in ('CustomerAsked','QueryAnswered','QueryResolved') and a.recorded_at >= m.recorded_at), case when m.state = 'set_aside' then m.decided_at end) as answered_at from inbound_mail m left join query q on q.org_id = m.org_id and q.id = m.query_id left join customer c on c.org_id = m.org_id and c.id = m.customer_id where m.org_id = $1 and m.state = $2 and m.id < $3 order by m.id desc limit $4"
    );
    let (sql, from) =
        if state == "waiting" { (waiting, after) } else { (newest, if after == 0 { i64::MAX } else { after }) };
    tx.all(sql, args![org, state, from, limit]).await
}

/// How many messages stand where.
pub async fn mail_counts(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select state, cast(count(*) as bigint) from inbound_mail where org_id = $1 group by state order by state"
    );
    tx.all(sql, args![org]).await
}

/// Number, sender's address, subject and day of the messages of a query, oldest first.
pub async fn mails_of_query(
    tx: &mut Tx,
    org: OrgId,
    query: i64,
) -> Result<Vec<(String, String, String, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select number, from_address, subject, received_on from inbound_mail where org_id = $1 and query_id = $2 order by id"
    );
    tx.all(sql, args![org, query]).await
}
