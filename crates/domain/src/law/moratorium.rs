//! Breathing space: which debts, from when to when, what is frozen, and what goes on (BS-01 to BS-04).
use super::late_payment::Frozen;
use super::refusals;
use crate::calendar::add_days;
use crate::customers::{Flag, FlagKind};
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days of a standard moratorium, the first counted.
const STANDARD_DAYS: i64 = 60;
/// Days after crisis treatment ended, that day counted.
const AFTER_TREATMENT_DAYS: i64 = 30;
/// Days in which we may ask for a review.
const REVIEW_DAYS: i64 = 20;
/// Policy: days after the end in which nothing is sent.
pub const COOLING_DAYS: i64 = 7;

named! {
    /// Which of the two.
    MoratoriumKind {
        /// After debt advice: 60 days.
        Standard = "standard", "Breathing space";
        /// While crisis treatment lasts, and 30 days.
        MentalHealthCrisis = "mental_health_crisis", "Mental health crisis breathing space";
    }
}

impl MoratoriumKind {
    /// What people without the right to see health data read.
    pub fn public_name(self) -> &'static str {
        MoratoriumKind::Standard.name()
    }
}

/// A moratorium as its notices tell of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moratorium {
    /// Which.
    pub kind: MoratoriumKind,
    /// From the notice: never worked out.
    pub starts_on: NaiveDate,
    /// From an end notice: it always wins.
    pub notified_end_on: Option<NaiveDate>,
    /// When crisis treatment ended, as the adviser confirmed.
    pub treatment_ended_on: Option<NaiveDate>,
}

/// The days of the adviser's review in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MidReview {
    /// Day 25.
    pub first_on: NaiveDate,
    /// Day 35.
    pub last_on: NaiveDate,
}

impl Moratorium {
    /// Its last day; none while crisis treatment goes on.
    pub fn last_day(&self) -> Option<NaiveDate> {
        let worked_out = match self.kind {
            MoratoriumKind::Standard => Some(add_days(self.starts_on, STANDARD_DAYS - 1)),
            MoratoriumKind::MentalHealthCrisis => {
                self.treatment_ended_on.map(|ended| add_days(ended, AFTER_TREATMENT_DAYS - 1))
            }
        };
        self.notified_end_on.or(worked_out)
    }

    /// Whether it holds on a day, first and last included.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.last_day().is_none_or(|last| day <= last)
    }

    /// The first day on which recovery may go on, before the cooling days of policy.
    pub fn resumes_on(&self) -> Option<NaiveDate> {
        self.last_day().map(|last| add_days(last, 1))
    }

    /// Days 25 to 35, for a standard one.
    pub fn mid_review(&self) -> Option<MidReview> {
        (self.kind == MoratoriumKind::Standard)
            .then(|| MidReview { first_on: add_days(self.starts_on, 24), last_on: add_days(self.starts_on, 34) })
    }

    /// The last day on which we may ask for a review: within 20 days of the start, or of the debt being added.
    pub fn review_by(&self, added_on: Option<NaiveDate>) -> NaiveDate {
        let first = added_on.map_or(self.starts_on, |added| added.max(self.starts_on));
        add_days(first, REVIEW_DAYS - 1)
    }

    /// The days that bear no interest, then or later; `until` where the end is not known.
    pub fn frozen(&self, until: NaiveDate) -> Frozen {
        Frozen { first_on: self.starts_on, last_on: self.last_day().unwrap_or(until) }
    }
}

/// Whether another standard one may be entered: not within twelve months of the last.
pub fn repeat_from(last: &Moratorium) -> Option<NaiveDate> {
    let ends = last.last_day()?;
    (last.kind == MoratoriumKind::Standard).then(|| crate::calendar::add_months(ends, 12))
}

named! {
    /// Why a debt is not a moratorium debt (reg 5).
    NotQualifying {
        /// Secured, and not arrears at the start.
        Secured = "secured", "Secured and not in arrears";
        /// Of a business that is VAT registered or a partnership, and of nothing but the business.
        Business = "business", "Debt of a registered business only";
        /// From fraud.
        Fraud = "fraud", "Arising from fraud";
        /// A fine, a confiscation order, child maintenance.
        FineOrFamily = "fine_or_family", "Fine, confiscation, child maintenance or family order";
        /// Student loan, social fund loan, some advances of benefit.
        StudentOrSocialFund = "student_or_social_fund", "Student loan, social fund or advance of benefit";
        /// Damages for injury or death.
        Injury = "injury", "Damages for injury or death";
        /// It arose after the start: an ongoing liability.
        Ongoing = "ongoing", "Ongoing liability";
    }
}

