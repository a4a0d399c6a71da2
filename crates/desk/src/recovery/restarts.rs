//! Where recovery begins again for debts of customers: after a broken plan, and at an address that was found (REC-03,
//! REC-08).
use crate::Outcome;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::recovery::Restart;
use sundry_store::Tx;
use sundry_store::recovery::restarts as rows;

/// What makes debts begin again.
#[derive(Default)]
pub(crate) struct Restarts {
    broke: HashMap<i64, NaiveDate>,
    moved: HashMap<i64, NaiveDate>,
    away: HashSet<i64>,
}

impl Restarts {
    /// Of customers from one id to another.
    pub(crate) async fn of_range(tx: &mut Tx, org: OrgId, range: (CustomerId, CustomerId)) -> Outcome<Restarts> {
        let broke: HashMap<_, _> = rows::broken_plans(tx, org, range).await?.into_iter().collect();
        let moved: HashMap<_, _> = rows::found_addresses(tx, org, range).await?.into_iter().collect();
        let away = match broke.is_empty() && moved.is_empty() {
            true => HashSet::new(),
            false => rows::away(tx, org, range).await?.into_iter().collect(),
        };
        Ok(Restarts { broke, moved, away })
    }

    /// Of a debt of a customer; what is with an agency or at court stays where it is.
    pub(crate) fn of(&self, item: i64, customer: i64) -> Vec<Restart> {
        if self.away.contains(&item) {
            return Vec::new();
        }
        let broke = self.broke.get(&item).copied().map(Restart::PlanBroke);
        let moved = self.moved.get(&customer).copied().map(Restart::NewAddress);
        broke.into_iter().chain(moved).collect()
    }

    /// When the plan broke that a debt was in.
    pub(crate) fn broke_on(&self, item: i64) -> Option<NaiveDate> {
        self.broke.get(&item).copied()
    }
}
