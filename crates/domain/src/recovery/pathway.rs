//! Pathways as versioned data, and the one decision made with them: which step is next (REC-04).
use super::applies::{Applies, DebtSeen, When};
use super::step_charges::StepCharges;
use crate::calendar::add_days;
use crate::law::{Act, CaseFacts, may};
use crate::money::Pence;
use crate::refusal::{Invalid, Refusal};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days between two letters about one item, at least.
pub const DAYS_BETWEEN_LETTERS: i64 = 7;
/// Days of grace after a dispute is resolved.
pub const DAYS_AFTER_DISPUTE: i64 = 14;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A reminder.
    Letter,
    /// A statement of all open items.
    Statement,
    /// The letter of claim, or letter before action.
    LetterOfClaim,
    /// Work for a person: a call, a visit, a question to the service.
    Task,
    /// A person decides: agency, court, plan or write-off.
    Decision,
}

impl StepKind {
    /// All kinds.
    pub const ALL: [StepKind; 5] =
        [StepKind::Letter, StepKind::Statement, StepKind::LetterOfClaim, StepKind::Task, StepKind::Decision];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            StepKind::Letter => "letter",
            StepKind::Statement => "statement",
            StepKind::LetterOfClaim => "letter_of_claim",
            StepKind::Task => "task",
            StepKind::Decision => "decision",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<StepKind> {
        StepKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            StepKind::Letter => "Reminder",
            StepKind::Statement => "Statement of account",
            StepKind::LetterOfClaim => "Letter of claim",
            StepKind::Task => "Work for a person",
            StepKind::Decision => "Decision by a person",
        }
    }

    /// Whether something is sent to the customer.
    pub fn is_letter(self) -> bool {
        matches!(self, StepKind::Letter | StepKind::Statement | StepKind::LetterOfClaim)
    }
}

/// The act a step performs.
pub fn act_of(kind: StepKind) -> Act {
    match kind {
        StepKind::Statement => Act::Statement,
        StepKind::Letter | StepKind::Task => Act::Chase,
        StepKind::LetterOfClaim => Act::LetterOfClaim,
        StepKind::Decision => Act::Decision,
    }
}

/// Whether a step of a pathway may be taken today.
pub fn may_take_step(facts: &CaseFacts, step: &Step, today: NaiveDate) -> Result<(), Refusal> {
    may(act_of(step.kind), facts, today)
}

/// How a step reaches the customer by default; the customer's own preference wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By post.
    Post,
    /// By e-mail.
    Email,
    /// By text message, which a person sends.
    Text,
    /// By telephone.
    Phone,
    /// Nothing is sent.
    None,
}

impl Channel {
    /// All channels.
    pub const ALL: [Channel; 5] = [Channel::Post, Channel::Email, Channel::Text, Channel::Phone, Channel::None];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Post => "post",
            Channel::Email => "email",
            Channel::Text => "text",
            Channel::Phone => "phone",
            Channel::None => "none",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Post => "Letter",
            Channel::Email => "E-mail",
            Channel::Text => "Text message",
            Channel::Phone => "Telephone",
            Channel::None => "Nothing is sent",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// One action of a pathway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `R1`; unique in the pathway.
    pub code: String,
    /// Days after the due date; negative before it.
    pub day: i32,
    /// For people.
    pub name: String,
    /// What it does.
    pub kind: StepKind,
    /// Template of the letter; empty for tasks and decisions.
    pub template: String,
    /// Default channel.
    pub channel: Channel,
    /// Days that must pass after the step before it was taken.
    pub wait_days: i32,
    /// The last day after the due date on which the step still makes sense; later it lapses. None: never lapses.
    pub lapses_after_day: Option<i32>,
    /// From which debts it is asked; every debt when nothing is said.
    #[serde(default)]
    pub when: When,
    /// What taking it once costs us.
    #[serde(default)]
    pub cost: Pence,
    /// Who acts, where it is not the daily run or whoever has the case: `Payroll`.
    #[serde(default)]
    pub who: String,
    /// The clause of the site's policy; empty: its place among the steps.
    #[serde(default)]
    pub clause: String,
    /// What it does about interest and the fixed sum for paying late, or about the contract's own fee (DUN-09).
    #[serde(default, skip_serializing_if = "StepCharges::is_none")]
    pub charges: StepCharges,
}

