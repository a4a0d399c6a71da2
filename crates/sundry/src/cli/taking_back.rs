//! `overpayment`: what is taken back from pay and from payments to providers.
use super::input::{date, pounds};
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::recovery::pay_calculation::{
    PayCalculationView, SendPayCalculation, pay_calculation_of, send_pay_calculation,
};
use sundry_desk::recovery::taking_back::{
    AgreeOverpaymentRecovery, EndOverpaymentRecovery, OverpaymentRecoveryView, RecordOverpaymentTaken,
    UndoOverpaymentTaken, agree_overpayment_recovery, end_overpayment_recovery, overpayment_deductions,
    overpayment_recoveries, overpayment_recovery, record_overpayment_taken, undo_overpayment_taken,
};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{OverpaidPeriod, TakenFrom, read_period};
use sundry_domain::refusal::Invalid;

/// Overpayments taken back.
#[derive(Debug, Subcommand)]
pub enum Overpayment {
    /// List what is or was taken back
    List,
    /// Show one with its deductions
    Show {
        /// Its number
        number: String,
    },
    /// List what payroll, or payments, are to keep up to a day
    Due {
        /// pay or provider
        taken_from: String,
        /// Due up to this day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        through: Option<NaiveDate>,
    },
    /// Work overpaid pay out and write the letter to the employee
    Calculate {
        /// Number of the debt
        debt: String,
        /// first day; last day; pay day; gross; tax; National Insurance; pension; reason
        #[arg(long = "period", value_name = "PERIOD", value_parser = pay_period, required = true)]
        periods: Vec<OverpaidPeriod>,
        /// By when it is to be paid back
        #[arg(long, value_name = "DATE", value_parser = date)]
        repay_by: NaiveDate,
        /// Payroll can correct tax, National Insurance and pension
        #[arg(long)]
        paye_corrected: bool,
        /// Payroll's document
        #[arg(long)]
        evidence: String,
    },
    /// Show the newest calculation of a debt
    Calculation {
        /// Number of the debt
        debt: String,
    },
    /// Take an overpayment back, in deductions until it is paid
    Agree {
        /// Number of the debt
        debt: String,
        /// pay or provider
        #[arg(long, value_name = "pay|provider")]
        from: String,
        /// agreement or contract
        #[arg(long, value_name = "agreement|contract")]
        by: String,
        /// The document behind it
        #[arg(long)]
        evidence: String,
        /// How much each time
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        each: Pence,
        /// week, two_weeks, four_weeks or month
        #[arg(long)]
        every: String,
        /// The first pay day, or day of a payment
        #[arg(long, value_name = "DATE", value_parser = date)]
        first: NaiveDate,
        /// From pay: in how many pay periods it was overpaid
        #[arg(long, default_value_t = 0)]
        arose_over: i64,
        /// Where the employee asked in writing for fewer deductions
        #[arg(long, default_value = "")]
        sooner: String,
    },
    /// Record what was kept on a day, as a receipt
    Taken {
        /// Number of the recovery
        number: String,
        /// The deduction, counted from 1
        deduction: i64,
        /// How much; 0 where nothing was
        #[arg(value_parser = pounds)]
        amount: Pence,
        /// The day of the pay or the payment
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// Payroll's or the remittance's reference; why, where less was kept
        #[arg(long)]
        reference: String,
    },
    /// Undo a deduction that was recorded wrongly
    Undo {
        /// Number of the recovery
        number: String,
        /// The deduction, counted from 1
        deduction: i64,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Take no more back
    End {
        /// Number of the recovery
        number: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Overpayments taken back.
pub async fn overpayment(shop: &Shop, ask: Overpayment, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Overpayment::List => list(desk, by, out).await?,
        Overpayment::Show { number } => {
            let found = overpayment_recovery(desk, by, &number).await?;
            out.answer(&found, || shown(&found))?;
        }
        Overpayment::Due { taken_from, through } => due(desk, by, &taken_from, through, out).await?,
        Overpayment::Calculate { debt, periods, repay_by, paye_corrected, evidence } => {
            let (repay_by, paye_corrected) = (Some(repay_by), Some(paye_corrected));
            let ask = SendPayCalculation { key: shop.key(), debt, periods, repay_by, paye_corrected, evidence };
            let sent = send_pay_calculation(desk, by, ask).await?;
            let held = if sent.told { "" } else { ", held" };
            out.answer(&sent, || format!("{}: {} is asked back.{held}", sent.letter, Pence(sent.asked_pence)))?;
        }
        Overpayment::Calculation { debt } => {
            let found = pay_calculation_of(desk, by, &debt).await?;
            out.answer(&found, || worked_out(&found))?;
        }
        Overpayment::Agree { debt, from, by: allowed, evidence, each, every, first, arose_over, sooner } => {
            let ask = AgreeOverpaymentRecovery {
                key: shop.key(),
                debt,
                taken_from: from,
                taken_by: allowed,
                evidence,
                each: Some(each),
                every,
                first_on: Some(first),
                arose_over,
                sooner,
            };
            let agreed = agree_overpayment_recovery(desk, by, ask).await?;
            let sum = Pence(agreed.total_pence);
            let words = || format!("{}: {sum} in {}, to {}.", agreed.number, agreed.deductions, agreed.last_on);
            out.answer(&agreed, words)?;
        }
        Overpayment::Taken { number, deduction, amount, on, reference } => {
            let ask = RecordOverpaymentTaken {
                key: shop.key(),
                recovery: number,
                line: deduction,
                amount: Some(amount),
                on: Some(on),
                reference,
            };
            let taken = record_overpayment_taken(desk, by, ask).await?;
            let words = || match taken.letter.as_str() {
                "" => format!("{amount} taken, {} open still.", Pence(taken.open_pence)),
                letter => format!("{amount} taken, {} open still; letter {letter}.", Pence(taken.open_pence)),
            };
            out.answer(&taken, words)?;
        }
        Overpayment::Undo { number, deduction, reason } => {
            let ask = UndoOverpaymentTaken { key: shop.key(), recovery: number, line: deduction, reason };
            let undone = undo_overpayment_taken(desk, by, ask).await?;
            out.answer(&undone, || format!("Undone: {} is open.", Pence(undone.open_pence)))?;
        }
        Overpayment::End { number, reason } => {
            let ask = EndOverpaymentRecovery { key: shop.key(), recovery: number, reason };
            let ended = end_overpayment_recovery(desk, by, ask).await?;
            out.answer(&ended, || format!("{} takes no more: {} is open.", ended.number, Pence(ended.open_pence)))?;
        }
    }
    done()
}

fn pay_period(text: &str) -> Result<OverpaidPeriod, String> {
    read_period(text, |day| date(day).ok()).map_err(str::to_owned)
}

fn worked_out(found: &PayCalculationView) -> String {
    let line = |one: &sundry_store::recovery::pay_calculation::PeriodRow| -> Vec<String> {
        let sums = [one.gross_pence, one.tax_pence, one.insurance_pence, one.pension_pence, one.asked_pence];
        let days = [one.from_on, one.to_on, one.paid_on].map(|day| day.to_string());
        days.into_iter().chain(sums.map(|sum| Pence(sum).to_string())).chain([one.asked_as.clone()]).collect()
    };
    let lines: Vec<Vec<String>> = found.periods.iter().map(line).collect();
    let heads = ["from", "to", "paid", "gross", "tax", "insurance", "pension", "asked", "as"];
    format!("{} for {}\n{}", found.calculation.letter, found.debt, table(&heads, &[3, 4, 5, 6, 7], &lines))
}

async fn list(desk: &Desk, by: &Actor, out: &mut Out) -> Outcome<()> {
    let all = overpayment_recoveries(desk, by).await?;
    let line = |row: &sundry_store::recovery::taking_back::ListedTakingRow| {
        let next = row.next_on.map(|day| day.to_string()).unwrap_or_default();
        let (taken, left) = (Pence(row.taken_pence).to_string(), Pence(row.open_pence).to_string());
        vec![
            row.number.clone(),
            row.customer_number.clone(),
            row.debt.clone(),
            row.taken_from.clone(),
            taken,
            left,
            next,
            row.state.clone(),
        ]
    };
    out.answer(&all, || {
        let lines: Vec<Vec<String>> = all.iter().map(line).collect();
        table(&["number", "customer", "debt", "from", "taken", "open", "next", "state"], &[4, 5], &lines)
    })?;
    Ok(())
}

async fn due(desk: &Desk, by: &Actor, from: &str, through: Option<NaiveDate>, out: &mut Out) -> Outcome<()> {
    let say = || Invalid::field("taken_from", "Choose pay or provider", from);
    let from = TakenFrom::parse(from).ok_or_else(say)?;
    let all = overpayment_deductions(desk, by, from, through.unwrap_or_else(|| desk.today())).await?;
    out.answer(&all, || {
        let line = |one: &sundry_desk::recovery::taking_back::DeductionDue| {
            let week = format!("{} week {}", one.tax_year, one.tax_week);
            vec![
                one.recovery.clone(),
                one.deduction.to_string(),
                one.customer_number.clone(),
                one.due_on.to_string(),
                week,
                Pence(one.amount_pence).to_string(),
                said(&one.why, &one.stopped),
            ]
        };
        let lines: Vec<Vec<String>> = all.iter().map(line).collect();
        table(&["recovery", "deduction", "customer", "on", "tax week", "keep", "stopped"], &[1, 5], &lines)
    })?;
    Ok(())
}

/// A sentence with its code; nothing where nothing stops it.
fn said(why: &str, code: &str) -> String {
    if code.is_empty() { String::new() } else { format!("{why} ({code})") }
}

fn shown(found: &OverpaymentRecoveryView) -> String {
    let line = |one: &sundry_store::recovery::taking_back::DeductionRow| {
        let (planned, taken) = (Pence(one.planned_pence).to_string(), Pence(one.taken_pence).to_string());
        vec![one.line.to_string(), one.due_on.to_string(), planned, taken, one.state.clone(), one.receipt.clone()]
    };
    let lines: Vec<Vec<String>> = found.deductions.iter().map(line).collect();
    let heads = ["deduction", "on", "planned", "taken", "state", "receipt"];
    format!(
        "{} {}: {} open of {}\n{}",
        found.recovery.number,
        found.recovery.state,
        Pence(found.open_pence),
        found.debt,
        table(&heads, &[0, 2, 3], &lines)
    )
}
