//! One customer's day: which steps are due, which of them the law lets us take, and in how many letters.
use super::letter_set::LetterSet;
use super::pathway::{
    Channel, ItemFacts, NextStep, PathwayVersion, Pause, Step, StepKind, StepTaken, act_of, next_step,
};
use super::refusals;
use crate::calendar::{Calendar, add_days};
use crate::customers::{CustomerKind, Flag, FlagKind};
use crate::delivery::{LetterKind, ReachFacts, Way, way_to_send};
use crate::law::{
    Act, Adjustment, CaseFacts, ContactFacts, ContactPolicy, ContactWay, Hold, Limitation, SpecialDebt,
    flags_that_bear, in_time, may, may_contact,
};
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Templates of reminders that say a claim may follow.
const NAMES_A_COURT: &[&str] = &["final_notice"];

/// What the site decided, the same for every customer of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteFacts {
    /// Least balance for a reminder.
    pub minimum_to_chase: Pence,
    /// Least balance for claims and agencies.
    pub minimum_to_claim: Pence,
    /// Lines of a bank file wait to be posted.
    pub bank_file_unposted: bool,
    /// Our own organisation is an NHS body.
    pub we_are_nhs: bool,
    /// How often a person may be chased.
    pub contact: ContactPolicy,
}

/// An overdue or nearly due item.
#[derive(Clone, Debug)]
pub struct DayItem<'a> {
    /// Date of the document: what is dated inside a moratorium is an ongoing liability.
    pub dated_on: NaiveDate,
    /// When it is due.
    pub due_on: NaiveDate,
    /// What is left of it.
    pub open: Pence,
    /// How much of that is in query: a reminder asks for the rest.
    pub in_query: Pence,
    /// The version of the pathway it is on.
    pub pathway: &'a PathwayVersion,
    /// Steps taken and not reversed.
    pub taken: Vec<StepTaken>,
    /// Disputes that are over.
    pub pauses: Vec<Pause>,
    /// Steps that the pathway's conditions leave out, a bit for each place.
    pub left_out: u64,
    /// Its own holds and those of the account.
    pub holds: Vec<Hold>,
    /// What became of the document, where it did not arrive.
    pub undelivered: Option<String>,
    /// What cases say of this debt alone.
    pub freezes: Vec<Flag>,
    /// Somebody who owes it too may be asked, though the law protects the customer.
    pub spared: bool,
    /// What the law asks of overpaid benefit and of care charges.
    pub special: SpecialDebt,
    /// The set of letters it is asked for with.
    pub set: LetterSet,
    /// How long it can be sued for, where it is so old that it may be out of time.
    pub limitation: Option<Limitation>,
}

impl DayItem<'_> {
    /// What the next step needs to know of it.
    pub fn facts(&self) -> ItemFacts {
        ItemFacts { due_on: self.due_on, pauses: self.pauses.clone(), left_out: self.left_out }
    }
}

/// A customer on a day.
#[derive(Clone, Debug)]
pub struct DayCase<'a> {
    /// What they are.
    pub kind: CustomerKind,
    /// How they can be reached.
    pub reach: ReachFacts,
    /// Flags on them.
    pub flags: Vec<Flag>,
    /// Holds of the whole account.
    pub holds: Vec<Hold>,
    /// Receipts that wait to be allocated.
    pub unallocated: Pence,
    /// Credit notes that are open; a letter shows them and asks for less.
    pub credits: Pence,
    /// When and how the customer was chased lately, over all debts and channels.
    pub contacts: Vec<(NaiveDate, ContactWay)>,
    /// What they asked of us, or need.
    pub adjustments: Vec<Adjustment>,
    /// Items with something open.
    pub items: Vec<DayItem<'a>>,
}

/// One step taken for some items at once: one letter, or one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepGroup {
    /// The step.
    pub step: Step,
    /// Code of the pathway.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i32,
    /// Places of the items in the case.
    pub items: Vec<usize>,
    /// Whether the open credits are shown in this letter.
    pub shows_credits: bool,
    /// The set of letters that its letter comes from: the most sensitive of its items'.
    pub set: LetterSet,
}

