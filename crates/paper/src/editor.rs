//! What an editor of letters must know of a template: its places, its faults, how it reads, how two versions differ.

use crate::template::{FIELDS, Template, TemplateBlock, fields_in, wrong_in};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longer sentences than this are told.
pub const SENTENCE_WORDS: usize = 25;
/// A letter for people reads at this age or below (ux 8: 9 to 11; a little room for names and dates).
pub const READING_AGE: i64 = 12;

/// The parts of a block that hold words, with their names for people.
pub const PARTS: [(&str, &str); 4] =
    [("heading_en", "heading"), ("text_en", "text"), ("heading_cy", "Welsh heading"), ("text_cy", "Welsh text")];

/// The words of one part of a block; empty where it has none.
pub fn part<'a>(block: &'a TemplateBlock, name: &str) -> &'a str {
    match name {
        "heading_en" => block.heading_en.as_deref().unwrap_or_default(),
        "text_en" => &block.text_en,
        "heading_cy" => block.heading_cy.as_deref().unwrap_or_default(),
        _ => block.text_cy.as_deref().unwrap_or_default(),
    }
}

/// Where words of a template stand: the block (`title` for the title) and the part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The block's id, or `title`.
    pub block: String,
    /// `text_en`, `heading_cy` and so on; `title_en` and `title_cy` of the title.
    pub part: String,
}

impl Place {
    /// For people: "the text of block opening".
    pub fn words(&self) -> String {
        match (self.block.as_str(), self.part.as_str()) {
            ("title", "title_cy") => "the Welsh title".to_owned(),
            ("title", _) => "the title".to_owned(),
            (block, part) => {
                let name = PARTS.iter().find(|(code, _)| *code == part).map_or("words", |(_, name)| name);
                format!("the {name} of block {block}")
            }
        }
    }
}

/// Every text of a template with its place; empty ones are left out.
pub fn texts(template: &Template) -> Vec<(Place, &str)> {
    let place = |block: &str, part: &str| Place { block: block.to_owned(), part: part.to_owned() };
    let mut all = vec![(place("title", "title_en"), template.title_en.as_str())];
    all.extend(template.title_cy.as_deref().map(|title| (place("title", "title_cy"), title)));
    for block in &template.blocks {
        all.extend(PARTS.iter().map(|(name, _)| (place(&block.id, name), part(block, name))));
    }
    all.retain(|(_, text)| !text.is_empty());
    all
}

/// The fields a template uses.
pub fn fields_used(template: &Template) -> BTreeSet<String> {
    texts(template).into_iter().flat_map(|(_, text)| fields_in(text)).collect()
}

/// A placeholder that this letter cannot fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// Where.
    pub place: Place,
    /// As written.
    pub field: String,
    /// What is wrong, and what would be right.
    pub words: String,
}

/// Every placeholder that is not among the fields of a letter, with the nearest that is.
pub fn field_faults(template: &Template, allowed: &BTreeSet<String>) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    for (place, text) in texts(template) {
        for wrong in wrong_in(text, allowed) {
            let words = match wrong.field.as_str() {
                "{" | "}" => format!("A brace in {} has no partner: write a field as {{amount}}", place.words()),
                field => {
                    let near = nearest(field.trim(), allowed).map(|near| format!(". Did you mean {{{near}}}?"));
                    let other = || ". Choose one from the list of fields".to_owned();
                    format!(
                        "{{{field}}} in {} is not a field of this letter{}",
                        place.words(),
                        near.unwrap_or_else(other)
                    )
                }
            };
            faults.push(FieldFault { place: place.clone(), field: wrong.field, words });
        }
    }
    faults
}

/// The field that a wrong name most likely meant; none where nothing is near.
pub fn nearest<'a>(wrong: &str, allowed: &'a BTreeSet<String>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase().replace([' ', '-'], "_");
    let near = allowed.iter().map(|name| (distance(&wrong, name), name.as_str())).min()?;
    let within = near.0 <= 2.max(wrong.chars().count() / 3);
    let inside = || allowed.iter().find(|name| name.split('_').any(|word| word.len() > 3 && wrong.contains(word)));
    if within { Some(near.1) } else { inside().map(String::as_str) }
}

/// How many letters must be changed, put in, left out or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// A locked block that is not as the law has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockBroken {
    /// The block.
    pub block: String,
    /// The rule behind it.
    pub rule: String,
    /// Whether it is gone; otherwise it was changed.
    pub missing: bool,
}

/// Locked blocks of the template in use that a draft leaves out, changes, or would add or unlock by itself.
pub fn locks_broken(in_use: &Template, draft: &Template) -> Vec<LockBroken> {
    let broken = |block: &TemplateBlock, missing| LockBroken {
        block: block.id.clone(),
        rule: block.rule.clone().unwrap_or_default(),
        missing,
    };
    let mut all = Vec::new();
    for block in in_use.blocks.iter().filter(|block| block.locked) {
        match draft.blocks.iter().find(|one| one.id == block.id) {
            None => all.push(broken(block, true)),
            Some(one) if one != block => all.push(broken(block, false)),
            Some(_) => {}
        }
    }
    let known = |id: &str| in_use.blocks.iter().any(|block| block.locked && block.id == id);
    let new = draft.blocks.iter().filter(|block| block.locked && !known(&block.id));
    all.extend(new.map(|block| broken(block, false)));
    all
}

