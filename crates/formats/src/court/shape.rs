//! The court's schemas as rules: elements in their order, each of its kind.

use super::text::is_taken;
use crate::bank_statement::xml::{Listener, Node, declared_encoding, walk};
use crate::problem::{FormatProblem, shown};
use crate::text::{LARGEST_FILE, decode, iso_date};
use chrono::NaiveDate;

/// What an element may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// The court's letters, not blank, so many at most.
    Words(usize),
    /// As words, and blank is allowed where one letter is there.
    Line(usize),
    /// Letters, digits, `_` and `-`.
    Reference(usize),
    /// Eight digits, the first not 0.
    CustomerId,
    /// Eight letters or digits.
    ClaimNumber,
    /// 1 or 2.
    DefendantId,
    /// Whole pence.
    Amount,
    /// `YYYY-MM-DD`.
    Date,
    /// `true` or `false`.
    Flag,
    /// Only `true`.
    True,
    /// `NE61 1AA`.
    Postcode,
    /// Up to eight letters, digits and spaces.
    AnyPostcode,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Anything, so many at most.
    Free(usize),
}

impl Kind {
    /// What is wrong with a value.
    fn fault(self, text: &str) -> Option<String> {
        let count = text.chars().count();
        let within = |most: usize| (count > most).then(|| format!("has {count} characters; there is room for {most}"));
        let right = |is: bool, say: &str| (!is).then(|| say.to_owned());
        let letters =
            || text.chars().find(|c| !is_taken(*c)).map(|c| format!("holds {c:?}, which the court does not take"));
        match self {
            Kind::Words(most) => right(!text.trim().is_empty(), "is empty").or_else(|| within(most)).or_else(letters),
            Kind::Line(most) => right(!text.is_empty(), "is empty").or_else(|| within(most)).or_else(letters),
            Kind::Reference(most) => {
                let made = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                right(made && !text.is_empty(), "may hold letters, digits, _ and - only").or_else(|| within(most))
            }
            Kind::CustomerId => {
                let digits = count == 8 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
                right(digits, "is not a number of eight digits")
            }
            Kind::ClaimNumber => {
                let made = count == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric());
                right(made, "is not a claim number of eight letters and digits")
            }
            Kind::DefendantId => right(matches!(text, "1" | "2"), "is not 1 or 2"),
            Kind::Amount => right(amount(text).is_some(), "is not an amount in whole pence"),
            Kind::Date => right(iso_date(text).is_some(), "is not a date such as 2026-11-20"),
            Kind::Flag => right(flag(text).is_some(), "is not true or false"),
            Kind::True => right(flag(text) == Some(true), "is not true: a person signs"),
            Kind::Postcode => right(is_postcode(text), "is not a postcode such as NE61 1AA"),
            Kind::AnyPostcode => {
                let made = text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ') && !text.is_empty();
                right(made, "is not a postcode").or_else(|| within(8))
            }
            Kind::OneOf(words) => right(words.contains(&text), "is none of the words the court knows"),
            Kind::Free(most) => within(most),
        }
    }
}

