//! Suspense: every receipt with its age, owner, reason and next step; and a receipt's whole history.
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, ReceiptId};
use sundry_domain::money::Pence;

/// Which money in suspense to list.
#[derive(Clone, Debug, Default)]
pub struct SuspenseFilter {
    /// Words in payer, reference, reason, next step or number; empty for any.
    pub words: String,
    /// Exactly this amount, where what was searched for is one.
    pub amount: Option<Pence>,
    /// Whose; `-` for nobody's, empty for anybody's.
    pub owner: String,
    /// One bank account.
    pub bank_account: Option<i64>,
    /// Received on or after.
    pub from_on: Option<NaiveDate>,
    /// Received on or before.
    pub to_on: Option<NaiveDate>,
    /// Only what lacks an owner, a reason or a next step.
    pub unexplained: bool,
    /// Only what is to be looked at by this day.
    pub due_by: Option<NaiveDate>,
}

/// Money in suspense.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct SuspenseRow {
    /// Id of the receipt.
    pub receipt_id: i64,
    /// Number of the receipt.
    pub number: String,
    /// When it came.
    pub received_on: NaiveDate,
    /// Amount.
    pub amount_pence: i64,
    /// bank, cheque, cash or card.
    pub method: String,
    /// Who paid, as written.
    pub payer_name: String,
    /// What they wrote.
    pub words: String,
    /// Why it waits.
    pub reason: String,
    /// Who has it in hand.
    pub owner: String,
    /// What comes next; none yet.
    pub next_step: Option<String>,
    /// When.
    pub next_on: Option<NaiveDate>,
    /// Name of our bank account.
    pub bank_account: Option<String>,
    /// How likely the best suggestion is; none without one.
    pub confidence_ppm: Option<i64>,
}

const FROM: &str = " from receipt r left join suspense_case k on k.org_id = r.org_id and k.receipt_id = r.id left join bank_line b on b.org_id = r.org_id and b.id = r.bank_line_id left join bank_account a on a.org_id = r.org_id and a.id = b.bank_account_id left join suggestion s on s.org_id = r.org_id and s.bank_line_id = r.bank_line_id and s.rank = 1 and s.line = 1 and b.state = 'suggested' where r.org_id = $1 and r.state = 'suspense'";

fn conditions(org: OrgId, filter: &SuspenseFilter) -> (String, Vec<Arg>) {
    let mut values = args![org];
    let mut sql = String::new();
    let mut add = |text: &str, value: Arg, sql: &mut String| {
        values.push(value);
        sql.push_str(&text.replace('#', &format!("${}", values.len())));
    };
    if !filter.words.is_empty() {
        let escaped = filter.words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let columns = ["r.payer_name", "r.words", "r.number", "r.reason", "coalesce(k.next_step, '')"];
        let any: Vec<String> = columns.iter().map(|column| format!("lower({column}) like # escape '\\'")).collect();
        add(&format!(" and ({}", any.join(" or ")), Arg::from(format!("%{escaped}%")), &mut sql);
        match filter.amount {
            Some(amount) => add(" or r.amount_pence = #)", amount.into(), &mut sql),
            None => sql.push(')'),
        }
    }
    match filter.owner.as_str() {
        "" => {}
        "-" => sql.push_str(" and r.owner = ''"),
        owner => add(" and r.owner = #", owner.into(), &mut sql),
    }
    if let Some(account) = filter.bank_account {
        add(" and b.bank_account_id = #", account.into(), &mut sql);
    }
    if let Some(day) = filter.from_on {
        add(" and r.received_on >= #", day.into(), &mut sql);
    }
    if let Some(day) = filter.to_on {
        add(" and r.received_on <= #", day.into(), &mut sql);
    }
    if filter.unexplained {
        sql.push_str(" and (r.owner = '' or r.reason = '' or coalesce(k.next_step, '') = '')");
    }
    if let Some(day) = filter.due_by {
        add(" and (k.next_on is null or k.next_on <= #)", day.into(), &mut sql);
    }
    (sql, values)
}

/// Money in suspense, oldest first.
pub async fn list_suspense(
    tx: &mut Tx,
    org: OrgId,
    filter: &SuspenseFilter,
    (limit, offset): (i64, i64),
) -> Result<Vec<SuspenseRow>, StoreFault> {
    let (conditions, mut values) = conditions(org, filter);
    values.extend(args![limit, offset]);
    let (limit, offset) = (values.len() - 1, values.len());
    let sql = format!(
        "select r.id as receipt_id, r.number, r.received_on, r.amount_pence, r.method, r.payer_name, r.words, r.reason, r.owner, k.next_step, k.next_on, a.name as bank_account, s.confidence_ppm{FROM}{conditions} order by r.received_on, r.id limit ${limit} offset ${offset}"
    );
    tx.all_built(sql, values).await
}

/// How many receipts a filter finds in suspense, and their sum.
pub async fn count_suspense(tx: &mut Tx, org: OrgId, filter: &SuspenseFilter) -> Result<(i64, i64), StoreFault> {
    let (conditions, values) = conditions(org, filter);
    let sql = format!("select count(*), cast(coalesce(sum(r.amount_pence), 0) as bigint){FROM}{conditions}");
    Ok(tx.all_built(sql, values).await?.into_iter().next().unwrap_or((0, 0)))
}

