//! Files from the bank, places to fetch them from, layouts of CSV.
use super::answer::{Answer, List, file, made, ok};
use super::sent::{Asked, At, By, Key, Sent, numbered};
use super::table::{Holds, Table, desk, get, own, own_list, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sundry_desk::cash::bank_files as desk_files;
use sundry_desk::cash::bank_sources::{BankSource, KeepBankSource, bank_sources, keep_bank_source};
use sundry_desk::cash::collect_bank_files::{Collected, collect_bank_files};
use sundry_desk::cash::csv_profiles::{
    CsvProfile, CsvProfileSaved, EndCsvProfile, SaveCsvProfile, csv_profile_versions, csv_profiles, end_csv_profile,
    preview_csv_profile, save_csv_profile,
};
use sundry_desk::cash::payment_layouts::{SavePaymentLayout, save_payment_layout};
use sundry_desk::cash::takings::{TakingsShown, TieTakings, takings, tie_takings};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::bank_statement::Profile;
use sundry_store::bank_files::BankFileRow;
use utoipa::ToSchema;

const ROOM: &str = "Cash";
const STATES: &[&str] = &["checked", "accepted", "warned", "held", "rejected"];

/// The rows of these.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/bank-files", "list_bank_files", "Files from the bank as they arrived, refused ones too")
                .asks("state", Holds::OneOf(STATES), "Only files in this state")
                .paged(own_list::<BankFile>),
            files,
        )
        .add(
            get(ROOM, "/bank-files/{id}/content", "get_bank_file", "A file as it arrived")
                .needs(&[Duty::ImportFiles])
                .gives_file(&["application/octet-stream"]),
            content,
        )
        .add(
            get(ROOM, "/bank-sources", "list_bank_sources", "Places where files from the bank are fetched")
                .needs(&[Duty::ManageSettings, Duty::ImportFiles])
                .listed(own_list::<SourceShown>),
            sources,
        )
        .add(
            post(ROOM, "/bank-sources", "keep_bank_source", "Add a place, or change the one with its name")
                .needs(&[Duty::ManageSettings])
                .takes::<NewSource>()
                .gives(201, desk::<BankSource>),
            keep_source,
        )
        .add(
            post(
                ROOM,
                "/bank-sources/collect",
                "collect_bank_files",
                "Fetch what lies at the places in use, or at one",
            )
            .needs(&[Duty::ImportFiles])
            .asks("source", Holds::Text, "Only this place")
            .gives(200, desk::<Collected>),
            collect,
        );
    let table = table
        .add(
            get(
                ROOM,
                "/takings",
                "list_takings",
                "Payment files of agents, and whether the bank has shown their credit",
            )
            .listed(own_list::<TakingsShownRow>),
            agents_files,
        )
        .add(
            post(ROOM, "/takings/{id}/tie", "tie_takings", "Say which receipt in suspense is a payment file's credit")
                .needs(&[Duty::PostCash])
                .takes::<ItsCredit>()
                .gives(200, desk::<TakingsShown>),
            tie,
        );
    layout_rows(table)
}

/// A payment file of a collection agent.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakingsShownRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The layout it was read by.
    pub layout: String,
    /// Its day.
    pub dated_on: chrono::NaiveDate,
    /// Payments that were new in it.
    pub payments: i64,
    /// Their sum: what the bank is to show.
    pub total_pence: i64,
    /// expected or shown.
    pub state: String,
    /// When the bank showed it.
    pub shown_on: Option<chrono::NaiveDate>,
}

/// The bank's credit for a payment file.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"receipt": "RCT-000042"}))]
pub struct ItsCredit {
    /// Number of the receipt in suspense.
    pub receipt: String,
}

