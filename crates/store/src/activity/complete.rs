//! Delivered against billed: sums by contract and what became of the lines, and the same from the invoices (BIL-07).
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Sums of the lines of one contract and state.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CompleteRow {
    /// Number of the contract; empty where a line has none.
    pub contract: String,
    /// Its service user.
    pub service_user: String,
    /// accepted, held, asked or explained.
    pub state: String,
    /// Why held, or why explained; for accepted lines late, waiting or billed.
    pub because: String,
    /// Why the last run left the contract out; empty where it did not.
    pub left_out: String,
    /// The next day on which a run bills the contract.
    pub next_on: Option<NaiveDate>,
    /// Lines.
    pub lines: i64,
    /// What they came to when they were taken in.
    pub worth_pence: i64,
    /// What of it was billed.
    pub billed_pence: i64,
    /// Priced anew since, by a change of rate.
    pub repriced_pence: i64,
}

/// Sums by contract and state of what was delivered in some days.
pub async fn complete_rows(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<CompleteRow>, StoreFault> {
    let sql = sql!(
        "select s.contract, s.service_user, s.state, s.because, s.left_out, s.next_on, cast(count(*) as bigint) as lines, cast(sum(s.worth) as bigint) as worth_pence, cast(sum(s.priced) as bigint) as billed_pence, cast(sum(case when s.because = 'billed' then s.priced - s.worth else 0 end) as bigint) as repriced_pence from (select coalesce(c.number, '') as contract, coalesce(c.service_user, '') as service_user, a.state, case when a.state = 'explained' then a.explained_as when a.state <> 'accepted' then a.held_because when p.priced is not null and a.to_on <= c.billed_to then 'billed' when a.from_on <= c.billed_to and p.priced is null then 'late' else 'waiting' end as because, coalesce((select f.sentence from billing_run_left f where f.org_id = a.org_id and f.contract_id = a.contract_id and a.state = 'accepted' and a.to_on > c.billed_to and f.run_id = (select max(r.id) from billing_run r where r.org_id = a.org_id and r.state = 'done')), '') as left_out, case when a.state = 'accepted' then c.next_on end as next_on, a.worth_pence as worth, coalesce(p.priced, 0) as priced from activity a left join contract c on c.org_id = a.org_id and c.id = a.contract_id left join (select v.activity_id, cast(sum(v.priced_pence) as bigint) as priced from (select b.activity_id, b.priced_pence, row_number() over (partition by b.activity_id, x.contract_id, x.line, x.period_starts_on, x.run_id, x.from_on order by x.id desc) as nth, rank() over (partition by b.activity_id, x.contract_id, x.line, x.period_starts_on order by x.run_id desc) as newest from activity t join activity_billed b on b.org_id = t.org_id and b.activity_id = t.id join contract_charge x on x.org_id = b.org_id and x.id = b.charge_id where t.org_id = $1 and t.from_on between $2 and $3 and x.state <> 'refused') v where v.nth = 1 and v.newest = 1 group by v.activity_id) p on p.activity_id = a.id where a.org_id = $1 and a.from_on between $2 and $3 and a.state <> 'replaced') s group by s.contract, s.service_user, s.state, s.because, s.left_out, s.next_on order by s.contract, s.state, s.because"
    );
    tx.all(sql, args![org, from, to]).await
}

/// What the invoices and the ledger hold of contracts by activity, for the periods that touch some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CompleteProof {
    /// What was billed, as the contracts keep it: charges and adjustments, credits that wait left out.
    pub charges_pence: i64,
    /// The same as the lines of invoices say it.
    pub lines_pence: i64,
    /// Credits by the run that are posted.
    pub credits_pence: i64,
    /// Credits by the run that wait for someone's yes.
    pub asked_pence: i64,
    /// Invoices behind it, with VAT.
    pub invoices_pence: i64,
    /// What the ledger debited for those invoices.
    pub ledger_pence: i64,
}

