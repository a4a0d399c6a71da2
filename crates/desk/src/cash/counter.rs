//! Cheques and cash taken by hand, split over customers and other funds, in one register (CSH-16).
use super::common::{check_words, must_say};
use super::placing::{AllocationLine, Share, Why, place, share_of};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::counter::{CounterState, cheque_number, shares_are_whole};
use sundry_domain::cash::desk_refusals::{COUNTER_SHARES, TRANSFER_TO};
use sundry_domain::cash::intake::post_receipt;
use sundry_domain::control::Duty;
use sundry_domain::ids::{OrgId, ReceiptId};
use sundry_domain::ledger::receipt_for_fund;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::cash_counter::{self, CounterFilter, CounterPaymentRow, FundShareRow};

/// Most rows on a page.
const MOST: i64 = 200;

/// A customer's share of a cheque or of cash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CounterShare {
    /// Customer number.
    pub customer: String,
    /// How much.
    pub amount: Pence,
    /// What it pays; the rest stays on the account.
    #[serde(default)]
    pub lines: Vec<AllocationLine>,
}

/// A share for another fund or organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FundShare {
    /// The fund's GL code.
    pub fund: String,
    /// How much.
    pub amount: Pence,
    /// What it is for.
    #[serde(default)]
    pub words: String,
}

/// Takes a cheque or cash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakePayment {
    /// Idempotency key.
    pub key: String,
    /// cheque or cash.
    pub method: String,
    /// The drawer, or who brought the cash.
    #[serde(default)]
    pub payer_name: String,
    /// The cheque's own number.
    #[serde(default)]
    pub cheque_number: String,
    /// The bank it is drawn on.
    #[serde(default)]
    pub drawer_bank: String,
    /// How much.
    pub amount: Pence,
    /// When it came; not after today.
    pub received_on: NaiveDate,
    /// What was said about it.
    #[serde(default)]
    pub words: String,
    /// Customers' shares.
    #[serde(default)]
    pub shares: Vec<CounterShare>,
    /// Shares for other funds.
    #[serde(default)]
    pub funds: Vec<FundShare>,
}

/// The payment in the register.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PaymentTaken {
    /// Its number in the register.
    pub payment: String,
    /// The receipt of the customers' shares; empty when all of it is for other funds.
    pub receipt: String,
    /// Set against items.
    pub allocated_pence: i64,
    /// On customers' accounts.
    pub on_account_pence: i64,
    /// For other funds.
    pub funds_pence: i64,
}

/// Takes a cheque or cash: one receipt for the customers' shares, and postings for the funds'.
///
/// # Errors
/// Duty; fields; `CSH-16-SHARES`; `CSH-TRANSFER-TO` for a fund that is none; as `allocate_receipt`.
pub async fn take_payment(desk: &Desk, by: &Actor, ask: TakePayment) -> Outcome<PaymentTaken> {
    by.must_hold(Duty::PostCash)?;
    let texts = [("payer name", &ask.payer_name), ("cheque number", &ask.cheque_number), ("bank", &ask.drawer_bank)];
    check_words(&texts.map(|(name, text)| (name, text.as_str())))?;
    check_words(&[("words", &ask.words)])?;
    let wrong = check(&ask, desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let all = ask.shares.iter().map(|share| share.amount).chain(ask.funds.iter().map(|share| share.amount));
    shares_are_whole(ask.amount, &all.collect::<Vec<_>>())?;
    command!(desk, by, "take_payment", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        refuse_twice(cmd, &ask).await?;
        let shares = shares(cmd, &ask.shares).await?;
        let number = format!("PAY-{:06}", cmd.next_number("PAY").await?);
        let receipt = if shares.is_empty() { None } else { Some(receive(cmd, &ask, &shares).await?) };
        let payment = CounterPaymentRow {
            method: ask.method.clone(),
            payer_name: payer(&ask, shares.first()),
            cheque_number: ask.cheque_number.trim().into(),
            drawer_bank: ask.drawer_bank.trim().into(),
            words: ask.words.trim().into(),
            ..held(cmd, number, ask.received_on, ask.amount, receipt.as_ref())
        };
        post_funds(cmd, &payment, &ask.funds).await?;
        cash_counter::add_counter_payment(&mut cmd.tx, org, &payment).await?;
        let allocated = Pence::total(shares.iter().flat_map(|share| share.lines.values()));
        let customers = Pence::total(shares.iter().map(|share| &share.amount));
        let answer = PaymentTaken {
            payment: payment.number.clone(),
            receipt: payment.receipt_number.clone(),
            allocated_pence: allocated.0,
            on_account_pence: customers.minus(allocated).0,
            funds_pence: ask.amount.minus(customers).0,
        };
        if let Some(receipt) = receipt {
            cash::add_receipts(&mut cmd.tx, org, vec![receipt]).await?;
            cmd.tell("ReceiptRecorded", format!("receipt {}", answer.receipt), &ask);
        }
        cmd.tell("PaymentTaken", format!("payment {}", answer.payment), &ask);
        Ok(answer)
    })
}

