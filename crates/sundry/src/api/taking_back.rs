//! Overpayments taken back from pay and from payments to providers: agreed, due, taken, undone, ended.
use super::answer::{Answer, List, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::recovery::taking_back::{
    AgreeOverpaymentRecovery, DeductionDue, EndOverpaymentRecovery, OverpaymentGivenBack, OverpaymentRecoveryAgreed,
    OverpaymentRecoveryEnded, OverpaymentRecoveryView, OverpaymentTaken, RecordOverpaymentTaken, UndoOverpaymentTaken,
    agree_overpayment_recovery, end_overpayment_recovery, overpayment_deductions, overpayment_recoveries,
    overpayment_recovery, record_overpayment_taken, undo_overpayment_taken,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::TakenFrom;
use sundry_domain::refusal::Invalid;
use sundry_store::recovery::taking_back::ListedTakingRow;
use utoipa::ToSchema;

const ROOM: &str = "Recovery";
const LOOK: &[Duty] = &[Duty::View];
const WORK: &[Duty] = &[Duty::WorkCases];
const POST: &[Duty] = &[Duty::PostCash];
const FROM: &[&str] = &["pay", "provider"];

/// The rows of overpayments taken back.
pub fn rows(table: Table) -> Table {
    acting(looking(table))
}

fn looking(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/overpayment-recoveries",
                "list_overpayment_recoveries",
                "Overpayments taken back from pay or payments, newest first",
            )
            .needs(LOOK)
            .listed(desk_list::<ListedTakingRow>),
            list,
        )
        .add(
            get(
                ROOM,
                "/overpayment-recoveries/{number}",
                "get_overpayment_recovery",
                "One of them with its deductions, and what stops it today",
            )
            .needs(LOOK)
            .gives(200, desk::<OverpaymentRecoveryView>),
            one,
        )
        .add(
            get(
                ROOM,
                "/overpayment-deductions",
                "list_overpayment_deductions",
                "What payroll, or payments, are to keep up to a day",
            )
            .needs(LOOK)
            .must("taken_from", Holds::OneOf(FROM), "From pay, or from payments to providers")
            .asks("through", Holds::Day, "Due up to this day; today when not said")
            .listed(desk_list::<DeductionDue>),
            due,
        )
}

fn acting(table: Table) -> Table {
    table
        .add(
            post(
                ROOM,
                "/overpayment-recoveries",
                "agree_overpayment_recovery",
                "Take an overpayment back from pay, or from payments to a provider",
            )
            .needs(WORK)
            .takes::<NewOverpaymentRecovery>()
            .gives(201, desk::<OverpaymentRecoveryAgreed>),
            agree,
        )
        .add(
            post(
                ROOM,
                "/overpayment-recoveries/{number}/taken",
                "record_overpayment_taken",
                "Record what payroll or payments kept, as a receipt",
            )
            .needs(POST)
            .takes::<NewOverpaymentTaken>()
            .gives(200, desk::<OverpaymentTaken>),
            take,
        )
        .add(
            post(
                ROOM,
                "/overpayment-recoveries/{number}/undo",
                "undo_overpayment_taken",
                "Undo a deduction that was recorded wrongly",
            )
            .needs(POST)
            .takes::<NewOverpaymentUndo>()
            .gives(200, desk::<OverpaymentGivenBack>),
            undo,
        )
        .add(
            post(
                ROOM,
                "/overpayment-recoveries/{number}/end",
                "end_overpayment_recovery",
                "Take no more back, and say why",
            )
            .needs(WORK)
            .takes::<NewOverpaymentEnd>()
            .gives(200, desk::<OverpaymentRecoveryEnded>),
            end,
        )
}

/// What is agreed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverpaymentRecovery {
    /// Number of the debt.
    pub debt: String,
    /// pay or provider.
    pub taken_from: String,
    /// agreement or contract.
    pub taken_by: String,
    /// The document behind it.
    pub evidence: String,
    /// How much each time.
    pub each_pence: i64,
    /// week, two_weeks, four_weeks or month.
    pub every: String,
    /// The first pay day, or day of a payment.
    pub first_on: NaiveDate,
    /// From pay: in how many pay periods the overpayment arose.
    #[serde(default)]
    pub arose_over: i64,
    /// Where the employee asked in writing for fewer deductions.
    #[serde(default)]
    pub sooner: String,
}

/// What was kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverpaymentTaken {
    /// The deduction, counted from 1.
    pub deduction: i64,
    /// How much; 0 where nothing was.
    pub amount_pence: i64,
    /// The day of the pay or the payment.
    pub on: NaiveDate,
    /// Payroll's or the remittance's reference; why, where less was kept.
    pub reference: String,
}

/// What is undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverpaymentUndo {
    /// The deduction, counted from 1.
    pub deduction: i64,
    /// Why.
    pub reason: String,
}

/// Why it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOverpaymentEnd {
    /// They left, it was wrong.
    pub reason: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = overpayment_recoveries(&doors.desk, &by.0).await?;
    List::whole("Overpayments taken back", rows).send(&asked, &by, doors.desk.today())
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&overpayment_recovery(&doors.desk, &by.0, &number).await?)
}

async fn due(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let typed = asked.text("taken_from");
    let say = || Problem::from(Invalid::field("taken_from", "Choose pay or provider", &typed));
    let from = TakenFrom::parse(&typed).ok_or_else(say)?;
    let through = asked.day("through").unwrap_or_else(|| doors.desk.today());
    let rows = overpayment_deductions(&doors.desk, &by.0, from, through).await?;
    List::whole("Overpayment deductions", rows).send(&asked, &by, doors.desk.today())
}

async fn agree(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewOverpaymentRecovery>) -> Answer {
    let ask = AgreeOverpaymentRecovery {
        key,
        debt: new.debt,
        taken_from: new.taken_from,
        taken_by: new.taken_by,
        evidence: new.evidence,
        each: Some(Pence(new.each_pence)),
        every: new.every,
        first_on: Some(new.first_on),
        arose_over: new.arose_over,
        sooner: new.sooner,
    };
    let agreed = agree_overpayment_recovery(&doors.desk, &by.0, ask).await?;
    made(&format!("overpayment-recoveries/{}", agreed.number), &agreed)
}

async fn take(
    State(doors): State<Shared>,
    by: By,
    At(recovery): At,
    Key(key): Key,
    Sent(new): Sent<NewOverpaymentTaken>,
) -> Answer {
    let NewOverpaymentTaken { deduction, amount_pence, on, reference } = new;
    let ask = RecordOverpaymentTaken {
        key,
        recovery,
        line: deduction,
        amount: Some(Pence(amount_pence)),
        on: Some(on),
        reference,
    };
    ok(&record_overpayment_taken(&doors.desk, &by.0, ask).await?)
}

async fn undo(
    State(doors): State<Shared>,
    by: By,
    At(recovery): At,
    Key(key): Key,
    Sent(new): Sent<NewOverpaymentUndo>,
) -> Answer {
    let ask = UndoOverpaymentTaken { key, recovery, line: new.deduction, reason: new.reason };
    ok(&undo_overpayment_taken(&doors.desk, &by.0, ask).await?)
}

async fn end(
    State(doors): State<Shared>,
    by: By,
    At(recovery): At,
    Key(key): Key,
    Sent(new): Sent<NewOverpaymentEnd>,
) -> Answer {
    let ask = EndOverpaymentRecovery { key, recovery, reason: new.reason };
    ok(&end_overpayment_recovery(&doors.desk, &by.0, ask).await?)
}
