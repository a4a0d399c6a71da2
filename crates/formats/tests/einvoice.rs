//! Electronic invoices: what we write reads back, meets the official rules, and answers are understood.
//!
//! The rules and samples are not part of this repository: `SUNDRY_SAMPLES` names their folder.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/rules.rs"]
mod rules;

use chrono::NaiveDate;
use rules::{found_by_cii_rules, found_by_rules, samples};
use std::collections::BTreeSet;
use std::path::Path;
use sundry_formats::einvoice::{
    Attachment, Category, Code, Contact, EInvoice, Endpoint, Envelope, Kind, Line, Party, PayInto, PostalAddress,
    VatTotal, check, check_core, read_answer, read_cii, read_ubl, write_cii, write_ubl,
};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn seller() -> Party {
    Party {
        endpoint: Endpoint { scheme: "0088".into(), id: "5790000435944".into() },
        identifier: "NCC".into(),
        name: "Northmere Council".into(),
        address: PostalAddress {
            street: "Civic Hall".into(),
            additional: "1 Market Place".into(),
            city: "Northmere".into(),
            postcode: "ZZ1 1AA".into(),
        },
        vat_number: "GB123456789".into(),
        contact: Some(Contact {
            name: "The income team".into(),
            phone: "01632 960100".into(),
            email: "income@northmere.example".into(),
        }),
    }
}

fn buyer() -> Party {
    Party {
        endpoint: Endpoint { scheme: "9932".into(), id: "GB987654321".into() },
        identifier: "C100001".into(),
        name: "Ash & Sons <Skips> Ltd".into(),
        address: PostalAddress {
            street: "Unit 4".into(),
            additional: String::new(),
            city: "Morpeth".into(),
            postcode: "NE61 1AA".into(),
        },
        vat_number: String::new(),
        contact: None,
    }
}

/// A charge: words, quantity and price in ten-thousandths, treatment, rate.
fn line(words: &str, quantity_e4: i64, price_e4: i64, category: Category, rate_bp: i64) -> Line {
    let product = i128::from(quantity_e4) * i128::from(price_e4);
    Line {
        id: String::new(),
        description: words.into(),
        quantity_e4,
        unit: "C62".into(),
        net_pence: i64::try_from((product + 500_000) / 1_000_000).unwrap(),
        price_e4,
        base_e4: 10_000,
        category,
        rate_bp,
        period: None,
        order_line: String::new(),
    }
}

fn invoice(number: &str, lines: Vec<Line>) -> EInvoice {
    let mut vat: Vec<VatTotal> = Vec::new();
    let lines: Vec<Line> = (1..).zip(lines).map(|(n, line): (i32, Line)| Line { id: n.to_string(), ..line }).collect();
    for line in &lines {
        match vat.iter_mut().find(|one| (one.category, one.rate_bp) == (line.category, line.rate_bp)) {
            Some(one) => one.net_pence += line.net_pence,
            None => vat.push(VatTotal {
                category: line.category,
                rate_bp: line.rate_bp,
                net_pence: line.net_pence,
                vat_pence: 0,
            }),
        }
    }
    for one in &mut vat {
        one.vat_pence = (one.net_pence * one.rate_bp + 5_000) / 10_000;
    }
    let outside = lines.iter().all(|line| line.category == Category::O);
    let reasons = [
        (Category::E, "Exempt: Value Added Tax Act 1994, Schedule 9"),
        (Category::O, "Not subject to VAT"),
        (Category::AE, "Reverse charge: the customer accounts for VAT to HMRC"),
    ];
    let reasons = reasons.into_iter().filter(|(category, _)| lines.iter().any(|line| line.category == *category));
    let (net, tax) = (lines.iter().map(|l| l.net_pence).sum::<i64>(), vat.iter().map(|v| v.vat_pence).sum::<i64>());
    let reverse = lines.iter().any(|line| line.category == Category::AE);
    EInvoice {
        kind: Kind::Invoice,
        number: number.into(),
        issued_on: d("2026-11-22"),
        due_on: Some(d("2026-12-22")),
        note: String::new(),
        tax_point_on: Some(d("2026-11-20")),
        accounting_cost: String::new(),
        buyer_reference: "XX-4471".into(),
        period: None,
        order: "PO 4500123456".into(),
        corrects: None,
        contract: String::new(),
        attachments: Vec::new(),
        seller: Party { vat_number: if outside { String::new() } else { "GB123456789".into() }, ..seller() },
        buyer: Party { vat_number: if reverse { "GB987654321".into() } else { String::new() }, ..buyer() },
        delivered_on: Some(d("2026-11-20")),
        pay_into: Some(PayInto {
            reference: number.into(),
            account: "66374958".into(),
            account_name: "Northmere Council".into(),
            sort_code: "089999".into(),
        }),
        terms: "Pay within 30 days".into(),
        reasons: reasons.map(|(category, words)| (category, words.to_owned())).collect(),
        vat,
        net_pence: net,
        vat_pence: tax,
        gross_pence: net + tax,
        lines,
    }
}

