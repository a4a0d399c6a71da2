//! Recovery: day runs, pathways, the worklist.
use super::answer::{Answer, List, begun, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_desk::recovery::{self as desk_recovery, PathwayView, RunView};
use sundry_desk::work::dashboard::{Dashboard, dashboard};
use sundry_desk::work::worklist::{AskWorklist, Worklist, worklist};
use sundry_domain::control::Duty;
use utoipa::ToSchema;

const ROOM: &str = "Recovery";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/day-runs/preview",
                "preview_day_run",
                "What the run of a day would do, and what it would refuse",
            )
            .asks("date", Holds::Day, "The day; today when not said")
            .gives(200, own::<DayPlan>),
            preview,
        )
        .add(
            get(ROOM, "/day-runs", "list_day_runs", "List day runs, newest first")
                .asks("limit", Holds::Whole(1, 200), "At most so many rows; 100 when not said")
                .listed(desk_list::<RunView>),
            runs,
        )
        .add(
            post(ROOM, "/day-runs", "release_day_run", "Release the run of a day: a job does it")
                .needs(&[Duty::ReleaseRuns])
                .takes::<NewRun>()
                .gives(202, desk::<JobAdded>),
            release,
        )
        .add(
            get(ROOM, "/day-runs/{number}", "get_day_run", "Read a day run with its totals")
                .gives(200, desk::<RunView>),
            run,
        )
        .add(
            get(ROOM, "/day-runs/{number}/refusals", "list_day_run_refusals", "What a day run refused, with the rule")
                .paged(desk_list::<sundry_store::recovery::RefusalRow>),
            refusals,
        )
        .add(
            get(ROOM, "/pathways", "list_pathways", "List every version of every pathway").listed(own_list::<Pathway>),
            pathways,
        )
        .add(
            get(ROOM, "/pathways/{code}/{version}", "get_pathway", "Read a version of a pathway with its steps")
                .gives(200, own::<PathwayRead>),
            pathway,
        )
        .add(
            get(ROOM, "/worklist", "get_worklist", "Whom to work on next, and why")
                .needs(&[Duty::View])
                .asks("view", Holds::Text, "Which: today, newly-overdue, all and so on; today when not said")
                .asks("find", Holds::Text, "Only with these words")
                .asks("page", Holds::Whole(1, 100_000), "The page, from 1")
                .gives(200, desk::<Worklist>),
            work,
        )
        .add(
            get(ROOM, "/dashboard", "get_dashboard", "The figures of the dashboard").gives(200, desk::<Dashboard>),
            figures,
        )
}

/// A run to be released.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRun {
    /// The day.
    pub date: NaiveDate,
}

/// What a day's run would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayPlan {
    /// The day.
    pub date: NaiveDate,
    /// Counts and sums.
    #[schema(value_type = Object)]
    pub totals: serde_json::Value,
    /// Letters that would be made.
    #[schema(value_type = Vec<Object>)]
    pub letters: serde_json::Value,
    /// Tasks for people.
    #[schema(value_type = Vec<Object>)]
    pub tasks: serde_json::Value,
    /// What would be refused, with code, sentence, rule and way out.
    #[schema(value_type = Vec<Object>)]
    pub refusals: serde_json::Value,
}

/// A version of a pathway.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pathway {
    /// Code.
    pub code: String,
    /// Version.
    pub version: i32,
    /// Name.
    pub name: String,
    /// draft, live or ended.
    pub state: String,
    /// From when it was live.
    pub live_from: Option<NaiveDate>,
    /// Hash of the steps.
    pub content_hash: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// Who approved it.
    pub approved_by: String,
}

/// A version of a pathway with its steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayRead {
    /// The version.
    pub pathway: Pathway,
    /// Its steps, in order.
    #[schema(value_type = Vec<Object>)]
    pub steps: serde_json::Value,
}

impl From<&PathwayView> for Pathway {
    fn from(view: &PathwayView) -> Pathway {
        Pathway {
            code: view.pathway.code.clone(),
            version: view.pathway.version,
            name: view.pathway.name.clone(),
            state: view.state.clone(),
            live_from: view.live_from,
            content_hash: view.content_hash.clone(),
            drafted_by: view.drafted_by.clone(),
            approved_by: view.approved_by.clone(),
        }
    }
}

async fn preview(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let date = asked.day("date").unwrap_or_else(|| doors.desk.today());
    let plan = desk_recovery::preview_day(&doors.desk, &by.0, date).await?;
    ok(&DayPlan {
        date: plan.date,
        totals: serde_json::to_value(&plan.totals)?,
        letters: serde_json::to_value(&plan.letters)?,
        tasks: serde_json::to_value(&plan.tasks)?,
        refusals: serde_json::to_value(&plan.refusals)?,
    })
}

async fn runs(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_recovery::runs(&doors.desk, &by.0, asked.limit()).await?;
    List::whole("Day runs", rows).send(&asked, &by, doors.desk.today())
}

async fn release(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewRun>) -> Answer {
    let ask = AddJob {
        key,
        kind: "release_day".into(),
        dedupe_key: format!("release_day/{}", new.date),
        request: json!({ "date": new.date }),
    };
    let job = add_job(&doors.desk, &by.0, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn run(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_recovery::run(&doors.desk, &by.0, &number, 0, 1).await?.0)
}

async fn refusals(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let limit = asked.limit();
    let after = asked.whole("after").unwrap_or(0);
    let (_, mut rows) = desk_recovery::run(&doors.desk, &by.0, &number, after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.seq.to_string());
    List { title: "Refusals", rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn pathways(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_recovery::pathways(&doors.desk, &by.0).await?;
    List::whole("Pathways", rows.iter().map(Pathway::from).collect()).send(&asked, &by, doors.desk.today())
}

async fn pathway(State(doors): State<Shared>, by: By, AtTwo(code, version): AtTwo) -> Answer {
    let view = desk_recovery::pathway(&doors.desk, &by.0, &code, numbered(&version, "pathway")?).await?;
    ok(&PathwayRead { pathway: Pathway::from(&view), steps: serde_json::to_value(&view.pathway.steps)? })
}

async fn work(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let view = Some(asked.text("view")).filter(|view| !view.is_empty()).unwrap_or_else(|| "today".into());
    let ask = AskWorklist {
        view,
        collector: String::new(),
        find: asked.text("find"),
        page: asked.whole("page").unwrap_or(1),
        page_size: 100,
    };
    ok(&worklist(&doors.desk, &by.0, &ask).await?)
}

async fn figures(State(doors): State<Shared>, by: By) -> Answer {
    ok(&dashboard(&doors.desk, &by.0).await?)
}