/// A version of a pathway. Cases keep the version they started on until moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathwayVersion {
    /// `individual`, `business`.
    pub code: String,
    /// For people.
    pub name: String,
    /// Counted from 1.
    pub version: i32,
    /// In order.
    pub steps: Vec<Step>,
    /// Whose debts it is for; nobody's but by choice when nothing is said.
    #[serde(default)]
    pub applies: Applies,
    /// Cases that began on an earlier version go on with this one.
    #[serde(default)]
    pub moves_open: bool,
    /// For a manager: for whom it is, and why its days are what they are.
    #[serde(default)]
    pub words: String,
}

impl PathwayVersion {
    /// What is wrong with it; the row is the step's place.
    pub fn validate(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let mut codes = BTreeSet::new();
        let mut day = i32::MIN;
        if self.steps.is_empty() {
            wrong.push(Invalid::field("steps", "Enter at least one step", ""));
        }
        if self.steps.len() > super::pathway_checks::STEPS_MOST {
            let most = super::pathway_checks::STEPS_MOST;
            wrong.push(Invalid::field("steps", format!("Enter at most {most} steps"), self.steps.len().to_string()));
        }
        for (i, step) in self.steps.iter().enumerate() {
            let row = i as u64 + 1;
            if step.code.trim().is_empty() || !codes.insert(step.code.as_str()) {
                wrong.push(Invalid::row(row, "code", "Enter a code that no other step has", &step.code));
            }
            if step.day < day {
                let message = format!("Enter a day that is not before day {day}");
                wrong.push(Invalid::row(row, "day", message, step.day.to_string()));
            }
            if step.kind.is_letter() && step.template.trim().is_empty() {
                wrong.push(Invalid::row(row, "template", "Choose a template for the letter", &step.template));
            }
            if step.wait_days < 0 {
                wrong.push(Invalid::row(row, "wait", "Enter no less than 0 days", step.wait_days.to_string()));
            }
            day = day.max(step.day);
        }
        wrong
    }

    /// The clause a step is taken under: the policy's own number, or the step's place.
    pub fn clause(&self, code: &str) -> String {
        match self.steps.iter().position(|step| step.code == code) {
            Some(at) if self.steps[at].clause.is_empty() => (at + 1).to_string(),
            Some(at) => self.steps[at].clause.clone(),
            None => String::new(),
        }
    }

    /// The steps that are not asked of a debt, a bit for each place.
    pub fn left_out(&self, debt: &DebtSeen<'_>) -> u64 {
        let out = |(at, step): (usize, &Step)| if at < 64 && !step.when.fits(debt) { 1u64 << at } else { 0 };
        self.steps.iter().enumerate().map(out).fold(0, |all, one| all | one)
    }

    /// Whether any of its steps asks more of a debt than to be open.
    pub fn has_conditions(&self) -> bool {
        self.steps.iter().any(|step| step.when != When::default())
    }

    /// The step of a code.
    pub fn step(&self, code: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.code == code)
    }
}

/// A step that was taken and not reversed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Its code.
    pub code: String,
    /// When.
    pub on: NaiveDate,
}

/// A time during which the clock stood still: a dispute, now resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it opened.
    pub opened_on: NaiveDate,
    /// When it was resolved.
    pub resolved_on: NaiveDate,
}

/// What is known of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFacts {
    /// When it is due.
    pub due_on: NaiveDate,
    /// Resolved disputes.
    pub pauses: Vec<Pause>,
    /// Steps that its conditions leave out, a bit for each place.
    #[serde(default)]
    pub left_out: u64,
}

/// How far an item has come on a pathway, as the next step needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Place of the furthest step taken.
    pub furthest: Option<usize>,
    /// When any step was taken last.
    pub last: Option<NaiveDate>,
    /// When a letter was sent last.
    pub last_letter: Option<NaiveDate>,
}

impl Progress {
    /// Where the steps taken have brought an item; a step that the pathway does not have counts by its day alone.
    pub fn of(taken: &[StepTaken], pathway: &PathwayVersion) -> Progress {
        let mut progress = Progress::default();
        for done in taken {
            let at = pathway.steps.iter().position(|step| step.code == done.code);
            progress.furthest = progress.furthest.max(at);
            progress.last = progress.last.max(Some(done.on));
            if at.is_some_and(|at| pathway.steps[at].kind.is_letter()) {
                progress.last_letter = progress.last_letter.max(Some(done.on));
            }
        }
        progress
    }

