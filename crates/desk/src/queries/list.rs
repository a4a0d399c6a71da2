//! Queries by the day they should be answered, and one of them.
use super::ask::token;
use super::categories::query_categories;
use super::lines::{LineLeft, lines_left};
use super::servicenow::{CaseOfQuery, cases_of};
use crate::{Actor, Desk, Mode, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, QueryId};
use sundry_domain::queries::QueryState;
use sundry_store::control::{AuditRow, audit_of};
use sundry_store::queries::escalations::{EscalationRow, escalations_of};
use sundry_store::queries::evidence::{EvidenceRow, evidence_of};
use sundry_store::queries::questions::{QuestionRow, questions_of};
use sundry_store::queries::{self, QueryLine, QueryRow};
use sundry_store::{customers, ledger, plans};

/// Which queries.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueriesAsk {
    /// Only in this state; those that are not over when empty.
    pub state: String,
    /// Of one customer, by number; everyone's when empty.
    pub customer: String,
    /// The `next` of the page before; empty for the first.
    pub after: String,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of queries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueriesPage {
    /// Soonest to answer first.
    pub rows: Vec<QueryLine>,
    /// Where the next page starts; none on the last.
    pub next: Option<String>,
}

/// Queries by the day they should be answered.
pub async fn queries_list(desk: &Desk, by: &Actor, ask: QueriesAsk) -> Outcome<QueriesPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let state = QueryState::parse(&ask.state).map_or("", QueryState::as_str);
    let place = ask.after.split_once('/').and_then(|(day, id)| Some((day.parse().ok()?, id.parse().ok()?)));
    let mut look = desk.look().await?;
    let customer = match ask.customer.trim() {
        "" => None,
        number => Some(crate::customers::find(&mut look, by.org, number).await?.id),
    };
    let after = place.unwrap_or((NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), 0));
    let mut rows = queries::queries_page(&mut look, by.org, state, customer, after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| format!("{}/{}", last.answer_by, last.id));
    Ok(QueriesPage { rows, next })
}

/// A query with whom and what it is about, and its history.
#[derive(Clone, Debug, Serialize)]
pub struct QueryShown {
    /// The query.
    pub query: QueryRow,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The item it is about.
    pub item_number: Option<String>,
    /// What is open of it.
    pub item_open_pence: i64,
    /// Its lines with what is left of each.
    pub lines: Vec<LineLeft>,
    /// The category, for people.
    pub category_name: String,
    /// Until when its part is held; none where nothing is, or until it is closed.
    pub held_until: Option<NaiveDate>,
    /// Whether anything is held for it now.
    pub held: bool,
    /// Files kept with it.
    pub evidence: Vec<EvidenceRow>,
    /// Questions to services.
    pub questions: Vec<QuestionRow>,
    /// The path of each question's link; only in a home in which nothing leaves.
    pub links: Vec<String>,
    /// Cases at ServiceNow.
    pub cases: Vec<CaseOfQuery>,
    /// To whom it was escalated.
    pub escalations: Vec<EscalationRow>,
    /// Whether its day has passed.
    pub late: bool,
    /// What happened to it, oldest first.
    pub history: Vec<AuditRow>,
}

/// One query.
///
/// # Errors
/// Absent when there is no such query here.
pub async fn query(desk: &Desk, by: &Actor, number: &str) -> Outcome<QueryShown> {
    by.must_hold(Duty::View)?;
    let (org, number) = (by.org, number.trim());
    let mut look = desk.look().await?;
    let query = queries::query_numbered(&mut look, org, number).await?;
    let query = query.ok_or_else(|| No::Absent(format!("query {number}")))?;
    let customer = customers::customer(&mut look, org, CustomerId(query.customer_id)).await?;
    let item = match query.item_id {
        Some(id) => ledger::item(&mut look, org, ItemId(id)).await?,
        None => None,
    };
    let evidence = evidence_of(&mut look, org, &format!("query {}", query.number)).await?;
    let questions = questions_of(&mut look, org, QueryId(query.id)).await?;
    let escalations = escalations_of(&mut look, org, QueryId(query.id)).await?;
    let cases = cases_of(&mut look, org, QueryId(query.id)).await?;
    let inside = matches!(desk.mode(), Mode::Demo | Mode::Training);
    let open = questions.iter().filter(|one| inside && one.state == "open");
    let links = open.map(|one| format!("/ask/{}", token(desk, org, one.id))).collect();
    let history = audit_of(&mut look, org, &format!("query {}", query.number)).await?;
    let over = QueryState::parse(&query.state).is_some_and(|state| !state.holds());
    let document = item.as_ref().filter(|item| item.kind == "invoice").and_then(|item| item.document_id);
    let lines = match document {
        Some(document) => lines_left(&mut look, org, DocumentId(document)).await?,
        None => Vec::new(),
    };
    let holds = plans::holds_of_query(&mut look, org, QueryId(query.id)).await?;
    let live = holds.iter().find(|hold| hold.ended_on.is_none() && hold.holds_on(desk.today()));
    drop(look);
    let categories = query_categories(desk, by).await?;
    let named = categories.into_iter().find(|category| category.code == query.category);
    Ok(QueryShown {
        lines,
        category_name: named.map_or_else(|| query.category.clone(), |category| category.name),
        held_until: live.and_then(|hold| hold.until_on),
        held: live.is_some(),
        evidence,
        questions,
        links,
        cases,
        escalations,
        customer_number: customer.as_ref().map_or_else(String::new, |c| c.number.clone()),
        customer_name: customer.map_or_else(String::new, |c| c.name),
        item_number: item.as_ref().map(|i| i.number.clone()),
        item_open_pence: item.map_or(0, |i| i.open_pence),
        late: !over && query.answer_by < desk.today(),
        query,
        history,
    })
}
