//! `cash out` and `cash counter`: refunds, transfers, payment batches; cheques, cash and paying in; suspense.
use super::Shop;
use super::input::{date, pounds, share};
use super::out::{Out, table};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::cash::counter::{CounterShare, FundShare, TakePayment, register_of_payments, take_payment};
use sundry_desk::cash::overpayments::{DecideOverpayment, decide_overpayment, overpayments};
use sundry_desk::cash::paying_in::{MakePayingIn, TiePayingIn, make_paying_in, paying_in_slip, tie_paying_in};
use sundry_desk::cash::payment_batches::{
    MakePaymentBatch, MovePaymentBatch, make_payment_batch, move_payment_batch, payment_file,
};
use sundry_desk::cash::refunds::refunds;
use sundry_desk::cash::request_refund::{RequestRefund, request_refund};
use sundry_desk::cash::return_payment::{ReturnPayment, return_payment};
use sundry_desk::cash::settle_refund::{TakeRefundBack, take_refund_back};
use sundry_desk::cash::suspense::{SuspenseAsk, TakeInHand, suspense, take_in_hand};
use sundry_desk::cash::transfers::{RequestTransfer, request_transfer};
use sundry_domain::cash::counter::SlipTotals;
use sundry_domain::money::Pence;

/// Money out.
#[derive(Debug, Subcommand)]
pub enum MoneyOut {
    /// Ask for a refund; someone else approves it
    Refund {
        /// The credit, or a receipt in suspense
        credit: String,
        /// How much; all of it when not said
        #[arg(long, value_parser = pounds)]
        amount: Option<Pence>,
        /// overpaid, paid_twice, credited, not_ours, deposit or other
        #[arg(long)]
        reason: String,
        /// What shows that it is due back
        #[arg(long)]
        evidence: String,
        /// bank, cheque or card
        #[arg(long, default_value = "bank")]
        method: String,
        /// To whom; the customer when not said
        #[arg(long, default_value = "")]
        payee: String,
        /// Sort code
        #[arg(long, default_value = "")]
        sort_code: String,
        /// Account number
        #[arg(long, default_value = "")]
        account: String,
        /// Who allows it although there are open debts
        #[arg(long, default_value = "")]
        authority: String,
        /// Who was rung about the account, on which number, when
        #[arg(long, default_value = "")]
        call_back: String,
        /// You have looked at the warnings
        #[arg(long)]
        warnings_seen: bool,
    },
    /// Withdraw a refund, or say that its money came back
    TakeBack {
        /// The refund
        refund: String,
        /// Why
        #[arg(long)]
        reason: String,
        /// The receipt in suspense by which it came back
        #[arg(long)]
        came_back_as: Option<String>,
    },
    /// Refunds: waiting, to_pay, paying, paid, closed or all
    List {
        /// Which
        #[arg(default_value = "all")]
        view: String,
    },
    /// Ask to move money to another account or fund
    Transfer {
        /// The credit, or a receipt in suspense
        credit: String,
        /// How much; all of it when not said
        #[arg(long, value_parser = pounds)]
        amount: Option<Pence>,
        /// To this customer
        #[arg(long, default_value = "")]
        to_customer: String,
        /// Or to this fund, by its GL code
        #[arg(long, default_value = "")]
        to_fund: String,
        /// Why
        #[arg(long)]
        why: String,
        /// Who allows it
        #[arg(long, default_value = "")]
        authority: String,
    },
    /// Put approved refunds into a batch: list, bacs or pain001
    Batch {
        /// How it is paid
        #[arg(default_value = "list")]
        method: String,
        /// When the money is to move
        #[arg(long, value_parser = date)]
        pay_on: Option<NaiveDate>,
    },
    /// Do the next thing with a batch: approve, write, send, acknowledge or reject
    Step {
        /// The batch
        batch: String,
        /// What is done
        act: String,
        /// What the bank says
        #[arg(long, default_value = "")]
        words: String,
    },
    /// The file of a batch, on the standard output
    File {
        /// The batch
        batch: String,
    },
    /// Credits that wait on accounts
    Overpayments {
        /// Only those to decide about today
        #[arg(long)]
        undecided: bool,
    },
    /// Leave a credit on its account until a day
    Leave {
        /// The credit
        credit: String,
        /// When to look again
        #[arg(long, value_parser = date)]
        until: NaiveDate,
        /// Why
        #[arg(long)]
        why: String,
    },
    /// Offset a credit against debts of the same customer
    Offset {
        /// The credit
        credit: String,
        /// Debts with their amounts, as INV-000001=40.00
        #[arg(value_name = "ITEM=AMOUNT", value_parser = share, required = true)]
        items: Vec<(String, Pence)>,
        /// customer, contract, court, statute or manager
        #[arg(long)]
        authority: String,
        /// Why, and where that is written
        #[arg(long)]
        why: String,
    },
}

