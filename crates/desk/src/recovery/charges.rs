//! Charging for paying late: quoted without a trace, or posted as items of their own, corrected when a payment turns
//! out to be older, and still owed when the invoice is paid (DUN-09 to DUN-12).
use super::agencies::weigh;
use super::contract_fees::fee_on;
use super::interest::{InterestView, invoice_item, worked};
use crate::billing::set_against;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::ledger::{EntryLine, interest_demanded, interest_waived};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{Act, ChargePart, Charged, FeeTerm, beside_fee, charge_change, may};
use sundry_domain::refusal::Refusal;
use sundry_store::Tx;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::recovery::charges::{LateChargeRow, add_charge, charges_of};

/// What may be charged on an invoice, and what was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChargesView {
    /// The invoice.
    pub invoice: String,
    /// What the law gives today; none where it gives none.
    pub quoted: Option<InterestView>,
    /// Why it gives none.
    pub refusal: Option<Refusal>,
    /// The term by which the contract allows a fee today; none where it allows none.
    #[serde(default)]
    pub fee: Option<FeeTerm>,
    /// Why it allows none.
    #[serde(default)]
    pub fee_refusal: Option<Refusal>,
    /// Why charging it now would be refused; none where it would be done.
    pub stopped: Option<Refusal>,
    /// What was posted, corrected and waived, oldest first.
    pub charges: Vec<LateChargeRow>,
    /// Posted, less what was corrected.
    pub charged_pence: Pence,
    /// Of that, waived.
    pub waived_pence: Pence,
    /// Of that, still to be paid.
    pub open_pence: Pence,
}

/// What may be charged on an invoice today, and what was; posts nothing.
///
/// # Errors
/// An invoice that is not there.
pub async fn charges(desk: &Desk, by: &Actor, number: &str) -> Outcome<ChargesView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let item = invoice_item(&mut look, by.org, number).await?;
    let charges = charges_of(&mut look, by.org, ItemId(item.id)).await?;
    let of = |part| charged(&charges, part);
    let (interest, fixed, fee) = (of(ChargePart::Interest), of(ChargePart::Compensation), of(ChargePart::Fee));
    let (mut quoted, refusal) = or_why(worked(&mut look, desk, by.org, &item, desk.today()).await)?;
    if let Some(view) = &mut quoted {
        view.working = beside_fee(view.working.clone(), fee, fixed);
    }
    let (allowed, fee_refusal) = or_why(fee_on(&mut look, by.org, &item, &charges, desk.today()).await)?;
    let stopped = match &quoted {
        None => refusal.clone(),
        Some(view) => {
            let (_, no) = or_why(may_demand(&mut look, desk, by.org, &item, Act::InterestDemand).await)?;
            no.or_else(|| charge_change(&view.working, interest, fixed).err())
        }
    };
    Ok(ChargesView {
        invoice: item.number,
        quoted,
        refusal,
        stopped,
        fee: allowed,
        fee_refusal,
        charged_pence: interest.net.plus(fixed.net).plus(fee.net),
        waived_pence: interest.waived.plus(fixed.waived).plus(fee.waived),
        open_pence: interest.open.plus(fixed.open).plus(fee.open),
        charges,
    })
}

/// What was found, or why it was refused; a fault stays one.
fn or_why<T>(found: Outcome<T>) -> Outcome<(Option<T>, Option<Refusal>)> {
    match found {
        Ok(found) => Ok((Some(found), None)),
        Err(No::Refused(refusal)) => Ok((None, Some(*refusal))),
        Err(other) => Err(other),
    }
}

/// What was charged of a part.
pub(crate) fn charged(rows: &[LateChargeRow], part: ChargePart) -> Charged {
    let mut sum = Charged::default();
    for row in rows.iter().filter(|row| row.part == part.as_str()) {
        let amount = Pence(row.amount_pence);
        match row.act.as_str() {
            "posted" => {
                sum.net = sum.net.plus(amount);
                sum.open = sum.open.plus(Pence(row.open_pence));
            }
            "corrected" => sum.net = sum.net.minus(amount),
            _ => sum.waived = sum.waived.plus(amount),
        }
    }
    sum
}

/// Whether the contract's own fee was charged on an invoice, and not waived.
pub(crate) fn bears_fee(rows: &[LateChargeRow]) -> bool {
    let fee = charged(rows, ChargePart::Fee);
    fee.net > fee.waived
}

/// Charges what the law gives today on an invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PostCharges {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice.
    pub invoice: String,
}

