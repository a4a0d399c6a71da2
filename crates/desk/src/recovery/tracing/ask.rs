//! Asking for a search and recording what was found by hand; people who may not be traced.
use super::found::{Finding, write};
use super::settings;
use crate::core::command::{Command, request_hash};
use crate::core::typed::{all_right, days_wrong, lines_wrong, words_wrong};
use crate::core::vault::{hex, random_bytes};
use crate::customers::{find as find_customer, refuse_cards};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::refusals::TRACE_BASIS;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::recovery::agency_refusals::ADDRESS_DECIDED;
use sundry_domain::recovery::tracing::{LawfulBasis, TracePurpose, TraceResult, TraceSource, may_search};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::trace::{self as store, TraceMarkRow, TraceRow};

/// Working days in which an answer is due.
const ANSWER_DAYS: i64 = 5;

/// Asks for a search.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TraceAsked {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// Where: own_records, returned_post, open_register and so on.
    pub source: String,
    /// What for: TRACE, CONFIRM_ADDRESS and so on.
    pub purpose: String,
    /// The ground in law.
    pub lawful_basis: String,
    /// Why, in words.
    pub why: String,
    /// What it costs, in pence.
    #[serde(default)]
    pub cost_pence: i64,
}

/// A search that was asked for or answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TraceRecorded {
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// The result; empty before the answer.
    pub result: String,
    /// How sure, in per cent.
    pub confidence_pct: i64,
    /// What is next.
    pub next_step: String,
}

pub(super) fn recorded(row: &TraceRow) -> TraceRecorded {
    TraceRecorded {
        number: row.number.clone(),
        state: row.state.clone(),
        result: row.result.clone(),
        confidence_pct: row.confidence_pct,
        next_step: row.next_step.clone(),
    }
}

fn check(ask: &TraceAsked) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if TraceSource::parse(&ask.source).is_none() {
        wrong.push(Invalid::field("source", "Choose where to search", &ask.source));
    }
    if TracePurpose::parse(&ask.purpose).is_none() {
        wrong.push(Invalid::field("purpose", "Choose what the search is for", &ask.purpose));
    }
    if !ask.lawful_basis.is_empty() && LawfulBasis::parse(&ask.lawful_basis).is_none() {
        wrong.push(Invalid::field("lawful_basis", "Choose the ground in law", &ask.lawful_basis));
    }
    wrong.extend(words_wrong(&[("why", &ask.why)], 1_000));
    wrong.extend(wrong_cost("cost_pence", ask.cost_pence));
    wrong
}

/// Whether a customer may not be traced.
pub(super) async fn is_marked(tx: &mut Tx, org: OrgId, customer: i64) -> Outcome<bool> {
    let mark = store::mark(tx, org, CustomerId(customer)).await?;
    Ok(mark.is_some_and(|mark| mark.ended_on.is_none()))
}

/// The day by which an answer is due, counted from today.
pub(super) async fn answer_by(cmd: &mut Command) -> Outcome<NaiveDate> {
    let site = sundry_store::control::organisation(&mut cmd.tx, cmd.by.org).await?;
    let nation = site.and_then(|site| Nation::parse(&site.nation)).unwrap_or(Nation::EnglandAndWales);
    Ok(cmd.desk.book().calendar(nation).add(cmd.today, ANSWER_DAYS)?)
}

