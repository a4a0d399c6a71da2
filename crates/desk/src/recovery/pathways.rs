//! Pathways as versioned data: seeded, stored with their hash, readable for ever.
use crate::core::command::Command;
use crate::delivery::sha256_of_json;
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::Serialize;
use sundry_domain::control::Duty;
use sundry_domain::recovery::{PathwayVersion, seeded_pathways};
use sundry_store::recovery::{self, PathwayRow};

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
            drafted_by: "Sundry".into(),
            approved_by: "Sundry".into(),
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
    /// draft, live or ended.
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

pub(super) fn view(row: PathwayRow) -> Outcome<PathwayView> {
    Ok(PathwayView {
        pathway: serde_json::from_value(row.body)?,
        state: row.state,
        live_from: row.live_from,
        content_hash: row.content_hash,
        drafted_by: row.drafted_by,
        approved_by: row.approved_by,
    })
}

/// Every version of every pathway.
pub async fn pathways(desk: &Desk, by: &Actor) -> Outcome<Vec<PathwayView>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    recovery::pathways(&mut look, by.org).await?.into_iter().map(view).collect()
}

/// One version of a pathway.
pub async fn pathway(desk: &Desk, by: &Actor, code: &str, version: i64) -> Outcome<PathwayView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    view(recovery::pathway(&mut look, by.org, code, version).await?.ok_or_else(|| No::Absent("pathway".into()))?)
}
