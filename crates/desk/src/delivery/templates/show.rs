//! What there is: letters, their versions, their drafts, and how two versions differ.
use super::super::compose::values_of_every_letter;
use super::may_look;
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::OrgId;
use sundry_paper::Template;
use sundry_paper::editor::{Difference, differences, fields_used, meaning};
use sundry_store::Tx;
use sundry_store::delivery::templates::{self as rows, DraftRow, VersionRow};

/// A letter in the list of letters.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TemplateLine {
    /// Its name, such as `reminder_1`.
    pub code: String,
    /// What it is: invoice, reminder, statement and so on.
    pub kind: String,
    /// Its title in the version in use.
    pub title: String,
    /// The version in use; 0 when none is.
    pub version: i64,
    /// Since when, where it is known.
    pub live_from: Option<NaiveDate>,
    /// Who approved it.
    pub approved_by: String,
    /// Whether every text has its Welsh.
    pub welsh: bool,
    /// A version that goes live later, and when.
    pub next: Option<(i64, NaiveDate)>,
    /// State of the draft under way: draft or asked; empty when there is none.
    pub draft: String,
}

/// A version of a letter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VersionShown {
    /// Counted from 1.
    pub version: i64,
    /// live, next or ended.
    pub state: String,
    /// First day; none for what came with the house.
    pub live_from: Option<NaiveDate>,
    /// Who wrote it; empty for what came with the house.
    pub drafted_by_name: String,
    /// Who approved it.
    pub approved_by: String,
    /// Under which approval; may be empty.
    pub approval: String,
    /// Hash of its wording.
    pub content_hash: String,
}

/// A draft under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DraftShown {
    /// The version it would be.
    pub version: i64,
    /// draft or asked.
    pub state: String,
    /// The wording.
    #[serde(with = "wording")]
    pub template: Template,
    /// Give this back when changing it.
    pub changes: i64,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for; may be empty.
    pub approval: String,
    /// Why it was turned down; empty when it was not.
    pub turned_down: String,
    /// Who wrote it last.
    pub drafted_by_name: String,
    /// When.
    pub changed_on: NaiveDate,
}

/// A field that a letter may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMeant {
    /// Its name, as it stands in braces.
    pub field: String,
    /// What it means.
    pub means: String,
    /// What it may look like.
    pub example: String,
}

/// A letter with its versions, its fields and its draft.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TemplateShown {
    /// Its name.
    pub code: String,
    /// What it is.
    pub kind: String,
    /// The wording in use, or the newest where none is.
    #[serde(with = "wording")]
    pub template: Template,
    /// The version of that wording.
    pub version: i64,
    /// Every version, newest first.
    pub versions: Vec<VersionShown>,
    /// The fields it may use.
    pub fields: Vec<FieldMeant>,
    /// The draft under way.
    pub draft: Option<DraftShown>,
}

/// A wording stands in answers as it stands in files.
mod wording {
    pub use sundry_paper::Template;
    pub fn serialize<S: serde::Serializer>(one: &Template, to: S) -> Result<S::Ok, S::Error> {
        serde::Serialize::serialize(one, to)
    }
    pub fn deserialize<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Template, D::Error> {
        serde::Deserialize::deserialize(from)
    }
}

/// What a letter is, by its code: those of pathways are reminders.
pub(super) fn kind_of(code: &str) -> LetterKind {
    match code {
        "invoice" => LetterKind::Invoice,
        "credit_note" => LetterKind::CreditNote,
        "statement" | "standing_order_change" | "standing_order_shortfall" => LetterKind::Statement,
        "letter_of_claim" | "letter_before_action" => LetterKind::LetterOfClaim,
        "receipt" | "set_off" => LetterKind::Receipt,
        "query_answer" | "complaint_answer" => LetterKind::Answer,
        "payment_returned" | "salary_calculation" => LetterKind::Notice,
        "breathing_space" | "breathing_space_adviser" | "condolence" => LetterKind::Circumstances,
        "claim_notice" => LetterKind::ClaimNotice,
        code if code.starts_with("plan_") => LetterKind::Plan,
        code if code.starts_with("dd_") => LetterKind::DirectDebit,
        _ => LetterKind::Reminder,
    }
}

pub(super) fn read(body: &serde_json::Value) -> Outcome<Template> {
    Ok(serde_json::from_value(body.clone())?)
}

/// The versions of a letter, newest first; absent when there never was such a letter.
pub(super) async fn versions_of(tx: &mut Tx, org: OrgId, code: &str) -> Outcome<Vec<VersionRow>> {
    let all = if code.is_empty() { Vec::new() } else { rows::versions(tx, org, code).await? };
    if all.is_empty() { Err(No::Absent(format!("letter {code}"))) } else { Ok(all) }
}

/// Where the version in use stands among the versions, newest first.
fn in_use(all: &[VersionRow], today: NaiveDate) -> Option<usize> {
    all.iter().position(|row| row.state == "live" && row.live_from.is_none_or(|day| day <= today))
}

