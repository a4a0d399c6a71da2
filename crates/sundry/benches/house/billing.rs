//! The periodic run: two-line invoices previewed, posted, numbered, journalled and proved, at three sizes.
use super::many_contracts::fill;
use super::{Timing, floor, memory, timed};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use sundry_desk::billing::contracts::{
    BillingRunShown, PrepareBillingRun, PreviewAsk, ReleaseBillingRun, prepare_billing_run, preview_billing,
    release_billing_run,
};
use sundry_desk::billing::uplifts::{UpliftAsk, preview_uplift};
use sundry_desk::core::testing::TestDesk;
use sundry_desk::customers::{ImportCustomers, import_customers};
use sundry_store::Engine;
use tokio::sync::Notify;

/// Contracts, each with one payer and two charges.
pub const SIZES: [usize; 3] = [2_500, 10_000, 25_000];

const BILLED: &[&str] = &["document", "document_line", "open_item", "journal", "entry", "contract_charge"];

/// A desk with so many contracts to bill.
pub async fn with_contracts(engine: Engine, size: usize) -> TestDesk {
    let test = TestDesk::on(engine, "2026-05-31").await;
    let mut rows = String::from("customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n");
    for i in 0..1_000 {
        rows.push_str(&format!("C{},Payer {i},company,{i} Mill Lane,Oakham,ZZ1 1ZZ,,30,,\n", 100_001 + i));
    }
    let ask = ImportCustomers {
        key: "c".into(),
        file_name: "customers.csv".into(),
        bytes: rows.into_bytes(),
        dry_run: false,
        accept_good: false,
    };
    import_customers(&test.desk, &test.operator(), ask).await.expect("customers are taken in");
    fill(test.desk.db(), size, false).await;
    test.desk.db().take_stock().await.expect("takes stock");
    test
}

/// Prepares a run up to a day; gives its number.
pub async fn prepared(test: &TestDesk, up_to: &str) -> String {
    let up_to = up_to.parse().expect("a date");
    let ask = PrepareBillingRun { key: format!("p {up_to}"), up_to, service: String::new(), cycle: String::new() };
    prepare_billing_run(&test.desk, &test.operator(), ask).await.expect("prepares").number
}

/// Releases a run; gives what it did, and when each piece of it was told.
pub async fn released(test: &TestDesk, key: &str, number: &str) -> (BillingRunShown, Vec<Duration>) {
    let (started, told) = (Instant::now(), Mutex::new(Vec::new()));
    let tell = |_: i64, _: i64| told.lock().expect("one teller").push(started.elapsed());
    let ask = ReleaseBillingRun { key: key.into(), number: number.into() };
    let done = release_billing_run(&test.desk, &test.operator(), ask, &tell).await.expect("is released");
    (done, told.into_inner().expect("one teller"))
}

/// Times the previews, the release of a run over so many contracts, and the resumption of the next one.
pub async fn run(engine: Engine, size: usize, tell: impl Fn(Timing)) {
    let test = with_contracts(engine, size).await;
    let (desk, by) = (&test.desk, test.operator());
    let up_to = "2026-05-31".parse().expect("a date");
    let floor = Some(floor::bare_charges(desk.db()).await);
    let before = memory::from_here();
    let ask = PreviewAsk { up_to, ..PreviewAsk::default() };
    let (seen, took) = timed(async { preview_billing(desk, &by, ask).await.expect("previews") }).await;
    assert_eq!(seen.totals.invoices, size as i64);
    let what = format!("billing run, preview{}", more_than(before));
    tell(Timing { what, took, floor, aim: "" });

    let before = memory::from_here();
    let ask = UpliftAsk { from_on: "2026-09-07".parse().expect("a date"), by: "4.5%".into(), ..UpliftAsk::default() };
    let (seen, took) = timed(async { preview_uplift(desk, &by, &ask).await.expect("previews") }).await;
    assert_eq!(seen.charges, 2 * size as i64);
    let what = format!("uplift of {} charges, preview line by line{}", seen.charges, more_than(before));
    tell(Timing { what, took, floor, aim: "50,000 charges under 2 s" });

    let number = prepared(&test, "2026-05-31").await;
    let before = memory::from_here();
    let ((done, told), took) = timed(released(&test, "r", &number)).await;
    assert_eq!((done.totals.lines, done.ledger_pence), (2 * size as i64, Some(done.totals.gross_pence)));
    let memory = more_than(before);
    let folder = tempfile::tempdir().expect("a folder");
    let none = floor::Counts::new();
    let (floor, rows) = floor::bare_insert(desk.db(), engine, folder.path(), BILLED, &none).await;
    let an_hour = done.totals.lines as u128 * 3_600_000 / took.as_millis().max(1);
    let what = format!("billing run, posted and proved ({rows} rows), {an_hour} lines an hour{memory}");
    let aim = "25,000 under 10 s on SQLite, 20 s on PostgreSQL";
    tell(Timing { what, took, floor: Some(floor), aim });
    resume(&test, usual(&told), &tell).await;
    desk.db().clone().close().await;
}

/// The next run is cut off half-way, as by a power cut, and begun again: how long until its next piece is done, beyond
/// what a piece takes.
async fn resume(test: &TestDesk, piece: Duration, tell: &impl Fn(Timing)) {
    let number = prepared(test, "2026-06-30").await;
    let half = Notify::new();
    {
        let stop = |done: i64, total: i64| {
            if done * 2 >= total {
                half.notify_one();
            }
        };
        let ask = ReleaseBillingRun { key: "r2".into(), number: number.clone() };
        let by = test.operator();
        tokio::select! {
            ended = release_billing_run(&test.desk, &by, ask, &stop) => drop(ended.expect("is released")),
            () = half.notified() => {}
        }
    }
    let (done, told) = released(test, "r3", &number).await;
    assert_eq!((done.state.as_str(), done.ledger_pence), ("done", Some(done.totals.gross_pence)));
    let took = told.first().copied().unwrap_or_default().saturating_sub(piece);
    let what = format!("billing run cut off and begun again, beyond a piece of {} ms", piece.as_millis());
    tell(Timing { what, took, floor: None, aim: "under 1 s" });
}

/// What a piece of a run usually takes, its preparation left out.
fn usual(told: &[Duration]) -> Duration {
    let mut each: Vec<Duration> = told.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect();
    each.sort_unstable();
    each.get(each.len() / 2).copied().unwrap_or_default()
}

/// `, 12 MB more than before at most`.
fn more_than(before: u64) -> String {
    let peak = memory::peak();
    format!(", {peak} MB at most, {} more than before", peak.saturating_sub(before))
}
