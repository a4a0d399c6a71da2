//! Card payments against a stand-in for GOV.UK Pay: once, live, paid out, refunded, charged back, and never a card.
use super::cash::owe;
use super::govuk_pay::{KEY, SECRET, StandIn, Trouble};
use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{
    Heard, ImportPaymentFile, ReadSettlement, ReconcilePayout, RecordDispute, RequestCardRefund, SetCardProvider,
    StartCardPayment, card_payment, card_payments, card_payouts, card_providers, card_refunds, import_payment_file,
    look_at_card_payment, pay_link, pay_link_back, pay_now, read_card_settlement, reconcile_payout,
    record_card_dispute, request_card_refund, set_card_provider, start_card_payment, take_card_webhook, tend_cards,
};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, import_bank_statement};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{AddNote, add_note};
use sundry_desk::ledger::verify::verify;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_store::engine::tables::{read_rows, tables};

const TODAY: &str = "2026-05-01";

/// GOV.UK Pay set up, and Joyce, who owes £120.02 and £80.00.
pub(super) async fn office(t: &TestDesk) -> StandIn {
    let pay = StandIn::start().await;
    set_up(t, &pay.base, SECRET).await;
    let owed = [
        ("7100001", "C100001", "2026-03-01", "2026-03-29", 12_002),
        ("7100002", "C100001", "2026-03-15", "2026-04-12", 8_000),
    ];
    owe(t, "books", &[("C100001", "Joyce Pemberton", "", "")], &owed).await;
    pay
}

pub(super) async fn set_up(t: &TestDesk, base: &str, secret: &str) {
    let ask = SetCardProvider {
        key: format!("provider-{base}"),
        provider: "govuk_pay".into(),
        base_url: base.into(),
        public_url: "https://pay.northmere.example".into(),
        api_key: KEY.into(),
        webhook_secret: secret.into(),
        telephone: true,
        links: true,
        bank_words: "GOV.UK PAY, STRIPE".into(),
        ..SetCardProvider::default()
    };
    set_card_provider(&t.desk, &t.role(Role::Administrator), ask).await.expect("a provider is set up");
}

pub(super) fn take(key: &str, amount: i64, lines: &[(&str, i64)]) -> StartCardPayment {
    StartCardPayment {
        key: key.into(),
        customer: "C100001".into(),
        amount: Pence(amount),
        lines: lines
            .iter()
            .map(|(item, pence)| AllocationLine { item: (*item).into(), amount: Pence(*pence) })
            .collect(),
    }
}

/// Begins over the telephone, pays at the stand-in, comes back: the payment's number.
async fn paid(t: &TestDesk, pay: &StandIn, key: &str, amount: i64, lines: &[(&str, i64)]) -> String {
    let cashier = t.role(Role::Cashier);
    let begun = start_card_payment(&t.desk, &cashier, take(key, amount, lines)).await.expect("begins");
    pay.pay(&pay.newest());
    let view = look_at_card_payment(&t.desk, &cashier, &begun.payment).await.expect("looks");
    assert_eq!(view.line.state, "paid");
    begun.payment
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
    assert!(proof.passed, "{:?}", proof.failures());
}

/// What is open on items, by number.
async fn open(t: &TestDesk, number: &str) -> i64 {
    let mut look = t.desk.look().await.expect("looks");
    let items = sundry_store::ledger::items_numbered(&mut look, t.org, number).await.expect("items");
    items.iter().map(|item| item.open_pence).sum()
}

/// What stands on the codes of a role: debits less credits.
async fn stands(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("looks");
    let all = sundry_store::proof::balances_by_role(&mut look, t.org).await.expect("balances");
    all.iter().filter(|(name, _)| name == role).map(|(_, sum)| sum).sum()
}

