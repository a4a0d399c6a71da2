//! pain.002: what the bank says of a file we sent.

use crate::bank_statement::xml::{Listener, Node, declared_encoding, walk};
use crate::problem::{FormatProblem, shown};
use crate::text::{LARGEST_FILE, decode};
use serde::{Deserialize, Serialize};

/// A status of a message, a batch or a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Checked.
    #[serde(rename = "ACTC")]
    Checked,
    /// Accepted by the bank.
    #[serde(rename = "ACCP")]
    Accepted,
    /// Being settled.
    #[serde(rename = "ACSP")]
    Settling,
    /// Settled.
    #[serde(rename = "ACSC")]
    Settled,
    /// Accepted with a change.
    #[serde(rename = "ACWC")]
    Changed,
    /// Pending.
    #[serde(rename = "PDNG")]
    Pending,
    /// Some of it.
    #[serde(rename = "PART")]
    Partly,
    /// Rejected.
    #[serde(rename = "RJCT")]
    Rejected,
}

impl Status {
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Status> {
        Some(match code {
            "ACTC" => Status::Checked,
            "ACCP" => Status::Accepted,
            "ACSP" => Status::Settling,
            "ACSC" => Status::Settled,
            "ACWC" => Status::Changed,
            "PDNG" => Status::Pending,
            "PART" => Status::Partly,
            "RJCT" => Status::Rejected,
            _ => return None,
        })
    }
}

/// What is said of one payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStatus {
    /// Our number for it.
    pub end_to_end_id: String,
    /// How it stands.
    pub status: Status,
    /// Why, as the bank says it.
    pub reason: Option<String>,
}

/// The bank's answer to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// The answer's own number.
    pub message_id: String,
    /// Our message.
    pub original_message_id: String,
    /// How the whole stands, when said.
    pub group: Option<Status>,
    /// Why, for the whole.
    pub group_reason: Option<String>,
    /// How each batch stands.
    pub batches: Vec<(String, Status)>,
    /// How each payment named stands.
    pub items: Vec<ItemStatus>,
}

/// Reads a pain.002 of any edition, by local names.
///
/// # Errors
/// When it is not one, or a status is none we know.
pub fn read_status(bytes: &[u8]) -> Result<StatusReport, FormatProblem> {
    if bytes.len() > LARGEST_FILE {
        return Err(FormatProblem::new("file.too_large", "", "the file is over 200 MB"));
    }
    let mut tree = Tree::default();
    let text = decode(bytes, declared_encoding(bytes).as_deref()).text;
    walk(&text, &mut tree).map_err(|p| FormatProblem { code: p.code.replacen("camt.", "pain.", 1), ..p })?;
    let root = tree.0.unwrap_or_default();
    let report = root.child("CstmrPmtStsRpt").or_else(|| root.child("pain.002.001.02"));
    let report = report.ok_or_else(|| FormatProblem::new("pain.wrong_message", "", "the file is not a pain.002"))?;
    let group = report.child("OrgnlGrpInfAndSts");
    let original = group.and_then(|g| g.text_at("OrgnlMsgId"));
    let original = original
        .ok_or_else(|| FormatProblem::new("pain.original", "OrgnlGrpInfAndSts", "the answer names no message"))?;
    let mut found = StatusReport {
        message_id: report.text_at("GrpHdr/MsgId").unwrap_or("").to_owned(),
        original_message_id: original.to_owned(),
        group: status(group.and_then(|g| g.text_at("GrpSts")), "GrpSts")?,
        group_reason: group.and_then(reason),
        batches: Vec::new(),
        items: Vec::new(),
    };
    for batch in report.all("OrgnlPmtInfAndSts") {
        let id = batch.text_at("OrgnlPmtInfId").unwrap_or("");
        if let Some(status) = status(batch.text_at("PmtInfSts"), "PmtInfSts")? {
            found.batches.push((id.to_owned(), status));
        }
        for item in batch.all("TxInfAndSts") {
            items(item, &mut found)?;
        }
    }
    for item in report.all("TxInfAndSts") {
        items(item, &mut found)?;
    }
    Ok(found)
}

fn items(node: &Node, found: &mut StatusReport) -> Result<(), FormatProblem> {
    if let Some(status) = status(node.text_at("TxSts"), "TxSts")? {
        let end_to_end_id = node.text_at("OrgnlEndToEndId").unwrap_or("").to_owned();
        found.items.push(ItemStatus { end_to_end_id, status, reason: reason(node) });
    }
    Ok(())
}

fn status(code: Option<&str>, at: &str) -> Result<Option<Status>, FormatProblem> {
    let Some(code) = code else { return Ok(None) };
    let bad = || FormatProblem::new("pain.status", at, format!("“{}” is not a status we know", shown(code)));
    Status::parse(code).map(Some).ok_or_else(bad)
}

fn reason(node: &Node) -> Option<String> {
    let why = node.child("StsRsnInf")?;
    let code = why.first_text(&["Rsn/Cd", "Rsn/Prtry"]);
    let words: Vec<&str> = code.into_iter().chain(why.all("AddtlInf").map(|n| n.text.trim())).collect();
    (!words.is_empty()).then(|| shown(&words.join(" ")))
}

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
