//! Stories: a day's work and what must come of it, in words a clerk can read (handbook, develop/stories).
//!
//! A story runs on a home of its own, through the same commands as the pages, under the roles it names.
//! It stops at the first line that is not as it says, and always ends with the proof of the ledger.
mod act;
mod agencies;
mod card;
mod case;
mod court;
mod debit;
mod desk_words;
mod expect;
mod giving_up;
mod month;
mod people;
mod phrase;
mod reconcile;
mod script;
mod service;
mod stage;

pub use script::{Problem, Script, parse};

use script::{Expect, Says};
use stage::Stage;
use std::path::{Path, PathBuf};
use sundry_desk::{No, Outcome};
use sundry_domain::refusal::Invalid;

/// What came of a story.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StoryReport {
    /// The file.
    pub file: PathBuf,
    /// Its title.
    pub title: String,
    /// How many lines were acted on or looked at.
    pub lines: usize,
    /// How many of them were expectations.
    pub expectations: usize,
    /// Why it does not hold; none when it does.
    pub failure: Option<StoryFailure>,
}

/// The line at which a story does not hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StoryFailure {
    /// The line, counted from 1.
    pub line: usize,
    /// As it is written.
    pub text: String,
    /// What it expects.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl StoryReport {
    /// One line for the terminal.
    pub fn sentence(&self) -> String {
        let file = self.file.display();
        match &self.failure {
            None => format!("holds  {file}: {} ({} expectations)", self.title, self.expectations),
            Some(f) => format!("fails  {file}:{}: `{}`: expected {}, found {}", f.line, f.text, f.expected, f.found),
        }
    }
}

/// Runs a story file in a home of its own, in a database at `url` that holds nothing but stories.
///
/// # Errors
/// Invalid, with file and line, when the story cannot be read; faults of the database.
pub async fn run_story(path: &Path, url: &str) -> Outcome<StoryReport> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Invalid::field("story", format!("{} cannot be read: {e}", path.display()), ""))?;
    let script = parse(&text).map_err(|problems| unreadable(path, &problems))?;
    let mut stage = Stage::open(url, &script.organisation, &first_day(&script)).await?;
    let report = play(path, &script, &mut stage).await;
    stage.close().await;
    report
}

fn first_day(script: &Script) -> chrono::NaiveDate {
    script.lines.iter().find_map(|line| line.day).unwrap_or_default()
}

fn unreadable(path: &Path, problems: &[Problem]) -> No {
    let file = path.display().to_string();
    let one = |problem: &Problem| {
        let place = format!("{file}:{}", problem.line);
        Invalid::row(problem.line as u64, "story", format!("{place}: {}", problem.sentence), file.clone())
    };
    No::Invalid(problems.iter().map(one).collect())
}

async fn play(path: &Path, script: &Script, stage: &mut Stage) -> Outcome<StoryReport> {
    let mut report =
        StoryReport { file: path.to_owned(), title: script.title.clone(), lines: 0, expectations: 0, failure: None };
    for line in &script.lines {
        report.lines += 1;
        if let Some(no) = stage.refused.take_if(|_| !answers_a_refusal(line.says.as_ref())) {
            report.failure = Some(unexpected(stage, &no));
            return Ok(report);
        }
        if let Some(day) = line.day {
            stage.desk.set_today(day)?;
        }
        let failed = match &line.says {
            None => None,
            Some(Says::As(role, nth)) => {
                stage.by = stage.person(*role, *nth);
                None
            }
            Some(Says::Act(action)) => {
                stage.acting = (line.number, line.text.clone());
                act::act(stage, action).await?
            }
            Some(Says::Expect(wanted)) => {
                report.expectations += 1;
                expect::expect(stage, wanted).await?
            }
        };
        if let Some((expected, found)) = failed {
            report.failure = Some(StoryFailure { line: line.number, text: line.text.clone(), expected, found });
            return Ok(report);
        }
    }
    if let Some(no) = stage.refused.take() {
        report.failure = Some(unexpected(stage, &no));
        return Ok(report);
    }
    report.failure = proof(stage, script).await?;
    Ok(report)
}

/// A refusal stands until the very next line, which must expect it.
fn answers_a_refusal(says: Option<&Says>) -> bool {
    matches!(says, Some(Says::Expect(Expect::Refusal { invoice: None, .. } | Expect::Invalid(_))))
}

fn unexpected(stage: &Stage, no: &No) -> StoryFailure {
    let (line, text) = stage.acting.clone();
    StoryFailure { line, text, expected: "it to be done".into(), found: stage::spoken(no) }
}

/// The ledger proves itself at the end of every story.
async fn proof(stage: &Stage, script: &Script) -> Outcome<Option<StoryFailure>> {
    let proof = sundry_desk::ledger::verify::verify(&stage.desk, Some(stage.by.org), |_, _| {}).await?;
    let line = script.lines.last().map_or(1, |line| line.number);
    Ok((!proof.passed).then(|| StoryFailure {
        line,
        text: "(the end)".into(),
        expected: "the ledger to prove itself".into(),
        found: proof.failures().join("; "),
    }))
}
