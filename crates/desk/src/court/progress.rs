//! From issue to judgment: served, answered, judgment asked for and entered; solicitors; the end without judgment (LEG-03, LEG-04).
use super::costs::{charge, late_charges_give_way, pay};
use super::prepare::ClaimDraft;
use super::weigh::weigh_case;
use super::{due, find, happened, must_be, note, save};
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::{Nation, add_days};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::CLAIM_NUMBER;
use sundry_domain::court::{
    JUDGMENT_COSTS, Served, Track, cancelled_if_paid_by, fixed_costs, has_mediation, stayed_after, timetable, track,
};
use sundry_domain::law::{Act, ClaimResponse, may};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_domain::words::written;
use sundry_store::court as store;

/// What the diary says of the day of a stay.
const STAYED: &str = "The claim is stayed after this day if nothing is done";

/// Records that the court issued a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordIssue {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// The court's number.
    pub claim_number: String,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// The fee the court took: this is what counts.
    pub fee: Pence,
    /// online or posted.
    pub served: String,
}

/// The days that follow from issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Number of the case.
    pub case: String,
    /// When it counts as served.
    pub served_on: NaiveDate,
    /// Last day to answer.
    pub respond_by: NaiveDate,
    /// Last day to defend after an acknowledgment.
    pub defend_by: NaiveDate,
    /// Stayed after this day.
    pub stayed_after: NaiveDate,
}

/// Records an issue: the fee is posted, the days of the answer go into the diary.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`; `CT-05-CLAIM-NUMBER`.
pub async fn record_issue(desk: &Desk, by: &Actor, ask: RecordIssue) -> Outcome<Issued> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    let mut wrong = Vec::new();
    let claim = ask.claim_number.trim();
    if claim.is_empty() || claim.len() > 20 || !claim.chars().all(|c| c.is_ascii_alphanumeric()) {
        wrong.push(Invalid::field("claim_number", "Enter the court's number, letters and digits", claim));
    }
    if ask.issued_on > desk.today() {
        wrong.push(Invalid::field("issued_on", "Enter a day up to today", ask.issued_on.to_string()));
    }
    wrong.extend(days_wrong(&[("issued_on", Some(ask.issued_on))], desk.today()));
    if ask.fee < Pence::ZERO || ask.fee > LARGEST {
        wrong.push(Invalid::field("fee", "Enter the fee the court took", ask.fee.pounds()));
    }
    let Some(served) = Served::parse(&ask.served) else {
        wrong.push(Invalid::field("served", "Choose how it is served", &ask.served));
        return Err(wrong.into());
    };
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "record_issue", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["signed", "filed"])?;
        let same = store::case_claimed(&mut cmd.tx, org, claim).await?;
        if let Some(other) = same.iter().find(|other| other.id != row.id) {
            return Err(CLAIM_NUMBER.because(format!("{claim} is the number of case {}", other.number)).into());
        }
        let book = cmd.desk.book();
        let days = timetable(served, ask.issued_on, book.calendar(Nation::EnglandAndWales))?;
        row.state = "issued".into();
        row.claim_number = claim.to_owned();
        row.issued_on = Some(ask.issued_on);
        row.issue_fee_pence = ask.fee.0;
        row.served_on = Some(days.served_on);
        row.respond_by = Some(days.respond_by);
        row.defend_by = Some(days.defend_by);
        row.stayed_after = Some(days.stayed_after);
        save(cmd, &mut row).await?;
        pay(cmd, &row, ask.fee, &format!("Fee to issue claim {claim}")).await?;
        store::meet(&mut cmd.tx, org, row.id, "claim", ask.issued_on).await?;
        store::meet(&mut cmd.tx, org, row.id, "limitation", ask.issued_on).await?;
        let mut issued = happened("issued", format!("Claim {claim}, served on {}", written(days.served_on)));
        issued.amount_pence = ask.fee.0;
        let events = vec![
            issued,
            due("judgment", add_days(days.respond_by, 1), "Ask for judgment if nothing came"),
            due("stay", days.stayed_after, STAYED),
        ];
        note(cmd, row.id, events).await?;
        cmd.tell("ClaimIssued", format!("court case {}", row.number), &ask);
        Ok(Issued {
            case: row.number,
            served_on: days.served_on,
            respond_by: days.respond_by,
            defend_by: days.defend_by,
            stayed_after: days.stayed_after,
        })
    })
}

/// Records what the defendant answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordResponse {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// acknowledgment, admission, part_admission, defence, counterclaim or states_paid.
    pub kind: String,
    /// When it was filed.
    pub on: NaiveDate,
    /// What it says.
    #[serde(default)]
    pub words: String,
}

