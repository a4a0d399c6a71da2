//! A year of a pathway, lived in memory: the day's own decision, asked only on the days on which something can happen.
use super::day::{DayCase, DayDecision, DayItem, SiteFacts, decide_day};
use super::pathway::{Channel, ItemFacts, Progress, Step, StepKind, StepTaken, next_place};
use crate::calendar::{Calendar, add_days};
use crate::law::{ContactWay, SpecialDebt};
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parts of a million.
const MILLION: i64 = 1_000_000;
/// Days after a step within which money counts as its answer.
pub const ANSWER_DAYS: i64 = 28;
/// Days that one customer is followed through, at most: a guard against rules that never rest.
const TURNS_MOST: usize = 800;

/// The days on which the run goes: for each day of a span, itself or the next working day.
#[derive(Clone, Debug)]
pub struct RunDays {
    from: NaiveDate,
    next: Vec<NaiveDate>,
}

impl RunDays {
    /// The run days from a day to another.
    ///
    /// # Errors
    /// A calendar that is not loaded so far.
    pub fn new(calendar: &Calendar, from: NaiveDate, until: NaiveDate) -> Result<RunDays, Refusal> {
        let days = (until - from).num_days().max(0);
        let next: Result<Vec<NaiveDate>, Refusal> =
            (0..=days).map(|day| calendar.next_or_same(add_days(from, day))).collect();
        Ok(RunDays { from, next: next? })
    }

    /// The first day of the span.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last day of the span.
    pub fn until(&self) -> NaiveDate {
        add_days(self.from, self.next.len() as i64 - 1)
    }

    /// The day itself or the next on which the run goes; none beyond the span.
    fn next_or_same(&self, day: NaiveDate) -> Option<NaiveDate> {
        let at = usize::try_from((day.max(self.from) - self.from).num_days()).ok()?;
        self.next.get(at).copied().filter(|day| *day <= self.until())
    }
}

/// What a step came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepTotals {
    /// Letters, texts, calls or tasks.
    pub times: i64,
    /// Debts in them.
    pub debts: i64,
    /// What they asked for.
    pub asked: Pence,
    /// What they cost.
    pub cost: Pence,
}

/// A week of a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeekTotals {
    /// Letters by post and e-mail.
    pub letters: i64,
    /// Calls and other work for people, texts among it.
    pub work: i64,
}

/// What a pathway comes to over a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SideTotals {
    /// By step.
    pub steps: BTreeMap<String, StepTotals>,
    /// By week from the first day.
    pub weeks: Vec<WeekTotals>,
    /// Letters in all.
    pub letters: i64,
    /// Texts, which people send.
    pub texts: i64,
    /// Calls.
    pub calls: i64,
    /// Other work for people, decisions too.
    pub tasks: i64,
    /// What it all costs.
    pub cost: Pence,
    /// Customers who hear from us.
    pub customers: i64,
    /// Steps that the law, a hold or the budget of contact kept back, by code.
    pub kept_back: BTreeMap<String, i64>,
    /// What may be expected to come in, by what came in after such steps before; in a replay, what did come within
    /// four weeks of a step.
    pub cash: Pence,
}

/// What came in within four weeks of a step, in parts of a million of what it asked for, by step or kind of step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// By code of the step, `*letter` and so on for a kind.
    pub ppm: BTreeMap<String, i64>,
}

/// The response of steps: asked for and answered, by code; by kind too, for steps that are new.
pub fn response_of(seen: &BTreeMap<String, (StepKind, i64, i64)>) -> Response {
    let mut ppm = BTreeMap::new();
    let mut kinds: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (code, (kind, asked, answered)) in seen {
        let of_kind = kinds.entry(kind.as_str()).or_default();
        of_kind.0 += asked;
        of_kind.1 += answered;
        if let Some(share) = share(*asked, *answered) {
            ppm.insert(code.clone(), share);
        }
    }
    for (kind, (asked, answered)) in kinds {
        if let Some(share) = share(asked, answered) {
            ppm.insert(format!("*{kind}"), share);
        }
    }
    Response { ppm }
}

fn share(asked: i64, answered: i64) -> Option<i64> {
    let part = i128::from(answered.clamp(0, asked.max(0))) * i128::from(MILLION);
    (asked > 0).then(|| i64::try_from(part / i128::from(asked)).unwrap_or(MILLION))
}

