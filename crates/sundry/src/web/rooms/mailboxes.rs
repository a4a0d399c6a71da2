//! Mailboxes: the list with the last look at each, adding one, changing one, pausing one.
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::mailboxes::{MailboxLine, Mailboxes, TypedMailbox};
use axum::extract::{Path, State};
use axum::routing::{get, post};
use chrono_tz::Europe::London;
use sundry_desk::queries::{
    KeepMailbox, Mailbox, PauseMailbox, keep_mailbox, mailboxes, pause_mailbox, query_categories,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;

const HOME: &str = "/admin/mailboxes";

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let manages: &[Duty] = &[Duty::ManageSettings];
    routes
        .add("/admin/mailboxes", manages, get(list).post(add))
        .add("/admin/mailboxes/{name}", manages, get(one).post(change))
        .add("/admin/mailboxes/{name}/pause", manages, post(pause))
}

fn line(one: &Mailbox) -> MailboxLine {
    let then = if one.moved_to.is_empty() { String::new() } else { format!(", then moved to {}", one.moved_to) };
    MailboxLine {
        name: one.name.clone(),
        place: format!("{} at {}:{}", one.user_name, one.host, one.port),
        folders: format!("{}{then}", one.folder),
        every_minutes: one.every_minutes,
        in_use: one.in_use,
        acknowledges: one.acknowledge,
        looked_at: one.looked_at.map(|at| at.with_timezone(&London).naive_local()),
        result: one.result.clone(),
        failed: one.failed,
    }
}

fn typed_of(one: &Mailbox) -> TypedMailbox {
    TypedMailbox {
        name: one.name.clone(),
        host: one.host.clone(),
        port: one.port.to_string(),
        user_name: one.user_name.clone(),
        certificate: String::new(),
        folder: one.folder.clone(),
        moved_to: one.moved_to.clone(),
        query_owner: one.query_owner.clone(),
        query_category: one.query_category.clone(),
        every_minutes: one.every_minutes.to_string(),
        in_use: one.in_use,
        acknowledge: one.acknowledge,
    }
}

/// The page of all, or of the one with a name.
async fn shown(doors: &Shared, visitor: &Visitor, changes: &str) -> Outcome<Mailboxes> {
    let all = mailboxes(&doors.desk, &visitor.actor).await?;
    let chosen = all.iter().find(|one| one.name == changes);
    if chosen.is_none() && !changes.is_empty() {
        return Err(No::Absent(format!("mailbox {changes}")));
    }
    let new = TypedMailbox { query_category: "other".into(), in_use: true, ..TypedMailbox::default() };
    let categories = query_categories(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "rooms/queries".into();
    Ok(Mailboxes {
        frame,
        changes: changes.to_owned(),
        own_certificate: chosen.is_some_and(|one| one.own_certificate),
        typed: chosen.map_or(new, typed_of),
        rows: all.iter().map(line).collect(),
        categories: categories
            .into_iter()
            .filter(|one| one.active && !one.dispute)
            .map(|one| (one.code, one.name))
            .collect(),
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor, "").await?)
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(name): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &name).await?)
}

async fn add(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let form = shown(&doors, &visitor, "").await?;
    let name = posted.get("name").trim();
    let there = form.rows.iter().any(|one| one.name == name);
    keep(&doors, &visitor, form, &posted, there).await
}

async fn change(State(doors): State<Shared>, visitor: Visitor, Path(name): Path<String>, posted: Posted) -> Answer {
    let form = shown(&doors, &visitor, &name).await?;
    keep(&doors, &visitor, form, &posted, false).await
}

/// Keeps what was typed, or gives it back with what is wrong.
async fn keep(doors: &Shared, visitor: &Visitor, mut form: Mailboxes, posted: &Posted, there: bool) -> Answer {
    let text = |name: &str| posted.get(name).to_owned();
    let ticked = |name: &str| posted.all("then").any(|one| one == name);
    let name = if form.changes.is_empty() { text("name") } else { form.changes.clone() };
    form.typed = TypedMailbox {
        name,
        host: text("host"),
        port: text("port"),
        user_name: text("user_name"),
        certificate: text("certificate"),
        folder: text("folder"),
        moved_to: text("moved_to"),
        query_owner: text("query_owner"),
        query_category: text("query_category"),
        every_minutes: text("every_minutes"),
        in_use: ticked("in_use"),
        acknowledge: ticked("acknowledge"),
    };
    let typed = form.typed.clone();
    // What is no number is told with the rest, at its field.
    let number = |text: &str| if text.trim().is_empty() { 0 } else { text.trim().parse().unwrap_or(-1) };
    let ask = KeepMailbox {
        key: posted.key(),
        name: typed.name.clone(),
        host: typed.host,
        port: number(&typed.port),
        user_name: typed.user_name,
        password: text("password"),
        certificate: typed.certificate,
        keep_certificate: !ticked("forget_certificate"),
        folder: typed.folder,
        moved_to: typed.moved_to,
        query_owner: typed.query_owner,
        query_category: typed.query_category,
        every_minutes: number(&typed.every_minutes),
        in_use: typed.in_use,
        acknowledge: typed.acknowledge,
    };
    if there {
        form.frame.errors.add("name", "Enter a name that is not used, or change the mailbox with this one");
        return super::form::again(&form);
    }
    match keep_mailbox(&doors.desk, &visitor.actor, ask).await {
        Ok(kept) if kept.in_use => {
            told(HOME, &format!("{} is looked at every {} minutes", kept.name, kept.every_minutes))
        }
        Ok(kept) => told(HOME, &format!("{} is kept, and not looked at", kept.name)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn pause(State(doors): State<Shared>, visitor: Visitor, Path(name): Path<String>, posted: Posted) -> Answer {
    let in_use = posted.get("in_use") == "yes";
    let set = pause_mailbox(&doors.desk, &visitor.actor, PauseMailbox { key: posted.key(), name, in_use }).await?;
    let words = if in_use { "is looked at again" } else { "is paused: nothing is collected from it" };
    told(HOME, &format!("{} {words}", set.name))
}
