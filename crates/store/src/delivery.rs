//! Letters, their templates, print batches, and whom to write to.
pub mod backing;
pub mod court_forms;
pub mod einvoice;
pub mod notify;
pub mod notify_queue;
pub mod outgoing;
pub mod pay_links;
pub mod proof;
pub mod templates;

use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{BatchId, CustomerId, DocumentId, LetterId, OrgId};

// Templates --------------------------------------------------------------------------

/// A version of a template.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct TemplateRow {
    /// Its name, such as `reminder_1`.
    pub code: String,
    /// Counted from 1.
    pub version: i64,
    /// draft, live or ended.
    pub state: String,
    /// The wording.
    pub body: serde_json::Value,
    /// Hash of the wording.
    pub content_hash: String,
    /// Who approved it.
    pub approved_by: String,
}

/// Adds versions of templates.
pub async fn add_templates(
    tx: &mut Tx,
    org: OrgId,
    rows: Vec<TemplateRow>,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "code", "version", "state", "body", "content_hash", "approved_by", "recorded_at"];
    let rows =
        rows.into_iter().map(|t| args![org, t.code, t.version, t.state, t.body, t.content_hash, t.approved_by, at]);
    tx.insert("letter_template", COLUMNS, rows.collect()).await
}

/// The codes of every template there ever was.
pub async fn template_codes(tx: &mut Tx, org: OrgId) -> Result<Vec<String>, StoreFault> {
    let rows: Vec<(String,)> =
        tx.all(sql!("select distinct code from letter_template where org_id = $1 order by code"), args![org]).await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// The versions of every template that have gone live by a day, oldest first: the last of a code is the one in use.
pub async fn live_templates(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Vec<TemplateRow>, StoreFault> {
    let sql = sql!(
        "select t.code, t.version, t.state, t.body, t.content_hash, t.approved_by from letter_template t left join template_draft d on d.org_id = t.org_id and d.code = t.code and d.version = t.version and d.state = 'approved' where t.org_id = $1 and t.state = 'live' and (d.live_from is null or d.live_from <= $2) order by t.code, t.version"
    );
    tx.all(sql, args![org, day]).await
}

// Whom to write to -------------------------------------------------------------------

/// What a letter needs to know of a customer.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct RecipientRow {
    /// Customer.
    pub id: i64,
    /// Number people quote.
    pub number: String,
    /// Name.
    pub name: String,
    /// Stored name of the domain's `CustomerKind`.
    pub kind: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// E-mail address; empty when none is held, or the one held takes no mail.
    pub email: String,
    /// post or email.
    pub channel: String,
    /// en or cy.
    pub language: String,
    /// `large_print` or empty.
    pub letter_format: String,
    /// Terms in days.
    pub terms_days: i64,
}

/// Customers from one id to another.
pub async fn recipients(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<RecipientRow>, StoreFault> {
    let sql = sql!(
        "select c.id, c.number, c.name, c.kind, c.address1, c.address2, c.town, c.postcode, case when exists (select 1 from failed_email f where f.org_id = c.org_id and f.address = lower(c.email)) then '' else c.email end as email, c.channel, c.language, c.letter_format, c.terms_days from customer c where c.org_id = $1 and c.id between $2 and $3 order by c.id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// The customers of documents from one id to another.
pub async fn recipients_of_documents(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (DocumentId, DocumentId),
) -> Result<Vec<RecipientRow>, StoreFault> {
    let sql = sql!(
        "select c.id, c.number, c.name, c.kind, c.address1, c.address2, c.town, c.postcode, case when exists (select 1 from failed_email f where f.org_id = c.org_id and f.address = lower(c.email)) then '' else c.email end as email, c.channel, c.language, c.letter_format, c.terms_days from customer c where c.org_id = $1 and c.id in (select d.customer_id from document d where d.org_id = $1 and d.id between $2 and $3) order by c.id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// A flag of a customer, as recovery and delivery read it.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct FlagFact {
    /// Customer.
    pub customer_id: i64,
    /// Stored name of the domain's `FlagKind`.
    pub kind: String,
    /// How we know.
    pub evidence: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
    /// The case it belongs to: that says which debts it bears on.
    pub case_id: Option<i64>,
}

/// Flags in force on a day of customers from one id to another.
pub async fn flags_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
    day: NaiveDate,
) -> Result<Vec<FlagFact>, StoreFault> {
    let sql = sql!(
        "select f.customer_id, f.kind, f.evidence, f.from_on, f.to_on, f.review_on, d.case_id from customer_flag f left join flag_detail d on d.org_id = f.org_id and d.flag_id = f.id where f.org_id = $1 and f.customer_id between $2 and $3 and f.from_on <= $4 and (f.to_on is null or f.to_on >= $4) order by f.customer_id, f.id"
    );
    tx.all(sql, args![org, first, last, day]).await
}

/// Flags in force on some day between two, of customers from one id to another.
pub async fn flags_between(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<FlagFact>, StoreFault> {
    let sql = sql!(
        "select f.customer_id, f.kind, f.evidence, f.from_on, f.to_on, f.review_on, d.case_id from customer_flag f left join flag_detail d on d.org_id = f.org_id and d.flag_id = f.id where f.org_id = $1 and f.customer_id between $2 and $3 and f.from_on <= $5 and (f.to_on is null or f.to_on >= $4) order by f.customer_id, f.id"
    );
    tx.all(sql, args![org, first, last, from, until]).await
}

/// Flags in force on a day of the customers of documents from one id to another.
pub async fn flags_of_documents(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (DocumentId, DocumentId),
    day: NaiveDate,
) -> Result<Vec<FlagFact>, StoreFault> {
    let sql = sql!(
        "select f.customer_id, f.kind, f.evidence, f.from_on, f.to_on, f.review_on, d.case_id from customer_flag f left join flag_detail d on d.org_id = f.org_id and d.flag_id = f.id where f.org_id = $1 and f.customer_id in (select c.customer_id from document c where c.org_id = $1 and c.id between $2 and $3) and f.from_on <= $4 and (f.to_on is null or f.to_on >= $4) order by f.customer_id, f.id"
    );
    tx.all(sql, args![org, first, last, day]).await
}

// Letters ----------------------------------------------------------------------------

/// A letter without its content.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LetterRow {
    /// Id.
    pub id: i64,
    /// Number people quote.
    pub number: String,
    /// Stored name of the domain's `LetterKind`.
    pub kind: String,
    /// Customer.
    pub customer_id: i64,
    /// The invoice or credit note it carries.
    pub document_id: Option<i64>,
    /// Template.
    pub template_code: String,
    /// Its version.
    pub template_version: i64,
    /// Date on the letter.
    pub dated_on: NaiveDate,
    /// post or email.
    pub channel: String,
    /// The address it goes to, as it was then.
    pub sent_to: String,
    /// waiting, held, printed, sending, sent, failed, unknown or withdrawn.
    pub state: String,
    /// The sum printed large on it.
    pub total_pence: i64,
    /// Hash of the content.
    pub content_sha256: String,
    /// Hash of the kept PDF; empty before it is printed.
    pub file_sha256: String,
    /// Print batch.
    pub batch_id: Option<i64>,
    /// Run that wrote it.
    pub run_id: Option<i64>,
    /// How often it was tried to be sent.
    pub attempts: i64,
    /// Why it stands as it does, or the mail's message id.
    pub state_reason: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A letter to add.
#[derive(Clone, Debug)]
pub struct NewLetterRow {
    /// All but the content.
    pub head: LetterRow,
    /// The content, as JSON text.
    pub content: String,
    /// The items it names, with what was open of each.
    pub items: Vec<(i64, i64)>,
}

/// Adds letters with the items they name.
pub async fn add_letters(tx: &mut Tx, org: OrgId, rows: Vec<NewLetterRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "kind",
        "customer_id",
        "document_id",
        "template_code",
        "template_version",
        "dated_on",
        "channel",
        "sent_to",
        "state",
        "total_pence",
        "content",
        "content_sha256",
        "file_sha256",
        "batch_id",
        "run_id",
        "attempts",
        "state_reason",
        "recorded_at",
    ];
    const ITEM: &[&str] = &["org_id", "letter_id", "item_id", "open_pence"];
    let mut items = Vec::new();
    let mut letters = Vec::with_capacity(rows.len());
    for r in rows {
        items.extend(r.items.iter().map(|(item, open)| args![org, r.head.id, *item, *open]));
        letters.push(args![
            org,
            r.head.id,
            r.head.number,
            r.head.kind,
            r.head.customer_id,
            r.head.document_id,
            r.head.template_code,
            r.head.template_version,
            r.head.dated_on,
            r.head.channel,
            r.head.sent_to,
            r.head.state,
            r.head.total_pence,
            r.content,
            r.head.content_sha256,
            r.head.file_sha256,
            r.head.batch_id,
            r.head.run_id,
            r.head.attempts,
            r.head.state_reason,
            r.head.recorded_at
        ]);
    }
    tx.insert("letter", COLUMNS, letters).await?;
    tx.insert("letter_item", ITEM, items).await
}

/// A letter by its number.
pub async fn letter(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<LetterRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at from letter where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The letter that first carried an invoice or a credit note with a number.
pub async fn letter_of_document(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<LetterRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.kind, l.customer_id, l.document_id, l.template_code, l.template_version, l.dated_on, l.channel, l.sent_to, l.state, l.total_pence, l.content_sha256, l.file_sha256, l.batch_id, l.run_id, l.attempts, l.state_reason, l.recorded_at from document d join letter l on l.org_id = d.org_id and l.document_id = d.id where d.org_id = $1 and d.kind in ('invoice', 'credit_note') and d.number = $2 and l.kind in ('invoice', 'credit_note') order by l.id limit 1"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Whether there is an invoice or a credit note with a number.
pub async fn is_document(tx: &mut Tx, org: OrgId, number: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "select id from document where org_id = $1 and kind in ('invoice', 'credit_note') and number = $2 order by id limit 1"
    );
    let found: Option<(i64,)> = tx.maybe(sql, args![org, number]).await?;
    Ok(found.is_some())
}

/// A letter by its id.
pub async fn letter_by_id(tx: &mut Tx, org: OrgId, id: LetterId) -> Result<Option<LetterRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at from letter where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// The content of a letter, as JSON text.
pub async fn letter_content(tx: &mut Tx, org: OrgId, id: LetterId) -> Result<Option<String>, StoreFault> {
    let row: Option<(String,)> =
        tx.maybe(sql!("select content from letter where org_id = $1 and id = $2"), args![org, id]).await?;
    Ok(row.map(|(content,)| content))
}

/// Items a letter names, with what was open of each when it was written.
pub async fn items_of_letter(tx: &mut Tx, org: OrgId, id: LetterId) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!("select item_id, open_pence from letter_item where org_id = $1 and letter_id = $2 order by item_id");
    tx.all(sql, args![org, id]).await
}

/// Letters to a customer, newest first.
pub async fn letters_of_customer(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at from letter where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Letters that name an item, oldest first.
pub async fn letters_of_item(tx: &mut Tx, org: OrgId, item: i64) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.kind, l.customer_id, l.document_id, l.template_code, l.template_version, l.dated_on, l.channel, l.sent_to, l.state, l.total_pence, l.content_sha256, l.file_sha256, l.batch_id, l.run_id, l.attempts, l.state_reason, l.recorded_at from letter_item li join letter l on l.org_id = li.org_id and l.id = li.letter_id where li.org_id = $1 and li.item_id = $2 order by l.id"
    );
    tx.all(sql, args![org, item]).await
}

/// Letters dated on or after a day, oldest first.
pub async fn letters_since(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at from letter where org_id = $1 and dated_on >= $2 order by id"
    );
    tx.all(sql, args![org, since]).await
}

/// Letters in a state on a channel after an id, oldest first, at most `limit`.
pub async fn letters_in_state(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    channel: &str,
    after: LetterId,
    limit: i64,
) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at from letter where org_id = $1 and state = $2 and channel = $3 and id > $4 order by id limit $5"
    );
    tx.all(sql, args![org, state, channel, after, limit]).await
}

