//! What a service fills in: checked as the invoice will be, before anyone at the desk looks at it.
use super::super::form::{InvoiceForm, InvoiceLine};
use super::super::raise::{check_lines, draft};
use super::super::{InvoiceChoices, choices::choices_in};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::requests::{OwnService, may_ask_for};
use sundry_domain::control::Duty;
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::control_services::services_of;

/// A request as filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestForm {
    /// Service.
    pub service: String,
    /// Cost centre.
    pub cost_centre: String,
    /// What it is for, to the desk.
    pub what_for: String,
    /// The customer's number, where they were found.
    pub customer_number: String,
    /// The customer in words, where they were not: name, address, e-mail.
    pub customer_words: String,
    /// When supplied; needed where VAT is due.
    pub supply_on: Option<NaiveDate>,
    /// Purchase order.
    pub po_number: String,
    /// The charges.
    pub lines: Vec<InvoiceLine>,
}

impl RequestForm {
    /// The invoice that is asked for.
    pub(super) fn invoice(&self) -> InvoiceForm {
        InvoiceForm {
            customer_number: self.customer_number.trim().to_owned(),
            supply_on: self.supply_on,
            po_number: self.po_number.trim().to_owned(),
            service: self.service.trim().to_owned(),
            cost_centre: self.cost_centre.trim().to_owned(),
            lines: self.lines.clone(),
            ..InvoiceForm::default()
        }
    }
}

/// The services that a person asks for.
pub(super) async fn own_services(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Vec<OwnService>> {
    let own = services_of(tx, org, user).await?.into_iter();
    Ok(own.map(|(service, cost_centre)| OwnService { service, cost_centre }).collect())
}

/// Everything that is wrong with a request; else what it comes to with VAT.
pub(super) async fn check(tx: &mut Tx, desk: &Desk, by: &Actor, form: &RequestForm) -> Outcome<Pence> {
    refuse_cards(&[("what it is for", &form.what_for), ("customer", &form.customer_words)])?;
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    if form.service.trim().is_empty() {
        say("service", "Choose the service", "");
    }
    if form.what_for.trim().is_empty() || form.what_for.chars().count() > 500 {
        say("what_for", "Enter what it is for, in at most 500 characters", &form.what_for);
    }
    let (number, words) = (form.customer_number.trim(), form.customer_words.trim());
    if number.is_empty() && words.is_empty() {
        say("customer_number", "Enter the customer's number, or describe them", "");
    }
    if words.chars().count() > 500 {
        say("customer_words", "Describe the customer in at most 500 characters", words);
    }
    if !form.service.trim().is_empty() {
        let own = own_services(tx, by.org, by.user).await?;
        may_ask_for(&own, form.service.trim(), form.cost_centre.trim())?;
    }
    let priced = if number.is_empty() {
        check_lines(tx, desk, by.org, &form.invoice()).await
    } else {
        draft(tx, desk, by.org, &form.invoice()).await.map(|draft| draft.gross())
    };
    match priced {
        Err(crate::No::Invalid(more)) => wrong.extend(more),
        Err(no) if wrong.is_empty() => return Err(no),
        Ok(gross) if wrong.is_empty() => return Ok(gross),
        _ => {}
    }
    Err(wrong.into())
}

/// What can be chosen on the form: income and VAT codes, and the services of the person who asks.
///
/// # Errors
/// Only who asks for invoices is told.
pub async fn request_choices(desk: &Desk, by: &Actor) -> Outcome<(InvoiceChoices, Vec<OwnService>)> {
    by.must_hold(Duty::RequestInvoice)?;
    let mut look = desk.look().await?;
    let own = own_services(&mut look, by.org, by.user).await?;
    Ok((choices_in(&mut look, desk, by.org).await?, own))
}
