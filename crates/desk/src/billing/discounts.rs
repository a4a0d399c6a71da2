//! The discount for paying early (BIL-18): given by rule, as a credit note, once all the rest was paid in time.
use super::credit::{Against, NewCredit, creditable, find_invoice, post_priced};
use crate::core::command::Command;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{CreditReason, DiscountFacts, early_discount, may_give_discount, refusals};
use sundry_domain::control::Duty;
use sundry_domain::ids::{DocumentId, ItemId, OrgId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_store::Tx;
use sundry_store::billing::DocumentRow;
use sundry_store::billing::terms::{
    DiscountRow, discount_of, discounts_to_give, mark_discount_given, set_against_item,
};
use sundry_store::ledger;

/// Most discounts given in one go; the rest have theirs the next time.
const AT_ONCE: i64 = 1_000;

/// Gives the discount of an invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GiveDiscount {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice.
    pub invoice: String,
}

/// The discount that was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiscountGiven {
    /// Number of the invoice.
    pub invoice: String,
    /// Number of the credit note.
    pub credit_note: String,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// What was given.
    pub gross_pence: i64,
}

/// Gives the discount that an invoice offers.
///
/// # Errors
/// `BIL-18-…` where it offers none, or not all the rest was paid in time; absent invoice.
pub async fn give_discount(desk: &Desk, by: &Actor, ask: GiveDiscount) -> Outcome<DiscountGiven> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "give_discount", &ask.key, &ask, |cmd| { give(cmd, &ask.invoice).await })
}

/// Gives every discount whose invoice was paid in time; asked again on the same day it gives what has come since.
pub(crate) async fn give_due_discounts(desk: &Desk, by: &Actor) -> Outcome<usize> {
    let mut look = desk.look().await?;
    let due = discounts_to_give(&mut look, by.org, AT_ONCE).await?;
    drop(look);
    let mut given = 0;
    for (invoice,) in due {
        let key = format!("discount/{invoice}");
        let done: Outcome<DiscountGiven> =
            command!(desk, by, "give_discount_by_rule", &key, &invoice, |cmd| { give(cmd, &invoice).await });
        match done {
            Ok(_) => given += 1,
            // Something was set against it in between, or its period is closed: it is looked at again tomorrow.
            Err(crate::No::Refused(_)) => {}
            Err(no) => return Err(no),
        }
    }
    Ok(given)
}

async fn give(cmd: &mut Command, number: &str) -> Outcome<DiscountGiven> {
    let org = cmd.by.org;
    let invoice = find_invoice(&mut cmd.tx, org, number).await?;
    let id = DocumentId(invoice.id);
    let offer = discount_of(&mut cmd.tx, org, id).await?.filter(|offer| offer.credit_id.is_none());
    let Some(offer) = offer else {
        return Err(refusals::DISCOUNT_NONE
            .because(format!("Invoice {} has no discount to give", invoice.number))
            .into());
    };
    may_give_discount(&facts(&mut cmd.tx, org, &invoice, &offer).await?)?;
    let (lines, rows) = creditable(&mut cmd.tx, org, &invoice).await?;
    let priced = early_discount(&lines, BasisPoints(offer.discount_bp))?;
    let new = NewCredit {
        invoice: &invoice,
        lines: &rows,
        priced: &priced,
        reason: CreditReason::PaidEarly.as_str(),
        against: Against::ItsInvoice,
    };
    let posted = post_priced(cmd, new).await?;
    if !mark_discount_given(&mut cmd.tx, org, id, posted.document).await? {
        return Err(refusals::DISCOUNT_NONE.because("It was given while you looked").into());
    }
    let given = DiscountGiven {
        invoice: invoice.number.clone(),
        credit_note: posted.number,
        net_pence: priced.net.0,
        vat_pence: priced.vat.0,
        gross_pence: priced.gross.0,
    };
    cmd.tell("DiscountGiven", format!("invoice {}", invoice.number), &given);
    Ok(given)
}

async fn facts(tx: &mut Tx, org: OrgId, invoice: &DocumentRow, offer: &DiscountRow) -> Outcome<DiscountFacts> {
    let items = ledger::items_numbered(tx, org, &invoice.number).await?;
    let item = items.into_iter().find(|item| item.document_id == Some(invoice.id));
    let (mut paid_on, mut credited): (Option<NaiveDate>, i64) = (None, 0);
    if let Some(item) = &item {
        let mut paid: std::collections::BTreeMap<NaiveDate, i64> = std::collections::BTreeMap::new();
        for (kind, day, amount) in set_against_item(tx, org, ItemId(item.id)).await? {
            if kind == "receipt" { *paid.entry(day).or_default() += amount } else { credited += amount }
        }
        // What was set against it and undone again counts for nothing.
        paid_on = paid.into_iter().filter(|(_, sum)| *sum != 0).map(|(day, _)| day).max();
    }
    Ok(DiscountFacts {
        discount: Pence(offer.discount_pence),
        until_on: offer.until_on,
        open: Pence(item.map_or(0, |item| item.open_pence)),
        paid_on,
        credited: credited != 0,
    })
}
