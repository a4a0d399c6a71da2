//! Expected against received over a period: first looked at, then released as allocations and tasks.
use super::facts::{Book, period_in_words};
use crate::cash::AllocationLine;
use crate::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use crate::core::actor::Actor;
use crate::core::command::answer_to;
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::cash::standing_orders::Advice;
use sundry_domain::cash::standing_orders::refusals::NOT_OVER;
use sundry_domain::control::Duty;
use sundry_domain::ledger::{OpenDebit, allocate_oldest_first};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::standing_order::{CheckRow, TaskRow, add_check, add_task, checks};

/// The longest period, in days.
const LONGEST: i64 = 366;

/// A period to check.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AskCheck {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
}

/// One standing order in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingOrderFinding {
    /// The order.
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// Name.
    pub name: String,
    /// Reference.
    pub reference: String,
    /// How often.
    pub frequency: String,
    /// Payments expected.
    pub payments_expected: i64,
    /// What was due.
    pub due_pence: i64,
    /// What came.
    pub received_pence: i64,
    /// Received less due.
    pub difference_pence: i64,
    /// Received less due since the financial year began.
    pub running_pence: i64,
    /// What is advised.
    pub advice: String,
    /// Of what came, not yet set against a bill.
    pub unallocated_pence: i64,
}

/// Every standing order in a period.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StandingOrderCheck {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// What was due.
    pub due_pence: i64,
    /// What came.
    pub received_pence: i64,
    /// The orders, those that differ first.
    pub findings: Vec<StandingOrderFinding>,
}

fn check(ask: AskCheck) -> Outcome<()> {
    let days = (ask.to_on - ask.from_on).num_days();
    if (0..LONGEST).contains(&days) {
        return Ok(());
    }
    Err(Invalid::field("to_on", "Enter a last day from the first day up to a year later", ask.to_on.to_string()).into())
}

/// Compares what every standing order should have brought with what came. Nothing is kept.
///
/// # Errors
/// Duty; a period the wrong way round, or longer than a year.
pub async fn check_standing_orders(desk: &Desk, by: &Actor, ask: AskCheck) -> Outcome<StandingOrderCheck> {
    by.must_hold(Duty::View)?;
    check(ask)?;
    let book = Book::load(&mut desk.look().await?, by.org, (ask.from_on, ask.to_on)).await?;
    Ok(shown(&book, ask))
}

fn shown(book: &Book, ask: AskCheck) -> StandingOrderCheck {
    let period = (ask.from_on, ask.to_on);
    let one = |at: usize| {
        let (row, _) = &book.orders[at];
        let (found, running) = book.finding(at, period);
        let left = book.came.get(&row.id).into_iter().flatten().filter(|r| r.received_on >= period.0);
        StandingOrderFinding {
            number: row.number.clone(),
            customer: row.customer_number.clone(),
            name: row.customer_name.clone(),
            reference: row.reference.clone(),
            frequency: row.frequency.clone(),
            payments_expected: found.payments_expected,
            due_pence: found.due.0,
            received_pence: found.received.0,
            difference_pence: found.difference().0,
            running_pence: running.0,
            advice: found.advice.as_str().into(),
            unallocated_pence: left.map(|r| r.left_pence).sum(),
        }
    };
    let mut findings: Vec<StandingOrderFinding> = (0..book.orders.len()).map(one).collect();
    let quiet = |advice: &str| advice == Advice::Nothing.as_str() || advice == Advice::Swings.as_str();
    findings.sort_by_key(|one| (quiet(&one.advice), one.difference_pence >= 0, one.number.clone()));
    StandingOrderCheck {
        from_on: ask.from_on,
        to_on: ask.to_on,
        due_pence: findings.iter().map(|one| one.due_pence).sum(),
        received_pence: findings.iter().map(|one| one.received_pence).sum(),
        findings,
    }
}

/// Releases a check: what came is set against the oldest bills, and each difference becomes a task.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReleaseCheck {
    /// Idempotency key.
    pub key: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
}

/// What a release did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReleased {
    /// Its number.
    pub number: String,
    /// Orders looked at.
    pub orders: i64,
    /// Set against bills.
    pub allocated_pence: i64,
    /// Tasks for a shortfall.
    pub shortfalls: i64,
    /// Tasks for an excess.
    pub excesses: i64,
}

