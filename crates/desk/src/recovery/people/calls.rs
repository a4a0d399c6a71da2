//! Calls: who is to be called and whether they may be now, what to say, and one form for what came of it (DUN-13).
use super::acting::{acting_of, allowed};
use super::contact_policy;
use super::needs::adjustments_of;
use crate::core::actor::Actor;
use crate::core::clock::uk_time;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong};
use crate::customers::{find, refuse_cards, told_of_note};
use crate::plans::{PromiseToPay, take_promise};
use crate::recovery::facts::{context, load};
use crate::{Desk, Fault, Outcome, command};
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::calendar::{Nation, add_days};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::refusals::QUIET_HOURS;
use sundry_domain::law::{Adjustment, ContactFacts, ContactPolicy, ContactWay, HoldReason, Matter, may_contact};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{CallOutcome, may_call_about};
use sundry_domain::reference::ReferenceBook;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_domain::words::{counted, written};
use sundry_store::customers::faces::{faces, overdue_of};
use sundry_store::customers::{self, CustomerRow, NoteRow};
use sundry_store::people::acting::acting_for;
use sundry_store::people::calls::{
    self as rows, CallRow, add_call, adjustments_of_range, contacts_of_range, outcomes_of, to_call,
};
use sundry_store::{Tx, control, plans};

// The form ---------------------------------------------------------------------------

/// What came of a call: outcome, promise and next step at once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LogCall {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// out or in; out when not said.
    pub direction: String,
    /// Number of who acts for the customer; empty for the customer.
    pub talking_to: String,
    /// Stored name of the domain's `CallOutcome`.
    pub outcome: String,
    /// In words.
    pub words: String,
    /// What to do next; what the outcome says when not said.
    pub next_step: String,
    /// And when.
    pub next_on: Option<NaiveDate>,
    /// How much they promise.
    pub promise_pence: Option<i64>,
    /// By when.
    pub promise_on: Option<NaiveDate>,
    /// Numbers of the debts the promise names; none for the account.
    pub promise_items: Vec<String>,
}

/// What was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallLogged {
    /// The note.
    pub note: i64,
    /// The promise, if there was one.
    pub promise: Option<i64>,
    /// The last day on which it holds recovery.
    pub held_until: Option<NaiveDate>,
    /// What to do next; empty for nothing.
    pub next_step: String,
    /// And when.
    pub next_on: Option<NaiveDate>,
}

fn check(ask: &LogCall, today: NaiveDate) -> Result<CallOutcome, Vec<Invalid>> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: String, typed: String| wrong.push(Invalid::field(field, message, typed));
    let outcome = CallOutcome::parse(&ask.outcome);
    if outcome.is_none() {
        say("outcome", "Choose what came of the call".into(), ask.outcome.clone());
    }
    if !matches!(ask.direction.as_str(), "" | "out" | "in") {
        say("direction", "Choose out or in".into(), ask.direction.clone());
    }
    if ask.words.chars().count() > 4_000 {
        say("words", "Enter at most 4,000 characters".into(), ask.words.clone());
    }
    if let Some(day) = ask.next_on.filter(|day| *day < today) {
        say("next_on", format!("Enter a date on or after {}", written(today)), day.to_string());
    }
    if ask.next_on.is_some() && ask.next_step.trim().is_empty() && !outcome.is_some_and(CallOutcome::wants_day) {
        say("next_step", "Enter what to do next".into(), String::new());
    }
    if outcome.is_some_and(CallOutcome::wants_day) && ask.next_on.is_none() {
        say("next_on", "Enter when to call back".into(), String::new());
    }
    let wants = outcome.is_some_and(CallOutcome::wants_promise);
    if wants || ask.promise_pence.is_some() || ask.promise_on.is_some() {
        if ask.promise_pence.is_none() {
            say("promise_pence", "Enter how much they promised".into(), String::new());
        }
        if ask.promise_on.is_none() {
            say("promise_on", "Enter the day by which they will pay".into(), String::new());
        }
    }
    wrong.extend(lines_wrong(&[("next_step", &ask.next_step)], 200));
    wrong.extend(days_wrong(&[("next_on", ask.next_on), ("promise_on", ask.promise_on)], today));
    match outcome {
        Some(outcome) if wrong.is_empty() => Ok(outcome),
        _ => Err(wrong),
    }
}