async fn agents_files(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = takings(&doors.desk, &by.0).await?.into_iter().map(|one| TakingsShownRow {
        id: one.id.to_string(),
        name: one.name,
        layout: one.layout,
        dated_on: one.dated_on,
        payments: one.payments_count,
        total_pence: one.total_pence,
        state: one.state,
        shown_on: one.shown_on,
    });
    List::whole("Payment files of agents", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn tie(State(doors): State<Shared>, by: By, Key(key): Key, At(id): At, Sent(its): Sent<ItsCredit>) -> Answer {
    let ask = TieTakings { key, takings: numbered(&id, "payment file")?, receipt: its.receipt };
    ok(&tie_takings(&doors.desk, &by.0, ask).await?)
}

fn layout_rows(table: Table) -> Table {
    let looks: &[Duty] = &[Duty::View, Duty::ManageSettings];
    table
        .add(
            get(
                ROOM,
                "/csv-layouts",
                "list_csv_layouts",
                "How banks lay out their CSV: one's own, then those that ship",
            )
            .needs(looks)
            .listed(own_list::<LayoutShown>),
            layouts,
        )
        .add(
            get(ROOM, "/csv-layouts/{name}", "get_csv_layout", "Every version of a layout of one's own, newest first")
                .needs(looks)
                .listed(own_list::<LayoutShown>),
            versions,
        )
        .add(
            post(
                ROOM,
                "/csv-layouts",
                "save_csv_layout",
                "Keep a layout as a new version: of a bank's CSV, or with `records` of an agent's payment file",
            )
            .needs(&[Duty::ManageSettings])
            .takes::<NewLayout>()
            .gives(201, desk::<CsvProfileSaved>),
            save,
        )
        .add(
            post(ROOM, "/csv-layouts/{name}/end", "end_csv_layout", "End a layout of one's own")
                .needs(&[Duty::ManageSettings])
                .takes::<Ended>()
                .gives(200, desk::<CsvProfileSaved>),
            end,
        )
        .add(
            post(ROOM, "/csv-layouts/preview", "preview_csv_layout", "What a layout makes of a sample; keeps nothing")
                .needs(looks)
                .takes::<Sample>()
                .looks_only()
                .gives(200, own::<SampleRead>),
            preview,
        )
}

/// A file from the bank.
#[derive(Debug, Serialize, ToSchema)]
pub struct BankFile {
    /// Its id.
    pub id: String,
    /// Its name when it first came.
    pub name: String,
    /// Hash of its bytes.
    pub sha256: String,
    /// Its size in bytes.
    pub size_bytes: i64,
    /// checked, accepted, warned, held or rejected.
    pub state: String,
    /// The code of the refusal or of the first problem.
    pub code: String,
    /// What came of it.
    pub message: String,
    /// What can be done.
    pub way_out: String,
    /// When it first came.
    pub arrived_at: DateTime<Utc>,
    /// web, api, cli or job.
    pub channel: String,
    /// The place it was fetched from; empty when somebody handed it in.
    pub source: String,
    /// Who brought it.
    pub brought_by: String,
    /// How often its bytes came.
    pub times: i64,
    /// Its format, if it was told.
    pub format: String,
    /// Lines that were new.
    pub lines_new: i64,
    /// Lines that had come before.
    pub lines_seen: i64,
    /// Who took it although it did not follow.
    pub decided_by: String,
    /// Why.
    pub decided_reason: String,
}

impl From<BankFileRow> for BankFile {
    fn from(row: BankFileRow) -> Self {
        BankFile {
            id: row.id.to_string(),
            name: row.name,
            sha256: row.file_sha256,
            size_bytes: row.size_bytes,
            state: row.state,
            code: row.code,
            message: row.message,
            way_out: row.way_out,
            arrived_at: row.arrived_at,
            channel: row.channel,
            source: row.source_name,
            brought_by: row.brought_by_name,
            times: row.times,
            format: row.format,
            lines_new: row.lines_new,
            lines_seen: row.lines_seen,
            decided_by: row.decided_by_name,
            decided_reason: row.decided_reason,
        }
    }
}

/// A place where files are fetched.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceShown {
    /// Its name.
    pub name: String,
    /// folder or sftp.
    pub kind: String,
    /// Where the files lie.
    pub folder: String,
    /// The server.
    pub host: String,
    /// Our public key, to be given to the bank.
    pub public_key: String,
    /// Which files.
    pub pattern: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be reached.
    pub failed: bool,
}

/// A place to fetch from.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"name": "Bank drop", "kind": "folder", "folder": "/srv/bank", "pattern": "*.xml", "every_minutes": 15, "in_use": true}))]
pub struct NewSource {
    /// Its name; the place with this name is changed.
    pub name: String,
    /// folder or sftp.
    pub kind: String,
    /// Where the files lie.
    pub folder: String,
    /// The server; for SFTP.
    #[serde(default)]
    pub host: String,
    /// Its port; 22 when not sent.
    #[serde(default)]
    pub port: i64,
    /// The name we sign in with.
    #[serde(default)]
    pub user_name: String,
    /// The server's public key, pinned: ssh-ed25519 AAAA…
    #[serde(default)]
    pub host_key: String,
    /// Our private key; one is made when not sent.
    #[serde(default)]
    pub private_key: String,
    /// Which files, as *.xml.
    pub pattern: String,
    /// Their format; the file says when not sent.
    #[serde(default)]
    pub format: String,
    /// Our account; the file says when not sent.
    #[serde(default)]
    pub bank_account: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
}

/// A layout.
#[derive(Debug, Serialize, ToSchema)]
pub struct LayoutShown {
    /// Its name, as in `csv:name`.
    pub name: String,
    /// Its version; 0 for one that ships.
    pub version: i64,
    /// Whether it ships.
    pub ships: bool,
    /// Who wrote it.
    pub written_by: String,
    /// What changed, or why.
    pub note: String,
    /// The layout.
    #[schema(value_type = Object)]
    pub layout: Value,
}

impl LayoutShown {
    fn of(one: CsvProfile) -> Result<Self, serde_json::Error> {
        Ok(Self {
            name: one.profile.name.clone(),
            version: one.version,
            ships: one.ships,
            written_by: one.written_by,
            note: one.note,
            layout: serde_json::to_value(&one.profile)?,
        })
    }
}

/// A layout to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"layout": {"name": "our-bank", "kind": "bank", "match": ["when,what,in,out"], "date_format": "%d/%m/%Y", "columns": {"date": "When", "text": "What", "credit": "In", "debit": "Out"}, "amount": "two_columns"}, "note": "New contract"}))]
pub struct NewLayout {
    /// The layout, under its own name.
    #[schema(value_type = Object)]
    pub layout: Value,
    /// What changed, or why.
    #[serde(default)]
    pub note: String,
    /// The version that was seen; another since then is refused.
    #[serde(default)]
    pub seen_version: Option<i64>,
}

/// Why a layout ends.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"reason": "The contract with the bank ended"}))]
pub struct Ended {
    /// Why.
    pub reason: String,
}

/// A layout and a sample.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"layout": {"name": "our-bank", "kind": "bank", "match": ["when,what,in,out"], "date_format": "%d/%m/%Y", "columns": {"date": "When", "text": "What", "credit": "In", "debit": "Out"}, "amount": "two_columns"}, "sample_base64": "V2hlbixXaGF0LEluLE91dAoyMC8xMS8yMDI2LEEsMSwK"}))]
pub struct Sample {
    /// The layout.
    #[schema(value_type = Object)]
    pub layout: Value,
    /// The bytes of the sample, in base64.
    pub sample_base64: String,
}

/// What a layout makes of a sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleRead {
    /// Rows read.
    pub rows: i64,
    /// Money in.
    pub credits_pence: i64,
    /// Money out.
    pub debits_pence: i64,
    /// The first rows.
    #[schema(value_type = Vec<Object>)]
    pub entries: Vec<Value>,
    /// What is wrong: code, place, sentence.
    #[schema(value_type = Vec<Object>)]
    pub problems: Vec<Value>,
}

