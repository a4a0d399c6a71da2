//! Looking at answer files and their lines.
use crate::{Actor, Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::court_answers::{self as store, AnswerFileLine, AnswerFileRow, AnswerRow};

/// A file with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFileShown {
    /// The file.
    pub file: AnswerFileRow,
    /// Its lines, in its order.
    pub lines: Vec<AnswerRow>,
}

/// Answer files before a place, newest first.
///
/// # Errors
/// Duty.
pub async fn court_answers(desk: &Desk, by: &Actor, before: Option<i64>, limit: i64) -> Outcome<Vec<AnswerFileLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::files(&mut look, by.org, before.unwrap_or(i64::MAX), limit.clamp(1, 200)).await?)
}

/// One answer file.
///
/// # Errors
/// Duty; absent.
pub async fn court_answer(desk: &Desk, by: &Actor, number: &str) -> Outcome<AnswerFileShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let file = store::file(&mut look, by.org, number.trim()).await?;
    let file = file.ok_or_else(|| No::Absent(format!("court answer file {}", number.trim())))?;
    let lines = store::answers_of(&mut look, by.org, file.id).await?;
    Ok(AnswerFileShown { file, lines })
}
