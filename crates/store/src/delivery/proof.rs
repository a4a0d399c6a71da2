//! What is known of a document's arrival, and which documents did not arrive.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};

/// Something known of a document's way to its customer.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DeliveryEventRow {
    /// Id.
    pub id: i64,
    /// Document.
    pub document_id: i64,
    /// Whose.
    pub customer_id: i64,
    /// The letter that carried it, if one did.
    pub letter_id: Option<i64>,
    /// post, email, peppol, portal, page or hand.
    pub way: String,
    /// What happened.
    pub outcome: String,
    /// The code it came with, such as AP or 5.1.1.
    pub code: String,
    /// Whose number for it: the portal's, the batch's, the answer's.
    pub reference: String,
    /// In words.
    pub words: String,
    /// When.
    pub on_day: NaiveDate,
    /// The kept file that shows it; empty for none.
    pub file_sha256: String,
    /// person, file, server or customer.
    pub source: String,
    /// Who recorded it.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds what became known.
pub async fn add_events(tx: &mut Tx, org: OrgId, rows: Vec<DeliveryEventRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "document_id",
        "customer_id",
        "letter_id",
        "way",
        "outcome",
        "code",
        "reference",
        "words",
        "on_day",
        "file_sha256",
        "source",
        "actor_name",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.document_id,
            r.customer_id,
            r.letter_id,
            r.way,
            r.outcome,
            r.code,
            r.reference,
            r.words,
            r.on_day,
            r.file_sha256,
            r.source,
            r.actor_name,
            r.recorded_at
        ]
    });
    tx.insert("delivery_event", COLUMNS, rows.collect()).await
}

