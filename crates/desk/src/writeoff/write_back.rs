//! Restoring a debt that was given up (GL-02 row 24): because money came, which is set against it, or to pursue it again.
use super::write_off::{Payload, WriteOffAsked, other_side};
use crate::approvals::{AskForApproval, WRITE_BACK, ask_for_approval};
use crate::cash::AllocationLine;
use crate::cash::allocate_credit::set_credit;
use crate::core::command::Command;
use crate::core::typed::{all_right, words_wrong};
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::refusals::GIVE_UP_AMOUNT;
use sundry_domain::ledger::{repay_vat_relief, write_back};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::writeoff::desk_refusals::NO_MONEY;
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::writeoff::losses::{WriteBackOf, add_write_back_of};
use sundry_store::{Tx, billing};

/// Asks to restore a debt that was written off, because it is being paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestWriteBack {
    /// Idempotency key.
    pub key: String,
    /// Number of the write-off: WO-000001.
    pub write_off: String,
    /// How much.
    pub amount: Pence,
    /// Why, in words.
    pub words: String,
    /// Number of the receipt that pays it; empty where the debt is opened again without money.
    #[serde(default)]
    pub receipt: String,
}

/// Asks to write back a part of a write-off: because money came, which is set against it, or to pursue it again.
///
/// # Errors
/// `REC-09-AMOUNT` above what was written off and not yet restored; `REC-09-NO-MONEY`; absent write-off.
pub async fn request_write_back(desk: &Desk, by: &Actor, ask: RequestWriteBack) -> Outcome<WriteOffAsked> {
    by.must_hold(Duty::ProposeWriteOff)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter why the debt is restored", &ask.words).into());
    }
    all_right(words_wrong(&[("words", &ask.words)], 1_000))?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "request_write_back", &ask.key, &ask, |cmd| {
        let item = find_write_off(&mut cmd.tx, cmd.by.org, &ask.write_off).await?;
        check_write_back(cmd, &item, ask.amount).await?;
        let money = money_for(cmd, &item, &ask.receipt, ask.amount).await?;
        let payload = Payload {
            item_id: item.id,
            item: item.number.clone(),
            customer_id: item.customer_id,
            amount_pence: ask.amount.0,
            reason: String::new(),
            words: ask.words.trim().into(),
            receipt: money.as_ref().map_or_else(String::new, |money| money.number.clone()),
        };
        let subject = format!("write-off {}", item.number);
        let request = AskForApproval {
            command: WRITE_BACK,
            summary: match &money {
                Some(money) => {
                    format!("Write back {} of write-off {}, paid by {}", ask.amount, item.number, money.number)
                }
                None => format!("Write back {} of write-off {}", ask.amount, item.number),
            },
            subject: subject.clone(),
            payload: serde_json::to_value(&payload)?,
            amount: ask.amount,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("WriteBackAsked", subject, &payload);
        Ok(WriteOffAsked { approval, amount_pence: ask.amount.0 })
    })
}

async fn find_write_off(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let items = ledger::items_numbered(tx, org, number.trim()).await?;
    let found = items.into_iter().find(|item| item.kind == "write_off");
    found.ok_or_else(|| No::Absent(format!("write-off {}", number.trim())))
}

/// The money on the customer's account that pays what is restored.
async fn money_for(cmd: &mut Command, off: &ItemRow, receipt: &str, amount: Pence) -> Outcome<Option<ItemRow>> {
    if receipt.trim().is_empty() {
        return Ok(None);
    }
    let items = ledger::items_numbered(&mut cmd.tx, cmd.by.org, receipt.trim()).await?;
    let money = items.into_iter().find(|item| item.kind == "receipt" && item.customer_id == off.customer_id);
    let money = money.ok_or_else(|| NO_MONEY.because(format!("{} is not money of this customer", receipt.trim())))?;
    if Pence(-money.open_pence) < amount {
        let sentence =
            format!("{} is left of {}, and {amount} is to be restored", Pence(-money.open_pence), money.number);
        return Err(NO_MONEY.because(sentence).into());
    }
    Ok(Some(money))
}

async fn check_write_back(cmd: &mut Command, write_off: &ItemRow, amount: Pence) -> Outcome<()> {
    let back = billing::written_back(&mut cmd.tx, cmd.by.org, &write_off.number).await?;
    let left = Pence(write_off.original_pence).size().minus(back);
    if amount <= Pence::ZERO || amount > left {
        return Err(GIVE_UP_AMOUNT
            .because(format!("{amount} cannot be written back where {left} is written off"))
            .into());
    }
    Ok(())
}

