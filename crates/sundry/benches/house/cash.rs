//! Bank lines against open items: how long from file to posted, and how that grows.
use super::data::{ledger, today};
use super::house::take_in;
use super::{Timing, memory, timed};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, import_bank_statement};
use sundry_desk::cash::match_cash::{CashMatched, MatchCash, match_cash};
use sundry_desk::core::testing::TestDesk;
use sundry_store::Engine;

/// Lines and open items: three sizes ten times apart, and as many lines as items.
pub const SIZES: &[(usize, usize)] = &[(1_000, 10_000), (10_000, 10_000), (10_000, 100_000), (100_000, 1_000_000)];

/// Takes in a bank file and posts what is certain.
pub async fn match_file(test: &TestDesk, bank: Vec<u8>) -> CashMatched {
    let (desk, by) = (&test.desk, test.operator());
    let ask = ImportBankStatement {
        key: "b".into(),
        file_name: "bank.csv".into(),
        bytes: bank,
        format: Some("csv:neutral".into()),
        ..ImportBankStatement::default()
    };
    import_bank_statement(desk, &by, ask).await.expect("the bank file is taken in");
    match_cash(desk, &by, MatchCash { key: "m".into() }).await.expect("cash is matched")
}

/// Times one engine at one size.
pub async fn run(engine: Engine, (lines, items): (usize, usize), tell: impl Fn(Timing)) {
    let files = ledger(items, lines);
    let test = TestDesk::on(engine, &today().to_string()).await;
    let bank = files.bank.clone();
    take_in(&test, files).await;
    memory::from_here();
    let (answer, took) = timed(match_file(&test, bank)).await;
    let settled = answer.posted + answer.on_account;
    assert!(settled * 10 >= answer.lines * 6, "{settled} of {} posted", answer.lines);
    let aim = match (lines, items) {
        (10_000, 10_000) => "under 2 s",
        (100_000, _) => "under 60 s, 4 GB",
        _ => "-",
    };
    let each = took.as_micros() / lines as u128;
    let what = format!(
        "{lines} bank lines, import to posted: {settled} posted, {each} µs a line, {} MB at most",
        memory::peak()
    );
    tell(Timing { what, took, floor: None, aim });
    test.desk.db().close().await;
}