/// Money out.
pub async fn out_of_it(shop: &Shop, ask: MoneyOut, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        MoneyOut::Refund {
            credit,
            amount,
            reason,
            evidence,
            method,
            payee,
            sort_code,
            account,
            authority,
            call_back,
            warnings_seen,
        } => {
            let ask = RequestRefund {
                key,
                credit,
                amount,
                reason,
                words: evidence,
                method,
                payee_name: payee,
                payee_address: String::new(),
                sort_code,
                account,
                authority,
                call_back,
                seen_warnings: warnings_seen,
            };
            let answer = request_refund(desk, by, ask).await?;
            let amount = Pence(answer.amount_pence);
            out.answer(&answer, || format!("{} of {amount} waits for {}.", answer.refund, answer.approval))
        }
        MoneyOut::TakeBack { refund, reason, came_back_as } => {
            let answer = take_refund_back(desk, by, TakeRefundBack { key, refund, reason, came_back_as }).await?;
            out.answer(&answer, || format!("{} is {}. {}", answer.refund, answer.state, answer.consequences.join(" ")))
        }
        MoneyOut::List { view } => {
            let found = refunds(desk, by, &view, 1, 200).await?;
            let row = |one: &sundry_store::cash_refunds::ListedRefundRow| {
                let cells = [&one.number, &one.credit_number, &one.payee_name, &one.method, &one.state];
                let mut cells: Vec<String> = cells.into_iter().cloned().collect();
                cells.push(Pence(one.amount_pence).to_string());
                cells
            };
            let rows: Vec<Vec<String>> = found.rows.iter().map(row).collect();
            out.answer(&found, || table(&["refund", "of", "payee", "method", "state", "amount"], &[5], &rows))
        }
        MoneyOut::Transfer { credit, amount, to_customer, to_fund, why, authority } => {
            let ask = RequestTransfer { key, credit, amount, to_customer, to_fund, words: why, authority };
            let answer = request_transfer(desk, by, ask).await?;
            out.answer(&answer, || format!("{} waits for {}.", answer.transfer, answer.approval))
        }
        other => pay(shop, other, out).await,
    }
}

