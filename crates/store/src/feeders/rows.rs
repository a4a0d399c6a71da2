//! Rows of feeder files: charges that wait, were billed, or have faults.
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A row of a file.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ChargeRow {
    /// The file.
    pub file_id: i64,
    /// Row as a spreadsheet numbers it.
    pub row_number: i64,
    /// Whose.
    pub feeder_id: i64,
    /// The sender's number of the charge.
    pub reference: String,
    /// good, billed, rejected, corrected, set_aside or withdrawn.
    pub state: String,
    /// Which invoice of the file, from 1; 0 for none.
    pub place: i64,
    /// Who is charged; 0 where nobody knows.
    pub customer_id: i64,
    /// Who is charged, as sent.
    pub customer: String,
    /// The sender's document.
    pub document: String,
    /// What it is for.
    pub description: String,
    /// Pounds, as sent.
    pub amount_pence: i64,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Service.
    pub service: String,
    /// The day supplied.
    pub supplied_on: Option<NaiveDate>,
    /// Purchase order.
    pub po_number: String,
    /// The person's reference.
    pub service_user: String,
    /// The invoice.
    pub document_id: Option<i64>,
    /// Its line.
    pub document_line: Option<i64>,
    /// How a reject ended.
    pub settled_words: String,
    /// The business day.
    pub recorded_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A fault of a row.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FaultRow {
    /// The file.
    pub file_id: i64,
    /// Row as a spreadsheet numbers it.
    pub row_number: i64,
    /// Counted from 1 in the row.
    pub seq: i64,
    /// Which field; empty for the whole row.
    pub field: String,
    /// Kind of fault.
    pub code: String,
    /// The value as given.
    pub given: String,
    /// What would be right.
    pub right_words: String,
}

/// Adds rows.
pub async fn add_rows(tx: &mut Tx, org: OrgId, rows: Vec<ChargeRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "file_id",
        "row_number",
        "feeder_id",
        "reference",
        "state",
        "place",
        "customer_id",
        "customer",
        "document",
        "description",
        "amount_pence",
        "vat_code",
        "income_code",
        "cost_centre",
        "service",
        "supplied_on",
        "po_number",
        "service_user",
        "document_id",
        "document_line",
        "settled_words",
        "recorded_on",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.file_id,
            r.row_number,
            r.feeder_id,
            r.reference,
            r.state,
            r.place,
            r.customer_id,
            r.customer,
            r.document,
            r.description,
            r.amount_pence,
            r.vat_code,
            r.income_code,
            r.cost_centre,
            r.service,
            r.supplied_on,
            r.po_number,
            r.service_user,
            r.document_id,
            r.document_line,
            r.settled_words,
            r.recorded_on,
            r.recorded_at
        ]
    });
    tx.insert("feeder_row", COLUMNS, rows.collect()).await
}

/// Adds faults.
pub async fn add_faults(tx: &mut Tx, org: OrgId, rows: Vec<FaultRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "file_id", "row_number", "seq", "field", "code", "given", "right_words"];
    let rows =
        rows.into_iter().map(|r| args![org, r.file_id, r.row_number, r.seq, r.field, r.code, r.given, r.right_words]);
    tx.insert("feeder_fault", COLUMNS, rows.collect()).await
}

/// `$3, $4, …`: so many places, from a number on.
fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// A charge that waits or was billed.
#[derive(Clone, Debug, FromRow)]
pub struct SentBefore {
    /// The sender's number.
    pub reference: String,
    /// Who is charged, as sent.
    pub customer: String,
    /// What it is for.
    pub description: String,
    /// Pounds.
    pub amount_pence: i64,
    /// The file.
    pub file: String,
    /// The invoice; empty while it waits.
    pub invoice: String,
}

/// The charges of a feeder with these references that wait or were billed.
pub async fn sent_before(
    tx: &mut Tx,
    org: OrgId,
    feeder: i64,
    references: &[&str],
) -> Result<Vec<SentBefore>, StoreFault> {
    let mut found = Vec::new();
    for part in references.chunks(500) {
        let sql = format!(
            "select r.reference, r.customer, r.description, r.amount_pence, f.number as file, coalesce(d.number, '') as invoice from feeder_row r join feeder_file f on f.org_id = r.org_id and f.id = r.file_id left join document d on d.org_id = r.org_id and d.id = r.document_id where r.org_id = $1 and r.feeder_id = $2 and r.state in ('good', 'billed') and r.reference in ({})",
            places(3, part.len())
        );
        let mut values = args![org, feeder];
        values.extend(part.iter().map(|reference| Arg::from(*reference)));
        found.extend(tx.all_built::<SentBefore>(sql, values).await?);
    }
    Ok(found)
}

/// A customer who is charged.
#[derive(Clone, Debug, FromRow)]
pub struct ChargedRow {
    /// How the sender knows them.
    pub known_as: String,
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// The lines of their address, one after the other.
    pub address: String,
    /// Days to pay.
    pub terms_days: i64,
}

