//! Asking for a look when its time has come, or when something waits to be opened there.
use crate::core::vault::{hex, random_bytes};
use crate::delivery::may_write_outside;
use crate::jobs::ask::{AddJob, add_job};
use crate::{Actor, Channel, Desk, Outcome};
use chrono::TimeDelta;
use sundry_domain::ids::OrgId;
use sundry_store::control;
use sundry_store::queries::servicenow::anything_to_send;
use sundry_store::queries::servicenow_setting::setting;

/// Two requests within so many seconds are one job.
const SLOT: i64 = 60;

/// Asks for a job for each organisation whose time has come; how many were asked for.
///
/// # Errors
/// Only when the database cannot be asked.
pub async fn ask_for_due_servicenow(desk: &Desk) -> Outcome<usize> {
    if may_write_outside(desk).is_err() {
        return Ok(0);
    }
    let organisations = control::organisations(&mut desk.look().await?).await?;
    let now = desk.clock().now();
    let mut asked = 0;
    for one in organisations {
        let org = OrgId(one.id);
        let mut look = desk.look().await?;
        let Some(row) = setting(&mut look, org).await? else { continue };
        if !row.in_use || !row.stopped.is_empty() || row.held_until.is_some_and(|until| until > now) {
            continue;
        }
        let due = row.looked_at.is_none_or(|at| now - at >= TimeDelta::minutes(row.every_minutes));
        if !due && !anything_to_send(&mut look, org).await? {
            continue;
        }
        drop(look);
        let by = Actor { channel: Channel::Job, ..Actor::operator(org, "Operator") };
        let dedupe_key = format!("servicenow/{}/{}", row.version, now.timestamp() / SLOT);
        let key = format!("servicenow/{}", hex(&random_bytes::<16>()));
        let ask = AddJob { key, kind: "sync_servicenow".into(), dedupe_key, request: serde_json::json!({}) };
        asked += usize::from(!add_job(desk, &by, ask).await?.was_there);
    }
    Ok(asked)
}
