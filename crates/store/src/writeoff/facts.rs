//! What is known of debts that may be given up: each statement answers for a range of customers at once.
use super::DebtEvidenceRow;
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// The first and the last id of a range of customers.
pub type Customers = (i64, i64);

/// A debt.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DebtRow {
    /// Its item.
    pub id: i64,
    /// Number.
    pub number: String,
    /// invoice, interest, costs and so on.
    pub kind: String,
    /// Whose.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What they are.
    pub customer_kind: String,
    /// Date of the document.
    pub dated_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// Amount at first.
    pub original_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// What of it is disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// Type.
    pub debt_type: String,
    /// Step it stands at.
    pub stage: String,
    /// The invoice behind it; 0 for none.
    pub document_id: i64,
    /// When supplied.
    pub supply_on: NaiveDate,
    /// Invoice with VAT.
    pub gross_pence: i64,
}

/// Open debts due on or before a day, of a range of customers, by customer and due date.
pub async fn debts(tx: &mut Tx, org: OrgId, due_by: NaiveDate, of: Customers) -> Result<Vec<DebtRow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.number, i.kind, i.customer_id, c.number as customer_number, c.name as customer_name, c.kind as customer_kind, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.debt_type, i.stage, coalesce(d.id, 0) as document_id, coalesce(d.supply_on, i.dated_on) as supply_on, coalesce(d.gross_pence, i.original_pence) as gross_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id left join document d on d.org_id = i.org_id and d.id = i.document_id where i.org_id = $1 and i.customer_id between $3 and $4 and i.due_on <= $2 and i.open_pence <> 0 and i.original_pence > 0 order by i.customer_id, i.due_on, i.id"
    );
    tx.all(sql, args![org, due_by, of.0, of.1]).await
}

/// One debt, open or not.
pub async fn debt(tx: &mut Tx, org: OrgId, item: i64) -> Result<Option<DebtRow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.number, i.kind, i.customer_id, c.number as customer_number, c.name as customer_name, c.kind as customer_kind, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.debt_type, i.stage, coalesce(d.id, 0) as document_id, coalesce(d.supply_on, i.dated_on) as supply_on, coalesce(d.gross_pence, i.original_pence) as gross_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id left join document d on d.org_id = i.org_id and d.id = i.document_id where i.org_id = $1 and i.id = $2 and i.original_pence > 0"
    );
    tx.maybe(sql, args![org, item]).await
}

/// The debts on a schedule, whatever became of them.
pub async fn debts_of_schedule(tx: &mut Tx, org: OrgId, schedule: i64) -> Result<Vec<DebtRow>, StoreFault> {
    let sql = sql!(
        "select i.id, i.number, i.kind, i.customer_id, c.number as customer_number, c.name as customer_name, c.kind as customer_kind, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.debt_type, i.stage, coalesce(d.id, 0) as document_id, coalesce(d.supply_on, i.dated_on) as supply_on, coalesce(d.gross_pence, i.original_pence) as gross_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id left join document d on d.org_id = i.org_id and d.id = i.document_id where i.org_id = $1 and i.id in (select l.item_id from writeoff_line l where l.org_id = $1 and l.schedule_id = $2) order by i.customer_id, i.due_on, i.id"
    );
    tx.all(sql, args![org, schedule]).await
}

