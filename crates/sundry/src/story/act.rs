//! Doing what a line of a story says, through the same commands as the pages.
use super::script::{Act, BankLine, NewCustomer, NewInvoice};
use super::stage::Stage;
use crate::demo::bank::{Line, Statement, Style};
use sundry_desk::billing::invoice as invoice_shown;
use sundry_desk::billing::{
    CreditLine, InvoiceForm, InvoiceLine, RaiseInvoice, RequestCredit, raise_invoice, request_credit_note,
};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, import_bank_statement};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_desk::customers::{AddCustomer, CustomerFields, add_customer};
use sundry_desk::writeoff::{
    RequestWriteBack, RequestWriteOff, evidence_in_words, request_write_back, request_write_off,
};
use sundry_desk::{No, Outcome};
use sundry_domain::ids::{AllocationId, ItemId};
use sundry_domain::money::Pence;

/// What was expected, and what was found instead.
pub type Failed = Option<(String, String)>;

/// Does it. A refusal is kept for the next line, which must expect it.
pub async fn act(stage: &mut Stage, act: &Act) -> Outcome<Failed> {
    match done(stage, act).await {
        Ok(failed) => Ok(failed),
        Err(fault @ No::Fault(_)) => Err(fault),
        Err(no) => {
            stage.refused = Some(no);
            Ok(None)
        }
    }
}