/// A step that is due and may not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRefused {
    /// Place of the item in the case.
    pub item: usize,
    /// The step's code.
    pub step_code: String,
    /// Why not.
    pub refusal: Refusal,
}

/// What a customer's day comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayDecision {
    /// Steps to take, the furthest first.
    pub groups: Vec<StepGroup>,
    /// Steps refused, one an item.
    pub refused: Vec<StepRefused>,
}

/// Code of the pathway for a customer: people, businesses, or public bodies whom nobody takes to court (REC-04).
pub fn pathway_code_for(kind: CustomerKind) -> &'static str {
    if kind.is_public_authority() {
        "public"
    } else if kind.is_individual() {
        "individual"
    } else {
        "business"
    }
}

/// The furthest step first: its day the other way round, its code, the pathway and its version.
type StepKey = (i32, String, String, i32);

/// Decides a customer's day. The same function serves the preview and the release.
pub fn decide_day(case: &DayCase<'_>, site: &SiteFacts, today: NaiveDate) -> DayDecision {
    let mut by_step: BTreeMap<StepKey, (Step, Vec<usize>)> = BTreeMap::new();
    for (at, item) in case.items.iter().enumerate() {
        let facts = item.facts();
        if let NextStep::Due(step) = next_step(&facts, &item.taken, item.pathway, today) {
            let key = (-step.day, step.code.clone(), item.pathway.code.clone(), item.pathway.version);
            by_step.entry(key).or_insert_with(|| (*step, Vec::new())).1.push(at);
        }
    }
    let mut decision = DayDecision::default();
    let mut credits = case.credits;
    let mut contact = contact_facts(case, site);
    let mut reminded = Vec::new();
    for ((_, _, pathway_code, pathway_version), (step, items)) in by_step {
        let (mut allowed, mut refused) = weigh_each(case, site, &step, &items, credits, today);
        if let Some(whole) = weigh_sum(case, site, &step, &allowed, credits, today) {
            refused.extend(allowed.drain(..).map(|item| (item, whole.clone())));
        }
        let set = letter_set(case, &allowed);
        let joins = letter_kind(step.kind) == LetterKind::Reminder && reminded.contains(&set);
        if !joins && let Some(enough) = budget(&mut contact, &step, &allowed, today) {
            refused.extend(allowed.drain(..).map(|item| (item, enough.clone())));
        }
        let code = &step.code;
        decision.refused.extend(refused.into_iter().map(|(item, refusal)| StepRefused {
            item,
            step_code: code.clone(),
            refusal,
        }));
        if !allowed.is_empty() {
            let shows_credits = step.kind.is_letter() && credits > Pence::ZERO;
            if shows_credits {
                credits = Pence::ZERO;
            }
            if step.kind == StepKind::Letter {
                reminded.push(set);
            }
            decision.groups.push(StepGroup { step, pathway_code, pathway_version, items: allowed, shows_credits, set });
        }
    }
    decision
}

/// How a letter of today would reach the customer, and what reached them before.
fn contact_facts(case: &DayCase<'_>, site: &SiteFacts) -> ContactFacts {
    ContactFacts {
        way: match way_to_send(LetterKind::Reminder, &case.reach) {
            Way::Email => ContactWay::Email,
            Way::Post | Way::Held => ContactWay::Post,
        },
        before: case.contacts.clone(),
        adjustments: case.adjustments.clone(),
        at: None,
        bank_holidays: Vec::new(),
        policy: site.contact,
    }
}

/// The most sensitive set of these items.
fn letter_set(case: &DayCase<'_>, items: &[usize]) -> LetterSet {
    let sets = items.iter().filter_map(|at| case.items.get(*at)).map(|item| item.set);
    sets.min().unwrap_or(LetterSet::Ordinary)
}

/// A reminder spends of the budget of contact; a letter of claim has its day in the protocol, and goes beside it.
fn budget(contact: &mut ContactFacts, step: &Step, allowed: &[usize], today: NaiveDate) -> Option<Refusal> {
    if allowed.is_empty() || !matches!(step.kind, StepKind::Letter | StepKind::Statement) {
        return None;
    }
    let refusal = may_contact(contact, today).err();
    if refusal.is_none() {
        contact.before.push((today, contact.way));
    }
    refusal
}

