//! What a request to the court says. Amounts are pence.

use chrono::NaiveDate;

/// A bulk of requests: it is accepted or refused by its own reference, which is never used twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtBatch {
    /// Our number at the court: eight digits.
    pub customer_id: String,
    /// Our reference of the bulk.
    pub reference: String,
    /// What is asked.
    pub requests: Vec<CourtRequest>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtRequest {
    /// Unique within the bulk, and not used before.
    pub id: String,
    /// What is asked.
    pub request: Request,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Issue a claim.
    Claim(Box<Claim>),
    /// Enter a judgment.
    Judgment(Box<Judgment>),
    /// Issue a warrant.
    Warrant(Box<Warrant>),
    /// Both at once.
    JudgmentWarrant(Box<Judgment>, Box<Warrant>),
    /// Paid, withdrawn, discontinued.
    StatusUpdate(StatusUpdate),
    /// Breathing space began or ended.
    BreathingSpace(BreathingSpaceNotice),
}

impl Request {
    /// The name the court gives it.
    pub fn kind(&self) -> &'static str {
        match self {
            Request::Claim(_) => "mcolClaim",
            Request::Judgment(_) => "mcolJudgment",
            Request::Warrant(_) => "mcolWarrant",
            Request::JudgmentWarrant(..) => "mcolJudgmentWarrant",
            Request::StatusUpdate(_) => "mcolClaimStatusUpdate",
            Request::BreathingSpace(_) => "mcolBreathingSpace",
        }
    }
}

/// An address in the United Kingdom: two to four lines of 30, and its postcode.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Lines without the postcode.
    pub lines: Vec<String>,
    /// `NE61 1AA`.
    pub postcode: String,
}

/// Who is sued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defendant {
    /// Up to 60.
    pub name: String,
    /// Where it is served.
    pub address: Address,
}

/// Interest to the day of the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimInterest {
    /// A day's, in whole pence.
    pub daily: i64,
    /// Owed from.
    pub owed_on: NaiveDate,
    /// The day of the claim.
    pub claim_on: NaiveDate,
    /// What it is worked out on.
    pub base: i64,
}

/// A claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Our reference, up to 24.
    pub reference: Option<String>,
    /// One or two.
    pub defendants: Vec<Defendant>,
    /// The particulars follow on paper.
    pub particulars_separately: bool,
    /// Interest may be claimed later.
    pub reserve_interest: bool,
    /// Interest that is claimed.
    pub interest: Option<ClaimInterest>,
    /// The claim with its interest.
    pub amount: i64,
    /// Costs of a solicitor.
    pub solicitor_cost: Option<i64>,
    /// Lines of up to 45.
    pub particulars: Vec<String>,
    /// Who signs the statement of truth: a person.
    pub signed_by: String,
}

/// Why a judgment is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgmentKind {
    /// The defendant admits.
    Admission,
    /// The defendant did not answer.
    Default,
}

/// How the defendant is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentSchedule {
    /// At once.
    Immediate,
    /// All of it by a day.
    InFullBy(NaiveDate),
    /// So much each `W`eek, `F`ortnight or `M`onth.
    Instalments(i64, char),
}

/// A judgment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgment {
    /// Eight characters.
    pub claim_number: String,
    /// Against both.
    pub joint: bool,
    /// Why.
    pub kind: JudgmentKind,
    /// 1 or 2.
    pub defendant: Option<u8>,
    /// How it is paid.
    pub schedule: PaymentSchedule,
    /// Interest since the claim.
    pub interest: Option<i64>,
    /// Costs of a solicitor.
    pub solicitor_cost: Option<i64>,
    /// Paid since.
    pub deducted: Option<i64>,
    /// What was admitted.
    pub admitted: Option<i64>,
    /// The fee of the claim.
    pub court_fee: Option<i64>,
    /// Who signs.
    pub signed_by: String,
}

/// A warrant of control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warrant {
    /// Eight characters.
    pub claim_number: String,
    /// 1 or 2.
    pub defendant: u8,
    /// A new address.
    pub address: Option<Address>,
    /// What is left of the judgment.
    pub balance: i64,
    /// What the warrant is for.
    pub amount: i64,
    /// Costs of a solicitor.
    pub solicitor_cost: Option<i64>,
    /// For the bailiff, up to 120.
    pub notes: Option<String>,
    /// Who signs.
    pub signed_by: String,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusUpdateKind {
    /// Paid.
    Paid,
    /// Withdrawn.
    Withdrawn,
    /// Discontinued.
    Discontinued,
}

impl StatusUpdateKind {
    /// As the court writes it.
    pub fn code(self) -> &'static str {
        match self {
            StatusUpdateKind::Paid => "MP",
            StatusUpdateKind::Withdrawn => "WD",
            StatusUpdateKind::Discontinued => "DI",
        }
    }
}

/// Tells the court what became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusUpdate {
    /// Eight characters.
    pub claim_number: String,
    /// 1 or 2; both where none is named.
    pub defendant: Option<u8>,
    /// What.
    pub kind: StatusUpdateKind,
    /// When it was paid in full.
    pub paid_on: Option<NaiveDate>,
}

/// What a breathing-space notice to the court says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreathingSpaceKind {
    /// It began.
    Began,
    /// It ended.
    Ended,
    /// A mental health crisis moratorium began.
    CrisisBegan,
    /// It ended.
    CrisisEnded,
}

impl BreathingSpaceKind {
    /// As the court writes it.
    pub fn code(self) -> &'static str {
        match self {
            BreathingSpaceKind::Began => "BS",
            BreathingSpaceKind::Ended => "BC",
            BreathingSpaceKind::CrisisBegan => "MH",
            BreathingSpaceKind::CrisisEnded => "MC",
        }
    }
}

/// Tells the court of breathing space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreathingSpaceNotice {
    /// Eight characters.
    pub claim_number: String,
    /// 1 or 2.
    pub defendant: u8,
    /// What.
    pub kind: BreathingSpaceKind,
}
