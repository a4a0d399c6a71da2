//! Which few of many amounts add up to a total, within fixed bounds.
use std::collections::HashMap;

/// Most amounts considered for pairs; for threes; for fours.
const BOUNDS: [usize; 3] = [4000, 500, 160];
/// Most answers of one size that are kept.
const KEPT: usize = 12;

/// The sets that add up, fewest amounts first, bounded for each size.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Positions in the list of amounts, ascending.
    pub answers: Vec<Vec<usize>>,
}

/// Finds two to four of the amounts that add up to the total, fewest first.
///
/// Amounts come most likely first: where the list is too long only its head is searched.
pub(super) fn two_to_four(amounts: &[i64], total: i64) -> Sums {
    let mut sums = Sums::default();
    pairs(&amounts[..amounts.len().min(BOUNDS[0])], total, &mut sums.answers);
    threes(&amounts[..amounts.len().min(BOUNDS[1])], total, &mut sums.answers);
    fours(&amounts[..amounts.len().min(BOUNDS[2])], total, &mut sums.answers);
    sums
}

fn pairs(amounts: &[i64], total: i64, answers: &mut Vec<Vec<usize>>) {
    let mut seen: HashMap<i64, Vec<usize>> = HashMap::new();
    let full = answers.len() + KEPT;
    for (j, amount) in amounts.iter().enumerate() {
        for i in seen.get(&(total - amount)).into_iter().flatten() {
            if answers.len() < full {
                answers.push(vec![*i, j]);
            }
        }
        seen.entry(*amount).or_default().push(j);
    }
}

fn threes(amounts: &[i64], total: i64, answers: &mut Vec<Vec<usize>>) {
    let mut by_amount: Vec<(i64, usize)> = amounts.iter().copied().zip(0..).collect();
    by_amount.sort_unstable();
    let full = answers.len() + KEPT;
    for a in 0..by_amount.len() {
        let (mut low, mut high) = (a + 1, by_amount.len());
        let rest = total - by_amount[a].0;
        while low + 1 < high {
            let sum = by_amount[low].0 + by_amount[high - 1].0;
            if sum == rest && answers.len() < full {
                let mut answer = vec![by_amount[a].1, by_amount[low].1, by_amount[high - 1].1];
                answer.sort_unstable();
                answers.push(answer);
            }
            if sum < rest { low += 1 } else { high -= 1 }
        }
    }
}

fn fours(amounts: &[i64], total: i64, answers: &mut Vec<Vec<usize>>) {
    let full = answers.len() + KEPT;
    let mut seen: HashMap<i64, Vec<(u16, u16)>> = HashMap::new();
    for c in 0..amounts.len() {
        for d in c + 1..amounts.len() {
            for (a, b) in seen.get(&(total - amounts[c] - amounts[d])).into_iter().flatten() {
                if answers.len() < full {
                    answers.push(vec![usize::from(*a), usize::from(*b), c, d]);
                }
            }
        }
        for a in 0..c {
            seen.entry(amounts[a] + amounts[c]).or_default().push((a as u16, c as u16));
        }
    }
}

/// Picks one of each list of choices so that their amounts add up to the total.
///
/// Gives every way, at most two of them, as two are already one too many.
pub(super) fn one_of_each(choices: &[Vec<(u32, i64)>], total: i64) -> Vec<Vec<u32>> {
    let mut ways = Vec::new();
    let mut steps = 20_000;
    pick(choices, total, &mut Vec::new(), &mut ways, &mut steps);
    ways
}

fn pick(choices: &[Vec<(u32, i64)>], left: i64, taken: &mut Vec<u32>, ways: &mut Vec<Vec<u32>>, steps: &mut u32) {
    if *steps == 0 || ways.len() > 1 || left < 0 {
        return;
    }
    *steps -= 1;
    let Some((now, later)) = choices.split_first() else {
        if left == 0 && !ways.contains(taken) {
            ways.push(taken.clone());
        }
        return;
    };
    for (item, amount) in now {
        if !taken.contains(item) {
            taken.push(*item);
            pick(later, left - amount, taken, ways, steps);
            taken.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_07_finds_two_three_and_four_once_each() {
        let amounts = [100, 250, 475, 990, 1310];
        assert_eq!(two_to_four(&amounts, 350).answers, [[0, 1]]);
        assert_eq!(two_to_four(&amounts, 100 + 475 + 1310).answers, [[0, 2, 4]]);
        assert_eq!(two_to_four(&amounts, 250 + 475 + 990 + 1310).answers, [[1, 2, 3, 4]]);
        assert!(two_to_four(&amounts, 7).answers.is_empty());
    }

    #[test]
    fn csh_03_one_of_each_shows_when_there_is_more_than_one_way() {
        let twice = vec![vec![(1, 10)], vec![(2, 5), (3, 5)]];
        assert_eq!(one_of_each(&twice, 15).len(), 2);
        assert_eq!(one_of_each(&[vec![(1, 10)], vec![(2, 5), (3, 6)]], 16), [[1, 3]]);
    }
}