/// Item by item: holds, freezes, cash; a sum that is too small is weighed with the whole letter.
fn weigh_each(
    case: &DayCase<'_>,
    site: &SiteFacts,
    step: &Step,
    items: &[usize],
    credits: Pence,
    today: NaiveDate,
) -> (Vec<usize>, Vec<(usize, Refusal)>) {
    let (mut allowed, mut refused) = (Vec::new(), Vec::new());
    let balance = sum(case, items).minus(credits).max(site.minimum_to_claim).max(site.minimum_to_chase);
    for at in items {
        let item = &case.items[*at];
        if let Some(words) = &item.undelivered {
            refused.push((*at, refusals::NOT_RECEIVED.because(words.clone())));
            continue;
        }
        let facts = item_facts(case, site, item, balance);
        match may(act(step), &facts, today).and_then(|()| may_name_a_court(step, item, today)) {
            Ok(()) => allowed.push(*at),
            Err(refusal) => refused.push((*at, refusal)),
        }
    }
    (allowed, refused)
}

/// The letter as a whole: its sum, and whether it can reach the customer.
fn weigh_sum(
    case: &DayCase<'_>,
    site: &SiteFacts,
    step: &Step,
    items: &[usize],
    credits: Pence,
    today: NaiveDate,
) -> Option<Refusal> {
    let first = case.items.get(*items.first()?)?;
    let facts = item_facts(case, site, first, sum(case, items).minus(credits));
    let by_sum = may(act(step), &facts, today).err();
    by_sum.or_else(|| step.kind.is_letter().then(|| reachable(case, letter_kind(step.kind))).and_then(Result::err))
}

/// A debt that is out of time may be asked for, but by no letter that speaks of a court (CT-08).
fn may_name_a_court(step: &Step, item: &DayItem<'_>, today: NaiveDate) -> Result<(), Refusal> {
    match &item.limitation {
        Some(limitation) if NAMES_A_COURT.contains(&step.template.as_str()) => in_time(limitation, today),
        _ => Ok(()),
    }
}

/// A reminder in the form of a statement still chases.
fn act(step: &Step) -> Act {
    match step.kind {
        StepKind::Statement => Act::Chase,
        kind => act_of(kind),
    }
}

/// The kind of letter a step sends.
pub fn letter_kind(kind: StepKind) -> LetterKind {
    match kind {
        StepKind::LetterOfClaim => LetterKind::LetterOfClaim,
        StepKind::Statement => LetterKind::Statement,
        _ => LetterKind::Reminder,
    }
}

fn reachable(case: &DayCase<'_>, kind: LetterKind) -> Result<(), Refusal> {
    match way_to_send(kind, &case.reach) {
        Way::Held => Err(refusals::UNREACHABLE.because("We hold no address that this letter could go to")),
        _ => Ok(()),
    }
}

fn sum(case: &DayCase<'_>, items: &[usize]) -> Pence {
    items.iter().fold(Pence::ZERO, |sum, at| sum.plus(case.items[*at].open).minus(case.items[*at].in_query))
}

fn facts(case: &DayCase<'_>, site: &SiteFacts, dated_on: NaiveDate, holds: Vec<Hold>, balance: Pence) -> CaseFacts {
    CaseFacts {
        flags: flags_that_bear(&case.flags, dated_on),
        holds,
        minimum_to_chase: site.minimum_to_chase,
        minimum_to_claim: site.minimum_to_claim,
        unallocated: case.unallocated,
        bank_file_unposted: site.bank_file_unposted,
        we_are_nhs: site.we_are_nhs,
        ..CaseFacts::of(case.kind, balance)
    }
}

/// What bears on one debt: flags of the customer, but those that somebody who owes with them does not have; and what
/// cases say of it alone.
pub(super) fn item_facts(case: &DayCase<'_>, site: &SiteFacts, item: &DayItem<'_>, balance: Pence) -> CaseFacts {
    let mut facts = facts(case, site, item.dated_on, item.holds.clone(), balance);
    if item.spared {
        facts.flags.retain(|flag| !matches!(flag.kind, FlagKind::BreathingSpace | FlagKind::Deceased));
    }
    facts.flags.extend(item.freezes.iter().cloned());
    item.special.told_to(&mut facts.debt);
    facts.debt.limitation.clone_from(&item.limitation);
    facts
}

