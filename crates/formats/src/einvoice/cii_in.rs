//! UN/CEFACT Cross Industry Invoice D16B in: what a hybrid PDF carries.

use super::ubl_in::{PRICE_DECIMALS, Reading, from_base64, root_of, text};
use super::{
    Attachment, Category, Contact, EInvoice, Endpoint, GUIDELINE, Kind, Line, Party, PayInto, PostalAddress, VatTotal,
};
use crate::bank_statement::xml::Node;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;

/// Reads an invoice or a credit note in the profile of EN 16931, with everything that cannot be read of it.
///
/// # Errors
/// Each fault with its place: not XML, another document, a profile that is not the whole invoice, an amount or a date
/// that is none.
pub fn read_cii(bytes: &[u8]) -> Result<EInvoice, Vec<FormatProblem>> {
    let root = root_of(bytes).map_err(|problem| vec![problem])?;
    let fault = |code: &str, at: &str, words: String| Err(vec![FormatProblem::new(code, at, words)]);
    if root.name != "CrossIndustryInvoice" {
        return fault("cii.wrong_message", "", format!("<{}> is not a Cross Industry Invoice", shown(&root.name)));
    }
    let profile = text(&root, "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID");
    // Of lesser profiles the data is not the whole invoice.
    if !profile.starts_with(GUIDELINE) {
        let words = format!("its profile is {}, not one of EN 16931", shown(&profile));
        return fault("cii.profile", "GuidelineSpecifiedDocumentContextParameter", words);
    }
    let kind = match text(&root, "ExchangedDocument/TypeCode").as_str() {
        "380" => Kind::Invoice,
        "381" => Kind::CreditNote,
        other => {
            let words = format!("“{}” is neither an invoice nor a credit note", shown(other));
            return fault("cii.type", "TypeCode", words);
        }
    };
    let mut reading = Reading { wrong: Vec::new() };
    let invoice = invoice(&mut reading, &root, kind);
    if reading.wrong.is_empty() { Ok(invoice) } else { Err(reading.wrong) }
}

fn day(reading: &mut Reading, node: &Node, path: &str) -> Option<NaiveDate> {
    let found = node.text_at(path)?;
    let day = NaiveDate::parse_from_str(found, "%Y%m%d").ok().filter(|_| found.len() == 8);
    if day.is_none() {
        reading.say("cii.date", path, format!("“{}” is not a date like 20261122", shown(found)));
    }
    day
}

fn period(reading: &mut Reading, node: &Node) -> Option<(NaiveDate, NaiveDate)> {
    let from = day(reading, node, "BillingSpecifiedPeriod/StartDateTime/DateTimeString");
    from.zip(day(reading, node, "BillingSpecifiedPeriod/EndDateTime/DateTimeString"))
}

