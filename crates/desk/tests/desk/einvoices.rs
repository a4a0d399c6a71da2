//! E-invoices from the posted document to the buyer's last word, and the receiver's own rules.
use crate::billing::standard;
use crate::customers::customer;
use crate::recovery::release;
use crate::rules::{found_by_cii_rules, found_by_rules};
use std::path::PathBuf;
use sundry_desk::No;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::billing::{
    AddPaymentTerms, CreditLine, InvoiceForm, InvoiceLine, RaiseInvoice, RequestCredit, TermsPartAsked,
    add_payment_terms, preview_invoice, raise_invoice, request_credit_note,
};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ReceiverForm, SetReceiver, receiver_rules, set_receiver};
use sundry_desk::delivery::einvoice::{
    AnswerTaken, EinvoicesSent, SendEinvoices, SettleEinvoice, TakeAnswer, collect_answers, einvoice, einvoice_xml,
    einvoices, preview_einvoice, send_einvoices, settle_einvoice, take_answer,
};
use sundry_desk::delivery::{letter, letter_pdf, letters_since};
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_domain::control::Role;
use sundry_formats::einvoice::{Kind, read_cii, read_ubl};

const OURS: &str = "0088:5790000435944";
const THEIRS: &str = "9932:GB987654321";

async fn our_settings(t: &TestDesk) {
    let changes = [
        ("peppol.participant", "iso6523-actorid-upis::0088:5790000435944"),
        ("letters.address", "Civic Hall\n1 Market Place\nNorthmere\nSW1A 1AA"),
        ("letters.email", "income@northmere.example"),
        ("bank.account_name", "Northmere Council"),
        ("bank.sort_code", "08-99-99"),
        ("bank.account", "66374958"),
    ];
    let changes = changes.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let ask = ChangeSettings { key: "settings".into(), changes };
    change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("sets");
}

fn peppol() -> ReceiverForm {
    ReceiverForm {
        way: "peppol".into(),
        participant: THEIRS.into(),
        reference_usual: "XX-1".into(),
        ..ReceiverForm::default()
    }
}

