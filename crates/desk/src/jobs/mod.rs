//! Durable work: asked for once, done by one worker at a time, resumed after anything.
pub mod ask;
pub mod kinds;
pub mod refusals;
pub mod worker;
