//! GOV.UK Notify: what may be handed to it, what its answers and statuses mean, how long to wait (DEL-01, DEL-02, DEL-06).
use super::proof::Known;
use crate::customers::{is_email, postcode};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// The most sheets of a letter.
pub const SHEETS_MOST: usize = 10;
/// The largest file by e-mail.
pub const FILE_MOST: usize = 2 * 1024 * 1024;
/// Lines of an address, at least and at most.
pub const LINES: (usize, usize) = (3, 7);
/// For so many hours a message whose answer was lost is tried again under its reference.
pub const HOURS_TO_TRY: i64 = 24;
/// What no line of an address may begin with.
const NOT_FIRST: &str = "@()=[]\"\\/,<>";

/// Countries that the last line of an address may name; a letter to another is printed here.
const COUNTRIES: [&str; 28] = [
    "australia",
    "austria",
    "belgium",
    "canada",
    "cyprus",
    "czechia",
    "denmark",
    "finland",
    "france",
    "germany",
    "gibraltar",
    "greece",
    "guernsey",
    "india",
    "ireland",
    "isle of man",
    "italy",
    "jersey",
    "malta",
    "netherlands",
    "new zealand",
    "norway",
    "poland",
    "portugal",
    "spain",
    "sweden",
    "switzerland",
    "united states",
];

/// What it carries for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifyKind {
    /// An e-mail with its file.
    Email,
    /// A letter on paper.
    Letter,
}

impl NotifyKind {
    /// Both.
    pub const ALL: [NotifyKind; 2] = [NotifyKind::Email, NotifyKind::Letter];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            NotifyKind::Email => "email",
            NotifyKind::Letter => "letter",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<NotifyKind> {
        NotifyKind::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The channel of the letters that it carries.
    pub fn channel(self) -> &'static str {
        match self {
            NotifyKind::Email => "email",
            NotifyKind::Letter => "post",
        }
    }
}

/// What follows from a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Nothing is known yet.
    Wait,
    /// It is there, or on its way by post.
    Arrived(Known),
    /// The address takes no mail: it goes by post.
    AddressFailed,
    /// One more try after four working hours.
    TryLater,
    /// It was tried twice: it goes by post.
    ByPost,
    /// The same message once more.
    Again,
    /// A person looks.
    Failed,
}

/// What follows from a status, when so many earlier messages of the same letter ended with it.
pub fn what_follows(kind: NotifyKind, status: &str, ended_so: i64) -> Follows {
    match (kind, status) {
        (NotifyKind::Email, "delivered") => Follows::Arrived(Known::Accepted),
        (NotifyKind::Email, "permanent-failure") => Follows::AddressFailed,
        (NotifyKind::Email, "temporary-failure") if ended_so == 0 => Follows::TryLater,
        (NotifyKind::Email, "temporary-failure") => Follows::ByPost,
        (NotifyKind::Letter, "received" | "delivered") => Follows::Arrived(Known::HandedOver),
        (_, "technical-failure") if ended_so == 0 => Follows::Again,
        (_, "technical-failure") => Follows::Failed,
        (NotifyKind::Letter, "permanent-failure" | "cancelled" | "virus-scan-failed" | "validation-failed") => {
            Follows::Failed
        }
        _ => Follows::Wait,
    }
}

/// A status for people.
pub fn status_name(status: &str) -> &'static str {
    match status {
        "" => "Not with Notify yet",
        "created" | "pending" | "pending-virus-check" => "Taken by Notify",
        "sending" => "Being sent",
        "accepted" => "Accepted for printing",
        "received" => "Printed and posted",
        "delivered" => "Delivered",
        "permanent-failure" => "The address does not take it",
        "temporary-failure" => "The mailbox did not take it in time",
        "technical-failure" => "It failed at Notify's provider",
        "cancelled" => "Cancelled at Notify",
        "virus-scan-failed" => "Notify found a virus in the file",
        "validation-failed" => "The file is not as Notify prints it",
        "returned" => "The post brought it back",
        _ => "Other",
    }
}

/// What a "no" of the service means: by its code and its error, never by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceNo {
    /// This message is not taken: nothing was sent.
    Message,
    /// It may be this message, or how the service is set up there: nothing was sent.
    Doubtful,
    /// Our key, our clock, our template: no message would be taken.
    SetUp,
    /// Too fast: a minute's pause.
    TooFast,
    /// Today's limit is reached: until midnight UTC.
    DayFull,
    /// It broke: the message may be there all the same.
    Unsure,
}

