//! Reads requests, by the rules of the court's schemas.

use super::model::{
    Address, BreathingSpaceKind, BreathingSpaceNotice, Claim, ClaimInterest, CourtBatch, CourtRequest, Defendant,
    Judgment, JudgmentKind, PaymentSchedule, Request, StatusUpdate, StatusUpdateKind, Warrant,
};
use super::shape::{Kind, Sequence, tree};
use crate::bank_statement::xml::Node;
use crate::problem::{FormatProblem, shown};
use crate::text::iso_date;
use std::collections::BTreeSet;

/// The most requests of a bulk.
pub(super) const MOST: usize = 2_000;

type Wrong = Vec<FormatProblem>;

/// Reads a bulk of requests.
///
/// # Errors
/// Everything that is wrong, each at its place.
pub fn read_bulk(bytes: &[u8]) -> Result<CourtBatch, Vec<FormatProblem>> {
    let root = tree(bytes).map_err(|problem| vec![problem])?;
    if root.name != "bulkRequest" {
        let message = format!("the file is a {}, not a bulkRequest", shown(&root.name));
        return Err(vec![FormatProblem::new("court.wrong_message", "", message)]);
    }
    let mut wrong = Wrong::new();
    let mut all = Sequence::of(&root, "bulkRequest");
    let mut batch = CourtBatch { customer_id: String::new(), reference: String::new(), requests: Vec::new() };
    let mut said = None;
    if let Some(header) = all.must_node("header", &mut wrong) {
        let mut header = Sequence::of(header, "header");
        batch.customer_id = header.must("sdtCustomerId", Kind::CustomerId, &mut wrong);
        header.must("targetApplicationId", Kind::OneOf(&["mcol"]), &mut wrong);
        said = Some(header.pence("requestCount", &mut wrong));
        batch.reference = header.must("customerReference", Kind::Reference(32), &mut wrong);
        header.end(&mut wrong);
    }
    if let Some(requests) = all.must_node("requests", &mut wrong) {
        for (number, node) in (1..).zip(&requests.children) {
            batch.requests.extend(request_item(node, number, &mut wrong));
        }
        if requests.children.is_empty() || requests.children.len() > MOST {
            let message = format!("there are {} requests; 1 to {MOST} are taken", requests.children.len());
            wrong.push(FormatProblem::new("court.request_count", "requests", message));
        }
    }
    all.end(&mut wrong);
    let ids: BTreeSet<&str> = batch.requests.iter().map(|request| request.id.as_str()).collect();
    if ids.len() < batch.requests.len() {
        wrong.push(FormatProblem::new("court.request_twice", "requests", "a request id stands twice"));
    }
    // The schema lets a wrong count pass; the court refuses it (REQ_COUNT_MISMATCH).
    if wrong.is_empty() && said.is_some_and(|said| said != 0 && usize::try_from(said) != Ok(batch.requests.len())) {
        let message = format!("the header says {} requests; there are {}", said.unwrap_or(0), batch.requests.len());
        wrong.push(FormatProblem::new("court.count_mismatch", "header/requestCount", message));
    }
    if wrong.is_empty() { Ok(batch) } else { Err(wrong) }
}

/// Reads a single request of its own, such as an `mcolClaim`.
///
/// # Errors
/// Everything that is wrong, each at its place.
pub fn read_request(bytes: &[u8]) -> Result<Request, Vec<FormatProblem>> {
    let root = tree(bytes).map_err(|problem| vec![problem])?;
    let mut wrong = Wrong::new();
    match body(&root, &root.name, &mut wrong) {
        Some(request) if wrong.is_empty() => Ok(request),
        _ => Err(wrong),
    }
}

fn request_item(node: &Node, number: usize, wrong: &mut Wrong) -> Option<CourtRequest> {
    let at = format!("request {number}");
    let mut attribute = |name: &str| match node.attribute(name) {
        Some(text) => text.to_owned(),
        None => {
            wrong.push(FormatProblem::new("court.missing", format!("{at}/@{name}"), "is missing"));
            String::new()
        }
    };
    let (id, kind) = (attribute("requestId"), attribute("requestType"));
    let made = id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !id.is_empty() && (!made || id.len() > 24) {
        let message = format!("{} may hold 24 letters, digits, _ and - only", shown(&id));
        wrong.push(FormatProblem::new("court.value", format!("{at}/@requestId"), message));
    }
    let Some(child) = node.children.first().filter(|_| node.children.len() == 1) else {
        wrong.push(FormatProblem::new("court.missing", at, "must hold one request"));
        return None;
    };
    if !kind.is_empty() && kind != child.name {
        let message = format!("says {} and holds {}", shown(&kind), shown(&child.name));
        wrong.push(FormatProblem::new("court.request_type", at.clone(), message));
    }
    body(child, &at, wrong).map(|request| CourtRequest { id, request })
}

