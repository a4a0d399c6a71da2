//! Many rows at once: wide prepared inserts on SQLite, `unnest` on PostgreSQL.
use super::arg::{self, Arg};
use super::tx::Inner;
use super::{StoreFault, Tx};
use sqlx::postgres::PgArguments;
use sqlx::{Arguments, AssertSqlSafe, SqlSafeStr};

/// SQLite takes at most 32,766 bound values in a statement.
const SQLITE_VALUES: usize = 32_766;
/// Rows in one statement.
const ROWS: usize = 2_500;

pub(super) async fn insert(
    tx: &mut Tx,
    table: &'static str,
    columns: &'static [&'static str],
    mut rows: Vec<Vec<Arg>>,
) -> Result<(), StoreFault> {
    debug_assert!(rows.iter().all(|row| row.len() == columns.len()), "{table}: a value for each column");
    let head = format!("insert into {table} ({}) ", columns.join(", "));
    let per_statement = match tx.inner {
        Inner::Sqlite(_) => ROWS.min(SQLITE_VALUES / columns.len()),
        Inner::Pg(_) => ROWS,
    };
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(per_statement));
        let chunk = std::mem::replace(&mut rows, rest);
        match &mut tx.inner {
            Inner::Sqlite(inner) => {
                // `?`, not `$1`: SQLite looks up named values one by one.
                let row = format!("({})", vec!["?"; columns.len()].join(","));
                let sql = format!("{head}values {}", vec![row.as_str(); chunk.len()].join(","));
                let args = arg::sqlite(chunk.into_iter().flatten().collect())?;
                sqlx::query_with(AssertSqlSafe(sql).into_sql_str(), args).execute(&mut **inner).await?;
            }
            Inner::Pg(inner) => {
                let (casts, args) = columns_of(chunk)?;
                let sql = format!("{head}select * from unnest({casts})");
                sqlx::query_with(AssertSqlSafe(sql).into_sql_str(), args).execute(&mut **inner).await?;
            }
        }
    }
    Ok(())
}

/// Turns rows into one array a column, with the casts that name their types.
fn columns_of(rows: Vec<Vec<Arg>>) -> Result<(String, PgArguments), StoreFault> {
    let width = rows.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<Arg>> = (0..width).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut args = PgArguments::default();
    let mut casts = Vec::with_capacity(width);
    for (i, column) in columns.into_iter().enumerate() {
        macro_rules! array {
            ($variant:ident, $type:literal) => {{
                casts.push(format!("${}::{}[]", i + 1, $type));
                let values: Vec<_> = column
                    .into_iter()
                    .map(|value| match value {
                        Arg::$variant(inner) => Ok(inner),
                        other => Err(StoreFault::Broken(format!("column {} mixes types: {other:?}", i + 1))),
                    })
                    .collect::<Result<_, _>>()?;
                args.add(values)
            }};
        }
        match column[0] {
            Arg::Int(_) => array!(Int, "bigint"),
            Arg::Text(_) => array!(Text, "text"),
            Arg::Bool(_) => array!(Bool, "boolean"),
            Arg::Date(_) => array!(Date, "date"),
            Arg::Time(_) => array!(Time, "timestamptz"),
            Arg::Json(_) => array!(Json, "jsonb"),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok((casts.join(", "), args))
}
