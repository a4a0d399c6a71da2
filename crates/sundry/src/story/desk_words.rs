//! The cash desk in stories: refunds, transfers, payment batches, suspense, cheques on their way to the bank.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::cash::counter::{CounterShare, FundShare, TakePayment, payment, take_payment};
use sundry_desk::cash::overpayments::{DecideOverpayment, decide_overpayment};
use sundry_desk::cash::paying_in::{MakePayingIn, make_paying_in, paying_in};
use sundry_desk::cash::payment_batches::{
    MakePaymentBatch, MovePaymentBatch, make_payment_batch, move_payment_batch, payment_batch,
};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::refunds::refund;
use sundry_desk::cash::request_refund::{RequestRefund, request_refund};
use sundry_desk::cash::return_payment::{ReturnPayment, return_payment};
use sundry_desk::cash::settle_refund::{TakeRefundBack, take_refund_back};
use sundry_desk::cash::suspense::{TakeInHand, take_in_hand};
use sundry_desk::cash::transfers::{RequestTransfer, request_transfer};
use sundry_domain::cash::counter::SlipTotals;
use sundry_domain::money::Pence;

/// Something that the cash desk does.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum DeskAct {
    Refund { approval: String, credit: String, amount: Option<Pence>, words: String, authority: String, seen: bool },
    TakeBack { refund: String, words: String },
    Transfer { approval: String, credit: String, amount: Option<Pence>, to: String, words: String },
    Pay { batch: String },
    Move { act: String, batch: String, words: String },
    Suspend { receipt: String, words: String, owner: String, next: String },
    InHand { receipt: String, owner: String, next: String, on: Option<NaiveDate> },
    Take { payment: String, number: String, amount: Pence, shares: Vec<Share> },
    PayIn { batch: String, slip: String, counted: SlipTotals },
    Return { payment: String, words: String },
    Leave { credit: String, until: NaiveDate, words: String },
    Offset { credit: String, invoice: String, amount: Pence, authority: String, words: String },
}

/// A share of a cheque: a customer's, for an invoice or on account, or a fund's.
#[derive(Clone, Debug)]
pub struct Share {
    to: String,
    fund: bool,
    amount: Pence,
    invoice: Option<String>,
}

/// Something that must be so at the cash desk.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum DeskExpect {
    Refund { refund: String, state: String },
    Batch { batch: String, state: String },
    Slip { batch: String, state: String },
    Payment { payment: String, state: String },
}

/// Reads what the cash desk does, if the verb is one of its own.
pub fn parse_act(p: &mut Phrase, verb: &str) -> Option<Result<DeskAct, Wrong>> {
    Some(match verb {
        "refund" => refund_of(p),
        "take" => take(p),
        "transfer" => transfer(p),
        "pay" => pay(p),
        "release" | "send" | "acknowledge" | "reject" => move_batch(p, verb),
        "suspend" => suspend(p),
        "leave" => leave(p),
        "offset" => offset(p),
        "return" => p.number("PAY").and_then(|payment| Ok(DeskAct::Return { payment, words: p.text("the reason")? })),
        _ => return None,
    })
}

fn refund_of(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    let approval = p.number("APP")?;
    p.must("of")?;
    let (credit, amount) = (p.any_number()?, p.money_if_any());
    let words = p.text("the evidence")?;
    let authority = if p.takes("allowed by") { p.text("who allows it")? } else { String::new() };
    Ok(DeskAct::Refund { approval, credit, amount, words, authority, seen: p.takes("warnings seen") })
}

fn take(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    if p.takes("back") {
        return Ok(DeskAct::TakeBack { refund: p.number("RFD")?, words: p.text("the reason")? });
    }
    if p.takes("cheque") {
        let payment = p.number("PAY")?;
        let (number, amount) = (p.text("the cheque's number")?, p.money()?);
        let mut shares = Vec::new();
        while p.takes("with") {
            shares.push(share(p)?);
        }
        return Ok(DeskAct::Take { payment, number, amount, shares });
    }
    let receipt = p.number("RCT")?;
    p.must("in hand")?;
    let owner = p.text("who has it")?;
    p.must("next")?;
    let next = p.text("what comes next")?;
    let on = if p.takes("on") { Some(p.date()?) } else { None };
    Ok(DeskAct::InHand { receipt, owner, next, on })
}

fn share(p: &mut Phrase) -> Result<Share, Wrong> {
    let amount = p.money()?;
    let fund = p.takes("for fund");
    if !fund {
        p.must("for")?;
    }
    let to = p.word("a customer or a fund")?;
    let invoice = if p.comes("INV") { Some(p.number("INV")?) } else { None };
    Ok(Share { to, fund, amount, invoice })
}

fn transfer(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    let approval = p.number("APP")?;
    p.must("of")?;
    let (credit, amount) = (p.any_number()?, p.money_if_any());
    p.must("to")?;
    Ok(DeskAct::Transfer { approval, credit, amount, to: p.word("a customer or a fund")?, words: p.text("why")? })
}

