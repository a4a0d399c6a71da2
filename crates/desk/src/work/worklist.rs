//! The worklist: who is on it, why, what comes next, in an order that can be read out.
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{PathwayVersion, StepKind};
use sundry_domain::refusal::Invalid;
use sundry_domain::work::{Score, WorkItem, WorkReason, score, score_total};
use sundry_store::customers::faces::{self, ComeTo, Face, Overdue};
use sundry_store::work::{self, Cause};
use sundry_store::{Tx, recovery};

/// The views, in the order of their tabs.
pub const VIEWS: [&str; 10] = [
    "today",
    "promises-not-kept",
    "plans-behind",
    "queries-answered",
    "court-answers",
    "letters-not-sent",
    "newly-overdue",
    "holds-to-review",
    "cash-waiting",
    "all",
];
/// How many days an item counts as newly overdue.
const NEW_DAYS: u64 = 7;

/// Asks for a page of a view.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AskWorklist {
    /// One of [`VIEWS`].
    pub view: String,
    /// Only this collector's; empty for everyone's.
    pub collector: String,
    /// Only customers whose name or number holds this; empty for all.
    pub find: String,
    /// From 1.
    pub page: i64,
    /// Rows a page: 40, 100 or 200.
    pub page_size: i64,
}

impl AskWorklist {
    /// Only customers of a collector, or with a name, are asked for.
    fn narrows(&self) -> bool {
        !self.collector.is_empty() || !self.find.trim().is_empty()
    }
}

impl Default for AskWorklist {
    fn default() -> Self {
        AskWorklist { view: "today".into(), collector: String::new(), find: String::new(), page: 1, page_size: 40 }
    }
}

/// A row of the worklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkRow {
    /// Customer number.
    pub customer_id: String,
    /// Name.
    pub name: String,
    /// What a person must know first: Breathing space, Extra support, In query, Cymraeg …
    pub tags: Vec<String>,
    /// Why it is here.
    pub why: String,
    /// The other reasons.
    pub also: Vec<String>,
    /// What to do.
    pub next_step: String,
    /// Since when.
    pub due_on: NaiveDate,
    /// Overdue.
    pub overdue_pence: i64,
    /// Oldest due day of what is overdue.
    pub oldest_due_on: Option<NaiveDate>,
    /// Last letter, call, visit or message.
    pub last_contact_on: Option<NaiveDate>,
    /// Step of the pathway.
    pub step: String,
    /// Collector.
    pub collector: String,
    /// The sum that orders the list.
    pub score: Score,
}

/// A page of the worklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worklist {
    /// View.
    pub view: String,
    /// Rows of this page.
    pub rows: Vec<WorkRow>,
    /// Rows of all pages.
    pub total_count: i64,
    /// Overdue of all pages.
    pub total_overdue_pence: i64,
    /// This page.
    pub page: i64,
    /// Pages.
    pub pages: i64,
    /// Lines of the court's answers that wait for a person and are of no case of ours, where the view has such lines.
    pub answers_astray: i64,
}

/// One reason for one customer.
struct Reason {
    view: &'static str,
    reason: WorkReason,
    why: String,
    next: String,
    cause: Cause,
}

/// A page of a view.
///
/// # Errors
/// A view that is not there.
pub async fn worklist(desk: &Desk, by: &Actor, ask: &AskWorklist) -> Outcome<Worklist> {
    let (mut look, todo) = begin(desk, by, ask).await?;
    listed(&mut look, by, ask, todo).await
}

/// A page of a view, and how many customers each view has.
///
/// # Errors
/// A view that is not there.
pub async fn worklist_with_counts(
    desk: &Desk,
    by: &Actor,
    ask: &AskWorklist,
) -> Outcome<(Worklist, Vec<(String, i64)>)> {
    let (mut look, todo) = begin(desk, by, ask).await?;
    let overdue = match ask.view.as_str() {
        "all" => todo.overdue.len() as i64,
        _ => work::customers_overdue(&mut look, by.org, todo.today).await?,
    };
    let counts = counted(&todo, overdue);
    Ok((listed(&mut look, by, ask, todo).await?, counts))
}

/// How many customers each view has.
pub async fn worklist_counts(desk: &Desk, by: &Actor) -> Outcome<Vec<(String, i64)>> {
    let (mut look, todo) = begin(desk, by, &AskWorklist::default()).await?;
    let overdue = work::customers_overdue(&mut look, by.org, todo.today).await?;
    Ok(counted(&todo, overdue))
}

/// Every reason there is today, and what is overdue of those customers.
struct Todo {
    today: NaiveDate,
    reasons: Vec<Reason>,
    overdue: HashMap<i64, Overdue>,
}

