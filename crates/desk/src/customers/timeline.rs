//! What happened on an account, newest first, in plain words.
use super::find;
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_store::customers::{self, EventRow};

/// Something that happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// The business day.
    pub on: NaiveDate,
    /// What sort, for filters: money, letter, note, query, promise, plan, hold, step or flag.
    pub group: String,
    /// What exactly: `item.invoice`, `allocation.made`, `letter.reminder`.
    pub kind: String,
    /// The number people know it by; may be empty.
    pub number: String,
    /// In plain words.
    pub words: String,
    /// Amount; 0 where there is none.
    pub amount_pence: i64,
    /// Who; may be empty.
    pub who: String,
}

/// A part of the timeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Timeline {
    /// Newest first.
    pub events: Vec<TimelineEvent>,
    /// Give this as `before` for what is older; none when there is nothing older.
    pub older: Option<String>,
}

/// What happened on an account before a place in its timeline (empty for the newest), at most `limit` (500).
///
/// # Errors
/// Absent when there is no such customer here.
pub async fn timeline(desk: &Desk, by: &Actor, number: &str, before: &str, limit: i64) -> Outcome<Timeline> {
    by.must_hold(Duty::View)?;
    let limit = limit.clamp(1, 500);
    let place = before.split_once('/').and_then(|(day, id)| Some((day.parse().ok()?, id.parse().ok()?)));
    let newest = (NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX), i64::MAX);
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, number).await?;
    let place = place.unwrap_or(newest);
    let mut rows =
        customers::timeline(&mut look, by.org, CustomerId(customer.id), (desk.today(), place), limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let older = rows.last().filter(|_| more).map(|last| format!("{}/{}", last.on_day, last.id));
    Ok(Timeline { events: rows.into_iter().map(event).collect(), older })
}

fn event(row: EventRow) -> TimelineEvent {
    let room = row.kind.split('.').next().unwrap_or_default();
    let group = match room {
        "item" | "allocation" => "money",
        "delivery" => "letter",
        "case" => "flag",
        "acting" | "change" | "field" => "note",
        "service" => "query",
        "writeoff" => "money",
        "link" => "plan",
        room => room,
    };
    TimelineEvent {
        on: row.on_day,
        group: group.to_owned(),
        words: words(&row),
        kind: row.kind,
        number: row.number,
        amount_pence: row.amount_pence,
        who: row.who,
    }
}

fn words(e: &EventRow) -> String {
    let (room, what) = e.kind.split_once('.').unwrap_or((&e.kind, ""));
    let amount = Pence(e.amount_pence).size();
    match room {
        "item" => item_words(e, what, amount),
        "allocation" if what == "reversed" => {
            format!("{amount} of {} taken back off {}", e.first, e.number)
        }
        "allocation" => {
            let how = if e.second == "machine" { " by the matcher" } else { "" };
            format!("{amount} of {} set against {}{how}", e.first, e.number)
        }
        "letter" => {
            format!("{} {} by {}: {}", sentence(what), e.number, e.first, plain(&e.second))
        }
        "delivery" => delivery_words(e, what),
        "note" => note_words(e, what),
        "query" => query_words(e, what, amount),
        "case" | "acting" | "change" => people_words(e, room, what),
        "field" => field_words(e),
        "promise" => promise_words(e, what, amount),
        "plan" => join(&format!("Plan {}: {}", e.number, plain(what)), &e.second),
        "link" => link_words(e, what),
        "hold" => hold_words(e, what),
        "service" => service_words(e, what),
        "writeoff" => join(&format!("{amount} of {} {} on schedule {}", e.number, plain(what), e.first), &e.second),
        "step" if e.second.is_empty() => format!("{}: step {}", e.number, plain(&e.first)),
        "step" => format!("{}: {}", e.number, e.second),
        "flag" => {
            let name = FlagKind::parse(&e.first).map_or_else(|| plain(&e.first), |kind| kind.name().into());
            if what == "ended" { format!("Flag ended: {name}") } else { join(&format!("Flag: {name}"), &e.second) }
        }
        _ => e.kind.clone(),
    }
}

fn item_words(e: &EventRow, what: &str, amount: Pence) -> String {
    let due = e.other_on.map_or_else(String::new, |day| format!(", due {}", day.format("%-d %B %Y")));
    match (what, e.first.as_str()) {
        ("invoice", "taken_on") => format!("Invoice {} for {amount} taken on from the old ledger{due}", e.number),
        ("invoice", _) => format!("Invoice {} raised for {amount}{due}", e.number),
        ("credit_note", _) => format!("Credit note {} for {amount}", e.number),
        ("receipt", _) => format!("Receipt {} of {amount}", e.number),
        ("refund", _) => format!("Refund {} of {amount}", e.number),
        ("write_off", _) => format!("{amount} written off ({})", e.number),
        ("write_back", _) => format!("{amount} written back ({})", e.number),
        _ => format!("{} {} of {amount}", sentence(what), e.number),
    }
}

