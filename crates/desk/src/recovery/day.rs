//! A day of recovery: what is due, in order, and what the law refuses. Preview and release share every decision.
use super::facts::{CustomerDay, DayContext, Loaded, context, load, step_refused};
use super::{letters, step_charges};
use crate::delivery::lacking_forms;
use crate::plans::decisions;
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::plans::PromiseState;
use sundry_domain::recovery::refusals::STATEMENT_TODAY;
use sundry_domain::recovery::{ClaimedLate, StepCharge, StepGroup, decide_day, decide_statement};
use sundry_domain::refusal::Refusal;
use sundry_store::recovery::{self, CaseItemRow};
use sundry_store::{Tx, delivery, plans};

/// Customers in a chunk: one transaction, one key. The debts of neighbours lie all over the ledger, and every commit
/// writes each page it touched: a long run takes few large chunks, each of about a second, in which others wait.
pub(super) fn customers_in_chunk(customers: usize) -> usize {
    (customers / 8).clamp(200, 5_000)
}

/// Letters of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterTotal {
    /// How many.
    pub count: i64,
    /// Sum of their sums.
    pub total_pence: Pence,
}

/// Control totals of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotals {
    /// Promises kept.
    pub promises_kept: i64,
    /// Promises broken.
    pub promises_broken: i64,
    /// Holds that had run out.
    pub holds_ended: i64,
    /// Letters by what is sent: invoice, credit_note, reminder, statement, letter_of_claim.
    pub letters: BTreeMap<String, LetterTotal>,
    /// Items that took each step, tasks too; `STATEMENT` counts statements.
    pub steps: BTreeMap<String, i64>,
    /// Customers who had something due.
    pub customers: i64,
    /// Refusals by code.
    pub refused: BTreeMap<String, i64>,
    /// Bank lines that wait to be posted: while they do, nobody is chased.
    pub bank_lines_waiting: i64,
    /// Their sum.
    pub bank_waiting_pence: Pence,
}

impl DayTotals {
    pub(super) fn letter(&mut self, kind: LetterKind, sum: Pence) {
        let total = self.letters.entry(kind.as_str().to_owned()).or_default();
        total.count += 1;
        total.total_pence = total.total_pence.plus(sum);
    }

    pub(super) fn plan(&mut self, plan: &CustomerPlan) {
        self.customers += i64::from(!plan.is_empty());
        for letter in &plan.letters {
            self.letter(letter.kind, letter.total_pence);
            if letter.step_code == letters::STATEMENT {
                *self.steps.entry(letter.step_code.clone()).or_default() += 1;
                continue;
            }
            for item in letter.items.iter().filter(|item| item.open_pence > Pence::ZERO) {
                let step = letter.other_step(item.item).map_or(&letter.step_code, |other| &other.step_code);
                *self.steps.entry(step.clone()).or_default() += 1;
            }
        }
        for task in &plan.tasks {
            *self.steps.entry(task.step_code.clone()).or_default() += task.items.len() as i64;
        }
        for refusal in &plan.refusals {
            *self.refused.entry(refusal.refusal.code.clone()).or_default() += 1;
        }
    }
}

/// An item in a letter or task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedItem {
    /// The item.
    pub item: ItemId,
    /// Its number.
    pub number: String,
    /// When it was due.
    pub due_on: NaiveDate,
    /// What is asked for: what is left of it, less what is in query.
    pub open_pence: Pence,
    /// What paying late adds, where the step says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<StepCharge>,
}

impl PlannedItem {
    pub(super) fn of(row: &CaseItemRow) -> PlannedItem {
        let (item, open_pence) = (ItemId(row.id), Pence(row.open_pence));
        let (number, due_on) = (row.number.clone(), row.due_on);
        PlannedItem { item, number, due_on, open_pence, charge: None }
    }
}

/// A letter of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedLetter {
    /// To whom.
    pub customer: CustomerId,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What is sent.
    pub kind: LetterKind,
    /// Template.
    pub template: String,
    /// post or email.
    pub way: String,
    /// The date on it.
    pub dated_on: NaiveDate,
    /// The sum it asks for.
    pub total_pence: Pence,
    /// The items it names, credits too.
    pub items: Vec<PlannedItem>,
    /// Step; `STATEMENT` for a monthly statement.
    pub step_code: String,
    /// The step, for people.
    pub step_name: String,
    /// Pathway.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i64,
    /// The clause that allows it; empty for a statement.
    #[serde(default)]
    pub clause: String,
    /// Pay or answer by.
    pub due_on: Option<NaiveDate>,
    /// When the next letter would go.
    pub next_letter_on: Option<NaiveDate>,
    /// For a letter of claim: the first day a claim may be issued.
    pub earliest_issue_on: Option<NaiveDate>,
    /// For a letter of claim: what paying late adds, where the law gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<ClaimedLate>,
    /// Earlier steps of other items that this letter takes too: one letter a customer, at the furthest stage (DUN-04).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<PlannedStep>,
}

