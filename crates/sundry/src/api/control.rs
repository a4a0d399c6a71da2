//! Control: approvals, jobs, the audit trail, users, the organisation.
use super::answer::{Answer, List, made, ok};
use super::customers::Done;
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sundry_desk::approvals::{self as desk_approvals, ApprovalShown, DecideApproval, Decided};
use sundry_desk::control::audit_trail::audit_trail;
use sundry_desk::control::people::{AddUser, DisableUser, add_user, disable_user, users};
use sundry_desk::delivery::{SendTestMessage, TestMessageSent, send_test_message};
use sundry_desk::jobs::ask::{JobTurned, TurnJob, job, jobs_list, resume_job, stop_job};
use sundry_desk::setup::organisations::organisations;
use sundry_desk::setup::settings::{ChangeSettings, SettingShown, SettingsChanged, change_settings, settings};
use sundry_domain::control::{Duty, Role};
use sundry_domain::money::Pence;
use sundry_store::jobs::JobRow;
use utoipa::ToSchema;

const ROOM: &str = "Control";
const STATES: &[&str] = &["waiting", "approved", "refused"];

/// The duties of the work that jobs do; the one that counts is the job's own.
const TURN: &[Duty] = &[Duty::ReleaseRuns, Duty::PostCash];
/// Who sees jobs.
const LOOK: &[Duty] = &[Duty::View, Duty::ManageSettings];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let (approvers, people): (&[Duty], &[Duty]) =
        (&[Duty::ApproveCredit, Duty::ApproveWriteOff, Duty::ApproveRefund], &[Duty::ManageUsers]);
    table
        .add(
            get(ROOM, "/approvals", "list_approvals", "List what waits for approval, or was decided")
                .asks("state", Holds::OneOf(STATES), "Which; waiting when not said")
                .listed(desk_list::<ApprovalShown>),
            approvals,
        )
        .add(
            get(ROOM, "/approvals/{number}", "get_approval", "Read what is to be approved")
                .gives(200, desk::<ApprovalShown>),
            approval,
        )
        .add(
            post(
                ROOM,
                "/approvals/{number}/decision",
                "decide_approval",
                "Approve or refuse what someone else asked for",
            )
            .needs(approvers)
            .takes::<Decision>()
            .gives(200, desk::<Decided>),
            decide,
        )
        .add(get(ROOM, "/jobs", "list_jobs", "List jobs, newest first").needs(LOOK).listed(own_list::<Job>), jobs)
        .add(get(ROOM, "/jobs/{job}", "get_job", "See how far a job is").needs(LOOK).gives(200, own::<Job>), view_job)
        .add(
            post(ROOM, "/jobs/{job}/stop", "stop_job", "Stop a job after the piece it is at")
                .needs(TURN)
                .gives(200, desk::<JobTurned>),
            stop,
        )
        .add(
            post(ROOM, "/jobs/{job}/resume", "resume_job", "Let a stopped or failed job go on")
                .needs(TURN)
                .gives(200, desk::<JobTurned>),
            resume,
        )
        .add(
            get(ROOM, "/audit", "list_audit", "Read the audit trail, newest first")
                .needs(&[Duty::ReadAudit])
                .asks("words", Holds::Text, "Only with these words in who, event or subject")
                .paged(own_list::<AuditEvent>),
            audit,
        )
        .add(get(ROOM, "/users", "list_users", "List users").needs(people).listed(own_list::<User>), list_users)
        .add(
            post(ROOM, "/users", "add_user", "Add a user").needs(people).takes::<NewUser>().gives(201, own::<Done>),
            new_user,
        )
        .add(
            post(ROOM, "/users/{name}/disable", "disable_user", "Disable a user and end their sessions")
                .needs(people)
                .gives(200, own::<Done>),
            disable,
        )
        .add(
            get(ROOM, "/organisation", "get_organisation", "Read your organisation and its business date")
                .needs(&[])
                .gives(200, own::<Organisation>),
            organisation,
        )
        .add(
            get(ROOM, "/settings", "list_settings", "Read what your organisation sets for itself")
                .needs(&[Duty::ManageSettings])
                .listed(desk_list::<SettingShown>),
            list_settings,
        )
        .add(
            post(ROOM, "/settings", "change_settings", "Change settings, all of them or none")
                .replaces()
                .needs(&[Duty::ManageSettings])
                .takes::<NewSettings>()
                .gives(200, desk::<SettingsChanged>),
            new_settings,
        )
        .add(
            post(ROOM, "/settings/test-message", "send_test_message", "Send a test message over the mail server")
                .needs(&[Duty::ManageSettings])
                .takes::<TestMessage>()
                .gives(200, desk::<TestMessageSent>),
            test_message,
        )
}