fn body(node: &Node, at: &str, wrong: &mut Wrong) -> Option<Request> {
    let mut inside = Sequence::of(node, at);
    let request = match node.name.as_str() {
        "mcolClaim" => Request::Claim(Box::new(claim(&mut inside, wrong))),
        "mcolJudgment" => Request::Judgment(Box::new(judgment(&mut inside, wrong))),
        "mcolWarrant" => Request::Warrant(Box::new(warrant(&mut inside, wrong))),
        "mcolJudgmentWarrant" => {
            let first = inside.must_node("mcolJudgment", wrong)?;
            let second = inside.must_node("mcolWarrant", wrong)?;
            let mut of_judgment = Sequence::of(first, format!("{at}/mcolJudgment"));
            let mut of_warrant = Sequence::of(second, format!("{at}/mcolWarrant"));
            let both = (judgment(&mut of_judgment, wrong), warrant(&mut of_warrant, wrong));
            of_judgment.end(wrong);
            of_warrant.end(wrong);
            Request::JudgmentWarrant(Box::new(both.0), Box::new(both.1))
        }
        "mcolClaimStatusUpdate" => Request::StatusUpdate(status_update(&mut inside, wrong)),
        "mcolBreathingSpace" => Request::BreathingSpace(breathing_space(&mut inside, wrong)),
        other => {
            let message = format!("{} is no request that is written here", shown(other));
            wrong.push(FormatProblem::new("court.wrong_message", at, message));
            return None;
        }
    };
    inside.end(wrong);
    Some(request)
}

