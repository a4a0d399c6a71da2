//! For administrators: what the organisation sets for itself.
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::settings::Settings;
use axum::extract::State;
use axum::routing::{get, post};
use sundry_desk::delivery::{SendTestMessage, mail_settings, send_test_message};
use sundry_desk::setup::settings::{ChangeSettings, change_settings, settings};
use sundry_domain::control::Duty;
use sundry_domain::settings::{Holds, SETTINGS};

const DUTIES: &[Duty] = &[Duty::ManageSettings];

/// The routes of settings.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/admin/settings", DUTIES, get(view).post(change)).add(
        "/admin/settings/test-message",
        DUTIES,
        post(test_message),
    )
}

/// The page; where something was typed, it stands instead of what is kept.
async fn shown(doors: &Shared, visitor: &Visitor, posted: &Posted) -> Result<Settings, Trouble> {
    let kept = settings(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "roles/administrator".into();
    let value =
        |(one, kept): (&'static sundry_domain::settings::Setting, sundry_desk::setup::settings::SettingShown)| {
            let typed = if posted.has(one.name) { posted.get(one.name).to_owned() } else { kept.value };
            (one, if one.holds == Holds::Secret { String::new() } else { typed }, kept.is_set)
        };
    Ok(Settings {
        frame,
        values: SETTINGS.iter().zip(kept).map(value).collect(),
        to: posted.get("to").to_owned(),
        may_test: mail_settings(&doors.desk, &visitor.actor).await?.is_some(),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor, &Posted::default()).await?)
}

async fn change(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let sent = SETTINGS.iter().filter(|one| posted.has(one.name));
    let changes = sent.map(|one| (one.name.to_owned(), posted.get(one.name).to_owned())).collect();
    match change_settings(&doors.desk, &visitor.actor, ChangeSettings { key: posted.key(), changes }).await {
        Ok(done) => {
            let news = match done.changes.len() {
                0 => "Nothing is other than it was".to_owned(),
                1 => "1 setting is changed".to_owned(),
                n => format!("{n} settings are changed"),
            };
            told("/admin/settings", &news)
        }
        Err(no) => again(&doors, &visitor, &posted, no).await,
    }
}

async fn test_message(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = SendTestMessage { key: posted.key(), to: posted.get("to").to_owned() };
    match send_test_message(&doors.desk, &visitor.actor, ask).await {
        Ok(said) if said.taken => told("/admin/settings", &format!("The mail server took a message to {}", said.to)),
        Ok(said) => {
            let mut page = shown(&doors, &visitor, &posted).await?;
            page.frame.errors.add("to", format!("The mail server did not take it: {}", said.words));
            page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(no) => again(&doors, &visitor, &posted, no).await,
    }
}

async fn again(doors: &Shared, visitor: &Visitor, posted: &Posted, no: sundry_desk::No) -> Answer {
    let mut page = shown(doors, visitor, posted).await?;
    let status = onto(&mut page.frame, no, &[])?;
    page_with(status, &page)
}
