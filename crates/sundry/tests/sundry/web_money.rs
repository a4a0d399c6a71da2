//! The pages of cash, recovery, letters, approvals, reports, close, jobs, administration, audit and help.
use super::browser::{Browser, open};
use super::zips::{sheet_rows, workbook, workbook_members, zeros, zip};
use sundry::jobs::handlers;
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::control::audit_trail::audit_trail;
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
const BANK: &str = "bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n\
    B1,2026-04-28,120.02,FPI,MRS J PEMBERTON,,,7100001\n\
    B2,2026-04-29,45.00,FPI,SOMEBODY,,,COUNTER 2\n\
    B3,2026-04-30,60.00,FPI,NOBODY KNOWN,,,CASH\n";

/// Two customers with three invoices.
async fn books(t: &TestDesk) {
    let ask = ImportCustomers {
        key: "c".into(),
        file_name: "c.csv".into(),
        bytes: CUSTOMERS.into(),
        dry_run: false,
        accept_good: false,
    };
    let taken = import_customers(&t.desk, &t.operator(), ask).await.expect("customers");
    assert_eq!(taken.problems, []);
    let ask = ImportInvoices {
        key: "i".into(),
        file_name: "i.csv".into(),
        bytes: INVOICES.into(),
        lines_name: String::new(),
        lines: None,
        dry_run: false,
        accept_good: false,
    };
    let taken = import_invoices(&t.desk, &t.operator(), ask).await.expect("invoices");
    assert_eq!(taken.problems, []);
}

/// Imports the bank file and matches it, through the pages.
async fn banked(cashier: &Browser) {
    let checked = cashier.upload("/cash/import", &[("file", "bank.csv", BANK.as_bytes())]).await;
    assert_eq!(checked.status, 200, "{}", checked.words());
    assert!(checked.words().contains("£225.02"), "{}", checked.words());
    let kept: Vec<(&str, String)> = ["kept", "name", "bank_account", "format"]
        .into_iter()
        .map(|name| (name, hidden(&checked.text(), name)))
        .collect();
    let fields: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let taken = cashier.submit(&checked, "/cash/import/release", &fields).await;
    assert_eq!((taken.status, taken.location.as_str()), (303, "/cash/match"), "{}", taken.words());
    let matched = cashier.fill("/cash/match", "/cash/match", &[]).await;
    assert_eq!(matched.status, 303, "{}", matched.words());
}

fn hidden(text: &str, name: &str) -> String {
    let page = scraper::Html::parse_document(text);
    let selector = scraper::Selector::parse(&format!("form[action='/cash/import/release'] input[name={name}]"))
        .expect("a selector");
    page.select(&selector).next().and_then(|field| field.attr("value")).unwrap_or_default().to_owned()
}

