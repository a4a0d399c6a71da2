//! Write-off: candidates, evidence, the service's view, schedules, small balances, losses, write-backs, the allowance.
use super::answer::{Answer, List, file, made, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::close::allowance::{
    self, ChangeMatrix, NameDebt, RequestAllowanceRun, allowance_preview, allowance_settings, change_matrix, name_debt,
    request_allowance_run,
};
use sundry_desk::control::security_code::{
    SecurityCodeBegun, SecurityCodeState, begin_security_code, confirm_security_code,
};
use sundry_desk::queries::NewFile;
use sundry_desk::writeoff::{
    self as off, AddDebtEvidence, AskDecision, CandidatesAsk, ChangePolicy, DecideSchedule, EndDebtEvidence,
    EvidenceGiven, LineDecision, ProposeWriteOffs, RecordAnswer, RecordCommittee, ReferLoss, RequestSmallBalances,
    RequestWriteBack, RequestWriteOff, SeeSign, SmallBalancesAsk, WithdrawLine, WithdrawReferral, WriteOffsAsk,
};
use sundry_domain::close::{ClassRates, Matrix};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::writeoff::losses::WrittenOffRow;
use sundry_store::writeoff::referrals::ReferralRow;
use sundry_store::writeoff::schedules::ScheduleRow;
use utoipa::ToSchema;

const ROOM: &str = "Write-off";
const PROPOSE: &[Duty] = &[Duty::ProposeWriteOff];
const APPROVE: &[Duty] = &[Duty::ApproveWriteOff];
const ASK: &[Duty] = &[Duty::ProposeWriteOff, Duty::WorkCases];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    allowance_rows(register_rows(schedule_rows(case_rows(table))))
}

fn case_rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/write-offs/candidates",
                "list_write_off_candidates",
                "Debts that the criteria of today speak for",
            )
            .asks("reason", Holds::Text, "Only this reason")
            .asks("service", Holds::Text, "Only this service")
            .asks("ready", Holds::Flag, "Only those that may go on a schedule now")
            .gives(200, desk::<off::CandidatesPage>),
            candidates,
        )
        .add(
            get(
                ROOM,
                "/debts/{number}/write-off",
                "get_debt_case",
                "A debt with all it takes to decide if it is given up",
            )
            .gives(200, desk::<off::DebtCase>),
            case,
        )
        .add(
            post(
                ROOM,
                "/debts/{number}/evidence",
                "add_debt_evidence",
                "Put evidence on file for a debt, without a file",
            )
            .needs(PROPOSE)
            .takes::<NewDebtEvidence>()
            .gives(201, desk::<off::DebtEvidenceAdded>),
            add_evidence,
        )
        .add(
            post(ROOM, "/debts/{number}/evidence-file", "add_debt_evidence_file", "Put a file on file for a debt")
                .needs(PROPOSE)
                .takes_file()
                .must("kind", Holds::Text, "What it is, from the list of evidence")
                .must("words", Holds::Text, "What it shows")
                .asks("on", Holds::Day, "Its day; today when not said")
                .gives(201, desk::<off::DebtEvidenceAdded>),
            add_evidence_file,
        )
        .add(
            get(ROOM, "/debts/{number}/files/{sha256}", "get_debt_file", "A file on file for a debt")
                .gives_file(&["application/octet-stream"]),
            one_file,
        )
        .add(
            post(
                ROOM,
                "/debts/{number}/evidence/end",
                "end_debt_evidence",
                "Take evidence off a debt; it stays to be read",
            )
            .needs(PROPOSE)
            .takes::<EvidenceEnd>()
            .gives(200, own::<WriteOffDone>),
            end_evidence,
        )
        .add(
            post(ROOM, "/debts/{number}/referral", "ask_service_decision", "Ask the owning service what is to be done")
                .needs(ASK)
                .takes::<NewReferral>()
                .gives(201, desk::<off::DecisionAsked>),
            ask,
        )
        .add(
            get(
                ROOM,
                "/service-referrals",
                "list_service_referrals",
                "Questions to services, those that end first at the top",
            )
            .asks("state", Holds::OneOf(&["open", "answered", "defaulted", "withdrawn"]), "Only in this state")
            .listed(desk_list::<ReferralRow>),
            referrals,
        )
        .add(
            get(ROOM, "/service-referrals/{number}", "get_service_referral", "Read a question to a service")
                .gives(200, desk::<ReferralRow>),
            referral,
        )
        .add(
            post(
                ROOM,
                "/service-referrals/{number}/answer",
                "record_service_answer",
                "Record an answer that came another way",
            )
            .needs(ASK)
            .takes::<NewServiceAnswer>()
            .gives(200, desk::<ReferralRow>),
            record_answer,
        )
        .add(
            post(ROOM, "/service-referrals/{number}/withdraw", "withdraw_service_referral", "Take a question back")
                .needs(ASK)
                .gives(200, own::<WriteOffDone>),
            withdraw_referral,
        )
        .add(
            post(
                ROOM,
                "/service-referrals/tend",
                "tend_service_referrals",
                "Remind services, and let silence have its answer",
            )
            .needs(&[Duty::ReleaseRuns])
            .gives(200, desk::<off::ReferralsTended>),
            tend,
        )
}