/// State, channel and number of letters that are not settled.
pub async fn letter_counts(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, String, i64)>, StoreFault> {
    let sql = sql!(
        "select state, channel, count(*) from letter where org_id = $1 and state in ('waiting','held','sending','failed','unknown') group by state, channel order by state, channel"
    );
    tx.all(sql, args![org]).await
}

/// Moves a letter from one of two states to another, with the reason; false if it was in neither.
pub async fn move_letter(
    tx: &mut Tx,
    org: OrgId,
    id: LetterId,
    from: (&str, &str),
    to: &str,
    reason: &str,
) -> Result<bool, StoreFault> {
    let sql =
        sql!("update letter set state = $5, state_reason = $6 where org_id = $1 and id = $2 and state in ($3, $4)");
    Ok(tx.run(sql, args![org, id, from.0, from.1, to, reason]).await? == 1)
}

/// Settles a letter as sent, with its message id and the kept file; false if it was settled before.
pub async fn settle_sent(
    tx: &mut Tx,
    org: OrgId,
    id: LetterId,
    message_id: &str,
    file_sha256: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update letter set state = 'sent', state_reason = $3, file_sha256 = $4 where org_id = $1 and id = $2 and state in ('sending', 'unknown')"
    );
    Ok(tx.run(sql, args![org, id, message_id, file_sha256]).await? == 1)
}