impl Response {
    fn of(&self, step: &Step) -> i64 {
        let kind = || self.ppm.get(&format!("*{}", step.kind.as_str()));
        self.ppm.get(&step.code).or_else(kind).copied().unwrap_or(0).clamp(0, MILLION)
    }
}

/// How a side is lived.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What the site decided. A bank file of today is taken as posted.
    pub site: &'a SiteFacts,
    /// On which days the run goes.
    pub days: &'a RunDays,
    /// What steps brought before; none in a replay, where the payments are known.
    pub response: Option<&'a Response>,
}

/// What was paid of an item up to a day, from its payments in order.
pub fn taken_sum(paid: &[(NaiveDate, Pence)], after: Option<NaiveDate>, until: NaiveDate) -> Pence {
    let within = paid.iter().filter(|(on, _)| *on <= until && after.is_none_or(|after| *on > after));
    within.fold(Pence::ZERO, |sum, (_, amount)| sum.plus(*amount))
}

/// What only a simulation knows of an item.
struct Follow {
    /// Parts of a million of it that are expected to be open still.
    left: i64,
    /// Open at the beginning.
    open: Pence,
    /// Steps that its conditions leave out.
    left_out: u64,
    /// Refused: until a day, or for the rest of the span.
    kept: Option<Option<NaiveDate>>,
    /// Payments up to then are counted as an answer.
    answered: Option<NaiveDate>,
}

/// What a replay knows of the items of a case: from when each is in the books, when it was paid, and what was learnt of
/// it and of the customer, and when.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The day on which each was posted; empty: all are there.
    pub posted: &'a [NaiveDate],
    /// Payments of each, by day; empty: none are known.
    pub paid: &'a [Vec<(NaiveDate, Pence)>],
    /// What the law asks of each from a day on, in the order of days; empty: what the case says, all the time.
    pub special: &'a [Vec<(NaiveDate, SpecialDebt)>],
    /// Days from which something else bears on the customer than the day before: a flag begins, or has ended.
    pub turns: &'a [NaiveDate],
}

impl Known<'_> {
    fn owed(&self, at: usize, open: Pence, today: NaiveDate) -> Pence {
        if self.posted.get(at).is_some_and(|posted| *posted > today) {
            return Pence::ZERO;
        }
        let gone = self.paid.get(at).map_or(Pence::ZERO, |paid| taken_sum(paid, None, today));
        open.minus(gone).max(Pence::ZERO)
    }

    /// What the law asks of an item on a day; none where only the case says it.
    fn special_on(&self, at: usize, today: NaiveDate) -> Option<SpecialDebt> {
        let of_item = self.special.get(at)?;
        of_item.iter().rev().find(|(from, _)| *from <= today).map(|(_, special)| *special)
    }

    /// The first day after this one on which something else bears on an item.
    fn next_turn(&self, at: usize, today: NaiveDate) -> Option<NaiveDate> {
        let learnt = self.special.get(at).map_or(&[][..], Vec::as_slice).iter().map(|(from, _)| *from);
        learnt.chain(self.turns.iter().copied()).filter(|day| *day > today).min()
    }
}

/// Lives one customer through the span, and gives the totals their part.
pub fn live_out(case: &mut DayCase<'_>, side: &Side<'_>, known: Known<'_>, totals: &mut SideTotals) {
    let begin = |item: &DayItem<'_>| Follow {
        left: MILLION,
        open: item.open,
        left_out: item.left_out,
        kept: None,
        answered: None,
    };
    let mut follow: Vec<Follow> = case.items.iter().map(begin).collect();
    // Money that waits is taken as allocated: a year is not decided by a morning.
    case.unallocated = Pence::ZERO;
    let mut heard = false;
    let mut day = next_day(case, &follow, side, known, side.days.from());
    let mut turns = 0;
    while let Some(today) = day.filter(|_| turns < TURNS_MOST) {
        turns += 1;
        for (at, item) in case.items.iter_mut().enumerate() {
            item.open = known.owed(at, follow[at].open, today);
            // What is not owed today has no step.
            item.left_out = if item.open > Pence::ZERO { follow[at].left_out } else { u64::MAX };
            item.special = known.special_on(at, today).unwrap_or(item.special);
        }
        let decision = decide_day(case, side.site, today);
        keep_back(&mut follow, &decision, known, totals, today);
        heard |= take(case, &mut follow, decision, side, known, totals, today);
        day = next_day(case, &follow, side, known, add_days(today, 1));
    }
    totals.customers += i64::from(heard);
}

