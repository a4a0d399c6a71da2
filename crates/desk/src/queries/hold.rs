//! What a query keeps from being chased: its part of an item, or the account; from its day to its end, or until it runs
//! out.
use crate::Outcome;
use crate::core::command::Command;
use chrono::NaiveDate;
use sundry_domain::calendar::add_days;
use sundry_domain::ids::{ItemId, QueryId};
use sundry_domain::law::HoldReason;
use sundry_domain::money::Pence;
use sundry_store::ledger::{self, ItemRow, instalments_with};
use sundry_store::plans::{self, HoldRow};
use sundry_store::queries::{self, QueryRow};

/// The last day of a hold that is placed today; none where it lasts until the query is closed.
pub(super) fn hold_until(today: NaiveDate, hold_days: i64) -> Option<NaiveDate> {
    (hold_days > 0).then(|| add_days(today, hold_days))
}

/// Holds the disputed part of an item, of the instalments of an invoice one after the other, or the whole account where
/// the query names none.
pub(super) async fn hold(
    cmd: &mut Command,
    row: &QueryRow,
    items: &[ItemRow],
    disputed: Pence,
    until: Option<NaiveDate>,
) -> Outcome<()> {
    let (org, at) = (cmd.by.org, cmd.at);
    let mut left = disputed;
    for (at, item) in items.iter().enumerate() {
        let free = Pence(item.open_pence).minus(Pence(item.disputed_pence)).max(Pence::ZERO);
        let part = if at + 1 == items.len() { left } else { left.min(free) };
        ledger::set_disputed(&mut cmd.tx, org, ItemId(item.id), Pence(item.disputed_pence).plus(part)).await?;
        left = left.minus(part);
    }
    let held = HoldRow {
        id: cmd.id(),
        customer_id: row.customer_id,
        item_id: items.first().map(|item| item.id),
        reason: HoldReason::Dispute.as_str().into(),
        words: row.words.clone(),
        from_on: cmd.today,
        until_on: until,
        ended_on: None,
        owner: row.owner.clone(),
        query_id: Some(row.id),
        promise_id: None,
        recorded_at: at,
    };
    Ok(plans::add_hold(&mut cmd.tx, org, held).await?)
}

/// Ends what a query holds. Where its hold has ended before, nothing of the item is its own any more.
pub(super) async fn release(cmd: &mut Command, row: &QueryRow) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let ended = plans::end_holds_of_query(&mut cmd.tx, org, QueryId(row.id), today).await?;
    if ended > 0 { give_back(cmd, row).await } else { Ok(()) }
}

/// What a query disputed of its item is disputed no longer.
async fn give_back(cmd: &mut Command, row: &QueryRow) -> Outcome<()> {
    let org = cmd.by.org;
    let Some(id) = row.item_id.filter(|_| row.disputed_pence > 0) else { return Ok(()) };
    let Some(item) = ledger::item(&mut cmd.tx, org, ItemId(id)).await? else { return Ok(()) };
    let mut items = instalments_with(&mut cmd.tx, org, &item).await?;
    items.insert(0, item);
    let mut left = Pence(row.disputed_pence);
    for item in items {
        let part = left.min(Pence(item.disputed_pence));
        let stays = Pence(item.disputed_pence).minus(part);
        ledger::set_disputed(&mut cmd.tx, org, ItemId(item.id), stays).await?;
        left = left.minus(part);
        if left == Pence::ZERO {
            break;
        }
    }
    Ok(())
}

/// A hold has ended without its query: the part is chased again, and the query goes on.
pub(crate) async fn hold_ended(cmd: &mut Command, held: &HoldRow, event: &'static str) -> Outcome<()> {
    let Some(query) = held.query_id else { return Ok(()) };
    let Some(row) = queries::query_of_id(&mut cmd.tx, cmd.by.org, QueryId(query)).await? else { return Ok(()) };
    give_back(cmd, &row).await?;
    let detail = serde_json::json!({ "disputed_pence": row.disputed_pence, "until": held.until_on });
    cmd.tell(event, format!("query {}", row.number), detail);
    Ok(())
}
