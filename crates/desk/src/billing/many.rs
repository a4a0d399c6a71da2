//! Posting many invoices at once: numbers, journals, documents and open items, each in one statement or few.
use crate::Outcome;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post_many};
use chrono::NaiveDate;
use sundry_domain::billing::{LineAsk, PricedDocument, PricedLine};
use sundry_domain::ids::{CustomerId, DocumentId, ItemId};
use sundry_domain::ledger::{IncomeShare, invoice as posting_of};
use sundry_store::billing::reference::{DocumentReferenceRow, add_references};
use sundry_store::billing::{DocumentLineRow, DocumentRow, add_documents};
use sundry_store::ledger::{ItemRow, add_items};

/// An invoice decided on and not yet posted.
pub(super) struct Ready {
    pub(super) customer: i64,
    pub(super) supply_on: NaiveDate,
    pub(super) tax_point_on: NaiveDate,
    pub(super) due_on: NaiveDate,
    pub(super) po_number: String,
    pub(super) buyer_reference: String,
    pub(super) service: String,
    pub(super) debt_type: String,
    pub(super) cost_centre: String,
    /// Where it comes from, for the journal.
    pub(super) reason: String,
    pub(super) asks: Vec<LineAsk>,
    pub(super) priced: PricedDocument,
}

/// Posts invoices with consecutive numbers, issued today; gives the document and number of each, in order.
pub(super) async fn post_invoices(cmd: &mut Command, ready: Vec<Ready>) -> Outcome<Vec<(DocumentId, String)>> {
    if ready.is_empty() {
        return Ok(Vec::new());
    }
    let first = cmd.next_numbers("INV", ready.len() as i64).await?;
    let number_of = |n: i64| format!("INV-{n:06}");
    let mut ids: Vec<(DocumentId, ItemId)> = Vec::with_capacity(ready.len());
    let mut journals = Vec::with_capacity(ready.len());
    for (n, one) in (first..).zip(&ready) {
        let item = cmd.id();
        ids.push((cmd.id(), item));
        journals.push(journal(cmd.today, &number_of(n), one, item));
    }
    let journals = post_many(cmd, journals).await?;
    let (mut heads, mut lines, mut items, mut carried) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut posted = Vec::with_capacity(ready.len());
    for (((n, one), (id, item)), journal) in (first..).zip(ready).zip(ids).zip(journals) {
        let head = head(cmd, &one, (id, number_of(n)));
        items.push(open_item(&head, item, journal.0));
        lines.extend(lines_of(id, &one));
        if !one.buyer_reference.is_empty() {
            carried.push(DocumentReferenceRow {
                document_id: id.0,
                buyer_reference: one.buyer_reference,
                ..DocumentReferenceRow::default()
            });
        }
        posted.push((id, head.number.clone()));
        heads.push(head);
    }
    let org = cmd.by.org;
    add_documents(&mut cmd.tx, org, heads, lines).await?;
    add_references(&mut cmd.tx, org, carried, cmd.at).await?;
    add_items(&mut cmd.tx, org, items).await?;
    Ok(posted)
}

fn journal(today: NaiveDate, number: &str, one: &Ready, item: ItemId) -> NewJournal {
    let share = |(ask, line): (&LineAsk, &PricedLine)| IncomeShare {
        income_code: ask.income_code.clone(),
        cost_centre: ask.cost_centre.clone(),
        net: line.net,
    };
    let shares: Vec<IncomeShare> = one.asks.iter().zip(&one.priced.lines).map(share).collect();
    NewJournal {
        posted_on: today,
        event: "InvoiceRaised",
        source: format!("invoice {number}"),
        reason: one.reason.clone(),
        customer: Some(CustomerId(one.customer)),
        item: Some(item),
        lines: posting_of(&shares, one.priced.vat),
    }
}

fn head(cmd: &Command, one: &Ready, (id, number): (DocumentId, String)) -> DocumentRow {
    DocumentRow {
        id: id.0,
        kind: "invoice".into(),
        number,
        customer_id: one.customer,
        issue_on: cmd.today,
        supply_on: one.supply_on,
        tax_point_on: one.tax_point_on,
        due_on: one.due_on,
        po_number: one.po_number.clone(),
        service: one.service.clone(),
        debt_type: one.debt_type.clone(),
        cost_centre: one.cost_centre.clone(),
        net_pence: one.priced.net.0,
        vat_pence: one.priced.vat.0,
        gross_pence: one.priced.gross.0,
        corrects_id: None,
        reason: String::new(),
        origin: "raised".into(),
        actor_id: cmd.by.user.0,
        recorded_at: cmd.at,
    }
}

fn open_item(head: &DocumentRow, item: ItemId, journal: i64) -> ItemRow {
    ItemRow {
        id: item.0,
        customer_id: head.customer_id,
        kind: "invoice".into(),
        number: head.number.clone(),
        document_id: Some(head.id),
        receipt_id: None,
        posted_on: head.issue_on,
        dated_on: head.issue_on,
        due_on: head.due_on,
        original_pence: head.gross_pence,
        open_pence: head.gross_pence,
        disputed_pence: 0,
        service: head.service.clone(),
        debt_type: head.debt_type.clone(),
        stage: String::new(),
        journal_id: journal,
        recorded_at: head.recorded_at,
    }
}

fn lines_of(id: DocumentId, one: &Ready) -> impl Iterator<Item = DocumentLineRow> {
    (1..).zip(one.asks.iter().zip(&one.priced.lines)).map(move |(line, (ask, priced))| DocumentLineRow {
        document_id: id.0,
        line,
        description: ask.description.clone(),
        quantity_e4: ask.quantity_e4,
        unit_price_e4: ask.unit_price_e4,
        vat_code: priced.vat_code.as_str().into(),
        vat_bp: priced.rate.0,
        net_pence: priced.net.0,
        vat_pence: priced.vat.0,
        income_code: ask.income_code.clone(),
        corrects_line: None,
    })
}