async fn begin(desk: &Desk, by: &Actor, ask: &AskWorklist) -> Outcome<(Tx, Todo)> {
    by.must_hold(Duty::View)?;
    if !VIEWS.contains(&ask.view.as_str()) {
        return Err(Invalid::field("view", format!("Enter one of {}", VIEWS.join(", ")), &ask.view).into());
    }
    let today = desk.today();
    let mut look = desk.look().await?;
    let reasons = all_reasons(&mut look, by, today).await?;
    let overdue = if ask.view == "all" {
        faces::overdue(&mut look, by.org, today).await?
    } else {
        let mut ids: Vec<i64> = reasons.iter().map(|reason| reason.cause.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        faces::overdue_of(&mut look, by.org, today, &ids).await?
    };
    let overdue = overdue.into_iter().map(|row| (row.customer_id, row)).collect();
    Ok((look, Todo { today, reasons, overdue }))
}

fn counted(todo: &Todo, overdue: i64) -> Vec<(String, i64)> {
    let count = |view: &str| {
        let of_view = todo.reasons.iter().filter(|one| is_in(view, one.view));
        let mut ids: Vec<i64> = of_view.map(|one| one.cause.customer_id).collect();
        ids.sort_unstable();
        ids.dedup();
        match view {
            "all" => overdue + ids.iter().filter(|id| !todo.overdue.contains_key(id)).count() as i64,
            _ => ids.len() as i64,
        }
    };
    VIEWS.into_iter().map(|view| (view.to_owned(), count(view))).collect()
}

/// Where a customer of a view stands, before anything of theirs is put into words.
struct Place {
    id: i64,
    total: i64,
    due_on: NaiveDate,
    overdue_pence: i64,
}

impl Place {
    /// Highest score first, then longest waiting, then largest; those alike are in the order of their numbers.
    fn order(&self) -> (Reverse<i64>, NaiveDate, Reverse<i64>) {
        (Reverse(self.total), self.due_on, Reverse(self.overdue_pence))
    }
}

/// What the customers of a view are asked of.
struct Seen<'t> {
    today: NaiveDate,
    overdue: &'t HashMap<i64, Overdue>,
    flags: HashMap<i64, Vec<FlagKind>>,
}

impl Seen<'_> {
    fn flags_of(&self, id: i64) -> &[FlagKind] {
        self.flags.get(&id).map_or(&[][..], Vec::as_slice)
    }

    fn overdue_pence(&self, id: i64) -> i64 {
        self.overdue.get(&id).map_or(0, |one| one.overdue_pence)
    }

    fn work_item(&self, id: i64, reason: &Reason) -> WorkItem {
        let needs = |flag: &FlagKind| matches!(flag, FlagKind::Vulnerable | FlagKind::ExtraSupport);
        WorkItem {
            reason: reason.reason,
            due_on: reason.cause.due_on,
            amount: Pence(reason.cause.amount_pence.abs().max(self.overdue_pence(id))),
            needs_care: self.flags_of(id).iter().any(needs),
        }
    }

    fn place(&self, id: i64, reasons: &[Reason]) -> Option<Place> {
        let each = reasons.iter().map(|one| (score_total(&self.work_item(id, one), self.today), one.cause.due_on));
        let (total, due_on) = each.min_by_key(|(total, due_on)| (Reverse(*total), *due_on))?;
        Some(Place { id, total, due_on, overdue_pence: self.overdue_pence(id) })
    }
}