/// A step that is taken in the letter of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// Step.
    pub step_code: String,
    /// The step, for people.
    pub step_name: String,
    /// Pathway.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i64,
    /// The clause that allows it.
    pub clause: String,
    /// The debts it is taken for.
    pub items: Vec<ItemId>,
}

impl PlannedLetter {
    /// The other step that an item takes in this letter; none where it takes the letter's own.
    pub(super) fn other_step(&self, item: ItemId) -> Option<&PlannedStep> {
        self.also.iter().find(|step| step.items.contains(&item))
    }
}

/// Work for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTask {
    /// About whom.
    pub customer: CustomerId,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Step.
    pub step_code: String,
    /// What to do.
    pub step_name: String,
    /// Pathway.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i64,
    /// The clause that allows it.
    #[serde(default)]
    pub clause: String,
    /// The items.
    pub items: Vec<PlannedItem>,
}

/// A step that is due and refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRefusal {
    /// About whom.
    pub customer: CustomerId,
    /// Their number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// The item; none for a statement.
    pub item: Option<PlannedItem>,
    /// Step.
    pub step_code: String,
    /// Why not.
    pub refusal: Refusal,
}

/// One customer's day, decided.
#[derive(Clone, Debug, Default)]
pub(super) struct CustomerPlan {
    pub(super) letters: Vec<PlannedLetter>,
    pub(super) tasks: Vec<PlannedTask>,
    pub(super) refusals: Vec<PlannedRefusal>,
}

impl CustomerPlan {
    fn is_empty(&self) -> bool {
        self.letters.is_empty() && self.tasks.is_empty() && self.refusals.is_empty()
    }
}

