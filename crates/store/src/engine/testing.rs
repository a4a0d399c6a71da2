//! Databases for tests: a private PostgreSQL cluster on loopback, and SQLite files.
//!
//! The cluster belongs to the test process: a small shell holds it and stops it by process id
//! when the test process ends, however it ends. It is never durable and never shared.
use super::{Db, Engine, migrate};
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

static CLUSTER: OnceLock<Result<Cluster, String>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

struct Cluster {
    port: u16,
    _holder: Child,
}

/// The engines to test on: SQLite always; PostgreSQL too, unless `SUNDRY_TEST_ENGINE=sqlite`.
pub fn engines() -> Vec<Engine> {
    match std::env::var("SUNDRY_TEST_ENGINE").as_deref() {
        Ok("sqlite") => vec![Engine::Sqlite],
        Ok("postgres") => vec![Engine::Postgres],
        _ => vec![Engine::Sqlite, Engine::Postgres],
    }
}

/// The URL of a new empty database on the engine; SQLite's lies in `folder`.
pub async fn fresh_url(engine: Engine, folder: &Path) -> String {
    match engine {
        Engine::Sqlite => url_of(&next_file(folder)),
        Engine::Postgres => create_database(port(), &next_name(), "").await,
    }
}

/// A new migrated database on the engine: a copy of the one that this process migrated first.
pub async fn fresh(engine: Engine, folder: &Path) -> Db {
    let url = match engine {
        Engine::Sqlite => {
            let migrated = MIGRATED_FILE.get_or_init(migrated_file).await;
            let file = next_file(folder);
            std::fs::write(&file, migrated).expect("a copy is written");
            url_of(&file)
        }
        Engine::Postgres => {
            let migrated = MIGRATED_NAME.get_or_init(migrated_name).await;
            create_database(port(), &next_name(), migrated).await
        }
    };
    Db::open(&url).await.expect("a fresh database opens")
}

/// SQLite's file of a migrated database.
static MIGRATED_FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
/// PostgreSQL's name of a migrated database, which nobody is connected to.
static MIGRATED_NAME: OnceCell<String> = OnceCell::const_new();

async fn migrated_file() -> Vec<u8> {
    let name = format!("sundry-migrated-{}-{}.sqlite", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let file = std::env::temp_dir().join(name);
    migrated(&url_of(&file)).await;
    let bytes = std::fs::read(&file).expect("the migrated file is read");
    std::fs::remove_file(&file).expect("the migrated file goes");
    bytes
}

async fn migrated_name() -> String {
    let name = next_name();
    migrated(&create_database(port(), &name, "").await).await;
    name
}

async fn migrated(url: &str) {
    let db = Db::open(url).await.expect("a fresh database opens");
    migrate(&db).await.expect("a fresh database migrates");
    db.close().await;
}

fn next_file(folder: &Path) -> PathBuf {
    folder.join(format!("t{}.sqlite", NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn url_of(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

fn next_name() -> String {
    format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn port() -> u16 {
    match CLUSTER.get_or_init(start_cluster) {
        Ok(cluster) => cluster.port,
        Err(why) => panic!("no PostgreSQL for tests: {why}"),
    }
}

/// Makes a database, as a copy of another where one is named; gives its URL.
async fn create_database(port: u16, name: &str, like: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let mut connection = sqlx::PgConnection::connect(&format!("postgres://sundry@127.0.0.1:{port}/postgres"))
        .await
        .expect("the test cluster answers");
    let template = if like.is_empty() { String::new() } else { format!(" template {like}") };
    connection.execute(AssertSqlSafe(format!("create database {name}{template}"))).await.expect("a database is made");
    format!("postgres://sundry@127.0.0.1:{port}/{name}")
}

fn start_cluster() -> Result<Cluster, String> {
    let bin = binaries()?;
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(|e| e.to_string())?.port();
    let folder = std::env::temp_dir().join(format!("sundry-pg-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let root = Command::new("id").arg("-u").output().map(|o| o.stdout == b"0\n").unwrap_or(false);
    let run_as = if root { "setpriv --reuid=postgres --regid=postgres --init-groups --" } else { "" };
    let script = format!(
        r#"set -e
trap '' INT TERM HUP
if [ -n "{run_as}" ]; then chown postgres "{folder}"; fi
cd "{folder}"
{run_as} "{bin}/initdb" -D "{folder}/data" -U sundry -A trust -E UTF8 --locale=C >"{folder}.log" 2>&1
{run_as} "{bin}/postgres" -D "{folder}/data" -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="{folder}" -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=128MB >>"{folder}.log" 2>&1 &
pid=$!
cat >/dev/null || true
kill -INT $pid 2>/dev/null || true
wait $pid 2>/dev/null || true
rm -rf "{folder}" "{folder}.log"
"#,
        folder = folder.display(),
        bin = bin.display(),
    );
    let mut holder = Command::new("sh")
        .arg("-c")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    let started = Instant::now();
    loop {
        if ready(port) {
            return Ok(Cluster { port, _holder: holder });
        }
        if started.elapsed() > Duration::from_secs(90) || holder.try_wait().is_ok_and(|ended| ended.is_some()) {
            let log = std::fs::read_to_string(format!("{}.log", folder.display())).unwrap_or_default();
            return Err(format!("the test cluster did not start: {log}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether a server answers PostgreSQL's request for encryption, and is past its start-up.
fn ready(port: u16) -> bool {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let Ok(mut stream) = std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)) else {
        return false;
    };
    let mut hello = vec![0, 0, 0, 0, 0, 3, 0, 0];
    hello.extend_from_slice(b"user\0sundry\0database\0postgres\0\0");
    let length = hello.len() as u32;
    hello[..4].copy_from_slice(&length.to_be_bytes());
    let mut answer = [0u8; 1];
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    stream.write_all(&hello).is_ok() && std::io::Read::read_exact(&mut stream, &mut answer).is_ok() && answer[0] == b'R'
}

fn binaries() -> Result<PathBuf, String> {
    if let Ok(set) = std::env::var("SUNDRY_TEST_POSTGRES_BIN") {
        return Ok(set.into());
    }
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .map_err(|_| "PostgreSQL is not installed; run make setup".to_owned())?
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).ok_or_else(|| "PostgreSQL is not installed; run make setup".into())
}
