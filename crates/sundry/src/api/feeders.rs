//! Feeders: the systems that send charges, their files, their rejects.
use super::answer::{Answer, List, begun, file_as, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::child;
use crate::rows_file::rows_file;
use crate::web::door::{Leaving, Shared};
use axum::extract::State;
use serde::Deserialize;
use std::collections::BTreeMap;
use sundry_desk::billing::feeders::{
    self as desk_feeders, FeederFilesAsk, SendFeederFile, SetFeeder, SetRejectAside, TurnFeederFile,
};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::feeders::files::FileInvoice;
use sundry_store::feeders::rows::RejectRow;
use utoipa::ToSchema;

const ROOM: &str = "Feeders";
const LOOK: &[Duty] = &[Duty::View, Duty::ManageSettings];
const RAISE: &[Duty] = &[Duty::RaiseInvoice];
const RELEASE: &[Duty] = &[Duty::ReleaseRuns];
const EITHER: &[Duty] = &[Duty::RaiseInvoice, Duty::ReleaseRuns];
const STATES: &[&str] = &["prepared", "releasing", "stopped", "done", "withdrawn"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/feeders", "list_feeders", "List the systems that send charges, with their set-up")
                .needs(LOOK)
                .listed(desk_list::<desk_feeders::FeederShown>),
            list,
        )
        .add(
            post(ROOM, "/feeders", "set_feeder", "Set a feeder up, or change it")
                .needs(&[Duty::ManageSettings])
                .takes::<NewFeeder>()
                .gives(200, desk::<desk_feeders::FeederSet>),
            set,
        )
        .add(
            get(ROOM, "/feeders/{code}", "get_feeder", "Read a feeder's set-up")
                .needs(LOOK)
                .gives(200, desk::<desk_feeders::FeederShown>),
            one,
        )
        .add(
            get(
                ROOM,
                "/feeder-rejects",
                "list_feeder_rejects",
                "List rejects that wait, oldest first, by who has them",
            )
            .needs(LOOK)
            .asks("feeder", Holds::Text, "Only of this feeder")
            .listed(desk_list::<RejectRow>),
            waiting,
        );
    file_rows(table)
}

fn file_rows(table: Table) -> Table {
    let turned = desk::<desk_feeders::FeederFileTurned>;
    table
        .add(
            get(ROOM, "/feeder-files", "list_feeder_files", "List the files of feeders, newest first")
                .needs(LOOK)
                .asks("feeder", Holds::Text, "Only of this feeder")
                .asks("state", Holds::OneOf(STATES), "Only in this state")
                .listed(desk_list::<desk_feeders::FeederFileShown>),
            files,
        )
        .add(
            post(ROOM, "/feeder-files", "send_feeder_file", "Send a file of charges; judged whole, nothing billed yet")
                .needs(RAISE)
                .takes_file()
                .must("feeder", Holds::Text, "Code of the feeder")
                .asks("rows", Holds::Whole(0, 1_000_000), "Rows the sender says, where the file has no row of totals")
                .asks("sum", Holds::Text, "What the sender says they come to, in pounds")
                .asks("corrects", Holds::Text, "The file whose rejects it puts right")
                .gives(201, desk::<desk_feeders::FeederFileSent>),
            send,
        )
        .add(
            get(ROOM, "/feeder-files/{number}", "get_feeder_file", "Read a file: totals, progress, each fault by row")
                .needs(LOOK)
                .gives(200, desk::<desk_feeders::FeederFileShown>),
            file,
        )
        .add(
            get(ROOM, "/feeder-files/{number}/invoices", "list_feeder_file_invoices", "List the invoices of a file")
                .paged(desk_list::<FileInvoice>),
            invoices,
        )
        .add(
            get(ROOM, "/feeder-files/{number}/rejects", "get_feeder_file_rejects", "Its rejects as sent, with reasons")
                .needs(LOOK)
                .asks("format", Holds::OneOf(&["csv", "xlsx"]), "How it is written; csv when not said")
                .gives_file(&["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]),
            rejects,
        )
        .add(
            post(ROOM, "/feeder-files/{number}/release", "release_feeder_file", "Bill its good rows, as a job")
                .needs(RELEASE)
                .gives(202, desk::<sundry_desk::jobs::ask::JobAdded>),
            release,
        )
        .add(
            post(ROOM, "/feeder-files/{number}/stop", "stop_feeder_file", "Stop a file after the piece it is at")
                .needs(RELEASE)
                .gives(200, turned),
            stop,
        )
        .add(
            post(ROOM, "/feeder-files/{number}/withdraw", "withdraw_feeder_file", "Withdraw a file not released")
                .needs(EITHER)
                .gives(200, turned),
            withdraw,
        )
        .add(
            post(ROOM, "/feeder-files/{number}/aside", "set_reject_aside", "Set one reject aside: it is not billed")
                .needs(RAISE)
                .takes::<RejectAside>()
                .gives(200, desk::<desk_feeders::AsideSet>),
            aside,
        )
}

/// A feeder's set-up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeeder {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Our field to their heading: reference, customer, document, description, amount, vat_code, income_code, cost_centre,
    /// service, supplied_on, order, service_user.
    pub columns: BTreeMap<String, String>,
    /// `number`, or the kind of reference by which they know customers.
    #[serde(default)]
    pub customer_by: String,
    /// VAT code where a row says none.
    #[serde(default)]
    pub vat_code: String,
    /// Income code where a row says none.
    #[serde(default)]
    pub income_code: String,
    /// Cost centre where a row says none.
    #[serde(default)]
    pub cost_centre: String,
    /// Service where a row says none.
    #[serde(default)]
    pub service: String,
    /// Debt type of its invoices.
    #[serde(default)]
    pub debt_type: String,
    /// Whether amounts include VAT.
    #[serde(default)]
    pub gross: bool,
    /// What the first cell of the row of totals says; `#TOTAL` when not said.
    #[serde(default)]
    pub trailer: String,
    /// Who puts rejects right.
    pub rejects_to: String,
    /// Whether it takes no files.
    #[serde(default)]
    pub off: bool,
    /// The version that was read; none for a new feeder.
    #[serde(default)]
    pub seen_version: Option<i64>,
}

/// A reject to set aside.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectAside {
    /// Row as a spreadsheet numbers it.
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub row: i64,
    /// Why it is not billed.
    pub reason: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_feeders::feeders(&doors.desk, &by.0).await?;
    List::whole("Feeders", rows).send(&asked, &by, doors.desk.today())
}

