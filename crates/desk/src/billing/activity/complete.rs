//! Delivered is billed, in exceptions, explained or not yet billed, to the penny; and invoices and ledger say so (BIL-07).
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::activity::{HeldBecause, NotBillable};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::activity::{
    CompleteProof, CompleteRow, PeriodDiffers, complete_proof, complete_rows, periods_that_differ,
};

/// Which days.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CompletenessAsk {
    /// Delivered from this day.
    pub from_on: NaiveDate,
    /// To this day.
    pub to_on: NaiveDate,
}

/// What became of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompleteKind {
    /// On an invoice.
    Billed,
    /// Accepted, and its period not billed yet.
    NotYet,
    /// Held, or waiting for someone's yes.
    Exception,
    /// Explained as not billable.
    Explained,
}

impl CompleteKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            CompleteKind::Billed => "Billed",
            CompleteKind::NotYet => "Not yet billed",
            CompleteKind::Exception => "In exceptions",
            CompleteKind::Explained => "Explained",
        }
    }
}

/// Lines of one contract with the same fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompleteLine {
    /// Number of the contract; empty where there is none.
    pub contract: String,
    /// Its service user.
    pub service_user: String,
    /// What became of them.
    pub kind: CompleteKind,
    /// Why, in words.
    pub why: String,
    /// Lines.
    pub lines: i64,
    /// Pence of it.
    pub pence: i64,
}

/// Delivered against billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// From this day.
    pub from_on: NaiveDate,
    /// To this day.
    pub to_on: NaiveDate,
    /// Lines delivered.
    pub delivered_lines: i64,
    /// What they came to when they were taken in.
    pub delivered_pence: i64,
    /// Priced anew since, by a change of rate.
    pub repriced_pence: i64,
    /// On invoices.
    pub billed_pence: i64,
    /// Accepted and not billed yet.
    pub not_yet_pence: i64,
    /// Held, or waiting for someone's yes.
    pub exceptions_pence: i64,
    /// Explained as not billable.
    pub explained_pence: i64,
    /// Delivered and priced anew, less all of these: nothing.
    pub unexplained_pence: i64,
    /// By contract, and what became of it.
    pub lines: Vec<CompleteLine>,
    /// The same from charges, invoices and ledger, for the periods these days touch.
    pub proof: CompleteProof,
    /// Whether charges, invoice lines and ledger agree.
    pub agrees: bool,
    /// Periods whose bill is not what their activity comes to, at most 500.
    pub differs: Vec<PeriodDiffers>,
}

/// What was delivered in some days, and what became of it.
///
/// # Errors
/// Days the wrong way round, or more than two years of them.
pub async fn completeness(desk: &Desk, by: &Actor, ask: CompletenessAsk) -> Outcome<Completeness> {
    by.must_hold(Duty::View)?;
    let days = (ask.to_on - ask.from_on).num_days();
    if !(0..=732).contains(&days) {
        let say = "Enter a day on or after the first, at most two years later";
        return Err(Invalid::field("to", say, ask.to_on.to_string()).into());
    }
    let mut look = desk.look().await?;
    let range = (ask.from_on, ask.to_on);
    let rows = complete_rows(&mut look, by.org, range).await?;
    let proof = complete_proof(&mut look, by.org, range).await?;
    let differs = periods_that_differ(&mut look, by.org, range).await?;
    let mut lines: Vec<CompleteLine> = rows.iter().flat_map(told).collect();
    lines.sort_by(|a, b| (a.kind, &a.contract, &a.why).cmp(&(b.kind, &b.contract, &b.why)));
    let sum = |kind| lines.iter().filter(|line| line.kind == kind).map(|line| line.pence).sum::<i64>();
    let delivered_pence = rows.iter().map(|row| row.worth_pence).sum::<i64>();
    let repriced_pence = rows.iter().map(|row| row.repriced_pence).sum::<i64>();
    let [billed_pence, not_yet_pence, exceptions_pence, explained_pence] =
        [CompleteKind::Billed, CompleteKind::NotYet, CompleteKind::Exception, CompleteKind::Explained].map(sum);
    let all = billed_pence + not_yet_pence + exceptions_pence + explained_pence;
    Ok(Completeness {
        from_on: ask.from_on,
        to_on: ask.to_on,
        delivered_lines: rows.iter().map(|row| row.lines).sum(),
        delivered_pence,
        repriced_pence,
        billed_pence,
        not_yet_pence,
        exceptions_pence,
        explained_pence,
        unexplained_pence: delivered_pence + repriced_pence - all,
        agrees: proof.charges_pence == proof.lines_pence && proof.invoices_pence == proof.ledger_pence,
        lines,
        proof,
        differs,
    })
}

fn told(row: &CompleteRow) -> Vec<CompleteLine> {
    let line = |kind, why: String, lines, pence| CompleteLine {
        contract: row.contract.clone(),
        service_user: row.service_user.clone(),
        kind,
        why,
        lines,
        pence,
    };
    match row.state.as_str() {
        "explained" => {
            let why = NotBillable::parse(&row.because).map_or("", NotBillable::name);
            vec![line(CompleteKind::Explained, why.into(), row.lines, row.worth_pence)]
        }
        "accepted" if row.because == "billed" => {
            vec![line(CompleteKind::Billed, String::new(), row.lines, row.billed_pence)]
        }
        "accepted" => {
            let mut all = vec![line(CompleteKind::NotYet, waiting(row), row.lines, row.worth_pence - row.billed_pence)];
            if row.billed_pence != 0 {
                all.push(line(CompleteKind::Billed, "The part in billed periods".into(), 0, row.billed_pence));
            }
            all
        }
        state => {
            let why = HeldBecause::parse(&row.because).map_or("", HeldBecause::name);
            let waits = if state == "asked" { ", waits for a yes" } else { "" };
            vec![line(CompleteKind::Exception, format!("{why}{waits}"), row.lines, row.worth_pence)]
        }
    }
}

fn waiting(row: &CompleteRow) -> String {
    let on = row.next_on.map_or_else(String::new, |day| format!(" from {}", day.format("%-d %B %Y")));
    match (row.left_out.as_str(), row.because.as_str()) {
        ("", "late") => "Came after its period was billed: the next run adjusts it".into(),
        ("", _) => format!("Its period is billed by a run{on}"),
        (left, _) => format!("Left out by the last run: {left}"),
    }
}