fn schedule_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/write-off-schedules", "list_write_off_schedules", "Monthly schedules, newest first")
                .listed(desk_list::<ScheduleRow>),
            schedules,
        )
        .add(
            get(
                ROOM,
                "/write-off-schedules/{number}",
                "get_write_off_schedule",
                "Read a schedule as its approver must see it",
            )
            .gives(200, desk::<off::ScheduleShown>),
            schedule,
        )
        .add(
            post(ROOM, "/write-off-schedules/lines", "propose_write_offs", "Put debts on the schedule of this month")
                .needs(PROPOSE)
                .takes::<NewScheduleLines>()
                .gives(201, desk::<off::LinesProposed>),
            propose,
        )
        .add(
            post(
                ROOM,
                "/write-off-schedules/{number}/withdraw",
                "withdraw_write_off_line",
                "Take a line off its schedule",
            )
            .needs(PROPOSE)
            .takes::<LineToWithdraw>()
            .gives(200, desk::<off::LineStands>),
            withdraw,
        )
        .add(
            post(
                ROOM,
                "/write-off-schedules/{number}/committee",
                "record_committee",
                "Record what the committee decided",
            )
            .needs(APPROVE)
            .takes::<CommitteeDecision>()
            .gives(200, desk::<off::CommitteeRecorded>),
            committee,
        )
        .add(
            post(
                ROOM,
                "/write-off-schedules/{number}/decide",
                "decide_schedule",
                "Approve lines with the security code, send others back, refuse others",
            )
            .needs(APPROVE)
            .takes::<ScheduleDecision>()
            .gives(200, desk::<off::ScheduleDecided>),
            decide,
        )
        .add(
            get(ROOM, "/small-balances", "preview_small_balances", "Small balances that would go, and what would stay")
                .asks(
                    "maximum_pence",
                    Holds::Whole(1, 1_000_000),
                    "The greatest balance; what is allowed when not said",
                )
                .gives(200, desk::<off::SmallBalancesPreview>),
            small,
        )
        .add(
            post(
                ROOM,
                "/small-balances",
                "request_small_balances",
                "Ask to give up exactly the small balances of the preview",
            )
            .needs(PROPOSE)
            .takes::<SmallBalancesToGo>()
            .gives(201, desk::<off::SmallBalancesAsked>),
            request_small,
        )
        .add(
            post(
                ROOM,
                "/write-offs",
                "request_write_off",
                "Ask for a write-off outside the schedule, which someone else approves",
            )
            .needs(PROPOSE)
            .takes::<NewWriteOff>()
            .gives(201, desk::<off::WriteOffAsked>),
            write_off,
        )
        .add(
            post(
                ROOM,
                "/write-backs",
                "request_write_back",
                "Ask for a write-off to be taken back, with the money that pays it or without",
            )
            .needs(PROPOSE)
            .takes::<NewWriteBack>()
            .gives(201, desk::<off::WriteOffAsked>),
            write_back,
        )
}