/// Records a call with what came of it, a promise if there was one, and what comes next: all of it, or nothing.
///
/// # Errors
/// Duty; fields; `BS-07-…` for somebody who may not speak for the customer; `PP-PROMISE-…`.
pub async fn log_call(desk: &Desk, by: &Actor, ask: LogCall) -> Outcome<CallLogged> {
    let writes = [Duty::WorkCases, Duty::ManageCustomers, Duty::AnswerQueries, Duty::PostCash];
    if !writes.into_iter().any(|duty| by.holds(duty)) || ask.promise_pence.is_some() {
        by.must_hold(Duty::WorkCases)?;
    }
    refuse_cards(&[("words", &ask.words), ("next_step", &ask.next_step)])?;
    command!(desk, by, "log_call", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let outcome = check(&ask, today)?;
        let customer = find(&mut cmd.tx, org, &ask.customer).await?;
        allowed(&mut cmd.tx, org, (customer.id, &ask.talking_to), Matter::Speak, today).await?;
        let promise = promised(cmd, &customer, &ask).await?;
        let (next_step, next_on) = next(cmd, &customer, outcome, &ask).await?;
        let note = note(cmd, &customer, &ask, (next_step.clone(), next_on));
        customers::add_note(&mut cmd.tx, org, &note).await?;
        let call = CallRow {
            note_id: note.id,
            customer_id: customer.id,
            direction: if ask.direction.is_empty() { "out".into() } else { ask.direction.clone() },
            talking_to: ask.talking_to.trim().into(),
            promise_id: promise.as_ref().map(|one| one.promise),
            next_done_on: None,
        };
        add_call(&mut cmd.tx, org, &call).await?;
        cmd.tell("CallRecorded", format!("customer {}", customer.number), told_of_note(&note));
        Ok(CallLogged {
            note: note.id,
            promise: promise.as_ref().map(|one| one.promise),
            held_until: promise.map(|one| one.held_until),
            next_step,
            next_on,
        })
    })
}

async fn promised(
    cmd: &mut Command,
    customer: &CustomerRow,
    ask: &LogCall,
) -> Outcome<Option<crate::plans::PromiseTaken>> {
    let (Some(pence), Some(due_on)) = (ask.promise_pence, ask.promise_on) else { return Ok(None) };
    let promise = PromiseToPay {
        key: String::new(),
        customer: CustomerId(customer.id),
        amount_pence: Pence(pence),
        due_on,
        words: ask.words.clone(),
    };
    Ok(Some(take_promise(cmd, &promise, &ask.promise_items).await?))
}

/// What the caller chose, else what the outcome says.
async fn next(
    cmd: &mut Command,
    customer: &CustomerRow,
    outcome: CallOutcome,
    ask: &LogCall,
) -> Outcome<(String, Option<NaiveDate>)> {
    if !ask.next_step.trim().is_empty() {
        return Ok((ask.next_step.trim().to_owned(), ask.next_on.or(Some(cmd.today))));
    }
    if outcome.wants_day() {
        return Ok(("Call back, as they asked".into(), ask.next_on));
    }
    let org = cmd.by.org;
    let before = outcomes_of(&mut cmd.tx, org, CustomerId(customer.id), 5).await?;
    let before: Vec<CallOutcome> = before.iter().filter_map(|(text,)| CallOutcome::parse(text)).collect();
    let book = cmd.desk.book();
    let nation = nation(&mut cmd.tx, org).await?.0;
    let next = outcome.next(&before, book.calendar(nation), cmd.today)?;
    Ok(next.map(|next| (next.step.to_owned(), Some(next.on))).unwrap_or_default())
}

async fn nation(tx: &mut Tx, org: OrgId) -> Outcome<(Nation, ContactPolicy)> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let nation = Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?;
    Ok((nation, contact_policy(&site.settings)))
}

