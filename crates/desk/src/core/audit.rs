//! The audit trail: one chain of hashes an organisation, so that tampering shows.
use super::vault::sha256_hex;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// The hash before the first event.
pub const ORIGIN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One event of the trail, as it is hashed.
#[derive(Clone, Debug, PartialEq)]
pub struct Link<'a> {
    /// Organisation.
    pub org: i64,
    /// Place in the chain, from 1.
    pub seq: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The business date it belongs to.
    pub business_on: NaiveDate,
    /// Who did it.
    pub actor_id: i64,
    /// Their name as it was then.
    pub actor_name: &'a str,
    /// Which door they came through.
    pub channel: &'a str,
    /// What happened, as a past fact.
    pub event: &'a str,
    /// What it happened to.
    pub subject: &'a str,
    /// The particulars, as JSON text.
    pub detail: &'a str,
}

impl Link<'_> {
    /// The hash of this event behind the one before it.
    pub fn hash(&self, previous: &str) -> String {
        // Each part carries its length, so that no two events can read the same.
        let at = self.recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let (org, seq, actor) = (self.org.to_string(), self.seq.to_string(), self.actor_id.to_string());
        let day = self.business_on.to_string();
        let parts = [
            previous,
            &org,
            &seq,
            &at,
            &day,
            &actor,
            self.actor_name,
            self.channel,
            self.event,
            self.subject,
            self.detail,
        ];
        let mut text = String::new();
        for part in parts {
            text.push_str(&part.len().to_string());
            text.push(':');
            text.push_str(part);
        }
        sha256_hex(text.as_bytes())
    }
}
