//! Cases as people see them: the list, and one with its debts, tasks and days.
use super::confirm::case_of;
use super::letter::letter_of;
use super::matching::LikelyCustomer;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::recovery::{EventForm, EventKind};
use sundry_domain::refusal::Invalid;
use sundry_store::control::{self, AuditRow};
use sundry_store::customers;
use sundry_store::people::{self, CaseRow, CaseTaskRow, StoppedDebtRow};

/// States a list may be asked for.
const STATES: [&str; 4] = ["to_match", "in_force", "ended", "not_ours"];

/// A case with everything about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseShown {
    /// As recorded; the form hidden from those who may not know of a health crisis.
    pub case: CaseRow,
    /// What it is, for people.
    pub form_name: String,
    /// Customer number, once somebody has said whose it is.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Whom it may be about.
    pub candidates: Vec<LikelyCustomer>,
    /// The debts it bears on.
    pub items: Vec<StoppedDebtRow>,
    /// What it makes somebody do.
    pub tasks: Vec<CaseTaskRow>,
    /// What is open of the debts it stops, when it began.
    pub stopped_pence: i64,
    /// The days of the adviser's review, for a standard moratorium.
    pub midway: Option<(NaiveDate, NaiveDate)>,
    /// The last day on which we may ask for a review.
    pub review_by: Option<NaiveDate>,
    /// The first day on which recovery may go on, the days in which policy sends nothing counted.
    pub recovery_from: Option<NaiveDate>,
    /// What stays allowed meanwhile.
    pub allowed: Vec<String>,
    /// What follows when it ends.
    pub then: Vec<String>,
    /// What was done, oldest first.
    pub history: Vec<AuditRow>,
    /// Its letter, once it is written: a second is refused until it is withdrawn.
    pub letter: Option<CaseLetter>,
}

/// The letter of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLetter {
    /// Number.
    pub number: String,
    /// Its date.
    pub on: NaiveDate,
}

/// Asks for cases.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CasesAsk {
    /// to_match, in_force, ended or not_ours; in_force when not said.
    pub state: String,
    /// Only this customer's, whatever their state.
    pub customer: String,
    /// After this id.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

/// A page of cases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CasesPage {
    /// The cases.
    pub rows: Vec<CaseLine>,
    /// After which id the next page begins.
    pub next: Option<i64>,
}

/// A line of the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseLine {
    /// Number.
    pub number: String,
    /// breathing_space, deceased, insolvent or gone_away.
    pub kind: String,
    /// What it is, for people.
    pub form_name: String,
    /// to_match, in_force, ended or not_ours.
    pub state: String,
    /// The name in the notice, or the customer's.
    pub person: String,
    /// Customer number, once somebody has said whose it is.
    pub customer_number: String,
    /// When it came.
    pub received_on: NaiveDate,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Who looks after it.
    pub owner: String,
    /// The first task that waits.
    pub next_task: String,
    /// By when.
    pub next_task_on: Option<NaiveDate>,
}

/// Cases in a state, oldest first, or those of a customer, newest first.
///
/// # Errors
/// A state or customer that is not there.
pub async fn cases(desk: &Desk, by: &Actor, ask: CasesAsk) -> Outcome<CasesPage> {
    by.must_hold(Duty::View)?;
    let state = if ask.state.is_empty() { "in_force" } else { &ask.state };
    if !STATES.contains(&state) {
        let message = format!("Enter one of {}", STATES.join(", "));
        return Err(Invalid::field("state", message, &ask.state).into());
    }
    let (org, limit) = (by.org, if ask.limit == 0 { 100 } else { ask.limit.clamp(1, 1_000) });
    let mut look = desk.look().await?;
    let rows = if ask.customer.trim().is_empty() {
        people::cases_in(&mut look, org, state, ask.after, limit).await?
    } else {
        let customer = crate::customers::find(&mut look, org, &ask.customer).await?;
        people::cases_of(&mut look, org, CustomerId(customer.id)).await?
    };
    let full = ask.customer.trim().is_empty() && rows.len() as i64 == limit;
    let next = rows.last().map(|row| row.id).filter(|_| full);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let tasks = people::tasks_of_case(&mut look, org, row.id).await?;
        let waiting =
            tasks.into_iter().filter(|task| task.done_on.is_none()).min_by_key(|task| (task.due_on, task.seq));
        let customer = match row.customer_id {
            Some(id) => customers::customer(&mut look, org, CustomerId(id)).await?,
            None => None,
        };
        let (number, name) = customer.map(|customer| (customer.number, customer.name)).unwrap_or_default();
        lines.push(CaseLine {
            form_name: form_name(by, &row),
            person: if name.is_empty() { row.person } else { name },
            customer_number: number,
            next_task: waiting.as_ref().map(|task| task.what.clone()).unwrap_or_default(),
            next_task_on: waiting.map(|task| task.due_on),
            number: row.number,
            kind: row.kind,
            state: row.state,
            received_on: row.received_on,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            owner: row.owner,
        });
    }
    Ok(CasesPage { rows: lines, next })
}

fn form_name(by: &Actor, row: &CaseRow) -> String {
    let sees = by.holds(Duty::SeeSensitive);
    EventForm::parse(&row.form).map_or_else(|| row.form.clone(), |form| form.name_for(sees).to_owned())
}

/// One case.
///
/// # Errors
/// Absent.
pub async fn person_case(desk: &Desk, by: &Actor, number: &str) -> Outcome<CaseShown> {
    by.must_hold(Duty::View)?;
    let org = by.org;
    let mut look = desk.look().await?;
    let mut case = case_of(&mut look, org, number).await?;
    let items = people::items_of_case(&mut look, org, case.id).await?;
    let tasks = people::tasks_of_case(&mut look, org, case.id).await?;
    let history = control::audit_of(&mut look, org, &format!("case {}", case.number)).await?;
    let letter = letter_of(&mut look, org, &case).await?.map(|one| CaseLetter { number: one.number, on: one.dated_on });
    let customer = match case.customer_id {
        Some(id) => customers::customer(&mut look, org, CustomerId(id)).await?,
        None => None,
    };
    let (customer_number, customer_name) = customer.map(|row| (row.number, row.name)).unwrap_or_default();
    let moratorium = EventForm::parse(&case.form).and_then(|form| form.moratorium(case.starts_on));
    let midway = moratorium.as_ref().and_then(|one| one.mid_review());
    let form = EventForm::parse(&case.form).filter(|_| case.state == "in_force");
    let stop = form.and_then(|form| form.freeze(case.starts_on, case.ends_on, case.received_on));
    let form_name = form_name(by, &case);
    if !by.holds(Duty::SeeSensitive) && case.form == EventForm::Crisis.as_str() {
        (case.form, case.treatment_ended_on) = (EventKind::BreathingSpace.as_str().into(), None);
    }
    Ok(CaseShown {
        form_name,
        customer_number,
        customer_name,
        candidates: serde_json::from_value(case.candidates.clone())?,
        stopped_pence: items.iter().filter(|item| item.freed_on.is_none()).map(|item| item.open_pence).sum(),
        midway: midway.map(|review| (review.first_on, review.last_on)),
        review_by: midway.and(moratorium.as_ref()).map(|one| one.review_by(None)),
        recovery_from: stop.as_ref().and_then(|stop| stop.recovery_from),
        allowed: stop.iter().flat_map(|stop| &stop.allowed).map(|one| one.name().to_owned()).collect(),
        then: stop.iter().flat_map(|stop| &stop.then).map(|one| one.name().to_owned()).collect(),
        case,
        items,
        tasks,
        history,
        letter,
    })
}