fn note(cmd: &Command, customer: &CustomerRow, ask: &LogCall, next: (String, Option<NaiveDate>)) -> NoteRow {
    NoteRow {
        id: cmd.id(),
        customer_id: customer.id,
        kind: "call".into(),
        on_day: cmd.today,
        outcome: ask.outcome.clone(),
        words: ask.words.trim().into(),
        pinned: false,
        next_step: next.0,
        next_on: next.1,
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    }
}

// Before the call --------------------------------------------------------------------

/// Whether a customer may be called now, and what to say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallReady {
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// Their telephone.
    pub phone: String,
    /// Why they may not be called now; none where they may.
    pub refusal: Option<Refusal>,
    /// How often they were chased in the last seven days.
    pub contacts: i64,
    /// Who else may speak for them: number and name.
    pub may_speak: Vec<(String, String)>,
    /// What to say and what to know, in order.
    pub points: Vec<String>,
}

/// Whether a customer may be called now, and what to say: the law, the holds, the budget of contact, the hour, what they
/// asked of us.
///
/// # Errors
/// A customer that is not there.
pub async fn ready_to_call(desk: &Desk, by: &Actor, customer: &str) -> Outcome<CallReady> {
    by.must_hold(Duty::View)?;
    let (org, today) = (by.org, desk.today());
    let mut look = desk.look().await?;
    let row = find(&mut look, org, customer).await?;
    let id = CustomerId(row.id);
    let (nation, policy) = nation(&mut look, org).await?;
    let contacts = contacts_of_range(&mut look, org, id, id, add_days(today, -WINDOW_DAYS)).await?;
    let contacts: Vec<(NaiveDate, ContactWay)> = contacts.iter().map(|(_, on, way)| (*on, way_of(way))).collect();
    let adjustments = adjustments_of_range(&mut look, org, (id, id), today).await?;
    let adjustments: Vec<Adjustment> = adjustments.iter().flat_map(|(_, stored)| adjustments_of(stored)).collect();
    let day = context(&mut look, desk, org, today).await?;
    let loaded = load(&mut look, &day, &[id]).await?;
    let book = desk.book();
    let by_law = match loaded.days.first() {
        Some(one) => may_call_about(&one.case, &day.site, today),
        None => Ok(()),
    };
    let facts = ContactFacts {
        way: ContactWay::Call,
        before: contacts.clone(),
        adjustments: adjustments.clone(),
        at: Some(today.and_time(uk_time(desk.clock().now()))),
        bank_holidays: bank_holidays(&book, nation, today),
        policy,
    };
    let verdict = by_law.and_then(|()| may_contact(&facts, today));
    let may_speak = acting_for(&mut look, org, id).await?;
    let may_speak: Vec<(String, String)> = may_speak
        .iter()
        .filter_map(|one| Some((one, acting_of(one)?)))
        .filter(|(_, acting)| acting.may(Matter::Speak, today).is_ok())
        .map(|(one, _)| (one.number.clone(), one.name.clone()))
        .collect();
    let points = points(&mut look, org, (&row, today), &adjustments).await?;
    Ok(CallReady {
        customer: row.number,
        name: row.name,
        phone: row.phone,
        refusal: verdict.err(),
        contacts: contacts.len() as i64,
        may_speak,
        points,
    })
}

