//! What a search found, weighed: how sure, whether proved, what is next.
use crate::Outcome;
use crate::core::command::Command;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::customers::postcode;
use sundry_domain::recovery::tracing::{Evidence, TraceResult, is_restricted, weigh};
use sundry_store::customers::{NoteRow, add_note};
use sundry_store::trace::{self as store, TraceAddressRow, TraceRow};

/// What somebody found, by hand or in a bureau's file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Finding {
    /// CONFIRMED, FOUND_PROVEN, FOUND_UNPROVEN, MULTIPLE, NOT_FOUND, DECEASED, INSOLVENT or GONE_ABROAD.
    pub result: String,
    /// The name that came back is the one asked for.
    #[serde(default)]
    pub name_agrees: bool,
    /// The date of birth agrees.
    #[serde(default)]
    pub birth_agrees: bool,
    /// It is linked to an address we knew.
    #[serde(default)]
    pub linked_address: bool,
    /// How many independent sources say so.
    #[serde(default)]
    pub sources: i64,
    /// When the newest of them saw the person.
    #[serde(default)]
    pub last_seen_on: Option<NaiveDate>,
    /// First line of a new address.
    #[serde(default)]
    pub address1: String,
    /// Second line.
    #[serde(default)]
    pub address2: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// What was found, in words.
    #[serde(default)]
    pub words: String,
    /// What it cost, in pence.
    #[serde(default)]
    pub cost_pence: i64,
}

/// Writes a finding to its search: the result weighed, a candidate address beside the old one, the next step.
///
/// A trace never overwrites an address.
pub(super) async fn write(
    cmd: &mut Command,
    mut row: TraceRow,
    found: &Finding,
    said_sure: Option<i64>,
) -> Outcome<TraceRow> {
    let (org, today, at) = (cmd.by.org, cmd.today, cmd.at);
    let said = TraceResult::parse(&found.result).unwrap_or(TraceResult::NotFound);
    let evidence = Evidence {
        name_agrees: found.name_agrees,
        birth_agrees: found.birth_agrees,
        linked_address: found.linked_address,
        sources: found.sources,
        last_seen_on: found.last_seen_on,
    };
    let (result, sure) = weigh(said, &evidence, today);
    // A bureau's own figure can lower ours, never raise it.
    let sure = said_sure.map_or(sure, |theirs| theirs.min(sure));
    row.state = "answered".into();
    row.answered_on = Some(today);
    row.result = result.as_str().into();
    row.confidence_pct = sure;
    row.sources_found = found.sources;
    row.last_seen_on = found.last_seen_on;
    (row.birth_agrees, row.name_agrees) = (found.birth_agrees, found.name_agrees);
    row.words = found.words.trim().chars().take(1_000).collect();
    row.next_step = result.next().into();
    row.cost_pence = row.cost_pence.max(found.cost_pence);
    if !store::change_trace(&mut cmd.tx, org, &row).await? {
        return Err(crate::Fault {
            words: "a search was answered meanwhile".into(),
            class: sundry_store::engine::Class::NotDone,
        }
        .into());
    }
    row.version += 1;
    if result.has_address() && !found.address1.trim().is_empty() {
        let whole = format!("{}, {}, {}", found.address1, found.address2, found.town);
        let known = postcode(&found.postcode);
        let flagged = if known.is_none() { "The postcode is not one of the United Kingdom" } else { "" };
        let address = TraceAddressRow {
            id: cmd.id(),
            trace_id: row.id,
            customer_id: row.customer_id,
            address1: found.address1.trim().into(),
            address2: found.address2.trim().into(),
            town: found.town.trim().into(),
            postcode: known.unwrap_or_else(|| found.postcode.trim().to_owned()),
            confidence_pct: sure,
            proven: result == TraceResult::FoundProven,
            restricted: is_restricted(&whole),
            flagged: flagged.into(),
            state: "candidate".into(),
            approval: String::new(),
            call_back: String::new(),
            used_on: None,
            recorded_at: at,
        };
        store::add_address(&mut cmd.tx, org, &address).await?;
    }
    let note = NoteRow {
        id: cmd.id(),
        customer_id: row.customer_id,
        kind: "note".into(),
        on_day: today,
        outcome: String::new(),
        words: format!("Search {}: {} ({} per cent)", row.number, result.name(), sure),
        pinned: false,
        next_step: if result == TraceResult::Confirmed { String::new() } else { row.next_step.clone() },
        next_on: (result != TraceResult::Confirmed).then_some(today),
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: at,
    };
    add_note(&mut cmd.tx, org, &note).await?;
    let told = serde_json::json!({ "result": row.result, "confidence": sure, "source": row.source, "cost_pence": row.cost_pence });
    cmd.tell("TraceAnswered", format!("search {}", row.number), told);
    Ok(row)
}