/// Decides the days of customers: what is sent and done, what paying late adds, and what is refused.
pub(super) async fn decide(
    tx: &mut Tx,
    desk: &Desk,
    context: &DayContext,
    days: &[CustomerDay<'_>],
) -> Outcome<Vec<CustomerPlan>> {
    let mut plans: Vec<CustomerPlan> = days.iter().map(|customer| plan(context, customer)).collect();
    refuse_lacking(tx, context.org, days, &mut plans).await?;
    step_charges::work_out(tx, desk, context, days, &mut plans).await?;
    Ok(plans)
}

/// A letter that lacks a form that goes with it leaves its plan for a refusal that says which (REC-02).
async fn refuse_lacking(tx: &mut Tx, org: OrgId, days: &[CustomerDay<'_>], plans: &mut [CustomerPlan]) -> Outcome<()> {
    let mut letters = Vec::new();
    for (day, plan) in days.iter().zip(plans.iter()) {
        letters.extend(plan.letters.iter().map(|letter| (&day.to, letter.template.as_str(), letter.dated_on)));
    }
    let mut lacking = lacking_forms(tx, org, &letters).await?.into_iter();
    for plan in plans {
        let mut kept = Vec::with_capacity(plan.letters.len());
        for letter in std::mem::take(&mut plan.letters) {
            match lacking.next().flatten() {
                Some(refusal) => {
                    let whose = (letter.customer, letter.customer_number, letter.customer_name);
                    plan.refusals.push(step_refused(whose, &letter.step_code, refusal));
                }
                None => kept.push(letter),
            }
        }
        plan.letters = kept;
    }
    Ok(())
}

/// Decides a customer's day.
fn plan(context: &DayContext, customer: &CustomerDay<'_>) -> CustomerPlan {
    let mut plan = CustomerPlan::default();
    let decision = decide_day(&customer.case, &context.site, context.day);
    let mut sets = Vec::new();
    for group in &decision.groups {
        if group.step.kind.is_letter() {
            let (letter, set) = letters::of_group(context, customer, group);
            // The furthest stage comes first: what is asked for more gently is listed there (DUN-04, DUN-20).
            let same = |one: &PlannedLetter| one.kind == LetterKind::Reminder && one.kind == letter.kind;
            let found = plan.letters.iter().zip(&sets).position(|(one, of)| same(one) && *of == set);
            match found {
                Some(at) => letters::join(&mut plan.letters[at], letter),
                None => {
                    plan.letters.push(letter);
                    sets.push(set);
                }
            }
        } else {
            plan.tasks.push(task(customer, group));
        }
    }
    for refused in decision.refused {
        let row = &customer.open[customer.places[refused.item]];
        plan.refusals.push(refusal(customer, Some(PlannedItem::of(row)), &refused.step_code, refused.refusal));
    }
    if context.statements && !customer.joint {
        match decide_statement(&customer.case, &context.site, context.day) {
            Some(Ok(())) if customer.had_statement => {
                let no = STATEMENT_TODAY.because(format!("{} had a statement today", customer.to.row.number));
                plan.refusals.push(refusal(customer, None, letters::STATEMENT, no));
            }
            Some(Ok(())) => plan.letters.push(letters::statement(context, customer)),
            Some(Err(no)) => plan.refusals.push(refusal(customer, None, letters::STATEMENT, no)),
            None => {}
        }
    }
    plan
}

fn task(customer: &CustomerDay<'_>, group: &StepGroup) -> PlannedTask {
    PlannedTask {
        customer: CustomerId(customer.to.row.id),
        customer_number: customer.to.row.number.clone(),
        customer_name: customer.to.row.name.clone(),
        step_code: group.step.code.clone(),
        step_name: group.step.name.clone(),
        pathway_code: group.pathway_code.clone(),
        pathway_version: i64::from(group.pathway_version),
        clause: clause_of(customer, group),
        items: group.items.iter().map(|at| PlannedItem::of(&customer.open[customer.places[*at]])).collect(),
    }
}

/// The clause of the pathway that allows a step.
pub(super) fn clause_of(customer: &CustomerDay<'_>, group: &StepGroup) -> String {
    let first = group.items.first().and_then(|at| customer.case.items.get(*at));
    first.map(|item| item.pathway.clause(&group.step.code)).unwrap_or_default()
}

fn refusal(customer: &CustomerDay<'_>, item: Option<PlannedItem>, step: &str, refusal: Refusal) -> PlannedRefusal {
    PlannedRefusal {
        customer: CustomerId(customer.to.row.id),
        customer_number: customer.to.row.number.clone(),
        customer_name: customer.to.row.name.clone(),
        item,
        step_code: step.to_owned(),
        refusal,
    }
}

/// A day as it would be released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPreview {
    /// The day.
    pub date: NaiveDate,
    /// Control totals.
    pub totals: DayTotals,
    /// Letters of the pathways and statements; invoices are only counted.
    pub letters: Vec<PlannedLetter>,
    /// Work for people.
    pub tasks: Vec<PlannedTask>,
    /// What the law refuses.
    pub refusals: Vec<PlannedRefusal>,
}

/// What a day's release would do; changes nothing.
///
/// # Errors
/// A calendar that is not loaded for the day's year.
pub async fn preview_day(desk: &Desk, by: &Actor, date: NaiveDate) -> Outcome<DayPreview> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let tx = &mut look;
    let mut context = context(tx, desk, by.org, date).await?;
    let book = desk.book();
    let decided = decisions(tx, by.org, book.calendar(context.nation), date).await?;
    context.suppose(&decided);
    let kept = decided.iter().filter(|one| one.state == PromiseState::Kept).count() as i64;
    let mut totals = DayTotals {
        promises_kept: kept,
        promises_broken: decided.len() as i64 - kept,
        holds_ended: expired(&plans::expired_holds(tx, by.org, date, i64::from(i32::MAX)).await?, &decided),
        bank_lines_waiting: context.bank_waiting.0,
        bank_waiting_pence: Pence(context.bank_waiting.1),
        ..DayTotals::default()
    };
    for document in delivery::documents_without_letter(tx, by.org, DocumentId(0), i64::from(i32::MAX)).await? {
        let kind = LetterKind::parse(&document.kind).unwrap_or(LetterKind::Invoice);
        totals.letter(kind, Pence(document.gross_pence.abs()));
    }
    let customers = recovery::customers_due(tx, by.org, context.due_by(), CustomerId(0)).await?;
    let (mut letters, mut tasks, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
    for chunk in customers.chunks(customers_in_chunk(customers.len())) {
        let Loaded { days, parked } = load(tx, &context, chunk).await?;
        totals.plan(&CustomerPlan { refusals: parked.clone(), ..CustomerPlan::default() });
        refusals.extend(parked);
        for plan in decide(tx, desk, &context, &days).await? {
            totals.plan(&plan);
            letters.extend(plan.letters);
            tasks.extend(plan.tasks);
            refusals.extend(plan.refusals);
        }
    }
    Ok(DayPreview { date, totals, letters, tasks, refusals })
}

/// Holds that will have run out when the promises are decided: those of decided promises end with them.
fn expired(holds: &[plans::HoldRow], decided: &[crate::plans::PromiseDecision]) -> i64 {
    let with_promise = |hold: &&plans::HoldRow| decided.iter().any(|one| Some(one.promise.id) == hold.promise_id);
    holds.iter().filter(|hold| !with_promise(hold)).count() as i64
}

/// The day a step was named for, for the record.
pub(super) fn named_day(context: &DayContext, customer: &CustomerDay<'_>, item: ItemId, step: &str) -> NaiveDate {
    let at = customer.places.iter().position(|place| customer.open[*place].id == item.0);
    let found = at.and_then(|at| customer.case.items.get(at));
    let day = found.and_then(|item| Some(add_days(item.due_on, i64::from(item.pathway.step(step)?.day))));
    day.unwrap_or(context.day)
}