/// What is known of a document's way, oldest first.
pub async fn events_of_document(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Vec<DeliveryEventRow>, StoreFault> {
    let sql = sql!(
        "select id, document_id, customer_id, letter_id, way, outcome, code, reference, words, on_day, file_sha256, source, actor_name, recorded_at from delivery_event where org_id = $1 and document_id = $2 order by id"
    );
    tx.all(sql, args![org, document]).await
}

/// A document that did not arrive, or that its receiver sent back.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct UndeliveredRow {
    /// Document.
    pub document_id: i64,
    /// Which time, from 1.
    pub seq: i64,
    /// Whose.
    pub customer_id: i64,
    /// post, email, peppol or portal.
    pub way: String,
    /// What happened: bounced, returned, rejected and so on.
    pub outcome: String,
    /// In words.
    pub words: String,
    /// Since when.
    pub from_on: NaiveDate,
    /// Until when; none while it stands.
    pub ended_on: Option<NaiveDate>,
    /// How it ended.
    pub ended_words: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// How often a document did not arrive, newest first.
pub async fn undelivered_of_document(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Vec<UndeliveredRow>, StoreFault> {
    let sql = sql!(
        "select document_id, seq, customer_id, way, outcome, words, from_on, ended_on, ended_words, recorded_at from undelivered where org_id = $1 and document_id = $2 order by seq desc"
    );
    tx.all(sql, args![org, document]).await
}

/// Adds that a document did not arrive.
pub async fn add_undelivered(tx: &mut Tx, org: OrgId, r: &UndeliveredRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into undelivered (org_id, document_id, seq, customer_id, way, outcome, words, from_on, ended_on, ended_words, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = args![
        org,
        r.document_id,
        r.seq,
        r.customer_id,
        &r.way,
        &r.outcome,
        &r.words,
        r.from_on,
        r.ended_on,
        &r.ended_words,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes what stands of a document that did not arrive.
pub async fn change_undelivered(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
    (way, outcome, words): (&str, &str, &str),
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update undelivered set way = $3, outcome = $4, words = $5 where org_id = $1 and document_id = $2 and ended_on is null"
    );
    tx.run(sql, args![org, document, way, outcome, words]).await.map(drop)
}

/// Ends it: the document was sent again, or arrived; false when none stood.
pub async fn end_undelivered(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
    day: NaiveDate,
    words: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update undelivered set ended_on = $3, ended_words = $4 where org_id = $1 and document_id = $2 and ended_on is null"
    );
    Ok(tx.run(sql, args![org, document, day, words]).await? > 0)
}

/// A document that did not arrive, for recovery: it is not chased until it was sent again.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct UndeliveredFact {
    /// Whose.
    pub customer_id: i64,
    /// Number of the invoice.
    pub number: String,
    /// Since when.
    pub from_on: NaiveDate,
    /// The way it took.
    pub way: String,
    /// What happened.
    pub outcome: String,
}

/// Documents of customers from one id to another that did not arrive.
pub async fn undelivered_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<UndeliveredFact>, StoreFault> {
    let sql = sql!(
        "select u.customer_id, d.number, u.from_on, u.way, u.outcome from undelivered u join document d on d.org_id = u.org_id and d.id = u.document_id where u.org_id = $1 and u.customer_id between $2 and $3 and u.ended_on is null and d.kind = 'invoice' order by u.customer_id, u.document_id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// An invoice of which nobody knows that it arrived.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NotReceivedRow {
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// What is open of it.
    pub open_pence: i64,
    /// The way it took; empty where it took none yet.
    pub way: String,
    /// What became of it.
    pub outcome: String,
    /// In words.
    pub words: String,
    /// Since when.
    pub since_on: NaiveDate,
    /// Whether it is not chased for it.
    pub stops_chasing: bool,
}

/// Invoices with something open of which nobody knows that they arrived, those that came back first; at most `limit`.
pub async fn not_received(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<NotReceivedRow>, StoreFault> {
    let sql = sql!(
        "select d.number, c.number as customer_number, c.name as customer_name, d.issue_on, d.due_on, i.open_pence, coalesce(u.way, case when e.id is not null then 'peppol' else l.channel end, '') as way, coalesce(u.outcome, e.state, l.state, 'not_written') as outcome, coalesce(u.words, e.reason, l.state_reason, '') as words, coalesce(u.from_on, d.issue_on) as since_on, u.document_id is not null as stops_chasing from open_item i join document d on d.org_id = i.org_id and d.id = i.document_id join customer c on c.org_id = d.org_id and c.id = d.customer_id left join undelivered u on u.org_id = d.org_id and u.document_id = d.id and u.ended_on is null left join einvoice e on e.org_id = d.org_id and e.document_id = d.id and e.state <> 'withdrawn' left join letter l on l.org_id = d.org_id and l.id = (select max(m.id) from letter m where m.org_id = d.org_id and m.document_id = d.id and m.state <> 'withdrawn') where i.org_id = $1 and i.open_pence > 0 and i.kind = 'invoice' and d.origin = 'raised' and not exists (select 1 from document_instalment n where n.org_id = i.org_id and n.item_id = i.id and n.part > 1) and (u.document_id is not null or (coalesce(l.state, '') not in ('sent', 'printed') and coalesce(e.state, '') not in ('delivered', 'acknowledged', 'in_process', 'conditional', 'accepted', 'paid') and not exists (select 1 from delivery_event v where v.org_id = d.org_id and v.document_id = d.id and v.outcome in ('confirmed', 'opened', 'portal_accepted', 'handed_over', 'server_accepted', 'uploaded')))) order by case when u.document_id is not null then 0 else 1 end, since_on, d.id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// Customers whose documents a person uploads, each with the name of the portal.
pub async fn portals(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql =
        sql!("select customer_id, portal from receiver_rule where org_id = $1 and way = 'portal' order by customer_id");
    tx.all(sql, args![org]).await
}

/// Customers whose PDF invoices carry the invoice as data.
pub async fn takers_of_data(tx: &mut Tx, org: OrgId) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!("select customer_id from receiver_rule where org_id = $1 and hybrid = $2 order by customer_id");
    Ok(tx.all::<(i64,)>(sql, args![org, true]).await?.into_iter().map(|row| row.0).collect())
}

/// Letters that carried a document, newest first: id, number and state.
pub async fn letters_of_document(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql = sql!("select id, number, state from letter where org_id = $1 and document_id = $2 order by id desc");
    tx.all(sql, args![org, document]).await
}
