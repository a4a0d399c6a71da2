//! The table interface of ServiceNow: its answers read without guessing, its questions and records written.
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How they write an instant, in UTC.
const INSTANT: &str = "%Y-%m-%d %H:%M:%S";

/// Why an answer is none that we understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is no JSON: a page.
    NotJson,
    /// It is JSON of another shape.
    Unexpected(String),
}

/// Fields of a record; all their values are text.
pub type Record = BTreeMap<String, String>;

fn json(body: &[u8]) -> Result<Value, Unread> {
    serde_json::from_slice(body).map_err(|_| Unread::NotJson)
}

fn result(body: &[u8]) -> Result<Value, Unread> {
    match json(body)? {
        Value::Object(mut all) => all.remove("result").ok_or_else(|| Unread::Unexpected("It has no result".into())),
        _ => Err(Unread::Unexpected("It is no object".into())),
    }
}

fn record(value: Value) -> Result<Record, Unread> {
    let Value::Object(fields) = value else { return Err(Unread::Unexpected("A record is no object".into())) };
    let text = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Null => Ok((name, String::new())),
        _ => Err(Unread::Unexpected(format!("The field {name} is no text"))),
    };
    fields.into_iter().map(text).collect()
}

/// The records of a list.
///
/// # Errors
/// Anything but a list is an error: nothing is guessed.
pub fn read_list(body: &[u8]) -> Result<Vec<Record>, Unread> {
    match result(body)? {
        Value::Array(all) => all.into_iter().map(record).collect(),
        _ => Err(Unread::Unexpected("A list was asked for, and one thing came".into())),
    }
}

/// One record.
///
/// # Errors
/// Anything but an object of texts.
pub fn read_one(body: &[u8]) -> Result<Record, Unread> {
    match result(body)? {
        Value::Object(fields) => record(Value::Object(fields)),
        _ => Err(Unread::Unexpected("One thing was asked for, and a list came".into())),
    }
}

/// What an answer that says no says: its message and its detail as they stand; none where it is no such answer.
pub fn read_error(body: &[u8]) -> Option<String> {
    let value = json(body).ok()?;
    let error = value.get("error")?;
    let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let (message, detail) = (text("message"), text("detail"));
    match (message.is_empty(), detail.is_empty()) {
        // The door of tokens: {"error": "invalid_client", "error_description": "…"}.
        (true, true) => {
            let said = error.as_str()?.to_owned();
            let more = value.get("error_description").and_then(Value::as_str).unwrap_or_default();
            Some(if more.is_empty() { said } else { format!("{said}: {more}") })
        }
        (false, false) => Some(format!("{message}: {detail}")),
        (false, true) => Some(message),
        (true, false) => Some(detail),
    }
}

/// The token in an answer of the door of tokens.
///
/// # Errors
/// No JSON, or no token in it.
pub fn read_token(body: &[u8]) -> Result<String, Unread> {
    let value = json(body)?;
    let token = value.get("access_token").and_then(Value::as_str).unwrap_or_default();
    if token.is_empty() { Err(Unread::Unexpected("It gives no token".into())) } else { Ok(token.to_owned()) }
}

/// An instant as they write it; none where it is none.
pub fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text.trim(), INSTANT).ok().map(|at| at.and_utc())
}

/// An instant for a condition: never a person's words.
pub fn instant_in_query(at: DateTime<Utc>) -> String {
    format!("javascript:gs.dateGenerate('{}','{}')", at.format("%Y-%m-%d"), at.format("%H:%M:%S"))
}

/// A record to be made or changed, as JSON; only fields that are said.
pub fn write_record(fields: &[(&str, &str)]) -> String {
    let fields: Map<String, Value> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
    Value::Object(fields).to_string()
}

/// Text for an address: every byte that is not plain is escaped.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A case as it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TheirCase {
    /// Their id.
    pub sys_id: String,
    /// Their number.
    pub number: String,
    /// State, as they code it.
    pub state: String,
    /// One line.
    pub short_description: String,
    /// The words.
    pub description: String,
    /// Ours, where we opened it.
    pub correlation_id: String,
    /// How it ended, in words.
    pub close_notes: String,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// By whom.
    pub updated_by: String,
    /// Every field that was asked for.
    pub fields: Record,
}