async fn pay(shop: &Shop, ask: MoneyOut, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        MoneyOut::Batch { method, pay_on } => {
            let ask = MakePaymentBatch { key, method, refunds: Vec::new(), pay_on };
            let answer = make_payment_batch(desk, by, ask).await?;
            let (count, total) = (answer.payments, Pence(answer.total_pence));
            out.answer(&answer, || format!("{}: {count} payments, {total}.", answer.batch))
        }
        MoneyOut::Step { batch, act, words } => {
            let answer = move_payment_batch(desk, by, MovePaymentBatch { key, batch, act, words }).await?;
            out.answer(&answer, || format!("{} is {}.", answer.batch, answer.state))
        }
        MoneyOut::File { batch } => {
            let (_, bytes) = payment_file(desk, by, &batch).await?;
            out.write(&bytes)
        }
        MoneyOut::Overpayments { undecided } => {
            let found = overpayments(desk, by, undecided, 1, 200).await?;
            let row = |one: &sundry_store::cash_refunds::OverpaymentRow| {
                let left = Pence(one.left_pence).to_string();
                vec![one.number.clone(), one.customer_number.clone(), one.dated_on.to_string(), left]
            };
            let rows: Vec<Vec<String>> = found.rows.iter().map(row).collect();
            out.answer(&found, || table(&["credit", "customer", "since", "left"], &[3], &rows))
        }
        MoneyOut::Leave { credit, until, why } => {
            let ask = DecideOverpayment {
                key,
                credit,
                choice: "on_account".into(),
                words: why,
                review_on: Some(until),
                ..DecideOverpayment::default()
            };
            let answer = decide_overpayment(desk, by, ask).await?;
            out.answer(&answer, || format!("{} stays on the account until {until}.", answer.credit))
        }
        MoneyOut::Offset { credit, items, authority, why } => {
            let line = |(item, amount)| sundry_desk::cash::AllocationLine { item, amount };
            let ask = DecideOverpayment {
                key,
                credit,
                choice: "offset".into(),
                words: why,
                authority,
                review_on: None,
                lines: items.into_iter().map(line).collect(),
            };
            let answer = decide_overpayment(desk, by, ask).await?;
            let (set, left) = (Pence(answer.offset_pence), Pence(answer.left_pence));
            out.answer(&answer, || format!("{set} of {} is offset; {left} is left.", answer.credit))
        }
        _ => Ok(()),
    }
}

/// Cheques and cash.
#[derive(Debug, Subcommand)]
pub enum Counter {
    /// Take a cheque or cash
    Take {
        /// cheque or cash
        method: String,
        /// How much
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// A customer's share, as C100001=40.00; it stays on the account until it is allocated
        #[arg(long = "for", value_name = "CUSTOMER=AMOUNT", value_parser = share)]
        shares: Vec<(String, Pence)>,
        /// A fund's share, as 2960=10.00
        #[arg(long = "fund", value_name = "CODE=AMOUNT", value_parser = share)]
        funds: Vec<(String, Pence)>,
        /// The drawer, or who brought it
        #[arg(long, default_value = "")]
        drawer: String,
        /// The cheque's own number
        #[arg(long, default_value = "")]
        number: String,
        /// The bank it is drawn on
        #[arg(long, default_value = "")]
        bank: String,
        /// When; today when not said
        #[arg(long, value_parser = date)]
        on: Option<NaiveDate>,
    },
    /// The register
    Register {
        /// held, paying_in, banked, cleared or returned; all when not said
        #[arg(long, default_value = "")]
        state: String,
        /// Words or an amount
        #[arg(default_value = "")]
        search: String,
    },
    /// Put what is in the office on a slip
    PayIn {
        /// Number of the bank's slip
        #[arg(long, default_value = "")]
        slip: String,
        /// How many cheques were counted
        #[arg(long)]
        cheques: i64,
        /// Their sum
        #[arg(long, value_parser = pounds)]
        cheques_sum: Pence,
        /// The cash
        #[arg(long, value_parser = pounds)]
        cash: Pence,
    },
    /// A slip as CSV or PDF, on the standard output
    Slip {
        /// The batch
        batch: String,
        /// csv or pdf
        #[arg(long, default_value = "csv", value_parser = ["csv", "pdf"])]
        format: String,
    },
    /// Say which receipt in suspense is the money of a slip
    Tie {
        /// The batch
        batch: String,
        /// The receipt
        receipt: String,
    },
    /// A cheque came back unpaid
    Return {
        /// The payment
        payment: String,
        /// Why, as the bank says
        #[arg(long)]
        reason: String,
        /// Do not write to the customers
        #[arg(long)]
        no_letter: bool,
    },
    /// Give receipts in suspense an owner and a next step
    InHand {
        /// The receipts
        #[arg(required = true)]
        receipts: Vec<String>,
        /// Who has them
        #[arg(long)]
        owner: String,
        /// What comes next
        #[arg(long)]
        next: String,
        /// When
        #[arg(long, value_parser = date)]
        on: Option<NaiveDate>,
    },
}

