//! Opening a database by its URL.
use super::{StoreFault, Tx};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database: one writer and several readers on SQLite, a pool on PostgreSQL.
#[derive(Clone)]
pub struct Db {
    pub(super) pools: Pools,
    /// Commands of this process take turns, so that they do not make each other start again.
    gate: Arc<Mutex<()>>,
    url: Arc<str>,
}

#[derive(Clone)]
pub(super) enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Pg(PgPool),
}

impl Db {
    /// Opens `sqlite:PATH` (made if absent) or `postgres://…`.
    pub async fn open(url: &str) -> Result<Db, StoreFault> {
        let pools = if let Some(path) = url.strip_prefix("sqlite:") {
            open_sqlite(path.strip_prefix("//").unwrap_or(path)).await?
        } else {
            let options: PgConnectOptions = url.parse()?;
            let options = options.options([
                ("default_transaction_isolation", "serializable"),
                ("timezone", "UTC"),
                ("jit", "off"),
                // A ledger is in memory or on flash: the next page costs little more than the one beside it.
                ("random_page_cost", "1.1"),
            ]);
            let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(20));
            Pools::Pg(pool.test_before_acquire(false).connect_with(options).await?)
        };
        Ok(Db { pools, gate: Arc::new(Mutex::new(())), url: url.into() })
    }

    /// Where it was opened.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Pg(_) => Engine::Postgres,
        }
    }

    /// Begins a command's transaction: one writer at a time in this process, serializable.
    pub async fn begin(&self) -> Result<Tx, StoreFault> {
        let turn = self.gate.clone().lock_owned().await;
        Ok(match &self.pools {
            Pools::Sqlite { write, .. } => Tx::sqlite(write.begin_with("BEGIN IMMEDIATE").await?, Some(turn)),
            Pools::Pg(pool) => Tx::pg(pool.begin_with("BEGIN ISOLATION LEVEL SERIALIZABLE").await?, Some(turn)),
        })
    }

    /// Begins a question's transaction: one moment in time, nothing can be written.
    pub async fn read(&self) -> Result<Tx, StoreFault> {
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Tx::sqlite(read.begin().await?, None),
            Pools::Pg(pool) => Tx::pg(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?, None),
        })
    }

    /// After many rows at once: has PostgreSQL look at its tables, so that it plans for what is there now.
    ///
    /// SQLite was told the shape of a ledger when it was migrated.
    pub async fn take_stock(&self) -> Result<(), StoreFault> {
        if self.engine() == Engine::Sqlite {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        tx.ddl("analyze".into()).await?;
        tx.commit().await
    }

    /// After very many open items were changed: has PostgreSQL take away what was there before, so that what is owed is
    /// added up from an index alone. It would do so by itself, a minute or more later.
    pub async fn clear_away(&self) -> Result<(), StoreFault> {
        match &self.pools {
            Pools::Sqlite { .. } => Ok(()),
            Pools::Pg(pool) => {
                sqlx::raw_sql("vacuum (analyze, skip_locked) open_item").execute(pool).await?;
                Ok(())
            }
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Pg(pool) => pool.close().await,
        }
    }
}

/// Makes the file readable by its owner alone; what SQLite lays beside it takes after it.
fn make_private(path: &str) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    if path == ":memory:" {
        return Ok(());
    }
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let open_to_others = std::fs::metadata(path)?.permissions().mode() & 0o077 != 0;
            if open_to_others {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
            }
            Ok(())
        }
        other => other.map(drop),
    }
}

/// SQLite answers on a thread of its own: so many rows may wait to be taken before that thread must sleep.
const ROWS_AHEAD: usize = 4_096;
/// A page that several commands change is copied into the database once: 128 MB of them may wait in the log.
const PAGES_BETWEEN_CHECKPOINTS: &str = "32768";

async fn open_sqlite(path: &str) -> Result<Pools, StoreFault> {
    make_private(path).map_err(sqlx::Error::Io)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(20))
        .statement_cache_capacity(300)
        .row_buffer_size(ROWS_AHEAD)
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "2147418112")
        .pragma("wal_autocheckpoint", PAGES_BETWEEN_CHECKPOINTS)
        .pragma("temp_store", "MEMORY");
    let write = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
    let write = write.connect_with(options.clone()).await?;
    let read = SqlitePoolOptions::new().max_connections(4).test_before_acquire(false);
    let read = read.connect_with(options.pragma("query_only", "1")).await?;
    Ok(Pools::Sqlite { write, read })
}
