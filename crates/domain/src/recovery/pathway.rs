//! Pathways as versioned data, and the one decision made with them: which step is next (REC-04).
use crate::calendar::add_days;
use crate::law::{Act, CaseFacts, may};
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
    /// Nothing is sent.
    None,
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
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NextStep {
    /// Take this step now.
    Due(Step),
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
    let place = |code: &str| pathway.steps.iter().position(|step| step.code == code);
    let furthest = taken.iter().filter_map(|step| place(&step.code).map(|at| (at, step.on))).max();
    let from = furthest.map_or(0, |(at, _)| at + 1);
    let lapsed =
        |step: &&Step| step.lapses_after_day.is_some_and(|last| today > add_days(facts.due_on, i64::from(last)));
    let Some(step) = pathway.steps.iter().skip(from).find(|step| !lapsed(step)) else {
        return NextStep::Done;
    };
    let on = first_day(facts, taken, pathway, step);
    if on <= today { NextStep::Due(step.clone()) } else { NextStep::NotYet { code: step.code.clone(), on } }
}

/// The first day on which a step may be taken.
fn first_day(facts: &ItemFacts, taken: &[StepTaken], pathway: &PathwayVersion, step: &Step) -> NaiveDate {
    let mut on = add_days(facts.due_on, i64::from(step.day));
    let mut pauses = facts.pauses.clone();
    pauses.sort_by_key(|pause| pause.opened_on);
    for pause in &pauses {
        if pause.opened_on <= on {
            let lost = (pause.resolved_on - pause.opened_on.max(facts.due_on)).num_days();
            on = add_days(on, lost.max(0)).max(add_days(pause.resolved_on, DAYS_AFTER_DISPUTE));
        }
    }
    if let Some(last) = taken.iter().map(|step| step.on).max() {
        on = on.max(add_days(last, i64::from(step.wait_days)));
    }
    if step.kind.is_letter() {
        let is_letter = |done: &&StepTaken| pathway.step(&done.code).is_some_and(|step| step.kind.is_letter());
        if let Some(last) = taken.iter().filter(is_letter).map(|step| step.on).max() {
            on = on.max(add_days(last, DAYS_BETWEEN_LETTERS));
        }
    }
    on
}

/// Public bodies get the business ladder as statements, and are escalated instead of claimed from (REC-04).
fn for_public_bodies(business: &PathwayVersion) -> PathwayVersion {
    let soften = |step: &Step| match step.kind {
        StepKind::Letter => Step { kind: StepKind::Statement, template: "statement".into(), ..step.clone() },
        StepKind::LetterOfClaim => Step {
            name: "Escalate to director level and agreement of balances".into(),
            kind: StepKind::Task,
            template: String::new(),
            channel: Channel::None,
            ..step.clone()
        },
        _ => step.clone(),
    };
    PathwayVersion {
        code: "public".into(),
        name: "NHS bodies and councils".into(),
        version: 1,
        steps: business.steps.iter().map(soften).collect(),
    }
}

/// The ladders of REC-04: people, businesses, and public bodies. A site may replace them with its own versions.
pub fn seeded_pathways() -> Vec<PathwayVersion> {
    let letter = |code: &str, day, name: &str, template: &str, channel| Step {
        code: code.into(),
        day,
        name: name.into(),
        kind: StepKind::Letter,
        template: template.into(),
        channel,
        wait_days: 0,
        lapses_after_day: None,
    };
    let task =
        |code: &str, day, name: &str| Step { kind: StepKind::Task, ..letter(code, day, name, "", Channel::None) };
    let ladder = |call: Step, claim: (&str, &str), decision_day: i32| {
        vec![
            Step { lapses_after_day: Some(0), ..letter("R0", -7, "Courtesy note", "courtesy", Channel::Email) },
            letter("R1", 7, "First reminder", "reminder_1", Channel::Post),
            letter("R2", 21, "Second reminder", "reminder_2", Channel::Post),
            call,
            letter("R3", 35, "Final notice", "final_notice", Channel::Post),
            task("R3-SERVICE", 36, "Ask the service before legal action"),
            Step { kind: StepKind::LetterOfClaim, ..letter("R4", 42, claim.0, claim.1, Channel::Post) },
            Step {
                kind: StepKind::Decision,
                wait_days: decision_day - 42,
                ..task("R5", decision_day, "Decide: agency, court, plan or write-off")
            },
        ]
    };
    let individual = PathwayVersion {
        code: "individual".into(),
        name: "People: consumers, patients, service users".into(),
        version: 1,
        steps: ladder(task("R2-CALL", 28, "Call or visit"), ("Letter of claim", "letter_of_claim"), 73),
    };
    let business = PathwayVersion {
        code: "business".into(),
        name: "Businesses and public bodies".into(),
        version: 1,
        steps: ladder(
            task("R2-CALL", 21, "Call accounts payable and check for queries"),
            ("Letter before action", "letter_before_action"),
            57,
        ),
    };
    let public = for_public_bodies(&business);
    vec![individual, business, public]
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
        other => other,
    }
}

#[cfg(test)]
mod tests {
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
        let facts = ItemFacts { due_on: d("2026-10-01"), pauses: vec![] };
        for pathway in seeded_pathways() {
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
        let facts = ItemFacts { due_on: d("2026-10-01"), pauses: vec![pause] };
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
        let facts = ItemFacts { due_on: d("2026-01-01"), pauses: vec![] };
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
            let facts = ItemFacts { due_on, pauses: vec![pause] };
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
