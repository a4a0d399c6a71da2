//! Whole tables, row by row, for a copy that either engine can read: names and types come from the
//! migrations themselves, so that no table and no column can be forgotten.
use super::arg::instant_text;
use super::{Arg, MIGRATIONS, Rows, StoreFault, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::{Row, ValueRef};
use std::sync::OnceLock;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Whole number.
    Int,
    /// Text.
    Text,
    /// Yes or no.
    Bool,
    /// Date.
    Date,
    /// Instant.
    Time,
    /// JSON.
    Json,
}

/// A table of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Columns, in order.
    pub columns: Vec<&'static str>,
    /// Their types, in the same order.
    pub types: Vec<ColumnType>,
    /// Places of the columns of the primary key, in its order.
    pub key: Vec<usize>,
}

/// Every table that the migrations make, in their order.
pub fn tables() -> &'static [Table] {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    TABLES.get_or_init(|| MIGRATIONS.iter().fold(Vec::new(), |tables, (_, text)| read_tables(tables, text)))
}

/// The tables as one more migration leaves them. Both engines have the same columns: PostgreSQL's lines say which.
fn read_tables(mut tables: Vec<Table>, text: &'static str) -> Vec<Table> {
    let mut current: Option<Table> = None;
    let mut of_sqlite = false;
    for line in text.lines().map(str::trim) {
        of_sqlite = match line {
            "-- sqlite only" => true,
            "-- postgres only" | "-- both" => false,
            _ => of_sqlite,
        };
        if of_sqlite {
            continue;
        }
        if let Some((name, column)) = added_column(line) {
            let table = tables.iter_mut().find(|table| table.name == name);
            read_column(table.unwrap_or_else(|| panic!("no table {name} to add a column to")), column);
        } else if let Some(rest) = line.strip_prefix("create table ") {
            let name = rest.trim_end_matches('(').trim();
            current = Some(Table { name, columns: Vec::new(), types: Vec::new(), key: Vec::new() });
        } else if line == ");" {
            tables.extend(current.take());
        } else if let Some(table) = &mut current {
            read_column(table, line);
        }
    }
    tables
}

/// Table and column of `alter table t add column c type …`.
fn added_column(line: &'static str) -> Option<(&'static str, &'static str)> {
    line.strip_prefix("alter table ")?.split_once(" add column ")
}

fn read_column(table: &mut Table, line: &'static str) {
    if let Some(key) = line.strip_prefix("primary key (") {
        let names = key.trim_end_matches(',').trim_end_matches(')').split(',').map(str::trim);
        table.key = names.filter_map(|name| table.columns.iter().position(|column| *column == name)).collect();
        return;
    }
    let mut words = line.split_whitespace();
    let (Some(name), Some(typed)) = (words.next(), words.next()) else { return };
    let typed = match typed.trim_end_matches([',', ';']) {
        "bigint" => ColumnType::Int,
        "text" => ColumnType::Text,
        "boolean" => ColumnType::Bool,
        "date" => ColumnType::Date,
        "timestamptz" => ColumnType::Time,
        "jsonb" => ColumnType::Json,
        _ => return,
    };
    table.columns.push(name);
    table.types.push(typed);
}

/// The next rows of a table behind `after`, in the order of its key; one JSON array a row.
pub async fn read_rows(
    tx: &mut Tx,
    table: &'static Table,
    after: Option<&[Value]>,
    limit: i64,
) -> Result<Vec<Vec<Value>>, StoreFault> {
    let key: Vec<&str> = table.key.iter().map(|place| table.columns[*place]).collect();
    let order = key.join(", ");
    let (behind, mut args) = match after {
        None => (String::new(), Vec::new()),
        Some(row) => {
            let marks: Vec<String> = (1..=key.len()).map(|n| format!("${n}")).collect();
            let values = table.key.iter().map(|place| to_arg(table.types[*place], &row[*place]));
            (format!(" where ({order}) > ({})", marks.join(", ")), values.collect::<Result<_, _>>()?)
        }
    };
    args.push(Arg::from(limit));
    let columns = table.columns.join(", ");
    let sql = format!("select {columns} from {}{behind} order by {order} limit ${}", table.name, args.len());
    match tx.rows_built(sql, args).await? {
        Rows::Sqlite(rows) => rows.iter().map(|row| sqlite_row(table, row)).collect(),
        Rows::Pg(rows) => rows.iter().map(|row| pg_row(table, row)).collect(),
    }
}

/// Puts rows that [`read_rows`] gave, on either engine, into a table.
pub async fn write_rows(tx: &mut Tx, table: &'static Table, rows: &[Vec<Value>]) -> Result<(), StoreFault> {
    let turn = |row: &Vec<Value>| {
        if row.len() != table.types.len() {
            return Err(StoreFault::Broken(format!("a row of {} has {} columns", table.name, row.len())));
        }
        table.types.iter().zip(row).map(|(typed, value)| to_arg(*typed, value)).collect()
    };
    let rows = rows.iter().map(turn).collect::<Result<Vec<Vec<Arg>>, StoreFault>>()?;
    tx.insert(table.name, &table.columns, rows).await
}