/// What follows from an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseTaken {
    /// Number of the case.
    pub case: String,
    /// Last day that counts now.
    pub answer_by: Option<NaiveDate>,
    /// The track, where it is defended.
    pub track: String,
    /// What is done next.
    pub next: String,
}

/// Records an answer: an acknowledgment gives more time, an admission waits for us, a defence stops the road to judgment.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn record_response(desk: &Desk, by: &Actor, ask: RecordResponse) -> Outcome<ResponseTaken> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = Vec::new();
    let kind = ClaimResponse::parse(&ask.kind);
    if kind.is_none() {
        wrong.push(Invalid::field("kind", "Choose what the defendant answered", &ask.kind));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 1_900));
    let Some(kind) = kind.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "record_response", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["issued"])?;
        if row.issued_on.is_some_and(|day| ask.on < day) {
            return Err(Invalid::field("on", "Enter a day after the issue", ask.on.to_string()).into());
        }
        let mut all: Vec<(NaiveDate, ClaimResponse)> = serde_json::from_value(row.responses.clone())?;
        all.push((ask.on, kind));
        row.responses = serde_json::to_value(&all)?;
        let claim: Option<ClaimDraft> = row.claim.clone().and_then(|claim| serde_json::from_value(claim).ok());
        let value = claim.map_or(Pence::ZERO, |claim| claim.value.for_the_track());
        let defended =
            matches!(kind, ClaimResponse::Defence | ClaimResponse::Counterclaim | ClaimResponse::PartAdmission);
        // An admission waits for our answer, whatever is filed after it.
        row.admission_pending =
            row.admission_pending || matches!(kind, ClaimResponse::Admission | ClaimResponse::PartAdmission);
        let acknowledged = kind == ClaimResponse::Acknowledgment;
        row.stayed_after = row.defend_by.map(stayed_after).filter(|_| acknowledged).or(row.stayed_after);
        save(cmd, &mut row).await?;
        store::meet(&mut cmd.tx, org, row.id, "judgment", cmd.today).await?;
        // Once somebody admitted or defended it, this stay is none (CPR 15.11).
        store::meet(&mut cmd.tx, org, row.id, "stay", cmd.today).await?;
        let answer_by = if all.iter().any(|(_, one)| *one == ClaimResponse::Acknowledgment) {
            row.defend_by
        } else {
            row.respond_by
        };
        let mediates = row.issued_on.is_some_and(|day| has_mediation(value, day));
        let next = match kind {
            ClaimResponse::Acknowledgment => "Wait for the defence",
            ClaimResponse::Admission => "Accept the offer, or ask the court to decide how it is paid",
            ClaimResponse::PartAdmission => "Decide whether the part is enough",
            ClaimResponse::StatesPaid => "Look for the payment, and tell the court",
            _ if mediates => "Directions questionnaire; the free mediation appointment comes first",
            _ => "Directions questionnaire",
        };
        let mut events = vec![happened("response", format!("{}: {}", kind.name(), ask.words.trim()))];
        events.push(match (kind, answer_by) {
            (ClaimResponse::Acknowledgment, Some(day)) => {
                due("judgment", add_days(day, 1), "Ask for judgment if no defence came")
            }
            _ => due("answer", add_days(ask.on, 14), next),
        });
        if let Some(day) = row.stayed_after.filter(|_| acknowledged) {
            events.push(due("stay", day, STAYED));
        }
        note(cmd, row.id, events).await?;
        cmd.tell("ClaimAnswered", format!("court case {}", row.number), &ask);
        let named: &str = if defended { Track::name(track(value)) } else { "" };
        Ok(ResponseTaken { case: row.number, answer_by, track: named.into(), next: next.into() })
    })
}

/// Asks for judgment by default.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestJudgment {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
}

/// Records that judgment is asked for, after the law has allowed it.
///
/// # Errors
/// Duty; absent; `CT-CASE-STATE`; whatever the law says of a judgment by default today.
pub async fn request_judgment(desk: &Desk, by: &Actor, ask: RequestJudgment) -> Outcome<CaseEnded> {
    by.must_hold(Duty::ReferToCourt)?;
    command!(desk, by, "request_judgment", &ask.key, &ask, |cmd| {
        let (org, desk, today) = (cmd.by.org, cmd.desk.clone(), cmd.today);
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["issued"])?;
        let case = weigh_case(&mut cmd.tx, &desk, org, &row).await?;
        may(Act::JudgmentRequest, &case.facts, today)?;
        row.requested_on = Some(today);
        save(cmd, &mut row).await?;
        store::meet(&mut cmd.tx, org, row.id, "judgment", today).await?;
        let events = vec![
            happened("requested", "Judgment by default asked for"),
            due("entered", add_days(today, 14), "Has judgment been entered?"),
        ];
        note(cmd, row.id, events).await?;
        cmd.tell("JudgmentRequested", format!("court case {}", row.number), &ask);
        Ok(CaseEnded { case: row.number, state: row.state })
    })
}