/// Cheques and cash.
pub async fn counter(shop: &Shop, ask: Counter, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Counter::Take { method, amount, shares, funds, drawer, number, bank, on } => {
            let customer = |(customer, amount)| CounterShare { customer, amount, lines: Vec::new() };
            let fund = |(fund, amount)| FundShare { fund, amount, words: String::new() };
            let ask = TakePayment {
                key,
                method,
                payer_name: drawer,
                cheque_number: number,
                drawer_bank: bank,
                amount,
                received_on: on.unwrap_or_else(|| desk.today()),
                words: String::new(),
                shares: shares.into_iter().map(customer).collect(),
                funds: funds.into_iter().map(fund).collect(),
            };
            let answer = take_payment(desk, by, ask).await?;
            out.answer(&answer, || format!("{} {}", answer.payment, answer.receipt))
        }
        Counter::Register { state, search } => {
            let found = register_of_payments(desk, by, (&state, &search), 1, 200).await?;
            let row = |one: &sundry_store::cash_counter::CounterPaymentRow| {
                let cells = [&one.number, &one.method, &one.payer_name, &one.cheque_number, &one.state];
                let mut cells: Vec<String> = cells.into_iter().cloned().collect();
                cells.push(Pence(one.amount_pence).to_string());
                cells
            };
            let rows: Vec<Vec<String>> = found.rows.iter().map(row).collect();
            out.answer(&found, || table(&["payment", "method", "drawer", "cheque", "state", "amount"], &[5], &rows))
        }
        Counter::PayIn { slip, cheques, cheques_sum, cash } => {
            let counted = SlipTotals { cheques, cheques_sum, cash_sum: cash };
            let ask = MakePayingIn { key, slip, counted, ..MakePayingIn::default() };
            let answer = make_paying_in(desk, by, ask).await?;
            let (count, total) = (answer.payments, Pence(answer.total_pence));
            out.answer(&answer, || format!("{}: {count} payments, {total}.", answer.batch))
        }
        Counter::Slip { batch, format } => {
            let (_, bytes) = paying_in_slip(desk, by, &batch, &format).await?;
            out.write(&bytes)
        }
        Counter::Tie { batch, receipt } => {
            let answer = tie_paying_in(desk, by, TiePayingIn { key, batch, receipt }).await?;
            out.answer(&answer, || format!("{} is at the bank since {}.", answer.batch, answer.banked_on))
        }
        Counter::Return { payment, reason, no_letter } => {
            let ask = ReturnPayment { key, payment, reason, letter: !no_letter };
            let answer = return_payment(desk, by, ask).await?;
            out.answer(&answer, || {
                let reopened = Pence(answer.reopened_pence);
                format!("{} came back; {reopened} is owed again.\n{}", answer.payment, answer.consequences.join("\n"))
            })
        }
        Counter::InHand { receipts, owner, next, on } => {
            let ask = TakeInHand { key, receipts, owner, reason: String::new(), next_step: next, next_on: on };
            let answer = take_in_hand(desk, by, ask).await?;
            out.answer(&answer, || format!("{} has {} in hand.", answer.owner, Pence(answer.sum_pence)))
        }
    }
}

/// Money in suspense.
pub async fn waiting(shop: &Shop, ask: SuspenseAsk, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let found = suspense(&open.desk, &open.by, ask).await?;
    let row = |line: &sundry_desk::cash::suspense::SuspenseLine| {
        let row = &line.row;
        let cells = [&row.number, &row.payer_name, &row.owner, &row.reason];
        let mut cells: Vec<String> = cells.into_iter().cloned().collect();
        cells.push(row.next_step.clone().unwrap_or_default());
        cells.push(line.age_days.to_string());
        cells.push(Pence(row.amount_pence).to_string());
        cells
    };
    let rows: Vec<Vec<String>> = found.rows.iter().map(row).collect();
    out.answer(&found, || table(&["receipt", "payer", "owner", "why", "next", "days", "amount"], &[5, 6], &rows))
}
