//! A question that only a service can answer becomes a case there: the reference, the amount, and nobody's name.
use super::settings::setting;
use crate::core::command::Command;
use crate::core::vault::random_bytes;
use crate::customers::refuse_cards;
use crate::queries::act::find;
use crate::queries::ask::name_nobody;
use crate::queries::may_work;
use crate::queries::raise::nation;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::ids::{ItemId, QueryId};
use sundry_domain::money::Pence;
use sundry_domain::queries::servicenow::{CaseState, must_not_leave};
use sundry_domain::queries::{ANSWER_DAYS, QueryState, refusals};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::ledger;
use sundry_store::queries::QueryRow;
use sundry_store::queries::servicenow::{ServiceNowCaseRow, add_case, cases_of_query};

/// Opens a case there about a query.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskServiceNow {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// The one question. It names the reference and nobody.
    pub question: String,
    /// Working days to answer; 5 when not said.
    pub days: Option<i64>,
}

/// The case that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNowAsked {
    /// Our number of it.
    pub number: String,
    /// By when they are asked to answer.
    pub answer_by: NaiveDate,
}

/// Opens a case there about a query; it goes with the next look, within a minute.
///
/// # Errors
/// `SERVICENOW-NOT-SET`; `QRY-STATE` when the query is over; `SERVICENOW-CASE-OPEN`; invalid fields, such as a
/// question that names the customer or holds bank details.
pub async fn ask_servicenow(desk: &Desk, by: &Actor, ask: AskServiceNow) -> Outcome<ServiceNowAsked> {
    may_work(by)?;
    let wrong = wrong_fields(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("question", &ask.question)])?;
    let correlation_id = format!("sundry:{}", uuid());
    command!(desk, by, "ask_servicenow", &ask.key, &ask, |cmd| {
        let row = setting(&mut cmd.tx, cmd.by.org).await?;
        if !row.in_use {
            return Err(refusals::SERVICENOW_NOT_SET.because("ServiceNow is not in use").into());
        }
        let query = find(cmd, &ask.number).await?;
        if !QueryState::parse(&query.state).is_some_and(QueryState::holds) {
            return Err(refusals::STATE.because(format!("{} is over", query.number)).into());
        }
        let open = [CaseState::ToSend, CaseState::Unsure, CaseState::Asked].map(CaseState::as_str);
        let known = cases_of_query(&mut cmd.tx, cmd.by.org, QueryId(query.id)).await?;
        if let Some(one) = known.iter().find(|one| one.ours && open.contains(&one.state.as_str())) {
            let say = format!("{} has a case at ServiceNow that is open: {}", query.number, one.number);
            return Err(refusals::SERVICENOW_CASE_OPEN.because(say).into());
        }
        name_nobody(cmd, &query, &ask.question).await?;
        let nation = nation(cmd).await?;
        let answer_by = cmd.desk.book().calendar(nation).add(cmd.today, ask.days.unwrap_or(ANSWER_DAYS))?;
        let row = new_row(cmd, &query, &ask.question, (&correlation_id, answer_by)).await?;
        add_case(&mut cmd.tx, cmd.by.org, &row).await?;
        cmd.tell("ServiceNowAsked", format!("query {}", query.number), &row);
        Ok(ServiceNowAsked { number: row.number, answer_by })
    })
}

fn wrong_fields(ask: &AskServiceNow) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if ask.question.trim().is_empty() || ask.question.chars().count() > 1_000 {
        wrong.push(Invalid::field("question", "Enter one question, in at most 1,000 characters", &ask.question));
    }
    if let Some(what) = must_not_leave(&ask.question) {
        let say = format!("Take out {what}: a service needs the reference and no more");
        wrong.push(Invalid::field("question", say, &ask.question));
    }
    if let Some(days) = ask.days.filter(|days| !(1..=30).contains(days)) {
        wrong.push(Invalid::field("days", "Enter how many working days they have, from 1 to 30", days.to_string()));
    }
    wrong
}

async fn new_row(
    cmd: &mut Command,
    query: &QueryRow,
    question: &str,
    (correlation_id, answer_by): (&str, NaiveDate),
) -> Outcome<ServiceNowCaseRow> {
    let item = match query.item_id {
        Some(id) => ledger::item(&mut cmd.tx, cmd.by.org, ItemId(id)).await?,
        None => None,
    };
    let about = item.map(|item| format!(" about {}", item.number)).unwrap_or_default();
    let amount = match query.disputed_pence {
        0 => String::new(),
        pence => format!("In query: {} GBP.\n", Pence(pence).pounds()),
    };
    let words = format!(
        "{}\n\nReference: {}{about}.\n{amount}Please answer by {}: resolve this case with your answer in its close notes.",
        question.trim(),
        query.number,
        written(answer_by)
    );
    Ok(ServiceNowCaseRow {
        id: cmd.id(),
        number: format!("SNC-{:06}", cmd.next_number("SNC").await?),
        sys_id: String::new(),
        their_number: String::new(),
        correlation_id: correlation_id.to_owned(),
        ours: true,
        request_type: String::new(),
        subject: format!("Query {}{about}", query.number),
        words,
        their_state: String::new(),
        sent_state: String::new(),
        updated_at: None,
        removed_there: false,
        state: CaseState::ToSend.as_str().into(),
        reasons: serde_json::json!([]),
        query_id: Some(query.id),
        told: String::new(),
        telling: String::new(),
        tell_now: String::new(),
        query_version: 0,
        tries: 0,
        error: String::new(),
        answer_by: Some(answer_by),
        owner: cmd.by.name.clone(),
        decided_by_name: String::new(),
        checked_at: Some(cmd.at),
        came_on: cmd.today,
        recorded_at: cmd.at,
        version: 1,
    })
}

/// A random UUID (version 4).
pub(super) fn uuid() -> String {
    let mut bytes = random_bytes::<16>();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = crate::core::vault::hex(&bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}