fn invoice(reading: &mut Reading, root: &Node, kind: Kind) -> EInvoice {
    let nothing = Node::default();
    let trade = root.child("SupplyChainTradeTransaction").unwrap_or(&nothing);
    let agreed = trade.child("ApplicableHeaderTradeAgreement").unwrap_or(&nothing);
    let settled = trade.child("ApplicableHeaderTradeSettlement").unwrap_or(&nothing);
    let sums = settled.child("SpecifiedTradeSettlementHeaderMonetarySummation").unwrap_or(&nothing);
    let issued_on = day(reading, root, "ExchangedDocument/IssueDateTime/DateTimeString");
    if issued_on.is_none() {
        reading.say("cii.missing", "IssueDateTime", "it is missing");
    }
    let (vat, reasons) = taxes(reading, settled);
    let corrects = settled.child("InvoiceReferencedDocument").map(|reference| {
        let dated_on = day(reading, reference, "FormattedIssueDateTime/DateTimeString").unwrap_or_default();
        (text(reference, "IssuerAssignedID"), dated_on)
    });
    let tax_point = "ApplicableTradeTax/TaxPointDate/DateString";
    EInvoice {
        kind,
        number: text(root, "ExchangedDocument/ID"),
        issued_on: issued_on.unwrap_or_default(),
        due_on: day(reading, settled, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString"),
        note: text(root, "ExchangedDocument/IncludedNote/Content"),
        tax_point_on: day(reading, settled, tax_point),
        accounting_cost: text(settled, "ReceivableSpecifiedTradeAccountingAccount/ID"),
        buyer_reference: text(agreed, "BuyerReference"),
        period: period(reading, settled),
        order: text(agreed, "BuyerOrderReferencedDocument/IssuerAssignedID"),
        corrects,
        contract: text(agreed, "ContractReferencedDocument/IssuerAssignedID"),
        attachments: agreed.all("AdditionalReferencedDocument").filter_map(|one| attachment(reading, one)).collect(),
        seller: party(agreed.child("SellerTradeParty").unwrap_or(&nothing)),
        buyer: party(agreed.child("BuyerTradeParty").unwrap_or(&nothing)),
        delivered_on: day(
            reading,
            trade,
            "ApplicableHeaderTradeDelivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
        ),
        pay_into: settled
            .child("SpecifiedTradeSettlementPaymentMeans")
            .map(|means| pay_into(means, text(settled, "PaymentReference"))),
        terms: text(settled, "SpecifiedTradePaymentTerms/Description"),
        reasons,
        vat,
        net_pence: reading.number(sums, "TaxBasisTotalAmount", 2),
        vat_pence: if sums.child("TaxTotalAmount").is_some() { reading.number(sums, "TaxTotalAmount", 2) } else { 0 },
        gross_pence: reading.number(sums, "DuePayableAmount", 2),
        lines: trade.all("IncludedSupplyChainTradeLineItem").map(|one| line(reading, one)).collect(),
    }
}

fn taxes(reading: &mut Reading, settled: &Node) -> (Vec<VatTotal>, Vec<(Category, String)>) {
    let (mut vat, mut reasons) = (Vec::new(), Vec::new());
    for one in settled.all("ApplicableTradeTax") {
        let (category, rate_bp) = category(reading, one);
        let (net_pence, vat_pence) =
            (reading.number(one, "BasisAmount", 2), reading.number(one, "CalculatedAmount", 2));
        vat.push(VatTotal { category, rate_bp, net_pence, vat_pence });
        if let Some(reason) = one.text_at("ExemptionReason") {
            reasons.push((category, reason.to_owned()));
        }
    }
    (vat, reasons)
}

fn category(reading: &mut Reading, tax: &Node) -> (Category, i64) {
    let code = text(tax, "CategoryCode");
    let category = Category::parse(&code).unwrap_or_else(|| {
        reading.say("cii.category", "CategoryCode", format!("“{}” is not a VAT category that we know", shown(&code)));
        Category::S
    });
    let rated = tax.child("RateApplicablePercent").is_some();
    (category, if rated { reading.number(tax, "RateApplicablePercent", 2) } else { 0 })
}

fn pay_into(means: &Node, reference: String) -> PayInto {
    let account = means.child("PayeePartyCreditorFinancialAccount");
    PayInto {
        reference,
        account: account.and_then(|node| node.first_text(&["ProprietaryID", "IBANID"])).unwrap_or("").to_owned(),
        account_name: account.map(|node| text(node, "AccountName")).unwrap_or_default(),
        sort_code: text(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID"),
    }
}

fn party(node: &Node) -> Party {
    let endpoint = node.at("URIUniversalCommunication/URIID");
    let registered = |id: &&Node| id.attribute("schemeID") == Some("VA");
    let vat = node.all("SpecifiedTaxRegistration").filter_map(|one| one.child("ID")).find(registered);
    Party {
        endpoint: Endpoint {
            scheme: endpoint.and_then(|id| id.attribute("schemeID")).unwrap_or("").to_owned(),
            id: endpoint.map(|id| id.text.trim().to_owned()).unwrap_or_default(),
        },
        identifier: node.first_text(&["ID", "GlobalID"]).unwrap_or("").to_owned(),
        name: text(node, "Name"),
        address: PostalAddress {
            street: text(node, "PostalTradeAddress/LineOne"),
            additional: text(node, "PostalTradeAddress/LineTwo"),
            city: text(node, "PostalTradeAddress/CityName"),
            postcode: text(node, "PostalTradeAddress/PostcodeCode"),
        },
        vat_number: vat.map(|id| id.text.trim().to_owned()).unwrap_or_default(),
        contact: node.child("DefinedTradeContact").map(|contact| Contact {
            name: contact.first_text(&["PersonName", "DepartmentName"]).unwrap_or("").to_owned(),
            phone: text(contact, "TelephoneUniversalCommunication/CompleteNumber"),
            email: text(contact, "EmailURIUniversalCommunication/URIID"),
        }),
    }
}

fn attachment(reading: &mut Reading, node: &Node) -> Option<Attachment> {
    let object = node.child("AttachmentBinaryObject")?;
    let bytes = from_base64(&object.text).unwrap_or_else(|| {
        reading.say("cii.attachment", "AttachmentBinaryObject", "it is not base64");
        Vec::new()
    });
    let about = |name: &str| object.attribute(name).unwrap_or("").to_owned();
    Some(Attachment {
        id: text(node, "IssuerAssignedID"),
        description: text(node, "Name"),
        filename: about("filename"),
        mime: about("mimeCode"),
        bytes,
    })
}

fn line(reading: &mut Reading, node: &Node) -> Line {
    let nothing = Node::default();
    let quantity = node.at("SpecifiedLineTradeDelivery/BilledQuantity");
    let settled = node.child("SpecifiedLineTradeSettlement").unwrap_or(&nothing);
    let (category, rate_bp) = category(reading, settled.child("ApplicableTradeTax").unwrap_or(&nothing));
    let price = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice";
    let (amount, base) = (format!("{price}/ChargeAmount"), format!("{price}/BasisQuantity"));
    Line {
        id: text(node, "AssociatedDocumentLineDocument/LineID"),
        description: node
            .first_text(&["SpecifiedTradeProduct/Description", "SpecifiedTradeProduct/Name"])
            .unwrap_or("")
            .to_owned(),
        quantity_e4: reading.number(node, "SpecifiedLineTradeDelivery/BilledQuantity", PRICE_DECIMALS),
        unit: quantity.and_then(|one| one.attribute("unitCode")).unwrap_or("").to_owned(),
        net_pence: reading.number(settled, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount", 2),
        price_e4: reading.number(node, &amount, PRICE_DECIMALS),
        base_e4: if node.at(&base).is_some() { reading.number(node, &base, PRICE_DECIMALS) } else { 10_000 },
        category,
        rate_bp,
        period: period(reading, settled),
        order_line: text(node, "SpecifiedLineTradeAgreement/BuyerOrderReferencedDocument/LineID"),
    }
}
