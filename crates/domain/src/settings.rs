//! What an organisation sets for itself: each setting with what it may hold, and what must be set together.
//!
//! A setting is text in one form, whatever it is kept as; secrets are text that is never shown.
use crate::money::{LARGEST, Pence};
use crate::refusal::Invalid;
use std::collections::BTreeMap;

/// What a setting may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A line of text.
    Text,
    /// Several lines.
    Lines,
    /// An e-mail address.
    Email,
    /// A colour for print: `#0b4f6c`.
    Colour,
    /// Six digits: `08-99-99`.
    SortCode,
    /// Eight digits.
    AccountNumber,
    /// Eight digits that the court gave us.
    CourtNumber,
    /// The name of a server.
    Host,
    /// 1 to 65535.
    Port,
    /// `yes` or `no`.
    Flag,
    /// Pounds and pence.
    Pounds,
    /// A share of a hundred, with up to four decimals: `99.0000`.
    Percent,
    /// A whole number from 1 to 99.
    Count,
    /// A time of day: `08:00`.
    Time,
    /// Never shown; sealed where it is kept.
    Secret,
}

/// Where a setting belongs on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What letters carry at the top and in their standing words.
    Letters,
    /// Where customers pay by transfer.
    Bank,
    /// How e-mail leaves.
    Mail,
    /// Invoices over the Peppol network.
    Peppol,
    /// From how much it is worth asking, and how sure is sure.
    Limits,
}

impl Group {
    /// All of them, in the order of the page.
    pub const ALL: [Group; 5] = [Group::Letters, Group::Bank, Group::Mail, Group::Peppol, Group::Limits];

    /// In addresses and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Group::Letters => "letters",
            Group::Bank => "bank",
            Group::Mail => "mail",
            Group::Peppol => "peppol",
            Group::Limits => "limits",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Group::Letters => "Letters",
            Group::Bank => "Bank details for payment",
            Group::Mail => "Mail server",
            Group::Peppol => "E-invoices",
            Group::Limits => "Limits",
        }
    }
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Stable name: `letters.phone`.
    pub name: &'static str,
    /// Where it belongs.
    pub group: Group,
    /// For people.
    pub label: &'static str,
    /// What to type, where the label does not say.
    pub hint: &'static str,
    /// What it may hold.
    pub holds: Holds,
    /// What holds until it is set.
    pub otherwise: &'static str,
}

const fn set(name: &'static str, group: Group, label: &'static str, hint: &'static str, holds: Holds) -> Setting {
    Setting { name, group, label, hint, holds, otherwise: "" }
}

