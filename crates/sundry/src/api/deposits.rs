//! Payment terms, the discount for paying early, deposits.
use super::answer::{Answer, List, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::billing::{
    self, AddPaymentTerms, AskDeposit, GiveDiscount, ReturnDeposit, SetCustomerTerms, SetPaymentTerms, TermsPartAsked,
    UseDeposit,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::billing::terms::DepositRow;
use utoipa::ToSchema;

const ROOM: &str = "Billing";
const RAISE: &[Duty] = &[Duty::RaiseInvoice];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/payment-terms", "list_payment_terms", "List payment terms, those in use first")
                .needs(&[Duty::View, Duty::ManageSettings])
                .listed(desk_list::<billing::PaymentTermsShown>),
            terms,
        )
        .add(
            post(
                ROOM,
                "/payment-terms",
                "add_payment_terms",
                "Add payment terms: parts, and a discount for paying early",
            )
            .needs(&[Duty::ManageSettings])
            .takes::<NewPaymentTerms>()
            .gives(201, desk::<billing::PaymentTermsShown>),
            add_terms,
        )
        .add(
            post(ROOM, "/payment-terms/{code}", "set_payment_terms", "Let payment terms be chosen, or no longer")
                .needs(&[Duty::ManageSettings])
                .takes::<PaymentTermsState>()
                .gives(200, desk::<billing::PaymentTermsShown>),
            set_terms,
        )
        .add(
            get(ROOM, "/customers/{number}/payment-terms", "get_customer_terms", "The payment terms of a customer")
                .gives(200, desk::<billing::CustomerTerms>),
            customer_terms,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/payment-terms",
                "set_customer_terms",
                "Set the payment terms that a customer's invoices have when none are chosen",
            )
            .needs(&[Duty::ManageCustomers])
            .takes::<TermsOfCustomer>()
            .gives(200, desk::<billing::CustomerTerms>),
            set_customer_terms,
        )
        .add(
            post(ROOM, "/invoices/{number}/discount", "give_discount", "Give the discount of an invoice paid early")
                .needs(&[Duty::PostCash])
                .gives(200, desk::<billing::DiscountGiven>),
            discount,
        );
    table
        .add(
            get(ROOM, "/deposits", "list_deposits", "List deposits, newest first").paged(desk_list::<DepositRow>),
            list,
        )
        .add(
            post(ROOM, "/deposits", "ask_deposit", "Ask a customer for a deposit: an invoice whose income waits")
                .needs(RAISE)
                .takes::<NewDeposit>()
                .gives(201, desk::<billing::DepositAsked>),
            ask,
        )
        .add(
            get(ROOM, "/deposits/{number}", "get_deposit", "Read a deposit with what became of it")
                .gives(200, desk::<billing::DepositShown>),
            one,
        )
        .add(
            post(ROOM, "/deposits/{number}/use", "use_deposit", "Use a deposit for an invoice of the same customer")
                .needs(RAISE)
                .takes::<DepositForInvoice>()
                .gives(200, desk::<billing::DepositUsed>),
            used,
        )
        .add(
            post(ROOM, "/deposits/{number}/return", "return_deposit", "Give back what is left of a deposit")
                .needs(RAISE)
                .takes::<DepositBack>()
                .gives(200, desk::<billing::DepositUsed>),
            returned,
        )
}

/// Payment terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaymentTerms {
    /// Short code, as chosen on an invoice.
    pub code: String,
    /// For people.
    pub name: String,
    /// In order of their days; the shares add up to 10,000.
    pub parts: Vec<NewTermsPart>,
    /// Discount for paying early, in basis points; nothing for none.
    #[serde(default)]
    pub discount_bp: i64,
    /// Days within which it is given.
    #[serde(default)]
    pub discount_days: i64,
}

/// A part of payment terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTermsPart {
    /// Share in basis points: 5000 is half.
    pub share_bp: i64,
    /// Days from the invoice date.
    pub days: i64,
}

/// Whether payment terms can be chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentTermsState {
    /// Whether they can.
    pub active: bool,
}

