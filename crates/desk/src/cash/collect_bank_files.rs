//! Fetching files from where the bank leaves them: each once, in an order in which they follow one another.
use super::collect_place::{LARGEST, Listed, Place};
use super::import_bank_statement::{ImportBankStatement, StatementsTaken, import_bank_statement};
use crate::core::actor::{Actor, Channel};
use crate::core::command::answer_to;
use crate::core::vault::{hex, random_bytes, sha256_hex};
use crate::jobs::ask::{AddJob, add_job};
use crate::{Desk, No, Outcome, command};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::intake::GAP;
use sundry_domain::cash::statements::NUMBER_GAP;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_store::bank_files::{self as store, BankPickupRow, BankSourceRow};
use sundry_store::control;

/// Makes bytes safe to be read here, as every door does with what it is given.
pub type Taste<'a> = &'a (dyn Fn(String, Vec<u8>) -> BoxFuture<'static, Outcome<Vec<u8>>> + Send + Sync);

/// What came of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// Its name there.
    pub name: String,
    /// accepted, again, held or rejected.
    pub outcome: String,
    /// What came of it, for a person.
    pub message: String,
}

/// What came of one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited {
    /// Its name.
    pub source: String,
    /// Whether it could not be reached.
    pub failed: bool,
    /// What came of it, for a person.
    pub message: String,
    /// The files that were fetched.
    pub files: Vec<Fetched>,
}

/// What was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// Place by place.
    pub sources: Vec<Visited>,
}

/// Fetches what lies at every place in use, or at the one with a name.
///
/// A file is taken once, by name, size and content. One that does not follow the last waits for the others to be tried
/// first. Fetched files are moved to `done`, refused ones to `refused`, beside where they lay.
///
/// # Errors
/// Duty; no such place. A place that cannot be reached is an answer, not an error.
pub async fn collect_bank_files(
    desk: &Desk,
    by: &Actor,
    (key, only): (&str, Option<&str>),
    taste: Taste<'_>,
) -> Outcome<Collected> {
    by.must_hold(Duty::ImportFiles)?;
    // The same key again is the same look: it gets the answer of then.
    if let Some(before) = answer_to(desk, by, ("collect_bank_files", key), &only).await? {
        return Ok(before);
    }
    let rows = store::bank_sources(&mut desk.look().await?, by.org).await?;
    if let Some(name) = only.filter(|name| !rows.iter().any(|row| row.name == **name)) {
        return Err(No::Absent(format!("place {name}")));
    }
    let mut collected = Collected::default();
    for row in rows.into_iter().filter(|row| only.map_or(row.in_use, |name| row.name == name)) {
        collected.sources.push(visit(desk, by, &row, taste).await?);
    }
    command!(desk, by, "collect_bank_files", key, &only, |cmd| {
        cmd.tell("BankFilesCollected", "bank sources", &collected);
        Ok(collected.clone())
    })
}

async fn visit(desk: &Desk, by: &Actor, source: &BankSourceRow, taste: Taste<'_>) -> Outcome<Visited> {
    let mut files = Vec::new();
    let came = match fetch(desk, by, source, taste, &mut files).await {
        Err(No::Fault(fault)) => return Err(No::Fault(fault)),
        other => other,
    };
    let count = |outcome: &str| files.iter().filter(|f| f.outcome == outcome).count();
    let (failed, message) = match came {
        Ok(waiting) => {
            let refused = count("held") + count("rejected");
            let waits = if waiting > 0 { format!(", {waiting} still being written") } else { String::new() };
            (
                false,
                format!("{} imported, {} known already, {refused} refused{waits}", count("accepted"), count("again")),
            )
        }
        Err(No::Refused(refusal)) => (true, format!("{} {}", refusal.sentence, refusal.way_out)),
        Err(other) => (true, other.to_string()),
    };
    let visited = Visited { source: source.name.clone(), failed, message, files };
    let key = format!("visited/{}", hex(&random_bytes::<16>()));
    command!(desk, by, "visit_bank_source", &key, &visited.source, |cmd| {
        store::looked_at(&mut cmd.tx, cmd.by.org, source.id, cmd.at, (&visited.message, visited.failed)).await?;
        cmd.tell("BankSourceVisited", format!("bank source {}", source.name), &visited);
        Ok(())
    })?;
    Ok(visited)
}

/// Fetches file after file; those that do not follow are tried again while others come in. Gives how many are unfinished.
async fn fetch(
    desk: &Desk,
    by: &Actor,
    source: &BankSourceRow,
    taste: Taste<'_>,
    files: &mut Vec<Fetched>,
) -> Outcome<usize> {
    let place = Place::open(desk, by.org, source).await?;
    let mut left = place.list(&source.pattern).await?;
    let mut unfinished = 0;
    loop {
        let mut later = Vec::new();
        let before = files.len();
        for file in left {
            let Some(bytes) = readable(&place, &file).await? else {
                unfinished += 1;
                continue;
            };
            match one(desk, by, source, (&place, &file, bytes), (taste, true)).await? {
                Some(fetched) => files.push(fetched),
                None => later.push(file),
            }
        }
        left = later;
        if left.is_empty() || files.len() == before {
            break;
        }
    }
    for file in left {
        let Some(bytes) = readable(&place, &file).await? else { continue };
        files.extend(one(desk, by, source, (&place, &file, bytes), (taste, false)).await?);
    }
    Ok(unfinished)
}

