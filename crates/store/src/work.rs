//! What there is to do: why a customer is on the worklist, and what their row shows.
use crate::customers::faces::{MANY, of_ids};
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A reason why a customer is on the list.
#[derive(Clone, Debug, FromRow)]
pub struct Cause {
    /// Customer.
    pub customer_id: i64,
    /// Since when.
    pub due_on: NaiveDate,
    /// What is at stake.
    pub amount_pence: i64,
    /// The query, letter, hold or promise, for the words.
    pub about: String,
}

/// Promises past their day, or broken and not followed by another.
pub async fn promises_broken(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select p.customer_id, p.due_on, p.amount_pence, p.words as about from promise p where p.org_id = $1 and ((p.state = 'open' and p.due_on < $2) or (p.state = 'broken' and not exists (select 1 from promise n where n.org_id = $1 and n.customer_id = p.customer_id and n.id > p.id) and exists (select 1 from open_item i where i.org_id = $1 and i.customer_id = p.customer_id and i.open_pence > 0 and i.due_on < $2))) order by p.due_on, p.id"
    );
    tx.all(sql, args![org, today]).await
}

/// Plans that are behind, as the last daily run left them: `PLAN-000001 missed`.
pub async fn plans_behind(tx: &mut Tx, org: OrgId) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, coalesce(behind_since, proposed_on) as due_on, behind_pence as amount_pence, number || ' ' || standing as about from payment_plan where org_id = $1 and state = 'active' and standing in ('late', 'missed', 'for_manager', 'broken') and behind_pence > 0 order by behind_since, id"
    );
    tx.all(sql, args![org]).await
}

/// Plans that run again after breathing space, and of which nobody has agreed new days since.
pub async fn plans_to_agree_anew(tx: &mut Tx, org: OrgId) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select p.customer_id, max(e.on_day) as due_on, p.next_pence as amount_pence, p.number as about from payment_plan p join plan_event e on e.org_id = p.org_id and e.plan_id = p.id and e.what = 'resumed' where p.org_id = $1 and p.state = 'active' and not exists (select 1 from plan_event l where l.org_id = p.org_id and l.plan_id = p.id and l.id > e.id and l.what in ('changed', 'reviewed', 'suspended')) group by p.customer_id, p.next_pence, p.number order by p.number"
    );
    tx.all(sql, args![org]).await
}

/// Placements that were called back, which the agency has not confirmed in its two working days.
pub async fn recalls_unconfirmed(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select p.customer_id, p.confirm_by as due_on, cast(0 as bigint) as amount_pence, a.name || ' has not confirmed the recall of ' || p.number as about from placement p join agency a on a.org_id = p.org_id and a.id = p.agency_id where p.org_id = $1 and p.state = 'recalled' and p.confirm_by < $2 order by p.confirm_by, p.id"
    );
    tx.all(sql, args![org, today]).await
}

/// Plans whose review day has come.
pub async fn plans_to_review(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, review_on as due_on, cast(0 as bigint) as amount_pence, number as about from payment_plan where org_id = $1 and state = 'active' and review_on <= $2 order by review_on, id"
    );
    tx.all(sql, args![org, today]).await
}

/// Queries past the day by which they were to be answered; the clock of one that waits for its customer stands still.
pub async fn queries_overdue(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, answer_by as due_on, disputed_pence as amount_pence, number as about from query where org_id = $1 and state = 'open' and answer_by < $2 order by answer_by, id"
    );
    tx.all(sql, args![org, today]).await
}

/// Queries that the service has answered and nobody has resolved.
pub async fn queries_answered(tx: &mut Tx, org: OrgId) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, answer_by as due_on, disputed_pence as amount_pence, number as about from query where org_id = $1 and state = 'answered' order by answer_by, id"
    );
    tx.all(sql, args![org]).await
}

/// Letters that could not be sent, or of which it is not known.
pub async fn letters_held(tx: &mut Tx, org: OrgId) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, dated_on as due_on, total_pence as amount_pence, number as about from letter where org_id = $1 and state in ('held','failed','unknown') order by dated_on, id"
    );
    tx.all(sql, args![org]).await
}

