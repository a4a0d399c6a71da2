//! How a bank's CSV is laid out, as data: a bank that changes its columns is a new profile, not new code.

use crate::problem::FormatProblem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How a profile carries the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountShape {
    /// One column `amount`; money in is positive.
    Signed,
    /// Two unsigned columns, `debit` and `credit`.
    TwoColumns,
    /// An unsigned `amount` and an `indicator` column that says `C`, `CR`, `D` or `DR`.
    Indicator,
}

/// In which order the running balance runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prove {
    /// There is no running balance.
    #[default]
    None,
    /// The last row is the newest.
    OldestFirst,
    /// The first row is the newest.
    NewestFirst,
    /// Either order, whichever proves.
    Either,
}

/// A cell before the rows that says something of the whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Row, counted from 1.
    pub row: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// `account`, `sort_code`, `account_name`, or a name of its own under which it is kept.
    pub field: String,
}

/// One layout of one bank's CSV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The bank; several layouts may share it.
    pub name: String,
    /// `bank`, `card`, `cheque` or `directdebit`; only `bank` moves cash.
    pub kind: String,
    /// Header signatures: cells lower-cased, trimmed and joined by commas. None: the file has no header row.
    #[serde(rename = "match", default)]
    pub signatures: Vec<String>,
    /// Never chosen by its header alone, because another bank's is the same.
    #[serde(default)]
    pub only_by_name: bool,
    /// Label of an encoding; nothing: UTF-8, then Windows-1252.
    #[serde(default)]
    pub encoding: Option<String>,
    /// The delimiter; nothing: whichever shows the header.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// Rows before the first line of a file without a header row.
    #[serde(default)]
    pub skip_rows: usize,
    /// A row that begins so, and all after it, are not lines.
    #[serde(default)]
    pub footer: Option<String>,
    /// Cells above the rows that say something of the whole file.
    #[serde(default)]
    pub meta: Vec<Meta>,
    /// Exact date formats, separated by `|`. Day and month order is never guessed.
    pub date_format: String,
    /// From our field to the bank's column: its name, or its place counted from 1; several joined by ` + `.
    pub columns: BTreeMap<String, String>,
    /// How the amount is carried.
    pub amount: AmountShape,
    /// Words of the indicator that mean money in; nothing: `C`, `CR`, `CREDIT`.
    #[serde(default)]
    pub credit_words: Vec<String>,
    /// Words of the indicator that mean money out; nothing: `D`, `DR`, `DEBIT`.
    #[serde(default)]
    pub debit_words: Vec<String>,
    /// Money in is written as negative (card exports).
    #[serde(default)]
    pub negate: bool,
    /// What stands before the decimals.
    #[serde(default = "point")]
    pub decimal: char,
    /// What stands between thousands.
    #[serde(default = "comma")]
    pub thousands: char,
    /// The running balance and its order.
    #[serde(default)]
    pub prove: Prove,
    /// The bank's own key of a line: twice in one file is an error.
    #[serde(default)]
    pub unique: Option<String>,
    /// From the bank's state word to `booked` or `pending`.
    #[serde(default)]
    pub status_map: BTreeMap<String, String>,
    /// From the bank's code to our kind of payment.
    #[serde(default)]
    pub type_map: BTreeMap<String, String>,
    /// The file name begins with sort code and account, `123456_12345678_`.
    #[serde(default)]
    pub account_in_file_name: bool,
    /// The account that every such file is of.
    #[serde(default)]
    pub account: Option<String>,
    /// The currency when no column gives it.
    #[serde(default = "pounds")]
    pub currency: String,
}

/// The fields of ours that a column can be mapped to, with what each is.
pub const FIELDS: &[(&str, &str)] = &[
    ("date", "Date"),
    ("date_else", "Date, where the first is empty"),
    ("amount", "Amount"),
    ("debit", "Money out"),
    ("credit", "Money in"),
    ("indicator", "Credit or debit"),
    ("balance", "Running balance"),
    ("text", "Reference and narrative"),
    ("payer_name", "Payer"),
    ("payer_sort_code", "Payer's sort code"),
    ("payer_account", "Payer's account"),
    ("kind", "Type of payment"),
    ("bank_reference", "Bank's own reference"),
    ("status", "State"),
    ("account", "Our account"),
    ("sort_code", "Our sort code"),
    ("account_name", "Our account's name"),
    ("currency", "Currency"),
];

impl Profile {
    /// Whether the file's first line is a payment and not a header.
    pub fn headless(&self) -> bool {
        self.signatures.is_empty()
    }

    /// The columns of a field, by name or place.
    pub(crate) fn columns_of(&self, field: &str) -> impl Iterator<Item = &str> {
        self.columns.get(field).into_iter().flat_map(|c| c.split(" + ")).map(str::trim)
    }

