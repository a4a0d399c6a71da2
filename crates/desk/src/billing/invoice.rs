//! One invoice or credit note, with all that hangs on it.
use super::amended::{Amendment, amendment};
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_store::billing::terms::{DiscountRow, discount_of, is_deposit};
use sundry_store::billing::{self, AllocationSeen, DocumentLineRow, DocumentRow, StepSeen};
use sundry_store::ledger::ItemRow;
use sundry_store::{Tx, customers, ledger, queries};

/// A journal with its entries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JournalShown {
    /// Number.
    pub number: i64,
    /// Posting date.
    pub posted_on: NaiveDate,
    /// What happened.
    pub event: String,
    /// Why.
    pub reason: String,
    /// GL code, debit and credit of each entry.
    pub entries: Vec<(String, i64, i64)>,
}

/// A letter that carried the document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LetterSeen {
    /// What sort.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Where it stands.
    pub state: String,
}

/// A query about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QuerySeen {
    /// Number.
    pub number: String,
    /// What sort.
    pub category: String,
    /// Where it stands.
    pub state: String,
}

/// An invoice or credit note with all that hangs on it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvoiceShown {
    /// The document.
    pub document: DocumentRow,
    /// Whose.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The charges.
    pub lines: Vec<DocumentLineRow>,
    /// What is open; less than nothing for a credit note.
    pub open_pence: i64,
    /// What is disputed.
    pub disputed_pence: i64,
    /// The step at which it stands.
    pub stage: String,
    /// Its items where it is paid in instalments, first due first.
    pub instalments: Vec<ItemRow>,
    /// What it allows for being paid early.
    pub discount: Option<DiscountRow>,
    /// Whether it asks for a deposit.
    pub deposit: bool,
    /// What was set against it.
    pub allocations: Vec<AllocationSeen>,
    /// Credit notes that correct it.
    pub credit_notes: Vec<DocumentRow>,
    /// Number of the invoice it corrects or replaces.
    pub corrects: Option<String>,
    /// What became of the invoice, line by line, where it was credited or billed anew.
    pub amendment: Option<Amendment>,
    /// What it posted.
    pub journals: Vec<JournalShown>,
    /// Recovery steps taken.
    pub steps: Vec<StepSeen>,
    /// Letters that carried it.
    pub letters: Vec<LetterSeen>,
    /// Queries about it.
    pub queries: Vec<QuerySeen>,
}

fn stage_of(item: &ItemRow) -> String {
    item.stage.clone()
}

/// An invoice, a credit note, or the invoice whose instalment it is.
async fn found(look: &mut Tx, org: OrgId, number: &str) -> Outcome<Option<DocumentRow>> {
    for kind in ["invoice", "credit_note"] {
        if let Some(document) = billing::document_numbered(look, org, kind, number).await? {
            return Ok(Some(document));
        }
    }
    let items = ledger::items_numbered(look, org, number).await?;
    match items.into_iter().filter(|item| item.kind == "invoice").find_map(|item| item.document_id) {
        Some(id) => Ok(billing::document(look, org, DocumentId(id)).await?),
        None => Ok(None),
    }
}

/// An invoice, or a credit note, by its number; of an instalment the invoice.
///
/// # Errors
/// Absent when there is no such document here.
pub async fn invoice(desk: &Desk, by: &Actor, number: &str) -> Outcome<InvoiceShown> {
    by.must_hold(Duty::View)?;
    let (org, number) = (by.org, number.trim());
    let mut look = desk.look().await?;
    let document = found(&mut look, org, number).await?.ok_or_else(|| No::Absent(format!("invoice {number}")))?;
    let number = document.number.clone();
    let id = DocumentId(document.id);
    let customer = customers::customer(&mut look, org, CustomerId(document.customer_id)).await?;
    let items = ledger::items_of_document(&mut look, org, DocumentId(document.id), &number).await?;
    let (mut allocations, mut steps, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    for item in &items {
        allocations.extend(billing::allocations_seen(&mut look, org, ItemId(item.id)).await?);
        steps.extend(billing::steps_seen(&mut look, org, ItemId(item.id)).await?);
        asked.extend(queries::queries_of_item(&mut look, org, item.customer_id, item.id).await?);
    }
    // A query of the whole account is a query of each of its items.
    asked.dedup();
    let corrects = match document.corrects_id {
        Some(corrected) => billing::document(&mut look, org, DocumentId(corrected)).await?.map(|d| d.number),
        None => None,
    };
    let mut journals = Vec::new();
    let source = format!("{} {number}", document.kind.replace('_', " "));
    for journal in ledger::journals_of_source(&mut look, org, &source).await? {
        let entries = ledger::entries_of(&mut look, org, journal.id).await?;
        let entries = entries.into_iter().map(|e| (e.gl_code, e.debit_pence, e.credit_pence)).collect();
        let (posted_on, event, reason) = (journal.posted_on, journal.event, journal.reason);
        journals.push(JournalShown { number: journal.number, posted_on, event, reason, entries });
    }
    let letter = |(kind, number, dated_on, state)| LetterSeen { kind, number, dated_on, state };
    let query = |(number, category, state)| QuerySeen { number, category, state };
    let amendment = amendment(&mut look, org, &document).await?;
    Ok(InvoiceShown {
        lines: billing::lines_of(&mut look, org, id).await?,
        credit_notes: billing::credit_notes_of(&mut look, org, id).await?,
        letters: billing::letters_seen(&mut look, org, id).await?.into_iter().map(letter).collect(),
        queries: asked.into_iter().map(query).collect(),
        customer_number: customer.as_ref().map_or_else(String::new, |c| c.number.clone()),
        customer_name: customer.map_or_else(String::new, |c| c.name),
        open_pence: items.iter().map(|item| item.open_pence).sum(),
        disputed_pence: items.iter().map(|item| item.disputed_pence).sum(),
        stage: items.iter().find(|item| item.open_pence != 0).or(items.first()).map_or_else(String::new, stage_of),
        discount: discount_of(&mut look, org, id).await?,
        deposit: is_deposit(&mut look, org, id).await?,
        instalments: if items.len() > 1 { items } else { Vec::new() },
        allocations,
        corrects,
        amendment,
        journals,
        steps,
        document,
    })
}