/// Places that have English words and no Welsh.
pub fn without_welsh(template: &Template) -> Vec<Place> {
    let mut all = Vec::new();
    if template.title_cy.is_none() {
        all.push(Place { block: "title".to_owned(), part: "title_cy".to_owned() });
    }
    for block in &template.blocks {
        for (english, welsh) in [("heading_en", "heading_cy"), ("text_en", "text_cy")] {
            if !part(block, english).trim().is_empty() && part(block, welsh).trim().is_empty() {
                all.push(Place { block: block.id.clone(), part: welsh.to_owned() });
            }
        }
    }
    all
}

/// How the English of a template reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Words in all.
    pub words: i64,
    /// Sentences in all.
    pub sentences: i64,
    /// Age at which it is read with ease, by the formula of Flesch and Kincaid.
    pub age: i64,
    /// Sentences of more than [`SENTENCE_WORDS`] words, each with its place.
    pub long: Vec<(Place, String)>,
}

/// Reads the English that may be edited; a field counts as one word, locked blocks are left out.
pub fn reading(template: &Template) -> Reading {
    let mut all = Reading::default();
    let mut syllables = 0;
    let locked = |id: &str| template.blocks.iter().any(|block| block.locked && block.id == id);
    for (place, text) in texts(template) {
        if !matches!(place.part.as_str(), "text_en" | "title_en") || locked(&place.block) {
            continue;
        }
        for sentence in sentences(text) {
            let words: Vec<&str> = sentence.split_whitespace().filter(|word| is_word(word)).collect();
            if words.is_empty() {
                continue;
            }
            all.sentences += 1;
            all.words += words.len() as i64;
            syllables += words.iter().map(|word| syllables_of(word)).sum::<i64>();
            if words.len() > SENTENCE_WORDS {
                all.long.push((place.clone(), sentence));
            }
        }
    }
    if all.sentences > 0 {
        // In thousandths: 0.39 words a sentence, 11.8 syllables a word, less 15.59; five years to begin school.
        let grade = 390 * all.words / all.sentences + 11_800 * syllables / all.words - 15_590;
        all.age = ((grade + 500) / 1_000 + 5).max(5);
    }
    all
}

/// Sentences of a text; an item of a list is one, and a full stop inside a number or an address ends none.
fn sentences(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for line in text.lines() {
        let mut sentence = String::new();
        for word in line.split_whitespace() {
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(word);
            if word.ends_with(['.', '?', '!', ':']) {
                all.push(std::mem::take(&mut sentence));
            }
        }
        all.push(sentence);
    }
    all.retain(|sentence| !sentence.is_empty());
    all
}

fn is_word(word: &str) -> bool {
    word.starts_with('{') || (word.chars().any(char::is_alphabetic) && !word.contains("www.") && !word.contains('@'))
}

/// Groups of vowels, less a silent e; a field counts as two.
fn syllables_of(word: &str) -> i64 {
    if word.starts_with('{') {
        return 2;
    }
    let plain: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let mut groups = 0;
    let mut before = false;
    for letter in plain.chars() {
        let vowel = "aeiouy".contains(letter);
        groups += i64::from(vowel && !before);
        before = vowel;
    }
    let silent = plain.ends_with('e') && !plain.ends_with("le") && groups > 1;
    (groups - i64::from(silent)).max(1)
}

/// One place at which two versions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// For people: "the text of block opening".
    pub place: String,
    /// Words before; empty where the place is new.
    pub before: String,
    /// Words after; empty where the place is gone.
    pub after: String,
}

/// Where two versions of a template differ, in the order of the newer.
pub fn differences(before: &Template, after: &Template) -> Vec<Difference> {
    let (old, new) = (texts(before), texts(after));
    let words_at = |all: &[(Place, &str)], place: &Place| {
        all.iter().find(|(one, _)| one == place).map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
    };
    let gone = old.iter().filter(|(place, _)| !new.iter().any(|(one, _)| one == place));
    let mut all: Vec<Difference> = new
        .iter()
        .chain(gone)
        .map(|(place, _)| Difference {
            place: place.words(),
            before: words_at(&old, place),
            after: words_at(&new, place),
        })
        .filter(|one| one.before != one.after)
        .collect();
    for block in &after.blocks {
        let Some(was) = before.blocks.iter().find(|one| one.id == block.id) else { continue };
        if (was.audience, was.panel) != (block.audience, block.panel) {
            let shown = |one: &TemplateBlock| format!("for {:?}, with {:?}", one.audience, one.panel).to_lowercase();
            let place = format!("whom block {} is for, and its box", block.id);
            all.push(Difference { place, before: shown(was), after: shown(block) });
        }
    }
    let order = |template: &Template| template.blocks.iter().map(|block| block.id.clone()).collect::<Vec<_>>();
    let (was, is) = (order(before), order(after));
    let kept = |ids: &[String], others: &[String]| -> Vec<String> {
        ids.iter().filter(|id| others.contains(id)).cloned().collect()
    };
    if kept(&was, &is) != kept(&is, &was) {
        let place = "the order of the blocks".to_owned();
        all.push(Difference { place, before: was.join(", "), after: is.join(", ") });
    }
    all
}

