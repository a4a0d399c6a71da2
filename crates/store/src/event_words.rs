//! Why something was done, in words: beside the trail, so that neither the chain nor what leaves holds them.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// Why something was done.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct EventWordRow {
    /// Place of the event in the chain.
    pub seq: i64,
    /// What it happened to.
    pub subject: String,
    /// Why.
    pub why: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps why something was done.
pub async fn add_event_word(tx: &mut Tx, org: OrgId, r: &EventWordRow) -> Result<(), StoreFault> {
    let sql = sql!("insert into event_word (org_id, seq, subject, why, recorded_at) values ($1, $2, $3, $4, $5)");
    tx.run(sql, args![org, r.seq, &r.subject, &r.why, r.recorded_at]).await.map(drop)
}

/// Why what happened to one subject was done, oldest first.
pub async fn words_of_subject(tx: &mut Tx, org: OrgId, subject: &str) -> Result<Vec<EventWordRow>, StoreFault> {
    let sql =
        sql!("select seq, subject, why, recorded_at from event_word where org_id = $1 and subject = $2 order by seq");
    tx.all(sql, args![org, subject]).await
}

/// Why these events were told: place in the chain and words.
pub async fn words_of_events(tx: &mut Tx, org: OrgId, events: &[i64]) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = ["select seq, why from event_word where org_id = $1 and seq in (", ")"];
    tx.all_listed(sql, org, events.iter().copied()).await
}