/// An item that a letter names, as it stands now.
#[derive(Clone, Debug, FromRow)]
pub struct ItemNow {
    /// Id.
    pub id: i64,
    /// Its date.
    pub dated_on: NaiveDate,
    /// What is open of it.
    pub open_pence: i64,
    /// What of that is disputed.
    pub disputed_pence: i64,
    /// How much the letter asks for.
    pub asked_pence: i64,
    /// Debt type.
    pub debt_type: String,
    /// When it is due.
    pub due_on: NaiveDate,
}

/// Items a letter names as they stand now.
pub async fn letter_items_now(tx: &mut Tx, org: OrgId, id: LetterId) -> Result<Vec<ItemNow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.dated_on, i.open_pence, i.disputed_pence, li.open_pence as asked_pence, i.debt_type, i.due_on from letter_item li join open_item i on i.org_id = li.org_id and i.id = li.item_id where li.org_id = $1 and li.letter_id = $2 order by i.id"
    );
    tx.all(sql, args![org, id]).await
}

/// Takes a waiting letter for sending; false if it no longer waits.
pub async fn begin_sending(tx: &mut Tx, org: OrgId, id: LetterId) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update letter set state = 'sending', attempts = attempts + 1 where org_id = $1 and id = $2 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, id]).await? == 1)
}

