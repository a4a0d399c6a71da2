//! What the court answers: a bulk taken or refused, how each request stands, what defendants said.

use super::shape::{Kind, Sequence, amount, tree};
use crate::bank_statement::xml::Node;
use crate::problem::{FormatProblem, shown};
use crate::text::iso_date;
use chrono::NaiveDate;

type Wrong = Vec<FormatProblem>;

/// An error of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdtError {
    /// `DUP_CUST_FILEID`.
    pub code: String,
    /// In the service's words.
    pub description: String,
}

impl SdtError {
    /// Whether the same bulk may be sent again; after any silence ask for feedback first.
    pub fn may_retry(&self) -> bool {
        matches!(self.code.as_str(), "SDT_INT_ERR" | "TAR_APP_BUSY" | "REQ_NOT_ACK")
    }
}

/// The answer to a bulk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkAnswer {
    /// It was taken.
    pub ok: bool,
    /// Why not.
    pub error: Option<SdtError>,
    /// Our reference; feedback on a bulk nobody knows has none.
    pub customer_reference: Option<String>,
    /// The service's, to be kept; a test service leaves it empty.
    pub bulk_reference: Option<String>,
    /// How many requests it counted.
    pub request_count: Option<i64>,
}

/// Reads the answer to a bulk.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_submitted(bytes: &[u8]) -> Result<BulkAnswer, Vec<FormatProblem>> {
    let root = root_of(bytes, "bulkResponse")?;
    let mut wrong = Wrong::new();
    let answer = bulk_answer(&mut Sequence::of(&root, "bulkResponse"), false, &mut wrong);
    if wrong.is_empty() { Ok(answer) } else { Err(wrong) }
}

fn root_of(bytes: &[u8], name: &str) -> Result<Node, Vec<FormatProblem>> {
    let root = tree(bytes).map_err(|problem| vec![problem])?;
    if root.name == name {
        return Ok(root);
    }
    let message = format!("the file is a {}, not a {name}", shown(&root.name));
    Err(vec![FormatProblem::new("court.wrong_message", "", message)])
}

fn bulk_answer(all: &mut Sequence<'_>, feedback: bool, wrong: &mut Wrong) -> BulkAnswer {
    let (ok, error) = match all.must_node("status", wrong) {
        Some(node) => (node.attribute("code") == Some("Ok"), error(node)),
        None => (false, None),
    };
    let may = |all: &mut Sequence<'_>, name: &str, kind: Kind, wrong: &mut Wrong| {
        if feedback { all.may(name, kind, wrong) } else { Some(all.must(name, kind, wrong)) }
    };
    let customer_reference = may(all, "customerReference", Kind::Reference(32), wrong);
    let bulk_reference = all.may("sdtBulkReference", Kind::Free(29), wrong).filter(|text| !text.trim().is_empty());
    may(all, "submittedDate", Kind::Free(40), wrong);
    all.must("sdtService", Kind::Free(255), wrong);
    let request_count = may(all, "requestCount", Kind::Amount, wrong).and_then(|text| amount(&text));
    BulkAnswer { ok, error, customer_reference, bulk_reference, request_count }
}

fn error(status: &Node) -> Option<SdtError> {
    let node = status.child("error")?;
    let text = |name: &str| node.text_at(name).unwrap_or_default().to_owned();
    Some(SdtError { code: text("code"), description: text("description") })
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedbackStatus {
    /// Taken in.
    Received,
    /// On its way.
    Forwarded,
    /// Taken for the time being.
    InitiallyAccepted,
    /// Something is awaited.
    AwaitingData,
    /// Done.
    Accepted,
    /// Refused.
    Rejected,
}

impl FeedbackStatus {
    fn parse(code: &str) -> Option<FeedbackStatus> {
        Some(match code {
            "Received" => FeedbackStatus::Received,
            "Forwarded" => FeedbackStatus::Forwarded,
            "Initially Accepted" => FeedbackStatus::InitiallyAccepted,
            "Awaiting Data" => FeedbackStatus::AwaitingData,
            "Accepted" => FeedbackStatus::Accepted,
            "Rejected" => FeedbackStatus::Rejected,
            _ => return None,
        })
    }
}

/// What is said of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackItem {
    /// Our number for it.
    pub request_id: String,
    /// What was asked.
    pub request_type: String,
    /// How it stands.
    pub status: FeedbackStatus,
    /// Why it was refused.
    pub error: Option<SdtError>,
    /// The number of the claim.
    pub claim_number: Option<String>,
    /// Issued.
    pub issued_on: Option<NaiveDate>,
    /// Served.
    pub served_on: Option<NaiveDate>,
    /// Judgment entered.
    pub judgment_on: Option<NaiveDate>,
    /// The first payment under the judgment.
    pub first_payment_on: Option<NaiveDate>,
    /// The number of the warrant.
    pub warrant_number: Option<String>,
    /// The court that enforces.
    pub court_name: Option<String>,
    /// The fee in pence: what counts, whatever we worked out.
    pub fee: Option<i64>,
}