fn register_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/write-offs", "list_write_offs", "Everything that was ever written off, newest first")
                .asks("search", Holds::Text, "A number of a write-off, a debt or an account, or a part of a name")
                .paged(desk_list::<WrittenOffRow>),
            list,
        )
        .add(
            get(
                ROOM,
                "/write-offs/money",
                "list_written_off_money",
                "Money that came for what was written off, and which debt it pays",
            )
            .gives(200, desk::<off::MoneyWaiting>),
            money,
        )
        .add(
            get(
                ROOM,
                "/write-offs/reappeared",
                "list_reappearances",
                "People whose debts were given up and who are there again",
            )
            .asks("customer", Holds::Text, "Only this account")
            .listed(desk_list::<off::Reappeared>),
            reappeared,
        )
        .add(
            post(
                ROOM,
                "/write-offs/reappeared/seen",
                "see_reappearance",
                "Say that somebody looked, and the debt stays written off",
            )
            .needs(PROPOSE)
            .takes::<SignSeen>()
            .gives(200, desk::<off::SawSign>),
            seen,
        )
        .add(
            get(
                ROOM,
                "/losses-register",
                "get_losses_register",
                "The losses and special payments register of a financial year",
            )
            .needs(&[Duty::RunReports])
            .asks("year", Holds::Whole(1990, 2200), "Year in which the financial year starts; this one when not said")
            .gives(200, desk::<off::LossesRegister>),
            register,
        )
        .add(
            get(ROOM, "/losses-register/rows", "list_losses", "The rows of the losses register, as a file too")
                .needs(&[Duty::RunReports])
                .asks(
                    "year",
                    Holds::Whole(1990, 2200),
                    "Year in which the financial year starts; this one when not said",
                )
                .listed(desk_list::<off::RegisterLine>),
            register_list,
        )
        .add(
            get(
                ROOM,
                "/committee-report",
                "get_committee_report",
                "What the committee is told of a year's write-offs; no person is named",
            )
            .needs(&[Duty::RunReports])
            .asks("year", Holds::Whole(1990, 2200), "Year in which the financial year starts; this one when not said")
            .gives(200, desk::<off::CommitteeReport>),
            report,
        )
        .add(
            post(
                ROOM,
                "/losses-register/counter-fraud",
                "refer_loss",
                "Say that a loss was, or was not, referred to counter-fraud",
            )
            .needs(APPROVE)
            .takes::<LossToRefer>()
            .gives(200, own::<WriteOffDone>),
            refer_loss,
        )
        .add(
            get(
                ROOM,
                "/write-off-policy",
                "get_write_off_policy",
                "The criteria and limits, with every value that was set",
            )
            .needs(&[Duty::View, Duty::ManageSettings])
            .listed(desk_list::<off::PolicyShown>),
            policy,
        )
        .add(
            post(ROOM, "/write-off-policy", "change_write_off_policy", "Ask to change criteria from a day on")
                .needs(&[Duty::ManageSettings])
                .takes::<NewWriteOffPolicy>()
                .gives(201, desk::<off::PolicyAsked>),
            change_policy,
        )
}

