//! A standard invoice from a form (B1): check it, then raise it; the same function, with or without the commit.
use super::amounts::e4;
use crate::core::command::Command;
use crate::customers::receiver::rules_of;
use crate::customers::{find, refuse_cards};
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{
    InvoiceAsk, LineAsk, PricedDocument, Supplier, TaxPointFacts, VatCode, issued_late, may_charge_vat,
    may_use_tax_point, price_lines, tax_point, validate_invoice,
};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::customers::receiver::DocumentAsked;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::ledger::{IncomeShare, invoice as posting_of};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::reference::{DocumentReferenceRow, add_references};
use sundry_store::billing::vat::vat_filed_until;
use sundry_store::billing::{DocumentLineRow, DocumentRow, add_documents};
use sundry_store::control::{self, OrganisationRow, organisation};
use sundry_store::customers::CustomerRow;
use sundry_store::ledger::{ItemRow, add_items, gl_codes};

/// A line of the form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceLine {
    /// What it is for.
    pub description: String,
    /// Quantity, up to four decimals; 1 when empty.
    pub quantity: String,
    /// Unit price in pounds, up to four decimals.
    pub unit_price: String,
    /// S, R, Z, E or O.
    pub vat_code: String,
    /// Income code; the organisation's first when empty.
    pub income_code: String,
    /// Whether the price includes VAT.
    pub gross_entered: bool,
}

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvoiceForm {
    /// Customer number.
    pub customer_number: String,
    /// When supplied; needed where VAT is due.
    pub supply_on: Option<NaiveDate>,
    /// When due; by the customer's terms when not said.
    pub due_on: Option<NaiveDate>,
    /// Purchase order.
    pub po_number: String,
    /// The customer's own reference; their usual one when empty.
    pub buyer_reference: String,
    /// First day of the time it is for.
    pub period_from_on: Option<NaiveDate>,
    /// Last day.
    pub period_to_on: Option<NaiveDate>,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Cost centre.
    pub cost_centre: String,
    /// The charges.
    pub lines: Vec<InvoiceLine>,
}

/// Raises an invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RaiseInvoice {
    /// Idempotency key.
    pub key: String,
    /// The form.
    #[serde(flatten)]
    pub form: InvoiceForm,
}

/// The invoice that was raised.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvoiceRaised {
    /// Number.
    pub number: String,
    /// Document.
    pub document: DocumentId,
    /// Open item.
    pub item: ItemId,
    /// With VAT.
    pub gross_pence: i64,
    /// When due.
    pub due_on: NaiveDate,
}

/// A line with its amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLine {
    /// What it is for.
    pub description: String,
    /// Quantity in ten-thousandths.
    pub quantity_e4: i64,
    /// Unit price in ten-thousandths of a pound.
    pub unit_price_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// Rate in basis points.
    pub vat_bp: i64,
    /// Income code.
    pub income_code: String,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// With VAT.
    pub gross_pence: i64,
}

/// What the document shows for one VAT code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRate {
    /// VAT code.
    pub vat_code: String,
    /// For people.
    pub name: String,
    /// Rate in basis points.
    pub vat_bp: i64,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
}

/// The invoice as it would be raised: the check page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePreview {
    /// Customer number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// When supplied.
    pub supply_on: NaiveDate,
    /// Tax point.
    pub tax_point_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// The charges.
    pub lines: Vec<PreviewLine>,
    /// One for each VAT code.
    pub rates: Vec<PreviewRate>,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// With VAT.
    pub gross_pence: i64,
    /// What is odd but does not stop it.
    pub warnings: Vec<String>,
}

/// The invoice that a new one puts right, and who asked for it.
pub(super) struct Amends {
    pub document: i64,
    /// For each line the line of the old invoice, or none.
    pub of_lines: Vec<Option<i64>>,
    pub actor: i64,
}

/// An invoice decided on and not yet posted.
pub(super) struct Draft {
    customer: CustomerRow,
    form: InvoiceForm,
    asks: Vec<LineAsk>,
    priced: PricedDocument,
    issue_on: NaiveDate,
    supply_on: NaiveDate,
    tax_point_on: NaiveDate,
    due_on: NaiveDate,
    amends: Option<Amends>,
}

