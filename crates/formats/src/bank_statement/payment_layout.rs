//! The layout of a collection agent's payment file, as data: each agent agrees one with each client.

use crate::problem::FormatProblem;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// How a field is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// As it stands, trimmed.
    Text,
    /// Digits only.
    Digits,
    /// Whole pence.
    Pence,
    /// Whole pence with a sign before or after.
    SignedPence,
    /// Pounds with a point.
    Pounds,
    /// A date by a `chrono` format.
    Date(String),
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `reference`, `amount`, `date`, `channel`, `method`, `transaction`, `reversal`, `payer`, `count`, `sum`, `client`,
    /// `account`, or a name of its own under which it is kept.
    pub name: String,
    /// First character, counted from 1; in a delimited file the column.
    pub start: usize,
    /// Characters; in a delimited file not used.
    #[serde(default)]
    pub length: usize,
    /// How it is written.
    #[serde(rename = "type")]
    pub kind: FieldType,
}

/// What a record is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    /// Says something of the whole file.
    Header,
    /// One payment.
    Detail,
    /// Counts and sums.
    Trailer,
    /// Of no meaning to us.
    Ignore,
}

/// A kind of record, told by characters at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordLayout {
    /// Where its mark begins, counted from 1; in a delimited file the column.
    pub start: usize,
    /// The mark.
    pub equals: String,
    /// What it is for.
    #[serde(rename = "use")]
    pub purpose: Use,
    /// Its fields.
    #[serde(default)]
    pub fields: Vec<Field>,
}

/// The check that our own reference carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// None.
    #[default]
    None,
    /// Luhn; letters count as A=10 to Z=35.
    Luhn,
    /// Weights from the right, modulus 11.
    Mod11,
    /// ISO 7064, modulus 97.
    Mod97,
}

/// One layout of one agent's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// Characters of every record; 0: they vary.
    #[serde(default)]
    pub record_length: usize,
    /// The delimiter of a delimited file; nothing: columns are fixed.
    #[serde(default)]
    pub delimiter: Option<char>,
    /// The kinds of record, tried in order.
    pub records: Vec<RecordLayout>,
    /// A trailer must be there, and its `count` and `sum` are proved.
    #[serde(default)]
    pub trailer: bool,
    /// The header's and the details' agent number of a payment may come once only.
    #[serde(default)]
    pub unique: bool,
    /// How our reference is checked.
    #[serde(default)]
    pub check_digit: CheckDigit,
    /// Words in `reversal` that mark a payment taken back.
    #[serde(default)]
    pub reversal_words: Vec<String>,
    /// ISO 4217.
    #[serde(default = "pounds")]
    pub currency: String,
}

fn pounds() -> String {
    "GBP".to_owned()
}

impl Layout {
    /// What is wrong with a layout that somebody wrote.
    pub fn problems(&self) -> Vec<FormatProblem> {
        let mut wrong = Vec::new();
        let mut say = |at: &str, message: &str| wrong.push(FormatProblem::new("payfile.layout", at, message));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(plain) {
            say("name", "Give it a name of small letters, digits and hyphens, at most 40");
        }
        let details: Vec<&RecordLayout> = self.records.iter().filter(|r| r.purpose == Use::Detail).collect();
        let named = |record: &RecordLayout, name: &str| record.fields.iter().any(|f| f.name == name);
        if details.is_empty() || !details.iter().all(|r| named(r, "amount") && named(r, "reference")) {
            say("records", "Every record of a payment has its amount and its reference");
        }
        if self.trailer
            && !self.records.iter().any(|r| r.purpose == Use::Trailer && (named(r, "sum") || named(r, "count")))
        {
            say("trailer", "A trailer that proves the file has a count or a sum");
        }
        let badly_placed = |f: &Field| {
            f.start == 0 || f.start > 10_000 || f.length > 10_000 || (self.delimiter.is_none() && f.length == 0)
        };
        if self.records.iter().any(|r| r.start == 0 || r.equals.is_empty() || r.fields.iter().any(badly_placed)) {
            say("records", "Places count from 1, and a fixed field has a length");
        }
        wrong
    }
}

/// The layouts that ship: examples to write one's own from.
pub fn layouts() -> &'static [Layout] {
    static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
        serde_json::from_str(include_str!("payment_layouts.json")).expect("the embedded layouts are parsed by a test")
    });
    &LAYOUTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layouts_that_ship_are_whole() {
        for layout in layouts() {
            assert_eq!(layout.problems(), [], "{}", layout.name);
        }
    }

    #[test]
    fn a_layout_without_amount_or_places_is_refused() {
        let mut layout = layouts()[0].clone();
        layout
            .records
            .iter_mut()
            .for_each(|r| r.fields.retain(|f| f.name != "amount" && f.name != "sum" && f.name != "count"));
        layout.records[0].start = 0;
        let said: Vec<String> = layout.problems().into_iter().map(|p| p.at).collect();
        assert_eq!(said, ["records", "trailer", "records"]);
    }
}
