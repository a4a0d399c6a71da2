//! A person says what becomes of a case: it joins a query, opens one, is set aside, or somebody else is to look.
use super::changed::fresh;
use super::new_case::words;
use crate::core::command::Command;
use crate::core::evidence::note;
use crate::customers::refuse_cards;
use crate::queries::act::find;
use crate::queries::may_work;
use crate::queries::raise::{RaiseQuery, raise};
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::queries::servicenow::{CaseState, must_not_leave};
use sundry_domain::queries::{MailSort, QueryState, Source, refusals};
use sundry_domain::refusal::Invalid;
use sundry_store::control::{KeptFileRow, kept_file};
use sundry_store::queries::QueryRow;
use sundry_store::queries::servicenow::{self as rows, ServiceNowCaseRow};

/// Says what becomes of a case.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SortServiceNow {
    /// Idempotency key.
    pub key: String,
    /// Our number of the case.
    pub number: String,
    /// join, open, set_aside or hand_over.
    pub how: String,
    /// For join: the query's number.
    pub query: String,
    /// For open: the customer's number; not needed with an invoice.
    pub customer: String,
    /// For open: the invoice, where it is about one.
    pub item: String,
    /// For open: what it is about, a code of the categories.
    pub category: String,
    /// For open and hand_over: who looks after it.
    pub owner: String,
    /// For set_aside: why; it is told there.
    pub reason: String,
}

/// Where a case stands that was sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNowSorted {
    /// Our number of it.
    pub number: String,
    /// waiting, query or set_aside.
    pub state: String,
    /// The query it is part of.
    pub query: Option<String>,
}

/// Says what becomes of a case that waits for a person.
///
/// # Errors
/// `SERVICENOW-SORTED`; what raising a query refuses; invalid fields; absent.
pub async fn sort_servicenow(desk: &Desk, by: &Actor, ask: SortServiceNow) -> Outcome<ServiceNowSorted> {
    may_work(by)?;
    let how = MailSort::parse(&ask.how);
    let wrong = wrong_fields(&ask, how);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let Some(how) = how else { return Err(Invalid::field("how", "Choose what becomes of it", &ask.how).into()) };
    refuse_cards(&[("reason", &ask.reason), ("owner", &ask.owner)])?;
    command!(desk, by, "sort_servicenow", &ask.key, &ask, |cmd| { sorted(cmd, &ask, how).await })
}

async fn sorted(cmd: &mut Command, ask: &SortServiceNow, how: MailSort) -> Outcome<ServiceNowSorted> {
    let mut row = fresh(cmd, ask.number.trim()).await?;
    if ![CaseState::Waiting, CaseState::SentBack].iter().any(|state| state.as_str() == row.state) {
        let state = CaseState::parse(&row.state).map_or("", CaseState::name).to_lowercase();
        return Err(refusals::SERVICENOW_SORTED.because(format!("{}: {state}", row.number)).into());
    }
    let mut query = None;
    match how {
        MailSort::HandOver => row.owner = ask.owner.trim().into(),
        MailSort::SetAside => {
            row.state = CaseState::SetAside.as_str().into();
            row.tell_now = format!("resolved\nNothing comes of it: {}", ask.reason.trim());
        }
        MailSort::Join => {
            let found = find(cmd, &ask.query).await?;
            if !QueryState::parse(&found.state).is_some_and(QueryState::holds) {
                return Err(refusals::STATE.because(format!("{} is over", found.number)).into());
            }
            query = Some(found);
        }
        MailSort::Open => {
            let raise_ask = RaiseQuery {
                customer: ask.customer.clone(),
                item: ask.item.clone(),
                category: ask.category.clone(),
                owner: ask.owner.clone(),
                words: words(&row),
                ..RaiseQuery::default()
            };
            let raised = raise(cmd, &raise_ask, Source::ServiceNow).await?;
            query = Some(find(cmd, &raised.number).await?);
        }
    }
    if how != MailSort::HandOver {
        row.decided_by_name = cmd.by.name.clone();
    }
    if let Some(query) = &query {
        join(cmd, &mut row, query).await?;
    }
    if !rows::change_case(&mut cmd.tx, cmd.by.org, &row).await? {
        return Err(refusals::SERVICENOW_SORTED.because("Somebody else sorted it meanwhile").into());
    }
    cmd.tell("ServiceNowCaseSorted", format!("service desk case {}", row.number), ask);
    Ok(ServiceNowSorted { number: row.number, state: row.state, query: query.map(|query| query.number) })
}

async fn join(cmd: &mut Command, row: &mut ServiceNowCaseRow, query: &QueryRow) -> Outcome<()> {
    let org = cmd.by.org;
    (row.query_id, row.state) = (Some(query.id), CaseState::Query.as_str().into());
    (row.tell_now, row.reasons) = (String::new(), serde_json::json!([]));
    let subject = format!("query {}", query.number);
    for file in rows::files_of(&mut cmd.tx, org, row.id).await? {
        let Some(kept) = kept_file(&mut cmd.tx, org, &file.sha256).await? else { continue };
        let file = KeptFileRow { name: file.name, ..kept };
        note(cmd, &subject, &file, (&format!("Came with {}", row.their_number), "ServiceNow")).await?;
    }
    let detail = serde_json::json!({ "case": row.their_number, "subject": row.subject });
    cmd.tell("ServiceNowCaseJoined", subject, detail);
    Ok(())
}

fn wrong_fields(ask: &SortServiceNow, how: Option<MailSort>) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    match how {
        None => say("how", "Choose what becomes of it", &ask.how),
        Some(MailSort::Join) if ask.query.trim().is_empty() => say("query", "Enter the query's number", ""),
        Some(MailSort::Open) => {
            if ask.customer.trim().is_empty() && ask.item.trim().is_empty() {
                say("customer", "Enter the customer's number or the invoice's", "");
            }
            if ask.category.trim().is_empty() {
                say("category", "Choose what it is about from the list", "");
            }
        }
        Some(MailSort::SetAside) if ask.reason.trim().is_empty() => say("reason", "Say why nothing comes of it", ""),
        Some(MailSort::HandOver) if ask.owner.trim().is_empty() => say("owner", "Enter who is to look at it", ""),
        Some(_) => {}
    }
    if let Some(what) = must_not_leave(&ask.reason) {
        say("reason", &format!("Take out {what}: the reason is told there"), &ask.reason);
    }
    for (field, text, most) in [("reason", &ask.reason, 500), ("owner", &ask.owner, 200)] {
        if text.chars().count() > most {
            say(field, &format!("Enter at most {most} characters"), text);
        }
    }
    wrong
}
