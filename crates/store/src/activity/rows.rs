//! Lines of activity and the files they came in, as they are kept.
use crate::{StoreFault, Tx, args};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A file, or a set of rows sent at once.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ActivityFileRow {
    /// Id.
    pub id: i64,
    /// Number: `ACT-000001`.
    pub number: String,
    /// The system it came from.
    pub source: String,
    /// Name of the file; empty for rows.
    pub file_name: String,
    /// Hash of the file; empty for rows.
    pub file_sha256: String,
    /// Why lines there already were sent again; empty where none were.
    pub reason: String,
    /// Lines taken in.
    pub lines_count: i64,
    /// Lines that fit a contract.
    pub accepted_count: i64,
    /// Lines that are held.
    pub held_count: i64,
    /// What the lines that fit come to.
    pub worth_pence: i64,
    /// Pounds at stake in the lines that are held.
    pub held_pence: i64,
    /// Who sent it.
    pub actor_name: String,
    /// When.
    pub taken_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A line of activity.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ActivityRow {
    /// Id.
    pub id: i64,
    /// Number: its file and its row, `ACT-000001-2`.
    pub number: String,
    /// The file.
    pub file_id: i64,
    /// The system it came from.
    pub source: String,
    /// Its reference there.
    pub reference: String,
    /// Service code or words.
    pub service: String,
    /// Reference of the service user.
    pub service_user: String,
    /// Number of the contract, if told or assigned.
    pub contract_told: String,
    /// Customer number of who is to pay, if told.
    pub funder_told: String,
    /// What is counted.
    pub unit: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// The rate told, in ten-thousandths of a pound.
    pub rate_told_e4: Option<i64>,
    /// The contract it fits, or would.
    pub contract_id: Option<i64>,
    /// Its charge.
    pub line: Option<i64>,
    /// A rate let through instead of the contract's.
    pub rate_e4: Option<i64>,
    /// accepted, held, asked (waits for someone else's yes), explained or replaced.
    pub state: String,
    /// Why it is, or was, held.
    pub held_because: String,
    /// Why, in words.
    pub sentence: String,
    /// Why it is not billed at all.
    pub explained_as: String,
    /// What a person said when they let it through, explained or corrected it.
    pub why: String,
    /// What it comes to; pounds at stake where it is held.
    pub worth_pence: i64,
    /// Who sees to it while it is held.
    pub owner_name: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The approval it waits for, or got.
    pub approval: String,
    /// Who sent or decided it last.
    pub actor_name: String,
    /// When it was taken in.
    pub taken_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds a file.
pub async fn add_activity_file(tx: &mut Tx, org: OrgId, r: ActivityFileRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "source",
        "file_name",
        "file_sha256",
        "reason",
        "lines_count",
        "accepted_count",
        "held_count",
        "worth_pence",
        "held_pence",
        "actor_name",
        "taken_on",
        "recorded_at",
    ];
    let row = args![
        org,
        r.id,
        r.number,
        r.source,
        r.file_name,
        r.file_sha256,
        r.reason,
        r.lines_count,
        r.accepted_count,
        r.held_count,
        r.worth_pence,
        r.held_pence,
        r.actor_name,
        r.taken_on,
        r.recorded_at
    ];
    tx.insert("activity_file", COLUMNS, vec![row]).await
}

/// Adds lines.
pub async fn add_activity(tx: &mut Tx, org: OrgId, rows: Vec<ActivityRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "file_id",
        "source",
        "reference",
        "service",
        "service_user",
        "contract_told",
        "funder_told",
        "unit",
        "from_on",
        "to_on",
        "quantity_e4",
        "rate_told_e4",
        "contract_id",
        "line",
        "rate_e4",
        "state",
        "held_because",
        "sentence",
        "explained_as",
        "why",
        "worth_pence",
        "owner_name",
        "due_on",
        "approval",
        "actor_name",
        "taken_on",
        "recorded_at",
        "version",
    ];
    let rows = rows.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.file_id,
            r.source,
            r.reference,
            r.service,
            r.service_user,
            r.contract_told,
            r.funder_told,
            r.unit,
            r.from_on,
            r.to_on,
            r.quantity_e4,
            r.rate_told_e4,
            r.contract_id,
            r.line,
            r.rate_e4,
            r.state,
            r.held_because,
            r.sentence,
            r.explained_as,
            r.why,
            r.worth_pence,
            r.owner_name,
            r.due_on,
            r.approval,
            r.actor_name,
            r.taken_on,
            r.recorded_at,
            r.version
        ]
    });
    tx.insert("activity", COLUMNS, rows.collect()).await
}
