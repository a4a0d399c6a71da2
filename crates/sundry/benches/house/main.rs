//! `make bench`: what the desk does, timed beside the floor on the same data in the same run.
//!
//! `cargo bench -p sundry --bench house -- 20000 200000`: sizes in open items. The floor of a posting is the bare
//! insert of the very rows it left, into an empty database of the same kind; the floor of a report is the bare sum
//! over the same rows. Ratios travel between machines; seconds do not.
mod data;
mod floor;
mod house;

use std::time::Duration;
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

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![20_000, 200_000] } else { sizes };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    println!("| engine | open items | what | time | floor | ratio | aim |");
    println!("|---|---|---|---|---|---|---|");
    for engine in engines() {
        for size in &sizes {
            runtime.block_on(house::run(engine, *size, |timing| print(engine, *size, &timing)));
        }
    }
    println!("| - | - | 1,000 letters as PDF, one thread | {} | - | - | under 6 s |", words(house::thousand_letters()));
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