fn allowance_rows(table: Table) -> Table {
    const ROOM: &str = "Close";
    table
        .add(
            get(
                ROOM,
                "/allowance",
                "get_allowance",
                "What the loss allowance must be as at a day, and what must be charged",
            )
            .needs(&[Duty::RunReports])
            .asks("as_at", Holds::Day, "The day; today when not said")
            .gives(200, desk::<allowance::AllowancePreview>),
            allowance_of,
        )
        .add(
            get(
                ROOM,
                "/allowance/rates",
                "get_loss_rates",
                "Loss rates by class and age, and debts looked at one by one",
            )
            .needs(&[Duty::RunReports, Duty::ManageSettings])
            .gives(200, desk::<allowance::AllowanceSettings>),
            rates,
        )
        .add(
            post(ROOM, "/allowance/rates", "change_loss_rates", "Ask for other loss rates from a day on")
                .needs(&[Duty::ManageSettings])
                .takes::<NewLossRates>()
                .gives(201, desk::<allowance::MatrixAsked>),
            change_rates,
        )
        .add(
            post(
                ROOM,
                "/allowance/named-debts",
                "name_debt_for_allowance",
                "Give a debt an allowance of its own, or none again",
            )
            .needs(&[Duty::PostJournals])
            .takes::<DebtToName>()
            .gives(200, desk::<allowance::DebtNamed>),
            name,
        )
        .add(
            post(ROOM, "/allowance/runs", "request_allowance_run", "Ask for the charge as at a day to be posted")
                .needs(&[Duty::PostJournals])
                .takes::<NewAllowanceRun>()
                .gives(201, desk::<allowance::AllowanceRunAsked>),
            allowance_run,
        )
        .add(
            post(
                "Control",
                "/security-code",
                "begin_security_code",
                "Begin to set up your security code; its secret is shown now only",
            )
            .needs(&[])
            .takes::<SecurityCodeNow>()
            .gives(201, desk::<SecurityCodeBegun>),
            begin_code,
        )
        .add(
            post(
                "Control",
                "/security-code/confirm",
                "confirm_security_code",
                "Confirm your security code by its first code",
            )
            .needs(&[])
            .takes::<SecurityCodeNow>()
            .gives(200, desk::<SecurityCodeState>),
            confirm_code,
        )
}

/// A code of your authenticator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityCodeNow {
    /// The six digits; empty where there is none yet.
    #[serde(default)]
    pub code: String,
}

/// It was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct WriteOffDone {
    /// Always true.
    pub done: bool,
}

const DONE: WriteOffDone = WriteOffDone { done: true };

/// Evidence for a debt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDebtEvidence {
    /// What it is: trace_proof, proof_of_death, probate_searches, office_holder_notice and so on.
    pub kind: String,
    /// What it shows.
    pub words: String,
    /// Its day; for the limitation, the last day of a claim.
    #[serde(default)]
    pub on: Option<NaiveDate>,
}

/// Evidence to be taken off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceEnd {
    /// The evidence.
    pub evidence: i64,
    /// Why.
    pub words: String,
}

/// A question to the owning service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReferral {
    /// recommendation, before a write-off; suspension, before court.
    pub purpose: String,
    /// Where the link goes.
    pub to: String,
    /// What the service gives: other, eligible_care, urgent_treatment, safeguarding, statutory_education.
    #[serde(default)]
    pub need: String,
    /// The service; the debt's when not said.
    #[serde(default)]
    pub service: String,
    /// What is asked beyond the standing question; names nobody.
    #[serde(default)]
    pub question: String,
    /// What follows if nobody answers: continue, write_off or court; continue when not said.
    #[serde(default)]
    pub default_answer: String,
    /// The answer that is suggested to them, where one is.
    #[serde(default)]
    pub suggest: String,
}

/// An answer of a service that came by telephone or letter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceAnswer {
    /// continue, suspend, write_off or court.
    pub answer: String,
    /// Why, as they said it.
    pub words: String,
    /// Who answered.
    pub name: String,
}

/// Debts for the schedule of this month.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScheduleLines {
    /// Numbers of the debts.
    pub debts: Vec<String>,
    /// How much of one debt; all that is open when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// Why, from the list of reasons.
    pub reason: String,
    /// What was done to recover them.
    pub words: String,
}

/// A line to be taken off its schedule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineToWithdraw {
    /// The line.
    pub line: i64,
}

/// What the committee decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitteeDecision {
    /// When it met.
    pub on: NaiveDate,
    /// Its minute.
    pub minute: String,
}

/// A decision on a schedule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDecision {
    /// The lines.
    pub lines: Vec<DecisionOnLine>,
    /// How many are approved, as it was read.
    pub count: i64,
    /// Their sum, as it was read.
    pub total_pence: i64,
    /// The six digits of the approver's authenticator; not needed where nothing is approved.
    #[serde(default)]
    pub security_code: String,
}

/// A decision on a line of a schedule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionOnLine {
    /// The line.
    pub line: i64,
    /// Its version as it was read.
    pub version: i64,
    /// approve, send_back or refuse.
    pub act: String,
    /// Why; needed to send back and to refuse.
    #[serde(default)]
    pub reason: String,
}

