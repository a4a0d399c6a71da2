//! A standard invoice from a form (B1): check it, then raise it; the same function, with or without the commit.
use super::form::{InvoiceForm, asked_of, check_dates, invoice_ask, named, read_lines, texts};
use super::pay_by::{PayBy, pay_by};
use crate::core::command::Command;
use crate::customers::receiver::rules_of;
use crate::customers::{find, refuse_cards};
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{
    DepositKind, Instalment, LineAsk, PricedDocument, TaxPointFacts, issued_late, may_be_deposit, may_charge_vat,
    may_use_tax_point, price_lines, tax_point, validate_invoice,
};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, JournalId, OrgId};
use sundry_domain::ledger::{EntryLine, IncomeShare, invoice as posting_of, invoice_in_advance};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::reference::{DocumentReferenceRow, add_references};
use sundry_store::billing::terms::{
    DiscountRow, add_deposit, add_discount, add_instalments, payment_terms_coded, terms_of_customer,
};
use sundry_store::billing::vat::vat_filed_until;
use sundry_store::billing::{DocumentLineRow, DocumentRow, add_documents};
use sundry_store::control::{self, organisation};
use sundry_store::customers::CustomerRow;
use sundry_store::ledger::{ItemRow, add_items, gl_codes};

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
    /// When due; the first instalment's day where there are several.
    pub due_on: NaiveDate,
    /// Its instalments, where it is paid in several.
    #[serde(default)]
    pub instalments: Vec<Instalment>,
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
    /// Its instalments, where it is paid in several.
    pub instalments: Vec<Instalment>,
    /// What paying early takes off, with VAT; nothing where no discount is offered.
    pub discount_pence: i64,
    /// The last day for that.
    pub discount_until_on: Option<NaiveDate>,
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
    pay_by: PayBy,
    amends: Option<Amends>,
    deposit: Option<DepositKind>,
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

/// The five steps but for the posting; by the customer's payment terms where the form says nothing of when.
pub(super) async fn draft(tx: &mut Tx, desk: &Desk, org: OrgId, form: &InvoiceForm) -> Outcome<Draft> {
    match terms_by_default(tx, org, form).await? {
        Some(terms) => draft_as_typed(tx, desk, org, &InvoiceForm { terms, ..form.clone() }).await,
        None => draft_as_typed(tx, desk, org, form).await,
    }
}

/// The customer's payment terms, where they are offered still and the form chooses nothing else.
async fn terms_by_default(tx: &mut Tx, org: OrgId, form: &InvoiceForm) -> Outcome<Option<String>> {
    let says = form.due_on.is_some() || form.instalment_count.is_some() || !form.schedule.is_empty();
    if says || !form.terms.trim().is_empty() {
        return Ok(None);
    }
    // Who is billed is told with everything else that is wrong.
    let customer = match find(tx, org, &form.customer_number).await {
        Ok(customer) => CustomerId(customer.id),
        Err(crate::No::Absent(_)) => return Ok(None),
        Err(no) => return Err(no),
    };
    let Some(code) = terms_of_customer(tx, org, customer).await? else { return Ok(None) };
    let found = payment_terms_coded(tx, org, &code).await?;
    Ok(found.filter(|(row, _)| row.active).map(|_| code))
}