/// What decides whether a moratorium covers a debt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualifyingFacts {
    /// When it was incurred.
    pub incurred_on: NaiveDate,
    /// Secured.
    pub secured: bool,
    /// Was in arrears at the start.
    pub in_arrears: bool,
    /// Only of a business.
    pub business_only: bool,
    /// The debtor is VAT registered or in a partnership.
    pub registered_business: bool,
    /// From fraud.
    pub fraud: bool,
    /// Of a kind the regulations leave out.
    pub left_out: Option<NotQualifying>,
}

/// Whether a debt is one of the moratorium: everything is, except what the regulations name.
pub fn qualifies(facts: &QualifyingFacts, moratorium: &Moratorium) -> Result<(), NotQualifying> {
    if let Some(why) = facts.left_out {
        return Err(why);
    }
    if facts.fraud {
        return Err(NotQualifying::Fraud);
    }
    if facts.secured && !facts.in_arrears {
        return Err(NotQualifying::Secured);
    }
    if facts.business_only && facts.registered_business {
        return Err(NotQualifying::Business);
    }
    if facts.incurred_on > moratorium.starts_on {
        return Err(NotQualifying::Ongoing);
    }
    Ok(())
}

/// Flags that bear on a debt: a moratorium leaves out what was billed after it began, and an insolvency what came after its
/// date, which is an expense or a new debt (BS-02, BS-05).
pub fn flags_that_bear(flags: &[Flag], dated_on: NaiveDate) -> Vec<Flag> {
    let bears = |flag: &&Flag| {
        !matches!(flag.kind, FlagKind::BreathingSpace | FlagKind::Insolvent) || dated_on <= flag.starts_on
    };
    flags.iter().filter(bears).cloned().collect()
}

named! {
    /// What is done with a frozen debt the same day.
    FreezeTask {
        /// Letters, calls, messages stop.
        StopContact = "stop_contact", "Stop letters, calls and messages";
        /// Interest and fees stop.
        StopInterest = "stop_interest", "Stop interest and fees";
        /// The agency, the solicitor, the enforcement agent hear of it.
        TellAgents = "tell_agents", "Tell agencies, solicitors and enforcement agents";
        /// The court hears of it.
        TellCourt = "tell_court", "Tell the court about the proceedings";
        /// Other debts are looked for, and the adviser told.
        SearchOtherDebts = "search_other_debts", "Look for other debts and tell the adviser";
        /// A Direct Debit for arrears is paused.
        PauseDirectDebit = "pause_direct_debit", "Pause the Direct Debit for the arrears";
        /// A plan is suspended.
        SuspendPlan = "suspend_plan", "Suspend the plan";
        /// Limitation and other time limits may be longer.
        AskLegal = "ask_legal", "Ask legal services about time limits";
    }
}

/// What is known of a debt when it freezes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenDebt {
    /// With an agency, solicitor or enforcement agent.
    pub placed: bool,
    /// Proceedings are on foot.
    pub at_court: bool,
    /// A Direct Debit collects its arrears.
    pub direct_debit: bool,
    /// A plan runs on it.
    pub in_plan: bool,
}

/// What is to be done the same day.
pub fn freeze_tasks(debt: &FrozenDebt) -> Vec<FreezeTask> {
    let mut tasks = vec![FreezeTask::StopContact, FreezeTask::StopInterest, FreezeTask::SearchOtherDebts];
    for (wanted, task) in [
        (debt.placed, FreezeTask::TellAgents),
        (debt.at_court, FreezeTask::TellCourt),
        (debt.direct_debit, FreezeTask::PauseDirectDebit),
        (debt.in_plan, FreezeTask::SuspendPlan),
        (debt.at_court, FreezeTask::AskLegal),
    ] {
        if wanted {
            tasks.push(task);
        }
    }
    tasks
}

named! {
    /// The only grounds on which a manager goes on in a moratorium.
    LeaveGround {
        /// Contact that regulation 11(2) allows.
        Reg11Two = "reg_11_2", "Regulation 11(2): contact that is allowed";
        /// A step in proceedings that regulation 10 lets go on.
        Reg10 = "reg_10", "Regulation 10: proceedings that may go on";
    }
}

