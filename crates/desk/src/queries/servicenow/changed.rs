//! A case that we know has changed there: an answer, a comment, an end; our own changes are passed over.
use super::client::TheirComment;
use super::sync::{Run, Went};
use crate::core::command::Command;
use crate::queries::act::{change, next};
use crate::{Outcome, command};
use sundry_domain::control::mask_card_numbers;
use sundry_domain::ids::QueryId;
use sundry_domain::queries::servicenow::{CaseMeaning, CaseState};
use sundry_domain::queries::{QueryAct, QueryState};
use sundry_formats::servicenow::TheirCase;
use sundry_store::queries::QueryRow;
use sundry_store::queries::query_of_id;
use sundry_store::queries::servicenow::{self as rows, ServiceNowCaseRow, ServiceNowCommentRow};

/// The longest text that is kept, in characters.
const LONGEST: usize = 4_000;

/// What is new about a case.
struct Change<'a> {
    case: &'a TheirCase,
    meaning: Option<CaseMeaning>,
    own: bool,
    comments: &'a [TheirComment],
    we: &'a str,
}

impl Run<'_> {
    /// Takes what changed about a case that we know.
    pub(super) async fn changed(&mut self, row: ServiceNowCaseRow, case: TheirCase) -> Went<()> {
        let meaning = self.states.meaning(&case.state);
        let over = meaning.is_some_and(CaseMeaning::is_over);
        let same_state = case.state == row.their_state || case.state == row.sent_state;
        // By the last to change it alone a change of theirs just before ours would be lost: its state is looked at too.
        let own = case.updated_by == self.row.user_name && same_state;
        let waits = [CaseState::Waiting, CaseState::SentBack].iter().any(|state| state.as_str() == row.state);
        if waits && !own && !over && row.updated_at != case.updated_at {
            self.done.changed += 1;
            return self.place(Some(row), case).await;
        }
        let comments = match own {
            true => Vec::new(),
            false => self.client.comments(&case.sys_id).await?.unwrap_or_default(),
        };
        if meaning.is_none() {
            self.done.notes.push(format!("{}: the state “{}” is not in the state map", case.number, case.state));
        }
        let change = Change { case: &case, meaning, own, comments: &comments, we: &self.row.user_name };
        let at = (case.updated_at.map(|at| at.timestamp()), self.desk.clock().now().timestamp_micros());
        let key = format!("servicenow-change/{}/{:?}", case.sys_id, at);
        command!(self.desk, self.by, "change_servicenow_case", &key, &(&row.number, &case.state, at), |cmd| {
            take(cmd, &row.number, &change).await
        })?;
        if own {
            self.done.own += 1;
        } else {
            self.done.changed += 1;
        }
        Ok(())
    }

    /// A case that is not there any more.
    pub(super) async fn gone(&mut self, row: &ServiceNowCaseRow) -> Went<()> {
        self.done.removed += 1;
        let key = format!("servicenow-gone/{}/{}", row.number, row.version);
        command!(self.desk, self.by, "remove_servicenow_case", &key, &row.number, |cmd| {
            let mut row = fresh(cmd, &row.number).await?;
            (row.removed_there, row.checked_at) = (true, Some(cmd.at));
            if row.ours && row.state == CaseState::Asked.as_str() {
                row.state = CaseState::Ended.as_str().into();
            }
            (row.tell_now, row.telling) = (String::new(), String::new());
            rows::change_case(&mut cmd.tx, cmd.by.org, &row).await?;
            tell(cmd, &row, "ServiceNowCaseRemovedThere", &row.their_number).await
        })?;
        Ok(())
    }
}

/// The case as it stands in this transaction.
pub(super) async fn fresh(cmd: &mut Command, number: &str) -> Outcome<ServiceNowCaseRow> {
    let row = rows::case_numbered(&mut cmd.tx, cmd.by.org, number).await?;
    row.ok_or_else(|| crate::No::Absent(format!("service desk case {number}")))
}

/// The query of a case.
pub(super) async fn query_of(cmd: &mut Command, row: &ServiceNowCaseRow) -> Outcome<Option<QueryRow>> {
    match row.query_id {
        Some(id) => Ok(query_of_id(&mut cmd.tx, cmd.by.org, QueryId(id)).await?),
        None => Ok(None),
    }
}

