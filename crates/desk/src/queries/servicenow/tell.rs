//! Telling a case of theirs what became of it: by where it stands here, once, looked for before it is told again.
use super::changed::{fresh, tell};
use super::client::ClientNo;
use super::sync::{AT_ONCE, Run, Went};
use crate::core::vault::sha256_hex;
use crate::{Outcome, command};
use sundry_domain::ids::QueryId;
use sundry_domain::queries::servicenow::{CaseMeaning, CaseState, must_not_leave};
use sundry_domain::queries::{QueryState, RequestFact, Telling, tell_of_query, tell_of_requests};
use sundry_formats::servicenow::TheirCase;
use sundry_store::queries::query_of_id;
use sundry_store::queries::servicenow::{self as rows, ServiceNowCaseRow};

/// What a case is to be told, and of what.
struct Wish {
    telling: Telling,
    query_version: i64,
    requests: Vec<RequestFact>,
}

impl Run<'_> {
    /// Tells every case whose work here has moved, in order.
    pub(super) async fn tell_all(&mut self) -> Went<()> {
        let cases = rows::cases_to_tell(&mut self.desk.look().await?, self.by.org, AT_ONCE).await?;
        for row in cases {
            if let Some(wish) = self.wish(&row).await? {
                self.tell_one(&row, wish).await?;
            }
        }
        Ok(())
    }

    async fn wish(&self, row: &ServiceNowCaseRow) -> Outcome<Option<Wish>> {
        let (org, mut look) = (self.by.org, self.desk.look().await?);
        let query = match row.query_id {
            Some(id) => query_of_id(&mut look, org, QueryId(id)).await?,
            None => None,
        };
        let query_version = query.as_ref().map_or(0, |query| query.version);
        if let Some((meaning, words)) = row.tell_now.split_once('\n') {
            let tag = format!("now/{}", &sha256_hex(row.tell_now.as_bytes())[..8]);
            let telling = Telling { tag, meaning: CaseMeaning::parse(meaning), words: words.to_owned() };
            return Ok(Some(Wish { telling, query_version, requests: Vec::new() }));
        }
        if row.state == CaseState::Requests.as_str() {
            let all = rows::requests_of(&mut look, org, row.id).await?;
            let fact = |one: rows::CaseRequestRow| RequestFact {
                number: one.number,
                state: one.state,
                reason: one.reason,
                invoice: one.invoice_number,
            };
            let requests: Vec<RequestFact> = all.into_iter().map(fact).collect();
            return Ok(Some(Wish { telling: tell_of_requests(&requests), query_version, requests }));
        }
        let Some(query) = query else { return Ok(None) };
        let Some(state) = QueryState::parse(&query.state) else { return Ok(None) };
        let telling = tell_of_query(&query.number, state, &query.resolution, query.answer_by, &row.told);
        Ok(Some(Wish { telling, query_version, requests: Vec::new() }))
    }

    async fn tell_one(&mut self, row: &ServiceNowCaseRow, mut wish: Wish) -> Went<()> {
        // Something else may have been told meanwhile, with no answer: then this is told anew.
        if wish.telling.tag == row.told && (row.telling.is_empty() || row.telling == row.told) {
            return self.settle(row, &wish, None, "").await;
        }
        if must_not_leave(&wish.telling.words).is_some() {
            wish.telling.words = "Something became of it that cannot be said here: ask the income team.".into();
        }
        let (mut comment, told_before) = (true, row.telling == wish.telling.tag);
        if told_before {
            // It may have been told, and no answer came: a comment is not written twice.
            let found = self.client.comments(&row.sys_id).await?;
            let ours = |all: Vec<super::client::TheirComment>| {
                all.iter().any(|one| one.written_by == self.row.user_name && one.words.trim() == wish.telling.words)
            };
            comment = found.is_some_and(|all| !ours(all));
        } else {
            self.begin_telling(row, &wish.telling).await?;
        }
        match self.patch(row, &wish.telling, comment).await {
            Ok(case) => {
                self.done.told += 1;
                self.settle(row, &wish, Some(&case), "").await
            }
            Err(ClientNo::Gone) => self.gone(row).await,
            // What it says no to is shown at the case as it says it, and not said again and again.
            Err(ClientNo::Said(words)) => {
                self.done.notes.push(format!("{}: {words}", row.their_number));
                self.settle(row, &wish, None, &words).await
            }
            Err(no) => Err(no.into()),
        }
    }

    /// The state that a case goes to; none where it has it, or where they ended it.
    fn code(&self, row: &ServiceNowCaseRow, telling: &Telling) -> Option<String> {
        let over = self.states.meaning(&row.their_state).is_some_and(CaseMeaning::is_over);
        if over && row.their_state != row.sent_state {
            return None;
        }
        let code = self.states.code(telling.meaning?)?;
        (code != row.their_state).then(|| code.to_owned())
    }

    /// Only our fields: the outcome. Whom it is given to is theirs.
    async fn patch(
        &mut self,
        row: &ServiceNowCaseRow,
        telling: &Telling,
        comment: bool,
    ) -> Result<TheirCase, ClientNo> {
        let mut fields: Vec<(&str, &str)> = Vec::new();
        let code = self.code(row, telling);
        if let Some(code) = code.as_deref() {
            fields.push(("state", code));
            if telling.meaning == Some(CaseMeaning::Resolved) {
                fields.push(("close_notes", &telling.words));
                if !self.row.close_code_field.is_empty() {
                    fields.push((&self.row.close_code_field, &self.row.close_code));
                }
            }
        }
        if comment {
            fields.push(("comments", &telling.words));
        }
        if fields.is_empty() {
            return self.client.case(&row.sys_id).await;
        }
        self.client.change(&row.sys_id, &fields).await
    }

    async fn begin_telling(&self, row: &ServiceNowCaseRow, telling: &Telling) -> Outcome<()> {
        let (tag, code) = (telling.tag.as_str(), self.code(row, telling));
        let key = format!("servicenow-telling/{}/{}", row.number, self.desk.id::<i64>());
        command!(self.desk, self.by, "begin_servicenow_telling", &key, &(&row.number, tag), |cmd| {
            let mut row = fresh(cmd, &row.number).await?;
            row.telling = tag.to_owned();
            // By it our own change is known, should its answer be lost.
            row.sent_state = code.clone().unwrap_or_else(|| row.sent_state.clone());
            rows::change_case(&mut cmd.tx, cmd.by.org, &row).await?;
            cmd.tell("ServiceNowTellingBegun", format!("service desk case {}", row.number), tag);
            Ok(())
        })
    }

    async fn settle(&self, row: &ServiceNowCaseRow, wish: &Wish, case: Option<&TheirCase>, error: &str) -> Went<()> {
        let key = format!("servicenow-told/{}/{}", row.number, self.desk.id::<i64>());
        let read = row.tell_now.clone();
        command!(self.desk, self.by, "settle_servicenow_telling", &key, &(&row.number, &wish.telling.tag), |cmd| {
            let mut row = fresh(cmd, &row.number).await?;
            (row.told, row.telling) = (wish.telling.tag.clone(), String::new());
            if row.tell_now == read {
                row.tell_now.clear();
            }
            (row.query_version, row.error) = (wish.query_version, error.to_owned());
            if let Some(case) = case {
                // What comes back with the next look is our own change.
                (row.their_state, row.sent_state) = (case.state.clone(), case.state.clone());
                (row.updated_at, row.checked_at) = (case.updated_at, Some(cmd.at));
            }
            for one in &wish.requests {
                rows::told_of_request(&mut cmd.tx, cmd.by.org, row.id, (&one.number, &one.state)).await?;
            }
            rows::change_case(&mut cmd.tx, cmd.by.org, &row).await?;
            if case.is_none() {
                cmd.tell("ServiceNowCaseSeen", format!("service desk case {}", row.number), error);
                return Ok(());
            }
            tell(cmd, &row, "ServiceNowTold", &wish.telling.words).await
        })?;
        Ok(())
    }
}
