//! A customer asks, or refuses to pay with grounds (C1): the clock starts and the disputed part is held.
use super::may_work;
use crate::core::command::Command;
use crate::customers::{find, refuse_cards};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::ids::{ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::queries::{QueryCategory, QueryState, answer_by, disputed_part};
use sundry_domain::recovery::HoldReason;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::control::organisation;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::plans::{self, HoldRow};
use sundry_store::queries::{self, QueryRow};

/// Raises a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RaiseQuery {
    /// Idempotency key.
    pub key: String,
    /// Customer number; may be empty when an item is named.
    #[serde(default)]
    pub customer: String,
    /// Number of the item it is about; empty for the account.
    #[serde(default)]
    pub item: String,
    /// price, service, purchase_order, wrong_customer, already_paid, copy_wanted, cannot_pay or other.
    pub category: String,
    /// How much is disputed; for a dispute, all that is open when not said.
    #[serde(default)]
    pub disputed: Option<Pence>,
    /// In the customer's words.
    pub words: String,
    /// Who must answer.
    #[serde(default)]
    pub owner: String,
}

/// The query that was raised.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueryRaised {
    /// Number.
    pub number: String,
    /// What is disputed, and held.
    pub disputed_pence: i64,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
}

/// Raises a query; the disputed part of its item is held from recovery while it lasts.
///
/// # Errors
/// `QRY-ABOVE-OPEN`, `QRY-NO-ITEM`, `QRY-NOT-OWED`; invalid fields; absent customer or item.
pub async fn raise_query(desk: &Desk, by: &Actor, ask: RaiseQuery) -> Outcome<QueryRaised> {
    may_work(by)?;
    let mut wrong = Vec::new();
    let category = QueryCategory::parse(&ask.category);
    if category.is_none() {
        wrong.push(Invalid::field("category", "Choose what it is about from the list", &ask.category));
    }
    if ask.words.trim().is_empty() || ask.words.chars().count() > 4_000 {
        wrong.push(Invalid::field("words", "Enter what the customer says, in at most 4,000 characters", &ask.words));
    }
    if ask.customer.trim().is_empty() && ask.item.trim().is_empty() {
        wrong.push(Invalid::field("customer", "Enter the customer's number or the invoice's", ""));
    }
    let Some(category) = category.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    refuse_cards(&[("words", &ask.words), ("owner", &ask.owner)])?;
    command!(desk, by, "raise_query", &ask.key, &ask, |cmd| {
        let item = item_of(&mut cmd.tx, cmd.by.org, &ask).await?;
        let customer_id = match &item {
            Some(item) => item.customer_id,
            None => find(&mut cmd.tx, cmd.by.org, &ask.customer).await?.id,
        };
        let amounts = item.as_ref().map(|item| (Pence(item.open_pence), Pence(item.disputed_pence)));
        let disputed = disputed_part(category, ask.disputed, amounts)?;
        let answer_by = answer_by(category, cmd.today, 0, desk.book().calendar(nation(cmd).await?))?;
        let row = QueryRow {
            id: cmd.id(),
            number: format!("QRY-{:06}", cmd.next_number("QRY").await?),
            customer_id,
            item_id: item.as_ref().map(|item| item.id),
            category: category.as_str().into(),
            words: ask.words.trim().into(),
            disputed_pence: disputed.0,
            opened_on: cmd.today,
            answer_by,
            asked_on: None,
            owner: ask.owner.trim().into(),
            state: QueryState::Open.as_str().into(),
            answer: String::new(),
            resolution: String::new(),
            resolved_on: None,
            actor_id: cmd.by.user.0,
            recorded_at: cmd.at,
            version: 1,
        };
        queries::add_query(&mut cmd.tx, cmd.by.org, &row).await?;
        if let Some(item) = item.filter(|_| disputed > Pence::ZERO) {
            hold(cmd, &row, &item, disputed).await?;
        }
        cmd.tell("QueryRaised", format!("query {}", row.number), &row);
        Ok(QueryRaised { number: row.number, disputed_pence: disputed.0, answer_by })
    })
}

async fn item_of(tx: &mut Tx, org: OrgId, ask: &RaiseQuery) -> Outcome<Option<ItemRow>> {
    let number = ask.item.trim();
    if number.is_empty() {
        return Ok(None);
    }
    let absent = || No::Absent(format!("item {number}"));
    let mut items = ledger::items_numbered(tx, org, number).await?;
    if !ask.customer.trim().is_empty() {
        let customer = find(tx, org, &ask.customer).await?;
        items.retain(|item| item.customer_id == customer.id);
    }
    items.sort_by_key(|item| item.original_pence < 0);
    items.into_iter().next().map(Some).ok_or_else(absent)
}

pub(super) async fn hold(cmd: &mut Command, row: &QueryRow, item: &ItemRow, disputed: Pence) -> Outcome<()> {
    let (org, at) = (cmd.by.org, cmd.at);
    let all = Pence(item.disputed_pence).plus(disputed);
    ledger::set_disputed(&mut cmd.tx, org, ItemId(item.id), all).await?;
    let held = HoldRow {
        id: cmd.id(),
        customer_id: row.customer_id,
        item_id: row.item_id,
        reason: HoldReason::Dispute.as_str().into(),
        words: row.words.clone(),
        from_on: cmd.today,
        until_on: None,
        ended_on: None,
        owner: row.owner.clone(),
        query_id: Some(row.id),
        promise_id: None,
        recorded_at: at,
    };
    Ok(plans::add_hold(&mut cmd.tx, org, held).await?)
}

pub(super) async fn nation(cmd: &mut Command) -> Outcome<Nation> {
    let row = organisation(&mut cmd.tx, cmd.by.org).await?;
    let nation = row.and_then(|row| Nation::parse(&row.nation));
    nation.ok_or_else(|| Fault::new("the organisation's nation cannot be read").into())
}
