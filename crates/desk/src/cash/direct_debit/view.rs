//! What the pages and programs ask: mandates, runs, reports, claims.
use super::common::{find_mandate, state_of};
use crate::core::actor::Actor;
use crate::core::told::GIVEN;
use crate::{Desk, No, Outcome};
use serde::Serialize;
use sundry_domain::cash::direct_debit::{MandateState, dormant_from};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_store::collections::{
    self, BankCandidateRow, ClaimRow, CollectionItemRow, CollectionRow, ReportItemRow, ReportRow, RunRow,
};
use sundry_store::control::AuditRow;
use sundry_store::event_words::{EventWordRow, words_of_subject};
use sundry_store::mandates::{self, InstructionRow, ListedMandateRow, MandateRow};
use sundry_store::{cash, control};

/// A page of mandates.
const PAGE: i64 = 50;

/// The Direct Debit page at a glance.
#[derive(Clone, Debug, Serialize)]
pub struct DirectDebitSummary {
    /// How many mandates are in each state.
    pub mandates: Vec<(String, i64)>,
    /// The newest runs.
    pub runs: Vec<RunRow>,
    /// Items of reports that wait.
    pub held: i64,
    /// Open claims.
    pub claims: i64,
    /// Unpaid collections that nobody has presented again.
    pub unpaid: i64,
    /// Instructions for the next file.
    pub instructions: i64,
}

/// The Direct Debit page at a glance.
///
/// # Errors
/// Duty.
pub async fn direct_debits(desk: &Desk, by: &Actor) -> Outcome<DirectDebitSummary> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(DirectDebitSummary {
        mandates: mandates::mandate_counts(&mut look, by.org).await?,
        runs: collections::runs(&mut look, by.org, 10).await?,
        held: collections::held_items(&mut look, by.org).await?.len() as i64,
        claims: collections::claims(&mut look, by.org, "open", 500).await?.len() as i64,
        unpaid: collections::collections_in(&mut look, by.org, "unpaid", 500).await?.len() as i64,
        instructions: mandates::instructions_waiting(&mut look, by.org, 500).await?.len() as i64,
    })
}

/// Mandates in a state (every state when empty), fifty a page from 1.
///
/// # Errors
/// Duty.
pub async fn mandates_list(desk: &Desk, by: &Actor, state: &str, page: i64) -> Outcome<Vec<ListedMandateRow>> {
    by.must_hold(Duty::View)?;
    let skip = (page.max(1) - 1).saturating_mul(PAGE);
    Ok(mandates::list_mandates(&mut desk.look().await?, by.org, state, PAGE, skip).await?)
}

/// Mandates of a customer, newest first, without their sealed details.
///
/// # Errors
/// Duty; absent.
pub async fn mandates_of(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<MandateRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let customer = crate::customers::find(&mut look, by.org, customer).await?;
    let rows = mandates::mandates_of(&mut look, by.org, customer.id).await?;
    Ok(rows.into_iter().map(masked).collect())
}

fn masked(row: MandateRow) -> MandateRow {
    MandateRow { sealed: String::new(), print: String::new(), ..row }
}

/// Everything a mandate's page shows.
#[derive(Clone, Debug, Serialize)]
pub struct MandateView {
    /// The mandate, without its sealed details.
    pub mandate: MandateRow,
    /// Number and name of the customer.
    pub customer: (String, String),
    /// The day it goes to sleep, once it was lodged.
    pub dormant_from: Option<chrono::NaiveDate>,
    /// Instructions, newest first.
    pub instructions: Vec<InstructionRow>,
    /// Collections, newest first.
    pub collections: Vec<CollectionRow>,
    /// Claims.
    pub claims: Vec<ClaimRow>,
    /// What happened, oldest first.
    pub history: Vec<AuditRow>,
    /// Why it took its steps, oldest first; steps from before this was kept have it in their history.
    pub words: Vec<EventWordRow>,
}

impl MandateView {
    /// Why a step of the history was taken; empty where nothing was said.
    pub fn why(&self, event: &AuditRow) -> String {
        if let Some(word) = self.words.iter().find(|word| word.seq == event.seq) {
            return word.why.clone();
        }
        let told = serde_json::from_str::<serde_json::Value>(&event.detail).unwrap_or_default();
        let said = told.get("why").and_then(serde_json::Value::as_str).filter(|said| *said != GIVEN);
        said.unwrap_or_default().to_owned()
    }
}

/// A mandate by its reference: everything that a bank asking for it is to be shown.
///
/// # Errors
/// Duty; absent.
pub async fn mandate(desk: &Desk, by: &Actor, reference: &str) -> Outcome<MandateView> {
    by.must_hold(Duty::View)?;
    let (mut look, org) = (desk.look().await?, by.org);
    let row = find_mandate(&mut look, org, reference).await?;
    let customer = cash::customer_name(&mut look, org, CustomerId(row.customer_id)).await?;
    let mut instructions = mandates::instructions_of(&mut look, org, row.id).await?;
    for one in &mut instructions {
        one.sealed.clear();
    }
    let sleeps = matches!(state_of(&row)?, MandateState::Active | MandateState::Suspended);
    Ok(MandateView {
        customer: customer.unwrap_or_default(),
        dormant_from: row.lodged_on.filter(|_| sleeps).map(|day| dormant_from(day, row.last_collected_on)),
        instructions,
        collections: collections::collections_of_mandate(&mut look, org, row.id).await?,
        claims: collections::claims_of_mandate(&mut look, org, row.id).await?,
        words: words_of_subject(&mut look, org, &format!("mandate {}", row.reference)).await?,
        history: control::audit_of(&mut look, org, &format!("mandate {}", row.reference)).await?,
        mandate: masked(row),
    })
}

