//! The clock after a letter of claim: the reply form, documents, notice, offers; the first day of a claim (REC-03).
use super::weigh::{first_day, pre_action};
use super::{due, find, happened, must_be, note, notice, save};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::plans::hold_for;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::law::{earliest_issue, protocol_for};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::court::{self as store, CaseRow};
use sundry_store::customers;

/// Stages before a claim.
const BEFORE: &[&str] = &["referred", "accepted", "prepared", "signed"];
/// What can be done before a claim.
const STEPS: &[&str] = &["documents_sent", "write_notice", "notice_given", "offer_answered", "reply_cleared", "hurry"];
/// What can be learned while a claim runs.
const AT_COURT: &[&str] = &[STAY_LIFTED, FORCES_OVERSEAS, FORCES_HOME];
/// A judge lifted the stay of a claim.
pub(super) const STAY_LIFTED: &str = "stay_lifted";
/// The defendant serves overseas in the armed forces: no judgment by default.
pub(super) const FORCES_OVERSEAS: &str = "forces_overseas";
/// They are home again.
pub(super) const FORCES_HOME: &str = "forces_home";
/// What a reply form can say.
const REPLIES: &[(&str, &str)] = &[
    ("admits", "admits the debt"),
    ("time_to_pay", "asks for time to pay"),
    ("advice", "is getting advice"),
    ("documents", "asks for documents"),
    ("disputes", "disputes the debt"),
    ("partly", "only partly completed"),
    ("other", "something else"),
];

/// Records a reply form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordReply {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// When it came.
    pub on: NaiveDate,
    /// admits, time_to_pay, advice, documents, disputes, partly or other.
    pub kind: String,
    /// Documents are asked for.
    #[serde(default)]
    pub documents: bool,
    /// An offer to pay is made.
    #[serde(default)]
    pub offer: bool,
    /// What it says.
    #[serde(default)]
    pub words: String,
}

/// Where the clock stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDone {
    /// Number of the case.
    pub case: String,
    /// The first day of a claim; none while something must be done first.
    pub earliest_on: Option<NaiveDate>,
    /// What must be done first.
    pub first: Option<Refusal>,
}

async fn clock(cmd: &mut Command, row: &CaseRow) -> Outcome<StepDone> {
    let org = cmd.by.org;
    let customer = customers::customer(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
    let kind = customer.and_then(|one| CustomerKind::parse(&one.kind)).unwrap_or(CustomerKind::Unknown);
    let (earliest_on, first) = match first_day(&mut cmd.tx, org, row, kind).await? {
        None => (None, None),
        Some(Ok(day)) => (Some(day), None),
        Some(Err(refusal)) => (None, Some(refusal)),
    };
    store::meet(&mut cmd.tx, org, row.id, "claim", cmd.today).await?;
    // A letter that has yet to leave keeps its day in the diary: it is looked at again then.
    let dated = pre_action(row).and_then(|known| earliest_issue(protocol_for(kind), &known.dates).ok());
    if let Some(day) = dated {
        note(cmd, row.id, vec![due("claim", day, "A claim may be issued from this day")]).await?;
    }
    Ok(StepDone { case: row.number.clone(), earliest_on, first })
}

/// Records a reply form: the clock starts again, documents are due in thirty days, a dispute stops everything.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn record_reply(desk: &Desk, by: &Actor, ask: RecordReply) -> Outcome<StepDone> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = Vec::new();
    let says = REPLIES.iter().find(|(kind, _)| *kind == ask.kind).map_or("", |(_, words)| *words);
    if says.is_empty() {
        wrong.push(Invalid::field("kind", "Choose what the reply form says", &ask.kind));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 1_900));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "record_reply", &ask.key, &ask, |cmd| {
        let mut row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        must_be(&row, BEFORE)?;
        if row.letter_on.is_none_or(|day| ask.on < day) {
            return Err(Invalid::field("on", "Enter a day after the letter of claim", ask.on.to_string()).into());
        }
        row.replied_on = Some(ask.on);
        row.reply_kind = ask.kind.clone();
        row.reply_unclear = ask.kind == "partly";
        row.documents_requested = row.documents_requested || ask.documents || ask.kind == "documents";
        row.offer_unanswered = ask.offer || ask.kind == "time_to_pay";
        if matches!(row.state.as_str(), "prepared" | "signed") {
            // What was prepared did not know of the reply: a person looks again.
            row.state = "accepted".into();
            (row.signed_by, row.signed_on) = (String::new(), None);
        }
        save(cmd, &mut row).await?;
        let mut events = vec![happened("reply", format!("Reply form: {says}. {}", ask.words.trim()))];
        if row.documents_requested && row.documents_sent_on.is_none() {
            events.push(due("documents", add_days(ask.on, 30), "Send the documents, or explain why not"));
        }
        if row.offer_unanswered {
            events.push(due("offer", add_days(ask.on, 14), "Answer the offer to pay, with reasons for a no"));
        }
        if row.reply_unclear {
            events.push(due("unclear", add_days(ask.on, 7), "Contact the customer to clear up the reply form"));
        }
        note(cmd, row.id, events).await?;
        if ask.kind == "disputes" {
            let words = format!("Reply form of case {}: {}", row.number, ask.words.trim());
            hold_for(cmd, (row.customer_id, None), "dispute", &words).await?;
        }
        cmd.tell("ReplyFormRecorded", format!("court case {}", row.number), &ask);
        clock(cmd, &row).await
    })
}