/// The fields a letter may use: those of every letter, and those of any version that was approved.
pub(super) fn allowed(versions: &[VersionRow]) -> Outcome<BTreeSet<String>> {
    let mut all: BTreeSet<String> = values_of_every_letter().iter().map(|name| (*name).to_owned()).collect();
    for row in versions {
        all.extend(fields_used(&read(&row.body)?));
    }
    Ok(all)
}

fn state_of(all: &[VersionRow], at: usize, today: NaiveDate) -> &'static str {
    match in_use(all, today) {
        Some(live) if live == at => "live",
        live if all[at].state == "live" && live.is_none_or(|live| at < live) => "next",
        _ => "ended",
    }
}

/// Every letter, by code.
///
/// # Errors
/// Duty.
pub async fn templates(desk: &Desk, by: &Actor) -> Outcome<Vec<TemplateLine>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let mut drafts: BTreeMap<String, DraftRow> =
        rows::drafts(&mut look, by.org).await?.into_iter().map(|row| (row.code.clone(), row)).collect();
    let mut by_code: BTreeMap<String, Vec<VersionRow>> = BTreeMap::new();
    for row in rows::versions(&mut look, by.org, "").await? {
        by_code.entry(row.code.clone()).or_default().push(row);
    }
    let today = desk.today();
    let mut all = Vec::with_capacity(by_code.len());
    for (code, versions) in by_code {
        let live = in_use(&versions, today);
        let shown = &versions[live.unwrap_or(0)];
        let wording = read(&shown.body)?;
        let next = versions[..live.unwrap_or(0)].iter().rev().find(|row| row.state == "live");
        all.push(TemplateLine {
            kind: kind_of(&code).as_str().into(),
            title: wording.title_en.clone(),
            version: live.map_or(0, |_| shown.version),
            live_from: shown.live_from,
            approved_by: shown.approved_by.clone(),
            welsh: sundry_paper::editor::without_welsh(&wording).is_empty(),
            next: next.and_then(|row| Some((row.version, row.live_from?))),
            draft: drafts.remove(&code).map(|row| row.state).unwrap_or_default(),
            code,
        });
    }
    Ok(all)
}

/// A letter with its versions, its fields and its draft.
///
/// # Errors
/// Duty; absent when there is no such letter.
pub async fn template(desk: &Desk, by: &Actor, code: &str) -> Outcome<TemplateShown> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let versions = versions_of(&mut look, by.org, code).await?;
    let today = desk.today();
    let shown = &versions[in_use(&versions, today).unwrap_or(0)];
    let field = |name: String| {
        let (means, example) = meaning(&name);
        FieldMeant { means: means.to_owned(), example: example.to_owned(), field: name }
    };
    let draft = rows::draft(&mut look, by.org, code).await?.map(draft_shown).transpose()?;
    Ok(TemplateShown {
        code: code.to_owned(),
        kind: kind_of(code).as_str().into(),
        template: read(&shown.body)?,
        version: shown.version,
        fields: allowed(&versions)?.into_iter().map(field).collect(),
        draft,
        versions: (0..versions.len()).map(|at| version_shown(&versions, at, today)).collect(),
    })
}

pub(super) fn draft_shown(row: DraftRow) -> Outcome<DraftShown> {
    Ok(DraftShown {
        template: read(&row.body)?,
        version: row.version,
        state: row.state,
        changes: row.changes,
        live_from: row.live_from,
        approval: row.approval,
        turned_down: row.turned_down,
        drafted_by_name: row.drafted_by_name,
        changed_on: row.changed_on,
    })
}

fn version_shown(all: &[VersionRow], at: usize, today: NaiveDate) -> VersionShown {
    let row = &all[at];
    VersionShown {
        version: row.version,
        state: state_of(all, at, today).into(),
        live_from: row.live_from,
        drafted_by_name: row.drafted_by_name.clone(),
        approved_by: row.approved_by.clone(),
        approval: row.approval.clone(),
        content_hash: row.content_hash.clone(),
    }
}

/// The wording of one version; 0 is the draft under way.
///
/// # Errors
/// Duty; absent when there is no such version.
pub async fn template_version(desk: &Desk, by: &Actor, code: &str, version: i64) -> Outcome<Template> {
    may_look(by)?;
    let mut look = desk.look().await?;
    wording_of(&mut look, by.org, code, version).await
}

pub(super) async fn wording_of(tx: &mut Tx, org: OrgId, code: &str, version: i64) -> Outcome<Template> {
    if version == 0 {
        let row = rows::draft(tx, org, code).await?;
        return read(&row.ok_or_else(|| No::Absent(format!("draft of letter {code}")))?.body);
    }
    let all = versions_of(tx, org, code).await?;
    let row = all.iter().find(|row| row.version == version);
    read(&row.ok_or_else(|| No::Absent(format!("version {version} of letter {code}")))?.body)
}

/// Where two versions of a letter differ; 0 is the draft under way.
///
/// # Errors
/// Duty; absent when there is no such version.
pub async fn template_differences(
    desk: &Desk,
    by: &Actor,
    code: &str,
    versions: (i64, i64),
) -> Outcome<Vec<Difference>> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let before = wording_of(&mut look, by.org, code, versions.0).await?;
    let after = wording_of(&mut look, by.org, code, versions.1).await?;
    Ok(differences(&before, &after))
}
