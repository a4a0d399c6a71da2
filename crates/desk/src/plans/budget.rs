//! A person's budget, taken once and used for an offer (PLN-04, PP-03).
use super::policy::PlanSettings;
use crate::core::typed::{lines_wrong, words_wrong};
use crate::customers::find;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::plans::refusals::NOTHING_LEFT;
use sundry_domain::plans::{Budget, LineKind, offer};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::plans::budgets::{self, BudgetRow};
use sundry_store::{control, plans};

/// Keeps a budget.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeBudget {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    #[serde(default)]
    pub customer: String,
    /// The budget; what is owed to us is taken from the account where it is nothing.
    pub budget: Budget,
    /// What must stay each month of somebody who pays for care; 0 where nothing need.
    #[serde(default)]
    pub floor_pence: i64,
    /// What was said.
    #[serde(default)]
    pub words: String,
}

/// The budget that was kept, and what it offers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BudgetTaken {
    /// Its id.
    pub budget: i64,
    /// What a month leaves.
    pub available_pence: i64,
    /// Our share of it, in proportion to what is owed.
    pub offer_pence: i64,
    /// What to talk about; nothing is refused for it.
    pub findings: Vec<String>,
    /// Why there is no offer, where the month leaves nothing.
    pub nothing: Option<Refusal>,
}

/// A budget as it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BudgetShown {
    /// Id.
    pub budget: i64,
    /// When it was taken.
    pub made_on: NaiveDate,
    /// Its lines and debts.
    pub body: Budget,
    /// A month's income.
    pub income_pence: i64,
    /// A month's costs, with priority arrears.
    pub costs_pence: i64,
    /// What a month leaves.
    pub available_pence: i64,
    /// Our share of it.
    pub offer_pence: i64,
    /// What must stay.
    pub floor_pence: i64,
    /// What was said.
    pub words: String,
    /// Who took it.
    pub actor_name: String,
    /// What to talk about.
    pub findings: Vec<String>,
}

fn check(ask: &TakeBudget) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let budget = &ask.budget;
    if !(1..=20).contains(&budget.adults) {
        wrong.push(Invalid::field("adults", "Enter from 1 to 20 adults", budget.adults.to_string()));
    }
    if budget.children > 20 {
        wrong.push(Invalid::field("children", "Enter up to 20 children", budget.children.to_string()));
    }
    if budget.lines.len() > 200 {
        wrong.push(Invalid::field("lines", "Enter up to 200 lines", budget.lines.len().to_string()));
    }
    for (n, line) in budget.lines.iter().enumerate() {
        let bad = line.amount < Pence::ZERO || line.amount.0 > 100_000_000;
        if bad {
            let field = format!("lines.{n}");
            wrong.push(Invalid::field(&field, "Enter an amount up to £1,000,000", line.amount.to_string()));
        }
    }
    let owed = Pence::ZERO..=LARGEST;
    if !owed.contains(&budget.owed_to_all) || !owed.contains(&budget.owed_to_us) {
        wrong.push(Invalid::field("owed_to_all", "Enter what is owed to everyone", budget.owed_to_all.to_string()));
    }
    if !(0..=10_000_000).contains(&ask.floor_pence) {
        wrong.push(Invalid::field("floor_pence", "Enter what must stay, up to £100,000", ask.floor_pence.to_string()));
    }
    let names: Vec<(&str, &str)> = budget.lines.iter().map(|line| ("lines", line.name.as_str())).collect();
    wrong.extend(lines_wrong(&names, 100).into_iter().take(1));
    wrong.extend(words_wrong(&[("words", &ask.words)], 2_000));
    wrong
}

