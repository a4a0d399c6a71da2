//! The county court: cases from referral to satisfaction, limitation, insolvencies, estates, charges.
use super::answer::{Answer, List, file, made, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::court::{
    self, ActOnEstate, AddCharge, AddCost, CaseEnded, CaseShown, CaseStep, ChargeSet, Choice, CostAdded, CourtTended,
    DebtLimit, DecideReferral, DeclareDividend, Defendant, DividendDeclared, EndCase, EndInsolvency, Enforce, Enforced,
    EnterJudgment, EstateShown, EstateStands, ExportClaims, Exported, HandToSolicitor, InsolvencyOpened,
    InsolvencyShown, Issued, JudgmentEntered, LodgeProof, OpenEstate, OpenInsolvency, PrepareClaim, Prepared,
    ProofLodged, ReceiveDividend, RecordIssue, RecordLimit, RecordReply, RecordResponse, ReferToCourt, Referral,
    ReleaseCharge, RequestJudgment, ResponseTaken, SignClaim, Signed, StepDone, TellCourt, TendCourt, act_on_estate,
    add_charge, add_cost, case_bundle, cases_list, charges_list, choices, court_diary, court_file, court_files,
    decide_referral, declare_dividend, end_case, end_insolvency, enforce, enter_judgment, estate, estates_list,
    export_claims, hand_to_solicitor, insolvencies_list, insolvency, limitation_of, limitation_soon, lodge_proof,
    open_estate, open_insolvency, prepare_claim, receive_dividend, record_issue, record_limit, record_reply,
    record_response, record_step, refer_to_court, release_charge, request_judgment, sign_claim, tell_court, tend_court,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::court::{CaseLine, DiaryLine, FileRow};
use sundry_store::court_estates::{ChargeRow, EstateRow, InsolvencyRow};
use utoipa::ToSchema;

const ROOM: &str = "Court";
const WORKS: &[Duty] = &[Duty::WorkCases];
const REFERS: &[Duty] = &[Duty::ReferToCourt];
const EITHER: &[Duty] = &[Duty::WorkCases, Duty::ReferToCourt];
const STATES: &[&str] =
    &["referred", "sent_back", "accepted", "prepared", "signed", "filed", "issued", "judgment", "satisfied", "closed"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    others(limits(after_issue(to_issue(cases(table)))))
}

fn cases(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/court-cases", "list_court_cases", "List court cases, newest first")
                .asks("state", Holds::OneOf(STATES), "Only those that stand so; those that run when not said")
                .paged(desk_list::<CaseLine>),
            list,
        )
        .add(
            post(ROOM, "/court-cases", "refer_to_court", "Refer debts of a customer to court")
                .needs(WORKS)
                .takes::<NewCourtReferral>()
                .gives(201, desk::<Referral>),
            refer,
        )
        .add(
            get(ROOM, "/court-cases/{number}", "get_court_case", "Read a court case with its claim and its diary")
                .gives(200, desk::<CaseShown>),
            one,
        )
        .add(
            post(ROOM, "/court-cases/{number}/decision", "decide_referral", "Decide on somebody else's referral")
                .needs(REFERS)
                .takes::<ReferralDecision>()
                .gives(200, desk::<Referral>),
            decide,
        )
        .add(
            get(
                ROOM,
                "/court-cases/{number}/bundle",
                "get_court_bundle",
                "The evidence of a case as one PDF with an index",
            )
            .gives_file(&["application/pdf"]),
            bundle,
        )
        .add(
            get(ROOM, "/court-diary", "list_court_diary", "Deadlines of cases and estates, first due first")
                .asks("days", Holds::Whole(0, 3_660), "In the next days; 60 when not said")
                .listed(desk_list::<DiaryLine>),
            diary,
        )
        .add(
            get(ROOM, "/court-files", "list_court_files", "The newest files for the court")
                .listed(desk_list::<FileRow>),
            files,
        )
        .add(
            post(ROOM, "/court-files", "export_claims", "Write the file of signed claims for the court")
                .needs(REFERS)
                .takes::<CasesToFile>()
                .gives(201, desk::<Exported>),
            export,
        )
        .add(
            get(ROOM, "/court-files/{number}", "get_court_file", "A file for the court")
                .needs(REFERS)
                .gives_file(&["application/xml"]),
            one_file,
        )
}

fn to_issue(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/court-cases/{number}/reply", "record_reply", "Record a reply form: the clock starts again")
                .needs(WORKS)
                .takes::<NewReplyForm>()
                .gives(200, desk::<StepDone>),
            reply,
        )
        .add(
            post(ROOM, "/court-cases/{number}/steps", "record_case_step", "Record a step before the claim")
                .needs(EITHER)
                .takes::<NewCaseStep>()
                .gives(200, desk::<StepDone>),
            step,
        )
        .add(
            post(
                ROOM,
                "/court-cases/{number}/claim",
                "prepare_claim",
                "Prepare the claim: interest, value, fee, what it lacks",
            )
            .needs(WORKS)
            .takes::<NewClaim>()
            .replaces()
            .gives(200, desk::<Prepared>),
            prepare,
        )
        .add(
            post(ROOM, "/court-cases/{number}/signature", "sign_claim", "Sign the statement of truth")
                .needs(REFERS)
                .takes::<NewSignature>()
                .gives(200, desk::<Signed>),
            sign,
        )
}