// Invoices that need a letter ---------------------------------------------------------

/// A document whose letter is to be written.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct DocumentFact {
    /// Id.
    pub id: i64,
    /// invoice or credit_note.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Customer.
    pub customer_id: i64,
    /// Date.
    pub issue_on: NaiveDate,
    /// Tax point.
    pub tax_point_on: NaiveDate,
    /// Due date.
    pub due_on: NaiveDate,
    /// The customer's purchase order.
    pub po_number: String,
    /// Service.
    pub service: String,
    /// Sum without VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// Sum with VAT.
    pub gross_pence: i64,
    /// Why, for a credit note.
    pub reason: String,
    /// Number of the invoice it corrects.
    pub corrects_number: Option<String>,
    /// Its date.
    pub corrects_on: Option<NaiveDate>,
}

/// A line of a document, for its letter.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct LineFact {
    /// Document.
    pub document_id: i64,
    /// Line, from 1.
    pub line: i64,
    /// What was supplied.
    pub description: String,
    /// Quantity in ten-thousandths.
    pub quantity_e4: i64,
    /// Unit price in ten-thousandths of a pound.
    pub unit_price_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// Rate in basis points.
    pub vat_bp: i64,
    /// Net.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
}

/// Documents raised here that no letter carries yet, after an id, at most `limit`.
pub async fn documents_without_letter(
    tx: &mut Tx,
    org: OrgId,
    after: DocumentId,
    limit: i64,
) -> Result<Vec<DocumentFact>, StoreFault> {
    let sql = sql!(
        "select d.id, d.kind, d.number, d.customer_id, d.issue_on, d.tax_point_on, d.due_on, d.po_number, d.service, d.net_pence, d.vat_pence, d.gross_pence, d.reason, o.number as corrects_number, o.issue_on as corrects_on from document d left join document o on o.org_id = d.org_id and o.id = d.corrects_id where d.org_id = $1 and d.id > $2 and d.origin = 'raised' and not exists (select 1 from letter l where l.org_id = d.org_id and l.document_id = d.id) and not exists (select 1 from einvoice e where e.org_id = d.org_id and e.document_id = d.id and e.state not in ('blocked', 'withdrawn')) and (not exists (select 1 from receiver_rule r where r.org_id = d.org_id and r.customer_id = d.customer_id and r.way = 'peppol') or exists (select 1 from einvoice e where e.org_id = d.org_id and e.document_id = d.id and e.state = 'withdrawn')) order by d.id limit $3"
    );
    tx.all(sql, args![org, after, limit]).await
}

