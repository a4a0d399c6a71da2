//! How a bank lays out its CSV, written by people: each change is a version, and the newest counts.
use super::common::check_words;
use super::payment_layouts::is_of_payments;
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome, command};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_formats::bank_statement::{Preview, Profile, first_rows, preview, profiles};
use sundry_store::Tx;
use sundry_store::bank_files::{self as store, CsvProfileRow};

/// A layout in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsvProfile {
    /// The layout.
    pub profile: Profile,
    /// Its version; 0 for one that ships.
    pub version: i64,
    /// What changed, or why.
    pub note: String,
    /// Whether it ships with the product.
    pub ships: bool,
    /// Who wrote it; empty for one that ships.
    pub written_by: String,
    /// When.
    pub written_at: Option<DateTime<Utc>>,
}

/// Keeps a layout as a new version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SaveCsvProfile {
    /// Idempotency key.
    pub key: String,
    /// The layout, under its own name.
    pub profile: Profile,
    /// What changed, or why.
    #[serde(default)]
    pub note: String,
    /// The version that was seen; 0 for a new one. Another since then is a refusal.
    #[serde(default)]
    pub seen_version: Option<i64>,
}

/// Ends a layout: statements can no longer be imported by it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndCsvProfile {
    /// Idempotency key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Why.
    pub note: String,
}

/// The version that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsvProfileSaved {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: i64,
    /// Whether anything changed; the same layout again is no new version.
    pub changed: bool,
}

/// Whoever sees accounts or keeps the settings.
fn may_look(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ManageSettings) { Ok(()) } else { Ok(by.must_hold(Duty::View)?) }
}

/// The layouts in use that people of an organisation wrote.
pub(crate) async fn own_profiles(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Profile>> {
    let rows = newest(store::csv_profiles(tx, org).await?);
    let own = rows.into_iter().filter(|row| row.in_use && !is_of_payments(row));
    own.map(|row| Ok(serde_json::from_value(row.layout)?)).collect()
}

/// The newest version of each.
pub(super) fn newest(rows: Vec<CsvProfileRow>) -> Vec<CsvProfileRow> {
    let mut found: Vec<CsvProfileRow> = Vec::new();
    for row in rows {
        if found.last().is_none_or(|last| last.name != row.name) {
            found.push(row);
        }
    }
    found
}

/// Every layout in use: one's own, then those that ship.
///
/// # Errors
/// Duty.
pub async fn csv_profiles(desk: &Desk, by: &Actor) -> Outcome<Vec<CsvProfile>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let rows = newest(store::csv_profiles(&mut look, by.org).await?);
    let own = rows.into_iter().filter(|row| row.in_use && !is_of_payments(row)).map(shown);
    let mut all = own.collect::<Outcome<Vec<CsvProfile>>>()?;
    let taken: Vec<String> = all.iter().map(|p| p.profile.name.clone()).collect();
    let ours = profiles().iter().filter(|p| !taken.contains(&p.name)).map(|profile| CsvProfile {
        profile: profile.clone(),
        version: 0,
        note: String::new(),
        ships: true,
        written_by: String::new(),
        written_at: None,
    });
    all.extend(ours);
    Ok(all)
}

/// The layouts of one's own that are in use, as the readers take them.
///
/// # Errors
/// Duty.
pub async fn own_csv_profiles(desk: &Desk, by: &Actor) -> Outcome<Vec<Profile>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    own_profiles(&mut look, by.org).await
}

/// Every version of a layout that somebody wrote, the newest first.
///
/// # Errors
/// Duty; no such layout.
pub async fn csv_profile_versions(desk: &Desk, by: &Actor, name: &str) -> Outcome<Vec<CsvProfile>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let rows = store::csv_profiles(&mut look, by.org).await?;
    let found = rows
        .into_iter()
        .filter(|row| row.name == name && !is_of_payments(row))
        .map(shown)
        .collect::<Outcome<Vec<_>>>()?;
    if found.is_empty() { Err(No::Absent(format!("CSV layout {name}"))) } else { Ok(found) }
}

fn shown(row: CsvProfileRow) -> Outcome<CsvProfile> {
    Ok(CsvProfile {
        profile: serde_json::from_value(row.layout)?,
        version: row.version,
        note: row.note,
        ships: false,
        written_by: row.recorded_by_name,
        written_at: Some(row.recorded_at),
    })
}

