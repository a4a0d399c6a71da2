//! What was given up, for ever: the register's rows, what came back of each, and who is there again.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A loss as it is recorded when a write-off is posted.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct LossRow {
    /// The write-off's item.
    pub item_id: i64,
    /// Number of the write-off.
    pub number: String,
    /// Financial year.
    pub start_year: i64,
    /// Serial in the year.
    pub serial: i64,
    /// Category of the register.
    pub category: String,
    /// The debt.
    pub debt_item_id: i64,
    /// Its number.
    pub debt_number: String,
    /// Whose.
    pub customer_id: i64,
    /// Service.
    pub service: String,
    /// Type of the debt.
    pub debt_type: String,
    /// Why.
    pub reason: String,
    /// request, schedule or small_balance.
    pub method: String,
    /// Number of the schedule, or of the approval.
    pub schedule: String,
    /// When the debt arose.
    pub arisen_on: NaiveDate,
    /// When it was given up.
    pub approved_on: NaiveDate,
    /// Gross.
    pub gross_pence: i64,
    /// VAT relief taken at once.
    pub relief_pence: i64,
    /// What was done to recover it.
    pub words: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: String,
    /// When the committee decided.
    pub committee_on: Option<NaiveDate>,
    /// Its minute.
    pub committee_minute: String,
    /// Referred to counter-fraud.
    pub counter_fraud: bool,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds losses.
pub async fn add_losses(tx: &mut Tx, org: OrgId, rows: Vec<LossRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "item_id",
        "number",
        "start_year",
        "serial",
        "category",
        "debt_item_id",
        "debt_number",
        "customer_id",
        "service",
        "debt_type",
        "reason",
        "method",
        "schedule",
        "arisen_on",
        "approved_on",
        "gross_pence",
        "relief_pence",
        "words",
        "proposed_by",
        "approved_by",
        "committee_on",
        "committee_minute",
        "counter_fraud",
        "recorded_at",
    ];
    let rows = rows.into_iter().map(|l| {
        args![
            org,
            l.item_id,
            l.number,
            l.start_year,
            l.serial,
            l.category,
            l.debt_item_id,
            l.debt_number,
            l.customer_id,
            l.service,
            l.debt_type,
            l.reason,
            l.method,
            l.schedule,
            l.arisen_on,
            l.approved_on,
            l.gross_pence,
            l.relief_pence,
            l.words,
            l.proposed_by,
            l.approved_by,
            l.committee_on,
            l.committee_minute,
            l.counter_fraud,
            l.recorded_at
        ]
    });
    tx.insert("loss", COLUMNS, rows.collect()).await
}

/// Says that a loss was, or was not, referred to counter-fraud; false if there is none of the number.
pub async fn set_counter_fraud(tx: &mut Tx, org: OrgId, number: &str, referred: bool) -> Result<bool, StoreFault> {
    let sql = sql!("update loss set counter_fraud = $3 where org_id = $1 and number = $2");
    Ok(tx.run(sql, args![org, number, referred]).await? == 1)
}

/// A row of the register.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RegisterRow {
    /// Number of the write-off.
    pub number: String,
    /// Financial year.
    pub start_year: i64,
    /// Serial in the year.
    pub serial: i64,
    /// Category.
    pub category: String,
    /// The debt.
    pub debt_number: String,
    /// Whose.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What they are.
    pub customer_kind: String,
    /// Service.
    pub service: String,
    /// Type of the debt.
    pub debt_type: String,
    /// Why.
    pub reason: String,
    /// request, schedule or small_balance.
    pub method: String,
    /// Number of the schedule, or of the approval.
    pub schedule: String,
    /// When the debt arose.
    pub arisen_on: NaiveDate,
    /// When it was given up.
    pub approved_on: NaiveDate,
    /// Gross.
    pub gross_pence: i64,
    /// VAT relief, taken at once or claimed later, less what was repaid.
    pub relief_pence: i64,
    /// Money that came.
    pub recovered_pence: i64,
    /// What is owed again, paid or not.
    pub restored_pence: i64,
    /// What was done to recover it.
    pub words: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: String,
    /// When the committee decided.
    pub committee_on: Option<NaiveDate>,
    /// Its minute.
    pub committee_minute: String,
    /// Referred to counter-fraud.
    pub counter_fraud: bool,
}