/// Every setting, in the order of the page.
pub const SETTINGS: &[Setting] = &[
    set("letters.name", Group::Letters, "Name on letters", "The legal name of the organisation", Holds::Text),
    set("letters.address", Group::Letters, "Address", "One line each, the postcode last", Holds::Lines),
    set("letters.team_name", Group::Letters, "Name of the team", "For example, the income team", Holds::Text),
    set(
        "letters.team_name_cy",
        Group::Letters,
        "Name of the team in Welsh",
        "For letters in Welsh; leave empty to use the English name",
        Holds::Text,
    ),
    set("letters.phone", Group::Letters, "Telephone", "", Holds::Text),
    set(
        "letters.phone_hours",
        Group::Letters,
        "When it is answered",
        "For example, Monday to Friday, 9am to 5pm",
        Holds::Text,
    ),
    set(
        "letters.phone_hours_cy",
        Group::Letters,
        "When it is answered, in Welsh",
        "For example, dydd Llun i ddydd Gwener, 9am i 5pm",
        Holds::Text,
    ),
    set("letters.email", Group::Letters, "E-mail for replies", "", Holds::Email),
    set("letters.web", Group::Letters, "Web address", "", Holds::Text),
    set(
        "letters.pay_online",
        Group::Letters,
        "Where to pay online",
        "Leave empty if there is no such page",
        Holds::Text,
    ),
    set("letters.pay_phone", Group::Letters, "Payment line", "Leave empty if there is none", Holds::Text),
    set(
        "letters.pages_url",
        Group::Letters,
        "Address of these pages",
        "For links to services, such as https://sundry.example.gov.uk",
        Holds::Text,
    ),
    set("letters.complaints", Group::Letters, "Where to complain", "", Holds::Text),
    set("letters.vat_number", Group::Letters, "VAT number", "Leave empty if not registered", Holds::Text),
    set("letters.brand_colour", Group::Letters, "Colour of the rule", "For example, #0b4f6c", Holds::Colour),
    set(
        "bank.account_name",
        Group::Bank,
        "Name on the account",
        "The name that the payer's bank will check",
        Holds::Text,
    ),
    set("bank.sort_code", Group::Bank, "Sort code", "Six digits, such as 08-99-99", Holds::SortCode),
    set("bank.account", Group::Bank, "Account number", "Eight digits", Holds::AccountNumber),
    set("mail.host", Group::Mail, "Server", "For example, smtp.example.gov.uk", Holds::Host),
    set("mail.port", Group::Mail, "Port", "Often 587", Holds::Port),
    set("mail.from", Group::Mail, "Sender's address", "Replies to it must be read", Holds::Email),
    Setting { otherwise: "yes", ..set("mail.starttls", Group::Mail, "Send only over TLS", "", Holds::Flag) },
    set("mail.user", Group::Mail, "User name", "Leave empty if the server asks for none", Holds::Text),
    set(
        "mail.password",
        Group::Mail,
        "Password",
        "Never shown. Leave empty to keep the one that is set",
        Holds::Secret,
    ),
    set(
        "peppol.participant",
        Group::Peppol,
        "Our Peppol participant id",
        "Its scheme and number, such as 0088:5790000435944",
        Holds::Text,
    ),
    Setting {
        otherwise: "Exempt: Value Added Tax Act 1994, Schedule 9",
        ..set(
            "peppol.exempt_reason",
            Group::Peppol,
            "Why exempt charges bear no VAT",
            "Stands on every e-invoice with an exempt charge",
            Holds::Text,
        )
    },
    Setting {
        otherwise: "5.00",
        ..set(
            "limits.minimum_to_chase",
            Group::Limits,
            "Chase from",
            "An account that owes less gets no letter",
            Holds::Pounds,
        )
    },
    Setting {
        otherwise: "50.00",
        ..set(
            "limits.minimum_to_claim",
            Group::Limits,
            "Claim from",
            "An account that owes less gets no letter of claim",
            Holds::Pounds,
        )
    },
    Setting {
        otherwise: "3",
        ..set(
            "limits.contact_most_in_week",
            Group::Limits,
            "Contacts that chase one person in seven days, at most",
            "Reminders, messages and calls of ours, over all debts",
            Holds::Count,
        )
    },
    Setting {
        otherwise: "08:00",
        ..set("limits.calls_from", Group::Limits, "Calls from", "Nobody is called before", Holds::Time)
    },
    Setting {
        otherwise: "20:00",
        ..set("limits.calls_until", Group::Limits, "Calls until", "Nobody is called from then on", Holds::Time)
    },
    Setting {
        otherwise: "99.0000",
        ..set(
            "limits.cash_certain",
            Group::Limits,
            "Post a match without a person from",
            "Per cent sure",
            Holds::Percent,
        )
    },
    Setting {
        otherwise: "90.0000",
        ..set("limits.cash_accept", Group::Limits, "Call a suggestion strong from", "Per cent sure", Holds::Percent)
    },
    Setting {
        otherwise: "500.00",
        ..set(
            "limits.activity_override",
            Group::Limits,
            "Activity let through by one person up to",
            "A line held against its contract that comes to more waits for someone else",
            Holds::Pounds,
        )
    },
    Setting {
        otherwise: "80.0000",
        ..set(
            "limits.trace_confidence",
            Group::Limits,
            "Use a traced address from",
            "Per cent sure; below, it is only looked at",
            Holds::Percent,
        )
    },
    set(
        "limits.trace_council_tax_gateway",
        Group::Limits,
        "Legal gateway for council tax records in tracing",
        "Leave empty if there is none: the records are then not used",
        Holds::Text,
    ),
    set(
        "limits.sdt_customer_id",
        Group::Limits,
        "Our customer number at the court",
        "Eight digits; claims cannot be filed in bulk without it",
        Holds::CourtNumber,
    ),
    Setting {
        otherwise: "no",
        ..set(
            "limits.bulk_second_person",
            Group::Limits,
            "Who prepares a billing run may not release it",
            "",
            Holds::Flag,
        )
    },
];

/// The most characters of a text.
const LONGEST: usize = 200;
/// The most lines of an address.
const MOST_LINES: usize = 8;

/// The setting of a name.
pub fn find(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|one| one.name == name)
}

