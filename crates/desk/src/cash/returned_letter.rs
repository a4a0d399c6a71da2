//! The letter that goes when a payment comes back: what came back, why, and what is owed again.
use crate::Outcome;
use crate::core::command::Command;
use crate::delivery::{
    NewLetter, PAYMENT_RETURNED, add_missing_templates, compose, line_of_item, recipients_of, stationery,
};
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, ItemId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_paper::{long_date, pounds};
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::cash_counter::CounterPaymentRow;
use sundry_store::ledger;

/// Writes to every customer whose share came back; gives the numbers of the letters, which wait to be sent, and in
/// words why one could not be written.
pub(super) async fn write_letters(
    cmd: &mut Command,
    receipt: &ReceiptRow,
    payment: &CounterPaymentRow,
    reason: &str,
) -> Outcome<(Vec<String>, Vec<String>)> {
    let org = cmd.by.org;
    let mut shares: BTreeMap<i64, (Pence, BTreeSet<i64>)> = BTreeMap::new();
    for credit in cash::items_of_receipt(&mut cmd.tx, org, ReceiptId(receipt.id)).await? {
        if credit.original_pence >= 0 {
            continue;
        }
        let share = shares.entry(credit.customer_id).or_default();
        share.0 = share.0.plus(Pence(-credit.original_pence));
        for part in ledger::allocations_of_credit(&mut cmd.tx, org, ItemId(credit.id)).await? {
            share.1.insert(part.debit_item_id);
        }
    }
    add_missing_templates(cmd, &[PAYMENT_RETURNED]).await?;
    let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
    let mut letters = Vec::new();
    for (customer, (amount, debits)) in shares {
        let mut items = Vec::new();
        for debit in debits {
            let item = ledger::item(&mut cmd.tx, org, ItemId(debit)).await?;
            items.extend(item.filter(|item| item.open_pence > 0 && item.kind != "receipt"));
        }
        let id = CustomerId(customer);
        let Some(to) = recipients_of(&mut cmd.tx, org, id, id, cmd.today).await?.remove(&customer) else { continue };
        let language = to.language();
        let what = what_came(payment, amount, &long_date(payment.received_on, language));
        letters.push(NewLetter {
            kind: LetterKind::Notice,
            template: "payment_returned".into(),
            to,
            dated_on: cmd.today,
            due_on: None,
            next_letter_on: None,
            sum: amount,
            items: items.iter().map(line_of_item).collect(),
            item_ids: items.iter().map(|item| (item.id, item.open_pence)).collect(),
            document: None,
            invoice: None,
            fields: BTreeMap::from([("for_what", what), ("reason", reason.trim_end_matches('.').to_owned())]),
            run: None,
        });
    }
    let (mut numbers, mut unwritten) = (Vec::new(), Vec::new());
    for letter in compose(cmd, &paper, letters).await? {
        match letter {
            Ok(letter) => numbers.push(letter.number),
            Err(why) => unwritten.push(format!("A letter could not be written: {why}")),
        }
    }
    Ok((numbers, unwritten))
}

fn what_came(payment: &CounterPaymentRow, amount: Pence, on: &str) -> String {
    match payment.method.as_str() {
        "cheque" if !payment.cheque_number.is_empty() => {
            format!("cheque {} for {} on {on}", payment.cheque_number, pounds(amount.0))
        }
        "cheque" => format!("a cheque for {} on {on}", pounds(amount.0)),
        _ => format!("{} in cash on {on}", pounds(amount.0)),
    }
}