/// The same sums from the contracts' charges, the lines of the invoices and the entries of the ledger.
pub async fn complete_proof(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<CompleteProof, StoreFault> {
    let sql = sql!(
        "with x as (select x.id, x.net_pence, x.state, x.approval, x.document_id, x.document_line from contract_charge x join contract_line l on l.org_id = x.org_id and l.contract_id = x.contract_id and l.line = x.line and l.by_activity where x.org_id = $1 and x.period_ends_on >= $2 and x.period_starts_on <= $3 and x.state <> 'refused'), d as (select distinct x.document_id from x where x.document_id is not null and x.approval = '') select cast(coalesce((select cast(sum(x.net_pence) as bigint) from x where x.approval = '' and x.document_id is not null), 0) as bigint) as charges_pence, cast(coalesce((select cast(sum(n.net_pence) as bigint) from (select distinct x.document_id, x.document_line from x where x.document_id is not null and x.approval = '') u join document_line n on n.org_id = $1 and n.document_id = u.document_id and n.line = u.document_line), 0) as bigint) as lines_pence, cast(coalesce((select cast(sum(x.net_pence) as bigint) from x where x.approval <> '' and x.state = 'billed'), 0) as bigint) as credits_pence, cast(coalesce((select cast(sum(x.net_pence) as bigint) from x where x.state = 'asked'), 0) as bigint) as asked_pence, cast(coalesce((select cast(sum(k.gross_pence) as bigint) from d join document k on k.org_id = $1 and k.id = d.document_id), 0) as bigint) as invoices_pence, cast(coalesce((select cast(sum((select cast(sum(e.debit_pence - e.credit_pence) as bigint) from entry e where e.org_id = i.org_id and e.journal_id = i.journal_id and e.item_id = i.id)) as bigint) from d join document k on k.org_id = $1 and k.id = d.document_id join open_item i on i.org_id = k.org_id and i.kind = 'invoice' and i.number = k.number), 0) as bigint) as ledger_pence"
    );
    tx.one(sql, args![org, from, to]).await
}

/// Contract, charge and first day of a period whose activity and bill differ, with both sums.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PeriodDiffers {
    /// Number of the contract.
    pub contract: String,
    /// First day of the period.
    pub period_starts_on: NaiveDate,
    /// What was billed for it.
    pub billed_pence: i64,
    /// What the activity behind it was priced at.
    pub activity_pence: i64,
    /// Whether the next run looks at it again.
    pub rechecked: bool,
}

/// Periods whose bills differ from the activity that stands behind them now.
pub async fn periods_that_differ(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<PeriodDiffers>, StoreFault> {
    let sql = sql!(
        "select c.number as contract, s.period_starts_on, cast(s.billed as bigint) as billed_pence, cast(s.priced as bigint) as activity_pence, c.recheck_from is not null as rechecked from (select x.contract_id, x.period_starts_on, cast(sum(x.net_pence) as bigint) as billed, coalesce((select cast(sum(v.priced_pence) as bigint) from (select b.priced_pence, row_number() over (partition by b.activity_id, y.line, y.run_id, y.from_on order by y.id desc) as nth, rank() over (partition by b.activity_id, y.line order by y.run_id desc) as newest from contract_charge y join activity_billed b on b.org_id = y.org_id and b.charge_id = y.id join activity a on a.org_id = b.org_id and a.id = b.activity_id where y.org_id = $1 and y.contract_id = x.contract_id and y.period_starts_on = x.period_starts_on and y.state <> 'refused' and a.state <> 'replaced') v where v.nth = 1 and v.newest = 1), 0) as priced from contract_charge x join contract_line l on l.org_id = x.org_id and l.contract_id = x.contract_id and l.line = x.line and l.by_activity where x.org_id = $1 and x.period_ends_on >= $2 and x.period_starts_on <= $3 and x.state <> 'refused' group by x.contract_id, x.period_starts_on) s join contract c on c.org_id = $1 and c.id = s.contract_id where s.billed <> s.priced order by c.number, s.period_starts_on limit 500"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Reason, lines, lines past their day and pounds at stake of the exceptions.
pub async fn exception_sums(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
) -> Result<Vec<(String, i64, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select held_because, cast(count(*) as bigint), cast(sum(case when due_on < $2 then 1 else 0 end) as bigint), cast(sum(worth_pence) as bigint) from activity where org_id = $1 and state in ('held', 'asked') group by held_because order by held_because"
    );
    tx.all(sql, args![org, today]).await
}
