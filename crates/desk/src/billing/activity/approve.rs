//! Letting a line through: by one person up to the organisation's limit, above it with someone else's yes.
use super::judge::Judge;
use super::resolve::{keep, told, worth};
use crate::core::command::Command;
use crate::{Fault, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::activity::Told;
use sundry_domain::billing::activity::refusals::{LINE_CHANGED, NO_OVERRIDE};
use sundry_domain::money::Pence;
use sundry_store::activity::{ActivityRow, activity_numbered};
use sundry_store::control::{ApprovalRow, organisation};

/// What an approval of a line keeps.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) id: i64,
    pub(super) number: String,
    pub(super) reason: String,
}

/// Up to what one person lets a line through: setting `activity_override_pence`.
pub(super) async fn limit(cmd: &mut Command) -> Outcome<Pence> {
    let row = organisation(&mut cmd.tx, cmd.by.org).await?;
    let set = row.and_then(|row| row.settings["activity_override_pence"].as_i64());
    Ok(Pence(set.unwrap_or(50_000)))
}

/// Places a line on the contract it fits and gives what it comes to; refused where more than a person's word is missing.
pub(super) async fn let_through(cmd: &mut Command, row: &mut ActivityRow, at_told_rate: bool) -> Outcome<Pence> {
    let told = Told { waived: true, ..told(cmd, row).await? };
    let org = cmd.by.org;
    let judge = Judge::of(&mut cmd.tx, org, &[&told]).await?;
    let fit = judge.hold(&told).map_err(|held| NO_OVERRIDE.because(format!("{}: {}", row.number, held.sentence)))?;
    (row.contract_id, row.line) = (Some(fit.contract), Some(fit.line));
    row.rate_e4 = row.rate_told_e4.filter(|_| at_told_rate);
    let loaded = judge.contract_with(fit.contract).ok_or_else(|| Fault::new("a contract was not read"))?;
    worth(loaded, row)
}

async fn asked(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<ActivityRow> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let row = activity_numbered(&mut cmd.tx, cmd.by.org, &payload.number).await?;
    let row = row.filter(|row| row.id == payload.id && row.state == "asked" && row.approval == approval.number);
    row.ok_or_else(|| LINE_CHANGED.because(format!("{} was changed meanwhile", payload.number)).into())
}

/// Someone said yes: the line is accepted, if its contract still covers it and it comes to the same.
pub(crate) async fn override_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let mut row = asked(cmd, approval).await?;
    let at_told_rate = row.rate_e4.is_some();
    let worth = let_through(cmd, &mut row, at_told_rate).await?;
    if worth.0 != row.worth_pence {
        let sentence = format!("{} comes to {worth} now, not {}", row.number, Pence(row.worth_pence));
        return Err(LINE_CHANGED.because(sentence).into());
    }
    (row.state, row.due_on) = ("accepted".into(), None);
    keep(cmd, &row).await?;
    Ok(row.number)
}

/// Someone said no: the line is an exception again.
pub(crate) async fn override_refused(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let mut row = asked(cmd, approval).await?;
    (row.state, row.rate_e4, row.approval) = ("held".into(), None, String::new());
    row.why = format!("{} was refused: {}", approval.number, reason.trim());
    keep(cmd, &row).await?;
    Ok(())
}
