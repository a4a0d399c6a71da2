//! The protocol's own forms that go with a letter of claim, and which versions went with which letter.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{LetterId, OrgId};

/// A form as the site supplied it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CourtFormRow {
    /// Id.
    pub id: i64,
    /// information_sheet, reply_form or financial_statement.
    pub form: String,
    /// en or cy.
    pub language: String,
    /// In large print.
    pub large: bool,
    /// First day on which it goes with letters.
    pub from_on: NaiveDate,
    /// The name it came with.
    pub name: String,
    /// Pages.
    pub pages: i64,
    /// Size.
    pub size_bytes: i64,
    /// Hash of the kept file.
    pub file_sha256: String,
    /// Where it comes from.
    pub source: String,
    /// Who supplied it.
    pub added_by_name: String,
    /// The business day.
    pub added_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds forms.
pub async fn add_forms(tx: &mut Tx, org: OrgId, rows: &[CourtFormRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "form",
        "language",
        "large",
        "from_on",
        "name",
        "pages",
        "size_bytes",
        "file_sha256",
        "source",
        "added_by_name",
        "added_on",
        "recorded_at",
    ];
    let turn = |r: &CourtFormRow| {
        args![
            org,
            r.id,
            &r.form,
            &r.language,
            r.large,
            r.from_on,
            &r.name,
            r.pages,
            r.size_bytes,
            &r.file_sha256,
            &r.source,
            &r.added_by_name,
            r.added_on,
            r.recorded_at
        ]
    };
    tx.insert("court_form", COLUMNS, rows.iter().map(turn).collect()).await
}

/// Every form that was ever supplied, the newest of each first.
pub async fn forms(tx: &mut Tx, org: OrgId) -> Result<Vec<CourtFormRow>, StoreFault> {
    let sql = sql!(
        "select id, form, language, large, from_on, name, pages, size_bytes, file_sha256, source, added_by_name, added_on, recorded_at from court_form where org_id = $1 order by form, language, large, from_on desc, id desc"
    );
    tx.all(sql, args![org]).await
}

/// Notes which forms go with letters: letter, place, form.
pub async fn add_letter_forms(tx: &mut Tx, org: OrgId, rows: &[(i64, i64, i64)]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "letter_id", "place", "form_id"];
    let turn = |(letter, place, form): &(i64, i64, i64)| args![org, *letter, *place, *form];
    tx.insert("letter_form", COLUMNS, rows.iter().map(turn).collect()).await
}

/// The forms that go with a letter, in order.
pub async fn forms_of_letter(tx: &mut Tx, org: OrgId, letter: LetterId) -> Result<Vec<CourtFormRow>, StoreFault> {
    let sql = sql!(
        "select f.id, f.form, f.language, f.large, f.from_on, f.name, f.pages, f.size_bytes, f.file_sha256, f.source, f.added_by_name, f.added_on, f.recorded_at from letter_form l join court_form f on f.org_id = l.org_id and f.id = l.form_id where l.org_id = $1 and l.letter_id = $2 order by l.place"
    );
    tx.all(sql, args![org, letter]).await
}

/// The same forms go with another letter: the one that is written in place of the first.
pub async fn same_forms(tx: &mut Tx, org: OrgId, first: LetterId, other: LetterId) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into letter_form (org_id, letter_id, place, form_id) select org_id, $3, place, form_id from letter_form where org_id = $1 and letter_id = $2"
    );
    tx.run(sql, args![org, first, other]).await.map(drop)
}
