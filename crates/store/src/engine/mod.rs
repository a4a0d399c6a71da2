//! One layer over SQLite and PostgreSQL: one SQL text, erased arguments, rows decoded on both.
//!
//! Promise: the only place where the program knows which engine it runs on.
mod arg;
mod bulk;
mod fault;
mod migrate;
mod open;
mod rows;
pub mod tables;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod translate;
mod tx;

pub use arg::Arg;
pub use fault::{Class, StoreFault};
pub use migrate::{MIGRATIONS, migrate, version};
pub use open::{Db, Engine};
pub use rows::{Both, Rows};
pub use translate::translate;
pub use tx::Tx;
