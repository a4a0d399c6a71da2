//! How long a debt can be sued for, as the books and what was recorded know it: no letter that names a court goes for what
//! is out of time (CT-08).
use crate::Outcome;
use chrono::NaiveDate;
use sundry_domain::ids::{ItemId, OrgId};
use sundry_domain::law::{
    LimitEvent, LimitEventKind, LimitFacts, LimitKind, Limitation, limitation, may_be_out_of_time,
};
use sundry_store::Tx;
use sundry_store::delivery::ItemNow;
use sundry_store::limitation::{LimitRow, limits_of, receipts_on, signed_plans_of};

/// The limitation of a debt by its type and the day it was due, with every event weighed.
pub(crate) async fn limitation_by(
    tx: &mut Tx,
    org: OrgId,
    item: ItemId,
    (debt_type, due_on): (&str, NaiveDate),
) -> Outcome<Limitation> {
    let recorded = limits_of(tx, org, item).await?;
    let mut events = Vec::new();
    for (on, number, _) in receipts_on(tx, org, item).await? {
        events.push(LimitEvent { kind: whose_money(&recorded, on), on, evidence: format!("Receipt {number}") });
    }
    for row in recorded {
        if let Some(kind) = LimitEventKind::parse(&row.kind) {
            events.push(LimitEvent { kind, on: row.on_day, evidence: row.evidence });
        }
    }
    for (on, number) in signed_plans_of(tx, org, item).await? {
        let evidence = format!("Plan {number}, agreed in writing");
        events.push(LimitEvent { kind: LimitEventKind::SignedLetter, on, evidence });
    }
    let kind = LimitKind::of_debt_type(debt_type);
    Ok(limitation(&LimitFacts { kind, due_on, events, concealed_until: None }))
}

/// Whose money came on a day: the debtor's, unless somebody recorded of that day that it was not, or was for another debt.
fn whose_money(recorded: &[LimitRow], on: NaiveDate) -> LimitEventKind {
    let mut of_the_day =
        recorded.iter().filter(|row| row.on_day == on).filter_map(|row| LimitEventKind::parse(&row.kind));
    let other = [LimitEventKind::PaymentByStranger, LimitEventKind::PaymentForOther];
    of_the_day.find(|kind| other.contains(kind)).unwrap_or(LimitEventKind::PartPayment)
}

/// The first of what a letter of claim names that is out of time on a day; none where it is all in time.
pub(super) async fn out_of_time(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    items: &[ItemNow],
) -> Outcome<Option<Limitation>> {
    for item in items.iter().filter(|item| may_be_out_of_time(item.due_on, day)) {
        let worked = limitation_by(tx, org, ItemId(item.id), (&item.debt_type, item.due_on)).await?;
        if worked.barred_on(day) {
            return Ok(Some(worked));
        }
    }
    Ok(None)
}