fn after_issue(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/court-cases/{number}/issue", "record_issue", "Record that the court issued the claim")
                .needs(EITHER)
                .takes::<NewIssue>()
                .gives(200, desk::<Issued>),
            issue,
        )
        .add(
            post(ROOM, "/court-cases/{number}/responses", "record_response", "Record what the defendant answered")
                .needs(WORKS)
                .takes::<NewClaimResponse>()
                .gives(200, desk::<ResponseTaken>),
            response,
        )
        .add(
            post(ROOM, "/court-cases/{number}/judgment-request", "request_judgment", "Ask for judgment by default")
                .needs(REFERS)
                .gives(200, desk::<CaseEnded>),
            request,
        )
        .add(
            post(
                ROOM,
                "/court-cases/{number}/judgment",
                "enter_judgment",
                "Record a judgment and what it adds to the debt",
            )
            .needs(REFERS)
            .takes::<NewJudgment>()
            .gives(200, desk::<JudgmentEntered>),
            judgment,
        )
        .add(
            get(
                ROOM,
                "/court-cases/{number}/enforcement",
                "list_enforcement",
                "Every way to enforce, and why it is open or not",
            )
            .asks(
                "work",
                Holds::OneOf(&["employed", "self_employed", "unemployed", "armed_forces", "not_known"]),
                "How they earn",
            )
            .listed(desk_list::<Choice>),
            ways,
        )
        .add(
            post(ROOM, "/court-cases/{number}/enforcement", "enforce_judgment", "Take a step of enforcement")
                .needs(REFERS)
                .takes::<NewEnforcement>()
                .gives(200, desk::<Enforced>),
            enforce_it,
        )
        .add(
            post(ROOM, "/court-cases/{number}/costs", "add_court_cost", "Add a cost of the case")
                .needs(REFERS)
                .takes::<NewCourtCost>()
                .gives(200, desk::<CostAdded>),
            cost,
        )
        .add(
            post(
                ROOM,
                "/court-cases/{number}/solicitor",
                "hand_to_solicitor",
                "Give a case to solicitors, or take it back",
            )
            .needs(REFERS)
            .takes::<NewSolicitor>()
            .gives(200, desk::<CaseEnded>),
            solicitor,
        )
        .add(
            post(ROOM, "/court-cases/{number}/end", "end_court_case", "End a case without satisfaction")
                .needs(REFERS)
                .takes::<CaseWords>()
                .gives(200, desk::<CaseEnded>),
            end,
        )
        .add(
            post(ROOM, "/court-cases/{number}/told", "tell_court", "Record that the court was told of the payment")
                .needs(EITHER)
                .gives(200, desk::<CaseEnded>),
            told,
        )
        .add(
            post(ROOM, "/court-day", "tend_court", "Look at every running case: what was paid is satisfied")
                .needs(&[Duty::WorkCases, Duty::ReleaseRuns, Duty::ReferToCourt])
                .gives(200, desk::<CourtTended>),
            tend,
        )
}

