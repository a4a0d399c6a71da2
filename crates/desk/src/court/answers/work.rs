//! Working the lines of a file, one after the other; each is written down as it is done, so a stop loses nothing.
use super::deed::act;
use super::find::{Deed, Step, step_of};
use super::lines::pieces;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::refusals::NO_DUTY;
use sundry_domain::court::case_refusals::CASE_CHANGED;
use sundry_formats::court::read_answer;
use sundry_store::court_answers::{self as store, AnswerFileRow, AnswerRow};

/// Works the lines of a file that stand in one of these states.
pub(super) async fn work(desk: &Desk, by: &Actor, file: &AnswerFileRow, states: &[&str]) -> Outcome<()> {
    let bytes = desk.files().get(by.org.0, &file.file_sha256)?;
    let answer =
        read_answer(&bytes).map_err(|_| Fault::new(format!("{} was taken and cannot be read now", file.number)))?;
    let mut look = desk.look().await?;
    let lines = store::answers_of(&mut look, by.org, file.id).await?;
    drop(look);
    for (line, piece) in lines.into_iter().zip(pieces(&answer)) {
        if !states.contains(&line.state.as_str()) {
            continue;
        }
        let mut look = desk.look().await?;
        let step = step_of(&mut look, by.org, &piece).await?;
        drop(look);
        Box::pin(decide(desk, by, line, step)).await?;
    }
    Ok(())
}

/// What became of a line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Decided {
    line: i64,
    version: i64,
    state: String,
    case: String,
    outcome: String,
}

async fn decide(desk: &Desk, by: &Actor, line: AnswerRow, step: Step) -> Outcome<()> {
    let stands = match &step.deed {
        Deed::Hold(_) => "open",
        Deed::Noted(_) => "noted",
        _ => "done",
    };
    let (case, key) = (step.case.clone(), format!("court answer {}", line.id));
    let (state, outcome) = match Box::pin(act(desk, by, key, step.case, step.deed)).await {
        Ok(words) => (stands, words),
        Err(No::Refused(no)) if no.code == NO_DUTY.code => {
            ("waiting", format!("Waits for somebody who may do it. {}", no.sentence))
        }
        Err(No::Refused(no)) => ("open", format!("{} ({})", no.sentence, no.code)),
        Err(No::Invalid(all)) => ("open", all.into_iter().map(|one| one.message).collect::<Vec<_>>().join("; ")),
        Err(No::Absent(what)) => ("open", format!("There is no {what}")),
        Err(fault) => return Err(fault),
    };
    if line.state == state && line.outcome == outcome && line.case_number == case {
        return Ok(());
    }
    let decided = Decided { line: line.id, version: line.version, state: state.into(), case, outcome };
    write_down(desk, by, line, decided).await.map(drop)
}

async fn write_down(desk: &Desk, by: &Actor, mut line: AnswerRow, ask: Decided) -> Outcome<Decided> {
    let key = format!("court answer {} decided {}", ask.line, ask.version);
    command!(desk, by, "decide_court_answer", &key, &ask, |cmd| {
        line.state.clone_from(&ask.state);
        line.case_number.clone_from(&ask.case);
        line.outcome.clone_from(&ask.outcome);
        if line.state != "waiting" {
            (line.decided_on, line.decided_by) = (Some(cmd.today), cmd.by.name.clone());
        }
        save(cmd, &line).await?;
        cmd.tell("CourtAnswerWorked", format!("court answer {}", line.id), &ask);
        Ok(ask.clone())
    })
}

/// Writes a line back.
pub(super) async fn save(cmd: &mut crate::core::command::Command, line: &AnswerRow) -> Outcome<()> {
    if store::change_answer(&mut cmd.tx, cmd.by.org, line).await? {
        return Ok(());
    }
    Err(CASE_CHANGED.because(format!("Line {} was decided by someone else meanwhile", line.seq)).into())
}
