//! A merge is undone (CUS-06): asked by one person with a reason, decided by another, done in one transaction.
//!
//! What the merge moved goes back with what is open of it now; what arose since stays with the account that took it in,
//! but for the money, queries, holds and steps of a debt that goes back.
use super::merge::{account, by_id, carry_balance, leave_a_note, side};
use super::refuse_cards;
use crate::approvals::{AskForApproval, UNDO_MERGE, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::refusals::{CHANGED, MERGE_WAITS, NOT_MERGED};
use sundry_domain::customers::{MergeTies, forbids_undoing, normalise_reference};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::control::ApprovalRow;
use sundry_store::customers::unmerge::{self, MadeMerge};
use sundry_store::customers::{self, CustomerRow};
use sundry_store::ledger::{ItemRow, open_items_of};

/// Asks for a merge to be undone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UndoMerge {
    /// Idempotency key.
    pub key: String,
    /// Number of the account that was merged.
    pub gone: String,
    /// Why they are two customers after all.
    pub reason: String,
}

/// It waits for somebody else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndoAsked {
    /// Number of the account that stays.
    pub stays: String,
    /// Number of the account that lives again.
    pub gone: String,
    /// Number of the approval.
    pub approval: String,
}

/// An account that was merged into another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergedAccount {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// How we knew that both were one.
    pub evidence: String,
    /// When it was merged.
    pub merged_on: Option<NaiveDate>,
    /// The approval under which its undoing waits; empty where none does.
    pub undo_waits: String,
}

/// The accounts that were merged into one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergedAccounts {
    /// Number of the account that stays.
    pub stays: String,
    /// Those merged into it, newest first.
    pub merged: Vec<MergedAccount>,
}

/// The accounts that were merged into the one with a number, or into the one that this number leads to.
///
/// # Errors
/// Duty; an account that is not there.
pub async fn merged_accounts(desk: &Desk, by: &Actor, number: &str) -> Outcome<MergedAccounts> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let stays = super::find(&mut look, by.org, number).await?;
    let made = unmerge::made_merges(&mut look, by.org, CustomerId(stays.id)).await?;
    let shown = |one: MadeMerge| MergedAccount {
        number: one.number,
        name: one.name,
        evidence: one.evidence,
        merged_on: one.decided_on,
        undo_waits: one.undo_approval.unwrap_or_default(),
    };
    Ok(MergedAccounts { stays: stays.number, merged: made.into_iter().map(shown).collect() })
}

/// Asks for a merge to be undone; it is done once somebody else has said yes.
///
/// # Errors
/// Duty; no reason; an account that is not there; `CUS-06-NOT-MERGED`, `CUS-06-LATER`, `CUS-06-JOINED`, and what is
/// under way on the account that stays.
pub async fn undo_merge(desk: &Desk, by: &Actor, ask: UndoMerge) -> Outcome<UndoAsked> {
    by.must_hold(Duty::ManageCustomers)?;
    let reason = ask.reason.trim();
    if reason.is_empty() || reason.chars().count() > 1_000 {
        let message = "Enter why they are two customers after all, in at most 1,000 letters";
        return Err(Invalid::field("reason", message, &ask.reason).into());
    }
    refuse_cards(&[("gone", &ask.gone), ("reason", &ask.reason)])?;
    command!(desk, by, "undo_merge", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let gone = account(&mut cmd.tx, org, &ask.gone).await?;
        let made = unmerge::made_merges(&mut cmd.tx, org, CustomerId(gone.id)).await?;
        let Some(made) = made.into_iter().find(|one| one.customer_id == gone.id) else {
            return Err(NOT_MERGED.because(format!("{} is merged into no other account", gone.number)).into());
        };
        if let Some(approval) = &made.undo_approval {
            let sentence = format!("The undoing of the merge of {} waits already ({approval})", gone.number);
            return Err(MERGE_WAITS.because(sentence).into());
        }
        let stays = by_id(&mut cmd.tx, org, made.survivor_id).await?;
        refuse(&mut cmd.tx, org, today, &stays, &made).await?;
        let approval = ask_for_yes(cmd, &stays, &made, ask.reason.trim()).await?;
        Ok(UndoAsked { stays: stays.number, gone: gone.number, approval })
    })
}

async fn ask_for_yes(cmd: &mut Command, stays: &CustomerRow, made: &MadeMerge, reason: &str) -> Outcome<String> {
    let summary = format!(
        "Undo the merge of {} ({}) into {} ({}). Why they are two customers after all: {reason}.",
        made.number, made.name, stays.number, stays.name
    );
    let payload = serde_json::json!({ "stays": stays.number, "gone": made.number, "reason": reason });
    let ask = AskForApproval {
        command: UNDO_MERGE,
        subject: format!("customer {}", stays.number),
        summary,
        payload: payload.clone(),
        amount: Pence::ZERO,
    };
    let approval = ask_for_approval(cmd, ask).await?;
    let org = cmd.by.org;
    if !unmerge::ask_undo(&mut cmd.tx, org, made.id, &approval, reason).await? {
        return Err(Fault::new("a merge that was made is not there to undo").into());
    }
    cmd.tell("UndoMergeAsked", format!("customer {}", made.number), &payload);
    Ok(approval)
}

