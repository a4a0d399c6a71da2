//! Scoring verdicts: precision, straight-through rate and calibration, by kind.
use crate::kinds::{Answer, Sample, Wanted};
use crate::town::Town;
use std::collections::BTreeMap;
use std::fmt::Write;
use sundry_domain::cash::{Candidate, Decision, Lessons, MatchBook, Verdict};

/// What became of the lines of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub lines: usize,
    /// Lines that a careful cashier would post at once.
    pub to_post: usize,
    pub posted: usize,
    pub posted_right: usize,
    /// Of those, posted right.
    pub through: usize,
    /// Lines where the first answer is wanted from, posted or suggested.
    pub to_name: usize,
    pub first_right: usize,
    /// Nobody's money, left alone or in suspense as it should be.
    pub left_right: usize,
}

/// A stretch of confidence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bin {
    pub lines: i64,
    pub right: i64,
    pub said_ppm: i64,
}

/// Everything measured.
#[derive(Clone, Debug, Default)]
pub struct Score {
    pub kinds: BTreeMap<&'static str, Tally>,
    pub all: Tally,
    pub bins: BTreeMap<i64, Bin>,
    /// Sum of squared errors, in parts per million each.
    brier: i64,
    /// Posted wrong, for people who look.
    pub wrong: Vec<String>,
}

/// Lower ends of the bins, in parts per million.
const EDGES: &[i64] = &[0, 100_000, 300_000, 500_000, 700_000, 900_000, 950_000, 990_000, 999_000];

fn answer_of(candidate: &Candidate) -> Answer {
    let mut lines: Vec<(i64, i64)> = candidate.all_lines().map(|(item, amount)| (item.0, amount.0)).collect();
    lines.sort_unstable();
    let customer = if candidate.others.is_empty() { candidate.customer } else { None };
    Answer { customer, lines, on_account: candidate.on_account.0 }
}

/// Matches the lines of a town.
pub fn verdicts(town: &Town, samples: &[Sample]) -> Vec<Verdict> {
    let customers = town.debtors.iter().map(|d| d.facts.clone()).collect();
    let mut book = MatchBook::new(town.items.clone(), customers, town.learned.clone())
        .with_lessons(Lessons::default())
        .with_expectations(town.expected.clone());
    let lines: Vec<_> = samples.iter().map(|s| s.line.clone()).collect();
    book.match_all(&lines)
}

impl Score {
    /// Adds the verdicts of some lines.
    pub fn add(&mut self, samples: &[Sample], verdicts: &[Verdict]) {
        for (sample, verdict) in samples.iter().zip(verdicts) {
            let mut tally = Tally { lines: 1, ..Tally::default() };
            let posted = verdict.posted().map(answer_of);
            let first = verdict.candidates.first().map(answer_of);
            let is_right = |answer: &Option<Answer>| answer.as_ref() == Some(&sample.answer);
            tally.posted = usize::from(posted.is_some());
            tally.posted_right = usize::from(is_right(&posted));
            match sample.wanted {
                Wanted::Post | Wanted::Look => {
                    tally.to_post = usize::from(sample.wanted == Wanted::Post);
                    tally.through = tally.to_post * tally.posted_right;
                    tally.to_name = 1;
                    tally.first_right = usize::from(is_right(&first));
                }
                Wanted::Suspense => tally.left_right = usize::from(posted.is_none()),
                Wanted::Aside => {
                    tally.left_right = usize::from(matches!(verdict.decision, Decision::NotAReceipt(_)));
                }
            }
            if let Some(candidate) = verdict.candidates.first() {
                self.calibrate(candidate.confidence_ppm, is_right(&first));
            }
            if posted.is_some() && tally.posted_right == 0 {
                self.wrong.push(shown(sample, verdict));
            }
            self.kinds.entry(sample.kind).or_default().add(&tally);
            self.all.add(&tally);
        }
    }

