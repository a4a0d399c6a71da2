//! What the debts of a case rest on: their invoices, the contracts behind these, and how each paper went (LEG-05).
use crate::billing::contracts::{ChargeSeen, ContractLineSeen, ContractShown, contract, evidence, rate_words};
use crate::delivery::{delivery_of, printed_table};
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::billing::contracts::{Cycle, Unit};
use sundry_domain::ids::{DocumentId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_paper::Enclosure;
use sundry_store::court::CaseItemRow;
use sundry_store::delivery::LetterRow;
use sundry_store::{Tx, billing, ledger};

/// Numbers of the invoices that raised these debts, each once.
pub(super) async fn invoices_of(tx: &mut Tx, org: OrgId, items: &[CaseItemRow]) -> Outcome<Vec<String>> {
    let mut numbers: Vec<String> = Vec::new();
    for item in items {
        let found = ledger::item(tx, org, ItemId(item.item_id)).await?;
        let Some(id) = found.and_then(|row| row.document_id) else { continue };
        let Some(document) = billing::document(tx, org, DocumentId(id)).await? else { continue };
        if document.kind == "invoice" && !numbers.contains(&document.number) {
            numbers.push(document.number);
        }
    }
    Ok(numbers)
}

/// Each contract behind these invoices as pages: what was agreed, and what was billed from it. Of its payers only the
/// one whose account this is: what others pay is not evidence here.
pub(super) async fn contracts_behind(
    desk: &Desk,
    by: &Actor,
    invoices: &[String],
    account: &str,
) -> Outcome<Vec<Enclosure>> {
    let mut behind: BTreeMap<String, Vec<ChargeSeen>> = BTreeMap::new();
    for invoice in invoices {
        for charge in evidence(desk, by, invoice).await?.into_iter().filter(|charge| charge.state == "billed") {
            behind.entry(charge.contract.clone()).or_default().push(charge);
        }
    }
    let mut pages = Vec::with_capacity(behind.len());
    for (number, charges) in behind {
        let shown = contract(desk, by, &number).await?;
        let mut rows = vec![row("Of the contract", "Agreed, changed or billed".to_owned())];
        rows.extend(terms_of(&shown));
        rows.extend(shown.lines.iter().flat_map(charge_rows));
        rows.extend(history_of(&shown, account));
        rows.extend(charges.iter().map(billed_row));
        pages.push(printed_table(&format!("Contract {number}"), rows, desk.today())?);
    }
    Ok(pages)
}

fn row(what: &str, words: String) -> Vec<String> {
    vec![what.to_owned(), words]
}

fn days(from: NaiveDate, to: Option<NaiveDate>) -> String {
    match to {
        Some(to) => format!("{} to {}", written(from), written(to)),
        None => format!("from {}", written(from)),
    }
}

/// What the contract says of itself; what it does not say is left out.
fn terms_of(shown: &ContractShown) -> Vec<Vec<String>> {
    let head = &shown.contract;
    let cycle = Cycle::parse(&head.cycle).map_or("", Cycle::name);
    let terms = head.terms_days.map_or_else(String::new, |days| format!("{days} days"));
    let facts = [
        ("Number", head.number.clone()),
        ("Its own reference", head.reference.clone()),
        ("Service", head.service.clone()),
        ("Reference of the service user", head.service_user.clone()),
        ("In force", days(head.starts_on, head.ends_on)),
        ("Why it ends", head.end_reason.clone()),
        ("Billed", format!("{cycle}, in {}", if head.in_advance { "advance" } else { "arrears" })),
        ("Time to pay", terms),
    ];
    facts.into_iter().filter(|(_, words)| !words.is_empty()).map(|(what, words)| row(what, words)).collect()
}

/// A charge of the contract: each of its rates, newest first.
fn charge_rows(line: &ContractLineSeen) -> Vec<Vec<String>> {
    let each = Unit::parse(&line.unit).map_or("", Unit::each);
    let clause = if line.clause.is_empty() { String::new() } else { format!(", clause {}", line.clause) };
    let rates = line.rates.iter().map(|(from, to, rate_e4, _)| {
        row(&line.description, format!("£{} {each} {}{clause}", rate_words(*rate_e4), days(*from, *to)))
    });
    rates.collect()
}

/// What this account pays of it, days that are not charged, and what was changed.
fn history_of(shown: &ContractShown, account: &str) -> Vec<Vec<String>> {
    let ours = shown.payers.iter().filter(|payer| payer.customer == account);
    let mut rows: Vec<Vec<String>> = ours
        .map(|one| row("Paid by", format!("{}: {} {}", one.name, one.share, days(one.from_on, one.to_on))))
        .collect();
    rows.extend(
        shown.breaks.iter().map(|one| row("Break", format!("{}: {}", days(one.from_on, one.to_on), one.reason))),
    );
    rows.extend(shown.changes.iter().map(|one| {
        let from = one.from_on.map_or_else(String::new, |day| format!(" from {}", written(day)));
        row("Changed", format!("{}: {}{from}, {}", written(one.on_day), one.what, one.why))
    }));
    rows
}

fn billed_row(charge: &ChargeSeen) -> Vec<String> {
    let days = days(charge.from_on, Some(charge.to_on));
    row(&charge.document, format!("{}, {days}: {}, {}", charge.description, charge.words, Pence(charge.net_pence)))
}

/// How each letter went, and what is known of the arrival of each invoice, as pages.
pub(super) async fn how_they_went(
    desk: &Desk,
    by: &Actor,
    letters: &[LetterRow],
    invoices: &[String],
) -> Outcome<Enclosure> {
    let plain = |word: &str| word.replace('_', " ");
    let head = ["Day", "Paper", "Way", "What is known", "Where to"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(letters.iter().map(|one| {
        let to = one.sent_to.replace('\n', ", ");
        vec![one.dated_on.to_string(), one.number.clone(), one.channel.clone(), plain(&one.state), to]
    }));
    for invoice in invoices {
        rows.extend(delivery_of(desk, by, invoice).await?.events.into_iter().map(|one| {
            let known = format!("{} {}", plain(&one.outcome), one.words).trim().to_owned();
            vec![one.on_day.to_string(), invoice.clone(), one.way, known, one.reference]
        }));
    }
    printed_table("How each letter and invoice went", rows, desk.today())
}