fn limits(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/limitation", "list_limitation", "Open debts whose time for a claim is short or over")
                .listed(desk_list::<DebtLimit>),
            soon,
        )
        .add(
            get(
                ROOM,
                "/invoices/{number}/limitation",
                "get_limitation",
                "Until when an invoice can be taken to court, and why",
            )
            .gives(200, desk::<DebtLimit>),
            limit,
        )
        .add(
            post(ROOM, "/invoices/{number}/limitation", "record_limit", "Record what may start limitation again")
                .needs(WORKS)
                .takes::<NewLimitEvent>()
                .gives(200, desk::<DebtLimit>),
            record,
        )
}

fn others(table: Table) -> Table {
    let flags: &[Duty] = &[Duty::SetFlags];
    table
        .add(
            get(ROOM, "/insolvencies", "list_insolvencies", "The newest insolvencies")
                .listed(desk_list::<InsolvencyRow>),
            insolvencies,
        )
        .add(
            post(ROOM, "/insolvencies", "open_insolvency", "Record an insolvency")
                .needs(flags)
                .takes::<NewInsolvency>()
                .gives(201, desk::<InsolvencyOpened>),
            open_ins,
        )
        .add(
            get(ROOM, "/insolvencies/{number}", "get_insolvency", "Read an insolvency and its dividends")
                .gives(200, desk::<InsolvencyShown>),
            one_ins,
        )
        .add(
            post(ROOM, "/insolvencies/{number}/proof", "lodge_proof", "Lodge a proof of debt")
                .needs(WORKS)
                .takes::<NewProofOfDebt>()
                .gives(200, desk::<ProofLodged>),
            prove,
        )
        .add(
            post(ROOM, "/insolvencies/{number}/dividends", "declare_dividend", "Record a dividend")
                .needs(WORKS)
                .takes::<NewDividend>()
                .gives(200, desk::<DividendDeclared>),
            declare,
        )
        .add(
            post(ROOM, "/insolvencies/{number}/receipts", "receive_dividend", "Tie a receipt to a dividend")
                .needs(&[Duty::WorkCases, Duty::PostCash])
                .takes::<DividendReceipt>()
                .gives(200, desk::<DividendDeclared>),
            receive,
        )
        .add(
            post(ROOM, "/insolvencies/{number}/end", "end_insolvency", "End an insolvency")
                .needs(flags)
                .takes::<InsolvencyEnd>()
                .gives(200, desk::<InsolvencyOpened>),
            end_ins,
        )
        .add(get(ROOM, "/estates", "list_estates", "The newest estates").listed(desk_list::<EstateRow>), estates)
        .add(
            post(ROOM, "/estates", "open_estate", "Record a death and open the estate")
                .needs(flags)
                .takes::<NewEstate>()
                .gives(201, desk::<EstateStands>),
            open_est,
        )
        .add(
            get(ROOM, "/estates/{number}", "get_estate", "Read an estate and its diary")
                .gives(200, desk::<EstateShown>),
            one_est,
        )
        .add(
            post(ROOM, "/estates/{number}/acts", "act_on_estate", "Do something about an estate")
                .needs(WORKS)
                .takes::<EstateAct>()
                .gives(200, desk::<EstateStands>),
            act_est,
        )
        .add(
            get(ROOM, "/charges", "list_charges", "The register of charges on property")
                .asks("customer", Holds::Text, "Only those of this customer")
                .listed(desk_list::<ChargeRow>),
            charges,
        )
        .add(
            post(ROOM, "/charges", "add_charge", "Record a charge, or what is known of it now")
                .needs(EITHER)
                .takes::<NewCharge>()
                .gives(200, desk::<ChargeSet>),
            charge,
        )
        .add(
            post(ROOM, "/charges/{number}/release", "release_charge", "Release a charge")
                .needs(REFERS)
                .takes::<ChargeReleaseWords>()
                .gives(200, desk::<ChargeSet>),
            release,
        )
}

