//! What can be chosen on the form of a new invoice.
use crate::{Actor, Desk, Outcome};
use serde::Serialize;
use sundry_domain::billing::VatCode;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::billing::terms::all_payment_terms;
use sundry_store::ledger::gl_codes;

/// A VAT code with its rate today.
#[derive(Clone, Debug, Serialize)]
pub struct VatChoice {
    /// `S`.
    pub code: String,
    /// For people.
    pub name: String,
    /// Rate in basis points.
    pub vat_bp: i64,
}

/// What can be chosen on the form of a new invoice.
#[derive(Clone, Debug, Serialize)]
pub struct InvoiceChoices {
    /// Income codes: code and name.
    pub income_codes: Vec<(String, String)>,
    /// VAT codes that have a rate today.
    pub vat_codes: Vec<VatChoice>,
    /// Payment terms in use: code and name.
    pub terms: Vec<(String, String)>,
}

/// The income codes of the organisation, and the VAT codes with today's rates.
pub async fn invoice_choices(desk: &Desk, by: &Actor) -> Outcome<InvoiceChoices> {
    by.must_hold(Duty::RaiseInvoice)?;
    choices_in(&mut desk.look().await?, desk, by.org).await
}

pub(super) async fn choices_in(tx: &mut Tx, desk: &Desk, org: OrgId) -> Outcome<InvoiceChoices> {
    let (book, today) = (desk.book(), desk.today());
    let income = gl_codes(tx, org).await?.into_iter().filter(|code| code.role == "INC");
    let vat = VatCode::ALL.iter().filter_map(|code| {
        let rate = book.vat_rate(*code, today).ok()?;
        Some(VatChoice { code: code.as_str().into(), name: code.name().into(), vat_bp: rate.0 })
    });
    let (income_codes, vat_codes) = (income.map(|code| (code.code, code.name)).collect(), vat.collect());
    let (terms, _) = all_payment_terms(tx, org).await?;
    let terms = terms.into_iter().filter(|row| row.active).map(|row| (row.code, row.name)).collect();
    Ok(InvoiceChoices { income_codes, vat_codes, terms })
}
