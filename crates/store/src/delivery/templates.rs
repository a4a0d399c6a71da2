//! Templates of letters on their way from a draft to a live version.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A version of a template with its life.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct VersionRow {
    /// Its name, such as `reminder_1`.
    pub code: String,
    /// Counted from 1.
    pub version: i64,
    /// draft, live or ended.
    pub state: String,
    /// The wording.
    pub body: serde_json::Value,
    /// Hash of the wording.
    pub content_hash: String,
    /// First day; none for what came with the house.
    pub live_from: Option<NaiveDate>,
    /// Who wrote it; empty for what came with the house.
    pub drafted_by_name: String,
    /// Who approved it.
    pub approved_by: String,
    /// The approval it had; empty for what came with the house.
    pub approval: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A draft of a template.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DraftRow {
    /// Id.
    pub id: i64,
    /// The template's name.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// draft, asked, approved or withdrawn.
    pub state: String,
    /// The wording.
    pub body: serde_json::Value,
    /// Hash of the wording.
    pub content_hash: String,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for or had; may be empty.
    pub approval: String,
    /// Why it was turned down; empty when it was not.
    pub turned_down: String,
    /// Who wrote it last.
    pub drafted_by_name: String,
    /// When.
    pub changed_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Counts its changes: what was read is what is changed.
    pub changes: i64,
}

/// Every version of every template, or of one (`code` empty for all), newest first.
pub async fn versions(tx: &mut Tx, org: OrgId, code: &str) -> Result<Vec<VersionRow>, StoreFault> {
    let sql = sql!(
        "select t.code, t.version, t.state, t.body, t.content_hash, d.live_from, coalesce(d.drafted_by_name, '') as drafted_by_name, t.approved_by, coalesce(d.approval, '') as approval, t.recorded_at from letter_template t left join template_draft d on d.org_id = t.org_id and d.code = t.code and d.version = t.version and d.state = 'approved' where t.org_id = $1 and ($2 = '' or t.code = $2) order by t.code, t.version desc"
    );
    tx.all(sql, args![org, code]).await
}

/// The drafts under way, by code.
pub async fn drafts(tx: &mut Tx, org: OrgId) -> Result<Vec<DraftRow>, StoreFault> {
    let sql = sql!(
        "select id, code, version, state, body, content_hash, live_from, approval, turned_down, drafted_by_name, changed_on, recorded_at, changes from template_draft where org_id = $1 and state in ('draft', 'asked') order by code"
    );
    tx.all(sql, args![org]).await
}

/// The draft of a template that is under way.
pub async fn draft(tx: &mut Tx, org: OrgId, code: &str) -> Result<Option<DraftRow>, StoreFault> {
    let sql = sql!(
        "select id, code, version, state, body, content_hash, live_from, approval, turned_down, drafted_by_name, changed_on, recorded_at, changes from template_draft where org_id = $1 and code = $2 and state in ('draft', 'asked')"
    );
    tx.maybe(sql, args![org, code]).await
}

/// Adds a draft; false when the template has one under way.
pub async fn add_draft(tx: &mut Tx, org: OrgId, r: &DraftRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into template_draft (org_id, id, code, version, state, body, content_hash, live_from, approval, turned_down, drafted_by_name, changed_on, recorded_at, changes) values ($1, $2, $3, $4, 'draft', $5, $6, $7, '', '', $8, $9, $10, 1) on conflict do nothing"
    );
    let a = args![
        org,
        r.id,
        r.code.as_str(),
        r.version,
        r.body.clone(),
        r.content_hash.as_str(),
        r.live_from,
        r.drafted_by_name.as_str(),
        r.changed_on,
        r.recorded_at
    ];
    Ok(tx.run(sql, a).await? == 1)
}

/// Changes the wording of a draft that stands as it was read; false otherwise.
pub async fn change_draft(tx: &mut Tx, org: OrgId, r: &DraftRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update template_draft set body = $4, content_hash = $5, drafted_by_name = $6, changed_on = $7, turned_down = '', changes = changes + 1 where org_id = $1 and id = $2 and changes = $3 and state = 'draft'"
    );
    let a =
        args![org, r.id, r.changes, r.body.clone(), r.content_hash.as_str(), r.drafted_by_name.as_str(), r.changed_on];
    Ok(tx.run(sql, a).await? == 1)
}

/// Where a draft goes.
#[derive(Clone, Debug)]
pub struct DraftMove<'a> {
    /// From which state.
    pub from: &'a str,
    /// To which.
    pub to: &'a str,
    /// From when it is to be live.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for or had.
    pub approval: &'a str,
    /// Why it was turned down.
    pub turned_down: &'a str,
}

/// Moves a draft from a state to another; false when it is not there.
pub async fn move_draft(tx: &mut Tx, org: OrgId, id: i64, to: DraftMove<'_>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update template_draft set state = $4, live_from = $5, approval = $6, turned_down = $7, changes = changes + 1 where org_id = $1 and id = $2 and state = $3"
    );
    Ok(tx.run(sql, args![org, id, to.from, to.to, to.live_from, to.approval, to.turned_down]).await? == 1)
}

/// The newest document of a kind of a customer.
pub async fn newest_document(tx: &mut Tx, org: OrgId, customer: i64, kind: &str) -> Result<Option<i64>, StoreFault> {
    let sql =
        sql!("select id from document where org_id = $1 and customer_id = $2 and kind = $3 order by id desc limit 1");
    let row: Option<(i64,)> = tx.maybe(sql, args![org, customer, kind]).await?;
    Ok(row.map(|(id,)| id))
}
