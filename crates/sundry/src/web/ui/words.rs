//! Money, dates and other small words as people read them (UX rules: £1,284.50, 19 Nov 2026).

use super::Html;
use askama::Template;
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use std::borrow::Borrow;
use sundry_domain::money::Pence;

/// `£1,284.50`, `−£60.00`.
pub fn money(amount: impl Borrow<Pence>) -> String {
    amount.borrow().to_string()
}

/// `£3.87m`, `£86k`, `£40`: key figures and axes, rounded half up.
pub fn money_short(amount: impl Borrow<Pence>) -> String {
    let pence = amount.borrow().0;
    let sign = if pence < 0 { "\u{2212}" } else { "" };
    let pounds = (pence.unsigned_abs() + 50) / 100;
    if pounds >= 999_500 {
        let hundredths = (pounds + 5_000) / 10_000;
        let part = format!("{:02}", hundredths % 100);
        let part = part.trim_end_matches('0');
        let dot = if part.is_empty() { "" } else { "." };
        format!("{sign}£{}{dot}{part}m", hundredths / 100)
    } else if pounds >= 1_000 {
        format!("{sign}£{}k", (pounds + 500) / 1_000)
    } else {
        format!("{sign}£{pounds}")
    }
}

/// `18,306`.
pub fn number(value: impl Borrow<i64>) -> String {
    let value = *value.borrow();
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if value < 0 { format!("\u{2212}{grouped}") } else { grouped }
}

/// `81%` or `81.4%` from thousandths.
pub fn percent(permille: impl Borrow<i64>) -> String {
    let permille = *permille.borrow();
    let sign = if permille < 0 { "\u{2212}" } else { "" };
    match permille.abs() % 10 {
        0 => format!("{sign}{}%", permille.abs() / 10),
        tenth => format!("{sign}{}.{tenth}%", permille.abs() / 10),
    }
}

/// `1 invoice`, `3 invoices`: the plural is the word with an s unless it is given.
pub fn count_of(count: impl Borrow<i64>, one: &str, many: &str) -> String {
    let count = *count.borrow();
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

#[derive(Template)]
#[template(path = "ui/time.html")]
struct Time {
    iso: String,
    shown: String,
}

fn time_element(date: NaiveDate, shown: String) -> Html {
    let time = Time { iso: date.format("%Y-%m-%d").to_string(), shown };
    Html::raw(time.to_string())
}

/// `19 Nov 2026` in a `<time>`, for tables.
pub fn date(date: impl Borrow<NaiveDate>) -> Html {
    let date = *date.borrow();
    time_element(date, date.format("%-d %b %Y").to_string())
}

/// `19 November 2026` in a `<time>`, for text.
pub fn long_date(date: impl Borrow<NaiveDate>) -> Html {
    let date = *date.borrow();
    time_element(date, date.format("%-d %B %Y").to_string())
}

/// `19 Nov` in a `<time>`, where the year is plain.
pub fn day(date: impl Borrow<NaiveDate>) -> Html {
    let date = *date.borrow();
    time_element(date, date.format("%-d %b").to_string())
}

/// `Nov 2026` as plain text.
pub fn month(date: impl Borrow<NaiveDate>) -> String {
    date.borrow().format("%b %Y").to_string()
}

/// `9:32am`.
pub fn time_of_day(time: impl Borrow<NaiveTime>) -> String {
    let (afternoon, hour) = time.borrow().hour12();
    format!("{hour}:{:02}{}", time.borrow().minute(), if afternoon { "pm" } else { "am" })
}

/// Age in days up to a year, then in months: `118 days`, `27 months`.
pub fn age(from: NaiveDate, to: NaiveDate) -> String {
    let days = (to - from).num_days();
    if days <= 365 {
        return count_of(days, "day", "days");
    }
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    count_of(months - i64::from(to.day() < from.day()), "month", "months")
}

/// The text, or an en dash where there is none.
pub fn or_dash(text: impl AsRef<str>) -> String {
    if text.as_ref().is_empty() { "–".to_owned() } else { text.as_ref().to_owned() }
}

#[derive(Template)]
#[template(path = "ui/link.html")]
struct Link<'a> {
    href: &'a str,
    text: &'a str,
}

/// A link.
pub fn link(href: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    Html::raw(Link { href: href.as_ref(), text: text.as_ref() }.to_string())
}

#[derive(Template)]
#[template(path = "ui/sub_line.html")]
struct SubLine {
    text: Html,
}

/// A smaller second line in a table cell.
pub fn sub_line(text: impl Into<Html>) -> Html {
    Html::raw(SubLine { text: text.into() }.to_string())
}

