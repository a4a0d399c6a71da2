//! Standing orders: note them, check a period, tasks and letters, new charges.
use super::answer::{Answer, List, json, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::cash::standing_orders::{
    self as orders, AddStandingOrder, AmendStandingOrder, AskCheck, ChangeLetters, ChangesWritten, CheckReleased,
    EndStandingOrder, EndTasks, NewCharge, RateChanges, ReleaseCheck, SetCharges, ShortfallLetters, StandingOrderCheck,
    StandingOrderSet, StandingOrderShown, TasksEnded,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::standing_order::{CheckRow, TaskRow};
use utoipa::ToSchema;

const ROOM: &str = "Standing orders";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let cash: &[Duty] = &[Duty::PostCash];
    let table = table
        .add(
            get(ROOM, "/standing-orders", "list_standing_orders", "List the standing orders that run")
                .listed(own_list::<OneOrder>),
            list,
        )
        .add(
            post(ROOM, "/standing-orders", "add_standing_order", "Note a standing order and the charge that it pays")
                .needs(cash)
                .takes::<NewOrder>()
                .gives(201, desk::<StandingOrderSet>),
            add,
        )
        .add(
            post(
                ROOM,
                "/standing-orders/{number}/amount",
                "amend_standing_order",
                "Note what the payer's bank sends now",
            )
            .needs(cash)
            .takes::<NewAmount>()
            .gives(200, desk::<StandingOrderSet>),
            amend,
        )
        .add(
            post(ROOM, "/standing-orders/{number}/end", "end_standing_order", "End a standing order")
                .needs(cash)
                .takes::<LastDay>()
                .gives(200, desk::<StandingOrderSet>),
            end,
        )
        .add(
            post(
                ROOM,
                "/standing-order-charges",
                "set_standing_order_charges",
                "Set new charges from a day, all or none",
            )
            .needs(cash)
            .takes::<NewCharges>()
            .gives(201, own::<ChargesSet>),
            charges,
        );
    check_rows(table, cash)
}

fn check_rows(table: Table, cash: &'static [Duty]) -> Table {
    let table = table
        .add(
            get(
                ROOM,
                "/standing-order-check",
                "check_standing_orders",
                "Compare expected with received in a period; nothing is kept",
            )
            .must("from_on", Holds::Day, "First day")
            .must("to_on", Holds::Day, "Last day")
            .gives(200, desk::<StandingOrderCheck>),
            check,
        )
        .add(
            post(
                ROOM,
                "/standing-order-checks",
                "release_standing_order_check",
                "Allocate what came and make a task of each difference",
            )
            .needs(cash)
            .takes::<CheckPeriod>()
            .gives(201, desk::<CheckReleased>),
            release,
        )
        .add(
            get(ROOM, "/standing-order-checks", "list_standing_order_checks", "List the checks that were released")
                .listed(desk_list::<CheckRow>),
            checks,
        )
        .add(
            get(ROOM, "/standing-order-tasks", "list_standing_order_tasks", "List tasks, oldest first")
                .asks("state", Holds::OneOf(&["open", "done"]), "open when not said")
                .listed(desk_list::<TaskRow>),
            tasks,
        );
    task_rows(table, cash)
}

fn task_rows(table: Table, cash: &'static [Duty]) -> Table {
    table
        .add(
            post(
                ROOM,
                "/standing-order-tasks/letters",
                "write_shortfall_letters",
                "Write about shortfalls, and end their tasks",
            )
            .needs(cash)
            .takes::<Chosen>()
            .gives(200, desk::<TasksEnded>),
            letters,
        )
        .add(
            post(ROOM, "/standing-order-tasks/end", "end_standing_order_tasks", "End tasks by saying what was done")
                .needs(cash)
                .takes::<TasksDone>()
                .gives(200, desk::<TasksEnded>),
            end_tasks,
        )
        .add(
            get(
                ROOM,
                "/standing-order-changes",
                "list_rate_changes",
                "List the standing orders that a new charge does not fit",
            )
            .must("from_on", Holds::Day, "First day of the new charge")
            .gives(200, desk::<RateChanges>),
            changes,
        )
        .add(
            post(ROOM, "/standing-order-changes/letters", "write_change_letters", "Write to payers about a new charge")
                .needs(cash)
                .takes::<NewLetters>()
                .gives(200, desk::<ChangesWritten>),
            write,
        )
}

/// A standing order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneOrder {
    /// Number.
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// Name.
    pub name: String,
    /// The reference their bank sends.
    pub reference: String,
    /// What it sends each time.
    pub amount_pence: i64,
    /// weekly, two_weekly, four_weekly, monthly or quarterly.
    pub frequency: String,
    /// First payment.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// The charge today, a week.
    pub weekly_pence: i64,
    /// What each payment must be.
    pub right_pence: i64,
}

fn told(one: StandingOrderShown) -> OneOrder {
    OneOrder {
        number: one.order.number,
        customer: one.order.customer_number,
        name: one.order.customer_name,
        reference: one.order.reference,
        amount_pence: one.order.amount_pence,
        frequency: one.order.frequency,
        from_on: one.order.from_on,
        to_on: one.order.to_on,
        weekly_pence: one.weekly_pence,
        right_pence: one.right_pence,
    }
}