async fn receiver(t: &TestDesk, number: &str, rules: ReceiverForm) {
    let version = receiver_rules(&t.desk, &t.role(Role::Auditor), number).await.expect("shows").version;
    let key = format!("receiver/{number}/{version}");
    let ask = SetReceiver { key, number: number.into(), version, rules };
    set_receiver(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("sets");
}

fn line(words: &str, quantity: &str, price: &str, code: &str) -> InvoiceLine {
    InvoiceLine {
        description: words.into(),
        quantity: quantity.into(),
        unit_price: price.into(),
        vat_code: code.into(),
        ..InvoiceLine::default()
    }
}

fn form(customer: &str, lines: Vec<InvoiceLine>) -> InvoiceForm {
    InvoiceForm {
        customer_number: customer.into(),
        supply_on: "2026-04-30".parse().ok(),
        lines,
        ..InvoiceForm::default()
    }
}

async fn raise(t: &TestDesk, form: InvoiceForm) -> String {
    let ask = RaiseInvoice { key: format!("{}/{}", form.customer_number, t.desk.id::<i64>()), form };
    raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises").number
}

async fn credit(t: &TestDesk, invoice: &str, lines: Vec<CreditLine>) -> String {
    let ask = RequestCredit {
        key: format!("credit/{invoice}/{}", lines.len()),
        invoice: invoice.into(),
        lines,
        reason: "wrong_price".into(),
        words: String::new(),
    };
    let asked = request_credit_note(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("asks");
    let shown = approval(&t.desk, &t.role(Role::Auditor), &asked.approval).await.expect("shows");
    let yes = DecideApproval {
        key: format!("yes/{}", asked.approval),
        number: asked.approval,
        approve: true,
        reason: String::new(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, &t.role(Role::Approver), yes).await.expect("approves").made.expect("a note")
}

async fn send(t: &TestDesk, key: &str) -> EinvoicesSent {
    let ask = SendEinvoices { key: key.into(), limit: 1_000 };
    send_einvoices(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await.expect("sends")
}

fn sent(written: i64, blocked: i64) -> EinvoicesSent {
    EinvoicesSent { written, blocked, unknown: 0 }
}

fn out(t: &TestDesk, name: &str) -> PathBuf {
    t.desk.home().join("einvoices").join(t.org.0.to_string()).join(name)
}

/// A buyer's answer to a document.
fn response(id: &str, number: &str, code: &str, from: &str) -> Vec<u8> {
    let end = |name: &str, end: &str| {
        let (scheme, id) = end.split_once(':').expect("an end");
        format!("<cac:{name}><cbc:EndpointID schemeID=\"{scheme}\">{id}</cbc:EndpointID></cac:{name}>")
    };
    let (sender, receiver) = (end("SenderParty", from), end("ReceiverParty", OURS));
    format!(
        "<?xml version=\"1.0\"?><ApplicationResponse xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2\" xmlns:cac=\"a\" xmlns:cbc=\"b\"><cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:invoice_response:3</cbc:CustomizationID><cbc:ID>{id}</cbc:ID><cbc:IssueDate>2026-05-03</cbc:IssueDate>{sender}{receiver}<cac:DocumentResponse><cac:Response><cbc:ResponseCode>{code}</cbc:ResponseCode><cac:Status><cbc:StatusReasonCode listID=\"OPStatusReason\">REF</cbc:StatusReasonCode><cbc:StatusReason>Order unknown</cbc:StatusReason></cac:Status></cac:Response><cac:DocumentReference><cbc:ID>{number}</cbc:ID></cac:DocumentReference></cac:DocumentResponse></ApplicationResponse>"
    )
    .into_bytes()
}

async fn answer(t: &TestDesk, key: &str, bytes: Vec<u8>) -> Result<AnswerTaken, No> {
    let ask = TakeAnswer { key: key.into(), file_name: format!("{key}.xml"), bytes };
    take_answer(&t.desk, &t.role(Role::TeamLeader), ask).await
}

async fn invoices_as_letters(t: &TestDesk) -> usize {
    let since = "2026-05-01".parse().expect("a date");
    let letters = letters_since(&t.desk, &t.role(Role::Auditor), since).await.expect("letters");
    letters.iter().filter(|letter| letter.document_id.is_some()).count()
}

async fn state(t: &TestDesk, number: &str) -> String {
    einvoice(&t.desk, &t.role(Role::Auditor), number).await.expect("shows").row.state
}

#[tokio::test(flavor = "multi_thread")]
async fn del_04_every_document_we_raise_meets_the_official_rules() {
    let all = std::sync::Mutex::new(Vec::new());
    on_both("2026-05-01", async |t| {
        our_settings(&t).await;
        let number = customer(&t, "c1", "Calder & Söhne <Ltd>").await;
        receiver(&t, &number, peppol()).await;
        let of = |lines| form(&number, lines);
        let mut gross = line("Hall hire, VAT in the price", "3", "33.35", "S");
        gross.gross_entered = true;
        let terms = AddPaymentTerms {
            key: "terms".into(),
            code: "2PC".into(),
            name: "2.5% in 10 days".into(),
            parts: vec![TermsPartAsked { share_bp: 10_000, days: 30 }],
            discount_bp: 250,
            discount_days: 10,
        };
        add_payment_terms(&t.desk, &t.role(Role::Administrator), terms).await.expect("adds");
        let cases = [
            of(standard()),
            InvoiceForm { terms: "2PC".into(), ..of(standard()) },
            InvoiceForm { instalment_count: Some(3), instalment_every: "month".into(), ..of(standard()) },
            of(vec![line("Reduced", "1", "19.99", "R")]),
            of(vec![line("Zero", "2", "7.35", "Z")]),
            of(vec![line("Exempt", "1", "120.00", "E")]),
            of(vec![line("Statutory charge", "1", "310.00", "O")]),
            of(vec![
                line("Skip", "1", "99.99", "S"),
                line("Rent", "1", "50.00", "E"),
                line("Old rate", "3", "1.05", "R"),
            ]),
            of(vec![line("Units", "1234.5678", "0.1235", "S"), line("Hours", "7.5", "12.3457", "S")]),
            of((0..5).map(|n| line(&format!("Copy {n}"), "1", "1.13", "S")).collect()),
            of(vec![gross]),
            of(vec![line(&"Gofal cartref – ŵyl \"Nadolig\" & <b>te</b> 日本 ".repeat(12), "1", "45.00", "S")]),
            InvoiceForm { po_number: "PO 4500 & 1".into(), buyer_reference: "XX-2208".into(), ..of(standard()) },
            InvoiceForm {
                period_from_on: "2026-04-01".parse().ok(),
                period_to_on: "2026-04-30".parse().ok(),
                ..of(standard())
            },
        ];
        let mut numbers = Vec::new();
        for form in cases {
            numbers.push(raise(&t, form).await);
        }
        let mut notes = vec![
            credit(&t, &numbers[0], vec![CreditLine { line: 1, net_pence: 33_333 }]).await,
            credit(&t, &numbers[7], Vec::new()).await,
            credit(&t, &numbers[9], vec![CreditLine { line: 2, net_pence: 57 }, CreditLine { line: 4, net_pence: 1 }])
                .await,
        ];
        for place in [1, 2, 3, 4, 5, 6, 8, 10, 11] {
            notes.push(credit(&t, &numbers[place], Vec::new()).await);
        }
        numbers.extend(notes);
        let total = numbers.len() as i64;
        assert_eq!(send(&t, "s1").await, sent(total, 0));
        for number in &numbers {
            let bytes = einvoice_xml(&t.desk, &t.role(Role::Auditor), number).await.expect("a file");
            let read = read_ubl(&bytes).expect("reads back");
            assert_eq!(&read.number, number);
            all.lock().expect("a list").push(bytes);
        }
    })
    .await;
    let documents = all.into_inner().expect("a list");
    let Some(found) = found_by_rules(&documents) else { return };
    for (document, found) in documents.iter().zip(&found) {
        assert!(found.is_empty(), "{found:#?}\n{}", String::from_utf8_lossy(document));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn del_04_a_document_goes_to_the_access_point_once_and_its_answers_come_back() {
    on_both("2026-05-01", async |t| {
        let leader = t.role(Role::TeamLeader);
        let none = send_einvoices(&t.desk, &leader, SendEinvoices { key: "s0".into(), limit: 10 }, &|_, _| {}).await;
        assert_eq!(none.expect_err("no id of ours").code(), Some("DLV-NO-PARTICIPANT"));
        our_settings(&t).await;
        let number = customer(&t, "c1", "Calder Ltd").await;
        receiver(&t, &number, peppol()).await;
        let (first, second) = (raise(&t, form(&number, standard())).await, raise(&t, form(&number, standard())).await);
        let no = einvoice(&t.desk, &leader, &first).await.expect_err("not yet");
        assert!(matches!(no, No::Absent(_)), "{no}");
        let made = preview_einvoice(&t.desk, &leader, &first).await.expect("previews");
        assert_eq!((made.receiver.as_str(), made.problems.len()), (THEIRS, 0));
        // The day's run writes no letter for them.
        release(&t, "2026-05-01").await.expect("a day");
        assert_eq!(invoices_as_letters(&t).await, 0);
        assert_eq!(einvoices(&t.desk, &leader, "").await.expect("lists").waiting, 2);
        assert_eq!(send(&t, "s1").await, sent(2, 0));
        assert_eq!(send(&t, "s2").await, sent(0, 0));
        let sidecar = std::fs::read(out(&t, "out").join(format!("{first}.json"))).expect("a sidecar");
        let sidecar: serde_json::Value = serde_json::from_slice(&sidecar).expect("JSON");
        assert_eq!(sidecar["receiver"], format!("iso6523-actorid-upis::{THEIRS}"));
        let placed = std::fs::read(out(&t, "out").join(format!("{first}.xml"))).expect("a file");
        assert_eq!(placed, einvoice_xml(&t.desk, &leader, &first).await.expect("kept"));
        // Answers, by file and from the folder.
        let taken = answer(&t, "a1", response("r1", &first, "UQ", THEIRS)).await.expect("takes");
        assert_eq!((taken.state.as_str(), taken.words.as_str(), taken.seen), ("queried", "REF, Order unknown", false));
        let again = answer(&t, "a2", response("r1", &first, "UQ", THEIRS)).await.expect("the same file");
        assert!(again.seen);
        assert_eq!(answer(&t, "a3", response("r2", &first, "AP", THEIRS)).await.expect("takes").state, "accepted");
        assert_eq!(answer(&t, "a4", response("r3", &first, "AB", THEIRS)).await.expect("late").state, "accepted");
        assert_eq!(answer(&t, "a5", response("r4", &first, "PD", THEIRS)).await.expect("takes").state, "paid");
        let stranger =
            answer(&t, "a6", response("r5", &second, "RE", "9932:GB111111111")).await.expect_err("not theirs");
        assert_eq!(stranger.code(), Some("DLV-ANSWER-STRANGER"));
        let unknown = answer(&t, "a7", response("r6", "INV-999999", "RE", THEIRS)).await.expect_err("not ours");
        assert_eq!(unknown.code(), Some("DLV-ANSWER-UNKNOWN"));
        assert!(matches!(answer(&t, "a8", b"hello".to_vec()).await, Err(No::Invalid(_))));
        std::fs::write(out(&t, "in").join("1.xml"), response("r7", &second, "RE", THEIRS)).expect("writes");
        std::fs::write(out(&t, "in").join("2.xml"), b"<a/>").expect("writes");
        let collected = collect_answers(&t.desk, &leader).await.expect("collects");
        assert_eq!((collected.taken.len(), collected.refused.len()), (1, 1));
        assert_eq!(state(&t, &second).await, "refused");
        assert!(out(&t, "in/taken").join("1.xml").exists() && out(&t, "in/refused").join("2.xml").exists());
        assert_eq!(collect_answers(&t.desk, &leader).await.expect("nothing new").taken.len(), 0);
        let shown = einvoice(&t.desk, &leader, &first).await.expect("shows");
        let outcomes: Vec<&str> = shown.events.iter().map(|e| e.outcome.as_str()).collect();
        assert_eq!(outcomes, ["written", "queried", "accepted", "acknowledged", "paid"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_04_what_cannot_be_sent_says_why_and_goes_when_it_is_put_right() {
    on_both("2026-05-01", async |t| {
        our_settings(&t).await;
        let leader = t.role(Role::TeamLeader);
        let number = customer(&t, "c1", "Calder Ltd").await;
        // Raised before the customer took e-invoices: it has charges that may not stand together, and no reference.
        let mixed = raise(&t, form(&number, vec![line("A", "1", "10", "S"), line("B", "1", "10", "O")])).await;
        let bare = raise(&t, form(&number, standard())).await;
        receiver(&t, &number, ReceiverForm { reference_usual: String::new(), ..peppol() }).await;
        assert_eq!(send(&t, "s1").await, sent(0, 2));
        let shown = einvoice(&t.desk, &leader, &mixed).await.expect("shows").row;
        assert_eq!(shown.state, "blocked");
        assert!(shown.reason.contains("BR-O-12") && shown.reason.contains("PEPPOL-EN16931-R003"), "{}", shown.reason);
        assert_eq!(einvoice(&t.desk, &leader, &bare).await.expect("shows").row.attempts, 0);
        // Said once, however often it is tried.
        assert_eq!(send(&t, "s2").await, sent(0, 2));
        assert_eq!(einvoice(&t.desk, &leader, &bare).await.expect("shows").events.len(), 1);
        receiver(&t, &number, peppol()).await;
        assert_eq!(send(&t, "s3").await, sent(1, 1));
        assert_eq!(state(&t, &bare).await, "written");
        let settle = async |key: &str, number: &str, outcome: &str| {
            let ask = SettleEinvoice {
                key: key.into(),
                number: number.into(),
                outcome: outcome.into(),
                words: "The access point rang".into(),
            };
            settle_einvoice(&t.desk, &leader, ask).await
        };
        assert_eq!(settle("k1", &bare, "rejected").await.expect("settles").state, "rejected");
        let no = settle("k2", &bare, "delivered").await.expect_err("rejected");
        assert_eq!(no.code(), Some("DLV-EINVOICE-STATE"));
        assert_eq!(settle("k3", &bare, "again").await.expect("settles").state, "blocked");
        assert_eq!(send(&t, "s4").await, sent(1, 1));
        assert_eq!(settle("k4", &bare, "delivered").await.expect("settles").state, "delivered");
        // What cannot go this way goes as a letter.
        assert_eq!(settle("k5", &mixed, "withdrawn").await.expect("settles").state, "withdrawn");
        assert_eq!(send(&t, "s5").await, sent(0, 0));
        release(&t, "2026-05-01").await.expect("a day");
        assert_eq!(invoices_as_letters(&t).await, 1);
        assert!(matches!(settle("k6", &bare, "lost").await, Err(No::Invalid(_))));
        let ask = SettleEinvoice { key: "k7".into(), number: bare.clone(), outcome: "again".into(), words: "x".into() };
        let clerk = settle_einvoice(&t.desk, &t.role(Role::Auditor), ask).await;
        assert_eq!(clerk.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

/// Letters that carry documents: number, state, why, document number and the data in the PDF.
async fn hybrid_letters(t: &TestDesk) -> Vec<(String, String, String, String, Option<Vec<u8>>)> {
    let (by, since) = (t.role(Role::Auditor), "2026-05-01".parse().expect("a date"));
    let mut found = Vec::new();
    for head in letters_since(&t.desk, &by, since).await.expect("letters") {
        if head.document_id.is_some() {
            let content = letter(&t.desk, &by, &head.number).await.expect("shows").content;
            let data = content.attachment.map(|one| {
                assert_eq!((one.name.as_str(), one.media_type.as_str()), ("factur-x.xml", "text/xml"));
                one.bytes
            });
            found.push((head.number, head.state, head.state_reason, content.number, data));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn del_04_a_hybrid_pdf_carries_the_same_figures_as_the_e_invoice() {
    let all = std::sync::Mutex::new(Vec::new());
    on_both("2026-05-01", async |t| {
        our_settings(&t).await;
        let auditor = t.role(Role::Auditor);
        let (number, plain) = (customer(&t, "c1", "Calder Ltd").await, customer(&t, "c2", "Aire Ltd").await);
        // Raised before the customer took data: charges that may not stand together in it.
        let mixed = raise(&t, form(&number, vec![line("A", "1", "10", "S"), line("B", "1", "10", "O")])).await;
        receiver(&t, &number, ReceiverForm { hybrid: true, ..ReceiverForm::default() }).await;
        let shown = receiver_rules(&t.desk, &auditor, &number).await.expect("shows");
        assert!(shown.rules.hybrid);
        let again = form(&number, vec![line("A", "1", "10", "S"), line("B", "1", "10", "O")]);
        let No::Invalid(wrong) =
            preview_invoice(&t.desk, &t.role(Role::BillingOfficer), again).await.expect_err("mixed")
        else {
            panic!("not invalid")
        };
        assert_eq!(wrong[0].field, "lines");
        let mut numbers = vec![
            raise(&t, form(&number, standard())).await,
            raise(&t, form(&number, vec![line("Statutory charge", "1", "310.00", "O")])).await,
            raise(&t, form(&number, vec![line("Units", "1234.5678", "0.1235", "S"), line("Rent", "1", "50", "E")]))
                .await,
        ];
        numbers.push(credit(&t, &numbers[0], vec![CreditLine { line: 1, net_pence: 33_333 }]).await);
        raise(&t, form(&plain, standard())).await;
        release(&t, "2026-05-01").await.expect("a day");
        let letters = hybrid_letters(&t).await;
        assert_eq!(letters.len(), numbers.len() + 2);
        for (letter, state, why, document, data) in letters {
            if document == mixed {
                assert_eq!((state.as_str(), data), ("held", None));
                assert!(why.contains("BR-O-12"), "{why}");
                continue;
            }
            assert_eq!(data.is_some(), numbers.contains(&document), "{document}");
            let Some(data) = data else { continue };
            let cii = read_cii(&data).expect("reads back");
            let made = preview_einvoice(&t.desk, &auditor, &document).await.expect("previews");
            let ubl = read_ubl(made.xml.as_bytes()).expect("reads back");
            assert_eq!(cii, ubl, "{document}");
            assert_eq!(cii.kind == Kind::CreditNote, document == numbers[3]);
            let pdf = letter_pdf(&t.desk, &auditor, &letter).await.expect("a file");
            let raw = String::from_utf8_lossy(&pdf);
            assert!(raw.contains("fx:ConformanceLevel>EN 16931<") && raw.contains("factur-x.xml"), "{document}");
            all.lock().expect("a list").push(data);
        }
    })
    .await;
    let documents = all.into_inner().expect("a list");
    assert!(!documents.is_empty());
    let Some(found) = found_by_cii_rules(&documents) else { return };
    for (document, found) in documents.iter().zip(&found) {
        assert!(found.is_empty(), "{found:#?}\n{}", String::from_utf8_lossy(document));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn del_04_a_writer_that_died_leaves_no_second_file() {
    on_both("2026-05-01", async |t| {
        our_settings(&t).await;
        let number = customer(&t, "c1", "Calder Ltd").await;
        receiver(&t, &number, peppol()).await;
        for _ in 0..2 {
            raise(&t, form(&number, standard())).await;
        }
        send(&t, "s1").await;
        // Both stopped before it was settled; the access point has fetched the second.
        let mut tx = t.desk.db().begin().await.expect("a transaction");
        tx.run("update einvoice set state = 'writing' where org_id = $1", sundry_store::args![t.org])
            .await
            .expect("sets");
        tx.commit().await.expect("commits");
        std::fs::remove_file(out(&t, "out").join("INV-000002.json")).expect("fetched");
        assert_eq!(send(&t, "s2").await, EinvoicesSent { written: 1, blocked: 0, unknown: 1 });
        assert_eq!(
            (state(&t, "INV-000001").await, state(&t, "INV-000002").await),
            ("written".into(), "unknown".into())
        );
        assert_eq!(send(&t, "s3").await, sent(0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_13_bil_16_the_receivers_rules_are_checked_before_posting() {
    on_both("2026-05-01", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let number = customer(&t, "c1", "Calder Ltd").await;
        let rules = ReceiverForm {
            order_needed: true,
            order_pattern: "PO######".into(),
            reference_needed: true,
            reference_name: "XX reference".into(),
            number_characters: "letters_digits".into(),
            number_longest: Some(9),
            future_days: Some(0),
            ..ReceiverForm::default()
        };
        receiver(&t, &number, rules.clone()).await;
        let mut asked = form(&number, standard());
        asked.supply_on = "2026-05-02".parse().ok();
        let No::Invalid(all) = preview_invoice(&t.desk, &officer, asked.clone()).await.expect_err("four faults") else {
            panic!("not invalid")
        };
        let fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["po_number", "buyer_reference", "customer_number", "supply_on"]);
        asked.po_number = "PO1234".into();
        let no = raise_invoice(&t.desk, &officer, RaiseInvoice { key: "r1".into(), form: asked.clone() }).await;
        assert!(matches!(no, Err(No::Invalid(_))));
        let kinder =
            ReceiverForm { number_characters: String::new(), number_longest: None, future_days: None, ..rules };
        receiver(&t, &number, kinder).await;
        (asked.po_number, asked.buyer_reference) = ("PO123456".into(), "XX-77".into());
        let raised =
            raise_invoice(&t.desk, &officer, RaiseInvoice { key: "r2".into(), form: asked }).await.expect("raises");
        assert_eq!(raised.number, "INV-000001");
        // Nobody changes rules that another changed meanwhile, and bad rules are told at their field.
        let ask = |key: &str, version, rules| SetReceiver { key: key.into(), number: number.clone(), version, rules };
        let no = set_receiver(&t.desk, &officer, ask("k1", 1, ReceiverForm::default())).await.expect_err("changed");
        assert_eq!(no.code(), Some("CUS-CHANGED"));
        let bad = ReceiverForm {
            way: "peppol".into(),
            portal: "x".repeat(101),
            vat_number: "12".into(),
            order_pattern: "*1".into(),
            number_longest: Some(0),
            ..ReceiverForm::default()
        };
        let No::Invalid(all) = set_receiver(&t.desk, &officer, ask("k2", 2, bad)).await.expect_err("bad") else {
            panic!("not invalid")
        };
        let fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["participant", "vat_number", "order_pattern", "number_longest", "portal"]);
        let no = set_receiver(&t.desk, &t.role(Role::Auditor), ask("k3", 2, ReceiverForm::default())).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}
