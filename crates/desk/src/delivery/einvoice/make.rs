//! An e-invoice of a posted document: our ledger's own figures, or nothing.
use super::super::backing;
use crate::{Actor, Desk, Fault, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sundry_domain::billing::VatCode;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_formats::FormatProblem;
use sundry_formats::einvoice::{
    Category, Contact, EInvoice, Endpoint, Kind, Line, Party, PayInto, PostalAddress, VatTotal, check, check_core,
    read_endpoint, vat_number, write_cii, write_ubl,
};
use sundry_paper::{Attachment, HYBRID_NAME};
use sundry_store::billing::reference::{DocumentReferenceRow, reference_of};
use sundry_store::billing::terms::{discounts_of_range, instalments_of_range};
use sundry_store::billing::{self, DocumentLineRow, DocumentRow};
use sundry_store::control::{OrganisationRow, organisation};
use sundry_store::customers::receiver::{ReceiverRow, receiver};
use sundry_store::customers::{CustomerRow, customer};
use sundry_store::{Tx, ledger};

/// What no VAT is charged for, outside its scope.
const OUTSIDE: &str = "Not subject to VAT";

/// Something that stands in the way, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeProblem {
    /// The rule's code, such as BR-O-12.
    pub code: String,
    /// What of ours it is about.
    pub about: String,
    /// In words.
    pub words: String,
}

impl From<FormatProblem> for MadeProblem {
    fn from(problem: FormatProblem) -> MadeProblem {
        MadeProblem { code: problem.code, about: problem.at, words: problem.message }
    }
}

/// An e-invoice as it would be sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Made {
    /// Number of the document.
    pub number: String,
    /// To which participant; empty where none is known.
    pub receiver: String,
    /// What stands in the way; none when it may be sent.
    pub problems: Vec<MadeProblem>,
    /// The document.
    pub xml: String,
}

/// The e-invoice of a document, and what stands in its way; nothing is kept or sent.
///
/// # Errors
/// Absent when there is no such document.
pub async fn preview_einvoice(desk: &Desk, by: &Actor, number: &str) -> Outcome<Made> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let document = find_document(&mut look, by.org, number).await?;
    let site = site(&mut look, by.org).await?;
    let (invoice, problems) = make(desk, &mut look, by.org, &site, &document).await?;
    let xml = String::from_utf8(write_ubl(&invoice)).map_err(|_| Fault::new("an e-invoice is text"))?;
    Ok(Made { number: document.number, receiver: named(&invoice.buyer.endpoint), problems, xml })
}

pub(super) fn named(end: &Endpoint) -> String {
    if end.id.is_empty() { String::new() } else { format!("{}:{}", end.scheme, end.id) }
}

pub(super) async fn site(tx: &mut Tx, org: OrgId) -> Outcome<OrganisationRow> {
    Ok(organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?)
}

/// Our participant id; none until it is set.
pub(super) fn our_endpoint(site: &OrganisationRow) -> Option<Endpoint> {
    site.settings["peppol"]["participant"].as_str().and_then(|text| read_endpoint(text).ok())
}

