//! What each item of a report does (DD-06). What cannot be placed for certain is held for a person, never guessed.
use super::common::{Details, changed, mandate_of, of_mandate, save, seal, site, state_of, step};
use super::give_back::{Back, give_back};
use super::letters::{CameBack, Payer, came_back};
use super::set_up::lodge_later;
use super::words::what_next;
use crate::Outcome;
use crate::core::command::Command;
use crate::plans::hold_for;
use sundry_domain::cash::direct_debit::{
    Action, ClaimReason, MandateEvent, MandateState, amended, challenge_by, instruction_returned, last_representation,
    unpaid,
};
use sundry_domain::customers::FlagKind;
use sundry_domain::money::Pence;
use sundry_formats::bacs::reports::{Bank, Item, ItemKind, Report};
use sundry_store::collections::{self, ClaimRow, CollectionRow, RunRow};
use sundry_store::customers::{self, FlagRow};
use sundry_store::mandates::{self, MandateRow};

/// What was done with an item.
#[derive(Default)]
pub(super) struct Applied {
    pub held: bool,
    pub outcome: String,
    pub mandate: Option<i64>,
    pub collection: Option<i64>,
}

fn held(why: impl Into<String>) -> Applied {
    Applied { held: true, outcome: why.into(), ..Applied::default() }
}

fn done(what: impl Into<String>) -> Applied {
    Applied { outcome: what.into(), ..Applied::default() }
}

impl Applied {
    fn on(mut self, mandate: &MandateRow) -> Self {
        self.mandate = Some(mandate.id);
        self
    }

    fn of(mut self, collection: &CollectionRow) -> Self {
        self.collection = Some(collection.id);
        self
    }
}

/// Applies one item.
pub(super) async fn apply(cmd: &mut Command, report: &Report, item: &Item) -> Outcome<Applied> {
    match item.kind {
        ItemKind::Lodged => lodged(cmd, item).await,
        ItemKind::NotLodged => Ok(held(format!("The bank rejected the file {}", item.serial.as_deref().unwrap_or("")))),
        ItemKind::Withdrawn => Ok(held("The submission was withdrawn: a person confirms, and collects again")),
        ItemKind::WrongAccount => Ok(held("A payee's account has moved: change it before the next refund")),
        ItemKind::CreditReturned => Ok(held("A refund came back")),
        ItemKind::Altered => Ok(held("The bank changed the item on arrival: look at what changed")),
        _ => {
            let org = cmd.by.org;
            let Some(mandate) = mandates::mandate_called(&mut cmd.tx, org, &item.reference).await? else {
                return Ok(held(format!("No mandate has the reference {}", item.reference)));
            };
            let on = mandate.id;
            let mut applied = match item.kind {
                ItemKind::Amended => amend(cmd, mandate, item).await?,
                ItemKind::InstructionReturned => returned(cmd, mandate, item).await?,
                ItemKind::Claim => claim(cmd, mandate, report, item).await?,
                ItemKind::ClaimWithdrawn => claim_withdrawn(cmd, mandate, item).await?,
                _ => not_paid(cmd, mandate, report, item).await?,
            };
            applied.mandate = Some(on);
            Ok(applied)
        }
    }
}

/// An AUDDIS file was accepted: the instructions of that serial are active.
async fn lodged(cmd: &mut Command, item: &Item) -> Outcome<Applied> {
    let org = cmd.by.org;
    let serial = item.serial.clone().unwrap_or_default();
    let Some(run) = collections::run_of_serial(&mut cmd.tx, org, &serial).await? else {
        return Ok(held(format!("No run has the serial {serial}")));
    };
    mandates::set_instructions_of_run(&mut cmd.tx, org, run.id, "written", "accepted").await?;
    let mut count = 0;
    for mut mandate in mandates::mandates_of_run(&mut cmd.tx, org, run.id).await? {
        if mandate.state == MandateState::Lodged.as_str() {
            step(cmd, &mut mandate, MandateEvent::Activate, "Accepted by the bank").await?;
            count += 1;
        }
    }
    Ok(done(format!("{count} mandates are active")))
}