/// Settings to be changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSettings {
    /// New values.
    pub changes: Vec<NewSetting>,
}

/// A setting's new value.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSetting {
    /// Name, such as `letters.phone`.
    pub name: String,
    /// Value; an empty one takes the setting away, an empty secret keeps it.
    pub value: String,
}

/// A test message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestMessage {
    /// To whom.
    pub to: String,
}

async fn list_settings(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Settings", settings(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn new_settings(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewSettings>) -> Answer {
    let changes = sent.changes.into_iter().map(|one| (one.name, one.value)).collect();
    ok(&change_settings(&doors.desk, &by.0, ChangeSettings { key, changes }).await?)
}

async fn test_message(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<TestMessage>) -> Answer {
    ok(&send_test_message(&doors.desk, &by.0, SendTestMessage { key, to: sent.to }).await?)
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether it is approved.
    pub approve: bool,
    /// Why; needed to refuse.
    #[serde(default)]
    pub reason: String,
    /// The hash of what was read, so that nothing else is approved.
    pub content_hash: String,
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    /// Id.
    pub job: i64,
    /// What it does.
    pub kind: String,
    /// waiting, running, done, failed or stopped.
    pub state: String,
    /// Pieces done.
    pub done_count: i64,
    /// Pieces in all; 0 before it is known.
    pub total_count: i64,
    /// What it says.
    pub message: String,
    /// What came of it.
    #[schema(value_type = Option<Object>)]
    pub result: Option<serde_json::Value>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Job {
        Job {
            job: row.id,
            kind: row.kind,
            state: row.state,
            done_count: row.done_count,
            total_count: row.total_count,
            message: row.message,
            result: row.result,
            asked_at: row.recorded_at,
            ended_at: row.ended_at,
        }
    }
}

/// An event of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEvent {
    /// Its place.
    pub seq: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The business date.
    pub business_on: NaiveDate,
    /// Who.
    pub who: String,
    /// By which door.
    pub channel: String,
    /// What happened.
    pub event: String,
    /// To what.
    pub subject: String,
    /// The particulars, as JSON text: ids, codes and which fields were filled in.
    pub detail: String,
    /// Why, in words, where it is kept beside the event; else empty.
    pub why: String,
    /// The hash of the event behind all before it.
    pub hash: String,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// Sign-in name.
    pub sign_in_name: String,
    /// Name as others see it.
    pub display_name: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Up to how much they may approve.
    pub limit_pence: i64,
    /// When they were disabled.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A user to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Sign-in name.
    pub sign_in_name: String,
    /// Name as others see it.
    pub display_name: String,
    /// Roles, such as cashier.
    pub roles: Vec<String>,
    /// Up to how much they may approve; nothing when not said.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000_000i64)]
    pub limit_pence: i64,
    /// The first password, of at least 12 characters.
    pub password: String,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Organisation {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Nation.
    pub nation: String,
    /// Kind.
    pub kind: String,
    /// VAT number.
    pub vat_number: String,
    /// The business date.
    pub today: NaiveDate,
    /// The key's user.
    pub user: String,
    /// What the key may do.
    pub duties: Vec<String>,
}

async fn approvals(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let state = Some(asked.text("state")).filter(|state| !state.is_empty()).unwrap_or_else(|| "waiting".into());
    let page = desk_approvals::approvals_list(&doors.desk, &by.0, &state).await?;
    List::whole("Approvals", page.rows).send(&asked, &by, doors.desk.today())
}