    fn calibrate(&mut self, said_ppm: i64, right: bool) {
        let edge = EDGES.iter().rev().find(|edge| **edge <= said_ppm).copied().unwrap_or_default();
        let bin = self.bins.entry(edge).or_default();
        bin.lines += 1;
        bin.right += i64::from(right);
        bin.said_ppm += said_ppm;
        let off = if right { 1_000_000 - said_ppm } else { said_ppm };
        self.brier += off * off / 1_000_000;
    }

    /// Lines with an answer to weigh.
    pub fn weighed(&self) -> i64 {
        self.bins.values().map(|b| b.lines).sum()
    }

    /// The mean squared error of the confidence, in parts per million (0 is perfect, 250,000 is tossing a coin).
    pub fn brier_ppm(&self) -> i64 {
        self.brier / self.weighed().max(1)
    }

    /// Of what is posted, right: parts per million.
    pub fn precision_ppm(&self) -> i64 {
        ppm(self.all.posted_right, self.all.posted)
    }

    /// Of what should be posted, posted right: parts per million.
    pub fn straight_through_ppm(&self) -> i64 {
        ppm(self.all.through, self.all.to_post)
    }

    /// Of the lines with an answer, the first is right: parts per million.
    pub fn first_ppm(&self) -> i64 {
        ppm(self.all.first_right, self.all.to_name)
    }

    /// The tables, as the handbook shows them.
    pub fn tables(&self) -> String {
        let mut out = String::from(
            "| kind of line | lines | posted | of them right | straight through | first answer right | left alone |\n|---|--:|--:|--:|--:|--:|--:|\n",
        );
        for (kind, tally) in self.kinds.iter().chain(std::iter::once((&"all", &self.all))) {
            let _ = writeln!(
                out,
                "| {kind} | {} | {} | {} | {} | {} | {} |",
                tally.lines,
                tally.posted,
                percent(tally.posted_right, tally.posted),
                percent(tally.through, tally.to_post),
                percent(tally.first_right, tally.to_name),
                percent(tally.left_right, tally.lines - tally.to_name),
            );
        }
        out.push_str("\n| confidence from | lines | said, on average | was right |\n|--:|--:|--:|--:|\n");
        for (edge, bin) in &self.bins {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                thousandths(*edge),
                bin.lines,
                thousandths(bin.said_ppm / bin.lines.max(1)),
                percent(bin.right as usize, bin.lines as usize),
            );
        }
        let _ = writeln!(out, "\nBrier score: 0.{:06}", self.brier_ppm());
        out
    }
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.lines += other.lines;
        self.to_post += other.to_post;
        self.through += other.through;
        self.posted += other.posted;
        self.posted_right += other.posted_right;
        self.to_name += other.to_name;
        self.first_right += other.first_right;
        self.left_right += other.left_right;
    }
}

fn ppm(part: usize, of: usize) -> i64 {
    (part * 1_000_000).checked_div(of).unwrap_or(1_000_000) as i64
}

fn thousandths(ppm: i64) -> String {
    format!("{}.{} %", ppm / 10_000, ppm / 1_000 % 10)
}

fn percent(part: usize, of: usize) -> String {
    let share = (part * 10_000).checked_div(of);
    share.map_or_else(|| "–".into(), |share| format!("{}.{:02} %", share / 100, share % 100))
}

/// A line with what was said of it.
pub fn shown(sample: &Sample, verdict: &Verdict) -> String {
    let l = &sample.line;
    let mut out = format!(
        "{} | {} | {} | {} | {:?} | wanted {:?} {:?}",
        sample.kind, l.amount, l.payer_name, l.text, l.payer_print, sample.wanted, sample.answer
    );
    for c in &verdict.candidates {
        let _ = write!(
            out,
            "\n    {} {:?}\n      + {:?}\n      - {:?}",
            c.confidence_ppm,
            answer_of(c),
            c.reasons_for,
            c.reasons_against
        );
    }
    out
}