/// The number of the receipt whose row has these words.
async fn receipt_of(cashier: &Browser, words: &str) -> String {
    let list = cashier.get("/cash?view=all").await;
    let csv = cashier.get(&format!("/cash?find={words}&view=waiting&format=csv")).await.text();
    let line = csv.lines().nth(1).unwrap_or_else(|| panic!("no receipt {words}: {}", list.words()));
    line.split(',').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_file_is_checked_imported_matched_and_allocated_through_the_pages() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        let nothing = cashier.fill("/cash/import", "/cash/import", &[]).await;
        assert_eq!((nothing.status, nothing.errors()), (422, vec!["Choose a bank statement file".to_owned()]));
        let hostile: &[u8] = b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><Document>&b;</Document>";
        let refused = cashier.upload("/cash/import", &[("file", "x.xml", hostile)]).await;
        assert_eq!(refused.status, 422, "{}", refused.words());
        assert!(refused.words().contains("What is wrong in the file"), "{}", refused.words());
        banked(&cashier).await;
        let again = cashier.upload("/cash/import", &[("file", "bank.csv", BANK.as_bytes())]).await;
        assert!(again.words().contains("Already imported on 1 May 2026"), "{}", again.words());

        let number = receipt_of(&cashier, "COUNTER").await;
        let place = format!("/cash/receipts/{number}");
        let bench = cashier.get(&format!("{place}?customer=C100001")).await;
        assert!(bench.words().contains("Joyce Pemberton") && bench.words().contains("7100002"), "{}", bench.words());
        let missing = cashier.get(&format!("{place}?customer=C999999")).await;
        assert_eq!((missing.status, missing.errors()), (422, vec!["No customer has this number or name".to_owned()]));
        let text = bench.text();
        let page = scraper::Html::parse_document(&text);
        let boxes = scraper::Selector::parse("input[data-app-amount]").unwrap();
        let first = page.select(&boxes).next().and_then(|field| field.attr("name")).unwrap_or_default().to_owned();
        drop(page);
        let much = cashier.submit(&bench, &place, &[("customer", "C100001"), (&first, "60.00")]).await;
        assert_eq!(much.status, 422);
        assert_eq!(much.errors(), ["The amounts add up to £60.00. That is £15.00 more than the receipt"]);
        assert_eq!(much.value(&first), "60.00");
        let word = cashier.submit(&much, &place, &[("customer", "C100001"), (&first, "lots")]).await;
        assert_eq!((word.status, word.value(&first).as_str()), (422, "lots"));
        let done = cashier.submit(&word, &place, &[("customer", "C100001"), (&first, "45.00")]).await;
        assert_eq!(done.status, 303, "{}", done.words());
        assert!(done.location.ends_with(&format!("?done={number}")), "{}", done.location);
        let next = cashier.get(&done.location).await;
        assert!(next.words().contains("£45.00 went to Joyce Pemberton"), "{}", next.words());
        let undone = cashier.submit(&next, &format!("{place}/undo"), &[("reason", "Undone at once.")]).await;
        assert_eq!(undone.status, 303, "{}", undone.words());

        let why = cashier
            .fill(&format!("{place}/suspense"), &format!("{place}/suspense"), &[("reason", ""), ("owner", "Tom")])
            .await;
        assert_eq!(
            (why.status, why.errors(), why.value("owner").as_str()),
            (422, vec!["Say why it is in suspense".to_owned()], "Tom")
        );
        let fields = [("reason", "Asked the bank"), ("owner", "Tom")];
        let parked = cashier.submit(&why, &format!("{place}/suspense"), &fields).await;
        assert_eq!(parked.status, 303, "{}", parked.words());

        let split = format!("{place}/split");
        let shares = [
            ("customer-1", "C100001"),
            ("share-1", "20"),
            ("customer-2", "C100002"),
            ("share-2", "25"),
            ("invoice-2", "7100003"),
        ];
        let short = cashier.fill(&split, &split, &shares[..2]).await;
        assert!(short.status == 409 || short.status == 422, "{} {}", short.status, short.words());
        assert_eq!(short.value("share-1"), "20");
        let both = cashier.submit(&short, &split, &shares).await;
        assert_eq!(both.status, 303, "{}", both.words());

        let other = receipt_of(&cashier, "CASH").await;
        let reverse = format!("/cash/receipts/{other}/reverse");
        let back = cashier.fill(&reverse, &reverse, &[("reason", "Recalled by the bank")]).await;
        assert_eq!(back.status, 303, "{}", back.words());
        let twice = cashier.fill(&reverse, &reverse, &[("reason", "Recalled by the bank")]).await;
        assert_eq!(twice.status, 409);
        assert!(twice.words().contains("CSH-STATE"), "{}", twice.words());
        for path in ["/cash", "/cash?view=suspense", "/cash/match", "/cash/accept", "/cash?format=xlsx"] {
            assert_eq!(cashier.get(path).await.status, 200, "{path}");
        }
        assert_eq!(cashier.get("/cash/receipts/RCT-999999").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_looked_at_released_as_a_job_printed_and_signed_for() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let wrong = leader.get("/recovery/preview?date=31/02/26").await;
        assert_eq!(
            (wrong.status, wrong.errors()),
            (422, vec!["Enter a date that exists, such as 19/11/26".to_owned()])
        );
        assert_eq!(wrong.value("date"), "31/02/26");
        let seen = leader.get("/recovery/preview?date=today").await;
        assert!(
            seen.words().contains("Joyce Pemberton") && seen.words().contains("Release this run"),
            "{}",
            seen.words()
        );
        let ahead = leader.get("/recovery/preview?date=%2B30").await;
        assert!(!ahead.words().contains("Release this run"), "{}", ahead.words());
        let asked = leader.submit(&seen, "/recovery/release", &[("date", "2026-05-01")]).await;
        assert_eq!(asked.status, 303, "{}", asked.words());
        let job = asked.location.clone();
        let waits = leader.get(&job).await;
        assert!(
            waits.words().contains("Waiting") && waits.text().contains("data-module=\"app-poll\""),
            "{}",
            waits.words()
        );
        assert!(work_once(&t.desk, &handlers(), "test").await.expect("work"));
        let ended = leader.get(&job).await;
        assert!(ended.words().contains("Done") && !ended.text().contains("app-poll"), "{}", ended.words());
        let told: serde_json::Value =
            serde_json::from_slice(&leader.get(&format!("{job}?format=json")).await.body).unwrap();
        assert_eq!((told["state"].as_str(), told["result"]["run"].as_str()), (Some("done"), Some("DAY-2026-05-01")));
        let run = leader.get("/recovery/runs/DAY-2026-05-01").await;
        assert!(run.words().contains("Joyce Pemberton") && run.words().contains("waiting"), "{}", run.words());
        let again = leader.get("/recovery/preview?date=today").await.words();
        assert!(!again.contains("Release this run"), "a day is released once: {again}");
        assert!(again.contains("DAY-2026-05-01 was released: what has come since waits"), "{again}");
        let before = leader.get("/recovery/preview?date=2026-04-30").await.words();
        assert!(!before.contains("Release this run"), "a day before a released one is refused: {before}");
        assert!(before.contains("DAY-2026-05-01 was released after this day"), "{before}");
        assert!(!ended.words().contains("0 of 2 done"), "{}", ended.words());
        let (csrf, _) = leader.get("/delivery").await.tokens("/delivery/print");
        let late = leader.send(&format!("{job}/stop"), &[("csrf", &csrf), ("form_key", "late")]).await;
        assert_eq!(late.status, 409);
        assert!(late.words().contains("JOB-STATE"), "{}", late.words());

        let print = leader.fill("/delivery", "/delivery/print", &[]).await;
        assert_eq!(print.status, 303, "{}", print.words());
        assert!(work_once(&t.desk, &handlers(), "test").await.expect("work"));
        let batch = leader.get("/delivery/batches/PRN-000001").await;
        assert!(
            batch.words().contains("Sign for it"),
            "{} {}",
            batch.words(),
            leader.get(&print.location).await.words()
        );
        let place = "/delivery/batches/PRN-000001";
        let blank = leader.submit(&batch, place, &[("letters_count", "x")]).await;
        assert_eq!((blank.status, blank.errors().len()), (422, 3), "{:?}", blank.errors());
        let differ =
            leader.submit(&batch, place, &[("letters_count", "99"), ("sheets_count", "1"), ("total", "1.00")]).await;
        assert_eq!(differ.status, 409, "{}", differ.words());
        assert!(differ.words().contains("DLV-TOTALS"), "{}", differ.words());
        let file = leader.get(&format!("{place}/1.pdf")).await;
        assert!(file.status == 200 && file.body.starts_with(b"%PDF"));
        let letter = leader.get("/letters/LTR-000001.pdf").await;
        assert!(letter.status == 200 && letter.body.starts_with(b"%PDF"), "{}", letter.status);
        assert_eq!(letter.header("content-type"), "application/pdf");
        for path in [
            "/recovery",
            "/recovery/pathways",
            "/recovery/pathways/individual",
            "/recovery/pathways/individual/1",
            "/jobs",
            "/delivery",
        ] {
            assert_eq!(leader.get(path).await.status, 200, "{path}");
        }
        for path in [
            "/recovery/runs/DAY-1999-01-01",
            "/recovery/pathways/nothing",
            "/letters/LTR-999999.pdf",
            "/jobs/1",
            "/jobs/x",
        ] {
            assert_eq!(leader.get(path).await.status, 404, "{path}");
        }
        let csv = leader.get("/recovery/preview?date=2026-05-01&format=csv").await;
        assert!(
            csv.header("content-disposition").contains("recovery-preview"),
            "{}",
            csv.header("content-disposition")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_close_audit_and_help_answer_their_roles_and_nobody_else() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let auditor = Browser::of(&t, &router, Role::Auditor).await;
        let approver = Browser::of(&t, &router, Role::Approver).await;
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let report = auditor.get("/reports/aged-debt").await;
        assert!(report.words().contains("Joyce Pemberton") && report.words().contains("£700.02"), "{}", report.words());
        let one = auditor.get("/reports/aged-debt?by=item&customer=C100001").await;
        assert!(one.words().contains("£200.02") && !one.words().contains("7100003"), "{}", one.words());
        let csv = auditor.get("/reports/aged-debt?format=csv").await;
        assert!(csv.text().starts_with("customer_id,name,not_due,1_30"), "{}", csv.text());
        let json: serde_json::Value =
            serde_json::from_slice(&auditor.get("/reports/aged-debt?format=json").await.body).unwrap();
        assert_eq!(json["total"]["total_pence"], 70_002);
        assert!(auditor.get("/reports/aged-debt?format=xlsx").await.body.starts_with(b"PK"));
        let wrong = auditor.get("/reports/aged-debt?as_at=31/02/26").await;
        assert_eq!((wrong.status, wrong.value("as_at").as_str()), (422, "31/02/26"));
        assert!(auditor.get("/reports/list?list=items&since=").await.text().contains("7100003"));
        let told = auditor.get("/explain?ref=7100001").await;
        assert!(told.words().contains("£120.02"), "{}", told.words());
        assert_eq!(auditor.get("/explain?ref=nothing").await.status, 404);

        let proved = auditor.fill("/audit", "/audit/verify", &[]).await;
        assert!(proved.words().contains("The chain is unbroken"), "{}", proved.words());
        assert!(auditor.get("/audit?find=user%25").await.words().contains("Nothing matches"));
        assert!(auditor.get("/audit?find=useradded").await.words().contains("UserAdded"));

        let proof = approver.fill("/close", "/close/proof", &[]).await;
        assert!(proof.words().contains("Passed"), "{}", proof.words());
        let period = "/close/periods/2026/1";
        let reopen = approver.fill(period, period, &[("do", "reopen")]).await;
        assert!(reopen.status == 422 || reopen.status == 409, "{}", reopen.status);
        let closed = approver.fill(period, period, &[("do", "soft")]).await;
        assert_eq!(closed.status, 303, "{}", closed.words());
        let made = leader.fill("/close/gl-batches", "/close/gl-batches", &[("up_to", "today")]).await;
        assert_eq!(made.status, 303, "{}", made.words());
        let none = leader.fill("/close/gl-batches", "/close/gl-batches", &[("up_to", "today")]).await;
        assert_eq!(none.status, 409, "{}", none.words());
        assert!(leader.get("/close/gl-batches/1/file").await.header("content-disposition").contains(".csv"));
        let accepted = leader
            .fill("/close/gl-batches/1", "/close/gl-batches/1", &[("do", "accepted"), ("ledger_reference", "J1")])
            .await;
        assert_eq!(accepted.status, 303, "{}", accepted.words());

        for path in [
            "/help",
            "/help/keyboard",
            "/help/accessibility",
            "/help/privacy",
            "/help/rooms/cash",
            "/help/reference/refusals",
        ] {
            assert_eq!(auditor.get(path).await.status, 200, "{path}");
        }
        for path in ["/help/nothing", "/help/../Cargo", "/help/%2e%2e/Cargo.toml"] {
            assert_eq!(auditor.get(path).await.status, 404, "{path}");
        }
        for path in ["/admin", "/cash/import", "/cash/receipts/RCT-000001/undo"] {
            let page = auditor.get(path).await;
            assert_eq!(page.status, 403, "{path}");
            assert!(page.words().contains("You may not open this page"), "{path}");
        }
        assert_eq!(leader.get("/audit").await.status, 403);
        let forged = leader.send("/recovery/release", &[("date", "2026-05-01"), ("csrf", "made-up")]).await;
        assert_eq!(forged.status, 409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_added_and_disabled_and_their_form_keeps_what_was_typed() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        let wrong =
            admin.fill("/admin", "/admin/users", &[("display_name", "Owen Tate"), ("password", "tiny-secret")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.errors().len(), 3, "{:?}", wrong.errors());
        assert_eq!(wrong.value("display_name"), "Owen Tate");
        assert!(!wrong.text().contains("tiny-secret"));
        let fields = [
            ("display_name", "Owen Tate"),
            ("sign_in_name", "owen"),
            ("roles", "administrator"),
            ("roles", "cashier"),
            ("password", "correct horse battery"),
        ];
        let conflict = admin.submit(&wrong, "/admin/users", &fields).await;
        assert_eq!(conflict.status, 409, "{}", conflict.words());
        assert!(conflict.words().contains("CTL-01-CONFLICT"), "{}", conflict.words());
        let added = admin.submit(&conflict, "/admin/users", &[fields[0], fields[1], fields[3], fields[4]]).await;
        assert_eq!(added.status, 303, "{}", added.words());
        let list = admin.get("/admin").await;
        assert!(list.words().contains("Owen Tate") && list.words().contains("Northmere Council"), "{}", list.words());
        let name = format!("cashier-{}", t.org.0);
        let gone = admin.submit(&list, "/admin/users/disable", &[("sign_in_name", &name)]).await;
        assert_eq!(gone.status, 303, "{}", gone.words());
        assert_eq!(cashier.get("/cash").await.status, 303);
        assert_eq!(cashier.get("/cash").await.location, "/sign-in?next=/cash");
    })
    .await;
}

/// A camt file of this many entries, and what they come to.
fn large_camt(entries: usize) -> (String, String) {
    let mut text = String::from(
        "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-04-30T08:00:00</CreDtTm></GrpHdr><Stmt><Id>S1</Id>\
         <CreDtTm>2026-04-30T08:00:00</CreDtTm><Acct><Id><Othr><Id>12345678</Id></Othr></Id><Ccy>GBP</Ccy></Acct>",
    );
    let day = "<Dt><Dt>2026-04-30</Dt></Dt>";
    let balance = |code: &str, amount: String| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"GBP\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd>{day}</Bal>"
        )
    };
    text.push_str(&balance("OPBD", "0.00".into()));
    text.push_str(&balance("CLBD", format!("{entries}.00")));
    for n in 0..entries {
        text.push_str(&format!(
            "<Ntry><Amt Ccy=\"GBP\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-04-30</Dt></BookgDt>\
             <AcctSvcrRef>R{n}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{}{n}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
            "A PAYMENT WITH MANY WORDS ".repeat(40)
        ));
    }
    text.push_str("</Stmt></BkToCstmrStmt></Document>");
    (text, format!("£{}.00", sundry::web::ui::number(entries as i64)))
}

