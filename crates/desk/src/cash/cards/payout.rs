//! Payouts: what a provider pays into the bank at once, made up of its parts and agreed to the bank line (CSH-17).
use crate::cash::common::again;
use crate::cash::placing::changed;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, No, Outcome, command};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::cash::cards::refusals::PAYOUT_DONE;
use sundry_domain::cash::cards::{PayoutFigures, is_payout};
use sundry_domain::control::Duty;
use sundry_domain::ids::BankLineId;
use sundry_domain::ledger::card_payout;
use sundry_domain::money::Pence;
use sundry_store::cash::cards::{self, CardPayoutRow};
use sundry_store::cash::{self as store_cash, BankLineRow};

/// How many days a payout may take to show on the statement.
const DAYS_TO_BANK: u64 = 10;

/// Says which bank line a payout is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReconcilePayout {
    /// Idempotency key.
    pub key: String,
    /// Number of the payout.
    pub payout: String,
    /// The bank line; none for the only one that fits.
    pub bank_line: Option<i64>,
}

/// It is in the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutReconciled {
    /// Number of the payout.
    pub payout: String,
    /// What reached the bank.
    pub net_pence: i64,
    /// What the provider kept for itself.
    pub charges_pence: i64,
}

/// Bank lines that a payout could be.
pub(super) async fn lines_for(tx: &mut sundry_store::Tx, by: &Actor, row: &CardPayoutRow) -> Outcome<Vec<BankLineRow>> {
    let from = row.settled_on.checked_sub_days(Days::new(1)).unwrap_or(row.settled_on);
    let to = row.settled_on.checked_add_days(Days::new(DAYS_TO_BANK)).unwrap_or(row.settled_on);
    Ok(cards::lines_for_payout(tx, by.org, row.net_pence, from, to).await?)
}

/// Agrees a payout to its bank line, to the penny, and clears the provider.
///
/// # Errors
/// Duty; absent; `CSH-CARD-PAYOUT-DIFFERS`, `CSH-CARD-PAYOUT-DONE`.
pub async fn reconcile_payout(desk: &Desk, by: &Actor, ask: ReconcilePayout) -> Outcome<PayoutReconciled> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "reconcile_payout", &ask.key, &ask, |cmd| {
        let row = cards::payout_numbered(&mut cmd.tx, cmd.by.org, ask.payout.trim()).await?;
        let row = row.ok_or_else(|| No::Absent(format!("card payout {}", ask.payout.trim())))?;
        not_yet(&row)?;
        let line = match ask.bank_line {
            Some(line) => store_cash::line(&mut cmd.tx, cmd.by.org, BankLineId(line)).await?,
            None => {
                let by = cmd.by.clone();
                let fit = lines_for(&mut cmd.tx, &by, &row).await?;
                if fit.len() == 1 { fit.into_iter().next() } else { None }
            }
        };
        let line = line.ok_or_else(|| No::Absent("bank line that this payout could be".into()))?;
        reconcile(cmd, row, &line).await
    })
}

fn not_yet(row: &CardPayoutRow) -> Outcome<()> {
    if row.state == "expected" {
        return Ok(());
    }
    Err(PAYOUT_DONE.because(format!("Payout {} was reconciled before.", row.number)).into())
}