/// A standing order to note.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Customer number.
    pub customer: String,
    /// The reference their bank sends.
    pub reference: String,
    /// What it sends each time.
    pub amount_pence: i64,
    /// weekly, two_weekly, four_weekly, monthly or quarterly.
    pub frequency: String,
    /// First payment.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// The charge it pays, a week.
    pub weekly_pence: i64,
    /// A difference no larger is let be.
    #[serde(default)]
    pub tolerance_pence: i64,
}

/// Another amount.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAmount {
    /// What their bank sends now.
    pub amount_pence: i64,
}

/// The end of a standing order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LastDay {
    /// Last day of the charge.
    pub to_on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// A new charge of one order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OneCharge {
    /// The order.
    pub number: String,
    /// Pence a week.
    pub weekly_pence: i64,
}

/// New charges from a day.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCharges {
    /// First day.
    pub from_on: NaiveDate,
    /// The decision behind them.
    pub why: String,
    /// One an order.
    pub charges: Vec<OneCharge>,
}

/// Charges that were set.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargesSet {
    /// How many.
    pub charges: i64,
}

/// A period.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckPeriod {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
}

/// Tasks that were chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// Their ids.
    pub tasks: Vec<i64>,
}

/// Tasks, and how they ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TasksDone {
    /// Their ids.
    pub tasks: Vec<i64>,
    /// invoice, refund, carry_forward, amended or other.
    pub how: String,
    /// The number of the invoice or refund, or words.
    #[serde(default)]
    pub words: String,
}

/// Letters about a new charge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLetters {
    /// First day of the new charge.
    pub from_on: NaiveDate,
    /// The orders; empty for all that no longer fit.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// It is less than four weeks before, and you know it.
    #[serde(default)]
    pub late_known: bool,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = orders::standing_orders(&doors.desk, &by.0).await?;
    List::whole("Standing orders", rows.into_iter().map(told).collect()).send(&asked, &by, doors.desk.today())
}

async fn add(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewOrder>) -> Answer {
    let ask = AddStandingOrder {
        key,
        customer: new.customer,
        reference: new.reference,
        amount: Pence(new.amount_pence),
        frequency: new.frequency,
        from_on: new.from_on,
        to_on: new.to_on,
        weekly: Pence(new.weekly_pence),
        tolerance: Pence(new.tolerance_pence),
    };
    json(StatusCode::CREATED, &orders::add_standing_order(&doors.desk, &by.0, ask).await?)
}

async fn amend(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewAmount>,
) -> Answer {
    let ask = AmendStandingOrder { key, number, amount: Pence(new.amount_pence) };
    ok(&orders::amend_standing_order(&doors.desk, &by.0, ask).await?)
}

async fn end(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key, Sent(last): Sent<LastDay>) -> Answer {
    let ask = EndStandingOrder { key, number, to_on: last.to_on, reason: last.reason };
    ok(&orders::end_standing_order(&doors.desk, &by.0, ask).await?)
}

async fn charges(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewCharges>) -> Answer {
    let one = |one: OneCharge| NewCharge { number: one.number, weekly: Pence(one.weekly_pence) };
    let charges = new.charges.into_iter().map(one).collect();
    let ask = SetCharges { key, from_on: new.from_on, why: new.why, charges };
    let set = orders::set_standing_order_charges(&doors.desk, &by.0, ask).await?;
    json(StatusCode::CREATED, &ChargesSet { charges: set })
}

async fn check(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let today = doors.desk.today();
    let (from_on, to_on) = (asked.day("from_on").unwrap_or(today), asked.day("to_on").unwrap_or(today));
    ok(&orders::check_standing_orders(&doors.desk, &by.0, AskCheck { from_on, to_on }).await?)
}

async fn release(State(doors): State<Shared>, by: By, Key(key): Key, Sent(period): Sent<CheckPeriod>) -> Answer {
    let ask = ReleaseCheck { key, from_on: period.from_on, to_on: period.to_on };
    json(StatusCode::CREATED, &orders::release_standing_order_check(&doors.desk, &by.0, ask).await?)
}

async fn checks(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = orders::standing_order_checks(&doors.desk, &by.0).await?;
    List::whole("Standing order checks", rows).send(&asked, &by, doors.desk.today())
}

async fn tasks(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let state = Some(asked.text("state")).filter(|state| !state.is_empty()).unwrap_or_else(|| "open".into());
    let rows = orders::standing_order_tasks(&doors.desk, &by.0, &state).await?;
    List::whole("Standing order tasks", rows).send(&asked, &by, doors.desk.today())
}

async fn letters(State(doors): State<Shared>, by: By, Key(key): Key, Sent(chosen): Sent<Chosen>) -> Answer {
    ok(&orders::write_shortfall_letters(&doors.desk, &by.0, ShortfallLetters { key, tasks: chosen.tasks }).await?)
}

async fn end_tasks(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<TasksDone>) -> Answer {
    let ask = EndTasks { key, tasks: sent.tasks, how: sent.how, words: sent.words };
    ok(&orders::end_standing_order_tasks(&doors.desk, &by.0, ask).await?)
}

async fn changes(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let from_on = asked.day("from_on").unwrap_or_else(|| doors.desk.today());
    ok(&orders::rate_changes(&doors.desk, &by.0, from_on).await?)
}

async fn write(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewLetters>) -> Answer {
    let ask = ChangeLetters { key, from_on: new.from_on, numbers: new.numbers, late_known: new.late_known };
    ok(&orders::write_change_letters(&doors.desk, &by.0, ask).await?)
}
