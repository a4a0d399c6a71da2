//! Lists and their results, for every door.
use super::find;
use crate::core::actor::Actor;
use crate::{Desk, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_domain::reports::reconcile::{Change, Class, Proof};
use sundry_store::listing::{self as rows, LineRow, ListingRow};

/// The most lines given at once.
const MOST: i64 = 300_000;

/// A funder whose columns may be remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funder {
    /// Name.
    pub name: String,
    /// Whether the columns of their list are remembered.
    pub columns_known: bool,
    /// Whether every customer is on our side.
    pub whole_ledger: bool,
    /// Numbers and names of the customers on our side.
    pub customers: Vec<(String, String)>,
}

/// A list with its result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// The list.
    pub listing: ListingRow,
    /// The totals, once it is reconciled.
    pub proof: Option<Proof>,
    /// The signed list before it.
    pub before: Option<String>,
    /// How many lines of each class and change, with their difference in pence.
    pub counts: Vec<(String, String, i64, i64)>,
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingFilter {
    /// One class; empty for all that differ.
    pub class: String,
    /// new, same, changed, gone; `moved` for all that are not as last time; empty for all.
    pub change: String,
    /// From which place on.
    pub after: i64,
    /// At most so many; 0 for all.
    pub limit: i64,
}

/// Lines of a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListingPage {
    /// The lines.
    pub lines: Vec<LineRow>,
    /// Where the next ones are.
    pub next: Option<i64>,
}

/// Every funder.
///
/// # Errors
/// Duty.
pub async fn funders(desk: &Desk, by: &Actor) -> Outcome<Vec<Funder>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let mut told = Vec::new();
    for row in rows::funders(&mut look, by.org).await? {
        let customers = rows::funder_customers(&mut look, by.org, row.id).await?;
        told.push(Funder {
            name: row.name,
            columns_known: row.layout.is_some(),
            whole_ledger: row.whole_ledger,
            customers: customers.into_iter().map(|(_, number, name)| (number, name)).collect(),
        });
    }
    Ok(told)
}

/// The newest lists, at most 200.
///
/// # Errors
/// Duty.
pub async fn listings(desk: &Desk, by: &Actor) -> Outcome<Vec<ListingRow>> {
    by.must_hold(Duty::RunReports)?;
    Ok(rows::listings(&mut desk.look().await?, by.org, 200).await?)
}

/// A list with its totals.
///
/// # Errors
/// Duty; no such list.
pub async fn listing(desk: &Desk, by: &Actor, number: &str) -> Outcome<Listing> {
    by.must_hold(Duty::RunReports)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    let proof = row.proof.clone().map(serde_json::from_value).transpose()?;
    let before = match row.before_id {
        Some(id) => rows::listing_with(&mut look, by.org, id).await?.map(|before| before.number),
        None => None,
    };
    let counts = rows::line_counts(&mut look, by.org, (row.id, row.attempt)).await?;
    Ok(Listing { listing: row, proof, before, counts })
}

/// Lines of a list, a page at a time or all of them.
///
/// # Errors
/// Duty; no such list; a class or change that is none.
pub async fn listing_lines(desk: &Desk, by: &Actor, number: &str, ask: &ListingFilter) -> Outcome<ListingPage> {
    by.must_hold(Duty::RunReports)?;
    let mut wrong = Vec::new();
    if !ask.class.is_empty() && Class::parse(&ask.class).is_none() {
        wrong.push(Invalid::field("class", "Choose one of the classes", &ask.class));
    }
    if !ask.change.is_empty() && ask.change != "moved" && Change::parse(&ask.change).is_none() {
        wrong.push(Invalid::field("change", "Choose new, same, changed, gone or moved", &ask.change));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    let limit = if ask.limit <= 0 { MOST } else { ask.limit.min(MOST) };
    let filter = (ask.class.as_str(), ask.change.as_str());
    let mut lines = rows::lines(&mut look, by.org, (row.id, row.attempt), filter, (ask.after, limit + 1)).await?;
    let more = lines.len() as i64 > limit;
    lines.truncate(usize::try_from(limit).unwrap_or(0));
    let next = lines.last().map(|line| line.seq).filter(|_| more);
    Ok(ListingPage { lines, next })
}