#[tokio::test(flavor = "multi_thread")]
async fn large_and_packed_files_are_opened_by_a_child_from_the_pages_too() {
    sundry::child::use_program(env!("CARGO_BIN_EXE_sundry"));
    let t = TestDesk::on(sundry_store::Engine::Sqlite, "2026-05-01").await;
    let router = open(&t);
    let cashier = Browser::of(&t, &router, Role::Cashier).await;
    let (xml, sum) = large_camt(4_500);
    assert!(xml.len() > 4 << 20, "{}", xml.len());
    let read = cashier.upload("/cash/import", &[("file", "large.xml", xml.as_bytes())]).await;
    assert_eq!(read.status, 200, "{}", read.words());
    assert!(read.words().contains(&sum), "{}", read.words());
    let deep = format!("<?xml version=\"1.0\"?>{}", "<a>".repeat(2_000_000));
    let head =
        ["bank_line_id", "date", "amount", "type", "payer_name", "payer_sort_code", "payer_account", "reference"];
    let line = ["B1", "2026-05-01", "12.50", "BGC", "A Payer", "", "", "INV 1"];
    let bomb = zip(&[zeros("a.csv", 300_000_000, 900_000)]);
    for (name, bytes) in [("deep.xml", deep.as_bytes()), ("bomb.zip", &bomb)] {
        let refused = cashier.upload("/cash/import", &[("file", name, bytes)]).await;
        assert_eq!(refused.status, 422, "{name}: {}", refused.words());
        assert!(!refused.errors().is_empty(), "{name}");
    }
    let book = workbook("", &sheet_rows(&[&head, &line]));
    let read = cashier.upload("/cash/import", &[("file", "bank.xlsx", &book)]).await;
    assert!(read.status == 200 && read.words().contains("£12.50"), "{}", read.words());

    let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
    let rows: Vec<Vec<&str>> = CUSTOMERS.lines().map(|line| line.split(',').collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let book = workbook("", &sheet_rows(&rows));
    let checked = billing.upload("/imports/customers", &[("file", "customers.xlsx", &book)]).await;
    assert_eq!(checked.status, 200, "{}", checked.words());
    assert!(checked.words().contains("Joyce Pemberton"), "{}", checked.words());
    let mut liar = workbook_members("", "");
    liar.pop();
    liar.push(zeros("xl/worksheets/sheet1.xml", 400_000_000, 900_000));
    let refused = billing.upload("/imports/customers", &[("file", "liar.xlsx", &zip(&liar))]).await;
    assert_eq!(refused.status, 422, "{}", refused.words());
    assert!(!refused.errors().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_leaves_is_in_the_audit_trail() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let officer = Browser::of(&t, &router, Role::BillingOfficer).await;
        let file = officer.get("/reports/list?list=items&since=1/3/26&format=csv").await;
        assert_eq!(file.status, 200, "{}", file.words());
        let sheet = officer.get("/customers?find=pemberton&format=xlsx").await;
        assert_eq!(sheet.status, 200);
        let trail = audit_trail(&t.desk, &t.role(Role::Auditor), "ListExported", 1, 10).await.expect("reads");
        let told: Vec<serde_json::Value> =
            trail.rows.iter().map(|row| serde_json::from_str(&row.detail).expect("JSON")).collect();
        assert_eq!(
            trail.rows.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(),
            ["list customers", "list items"]
        );
        assert!(trail.rows.iter().all(|row| row.actor_name == "Billing officer of the test"));
        assert_eq!(told[1]["filters"], serde_json::json!([["since", "2026-03-01"]]));
        assert_eq!((&told[1]["rows"], &told[1]["format"]), (&serde_json::json!(3), &serde_json::json!("csv")));
        assert_eq!(told[1]["sha256"], sundry_desk::core::vault::sha256_hex(&file.body));
        assert_eq!(told[0]["sha256"], sundry_desk::core::vault::sha256_hex(&sheet.body));
        assert_eq!((&told[0]["rows"], &told[0]["format"]), (&serde_json::json!(1), &serde_json::json!("xlsx")));
        officer.get("/customers?find=pemberton").await;
        let again = audit_trail(&t.desk, &t.role(Role::Auditor), "ListExported", 1, 10).await.expect("reads");
        assert_eq!(again.count, 2, "looking is not taking away");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_do_a_jobs_work_turns_it() {
    on_both("2026-05-01", async |t| {
        books(&t).await;
        let router = open(&t);
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let auditor = Browser::of(&t, &router, Role::Auditor).await;
        let begun = leader.fill("/recovery/preview?date=today", "/recovery/release", &[("date", "2026-05-01")]).await;
        let place = begun.location.clone();
        assert!(place.starts_with("/jobs/"), "{} {}", begun.status, begun.words());
        let stop = format!("{place}/stop");
        let seen = auditor.get(&place).await;
        assert_eq!(seen.status, 200);
        assert!(!seen.text().contains(&stop), "no button where it would be refused");
        let csrf = auditor.get("/me").await.value("csrf");
        let no = auditor.send(&stop, &[("csrf", &csrf), ("form_key", "k")]).await;
        assert_eq!(no.status, 403);
        assert!(no.words().contains("Release runs"), "{}", no.words());
        let done = leader.fill(&place, &stop, &[]).await;
        assert_eq!(done.status, 303, "{}", done.words());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_on_their_page_and_secrets_stay_hidden() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let place = "/admin/settings";
        let page = admin.get(place).await;
        assert!(page.words().contains("Users and roles") && page.value("letters.name") == "Northmere Council");
        assert!(!page.text().contains("/search"), "an administrator has nothing to search");
        let half = [("bank.account_name", "Northmere"), ("bank.sort_code", "08 99"), ("bank.account", "66374958")];
        let wrong = admin.submit(&page, place, &half).await;
        assert_eq!(
            (wrong.status, wrong.errors()),
            (422, vec!["Enter the six digits of the sort code, such as 08-99-99".to_owned(),])
        );
        assert_eq!((wrong.value("bank.sort_code"), wrong.value("bank.account")), ("08 99".into(), "66374958".into()));
        let right = [("bank.account_name", "Northmere"), ("bank.sort_code", "08 99 99"), ("bank.account", "66374958")];
        let done = admin.submit(&wrong, place, &right).await;
        assert_eq!(done.status, 303, "{}", done.words());
        assert_eq!(admin.get(place).await.value("bank.sort_code"), "08-99-99");
        let server = [
            ("mail.host", "127.0.0.1"),
            ("mail.port", "1"),
            ("mail.from", "bills@northmere.example"),
            ("mail.starttls", "yes"),
            ("mail.user", "bills"),
            ("mail.password", "correct horse"),
        ];
        assert_eq!(admin.fill(place, place, &server).await.status, 303);
        let page = admin.get(place).await;
        assert!(page.words().contains("A password is set.") && !page.text().contains("correct horse"));
        let test = "/admin/settings/test-message";
        let nobody = admin.submit(&page, test, &[("to", "nobody")]).await;
        assert_eq!((nobody.status, nobody.value("to").as_str()), (422, "nobody"));
        let down = admin.submit(&nobody, test, &[("to", "ann@example.org")]).await;
        assert!(down.status == 409 && down.words().contains("DLV-MAIL-SERVER-DOWN"), "{}", down.words());
        let renamed = admin.fill(place, place, &[("letters.name", "Northmere City Council")]).await;
        assert_eq!(renamed.status, 303, "{}", renamed.words());
        assert!(admin.get("/me").await.words().contains("Northmere City Council"), "every page has the new name");
        let trail = admin.get("/audit?find=SettingsChanged").await;
        assert!(trail.words().contains("08-99-99") && !trail.text().contains("correct horse"), "{}", trail.words());
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let no = leader.get(place).await;
        assert!(no.status == 403 && no.words().contains("Manage settings"), "{}", no.words());
        assert!(leader.get("/me").await.text().contains("href=\"/jobs\""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn interest_is_shown_a_debt_given_up_money_recorded_and_a_letter_copied_from_their_pages() {
    on_both("2026-05-20", async |t| {
        books(&t).await;
        let router = open(&t);
        let officer = Browser::of(&t, &router, Role::CreditController).await;
        let firm = officer.get("/billing/invoices/7100003").await;
        assert!(firm.words().contains("Interest the law gives to today"), "{}", firm.words());
        let working = officer.get("/billing/invoices/7100003/interest?as_at=10/5/26").await;
        assert!(working.status == 200 && working.words().contains("Fixed sum£40.00"), "{}", working.words());
        let wrong = officer.get("/billing/invoices/7100003/interest?as_at=31/2/26").await;
        assert_eq!((wrong.status, wrong.value("as_at").as_str()), (422, "31/2/26"));
        let person = officer.get("/billing/invoices/7100001").await;
        assert!(!person.words().contains("Interest the law gives"), "{}", person.words());
        let none = officer.get("/billing/invoices/7100001/interest").await;
        assert!(none.status == 409 && none.words().contains("LP-"), "{}", none.words());

        let debt = "/write-offs/debts/7100002";
        assert!(officer.get("/billing/invoices/7100002").await.text().contains(debt));
        assert_eq!(officer.get("/billing/invoices/7100002/write-off").await.location, debt);
        let place = "/write-offs/debts/7100002/propose";
        let empty = officer.fill(debt, place, &[("amount", "80.00"), ("reason", ""), ("how", "alone")]).await;
        assert_eq!((empty.status, empty.errors().len()), (422, 2), "{}", empty.words());
        let all = [("amount", "80.00"), ("reason", "untraceable"), ("words", "Letters came back"), ("how", "alone")];
        let lacking = officer.submit(&empty, place, &all).await;
        assert!(lacking.status == 409 && lacking.words().contains("lacks"), "{}", lacking.words());
        for kind in ["letters", "trace_proof"] {
            let add = [("kind", kind), ("evidence_words", "Kept with the papers"), ("on", "")];
            let added = officer.fill(debt, "/write-offs/debts/7100002/evidence", &add).await;
            assert_eq!((added.status, added.location.as_str()), (303, debt), "{}", added.words());
        }
        let asked = officer.submit(&lacking, place, &all).await;
        assert_eq!(asked.status, 409, "the service was not asked: {}", asked.words());

        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        let place = "/customers/C100001/receipt";
        let account = cashier.get("/customers/C100001/items").await;
        assert!(account.text().contains(place), "{} {}", account.status, account.words());
        let nothing = cashier.fill(place, place, &[("method", "cash"), ("received_on", "today")]).await;
        assert_eq!((nothing.status, nothing.errors()), (422, vec!["Enter how much came".to_owned()]));
        let card =
            [("method", "card"), ("amount", "12.50"), ("received_on", "today"), ("words", "4111 1111 1111 1111")];
        let no = cashier.submit(&nothing, place, &card).await;
        assert!([409, 422].contains(&no.status) && no.words().contains("card number"), "{}", no.words());
        let right = [("method", "cash"), ("amount", "12.50"), ("received_on", "today"), ("words", "Slip 7")];
        let done = cashier.submit(&nothing, place, &right).await;
        assert!(done.status == 303 && done.location.starts_with("/cash/receipts/RCT-"), "{}", done.words());

        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let asked = leader.fill("/recovery/preview?date=today", "/recovery/release", &[("date", "2026-05-20")]).await;
        assert_eq!(asked.status, 303, "{}", asked.words());
        assert!(work_once(&t.desk, &handlers(), "test").await.expect("works"));
        assert_eq!(leader.fill("/delivery", "/delivery/print", &[]).await.status, 303);
        assert!(work_once(&t.desk, &handlers(), "test").await.expect("works"));
        let printed = leader.get("/delivery?state=printed&channel=post").await;
        let copy = "/delivery/letters/LTR-000001/copy";
        let made = leader.submit(&printed, copy, &[]).await;
        assert!(made.status == 200 && made.body.starts_with(b"%PDF"), "{} {}", made.status, made.words());
    })
    .await;
}
