//! Paying cheques and cash in: a slip whose total agrees, the bank line that proves it, and clearance (CSH-16).
use super::common::{check_words, find_receipt};
use super::placing::changed;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, Fault, No, Outcome, command};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::counter::{CounterState, SlipTotals, names_slip, slip_agrees};
use sundry_domain::cash::desk_refusals::{COUNTER_STATE, SLIP_EMPTY, TIE};
use sundry_domain::cash::intake::suspense_returned;
use sundry_domain::cash::refunds::CLEARING_DAYS;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::cash::{self, BankLineRow, LineSettled};
use sundry_store::cash_counter::{self, CounterFilter, CounterPaymentRow, PayingInRow};

/// Most payments on one slip.
const MOST: i64 = 500;

/// Puts what is in the office on a slip.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MakePayingIn {
    /// Idempotency key.
    pub key: String,
    /// Number of the bank's slip; the batch's own number stands for it when empty.
    #[serde(default)]
    pub slip: String,
    /// Name of our bank account; the first when empty.
    #[serde(default)]
    pub bank_account: String,
    /// When it goes; today when not said.
    #[serde(default)]
    pub dated_on: Option<NaiveDate>,
    /// Numbers of the payments; all in the office when none is named.
    #[serde(default)]
    pub payments: Vec<String>,
    /// What was counted: cheques, their sum, the cash.
    pub counted: SlipTotals,
}

/// The slip.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayingInMade {
    /// Number of the batch.
    pub batch: String,
    /// Number of the slip.
    pub slip: String,
    /// How many payments are on it.
    pub payments: i64,
    /// Its total.
    pub total_pence: i64,
}

fn totals(payments: &[CounterPaymentRow]) -> SlipTotals {
    let sum = |method: &str| {
        let of = payments.iter().filter(|payment| payment.method == method);
        Pence(of.map(|payment| payment.amount_pence).sum())
    };
    let cheques = payments.iter().filter(|payment| payment.method == "cheque").count() as i64;
    SlipTotals { cheques, cheques_sum: sum("cheque"), cash_sum: sum("cash") }
}

/// Makes a slip of what is in the office; what was counted must be what was recorded.
///
/// # Errors
/// Duty; fields; absent; `CSH-16-SLIP-EMPTY`, `CSH-16-SLIP-TOTAL`, `CSH-16-STATE`.
pub async fn make_paying_in(desk: &Desk, by: &Actor, ask: MakePayingIn) -> Outcome<PayingInMade> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("slip", &ask.slip)])?;
    if ask.slip.trim().chars().any(|c| !c.is_ascii_alphanumeric()) || ask.slip.trim().len() > 18 {
        let say = "Enter the slip's number: letters and digits, at most 18";
        return Err(Invalid::field("slip", say, &ask.slip).into());
    }
    command!(desk, by, "make_paying_in", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let held = CounterFilter { state: CounterState::Held.as_str().into(), ..CounterFilter::default() };
        let mut payments = cash_counter::list_counter_payments(&mut cmd.tx, org, &held, (MOST, 0)).await?;
        if !ask.payments.is_empty() {
            let lost = ask.payments.iter().find(|number| !payments.iter().any(|p| p.number == number.trim()));
            if let Some(number) = lost {
                return Err(COUNTER_STATE.because(format!("{number} is not in the office.")).into());
            }
            payments.retain(|payment| ask.payments.iter().any(|number| number.trim() == payment.number));
        }
        if payments.is_empty() {
            return Err(SLIP_EMPTY.because("No cheque and no cash is in the office.").into());
        }
        let recorded = totals(&payments);
        slip_agrees(&recorded, &ask.counted)?;
        let number = format!("PIB-{:06}", cmd.next_number("PIB").await?);
        let slip = ask.slip.trim();
        let row = PayingInRow {
            id: cmd.id::<i64>(),
            slip: if slip.is_empty() { number.clone() } else { slip.to_owned() },
            number,
            bank_account_id: bank_account(&mut cmd.tx, org, &ask.bank_account).await?,
            dated_on: ask.dated_on.unwrap_or(cmd.today),
            cheques_count: recorded.cheques,
            cheques_pence: recorded.cheques_sum.0,
            cash_pence: recorded.cash_sum.0,
            total_pence: recorded.total().0,
            state: "made".into(),
            bank_line_id: None,
            banked_on: None,
            made_by: cmd.by.user.0,
            made_by_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
            version: 1,
        };
        cash_counter::add_paying_in(&mut cmd.tx, org, &row).await?;
        let ids: Vec<i64> = payments.iter().map(|payment| payment.id).collect();
        if cash_counter::put_on_slip(&mut cmd.tx, org, row.id, &ids).await? != ids.len() {
            return Err(changed());
        }
        let answer = PayingInMade {
            batch: row.number,
            slip: row.slip,
            payments: ids.len() as i64,
            total_pence: row.total_pence,
        };
        cmd.tell("PayingInMade", format!("paying in {}", answer.batch), &answer);
        Ok(answer)
    })
}