async fn reconcile(cmd: &mut Command, mut row: CardPayoutRow, line: &BankLineRow) -> Outcome<PayoutReconciled> {
    let org = cmd.by.org;
    not_yet(&row)?;
    if cards::line_is_payout(&mut cmd.tx, org, line.id).await? {
        return Err(PAYOUT_DONE.because("The bank line was reconciled before, with another payout.").into());
    }
    let figures = figures_of(&row);
    is_payout(&figures, Pence(line.amount_pence))?;
    let suspense = matches!(line.state.as_str(), "suspense" | "suggested");
    let why = format!("Card payout {} of {}", row.number, row.settled_on.format("%-d %B %Y"));
    if !cards::line_becomes_payout(&mut cmd.tx, org, line.id, &why).await? {
        let sentence = format!("The bank line of {} is on a customer's account.", Pence(line.amount_pence));
        return Err(PAYOUT_DONE.because(sentence).into());
    }
    if suspense {
        leave_suspense(cmd, line, &why).await?;
    }
    let journal = NewJournal {
        posted_on: cmd.today.max(line.posted_on),
        event: "CardPayoutInBank",
        source: format!("card payout {}", row.number),
        reason: why,
        customer: None,
        item: None,
        lines: card_payout(figures.net(), figures.charges, suspense),
    };
    if !journal.lines.is_empty() {
        post(cmd, journal).await?;
    }
    (row.state, row.bank_line_id) = ("in_bank".into(), Some(line.id));
    (row.reconciled_by, row.reconciled_on) = (cmd.by.name.clone(), Some(cmd.today));
    if !cards::change_payout(&mut cmd.tx, org, &row).await? {
        return Err(again("the payout has moved on"));
    }
    let (net_pence, charges_pence) = (row.net_pence, row.charges_pence);
    let answer = PayoutReconciled { payout: row.number, net_pence, charges_pence };
    cmd.tell("CardPayoutInBank", format!("card payout {}", answer.payout), (&answer, line.id));
    Ok(answer)
}

/// The receipt that the bank line became is nobody's: it was the provider's money.
async fn leave_suspense(cmd: &mut Command, line: &BankLineRow, why: &str) -> Outcome<()> {
    let org = cmd.by.org;
    let number = match line.receipt_id {
        Some(id) => store_cash::receipt_number(&mut cmd.tx, org, id).await?,
        None => None,
    };
    let receipt = match number {
        Some(number) => store_cash::receipt_numbered(&mut cmd.tx, org, &number).await?,
        None => None,
    };
    let mut receipt = receipt.filter(|receipt| receipt.state == "suspense").ok_or_else(changed)?;
    (receipt.state, receipt.reason) = ("reversed".into(), why.to_owned());
    receipt.owner = String::new();
    if store_cash::change_receipt(&mut cmd.tx, org, &receipt).await? { Ok(()) } else { Err(changed()) }
}

pub(super) fn figures_of(row: &CardPayoutRow) -> PayoutFigures {
    PayoutFigures {
        gross: Pence(row.gross_pence),
        refunds: Pence(row.refunds_pence),
        disputes: Pence(row.disputes_pence),
        charges: Pence(row.charges_pence),
    }
}

#[derive(Default)]
struct Day {
    payments: Vec<i64>,
    refunds: Vec<i64>,
    disputes: Vec<i64>,
    figures: PayoutFigures,
}

/// Puts what was settled into payouts, one for each day; gives how many payouts changed.
pub(super) async fn form_payouts(cmd: &mut Command, provider: &str) -> Outcome<i64> {
    let org = cmd.by.org;
    // What the portal takes is banked with the rest of the payment screen.
    let other = if provider == "payment_file" { "pay360_scp" } else { provider };
    let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
    for row in cards::payments_to_pay_out(&mut cmd.tx, org, provider, other).await? {
        let day = days.entry(row.settled_on.unwrap_or(cmd.today)).or_default();
        day.payments.push(row.id);
        day.figures.gross = day.figures.gross.plus(Pence(row.amount_pence));
        day.figures.charges = day.figures.charges.plus(Pence(row.fee_pence));
    }
    for row in cards::refunds_to_pay_out(&mut cmd.tx, org, provider, other).await? {
        let day = days.entry(row.settled_on.unwrap_or(cmd.today)).or_default();
        day.refunds.push(row.id);
        day.figures.refunds = day.figures.refunds.plus(Pence(row.amount_pence));
    }
    for row in cards::disputes_to_pay_out(&mut cmd.tx, org, provider, other).await? {
        let day = days.entry(row.settled_on.unwrap_or(cmd.today)).or_default();
        day.disputes.push(row.id);
        day.figures.disputes = day.figures.disputes.plus(Pence(row.amount_pence));
        day.figures.charges = day.figures.charges.plus(Pence(row.fee_pence));
    }
    let formed = days.len() as i64;
    for (on, day) in days {
        form_one(cmd, provider, on, day).await?;
    }
    Ok(formed)
}

