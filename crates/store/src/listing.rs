//! Funders' listings: the funder with what is remembered of their list, a listing, its lines, our side of it.
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A funder whose list is compared, with what is remembered of it.
#[derive(Clone, Debug, FromRow)]
pub struct FunderRow {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// How their list is laid out, once a person has said.
    pub layout: Option<Value>,
    /// How our own file is laid out, where two files are compared.
    pub our_layout: Option<Value>,
    /// How amounts and dates are compared.
    pub rules: Value,
    /// Every customer is on our side of it.
    pub whole_ledger: bool,
    /// Rises with every change.
    pub version: i64,
}

/// A listing.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ListingRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose list.
    pub funder_id: i64,
    /// The funder's name.
    pub funder: String,
    /// As at which day.
    pub as_at: NaiveDate,
    /// From which day, where bills of a period are compared.
    pub from_on: Option<NaiveDate>,
    /// How it was compared.
    pub rules: Value,
    /// How their list is laid out.
    pub layout: Option<Value>,
    /// How our own file is laid out.
    pub our_layout: Option<Value>,
    /// Name of their file.
    pub file_name: String,
    /// Its hash.
    pub file_sha256: String,
    /// Name of our own file, or empty.
    pub our_file_name: String,
    /// Its hash, or empty.
    pub our_file_sha256: String,
    /// columns, waiting, done or signed.
    pub state: String,
    /// Which attempt's lines stand.
    pub attempt: i64,
    /// The totals that prove it.
    pub proof: Option<Value>,
    /// The one before it that was signed.
    pub before_id: Option<i64>,
    /// Who brought it.
    pub prepared_by: i64,
    /// Their name.
    pub prepared_by_name: String,
    /// When.
    pub prepared_on: NaiveDate,
    /// Who signed it.
    pub signed_by_name: String,
    /// When.
    pub signed_on: Option<NaiveDate>,
    /// What they said.
    pub signed_words: String,
}

/// A line of a listing.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LineRow {
    /// Place.
    pub seq: i64,
    /// Class of the difference.
    pub class: String,
    /// new, same, changed or gone.
    pub change: String,
    /// By what it is known again.
    pub key: String,
    /// Rows of their list.
    pub their_rows: String,
    /// Their reference.
    pub their_reference: String,
    /// The name they give.
    pub their_name: String,
    /// Their date.
    pub their_on: Option<NaiveDate>,
    /// Their amount.
    pub theirs_pence: i64,
    /// Number of our item.
    pub our_number: String,
    /// Its account.
    pub our_account: String,
    /// Its date.
    pub our_on: Option<NaiveDate>,
    /// How many items of ours.
    pub our_count: i64,
    /// Our amount.
    pub ours_pence: i64,
    /// Ours less theirs.
    pub difference_pence: i64,
    /// The sentence.
    pub words: String,
    /// How sure the pair is, in parts per million.
    pub sure_ppm: i64,
}

/// The funder with a name.
pub async fn funder_named(tx: &mut Tx, org: OrgId, name: &str) -> Result<Option<FunderRow>, StoreFault> {
    let sql = sql!(
        "select id, name, layout, our_layout, rules, whole_ledger, version from listing_funder where org_id = $1 and name = $2"
    );
    tx.maybe(sql, args![org, name]).await
}