async fn bank_account(tx: &mut Tx, org: OrgId, name: &str) -> Outcome<i64> {
    let all = cash::bank_accounts(tx, org).await?;
    let name = name.trim();
    let found = all.iter().find(|one| name.is_empty() || one.name.eq_ignore_ascii_case(name));
    found.map(|one| one.id).ok_or_else(|| No::Absent(format!("bank account {name}")))
}

/// A slip with its payments.
#[derive(Clone, Debug, Serialize)]
pub struct PayingInView {
    /// The batch.
    pub batch: PayingInRow,
    /// Name of our bank account.
    pub bank_account: String,
    /// Its payments, in the order they came.
    pub payments: Vec<CounterPaymentRow>,
}

/// A slip by the number of its batch.
///
/// # Errors
/// Duty; absent.
pub async fn paying_in(desk: &Desk, by: &Actor, number: &str) -> Outcome<PayingInView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    view_of(&mut look, by.org, number).await
}

async fn view_of(look: &mut Tx, org: OrgId, number: &str) -> Outcome<PayingInView> {
    let absent = || No::Absent(format!("paying-in batch {number}"));
    let batch = cash_counter::paying_in_numbered(look, org, number.trim()).await?.ok_or_else(absent)?;
    let accounts = cash::bank_accounts(look, org).await?;
    let account = accounts.into_iter().find(|one| one.id == batch.bank_account_id);
    let payments = cash_counter::counter_payments_of_batch(look, org, batch.id).await?;
    Ok(PayingInView { batch, bank_account: account.map(|one| one.name).unwrap_or_default(), payments })
}

/// The newest slips, newest first.
///
/// # Errors
/// Duty.
pub async fn paying_in_batches(desk: &Desk, by: &Actor) -> Outcome<Vec<PayingInRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(cash_counter::paying_in_batches(&mut look, by.org, 200).await?)
}

/// Ties a slip to the money that the bank shows for it, where its words did not name the slip.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TiePayingIn {
    /// Idempotency key.
    pub key: String,
    /// Number of the batch.
    pub batch: String,
    /// The receipt in suspense that is this money.
    pub receipt: String,
}

/// A slip that the bank has shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayingInTied {
    /// Number of the batch.
    pub batch: String,
    /// When the bank had it.
    pub banked_on: NaiveDate,
    /// How much.
    pub total_pence: i64,
}

/// Ties a slip to a receipt in suspense of the same amount: the cheques were posted when they came, so it leaves.
///
/// # Errors
/// Duty; absent; `CSH-16-TIE`.
pub async fn tie_paying_in(desk: &Desk, by: &Actor, ask: TiePayingIn) -> Outcome<PayingInTied> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "tie_paying_in", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let batch = view_of(&mut cmd.tx, org, &ask.batch).await?.batch;
        let mut receipt = find_receipt(&mut cmd.tx, org, &ask.receipt).await?;
        let line = receipt.bank_line_id.filter(|_| receipt.state == "suspense");
        let (Some(line), true) = (line, receipt.amount_pence == batch.total_pence) else {
            let (came, paid) = (Pence(receipt.amount_pence), Pence(batch.total_pence));
            let sentence = format!("{} is {came} and {}; the slip is {paid}.", receipt.number, receipt.state);
            return Err(TIE.because(sentence).into());
        };
        let journal = NewJournal {
            posted_on: cmd.today.max(receipt.received_on),
            event: "PayingInBanked",
            source: format!("receipt {}", receipt.number),
            reason: format!("It is paying-in batch {}, posted when its cheques and cash came.", batch.number),
            customer: None,
            item: None,
            lines: suspense_returned(Pence(receipt.amount_pence)),
        };
        let words = journal.reason.clone();
        post(cmd, journal).await?;
        (receipt.state, receipt.reason) = ("reversed".into(), words.clone());
        if !cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
            return Err(changed());
        }
        cash::set_line_state(&mut cmd.tx, org, line, "not_a_receipt", &words).await?;
        banked(cmd, &batch, line, receipt.received_on).await
    })
}