async fn listed(tx: &mut Tx, by: &Actor, ask: &AskWorklist, todo: Todo) -> Outcome<Worklist> {
    let Todo { today, mut reasons, overdue } = todo;
    if ask.view == "all" {
        reasons.extend(overdue.values().map(overdue_reason));
    }
    let mut by_customer: HashMap<i64, Vec<Reason>> = HashMap::new();
    for reason in reasons.into_iter().filter(|reason| is_in(&ask.view, reason.view)) {
        by_customer.entry(reason.cause.customer_id).or_default().push(reason);
    }
    let mut ids: Vec<i64> = by_customer.keys().copied().collect();
    ids.sort_unstable();
    if ask.narrows() {
        let faces = faces_of(tx, by, &ids).await?;
        ids.retain(|id| faces.get(id).is_some_and(|face| is_wanted(face, ask)));
    }
    let mut flags: HashMap<i64, Vec<FlagKind>> = HashMap::new();
    for (id, kind) in work::flags_of(tx, by.org, today, &ids).await? {
        flags.entry(id).or_default().extend(FlagKind::parse(&kind));
    }
    let seen = Seen { today, overdue: &overdue, flags };
    let mut places: Vec<Place> = ids.iter().filter_map(|id| seen.place(*id, by_customer.get(id)?)).collect();
    places.sort_by_key(Place::order);
    let (shown, mut list) = page_of(&places, ask);
    // Who stands alike at the page's edges is put in order by number first.
    let alike = with_alike(&places, &shown);
    let (skipped, count) = (shown.start - alike.start, shown.len());
    let mut rows = rows_of(tx, by, (&seen, &mut by_customer), &places[alike]).await?;
    rows.sort_by_key(|(_, row)| {
        (Reverse(row.score.total), row.due_on, Reverse(row.overdue_pence), row.customer_id.clone())
    });
    let mut rows: Vec<(i64, WorkRow)> = rows.into_iter().skip(skipped).take(count).collect();
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let mut last: HashMap<i64, NaiveDate> = HashMap::new();
    for (id, day) in work::last_contacts(tx, by.org, &ids).await? {
        let known = last.entry(id).or_insert(day);
        *known = (*known).max(day);
    }
    for (id, row) in &mut rows {
        row.last_contact_on = last.get(id).copied();
    }
    if is_in(&ask.view, "court-answers") {
        list.answers_astray = work::court_answers_astray(tx, by.org).await?;
    }
    list.rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(list)
}

async fn faces_of(tx: &mut Tx, by: &Actor, ids: &[i64]) -> Outcome<HashMap<i64, Face>> {
    Ok(faces::faces(tx, by.org, ids).await?.into_iter().map(|face| (face.id, face)).collect())
}

