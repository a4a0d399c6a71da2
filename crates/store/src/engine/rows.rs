//! Rows of either engine, decoded into one struct.
use super::StoreFault;
use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// A struct that decodes from a row of both engines; derive `sqlx::FromRow`.
pub trait Both: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}
impl<T> Both for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

/// What a statement answered.
pub enum Rows {
    /// From SQLite.
    Sqlite(Vec<SqliteRow>),
    /// From PostgreSQL.
    Pg(Vec<PgRow>),
}

impl Rows {
    /// Every row.
    pub fn all<T: Both>(self) -> Result<Vec<T>, StoreFault> {
        Ok(match self {
            Rows::Sqlite(rows) => rows.iter().map(T::from_row).collect::<sqlx::Result<_>>()?,
            Rows::Pg(rows) => rows.iter().map(T::from_row).collect::<sqlx::Result<_>>()?,
        })
    }
}
