//! What is timed, in the order of a first day.
use super::data::{ledger, today};
use super::{Timing, floor};
use axum::body::Body;
use axum::http::Request;
use std::time::{Duration, Instant};
use sundry::web::door::{Doors, router};
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, import_bank_statement};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::control::sign_in::sign_in;
use sundry_desk::core::testing::TestDesk;
use sundry_desk::customers::{ImportCustomers, import_customers};
use sundry_desk::ledger::verify::verify;
use sundry_desk::recovery::{ReleaseDay, preview_day, release_day};
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_domain::money::Pence;
use sundry_store::Engine;
use tower::ServiceExt;

const POSTED: &[&str] = &["document", "document_line", "open_item", "journal", "entry"];
const CHASED: &[&str] = &["letter", "letter_item", "step_taken", "run_refusal"];
const MATCHED: &[&str] = &["receipt", "open_item", "allocation", "journal", "entry", "suggestion"];

async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    let answer = work.await;
    (answer, started.elapsed())
}

/// Times one engine at one size, telling each figure as it is known.
pub async fn run(engine: Engine, size: usize, tell: impl Fn(Timing)) {
    let files = ledger(size);
    let test = TestDesk::on(engine, &today().to_string()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (desk, by) = (&test.desk, test.operator());
    let customers = ImportCustomers {
        key: "c".into(),
        file_name: "customers.csv".into(),
        bytes: files.customers,
        dry_run: false,
        accept_good: false,
    };
    import_customers(desk, &by, customers).await.expect("customers are taken in");

    let ask = ImportInvoices {
        key: "i".into(),
        file_name: "invoices.csv".into(),
        bytes: files.invoices,
        lines_name: "lines.csv".into(),
        lines: Some(files.lines),
        dry_run: false,
        accept_good: false,
    };
    let (_, took) = timed(async { import_invoices(desk, &by, ask).await.expect("invoices are taken in") }).await;
    let (floor, rows) = floor::bare_insert(desk.db(), engine, folder.path(), POSTED, &floor::Counts::new()).await;
    let what = format!("import and post invoices ({rows} rows)");
    tell(Timing { what, took, floor: Some(floor), aim: "within 5" });

    let sum = floor::bare_sum(desk.db()).await;
    let (_, took) =
        timed(async { aged_debt(desk, &by, &AskAgedDebt::by_customer(today())).await.expect("a report") }).await;
    tell(Timing { what: "aged debt today".into(), took, floor: Some(sum), aim: "within 3" });

    match_bank(engine, &test, folder.path(), files.bank, &tell).await;

    let past = AskAgedDebt::by_customer(today() - chrono::Days::new(30));
    let sum = floor::bare_sum(desk.db()).await;
    let (_, took) = timed(async { aged_debt(desk, &by, &past).await.expect("a report") }).await;
    tell(Timing { what: "aged debt as at a month ago".into(), took, floor: Some(sum), aim: "within 3" });

    chase(engine, &test, folder.path(), &tell).await;
    account_pages(&test, &tell).await;
    let (proof, took) = timed(async { verify(desk, None, |_, _| ()).await.expect("verify runs") }).await;
    assert!(proof.failures().is_empty(), "{:?}", proof.failures());
    tell(Timing { what: "verify".into(), took, floor: None, aim: "200,000 items under 5 s" });
    desk.db().close().await;
}

async fn match_bank(engine: Engine, test: &TestDesk, folder: &std::path::Path, bank: Vec<u8>, tell: &impl Fn(Timing)) {
    let (desk, by) = (&test.desk, test.operator());
    let before = floor::counts(desk.db(), MATCHED).await;
    let ask = ImportBankStatement {
        key: "b".into(),
        file_name: "bank.csv".into(),
        bytes: bank,
        format: Some("csv:neutral".into()),
        bank_account: None,
        accept_gap: false,
        dry_run: false,
    };
    let (answer, took) = timed(async {
        import_bank_statement(desk, &by, ask).await.expect("the bank file is taken in");
        match_cash(desk, &by, MatchCash { key: "m".into() }).await.expect("cash is matched")
    })
    .await;
    let (floor, _) = floor::bare_insert(desk.db(), engine, folder, MATCHED, &before).await;
    let what = format!("import and match {} bank lines, {} posted", answer.lines, answer.posted + answer.on_account);
    tell(Timing { what, took, floor: Some(floor), aim: "-" });
}

async fn chase(engine: Engine, test: &TestDesk, folder: &std::path::Path, tell: &impl Fn(Timing)) {
    let (desk, by) = (&test.desk, test.operator());
    let (_, took) = timed(async { preview_day(desk, &by, today()).await.expect("a preview") }).await;
    tell(Timing { what: "recovery run, preview".into(), took, floor: None, aim: "-" });
    let before = floor::counts(desk.db(), CHASED).await;
    let ask = ReleaseDay { key: "day".into(), date: today() };
    let (_, took) = timed(async { release_day(desk, &by, ask, &|_, _| ()).await.expect("a run") }).await;
    let (floor, rows) = floor::bare_insert(desk.db(), engine, folder, CHASED, &before).await;
    let what = format!("recovery run, released ({rows} rows)");
    tell(Timing { what, took, floor: Some(floor), aim: "-" });
}

/// Ten clients open account pages, signed in, through every layer of the door.
async fn account_pages(test: &TestDesk, tell: &impl Fn(Timing)) {
    let admin = test.role(sundry_domain::control::Role::Administrator);
    let ask = AddUser {
        key: "u".into(),
        sign_in_name: "bench".into(),
        display_name: "Bench".into(),
        roles: vec!["team_leader".into()],
        limit: Pence::ZERO,
        password: "a password for the bench".into(),
    };
    add_user(&test.desk, &admin, ask).await.expect("a user");
    let doors = Doors::new(test.desk.clone(), Vec::new(), false);
    let token =
        sign_in(&test.desk, "bench", "a password for the bench").await.expect("signs in").expect("is known").token;
    let cookie = format!("{}={token}", doors.cookie_name());
    let app = router(doors);
    let clients = (0..10usize).map(|client| {
        let (app, cookie) = (app.clone(), cookie.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            for i in 0..60usize {
                let path = format!("/customers/C{}/items", 100_001 + (client * 61 + i * 7) % 2_000);
                let request = Request::get(path).header("cookie", &cookie).body(Body::empty()).expect("a request");
                let started = Instant::now();
                let response = app.clone().oneshot(request).await.expect("an answer");
                assert_eq!(response.status(), 200);
                axum::body::to_bytes(response.into_body(), 10_000_000).await.expect("a page");
                times.push(started.elapsed());
            }
            times
        })
    });
    let mut times = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        times.extend(client.await.expect("a client ends"));
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    tell(Timing { what: "account page, 50th percentile of 10 clients".into(), took: at(50), floor: None, aim: "-" });
    tell(Timing {
        what: "account page, 99th percentile of 10 clients".into(),
        took: at(99),
        floor: None,
        aim: "under 50 ms",
    });
}

/// A thousand letters, each with its own number.
pub fn thousand_letters() -> Duration {
    use sundry_paper::{Language, LetterKind, Printer, samples};
    let printer = Printer::new();
    let mut letter = samples::letter(LetterKind::Reminder1, Language::English);
    let started = Instant::now();
    for i in 0..1_000 {
        letter.number = format!("LTR-{i:06}");
        printer.pdf(&letter).expect("a letter");
    }
    started.elapsed()
}
