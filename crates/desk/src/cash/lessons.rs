//! What the matcher has learned from people: seen, and forgotten when it is wrong.
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome, command};
use chrono::Days;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::cash::lessons::{self, LessonRow};

/// Rows on a page.
const PAGE: i64 = 100;
/// Forgotten lessons are shown for so many days.
const SHOWN_DAYS: u64 = 90;

/// A page of lessons.
#[derive(Clone, Debug, Serialize)]
pub struct LessonsPage {
    /// Newest first; those forgotten lately are among them.
    pub rows: Vec<LessonRow>,
    /// How many hold: payers' accounts, payers' names, wordings.
    pub accounts: i64,
    /// Payers' names.
    pub names: i64,
    /// Wordings.
    pub wordings: i64,
    /// The page.
    pub page: i64,
    /// Whether there are more.
    pub more: bool,
}

/// What the matcher has learned.
///
/// # Errors
/// Duty.
pub async fn lessons(desk: &Desk, by: &Actor, page: i64) -> Outcome<LessonsPage> {
    by.must_hold(Duty::View)?;
    let page = page.max(1);
    let since = desk.today().checked_sub_days(Days::new(SHOWN_DAYS)).unwrap_or_default();
    let mut look = desk.look().await?;
    let mut rows = lessons::lessons(&mut look, by.org, since, PAGE + 1, (page - 1) * PAGE).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let counts = lessons::count_lessons(&mut look, by.org).await?;
    let count = |kind: &str| counts.iter().find(|row| row.0 == kind).map_or(0, |row| row.1);
    Ok(LessonsPage { rows, accounts: count("account"), names: count("name"), wordings: count("wording"), page, more })
}

/// Forgets a lesson.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForgetLesson {
    /// Idempotency key.
    pub key: String,
    /// Its id.
    pub lesson: i64,
}

/// A lesson forgotten.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LessonForgotten {
    /// Its id.
    pub lesson: i64,
}

/// Forgets a lesson: the matcher does not use it any more. What was posted by it stays.
///
/// # Errors
/// Duty; absent, or forgotten before.
pub async fn forget_lesson(desk: &Desk, by: &Actor, ask: ForgetLesson) -> Outcome<LessonForgotten> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "forget_lesson", &ask.key, &ask, |cmd| {
        let (org, today, name) = (cmd.by.org, cmd.today, cmd.by.name.clone());
        if !lessons::forget(&mut cmd.tx, org, ask.lesson, today, &name).await? {
            return Err(No::Absent(format!("lesson {}", ask.lesson)));
        }
        cmd.tell("LessonForgotten", format!("lesson {}", ask.lesson), &ask);
        Ok(LessonForgotten { lesson: ask.lesson })
    })
}
