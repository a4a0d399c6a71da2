//! What becomes of a message to the shared mailbox (QRY-06): it joins a query, opens one, or waits for a person.
//!
//! A message is words from outside: it never changes bank details, never credits, never pays, and holds nothing of a
//! debt by itself. Where what it names and who sent it do not agree, a person decides.
use super::mail_words::Place;
use super::{QueryState, refusals};
use crate::calendar::add_days;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A query that was closed so few days ago is opened again by an answer to it; after that a new one follows it.
pub const REOPEN_DAYS: i64 = 30;

named! {
    /// Where a message stands.
    MailState {
        /// A person must say where it belongs.
        Waiting = "waiting", "Waiting to be sorted";
        /// It is part of a query that was there.
        Joined = "joined", "Joined to a query";
        /// It opened a query.
        Opened = "opened", "Opened a query";
        /// A program wrote it; nothing came of it.
        Automatic = "automatic", "Automatic";
        /// A message of ours that came back, or what its server says of it.
        CameBack = "came_back", "Came back";
        /// A person said that nothing comes of it.
        SetAside = "set_aside", "Set aside";
    }
}

named! {
    /// How a person sorts a message.
    MailSort {
        /// It belongs to a query that is there.
        Join = "join", "Join it to a query";
        /// It is a query of its own.
        Open = "open", "Open a query on an account";
        /// Nothing comes of it.
        SetAside = "set_aside", "Set it aside";
        /// Somebody else is to sort it.
        HandOver = "hand_over", "Hand it to somebody";
    }
}

named! {
    /// What wrote a message.
    MailWriter {
        /// A person, as far as it tells.
        Person = "person", "A person";
        /// A program that answers for somebody.
        Automatic = "automatic", "An automatic reply";
        /// A program that writes to many, or of its own accord.
        Bulk = "bulk", "A program";
    }
}

/// An account, as reasons name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountNamed {
    /// Its id.
    pub id: i64,
    /// The customer's number.
    pub number: String,
    /// Their name.
    pub name: String,
}

/// How a message names a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// It answers a message or a letter of ours about it.
    AnswersUs,
    /// It goes on a thread that is part of it.
    Thread,
    /// It gives its number.
    Number(Place),
}

/// A query that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryTraced {
    /// Its number.
    pub number: String,
    /// Whose.
    pub account: AccountNamed,
    /// Where it stands.
    pub state: QueryState,
    /// When it ended.
    pub resolved_on: Option<NaiveDate>,
    /// How the message names it.
    pub trace: Trace,
}

/// A number of ours that a message gives, with the account it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberNamed {
    /// `invoice`, `customer`, `letter` or `reference`.
    pub kind: &'static str,
    /// The number.
    pub number: String,
    /// Whose.
    pub account: AccountNamed,
    /// Where it stands.
    pub place: Place,
    /// A query that is open about it, where it is an invoice.
    pub in_query: Option<String>,
}

/// What is known of a message before it is placed.
#[derive(Clone, Debug)]
pub struct MailFacts {
    /// What wrote it.
    pub writer: MailWriter,
    /// The sender's address.
    pub sender: String,
    /// What could not be read of it.
    pub troubles: Vec<String>,
    /// Queries that it names.
    pub queries: Vec<QueryTraced>,
    /// Numbers that it gives.
    pub numbers: Vec<NumberNamed>,
    /// Accounts that have the sender's address.
    pub sender_accounts: Vec<AccountNamed>,
    /// Whether we wrote to the sender about one of these queries: a service that was asked.
    pub sender_was_asked: bool,
    /// The day.
    pub today: NaiveDate,
}

/// What is done with a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailAct {
    /// Nothing comes of it.
    Automatic,
    /// It joins a query.
    Join {
        /// Its number.
        query: String,
        /// Whether the query is opened again.
        reopen: bool,
    },
    /// It opens a query.
    Open {
        /// On whose account.
        account: AccountNamed,
        /// About which invoice.
        item: Option<String>,
        /// The closed query that it follows.
        follows: Option<String>,
    },
    /// A person decides.
    Person,
}

