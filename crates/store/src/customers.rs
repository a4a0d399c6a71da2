//! Customers: accounts, addresses, references, bank details, flags, notes, and the timeline of an account.
pub mod alike;
pub mod changes;
pub mod faces;
pub mod merge;
pub mod receiver;
pub mod unmerge;

use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

// Accounts ---------------------------------------------------------------------------

/// A customer and their account.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CustomerRow {
    /// Id.
    pub id: i64,
    /// Number, as people know it.
    pub number: String,
    /// Name as printed.
    pub name: String,
    /// Name as searched.
    pub search_name: String,
    /// What they are: decides which law applies.
    pub kind: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Days from invoice to due date.
    pub terms_days: i64,
    /// post or email.
    pub channel: String,
    /// en or cy.
    pub language: String,
    /// standard, large_print and so on.
    pub letter_format: String,
    /// Who looks after the account.
    pub collector: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds customers.
pub async fn add_customers(tx: &mut Tx, org: OrgId, rows: Vec<CustomerRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "name",
        "search_name",
        "kind",
        "address1",
        "address2",
        "town",
        "postcode",
        "email",
        "phone",
        "terms_days",
        "channel",
        "language",
        "letter_format",
        "collector",
        "recorded_at",
        "version",
    ];
    let rows = rows.into_iter().map(|c| {
        args![
            org,
            c.id,
            c.number,
            c.name,
            c.search_name,
            c.kind,
            c.address1,
            c.address2,
            c.town,
            c.postcode,
            c.email,
            c.phone,
            c.terms_days,
            c.channel,
            c.language,
            c.letter_format,
            c.collector,
            c.recorded_at,
            c.version
        ]
    });
    tx.insert("customer", COLUMNS, rows.collect()).await
}

/// The customer with a number; by the number of an account that was merged, the one it was merged into.
pub async fn customer_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CustomerRow>, StoreFault> {
    let sql = sql!(
        "select id, number, name, search_name, kind, address1, address2, town, postcode, email, phone, terms_days, channel, language, letter_format, collector, recorded_at, version from customer where org_id = $1 and id = (select coalesce((select m.survivor_id from customer_merge m where m.org_id = n.org_id and m.customer_id = n.id and m.state = 'made'), n.id) from customer n where n.org_id = $1 and n.number = $2)"
    );
    tx.maybe(sql, args![org, number]).await
}

