//! `cash`: match, allocate, take back.
use super::input::{date, pounds, share};
use super::out::{Out, busy, counted};
use super::{Shop, done};
use crate::child;
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};
use sundry_desk::Outcome;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::allocation_order::{ProposedLine, proposed_order};
use sundry_desk::cash::cash_position::cash_position;
use sundry_desk::cash::lessons::{ForgetLesson, forget_lesson, lessons};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::cash::match_policy::{SetMatchPolicy, match_policy, set_match_policy};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::remittance::{ApplyRemittance, RemittanceFile, apply_remittance, read_remittance};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::suspense::SuspenseAsk;
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_domain::ids::AllocationId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// What can be done with cash.
#[derive(Debug, Subcommand)]
pub enum Cash {
    /// Post what is certain, suggest the rest
    Match,
    /// Record cash or a card payment taken by hand; it stands on the account until it is allocated
    Record {
        /// cash or card
        method: String,
        /// Whose money it is
        customer: String,
        /// How much, in pounds
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// The day it came; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        received_on: Option<NaiveDate>,
        /// Who paid; the customer when not said
        #[arg(long, default_value = "")]
        payer: String,
        /// Till slip: what people will look for
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Set a receipt against items of a customer
    Allocate {
        /// The receipt
        receipt: String,
        /// Items with their amounts, as INV-000001=40.00; what is left stays on the account
        #[arg(value_name = "ITEM=AMOUNT", value_parser = share)]
        items: Vec<(String, Pence)>,
        /// Whose money it is; that of the receipt when not said
        #[arg(long, value_name = "NUMBER")]
        customer: Option<String>,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Take back all allocations of a receipt, or one
    Undo {
        /// The receipt
        #[arg(required_unless_present = "allocation")]
        receipt: Option<String>,
        /// One allocation, by its id
        #[arg(long, value_name = "ID")]
        allocation: Option<i64>,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Put a receipt in suspense
    Suspense {
        /// The receipt
        receipt: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// Who looks for its owner
        #[arg(long, default_value = "")]
        owner: String,
        /// What comes next
        #[arg(long, default_value = "")]
        next: String,
    },
    /// Take a receipt back whole: it bounced, or was never ours
    Reverse {
        /// The receipt
        receipt: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Refunds, transfers and payment batches
    #[command(subcommand)]
    Out(super::cash_desk::MoneyOut),
    /// Cheques, cash and paying in
    #[command(subcommand)]
    Counter(super::cash_desk::Counter),
    /// Money in suspense, by age and owner
    Waiting {
        /// Words or an amount to look for
        #[arg(default_value = "")]
        search: String,
        /// One owner; - for what nobody has in hand
        #[arg(long, default_value = "")]
        owner: String,
        /// Only what lacks an owner, a reason or a next step
        #[arg(long)]
        unexplained: bool,
    },
    /// What waits, what is suggested, what is in suspense
    Position,
    /// Allocate a receipt as the payer's remittance advice says
    Remittance {
        /// CSV, a workbook, text or a saved e-mail
        file: PathBuf,
        /// The receipt
        #[arg(long, value_name = "NUMBER")]
        receipt: String,
        /// What the advice does not explain stays on the account
        #[arg(long)]
        keep_rest: bool,
        /// Read and show it only
        #[arg(long)]
        dry_run: bool,
    },
    /// What the matcher has learned
    Lessons {
        /// Forget the one with this id
        #[arg(long, value_name = "ID")]
        forget: Option<i64>,
    },
    /// When the matcher posts without a person, and the error measured there
    Policy {
        /// Post from this confidence on, in parts per million
        #[arg(long, value_name = "PPM", requires = "accept")]
        certain: Option<i64>,
        /// A suggestion is strong from this confidence on
        #[arg(long, value_name = "PPM", requires = "certain")]
        accept: Option<i64>,
        /// Clear differences up to this many pounds
        #[arg(long, value_name = "POUNDS", default_value = "0.00", requires = "certain")]
        tolerance: String,
    },
    /// What the order of allocation would do with a sum
    Order {
        /// The customer
        customer: String,
        /// The sum in pounds
        amount: String,
        /// Items the payer named
        #[arg(long, value_name = "ITEM")]
        named: Vec<String>,
    },
}

/// Cash.
pub async fn cash(shop: &Shop, ask: Cash, out: &mut Out) -> Outcome<u8> {
    match ask {
        Cash::Match => matched(shop, out).await?,
        Cash::Record { method, customer, amount, received_on, payer, words } => {
            let open = shop.open().await?;
            let ask = RecordReceipt {
                key: shop.key(),
                method,
                customer,
                amount,
                received_on: received_on.unwrap_or_else(|| open.desk.today()),
                payer_name: payer,
                words,
                lines: Vec::new(),
            };
            let done = record_receipt(&open.desk, &open.by, ask).await?;
            out.answer(&done, || {
                format!("{} is recorded: {} on the account.", done.receipt, Pence(done.on_account_pence))
            })?;
        }
        Cash::Allocate { receipt, items, customer, reason } => {
            let open = shop.open().await?;
            let lines = items.into_iter().map(|(item, amount)| AllocationLine { item, amount }).collect();
            let customer = match customer {
                Some(number) => number,
                None => owner_of(&open, &receipt).await?,
            };
            let ask = AllocateReceipt { key: shop.key(), receipt, customer, lines, split: Vec::new(), reason };
            let answer = allocate_receipt(&open.desk, &open.by, ask).await?;
            let (set, left) = (Pence(answer.allocated_pence), Pence(answer.on_account_pence));
            out.answer(&answer, || format!("{set} of {} allocated; {left} on account.", answer.receipt))?;
        }
        Cash::Undo { receipt, allocation, reason } => {
            let open = shop.open().await?;
            let ask = UndoAllocation { key: shop.key(), allocation: allocation.map(AllocationId), receipt, reason };
            let answer = undo_allocation(&open.desk, &open.by, ask).await?;
            let count = counted(answer.count as usize, "allocation", "allocations");
            out.answer(&answer, || format!("{count} taken back, {}.", Pence(answer.undone_pence)))?;
        }
        Cash::Suspense { receipt, reason, owner, next } => {
            let open = shop.open().await?;
            let ask = PutInSuspense { key: shop.key(), receipt, reason, owner, next_step: next, next_on: None };
            let answer = put_in_suspense(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is in suspense.", answer.receipt))?;
        }
        Cash::Reverse { receipt, reason } => {
            let open = shop.open().await?;
            let answer =
                reverse_receipt(&open.desk, &open.by, ReverseReceipt { key: shop.key(), receipt, reason }).await?;
            out.answer(&answer, || format!("{} is taken back, {}.", answer.receipt, Pence(answer.amount_pence)))?;
        }
        Cash::Remittance { file, receipt, keep_rest, dry_run } => {
            remittance(shop, &file, receipt, (keep_rest, dry_run), out).await?;
        }
        Cash::Lessons { forget } => learned(shop, forget, out).await?,
        Cash::Policy { certain, accept, tolerance } => {
            policy(shop, certain.zip(accept), &tolerance, out).await?;
        }
        Cash::Order { customer, amount, named } => {
            let open = shop.open().await?;
            let answer =
                proposed_order(&open.desk, &open.by, &customer, typed_pounds("amount", &amount)?, &named).await?;
            out.answer(&answer, || {
                let line = |l: &ProposedLine| format!("{} {}, {}\n", l.item, Pence(l.amount_pence), l.because);
                let lines: String = answer.lines.iter().map(line).collect();
                format!("{lines}{} stays on the account", Pence(answer.left_pence))
            })?;
        }
        Cash::Out(ask) => super::cash_desk::out_of_it(shop, ask, out).await?,
        Cash::Counter(ask) => super::cash_desk::counter(shop, ask, out).await?,
        Cash::Waiting { search, owner, unexplained } => {
            super::cash_desk::waiting(shop, SuspenseAsk { search, owner, unexplained, ..SuspenseAsk::default() }, out)
                .await?;
        }
        Cash::Position => {
            let open = shop.open().await?;
            let answer = cash_position(&open.desk, &open.by).await?;
            out.answer(&answer, || {
                let heap = |name: &str, count: i64, sum: i64| format!("{name}: {count}, {}\n", Pence(sum));
                heap("waiting", answer.waiting.count, answer.waiting.sum_pence)
                    + &heap("suspense", answer.suspense.count, answer.suspense.sum_pence)
                    + &heap("unallocated", answer.unallocated.count, answer.unallocated.sum_pence)
            })?;
        }
    }
    done()
}

/// The customer a receipt is on; empty in suspense, so that the desk asks.
async fn owner_of(open: &super::Open, receipt: &str) -> Outcome<String> {
    let view = sundry_desk::cash::receipt::receipt(&open.desk, &open.by, receipt).await?;
    Ok(view.customer.map(|(number, _)| number).unwrap_or_default())
}

async fn matched(shop: &Shop, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let showing = busy("Matching");
    let answer = match_cash(&open.desk, &open.by, MatchCash { key: shop.key() }).await?;
    drop(showing);
    let a = answer;
    out.answer(&json!(a), || {
        format!(
            "{}: {} posted ({}), {} on account, {} suggested, {} in suspense ({}), {} not receipts.",
            counted(a.lines as usize, "line", "lines"),
            a.posted,
            Pence(a.posted_pence),
            a.on_account,
            a.suggested,
            a.suspense,
            Pence(a.suspense_pence),
            a.not_receipts,
        )
    })
}

/// Pounds as typed.
fn typed_pounds(field: &str, typed: &str) -> Outcome<Pence> {
    let wrong = || Invalid::field(field, "Enter an amount in pounds, such as 12.50", typed);
    Ok(Pence::parse(typed).ok_or_else(wrong)?)
}

async fn remittance(
    shop: &Shop,
    path: &Path,
    receipt: String,
    (keep_rest, dry_run): (bool, bool),
    out: &mut Out,
) -> Outcome<()> {
    let original = super::file_bytes(path).map_err(|why| Invalid::field("file", why, path.display().to_string()))?;
    let bytes = child::as_table(original.clone()).await?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = RemittanceFile { receipt, file_name, bytes };
    let open = shop.open().await?;
    if dry_run {
        let read = read_remittance(&open.desk, &open.by, &file).await?;
        return out.answer(&read, || {
            let line = |l: &sundry_desk::cash::remittance::RemittanceLineShown| {
                let item = if l.item.is_empty() { "not found" } else { &l.item };
                format!("{} -> {item} {} {}\n", l.reference, Pence(l.paid_pence), l.note)
            };
            let lines: String = read.lines.iter().map(line).collect();
            format!("{lines}{} of {} allocated. {}", Pence(read.allocated_pence), Pence(read.left_pence), read.problem)
        });
    }
    let ask = ApplyRemittance { key: shop.key(), file, original, keep_rest };
    let done = apply_remittance(&open.desk, &open.by, ask).await?;
    out.answer(&done, || {
        let (items, account) = (Pence(done.allocated_pence), Pence(done.on_account_pence));
        format!("{}: {items} to items, {account} on account, {} of the advice not found.", done.receipt, done.not_found)
    })
}

async fn learned(shop: &Shop, forget: Option<i64>, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    if let Some(lesson) = forget {
        let done = forget_lesson(&open.desk, &open.by, ForgetLesson { key: shop.key(), lesson }).await?;
        return out.answer(&done, || format!("Lesson {} is forgotten.", done.lesson));
    }
    let page = lessons(&open.desk, &open.by, 1).await?;
    out.answer(&page, || {
        let line = |row: &sundry_store::cash::lessons::LessonRow| {
            let means = row.customer_number.as_deref().unwrap_or(&row.service);
            let state = row.forgotten_on.map_or("", |_| ", forgotten");
            format!("{} {} {} means {means}, {} times{state}\n", row.id, row.kind, row.shown, row.times)
        };
        page.rows.iter().map(line).collect::<String>().trim_end().to_owned()
    })
}

async fn policy(shop: &Shop, set: Option<(i64, i64)>, tolerance: &str, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    if let Some((certain_ppm, accept_ppm)) = set {
        let tolerance = typed_pounds("tolerance", tolerance)?;
        let ask = SetMatchPolicy { key: shop.key(), certain_ppm, accept_ppm, tolerance };
        let done = set_match_policy(&open.desk, &open.by, ask).await?;
        return out.answer(&done, || format!("Posts from {} parts per million on.", done.certain_ppm));
    }
    let now = match_policy(&open.desk, &open.by).await?;
    out.answer(&now, || {
        let line = |m: &sundry_desk::cash::match_policy::Measured| {
            let here = if m.from_ppm == now.certain_ppm { "  <- posts from here" } else { "" };
            format!("{}: {} answers, {} wrong{here}\n", m.from_ppm, m.lines, m.wrong)
        };
        let lines: String = now.measured.iter().map(line).collect();
        format!("{lines}strong from {}, differences cleared up to {}", now.accept_ppm, Pence(now.tolerance_pence))
    })
}
