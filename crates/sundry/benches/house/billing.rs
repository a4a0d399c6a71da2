//! The periodic run: two-line invoices previewed, posted, numbered, journalled and proved, at three sizes.
use super::many_contracts::fill;
use super::{Timing, timed};
use sundry_desk::billing::contracts::{
    PrepareBillingRun, PreviewAsk, ReleaseBillingRun, prepare_billing_run, preview_billing, release_billing_run,
};
use sundry_desk::billing::uplifts::{UpliftAsk, preview_uplift};
use sundry_desk::core::testing::TestDesk;
use sundry_desk::customers::{ImportCustomers, import_customers};
use sundry_store::Engine;

/// Contracts, each with one payer and two charges.
pub const SIZES: [usize; 3] = [2_500, 10_000, 25_000];

/// Times the preview and the release of a run over so many contracts.
pub async fn run(engine: Engine, size: usize, tell: impl Fn(Timing)) {
    let test = TestDesk::on(engine, "2026-05-31").await;
    let (desk, by) = (&test.desk, test.operator());
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
    import_customers(desk, &by, ask).await.expect("customers are taken in");
    fill(desk.db(), size, false).await;
    desk.db().take_stock().await.expect("takes stock");
    let up_to = "2026-05-31".parse().expect("a date");
    let ask = PreviewAsk { up_to, ..PreviewAsk::default() };
    let (seen, took) = timed(async { preview_billing(desk, &by, ask).await.expect("previews") }).await;
    assert_eq!(seen.totals.invoices, size as i64);
    tell(Timing { what: "billing run, preview".into(), took, floor: None, aim: "" });
    let ask = UpliftAsk { from_on: "2026-09-07".parse().expect("a date"), by: "4.5%".into(), ..UpliftAsk::default() };
    let (seen, took) = timed(async { preview_uplift(desk, &by, &ask).await.expect("previews") }).await;
    assert_eq!(seen.charges, 2 * size as i64);
    let aim = "50,000 charges under 2 s";
    tell(Timing { what: "uplift, preview line by line".into(), took, floor: None, aim });
    let ask = PrepareBillingRun { key: "p".into(), up_to, service: String::new(), cycle: String::new() };
    let number = prepare_billing_run(desk, &by, ask).await.expect("prepares").number;
    let ask = ReleaseBillingRun { key: "r".into(), number };
    let work = async { release_billing_run(desk, &by, ask, &|_, _| ()).await.expect("is released") };
    let (done, took) = timed(work).await;
    assert_eq!((done.totals.lines, done.ledger_pence), (2 * size as i64, Some(done.totals.gross_pence)));
    let aim = "25,000 under 10 s on SQLite, 20 s on PostgreSQL";
    tell(Timing { what: "billing run, posted and proved".into(), took, floor: None, aim });
    desk.db().clone().close().await;
}