/// What a "no" means.
pub fn service_no(code: u16, error: &str) -> ServiceNo {
    match (code, error) {
        (429, "TooManyRequestsError") => ServiceNo::DayFull,
        (429, _) => ServiceNo::TooFast,
        (400 | 413, "ValidationError") | (413, _) => ServiceNo::Message,
        (400, _) | (403, "BadRequestError") => ServiceNo::Doubtful,
        (500.., _) => ServiceNo::Unsure,
        _ => ServiceNo::SetUp,
    }
}

/// The next midnight UTC, when daily limits begin anew.
pub fn next_midnight(now: DateTime<Utc>) -> DateTime<Utc> {
    let day = now.date_naive();
    day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

/// Four working hours later: nine to five on working days, in local time.
pub fn four_working_hours_after(at: NaiveDateTime, is_working: impl Fn(NaiveDate) -> bool) -> NaiveDateTime {
    let (opens, closes) = (9 * 60, 17 * 60);
    let (mut day, mut minute) = (at.date(), i64::from(at.hour() * 60 + at.minute()));
    let mut left = 4 * 60;
    // A year without a working day ends all the same.
    for _ in 0..366 {
        if is_working(day) && minute < closes {
            let from = minute.max(opens);
            if from + left <= closes {
                return day.and_time(NaiveTime::MIN) + TimeDelta::minutes(from + left);
            }
            left -= closes - from;
        }
        day = day.succ_opt().unwrap_or(day);
        minute = 0;
    }
    day.and_time(NaiveTime::MIN)
}

/// Monday to Friday, where no calendar is loaded for the day.
pub fn is_weekday(day: NaiveDate) -> bool {
    day.weekday().number_from_monday() <= 5
}

fn is_country(line: &str) -> bool {
    COUNTRIES.contains(&line.trim().to_lowercase().as_str())
}

/// What stands against an address on a letter, in sentences.
pub fn address_faults(lines: &[String]) -> Vec<String> {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let mut faults = Vec::new();
    if lines.len() < LINES.0 {
        faults.push(format!("The address has {} of at least {} lines", lines.len(), LINES.0));
    }
    if lines.len() > LINES.1 {
        faults.push(format!("The address has {} lines; {} is the most", lines.len(), LINES.1));
    }
    for line in lines.iter().filter(|line| line.starts_with(|sign: char| NOT_FIRST.contains(sign))) {
        faults.push(format!("A line begins with a sign that may not stand there: {line}"));
    }
    let says_something = |line: &&&str| line.chars().any(char::is_alphanumeric);
    if lines.iter().take(2).filter(says_something).count() < lines.len().min(2) {
        faults.push("The first two lines must have a letter or a digit".into());
    }
    let last = lines.last().copied().unwrap_or_default();
    let forces = lines.iter().any(|line| line.to_uppercase().split_whitespace().any(|word| word == "BFPO"));
    match (postcode(last).is_some(), forces) {
        (true, _) => {}
        (false, true) if is_country(last) => faults.push("A BFPO address must not end with a country".into()),
        (false, true) if last.to_uppercase().starts_with("BFPO") => {}
        (false, false) if is_country(last) => {}
        _ => faults.push(format!("The last line must be a UK postcode or a country: {last}")),
    }
    faults
}

/// What stands against a letter: its address, its sheets, its size.
pub fn letter_faults(lines: &[String], sheets: usize) -> Vec<String> {
    let mut faults = address_faults(lines);
    if sheets > SHEETS_MOST {
        faults.push(format!("It has {sheets} sheets; {SHEETS_MOST} is the most"));
    }
    faults
}

/// What stands against an e-mail: its address, the size of its file.
pub fn email_faults(address: &str, file_bytes: usize) -> Vec<String> {
    let mut faults = Vec::new();
    if !is_email(address) || !(5..=250).contains(&address.len()) {
        faults.push(format!("The e-mail address cannot exist: {address}"));
    }
    if file_bytes > FILE_MOST {
        faults.push(format!("Its file has {} kB; 2,048 kB is the most", file_bytes.div_ceil(1024)));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn del_02_an_address_that_cannot_be_posted_is_told_line_by_line() {
        assert_eq!(address_faults(&lines("Adam Example|1 High Street|Morpeth|NE61 1AA")), Vec::<String>::new());
        assert_eq!(address_faults(&lines("Adam Example||1 High Street|NE61 1AA|")), Vec::<String>::new());
        assert_eq!(address_faults(&lines("Ann Murphy|1 Main Street|Cork|Ireland")), Vec::<String>::new());
        assert_eq!(address_faults(&lines("Sgt Hill|Mill Unit|BFPO 61")), Vec::<String>::new());
        let one = |text: &str| {
            let faults = address_faults(&lines(text));
            assert_eq!(faults.len(), 1, "{faults:?}");
            faults[0].clone()
        };
        assert_eq!(one("Adam Example|NE61 1AA"), "The address has 2 of at least 3 lines");
        assert_eq!(one("A|1|2|3|4|5|6|NE61 1AA"), "The address has 8 lines; 7 is the most");
        assert!(one("Adam|Morpeth|No postcode").ends_with("No postcode"));
        assert!(one("Sgt Hill|BFPO 61|Germany").contains("BFPO"));
        assert!(one("Adam|--|NE61 1AA").contains("first two lines"));
        for sign in NOT_FIRST.chars() {
            assert!(one(&format!("Adam|1 High Street|{sign}Morpeth|NE61 1AA")).contains("begins with a sign"));
        }
        assert_eq!(letter_faults(&lines("Adam Example|1 High Street|NE61 1AA"), 10).len(), 0);
        assert_eq!(letter_faults(&lines("Adam Example|1 High Street|NE61 1AA"), 11).len(), 1);
    }

    #[test]
    fn del_01_an_email_that_cannot_go_is_told_before_it_goes() {
        assert_eq!(email_faults("joyce@example.org", FILE_MOST), Vec::<String>::new());
        assert_eq!(email_faults("joyce@example.org", FILE_MOST + 1).len(), 1);
        assert_eq!(email_faults("joyce at example.org", 10).len(), 1);
    }

    #[test]
    fn del_06_what_follows_from_each_status() {
        use NotifyKind::{Email, Letter};
        let cases = [
            (Email, "created", 0, Follows::Wait),
            (Email, "sending", 0, Follows::Wait),
            (Email, "delivered", 0, Follows::Arrived(Known::Accepted)),
            (Email, "permanent-failure", 0, Follows::AddressFailed),
            (Email, "temporary-failure", 0, Follows::TryLater),
            (Email, "temporary-failure", 1, Follows::ByPost),
            (Email, "technical-failure", 0, Follows::Again),
            (Email, "technical-failure", 1, Follows::Failed),
            (Letter, "accepted", 0, Follows::Wait),
            (Letter, "pending-virus-check", 0, Follows::Wait),
            (Letter, "received", 0, Follows::Arrived(Known::HandedOver)),
            (Letter, "validation-failed", 0, Follows::Failed),
            (Letter, "permanent-failure", 0, Follows::Failed),
            (Letter, "technical-failure", 0, Follows::Again),
            (Letter, "something new", 0, Follows::Wait),
        ];
        for (kind, status, before, expected) in cases {
            assert_eq!(what_follows(kind, status, before), expected, "{kind:?} {status} {before}");
        }
    }

    #[test]
    fn del_01_a_no_is_read_by_code_and_error() {
        for (code, error, expected) in [
            (400, "ValidationError", ServiceNo::Message),
            (400, "BadRequestError", ServiceNo::Doubtful),
            (403, "BadRequestError", ServiceNo::Doubtful),
            (403, "AuthError", ServiceNo::SetUp),
            (404, "NoResultFound", ServiceNo::SetUp),
            (413, "", ServiceNo::Message),
            (429, "RateLimitError", ServiceNo::TooFast),
            (429, "TooManyRequestsError", ServiceNo::DayFull),
            (500, "Exception", ServiceNo::Unsure),
            (503, "", ServiceNo::Unsure),
        ] {
            assert_eq!(service_no(code, error), expected, "{code} {error}");
        }
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        assert_eq!(next_midnight(at("2026-11-20T17:00:00Z")), at("2026-11-21T00:00:00Z"));
        assert_eq!(next_midnight(at("2026-12-31T00:00:00Z")), at("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn del_01_four_working_hours_skip_the_night_and_the_weekend() {
        let at = |text: &str| text.parse::<NaiveDateTime>().expect("a time");
        let after = |text: &str| four_working_hours_after(at(text), is_weekday);
        assert_eq!(after("2026-11-20T09:00:00"), at("2026-11-20T13:00:00"));
        assert_eq!(after("2026-11-20T06:30:00"), at("2026-11-20T13:00:00"));
        assert_eq!(after("2026-11-20T15:00:00"), at("2026-11-23T11:00:00"), "a Friday afternoon");
        assert_eq!(after("2026-11-21T12:00:00"), at("2026-11-23T13:00:00"));
    }
}