/// Releases a check. Killed and asked again with the same key it goes on; a task that is there is not made twice.
///
/// # Errors
/// Duty; a period that is not over.
pub async fn release_standing_order_check(desk: &Desk, by: &Actor, ask: ReleaseCheck) -> Outcome<CheckReleased> {
    by.must_hold(Duty::PostCash)?;
    let period = AskCheck { from_on: ask.from_on, to_on: ask.to_on };
    check(period)?;
    if ask.to_on >= desk.today() {
        let sentence = format!("The period ends on {}.", ask.to_on);
        return Err(NOT_OVER.because(sentence).allowed_from(ask.to_on + chrono::Days::new(1)).into());
    }
    // What came since the first answer is another check's to place.
    if let Some(before) = answer_to(desk, by, ("release_standing_order_check", &ask.key), &ask).await? {
        return Ok(before);
    }
    let book = Book::load(&mut desk.look().await?, by.org, (ask.from_on, ask.to_on)).await?;
    let allocated = allocate_what_came(desk, by, &ask, &book).await?;
    command!(desk, by, "release_standing_order_check", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let number = format!("SOC-{:06}", cmd.next_number("SOC").await?);
        let id: i64 = cmd.id();
        let (mut shortfalls, mut excesses, mut due, mut received) = (0, 0, Pence::ZERO, Pence::ZERO);
        for at in 0..book.orders.len() {
            let (found, _) = book.finding(at, (ask.from_on, ask.to_on));
            (due, received) = (due.plus(found.due), received.plus(found.received));
            let Some(task) = task(&book, at, (ask.from_on, ask.to_on), cmd.id()) else { continue };
            let added = add_task(&mut cmd.tx, org, id, &task, cmd.at).await?;
            let count = if task.kind == "shortfall" { &mut shortfalls } else { &mut excesses };
            *count += i64::from(added);
        }
        let row = CheckRow {
            id,
            number: number.clone(),
            from_on: ask.from_on,
            to_on: ask.to_on,
            orders_count: book.orders.len() as i64,
            due_pence: due.0,
            received_pence: received.0,
            shortfalls_count: shortfalls,
            excesses_count: excesses,
            run_by: cmd.by.name.clone(),
        };
        add_check(&mut cmd.tx, org, &row, cmd.at).await?;
        let told =
            CheckReleased { number, orders: row.orders_count, allocated_pence: allocated.0, shortfalls, excesses };
        cmd.tell("StandingOrdersChecked", format!("standing order check {}", row.number), &told);
        Ok(told)
    })
}

/// The task that a difference asks for.
fn task(book: &Book, at: usize, period: (NaiveDate, NaiveDate), id: i64) -> Option<TaskRow> {
    let (row, _) = &book.orders[at];
    let (found, running) = book.finding(at, period);
    let gap = found.difference();
    let (kind, words) = match found.advice {
        Advice::Nothing | Advice::Swings => return None,
        Advice::AskForShortfall => {
            ("shortfall", format!("{} was due and {} came: {} is missing.", found.due, found.received, gap.size()))
        }
        _ => ("excess", format!("{} was due and {} came: {} too much.", found.due, found.received, gap.size())),
    };
    let running = if running == gap { String::new() } else { format!(" Since April the balance is {running}.") };
    Some(TaskRow {
        id,
        standing_order_id: row.id,
        order_number: row.number.clone(),
        customer_id: row.customer_id,
        customer_number: row.customer_number.clone(),
        customer_name: row.customer_name.clone(),
        kind: kind.into(),
        from_on: period.0,
        to_on: period.1,
        due_pence: found.due.0,
        received_pence: found.received.0,
        difference_pence: gap.0,
        advice: found.advice.as_str().into(),
        words: format!("{}: {words}{running}", period_in_words(period)),
        state: "open".into(),
        done_how: String::new(),
        done_on: None,
        done_by_name: String::new(),
        letter_id: None,
    })
}

/// Sets what came and is on the account against the oldest bills; what a person placed stays where it is.
async fn allocate_what_came(desk: &Desk, by: &Actor, ask: &ReleaseCheck, book: &Book) -> Outcome<Pence> {
    let mut open: HashMap<i64, Vec<(OpenDebit, String)>> = HashMap::new();
    for (customer, debts) in &book.owed {
        let of = debts.iter().map(|debt| {
            let debit = OpenDebit { item: debt.item, due_on: debt.due_on, open: debt.open, is_charge: debt.is_charge };
            (debit, debt.number.clone())
        });
        open.insert(*customer, of.collect());
    }
    let mut allocated = Pence::ZERO;
    for (row, _) in &book.orders {
        let Some(debts) = open.get_mut(&row.customer_id) else { continue };
        let came = book.came.get(&row.id).into_iter().flatten();
        for receipt in came.filter(|r| r.left_pence > 0 && r.received_on >= ask.from_on) {
            let debits: Vec<OpenDebit> = debts.iter().map(|(debit, _)| debit.clone()).collect();
            let shares = allocate_oldest_first(Pence(receipt.left_pence), &debits);
            if shares.is_empty() {
                continue;
            }
            let mut lines = Vec::new();
            for share in &shares {
                if let Some((debit, number)) = debts.iter_mut().find(|(debit, _)| debit.item == share.item) {
                    debit.open = debit.open.minus(share.amount);
                    lines.push(AllocationLine { item: number.clone(), amount: share.amount });
                }
            }
            let ask = AllocateReceipt {
                key: format!("{}/{}", ask.key, receipt.number),
                receipt: receipt.number.clone(),
                customer: row.customer_number.clone(),
                lines,
                split: Vec::new(),
                reason: "Standing order: the oldest bill first.".into(),
            };
            match allocate_receipt(desk, by, ask).await {
                Ok(done) => allocated = allocated.plus(Pence(done.allocated_pence)),
                // Somebody placed it since: theirs stands.
                Err(No::Refused(_)) => {}
                Err(no) => return Err(no),
            }
        }
    }
    Ok(allocated)
}

/// Checks that were released, newest first.
///
/// # Errors
/// Duty.
pub async fn standing_order_checks(desk: &Desk, by: &Actor) -> Outcome<Vec<CheckRow>> {
    by.must_hold(Duty::View)?;
    Ok(checks(&mut desk.look().await?, by.org, 200).await?)
}
