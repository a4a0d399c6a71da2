//! A draft is checked and goes to someone else; their yes makes it the next version, in force from a day to come.
use super::{PATHWAY, PathwaySimulation, newest, versions_of};
use crate::approvals::{AskForApproval, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::{all_right, days_wrong};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::{PATHWAY_DRAFT, PATHWAY_FAULTS};
use sundry_domain::recovery::{
    CheckFacts, PathwayCheck, PathwayVersion, Tried, check_pathway, fixes, pathway_live_from,
};
use sundry_domain::words::written;
use sundry_paper::Template;
use sundry_store::control::ApprovalRow;
use sundry_store::recovery::pathways::{self as rows, PathwayDraftRow, PathwayMove};
use sundry_store::recovery::{self, PathwayRow};
use sundry_store::{Tx, delivery};

/// Sends the draft of a pathway for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskForPathway {
    /// Idempotency key.
    pub key: String,
    /// The pathway.
    pub code: String,
    /// What was read of the draft.
    pub changes: i64,
    /// First day; the first possible where not said.
    pub live_from: Option<NaiveDate>,
}

/// The approval that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedForPathway {
    /// The pathway.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// From when it would be in force.
    pub live_from: NaiveDate,
    /// Number of the approval.
    pub approval: String,
}

/// Checks the draft of a pathway: passed, needs a look or fix; a fix stands in the way of approval.
///
/// # Errors
/// Duty; absent when there is no draft.
pub async fn check_pathway_draft(desk: &Desk, by: &Actor, code: &str) -> Outcome<Vec<PathwayCheck>> {
    super::may_look(by)?;
    let mut look = desk.look().await?;
    let row = rows::draft(&mut look, by.org, code).await?;
    let row = row.ok_or_else(|| No::Absent(format!("draft of pathway {code}")))?;
    checks(&mut look, by, &row, desk.today()).await
}

async fn checks(tx: &mut Tx, by: &Actor, row: &PathwayDraftRow, today: NaiveDate) -> Outcome<Vec<PathwayCheck>> {
    let draft: PathwayVersion = serde_json::from_value(row.body.clone())?;
    let versions = versions_of(tx, by, &row.code, today).await?;
    let facts = facts(tx, by.org, row, today).await?;
    Ok(check_pathway(&draft, newest(&versions).map(|one| &one.pathway), &facts))
}

async fn facts(tx: &mut Tx, org: OrgId, row: &PathwayDraftRow, today: NaiveDate) -> Outcome<CheckFacts> {
    let (mut templates, mut welsh) = (BTreeSet::new(), BTreeSet::new());
    for one in delivery::live_templates(tx, org, today).await? {
        let wording: Template = serde_json::from_value(one.body)?;
        if wording.title_cy.is_some() {
            welsh.insert(one.code.clone());
        } else {
            welsh.remove(&one.code);
        }
        templates.insert(one.code);
    }
    let tried = rows::simulation_of(tx, org, &row.code, &row.content_hash, "live").await?;
    let found: Option<PathwaySimulation> =
        tried.as_ref().map(|one| serde_json::from_value(one.result.clone())).transpose()?;
    let clashes = found.map(|one| one.clashes).unwrap_or_default();
    let tried = tried.map(|one| Tried { on: one.made_on, skips: one.skips, changes: one.changes });
    let welsh_customers = rows::welsh_customers(tx, org).await?;
    Ok(CheckFacts { templates, welsh, welsh_customers, tried, clashes, today: Some(today) })
}