fn payer(ask: &TakePayment, first: Option<&Share>) -> String {
    let typed = ask.payer_name.trim();
    if typed.is_empty() { first.map(|share| share.customer.name.clone()).unwrap_or_default() } else { typed.into() }
}

fn check(ask: &TakePayment, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    match ask.method.as_str() {
        "cheque" => {
            must_say("cheque_number", "Enter the cheque number", &ask.cheque_number, &mut wrong);
            must_say("payer_name", "Enter the drawer of the cheque", &ask.payer_name, &mut wrong);
        }
        "cash" => {}
        other => wrong.push(Invalid::field("method", "Choose cheque or cash", other)),
    }
    if ask.amount <= Pence::ZERO || ask.amount > LARGEST {
        let message = format!("Enter an amount above £0.00 and up to {LARGEST}");
        wrong.push(Invalid::field("amount", message, ask.amount.pounds()));
    }
    if ask.received_on > today {
        let message = format!("Enter a date up to {}", written(today));
        wrong.push(Invalid::field("received_on", message, ask.received_on.to_string()));
    }
    if ask.shares.is_empty() && ask.funds.is_empty() {
        wrong.push(Invalid::field("shares", "Enter a customer or a fund, and how much of it is theirs", ""));
    }
    wrong
}

/// The same cheque is not taken twice.
async fn refuse_twice(cmd: &mut Command, ask: &TakePayment) -> Outcome<()> {
    let (number, amount) = (ask.cheque_number.trim(), ask.amount);
    if ask.method != "cheque" || number.is_empty() {
        return Ok(());
    }
    let (org, payer) = (cmd.by.org, ask.payer_name.trim());
    match cash_counter::cheques_alike(&mut cmd.tx, org, number, amount.0, payer).await?.first() {
        Some(before) => {
            let message = format!("This cheque is in the register already, as {before}");
            Err(Invalid::field("cheque_number", message, number).into())
        }
        None => Ok(()),
    }
}

async fn shares(cmd: &mut Command, asked: &[CounterShare]) -> Outcome<Vec<Share>> {
    let mut shares: Vec<Share> = Vec::new();
    for one in asked {
        let share = share_of(cmd, &one.customer, one.amount, &one.lines).await?;
        if shares.iter().any(|other| other.customer.id == share.customer.id) {
            let sentence = format!("{} has two shares: make them one.", share.customer.number);
            return Err(COUNTER_SHARES.because(sentence).into());
        }
        shares.push(share);
    }
    Ok(shares)
}

/// One receipt for the customers' shares (GL-02 rows 7 and 8).
async fn receive(cmd: &mut Command, ask: &TakePayment, shares: &[Share]) -> Outcome<ReceiptRow> {
    let words = [ask.cheque_number.trim(), ask.words.trim()];
    let words: Vec<&str> = words.into_iter().filter(|text| !text.is_empty()).collect();
    let mut receipt = ReceiptRow {
        id: cmd.id::<ReceiptId>().0,
        number: format!("RCT-{:06}", cmd.next_number("RCT").await?),
        bank_line_id: None,
        customer_id: shares.first().map(|share| share.customer.id.0),
        item_id: None,
        method: ask.method.clone(),
        received_on: ask.received_on,
        amount_pence: Pence::total(shares.iter().map(|share| &share.amount)).0,
        state: "identified".into(),
        reason: "Entered by hand.".into(),
        owner: String::new(),
        payer_name: payer(ask, shares.first()),
        words: words.join(" "),
        recorded_at: cmd.at,
        version: 1,
    };
    let why = Why { reason: "Entered by hand.", confidence_ppm: 1_000_000 };
    for share in shares {
        let item = place(cmd, &receipt, share, ask.received_on, &why, post_receipt).await?;
        receipt.item_id = receipt.item_id.or(Some(item.0));
    }
    Ok(receipt)
}

/// A payment in the office.
fn held(
    cmd: &Command,
    number: String,
    received_on: NaiveDate,
    amount: Pence,
    receipt: Option<&ReceiptRow>,
) -> CounterPaymentRow {
    CounterPaymentRow {
        id: cmd.id::<i64>(),
        number,
        method: String::new(),
        payer_name: String::new(),
        cheque_number: String::new(),
        drawer_bank: String::new(),
        words: String::new(),
        received_on,
        amount_pence: amount.0,
        receipt_id: receipt.map(|row| row.id),
        receipt_number: receipt.map(|row| row.number.clone()).unwrap_or_default(),
        state: CounterState::Held.as_str().into(),
        batch_id: None,
        returned_on: None,
        return_reason: String::new(),
        taken_by: cmd.by.user.0,
        taken_by_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
        version: 1,
    }
}

