//! UBL 2.1 in: what we wrote, or what another wrote by the same rules.

use super::{
    Attachment, CUSTOMIZATION, Category, Contact, EInvoice, Endpoint, Kind, Line, Party, PayInto, PostalAddress,
    VatTotal,
};
use crate::bank_statement::xml::{Listener, Node, declared_encoding, walk};
use crate::money::unsigned;
use crate::problem::{FormatProblem, shown};
use crate::text::decode;
use chrono::NaiveDate;

/// Prices and quantities are kept in ten-thousandths.
pub(super) const PRICE_DECIMALS: u32 = 4;
/// The largest document taken.
const LARGEST: usize = 100 * 1024 * 1024;

/// The root of a document, by local names.
pub(super) fn root_of(bytes: &[u8]) -> Result<Node, FormatProblem> {
    if bytes.len() > LARGEST {
        return Err(FormatProblem::new("file.too_large", "", "the file is over 100 MB"));
    }
    let mut tree = Tree::default();
    let text = decode(bytes, declared_encoding(bytes).as_deref()).text;
    walk(&text, &mut tree).map_err(|p| FormatProblem { code: p.code.replacen("camt.", "ubl.", 1), ..p })?;
    Ok(tree.0.unwrap_or_default())
}

#[derive(Default)]
struct Tree(Option<Node>);

impl Listener for Tree {
    fn begun(&mut self, _: &Node, _: &[Node]) {}

    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node> {
        if parents.is_empty() {
            self.0 = Some(node);
            return None;
        }
        Some(node)
    }
}

/// Reads an invoice or a credit note, with everything that cannot be read of it.
///
/// # Errors
/// Each fault with its place: not XML, another document, other rules, an amount or a date that is none.
pub fn read_ubl(bytes: &[u8]) -> Result<EInvoice, Vec<FormatProblem>> {
    let root = root_of(bytes).map_err(|problem| vec![problem])?;
    let kind = match root.name.as_str() {
        "Invoice" => Kind::Invoice,
        "CreditNote" => Kind::CreditNote,
        other => {
            let words = format!("<{}> is neither an invoice nor a credit note", shown(other));
            return Err(vec![FormatProblem::new("ubl.wrong_message", "", words)]);
        }
    };
    let mut reading = Reading { wrong: Vec::new() };
    if root.text_at("CustomizationID") != Some(CUSTOMIZATION) {
        let said = root.text_at("CustomizationID").unwrap_or("nothing");
        let words = format!("it follows {}, not Peppol BIS Billing 3.0", shown(said));
        reading.say("ubl.customization", "CustomizationID", words);
    }
    let invoice = reading.invoice(&root, kind);
    if reading.wrong.is_empty() { Ok(invoice) } else { Err(reading.wrong) }
}

/// A document being read, with what cannot be read of it.
pub(super) struct Reading {
    pub(super) wrong: Vec<FormatProblem>,
}

pub(super) fn text(node: &Node, path: &str) -> String {
    node.text_at(path).unwrap_or("").to_owned()
}

impl Reading {
    pub(super) fn say(&mut self, code: &str, at: &str, words: impl Into<String>) {
        self.wrong.push(FormatProblem::new(code, at, words));
    }

    pub(super) fn number(&mut self, node: &Node, path: &str, decimals: u32) -> i64 {
        let found = node.text_at(path).unwrap_or("");
        let (sign, size) = found.strip_prefix('-').map_or((1, found), |size| (-1, size));
        if decimals == PRICE_DECIMALS {
            return scaled(size).map_or_else(|| self.not_a_number(path, found), |value| sign * value);
        }
        unsigned(size, decimals, '.').map(|value| sign * value).unwrap_or_else(|error| {
            self.say(error.code(), path, format!("“{}” {}", shown(found), error.words()));
            0
        })
    }

    fn not_a_number(&mut self, path: &str, found: &str) -> i64 {
        let words = format!("“{}” is not a number with at most four decimals", shown(found));
        self.say("money.format", path, words);
        0
    }

