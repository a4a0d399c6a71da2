//! Opening our cases there: each once. After no answer it is looked for by what both sides know it by.
use super::changed::{fresh, query_of, tell};
use super::client::ClientNo;
use super::sync::{AT_ONCE, Run, Went};
use crate::command;
use sundry_domain::queries::QueryState;
use sundry_domain::queries::servicenow::CaseState;
use sundry_formats::servicenow::TheirCase;
use sundry_store::queries::servicenow::{self as rows, ServiceNowCaseRow};

/// What became of a case that was to be opened.
enum Sent {
    There(Box<TheirCase>),
    NotTaken(String),
}

impl Run<'_> {
    /// Opens what waits, in order.
    pub(super) async fn send_all(&mut self) -> Went<()> {
        let waiting = rows::cases_to_send(&mut self.desk.look().await?, self.by.org, AT_ONCE).await?;
        for row in waiting {
            self.send(row).await?;
        }
        Ok(())
    }

    async fn send(&mut self, row: ServiceNowCaseRow) -> Went<()> {
        if row.tries > 0
            && let Some(found) = self.client.by_correlation(&row.correlation_id).await?
        {
            return self.sent(&row, Sent::There(Box::new(found))).await;
        }
        if !self.begin(&row).await? {
            return Ok(());
        }
        let display = row.subject.split(" about ").next().unwrap_or_default().replace("Query ", "Sundry query ");
        let fields = [
            ("short_description", row.subject.as_str()),
            ("description", row.words.as_str()),
            ("correlation_id", row.correlation_id.as_str()),
            ("correlation_display", display.as_str()),
            ("priority", "3"),
        ];
        match self.client.create(&fields).await {
            Ok(case) => self.sent(&row, Sent::There(Box::new(case))).await,
            Err(ClientNo::Said(words)) => self.sent(&row, Sent::NotTaken(words)).await,
            Err(ClientNo::Gone) => {
                self.sent(&row, Sent::NotTaken(format!("There is no table {}", self.row.case_table))).await
            }
            Err(no) => Err(no.into()),
        }
    }

    /// Notes that it is tried, before it is; false where there is nothing to ask any more.
    async fn begin(&mut self, row: &ServiceNowCaseRow) -> Went<bool> {
        let key = format!("servicenow-begin/{}/{}", row.number, row.version);
        let goes = command!(self.desk, self.by, "begin_servicenow_case", &key, &row.number, |cmd| {
            let mut row = fresh(cmd, &row.number).await?;
            let query = query_of(cmd, &row).await?;
            let asks = query.is_some_and(|query| QueryState::parse(&query.state).is_some_and(QueryState::holds));
            // One that may be there is looked for to the end; one that never went need not go.
            let goes = asks || row.tries > 0;
            row.state = if goes { CaseState::Unsure } else { CaseState::Ended }.as_str().into();
            row.tries += i64::from(goes);
            rows::change_case(&mut cmd.tx, cmd.by.org, &row).await?;
            let event = if goes { "ServiceNowCaseBegun" } else { "ServiceNowCaseNotNeeded" };
            cmd.tell(event, format!("service desk case {}", row.number), row.tries);
            Ok(goes)
        })?;
        Ok(goes)
    }

    async fn sent(&mut self, row: &ServiceNowCaseRow, sent: Sent) -> Went<()> {
        let key = format!("servicenow-sent/{}/{}", row.number, self.desk.id::<i64>());
        command!(self.desk, self.by, "open_servicenow_case", &key, &row.number, |cmd| {
            let mut row = fresh(cmd, &row.number).await?;
            match &sent {
                Sent::There(case) => {
                    (row.sys_id, row.their_number) = (case.sys_id.clone(), case.number.clone());
                    (row.their_state, row.updated_at) = (case.state.clone(), case.updated_at);
                    (row.state, row.error) = (CaseState::Asked.as_str().into(), String::new());
                    row.checked_at = Some(cmd.at);
                }
                Sent::NotTaken(words) => {
                    (row.state, row.error) = (CaseState::NotTaken.as_str().into(), words.clone());
                }
            }
            rows::change_case(&mut cmd.tx, cmd.by.org, &row).await?;
            match &sent {
                Sent::There(case) => tell(cmd, &row, "ServiceNowCaseOpened", &case.number).await,
                Sent::NotTaken(words) => tell(cmd, &row, "ServiceNowCaseNotTaken", words).await,
            }
        })?;
        match sent {
            Sent::There(_) => self.done.opened += 1,
            Sent::NotTaken(words) => self.done.notes.push(format!("{} is not taken there: {words}", row.number)),
        }
        Ok(())
    }
}