/// Customers by their numbers.
pub async fn charged_by_number(tx: &mut Tx, org: OrgId, numbers: &[&str]) -> Result<Vec<ChargedRow>, StoreFault> {
    let sql = [
        "select n.number as known_as, k.id, k.number, k.name, k.address1 || k.address2 || k.town || k.postcode as address, k.terms_days from customer n left join customer_merge m on m.org_id = n.org_id and m.customer_id = n.id and m.state = 'made' join customer k on k.org_id = n.org_id and k.id = coalesce(m.survivor_id, n.id) where n.org_id = $1 and n.number in (",
        ")",
    ];
    tx.all_listed(sql, org, numbers.iter().copied()).await
}

/// Customers by references of a kind, as searched; one reference of two customers gives both.
pub async fn charged_by_reference(
    tx: &mut Tx,
    org: OrgId,
    kind: &str,
    references: &[String],
) -> Result<Vec<ChargedRow>, StoreFault> {
    let mut found = Vec::new();
    for part in references.chunks(500) {
        let sql = format!(
            "select x.search_reference as known_as, k.id, k.number, k.name, k.address1 || k.address2 || k.town || k.postcode as address, k.terms_days from customer_reference x join customer k on k.org_id = x.org_id and k.id = x.customer_id where x.org_id = $1 and x.kind = $2 and x.search_reference in ({})",
            places(3, part.len())
        );
        let mut values = args![org, kind];
        values.extend(part.iter().map(Arg::from));
        found.extend(tx.all_built::<ChargedRow>(sql, values).await?);
    }
    Ok(found)
}

/// Customers by their ids.
pub async fn charged_by_id(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<ChargedRow>, StoreFault> {
    let sql = [
        "select k.number as known_as, k.id, k.number, k.name, k.address1 || k.address2 || k.town || k.postcode as address, k.terms_days from customer k where k.org_id = $1 and k.id in (",
        ")",
    ];
    tx.all_listed(sql, org, ids.iter().copied()).await
}

/// Kinds of reference that customers are known by.
pub async fn reference_kinds(tx: &mut Tx, org: OrgId) -> Result<Vec<String>, StoreFault> {
    let sql = sql!("select distinct kind from customer_reference where org_id = $1 order by kind");
    Ok(tx.all::<(String,)>(sql, args![org]).await?.into_iter().map(|(kind,)| kind).collect())
}

/// The rows that wait, of so many invoices after a place, in order.
pub async fn rows_waiting(
    tx: &mut Tx,
    org: OrgId,
    file: i64,
    (after, until): (i64, i64),
) -> Result<Vec<ChargeRow>, StoreFault> {
    let sql = sql!(
        "select file_id, row_number, feeder_id, reference, state, place, customer_id, customer, document, description, amount_pence, vat_code, income_code, cost_centre, service, supplied_on, po_number, service_user, document_id, document_line, settled_words, recorded_on, recorded_at from feeder_row where org_id = $1 and file_id = $2 and state = 'good' and place > $3 and place <= $4 order by place, row_number"
    );
    tx.all(sql, args![org, file, after, until]).await
}

/// Marks rows that were billed: their places, and the invoice and line of each.
pub async fn mark_billed(tx: &mut Tx, org: OrgId, file: i64, billed: &[(i64, i64, i64)]) -> Result<(), StoreFault> {
    for part in billed.chunks(300) {
        let rows: Vec<String> = (0..part.len()).map(|n| format!("when ${} then ${}", n * 3 + 3, n * 3 + 4)).collect();
        let lines: Vec<String> = (0..part.len()).map(|n| format!("when ${} then ${}", n * 3 + 3, n * 3 + 5)).collect();
        let keys: Vec<String> = (0..part.len()).map(|n| format!("${}", n * 3 + 3)).collect();
        let sql = format!(
            "update feeder_row set state = 'billed', document_id = case row_number {} end, document_line = case row_number {} end where org_id = $1 and file_id = $2 and state = 'good' and row_number in ({}) returning row_number",
            rows.join(" "),
            lines.join(" "),
            keys.join(", ")
        );
        let mut values = args![org, file];
        for (row, document, line) in part {
            values.extend(args![*row, *document, *line]);
        }
        let marked = tx.all_built::<(i64,)>(sql, values).await?;
        if marked.len() != part.len() {
            return Err(StoreFault::Broken(format!("{} of {} rows were billed", marked.len(), part.len())));
        }
    }
    Ok(())
}

/// Takes the rows of one invoice back to the rejects, when it can no longer be billed.
pub async fn reject_place(tx: &mut Tx, org: OrgId, file: i64, place: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update feeder_row set state = 'rejected' where org_id = $1 and file_id = $2 and place = $3 and state = 'good'"
    );
    tx.run(sql, args![org, file, place]).await
}

/// Ends the rejects of a feeder that these rows of a newer file put right.
pub async fn settle_rejects(
    tx: &mut Tx,
    org: OrgId,
    (feeder, file): (i64, i64),
    words: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update feeder_row set state = 'corrected', settled_words = $4 where org_id = $1 and feeder_id = $2 and file_id <> $3 and state = 'rejected' and reference <> '' and reference in (select n.reference from feeder_row n where n.org_id = $1 and n.file_id = $3 and n.state in ('good', 'rejected'))"
    );
    tx.run(sql, args![org, feeder, file, words]).await
}