/// Every row of every table, as text.
async fn everything(t: &TestDesk) -> String {
    let mut look = t.desk.look().await.expect("looks");
    let mut text = String::new();
    for table in tables() {
        let rows = read_rows(&mut look, table, None, 100_000).await.expect("rows");
        text.push_str(&serde_json::to_string(&rows).expect("JSON"));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_14_a_telephone_payment_is_on_the_account_at_once_and_no_card_is_kept() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let began = std::time::Instant::now();
        let ask = take("take", 15_000, &[("7100001", 12_002)]);
        let begun = start_card_payment(&t.desk, &cashier, ask.clone()).await.expect("begins");
        assert!(begun.next_url.starts_with(&pay.base), "{}", begun.next_url);
        let sent = pay.with(|m| m.payments.values().next().cloned().expect("a payment"));
        assert_eq!((sent["moto"].clone(), sent["amount"].clone()), (json!(true), json!(15_000)));
        assert_eq!(sent["return_url"], format!("https://pay.northmere.example/cash/cards/{}/back", begun.payment));
        assert!(!sent.to_string().contains("Joyce"), "the provider is told no name of ours");
        assert_eq!(start_card_payment(&t.desk, &cashier, ask.clone()).await.expect("again"), begun, "a double click");
        assert_eq!(open(&t, "7100001").await, 12_002, "nothing is paid yet");
        let links_only = SetCardProvider {
            key: "links only".into(),
            provider: "govuk_pay".into(),
            base_url: pay.base.clone(),
            public_url: "https://pay.northmere.example".into(),
            api_key: KEY.into(),
            webhook_secret: SECRET.into(),
            links: true,
            bank_words: "GOV.UK PAY, STRIPE".into(),
            ..SetCardProvider::default()
        };
        set_card_provider(&t.desk, &t.role(Role::Administrator), links_only).await.expect("set up anew");
        let same = start_card_payment(&t.desk, &cashier, ask).await.expect("the same request");
        assert_eq!(same, begun, "the same key has its first answer, though nobody takes cards by telephone now (P02)");

        pay.pay(&pay.newest());
        let view = look_at_card_payment(&t.desk, &cashier, &begun.payment).await.expect("looks");
        assert_eq!((view.line.state.as_str(), view.line.receipt.as_str()), ("paid", "RCT-000001"));
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
        assert_eq!((open(&t, "7100001").await, open(&t, "RCT-000001").await), (0, -2_998));
        assert_eq!((stands(&t, "CRDC").await, stands(&t, "BANK").await), (15_000, 0));
        assert_eq!(view.last_four, "1111");
        let letters = sundry_desk::delivery::letters_since(&t.desk, &cashier, day(TODAY)).await.expect("letters");
        assert_eq!(letters.iter().map(|l| (l.kind.as_str(), l.total_pence)).collect::<Vec<_>>(), [("receipt", 15_000)]);
        let all = everything(&t).await;
        for secret in ["411111", "04/29", KEY, SECRET] {
            assert!(!all.contains(secret), "{secret} is kept");
        }
        let ask = ReverseReceipt { key: "r".into(), receipt: "RCT-000001".into(), reason: "Wrong".into() };
        let no = reverse_receipt(&t.desk, &cashier, ask).await.expect_err("refused");
        assert_eq!(no.code(), Some("CSH-CARD-NOT-BY-HAND"));
        proved(&t).await;
    })
    .await;
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_14_refusals_come_before_the_provider_hears_of_it() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let mut n = 0;
        let mut code = async |by: &sundry_desk::Actor, ask: StartCardPayment| {
            n += 1;
            let ask = StartCardPayment { key: format!("no-{n}"), ..ask };
            let no = start_card_payment(&t.desk, by, ask).await.expect_err("refused");
            no.code().unwrap_or("invalid").to_owned()
        };
        assert_eq!(code(&t.role(Role::BillingOfficer), take("", 100, &[])).await, "CTL-01-NO-DUTY");
        assert_eq!(code(&cashier, take("", 0, &[])).await, "CSH-CARD-AMOUNT");
        assert_eq!(code(&cashier, take("", 10_000_001, &[])).await, "CSH-CARD-AMOUNT");
        assert_eq!(code(&cashier, take("", 12_003, &[("7100001", 12_003)])).await, "GL-E12-MORE-THAN-OPEN");
        assert_eq!(code(&cashier, take("", 100, &[("7109999", 100)])).await, "invalid");
        assert_eq!(pay.with(|m| m.calls.len()), 0);
        set_up_wrong_key(&t, &pay).await;
        assert_eq!(code(&cashier, take("", 100, &[])).await, "CSH-CARD-REFUSED");
        let failed = card_payments(&t.desk, &cashier, "failed").await.expect("a list");
        assert_eq!(failed.len(), 1, "what the provider refused is kept as failed");
        let shown = card_providers(&t.desk, &cashier).await.expect("providers");
        assert!(shown[0].has_key && shown[0].has_webhook_secret && !format!("{shown:?}").contains("api_"));
    })
    .await;
}

async fn set_up_wrong_key(t: &TestDesk, pay: &StandIn) {
    let ask = SetCardProvider {
        key: "wrong-key".into(),
        provider: "govuk_pay".into(),
        base_url: pay.base.clone(),
        public_url: "https://pay.northmere.example".into(),
        api_key: "api_another".into(),
        telephone: true,
        ..SetCardProvider::default()
    };
    set_card_provider(&t.desk, &t.role(Role::Administrator), ask).await.expect("set");
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_14_a_lost_answer_makes_one_payment_and_a_lost_webhook_one_receipt() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        pay.with(|m| m.trouble = vec![Trouble::Lost; 3]);
        let ask = take("take", 12_002, &[("7100001", 12_002)]);
        let no = start_card_payment(&t.desk, &cashier, ask.clone()).await.expect_err("no answer");
        assert_eq!(no.code(), Some("CSH-CARD-NO-ANSWER"));
        assert_eq!(pay.with(|m| m.payments.len()), 1, "tried again with the same key");
        // Nobody clicks again; the tending finds the same payment.
        let soon = t.desk.clock().now() + chrono::TimeDelta::minutes(2);
        t.go_to("2026-05-02");
        assert!(t.desk.clock().now() > soon);
        let done = tend_cards(&t.desk, t.org).await.expect("tended");
        assert_eq!((done.asked, pay.with(|m| m.payments.len())), (1, 1));
        pay.pay(&pay.newest());
        t.go_to("2026-05-03");
        let done = tend_cards(&t.desk, t.org).await.expect("tended");
        assert_eq!(done.paid, 1);
        assert_eq!(open(&t, "7100001").await, 0);
        // The provider is down: nothing is lost, and it is asked again later.
        let begun = start_card_payment(&t.desk, &cashier, take("more", 500, &[])).await.expect("begins");
        pay.with(|m| m.trouble = vec![Trouble::Fault; 40]);
        t.go_to("2026-05-04");
        assert_eq!(tend_cards(&t.desk, t.org).await.expect("tended").silent, 1);
        pay.with(|m| m.trouble.clear());
        pay.end(&pay.newest(), "failed", "P0020");
        t.go_to("2026-05-05");
        tend_cards(&t.desk, t.org).await.expect("tended");
        let view = card_payment(&t.desk, &cashier, &begun.payment).await.expect("a payment");
        assert_eq!((view.line.state.as_str(), view.line.state_name.as_str()), ("expired", "Ran out of time"));
        proved(&t).await;
    })
    .await;
}