/// The funder with an id.
pub async fn funder(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<FunderRow>, StoreFault> {
    let sql = sql!(
        "select id, name, layout, our_layout, rules, whole_ledger, version from listing_funder where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Every funder, by name.
pub async fn funders(tx: &mut Tx, org: OrgId) -> Result<Vec<FunderRow>, StoreFault> {
    let sql = sql!(
        "select id, name, layout, our_layout, rules, whole_ledger, version from listing_funder where org_id = $1 order by name"
    );
    tx.all(sql, args![org]).await
}

/// Adds a funder.
pub async fn add_funder(tx: &mut Tx, org: OrgId, row: &FunderRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into listing_funder (org_id, id, name, layout, our_layout, rules, whole_ledger, version, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, 1, $8)"
    );
    let values = args![
        org,
        row.id,
        &row.name,
        row.layout.clone(),
        row.our_layout.clone(),
        row.rules.clone(),
        row.whole_ledger,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Remembers a funder's layouts, rules and reach.
pub async fn set_funder(tx: &mut Tx, org: OrgId, row: &FunderRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "update listing_funder set layout = $3, our_layout = $4, rules = $5, whole_ledger = $6, version = version + 1 where org_id = $1 and id = $2"
    );
    let values = args![org, row.id, row.layout.clone(), row.our_layout.clone(), row.rules.clone(), row.whole_ledger];
    tx.run(sql, values).await.map(drop)
}

/// The customers on our side of a funder's list: id, number, name.
pub async fn funder_customers(tx: &mut Tx, org: OrgId, funder: i64) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select c.id, c.number, c.name from listing_funder_customer f join customer c on c.org_id = f.org_id and c.id = f.customer_id where f.org_id = $1 and f.funder_id = $2 order by c.number"
    );
    tx.all(sql, args![org, funder]).await
}

/// Puts other customers on our side of a funder's list.
pub async fn set_funder_customers(tx: &mut Tx, org: OrgId, funder: i64, customers: &[i64]) -> Result<(), StoreFault> {
    let clear = sql!("delete from listing_funder_customer where org_id = $1 and funder_id = $2");
    tx.run(clear, args![org, funder]).await?;
    let rows = customers.iter().map(|customer| args![org, funder, *customer]).collect();
    tx.insert("listing_funder_customer", &["org_id", "funder_id", "customer_id"], rows).await
}

/// Adds a listing.
pub async fn add_listing(tx: &mut Tx, org: OrgId, row: &ListingRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into listing (org_id, id, number, funder_id, as_at, from_on, rules, layout, our_layout, file_name, file_sha256, our_file_name, our_file_sha256, state, attempt, prepared_by, prepared_by_name, prepared_on, signed_by_name, signed_words, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, $17, '', '', $18)"
    );
    let values = args![
        org,
        row.id,
        &row.number,
        row.funder_id,
        row.as_at,
        row.from_on,
        row.rules.clone(),
        row.layout.clone(),
        row.our_layout.clone(),
        &row.file_name,
        &row.file_sha256,
        &row.our_file_name,
        &row.our_file_sha256,
        &row.state,
        row.prepared_by,
        &row.prepared_by_name,
        row.prepared_on,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The listing with a number.
pub async fn listing_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ListingRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.funder_id, f.name as funder, l.as_at, l.from_on, l.rules, l.layout, l.our_layout, l.file_name, l.file_sha256, l.our_file_name, l.our_file_sha256, l.state, l.attempt, l.proof, l.before_id, l.prepared_by, l.prepared_by_name, l.prepared_on, l.signed_by_name, l.signed_on, l.signed_words from listing l join listing_funder f on f.org_id = l.org_id and f.id = l.funder_id where l.org_id = $1 and l.number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The listing with an id.
pub async fn listing_with(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<ListingRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.funder_id, f.name as funder, l.as_at, l.from_on, l.rules, l.layout, l.our_layout, l.file_name, l.file_sha256, l.our_file_name, l.our_file_sha256, l.state, l.attempt, l.proof, l.before_id, l.prepared_by, l.prepared_by_name, l.prepared_on, l.signed_by_name, l.signed_on, l.signed_words from listing l join listing_funder f on f.org_id = l.org_id and f.id = l.funder_id where l.org_id = $1 and l.id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Listings, newest first.
pub async fn listings(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ListingRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.funder_id, f.name as funder, l.as_at, l.from_on, l.rules, l.layout, l.our_layout, l.file_name, l.file_sha256, l.our_file_name, l.our_file_sha256, l.state, l.attempt, l.proof, l.before_id, l.prepared_by, l.prepared_by_name, l.prepared_on, l.signed_by_name, l.signed_on, l.signed_words from listing l join listing_funder f on f.org_id = l.org_id and f.id = l.funder_id where l.org_id = $1 order by l.id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// The newest signed listing of a funder as at an earlier day.
pub async fn signed_before(tx: &mut Tx, org: OrgId, row: &ListingRow) -> Result<Option<ListingRow>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.funder_id, f.name as funder, l.as_at, l.from_on, l.rules, l.layout, l.our_layout, l.file_name, l.file_sha256, l.our_file_name, l.our_file_sha256, l.state, l.attempt, l.proof, l.before_id, l.prepared_by, l.prepared_by_name, l.prepared_on, l.signed_by_name, l.signed_on, l.signed_words from listing l join listing_funder f on f.org_id = l.org_id and f.id = l.funder_id where l.org_id = $1 and l.funder_id = $2 and l.state = 'signed' and l.as_at < $3 order by l.as_at desc, l.id desc limit 1"
    );
    tx.maybe(sql, args![org, row.funder_id, row.as_at]).await
}

/// Names the columns of a listing that is not done yet.
pub async fn set_layout(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (layout, our_layout, rules): (Value, Option<Value>, Value),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update listing set layout = $3, our_layout = $4, rules = $5, state = 'waiting' where org_id = $1 and id = $2 and state in ('columns','waiting')"
    );
    Ok(tx.run(sql, args![org, id, layout, our_layout, rules]).await? == 1)
}

/// Puts the lines of an attempt in force; false where a later attempt has its own.
pub async fn set_done(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (attempt, proof, before): (i64, Value, Option<i64>),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update listing set state = 'done', attempt = $3, proof = $4, before_id = $5 where org_id = $1 and id = $2 and state in ('waiting','done') and attempt < $3"
    );
    Ok(tx.run(sql, args![org, id, attempt, proof, before]).await? == 1)
}

