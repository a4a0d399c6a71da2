//! Contracts with their charges, rates, payers and breaks; what was billed for which days; runs.
mod add;
mod change;
mod charges;
mod list;
mod rates;
mod read;
mod rows;
mod runs;
mod uplifts;

pub use add::*;
pub use change::*;
pub use charges::*;
pub use list::*;
pub use rates::*;
pub use read::*;
pub use rows::*;
pub use runs::*;
pub use uplifts::*;
