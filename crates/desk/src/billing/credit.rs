//! Credit notes: asked for by one person, approved by another, posted and set against the invoice (INV-09).
use crate::approvals::{AskForApproval, CREDIT_NOTE, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::billing::{
    CreditAsk, CreditReason, CreditableLine, CreditedLine, PricedCredit, VatCode, price_credit, refusals,
};
use sundry_domain::control::refusals::CHANGED;
use sundry_domain::control::{Duty, conflict};
use sundry_domain::ids::{AllocationId, CustomerId, DocumentId, ItemId, JournalId, OrgId};
use sundry_domain::ledger::{EntryLine, IncomeShare, credit_in_advance, credit_note as posting_of};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::terms::is_deposit;
use sundry_store::billing::{self, DocumentLineRow, DocumentRow};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, AllocationRow, ItemRow};

/// How much of a line to credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditLine {
    /// Line of the invoice.
    pub line: u32,
    /// Before VAT.
    pub net_pence: i64,
}

/// Asks for a credit note.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestCredit {
    /// Idempotency key.
    pub key: String,
    /// Invoice number.
    pub invoice: String,
    /// Lines to credit; all that is left of every line when empty.
    #[serde(default)]
    pub lines: Vec<CreditLine>,
    /// wrong_price, wrong_customer, cancelled, service_not_given or dispute_agreed.
    pub reason: String,
    /// In words, for the person who decides.
    #[serde(default)]
    pub words: String,
}

/// The request that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreditAsked {
    /// Approval number.
    pub approval: String,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// What would be credited.
    pub gross_pence: i64,
}

/// What an approval of a credit note holds.
#[derive(Serialize, Deserialize)]
pub(super) struct CreditPayload {
    pub invoice: String,
    lines: Vec<CreditLine>,
    reason: String,
    words: String,
    net_pence: i64,
    vat_pence: i64,
    gross_pence: i64,
}

impl CreditPayload {
    /// What is credited, and why; no lines means all that is left.
    pub fn new(
        invoice: &DocumentRow,
        lines: Vec<CreditLine>,
        reason: CreditReason,
        words: &str,
        priced: &PricedCredit,
    ) -> Self {
        Self {
            invoice: invoice.number.clone(),
            lines,
            reason: reason.as_str().into(),
            words: words.trim().into(),
            net_pence: priced.net.0,
            vat_pence: priced.vat.0,
            gross_pence: priced.gross.0,
        }
    }
}

/// A credit note that is posted.
pub(super) struct PostedCredit {
    pub number: String,
    pub document: DocumentId,
    pub item: ItemId,
    /// What its invoice did not take.
    pub left: Pence,
}

