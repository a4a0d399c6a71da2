//! New bank details: asked by one, approved by another, then 0C on the old and 0N on the new (DD-02).
use super::MANDATE_BANK;
use super::bank_check::must_be_possible;
use super::common::{Details, find_mandate, of_mandate, save, seal, state_of, step, unseal};
use super::set_up::lodge_later;
use crate::approvals::{AskForApproval, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::MandateEvent;
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::collections;
use sundry_store::control::ApprovalRow;

/// Asks for new bank details.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeMandateBank {
    /// Idempotency key.
    pub key: String,
    /// Mandate's reference.
    pub reference: String,
    /// New sort code.
    pub sort_code: String,
    /// New account number.
    pub account: String,
    /// How we know: the call back, and to which number.
    pub evidence: String,
}

/// It waits for a yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankChangeAsked {
    /// Reference.
    pub reference: String,
    /// Number of the approval.
    pub approval: String,
    /// The new account, as far as people see it.
    pub account_ending: String,
}

/// Asks for new bank details of a mandate; a second person confirms them (CTL-01).
///
/// # Errors
/// Duty; fields; absent; `DD-12-…`; `DD-01-STATE`.
pub async fn change_mandate_bank(desk: &Desk, by: &Actor, ask: ChangeMandateBank) -> Outcome<BankChangeAsked> {
    by.must_hold(Duty::ChangeBankDetails)?;
    refuse_card_number("evidence", &ask.evidence)?;
    if ask.evidence.trim().is_empty() {
        let message = "Enter how you know: whom you called back, on which number";
        return Err(Invalid::field("evidence", message, &ask.evidence).into());
    }
    let print = desk.vault().bank_print(by.org.0, &ask.sort_code, &ask.account).unwrap_or_default();
    command!(desk, by, "change_mandate_bank", &ask.key, &(&ask.reference, &print, &ask.evidence), |cmd| {
        let org = cmd.by.org;
        let mandate = find_mandate(&mut cmd.tx, org, &ask.reference).await?;
        state_of(&mandate)?.after(MandateEvent::ChangeBank)?;
        let (details, modulus) = must_be_possible(&mut cmd.tx, org, cmd.today, &ask.sort_code, &ask.account).await?;
        let approval = ask_for_approval(
            cmd,
            AskForApproval {
                command: MANDATE_BANK,
                subject: format!("mandate {}", mandate.reference),
                summary: format!(
                    "Change the bank account of {} ({}) from ending {} to ending {}",
                    mandate.reference,
                    mandate.payer_name,
                    mandate.shown,
                    details.shown()
                ),
                payload: serde_json::json!({
                    "reference": mandate.reference,
                    "sealed": seal(cmd.desk.vault(), org, &of_mandate(mandate.id), &details)?,
                    "print": print,
                    "modulus": modulus,
                    "evidence": ask.evidence.trim(),
                }),
                amount: Pence::ZERO,
            },
        )
        .await?;
        let detail = serde_json::json!({ "approval": approval, "account_ending": details.shown() });
        cmd.tell("MandateBankAsked", format!("mandate {}", mandate.reference), detail);
        Ok(BankChangeAsked { reference: mandate.reference, approval, account_ending: details.shown() })
    })
}

/// Carries the yes out.
pub(crate) async fn carry_out_change(cmd: &mut Command, row: &ApprovalRow) -> Outcome<String> {
    let org = cmd.by.org;
    let text = |name: &str| row.payload.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let mut mandate = find_mandate(&mut cmd.tx, org, &text("reference")).await?;
    let new: Details = unseal(cmd.desk.vault(), org, &of_mandate(mandate.id), &text("sealed"))?;
    let old: Details = unseal(cmd.desk.vault(), org, &of_mandate(mandate.id), &mandate.sealed)?;
    if text("print").is_empty() {
        return Err(Fault::new("an approval of bank details without a fingerprint").into());
    }
    // What the old account was told stays true until the 0C is there.
    if mandate.lodged_on.is_some() {
        lodge_later(cmd, &mandate, "0C", &old).await?;
    }
    mandate.sealed = seal(cmd.desk.vault(), org, &of_mandate(mandate.id), &new)?;
    (mandate.print, mandate.shown, mandate.modulus) = (text("print"), new.shown(), text("modulus"));
    save(cmd, &mut mandate).await?;
    step(cmd, &mut mandate, MandateEvent::ChangeBank, "Bank details changed: 0C on the old, 0N on the new").await?;
    lodge_later(cmd, &mandate, "0N", &new).await?;
    collections::withdraw_noticed(&mut cmd.tx, org, mandate.id, "The bank account has changed").await?;
    Ok(mandate.reference)
}
