//! A draft goes to someone else; their yes makes it the next version, live from a day.
use super::LETTER_TEMPLATE;
use super::check::{checks_of, in_the_way, still_right};
use super::show::{read, versions_of};
use crate::approvals::{AskForApproval, ask_for_approval};
use crate::core::command::Command;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::delivery::refusals::{DRAFT_SAME, DRAFT_STATE, TEMPLATE_FAULTS};
use sundry_domain::delivery::template::live_from;
use sundry_domain::money::Pence;
use sundry_paper::editor::differences;
use sundry_store::control::ApprovalRow;
use sundry_store::delivery::templates::{self as rows, DraftMove, DraftRow};
use sundry_store::delivery::{TemplateRow, add_templates};

/// Sends the draft of a letter for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskForDraft {
    /// Idempotency key.
    pub key: String,
    /// The letter.
    pub code: String,
    /// What was read of the draft.
    pub changes: i64,
    /// First day; today where not said.
    pub live_from: Option<NaiveDate>,
}

/// The approval that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskedForDraft {
    /// The letter.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// From when it would be live.
    pub live_from: NaiveDate,
    /// Number of the approval.
    pub approval: String,
}

/// Asks for a yes to a draft that passes its checks.
///
/// # Errors
/// Duty; absent when there is no draft; `DLV-DRAFT-STATE` when it changed or waits already; `DLV-DRAFT-SAME`;
/// `DLV-TEMPLATE-FAULTS`; a date that is past or before the version it follows.
pub async fn ask_for_draft(desk: &Desk, by: &Actor, ask: AskForDraft) -> Outcome<AskedForDraft> {
    by.must_hold(Duty::ManageSettings)?;
    let mut look = desk.look().await?;
    let standing = rows::draft(&mut look, by.org, &ask.code).await?;
    if standing.as_ref().is_some_and(|row| row.state == "draft" && row.changes == ask.changes) {
        // Set for every sample outside the transaction; the count of changes binds what was set to what is asked.
        let checks = checks_of(&mut look, by.org, &ask.code).await?;
        let same = checks.iter().any(|one| one.verdict == "fix" && one.words.starts_with("The draft says"));
        if same {
            return Err(DRAFT_SAME.because("The draft says what the letter in use says").into());
        }
        if let Some(why) = in_the_way(&checks) {
            return Err(TEMPLATE_FAULTS.because(why).into());
        }
    }
    drop(look);
    command!(desk, by, "ask_for_letter_draft", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = rows::draft(&mut cmd.tx, org, &ask.code).await?;
        let row = row.ok_or_else(|| No::Absent(format!("draft of letter {}", ask.code)))?;
        if row.state != "draft" || row.changes != ask.changes {
            let words =
                if row.state == "asked" { "The draft waits for a yes already" } else { "The draft changed meanwhile" };
            return Err(DRAFT_STATE.because(words).into());
        }
        let versions = versions_of(&mut cmd.tx, org, &ask.code).await?;
        let day = live_from(ask.live_from.unwrap_or(cmd.today), cmd.today, versions[0].live_from)?;
        let (before, after) = (read(&versions[0].body)?, read(&row.body)?);
        let places: Vec<String> = differences(&before, &after).into_iter().map(|one| one.place).collect();
        let payload = serde_json::json!({
            "letter": row.code,
            "version": row.version,
            "live_from": day,
            "title": after.title_en,
            "changes": places.join("; "),
            "draft_id": row.id,
            "content_hash": row.content_hash,
        });
        let asked = AskForApproval {
            command: LETTER_TEMPLATE,
            subject: format!("template {}", row.code),
            summary: format!("Letter {}, version {}, live from {}", row.code, row.version, day.format("%-d %B %Y")),
            payload,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, asked).await?;
        let to = DraftMove { from: "draft", to: "asked", live_from: Some(day), approval: &approval, turned_down: "" };
        if !rows::move_draft(&mut cmd.tx, org, row.id, to).await? {
            return Err(DRAFT_STATE.because("The draft changed meanwhile").into());
        }
        cmd.tell("LetterDraftAsked", format!("template {}", row.code), serde_json::json!({ "approval": approval }));
        Ok(AskedForDraft { code: row.code, version: row.version, live_from: day, approval })
    })
}

/// The draft that an approval is about, if it still waits under it.
async fn draft_of(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<Option<DraftRow>> {
    let code = approval.payload["letter"].as_str().unwrap_or_default().to_owned();
    let row = rows::draft(&mut cmd.tx, cmd.by.org, &code).await?;
    Ok(row.filter(|row| row.state == "asked" && row.approval == approval.number))
}

/// Makes the draft the next version; letters written from its day on are written from it.
pub(crate) async fn go_live(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let org = cmd.by.org;
    let row = draft_of(cmd, approval).await?;
    let row = row.ok_or_else(|| DRAFT_STATE.because("The draft was taken back, or changed, since it was asked for"))?;
    if approval.payload["content_hash"].as_str() != Some(row.content_hash.as_str()) {
        return Err(Fault::new(format!("the draft of {} is not what was asked for", row.code)).into());
    }
    still_right(&mut cmd.tx, org, &row.code, &read(&row.body)?).await?;
    // A yes that comes after the day asked for cannot make letters of the past.
    let day = row.live_from.map_or(cmd.today, |day| day.max(cmd.today));
    let version = TemplateRow {
        code: row.code.clone(),
        version: row.version,
        state: "live".into(),
        body: row.body.clone(),
        content_hash: row.content_hash.clone(),
        approved_by: cmd.by.name.clone(),
    };
    add_templates(&mut cmd.tx, org, vec![version], cmd.at).await?;
    let to =
        DraftMove { from: "asked", to: "approved", live_from: Some(day), approval: &approval.number, turned_down: "" };
    if !rows::move_draft(&mut cmd.tx, org, row.id, to).await? {
        return Err(DRAFT_STATE.because("The draft changed meanwhile").into());
    }
    let detail = serde_json::json!({ "version": row.version, "live_from": day, "content_hash": row.content_hash });
    cmd.tell("LetterApproved", format!("template {}", row.code), detail);
    Ok(format!("version {} of {}", row.version, row.code))
}

/// A no gives the draft back to whoever edits it, with the reason.
pub(crate) async fn turn_down_draft(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let Some(row) = draft_of(cmd, approval).await? else { return Ok(()) };
    let to = DraftMove { from: "asked", to: "draft", live_from: None, approval: "", turned_down: reason.trim() };
    rows::move_draft(&mut cmd.tx, cmd.by.org, row.id, to).await?;
    Ok(())
}