    /// The same, with a step more.
    pub fn taking(self, at: usize, pathway: &PathwayVersion, on: NaiveDate) -> Progress {
        let letter = pathway.steps.get(at).is_some_and(|step| step.kind.is_letter());
        Progress {
            furthest: self.furthest.max(Some(at)),
            last: self.last.max(Some(on)),
            last_letter: if letter { self.last_letter.max(Some(on)) } else { self.last_letter },
        }
    }
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextStep {
    /// Take this step now.
    Due(Box<Step>),
    /// This step comes on that day.
    NotYet {
        /// The step's code.
        code: String,
        /// The first day on which it may be taken.
        on: NaiveDate,
    },
    /// The pathway has ended.
    Done,
}

/// The next step of an item: the one after the furthest taken, never an earlier one and never two at once.
///
/// Days missed are caught up a step at a time, letters at least seven days apart. A resolved dispute
/// moves what is left of the pathway by its length and gives fourteen days of grace.
/// A step that no longer makes sense (a courtesy note after the due date) lapses, as its data says.
pub fn next_step(facts: &ItemFacts, taken: &[StepTaken], pathway: &PathwayVersion, today: NaiveDate) -> NextStep {
    match next_place(facts, Progress::of(taken, pathway), pathway, today) {
        None => NextStep::Done,
        Some((at, on)) if on <= today => NextStep::Due(Box::new(pathway.steps[at].clone())),
        Some((at, on)) => NextStep::NotYet { code: pathway.steps[at].code.clone(), on },
    }
}

/// The place of the next step and the first day on which it may be taken; none where the pathway has ended.
pub fn next_place(
    facts: &ItemFacts,
    progress: Progress,
    pathway: &PathwayVersion,
    today: NaiveDate,
) -> Option<(usize, NaiveDate)> {
    let from = progress.furthest.map_or(0, |at| at + 1);
    let lapsed =
        |step: &Step| step.lapses_after_day.is_some_and(|last| today > add_days(facts.due_on, i64::from(last)));
    let asked = |at: usize| at >= 64 || facts.left_out & (1u64 << at) == 0;
    let mut later = pathway.steps.iter().enumerate().skip(from);
    let (at, step) = later.find(|(at, step)| asked(*at) && !lapsed(step))?;
    Some((at, first_day(facts, progress, step)))
}

/// The first day on which a step may be taken.
fn first_day(facts: &ItemFacts, progress: Progress, step: &Step) -> NaiveDate {
    let mut on = add_days(facts.due_on, i64::from(step.day));
    if !facts.pauses.is_empty() {
        let mut pauses = facts.pauses.clone();
        pauses.sort_by_key(|pause| pause.opened_on);
        for pause in &pauses {
            if pause.opened_on <= on {
                let lost = (pause.resolved_on - pause.opened_on.max(facts.due_on)).num_days();
                on = add_days(on, lost.max(0)).max(add_days(pause.resolved_on, DAYS_AFTER_DISPUTE));
            }
        }
    }
    if let Some(last) = progress.last {
        on = on.max(add_days(last, i64::from(step.wait_days)));
    }
    if let Some(last) = progress.last_letter.filter(|_| step.kind.is_letter()) {
        on = on.max(add_days(last, DAYS_BETWEEN_LETTERS));
    }
    on
}

/// A seeded step by the name people use for where a debt stands; another pathway's own code stands for itself.
pub fn stage_name(code: &str) -> &str {
    match code {
        "R0" => "Courtesy note",
        "R1" => "Reminder 1",
        "R2" => "Reminder 2",
        "R2-CALL" => "To be called",
        "R3" => "Final notice",
        "R3-SERVICE" => "Service asked",
        "R4" => "Letter of claim",
        "R5" => "To be decided",
        "R2-TEXT" => "Text message sent",
        "R2-PAYROLL" => "Payroll asked",
        "R0-BENEFIT" | "R2-BENEFIT" => "Benefit deduction asked",
        "R3-ESCALATE" => "With the finance director",
        "R3-HOME-OFFICE" => "Home Office to be told",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pathway_defaults::seeded_pathways;
    use super::*;

    #[test]
    fn every_seeded_step_has_a_name_for_people() {
        for pathway in seeded_pathways() {
            for step in &pathway.steps {
                assert_ne!(stage_name(&step.code), step.code, "{} of {}", step.code, pathway.code);
            }
        }
    }
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn individual() -> PathwayVersion {
        seeded_pathways().remove(0)
    }

    /// Lives the pathway day by day, taking a step whenever one is due.
    fn live(facts: &ItemFacts, pathway: &PathwayVersion, from: NaiveDate, days: i64) -> Vec<StepTaken> {
        let mut taken = Vec::new();
        for today in (0..days).map(|i| add_days(from, i)) {
            if let NextStep::Due(step) = next_step(facts, &taken, pathway, today) {
                taken.push(StepTaken { code: step.code, on: today });
            }
        }
        taken
    }

    fn on<'a>(taken: &'a [StepTaken], code: &str) -> &'a NaiveDate {
        &taken.iter().find(|step| step.code == code).expect("taken").on
    }

