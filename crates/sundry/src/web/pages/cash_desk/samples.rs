//! What the cash desk's pages look like in each state.
use super::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sundry_desk::cash::counter::PaymentView;
use sundry_desk::cash::paying_in::PayingInView;
use sundry_desk::cash::request_refund::RefundLook;
use sundry_desk::cash::suspense::{SuspenseLine, SuspenseOwner, SuspensePage};
use sundry_domain::cash::refunds::RefundWarning;
use sundry_domain::money::Pence;
use sundry_store::cash_counter::{CounterPaymentRow, PayingInRow};
use sundry_store::cash_refunds::{PaymentBatchRow, RefundRow};

fn row<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a row of the sample")
}

fn page(title: &str, frame: Frame, body: impl FnOnce(&Frame) -> Html) -> DeskPage {
    let content = body(&frame);
    let crumbs = vec![("/cash".into(), "Cash".into())];
    DeskPage { frame, title: title.into(), caption: String::new(), crumbs, actions: Html::default(), content }
}

fn plain() -> Frame {
    Frame::sample("Cash")
}

fn suspended(number: &str, payer: &str, pence: i64, owner: &str) -> SuspenseLine {
    let next = (!owner.is_empty()).then_some("Ask the bank who paid");
    let value = json!({
        "receipt_id": 1, "number": number, "received_on": "2026-09-02", "amount_pence": pence, "method": "bank",
        "payer_name": payer, "words": "CASH COUNTER 2", "reason": "Nobody fits", "owner": owner, "next_step": next,
        "next_on": next.map(|_| "2026-11-24"), "bank_account": "Income account 2", "confidence_ppm": null,
    });
    SuspenseLine { row: row(value), age_days: 78, band: "61 to 90 days".into() }
}

fn in_suspense(rows: Vec<SuspenseLine>) -> SuspensePage {
    let owner =
        |name: &str, due| SuspenseOwner { owner: name.into(), count: 1, sum_pence: 4_500, due, oldest_days: 78 };
    SuspensePage {
        count: rows.len() as i64,
        sum_pence: 13_640,
        bands: vec![("0 to 30 days".into(), 0, 0), ("61 to 90 days".into(), 2, 13_640), ("over 90 days".into(), 0, 0)],
        owners: vec![owner("", 1), owner("Tom Ashdown", 1)],
        unexplained: (1, 4_500),
        rows,
        page: 1,
        pages: 1,
    }
}

fn refund(state: &str) -> RefundRow {
    row(json!({
        "id": 1, "number": "RFD-000031", "source": "credit", "customer_id": 1, "credit_item_id": 1, "refund_item_id": null,
        "receipt_id": 1, "credit_number": "RCT-000431", "amount_pence": 12_850, "reason": "overpaid",
        "words": "Letter of 30 October", "authority": "", "method": "bank", "payee_name": "Grace Okafor",
        "payee_address": "", "bank_print": "", "bank_sealed": "", "bank_shown": "4471",
        "call_back": "Rang the number on file, 2 November", "warnings": "The account is not the one the money came from.",
        "state": state, "approval": "APP-000091", "batch_id": null, "asked_by": 1, "asked_by_name": "Tom Ashdown",
        "asked_on": "2026-11-02", "approved_by": 2, "approved_by_name": "Ann Barker", "approved_on": "2026-11-03",
        "paid_on": null, "returned_on": null, "return_reason": "", "recorded_at": "2026-11-02T09:00:00Z", "version": 1,
    }))
}

fn batch(state: &str) -> PaymentBatchRow {
    row(json!({
        "id": 1, "number": "PMT-000007", "method": "bacs", "pay_on": "2026-11-23", "payments_count": 1,
        "total_pence": 12_850, "state": state, "made_by": 1, "made_by_name": "Tom Ashdown", "made_on": "2026-11-19",
        "released_by": null, "released_by_name": "", "file_name": "PMT-000007.txt", "file_sha256": "", "sent_on": null,
        "answered_on": null, "answer": "", "recorded_at": "2026-11-19T09:00:00Z", "version": 1,
    }))
}