/// Carries the yes out; gives the number of the account that lives again.
///
/// # Errors
/// Whatever forbids it today; `CUS-CHANGED`; a period that is closed.
pub(crate) async fn undo_approved(cmd: &mut Command, row: &ApprovalRow) -> Outcome<String> {
    let (org, today) = (cmd.by.org, cmd.today);
    let made = unmerge::merge_to_undo(&mut cmd.tx, org, &row.number).await?;
    let made = made.ok_or_else(|| Fault::new(format!("{} undoes no merge", row.number)))?;
    let stays = by_id(&mut cmd.tx, org, made.survivor_id).await?;
    let gone = by_id(&mut cmd.tx, org, made.customer_id).await?;
    refuse(&mut cmd.tx, org, today, &stays, &made).await?;
    let (from, to) = (CustomerId(stays.id), CustomerId(gone.id));
    unmerge::keep_what_follows(&mut cmd.tx, org, made.id, from).await?;
    let going = unmerge::items_that_go_back(&mut cmd.tx, org, made.id).await?;
    let open: Vec<ItemRow> = open_items_of(&mut cmd.tx, org, from).await?;
    let items = open.into_iter().filter(|item| going.contains(&item.id)).collect();
    carry_balance(cmd, "AccountMergeUndone", (&stays, &gone), items).await?;
    let undoing: i64 = cmd.id();
    unmerge::keep_where_items_stand(&mut cmd.tx, org, made.id, undoing, from, today).await?;
    unmerge::put_back(&mut cmd.tx, org, made.id, from, to).await?;
    unmerge::drop_old_number(&mut cmd.tx, org, from, &normalise_reference(&gone.number)).await?;
    take_back_filled(cmd, made.id, &stays, &gone).await?;
    unmerge::mark_undone(&mut cmd.tx, org, made.id, today).await?;
    let reason = made.undo_reason.unwrap_or_default();
    leave_a_note(cmd, from, format!("{} ({}) is an account of its own again: {reason}", gone.number, gone.name))
        .await?;
    leave_a_note(cmd, to, format!("The merge into {} was undone: {reason}", stays.number)).await?;
    let detail =
        serde_json::json!({ "stays": stays.number, "gone": gone.number, "reason": reason, "approval": row.number });
    cmd.tell("MergeUndone", format!("customer {}", gone.number), &detail);
    cmd.tell("MergeUndone", format!("customer {}", stays.number), &detail);
    Ok(gone.number)
}

/// Ends the wait with the no: the merge stands.
pub(crate) async fn undo_refused(cmd: &mut Command, row: &ApprovalRow) -> Outcome<()> {
    let org = cmd.by.org;
    Ok(unmerge::drop_undo(&mut cmd.tx, org, &row.number).await?)
}

async fn refuse(tx: &mut Tx, org: OrgId, today: NaiveDate, stays: &CustomerRow, made: &MadeMerge) -> Outcome<()> {
    let survivor = CustomerId(stays.id);
    let merges = unmerge::made_merges(tx, org, survivor).await?;
    let mut later = merges.into_iter().find(|one| one.id > made.id).map(|one| one.number);
    if made.survivor_id != made.into_id && later.is_none() {
        later = Some(by_id(tx, org, made.into_id).await?.number);
    }
    let money = unmerge::money_on_both(tx, org, made.id, survivor).await?;
    let plan = unmerge::plan_on_both(tx, org, made.id).await?;
    let stands = side(tx, org, today, stays, "").await?;
    match forbids_undoing(&stands, &MergeTies { later, money, plan }).into_iter().next() {
        Some(no) => Err(no.into()),
        None => Ok(()),
    }
}

/// Empties what the merge filled in on the account that stays, where nobody has changed it since.
async fn take_back_filled(cmd: &mut Command, merge: i64, stays: &CustomerRow, gone: &CustomerRow) -> Outcome<()> {
    let org = cmd.by.org;
    let fields = unmerge::filled(&mut cmd.tx, org, merge).await?;
    if fields.is_empty() {
        return Ok(());
    }
    let mut row = stays.clone();
    for field in &fields {
        empty(&mut row, gone, field);
    }
    if !customers::change_customer(&mut cmd.tx, org, &row).await? {
        return Err(CHANGED.because(format!("{} was changed a moment ago", stays.number)).into());
    }
    Ok(())
}

fn empty(row: &mut CustomerRow, gone: &CustomerRow, field: &str) {
    match field {
        "email" if row.email == gone.email => {
            row.email.clear();
            row.channel = "post".into();
        }
        "phone" if row.phone == gone.phone => row.phone.clear(),
        "collector" if row.collector == gone.collector => row.collector.clear(),
        "letter_format" if row.letter_format == gone.letter_format => row.letter_format = "standard".into(),
        "address" if row.address1 == gone.address1 && row.postcode == gone.postcode => {
            row.address1.clear();
            row.address2.clear();
            row.town.clear();
            row.postcode.clear();
        }
        _ => {}
    }
}
