//! What Direct Debits take for plans: the instalment of its day, less what came early, oldest invoice first (PLN-06).
use super::assess::assess;
use super::tend::nation_of;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::plans::to_collect;
use sundry_store::Tx;
use sundry_store::plans::agreed;
use sundry_store::plans::standing;

/// What a collection takes of an invoice for an instalment.
pub(crate) struct InstalmentPart {
    pub(crate) mandate: i64,
    pub(crate) plan: i64,
    /// Day of the instalment.
    pub(crate) due_on: NaiveDate,
    pub(crate) item: i64,
    pub(crate) number: String,
    pub(crate) service: String,
    pub(crate) pence: i64,
}

/// Parts of the instalments from today up to a day that no collection takes yet, under some mandates. Arrears are not
/// among them: they are asked for by letter, or presented again.
pub(crate) async fn instalments_due(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    (today, due_by): (NaiveDate, NaiveDate),
    mandates: (i64, i64),
) -> Outcome<Vec<InstalmentPart>> {
    let due = standing::to_collect(tx, org, (today, due_by), mandates).await?;
    let (Some(first), Some(last)) = (due.iter().map(|row| row.plan_id).min(), due.iter().map(|row| row.plan_id).max())
    else {
        return Ok(Vec::new());
    };
    let (nation, book) = (nation_of(tx, org).await?, desk.book());
    let rows = agreed::collected_plans(tx, org, (first, last)).await?;
    let assessed = assess(tx, org, book.calendar(nation), rows, today).await?;
    let assessed: HashMap<i64, _> = assessed.into_iter().map(|one| (one.plan.id, one)).collect();
    let mut left: HashMap<i64, Vec<(i64, String, String, i64)>> = HashMap::new();
    let mut under_way: HashMap<(i64, i64), i64> = HashMap::new();
    for (plan, item, pence) in standing::under_way(tx, org, (first, last)).await? {
        under_way.insert((plan, item), pence);
    }
    for row in agreed::covered(tx, org, (first, last)).await? {
        let taken = under_way.get(&(row.plan_id, row.item_id)).copied().unwrap_or(0);
        let free = row.open_pence - row.disputed_pence - taken;
        left.entry(row.plan_id).or_default().push((row.item_id, row.number, row.service, free.max(0)));
    }
    let mut parts = Vec::new();
    for row in due {
        let (Some(one), Some(items)) = (assessed.get(&row.plan_id), left.get_mut(&row.plan_id)) else { continue };
        let balance = Pence(items.iter().map(|item| item.3).sum());
        let mut wanted = to_collect(&one.schedule, row.due_on, one.standing.paid, balance).0;
        for (item, number, service, free) in items.iter_mut() {
            let pence = wanted.min(*free);
            if pence == 0 {
                continue;
            }
            wanted -= pence;
            *free -= pence;
            let (number, service) = (number.clone(), service.clone());
            let (mandate, plan, due_on) = (row.mandate_id, row.plan_id, row.due_on);
            parts.push(InstalmentPart { mandate, plan, due_on, item: *item, number, service, pence });
        }
    }
    Ok(parts)
}