/// Prices an invoice and says everything that is wrong with it; nothing is kept.
///
/// # Errors
/// Every invalid field at once; `INV-03-NOT-REGISTERED`; a VAT rate that is missing.
pub async fn preview_invoice(desk: &Desk, by: &Actor, form: InvoiceForm) -> Outcome<InvoicePreview> {
    by.must_hold(Duty::RaiseInvoice)?;
    let mut look = desk.look().await?;
    Ok(draft(&mut look, desk, by.org, &form).await?.preview())
}

/// Raises an invoice: number, document, journal (GL-02 row 1) and open item in one.
///
/// # Errors
/// As [`preview_invoice`]; `GL-04-…` in a closed period.
pub async fn raise_invoice(desk: &Desk, by: &Actor, ask: RaiseInvoice) -> Outcome<InvoiceRaised> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "raise_invoice", &ask.key, &ask, |cmd| {
        let draft = draft(&mut cmd.tx, desk, by.org, &ask.form).await?;
        let raised = draft.post(cmd).await?;
        cmd.tell("InvoiceRaised", format!("invoice {}", raised.number), &raised);
        Ok(raised)
    })
}

/// The five steps but for the posting.
pub(super) async fn draft(tx: &mut Tx, desk: &Desk, org: OrgId, form: &InvoiceForm) -> Outcome<Draft> {
    refuse_cards(&texts(form))?;
    let today = desk.today();
    let organisation = organisation(tx, org).await?.ok_or_else(|| Fault::new("the organisation is missing"))?;
    let customer = match find(tx, org, &form.customer_number).await {
        Err(crate::No::Absent(_)) => {
            let say = "Enter the number of a customer we have";
            return Err(Invalid::field("customer_number", say, &form.customer_number).into());
        }
        other => other?,
    };
    let income: Vec<String> =
        gl_codes(tx, org).await?.into_iter().filter(|code| code.role == "INC").map(|code| code.code).collect();
    let (asks, mut wrong) = read_lines(form, &income);
    let due_on = form.due_on.unwrap_or_else(|| add_days(today, customer.terms_days));
    wrong.extend(validate_invoice(&invoice_ask(&organisation, named(&customer), form, &asks, (today, due_on))));
    wrong.extend(check_dates(form, today));
    let rules = rules_of(tx, org, CustomerId(customer.id)).await?;
    let number = control::number_to_come(tx, org, "INV").await?;
    wrong.extend(rules.faults(&asked_of(form, &asks, today, &format!("INV-{number:06}"))));
    wrong.sort_by_key(|invalid| invalid.row);
    wrong.dedup_by(|a, b| a.row == b.row && a.field.replace('_', " ") == b.field.replace('_', " "));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    may_charge_vat(Some(&organisation.vat_number), asks.iter().map(|line| line.vat_code))?;
    let supply_on = form.supply_on.unwrap_or(today);
    let facts = TaxPointFacts { supply_on, issue_on: today, paid_on: None, continuous: false, elected_out: false };
    let tax_point_on = tax_point(&facts);
    let priced = price_lines(&asks, &desk.book(), tax_point_on)?;
    if priced.gross <= Pence::ZERO || priced.gross > LARGEST {
        return Err(Invalid::field("lines", "The invoice must come to between £0.01 and £10,000,000,000", "").into());
    }
    if priced.vat > Pence::ZERO {
        may_use_tax_point(tax_point_on, vat_filed_until(tx, org).await?)?;
    }
    let buyer_reference = rules.reference_of(&form.buyer_reference).to_owned();
    let form = InvoiceForm { buyer_reference, ..form.clone() };
    Ok(Draft { customer, form, asks, priced, issue_on: today, supply_on, tax_point_on, due_on, amends: None })
}

/// Everything that is wrong with an invoice whose customer nobody has found yet; else what it comes to with VAT.
pub(super) async fn check_lines(tx: &mut Tx, desk: &Desk, org: OrgId, form: &InvoiceForm) -> Outcome<Pence> {
    refuse_cards(&texts(form))?;
    let today = desk.today();
    let organisation = organisation(tx, org).await?.ok_or_else(|| Fault::new("the organisation is missing"))?;
    let income: Vec<String> =
        gl_codes(tx, org).await?.into_iter().filter(|code| code.role == "INC").map(|code| code.code).collect();
    let (asks, mut wrong) = read_lines(form, &income);
    let somebody = ("somebody".to_owned(), vec!["somewhere".to_owned()]);
    wrong.extend(validate_invoice(&invoice_ask(&organisation, somebody, form, &asks, (today, today))));
    wrong.extend(check_dates(form, today));
    wrong.dedup_by(|a, b| a.row == b.row && a.field.replace('_', " ") == b.field.replace('_', " "));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    may_charge_vat(Some(&organisation.vat_number), asks.iter().map(|line| line.vat_code))?;
    Ok(price_lines(&asks, &desk.book(), form.supply_on.unwrap_or(today))?.gross)
}

