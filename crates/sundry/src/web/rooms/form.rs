//! What every form and list has in common: dates and amounts as people type them, an address with
//! its filters, and a "no" put onto the page that was filled in.
use crate::web::door::{Answer, Trouble, form_encode, page_with};
use crate::web::ui::{Frame, Refused};
use askama::Template;
use axum::http::StatusCode;
use chrono::{Datelike, Days, NaiveDate};
use std::collections::HashMap;
use sundry_desk::No;
use sundry_domain::money::Pence;

/// What stands in an address after the question mark.
pub type Asked = HashMap<String, String>;

/// One value of it, trimmed; empty when it is not there.
pub fn asked<'a>(query: &'a Asked, name: &str) -> &'a str {
    query.get(name).map_or("", |value| value.trim())
}

/// An address with what is filled in after it.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let filled = fields.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = filled.map(|(name, value)| format!("{name}={}", form_encode(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The same address, ready for one more field: it ends with `?` or `&`.
pub fn open_address(path: &str, fields: &[(&str, &str)]) -> String {
    let address = address(path, fields);
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}")
}

/// A date as people type it: 19/11/26, 19 Nov 2026, 2026-11-19, today, tomorrow, +14.
pub fn read_date(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = typed.trim().to_lowercase();
    match text.as_str() {
        "today" => return Some(today),
        "tomorrow" => return today.succ_opt(),
        "yesterday" => return today.pred_opt(),
        _ => {}
    }
    if let Some(days) = text.strip_prefix('+') {
        return today.checked_add_days(Days::new(days.trim().parse::<u16>().ok()?.into()));
    }
    let parts: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || "/.-,".contains(c)).filter(|p| !p.is_empty()).collect();
    let (day, month, year) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 && year.parse::<i32>().is_ok() => (*day, *month, *year),
        [day, month, year] => (*day, *month, *year),
        [day, month] => return from_parts(day, month, today.year()),
        _ => return None,
    };
    let short = year.len() <= 2;
    let year = year.parse::<i32>().ok()?;
    from_parts(day, month, if short { 2000 + year } else { year })
}

fn from_parts(day: &str, month: &str, year: i32) -> Option<NaiveDate> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = match month.parse::<u32>() {
        Ok(number) => number,
        Err(_) => MONTHS.iter().position(|name| month.starts_with(name)).and_then(|at| u32::try_from(at + 1).ok())?,
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1900..=2999).contains(&year))
}

/// A date of a form: empty is none; what cannot be read is told at the field.
pub fn date_field(frame: &mut Frame, field: &str, typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let read = read_date(typed, today);
    if read.is_none() && !typed.is_empty() {
        frame.errors.add(field, "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
    }
    read
}

/// An amount of a form: empty is none; what cannot be read is told at the field.
pub fn amount_field(frame: &mut Frame, field: &str, typed: &str) -> Option<Pence> {
    let read = Pence::parse(typed);
    if read.is_none() && !typed.is_empty() {
        frame.errors.add(field, "Enter an amount in pounds, such as 1284.50");
    }
    read
}

/// Puts a "no" onto the page it came from: fields to put right, or a rule that refused. `fields` says
/// which field of the page each field of the desk is, and of which field the rule with a code speaks; others keep
/// their names.
///
/// # Errors
/// What no form can show: not there, our fault, no duty.
pub fn onto(frame: &mut Frame, no: No, fields: &[(&str, &str)]) -> Result<StatusCode, Trouble> {
    match no {
        No::Invalid(all) => {
            for one in all {
                let named = fields.iter().find(|(from, _)| *from == one.field);
                frame.errors.add(named.map_or(one.field.as_str(), |(_, to)| to), one.message);
            }
            Ok(StatusCode::UNPROCESSABLE_ENTITY)
        }
        No::Refused(refusal) if fields.iter().any(|(from, _)| *from == refusal.code) => {
            let field = fields.iter().find(|(from, _)| *from == refusal.code).map_or("", |(_, to)| to);
            frame.errors.add(field, format!("{}. {}", refusal.sentence, refusal.way_out));
            Ok(StatusCode::CONFLICT)
        }
        No::Refused(refusal) if refusal.code != "CTL-01-NO-DUTY" => {
            frame.refused = Some(Refused {
                code: refusal.code,
                sentence: refusal.sentence,
                citation: refusal.rule,
                instead: refusal.way_out,
            });
            Ok(StatusCode::CONFLICT)
        }
        other => Err(Trouble(other)),
    }
}

/// The page again, with what was typed and what to put right.
pub fn again(template: &impl Template) -> Answer {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// Which page of a list was asked for, from 1.
pub fn page_number(query: &Asked) -> u32 {
    asked(query, "page").parse().unwrap_or(1).clamp(1, 100_000)
}

/// Words a code stands for: `left_message` is `Left message`.
pub fn plain(code: &str) -> String {
    let words = code.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_type_them() {
        let today: NaiveDate = "2026-11-19".parse().unwrap();
        let read = |typed: &str| read_date(typed, today).map(|day| day.to_string());
        for typed in
            ["19/11/26", "19 Nov 2026", "19 november 2026", "2026-11-19", "today", "19-11-2026", "19th nov", "+0"]
        {
            assert_eq!(read(typed).as_deref(), Some("2026-11-19"), "{typed}");
        }
        assert_eq!(read("+14").as_deref(), Some("2026-12-03"));
        assert_eq!(read("tomorrow").as_deref(), Some("2026-11-20"));
        for nonsense in ["", "31/02/26", "soon", "1/2/3/4", "+", "+x", "19 Nob 2026", "1/1/99999", "+99999999"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn addresses_carry_only_what_is_filled_in() {
        assert_eq!(address("/work", &[("view", "today"), ("step", "")]), "/work?view=today");
        assert_eq!(open_address("/work", &[]), "/work?");
        assert_eq!(open_address("/c", &[("find", "Tom & Jo")]), "/c?find=Tom%20%26%20Jo&");
    }
}
