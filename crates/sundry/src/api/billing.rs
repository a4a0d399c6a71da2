//! Billing: invoices, credit notes, and taking files in.
use super::answer::{Answer, List, file_as, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Operation, Table, desk, desk_list, get, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::billing::{
    self as desk_billing, AmendInvoice, CreditLine, DocumentsAsk, ImportInvoices, InvoiceForm, RaiseInvoice,
    RequestCredit,
};
use sundry_desk::customers::{ImportCustomers, Imported, import_customers};
use sundry_desk::delivery::letter_pdf;
use sundry_desk::recovery::{
    ChargeWaived, ChargesPosted, ChargesView, InterestView, PostCharges, WaiveCharge, charges, post_charges,
    statutory_interest, waive_charge,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::billing::DocumentLineOfList;
use utoipa::ToSchema;

const ROOM: &str = "Billing";

fn documents(operation: Operation) -> Operation {
    operation
        .asks("customer", Holds::Text, "Only of the customer with this number")
        .asks("from_on", Holds::Day, "Issued on or after")
        .asks("to_on", Holds::Day, "Issued on or before")
        .asks("open_only", Holds::Flag, "Only with something open")
        .paged(desk_list::<DocumentLineOfList>)
}

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let raise: &[Duty] = &[Duty::RaiseInvoice];
    let table = table
        .add(documents(get(ROOM, "/invoices", "list_invoices", "List invoices, newest first")), invoices)
        .add(
            post(ROOM, "/invoices", "raise_invoice", "Raise an invoice")
                .needs(raise)
                .takes::<NewInvoice>()
                .gives(201, desk::<desk_billing::InvoiceRaised>),
            raise_invoice,
        )
        .add(
            post(ROOM, "/invoices/preview", "preview_invoice", "Work an invoice out without raising it")
                .needs(raise)
                .looks_only()
                .takes::<NewInvoice>()
                .gives(200, desk::<desk_billing::InvoicePreview>),
            preview,
        )
        .add(
            get(ROOM, "/invoices/{number}", "get_invoice", "Read an invoice: lines, payments, steps, journals")
                .gives(200, desk::<desk_billing::InvoiceShown>),
            invoice,
        )
        .add(
            get(ROOM, "/invoices/{number}/pdf", "get_invoice_pdf", "The invoice as it was sent")
                .gives_file(&["application/pdf"]),
            pdf,
        )
        .add(
            get(ROOM, "/invoices/{number}/interest", "get_interest", "Statutory interest to a day; nothing is posted")
                .asks("as_at", Holds::Day, "Up to the end of this day; today when not said")
                .gives(200, desk::<InterestView>),
            interest,
        )
        .add(
            get(ROOM, "/invoices/{number}/charges", "get_charges", "What is charged for paying late, and what may be")
                .gives(200, desk::<ChargesView>),
            late_charges,
        )
        .add(
            post(
                ROOM,
                "/invoices/{number}/charges",
                "post_charges",
                "Charge interest and the fixed sum to today, less what was charged before",
            )
            .needs(&[Duty::WorkCases])
            .gives(200, desk::<ChargesPosted>),
            charge_late,
        )
        .add(
            post(ROOM, "/invoices/{number}/charges/waive", "waive_charge", "Waive a charge for paying late, or ask to")
                .needs(&[Duty::ProposeWriteOff, Duty::ApproveWriteOff])
                .takes::<NewWaiver>()
                .gives(200, desk::<ChargeWaived>),
            waive_late,
        )
        .add(
            documents(get(ROOM, "/credit-notes", "list_credit_notes", "List credit notes, newest first")),
            credit_notes,
        );
    asking_rows(table)
}

fn asking_rows(table: Table) -> Table {
    let import: &[Duty] = &[Duty::ImportFiles];
    let file = |id, path, summary| {
        post(ROOM, path, id, summary)
            .needs(import)
            .takes_file()
            .asks("dry_run", Holds::Flag, "Check only; keep nothing")
            .asks("accept_good", Holds::Flag, "Keep the good rows and give the bad ones back")
            .gives(200, desk::<Imported>)
    };
    table
        .add(
            post(ROOM, "/credit-notes", "request_credit_note", "Ask for a credit note, which someone else approves")
                .needs(&[Duty::ProposeCredit])
                .takes::<NewCredit>()
                .gives(201, desk::<desk_billing::CreditAsked>),
            credit,
        )
        .add(
            post(
                ROOM,
                "/invoices/{number}/amendment",
                "amend_invoice",
                "Ask for an invoice to be credited and billed anew",
            )
            .needs(&[Duty::ProposeCredit])
            .takes::<NewAmendment>()
            .gives(201, desk::<desk_billing::AmendmentAsked>),
            amend,
        )
        .add(
            file("import_customers", "/imports/customers", "Take customers in from a file, under their own numbers"),
            customers_in,
        )
        .add(file("import_invoices", "/imports/invoices", "Take open invoices in from an old ledger"), invoices_in)
}

/// A line of an invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvoiceLine {
    /// What it is for.
    pub description: String,
    /// How many, with up to four decimals: "1.5".
    pub quantity: String,
    /// The price of one in pounds, with up to four decimals: "12.50".
    pub unit_price: String,
    /// VAT code.
    #[serde(default)]
    pub vat_code: String,
    /// Income code.
    #[serde(default)]
    pub income_code: String,
    /// Whether the price holds the VAT.
    #[serde(default)]
    pub gross_entered: bool,
}

