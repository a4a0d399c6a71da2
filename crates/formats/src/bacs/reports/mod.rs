//! What Bacs tells a service user: input and withdrawal reports, unpaid collections, amended instructions, claims.
//!
//! [`read`] goes by content, never by name, and reads tolerantly: local names, unknown elements passed over. A file whose
//! totals do not prove is a file with errors and no items; one odd item among good ones is kept beside its problem, because
//! advices must not wait.

mod advices;
mod claims;
mod input;
mod item;
mod unpaid;

pub use item::{AccountTotal, Bank, Item, ItemKind, Report, ReportKind};

use crate::bank_statement::xml::{Listener, Node, declared_encoding, walk};
use crate::problem::{FormatProblem, shown};
use crate::text::{LARGEST_FILE, decode};
use crate::zip_guard;

/// Every report in a file: an XML document, or a ZIP of them.
pub fn read(bytes: &[u8]) -> Vec<Report> {
    if bytes.len() > LARGEST_FILE {
        return vec![Report::refused(FormatProblem::new("file.too_large", "", "the file is over 200 MB"))];
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return vec![read_one(bytes)];
    }
    match zip_guard::unpack(bytes) {
        Ok(members) if members.is_empty() => {
            vec![Report::refused(FormatProblem::new("zip.empty", "", "the ZIP holds no file"))]
        }
        Ok(members) => members.iter().map(|member| read_one(&member.bytes)).collect(),
        Err(problem) => vec![Report::refused(problem)],
    }
}

fn read_one(bytes: &[u8]) -> Report {
    let decoded = decode(bytes, declared_encoding(bytes).as_deref());
    let mut tree = Tree::default();
    if let Err(problem) = walk(&decoded.text, &mut tree) {
        return Report::refused(as_bacs(problem));
    }
    let Some(root) = tree.root else { return Report::refused(unknown("nothing")) };
    let Some(data) = root.child("Data") else { return Report::refused(unknown(&root.name)) };
    let found = data.children.iter().find_map(|node| match node.name.as_str() {
        "InputReport" => Some(input::input(node)),
        "WithdrawalReport" => Some(input::withdrawal(node)),
        "ARUDD" => Some(unpaid::read(node, ReportKind::Unpaid, "ReturnedDebitItem")),
        "ARUCS" => Some(unpaid::read(node, ReportKind::ReturnedCredits, "ReturnedCreditItem")),
        "MessagingAdvices" => Some(advices::read(node)),
        "AWACS" => Some(advices::wrong_account(node)),
        "Document" => Some(claims::read(node)),
        _ => None,
    });
    let mut report = found.unwrap_or_else(|| Report::refused(unknown(&root.name)));
    report.sort_suns();
    report
}

fn unknown(root: &str) -> FormatProblem {
    FormatProblem::new("bacs.report", "", format!("<{}> is not a Bacs report we know", shown(root)))
}

/// The XML reader speaks of statements; here the same faults are faults of a report.
fn as_bacs(problem: FormatProblem) -> FormatProblem {
    FormatProblem {
        code: problem.code.replacen("camt.", "bacs.", 1),
        message: problem.message.replace("a bank statement never does", "a Bacs report never does"),
        ..problem
    }
}

/// Keeps the whole document: reports are small.
#[derive(Default)]
struct Tree {
    root: Option<Node>,
}

impl Listener for Tree {
    fn begun(&mut self, _: &Node, _: &[Node]) {}

    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node> {
        if parents.is_empty() {
            self.root = Some(node);
            return None;
        }
        Some(node)
    }
}

/// Every element of a name, however deep.
fn deep<'a>(node: &'a Node, name: &str, found: &mut Vec<&'a Node>) {
    for child in &node.children {
        if child.name == name {
            found.push(child);
        }
        deep(child, name, found);
    }
}

fn all_deep<'a>(node: &'a Node, name: &str) -> Vec<&'a Node> {
    let mut found = Vec::new();
    deep(node, name, &mut found);
    found
}

/// A trimmed attribute that is not empty.
fn said<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.attribute(name).map(str::trim).filter(|text| !text.is_empty())
}

/// The first of several attributes that says something.
fn said_any<'a>(node: &'a Node, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| said(node, name))
}

/// Digits only, of the right number.
fn digits(text: Option<&str>, count: usize) -> Option<String> {
    let found: String = text?.chars().filter(char::is_ascii_digit).collect();
    (found.len() == count).then_some(found)
}

fn pounds(text: &str, at: &str) -> Result<i64, FormatProblem> {
    crate::money::pounds(text).map_err(|e| FormatProblem::new(e.code(), at, format!("“{}” {}", shown(text), e.words())))
}

fn day(text: Option<&str>, at: &str) -> Result<Option<chrono::NaiveDate>, FormatProblem> {
    let Some(text) = text else { return Ok(None) };
    let bad = || FormatProblem::new("bacs.date", at, format!("“{}” is not a date written YYYY-MM-DD", shown(text)));
    crate::text::iso_date(text).map(Some).ok_or_else(bad)
}

#[cfg(test)]
mod tests;
