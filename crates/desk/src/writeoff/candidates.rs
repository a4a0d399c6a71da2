//! Which debts the criteria speak for, with what is missing and what stands in the way.
use super::facts::{Debt, ReliefIfGivenUp, criteria_on, known, overdue_since};
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::writeoff::{Criteria, WriteOffReason, category_of, checklist, in_the_way, missing, suggested};

/// Candidates shown at once; the totals are of all.
const PAGE: usize = 200;

/// Which candidates.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CandidatesAsk {
    /// Stored name of a reason; all when empty.
    pub reason: String,
    /// Service; all when empty.
    pub service: String,
    /// Only those that may go on a schedule now.
    pub ready: bool,
}

/// A debt that the criteria speak for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CandidateShown {
    /// Number of the debt.
    pub number: String,
    /// Account.
    pub customer_number: String,
    /// Name.
    pub customer_name: String,
    /// Service.
    pub service: String,
    /// When due.
    pub due_on: NaiveDate,
    /// Days overdue.
    pub days_overdue: i64,
    /// What is open.
    pub open_pence: i64,
    /// Stored name of the reason the facts speak for.
    pub reason: String,
    /// Loss category.
    pub category: String,
    /// Who would decide.
    pub tier: String,
    /// VAT relief.
    pub relief: ReliefIfGivenUp,
    /// Evidence that is missing, in words; empty when all is there.
    pub missing: String,
    /// Codes and sentences of what stands in the way.
    pub in_the_way: Vec<(String, String)>,
    /// The schedule it stands on; empty for none.
    pub schedule: String,
}

impl CandidateShown {
    /// Whether it may go on a schedule now.
    pub fn is_ready(&self) -> bool {
        self.missing.is_empty() && self.in_the_way.is_empty() && self.schedule.is_empty()
    }
}

/// Candidates, the largest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CandidatesPage {
    /// At most 200.
    pub rows: Vec<CandidateShown>,
    /// All of them.
    pub count: i64,
    /// Their sum.
    pub total_pence: i64,
    /// Those that may go on a schedule now.
    pub ready: i64,
    /// Their sum.
    pub ready_pence: i64,
    /// VAT relief in all of them.
    pub relief_pence: i64,
    /// By reason: stored name, how many, how much.
    pub by_reason: Vec<(String, i64, i64)>,
    /// The criteria that hold today.
    pub criteria: Criteria,
}

/// The debts that the criteria of today speak for.
///
/// # Errors
/// Duty.
pub async fn candidates(desk: &Desk, by: &Actor, ask: CandidatesAsk) -> Outcome<CandidatesPage> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let criteria = criteria_on(&mut look, by.org, today).await?;
    let due_by = overdue_since(today, criteria.age_days);
    let debts = known(&mut look, by.org, today, due_by, (0, i64::MAX)).await?;
    let mut rows: Vec<CandidateShown> = debts
        .iter()
        .filter_map(|debt| Some(shown(debt, suggested(&debt.facts, &criteria, today)?, &criteria, today)))
        .filter(|row| ask.reason.is_empty() || row.reason == ask.reason)
        .filter(|row| ask.service.is_empty() || row.service.eq_ignore_ascii_case(ask.service.trim()))
        .filter(|row| !ask.ready || row.is_ready())
        .collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.open_pence), row.number.clone()));
    let sum = |rows: &mut dyn Iterator<Item = &CandidateShown>| {
        rows.fold((0, 0), |(count, sum), row| (count + 1, sum + row.open_pence))
    };
    let (count, total_pence) = sum(&mut rows.iter());
    let (ready, ready_pence) = sum(&mut rows.iter().filter(|row| row.is_ready()));
    let by_reason = WriteOffReason::ALL.iter().map(|reason| {
        let (count, pence) = sum(&mut rows.iter().filter(|row| row.reason == reason.as_str()));
        (reason.as_str().to_owned(), count, pence)
    });
    let by_reason = by_reason.filter(|(_, count, _)| *count > 0).collect();
    let relief_pence = rows.iter().map(|row| row.relief.amount_pence).sum();
    rows.truncate(PAGE);
    Ok(CandidatesPage { rows, count, total_pence, ready, ready_pence, relief_pence, by_reason, criteria })
}

fn shown(debt: &Debt, reason: WriteOffReason, criteria: &Criteria, today: NaiveDate) -> CandidateShown {
    let open = Pence(debt.row.open_pence);
    let list = checklist(reason, &debt.on_file);
    CandidateShown {
        number: debt.row.number.clone(),
        customer_number: debt.row.customer_number.clone(),
        customer_name: debt.row.customer_name.clone(),
        service: debt.row.service.clone(),
        due_on: debt.row.due_on,
        days_overdue: (today - debt.row.due_on).num_days(),
        open_pence: open.0,
        reason: reason.as_str().into(),
        category: category_of(&debt.row.debt_type).as_str().into(),
        tier: debt.tier(open, reason, criteria).as_str().into(),
        relief: debt.relief(open),
        missing: missing(&list),
        in_the_way: in_the_way(&debt.facts).into_iter().map(|no| (no.code, no.sentence)).collect(),
        schedule: debt.schedule.clone().unwrap_or_default(),
    }
}