/// What was charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargesPosted {
    /// Number of the invoice.
    pub invoice: String,
    /// To the end of this day.
    pub as_at: NaiveDate,
    /// Interest more than before; below nothing where it was too much.
    pub interest_pence: Pence,
    /// Fixed sum more than before; below nothing where it was too much.
    pub compensation_pence: Pence,
    /// The new items on the account.
    pub items: Vec<String>,
}

/// Posts the interest and the fixed sum that the law gives to today, less what was charged before. What a payment that
/// turned out to be older makes too much is taken off.
///
/// # Errors
/// `LP-…` where the law gives none; what freezes the debt; `DUN-11-SAME`, `DUN-11-PAID`.
pub async fn post_charges(desk: &Desk, by: &Actor, ask: PostCharges) -> Outcome<ChargesPosted> {
    by.must_hold(Duty::WorkCases)?;
    command!(desk, by, "post_charges", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let item = invoice_item(&mut cmd.tx, org, ask.invoice.trim()).await?;
        let mut view = worked(&mut cmd.tx, desk, org, &item, today).await?;
        may_demand(&mut cmd.tx, desk, org, &item, Act::InterestDemand).await?;
        let before = charges_of(&mut cmd.tx, org, ItemId(item.id)).await?;
        let of = |part| charged(&before, part);
        view.working = beside_fee(view.working, of(ChargePart::Fee), of(ChargePart::Compensation));
        let change = charge_change(&view.working, of(ChargePart::Interest), of(ChargePart::Compensation))?;
        let mut items = Vec::new();
        let mut next = before.len() + 1;
        for (part, amount) in [(ChargePart::Interest, change.interest), (ChargePart::Compensation, change.compensation)]
        {
            if amount > Pence::ZERO {
                let new = NewCharge { id: cmd.id(), part, amount };
                items.push(charge(cmd, &item, new, today, &mut next).await?);
            } else if amount < Pence::ZERO {
                correct(cmd, &before, part, amount.negated(), &mut next).await?;
            }
        }
        cmd.tell("LateChargesPosted", format!("invoice {}", item.number), (&view, &change));
        Ok(ChargesPosted {
            invoice: item.number.clone(),
            as_at: today,
            interest_pence: change.interest,
            compensation_pence: change.compensation,
            items,
        })
    })
}

/// Whether interest, or a fee that the contract allows, may be demanded on a debt today: freezes and holds; a paid invoice
/// leaves its interest owed.
pub(super) async fn may_demand(tx: &mut Tx, desk: &Desk, org: OrgId, item: &ItemRow, act: Act) -> Outcome<()> {
    let chosen = HashMap::from([(item.customer_id, vec![item.id])]);
    let weighed = weigh(tx, desk, org, &chosen).await?.remove(&item.customer_id);
    if let Some(weighed) = weighed {
        let mut facts = weighed.case;
        facts.balance = facts.balance.max(Pence(1));
        facts.step.decided_by_person = true;
        // What a bank file still brings is put right when the interest is worked out again.
        facts.bank_file_unposted = false;
        facts.debt.contract_fee = act == Act::Fee;
        may(act, &facts, desk.today())?;
    }
    Ok(())
}

/// A charge to post.
#[derive(Clone, Copy)]
pub(super) struct NewCharge {
    /// The item it becomes.
    pub(super) id: ItemId,
    pub(super) part: ChargePart,
    pub(super) amount: Pence,
}

/// A charge as an item of its own, so that it never ages with the invoice, and with its own journal; gives its number.
pub(super) async fn charge(
    cmd: &mut Command,
    of: &ItemRow,
    new: NewCharge,
    as_at: NaiveDate,
    next: &mut usize,
) -> Outcome<String> {
    let NewCharge { id, part, amount } = new;
    let number = format!("{}/L{}", of.number, *next);
    *next += 1;
    let reason = format!("{} on {} to {as_at}", part.name(), of.number);
    let journal_id = move_money(cmd, of, id, "LateChargePosted", &reason, interest_demanded(amount)).await?;
    let row = side(cmd, of, id, part, &number, amount, journal_id);
    ledger::add_items(&mut cmd.tx, cmd.by.org, vec![row]).await?;
    keep(cmd, (of.id, id.0, &number), ("posted", as_at), part.as_str(), amount, ("", &reason)).await?;
    Ok(number)
}

/// Takes too much of a part off what is open of it, the newest charge first.
async fn correct(
    cmd: &mut Command,
    before: &[LateChargeRow],
    part: ChargePart,
    amount: Pence,
    next: &mut usize,
) -> Outcome<()> {
    let mut left = amount;
    let posted = before.iter().rev().filter(|row| row.act == "posted" && row.part == part.as_str());
    for row in posted.filter(|row| row.open_pence > 0) {
        let off = left.min(Pence(row.open_pence));
        if off > Pence::ZERO {
            take_off(cmd, row, off, "corrected", ("", "A payment turned out to be older"), next).await?;
            left = left.minus(off);
        }
    }
    Ok(())
}