/// A document as its letter tells it.
pub async fn document_fact(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<Option<DocumentFact>, StoreFault> {
    let sql = sql!(
        "select d.id, d.kind, d.number, d.customer_id, d.issue_on, d.tax_point_on, d.due_on, d.po_number, d.service, d.net_pence, d.vat_pence, d.gross_pence, d.reason, o.number as corrects_number, o.issue_on as corrects_on from document d left join document o on o.org_id = d.org_id and o.id = d.corrects_id where d.org_id = $1 and d.id = $2"
    );
    tx.maybe(sql, args![org, document]).await
}

/// Lines of documents from one id to another.
pub async fn lines_of_documents(
    tx: &mut Tx,
    org: OrgId,
    first: DocumentId,
    last: DocumentId,
) -> Result<Vec<LineFact>, StoreFault> {
    let sql = sql!(
        "select document_id, line, description, quantity_e4, unit_price_e4, vat_code, vat_bp, net_pence, vat_pence from document_line where org_id = $1 and document_id between $2 and $3 order by document_id, line"
    );
    tx.all(sql, args![org, first, last]).await
}

// Print batches ----------------------------------------------------------------------

/// A print batch with its control totals.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct BatchRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Date.
    pub dated_on: NaiveDate,
    /// Letters.
    pub letters_count: i64,
    /// Sheets of paper.
    pub sheets_count: i64,
    /// Sum of the letters' sums.
    pub total_pence: i64,
    /// First letter.
    pub first_number: String,
    /// Last letter.
    pub last_number: String,
    /// printing, printed or checked.
    pub state: String,
    /// Hash of the kept control list.
    pub file_sha256: String,
    /// Who ran it.
    pub run_by: String,
    /// Who checked it.
    pub checked_by: String,
    /// When it was begun.
    pub recorded_at: DateTime<Utc>,
}

/// Begins a batch.
pub async fn add_batch(tx: &mut Tx, org: OrgId, b: &BatchRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into print_batch (org_id, id, number, dated_on, letters_count, sheets_count, total_pence, first_number, last_number, state, file_sha256, run_by, checked_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = args![
        org,
        b.id,
        &b.number,
        b.dated_on,
        b.letters_count,
        b.sheets_count,
        b.total_pence,
        &b.first_number,
        &b.last_number,
        &b.state,
        &b.file_sha256,
        &b.run_by,
        &b.checked_by,
        b.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Puts at most `limit` waiting letters by post into a batch; how many.
pub async fn claim_letters(tx: &mut Tx, org: OrgId, batch: BatchId, limit: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update letter set batch_id = $2 where org_id = $1 and state = 'waiting' and id in (select id from letter where org_id = $1 and state = 'waiting' and channel = 'post' and (batch_id is null or batch_id in (select id from print_batch where org_id = $1 and state <> 'printing')) order by id limit $3)"
    );
    tx.run(sql, args![org, batch, limit]).await
}

/// Puts at most `limit` waiting letters by post into a batch, only those that GOV.UK Notify does not carry; how many.
pub async fn claim_left_out(tx: &mut Tx, org: OrgId, batch: BatchId, limit: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update letter set batch_id = $2 where org_id = $1 and state = 'waiting' and id in (select l.id from letter l join notify_left_out o on o.org_id = l.org_id and o.letter_id = l.id where l.org_id = $1 and l.state = 'waiting' and l.channel = 'post' and (l.batch_id is null or l.batch_id in (select id from print_batch where org_id = $1 and state <> 'printing')) order by l.id limit $3)"
    );
    tx.run(sql, args![org, batch, limit]).await
}

/// Letters of a batch that could not be set.
pub async fn parked_in_batch(tx: &mut Tx, org: OrgId, batch: BatchId) -> Result<i64, StoreFault> {
    let sql = sql!("select count(*) from letter where org_id = $1 and batch_id = $2 and state = 'failed'");
    let (count,): (i64,) = tx.one(sql, args![org, batch]).await?;
    Ok(count)
}

/// A batch by its number.
pub async fn batch(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<BatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, dated_on, letters_count, sheets_count, total_pence, first_number, last_number, state, file_sha256, run_by, checked_by, recorded_at from print_batch where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Every batch, newest first.
pub async fn batches(tx: &mut Tx, org: OrgId) -> Result<Vec<BatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, dated_on, letters_count, sheets_count, total_pence, first_number, last_number, state, file_sha256, run_by, checked_by, recorded_at from print_batch where org_id = $1 order by id desc"
    );
    tx.all(sql, args![org]).await
}