/// Signs a listing.
pub async fn sign(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (by, name, on, words): (i64, &str, NaiveDate, &str),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update listing set state = 'signed', signed_by = $3, signed_by_name = $4, signed_on = $5, signed_words = $6 where org_id = $1 and id = $2 and state = 'done'"
    );
    Ok(tx.run(sql, args![org, id, by, name, on, words]).await? == 1)
}

const LINE: &[&str] = &[
    "org_id",
    "listing_id",
    "attempt",
    "seq",
    "class",
    "change",
    "key",
    "their_rows",
    "their_reference",
    "their_name",
    "their_on",
    "theirs_pence",
    "our_number",
    "our_account",
    "our_on",
    "our_count",
    "ours_pence",
    "difference_pence",
    "words",
    "sure_ppm",
];

/// Adds lines of an attempt.
pub async fn add_lines(
    tx: &mut Tx,
    org: OrgId,
    (listing, attempt): (i64, i64),
    lines: Vec<LineRow>,
) -> Result<(), StoreFault> {
    let row = |l: LineRow| -> Vec<Arg> {
        args![
            org,
            listing,
            attempt,
            l.seq,
            l.class,
            l.change,
            l.key,
            l.their_rows,
            l.their_reference,
            l.their_name,
            l.their_on,
            l.theirs_pence,
            l.our_number,
            l.our_account,
            l.our_on,
            l.our_count,
            l.ours_pence,
            l.difference_pence,
            l.words,
            l.sure_ppm
        ]
    };
    tx.insert("listing_line", LINE, lines.into_iter().map(row).collect()).await
}

/// Takes away what an attempt left behind that did not end.
pub async fn drop_lines_before(tx: &mut Tx, org: OrgId, listing: i64, attempt: i64) -> Result<(), StoreFault> {
    let sql = sql!("delete from listing_line where org_id = $1 and listing_id = $2 and attempt < $3");
    tx.run(sql, args![org, listing, attempt]).await.map(drop)
}

/// Lines of a listing from a place on: of one class, or all that differ; of one change where asked, `moved` for
/// every one that is not as last time.
pub async fn lines(
    tx: &mut Tx,
    org: OrgId,
    (listing, attempt): (i64, i64),
    (class, change): (&str, &str),
    (after, limit): (i64, i64),
) -> Result<Vec<LineRow>, StoreFault> {
    let all = sql!(
        "select seq, class, change, key, their_rows, their_reference, their_name, their_on, theirs_pence, our_number, our_account, our_on, our_count, ours_pence, difference_pence, words, sure_ppm from listing_line where org_id = $1 and listing_id = $2 and attempt = $3 and seq > $4 and class <> 'agreed' and ($5 = '' or change = $5 or ($5 = 'moved' and change <> 'same')) order by seq limit $6"
    );
    let of_class = sql!(
        "select seq, class, change, key, their_rows, their_reference, their_name, their_on, theirs_pence, our_number, our_account, our_on, our_count, ours_pence, difference_pence, words, sure_ppm from listing_line where org_id = $1 and listing_id = $2 and attempt = $3 and seq > $4 and class = $7 and ($5 = '' or change = $5 or ($5 = 'moved' and change <> 'same')) order by seq limit $6"
    );
    match class {
        "" => tx.all(all, args![org, listing, attempt, after, change, limit]).await,
        _ => tx.all(of_class, args![org, listing, attempt, after, change, limit, class]).await,
    }
}

/// How many lines of each class and change there are, with their difference.
pub async fn line_counts(
    tx: &mut Tx,
    org: OrgId,
    (listing, attempt): (i64, i64),
) -> Result<Vec<(String, String, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select class, change, cast(count(*) as bigint), cast(sum(difference_pence) as bigint) from listing_line where org_id = $1 and listing_id = $2 and attempt = $3 group by class, change order by class, change"
    );
    tx.all(sql, args![org, listing, attempt]).await
}

