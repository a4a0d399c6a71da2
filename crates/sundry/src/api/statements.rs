//! Statements on demand: what would be written, and writing it.
use super::answer::{Answer, begun, ok};
use super::sent::{Asked, By, Key, Sent};
use super::table::{Holds, Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_desk::recovery::{StatementsAsk, StatementsPreview, preview_statements};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use utoipa::ToSchema;

const ROOM: &str = "Recovery";

/// The rows of statements.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/statements-preview",
                "preview_statements",
                "The statements that would go today, and who gets none",
            )
            .asks("at_least_pence", Holds::Whole(0, 1_000_000_000_000), "Only balances of at least this")
            .gives(200, desk::<StatementsPreview>),
            preview,
        )
        .add(
            post(
                ROOM,
                "/statements",
                "send_statements",
                "Write statements to everyone with a balance, or to some: a job does it",
            )
            .needs(&[Duty::ReleaseRuns])
            .takes::<NewStatements>()
            .gives(202, desk::<JobAdded>),
            send,
        )
}

/// Statements to be written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewStatements {
    /// Only balances of at least this.
    #[schema(minimum = 0, maximum = 1_000_000_000_000i64)]
    pub at_least_pence: i64,
    /// Only these account numbers; everyone where empty.
    #[schema(max_items = 1000)]
    pub accounts: Vec<String>,
}

async fn preview(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let at_least_pence = Pence(asked.whole("at_least_pence").unwrap_or_default());
    let ask = StatementsAsk { at_least_pence, accounts: Vec::new() };
    ok(&preview_statements(&doors.desk, &by.0, &ask).await?)
}

async fn send(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewStatements>) -> Answer {
    let ask = StatementsAsk { at_least_pence: Pence(sent.at_least_pence), accounts: sent.accounts };
    let dedupe_key = format!("send_statements/{key}");
    let ask = AddJob { key, kind: "send_statements".into(), dedupe_key, request: json!(ask) };
    let job = add_job(&doors.desk, &by.0, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}