async fn approval(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_approvals::approval(&doors.desk, &by.0, &number).await?)
}

async fn decide(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<Decision>,
) -> Answer {
    let ask =
        DecideApproval { key, number, approve: sent.approve, reason: sent.reason, content_hash: sent.content_hash };
    ok(&desk_approvals::decide_approval(&doors.desk, &by.0, ask).await?)
}

async fn jobs(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = jobs_list(&doors.desk, &by.0).await?.into_iter().map(Job::from).collect();
    List::whole("Jobs", rows).send(&asked, &by, doors.desk.today())
}

async fn view_job(State(doors): State<Shared>, by: By, At(id): At) -> Answer {
    ok(&Job::from(job(&doors.desk, &by.0, numbered(&id, "job")?).await?))
}

async fn stop(State(doors): State<Shared>, by: By, At(id): At, Key(key): Key) -> Answer {
    ok(&stop_job(&doors.desk, &by.0, TurnJob { key, job: numbered(&id, "job")? }).await?)
}

async fn resume(State(doors): State<Shared>, by: By, At(id): At, Key(key): Key) -> Answer {
    ok(&resume_job(&doors.desk, &by.0, TurnJob { key, job: numbered(&id, "job")? }).await?)
}

async fn audit(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let page = asked.whole("after").filter(|page| (1..=10_000_000).contains(page)).unwrap_or(1);
    let limit = asked.limit();
    let found = audit_trail(&doors.desk, &by.0, &asked.text("words"), page as u32, limit).await?;
    let event = |row: sundry_store::control::AuditRow| AuditEvent {
        seq: row.seq,
        recorded_at: row.recorded_at,
        business_on: row.business_on,
        who: row.actor_name,
        channel: row.channel,
        event: row.event,
        subject: row.subject,
        detail: row.detail,
        why: found.words.get(&row.seq).cloned().unwrap_or_default(),
        hash: row.hash,
    };
    let next = (page * limit < found.count).then(|| (page + 1).to_string());
    let rows = found.rows.into_iter().map(event).collect();
    List { title: "Audit", rows, next, count: Some(found.count) }.send(&asked, &by, doors.desk.today())
}

async fn list_users(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let user = |row: sundry_store::control::UserRow| User {
        sign_in_name: row.sign_in_name,
        display_name: row.display_name,
        roles: row.roles.split(' ').filter_map(Role::parse).map(|role| role.as_str().to_owned()).collect(),
        limit_pence: row.limit_pence,
        disabled_at: row.disabled_at,
    };
    let rows = users(&doors.desk, &by.0).await?.into_iter().map(user).collect();
    List::whole("Users", rows).send(&asked, &by, doors.desk.today())
}

async fn new_user(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewUser>) -> Answer {
    let ask = AddUser {
        key,
        sign_in_name: new.sign_in_name,
        display_name: new.display_name,
        roles: new.roles,
        limit: Pence(new.limit_pence),
        password: new.password,
    };
    add_user(&doors.desk, &by.0, ask).await?;
    made("users", &Done { done: true })
}

async fn disable(State(doors): State<Shared>, by: By, At(sign_in_name): At, Key(key): Key) -> Answer {
    disable_user(&doors.desk, &by.0, DisableUser { key, sign_in_name }).await?;
    ok(&Done { done: true })
}

async fn organisation(State(doors): State<Shared>, by: By) -> Answer {
    let all = organisations(&doors.desk).await?;
    let row = all.into_iter().find(|row| row.id == by.0.org.0).ok_or_else(|| Problem::absent("organisation"))?;
    ok(&Organisation {
        code: row.code,
        name: row.name,
        nation: row.nation,
        kind: row.kind,
        vat_number: row.vat_number,
        today: doors.desk.today(),
        user: by.0.name.clone(),
        duties: by.0.duties.iter().map(|duty| duty.as_str().to_owned()).collect(),
    })
}
