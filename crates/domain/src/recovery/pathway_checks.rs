//! What is checked before a pathway may be sent for somebody's yes: passed, needs a look, or fix, which blocks it.
use super::pathway::{Channel, DAYS_BETWEEN_LETTERS, PathwayVersion, Step, StepKind, StepTaken};
use super::refusals::PATHWAY_LIVE_FROM;
use super::step_charges;
use crate::calendar::add_days;
use crate::customers::CustomerKind;
use crate::law::protocol_for;
use crate::refusal::Refusal;
use crate::words::{counted, named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Steps of a pathway, at most.
pub const STEPS_MOST: usize = 40;
/// The first day after the due date on which overpaid benefit may be asked for: the month of appeal is over.
const AFTER_APPEAL: i32 = 31;

named! {
    /// What a check found.
    Verdict {
        /// As it should be.
        Passed = "passed", "Passed";
        /// Somebody should look at it.
        Look = "look", "Needs a look";
        /// Stands in the way of approval.
        Fix = "fix", "Fix";
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathwayCheck {
    /// What was found.
    pub verdict: Verdict,
    /// In a sentence.
    pub words: String,
}

fn of(verdict: Verdict, words: impl Into<String>) -> PathwayCheck {
    PathwayCheck { verdict, words: words.into() }
}

/// What the house says to a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckFacts {
    /// Templates in use.
    pub templates: BTreeSet<String>,
    /// Of them, those with Welsh words.
    pub welsh: BTreeSet<String>,
    /// Customers whom we write to in Welsh.
    pub welsh_customers: i64,
    /// What the newest trial of exactly these steps on the live book found.
    pub tried: Option<Tried>,
    /// Pathways of the same rank that would take the same debts, found by that trial: by code, how many accounts.
    pub clashes: BTreeMap<String, i64>,
    /// Today.
    pub today: Option<NaiveDate>,
}

/// What a trial on the live book found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// When.
    pub on: NaiveDate,
    /// Debts that would never get a step which the draft has before the one that comes next.
    pub skips: i64,
    /// Debts whose next step would be another, or on another day.
    pub changes: i64,
}

/// Days after which a trial is too old to say much of the book.
const TRIED_DAYS: i64 = 14;

/// Checks a draft against the law, the letters in use, the version in force and the live book.
pub fn check_pathway(draft: &PathwayVersion, live: Option<&PathwayVersion>, facts: &CheckFacts) -> Vec<PathwayCheck> {
    let mut all = vec![form(draft)];
    all.extend(law(draft));
    all.extend(letters(draft, facts));
    all.extend(pace(draft));
    all.push(changed(draft, live));
    all.extend(book(facts));
    all.extend(clashing(draft, facts));
    all
}

/// What stands in the way of approval, in sentences; none when nothing does.
pub fn fixes(checks: &[PathwayCheck]) -> Option<String> {
    let fixes: Vec<&str> =
        checks.iter().filter(|one| one.verdict == Verdict::Fix).map(|one| one.words.as_str()).collect();
    (!fixes.is_empty()).then(|| fixes.join(". "))
}

fn form(draft: &PathwayVersion) -> PathwayCheck {
    let wrong = draft.validate();
    if wrong.is_empty() {
        return of(Verdict::Passed, format!("{} in order, each with a code of its own", steps(draft.steps.len())));
    }
    let told = wrong.iter().map(|one| match one.row {
        Some(row) => format!("Step {row}: {}", one.message),
        None => one.message.clone(),
    });
    of(Verdict::Fix, told.collect::<Vec<_>>().join(". "))
}

fn steps(count: usize) -> String {
    counted(count as i64, "step")
}

/// The kinds of customer a pathway is for.
fn kinds_of(draft: &PathwayVersion) -> Vec<CustomerKind> {
    let named = &draft.applies.when.kinds;
    if !named.is_empty() {
        return named.clone();
    }
    match draft.code.as_str() {
        "business" => vec![CustomerKind::Company],
        "public" => vec![CustomerKind::PublicBody, CustomerKind::NhsBody],
        "nhs" => vec![CustomerKind::NhsBody],
        _ => vec![CustomerKind::Individual],
    }
}

/// Why a step may not be changed, where the law fixes it.
pub fn fixed_by_law(pathway: &PathwayVersion, at: usize) -> Option<String> {
    let step = pathway.steps.get(at)?;
    let before = at.checked_sub(1).and_then(|before| pathway.steps.get(before));
    match step.kind {
        StepKind::LetterOfClaim => Some(
            "Posted on the day it is dated, with its forms (Pre-Action Protocol for Debt Claims, section 3; \
             Practice Direction on pre-action conduct)"
                .into(),
        ),
        StepKind::Decision if before.is_some_and(|step| step.kind == StepKind::LetterOfClaim) => {
            let days = claim_wait(pathway);
            Some(format!("Not before {days} days after the letter of claim, and by a person"))
        }
        _ => None,
    }
}

/// The first day after a letter of claim on which anything may follow, for the most protected of its customers.
pub fn claim_wait(pathway: &PathwayVersion) -> i32 {
    let longest = kinds_of(pathway).into_iter().map(|kind| protocol_for(kind).letter_days() + 1).max();
    i32::try_from(longest.unwrap_or(31)).unwrap_or(31)
}

fn law(draft: &PathwayVersion) -> Vec<PathwayCheck> {
    let mut wrong = Vec::new();
    let kinds = kinds_of(draft);
    let benefit = draft.applies.when.debt_types.iter().any(|word| word.contains("benefit"));
    for (at, step) in draft.steps.iter().enumerate() {
        let name = format!("{} ({})", step.code, step.name);
        wrong.extend(step_charges::fault(draft, step, &kinds));
        if step.kind == StepKind::LetterOfClaim {
            if kinds.iter().any(|kind| kind.is_public_authority()) {
                wrong.push(format!("{name}: nobody claims from an NHS body or a council (REC-04-PUBLIC-BODY)"));
            }
            if step.channel != Channel::Post {
                wrong.push(format!("{name}: a letter of claim goes by post (REC-02)"));
            }
            if benefit {
                wrong.push(format!("{name}: overpaid benefit is registered, not sued for (REC-05)"));
            }
            let least = claim_wait(draft);
            if let Some(next) = draft.steps.get(at + 1).filter(|next| next.wait_days < least) {
                wrong.push(format!("{} ({}): wait at least {least} days after {name} (REC-03)", next.code, next.name));
            }
        } else if step.kind.is_letter() && matches!(step.channel, Channel::Text | Channel::Phone | Channel::None) {
            wrong.push(format!("{name}: a letter goes by post or e-mail; make it work for a person instead"));
        }
        if benefit && step.kind.is_letter() && step.day < AFTER_APPEAL {
            wrong.push(format!("{name}: not before day {AFTER_APPEAL}, when the month of appeal is over (REC-05)"));
        }
    }
    match wrong.is_empty() {
        true => vec![of(Verdict::Passed, "No step that the law forbids, and none that charges what it forbids")],
        false => wrong.into_iter().map(|words| of(Verdict::Fix, words)).collect(),
    }
}

fn letters(draft: &PathwayVersion, facts: &CheckFacts) -> Vec<PathwayCheck> {
    let used: BTreeSet<&str> =
        draft.steps.iter().filter(|step| step.kind.is_letter()).map(|step| step.template.as_str()).collect();
    let missing: Vec<&str> = used.iter().copied().filter(|code| !facts.templates.contains(*code)).collect();
    let no_welsh: Vec<&str> =
        used.iter().copied().filter(|code| facts.templates.contains(*code) && !facts.welsh.contains(*code)).collect();
    let mut all = Vec::new();
    if !missing.is_empty() {
        all.push(of(Verdict::Fix, format!("No letter is in use under {}", missing.join(", "))));
    }
    if !no_welsh.is_empty() {
        let verdict = if facts.welsh_customers > 0 { Verdict::Fix } else { Verdict::Look };
        let who = counted(facts.welsh_customers, "customer");
        all.push(of(verdict, format!("No Welsh words in {}; {who} to write to in Welsh", no_welsh.join(", "))));
    }
    if all.is_empty() {
        all.push(of(Verdict::Passed, "Every letter is in use, in the customer's language"));
    }
    all
}

fn pace(draft: &PathwayVersion) -> Vec<PathwayCheck> {
    let mut all = Vec::new();
    let letters: Vec<&Step> = draft.steps.iter().filter(|step| step.kind.is_letter()).collect();
    for pair in letters.windows(2) {
        if i64::from(pair[1].day - pair[0].day) < DAYS_BETWEEN_LETTERS {
            let words = format!(
                "{} comes less than a week after {}: it will wait until a week is over",
                pair[1].code, pair[0].code
            );
            all.push(of(Verdict::Look, words));
        }
    }
    let claim = draft.steps.iter().position(|step| step.kind == StepKind::LetterOfClaim);
    if let Some(at) = claim
        && !draft.steps[..at].iter().any(|step| matches!(step.kind, StepKind::Letter | StepKind::Statement))
    {
        all.push(of(Verdict::Look, "The letter of claim is the first that the customer hears"));
    }
    if !draft.steps.iter().any(|step| step.kind == StepKind::Decision) {
        all.push(of(Verdict::Look, "It ends without a decision: nobody is asked what becomes of the debt"));
    }
    all
}

fn changed(draft: &PathwayVersion, live: Option<&PathwayVersion>) -> PathwayCheck {
    let Some(live) = live else { return of(Verdict::Passed, "A new pathway") };
    let says = |one: &PathwayVersion| (one.name.clone(), one.steps.clone(), one.applies.clone(), one.words.clone());
    match says(live) == says(draft) {
        true => of(Verdict::Fix, format!("The draft says what version {} says", live.version)),
        false => of(Verdict::Passed, format!("It differs from version {}", live.version)),
    }
}

fn book(facts: &CheckFacts) -> Vec<PathwayCheck> {
    let Some(tried) = facts.tried else {
        return vec![of(Verdict::Fix, "These steps were not tried on the live book")];
    };
    let on = written(tried.on);
    let mut all = vec![match tried.skips {
        0 => of(Verdict::Passed, format!("0 accounts skip a step, tried on {on}")),
        many => of(Verdict::Fix, format!("{} would skip a step, tried on {on}", counted(many, "debt"))),
    }];
    if tried.changes > 0 {
        all.push(of(Verdict::Look, format!("The next step of {} changes", counted(tried.changes, "debt"))));
    }
    if facts.today.is_some_and(|today| add_days(tried.on, TRIED_DAYS) < today) {
        all.push(of(Verdict::Look, format!("The trial is of {on}: the book has moved since")));
    }
    all
}

/// Two pathways of one rank are no fault: the first by code takes the debt. But somebody should mean it.
fn clashing(draft: &PathwayVersion, facts: &CheckFacts) -> Vec<PathwayCheck> {
    let told = facts.clashes.iter().map(|(code, accounts)| {
        let first = code.min(&draft.code);
        let why = format!("{} and {code} have the same rank, and {first} comes first by its code", draft.code);
        of(Verdict::Look, format!("2 pathways would take {}: {why}", counted(*accounts, "account")))
    });
    told.collect()
}

/// The steps that a debt would never get if it went on with a version: before its next step, and not taken.
pub fn skipped<'a>(to: &'a PathwayVersion, taken: &[StepTaken], left_out: u64, next: Option<usize>) -> Vec<&'a Step> {
    let until = next.unwrap_or(to.steps.len());
    let never = |(at, step): &(usize, &Step)| {
        step.lapses_after_day.is_none()
            && (*at >= 64 || left_out & (1u64 << *at) == 0)
            && !taken.iter().any(|done| done.code == step.code)
    };
    to.steps.iter().enumerate().take(until).filter(never).map(|(_, step)| step).collect()
}

