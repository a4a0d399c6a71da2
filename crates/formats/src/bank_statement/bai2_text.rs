//! The words of a BAI2 transaction: run-on columns of one bank, `KEY:value` lines of another.

use super::bai2_records::{Part, Transaction};
use super::mt940_narrative::UK_CODES;
use super::record::Entry;

/// Fills an entry's words from its record.
pub(crate) fn describe(entry: &mut Entry, read: Transaction) {
    let given = |text: String| Some(text).filter(|t| !t.is_empty());
    entry.kind = read.kind;
    entry.bank_reference = given(read.bank_reference);
    entry.customer_reference = given(read.customer_reference);
    let mut text = String::new();
    let mut joined = true;
    for part in &read.text {
        match keyed(&part.text) {
            Some((key, value)) => said(entry, &mut text, key, value),
            None => {
                let words = if joined { part.text.trim_end() } else { part.text.trim() };
                if !joined && !text.is_empty() && !words.is_empty() {
                    text.push(' ');
                }
                text.push_str(words);
                joined = part.full;
            }
        }
    }
    entry.text = text.trim().to_owned();
    let first = entry.text.split_whitespace().next().unwrap_or("");
    if UK_CODES.contains(&first) {
        entry.other.push(("type".to_owned(), std::mem::replace(&mut entry.kind, first.to_owned())));
    }
    let raw = read.text.iter().map(|p: &Part| p.text.as_str()).collect::<Vec<_>>().join("\n");
    if !raw.trim().is_empty() {
        entry.other.push(("text".to_owned(), raw));
    }
}

/// `PY:payment reference`: two to five capitals and a colon.
fn keyed(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let fits = (2..=5).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    fits.then(|| (key, value.trim()))
}

fn said(entry: &mut Entry, text: &mut String, key: &str, value: &str) {
    let first = value.split_whitespace().next().unwrap_or("");
    let digits = |n: usize| first.len() == n && first.bytes().all(|b| b.is_ascii_digit());
    match key {
        "PY" => {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&value.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        "BO" => {
            entry.payer_account = digits(8).then(|| first.to_owned());
            entry.payer_name = value.split_once("BO1:").map(|(_, name)| name.trim().to_owned());
        }
        "OB" if digits(6) => entry.payer_sort_code = Some(first.to_owned()),
        _ => {}
    }
    entry.other.push((key.to_owned(), value.to_owned()));
}