/// The lines that differed, by what they are known again.
pub async fn keys_of(tx: &mut Tx, org: OrgId, (listing, attempt): (i64, i64)) -> Result<Vec<LineRow>, StoreFault> {
    let sql = sql!(
        "select seq, class, change, key, their_rows, their_reference, their_name, their_on, theirs_pence, our_number, our_account, our_on, our_count, ours_pence, difference_pence, words, sure_ppm from listing_line where org_id = $1 and listing_id = $2 and attempt = $3 and class <> 'agreed' and change <> 'gone' order by seq"
    );
    tx.all(sql, args![org, listing, attempt]).await
}

/// An item of ours as at a day.
#[derive(Clone, Debug, FromRow)]
pub struct OurItem {
    /// Item.
    pub id: i64,
    /// Account.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Order number.
    pub po_number: String,
    /// Date on it.
    pub dated_on: NaiveDate,
    /// Posting date.
    pub posted_on: NaiveDate,
    /// What it was raised for.
    pub original_pence: i64,
    /// What is open today.
    pub open_pence: i64,
}

/// Items on our side posted up to a day and dated from a day on, and older ones that are still open.
pub async fn our_items(
    tx: &mut Tx,
    org: OrgId,
    funder: i64,
    whole_ledger: bool,
    (since, up_to): (NaiveDate, NaiveDate),
) -> Result<Vec<OurItem>, StoreFault> {
    let sql = sql!(
        "select i.id, c.number as account, c.name, i.kind, i.number, coalesce(d.po_number, '') as po_number, i.dated_on, i.posted_on, i.original_pence, i.open_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id left join document d on d.org_id = i.org_id and d.id = i.document_id where i.org_id = $1 and i.posted_on <= $4 and (i.open_pence <> 0 or i.dated_on >= $3) and ($5 or i.customer_id in (select f.customer_id from listing_funder_customer f where f.org_id = $1 and f.funder_id = $2)) order by i.id"
    );
    tx.all(sql, args![org, funder, since, up_to, whole_ledger]).await
}

/// Items closed today that were open at the end of a day: dated before `since`, cleared after `as_at`.
pub async fn our_items_cleared_since(
    tx: &mut Tx,
    org: OrgId,
    funder: i64,
    whole_ledger: bool,
    (since, as_at): (NaiveDate, NaiveDate),
) -> Result<Vec<OurItem>, StoreFault> {
    let sql = sql!(
        "select i.id, c.number as account, c.name, i.kind, i.number, coalesce(d.po_number, '') as po_number, i.dated_on, i.posted_on, i.original_pence, i.open_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id left join document d on d.org_id = i.org_id and d.id = i.document_id where i.org_id = $1 and i.posted_on <= $4 and i.open_pence = 0 and i.dated_on < $3 and i.id in (select a.debit_item_id from allocation a where a.org_id = $1 and a.allocated_on > $4 union select a.credit_item_id from allocation a where a.org_id = $1 and a.allocated_on > $4) and ($5 or i.customer_id in (select f.customer_id from listing_funder_customer f where f.org_id = $1 and f.funder_id = $2)) order by i.id"
    );
    tx.all(sql, args![org, funder, since, as_at, whole_ledger]).await
}

/// What was allocated to each item after a day, debits then credits: item, pence.
pub async fn allocated_after(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Vec<(i64, i64)>, StoreFault> {
    let debits = sql!(
        "select debit_item_id, cast(sum(amount_pence) as bigint) from allocation where org_id = $1 and allocated_on > $2 group by debit_item_id"
    );
    let credits = sql!(
        "select credit_item_id, cast(-sum(amount_pence) as bigint) from allocation where org_id = $1 and allocated_on > $2 group by credit_item_id"
    );
    let mut rows: Vec<(i64, i64)> = tx.all(debits, args![org, day]).await?;
    rows.append(&mut tx.all(credits, args![org, day]).await?);
    Ok(rows)
}

/// The last day up to `as_at` on which something was set against each debit of our side that is dated since a day.
pub async fn last_settled(
    tx: &mut Tx,
    org: OrgId,
    funder: i64,
    whole_ledger: bool,
    (since, as_at): (NaiveDate, NaiveDate),
) -> Result<Vec<(i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select a.debit_item_id, max(a.allocated_on) from open_item i join allocation a on a.org_id = i.org_id and a.debit_item_id = i.id where i.org_id = $1 and (i.dated_on >= $3 or i.open_pence <> 0) and a.allocated_on <= $4 and ($5 or i.customer_id in (select f.customer_id from listing_funder_customer f where f.org_id = $1 and f.funder_id = $2)) group by a.debit_item_id"
    );
    tx.all(sql, args![org, funder, since, as_at, whole_ledger]).await
}