/// A referral.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCourtReferral {
    /// Customer number.
    pub customer: String,
    /// Numbers of the debts; all that are open when none is named.
    #[serde(default)]
    pub debts: Vec<String>,
    /// Why court.
    pub why: String,
    /// What is known of their income.
    #[serde(default)]
    pub means: String,
    /// What is known of what they own.
    #[serde(default)]
    pub assets: String,
}

/// A decision on a referral.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralDecision {
    /// Yes, or it goes back.
    pub accept: bool,
    /// Why; needed for a no.
    #[serde(default)]
    pub words: String,
}

/// Cases for a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CasesToFile {
    /// Numbers of signed cases.
    pub cases: Vec<String>,
}

/// A reply form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReplyForm {
    /// When it came.
    pub on: NaiveDate,
    /// admits, time_to_pay, advice, documents, disputes, partly or other.
    pub kind: String,
    /// Documents are asked for.
    #[serde(default)]
    pub documents: bool,
    /// An offer to pay is made.
    #[serde(default)]
    pub offer: bool,
    /// What it says.
    #[serde(default)]
    pub words: String,
}

/// A step before the claim.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCaseStep {
    /// documents_sent, write_notice (today), notice_given, offer_answered, reply_cleared or hurry; while the claim runs
    /// stay_lifted, forces_overseas or forces_home.
    pub step: String,
    /// When.
    pub on: NaiveDate,
    /// What was done.
    #[serde(default)]
    pub words: String,
}

/// Who is sued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDefendant {
    /// Full name.
    pub name: String,
    /// Two to four lines of up to 30 characters.
    pub lines: Vec<String>,
    /// Postcode.
    pub postcode: String,
    /// A border address that a person confirmed to lie in England.
    #[serde(default)]
    pub confirmed_in_england: bool,
    /// Under eighteen.
    #[serde(default)]
    pub child: bool,
    /// A protected party.
    #[serde(default)]
    pub protected: bool,
}

/// A claim.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClaim {
    /// The day of issue.
    pub issue_on: NaiveDate,
    /// individual, trading_as, company or llp.
    pub status: String,
    /// Company number.
    #[serde(default)]
    pub company_number: String,
    /// Who is sued.
    pub defendants: Vec<NewDefendant>,
    /// The contract or the statute.
    pub basis: String,
    /// The particulars; written from the debts when none are given.
    #[serde(default)]
    pub particulars: String,
    /// They go by another way.
    #[serde(default)]
    pub separately: bool,
    /// A legal representative acts for us.
    #[serde(default)]
    pub represented: bool,
}

/// A signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSignature {
    /// "I believe that the facts stated in this claim are true."
    pub i_believe: bool,
    /// The version of the case as it was read; a claim that was prepared anew since is not signed.
    #[serde(default)]
    pub version: Option<i64>,
}

/// An issue.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIssue {
    /// The court's number.
    pub claim_number: String,
    /// When.
    pub issued_on: NaiveDate,
    /// The fee the court took.
    pub fee_pence: i64,
    /// online or posted.
    pub served: String,
}

/// An answer of the defendant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClaimResponse {
    /// acknowledgment, admission, part_admission, defence, counterclaim or states_paid.
    pub kind: String,
    /// When it was filed.
    pub on: NaiveDate,
    /// What it says.
    #[serde(default)]
    pub words: String,
}

/// A judgment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJudgment {
    /// When.
    pub on: NaiveDate,
    /// default, admission, determination or hearing.
    pub kind: String,
    /// Interest that the court gave; what was claimed when not said.
    #[serde(default)]
    pub interest_pence: Option<i64>,
    /// Instalments: how much.
    #[serde(default)]
    pub instalment_pence: Option<i64>,
    /// weekly, fortnightly or monthly.
    #[serde(default)]
    pub every: String,
    /// The first one.
    #[serde(default)]
    pub first_on: Option<NaiveDate>,
}

