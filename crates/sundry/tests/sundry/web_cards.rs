//! Card payments through the pages: the clerk on the telephone, the payer with a link, the provider's call.
use super::browser::{Browser, Page, open};
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde_json::json;
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::cash::cards::{Practice, SetCardProvider, set_card_provider};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ImportCustomers, import_customers};
use sundry_domain::control::Role;
use tower::ServiceExt;

const CUSTOMERS: &str = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n\
    C100001,Joyce Pemberton,individual,14 Ffordd y Bryn,Northmere,NM4 7QX,,28,,\n";
const INVOICES: &str = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n\
    7100001,C100001,2026-03-01,2026-03-29,,120.02,0.00,120.02\n";

async fn office(t: &TestDesk, provider: &str) {
    let (key, dry_run, accept_good) = ("c".to_owned(), false, false);
    let ask = ImportCustomers { key, file_name: "c.csv".into(), bytes: CUSTOMERS.into(), dry_run, accept_good };
    import_customers(&t.desk, &t.operator(), ask).await.expect("customers");
    let ask = ImportInvoices {
        key: "i".into(),
        file_name: "i.csv".into(),
        bytes: INVOICES.into(),
        lines_name: String::new(),
        lines: None,
        dry_run,
        accept_good,
    };
    import_invoices(&t.desk, &t.operator(), ask).await.expect("invoices");
    let ask = SetCardProvider {
        key: "p".into(),
        provider: provider.into(),
        public_url: "https://pay.northmere.example".into(),
        webhook_secret: "test-secret".into(),
        telephone: true,
        links: true,
        ..SetCardProvider::default()
    };
    set_card_provider(&t.desk, &t.operator(), ask).await.expect("a provider");
}

/// A visitor without a session.
pub async fn stranger(router: &axum::Router, request: Request<Body>) -> Page {
    let response = router.clone().oneshot(request).await.expect("an answer");
    let text = |value: &header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers: Vec<_> = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let location = headers.iter().find(|(name, _)| name == "location").map(|(_, to)| to.clone()).unwrap_or_default();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body").to_vec();
    Page { status, location, headers, body }
}

