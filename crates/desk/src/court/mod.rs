//! The county court: referral, letter of claim and its clock, the claim, judgment, enforcement, satisfaction; insolvency,
//! estates and charges.
mod about;
mod answers;
mod basis;
mod bundle;
mod charge;
mod clock;
mod costs;
mod enforce;
mod estate;
mod export;
mod insolvency;
mod instalments;
mod limits;
mod look;
mod notice;
mod prepare;
mod progress;
mod refer;
mod referable;
mod stops;
mod tend;
mod weigh;

pub use about::{AboutCustomer, InsolvencyOf, about_customer};
pub use answers::{
    AnswerFileShown, AnswerSettled, CourtAnswersTaken, SettleCourtAnswer, TakeCourtAnswers, WorkCourtAnswers,
    court_answer, court_answers, settle_court_answer, take_court_answers, work_court_answers,
};
pub use bundle::case_bundle;
pub use charge::{
    AddCharge, ChargeSet, ChargeShown, ReleaseCharge, add_charge, charge_shown, charges_list, release_charge,
};
pub use clock::{CaseStep, RecordReply, StepDone, record_reply, record_step};
pub use costs::{AddCost, CostAdded, add_cost};
pub use enforce::{Choice, Enforce, Enforced, choices, enforce};
pub use estate::{
    ActOnEstate, EstateShown, EstateStands, OpenEstate, act_on_estate, estate, estates_list, open_estate,
};
pub use export::{ExportClaims, Exported, LeftBehind, court_file, export_claims};
pub use insolvency::{
    DeclareDividend, DividendDeclared, EndInsolvency, InsolvencyOpened, InsolvencyShown, LodgeProof, OpenInsolvency,
    ProofLodged, ReceiveDividend, declare_dividend, end_insolvency, insolvencies_list, insolvency, insolvency_opened,
    lodge_proof, open_insolvency, receive_dividend,
};
pub use limits::{DebtLimit, RecordLimit, limitation_of, limitation_soon, record_limit};
pub use look::{CaseShown, case, cases_list, court_diary, court_files, customers_named};
pub use prepare::{ClaimDraft, Defendant, PrepareClaim, Prepared, SignClaim, Signed, prepare_claim, sign_claim};
pub use progress::{
    CaseEnded, EndCase, EnterJudgment, HandToSolicitor, Issued, JudgmentEntered, RecordIssue, RecordResponse,
    RequestJudgment, ResponseTaken, end_case, enter_judgment, hand_to_solicitor, judgment_not_yet, record_issue,
    record_response, request_judgment,
};
pub use refer::{DecideReferral, ReferToCourt, Referral, decide_referral, refer_to_court};
pub use referable::not_referable;
pub use tend::{CourtTended, TellCourt, TendCourt, tell_court, tend_court};

use crate::core::command::Command;
use crate::{No, Outcome};
use chrono::NaiveDate;
use sundry_domain::court::case_refusals::{CASE_CHANGED, CASE_STATE};
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::court::{self as store, CaseRow, EventRow};

/// The case with a number.
async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<CaseRow> {
    let row = store::case(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("court case {}", number.trim())))
}

/// Refuses a step that does not begin where the case stands.
fn must_be(row: &CaseRow, states: &[&str]) -> Outcome<()> {
    if states.contains(&row.state.as_str()) {
        return Ok(());
    }
    Err(CASE_STATE.because(format!("{} is {}", row.number, row.state.replace('_', " "))).into())
}

/// Writes a case back.
async fn save(cmd: &mut Command, row: &mut CaseRow) -> Outcome<()> {
    if !store::change_case(&mut cmd.tx, cmd.by.org, row).await? {
        return Err(CASE_CHANGED.because(format!("{} was changed by someone else meanwhile", row.number)).into());
    }
    row.version += 1;
    Ok(())
}

/// Something that happened, and perhaps a deadline.
struct Happened<'a> {
    kind: &'a str,
    words: String,
    amount_pence: i64,
    due_on: Option<NaiveDate>,
}

fn happened(kind: &str, words: impl Into<String>) -> Happened<'_> {
    Happened { kind, words: words.into(), amount_pence: 0, due_on: None }
}

fn due(kind: &str, on: NaiveDate, words: impl Into<String>) -> Happened<'_> {
    Happened { kind, words: words.into(), amount_pence: 0, due_on: Some(on) }
}

/// Notes events with a case, or an estate.
async fn note(cmd: &mut Command, case: i64, all: Vec<Happened<'_>>) -> Outcome<()> {
    let rows: Vec<EventRow> = all
        .into_iter()
        .map(|one| EventRow {
            id: cmd.id(),
            case_id: case,
            kind: one.kind.to_owned(),
            on_day: cmd.today,
            due_on: one.due_on,
            done_on: None,
            words: one.words,
            amount_pence: one.amount_pence,
            actor_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        })
        .collect();
    Ok(store::add_events(&mut cmd.tx, cmd.by.org, &rows).await?)
}
