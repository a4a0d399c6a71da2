//! The calculation of overpaid pay: sent to the employee, and read again.
use super::answer::{Answer, made, ok};
use super::sent::{At, By, Key, Sent};
use super::table::{Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::recovery::pay_calculation::{
    PayCalculationSent, PayCalculationView, SendPayCalculation, pay_calculation_of, send_pay_calculation,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::OverpaidPeriod;
use utoipa::ToSchema;

const ROOM: &str = "Recovery";

/// The rows of calculations of overpaid pay.
pub fn rows(table: Table) -> Table {
    table
        .add(
            post(
                ROOM,
                "/pay-calculations",
                "send_pay_calculation",
                "Work overpaid pay out, write the letter, and record that it was sent",
            )
            .needs(&[Duty::WorkCases])
            .takes::<NewPayCalculation>()
            .gives(201, desk::<PayCalculationSent>),
            send,
        )
        .add(
            get(ROOM, "/pay-calculations/{debt}", "get_pay_calculation", "The newest calculation of a debt")
                .needs(&[Duty::View])
                .gives(200, desk::<PayCalculationView>),
            one,
        )
}

/// A pay period, as payroll gives it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayPeriod {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Pay day, which says the tax year.
    pub paid_on: NaiveDate,
    /// Overpaid before deductions.
    pub gross_pence: i64,
    /// Tax taken from it.
    #[serde(default)]
    pub tax_pence: i64,
    /// National Insurance taken from it.
    #[serde(default)]
    pub insurance_pence: i64,
    /// Pension contributions taken from it.
    #[serde(default)]
    pub pension_pence: i64,
    /// Why it was overpaid.
    pub reason: String,
}

/// The calculation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayCalculation {
    /// Number of the debt.
    pub debt: String,
    /// What was overpaid.
    pub periods: Vec<NewPayPeriod>,
    /// By when it is to be paid back.
    pub repay_by: NaiveDate,
    /// Payroll can correct tax, National Insurance and pension.
    pub paye_corrected: bool,
    /// Payroll's document.
    pub evidence: String,
}

fn period(new: NewPayPeriod) -> OverpaidPeriod {
    OverpaidPeriod {
        from: new.from,
        to: new.to,
        paid_on: new.paid_on,
        gross: Pence(new.gross_pence),
        tax: Pence(new.tax_pence),
        insurance: Pence(new.insurance_pence),
        pension: Pence(new.pension_pence),
        reason: new.reason,
    }
}

async fn send(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewPayCalculation>) -> Answer {
    let ask = SendPayCalculation {
        key,
        debt: new.debt,
        periods: new.periods.into_iter().map(period).collect(),
        repay_by: Some(new.repay_by),
        paye_corrected: Some(new.paye_corrected),
        evidence: new.evidence,
    };
    let sent = send_pay_calculation(&doors.desk, &by.0, ask).await?;
    made(&format!("pay-calculations/{}", sent.debt), &sent)
}

async fn one(State(doors): State<Shared>, by: By, At(debt): At) -> Answer {
    ok(&pay_calculation_of(&doors.desk, &by.0, &debt).await?)
}
