//! Matching: what is certain is posted, the rest is suggested, and every answer says why.
use super::matching::{self, Found};
use super::post_matches::post_chunk;
use crate::core::actor::Actor;
use crate::{Desk, Fault, Outcome, command};
use chrono::Days;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::{BankLineFacts, CustomerFacts, LearnedPayer, MatchBook, OpenItemFacts, Thresholds, Verdict};
use sundry_domain::control::Duty;
use sundry_domain::ids::{BankLineId, CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::cash::{self, BankLineRow};
use sundry_store::{Tx, control};

/// Lines in one command.
const CHUNK: usize = 500;
/// Cleared items posted in so many days are known too, so that a second payment is recognised.
const CLEARED_DAYS: u64 = 400;

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
    }
}

/// Matches every waiting line, in chunks that each happen whole; killed and begun again it goes on.
///
/// What a person has allocated is never touched: only waiting lines are looked at.
///
/// # Errors
/// Duty.
pub async fn match_cash(desk: &Desk, by: &Actor, ask: MatchCash) -> Outcome<CashMatched> {
    by.must_hold(Duty::PostCash)?;
    let mut look = desk.look().await?;
    if let Some((_, _, Some(answer))) = control::answer_of_key(&mut look, by.org, &ask.key).await? {
        return crate::core::command::answered(answer);
    }
    let lines = cash::waiting_lines(&mut look, by.org).await?;
    let mut total = CashMatched::default();
    if !lines.is_empty() {
        let since = desk.today().checked_sub_days(Days::new(CLEARED_DAYS)).unwrap_or_default();
        let told = told(&mut look, by.org, since).await?;
        drop(look);
        let facts: Vec<BankLineFacts> = lines.iter().map(facts_of).collect();
        let verdicts = tokio::task::spawn_blocking(move || told.judge(&facts)).await;
        let verdicts = verdicts.map_err(|error| Fault::new(format!("the matcher stopped: {error}")))?;
        let found: Vec<Found> =
            lines.into_iter().zip(verdicts).map(|(line, verdict)| Found { line, verdict }).collect();
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
    thresholds: Thresholds,
}

impl Told {
    fn judge(self, lines: &[BankLineFacts]) -> Vec<Verdict> {
        let mut book = MatchBook::new(self.items, self.customers, self.learned).with_thresholds(self.thresholds);
        book.match_all(lines)
    }
}

async fn told(look: &mut Tx, org: OrgId, since: chrono::NaiveDate) -> Outcome<Told> {
    let items = cash::match_items(look, org, since).await?;
    let items = items.into_iter().map(|i| OpenItemFacts {
        item: ItemId(i.id),
        customer: CustomerId(i.customer_id),
        number: i.number,
        invoice_on: i.dated_on,
        due_on: i.due_on,
        open: Pence(i.open_pence),
        po_number: String::new(),
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
    for (id, print, source) in cash::match_prints(look, org).await? {
        match place(&customers, id) {
            Some(at) if source != "learned" => customers[at].account_prints.push(print),
            Some(_) => learned.push(LearnedPayer { print, customer: CustomerId(id) }),
            None => {}
        }
    }
    for (id, reference) in cash::match_references(look, org).await? {
        if let Some(at) = place(&customers, id) {
            customers[at].references.push(reference);
        }
    }
    let thresholds = matching::thresholds(look, org).await?;
    Ok(Told { items, customers, learned, thresholds })
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