/// A step of enforcement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnforcement {
    /// warrant, writ, attachment_of_earnings, charging_order, order_for_sale, third_party_debt, information or petition.
    pub method: String,
    /// How much; the whole when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// It is for one instalment.
    #[serde(default)]
    pub one_instalment: bool,
    /// The instalments the court ordered are kept.
    #[serde(default)]
    pub instalments_kept: bool,
    /// Regulated consumer credit.
    #[serde(default)]
    pub consumer_credit: bool,
    /// employed, self_employed, unemployed, armed_forces or not_known.
    #[serde(default)]
    pub work: String,
    /// The account is held with somebody who does not owe it.
    #[serde(default)]
    pub joint_account: bool,
    /// The court gave permission.
    #[serde(default)]
    pub permission: bool,
    /// Why it is in proportion.
    pub proportion: String,
    /// What was found when their circumstances were looked at.
    pub circumstances: String,
}

/// A cost of a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCourtCost {
    /// How much.
    pub amount_pence: i64,
    /// The court allowed it against the customer.
    pub charged: bool,
    /// What for.
    pub words: String,
}

/// Solicitors.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSolicitor {
    /// The firm; empty takes the case back.
    pub firm: String,
    /// Its reference.
    #[serde(default)]
    pub reference: String,
}

/// Why a case ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseWords {
    /// Why.
    pub words: String,
}

/// What may start limitation again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLimitEvent {
    /// signed_letter, unsigned, part_payment, payment_for_other, payment_by_stranger or our_entry.
    pub kind: String,
    /// When.
    pub on: NaiveDate,
    /// What would be shown to the court.
    pub evidence: String,
}

/// An insolvency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInsolvency {
    /// Customer number.
    pub customer: String,
    /// debt_relief_order, voluntary_arrangement, bankruptcy and so on.
    pub kind: String,
    /// The order, approval, resolution or award.
    pub on: NaiveDate,
    /// Trustee, supervisor, liquidator.
    #[serde(default)]
    pub office_holder: String,
    /// Their reference.
    #[serde(default)]
    pub reference: String,
    /// How we know.
    pub evidence: String,
}

/// A proof of debt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProofOfDebt {
    /// Interest to the date.
    #[serde(default)]
    pub interest_pence: Option<i64>,
}

/// A dividend.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDividend {
    /// When.
    pub on: NaiveDate,
    /// Pence in a hundred pounds: not an amount of money.
    pub rate_in_100: i64,
    /// What was admitted, where it differs from the proof.
    #[serde(default)]
    pub admitted_pence: Option<i64>,
    /// The last one.
    #[serde(default)]
    pub last: bool,
}

/// The receipt of a dividend.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DividendReceipt {
    /// Which dividend.
    pub seq: i64,
    /// Number of the receipt.
    pub receipt: String,
}

/// The end of an insolvency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InsolvencyEnd {
    /// When.
    pub on: NaiveDate,
    /// The order was revoked or annulled.
    #[serde(default)]
    pub revoked: bool,
}

/// A death.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEstate {
    /// Customer number.
    pub customer: String,
    /// When they died.
    pub died_on: NaiveDate,
    /// When we heard.
    #[serde(default)]
    pub told_on: Option<NaiveDate>,
    /// From whom.
    pub source: String,
    /// Executors or administrators.
    #[serde(default)]
    pub representatives: String,
    /// Where they are written to.
    #[serde(default)]
    pub address: String,
}