/// ARUDD, and items that the input report rejected or returned.
async fn not_paid(cmd: &mut Command, mut mandate: MandateRow, report: &Report, item: &Item) -> Outcome<Applied> {
    let org = cmd.by.org;
    let on_arrival = item.kind != ItemKind::Unpaid;
    if on_arrival && item.amount_pence == 0 {
        return reject(cmd, mandate, &item.reason_words).await;
    }
    let Some(mut row) = collection_meant(cmd, &mandate, report, item).await? else {
        let amount = Pence(item.amount_pence);
        return Ok(held(format!("No collection of {amount} under {} is there to come back", mandate.reference)));
    };
    let known = if on_arrival { None } else { unpaid(&item.reason) };
    if known.is_none() && !on_arrival {
        return Ok(held(format!("Reason “{}” is not known", item.reason_words)).of(&row));
    }
    let reason = known.map_or_else(|| format!("Not taken in by the bank: {}", item.reason_words), |k| k.meaning.into());
    give_back(cmd, &mut row, Back::Unpaid, &item.reason, &reason).await?;
    mandate = mandate_of(&mut cmd.tx, org, mandate.id).await?;
    let action = known.map_or(Action::Suspend, |k| k.action);
    let what = follow(cmd, &mut mandate, action, &reason, &Bank::default()).await?;
    if action != Action::Deceased {
        tell_payer(cmd, &mandate, &row, action, &reason).await?;
    }
    Ok(done(format!("{} is unpaid: {reason}. {what}", row.number)).of(&row))
}

/// The collection an item is about: the amount agrees, and the day where it is given.
async fn collection_meant(
    cmd: &mut Command,
    mandate: &MandateRow,
    report: &Report,
    item: &Item,
) -> Outcome<Option<CollectionRow>> {
    let org = cmd.by.org;
    let mut meant: Vec<(CollectionRow, RunRow)> = Vec::new();
    for row in collections::collections_of_mandate(&mut cmd.tx, org, mandate.id).await? {
        if row.state != "taken" || row.amount_pence != item.amount_pence {
            continue;
        }
        let Some(run) = row.run_id else { continue };
        if let Some(run) = collections::run(&mut cmd.tx, org, run).await? {
            meant.push((row, run));
        }
    }
    if let Some(serial) = &report.serial {
        meant.retain(|(_, run)| run.serial == *serial);
    }
    if let Some(day) = item.original_on {
        meant.retain(|(_, run)| run.process_on == day || run.entry_on == day);
    }
    Ok(if meant.len() == 1 { meant.pop().map(|(row, _)| row) } else { None })
}

/// Tells the payer what came back, and what happens now.
async fn tell_payer(
    cmd: &mut Command,
    mandate: &MandateRow,
    row: &CollectionRow,
    action: Action,
    reason: &str,
) -> Outcome<()> {
    let org = cmd.by.org;
    let site = site(&mut cmd.tx, org).await?;
    let payer = Payer::of(cmd, mandate).await?;
    let parts = collections::items_of_collection(&mut cmd.tx, org, row.id).await?;
    let back = CameBack {
        amount: Pence(row.amount_pence),
        taken_on: row.entry_on.unwrap_or(cmd.today),
        reason: reason.to_owned(),
        what_next: what_next(action, payer.language()).to_owned(),
        parts: parts.into_iter().map(|p| (p.item_number, String::new(), p.amount_pence)).collect(),
    };
    came_back(cmd, &site, mandate, payer, &back).await.map(drop)
}

/// What follows for the mandate; gives it in words.
async fn follow(
    cmd: &mut Command,
    mandate: &mut MandateRow,
    action: Action,
    why: &str,
    new: &Bank,
) -> Outcome<&'static str> {
    let org = cmd.by.org;
    match action {
        Action::MayRepresent => Ok("It may be presented again"),
        Action::Cancel | Action::Deceased => {
            if !state_of(mandate)?.is_over() {
                step(cmd, mandate, MandateEvent::Cancel, why).await?;
            }
            collections::withdraw_noticed(&mut cmd.tx, org, mandate.id, why).await?;
            mandates::withdraw_waiting_instructions(&mut cmd.tx, org, mandate.id).await?;
            if action == Action::Deceased {
                flag_deceased(cmd, mandate).await?;
                return Ok("The mandate is cancelled and the account is flagged: the payer has died");
            }
            Ok("The mandate is cancelled")
        }
        Action::Suspend => {
            if state_of(mandate)?.after(MandateEvent::Suspend).is_ok() {
                step(cmd, mandate, MandateEvent::Suspend, why).await?;
            }
            Ok("Collections are stopped until a person has looked")
        }
        Action::MovedBank | Action::NewDetails => take_details(cmd, mandate, action, why, new).await,
        Action::Reinstate => {
            if state_of(mandate)? != MandateState::Active {
                step(cmd, mandate, MandateEvent::Reinstate, why).await?;
            }
            Ok("The mandate is active again")
        }
        Action::Reject | Action::RejectAlert => {
            if state_of(mandate)?.after(MandateEvent::Reject).is_ok() {
                step(cmd, mandate, MandateEvent::Reject, why).await?;
            }
            collections::withdraw_noticed(&mut cmd.tx, org, mandate.id, why).await?;
            Ok(if action == Action::Reject { "The mandate is rejected" } else { "Rejected for something of ours" })
        }
    }
}

