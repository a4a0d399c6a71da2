//! The weight table and its substitutions, read from the two published files.
use crate::refusal::Invalid;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a row is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// Products, divided by ten.
    #[serde(rename = "MOD10")]
    Mod10,
    /// Products, divided by eleven.
    #[serde(rename = "MOD11")]
    Mod11,
    /// Digits of products, divided by ten.
    #[serde(rename = "DBLAL")]
    DblAl,
}

/// One line of the weight table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightRow {
    /// First sort code.
    pub first: String,
    /// Last sort code.
    pub last: String,
    /// How it is added up.
    pub method: Method,
    /// For `u v w x y z a b c d e f g h`.
    pub weights: [i32; 14],
    /// 1 to 14.
    pub exception: Option<u8>,
}

/// A version of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulusTable {
    /// Such as `7.70`.
    pub version: String,
    /// The day it counts from.
    pub effective_on: NaiveDate,
    /// In file order, which matters.
    pub rows: Vec<WeightRow>,
    /// Sort codes to be replaced under exception 5.
    pub substitutes: BTreeMap<String, String>,
}

impl ModulusTable {
    /// Reads the published files; the whole of it is refused when one line is wrong.
    pub fn parse(
        version: &str,
        effective_on: NaiveDate,
        weights: &str,
        substitutes: &str,
    ) -> Result<Self, Vec<Invalid>> {
        let (mut rows, mut pairs, mut wrong) = (Vec::new(), BTreeMap::new(), Vec::new());
        for (line, text) in lines(weights) {
            match row(text) {
                Some(row) => rows.push(row),
                None => wrong.push(Invalid::row(line, "weights", "This line is not of the weight table", text)),
            }
        }
        for (line, text) in lines(substitutes) {
            match text.split_whitespace().collect::<Vec<_>>().as_slice() {
                [from, to] if sort_code(from) && sort_code(to) => {
                    pairs.insert((*from).to_owned(), (*to).to_owned());
                }
                _ => wrong.push(Invalid::row(line, "substitutes", "Each line has two sort codes", text)),
            }
        }
        if rows.is_empty() && wrong.is_empty() {
            wrong.push(Invalid::field("weights", "The weight table has no rows", ""));
        }
        if version.trim().is_empty() {
            wrong.push(Invalid::field("version", "Enter the version, like 7.70", version));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Self { version: version.trim().into(), effective_on, rows, substitutes: pairs })
    }

    /// The rows of a sort code, in file order: none, one or two.
    pub fn rows_of(&self, sort: &str) -> Vec<&WeightRow> {
        self.rows.iter().filter(|row| row.first.as_str() <= sort && sort <= row.last.as_str()).take(2).collect()
    }
}

fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty())
}

fn sort_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

fn row(text: &str) -> Option<WeightRow> {
    let cells: Vec<&str> = text.split_whitespace().collect();
    let exception = match cells.len() {
        17 => None,
        18 => Some(cells[17].parse().ok().filter(|ex| (1..=14).contains(ex))?),
        _ => return None,
    };
    let method = match cells[2] {
        "MOD10" => Method::Mod10,
        "MOD11" => Method::Mod11,
        "DBLAL" => Method::DblAl,
        _ => return None,
    };
    let mut weights = [0i32; 14];
    for (weight, cell) in weights.iter_mut().zip(&cells[3..17]) {
        *weight = cell.parse().ok().filter(|w| (-999..=999).contains(w))?;
    }
    let (first, last) = (cells[0], cells[1]);
    (sort_code(first) && sort_code(last) && first <= last).then(|| WeightRow {
        first: first.into(),
        last: last.into(),
        method,
        weights,
        exception,
    })
}