/// The same with nothing but what the form says.
pub(super) async fn draft_as_typed(tx: &mut Tx, desk: &Desk, org: OrgId, form: &InvoiceForm) -> Outcome<Draft> {
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
    let pay_by = pay_by(tx, org, form, &priced, (today, due_on)).await?;
    let buyer_reference = rules.reference_of(&form.buyer_reference).to_owned();
    let form = InvoiceForm { buyer_reference, ..form.clone() };
    let issue_on = today;
    Ok(Draft { customer, form, asks, priced, issue_on, supply_on, tax_point_on, pay_by, amends: None, deposit: None })
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

    /// The same invoice, as a deposit.
    ///
    /// # Errors
    /// `BIL-15-RETURNABLE-VAT`.
    pub(super) fn for_deposit(self, kind: DepositKind) -> Outcome<Self> {
        for ask in &self.asks {
            may_be_deposit(kind, ask.vat_code)?;
        }
        Ok(Self { deposit: Some(kind), ..self })
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
            due_on: self.pay_by.due_on(),
            lines: self.asks.iter().zip(&self.priced.lines).map(line).collect(),
            rates: self.priced.rates.iter().map(rate).collect(),
            net_pence: self.priced.net.0,
            vat_pence: self.priced.vat.0,
            gross_pence: self.priced.gross.0,
            discount_pence: self.pay_by.discount.as_ref().map_or(0, |offer| offer.credit.gross.0),
            discount_until_on: self.pay_by.discount.as_ref().map(|offer| offer.until_on),
            instalments: self.pay_by.instalments(),
            warnings,
        }
    }

    pub(super) async fn post(self, cmd: &mut Command) -> Outcome<InvoiceRaised> {
        let number = format!("INV-{:06}", cmd.next_number("INV").await?);
        let document: DocumentId = cmd.id();
        let (org, customer) = (cmd.by.org, CustomerId(self.customer.id));
        let items: Vec<ItemId> = self.pay_by.parts.iter().map(|_| cmd.id()).collect();
        let journal = NewJournal {
            posted_on: self.issue_on,
            event: "InvoiceRaised",
            source: format!("invoice {number}"),
            reason: format!("Invoice {number} to {}", self.customer.number),
            customer: Some(customer),
            // One debit stands for all instalments: it is on the account, and on no single item.
            item: if let [only] = items.as_slice() { Some(*only) } else { None },
            lines: self.posting(),
        };
        let journal_id = post(cmd, journal).await?;
        let (head, lines) = self.rows(cmd, document, &number);
        let open = self.open_items(&head, &items, journal_id);
        let (gross_pence, due_on) = (head.gross_pence, head.due_on);
        add_documents(&mut cmd.tx, org, vec![head], lines).await?;
        if let Some(carried) = self.reference(document) {
            add_references(&mut cmd.tx, org, vec![carried], cmd.at).await?;
        }
        add_items(&mut cmd.tx, org, open).await?;
        self.add_terms(cmd, document, &items).await?;
        let (item, instalments) = (items[0], self.pay_by.instalments());
        Ok(InvoiceRaised { number, document, item, gross_pence, due_on, instalments })
    }

    fn posting(&self) -> Vec<EntryLine> {
        let share = |(ask, line): (&LineAsk, &sundry_domain::billing::PricedLine)| IncomeShare {
            income_code: ask.income_code.clone(),
            cost_centre: ask.cost_centre.clone(),
            net: line.net,
        };
        match self.deposit {
            Some(_) => invoice_in_advance(self.priced.net, self.priced.vat),
            None => {
                let shares: Vec<IncomeShare> = self.asks.iter().zip(&self.priced.lines).map(share).collect();
                posting_of(&shares, self.priced.vat)
            }
        }
    }

    /// One item for each part, each with its own due date.
    fn open_items(&self, head: &DocumentRow, ids: &[ItemId], journal: JournalId) -> Vec<ItemRow> {
        let one = |(part, (id, due)): (usize, (&ItemId, &Instalment))| ItemRow {
            id: id.0,
            customer_id: head.customer_id,
            kind: "invoice".into(),
            number: if ids.len() == 1 { head.number.clone() } else { format!("{}/{part}", head.number) },
            document_id: Some(head.id),
            receipt_id: None,
            posted_on: self.issue_on,
            dated_on: self.issue_on,
            due_on: due.due_on,
            original_pence: due.amount.0,
            open_pence: due.amount.0,
            disputed_pence: 0,
            service: head.service.clone(),
            debt_type: head.debt_type.clone(),
            stage: String::new(),
            journal_id: journal.0,
            recorded_at: head.recorded_at,
        };
        (1..).zip(ids.iter().zip(&self.pay_by.parts)).map(one).collect()
    }

    /// Keeps what its terms say beyond one due date, and that it is a deposit.
    async fn add_terms(&self, cmd: &mut Command, document: DocumentId, items: &[ItemId]) -> Outcome<()> {
        let (org, at) = (cmd.by.org, cmd.at);
        if items.len() > 1 {
            add_instalments(&mut cmd.tx, org, document, items).await?;
        }
        if let Some(offer) = &self.pay_by.discount {
            let row = DiscountRow {
                document_id: document.0,
                terms_code: offer.terms_code.clone(),
                discount_bp: offer.rate.0,
                discount_pence: offer.credit.gross.0,
                until_on: offer.until_on,
                credit_id: None,
            };
            add_discount(&mut cmd.tx, org, row, at).await?;
        }
        if let Some(kind) = self.deposit {
            add_deposit(&mut cmd.tx, org, document, kind, at).await?;
        }
        Ok(())
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
            due_on: self.pay_by.due_on(),
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
