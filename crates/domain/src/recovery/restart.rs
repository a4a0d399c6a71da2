//! Where a pathway begins again: after a broken plan at the letter of claim, at a new address at the final notice.
use super::pathway::{PathwayVersion, StepKind, StepTaken};
use chrono::NaiveDate;

/// Why steps that were taken count no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// A plan made after the letter of claim broke on this day: an updated letter, and its time, come first (REC-03).
    PlanBroke(NaiveDate),
    /// An address that was found is the customer's from this day: the final notice goes there (REC-08).
    NewAddress(NaiveDate),
}

impl Restart {
    /// Whether what was done on a day counts no longer.
    pub fn undoes(self, done_on: NaiveDate) -> bool {
        match self {
            Restart::PlanBroke(on) => done_on <= on,
            Restart::NewAddress(on) => done_on < on,
        }
    }

    /// The place of the step with which a pathway begins again; none where it has no such step.
    fn place(self, pathway: &PathwayVersion) -> Option<usize> {
        let claim = pathway.steps.iter().position(|step| step.kind == StepKind::LetterOfClaim);
        match self {
            Restart::PlanBroke(_) => claim,
            Restart::NewAddress(_) => {
                let before = claim.unwrap_or(pathway.steps.len());
                pathway.steps.iter().take(before).rposition(|step| step.kind.is_letter())
            }
        }
    }

    fn apply(self, taken: Vec<StepTaken>, pathway: &PathwayVersion) -> Vec<StepTaken> {
        let Some(place) = self.place(pathway) else { return taken };
        let at = |done: &StepTaken| pathway.steps.iter().position(|step| step.code == done.code);
        let over = |done: &StepTaken| self.undoes(done.on) && at(done).is_some_and(|at| at >= place);
        let (undone, mut counts): (Vec<StepTaken>, Vec<StepTaken>) = taken.into_iter().partition(over);
        let before = place.checked_sub(1).and_then(|before| pathway.steps.get(before));
        // The steps before it are behind the debt, whether or not each of them was asked of it.
        if let (Some(first), Some(step)) = (undone.first(), before) {
            counts.push(StepTaken { code: step.code.clone(), on: first.on });
        }
        counts
    }
}

/// The steps that count after restarts; those that stand before the restart's own step count on.
pub fn still_taken(taken: Vec<StepTaken>, pathway: &PathwayVersion, restarts: &[Restart]) -> Vec<StepTaken> {
    restarts.iter().fold(taken, |taken, restart| restart.apply(taken, pathway))
}

#[cfg(test)]
mod tests {
    use super::super::pathway::{ItemFacts, NextStep, next_step};
    use super::super::pathway_defaults::seeded_pathways;
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn taken(all: &[(&str, &str)]) -> Vec<StepTaken> {
        all.iter().map(|(code, on)| StepTaken { code: (*code).to_owned(), on: d(on) }).collect()
    }

    fn next(taken: Vec<StepTaken>, restarts: &[Restart], today: &str) -> String {
        let pathway = seeded_pathways().remove(0);
        let facts = ItemFacts { due_on: d("2026-04-01"), pauses: vec![], left_out: 0 };
        match next_step(&facts, &still_taken(taken, &pathway, restarts), &pathway, d(today)) {
            NextStep::Due(step) => step.code,
            NextStep::NotYet { code, on } => format!("{code} on {on}"),
            NextStep::Done => "done".into(),
        }
    }

    const LADDER: [(&str, &str); 6] = [
        ("R1", "2026-04-08"),
        ("R2", "2026-04-22"),
        ("R2-CALL", "2026-04-29"),
        ("R3", "2026-05-06"),
        ("R3-SERVICE", "2026-05-07"),
        ("R4", "2026-05-13"),
    ];

    #[test]
    fn rec_03_after_a_broken_plan_the_letter_of_claim_goes_again_and_waits_again() {
        let broke = [Restart::PlanBroke(d("2026-07-09"))];
        assert_eq!(next(taken(&LADDER), &[], "2026-07-24"), "R5");
        assert_eq!(next(taken(&LADDER), &broke, "2026-07-24"), "R4");
        let again = [&LADDER[..], &[("R4", "2026-07-24")]].concat();
        assert_eq!(next(taken(&again), &broke, "2026-07-25"), "R5 on 2026-08-24", "thirty days, and the day after");
        let early = &LADDER[..3];
        assert_eq!(
            next(taken(early), &broke, "2026-07-24"),
            "R3",
            "before any letter of claim it goes on where it was"
        );
    }

    #[test]
    fn rec_08_at_a_new_address_the_final_notice_comes_before_the_letter_of_claim() {
        let moved = [Restart::NewAddress(d("2026-06-01"))];
        assert_eq!(next(taken(&LADDER), &moved, "2026-06-01"), "R3");
        let notice = [&LADDER[..], &[("R3", "2026-06-01")]].concat();
        assert_eq!(next(taken(&notice), &moved, "2026-06-02"), "R3-SERVICE");
        let asked = [&notice[..], &[("R3-SERVICE", "2026-06-02")]].concat();
        assert_eq!(next(taken(&asked), &moved, "2026-06-03"), "R4 on 2026-06-08");
        assert_eq!(next(taken(&LADDER[..2]), &moved, "2026-06-01"), "R2-CALL", "it had not come so far");
        let placed = taken(&[("R3", "2026-05-10"), ("R4", "2026-05-15")]);
        assert_eq!(next(placed, &moved, "2026-06-01"), "R3", "never back to the first reminder");
    }

    #[test]
    fn a_pathway_without_the_step_goes_on() {
        let benefit = seeded_pathways().remove(5);
        let done = taken(&[("R0-BENEFIT", "2026-05-03"), ("R1", "2026-05-06")]);
        assert_eq!(still_taken(done.clone(), &benefit, &[Restart::PlanBroke(d("2026-07-09"))]), done);
    }
}
