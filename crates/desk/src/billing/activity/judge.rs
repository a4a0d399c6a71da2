//! Lines of activity held against the contracts by activity, many at a time.
use crate::Outcome;
use crate::billing::contracts::{Loaded, Shared, load, shared};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeSet, HashMap};
use sundry_domain::billing::activity::{Fit, Held, Offer, OfferLine, Told, hold_against};
use sundry_domain::calendar::add_days;
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::activity::{accepted_by_day, activity_contracts};
use sundry_store::contracts::{ContractRange, ContractRow};

/// Contracts read at a time.
const CHUNK: usize = 500;

/// The contracts that some lines may be billed under, and what was accepted of them before.
pub(super) struct Judge {
    contracts: Vec<Loaded>,
    weeks: HashMap<(i64, i64, NaiveDate), i64>,
}

fn monday(day: NaiveDate) -> NaiveDate {
    add_days(day, -i64::from(day.weekday().num_days_from_monday()))
}

impl Judge {
    /// Reads what the lines need.
    pub(super) async fn of(tx: &mut Tx, org: OrgId, told: &[&Told]) -> Outcome<Judge> {
        let users: BTreeSet<&str> = told.iter().map(|one| one.service_user.as_str()).collect();
        let numbers: BTreeSet<&str> = told.iter().map(|one| one.contract.as_str()).collect();
        let wanted = |row: &ContractRow| {
            numbers.contains(row.number.as_str())
                || (!row.service_user.is_empty() && users.contains(row.service_user.as_str()))
        };
        let rows: Vec<ContractRow> = activity_contracts(tx, org).await?.into_iter().filter(wanted).collect();
        let shared: Shared = shared(tx, org).await?;
        let mut contracts = Vec::with_capacity(rows.len());
        for some in rows.chunks(CHUNK) {
            let of = ContractRange { first: some[0].id, last: some[some.len() - 1].id, up_to: None };
            contracts.extend(load(tx, org, &shared, some.to_vec(), &of).await?);
        }
        let mut judge = Judge { contracts, weeks: HashMap::new() };
        if judge.contracts.iter().any(|one| one.lines.iter().any(|line| line.agreed_e4.is_some())) {
            judge.read_weeks(tx, org, told).await?;
        }
        Ok(judge)
    }

    async fn read_weeks(&mut self, tx: &mut Tx, org: OrgId, told: &[&Told]) -> Outcome<()> {
        let first = told.iter().map(|one| monday(one.from_on)).min();
        let last = told.iter().map(|one| add_days(monday(one.from_on), 6)).max();
        let (Some(first), Some(last)) = (first, last) else { return Ok(()) };
        for (contract, line, day, quantity) in accepted_by_day(tx, org, (first, last)).await? {
            self.count(contract, line, day, quantity);
        }
        Ok(())
    }

    /// Counts a quantity into its week; below zero takes it out.
    pub(super) fn count(&mut self, contract: i64, line: i64, day: NaiveDate, quantity_e4: i64) {
        *self.weeks.entry((contract, line, monday(day))).or_default() += quantity_e4;
    }

    /// Where a line fits, or why it is held.
    pub(super) fn hold(&self, told: &Told) -> Result<Fit, Held> {
        let chosen = |one: &&Loaded| match told.contract.as_str() {
            "" => one.row.service_user == told.service_user && !told.service_user.is_empty(),
            number => one.row.number == number,
        };
        let offers: Vec<Offer<'_>> = self.contracts.iter().filter(chosen).map(offer).collect();
        let week = monday(told.from_on);
        let in_week = |contract, line| self.weeks.get(&(contract, line, week)).copied().unwrap_or(0);
        hold_against(told, &offers.iter().collect::<Vec<_>>(), in_week)
    }

    /// The contract by activity with an id.
    pub(super) fn contract_with(&self, id: i64) -> Option<&Loaded> {
        self.contracts.iter().find(|one| one.row.id == id)
    }

    /// The contract by activity with a number.
    pub(super) fn contract(&self, number: &str) -> Option<&Loaded> {
        self.contracts.iter().find(|one| one.row.number == number)
    }
}

fn offer(one: &Loaded) -> Offer<'_> {
    let lines = one.agreement.lines.iter().zip(&one.lines).filter(|(_, row)| row.by_activity);
    Offer {
        id: one.row.id,
        number: &one.row.number,
        service: &one.row.service,
        service_user: &one.row.service_user,
        agreement: &one.agreement,
        lines: lines
            .map(|(terms, row)| OfferLine { terms, service_code: &row.service_code, agreed_e4: row.agreed_e4 })
            .collect(),
    }
}
