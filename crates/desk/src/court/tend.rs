//! Each day: what was paid in full is satisfied, and the court is to be told (CT-06); a payment that was undone puts a
//! case back to its judgment.
use super::{Happened, due, find, happened, instalments, must_be, note, save, stops};
use crate::core::command::{Command, answer_before};
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::court::{Registered, registered};
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::court as store;

/// Looks at every running case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TendCourt {
    /// Idempotency key.
    pub key: String,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourtTended {
    /// Cases looked at.
    pub cases: i64,
    /// Paid in full after a judgment.
    pub satisfied: Vec<String>,
    /// Paid in full before one.
    pub paid: Vec<String>,
    /// Satisfied before, and back to their judgment, since a payment was undone.
    #[serde(default)]
    pub owed_again: Vec<String>,
    /// Closed, since what was left of them was written off: that is no payment, and the court is told of none.
    #[serde(default)]
    pub given_up: Vec<String>,
}

/// How a judgment stands on the register, in words.
fn on_the_register(row: &store::CaseRow) -> String {
    match row.judgment_on.map(|on| registered(on, row.satisfied_on)) {
        Some(Registered::Cancelled) => {
            "Paid within a month: tell the court, so that it is taken off the register".into()
        }
        Some(Registered::Satisfied { until }) => {
            format!(
                "Tell the court, so that it is marked as satisfied; it stays on the register until {}",
                written(until)
            )
        }
        _ => "Tell the court that it is paid".into(),
    }
}

/// Looks at every running case; asked twice, the second finds nothing new.
///
/// # Errors
/// Duty.
pub async fn tend_court(desk: &Desk, by: &Actor, ask: TendCourt) -> Outcome<CourtTended> {
    if !by.holds(Duty::ReleaseRuns) && !by.holds(Duty::ReferToCourt) {
        by.must_hold(Duty::WorkCases)?;
    }
    let mut look = desk.look().await?;
    let none = store::running_cases(&mut look, by.org).await?.is_empty()
        && store::owed_again(&mut look, by.org).await?.is_empty();
    drop(look);
    if none {
        // Nothing is left to look at, perhaps since this very request closed the last case.
        return Ok(answer_before(desk, by, "tend_court", &ask.key).await?.unwrap_or_default());
    }
    command!(desk, by, "tend_court", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        // First, so that what is open of a case that came back is seen with the others'.
        let mut told = CourtTended { owed_again: take_back(cmd).await?, ..CourtTended::default() };
        let open: HashMap<i64, i64> = store::open_of_running(&mut cmd.tx, org).await?.into_iter().collect();
        for mut row in store::running_cases(&mut cmd.tx, org).await? {
            told.cases += 1;
            if open.get(&row.id).copied().unwrap_or(0) > 0 {
                stops::tend(cmd, &row).await?;
                if row.state == "judgment" {
                    instalments::tend(cmd, &row).await?;
                }
                continue;
            }
            store::meet_all(&mut cmd.tx, org, row.id, today).await?;
            store::free_items(&mut cmd.tx, org, row.id).await?;
            let settled = store::settled_by(&mut cmd.tx, org, row.id).await?;
            let events = settle(&mut row, &settled, today, &mut told);
            save(cmd, &mut row).await?;
            note(cmd, row.id, events).await?;
            cmd.tell("CourtCasePaid", format!("court case {}", row.number), &row.state);
        }
        cmd.tell("CourtTended", format!("day {today}"), &told);
        Ok(told)
    })
}

/// A case with nothing left open: satisfied on the day of the last payment, whenever it is seen; closed before judgment,
/// or where the rest was written off.
fn settle(
    row: &mut store::CaseRow,
    settled: &[(String, NaiveDate)],
    today: NaiveDate,
    told: &mut CourtTended,
) -> Vec<Happened<'static>> {
    if settled.iter().any(|(kind, _)| kind == "write_off") {
        close(row, today, "Written off");
        told.given_up.push(row.number.clone());
        return vec![happened(
            "closed",
            "What was left is written off: that is no payment, and the court is told of none",
        )];
    }
    if row.state != "judgment" {
        close(row, today, "Paid in full");
        told.paid.push(row.number.clone());
        let mut events = vec![happened("closed", "Paid in full before judgment")];
        if row.issued_on.is_some() {
            events.push(due("tell_court", add_days(today, 7), "Tell the court that the claim is paid"));
        }
        return events;
    }
    let last = settled.iter().map(|(_, on)| *on).max().unwrap_or(today).min(today);
    let paid_on = row.judgment_on.map_or(last, |on| last.max(on));
    row.state = "satisfied".into();
    row.satisfied_on = Some(paid_on);
    told.satisfied.push(row.number.clone());
    let words = format!("All of it is paid: the last on {}", written(paid_on));
    vec![happened("satisfied", words), due("tell_court", add_days(today, 7), on_the_register(row))]
}

fn close(row: &mut store::CaseRow, today: NaiveDate, words: &str) {
    row.state = "closed".into();
    row.closed_on = Some(today);
    row.closed_words = words.into();
}

/// Puts satisfied cases back to their judgment of which something is owed again: a cheque that came back, an allocation
/// that was undone. What the court was told is not taken back by us: the diary says that a person must.
async fn take_back(cmd: &mut Command) -> Outcome<Vec<String>> {
    let (org, today) = (cmd.by.org, cmd.today);
    let mut numbers = Vec::new();
    for (number, pence) in store::owed_again(&mut cmd.tx, org).await? {
        let mut row = find(&mut cmd.tx, org, &number).await?;
        store::meet_all(&mut cmd.tx, org, row.id, today).await?;
        store::take_items_back(&mut cmd.tx, org, row.id).await?;
        let court = match row.told_court_on {
            Some(on) => format!("The court was told on {} that it is paid: tell it that it is not", written(on)),
            None => "The court was not told that it was paid: check that nobody did".to_owned(),
        };
        let words =
            format!("A payment was undone and {} is owed again. {court}, and decide how to go on", Pence(pence));
        (row.state, row.satisfied_on, row.told_court_on) = ("judgment".into(), None, None);
        save(cmd, &mut row).await?;
        let events = vec![happened("judgment", "Back to the judgment"), due("owed_again", add_days(today, 7), words)];
        note(cmd, row.id, events).await?;
        cmd.tell("CourtCaseOwedAgain", format!("court case {number}"), pence);
        numbers.push(number);
    }
    Ok(numbers)
}

/// Records that the court was told of the payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TellCourt {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
}

/// Records that the court was told of the payment.
///
/// # Errors
/// Duty; absent; `CT-CASE-STATE`.
pub async fn tell_court(desk: &Desk, by: &Actor, ask: TellCourt) -> Outcome<super::CaseEnded> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    command!(desk, by, "tell_court", &ask.key, &ask, |cmd| {
        let mut row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        must_be(&row, &["satisfied", "closed"])?;
        row.told_court_on = Some(cmd.today);
        save(cmd, &mut row).await?;
        store::meet(&mut cmd.tx, cmd.by.org, row.id, "tell_court", cmd.today).await?;
        note(cmd, row.id, vec![happened("told_court", "The court was told of the payment")]).await?;
        cmd.tell("CourtTold", format!("court case {}", row.number), &ask);
        Ok(super::CaseEnded { case: row.number, state: row.state })
    })
}