/// Where a message goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPlaced {
    /// What is done.
    pub act: MailAct,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// Accounts that a person may choose from.
    pub candidates: Vec<AccountNamed>,
}

/// Places a message.
pub fn place_mail(facts: &MailFacts) -> MailPlaced {
    let mut reasons = Vec::new();
    let candidates = accounts(facts);
    let placed = |act, reasons, candidates| MailPlaced { act, reasons, candidates };
    if facts.writer == MailWriter::Automatic {
        reasons.push("It is an automatic reply, which opens nothing".into());
        return placed(MailAct::Automatic, reasons, candidates);
    }
    if !facts.troubles.is_empty() {
        return placed(MailAct::Person, facts.troubles.clone(), candidates);
    }
    let named = named_accounts(facts);
    if facts.writer == MailWriter::Bulk {
        reasons.push("A program wrote it, not a person".into());
        if named.is_empty() {
            return placed(MailAct::Automatic, reasons, candidates);
        }
        reasons.push(format!("It names {}, so somebody should look", all(&named)));
        return placed(MailAct::Person, reasons, candidates);
    }
    let act = match named.as_slice() {
        [] => by_sender(facts, &mut reasons),
        [one] => by_name(facts, one, &mut reasons),
        several => {
            reasons.push(format!("It names more than one account: {}", all(several)));
            MailAct::Person
        }
    };
    placed(act, reasons, candidates)
}

/// What is only quoted counts where nothing else is named.
fn numbers(facts: &MailFacts) -> Vec<&NumberNamed> {
    let new = |one: &&NumberNamed| one.place != Place::Quoted;
    if facts.numbers.iter().any(|one| new(&one))
        || queries(facts).iter().any(|one| one.trace < Trace::Number(Place::Quoted))
    {
        return facts.numbers.iter().filter(new).collect();
    }
    facts.numbers.iter().collect()
}

/// The queries that are named best: an answer to us before a number in a text.
fn queries(facts: &MailFacts) -> Vec<&QueryTraced> {
    let best = facts.queries.iter().map(|one| one.trace).min();
    facts.queries.iter().filter(|one| Some(one.trace) == best).collect()
}

fn named_accounts(facts: &MailFacts) -> Vec<AccountNamed> {
    let mut found: Vec<AccountNamed> = Vec::new();
    let all =
        queries(facts).into_iter().map(|one| &one.account).chain(numbers(facts).into_iter().map(|one| &one.account));
    for account in all {
        if !found.iter().any(|known| known.id == account.id) {
            found.push(account.clone());
        }
    }
    found
}

fn accounts(facts: &MailFacts) -> Vec<AccountNamed> {
    let mut found = named_accounts(facts);
    for account in &facts.sender_accounts {
        if !found.iter().any(|known| known.id == account.id) {
            found.push(account.clone());
        }
    }
    found.truncate(20);
    found
}

fn shown(account: &AccountNamed) -> String {
    format!("{} {}", account.number, account.name)
}

fn all(accounts: &[AccountNamed]) -> String {
    let few: Vec<String> = accounts.iter().take(5).map(shown).collect();
    let more = if accounts.len() > 5 { format!(" and {} more", accounts.len() - 5) } else { String::new() };
    format!("{}{more}", few.join(", "))
}

fn by_sender(facts: &MailFacts, reasons: &mut Vec<String>) -> MailAct {
    reasons.push("It gives no number of ours".into());
    match facts.sender_accounts.as_slice() {
        [] => {
            reasons.push(format!("No account has the address {}", facts.sender));
            MailAct::Person
        }
        [one] => {
            reasons.push(format!("{} is the address of {} and of no other account", facts.sender, shown(one)));
            MailAct::Open { account: one.clone(), item: None, follows: None }
        }
        several => {
            reasons.push(format!("{} is the address of more than one account: {}", facts.sender, all(several)));
            MailAct::Person
        }
    }
}

