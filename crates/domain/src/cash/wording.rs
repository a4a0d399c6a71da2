//! What is worth remembering of a bank text: the words that say what the money is for.

/// Words that any payment may carry.
const EVERY_DAY: &[&str] = &[
    "ACC",
    "ACCOUNT",
    "ACCT",
    "ADVICE",
    "AND",
    "BACS",
    "BANK",
    "BGC",
    "BILL",
    "BILLS",
    "CREDIT",
    "CUSTOMER",
    "DATED",
    "FASTER",
    "FOR",
    "FPI",
    "FROM",
    "INV",
    "INVOICE",
    "INVOICES",
    "LTD",
    "MANY",
    "MISS",
    "MONTHLY",
    "MRS",
    "NUMBER",
    "ORDER",
    "OUR",
    "PAY",
    "PAYER",
    "PAYMENT",
    "PAYMENTS",
    "PER",
    "PLC",
    "PMT",
    "REF",
    "REFERENCE",
    "REMITTANCE",
    "SETTLEMENT",
    "STANDING",
    "STATEMENT",
    "STO",
    "THANK",
    "THANKS",
    "THE",
    "TRANSFER",
    "WITH",
    "YOU",
    "YOUR",
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];
/// Most words remembered.
const MOST: usize = 5;

/// The words of a text that may say what it is for, without numbers, names of the payer and everyday words.
///
/// `CARE FEES AUG K40233` is `CARE FEES`. None where nothing is left.
pub fn wording_of(text: &str, payer: &str) -> Option<String> {
    let payer = words(payer);
    let kept: Vec<String> = words(text)
        .into_iter()
        .filter(|word| word.chars().count() >= 3 && !EVERY_DAY.contains(&word.as_str()) && !payer.contains(word))
        .take(MOST)
        .collect();
    (!kept.is_empty()).then(|| kept.join(" "))
}

/// A payer's name as lessons keep it: letters only, upper case. None where it names nobody.
pub fn name_of(payer: &str) -> Option<String> {
    let words = super::plain_names::words(payer);
    let name = words.concat();
    (name.chars().count() >= 5 && !super::plain_names::names_nobody(&words)).then_some(name)
}

/// Words of letters alone.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
        .map(str::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_06_a_wording_is_what_the_money_is_for() {
        for (text, want) in [
            ("CARE FEES AUG K40233", Some("CARE FEES")),
            ("INV-204817 PAYMENT WITH THANKS", None),
            ("OAKES allotment rent 2026", Some("ALLOTMENT RENT")),
            ("", None),
        ] {
            assert_eq!(wording_of(text, "J OAKES").as_deref(), want, "{text}");
        }
        assert_eq!(name_of("Mrs J. Oakes-Ward").as_deref(), Some("JOAKESWARD"));
        assert_eq!(name_of("NOT PROVIDED"), None);
    }
}
