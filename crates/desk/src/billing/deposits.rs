//! Deposits (BIL-15): asked for before the service, used for an invoice or given back.
//!
//! A deposit is an invoice whose income waits as deferred income (GL-02 row 2). Using it takes it back by a credit note
//! that is set against the invoice of the service, so that VAT is paid once (INV-05).
use super::credit::{Against, NewCredit, creditable, find_invoice, post_priced, set_against_all};
use super::form::{InvoiceForm, InvoiceLine};
use super::raise::draft_as_typed;
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{
    CreditAsk, CreditReason, CreditableLine, DepositFacts, DepositKind, net_to_use, price_credit, refusals,
};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::terms::{
    self, DepositRow, DepositUse, DepositUseSeen, add_deposit_use, is_deposit, uses_of_deposit,
};
use sundry_store::ledger::{self, ItemRow};

/// Deposits shown at once.
const PAGE: i64 = 100;

/// Asks for a deposit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskDeposit {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer_number: String,
    /// advance or returnable.
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// How much before VAT, in pounds.
    pub amount: String,
    /// S, R, Z, E or O.
    pub vat_code: String,
    /// Service.
    pub service: String,
    /// Their purchase order.
    pub po_number: String,
    /// When due; by the customer's terms when not said.
    pub due_on: Option<NaiveDate>,
}

/// A deposit that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DepositAsked {
    /// Number of the invoice that asks for it.
    pub number: String,
    /// With VAT.
    pub gross_pence: i64,
    /// When due.
    pub due_on: NaiveDate,
}

/// Uses a deposit for an invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseDeposit {
    /// Idempotency key.
    pub key: String,
    /// Number of the deposit.
    #[serde(default)]
    pub deposit: String,
    /// Number of the invoice.
    pub invoice: String,
    /// How much with VAT; as much as there is and as it takes when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
}

/// Gives back what is left of a deposit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReturnDeposit {
    /// Idempotency key.
    pub key: String,
    /// Number of the deposit.
    #[serde(default)]
    pub deposit: String,
    /// Why.
    #[serde(default)]
    pub words: String,
}

/// What was used of a deposit or given back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DepositUsed {
    /// Number of the deposit.
    pub deposit: String,
    /// Number of the credit note.
    pub credit_note: String,
    /// The invoice it was used for; empty where it was given back.
    pub invoice: String,
    /// With VAT.
    pub gross_pence: i64,
    /// What is left of the deposit.
    pub left_pence: i64,
}

/// A deposit with what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DepositShown {
    /// The deposit.
    #[serde(flatten)]
    pub row: DepositRow,
    /// Paid, not used and not given back: what can be used.
    pub usable_pence: i64,
    /// How it was used.
    pub uses: Vec<DepositUseSeen>,
    /// Open invoices of the customer for which it can be used: number, and what is open.
    pub open: Vec<(String, i64)>,
}

/// A page of deposits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DepositsPage {
    /// Newest first.
    pub rows: Vec<DepositRow>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// Asks a customer for a deposit: an invoice whose income waits.
///
/// # Errors
/// `BIL-15-RETURNABLE-VAT`; as [`raise_invoice`](super::raise_invoice).
pub async fn ask_deposit(desk: &Desk, by: &Actor, ask: AskDeposit) -> Outcome<DepositAsked> {
    by.must_hold(Duty::RaiseInvoice)?;
    let kind = DepositKind::parse(ask.kind.trim())
        .ok_or_else(|| Invalid::field("kind", "Choose what sort of deposit it is", &ask.kind))?;
    let form = InvoiceForm {
        customer_number: ask.customer_number.clone(),
        due_on: ask.due_on,
        po_number: ask.po_number.clone(),
        service: ask.service.clone(),
        // The day it is asked for: its tax point is this or the payment, whichever comes first.
        supply_on: Some(desk.today()),
        lines: vec![InvoiceLine {
            description: ask.description.clone(),
            quantity: "1".into(),
            unit_price: ask.amount.clone(),
            vat_code: ask.vat_code.clone(),
            ..InvoiceLine::default()
        }],
        ..InvoiceForm::default()
    };
    command!(desk, by, "ask_deposit", &ask.key, &ask, |cmd| {
        let drafted = draft_as_typed(&mut cmd.tx, desk, by.org, &form).await.map_err(at_fields)?;
        let raised = drafted.for_deposit(kind)?.post(cmd).await?;
        cmd.tell("DepositAsked", format!("invoice {}", raised.number), &raised);
        Ok(DepositAsked { number: raised.number, gross_pence: raised.gross_pence, due_on: raised.due_on })
    })
}

