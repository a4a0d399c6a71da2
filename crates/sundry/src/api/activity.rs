//! Activity against contracts, its exceptions, and completeness.
use super::answer::{Answer, List, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::billing::activity::{
    self as desk_activity, ActivityAsk, AssignActivity, CompletenessAsk, ExplainActivity, NewActivity,
    OverrideActivity, OwnActivity, RecheckActivity, TakeInActivity,
};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::activity::{ActivityFileRow, ActivityOfList};
use utoipa::ToSchema;

const ROOM: &str = "Activity";
const RAISE: &[Duty] = &[Duty::RaiseInvoice];
const STATES: &[&str] = &["accepted", "held", "asked", "explained", "unbilled"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/activity", "list_activity", "List lines of activity, newest first")
                .asks("state", Holds::OneOf(STATES), "Only those; unbilled is accepted and on no invoice yet")
                .asks("because", Holds::Text, "Only those held for this reason")
                .asks("contract", Holds::Text, "Only of the contract with this number")
                .asks("from", Holds::Day, "Delivered from this day")
                .asks("to", Holds::Day, "Delivered to this day")
                .paged(desk_list::<ActivityOfList>),
            list,
        )
        .add(
            post(ROOM, "/activity", "take_in_activity", "Take lines of activity in, all or none")
                .needs(RAISE)
                .takes::<ActivitySet>()
                .gives(201, desk::<desk_activity::ActivityTaken>),
            take_in,
        )
        .add(
            post(ROOM, "/imports/activity", "import_activity", "Take a file of activity in, all or none")
                .needs(RAISE)
                .takes_file()
                .asks("source", Holds::Text, "The system it comes from: references are unique in it")
                .asks("reason", Holds::Text, "Why lines there already are put right")
                .gives(201, desk::<desk_activity::ActivityTaken>),
            import,
        )
        .add(
            get(ROOM, "/activity/{number}", "get_activity", "Read a line and what stood under its reference")
                .gives(200, desk::<desk_activity::ActivityShown>),
            view,
        );
    exception_rows(table)
}

fn exception_rows(table: Table) -> Table {
    let resolved = desk::<desk_activity::ActivityResolved>;
    table
        .add(
            post(ROOM, "/activity/{number}/contract", "assign_activity", "Assign a held line to a contract")
                .needs(RAISE)
                .takes::<ActivityContract>()
                .gives(200, resolved),
            assign,
        )
        .add(
            post(ROOM, "/activity/{number}/explain", "explain_activity", "Explain why a held line is not billed")
                .needs(RAISE)
                .takes::<ActivityExplained>()
                .gives(200, resolved),
            explain,
        )
        .add(
            post(ROOM, "/activity/{number}/override", "override_activity", "Let a held line through as it is")
                .needs(RAISE)
                .takes::<ActivityOverridden>()
                .gives(200, resolved),
            let_through,
        )
        .add(
            post(ROOM, "/activity/{number}/own", "own_activity", "Take a held line into one's own hands")
                .needs(RAISE)
                .gives(200, resolved),
            own,
        )
        .add(
            post(ROOM, "/activity-checks", "recheck_activity", "Hold every exception against the contracts again")
                .needs(RAISE)
                .gives(200, desk::<desk_activity::ActivityRechecked>),
            recheck,
        )
        .add(
            get(ROOM, "/activity-files", "list_activity_files", "List what was taken in, newest first")
                .listed(desk_list::<ActivityFileRow>),
            files,
        )
        .add(
            get(ROOM, "/activity-exceptions", "list_activity_exceptions", "Exceptions by reason, with pounds at stake")
                .listed(desk_list::<desk_activity::ExceptionSum>),
            exceptions,
        )
        .add(
            get(ROOM, "/completeness", "get_completeness", "What was delivered in some days, and what became of it")
                .must("from", Holds::Day, "Delivered from this day")
                .must("to", Holds::Day, "Delivered to this day")
                .gives(200, desk::<desk_activity::Completeness>),
            complete,
        )
}

/// A line of activity.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityLineSent {
    /// Its reference in the system it comes from.
    pub reference: String,
    /// Service code or words.
    pub service: String,
    /// Reference of the service user, never a name.
    #[serde(default)]
    pub service_user: String,
    /// Number of the contract, if known.
    #[serde(default)]
    pub contract: String,
    /// Customer number of who is to pay, if known.
    #[serde(default)]
    pub funder: String,
    /// day or bed day, hour, visit, session.
    pub unit: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; the first when not said.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// How many, with up to four decimals: "0.75"; "0" takes a line back.
    pub quantity: String,
    /// Pounds each, if told: "22.50".
    #[serde(default)]
    pub rate: String,
}