/// Reminders that went for the open debts of a range of customers: item, how many, whether the final one, the last day.
pub async fn letters(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<(i64, i64, i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select s.item_id, cast(count(*) as bigint), cast(max(case when s.step_code = 'R3' or l.template_code = 'final_notice' then 1 else 0 end) as bigint), max(s.taken_on) from step_taken s join letter l on l.org_id = s.org_id and l.id = s.letter_id and l.state not in ('withdrawn','failed') where s.org_id = $1 and s.customer_id between $2 and $3 group by s.item_id"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// Last payment on each debt of a range of customers that is still open.
pub async fn last_paid(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<(i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select a.debit_item_id, max(c.dated_on) from allocation a join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = $1 and i.customer_id between $2 and $3 and i.open_pence <> 0 and c.kind = 'receipt' group by a.debit_item_id having cast(sum(a.amount_pence) as bigint) > 0"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// Holds that stand on a day: customer, item or 0 for the account, reason.
pub async fn holds(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    of: Customers,
) -> Result<Vec<(i64, i64, String)>, StoreFault> {
    let sql = sql!(
        "select customer_id, coalesce(item_id, 0), reason from hold where org_id = $1 and customer_id between $3 and $4 and from_on <= $2 and (until_on is null or until_on >= $2) and (ended_on is null or ended_on > $2)"
    );
    tx.all(sql, args![org, day, of.0, of.1]).await
}

/// Flags that stand on a day: customer, kind, since when, how we know.
pub async fn flags(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    of: Customers,
) -> Result<Vec<(i64, String, NaiveDate, String)>, StoreFault> {
    let sql = sql!(
        "select customer_id, kind, from_on, evidence from customer_flag where org_id = $1 and customer_id between $3 and $4 and from_on <= $2 and (to_on is null or to_on >= $2) order by customer_id, from_on"
    );
    tx.all(sql, args![org, day, of.0, of.1]).await
}

/// An insolvency of a customer.
#[derive(Clone, Debug, FromRow)]
pub struct InsolvencyFact {
    /// Whose.
    pub customer_id: i64,
    /// Stored name of its kind.
    pub kind: String,
    /// The order, approval or resolution.
    pub on_day: NaiveDate,
    /// When it ended, if it has.
    pub ended_on: Option<NaiveDate>,
    /// open, proved, ended or revoked.
    pub state: String,
    /// The last dividend was declared.
    pub final_dividend: bool,
}

/// Insolvencies of customers of a range, the newest of each last.
pub async fn insolvencies(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<InsolvencyFact>, StoreFault> {
    let sql = sql!(
        "select customer_id, kind, on_day, ended_on, state, final_dividend from insolvency where org_id = $1 and customer_id between $2 and $3 order by customer_id, on_day, id"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// What customers of a range owe and what of their money is set against nothing: customer, debits, credits as a size.
pub async fn balances(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<(i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select customer_id, cast(sum(case when open_pence > 0 then open_pence else 0 end) as bigint), cast(sum(case when open_pence < 0 then -open_pence else 0 end) as bigint) from open_item where org_id = $1 and customer_id between $2 and $3 and open_pence <> 0 group by customer_id"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// Evidence on file for the debts of a range of customers.
pub async fn evidence(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<DebtEvidenceRow>, StoreFault> {
    let sql = sql!(
        "select e.id, e.item_id, e.kind, e.words, e.on_day, e.file_name, e.file_sha256, e.ended_on, e.actor_name, e.recorded_at from debt_evidence e join open_item i on i.org_id = e.org_id and i.id = e.item_id where e.org_id = $1 and i.customer_id between $2 and $3 and e.ended_on is null order by e.id"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// Answers of services about the debts of a range of customers: item, state, answer, words, who, when.
pub async fn answers(
    tx: &mut Tx,
    org: OrgId,
    of: Customers,
) -> Result<Vec<(i64, String, String, String, String, Option<NaiveDate>)>, StoreFault> {
    let sql = sql!(
        "select item_id, state, answer, answer_words, answered_by, answered_on from service_referral where org_id = $1 and customer_id between $2 and $3 and state in ('answered','defaulted') order by id"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// Debts of a range of customers that stand on a schedule and wait: item, number of the schedule.
pub async fn waiting(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = sql!(
        "select l.item_id, s.number from writeoff_line l join writeoff_schedule s on s.org_id = l.org_id and s.id = l.schedule_id where l.org_id = $1 and l.customer_id between $2 and $3 and l.state in ('proposed','sent_back')"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}

/// What was written off of customers of a range since a day: customer, amount.
pub async fn written_off(
    tx: &mut Tx,
    org: OrgId,
    since: NaiveDate,
    of: Customers,
) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select customer_id, cast(sum(-original_pence) as bigint) from open_item where org_id = $1 and customer_id between $3 and $4 and kind = 'write_off' and posted_on >= $2 group by customer_id"
    );
    tx.all(sql, args![org, since, of.0, of.1]).await
}

/// Taxed lines of the invoices behind open debts of a range of customers: document, net, VAT, rate.
pub async fn taxed(tx: &mut Tx, org: OrgId, of: Customers) -> Result<Vec<(i64, i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select l.document_id, l.net_pence, l.vat_pence, l.vat_bp from document_line l where l.org_id = $1 and l.vat_bp > 0 and l.document_id in (select i.document_id from open_item i where i.org_id = $1 and i.customer_id between $2 and $3 and i.open_pence <> 0 and i.original_pence > 0) order by l.document_id, l.line"
    );
    tx.all(sql, args![org, of.0, of.1]).await
}