/// Keeps a budget in the shape of the Standard Financial Statement, and works out what it offers. A month that leaves
/// nothing is kept too: a token payment rests on it.
///
/// # Errors
/// Duty; fields; `PP-03-BUDGET`; a customer who is not there.
pub async fn take_budget(desk: &Desk, by: &Actor, ask: TakeBudget) -> Outcome<BudgetTaken> {
    by.must_hold(Duty::AgreePlans)?;
    let wrong = check(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_card_number("words", &ask.words)?;
    for line in &ask.budget.lines {
        refuse_card_number("lines", &line.name)?;
    }
    command!(desk, by, "take_budget", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find(&mut cmd.tx, org, &ask.customer).await?;
        let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
        let settings = PlanSettings::of(&site)?;
        let mut budget = ask.budget.clone();
        if budget.owed_to_us == Pence::ZERO {
            budget.owed_to_us = Pence(plans::owed_by(&mut cmd.tx, org, CustomerId(customer.id)).await?);
            budget.owed_to_all = budget.owed_to_all.max(budget.owed_to_us);
        }
        let (available, ours, nothing) = match offer(&budget) {
            Ok(offered) => (offered.available, offered.ours, None),
            Err(no) if no.code == NOTHING_LEFT.code => (left_of(&budget), Pence::ZERO, Some(no)),
            Err(no) => return Err(no.into()),
        };
        let row = BudgetRow {
            id: cmd.id(),
            customer_id: customer.id,
            made_on: cmd.today,
            body: serde_json::to_value(&budget)?,
            available_pence: available.0,
            offer_pence: ours.0,
            floor_pence: ask.floor_pence,
            from_adviser: budget.from_adviser,
            words: ask.words.trim().to_owned(),
            actor_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        budgets::add_budget(&mut cmd.tx, org, &row).await?;
        // Personal, perhaps about health: the trail says that it was taken, not what it says.
        let detail = serde_json::json!({ "budget": row.id, "offer_pence": row.offer_pence });
        cmd.tell("BudgetTaken", format!("customer {}", customer.number), detail);
        Ok(BudgetTaken {
            budget: row.id,
            available_pence: available.0,
            offer_pence: ours.0,
            findings: settings.findings(&budget),
            nothing,
        })
    })
}

fn left_of(budget: &Budget) -> Pence {
    budget.of(LineKind::Income).minus(budget.costs()).minus(budget.of(LineKind::Savings))
}

/// The budgets of a customer, newest first. Only those who agree or approve plans may read them.
///
/// # Errors
/// Duty; a customer who is not there.
pub async fn budgets_of(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<BudgetShown>> {
    may_read(by)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, customer).await?;
    let site = control::organisation(&mut look, by.org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let settings = PlanSettings::of(&site)?;
    let rows = budgets::budgets_of(&mut look, by.org, CustomerId(customer.id)).await?;
    rows.into_iter().map(|row| shown(row, &settings)).collect()
}

/// One budget.
///
/// # Errors
/// Duty; absent when it is not there.
pub async fn budget(desk: &Desk, by: &Actor, id: i64) -> Outcome<BudgetShown> {
    may_read(by)?;
    let mut look = desk.look().await?;
    let site = control::organisation(&mut look, by.org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let row = budgets::budget(&mut look, by.org, id).await?.ok_or_else(|| No::Absent("budget".into()))?;
    shown(row, &PlanSettings::of(&site)?)
}

fn may_read(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ApprovePlans) {
        return Ok(());
    }
    Ok(by.must_hold(Duty::AgreePlans)?)
}

fn shown(row: BudgetRow, settings: &PlanSettings) -> Outcome<BudgetShown> {
    let body: Budget = serde_json::from_value(row.body)?;
    Ok(BudgetShown {
        budget: row.id,
        made_on: row.made_on,
        income_pence: body.of(LineKind::Income).0,
        costs_pence: body.costs().0,
        available_pence: row.available_pence,
        offer_pence: row.offer_pence,
        floor_pence: row.floor_pence,
        words: row.words,
        actor_name: row.actor_name,
        findings: settings.findings(&body),
        body,
    })
}