/// Why judgment by default may not be asked for today; none where it may.
///
/// # Errors
/// Duty; absent; `CT-CASE-STATE`.
pub async fn judgment_not_yet(desk: &Desk, by: &Actor, number: &str) -> Outcome<Option<Refusal>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    must_be(&row, &["issued"])?;
    match weigh_case(&mut look, desk, by.org, &row).await {
        Ok(case) => Ok(may(Act::JudgmentRequest, &case.facts, desk.today()).err()),
        Err(No::Refused(refusal)) => Ok(Some(*refusal)),
        Err(no) => Err(no),
    }
}

/// Records a judgment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnterJudgment {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// When.
    pub on: NaiveDate,
    /// default, admission, determination or hearing.
    pub kind: String,
    /// Interest that the court gave; what was claimed to the day of issue when not said.
    #[serde(default)]
    pub interest: Option<Pence>,
    /// Instalments: how much.
    #[serde(default)]
    pub instalment: Option<Pence>,
    /// How often: weekly, fortnightly or monthly.
    #[serde(default)]
    pub every: String,
    /// The first one.
    #[serde(default)]
    pub first_on: Option<NaiveDate>,
}

/// A judgment, and what it adds to the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgmentEntered {
    /// Number of the case.
    pub case: String,
    /// For how much.
    pub judgment_pence: i64,
    /// Items added to the account.
    pub items: Vec<String>,
    /// Paid by then, it is taken off the register.
    pub cancelled_if_paid_by: NaiveDate,
}

/// Records a judgment: the debts stay as they are, and fee, costs, interest and compensation become items of their own.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn enter_judgment(desk: &Desk, by: &Actor, ask: EnterJudgment) -> Outcome<JudgmentEntered> {
    by.must_hold(Duty::ReferToCourt)?;
    let mut wrong = Vec::new();
    if !["default", "admission", "determination", "hearing"].contains(&ask.kind.as_str()) {
        wrong.push(Invalid::field("kind", "Choose how judgment was entered", &ask.kind));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    if ask.interest.is_some_and(|sum| sum < Pence::ZERO || sum > LARGEST) {
        wrong.push(Invalid::field("interest", "Enter the interest the court gave", ""));
    }
    wrong.extend(days_wrong(&[("first_on", ask.first_on)], desk.today()));
    if ask.instalment.is_none() && !ask.every.is_empty() {
        wrong.push(Invalid::field("every", "Enter the instalment too", &ask.every));
    }
    if let Some(instalment) = ask.instalment {
        if instalment <= Pence::ZERO || instalment > LARGEST {
            wrong.push(Invalid::field("instalment", "Enter an amount above £0.00", instalment.pounds()));
        }
        if !["weekly", "fortnightly", "monthly"].contains(&ask.every.as_str()) {
            wrong.push(Invalid::field("every", "Choose how often", &ask.every));
        }
        if ask.first_on.is_none_or(|day| day < ask.on) {
            wrong.push(Invalid::field("first_on", "Enter the day of the first instalment", ""));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "enter_judgment", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["issued"])?;
        if row.issued_on.is_none_or(|day| ask.on < day) {
            return Err(Invalid::field("on", "Enter a day after the issue", ask.on.to_string()).into());
        }
        let claim: ClaimDraft = serde_json::from_value(row.claim.clone().unwrap_or_default())?;
        let book = cmd.desk.book();
        let open: i64 = store::open_of(&mut cmd.tx, org, row.id).await?.iter().map(|(_, open)| open).sum();
        let interest = ask.interest.unwrap_or(claim.value.interest);
        let entry = fixed_costs(&book, JUDGMENT_COSTS, claim.value.principal, claim.represented, ask.on)?;
        let parts = [
            ("interest", interest, "Interest given by the judgment"),
            ("compensation", claim.value.compensation, "Fixed compensation given by the judgment"),
            ("issue_fee", Pence(row.issue_fee_pence), "Court fee given by the judgment"),
            ("costs", claim.value.costs.plus(entry), "Fixed costs given by the judgment"),
        ];
        let mut items = Vec::new();
        let mut sum = Pence(open);
        for (part, amount, what) in parts {
            let number = charge(cmd, &row, part, amount, what).await?;
            if !number.is_empty() {
                items.push(number);
                sum = sum.plus(amount);
            }
        }
        late_charges_give_way(cmd, &row).await?;
        row.state = "judgment".into();
        row.judgment_on = Some(ask.on);
        row.judgment_pence = sum.0;
        row.judgment_kind = ask.kind.clone();
        row.admission_pending = false;
        row.terms = ask.instalment.map(
            |amount| serde_json::json!({ "amount_pence": amount.0, "every": ask.every, "first_on": ask.first_on }),
        );
        save(cmd, &mut row).await?;
        store::meet_all(&mut cmd.tx, org, row.id, cmd.today).await?;
        let until = cancelled_if_paid_by(ask.on);
        let old =
            ask.on.checked_add_months(Months::new(72)).ok_or_else(|| Fault::new("a judgment beyond all dates"))?;
        let mut entered = happened("judgment", format!("Judgment by {} for {sum}", ask.kind));
        entered.amount_pence = sum.0;
        let mut events = vec![
            entered,
            due("register", until, "Paid by this day, the judgment is taken off the register"),
            due("permission", old, "After six years enforcement needs the court's permission"),
        ];
        match ask.first_on.filter(|_| ask.instalment.is_some()) {
            Some(first) => events.push(due("instalment", first, "First instalment of the judgment")),
            None => events.push(due("enforcement", add_days(ask.on, 14), "Not paid: choose how to enforce")),
        }
        note(cmd, row.id, events).await?;
        cmd.tell("JudgmentEntered", format!("court case {}", row.number), &ask);
        Ok(JudgmentEntered { case: row.number, judgment_pence: sum.0, items, cancelled_if_paid_by: until })
    })
}