async fn files(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let before = asked.whole("after");
    let found = desk_files::bank_files(&doors.desk, &by.0, &asked.text("state"), before, asked.limit()).await?;
    let next = found.before.map(|id| id.to_string());
    let rows = found.files.into_iter().map(BankFile::from).collect();
    let count = found.states.iter().map(|(_, count)| count).sum();
    let list =
        List { title: "Files from the bank", rows, next, count: asked.text("state").is_empty().then_some(count) };
    list.send(&asked, &by, doors.desk.today())
}

async fn content(State(doors): State<Shared>, by: By, At(id): At) -> Answer {
    let (name, bytes) = desk_files::bank_file_content(&doors.desk, &by.0, numbered(&id, "file")?).await?;
    file(&name, "application/octet-stream", bytes)
}

async fn sources(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = bank_sources(&doors.desk, &by.0).await?.into_iter().map(|one| SourceShown {
        name: one.name,
        kind: one.kind,
        folder: one.folder,
        host: one.host,
        public_key: one.public_key,
        pattern: one.pattern,
        every_minutes: one.every_minutes,
        in_use: one.in_use,
        looked_at: one.looked_at,
        result: one.result,
        failed: one.failed,
    });
    List::whole("Places of bank files", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn keep_source(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewSource>) -> Answer {
    let ask = KeepBankSource {
        key,
        name: new.name,
        kind: new.kind,
        folder: new.folder,
        host: new.host,
        port: new.port,
        user_name: new.user_name,
        host_key: new.host_key,
        private_key: new.private_key,
        pattern: new.pattern,
        format: new.format,
        bank_account: new.bank_account,
        every_minutes: new.every_minutes,
        in_use: new.in_use,
    };
    made("bank-sources", &keep_bank_source(&doors.desk, &by.0, ask).await?)
}

async fn collect(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key) -> Answer {
    let source = Some(asked.text("source")).filter(|name| !name.is_empty());
    let taste = |name: String, bytes: Vec<u8>| async move { child::statement_bytes(&name, bytes).await }.boxed();
    ok(&collect_bank_files(&doors.desk, &by.0, (&key, source.as_deref()), &taste).await?)
}

async fn layouts(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let all = csv_profiles(&doors.desk, &by.0).await?.into_iter().map(LayoutShown::of);
    List::whole("Layouts of CSV", all.collect::<Result<Vec<_>, _>>()?).send(&asked, &by, doors.desk.today())
}

async fn versions(State(doors): State<Shared>, by: By, asked: Asked, At(name): At) -> Answer {
    let all = csv_profile_versions(&doors.desk, &by.0, &name).await?.into_iter().map(LayoutShown::of);
    List::whole("Versions of a layout", all.collect::<Result<Vec<_>, _>>()?).send(&asked, &by, doors.desk.today())
}

fn understood(layout: Value) -> Result<Profile, Invalid> {
    serde_json::from_value(layout).map_err(|e| Invalid::field("layout", format!("It is not understood: {e}"), ""))
}

async fn save(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewLayout>) -> Answer {
    if new.layout.get("records").is_some() {
        let layout = serde_json::from_value(new.layout)
            .map_err(|e| Invalid::field("layout", format!("It is not understood: {e}"), ""))?;
        let ask = SavePaymentLayout { key, layout, note: new.note };
        return made("csv-layouts", &save_payment_layout(&doors.desk, &by.0, ask).await?);
    }
    let profile = understood(new.layout)?;
    let ask = SaveCsvProfile { key, profile, note: new.note, seen_version: new.seen_version };
    made("csv-layouts", &save_csv_profile(&doors.desk, &by.0, ask).await?)
}

async fn end(State(doors): State<Shared>, by: By, Key(key): Key, At(name): At, Sent(ended): Sent<Ended>) -> Answer {
    ok(&end_csv_profile(&doors.desk, &by.0, EndCsvProfile { key, name, note: ended.reason }).await?)
}

async fn preview(State(_): State<Shared>, by: By, Sent(sample): Sent<Sample>) -> Answer {
    let profile = understood(sample.layout)?;
    let bytes = STANDARD.decode(&sample.sample_base64);
    let bytes = bytes.map_err(|_| Invalid::field("sample_base64", "Send the sample in base64", ""))?;
    let seen = preview_csv_profile(&by.0, "sample.csv", &bytes, &profile)?;
    let values = |list: Vec<Result<Value, serde_json::Error>>| list.into_iter().collect::<Result<Vec<Value>, _>>();
    ok(&SampleRead {
        rows: i64::try_from(seen.rows).unwrap_or(i64::MAX),
        credits_pence: seen.credits,
        debits_pence: seen.debits,
        entries: values(seen.entries.iter().map(serde_json::to_value).collect())?,
        problems: values(seen.problems.iter().map(serde_json::to_value).collect())?,
    })
}
