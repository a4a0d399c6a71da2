//! Matching: what is certain is posted, the rest is suggested, and every answer says why.
use super::matching::{self, Found};
use super::paying_in::settle_slips;
use super::post_matches::{post_chunk, suggestion_rows};
use super::standing_orders::on_their_way;
use super::takings::settle_takings;
use crate::core::actor::Actor;
use crate::core::command::answer_to;
use crate::{Desk, Fault, Outcome, command};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use sundry_domain::cash::{
    BankLineFacts, CustomerFacts, Expectation, LearnedName, LearnedPayer, LearnedWording, Lessons, MatchBook,
    OpenItemFacts, Thresholds, Verdict,
};
use sundry_domain::control::Duty;
use sundry_domain::ids::{BankLineId, CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::billing::terms::quoted_instalments;
use sundry_store::cash::again::{SuggestedRow, standing_suggestions, suspense_lines, suspense_receipts};
use sundry_store::cash::{self, BankLineRow, ReceiptRow, lessons};
use sundry_store::{Tx, plans};

/// Lines in one command.
const CHUNK: usize = 500;
/// Cleared items posted in so many days are known too, so that a second payment is recognised.
const CLEARED_DAYS: u64 = 400;
/// Money may come so many days before or after the day it was due, and more than the matcher allows is not loaded.
const AROUND_DAYS: u64 = 14;

/// Matches the lines that wait.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatchCash {
    /// Idempotency key.
    pub key: String,
}

/// What became of the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMatched {
    /// Lines looked at.
    pub lines: i64,
    /// Posted to items, at least in part.
    pub posted: i64,
    /// Put on the payer's account whole.
    pub on_account: i64,
    /// Suggested: a person chooses.
    pub suggested: i64,
    /// Nobody known.
    pub suspense: i64,
    /// Not a customer's money.
    pub not_receipts: i64,
    /// Sum posted to items and accounts.
    pub posted_pence: i64,
    /// Sum put in suspense, with or without suggestions.
    pub suspense_pence: i64,
    /// Receipts in suspense that were looked at again.
    #[serde(default)]
    pub looked_again: i64,
    /// Of those, posted now.
    #[serde(default)]
    pub posted_again: i64,
    /// Of those, with another suggestion than before.
    #[serde(default)]
    pub suggested_again: i64,
}

impl CashMatched {
    fn add(&mut self, other: CashMatched) {
        self.lines += other.lines;
        self.posted += other.posted;
        self.on_account += other.on_account;
        self.suggested += other.suggested;
        self.suspense += other.suspense;
        self.not_receipts += other.not_receipts;
        self.posted_pence += other.posted_pence;
        self.suspense_pence += other.suspense_pence;
        self.looked_again += other.looked_again;
        self.posted_again += other.posted_again;
        self.suggested_again += other.suggested_again;
    }
}

/// Matches every waiting line, in chunks that each happen whole; killed and begun again it goes on.
///
/// Receipts in suspense are looked at again with what is owed and known now: stale suggestions go, new ones come,
/// and what has become certain is posted, unless a person looks after it. What a person has allocated is never
/// touched.
///
/// # Errors
/// Duty.
pub async fn match_cash(desk: &Desk, by: &Actor, ask: MatchCash) -> Outcome<CashMatched> {
    by.must_hold(Duty::PostCash)?;
    if let Some(before) = answer_to(desk, by, ("match_cash", &ask.key), &ask).await? {
        return Ok(before);
    }
    settle_slips(desk, by, &ask.key).await?;
    settle_takings(desk, by, &ask.key).await?;
    let mut look = desk.look().await?;
    let mut lines = cash::waiting_lines(&mut look, by.org).await?;
    let suspended = suspense_lines(&mut look, by.org).await?;
    let mut total = CashMatched { looked_again: suspended.len() as i64, ..CashMatched::default() };
    let again = Again::read(&mut look, by.org, &suspended).await?;
    lines.extend(suspended);
    if !lines.is_empty() {
        let since = desk.today().checked_sub_days(Days::new(CLEARED_DAYS)).unwrap_or_default();
        let told = told(&mut look, by.org, since, span(&lines)).await?;
        drop(look);
        let facts: Vec<BankLineFacts> = lines.iter().map(facts_of).collect();
        let verdicts = tokio::task::spawn_blocking(move || told.judge(&facts)).await;
        let verdicts = verdicts.map_err(|error| Fault::new(format!("the matcher stopped: {error}")))?;
        let found = lines.into_iter().zip(verdicts).filter_map(|(line, verdict)| again.found(line, verdict));
        let found: Vec<Found> = found.collect();
        for chunk in found.chunks(CHUNK) {
            total.add(match_chunk(desk, by, &ask.key, chunk).await?);
        }
    } else {
        drop(look);
    }
    command!(desk, by, "match_cash", &ask.key, &ask, |cmd| {
        cmd.tell("CashMatched", "cash", total);
        Ok(total)
    })
}