/// Lines of activity sent at once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivitySet {
    /// The system they come from: references are unique in it.
    #[serde(default)]
    pub source: String,
    /// Why lines there already are put right.
    #[serde(default)]
    pub reason: String,
    /// The lines.
    pub lines: Vec<ActivityLineSent>,
}

/// The contract of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityContract {
    /// Number of the contract.
    pub contract: String,
    /// Why.
    pub reason: String,
}

/// Why a line is not billed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityExplained {
    /// `not_delivered`, `recorded_twice`, `free_service`, `block_contract`, `billed_elsewhere` or `not_agreed`.
    pub explained_as: String,
    /// The evidence.
    pub reason: String,
}

/// A line let through as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityOverridden {
    /// Whether it is billed at the rate told and not the approved one.
    #[serde(default)]
    pub at_told_rate: bool,
    /// Why.
    pub reason: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let after = asked.text("after");
    let say = "Send the `next` of the page before";
    let before = match after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::from(vec![Invalid::field("after", say, text)]))?),
    };
    let ask = ActivityAsk {
        state: asked.text("state"),
        because: asked.text("because"),
        contract: asked.text("contract"),
        from_on: asked.day("from"),
        to_on: asked.day("to"),
        before,
        limit: Some(asked.limit()),
    };
    let page = desk_activity::activity_list(&doors.desk, &by.0, ask).await?;
    let next = page.next.map(|next| next.to_string());
    List { next, ..List::whole("Activity", page.rows) }.send(&asked, &by, doors.desk.today())
}

async fn take_in(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<ActivitySet>) -> Answer {
    let line = |line: ActivityLineSent| NewActivity {
        reference: line.reference,
        service: line.service,
        service_user: line.service_user,
        contract: line.contract,
        funder: line.funder,
        unit: line.unit,
        from_on: Some(line.from_on),
        to_on: line.to_on,
        quantity: line.quantity,
        rate: line.rate,
    };
    let rows = new.lines.into_iter().map(line).collect();
    let (file_name, file) = (String::new(), None);
    let ask = TakeInActivity { key, source: new.source, reason: new.reason, rows, file_name, file };
    let taken = desk_activity::take_in_activity(&doors.desk, &by.0, ask).await?;
    made("activity-files", &taken)
}

async fn import(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let file = Some(child::as_table(bytes).await?);
    let (source, reason) = (asked.text("source"), asked.text("reason"));
    let ask = TakeInActivity { key, source, reason, rows: Vec::new(), file_name, file };
    let taken = desk_activity::take_in_activity(&doors.desk, &by.0, ask).await?;
    made("activity-files", &taken)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_activity::activity_line(&doors.desk, &by.0, &number).await?)
}

async fn assign(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<ActivityContract>,
) -> Answer {
    let ask = AssignActivity { key, number, contract: new.contract, reason: new.reason };
    ok(&desk_activity::assign_activity(&doors.desk, &by.0, ask).await?)
}

async fn explain(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<ActivityExplained>,
) -> Answer {
    let ask = ExplainActivity { key, number, explained_as: new.explained_as, reason: new.reason };
    ok(&desk_activity::explain_activity(&doors.desk, &by.0, ask).await?)
}

async fn let_through(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<ActivityOverridden>,
) -> Answer {
    let ask = OverrideActivity { key, number, at_told_rate: new.at_told_rate, reason: new.reason };
    ok(&desk_activity::override_activity(&doors.desk, &by.0, ask).await?)
}

async fn own(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_activity::own_activity(&doors.desk, &by.0, OwnActivity { key, number }).await?)
}

async fn recheck(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    ok(&desk_activity::recheck_activity(&doors.desk, &by.0, RecheckActivity { key }).await?)
}

async fn files(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_activity::activity_files(&doors.desk, &by.0).await?;
    List::whole("Activity taken in", rows).send(&asked, &by, doors.desk.today())
}

async fn exceptions(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_activity::activity_exceptions(&doors.desk, &by.0).await?;
    List::whole("Exceptions", rows).send(&asked, &by, doors.desk.today())
}

async fn complete(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let today = doors.desk.today();
    let (from_on, to_on) = (asked.day("from").unwrap_or(today), asked.day("to").unwrap_or(today));
    ok(&desk_activity::completeness(&doors.desk, &by.0, CompletenessAsk { from_on, to_on }).await?)
}