fn texts(form: &InvoiceForm) -> Vec<(&str, &str)> {
    let mut texts = vec![
        ("purchase order", form.po_number.as_str()),
        ("buyer reference", &form.buyer_reference),
        ("service", &form.service),
        ("debt type", &form.debt_type),
        ("cost centre", &form.cost_centre),
    ];
    texts.extend(form.lines.iter().map(|line| ("description", line.description.as_str())));
    texts
}

/// Lines as the rules take them; what cannot be read is told, and stands as one so that the other rules can speak.
fn read_lines(form: &InvoiceForm, income: &[String]) -> (Vec<LineAsk>, Vec<Invalid>) {
    let mut wrong = Vec::new();
    let mut asks = Vec::new();
    for (row, line) in (1..).zip(&form.lines) {
        let quantity = if line.quantity.trim().is_empty() { Some(10_000) } else { e4(&line.quantity) };
        if quantity.is_none() {
            wrong.push(Invalid::row(row, "quantity", "Enter a number with at most four decimals", &line.quantity));
        }
        let price = e4(&line.unit_price);
        if price.is_none() {
            let say = "Enter an amount in pounds with at most four decimals";
            wrong.push(Invalid::row(row, "unit_price", say, &line.unit_price));
        }
        let code = VatCode::parse(&line.vat_code);
        if code.is_none() {
            wrong.push(Invalid::row(row, "vat_code", "Choose S, R, Z, E or O", &line.vat_code));
        }
        let typed = line.income_code.trim();
        let income_code = if typed.is_empty() { income.first().cloned().unwrap_or_default() } else { typed.to_owned() };
        if !income.contains(&income_code) {
            wrong.push(Invalid::row(row, "income_code", "Choose an income code from the list", typed));
        }
        asks.push(LineAsk {
            description: line.description.trim().to_owned(),
            quantity_e4: quantity.unwrap_or(10_000),
            unit_price_e4: price.unwrap_or(10_000),
            vat_code: code.unwrap_or(VatCode::O),
            gross_entered: line.gross_entered,
            income_code,
            cost_centre: form.cost_centre.trim().to_owned(),
        });
    }
    (asks, wrong)
}

/// What the receiver's own rules look at.
fn asked_of<'a>(form: &'a InvoiceForm, asks: &[LineAsk], today: NaiveDate, number: &'a str) -> DocumentAsked<'a> {
    let outside = asks.iter().filter(|line| line.vat_code == VatCode::O).count();
    DocumentAsked {
        number,
        issue_on: today,
        supply_on: form.supply_on,
        order: &form.po_number,
        reference: &form.buyer_reference,
        mixes_outside_scope: outside > 0 && outside < asks.len(),
    }
}

fn check_dates(form: &InvoiceForm, today: NaiveDate) -> Vec<Invalid> {
    let far = |day: NaiveDate| (day - today).num_days().abs() > 3_660;
    let mut wrong = Vec::new();
    for (field, day) in [("supply_on", form.supply_on), ("due_on", form.due_on)] {
        if let Some(day) = day.filter(|day| far(*day)) {
            wrong.push(Invalid::field(field, "Enter a date within ten years of today", day.to_string()));
        }
    }
    match (form.period_from_on, form.period_to_on) {
        (Some(from), None) => {
            wrong.push(Invalid::field("period_to_on", "Enter the last day of the time it is for", from.to_string()));
        }
        (None, Some(to)) => {
            wrong.push(Invalid::field("period_from_on", "Enter the first day of the time it is for", to.to_string()));
        }
        (Some(from), Some(to)) if to < from => {
            let say = format!("Enter a date on or after {}", from.format("%-d %B %Y"));
            wrong.push(Invalid::field("period_to_on", say, to.to_string()));
        }
        _ => {}
    }
    wrong
}

