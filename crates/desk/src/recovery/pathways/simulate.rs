//! A year of a draft beside the version in force: on the live book, or over last year's invoices and payments as they
//! were. The book is read once, chunk by chunk; every decision is the daily run's own, in memory.
use super::super::facts::{CustomerDay, DayContext, Loaded, context, load, scores};
use super::replay::over_last_year;
use crate::core::command::answer_before;
use crate::delivery::Progress;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::customers::is_email;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{
    ANSWER_DAYS, DayCase, DayItem, DebtSeen, ItemFacts, Known, PathwayVersion, Progress as Place, Response, RunDays,
    Side, SideTotals, StepKind, choose, code_of, live_out, next_place, response_of, skipped, taken_sum,
};
use sundry_domain::refusal::Invalid;
use sundry_store::recovery::pathways::{self as rows, PathwayDraftRow, SimulationRow};
use sundry_store::{Tx, recovery};

/// Customers read at once.
pub(super) const CHUNK: usize = 500;
/// Debts whose next step changes, as a list.
const SAMPLE: usize = 1_000;
/// Days of a simulation.
pub(super) const YEAR: i64 = 364;

/// Tries the draft of a pathway.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SimulatePathway {
    /// Idempotency key.
    pub key: String,
    /// The pathway.
    pub code: String,
    /// live: the book from today on; replay: last year's invoices and payments.
    pub kind: String,
}

/// A debt whose next step would be another, or on another day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextChange {
    /// Customer number.
    pub customer: String,
    /// Number of the debt.
    pub item: String,
    /// The step it would take, and when; empty for none.
    pub was: String,
    /// The step the draft would take, and when; empty for none.
    pub will: String,
}

/// What trying a draft found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PathwaySimulation {
    /// The pathway.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// Hash of the steps that were tried.
    pub content_hash: String,
    /// live or replay.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Customers read.
    pub customers: i64,
    /// Debts read.
    pub debts: i64,
    /// Their sum.
    pub open_pence: Pence,
    /// Debts that would be on the draft.
    pub on_draft: i64,
    /// As things are: every pathway as it is in force.
    pub live: SideTotals,
    /// With the draft in its place.
    pub draft: SideTotals,
    /// Debts that would skip a step.
    pub skips: i64,
    /// Debts whose next step changes.
    pub changes: i64,
    /// The first of them, at most a thousand.
    pub sample: Vec<NextChange>,
    /// Pathways of the draft's own rank that would take the same debts: by code, how many accounts.
    pub clashes: BTreeMap<String, i64>,
    /// What steps brought in the year before, which the expected cash rests on; empty in a replay.
    pub response: Response,
}

/// Tries the draft of a pathway on the live book, or over last year.
///
/// # Errors
/// Duty; absent when there is no draft; a kind there is not; a calendar that is not loaded.
pub async fn simulate_pathway(
    desk: &Desk,
    by: &Actor,
    ask: SimulatePathway,
    progress: Progress<'_>,
) -> Outcome<PathwaySimulation> {
    by.must_hold(Duty::ManageSettings)?;
    if !["live", "replay"].contains(&ask.kind.as_str()) {
        return Err(Invalid::field("kind", "Choose live or replay", &ask.kind).into());
    }
    // Once the draft is in force there is none to try: the same request has its answer all the same.
    let before = answer_before::<PathwaySimulation>(desk, by, "simulate_pathway", &ask.key).await?;
    if let Some(before) = before.filter(|one| one.code == ask.code && one.kind == ask.kind) {
        return Ok(before);
    }
    let mut look = desk.look().await?;
    let row = rows::draft(&mut look, by.org, &ask.code).await?;
    let row = row.ok_or_else(|| No::Absent(format!("draft of pathway {}", ask.code)))?;
    let mut context = context(&mut look, desk, by.org, desk.today()).await?;
    context.site.bank_file_unposted = false;
    let tried = Tried::new(&row)?;
    let found = match ask.kind.as_str() {
        "live" => on_the_book(&mut look, desk, &context, &tried, progress).await?,
        _ => over_last_year(&mut look, desk, &context, &tried, progress).await?,
    };
    drop(look);
    keep(desk, by, &ask, &row, found).await
}

