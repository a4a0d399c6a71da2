//! A plan as it is shown: its figures, its instalments with what came for each, its versions and what happened.
use super::assess::{Assessed, assess, is_frozen};
use super::end::can_break;
use super::letter::a_month;
use super::tend::nation_of;
use crate::customers::find;
use crate::{Actor, Desk, Fault, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Approver, Instalment, standing_of};
use sundry_store::Tx;
use sundry_store::plans::agreed::{self, PlanRow};

/// A plan in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// Number.
    pub number: String,
    /// Number of the customer whose plan it is.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// proposed, active, suspended, completed, broken, cancelled or refused.
    pub state: String,
    /// kept, late, missed, for_manager, suspended, broken or completed; empty while it waits.
    pub standing: String,
    /// What it covers in all.
    pub total_pence: i64,
    /// Paid so far.
    pub paid_pence: i64,
    /// Behind.
    pub behind_pence: i64,
    /// Since when.
    pub behind_since: Option<NaiveDate>,
    /// The next instalment.
    pub next_on: Option<NaiveDate>,
    /// What is left of it.
    pub next_pence: i64,
    /// Day of the last instalment.
    pub last_on: NaiveDate,
    /// How it is paid.
    pub method: String,
    /// When to look at it again.
    pub review_on: NaiveDate,
    /// The version in force.
    pub version: i64,
}

/// An instalment as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentShown {
    /// Counted from 1.
    pub part: i64,
    /// Day.
    pub due_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
    /// What has come for it.
    pub paid_pence: i64,
    /// paid, part_paid, missed, due, frozen, ended or to_come.
    pub state: String,
}

/// What a plan covers of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoveredShown {
    /// Number.
    pub number: String,
    /// When it was due: its age counts from then, plan or none.
    pub due_on: NaiveDate,
    /// Service.
    pub service: String,
    /// What was open of it when it joined the plan.
    pub share_pence: i64,
    /// What is open of it now.
    pub open_pence: i64,
    /// The step of recovery it stood at, and goes on from.
    pub stage: String,
}

/// A version of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVersionShown {
    /// From 1.
    pub version: i64,
    /// agreed, skip, sooner, smaller, add, reschedule or shift.
    pub what: String,
    /// Why.
    pub reason: String,
    /// When.
    pub made_on: NaiveDate,
    /// Who.
    pub actor_name: String,
    /// The letter with its schedule.
    pub letter: String,
    /// When another took its place.
    pub superseded_on: Option<NaiveDate>,
    /// Its instalments.
    pub schedule: Vec<Instalment>,
}

/// Something that happened to a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanHappened {
    /// When.
    pub on_day: NaiveDate,
    /// proposed, granted, changed, missed and so on.
    pub what: String,
    /// In words.
    pub words: String,
    /// Amount.
    pub amount_pence: i64,
    /// Who.
    pub actor_name: String,
}

/// Somebody on a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPerson {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
}

/// A whole plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanShown {
    /// As in a list, as at today.
    pub line: PlanLine,
    /// Everyone on it.
    pub people: Vec<PlanPerson>,
    /// A month's worth of its usual instalment.
    pub monthly_pence: i64,
    /// Due by today.
    pub due_pence: i64,
    /// Still to come.
    pub balance_pence: i64,
    /// Paid, due, missed: the strip.
    pub instalments: Vec<InstalmentShown>,
    /// What it covers.
    pub covers: Vec<CoveredShown>,
    /// Its versions, newest first.
    pub versions: Vec<PlanVersionShown>,
    /// What happened, newest first.
    pub happened: Vec<PlanHappened>,
    /// How far apart the instalments are.
    pub every: String,
    /// The mandate it is collected by.
    pub mandate: String,
    /// customer, adviser or us.
    pub asked_by: String,
    /// Who agreed it.
    pub agreed_with: String,
    /// call, form, sfs, letter or online.
    pub evidence: String,
    /// What was said.
    pub words: String,
    /// The budget it rests on.
    pub budget: Option<i64>,
    /// When it was granted; one agreed in writing acknowledges the debt from then.
    pub granted_on: Option<NaiveDate>,
    /// By whom.
    pub granted_by: String,
    /// The approval that was asked for.
    pub approval: String,
    /// Days of grace.
    pub tolerance_days: i64,
    /// A new letter of claim comes before any claim.
    pub claim_again: bool,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub end_reason: String,
    /// Whether the reader may change or end it.
    pub may_change: bool,
    /// Whether the reader may end it as broken today.
    pub may_break: bool,
}

