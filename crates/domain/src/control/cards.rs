//! Card numbers are found and masked wherever text is typed or imported (CTL-06).
use super::refusals;
use crate::refusal::Refusal;

/// Whether text holds 13 to 19 digits in a row (spaces and hyphens between them allowed) that pass the Luhn check.
pub fn contains_card_number(text: &str) -> bool {
    !card_spans(text, |_| true).is_empty()
}

/// The same among a program's own words, which are full of numbers and dates: only what is also grouped, and begins,
/// as a card's number is.
pub fn contains_printed_card_number(text: &str) -> bool {
    !card_spans(text, is_printed_as_a_card).is_empty()
}

/// The same text with all but the last four digits of each card number masked.
pub fn mask_card_numbers(text: &str) -> String {
    mask(text, card_spans(text, |_| true))
}

/// The same for a bank's text, which is full of numbers: only what is also grouped, and begins, as a card's number is.
///
/// `SI1006695 1055116 1059761` is a list of invoices, whatever its sum of digits; `4111 1111 1111 1111` is masked.
pub fn mask_cards_in_bank_text(text: &str) -> String {
    mask(text, card_spans(text, is_printed_as_a_card))
}

fn mask(text: &str, spans: Vec<(usize, usize)>) -> String {
    let mut masked = String::with_capacity(text.len());
    for (place, letter) in text.char_indices() {
        let hidden = spans.iter().any(|(first, keep_from)| (*first..*keep_from).contains(&place));
        masked.push(if hidden && letter.is_ascii_digit() { '*' } else { letter });
    }
    masked
}

/// Refuses text that holds a card number; the number itself is not repeated.
pub fn refuse_card_number(field: &str, text: &str) -> Result<(), Refusal> {
    if contains_card_number(text) {
        return Err(card_number_in(field));
    }
    Ok(())
}

/// The refusal of a field that holds a card number.
pub fn card_number_in(field: &str) -> Refusal {
    refusals::CARD_NUMBER.because(format!("The {field} holds a payment card number, which we never keep"))
}

/// Digits with their places, as they stand together.
type Group = Vec<(usize, u32)>;

/// One run, or fours with a shorter last one, or as American Express and Diners print; and an issuer's first digit.
fn is_printed_as_a_card(groups: &[Group]) -> bool {
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    let grouped = match sizes.as_slice() {
        [_] | [8, 8] | [4, 6, 4] | [4, 6, 5] => true,
        [fours @ .., last] => *last <= 4 && fours.iter().all(|size| *size == 4),
        [] => false,
    };
    let first = groups.first().and_then(|group| group.first()).map_or(0, |(_, digit)| *digit);
    grouped && (2..=6).contains(&first)
}

/// Byte places of each card number: where it starts, and where its last four digits start.
fn card_spans(text: &str, looks_right: fn(&[Group]) -> bool) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut groups: Vec<Group> = vec![Vec::new()];
    let mut last = '\n';
    for (place, letter) in text.char_indices().chain([(text.len(), '\n')]) {
        if let Some(digit) = letter.to_digit(10) {
            groups.last_mut().expect("there is always a group").push((place, digit));
        } else if is_separator(letter) && last.is_ascii_digit() {
            groups.push(Vec::new());
        } else {
            spans.extend(find_in_groups(&groups, looks_right));
            groups = vec![Vec::new()];
        }
        last = letter;
    }
    spans
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '\u{a0}')
}

/// Card numbers made of whole groups of digits, so that a security code after the number does not hide it.
fn find_in_groups(groups: &[Group], looks_right: fn(&[Group]) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < groups.len() {
        let candidate = |to: &usize| {
            let digits = groups[from..*to].concat();
            let is_card = (13..=19).contains(&digits.len()) && luhn(&digits) && looks_right(&groups[from..*to]);
            is_card.then_some((digits, *to))
        };
        match (from + 1..=groups.len()).rev().find_map(|to| candidate(&to)) {
            Some((digits, to)) => {
                found.push((digits[0].0, digits[digits.len() - 4].0));
                from = to;
            }
            None => from += 1,
        }
    }
    found
}

fn luhn(digits: &[(usize, u32)]) -> bool {
    let weigh = |(i, (_, digit)): (usize, &(usize, u32))| match (i % 2, digit * 2) {
        (0, _) => *digit,
        (_, double) if double > 9 => double - 9,
        (_, double) => double,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(weigh).sum();
    sum.is_multiple_of(10) && digits.iter().any(|(_, digit)| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctl_e5_a_card_number_in_a_note() {
        let note = "Paid by phone, 4111 1111 1111 1111, thanks";
        assert_eq!(refuse_card_number("note", note).expect_err("card").code, "CTL-06-CARD-NUMBER");
        assert_eq!(mask_card_numbers(note), "Paid by phone, **** **** **** 1111, thanks");
        assert!(contains_card_number("x4111-1111-1111-1111"));
        assert_eq!(mask_card_numbers("4111111111111111 123 05/27"), "************1111 123 05/27");
    }

    #[test]
    fn csh_03_a_list_of_invoices_in_a_bank_line_is_no_card() {
        for text in ["SI1006695 1055116 1059761", "SI1025723 2808 9912 SI1024882 2777", "PMT REF SI1094125 20261006"] {
            assert!(contains_card_number(text), "its digits pass the check: {text}");
            assert_eq!(mask_cards_in_bank_text(text), text);
        }
        let paid = "CARD 4111 1111 1111 1111 AND 378282246310005";
        assert_eq!(mask_cards_in_bank_text(paid), "CARD **** **** **** 1111 AND ***********0005");
    }

    #[test]
    fn ordinary_references_are_left_alone() {
        for text in ["INV0000123", "4111 1111 1111 1112", "07700 900123", "0000000000000000", "£12.50 on 2026-11-21"] {
            assert!(!contains_card_number(text), "{text}");
            assert_eq!(mask_card_numbers(text), text);
        }
    }
}