/// The slip is at the bank, and its payments with it.
async fn banked(cmd: &mut Command, batch: &PayingInRow, line: i64, on: NaiveDate) -> Outcome<PayingInTied> {
    let org = cmd.by.org;
    if !cash_counter::tie_paying_in(&mut cmd.tx, org, batch, line, on).await? {
        return Err(TIE.because(format!("{} is {}.", batch.number, batch.state)).into());
    }
    cash_counter::move_payments_of_batch(&mut cmd.tx, org, batch.id, "paying_in", "banked").await?;
    let answer = PayingInTied { batch: batch.number.clone(), banked_on: on, total_pence: batch.total_pence };
    cmd.tell("PayingInBanked", format!("paying in {}", batch.number), &answer);
    Ok(answer)
}

/// What matching does first: slips are known by their number and amount, and old ones are taken as cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipsSettled {
    /// Bank lines that were slips.
    pub tied: i64,
    /// Slips that cleared.
    pub cleared: i64,
}

/// The slip that a waiting line is.
fn slip_of<'a>(line: &BankLineRow, slips: &'a [PayingInRow]) -> Option<&'a PayingInRow> {
    let is = |slip: &&PayingInRow| {
        slip.bank_account_id == line.bank_account_id
            && slip.total_pence == line.amount_pence
            && (names_slip(&line.words, &slip.slip, &slip.number)
                || names_slip(&line.payer_name, &slip.slip, &slip.number))
    };
    let mut fitting = slips.iter().filter(is);
    // Two that fit would be a guess.
    fitting.next().filter(|_| fitting.next().is_none())
}

/// Ties waiting bank lines to slips and clears what has lain long enough, before the matcher looks.
pub(super) async fn settle_slips(desk: &Desk, by: &Actor, key: &str) -> Outcome<SlipsSettled> {
    let (mut look, org) = (desk.look().await?, by.org);
    let slips = cash_counter::paying_in_in_state(&mut look, org, "made").await?;
    let at_bank = cash_counter::paying_in_in_state(&mut look, org, "banked").await?;
    let lines = if slips.is_empty() { Vec::new() } else { cash::waiting_lines(&mut look, org).await? };
    drop(look);
    let found: Vec<(i64, NaiveDate, String)> = lines
        .iter()
        .filter_map(|line| slip_of(line, &slips).map(|slip| (line.id, line.posted_on, slip.number.clone())))
        .collect();
    let cleared_by = desk.today().checked_sub_days(Days::new(CLEARING_DAYS.unsigned_abs())).unwrap_or_default();
    let clears = at_bank.iter().any(|slip| slip.banked_on.is_some_and(|day| day <= cleared_by));
    if found.is_empty() && !clears {
        return Ok(SlipsSettled::default());
    }
    let key = format!("{key}/slips");
    command!(desk, by, "settle_slips", &key, &(&found, cleared_by), |cmd| {
        let mut settled = SlipsSettled::default();
        for (line, on, number) in &found {
            let batch = view_of(&mut cmd.tx, org, number).await?.batch;
            let reason = format!("Paying-in slip {}: its cheques and cash were posted when they came.", batch.slip);
            let row = LineSettled { line: *line, state: "not_a_receipt", reason, receipt_id: None };
            if cash::settle_lines(&mut cmd.tx, org, &[row]).await? != 1 {
                return Err(super::common::again("a bank line was settled meanwhile"));
            }
            banked(cmd, &batch, *line, *on).await?;
            settled.tied += 1;
        }
        for id in cash_counter::clear_paying_in(&mut cmd.tx, org, cleared_by).await? {
            cash_counter::move_payments_of_batch(&mut cmd.tx, org, id, "banked", "cleared").await?;
            settled.cleared += 1;
        }
        cmd.tell("SlipsSettled", "cash", &settled);
        Ok(settled)
    })
}

/// The slip as a file: `csv` or `pdf`, and its name.
///
/// # Errors
/// Duty; absent; a slip that does not add up is not printed.
pub async fn paying_in_slip(desk: &Desk, by: &Actor, number: &str, format: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let view = view_of(&mut look, by.org, number).await?;
    let name = format!("{}.{format}", view.batch.number);
    if format == "csv" {
        return Ok((name, super::slip_file::csv(&view)));
    }
    let paper = crate::delivery::stationery(&mut look, by.org, desk.today()).await?;
    drop(look);
    let letter = super::slip_file::letter(&view, &paper);
    Ok((name, crate::delivery::set_pdf(letter).await.map_err(|no| no_slip(no, number))?))
}

fn no_slip(no: No, number: &str) -> No {
    match no {
        No::Fault(fault) => Fault::new(format!("slip {number}: {}", fault.words)).into(),
        other => other,
    }
}