fn line(row: &PlanRow, (customer, name): (&str, &str)) -> PlanLine {
    PlanLine {
        number: row.number.clone(),
        customer: customer.to_owned(),
        name: name.to_owned(),
        state: row.state.clone(),
        standing: row.standing.clone(),
        total_pence: row.total_pence,
        paid_pence: row.paid_pence,
        behind_pence: row.behind_pence,
        behind_since: row.behind_since,
        next_on: row.next_on,
        next_pence: row.next_pence,
        last_on: row.last_on,
        method: row.method.clone(),
        review_on: row.review_on,
        version: row.version,
    }
}

/// Figures of today where the plan runs; those it ended with otherwise.
async fn as_at_today(tx: &mut Tx, desk: &Desk, by: &Actor, rows: Vec<PlanRow>) -> Outcome<Vec<(PlanRow, Assessed)>> {
    let (nation, book, today) = (nation_of(tx, by.org).await?, desk.book(), desk.today());
    let mut rising = rows;
    rising.sort_by_key(|row| row.id);
    let assessed = assess(tx, by.org, book.calendar(nation), rising, today).await?;
    let fresh = |one: Assessed| {
        let mut row = one.plan.clone();
        if matches!(row.state.as_str(), "active" | "suspended") {
            super::tend::note_figures(&mut row, &one, today);
        }
        (row, one)
    };
    let mut all: Vec<(PlanRow, Assessed)> = assessed.into_iter().map(fresh).collect();
    all.reverse();
    Ok(all)
}

/// Every plan that a customer is on, newest first, as it stands today.
///
/// # Errors
/// Duty; a customer who is not there.
pub async fn plans_of(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<PlanLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, customer).await?;
    let rows = agreed::plans_of_customer(&mut look, by.org, CustomerId(customer.id)).await?;
    let all = as_at_today(&mut look, desk, by, rows).await?;
    Ok(all.iter().map(|(row, _)| line(row, (&customer.number, &customer.name))).collect())
}

/// Which plans a list shows.
#[derive(Clone, Debug, Default)]
pub struct PlansAsk {
    /// One state; empty for all.
    pub state: String,
    /// One standing, or `behind` for every one that is; empty for all.
    pub standing: String,
    /// Number of the plan before which the page begins; empty for the newest.
    pub before: String,
    /// At most so many.
    pub limit: i64,
}

/// Plans, newest first, as the last daily run left them.
///
/// # Errors
/// Duty.
pub async fn plans_list(desk: &Desk, by: &Actor, ask: &PlansAsk) -> Outcome<Vec<PlanLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let before = match ask.before.as_str() {
        "" => i64::MAX,
        number => {
            let row = agreed::plan_numbered(&mut look, by.org, number).await?;
            row.ok_or_else(|| No::Absent(format!("plan {number}")))?.id
        }
    };
    let place = (before, ask.limit.clamp(1, 500));
    let rows = agreed::plans(&mut look, by.org, (&ask.state, &ask.standing), place).await?;
    let ids = || rows.iter().map(|row| row.id);
    let span = (ids().min().unwrap_or_default(), ids().max().unwrap_or_default());
    let names: HashMap<i64, (String, String)> = agreed::names_of(&mut look, by.org, span)
        .await?
        .into_iter()
        .map(|(plan, number, name)| (plan, (number, name)))
        .collect();
    let nobody = (String::new(), String::new());
    Ok(rows
        .iter()
        .map(|row| {
            let (number, name) = names.get(&row.id).unwrap_or(&nobody);
            line(row, (number, name))
        })
        .collect())
}

