//! Dated rates and fees: how they stand, and new ones, asked for by one person and let in by another (REF, CTL-01).
use crate::approvals::{AskForApproval, RATES, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::reference::{
    AskedRate, AskedRates, RateKind, RateLine, ReferenceRow, new_rates, rate_lines, words_of_figure, words_of_key,
};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::control::{self, ApprovalRow};

/// Every dated rate and fee with its standing today.
///
/// # Errors
/// Duty.
pub async fn rates(desk: &Desk, by: &Actor) -> Outcome<Vec<RateLine>> {
    by.must_hold(Duty::View).or_else(|no| by.must_hold(Duty::ManageSettings).map_err(|_| no))?;
    let mut look = desk.look().await?;
    Ok(rate_lines(&control::reference_rows(&mut look).await?, desk.today()))
}

/// Asks for new dated rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AskRates {
    /// Idempotency key.
    pub key: String,
    /// Stored name of the kind.
    pub kind: String,
    /// First day.
    pub from_on: Option<NaiveDate>,
    /// Last day that is confirmed, if there is one.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// The figures.
    pub rates: Vec<AskedRate>,
    /// For people.
    #[serde(default)]
    pub note: String,
    /// The order, the regulation or the page that says so.
    pub source: String,
}

/// What waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RatesAsked {
    /// Approval number.
    pub approval: String,
    /// How many rows it would add.
    pub rows: i64,
}

impl AskRates {
    fn wrong(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if self.from_on.is_none() {
            wrong.push(Invalid::field("from_on", "Enter the first day of the new figures", ""));
        }
        if let Some(last) = self.to_on.filter(|last| self.from_on.is_some_and(|first| *last < first)) {
            wrong.push(Invalid::field("to_on", "Enter a last day on or after the first", last.to_string()));
        }
        for (field, text) in [("note", &self.note), ("source", &self.source)] {
            if text.chars().count() > 300 {
                wrong.push(Invalid::field(field, "Enter at most 300 characters", text));
            }
        }
        if self.rates.len() > 60 {
            wrong.push(Invalid::field("rates", "Enter at most 60 figures at once", self.rates.len().to_string()));
        }
        wrong
    }

    async fn rows(&self, cmd: &mut Command) -> Outcome<Vec<ReferenceRow>> {
        let all = control::reference_rows(&mut cmd.tx).await?;
        let ask = AskedRates {
            kind: &self.kind,
            from_on: self.from_on.unwrap_or(cmd.today),
            to_on: self.to_on,
            rates: &self.rates,
            note: &self.note,
            source: &self.source,
        };
        Ok(new_rates(&all, &ask, cmd.today)?)
    }
}

/// Asks for new dated rows; nothing holds until someone else says yes.
///
/// # Errors
/// Duty; invalid fields; `REF-UNKNOWN-KIND`, `REF-NO-SOURCE`, `REF-FIGURE`, `REF-TOO-SOON`, `REF-INCOMPLETE`,
/// `REF-OVERLAP`, `REF-BACKDATED`.
pub async fn ask_rates(desk: &Desk, by: &Actor, ask: AskRates) -> Outcome<RatesAsked> {
    by.must_hold(Duty::ManageSettings)?;
    let wrong = ask.wrong();
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("kind", &ask.kind), ("note", &ask.note), ("source", &ask.source)])?;
    for one in &ask.rates {
        refuse_cards(&[("rates", &one.key), ("rates", &one.figure)])?;
    }
    command!(desk, by, "ask_rates", &ask.key, &ask, |cmd| {
        let rows = ask.rows(cmd).await?;
        let subject = subject(&ask);
        let request = AskForApproval {
            command: RATES,
            summary: match rows.as_slice() {
                [one] => format!("{subject}: {}", words(one)),
                all => format!("{subject}: {} figures", all.len()),
            },
            subject,
            payload: serde_json::to_value(&ask)?,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("RatesAsked", format!("approval {approval}"), &ask);
        Ok(RatesAsked { approval, rows: rows.len() as i64 })
    })
}

/// `Fees of steps at court from 13 July 2026`.
fn subject(ask: &AskRates) -> String {
    let name = RateKind::parse(&ask.kind).map_or(ask.kind.as_str(), |kind| kind.name());
    ask.from_on.map_or_else(|| name.to_owned(), |day| format!("{name} from {}", written(day)))
}

/// What an approver reads of the rows that somebody asks for: their kind, their days, each figure, their source. None
/// where this is not such a request.
pub fn rates_in_words(payload: &serde_json::Value) -> Option<Vec<(String, String)>> {
    let ask: AskRates = serde_json::from_value(payload.clone()).ok()?;
    let kind = RateKind::parse(&ask.kind)?;
    let mut facts = vec![("What".to_owned(), kind.name().to_owned())];
    let mut say = |name: &str, words: String| facts.push((name.to_owned(), words));
    if let Some(day) = ask.from_on {
        say("From", written(day));
    }
    if let Some(day) = ask.to_on {
        say("Confirmed until", written(day));
    }
    for rate in &ask.rates {
        let name = words_of_key(kind, &rate.key);
        let name = if name.is_empty() { "Figure".to_owned() } else { name };
        say(&name, rate.in_words(kind));
    }
    say("Source", ask.source.trim().to_owned());
    if !ask.note.trim().is_empty() {
        say("Note", ask.note.trim().to_owned());
    }
    Some(facts)
}

fn words(row: &ReferenceRow) -> String {
    let what = RateKind::of(&row.kind).map_or_else(|| row.key.clone(), |kind| words_of_key(kind, &row.key));
    format!("{what} {}", words_of_figure(&row.kind, row.value)).trim_end().to_owned()
}

/// Lets approved rows in, checked again against what holds by now.
pub(crate) async fn rates_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let ask: AskRates = serde_json::from_value(approval.payload.clone())?;
    let mut rows = ask.rows(cmd).await?;
    for row in &mut rows {
        row.entered_by = approval.asked_by_name.clone();
        row.approved_by = cmd.by.name.clone();
    }
    control::add_reference_rows(&mut cmd.tx, &rows, cmd.at).await?;
    cmd.tell("RatesSet", "dated rates".to_owned(), &rows);
    Ok(subject(&ask))
}
