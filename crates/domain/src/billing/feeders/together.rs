//! What rows must agree on with each other, and with what was sent before.
use super::{Charge, Fault, Field};
use crate::money::Pence;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Where a charge stands that was sent before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The sender's number of it.
    pub reference: String,
    /// Who was charged, as the sender knows them.
    pub customer: String,
    /// What it was for.
    pub description: String,
    /// Pounds, as sent.
    pub amount: Pence,
    /// The file it came in.
    pub file: String,
    /// The invoice that billed it; empty while it waits.
    pub invoice: String,
}

/// What is known of a charge that comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is the same: nothing is to be done.
    Same,
    /// It says something else under the same reference.
    Differs(Fault),
}

/// The second and later rows of a file with one reference.
pub fn twice_in_file(charges: &[Charge]) -> Vec<Fault> {
    let mut first: HashMap<&str, u64> = HashMap::new();
    let mut faults = Vec::new();
    for charge in charges {
        match first.get(charge.reference.as_str()) {
            Some(row) => {
                let right = format!("a reference used once: row {row} has it already");
                faults.push(Fault::of(charge.row, Field::Reference, "twice", &charge.reference, right));
            }
            None => {
                first.insert(&charge.reference, charge.row);
            }
        }
    }
    faults
}

/// A charge against the one with its reference that was sent before.
pub fn against_before(charge: &Charge, before: &Before) -> Known {
    let same = charge.amount == before.amount
        && charge.customer == before.customer
        && charge.description == before.description;
    if same {
        return Known::Same;
    }
    let stands = if before.invoice.is_empty() {
        format!("waits in {}", before.file)
    } else {
        format!("was billed on {}", before.invoice)
    };
    let what = if charge.amount != before.amount {
        format!("£{} {stands}", before.amount.pounds())
    } else {
        format!("it {stands} and says something else")
    };
    let right = format!("a new reference: {what} under this one");
    Known::Differs(Fault::of(charge.row, Field::Reference, "billed_before", &charge.reference, right))
}

/// Rows of one customer and document that do not agree on what an invoice says once.
pub fn one_document(charges: &[Charge]) -> Vec<Fault> {
    let mut first: HashMap<(&str, &str), &Charge> = HashMap::new();
    let mut faults = Vec::new();
    for charge in charges {
        let head = *first.entry((&charge.customer, &charge.document)).or_insert(charge);
        let sides = [
            (Field::Order, &charge.order, &head.order),
            (Field::Service, &charge.service, &head.service),
            (Field::CostCentre, &charge.cost_centre, &head.cost_centre),
        ];
        if let Some((field, given, there)) = sides.into_iter().find(|(_, given, there)| given != there) {
            let says = if there.is_empty() { "nothing".to_owned() } else { format!("“{there}”") };
            let right = format!("the same on every row of a document: row {} says {says}", head.row);
            faults.push(Fault::of(charge.row, field, "document", given, right));
        }
    }
    faults
}