/// Asks for a credit note against an invoice; it always takes someone else's yes.
///
/// # Errors
/// `INV-09-…` above what is left of a line; invalid reason; absent invoice.
pub async fn request_credit_note(desk: &Desk, by: &Actor, ask: RequestCredit) -> Outcome<CreditAsked> {
    by.must_hold(Duty::ProposeCredit)?;
    if CreditReason::parse(&ask.reason).is_none_or(|reason| !reason.can_be_chosen()) {
        return Err(Invalid::field("reason", "Choose why from the list", &ask.reason).into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "request_credit_note", &ask.key, &ask, |cmd| {
        ask_credit(cmd, &ask.invoice, &ask.lines, &ask.reason, &ask.words).await
    })
}

/// Prices the credit and asks for a yes, inside whichever command needs it.
pub(crate) async fn ask_credit(
    cmd: &mut Command,
    invoice: &str,
    lines: &[CreditLine],
    reason: &str,
    words: &str,
) -> Outcome<CreditAsked> {
    cmd.by.must_hold(Duty::ProposeCredit)?;
    ask_credit_by_rule(cmd, invoice, lines, reason, words).await
}

/// As [`ask_credit`], where a rule and not the person proposes it: they need no duty, and still may not decide it.
pub(super) async fn ask_credit_by_rule(
    cmd: &mut Command,
    invoice: &str,
    lines: &[CreditLine],
    reason: &str,
    words: &str,
) -> Outcome<CreditAsked> {
    let document = find_invoice(&mut cmd.tx, cmd.by.org, invoice).await?;
    let (asks, priced, _) = price(&mut cmd.tx, cmd.by.org, &document, lines).await?;
    let reason =
        CreditReason::parse(reason).ok_or_else(|| Invalid::field("reason", "Choose why from the list", reason))?;
    let lines = asks.iter().map(|ask| CreditLine { line: ask.line_no, net_pence: ask.net.0 }).collect();
    let payload = CreditPayload::new(&document, lines, reason, words, &priced);
    let ask = AskForApproval {
        command: CREDIT_NOTE,
        subject: format!("invoice {}", document.number),
        summary: format!("Credit {} of invoice {}: {}", priced.gross, document.number, reason.name()),
        payload: serde_json::to_value(&payload)?,
        amount: priced.gross,
    };
    let approval = ask_for_approval(cmd, ask).await?;
    cmd.tell("CreditNoteAsked", format!("invoice {}", document.number), &payload);
    let (net_pence, vat_pence, gross_pence) = (priced.net.0, priced.vat.0, priced.gross.0);
    Ok(CreditAsked { approval, net_pence, vat_pence, gross_pence })
}

pub(super) async fn find_invoice(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<DocumentRow> {
    let row = billing::document_numbered(tx, org, "invoice", number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("invoice {}", number.trim())))
}

/// What would be credited today; no lines named means all that is left.
pub(super) async fn price(
    tx: &mut Tx,
    org: OrgId,
    invoice: &DocumentRow,
    lines: &[CreditLine],
) -> Outcome<(Vec<CreditAsk>, PricedCredit, Vec<DocumentLineRow>)> {
    let (creditable, rows) = creditable(tx, org, invoice).await?;
    let asks: Vec<CreditAsk> = if lines.is_empty() {
        let left = |line: &CreditableLine| CreditAsk { line_no: line.line_no, net: line.net.minus(line.credited_net) };
        creditable.iter().map(left).filter(|ask| ask.net > Pence::ZERO).collect()
    } else {
        lines.iter().map(|line| CreditAsk { line_no: line.line, net: Pence(line.net_pence) }).collect()
    };
    if asks.is_empty() {
        let sentence = format!("All of invoice {} is credited already", invoice.number);
        return Err(refusals::CREDIT_ABOVE_LINE.because(sentence).into());
    }
    let priced = price_credit(&creditable, &asks)?;
    Ok((asks, priced, rows))
}

/// The lines of an invoice with what was credited of each.
pub(super) async fn creditable(
    tx: &mut Tx,
    org: OrgId,
    invoice: &DocumentRow,
) -> Outcome<(Vec<CreditableLine>, Vec<DocumentLineRow>)> {
    let rows = billing::lines_of(tx, org, DocumentId(invoice.id)).await?;
    let before: HashMap<i64, (i64, i64)> = billing::credited_so_far(tx, org, DocumentId(invoice.id))
        .await?
        .into_iter()
        .map(|(line, net, vat)| (line, (net, vat)))
        .collect();
    let creditable = |row: &DocumentLineRow| {
        let (net, vat) = before.get(&row.line).copied().unwrap_or_default();
        CreditableLine {
            line_no: row.line as u32,
            net: Pence(row.net_pence),
            vat: Pence(row.vat_pence),
            vat_code: VatCode::parse(&row.vat_code).unwrap_or(VatCode::O),
            rate: BasisPoints(row.vat_bp),
            credited_net: Pence(net),
            credited_vat: Pence(vat),
        }
    };
    Ok((rows.iter().map(creditable).collect(), rows))
}

/// Posts an approved credit note and sets it against its invoice; what is left stays as credit.
pub(crate) async fn post_credit_note(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: CreditPayload = serde_json::from_value(approval.payload.clone())?;
    let posted = post_credit(cmd, &payload).await?;
    super::contracts::credit_approved(cmd, &approval.number).await?;
    Ok(posted.number)
}

/// The same, inside whichever approved act it is a part of.
pub(super) async fn post_credit(cmd: &mut Command, payload: &CreditPayload) -> Outcome<PostedCredit> {
    let org = cmd.by.org;
    let invoice = find_invoice(&mut cmd.tx, org, &payload.invoice).await?;
    if invoice.actor_id == cmd.by.user.0 && invoice.origin == "raised" {
        conflict(&[Duty::RaiseInvoice], Duty::ApproveCredit)?;
    }
    let (_, priced, lines) = price(&mut cmd.tx, org, &invoice, &payload.lines).await?;
    if priced.gross != Pence(payload.gross_pence) {
        let sentence = format!("It would now credit {}, not {}", priced.gross, Pence(payload.gross_pence));
        return Err(CHANGED.because(sentence).into());
    }
    let new = NewCredit {
        invoice: &invoice,
        lines: &lines,
        priced: &priced,
        reason: &payload.reason,
        against: Against::ItsInvoice,
    };
    let posted = post_priced(cmd, new).await?;
    cmd.tell("CreditNotePosted", format!("credit note {}", posted.number), payload);
    Ok(posted)
}

/// What a credit note is set against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    /// The invoice it corrects.
    ItsInvoice,
    /// Nothing: whoever posts it sets it against something else.
    Nothing,
}

