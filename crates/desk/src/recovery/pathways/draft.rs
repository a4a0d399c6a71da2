//! Writing a draft of a pathway, changing it, taking it back.
use super::{newest, versions_of};
use crate::core::command::Command;
use crate::core::typed::{lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::delivery::sha256_of_json;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::recovery::refusals::PATHWAY_DRAFT;
use sundry_domain::recovery::{Applies, PathwayVersion, Step};
use sundry_domain::refusal::Invalid;
use sundry_store::recovery::pathways::{self as rows, PathwayDraftRow, PathwayMove};

/// Letters of a name, at most.
const NAME_MOST: usize = 80;
/// Letters of what a manager reads, at most.
const WORDS_MOST: usize = 2_000;

/// Writes a draft of a pathway, or changes the one under way. A code that there is not yet begins a new pathway.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavePathwayDraft {
    /// Idempotency key.
    pub key: String,
    /// The pathway.
    pub code: String,
    /// What was read of the draft under way; 0 to begin one.
    pub changes: i64,
    /// For people.
    pub name: String,
    /// For a manager: for whom it is, and why its days are what they are.
    #[serde(default)]
    pub words: String,
    /// Whose debts it is for.
    #[serde(default)]
    pub applies: Applies,
    /// Cases that began on an earlier version go on with this one.
    #[serde(default)]
    pub moves_open: bool,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The draft as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathwaySaved {
    /// The pathway.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// Give this back when changing it.
    pub changes: i64,
    /// Hash of the steps.
    pub content_hash: String,
}

/// Keeps a draft.
///
/// # Errors
/// Duty; invalid fields, each with its step; `REC-PATHWAY-DRAFT` when someone else changed it, or it waits for a yes.
pub async fn save_pathway_draft(desk: &Desk, by: &Actor, ask: SavePathwayDraft) -> Outcome<PathwaySaved> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("name", &ask.name), ("words", &ask.words)])?;
    command!(desk, by, "save_pathway_draft", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let who = cmd.by.clone();
        let versions = versions_of(&mut cmd.tx, &who, &ask.code, today).await?;
        let version = newest(&versions).map_or(0, |one| one.pathway.version) + 1;
        let pathway = wanted(&ask, version)?;
        let under_way = rows::draft(&mut cmd.tx, org, &ask.code).await?;
        keep(cmd, &ask, &pathway, under_way).await
    })
}

fn wanted(ask: &SavePathwayDraft, version: i32) -> Outcome<PathwayVersion> {
    let mut wrong = Vec::new();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if ask.code.is_empty() || ask.code.len() > 40 || !ask.code.chars().all(fits) {
        let words = "Enter a code of small letters, figures and _, such as care_homes";
        wrong.push(Invalid::field("code", words, &ask.code));
    }
    if ask.name.trim().is_empty() {
        wrong.push(Invalid::field("name", format!("Enter a name of at most {NAME_MOST} characters"), &ask.name));
    }
    wrong.extend(lines_wrong(&[("name", &ask.name)], NAME_MOST));
    wrong.extend(words_wrong(&[("words", &ask.words)], WORDS_MOST));
    let pathway = PathwayVersion {
        code: ask.code.clone(),
        name: ask.name.trim().to_owned(),
        version,
        steps: ask.steps.clone(),
        applies: ask.applies.clone(),
        moves_open: ask.moves_open,
        words: ask.words.trim().replace("\r\n", "\n"),
    };
    wrong.extend(pathway.validate());
    wrong.extend(whose(&pathway.applies));
    for (at, step) in pathway.steps.iter().enumerate() {
        let row = at as u64 + 1;
        wrong.extend(step_texts(step).into_iter().map(|one| Invalid { row: Some(row), ..one }));
        if step.name.trim().is_empty() {
            let words = format!("Enter a name of at most {NAME_MOST} characters");
            wrong.push(Invalid::row(row, "name", words, &step.name));
        }
        if step.cost.0 < 0 || step.cost.0 > 1_000_000 {
            wrong.push(Invalid::row(row, "cost", "Enter a cost from £0 to £10,000", step.cost.pounds()));
        }
        if step.day.unsigned_abs() > 3_650 {
            wrong.push(Invalid::row(row, "day", "Enter a day within ten years of the due date", step.day.to_string()));
        }
        if let Some(last) = step.lapses_after_day.filter(|last| last.unsigned_abs() > 3_650) {
            wrong.push(Invalid::row(row, "lapses", "Enter a day within ten years of the due date", last.to_string()));
        }
        if step.wait_days > 3_650 {
            wrong.push(Invalid::row(row, "wait", "Enter no more than ten years", step.wait_days.to_string()));
        }
        if let (Some(least), Some(most)) = (step.when.least, step.when.most)
            && least > most
        {
            wrong.push(Invalid::row(row, "most", format!("Enter no less than £{}", least.pounds()), most.pounds()));
        }
    }
    if wrong.is_empty() { Ok(pathway) } else { Err(No::Invalid(wrong)) }
}