fn hook(message: &str, event: &str, resource: &str, at: &str) -> String {
    json!({ "webhook_message_id": message, "api_version": 1, "created_date": at, "resource_id": resource,
        "resource_type": "payment", "event_type": event, "resource": {} })
    .to_string()
}

fn sign(body: &str) -> String {
    let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(body.as_bytes());
    sundry_desk::core::vault::hex(&mac.finalize().into_bytes())
}

const EVENTS: [&str; 5] = [
    "card_payment_started",
    "card_payment_succeeded",
    "card_payment_captured",
    "card_payment_settled",
    "card_payment_refunded",
];

fn orders(rest: Vec<usize>) -> Vec<Vec<usize>> {
    if rest.is_empty() {
        return vec![Vec::new()];
    }
    let first = |at: usize| {
        let mut others = rest.clone();
        let one = others.remove(at);
        orders(others).into_iter().map(move |order| [vec![one], order].concat())
    };
    (0..rest.len()).flat_map(first).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn p13_every_order_and_a_hundred_copies_make_one_receipt() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let at = "2026-05-01T09:00:00.000Z";
        let all = orders((0..5).collect());
        assert_eq!(all.len(), 120);
        let mut payments = Vec::new();
        for (n, order) in all.iter().enumerate() {
            let begun = start_card_payment(&t.desk, &cashier, take(&format!("o{n}"), 100, &[])).await.expect("begins");
            let id = pay.newest();
            pay.pay(&id);
            for event in order {
                let body = hook(&format!("m{n}-{event}"), EVENTS[*event], &id, at);
                let heard = take_card_webhook(&t.desk, "NCC", &sign(&body), body.as_bytes()).await.expect("heard");
                assert_eq!(heard, Heard::Kept);
            }
            payments.push(begun.payment);
        }
        let list = card_payments(&t.desk, &cashier, "paid").await.expect("a list");
        assert_eq!(list.len(), 120, "one receipt each, none gone back");
        let id = {
            start_card_payment(&t.desk, &cashier, take("copies", 777, &[])).await.expect("begins");
            let id = pay.newest();
            pay.pay(&id);
            id
        };
        let body = hook("copies", "card_payment_succeeded", &id, at);
        let copies = (0..100).map(|_| {
            let (desk, body) = (t.desk.clone(), body.clone());
            tokio::spawn(async move { take_card_webhook(&desk, "ncc", &sign(&body), body.as_bytes()).await })
        });
        for copy in copies.collect::<Vec<_>>() {
            assert_eq!(copy.await.expect("joined").expect("heard"), Heard::Kept);
        }
        let mut look = t.desk.look().await.expect("looks");
        let known = sundry_store::proof::receipts_in_state(&mut look, t.org, "identified").await.expect("receipts");
        assert_eq!((known.count, known.sum), (121, 120 * 100 + 777));
        drop(look);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p13_forged_stale_and_unreadable_webhooks_are_not_kept() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        start_card_payment(&t.desk, &cashier, take("take", 100, &[])).await.expect("begins");
        let id = pay.newest();
        let good = hook("m1", "card_payment_succeeded", &id, "2026-05-01T09:00:00.000Z");
        let stale = hook("m2", "card_payment_succeeded", &id, "2026-04-20T09:00:00.000Z");
        let early = hook("m3", "card_payment_succeeded", &id, "2026-05-01T11:00:00.000Z");
        let timeless = hook("m4", "card_payment_succeeded", &id, "yesterday");
        let tries = [
            (good.as_str(), "NCC", String::new(), Heard::Forged),
            (good.as_str(), "NCC", sign("another"), Heard::Forged),
            (good.as_str(), "XXX", sign(&good), Heard::Forged),
            (stale.as_str(), "NCC", sign(&stale), Heard::Forged),
            (early.as_str(), "NCC", sign(&early), Heard::Forged),
            (timeless.as_str(), "NCC", sign(&timeless), Heard::Forged),
            ("{}", "NCC", sign("{}"), Heard::Unreadable),
            ("\u{0}", "NCC", sign("\u{0}"), Heard::Unreadable),
        ];
        for (body, org, signature, expected) in tries {
            let heard = take_card_webhook(&t.desk, org, &signature, body.as_bytes()).await.expect("heard");
            assert_eq!(heard, expected, "{body}");
        }
        let admin = t.operator();
        assert_eq!(sundry_desk::cash::cards::card_webhooks(&t.desk, &admin).await.expect("a list").len(), 0);
        // Unknown things are kept for the administrator and change nothing; the body is only a hint.
        let unknown = hook("m5", "card_payment_succeeded", "nobody", "2026-05-01T09:00:00Z");
        take_card_webhook(&t.desk, "NCC", &sign(&unknown), unknown.as_bytes()).await.expect("heard");
        take_card_webhook(&t.desk, "NCC", &sign(&good), good.as_bytes()).await.expect("heard");
        let kept = sundry_desk::cash::cards::card_webhooks(&t.desk, &admin).await.expect("a list");
        let states: std::collections::BTreeSet<&str> = kept.iter().map(|hook| hook.state.as_str()).collect();
        assert_eq!((kept.len(), states), (2, ["known", "unknown"].into()));
        assert_eq!(open(&t, "RCT-000001").await, 0, "the provider says it is not paid, whatever the webhook said");
    })
    .await;
}