/// The next day on which something may happen to any item.
fn next_day(
    case: &DayCase<'_>,
    follow: &[Follow],
    side: &Side<'_>,
    known: Known<'_>,
    from: NaiveDate,
) -> Option<NaiveDate> {
    let mut first: Option<NaiveDate> = None;
    for (at, (item, followed)) in case.items.iter().zip(follow).enumerate() {
        let start = known.posted.get(at).map_or(from, |posted| from.max(*posted));
        let start = match followed.kept {
            Some(None) => continue,
            Some(Some(until)) => start.max(until),
            None => start,
        };
        if known.owed(at, followed.open, start) <= Pence::ZERO {
            continue;
        }
        let facts = ItemFacts { left_out: followed.left_out, ..item.facts() };
        let progress = Progress::of(&item.taken, item.pathway);
        let Some((_, on)) = next_place(&facts, progress, item.pathway, start) else { continue };
        let on = on.max(start);
        first = Some(first.map_or(on, |first| first.min(on)));
    }
    side.days.next_or_same(first?)
}

/// What was refused waits until the day that the refusal names, or on which something else bears on it, or for the rest
/// of the span: then it is asked again only on a day on which something else of the customer falls due, for small debts
/// may come to a letter together.
fn keep_back(
    follow: &mut [Follow],
    decision: &DayDecision,
    known: Known<'_>,
    totals: &mut SideTotals,
    today: NaiveDate,
) {
    for one in follow.iter_mut() {
        if matches!(one.kept, Some(Some(until)) if until <= today) {
            one.kept = None;
        }
    }
    for refused in &decision.refused {
        let Some(one) = follow.get_mut(refused.item) else { continue };
        if one.kept.is_none() {
            *totals.kept_back.entry(refused.refusal.code.clone()).or_default() += 1;
        }
        let named = refused.refusal.allowed_from.filter(|day| *day > today);
        one.kept = Some(named.into_iter().chain(known.next_turn(refused.item, today)).min());
    }
}

/// Takes the steps of a day; whether the customer hears of it.
fn take(
    case: &mut DayCase<'_>,
    follow: &mut [Follow],
    decision: DayDecision,
    side: &Side<'_>,
    known: Known<'_>,
    totals: &mut SideTotals,
    today: NaiveDate,
) -> bool {
    let mut heard = false;
    let mut reminded = Vec::new();
    for group in decision.groups {
        let step = &group.step;
        let mut asked = Pence::ZERO;
        for at in &group.items {
            let item = &mut case.items[*at];
            item.taken.push(StepTaken { code: step.code.clone(), on: today });
            asked = asked.plus(item.open).minus(item.in_query);
            follow[*at].kept = None;
            let paid = known.paid.get(*at).map_or(&[][..], Vec::as_slice);
            totals.cash = totals.cash.plus(answer(&mut follow[*at], item.open, step, side, paid, today));
        }
        let week = usize::try_from((today - side.days.from()).num_days() / 7).unwrap_or(0);
        count(totals, step, group.items.len() as i64, asked, week);
        heard |= step.kind.is_letter() || matches!(step.channel, Channel::Text | Channel::Phone);
        // Reminders of one set are one letter, and one contact.
        let joins = step.kind == StepKind::Letter && reminded.contains(&group.set);
        if matches!(step.kind, StepKind::Letter | StepKind::Statement) && !joins {
            case.contacts.push((today, ContactWay::Post));
        }
        if step.kind == StepKind::Letter {
            reminded.push(group.set);
        }
    }
    heard
}

/// What a step may be expected to bring of an item, or did bring: a payment within four weeks of two steps counts once.
fn answer(
    follow: &mut Follow,
    open: Pence,
    step: &Step,
    side: &Side<'_>,
    paid: &[(NaiveDate, Pence)],
    today: NaiveDate,
) -> Pence {
    let Some(response) = side.response else {
        let until = add_days(today, ANSWER_DAYS);
        let came = taken_sum(paid, Some(follow.answered.map_or(today, |day| day.max(today))), until);
        follow.answered = Some(until);
        return came;
    };
    let share = response.of(step);
    let whole = i128::from(MILLION) * i128::from(MILLION);
    let part = i128::from(open.0) * i128::from(follow.left) * i128::from(share) / whole;
    follow.left -= follow.left * share / MILLION;
    Pence(i64::try_from(part).unwrap_or(0))
}

