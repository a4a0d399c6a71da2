//! One transaction: a command's, or a question's moment in time.
use super::arg::{self, Arg};
use super::bulk;
use super::rows::{Both, Rows};
use super::{Engine, StoreFault};
use sqlx::postgres::Postgres;
use sqlx::sqlite::Sqlite;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr, Transaction};
use sundry_domain::ids::OrgId;
use tokio::sync::OwnedMutexGuard;

/// How many ids or words a statement lists.
const LISTED: [usize; 3] = [8, 64, 1_024];

/// A transaction on either engine. Dropped without [`Tx::commit`], nothing happened.
pub struct Tx {
    pub(super) inner: Inner,
    _turn: Option<OwnedMutexGuard<()>>,
}

pub(super) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) fn sqlite(tx: Transaction<'static, Sqlite>, turn: Option<OwnedMutexGuard<()>>) -> Tx {
        Tx { inner: Inner::Sqlite(tx), _turn: turn }
    }

    pub(super) fn pg(tx: Transaction<'static, Postgres>, turn: Option<OwnedMutexGuard<()>>) -> Tx {
        Tx { inner: Inner::Pg(tx), _turn: turn }
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Pg(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and gives its rows.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Rows, StoreFault> {
        self.rows_of(sql.into_sql_str(), args).await
    }

    /// Every row as `T`.
    pub async fn all<T: Both>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>, StoreFault> {
        self.rows(sql, args).await?.all()
    }

    /// The one row there may be.
    pub async fn maybe<T: Both>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<T>, StoreFault> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The one row there must be.
    pub async fn one<T: Both>(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<T, StoreFault> {
        self.maybe(sql, args).await?.ok_or_else(|| StoreFault::Broken(format!("no row for: {sql}")))
    }

    /// Every row of a statement put together from constant parts; values are always bound.
    pub async fn all_built<T: Both>(&mut self, sql: String, args: Vec<Arg>) -> Result<Vec<T>, StoreFault> {
        self.rows_of(AssertSqlSafe(sql).into_sql_str(), args).await?.all()
    }

    /// Every row of a statement that asks for listed ids or words, which stand between its parts; `$1` is the
    /// organisation. As many statements as the list needs, each with its rows in its own order.
    pub async fn all_listed<T: Both, V: Ord + Copy + Into<Arg>, const N: usize>(
        &mut self,
        sql: [&'static str; N],
        org: OrgId,
        listed: impl Iterator<Item = V>,
    ) -> Result<Vec<T>, StoreFault> {
        // Each once: one that is in two statements would give its rows twice.
        let mut listed: Vec<V> = listed.collect();
        listed.sort_unstable();
        listed.dedup();
        let listed: Vec<Arg> = listed.into_iter().map(Into::into).collect();
        let mut found = Vec::new();
        for part in listed.chunks(LISTED[LISTED.len() - 1]) {
            // One of few lengths, the last one repeated: a list of any length finds its statement prepared.
            let length = LISTED.into_iter().find(|length| part.len() <= *length).unwrap_or(part.len());
            let places: Vec<String> = (2..length + 2).map(|place| format!("${place}")).collect();
            let padded = part.iter().chain(part.last().into_iter().cycle()).take(length);
            let mut values = vec![Arg::from(org)];
            values.extend(padded.cloned());
            found.extend(self.all_built(sql.join(places.join(", ").as_str()), values).await?);
        }
        Ok(found)
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, StoreFault> {
        self.run_of(sql.into_sql_str(), args).await
    }

    pub(super) async fn run_of(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<u64, StoreFault> {
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::query_with(sql, arg::sqlite(args)?).execute(&mut **tx).await?.rows_affected(),
            Inner::Pg(tx) => sqlx::query_with(sql, arg::postgres(args)?).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// As [`Tx::all_built`], undecoded.
    pub(super) async fn rows_built(&mut self, sql: String, args: Vec<Arg>) -> Result<Rows, StoreFault> {
        self.rows_of(AssertSqlSafe(sql).into_sql_str(), args).await
    }

    async fn rows_of(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<Rows, StoreFault> {
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => Rows::Sqlite(sqlx::query_with(sql, arg::sqlite(args)?).fetch_all(&mut **tx).await?),
            Inner::Pg(tx) => Rows::Pg(sqlx::query_with(sql, arg::postgres(args)?).fetch_all(&mut **tx).await?),
        })
    }

    /// Inserts many rows into the named columns of a table; one call, whatever the engine does best.
    pub async fn insert(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Arg>>,
    ) -> Result<(), StoreFault> {
        bulk::insert(self, table, columns, rows).await
    }

    /// Runs one statement of a migration, exactly as written.
    pub(super) async fn ddl(&mut self, sql: String) -> Result<(), StoreFault> {
        let sql = AssertSqlSafe(sql).into_sql_str();
        match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
            Inner::Pg(tx) => sqlx::raw_sql(sql).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// Makes it permanent.
    ///
    /// # Errors
    /// [`StoreFault::Commit`] when the answer was lost: the idempotency key settles what happened.
    pub async fn commit(self) -> Result<(), StoreFault> {
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Pg(tx) => tx.commit().await,
        }
        .map_err(StoreFault::Commit)
    }

    /// Gives up; nothing happened.
    pub async fn rollback(self) -> Result<(), StoreFault> {
        match self.inner {
            Inner::Sqlite(tx) => tx.rollback().await?,
            Inner::Pg(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}