fn credit(mut of: EInvoice) -> EInvoice {
    (of.kind, of.due_on) = (Kind::CreditNote, None);
    of.corrects = Some(("INV-000001".into(), d("2026-10-01")));
    of.terms = "Set against invoice INV-000001".into();
    of
}

/// Every sort of document we raise.
fn cases() -> Vec<(String, EInvoice)> {
    use Category::{AE, E, O, S, Z};
    let one = |category, rate| line("Skip hire", 10_000, 1_000_000, category, rate);
    let mut cases = vec![
        ("standard", invoice("INV-000001", vec![one(S, 2_000)])),
        ("reduced", invoice("INV-000002", vec![one(S, 500)])),
        ("zero", invoice("INV-000003", vec![one(Z, 0)])),
        ("exempt", invoice("INV-000004", vec![one(E, 0)])),
        ("outside the scope", invoice("INV-000005", vec![one(O, 0)])),
        ("reverse charge", invoice("INV-000006", vec![one(AE, 0)])),
        ("standard and exempt", invoice("INV-000007", vec![one(S, 2_000), one(E, 0), one(Z, 0), one(S, 500)])),
        (
            "small lines, VAT rounded once",
            invoice("INV-000008", (0..5).map(|n| line(&format!("Copy {n}"), 10_000, 11_300, S, 2_000)).collect()),
        ),
        (
            "prices with four decimals",
            invoice(
                "INV-000009",
                vec![line("Kilowatt hours", 12_345_678, 1_235, S, 500), line("Hours", 75_000, 123_457, S, 2_000)],
            ),
        ),
        ("a thousand lines", invoice("INV-000010", (0..1_000).map(|_| one(S, 2_000)).collect())),
        (
            "characters",
            invoice(
                "INV-000011",
                vec![line(
                    "Gofal cartref – ŵyl \"Nadolig\" & <b>te</b> 'n ôl 日本 🎄\u{7}\u{0}",
                    10_000,
                    990_000,
                    S,
                    2_000,
                )],
            ),
        ),
        ("a long name", invoice("INV-000012", vec![line(&"Home care at night ".repeat(30), 10_000, 10_000, E, 0)])),
        ("one penny", invoice("INV-000013", vec![line("Rounding", 10_000, 100, S, 2_000)])),
        ("ten thousand million", invoice("INV-000014", vec![line("Land", 10_000, 90_000_000_000_000, E, 0)])),
    ];
    let mut only_order = invoice("INV-000020", vec![one(S, 2_000)]);
    only_order.buyer_reference = String::new();
    let mut only_reference = invoice("INV-000021", vec![one(S, 2_000)]);
    only_reference.order = String::new();
    let mut period = invoice("INV-000022", vec![one(E, 0)]);
    period.period = Some((d("2026-10-01"), d("2026-10-31")));
    period.lines[0].period = Some((d("2026-10-05"), d("2026-10-31")));
    period.lines[0].unit = "WEE".into();
    let mut inside = invoice("INV-000023", vec![line("Hall, VAT in the price", 30_000, 0, S, 2_000)]);
    // £100.00 with VAT is £83.33 and £16.67: the price is what the line comes to, for its whole quantity.
    (inside.lines[0].net_pence, inside.lines[0].price_e4, inside.lines[0].base_e4) = (8_333, 833_300, 30_000);
    (inside.vat[0].net_pence, inside.vat[0].vat_pence) = (8_333, 1_667);
    (inside.net_pence, inside.vat_pence, inside.gross_pence) = (8_333, 1_667, 10_000);
    let mut everything = invoice("INV-000024", vec![one(S, 2_000), one(E, 0)]);
    everything.note = "Thank you".into();
    everything.accounting_cost = "4025:123".into();
    everything.contract = "CON-1".into();
    everything.lines[1].order_line = "20".into();
    everything.attachments = vec![Attachment {
        id: "INV-000024".into(),
        description: "The invoice for people".into(),
        filename: "INV-000024.pdf".into(),
        mime: "application/pdf".into(),
        bytes: b"%PDF-1.7 not really".to_vec(),
    }];
    let mut bare = invoice("INV-000025", vec![one(Z, 0)]);
    (bare.pay_into, bare.delivered_on, bare.tax_point_on, bare.seller.contact) = (None, None, None, None);
    bare.buyer.address = PostalAddress::default();
    cases.extend([
        ("an order and no reference", only_order),
        ("a reference and no order", only_reference),
        ("a period", period),
        ("VAT in the price", inside),
        ("everything", everything),
        ("as little as may be", bare),
    ]);
    let credits: Vec<(String, EInvoice)> =
        cases.iter().map(|(name, of)| (format!("credit note, {name}"), credit(of.clone()))).collect();
    cases.into_iter().map(|(name, of)| (name.to_owned(), of)).chain(credits).collect()
}