impl Setting {
    /// What was typed, in the one form it is kept in; empty takes it away.
    ///
    /// # Errors
    /// What to enter instead.
    pub fn read(&self, typed: &str) -> Result<String, Invalid> {
        let text = typed.trim();
        let wrong = |say: &str| {
            let shown = if self.holds == Holds::Secret { "" } else { typed };
            Err(Invalid::field(self.name, say, shown))
        };
        if text.chars().any(|c| c.is_control() && !(c == '\n' || c == '\r') || c == '\u{202e}') {
            return wrong("Enter text without control characters");
        }
        if text.is_empty() {
            return Ok(String::new());
        }
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        match self.holds {
            Holds::Lines => lines(text).map_or_else(wrong, Ok),
            _ if text.contains(['\n', '\r']) => wrong("Enter one line"),
            _ if text.chars().count() > LONGEST => wrong("Enter at most 200 characters"),
            Holds::Text | Holds::Secret => Ok(text.to_owned()),
            Holds::Email if crate::customers::is_email(text) => Ok(text.to_owned()),
            Holds::Email => wrong("Enter an e-mail address, like bills@example.gov.uk"),
            Holds::Colour => colour(text).map_or_else(|| wrong("Enter a colour such as #0b4f6c"), Ok),
            Holds::SortCode if all_digits && digits.len() == 6 => {
                Ok(format!("{}-{}-{}", &digits[..2], &digits[2..4], &digits[4..]))
            }
            Holds::SortCode => wrong("Enter the six digits of the sort code, such as 08-99-99"),
            Holds::AccountNumber if all_digits && digits.len() == 8 => Ok(digits),
            Holds::AccountNumber => wrong("Enter the eight digits of the account number"),
            Holds::CourtNumber if all_digits && digits.len() == 8 => Ok(digits),
            Holds::CourtNumber => wrong("Enter the eight digits that the court gave"),
            Holds::Host if text.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c)) => {
                Ok(text.to_owned())
            }
            Holds::Host => wrong("Enter the name of the mail server"),
            Holds::Port if text.parse::<u16>().is_ok_and(|port| port > 0) => Ok(text.to_owned()),
            Holds::Port => wrong("Enter a port from 1 to 65535"),
            Holds::Count if text.parse::<u8>().is_ok_and(|count| (1..=99).contains(&count)) => Ok(text.to_owned()),
            Holds::Count => wrong("Enter a number from 1 to 99"),
            Holds::Time => match chrono::NaiveTime::parse_from_str(text, "%H:%M") {
                Ok(time) => Ok(time.format("%H:%M").to_string()),
                Err(_) => wrong("Enter a time, such as 08:00"),
            },
            Holds::Flag if matches!(text, "yes" | "no") => Ok(text.to_owned()),
            Holds::Flag => wrong("Enter yes or no"),
            Holds::Pounds => match Pence::parse(text).filter(|sum| sum.0 >= 0 && *sum <= LARGEST) {
                Some(sum) => Ok(sum.pounds()),
                None => wrong("Enter an amount in pounds, such as 5.00"),
            },
            Holds::Percent => match parts_per_million(text) {
                Some(ppm) => Ok(percent(ppm)),
                None => wrong("Enter a percentage from 50 to 100, with at most four decimals"),
            },
        }
    }
}

/// A percentage of 50 to 100 as parts per million.
pub fn parts_per_million(percent: &str) -> Option<i64> {
    let (whole, part) =
        percent.trim_end_matches('%').trim().split_once('.').unwrap_or((percent.trim_end_matches('%').trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 4 || !digits(whole) || !digits(part) {
        return None;
    }
    let ppm = whole.parse::<i64>().ok()? * 10_000 + format!("{part:0<4}").parse::<i64>().ok()?;
    (500_000..=1_000_000).contains(&ppm).then_some(ppm)
}

/// Parts per million as a percentage.
pub fn percent(ppm: i64) -> String {
    format!("{}.{:04}", ppm / 10_000, ppm % 10_000)
}

fn lines(text: &str) -> Result<String, &'static str> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        all if all.len() > MOST_LINES => Err("Enter at most 8 lines"),
        all if all.iter().any(|line| line.chars().count() > LONGEST) => Err("Enter at most 200 characters a line"),
        all => Ok(all.join("\n")),
    }
}

fn colour(text: &str) -> Option<String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let right = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    right.then(|| format!("#{}", digits.to_ascii_lowercase()))
}