/// Feedback on a bulk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The bulk.
    pub bulk: BulkAnswer,
    /// Every request is decided.
    pub completed: bool,
    /// How each stands.
    pub items: Vec<FeedbackItem>,
}

/// Reads feedback on a bulk.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_feedback(bytes: &[u8]) -> Result<Feedback, Vec<FormatProblem>> {
    let root = root_of(bytes, "bulkFeedbackResponse")?;
    let mut wrong = Wrong::new();
    let mut all = Sequence::of(&root, "bulkFeedbackResponse");
    let Some(status) = all.must_node("bulkRequestStatus", &mut wrong) else { return Err(wrong) };
    let mut of_bulk = Sequence::of(status, "bulkRequestStatus");
    let bulk = bulk_answer(&mut of_bulk, true, &mut wrong);
    let completed = of_bulk.may_node("bulkStatus").is_some_and(|node| node.attribute("code") == Some("Completed"));
    of_bulk.end(&mut wrong);
    let mut items = Vec::new();
    if let Some(responses) = all.may_node("responses") {
        for (number, node) in (1..).zip(responses.all("response")) {
            items.extend(feedback_item(node, number, &mut wrong));
        }
    }
    all.end(&mut wrong);
    if wrong.is_empty() { Ok(Feedback { bulk, completed, items }) } else { Err(wrong) }
}

fn feedback_item(node: &Node, number: usize, wrong: &mut Wrong) -> Option<FeedbackItem> {
    let at = format!("response {number}");
    let mut must = |text: Option<&str>, name: &str| match text {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => {
            wrong.push(FormatProblem::new("court.missing", format!("{at}/{name}"), "is missing"));
            String::new()
        }
    };
    let request_id = must(node.attribute("requestId"), "@requestId");
    let request_type = must(node.attribute("requestType"), "@requestType");
    let code = must(node.child("status").and_then(|status| status.attribute("code")), "status/@code");
    let Some(status) = FeedbackStatus::parse(&code) else {
        if !code.is_empty() {
            let message = format!("{} is no status that we know", shown(&code));
            wrong.push(FormatProblem::new("court.status", format!("{at}/status"), message));
        }
        return None;
    };
    let detail = node.at("responseDetail/mcolResponseDetail");
    let mut found = FeedbackItem {
        request_id,
        request_type,
        status,
        error: node.child("status").and_then(error),
        claim_number: None,
        issued_on: None,
        served_on: None,
        judgment_on: None,
        first_payment_on: None,
        warrant_number: None,
        court_name: None,
        fee: None,
    };
    if let Some(detail) = detail {
        let mut all = Sequence::of(detail, format!("{at}/mcolResponseDetail"));
        let day = |text: Option<String>| text.and_then(|text| iso_date(&text));
        found.claim_number = all.may("claimNumber", Kind::ClaimNumber, wrong);
        found.issued_on = day(all.may("issueDate", Kind::Date, wrong));
        found.served_on = day(all.may("serviceDate", Kind::Date, wrong));
        found.judgment_on = day(all.may("judgmentEnteredDate", Kind::Date, wrong));
        found.first_payment_on = day(all.may("firstPaymentDate", Kind::Date, wrong));
        found.warrant_number = all.may("warrantNumber", Kind::ClaimNumber, wrong);
        all.may("enforcingCourtCode", Kind::Words(3), wrong);
        found.court_name = all.may("enforcingCourtName", Kind::Words(40), wrong);
        found.fee = all.may_pence("fee", wrong);
        all.may("judgmentWarrantStatus", Kind::Free(255), wrong);
        all.end(wrong);
    }
    Some(found)
}

