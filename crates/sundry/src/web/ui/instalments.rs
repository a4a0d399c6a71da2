//! The instalments of a plan, side by side: paid, due, missed, to come.

use super::html::component;
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// One instalment on the strip.
#[derive(Clone, Debug)]
pub struct StripPart {
    day: String,
    amount: String,
    state: &'static str,
    words: String,
}

/// One instalment on the strip; its state as the desk names it, and what has come for it.
pub fn strip_part(due_on: NaiveDate, amount: Pence, paid: Pence, state: &str) -> StripPart {
    let (state, words) = match state {
        "paid" => ("paid", "Paid".to_owned()),
        "part_paid" => ("part", format!("{paid} paid early")),
        "missed" if paid > Pence::ZERO => ("missed", format!("{} missing", amount.minus(paid))),
        "missed" => ("missed", "Missed".to_owned()),
        "due" => ("due", "Due today".to_owned()),
        "frozen" => ("frozen", "Not asked for".to_owned()),
        "ended" if paid > Pence::ZERO => ("frozen", format!("{paid} paid, no more asked for: the plan ended")),
        "ended" => ("frozen", "Not asked for: the plan ended".to_owned()),
        _ => ("next", "To come".to_owned()),
    };
    StripPart { day: due_on.format("%-d %b %Y").to_string(), amount: amount.to_string(), state, words }
}

/// The instalments of a plan.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/instalments.html")]
pub struct InstalmentStrip {
    label: String,
    parts: Vec<StripPart>,
}

/// The instalments of a plan, in order.
pub fn instalment_strip(label: impl Into<String>, parts: Vec<StripPart>) -> InstalmentStrip {
    InstalmentStrip { label: label.into(), parts }
}

component!(InstalmentStrip);
