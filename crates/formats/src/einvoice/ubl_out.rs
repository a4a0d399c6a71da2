//! UBL 2.1 out, in the order that the schema asks for.

use super::xml_out::Xml;
use super::{Attachment, CUSTOMIZATION, Category, EInvoice, Kind, Line, PROFILE, Party};
use crate::money::write_pounds;
use chrono::NaiveDate;

/// The most characters of an item's name; a longer description stands whole below it.
const LONGEST_NAME: usize = 100;
const CURRENCY: &[(&str, &str)] = &[("currencyID", "GBP")];

/// The document as bytes in UTF-8.
pub fn write_ubl(invoice: &EInvoice) -> Vec<u8> {
    let root = match invoice.kind {
        Kind::Invoice => "Invoice",
        Kind::CreditNote => "CreditNote",
    };
    let own = format!("urn:oasis:names:specification:ubl:schema:xsd:{root}-2");
    let mut xml = Xml::document(
        root,
        &[
            ("", &own),
            ("cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"),
            ("cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"),
        ],
    );
    head(&mut xml, invoice);
    references(&mut xml, invoice);
    xml.within("cac:AccountingSupplierParty", |xml| party(xml, &invoice.seller));
    xml.within("cac:AccountingCustomerParty", |xml| party(xml, &invoice.buyer));
    payment(&mut xml, invoice);
    totals(&mut xml, invoice);
    for one in &invoice.lines {
        line(&mut xml, invoice, one);
    }
    xml.done(root)
}

fn day(xml: &mut Xml, name: &str, day: Option<NaiveDate>) {
    xml.text(name, &day.map(|day| day.to_string()).unwrap_or_default());
}

fn head(xml: &mut Xml, invoice: &EInvoice) {
    xml.text("cbc:CustomizationID", CUSTOMIZATION);
    xml.text("cbc:ProfileID", PROFILE);
    xml.text("cbc:ID", &invoice.number);
    day(xml, "cbc:IssueDate", Some(invoice.issued_on));
    let tax_point = invoice.tax_point_on.filter(|day| *day != invoice.issued_on);
    match invoice.kind {
        Kind::Invoice => {
            day(xml, "cbc:DueDate", invoice.due_on);
            xml.text("cbc:InvoiceTypeCode", "380");
            xml.text("cbc:Note", &invoice.note);
            day(xml, "cbc:TaxPointDate", tax_point);
        }
        // A credit note has its tax point before its type.
        Kind::CreditNote => {
            day(xml, "cbc:TaxPointDate", tax_point);
            xml.text("cbc:CreditNoteTypeCode", "381");
            xml.text("cbc:Note", &invoice.note);
        }
    }
    xml.text("cbc:DocumentCurrencyCode", "GBP");
    xml.text("cbc:AccountingCost", &invoice.accounting_cost);
    xml.text("cbc:BuyerReference", &invoice.buyer_reference);
    period(xml, invoice.period);
}

fn period(xml: &mut Xml, span: Option<(NaiveDate, NaiveDate)>) {
    xml.within("cac:InvoicePeriod", |xml| {
        day(xml, "cbc:StartDate", span.map(|(from, _)| from));
        day(xml, "cbc:EndDate", span.map(|(_, to)| to));
    });
}

fn references(xml: &mut Xml, invoice: &EInvoice) {
    xml.within("cac:OrderReference", |xml| xml.text("cbc:ID", &invoice.order));
    if let Some((number, dated_on)) = &invoice.corrects {
        xml.within("cac:BillingReference", |xml| {
            xml.within("cac:InvoiceDocumentReference", |xml| {
                xml.text("cbc:ID", number);
                day(xml, "cbc:IssueDate", Some(*dated_on));
            });
        });
    }
    xml.within("cac:ContractDocumentReference", |xml| xml.text("cbc:ID", &invoice.contract));
    for one in &invoice.attachments {
        attachment(xml, one);
    }
}

fn attachment(xml: &mut Xml, one: &Attachment) {
    xml.within("cac:AdditionalDocumentReference", |xml| {
        xml.text("cbc:ID", &one.id);
        xml.text("cbc:DocumentDescription", &one.description);
        xml.within("cac:Attachment", |xml| {
            let about = [("mimeCode", one.mime.as_str()), ("filename", &one.filename)];
            xml.with("cbc:EmbeddedDocumentBinaryObject", &about, &base64(&one.bytes));
        });
    });
}

/// RFC 4648, with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let whole = three.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(whole >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

fn party(xml: &mut Xml, party: &Party) {
    xml.within("cac:Party", |xml| {
        xml.with("cbc:EndpointID", &[("schemeID", &party.endpoint.scheme)], &party.endpoint.id);
        xml.within("cac:PartyIdentification", |xml| xml.text("cbc:ID", &party.identifier));
        xml.within("cac:PartyName", |xml| xml.text("cbc:Name", &party.name));
        xml.within("cac:PostalAddress", |xml| {
            xml.text("cbc:StreetName", &party.address.street);
            xml.text("cbc:AdditionalStreetName", &party.address.additional);
            xml.text("cbc:CityName", &party.address.city);
            xml.text("cbc:PostalZone", &party.address.postcode);
            xml.within("cac:Country", |xml| xml.text("cbc:IdentificationCode", "GB"));
        });
        if !party.vat_number.is_empty() {
            xml.within("cac:PartyTaxScheme", |xml| {
                xml.text("cbc:CompanyID", &party.vat_number);
                xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
            });
        }
        xml.within("cac:PartyLegalEntity", |xml| xml.text("cbc:RegistrationName", &party.name));
        if let Some(contact) = &party.contact {
            xml.within("cac:Contact", |xml| {
                xml.text("cbc:Name", &contact.name);
                xml.text("cbc:Telephone", &contact.phone);
                xml.text("cbc:ElectronicMail", &contact.email);
            });
        }
    });
}

