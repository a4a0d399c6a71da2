//! Words of a message that may be numbers of ours, as people write them.
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Words looked up at most.
const MOST_WORDS: usize = 120;

/// Where in a message a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In its subject.
    Subject,
    /// In what they wrote.
    Text,
    /// In what they quote.
    Quoted,
}

impl Place {
    /// For reasons: `in its subject`.
    pub fn words(self) -> &'static str {
        match self {
            Place::Subject => "in its subject",
            Place::Text => "in its text",
            Place::Quoted => "in what it quotes",
        }
    }
}

/// A word with a digit in it, and the ways in which it may be a number of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberWord {
    /// Where it stands; the best place where it stands in several.
    pub place: Place,
    /// What to look up, in capitals.
    pub forms: Vec<String>,
}

/// Words before a number that say what it is a number of, and how such numbers begin.
const SAID: &[(&str, &str)] = &[
    ("INVOICE", "INV"),
    ("INV", "INV"),
    ("BILL", "INV"),
    ("ANFONEB", "INV"),
    ("QUERY", "QRY"),
    ("QRY", "QRY"),
    ("YMHOLIAD", "QRY"),
    ("LETTER", "LTR"),
    ("LTR", "LTR"),
    ("C", "C"),
    ("CUSTOMER", "C"),
    ("ACCOUNT", "C"),
    ("CWSMER", "C"),
    ("CYFRIF", "C"),
];

/// Words that say nothing between the two: `invoice number 12`.
const BETWEEN: &[&str] = &["NUMBER", "NO", "REF", "REFERENCE", "NUM", "RHIF", "IS"];

/// The words of a message that may be numbers, each once, the subject's first.
pub fn number_words(subject: &str, text: &str, quoted: &str) -> Vec<NumberWord> {
    let (mut found, mut seen): (Vec<NumberWord>, HashSet<String>) = (Vec::new(), HashSet::new());
    for (place, words) in [(Place::Subject, subject), (Place::Text, text), (Place::Quoted, quoted)] {
        let mut before: Option<String> = None;
        for word in
            words.split(|c: char| c.is_whitespace() || ",;:()[]<>\"'!?#£&*|=\u{2019}\u{201C}\u{201D}".contains(c))
        {
            let word = word.trim_matches(['.', '-', '/', '_', '\u{2013}']).to_uppercase();
            if word.is_empty() || BETWEEN.contains(&word.trim_end_matches('.')) {
                continue;
            }
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let may_be = (2..=40).contains(&word.len()) && word.is_ascii() && digits > 0;
            if may_be && found.len() < MOST_WORDS {
                let forms = forms(&word, before.as_deref());
                if !forms.is_empty() && seen.insert(forms.join(" ")) {
                    found.push(NumberWord { place, forms });
                }
            }
            before = Some(word);
        }
    }
    found
}

fn forms(word: &str, before: Option<&str>) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    let mut add = |form: String| {
        if !forms.contains(&form) {
            forms.push(form);
        }
    };
    let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters: String = plain.chars().take_while(char::is_ascii_alphabetic).collect();
    let number = &plain[letters.len()..];
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // `12` or `2026` alone is nothing: four digits and more may be a number of a kind of its own.
    if !letters.is_empty() || number.len() >= 5 {
        add(word.to_owned());
        add(plain.clone());
    }
    let said = before.and_then(|before| SAID.iter().find(|(said, _)| *said == before));
    let begins = match said {
        // `invoice 2 of 3` names no invoice; `invoice 0012` does.
        Some((_, begins)) if letters.is_empty() && number.len() >= 3 => begins,
        _ => letters.as_str(),
    };
    if is_number && !begins.is_empty() && begins.len() <= 4 && number.len() <= 12 {
        add(format!("{begins}-{number}"));
        add(format!("{begins}{number}"));
        if number.len() < 6 {
            add(format!("{begins}-{number:0>6}"));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, number: &str) -> bool {
        number_words("", text, "").iter().any(|word| word.forms.iter().any(|form| form == number))
    }

    #[test]
    fn qry_06_numbers_are_found_as_people_write_them() {
        for text in [
            "your INV-000012.",
            "inv000012",
            "Invoice INV 000012",
            "(Inv-000012)",
            "invoice no. 0012",
            "Invoice number: 000012",
            "re anfoneb rhif 012",
            "\"INV-12\"",
            "bill #000012",
            "INV-000012/",
        ] {
            assert!(has(text, "INV-000012"), "{text}: {:?}", number_words("", text, ""));
        }
        assert!(has("Our ref NHS/2026/778", "NHS2026778") && has("account 103316", "C103316"));
        assert!(has("query 311", "QRY-000311") && has("20817744", "20817744"));
        for text in [
            "on 12 May 2026",
            "12",
            "invoice 12 of 13",
            "£120.00 2026",
            "room 4b1234567890123456789012345678901234567890",
        ] {
            assert!(!has(text, "INV-000012") && !has(text, "2026") && !has(text, "12"), "{text}");
        }
    }

    #[test]
    fn qry_06_a_word_counts_once_and_at_its_best_place() {
        let found = number_words("INV-000012", "About INV-000012 and C100001", "> INV-000012 INV-000013");
        let places: Vec<Place> = found.iter().map(|word| word.place).collect();
        assert_eq!(places, [Place::Subject, Place::Text, Place::Quoted], "{found:?}");
        let many: String = (0..5_000).map(|at| format!("INV-{at:06} ")).collect();
        assert_eq!(number_words("", &many, "").len(), MOST_WORDS);
    }
}