fn to_arg(typed: ColumnType, value: &Value) -> Result<Arg, StoreFault> {
    let broken = || StoreFault::Broken(format!("{value} is not a {typed:?}"));
    let none = value.is_null();
    let text = || value.as_str().ok_or_else(broken);
    Ok(match typed {
        ColumnType::Int if none => Arg::Int(None),
        ColumnType::Text if none => Arg::Text(None),
        ColumnType::Bool if none => Arg::Bool(None),
        ColumnType::Date if none => Arg::Date(None),
        ColumnType::Time if none => Arg::Time(None),
        // JSON is wrapped, so that its own null is told from none.
        ColumnType::Json if none => Arg::Json(None),
        ColumnType::Int => Arg::Int(Some(value.as_i64().ok_or_else(broken)?)),
        ColumnType::Text => Arg::Text(Some(text()?.to_owned())),
        ColumnType::Bool => Arg::Bool(Some(value.as_bool().ok_or_else(broken)?)),
        ColumnType::Date => Arg::Date(Some(text()?.parse().map_err(|_| broken())?)),
        ColumnType::Time => Arg::Time(Some(text()?.parse::<DateTime<Utc>>().map_err(|_| broken())?)),
        ColumnType::Json => Arg::Json(Some(value.get("json").ok_or_else(broken)?.clone())),
    })
}

macro_rules! as_json {
    ($value:expr, $turn:expr) => {
        $value.map_or(Value::Null, $turn)
    };
}

fn sqlite_row(table: &Table, row: &sqlx::sqlite::SqliteRow) -> Result<Vec<Value>, StoreFault> {
    let mut values = Vec::with_capacity(table.types.len());
    for (i, typed) in table.types.iter().enumerate() {
        values.push(match typed {
            _ if row.try_get_raw(i)?.is_null() => Value::Null,
            ColumnType::Int => as_json!(row.try_get::<Option<i64>, _>(i)?, Value::from),
            ColumnType::Bool => as_json!(row.try_get::<Option<bool>, _>(i)?, Value::from),
            ColumnType::Json => {
                let text: String = row.try_get(i)?;
                let json: Value = serde_json::from_str(&text).map_err(|e| StoreFault::Broken(e.to_string()))?;
                serde_json::json!({ "json": json })
            }
            ColumnType::Text | ColumnType::Date | ColumnType::Time => {
                as_json!(row.try_get::<Option<String>, _>(i)?, Value::from)
            }
        });
    }
    Ok(values)
}

fn pg_row(table: &Table, row: &sqlx::postgres::PgRow) -> Result<Vec<Value>, StoreFault> {
    let mut values = Vec::with_capacity(table.types.len());
    for (i, typed) in table.types.iter().enumerate() {
        values.push(match typed {
            ColumnType::Int => as_json!(row.try_get::<Option<i64>, _>(i)?, Value::from),
            ColumnType::Bool => as_json!(row.try_get::<Option<bool>, _>(i)?, Value::from),
            ColumnType::Text => as_json!(row.try_get::<Option<String>, _>(i)?, Value::from),
            ColumnType::Date => as_json!(row.try_get::<Option<NaiveDate>, _>(i)?, |day| Value::from(day.to_string())),
            ColumnType::Time => {
                as_json!(row.try_get::<Option<DateTime<Utc>>, _>(i)?, |at| Value::from(instant_text(at)))
            }
            ColumnType::Json => {
                as_json!(row.try_get::<Option<Value>, _>(i)?, |json| serde_json::json!({ "json": json }))
            }
        });
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, translate};

    #[test]
    fn every_table_and_every_column_is_read() {
        let all: Vec<String> = MIGRATIONS.iter().flat_map(|(_, text)| translate(text, Engine::Postgres)).collect();
        let made: Vec<&String> = all.iter().filter(|statement| statement.starts_with("create table")).collect();
        let added: Vec<(&str, &str)> = all
            .iter()
            .filter_map(|statement| statement.strip_prefix("alter table ")?.split_once(" add column "))
            .map(|(table, column)| (table, column.split_whitespace().next().expect("a name")))
            .collect();
        assert!(added.contains(&("query", "line")), "{added:?}");
        for (table, column) in &added {
            let known = tables().iter().find(|known| known.name == *table);
            assert!(known.is_some_and(|known| known.columns.contains(column)), "{table}.{column} is copied");
        }
        assert_eq!(made.len(), tables().len());
        for (statement, table) in made.iter().zip(tables()) {
            assert!(statement.starts_with(&format!("create table {} (", table.name)), "{}", table.name);
            let lines = statement.lines().map(str::trim);
            let others = ["create ", "primary ", "check (", ")", "unique ", "foreign ", "constraint "];
            let columns = lines.filter(|line| !others.iter().any(|other| line.starts_with(other))).count();
            let later = added.iter().filter(|(name, _)| *name == table.name).count();
            assert_eq!(columns + later, table.columns.len(), "{}", table.name);
            assert!(!table.key.is_empty(), "{} has no key", table.name);
        }
    }
}
