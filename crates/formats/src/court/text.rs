//! The letters the court takes, and the particulars in their lines.

use crate::problem::{FormatProblem, shown};

/// Lines of the particulars.
pub const PARTICULARS_LINES: usize = 24;
/// Characters of each.
pub const PARTICULARS_WIDTH: usize = 45;

/// Text in the court's letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// What is sent; a person approves it where it differs.
    pub text: String,
    /// Letters that have no like and were left out.
    pub lost: Vec<char>,
}

/// Whether the court takes a letter.
pub(super) fn is_taken(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-+.,£@?'()/%_ &!:".contains(c)
}

/// Turns letters into those the court takes: é to e, curly quotes to straight ones, a dash to a hyphen.
pub fn plain(text: &str) -> Plain {
    let mut plain = Plain { text: String::with_capacity(text.len()), lost: Vec::new() };
    for c in text.chars() {
        if is_taken(c) {
            plain.text.push(c);
        } else if let Some(like) = like(c) {
            plain.text.push_str(like);
        } else {
            plain.lost.push(c);
        }
    }
    plain
}

fn like(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' => "a",
        'À'..='Å' | 'Ā' => "A",
        'ç' | 'č' | 'ć' => "c",
        'Ç' | 'Č' | 'Ć' => "C",
        'è'..='ë' | 'ē' | 'ę' => "e",
        'È'..='Ë' | 'Ē' | 'Ę' => "E",
        'ì'..='ï' => "i",
        'Ì'..='Ï' => "I",
        'ñ' | 'ń' => "n",
        'Ñ' | 'Ń' => "N",
        'ò'..='ö' | 'ø' => "o",
        'Ò'..='Ö' | 'Ø' => "O",
        'ù'..='ü' => "u",
        'Ù'..='Ü' => "U",
        'ŵ' => "w",
        'Ŵ' => "W",
        'ŷ' | 'ý' | 'ÿ' => "y",
        'Ŷ' | 'Ý' => "Y",
        'ł' => "l",
        'Ł' => "L",
        'ś' | 'š' => "s",
        'Ś' | 'Š' => "S",
        'ź' | 'ż' | 'ž' => "z",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        '’' | '‘' | '`' | '´' | '“' | '”' | '"' => "'",
        '–' | '—' | '‑' | '−' => "-",
        ';' => ",",
        '\u{a0}' | '\t' | '\n' | '\r' => " ",
        '…' => "...",
        '#' => "No ",
        '[' | '{' => "(",
        ']' | '}' => ")",
        '€' => "EUR ",
        _ => return None,
    })
}

/// The particulars, wrapped between words into lines of 45.
///
/// # Errors
/// When a word is longer than a line, or the lines are more than 24: send them separately then.
pub fn particulars(text: &str) -> Result<Vec<String>, FormatProblem> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if word.chars().count() > PARTICULARS_WIDTH {
            let message = format!("the word {} is longer than a line of {PARTICULARS_WIDTH}", shown(word));
            return Err(FormatProblem::new("court.particulars_word", "particulars", message));
        }
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= PARTICULARS_WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.is_empty() {
        return Err(FormatProblem::new("court.particulars_empty", "particulars", "the particulars say nothing"));
    }
    if lines.len() > PARTICULARS_LINES {
        let message = format!("the particulars take {} lines; there is room for {PARTICULARS_LINES}", lines.len());
        return Err(FormatProblem::new("court.particulars_long", "particulars", message));
    }
    Ok(lines)
}