/// Whether a customer may be called about what is overdue: about any of it, else why about none.
///
/// # Errors
/// What the law or a hold says of the oldest.
pub fn may_call_about(case: &DayCase<'_>, site: &SiteFacts, today: NaiveDate) -> Result<(), Refusal> {
    let mut first = None;
    for item in case.items.iter().filter(|item| item.due_on < today) {
        let facts = item_facts(case, site, item, site.minimum_to_chase.max(item.open));
        match may(Act::Chase, &facts, today) {
            Ok(()) => return Ok(()),
            Err(refusal) => drop(first.get_or_insert(refusal)),
        }
    }
    first.map_or(Ok(()), Err)
}

/// Whether a statement of everything open may be sent; `None` where nothing is owed in all.
pub fn decide_statement(case: &DayCase<'_>, site: &SiteFacts, today: NaiveDate) -> Option<Result<(), Refusal>> {
    let owed = case.items.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
    let balance = owed.minus(case.credits).minus(case.unallocated);
    if balance <= Pence::ZERO {
        return None;
    }
    let frozen = case.items.iter().flat_map(|item| item.freezes.iter().cloned());
    let flags = case.flags.iter().cloned().chain(frozen).collect();
    let facts = CaseFacts { flags, ..facts(case, site, today, case.holds.clone(), balance) };
    Some(may(Act::Statement, &facts, today).and_then(|()| reachable(case, LetterKind::Statement)))
}

/// Whether monthly statements go out: on the month's first working day, or on the first run after it was missed.
pub fn statements_due(calendar: &Calendar, today: NaiveDate, last_run: Option<NaiveDate>) -> Result<bool, Refusal> {
    let first = today.with_day(1).unwrap_or(today);
    let working = calendar.next_or_same(first)?;
    Ok(today == working || (today > working && last_run.is_some_and(|last| last < working)))
}

/// The dates a letter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterDates {
    /// Pay by.
    pub pay_by: NaiveDate,
    /// When the next letter would go.
    pub next_letter_on: NaiveDate,
}

/// Pay within a week, and before the next letter of the pathway would go.
pub fn letter_dates(pathway: &PathwayVersion, step: &Step, today: NaiveDate) -> LetterDates {
    let later = pathway.steps.iter().skip_while(|other| other.code != step.code).skip(1);
    let next = later.filter(|other| other.kind.is_letter()).map(|other| i64::from(other.day - step.day)).next();
    let next_letter_on = add_days(today, next.unwrap_or(14).max(super::pathway::DAYS_BETWEEN_LETTERS));
    LetterDates { pay_by: add_days(today, 7).min(add_days(next_letter_on, -1)), next_letter_on }
}