fn pay(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    if p.takes("in") {
        let batch = p.number("PIB")?;
        p.must("slip")?;
        let slip = p.text("the slip's number")?;
        p.must("counted")?;
        let cheques = p.count()?;
        p.must("cheques")?;
        let cheques_sum = p.money()?;
        p.must("cash")?;
        let counted = SlipTotals { cheques, cheques_sum, cash_sum: p.money()? };
        return Ok(DeskAct::PayIn { batch, slip, counted });
    }
    p.must("refunds")?;
    p.must("as")?;
    Ok(DeskAct::Pay { batch: p.number("PMT")? })
}

fn move_batch(p: &mut Phrase, verb: &str) -> Result<DeskAct, Wrong> {
    let act = if verb == "release" { "approve" } else { verb }.to_owned();
    Ok(DeskAct::Move { act, batch: p.number("PMT")?, words: p.text_if_any().unwrap_or_default() })
}

fn suspend(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    let receipt = p.number("RCT")?;
    let words = p.text("the reason")?;
    p.must("owner")?;
    let owner = p.text("who has it")?;
    let next = if p.takes("next") { p.text("what comes next")? } else { String::new() };
    Ok(DeskAct::Suspend { receipt, words, owner, next })
}

fn leave(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    let credit = p.any_number()?;
    p.must("until")?;
    Ok(DeskAct::Leave { credit, until: p.date()?, words: p.text("why")? })
}

fn offset(p: &mut Phrase) -> Result<DeskAct, Wrong> {
    let credit = p.any_number()?;
    p.must("to")?;
    let (invoice, amount) = (p.number("INV")?, p.money()?);
    let authority = if p.takes("by") { p.word("whose word")? } else { String::new() };
    Ok(DeskAct::Offset { credit, invoice, amount, authority, words: p.text("why")? })
}

/// Reads what must be so at the cash desk, if the word is one of its own.
pub fn parse_expect(p: &mut Phrase, what: &str) -> Option<Result<DeskExpect, Wrong>> {
    let mut stands = |series: &str, make: fn(String, String) -> DeskExpect| {
        let number = p.number(series)?;
        Ok(make(number, p.word("how it stands")?))
    };
    Some(match what {
        "refund" => stands("RFD", |refund, state| DeskExpect::Refund { refund, state }),
        "batch" => stands("PMT", |batch, state| DeskExpect::Batch { batch, state }),
        "slip" => stands("PIB", |batch, state| DeskExpect::Slip { batch, state }),
        "payment" => stands("PAY", |payment, state| DeskExpect::Payment { payment, state }),
        _ => return None,
    })
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &DeskAct) -> Outcome<Failed> {
    match act {
        DeskAct::Refund { .. } | DeskAct::TakeBack { .. } | DeskAct::Transfer { .. } => out(stage, act).await,
        DeskAct::Pay { .. } | DeskAct::Move { .. } => batches(stage, act).await,
        DeskAct::Take { payment, number, amount, shares } => {
            let ask = cheque(stage, number, *amount, shares)?;
            Ok(same(payment, &take_payment(&stage.desk, &stage.by, ask).await?.payment))
        }
        DeskAct::PayIn { batch, slip, counted } => {
            let (key, slip, counted) = (stage.key(), slip.clone(), *counted);
            let ask = MakePayingIn { key, slip, counted, ..MakePayingIn::default() };
            Ok(same(batch, &make_paying_in(&stage.desk, &stage.by, ask).await?.batch))
        }
        DeskAct::Return { payment, words } => {
            let (key, payment, reason) = (stage.key(), payment.clone(), words.clone());
            return_payment(&stage.desk, &stage.by, ReturnPayment { key, payment, reason, letter: true }).await?;
            Ok(None)
        }
        _ => placed(stage, act).await,
    }
}