/// One plan as it stands today.
///
/// # Errors
/// Duty; absent when it is not there.
pub async fn plan(desk: &Desk, by: &Actor, number: &str) -> Outcome<PlanShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = agreed::plan_numbered(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("plan {number}")))?;
    let (row, one) =
        as_at_today(&mut look, desk, by, vec![row]).await?.pop().ok_or_else(|| Fault::new("a plan that was there"))?;
    let people = agreed::parties(&mut look, by.org, row.id).await?;
    let main = people.iter().find(|party| party.customer_id == row.customer_id);
    let (customer, name) = main.map_or(("", ""), |party| (party.number.as_str(), party.name.as_str()));
    let covers = agreed::covered(&mut look, by.org, (row.id, row.id)).await?;
    let versions = versions(&mut look, by, &row).await?;
    let happened = agreed::events(&mut look, by.org, row.id).await?;
    let runs = matches!(row.state.as_str(), "active" | "suspended");
    let agrees = by.holds(Duty::AgreePlans);
    let manager = standing_of(&by.roles) >= Approver::Manager;
    Ok(PlanShown {
        line: line(&row, (customer, name)),
        monthly_pence: a_month(&row, &one.agreed).0,
        due_pence: one.standing.due.0,
        balance_pence: one.standing.balance.0,
        instalments: strip(&one, row.ended_on, desk.today()),
        covers: covers
            .into_iter()
            .map(|row| CoveredShown {
                number: row.number,
                due_on: row.due_on,
                service: row.service,
                share_pence: row.share_pence,
                open_pence: row.open_pence,
                stage: row.stage,
            })
            .collect(),
        versions,
        happened: happened
            .into_iter()
            .map(|row| PlanHappened {
                on_day: row.on_day,
                what: row.what,
                words: row.words,
                amount_pence: row.amount_pence,
                actor_name: row.actor_name,
            })
            .collect(),
        people: people.into_iter().map(|one| PlanPerson { number: one.number, name: one.name }).collect(),
        may_change: runs && agrees,
        may_break: runs && (agrees || by.holds(Duty::ApprovePlans)) && can_break(&one.standing.standing, manager),
        every: row.every,
        mandate: row.mandate_reference,
        asked_by: row.asked_by,
        agreed_with: row.agreed_with,
        evidence: row.evidence,
        words: row.words,
        budget: row.budget_id,
        granted_on: row.granted_on,
        granted_by: row.granted_by,
        approval: row.approval,
        tolerance_days: row.tolerance_days,
        claim_again: row.claim_again,
        ended_on: row.ended_on,
        end_reason: row.end_reason,
    })
}

async fn versions(look: &mut Tx, by: &Actor, row: &PlanRow) -> Outcome<Vec<PlanVersionShown>> {
    let mut parts: HashMap<i64, Vec<Instalment>> = HashMap::new();
    for part in agreed::instalments_of(look, by.org, row.id).await? {
        let one = Instalment { due_on: part.due_on, amount: Pence(part.amount_pence) };
        parts.entry(part.version).or_default().push(one);
    }
    let shown = |one: agreed::VersionRow| PlanVersionShown {
        schedule: parts.remove(&one.version).unwrap_or_default(),
        version: one.version,
        what: one.what,
        reason: one.reason,
        made_on: one.made_on,
        actor_name: one.actor_name,
        letter: one.letter,
        superseded_on: one.superseded_on,
    };
    Ok(agreed::versions(look, by.org, row.id).await?.into_iter().map(shown).collect())
}

/// Each instalment with what came for it: money fills the oldest first. None is asked for once the plan has ended.
fn strip(one: &Assessed, ended_on: Option<NaiveDate>, today: NaiveDate) -> Vec<InstalmentShown> {
    let mut left = one.standing.paid;
    let shown = |(part, instalment): (i64, &Instalment)| {
        let came = left.min(instalment.amount).max(Pence::ZERO);
        left = left.minus(came);
        let state = match instalment.due_on {
            _ if came == instalment.amount => "paid",
            day if is_frozen(&one.frozen, day) => "frozen",
            day if ended_on.is_some_and(|ended| ended <= day) => "ended",
            day if day < today => "missed",
            day if day == today => "due",
            _ if came > Pence::ZERO => "part_paid",
            _ => "to_come",
        };
        InstalmentShown {
            part,
            due_on: instalment.due_on,
            amount_pence: instalment.amount.0,
            paid_pence: came.0,
            state: state.into(),
        }
    };
    (1..).zip(&one.schedule).map(shown).collect()
}
