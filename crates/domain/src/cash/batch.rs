//! A file of bank lines: strong evidence first, then in the order the money came.
use super::book::MatchBook;
use super::decide::Judged;
use super::facts::BankLineFacts;
use super::tokens::squeeze;
use super::verdict::{Candidate, Verdict};
use crate::ids::ItemId;
use crate::money::Pence;
use std::collections::BTreeMap;

impl MatchBook {
    /// Matches the lines of a file against a book that shrinks as they are posted.
    ///
    /// A line whose number stands in the text goes before one that was guessed at,
    /// so that it is not robbed; among equals the bank's own running numbers decide
    /// which of two payments of an item came first, and where there are none, the
    /// dates. Verdicts are in the order of the lines given.
    pub fn match_all(&mut self, lines: &[BankLineFacts]) -> Vec<Verdict> {
        let first: Vec<Judged> = lines.iter().map(|line| self.judge(line, false)).collect();
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by_cached_key(|at| (first[*at].tier, came(&lines[*at])));
        let mut verdicts: Vec<Option<Verdict>> = Vec::new();
        verdicts.resize_with(lines.len(), || None);
        let mut touched: BTreeMap<ItemId, Pence> = BTreeMap::new();
        let mut first: Vec<Option<Judged>> = first.into_iter().map(Some).collect();
        for at in order {
            let judged = first[at].take().expect("each line is taken once");
            let stale = judged.tier == 2 || touches(&judged.verdict, &touched);
            let verdict = if stale { self.match_line(&lines[at]) } else { judged.verdict };
            if let Some(candidate) = verdict.posted() {
                self.apply(candidate);
                touched.extend(candidate.lines.iter().copied());
            }
            verdicts[at] = Some(verdict);
        }
        verdicts.into_iter().map(|v| v.expect("every line has a turn")).collect()
    }
}

/// A line posted before has changed an item of the verdict.
fn touches(verdict: &Verdict, touched: &BTreeMap<ItemId, Pence>) -> bool {
    verdict.candidates.iter().flat_map(Candidate::all_lines).any(|(item, _)| touched.contains_key(&item))
}

/// When the money came: the bank's running number if it has a long one, then the date, then our id.
fn came(line: &BankLineFacts) -> (usize, String, chrono::NaiveDate, i64) {
    let key = squeeze(&line.bank_key);
    let digits = key.chars().filter(char::is_ascii_digit).count();
    let runs_on = digits >= 6 && key.len() - digits <= 3;
    let key = if runs_on { key } else { String::new() };
    (key.len(), key, line.on, line.line.0)
}
