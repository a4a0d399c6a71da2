//! Answer files of the court: taken, what became of each line, settled by a person.
use super::answer::{Answer, List, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent, numbered};
use super::table::{Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use serde::Deserialize;
use sundry_desk::court::{
    AnswerFileShown, AnswerSettled, CourtAnswersTaken, SettleCourtAnswer, TakeCourtAnswers, WorkCourtAnswers,
    court_answer, court_answers, settle_court_answer, take_court_answers, work_court_answers,
};
use sundry_domain::control::Duty;
use sundry_store::court_answers::AnswerFileLine;
use utoipa::ToSchema;

const ROOM: &str = "Court";
const EITHER: &[Duty] = &[Duty::WorkCases, Duty::ReferToCourt];

/// The rows of this part of the room.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/court-answers", "list_court_answers", "Answer files of the court, newest first")
                .paged(desk_list::<AnswerFileLine>),
            list,
        )
        .add(
            post(ROOM, "/court-answers", "take_court_answers", "Take an answer file of the court and work its lines")
                .needs(EITHER)
                .takes_file()
                .gives(200, desk::<CourtAnswersTaken>),
            take,
        )
        .add(
            get(
                ROOM,
                "/court-answers/{number}",
                "get_court_answers",
                "Read an answer file and what became of its lines",
            )
            .gives(200, desk::<AnswerFileShown>),
            one,
        )
        .add(
            post(
                ROOM,
                "/court-answers/{number}/work",
                "work_court_answers",
                "Work again the lines that wait and those that a person has to decide",
            )
            .needs(EITHER)
            .gives(200, desk::<CourtAnswersTaken>),
            work,
        )
        .add(
            post(ROOM, "/court-answer-lines/{id}/settle", "settle_court_answer", "Settle a line with a reason")
                .needs(EITHER)
                .takes::<CourtAnswerSettlement>()
                .gives(200, desk::<AnswerSettled>),
            settle,
        )
}

/// Why a line is settled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourtAnswerSettlement {
    /// What was done about it, or why nothing is.
    pub words: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let limit = asked.limit();
    let rows = court_answers(&doors.desk, &by.0, asked.whole("after"), limit).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == limit).map(|last| last.id.to_string());
    List { title: "Answers of the court", rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn take(State(doors): State<Shared>, by: By, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    ok(&take_court_answers(&doors.desk, &by.0, TakeCourtAnswers { key, file_name, bytes }).await?)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&court_answer(&doors.desk, &by.0, &number).await?)
}

async fn work(State(doors): State<Shared>, by: By, At(file): At, Key(key): Key) -> Answer {
    ok(&work_court_answers(&doors.desk, &by.0, WorkCourtAnswers { key, file }).await?)
}

async fn settle(
    State(doors): State<Shared>,
    by: By,
    At(id): At,
    Key(key): Key,
    Sent(sent): Sent<CourtAnswerSettlement>,
) -> Answer {
    let ask = SettleCourtAnswer { key, line: numbered(&id, "line of a court answer")?, words: sent.words };
    ok(&settle_court_answer(&doors.desk, &by.0, ask).await?)
}