fn claim(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> Claim {
    let reference = inside.may("claimantReference", Kind::Words(24), wrong);
    if let Some(node) = inside.may_node("claimant") {
        other_party(node, &inside.place("claimant"), 60, true, wrong);
    }
    if let Some(node) = inside.may_node("claimantCorrespondence") {
        other_party(node, &inside.place("claimantCorrespondence"), 30, false, wrong);
    }
    let mut defendants: Vec<Defendant> = Vec::new();
    if let Some(node) = inside.must_node("defendant1", wrong) {
        defendants.push(defendant(node, &inside.place("defendant1"), wrong));
    }
    if let Some(node) = inside.may_node("defendant2") {
        defendants.push(defendant(node, &inside.place("defendant2"), wrong));
    }
    let particulars_separately = inside.flag("sendParticularsSeparately", wrong);
    let reserve_interest = inside.flag("reserveRightToClaimInterest", wrong);
    let interest = inside.may_node("interest").map(|node| {
        let mut all = Sequence::of(node, inside.place("interest"));
        let daily = all.pence("dailyAmount", wrong);
        let (owed_on, claim_on) = (all.date("owedDate", wrong), all.date("claimDate", wrong));
        let base = all.pence("claimAmountInterestBase", wrong);
        all.end(wrong);
        ClaimInterest { daily, owed_on, claim_on, base }
    });
    let amount = inside.pence("claimAmount", wrong);
    let solicitor_cost = inside.may_pence("solicitorCost", wrong);
    let mut particulars = vec![inside.must("particulars", Kind::Line(45), wrong)];
    while let Some(line) = inside.may("particulars", Kind::Line(45), wrong) {
        particulars.push(line);
    }
    if particulars.len() > 24 {
        wrong.push(FormatProblem::new("court.particulars_long", inside.place("particulars"), "has more than 24 lines"));
    }
    if let Some(node) = inside.may_node("claimantWitnessVulnerable") {
        let mut all = Sequence::of(node, inside.place("claimantWitnessVulnerable"));
        all.flag("isVulnerable", wrong);
        all.may("vulnerableDetails", Kind::Words(150), wrong);
        all.end(wrong);
    }
    let signed_by = signature(inside, wrong);
    Claim {
        reference,
        defendants,
        particulars_separately,
        reserve_interest,
        interest,
        amount,
        solicitor_cost,
        particulars,
        signed_by,
    }
}

fn other_party(node: &Node, at: &str, name: usize, long: bool, wrong: &mut Wrong) {
    let mut all = Sequence::of(node, at);
    all.must("name", Kind::Words(name), wrong);
    if let Some(address) = all.must_node("address", wrong) {
        let mut lines = Sequence::of(address, format!("{at}/address"));
        lines.must("line1", Kind::Words(30), wrong);
        lines.must("line2", Kind::Words(30), wrong);
        if long {
            lines.may("line3", Kind::Line(30), wrong);
            lines.may("line4", Kind::Line(30), wrong);
        }
        lines.may("postcode", Kind::AnyPostcode, wrong);
        lines.end(wrong);
    }
    all.end(wrong);
}

fn defendant(node: &Node, at: &str, wrong: &mut Wrong) -> Defendant {
    let mut all = Sequence::of(node, at);
    let name = all.must("name", Kind::Words(60), wrong);
    let address = all.must_node("address", wrong).map(|node| address(node, &format!("{at}/address"), wrong));
    all.end(wrong);
    Defendant { name, address: address.unwrap_or_default() }
}

fn address(node: &Node, at: &str, wrong: &mut Wrong) -> Address {
    let mut all = Sequence::of(node, at);
    let mut lines = vec![all.must("line1", Kind::Words(30), wrong), all.must("line2", Kind::Words(30), wrong)];
    lines.extend(all.may("line3", Kind::Line(30), wrong));
    lines.extend(all.may("line4", Kind::Line(30), wrong));
    let postcode = all.must("postcode", Kind::Postcode, wrong);
    all.end(wrong);
    Address { lines, postcode }
}

fn signature(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> String {
    let Some(node) = inside.must_node("sotSignature", wrong) else { return String::new() };
    let mut all = Sequence::of(node, inside.place("sotSignature"));
    all.must("flag", Kind::True, wrong);
    let name = all.must("name", Kind::Words(30), wrong);
    all.end(wrong);
    name
}

fn defendant_number(text: &str) -> Option<u8> {
    text.parse().ok().filter(|number| (1..=2).contains(number))
}

fn judgment(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> Judgment {
    let claim_number = inside.must("claimNumber", Kind::ClaimNumber, wrong);
    let joint = inside.flag("jointJudgment", wrong);
    let kind = match inside.must("judgmentType", Kind::OneOf(&["A", "D"]), wrong).as_str() {
        "A" => JudgmentKind::Admission,
        _ => JudgmentKind::Default,
    };
    inside.may("sentParticularsSeparately", Kind::Flag, wrong);
    let defendant = inside.may("defendantId", Kind::DefendantId, wrong).and_then(|text| defendant_number(&text));
    for number in ["1", "2"] {
        let name = format!("defendant{number}Address");
        if let Some(node) = inside.may_node(&name) {
            address(node, &inside.place(&name), wrong);
        }
        inside.may(&format!("defendant{number}DateOfBirth"), Kind::Date, wrong);
    }
    let schedule = payment_schedule(inside, wrong);
    let interest = inside.may_pence("interest", wrong);
    let solicitor_cost = inside.may_pence("solicitorCost", wrong);
    let deducted = inside.may_pence("deductedAmount", wrong);
    let admitted = inside.may_pence("claimAmountAdmitted", wrong);
    let court_fee = inside.may_pence("courtFee", wrong);
    inside.may_pence("legalCosts", wrong);
    if let Some(node) = inside.may_node("payee") {
        payee(node, &inside.place("payee"), wrong);
    }
    let signed_by = signature(inside, wrong);
    Judgment {
        claim_number,
        joint,
        kind,
        defendant,
        schedule,
        interest,
        solicitor_cost,
        deducted,
        admitted,
        court_fee,
        signed_by,
    }
}

fn payment_schedule(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> PaymentSchedule {
    let Some(node) = inside.must_node("paymentSchedule", wrong) else { return PaymentSchedule::Immediate };
    let mut all = Sequence::of(node, inside.place("paymentSchedule"));
    let schedule = if let Some(full) = all.may_node("inFullByPayment") {
        let mut full = Sequence::of(full, all.place("inFullByPayment"));
        let by = full.date("fullByDate", wrong);
        full.end(wrong);
        PaymentSchedule::InFullBy(by)
    } else if let Some(parts) = all.may_node("instalment") {
        let mut parts = Sequence::of(parts, all.place("instalment"));
        let amount = parts.pence("amount", wrong);
        let each = parts.must("frequency", Kind::OneOf(&["W", "F", "M"]), wrong);
        parts.end(wrong);
        PaymentSchedule::Instalments(amount, each.chars().next().unwrap_or('M'))
    } else {
        all.must_node("immediatePayment", wrong);
        PaymentSchedule::Immediate
    };
    all.end(wrong);
    schedule
}

/// The payee's elements after the address, each with its longest text.
const PAYEE: &[(&str, usize)] = &[
    ("telephoneNumber", 14),
    ("dxNumber", 35),
    ("faxNumber", 24),
    ("email", 254),
    ("pcm", 2),
    ("reference", 24),
    ("bankAccountNumber", 8),
    ("bankAccountHolder", 70),
    ("bankSortCode", 8),
    ("bankName", 30),
    ("bankInfo1", 30),
    ("bankInfo2", 30),
    ("slipCodeline1", 58),
    ("slipCodeline2", 58),
    ("giroAccountNumber", 8),
    ("giroTransCode1", 9),
    ("giroTransCode2", 9),
    ("apacsTransCode", 2),
];

fn payee(node: &Node, at: &str, wrong: &mut Wrong) {
    let mut all = Sequence::of(node, at);
    all.must("name", Kind::Words(70), wrong);
    if let Some(address) = all.must_node("address", wrong) {
        let mut lines = Sequence::of(address, format!("{at}/address"));
        lines.must("line1", Kind::Words(35), wrong);
        lines.must("line2", Kind::Words(35), wrong);
        for line in ["line3", "line4", "line5"] {
            lines.may(line, Kind::Line(35), wrong);
        }
        lines.may("postcode", Kind::Postcode, wrong);
        lines.end(wrong);
    }
    for (name, most) in PAYEE {
        all.may(name, Kind::Words(*most), wrong);
    }
    all.end(wrong);
}

fn warrant(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> Warrant {
    let claim_number = inside.must("claimNumber", Kind::ClaimNumber, wrong);
    let defendant = defendant_number(&inside.must("defendantId", Kind::DefendantId, wrong)).unwrap_or(1);
    let at = inside.place("defendantAddress");
    let address = inside.may_node("defendantAddress").map(|node| address(node, &at, wrong));
    let (balance, amount) = (inside.pence("balanceOfDebt", wrong), inside.pence("warrantAmount", wrong));
    let solicitor_cost = inside.may_pence("solicitorCost", wrong);
    let notes = inside.may("additionalNotes", Kind::Words(120), wrong);
    let signed_by = signature(inside, wrong);
    Warrant { claim_number, defendant, address, balance, amount, solicitor_cost, notes, signed_by }
}

fn status_update(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> StatusUpdate {
    let claim_number = inside.must("claimNumber", Kind::ClaimNumber, wrong);
    let defendant = inside.may("defendantId", Kind::DefendantId, wrong).and_then(|text| defendant_number(&text));
    let kind = match inside.must("notificationType", Kind::OneOf(&["MP", "WD", "DI"]), wrong).as_str() {
        "WD" => StatusUpdateKind::Withdrawn,
        "DI" => StatusUpdateKind::Discontinued,
        _ => StatusUpdateKind::Paid,
    };
    let paid_on = inside.may("paidInFullDate", Kind::Date, wrong).and_then(|text| iso_date(&text));
    inside.may("section38Compliancy", Kind::Flag, wrong);
    StatusUpdate { claim_number, defendant, kind, paid_on }
}

fn breathing_space(inside: &mut Sequence<'_>, wrong: &mut Wrong) -> BreathingSpaceNotice {
    let claim_number = inside.must("claimNumber", Kind::ClaimNumber, wrong);
    let defendant = defendant_number(&inside.must("defendantId", Kind::DefendantId, wrong)).unwrap_or(1);
    let kinds = Kind::OneOf(&["BS", "BC", "MH", "MC"]);
    let kind = match inside.must("breathingSpaceNotificationType", kinds, wrong).as_str() {
        "BC" => BreathingSpaceKind::Ended,
        "MH" => BreathingSpaceKind::CrisisBegan,
        "MC" => BreathingSpaceKind::CrisisEnded,
        _ => BreathingSpaceKind::Began,
    };
    BreathingSpaceNotice { claim_number, defendant, kind }
}