/// What happened to the person: a case, who acts for them, an address or account that waits.
fn people_words(e: &EventRow, room: &str, what: &str) -> String {
    let until = e.other_on.map_or_else(String::new, |day| format!(" until {}", day.format("%-d %B %Y")));
    let head = match (room, what) {
        ("case", "opened") => format!("{}: {}{until}", e.number, plain(&e.first)),
        ("case", _) => format!("{} ended: {}", e.number, plain(&e.first)),
        ("acting", "recorded") => format!("{} acts for them ({}){until}", e.first, e.number),
        ("acting", _) => format!("{} no longer acts for them ({})", e.first, e.number),
        (_, "asked") => format!("A new {} waits for somebody who calls back ({})", plain(&e.first), e.number),
        (_, "made") => format!("The new {} counts ({})", plain(&e.first), e.number),
        (_, _) => format!("The new {} was turned down ({})", plain(&e.first), e.number),
    };
    join(&head, &e.second)
}

/// What was known of the customer, and what is now.
fn field_words(e: &EventRow) -> String {
    let name = match e.number.as_str() {
        "email" => "E-mail address".to_owned(),
        "phone" => "Telephone".to_owned(),
        "terms_days" => "Days to pay".to_owned(),
        "channel" => "Way of writing".to_owned(),
        field => sentence(field),
    };
    match (e.first.as_str(), e.second.as_str()) {
        ("", now) => format!("{name} recorded: {now}"),
        (was, "") => format!("{name} taken out: it was {was}"),
        (was, now) => format!("{name} changed from {was} to {now}"),
    }
}

/// What is known of a document's way: sent, came back, arrived.
fn delivery_words(e: &EventRow, what: &str) -> String {
    let known = match what {
        "bounced" => "The e-mail came back".to_owned(),
        "returned" => "The post came back".to_owned(),
        "handed_over" => "Handed to the post".to_owned(),
        "server_accepted" => "Their mail server took it".to_owned(),
        "confirmed" => "They say they have it".to_owned(),
        other => sentence(other),
    };
    let reference = if e.first.is_empty() { String::new() } else { format!(" ({})", e.first) };
    join(&format!("{}: {known}{reference}", e.number), &e.second)
}

fn note_words(e: &EventRow, what: &str) -> String {
    let head = match what {
        "call" => format!("Call: {}", plain(&e.first)),
        "letter_in" => "Letter received".to_owned(),
        other => sentence(other),
    };
    let mut words = join(&head, &e.second);
    if !e.number.is_empty() {
        words.push_str(&format!(". Next: {}", e.number));
        if let Some(day) = e.other_on {
            words.push_str(&format!(" on {}", day.format("%-d %B %Y")));
        }
    }
    words
}

fn query_words(e: &EventRow, what: &str, amount: Pence) -> String {
    if what != "raised" {
        let outcome = if e.first.is_empty() { String::new() } else { format!(" ({})", plain(&e.first)) };
        return join(&format!("Query {} {what}{outcome}", e.number), &e.second);
    }
    let held = if amount == Pence::ZERO { String::new() } else { format!(", {amount} disputed") };
    join(&format!("Query {} raised: {}{held}", e.number, plain(&e.first)), &e.second)
}

/// What the owning service was asked, and what became of it.
fn service_words(e: &EventRow, what: &str) -> String {
    match what {
        "asked" => {
            let until = e.other_on.map_or_else(String::new, |day| format!(", until {}", day.format("%-d %B %Y")));
            join(&format!("{}: {} asked what is to be done{until}", e.number, e.first), &e.second)
        }
        "withdrawn" => format!("{}: the question to the service was taken back", e.number),
        "defaulted" => format!("{}: the service did not answer, so: {}", e.number, plain(&e.first)),
        _ => join(&format!("{}: the service answered: {}", e.number, plain(&e.first)), &e.second),
    }
}

fn promise_words(e: &EventRow, what: &str, amount: Pence) -> String {
    let day = e.other_on.map_or_else(String::new, |day| format!(" by {}", day.format("%-d %B %Y")));
    match what {
        "made" => join(&format!("Promised {amount}{day}"), &e.second),
        other => format!("Promise of {amount}{day} {other}"),
    }
}

/// What became of a link by which they set a plan themselves (PLN-10); the address it went to is on the list of links.
fn link_words(e: &EventRow, what: &str) -> String {
    match what {
        "made" => {
            let sent = if e.first.is_empty() { "" } else { ", sent by e-mail" };
            let until = e.other_on.map_or_else(String::new, |day| format!(", until {}", day.format("%-d %B %Y")));
            format!("Link {} made, to set a plan online{sent}{until}", e.number)
        }
        "opened" => format!("Link {} opened. They showed who they are", e.number),
        "used" => format!("Link {} used. They chose {}", e.number, e.first),
        "locked" => format!("Link {} locked. Somebody came too often with other details", e.number),
        "expired" => format!("Link {} ran out. No plan was set by it", e.number),
        _ => format!("Link {} taken back", e.number),
    }
}

fn hold_words(e: &EventRow, what: &str) -> String {
    let on = if e.number.is_empty() { String::new() } else { format!(" on {}", e.number) };
    if what == "ended" {
        return format!("Hold{on} ended: {}", plain(&e.first));
    }
    let until = e.other_on.map_or_else(String::new, |day| format!(" until {}", day.format("%-d %B %Y")));
    join(&format!("Hold{on}{until}: {}", plain(&e.first)), &e.second)
}

fn join(head: &str, words: &str) -> String {
    if words.is_empty() { head.to_owned() } else { format!("{head}. {words}") }
}

fn plain(code: &str) -> String {
    code.replace(['_', '-'], " ")
}

fn sentence(code: &str) -> String {
    let words = plain(code);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