async fn points(
    tx: &mut Tx,
    org: OrgId,
    (row, today): (&CustomerRow, NaiveDate),
    adjustments: &[Adjustment],
) -> Outcome<Vec<String>> {
    let id = CustomerId(row.id);
    let mut points: Vec<String> = adjustments.iter().map(|one| one.name().to_owned()).collect();
    if row.language == "cy" {
        points.push("They asked for Welsh: offer a call in Welsh".into());
    }
    let items = customers::account_items(tx, org, id).await?;
    let frozen: Vec<i64> = sundry_store::people::case_items_of_range(tx, org, id, id)
        .await?
        .iter()
        .filter(|item| crate::delivery::freeze_of(item, today).is_some_and(|flag| flag.holds_on(today)))
        .map(|item| item.item_id)
        .collect();
    let asked =
        |item: &&customers::AccountItemRow| item.open_pence > 0 && item.due_on < today && !frozen.contains(&item.id);
    let overdue: Vec<&customers::AccountItemRow> = items.iter().filter(asked).collect();
    let sum: i64 = overdue.iter().map(|item| item.open_pence - item.disputed_pence).sum();
    if let Some(oldest) = overdue.iter().min_by_key(|item| (item.due_on, item.id)) {
        let many = counted(overdue.len() as i64, "invoice");
        points.push(format!(
            "{} overdue on {many}, the oldest {} due {}",
            Pence(sum),
            oldest.number,
            written(oldest.due_on)
        ));
    }
    let disputed: i64 = overdue.iter().map(|item| item.disputed_pence).sum();
    if disputed > 0 {
        points.push(format!("Do not ask for {}: it is in query", Pence(disputed)));
    }
    if !frozen.is_empty() {
        points.push("Do not speak of what was owed before breathing space began".into());
    }
    for promise in plans::promises_of_customer(tx, org, id).await?.iter().take(1) {
        let what = format!("{} by {}", Pence(promise.amount_pence), written(promise.due_on));
        match promise.state.as_str() {
            "open" => points.push(format!("They promised {what}: it is not yet broken")),
            "broken" => points.push(format!("They promised {what} and it did not come: ask what happened")),
            _ => {}
        }
    }
    if let Some((number, on, pence)) = customers::last_paid(tx, org, id).await? {
        points.push(format!("They last paid {} on {} ({number})", Pence(pence), written(on)));
    }
    points.push("Ask whether they can afford it, and offer smaller payments and free advice".into());
    Ok(points)
}

// The list ---------------------------------------------------------------------------

/// Somebody to call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ToCall {
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// Why, in words.
    pub why: String,
    /// Since when.
    pub due_on: NaiveDate,
    /// What is overdue.
    pub overdue_pence: i64,
    /// How often they were chased in the last seven days.
    pub contacts: i64,
    /// Why they may not be called today; empty where they may.
    pub not_today: String,
    /// From when they may.
    pub from_on: Option<NaiveDate>,
}

/// The call list of a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallList {
    /// Who may be called, in order; after them who may not, with why.
    pub rows: Vec<ToCall>,
    /// How many may be called.
    pub count: i64,
    /// Why nobody may be called now, by the hour; empty where they may.
    pub quiet: String,
}