/// An invoice of £240.00 for someone new, whose letter is written by the day's run with a link of its own.
pub(super) async fn letter_link(t: &TestDesk) -> String {
    use sundry_desk::billing::{InvoiceForm, InvoiceLine, RaiseInvoice, raise_invoice};
    use sundry_desk::customers::{AddCustomer, CustomerFields, add_customer};
    use sundry_desk::recovery::{ReleaseDay, release_day};
    let fields = CustomerFields {
        name: "Mrs Mary Holt".into(),
        kind: "individual".into(),
        address1: "1 Mill Lane".into(),
        town: "Northmere".into(),
        postcode: "NM1 1AA".into(),
        channel: "post".into(),
        language: "en".into(),
        ..CustomerFields::default()
    };
    let officer = t.role(Role::BillingOfficer);
    let added = add_customer(
        &t.desk,
        &officer,
        AddCustomer { key: "holt".into(), fields, confirmed_alike: true, ..AddCustomer::default() },
    )
    .await
    .expect("added");
    let form = InvoiceForm {
        customer_number: added.number,
        supply_on: Some(day(TODAY)),
        service: "Services".into(),
        debt_type: "Sundry".into(),
        cost_centre: "CC100".into(),
        lines: vec![InvoiceLine {
            description: "Hire of the hall".into(),
            quantity: "1".into(),
            unit_price: "240.00".into(),
            vat_code: "O".into(),
            ..InvoiceLine::default()
        }],
        ..InvoiceForm::default()
    };
    raise_invoice(&t.desk, &officer, RaiseInvoice { key: "inv".into(), form }).await.expect("raised");
    let ask = ReleaseDay { key: "day".into(), date: day(TODAY) };
    release_day(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await.expect("a day is released");
    let cashier = t.role(Role::Cashier);
    let letters = sundry_desk::delivery::letters_since(&t.desk, &cashier, day(TODAY)).await.expect("letters");
    for head in letters.iter().filter(|head| head.kind == "invoice") {
        let view = sundry_desk::delivery::letter(&t.desk, &cashier, &head.number).await.expect("a letter");
        let pdf = sundry_desk::delivery::letter_pdf(&t.desk, &cashier, &head.number).await.expect("a PDF");
        assert!(pdf.starts_with(b"%PDF"));
        if let Some(link) = view.content.payment.and_then(|payment| payment.link) {
            return link.rsplit('/').next().unwrap_or_default().to_owned();
        }
    }
    panic!("no letter has a link: {letters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_15_a_link_on_a_letter_pays_what_is_open_and_its_reference_is_fixed() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let token = letter_link(&t).await;
        let shown = pay_link(&t.desk, &token).await.expect("a link");
        assert!(!format!("{shown:?}").contains("Holt"), "{shown:?}");
        let (whole, reference) = (shown.amount_pence, shown.reference);
        assert_eq!(whole, 24_000);
        for wrong in [&token[1..], &format!("A{}", &token[1..]), "", "x"] {
            let no = pay_link(&t.desk, wrong).await.expect_err("not ours");
            assert_eq!(no.code(), Some("CSH-CARD-LINK-ENDED"), "{wrong}");
        }
        let begun = pay_now(&t.desk, &token, "k1").await.expect("begins");
        assert_eq!(pay_now(&t.desk, &token, "k1").await.expect("again"), begun);
        let sent = pay.with(|m| m.payments.values().next().cloned().expect("a payment"));
        assert_eq!((sent["amount"].as_i64(), sent["moto"].clone()), (Some(whole), json!(false)));
        assert!(sent["reference"].as_str().is_some_and(|text| text.starts_with(&format!("{reference}-"))));
        pay.pay(&pay.newest());
        let back = pay_link_back(&t.desk, &token).await.expect("back");
        assert_eq!((back.state.as_str(), back.receipt.as_str()), ("paid", "RCT-000001"));
        assert_eq!(pay_link(&t.desk, &token).await.expect("a link").amount_pence, 0);
        let no = pay_now(&t.desk, &token, "k2").await.expect_err("nothing left");
        assert_eq!(no.code(), Some("CSH-CARD-NOTHING-TO-PAY"));
        let same = pay_now(&t.desk, &token, "k1").await.expect("the same request");
        assert_eq!(same.payment, begun.payment, "the same key has the same payment, though nothing is open (P02)");
        t.go_to("2027-05-10");
        let same = pay_now(&t.desk, &token, "k1").await.expect("the same request");
        assert_eq!(same.payment, begun.payment, "and though the link has ended");
        assert_eq!(pay_now(&t.desk, &token, "k3").await.expect_err("too old").code(), Some("CSH-CARD-LINK-ENDED"));
        assert_eq!(pay_link(&t.desk, &token).await.expect_err("too old").code(), Some("CSH-CARD-LINK-ENDED"));
        proved(&t).await;
    })
    .await;
}