/// A deposit to be asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeposit {
    /// Customer number.
    pub customer_number: String,
    /// advance, a part of the price; or returnable, security that bears no VAT.
    pub kind: String,
    /// What it is for.
    pub description: String,
    /// How much before VAT, in pounds: "500.00".
    pub amount: String,
    /// VAT code.
    pub vat_code: String,
    /// Service.
    #[serde(default)]
    pub service: String,
    /// Their purchase order.
    #[serde(default)]
    pub po_number: String,
    /// When due; by the customer's terms when not said.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// The invoice for which a deposit is used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositForInvoice {
    /// Number of the invoice.
    pub invoice: String,
    /// How much with VAT; as much as there is and as it takes when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
}

/// Why a deposit is given back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositBack {
    /// Why.
    #[serde(default)]
    pub words: String,
}

/// The payment terms of a customer's invoices.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsOfCustomer {
    /// Code of the terms; empty where the customer's days count.
    pub terms: String,
}

async fn customer_terms(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    ok(&billing::customer_terms(&doors.desk, &by, &number).await?)
}

async fn set_customer_terms(
    State(doors): State<Shared>,
    By(by): By,
    At(customer): At,
    Key(key): Key,
    Sent(new): Sent<TermsOfCustomer>,
) -> Answer {
    let ask = SetCustomerTerms { key, customer, terms: new.terms };
    ok(&billing::set_customer_terms(&doors.desk, &by, ask).await?)
}

async fn terms(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = billing::payment_terms_list(&doors.desk, &by.0).await?;
    List::whole("Payment terms", rows).send(&asked, &by, doors.desk.today())
}

async fn add_terms(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewPaymentTerms>) -> Answer {
    let NewPaymentTerms { code, name, parts, discount_bp, discount_days } = new;
    let parts = parts.into_iter().map(|part| TermsPartAsked { share_bp: part.share_bp, days: part.days }).collect();
    let ask = AddPaymentTerms { key, code, name, parts, discount_bp, discount_days };
    made("payment-terms", &billing::add_payment_terms(&doors.desk, &by.0, ask).await?)
}

async fn set_terms(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(new): Sent<PaymentTermsState>,
) -> Answer {
    let ask = SetPaymentTerms { key, code, active: new.active };
    ok(&billing::set_payment_terms(&doors.desk, &by.0, ask).await?)
}

async fn discount(State(doors): State<Shared>, by: By, At(invoice): At, Key(key): Key) -> Answer {
    ok(&billing::give_discount(&doors.desk, &by.0, GiveDiscount { key, invoice }).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let after = asked.text("after");
    let say = "Send the `next` of the page before";
    let before = match after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::from(vec![Invalid::field("after", say, text)]))?),
    };
    let page = billing::deposits_list(&doors.desk, &by.0, before).await?;
    let next = page.next.map(|next| next.to_string());
    List { title: "Deposits", rows: page.rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn ask(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewDeposit>) -> Answer {
    let NewDeposit { customer_number, kind, description, amount, vat_code, service, po_number, due_on } = new;
    let ask = AskDeposit { key, customer_number, kind, description, amount, vat_code, service, po_number, due_on };
    let asked = billing::ask_deposit(&doors.desk, &by.0, ask).await?;
    made(&format!("deposits/{}", asked.number), &asked)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&billing::deposit(&doors.desk, &by.0, &number).await?)
}

async fn used(
    State(doors): State<Shared>,
    by: By,
    At(deposit): At,
    Key(key): Key,
    Sent(new): Sent<DepositForInvoice>,
) -> Answer {
    let ask = UseDeposit { key, deposit, invoice: new.invoice, amount: new.amount_pence.map(Pence) };
    ok(&billing::use_deposit(&doors.desk, &by.0, ask).await?)
}

async fn returned(
    State(doors): State<Shared>,
    by: By,
    At(deposit): At,
    Key(key): Key,
    Sent(new): Sent<DepositBack>,
) -> Answer {
    ok(&billing::return_deposit(&doors.desk, &by.0, ReturnDeposit { key, deposit, words: new.words }).await?)
}