async fn set(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewFeeder>) -> Answer {
    let ask = SetFeeder {
        key,
        code: new.code,
        name: new.name,
        columns: new.columns,
        customer_by: new.customer_by,
        vat_code: new.vat_code,
        income_code: new.income_code,
        cost_centre: new.cost_centre,
        service: new.service,
        debt_type: new.debt_type,
        gross: new.gross,
        trailer: new.trailer,
        rejects_to: new.rejects_to,
        off: new.off,
        seen_version: new.seen_version,
    };
    ok(&desk_feeders::set_feeder(&doors.desk, &by.0, ask).await?)
}

async fn one(State(doors): State<Shared>, by: By, At(code): At) -> Answer {
    ok(&desk_feeders::feeder(&doors.desk, &by.0, &code).await?)
}

async fn waiting(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_feeders::rejects_list(&doors.desk, &by.0, &asked.text("feeder")).await?;
    List::whole("Rejects", rows).send(&asked, &by, doors.desk.today())
}

async fn files(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = FeederFilesAsk { feeder: asked.text("feeder"), state: asked.text("state") };
    let rows = desk_feeders::feeder_files(&doors.desk, &by.0, ask).await?;
    List::whole("Feeder files", rows).send(&asked, &by, doors.desk.today())
}

async fn send(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let sum = asked.text("sum");
    let told_pence = Pence::parse(&sum).map(|sum| sum.0);
    if told_pence.is_none() && !sum.is_empty() {
        return Err(Invalid::field("sum", "Send an amount in pounds, such as 1284.50", sum).into());
    }
    let ask = SendFeederFile {
        key,
        feeder: asked.text("feeder"),
        file_name,
        file: child::as_table(bytes).await?,
        told_rows: asked.whole("rows"),
        told_pence,
        corrects: asked.text("corrects"),
    };
    let sent = desk_feeders::send_feeder_file(&doors.desk, &by.0, ask).await?;
    made(&format!("feeder-files/{}", sent.number), &sent)
}

async fn file(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_feeders::feeder_file(&doors.desk, &by.0, &number).await?)
}

async fn invoices(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let (after, limit) = (asked.text("after").parse().unwrap_or(0), asked.limit());
    let mut rows = desk_feeders::feeder_file_invoices(&doors.desk, &by.0, &number, (after, limit + 1)).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id.to_string());
    List { next, ..List::whole("Invoices of a feeder file", rows) }.send(&asked, &by, doors.desk.today())
}

async fn rejects(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let table = desk_feeders::rejects_table(&doors.desk, &by.0, &number).await?;
    let format = if asked.text("format") == "xlsx" { "xlsx" } else { "csv" };
    let (today, name) = (doors.desk.today(), format!("{}-rejects", table.number));
    let bytes = rows_file((&name, format), (&table.headings, &table.rows), (today, &by.0.name))?;
    let left = Leaving::of("Rejects", format, table.rows.len(), &bytes).with("file", table.number);
    Ok(left.on(file_as(&name, format, bytes)?))
}

async fn release(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    let file = desk_feeders::feeder_file(&doors.desk, &by.0, &number).await?;
    let request = serde_json::json!({ "number": file.number });
    let dedupe_key = format!("feeder file {} {key}", file.number);
    let job = add_job(&doors.desk, &by.0, AddJob { key, kind: "bill_feeder_file".into(), dedupe_key, request }).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn stop(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_feeders::stop_feeder_file(&doors.desk, &by.0, TurnFeederFile { key, number }).await?)
}

async fn withdraw(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_feeders::withdraw_feeder_file(&doors.desk, &by.0, TurnFeederFile { key, number }).await?)
}

async fn aside(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<RejectAside>,
) -> Answer {
    let ask = SetRejectAside { key, number, row: new.row, reason: new.reason };
    ok(&desk_feeders::set_reject_aside(&doors.desk, &by.0, ask).await?)
}