/// Posts an approved write-back: the debt stands again, and the VAT relief taken on it is owed again.
pub(crate) async fn post_write_back(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let (org, today, amount) = (cmd.by.org, cmd.today, Pence(payload.amount_pence));
    let off = find_write_off(&mut cmd.tx, org, &payload.item).await?;
    check_write_back(cmd, &off, amount).await?;
    let money = money_for(cmd, &off, &payload.receipt, amount).await?;
    let vat = relief_share(cmd, &off, amount).await?;
    let mut lines = write_back(amount);
    lines.extend(repay_vat_relief(vat));
    let number = format!("WB-{:06}", cmd.next_number("WB").await?);
    let debit: ItemId = cmd.id();
    let journal = NewJournal {
        posted_on: today,
        event: "DebtWrittenBack",
        source: format!("write-off {}", off.number),
        reason: format!("{number}: {}", payload.words),
        customer: Some(CustomerId(off.customer_id)),
        item: Some(debit),
        lines,
    };
    let journal = post(cmd, journal).await?;
    let row = other_side(cmd, &off, debit, "write_back", &number, amount, journal.0);
    ledger::add_items(&mut cmd.tx, org, vec![row]).await?;
    let debt = billing::allocations_seen(&mut cmd.tx, org, ItemId(off.id)).await?;
    let debt = match debt.first() {
        Some(first) => find_debt(&mut cmd.tx, org, &first.other_number, off.customer_id).await?,
        None => None,
    };
    let of = WriteBackOf {
        item_id: debit.0,
        write_off_item_id: off.id,
        debt_item_id: debt,
        receipt_item_id: money.as_ref().map(|money| money.id),
        amount_pence: amount.0,
        vat_pence: vat.0,
    };
    add_write_back_of(&mut cmd.tx, org, of, cmd.at).await?;
    if let Some(money) = &money {
        let line = AllocationLine { item: debit.0.to_string(), amount };
        set_credit(cmd, money, &[line], &format!("{number}: a debt written off as {} is paid", off.number)).await?;
    }
    cmd.tell("DebtWrittenBack", format!("write-off {}", off.number), &payload);
    Ok(number)
}

/// The share of the relief taken at the write-off that belongs to this much of it.
async fn relief_share(cmd: &mut Command, off: &ItemRow, amount: Pence) -> Outcome<Pence> {
    let gl = ledger::gl_codes(&mut cmd.tx, cmd.by.org).await?;
    let relief_code = gl.into_iter().find(|code| code.role == "VATBDR").map(|code| code.code).unwrap_or_default();
    let (mut relief, mut before) = (0, 0);
    for journal in ledger::journals_of_source(&mut cmd.tx, cmd.by.org, &format!("write-off {}", off.number)).await? {
        let entries = ledger::entries_of(&mut cmd.tx, cmd.by.org, journal.id).await?;
        // What was owed again before the relief was claimed is no part of the claim.
        if relief == 0 && journal.event == "DebtWrittenBack" {
            before += entries.iter().filter(|e| e.customer_id.is_some()).map(|e| e.debit_pence).sum::<i64>();
        }
        relief += entries.iter().filter(|e| e.gl_code == relief_code).map(|e| e.debit_pence).sum::<i64>();
    }
    // What all the write-backs repay is never more than was claimed, however they are rounded: each is the difference.
    let whole = Pence(off.original_pence).size().minus(Pence(before));
    let back = billing::written_back(&mut cmd.tx, cmd.by.org, &off.number).await?.minus(Pence(before));
    let share = |sum: Pence| {
        let shares = sundry_domain::money::spread(Pence(relief), &[sum.0, whole.minus(sum).0]);
        shares.first().copied().unwrap_or_default()
    };
    Ok(share(back.plus(amount)).minus(share(back)))
}

/// The item of the debt with a number on a customer's account.
async fn find_debt(tx: &mut Tx, org: OrgId, number: &str, customer: i64) -> Outcome<Option<i64>> {
    let items = ledger::items_numbered(tx, org, number).await?;
    Ok(items.into_iter().find(|item| item.customer_id == customer && item.original_pence > 0).map(|item| item.id))
}