impl PathwayVersion {
    /// The pathway of a customer whom e-mail does not reach: courtesy notes that only go by e-mail fall away.
    pub fn without_email_courtesy(&self) -> PathwayVersion {
        let courtesy = |step: &&Step| !(step.channel == Channel::Email && step.lapses_after_day.is_some());
        // Each step keeps the clause that it has in the whole.
        let kept = |step: &Step| Step { clause: self.clause(&step.code), ..step.clone() };
        PathwayVersion { steps: self.steps.iter().filter(courtesy).map(kept).collect(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pathway_defaults::seeded_pathways;
    use super::*;
    use crate::calendar::Nation;
    use crate::customers::FlagKind;
    use crate::law::{HoldReason, LimitFacts, LimitKind, limitation};
    use crate::reference::{ReferenceBook, shipped_rows};

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn site() -> SiteFacts {
        SiteFacts {
            minimum_to_chase: Pence(500),
            minimum_to_claim: Pence(5_000),
            bank_file_unposted: false,
            we_are_nhs: false,
            contact: ContactPolicy::default(),
        }
    }

    fn item<'a>(pathway: &'a PathwayVersion, due: &str, open: i64) -> DayItem<'a> {
        DayItem {
            dated_on: add_days(d(due), -30),
            due_on: d(due),
            open: Pence(open),
            in_query: Pence::ZERO,
            pathway,
            taken: vec![],
            pauses: vec![],
            left_out: 0,
            holds: vec![],
            undelivered: None,
            freezes: vec![],
            spared: false,
            special: SpecialDebt::default(),
            set: LetterSet::Ordinary,
            limitation: None,
        }
    }

    fn case<'a>(items: Vec<DayItem<'a>>) -> DayCase<'a> {
        DayCase {
            kind: CustomerKind::Individual,
            reach: ReachFacts { prefers_email: false, email: String::new(), has_address: true, gone_away: false },
            flags: vec![],
            holds: vec![],
            unallocated: Pence::ZERO,
            credits: Pence::ZERO,
            contacts: vec![],
            adjustments: vec![],
            items,
        }
    }

    fn frozen(kind: FlagKind) -> Flag {
        let (starts_on, ends_on) = (d("2026-03-25"), Some(d("2026-05-23")));
        Flag { kind, evidence: "Case".into(), starts_on, ends_on, review_on: None }
    }

    #[test]
    fn leg_07_a_case_freezes_the_debts_it_names_and_no_others() {
        let pathway = seeded_pathways().remove(0);
        let mut named = item(&pathway, "2026-03-20", 1_000);
        named.freezes.push(frozen(FlagKind::BreathingSpace));
        let case = case(vec![named, item(&pathway, "2026-03-19", 700)]);
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.groups[0].items, [1]);
        assert_eq!(decided.refused[0].refusal.code, "BS-03-BREATHING-SPACE");
        assert_eq!(decided.refused[0].refusal.allowed_from, Some(d("2026-05-24")));
        let statement = decide_statement(&case, &site(), d("2026-04-01")).expect("something is owed");
        assert_eq!(statement.expect_err("it would list the frozen one").code, "BS-03-BREATHING-SPACE");
    }

    #[test]
    fn cus_15_who_owes_with_the_dead_may_be_asked_and_the_estate_may_not() {
        let pathway = seeded_pathways().remove(0);
        let mut joint = item(&pathway, "2026-03-20", 1_000);
        joint.spared = true;
        let mut case = case(vec![item(&pathway, "2026-03-20", 700), joint]);
        case.flags.push(Flag { ends_on: None, ..frozen(FlagKind::Deceased) });
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.groups[0].items, [1]);
        assert_eq!((decided.refused[0].item, decided.refused[0].refusal.code.as_str()), (0, "BS-06-DECEASED"));
    }

    #[test]
    fn dun_19_the_budget_counts_letters_and_not_the_steps_that_one_letter_takes() {
        let pathway = seeded_pathways().remove(0);
        let mut second = item(&pathway, "2026-03-05", 1_000);
        second.taken = vec![StepTaken { code: "R1".into(), on: d("2026-03-01") }];
        let mut case = case(vec![item(&pathway, "2026-03-20", 1_000), second]);
        case.contacts = vec![(d("2026-03-28"), ContactWay::Post), (d("2026-03-30"), ContactWay::Call)];
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!((decided.groups.len(), decided.refused.len()), (2, 0), "{decided:?}");
        case.contacts.push((d("2026-03-31"), ContactWay::Email));
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!((decided.groups.len(), decided.refused.len()), (0, 2), "{decided:?}");
    }

    #[test]
    fn dun_19_the_budget_counts_every_debt_and_the_letters_of_today() {
        let pathway = seeded_pathways().remove(0);
        let taken = |code: &str| vec![StepTaken { code: code.into(), on: d("2026-03-01") }];
        let mut third = item(&pathway, "2026-03-05", 1_000);
        third.taken = taken("R1");
        // Care has letters of its own: these two do not go in one.
        third.set = LetterSet::Care;
        let mut case = case(vec![item(&pathway, "2026-03-20", 1_000), third]);
        case.contacts = vec![(d("2026-03-28"), ContactWay::Post), (d("2026-03-30"), ContactWay::Call)];
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.groups.len(), 1, "the furthest step first: {:?}", decided.groups);
        assert_eq!(decided.groups[0].items, [1]);
        assert_eq!(decided.refused[0].refusal.code, "DUN-19-BUDGET");
        assert_eq!(decided.refused[0].refusal.allowed_from, Some(d("2026-04-04")));
    }

    #[test]
    fn del_06_a_document_that_did_not_arrive_is_not_chased() {
        let pathway = seeded_pathways().remove(0);
        let mut lost = item(&pathway, "2026-03-20", 9_000);
        lost.undelivered = Some("Its e-mail came back on 1 March 2026".into());
        let case = case(vec![item(&pathway, "2026-03-18", 1_000), lost]);
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.groups[0].items, [0]);
        let refused = &decided.refused[0];
        assert_eq!((refused.item, refused.refusal.code.as_str()), (1, "REC-04-NOT-RECEIVED"));
    }

    #[test]
    fn ct_08_what_is_out_of_time_is_asked_for_and_no_letter_names_a_court() {
        let pathway = seeded_pathways().remove(0);
        let before = |code: &str| -> Vec<StepTaken> {
            let earlier = pathway.steps.iter().take_while(|step| step.code != code);
            earlier.map(|step| StepTaken { code: step.code.clone(), on: d("2025-01-01") }).collect()
        };
        let barred = limitation(&LimitFacts {
            kind: LimitKind::Contract,
            due_on: d("2020-04-01"),
            events: vec![],
            concealed_until: None,
        });
        for (code, today, stopped) in [
            ("R2", "2026-04-02", None),
            ("R3", "2026-04-01", None),
            ("R3", "2026-04-02", Some("CT-08-BARRED")),
            ("R4", "2026-04-01", None),
            ("R4", "2026-04-02", Some("CT-08-BARRED")),
        ] {
            let mut old = item(&pathway, "2020-04-01", 10_000);
            (old.taken, old.limitation) = (before(code), Some(barred.clone()));
            let decided = decide_day(&case(vec![old]), &site(), d(today));
            let refused = decided.refused.first().map(|one| one.refusal.code.as_str());
            assert_eq!(refused, stopped, "{code} on {today}");
            assert_eq!(decided.groups.len(), usize::from(stopped.is_none()), "{code} on {today}");
        }
    }

    #[test]
    fn items_at_one_step_share_one_letter_and_a_held_one_stays_behind() {
        let pathway = seeded_pathways().remove(0);
        let mut held = item(&pathway, "2026-03-20", 1_000);
        held.holds.push(Hold { reason: HoldReason::Complaint, starts_on: d("2026-03-01"), ends_on: None, part: false });
        let case = case(vec![item(&pathway, "2026-03-18", 1_000), held, item(&pathway, "2026-03-20", 700)]);
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.groups.len(), 1);
        assert_eq!((decided.groups[0].step.code.as_str(), &decided.groups[0].items), ("R1", &vec![0, 2]));
        assert_eq!(decided.refused.len(), 1);
        assert_eq!((decided.refused[0].item, decided.refused[0].refusal.code.as_str()), (1, "REC-04-HOLD-COMPLAINT"));
    }

    #[test]
    fn open_credits_are_shown_once_and_lower_the_sum() {
        let pathway = seeded_pathways().remove(0);
        let mut case = case(vec![item(&pathway, "2026-03-20", 1_000)]);
        case.credits = Pence(400);
        assert!(decide_day(&case, &site(), d("2026-04-01")).groups[0].shows_credits);
        case.credits = Pence(600);
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.refused[0].refusal.code, "REC-02-MINIMUM-BALANCE");
        assert!(decided.groups.is_empty());
    }

    #[test]
    fn qry_02_a_reminder_asks_for_the_undisputed_part_if_that_is_worth_asking_for() {
        let pathway = seeded_pathways().remove(0);
        let held = |in_query| {
            let mut item = item(&pathway, "2026-03-20", 1_000);
            item.in_query = Pence(in_query);
            item.holds.push(Hold {
                reason: HoldReason::Dispute,
                starts_on: d("2026-03-01"),
                ends_on: None,
                part: true,
            });
            decide_day(&case(vec![item]), &site(), d("2026-04-01"))
        };
        assert_eq!(held(500).groups.len(), 1);
        assert_eq!(held(600).refused[0].refusal.code, "REC-02-MINIMUM-BALANCE");
    }

    #[test]
    fn a_customer_nobody_can_write_to_is_refused_not_forgotten() {
        let pathway = seeded_pathways().remove(0);
        let mut case = case(vec![item(&pathway, "2026-03-20", 1_000)]);
        case.reach.gone_away = true;
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.refused[0].refusal.code, "REC-04-UNREACHABLE");
    }

    #[test]
    fn bs_02_what_is_billed_inside_a_moratorium_is_an_ongoing_liability() {
        let pathway = seeded_pathways().remove(0);
        let flag = Flag {
            kind: FlagKind::BreathingSpace,
            evidence: "Notice".into(),
            starts_on: d("2026-02-20"),
            ends_on: None,
            review_on: None,
        };
        let mut case = case(vec![item(&pathway, "2026-03-20", 1_000), item(&pathway, "2026-03-25", 1_000)]);
        case.flags.push(flag);
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!(decided.refused[0].refusal.code, "BS-03-BREATHING-SPACE");
        assert_eq!(decided.groups[0].items, [1]);
    }

    #[test]
    fn bs_05_what_is_billed_after_an_insolvency_is_a_new_debt() {
        let pathway = seeded_pathways().remove(0);
        let flag = Flag {
            kind: FlagKind::Insolvent,
            evidence: "Bankruptcy".into(),
            starts_on: d("2026-02-18"),
            ends_on: None,
            review_on: None,
        };
        // Dated on the day of the order, and the day after.
        let mut case = case(vec![item(&pathway, "2026-03-20", 1_000), item(&pathway, "2026-03-21", 1_000)]);
        case.flags.push(flag);
        let decided = decide_day(&case, &site(), d("2026-04-01"));
        assert_eq!((decided.refused[0].item, decided.refused[0].refusal.code.as_str()), (0, "BS-05-INSOLVENT"));
        assert_eq!(decided.groups[0].items, [1]);
    }

    #[test]
    fn nhs_bodies_and_councils_get_statements_and_no_claim() {
        assert_eq!(pathway_code_for(CustomerKind::NhsBody), "public");
        assert_eq!(pathway_code_for(CustomerKind::SoleTrader), "individual");
        assert_eq!(pathway_code_for(CustomerKind::Company), "business");
        let all = seeded_pathways();
        let public = all.iter().find(|pathway| pathway.code == "public").expect("seeded");
        assert!(public.steps.iter().all(|step| !matches!(step.kind, StepKind::Letter | StepKind::LetterOfClaim)));
    }

    #[test]
    fn statements_go_on_the_first_working_day_or_the_next_run() {
        let book = ReferenceBook::from_rows(&shipped_rows());
        let calendar = book.calendar(Nation::EnglandAndWales);
        let due = |today: &str, last: &str| statements_due(calendar, d(today), last.parse().ok()).expect("loaded");
        assert!(!due("2026-05-02", "2026-05-01") && due("2026-05-01", ""));
        assert!(due("2026-06-01", "2026-05-29"));
        assert!(due("2026-06-09", "2026-05-29") && !due("2026-06-09", "2026-06-01") && !due("2026-06-09", ""));
    }

    #[test]
    fn letters_name_a_day_to_pay_before_the_next_letter() {
        let pathway = seeded_pathways().remove(0);
        let dates = |code: &str| letter_dates(&pathway, pathway.step(code).expect("a step"), d("2026-11-05"));
        assert_eq!(dates("R1"), LetterDates { pay_by: d("2026-11-12"), next_letter_on: d("2026-11-19") });
        assert_eq!(dates("R3"), LetterDates { pay_by: d("2026-11-11"), next_letter_on: d("2026-11-12") });
        let email_less = pathway.without_email_courtesy();
        assert!(email_less.step("R0").is_none() && email_less.step("R1").is_some());
    }
}