/// Somebody's leave to take a step in a moratorium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoratoriumLeave {
    /// A manager gave it.
    pub by_manager: bool,
    /// The ground.
    pub ground: Option<LeaveGround>,
    /// In words.
    pub reason: String,
}

impl MoratoriumLeave {
    /// Refuses leave that is not a manager's, or that names no ground and no reason.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.by_manager && self.ground.is_some() && !self.reason.trim().is_empty() {
            return Ok(());
        }
        Err(refusals::OVERRIDE.because("Nobody who may has given leave with a ground of the regulations"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn standard() -> Moratorium {
        Moratorium {
            kind: MoratoriumKind::Standard,
            starts_on: d("2026-09-14"),
            notified_end_on: None,
            treatment_ended_on: None,
        }
    }

    #[test]
    fn bs_e1_the_days_of_a_standard_moratorium() {
        let case = standard();
        assert_eq!((case.last_day(), case.resumes_on()), (Some(d("2026-11-12")), Some(d("2026-11-13"))));
        assert_eq!(case.mid_review(), Some(MidReview { first_on: d("2026-10-08"), last_on: d("2026-10-18") }));
        assert_eq!(case.review_by(None), d("2026-10-03"));
        assert_eq!(case.review_by(Some(d("2026-09-20"))), d("2026-10-09"));
        let ended = Moratorium { notified_end_on: Some(d("2026-10-20")), ..case };
        assert_eq!(ended.last_day(), Some(d("2026-10-20")));
        assert_eq!(repeat_from(&standard()), Some(d("2027-11-12")));
    }

    #[test]
    fn bs_e2_the_days_after_crisis_treatment() {
        let open = Moratorium { kind: MoratoriumKind::MentalHealthCrisis, ..standard() };
        assert_eq!((open.last_day(), open.mid_review()), (None, None));
        assert!(open.holds_on(d("2029-01-01")));
        let ended = Moratorium { treatment_ended_on: Some(d("2026-10-20")), ..open };
        assert_eq!(ended.last_day(), Some(d("2026-11-18")));
        assert_eq!(ended.kind.public_name(), "Breathing space");
        assert_eq!(repeat_from(&ended), None);
    }

    #[test]
    fn bs_02_which_debts() {
        let debt = QualifyingFacts { incurred_on: d("2026-09-14"), ..QualifyingFacts::default() };
        let of = |facts: QualifyingFacts| qualifies(&facts, &standard());
        assert_eq!(of(debt), Ok(()));
        assert_eq!(of(QualifyingFacts { incurred_on: d("2026-09-15"), ..debt }), Err(NotQualifying::Ongoing));
        assert_eq!(of(QualifyingFacts { secured: true, ..debt }), Err(NotQualifying::Secured));
        assert_eq!(of(QualifyingFacts { secured: true, in_arrears: true, ..debt }), Ok(()));
        assert_eq!(of(QualifyingFacts { fraud: true, ..debt }), Err(NotQualifying::Fraud));
        assert_eq!(of(QualifyingFacts { business_only: true, ..debt }), Ok(()));
        let registered = QualifyingFacts { business_only: true, registered_business: true, ..debt };
        assert_eq!(of(registered), Err(NotQualifying::Business));
        let fine = QualifyingFacts { left_out: Some(NotQualifying::FineOrFamily), ..debt };
        assert_eq!(of(fine), Err(NotQualifying::FineOrFamily));
    }

    #[test]
    fn leg_07_what_is_done_the_same_day() {
        let plain = freeze_tasks(&FrozenDebt::default());
        assert_eq!(plain, [FreezeTask::StopContact, FreezeTask::StopInterest, FreezeTask::SearchOtherDebts]);
        let all = FrozenDebt { placed: true, at_court: true, direct_debit: true, in_plan: true };
        assert_eq!(freeze_tasks(&all).len(), FreezeTask::ALL.len());
    }

    #[test]
    fn bs_03_only_a_manager_goes_on_and_only_on_a_ground() {
        let leave = MoratoriumLeave { by_manager: true, ground: Some(LeaveGround::Reg11Two), reason: "Order".into() };
        assert_eq!(leave.check(), Ok(()));
        for wrong in [
            MoratoriumLeave { by_manager: false, ..leave.clone() },
            MoratoriumLeave { ground: None, ..leave.clone() },
            MoratoriumLeave { reason: " ".into(), ..leave },
        ] {
            assert_eq!(wrong.check().expect_err("refused").code, "BS-03-OVERRIDE");
        }
    }
}
