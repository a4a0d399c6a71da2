//! What could be offered to a customer: from the budget, and inside what whoever asks may grant (PLN-04).
use super::terms::People;
use crate::{Actor, Desk, Fault, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Every, OfferAsk, Remainder, plan_offers, standing_of};
use sundry_store::plans::{agreed, budgets};
use sundry_store::{control, ledger};

/// Days from today to the first instalment of an offer.
const FIRST_IN_DAYS: i64 = 14;

/// A plan that could be offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChoice {
    /// Why, for people: paid soonest, what the budget leaves.
    pub because: String,
    /// How many monthly instalments.
    pub instalments: i64,
    /// How much each.
    pub amount_pence: i64,
    /// Months it takes.
    pub months: u32,
    /// clerk, team_leader, manager or head.
    pub granted_by: String,
    /// Whether who asks may grant it.
    pub at_once: bool,
}

/// Monthly plans for everything open that is neither disputed nor in a plan, the shortest first.
///
/// # Errors
/// Duty; a customer who is not there, has died or is insolvent.
pub async fn plan_choices(desk: &Desk, by: &Actor, customer: &str, budget: Option<i64>) -> Outcome<Vec<PlanChoice>> {
    by.must_hold(Duty::AgreePlans)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let people = People::load(&mut look, by.org, &[customer], today).await?;
    let id = CustomerId(people.main().id);
    let in_plans = agreed::items_in_plans(&mut look, by.org, id).await?;
    let in_plans: HashSet<i64> = in_plans.into_iter().map(|(item, _)| item).collect();
    let open = ledger::open_items_of(&mut look, by.org, id).await?;
    let free = open.iter().filter(|row| row.open_pence > 0 && row.disputed_pence == 0 && !in_plans.contains(&row.id));
    let total = Pence(free.map(|row| row.open_pence).sum());
    if total <= Pence::ZERO {
        return Ok(Vec::new());
    }
    let site = control::organisation(&mut look, by.org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let settings = super::policy::PlanSettings::of(&site)?;
    let budget = match budget {
        Some(id) => budgets::budget(&mut look, by.org, id).await?,
        None => None,
    };
    let affordable = budget.filter(|row| row.customer_id == id.0).map(|row| Pence(row.offer_pence));
    let ask = OfferAsk {
        total,
        every: Every::Month,
        first_on: add_days(today, FIRST_IN_DAYS),
        affordable: affordable.filter(|pence| *pence > Pence::ZERO),
        business: !people.individual,
        broke_one: people.broke_one,
        by: standing_of(&by.roles),
        remainder: Remainder::First,
    };
    let choices = plan_offers(&ask, &settings.policy).into_iter().map(|one| PlanChoice {
        because: one.because.name().to_owned(),
        instalments: one.schedule.len() as i64,
        amount_pence: super::terms::usual(&one.schedule).0,
        months: one.months,
        granted_by: one.approver.as_str().to_owned(),
        at_once: one.at_once,
    });
    Ok(choices.collect())
}
