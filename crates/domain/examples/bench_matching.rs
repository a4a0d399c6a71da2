//! `make bench-matching`: the matcher on a larger benchmark than the test's, as the handbook publishes it.
//!
//! Two numbers may follow: the first seed and how many seeds.
#[path = "../tests/matching/dice.rs"]
mod dice;
#[path = "../tests/matching/kinds.rs"]
mod kinds;
#[path = "../tests/matching/score.rs"]
mod score;
#[path = "../tests/matching/town.rs"]
mod town;

use std::time::{Duration, Instant};

fn main() {
    let asked: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let (first, seeds) = (asked.first().copied().unwrap_or(1_001), asked.get(1).copied().unwrap_or(10));
    let (mut all, mut lines, mut took) = (score::Score::default(), 0, Duration::ZERO);
    for seed in first..first + seeds {
        let mut town = town::Town::of(seed, 5_000);
        let samples = kinds::lines(&mut town, seed, 5_000);
        let started = Instant::now();
        let verdicts = score::verdicts(&town, &samples);
        took += started.elapsed();
        lines += samples.len();
        all.add(&samples, &verdicts);
    }
    println!(
        "{lines} lines against 10 books of 5,000 debtors, seeds {first} to {}, in {took:.1?}\n",
        first + seeds - 1
    );
    println!("{}", all.tables());
    println!(
        "precision {} ppm, straight through {} ppm, first answer right {} ppm",
        all.precision_ppm(),
        all.straight_through_ppm(),
        all.first_ppm()
    );
    if std::env::var_os("SUNDRY_SHOW_WRONG").is_some() {
        println!("\nposted wrong:\n{}", all.wrong.join("\n"));
    }
}
