//! UN/CEFACT Cross Industry Invoice D16B out, in the order that its schema asks for: the data inside a hybrid PDF.

use super::ubl_out::{base64, e4, name_of, percent};
use super::xml_out::Xml;
use super::{Attachment, Category, EInvoice, Endpoint, GUIDELINE, Kind, Line, Party};
use crate::money::write_pounds;
use chrono::NaiveDate;

/// Of the header's VAT total alone: every other amount is in the currency of the document.
const CURRENCY: &[(&str, &str)] = &[("currencyID", "GBP")];
/// Year, month and day without anything between.
const DAY: &[(&str, &str)] = &[("format", "102")];

/// The document as bytes in UTF-8.
pub fn write_cii(invoice: &EInvoice) -> Vec<u8> {
    const ROOT: &str = "rsm:CrossIndustryInvoice";
    let mut xml = Xml::document(
        ROOT,
        &[
            ("rsm", "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"),
            ("ram", "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"),
            ("qdt", "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"),
            ("udt", "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"),
        ],
    );
    head(&mut xml, invoice);
    xml.within("rsm:SupplyChainTradeTransaction", |xml| {
        for one in &invoice.lines {
            line(xml, one);
        }
        agreement(xml, invoice);
        // The schema asks for it even where nothing is said of a delivery.
        xml.always("ram:ApplicableHeaderTradeDelivery", |xml| {
            xml.within("ram:ActualDeliverySupplyChainEvent", |xml| {
                moment(xml, "ram:OccurrenceDateTime", invoice.delivered_on);
            });
        });
        xml.within("ram:ApplicableHeaderTradeSettlement", |xml| settlement(xml, invoice));
    });
    xml.done(ROOT)
}

fn digits(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%Y%m%d").to_string()).unwrap_or_default()
}

fn moment(xml: &mut Xml, name: &str, day: Option<NaiveDate>) {
    xml.within(name, |xml| xml.with("udt:DateTimeString", DAY, &digits(day)));
}

fn period(xml: &mut Xml, span: Option<(NaiveDate, NaiveDate)>) {
    xml.within("ram:BillingSpecifiedPeriod", |xml| {
        moment(xml, "ram:StartDateTime", span.map(|(from, _)| from));
        moment(xml, "ram:EndDateTime", span.map(|(_, to)| to));
    });
}

fn head(xml: &mut Xml, invoice: &EInvoice) {
    xml.within("rsm:ExchangedDocumentContext", |xml| {
        xml.within("ram:GuidelineSpecifiedDocumentContextParameter", |xml| xml.text("ram:ID", GUIDELINE));
    });
    xml.within("rsm:ExchangedDocument", |xml| {
        xml.text("ram:ID", &invoice.number);
        let code = match invoice.kind {
            Kind::Invoice => "380",
            Kind::CreditNote => "381",
        };
        xml.text("ram:TypeCode", code);
        moment(xml, "ram:IssueDateTime", Some(invoice.issued_on));
        xml.within("ram:IncludedNote", |xml| xml.text("ram:Content", &invoice.note));
    });
}

/// A category with its rate; outside the scope there is none (BR-O-05).
fn rate(xml: &mut Xml, category: Category, rate_bp: i64) {
    if category != Category::O {
        xml.text("ram:RateApplicablePercent", &percent(rate_bp));
    }
}

fn line(xml: &mut Xml, line: &Line) {
    let unit: &[(&str, &str)] = &[("unitCode", &line.unit)];
    xml.within("ram:IncludedSupplyChainTradeLineItem", |xml| {
        xml.within("ram:AssociatedDocumentLineDocument", |xml| xml.text("ram:LineID", &line.id));
        xml.within("ram:SpecifiedTradeProduct", |xml| {
            let name = name_of(&line.description);
            xml.text("ram:Name", &name);
            if name != line.description.trim() {
                xml.text("ram:Description", &line.description);
            }
        });
        xml.within("ram:SpecifiedLineTradeAgreement", |xml| {
            xml.within("ram:BuyerOrderReferencedDocument", |xml| xml.text("ram:LineID", &line.order_line));
            xml.within("ram:NetPriceProductTradePrice", |xml| {
                xml.text("ram:ChargeAmount", &e4(line.price_e4, 2));
                if line.base_e4 != 10_000 {
                    xml.with("ram:BasisQuantity", unit, &e4(line.base_e4, 0));
                }
            });
        });
        xml.within("ram:SpecifiedLineTradeDelivery", |xml| {
            xml.with("ram:BilledQuantity", unit, &e4(line.quantity_e4, 0));
        });
        xml.within("ram:SpecifiedLineTradeSettlement", |xml| {
            xml.within("ram:ApplicableTradeTax", |xml| {
                xml.text("ram:TypeCode", "VAT");
                xml.text("ram:CategoryCode", line.category.as_str());
                rate(xml, line.category, line.rate_bp);
            });
            period(xml, line.period);
            xml.within("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.text("ram:LineTotalAmount", &write_pounds(line.net_pence));
            });
        });
    });
}