/// Keeps a layout; the same as before is no new version.
///
/// # Errors
/// Duty; everything wrong with the layout, at its field; a version that somebody else wrote meanwhile.
pub async fn save_csv_profile(desk: &Desk, by: &Actor, ask: SaveCsvProfile) -> Outcome<CsvProfileSaved> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("note", &ask.note)])?;
    let problems = ask.profile.problems();
    if !problems.is_empty() {
        let wrong = |p: sundry_formats::FormatProblem| Invalid::field(&p.at, p.message, "");
        return Err(problems.into_iter().map(wrong).collect::<Vec<_>>().into());
    }
    let layout = serde_json::to_value(&ask.profile)?;
    command!(desk, by, "save_csv_profile", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let name = ask.profile.name.clone();
        let last = newest(store::csv_profiles(&mut cmd.tx, org).await?).into_iter().find(|row| row.name == name);
        if last.as_ref().is_some_and(is_of_payments) {
            return Err(Invalid::field("name", "A layout of payment files has this name", &name).into());
        }
        let version = last.as_ref().map_or(0, |row| row.version);
        if ask.seen_version.is_some_and(|seen| seen != version) {
            let message = "Somebody changed this layout meanwhile; look at it again";
            return Err(Invalid::field("name", message, &name).into());
        }
        let same = last.is_some_and(|row| row.in_use && row.layout == layout);
        let version = if same { version } else { version + 1 };
        if !same {
            let kept = row(cmd, &name, version, layout.clone(), &ask.note, true);
            store::add_csv_profile(&mut cmd.tx, org, &kept).await?;
        }
        let event = if same { "CsvProfileSavedAgain" } else { "CsvProfileSaved" };
        cmd.tell(event, format!("csv profile {name}"), serde_json::json!({ "version": version, "layout": layout }));
        Ok(CsvProfileSaved { name, version, changed: !same })
    })
}

/// Ends a layout; its versions stay to be looked at.
///
/// # Errors
/// Duty; no such layout of one's own.
pub async fn end_csv_profile(desk: &Desk, by: &Actor, ask: EndCsvProfile) -> Outcome<CsvProfileSaved> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("note", &ask.note)])?;
    command!(desk, by, "end_csv_profile", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let rows = newest(store::csv_profiles(&mut cmd.tx, org).await?);
        let found = rows.into_iter().find(|row| row.name == ask.name && row.in_use);
        let last = found.ok_or_else(|| No::Absent(format!("CSV layout {}", ask.name)))?;
        let version = last.version + 1;
        let ended = row(cmd, &ask.name, version, last.layout, &ask.note, false);
        store::add_csv_profile(&mut cmd.tx, org, &ended).await?;
        cmd.tell("CsvProfileEnded", format!("csv profile {}", ask.name), serde_json::json!({ "note": ask.note }));
        Ok(CsvProfileSaved { name: ask.name.clone(), version, changed: true })
    })
}

pub(super) fn row(
    cmd: &crate::core::command::Command,
    name: &str,
    version: i64,
    layout: serde_json::Value,
    note: &str,
    in_use: bool,
) -> CsvProfileRow {
    CsvProfileRow {
        name: name.to_owned(),
        version,
        layout,
        note: note.trim().to_owned(),
        in_use,
        recorded_by_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    }
}

/// A sample's first rows as they stand, and the delimiter that shows them.
pub type SampleRows = (char, Vec<Vec<String>>);

/// What a layout makes of a sample; keeps nothing.
///
/// # Errors
/// Duty.
pub fn preview_csv_profile(by: &Actor, file_name: &str, bytes: &[u8], profile: &Profile) -> Outcome<Preview> {
    may_look(by)?;
    Ok(preview(file_name, bytes, profile))
}

/// The first rows of a sample, to map its columns by.
///
/// # Errors
/// Duty; a sample that is empty or no text.
pub fn sample_rows(by: &Actor, bytes: &[u8]) -> Outcome<SampleRows> {
    may_look(by)?;
    first_rows(bytes).map_err(|problem| Invalid::field("sample", problem.to_string(), "").into())
}