fn count(totals: &mut SideTotals, step: &Step, debts: i64, asked: Pence, week: usize) {
    let of_step = totals.steps.entry(step.code.clone()).or_default();
    of_step.times += 1;
    of_step.debts += debts;
    of_step.asked = of_step.asked.plus(asked);
    of_step.cost = of_step.cost.plus(step.cost);
    totals.cost = totals.cost.plus(step.cost);
    if totals.weeks.len() <= week {
        totals.weeks.resize(week + 1, WeekTotals::default());
    }
    if step.kind.is_letter() {
        totals.letters += 1;
        totals.weeks[week].letters += 1;
        return;
    }
    totals.weeks[week].work += 1;
    match step.channel {
        Channel::Text => totals.texts += 1,
        Channel::Phone => totals.calls += 1,
        _ => totals.tasks += 1,
    }
}

impl SideTotals {
    /// Adds another part of the book.
    pub fn add(&mut self, other: &SideTotals) {
        for (code, step) in &other.steps {
            let mine = self.steps.entry(code.clone()).or_default();
            mine.times += step.times;
            mine.debts += step.debts;
            mine.asked = mine.asked.plus(step.asked);
            mine.cost = mine.cost.plus(step.cost);
        }
        if self.weeks.len() < other.weeks.len() {
            self.weeks.resize(other.weeks.len(), WeekTotals::default());
        }
        for (mine, theirs) in self.weeks.iter_mut().zip(&other.weeks) {
            mine.letters += theirs.letters;
            mine.work += theirs.work;
        }
        for (code, times) in &other.kept_back {
            *self.kept_back.entry(code.clone()).or_default() += times;
        }
        self.letters += other.letters;
        self.texts += other.texts;
        self.calls += other.calls;
        self.tasks += other.tasks;
        self.customers += other.customers;
        self.cost = self.cost.plus(other.cost);
        self.cash = self.cash.plus(other.cash);
    }
}

