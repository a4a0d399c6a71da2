//! A found address becomes the customer's: asked for by one person with a call-back note, decided by another (CUS-17, CUS-18).
use super::settings;
use crate::approvals::{AskForApproval, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::{all_right, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::refusals::CHANGED;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::agency_refusals::{ADDRESS_DECIDED, NO_CALL_BACK};
use sundry_domain::recovery::tracing::{TraceResult, may_use};
use sundry_store::control::ApprovalRow;
use sundry_store::customers::{self, AddressRow};
use sundry_store::trace::{self as store, TraceAddressRow};

/// Found addresses, as kept in an approval.
pub(crate) const FOUND_ADDRESS: &str = "found_address";

/// Asks for a found address to be used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseFoundAddress {
    /// Idempotency key.
    pub key: String,
    /// Id of the found address.
    pub address: i64,
    /// How it was confirmed: with whom, on which number, when.
    pub call_back: String,
}

/// The address that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddressAsked {
    /// Number of the approval.
    pub approval: String,
    /// The customer.
    pub customer: String,
}

async fn of(cmd: &mut Command, id: i64) -> Outcome<TraceAddressRow> {
    store::address(&mut cmd.tx, cmd.by.org, id).await?.ok_or_else(|| No::Absent("found address".into()))
}

fn one_line(row: &TraceAddressRow) -> String {
    let parts = [&row.address1, &row.address2, &row.town, &row.postcode];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

/// Asks for a found address to be used: it must be proved and above the level.
///
/// # Errors
/// Duty; absent; `CUS-17-RESTRICTED`, `CUS-17-CONFIDENCE`, `CUS-17-CALL-BACK`, `CUS-17-DECIDED`.
pub async fn use_found_address(desk: &Desk, by: &Actor, ask: UseFoundAddress) -> Outcome<AddressAsked> {
    by.must_hold(Duty::WorkCases)?;
    all_right(words_wrong(&[("call_back", &ask.call_back)], 500))?;
    refuse_cards(&[("call_back", &ask.call_back)])?;
    command!(desk, by, "use_found_address", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = of(cmd, ask.address).await?;
        let level = settings(&mut cmd.tx, org).await?.level;
        let result = if row.proven { TraceResult::FoundProven } else { TraceResult::FoundUnproven };
        may_use(result, row.confidence_pct, level, row.restricted)?;
        if ask.call_back.trim().is_empty() {
            return Err(NO_CALL_BACK.because("Nobody has said how this address was confirmed").into());
        }
        let who = customers::customer(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
        let who = who.ok_or_else(|| No::Absent("customer".into()))?;
        let payload = serde_json::json!({
            "address": row.id,
            "customer": who.number,
            "version": who.version,
            "old": [who.address1, who.address2, who.town, who.postcode],
            "new": [row.address1, row.address2, row.town, row.postcode],
            "confidence_pct": row.confidence_pct,
            "call_back": ask.call_back.trim(),
        });
        let request = AskForApproval {
            command: FOUND_ADDRESS,
            subject: format!("customer {}", who.number),
            summary: format!("New address of {} {}: {}", who.number, who.name, one_line(&row)),
            payload,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, request).await?;
        (row.state, row.approval, row.call_back) = ("asked".into(), approval.clone(), ask.call_back.trim().into());
        if !store::move_address(&mut cmd.tx, org, &row, "candidate").await? {
            return Err(ADDRESS_DECIDED.because("This address was decided, or waits for a decision").into());
        }
        let told = serde_json::json!({ "approval": approval, "confidence": row.confidence_pct });
        cmd.tell("FoundAddressAsked", format!("customer {}", who.number), told);
        Ok(AddressAsked { approval, customer: who.number })
    })
}

fn named(approval: &ApprovalRow) -> i64 {
    approval.payload.get("address").and_then(serde_json::Value::as_i64).unwrap_or(0)
}

/// The yes: the address is the customer's from today; the old one stays in the history, and the post is tried again.
pub(crate) async fn put_address_in_use(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let (org, today, at) = (cmd.by.org, cmd.today, cmd.at);
    let mut row = of(cmd, named(approval)).await?;
    let customer = CustomerId(row.customer_id);
    let mut who =
        customers::customer(&mut cmd.tx, org, customer).await?.ok_or_else(|| No::Absent("customer".into()))?;
    let read = approval.payload.get("version").and_then(serde_json::Value::as_i64);
    if read != Some(who.version) {
        let sentence = format!("{} was changed since this was asked for", who.number);
        return Err(CHANGED.because(sentence).into());
    }
    (who.address1, who.address2) = (row.address1.clone(), row.address2.clone());
    (who.town, who.postcode) = (row.town.clone(), row.postcode.clone());
    if !customers::change_customer(&mut cmd.tx, org, &who).await? {
        return Err(CHANGED.because(format!("{} was changed meanwhile", who.number)).into());
    }
    let seq = customers::addresses_of(&mut cmd.tx, org, customer).await?.first().map_or(1, |newest| newest.seq + 1);
    let source = format!("traced, {} per cent sure, {}", row.confidence_pct, approval.number);
    let next = AddressRow { from_on: today, seq, address: one_line(&row), source, recorded_at: at };
    customers::add_addresses(&mut cmd.tx, org, vec![(customer, next)]).await?;
    for flag in customers::flags_of(&mut cmd.tx, org, customer).await? {
        if flag.kind == "gone_away" && flag.to_on.is_none_or(|last| last >= today) {
            customers::end_flag(&mut cmd.tx, org, flag.id, today.pred_opt().unwrap_or(today).max(flag.from_on)).await?;
        }
    }
    (row.state, row.used_on) = ("used".into(), Some(today));
    if !store::move_address(&mut cmd.tx, org, &row, "asked").await? {
        return Err(ADDRESS_DECIDED.because("This address was decided before").into());
    }
    let told = serde_json::json!({ "approval": approval.number, "address": row.id, "confidence": row.confidence_pct });
    cmd.tell("FoundAddressUsed", format!("customer {}", who.number), told);
    Ok(who.number)
}

/// The no.
pub(crate) async fn turn_address_down(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<()> {
    let mut row = of(cmd, named(approval)).await?;
    row.state = "turned_down".into();
    store::move_address(&mut cmd.tx, cmd.by.org, &row, "asked").await?;
    Ok(())
}
