//! Tasks of standing orders: the letter about a shortfall in bulk, and how each task ended.
use super::super::common::check_words;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::delivery::{NewLetter, Recipient, add_missing_shipped, compose_all, recipients_of, stationery};
use crate::{Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use sundry_domain::calendar::add_days;
use sundry_domain::cash::standing_orders::refusals::TASK_DONE;
use sundry_domain::control::Duty;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_paper::{Language, long_date};
use sundry_store::standing_order::{TaskRow, end_task, tasks};

/// Days in which a shortfall is asked for.
const ANSWER_DAYS: i64 = 28;

/// Tasks in a state: open or done.
///
/// # Errors
/// Duty; a state that is none.
pub async fn standing_order_tasks(desk: &Desk, by: &Actor, state: &str) -> Outcome<Vec<TaskRow>> {
    by.must_hold(Duty::View)?;
    if !["open", "done"].contains(&state) {
        return Err(Invalid::field("state", "Choose open or done", state).into());
    }
    Ok(tasks(&mut desk.look().await?, by.org, state).await?)
}

/// Writes to payers whose standing order fell short.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShortfallLetters {
    /// Idempotency key.
    pub key: String,
    /// The tasks.
    pub tasks: Vec<i64>,
}

/// Ends tasks by saying how.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndTasks {
    /// Idempotency key.
    pub key: String,
    /// The tasks.
    pub tasks: Vec<i64>,
    /// invoice, refund, carry_forward, amended or other.
    pub how: String,
    /// The number of the invoice or refund, or words.
    #[serde(default)]
    pub words: String,
}

/// How many tasks ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TasksEnded {
    /// Tasks.
    pub tasks: i64,
    /// Letters that were written.
    pub letters: i64,
    /// Held for want of an address.
    pub held: i64,
}

/// The open tasks that were named, of one kind where it matters.
async fn named(cmd: &mut Command, ids: &[i64], kind: &str) -> Outcome<Vec<TaskRow>> {
    let wanted: HashSet<i64> = ids.iter().copied().collect();
    let open = tasks(&mut cmd.tx, cmd.by.org, "open").await?;
    let found: Vec<TaskRow> =
        open.into_iter().filter(|task| wanted.contains(&task.id) && (kind.is_empty() || task.kind == kind)).collect();
    if found.len() < wanted.len() {
        let sentence = format!("{} of the tasks are done, or are no shortfall.", wanted.len() - found.len());
        return Err(TASK_DONE.because(sentence).into());
    }
    Ok(found)
}

/// Writes the letters and ends their tasks.
///
/// # Errors
/// Duty; nothing chosen; a task that is done.
pub async fn write_shortfall_letters(desk: &Desk, by: &Actor, ask: ShortfallLetters) -> Outcome<TasksEnded> {
    by.must_hold(Duty::PostCash)?;
    some_chosen(&ask.tasks)?;
    command!(desk, by, "write_shortfall_letters", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let found = named(cmd, &ask.tasks, "shortfall").await?;
        add_missing_shipped(cmd, &["standing_order_shortfall"]).await?;
        let head = stationery(&mut cmd.tx, org, cmd.today).await?;
        let ids = || found.iter().map(|task| task.customer_id);
        let (first, last) = (ids().min().unwrap_or_default(), ids().max().unwrap_or_default());
        let people = recipients_of(&mut cmd.tx, org, CustomerId(first), CustomerId(last), cmd.today).await?;
        let mut letters = Vec::with_capacity(found.len());
        for task in &found {
            let to = people.get(&task.customer_id).cloned().ok_or_else(|| Fault::new("a task's customer is gone"))?;
            letters.push(letter(cmd, task, to));
        }
        let composed = compose_all(cmd, &head, letters).await?;
        for (task, letter) in found.iter().zip(&composed) {
            let name = cmd.by.name.clone();
            let how = ("letter", cmd.today, name.as_str(), Some(letter.letter.0));
            end_task(&mut cmd.tx, org, task.id, how).await?;
        }
        let held = composed.iter().filter(|letter| letter.state == "held").count() as i64;
        let told = TasksEnded { tasks: found.len() as i64, letters: composed.len() as i64, held };
        cmd.tell("StandingOrderShortfallsWritten", "standing orders", &told);
        Ok(told)
    })
}

fn letter(cmd: &Command, task: &TaskRow, to: Recipient) -> NewLetter {
    let short = Pence(task.difference_pence).size();
    let fields = BTreeMap::from([
        ("period", period((task.from_on, task.to_on), to.language())),
        ("expected", Pence(task.due_pence).to_string()),
        ("received", Pence(task.received_pence).to_string()),
    ]);
    NewLetter {
        kind: LetterKind::Statement,
        template: "standing_order_shortfall".into(),
        to,
        dated_on: cmd.today,
        due_on: Some(add_days(cmd.today, ANSWER_DAYS)),
        next_letter_on: None,
        sum: short,
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields,
        run: None,
    }
}

fn period((from, until): (NaiveDate, NaiveDate), language: Language) -> String {
    let to = if language == Language::Welsh { "i" } else { "to" };
    format!("{} {to} {}", long_date(from, language), long_date(until, language))
}

fn some_chosen(tasks: &[i64]) -> Outcome<()> {
    if tasks.is_empty() || tasks.len() > 5_000 {
        return Err(Invalid::field("tasks", "Select from 1 to 5,000 tasks", "").into());
    }
    Ok(())
}

/// Ends tasks: what was done instead of, or besides, a letter.
///
/// # Errors
/// Duty; nothing chosen; a way that is none; a task that is done.
pub async fn end_standing_order_tasks(desk: &Desk, by: &Actor, ask: EndTasks) -> Outcome<TasksEnded> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("words", &ask.words)])?;
    some_chosen(&ask.tasks)?;
    let mut wrong = Vec::new();
    if !["invoice", "refund", "carry_forward", "amended", "other"].contains(&ask.how.as_str()) {
        wrong.push(Invalid::field("how", "Choose what was done", &ask.how));
    }
    let needs_words = matches!(ask.how.as_str(), "invoice" | "refund" | "other");
    if needs_words && ask.words.trim().is_empty() || ask.words.chars().count() > 200 {
        wrong.push(Invalid::field("words", "Enter the number of the invoice or refund, or what was done", &ask.words));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "end_standing_order_tasks", &ask.key, &ask, |cmd| {
        let found = named(cmd, &ask.tasks, "").await?;
        let how =
            if ask.words.trim().is_empty() { ask.how.clone() } else { format!("{}: {}", ask.how, ask.words.trim()) };
        for task in &found {
            let name = cmd.by.name.clone();
            end_task(&mut cmd.tx, cmd.by.org, task.id, (&how, cmd.today, &name, None)).await?;
        }
        let told = TasksEnded { tasks: found.len() as i64, letters: 0, held: 0 };
        cmd.tell("StandingOrderTasksEnded", "standing orders", &ask);
        Ok(told)
    })
}