/// A credit note that is decided on.
pub(super) struct NewCredit<'a> {
    pub invoice: &'a DocumentRow,
    pub lines: &'a [DocumentLineRow],
    pub priced: &'a PricedCredit,
    pub reason: &'a str,
    pub against: Against,
}

/// Posts a credit note: number, document, journal (GL-02 row 6, or the mirror of row 2 for a deposit) and open item.
pub(super) async fn post_priced(cmd: &mut Command, new: NewCredit<'_>) -> Outcome<PostedCredit> {
    let (org, today) = (cmd.by.org, cmd.today);
    let NewCredit { invoice, lines, priced, reason, against } = new;
    let number = format!("CRN-{:06}", cmd.next_number("CRN").await?);
    let (document, item): (DocumentId, ItemId) = (cmd.id(), cmd.id());
    let journal = NewJournal {
        posted_on: today,
        event: "CreditNotePosted",
        source: format!("credit note {number}"),
        reason: format!("{reason} of invoice {}", invoice.number),
        customer: Some(CustomerId(invoice.customer_id)),
        item: Some(item),
        lines: posting(cmd, invoice, lines, priced).await?,
    };
    let journal = post(cmd, journal).await?;
    let head = DocumentRow {
        id: document.0,
        kind: "credit_note".into(),
        number: number.clone(),
        issue_on: today,
        due_on: today,
        net_pence: priced.net.0,
        vat_pence: priced.vat.0,
        gross_pence: priced.gross.0,
        corrects_id: Some(invoice.id),
        reason: reason.to_owned(),
        origin: "raised".into(),
        actor_id: cmd.by.user.0,
        recorded_at: cmd.at,
        ..invoice.clone()
    };
    billing::add_documents(&mut cmd.tx, org, vec![head], note_lines(document, priced, lines)).await?;
    let taken = add_credit(cmd, invoice, (item, document, journal), &number, (priced.gross, against)).await?;
    Ok(PostedCredit { number, document, item, left: priced.gross.minus(taken) })
}

async fn posting(
    cmd: &mut Command,
    invoice: &DocumentRow,
    lines: &[DocumentLineRow],
    priced: &PricedCredit,
) -> Outcome<Vec<EntryLine>> {
    if is_deposit(&mut cmd.tx, cmd.by.org, DocumentId(invoice.id)).await? {
        return Ok(credit_in_advance(priced.net, priced.vat));
    }
    let of_line = |line_no: u32| lines.iter().find(|line| line.line == i64::from(line_no));
    let share = |line: &CreditedLine| IncomeShare {
        income_code: of_line(line.line_no).map_or_else(String::new, |row| row.income_code.clone()),
        cost_centre: invoice.cost_centre.clone(),
        net: line.net,
    };
    let shares: Vec<IncomeShare> = priced.lines.iter().map(share).collect();
    Ok(posting_of(&shares, priced.vat))
}