/// One customer.
pub async fn customer(tx: &mut Tx, org: OrgId, id: CustomerId) -> Result<Option<CustomerRow>, StoreFault> {
    let sql = sql!(
        "select id, number, name, search_name, kind, address1, address2, town, postcode, email, phone, terms_days, channel, language, letter_format, collector, recorded_at, version from customer where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Number and id of the customers whose numbers lie from one to another; a merged account's number has its survivor's id.
pub async fn customer_ids(tx: &mut Tx, org: OrgId, first: &str, last: &str) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select n.number, coalesce(m.survivor_id, n.id) from customer n left join customer_merge m on m.org_id = n.org_id and m.customer_id = n.id and m.state = 'made' where n.org_id = $1 and n.number >= $2 and n.number <= $3 order by n.number"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Changes a customer who still has the version that was read; false if someone changed it since.
pub async fn change_customer(tx: &mut Tx, org: OrgId, c: &CustomerRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update customer set name = $4, search_name = $5, kind = $6, address1 = $7, address2 = $8, town = $9, postcode = $10, email = $11, phone = $12, terms_days = $13, channel = $14, language = $15, letter_format = $16, collector = $17, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        c.id,
        c.version,
        &c.name,
        &c.search_name,
        &c.kind,
        &c.address1,
        &c.address2,
        &c.town,
        &c.postcode,
        &c.email,
        &c.phone,
        c.terms_days,
        &c.channel,
        &c.language,
        &c.letter_format,
        &c.collector
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A line of a list of customers.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CustomerLine {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Name as searched: the key of the list.
    pub search_name: String,
    /// What they are.
    pub kind: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// Everything open, credits taken off.
    pub balance_pence: i64,
    /// What is past its due date.
    pub overdue_pence: i64,
}

const LINE: &str = "select c.id, c.number, c.name, c.search_name, c.kind, c.town, c.postcode, coalesce((select cast(sum(i.open_pence) as bigint) from open_item i where i.org_id = c.org_id and i.customer_id = c.id), 0) as balance_pence, coalesce((select cast(sum(i.open_pence) as bigint) from open_item i where i.org_id = c.org_id and i.customer_id = c.id and i.open_pence > 0 and i.due_on < $2), 0) as overdue_pence from customer c where c.org_id = $1 and not exists (select 1 from customer_merge m where m.org_id = c.org_id and m.customer_id = c.id and m.state = 'made')";

/// Customers by name, after a place in the list.
pub async fn customers_page(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    after: (&str, i64),
    kind: &str,
    limit: i64,
) -> Result<Vec<CustomerLine>, StoreFault> {
    let mut values = args![org, today, after.0, after.1, limit];
    let mut sql = format!("{LINE} and (c.search_name > $3 or (c.search_name = $3 and c.id > $4))");
    if !kind.is_empty() {
        values.push(Arg::from(kind));
        sql.push_str(" and c.kind = $6");
    }
    sql.push_str(" order by c.search_name, c.id limit $5");
    tx.all_built(sql, values).await
}

/// How many customers there are, accounts that were merged left out.
pub async fn customers_count(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from customer c where c.org_id = $1 and not exists (select 1 from customer_merge m where m.org_id = c.org_id and m.customer_id = c.id and m.state = 'made')"
    );
    let (count,): (i64,) = tx.one(sql, args![org]).await?;
    Ok(count)
}

// Search -----------------------------------------------------------------------------

/// The text above everything that begins with a prefix, bytewise.
fn above(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// Customers whose number begins with a text.
pub async fn by_number_prefix(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    prefix: &str,
    limit: i64,
) -> Result<Vec<CustomerLine>, StoreFault> {
    let sql = format!("{LINE} and c.number >= $3 and c.number < $4 order by c.number limit $5");
    tx.all_built(sql, args![org, today, prefix, above(prefix), limit]).await
}

/// Customers whose searched name begins with a text.
pub async fn by_name_prefix(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    prefix: &str,
    limit: i64,
) -> Result<Vec<CustomerLine>, StoreFault> {
    let sql = format!("{LINE} and c.search_name >= $3 and c.search_name < $4 order by c.search_name, c.id limit $5");
    tx.all_built(sql, args![org, today, prefix, above(prefix), limit]).await
}

/// Customers whose searched name holds every one of these words, in any order; at most six count.
pub async fn by_name_words(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    words: &[&str],
    limit: i64,
) -> Result<Vec<CustomerLine>, StoreFault> {
    const PLACES: [&str; 6] = [" like $4", " like $5", " like $6", " like $7", " like $8", " like $9"];
    let mut values = args![org, today, limit];
    let mut sql = LINE.to_owned();
    for (word, place) in words.iter().zip(PLACES) {
        // Searched names hold letters, digits and spaces only, so a word has no wildcard of its own.
        values.push(Arg::from(format!("%{word}%")));
        sql.push_str(" and c.search_name");
        sql.push_str(place);
    }
    sql.push_str(" order by c.search_name, c.id limit $3");
    tx.all_built(sql, values).await
}

/// Customers known by a reference, as searched.
pub async fn by_reference(
    tx: &mut Tx,
    org: OrgId,
    reference: &str,
    limit: i64,
) -> Result<Vec<(String, String, String, String)>, StoreFault> {
    let sql = sql!(
        "select r.kind, r.reference, c.number, c.name from customer_reference r join customer c on c.org_id = r.org_id and c.id = r.customer_id where r.org_id = $1 and r.search_reference >= $2 and r.search_reference < $3 order by r.search_reference, c.number limit $4"
    );
    tx.all(sql, args![org, reference, above(reference), limit]).await
}

/// An item found by its number or an amount.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FoundItem {
    /// What it is.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Its first amount.
    pub original_pence: i64,
    /// What is open.
    pub open_pence: i64,
}

/// Items whose number begins with a text.
pub async fn items_by_number(tx: &mut Tx, org: OrgId, prefix: &str, limit: i64) -> Result<Vec<FoundItem>, StoreFault> {
    let sql = sql!(
        "select i.kind, i.number, c.number as customer_number, c.name as customer_name, i.dated_on, i.original_pence, i.open_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.kind in ('invoice','credit_note','receipt','refund','interest','compensation','costs','write_off','write_back') and i.number >= $2 and i.number < $3 order by i.number limit $4"
    );
    tx.all(sql, args![org, prefix, above(prefix), limit]).await
}

/// Items of exactly this amount, first or open, newest first.
pub async fn items_by_amount(tx: &mut Tx, org: OrgId, pence: i64, limit: i64) -> Result<Vec<FoundItem>, StoreFault> {
    let sql = sql!(
        "select i.kind, i.number, c.number as customer_number, c.name as customer_name, i.dated_on, i.original_pence, i.open_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and (i.original_pence in ($2, $3) or i.open_pence in ($2, $3)) order by i.id desc limit $4"
    );
    tx.all(sql, args![org, pence, -pence, limit]).await
}

/// A receipt found by its number or amount.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FoundReceipt {
    /// Number.
    pub number: String,
    /// Who paid, as the bank said.
    pub payer_name: String,
    /// When.
    pub received_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
    /// identified, suspense or reversed.
    pub state: String,
}

/// Receipts whose number begins with a text.
pub async fn receipts_by_number(
    tx: &mut Tx,
    org: OrgId,
    prefix: &str,
    limit: i64,
) -> Result<Vec<FoundReceipt>, StoreFault> {
    let sql = sql!(
        "select number, payer_name, received_on, amount_pence, state from receipt where org_id = $1 and number >= $2 and number < $3 order by number limit $4"
    );
    tx.all(sql, args![org, prefix, above(prefix), limit]).await
}

/// Receipts of exactly this amount, newest first.
pub async fn receipts_by_amount(
    tx: &mut Tx,
    org: OrgId,
    pence: i64,
    limit: i64,
) -> Result<Vec<FoundReceipt>, StoreFault> {
    let sql = sql!(
        "select number, payer_name, received_on, amount_pence, state from receipt where org_id = $1 and amount_pence = $2 order by id desc limit $3"
    );
    tx.all(sql, args![org, pence, limit]).await
}

// References, addresses, bank details ------------------------------------------------

/// A reference by which a customer is known.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ReferenceRow {
    /// Whose.
    pub customer_id: i64,
    /// What sort: nhs_number, service_user, other.
    pub kind: String,
    /// As written.
    pub reference: String,
    /// As searched.
    pub search_reference: String,
}

