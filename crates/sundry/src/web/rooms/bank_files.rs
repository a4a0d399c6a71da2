//! Files from the bank: the list, one file, its bytes.
use super::export::download;
use super::form::{Asked, asked, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::bank_files::{BankFile, BankFileLine, BankFiles};
use crate::web::ui::{self, Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Europe::London;
use serde_json::Value;
use sundry_desk::No;
use sundry_desk::cash::bank_files as desk_files;
use sundry_desk::cash::takings::{TieTakings, takings, tie_takings};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::bank_files::BankFileRow;

/// Rows of a page.
const ROWS: i64 = 50;

/// The states in the order in which a person looks at them.
const STATES: [(&str, &str); 6] = [
    ("", "All"),
    ("held", "Held"),
    ("checked", "Looked at, not imported"),
    ("accepted", "Imported"),
    ("warned", "Imported with a note"),
    ("rejected", "Refused"),
];

/// The routes of files.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/files", &[Duty::View], get(list))
        .add("/cash/files/{id}", &[Duty::View], get(view))
        .add("/cash/files/{id}/content", &[Duty::ImportFiles], get(content))
        .add("/cash/files/{id}/tie", &[Duty::PostCash], post(tie))
}

fn state(word: &str) -> Tag {
    let name = STATES.iter().find(|(state, _)| *state == word).map_or("", |(_, name)| *name);
    let colour = match word {
        "accepted" => TagColour::Green,
        "warned" => TagColour::Blue,
        "held" => TagColour::Yellow,
        "rejected" => TagColour::Red,
        _ => TagColour::Grey,
    };
    tag(name, colour)
}

fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&London).naive_local()
}

fn line(row: &BankFileRow) -> BankFileLine {
    let door = match (row.source_name.as_str(), row.channel.as_str()) {
        ("", "web") => "on a page".to_owned(),
        ("", "api") => "by a program".to_owned(),
        ("", _) => "on the command line".to_owned(),
        (place, _) => format!("from {place}"),
    };
    BankFileLine {
        id: row.id.to_string(),
        name: row.name.clone(),
        state: state(&row.state),
        message: row.message.clone(),
        arrived: local(row.arrived_at),
        by: format!("{}, {door}", row.brought_by_name),
        lines: row.lines_new,
        times: row.times,
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let wanted = asked(&query, "state").to_owned();
    let before = asked(&query, "before").parse().ok();
    let found = desk_files::bank_files(&doors.desk, &visitor.actor, &wanted, before, ROWS).await?;
    let count = |word: &str| match word {
        "" => found.states.iter().map(|(_, count)| count).sum(),
        word => found.states.iter().find(|(state, _)| state == word).map_or(0, |(_, count)| *count),
    };
    let mut frame = doors.frame(&visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    page(&BankFiles {
        frame,
        states: STATES.map(|(word, name)| (word, name, count(word))).to_vec(),
        state: wanted,
        rows: found.files.iter().map(line).collect(),
        before: found.before.map(|id| id.to_string()).unwrap_or_default(),
        may_import: visitor.actor.holds(Duty::ImportFiles),
    })
}

fn numbered(id: &str) -> Result<i64, No> {
    id.parse().map_err(|_| No::Absent("file".into()))
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &id).await?)
}

/// The receipt in suspense that somebody names is the bank's credit for this payment file.
async fn tie(State(doors): State<Shared>, visitor: Visitor, Path(id): Path<String>, posted: Posted) -> Answer {
    let receipt = posted.get("receipt").to_owned();
    let ask = TieTakings { key: posted.key(), takings: numbered(posted.get("takings"))?, receipt: receipt.clone() };
    match tie_takings(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&format!("/cash/files/{id}"), &format!("{receipt} is the sum of {}", done.name)),
        Err(no) => {
            let mut form = shown(&doors, &visitor, &id).await?;
            form.receipt = receipt;
            let no = match no {
                No::Absent(_) => No::from(Invalid::field("receipt", "No receipt has this number", &form.receipt)),
                other => other,
            };
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, id: &str) -> Result<BankFile, Trouble> {
    let row = desk_files::bank_file(&doors.desk, &visitor.actor, numbered(id)?).await?;
    let credits = takings(&doors.desk, &visitor.actor).await?;
    let credit = credits.into_iter().find(|one| one.file_sha256 == row.file_sha256);
    let awaited = credit.as_ref().filter(|one| one.state == "expected" && visitor.actor.holds(Duty::PostCash));
    let mut facts = facts(&row);
    if let Some(credit) = &credit {
        let came = credit.shown_on.map(|day| format!("{}, on {}", Pence(credit.total_pence), day.format("%-d %B %Y")));
        let words = came.unwrap_or_else(|| format!("{}, not yet shown", Pence(credit.total_pence)));
        facts.push(("The bank's credit for it", words));
    }
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let problem = |value: &Value| {
        let code = text(value, "code");
        let message = text(value, "message");
        (text(value, "at"), if code.is_empty() { message } else { format!("{message} ({code})") })
    };
    Ok(BankFile {
        frame,
        line: line(&row),
        facts,
        way_out: row.way_out.clone(),
        problems: row.problems.as_array().into_iter().flatten().map(problem).collect(),
        moved: (Pence(row.credits_pence), Pence(row.debits_pence)),
        may_import: visitor.actor.holds(Duty::ImportFiles),
        awaited: awaited.map(|one| (one.id.to_string(), Pence(one.total_pence))),
        receipt: String::new(),
    })
}

fn facts(row: &BankFileRow) -> Vec<(&'static str, String)> {
    let moment = |at: DateTime<Utc>| {
        let at = local(at);
        format!("{} at {}", at.format("%-d %B %Y"), ui::time_of_day(at.time()))
    };
    let mut facts = vec![
        ("First arrived", moment(row.arrived_at)),
        ("Brought by", line(row).by),
        (
            "Came",
            if row.times > 1 { format!("{} times, last {}", row.times, moment(row.last_at)) } else { "once".into() },
        ),
        ("Size", format!("{} bytes", ui::number(row.size_bytes))),
        ("Format", ui::or_dash(&row.format)),
        ("Bank account", ui::or_dash(&row.bank_account)),
        ("Lines that came before", ui::number(row.lines_seen)),
        ("SHA-256", row.file_sha256.clone()),
    ];
    if !row.code.is_empty() {
        facts.insert(0, ("Code", row.code.clone()));
    }
    if let Some(at) = row.decided_at {
        facts.push((
            "Taken although it did not follow",
            format!("{}, {}: {}", row.decided_by_name, moment(at), row.decided_reason),
        ));
    }
    facts
}

async fn content(State(doors): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Answer {
    let (name, bytes) = desk_files::bank_file_content(&doors.desk, &visitor.actor, numbered(&id)?).await?;
    download(&name, "application/octet-stream", bytes)
}