async fn form_one(cmd: &mut Command, provider: &str, on: NaiveDate, day: Day) -> Outcome<()> {
    let org = cmd.by.org;
    let mut name = on.to_string();
    for again in 2.. {
        match cards::payout_of_ref(&mut cmd.tx, org, provider, &name).await? {
            Some(row) if row.state == "expected" => return add_to(cmd, row, day).await,
            // It is in the bank already: what is told of late makes another.
            Some(_) => name = format!("{on}/{again}"),
            None => break,
        }
    }
    let f = &day.figures;
    let row = CardPayoutRow {
        id: cmd.id(),
        number: format!("PO-{:06}", cmd.next_number("PO").await?),
        provider: provider.to_owned(),
        provider_ref: name,
        settled_on: on,
        gross_pence: f.gross.0,
        refunds_pence: f.refunds.0,
        disputes_pence: f.disputes.0,
        charges_pence: f.charges.0,
        net_pence: f.net().0,
        state: "expected".into(),
        bank_line_id: None,
        reconciled_by: String::new(),
        reconciled_on: None,
        recorded_at: cmd.at,
        version: 1,
    };
    let told = serde_json::json!({ "number": row.number, "net_pence": row.net_pence, "settled_on": on });
    let (id, number) = (row.id, row.number.clone());
    cards::add_payout(&mut cmd.tx, org, row).await?;
    cards::put_in_payout(&mut cmd.tx, org, id, (&day.payments, &day.refunds, &day.disputes)).await?;
    cmd.tell("CardPayoutExpected", format!("card payout {number}"), told);
    Ok(())
}

async fn add_to(cmd: &mut Command, mut row: CardPayoutRow, day: Day) -> Outcome<()> {
    let org = cmd.by.org;
    row.gross_pence += day.figures.gross.0;
    row.refunds_pence += day.figures.refunds.0;
    row.disputes_pence += day.figures.disputes.0;
    row.charges_pence += day.figures.charges.0;
    row.net_pence = figures_of(&row).net().0;
    if !cards::change_payout(&mut cmd.tx, org, &row).await? {
        return Err(again("the payout has moved on"));
    }
    cards::put_in_payout(&mut cmd.tx, org, row.id, (&day.payments, &day.refunds, &day.disputes)).await?;
    cmd.tell("CardPayoutExpected", format!("card payout {}", row.number), row.net_pence);
    Ok(())
}

/// Reconciles what can be nothing else: one bank line of the amount, with the words the bank writes on payouts.
pub(super) async fn reconcile_certain(cmd: &mut Command, bank_words: &str) -> Outcome<i64> {
    let words: Vec<String> =
        bank_words.split(',').map(|word| word.trim().to_uppercase()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(0);
    }
    let (by, mut done, mut taken) = (cmd.by.clone(), 0, BTreeSet::new());
    for row in cards::payouts_listed(&mut cmd.tx, by.org, "expected", 200).await? {
        let fit = lines_for(&mut cmd.tx, &by, &row).await?;
        let said = |line: &&BankLineRow| {
            let text = format!("{} {}", line.payer_name, line.words).to_uppercase();
            words.iter().any(|word| text.contains(word.as_str()))
        };
        let certain: Vec<&BankLineRow> = fit.iter().filter(said).collect();
        if let [line] = certain.as_slice()
            && taken.insert(line.id)
        {
            reconcile(cmd, row, line).await?;
            done += 1;
        }
    }
    Ok(done)
}