fn by_name(facts: &MailFacts, account: &AccountNamed, reasons: &mut Vec<String>) -> MailAct {
    let found = queries(facts);
    for one in &found {
        reasons.push(traced(one));
    }
    for one in numbers(facts).into_iter().take(5) {
        reasons.push(format!("It gives {} {} of {} {}", one.kind, one.number, shown(account), one.place.words()));
    }
    let known = facts.sender_accounts.iter().any(|one| one.id == account.id);
    if known {
        reasons.push(format!("{} is an address of that account", facts.sender));
    } else if facts.sender_was_asked {
        reasons.push(format!("We had asked {}", facts.sender));
    } else if !facts.sender_accounts.is_empty() {
        reasons.push(format!("But {} is known on {}", facts.sender, all(&facts.sender_accounts)));
        return MailAct::Person;
    }
    match found.as_slice() {
        [] => about(facts, account, reasons),
        [one] => join(facts, one, known, reasons),
        several => {
            reasons.push("It names more than one query".into());
            let open: Vec<&&QueryTraced> = several.iter().filter(|one| one.state.holds()).collect();
            match open.as_slice() {
                [one] => {
                    reasons.push(format!("Only {} is open", one.number));
                    join(facts, one, known, reasons)
                }
                _ => MailAct::Person,
            }
        }
    }
}

fn traced(one: &QueryTraced) -> String {
    match one.trace {
        Trace::AnswersUs => format!("It answers what we wrote about {}", one.number),
        Trace::Thread => format!("It goes on a thread that is part of {}", one.number),
        Trace::Number(place) => format!("It gives {} {}", one.number, place.words()),
    }
}

fn join(facts: &MailFacts, query: &QueryTraced, known: bool, reasons: &mut Vec<String>) -> MailAct {
    let number = query.number.clone();
    if query.state.holds() {
        return MailAct::Join { query: number, reopen: false };
    }
    if !known && matches!(query.trace, Trace::Number(_)) {
        // Anybody can write a number; a closed query is not opened for whom we do not know.
        reasons.push(format!("{number} is closed, and {} is not an address of its account", facts.sender));
        return MailAct::Person;
    }
    let lately = query.resolved_on.is_some_and(|on| add_days(on, REOPEN_DAYS) >= facts.today);
    if query.state == QueryState::Resolved && lately {
        reasons.push(format!("{number} was closed less than {REOPEN_DAYS} days ago, so it is open again"));
        return MailAct::Join { query: number, reopen: true };
    }
    reasons.push(format!("{number} is over, so a new query follows it"));
    MailAct::Open { account: query.account.clone(), item: None, follows: Some(number) }
}

fn about(facts: &MailFacts, account: &AccountNamed, reasons: &mut Vec<String>) -> MailAct {
    let mut invoices: Vec<&NumberNamed> = Vec::new();
    for one in numbers(facts).into_iter().filter(|one| one.kind == "invoice") {
        if !invoices.iter().any(|known| known.number == one.number) {
            invoices.push(one);
        }
    }
    let [one] = invoices.as_slice() else {
        if invoices.len() > 1 {
            reasons.push("It names several invoices, so it is about the account".into());
        }
        return MailAct::Open { account: account.clone(), item: None, follows: None };
    };
    if let Some(query) = &one.in_query {
        reasons.push(format!("{query} is open about that invoice"));
        return MailAct::Join { query: query.clone(), reopen: false };
    }
    MailAct::Open { account: account.clone(), item: Some(one.number.clone()), follows: None }
}

/// What a person may do with a message that stands somewhere: what waits, or had nothing come of it, can be sorted.
///
/// # Errors
/// `QRY-MAIL-SORTED` when it is part of a query already.
pub fn may_sort(state: MailState) -> Result<(), Refusal> {
    match state {
        MailState::Waiting | MailState::Automatic | MailState::SetAside | MailState::CameBack => Ok(()),
        MailState::Joined | MailState::Opened => {
            Err(refusals::MAIL_SORTED.because("The message is part of a query already"))
        }
    }
}

#[cfg(test)]
#[path = "mail_tests.rs"]
mod tests;
