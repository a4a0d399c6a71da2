//! Debts so old that a claim may be out of time: what would speak of a court is weighed by the last safe day (CT-08).
use super::facts::{CustomerDay, DayContext};
use crate::Outcome;
use crate::delivery::limitation_by;
use sundry_domain::ids::ItemId;
use sundry_domain::law::may_be_out_of_time;
use sundry_store::Tx;

/// Works out the limitation of a customer's debts that are old enough to be out of time; there are few.
pub(super) async fn weigh_time(tx: &mut Tx, context: &DayContext, day: &mut CustomerDay<'_>) -> Outcome<()> {
    for (item, place) in day.case.items.iter_mut().zip(&day.places) {
        let Some(row) = day.open.get(*place).filter(|row| may_be_out_of_time(row.due_on, context.day)) else {
            continue;
        };
        let worked = limitation_by(tx, context.org, ItemId(row.id), (&row.debt_type, row.due_on)).await?;
        item.limitation = Some(worked);
    }
    Ok(())
}
