//! What a collection agency collected: a receipt for each payment, of the gross; its bank credit is no receipt (REC-07).
use super::common::Known;
use super::placing::{Share, Why, place};
use super::reverse_receipt::reverse_now;
use super::takings::{Expected, expect_credit};
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{No, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::cash::intake::{post_receipt, post_suspense};
use sundry_domain::ids::{CustomerId, ItemId, ReceiptId};
use sundry_domain::ledger::agency_commission;
use sundry_domain::money::Pence;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::ledger;

/// A payment that an agency collected.
pub(crate) struct FromAgency<'a> {
    /// Whose it is: id, number, name; none when the agency's number is not known.
    pub customer: Option<(CustomerId, &'a str, &'a str)>,
    /// The debts that were placed, to be paid first.
    pub items: Vec<ItemId>,
    /// The gross.
    pub amount: Pence,
    /// When it was paid to the agency.
    pub paid_on: NaiveDate,
    /// Who paid it over.
    pub agency: &'a str,
    /// The statement and the agency's reference.
    pub words: String,
}

/// The receipt it became.
pub(crate) struct Received {
    pub receipt: i64,
    pub allocated: Pence,
}

/// Records a payment: against the debts that were placed, oldest first; what is over waits on the account.
pub(crate) async fn receive_from_agency(cmd: &mut Command, it: FromAgency<'_>) -> Outcome<Received> {
    let number = format!("RCT-{:06}", cmd.next_number("RCT").await?);
    let reason = format!("Collected by {}.", it.agency);
    let mut receipt = ReceiptRow {
        id: cmd.id::<ReceiptId>().0,
        number,
        bank_line_id: None,
        customer_id: it.customer.map(|(id, _, _)| id.0),
        item_id: None,
        method: "bank".into(),
        received_on: it.paid_on,
        amount_pence: it.amount.0,
        state: if it.customer.is_some() { "identified" } else { "suspense" }.into(),
        reason: reason.clone(),
        owner: String::new(),
        payer_name: it.customer.map_or_else(|| it.agency.to_owned(), |(_, _, name)| name.to_owned()),
        words: it.words,
        recorded_at: cmd.at,
        version: 1,
    };
    let day = cmd.today.max(it.paid_on);
    let mut allocated = Pence::ZERO;
    match it.customer {
        Some((id, number, name)) => {
            let lines = oldest_first(cmd, id, &it.items, it.amount).await?;
            allocated = Pence::total(lines.values());
            let customer = Known { id, number: number.to_owned(), name: name.to_owned() };
            let share = Share { customer, amount: it.amount, lines };
            let why = Why { reason: &reason, confidence_ppm: 1_000_000 };
            let item = place(cmd, &receipt, &share, day, &why, post_receipt).await?;
            receipt.item_id = Some(item.0);
        }
        None => {
            let journal = NewJournal {
                posted_on: day,
                event: "ReceiptInSuspense",
                source: format!("receipt {}", receipt.number),
                reason,
                customer: None,
                item: None,
                lines: post_suspense(it.amount),
            };
            post(cmd, journal).await?;
        }
    }
    let made = Received { receipt: receipt.id, allocated };
    cmd.tell("ReceiptRecorded", format!("receipt {}", receipt.number), &receipt);
    cash::add_receipts(&mut cmd.tx, cmd.by.org, vec![receipt]).await?;
    Ok(made)
}

async fn oldest_first(
    cmd: &mut Command,
    customer: CustomerId,
    placed: &[ItemId],
    amount: Pence,
) -> Outcome<BTreeMap<ItemId, Pence>> {
    let open = ledger::open_items_of(&mut cmd.tx, cmd.by.org, customer).await?;
    let mut left = amount;
    let mut lines = BTreeMap::new();
    // Interest and costs of a placed debt come last, as for anybody who pays by themselves.
    let mut debits: Vec<_> = open.iter().filter(|i| i.open_pence > 0 && placed.contains(&ItemId(i.id))).collect();
    debits.sort_by_key(|item| (item.kind != "invoice", item.due_on, item.id));
    for item in debits {
        let part = left.min(Pence(item.open_pence));
        if part > Pence::ZERO {
            lines.insert(ItemId(item.id), part);
            left = left.minus(part);
        }
    }
    Ok(lines)
}

/// Takes a payment back that an agency says was returned.
pub(crate) async fn take_back_from_agency(cmd: &mut Command, receipt: &str, reason: &str) -> Outcome<()> {
    let absent = || No::Absent(format!("receipt {receipt}"));
    let row = cash::receipt_numbered(&mut cmd.tx, cmd.by.org, receipt).await?.ok_or_else(absent)?;
    reverse_now(cmd, row, reason).await.map(drop)
}

/// The end of a statement: its commission is posted, and the bank is to show what it pays over.
pub(crate) struct StatementMoney<'a> {
    /// Number of the statement, ours.
    pub number: &'a str,
    /// Name and hash of its file.
    pub file: (&'a str, &'a str),
    /// The agency's name.
    pub agency: &'a str,
    /// The account it pays into.
    pub bank_account: Option<i64>,
    /// Commission and VAT on it.
    pub commission: (Pence, Pence),
    /// Whether both were kept out of the money.
    pub net: bool,
    /// Receipts, and what the bank is to show.
    pub payments: (i64, Pence),
    /// The statement's last day.
    pub dated_on: NaiveDate,
}

/// Posts the commission (row 32), and takes note of the bank's credit, which the receipts have posted already.
pub(crate) async fn settle_statement(cmd: &mut Command, it: StatementMoney<'_>) -> Outcome<()> {
    let lines = agency_commission(it.commission.0, it.commission.1, it.net);
    if !lines.is_empty() {
        let journal = NewJournal {
            posted_on: cmd.today,
            event: "AgencyCommission",
            source: format!("agency statement {}", it.number),
            reason: format!("Commission of {}", it.agency),
            customer: None,
            item: None,
            lines,
        };
        post(cmd, journal).await?;
    }
    let account = match it.bank_account {
        Some(account) => Some(account),
        None => cash::bank_accounts(&mut cmd.tx, cmd.by.org).await?.first().map(|row| row.id),
    };
    if let Some(account) = account.filter(|_| it.payments.1 > Pence::ZERO) {
        let expected = Expected {
            account,
            sha256: it.file.1,
            name: it.file.0,
            layout: "agency statement",
            dated_on: it.dated_on.min(cmd.today),
            payments: it.payments.0.max(1),
            total: it.payments.1,
        };
        expect_credit(cmd, expected).await?;
    }
    Ok(())
}