/// Something done about an estate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EstateAct {
    /// representatives, searched, claim, settle or no_estate.
    pub act: String,
    /// Executors or administrators.
    #[serde(default)]
    pub representatives: String,
    /// Where they are written to.
    #[serde(default)]
    pub address: String,
    /// Who acts for them.
    #[serde(default)]
    pub solicitor: String,
    /// When probate was granted.
    #[serde(default)]
    pub grant_on: Option<NaiveDate>,
    /// The last day of a notice to creditors.
    #[serde(default)]
    pub notice_by: Option<NaiveDate>,
    /// For how much it was settled.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// What is known.
    #[serde(default)]
    pub words: String,
}

/// A charge on a property.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCharge {
    /// Number of a charge that is known already.
    #[serde(default)]
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// The court case it comes from.
    #[serde(default)]
    pub case: String,
    /// interim_charging_order, final_charging_order, voluntary or deferred_payment.
    pub kind: String,
    /// The property.
    pub property: String,
    /// Its title number.
    pub title_number: String,
    /// Since when.
    pub charged_on: NaiveDate,
    /// When it was registered.
    #[serde(default)]
    pub registered_on: Option<NaiveDate>,
    /// What it secures.
    pub secured_pence: i64,
    /// What the property is worth.
    #[serde(default)]
    pub value_pence: Option<i64>,
    /// When it was valued.
    #[serde(default)]
    pub valued_on: Option<NaiveDate>,
    /// Charges before ours.
    #[serde(default)]
    pub prior_pence: Option<i64>,
}

/// Why a charge is released.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeReleaseWords {
    /// Why, and who allows it.
    pub words: String,
    /// Though something is still owed.
    #[serde(default)]
    pub still_owed: bool,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let limit = asked.limit();
    let rows = cases_list(&doors.desk, &by.0, &asked.text("state"), asked.whole("after"), limit).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == limit).map(|last| last.id.to_string());
    List { title: "Court cases", rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn refer(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewCourtReferral>) -> Answer {
    let NewCourtReferral { customer, debts, why, means, assets } = sent;
    let ask = ReferToCourt { key, customer, debts, why, means, assets };
    let done = refer_to_court(&doors.desk, &by.0, ask).await?;
    made(&format!("court-cases/{}", done.number), &done)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&court::case(&doors.desk, &by.0, &number).await?)
}

async fn decide(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<ReferralDecision>,
) -> Answer {
    let ask = DecideReferral { key, case, accept: sent.accept, words: sent.words };
    ok(&decide_referral(&doors.desk, &by.0, ask).await?)
}

async fn bundle(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (name, bytes) = case_bundle(&doors.desk, &by.0, &number).await?;
    file(&name, "application/pdf", bytes)
}

async fn diary(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = court_diary(&doors.desk, &by.0, asked.whole("days").unwrap_or(60)).await?;
    List::whole("Court diary", rows).send(&asked, &by, doors.desk.today())
}

async fn files(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Court files", court_files(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn export(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<CasesToFile>) -> Answer {
    let done = export_claims(&doors.desk, &by.0, ExportClaims { key, cases: sent.cases }).await?;
    made(&format!("court-files/{}", done.file), &done)
}

async fn one_file(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (name, bytes) = court_file(&doors.desk, &by.0, &number).await?;
    file(&name, "application/xml", bytes)
}

async fn reply(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewReplyForm>,
) -> Answer {
    let NewReplyForm { on, kind, documents, offer, words } = sent;
    ok(&record_reply(&doors.desk, &by.0, RecordReply { key, case, on, kind, documents, offer, words }).await?)
}

async fn step(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewCaseStep>,
) -> Answer {
    let ask = CaseStep { key, case, step: sent.step, on: sent.on, words: sent.words };
    ok(&record_step(&doors.desk, &by.0, ask).await?)
}

async fn prepare(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewClaim>,
) -> Answer {
    let defendant = |one: NewDefendant| Defendant {
        name: one.name,
        lines: one.lines,
        postcode: one.postcode,
        confirmed_in_england: one.confirmed_in_england,
        child: one.child,
        protected: one.protected,
    };
    let ask = PrepareClaim {
        key,
        case,
        issue_on: Some(sent.issue_on),
        status: sent.status,
        company_number: sent.company_number,
        defendants: sent.defendants.into_iter().map(defendant).collect(),
        basis: sent.basis,
        particulars: sent.particulars,
        separately: sent.separately,
        represented: sent.represented,
    };
    ok(&prepare_claim(&doors.desk, &by.0, ask).await?)
}

