//! Requests as JSON, and figures and days as people type them.
use super::file_bytes;
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;
use sundry_desk::Outcome;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// A request from a JSON file, or from the standard input where the file is `-`.
///
/// # Errors
/// Invalid when it is not what the command asks.
pub fn request<T: DeserializeOwned>(path: &Path, key: String) -> Outcome<T> {
    let wrong = |why: String| Invalid::field("input", why, path.display().to_string());
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(16 * 1024 * 1024).read_to_end(&mut bytes);
        read.map_err(|e| wrong(format!("It cannot be read: {e}")))?;
        bytes
    } else {
        file_bytes(path).map_err(wrong)?
    };
    let map: Map<String, Value> =
        serde_json::from_slice(&bytes).map_err(|e| wrong(format!("It is not a JSON object: {e}")))?;
    of_map(map, key).map_err(|e| wrong(e).into())
}

/// A request from flags that were given; the desk says what is missing.
///
/// # Errors
/// Invalid when they do not make the request.
pub fn flags<T: DeserializeOwned>(fields: Value, key: String) -> Outcome<T> {
    let map = match fields {
        Value::Object(map) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    };
    of_map(map, key).map_err(|why| Invalid::field("arguments", why, "").into())
}

fn of_map<T: DeserializeOwned>(mut map: Map<String, Value>, key: String) -> Result<T, String> {
    map.entry("key").or_insert(Value::String(key));
    serde_json::from_value(Value::Object(map)).map_err(|e| e.to_string())
}

/// Pounds as typed.
pub fn pounds(text: &str) -> Result<Pence, String> {
    Pence::parse(text).ok_or_else(|| "enter an amount in pounds, as 1284.50".into())
}

/// `INV-000001=40.00`.
pub fn share(text: &str) -> Result<(String, Pence), String> {
    let (item, amount) = text.split_once('=').ok_or("enter an item and an amount, as INV-000001=40.00")?;
    Ok((item.trim().to_owned(), pounds(amount)?))
}

/// A financial period, as `2026/1`.
pub fn period(text: &str) -> Result<(i64, i64), String> {
    let parts = text.split_once('/').and_then(|(year, number)| Some((year.parse().ok()?, number.parse().ok()?)));
    parts.ok_or_else(|| "enter the year the financial year starts and the period, as 2026/1".into())
}

/// An ISO date that exists.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let exists = text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text);
    exists.ok_or_else(|| "enter a date that exists, as 2026-11-30".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type() {
        assert_eq!(share("INV-1=40.00"), Ok(("INV-1".into(), Pence(4_000))));
        assert!(share("INV-1").is_err() && share("INV-1=1e15").is_err());
        assert_eq!(period("2026/13"), Ok((2026, 13)));
        assert!(period("2026").is_err());
        assert!(date("2026-02-29").is_err() && date("2026-2-1").is_err() && date("2028-02-29").is_ok());
    }
}