/// What a defendant answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefenceKind {
    /// Acknowledges service.
    Acknowledgment,
    /// Defends.
    Defence,
    /// Defends and claims.
    Counterclaim,
    /// Admits a part.
    PartAdmission,
}

/// A defendant's answer. Any but an acknowledgment stops the road to judgment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defence {
    /// The claim.
    pub claim_number: String,
    /// 1 or 2.
    pub defendant: u8,
    /// When it was filed.
    pub filed_on: NaiveDate,
    /// What.
    pub kind: DefenceKind,
    /// In the defendant's words.
    pub text: String,
}

/// Reads the defences of a query.
///
/// # Errors
/// Everything that is wrong with the answer, or the service's own error.
pub fn read_defences(bytes: &[u8]) -> Result<Vec<Defence>, Vec<FormatProblem>> {
    let root = root_of(bytes, "submitQueryResponse")?;
    let mut wrong = Wrong::new();
    let mut all = Sequence::of(&root, "submitQueryResponse");
    let status = all.must_node("status", &mut wrong);
    if let Some(status) = status.filter(|status| status.attribute("code") != Some("Ok")) {
        let said = error(status).map_or_else(String::new, |error| format!("{} {}", error.code, error.description));
        return Err(vec![FormatProblem::new("court.service_error", "status", shown(&said))]);
    }
    all.must("sdtCustomerId", Kind::CustomerId, &mut wrong);
    all.must("sdtService", Kind::Free(255), &mut wrong);
    let said = all.pence("resultCount", &mut wrong);
    let mut defences = Vec::new();
    let mut count = 0;
    if let Some(results) = all.must_node("results", &mut wrong) {
        for (number, detail) in (1..).zip(results.all("mcolDefenceDetail")) {
            defence(detail, number, &mut defences, &mut wrong);
            count = i64::try_from(number).unwrap_or(i64::MAX);
        }
    }
    all.end(&mut wrong);
    // Nought is said by services that do not count.
    if wrong.is_empty() && said != 0 && said != count {
        let message = format!("the answer says {said} results; there are {count}");
        wrong.push(FormatProblem::new("court.count_mismatch", "resultCount", message));
    }
    if wrong.is_empty() { Ok(defences) } else { Err(wrong) }
}

fn defence(detail: &Node, number: usize, defences: &mut Vec<Defence>, wrong: &mut Wrong) {
    let at = format!("result {number}");
    let mut all = Sequence::of(detail, at.clone());
    let claim_number = all.must("claimNumber", Kind::ClaimNumber, wrong);
    while let Some(node) = all.may_node("defendantResponse") {
        let defendant = node.attribute("defendantId").and_then(|text| text.parse().ok());
        let Some(defendant) = defendant.filter(|number| (1..=2).contains(number)) else {
            wrong.push(FormatProblem::new("court.missing", format!("{at}/@defendantId"), "is not 1 or 2"));
            continue;
        };
        let mut inside = Sequence::of(node, format!("{at}/defendantResponse"));
        let filed_on = inside.date("filedDate", wrong);
        inside.must("eventCreatedDateOnMcol", Kind::Free(40), wrong);
        inside.flag("raisedOnMcol", wrong);
        let kind = match inside.must("responseType", Kind::OneOf(&["AS", "DE", "DC", "PA"]), wrong).as_str() {
            "AS" => DefenceKind::Acknowledgment,
            "DC" => DefenceKind::Counterclaim,
            "PA" => DefenceKind::PartAdmission,
            _ => DefenceKind::Defence,
        };
        let text = inside.may("defence", Kind::Free(8_000), wrong).unwrap_or_default();
        inside.end(wrong);
        defences.push(Defence { claim_number: claim_number.clone(), defendant, filed_on, kind, text });
    }
    all.end(wrong);
}