pub(in super::super) async fn find_document(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<DocumentRow> {
    let number = number.trim();
    let found = match billing::document_numbered(tx, org, "invoice", number).await? {
        None => billing::document_numbered(tx, org, "credit_note", number).await?,
        some => some,
    };
    found.ok_or_else(|| No::Absent(format!("invoice {number}")))
}

/// The document in the terms of the standard, with everything that stands in its way over the network.
pub(super) async fn make(
    desk: &Desk,
    tx: &mut Tx,
    org: OrgId,
    site: &OrganisationRow,
    document: &DocumentRow,
) -> Outcome<(EInvoice, Vec<MadeProblem>)> {
    let mut invoice = figures(tx, org, site, document).await?;
    invoice.attachments = backing::attachments(desk, tx, org, DocumentId(document.id)).await?;
    let mut problems: Vec<MadeProblem> = check(&invoice).into_iter().map(MadeProblem::from).collect();
    problems.extend(differs(tx, org, document, &invoice).await?);
    Ok((invoice, problems))
}

/// The data that goes inside the PDF of a document, or why it cannot: it stands in nobody's way but its own.
pub(in super::super) async fn data_in_pdf(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Outcome<Result<Attachment, String>> {
    let site = site(tx, org).await?;
    let document = billing::document(tx, org, document).await?;
    let document = document.ok_or_else(|| Fault::new("a letter carries a document that is not there"))?;
    // What backs it lies beside it in the PDF, or travels with it.
    let invoice = figures(tx, org, &site, &document).await?;
    let mut problems: Vec<MadeProblem> = check_core(&invoice).into_iter().map(MadeProblem::from).collect();
    problems.extend(differs(tx, org, &document, &invoice).await?);
    if !problems.is_empty() {
        let words: Vec<String> = problems.into_iter().map(|one| format!("{}: {}", one.code, one.words)).collect();
        return Ok(Err(words.join("; ")));
    }
    Ok(Ok(Attachment {
        name: HYBRID_NAME.to_owned(),
        media_type: "text/xml".to_owned(),
        description: "The invoice as data (Factur-X, EN 16931)".to_owned(),
        bytes: write_cii(&invoice),
    }))
}

async fn figures(tx: &mut Tx, org: OrgId, site: &OrganisationRow, document: &DocumentRow) -> Outcome<EInvoice> {
    let whose = CustomerId(document.customer_id);
    let buyer = customer(tx, org, whose).await?.ok_or_else(|| Fault::new("a document without a customer"))?;
    let rules = receiver(tx, org, whose).await?;
    let lines = billing::lines_of(tx, org, DocumentId(document.id)).await?;
    let corrected = match document.corrects_id {
        Some(id) => billing::document(tx, org, DocumentId(id)).await?,
        None => None,
    };
    // A credit note carries what the invoice carried.
    let carrier =
        corrected.as_ref().filter(|_| document.kind == "credit_note").map_or(document.id, |invoice| invoice.id);
    let carried = reference_of(tx, org, DocumentId(carrier)).await?.unwrap_or_default();
    let mut invoice = of_rows(site, document, corrected.as_ref(), &buyer, rules.as_ref(), &carried, &lines);
    if document.kind == "invoice" {
        add_terms(tx, org, document, &mut invoice).await?;
    }
    Ok(invoice)
}

/// What the ledger holds for it, where that is something else.
async fn differs(tx: &mut Tx, org: OrgId, document: &DocumentRow, invoice: &EInvoice) -> Outcome<Option<MadeProblem>> {
    let items = ledger::items_numbered(tx, org, &document.number).await?;
    let own = items.iter().filter(|item| item.document_id == Some(document.id));
    let owed: i64 = own.map(|item| item.original_pence).sum();
    Ok((owed.unsigned_abs() != invoice.gross_pence.unsigned_abs()).then(|| MadeProblem {
        code: "ledger.differs".into(),
        about: "totals".into(),
        words: format!("The ledger does not hold {} for it", Pence(invoice.gross_pence)),
    }))
}

/// What the payment terms (BT-20) say beyond the due date: instalments, and a discount for paying early.
async fn add_terms(tx: &mut Tx, org: OrgId, document: &DocumentRow, invoice: &mut EInvoice) -> Outcome<()> {
    let span = (DocumentId(document.id), DocumentId(document.id));
    let parts = instalments_of_range(tx, org, span).await?;
    if !parts.is_empty() {
        let part = |(_, number, due_on, pence): &(i64, String, NaiveDate, i64)| {
            format!("{number}: {} by {}", Pence(*pence), written(*due_on))
        };
        invoice.terms = format!("In instalments. {}", parts.iter().map(part).collect::<Vec<_>>().join("; "));
    }
    for offer in discounts_of_range(tx, org, span).await? {
        let (sum, day) = (Pence(offer.discount_pence), written(offer.until_on));
        invoice.terms = format!("{}. {sum} off if the rest is paid by {day}", invoice.terms);
    }
    Ok(())
}

fn of_rows(
    site: &OrganisationRow,
    document: &DocumentRow,
    corrected: Option<&DocumentRow>,
    customer: &CustomerRow,
    rules: Option<&ReceiverRow>,
    carried: &DocumentReferenceRow,
    rows: &[DocumentLineRow],
) -> EInvoice {
    let credit = document.kind == "credit_note";
    let lines: Vec<Line> = rows.iter().map(line).collect();
    let outside = lines.iter().any(|line| line.category == Category::O);
    let usual = rules.map_or("", |rules| rules.reference_usual.as_str());
    let exempt = site.settings["peppol"]["exempt_reason"].as_str().unwrap_or_default();
    let exempt = if exempt.is_empty() { default_of("peppol.exempt_reason") } else { exempt };
    let reasons = [(Category::E, exempt), (Category::O, OUTSIDE)]
        .into_iter()
        .filter(|(category, _)| lines.iter().any(|l| l.category == *category));
    let terms = match corrected.filter(|_| credit) {
        Some(invoice) => format!("This is set against invoice {}", invoice.number),
        None => format!("Pay by {}", document.due_on.format("%-d %B %Y")),
    };
    EInvoice {
        kind: if credit { Kind::CreditNote } else { Kind::Invoice },
        number: document.number.clone(),
        issued_on: document.issue_on,
        due_on: (!credit).then_some(document.due_on),
        note: String::new(),
        tax_point_on: Some(document.tax_point_on),
        accounting_cost: String::new(),
        buyer_reference: if carried.buyer_reference.is_empty() { usual } else { &carried.buyer_reference }.to_owned(),
        period: carried.period_from_on.zip(carried.period_to_on),
        order: document.po_number.clone(),
        corrects: corrected.map(|invoice| (invoice.number.clone(), invoice.issue_on)),
        contract: String::new(),
        attachments: Vec::new(),
        seller: seller(site, outside),
        buyer: buyer(customer, rules, outside),
        delivered_on: Some(document.supply_on),
        pay_into: if credit { None } else { pay_into(site, &document.number) },
        terms,
        reasons: reasons.map(|(category, words)| (category, words.to_owned())).collect(),
        vat: by_treatment(&lines, rows),
        net_pence: document.net_pence,
        vat_pence: document.vat_pence,
        gross_pence: document.gross_pence,
        lines,
    }
}

fn default_of(name: &str) -> &'static str {
    sundry_domain::settings::find(name).map_or("", |setting| setting.otherwise)
}

fn line(row: &DocumentLineRow) -> Line {
    let category = match VatCode::parse(&row.vat_code) {
        Some(VatCode::S | VatCode::R) => Category::S,
        Some(VatCode::Z) => Category::Z,
        Some(VatCode::E) => Category::E,
        Some(VatCode::O) | None => Category::O,
    };
    // Where the price held the VAT, or a part is credited, the net amount is the price of the whole quantity.
    let worked = i128::from(row.quantity_e4) * i128::from(row.unit_price_e4);
    let agrees = (worked + 500_000).div_euclid(1_000_000) == i128::from(row.net_pence);
    let (price_e4, base_e4) = if agrees { (row.unit_price_e4, 10_000) } else { (row.net_pence * 100, row.quantity_e4) };
    Line {
        id: row.line.to_string(),
        description: row.description.clone(),
        quantity_e4: row.quantity_e4,
        unit: "C62".into(),
        net_pence: row.net_pence,
        price_e4,
        base_e4,
        category,
        rate_bp: row.vat_bp,
        period: None,
        order_line: String::new(),
    }
}

fn by_treatment(lines: &[Line], rows: &[DocumentLineRow]) -> Vec<VatTotal> {
    let mut totals: Vec<VatTotal> = Vec::new();
    for (line, row) in lines.iter().zip(rows) {
        let same = |one: &&mut VatTotal| (one.category, one.rate_bp) == (line.category, line.rate_bp);
        match totals.iter_mut().find(same) {
            Some(one) => {
                (one.net_pence, one.vat_pence) = (one.net_pence + row.net_pence, one.vat_pence + row.vat_pence)
            }
            None => totals.push(VatTotal {
                category: line.category,
                rate_bp: line.rate_bp,
                net_pence: row.net_pence,
                vat_pence: row.vat_pence,
            }),
        }
    }
    totals
}

fn text(from: &Value, name: &str) -> String {
    from[name].as_str().unwrap_or_default().trim().to_owned()
}

fn seller(site: &OrganisationRow, outside: bool) -> Party {
    let head = &site.letterhead;
    let lines: Vec<String> =
        head["address"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let contact = Contact { name: text(head, "team_name"), phone: text(head, "phone"), email: text(head, "email") };
    let any = [&contact.name, &contact.phone, &contact.email].into_iter().any(|text| !text.is_empty());
    Party {
        endpoint: our_endpoint(site).unwrap_or(Endpoint { scheme: String::new(), id: String::new() }),
        identifier: site.code.clone(),
        name: site.name.clone(),
        address: address_of(&lines),
        vat_number: if outside { String::new() } else { vat_number(&site.vat_number).unwrap_or_default() },
        contact: any.then_some(contact),
    }
}

/// Lines of an address, the postcode last and the town before it.
fn address_of(lines: &[String]) -> PostalAddress {
    let mut lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let last = lines.last().and_then(|line| sundry_domain::customers::postcode(line));
    if last.is_some() {
        lines.pop();
    }
    let city = if lines.len() > 1 { lines.pop().unwrap_or_default() } else { "" };
    let mut rest = lines.into_iter();
    PostalAddress {
        street: rest.next().unwrap_or_default().to_owned(),
        additional: rest.collect::<Vec<_>>().join(", "),
        city: city.to_owned(),
        postcode: last.unwrap_or_default(),
    }
}

fn buyer(customer: &CustomerRow, rules: Option<&ReceiverRow>, outside: bool) -> Party {
    let participant = rules.and_then(|rules| read_endpoint(&rules.participant).ok());
    Party {
        endpoint: participant.unwrap_or(Endpoint { scheme: String::new(), id: String::new() }),
        identifier: customer.number.clone(),
        name: customer.name.clone(),
        address: PostalAddress {
            street: customer.address1.clone(),
            additional: customer.address2.clone(),
            city: customer.town.clone(),
            postcode: customer.postcode.clone(),
        },
        vat_number: rules.filter(|_| !outside).map(|rules| rules.vat_number.clone()).unwrap_or_default(),
        contact: None,
    }
}

fn pay_into(site: &OrganisationRow, reference: &str) -> Option<PayInto> {
    let bank = &site.letterhead["bank"];
    let (account, sort_code) = (text(bank, "account"), text(bank, "sort_code").replace('-', ""));
    (!account.is_empty() && !sort_code.is_empty()).then(|| PayInto {
        reference: reference.to_owned(),
        account,
        account_name: text(bank, "account_name"),
        sort_code,
    })
}
