//! The payment terms of an organisation (BIL-18): parts with their days, and a discount for paying early.
use crate::customers::{find, refuse_cards};
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{EarlyDiscount, PaymentTerms, TermsPart};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::BasisPoints;
use sundry_domain::refusal::Invalid;
use sundry_store::billing::terms::{self, PaymentTermsRow, TermsPartRow};

/// A part of the terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsPartAsked {
    /// Share in basis points: 5000 is half.
    pub share_bp: i64,
    /// Days from the invoice date.
    pub days: i64,
}

/// Adds payment terms.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AddPaymentTerms {
    /// Idempotency key.
    pub key: String,
    /// Short code, as chosen on an invoice.
    pub code: String,
    /// For people.
    pub name: String,
    /// In order of their days.
    pub parts: Vec<TermsPartAsked>,
    /// Discount for paying early, in basis points; nothing for none.
    pub discount_bp: i64,
    /// Days within which it is given.
    pub discount_days: i64,
}

/// Lets payment terms be chosen, or no longer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPaymentTerms {
    /// Idempotency key.
    pub key: String,
    /// Code.
    #[serde(default)]
    pub code: String,
    /// Whether they can be chosen.
    pub active: bool,
}

/// Payment terms with their parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentTermsShown {
    /// The terms.
    #[serde(flatten)]
    pub row: PaymentTermsRow,
    /// Their parts, in order.
    pub parts: Vec<TermsPartAsked>,
}

/// Adds payment terms; an invoice that used a code keeps what it said then.
///
/// # Errors
/// Every invalid field at once; a code that is there already.
pub async fn add_payment_terms(desk: &Desk, by: &Actor, ask: AddPaymentTerms) -> Outcome<PaymentTermsShown> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("code", &ask.code), ("name", &ask.name)])?;
    let (code, name) = (ask.code.trim().to_owned(), ask.name.trim().to_owned());
    let mut wrong = check(&code, &name);
    let part = |part: &TermsPartAsked| TermsPart { share: BasisPoints(part.share_bp), days: part.days };
    let rate = BasisPoints(ask.discount_bp);
    let discount = (ask.discount_bp != 0).then_some(EarlyDiscount { rate, days: ask.discount_days });
    wrong.extend(PaymentTerms { parts: ask.parts.iter().map(part).collect(), discount }.check());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "add_payment_terms", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        if terms::payment_terms_coded(&mut cmd.tx, org, &code).await?.is_some() {
            return Err(Invalid::field("code", "Enter a code that is not used: these terms are there", &code).into());
        }
        let id: i64 = cmd.id();
        let (discount_bp, discount_days) = (ask.discount_bp, if ask.discount_bp > 0 { ask.discount_days } else { 0 });
        let row =
            PaymentTermsRow { id, code: code.clone(), name: name.clone(), discount_bp, discount_days, active: true };
        let kept = |part: &TermsPartAsked| TermsPartRow { terms_id: id, share_bp: part.share_bp, days: part.days };
        let parts: Vec<TermsPartRow> = ask.parts.iter().map(kept).collect();
        let made = (cmd.by.user, cmd.at);
        terms::add_payment_terms(&mut cmd.tx, org, &row, &parts, made).await?;
        let shown = PaymentTermsShown { row, parts: ask.parts.clone() };
        cmd.tell("PaymentTermsAdded", format!("payment terms {code}"), &shown);
        Ok(shown)
    })
}

fn check(code: &str, name: &str) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if code.is_empty() || code.len() > 20 || !code.chars().all(plain) {
        wrong.push(Invalid::field("code", "Enter at most 20 letters, figures and hyphens", code));
    }
    if name.is_empty() || name.chars().count() > 100 {
        wrong.push(Invalid::field("name", "Enter a name of at most 100 characters", name));
    }
    wrong
}