/// A sentence with the code of its rule beneath; a dash where there is neither.
pub fn with_code(sentence: &str, code: &str) -> Html {
    match (sentence, code) {
        ("", "") => Html::from("–"),
        ("", only) | (only, "") => Html::from(only),
        (sentence, code) => Html::from(sentence).and(sub_line(code)),
    }
}

#[derive(Template)]
#[template(path = "ui/welsh.html")]
struct Welsh<'a> {
    text: &'a str,
}

/// Words in Welsh, marked so for whoever hears them.
pub fn welsh(text: impl AsRef<str>) -> Html {
    Html::from_template(&Welsh { text: text.as_ref() })
}

#[derive(Template)]
#[template(path = "ui/picture.html")]
struct Picture<'a> {
    src: &'a str,
    alt: &'a str,
}

/// A picture of a page, with the words it stands for.
pub fn picture(src: impl AsRef<str>, alt: impl AsRef<str>) -> Html {
    Html::from_template(&Picture { src: src.as_ref(), alt: alt.as_ref() })
}

#[derive(Template)]
#[template(path = "ui/cell_error.html")]
struct CellError<'a> {
    why: &'a str,
}

/// What is wrong with the cell of a file, under what the file says.
pub fn cell_error(why: impl AsRef<str>) -> Html {
    Html::from_template(&CellError { why: why.as_ref() })
}

#[derive(Template)]
#[template(path = "ui/strong.html")]
struct Strong<'a> {
    text: &'a str,
    bad: bool,
}

/// Words that stand out; late ones are also coloured.
pub fn strong(text: impl AsRef<str>, bad: bool) -> Html {
    Html::from_template(&Strong { text: text.as_ref(), bad })
}

#[derive(Template)]
#[template(path = "ui/lines.html")]
struct AsWritten<'a> {
    lines: Vec<&'a str>,
}

/// Words from outside, line by line as they were written.
pub fn as_written(text: &str) -> Html {
    Html::from_template(&AsWritten { lines: text.lines().collect() })
}

/// Several pieces with a space between.
pub fn parts<T: Into<Html>>(pieces: impl IntoIterator<Item = T>) -> Html {
    pieces.into_iter().fold(Html::default(), |all, piece| all.and(piece))
}

impl From<Pence> for Html {
    fn from(amount: Pence) -> Self {
        Html::text(&amount.to_string())
    }
}
impl From<&Pence> for Html {
    fn from(amount: &Pence) -> Self {
        Html::text(&amount.to_string())
    }
}
impl From<NaiveDate> for Html {
    fn from(value: NaiveDate) -> Self {
        date(value)
    }
}
impl From<&NaiveDate> for Html {
    fn from(value: &NaiveDate) -> Self {
        date(value)
    }
}
impl From<i64> for Html {
    fn from(value: i64) -> Self {
        Html::text(&number(value))
    }
}
impl<T: Into<Html>> From<Option<T>> for Html {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(|| Html::text("–"), Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_the_house_writes_it() {
        assert_eq!(money(Pence(128_450)), "£1,284.50");
        let short: Vec<String> = [387_000_000, 8_620_419, 99_940_000, 99_950_000, 4_000, -6_000_000, 155_000_000]
            .map(|p| money_short(Pence(p)))
            .into();
        assert_eq!(short, ["£3.87m", "£86k", "£999k", "£1m", "£40", "−£60k", "£1.55m"]);
    }

    #[test]
    fn a_code_stands_beneath_its_sentence() {
        let both = with_code("Nothing is left to pay", "REC-07-PAID");
        assert!(both.as_str().starts_with("Nothing is left to pay <span"), "{}", both.as_str());
        assert!(both.as_str().contains(">REC-07-PAID<"), "{}", both.as_str());
        assert_eq!(with_code("", "").as_str(), "–");
        assert_eq!(with_code("", "XYZ").as_str(), "XYZ", "a code of theirs that nobody knows");
    }

    #[test]
    fn dates_and_ages_read_as_the_house_writes_them() {
        let on = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(date(on(2026, 11, 19)).as_str(), r#"<time datetime="2026-11-19">19 Nov 2026</time>"#);
        assert_eq!(age(on(2026, 7, 15), on(2026, 11, 19)), "127 days");
        assert_eq!(age(on(2024, 8, 20), on(2026, 11, 19)), "26 months");
        assert_eq!(time_of_day(NaiveTime::from_hms_opt(9, 32, 0).unwrap()), "9:32am");
        assert_eq!(number(-1_234_567), "−1,234,567");
        assert_eq!(percent(814), "81.4%");
    }
}