/// Sets one reject aside; false if none waits there.
pub async fn set_aside(tx: &mut Tx, org: OrgId, (file, row): (i64, i64), words: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update feeder_row set state = 'set_aside', settled_words = $4 where org_id = $1 and file_id = $2 and row_number = $3 and state = 'rejected'"
    );
    Ok(tx.run(sql, args![org, file, row, words]).await? == 1)
}

/// Withdraws the rows of a file that was not released.
pub async fn withdraw_rows(tx: &mut Tx, org: OrgId, file: i64) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update feeder_row set state = 'withdrawn' where org_id = $1 and file_id = $2 and state in ('good', 'rejected')"
    );
    tx.run(sql, args![org, file]).await
}

/// The faults of a file, by row.
pub async fn faults_of_file(tx: &mut Tx, org: OrgId, file: i64) -> Result<Vec<FaultRow>, StoreFault> {
    let sql = sql!(
        "select file_id, row_number, seq, field, code, given, right_words from feeder_fault where org_id = $1 and file_id = $2 order by row_number, seq"
    );
    tx.all(sql, args![org, file]).await
}

/// A reject with what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RejectRow {
    /// The file.
    pub file: String,
    /// Row as a spreadsheet numbers it.
    pub row_number: i64,
    /// The feeder.
    pub feeder: String,
    /// Who puts it right.
    pub rejects_to: String,
    /// The sender's number.
    pub reference: String,
    /// Who is charged, as sent.
    pub customer: String,
    /// Pounds, as far as they can be read.
    pub amount_pence: i64,
    /// Since when.
    pub recorded_on: NaiveDate,
    /// Which field.
    pub field: String,
    /// Kind of fault.
    pub code: String,
    /// The value as given.
    pub given: String,
    /// What would be right.
    pub right_words: String,
}

/// Rejects that wait, oldest first, each with its first fault; of one feeder, or of all.
pub async fn rejects(tx: &mut Tx, org: OrgId, feeder: &str, limit: i64) -> Result<Vec<RejectRow>, StoreFault> {
    let sql = sql!(
        "select f.number as file, r.row_number, d.code as feeder, d.rejects_to, r.reference, r.customer, r.amount_pence, r.recorded_on, x.field, x.code, x.given, x.right_words from feeder_row r join feeder_file f on f.org_id = r.org_id and f.id = r.file_id join feeder d on d.org_id = r.org_id and d.id = r.feeder_id join feeder_fault x on x.org_id = r.org_id and x.file_id = r.file_id and x.row_number = r.row_number and x.seq = 1 where r.org_id = $1 and r.state = 'rejected' and ($2 = '' or d.code = $2) order by r.recorded_on, r.file_id, r.row_number limit $3"
    );
    tx.all(sql, args![org, feeder, limit]).await
}

/// Rows of a file that are still rejected.
pub async fn rejected_rows(tx: &mut Tx, org: OrgId, file: i64) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select row_number from feeder_row where org_id = $1 and file_id = $2 and state = 'rejected' order by row_number"
    );
    Ok(tx.all::<(i64,)>(sql, args![org, file]).await?.into_iter().map(|(row,)| row).collect())
}

/// What stands behind a line of an invoice: the row of a file.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct BehindLine {
    /// The invoice's line.
    pub line: i64,
    /// The feeder's name.
    pub feeder: String,
    /// The file.
    pub file: String,
    /// The file's name.
    pub file_name: String,
    /// Row as a spreadsheet numbers it.
    pub row_number: i64,
    /// The sender's number of the charge.
    pub reference: String,
    /// The sender's document.
    pub document: String,
    /// Pounds, as sent.
    pub amount_pence: i64,
}

/// The rows of files behind the lines of an invoice.
pub async fn behind_invoice(tx: &mut Tx, org: OrgId, number: &str) -> Result<Vec<BehindLine>, StoreFault> {
    let sql = sql!(
        "select coalesce(r.document_line, 0) as line, d.name as feeder, f.number as file, f.file_name, r.row_number, r.reference, r.document, r.amount_pence from document k join feeder_row r on r.org_id = k.org_id and r.document_id = k.id join feeder_file f on f.org_id = r.org_id and f.id = r.file_id join feeder d on d.org_id = r.org_id and d.id = r.feeder_id where k.org_id = $1 and k.kind = 'invoice' and k.number = $2 order by 1, r.row_number"
    );
    tx.all(sql, args![org, number]).await
}

/// Ends every reject of a file that a newer one puts right.
pub async fn settle_file(tx: &mut Tx, org: OrgId, file: i64, words: &str) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update feeder_row set state = 'corrected', settled_words = $3 where org_id = $1 and file_id = $2 and state = 'rejected'"
    );
    tx.run(sql, args![org, file, words]).await
}