/// What is wrong with the texts of a step.
fn step_texts(step: &Step) -> Vec<Invalid> {
    let texts: [(&str, &str); 3] = [("name", &step.name), ("who", &step.who), ("clause", &step.clause)];
    let mut wrong = lines_wrong(&texts, NAME_MOST);
    wrong.extend(lines_wrong(&[("code", &step.code), ("template", &step.template)], 40));
    wrong.extend(names_wrong("debt_types", &step.when.debt_types));
    wrong
}

/// What is wrong with a list of names.
fn names_wrong(field: &str, names: &[String]) -> Vec<Invalid> {
    if names.len() > 100 {
        return vec![Invalid::field(field, "Enter at most 100", names.len().to_string())];
    }
    names.iter().flat_map(|name| lines_wrong(&[(field, name)], 100)).collect()
}

/// What is wrong with whose debts it is for.
fn whose(applies: &Applies) -> Vec<Invalid> {
    let (when, mut wrong) = (&applies.when, names_wrong("services", &applies.services));
    wrong.extend(names_wrong("debt_types", &applies.when.debt_types));
    if !(-1_000..=1_000).contains(&applies.rank) {
        wrong.push(Invalid::field("rank", "Enter a rank from 0 to 1,000", applies.rank.to_string()));
    }
    if let (Some(least), Some(most)) = (when.least, when.most)
        && least > most
    {
        wrong.push(Invalid::field("most", format!("Enter no less than £{}", least.pounds()), most.pounds()));
    }
    for (field, score) in [("least_score", when.least_score), ("most_score", when.most_score)] {
        if let Some(score) = score.filter(|score| !(0..=100).contains(score)) {
            wrong.push(Invalid::field(field, "Enter a score from 0 to 100", score.to_string()));
        }
    }
    if let (Some(least), Some(most)) = (when.least_score, when.most_score)
        && least > most
    {
        wrong.push(Invalid::field("most_score", format!("Enter no less than {least}"), most.to_string()));
    }
    wrong
}

async fn keep(
    cmd: &mut Command,
    ask: &SavePathwayDraft,
    pathway: &PathwayVersion,
    under_way: Option<PathwayDraftRow>,
) -> Outcome<PathwaySaved> {
    let org = cmd.by.org;
    let body = serde_json::to_value(pathway)?;
    let row = PathwayDraftRow {
        id: under_way.as_ref().map_or_else(|| cmd.id(), |row| row.id),
        code: ask.code.clone(),
        version: i64::from(pathway.version),
        state: "draft".into(),
        content_hash: sha256_of_json(&body),
        body,
        live_from: None,
        approval: String::new(),
        turned_down: String::new(),
        drafted_by_name: cmd.by.name.clone(),
        changed_on: cmd.today,
        recorded_at: cmd.at,
        changes: ask.changes,
    };
    let kept = match &under_way {
        None if ask.changes == 0 => rows::add_draft(&mut cmd.tx, org, &row).await?,
        None => false,
        Some(_) => rows::change_draft(&mut cmd.tx, org, &row).await?,
    };
    if !kept {
        let words = match &under_way {
            Some(row) if row.state == "asked" => format!("The draft waits for a yes under {}", row.approval),
            Some(row) => format!("{} changed the draft meanwhile", row.drafted_by_name),
            None => "The draft you read is not there any more".to_owned(),
        };
        return Err(PATHWAY_DRAFT.because(words).into());
    }
    let detail = serde_json::json!({ "version": row.version, "content_hash": row.content_hash });
    cmd.tell("PathwayDrafted", format!("pathway {}", ask.code), detail);
    let changes = ask.changes + 1;
    Ok(PathwaySaved { code: row.code, version: row.version, changes, content_hash: row.content_hash })
}

/// Takes a draft back; what waits for a yes may be taken back too, and the yes then finds nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawPathwayDraft {
    /// Idempotency key.
    pub key: String,
    /// The pathway.
    pub code: String,
}

/// Takes a draft back.
///
/// # Errors
/// Duty; absent when there is no draft.
pub async fn withdraw_pathway_draft(desk: &Desk, by: &Actor, ask: WithdrawPathwayDraft) -> Outcome<()> {
    by.must_hold(Duty::ManageSettings)?;
    command!(desk, by, "withdraw_pathway_draft", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = rows::draft(&mut cmd.tx, org, &ask.code).await?;
        let row = row.ok_or_else(|| No::Absent(format!("draft of pathway {}", ask.code)))?;
        let to = PathwayMove {
            from: &row.state,
            to: "withdrawn",
            live_from: None,
            approval: &row.approval,
            turned_down: &row.turned_down,
        };
        if !rows::move_draft(&mut cmd.tx, org, row.id, to).await? {
            return Err(PATHWAY_DRAFT.because("The draft changed meanwhile").into());
        }
        let detail = serde_json::json!({ "version": row.version });
        cmd.tell("PathwayDraftWithdrawn", format!("pathway {}", ask.code), detail);
        Ok(())
    })
}
