//! The cashier's Friday: what the matcher could not place is traced with whoever paid it.
use super::bank::Line;
use super::year::Life;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_desk::Outcome;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::receipts_waiting::{ReceiptsWaiting, receipts_waiting};
use sundry_desk::customers::customer_account;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

/// Receipts looked at in one sitting.
const SITTING: i64 = 60;

/// Who really paid what: known outside, and found out inside by asking.
#[derive(Clone, Debug, Default)]
pub struct Truths(BTreeMap<(NaiveDate, i64, String), (usize, Vec<usize>)>);

impl Truths {
    /// A payment was made.
    pub fn tell(&mut self, on: NaiveDate, line: &Line, member: usize, parts: &[(usize, i64)]) {
        let bills = parts.iter().map(|(at, _)| *at).collect();
        self.0.insert((on, line.pence, line.payer_name.to_uppercase()), (member, bills));
    }

    /// Who made it, and for which bills.
    fn ask(&self, on: NaiveDate, pence: i64, payer_name: &str) -> Option<&(usize, Vec<usize>)> {
        self.0.get(&(on, pence, payer_name.to_uppercase()))
    }
}

/// A receipt that waits.
struct Waiting {
    number: String,
    left: i64,
    received_on: NaiveDate,
    payer_name: String,
    amount: i64,
    suggested: bool,
    customer: Option<String>,
}

impl Life {
    /// Goes through what waits; some of it stays where it is.
    pub(super) async fn workbench(&mut self, day: NaiveDate) -> Outcome<()> {
        for one in self.waiting("waiting").await? {
            let age = (day - one.received_on).num_days();
            let now = if one.suggested { self.dice.chance(75) } else { age > 9 && self.dice.chance(25) };
            if !now {
                continue;
            }
            let Some((member, bills)) = self.truths.ask(one.received_on, one.amount, &one.payer_name).cloned() else {
                continue;
            };
            let numbers: Vec<String> = bills.iter().map(|at| self.bills[*at].number.clone()).collect();
            let customer = self.books.members[member].number.clone();
            let lines = self.lines(&customer, one.left, |number| numbers.iter().any(|one| one == number)).await?;
            self.office.allocate(&one.number, &customer, lines).await?;
        }
        for one in self.waiting("unallocated").await? {
            let Some(customer) = one.customer.filter(|_| self.dice.chance(70)) else { continue };
            let lines = self.lines(&customer, one.left, |_| true).await?;
            if !lines.is_empty() {
                self.office.allocate(&one.number, &customer, lines).await?;
            }
        }
        Ok(())
    }

    async fn waiting(&self, view: &str) -> Outcome<Vec<Waiting>> {
        let ask = ReceiptsWaiting { view: view.into(), per_page: SITTING, ..ReceiptsWaiting::default() };
        let page = receipts_waiting(&self.office.desk, self.office.role(Role::Cashier), ask).await?;
        let rows = page.rows.into_iter().map(|row| Waiting {
            suggested: row.confidence_ppm.is_some(),
            number: row.number,
            left: row.left_pence,
            received_on: row.received_on,
            payer_name: row.payer_name,
            amount: row.amount_pence,
            customer: row.customer_number,
        });
        Ok(rows.collect())
    }

    /// What of the money goes against which open item of the customer, oldest first.
    async fn lines(
        &self,
        customer: &str,
        mut left: i64,
        wanted: impl Fn(&str) -> bool,
    ) -> Outcome<Vec<AllocationLine>> {
        let account = customer_account(&self.office.desk, self.office.role(Role::Cashier), customer).await?;
        let mut lines = Vec::new();
        for item in account.items.into_iter().filter(|item| item.open_pence > 0 && wanted(&item.number)) {
            let part = item.open_pence.min(left);
            if part > 0 {
                lines.push(AllocationLine { item: item.number, amount: Pence(part) });
                left -= part;
            }
        }
        Ok(lines)
    }
}
