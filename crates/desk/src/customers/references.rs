//! Other references a customer is known by.
use super::{find, refuse_cards};
use crate::core::typed::lines_wrong;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::normalise_reference;
use sundry_domain::refusal::Invalid;
use sundry_store::customers::{self, ReferenceRow};

/// Adds a reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddReference {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub number: String,
    /// What sort: service_user, nhs_number, case, payment and so on.
    pub kind: String,
    /// The reference as written.
    pub reference: String,
}

/// Adds a reference by which the customer is found and their money matched.
///
/// # Errors
/// Invalid when it has no letter or digit, or when the customer has it already.
pub async fn add_reference(desk: &Desk, by: &Actor, ask: AddReference) -> Outcome<()> {
    by.must_hold(Duty::ManageCustomers)?;
    let search_reference = normalise_reference(&ask.reference);
    let kind = ask.kind.trim().to_lowercase();
    let mut wrong = Vec::new();
    if search_reference.is_empty() || ask.reference.chars().count() > 40 {
        wrong.push(Invalid::field("reference", "Enter a reference of at most 40 letters and digits", &ask.reference));
    }
    if ask.reference.chars().count() <= 40 {
        wrong.extend(lines_wrong(&[("reference", &ask.reference)], 40));
    }
    if kind.is_empty() || kind.len() > 30 || !kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        wrong.push(Invalid::field("kind", "Enter what sort of reference it is, like service_user", &ask.kind));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("reference", &ask.reference)])?;
    command!(desk, by, "add_reference", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find(&mut cmd.tx, org, &ask.number).await?;
        let row = ReferenceRow {
            customer_id: customer.id,
            kind: kind.clone(),
            reference: ask.reference.trim().to_owned(),
            search_reference: search_reference.clone(),
        };
        if !customers::add_reference(&mut cmd.tx, org, &row).await? {
            return Err(Invalid::field("reference", "The customer has this reference already", &ask.reference).into());
        }
        let detail = serde_json::json!({ "kind": kind });
        cmd.tell("ReferenceAdded", format!("customer {}", customer.number), detail);
        Ok(())
    })
}