/// Adds references.
pub async fn add_references(tx: &mut Tx, org: OrgId, rows: Vec<ReferenceRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "customer_id", "kind", "reference", "search_reference"];
    let rows = rows.into_iter().map(|r| args![org, r.customer_id, r.kind, r.reference, r.search_reference]);
    tx.insert("customer_reference", COLUMNS, rows.collect()).await
}

/// Adds one reference; false if the customer has it already.
pub async fn add_reference(tx: &mut Tx, org: OrgId, r: &ReferenceRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into customer_reference (org_id, customer_id, kind, reference, search_reference) values ($1, $2, $3, $4, $5) on conflict do nothing"
    );
    Ok(tx.run(sql, args![org, r.customer_id, &r.kind, &r.reference, &r.search_reference]).await? == 1)
}

/// The references of a customer.
pub async fn references_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<ReferenceRow>, StoreFault> {
    let sql = sql!(
        "select customer_id, kind, reference, search_reference from customer_reference where org_id = $1 and customer_id = $2 order by kind, search_reference"
    );
    tx.all(sql, args![org, customer]).await
}

/// An address a customer has or had.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AddressRow {
    /// Since when.
    pub from_on: NaiveDate,
    /// Which in order, from 1.
    pub seq: i64,
    /// On one line.
    pub address: String,
    /// Where we have it from.
    pub source: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds the first address of many customers.
