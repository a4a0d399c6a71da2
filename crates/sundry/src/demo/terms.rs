//! Payment terms, an invoice in instalments, one with a discount for paying early, and a deposit half used.
use super::office::Office;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::billing::{
    AddPaymentTerms, AskDeposit, InvoiceForm, InvoiceLine, RaiseInvoice, TermsPartAsked, UseDeposit, add_payment_terms,
    ask_deposit, raise_invoice, use_deposit,
};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

/// Offers terms, and uses them for a few customers.
pub async fn offer(office: &mut Office) -> Outcome<()> {
    let mut numbers: Vec<String> = office.customers.keys().cloned().collect();
    numbers.sort();
    let [.., halls, wayleave, club] = numbers.as_slice() else { return Ok(()) };
    terms(office, ("HALVES", "Half in two weeks, half in six"), &[(5_000, 14), (5_000, 42)], (0, 0)).await?;
    terms(office, ("2PC-10", "2% within 10 days, 30 days"), &[(10_000, 30)], (200, 10)).await?;
    let today = office.desk.today();
    let parts = InvoiceForm {
        instalment_count: Some(10),
        instalment_every: "month".into(),
        due_on: Some(add_days(today, 14)),
        ..form(wayleave, today, ("Garden waste and allotment, the year", "248.00"))
    };
    raise(office, parts).await?;
    let early = form(club, today, ("Pitch hire, the season", "1260.00"));
    raise(office, InvoiceForm { terms: "2PC-10".into(), ..early }).await?;
    deposit(office, halls, today).await
}

async fn terms(
    office: &mut Office,
    (code, name): (&str, &str),
    parts: &[(i64, i64)],
    (discount_bp, discount_days): (i64, i64),
) -> Outcome<()> {
    let parts = parts.iter().map(|(share_bp, days)| TermsPartAsked { share_bp: *share_bp, days: *days }).collect();
    let (key, code, name) = (office.key(), code.into(), name.into());
    let ask = AddPaymentTerms { key, code, name, parts, discount_bp, discount_days };
    add_payment_terms(&office.desk, office.role(Role::Administrator), ask).await?;
    Ok(())
}

fn form(customer: &str, today: NaiveDate, (description, unit_price): (&str, &str)) -> InvoiceForm {
    InvoiceForm {
        customer_number: customer.into(),
        supply_on: Some(today),
        lines: vec![InvoiceLine {
            description: description.into(),
            quantity: "1".into(),
            unit_price: unit_price.into(),
            vat_code: "E".into(),
            ..InvoiceLine::default()
        }],
        ..InvoiceForm::default()
    }
}

async fn raise(office: &mut Office, form: InvoiceForm) -> Outcome<String> {
    let ask = RaiseInvoice { key: office.key(), form };
    Ok(raise_invoice(&office.desk, office.role(Role::BillingOfficer), ask).await?.number)
}

async fn deposit(office: &mut Office, customer: &str, today: NaiveDate) -> Outcome<()> {
    let ask = AskDeposit {
        key: office.key(),
        customer_number: customer.into(),
        kind: "advance".into(),
        description: "Deposit for the hire of the Assembly Rooms".into(),
        amount: "300.00".into(),
        vat_code: "E".into(),
        due_on: Some(today),
        ..AskDeposit::default()
    };
    let asked = ask_deposit(&office.desk, office.role(Role::BillingOfficer), ask).await?.number;
    let receipt = RecordReceipt {
        key: office.key(),
        method: "cheque".into(),
        customer: customer.into(),
        amount: Pence(30_000),
        received_on: today,
        payer_name: String::new(),
        words: "Deposit, Assembly Rooms".into(),
        lines: vec![AllocationLine { item: asked.clone(), amount: Pence(30_000) }],
    };
    record_receipt(&office.desk, office.role(Role::Cashier), receipt).await?;
    let invoice = raise(office, form(customer, today, ("Hire of the Assembly Rooms, first evening", "180.00"))).await?;
    let ask = UseDeposit { key: office.key(), deposit: asked, invoice, amount: None };
    use_deposit(&office.desk, office.role(Role::BillingOfficer), ask).await?;
    Ok(())
}