/// Asks for a search: every one has a ground in law, a reason and a price.
///
/// # Errors
/// Duty; fields; absent; `REC-08-DO-NOT-TRACE`, `REC-08-SOURCE`, `REC-08-BASIS`.
pub async fn ask_for_trace(desk: &Desk, by: &Actor, ask: TraceAsked) -> Outcome<TraceRecorded> {
    by.must_hold(Duty::WorkCases)?;
    all_right(check(&ask))?;
    refuse_cards(&[("why", &ask.why)])?;
    command!(desk, by, "ask_for_trace", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let source = TraceSource::parse(&ask.source).unwrap_or(TraceSource::OwnRecords);
        let site = settings(&mut cmd.tx, org).await?;
        let marked = is_marked(&mut cmd.tx, org, customer.id).await?;
        may_search(source, site.council_tax, marked, &ask.why)?;
        if ask.lawful_basis.is_empty() {
            return Err(TRACE_BASIS.because("No ground in law was chosen").into());
        }
        let row = TraceRow {
            id: cmd.id(),
            number: format!("TRC-{:06}", cmd.next_number("TRC").await?),
            customer_id: customer.id,
            source: ask.source.clone(),
            purpose: ask.purpose.clone(),
            lawful_basis: ask.lawful_basis.clone(),
            why: ask.why.trim().into(),
            cost_pence: ask.cost_pence,
            request_id: hex(&random_bytes::<16>()),
            file_number: String::new(),
            state: "asked".into(),
            asked_by: cmd.by.name.clone(),
            asked_on: cmd.today,
            answer_by: answer_by(cmd).await?,
            answered_on: None,
            result: String::new(),
            confidence_pct: 0,
            sources_found: 0,
            last_seen_on: None,
            birth_agrees: false,
            name_agrees: false,
            words: String::new(),
            next_step: "Search, then record what was found".into(),
            recorded_at: cmd.at,
            version: 1,
        };
        store::add_trace(&mut cmd.tx, org, &row).await?;
        cmd.tell("TraceAsked", format!("search {}", row.number), &ask);
        Ok(recorded(&row))
    })
}

/// Records what a search found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RecordTrace {
    /// Idempotency key.
    pub key: String,
    /// Number of the search.
    pub number: String,
    /// What was found.
    #[serde(flatten)]
    pub found: Finding,
}

/// What is wrong with a finding as it was typed.
fn wrong_finding(found: &Finding, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let result = TraceResult::parse(&found.result);
    if result.is_none() {
        wrong.push(Invalid::field("result", "Choose what was found", &found.result));
    }
    let needs = matches!(result, Some(TraceResult::FoundProven | TraceResult::FoundUnproven));
    if needs && (found.address1.trim().is_empty() || found.postcode.trim().is_empty()) {
        wrong.push(Invalid::field("address1", "Enter the address and its postcode", &found.address1));
    }
    if !(0..=20).contains(&found.sources) {
        wrong.push(Invalid::field("sources", "Enter how many sources agree, up to 20", found.sources.to_string()));
    }
    if let Some(day) = found.last_seen_on.filter(|day| *day > today) {
        wrong.push(Invalid::field("last_seen_on", "Enter a day up to today", day.to_string()));
    } else {
        wrong.extend(days_wrong(&[("last_seen_on", found.last_seen_on)], today));
    }
    wrong.extend(wrong_cost("cost_pence", found.cost_pence));
    let lines: [(&str, &str); 3] =
        [("address1", &found.address1), ("address2", &found.address2), ("town", &found.town)];
    wrong.extend(lines_wrong(&lines, 200));
    wrong.extend(lines_wrong(&[("postcode", &found.postcode)], 20));
    wrong.extend(words_wrong(&[("words", &found.words)], 1_000));
    wrong
}

/// What is wrong with the cost of a search.
pub(super) fn wrong_cost(field: &str, pence: i64) -> Option<Invalid> {
    let fits = (0..=LARGEST.0).contains(&pence);
    (!fits).then(|| Invalid::field(field, "Enter a cost from £0.00 to £10 billion", Pence(pence).pounds()))
}

/// Records what a search found; a new address waits as a candidate.
///
/// # Errors
/// Duty; fields; absent; `CUS-17-DECIDED` for one that was answered.
pub async fn record_trace(desk: &Desk, by: &Actor, ask: RecordTrace) -> Outcome<TraceRecorded> {
    by.must_hold(Duty::WorkCases)?;
    let found = &ask.found;
    all_right(wrong_finding(found, desk.today()))?;
    refuse_cards(&[
        ("words", &found.words),
        ("address1", &found.address1),
        ("address2", &found.address2),
        ("town", &found.town),
        ("postcode", &found.postcode),
    ])?;
    command!(desk, by, "record_trace", &ask.key, &ask, |cmd| {
        let row = find(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        if !matches!(row.state.as_str(), "asked" | "sent" | "no_answer") {
            let sentence = format!("Search {} is {}", row.number, row.state.replace('_', " "));
            return Err(ADDRESS_DECIDED.because(sentence).into());
        }
        let row = write(cmd, row, &ask.found, None).await?;
        Ok(recorded(&row))
    })
}

/// The search with a number.
pub(super) async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<TraceRow> {
    let row = store::trace(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("search {}", number.trim())))
}

