//! The matcher on lines of our own: UK narratives, with floors that it may not fall below.
mod dice;
mod kinds;
mod score;
mod town;

use score::Score;
use town::Town;

fn measured(seeds: std::ops::Range<u64>, debtors: usize, lines: usize) -> Score {
    let mut score = Score::default();
    for seed in seeds {
        let mut town = Town::of(seed, debtors);
        let samples = kinds::lines(&mut town, seed, lines);
        let verdicts = score::verdicts(&town, &samples);
        score.add(&samples, &verdicts);
    }
    score
}

#[test]
fn csh_09_own_benchmark_keeps_its_floors() {
    let score = measured(1..4, 1_500, 1_500);
    println!("{}", score.tables());
    assert!(score.precision_ppm() >= 998_500, "posted wrong:\n{}", score.wrong.join("\n"));
    assert!(score.straight_through_ppm() >= 940_000, "straight through {} ppm", score.straight_through_ppm());
    assert!(score.first_ppm() >= 930_000, "first answer right {} ppm", score.first_ppm());
    assert!(score.brier_ppm() <= 30_000, "Brier {} ppm", score.brier_ppm());
    assert_eq!(score.kinds["HMRC and bank's own"].posted, 0);
    assert_eq!(score.kinds["another ledger's number"].posted, 0);
}

#[test]
fn csh_09_the_same_seed_gives_the_same_lines_and_answers() {
    let (one, two) = (measured(9..10, 200, 300), measured(9..10, 200, 300));
    assert_eq!(one.tables(), two.tables());
}
