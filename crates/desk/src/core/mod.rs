//! What every use case stands on: the desk, who asks, the command, the answer.
pub mod actor;
pub mod audit;
pub mod clock;
pub mod command;
pub mod desk;
pub mod evidence;
pub mod files;
pub mod http;
pub mod ids;
pub mod met;
pub mod no_cards;
pub mod outcome;
pub mod refusals;
pub mod signatures;
pub(crate) mod signed_link;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod told;
pub(crate) mod typed;
pub mod vault;