    fn day(&mut self, node: &Node, path: &str) -> Option<NaiveDate> {
        let found = node.text_at(path)?;
        let day = NaiveDate::parse_from_str(found, "%Y-%m-%d").ok();
        if day.is_none() {
            self.say("ubl.date", path, format!("“{}” is not a date like 2026-11-22", shown(found)));
        }
        day
    }

    fn must(&mut self, node: &Node, path: &str) -> Option<NaiveDate> {
        if node.text_at(path).is_none() {
            self.say("ubl.missing", path, "it is missing");
        }
        self.day(node, path)
    }

    fn period(&mut self, node: &Node) -> Option<(NaiveDate, NaiveDate)> {
        let (from, to) = (self.day(node, "InvoicePeriod/StartDate"), self.day(node, "InvoicePeriod/EndDate"));
        from.zip(to)
    }

    fn invoice(&mut self, root: &Node, kind: Kind) -> EInvoice {
        let issued_on = self.must(root, "IssueDate").unwrap_or_default();
        let corrects = root.at("BillingReference/InvoiceDocumentReference").map(|reference| {
            let dated_on = self.day(reference, "IssueDate").unwrap_or_default();
            (text(reference, "ID"), dated_on)
        });
        let line_name = if kind == Kind::Invoice { "InvoiceLine" } else { "CreditNoteLine" };
        let (mut vat, mut reasons) = (Vec::new(), Vec::new());
        if let Some(total) = root.child("TaxTotal") {
            for one in total.all("TaxSubtotal") {
                let (category, rate_bp) = self.category(one, "TaxCategory");
                let (net_pence, vat_pence) = (self.number(one, "TaxableAmount", 2), self.number(one, "TaxAmount", 2));
                vat.push(VatTotal { category, rate_bp, net_pence, vat_pence });
                if let Some(reason) = one.text_at("TaxCategory/TaxExemptionReason") {
                    reasons.push((category, reason.to_owned()));
                }
            }
        }
        EInvoice {
            kind,
            number: text(root, "ID"),
            issued_on,
            due_on: self.day(root, "DueDate"),
            note: text(root, "Note"),
            tax_point_on: self.day(root, "TaxPointDate"),
            accounting_cost: text(root, "AccountingCost"),
            buyer_reference: text(root, "BuyerReference"),
            period: self.period(root),
            order: text(root, "OrderReference/ID"),
            corrects,
            contract: text(root, "ContractDocumentReference/ID"),
            attachments: root.all("AdditionalDocumentReference").filter_map(|one| self.attachment(one)).collect(),
            seller: self.party(root, "AccountingSupplierParty/Party"),
            buyer: self.party(root, "AccountingCustomerParty/Party"),
            delivered_on: self.day(root, "Delivery/ActualDeliveryDate"),
            pay_into: root.child("PaymentMeans").map(|means| PayInto {
                reference: text(means, "PaymentID"),
                account: text(means, "PayeeFinancialAccount/ID"),
                account_name: text(means, "PayeeFinancialAccount/Name"),
                sort_code: text(means, "PayeeFinancialAccount/FinancialInstitutionBranch/ID"),
            }),
            terms: text(root, "PaymentTerms/Note"),
            reasons,
            vat,
            net_pence: self.number(root, "LegalMonetaryTotal/TaxExclusiveAmount", 2),
            vat_pence: self.number(root, "TaxTotal/TaxAmount", 2),
            gross_pence: self.number(root, "LegalMonetaryTotal/PayableAmount", 2),
            lines: root.all(line_name).map(|one| self.line(one, kind)).collect(),
        }
    }

    fn category(&mut self, node: &Node, path: &str) -> (Category, i64) {
        let code = text(node, &format!("{path}/ID"));
        let category = Category::parse(&code).unwrap_or_else(|| {
            self.say("ubl.category", path, format!("“{}” is not a VAT category that we know", shown(&code)));
            Category::S
        });
        let at = format!("{path}/Percent");
        let rate = if node.text_at(&at).is_some() { self.number(node, &at, 2) } else { 0 };
        (category, rate)
    }

    fn party(&mut self, root: &Node, path: &str) -> Party {
        let Some(node) = root.at(path) else {
            self.say("ubl.missing", path, "it is missing");
            return self.party_of(&Node::default());
        };
        self.party_of(node)
    }

