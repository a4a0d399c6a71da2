//! Requests from services: asked, sent back, put right, approved; each service sees its own.
use crate::customers::customer;
use std::sync::atomic::{AtomicI64, Ordering};
use sundry_desk::billing::requests::*;
use sundry_desk::billing::{InvoiceLine, invoice};
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::core::evidence::NewFile;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::billing::requests::OwnService;
use sundry_domain::control::Role;
use sundry_domain::ids::UserId;
use sundry_domain::money::Pence;

fn unique() -> String {
    static ASKED: AtomicI64 = AtomicI64::new(0);
    format!("request {}", ASKED.fetch_add(1, Ordering::Relaxed))
}

/// A service manager who signs in, with services of their own.
async fn manager(t: &TestDesk, name: &str, services: &[(&str, &str)]) -> Actor {
    let ask = AddUser {
        key: unique(),
        sign_in_name: name.into(),
        display_name: format!("Manager {name}"),
        roles: vec!["service_manager".into()],
        limit: Pence::ZERO,
        password: "correct horse battery".into(),
    };
    let user: UserId = add_user(&t.desk, &t.operator(), ask).await.expect("is added").user;
    give(t, name, services).await;
    Actor { user, name: format!("Manager {name}"), ..t.role(Role::ServiceManager) }
}

async fn give(t: &TestDesk, name: &str, services: &[(&str, &str)]) {
    let own = |one: &(&str, &str)| OwnService { service: one.0.into(), cost_centre: one.1.into() };
    let services = services.iter().map(own).collect();
    let ask = SetPersonServices { key: unique(), sign_in_name: name.into(), services };
    set_person_services(&t.desk, &t.role(Role::Administrator), ask).await.expect("is set");
}

fn hire(customer: &str) -> RequestForm {
    RequestForm {
        service: "Halls".into(),
        cost_centre: "CC7".into(),
        what_for: "Hire of the town hall on 30 April".into(),
        customer_number: customer.into(),
        supply_on: "2026-04-30".parse().ok(),
        lines: vec![InvoiceLine {
            description: "Hall hire".into(),
            unit_price: "100.00".into(),
            vat_code: "S".into(),
            ..InvoiceLine::default()
        }],
        ..RequestForm::default()
    }
}

async fn asked(t: &TestDesk, by: &Actor, form: RequestForm) -> Outcome<RequestMade> {
    ask_for_invoice(&t.desk, by, AskForInvoice { key: unique(), form }, Vec::new()).await
}

