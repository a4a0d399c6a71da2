//! Whether an account number is possible for its sort code (DD-12). A pass does not say that the account exists.
//!
//! The weights are data: an administrator loads the two published files with their version and the day they count from.

mod check;
mod table;

pub use check::{Checked, Step, Verdict};
pub use table::{Method, ModulusTable, WeightRow};

use crate::refusal::Invalid;

/// Sort code and account as typed, made six and eight digits; what is wrong with them otherwise.
///
/// Spaces and hyphens go; seven- and six-digit accounts get noughts in front; ten digits are National Westminster's
/// last eight, or the first eight of a Co-operative or Leeds sort code; nine are Santander's.
pub fn normalised(sort_code: &str, account: &str) -> Result<(String, String), Vec<Invalid>> {
    let bare = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect() };
    let (sort, number) = (bare(sort_code), bare(account));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mut wrong = Vec::new();
    if sort.len() != 6 || !digits(&sort) {
        wrong.push(Invalid::field("sort_code", "Enter a sort code of 6 digits, like 30-94-30", sort_code));
    }
    if !digits(&number) || !matches!(number.len(), 6..=10) {
        wrong.push(Invalid::field("account", "Enter an account number of 6 to 8 digits", account));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(match number.len() {
        6 | 7 => (sort, format!("{number:0>8}")),
        9 => (format!("{}{}", &sort[..5], &number[..1]), number[1..].to_owned()),
        10 if sort.starts_with("08") => (sort, number[..8].to_owned()),
        10 => (sort, number[2..].to_owned()),
        _ => (sort, number),
    })
}

#[cfg(test)]
mod tests;