    /// The fields that must be there for the amount's shape.
    pub(crate) fn required(&self) -> &'static [&'static str] {
        match self.amount {
            AmountShape::Signed => &["date", "amount"],
            AmountShape::TwoColumns => &["date", "debit", "credit"],
            AmountShape::Indicator => &["date", "amount", "indicator"],
        }
    }

    /// What is wrong with a profile that somebody wrote; `at` is the key.
    pub fn problems(&self) -> Vec<FormatProblem> {
        let mut wrong = Vec::new();
        let mut say = |at: &str, message: &str| wrong.push(FormatProblem::new("csv.profile", at, message));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(plain) {
            say("name", "Give it a name of small letters, digits and hyphens, at most 40");
        }
        if !["bank", "card", "cheque", "directdebit"].contains(&self.kind.as_str()) {
            say("kind", "Say what the file is of: bank, card, cheque or directdebit");
        }
        for format in self.date_format.split('|') {
            if !is_date_format(format) {
                say("date_format", "Write the date with day, month and year, as %d/%m/%Y, %d %b %Y or %Y-%m-%d");
                break;
            }
        }
        for field in self.required() {
            if self.columns_of(field).next().is_none_or(str::is_empty) {
                say(field, "Choose the column it stands in");
            }
        }
        for (field, column) in &self.columns {
            if !FIELDS.iter().any(|(known, _)| known == field) && field != "bank_number" {
                say(field, "There is no such field");
            }
            let places = column.split(" + ").all(|c| c.trim().parse::<usize>().is_ok_and(|n| (1..=1_000).contains(&n)));
            if self.headless() && !places {
                say(field, "A file without a header row has columns by number, from 1");
            }
        }
        if self.delimiter.is_some_and(|d| !d.is_ascii() || d.is_ascii_alphanumeric() || d == '"') {
            say("delimiter", "A delimiter is one sign, such as a comma, a semicolon or a tab");
        }
        if self.decimal == self.thousands || self.decimal.is_ascii_digit() || self.thousands.is_ascii_digit() {
            say("decimal", "Decimals and thousands are marked by two different signs");
        }
        if self.currency.len() != 3 || !self.currency.bytes().all(|b| b.is_ascii_uppercase()) {
            say("currency", "A currency has three capital letters, such as GBP");
        }
        if let Some(label) = &self.encoding
            && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
        {
            say("encoding", "This encoding is not known; leave it out unless the bank says it");
        }
        if self.prove != Prove::None && self.columns_of("balance").next().is_none() {
            say("balance", "Choose the column of the running balance, or say that there is none");
        }
        wrong
    }
}

/// Day, month and year once each, and nothing that `chrono` does not know.
fn is_date_format(format: &str) -> bool {
    let count = |marks: &[&str]| marks.iter().map(|mark| format.matches(mark).count()).sum::<usize>();
    let whole = count(&["%d", "%e"]) == 1 && count(&["%m", "%b", "%B"]) == 1 && count(&["%Y", "%y"]) == 1;
    let known =
        format.split('%').skip(1).all(|part| part.starts_with(['d', 'e', 'm', 'b', 'B', 'Y', 'y', 'H', 'M', 'S', '%']));
    whole && known && format.len() <= 40
}

fn point() -> char {
    '.'
}

fn comma() -> char {
    ','
}

fn pounds() -> String {
    "GBP".to_owned()
}

/// The profiles that ship with the product, in the order in which they are tried.
pub fn profiles() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        serde_json::from_str(include_str!("profiles.json")).expect("the embedded profiles are parsed by a test")
    });
    &PROFILES
}

/// A header row as a signature.
pub(crate) fn signature<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(|c| c.trim_matches('\u{FEFF}').trim().to_lowercase()).collect();
    cells.join(",").trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_finds_its_columns_in_its_signatures() {
        for profile in profiles() {
            assert_eq!(profile.problems(), [], "{}", profile.name);
            for text in &profile.signatures {
                let cells: Vec<&str> = text.split(',').collect();
                assert_eq!(&signature(cells.iter().copied()), text, "{}", profile.name);
                for field in profile.required() {
                    for column in profile.columns_of(field).map(str::to_lowercase) {
                        assert!(cells.contains(&column.as_str()), "{}: {field} in {text}", profile.name);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_profile_is_said_by_key() {
        let mut profile = profiles()[0].clone();
        profile.name = "My bank".to_owned();
        profile.date_format = "%d/%Y".to_owned();
        profile.columns.remove("amount");
        profile.columns.insert("colour".to_owned(), "Colour".to_owned());
        profile.thousands = '.';
        let said: Vec<String> = profile.problems().into_iter().map(|p| p.at).collect();
        assert_eq!(said, ["name", "date_format", "amount", "colour", "decimal"]);
    }
}