/// What is wrong with the settings taken together, after a change.
pub fn wrong_together(values: &BTreeMap<&'static str, String>) -> Vec<Invalid> {
    let is = |name: &str| values.get(name).is_some_and(|value| !value.is_empty());
    let mut wrong = Vec::new();
    if !is("letters.name") {
        wrong.push(Invalid::field("letters.name", "Enter the organisation's name", ""));
    }
    let mut all_or_none = |names: &[(&str, &str)]| {
        if names.iter().any(|(name, _)| is(name)) {
            let missing = names.iter().filter(|(name, _)| !is(name));
            wrong.extend(missing.map(|(name, say)| Invalid::field(name, *say, "")));
        }
    };
    all_or_none(&[
        ("bank.account_name", "Enter the name on the account"),
        ("bank.sort_code", "Enter the sort code"),
        ("bank.account", "Enter the account number"),
    ]);
    all_or_none(&[
        ("mail.host", "Enter the name of the mail server"),
        ("mail.port", "Enter a port from 1 to 65535"),
        ("mail.from", "Enter the sender's address"),
    ]);
    if is("mail.user") && values.get("mail.starttls").is_some_and(|flag| flag == "no") {
        wrong.push(Invalid::field("mail.starttls", "A password is sent only over TLS: switch this on", "no"));
    }
    if is("mail.user") && !is("mail.host") {
        wrong.push(Invalid::field("mail.host", "Enter the name of the mail server", ""));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, typed: &str) -> Result<String, String> {
        find(name).expect("a setting").read(typed).map_err(|wrong| wrong.message)
    }

    #[test]
    fn names_are_unique_and_say_their_group() {
        for (at, one) in SETTINGS.iter().enumerate() {
            assert!(SETTINGS[at + 1..].iter().all(|other| other.name != one.name), "{}", one.name);
            assert!(one.name.starts_with(&format!("{}.", one.group.as_str())), "{}", one.name);
            assert_eq!(one.read(one.otherwise).as_deref(), Ok(one.otherwise), "{}", one.name);
        }
    }

    #[test]
    fn what_is_typed_is_kept_in_one_form() {
        for (name, typed, kept) in [
            ("bank.sort_code", " 089999 ", "08-99-99"),
            ("bank.account", "6637 4958", "66374958"),
            ("letters.brand_colour", "0B4F6C", "#0b4f6c"),
            ("letters.address", "Civic Hall\r\n\r\n 1 Market Place \nZZ1 1AA", "Civic Hall\n1 Market Place\nZZ1 1AA"),
            ("limits.minimum_to_chase", "£1,250", "1250.00"),
            ("limits.cash_certain", "99.5%", "99.5000"),
            ("mail.port", "587", "587"),
            ("limits.contact_most_in_week", "5", "5"),
            ("limits.calls_from", "9:30", "09:30"),
            ("mail.starttls", "yes", "yes"),
            ("letters.phone", "", ""),
        ] {
            assert_eq!(read(name, typed).as_deref(), Ok(kept), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (name, typed) in [
            ("bank.sort_code", "08-99-9"),
            ("bank.account", "1234567"),
            ("letters.brand_colour", "blue"),
            ("letters.email", "someone"),
            ("letters.phone", "1\n2"),
            ("letters.phone", "1\u{0}2"),
            ("mail.port", "65536"),
            ("limits.contact_most_in_week", "0"),
            ("limits.calls_until", "24:30"),
            ("mail.host", "a b"),
            ("mail.starttls", "true"),
            ("limits.minimum_to_claim", "-1"),
            ("limits.cash_accept", "49.9"),
            ("limits.cash_accept", "99.00001"),
            ("letters.address", "1\n2\n3\n4\n5\n6\n7\n8\n9"),
        ] {
            assert!(read(name, typed).is_err(), "{name} {typed:?}");
        }
        let long = find("mail.password").expect("a setting").read(&"x".repeat(201)).expect_err("too long");
        assert_eq!(long.typed, "", "a secret is not given back");
    }

    #[test]
    fn settings_that_belong_together_are_set_together() {
        let wrong = |pairs: &[(&'static str, &str)]| {
            let mut values: BTreeMap<&'static str, String> = BTreeMap::from([("letters.name", "A".to_owned())]);
            values.extend(pairs.iter().map(|(name, value)| (*name, (*value).to_owned())));
            wrong_together(&values).into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(&[]), Vec::<String>::new());
        assert_eq!(wrong(&[("bank.account", "66374958")]), ["bank.account_name", "bank.sort_code"]);
        assert_eq!(wrong(&[("mail.host", "x"), ("mail.port", "25")]), ["mail.from"]);
        assert_eq!(wrong(&[("letters.name", "")]), ["letters.name"]);
        let open = [("mail.host", "x"), ("mail.port", "25"), ("mail.from", "a@b.uk"), ("mail.user", "u")];
        assert_eq!(wrong(&[open.as_slice(), &[("mail.starttls", "no")]].concat()), ["mail.starttls"]);
    }
}