async fn keep(
    desk: &Desk,
    by: &Actor,
    ask: &SimulatePathway,
    row: &PathwayDraftRow,
    found: PathwaySimulation,
) -> Outcome<PathwaySimulation> {
    let found = PathwaySimulation {
        code: row.code.clone(),
        version: row.version,
        content_hash: row.content_hash.clone(),
        kind: ask.kind.clone(),
        ..found
    };
    command!(desk, by, "simulate_pathway", &ask.key, ask, |cmd| {
        let kept = SimulationRow {
            id: cmd.id(),
            code: found.code.clone(),
            version: found.version,
            content_hash: found.content_hash.clone(),
            kind: found.kind.clone(),
            from_on: found.from_on,
            until_on: found.until_on,
            result: serde_json::to_value(&found)?,
            skips: found.skips,
            changes: found.changes,
            asked_by_name: cmd.by.name.clone(),
            made_on: cmd.today,
            recorded_at: cmd.at,
        };
        rows::add_simulation(&mut cmd.tx, cmd.by.org, &kept).await?;
        let detail = serde_json::json!({
            "kind": found.kind, "skips": found.skips, "changes": found.changes, "content_hash": found.content_hash,
        });
        cmd.tell("PathwaySimulated", format!("pathway {}", found.code), detail);
        Ok(found.clone())
    })
}

/// The draft, as it is for those whom e-mail reaches, and for the others.
pub(super) struct Tried {
    pub(super) whole: PathwayVersion,
    by_post: PathwayVersion,
}

impl Tried {
    fn new(row: &PathwayDraftRow) -> Outcome<Tried> {
        let whole: PathwayVersion = serde_json::from_value(row.body.clone())?;
        let by_post = whole.without_email_courtesy();
        Ok(Tried { whole, by_post })
    }

    fn ladder(&self, by_email: bool) -> &PathwayVersion {
        if by_email { &self.whole } else { &self.by_post }
    }

    fn asks_history(&self) -> bool {
        self.whole.applies.when.asks_history() || self.whole.steps.iter().any(|step| step.when.asks_history())
    }

    /// The versions in force, with the draft in the place of its own.
    pub(super) fn among<'d>(&'d self, live: &[&'d PathwayVersion]) -> Vec<&'d PathwayVersion> {
        let mut all: Vec<&PathwayVersion> = live.iter().copied().filter(|one| one.code != self.whole.code).collect();
        all.push(&self.whole);
        all
    }

    /// The pathways that would take a debt as well as the draft, with no rank between them.
    fn clashing<'d>(&self, with_draft: &[&'d PathwayVersion], seen: &DebtSeen<'_>) -> Vec<&'d str> {
        let draft = &self.whole;
        let fits = |one: &&&PathwayVersion| one.code != draft.code && one.applies.fits(seen);
        let others: Vec<&'d PathwayVersion> = with_draft.iter().filter(fits).copied().collect();
        let above = others.iter().any(|one| one.applies.rank > draft.applies.rank);
        if above || !draft.applies.fits(seen) {
            return Vec::new();
        }
        let same = others.into_iter().filter(|one| one.applies.rank == draft.applies.rank);
        same.map(|one| one.code.as_str()).collect()
    }

    /// The ladder that a debt would be on with the draft in force; none where nothing changes for it.
    pub(super) fn of_debt<'d>(
        &'d self,
        context: &'d DayContext,
        with_draft: &[&'d PathwayVersion],
        item: &DayItem<'_>,
        seen: &DebtSeen<'_>,
        by_email: bool,
    ) -> Outcome<Option<&'d PathwayVersion>> {
        let on_it = item.pathway.code == self.whole.code;
        if !item.taken.is_empty() {
            return Ok((on_it && self.whole.moves_open).then(|| self.ladder(by_email)));
        }
        let would = code_of(choose(with_draft, seen), seen.kind);
        match (would == self.whole.code, on_it) {
            (true, _) => Ok(Some(self.ladder(by_email))),
            (false, true) => Ok(Some(context.newest_ladder(&would, by_email)?)),
            (false, false) => Ok(None),
        }
    }
}

