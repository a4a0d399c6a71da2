//! Complaints: apart from queries, in stages with their own clock; the account is held while one is open (REC-04).
use super::letter::write_complaint;
use super::may_work;
use super::raise::nation;
use crate::core::command::Command;
use crate::customers::{find as find_customer, refuse_cards};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, HoldId};
use sundry_domain::law::HoldReason;
use sundry_domain::queries::{ComplaintOutcome, Stage, refusals, terms_of};
use sundry_domain::refusal::Invalid;
use sundry_store::control::{AuditRow, audit_of};
use sundry_store::plans::{self, HoldRow};
use sundry_store::queries::complaints::{self, ComplaintLine, ComplaintRow, StageRow};
use sundry_store::{customers, queries};

/// Records a complaint.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OpenComplaint {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// The query it came out of, if any.
    #[serde(default)]
    pub query: String,
    /// In their words.
    pub words: String,
    /// Who looks after it.
    #[serde(default)]
    pub owner: String,
}

/// The complaint that was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComplaintOpened {
    /// Number.
    pub number: String,
    /// By when it is acknowledged.
    pub acknowledge_by: NaiveDate,
    /// By when stage 1 is answered.
    pub answer_by: NaiveDate,
}

/// Records a complaint; nothing of the account is chased until it is closed.
///
/// # Errors
/// `QRY-COMPLAINT-OPEN`; invalid fields; absent customer or query.
pub async fn open_complaint(desk: &Desk, by: &Actor, ask: OpenComplaint) -> Outcome<ComplaintOpened> {
    may_work(by)?;
    check_text("words", &ask.words, "Enter what they complain of, in at most 4,000 characters")?;
    refuse_cards(&[("words", &ask.words), ("owner", &ask.owner)])?;
    command!(desk, by, "open_complaint", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let before = complaints::complaints_of(&mut cmd.tx, org, customer.id).await?;
        if let Some(open) = before.iter().find(|one| one.state == "open") {
            return Err(refusals::COMPLAINT_OPEN.because(format!("{} is open", open.number)).into());
        }
        let query_id = query_of(cmd, &ask.query, customer.id).await?;
        let terms = terms_of(Stage::Stage1, cmd.today, cmd.desk.book().calendar(nation(cmd).await?))?;
        let row = ComplaintRow {
            id: cmd.id(),
            number: format!("CMP-{:06}", cmd.next_number("CMP").await?),
            customer_id: customer.id,
            query_id,
            hold_id: hold(cmd, customer.id, ask.words.trim(), ask.owner.trim()).await?,
            words: ask.words.trim().into(),
            owner: if ask.owner.trim().is_empty() { cmd.by.name.clone() } else { ask.owner.trim().into() },
            state: "open".into(),
            stage: Stage::Stage1.as_str().into(),
            opened_on: cmd.today,
            acknowledge_by: terms.acknowledge_by,
            acknowledged_on: None,
            answer_by: terms.answer_by,
            closed_on: None,
            outcome: String::new(),
            learning: String::new(),
            answer: String::new(),
            letter: String::new(),
            actor_id: cmd.by.user.0,
            recorded_at: cmd.at,
            version: 1,
        };
        complaints::add_complaint(&mut cmd.tx, org, &row).await?;
        let stage = stage_row(cmd, &row, ask.words.trim());
        complaints::begin_stage(&mut cmd.tx, org, row.id, &stage).await?;
        cmd.tell("ComplaintOpened", format!("complaint {}", row.number), &row);
        Ok(ComplaintOpened { number: row.number, acknowledge_by: row.acknowledge_by, answer_by: row.answer_by })
    })
}

fn check_text(field: &str, text: &str, say: &str) -> Outcome<()> {
    if text.trim().is_empty() || text.chars().count() > 4_000 {
        return Err(Invalid::field(field, say, text).into());
    }
    Ok(())
}

async fn query_of(cmd: &mut Command, number: &str, customer: i64) -> Outcome<Option<i64>> {
    let number = number.trim();
    if number.is_empty() {
        return Ok(None);
    }
    let row = queries::query_numbered(&mut cmd.tx, cmd.by.org, number).await?;
    let row = row.filter(|row| row.customer_id == customer);
    row.map(|row| Some(row.id)).ok_or_else(|| No::Absent(format!("query {number}")))
}

/// Nothing of the account is chased, placed or taken to court while a complaint is open.
async fn hold(cmd: &mut Command, customer: i64, words: &str, owner: &str) -> Outcome<i64> {
    let id: HoldId = cmd.id();
    let row = HoldRow {
        id: id.0,
        customer_id: customer,
        item_id: None,
        reason: HoldReason::Complaint.as_str().into(),
        words: words.to_owned(),
        from_on: cmd.today,
        until_on: None,
        ended_on: None,
        owner: owner.to_owned(),
        query_id: None,
        promise_id: None,
        recorded_at: cmd.at,
    };
    plans::add_hold(&mut cmd.tx, cmd.by.org, row).await?;
    Ok(id.0)
}

