//! What paying late adds: a table of what is posted, one of what is only quoted, and the law (DUN-09).

use crate::letter::{LateLine, Letter, LetterItem};
use crate::money::{long_date, pounds};
use crate::sheet::{Part, Table, column, wide};
use crate::words::Words;

/// The tables and the law they stand on; nothing where no item is charged for.
pub(crate) fn parts(letter: &Letter, words: &Words) -> Vec<Part> {
    let mut parts = Vec::new();
    for (posted, caption) in [(true, words.late_posted), (false, words.late_quoted)] {
        let lines: Vec<(&LetterItem, &LateLine)> = letter
            .items
            .iter()
            .filter_map(|item| Some((item, item.late.as_ref()?)))
            .filter(|(_, late)| late.posted == posted)
            .collect();
        if !lines.is_empty() {
            let caption = format!("{caption} {}", long_date(letter.dated_on, letter.language));
            parts.push(Part::Table(table(caption, &lines, words)));
        }
    }
    if !parts.is_empty() {
        parts.push(Part::Para { text: words.late_law.to_owned(), strong: false });
    }
    parts
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
    unpaid(item).saturating_add(late.interest_pence).saturating_add(late.compensation_pence)
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
        item.late = Some(LateLine { posted, rate: "11.75%".into(), interest_pence: 966, compensation_pence: 7_000 });
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
    fn a_letter_without_charges_says_nothing_of_them() {
        let letter = letter(LetterKind::FinalNotice, Language::English);
        assert!(parts(&letter, &Words::of(Language::English)).is_empty());
    }
}