/// The rows of some places, in words.
async fn rows_of(
    tx: &mut Tx,
    by: &Actor,
    (seen, by_customer): (&Seen<'_>, &mut HashMap<i64, Vec<Reason>>),
    places: &[Place],
) -> Outcome<Vec<(i64, WorkRow)>> {
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    let faces = faces_of(tx, by, &ids).await?;
    let come_to: HashMap<i64, ComeTo> =
        faces::come_to(tx, by.org, &ids).await?.into_iter().map(|row| (row.customer_id, row)).collect();
    let row = |id: i64| {
        let reasons = by_customer.remove(&id)?;
        Some((id, row_of(faces.get(&id)?, reasons, come_to.get(&id), seen)?))
    };
    Ok(ids.iter().copied().filter_map(row).collect())
}

fn is_in(view: &str, of: &str) -> bool {
    view == "all" || view == of || (view == "today" && of != "newly-overdue")
}

fn is_wanted(face: &Face, ask: &AskWorklist) -> bool {
    let find = ask.find.trim().to_lowercase();
    (ask.collector.is_empty() || face.collector == ask.collector)
        && (find.is_empty() || face.name.to_lowercase().contains(&find) || face.number.to_lowercase().contains(&find))
}

async fn all_reasons(tx: &mut Tx, by: &Actor, today: NaiveDate) -> Outcome<Vec<Reason>> {
    let org = by.org;
    let mut all = Vec::new();
    let mut add =
        |view: &'static str, reason: WorkReason, causes: Vec<Cause>, words: fn(&Cause) -> (String, String)| {
            all.extend(causes.into_iter().map(|cause| {
                let (why, next) = words(&cause);
                Reason { view, reason, why, next, cause }
            }));
        };
    add("promises-not-kept", WorkReason::PromiseBroken, work::promises_broken(tx, org, today).await?, |cause| {
        let why = format!("Promised {} by {} and it did not come", Pence(cause.amount_pence), day(cause.due_on));
        (why, WorkReason::PromiseBroken.next().into())
    });
    add("plans-behind", WorkReason::PlanBehind, work::plans_behind(tx, org).await?, |cause| {
        let (plan, standing) = cause.about.split_once(' ').unwrap_or((&cause.about, ""));
        let behind = Pence(cause.amount_pence);
        let why = match standing {
            "for_manager" => format!("{plan} is {behind} behind, and the customer is vulnerable"),
            _ => format!("{plan} is {behind} behind since {}", day(cause.due_on)),
        };
        let next = match standing {
            "for_manager" => "Ask a manager whether the plan ends",
            "late" => "Call about the missed instalment",
            _ => WorkReason::PlanBehind.next(),
        };
        (why, next.into())
    });
    add("plans-behind", WorkReason::TaskDue, work::plans_to_agree_anew(tx, org).await?, |cause| {
        let why = format!("{} runs again after breathing space", cause.about);
        (why, "Agree new days for what fell into it".into())
    });
    add("holds-to-review", WorkReason::ReviewDue, work::plans_to_review(tx, org, today).await?, |cause| {
        (format!("{}: review due {}", cause.about, day(cause.due_on)), "Review the plan".into())
    });
    add("queries-overdue", WorkReason::QueryOverdue, work::queries_overdue(tx, org, today).await?, |cause| {
        let why = format!("Query {} was to be answered by {}", cause.about, day(cause.due_on));
        (why, WorkReason::QueryOverdue.next().into())
    });
    add("queries-answered", WorkReason::TaskDue, work::queries_answered(tx, org).await?, |cause| {
        (format!("The service answered query {}", cause.about), "Tell the customer and resolve it".into())
    });
    add("agencies", WorkReason::TaskDue, work::recalls_unconfirmed(tx, org, today).await?, |cause| {
        let why = format!("{}, due by {}", cause.about, day(cause.due_on));
        (why, "Ask the agency to confirm that it has stopped".into())
    });
    add("court-answers", WorkReason::DecisionDue, work::court_answers_open(tx, org).await?, court_answer);
    add("letters-not-sent", WorkReason::LetterHeld, work::letters_held(tx, org).await?, |cause| {
        (format!("Letter {} could not be sent", cause.about), WorkReason::LetterHeld.next().into())
    });
    add("holds-to-review", WorkReason::ReviewDue, work::holds_to_review(tx, org, today).await?, |cause| {
        (format!("On hold until {}: {}", day(cause.due_on), cause.about.replace('_', " ")), "Review the hold".into())
    });
    add("holds-to-review", WorkReason::ReviewDue, work::flags_to_review(tx, org, today).await?, |cause| {
        let name = FlagKind::parse(&cause.about).map_or_else(|| cause.about.clone(), |flag| flag.name().to_owned());
        (format!("{name}: review due {}", day(cause.due_on)), "Review the flag".into())
    });
    add("people", WorkReason::ReviewDue, work::authorities_over(tx, org, today).await?, |cause| {
        let why = format!("The authority of {} ended on {}", cause.about, day(cause.due_on));
        (why, "Ask for the new document, or end the authority".into())
    });
    add("people", WorkReason::TaskDue, work::case_tasks_due(tx, org, today).await?, |cause| {
        let (case, what) = cause.about.split_once(": ").unwrap_or(("", &cause.about));
        (format!("Case {case}: to be done by {}", day(cause.due_on)), what.to_owned())
    });
    add("cash-waiting", WorkReason::CashWaiting, work::cash_waiting(tx, org, today).await?, |cause| {
        let why = format!("{} is not allocated and items are overdue", Pence(cause.amount_pence));
        (why, WorkReason::CashWaiting.next().into())
    });
    add("notes", WorkReason::TaskDue, work::notes_due(tx, org, today).await?, |cause| {
        (format!("Booked for {}", day(cause.due_on)), cause.about.clone())
    });
    let new = today.checked_sub_days(Days::new(NEW_DAYS)).unwrap_or(today);
    add("newly-overdue", WorkReason::TaskDue, work::newly_overdue(tx, org, new, today).await?, |cause| {
        (format!("{} fell due on {}", Pence(cause.amount_pence), day(cause.due_on)), "Look at the account".into())
    });
    let steps = work::steps_for_people(tx, org, today).await?;
    if !steps.is_empty() {
        let pathways = recovery::pathways(tx, org).await?;
        all.extend(steps.into_iter().map(|cause| step_reason(cause, &pathways)));
    }
    Ok(all)
}

/// A line of the court's answer: `open CTA-000001 2 why`.
fn court_answer(cause: &Cause) -> (String, String) {
    let mut words = cause.about.splitn(4, ' ');
    let state = words.next().unwrap_or("");
    let (file, line) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let why = format!("The court's answer {file}, line {line}: {}", words.next().unwrap_or(""));
    let next = match state {
        "waiting" => "Let somebody with the duty work the answer again",
        _ => "Do what the court's answer asks, then settle its line",
    };
    (why, next.into())
}

/// A step for a person: `individual 1 R5` in the words of its pathway version.
fn step_reason(cause: Cause, pathways: &[recovery::PathwayRow]) -> Reason {
    let mut words = cause.about.splitn(3, ' ');
    let (code, version, step) = (words.next().unwrap_or(""), words.next().unwrap_or(""), words.next().unwrap_or(""));
    let body = pathways.iter().find(|row| row.code == code && row.version.to_string() == version);
    let pathway = body.and_then(|row| serde_json::from_value::<PathwayVersion>(row.body.clone()).ok());
    let found = pathway.and_then(|pathway| pathway.steps.into_iter().find(|one| one.code == step));
    let reason = match found.as_ref().map(|step| step.kind) {
        Some(StepKind::Decision) => WorkReason::DecisionDue,
        _ => WorkReason::TaskDue,
    };
    let name = found.map_or_else(|| step.to_owned(), |step| step.name);
    let why = format!("{name}, since {}", day(cause.due_on));
    Reason { view: "steps", reason, why, next: name, cause }
}

