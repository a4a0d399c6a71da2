//! What became of an invoice: old line, new line, difference and reason, side by side (BIL-12).
use crate::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::billing::CreditReason;
use sundry_domain::ids::{DocumentId, OrgId};
use sundry_store::Tx;
use sundry_store::billing::{self, DocumentLineRow, DocumentRow};

/// An invoice as it was and as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Amendment {
    /// Number of the invoice as it was first raised.
    pub old: String,
    /// Number of the invoice that replaces it; none where it was only credited.
    pub new: Option<String>,
    /// Numbers of the credit notes.
    pub credit_notes: Vec<String>,
    /// Why, each reason once.
    pub reasons: Vec<String>,
    /// Line by line.
    pub lines: Vec<AmendedLine>,
    /// What it came to, with VAT.
    pub old_pence: i64,
    /// What it comes to now, with VAT.
    pub new_pence: i64,
}

/// A line as it was and as it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AmendedLine {
    /// As it was; none for a line that was added.
    pub old: Option<DocumentLineRow>,
    /// As it is; none for a line that was taken out.
    pub new: Option<DocumentLineRow>,
    /// Now less before, with VAT.
    pub difference_pence: i64,
    /// Why, where it differs.
    pub reason: String,
}

fn gross(line: Option<&DocumentLineRow>) -> i64 {
    line.map_or(0, |line| line.net_pence + line.vat_pence)
}

fn reason_name(code: &str) -> String {
    CreditReason::parse(code).map_or_else(|| code.to_owned(), |reason| reason.name().to_owned())
}

/// What became of the invoice that a document is, corrects or replaces; none while it stands as raised.
pub(super) async fn amendment(tx: &mut Tx, org: OrgId, seen: &DocumentRow) -> Outcome<Option<Amendment>> {
    let first = match seen.corrects_id {
        Some(id) => billing::document(tx, org, DocumentId(id)).await?.unwrap_or_else(|| seen.clone()),
        None => seen.clone(),
    };
    if first.kind != "invoice" {
        return Ok(None);
    }
    let mut notes = billing::credit_notes_of(tx, org, DocumentId(first.id)).await?;
    // A discount taken or a deposit used puts nothing right.
    notes.retain(|note| CreditReason::parse(&note.reason).is_none_or(CreditReason::can_be_chosen));
    let new = billing::replacement_of(tx, org, DocumentId(first.id)).await?;
    if notes.is_empty() && new.is_none() {
        return Ok(None);
    }
    let was = billing::lines_of(tx, org, DocumentId(first.id)).await?;
    let mut why: HashMap<i64, Vec<String>> = HashMap::new();
    let mut credited: HashMap<i64, (i64, i64)> = HashMap::new();
    for note in &notes {
        for line in billing::lines_of(tx, org, DocumentId(note.id)).await? {
            let Some(of) = line.corrects_line else { continue };
            let sums = credited.entry(of).or_default();
            (sums.0, sums.1) = (sums.0 + line.net_pence, sums.1 + line.vat_pence);
            let reasons = why.entry(of).or_default();
            let reason = reason_name(&note.reason);
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    let mut reasons: Vec<String> = notes.iter().map(|note| reason_name(&note.reason)).collect();
    reasons.dedup();
    let now = match &new {
        Some(new) => billing::lines_of(tx, org, DocumentId(new.id)).await?,
        None => was.iter().filter_map(|line| what_is_left(line, credited.get(&line.line))).collect(),
    };
    let of = |line: &DocumentLineRow| if new.is_some() { line.corrects_line } else { Some(line.line) };
    let mut lines: Vec<AmendedLine> = was
        .iter()
        .map(|old| {
            let new = now.iter().find(|line| of(line) == Some(old.line)).cloned();
            let difference_pence = gross(new.as_ref()) - gross(Some(old));
            let changed = difference_pence != 0 || new.as_ref().is_some_and(|new| new.description != old.description);
            let reason =
                if changed { why.get(&old.line).map_or_else(String::new, |all| all.join(", ")) } else { String::new() };
            AmendedLine { old: Some(old.clone()), new, difference_pence, reason }
        })
        .collect();
    lines.extend(now.iter().filter(|line| !was.iter().any(|old| of(line) == Some(old.line))).map(|line| AmendedLine {
        old: None,
        new: Some(line.clone()),
        difference_pence: gross(Some(line)),
        reason: reasons.join(", "),
    }));
    let new_pence = now.iter().map(|line| gross(Some(line))).sum();
    Ok(Some(Amendment {
        old: first.number,
        new: new.map(|new| new.number),
        credit_notes: notes.into_iter().map(|note| note.number).collect(),
        reasons,
        lines,
        old_pence: first.gross_pence,
        new_pence,
    }))
}

/// A line less what was credited of it; nothing where nothing is left.
fn what_is_left(line: &DocumentLineRow, credited: Option<&(i64, i64)>) -> Option<DocumentLineRow> {
    let (net, vat) = credited.copied().unwrap_or_default();
    let left = DocumentLineRow { net_pence: line.net_pence - net, vat_pence: line.vat_pence - vat, ..line.clone() };
    (left.net_pence != 0 || left.vat_pence != 0).then_some(left)
}