/// The day on which a version may go live: after today and after the newest run, so that no run sees two versions.
///
/// # Errors
/// `REC-PATHWAY-LIVE-FROM`.
pub fn pathway_live_from(
    asked: Option<NaiveDate>,
    today: NaiveDate,
    newest_run: Option<NaiveDate>,
    follows: Option<NaiveDate>,
) -> Result<NaiveDate, Refusal> {
    let least = [Some(today), newest_run].into_iter().flatten().max().map_or(today, |day| add_days(day, 1));
    let least = follows.map_or(least, |day| least.max(day));
    match asked {
        Some(day) if day < least => {
            let sentence = format!("It may go live from {}", written(least));
            Err(PATHWAY_LIVE_FROM.because(sentence).allowed_from(least))
        }
        asked => Ok(asked.unwrap_or(least)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::pathway_defaults::seeded_pathways;
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn facts() -> CheckFacts {
        let templates: BTreeSet<String> = seeded_pathways()
            .iter()
            .flat_map(|pathway| pathway.steps.iter())
            .filter(|step| step.kind.is_letter())
            .map(|step| step.template.clone())
            .collect();
        let tried = Some(Tried { on: d("2026-05-01"), skips: 0, changes: 0 });
        CheckFacts {
            welsh: templates.clone(),
            templates,
            welsh_customers: 1,
            tried,
            clashes: BTreeMap::new(),
            today: Some(d("2026-05-02")),
        }
    }

    fn fix(draft: &PathwayVersion, facts: &CheckFacts) -> String {
        fixes(&check_pathway(draft, None, facts)).unwrap_or_default()
    }

    #[test]
    fn dun_07_every_default_passes_its_checks() {
        for pathway in seeded_pathways() {
            assert_eq!(fix(&pathway, &facts()), "", "{}", pathway.code);
        }
    }

    #[test]
    fn dun_07_what_the_law_forbids_blocks_approval() {
        let all = seeded_pathways();
        let mut individual = all[0].clone();
        individual.steps.last_mut().expect("a step").wait_days = 30;
        assert!(fix(&individual, &facts()).contains("wait at least 31 days"));
        let mut by_email = all[0].clone();
        by_email.steps[6].channel = Channel::Email;
        assert!(fix(&by_email, &facts()).contains("goes by post"));
        let mut public = all[2].clone();
        public.steps[6] = all[1].steps[6].clone();
        assert!(fix(&public, &facts()).contains("REC-04-PUBLIC-BODY"));
        let mut benefit = all[5].clone();
        (benefit.steps[0].day, benefit.steps[1].day) = (7, 7);
        assert!(fix(&benefit, &facts()).contains("month of appeal"));
        let mut texted = all[0].clone();
        texted.steps[1].channel = Channel::Text;
        assert!(fix(&texted, &facts()).contains("by post or e-mail"));
    }

    #[test]
    fn dun_07_letters_trial_and_sameness_are_checked() {
        let pathway = seeded_pathways().remove(0);
        let untried = CheckFacts { tried: None, ..facts() };
        assert!(fix(&pathway, &untried).contains("not tried on the live book"));
        let skips = CheckFacts { tried: Some(Tried { on: d("2026-05-01"), skips: 2, changes: 3 }), ..facts() };
        assert!(fix(&pathway, &skips).contains("2 debts would skip a step"));
        let mut unwritten = facts();
        unwritten.templates.remove("final_notice");
        assert!(fix(&pathway, &unwritten).contains("final_notice"));
        let mut english = facts();
        english.welsh.remove("reminder_2");
        assert!(fix(&pathway, &english).contains("No Welsh words in reminder_2"));
        let same = check_pathway(&pathway, Some(&pathway), &facts());
        assert!(fixes(&same).expect("a fix").contains("says what version 1 says"));
    }

    #[test]
    fn dun_07_two_pathways_that_would_take_the_same_accounts_are_named() {
        let pathway = seeded_pathways().remove(0);
        let facts = CheckFacts { clashes: BTreeMap::from([("care".to_owned(), 14)]), ..facts() };
        let all = check_pathway(&pathway, None, &facts);
        let found = all.iter().find(|one| one.words.starts_with("2 pathways would take 14 accounts"));
        let found = found.expect("named");
        assert_eq!(found.verdict, Verdict::Look);
        assert!(found.words.contains("individual and care") && found.words.contains("care comes first"), "{found:?}");
    }

    #[test]
    fn a_debt_let_off_hold_skips_no_reminder() {
        let mut to = seeded_pathways().remove(0);
        let taken = [StepTaken { code: "R1".into(), on: d("2026-05-01") }];
        assert!(skipped(&to, &taken, 0, Some(2)).is_empty());
        let before = Step { code: "R0-NEW".into(), lapses_after_day: None, ..to.steps[1].clone() };
        to.steps.insert(1, before);
        let missed = skipped(&to, &taken, 0, Some(3));
        assert_eq!(missed.iter().map(|step| step.code.as_str()).collect::<Vec<_>>(), ["R0-NEW"]);
        assert!(skipped(&to, &taken, 1 << 1, Some(3)).is_empty(), "not asked of this debt");
    }

    #[test]
    fn a_version_goes_live_after_today_and_after_the_run() {
        let today = d("2026-05-11");
        let from = |asked: &str, run: Option<NaiveDate>| pathway_live_from(asked.parse().ok(), today, run, None);
        assert_eq!(from("", None), Ok(d("2026-05-12")));
        assert_eq!(from("2026-06-01", None), Ok(d("2026-06-01")));
        let refused = from("2026-05-11", None).expect_err("a run of today may be under way");
        assert_eq!(refused.code, "REC-PATHWAY-LIVE-FROM");
        assert_eq!(from("2026-05-12", Some(d("2026-05-12"))).expect_err("it ran").allowed_from, Some(d("2026-05-13")));
    }
}