/// What a field means, and what it may look like.
pub fn meaning(field: &str) -> (&'static str, &'static str) {
    let found = FIELDS.iter().find(|(name, ..)| *name == field);
    found.map_or(("a fact of this letter", "…"), |(_, means, example)| (means, example))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::shipped_templates;

    fn shipped(code: &str) -> Template {
        shipped_templates().into_iter().find(|one| one.code == code).expect("shipped")
    }

    #[test]
    fn del_10_a_field_that_is_not_there_is_named_with_its_place_and_the_nearest() {
        let mut draft = shipped("reminder_1");
        draft.blocks[0].text_en = "You owe {amuont} for {For what}, {zebra} {".into();
        let allowed = fields_used(&shipped("reminder_1"));
        let faults: Vec<String> = field_faults(&draft, &allowed).into_iter().map(|one| one.words).collect();
        assert_eq!(faults.len(), 4, "{faults:?}");
        let told = faults.join("\n");
        assert!(
            told.contains(
                "{amuont} in the text of block opening is not a field of this letter. Did you mean {amount}?"
            )
        );
        assert!(told.contains("Did you mean {for_what}?"));
        assert!(told.contains("{zebra} in the text of block opening is not a field of this letter. Choose one"));
        assert!(told.contains("A brace in the text of block opening has no partner"));
    }

    #[test]
    fn del_10_a_locked_block_may_not_go_change_or_be_made() {
        let live = shipped("letter_of_claim");
        assert_eq!(locks_broken(&live, &live), []);
        let mut draft = live.clone();
        draft.blocks.retain(|block| block.id != "interest");
        draft.blocks.iter_mut().find(|block| block.id == "debt").expect("there").text_en.push('!');
        draft.blocks.iter_mut().find(|block| !block.locked).expect("there").locked = true;
        let broken = locks_broken(&live, &draft);
        assert_eq!(broken.len(), 3);
        assert!(broken.iter().any(|one| one.block == "interest" && one.missing && one.rule == "REC-02"));
        assert!(broken.iter().any(|one| one.block == "debt" && !one.missing));
    }

    #[test]
    fn del_10_shipped_letters_read_at_an_age_for_people() {
        for template in shipped_templates() {
            let read = reading(&template);
            assert!((5..=14).contains(&read.age), "{} reads at {}", template.code, read.age);
        }
        let mut hard = shipped("reminder_1");
        hard.blocks[0].text_en = "Notwithstanding previous correspondence concerning the aforementioned outstanding \
            liabilities, the authority hereby reiterates its expectation that remittance shall be effectuated \
            immediately, unconditionally and in accordance with the contractual stipulations previously communicated \
            to yourselves by this department."
            .into();
        let read = reading(&hard);
        assert!(read.age > reading(&shipped("reminder_1")).age);
        assert_eq!(read.long.len(), 1);
    }

    #[test]
    fn del_10_differences_name_what_was_changed_moved_and_dropped() {
        let before = shipped("reminder_1");
        let mut after = before.clone();
        after.blocks[0].text_en = "This is for {for_what}.".into();
        after.blocks.swap(1, 2);
        after.blocks.retain(|block| block.id != "other_formats");
        let places: Vec<String> = differences(&before, &after).into_iter().map(|one| one.place).collect();
        assert!(places.contains(&"the text of block opening".to_owned()));
        assert!(places.contains(&"the order of the blocks".to_owned()));
        assert!(places.contains(&"the heading of block other_formats".to_owned()));
        assert_eq!(differences(&before, &before), []);
    }

    #[test]
    fn del_10_what_has_no_welsh_is_told() {
        assert_eq!(without_welsh(&shipped("statement")), []);
        let mut draft = shipped("statement");
        (draft.title_cy, draft.blocks[0].text_cy) = (None, Some(" ".into()));
        let places = without_welsh(&draft);
        assert_eq!(places.len(), 2);
        assert_eq!(places[0].words(), "the Welsh title");
        assert_eq!(places[1].words(), "the Welsh text of block opening");
    }

    #[test]
    fn every_letter_of_recovery_has_its_welsh() {
        for code in ["reminder_1", "reminder_2", "final_notice", "letter_of_claim", "letter_before_action"] {
            assert_eq!(without_welsh(&shipped(code)), [], "{code}");
        }
        for code in crate::samples::PLANS {
            assert_eq!(without_welsh(&shipped(code)), [], "{code}");
        }
    }

    #[test]
    fn every_shipped_letter_has_its_welsh() {
        for template in shipped_templates() {
            assert_eq!(without_welsh(&template), [], "{}", template.code);
        }
    }
}