async fn readable(place: &Place, file: &Listed) -> Outcome<Option<Vec<u8>>> {
    if file.size > LARGEST {
        // Its first bytes are enough to be refused by.
        return Ok(Some(vec![0; usize::try_from(LARGEST).unwrap_or(usize::MAX) + 1]));
    }
    place.read(file).await
}

/// Imports a file and puts it away; nothing when it does not follow and others may come first.
async fn one(
    desk: &Desk,
    by: &Actor,
    source: &BankSourceRow,
    (place, file, bytes): (&Place, &Listed, Vec<u8>),
    (taste, patient): (Taste<'_>, bool),
) -> Outcome<Option<Fetched>> {
    let sha256 = sha256_hex(&bytes);
    let known = store::picked_before(&mut desk.look().await?, by.org, source.id, &sha256, &file.name).await?;
    let (outcome, message) = if known {
        ("again", "It was fetched before".to_owned())
    } else {
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let ask = ImportBankStatement {
            key: format!("fetched/{}/{}", source.id, &sha256_hex(format!("{sha256}/{}", file.name).as_bytes())[..32]),
            file_name: file.name.clone(),
            bytes: Vec::new(),
            format: said(&source.format),
            bank_account: said(&source.bank_account),
            source: source.name.clone(),
            dry_run: patient,
            ..ImportBankStatement::default()
        };
        let taken = match taste(file.name.clone(), bytes).await {
            Ok(bytes) => import_patiently(desk, by, ImportBankStatement { bytes, ..ask }).await,
            Err(no) => Err(no),
        };
        match taken {
            Ok(taken) if taken.already_on.is_some() => ("again", taken.message),
            Ok(taken) => ("accepted", taken.message),
            Err(No::Refused(refusal)) if patient && [GAP.code, NUMBER_GAP.code].contains(&refusal.code.as_str()) => {
                return Ok(None);
            }
            Err(No::Refused(refusal)) => ("held", format!("{} ({})", refusal.sentence, refusal.code)),
            Err(No::Invalid(all)) => {
                let first = all.first().map(|one| format!("{} ({})", one.message, one.field)).unwrap_or_default();
                ("rejected", first)
            }
            Err(other) => return Err(other),
        }
    };
    let kept = if known { Ok(()) } else { note(desk, by, source, (file, &sha256), (outcome, &message)).await };
    kept?;
    let into = if ["accepted", "again"].contains(&outcome) { "done" } else { "refused" };
    let message = match place.put_away(&file.name, into, &format!("{}-{}", &sha256[..8], file.name)).await {
        Ok(()) => message,
        Err(no) => format!("{message}; it could not be moved: {no}"),
    };
    Ok(Some(Fetched { name: file.name.clone(), outcome: outcome.into(), message }))
}

/// Imports; a file that is tried while others may come first leaves no trace of a gap.
async fn import_patiently(desk: &Desk, by: &Actor, ask: ImportBankStatement) -> Outcome<StatementsTaken> {
    if ask.dry_run {
        let looked = import_bank_statement(desk, by, ask.clone()).await;
        if let Err(No::Refused(refusal)) = &looked
            && [GAP.code, NUMBER_GAP.code].contains(&refusal.code.as_str())
        {
            return looked;
        }
    }
    import_bank_statement(desk, by, ImportBankStatement { dry_run: false, ..ask }).await
}

async fn note(
    desk: &Desk,
    by: &Actor,
    source: &BankSourceRow,
    (file, sha256): (&Listed, &str),
    (outcome, message): (&str, &str),
) -> Outcome<()> {
    let key = format!("picked/{}", hex(&random_bytes::<16>()));
    let said = serde_json::json!({ "name": file.name, "outcome": outcome, "message": message });
    command!(desk, by, "note_bank_pickup", &key, &said, |cmd| {
        let row = BankPickupRow {
            source_id: source.id,
            file_sha256: sha256.to_owned(),
            name: file.name.clone(),
            size_bytes: i64::try_from(file.size).unwrap_or(i64::MAX),
            outcome: outcome.to_owned(),
            message: message.to_owned(),
            picked_at: cmd.at,
        };
        store::add_bank_pickup(&mut cmd.tx, cmd.by.org, &row).await?;
        cmd.tell("BankFileFetched", format!("bank source {}", source.name), &said);
        Ok(())
    })
}

/// Asks for a look at every place whose time has come, of every organisation; gives how many.
///
/// # Errors
/// Only when the database cannot be asked.
pub async fn ask_for_due_collections(desk: &Desk) -> Outcome<usize> {
    let organisations = control::organisations(&mut desk.look().await?).await?;
    let now = desk.clock().now();
    let mut asked = 0;
    for one in organisations {
        let org = OrgId(one.id);
        let rows = store::bank_sources(&mut desk.look().await?, org).await?;
        for row in rows.into_iter().filter(|row| row.in_use && is_due(row, now)) {
            let by = Actor { channel: Channel::Job, ..Actor::operator(org, "Operator") };
            // The same look asked for twice is one job.
            let slot = now.timestamp() / 60 / row.every_minutes.max(1);
            let dedupe_key = format!("collect/{}/{}/{slot}", row.id, row.version);
            let request = serde_json::json!({ "source": row.name });
            let key = format!("collect/{}", hex(&random_bytes::<16>()));
            let ask = AddJob { key, kind: "collect_bank_files".into(), dedupe_key, request };
            asked += usize::from(!add_job(desk, &by, ask).await?.was_there);
        }
    }
    Ok(asked)
}

fn is_due(row: &BankSourceRow, now: DateTime<Utc>) -> bool {
    row.looked_at.is_none_or(|at| now - at >= TimeDelta::minutes(row.every_minutes))
}
