//! An uplift asked for, with the rates it changes; someone else says yes or no.
use super::preview::{UpliftAsk, work_out};
use crate::approvals::{AskForApproval, UPLIFT, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::contracts::refusals::{NO_UPLIFT, UPLIFT_CHANGED, UPLIFT_STATE};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::{counted, written};
use sundry_store::contracts::{self as rows, UpliftLineRow, UpliftRow};
use sundry_store::control::ApprovalRow;

/// Asks for an uplift.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProposeUplift {
    /// Idempotency key.
    pub key: String,
    /// Which rates, from when, by how much.
    pub uplift: UpliftAsk,
    /// The decision behind it.
    pub reason: String,
    /// What a year comes to with the new rates, as the preview said; refused when it is something else now.
    #[serde(default)]
    pub seen_pence: Option<i64>,
}

/// An uplift that waits for someone else's yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftProposed {
    /// Its number.
    pub number: String,
    /// The approval it waits for.
    pub approval: String,
    /// Rates it changes.
    pub rates: i64,
}

/// An uplift with its rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftShown {
    /// The uplift.
    pub uplift: UpliftRow,
    /// Its rates, at most 500.
    pub lines: Vec<UpliftLineRow>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    id: i64,
    number: String,
    from_on: chrono::NaiveDate,
    by: String,
    reason: String,
    rates: i64,
    before_pence: i64,
    after_pence: i64,
}

/// Asks for an uplift with the rates as they stand now.
///
/// # Errors
/// `BIL-04-NOTHING` where no rate would change; `BIL-04-CHANGED` where the book is not what was previewed.
pub async fn propose_uplift(desk: &Desk, by: &Actor, ask: ProposeUplift) -> Outcome<UpliftProposed> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("reason", &ask.reason)])?;
    if ask.reason.trim().is_empty() || ask.reason.chars().count() > 200 {
        return Err(
            Invalid::field("reason", "Enter the decision behind it, in at most 200 characters", &ask.reason).into()
        );
    }
    command!(desk, by, "propose_uplift", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let (preview, changes) = work_out(&mut cmd.tx, org, today, &ask.uplift).await?;
        if changes.is_empty() {
            return Err(NO_UPLIFT.because("No rate would change").into());
        }
        if let Some(seen) = ask.seen_pence.filter(|seen| *seen != preview.after_pence) {
            let (now, seen) = (Pence(preview.after_pence), Pence(seen));
            return Err(UPLIFT_CHANGED.because(format!("A year comes to {now} now, not {seen}")).into());
        }
        let (id, number) = (cmd.id::<i64>(), format!("UPL-{:06}", cmd.next_number("UPL").await?));
        let payload = Payload {
            id,
            number: number.clone(),
            from_on: ask.uplift.from_on,
            by: preview.by_words.clone(),
            reason: ask.reason.trim().into(),
            rates: preview.rates,
            before_pence: preview.before_pence,
            after_pence: preview.after_pence,
        };
        let more = Pence(preview.after_pence - preview.before_pence);
        let summary = format!(
            "{} of {} from {}: {}, {more} a year",
            preview.by_words,
            counted(preview.rates, "rate"),
            written(ask.uplift.from_on),
            counted(preview.charges, "charge")
        );
        let wanted = AskForApproval {
            command: UPLIFT,
            subject: format!("uplift {number}"),
            summary,
            payload: serde_json::to_value(payload)?,
            amount: Pence(more.0.abs()),
        };
        let approval = ask_for_approval(cmd, wanted).await?;
        let row = UpliftRow {
            id,
            number: number.clone(),
            from_on: ask.uplift.from_on,
            card_code: ask.uplift.card.trim().to_uppercase(),
            service_code: ask.uplift.service.trim().into(),
            funder: ask.uplift.funder.trim().into(),
            by_words: preview.by_words,
            why: ask.reason.trim().into(),
            state: "asked".into(),
            rates_count: preview.rates,
            done_count: 0,
            left_count: 0,
            charges_count: preview.charges,
            before_pence: preview.before_pence,
            after_pence: preview.after_pence,
            approval: approval.clone(),
            applied_by: cmd.by.user.0,
            applied_by_name: cmd.by.name.clone(),
            applied_on: cmd.today,
            recorded_at: cmd.at,
            version: 1,
        };
        let line = |(seq, one): (i64, super::preview::Change)| UpliftLineRow {
            uplift_id: id,
            seq,
            card_id: one.card_id,
            service_code: one.service_code,
            contract_id: one.contract_id,
            line: one.line,
            old_e4: one.old_e4,
            new_e4: one.new_e4,
            state: "waiting".into(),
        };
        rows::add_uplift(&mut cmd.tx, org, row, (1..).zip(changes).map(line).collect()).await?;
        cmd.tell("UpliftAsked", format!("uplift {number}"), &ask);
        Ok(UpliftProposed { number, approval, rates: preview.rates })
    })
}

async fn asked(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<UpliftRow> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let row = rows::uplift_numbered(&mut cmd.tx, cmd.by.org, &payload.number).await?;
    let row = row.filter(|row| row.state == "asked" && row.approval == approval.number);
    row.ok_or_else(|| UPLIFT_STATE.because(format!("{} does not wait any more", payload.number)).into())
}

async fn turn(cmd: &mut Command, approval: &ApprovalRow, state: &str) -> Outcome<String> {
    let row = asked(cmd, approval).await?;
    let number = row.number.clone();
    rows::save_uplift(&mut cmd.tx, cmd.by.org, &UpliftRow { state: state.into(), ..row }).await?;
    Ok(number)
}

/// Someone said yes: the uplift may be applied.
pub(crate) async fn uplift_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    turn(cmd, approval, "approved").await
}

/// Someone said no.
pub(crate) async fn uplift_refused(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<()> {
    turn(cmd, approval, "refused").await.map(drop)
}

/// Uplifts, newest first, at most 200.
pub async fn uplifts(desk: &Desk, by: &Actor) -> Outcome<Vec<UpliftRow>> {
    by.must_hold(Duty::View)?;
    Ok(rows::uplifts(&mut desk.look().await?, by.org, 200).await?)
}

/// An uplift as it stands, with its first 500 rates.
///
/// # Errors
/// Absent when there is no such uplift here.
pub async fn uplift(desk: &Desk, by: &Actor, number: &str) -> Outcome<UpliftShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = rows::uplift_numbered(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("uplift {}", number.trim())))?;
    let lines = rows::uplift_lines(&mut look, by.org, (row.id, ""), (0, 500)).await?;
    Ok(UpliftShown { uplift: row, lines })
}