pub(super) fn amount(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 13 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

pub(super) fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// `[A-Z]{1,2}[0-9R][0-9A-Z]? [0-9][A-Z-[CIKMOV]]{2}`
pub(super) fn is_postcode(text: &str) -> bool {
    let Some((outward, inward)) = text.split_once(' ') else { return false };
    let out: Vec<u8> = outward.bytes().collect();
    let area = out.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let outward_right = (1..=2).any(|letters| {
        let rest = &out[letters.min(out.len())..];
        letters <= area
            && (1..=2).contains(&rest.len())
            && (rest[0].is_ascii_digit() || rest[0] == b'R')
            && rest.get(1).is_none_or(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    });
    let inward: Vec<u8> = inward.bytes().collect();
    let inward_right = inward.len() == 3
        && inward[0].is_ascii_digit()
        && inward[1..].iter().all(|b| b.is_ascii_uppercase() && !b"CIKMOV".contains(b));
    outward_right && inward_right
}

/// The children of an element, taken one after the other in the order of the schema.
pub(super) struct Sequence<'a> {
    node: &'a Node,
    next: usize,
    at: String,
}

impl<'a> Sequence<'a> {
    pub fn of(node: &'a Node, at: impl Into<String>) -> Self {
        Self { node, next: 0, at: at.into() }
    }

    pub fn place(&self, name: &str) -> String {
        format!("{}/{name}", self.at)
    }

    /// The next element, if it is of this name.
    pub fn may_node(&mut self, name: &str) -> Option<&'a Node> {
        let node = self.node.children.get(self.next).filter(|child| child.name == name)?;
        self.next += 1;
        Some(node)
    }

    /// The next element, which must be of this name.
    pub fn must_node(&mut self, name: &str, wrong: &mut Vec<FormatProblem>) -> Option<&'a Node> {
        let found = self.may_node(name);
        if found.is_none() {
            wrong.push(FormatProblem::new("court.missing", self.place(name), "is missing, or not where it belongs"));
        }
        found
    }

    /// The next element's text, of a kind, if it is of this name.
    pub fn may(&mut self, name: &str, kind: Kind, wrong: &mut Vec<FormatProblem>) -> Option<String> {
        let node = self.may_node(name)?;
        let text =
            if matches!(kind, Kind::Line(_) | Kind::Free(_)) { node.text.clone() } else { node.text.trim().to_owned() };
        if let Some(fault) = kind.fault(&text) {
            wrong.push(FormatProblem::new("court.value", self.place(name), format!("{} {fault}", shown(&text))));
        }
        Some(text)
    }

    /// The next element's text, of a kind; it must be there.
    pub fn must(&mut self, name: &str, kind: Kind, wrong: &mut Vec<FormatProblem>) -> String {
        match self.may(name, kind, wrong) {
            Some(text) => text,
            None => {
                wrong.push(FormatProblem::new(
                    "court.missing",
                    self.place(name),
                    "is missing, or not where it belongs",
                ));
                String::new()
            }
        }
    }

    pub fn date(&mut self, name: &str, wrong: &mut Vec<FormatProblem>) -> NaiveDate {
        iso_date(&self.must(name, Kind::Date, wrong)).unwrap_or_default()
    }

    pub fn pence(&mut self, name: &str, wrong: &mut Vec<FormatProblem>) -> i64 {
        amount(&self.must(name, Kind::Amount, wrong)).unwrap_or_default()
    }

    pub fn may_pence(&mut self, name: &str, wrong: &mut Vec<FormatProblem>) -> Option<i64> {
        self.may(name, Kind::Amount, wrong).and_then(|text| amount(&text))
    }

    pub fn flag(&mut self, name: &str, wrong: &mut Vec<FormatProblem>) -> bool {
        flag(&self.must(name, Kind::Flag, wrong)).unwrap_or_default()
    }

    /// Nothing may follow.
    pub fn end(&self, wrong: &mut Vec<FormatProblem>) {
        if let Some(node) = self.node.children.get(self.next) {
            let at = self.place(&shown(&node.name));
            wrong.push(FormatProblem::new("court.unexpected", at, "does not belong here"));
        }
    }
}

/// Keeps the whole tree.
#[derive(Default)]
struct Tree(Option<Node>);

impl Listener for Tree {
    fn begun(&mut self, _: &Node, _: &[Node]) {}

    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node> {
        if parents.is_empty() {
            self.0 = Some(node);
            return None;
        }
        Some(node)
    }
}

/// The tree of a file; out of its envelope where it is in one.
pub(super) fn tree(bytes: &[u8]) -> Result<Node, FormatProblem> {
    if bytes.len() > LARGEST_FILE {
        return Err(FormatProblem::new("file.too_large", "", "the file is over 200 MB"));
    }
    let mut tree = Tree::default();
    let text = decode(bytes, declared_encoding(bytes).as_deref()).text;
    walk(&text, &mut tree).map_err(|p| FormatProblem { code: p.code.replacen("camt.", "court.", 1), ..p })?;
    let root = tree.0.unwrap_or_default();
    if root.name != "Envelope" {
        return Ok(root);
    }
    let body = root.children.into_iter().find(|child| child.name == "Body");
    let inside = body.and_then(|body| body.children.into_iter().next());
    inside.ok_or_else(|| FormatProblem::new("court.envelope", "", "the envelope is empty"))
}