/// Small balances to be given up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallBalancesToGo {
    /// The greatest balance.
    pub maximum_pence: i64,
    /// How many, as the preview said.
    pub count: i64,
    /// Their sum, as the preview said.
    pub total_pence: i64,
}

/// A write-off to be asked for outside the schedule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWriteOff {
    /// Number of the item.
    pub item: String,
    /// How much; all that is open when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// Why, from the list of reasons.
    pub reason: String,
    /// What was done to recover it.
    pub words: String,
    /// Evidence to put on file with the request.
    #[serde(default)]
    pub evidence: Vec<NewDebtEvidence>,
}

/// A write-off to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWriteBack {
    /// Number of the write-off.
    pub write_off: String,
    /// How much of it.
    pub amount_pence: i64,
    /// Why, in words.
    pub words: String,
    /// Number of the receipt that pays it; none where the debt is only opened again.
    #[serde(default)]
    pub receipt: String,
}

/// A sign that somebody looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignSeen {
    /// Account.
    pub customer: String,
    /// invoice, account, bank or address.
    pub kind: String,
    /// The invoice, the other account, the address.
    pub what: String,
    /// Why the debt stays written off.
    pub words: String,
}

/// A loss and whether it was referred.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LossToRefer {
    /// Number of the write-off.
    pub write_off: String,
    /// Yes or no.
    pub referred: bool,
}

/// Criteria from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWriteOffPolicy {
    /// First day.
    pub from_on: NaiveDate,
    /// The criteria.
    pub values: Vec<NewPolicyValue>,
}

/// A criterion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPolicyValue {
    /// Stored name.
    pub name: String,
    /// Pence, days or months.
    pub value: i64,
}

/// Loss rates from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLossRates {
    /// First day.
    pub from_on: NaiveDate,
    /// Classes in order of precedence; the last takes what no other took.
    pub classes: Vec<NewClassRates>,
    /// The history and the outlook they rest on.
    pub words: String,
}

/// The rates of a class.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClassRates {
    /// Its name.
    pub class: String,
    /// Kinds of customer that belong to it; empty for any.
    #[serde(default)]
    pub customer_kinds: Vec<String>,
    /// Words, one of which the type of debt holds; empty for any.
    #[serde(default)]
    pub debt_words: Vec<String>,
    /// No loss is expected: a body of government.
    #[serde(default)]
    pub excluded: bool,
    /// Seven rates in basis points, youngest first.
    pub rates_bp: Vec<i64>,
}

/// A debt that is looked at by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtToName {
    /// Number of the debt.
    pub debt: String,
    /// What is expected to be lost; none puts it back into the matrix.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// Why.
    pub words: String,
}

/// A charge to be posted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAllowanceRun {
    /// As at.
    pub as_at: NaiveDate,
    /// The charge as it was read; below zero where it is released.
    pub charge_pence: i64,
}

async fn begin_code(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<SecurityCodeNow>) -> Answer {
    made("security-code", &begin_security_code(&doors.desk, &by.0, &key, &new.code).await?)
}

async fn confirm_code(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<SecurityCodeNow>) -> Answer {
    ok(&confirm_security_code(&doors.desk, &by.0, &key, &new.code).await?)
}

async fn candidates(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask =
        CandidatesAsk { reason: asked.text("reason"), service: asked.text("service"), ready: asked.flag("ready") };
    ok(&off::candidates(&doors.desk, &by.0, ask).await?)
}

async fn case(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&off::debt_case(&doors.desk, &by.0, &number).await?)
}

async fn add_evidence(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewDebtEvidence>,
) -> Answer {
    let ask = AddDebtEvidence { key, debt: number.clone(), kind: new.kind, words: new.words, on: new.on };
    made(&format!("debts/{number}/write-off"), &off::add_debt_evidence(&doors.desk, &by.0, ask, None).await?)
}

async fn add_evidence_file(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    asked: Asked,
    Key(key): Key,
    parcel: Parcel,
) -> Answer {
    let (name, bytes) = parcel.file;
    let (kind, words, on) = (asked.text("kind"), asked.text("words"), asked.day("on"));
    let ask = AddDebtEvidence { key, debt: number.clone(), kind, words, on };
    let told = off::add_debt_evidence(&doors.desk, &by.0, ask, Some(NewFile { name, bytes })).await?;
    made(&format!("debts/{number}/write-off"), &told)
}