/// The days of a simulation from a day on, as far as the calendar goes.
pub(super) fn run_days(desk: &Desk, context: &DayContext, from: NaiveDate, until: NaiveDate) -> Outcome<RunDays> {
    let book = desk.book();
    let calendar = book.calendar(context.nation);
    // The last days of the last year that is loaded may need the year after it.
    let last = calendar.years().and_then(|(_, last)| NaiveDate::from_ymd_opt(last, 12, 20));
    let until = last.map_or(until, |last| until.min(last)).max(from);
    Ok(RunDays::new(calendar, from, until)?)
}

async fn on_the_book(
    tx: &mut Tx,
    desk: &Desk,
    context: &DayContext,
    tried: &Tried,
    progress: Progress<'_>,
) -> Outcome<PathwaySimulation> {
    let from = context.day;
    let days = run_days(desk, context, from, add_days(from, YEAR))?;
    let response = responses(tx, context).await?;
    let side = Side { site: &context.site, days: &days, response: Some(&response) };
    let live = context.in_force();
    let with_draft = tried.among(&live);
    let history = context.history || tried.asks_history();
    let mut found = PathwaySimulation { from_on: from, until_on: days.until(), ..PathwaySimulation::default() };
    let customers = recovery::customers_due(tx, context.org, add_days(days.until(), 60), CustomerId(0)).await?;
    progress(0, customers.len() as i64);
    for (at, chunk) in customers.chunks(CHUNK).enumerate() {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let Loaded { days: loaded, .. } = load(tx, context, chunk).await?;
        let scores = if history { scores(tx, context.org, (*first, *last), from).await? } else { HashMap::new() };
        for day in &loaded {
            let score = scores.get(&day.to.row.id).copied();
            one_customer(context, tried, &with_draft, day, score, &side, &mut found)?;
        }
        progress((at * CHUNK + chunk.len()) as i64, customers.len() as i64);
    }
    found.response = response;
    Ok(found)
}

/// Lives one customer on both sides, and says whose next step changes.
fn one_customer(
    context: &DayContext,
    tried: &Tried,
    with_draft: &[&PathwayVersion],
    day: &CustomerDay<'_>,
    score: Option<i32>,
    side: &Side<'_>,
    found: &mut PathwaySimulation,
) -> Outcome<()> {
    let by_email = day.to.face().channel == "email" && is_email(&day.to.face().email);
    let mut drafted: DayCase<'_> = day.case.clone();
    let mut differs = false;
    let mut clashes = BTreeSet::new();
    for (item, place) in drafted.items.iter_mut().zip(&day.places) {
        let row = &day.open[*place];
        let seen = DebtSeen {
            kind: day.case.kind,
            debt_type: &row.debt_type,
            service: &row.service,
            open: item.open,
            flags: &day.marks,
            score,
        };
        found.debts += 1;
        found.open_pence = found.open_pence.plus(item.open);
        if item.taken.is_empty() {
            clashes.extend(tried.clashing(with_draft, &seen));
        }
        let Some(ladder) = tried.of_debt(context, with_draft, item, &seen, by_email)? else { continue };
        differs = true;
        found.on_draft += i64::from(ladder.code == tried.whole.code);
        let was = next_of(item, side.days.from());
        item.pathway = ladder;
        item.left_out = if ladder.has_conditions() { ladder.left_out(&seen) } else { 0 };
        let will = next_of(item, side.days.from());
        let missed = skipped(ladder, &item.taken, item.left_out, will.as_ref().map(|next| next.place));
        found.skips += i64::from(!item.taken.is_empty() && !missed.is_empty());
        let told = |next: &Option<Next>| next.as_ref().map(|next| next.told.clone()).unwrap_or_default();
        if told(&was) != told(&will) {
            found.changes += 1;
            if found.sample.len() < SAMPLE {
                let (customer, item) = (day.to.row.number.clone(), row.number.clone());
                found.sample.push(NextChange { customer, item, was: told(&was), will: told(&will) });
            }
        }
    }
    for code in clashes {
        *found.clashes.entry(code.to_owned()).or_default() += 1;
    }
    found.customers += 1;
    let mut part = SideTotals::default();
    live_out(&mut day.case.clone(), side, Known::default(), &mut part);
    found.live.add(&part);
    if differs {
        part = SideTotals::default();
        live_out(&mut drafted, side, Known::default(), &mut part);
    }
    found.draft.add(&part);
    Ok(())
}