/// A customer's name and the lines of their address.
fn named(customer: &CustomerRow) -> (String, Vec<String>) {
    let address = [&customer.address1, &customer.address2, &customer.town, &customer.postcode];
    (customer.name.clone(), address.into_iter().filter(|line| !line.is_empty()).cloned().collect())
}

fn invoice_ask(
    organisation: &OrganisationRow,
    (customer_name, customer_address): (String, Vec<String>),
    form: &InvoiceForm,
    asks: &[LineAsk],
    (issue_on, due_on): (NaiveDate, NaiveDate),
) -> InvoiceAsk {
    let lines = organisation.letterhead.get("address").and_then(|address| address.as_array());
    let lines = lines.map(|all| all.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect());
    InvoiceAsk {
        supplier: Supplier {
            name: organisation.name.clone(),
            // A letterhead that is not set up yet is set up with the letters; the name stands for it here.
            address: lines.unwrap_or_else(|| vec![organisation.name.clone()]),
            vat_number: Some(organisation.vat_number.clone()).filter(|number| !number.trim().is_empty()),
        },
        customer_name,
        customer_address,
        issue_on,
        supply_on: form.supply_on,
        due_on,
        po_number: form.po_number.clone(),
        po_required: false,
        lines: asks.to_vec(),
    }
}

impl Draft {
    /// With VAT.
    pub(super) fn gross(&self) -> Pence {
        self.priced.gross
    }

    pub(super) fn customer_id(&self) -> i64 {
        self.customer.id
    }

    /// The same invoice, put in the place of another.
    pub(super) fn amending(self, amends: Amends) -> Self {
        Self { amends: Some(amends), ..self }
    }

    /// It says what an invoice says already.
    pub(super) fn is_as(&self, old: &[DocumentLineRow]) -> bool {
        let same = |(old, (ask, priced)): (&DocumentLineRow, (&LineAsk, &sundry_domain::billing::PricedLine))| {
            old.description == ask.description
                && (old.quantity_e4, old.unit_price_e4) == (ask.quantity_e4, ask.unit_price_e4)
                && (old.net_pence, old.vat_pence) == (priced.net.0, priced.vat.0)
                && old.vat_code == priced.vat_code.as_str()
                && old.income_code == ask.income_code
        };
        old.len() == self.asks.len() && old.iter().zip(self.asks.iter().zip(&self.priced.lines)).all(same)
    }

    fn preview(self) -> InvoicePreview {
        let line = |(ask, priced): (&LineAsk, &sundry_domain::billing::PricedLine)| PreviewLine {
            description: ask.description.clone(),
            quantity_e4: ask.quantity_e4,
            unit_price_e4: ask.unit_price_e4,
            vat_code: priced.vat_code.as_str().into(),
            vat_bp: priced.rate.0,
            income_code: ask.income_code.clone(),
            net_pence: priced.net.0,
            vat_pence: priced.vat.0,
            gross_pence: priced.gross.0,
        };
        let rate = |total: &sundry_domain::billing::RateTotal| PreviewRate {
            vat_code: total.vat_code.as_str().into(),
            name: total.vat_code.name().into(),
            vat_bp: total.rate.0,
            net_pence: total.net.0,
            vat_pence: total.vat.0,
        };
        let mut warnings = Vec::new();
        if self.priced.vat > Pence::ZERO && issued_late(self.tax_point_on, self.issue_on) {
            let day = self.tax_point_on.format("%-d %B %Y");
            warnings.push(format!("A VAT invoice is due within 30 days of the tax point, {day}"));
        }
        InvoicePreview {
            customer_number: self.customer.number,
            customer_name: self.customer.name,
            issue_on: self.issue_on,
            supply_on: self.supply_on,
            tax_point_on: self.tax_point_on,
            due_on: self.due_on,
            lines: self.asks.iter().zip(&self.priced.lines).map(line).collect(),
            rates: self.priced.rates.iter().map(rate).collect(),
            net_pence: self.priced.net.0,
            vat_pence: self.priced.vat.0,
            gross_pence: self.priced.gross.0,
            warnings,
        }
    }