async fn shown(t: &TestDesk, by: &Actor, number: &str) -> RequestShown {
    invoice_request(&t.desk, by, number).await.expect("is shown")
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> Option<String> {
    outcome.expect_err("is refused").code().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_02_a_request_is_sent_back_put_right_and_becomes_an_invoice() {
    on_both("2026-05-01", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let manager = manager(&t, "ann", &[("Halls", "")]).await;
        let officer = t.role(Role::BillingOfficer);
        let file = NewFile { name: "booking.pdf".into(), bytes: b"%PDF-1.7 booking".to_vec() };
        let ask = AskForInvoice { key: "first".into(), form: hire(&someone) };
        let made = ask_for_invoice(&t.desk, &manager, ask.clone(), vec![file.clone()]).await.expect("asks");
        let again = ask_for_invoice(&t.desk, &manager, ask, vec![file.clone()]).await.expect("asks again");
        assert_eq!(made, again, "the same key, the same answer");
        assert_eq!((made.gross_pence, made.answer_by.to_string().as_str()), (12_000, "2026-05-06"), "a bank holiday");
        let take = TakeRequest { key: unique(), number: made.number.clone() };
        take_request(&t.desk, &officer, take).await.expect("takes it on");
        let first = shown(&t, &officer, &made.number).await;
        assert_eq!((first.line.owner.as_str(), first.files.len()), ("Billing officer 1", 1));
        let back = SendRequestBack {
            key: unique(),
            number: made.number.clone(),
            seen_version: first.version,
            reason: "Which hall was it?".into(),
        };
        let none = SendRequestBack { reason: String::new(), key: unique(), ..back.clone() };
        assert!(matches!(send_request_back(&t.desk, &officer, none).await, Err(No::Invalid(_))), "a reason is needed");
        send_request_back(&t.desk, &officer, back.clone()).await.expect("sends it back");
        assert_eq!(
            code(send_request_back(&t.desk, &officer, SendRequestBack { key: unique(), ..back }).await).as_deref(),
            Some("BIL-02-STATE")
        );
        let seen = shown(&t, &manager, &made.number).await;
        assert_eq!((seen.line.state.as_str(), seen.reason.as_str()), ("sent_back", "Which hall was it?"));
        t.go_to("2026-05-05");
        let mut form = hire(&someone);
        form.lines[0].description = "Hall hire, Town Hall".into();
        let correct = CorrectRequest { key: unique(), number: made.number.clone(), seen_version: seen.version, form };
        let stale = CorrectRequest { key: unique(), seen_version: 1, ..correct.clone() };
        assert_eq!(code(correct_request(&t.desk, &manager, stale, vec![]).await).as_deref(), Some("BIL-02-CHANGED"));
        let sent = correct_request(&t.desk, &manager, correct, vec![]).await.expect("puts it right");
        assert_eq!(sent.answer_by.to_string(), "2026-05-07", "its clock starts anew");
        let now = shown(&t, &officer, &made.number).await;
        let approve = |key: &str, seen_version| ApproveRequest {
            key: key.into(),
            number: made.number.clone(),
            seen_version,
            customer_number: String::new(),
        };
        let stale = approve_request(&t.desk, &officer, approve("a0", first.version)).await;
        assert_eq!(code(stale).as_deref(), Some("BIL-02-CHANGED"), "what is approved is what was read");
        let done = approve_request(&t.desk, &officer, approve("a1", now.version)).await.expect("approves");
        let twice = approve_request(&t.desk, &officer, approve("a1", now.version)).await.expect("the same key");
        assert_eq!(done.invoice.number, twice.invoice.number);
        assert_eq!(
            code(approve_request(&t.desk, &officer, approve("a2", now.version + 1)).await).as_deref(),
            Some("BIL-02-STATE")
        );
        let raised = invoice(&t.desk, &manager, &done.invoice.number).await.expect("is there");
        assert_eq!(
            (raised.document.gross_pence, raised.lines[0].description.as_str()),
            (12_000, "Hall hire, Town Hall")
        );
        assert_eq!((raised.document.service.as_str(), raised.document.cost_centre.as_str()), ("Halls", "CC7"));
        let behind = request_behind(&t.desk, &officer, &done.invoice.number).await.expect("asks").expect("a request");
        assert_eq!(behind.number, made.number);
        let end = shown(&t, &manager, &made.number).await;
        let history: Vec<&str> = end.history.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(history, ["asked", "taken", "sent_back", "corrected", "approved"]);
        assert_eq!((end.line.invoice_number.as_str(), end.line.age_days), ("INV-000001", None));
        let (row, bytes) = request_file(&t.desk, &officer, &made.number, &end.files[0].sha256).await.expect("a file");
        assert_eq!((row.name.as_str(), bytes), ("booking.pdf", file.bytes));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_02_who_asked_cannot_approve_and_a_service_sees_only_its_own() {
    on_both("2026-05-01", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let ann = manager(&t, "ann", &[("Halls", "CC7"), ("Licensing", "")]).await;
        let bob = manager(&t, "bob", &[("Halls", "CC8")]).await;
        let cat = manager(&t, "cat", &[]).await;
        let made = asked(&t, &ann, hire(&someone)).await.expect("asks").number;
        assert_eq!(code(asked(&t, &bob, hire(&someone)).await).as_deref(), Some("BIL-02-NOT-YOURS"));
        assert_eq!(code(asked(&t, &cat, hire(&someone)).await).as_deref(), Some("BIL-02-NO-SERVICE"));
        assert!(matches!(invoice_request(&t.desk, &bob, &made).await, Err(No::Absent(_))), "not theirs");
        let list =
            async |by: &Actor| invoice_requests(&t.desk, by, RequestsAsk::default()).await.expect("lists").rows.len();
        assert_eq!((list(&ann).await, list(&bob).await), (1, 0));
        assert_eq!(list(&t.role(Role::BillingOfficer)).await, 1, "the desk sees all");
        give(&t, "bob", &[("halls", "")]).await;
        assert_eq!(list(&bob).await, 1, "it is theirs now");
        let withdraw = WithdrawRequest { key: unique(), number: made.clone(), reason: "Booked twice".into() };
        // Whoever both asks and raises may not approve their own.
        let mut both = t.operator();
        both.user = ann.user;
        let approve =
            ApproveRequest { key: unique(), number: made.clone(), seen_version: 1, ..ApproveRequest::default() };
        assert_eq!(code(approve_request(&t.desk, &both, approve.clone()).await).as_deref(), Some("CTL-01-OWN-WORK"));
        let by_ann = ApproveRequest { key: unique(), ..approve.clone() };
        assert_eq!(code(approve_request(&t.desk, &ann, by_ann).await).as_deref(), Some("CTL-01-NO-DUTY"));
        let officer = t.role(Role::BillingOfficer);
        assert_eq!(
            code(withdraw_request(&t.desk, &officer, withdraw.clone()).await).as_deref(),
            Some("CTL-01-NO-DUTY")
        );
        assert_eq!(withdraw_request(&t.desk, &ann, withdraw).await.expect("withdraws").state, "withdrawn");
        let late = ApproveRequest { key: unique(), seen_version: 2, ..approve };
        assert_eq!(code(approve_request(&t.desk, &officer, late).await).as_deref(), Some("BIL-02-STATE"));
        assert_eq!(code(asked(&t, &officer, hire(&someone)).await).as_deref(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_02_coding_is_checked_and_a_customer_may_be_described() {
    on_both("2026-05-01", async |t| {
        let ann = manager(&t, "ann", &[("Halls", "")]).await;
        let wrong = RequestForm {
            what_for: String::new(),
            supply_on: None,
            lines: vec![InvoiceLine {
                unit_price: "cheap".into(),
                vat_code: "S".into(),
                income_code: "9999".into(),
                ..InvoiceLine::default()
            }],
            ..hire("C999999")
        };
        let Err(No::Invalid(all)) = asked(&t, &ann, wrong).await else { panic!("it is wrong") };
        let fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["what_for", "customer_number"], "the rest is told once there is a customer");
        let described = RequestForm {
            customer_words: "Oak Scouts, 2 Low Road, Oakham".into(),
            lines: vec![InvoiceLine {
                unit_price: "cheap".into(),
                vat_code: "S".into(),
                income_code: "9999".into(),
                ..InvoiceLine::default()
            }],
            ..hire("")
        };
        let Err(No::Invalid(all)) = asked(&t, &ann, described.clone()).await else { panic!("it is wrong") };
        let fields: Vec<String> = all.iter().map(|one| one.field.replace(' ', "_")).collect();
        for field in ["unit_price", "income_code", "description"] {
            assert!(fields.iter().any(|one| one == field), "{field} of {fields:?}");
        }
        let made = asked(&t, &ann, RequestForm { lines: hire("").lines, ..described }).await.expect("asks");
        let officer = t.role(Role::BillingOfficer);
        let approve = |key: &str, customer: &str| ApproveRequest {
            key: key.into(),
            number: made.number.clone(),
            seen_version: 1,
            customer_number: customer.into(),
        };
        assert_eq!(
            code(approve_request(&t.desk, &officer, approve("a", "")).await).as_deref(),
            Some("BIL-02-NO-CUSTOMER")
        );
        assert!(matches!(approve_request(&t.desk, &officer, approve("b", "C999999")).await, Err(No::Invalid(_))));
        let opened = customer(&t, "c1", "Oak Scouts").await;
        let done = approve_request(&t.desk, &officer, approve("c", &opened)).await.expect("approves");
        assert_eq!(done.invoice.gross_pence, 12_000);
        assert_eq!(shown(&t, &ann, &made.number).await.line.customer_number, opened);
        let card = RequestForm { what_for: "Paid with 4111 1111 1111 1111".into(), ..hire(&opened) };
        assert_eq!(code(asked(&t, &ann, card).await).as_deref(), Some("CTL-06-CARD-NUMBER"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_02_a_workbook_of_requests_is_taken_whole_or_told_by_row() {
    on_both("2026-05-01", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let ann = manager(&t, "ann", &[("Halls", "")]).await;
        let bring = |text: String| BringRequests {
            key: unique(),
            file_name: "may.csv".into(),
            file: text.into_bytes(),
            service: "Halls".into(),
        };
        let heads = "request,customer_id,customer,description,unit_price,vat_code,supplied_on,service";
        let wrong = format!(
            "{heads}\nA,{someone},,Hall hire,100.00,S,2026-04-30,\nA,,,Projector,2O,S,,\nB,C9,,Kitchen,10.00,E,,\nC,{someone},,Care,5.00,E,,Care\n"
        );
        let Err(No::Invalid(all)) = bring_requests(&t.desk, &ann, bring(wrong)).await else { panic!("it is wrong") };
        let places: Vec<(Option<u64>, &str)> = all.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!(places, [(Some(3), "unit_price"), (Some(4), "customer_number"), (Some(5), "service")]);
        let right = format!(
            "{heads}\nA,{someone},,Hall hire,100.00,S,2026-04-30,\nA,,,Projector,20.00,S,,\nB,,Oak Scouts of Oakham,Kitchen,10.00,E,,\n"
        );
        let done = bring_requests(&t.desk, &ann, bring(right.clone())).await.expect("is taken");
        assert_eq!((done.numbers.len(), done.gross_pence), (2, 15_400));
        assert_eq!(code(bring_requests(&t.desk, &ann, bring(right)).await).as_deref(), Some("CUS-ALREADY-IMPORTED"));
        let first = shown(&t, &ann, &done.numbers[0]).await;
        assert_eq!((first.form.lines.len(), first.batch.as_str()), (2, "may.csv"));
        t.go_to("2026-05-08");
        let open = RequestsAsk { state: "open".into(), ..RequestsAsk::default() };
        let page = invoice_requests(&t.desk, &t.role(Role::BillingOfficer), open).await.expect("lists");
        let ages: Vec<(Option<i64>, bool)> = page.rows.iter().map(|one| (one.age_days, one.late)).collect();
        assert_eq!(ages, [(Some(7), true), (Some(7), true)]);
    })
    .await;
}
