//! Names as plain words: without titles, legal forms, "the", "and" and marks.

/// What a firm is in law, at the end of its name.
const LEGAL_FORMS: &[&str] = &["LTD", "LIMITED", "LLP", "LP", "PLC", "CIC", "CIO", "CO", "COMPANY", "INC"];
/// The same in several words.
const LONG_FORMS: &[[&str; 3]] = &[["COMMUNITY", "INTEREST", "COMPANY"], ["PUBLIC", "LIMITED", "COMPANY"]];
/// Beginnings of legal forms at the end of a name that the bank has cut.
const CUT_FORMS: &[&str] = &["L", "LT", "LI", "LIM", "LIMI", "LIMIT", "LIMITE", "LL", "PL", "CI"];
/// Words that stand where a name should, and name nobody.
const NOBODY: &[&str] = &[
    "UNKNOWN",
    "NOT",
    "PROVIDED",
    "NOTPROVIDED",
    "AVAILABLE",
    "NONE",
    "NA",
    "N",
    "A",
    "CASH",
    "CHEQUE",
    "COUNTER",
    "CREDIT",
    "PAYMENT",
    "PAYER",
    "REMITTER",
    "CUSTOMER",
    "BACS",
    "BGC",
    "FPI",
    "FASTER",
];

/// Letters only, upper case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_uppercase).collect()
}

/// The words of a name without titles.
pub(super) fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}'))
        .map(letters)
        .filter(|w| !w.is_empty() && !matches!(w.as_str(), "MR" | "MRS" | "MS" | "MISS" | "DR" | "MX"))
        .collect()
}

/// The bank had no name to give and wrote a word in its place.
pub(super) fn names_nobody(words: &[String]) -> bool {
    words.iter().all(|w| NOBODY.contains(&w.as_str()))
}

/// The words that tell one name from another: no leading "the", no "and", no legal form.
pub(super) fn core(words: &[String], may_be_cut: bool) -> Vec<String> {
    let mut core: Vec<String> = words.iter().filter(|w| *w != "AND").cloned().collect();
    if core.len() > 1 && core[0] == "THE" {
        core.remove(0);
    }
    if may_be_cut && core.len() > 1 && core.last().is_some_and(|w| CUT_FORMS.contains(&w.as_str())) {
        core.pop();
    }
    loop {
        let drop = form_at_end(&core);
        if drop == 0 || drop >= core.len() {
            return core;
        }
        core.truncate(core.len() - drop);
    }
}

/// How many words at the end are a legal form: `Ltd`, `C I C`, `Community Interest Company`.
fn form_at_end(words: &[String]) -> usize {
    if LONG_FORMS.iter().any(|form| words.ends_with(&form.map(str::to_string))) {
        return 3;
    }
    if words.last().is_some_and(|w| LEGAL_FORMS.contains(&w.as_str())) {
        return 1;
    }
    let spelt = words.iter().rev().take_while(|w| w.len() == 1).count().min(3);
    let tail = words[words.len() - spelt..].concat();
    if spelt > 1 && LEGAL_FORMS.contains(&tail.as_str()) { spelt } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core_of(name: &str) -> String {
        core(&words(name), false).join(" ")
    }

    #[test]
    fn csh_04_the_legal_form_is_no_part_of_the_name() {
        for name in [
            "Larkfield Joinery",
            "LARKFIELD JOINERY LTD.",
            "The Larkfield Joinery Limited",
            "Larkfield Joinery & Co",
            "Larkfield & Joinery and Co. Ltd",
            "LARKFIELD-JOINERY P.L.C.",
            "Larkfield Joinery C.I.C",
            "Larkfield Joinery Community Interest Company",
            "larkfield joinery llp",
        ] {
            assert_eq!(core_of(name), "LARKFIELD JOINERY", "{name}");
        }
        assert_eq!(core_of("The Limited"), "LIMITED", "something is always left");
    }

    #[test]
    fn csh_04_a_word_in_place_of_a_name_names_nobody() {
        for name in ["", "NOT PROVIDED", "Unknown", "N/A", "COUNTER CREDIT"] {
            assert!(names_nobody(&words(name)), "{name}");
        }
        assert!(!names_nobody(&words("CASH & CARRY")));
    }
}
