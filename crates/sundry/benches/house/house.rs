//! What is timed, in the order of a first day.
use super::cash::match_file;
use super::data::{Ledger, ledger, today};
use super::{Timing, floor, pages, timed};
use std::time::Duration;
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::core::testing::TestDesk;
use sundry_desk::customers::{ImportCustomers, import_customers};
use sundry_desk::ledger::verify::verify;
use sundry_desk::recovery::pathways::{SavePathwayDraft, SimulatePathway, save_pathway_draft, simulate_pathway};
use sundry_desk::recovery::{ReleaseDay, pathways, preview_day, release_day};
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_desk::{Actor, Desk};
use sundry_store::Engine;

const POSTED: &[&str] = &["document", "document_line", "open_item", "journal", "entry"];
const CHASED: &[&str] = &["letter", "letter_item", "step_taken", "run_refusal"];
const MATCHED: &[&str] = &["receipt", "open_item", "allocation", "journal", "entry", "suggestion"];

/// Takes in the customers and invoices of a ledger; gives how long the invoices took.
pub async fn take_in(test: &TestDesk, files: Ledger) -> Duration {
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
    timed(async { import_invoices(desk, &by, ask).await.expect("invoices are taken in") }).await.1
}

/// Times one engine at one size, telling each figure as it is known.
pub async fn run(engine: Engine, size: usize, tell: impl Fn(Timing)) {
    let mut files = ledger(size, size / 10);
    let test = TestDesk::on(engine, &today().to_string()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let bank = std::mem::take(&mut files.bank);
    let desk = &test.desk;
    let took = take_in(&test, files).await;
    let (floor, rows) = floor::bare_insert(desk.db(), engine, folder.path(), POSTED, &floor::Counts::new()).await;
    let what = format!("import and post invoices ({rows} rows)");
    tell(Timing { what, took, floor: Some(floor), aim: "within 5" });

    age(&test, "today", today(), &tell).await;
    match_bank(engine, &test, folder.path(), bank, &tell).await;
    age(&test, "as at a month ago", today() - chrono::Days::new(30), &tell).await;
    chase(engine, &test, folder.path(), &tell).await;
    pages::run(&test, size, &tell).await;
    let (proof, took) = timed(async { verify(desk, None, |_, _| ()).await.expect("verify runs") }).await;
    assert!(proof.failures().is_empty(), "{:?}", proof.failures());
    tell(Timing { what: "verify".into(), took, floor: None, aim: "200,000 items under 5 s" });
    desk.db().close().await;
}

/// Aged debt, like its floor, at the best of three.
async fn age(test: &TestDesk, when: &str, as_at: chrono::NaiveDate, tell: &impl Fn(Timing)) {
    let (desk, by, ask) = (&test.desk, test.operator(), AskAgedDebt::by_customer(as_at));
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let (_, took) = timed(async { aged_debt(desk, &by, &ask).await.expect("a report") }).await;
        best = best.min(took);
    }
    let floor = Some(floor::bare_sum(desk.db()).await);
    tell(Timing { what: format!("aged debt {when}"), took: best, floor, aim: "within 3" });
}

async fn match_bank(engine: Engine, test: &TestDesk, folder: &std::path::Path, bank: Vec<u8>, tell: &impl Fn(Timing)) {
    let desk = &test.desk;
    let before = floor::counts(desk.db(), MATCHED).await;
    let (answer, took) = timed(match_file(test, bank)).await;
    let (floor, _) = floor::bare_insert(desk.db(), engine, folder, MATCHED, &before).await;
    let what = format!("import and match {} bank lines, {} posted", answer.lines, answer.posted + answer.on_account);
    tell(Timing { what, took, floor: Some(floor), aim: "-" });
}

/// A draft that gives everyone three days more, tried on the whole book.
async fn try_pathway(desk: &Desk, by: &Actor) {
    let all = pathways(desk, by).await.expect("pathways");
    let live = all.into_iter().find(|one| one.pathway.code == "individual").expect("one").pathway;
    let mut draft = SavePathwayDraft {
        key: "draft".into(),
        code: live.code,
        changes: 0,
        name: live.name,
        words: live.words,
        applies: live.applies,
        moves_open: true,
        steps: live.steps,
    };
    draft.steps[1].day += 3;
    save_pathway_draft(desk, by, draft).await.expect("a draft");
    let ask = SimulatePathway { key: "try".into(), code: "individual".into(), kind: "live".into() };
    simulate_pathway(desk, by, ask, &|_, _| ()).await.expect("a year");
}

async fn chase(engine: Engine, test: &TestDesk, folder: &std::path::Path, tell: &impl Fn(Timing)) {
    let (desk, by) = (&test.desk, test.operator());
    let (_, took) = timed(try_pathway(desk, &by)).await;
    let aim = "200,000 items under 30 s";
    tell(Timing { what: "a year of a pathway, beside the one in force".into(), took, floor: None, aim });
    let (_, took) = timed(async { preview_day(desk, &by, today()).await.expect("a preview") }).await;
    tell(Timing { what: "recovery run, preview".into(), took, floor: None, aim: "-" });
    let before = floor::counts(desk.db(), CHASED).await;
    let ask = ReleaseDay { key: "day".into(), date: today() };
    let (_, took) = timed(async { release_day(desk, &by, ask, &|_, _| ()).await.expect("a run") }).await;
    let (floor, rows) = floor::bare_insert(desk.db(), engine, folder, CHASED, &before).await;
    let what = format!("recovery run, released ({rows} rows)");
    let aim = "200,000 items under 10 s, 20 s";
    tell(Timing { what, took, floor: Some(floor), aim });
}