/// New details given by the bank: a moved account is lodged anew, and no 0C goes to the old one.
async fn take_details(
    cmd: &mut Command,
    mandate: &mut MandateRow,
    action: Action,
    why: &str,
    new: &Bank,
) -> Outcome<&'static str> {
    let org = cmd.by.org;
    let (Some(sort_code), Some(account)) = (&new.sort_code, &new.account) else {
        if state_of(mandate)?.after(MandateEvent::Suspend).is_ok() {
            step(cmd, mandate, MandateEvent::Suspend, why).await?;
        }
        return Ok("No new details came: collections are stopped until the payer gives them");
    };
    let details = Details { sort_code: sort_code.clone(), account: account.clone() };
    mandate.sealed = seal(cmd.desk.vault(), org, &of_mandate(mandate.id), &details)?;
    mandate.print = cmd.desk.vault().bank_print(org.0, sort_code, account).unwrap_or_default();
    mandate.shown = details.shown();
    if let Some(name) = &new.name {
        mandate.payer_name.clone_from(name);
    }
    if action == Action::MovedBank {
        step(cmd, mandate, MandateEvent::ChangeBank, why).await?;
        lodge_later(cmd, mandate, "0N", &details).await?;
        return Ok("New details taken over; a 0N goes to the new account and no 0C to the old");
    }
    save(cmd, mandate).await?;
    cmd.tell("MandateDetailsGiven", format!("mandate {}", mandate.reference), why);
    Ok("New details taken over; nothing is sent")
}