/// A case out of a record.
///
/// # Errors
/// A sentence, where it has no id, no number, or no instant of its last change.
pub fn case_of(record: Record) -> Result<TheirCase, String> {
    let text = |name: &str| record.get(name).cloned().unwrap_or_default();
    let case = TheirCase {
        sys_id: text("sys_id"),
        number: text("number"),
        state: text("state"),
        short_description: text("short_description"),
        description: text("description"),
        correlation_id: text("correlation_id"),
        close_notes: text("close_notes"),
        updated_at: read_instant(&text("sys_updated_on")),
        updated_by: text("sys_updated_by"),
        fields: BTreeMap::new(),
    };
    if case.sys_id.len() != 32 || !case.sys_id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!("“{}” is no id of a case", case.sys_id));
    }
    if case.number.trim().is_empty() {
        return Err(format!("Case {} has no number", case.sys_id));
    }
    if case.updated_at.is_none() {
        return Err(format!("Case {} was last changed at “{}”, which is no time", case.number, text("sys_updated_on")));
    }
    Ok(TheirCase { fields: record, ..case })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qry_01_answers_of_the_table_interface_are_read_without_guessing() {
        let list = br#"{"result":[{"sys_id":"9d385017c611228701d22104cc95c371","number":"CS0012345","state":"1","sys_updated_on":"2026-11-20 09:13:51","close_notes":null}]}"#;
        let all = read_list(list).expect("reads");
        let case = case_of(all[0].clone()).expect("a case");
        assert_eq!((case.number.as_str(), case.close_notes.as_str()), ("CS0012345", ""));
        assert_eq!(case.updated_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-20T09:13:51+00:00"));
        assert!(matches!(read_list(br#"{"result":{"sys_id":"a"}}"#), Err(Unread::Unexpected(_))));
        assert!(matches!(read_one(br#"{"result":[]}"#), Err(Unread::Unexpected(_))));
        assert!(matches!(read_list(br#"{"result":[{"state":1}]}"#), Err(Unread::Unexpected(_))));
        assert_eq!(read_list(b"<html>Your instance is hibernating</html>"), Err(Unread::NotJson));
        let no = br#"{"error":{"message":"No Record found","detail":"Record doesn't exist or ACL restricts"},"status":"failure"}"#;
        assert_eq!(read_error(no).as_deref(), Some("No Record found: Record doesn't exist or ACL restricts"));
        let no = br#"{"error":"access_denied","error_description":"wrong secret"}"#;
        assert_eq!(read_error(no).as_deref(), Some("access_denied: wrong secret"));
        assert_eq!(read_error(b"<html>"), None);
        assert_eq!(read_token(br#"{"access_token":"t","expires_in":1799}"#).as_deref(), Ok("t"));
        assert!(read_token(b"{}").is_err());
    }

    #[test]
    fn a_record_and_a_condition_are_written_as_they_take_them() {
        assert_eq!(
            write_record(&[("state", "6"), ("close_notes", "a \"b\"")]),
            r#"{"close_notes":"a \"b\"","state":"6"}"#
        );
        let at = read_instant("2026-11-20 09:00:00").expect("an instant");
        assert_eq!(instant_in_query(at), "javascript:gs.dateGenerate('2026-11-20','09:00:00')");
        assert_eq!(escaped("a=1^b>2 £"), "a%3D1%5Eb%3E2%20%C2%A3");
        for wrong in ["", "2026-11-20", "2026-11-20T09:00:00Z", "2026-13-20 09:00:00"] {
            assert_eq!(read_instant(wrong), None, "{wrong}");
        }
        let record = |fields: &[(&str, &str)]| fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let id = "9d385017c611228701d22104cc95c371";
        assert!(case_of(record(&[("sys_id", "x")])).is_err());
        assert!(case_of(record(&[("sys_id", id)])).is_err());
        assert!(case_of(record(&[("sys_id", id), ("number", "CS1"), ("sys_updated_on", "soon")])).is_err());
    }
}
