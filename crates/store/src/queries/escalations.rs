//! Where queries that nobody settles go: the rules, each from its day on, and what was escalated.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, QueryId};

/// A rule of an organisation's own, from a day on.
#[derive(Clone, Debug, FromRow)]
pub struct RuleRow {
    /// Stable code.
    pub code: String,
    /// From which day it is so.
    pub from_on: NaiveDate,
    /// For people.
    pub name: String,
    /// Working days after the answer was due.
    pub after_days: i64,
    /// At least so much is in query.
    pub least_pence: i64,
    /// The role it goes to.
    pub to_role: String,
    /// The address it is written to.
    pub to_email: String,
    /// Whether it counts.
    pub active: bool,
}

/// Every rule of an organisation's own, by code and day.
pub async fn rules(tx: &mut Tx, org: OrgId) -> Result<Vec<RuleRow>, StoreFault> {
    let sql = sql!(
        "select code, from_on, name, after_days, least_pence, to_role, to_email, active from escalation_rule where org_id = $1 order by code, from_on"
    );
    tx.all(sql, args![org]).await
}

/// Keeps a rule; one of the same code and day gives way.
pub async fn set_rule(
    tx: &mut Tx,
    org: OrgId,
    row: &RuleRow,
    (actor, at): (i64, DateTime<Utc>),
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into escalation_rule (org_id, code, from_on, name, after_days, least_pence, to_role, to_email, active, actor_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (org_id, code, from_on) do update set name = excluded.name, after_days = excluded.after_days, least_pence = excluded.least_pence, to_role = excluded.to_role, to_email = excluded.to_email, active = excluded.active, actor_id = excluded.actor_id, recorded_at = excluded.recorded_at"
    );
    let values = args![
        org,
        &row.code,
        row.from_on,
        &row.name,
        row.after_days,
        row.least_pence,
        &row.to_role,
        &row.to_email,
        row.active,
        actor,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// A query that went to somebody.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct EscalationRow {
    /// The query.
    pub query_id: i64,
    /// The rule.
    pub rule_code: String,
    /// Its name then.
    pub rule_name: String,
    /// The role it went to.
    pub to_role: String,
    /// The address it was written to.
    pub to_email: String,
    /// The page of what was known then.
    pub summary: String,
    /// When.
    pub escalated_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Notes an escalation; false where this query went by this rule before.
pub async fn add_escalation(tx: &mut Tx, org: OrgId, row: &EscalationRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into query_escalation (org_id, query_id, rule_code, rule_name, to_role, to_email, summary, escalated_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"
    );
    let values = args![
        org,
        row.query_id,
        &row.rule_code,
        &row.rule_name,
        &row.to_role,
        &row.to_email,
        &row.summary,
        row.escalated_on,
        row.recorded_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// The escalations of a query, oldest first.
pub async fn escalations_of(tx: &mut Tx, org: OrgId, query: QueryId) -> Result<Vec<EscalationRow>, StoreFault> {
    let sql = sql!(
        "select query_id, rule_code, rule_name, to_role, to_email, summary, escalated_on, recorded_at from query_escalation where org_id = $1 and query_id = $2 order by escalated_on, rule_code"
    );
    tx.all(sql, args![org, query]).await
}

/// Queries that wait for an answer of ours and are overdue: id, number, when the answer was due, what is in query.
pub async fn overdue(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
) -> Result<Vec<(i64, String, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select id, number, answer_by, disputed_pence from query where org_id = $1 and state in ('open','answered') and answer_by < $2 order by answer_by, id"
    );
    tx.all(sql, args![org, day]).await
}

/// Query and rule of every escalation of queries that are not over.
pub async fn escalated(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = sql!(
        "select e.query_id, e.rule_code from query_escalation e join query q on q.org_id = e.org_id and q.id = e.query_id where e.org_id = $1 and q.state in ('open','answered','waiting_for_customer') order by e.query_id, e.rule_code"
    );
    tx.all(sql, args![org]).await
}