/// The register of a financial year, by serial.
pub async fn register(tx: &mut Tx, org: OrgId, start_year: i64) -> Result<Vec<RegisterRow>, StoreFault> {
    let sql = sql!(
        "select l.number, l.start_year, l.serial, l.category, l.debt_number, l.customer_id, c.number as customer_number, c.name as customer_name, c.kind as customer_kind, l.service, l.debt_type, l.reason, l.method, l.schedule, l.arisen_on, l.approved_on, l.gross_pence, cast(l.relief_pence + coalesce((select cast(sum(e.debit_pence) as bigint) from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where j.org_id = l.org_id and j.source = 'write-off ' || l.number and j.event = 'VatReliefClaimed' and g.role = 'VATBDR'), 0) - coalesce((select cast(sum(b.vat_pence) as bigint) from write_back_of b where b.org_id = l.org_id and b.write_off_item_id = l.item_id), 0) as bigint) as relief_pence, coalesce((select cast(sum(a.amount_pence) as bigint) from write_back_of b join allocation a on a.org_id = b.org_id and a.debit_item_id = b.item_id join open_item m on m.org_id = a.org_id and m.id = a.credit_item_id and m.kind = 'receipt' where b.org_id = l.org_id and b.write_off_item_id = l.item_id), 0) as recovered_pence, coalesce((select cast(sum(b.amount_pence) as bigint) from write_back_of b where b.org_id = l.org_id and b.write_off_item_id = l.item_id), 0) as restored_pence, l.words, l.proposed_by, l.approved_by, l.committee_on, l.committee_minute, l.counter_fraud from loss l join customer c on c.org_id = l.org_id and c.id = l.customer_id where l.org_id = $1 and l.start_year = $2 order by l.serial"
    );
    tx.all(sql, args![org, start_year]).await
}

/// A write-off with what came back of it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct WrittenOffRow {
    /// Its item.
    pub item_id: i64,
    /// Number: `WO-000001`.
    pub number: String,
    /// When.
    pub posted_on: NaiveDate,
    /// Whose.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The debt.
    pub debt_item_id: i64,
    /// Its number.
    pub debt_number: String,
    /// When it was due.
    pub debt_due_on: NaiveDate,
    /// Service.
    pub service: String,
    /// Why; empty for one older than the register.
    pub reason: String,
    /// The schedule or approval; may be empty.
    pub schedule: String,
    /// How much.
    pub amount_pence: i64,
    /// What came back.
    pub restored_pence: i64,
}

/// Write-offs before a place, newest first, whose number, debt, account or name fits the text; all when it is empty.
pub async fn written_off(
    tx: &mut Tx,
    org: OrgId,
    (text, name): (&str, &str),
    before: i64,
    limit: i64,
) -> Result<Vec<WrittenOffRow>, StoreFault> {
    let sql = sql!(
        "select w.id as item_id, w.number, w.posted_on, w.customer_id, c.number as customer_number, c.name as customer_name, i.id as debt_item_id, i.number as debt_number, i.due_on as debt_due_on, i.service, coalesce(l.reason, '') as reason, coalesce(l.schedule, '') as schedule, a.amount_pence, coalesce((select cast(sum(b.amount_pence) as bigint) from write_back_of b where b.org_id = w.org_id and b.write_off_item_id = w.id), 0) as restored_pence from open_item w join allocation a on a.org_id = w.org_id and a.credit_item_id = w.id join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id join customer c on c.org_id = w.org_id and c.id = w.customer_id left join loss l on l.org_id = w.org_id and l.item_id = w.id where w.org_id = $1 and w.kind = 'write_off' and w.number like 'WO-%' and w.id < $4 and a.amount_pence > 0 and ($2 = '' or w.number = $2 or i.number = $2 or c.number = $2 or ($3 <> '' and c.search_name like '%' || $3 || '%')) order by w.id desc limit $5"
    );
    tx.all(sql, args![org, text, name, before, limit]).await
}

