//! The binary as people and programs meet it.
mod api;
mod bin;
mod browser;
mod cli;
mod demo;
mod files;
mod hostile;
mod kill;
mod many_contracts;
mod matrix;
mod stories;
mod web_cards;
mod web_desk;
mod web_lists;
mod web_money;
mod web_queries;
mod zips;
