//! Somebody puts a debt, or an account, on another pathway than its own, and says why (DUN-16).
use crate::core::typed::{all_right, days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::recovery::refusals::PATHWAY_NOT_LIVE;
use sundry_domain::refusal::Invalid;
use sundry_store::recovery::pathways::{self as rows, ChoiceRow, StandingChoiceRow};
use sundry_store::{delivery, ledger, recovery};

/// Puts a debt, or every debt of an account, on a pathway.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChoosePathway {
    /// Idempotency key.
    pub key: String,
    /// The customer.
    pub customer: CustomerId,
    /// One debt of theirs; none for the whole account.
    pub item: Option<ItemId>,
    /// The pathway.
    pub code: String,
    /// Why not its own.
    pub reason: String,
    /// The last day on which it holds; none where it does not end by itself.
    #[serde(default)]
    pub until_on: Option<NaiveDate>,
}

/// The choice as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathwayChosen {
    /// The pathway.
    pub code: String,
    /// From the next step on.
    pub reason: String,
}

/// Puts a debt, or an account, on a pathway; a choice before it ends. Steps that both pathways have count on.
///
/// # Errors
/// Duty; no reason; absent customers and debts; `REC-PATHWAY-NOT-LIVE`.
pub async fn choose_pathway(desk: &Desk, by: &Actor, ask: ChoosePathway) -> Outcome<PathwayChosen> {
    by.must_hold(Duty::WorkCases)?;
    refuse_cards(&[("reason", &ask.reason)])?;
    if ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Enter why, in at most 500 characters", &ask.reason).into());
    }
    let mut wrong = words_wrong(&[("reason", &ask.reason)], 500);
    wrong.extend(lines_wrong(&[("code", &ask.code)], 40));
    wrong.extend(days_wrong(&[("until_on", ask.until_on)], desk.today()));
    all_right(wrong)?;
    command!(desk, by, "choose_pathway", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        if let Some(until) = ask.until_on.filter(|until| *until <= today) {
            return Err(Invalid::field("until_on", "Enter a day after today", until.to_string()).into());
        }
        whose(&mut cmd.tx, org, &ask).await?;
        let all = recovery::pathways(&mut cmd.tx, org).await?;
        if !all.iter().any(|row| row.code == ask.code && super::in_force_on(row, today)) {
            let sentence = format!("The pathway {} is not in force", ask.code);
            return Err(PATHWAY_NOT_LIVE.because(sentence).into());
        }
        let place = (ask.customer.0, ask.item.map_or(0, |item| item.0));
        let name = cmd.by.name.clone();
        rows::end_choice(&mut cmd.tx, org, place, today, &name).await?;
        let row = ChoiceRow {
            id: cmd.id(),
            customer_id: place.0,
            item_id: place.1,
            code: ask.code.clone(),
            reason: ask.reason.trim().to_owned(),
            chosen_by: name,
            chosen_on: today,
            until_on: ask.until_on,
            ended_on: None,
        };
        rows::add_choice(&mut cmd.tx, org, &row, cmd.at).await?;
        let subject = format!("customer {}", ask.customer.0);
        cmd.tell(
            "PathwayChosen",
            subject,
            serde_json::json!({
                "pathway": row.code, "reason": row.reason, "item": place.1, "until_on": row.until_on,
            }),
        );
        Ok(PathwayChosen { code: row.code, reason: row.reason })
    })
}

async fn whose(tx: &mut sundry_store::Tx, org: sundry_domain::ids::OrgId, ask: &ChoosePathway) -> Outcome<()> {
    if delivery::recipients(tx, org, ask.customer, ask.customer).await?.is_empty() {
        return Err(No::Absent("customer".into()));
    }
    if let Some(item) = ask.item {
        let row = ledger::item(tx, org, item).await?.filter(|row| row.customer_id == ask.customer.0);
        row.ok_or_else(|| No::Absent("item".into()))?;
    }
    Ok(())
}

/// Ends a choice: the debt goes on with its own pathway.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndPathwayChoice {
    /// Idempotency key.
    pub key: String,
    /// The customer.
    pub customer: CustomerId,
    /// One debt of theirs; none for the whole account.
    pub item: Option<ItemId>,
}

/// Ends a choice.
///
/// # Errors
/// Duty; absent when nothing was chosen.
pub async fn end_pathway_choice(desk: &Desk, by: &Actor, ask: EndPathwayChoice) -> Outcome<()> {
    by.must_hold(Duty::WorkCases)?;
    command!(desk, by, "end_pathway_choice", &ask.key, &ask, |cmd| {
        let place = (ask.customer.0, ask.item.map_or(0, |item| item.0));
        let name = cmd.by.name.clone();
        if !rows::end_choice(&mut cmd.tx, cmd.by.org, place, cmd.today, &name).await? {
            return Err(No::Absent("choice of a pathway".into()));
        }
        cmd.tell("PathwayChoiceEnded", format!("customer {}", ask.customer.0), serde_json::json!({ "item": place.1 }));
        Ok(())
    })
}

/// What was chosen for a customer and stands.
pub async fn pathway_choices(desk: &Desk, by: &Actor, customer: CustomerId) -> Outcome<Vec<ChoiceRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(rows::choices_of_range(&mut look, by.org, (customer, customer), desk.today()).await?)
}

/// Choices in a list, at most.
const LISTED: i64 = 2_000;

/// Every choice that holds today, the newest first.
pub async fn standing_choices(desk: &Desk, by: &Actor) -> Outcome<Vec<StandingChoiceRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(rows::standing_choices(&mut look, by.org, desk.today(), LISTED).await?)
}
