//! Files to and from collection agencies: placements, changes, arrangements, closures, remittances, stock.
//!
//! There is no standard: each agency is a profile of where its headings stand and how it settles.

mod arrangement;
mod closure;
mod incoming;
mod placement;
mod remittance;
mod stock;

pub use arrangement::{Arranged, Often, Terms, read_arrangements};
pub use closure::{Closed, read_closures};
pub use incoming::{Acknowledged, read_acknowledgements};
pub use placement::{Change, ChangeKind, FileOut, PlacementRow, control_file, write_changes, write_placement};
pub use remittance::{
    Judged, KnownAccount, LineKind, LineOutcome, Numbering, Remittance, RemittanceLine, judge, numbering,
    read_remittance,
};
pub use stock::{StockDifference, StockLine, compare_stock, read_stock};

/// How an agency writes and settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyProfile {
    /// The row its headings stand in, counted from 1.
    pub heading_row: usize,
    /// It keeps its commission back and sends the rest.
    pub net_settled: bool,
    /// The agreement lets us say that somebody is vulnerable, and no more than that.
    pub may_tell_vulnerable: bool,
    /// It takes people whose date of birth we do not know.
    pub takes_unknown_birth: bool,
}

impl Default for AgencyProfile {
    fn default() -> Self {
        Self { heading_row: 1, net_settled: true, may_tell_vulnerable: false, takes_unknown_birth: true }
    }
}

#[cfg(test)]
mod tests;
