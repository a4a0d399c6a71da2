//! Searches that go to a tracing agency as a file, and its answer.
use super::ask::is_marked;
use super::found::{Finding, write};
use crate::customers::keep_file;
use crate::recovery::agencies::names;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::normalise_name;
use sundry_domain::ids::CustomerId;
use sundry_domain::recovery::agency_refusals::{AGENCY_FILE, NOTHING_TO_PLACE};
use sundry_domain::refusal::Invalid;
use sundry_formats::trace::{TraceAsked, read_found, write_asked};
use sundry_store::customers::{addresses_of, customer};
use sundry_store::trace::{self as store, TraceRow};

/// Most searches in one file.
const MOST: i64 = 5_000;

/// Sends every search that waits for the bureau.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendTraces {
    /// Idempotency key.
    pub key: String,
    /// The bureau's short name, for the file's name.
    pub bureau: String,
}

/// The file for the bureau.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TracesSent {
    /// Name of the file.
    pub file_name: String,
    /// Hash of its bytes.
    pub file_sha256: String,
    /// Searches in it.
    pub searches: Vec<String>,
    /// Searches that were refused before sending.
    pub refused: Vec<String>,
}

/// Writes the file of searches that wait for a tracing agency. Someone marked since is taken out before it goes.
///
/// # Errors
/// Duty; fields; `REC-07-NOTHING` when none waits.
pub async fn send_traces(desk: &Desk, by: &Actor, ask: SendTraces) -> Outcome<TracesSent> {
    by.must_hold(Duty::WorkCases)?;
    let bureau = ask.bureau.trim().to_lowercase();
    if bureau.is_empty() || bureau.len() > 20 || !bureau.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Invalid::field("bureau", "Enter up to 20 letters and digits", &ask.bureau).into());
    }
    command!(desk, by, "send_traces", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let waiting = store::traces_in_state(&mut cmd.tx, org, "asked", MOST).await?;
        let waiting: Vec<TraceRow> = waiting.into_iter().filter(|row| row.source == "bureau").collect();
        let (mut rows, mut sent, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for mut row in waiting {
            if is_marked(&mut cmd.tx, org, row.customer_id).await? {
                (row.state, row.next_step) = ("cancelled".into(), "Ask the safeguarding lead".into());
                row.words = "Refused before sending: this person may not be traced".into();
                store::change_trace(&mut cmd.tx, org, &row).await?;
                refused.push(row.number);
                continue;
            }
            let who = customer(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
            let who = who.ok_or_else(|| Fault::new("a search names a customer who is not there"))?;
            let (forename, surname) = names(&who.name);
            let before = addresses_of(&mut cmd.tx, org, CustomerId(who.id)).await?;
            let last_word = |address: &str| address.rsplit(", ").next().unwrap_or_default().to_owned();
            rows.push(TraceAsked {
                request_id: row.request_id.clone(),
                case_ref: row.number.clone(),
                title: String::new(),
                forename,
                surname,
                dob: None,
                street: who.address1,
                town: who.town,
                postcode: who.postcode,
                previous_postcode: before.get(1).map(|old| last_word(&old.address)).unwrap_or_default(),
                purpose: row.purpose.clone(),
            });
            sent.push(row);
        }
        if rows.is_empty() {
            return Err(NOTHING_TO_PLACE.because("No search waits for a tracing agency").into());
        }
        let seq = cmd.next_number("TRF").await?;
        let file_name = format!("trace_{bureau}_{}_{seq:04}.csv", today.format("%Y%m%d"));
        let file_sha256 = keep_file(cmd, &file_name, &write_asked(&rows)).await?;
        let mut searches = Vec::new();
        for mut row in sent {
            (row.state, row.file_number) = ("sent".into(), file_name.clone());
            row.next_step = "Wait for the tracing agency".into();
            store::change_trace(&mut cmd.tx, org, &row).await?;
            searches.push(row.number);
        }
        let answer = TracesSent { file_name, file_sha256, searches, refused };
        cmd.tell("TracesSent", format!("file {}", answer.file_sha256), &answer);
        Ok(answer)
    })
}