/// The field of the deposit that a field of its one line is.
fn at_fields(no: No) -> No {
    let No::Invalid(mut all) = no else { return no };
    for one in &mut all {
        one.row = None;
        if matches!(one.field.as_str(), "unit_price" | "unit price" | "lines") {
            one.field = "amount".into();
        }
    }
    No::Invalid(all)
}

/// Uses a deposit for an invoice of the same customer.
///
/// # Errors
/// `BIL-15-…` for more than is paid or left, or another's invoice; absent deposit or invoice.
pub async fn use_deposit(desk: &Desk, by: &Actor, ask: UseDeposit) -> Outcome<DepositUsed> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "use_deposit", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = one(&mut cmd.tx, org, &ask.deposit).await?;
        let invoice = find_invoice(&mut cmd.tx, org, &ask.invoice).await?;
        if invoice.customer_id != row.customer_id || is_deposit(&mut cmd.tx, org, DocumentId(invoice.id)).await? {
            let sentence = format!("{} is not an invoice of {}", invoice.number, row.customer_name);
            return Err(refusals::DEPOSIT_ELSEWHERE.because(sentence).into());
        }
        let items = debits_of(&mut cmd.tx, org, &invoice.number, invoice.id).await?;
        let open = Pence::total(&items.iter().map(|item| Pence(item.open_pence)).collect::<Vec<_>>());
        let usable = Pence((row.left_pence() - row.unpaid_pence).max(0));
        let amount = ask.amount.unwrap_or_else(|| usable.min(open));
        if amount > open || open == Pence::ZERO {
            let say = format!("Enter at most the {open} that is open on {}", invoice.number);
            return Err(Invalid::field("amount", say, amount.to_string()).into());
        }
        let used = take(cmd, &row, Some(amount), Against::Nothing, CreditReason::DepositUsed).await?;
        let reason = format!("Deposit {} is used for invoice {}", row.number, invoice.number);
        set_against_all(cmd, &items, used.item, Pence(used.gross_pence), &reason).await?;
        let of = DepositUse {
            credit: used.document,
            deposit: DocumentId(row.document_id),
            invoice: Some(DocumentId(invoice.id)),
        };
        add_deposit_use(&mut cmd.tx, org, of).await?;
        let answer = used.answer(&row, &invoice.number);
        cmd.tell("DepositUsed", format!("invoice {}", row.number), &answer);
        Ok(answer)
    })
}

/// Gives back what is left of a deposit: what was paid of it stands as credit, to be refunded; what was not is not owed.
///
/// # Errors
/// `BIL-15-MORE-THAN-LEFT` where nothing is left; absent deposit.
pub async fn return_deposit(desk: &Desk, by: &Actor, ask: ReturnDeposit) -> Outcome<DepositUsed> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "return_deposit", &ask.key, &ask, |cmd| {
        let row = one(&mut cmd.tx, cmd.by.org, &ask.deposit).await?;
        let used = take(cmd, &row, None, Against::ItsInvoice, CreditReason::DepositReturned).await?;
        let of = DepositUse { credit: used.document, deposit: DocumentId(row.document_id), invoice: None };
        add_deposit_use(&mut cmd.tx, cmd.by.org, of).await?;
        let answer = used.answer(&row, "");
        let detail = serde_json::json!({ "returned": &answer });
        cmd.tell_why("DepositReturned", format!("invoice {}", row.number), detail, &ask.words);
        Ok(answer)
    })
}

/// What was taken of a deposit.
struct Taken {
    number: String,
    document: DocumentId,
    item: sundry_domain::ids::ItemId,
    gross_pence: i64,
}