/// Tells it of the case, and of its query where it has one.
pub(super) async fn tell(cmd: &mut Command, row: &ServiceNowCaseRow, event: &'static str, words: &str) -> Outcome<()> {
    let detail = serde_json::json!({ "case": row.their_number, "words": words });
    if let Some(query) = query_of(cmd, row).await? {
        cmd.tell(event, format!("query {}", query.number), &detail);
    }
    cmd.tell(event, format!("service desk case {}", row.number), &detail);
    Ok(())
}

fn kept(words: &str) -> String {
    mask_card_numbers(words).trim().chars().take(LONGEST).collect()
}

async fn take(cmd: &mut Command, number: &str, new: &Change<'_>) -> Outcome<()> {
    let org = cmd.by.org;
    let mut row = fresh(cmd, number).await?;
    let was = row.their_state.clone();
    (row.sys_id, row.their_number) = (new.case.sys_id.clone(), new.case.number.clone());
    (row.their_state, row.updated_at) = (new.case.state.clone(), new.case.updated_at);
    (row.checked_at, row.removed_there) = (Some(cmd.at), false);
    if [CaseState::ToSend, CaseState::Unsure].iter().any(|state| state.as_str() == row.state) {
        row.state = CaseState::Asked.as_str().into();
        tell(cmd, &row, "ServiceNowCaseFound", &new.case.number).await?;
    }
    let mut last = String::new();
    for one in new.comments.iter().filter(|one| one.written_by != new.we) {
        let words = kept(&one.words);
        let comment = ServiceNowCommentRow {
            case_id: row.id,
            sys_id: one.sys_id.clone(),
            words: words.clone(),
            written_at: one.written_at,
            recorded_at: cmd.at,
        };
        if rows::add_comment(&mut cmd.tx, org, &comment).await? {
            tell(cmd, &row, "ServiceNowComment", &words).await?;
        }
        last = words;
    }
    let over = new.meaning.is_some_and(CaseMeaning::is_over);
    if row.ours {
        answered(cmd, &mut row, new, last).await?;
    } else if over && !new.own && was != row.their_state {
        // Their requester is not the customer: whether the query ends is for who works it.
        tell(cmd, &row, "ServiceNowCaseEndedThere", new.meaning.map_or("", CaseMeaning::name)).await?;
    }
    if !rows::change_case(&mut cmd.tx, org, &row).await? {
        return Err(crate::Fault::new(format!("{} was changed meanwhile", row.number)).into());
    }
    cmd.tell("ServiceNowCaseSeen", format!("service desk case {}", row.number), &row.their_state);
    Ok(())
}

/// A case of ours that is over there: its close notes, or its last comment, are the service's answer.
async fn answered(cmd: &mut Command, row: &mut ServiceNowCaseRow, new: &Change<'_>, last: String) -> Outcome<()> {
    let Some(meaning) = new.meaning else { return Ok(()) };
    let is = |state: CaseState| row.state == state.as_str();
    if !meaning.is_over() {
        if is(CaseState::Answered) || is(CaseState::Ended) {
            row.state = CaseState::Asked.as_str().into();
            tell(cmd, row, "ServiceNowCaseOpenAgain", meaning.name()).await?;
        }
        return Ok(());
    }
    if !is(CaseState::Asked) {
        return Ok(());
    }
    let notes = kept(&new.case.close_notes);
    let answer = if notes.is_empty() { last } else { notes };
    if meaning == CaseMeaning::Cancelled || answer.is_empty() {
        row.state = CaseState::Ended.as_str().into();
        return tell(cmd, row, "ServiceNowCaseEndedThere", meaning.name()).await;
    }
    row.state = CaseState::Answered.as_str().into();
    tell(cmd, row, "ServiceNowAnswered", &answer).await?;
    let Some(mut query) = query_of(cmd, row).await? else { return Ok(()) };
    if query.state == QueryState::Open.as_str() {
        query.state = next(&query, QueryAct::Answer)?.as_str().into();
        query.answer = answer;
        change(cmd, &query, "QueryAnswered", None).await?;
    }
    Ok(())
}
