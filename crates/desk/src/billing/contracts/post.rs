//! Posting the planned invoices of contracts, with the evidence of each line.
use super::super::many::{Ready, post_invoices};
use super::credits::row;
use super::facts::Loaded;
use super::plan::{PlannedDocument, RunFacts};
use crate::Outcome;
use crate::core::command::Command;
use sundry_domain::billing::{TaxPointFacts, tax_point};
use sundry_domain::calendar::add_days;
use sundry_domain::ids::RunId;
use sundry_store::contracts::ContractChargeRow;

/// Raises the planned invoices; gives the first and last number and the rows of evidence.
pub(super) async fn raise_many(
    cmd: &mut Command,
    facts: &RunFacts,
    run: RunId,
    planned: Vec<(&Loaded, PlannedDocument)>,
) -> Outcome<(Option<(String, String)>, Vec<ContractChargeRow>)> {
    let (mut ready, mut evidence) = (Vec::with_capacity(planned.len()), Vec::with_capacity(planned.len()));
    for (loaded, document) in planned {
        let (one, behind) = ready_of(facts, loaded, document);
        evidence.push((loaded.row.id, one.customer, behind));
        ready.push(one);
    }
    let posted = post_invoices(cmd, ready).await?;
    let span = posted.first().zip(posted.last()).map(|(first, last)| (first.1.clone(), last.1.clone()));
    let mut rows = Vec::new();
    for ((contract, customer, behind), (id, _)) in evidence.into_iter().zip(&posted) {
        for (line, parts) in (1..).zip(behind) {
            for part in parts {
                let net = part.net;
                rows.push(row(cmd, (run, contract, customer), part, net, (Some((id.0, line)), None)));
            }
        }
    }
    Ok((span, rows))
}

fn ready_of(facts: &RunFacts, loaded: &Loaded, document: PlannedDocument) -> (Ready, Vec<Vec<super::plan::Behind>>) {
    let issue_on = facts.today;
    let supply_on = document.supply_on;
    // Weekly care, rents and the like are taxed as they are billed.
    let tax = TaxPointFacts { supply_on, issue_on, paid_on: None, continuous: true, elected_out: false };
    let ready = Ready {
        customer: document.customer.id,
        supply_on,
        tax_point_on: tax_point(&tax),
        due_on: add_days(issue_on, loaded.row.terms_days.unwrap_or(document.customer.terms_days)),
        po_number: document.po_number,
        buyer_reference: document.buyer_reference,
        service: loaded.row.service.clone(),
        debt_type: loaded.row.debt_type.clone(),
        cost_centre: loaded.row.cost_centre.clone(),
        reason: format!("Contract {}", loaded.row.number),
        asks: document.asks,
        priced: document.priced,
    };
    (ready, document.behind)
}