async fn decide(t: &TestDesk, number: &str, approve: bool) -> sundry_desk::Outcome<sundry_desk::approvals::Decided> {
    let approver = t.role(Role::Approver);
    let shown = approval(&t.desk, &approver, number).await.expect("an approval");
    let ask = DecideApproval {
        key: format!("{number}-{approve}"),
        number: number.into(),
        approve,
        reason: "Looked at".into(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, &approver, ask).await
}

fn refund(key: &str, payment: &str, amount: i64) -> RequestCardRefund {
    RequestCardRefund {
        key: key.into(),
        payment: payment.into(),
        amount: Pence(amount),
        reason: "Paid twice".into(),
        all_the_same: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_16_a_refund_to_a_card_takes_two_people_and_is_made_once() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let number = paid(&t, &pay, "take", 25_002, &[("7100001", 12_002), ("7100002", 8_000)]).await;
        let asked = request_card_refund(&t.desk, &cashier, refund("r1", &number, 5_000)).await.expect("asked");
        assert_eq!(asked.refund, "CR-000001");
        let no = request_card_refund(&t.desk, &cashier, refund("r2", &number, 20_003)).await.expect_err("above");
        assert_eq!(no.code(), Some("CSH-CARD-REFUND-ABOVE"));
        let no = request_card_refund(&t.desk, &cashier, refund("r3", &number, 20_002)).await.expect_err("no credit");
        assert_eq!(no.code(), Some("CSH-CARD-NO-CREDIT"));
        assert_eq!(tend_cards(&t.desk, t.org).await.expect("tended").refunds, 0, "nobody said yes yet");
        decide(&t, &asked.approval, true).await.expect("approved");
        assert_eq!((open(&t, "RCT-000001").await, stands(&t, "REF").await), (0, -5_000));
        // The answer of the refund is lost: asked again, it is found and not made twice.
        pay.with(|m| m.trouble = vec![Trouble::Lost]);
        let trouble_first = tend_cards(&t.desk, t.org).await.expect("tended");
        assert!(trouble_first.refunds <= 1);
        tend_cards(&t.desk, t.org).await.expect("tended");
        tend_cards(&t.desk, t.org).await.expect("tended");
        assert_eq!(pay.with(|m| m.refunds.len()), 1);
        pay.with(|m| m.refunds[0]["status"] = json!("success"));
        tend_cards(&t.desk, t.org).await.expect("tended");
        let list = card_refunds(&t.desk, &cashier).await.expect("a list");
        assert_eq!((list[0].0.state.as_str(), list[0].1.as_str()), ("paid", number.as_str()));
        assert_eq!((stands(&t, "REF").await, stands(&t, "CRDC").await), (0, 20_002));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_16_a_refund_that_fails_gives_the_credit_back() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let number = paid(&t, &pay, "take", 3_000, &[]).await;
        let no = request_card_refund(&t.desk, &cashier, refund("r0", &number, 1_000)).await.expect_err("owes");
        assert_eq!(no.code(), Some("CSH-CARD-OWES"));
        let all_the_same =
            RequestCardRefund { all_the_same: "The payer was wrong".into(), ..refund("r1", &number, 1_000) };
        let asked = request_card_refund(&t.desk, &cashier, all_the_same.clone()).await.expect("asked");
        decide(&t, &asked.approval, true).await.expect("approved");
        // Somebody refunded on the provider's own page meanwhile.
        pay.with(|m| m.payments.values_mut().next().expect("one")["refund_summary"]["amount_available"] = json!(10));
        tend_cards(&t.desk, t.org).await.expect("tended");
        let list = card_refunds(&t.desk, &cashier).await.expect("a list");
        assert_eq!(list[0].0.state, "failed");
        assert_eq!((open(&t, "RCT-000001").await, stands(&t, "REF").await), (-3_000, 0), "the credit is back");
        proved(&t).await;
        let again = RequestCardRefund { key: "r2".into(), ..all_the_same };
        let asked = request_card_refund(&t.desk, &cashier, again).await.expect("asked again");
        decide(&t, &asked.approval, false).await.expect("refused");
        let list = card_refunds(&t.desk, &cashier).await.expect("a list");
        assert_eq!(list[0].0.state, "refused");
        proved(&t).await;
    })
    .await;
}

