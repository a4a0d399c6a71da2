//! When an invoice is to be paid: one day, instalments or its terms, and what paying early takes off.
use super::form::InvoiceForm;
use crate::Outcome;
use chrono::NaiveDate;
use sundry_domain::billing::{
    Every, Instalment, MOST_PARTS, PaymentTerms, PricedCredit, PricedDocument, check_instalments, creditable_lines,
    early_discount, equal_instalments,
};
use sundry_domain::calendar::add_days;
use sundry_domain::ids::OrgId;
use sundry_domain::money::BasisPoints;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::terms::payment_terms_coded;

/// A discount that an invoice offers.
pub(super) struct Offer {
    pub terms_code: String,
    pub rate: BasisPoints,
    /// What the credit note will be.
    pub credit: PricedCredit,
    pub until_on: NaiveDate,
}

/// When an invoice is to be paid; at least one part.
pub(super) struct PayBy {
    pub parts: Vec<Instalment>,
    pub discount: Option<Offer>,
}

impl PayBy {
    /// The first day on which something is due.
    pub(super) fn due_on(&self) -> NaiveDate {
        self.parts.first().map_or(NaiveDate::MAX, |part| part.due_on)
    }

    /// The parts, where there are several.
    pub(super) fn instalments(&self) -> Vec<Instalment> {
        if self.parts.len() > 1 { self.parts.clone() } else { Vec::new() }
    }
}

/// Works out the parts of an invoice from its form.
///
/// # Errors
/// Invalid terms, instalments or schedule, each at its field.
pub(super) async fn pay_by(
    tx: &mut Tx,
    org: OrgId,
    form: &InvoiceForm,
    priced: &PricedDocument,
    (issue_on, due_on): (NaiveDate, NaiveDate),
) -> Outcome<PayBy> {
    only_one_way(form)?;
    if !form.terms.trim().is_empty() {
        return by_terms(tx, org, form, priced, issue_on).await;
    }
    let parts = match (form.instalment_count, form.schedule.as_slice()) {
        (None, []) => return Ok(PayBy { parts: vec![Instalment { due_on, amount: priced.gross }], discount: None }),
        (None, lines) => lines.iter().map(|line| Instalment { due_on: line.due_on, amount: line.amount }).collect(),
        (Some(count), _) => {
            let every = Every::parse(form.instalment_every.trim()).ok_or_else(|| {
                Invalid::field("instalment_every", "Choose how far apart the instalments are", &form.instalment_every)
            })?;
            if count < 2 || count as usize > MOST_PARTS {
                let say = format!("Enter 2 to {MOST_PARTS} instalments");
                return Err(Invalid::field("instalment_count", say, count.to_string()).into());
            }
            equal_instalments(priced.gross, count, every, due_on)
        }
    };
    let wrong = check_instalments(&parts, priced.gross, issue_on);
    if wrong.is_empty() { Ok(PayBy { parts, discount: None }) } else { Err(wrong.into()) }
}

/// Terms, equal instalments and a schedule are three ways to say one thing.
fn only_one_way(form: &InvoiceForm) -> Outcome<()> {
    let terms = !form.terms.trim().is_empty();
    if terms && form.due_on.is_some() {
        let typed = form.due_on.map(|day| day.to_string()).unwrap_or_default();
        return Err(Invalid::field("due_on", "Leave the due date empty: the payment terms say it", typed).into());
    }
    if terms && (form.instalment_count.is_some() || !form.schedule.is_empty()) {
        return Err(Invalid::field("terms", "Choose payment terms or instalments, not both", &form.terms).into());
    }
    if form.instalment_count.is_some() && !form.schedule.is_empty() {
        let say = "Enter how many instalments or a list of them, not both";
        return Err(Invalid::field("instalment_count", say, "").into());
    }
    Ok(())
}

async fn by_terms(
    tx: &mut Tx,
    org: OrgId,
    form: &InvoiceForm,
    priced: &PricedDocument,
    issue_on: NaiveDate,
) -> Outcome<PayBy> {
    let found = payment_terms_coded(tx, org, form.terms.trim()).await?.filter(|(row, _)| row.active);
    let (row, parts) =
        found.ok_or_else(|| Invalid::field("terms", "Choose payment terms from the list", &form.terms))?;
    let terms: PaymentTerms = row.terms(&parts);
    let parts = terms.instalments(priced.gross, issue_on);
    if parts.len() > 1 {
        let wrong = check_instalments(&parts, priced.gross, issue_on);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
    }
    let discount = match terms.discount {
        None => None,
        Some(offer) => Some(Offer {
            terms_code: row.code,
            rate: offer.rate,
            credit: early_discount(&creditable_lines(priced), offer.rate)?,
            until_on: add_days(issue_on, offer.days),
        }),
    };
    Ok(PayBy { parts, discount })
}