struct Next {
    place: usize,
    told: String,
}

fn next_of(item: &DayItem<'_>, from: NaiveDate) -> Option<Next> {
    let facts: ItemFacts = item.facts();
    let (place, on) = next_place(&facts, Place::of(&item.taken, item.pathway), item.pathway, from)?;
    let step = &item.pathway.steps[place];
    let told = format!("{} {} on {}", step.code, step.name, on.max(from).format("%-d %B %Y"));
    Some(Next { place, told })
}

/// What steps of the year before brought within four weeks: step by step, from what was set against their debts.
async fn responses(tx: &mut Tx, context: &DayContext) -> Outcome<Response> {
    let (org, today) = (context.org, context.day);
    let since = add_days(today, -YEAR);
    let kinds = context.kinds_of_steps();
    let mut seen: BTreeMap<String, (StepKind, i64, i64)> = BTreeMap::new();
    let customers = rows::customers_stepped(tx, org, since).await?;
    for chunk in customers.chunks(CHUNK) {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let range = (*first, *last);
        let paid = paid_by_item(tx, context, range, add_days(since, -730)).await?;
        for (item, code, on, original) in rows::steps_since(tx, org, range, since).await? {
            // What was done in the last four weeks has not had its time yet.
            if add_days(on, ANSWER_DAYS) > today {
                continue;
            }
            let paid = paid.get(&item).map_or(&[][..], Vec::as_slice);
            let asked = original - taken_sum(paid, None, on).0;
            let answered = taken_sum(paid, Some(on), add_days(on, ANSWER_DAYS)).0;
            let kind = kinds.get(&code).copied().unwrap_or(StepKind::Task);
            let of_step = seen.entry(code).or_insert((kind, 0, 0));
            of_step.1 += asked.max(0);
            of_step.2 += answered.clamp(0, asked.max(0));
        }
    }
    Ok(response_of(&seen))
}

pub(super) async fn paid_by_item(
    tx: &mut Tx,
    context: &DayContext,
    range: (CustomerId, CustomerId),
    since: NaiveDate,
) -> Outcome<HashMap<i64, Vec<(NaiveDate, Pence)>>> {
    let mut paid: HashMap<i64, Vec<(NaiveDate, Pence)>> = HashMap::new();
    for (item, on, pence) in rows::paid_of_range(tx, context.org, range, since).await? {
        paid.entry(item).or_default().push((on, Pence(pence)));
    }
    Ok(paid)
}

fn shown(row: SimulationRow) -> Outcome<PathwaySimulation> {
    Ok(serde_json::from_value(row.result)?)
}

/// The newest simulation of the draft as it stands, of a kind; none where it was not tried since it changed.
pub async fn simulation(desk: &Desk, by: &Actor, code: &str, kind: &str) -> Outcome<Option<PathwaySimulation>> {
    super::may_look(by)?;
    let mut look = desk.look().await?;
    let Some(draft) = rows::draft(&mut look, by.org, code).await? else { return Ok(None) };
    rows::simulation_of(&mut look, by.org, code, &draft.content_hash, kind).await?.map(shown).transpose()
}

/// Simulations of a pathway, newest first, at most 20.
pub async fn simulations(desk: &Desk, by: &Actor, code: &str) -> Outcome<Vec<PathwaySimulation>> {
    super::may_look(by)?;
    let mut look = desk.look().await?;
    rows::simulations(&mut look, by.org, code, 20).await?.into_iter().map(shown).collect()
}
