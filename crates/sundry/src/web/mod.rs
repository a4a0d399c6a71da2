//! The web door: assets, components and pages.
pub mod assets;
pub mod door;
pub mod pages;
pub mod rooms;
pub mod ui;
