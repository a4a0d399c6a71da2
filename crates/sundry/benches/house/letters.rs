//! A thousand letters: as the printer sets them, and as a print run keeps them.
use super::data::{ledger, today};
use super::house::take_in;
use super::{Timing, timed};
use std::time::Instant;
use sundry_desk::core::testing::TestDesk;
use sundry_desk::delivery::{PrintLetters, print_letters};
use sundry_desk::recovery::{ReleaseDay, release_day};
use sundry_paper::{Language, LetterKind, Printer, samples};
use sundry_store::Engine;

/// Times a thousand letters, each with its own number, then the print run of a thousand that wait.
pub async fn run(tell: impl Fn(Timing)) {
    let printer = Printer::new();
    let mut letter = samples::letter(LetterKind::Reminder1, Language::English);
    let started = Instant::now();
    for i in 0..1_000 {
        letter.number = format!("LTR-{i:06}");
        printer.pdf(&letter).expect("a letter");
    }
    let what = "1,000 letters as PDF, one thread".to_owned();
    tell(Timing { what, took: started.elapsed(), floor: None, aim: "-" });

    let test = TestDesk::on(Engine::Sqlite, &today().to_string()).await;
    take_in(&test, ledger(8_000, 1)).await;
    let (desk, by) = (&test.desk, test.operator());
    let day = ReleaseDay { key: "day".into(), date: today() };
    release_day(desk, &by, day, &|_, _| ()).await.expect("a run");
    let ask = PrintLetters { key: "p".into(), limit: 1_000 };
    let (batch, took) = timed(async { print_letters(desk, &by, ask, &|_, _| ()).await.expect("a batch") }).await;
    assert_eq!(batch.batch.letters_count, 1_000);
    let what = format!("print run of 1,000 letters: each kept, {} print files", batch.parts.len());
    tell(Timing { what, took, floor: None, aim: "under 6 s" });
    desk.db().close().await;
}