pub async fn add_addresses(tx: &mut Tx, org: OrgId, rows: Vec<(CustomerId, AddressRow)>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "customer_id", "from_on", "seq", "address", "source", "recorded_at"];
    let rows = rows.into_iter().map(|(c, a)| args![org, c, a.from_on, a.seq, a.address, a.source, a.recorded_at]);
    tx.insert("customer_address", COLUMNS, rows.collect()).await
}

/// The addresses of a customer, newest first.
pub async fn addresses_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<AddressRow>, StoreFault> {
    let sql = sql!(
        "select from_on, seq, address, source, recorded_at from customer_address where org_id = $1 and customer_id = $2 order by seq desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// A bank account a customer pays from; sealed, known by its print.
#[derive(Clone, Debug, FromRow)]
pub struct BankRow {
    /// Whose.
    pub customer_id: i64,
    /// Fingerprint.
    pub print: String,
    /// Sealed details.
    pub sealed: String,
    /// The last two digits, shown.
    pub last_digits: String,
    /// import, person or learned.
    pub source: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds bank accounts.
pub async fn add_banks(tx: &mut Tx, org: OrgId, rows: Vec<BankRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "customer_id", "print", "sealed", "last_digits", "source", "recorded_at"];
    let rows =
        rows.into_iter().map(|b| args![org, b.customer_id, b.print, b.sealed, b.last_digits, b.source, b.recorded_at]);
    tx.insert("customer_bank", COLUMNS, rows.collect()).await
}

/// The bank accounts of a customer.
pub async fn banks_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<BankRow>, StoreFault> {
    let sql = sql!(
        "select customer_id, print, sealed, last_digits, source, recorded_at from customer_bank where org_id = $1 and customer_id = $2 order by recorded_at, print"
    );
    tx.all(sql, args![org, customer]).await
}

// Flags and notes --------------------------------------------------------------------

/// A flag on a customer.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FlagRow {
    /// Id.
    pub id: i64,
    /// Whose.
    pub customer_id: i64,
    /// What.
    pub kind: String,
    /// How we know.
    pub evidence: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
    /// Who raised it.
    pub raised_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a flag.
pub async fn add_flag(tx: &mut Tx, org: OrgId, f: &FlagRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into customer_flag (org_id, id, customer_id, kind, evidence, from_on, to_on, review_on, raised_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let values = args![
        org,
        f.id,
        f.customer_id,
        &f.kind,
        &f.evidence,
        f.from_on,
        f.to_on,
        f.review_on,
        &f.raised_by,
        f.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// One flag of a customer.
pub async fn flag(tx: &mut Tx, org: OrgId, customer: CustomerId, id: i64) -> Result<Option<FlagRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, evidence, from_on, to_on, review_on, raised_by, recorded_at from customer_flag where org_id = $1 and customer_id = $2 and id = $3"
    );
    tx.maybe(sql, args![org, customer, id]).await
}

/// Ends a flag on a day; false if it ended before that day already.
pub async fn end_flag(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate) -> Result<bool, StoreFault> {
    let sql =
        sql!("update customer_flag set to_on = $3 where org_id = $1 and id = $2 and (to_on is null or to_on > $3)");
    Ok(tx.run(sql, args![org, id, on]).await? == 1)
}

/// The flags of a customer, newest first.
pub async fn flags_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<FlagRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, evidence, from_on, to_on, review_on, raised_by, recorded_at from customer_flag where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// A note, call, visit, e-mail or letter received.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NoteRow {
    /// Id.
    pub id: i64,
    /// Whose.
    pub customer_id: i64,
    /// note, call, visit, email or letter_in.
    pub kind: String,
    /// The day of it.
    pub on_day: NaiveDate,
    /// What came of it.
    pub outcome: String,
    /// In words.
    pub words: String,
    /// Shown first.
    pub pinned: bool,
    /// What to do next.
    pub next_step: String,
    /// And when.
    pub next_on: Option<NaiveDate>,
    /// Who.
    pub actor_id: i64,
    /// Their name.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a note.
pub async fn add_note(tx: &mut Tx, org: OrgId, n: &NoteRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into note (org_id, id, customer_id, kind, on_day, outcome, words, pinned, next_step, next_on, actor_id, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let values = args![
        org,
        n.id,
        n.customer_id,
        &n.kind,
        n.on_day,
        &n.outcome,
        &n.words,
        n.pinned,
        &n.next_step,
        n.next_on,
        n.actor_id,
        &n.actor_name,
        n.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The newest notes of a customer, pinned first.
pub async fn notes_of(tx: &mut Tx, org: OrgId, customer: CustomerId, limit: i64) -> Result<Vec<NoteRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, kind, on_day, outcome, words, pinned, next_step, next_on, actor_id, actor_name, recorded_at from note where org_id = $1 and customer_id = $2 order by pinned desc, id desc limit $3"
    );
    tx.all(sql, args![org, customer, limit]).await
}

// The account ------------------------------------------------------------------------

/// An open item with what the account page shows beside it.
#[derive(Clone, Debug, FromRow)]
pub struct AccountItemRow {
    /// Id.
    pub id: i64,
    /// invoice, credit_note, receipt and so on.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// First amount.
    pub original_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// What is disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// The step at which it stands.
    pub stage: String,
    /// The first line of its document.
    pub description: String,
    /// Purchase order.
    pub po_number: String,
}

/// What is open on an account with its words, oldest due first.
pub async fn account_items(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<AccountItemRow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.kind, i.number, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.debt_type, i.stage, coalesce((select l.description from document_line l where l.org_id = i.org_id and l.document_id = i.document_id and l.line = 1), '') as description, coalesce((select d.po_number from document d where d.org_id = i.org_id and d.id = i.document_id), '') as po_number from open_item i where i.org_id = $1 and i.customer_id = $2 and i.open_pence <> 0 order by i.due_on, i.id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Number, day and amount of the newest receipt that stands.
pub async fn last_paid(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Option<(String, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select number, received_on, amount_pence from receipt where org_id = $1 and customer_id = $2 and state <> 'reversed' order by received_on desc, id desc limit 1"
    );
    tx.maybe(sql, args![org, customer]).await
}

/// The sum of promises that are still open.
pub async fn promised(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(amount_pence), 0) as bigint) from promise where org_id = $1 and customer_id = $2 and state = 'open'"
    );
    let (sum,): (i64,) = tx.one(sql, args![org, customer]).await?;
    Ok(sum)
}

/// Something that happened on an account, in parts.
#[derive(Clone, Debug, FromRow)]
pub struct EventRow {
    /// Orders events of one day; unique with the kind.
    pub id: i64,
    /// The business day.
    pub on_day: NaiveDate,
    /// What sort of event: the part before the point is its room.
    pub kind: String,
    /// The number people know it by.
    pub number: String,
    /// More, by kind.
    pub first: String,
    /// More, by kind.
    pub second: String,
    /// A day that belongs to it.
    pub other_on: Option<NaiveDate>,
    /// Amount.
    pub amount_pence: i64,
    /// Who.
    pub who: String,
}

/// What happened on an account by a day and before a place in its timeline, newest first: one statement, one moment.
pub async fn timeline(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    (today, before): (NaiveDate, (NaiveDate, i64)),
    limit: i64,
) -> Result<Vec<EventRow>, StoreFault> {
    let sql = sql!(
        "select e.id, e.on_day, e.kind, e.number, e.first, e.second, e.other_on, e.amount_pence, e.who from (
         select i.id, i.dated_on as on_day, 'item.' || i.kind as kind, i.number, coalesce(d.origin, '') as first, coalesce(d.reason, '') as second, i.due_on as other_on, i.original_pence as amount_pence, '' as who from open_item i left join document d on d.org_id = i.org_id and d.id = i.document_id where i.org_id = $1 and i.customer_id = $2
         union all select a.id, a.allocated_on, case when a.amount_pence < 0 then 'allocation.reversed' else 'allocation.made' end, i.number, c.number, a.made_by, cast(null as date), a.amount_pence, '' from open_item i join allocation a on a.org_id = i.org_id and a.debit_item_id = i.id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where i.org_id = $1 and i.customer_id = $2
         union all select l.id, l.dated_on, 'letter.' || l.kind, l.number, l.channel, l.state, cast(null as date), l.total_pence, '' from letter l where l.org_id = $1 and l.customer_id = $2
         union all select v.id, v.on_day, 'delivery.' || v.outcome, coalesce(d.number, ''), v.reference, v.words, cast(null as date), cast(0 as bigint), v.actor_name from delivery_event v left join document d on d.org_id = v.org_id and d.id = v.document_id where v.org_id = $1 and v.customer_id = $2
         union all select n.id, n.on_day, 'note.' || n.kind, n.next_step, n.outcome, n.words, n.next_on, cast(0 as bigint), n.actor_name from note n where n.org_id = $1 and n.customer_id = $2
         union all select q.id, q.opened_on, 'query.raised', q.number, q.category, q.words, q.answer_by, q.disputed_pence, q.owner from query q where q.org_id = $1 and q.customer_id = $2
         union all select q.id + 1, q.resolved_on, 'query.' || q.state, q.number, q.resolution, q.answer, cast(null as date), q.disputed_pence, q.owner from query q where q.org_id = $1 and q.customer_id = $2 and q.resolved_on is not null
         union all select p.id, p.made_on, 'promise.made', '', '', p.words, p.due_on, p.amount_pence, p.actor_name from promise p where p.org_id = $1 and p.customer_id = $2
         union all select p.id + 1, p.decided_on, 'promise.' || p.state, '', '', p.words, p.due_on, p.amount_pence, '' from promise p where p.org_id = $1 and p.customer_id = $2 and p.decided_on is not null
         union all select h.id, h.from_on, 'hold.set', coalesce(i.number, ''), h.reason, h.words, h.until_on, cast(0 as bigint), h.owner from hold h left join open_item i on i.org_id = h.org_id and i.id = h.item_id where h.org_id = $1 and h.customer_id = $2
         union all select h.id + 1, h.ended_on, 'hold.ended', coalesce(i.number, ''), h.reason, h.words, cast(null as date), cast(0 as bigint), h.owner from hold h left join open_item i on i.org_id = h.org_id and i.id = h.item_id where h.org_id = $1 and h.customer_id = $2 and h.ended_on is not null
         union all select e.id, e.on_day, 'plan.' || e.what, p.number, '', e.words, cast(null as date), e.amount_pence, e.actor_name from plan_party y join payment_plan p on p.org_id = y.org_id and p.id = y.plan_id join plan_event e on e.org_id = p.org_id and e.plan_id = p.id where y.org_id = $1 and y.customer_id = $2
         union all select k.id, k.made_on, 'link.made', k.number, case when k.sent_to = '' then '' else 'email' end, '', k.ends_on, cast(0 as bigint), k.made_by from plan_link k where k.org_id = $1 and k.customer_id = $2
         union all select k.id + 1, k.confirmed_on, 'link.opened', k.number, '', '', cast(null as date), cast(0 as bigint), '' from plan_link k where k.org_id = $1 and k.customer_id = $2 and k.confirmed_on is not null
         union all select k.id + 2, k.ended_on, 'link.' || k.state, k.number, k.plan_number, '', cast(null as date), cast(0 as bigint), k.ended_by from plan_link k where k.org_id = $1 and k.customer_id = $2 and k.ended_on is not null
         union all select k.id + 2, k.ends_on, 'link.expired', k.number, '', '', cast(null as date), cast(0 as bigint), '' from plan_link k where k.org_id = $1 and k.customer_id = $2 and k.state = 'open' and k.ends_on < $6
         union all select s.item_id + s.seq, s.taken_on, 'step.taken', i.number, s.step_code, s.note, s.due_on, cast(0 as bigint), '' from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.customer_id = $2
         union all select f.id, f.from_on, 'flag.set', '', f.kind, f.evidence, f.review_on, cast(0 as bigint), f.raised_by from customer_flag f where f.org_id = $1 and f.customer_id = $2
         union all select f.id + 1, f.to_on, 'flag.ended', '', f.kind, f.evidence, cast(null as date), cast(0 as bigint), f.raised_by from customer_flag f where f.org_id = $1 and f.customer_id = $2 and f.to_on is not null
         union all select k.id, k.confirmed_on, 'case.opened', k.number, k.kind, k.source, k.ends_on, cast(0 as bigint), k.confirmed_by_name from person_case k where k.org_id = $1 and k.customer_id = $2 and k.confirmed_on is not null
         union all select k.id + 1, k.closed_on, 'case.ended', k.number, k.kind, k.outcome, cast(null as date), cast(0 as bigint), k.owner from person_case k where k.org_id = $1 and k.customer_id = $2 and k.closed_on is not null
         union all select r.id, r.from_on, 'acting.recorded', r.number, r.name, r.document, r.to_on, cast(0 as bigint), r.recorded_by_name from representative r where r.org_id = $1 and r.customer_id = $2
         union all select r.id + 1, r.ended_on, 'acting.ended', r.number, r.name, r.ended_why, cast(null as date), cast(0 as bigint), '' from representative r where r.org_id = $1 and r.customer_id = $2 and r.ended_on is not null
         union all select h.id, h.asked_on, 'change.asked', h.approval, h.field, h.source, cast(null as date), cast(0 as bigint), h.asked_by_name from held_change h where h.org_id = $1 and h.customer_id = $2
         union all select h.id + 1, h.decided_on, 'change.' || h.state, h.approval, h.field, h.call_back, cast(null as date), cast(0 as bigint), '' from held_change h where h.org_id = $1 and h.customer_id = $2 and h.decided_on is not null
         union all select c.id, c.changed_on, 'field.changed', c.field, c.was, c.now_is, cast(null as date), cast(0 as bigint), c.actor_name from customer_change c where c.org_id = $1 and c.account_id in (select cast($2 as bigint) union all select m.customer_id from customer_merge m where m.org_id = $1 and m.survivor_id = $2 and m.state = 'made')
         union all select r.id, r.asked_on, 'service.asked', r.number, r.service, r.question, r.answer_by, cast(0 as bigint), r.asked_by from service_referral r where r.org_id = $1 and r.customer_id = $2
         union all select r.id + 1, r.answered_on, 'service.' || r.state, r.number, r.answer, r.answer_words, cast(null as date), cast(0 as bigint), r.answered_by from service_referral r where r.org_id = $1 and r.customer_id = $2 and r.answered_on is not null
         union all select l.id, l.proposed_on, 'writeoff.proposed', i.number, s.number, l.words, cast(null as date), l.amount_pence, l.proposed_by_name from writeoff_line l join writeoff_schedule s on s.org_id = l.org_id and s.id = l.schedule_id join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.customer_id = $2
         union all select l.id + 1, l.decided_on, 'writeoff.' || l.state, i.number, s.number, l.decision_words, cast(null as date), l.amount_pence, l.decided_by_name from writeoff_line l join writeoff_schedule s on s.org_id = l.org_id and s.id = l.schedule_id join open_item i on i.org_id = l.org_id and i.id = l.item_id where l.org_id = $1 and l.customer_id = $2 and l.decided_on is not null and l.state <> 'approved'
         ) e where e.on_day < $3 or (e.on_day = $3 and e.id < $4) order by e.on_day desc, e.id desc limit $5"
    );
    tx.all(sql, args![org, customer, before.0, before.1, limit, today]).await
}

/// When a file with these bytes was kept, if it was.
pub async fn file_kept_at(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Option<DateTime<Utc>>, StoreFault> {
    let sql = sql!("select recorded_at from kept_file where org_id = $1 and sha256 = $2");
    let row: Option<(DateTime<Utc>,)> = tx.maybe(sql, args![org, sha256]).await?;
    Ok(row.map(|(at,)| at))
}

/// What was posted on an account on each day, oldest first: debits less credits.
pub async fn posted_by_day(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<(NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select posted_on, cast(sum(original_pence) as bigint) from open_item where org_id = $1 and customer_id = $2 group by posted_on order by posted_on"
    );
    tx.all(sql, args![org, customer]).await
}
