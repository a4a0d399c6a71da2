//! What a person does to a mandate: sign, cancel, stop, let go on.
use super::common::{find_mandate, of_mandate, save, state_of, step, unseal};
use super::set_up::lodge_later;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::MandateEvent;
use sundry_domain::cash::direct_debit::refusals::CLAIM_OPEN;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::mandates::MandateRow;
use sundry_store::{collections, mandates};

/// Acts on a mandate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MandateAct {
    /// Idempotency key.
    pub key: String,
    /// Mandate's reference.
    pub reference: String,
    /// sign, cancel, suspend or resume.
    pub act: String,
    /// The day the form was signed.
    #[serde(default)]
    pub signed_on: Option<NaiveDate>,
    /// Why; for a signature, where the form is kept.
    pub words: String,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MandateActed {
    /// Reference.
    pub reference: String,
    /// Its state.
    pub state: String,
}

/// Signs, cancels, stops a mandate or lets it go on.
///
/// # Errors
/// Duty; fields; absent; `DD-01-STATE`; `DD-05-CLAIM-OPEN` for going on while a claim waits.
pub async fn act_on_mandate(desk: &Desk, by: &Actor, ask: MandateAct) -> Outcome<MandateActed> {
    by.must_hold(Duty::ChangeBankDetails)?;
    refuse_cards(&[("words", &ask.words)])?;
    let event = match ask.act.as_str() {
        "sign" => MandateEvent::Sign,
        "cancel" => MandateEvent::Cancel,
        "suspend" => MandateEvent::Suspend,
        "resume" => MandateEvent::Resume,
        other => return Err(Invalid::field("act", "Choose sign, cancel, suspend or resume", other).into()),
    };
    let mut wrong = Vec::new();
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter why; for a signature, where the form is kept", &ask.words));
    }
    let signed_on = ask.signed_on.filter(|day| *day <= desk.today());
    if event == MandateEvent::Sign && signed_on.is_none() {
        let typed = ask.signed_on.map(|day| day.to_string()).unwrap_or_default();
        wrong.push(Invalid::field("signed_on", "Enter the day the form was signed, up to today", typed));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "act_on_mandate", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut mandate = find_mandate(&mut cmd.tx, org, &ask.reference).await?;
        if event == MandateEvent::Resume && mandate.claim_open {
            return Err(CLAIM_OPEN.because(format!("A claim under {} waits", mandate.reference)).into());
        }
        let details = unseal(cmd.desk.vault(), org, &of_mandate(mandate.id), &mandate.sealed)?;
        if event == MandateEvent::Cancel {
            cancel(cmd, &mut mandate, ask.words.trim()).await?;
            return Ok(MandateActed { reference: mandate.reference, state: mandate.state });
        }
        step(cmd, &mut mandate, event, ask.words.trim()).await?;
        if event == MandateEvent::Sign {
            mandate.signed_on = signed_on;
            mandate.evidence = ask.words.trim().to_owned();
            save(cmd, &mut mandate).await?;
            lodge_later(cmd, &mandate, "0N", &details).await?;
        }
        Ok(MandateActed { reference: mandate.reference, state: mandate.state })
    })
}

/// Cancels a mandate: nothing that was notified is taken, and the bank is told.
async fn cancel(cmd: &mut Command, mandate: &mut MandateRow, words: &str) -> Outcome<()> {
    let org = cmd.by.org;
    let details = unseal(cmd.desk.vault(), org, &of_mandate(mandate.id), &mandate.sealed)?;
    let told_bank = mandate.lodged_on.is_some();
    step(cmd, mandate, MandateEvent::Cancel, words).await?;
    mandates::withdraw_waiting_instructions(&mut cmd.tx, org, mandate.id).await?;
    collections::withdraw_noticed(&mut cmd.tx, org, mandate.id, words).await?;
    if told_bank {
        lodge_later(cmd, mandate, "0C", &details).await?;
    }
    Ok(())
}

/// Cancels every mandate of a customer that can still be cancelled; their references.
pub(crate) async fn cancel_all(cmd: &mut Command, customer: i64, words: &str) -> Outcome<Vec<String>> {
    let mut cancelled = Vec::new();
    for mut mandate in mandates::mandates_of(&mut cmd.tx, cmd.by.org, customer).await? {
        if state_of(&mandate)?.after(MandateEvent::Cancel).is_ok() {
            cancel(cmd, &mut mandate, words).await?;
            cancelled.push(mandate.reference);
        }
    }
    Ok(cancelled)
}