/// Who is to be called: calls booked, promises broken, steps that are a call; each customer once, the largest first.
///
/// # Errors
/// Duty.
pub async fn call_list(desk: &Desk, by: &Actor) -> Outcome<CallList> {
    by.must_hold(Duty::View)?;
    let (org, today) = (by.org, desk.today());
    let mut look = desk.look().await?;
    let (nation, policy) = nation(&mut look, org).await?;
    let mut causes: HashMap<i64, rows::ToCallRow> = HashMap::new();
    for row in to_call(&mut look, org, today).await? {
        causes.entry(row.customer_id).or_insert(row);
    }
    let mut ids: Vec<i64> = causes.keys().copied().collect();
    ids.sort_unstable();
    let (Some(first), Some(last)) = (ids.first().copied(), ids.last().copied()) else {
        return Ok(CallList { rows: Vec::new(), count: 0, quiet: String::new() });
    };
    let span = (CustomerId(first), CustomerId(last));
    let faces = faces(&mut look, org, &ids).await?;
    let owed: HashMap<i64, i64> =
        overdue_of(&mut look, org, today, &ids).await?.into_iter().map(|o| (o.customer_id, o.overdue_pence)).collect();
    let mut contacts: HashMap<i64, Vec<(NaiveDate, ContactWay)>> = HashMap::new();
    for (id, on, way) in contacts_of_range(&mut look, org, span.0, span.1, add_days(today, -WINDOW_DAYS)).await? {
        contacts.entry(id).or_default().push((on, way_of(&way)));
    }
    let mut adjustments: HashMap<i64, Vec<Adjustment>> = HashMap::new();
    for (id, stored) in adjustments_of_range(&mut look, org, span, today).await? {
        adjustments.entry(id).or_default().extend(adjustments_of(&stored));
    }
    // Whether the hour is right is said once, over the list.
    let holidays = bank_holidays(&desk.book(), nation, today);
    let call = |before: &[(NaiveDate, ContactWay)], wants: &[Adjustment], at: Option<NaiveDateTime>| ContactFacts {
        way: ContactWay::Call,
        before: before.to_vec(),
        adjustments: wants.to_vec(),
        at,
        bank_holidays: holidays.clone(),
        policy,
    };
    let now = call(&[], &[], Some(today.and_time(uk_time(desk.clock().now()))));
    let quiet = may_contact(&now, today).err().map(|no| no.sentence).unwrap_or_default();
    let stopped = stopped(&mut look, org, span, today).await?;
    let mut list: Vec<ToCall> = Vec::with_capacity(faces.len());
    for face in faces {
        let Some(cause) = causes.get(&face.id) else { continue };
        let chased = contacts.get(&face.id).map_or(&[][..], Vec::as_slice);
        let refusal = match stopped.get(&face.id) {
            Some(why) => Some((why.clone(), None)),
            None => {
                let wants = adjustments.get(&face.id).map_or(&[][..], Vec::as_slice);
                let no = may_contact(&call(chased, wants, None), today).err();
                // On a day of rest the list says so once.
                no.filter(|no| no.code != QUIET_HOURS.code).map(|no| (no.sentence, no.allowed_from))
            }
        };
        let (not_today, from_on) = refusal.unwrap_or_default();
        list.push(ToCall {
            customer: face.number,
            name: face.name,
            why: words_of(cause),
            due_on: cause.due_on,
            overdue_pence: owed.get(&face.id).copied().unwrap_or(0),
            contacts: chased.len() as i64,
            not_today,
            from_on,
        });
    }
    list.sort_by_key(|one| (!one.not_today.is_empty(), std::cmp::Reverse(one.overdue_pence), one.customer.clone()));
    let count = list.iter().filter(|one| one.not_today.is_empty()).count() as i64;
    Ok(CallList { rows: list, count, quiet })
}

/// Bank holidays of this year and the next, as far as they are known.
fn bank_holidays(book: &ReferenceBook, nation: Nation, today: NaiveDate) -> Vec<NaiveDate> {
    let calendar = book.calendar(nation);
    [calendar.bank_holidays(today.year()), calendar.bank_holidays(today.year() + 1)].concat()
}

/// Days of contact that are looked at.
const WINDOW_DAYS: i64 = 6;

/// A way of contact as it is stored, read; what is not known was a letter.
fn way_of(stored: &str) -> ContactWay {
    ContactWay::parse(stored).unwrap_or(ContactWay::Post)
}

/// Customers whose whole account the law or a hold stops.
async fn stopped(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
    today: NaiveDate,
) -> Outcome<HashMap<i64, String>> {
    use sundry_domain::customers::FlagKind;
    let mut stopped = HashMap::new();
    for flag in sundry_store::delivery::flags_of_range(tx, org, first, last, today).await? {
        if let Some(kind) = FlagKind::parse(&flag.kind).filter(|kind| kind.stops_recovery()) {
            stopped.insert(flag.customer_id, kind.name().to_owned());
        }
    }
    for hold in plans::holds_of_range(tx, org, first, last).await? {
        let promise = hold.reason == "promise";
        if hold.item_id.is_none() && hold.holds_on(today) && !promise {
            stopped.insert(hold.customer_id, format!("On hold: {}", hold_words(&hold.reason)));
        }
    }
    Ok(stopped)
}

fn hold_words(reason: &str) -> String {
    let name = HoldReason::parse(reason).map(|reason| reason.name().to_lowercase());
    name.unwrap_or_else(|| reason.replace('_', " "))
}

fn words_of(cause: &rows::ToCallRow) -> String {
    match cause.why.as_str() {
        "promise" => format!("Promised {} and it did not come", Pence(cause.amount_pence)),
        "booked" if cause.words.is_empty() => "A call was booked".into(),
        _ => cause.words.clone(),
    }
}