/// The batch that is being printed, if one is.
pub async fn batch_under_way(tx: &mut Tx, org: OrgId) -> Result<Option<BatchRow>, StoreFault> {
    let sql = sql!(
        "select id, number, dated_on, letters_count, sheets_count, total_pence, first_number, last_number, state, file_sha256, run_by, checked_by, recorded_at from print_batch where org_id = $1 and state = 'printing' order by id"
    );
    tx.maybe(sql, args![org]).await
}

/// Letters of a batch, in the order of printing.
pub async fn letters_of_batch(tx: &mut Tx, org: OrgId, batch: BatchId) -> Result<Vec<LetterRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at from letter where org_id = $1 and batch_id = $2 order by id"
    );
    tx.all(sql, args![org, batch]).await
}

/// Number and content of letters of a batch from one id to another, in the order of printing.
pub async fn contents_of_batch(
    tx: &mut Tx,
    org: OrgId,
    batch: BatchId,
    first: LetterId,
    last: LetterId,
) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql =
        sql!("select id, content from letter where org_id = $1 and batch_id = $2 and id between $3 and $4 order by id");
    tx.all(sql, args![org, batch, first, last]).await
}

/// Marks a letter of a batch as printed; false if it no longer waits.
pub async fn mark_printed(
    tx: &mut Tx,
    org: OrgId,
    batch: BatchId,
    id: LetterId,
    file_sha256: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update letter set state = 'printed', file_sha256 = $4 where org_id = $1 and id = $2 and batch_id = $3 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, id, batch, file_sha256]).await? == 1)
}

/// One file of a batch.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PartRow {
    /// Part, from 1.
    pub part: i64,
    /// Letters.
    pub letters_count: i64,
    /// Sheets of paper, without the control sheet.
    pub sheets_count: i64,
    /// Sum of the letters' sums.
    pub total_pence: i64,
    /// First letter.
    pub first_number: String,
    /// Last letter.
    pub last_number: String,
    /// Hash of the kept print file.
    pub file_sha256: String,
}

/// Adds a file to a batch.
pub async fn add_part(
    tx: &mut Tx,
    org: OrgId,
    batch: BatchId,
    p: &PartRow,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into print_part (org_id, batch_id, part, letters_count, sheets_count, total_pence, first_number, last_number, file_sha256, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let values = args![
        org,
        batch,
        p.part,
        p.letters_count,
        p.sheets_count,
        p.total_pence,
        &p.first_number,
        &p.last_number,
        &p.file_sha256,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The files of a batch, in order.
pub async fn parts_of_batch(tx: &mut Tx, org: OrgId, batch: BatchId) -> Result<Vec<PartRow>, StoreFault> {
    let sql = sql!(
        "select part, letters_count, sheets_count, total_pence, first_number, last_number, file_sha256 from print_part where org_id = $1 and batch_id = $2 order by part"
    );
    tx.all(sql, args![org, batch]).await
}

/// Ends the printing of a batch with its control totals; false if it was ended before.
pub async fn end_batch(tx: &mut Tx, org: OrgId, b: &BatchRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update print_batch set state = 'printed', letters_count = $3, sheets_count = $4, total_pence = $5, first_number = $6, last_number = $7, file_sha256 = $8 where org_id = $1 and id = $2 and state = 'printing'"
    );
    let values = args![
        org,
        b.id,
        b.letters_count,
        b.sheets_count,
        b.total_pence,
        &b.first_number,
        &b.last_number,
        &b.file_sha256
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A person signs for a printed batch; false if it is not waiting for that.
pub async fn check_batch(tx: &mut Tx, org: OrgId, batch: BatchId, checked_by: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update print_batch set state = 'checked', checked_by = $3 where org_id = $1 and id = $2 and state = 'printed'"
    );
    Ok(tx.run(sql, args![org, batch, checked_by]).await? == 1)
}
