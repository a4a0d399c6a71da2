//! Asking for the job when its time has come: a lost answer, a status, a limit that begins anew.
use crate::core::vault::{hex, random_bytes};
use crate::delivery::may_write_outside;
use crate::jobs::ask::{AddJob, add_job};
use crate::{Actor, Channel, Desk, Outcome};
use sundry_domain::ids::OrgId;
use sundry_store::control;
use sundry_store::delivery::notify::notify_setting;
use sundry_store::delivery::notify_queue::anything_due;

/// Two requests within so many seconds are one job.
const SLOT: i64 = 300;

/// Asks for a job for each organisation in which something is due; how many were asked for.
///
/// # Errors
/// Only when the database cannot be asked.
pub async fn ask_for_due_notify(desk: &Desk) -> Outcome<usize> {
    if may_write_outside(desk).is_err() {
        return Ok(0);
    }
    let organisations = control::organisations(&mut desk.look().await?).await?;
    let now = desk.clock().now();
    let mut asked = 0;
    for one in organisations {
        let org = OrgId(one.id);
        let mut look = desk.look().await?;
        let Some(row) = notify_setting(&mut look, org).await? else { continue };
        let due = anything_due(&mut look, org, now).await?;
        drop(look);
        let over = [row.email_held_until, row.letter_held_until].into_iter().flatten().any(|until| until <= now);
        if !due && !over {
            continue;
        }
        let by = Actor { channel: Channel::Job, ..Actor::operator(org, "Operator") };
        let dedupe_key = format!("notify/{}/{}", now.timestamp() / SLOT, if over { "all" } else { "begun" });
        // What a limit stopped was begun by a person, and goes on; nothing else begins by itself.
        let request = serde_json::json!({ "begun_only": !over });
        let key = format!("notify/{}", hex(&random_bytes::<16>()));
        let ask = AddJob { key, kind: "send_by_notify".into(), dedupe_key, request };
        asked += usize::from(!add_job(desk, &by, ask).await?.was_there);
    }
    Ok(asked)
}
