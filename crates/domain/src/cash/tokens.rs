//! Bank text and document numbers as runs of letters and runs of digits.

/// A run of letters or a run of digits, upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The characters.
    pub text: String,
    /// All digits; otherwise all letters.
    pub digits: bool,
    /// Nothing stands between it and the run before.
    pub glued: bool,
}

/// Splits a text at everything that is neither letter nor digit, and where letters meet digits.
///
/// A run of digits is never part of a longer number: its neighbours are not digits.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut apart = true;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        let digits = c.is_ascii_digit();
        match out.last_mut() {
            Some(run) if !apart && run.digits == digits => run.text.extend(c.to_uppercase()),
            _ => out.push(Run { text: c.to_uppercase().collect(), digits, glued: !apart }),
        }
        apart = false;
    }
    out
}

/// Letters and digits only, upper case: `inv-20 817` is `INV20817`.
pub fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The digits only.
pub(super) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The digit a letter is often mistaken for.
pub(super) fn digit_for(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'Q' | 'D' => Some('0'),
        'I' | 'L' => Some('1'),
        'Z' => Some('2'),
        'S' => Some('5'),
        'G' => Some('6'),
        'B' => Some('8'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_03_runs_split_where_letters_meet_digits() {
        let shown: Vec<(String, bool)> = runs("inv-AB12 x9").into_iter().map(|r| (r.text, r.glued)).collect();
        let want = [("INV", false), ("AB", false), ("12", true), ("X", false), ("9", true)];
        assert_eq!(shown, want.map(|(text, glued)| (text.to_string(), glued)));
    }
}