fn payment(xml: &mut Xml, invoice: &EInvoice) {
    xml.within("cac:Delivery", |xml| day(xml, "cbc:ActualDeliveryDate", invoice.delivered_on));
    if let Some(to) = &invoice.pay_into {
        xml.within("cac:PaymentMeans", |xml| {
            xml.with("cbc:PaymentMeansCode", &[("name", "Credit transfer")], "30");
            xml.text("cbc:PaymentID", &to.reference);
            xml.within("cac:PayeeFinancialAccount", |xml| {
                xml.text("cbc:ID", &to.account);
                xml.text("cbc:Name", &to.account_name);
                xml.within("cac:FinancialInstitutionBranch", |xml| xml.text("cbc:ID", &to.sort_code));
            });
        });
    }
    xml.within("cac:PaymentTerms", |xml| xml.text("cbc:Note", &invoice.terms));
}

pub(super) fn percent(basis_points: i64) -> String {
    write_pounds(basis_points)
}

/// A category with its rate; outside the scope there is none (BR-O-05).
fn category(xml: &mut Xml, name: &str, code: Category, rate_bp: i64, reason: &str) {
    xml.within(name, |xml| {
        xml.text("cbc:ID", code.as_str());
        if code != Category::O {
            xml.text("cbc:Percent", &percent(rate_bp));
        }
        xml.text("cbc:TaxExemptionReason", reason);
        xml.within("cac:TaxScheme", |xml| xml.text("cbc:ID", "VAT"));
    });
}

fn totals(xml: &mut Xml, invoice: &EInvoice) {
    let money = |xml: &mut Xml, name: &str, pence: i64| xml.with(name, CURRENCY, &write_pounds(pence));
    xml.within("cac:TaxTotal", |xml| {
        money(xml, "cbc:TaxAmount", invoice.vat_pence);
        for one in &invoice.vat {
            xml.within("cac:TaxSubtotal", |xml| {
                money(xml, "cbc:TaxableAmount", one.net_pence);
                money(xml, "cbc:TaxAmount", one.vat_pence);
                let reason = if one.category.needs_reason() { invoice.reason(one.category) } else { "" };
                category(xml, "cac:TaxCategory", one.category, one.rate_bp, reason);
            });
        }
    });
    xml.within("cac:LegalMonetaryTotal", |xml| {
        money(xml, "cbc:LineExtensionAmount", invoice.net_pence);
        money(xml, "cbc:TaxExclusiveAmount", invoice.net_pence);
        money(xml, "cbc:TaxInclusiveAmount", invoice.gross_pence);
        money(xml, "cbc:PayableAmount", invoice.gross_pence);
    });
}

/// The item's name, cut at a word where the description is long.
pub(super) fn name_of(description: &str) -> String {
    let text = description.trim();
    if text.chars().count() <= LONGEST_NAME {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST_NAME).collect();
    head.rsplit_once(' ').map_or(head.clone(), |(words, _)| words.to_owned())
}

fn line(xml: &mut Xml, invoice: &EInvoice, line: &Line) {
    let (name, quantity) = match invoice.kind {
        Kind::Invoice => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        Kind::CreditNote => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
    };
    let unit: &[(&str, &str)] = &[("unitCode", &line.unit)];
    xml.within(name, |xml| {
        xml.text("cbc:ID", &line.id);
        xml.with(quantity, unit, &e4(line.quantity_e4, 0));
        xml.with("cbc:LineExtensionAmount", CURRENCY, &write_pounds(line.net_pence));
        period(xml, line.period);
        xml.within("cac:OrderLineReference", |xml| xml.text("cbc:LineID", &line.order_line));
        xml.within("cac:Item", |xml| {
            let item = name_of(&line.description);
            if item != line.description.trim() {
                xml.text("cbc:Description", &line.description);
            }
            xml.text("cbc:Name", &item);
            category(xml, "cac:ClassifiedTaxCategory", line.category, line.rate_bp, "");
        });
        xml.within("cac:Price", |xml| {
            xml.with("cbc:PriceAmount", CURRENCY, &e4(line.price_e4, 2));
            if line.base_e4 != 10_000 {
                xml.with("cbc:BaseQuantity", unit, &e4(line.base_e4, 0));
            }
        });
    });
}

/// A number kept in ten-thousandths, with at least so many decimals and no idle noughts.
pub(super) fn e4(value: i64, least: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let whole = format!("{sign}{}.{:04}", size / 10_000, size % 10_000);
    let mut text = whole.as_str();
    while text.ends_with('0') && text.len() - text.find('.').unwrap_or(0) - 1 > least {
        text = &text[..text.len() - 1];
    }
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_long_name_is_cut_at_a_word() {
        let long = "Home care ".repeat(20);
        let cut = name_of(&long);
        assert!(cut.chars().count() <= LONGEST_NAME && long.starts_with(&cut) && cut.ends_with("care"), "{cut}");
        assert_eq!(name_of("Skip hire"), "Skip hire");
    }

    #[test]
    fn numbers_have_no_idle_noughts() {
        assert_eq!(
            (e4(10_000, 0), e4(15_000, 0), e4(1_235, 2), e4(1_000_000, 2)),
            ("1".into(), "1.5".into(), "0.1235".into(), "100.00".into())
        );
    }
}
