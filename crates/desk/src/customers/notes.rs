//! Notes and calls. The customer can ask to see them; a card number is refused.
use super::{find, refuse_cards};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong};
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::customers::{self, NoteRow};

/// Adds a note.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddNote {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub number: String,
    /// note, visit, email or letter_in; note when empty.
    #[serde(default)]
    pub kind: String,
    /// In words.
    pub words: String,
    /// Shown first.
    #[serde(default)]
    pub pinned: bool,
}

/// The note that was added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NoteAdded {
    /// Its id.
    pub note: i64,
}

/// Adds a note to an account.
///
/// # Errors
/// `CTL-06-CARD-NUMBER`; invalid when it says nothing.
pub async fn add_note(desk: &Desk, by: &Actor, ask: AddNote) -> Outcome<NoteAdded> {
    may_write(by)?;
    let mut wrong = words_wrong(&ask.words);
    if !matches!(ask.kind.as_str(), "" | "note" | "visit" | "email" | "letter_in") {
        wrong.push(Invalid::field("kind", "Choose note, visit, email or letter_in", &ask.kind));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("note", &ask.words)])?;
    command!(desk, by, "add_note", &ask.key, &ask, |cmd| {
        let mut note = blank(cmd, if ask.kind.is_empty() { "note" } else { &ask.kind });
        note.words = ask.words.trim().to_owned();
        note.pinned = ask.pinned;
        keep(cmd, &ask.number, "NoteAdded", note).await
    })
}

/// Records a call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordCall {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub number: String,
    /// spoke, no_answer, left_message, wrong_number, refuses, disputes, will_pay or call_back.
    pub outcome: String,
    /// In words.
    #[serde(default)]
    pub words: String,
    /// What to do next.
    #[serde(default)]
    pub next_step: String,
    /// And when.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// What may come of a call.
const OUTCOMES: [&str; 8] =
    ["spoke", "no_answer", "left_message", "wrong_number", "refuses", "disputes", "will_pay", "call_back"];

impl RecordCall {
    fn wrong(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if !OUTCOMES.contains(&self.outcome.as_str()) {
            wrong.push(Invalid::field("outcome", "Choose what came of the call", &self.outcome));
        }
        if !self.words.is_empty() {
            wrong.extend(words_wrong(&self.words));
        }
        wrong.extend(lines_wrong(&[("next_step", &self.next_step)], 200));
        wrong.extend(days_wrong(&[("next_on", self.next_on)], today));
        if let Some(day) = self.next_on.filter(|day| *day < today) {
            let message = format!("Enter a date on or after {}", today.format("%-d %B %Y"));
            wrong.push(Invalid::field("next_on", message, day.to_string()));
        }
        if self.next_on.is_some() && self.next_step.trim().is_empty() {
            wrong.push(Invalid::field("next_step", "Enter what to do next", &self.next_step));
        }
        wrong
    }
}

/// Records a call with what came of it and what comes next.
///
/// # Errors
/// `CTL-06-CARD-NUMBER`; invalid fields.
pub async fn record_call(desk: &Desk, by: &Actor, ask: RecordCall) -> Outcome<NoteAdded> {
    may_write(by)?;
    refuse_cards(&[("note", &ask.words), ("next step", &ask.next_step)])?;
    command!(desk, by, "record_call", &ask.key, &ask, |cmd| {
        let wrong = ask.wrong(cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let mut note = blank(cmd, "call");
        note.outcome = ask.outcome.clone();
        note.words = ask.words.trim().to_owned();
        note.next_step = ask.next_step.trim().to_owned();
        note.next_on = ask.next_on;
        keep(cmd, &ask.number, "CallRecorded", note).await
    })
}

/// Who works cases, manages customers, answers queries or posts cash may write on an account.
fn may_write(by: &Actor) -> Outcome<()> {
    let any = [Duty::ManageCustomers, Duty::AnswerQueries, Duty::PostCash].into_iter().any(|duty| by.holds(duty));
    if any { Ok(()) } else { Ok(by.must_hold(Duty::WorkCases)?) }
}

fn words_wrong(words: &str) -> Vec<Invalid> {
    if words.trim().is_empty() || words.chars().count() > 4_000 {
        return vec![Invalid::field("words", "Enter a note of at most 4,000 characters", words)];
    }
    Vec::new()
}

fn blank(cmd: &Command, kind: &str) -> NoteRow {
    NoteRow {
        id: cmd.id(),
        customer_id: 0,
        kind: kind.to_owned(),
        on_day: cmd.today,
        outcome: String::new(),
        words: String::new(),
        pinned: false,
        next_step: String::new(),
        next_on: None,
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    }
}

/// What the trail keeps of a note or a call: not its words.
pub(crate) fn told_of_note(row: &NoteRow) -> serde_json::Value {
    serde_json::json!({
        "note": row.id, "kind": row.kind, "outcome": row.outcome, "pinned": row.pinned, "next_on": row.next_on,
    })
}

async fn keep(cmd: &mut Command, number: &str, event: &'static str, mut note: NoteRow) -> Outcome<NoteAdded> {
    let customer = find(&mut cmd.tx, cmd.by.org, number).await?;
    note.customer_id = customer.id;
    customers::add_note(&mut cmd.tx, cmd.by.org, &note).await?;
    cmd.tell(event, format!("customer {}", customer.number), told_of_note(&note));
    Ok(NoteAdded { note: note.id })
}
