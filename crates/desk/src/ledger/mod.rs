//! Posting, and the proof of what was posted.
pub mod anchor;
pub mod post;
pub mod verify;