/// Takes what is open of the interest and the fixed sum off that were charged on an invoice: its judgment gives them anew,
/// and nobody owes them twice (LP-04, LP-05).
pub(crate) async fn give_way_to_judgment(cmd: &mut Command, invoice: ItemId, case: &str) -> Outcome<()> {
    let before = charges_of(&mut cmd.tx, cmd.by.org, invoice).await?;
    let why = format!("Given anew by the judgment of {case}");
    let mut next = before.len() + 1;
    let by_the_act = |row: &&LateChargeRow| row.act == "posted" && row.part != ChargePart::Fee.as_str();
    for row in before.iter().filter(by_the_act).filter(|row| row.open_pence > 0) {
        take_off(cmd, row, Pence(row.open_pence), "corrected", ("", &why), &mut next).await?;
    }
    Ok(())
}

/// Takes an amount off a charge: a credit with its journal, set against it at once. Why is a reason of the list, which
/// may be empty, and words.
pub(super) async fn take_off(
    cmd: &mut Command,
    row: &LateChargeRow,
    amount: Pence,
    act: &'static str,
    why: (&str, &str),
    next: &mut usize,
) -> Outcome<()> {
    let org = cmd.by.org;
    let debit = ledger::item(&mut cmd.tx, org, ItemId(row.item_id)).await?;
    let debit = debit.ok_or_else(|| Fault::new("a charge names an item that is not there"))?;
    let part = ChargePart::parse(&row.part).ok_or_else(|| Fault::new("a charge that cannot be read"))?;
    let id = cmd.id::<ItemId>();
    let number = format!("{}/{}", row.item_number, *next);
    *next += 1;
    let event = if act == "waived" { "LateChargeWaived" } else { "LateChargeCorrected" };
    let reason = format!("{} {act}: {}", row.item_number, why.1);
    let journal_id = move_money(cmd, &debit, id, event, &reason, interest_waived(amount)).await?;
    let credit = side(cmd, &debit, id, part, &number, amount.negated(), journal_id);
    ledger::add_items(&mut cmd.tx, org, vec![credit]).await?;
    set_against(cmd, &debit, id, amount, reason).await?;
    let act = (act, cmd.today);
    keep(cmd, (row.invoice_item_id, row.item_id, &row.item_number), act, &row.part, amount, why).await
}

async fn move_money(
    cmd: &mut Command,
    of: &ItemRow,
    item: ItemId,
    event: &'static str,
    reason: &str,
    lines: Vec<EntryLine>,
) -> Outcome<i64> {
    let journal = NewJournal {
        posted_on: cmd.today,
        event,
        source: format!("invoice {}", of.number),
        reason: reason.to_owned(),
        customer: Some(CustomerId(of.customer_id)),
        item: Some(item),
        lines,
    };
    Ok(post(cmd, journal).await?.0)
}

fn side(
    cmd: &Command,
    of: &ItemRow,
    id: ItemId,
    part: ChargePart,
    number: &str,
    amount: Pence,
    journal_id: i64,
) -> ItemRow {
    ItemRow {
        id: id.0,
        customer_id: of.customer_id,
        kind: part.item_kind().into(),
        number: number.to_owned(),
        document_id: None,
        receipt_id: None,
        posted_on: cmd.today,
        dated_on: cmd.today,
        due_on: cmd.today,
        original_pence: amount.0,
        open_pence: amount.0,
        disputed_pence: 0,
        service: of.service.clone(),
        debt_type: of.debt_type.clone(),
        stage: String::new(),
        journal_id,
        recorded_at: cmd.at,
    }
}

async fn keep(
    cmd: &mut Command,
    (invoice_item_id, item_id, number): (i64, i64, &str),
    (act, as_at): (&str, NaiveDate),
    part: &str,
    amount: Pence,
    (reason, words): (&str, &str),
) -> Outcome<()> {
    let row = LateChargeRow {
        id: cmd.id::<i64>(),
        invoice_item_id,
        item_id,
        item_number: number.to_owned(),
        act: act.to_owned(),
        part: part.to_owned(),
        amount_pence: amount.0,
        as_at,
        words: words.to_owned(),
        reason: reason.to_owned(),
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        open_pence: 0,
    };
    let (org, at) = (cmd.by.org, cmd.at);
    Ok(add_charge(&mut cmd.tx, org, &row, at).await?)
}
