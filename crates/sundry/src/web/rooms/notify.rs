//! GOV.UK Notify: its set-up, its check, how letters stand with it, sending, addresses to use again.
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::notify::{NotifyForm, NotifySettings, NotifyStands};
use axum::extract::State;
use axum::routing::{get, post};
use sundry_desk::delivery::notify::{
    CheckNotify, NotifyState, SetNotify, TrustEmail, check_notify, failed_emails_list, notify_left_out,
    notify_messages, notify_shown, notify_state, set_notify, trust_email,
};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_domain::delivery::notify::status_name;

const SET: &[Duty] = &[Duty::ManageSettings];
const LOOK: &[Duty] = &[Duty::ReleaseRuns, Duty::RaiseInvoice, Duty::WorkCases, Duty::ReadAudit];

/// The routes of GOV.UK Notify.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/admin/notify", SET, get(settings).post(change))
        .add("/admin/notify/check", SET, post(check))
        .add("/delivery/notify", LOOK, get(view))
        .add("/delivery/notify/send", &[Duty::ReleaseRuns], post(send))
        .add("/delivery/notify/trust", &[Duty::ReleaseRuns, Duty::WorkCases], post(trust))
}

async fn shown(doors: &Shared, visitor: &Visitor) -> Result<NotifySettings, Trouble> {
    let kept = notify_shown(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "rooms/delivery".into();
    let yes = |carried: bool| if carried { "yes".to_owned() } else { "no".to_owned() };
    let Some(kept) = kept else {
        let form = NotifyForm { postage: "second".into(), ..NotifyForm::default() };
        let (service, callback_path) = (String::new(), String::new());
        return Ok(NotifySettings { frame, form, kept: (false, false), service, callback_path, findings: Vec::new() });
    };
    Ok(NotifySettings {
        frame,
        form: NotifyForm {
            base_url: kept.base_url,
            carries_email: yes(kept.carries_email),
            carries_post: yes(kept.carries_post),
            email_template: kept.email_template,
            reply_to: kept.reply_to,
            postage: kept.postage,
        },
        kept: (true, kept.has_token),
        service: kept.service_id,
        callback_path: kept.callback_path,
        findings: Vec::new(),
    })
}

async fn settings(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor).await?)
}

async fn change(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = |name: &str| posted.get(name).to_owned();
    let ask = SetNotify {
        key: posted.key(),
        base_url: typed("base_url"),
        api_key: typed("api_key"),
        callback_token: typed("callback_token"),
        carries_email: posted.get("carries_email") == "yes",
        carries_post: posted.get("carries_post") == "yes",
        email_template: typed("email_template"),
        reply_to: typed("reply_to"),
        postage: typed("postage"),
    };
    match set_notify(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told("/admin/notify", "GOV.UK Notify is set up"),
        Err(no) => {
            let mut again = shown(&doors, &visitor).await?;
            again.form = NotifyForm {
                base_url: typed("base_url"),
                carries_email: typed("carries_email"),
                carries_post: typed("carries_post"),
                email_template: typed("email_template"),
                reply_to: typed("reply_to"),
                postage: typed("postage"),
            };
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn check(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    match check_notify(&doors.desk, &visitor.actor, CheckNotify { key: posted.key() }).await {
        Ok(checked) if checked.right => told("/admin/notify", "GOV.UK Notify knows the key and the template"),
        Ok(checked) => {
            let mut again = shown(&doors, &visitor).await?;
            again.findings = checked.findings;
            page(&again)
        }
        Err(no) => {
            let mut again = shown(&doors, &visitor).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

fn by(kind: &str) -> &'static str {
    if kind == "email" { "E-mail" } else { "Letter" }
}

fn stands(state: &str, status: &str) -> String {
    match state {
        "sending" => "Being given to it".to_owned(),
        "unknown" => "No answer yet: it is asked about".to_owned(),
        "put_off" => "Waits for the next time".to_owned(),
        "failed" => "Not taken".to_owned(),
        _ => status_name(status).to_owned(),
    }
}

/// Until when something waits, and why.
fn held(state: &NotifyState) -> String {
    let until = match (state.email_held_until, state.letter_held_until) {
        (Some(at), Some(_)) => ("E-mail and letters wait", at),
        (Some(at), None) => ("E-mail waits", at),
        (None, Some(at)) => ("Letters wait", at),
        (None, None) => return String::new(),
    };
    format!("{} until {}: {}", until.0, until.1.format("%-d %B %Y, %H:%M UTC"), state.held_words)
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let (desk, actor) = (&doors.desk, &visitor.actor);
    let state = notify_state(desk, actor).await?;
    let is_set = state.is_some();
    let state = state.unwrap_or_default();
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/delivery".into();
    let look = |state: &str, status: &str| {
        matches!(state, "unknown" | "failed") || status.ends_with("-failure") || status.ends_with("-failed")
    };
    let count = |(kind, state, status, count): &(String, String, String, i64)| {
        (format!("{}: {}", by(kind), stands(state, status)), *count, look(state, status))
    };
    let messages = notify_messages(desk, actor, "", 100).await?.into_iter().map(|one| {
        let mut words = stands(&one.state, &one.status);
        if !one.reason.is_empty() {
            words = format!("{words}: {}", one.reason);
        }
        [one.letter, by(&one.kind).to_owned(), one.sent_to, words]
    });
    let left_out = notify_left_out(desk, actor, 200).await?;
    let failed = failed_emails_list(desk, actor, 200).await?;
    page(&NotifyStands {
        frame,
        is_set,
        held: held(&state),
        counts: state.counts.iter().map(count).collect(),
        left_out: left_out.into_iter().map(|one| (one.letter, one.sent_to, one.reasons)).collect(),
        messages: messages.collect(),
        failed: failed.into_iter().map(|one| (one.address, one.words, one.from_on)).collect(),
        strangers: state.strangers,
        may_send: actor.holds(Duty::ReleaseRuns) && (state.carries_email || state.carries_post),
        may_trust: actor.holds(Duty::ReleaseRuns) || actor.holds(Duty::WorkCases),
    })
}

async fn send(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = AddJob {
        key: posted.key(),
        kind: "send_by_notify".into(),
        dedupe_key: format!("send_by_notify/{}", posted.key()),
        request: serde_json::json!({}),
    };
    let job = add_job(&doors.desk, &visitor.actor, ask).await?.job;
    see_other(&format!("/jobs/{job}"))
}

async fn trust(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = TrustEmail { key: posted.key(), address: posted.get("address").to_owned() };
    let trusted = trust_email(&doors.desk, &visitor.actor, ask).await?;
    told("/delivery/notify", &format!("{} is used again", trusted.address))
}