/// Asks for a yes to a draft that passes its checks.
///
/// # Errors
/// Duty; absent when there is no draft; `REC-PATHWAY-DRAFT` when it changed or waits already; `REC-PATHWAY-FAULTS`;
/// `REC-PATHWAY-LIVE-FROM`.
pub async fn ask_for_pathway(desk: &Desk, by: &Actor, ask: AskForPathway) -> Outcome<AskedForPathway> {
    by.must_hold(Duty::ManageSettings)?;
    all_right(days_wrong(&[("live_from", ask.live_from)], desk.today()))?;
    command!(desk, by, "ask_for_pathway", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let who = cmd.by.clone();
        let row = rows::draft(&mut cmd.tx, org, &ask.code).await?;
        let row = row.ok_or_else(|| No::Absent(format!("draft of pathway {}", ask.code)))?;
        if row.state != "draft" || row.changes != ask.changes {
            let waits = row.state == "asked";
            let words = if waits { "The draft waits for a yes already" } else { "The draft changed meanwhile" };
            return Err(PATHWAY_DRAFT.because(words).into());
        }
        let checks = checks(&mut cmd.tx, &who, &row, today).await?;
        if let Some(why) = fixes(&checks) {
            return Err(PATHWAY_FAULTS.because(why).into());
        }
        let day = first_day(&mut cmd.tx, &who, &row.code, ask.live_from, today).await?;
        let pathway: PathwayVersion = serde_json::from_value(row.body.clone())?;
        let payload = serde_json::json!({
            "pathway": row.code,
            "version": row.version,
            "name": pathway.name,
            "steps": pathway.steps.len(),
            "live_from": day,
            "open_cases": if pathway.moves_open { "go on with it" } else { "keep their version" },
            "draft_id": row.id,
            "content_hash": row.content_hash,
        });
        let asked = AskForApproval {
            command: PATHWAY,
            subject: format!("pathway {}", row.code),
            summary: format!("Pathway {}, version {}, in force from {}", pathway.name, row.version, written(day)),
            payload,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, asked).await?;
        let to = PathwayMove { from: "draft", to: "asked", live_from: Some(day), approval: &approval, turned_down: "" };
        if !rows::move_draft(&mut cmd.tx, org, row.id, to).await? {
            return Err(PATHWAY_DRAFT.because("The draft changed meanwhile").into());
        }
        let detail = serde_json::json!({ "approval": approval, "checks": checks });
        cmd.tell("PathwayAsked", format!("pathway {}", row.code), detail);
        Ok(AskedForPathway { code: row.code, version: row.version, live_from: day, approval })
    })
}

/// The first day of a version: after every run that was begun, so that no run sees two versions.
async fn first_day(
    tx: &mut Tx,
    by: &Actor,
    code: &str,
    asked: Option<NaiveDate>,
    today: NaiveDate,
) -> Outcome<NaiveDate> {
    let run = recovery::runs(tx, by.org, 1).await?.into_iter().next().map(|run| run.business_on);
    let versions = versions_of(tx, by, code, today).await?;
    let follows = newest(&versions).filter(|one| one.state == "next").and_then(|one| one.live_from);
    Ok(pathway_live_from(asked, today, run, follows)?)
}

/// The draft that an approval is about, if it still waits under it.
async fn draft_of(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<Option<PathwayDraftRow>> {
    let code = approval.payload["pathway"].as_str().unwrap_or_default().to_owned();
    let row = rows::draft(&mut cmd.tx, cmd.by.org, &code).await?;
    Ok(row.filter(|row| row.state == "asked" && row.approval == approval.number))
}

/// Makes the draft the next version.
pub(crate) async fn pathway_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let (org, today) = (cmd.by.org, cmd.today);
    let who = cmd.by.clone();
    let row = draft_of(cmd, approval).await?;
    let row = row.ok_or_else(|| PATHWAY_DRAFT.because("The draft was taken back since it was asked for"))?;
    if approval.payload["content_hash"].as_str() != Some(row.content_hash.as_str()) {
        return Err(Fault::new(format!("the draft of {} is not what was asked for", row.code)).into());
    }
    // Letters may have ended since it was asked for.
    if let Some(why) = fixes(&checks(&mut cmd.tx, &who, &row, today).await?) {
        return Err(PATHWAY_FAULTS.because(why).into());
    }
    // A yes that comes late cannot change a day that was run, or is running.
    let least = first_day(&mut cmd.tx, &who, &row.code, None, today).await?;
    let day = row.live_from.map_or(least, |day| day.max(least));
    let version = PathwayRow {
        code: row.code.clone(),
        version: row.version,
        state: "live".into(),
        live_from: Some(day),
        body: row.body.clone(),
        content_hash: row.content_hash.clone(),
        drafted_by: row.drafted_by_name.clone(),
        approved_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    recovery::add_pathways(&mut cmd.tx, org, vec![version]).await?;
    let to = PathwayMove {
        from: "asked",
        to: "approved",
        live_from: Some(day),
        approval: &approval.number,
        turned_down: "",
    };
    if !rows::move_draft(&mut cmd.tx, org, row.id, to).await? {
        return Err(PATHWAY_DRAFT.because("The draft changed meanwhile").into());
    }
    let detail = serde_json::json!({ "version": row.version, "live_from": day, "content_hash": row.content_hash });
    cmd.tell("PathwayApproved", format!("pathway {}", row.code), detail);
    Ok(format!("version {} of {}", row.version, row.code))
}

/// A no gives the draft back to whoever edits it, with the reason.
pub(crate) async fn pathway_refused(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let Some(row) = draft_of(cmd, approval).await? else { return Ok(()) };
    let to = PathwayMove { from: "asked", to: "draft", live_from: None, approval: "", turned_down: reason.trim() };
    rows::move_draft(&mut cmd.tx, cmd.by.org, row.id, to).await?;
    Ok(())
}