async fn sign(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewSignature>,
) -> Answer {
    let ask = SignClaim { key, case, i_believe: sent.i_believe, version: sent.version };
    ok(&sign_claim(&doors.desk, &by.0, ask).await?)
}

async fn issue(State(doors): State<Shared>, by: By, At(case): At, Key(key): Key, Sent(sent): Sent<NewIssue>) -> Answer {
    let ask = RecordIssue {
        key,
        case,
        claim_number: sent.claim_number,
        issued_on: sent.issued_on,
        fee: Pence(sent.fee_pence),
        served: sent.served,
    };
    ok(&record_issue(&doors.desk, &by.0, ask).await?)
}

async fn response(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewClaimResponse>,
) -> Answer {
    let ask = RecordResponse { key, case, kind: sent.kind, on: sent.on, words: sent.words };
    ok(&record_response(&doors.desk, &by.0, ask).await?)
}

async fn request(State(doors): State<Shared>, by: By, At(case): At, Key(key): Key) -> Answer {
    ok(&request_judgment(&doors.desk, &by.0, RequestJudgment { key, case }).await?)
}

async fn judgment(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewJudgment>,
) -> Answer {
    let ask = EnterJudgment {
        key,
        case,
        on: sent.on,
        kind: sent.kind,
        interest: sent.interest_pence.map(Pence),
        instalment: sent.instalment_pence.map(Pence),
        every: sent.every,
        first_on: sent.first_on,
    };
    ok(&enter_judgment(&doors.desk, &by.0, ask).await?)
}

async fn ways(State(doors): State<Shared>, by: By, At(case): At, asked: Asked) -> Answer {
    let rows = choices(&doors.desk, &by.0, &case, &asked.text("work")).await?;
    List::whole("Enforcement", rows).send(&asked, &by, doors.desk.today())
}

async fn enforce_it(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewEnforcement>,
) -> Answer {
    let ask = Enforce {
        key,
        case,
        method: sent.method,
        amount: sent.amount_pence.map(Pence),
        one_instalment: sent.one_instalment,
        instalments_kept: sent.instalments_kept,
        consumer_credit: sent.consumer_credit,
        work: sent.work,
        joint_account: sent.joint_account,
        permission: sent.permission,
        proportion: sent.proportion,
        circumstances: sent.circumstances,
    };
    ok(&enforce(&doors.desk, &by.0, ask).await?)
}

async fn cost(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewCourtCost>,
) -> Answer {
    let ask = AddCost { key, case, amount: Pence(sent.amount_pence), charged: sent.charged, words: sent.words };
    ok(&add_cost(&doors.desk, &by.0, ask).await?)
}

async fn solicitor(
    State(doors): State<Shared>,
    by: By,
    At(case): At,
    Key(key): Key,
    Sent(sent): Sent<NewSolicitor>,
) -> Answer {
    let ask = HandToSolicitor { key, case, firm: sent.firm, reference: sent.reference };
    ok(&hand_to_solicitor(&doors.desk, &by.0, ask).await?)
}

async fn end(State(doors): State<Shared>, by: By, At(case): At, Key(key): Key, Sent(sent): Sent<CaseWords>) -> Answer {
    ok(&end_case(&doors.desk, &by.0, EndCase { key, case, words: sent.words }).await?)
}

async fn told(State(doors): State<Shared>, by: By, At(case): At, Key(key): Key) -> Answer {
    ok(&tell_court(&doors.desk, &by.0, TellCourt { key, case }).await?)
}

async fn tend(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    ok(&tend_court(&doors.desk, &by.0, TendCourt { key }).await?)
}

async fn soon(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Limitation", limitation_soon(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn limit(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&limitation_of(&doors.desk, &by.0, &number).await?)
}