/// Brings in a bureau's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeTraces {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// What each answered search cost, in pence.
    #[serde(default)]
    pub cost_each_pence: i64,
    /// Its bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// What became of a bureau's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TracesTaken {
    /// Searches that were answered.
    pub answered: Vec<String>,
    /// Rows that answer nothing we asked: held, and not shown.
    pub held: i64,
    /// Rows whose search was over.
    pub late: i64,
    /// The day.
    pub on: NaiveDate,
}

/// Takes in a bureau's answer. A row for a request we did not make may be somebody else's data: it is counted, not kept.
///
/// # Errors
/// Duty; a file that is not understood.
pub async fn take_traces(desk: &Desk, by: &Actor, ask: TakeTraces) -> Outcome<TracesTaken> {
    by.must_hold(Duty::WorkCases)?;
    crate::customers::refuse_cards_in_file(&ask.bytes)?;
    let rows = read_found(&ask.bytes).map_err(|problems| {
        let one = |problem: sundry_formats::FormatProblem| {
            let row = problem.at.strip_prefix("line ").and_then(|line| line.parse().ok());
            Invalid { row, field: "file".into(), message: problem.message, typed: problem.code }
        };
        problems.into_iter().map(one).collect::<Vec<Invalid>>()
    })?;
    if rows.is_empty() {
        return Err(AGENCY_FILE.because("The file has no rows").into());
    }
    let asked = (&ask.file_name, crate::core::vault::sha256_hex(&ask.bytes), ask.cost_each_pence);
    command!(desk, by, "take_traces", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let (mut answered, mut held, mut late) = (Vec::new(), 0, 0);
        for found in &rows {
            let Some(row) = store::trace_requested(&mut cmd.tx, org, &found.request_id).await? else {
                held += 1;
                continue;
            };
            if !matches!(row.state.as_str(), "sent" | "no_answer") {
                late += 1;
                continue;
            }
            let who = customer(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
            let who = who.ok_or_else(|| Fault::new("a search names a customer who is not there"))?;
            let (forename, surname) = names(&who.name);
            let asked_name = normalise_name(&format!("{forename} {surname}"));
            let came = normalise_name(&format!("{} {}", found.forename, found.surname));
            let finding = Finding {
                result: found.result_code.clone(),
                name_agrees: asked_name == came,
                // We hold no date of birth here, so it cannot agree by itself: the bureau's linked address may.
                birth_agrees: false,
                linked_address: found.sources >= 2,
                sources: found.sources,
                last_seen_on: found.last_seen_on,
                address1: found.address1.clone(),
                address2: found.address2.clone(),
                town: found.town.clone(),
                postcode: found.postcode.clone(),
                words: found.note.clone(),
                cost_pence: ask.cost_each_pence,
            };
            answered.push(write(cmd, row, &finding, Some(found.confidence_pct)).await?.number);
        }
        let answer = TracesTaken { answered, held, late, on: cmd.today };
        let told =
            serde_json::json!({ "file": ask.file_name, "answered": answer.answered.len(), "held": held, "late": late });
        cmd.tell("TracesTaken", format!("day {}", cmd.today), told);
        Ok(answer)
    })
}

/// The file of searches with a hash: name and bytes.
///
/// # Errors
/// Duty; absent when no search went out in it.
pub async fn trace_file(desk: &Desk, by: &Actor, sha256: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::WorkCases)?;
    let mut look = desk.look().await?;
    let kept = sundry_store::control::kept_file(&mut look, by.org, sha256).await?;
    let kept = kept.filter(|row| row.name.starts_with("trace_")).ok_or_else(|| No::Absent("file".into()))?;
    Ok((kept.name, desk.files().get(by.org.0, sha256)?))
}