/// Lets payment terms be chosen, or no longer; invoices that have them keep them.
///
/// # Errors
/// Absent terms.
pub async fn set_payment_terms(desk: &Desk, by: &Actor, ask: SetPaymentTerms) -> Outcome<PaymentTermsShown> {
    by.must_hold(Duty::ManageSettings)?;
    command!(desk, by, "set_payment_terms", &ask.key, &ask, |cmd| {
        let (org, code) = (cmd.by.org, ask.code.trim());
        let found = terms::payment_terms_coded(&mut cmd.tx, org, code).await?;
        let (row, parts) = found.ok_or_else(|| No::Absent(format!("payment terms {code}")))?;
        terms::set_payment_terms_active(&mut cmd.tx, org, row.id, ask.active).await?;
        let shown = shown(PaymentTermsRow { active: ask.active, ..row }, &parts);
        let event = if ask.active { "PaymentTermsOffered" } else { "PaymentTermsEnded" };
        cmd.tell(event, format!("payment terms {code}"), &shown);
        Ok(shown)
    })
}

fn shown(row: PaymentTermsRow, parts: &[TermsPartRow]) -> PaymentTermsShown {
    let own = parts.iter().filter(|part| part.terms_id == row.id);
    let parts = own.map(|part| TermsPartAsked { share_bp: part.share_bp, days: part.days }).collect();
    PaymentTermsShown { row, parts }
}

/// All payment terms, those in use first.
///
/// # Errors
/// Duty.
pub async fn payment_terms_list(desk: &Desk, by: &Actor) -> Outcome<Vec<PaymentTermsShown>> {
    // Who keeps the settings sees no accounts, and must see these.
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let mut look = desk.look().await?;
    let (rows, parts) = terms::all_payment_terms(&mut look, by.org).await?;
    Ok(rows.into_iter().map(|row| shown(row, &parts)).collect())
}

/// The payment terms of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerTerms {
    /// Customer number.
    pub customer: String,
    /// Code of the terms their invoices have when none are chosen; empty where their days count.
    pub terms: String,
}

/// Sets the payment terms of a customer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SetCustomerTerms {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// Code of the terms; empty ends them.
    pub terms: String,
}

/// Sets the payment terms that a customer's invoices have when neither terms, a date nor instalments are chosen.
///
/// # Errors
/// Duty; absent customer; terms that cannot be chosen.
pub async fn set_customer_terms(desk: &Desk, by: &Actor, ask: SetCustomerTerms) -> Outcome<CustomerTerms> {
    by.must_hold(Duty::ManageCustomers)?;
    command!(desk, by, "set_customer_terms", &ask.key, &ask, |cmd| {
        let (org, code) = (cmd.by.org, ask.terms.trim());
        let customer = find(&mut cmd.tx, org, &ask.customer).await?;
        if !code.is_empty() {
            let found = terms::payment_terms_coded(&mut cmd.tx, org, code).await?;
            if !found.is_some_and(|(row, _)| row.active) {
                return Err(Invalid::field("terms", "Choose payment terms from the list", code).into());
            }
        }
        let set = Some(code).filter(|code| !code.is_empty());
        let by = (cmd.by.name.clone(), cmd.at);
        let id = CustomerId(customer.id);
        terms::set_terms_of_customer(&mut cmd.tx, org, id, set, (&by.0, by.1)).await?;
        cmd.tell("CustomerTermsSet", format!("customer {}", customer.number), &ask);
        Ok(CustomerTerms { customer: customer.number, terms: code.to_owned() })
    })
}

/// The payment terms of a customer.
///
/// # Errors
/// Duty; absent customer.
pub async fn customer_terms(desk: &Desk, by: &Actor, customer: &str) -> Outcome<CustomerTerms> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, customer).await?;
    let terms = terms::terms_of_customer(&mut look, by.org, CustomerId(customer.id)).await?;
    Ok(CustomerTerms { customer: customer.number, terms: terms.unwrap_or_default() })
}
