//! Advice as plain text: a line that names a bill and ends in an amount.
use super::{Advice, MOST_LINES, RemittanceLine, amount};

/// Each line with a number of ours and an amount; where a line has several, the last is what was paid.
pub(super) fn read(text: &str, is_number: &dyn Fn(&str) -> bool) -> Advice {
    let mut advice = Advice::default();
    for (row, line) in (1..).zip(text.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let amounts: Vec<i64> = words.iter().zip(0..).filter_map(|(word, at)| money(word, &words, at)).collect();
        let Some(last) = amounts.last().copied() else { continue };
        let lower = line.trim_start().to_lowercase();
        if lower.starts_with("total") || lower.starts_with("payment total") || lower.starts_with("grand total") {
            advice.total_pence = Some(last);
            continue;
        }
        let known = words.iter().map(|word| bare(word)).find(|word| is_number(word));
        match known.or_else(|| words.iter().map(|word| bare(word)).find(|word| is_shaped(word))) {
            Some(reference) => {
                let credit = lower.contains("credit note") && last > 0;
                let deducted = if amounts.len() == 2 && amounts[0] > last && last > 0 { amounts[0] - last } else { 0 };
                advice.lines.push(RemittanceLine {
                    row,
                    reference: reference.to_owned(),
                    paid_pence: if credit { -last } else { last },
                    deducted_pence: deducted,
                    reason: if deducted > 0 { line.trim().to_owned() } else { String::new() },
                });
            }
            None => advice.left_out.push(line.trim().to_owned()),
        }
        if advice.lines.len() > MOST_LINES {
            break;
        }
    }
    advice
}

/// A word with two decimals is money; a mark of its own may follow it.
fn money(word: &str, words: &[&str], at: usize) -> Option<i64> {
    let body = word.trim_end_matches(['.', ';', ':', ',']);
    let has_pence = body
        .trim_end_matches(['-', ')', 'C', 'R', 'D'])
        .rsplit_once('.')
        .is_some_and(|(_, pence)| pence.len() == 2 && pence.bytes().all(|b| b.is_ascii_digit()));
    let pence = if has_pence { amount(body)? } else { return None };
    let credit = words.get(at + 1).is_some_and(|next| *next == "CR" || *next == "-");
    Some(if credit && pence > 0 { -pence } else { pence })
}

/// Five digits or more and no date or decimals: it may be a number that we do not know.
fn is_shaped(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let marks = word.chars().filter(|c| matches!(c, '/' | '.' | ':')).count();
    let is_other = word.contains('.') || word.starts_with('0') || marks == 2 && digits <= 8;
    digits >= 5 && !is_other
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
