//! Delivery by GOV.UK Notify: its set-up, its check, sending, its messages, and addresses that take no mail.
use super::answer::{Answer, List, begun, ok};
use super::sent::{Asked, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use sundry_desk::No;
use sundry_desk::delivery::notify::{
    self as desk_notify, CheckNotify, EmailTrusted, NotifyChecked, NotifyShown, NotifyState, SetNotify, TrustEmail,
};
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_domain::control::Duty;
use sundry_store::delivery::notify::FailedEmailRow;
use sundry_store::delivery::notify_queue::{LeftOutRow, NotifyMessageLine};
use utoipa::ToSchema;

const ROOM: &str = "Delivery";
const STATES: &[&str] = &["sending", "unknown", "put_off", "with_notify", "failed", "done"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/notify/settings", "get_notify_settings", "How GOV.UK Notify is set up")
                .needs(&[Duty::View, Duty::ManageSettings])
                .gives(200, desk::<NotifyShown>),
            settings,
        )
        .add(
            post(ROOM, "/notify/settings", "set_notify", "Set GOV.UK Notify up; its key is never shown again")
                .needs(&[Duty::ManageSettings])
                .takes::<NewNotifySettings>()
                .gives(200, desk::<NotifyShown>),
            set,
        )
        .add(
            post(ROOM, "/notify/check", "check_notify", "Ask GOV.UK Notify whether key and template are right")
                .needs(&[Duty::ManageSettings])
                .gives(200, desk::<NotifyChecked>),
            check,
        )
        .add(
            post(ROOM, "/notify/sendings", "send_by_notify", "Send what waits by GOV.UK Notify: a job does it")
                .needs(&[Duty::ReleaseRuns])
                .gives(202, desk::<JobAdded>),
            send,
        );
    table
        .add(
            get(ROOM, "/notify", "get_notify", "How things stand with GOV.UK Notify").gives(200, desk::<NotifyState>),
            state,
        )
        .add(
            get(ROOM, "/notify/messages", "list_notify_messages", "Messages given to GOV.UK Notify, newest first")
                .asks("state", Holds::OneOf(STATES), "Only in this state; all when not said")
                .asks("limit", Holds::Whole(1, 200), "At most so many rows; 100 when not said")
                .listed(desk_list::<NotifyMessageLine>),
            messages,
        )
        .add(
            get(ROOM, "/notify/left-out", "list_notify_left_out", "Waiting letters that GOV.UK Notify does not carry")
                .listed(desk_list::<LeftOutRow>),
            left_out,
        )
        .add(
            get(ROOM, "/failed-emails", "list_failed_emails", "E-mail addresses that take no mail")
                .listed(desk_list::<FailedEmailRow>),
            failed,
        )
        .add(
            post(ROOM, "/failed-emails/trusted", "trust_email", "Let an e-mail address be used again")
                .needs(&[Duty::ReleaseRuns, Duty::WorkCases])
                .takes::<EmailToTrust>()
                .gives(200, desk::<EmailTrusted>),
            trust,
        )
}

/// How GOV.UK Notify is to be set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotifySettings {
    /// Where its API is; its own address when not said.
    #[serde(default)]
    pub base_url: String,
    /// The key of the service there; the one there is when not said.
    #[serde(default)]
    pub api_key: String,
    /// The token that its calls to us bear; the one there is when not said.
    #[serde(default)]
    pub callback_token: String,
    /// It carries e-mail.
    pub carries_email: bool,
    /// It carries letters by post.
    pub carries_post: bool,
    /// Id of the e-mail template there.
    #[serde(default)]
    pub email_template: String,
    /// Id of the address that answers go to; the service's own when not said.
    #[serde(default)]
    pub reply_to: String,
    /// first, second or economy; second when not said.
    #[serde(default)]
    pub postage: String,
}

/// An e-mail address to use again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailToTrust {
    /// The address.
    pub address: String,
}

async fn settings(State(doors): State<Shared>, By(by): By) -> Answer {
    let shown = desk_notify::notify_shown(&doors.desk, &by).await?;
    ok(&shown.ok_or_else(|| No::Absent("set-up of GOV.UK Notify".into()))?)
}

async fn set(State(doors): State<Shared>, By(by): By, Key(key): Key, Sent(new): Sent<NewNotifySettings>) -> Answer {
    let ask = SetNotify {
        key,
        base_url: new.base_url,
        api_key: new.api_key,
        callback_token: new.callback_token,
        carries_email: new.carries_email,
        carries_post: new.carries_post,
        email_template: new.email_template,
        reply_to: new.reply_to,
        postage: new.postage,
    };
    ok(&desk_notify::set_notify(&doors.desk, &by, ask).await?)
}

async fn check(State(doors): State<Shared>, By(by): By, Key(key): Key) -> Answer {
    ok(&desk_notify::check_notify(&doors.desk, &by, CheckNotify { key }).await?)
}

async fn send(State(doors): State<Shared>, By(by): By, Key(key): Key) -> Answer {
    let dedupe_key = format!("send_by_notify/{key}");
    let ask = AddJob { key, kind: "send_by_notify".into(), dedupe_key, request: json!({}) };
    let job = add_job(&doors.desk, &by, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn state(State(doors): State<Shared>, By(by): By) -> Answer {
    let state = desk_notify::notify_state(&doors.desk, &by).await?;
    ok(&state.ok_or_else(|| No::Absent("set-up of GOV.UK Notify".into()))?)
}

async fn messages(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_notify::notify_messages(&doors.desk, &by.0, &asked.text("state"), asked.limit()).await?;
    List::whole("Messages by GOV.UK Notify", rows).send(&asked, &by, doors.desk.today())
}

async fn left_out(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_notify::notify_left_out(&doors.desk, &by.0, 1_000).await?;
    List::whole("Letters not carried", rows).send(&asked, &by, doors.desk.today())
}

async fn failed(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_notify::failed_emails_list(&doors.desk, &by.0, 1_000).await?;
    List::whole("E-mail addresses that take no mail", rows).send(&asked, &by, doors.desk.today())
}

async fn trust(State(doors): State<Shared>, By(by): By, Key(key): Key, Sent(sent): Sent<EmailToTrust>) -> Answer {
    ok(&desk_notify::trust_email(&doors.desk, &by, TrustEmail { key, address: sent.address }).await?)
}
