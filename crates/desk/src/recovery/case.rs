//! Where an item stands: its pathway, the steps it took, the next one, and what stands in its way today.
use super::facts::{Loaded, context, load};
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::Serialize;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::recovery::{NextStep, PathwayVersion, decide_day, next_step};
use sundry_domain::refusal::Refusal;
use sundry_store::plans::HoldRow;
use sundry_store::recovery::StepRow;
use sundry_store::{ledger, plans, recovery};

/// The next step of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextView {
    /// The step's code.
    pub step_code: String,
    /// The step, for people.
    pub step_name: String,
    /// The first day on which it may be taken.
    pub on: NaiveDate,
    /// Why it may not be taken today, where it is due.
    pub refusal: Option<Refusal>,
}

/// An item's case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseView {
    /// The item.
    pub item: ItemId,
    /// The version of the pathway it is on.
    pub pathway: PathwayVersion,
    /// Steps it took, oldest first.
    pub steps: Vec<StepRow>,
    /// The next step; none when the pathway has ended or nothing is open.
    pub next: Option<NextView>,
    /// Holds that bear on it, ended ones too.
    pub holds: Vec<HoldRow>,
}

/// An item's case as at today.
pub async fn case(desk: &Desk, by: &Actor, item: ItemId) -> Outcome<CaseView> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let row = ledger::item(&mut look, by.org, item).await?.ok_or_else(|| No::Absent("item".into()))?;
    let customer = CustomerId(row.customer_id);
    let context = context(&mut look, desk, by.org, today).await?;
    let steps = recovery::steps_of_item(&mut look, by.org, item).await?;
    let holds = plans::holds_of_item(&mut look, by.org, customer, item).await?;
    let Loaded { days, parked } = load(&mut look, &context, &[customer]).await?;
    if let Some(one) = parked.into_iter().next() {
        return Err(one.refusal.into());
    }
    let holds_it = |day: &&super::facts::CustomerDay<'_>| day.places.iter().any(|at| day.open[*at].id == item.0);
    let day = days.iter().find(holds_it).or(days.first()).ok_or_else(|| No::Absent("customer".into()))?;
    let at = day.places.iter().position(|place| day.open[*place].id == item.0);
    let found = at.and_then(|at| day.case.items.get(at).map(|item| (at, item)));
    let Some((at, facts)) = found else {
        let pathway = context.pathway_of(day.case.kind, steps.last())?.clone();
        return Ok(CaseView { item, pathway, steps, next: None, holds });
    };
    let pauses = facts.facts();
    let name = |code: &str| facts.pathway.step(code).map(|step| step.name.clone()).unwrap_or_default();
    let next = match next_step(&pauses, &facts.taken, facts.pathway, today) {
        NextStep::Done => None,
        NextStep::NotYet { code, on } => Some(NextView { step_name: name(&code), step_code: code, on, refusal: None }),
        NextStep::Due(step) => {
            let decision = decide_day(&day.case, &context.site, today);
            let refusal =
                decision.refused.into_iter().find(|refused| refused.item == at).map(|refused| refused.refusal);
            Some(NextView { step_code: step.code, step_name: step.name, on: today, refusal })
        }
    };
    Ok(CaseView { item, pathway: facts.pathway.clone(), steps, next, holds })
}
