//! `cards`: card payments, refunds, disputes, payouts, payment files.
use super::input::{pounds, request, share};
use super::out::{Out, table};
use super::{Shop, bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{
    ImportPaymentFile, ReadSettlement, ReconcilePayout, RecordDispute, RequestCardRefund, SetCardProvider,
    StartCardPayment, card_payments, card_payouts, import_payment_file, look_at_card_payment, read_card_settlement,
    reconcile_payout, record_card_dispute, request_card_refund, set_card_provider, start_card_payment, tend_cards,
};
use sundry_domain::money::Pence;

/// What can be done with card payments.
#[derive(Debug, Subcommand)]
pub enum Cards {
    /// Set a provider up: addresses, its key, what it is for, as JSON
    Provider {
        /// The JSON file, or - for the standard input
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
    /// Begin a payment over the telephone; gives the provider's page to open
    Take {
        /// The customer
        customer: String,
        /// How much
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// Items with their amounts, as INV-000001=40.00; what is left stays on the account
        #[arg(value_name = "ITEM=AMOUNT", value_parser = share)]
        items: Vec<(String, Pence)>,
    },
    /// Ask the provider about a payment
    Look {
        /// The payment
        payment: String,
    },
    /// Payments, newest first
    List {
        /// with_payer, paid, settled, failed, cancelled, expired or look
        #[arg(long, default_value = "")]
        state: String,
    },
    /// Ask for a refund to the card; someone else approves it
    Refund {
        /// The payment
        payment: String,
        /// How much
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// Why
        #[arg(long)]
        reason: String,
        /// Why, although the customer owes other money
        #[arg(long, default_value = "")]
        all_the_same: String,
    },
    /// Note a dispute; lost, the debt is owed again
    Dispute {
        /// The payment
        payment: String,
        /// How much
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// needs_response, under_review, won or lost
        state: String,
        /// The provider's reference of it
        #[arg(long, value_name = "TEXT")]
        provider_ref: String,
        /// What the payer says
        #[arg(long)]
        reason: String,
    },
    /// Read what a provider settled, up to a day
    Settlement {
        /// govuk_pay or practice
        provider: String,
        /// The first day; goes on from the last that was read when not said
        #[arg(long, value_name = "DATE", value_parser = super::input::date)]
        from: Option<NaiveDate>,
        /// The last day; today when not said
        #[arg(long, value_name = "DATE", value_parser = super::input::date)]
        to: Option<NaiveDate>,
    },
    /// Payouts, newest first
    Payouts,
    /// Say which bank line a payout is
    Reconcile {
        /// The payout
        payout: String,
        /// The bank line's id; the only one that fits when not said
        #[arg(long, value_name = "ID")]
        line: Option<i64>,
    },
    /// Take a payment file of a payment screen in
    File {
        /// The file
        file: PathBuf,
        /// The files between the last and this one will never come
        #[arg(long)]
        accept_gap: bool,
        /// Check only
        #[arg(long)]
        dry_run: bool,
    },
    /// Ask about everything that is open, send approved refunds, read yesterday's settlement
    Tend,
}

/// Card payments.
pub async fn cards(shop: &Shop, ask: Cards, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Cards::Provider { input } => {
            let ask: SetCardProvider = request(&input, key)?;
            let answer = set_card_provider(desk, by, ask).await?;
            out.answer(&answer, || format!("{} is set up.", answer.provider))?;
        }
        Cards::Take { customer, amount, items } => {
            let lines = items.into_iter().map(|(item, amount)| AllocationLine { item, amount }).collect();
            let answer = start_card_payment(desk, by, StartCardPayment { key, customer, amount, lines }).await?;
            out.answer(&answer, || format!("{}: {}", answer.payment, answer.next_url))?;
        }
        Cards::Look { payment } => {
            let answer = look_at_card_payment(desk, by, &payment).await?;
            let line = &answer.line;
            out.answer(&answer, || {
                format!("{} {}: {} {}", line.number, Pence(line.amount_pence), line.state_name, line.receipt)
            })?;
        }
        Cards::List { state } => {
            let answer = card_payments(desk, by, &state).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_desk::cash::cards::CardLine| {
                    vec![
                        one.number.clone(),
                        one.asked_on.to_string(),
                        one.customer.clone(),
                        Pence(one.amount_pence).to_string(),
                        one.state_name.clone(),
                        one.receipt.clone(),
                    ]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["number", "date", "customer", "amount", "state", "receipt"], &[3], &rows)
            })?;
        }
        other => return back_and_out(shop, other, out).await,
    }
    done()
}

/// Money that goes back, and what is paid out.
async fn back_and_out(shop: &Shop, ask: Cards, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Cards::Refund { payment, amount, reason, all_the_same } => {
            let ask = RequestCardRefund { key, payment, amount, reason, all_the_same };
            let answer = request_card_refund(desk, by, ask).await?;
            out.answer(&answer, || format!("{}: {} waits for someone else's yes.", answer.refund, answer.approval))?;
        }
        Cards::Dispute { payment, amount, state, provider_ref, reason } => {
            let ask = RecordDispute { key, payment, provider_ref, amount, fee: Pence::ZERO, state, reason };
            let answer = record_card_dispute(desk, by, ask).await?;
            let again = Pence(answer.reopened_pence);
            out.answer(&answer, || format!("{} is noted; {again} is owed again.", answer.dispute))?;
        }
        Cards::Settlement { provider, from, to } => {
            let to_on = to.unwrap_or_else(|| desk.today());
            let ask = ReadSettlement { key, provider, from_on: from, to_on };
            let a = read_card_settlement(desk, by, ask).await?;
            out.answer(&a, || {
                let (found, disputes) = (a.found, a.disputes);
                format!(
                    "{} payments ({found} found), {} refunds, {disputes} disputes, {} payouts, {} in the bank.",
                    a.payments, a.refunds, a.payouts, a.in_bank
                )
            })?;
        }
        Cards::Payouts => {
            let answer = card_payouts(desk, by, "").await?;
            out.answer(&answer, || {
                let rows: Vec<Vec<String>> = answer
                    .iter()
                    .map(|p| {
                        vec![
                            p.number.clone(),
                            p.settled_on.to_string(),
                            Pence(p.net_pence).to_string(),
                            p.state.clone(),
                        ]
                    })
                    .collect();
                table(&["number", "date", "net", "state"], &[2], &rows)
            })?;
        }
        Cards::Reconcile { payout, line } => {
            let answer = reconcile_payout(desk, by, ReconcilePayout { key, payout, bank_line: line }).await?;
            out.answer(&answer, || format!("{} is in the bank: {}.", answer.payout, Pence(answer.net_pence)))?;
        }
        Cards::File { file, accept_gap, dry_run } => {
            let bytes = bytes_of(&file, "file")?;
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let ask = ImportPaymentFile { key, file_name, bytes, accept_gap, dry_run };
            let a = import_payment_file(desk, by, ask).await?;
            out.answer(&a, || match a.already_on {
                Some(day) => format!("File {} came before, on {day}.", a.number),
                None => format!(
                    "File {}: {} receipts, {} in suspense, {} confirmed, {} taken back, {}.",
                    a.number,
                    a.receipts,
                    a.suspense,
                    a.confirmed,
                    a.taken_back,
                    Pence(a.sum_pence)
                ),
            })?;
        }
        _ => {
            let a = tend_cards(desk, by.org).await?;
            out.answer(&a, || {
                format!("{} asked about, {} paid, {} silent, {} refunds moved.", a.asked, a.paid, a.silent, a.refunds)
            })?;
        }
    }
    done()
}