fn note_lines(document: DocumentId, priced: &PricedCredit, lines: &[DocumentLineRow]) -> Vec<DocumentLineRow> {
    let of_line = |line_no: u32| lines.iter().find(|line| line.line == i64::from(line_no));
    (1..)
        .zip(&priced.lines)
        .map(|(number, line)| DocumentLineRow {
            document_id: document.0,
            line: number,
            description: of_line(line.line_no).map_or_else(String::new, |row| row.description.clone()),
            quantity_e4: 10_000,
            unit_price_e4: line.net.0 * 100,
            vat_code: line.vat_code.as_str().into(),
            vat_bp: line.rate.0,
            net_pence: line.net.0,
            vat_pence: line.vat.0,
            income_code: of_line(line.line_no).map_or_else(String::new, |row| row.income_code.clone()),
            corrects_line: Some(i64::from(line.line_no)),
        })
        .collect()
}

async fn add_credit(
    cmd: &mut Command,
    invoice: &DocumentRow,
    ids: (ItemId, DocumentId, JournalId),
    number: &str,
    (gross, against): (Pence, Against),
) -> Outcome<Pence> {
    let (org, today, at) = (cmd.by.org, cmd.today, cmd.at);
    let debits = ledger::items_of_document(&mut cmd.tx, org, DocumentId(invoice.id), &invoice.number).await?;
    let first = debits.first().ok_or_else(|| Fault::new(format!("invoice {} has no open item", invoice.number)))?;
    let credit = ItemRow {
        id: ids.0.0,
        kind: "credit_note".into(),
        number: number.to_owned(),
        document_id: Some(ids.1.0),
        receipt_id: None,
        posted_on: today,
        dated_on: today,
        due_on: today,
        original_pence: gross.negated().0,
        open_pence: gross.negated().0,
        disputed_pence: 0,
        stage: String::new(),
        journal_id: ids.2.0,
        recorded_at: at,
        ..first.clone()
    };
    ledger::add_items(&mut cmd.tx, org, vec![credit]).await?;
    match against {
        Against::Nothing => Ok(Pence::ZERO),
        Against::ItsInvoice => {
            let reason = format!("Credit note {number} corrects invoice {}", invoice.number);
            set_against_all(cmd, &debits, ids.0, gross, &reason).await
        }
    }
}

/// Sets a credit against the parts of an invoice, first due first; gives how much they took.
pub(super) async fn set_against_all(
    cmd: &mut Command,
    debits: &[ItemRow],
    credit: ItemId,
    amount: Pence,
    reason: &str,
) -> Outcome<Pence> {
    let mut left = amount;
    for debit in debits {
        let part = left.min(Pence(debit.open_pence)).max(Pence::ZERO);
        set_against(cmd, debit, credit, part, reason.to_owned()).await?;
        left = left.minus(part);
    }
    Ok(amount.minus(left))
}

/// Sets as much of a credit as the debit takes against it, by rule, and lowers what is disputed to what is open.
pub(crate) async fn set_against(
    cmd: &mut Command,
    debit: &ItemRow,
    credit: ItemId,
    amount: Pence,
    reason: String,
) -> Outcome<()> {
    let (org, today, at) = (cmd.by.org, cmd.today, cmd.at);
    let part = amount.min(Pence(debit.open_pence));
    if part <= Pence::ZERO {
        return Ok(());
    }
    let taken = ledger::reduce_debit(&mut cmd.tx, org, ItemId(debit.id), part).await?;
    if !taken || !ledger::reduce_credit(&mut cmd.tx, org, credit, part).await? {
        return Err(CHANGED.because(format!("{} was paid while you decided", debit.number)).into());
    }
    let left = Pence(debit.open_pence).minus(part);
    if Pence(debit.disputed_pence) > left {
        ledger::set_disputed(&mut cmd.tx, org, ItemId(debit.id), left).await?;
    }
    let row = AllocationRow {
        id: cmd.id::<AllocationId>().0,
        customer_id: debit.customer_id,
        debit_item_id: debit.id,
        credit_item_id: credit.0,
        amount_pence: part.0,
        allocated_on: today,
        made_by: "rule".into(),
        actor_id: cmd.by.user.0,
        reason,
        confidence_ppm: 1_000_000,
        reverses_id: None,
        recorded_at: at,
    };
    Ok(ledger::add_allocations(&mut cmd.tx, org, vec![row]).await?)
}
