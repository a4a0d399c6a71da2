//! What the fields of a letter may look like, in the letter's own language.

use crate::letter::Language;
use crate::template::FIELDS;
use std::collections::BTreeMap;

/// Examples that have other words in Welsh; names, figures and numbers are the same in both.
const WELSH: &[(&str, &str)] = &[
    ("about", "anfoneb INV-20745, gofal cartref ym mis Awst"),
    ("answer_by", "3 Rhagfyr 2026"),
    ("asked_on", "5 Tachwedd 2026"),
    ("began_on", "17 Tachwedd 2026"),
    ("cannot_pay", "Ffoniwch ni ar 01632 960 101. Gallwn siarad am yr hyn y gallwch ei dalu."),
    ("changed", "Mae'r swm wedi newid."),
    ("charges_sentence", " O'r swm hwn, mae £81.27 yn llog a thaliadau."),
    ("claim_basis", "Gwnaethom ddarparu gofal cartref o dan ein cytundeb gyda chi."),
    ("claimed_on", "1 Hydref 2026"),
    ("components", "- Gofal cartref, Awst 2026: £196.40"),
    ("daily_interest_sentence", " Llog am bob diwrnod pellach: £0.32."),
    ("due_on", "3 Rhagfyr 2026"),
    ("first_on", "1 Rhagfyr 2026"),
    ("for_what", "gofal cartref ym mis Gorffennaf ac Awst"),
    ("frequency", "bob 4 wythnos"),
    (
        "guarantee",
        "Cynigir y Warant gan bob banc a chymdeithas adeiladu sy'n derbyn cyfarwyddiadau i dalu Debydau Uniongyrchol.",
    ),
    ("instalments", "Nid oes unrhyw randaliadau wedi'u cynnig na'u talu."),
    ("interest_continues", "Nac oes. Nid ydym yn ychwanegu llog na thaliadau."),
    ("last_on", "1 Tachwedd 2027"),
    ("lasts", "Mae'n para tan 15 Ionawr 2027."),
    ("left", "Mae £98.20 ar ôl i'w dalu erbyn 3 Rhagfyr 2026."),
    ("method", "Talwch bob un drwy drosglwyddiad banc, gyda'r cyfeirnod C103316."),
    ("missed_on", "1 Rhagfyr 2026"),
    ("next", "Gallwch ofyn am adolygiad o fewn 20 diwrnod gwaith."),
    ("next_letter_on", "17 Rhagfyr 2026"),
    ("original_date", "31 Awst 2026"),
    ("others", "Nid oes gennym unrhyw ddyled arall."),
    ("outcome", "Roeddech yn iawn: rydym wedi tynnu £98.20 i ffwrdd."),
    ("period", "6 Ebrill 2026 i 3 Mai 2026"),
    ("phone_hours", "Dydd Llun i ddydd Gwener, 9am i 5pm"),
    ("reason", "ni chynhaliwyd pedwar ymweliad"),
    ("review_on", "1 Mehefin 2027"),
    ("signed_on", "2 Tachwedd 2026, dros y ffôn"),
    ("taken_on", "1 Tachwedd 2026"),
    (
        "tax_position",
        "Rydym yn gofyn am y cyflog net, sef yr hyn a gawsoch. Bydd y gyflogres yn cywiro eich treth yn y flwyddyn dreth hon.",
    ),
    ("team", "y tîm biliau ac anfonebau"),
    ("what_next", "Byddwn yn ceisio eto ar 15 Tachwedd 2026."),
    ("words", "Ni chofnodwyd y pedwar ymweliad. Mae'n ddrwg gennym am hynny."),
];

/// An example of every field that a template may use, by its name.
pub fn examples(language: Language) -> BTreeMap<&'static str, &'static str> {
    let mut all: BTreeMap<&'static str, &'static str> =
        FIELDS.iter().map(|(name, _, example)| (*name, *example)).collect();
    if language == Language::Welsh {
        all.extend(WELSH.iter().copied());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made-up names and addresses are the same in both languages.
    const SAME: [&str; 7] = ["complaints", "email", "organisation", "payer", "person", "reply_address", "web"];

    #[test]
    fn del_10_an_example_in_a_welsh_letter_has_no_english_words() {
        let (english, welsh) = (examples(Language::English), examples(Language::Welsh));
        assert_eq!(english.len(), FIELDS.len());
        assert_eq!(welsh.len(), FIELDS.len(), "Welsh names no field of its own");
        let has_words = |text: &str| text.split(|c: char| !c.is_lowercase()).any(|word| word.len() > 2);
        for (name, example) in english {
            let told = has_words(example) && !SAME.contains(&name);
            assert_eq!(welsh[name] != example, told, "{name}");
        }
    }
}
