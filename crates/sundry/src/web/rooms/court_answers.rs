//! Answer files of the court: the list with taking one, and one with its lines.
use super::form::{Asked, again, asked, onto, open_address};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::court_answers::{AnswerFiles, OneAnswerFile};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::court::{
    CourtAnswersTaken, SettleCourtAnswer, TakeCourtAnswers, WorkCourtAnswers, court_answer, court_answers,
    settle_court_answer, take_court_answers, work_court_answers,
};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Duty;

const HOME: &str = "/court-answers";
const LOOK: &[Duty] = &[Duty::View];
const SIZE: i64 = 100;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add(HOME, LOOK, get(list).post(take)).add("/court-answers/{number}", LOOK, get(one).post(act))
}

fn may(by: &Actor) -> bool {
    by.holds(Duty::WorkCases) || by.holds(Duty::ReferToCourt)
}

/// Refuses who may not work on answers before anything they typed is looked at.
fn must(by: &Actor) -> Outcome<()> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt)).map_err(No::from)
}

fn news(done: &CourtAnswersTaken) -> String {
    let lines = crate::web::ui::count_of(done.lines, "line", "lines");
    format!("{}: {lines}, {} done, {} for a person to decide", done.file, done.done, done.open)
}

async fn listed(doors: &Shared, visitor: &Visitor, query: &Asked) -> Outcome<AnswerFiles> {
    let before = asked(query, "before").parse().ok();
    let rows = court_answers(&doors.desk, &visitor.actor, before, SIZE).await?;
    let last = rows.last().filter(|_| rows.len() as i64 == SIZE).map(|row| row.id);
    let next = last.map(|id| format!("{}before={id}", open_address(HOME, &[]))).unwrap_or_default();
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/court".into();
    Ok(AnswerFiles { frame, rows, next, may_take: may(&visitor.actor) })
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&listed(&doors, &visitor, &query).await?)
}

async fn take(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    must(&visitor.actor)?;
    let mut seen = listed(&doors, &visitor, &Asked::new()).await?;
    let upload = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let Some(upload) = upload else {
        seen.frame.errors.add("file", "Choose a file");
        return again(&seen);
    };
    let ask = TakeCourtAnswers { key: posted.key(), file_name: upload.name.clone(), bytes: upload.bytes.clone() };
    match take_court_answers(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&format!("{HOME}/{}", done.file), &news(&done)),
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[("CT-05-ANSWER-TWICE", "file")])?;
            page_with(status, &seen)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OneAnswerFile> {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/court".into();
    Ok(OneAnswerFile {
        shown: court_answer(&doors.desk, &visitor.actor, number).await?,
        frame,
        may_work: may(&visitor.actor),
        typed: Default::default(),
    })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    must(by)?;
    let mut seen = shown(&doors, &visitor, &number).await?;
    seen.typed = ["line", "words"].map(|field| posted.get(field).to_owned());
    let outcome = match posted.get("act") {
        "work" => {
            let ask = WorkCourtAnswers { key: posted.key(), file: number.clone() };
            work_court_answers(desk, by, ask).await.map(|done| news(&done))
        }
        _ => {
            let Ok(line) = posted.get("line").parse() else {
                seen.frame.errors.add("line", "Choose the line");
                return again(&seen);
            };
            let ask = SettleCourtAnswer { key: posted.key(), line, words: posted.get("words").to_owned() };
            settle_court_answer(desk, by, ask).await.map(|_| "The line is settled".to_owned())
        }
    };
    match outcome {
        Ok(news) => told(&format!("{HOME}/{number}"), &news),
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[("CT-05-ANSWER-DECIDED", "line")])?;
            page_with(status, &seen)
        }
    }
}