/// Holds whose day has come.
pub async fn holds_to_review(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, until_on as due_on, cast(0 as bigint) as amount_pence, reason as about from hold where org_id = $1 and ended_on is null and until_on is not null and until_on <= $2 order by until_on, id"
    );
    tx.all(sql, args![org, today]).await
}

/// Flags whose review day has come.
pub async fn flags_to_review(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, review_on as due_on, cast(0 as bigint) as amount_pence, kind as about from customer_flag where org_id = $1 and review_on is not null and review_on <= $2 and (to_on is null or to_on > $2) order by review_on, id"
    );
    tx.all(sql, args![org, today]).await
}

/// Authorities to get letters that are over, and that nobody has renewed or ended.
pub async fn authorities_over(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, to_on as due_on, cast(0 as bigint) as amount_pence, name as about from representative where org_id = $1 and ended_on is null and to_on < $2 order by to_on, id"
    );
    tx.all(sql, args![org, today]).await
}

/// What cases of people make somebody do by today.
pub async fn case_tasks_due(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select c.customer_id, t.due_on, cast(0 as bigint) as amount_pence, c.number || ': ' || t.what as about from person_case_task t join person_case c on c.org_id = t.org_id and c.id = t.case_id and c.state = 'in_force' and c.customer_id is not null where t.org_id = $1 and t.done_on is null and t.due_on <= $2 order by t.due_on, t.case_id, t.seq"
    );
    tx.all(sql, args![org, today]).await
}

/// Lines of the court's answers that wait for a person: `open CTA-000001 2 why`.
pub async fn court_answers_open(tx: &mut Tx, org: OrgId) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select c.customer_id, f.taken_on as due_on, cast(0 as bigint) as amount_pence, a.state || ' ' || f.number || ' ' || cast(a.seq as text) || ' ' || a.outcome as about from court_answer a join court_answer_file f on f.org_id = a.org_id and f.id = a.file_id join court_case c on c.org_id = a.org_id and c.number = a.case_number where a.org_id = $1 and a.state in ('open', 'waiting') order by f.taken_on, a.id"
    );
    tx.all(sql, args![org]).await
}

/// How many lines of the court's answers wait for a person and are of no case of ours.
pub async fn court_answers_astray(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from court_answer a where a.org_id = $1 and a.state in ('open', 'waiting') and not exists (select 1 from court_case c where c.org_id = a.org_id and c.number = a.case_number)"
    );
    Ok(tx.one::<(i64,)>(sql, args![org]).await?.0)
}

/// Customers whose money waits while they owe.
pub async fn cash_waiting(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select i.customer_id, min(i.dated_on) as due_on, cast(-sum(i.open_pence) as bigint) as amount_pence, min(i.number) as about from open_item i where i.org_id = $1 and i.open_pence < 0 and i.kind = 'receipt' and exists (select 1 from open_item d where d.org_id = $1 and d.customer_id = i.customer_id and d.open_pence > 0 and d.due_on < $2) group by i.customer_id order by i.customer_id"
    );
    tx.all(sql, args![org, today]).await
}

/// The last step of each open, overdue item that no letter belongs to: work for a person.
pub async fn steps_for_people(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select s.customer_id, min(s.taken_on) as due_on, cast(sum(i.open_pence) as bigint) as amount_pence, min(s.pathway_code || ' ' || cast(s.pathway_version as text) || ' ' || s.step_code) as about from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.letter_id is null and s.step_code = i.stage and i.open_pence > 0 and i.due_on < $2 group by s.customer_id, s.pathway_code, s.pathway_version, s.step_code order by s.customer_id"
    );
    tx.all(sql, args![org, today]).await
}

/// Next steps that a note set for a day that has come.
pub async fn notes_due(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select n.customer_id, n.next_on as due_on, cast(0 as bigint) as amount_pence, n.next_step as about from note n where n.org_id = $1 and n.next_on is not null and n.next_on <= $2 and not exists (select 1 from note m where m.org_id = $1 and m.customer_id = n.customer_id and m.id > n.id) order by n.next_on, n.id"
    );
    tx.all(sql, args![org, today]).await
}

