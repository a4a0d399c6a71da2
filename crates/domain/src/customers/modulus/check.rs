//! The check itself: one or two rows, fourteen exceptions.
use super::table::{Method, ModulusTable, WeightRow};
use serde::{Deserialize, Serialize};

/// What the check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The number is possible.
    Valid,
    /// It is not: ask the payer.
    Invalid,
    /// The table has no row for the sort code: presumed valid, and said.
    NotCheckable,
}

/// One row tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What was added up.
    pub total: i32,
    /// What it was divided by.
    pub modulus: i32,
    /// What was left.
    pub remainder: i32,
    /// Whether it passed.
    pub passed: bool,
}

/// The verdict and how it came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// What it says.
    pub verdict: Verdict,
    /// Rows tried, in order.
    pub steps: Vec<Step>,
}

type Digits = [i32; 14];

/// Exception 2: weights where `a` is not 0 and `g` is not 9.
const TWO: [i32; 14] = [0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1];
/// Exception 2: weights where `a` is not 0 and `g` is 9.
const TWO_NINE: [i32; 14] = [0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1];
const A: usize = 6;
const B: usize = 7;
const C: usize = 8;
const G: usize = 12;
const H: usize = 13;

impl ModulusTable {
    /// Checks six digits and eight digits (see [`super::normalised`]).
    pub fn check(&self, sort: &str, account: &str) -> Checked {
        let Some(digits) = digits(sort, account) else { return Checked { verdict: Verdict::Invalid, steps: vec![] } };
        match self.rows_of(sort).as_slice() {
            [] => Checked { verdict: Verdict::NotCheckable, steps: Vec::new() },
            [only] => self.one(only, &digits),
            [first, second, ..] => self.two(first, second, &digits),
        }
    }

    fn one(&self, row: &WeightRow, digits: &Digits) -> Checked {
        let mut steps = vec![self.step(row, digits)];
        if row.exception == Some(14) && !steps[0].passed && matches!(digits[H], 0 | 1 | 9) {
            let mut moved = *digits;
            moved.copy_within(A..H, B);
            moved[A] = 0;
            steps.push(self.step(row, &moved));
        }
        let passed = steps.last().is_some_and(|step| step.passed);
        Checked { verdict: if passed { Verdict::Valid } else { Verdict::Invalid }, steps }
    }

    fn two(&self, first: &WeightRow, second: &WeightRow, digits: &Digits) -> Checked {
        let pair = (first.exception, second.exception);
        if pair.0 == Some(6) && (4..=8).contains(&digits[A]) && digits[G] == digits[H] {
            // A foreign-currency account: it cannot be checked and counts as valid.
            return Checked { verdict: Verdict::Valid, steps: Vec::new() };
        }
        let mut steps = vec![self.step(first, digits)];
        let either = matches!(pair, (Some(2), Some(9)) | (Some(10), Some(11)) | (Some(12), Some(13)));
        let skipped = pair.1 == Some(3) && matches!(digits[C], 6 | 9);
        if steps[0].passed == either || skipped {
            let verdict = if steps[0].passed { Verdict::Valid } else { Verdict::Invalid };
            return Checked { verdict, steps };
        }
        steps.push(self.step(second, digits));
        Checked { verdict: if steps[1].passed { Verdict::Valid } else { Verdict::Invalid }, steps }
    }

    fn step(&self, row: &WeightRow, digits: &Digits) -> Step {
        let digits = &self.with_sort_code(row.exception, digits);
        let weights = weights(row, digits);
        let products = digits.iter().zip(weights).map(|(digit, weight)| digit * weight);
        let mut total: i32 = match row.method {
            Method::DblAl => products.map(digit_sum).sum(),
            Method::Mod10 | Method::Mod11 => products.sum(),
        };
        if row.exception == Some(1) {
            total += 27;
        }
        let modulus = if row.method == Method::Mod11 { 11 } else { 10 };
        let remainder = total.rem_euclid(modulus);
        let against = |digit: i32| if remainder == 0 { digit == 0 } else { modulus - remainder == digit };
        let passed = match (row.exception, row.method) {
            (Some(4), _) => remainder == digits[G] * 10 + digits[H],
            (Some(5), Method::Mod11) => remainder != 1 && against(digits[G]),
            (Some(5), _) => against(digits[H]),
            _ => remainder == 0,
        };
        Step { total, modulus, remainder, passed }
    }

    /// Exceptions 5, 8 and 9 put another sort code in place.
    fn with_sort_code(&self, exception: Option<u8>, digits: &Digits) -> Digits {
        let sort: String = digits[..A].iter().filter_map(|d| char::from_digit(*d as u32, 10)).collect();
        let other = match exception {
            Some(5) => self.substitutes.get(&sort).map(String::as_str),
            Some(8) => Some("090126"),
            Some(9) => Some("309634"),
            _ => None,
        };
        let mut digits = *digits;
        for (digit, c) in digits.iter_mut().zip(other.unwrap_or("").chars()) {
            *digit = c.to_digit(10).map_or(0, |d| d as i32);
        }
        digits
    }
}

fn digits(sort: &str, account: &str) -> Option<Digits> {
    let mut all = [0; 14];
    let text: Vec<char> = sort.chars().chain(account.chars()).collect();
    if sort.len() != 6 || text.len() != 14 {
        return None;
    }
    for (digit, c) in all.iter_mut().zip(text) {
        *digit = c.to_digit(10)? as i32;
    }
    Some(all)
}

fn weights(row: &WeightRow, digits: &Digits) -> [i32; 14] {
    let nine = digits[G] == 9;
    let zeroed = match row.exception {
        Some(2) if digits[A] != 0 => return if nine { TWO_NINE } else { TWO },
        Some(7) => nine,
        Some(10) => nine && digits[B] == 9 && matches!(digits[A], 0 | 9),
        _ => false,
    };
    let mut weights = row.weights;
    if zeroed {
        weights[..=B].fill(0);
    }
    weights
}

fn digit_sum(product: i32) -> i32 {
    let (mut left, mut sum) = (product.abs(), 0);
    while left > 0 {
        sum += left % 10;
        left /= 10;
    }
    sum
}