fn agreement(xml: &mut Xml, invoice: &EInvoice) {
    xml.within("ram:ApplicableHeaderTradeAgreement", |xml| {
        xml.text("ram:BuyerReference", &invoice.buyer_reference);
        xml.within("ram:SellerTradeParty", |xml| party(xml, &invoice.seller));
        xml.within("ram:BuyerTradeParty", |xml| party(xml, &invoice.buyer));
        let named = |xml: &mut Xml, name: &str, id: &str| {
            xml.within(name, |xml| xml.text("ram:IssuerAssignedID", id));
        };
        named(xml, "ram:BuyerOrderReferencedDocument", &invoice.order);
        named(xml, "ram:ContractReferencedDocument", &invoice.contract);
        for one in &invoice.attachments {
            attachment(xml, one);
        }
    });
}

fn attachment(xml: &mut Xml, one: &Attachment) {
    xml.within("ram:AdditionalReferencedDocument", |xml| {
        xml.text("ram:IssuerAssignedID", &one.id);
        // A document that backs the invoice (UNCL 1001).
        xml.text("ram:TypeCode", "916");
        xml.text("ram:Name", &one.description);
        let about = [("mimeCode", one.mime.as_str()), ("filename", &one.filename)];
        xml.with("ram:AttachmentBinaryObject", &about, &base64(&one.bytes));
    });
}

fn party(xml: &mut Xml, party: &Party) {
    xml.text("ram:ID", &party.identifier);
    xml.text("ram:Name", &party.name);
    if let Some(contact) = &party.contact {
        xml.within("ram:DefinedTradeContact", |xml| {
            xml.text("ram:PersonName", &contact.name);
            xml.within("ram:TelephoneUniversalCommunication", |xml| xml.text("ram:CompleteNumber", &contact.phone));
            xml.within("ram:EmailURIUniversalCommunication", |xml| xml.text("ram:URIID", &contact.email));
        });
    }
    xml.within("ram:PostalTradeAddress", |xml| {
        xml.text("ram:PostcodeCode", &party.address.postcode);
        xml.text("ram:LineOne", &party.address.street);
        xml.text("ram:LineTwo", &party.address.additional);
        xml.text("ram:CityName", &party.address.city);
        xml.text("ram:CountryID", "GB");
    });
    let Endpoint { scheme, id } = &party.endpoint;
    xml.within("ram:URIUniversalCommunication", |xml| xml.with("ram:URIID", &[("schemeID", scheme)], id));
    xml.within("ram:SpecifiedTaxRegistration", |xml| xml.with("ram:ID", &[("schemeID", "VA")], &party.vat_number));
}

fn settlement(xml: &mut Xml, invoice: &EInvoice) {
    if let Some(to) = &invoice.pay_into {
        xml.text("ram:PaymentReference", &to.reference);
    }
    xml.text("ram:InvoiceCurrencyCode", "GBP");
    if let Some(to) = &invoice.pay_into {
        xml.within("ram:SpecifiedTradeSettlementPaymentMeans", |xml| {
            xml.text("ram:TypeCode", "30");
            xml.text("ram:Information", "Credit transfer");
            xml.within("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.text("ram:AccountName", &to.account_name);
                xml.text("ram:ProprietaryID", &to.account);
            });
            // BT-86 takes a national clearing code where there is no BIC.
            xml.within("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| xml.text("ram:BICID", &to.sort_code));
        });
    }
    taxes(xml, invoice);
    period(xml, invoice.period);
    xml.within("ram:SpecifiedTradePaymentTerms", |xml| {
        xml.text("ram:Description", &invoice.terms);
        moment(xml, "ram:DueDateDateTime", invoice.due_on);
    });
    xml.within("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| {
        xml.text("ram:LineTotalAmount", &write_pounds(invoice.net_pence));
        xml.text("ram:TaxBasisTotalAmount", &write_pounds(invoice.net_pence));
        xml.with("ram:TaxTotalAmount", CURRENCY, &write_pounds(invoice.vat_pence));
        xml.text("ram:GrandTotalAmount", &write_pounds(invoice.gross_pence));
        xml.text("ram:DuePayableAmount", &write_pounds(invoice.gross_pence));
    });
    if let Some((number, dated_on)) = &invoice.corrects {
        xml.within("ram:InvoiceReferencedDocument", |xml| {
            xml.text("ram:IssuerAssignedID", number);
            xml.within("ram:FormattedIssueDateTime", |xml| {
                xml.with("qdt:DateTimeString", DAY, &digits(Some(*dated_on)));
            });
        });
    }
    xml.within("ram:ReceivableSpecifiedTradeAccountingAccount", |xml| xml.text("ram:ID", &invoice.accounting_cost));
}

fn taxes(xml: &mut Xml, invoice: &EInvoice) {
    let tax_point = invoice.tax_point_on.filter(|day| *day != invoice.issued_on);
    for (at, one) in invoice.vat.iter().enumerate() {
        // It is the tax point of the whole document, and stands once (CII-SR-461).
        let tax_point = tax_point.filter(|_| at == 0);
        xml.within("ram:ApplicableTradeTax", |xml| {
            xml.text("ram:CalculatedAmount", &write_pounds(one.vat_pence));
            xml.text("ram:TypeCode", "VAT");
            if one.category.needs_reason() {
                xml.text("ram:ExemptionReason", invoice.reason(one.category));
            }
            xml.text("ram:BasisAmount", &write_pounds(one.net_pence));
            xml.text("ram:CategoryCode", one.category.as_str());
            xml.within("ram:TaxPointDate", |xml| xml.with("udt:DateString", DAY, &digits(tax_point)));
            rate(xml, one.category, one.rate_bp);
        });
    }
}
