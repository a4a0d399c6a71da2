//! Pathways as versioned data: seeded, drafted, tried on the book, approved by somebody else, readable for ever.
mod approve;
mod choices;
mod draft;
mod replay;
mod simulate;
mod trials;

pub use approve::{AskForPathway, AskedForPathway, ask_for_pathway, check_pathway_draft};
pub(crate) use approve::{pathway_approved, pathway_refused};
pub use choices::{
    ChoosePathway, EndPathwayChoice, PathwayChosen, choose_pathway, end_pathway_choice, pathway_choices,
    standing_choices,
};
pub use draft::{PathwaySaved, SavePathwayDraft, WithdrawPathwayDraft, save_pathway_draft, withdraw_pathway_draft};
pub use simulate::{NextChange, PathwaySimulation, SimulatePathway, simulate_pathway, simulation, simulations};
pub(crate) use trials::trial_approved;
pub use trials::{EndTrial, StartTrial, TrialArm, TrialAsked, TrialShown, end_trial, start_trial, trial, trials};

use super::facts::in_force_on;
use crate::core::command::Command;
use crate::delivery::sha256_of_json;
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::recovery::{PathwayVersion, seeded_pathways};
use sundry_store::Tx;
use sundry_store::recovery::pathways::{self as rows, PathwayDraftRow};
use sundry_store::recovery::{self, PathwayRow};

/// Pathways, as kept in an approval.
pub(crate) const PATHWAY: &str = "pathway";
/// Who drafted what came with the house.
pub(super) const HOUSE: &str = "Sundry";

/// Stores the seeded pathways as version 1, live.
pub(crate) async fn seed(cmd: &mut Command) -> Outcome<()> {
    let mut rows = Vec::new();
    for pathway in seeded_pathways() {
        let body = serde_json::to_value(&pathway)?;
        rows.push(PathwayRow {
            code: pathway.code,
            version: i64::from(pathway.version),
            state: "live".into(),
            live_from: Some(cmd.today),
            content_hash: sha256_of_json(&body),
            body,
            drafted_by: HOUSE.into(),
            approved_by: HOUSE.into(),
            recorded_at: cmd.at,
        });
    }
    Ok(recovery::add_pathways(&mut cmd.tx, cmd.by.org, rows).await?)
}

/// A version of a pathway with its history.
#[derive(Clone, Debug, Serialize)]
pub struct PathwayView {
    /// The steps.
    pub pathway: PathwayVersion,
    /// live, next or ended.
    pub state: String,
    /// From when it was live.
    pub live_from: Option<NaiveDate>,
    /// Hash of the steps.
    pub content_hash: String,
    /// Who drafted it.
    pub drafted_by: String,
    /// Who approved it.
    pub approved_by: String,
}

/// A draft under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PathwayDraft {
    /// The steps.
    pub pathway: PathwayVersion,
    /// draft or asked.
    pub state: String,
    /// Give this back when changing it.
    pub changes: i64,
    /// Hash of the steps.
    pub content_hash: String,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for; may be empty.
    pub approval: String,
    /// Why it was turned down; empty when it was not.
    pub turned_down: String,
    /// Who wrote it last.
    pub drafted_by_name: String,
    /// When.
    pub changed_on: NaiveDate,
}

/// Whoever works cases, edits pathways, approves them or audits may read them.
fn may_look(by: &Actor) -> Outcome<()> {
    if [Duty::View, Duty::ApproveSettings, Duty::ReadAudit].iter().any(|duty| by.holds(*duty)) {
        return Ok(());
    }
    Ok(by.must_hold(Duty::ManageSettings)?)
}

fn views(rows: Vec<PathwayRow>, today: NaiveDate) -> Outcome<Vec<PathwayView>> {
    let in_force = |code: &str| {
        let of_code = rows.iter().filter(|row| row.code == code && in_force_on(row, today));
        of_code.map(|row| row.version).max()
    };
    let state = |row: &PathwayRow| {
        let newest = in_force(&row.code);
        match row.state.as_str() {
            "live" if newest == Some(row.version) => "live",
            "live" if newest.is_none_or(|newest| newest < row.version) => "next",
            _ => "ended",
        }
    };
    let states: Vec<&str> = rows.iter().map(state).collect();
    let mut all = Vec::with_capacity(rows.len());
    for (row, state) in rows.iter().zip(states) {
        all.push(PathwayView {
            pathway: serde_json::from_value(row.body.clone())?,
            state: state.to_owned(),
            live_from: row.live_from,
            content_hash: row.content_hash.clone(),
            drafted_by: row.drafted_by.clone(),
            approved_by: row.approved_by.clone(),
        });
    }
    Ok(all)
}

/// Every version of every pathway.
pub async fn pathways(desk: &Desk, by: &Actor) -> Outcome<Vec<PathwayView>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    views(recovery::pathways(&mut look, by.org).await?, desk.today())
}

/// One version of a pathway.
pub async fn pathway(desk: &Desk, by: &Actor, code: &str, version: i64) -> Outcome<PathwayView> {
    let all = pathways(desk, by).await?;
    let found = all.into_iter().find(|one| one.pathway.code == code && i64::from(one.pathway.version) == version);
    found.ok_or_else(|| No::Absent("pathway".into()))
}

/// The versions of one pathway, oldest first.
async fn versions_of(tx: &mut Tx, by: &Actor, code: &str, today: NaiveDate) -> Outcome<Vec<PathwayView>> {
    let mut all = recovery::pathways(tx, by.org).await?;
    all.retain(|row| row.code == code);
    views(all, today)
}

/// The version that a draft follows: the newest there is, in force or not yet.
fn newest(versions: &[PathwayView]) -> Option<&PathwayView> {
    versions.last()
}

fn drafted(row: PathwayDraftRow) -> Outcome<PathwayDraft> {
    Ok(PathwayDraft {
        pathway: serde_json::from_value(row.body)?,
        state: row.state,
        changes: row.changes,
        content_hash: row.content_hash,
        live_from: row.live_from,
        approval: row.approval,
        turned_down: row.turned_down,
        drafted_by_name: row.drafted_by_name,
        changed_on: row.changed_on,
    })
}

/// The draft of a pathway that is under way; none when there is none.
pub async fn pathway_draft(desk: &Desk, by: &Actor, code: &str) -> Outcome<Option<PathwayDraft>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    rows::draft(&mut look, by.org, code).await?.map(drafted).transpose()
}

/// Every draft under way.
pub async fn pathway_drafts(desk: &Desk, by: &Actor) -> Outcome<Vec<PathwayDraft>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    rows::drafts(&mut look, by.org).await?.into_iter().map(drafted).collect()
}