/// That something is overdue: its words are made where its row is shown.
fn overdue_reason(row: &Overdue) -> Reason {
    let (due_on, amount_pence) = (row.oldest_due_on, row.overdue_pence);
    let cause = Cause { customer_id: row.customer_id, due_on, amount_pence, about: String::new() };
    Reason { view: "all", reason: WorkReason::ReviewDue, why: String::new(), next: String::new(), cause }
}

/// Why, and what is next, in words.
fn in_words(reason: Reason) -> (String, String) {
    match reason.view {
        "all" => {
            let why = format!("{} overdue", Pence(reason.cause.amount_pence));
            (why, "The next step of the pathway comes by itself".to_owned())
        }
        _ => (reason.why, reason.next),
    }
}

/// Whom to deal with where the law stops recovery; none where it goes on.
fn instead_of_chasing(flags: &[FlagKind]) -> Option<&'static str> {
    let of = [
        (FlagKind::Deceased, "Write to the personal representatives"),
        (FlagKind::BreathingSpace, "Deal with the debt adviser"),
        (FlagKind::Insolvent, "Deal with the office-holder"),
    ];
    of.into_iter().find(|(flag, _)| flags.contains(flag)).map(|(_, words)| words)
}

fn row_of(face: &Face, reasons: Vec<Reason>, come_to: Option<&ComeTo>, seen: &Seen<'_>) -> Option<WorkRow> {
    let flags = seen.flags_of(face.id);
    let scored = reasons.into_iter().map(|reason| (score(&seen.work_item(face.id, &reason), seen.today), reason));
    let mut scored: Vec<(Score, Reason)> = scored.collect();
    scored.sort_by_key(|(score, reason)| (Reverse(score.total), reason.cause.due_on));
    let mut scored = scored.into_iter();
    let (score, first) = scored.next()?;
    let mut tags: Vec<String> = flags
        .iter()
        .filter(|flag| {
            matches!(flag, FlagKind::BreathingSpace | FlagKind::ExtraSupport | FlagKind::Deceased | FlagKind::Insolvent)
        })
        .map(|flag| flag.name().to_owned())
        .collect();
    if come_to.is_some_and(|one| one.disputed_pence > 0) {
        tags.push("In query".into());
    }
    if face.language == "cy" {
        tags.push("Cymraeg".into());
    }
    let (due_on, by_itself) = (first.cause.due_on, matches!(first.view, "steps" | "all"));
    let (why, next) = in_words(first);
    let instead = instead_of_chasing(flags).filter(|_| by_itself);
    Some(WorkRow {
        customer_id: face.number.clone(),
        name: face.name.clone(),
        tags,
        why,
        also: scored.map(|(_, reason)| in_words(reason).0).collect(),
        next_step: instead.map_or(next, str::to_owned),
        due_on,
        overdue_pence: seen.overdue_pence(face.id),
        oldest_due_on: seen.overdue.get(&face.id).map(|one| one.oldest_due_on),
        last_contact_on: None,
        step: come_to.map(|one| one.stage.clone()).unwrap_or_default(),
        collector: face.collector.clone(),
        score,
    })
}

/// The places that a page shows, and its list without rows.
fn page_of(places: &[Place], ask: &AskWorklist) -> (Range<usize>, Worklist) {
    let size = ask.page_size.clamp(1, 200);
    let count = places.len() as i64;
    let pages = ((count + size - 1) / size).max(1);
    let page = ask.page.clamp(1, pages);
    let start = usize::try_from((page - 1) * size).unwrap_or(0).min(places.len());
    let end = places.len().min(start + usize::try_from(size).unwrap_or(40));
    let list = Worklist {
        view: ask.view.clone(),
        rows: Vec::new(),
        total_count: count,
        total_overdue_pence: places.iter().map(|place| place.overdue_pence).sum(),
        page,
        pages,
        answers_astray: 0,
    };
    (start..end, list)
}

/// A page's places, and those that stand alike with its first and its last.
fn with_alike(places: &[Place], shown: &Range<usize>) -> Range<usize> {
    let (Some(first), Some(last)) = (places.get(shown.start), shown.clone().last().and_then(|at| places.get(at)))
    else {
        return shown.clone();
    };
    let start = places.partition_point(|place| place.order() < first.order());
    start..places.partition_point(|place| place.order() <= last.order())
}

fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}
