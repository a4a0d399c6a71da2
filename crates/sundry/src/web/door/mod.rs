//! The web door itself: who comes in, what every answer carries, what happens when it cannot be.
mod answer;
mod frame;
mod leaving;
mod posted;
mod routes;
mod safety;
mod server;
mod visitor;

pub use answer::{Answer, Trouble, page, page_with, see_other, told};
pub use leaving::Leaving;
pub use posted::{Posted, Upload};
pub use routes::{RouteRow, Routes};
pub use server::{Doors, Shared, asked_for, changes, log_fault, router, serve};
pub use visitor::{Visitor, cookie, form_encode, invoice_at, path_part};