async fn one_file(State(doors): State<Shared>, by: By, AtTwo(number, sha256): AtTwo) -> Answer {
    let (name, _, bytes) = off::debt_evidence_file(&doors.desk, &by.0, &number, &sha256).await?;
    file(&name, "application/octet-stream", bytes)
}

async fn end_evidence(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<EvidenceEnd>,
) -> Answer {
    let ask = EndDebtEvidence { key, debt: number, evidence: new.evidence, words: new.words };
    off::end_debt_evidence(&doors.desk, &by.0, ask).await?;
    ok(&DONE)
}

async fn ask(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewReferral>,
) -> Answer {
    let ask = AskDecision {
        key,
        debt: number,
        purpose: new.purpose,
        need: new.need,
        service: new.service,
        to: new.to,
        question: new.question,
        default_answer: new.default_answer,
        suggest: new.suggest,
    };
    let told = off::ask_decision(&doors.desk, &by.0, ask).await?;
    made(&format!("service-referrals/{}", told.referral), &told)
}

async fn referrals(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = off::referrals_list(&doors.desk, &by.0, &asked.text("state")).await?;
    List::whole("Questions to services", rows).send(&asked, &by, doors.desk.today())
}

async fn referral(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&off::referral(&doors.desk, &by.0, &number).await?)
}

async fn record_answer(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewServiceAnswer>,
) -> Answer {
    let ask = RecordAnswer { key, referral: number, answer: new.answer, words: new.words, name: new.name };
    ok(&off::record_answer(&doors.desk, &by.0, ask).await?)
}

async fn withdraw_referral(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    off::withdraw_referral(&doors.desk, &by.0, WithdrawReferral { key, referral: number }).await?;
    ok(&DONE)
}

async fn tend(State(doors): State<Shared>, by: By, Key(_): Key) -> Answer {
    let today = doors.desk.today();
    ok(&off::tend_referrals(&doors.desk, &by.0, today).await?)
}

async fn schedules(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = off::schedules_list(&doors.desk, &by.0).await?;
    List::whole("Write-off schedules", rows).send(&asked, &by, doors.desk.today())
}

async fn schedule(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&off::schedule(&doors.desk, &by.0, &number).await?)
}

async fn propose(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewScheduleLines>) -> Answer {
    let NewScheduleLines { debts, amount_pence, reason, words } = new;
    let ask = ProposeWriteOffs { key, debts, amount: amount_pence.map(Pence), reason, words };
    let told = off::propose_write_offs(&doors.desk, &by.0, ask).await?;
    made(&format!("write-off-schedules/{}", told.schedule), &told)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<LineToWithdraw>,
) -> Answer {
    ok(&off::withdraw_line(&doors.desk, &by.0, WithdrawLine { key, schedule: number, line: new.line }).await?)
}

async fn committee(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<CommitteeDecision>,
) -> Answer {
    let ask = RecordCommittee { key, schedule: number, on: new.on, minute: new.minute };
    ok(&off::record_committee(&doors.desk, &by.0, ask).await?)
}

async fn decide(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<ScheduleDecision>,
) -> Answer {
    let line =
        |one: DecisionOnLine| LineDecision { line: one.line, version: one.version, act: one.act, reason: one.reason };
    let ask = DecideSchedule {
        key,
        schedule: number,
        lines: new.lines.into_iter().map(line).collect(),
        count: new.count,
        total: Pence(new.total_pence),
        security_code: new.security_code,
    };
    ok(&off::decide_schedule(&doors.desk, &by.0, ask).await?)
}

async fn small(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = SmallBalancesAsk { maximum: asked.whole("maximum_pence").map(Pence) };
    ok(&off::preview_small_balances(&doors.desk, &by.0, ask).await?)
}