    #[test]
    fn rec_e5_the_ladder_by_dates() {
        let facts = ItemFacts { due_on: d("2026-10-01"), pauses: vec![], left_out: 0 };
        for pathway in seeded_pathways().into_iter().take(3) {
            let taken = live(&facts, &pathway, d("2026-09-01"), 150);
            let dates = [("R1", "2026-10-08"), ("R2", "2026-10-22"), ("R3", "2026-11-05"), ("R4", "2026-11-12")];
            for (code, day) in dates {
                assert_eq!(*on(&taken, code), d(day), "{} {code}", pathway.code);
            }
            assert_eq!(*on(&taken, "R0"), d("2026-09-24"));
            let decision = if pathway.code == "individual" { "2026-12-13" } else { "2026-11-27" };
            assert_eq!(*on(&taken, "R5"), d(decision));
            assert_eq!(next_step(&facts, &taken, &pathway, d("2027-06-01")), NextStep::Done);
        }
    }

    #[test]
    fn rec_e6_a_resolved_dispute_restarts_the_same_stage_with_grace() {
        let pause = Pause { opened_on: d("2026-10-20"), resolved_on: d("2026-11-10") };
        let facts = ItemFacts { due_on: d("2026-10-01"), pauses: vec![pause], left_out: 0 };
        let taken = [StepTaken { code: "R1".into(), on: d("2026-10-08") }];
        let next = next_step(&facts, &taken, &individual(), d("2026-11-10"));
        assert_eq!(next, NextStep::NotYet { code: "R2".into(), on: d("2026-11-24") });
        let NextStep::Due(step) = next_step(&facts, &taken, &individual(), d("2026-11-24")) else {
            panic!("R2 is due")
        };
        assert_eq!(step.code, "R2");
    }

    #[test]
    fn missed_days_are_caught_up_a_step_at_a_time_a_week_apart() {
        let facts = ItemFacts { due_on: d("2026-01-01"), pauses: vec![], left_out: 0 };
        let taken = live(&facts, &individual(), d("2026-06-01"), 90);
        let steps: Vec<(&str, i64)> =
            taken.iter().map(|step| (step.code.as_str(), (step.on - d("2026-06-01")).num_days())).collect();
        let expected = [("R1", 0), ("R2", 7), ("R2-CALL", 8), ("R3", 14), ("R3-SERVICE", 15), ("R4", 21), ("R5", 52)];
        assert_eq!(steps, expected);
    }

    #[test]
    fn a_pathway_that_cannot_be_followed_is_invalid() {
        for pathway in seeded_pathways() {
            assert_eq!(pathway.validate(), []);
            let text = serde_json::to_string(&pathway).expect("json");
            assert_eq!(serde_json::from_str::<PathwayVersion>(&text).expect("json"), pathway);
        }
        let mut broken = individual();
        broken.steps[2].day = -30;
        broken.steps[3].code = "R1".into();
        broken.steps[4].template.clear();
        let fields: Vec<String> = broken.validate().into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, ["day", "code", "template"]);
        assert_eq!(PathwayVersion { steps: vec![], ..broken }.validate().len(), 1);
    }

    proptest! {
        #[test]
        fn never_backwards_never_skipping_letters_a_week_apart(late in 0i64..200, opened in 0i64..80, length in 0i64..60) {
            let due_on = d("2026-03-01");
            let opened_on = add_days(due_on, opened);
            let pause = Pause { opened_on, resolved_on: add_days(opened_on, length) };
            let facts = ItemFacts { due_on, pauses: vec![pause], left_out: 0 };
            let pathway = individual();
            let taken = live(&facts, &pathway, add_days(due_on, late), 500);
            let codes: Vec<&str> = taken.iter().map(|step| step.code.as_str()).collect();
            let all: Vec<&str> = pathway.steps.iter().map(|step| step.code.as_str()).collect();
            let skip = usize::from(!codes.contains(&"R0"));
            prop_assert_eq!(&codes[..], &all[skip..]);
            let letters: Vec<NaiveDate> =
                taken.iter().filter(|s| pathway.step(&s.code).is_some_and(|s| s.kind.is_letter())).map(|s| s.on).collect();
            prop_assert!(letters.windows(2).all(|pair| (pair[1] - pair[0]).num_days() >= DAYS_BETWEEN_LETTERS));
        }
    }
}
