//! The invoices of a periodic run as PDF: written by the day's run, then set, kept and put into print files.
use super::billing::{prepared, released, with_contracts};
use super::{Timing, memory, timed};
use std::time::{Duration, Instant};
use sundry_desk::delivery::{PrintLetters, print_letters};
use sundry_desk::recovery::{ReleaseDay, release_day};
use sundry_paper::{Language, LetterKind, Printer, samples};
use sundry_store::Engine;

/// Invoices of a run.
pub const SIZES: [usize; 3] = [1_000, 5_000, 25_000];

/// Invoices set for the floor.
const BARE: u32 = 600;

/// Times the letters of so many invoices, and their print run.
pub async fn run(engine: Engine, size: usize, tell: impl Fn(Timing)) {
    let test = with_contracts(engine, size).await;
    let (desk, by) = (&test.desk, test.operator());
    let number = prepared(&test, "2026-05-31").await;
    released(&test, "r", &number).await;
    let ask = ReleaseDay { key: "day".into(), date: "2026-05-31".parse().expect("a date") };
    let (day, took) = timed(async { release_day(desk, &by, ask, &|_, _| ()).await.expect("a run") }).await;
    assert_eq!(day.totals.letters["invoice"].count, size as i64);
    tell(Timing { what: "letters of the invoices, written".into(), took, floor: None, aim: "-" });

    let floor = bare() * size as u32 / BARE;
    let before = memory::from_here();
    let ask = PrintLetters { key: "p".into(), limit: size as i64 };
    let (batch, took) = timed(async { print_letters(desk, &by, ask, &|_, _| ()).await.expect("a batch") }).await;
    assert_eq!(batch.batch.letters_count, size as i64);
    let a_second = size as u128 * 1_000 / took.as_millis().max(1);
    let (files, peak) = (batch.parts.len(), memory::peak());
    let what = format!(
        "invoices as PDF, each kept, {files} print files: {a_second} a second, {peak} MB at most, {} more than before",
        peak.saturating_sub(before)
    );
    tell(Timing { what, took, floor: Some(floor), aim: "200 a second" });
    desk.db().clone().close().await;
}

/// How long the printer alone takes for [`BARE`] invoices, a thread a core.
fn bare() -> Duration {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for core in 0..cores {
            scope.spawn(move || {
                let printer = Printer::new();
                let mut letter = samples::letter(LetterKind::Invoice, Language::English);
                for i in 0..BARE / cores {
                    letter.number = format!("INV-{core}{i:06}");
                    printer.pdf(&letter).expect("an invoice");
                }
            });
        }
    });
    started.elapsed()
}
