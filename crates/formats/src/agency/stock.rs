//! The agency's list of what it holds, against ours.

use super::AgencyProfile;
use super::incoming::{account, table};
use crate::exchange::pence;
use crate::problem::{FormatProblem, shown};
use std::collections::{BTreeMap, BTreeSet};

/// A debt as the agency holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockLine {
    /// Which debt.
    pub account_number: String,
    /// What it thinks is left, in pence.
    pub balance: i64,
    /// Its own word for how it stands.
    pub status: String,
}

/// Reads a stock file.
///
/// # Errors
/// Everything that is wrong; a debt that stands twice.
pub fn read_stock(bytes: &[u8], profile: &AgencyProfile) -> Result<Vec<StockLine>, Vec<FormatProblem>> {
    let table = table(bytes, profile, &["account_number", "balance"], &["status"])?;
    let (mut found, mut wrong, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in &table.rows {
        let account_number = account(table.cell(row, "account_number"), &row.at(), &mut wrong);
        if !seen.insert(account_number.clone()) {
            let message = format!("{} stands twice", shown(&account_number));
            wrong.push(FormatProblem::new("agency.twice", row.at(), message));
        }
        let balance = pence(table.cell(row, "balance"), &row.at(), "balance", &mut wrong);
        found.push(StockLine { account_number, balance, status: table.cell(row, "status").to_owned() });
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// A difference between our list and theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockDifference {
    /// We think they hold it.
    MissingThere(String),
    /// They hold what we do not know as placed.
    MissingHere(String),
    /// Another balance.
    Balance {
        /// Which debt.
        account_number: String,
        /// Ours, in pence.
        ours: i64,
        /// Theirs, in pence.
        theirs: i64,
    },
}

/// Every difference, by account.
pub fn compare_stock(ours: &BTreeMap<String, i64>, theirs: &[StockLine]) -> Vec<StockDifference> {
    let held: BTreeMap<&str, i64> = theirs.iter().map(|line| (line.account_number.as_str(), line.balance)).collect();
    let mut found = Vec::new();
    for (number, balance) in ours {
        match held.get(number.as_str()) {
            None => found.push(StockDifference::MissingThere(number.clone())),
            Some(there) if there != balance => {
                found.push(StockDifference::Balance { account_number: number.clone(), ours: *balance, theirs: *there });
            }
            Some(_) => {}
        }
    }
    let unknown = held.keys().filter(|number| !ours.contains_key(**number));
    found.extend(unknown.map(|number| StockDifference::MissingHere((*number).to_owned())));
    found
}