#[cfg(test)]
mod tests {
    use super::super::letter_set::LetterSet;
    use super::super::pathway::PathwayVersion;
    use super::super::pathway_defaults::seeded_pathways;
    use super::*;
    use crate::calendar::Nation;
    use crate::customers::{CustomerKind, Flag, FlagKind};
    use crate::delivery::ReachFacts;
    use crate::law::{ContactPolicy, DebtFact, FactSeen};
    use crate::reference::{ReferenceBook, shipped_rows};

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn days(from: &str, until: &str) -> RunDays {
        let book = ReferenceBook::from_rows(&shipped_rows());
        RunDays::new(book.calendar(Nation::EnglandAndWales), d(from), d(until)).expect("loaded")
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

    fn case<'a>(pathway: &'a PathwayVersion, items: &[(&str, i64)]) -> DayCase<'a> {
        let item = |(due, open): &(&str, i64)| DayItem {
            dated_on: add_days(d(due), -30),
            due_on: d(due),
            open: Pence(*open),
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
        };
        DayCase {
            kind: CustomerKind::Individual,
            reach: ReachFacts { prefers_email: false, email: String::new(), has_address: true, gone_away: false },
            flags: vec![],
            holds: vec![],
            unallocated: Pence(100),
            credits: Pence::ZERO,
            contacts: vec![],
            adjustments: vec![],
            items: items.iter().map(item).collect(),
        }
    }

    #[test]
    fn a_year_of_one_debt_takes_every_step_once_on_working_days() {
        let pathway = seeded_pathways().remove(0).without_email_courtesy();
        let (days, site) = (days("2026-01-05", "2026-12-31"), site());
        let side = Side { site: &site, days: &days, response: None };
        let mut totals = SideTotals::default();
        live_out(&mut case(&pathway, &[("2026-01-10", 9_000)]), &side, Known::default(), &mut totals);
        let steps: Vec<&str> = totals.steps.keys().map(String::as_str).collect();
        assert_eq!(steps, ["R1", "R2", "R2-CALL", "R3", "R3-SERVICE", "R4", "R5"]);
        assert!(totals.steps.values().all(|step| step.times == 1 && step.debts == 1));
        assert_eq!((totals.letters, totals.calls, totals.tasks, totals.customers), (4, 1, 2, 1));
        assert_eq!(totals.cost, Pence(4 * 95 + 3 * 350));
        assert_eq!(totals.weeks.iter().map(|week| week.letters + week.work).sum::<i64>(), 7);
    }

    #[test]
    fn two_debts_of_a_day_share_a_letter_and_small_ones_wait_for_each_other() {
        let pathway = seeded_pathways().remove(0).without_email_courtesy();
        let (days, site) = (days("2026-01-05", "2026-01-20"), site());
        let side = Side { site: &site, days: &days, response: None };
        let mut totals = SideTotals::default();
        let items = [("2026-01-05", 300), ("2026-01-07", 300)];
        live_out(&mut case(&pathway, &items), &side, Known::default(), &mut totals);
        let first = totals.steps["R1"];
        assert_eq!((first.times, first.debts, first.asked), (1, 2, Pence(600)));
        assert_eq!(totals.kept_back["REC-02-MINIMUM-BALANCE"], 1);
    }

    #[test]
    fn a_replay_stops_when_the_money_came_and_counts_it_once() {
        let pathway = seeded_pathways().remove(0).without_email_courtesy();
        let (days, site) = (days("2026-01-05", "2026-12-31"), site());
        let side = Side { site: &site, days: &days, response: None };
        let mut totals = SideTotals::default();
        let posted = [d("2026-01-02")];
        let paid = [vec![(d("2026-02-10"), Pence(9_000))]];
        let known = Known { posted: &posted, paid: &paid, ..Known::default() };
        live_out(&mut case(&pathway, &[("2026-01-10", 9_000)]), &side, known, &mut totals);
        assert_eq!(totals.steps.keys().map(String::as_str).collect::<Vec<_>>(), ["R1", "R2", "R2-CALL"]);
        assert_eq!(totals.cash, Pence(9_000));
    }

    #[test]
    fn dun_17_a_replay_knows_what_was_known_on_each_day() {
        let pathway = seeded_pathways().remove(0).without_email_courtesy();
        let (days, site) = (days("2026-01-05", "2026-12-31"), site());
        let side = Side { site: &site, days: &days, response: None };
        let breathing = Flag {
            kind: FlagKind::BreathingSpace,
            evidence: "Notice".into(),
            starts_on: d("2026-01-12"),
            ends_on: Some(d("2026-03-12")),
            review_on: None,
        };
        let mut frozen = case(&pathway, &[("2026-01-10", 9_000)]);
        frozen.flags.push(breathing);
        let turns = [d("2026-03-13")];
        let mut totals = SideTotals::default();
        live_out(&mut frozen, &side, Known { turns: &turns, ..Known::default() }, &mut totals);
        assert_eq!(totals.weeks.iter().position(|week| week.letters > 0), Some(9), "after breathing space");

        let notice = FactSeen { fact: DebtFact::BenefitNotice, on: d("2026-04-01") };
        let by = |day: &str| (d(day), SpecialDebt::of("Housing benefit overpayment", &[notice], d(day)));
        let special = [vec![by("2026-01-01"), by("2026-04-01")]];
        let mut totals = SideTotals::default();
        let mut benefit = case(&pathway, &[("2026-01-10", 9_000)]);
        live_out(&mut benefit, &side, Known { special: &special, ..Known::default() }, &mut totals);
        let first = totals.weeks.iter().position(|week| week.letters > 0);
        assert!(first.is_some_and(|week| week >= 16), "a month after the notice of 1 April: {first:?}");
    }

    #[test]
    fn what_steps_brought_before_says_what_they_will_bring() {
        let seen = BTreeMap::from([("R1".to_owned(), (StepKind::Letter, 10_000, 4_000))]);
        let response = response_of(&seen);
        assert_eq!((response.ppm["R1"], response.ppm["*letter"]), (400_000, 400_000));
        let pathway = seeded_pathways().remove(0).without_email_courtesy();
        let (days, site) = (days("2026-01-05", "2026-02-10"), site());
        let side = Side { site: &site, days: &days, response: Some(&response) };
        let mut totals = SideTotals::default();
        live_out(&mut case(&pathway, &[("2026-01-05", 10_000)]), &side, Known::default(), &mut totals);
        // Two letters: four tenths, then four tenths of what is left; the call and the final notice brought nothing known.
        assert!(totals.cash.0 >= 6_400, "{:?}", totals.cash);
    }
}
