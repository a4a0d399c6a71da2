//! A whole home in one file, and back again on either engine (P27).
//!
//! The file is a line naming the format, then parts: a line of JSON with name, size and SHA-256, then the
//! bytes; the last part lists all the others, so that a shortened file shows. Tables are JSON lines, portable
//! between engines. Kept files and bank details stay sealed as they are; with `with_keys` the keys lie beside
//! them, so such a file must be kept as safe as the home itself, and without it, it opens only with the keys.
use crate::core::vault::{hex, sha256_hex, write_private};
use crate::{Desk, Fault, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use sundry_domain::refusal::Invalid;
use sundry_store::engine::tables::{Table, read_rows, tables, write_rows};
use sundry_store::engine::{MIGRATIONS, migrate};
use sundry_store::{Db, Tx};

const MAGIC: &str = "SUNDRY BACKUP 1\n";
/// Rows in a part, so that memory stays flat.
const ROWS: i64 = 5_000;
/// The largest part that is believed.
const LARGEST_PART: u64 = 4 << 30;
/// Folders of a home that are copied.
const FOLDERS: [&str; 2] = ["files", "audit"];
const END: &str = "end";
const ABOUT: &str = "about";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    name: String,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct About {
    migration: String,
    engine: String,
    made_at: chrono::DateTime<chrono::Utc>,
}

/// What a backup holds, or a restore brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Rows of all tables.
    pub rows: u64,
    /// Files, keys and settings.
    pub files: u64,
    /// Parts, the closing one left out.
    pub parts: u64,
    /// SHA-256 of the closing part, which stands for all of it.
    pub sha256: String,
}

fn spoilt(why: impl std::fmt::Display) -> Fault {
    Fault::new(format!("the backup cannot be used: {why}"))
}

// Making -----------------------------------------------------------------------------

struct Writer {
    out: BufWriter<File>,
    parts: Vec<Part>,
}

impl Writer {
    fn part(&mut self, name: &str, bytes: &[u8]) -> Outcome<()> {
        let part = Part { name: name.into(), bytes: bytes.len() as u64, sha256: sha256_hex(bytes) };
        writeln!(self.out, "{}", serde_json::to_string(&part)?)?;
        self.out.write_all(bytes)?;
        self.parts.push(part);
        Ok(())
    }
}

/// Copies a home into one file: every table at one moment, kept files, signed heads, settings, and the keys if asked.
///
/// # Errors
/// The file is there already, or cannot be written.
pub async fn backup(desk: &Desk, file: &Path, with_keys: bool) -> Outcome<Copied> {
    if file.exists() {
        return Err(Invalid::field("file", "Choose a file that is not there yet", file.display().to_string()).into());
    }
    let part = file.with_extension("part");
    let mut writer = Writer { out: BufWriter::new(private_file(&part)?), parts: Vec::new() };
    writer.out.write_all(MAGIC.as_bytes())?;
    let about = About {
        migration: MIGRATIONS.last().map_or("", |(name, _)| name).into(),
        engine: format!("{:?}", desk.db().engine()),
        made_at: desk.clock().now(),
    };
    writer.part(ABOUT, &serde_json::to_vec(&about)?)?;
    let mut look = desk.look().await?;
    let mut rows = 0;
    for table in tables() {
        rows += copy_table(&mut look, table, &mut writer).await?;
    }
    drop(look);
    let before = writer.parts.len();
    // Files come after the rows that name them: none of those can be missing.
    copy_files(desk.home(), with_keys, &mut writer)?;
    let files = (writer.parts.len() - before) as u64;
    let end = serde_json::to_vec(&writer.parts)?;
    let parts = writer.parts.len() as u64;
    writer.part(END, &end)?;
    let out = writer.out.into_inner().map_err(|e| spoilt(e.error()))?;
    out.sync_all()?;
    std::fs::rename(&part, file)?;
    Ok(Copied { rows, files, parts, sha256: sha256_hex(&end) })
}

fn private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

async fn copy_table(tx: &mut Tx, table: &'static Table, writer: &mut Writer) -> Outcome<u64> {
    let (mut count, mut after) = (0, None::<Vec<Value>>);
    for place in 1.. {
        let rows = read_rows(tx, table, after.as_deref(), ROWS).await?;
        if rows.is_empty() && place > 1 {
            break;
        }
        let mut lines = Vec::new();
        for row in &rows {
            serde_json::to_writer(&mut lines, row)?;
            lines.push(b'\n');
        }
        writer.part(&format!("table/{}/{place:06}", table.name), &lines)?;
        count += rows.len() as u64;
        after = rows.into_iter().next_back();
        if after.is_none() {
            break;
        }
    }
    Ok(count)
}