/// A receipt by cheque or cash that was recorded another way is in the register too.
pub(super) async fn register(cmd: &mut Command, receipt: &ReceiptRow) -> Outcome<()> {
    if !matches!(receipt.method.as_str(), "cheque" | "cash") {
        return Ok(());
    }
    let number = format!("PAY-{:06}", cmd.next_number("PAY").await?);
    let payment = CounterPaymentRow {
        method: receipt.method.clone(),
        payer_name: receipt.payer_name.clone(),
        cheque_number: if receipt.method == "cheque" { cheque_number(&receipt.words) } else { String::new() },
        words: if receipt.method == "cash" { receipt.words.clone() } else { String::new() },
        ..held(cmd, number, receipt.received_on, Pence(receipt.amount_pence), Some(receipt))
    };
    Ok(cash_counter::add_counter_payment(&mut cmd.tx, cmd.by.org, &payment).await?)
}

async fn post_funds(cmd: &mut Command, payment: &CounterPaymentRow, asked: &[FundShare]) -> Outcome<()> {
    if asked.is_empty() {
        return Ok(());
    }
    let org = cmd.by.org;
    let known = cash_counter::funds(&mut cmd.tx, org).await?;
    let mut rows = Vec::new();
    for (line, share) in (1..).zip(asked) {
        let fund = share.fund.trim();
        if !known.iter().any(|(code, _)| code == fund) {
            return Err(TRANSFER_TO.because(format!("{fund} is not a fund that takes money for others.")).into());
        }
        let journal = NewJournal {
            posted_on: payment.received_on,
            event: "CashForFund",
            source: format!("payment {}", payment.number),
            reason: share.words.trim().to_owned(),
            customer: None,
            item: None,
            lines: receipt_for_fund(fund, share.amount),
        };
        post(cmd, journal).await?;
        rows.push(FundShareRow {
            payment_id: payment.id,
            line,
            gl_code: fund.to_owned(),
            words: share.words.trim().to_owned(),
            amount_pence: share.amount.0,
        });
    }
    Ok(cash_counter::add_fund_shares(&mut cmd.tx, org, &rows).await?)
}

/// The payment with a number.
pub(super) async fn find_payment(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<CounterPaymentRow> {
    let absent = || No::Absent(format!("payment {number}"));
    cash_counter::counter_payment_numbered(tx, org, number.trim()).await?.ok_or_else(absent)
}

/// A page of the register.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterPage {
    /// Newest first.
    pub rows: Vec<CounterPaymentRow>,
    /// How many there are in all.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
    /// The page.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
}

/// Cheques and cash in a state, or all, that a search finds.
///
/// # Errors
/// Duty.
pub async fn register_of_payments(
    desk: &Desk,
    by: &Actor,
    (state, search): (&str, &str),
    page: i64,
    per_page: i64,
) -> Outcome<RegisterPage> {
    by.must_hold(Duty::View)?;
    let per_page = if per_page <= 0 { MOST } else { per_page.min(MOST) };
    let words = search.trim();
    let state = CounterState::parse(state).map(|state| state.as_str().to_owned()).unwrap_or_default();
    let filter = CounterFilter { state, words: words.to_owned(), amount: Pence::parse(words).map(|amount| amount.0) };
    let mut look = desk.look().await?;
    let (count, sum_pence) = cash_counter::count_counter_payments(&mut look, by.org, &filter).await?;
    let pages = ((count + per_page - 1) / per_page).max(1);
    let page = page.clamp(1, pages);
    let place = (per_page, (page - 1) * per_page);
    let rows = cash_counter::list_counter_payments(&mut look, by.org, &filter, place).await?;
    Ok(RegisterPage { rows, count, sum_pence, page, pages })
}

/// A payment with everything around it.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentView {
    /// The payment.
    pub payment: CounterPaymentRow,
    /// Its shares for other funds.
    pub funds: Vec<FundShareRow>,
    /// Customers it went to: number, name, amount.
    pub customers: Vec<(String, String, i64)>,
    /// Number and state of the batch that pays it in.
    pub batch: Option<(String, String)>,
    /// What would follow if it came back, in sentences; empty once it has.
    pub if_returned: Vec<String>,
}

/// A payment by its number.
///
/// # Errors
/// Duty; absent.
pub async fn payment(desk: &Desk, by: &Actor, number: &str) -> Outcome<PaymentView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let org = by.org;
    let payment = find_payment(&mut look, org, number).await?;
    let funds = cash_counter::fund_shares_of(&mut look, org, payment.id).await?;
    let mut customers = Vec::new();
    let mut if_returned = Vec::new();
    if let Some(id) = payment.receipt_id {
        for item in cash::items_of_receipt(&mut look, org, ReceiptId(id)).await? {
            if item.original_pence < 0 {
                let of = sundry_domain::ids::CustomerId(item.customer_id);
                let (number, name) = cash::customer_name(&mut look, org, of).await?.unwrap_or_default();
                customers.push((number, name, -item.original_pence));
            }
        }
        if payment.state != "returned" {
            let receipt = super::common::find_receipt(&mut look, org, &payment.receipt_number).await?;
            if_returned = super::consequences::if_taken_off(&mut look, org, &receipt).await?;
        }
    }
    let batch = match payment.batch_id {
        Some(id) => cash_counter::paying_in(&mut look, org, id).await?.map(|batch| (batch.number, batch.state)),
        None => None,
    };
    Ok(PaymentView { payment, funds, customers, batch, if_returned })
}
