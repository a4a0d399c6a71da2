//! What people recorded of debts with evidence, as the law asks for it: the one place that the day's run, a letter
//! that leaves, agencies, the court and interest read it from (REC-05, SC-06).
use crate::Outcome;
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::{DebtFact, FactSeen, SpecialDebt};
use sundry_store::Tx;
use sundry_store::billing::debt_facts::debt_facts_of_range;

/// What was recorded of some debts, by item.
#[derive(Debug, Default)]
pub(crate) struct RecordedFacts(HashMap<i64, Vec<FactSeen>>);

impl RecordedFacts {
    /// What was recorded of the debts of customers from one id to another: one statement.
    pub(crate) async fn of_range(tx: &mut Tx, org: OrgId, range: (CustomerId, CustomerId)) -> Outcome<RecordedFacts> {
        let mut all: HashMap<i64, Vec<FactSeen>> = HashMap::new();
        for (item, fact, on) in debt_facts_of_range(tx, org, range).await? {
            if let Some(fact) = DebtFact::parse(&fact) {
                all.entry(item).or_default().push(FactSeen { fact, on });
            }
        }
        Ok(RecordedFacts(all))
    }

    /// What the law asks of a debt, by its type and what was recorded of it.
    pub(crate) fn special(&self, item: i64, debt_type: &str, day: NaiveDate) -> SpecialDebt {
        SpecialDebt::of(debt_type, self.0.get(&item).map_or(&[][..], Vec::as_slice), day)
    }

    /// What the law asks of a debt from each day on which something was recorded of it, in the order of days.
    pub(crate) fn over_time(&self, item: i64, debt_type: &str) -> Vec<(NaiveDate, SpecialDebt)> {
        let mut days: Vec<NaiveDate> = self.0.get(&item).into_iter().flatten().map(|seen| seen.on).collect();
        days.push(NaiveDate::MIN);
        days.sort_unstable();
        days.dedup();
        days.into_iter().map(|day| (day, self.special(item, debt_type, day))).collect()
    }
}