fn stage_row(cmd: &Command, row: &ComplaintRow, words: &str) -> StageRow {
    StageRow {
        stage: row.stage.clone(),
        opened_on: cmd.today,
        answer_by: row.answer_by,
        ended_on: None,
        words: words.to_owned(),
    }
}

/// Does something to a complaint.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActOnComplaint {
    /// Idempotency key.
    pub key: String,
    /// Complaint number.
    pub number: String,
    /// acknowledge, next_stage, hand_over or close.
    pub act: String,
    /// For next_stage why, for close what they are told.
    #[serde(default)]
    pub words: String,
    /// A new owner; the same when empty.
    #[serde(default)]
    pub owner: String,
    /// For close: upheld, partly_upheld, not_upheld or withdrawn.
    #[serde(default)]
    pub outcome: String,
    /// For close: what we learned; needed where they were right.
    #[serde(default)]
    pub learning: String,
}

/// Where a complaint stands now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComplaintStands {
    /// Number.
    pub number: String,
    /// open or closed.
    pub state: String,
    /// stage_1, stage_2 or ombudsman.
    pub stage: String,
    /// By when the stage is answered.
    pub answer_by: NaiveDate,
}

/// Acknowledges a complaint, takes it to its next stage, hands it over, or closes it with outcome and learning.
///
/// A closed one that goes to its next stage is open again, and holds the account again.
///
/// # Errors
/// `QRY-COMPLAINT-STATE`; invalid fields; absent complaint.
pub async fn act_on_complaint(desk: &Desk, by: &Actor, ask: ActOnComplaint) -> Outcome<ComplaintStands> {
    may_work(by)?;
    let outcome = check_act(&ask)?;
    refuse_cards(&[("words", &ask.words), ("learning", &ask.learning), ("owner", &ask.owner)])?;
    command!(desk, by, "act_on_complaint", &ask.key, &ask, |cmd| {
        let row = complaints::complaint_numbered(&mut cmd.tx, cmd.by.org, ask.number.trim()).await?;
        let mut row = row.ok_or_else(|| No::Absent(format!("complaint {}", ask.number.trim())))?;
        if !ask.owner.trim().is_empty() {
            row.owner = ask.owner.trim().into();
        }
        let open = row.state == "open";
        let event = match (ask.act.as_str(), outcome) {
            ("acknowledge", _) if open && row.acknowledged_on.is_none() => {
                row.acknowledged_on = Some(cmd.today);
                "ComplaintAcknowledged"
            }
            ("next_stage", _) => {
                next_stage(cmd, &mut row, ask.words.trim()).await?;
                "ComplaintStageBegun"
            }
            ("hand_over", _) if open => "ComplaintHandedOver",
            ("close", Some(outcome)) if open => {
                close(cmd, &mut row, &ask, outcome).await?;
                "ComplaintClosed"
            }
            _ => return Err(refusals::COMPLAINT_STATE.because(format!("{} is {}", row.number, row.state)).into()),
        };
        if !complaints::change_complaint(&mut cmd.tx, cmd.by.org, &row).await? {
            return Err(refusals::COMPLAINT_STATE.because(format!("{} has been changed", row.number)).into());
        }
        cmd.tell(event, format!("complaint {}", row.number), &row);
        Ok(ComplaintStands { number: row.number, state: row.state, stage: row.stage, answer_by: row.answer_by })
    })
}

fn check_act(ask: &ActOnComplaint) -> Outcome<Option<ComplaintOutcome>> {
    let mut wrong = Vec::new();
    if !["acknowledge", "next_stage", "hand_over", "close"].contains(&ask.act.as_str()) {
        wrong.push(Invalid::field("act", "Choose acknowledge, next_stage, hand_over or close", &ask.act));
    }
    if ask.act == "next_stage" && ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter why it goes on", ""));
    }
    if ask.act == "hand_over" && ask.owner.trim().is_empty() {
        wrong.push(Invalid::field("owner", "Enter who looks after it from now on", ""));
    }
    let outcome = ComplaintOutcome::parse(&ask.outcome);
    if ask.act == "close" {
        if outcome.is_none() {
            let say = "Choose upheld, partly_upheld, not_upheld or withdrawn";
            wrong.push(Invalid::field("outcome", say, &ask.outcome));
        }
        if ask.words.trim().is_empty() && outcome != Some(ComplaintOutcome::Withdrawn) {
            wrong.push(Invalid::field("words", "Enter what they are told", ""));
        }
        if outcome.is_some_and(ComplaintOutcome::teaches) && ask.learning.trim().is_empty() {
            wrong.push(Invalid::field("learning", "Enter what we learned, so that it does not happen again", ""));
        }
    }
    for (field, text, most) in
        [("words", &ask.words, 2_000), ("learning", &ask.learning, 2_000), ("owner", &ask.owner, 200)]
    {
        if text.chars().count() > most {
            wrong.push(Invalid::field(field, format!("Enter at most {most} characters"), text));
        }
    }
    if wrong.is_empty() { Ok(outcome) } else { Err(wrong.into()) }
}

