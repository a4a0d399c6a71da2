//! `make bench`: what the desk does, timed beside the floor on the same data in the same run.
//!
//! `cargo bench -p sundry --bench house -- 20000 200000`: sizes in open items; with `day`, `billing`, `invoices`, `cash` or
//! `letters`, only that part (and SUNDRY_TEST_ENGINE=sqlite or postgres: only that engine). The floor of a posting is the bare
//! insert of the very rows it left, into an empty database of the same kind; the floor of a report is the bare sum
//! over the same rows. Ratios travel between machines; seconds do not.
mod billing;
mod cash;
mod data;
mod floor;
mod house;
mod invoices;
mod letters;
#[path = "../../tests/sundry/many_contracts.rs"]
mod many_contracts;
mod memory;
mod pages;

use std::time::{Duration, Instant};
use sundry_store::Engine;
use sundry_store::engine::testing::engines;

/// One line of the table.
pub struct Timing {
    /// What was done.
    pub what: String,
    /// How long it took.
    pub took: Duration,
    /// How long the floor took, where there is one.
    pub floor: Option<Duration>,
    /// What is aimed at.
    pub aim: &'static str,
}

/// What can be asked for by name.
const PARTS: [&str; 5] = ["day", "billing", "invoices", "cash", "letters"];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let named = |those: &[&str]| words.iter().any(|word| those.contains(&word.as_str()));
    let wanted = |part: &str| !named(&PARTS) || named(&[part]);
    let sizes = if sizes.is_empty() { vec![20_000, 200_000] } else { sizes };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    println!("| engine | open items | what | time | floor | ratio | aim |");
    println!("|---|---|---|---|---|---|---|");
    for engine in engines() {
        for size in sizes.iter().filter(|_| wanted("day")) {
            runtime.block_on(house::run(engine, *size, |timing| print(engine, *size, &timing)));
        }
        for size in billing::SIZES.iter().filter(|_| wanted("billing")) {
            runtime.block_on(billing::run(engine, *size, |timing| print(engine, *size, &timing)));
        }
        for size in invoices::SIZES.iter().filter(|_| wanted("invoices")) {
            runtime.block_on(invoices::run(engine, *size, |timing| print(engine, *size, &timing)));
        }
        for size in cash::SIZES.iter().filter(|_| wanted("cash")) {
            runtime.block_on(cash::run(engine, *size, |timing| print(engine, size.1, &timing)));
        }
    }
    if wanted("letters") {
        runtime.block_on(letters::run(|timing| print(Engine::Sqlite, 8_000, &timing)));
    }
}

/// What work answers, and how long it took.
async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let started = Instant::now();
    let answer = work.await;
    (answer, started.elapsed())
}

fn print(engine: Engine, size: usize, timing: &Timing) {
    let engine = match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let (floor, ratio) = match timing.floor {
        None => ("-".to_owned(), "-".to_owned()),
        Some(floor) => {
            let tenths = timing.took.as_micros() * 10 / floor.as_micros().max(1);
            (words(floor), format!("{}.{}", tenths / 10, tenths % 10))
        }
    };
    println!("| {engine} | {size} | {} | {} | {floor} | {ratio} | {} |", timing.what, words(timing.took), timing.aim);
}

fn words(took: Duration) -> String {
    let micros = took.as_micros();
    if micros >= 1_000_000 {
        format!("{}.{:02} s", micros / 1_000_000, micros % 1_000_000 / 10_000)
    } else {
        format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10)
    }
}