const BANK: &str = "bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n\
    P1,2026-05-06,198.52,BGC,GOV.UK PAY,,,STRIPE PAYOUT\n";

#[tokio::test(flavor = "multi_thread")]
async fn csh_17_a_payout_of_gross_fees_refunds_and_disputes_is_agreed_to_the_bank_line() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        paid(&t, &pay, "a", 12_002, &[("7100001", 12_002)]).await;
        let second = paid(&t, &pay, "b", 13_000, &[("7100002", 8_000)]).await;
        let asked = request_card_refund(&t.desk, &cashier, refund("r", &second, 5_000)).await.expect("asked");
        decide(&t, &asked.approval, true).await.expect("approved");
        tend_cards(&t.desk, t.org).await.expect("tended");
        // A payment of the same service that Sundry did not begin is never dropped.
        pay.with(|m| {
            let mut other = m.payments.values().next().cloned().expect("one");
            other["payment_id"] = json!("zzzelsewhere");
            (other["amount"], other["total_amount"], other["reference"]) = (json!(100), json!(100), json!("LIBRARY"));
            m.payments.insert("zzzelsewhere".into(), other);
        });
        pay.settle("2026-05-05", 80);
        t.go_to("2026-05-06");
        let read = |key: &str| ReadSettlement {
            key: key.into(),
            provider: "govuk_pay".into(),
            from_on: None,
            to_on: day("2026-05-05"),
        };
        let taken = read_card_settlement(&t.desk, &cashier, read("s1")).await.expect("read");
        assert_eq!((taken.payments, taken.found, taken.refunds, taken.payouts), (3, 1, 1, 1));
        let again = read_card_settlement(&t.desk, &cashier, read("s2")).await.expect("read again");
        assert_eq!((again.found, again.payouts), (0, 0));
        pay.with(|m| m.trouble = vec![Trouble::Fault; 40]);
        let same = read_card_settlement(&t.desk, &cashier, read("s1")).await.expect("the same request");
        assert_eq!(same, taken, "the same key has its first answer, and the provider is not asked (P02)");
        pay.with(|m| m.trouble.clear());
        // 120.02 + 130.00 + 1.00 - 50.00 - 3 x 0.80
        let payout = card_payouts(&t.desk, &cashier, "expected").await.expect("payouts").remove(0);
        assert_eq!((payout.gross_pence, payout.refunds_pence, payout.charges_pence), (25_102, 5_000, 240));
        assert_eq!(payout.net_pence, 19_862);
        let ask = |key: &str| ReconcilePayout { key: key.into(), payout: payout.number.clone(), bank_line: None };
        assert!(reconcile_payout(&t.desk, &cashier, ask("p0")).await.is_err(), "there is no such bank line yet");
        let bank = BANK.replace("198.52", "198.62");
        let file = ImportBankStatement {
            key: "bank".into(),
            file_name: "bank.csv".into(),
            bytes: bank.into(),
            format: Some("csv:neutral".into()),
            bank_account: None,
            accept_gap: false,
            reason: String::new(),
            source: String::new(),
            dry_run: false,
        };
        import_bank_statement(&t.desk, &cashier, file).await.expect("taken");
        match_cash(&t.desk, &cashier, MatchCash { key: "m".into() }).await.expect("matched");
        assert_eq!(stands(&t, "SUSP").await, -19_862 - 100, "the payout and the library's pound");
        let taken = read_card_settlement(&t.desk, &cashier, read("s3")).await.expect("read");
        assert_eq!(taken.in_bank, 1, "the words and the penny leave no doubt");
        assert_eq!((stands(&t, "CRDC").await, stands(&t, "CRDF").await), (0, 240));
        assert_eq!((stands(&t, "BANK").await, stands(&t, "SUSP").await), (19_862, -100));
        let no = reconcile_payout(&t.desk, &cashier, ask("p1")).await.expect_err("done");
        assert_eq!(no.code(), Some("CSH-CARD-PAYOUT-DONE"));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_18_a_lost_dispute_opens_the_debt_again() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let number = paid(&t, &pay, "a", 12_002, &[("7100001", 12_002)]).await;
        let id = pay.newest();
        pay.dispute(&id, "needs_response", 1_500);
        let read = |key: &str| ReadSettlement {
            key: key.into(),
            provider: "govuk_pay".into(),
            from_on: Some(day("2026-04-20")),
            to_on: day("2026-05-05"),
        };
        read_card_settlement(&t.desk, &cashier, read("s1")).await.expect("read");
        let view = card_payment(&t.desk, &cashier, &number).await.expect("a payment");
        assert_eq!((view.disputes[0].state.as_str(), open(&t, "7100001").await), ("needs_response", 0));
        pay.dispute(&id, "lost", 1_500);
        pay.settle("2026-05-05", 0);
        t.go_to("2026-05-06");
        read_card_settlement(&t.desk, &cashier, read("s2")).await.expect("read");
        read_card_settlement(&t.desk, &cashier, read("s3")).await.expect("read again");
        assert_eq!(open(&t, "7100001").await, 12_002, "owed again");
        let receipt = receipt(&t.desk, &cashier, "RCT-000001").await.expect("a receipt").receipt;
        assert_eq!(receipt.state, "reversed");
        // The payment came in and went out in one payout, and the charge remains.
        let payout = card_payouts(&t.desk, &cashier, "").await.expect("payouts").remove(0);
        assert_eq!((payout.gross_pence, payout.disputes_pence, payout.net_pence), (12_002, 12_002, -1_500));
        let no = request_card_refund(&t.desk, &cashier, refund("r", &number, 100)).await.expect_err("gone");
        assert_eq!(no.code(), Some("CSH-CARD-REFUND-ABOVE"));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_18_a_part_is_charged_back_and_a_won_dispute_changes_nothing() {
    on_both(TODAY, async |t| {
        let pay = office(&t).await;
        let cashier = t.role(Role::Cashier);
        let number = paid(&t, &pay, "a", 21_002, &[("7100001", 12_002), ("7100002", 8_000)]).await;
        let say = |key: &str, state: &str, amount| RecordDispute {
            key: key.into(),
            payment: number.clone(),
            provider_ref: "DP-1".into(),
            amount: Pence(amount),
            fee: Pence::ZERO,
            state: state.into(),
            reason: "Not recognised".into(),
        };
        let won = RecordDispute { provider_ref: "DP-0".into(), ..say("d0", "won", 21_002) };
        record_card_dispute(&t.desk, &cashier, won).await.expect("won");
        assert_eq!(open(&t, "7100001").await + open(&t, "7100002").await, 0);
        let done = record_card_dispute(&t.desk, &cashier, say("d1", "lost", 9_000)).await.expect("lost");
        assert_eq!(done.reopened_pence, 8_000, "£10.00 lay on the account");
        assert_eq!(open(&t, "7100001").await + open(&t, "7100002").await, 8_000);
        assert_eq!((open(&t, "RCT-000001").await, stands(&t, "CRDC").await), (0, 12_002));
        let again = record_card_dispute(&t.desk, &cashier, say("d2", "lost", 9_000)).await.expect("told again");
        assert_eq!(again.dispute, done.dispute);
        assert_eq!(stands(&t, "CRDC").await, 12_002);
        let no = record_card_dispute(
            &t.desk,
            &cashier,
            RecordDispute { provider_ref: "DP-2".into(), ..say("d3", "lost", 21_003) },
        );
        assert_eq!(no.await.expect_err("above").code(), Some("CSH-CARD-REFUND-ABOVE"));
        proved(&t).await;
        let undone = UndoAllocation {
            key: "u".into(),
            allocation: None,
            receipt: Some("RCT-000001".into()),
            reason: "x".into(),
        };
        undo_allocation(&t.desk, &cashier, undone).await.map(drop).unwrap_or_default();
        proved(&t).await;
    })
    .await;
}

