//! Money of a collection that went back: its receipt is reversed and what it paid is open again.
use super::common::{changed, mandate_of, save};
use crate::cash::common::find_receipt;
use crate::cash::placing::{Away, take_off};
use crate::core::command::Command;
use crate::{Fault, Outcome};
use sundry_domain::cash::direct_debit::refusals::BY_REPORT;
use sundry_domain::cash::direct_debit::{came_back, claimed};
use sundry_store::cash::ReceiptRow;
use sundry_store::collections::{self, CollectionRow};

/// Why the money went.
pub(super) enum Back {
    /// Unpaid: row 15.
    Unpaid,
    /// Claimed under the Guarantee: row 16.
    Claimed,
}

/// Reverses the receipt of a collection and moves the collection on.
pub(super) async fn give_back(
    cmd: &mut Command,
    row: &mut CollectionRow,
    back: Back,
    code: &str,
    reason: &str,
) -> Outcome<()> {
    let org = cmd.by.org;
    let id = row.receipt_id.ok_or_else(|| Fault::new(format!("{} made no receipt", row.number)))?;
    let number = collections::receipt_number(&mut cmd.tx, org, id).await?;
    let (number,) = number.ok_or_else(|| Fault::new(format!("the receipt of {} is gone", row.number)))?;
    let mut receipt = find_receipt(&mut cmd.tx, org, &number).await?;
    let (state, away) = match back {
        Back::Unpaid => ("unpaid", Away { event: "DirectDebitUnpaid", lines: came_back }),
        Back::Claimed => ("claimed", Away { event: "DirectDebitClaimed", lines: claimed }),
    };
    let day = cmd.today;
    take_off(cmd, &receipt, day, reason, &away).await?;
    (receipt.state, receipt.reason) = ("reversed".into(), reason.to_owned());
    if !sundry_store::cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
        return Err(changed(&receipt.number));
    }
    (row.state, row.reason_code, row.reason) = (state.into(), code.to_owned(), reason.to_owned());
    if !collections::change_collection(&mut cmd.tx, org, row).await? {
        return Err(changed(&row.number));
    }
    row.version += 1;
    let mut mandate = mandate_of(&mut cmd.tx, org, row.mandate_id).await?;
    // The first collection was not paid after all: the next one is the first again.
    if matches!(back, Back::Unpaid) && mandate.first_collected_on == row.entry_on {
        mandate.first_collected_on = None;
        save(cmd, &mut mandate).await?;
    }
    let detail = serde_json::json!({ "collection": row.number, "state": state, "code": code, "reason": reason });
    cmd.tell("CollectionCameBack", format!("mandate {}", mandate.reference), detail);
    Ok(())
}

/// Refuses to reverse by hand what a collection made: the bank's report does, and says why.
pub(crate) async fn refuse_by_hand(cmd: &mut Command, receipt: &ReceiptRow) -> Outcome<()> {
    match collections::collection_of_receipt(&mut cmd.tx, cmd.by.org, receipt.id).await? {
        Some(row) if row.state == "taken" => {
            let sentence = format!("{} was collected by Direct Debit ({})", receipt.number, row.number);
            Err(BY_REPORT.because(sentence).into())
        }
        _ => Ok(()),
    }
}