/// An invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvoice {
    /// Customer number.
    pub customer_number: String,
    /// When it was supplied; today when not said.
    #[serde(default)]
    pub supply_on: Option<NaiveDate>,
    /// When due; by the customer's terms when not said.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// Their purchase order.
    #[serde(default)]
    pub po_number: String,
    /// Their own reference; their usual one when not said.
    #[serde(default)]
    pub buyer_reference: String,
    /// First day of the time it is for.
    #[serde(default)]
    pub period_from_on: Option<NaiveDate>,
    /// Last day of the time it is for.
    #[serde(default)]
    pub period_to_on: Option<NaiveDate>,
    /// Service.
    #[serde(default)]
    pub service: String,
    /// Debt type.
    #[serde(default)]
    pub debt_type: String,
    /// Cost centre.
    #[serde(default)]
    pub cost_centre: String,
    /// Code of the payment terms that say when it is due, instead of a date.
    #[serde(default)]
    pub terms: String,
    /// In how many equal instalments it is to be paid; the first on the due date.
    #[serde(default)]
    #[schema(minimum = 2, maximum = 60)]
    pub instalment_count: Option<u32>,
    /// How far apart they are: week, fortnight, four_weeks, month or quarter.
    #[serde(default)]
    pub instalment_every: String,
    /// Its instalments, where they are not equal; they add up to the invoice.
    #[serde(default)]
    pub schedule: Vec<NewInstalment>,
    /// Lines.
    pub lines: Vec<NewInvoiceLine>,
}

/// An instalment of an invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInstalment {
    /// When it is due.
    pub due_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
}

impl From<NewInvoice> for InvoiceForm {
    fn from(new: NewInvoice) -> InvoiceForm {
        let line = |line: NewInvoiceLine| desk_billing::InvoiceLine {
            description: line.description,
            quantity: line.quantity,
            unit_price: line.unit_price,
            vat_code: line.vat_code,
            income_code: line.income_code,
            gross_entered: line.gross_entered,
        };
        InvoiceForm {
            customer_number: new.customer_number,
            supply_on: new.supply_on,
            due_on: new.due_on,
            po_number: new.po_number,
            buyer_reference: new.buyer_reference,
            period_from_on: new.period_from_on,
            period_to_on: new.period_to_on,
            service: new.service,
            debt_type: new.debt_type,
            cost_centre: new.cost_centre,
            lines: new.lines.into_iter().map(line).collect(),
            terms: new.terms,
            instalment_count: new.instalment_count,
            instalment_every: new.instalment_every,
            schedule: new
                .schedule
                .into_iter()
                .map(|part| desk_billing::ScheduleLine { due_on: part.due_on, amount: Pence(part.amount_pence) })
                .collect(),
        }
    }
}

/// A line to be credited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCreditLine {
    /// The invoice's line.
    #[schema(minimum = 1, maximum = 10_000)]
    pub line: u32,
    /// How much of it, without VAT.
    pub net_pence: i64,
}

impl From<NewCreditLine> for CreditLine {
    fn from(line: NewCreditLine) -> CreditLine {
        CreditLine { line: line.line, net_pence: line.net_pence }
    }
}

/// A credit note to be asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredit {
    /// Number of the invoice.
    pub invoice: String,
    /// Lines; all of what is left when there are none.
    #[serde(default)]
    pub lines: Vec<NewCreditLine>,
    /// Why, from the list of reasons.
    pub reason: String,
    /// Why, in words.
    #[serde(default)]
    pub words: String,
}

/// An invoice to be credited and billed anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAmendment {
    /// Why, from the list of reasons for credit notes.
    pub reason: String,
    /// Why, in words.
    #[serde(default)]
    pub words: String,
    /// The invoice as it should have been.
    pub invoice: NewInvoice,
    /// For each line the old invoice's line that it puts right, from 1; null for one that is added.
    #[serde(default)]
    pub of_lines: Vec<Option<i64>>,
}