/// What is known of the receipts in suspense.
#[derive(Default)]
struct Again {
    receipts: HashMap<i64, ReceiptRow>,
    suggestions: HashMap<i64, Vec<SuggestedRow>>,
}

impl Again {
    async fn read(look: &mut Tx, org: OrgId, lines: &[BankLineRow]) -> Outcome<Self> {
        let mut again = Self::default();
        if lines.is_empty() {
            return Ok(again);
        }
        for receipt in suspense_receipts(look, org).await? {
            again.receipts.insert(receipt.bank_line_id.unwrap_or_default(), receipt);
        }
        for row in standing_suggestions(look, org).await? {
            again.suggestions.entry(row.bank_line_id).or_default().push(row);
        }
        Ok(again)
    }

    /// The line with its verdict, unless it was looked at before and nothing is new.
    fn found(&self, line: BankLineRow, verdict: Verdict) -> Option<Found> {
        if line.state == "waiting" {
            return Some(Found { line, verdict, receipt: None });
        }
        let receipt = self.receipts.get(&line.id)?.clone();
        // A person looks after it: the machine suggests and does not move it.
        let posts = verdict.posted().is_some() && receipt.owner.is_empty();
        let before = self.suggestions.get(&line.id).map_or(&[][..], Vec::as_slice);
        let now: Vec<SuggestedRow> = (1..)
            .zip(&verdict.candidates)
            .flat_map(|(rank, candidate)| suggestion_rows(line.id, rank, candidate))
            .map(|row| SuggestedRow {
                bank_line_id: row.bank_line_id,
                rank: row.rank,
                customer_id: row.customer_id,
                item_id: row.item_id,
                amount_pence: row.amount_pence,
            })
            .collect();
        (posts || before != now).then_some(Found { line, verdict, receipt: Some(receipt) })
    }
}

/// One chunk; its key is that of its first line, which waits no longer once it is done.
async fn match_chunk(desk: &Desk, by: &Actor, key: &str, chunk: &[Found]) -> Outcome<CashMatched> {
    let first = chunk.first().map(|found| found.line.id).unwrap_or_default();
    let ids: Vec<i64> = chunk.iter().map(|found| found.line.id).collect();
    command!(desk, by, "match_bank_lines", &format!("{key}/{first}"), &ids, |cmd| { post_chunk(cmd, chunk).await })
}

/// Everything the matcher is told.
struct Told {
    items: Vec<OpenItemFacts>,
    customers: Vec<CustomerFacts>,
    learned: Vec<LearnedPayer>,
    lessons: Lessons,
    expected: Vec<Expectation>,
    thresholds: Thresholds,
    tolerance: Pence,
}

impl Told {
    fn judge(self, lines: &[BankLineFacts]) -> Vec<Verdict> {
        let mut book = MatchBook::new(self.items, self.customers, self.learned)
            .with_thresholds(self.thresholds)
            .with_lessons(self.lessons)
            .with_expectations(self.expected)
            .with_tolerance(self.tolerance);
        book.match_all(lines)
    }
}

/// The days about which the lines came.
fn span(lines: &[BankLineRow]) -> (NaiveDate, NaiveDate) {
    let days = || lines.iter().map(|line| line.posted_on);
    let (first, last) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    let around = Days::new(AROUND_DAYS);
    (first.checked_sub_days(around).unwrap_or(first), last.checked_add_days(around).unwrap_or(last))
}