impl Taken {
    fn answer(&self, row: &DepositRow, invoice: &str) -> DepositUsed {
        DepositUsed {
            deposit: row.number.clone(),
            credit_note: self.number.clone(),
            invoice: invoice.to_owned(),
            gross_pence: self.gross_pence,
            left_pence: row.left_pence() - self.gross_pence,
        }
    }
}

/// Takes some of a deposit, or all that is left, by a credit note.
async fn take(
    cmd: &mut Command,
    row: &DepositRow,
    amount: Option<Pence>,
    against: Against,
    reason: CreditReason,
) -> Outcome<Taken> {
    let deposit = find_invoice(&mut cmd.tx, cmd.by.org, &row.number).await?;
    let (lines, rows) = creditable(&mut cmd.tx, cmd.by.org, &deposit).await?;
    let line = lines.first().ok_or_else(|| crate::Fault::new("a deposit without a line"))?;
    let left_net = line.net.minus(line.credited_net);
    let net = match amount {
        None if left_net > Pence::ZERO => left_net,
        None => {
            let sentence = format!("All of deposit {} was used or given back", row.number);
            return Err(refusals::DEPOSIT_LEFT.because(sentence).into());
        }
        Some(amount) => net_to_use(&facts(row, line), amount)?,
    };
    let priced = price_credit(&lines, &[CreditAsk { line_no: line.line_no, net }])?;
    let new = NewCredit { invoice: &deposit, lines: &rows, priced: &priced, reason: reason.as_str(), against };
    let posted = post_priced(cmd, new).await?;
    Ok(Taken { number: posted.number, document: posted.document, item: posted.item, gross_pence: priced.gross.0 })
}

fn facts(row: &DepositRow, line: &CreditableLine) -> DepositFacts {
    DepositFacts {
        left_net: line.net.minus(line.credited_net),
        left_vat: line.vat.minus(line.credited_vat),
        unpaid: Pence(row.unpaid_pence),
        rate: BasisPoints(line.rate.0),
    }
}

async fn one(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<DepositRow> {
    let found = match number.trim() {
        "" => Vec::new(),
        number => terms::deposits(tx, org, number, i64::MAX, 1).await?,
    };
    found.into_iter().next().ok_or_else(|| No::Absent(format!("deposit {}", number.trim())))
}

/// The open items of an invoice, first due first.
async fn debits_of(tx: &mut Tx, org: OrgId, number: &str, document: i64) -> Outcome<Vec<ItemRow>> {
    let mut items = ledger::items_of_document(tx, org, DocumentId(document), number).await?;
    items.retain(|item| item.open_pence > 0);
    Ok(items)
}

/// Deposits, newest first.
///
/// # Errors
/// Duty.
pub async fn deposits_list(desk: &Desk, by: &Actor, before: Option<i64>) -> Outcome<DepositsPage> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let mut rows = terms::deposits(&mut look, by.org, "", before.unwrap_or(i64::MAX), PAGE + 1).await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.document_id);
    Ok(DepositsPage { rows, next })
}

/// One deposit with what became of it.
///
/// # Errors
/// Duty; absent deposit.
pub async fn deposit(desk: &Desk, by: &Actor, number: &str) -> Outcome<DepositShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = one(&mut look, by.org, number).await?;
    let uses = uses_of_deposit(&mut look, by.org, DocumentId(row.document_id)).await?;
    let usable_pence = (row.left_pence() - row.unpaid_pence).max(0);
    let mut open: Vec<(String, i64)> = Vec::new();
    for item in ledger::open_items_of(&mut look, by.org, CustomerId(row.customer_id)).await? {
        let Some(document) = item.document_id.filter(|_| item.kind == "invoice" && item.open_pence > 0) else {
            continue;
        };
        if is_deposit(&mut look, by.org, DocumentId(document)).await? {
            continue;
        }
        // The instalments of an invoice count as one.
        let number = item.number.rsplit_once('/').map_or(item.number.as_str(), |(first, _)| first).to_owned();
        match open.iter_mut().find(|(known, _)| *known == number) {
            Some((_, sum)) => *sum += item.open_pence,
            None => open.push((number, item.open_pence)),
        }
    }
    Ok(DepositShown { row, usable_pence, uses, open })
}