/// Gives a search up before its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CancelTrace {
    /// Idempotency key.
    pub key: String,
    /// Number of the search.
    pub number: String,
    /// Why.
    pub words: String,
}

/// Gives a search up.
///
/// # Errors
/// Duty; fields; absent; `CUS-17-DECIDED` for one that was answered.
pub async fn cancel_trace(desk: &Desk, by: &Actor, ask: CancelTrace) -> Outcome<TraceRecorded> {
    by.must_hold(Duty::WorkCases)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Say why the search is given up", &ask.words).into());
    }
    all_right(words_wrong(&[("words", &ask.words)], 1_000))?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "cancel_trace", &ask.key, &ask, |cmd| {
        let mut row = find(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        let open = matches!(row.state.as_str(), "asked" | "sent" | "no_answer");
        (row.state, row.words, row.next_step) = ("cancelled".into(), ask.words.trim().into(), String::new());
        if !open || !store::change_trace(&mut cmd.tx, cmd.by.org, &row).await? {
            return Err(ADDRESS_DECIDED.because(format!("Search {} is over", row.number)).into());
        }
        cmd.tell("TraceCancelled", format!("search {}", row.number), &ask);
        Ok(recorded(&row))
    })
}

/// Searches whose time is over without an answer, once a day.
pub(crate) async fn no_answers(desk: &Desk, by: &Actor, date: NaiveDate) -> Outcome<()> {
    let mut look = desk.look().await?;
    let late: Vec<TraceRow> = store::traces_in_state(&mut look, by.org, "sent", 10_000)
        .await?
        .into_iter()
        .filter(|row| row.answer_by < date)
        .collect();
    drop(look);
    if late.is_empty() {
        return Ok(());
    }
    let numbers: Vec<&str> = late.iter().map(|row| row.number.as_str()).collect();
    // A day may be released twice, and others may be late by then.
    let key = format!("traces-without-answer-{date}/{}", request_hash(&numbers)?);
    command!(desk, by, "traces_without_answer", &key, &numbers, |cmd| {
        let mut late_now = 0;
        for row in &late {
            let mut row = row.clone();
            row.state = "no_answer".into();
            row.next_step = "Ask the bureau, or search another source".into();
            // Its answer came a moment ago: it is no longer late.
            if !store::change_trace(&mut cmd.tx, cmd.by.org, &row).await? {
                continue;
            }
            cmd.tell("TraceNotAnswered", format!("search {}", row.number), row.answer_by);
            late_now += 1;
        }
        cmd.tell("TracesTended", format!("searches on {date}"), late_now);
        Ok(())
    })
}

/// Marks a customer as not to be traced, or ends the mark.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MarkNotTraced {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// True to set the mark, false to end it.
    pub mark: bool,
    /// Why, without what happened to the person.
    pub why: String,
}

/// Marks a customer as not to be traced: searches are refused before anything is sent.
///
/// # Errors
/// Duty; fields; absent.
pub async fn mark_not_traced(desk: &Desk, by: &Actor, ask: MarkNotTraced) -> Outcome<()> {
    by.must_hold(Duty::SetFlags)?;
    if ask.why.trim().is_empty() {
        return Err(Invalid::field("why", "Say who asks for it, in up to 200 characters", &ask.why).into());
    }
    all_right(words_wrong(&[("why", &ask.why)], 200))?;
    refuse_cards(&[("why", &ask.why)])?;
    command!(desk, by, "mark_not_traced", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let row = TraceMarkRow {
            customer_id: customer.id,
            why: ask.why.trim().into(),
            set_by: cmd.by.name.clone(),
            set_on: cmd.today,
            ended_on: (!ask.mark).then_some(cmd.today),
            recorded_at: cmd.at,
        };
        store::set_mark(&mut cmd.tx, org, &row).await?;
        let event = if ask.mark { "NotToBeTraced" } else { "MayBeTraced" };
        cmd.tell(event, format!("customer {}", customer.number), &ask);
        Ok(())
    })
}