pub fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body = serde_urlencoded::to_string(fields).expect("fields");
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(body)).expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_14_a_clerk_takes_a_card_payment_through_the_pages() {
    on_both("2026-05-01", async |t| {
        office(&t, "practice").await;
        let router = open(&t);
        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        let account = cashier.get("/customers/C100001/items").await;
        assert!(
            account.text().contains("/customers/C100001/card"),
            "{} {} {}",
            account.status,
            account.location,
            account.words()
        );
        let wrong = cashier.fill("/customers/C100001/card", "/customers/C100001/card", &[("amount", "ten")]).await;
        assert_eq!((wrong.status, wrong.value("amount").as_str()), (422, "ten"), "{}", wrong.words());
        let none = cashier.fill("/customers/C100001/card", "/customers/C100001/card", &[]).await;
        assert_eq!(none.errors(), ["Choose what is paid, or enter an amount above £0.00"]);
        let taken = cashier.fill("/customers/C100001/card", "/customers/C100001/card", &[("item", "7100001")]).await;
        assert_eq!((taken.status, taken.location.as_str()), (303, "/cash/cards/CP-000001"), "{}", taken.words());
        let waiting = cashier.get("/cash/cards/CP-000001").await;
        assert!(waiting.words().contains("Waiting for the card"), "{}", waiting.words());
        let text = waiting.text();
        let at = text.find("/practice-card/").expect("the provider's page");
        let next: String = text[at..].chars().take_while(|c| *c != '"').collect();
        let next = next.replace("&amp;", "&");
        let page = stranger(&router, Request::get(&next).body(Body::empty()).expect("a request")).await;
        assert_eq!(page.status, 200, "{}", page.words());
        let name = next.split(['/', '?']).nth(2).expect("a name").to_owned();
        let fields = [("how", "pay"), ("back", "/cash/cards/CP-000001/back")];
        let ended = stranger(&router, form(&format!("/practice-card/{name}"), &fields)).await;
        assert_eq!((ended.status, ended.location.as_str()), (303, "/cash/cards/CP-000001/back"));
        let back = cashier.get(&ended.location).await;
        assert_eq!(back.location, "/cash/cards/CP-000001");
        let paid = cashier.get(&back.location).await;
        assert!(paid.words().contains("RCT-000001") && paid.words().contains("7100001 £120.02"), "{}", paid.words());
        for list in
            ["/cash/cards", "/cash/cards?state=paid", "/cash/card-refunds", "/cash/card-disputes", "/cash/card-payouts"]
        {
            assert_eq!(cashier.get(list).await.status, 200, "{list}");
        }
        let refund = "/cash/cards/CP-000001/refund";
        let no = cashier.fill(refund, refund, &[("amount", "1"), ("reason", "Paid twice")]).await;
        assert_eq!(no.status, 409, "{}", no.words());
        assert!(no.words().contains("CSH-CARD-NO-CREDIT"), "{}", no.words());
        let dispute = "/cash/cards/CP-000001/dispute";
        let fields = [("amount", "120.02"), ("reason", "Not recognised"), ("provider_ref", "DP1"), ("state", "lost")];
        let lost = cashier.fill(dispute, dispute, &fields).await;
        assert_eq!(lost.status, 303, "{}", lost.words());
        assert!(cashier.get("/cash/cards/CP-000001").await.words().contains("CD-000001"));
        Practice::of(&t.desk).settle(t.desk.today(), 20);
        let read = cashier.fill("/cash/card-payouts", "/cash/card-settlement", &[]).await;
        assert_eq!(read.status, 303);
        let payout = cashier.get("/cash/card-payouts/PO-000001").await;
        assert!(payout.words().contains("£119.82"), "{}", payout.words());
        let file = "H,1,30/04/2026\nD,SUNDR,C100001,1.00,CARD,30/04/2026,10:42,TX1,T,o,,,,,,\nT,1,2.00\n";
        let wrong = cashier.upload("/cash/card-files", &[("file", "p.csv", file.as_bytes())]).await;
        assert_eq!(wrong.errors(), ["Nothing was taken from this file"], "{}", wrong.words());
        let good = file.replace("T,1,2.00", "T,1,1.00");
        let taken = cashier.upload("/cash/card-files", &[("file", "p.csv", good.as_bytes())]).await;
        assert_eq!((taken.status, taken.location.as_str()), (303, "/cash/cards"));
        let officer = Browser::of(&t, &router, Role::BillingOfficer).await;
        assert_eq!(officer.get("/customers/C100001/card").await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p13_a_webhook_is_401_when_forged_400_when_nonsense_and_200_when_kept() {
    on_both("2026-05-01", async |t| {
        office(&t, "govuk_pay").await;
        let router = open(&t);
        let call = async |body: &str, signature: &str| {
            let request = Request::post("/hooks/cards/NCC").header("pay-signature", signature);
            stranger(&router, request.body(Body::from(body.to_owned())).expect("a request")).await
        };
        let body = r#"{"webhook_message_id":"wh1","event_type":"card_payment_succeeded"}"#;
        let good = "ce6adc13292f86c582ca82368cfd3d4dcccb859608af44e52eecc32c9f124d9a";
        assert_eq!(call(body, good).await.status, 401, "signed, and without a time");
        let forged = call(body, &good.replace('c', "d")).await;
        assert_eq!((forged.status, forged.text().as_str()), (401, ""));
        assert_eq!(call(&"x".repeat(2 << 20), good).await.status, 413);
        let seen = sundry_desk::cash::cards::card_webhooks(&t.desk, &t.operator()).await.expect("a list");
        assert_eq!(seen.len(), 0);
        assert_eq!(json!(seen), json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_15_a_strangers_link_shows_nothing() {
    on_both("2026-05-01", async |t| {
        office(&t, "practice").await;
        let router = open(&t);
        for path in ["/pay/x", "/pay/AAAAAAAAAAEAAAAAAAAAAgECAwQFBgcICQoLDA", "/pay/x/back"] {
            let page = stranger(&router, Request::get(path).body(Body::empty()).expect("a request")).await;
            assert_eq!(page.status, 409, "{path}: {}", page.words());
            assert!(page.words().contains("This link cannot be used") && !page.words().contains("Joyce"));
        }
        let posted = stranger(&router, form("/pay/x", &[("form_key", "k")])).await;
        assert_eq!(posted.status, 409);
        let lost = stranger(&router, Request::get("/practice-card/x").body(Body::empty()).expect("a request")).await;
        assert_eq!(lost.status, 404);
    })
    .await;
}