async fn told(look: &mut Tx, org: OrgId, since: NaiveDate, about: (NaiveDate, NaiveDate)) -> Outcome<Told> {
    let mut orders: HashMap<i64, String> = cash::match_orders(look, org).await?.into_iter().collect();
    let items = cash::match_items(look, org, since).await?;
    // Payers quote the invoice: that means its first open instalment.
    let (mut quoted, mut later) = (HashMap::new(), HashSet::new());
    for (item, invoice) in quoted_instalments(look, org).await? {
        match invoice {
            Some(number) => drop(quoted.insert(item, number)),
            None => drop(later.insert(item)),
        }
    }
    let items = items.into_iter().map(|i| OpenItemFacts {
        item: ItemId(i.id),
        customer: CustomerId(i.customer_id),
        later_part: later.contains(&i.id),
        number: quoted.remove(&i.id).unwrap_or(i.number),
        invoice_on: i.dated_on,
        due_on: i.due_on,
        open: Pence(i.open_pence),
        po_number: orders.remove(&i.id).unwrap_or_default(),
        service: i.service,
    });
    let items = items.collect();
    let mut customers: Vec<CustomerFacts> = cash::match_customers(look, org)
        .await?
        .into_iter()
        .map(|(id, number, name)| CustomerFacts { customer: CustomerId(id), number, name, ..CustomerFacts::default() })
        .collect();
    let mut learned = Vec::new();
    // Customers come by id, so a place is found by halving.
    let place = |customers: &[CustomerFacts], id: i64| customers.binary_search_by_key(&id, |c| c.customer.0).ok();
    for (id, print, _) in cash::match_prints(look, org).await? {
        if let Some(at) = place(&customers, id) {
            customers[at].account_prints.push(print);
        }
    }
    let mut taught = Lessons::default();
    for row in lessons::taught(look, org).await? {
        let (customer, times) = (CustomerId(row.customer_id), row.times);
        // What was learned of an account that was merged stands on the one that stays, or is known there already.
        let known = place(&customers, row.customer_id).is_some();
        match row.kind.as_str() {
            "account" if known => learned.push(LearnedPayer { print: row.said, customer, times }),
            "name" if known => taught.names.push(LearnedName { name: row.said, customer }),
            "account" | "name" => {}
            _ => taught.wordings.push(LearnedWording { words: row.said, service: row.service, times }),
        }
    }
    let expected = plans::open_promises(look, org).await?.into_iter().map(|promise| Expectation {
        customer: CustomerId(promise.customer_id),
        amount: Pence(promise.amount_pence),
        due_on: promise.due_on,
        what: "promised".into(),
        items: Vec::new(),
    });
    let mut expected: Vec<Expectation> = expected.collect();
    let mut covered: HashMap<i64, Vec<ItemId>> = HashMap::new();
    for (plan, item) in plans::standing::items_of_running(look, org).await? {
        covered.entry(plan).or_default().push(ItemId(item));
    }
    for (plan, customer, pence, due_on) in plans::standing::on_their_way(look, org, about).await? {
        let (what, items) = ("agreed in a plan".into(), covered.get(&plan).cloned().unwrap_or_default());
        expected.push(Expectation { customer: CustomerId(customer), amount: Pence(pence), due_on, what, items });
    }
    let on_their_way = on_their_way(look, org, about).await?;
    expected.extend(on_their_way.payments);
    let mut references = cash::match_references(look, org).await?;
    references.extend(on_their_way.references);
    for (id, reference) in references {
        if let Some(at) = place(&customers, id) {
            customers[at].references.push(reference);
        }
    }
    let thresholds = matching::thresholds(look, org).await?;
    let tolerance = matching::tolerance(look, org).await?;
    Ok(Told { items, customers, learned, lessons: taught, expected, thresholds, tolerance })
}

fn facts_of(line: &BankLineRow) -> BankLineFacts {
    BankLineFacts {
        line: BankLineId(line.id),
        bank_key: line.line_key.strip_prefix("id:").unwrap_or_default().to_owned(),
        on: line.posted_on,
        amount: Pence(line.amount_pence),
        kind: line.kind.clone(),
        payer_name: line.payer_name.clone(),
        payer_print: (!line.payer_print.is_empty()).then(|| line.payer_print.clone()),
        text: line.words.clone(),
    }
}
