//! Overpayments taken back from pay and from payments to care providers: agreed, due, taken, undone (REC-05).
mod agree;
mod letter;
mod look;
mod take;

pub use agree::{
    AgreeOverpaymentRecovery, EndOverpaymentRecovery, OverpaymentRecoveryAgreed, OverpaymentRecoveryEnded,
    agree_overpayment_recovery, end_overpayment_recovery,
};
pub use look::{
    DeductionDue, OverpaymentRecoveryView, overpayment_deductions, overpayment_recoveries, overpayment_recovery,
};
pub use take::{
    OverpaymentGivenBack, OverpaymentTaken, RecordOverpaymentTaken, UndoOverpaymentTaken, record_overpayment_taken,
    undo_overpayment_taken,
};

use crate::core::command::Command;
use crate::delivery::{flag_of, freeze_of, hold_of};
use crate::plans::hold_for;
use crate::{Fault, No, Outcome};
use chrono::NaiveDate;
use sundry_domain::customers::{CustomerKind, Flag, FlagKind};
use sundry_domain::ids::{CustomerId, HoldId, ItemId, OrgId};
use sundry_domain::law::HoldReason;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{Act, CaseFacts, TakenFrom, flags_that_bear, may};
use sundry_domain::refusal::Refusal;
use sundry_store::delivery::FlagFact;
use sundry_store::ledger::ItemRow;
use sundry_store::people::case_items_of_range;
use sundry_store::recovery::taking_back::{self as rows, TakingRow};
use sundry_store::{Tx, delivery, ledger, plans};

/// The recovery with a number, and its debt.
async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<(TakingRow, ItemRow)> {
    let absent = || No::Absent(format!("recovery {}", number.trim()));
    let row = rows::taking_numbered(tx, org, number.trim()).await?.ok_or_else(absent)?;
    let item = ledger::item(tx, org, ItemId(row.item_id)).await?;
    Ok((row, item.ok_or_else(|| Fault::new("a recovery names a debt that is not there"))?))
}

/// What a recovery takes from.
fn from_of(row: &TakingRow) -> Outcome<TakenFrom> {
    Ok(TakenFrom::parse(&row.taken_from).ok_or_else(|| Fault::new("what a recovery takes from cannot be read"))?)
}

/// Whether the law lets us keep what we owe somebody against a debt today; the recovery's own hold does not stop it.
async fn may_keep(
    tx: &mut Tx,
    org: OrgId,
    item: &ItemRow,
    own: Option<i64>,
    day: NaiveDate,
) -> Outcome<Result<(), Refusal>> {
    let customer = CustomerId(item.customer_id);
    let held = plans::holds_of_item(tx, org, customer, ItemId(item.id)).await?;
    let flags = delivery::flags_of_range(tx, org, customer, customer, day).await?;
    let cases = case_items_of_range(tx, org, customer, customer).await?;
    let who = delivery::recipients(tx, org, customer, customer).await?;
    let kind = who.first().and_then(|row| CustomerKind::parse(&row.kind)).unwrap_or(CustomerKind::Unknown);
    // A case says which debts its moratorium bears on; a flag without one bears on all.
    let by_case = |flag: &&FlagFact| flag.case_id.is_some() && flag.kind == FlagKind::BreathingSpace.as_str();
    let flags: Vec<Flag> = flags.iter().filter(|flag| !by_case(flag)).filter_map(flag_of).collect();
    let mut flags = flags_that_bear(&flags, item.dated_on);
    flags.extend(cases.iter().filter(|row| row.item_id == item.id).filter_map(|row| freeze_of(row, day)));
    let facts = CaseFacts {
        flags,
        holds: held.iter().filter(|hold| Some(hold.id) != own).filter_map(hold_of).collect(),
        ..CaseFacts::of(kind, Pence(item.open_pence))
    };
    Ok(may(Act::SetOff, &facts, day))
}

/// Nobody is chased for what is being taken back: a hold on the debt, until it is over.
async fn hold(cmd: &mut Command, item: &ItemRow, number: &str) -> Outcome<i64> {
    hold_for(cmd, (item.customer_id, Some(item.id)), HoldReason::Plan.as_str(), number).await
}

/// Ends the hold of a recovery that is over; nothing where somebody ended it before.
async fn release(cmd: &mut Command, row: &TakingRow) -> Outcome<()> {
    if let Some(hold) = row.hold_id {
        let today = cmd.today;
        if plans::end_hold(&mut cmd.tx, cmd.by.org, HoldId(hold), today).await? {
            cmd.tell("HoldEnded", format!("hold {hold}"), &row.number);
        }
    }
    Ok(())
}