async fn done(stage: &mut Stage, act: &Act) -> Outcome<Failed> {
    match act {
        Act::Customer(new) => customer(stage, new).await,
        Act::Invoice(new) => invoice(stage, new).await,
        Act::ProposeCredit { approval, invoice, net, words } => credit(stage, approval, invoice, *net, words).await,
        Act::ProposeWriteOff { .. } | Act::ProposeWriteBack { .. } => write_off(stage, act).await,
        Act::Bank(line) => {
            stage.bank.push(line.clone());
            Ok(None)
        }
        Act::Import { again } => import(stage, *again).await,
        Act::Card(card) => super::card::done(stage, card).await,
        Act::Match => {
            let key = stage.key();
            match_cash(&stage.desk, &stage.by, MatchCash { key }).await?;
            Ok(None)
        }
        Act::Receive { receipt, method, nick, amount, invoice } => {
            receive(stage, (receipt, method, nick), *amount, invoice.as_deref()).await
        }
        Act::Allocate { receipt, invoice, amount } => allocate(stage, receipt, invoice, *amount).await,
        Act::Identify { receipt, nick } => identify(stage, receipt, nick).await,
        Act::Undo { receipt, invoice } => undo(stage, receipt, invoice).await,
        Act::Bounce { receipt, words } => {
            let ask = ReverseReceipt { key: stage.key(), receipt: receipt.clone(), reason: words.clone() };
            reverse_receipt(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        Act::Desk(act) => super::desk_words::done(stage, act).await,
        Act::Person(act) => super::people::done(stage, act).await,
        Act::Month(act) => super::month::done(stage, act).await,
        Act::Reconcile(act) => super::reconcile::done(stage, act).await,
        Act::GiveUp(act) => super::giving_up::done(stage, act).await,
        Act::Agency(act) => super::agencies::done(stage, act).await,
        Act::Court(act) => super::court::done(stage, act).await,
        Act::Service(act) => super::service::done(stage, act).await,
        _ => super::case::done(stage, act).await,
    }
}

/// The number that was given must be the one the story names.
pub fn same(expected: &str, given: &str) -> Failed {
    (expected != given).then(|| (format!("it to be {expected}"), format!("it is {given}")))
}

async fn customer(stage: &mut Stage, new: &NewCustomer) -> Outcome<Failed> {
    let mut fields = CustomerFields {
        name: new.name.clone(),
        kind: new.kind.as_str().into(),
        email: new.email.clone(),
        channel: if new.email.is_empty() { "post".into() } else { "email".into() },
        terms_days: new.terms_days,
        language: if new.welsh { "cy".into() } else { "en".into() },
        ..CustomerFields::default()
    };
    if new.address {
        fields.address1 = "1 Mill Lane".into();
        fields.town = "Fenmarch".into();
        fields.postcode = new.postcode.clone().unwrap_or_else(|| "ZZ1 1AA".into());
    }
    let ask = AddCustomer { key: stage.key(), fields, confirmed_alike: true, ..AddCustomer::default() };
    let added = add_customer(&stage.desk, &stage.by, ask).await?;
    stage.customers.insert(new.nick.clone(), (added.customer, added.number));
    Ok(None)
}

async fn invoice(stage: &mut Stage, new: &NewInvoice) -> Outcome<Failed> {
    let (customer, customer_number) = stage.customer(&new.nick)?;
    let form = InvoiceForm {
        customer_number,
        supply_on: Some(stage.desk.today()),
        due_on: new.due_on,
        service: "Services".into(),
        debt_type: new.debt_type.clone(),
        cost_centre: "CC100".into(),
        lines: vec![InvoiceLine {
            description: new.words.clone(),
            quantity: "1".into(),
            unit_price: new.net.pounds(),
            vat_code: new.vat_code.clone(),
            ..InvoiceLine::default()
        }],
        instalment_count: new.instalments.as_ref().map(|(count, _)| *count),
        instalment_every: new.instalments.as_ref().map(|(_, every)| every.clone()).unwrap_or_default(),
        ..InvoiceForm::default()
    };
    let ask = RaiseInvoice { key: stage.key(), form };
    let raised = raise_invoice(&stage.desk, &stage.by, ask).await?;
    stage.invoices.insert(raised.number.clone(), (raised.item, customer));
    if !raised.instalments.is_empty() {
        let shown = invoice_shown(&stage.desk, &stage.looker, &raised.number).await?;
        let parts = shown.instalments.into_iter().map(|part| (part.number, (ItemId(part.id), customer)));
        stage.invoices.extend(parts);
    }
    Ok(same(&new.number, &raised.number))
}

async fn credit(stage: &mut Stage, approval: &str, invoice: &str, net: Pence, words: &str) -> Outcome<Failed> {
    let ask = RequestCredit {
        key: stage.key(),
        invoice: invoice.to_owned(),
        lines: vec![CreditLine { line: 1, net_pence: net.0 }],
        reason: "wrong_price".into(),
        words: words.to_owned(),
    };
    let asked = request_credit_note(&stage.desk, &stage.by, ask).await?;
    Ok(same(approval, &asked.approval))
}

async fn write_off(stage: &mut Stage, act: &Act) -> Outcome<Failed> {
    match act {
        Act::ProposeWriteOff { approval, item, amount, reason, words } => {
            let ask = RequestWriteOff {
                key: stage.key(),
                item: item.clone(),
                amount: Some(*amount),
                reason: reason.clone(),
                words: words.clone(),
                evidence: evidence_in_words(reason, words, stage.desk.today()),
            };
            Ok(same(approval, &request_write_off(&stage.desk, &stage.by, ask).await?.approval))
        }
        Act::ProposeWriteBack { approval, write_off, amount, words } => {
            let (write_off, words) = (write_off.clone(), words.clone());
            let receipt = String::new();
            let ask = RequestWriteBack { key: stage.key(), write_off, amount: *amount, words, receipt };
            Ok(same(approval, &request_write_back(&stage.desk, &stage.by, ask).await?.approval))
        }
        _ => Ok(None),
    }
}

async fn import(stage: &mut Stage, again: bool) -> Outcome<Failed> {
    if !again || stage.last_file.is_none() {
        let lines = std::mem::take(&mut stage.bank);
        stage.last_file = Some(bank_file(stage, &lines));
    }
    let Some((file_name, bytes)) = stage.last_file.clone() else { return Ok(None) };
    let ask = ImportBankStatement {
        key: stage.key(),
        file_name,
        bytes,
        format: Some("csv:neutral".into()),
        ..ImportBankStatement::default()
    };
    let taken = import_bank_statement(&stage.desk, &stage.by, ask).await?;
    stage.seen = if taken.already_on.is_some() { stage.bank_lines as i64 } else { taken.lines_seen };
    Ok(None)
}

/// The lines as a file of the day, each with an id of its own.
fn bank_file(stage: &mut Stage, lines: &[BankLine]) -> (String, Vec<u8>) {
    let first = stage.bank_lines;
    stage.bank_lines += lines.len();
    let line = |(at, line): (usize, &BankLine)| {
        let (sort_code, account) = line.account.clone().unwrap_or_default();
        Line {
            bank_reference: format!("B{:05}", first + at + 1),
            pence: line.amount.0,
            kind: "FPI",
            payer_name: line.from.clone(),
            sort_code,
            account,
            text: line.words.clone(),
        }
    };
    let statement = Statement {
        sort_code: String::new(),
        account: String::new(),
        number: stage.bank_lines as i64,
        on: stage.desk.today(),
        opening_pence: 0,
        lines: lines.iter().enumerate().map(line).collect(),
    };
    statement.file(Style::Csv)
}

async fn receive(
    stage: &mut Stage,
    (number, method, nick): (&str, &str, &str),
    amount: Pence,
    invoice: Option<&str>,
) -> Outcome<Failed> {
    let (_, customer) = stage.customer(nick)?;
    let lines = invoice.map(|item| AllocationLine { item: item.to_owned(), amount }).into_iter().collect();
    let ask = RecordReceipt {
        key: stage.key(),
        method: method.to_owned(),
        customer,
        amount,
        received_on: stage.desk.today(),
        payer_name: String::new(),
        words: String::new(),
        lines,
    };
    Ok(same(number, &record_receipt(&stage.desk, &stage.by, ask).await?.receipt))
}

async fn allocate(stage: &mut Stage, number: &str, invoice: &str, amount: Pence) -> Outcome<Failed> {
    // The customer is the invoice's; what a write-off restored has none in the story, so the receipt says.
    let whose = match stage.invoice(invoice) {
        Ok((_, customer)) => stage.customers.values().find(|(id, _)| *id == customer).map(|(_, number)| number.clone()),
        Err(_) => receipt(&stage.desk, &stage.looker, number).await?.customer.map(|(number, _)| number),
    };
    let ask = AllocateReceipt {
        key: stage.key(),
        receipt: number.to_owned(),
        customer: whose.unwrap_or_default(),
        lines: vec![AllocationLine { item: invoice.to_owned(), amount }],
        split: Vec::new(),
        reason: String::new(),
    };
    allocate_receipt(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

async fn identify(stage: &mut Stage, number: &str, nick: &str) -> Outcome<Failed> {
    let (_, customer) = stage.customer(nick)?;
    let ask = AllocateReceipt {
        key: stage.key(),
        receipt: number.to_owned(),
        customer,
        lines: Vec::new(),
        split: Vec::new(),
        reason: "Identified.".into(),
    };
    allocate_receipt(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

async fn undo(stage: &mut Stage, number: &str, invoice: &str) -> Outcome<Failed> {
    let view = receipt(&stage.desk, &stage.looker, number).await?;
    let standing = view.allocations.iter().find(|one| one.item_number == invoice);
    let allocation = standing.map(|one| AllocationId(one.id));
    let absent = || No::Absent(format!("allocation of {number} to {invoice}"));
    let ask = UndoAllocation {
        key: stage.key(),
        allocation: Some(allocation.ok_or_else(absent)?),
        receipt: None,
        reason: "Undone in the story.".into(),
    };
    undo_allocation(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}