fn copy_files(home: &Path, with_keys: bool, writer: &mut Writer) -> Outcome<()> {
    let mut found = Vec::new();
    for folder in FOLDERS.iter().copied().chain(with_keys.then_some("keys")) {
        walk(&home.join(folder), &mut found)?;
    }
    let settings = home.join("sundry.toml");
    if settings.exists() {
        found.push(settings);
    }
    found.sort();
    for path in found {
        let name = path.strip_prefix(home).map_err(spoilt)?.to_string_lossy().into_owned();
        writer.part(&name, &std::fs::read(&path)?)?;
    }
    Ok(())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome<()> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e.into()),
    };
    for entry in entries {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        match entry.file_type()? {
            kind if kind.is_dir() => walk(&entry.path(), found)?,
            kind if kind.is_file() && !hidden => found.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}

// Bringing back ----------------------------------------------------------------------

struct Reader {
    from: BufReader<File>,
}

impl Reader {
    fn open(file: &Path) -> Outcome<Reader> {
        let mut from = BufReader::new(File::open(file)?);
        let mut magic = vec![0; MAGIC.len()];
        from.read_exact(&mut magic).map_err(|_| spoilt("it is not a backup of a home"))?;
        if magic != MAGIC.as_bytes() {
            return Err(spoilt("it is not a backup of a home").into());
        }
        Ok(Reader { from })
    }

    /// The next part, proved against its hash; none at the end of the file.
    fn next(&mut self) -> Outcome<Option<(Part, Vec<u8>)>> {
        let mut line = Vec::new();
        self.from.by_ref().take(4_096).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let part: Part = serde_json::from_slice(&line).map_err(|_| spoilt("a part has no heading"))?;
        if part.bytes > LARGEST_PART {
            return Err(spoilt(format!("part {} is too large", part.name)).into());
        }
        let mut bytes = Vec::new();
        self.from.by_ref().take(part.bytes).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != part.bytes || hex(&Sha256::digest(&bytes)) != part.sha256 {
            return Err(spoilt(format!("part {} does not match its hash", part.name)).into());
        }
        Ok(Some((part, bytes)))
    }
}

/// Proves a backup without bringing it back: every part against its hash, and that none is missing.
///
/// # Errors
/// What is wrong with it, naming the part.
pub fn prove_backup(file: &Path) -> Outcome<Copied> {
    let mut reader = Reader::open(file)?;
    let mut parts: Vec<Part> = Vec::new();
    let (mut rows, mut files) = (0, 0);
    while let Some((part, bytes)) = reader.next()? {
        if part.name == END {
            let listed: Vec<Part> = serde_json::from_slice(&bytes)?;
            if listed != parts || reader.next()?.is_some() {
                return Err(spoilt("its parts are not those that were made").into());
            }
            let parts = parts.len() as u64;
            return Ok(Copied { rows, files, parts, sha256: part.sha256 });
        }
        if part.name == ABOUT {
            check_version(&bytes)?;
        } else if part.name.starts_with("table/") {
            table_of(&part.name)?;
            rows += bytes.iter().filter(|b| **b == b'\n').count() as u64;
        } else {
            safe_path(Path::new(""), &part.name)?;
            files += 1;
        }
        parts.push(part);
    }
    Err(spoilt("its end is missing").into())
}

/// Brings a backup back into an empty folder and an empty database of either engine, having proved all of it first.
///
/// # Errors
/// A backup that does not prove; a folder or database that is not empty.
pub async fn restore(file: &Path, home: &Path, db_url: &str) -> Outcome<Copied> {
    let proved = prove_backup(file)?;
    let in_use = |name: &str| Invalid::field(name, "Choose an empty one", home.display().to_string());
    std::fs::create_dir_all(home)?;
    if std::fs::read_dir(home)?.next().is_some() {
        return Err(in_use("home").into());
    }
    let db = Db::open(db_url).await?;
    migrate(&db).await?;
    let restored = restore_into(file, home, &db).await;
    db.close().await;
    restored.map(|()| proved)
}

async fn restore_into(file: &Path, home: &Path, db: &Db) -> Outcome<()> {
    let mut tx = db.begin().await?;
    for table in tables() {
        if !read_rows(&mut tx, table, None, 1).await?.is_empty() {
            return Err(Invalid::field("database", "Choose an empty one", table.name).into());
        }
    }
    let mut reader = Reader::open(file)?;
    while let Some((part, bytes)) = reader.next()? {
        if part.name == ABOUT || part.name == END {
            continue;
        }
        if part.name.starts_with("table/") {
            let rows = bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty());
            let rows: Vec<Vec<Value>> = rows.map(serde_json::from_slice).collect::<Result<_, _>>()?;
            if !rows.is_empty() {
                write_rows(&mut tx, table_of(&part.name)?, &rows).await?;
            }
        } else {
            let path = safe_path(home, &part.name)?;
            std::fs::create_dir_all(path.parent().unwrap_or(home))?;
            write_private(&path, &bytes)?;
        }
    }
    Ok(tx.commit().await?)
}

fn check_version(bytes: &[u8]) -> Outcome<()> {
    let about: About = serde_json::from_slice(bytes)?;
    let ours = MIGRATIONS.last().map_or("", |(name, _)| name);
    if about.migration != ours {
        return Err(spoilt(format!("it was made at schema {} and this program is at {ours}", about.migration)).into());
    }
    Ok(())
}

fn table_of(part: &str) -> Outcome<&'static Table> {
    let name = part.split('/').nth(1).unwrap_or("");
    let table = tables().iter().find(|table| table.name == name);
    Ok(table.ok_or_else(|| spoilt(format!("it has a table {name} that this program does not know")))?)
}

/// A path inside the home and nowhere else.
fn safe_path(home: &Path, name: &str) -> Outcome<PathBuf> {
    let path = Path::new(name);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    let first = name.split('/').next().unwrap_or("");
    if !plain || !(FOLDERS.contains(&first) || first == "keys" || name == "sundry.toml") {
        return Err(spoilt(format!("it has a file where none may be: {name}")).into());
    }
    Ok(home.join(path))
}