/// Records a step before the claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseStep {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// documents_sent, write_notice, notice_given, offer_answered, reply_cleared, or hurry: time runs out, so issue early;
    /// while the claim runs stay_lifted, forces_overseas or forces_home.
    pub step: String,
    /// When.
    pub on: NaiveDate,
    /// What was done; a manager's reason to hurry.
    #[serde(default)]
    pub words: String,
}

/// Records a step before the claim, and works the clock out again.
///
/// # Errors
/// Duty (a manager's to hurry); fields; absent; `CT-CASE-STATE`.
pub async fn record_step(desk: &Desk, by: &Actor, ask: CaseStep) -> Outcome<StepDone> {
    by.must_hold(if ask.step == "hurry" { Duty::ReferToCourt } else { Duty::WorkCases })?;
    let mut wrong = Vec::new();
    let at_court = AT_COURT.contains(&ask.step.as_str());
    if !at_court && !STEPS.contains(&ask.step.as_str()) {
        wrong.push(Invalid::field("step", "Choose what was done", &ask.step));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    if ask.step == "hurry" && ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Say why the claim cannot wait", &ask.words));
    }
    if at_court && ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter how we know: the order, the letter, its date", &ask.words));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 1_900));
    wrong.extend(days_wrong(&[("on", Some(ask.on))], desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "record_case_step", &ask.key, &ask, |cmd| {
        let mut row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        if at_court {
            must_be(&row, &["issued"])?;
            return learned(cmd, &row, &ask).await;
        }
        must_be(&row, BEFORE)?;
        on_its_day(&row, &ask, cmd.today)?;
        let (kind, words) = match ask.step.as_str() {
            "write_notice" => {
                let letter = notice::write(cmd, &row).await?;
                ("notice_given", format!("Letter {letter}. {}", ask.words.trim()))
            }
            step => (step, ask.words.trim().to_owned()),
        };
        let met = meets(&mut row, kind, &ask);
        save(cmd, &mut row).await?;
        store::meet(&mut cmd.tx, cmd.by.org, row.id, met, ask.on).await?;
        note(cmd, row.id, vec![happened(kind, words.trim())]).await?;
        cmd.tell("CourtStepRecorded", format!("court case {}", row.number), &ask);
        clock(cmd, &row).await
    })
}

/// Notes what the law asks about before a judgment by default.
async fn learned(cmd: &mut Command, row: &CaseRow, ask: &CaseStep) -> Outcome<StepDone> {
    if ask.step == STAY_LIFTED {
        store::meet(&mut cmd.tx, cmd.by.org, row.id, "stay", cmd.today).await?;
    }
    let mut events = vec![happened(&ask.step, ask.words.trim())];
    if ask.step == FORCES_OVERSEAS {
        events.push(due("legal", cmd.today, "Ask legal services: the defendant serves overseas in the armed forces"));
    }
    note(cmd, row.id, events).await?;
    cmd.tell("CourtStepRecorded", format!("court case {}", row.number), ask);
    Ok(StepDone { case: row.number.clone(), earliest_on: None, first: None })
}

/// A letter has the day on which it is written, and what answers a letter of claim is not older than it.
fn on_its_day(row: &CaseRow, ask: &CaseStep, today: NaiveDate) -> Outcome<()> {
    let say = match ask.step.as_str() {
        "write_notice" if ask.on < today => "Enter today: a letter has the day on which it is written",
        "write_notice" | "hurry" => return Ok(()),
        _ if row.letter_on.is_some_and(|day| ask.on < day) => "Enter a day after the letter of claim",
        _ => return Ok(()),
    };
    Err(Invalid::field("on", say, ask.on.to_string()).into())
}

/// Puts a step on its case; gives the deadline it meets.
fn meets(row: &mut CaseRow, step: &str, ask: &CaseStep) -> &'static str {
    match step {
        "documents_sent" => {
            row.documents_sent_on = Some(ask.on);
            "documents"
        }
        "notice_given" => {
            row.notice_on = Some(ask.on);
            "notice"
        }
        "offer_answered" => {
            row.offer_unanswered = false;
            "offer"
        }
        "reply_cleared" => {
            row.reply_unclear = false;
            "unclear"
        }
        _ => {
            row.time_runs_out = ask.words.trim().into();
            "hurry"
        }
    }
}