#[test]
fn del_04_every_case_has_nothing_wrong_and_reads_back() {
    for (name, invoice) in cases() {
        assert_eq!(check(&invoice), [], "{name}");
        let mut back = read_ubl(&write_ubl(&invoice)).unwrap();
        // The document leaves a tax point out that is its own date; what XML cannot carry became spaces.
        back.tax_point_on = back.tax_point_on.or(invoice.tax_point_on);
        let mut sent = invoice.clone();
        for line in &mut sent.lines {
            line.description = line.description.replace(['\u{7}', '\u{0}'], " ").trim().to_owned();
        }
        assert_eq!(back, sent, "{name}");
    }
}

#[test]
fn del_04_every_case_meets_the_official_rules() {
    let cases = cases();
    let documents: Vec<_> = cases.iter().map(|(_, invoice)| write_ubl(invoice)).collect();
    let Some(found) = found_by_rules(&documents) else { return };
    for ((name, _), found) in cases.iter().zip(&found) {
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

#[test]
fn del_04_the_data_of_a_hybrid_pdf_reads_back_as_its_ubl_does() {
    for (name, invoice) in cases() {
        let (ubl, cii) = (read_ubl(&write_ubl(&invoice)).unwrap(), read_cii(&write_cii(&invoice)).unwrap());
        assert_eq!(cii, ubl, "{name}");
    }
}

#[test]
fn del_04_the_data_of_a_hybrid_pdf_meets_the_official_rules() {
    let mut cases = cases();
    let skip = || vec![line("Skip hire", 10_000, 1_000_000, Category::S, 2_000)];
    // No network, so no id on one is needed, and no reference of the buyer.
    let mut off_the_network = invoice("INV-000030", skip());
    for party in [&mut off_the_network.seller, &mut off_the_network.buyer] {
        party.endpoint = Endpoint { scheme: String::new(), id: String::new() };
    }
    (off_the_network.order, off_the_network.buyer_reference) = (String::new(), String::new());
    assert_eq!(check_core(&off_the_network), []);
    assert!(!check(&off_the_network).is_empty());
    cases.push(("off the network".to_owned(), off_the_network));
    let documents: Vec<_> = cases.iter().map(|(_, invoice)| write_cii(invoice)).collect();
    let Some(found) = found_by_cii_rules(&documents) else { return };
    for ((name, _), found) in cases.iter().zip(&found) {
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}

/// Names of the elements of a document with those they stand in, each once.
fn paths(xml: &str) -> BTreeSet<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut paths = BTreeSet::new();
    let outside_comments = xml.split("<!--").map(|part| part.rsplit("-->").next().unwrap_or(part));
    for tag in outside_comments.flat_map(|part| part.split('<').skip(1)) {
        let inside = tag.split('>').next().unwrap_or("");
        let name = inside.trim_end_matches('/').split_whitespace().next().unwrap_or("");
        match name.strip_prefix('/') {
            Some(_) => {
                open.pop();
            }
            None if name.starts_with(['?', '!']) => {}
            None => {
                open.push(name.rsplit(':').next().unwrap_or(name));
                paths.insert(open.join("/"));
                if inside.ends_with('/') {
                    open.pop();
                }
            }
        }
    }
    paths
}

#[test]
fn del_04_the_data_of_a_hybrid_pdf_has_the_shape_of_official_documents() {
    let Some(samples) = samples() else { return };
    let mut known = BTreeSet::new();
    for entry in std::fs::read_dir(samples.join("cii")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        known.extend(paths(&String::from_utf8_lossy(&bytes)));
        // Other currencies and cards are not ours to read, and say so; nothing makes the reader stop short.
        let _ = read_cii(&bytes);
    }
    let head = "CrossIndustryInvoice/SupplyChainTradeTransaction";
    let settled = format!("{head}/ApplicableHeaderTradeSettlement");
    let (means, agreed) =
        (format!("{settled}/SpecifiedTradeSettlementPaymentMeans"), format!("{head}/ApplicableHeaderTradeAgreement"));
    let corrected = format!("{settled}/InvoiceReferencedDocument");
    // What the standard has and these documents have no use for.
    let ours = [
        format!("{agreed}/BuyerReference"),
        format!("{agreed}/SellerTradeParty/URIUniversalCommunication"),
        format!("{agreed}/SellerTradeParty/URIUniversalCommunication/URIID"),
        format!("{agreed}/BuyerTradeParty/URIUniversalCommunication"),
        format!("{agreed}/BuyerTradeParty/URIUniversalCommunication/URIID"),
        format!("{means}/Information"),
        format!("{means}/PayeePartyCreditorFinancialAccount/AccountName"),
        format!("{means}/PayeePartyCreditorFinancialAccount/ProprietaryID"),
        format!("{corrected}/IssuerAssignedID"),
        format!("{corrected}/FormattedIssueDateTime"),
        format!("{corrected}/FormattedIssueDateTime/DateTimeString"),
        corrected,
    ];
    known.extend(ours);
    for (name, invoice) in cases() {
        let written = paths(&String::from_utf8(write_cii(&invoice)).unwrap());
        let strange: Vec<&String> = written.difference(&known).collect();
        assert!(strange.is_empty(), "{name}: {strange:#?}");
    }
}

#[test]
fn del_04_bad_data_of_a_hybrid_pdf_is_told() {
    let good = String::from_utf8(write_cii(&cases()[0].1)).unwrap();
    let profile = "<ram:ID>urn:cen.eu:en16931:2017</ram:ID>";
    for (from, to, code) in [
        (profile, "<ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>", "cii.profile"),
        (profile, "", "cii.profile"),
        ("<ram:TypeCode>380</ram:TypeCode>", "<ram:TypeCode>751</ram:TypeCode>", "cii.type"),
        (">20261122<", ">2026-11-22<", "cii.date"),
        ("<ram:CategoryCode>S<", "<ram:CategoryCode>X<", "cii.category"),
        ("<ram:DuePayableAmount>120.00<", "<ram:DuePayableAmount>12O.00<", "money.format"),
    ] {
        assert!(good.contains(from), "{from}");
        let wrong = read_cii(good.replace(from, to).as_bytes()).unwrap_err();
        assert!(wrong.iter().any(|problem| problem.code == code), "{to}: {wrong:?}");
    }
    let ubl = write_ubl(&cases()[0].1);
    assert_eq!(read_cii(&ubl).unwrap_err()[0].code, "cii.wrong_message");
    assert_eq!(read_cii(b"").unwrap_err()[0].code, "ubl.not_xml");
}

#[test]
fn del_04_what_the_rules_refuse_is_refused_before() {
    use Category::{E, O, S};
    let good = || invoice("INV-000001", vec![line("Skip hire", 10_000, 1_000_000, S, 2_000)]);
    type Break = (&'static str, fn(&mut EInvoice));
    let breaks: [Break; 10] = [
        ("PEPPOL-EN16931-R003", |i| (i.order, i.buyer_reference) = (" ".into(), String::new())),
        ("BR-CO-25", |i| (i.due_on, i.terms) = (None, String::new())),
        ("BR-S-02", |i| i.seller.vat_number = String::new()),
        ("BR-CO-15", |i| i.gross_pence += 1),
        ("BR-CO-10", |i| (i.net_pence, i.gross_pence) = (i.net_pence + 1, i.gross_pence + 1)),
        ("PEPPOL-COMMON-R040", |i| i.seller.endpoint.id = "5790000435945".into()),
        ("PEPPOL-EN16931-R010", |i| i.buyer.endpoint.id = String::new()),
        ("PEPPOL-EN16931-R120", |i| i.lines[0].price_e4 += 201),
        ("BR-E-10", |i| {
            (i.lines[0].category, i.lines[0].rate_bp) = (E, 0);
            (i.vat[0].category, i.vat[0].rate_bp, i.vat[0].vat_pence) = (E, 0, 0);
            (i.vat_pence, i.gross_pence) = (0, i.net_pence);
        }),
        ("BR-S-05", |i| i.lines[0].rate_bp = 0),
    ];
    for (code, spoil) in breaks {
        let mut wrong = good();
        spoil(&mut wrong);
        let codes: Vec<String> = check(&wrong).into_iter().map(|problem| problem.code).collect();
        assert!(codes.iter().any(|found| found == code), "{code}: {codes:?}");
    }
    let skip = |category, rate| line("Skip hire", 10_000, 1_000_000, category, rate);
    let mixed = invoice("INV-000001", vec![skip(S, 2_000), skip(O, 0)]);
    let codes: Vec<String> = check(&mixed).into_iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&"BR-O-12".to_owned()), "{codes:?}");
    let mut lone = credit(good());
    lone.corrects = None;
    assert_eq!(check(&lone)[0].code, "BR-55");
}

#[test]
fn del_04_small_documents_are_as_they_were_approved() {
    let small = |name: &str| cases().into_iter().find(|(one, _)| one == name).unwrap().1;
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/einvoice");
    for (name, file) in [
        ("standard and exempt", "standard-and-exempt.xml"),
        ("outside the scope", "outside-the-scope.xml"),
        ("everything", "everything.xml"),
        ("credit note, VAT in the price", "credit-note.xml"),
    ] {
        let written = String::from_utf8(write_ubl(&small(name))).unwrap();
        let path = fixtures.join(file);
        if std::env::var_os("SUNDRY_BLESS").is_some() {
            std::fs::create_dir_all(&fixtures).unwrap();
            std::fs::write(&path, &written).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), written, "{file}: make bless accepts it");
    }
}

