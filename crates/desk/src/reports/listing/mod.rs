//! A funder's own listing against our ledger, or one file against another (G7).
//!
//! Brought ([`bring_listing`]), its columns named once for each funder ([`name_columns`]), reconciled as a job
//! ([`reconcile_listing`]), looked at ([`listing`]), signed by somebody else ([`sign_listing`]).
mod bring;
mod columns;
mod ours;
mod run;
mod show;
mod sign;

pub use bring::{BringListing, ListingBrought, bring_listing};
pub use columns::{ColumnsNamed, ListingHead, NameColumns, RulesAsked, listing_head, name_columns};
pub use run::{ListingReconciled, ReconcileListing, reconcile_listing};
pub use show::{Funder, Listing, ListingFilter, ListingPage, funders, listing, listing_lines, listings};
pub use sign::{ListingSigned, SignListing, sign_listing};

use crate::core::actor::Actor;
use crate::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::listing::{ListingRow, listing_numbered};

/// Who may bring a list and reconcile it.
pub const PREPARES: &[Duty] = &[Duty::PostCash, Duty::PostJournals, Duty::WorkCases];
/// Who may sign the result.
pub const SIGNS: &[Duty] = &[Duty::ClosePeriods, Duty::PostJournals];

/// Refuses unless they hold one of the duties; the first is named.
fn must_hold_one(by: &Actor, duties: &[Duty]) -> Outcome<()> {
    match duties {
        [first, ..] if !duties.iter().any(|duty| by.holds(*duty)) => Ok(by.must_hold(*first)?),
        _ => Ok(()),
    }
}

async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ListingRow> {
    let absent = || No::Absent(format!("list {number}"));
    listing_numbered(tx, org, number.trim()).await?.ok_or_else(absent)
}
