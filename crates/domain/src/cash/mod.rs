//! Cash: money collected, allocated and matched.
//!
//! [`allocate`] decides what a person may do with a receipt. The matcher reads
//! a bank line and says whose money it is, how sure it is, and why:
//! [`MatchBook`] holds the open items and customers behind inverted indexes,
//! [`MatchBook::match_line`] answers for one line and [`MatchBook::match_all`]
//! for a file. It promises never to take a number that is only a piece of a
//! longer one, never to post without a reference, and never to use dice or
//! clocks: same book, same lines, same verdicts.
pub mod allocate;
mod amounts;
mod batch;
mod book;
mod candidates;
pub mod cards;
pub mod counter;
mod decide;
pub mod desk_refusals;
pub mod direct_debit;
mod evidence;
mod facts;
pub mod intake;
mod names;
mod naming;
mod not_receipts;
mod numbers;
pub mod order;
mod plain_names;
mod reasons;
mod references;
pub mod refunds;
pub mod refusals;
pub mod remittance;
mod score;
pub mod standing_orders;
pub mod statements;
mod sums;
pub mod suspense;
pub mod takings;
mod tokens;
mod verdict;
mod wording;

pub use allocate::{Allocated, Allocation, OpenItems, Receipt, Reversal, allocate, default_order, reverse};
pub use book::MatchBook;
pub use facts::{
    BankLineFacts, CustomerFacts, Expectation, LearnedName, LearnedPayer, LearnedWording, Lessons, OpenItemFacts,
};
pub use score::{CONFIDENCE_EDGES, Thresholds, edge_of};
pub use tokens::squeeze;
pub use verdict::{Candidate, Decision, OtherShare, Verdict};
pub use wording::{name_of, wording_of};

#[cfg(test)]
mod neutral;
#[cfg(test)]
mod tests;