    fn party_of(&mut self, node: &Node) -> Party {
        let endpoint = node.child("EndpointID");
        let registered = node.text_at("PartyLegalEntity/RegistrationName");
        Party {
            endpoint: Endpoint {
                scheme: endpoint.and_then(|e| e.attribute("schemeID")).unwrap_or("").to_owned(),
                id: endpoint.map(|e| e.text.trim().to_owned()).unwrap_or_default(),
            },
            identifier: text(node, "PartyIdentification/ID"),
            name: registered.map_or_else(|| text(node, "PartyName/Name"), str::to_owned),
            address: PostalAddress {
                street: text(node, "PostalAddress/StreetName"),
                additional: text(node, "PostalAddress/AdditionalStreetName"),
                city: text(node, "PostalAddress/CityName"),
                postcode: text(node, "PostalAddress/PostalZone"),
            },
            vat_number: text(node, "PartyTaxScheme/CompanyID"),
            contact: node.child("Contact").map(|contact| Contact {
                name: text(contact, "Name"),
                phone: text(contact, "Telephone"),
                email: text(contact, "ElectronicMail"),
            }),
        }
    }

    fn attachment(&mut self, node: &Node) -> Option<Attachment> {
        let object = node.at("Attachment/EmbeddedDocumentBinaryObject")?;
        let bytes = from_base64(&object.text).unwrap_or_else(|| {
            self.say("ubl.attachment", "EmbeddedDocumentBinaryObject", "it is not base64");
            Vec::new()
        });
        let about = |name: &str| object.attribute(name).unwrap_or("").to_owned();
        Some(Attachment {
            id: text(node, "ID"),
            description: text(node, "DocumentDescription"),
            filename: about("filename"),
            mime: about("mimeCode"),
            bytes,
        })
    }

    fn line(&mut self, node: &Node, kind: Kind) -> Line {
        let quantity = if kind == Kind::Invoice { "InvoicedQuantity" } else { "CreditedQuantity" };
        let (category, rate_bp) = self.category(node, "Item/ClassifiedTaxCategory");
        let base = node.text_at("Price/BaseQuantity").is_some();
        Line {
            id: text(node, "ID"),
            description: node.first_text(&["Item/Description", "Item/Name"]).unwrap_or("").to_owned(),
            quantity_e4: self.number(node, quantity, PRICE_DECIMALS),
            unit: node.child(quantity).and_then(|q| q.attribute("unitCode")).unwrap_or("").to_owned(),
            net_pence: self.number(node, "LineExtensionAmount", 2),
            price_e4: self.number(node, "Price/PriceAmount", PRICE_DECIMALS),
            base_e4: if base { self.number(node, "Price/BaseQuantity", PRICE_DECIMALS) } else { 10_000 },
            category,
            rate_bp,
            period: self.period(node),
            order_line: text(node, "OrderLineReference/LineID"),
        }
    }
}

/// An unsigned decimal with at most four decimals, in ten-thousandths.
fn scaled(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > PRICE_DECIMALS as usize || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<4}").parse().ok()
}

pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if !letters.len().is_multiple_of(4) {
        return None;
    }
    let value = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut out = Vec::with_capacity(letters.len() / 4 * 3);
    for (place, four) in (1..).zip(letters.chunks(4)) {
        let idle = four.iter().rev().take_while(|b| **b == b'=').count();
        if idle > 2 || (idle > 0 && place * 4 != letters.len()) {
            return None;
        }
        let mut whole = 0_u32;
        for b in &four[..4 - idle] {
            whole = whole << 6 | u32::from(value(*b)?);
        }
        whole <<= 6 * idle;
        out.extend_from_slice(&whole.to_be_bytes()[1..4 - idle]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_reads_back() {
        for (coded, plain) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v\n", "foo"), ("Zm9vYmFy", "foobar")] {
            assert_eq!(from_base64(coded).as_deref(), Some(plain.as_bytes()), "{coded}");
        }
        for wrong in ["Zg", "Zg==Zg==", "Z!==", "===="] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
