//! The pages of reconciliations: a funder's list from file to signature.
use super::browser::{Browser, open};
use sundry::jobs::handlers;
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ImportCustomers, import_customers};
use sundry_desk::jobs::worker::work_once;
use sundry_domain::control::Role;

const CUSTOMERS: &str = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n\
    C100001,Joyce Pemberton,individual,14 Ffordd y Bryn,Northmere,NM4 7QX,,28,,\n\
    C100002,Tidewater Scaffolding Ltd,company,2 Quay,Northmere,NM1 1AA,,28,,\n";
const INVOICES: &str = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n\
    7100001,C100001,2026-03-01,2026-03-29,,120.02,0.00,120.02\n\
    7100002,C100001,2026-03-15,2026-04-12,,80.00,0.00,80.00\n\
    7100003,C100002,2026-03-01,2026-03-29,,500.00,0.00,500.00\n";
const LIST: &str =
    "Tidewater,,\nInvoice,Date,Amount\n7100001,01/03/2026,120.02\n7100002,15/03/2026,oops\n=1+1,16/03/2026,7.00\n";

/// Two customers with three invoices.
pub async fn books(t: &TestDesk) {
    let ask = ImportCustomers {
        key: "c".into(),
        file_name: "c.csv".into(),
        bytes: CUSTOMERS.into(),
        dry_run: false,
        accept_good: false,
    };
    import_customers(&t.desk, &t.operator(), ask).await.expect("customers");
    let ask = ImportInvoices {
        key: "i".into(),
        file_name: "i.csv".into(),
        bytes: INVOICES.into(),
        lines_name: String::new(),
        lines: None,
        dry_run: false,
        accept_good: false,
    };
    assert_eq!(import_invoices(&t.desk, &t.operator(), ask).await.expect("invoices").problems, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_a_funders_list_goes_from_file_to_signature_through_the_pages() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        assert!(cashier.get("/cash/listings").await.words().contains("No lists yet"));
        let none = cashier.upload_with("/cash/listings/new", &[("as_at", "soon")], &[]).await;
        assert_eq!((none.status, none.errors().len()), (422, 2), "{}", none.words());
        let fields = [("funder", "Tidewater"), ("as_at", "1 May 2026"), ("basis", "open"), ("customers", "C100001")];
        let sent = cashier.upload_with("/cash/listings/new", &fields, &[("file", "l.csv", LIST.as_bytes())]).await;
        assert_eq!(sent.location, "/cash/listings/LST-000001/columns", "{}", sent.words());
        let columns = cashier.get(&sent.location).await;
        assert!(columns.words().contains("7100002"), "the first rows are shown");
        let named = [
            ("their_heading_row", "2"),
            ("their_reference", "Invoice"),
            ("their_amount", "Amount"),
            ("their_date", "Date"),
            ("rounding", "0.01"),
            ("days", "7"),
        ];
        let wrong = cashier.submit(&columns, &sent.location, &named).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.words().contains("Row 4, amount") && wrong.words().contains("is not an amount"),
            "{}",
            wrong.words()
        );
        let right = LIST.replace("oops", "81.00");
        let sent = cashier.upload_with("/cash/listings/new", &fields, &[("file", "l.csv", right.as_bytes())]).await;
        let done = cashier.fill(&sent.location, &sent.location, &named).await;
        assert!(done.location.starts_with("/jobs/"), "{}", done.words());
        while work_once(&t.desk, &handlers(), "test").await.expect("works") {}
        let job = cashier.get(&done.location).await;
        assert!(job.words().contains("See the result"), "{}", job.words());
        let at = "/cash/listings/LST-000002";
        let result = cashier.get(at).await;
        let words = result.words();
        for wanted in [
            "Their total£208.02",
            "Our total£200.02",
            "Left unexplained£0.00",
            "They show £81.00 and we show £80.00, £1.00 less.",
            "Nothing of ours is =1+1 or like it.",
        ] {
            assert!(words.contains(wanted), "{wanted}: {words}");
        }
        assert!(!words.contains("Review and sign"), "nobody signs their own");
        let one = cashier.get(&format!("{at}?class=only_theirs&change=")).await.words();
        assert!(one.contains("=1+1") && !one.contains("£1.00 less"), "{one}");
        let csv = cashier.get(&format!("{at}?class=&change=&format=csv")).await.text();
        assert!(csv.contains("'=1+1"), "a formula is defused: {csv}");
        assert!(cashier.get(&format!("{at}?format=xlsx")).await.body.starts_with(b"PK"));
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let signed = leader.fill(at, &format!("{at}/sign"), &[("words", "Asked for a copy")]).await;
        assert_eq!(signed.status, 303, "{}", signed.words());
        let words = cashier.get(at).await.words();
        assert!(words.contains("Signed byTeam leader of the test") && words.contains("Asked for a copy"), "{words}");
        let list = cashier.get("/cash/listings").await.words();
        assert!(list.contains("Columns to name") && list.contains("Signed"), "{list}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn led_04_an_account_is_proved_prepared_and_reviewed_through_the_pages() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let list = leader.get("/cash/reconciliations").await.words();
        for wanted in ["Receivables control", "Cash suspense", "Direct Debit clearing", "No night has been proved yet"]
        {
            assert!(list.contains(wanted), "{wanted}: {list}");
        }
        let proved = leader.fill("/cash/reconciliations", "/cash/reconciliations/night", &[]).await;
        assert_eq!(proved.location, "/cash/reconciliations", "{}", proved.words());
        assert!(leader.get("/cash/reconciliations").await.words().contains("Last proved for 1 May 2026"));
        let wrong = leader.get("/cash/reconciliations?as_at=soon").await;
        assert_eq!((wrong.status, wrong.errors().len()), (422, 1));
        let at = "/cash/reconciliations/receivables?as_at=2026-03-31";
        let seen = leader.get(at).await;
        assert!(seen.words().contains("Balance in the ledger£700.02"), "{}", seen.words());
        let fields = [("subject", ""), ("as_at", "2026-03-31"), ("words", "March")];
        let made = leader.submit(&seen, "/cash/reconciliations/receivables", &fields).await;
        assert_eq!(made.location, "/cash/proofs/PRF-000001", "{}", made.words());
        let own = leader.get(&made.location).await;
        assert!(!own.words().contains("Send it back"), "nobody reviews their own");
        let pdf = leader.get("/cash/proofs/PRF-000001/pdf").await;
        assert!(pdf.body.starts_with(b"%PDF"));
        let approver = Browser::of(&t, &router, Role::Approver).await;
        let page = approver.get("/cash/proofs/PRF-000001").await;
        let silent = [("words", ""), ("do", "send_back")];
        let silent = approver.submit(&page, "/cash/proofs/PRF-000001/review", &silent).await;
        assert_eq!(silent.errors(), ["Enter what must be put right"]);
        let done = [("words", "Seen"), ("do", "accept")];
        let done = approver.submit(&page, "/cash/proofs/PRF-000001/review", &done).await;
        assert_eq!(done.status, 303, "{}", done.words());
        assert!(approver.get("/cash/proofs/PRF-000001").await.words().contains("Reviewed byApprover of the test"));
        let period = approver.get("/close/periods/2025/12").await.words();
        assert!(period.contains("Reconciliations at its last day") && period.contains("PRF-000001"), "{period}");
        assert!(leader.get(&format!("{at}&format=csv")).await.text().contains("700.02"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_21_a_standing_order_is_noted_checked_and_written_about_through_the_pages() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        let new = "/cash/standing-orders/new";
        let blank = cashier.fill(new, new, &[("customer", "C9")]).await;
        assert_eq!(blank.status, 422);
        let fields = [
            ("customer", "C100001"),
            ("reference", "PEMBERTON"),
            ("amount", "381.60"),
            ("frequency", "four_weekly"),
            ("from_on", "9/3/26"),
            ("to_on", ""),
            ("weekly", "98.25"),
            ("tolerance", "0.00"),
        ];
        let set = cashier.fill(new, new, &fields).await;
        assert_eq!(set.location, "/cash/standing-orders/SO-000001", "{}", set.words());
        let one = cashier.get(&set.location).await;
        assert!(one.words().contains("Does not fit"), "{}", one.words());
        let at = "/cash/standing-orders/SO-000001/charge";
        let charge = [("weekly", "100.00"), ("from_on", "1 Jun 2026"), ("why", "")];
        let charge = cashier.submit(&one, at, &charge).await;
        assert_eq!(charge.errors(), ["Enter the decision behind the new charge"]);
        let check = "/cash/standing-orders/check?from_on=9/3/26&to_on=5/4/26";
        let seen = cashier.get(check).await;
        assert!(seen.words().contains("Shortfall"), "{}", seen.words());
        let done =
            cashier.submit(&seen, "/cash/standing-orders/check", &[("from_on", "9/3/26"), ("to_on", "5/4/26")]).await;
        assert_eq!(done.location, "/cash/standing-orders/tasks", "{}", done.words());
        let tasks = cashier.get("/cash/standing-orders/tasks").await;
        assert!(tasks.words().contains("£393.00 was due and £0.00 came"), "{}", tasks.words());
        let none = cashier.submit(&tasks, "/cash/standing-orders/tasks", &[("do", "letter")]).await;
        assert_eq!(none.status, 422);
        let written = [("task", &*tasks.value("task")), ("do", "letter")];
        let written = cashier.submit(&tasks, "/cash/standing-orders/tasks", &written).await;
        assert_eq!(written.status, 303, "{}", written.words());
        let done = cashier.get("/cash/standing-orders/tasks?view=done").await.words();
        assert!(done.contains("letter, 1 May 2026"), "{done}");
        let changes =
            cashier.get("/cash/standing-orders/changes?from_on=1 Jun 2026".replace(' ', "%20").as_str()).await;
        assert!(changes.words().contains("Write by 4 May 2026"), "{}", changes.words());
        let letters = [("order", "SO-000001"), ("from_on", "1 Jun 2026")];
        let letters = cashier.submit(&changes, "/cash/standing-orders/changes", &letters).await;
        assert_eq!(letters.status, 303, "{}", letters.words());
        let auditor = Browser::of(&t, &router, Role::Auditor).await;
        assert_eq!(auditor.get("/cash/standing-orders").await.status, 200);
        assert_eq!(auditor.get(new).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_a_mailbox_is_added_changed_and_paused_on_its_page() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let home = "/admin/mailboxes";
        let page = admin.get(home).await;
        assert!(page.words().contains("Mail is collected from nowhere"), "{}", page.words());
        let csrf = page.value("csrf");
        let send = async |key: &str, at: &str, fields: &[(&str, &str)]| {
            admin.send(at, &[&[("csrf", csrf.as_str()), ("form_key", key)], fields].concat()).await
        };
        let typed = [("name", "Bills"), ("host", "imap.northmere.example"), ("user_name", "bills"), ("then", "in_use")];
        let wrong = send("a", home, &[&typed[..], &[("port", "many"), ("every_minutes", "5000")]].concat()).await;
        assert_eq!(wrong.status, 422);
        for says in ["Enter a port from 1 to 65535", "Enter 1 to 1440 minutes"] {
            assert!(wrong.words().contains(says), "{}", wrong.words());
        }
        assert!(wrong.text().contains("value=\"imap.northmere.example\""), "what was typed is kept");
        let none = send("b", home, &typed).await;
        assert!(none.status == 422 && none.words().contains("Enter the password of the mailbox"), "{}", none.words());
        let with = [&typed[..], &[("password", "secret words"), ("then", "acknowledge")]].concat();
        assert_eq!(send("c", home, &with).await.status, 303);
        let listed = admin.get(home).await;
        assert!(listed.words().contains("5 minutes, and acknowledges"), "{}", listed.words());
        assert!(listed.words().contains("Not yet") && !listed.text().contains("secret words"));
        let twice = send("d", home, &with).await;
        assert!(twice.status == 422 && twice.words().contains("change the mailbox with this one"), "{}", twice.words());
        let one = "/admin/mailboxes/Bills";
        let changed = [("host", "imap.northmere.example"), ("user_name", "bills"), ("every_minutes", "15")];
        assert_eq!(send("e", one, &changed).await.status, 303);
        let listed = admin.get(home).await.words();
        assert!(
            listed.contains("15 minutes") && listed.contains("Paused") && !listed.contains("acknowledges"),
            "{listed}"
        );
        assert_eq!(send("f", &format!("{one}/pause"), &[("in_use", "yes")]).await.status, 303);
        assert!(admin.get(home).await.words().contains("In use"));
        assert_eq!(admin.get("/admin/mailboxes/Nowhere").await.status, 404);
        let officer = Browser::of(&t, &router, Role::BillingOfficer).await;
        assert_eq!(officer.get(home).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn q04_an_address_that_nobody_means_is_refused_and_a_far_day_is_told_at_its_field() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let by = Browser::of(&t, &router, Role::CreditController).await;
        for address in ["/write-offs/all?search=%00", "/recovery/agencies/ME%00RC", "/recovery/traces/%00", "/pay/%00"]
        {
            assert_eq!(by.get(address).await.status, 400, "{address}");
        }
        let far = by.get("/recovery/overpayments?through=%2B65535").await;
        assert_eq!(far.status, 200);
        assert!(far.words().contains("Enter a date within a hundred years"), "{}", far.words());
    })
    .await;
}