async fn request_small(
    State(doors): State<Shared>,
    by: By,
    Key(key): Key,
    Sent(new): Sent<SmallBalancesToGo>,
) -> Answer {
    let (maximum, total) = (Pence(new.maximum_pence), Pence(new.total_pence));
    let ask = RequestSmallBalances { key, maximum, count: new.count, total };
    let told = off::request_small_balances(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn write_off(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewWriteOff>) -> Answer {
    let given = |one: NewDebtEvidence| EvidenceGiven { kind: one.kind, words: one.words, on: one.on };
    let ask = RequestWriteOff {
        key,
        item: new.item,
        amount: new.amount_pence.map(Pence),
        reason: new.reason,
        words: new.words,
        evidence: new.evidence.into_iter().map(given).collect(),
    };
    let told = off::request_write_off(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn write_back(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewWriteBack>) -> Answer {
    let NewWriteBack { write_off, amount_pence, words, receipt } = new;
    let ask = RequestWriteBack { key, write_off, amount: Pence(amount_pence), words, receipt };
    let told = off::request_write_back(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = WriteOffsAsk { search: asked.text("search"), before: asked.whole("after") };
    let page = off::write_offs_list(&doors.desk, &by.0, ask).await?;
    let next = page.next.map(|next| next.to_string());
    List { title: "Write-offs", rows: page.rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn money(State(doors): State<Shared>, by: By) -> Answer {
    ok(&off::waiting_money(&doors.desk, &by.0).await?)
}

async fn reappeared(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = off::reappearances(&doors.desk, &by.0, &asked.text("customer")).await?;
    List::whole("Reappeared", rows).send(&asked, &by, doors.desk.today())
}

async fn seen(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<SignSeen>) -> Answer {
    let SignSeen { customer, kind, what, words } = new;
    ok(&off::see_sign(&doors.desk, &by.0, SeeSign { key, customer, kind, what, words }).await?)
}

async fn register(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&off::losses_register(&doors.desk, &by.0, asked.whole("year")).await?)
}

async fn register_list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = off::losses_register(&doors.desk, &by.0, asked.whole("year")).await?.rows;
    List::whole("Losses register", rows).send(&asked, &by, doors.desk.today())
}

async fn report(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&off::committee_report(&doors.desk, &by.0, asked.whole("year")).await?)
}

async fn refer_loss(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<LossToRefer>) -> Answer {
    off::refer_loss(&doors.desk, &by.0, ReferLoss { key, write_off: new.write_off, referred: new.referred }).await?;
    ok(&DONE)
}

async fn policy(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = off::policy(&doors.desk, &by.0).await?;
    List::whole("Criteria of write-offs", rows).send(&asked, &by, doors.desk.today())
}

async fn change_policy(
    State(doors): State<Shared>,
    by: By,
    Key(key): Key,
    Sent(new): Sent<NewWriteOffPolicy>,
) -> Answer {
    let values = new.values.into_iter().map(|one| (one.name, one.value)).collect();
    let told = off::change_policy(&doors.desk, &by.0, ChangePolicy { key, from_on: new.from_on, values }).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn allowance_of(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&allowance_preview(&doors.desk, &by.0, asked.day("as_at")).await?)
}

async fn rates(State(doors): State<Shared>, by: By) -> Answer {
    ok(&allowance_settings(&doors.desk, &by.0).await?)
}

async fn change_rates(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewLossRates>) -> Answer {
    let class = |one: NewClassRates| ClassRates {
        class: one.class,
        customer_kinds: one.customer_kinds,
        debt_words: one.debt_words,
        excluded: one.excluded,
        rates_bp: one.rates_bp,
    };
    let matrix = Matrix { classes: new.classes.into_iter().map(class).collect() };
    let ask = ChangeMatrix { key, from_on: new.from_on, matrix, words: new.words };
    let told = change_matrix(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}

async fn name(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<DebtToName>) -> Answer {
    let ask = NameDebt { key, debt: new.debt, amount: new.amount_pence.map(Pence), words: new.words };
    ok(&name_debt(&doors.desk, &by.0, ask).await?)
}

async fn allowance_run(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewAllowanceRun>) -> Answer {
    let ask = RequestAllowanceRun { key, as_at: new.as_at, charge: Pence(new.charge_pence) };
    let told = request_allowance_run(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}
