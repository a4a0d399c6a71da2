//! What a buyer, or an access point on the way, answers: the Peppol Invoice Response (T111) and the Message Level
//! Response (T71).

use super::ubl_in::root_of;
use crate::bank_statement::xml::Node;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where the buyer says the invoice stands (UNCL 4343).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Code {
    /// Acknowledged.
    AB,
    /// In process.
    IP,
    /// Under query.
    UQ,
    /// Conditionally accepted.
    CA,
    /// Rejected.
    RE,
    /// Accepted.
    AP,
    /// Paid.
    PD,
}

impl Code {
    /// All of them.
    pub const ALL: [Code; 7] = [Code::AB, Code::IP, Code::UQ, Code::CA, Code::RE, Code::AP, Code::PD];

    /// The code.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::AB => "AB",
            Code::IP => "IP",
            Code::UQ => "UQ",
            Code::CA => "CA",
            Code::RE => "RE",
            Code::AP => "AP",
            Code::PD => "PD",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|one| one.as_str() == code)
    }
}

/// Why, or what we should do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerReason {
    /// The list: `OPStatusReason` why, `OPStatusAction` what to do.
    pub list: String,
    /// Its code, such as `NOA` or `REF`.
    pub code: String,
    /// In words.
    pub words: String,
    /// What it is about: an attribute and its value.
    pub details: Vec<(String, String)>,
}

/// An answer to a document of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The answer's own number.
    pub id: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Whether it is about the message only: it met, or broke, the rules.
    pub of_message: bool,
    /// Who answers, as scheme and id.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Number of our document.
    pub document: String,
    /// Where it stands.
    pub code: Code,
    /// From when, if said.
    pub effective_on: Option<NaiveDate>,
    /// Why.
    pub reasons: Vec<AnswerReason>,
}

impl Answer {
    /// The reasons on one line.
    pub fn why(&self) -> String {
        let one = |reason: &AnswerReason| {
            let details = reason.details.iter().map(|(name, value)| format!("{name}: {value}"));
            let parts = [reason.code.clone(), reason.words.clone()].into_iter().chain(details);
            parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        };
        self.reasons.iter().map(one).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

/// Reads an answer.
///
/// # Errors
/// Not XML, not an answer, a code that is none, or an answer that names no document.
pub fn read_answer(bytes: &[u8]) -> Result<Answer, FormatProblem> {
    let root = root_of(bytes)?;
    let rules = root.text_at("CustomizationID").unwrap_or("").to_owned();
    let of_message = rules.contains(":mlr:");
    if root.name != "ApplicationResponse" || !(of_message || rules.contains(":invoice_response:")) {
        let words = format!("<{}> is not a Peppol answer to an invoice", shown(&root.name));
        return Err(FormatProblem::new("answer.wrong_message", "", words));
    }
    let missing = |at: &str| FormatProblem::new("answer.missing", at, "it is missing");
    let response = root.child("DocumentResponse").ok_or_else(|| missing("DocumentResponse"))?;
    let said = response.text_at("Response/ResponseCode").ok_or_else(|| missing("ResponseCode"))?;
    let code = Code::parse(said).ok_or_else(|| {
        FormatProblem::new("answer.code", "ResponseCode", format!("“{}” is not an answer we know", shown(said)))
    })?;
    let document = response.text_at("DocumentReference/ID").ok_or_else(|| missing("DocumentReference/ID"))?;
    let dated = root.text_at("IssueDate").ok_or_else(|| missing("IssueDate"))?;
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let bad = || FormatProblem::new("answer.date", "IssueDate", format!("“{}” is not a date", shown(dated)));
    let mut reasons: Vec<AnswerReason> = Vec::new();
    let lines = response.all("LineResponse").filter_map(|line| line.child("Response"));
    for node in response.child("Response").into_iter().chain(lines) {
        reasons.extend(node.all("Status").map(|status| reason(node, status)));
    }
    Ok(Answer {
        id: root.text_at("ID").unwrap_or("").to_owned(),
        dated_on: day(dated).ok_or_else(bad)?,
        of_message,
        from: party(&root, "SenderParty"),
        to: party(&root, "ReceiverParty"),
        document: document.to_owned(),
        code,
        effective_on: response.text_at("Response/EffectiveDate").and_then(day),
        reasons,
    })
}

fn party(root: &Node, name: &str) -> String {
    let Some(id) = root.at(&format!("{name}/EndpointID")) else { return String::new() };
    format!("{}:{}", id.attribute("schemeID").unwrap_or(""), id.text.trim())
}

/// A text on one line, not so long that it fills a page.
fn bounded(text: &str) -> String {
    const LONGEST: usize = 500;
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

fn reason(response: &Node, status: &Node) -> AnswerReason {
    let code = status.child("StatusReasonCode");
    let details = status.all("Condition").map(|condition| {
        let of = |name: &str| bounded(condition.text_at(name).unwrap_or(""));
        (of("AttributeID"), of("Description"))
    });
    let described = response.text_at("Description");
    AnswerReason {
        list: code.and_then(|node| node.attribute("listID")).unwrap_or("").to_owned(),
        code: bounded(code.map_or("", |node| node.text.trim())),
        words: bounded(status.text_at("StatusReason").or(described).unwrap_or("")),
        details: details.collect(),
    }
}
