//! Activity as it was told, where it fits or why it is held, and what of it was billed.
mod change;
mod complete;
mod read;
mod rows;

pub use change::*;
pub use complete::*;
pub use read::*;
pub use rows::*;