fn cheque(state: &str) -> CounterPaymentRow {
    row(json!({
        "id": 1, "number": "PAY-000012", "method": "cheque", "payer_name": "E Brightwell", "cheque_number": "000431",
        "drawer_bank": "Fenmarch Bank", "words": "", "received_on": "2026-11-18", "amount_pence": 8_000,
        "receipt_id": 1, "receipt_number": "RCT-000440", "state": state, "batch_id": null, "returned_on": null,
        "return_reason": "", "taken_by": 1, "taken_by_name": "Tom Ashdown", "recorded_at": "2026-11-18T09:00:00Z",
        "version": 1,
    }))
}

fn slip(state: &str) -> PayingInRow {
    row(json!({
        "id": 1, "number": "PIB-000004", "slip": "000077", "bank_account_id": 1, "dated_on": "2026-11-19",
        "cheques_count": 1, "cheques_pence": 8_000, "cash_pence": 0, "total_pence": 8_000, "state": state,
        "bank_line_id": null, "banked_on": null, "made_by": 1, "made_by_name": "Tom Ashdown",
        "recorded_at": "2026-11-19T09:00:00Z", "version": 1,
    }))
}

fn suspense_samples() -> Vec<(&'static str, DeskPage)> {
    let rows = || {
        vec![suspended("RCT-000432", "N BODY", 4_500, ""), suspended("RCT-000433", "J TRELAWNY", 9_140, "Tom Ashdown")]
    };
    let show = |frame, found: SuspensePage| {
        page("Suspense", frame, |frame| suspense_body(frame, &found, &SuspenseTyped::default(), true))
    };
    let wrong = plain().wrong("next_step", "Enter what comes next");
    vec![
        ("suspense", show(plain(), in_suspense(rows()))),
        ("suspense-error", show(wrong, in_suspense(rows()))),
        ("suspense-nil", show(plain(), in_suspense(Vec::new()))),
    ]
}

fn refund_samples() -> Vec<(&'static str, DeskPage)> {
    let look = RefundLook {
        credit: "RCT-000431".into(),
        source: "credit".into(),
        customer: Some(("C100848".into(), "Grace Okafor".into())),
        payer_name: "OKAFOR G".into(),
        available_pence: 12_850,
        open_debts_pence: 48_210,
        came_by: "bank".into(),
        warnings: vec![RefundWarning {
            code: "open_debts".into(),
            sentence: "£482.10 is owed on the same account.".into(),
        }],
    };
    let listed = row(json!({
        "number": "RFD-000031", "customer_number": "C100848", "customer_name": "Grace Okafor",
        "credit_number": "RCT-000431", "payee_name": "Grace Okafor", "method": "bank", "amount_pence": 12_850,
        "reason": "overpaid", "state": "asked", "approval": "APP-000091", "batch_number": null,
        "asked_by_name": "Tom Ashdown", "asked_on": "2026-11-02", "paid_on": null,
    }));
    let wrong = plain().wrong("sort_code", "Enter a sort code of 6 digits");
    let one = |state| {
        let (row, whose) = (refund(state), ("C100848".to_owned(), "Grace Okafor".to_owned()));
        page("Refund RFD-000031", plain(), |frame| refund_body(frame, &row, Some(&whose), None, "", true))
    };
    vec![
        ("refunds", page("Refunds", plain(), |frame| refunds_body(frame, "all", &[listed], Pence(12_850), (1, 1)))),
        ("refund-form", page("Refund RCT-000431", wrong, |frame| refund_form(frame, &look, &RefundTyped::default()))),
        ("refund-asked", one("asked")),
        ("refund-paid", one("paid")),
    ]
}

fn batch_samples() -> Vec<(&'static str, DeskPage)> {
    let list = page("Payments out", plain(), |frame| batches_body(frame, &[batch("draft")], (1, Pence(12_850)), true));
    let one = |state| {
        page("Payment batch PMT-000007", plain(), |frame| {
            batch_body(frame, &batch(state), &[refund("in_batch")], (true, true))
        })
    };
    vec![("batches", list), ("batch-draft", one("draft")), ("batch-sent", one("sent"))]
}