async fn out(stage: &mut Stage, act: &DeskAct) -> Outcome<Failed> {
    match act {
        DeskAct::Refund { approval, credit, amount, words, authority, seen } => {
            let ask = RequestRefund {
                key: stage.key(),
                credit: credit.clone(),
                amount: *amount,
                reason: "overpaid".into(),
                words: words.clone(),
                method: "bank".into(),
                payee_name: "The payee".into(),
                sort_code: "089999".into(),
                account: "66374958".into(),
                authority: authority.clone(),
                call_back: "Rang the number on file".into(),
                seen_warnings: *seen,
                ..RequestRefund::default()
            };
            Ok(same(approval, &request_refund(&stage.desk, &stage.by, ask).await?.approval))
        }
        DeskAct::TakeBack { refund, words } => {
            let ask =
                TakeRefundBack { key: stage.key(), refund: refund.clone(), reason: words.clone(), came_back_as: None };
            take_refund_back(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        DeskAct::Transfer { approval, credit, amount, to, words } => {
            let customer = stage.customer(to).ok().map(|(_, number)| number);
            let ask = RequestTransfer {
                key: stage.key(),
                credit: credit.clone(),
                amount: *amount,
                to_fund: if customer.is_none() { to.clone() } else { String::new() },
                to_customer: customer.unwrap_or_default(),
                words: words.clone(),
                authority: "As the story says".into(),
            };
            Ok(same(approval, &request_transfer(&stage.desk, &stage.by, ask).await?.approval))
        }
        _ => Ok(None),
    }
}

async fn batches(stage: &mut Stage, act: &DeskAct) -> Outcome<Failed> {
    match act {
        DeskAct::Pay { batch } => {
            let ask = MakePaymentBatch { key: stage.key(), method: "list".into(), ..MakePaymentBatch::default() };
            Ok(same(batch, &make_payment_batch(&stage.desk, &stage.by, ask).await?.batch))
        }
        DeskAct::Move { act, batch, words } => {
            // Writing the file is a step of its own; a story says only that the batch goes.
            let steps = if act == "send" { vec!["write", "send"] } else { vec![act.as_str()] };
            for step in steps {
                let (key, batch, act) = (stage.key(), batch.clone(), step.to_owned());
                let ask = MovePaymentBatch { key, batch, act, words: words.clone() };
                move_payment_batch(&stage.desk, &stage.by, ask).await?;
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

fn cheque(stage: &mut Stage, number: &str, amount: Pence, shares: &[Share]) -> Outcome<TakePayment> {
    let mut ask = TakePayment {
        key: stage.key(),
        method: "cheque".into(),
        payer_name: "The drawer".into(),
        cheque_number: number.to_owned(),
        drawer_bank: "A bank".into(),
        amount,
        received_on: stage.desk.today(),
        words: String::new(),
        shares: Vec::new(),
        funds: Vec::new(),
    };
    for share in shares {
        if share.fund {
            ask.funds.push(FundShare { fund: share.to.clone(), amount: share.amount, words: String::new() });
            continue;
        }
        let (_, customer) = stage.customer(&share.to)?;
        let line = |item: &String| sundry_desk::cash::AllocationLine { item: item.clone(), amount: share.amount };
        let lines = share.invoice.iter().map(line).collect();
        ask.shares.push(CounterShare { customer, amount: share.amount, lines });
    }
    Ok(ask)
}

async fn placed(stage: &mut Stage, act: &DeskAct) -> Outcome<Failed> {
    match act {
        DeskAct::Suspend { receipt, words, owner, next } => {
            let ask = PutInSuspense {
                key: stage.key(),
                receipt: receipt.clone(),
                reason: words.clone(),
                owner: owner.clone(),
                next_step: next.clone(),
                next_on: None,
            };
            put_in_suspense(&stage.desk, &stage.by, ask).await?;
        }
        DeskAct::InHand { receipt, owner, next, on } => {
            let ask = TakeInHand {
                key: stage.key(),
                receipts: vec![receipt.clone()],
                owner: owner.clone(),
                reason: String::new(),
                next_step: next.clone(),
                next_on: *on,
            };
            take_in_hand(&stage.desk, &stage.by, ask).await?;
        }
        DeskAct::Leave { credit, until, words } => {
            let ask = DecideOverpayment {
                key: stage.key(),
                credit: credit.clone(),
                choice: "on_account".into(),
                words: words.clone(),
                review_on: Some(*until),
                ..DecideOverpayment::default()
            };
            decide_overpayment(&stage.desk, &stage.by, ask).await?;
        }
        DeskAct::Offset { credit, invoice, amount, authority, words } => {
            let ask = DecideOverpayment {
                key: stage.key(),
                credit: credit.clone(),
                choice: "offset".into(),
                words: words.clone(),
                authority: authority.clone(),
                lines: vec![sundry_desk::cash::AllocationLine { item: invoice.clone(), amount: *amount }],
                ..DecideOverpayment::default()
            };
            decide_overpayment(&stage.desk, &stage.by, ask).await?;
        }
        _ => {}
    }
    Ok(None)
}

/// What was expected and found, where they differ.
pub async fn expect(stage: &Stage, wanted: &DeskExpect) -> Outcome<Failed> {
    let (desk, by) = (&stage.desk, &stage.looker);
    let (expected, found) = match wanted {
        DeskExpect::Refund { refund: number, state } => (state, refund(desk, by, number).await?.refund.state),
        DeskExpect::Batch { batch, state } => (state, payment_batch(desk, by, batch).await?.batch.state),
        DeskExpect::Slip { batch, state } => (state, paying_in(desk, by, batch).await?.batch.state),
        DeskExpect::Payment { payment: number, state } => (state, payment(desk, by, number).await?.payment.state),
    };
    Ok((*expected != found).then(|| (format!("it to be {expected}"), found)))
}