async fn next_stage(cmd: &mut Command, row: &mut ComplaintRow, words: &str) -> Outcome<()> {
    let org = cmd.by.org;
    let next = Stage::parse(&row.stage).and_then(Stage::next);
    let next = next.ok_or_else(|| refusals::COMPLAINT_STATE.because("There is no stage after the ombudsman"))?;
    let terms = terms_of(next, cmd.today, cmd.desk.book().calendar(nation(cmd).await?))?;
    if row.state == "closed" {
        row.hold_id = hold(cmd, row.customer_id, &row.words.clone(), &row.owner.clone()).await?;
        (row.state, row.closed_on) = ("open".into(), None);
        row.outcome.clear();
    }
    row.stage = next.as_str().into();
    (row.acknowledge_by, row.acknowledged_on, row.answer_by) = (terms.acknowledge_by, None, terms.answer_by);
    complaints::end_stage(&mut cmd.tx, org, row.id, cmd.today).await?;
    let stage = stage_row(cmd, row, words);
    Ok(complaints::begin_stage(&mut cmd.tx, org, row.id, &stage).await?)
}

async fn close(
    cmd: &mut Command,
    row: &mut ComplaintRow,
    ask: &ActOnComplaint,
    outcome: ComplaintOutcome,
) -> Outcome<()> {
    let org = cmd.by.org;
    (row.state, row.closed_on) = ("closed".into(), Some(cmd.today));
    row.outcome = outcome.as_str().into();
    row.learning = ask.learning.trim().into();
    row.answer = ask.words.trim().into();
    complaints::end_stage(&mut cmd.tx, org, row.id, cmd.today).await?;
    plans::end_hold(&mut cmd.tx, org, HoldId(row.hold_id), cmd.today).await?;
    if outcome != ComplaintOutcome::Withdrawn {
        row.letter = write_complaint(cmd, row, outcome).await?;
    }
    Ok(())
}

/// Which complaints.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ComplaintsAsk {
    /// open or closed; open when empty.
    pub state: String,
    /// The `next` of the page before; empty for the first.
    pub after: String,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of complaints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ComplaintsPage {
    /// Soonest to answer first.
    pub rows: Vec<ComplaintLine>,
    /// Where the next page starts; none on the last.
    pub next: Option<String>,
}

/// Complaints by the day they are to be answered.
pub async fn complaints_list(desk: &Desk, by: &Actor, ask: ComplaintsAsk) -> Outcome<ComplaintsPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let state = if ask.state == "closed" { "closed" } else { "open" };
    let place = ask.after.split_once('/').and_then(|(day, id)| Some((day.parse().ok()?, id.parse().ok()?)));
    let after = place.unwrap_or((NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or_default(), 0));
    let mut look = desk.look().await?;
    let mut rows = complaints::complaints_page(&mut look, by.org, state, after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| format!("{}/{}", last.answer_by, last.id));
    Ok(ComplaintsPage { rows, next })
}

/// A complaint with its stages and its history.
#[derive(Clone, Debug, Serialize)]
pub struct ComplaintShown {
    /// The complaint.
    pub complaint: ComplaintRow,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The query it came out of.
    pub query: String,
    /// Its stages, in order.
    pub stages: Vec<StageRow>,
    /// What happened to it, oldest first.
    pub history: Vec<AuditRow>,
}

/// One complaint.
///
/// # Errors
/// Absent when there is no such complaint here.
pub async fn complaint(desk: &Desk, by: &Actor, number: &str) -> Outcome<ComplaintShown> {
    by.must_hold(Duty::View)?;
    let (org, number) = (by.org, number.trim());
    let mut look = desk.look().await?;
    let row = complaints::complaint_numbered(&mut look, org, number).await?;
    let row = row.ok_or_else(|| No::Absent(format!("complaint {number}")))?;
    let customer = customers::customer(&mut look, org, CustomerId(row.customer_id)).await?;
    let query = match row.query_id {
        Some(id) => queries::query_of_id(&mut look, org, sundry_domain::ids::QueryId(id)).await?,
        None => None,
    };
    Ok(ComplaintShown {
        customer_number: customer.as_ref().map_or_else(String::new, |c| c.number.clone()),
        customer_name: customer.map_or_else(String::new, |c| c.name),
        query: query.map_or_else(String::new, |query| query.number),
        stages: complaints::stages_of(&mut look, org, row.id).await?,
        history: audit_of(&mut look, org, &format!("complaint {}", row.number)).await?,
        complaint: row,
    })
}
