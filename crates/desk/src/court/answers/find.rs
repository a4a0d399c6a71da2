//! Which case a piece of an answer is for, and what is to be done about it.
use super::lines::{Piece, asked, facts, reason, response, short};
use crate::Outcome;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::ids::OrgId;
use sundry_domain::law::ClaimResponse;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_formats::court::{BulkAnswer, Defence, Feedback, FeedbackItem, Outcome as Stands, SdtError, match_feedback};
use sundry_store::Tx;
use sundry_store::court::{self as store, CaseRow};

/// Errors after which nothing of a bulk stands at the court. Of any other a person asks the court first: the claims may
/// have been made.
const NOTHING_STANDS: &[&str] =
    &["CUST_XML_ERR", "REQ_COUNT_MISMATCH", "NO_VALID_REQS", "CUST_NOT_SETUP", "CUST_ID_INVALID"];

/// What is to be done.
pub(super) enum Deed {
    /// Nothing: a person must decide.
    Hold(String),
    /// Nothing now.
    Noted(String),
    /// Nothing: it is on the case already.
    Done(String),
    /// The claim is issued.
    Issue { claim: String, on: NaiveDate, fee: Pence },
    /// A judgment is entered; a warrant perhaps with it.
    Judgment { on: NaiveDate, kind: &'static str, warrant: Option<String> },
    /// A defendant answered.
    Response { kind: &'static str, on: NaiveDate, words: String },
    /// The court refused a request.
    Refused { about: String, words: String },
    /// The court refused a whole bulk.
    AllRefused { cases: Vec<String>, words: String },
    /// A note on the case, perhaps with work.
    Note { words: String, work: Option<String> },
}

/// A deed and the case it is for; empty where there is none.
pub(super) struct Step {
    pub(super) case: String,
    pub(super) deed: Deed,
}

fn nowhere(deed: Deed) -> Step {
    Step { case: String::new(), deed }
}

/// What is to be done about a piece.
pub(super) async fn step_of(tx: &mut Tx, org: OrgId, piece: &Piece<'_>) -> Outcome<Step> {
    match piece {
        Piece::Bulk(bulk) => of_bulk(tx, org, bulk).await.map(nowhere),
        Piece::Item(feedback, item) => of_item(tx, org, feedback, item).await,
        Piece::Said(one) => of_defence(tx, org, one).await,
    }
}

async fn of_bulk(tx: &mut Tx, org: OrgId, bulk: &BulkAnswer) -> Outcome<Deed> {
    let reference = bulk.customer_reference.clone().unwrap_or_default();
    let Some(file) = store::file_referenced(tx, org, &reference).await? else {
        return Ok(Deed::Hold(format!("No file of ours has the reference “{reference}”")));
    };
    if bulk.ok {
        let theirs = bulk.bulk_reference.clone().unwrap_or_default();
        return Ok(Deed::Noted(format!("{} was taken by the court {theirs}", file.number).trim_end().to_owned()));
    }
    let words = reason(bulk.error.as_ref());
    if bulk.error.as_ref().is_some_and(SdtError::may_retry) {
        let next = "Ask the court for feedback first; only then may the same file be sent again";
        return Ok(Deed::Hold(format!("{words}. {next}")));
    }
    if bulk.error.as_ref().is_some_and(|error| NOTHING_STANDS.contains(&error.code.as_str())) {
        let cases = store::cases_filed_in(tx, org, file.id).await?.into_iter().map(|(number,)| number).collect();
        return Ok(Deed::AllRefused { cases, words });
    }
    Ok(Deed::Hold(format!("{words}. Ask the court what stands of {} before anything is sent again", file.number)))
}

/// The case that a request of ours was for: its number, and how often it was sent again after a refusal.
async fn case_of_request(tx: &mut Tx, org: OrgId, request: &str) -> Outcome<Option<CaseRow>> {
    if let Some(case) = store::case(tx, org, request).await? {
        return Ok(Some(case));
    }
    match request.rsplit_once('-') {
        Some((number, times)) if times.parse::<u32>().is_ok() => Ok(store::case(tx, org, number).await?),
        _ => Ok(None),
    }
}

/// Whether a case went to the court in a bulk.
async fn went_in(tx: &mut Tx, org: OrgId, bulk: &BulkAnswer, case: &CaseRow) -> Outcome<bool> {
    let Some(reference) = &bulk.customer_reference else { return Ok(true) };
    let file = store::file_referenced(tx, org, reference).await?;
    Ok(file.is_some_and(|file| case.file_id == Some(file.id)))
}

async fn of_item(tx: &mut Tx, org: OrgId, feedback: &Feedback, item: &FeedbackItem) -> Outcome<Step> {
    let by_request = case_of_request(tx, org, &item.request_id).await?;
    let by_claim = match &item.claim_number {
        Some(number) => store::case_claimed(tx, org, number).await?.into_iter().next(),
        None => None,
    };
    let ours = match &by_request {
        Some(case) if item.request_type == "mcolClaim" => went_in(tx, org, &feedback.bulk, case).await?,
        Some(_) => true,
        None => item.request_type != "mcolClaim" && by_claim.is_some(),
    };
    let mut bearers = BTreeMap::new();
    if let (Some(number), Some(bearer)) = (&item.claim_number, &by_claim) {
        let same = by_request.as_ref().is_none_or(|case| case.id == bearer.id);
        bearers.insert(number.clone(), if same { item.request_id.clone() } else { bearer.number.clone() });
    }
    let sent = if ours { vec![item.request_id.clone()] } else { Vec::new() };
    let alone = Feedback { bulk: feedback.bulk.clone(), completed: feedback.completed, items: vec![item.clone()] };
    let (matched, held) = match_feedback(&alone, &sent, &bearers);
    if let Some(held) = held.into_iter().next() {
        return Ok(nowhere(Deed::Hold(held.why)));
    }
    let (Some(case), Some(found)) = (by_request.or(by_claim), matched.into_iter().next()) else {
        return Ok(nowhere(Deed::Hold("No case was found".into())));
    };
    let deed = match found.outcome {
        Stands::AwaitingData => Deed::Noted("The court has more to say".into()),
        Stands::Rejected => Deed::Refused { about: item.request_type.clone(), words: reason(item.error.as_ref()) },
        Stands::Accepted => accepted(&case, item)?,
    };
    Ok(Step { case: case.number, deed })
}

fn accepted(case: &CaseRow, item: &FeedbackItem) -> Outcome<Deed> {
    Ok(match item.request_type.as_str() {
        "mcolClaim" => match (&item.claim_number, item.issued_on, item.fee) {
            (Some(claim), Some(on), Some(fee)) => Deed::Issue { claim: claim.clone(), on, fee: Pence(fee) },
            _ => Deed::Hold("The court names no day of issue, or no fee: record the issue when both are known".into()),
        },
        "mcolJudgment" | "mcolJudgmentWarrant" => judgment(case, item)?,
        _ => Deed::Note {
            words: short(&format!("The court has taken {}. {}", asked(&item.request_type), facts(item))),
            work: item.first_payment_on.map(|day| {
                format!(
                    "The court tells of a payment on {}: look for it; it is no money until the bank has it",
                    written(day)
                )
            }),
        },
    })
}

fn judgment(case: &CaseRow, item: &FeedbackItem) -> Outcome<Deed> {
    let Some(on) = item.judgment_on else {
        return Ok(Deed::Noted("The judgment is accepted; its day is not told yet".into()));
    };
    if let Some(day) = item.first_payment_on {
        let words = format!(
            "The court ordered payment from {}: enter the judgment of {} with its instalments, then settle this line",
            written(day),
            written(on)
        );
        return Ok(Deed::Hold(words));
    }
    let answers: Vec<(NaiveDate, ClaimResponse)> = serde_json::from_value(case.responses.clone())?;
    let admits = answers.iter().any(|(_, one)| *one == ClaimResponse::Admission);
    let kind = match (admits, case.requested_on) {
        (true, _) => "admission",
        (false, Some(_)) => "default",
        (false, None) => {
            let words =
                format!("Nobody here asked for the judgment of {}: look why, and enter it by hand", written(on));
            return Ok(Deed::Hold(words));
        }
    };
    let warrant = item.warrant_number.as_ref().map(|_| short(&facts(item)));
    Ok(Deed::Judgment { on, kind, warrant })
}

async fn of_defence(tx: &mut Tx, org: OrgId, one: &Defence) -> Outcome<Step> {
    let mut bearing = store::case_claimed(tx, org, &one.claim_number).await?.into_iter();
    let (Some(case), None) = (bearing.next(), bearing.next()) else {
        return Ok(nowhere(Deed::Hold(format!("No single case has the claim number {}", one.claim_number))));
    };
    let kind = response(one.kind);
    let answers: Vec<(NaiveDate, ClaimResponse)> = serde_json::from_value(case.responses.clone())?;
    let known = ClaimResponse::parse(kind).is_some_and(|kind| answers.contains(&(one.filed_on, kind)));
    let words = short(&format!("Defendant {}. {}", one.defendant, one.text.trim()));
    let deed = match known {
        false => Deed::Response { kind, on: one.filed_on, words },
        true => {
            let events = store::events_of(tx, org, case.id).await?;
            match events.iter().any(|event| event.words.contains(&words)) {
                true => Deed::Done("It is on the case already".into()),
                false => Deed::Note { words, work: None },
            }
        }
    };
    Ok(Step { case: case.number, deed })
}
