//! Posting many invoices at once: numbers, journals, documents, open items and evidence, each in one statement or few.
use super::credits::row;
use super::facts::Loaded;
use super::plan::{PlannedDocument, RunFacts};
use crate::Outcome;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post_many};
use sundry_domain::billing::{LineAsk, PricedLine, TaxPointFacts, tax_point};
use sundry_domain::calendar::add_days;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, RunId};
use sundry_domain::ledger::{IncomeShare, invoice as posting_of};
use sundry_store::billing::{DocumentLineRow, DocumentRow, add_documents};
use sundry_store::contracts::ContractChargeRow;
use sundry_store::ledger::{ItemRow, add_items};

/// Raises the planned invoices; gives the first and last number and the rows of evidence.
pub(super) async fn raise_many(
    cmd: &mut Command,
    facts: &RunFacts,
    run: RunId,
    planned: Vec<(&Loaded, PlannedDocument)>,
) -> Outcome<(Option<(String, String)>, Vec<ContractChargeRow>)> {
    if planned.is_empty() {
        return Ok((None, Vec::new()));
    }
    let first = cmd.next_numbers("INV", planned.len() as i64).await?;
    let number_of = |n: i64| format!("INV-{n:06}");
    let mut ids: Vec<(DocumentId, ItemId)> = Vec::with_capacity(planned.len());
    let mut journals = Vec::with_capacity(planned.len());
    for (n, (loaded, document)) in (first..).zip(&planned) {
        let item = cmd.id();
        ids.push((cmd.id(), item));
        journals.push(journal(facts, &number_of(n), loaded, document, item));
    }
    let journals = post_many(cmd, journals).await?;
    let (mut heads, mut lines, mut items, mut behind) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (((n, (loaded, document)), (id, item)), journal) in (first..).zip(planned).zip(ids).zip(journals) {
        let head = head(cmd, facts, loaded, &document, (id, number_of(n)));
        items.push(open_item(&head, item, journal.0));
        lines.extend(lines_of(id, &document));
        let customer = document.customer.id;
        for (line, parts) in (1..).zip(document.behind) {
            for part in parts {
                let (of, net) = ((run, loaded.row.id, customer), part.net);
                behind.push(row(cmd, of, part, net, (Some((id.0, line)), None)));
            }
        }
        heads.push(head);
    }
    let span = (number_of(first), number_of(first + heads.len() as i64 - 1));
    let org = cmd.by.org;
    add_documents(&mut cmd.tx, org, heads, lines).await?;
    add_items(&mut cmd.tx, org, items).await?;
    Ok((Some(span), behind))
}

fn journal(facts: &RunFacts, number: &str, loaded: &Loaded, document: &PlannedDocument, item: ItemId) -> NewJournal {
    let share = |(ask, line): (&LineAsk, &PricedLine)| IncomeShare {
        income_code: ask.income_code.clone(),
        cost_centre: ask.cost_centre.clone(),
        net: line.net,
    };
    let shares: Vec<IncomeShare> = document.asks.iter().zip(&document.priced.lines).map(share).collect();
    NewJournal {
        posted_on: facts.today,
        event: "InvoiceRaised",
        source: format!("invoice {number}"),
        reason: format!("Contract {}", loaded.row.number),
        customer: Some(CustomerId(document.customer.id)),
        item: Some(item),
        lines: posting_of(&shares, document.priced.vat),
    }
}

fn head(
    cmd: &Command,
    facts: &RunFacts,
    loaded: &Loaded,
    document: &PlannedDocument,
    (id, number): (DocumentId, String),
) -> DocumentRow {
    let issue_on = facts.today;
    let supply_on = document.supply_on;
    // Weekly care, rents and the like are taxed as they are billed.
    let tax = TaxPointFacts { supply_on, issue_on, paid_on: None, continuous: true, elected_out: false };
    DocumentRow {
        id: id.0,
        kind: "invoice".into(),
        number,
        customer_id: document.customer.id,
        issue_on,
        supply_on,
        tax_point_on: tax_point(&tax),
        due_on: add_days(issue_on, loaded.row.terms_days.unwrap_or(document.customer.terms_days)),
        po_number: document.po_number.clone(),
        service: loaded.row.service.clone(),
        debt_type: loaded.row.debt_type.clone(),
        cost_centre: loaded.row.cost_centre.clone(),
        net_pence: document.priced.net.0,
        vat_pence: document.priced.vat.0,
        gross_pence: document.priced.gross.0,
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

fn lines_of(id: DocumentId, document: &PlannedDocument) -> impl Iterator<Item = DocumentLineRow> {
    (1..).zip(document.asks.iter().zip(&document.priced.lines)).map(move |(line, (ask, priced))| DocumentLineRow {
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