/// Runs, newest first.
///
/// # Errors
/// Duty.
pub async fn collection_runs(desk: &Desk, by: &Actor) -> Outcome<Vec<RunRow>> {
    by.must_hold(Duty::View)?;
    Ok(collections::runs(&mut desk.look().await?, by.org, 100).await?)
}

/// A collection in a run.
#[derive(Clone, Debug, Serialize)]
pub struct RunLine {
    /// The collection.
    pub collection: CollectionRow,
    /// Mandate's reference.
    pub reference: String,
    /// Last digits of the account.
    pub account_ending: String,
    /// What it is for.
    pub parts: Vec<CollectionItemRow>,
}

/// Everything a run's page shows.
#[derive(Clone, Debug, Serialize)]
pub struct RunView {
    /// The run.
    pub run: RunRow,
    /// Its collections, at most 500.
    pub lines: Vec<RunLine>,
    /// Its instructions: code and reference.
    pub instructions: Vec<(String, String)>,
    /// Bank lines of what is awaited.
    pub bank_lines: Vec<BankCandidateRow>,
}

/// A run by its number.
///
/// # Errors
/// Duty; absent.
pub async fn collection_run(desk: &Desk, by: &Actor, number: &str) -> Outcome<RunView> {
    by.must_hold(Duty::View)?;
    let (mut look, org) = (desk.look().await?, by.org);
    let run = collections::run_numbered(&mut look, org, number.trim()).await?;
    let run = run.ok_or_else(|| No::Absent(format!("collection run {number}")))?;
    let known: std::collections::HashMap<i64, MandateRow> =
        mandates::mandates_of_run(&mut look, org, run.id).await?.into_iter().map(|m| (m.id, m)).collect();
    let name = |id: &i64| known.get(id).map(|m| m.reference.clone()).unwrap_or_default();
    let mut lines = Vec::new();
    for collection in collections::collections_of_run(&mut look, org, run.id, 0, 500).await? {
        let account_ending = known.get(&collection.mandate_id).map(|m| m.shown.clone()).unwrap_or_default();
        let parts = collections::items_of_collection(&mut look, org, collection.id).await?;
        lines.push(RunLine { reference: name(&collection.mandate_id), account_ending, parts, collection });
    }
    let instructions = mandates::instructions_of_run(&mut look, org, run.id).await?;
    let instructions = instructions.iter().map(|i| (i.code.clone(), name(&i.mandate_id))).collect();
    let awaited = run.collections_pence - run.banked_pence;
    let sent = matches!(run.state.as_str(), "written" | "sent" | "acknowledged");
    let bank_lines =
        if sent && awaited > 0 { collections::bank_candidates(&mut look, org, awaited).await? } else { Vec::new() };
    Ok(RunView { run, lines, instructions, bank_lines })
}

/// The file of a run: its name and its bytes, proved by their hash.
///
/// # Errors
/// Duty; absent, also while no file is written.
pub async fn run_file(desk: &Desk, by: &Actor, number: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::PostCash).or_else(|_| by.must_hold(Duty::ReleaseDirectDebit))?;
    let run = collections::run_numbered(&mut desk.look().await?, by.org, number.trim()).await?;
    let run = run.filter(|run| !run.file_sha256.is_empty());
    let run = run.ok_or_else(|| No::Absent(format!("file of collection run {number}")))?;
    let bytes = desk.files().get(by.org.0, &run.file_sha256)?;
    Ok((run.file_name, bytes))
}

/// Collections that came back and are not presented again, newest first.
///
/// # Errors
/// Duty.
pub async fn unpaid_collections(desk: &Desk, by: &Actor) -> Outcome<Vec<CollectionRow>> {
    by.must_hold(Duty::View)?;
    Ok(collections::came_back(&mut desk.look().await?, by.org, 500).await?)
}

/// Reports, newest first.
///
/// # Errors
/// Duty.
pub async fn bacs_reports(desk: &Desk, by: &Actor) -> Outcome<Vec<ReportRow>> {
    by.must_hold(Duty::View)?;
    Ok(collections::reports(&mut desk.look().await?, by.org, 100).await?)
}

/// Everything a report's page shows.
#[derive(Clone, Debug, Serialize)]
pub struct ReportView {
    /// The report.
    pub report: ReportRow,
    /// Its items, in order; those seen before are in the report that brought them.
    pub items: Vec<ReportItemRow>,
}

/// A report by its id.
///
/// # Errors
/// Duty; absent.
pub async fn bacs_report(desk: &Desk, by: &Actor, id: i64) -> Outcome<ReportView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let report = collections::report(&mut look, by.org, id).await?.ok_or_else(|| No::Absent(format!("report {id}")))?;
    let items = collections::items_of_report(&mut look, by.org, id).await?;
    Ok(ReportView { report, items })
}

/// Items of reports that wait for a person.
///
/// # Errors
/// Duty.
pub async fn held_report_items(desk: &Desk, by: &Actor) -> Outcome<Vec<ReportItemRow>> {
    by.must_hold(Duty::View)?;
    Ok(collections::held_items(&mut desk.look().await?, by.org).await?)
}

/// Claims in a state (every state when empty).
///
/// # Errors
/// Duty.
pub async fn claims(desk: &Desk, by: &Actor, state: &str) -> Outcome<Vec<ClaimRow>> {
    by.must_hold(Duty::View)?;
    Ok(collections::claims(&mut desk.look().await?, by.org, state, 500).await?)
}
