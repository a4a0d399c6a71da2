//! What paying late adds: a table of what is posted, one of what is only quoted, and the law, and the same of the contract's
//! own fee (DUN-09).

use crate::letter::{LateLine, Letter, LetterItem};
use crate::money::{long_date, pounds};
use crate::sheet::{Part, Table, column, wide};
use crate::words::Words;

/// The tables and the law they stand on; nothing where no item is charged for.
pub(crate) fn parts(letter: &Letter, words: &Words) -> Vec<Part> {
    let by_law = [(true, words.late_posted), (false, words.late_quoted)];
    let mut parts = told(letter, words, (false, by_law, words.late_law), table);
    let by_contract = [(true, words.fee_posted), (false, words.fee_quoted)];
    parts.extend(told(letter, words, (true, by_contract, words.fee_law), fees));
    parts
}

/// The tables of one kind, posted first, and what they stand on.
fn told(
    letter: &Letter,
    words: &Words,
    (is_fee, captions, stands_on): (bool, [(bool, &str); 2], &str),
    table: fn(String, &[(&LetterItem, &LateLine)], &Words) -> Table,
) -> Vec<Part> {
    let mut parts = Vec::new();
    for (posted, caption) in captions {
        let lines: Vec<(&LetterItem, &LateLine)> = letter
            .items
            .iter()
            .filter_map(|item| Some((item, item.late.as_ref()?)))
            .filter(|(_, late)| late.posted == posted && (late.fee_pence > 0) == is_fee)
            .collect();
        if !lines.is_empty() {
            let caption = format!("{caption} {}", long_date(letter.dated_on, letter.language));
            parts.push(Part::Table(table(caption, &lines, words)));
        }
    }
    if !parts.is_empty() {
        parts.push(Part::Para { text: stands_on.to_owned(), strong: false });
    }
    parts
}

fn fees(caption: String, lines: &[(&LetterItem, &LateLine)], words: &Words) -> Table {
    let rows = lines.iter().map(|(item, late)| {
        vec![
            item.number.clone(),
            late.fee_term.clone(),
            pounds(unpaid(item)),
            pounds(late.fee_pence),
            pounds(whole(item, late)),
        ]
    });
    let total = lines.iter().fold(0i64, |sum, (item, late)| sum.saturating_add(whole(item, late)));
    Table {
        caption,
        head: vec![
            wide(words.number),
            wide(words.fee_term),
            column(words.unpaid, true),
            column(words.fee, true),
            column(words.total, true),
        ],
        rows: rows.collect(),
        totals: vec![(words.total.to_owned(), pounds(total))],
    }
}

fn table(caption: String, lines: &[(&LetterItem, &LateLine)], words: &Words) -> Table {
    let rows = lines.iter().map(|(item, late)| {
        vec![
            item.number.clone(),
            pounds(unpaid(item)),
            late.rate.clone(),
            pounds(late.interest_pence),
            pounds(late.compensation_pence),
            pounds(whole(item, late)),
        ]
    });
    let total = lines.iter().fold(0i64, |sum, (item, late)| sum.saturating_add(whole(item, late)));
    Table {
        caption,
        head: vec![
            wide(words.number),
            column(words.unpaid, true),
            column(words.late_rate, true),
            column(words.interest, true),
            column(words.fixed_sum, true),
            column(words.total, true),
        ],
        rows: rows.collect(),
        totals: vec![(words.total.to_owned(), pounds(total))],
    }
}

/// What is asked for of the item itself.
fn unpaid(item: &LetterItem) -> i64 {
    item.owed_pence.saturating_sub(item.charges_pence)
}

/// The item with what paying late adds.
fn whole(item: &LetterItem, late: &LateLine) -> i64 {
    let added = [late.interest_pence, late.compensation_pence, late.fee_pence];
    added.into_iter().fold(unpaid(item), i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::{Language, LetterKind};
    use crate::samples::letter;

    fn with(posted: bool, language: Language) -> Vec<Part> {
        let mut letter = letter(LetterKind::FinalNotice, language);
        let item = letter.items.first_mut().expect("an item");
        let owed = item.owed_pence;
        let (rate, interest_pence, compensation_pence) = ("11.75%".into(), 966, 7_000);
        item.late = Some(LateLine { posted, rate, interest_pence, compensation_pence, ..LateLine::default() });
        if posted {
            item.charges_pence += 7_966;
            item.owed_pence += 7_966;
        }
        let parts = parts(&letter, &Words::of(language));
        let Some(Part::Table(table)) = parts.first() else { panic!("a table") };
        assert_eq!(
            table.rows[0][1..],
            [pounds(owed), "11.75%".into(), "£9.66".into(), "£70.00".into(), pounds(owed + 7_966)]
        );
        parts
    }

    #[test]
    fn dun_09_a_letter_shows_principal_interest_fixed_sum_and_total() {
        for (posted, begins) in [(true, "Added to what you owe"), (false, "Not added yet")] {
            let parts = with(posted, Language::English);
            assert!(matches!(&parts[0], Part::Table(table) if table.caption.starts_with(begins)));
            assert!(matches!(&parts[1], Part::Para { text, .. } if text.contains("Act 1998")));
            assert_eq!(parts.len(), 2);
        }
        let welsh = with(true, Language::Welsh);
        assert!(matches!(&welsh[0], Part::Table(table) if table.head[3].name == "Llog"));
    }

    #[test]
    fn dun_09_a_letter_shows_the_contracts_own_fee_with_its_clause() {
        for (posted, begins) in [(true, "Late-payment fee added"), (false, "Not added yet: the late-payment fee")] {
            let mut letter = letter(LetterKind::FinalNotice, Language::English);
            let item = letter.items.first_mut().expect("an item");
            let owed = item.owed_pence;
            let fee_term = "Hire agreement 2026, clause 7.2".to_owned();
            item.late = Some(LateLine { posted, fee_pence: 1_500, fee_term: fee_term.clone(), ..LateLine::default() });
            if posted {
                item.charges_pence += 1_500;
                item.owed_pence += 1_500;
            }
            let parts = parts(&letter, &Words::of(Language::English));
            let Some(Part::Table(table)) = parts.first() else { panic!("a table") };
            assert!(table.caption.starts_with(begins), "{}", table.caption);
            assert_eq!(table.rows[0][1..], [fee_term, pounds(owed), "£15.00".into(), pounds(owed + 1_500)]);
            assert!(matches!(&parts[1], Part::Para { text, .. } if text.contains("no VAT")));
            assert_eq!(parts.len(), 2, "and nothing of the act");
        }
    }

    #[test]
    fn a_letter_without_charges_says_nothing_of_them() {
        let letter = letter(LetterKind::FinalNotice, Language::English);
        assert!(parts(&letter, &Words::of(Language::English)).is_empty());
    }
}
