//! Messages by where they stand, and one of them.
use crate::{Actor, Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, QueryId};
use sundry_domain::queries::{AccountNamed, MailState};
use sundry_store::control::{AuditRow, audit_of};
use sundry_store::queries::mail::{self as rows, InboundFileRow, InboundMailLine, InboundMailRow};
use sundry_store::{customers, queries};

/// Which messages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MailAsk {
    /// In which state; those that wait to be sorted when empty.
    pub state: String,
    /// The `next` of the page before; empty for the first.
    pub after: String,
    /// Rows wanted, at most 500; 100 when not said.
    pub limit: Option<i64>,
}

/// A page of messages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MailPage {
    /// What waits oldest first, the rest newest first.
    pub rows: Vec<InboundMailLine>,
    /// Where the next page starts; none on the last.
    pub next: Option<String>,
    /// How many stand where.
    pub counts: Vec<(String, i64)>,
}

/// Messages in a state.
///
/// # Errors
/// Duty.
pub async fn mail_list(desk: &Desk, by: &Actor, ask: MailAsk) -> Outcome<MailPage> {
    by.must_hold(Duty::View)?;
    let limit = ask.limit.unwrap_or(100).clamp(1, 500);
    let state = MailState::parse(&ask.state).unwrap_or(MailState::Waiting);
    let after = ask.after.parse().unwrap_or(0);
    let mut look = desk.look().await?;
    let mut rows = rows::mails_page(&mut look, by.org, state.as_str(), after, limit + 1).await?;
    let counts = rows::mail_counts(&mut look, by.org).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(MailPage { rows, next, counts })
}

/// A message with whom and what it belongs to, its files and its history.
#[derive(Clone, Debug, Serialize)]
pub struct MailShown {
    /// The message.
    pub mail: InboundMailRow,
    /// Why it stands where it does.
    pub reasons: Vec<String>,
    /// Accounts that a person may choose from.
    pub candidates: Vec<AccountNamed>,
    /// Number and name of the customer it belongs to.
    pub customer: Option<(String, String)>,
    /// Number of the query it is part of.
    pub query: Option<String>,
    /// Its files.
    pub files: Vec<InboundFileRow>,
    /// What happened to it, oldest first.
    pub history: Vec<AuditRow>,
}

/// One message.
///
/// # Errors
/// Duty; absent.
pub async fn mail(desk: &Desk, by: &Actor, number: &str) -> Outcome<MailShown> {
    by.must_hold(Duty::View)?;
    let (org, number) = (by.org, number.trim());
    let mut look = desk.look().await?;
    let mail = rows::mail_numbered(&mut look, org, number).await?;
    let mail = mail.ok_or_else(|| No::Absent(format!("message {number}")))?;
    let customer = match mail.customer_id {
        Some(id) => customers::customer(&mut look, org, CustomerId(id)).await?.map(|one| (one.number, one.name)),
        None => None,
    };
    let query = match mail.query_id {
        Some(id) => queries::query_of_id(&mut look, org, QueryId(id)).await?.map(|one| one.number),
        None => None,
    };
    Ok(MailShown {
        reasons: serde_json::from_value(mail.reasons.clone()).unwrap_or_default(),
        candidates: serde_json::from_value(mail.candidates.clone()).unwrap_or_default(),
        customer,
        query,
        files: rows::files_of(&mut look, org, mail.id).await?,
        history: audit_of(&mut look, org, &format!("message {}", mail.number)).await?,
        mail,
    })
}

/// A message as it came, or one of its files by its hash: name, media type and bytes.
///
/// # Errors
/// Duty; absent, and so is the message itself where a card number is masked in it.
pub async fn mail_source(desk: &Desk, by: &Actor, number: &str, file: &str) -> Outcome<(String, String, Vec<u8>)> {
    let shown = mail(desk, by, number).await?;
    let absent = || No::Absent("file".into());
    if file.is_empty() {
        if shown.mail.masked {
            return Err(absent());
        }
        let bytes = desk.files().get(by.org.0, &shown.mail.sha256)?;
        return Ok((format!("{}.eml", shown.mail.number), "message/rfc822".into(), bytes));
    }
    let row = shown.files.into_iter().find(|row| row.sha256 == file).ok_or_else(absent)?;
    let bytes = desk.files().get(by.org.0, &row.sha256)?;
    Ok((row.name, row.media_type, bytes))
}