/// Customers with items that fell due within the last days; read from an index alone, so nothing is told of the items.
pub async fn newly_overdue(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    today: NaiveDate,
) -> Result<Vec<Cause>, StoreFault> {
    let sql = sql!(
        "select customer_id, min(due_on) as due_on, cast(sum(open_pence) as bigint) as amount_pence, '' as about from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and due_on >= $2 and due_on < $3 group by customer_id order by customer_id"
    );
    tx.all(sql, args![org, from, today]).await
}

/// How many customers have something overdue.
pub async fn customers_overdue(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) from (select distinct customer_id from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and due_on < $2) overdue"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, today]).await?.0)
}

/// Flags in force of these customers: customer and kind; of very many ids, of others too.
pub async fn flags_of(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    ids: &[i64],
) -> Result<Vec<(i64, String)>, StoreFault> {
    let rows: Vec<(i64, String, Option<NaiveDate>)> = if ids.len() > MANY {
        let sql = sql!("select customer_id, kind, to_on from customer_flag where org_id = $1 order by customer_id, id");
        tx.all(sql, args![org]).await?
    } else {
        let start = "select customer_id, kind, to_on from customer_flag where org_id = $1 and customer_id in (";
        of_ids(tx, org, start, ") order by customer_id, id", ids).await?
    };
    Ok(rows.into_iter().filter(|(_, _, to)| to.is_none_or(|to| to > today)).map(|(id, kind, _)| (id, kind)).collect())
}

/// The last letter or note of these customers.
pub async fn last_contacts(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<(i64, NaiveDate)>, StoreFault> {
    let letters = "select customer_id, max(dated_on) from letter where org_id = $1 and state in ('printed','sent') and customer_id in (";
    let notes = "select customer_id, max(on_day) from note where org_id = $1 and kind in ('call','visit','email','letter_in') and customer_id in (";
    let end = ") group by customer_id order by customer_id";
    let mut rows: Vec<(i64, NaiveDate)> = of_ids(tx, org, letters, end, ids).await?;
    rows.append(&mut of_ids(tx, org, notes, end, ids).await?);
    Ok(rows)
}

/// How many accounts, and how much, stand at each step.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct AtStep {
    /// Step; empty before the first.
    pub stage: String,
    /// Accounts.
    pub accounts: i64,
    /// Open of overdue items.
    pub amount_pence: i64,
}

/// Accounts and value of overdue items at each step.
pub async fn at_steps(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Result<Vec<AtStep>, StoreFault> {
    let sql = sql!(
        "select stage, cast(count(distinct customer_id) as bigint) as accounts, cast(sum(open_pence) as bigint) as amount_pence from open_item where org_id = $1 and open_pence <> 0 and open_pence > 0 and due_on < $2 group by stage order by stage"
    );
    tx.all(sql, args![org, today]).await
}

/// Promises decided between two days, by state.
pub async fn promises_decided(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select state, cast(count(*) as bigint) from promise where org_id = $1 and due_on >= $2 and due_on <= $3 and state in ('kept','broken') group by state order by state"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Bank lines and suspense that wait: how many, how much.
pub async fn receipts_waiting(tx: &mut Tx, org: OrgId) -> Result<(i64, i64), StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint), coalesce(cast(sum(amount_pence) as bigint), 0) from bank_line where org_id = $1 and state in ('waiting','suggested')"
    );
    tx.one(sql, args![org]).await
}

/// Counts for the dashboard's list of what needs attention: failed jobs, runs that stopped, batches not accepted, service desk cases.
pub async fn troubles(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select 'jobs_failed' as what, cast(count(*) as bigint) as count from job where org_id = $1 and state = 'failed' union all select 'runs_stopped', cast(count(*) as bigint) from run where org_id = $1 and state = 'stopped' union all select 'gl_rejected', cast(count(*) as bigint) from gl_batch where org_id = $1 and state = 'rejected' union all select 'suspense', cast(count(*) as bigint) from receipt where org_id = $1 and state = 'suspense' union all select 'emails_waiting', cast(count(*) as bigint) from letter where org_id = $1 and state in ('held','failed','unknown') union all select 'servicenow_stopped', cast(count(*) as bigint) from servicenow_setting where org_id = $1 and in_use = true and stopped <> '' union all select 'servicenow_waiting', cast(count(*) as bigint) from servicenow_case where org_id = $1 and state = 'waiting' and removed_there = false order by 1"
    );
    tx.all(sql, args![org]).await
}