async fn record(
    State(doors): State<Shared>,
    by: By,
    At(invoice): At,
    Key(key): Key,
    Sent(sent): Sent<NewLimitEvent>,
) -> Answer {
    let ask = RecordLimit { key, invoice, kind: sent.kind, on: sent.on, evidence: sent.evidence };
    ok(&record_limit(&doors.desk, &by.0, ask).await?)
}

async fn insolvencies(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Insolvencies", insolvencies_list(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn open_ins(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewInsolvency>) -> Answer {
    let NewInsolvency { customer, kind, on, office_holder, reference, evidence } = sent;
    let ask = OpenInsolvency { key, customer, kind, on, office_holder, reference, evidence };
    let done = open_insolvency(&doors.desk, &by.0, ask).await?;
    made(&format!("insolvencies/{}", done.number), &done)
}

async fn one_ins(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&insolvency(&doors.desk, &by.0, &number).await?)
}

async fn prove(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NewProofOfDebt>,
) -> Answer {
    let ask = LodgeProof { key, number, interest: sent.interest_pence.map(Pence) };
    ok(&lodge_proof(&doors.desk, &by.0, ask).await?)
}

async fn declare(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NewDividend>,
) -> Answer {
    let ask = DeclareDividend {
        key,
        number,
        on: sent.on,
        pence_in_100: sent.rate_in_100,
        admitted: sent.admitted_pence.map(Pence),
        last: sent.last,
    };
    ok(&declare_dividend(&doors.desk, &by.0, ask).await?)
}

async fn receive(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<DividendReceipt>,
) -> Answer {
    let ask = ReceiveDividend { key, number, seq: sent.seq, receipt: sent.receipt };
    ok(&receive_dividend(&doors.desk, &by.0, ask).await?)
}

async fn end_ins(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<InsolvencyEnd>,
) -> Answer {
    let ask = EndInsolvency { key, number, on: sent.on, revoked: sent.revoked };
    ok(&end_insolvency(&doors.desk, &by.0, ask).await?)
}

async fn estates(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Estates", estates_list(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn open_est(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewEstate>) -> Answer {
    let NewEstate { customer, died_on, told_on, source, representatives, address } = sent;
    let ask = OpenEstate { key, customer, died_on, told_on, source, representatives, address };
    let done = open_estate(&doors.desk, &by.0, ask).await?;
    made(&format!("estates/{}", done.number), &done)
}

async fn one_est(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&estate(&doors.desk, &by.0, &number).await?)
}

async fn act_est(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<EstateAct>,
) -> Answer {
    let ask = ActOnEstate {
        key,
        number,
        act: sent.act,
        representatives: sent.representatives,
        address: sent.address,
        solicitor: sent.solicitor,
        grant_on: sent.grant_on,
        notice_by: sent.notice_by,
        amount: sent.amount_pence.map(Pence),
        words: sent.words,
    };
    ok(&act_on_estate(&doors.desk, &by.0, ask).await?)
}

async fn charges(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = charges_list(&doors.desk, &by.0, &asked.text("customer")).await?;
    List::whole("Charges", rows).send(&asked, &by, doors.desk.today())
}

async fn charge(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewCharge>) -> Answer {
    let ask = AddCharge {
        key,
        number: sent.number,
        customer: sent.customer,
        case: sent.case,
        kind: sent.kind,
        property: sent.property,
        title_number: sent.title_number,
        charged_on: Some(sent.charged_on),
        registered_on: sent.registered_on,
        secured: Pence(sent.secured_pence),
        value: sent.value_pence.map(Pence),
        valued_on: sent.valued_on,
        prior: sent.prior_pence.map(Pence),
    };
    ok(&add_charge(&doors.desk, &by.0, ask).await?)
}

async fn release(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<ChargeReleaseWords>,
) -> Answer {
    let ask = ReleaseCharge { key, number, words: sent.words, still_owed: sent.still_owed };
    ok(&release_charge(&doors.desk, &by.0, ask).await?)
}