/// Gives a case to solicitors.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HandToSolicitor {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// The firm.
    pub firm: String,
    /// Its reference.
    #[serde(default)]
    pub reference: String,
}

/// Gives a case to solicitors, or takes it back when no firm is named.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn hand_to_solicitor(desk: &Desk, by: &Actor, ask: HandToSolicitor) -> Outcome<CaseEnded> {
    by.must_hold(Duty::ReferToCourt)?;
    let mut wrong = lines_wrong(&[("firm", &ask.firm)], 100);
    wrong.extend(lines_wrong(&[("reference", &ask.reference)], 60));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("firm", &ask.firm), ("reference", &ask.reference)])?;
    command!(desk, by, "hand_to_solicitor", &ask.key, &ask, |cmd| {
        let mut row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        must_be(&row, &["accepted", "prepared", "signed", "filed", "issued", "judgment"])?;
        let back = ask.firm.trim().is_empty();
        let words = match back {
            true => format!("Taken back from {}", row.solicitor),
            false => format!("With {}, {}", ask.firm.trim(), ask.reference.trim()),
        };
        row.solicitor = ask.firm.trim().into();
        row.solicitor_ref = ask.reference.trim().into();
        row.solicitor_on = (!back).then_some(cmd.today);
        save(cmd, &mut row).await?;
        let mut events = vec![happened("solicitor", words)];
        if !back {
            events.push(due("solicitor", add_days(cmd.today, 28), "Ask the solicitors how it stands"));
        }
        note(cmd, row.id, events).await?;
        cmd.tell("SolicitorsInstructed", format!("court case {}", row.number), &ask);
        Ok(CaseEnded { case: row.number, state: row.state })
    })
}

/// Ends a case without satisfaction: withdrawn, discontinued, settled, given up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndCase {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// Why.
    pub words: String,
}

/// A case as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEnded {
    /// Number of the case.
    pub case: String,
    /// Where it stands.
    pub state: String,
}

/// Ends a case; its debts are free for something else.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn end_case(desk: &Desk, by: &Actor, ask: EndCase) -> Outcome<CaseEnded> {
    by.must_hold(Duty::ReferToCourt)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Say why it ends, in up to 1,000 characters", &ask.words).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 1_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "end_court_case", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["referred", "accepted", "prepared", "signed", "filed", "issued", "judgment"])?;
        row.state = "closed".into();
        row.closed_on = Some(cmd.today);
        row.closed_words = ask.words.trim().into();
        save(cmd, &mut row).await?;
        store::free_items(&mut cmd.tx, org, row.id).await?;
        store::meet_all(&mut cmd.tx, org, row.id, cmd.today).await?;
        note(cmd, row.id, vec![happened("closed", ask.words.trim())]).await?;
        cmd.tell("CourtCaseEnded", format!("court case {}", row.number), &ask);
        Ok(CaseEnded { case: row.number, state: row.state })
    })
}