#[test]
fn del_04_the_envelope_names_both_ends() {
    let envelope = Envelope::of(&cases()[0].1, "INV-000001.xml", "00", 2);
    assert_eq!(envelope.sender, "iso6523-actorid-upis::0088:5790000435944");
    assert_eq!(envelope.receiver, "iso6523-actorid-upis::9932:GB987654321");
    assert!(envelope.document_type.ends_with(
        "Invoice-2::Invoice##urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0::2.1"
    ));
}

#[test]
fn del_04_answers_are_understood() {
    let Some(samples) = samples() else { return };
    let known = [
        ("T111-uc001-Invoice_in_process.xml", Code::IP),
        ("T111-uc002a-Additional_reference_data.xml", Code::IP),
        ("T111-uc002b-In_process_but_postponed.xml", Code::IP),
        ("T111-uc003-Invoice_is_accepted.xml", Code::AP),
        ("T111-uc005-Invoice_is_conditionally_accepted.xml", Code::CA),
        ("T111-uc007-Payment_has_been_initiated.xml", Code::PD),
        ("T111-uc008-Invoice_is_accepted_by_third_party.xml", Code::AP),
    ];
    for (file, code) in known {
        let answer = read_answer(&std::fs::read(samples.join("peppol-response").join(file)).unwrap()).unwrap();
        println!("{file}: {} {}", answer.code.as_str(), answer.why());
        assert_eq!((answer.code, answer.of_message), (code, false), "{file}");
        assert!(!answer.document.is_empty() && !answer.id.is_empty());
    }
    let detail =
        read_answer(&std::fs::read(samples.join("peppol-response/T111-uc002a-Additional_reference_data.xml")).unwrap());
    assert_eq!(detail.unwrap().why(), "NOA, Buyer process reference: X001");
}