async fn list(doors: &Shared, by: &By, asked: &Asked, kind: &str, title: &'static str) -> Answer {
    let ask = DocumentsAsk {
        kind: kind.to_owned(),
        customer: asked.text("customer"),
        from_on: asked.day("from_on"),
        to_on: asked.day("to_on"),
        open_only: asked.flag("open_only"),
        before: asked.whole("after"),
        limit: Some(asked.limit()),
    };
    let page = desk_billing::documents_list(&doors.desk, &by.0, ask).await?;
    let list = List { title, rows: page.rows, next: page.next.map(|next| next.to_string()), count: None };
    list.send(asked, by, doors.desk.today())
}

async fn invoices(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    list(&doors, &by, &asked, "invoice", "Invoices").await
}

async fn credit_notes(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    list(&doors, &by, &asked, "credit_note", "Credit notes").await
}

async fn raise_invoice(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewInvoice>) -> Answer {
    let raised = desk_billing::raise_invoice(&doors.desk, &by.0, RaiseInvoice { key, form: new.into() }).await?;
    made(&format!("invoices/{}", raised.number), &raised)
}

async fn preview(State(doors): State<Shared>, by: By, Sent(new): Sent<NewInvoice>) -> Answer {
    ok(&desk_billing::preview_invoice(&doors.desk, &by.0, new.into()).await?)
}

async fn invoice(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_billing::invoice(&doors.desk, &by.0, &number).await?)
}

async fn interest(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let as_at = asked.day("as_at").unwrap_or_else(|| doors.desk.today());
    ok(&statutory_interest(&doors.desk, &by.0, &number, as_at).await?)
}

/// A charge to waive.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiver {
    /// Number of the charge: one of this invoice's.
    pub charge: String,
    /// How much; all that is open when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// Why, from the list: goodwill, our_error, dispute, hardship, agreed or uneconomic.
    pub reason: String,
    /// More about why.
    #[serde(default)]
    pub words: String,
}

async fn late_charges(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&charges(&doors.desk, &by.0, &number).await?)
}

async fn charge_late(State(doors): State<Shared>, by: By, At(invoice): At, Key(key): Key) -> Answer {
    ok(&post_charges(&doors.desk, &by.0, PostCharges { key, invoice }).await?)
}

async fn waive_late(
    State(doors): State<Shared>,
    by: By,
    At(invoice): At,
    Key(key): Key,
    Sent(sent): Sent<NewWaiver>,
) -> Answer {
    if !sent.charge.trim().starts_with(&format!("{}/", invoice.trim())) {
        return Err(Problem::absent("charge of this invoice"));
    }
    let NewWaiver { charge, amount_pence, reason, words } = sent;
    let ask = WaiveCharge { key, charge, amount: amount_pence.map(Pence), reason, words };
    ok(&waive_charge(&doors.desk, &by.0, ask).await?)
}

async fn pdf(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let shown = desk_billing::invoice(&doors.desk, &by.0, &number).await?;
    let letter = shown.letters.iter().find(|letter| letter.kind == shown.document.kind);
    let letter = letter.ok_or_else(|| Problem::absent("letter of this invoice"))?;
    file_as(&shown.document.number, "pdf", letter_pdf(&doors.desk, &by.0, &letter.number).await?)
}

async fn credit(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewCredit>) -> Answer {
    let lines = new.lines.into_iter().map(CreditLine::from).collect();
    let ask = RequestCredit { key, invoice: new.invoice, lines, reason: new.reason, words: new.words };
    let told = desk_billing::request_credit_note(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn amend(
    State(doors): State<Shared>,
    by: By,
    At(invoice): At,
    Key(key): Key,
    Sent(new): Sent<NewAmendment>,
) -> Answer {
    let (reason, words, of_lines) = (new.reason, new.words, new.of_lines);
    let ask = AmendInvoice { key, invoice, reason, words, form: new.invoice.into(), of_lines };
    let told = desk_billing::request_amendment(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn customers_in(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let bytes = child::as_table(bytes).await?;
    let (dry_run, accept_good) = (asked.flag("dry_run"), asked.flag("accept_good"));
    ok(&import_customers(&doors.desk, &by.0, ImportCustomers { key, file_name, bytes, dry_run, accept_good }).await?)
}

async fn invoices_in(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let (lines_name, lines) = match parcel.lines {
        Some((name, bytes)) => (name, Some(child::as_table(bytes).await?)),
        None => (String::new(), None),
    };
    let ask = ImportInvoices {
        key,
        file_name,
        bytes: child::as_table(bytes).await?,
        lines_name,
        lines,
        dry_run: asked.flag("dry_run"),
        accept_good: asked.flag("accept_good"),
    };
    ok(&desk_billing::import_invoices(&doors.desk, &by.0, ask).await?)
}
