//! What may be typed anywhere: how long a text is, which signs it has, and how far away a day is.
use chrono::NaiveDate;
use sundry_domain::refusal::Invalid;

/// A hundred years, in days.
const FAR: i64 = 36_600;

/// Texts that stand on one line, each with its field: what is wrong with them.
pub(crate) fn lines_wrong(texts: &[(&str, &str)], most: usize) -> Vec<Invalid> {
    let message = format!("Enter at most {} characters on one line", counted(most));
    wrong(texts, |text| text.chars().count() > most || text.chars().any(never_on_a_line), &message)
}

/// Texts of several lines, each with its field: what is wrong with them.
pub(crate) fn words_wrong(texts: &[(&str, &str)], most: usize) -> Vec<Invalid> {
    let message = format!("Enter at most {} characters, letters and signs alone", counted(most));
    wrong(texts, |text| text.chars().count() > most || text.chars().any(never_in_words), &message)
}

/// Days nobody means, each with its field: more than a hundred years away.
pub(crate) fn days_wrong(days: &[(&str, Option<NaiveDate>)], today: NaiveDate) -> Vec<Invalid> {
    let far = |day: &NaiveDate| (*day - today).num_days().abs() > FAR;
    let found = days.iter().filter_map(|(field, day)| Some((field, day.filter(far)?)));
    found.map(|(field, day)| Invalid::field(field, "Enter a date within a hundred years", day.to_string())).collect()
}

/// Nothing is wrong, or all that is.
pub(crate) fn all_right(wrong: Vec<Invalid>) -> Result<(), Vec<Invalid>> {
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// What a file of others says, as it is kept: on one line, no longer than that, with no sign that turns it around.
pub(crate) fn kept(text: &str, most: usize) -> String {
    text.trim().chars().map(|c| if never_on_a_line(c) { ' ' } else { c }).take(most).collect()
}

/// A text with a sign that no database of ours keeps: whatever the door, before the command begins.
pub(super) fn refuse_nul_in(request: &[u8]) -> Result<(), Invalid> {
    const NUL: &[u8] = b"\\u0000";
    if !request.windows(NUL.len()).any(|part| part == NUL) {
        return Ok(());
    }
    match serde_json::from_slice(request) {
        Ok(value) => walk("request", &value),
        Err(_) => Ok(()),
    }
}

fn walk(field: &str, value: &serde_json::Value) -> Result<(), Invalid> {
    match value {
        serde_json::Value::String(text) if text.contains('\0') => {
            Err(Invalid::field(field, "Enter text without NUL characters", ""))
        }
        serde_json::Value::Array(all) => all.iter().try_for_each(|one| walk(field, one)),
        serde_json::Value::Object(map) => map.iter().try_for_each(|(name, one)| walk(name, one)),
        _ => Ok(()),
    }
}

fn wrong(texts: &[(&str, &str)], is_wrong: impl Fn(&str) -> bool, message: &str) -> Vec<Invalid> {
    let found = texts.iter().filter(|(_, text)| is_wrong(text));
    found.map(|(field, text)| Invalid::field(field, message, text.chars().take(200).collect::<String>())).collect()
}

/// Control characters, and the sign that turns what follows around.
fn never_on_a_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn never_in_words(c: char) -> bool {
    never_on_a_line(c) && !matches!(c, '\n' | '\r' | '\t')
}

fn counted(most: usize) -> String {
    if most < 1_000 { most.to_string() } else { format!("{},{:03}", most / 1_000, most % 1_000) }
}