/// The write-offs of a customer, oldest first.
pub async fn written_off_of(tx: &mut Tx, org: OrgId, customer: i64) -> Result<Vec<WrittenOffRow>, StoreFault> {
    let sql = sql!(
        "select w.id as item_id, w.number, w.posted_on, w.customer_id, c.number as customer_number, c.name as customer_name, i.id as debt_item_id, i.number as debt_number, i.due_on as debt_due_on, i.service, coalesce(l.reason, '') as reason, coalesce(l.schedule, '') as schedule, a.amount_pence, coalesce((select cast(sum(b.amount_pence) as bigint) from write_back_of b where b.org_id = w.org_id and b.write_off_item_id = w.id), 0) as restored_pence from open_item w join allocation a on a.org_id = w.org_id and a.credit_item_id = w.id join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id join customer c on c.org_id = w.org_id and c.id = w.customer_id left join loss l on l.org_id = w.org_id and l.item_id = w.id where w.org_id = $1 and w.customer_id = $2 and w.kind = 'write_off' and w.number like 'WO-%' and a.amount_pence > 0 order by w.id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Money of a customer who had a debt written off, set against nothing.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MoneyRow {
    /// Item of the receipt.
    pub item_id: i64,
    /// Number of the receipt.
    pub number: String,
    /// When it came.
    pub dated_on: NaiveDate,
    /// What of it is set against nothing.
    pub left_pence: i64,
    /// Whose.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What they wrote.
    pub words: String,
}

/// Money that waits on accounts with a write-off, oldest first.
pub async fn money_waiting(tx: &mut Tx, org: OrgId) -> Result<Vec<MoneyRow>, StoreFault> {
    let sql = sql!(
        "select r.id as item_id, r.number, r.dated_on, -r.open_pence as left_pence, r.customer_id, c.number as customer_number, c.name as customer_name, coalesce(p.words, '') as words from open_item r join customer c on c.org_id = r.org_id and c.id = r.customer_id left join receipt p on p.org_id = r.org_id and p.id = r.receipt_id where r.org_id = $1 and r.kind = 'receipt' and r.open_pence < 0 and exists (select 1 from open_item w where w.org_id = r.org_id and w.customer_id = r.customer_id and w.kind = 'write_off' and w.number like 'WO-%') order by r.dated_on, r.id"
    );
    tx.all(sql, args![org]).await
}

/// What a write-back restores.
#[derive(Clone, Copy, Debug)]
pub struct WriteBackOf {
    /// The write-back's item.
    pub item_id: i64,
    /// The write-off.
    pub write_off_item_id: i64,
    /// The debt.
    pub debt_item_id: Option<i64>,
    /// The money.
    pub receipt_item_id: Option<i64>,
    /// How much.
    pub amount_pence: i64,
    /// VAT relief owed again.
    pub vat_pence: i64,
}

/// Adds what a write-back restores.
pub async fn add_write_back_of(tx: &mut Tx, org: OrgId, row: WriteBackOf, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into write_back_of (org_id, item_id, write_off_item_id, debt_item_id, receipt_item_id, amount_pence, vat_pence, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let values = args![
        org,
        row.item_id,
        row.write_off_item_id,
        row.debt_item_id,
        row.receipt_item_id,
        row.amount_pence,
        row.vat_pence,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// A sign that somebody whose debt was given up is there again.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct SignRow {
    /// Whose debt was given up.
    pub customer_id: i64,
    /// invoice, account, bank or address.
    pub kind: String,
    /// The invoice, the other account, the address.
    pub what: String,
    /// When.
    pub on_day: NaiveDate,
}

/// Signs since the first write-off of each customer, that nobody has looked at yet.
pub async fn signs(tx: &mut Tx, org: OrgId) -> Result<Vec<SignRow>, StoreFault> {
    let sql = sql!(
        "select s.customer_id, s.kind, s.what, s.on_day from (
         select f.customer_id, 'invoice' as kind, i.number as what, i.dated_on as on_day from (select customer_id, min(posted_on) as first_on, min(id) as first_id from open_item where org_id = $1 and kind = 'write_off' and number like 'WO-%' group by customer_id) f join open_item i on i.org_id = $1 and i.customer_id = f.customer_id and i.kind = 'invoice' and i.id > f.first_id
         union all select f.customer_id, 'account', o.number, f.first_on from (select customer_id, min(posted_on) as first_on from open_item where org_id = $1 and kind = 'write_off' and number like 'WO-%' group by customer_id) f join customer c on c.org_id = $1 and c.id = f.customer_id join customer o on o.org_id = $1 and o.search_name = c.search_name and o.postcode = c.postcode and o.id <> c.id and c.postcode <> ''
         union all select f.customer_id, 'bank', o.number, f.first_on from (select customer_id, min(posted_on) as first_on from open_item where org_id = $1 and kind = 'write_off' and number like 'WO-%' group by customer_id) f join customer_bank b on b.org_id = $1 and b.customer_id = f.customer_id join customer_bank ob on ob.org_id = $1 and ob.print = b.print and ob.customer_id <> b.customer_id join customer o on o.org_id = $1 and o.id = ob.customer_id
         union all select f.customer_id, 'address', a.address, a.from_on from (select customer_id, min(posted_on) as first_on from open_item where org_id = $1 and kind = 'write_off' and number like 'WO-%' group by customer_id) f join customer_address a on a.org_id = $1 and a.customer_id = f.customer_id and a.from_on > f.first_on
         ) s where not exists (select 1 from reappearance_seen r where r.org_id = $1 and r.customer_id = s.customer_id and r.sign = s.kind || ' ' || s.what) order by s.customer_id, s.on_day, s.kind, s.what limit 2000"
    );
    tx.all(sql, args![org]).await
}

/// Notes that somebody looked at a sign; false if somebody had.
pub async fn see_sign(
    tx: &mut Tx,
    org: OrgId,
    customer: i64,
    (sign, words): (&str, &str),
    (by, on, at): (&str, NaiveDate, DateTime<Utc>),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into reappearance_seen (org_id, customer_id, sign, words, seen_on, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"
    );
    Ok(tx.run(sql, args![org, customer, sign, words, on, by, at]).await? == 1)
}
