//! Values bound into statements. The program binds every date, instant, id and random value.
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

/// One bound value; the variant carries the column's type even when there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// A whole number: pence, ids, counts.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// Yes or no.
    Bool(Option<bool>),
    /// A business date.
    Date(Option<NaiveDate>),
    /// An instant, to the microsecond, in UTC.
    Time(Option<DateTime<Utc>>),
    /// A JSON document.
    Json(Option<serde_json::Value>),
}

macro_rules! from {
    ($($from:ty => $variant:ident($convert:expr)),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from(value: $from) -> Self { Arg::$variant(Some($convert(value))) }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self { Arg::$variant(value.map($convert)) }
        }
    )*};
}

from! {
    i64 => Int(|v| v), i32 => Int(i64::from), u32 => Int(i64::from),
    String => Text(|v| v), &str => Text(|v: &str| v.to_owned()), &String => Text(|v: &String| v.clone()),
    bool => Bool(|v| v), NaiveDate => Date(|v| v), DateTime<Utc> => Time(|v| v),
    serde_json::Value => Json(|v| v),
    sundry_domain::money::Pence => Int(|v: sundry_domain::money::Pence| v.0),
}

macro_rules! from_ids {
    ($($id:ident),* $(,)?) => {$(
        impl From<sundry_domain::ids::$id> for Arg {
            fn from(value: sundry_domain::ids::$id) -> Self { Arg::Int(Some(value.0)) }
        }
        impl From<Option<sundry_domain::ids::$id>> for Arg {
            fn from(value: Option<sundry_domain::ids::$id>) -> Self { Arg::Int(value.map(|v| v.0)) }
        }
    )*};
}

from_ids!(
    OrgId,
    UserId,
    CustomerId,
    DocumentId,
    ItemId,
    JournalId,
    ReceiptId,
    BankLineId,
    AllocationId,
    QueryId,
    HoldId,
    LetterId,
    RunId,
    JobId,
    ApprovalId,
    BatchId
);

/// Instants are stored on SQLite as text of one width, so that they sort.
pub(super) fn instant_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

pub(super) fn sqlite(args: Vec<Arg>) -> sqlx::Result<SqliteArguments> {
    let mut bound = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Int(v) => bound.add(v),
            Arg::Text(v) => bound.add(v),
            Arg::Bool(v) => bound.add(v),
            Arg::Date(v) => bound.add(v.map(|d| d.to_string())),
            Arg::Time(v) => bound.add(v.map(instant_text)),
            Arg::Json(v) => bound.add(v.map(|j| j.to_string())),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

pub(super) fn postgres(args: Vec<Arg>) -> sqlx::Result<PgArguments> {
    let mut bound = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Int(v) => bound.add(v),
            Arg::Text(v) => bound.add(v),
            Arg::Bool(v) => bound.add(v),
            Arg::Date(v) => bound.add(v),
            Arg::Time(v) => bound.add(v),
            Arg::Json(v) => bound.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}