/// Owner, how many, how much, how many are to be looked at by a day, and the oldest day; nobody's first.
pub async fn suspense_by_owner(
    tx: &mut Tx,
    org: OrgId,
    due_by: NaiveDate,
) -> Result<Vec<(String, i64, i64, i64, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select r.owner, count(*), cast(sum(r.amount_pence) as bigint), cast(sum(case when k.next_on is null or k.next_on <= $2 then 1 else 0 end) as bigint), min(r.received_on) from receipt r left join suspense_case k on k.org_id = r.org_id and k.receipt_id = r.id where r.org_id = $1 and r.state = 'suspense' group by r.owner order by r.owner"
    );
    tx.all(sql, args![org, due_by]).await
}

/// What comes next for money in suspense.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct SuspenseCaseRow {
    /// The receipt.
    pub receipt_id: i64,
    /// What comes next.
    pub next_step: String,
    /// When.
    pub next_on: Option<NaiveDate>,
    /// When it was noted.
    pub noted_on: NaiveDate,
    /// By whom.
    pub noted_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// What the best suggestions that are at least so likely would pay: receipt, item (none for the account), amount.
pub async fn strong_lines(
    tx: &mut Tx,
    org: OrgId,
    at_least_ppm: i64,
) -> Result<Vec<(String, Option<String>, i64)>, StoreFault> {
    let sql = sql!(
        "select r.number, i.number, s.amount_pence from receipt r join bank_line b on b.org_id = r.org_id and b.id = r.bank_line_id and b.state = 'suggested' join suggestion s on s.org_id = r.org_id and s.bank_line_id = r.bank_line_id and s.rank = 1 and s.confidence_ppm >= $2 left join open_item i on i.org_id = s.org_id and i.id = s.item_id where r.org_id = $1 and r.state = 'suspense' order by r.received_on, r.id, s.line"
    );
    tx.all(sql, args![org, at_least_ppm]).await
}

/// Keeps what comes next; the newest counts.
pub async fn note_next_step(tx: &mut Tx, org: OrgId, c: &SuspenseCaseRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into suspense_case (org_id, receipt_id, next_step, next_on, noted_on, noted_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, receipt_id) do update set next_step = excluded.next_step, next_on = excluded.next_on, noted_on = excluded.noted_on, noted_by = excluded.noted_by, recorded_at = excluded.recorded_at"
    );
    let values = args![org, c.receipt_id, &c.next_step, c.next_on, c.noted_on, &c.noted_by, c.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// What comes next for one receipt.
pub async fn next_step_of(tx: &mut Tx, org: OrgId, receipt: ReceiptId) -> Result<Option<SuspenseCaseRow>, StoreFault> {
    let sql = sql!(
        "select receipt_id, next_step, next_on, noted_on, noted_by, recorded_at from suspense_case where org_id = $1 and receipt_id = $2"
    );
    tx.maybe(sql, args![org, receipt]).await
}

// History ----------------------------------------------------------------------------

/// An allocation out of a receipt, standing or undone, as it happened.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MovementRow {
    /// Allocation.
    pub id: i64,
    /// Number of the item.
    pub item_number: String,
    /// Kind of the item.
    pub item_kind: String,
    /// Customer number.
    pub customer_number: String,
    /// Amount; below nothing where it was taken back.
    pub amount_pence: i64,
    /// Business date.
    pub allocated_on: NaiveDate,
    /// person, machine or rule.
    pub made_by: String,
    /// Who, where it was a person.
    pub actor_name: Option<String>,
    /// Why.
    pub reason: String,
    /// How sure the machine was.
    pub confidence_ppm: i64,
    /// What it takes back.
    pub reverses_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Every allocation out of a receipt's credits, oldest first; nothing is left out.
pub async fn movements_of_receipt(tx: &mut Tx, org: OrgId, receipt: ReceiptId) -> Result<Vec<MovementRow>, StoreFault> {
    let sql = sql!(
        "select a.id, d.number as item_number, d.kind as item_kind, c.number as customer_number, a.amount_pence, a.allocated_on, a.made_by, u.display_name as actor_name, a.reason, a.confidence_ppm, a.reverses_id, a.recorded_at from open_item k join allocation a on a.org_id = k.org_id and a.credit_item_id = k.id join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id join customer c on c.org_id = a.org_id and c.id = a.customer_id left join app_user u on u.org_id = a.org_id and u.id = a.actor_id where k.org_id = $1 and k.receipt_id = $2 and k.original_pence < 0 order by a.recorded_at, a.id"
    );
    tx.all(sql, args![org, receipt]).await
}

/// A journal of a source with one of its entries.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct SourceEntryRow {
    /// Number of the journal.
    pub journal: i64,
    /// Posting date.
    pub posted_on: NaiveDate,
    /// What happened.
    pub event: String,
    /// Why.
    pub reason: String,
    /// GL code.
    pub gl_code: String,
    /// Its name.
    pub gl_name: Option<String>,
    /// Debit.
    pub debit_pence: i64,
    /// Credit.
    pub credit_pence: i64,
}

/// Every entry of every journal of a source, in order.
pub async fn entries_of_source(tx: &mut Tx, org: OrgId, source: &str) -> Result<Vec<SourceEntryRow>, StoreFault> {
    let sql = sql!(
        "select j.number as journal, j.posted_on, j.event, j.reason, e.gl_code, g.name as gl_name, e.debit_pence, e.credit_pence from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id left join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where j.org_id = $1 and j.source = $2 order by j.number, e.line"
    );
    tx.all(sql, args![org, source]).await
}