#[test]
fn del_04_official_documents_read() {
    let Some(samples) = samples() else { return };
    let mut read = 0;
    for folder in ["peppol-valid", "peppol-sfti"] {
        for entry in std::fs::read_dir(samples.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            match read_ubl(&std::fs::read(&path).unwrap()) {
                Ok(invoice) => {
                    read += 1;
                    assert!(!invoice.number.is_empty() && !invoice.lines.is_empty(), "{}", path.display());
                }
                Err(wrong) => println!("{}: {wrong:?}", path.display()),
            }
        }
    }
    assert!(read >= 20, "{read}");
}

#[test]
fn del_04_bad_documents_are_told() {
    for (bytes, code) in [
        ("", "ubl.not_xml"),
        ("<a/>", "ubl.wrong_message"),
        ("<Invoice/>", "ubl.customization"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><Invoice>&a;</Invoice>", "xml.entity"),
    ] {
        let wrong = read_ubl(bytes.as_bytes()).unwrap_err();
        assert!(wrong.iter().any(|problem| problem.code == code), "{bytes}: {wrong:?}");
    }
    let answer = |rules: &str, inside: &str| {
        let text = format!(
            "<ApplicationResponse><CustomizationID>{rules}</CustomizationID><ID>1</ID><IssueDate>2026-11-22</IssueDate><DocumentResponse>{inside}</DocumentResponse></ApplicationResponse>"
        );
        read_answer(text.as_bytes())
    };
    let (response, level) = ("urn:fdc:peppol.eu:poacc:trns:invoice_response:3", "urn:fdc:peppol.eu:poacc:trns:mlr:3");
    assert_eq!(answer("other", "").unwrap_err().code, "answer.wrong_message");
    assert_eq!(
        answer(response, "<Response><ResponseCode>ZZ</ResponseCode></Response>").unwrap_err().code,
        "answer.code"
    );
    assert_eq!(
        answer(response, "<Response><ResponseCode>RE</ResponseCode></Response>").unwrap_err().code,
        "answer.missing"
    );
    let rejected = "<Response><ResponseCode>RE</ResponseCode><Description>BR-O-12</Description><Status/></Response><DocumentReference><ID>INV-1</ID></DocumentReference>";
    let rejected = answer(level, rejected).unwrap();
    assert!(rejected.of_message && rejected.why() == "BR-O-12", "{rejected:?}");
}
