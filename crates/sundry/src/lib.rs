//! The doors of Sundry: web pages, API and command line over one set of use cases.
pub mod api;
pub mod child;
pub mod cli;
pub mod config;
pub mod demo;
pub mod home;
pub mod jobs;
mod rows_file;
pub mod story;
pub mod web;
