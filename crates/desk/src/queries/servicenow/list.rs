//! Cases by where they stand, one of them, and how things stand with the service desk.
use crate::{Actor, Desk, No, Outcome};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{OrgId, QueryId};
use sundry_domain::queries::servicenow::CaseState;
use sundry_store::control::{AuditRow, audit_of};
use sundry_store::queries::servicenow::{
    self as rows, CaseRequestRow, ServiceNowCaseLine, ServiceNowCaseRow, ServiceNowCommentRow, ServiceNowFileRow,
};
use sundry_store::queries::servicenow_setting::setting;
use sundry_store::{Tx, queries};

/// Which cases.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceNowAsk {
    /// In which state; all when empty.
    pub state: String,
    /// The `next` of the page before; empty for the first.
    pub after: String,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of cases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceNowPage {
    /// Newest first.
    pub rows: Vec<ServiceNowCaseLine>,
    /// Where the next page starts; none on the last.
    pub next: Option<String>,
    /// How many stand where.
    pub counts: Vec<(String, i64)>,
}

/// Cases, newest first.
///
/// # Errors
/// Duty.
pub async fn servicenow_cases(desk: &Desk, by: &Actor, ask: ServiceNowAsk) -> Outcome<ServiceNowPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let state = CaseState::parse(&ask.state).map_or("", CaseState::as_str);
    let before = ask.after.parse().unwrap_or(i64::MAX);
    let mut look = desk.look().await?;
    let mut rows = rows::cases_page(&mut look, by.org, state, before, limit + 1).await?;
    let counts = rows::case_counts(&mut look, by.org).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(ServiceNowPage { rows, next, counts })
}

/// A case with what belongs to it.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceNowShown {
    /// The case.
    pub case: ServiceNowCaseRow,
    /// Why it stands where it does.
    pub reasons: Vec<String>,
    /// The query it is part of.
    pub query: Option<String>,
    /// The requests it became.
    pub requests: Vec<CaseRequestRow>,
    /// What they wrote since.
    pub comments: Vec<ServiceNowCommentRow>,
    /// Its files.
    pub files: Vec<ServiceNowFileRow>,
    /// Where it is looked at there; empty while it is not there.
    pub address: String,
    /// What happened to it, oldest first.
    pub history: Vec<AuditRow>,
}

/// One case.
///
/// # Errors
/// Duty; absent.
pub async fn servicenow_case(desk: &Desk, by: &Actor, number: &str) -> Outcome<ServiceNowShown> {
    by.must_hold(Duty::View)?;
    let (org, number) = (by.org, number.trim());
    let mut look = desk.look().await?;
    let case = rows::case_numbered(&mut look, org, number).await?;
    let case = case.ok_or_else(|| No::Absent(format!("service desk case {number}")))?;
    let query = match case.query_id {
        Some(id) => queries::query_of_id(&mut look, org, QueryId(id)).await?.map(|one| one.number),
        None => None,
    };
    let set = setting(&mut look, org).await?;
    let address = match set {
        Some(set) if !case.sys_id.is_empty() => {
            format!("{}/nav_to.do?uri={}.do?sys_id={}", set.base_url, set.case_table, case.sys_id)
        }
        _ => String::new(),
    };
    Ok(ServiceNowShown {
        reasons: serde_json::from_value(case.reasons.clone()).unwrap_or_default(),
        query,
        requests: rows::requests_of(&mut look, org, case.id).await?,
        comments: rows::comments_of(&mut look, org, case.id).await?,
        files: rows::files_of(&mut look, org, case.id).await?,
        address,
        history: audit_of(&mut look, org, &format!("service desk case {}", case.number)).await?,
        case,
    })
}

/// A case of a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseOfQuery {
    /// Our number of it.
    pub number: String,
    /// Their number; empty until it is there.
    pub their_number: String,
    /// Whether we opened it.
    pub ours: bool,
    /// Where it stands here.
    pub state: String,
    /// Whether it is not there any more.
    pub removed_there: bool,
    /// What they said no with.
    pub error: String,
}

/// The cases of a query.
pub(in crate::queries) async fn cases_of(tx: &mut Tx, org: OrgId, query: QueryId) -> Outcome<Vec<CaseOfQuery>> {
    let all = rows::cases_of_query(tx, org, query).await?;
    let one = |row: ServiceNowCaseRow| CaseOfQuery {
        number: row.number,
        their_number: row.their_number,
        ours: row.ours,
        state: row.state,
        removed_there: row.removed_there,
        error: row.error,
    };
    Ok(all.into_iter().map(one).collect())
}

/// How things stand with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNowStands {
    /// Whether it is set up and looked at.
    pub in_use: bool,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be gone through.
    pub failed: bool,
    /// Nothing is asked before.
    pub held_until: Option<DateTime<Utc>>,
    /// Why nothing is asked any more; empty while it is.
    pub stopped: String,
    /// Since when.
    pub stopped_at: Option<DateTime<Utc>>,
}

/// How things stand with it.
///
/// # Errors
/// Duty.
pub async fn servicenow_stands(desk: &Desk, by: &Actor) -> Outcome<ServiceNowStands> {
    by.must_hold(Duty::View)?;
    let Some(row) = setting(&mut desk.look().await?, by.org).await? else { return Ok(ServiceNowStands::default()) };
    Ok(ServiceNowStands {
        in_use: row.in_use,
        looked_at: row.looked_at,
        result: row.result,
        failed: row.failed,
        held_until: row.held_until,
        stopped: row.stopped,
        stopped_at: row.stopped_at,
    })
}