const PAYMENTS: &str = "H,000412,30/04/2026\n\
    D,SUNDR,C100001,120.02,CARD,30/04/2026,10:42:10,TX0009912,TEL01,op17,,,7100001,,04/05/2026,PI-1\n\
    D,SUNDR,NOBODY99,35.00,CASH,30/04/2026,11:03:55,TX0009931,TEL01,op17,,,counter,,04/05/2026,PI-1\n\
    T,2,155.02\n";

#[tokio::test(flavor = "multi_thread")]
async fn sys_04_a_payment_file_is_taken_in_once_and_its_totals_are_proved() {
    on_both(TODAY, async |t| {
        office(&t).await;
        let cashier = t.role(Role::Cashier);
        let file = |key: &str, text: &str| ImportPaymentFile {
            key: key.into(),
            file_name: "payments.csv".into(),
            bytes: text.into(),
            accept_gap: false,
            dry_run: false,
        };
        let wrong = PAYMENTS.replace("T,2,155.02", "T,2,155.03");
        assert!(import_payment_file(&t.desk, &cashier, file("f0", &wrong)).await.is_err());
        let typed = PAYMENTS.replace("counter", "card 4111 1111 1111 1111");
        let no = import_payment_file(&t.desk, &cashier, file("f1", &typed)).await.expect_err("a card number");
        assert!(!format!("{no:?}").contains("4111 1111 1111"), "{no:?}");
        let taken = import_payment_file(&t.desk, &cashier, file("f2", PAYMENTS)).await.expect("taken");
        assert_eq!((taken.receipts, taken.suspense, taken.sum_pence), (2, 1, 15_502));
        assert_eq!((open(&t, "7100001").await, stands(&t, "SUSP").await), (0, -3_500));
        let again = import_payment_file(&t.desk, &cashier, file("f3", PAYMENTS)).await.expect("again");
        assert_eq!((again.already_on, again.receipts), (Some(day(TODAY)), 0));
        let code = async |key: &str, text: &str| {
            let no = import_payment_file(&t.desk, &cashier, file(key, text)).await.expect_err("refused");
            no.code().unwrap_or("invalid").to_owned()
        };
        assert_eq!(code("f4", &PAYMENTS.replace("counter", "till 2")).await, "CSH-CARD-FILE-AGAIN");
        let later = |number: &str| format!("H,{number},01/05/2026\nD,SUNDR,C100001,-20.02,CARD,01/05/2026,10:00,TX2,T,o,,,keyed twice,TX0009912,04/05/2026,\nT,1,-20.02\n");
        assert_eq!(code("f5", &later("414")).await, "CSH-CARD-FILE-GAP");
        assert_eq!(code("f6", &later("413").replace("TX0009912", "TX404")).await, "invalid");
        let taken = import_payment_file(&t.desk, &cashier, file("f7", &later("413"))).await.expect("taken");
        assert_eq!((taken.taken_back, open(&t, "7100001").await), (1, 2_002));
        let payout = card_payouts(&t.desk, &cashier, "expected").await.expect("payouts").remove(0);
        assert_eq!((payout.gross_pence, payout.disputes_pence, payout.net_pence), (15_502, 2_002, 13_500));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn q11_a_note_with_a_card_number_is_refused_by_every_door() {
    on_both(TODAY, async |t| {
        office(&t).await;
        let ask = AddNote {
            key: "n".into(),
            number: "C100001".into(),
            words: "Paid with 5555 5555 5555 4444".into(),
            ..serde_json::from_value(json!({ "key": "n", "number": "", "words": "", "pinned": false })).expect("a note")
        };
        let no = add_note(&t.desk, &t.role(Role::CreditController), ask).await.expect_err("refused");
        assert_eq!(no.code(), Some("CTL-06-CARD-NUMBER"));
        assert!(!everything(&t).await.contains("5555 5555"));
    })
    .await;
}

/// The published document, where the samples are there.
fn document() -> Option<Value> {
    let folder = std::env::var("SUNDRY_SAMPLES").ok().filter(|folder| !folder.is_empty())?;
    let text = std::fs::read_to_string(format!("{folder}/api/govuk-pay-publicapi_spec.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// Everything about a value that a schema of the document does not allow.
fn against(document: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return against(document, &document["components"]["schemas"][name], value, at, wrong);
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    if !fits {
        wrong.push(format!("{at}: {value} is not {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        wrong.push(format!("{at}: {value} is not one of {}", schema["enum"]));
    }
    for (name, part) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(inner) => against(document, inner, part, &format!("{at}.{name}"), wrong),
            // The document says of metadata only that it is an object.
            None if schema["properties"].is_null() || at.ends_with("metadata") || name == "_links" => {}
            None => wrong.push(format!("{at}.{name} is not in the document")),
        }
    }
    for part in value.as_array().into_iter().flatten() {
        against(document, &schema["items"], part, at, wrong);
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            wrong.push(format!("{at}.{name} is missing"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_14_the_stand_in_speaks_as_the_published_document() {
    let Some(document) = document() else {
        println!("SKIPPED: SUNDRY_SAMPLES does not name a folder with GOV.UK Pay's document");
        return;
    };
    let t = TestDesk::on(sundry_store::Engine::Sqlite, TODAY).await;
    let pay = office(&t).await;
    let number = paid(&t, &pay, "a", 13_000, &[]).await;
    let id = pay.newest();
    let ask = RequestCardRefund { all_the_same: "x".into(), ..refund("r", &number, 500) };
    let asked = request_card_refund(&t.desk, &t.role(Role::Cashier), ask).await.expect("asked");
    decide(&t, &asked.approval, true).await.expect("approved");
    tend_cards(&t.desk, t.org).await.expect("tended");
    pay.dispute(&id, "lost", 1_500);
    pay.settle("2026-05-05", 80);
    let mut wrong = Vec::new();
    let sent = pay.with(|m| m.keys.values().next().expect("a request").0.clone());
    let schema = |name: &str| document["components"]["schemas"][name].clone();
    against(&document, &schema("CreateCardPaymentRequest"), &sent, "create", &mut wrong);
    let (payment, refund, dispute) =
        pay.with(|m| (m.payments[&id].clone(), m.refunds[0].clone(), m.disputes[0].clone()));
    against(&document, &schema("PaymentWithAllLinks"), &payment, "payment", &mut wrong);
    against(&document, &schema("Refund"), &refund, "refund", &mut wrong);
    against(&document, &schema("DisputeDetailForSearch"), &dispute, "dispute", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    for path in
        ["/v1/payments", "/v1/payments/{paymentId}", "/v1/payments/{paymentId}/refunds", "/v1/refunds", "/v1/disputes"]
    {
        assert!(document["paths"][path].is_object(), "{path} is not in the document");
    }
}