fn credit_samples() -> Vec<(&'static str, DeskPage)> {
    let credit = row(json!({
        "number": "RCT-000431", "kind": "receipt", "customer_number": "C100848", "customer_name": "Grace Okafor",
        "dated_on": "2026-10-30", "left_pence": 12_850, "owes_pence": 48_210, "choice": null, "words": null,
        "review_on": null, "decided_by_name": null,
    }));
    let debts = [("7104475".to_owned(), "Home care, 4 weeks to 25 Oct".to_owned(), Pence(48_210))];
    let wrong = plain().wrong("choice", "Choose what becomes of it");
    let decide = |frame| {
        page("What becomes of RCT-000431", frame, |frame| {
            decision_form(frame, "RCT-000431", Pence(12_850), &debts, &DecisionTyped::default())
        })
    };
    let funds = [("2960".to_owned(), "Council tax".to_owned())];
    let typed = ("128.50".into(), String::new(), String::new(), String::new(), String::new());
    let transfer = page("Transfer RCT-000431", plain(), |frame| {
        transfer_form(frame, "RCT-000431", (Pence(12_850), false), &funds, &typed)
    });
    vec![
        (
            "overpayments",
            page("Overpayments", plain(), |frame| {
                overpayments_body(frame, &[credit], Pence(12_850), true, (1, 1), true)
            }),
        ),
        ("decide", decide(wrong)),
        ("transfer", transfer),
        ("transfers-nil", page("Transfers", plain(), |frame| transfers_body(frame, &[]))),
    ]
}

fn counter_samples() -> Vec<(&'static str, DeskPage)> {
    let typed = TakeTyped {
        head: ["cheque", "75.00", "today", "E Brightwell", "000431", "", ""].map(str::to_owned),
        shares: vec![("C100848".into(), "74.00".into(), String::new()), Default::default()],
        funds: vec![Default::default()],
    };
    let funds = [("2960".to_owned(), "Council tax".to_owned())];
    let wrong = plain().wrong("shares", "The shares add up to £74.00. That is £1.00 less than the cheque");
    let view = PaymentView {
        payment: cheque("banked"),
        funds: Vec::new(),
        customers: vec![("C100848".into(), "Grace Okafor".into(), 8_000)],
        batch: Some(("PIB-000004".into(), "banked".into())),
        if_returned: vec!["£80.00 of 7104475 is owed again, due 22 November 2026.".into()],
    };
    let paid_in = PayingInView {
        batch: slip("made"),
        bank_account: "Income account 2".into(),
        payments: vec![cheque("paying_in")],
    };
    let short = plain().wrong("cheques_sum", "You counted £79.00; £80.00 is recorded");
    let slips = |frame| {
        page("Paying in", frame, |frame| {
            slips_body(frame, &[slip("made")], &[cheque("held")], &Default::default(), true)
        })
    };
    vec![
        (
            "register",
            page("Cheques and cash", plain(), |frame| {
                register_body(frame, &[cheque("held")], ("", ""), Pence(8_000), (1, 1))
            }),
        ),
        ("take", page("Take a cheque or cash", wrong, |frame| take_form(frame, &funds, &typed))),
        ("payment", page("Payment PAY-000012", plain(), |frame| payment_body(frame, &view, "", true))),
        ("paying-in", slips(short)),
        ("slip", page("Paying-in slip 000077", plain(), |frame| slip_body(frame, &paid_in, "", true))),
    ]
}

fn history_sample() -> DeskPage {
    let movement = row(json!({
        "id": 1, "item_number": "7104475", "item_kind": "invoice", "customer_number": "C100848", "amount_pence": 8_000,
        "allocated_on": "2026-11-18", "made_by": "machine", "actor_name": null, "reason": "The bank line names it",
        "confidence_ppm": 998_000, "reverses_id": null, "recorded_at": "2026-11-18T09:00:00Z",
    }));
    let entry = row(json!({
        "journal": 91, "posted_on": "2026-11-18", "event": "ReceiptPosted", "reason": "", "gl_code": "1000",
        "gl_name": "Bank", "debit_pence": 8_000, "credit_pence": 0,
    }));
    let events = [("18 Nov 2026 09:00", "Receipt posted", "Tom Ashdown, web", "receipt RCT-000440")];
    let events: Vec<_> =
        events.iter().map(|e| (e.0.to_owned(), e.1.to_owned(), e.2.to_owned(), e.3.to_owned())).collect();
    page("What happened to RCT-000440", plain(), |_| history_body(&[movement], &[entry], &events))
}

impl DeskPage {
    /// What the pages look like in each state.
    pub fn samples() -> Vec<(&'static str, Self)> {
        let mut all = suspense_samples();
        all.extend(refund_samples());
        all.extend(batch_samples());
        all.extend(credit_samples());
        all.extend(counter_samples());
        all.push(("history", history_sample()));
        all
    }
}