/// The payer has died: the customer is flagged when the payer is the customer.
async fn flag_deceased(cmd: &mut Command, mandate: &MandateRow) -> Outcome<()> {
    if !mandate.payer_address1.is_empty() || !mandate.payer_email.is_empty() {
        return Ok(());
    }
    let row = FlagRow {
        id: cmd.id(),
        customer_id: mandate.customer_id,
        kind: FlagKind::Deceased.as_str().into(),
        evidence: format!("Told by the bank through Bacs, mandate {}", mandate.reference),
        from_on: cmd.today,
        to_on: None,
        review_on: None,
        raised_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    customers::add_flag(&mut cmd.tx, cmd.by.org, &row).await?;
    cmd.tell("FlagSet", format!("mandate {}", mandate.reference), crate::customers::told_of_flag(&row));
    Ok(())
}

/// ADDACS.
async fn amend(cmd: &mut Command, mut mandate: MandateRow, item: &Item) -> Outcome<Applied> {
    let Some(code) = amended(&item.reason) else {
        return Ok(held(format!("Reason “{}” is not known", item.reason_words)));
    };
    let event = match code.action {
        Action::Reinstate => Some(MandateEvent::Reinstate),
        Action::MovedBank => Some(MandateEvent::ChangeBank),
        _ => None,
    };
    if let Some(event) = event
        && state_of(&mandate)? != MandateState::Active
        && state_of(&mandate)?.after(event).is_err()
    {
        return Ok(held(format!("{}: {} is {}", code.meaning, mandate.reference, mandate.state)));
    }
    let what = follow(cmd, &mut mandate, code.action, code.meaning, &item.new_bank).await?;
    Ok(done(format!("{}. {what}", code.meaning)).on(&mandate))
}

/// AUDDIS: the bank returned an instruction.
async fn returned(cmd: &mut Command, mut mandate: MandateRow, item: &Item) -> Outcome<Applied> {
    let Some(code) = instruction_returned(&item.reason) else {
        return Ok(held(format!("Reason “{}” is not known", item.reason_words)));
    };
    if item.reason == "6" {
        return Ok(done("The bank held no instruction to cancel; nothing is needed").on(&mandate));
    }
    mandates::set_instruction(&mut cmd.tx, cmd.by.org, mandate.id, "0N", "returned").await?;
    let what = follow(cmd, &mut mandate, code.action, code.meaning, &item.new_bank).await?;
    Ok(done(format!("{}. {what}", code.meaning)).on(&mandate))
}

async fn reject(cmd: &mut Command, mut mandate: MandateRow, words: &str) -> Outcome<Applied> {
    mandates::set_instruction(&mut cmd.tx, cmd.by.org, mandate.id, "0N", "returned").await?;
    let what = follow(cmd, &mut mandate, Action::Reject, words, &Bank::default()).await?;
    Ok(done(what).on(&mandate))
}

/// An indemnity claim: the receipt is reversed, recovery waits, collections stop (DD-05).
async fn claim(cmd: &mut Command, mut mandate: MandateRow, report: &Report, item: &Item) -> Outcome<Applied> {
    let org = cmd.by.org;
    let Some(reason) = ClaimReason::parse(&item.reason) else {
        return Ok(held(format!("Claim reason “{}” is not known", item.reason_words)));
    };
    let Some(mut row) = collection_meant(cmd, &mandate, report, item).await? else {
        let sentence = format!("A claim of {} for which no collection is found", Pence(item.amount_pence));
        return Ok(held(sentence));
    };
    let words = format!("Direct Debit indemnity claim: {}", reason.meaning);
    give_back(cmd, &mut row, Back::Claimed, reason.code, &words).await?;
    mandate = mandate_of(&mut cmd.tx, org, mandate.id).await?;
    mandate.claim_open = true;
    if state_of(&mandate)?.after(MandateEvent::Suspend).is_ok() {
        step(cmd, &mut mandate, MandateEvent::Suspend, &words).await?;
    } else {
        save(cmd, &mut mandate).await?;
    }
    collections::withdraw_noticed(&mut cmd.tx, org, mandate.id, &words).await?;
    let words = "Direct Debit claim: contact before any recovery";
    let hold = hold_for(cmd, (row.customer_id, None), "indemnity_claim", words).await?;
    let debited_on = item.effective_on.or(report.report_on).unwrap_or(cmd.today);
    let number = format!("DDC-{:06}", cmd.next_number("DDC").await?);
    let claim = ClaimRow {
        id: cmd.id(),
        number: number.clone(),
        mandate_id: mandate.id,
        collection_id: Some(row.id),
        customer_id: row.customer_id,
        amount_pence: item.amount_pence,
        reason_code: reason.code.into(),
        bank_reference: item.bank_reference.clone().unwrap_or_default(),
        claimed_on: cmd.today,
        debited_on,
        challenge_by: challenge_by(&super::common::england(&cmd.desk), debited_on)?,
        state: "open".into(),
        decided_by: String::new(),
        decided_on: None,
        words: String::new(),
        hold_id: Some(hold),
        recorded_at: cmd.at,
    };
    let until = claim.challenge_by;
    collections::add_claims(&mut cmd.tx, org, vec![claim]).await?;
    Ok(done(format!("{number}: {} is open again; challenge by {until}", row.number)).of(&row))
}

/// A claim that the paying bank withdrew: the money comes back on the statement.
async fn claim_withdrawn(cmd: &mut Command, mandate: MandateRow, item: &Item) -> Outcome<Applied> {
    let org = cmd.by.org;
    let same = |claim: &&ClaimRow| {
        claim.amount_pence == item.amount_pence
            && matches!(claim.state.as_str(), "open" | "challenged")
            && item.bank_reference.as_ref().is_none_or(|r| *r == claim.bank_reference)
    };
    let all = collections::claims_of_mandate(&mut cmd.tx, org, mandate.id).await?;
    let Some(found) = all.iter().find(same) else {
        return Ok(held("No open claim of this amount is there to be withdrawn"));
    };
    super::claims::settle(cmd, found, "withdrawn", "Withdrawn by the paying bank").await?;
    Ok(done(format!("{} is withdrawn: enter the money when the bank credits it", found.number)))
}

/// The last day a collection may be presented again.
pub(super) fn again_until(cmd: &Command, row: &CollectionRow) -> Outcome<chrono::NaiveDate> {
    let first = row.first_presented_on.ok_or_else(|| changed(&row.number))?;
    Ok(last_representation(&super::common::england(&cmd.desk), first)?)
}