    pub(super) async fn post(self, cmd: &mut Command) -> Outcome<InvoiceRaised> {
        let number = format!("INV-{:06}", cmd.next_number("INV").await?);
        let (document, item): (DocumentId, ItemId) = (cmd.id(), cmd.id());
        let (org, customer) = (cmd.by.org, CustomerId(self.customer.id));
        let shares: Vec<IncomeShare> = self
            .asks
            .iter()
            .zip(&self.priced.lines)
            .map(|(ask, line)| IncomeShare {
                income_code: ask.income_code.clone(),
                cost_centre: ask.cost_centre.clone(),
                net: line.net,
            })
            .collect();
        let journal = NewJournal {
            posted_on: self.issue_on,
            event: "InvoiceRaised",
            source: format!("invoice {number}"),
            reason: format!("Invoice {number} to {}", self.customer.number),
            customer: Some(customer),
            item: Some(item),
            lines: posting_of(&shares, self.priced.vat),
        };
        let journal_id = post(cmd, journal).await?;
        let (head, lines) = self.rows(cmd, document, &number);
        let open = ItemRow {
            id: item.0,
            customer_id: customer.0,
            kind: "invoice".into(),
            number: number.clone(),
            document_id: Some(document.0),
            receipt_id: None,
            posted_on: self.issue_on,
            dated_on: self.issue_on,
            due_on: self.due_on,
            original_pence: head.gross_pence,
            open_pence: head.gross_pence,
            disputed_pence: 0,
            service: head.service.clone(),
            debt_type: head.debt_type.clone(),
            stage: String::new(),
            journal_id: journal_id.0,
            recorded_at: cmd.at,
        };
        let gross_pence = head.gross_pence;
        add_documents(&mut cmd.tx, org, vec![head], lines).await?;
        if let Some(carried) = self.reference(document) {
            add_references(&mut cmd.tx, org, vec![carried], cmd.at).await?;
        }
        add_items(&mut cmd.tx, org, vec![open]).await?;
        Ok(InvoiceRaised { number, document, item, gross_pence, due_on: self.due_on })
    }

    /// What the document carries for its receiver, if anything.
    fn reference(&self, document: DocumentId) -> Option<DocumentReferenceRow> {
        let InvoiceForm { buyer_reference, period_from_on, period_to_on, .. } = &self.form;
        let anything = !buyer_reference.is_empty() || period_from_on.is_some();
        anything.then(|| DocumentReferenceRow {
            document_id: document.0,
            buyer_reference: buyer_reference.clone(),
            period_from_on: *period_from_on,
            period_to_on: *period_to_on,
        })
    }

    fn rows(&self, cmd: &Command, document: DocumentId, number: &str) -> (DocumentRow, Vec<DocumentLineRow>) {
        let head = DocumentRow {
            id: document.0,
            kind: "invoice".into(),
            number: number.to_owned(),
            customer_id: self.customer.id,
            issue_on: self.issue_on,
            supply_on: self.supply_on,
            tax_point_on: self.tax_point_on,
            due_on: self.due_on,
            po_number: self.form.po_number.trim().into(),
            service: self.form.service.trim().into(),
            debt_type: self.form.debt_type.trim().into(),
            cost_centre: self.form.cost_centre.trim().into(),
            net_pence: self.priced.net.0,
            vat_pence: self.priced.vat.0,
            gross_pence: self.priced.gross.0,
            corrects_id: self.amends.as_ref().map(|amends| amends.document),
            reason: String::new(),
            origin: "raised".into(),
            actor_id: self.amends.as_ref().map_or(cmd.by.user.0, |amends| amends.actor),
            recorded_at: cmd.at,
        };
        let line = |(number, (ask, priced)): (i64, (&LineAsk, &sundry_domain::billing::PricedLine))| DocumentLineRow {
            document_id: document.0,
            line: number,
            description: ask.description.clone(),
            quantity_e4: ask.quantity_e4,
            unit_price_e4: ask.unit_price_e4,
            vat_code: priced.vat_code.as_str().into(),
            vat_bp: priced.rate.0,
            net_pence: priced.net.0,
            vat_pence: priced.vat.0,
            income_code: ask.income_code.clone(),
            corrects_line: self.amends.as_ref().and_then(|amends| *amends.of_lines.get(number as usize - 1)?),
        };
        (head, (1..).zip(self.asks.iter().zip(&self.priced.lines)).map(line).collect())
    }
}
