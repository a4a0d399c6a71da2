//! `cash`: match, allocate, take back.
use super::input::{date, pounds, share};
use super::out::{Out, busy, counted};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use sundry_desk::Outcome;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::cash_position::cash_position;
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_domain::ids::AllocationId;
use sundry_domain::money::Pence;

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
    },
    /// Take a receipt back whole: it bounced, or was never ours
    Reverse {
        /// The receipt
        receipt: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// What waits, what is suggested, what is in suspense
    Position,
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
        Cash::Suspense { receipt, reason, owner } => {
            let open = shop.open().await?;
            let ask = PutInSuspense { key: shop.key(), receipt, reason, owner };
            let answer = put_in_suspense(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is in suspense.", answer.receipt))?;
        }
        Cash::Reverse { receipt, reason } => {
            let open = shop.open().await?;
            let answer =
                reverse_receipt(&open.desk, &open.by, ReverseReceipt { key: shop.key(), receipt, reason }).await?;
            out.answer(&answer, || format!("{} is taken back, {}.", answer.receipt, Pence(answer.amount_pence)))?;
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
