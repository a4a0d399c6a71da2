//! How a bank's CSV is laid out, as data: a bank that changes its columns is a new profile, not new code.

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

/// One layout of one bank's CSV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The bank; several layouts may share it.
    pub name: String,
    /// `bank` or `card`.
    pub kind: String,
    /// Header signatures: cells lower-cased, trimmed and joined by commas.
    #[serde(rename = "match")]
    pub signatures: Vec<String>,
    /// Never chosen by its header alone, because another bank's is the same.
    #[serde(default)]
    pub only_by_name: bool,
    /// Exact date formats, separated by `|`. Day and month order is never guessed.
    pub date_format: String,
    /// From our field to the bank's column.
    pub columns: BTreeMap<String, String>,
    /// How the amount is carried.
    pub amount: AmountShape,
    /// Money in is written as negative (card exports).
    #[serde(default)]
    pub negate: bool,
    /// The running balance and its order.
    #[serde(default)]
    pub prove: Prove,
    /// The bank's own key of a line: twice in one file is an error.
    #[serde(default)]
    pub unique: Option<String>,
    /// From the bank's state word to `booked` or `pending`.
    #[serde(default)]
    pub status_map: BTreeMap<String, String>,
    /// The file name begins with sort code and account, `123456_12345678_`.
    #[serde(default)]
    pub account_in_file_name: bool,
    /// The currency when no column gives it.
    #[serde(default = "pounds")]
    pub currency: String,
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
            for text in &profile.signatures {
                let cells: Vec<&str> = text.split(',').collect();
                assert_eq!(&signature(cells.iter().copied()), text, "{}", profile.name);
                let amount: &[&str] = match profile.amount {
                    AmountShape::Signed => &["amount"],
                    AmountShape::TwoColumns => &["debit", "credit"],
                    AmountShape::Indicator => &["amount", "indicator"],
                };
                for field in amount.iter().chain(&["date"]) {
                    let column = profile.columns[*field].to_lowercase();
                    assert!(cells.contains(&column.as_str()), "{}: {field} in {text}", profile.name);
                }
            }
        }
    }
}
