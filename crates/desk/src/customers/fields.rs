//! What is asked of every customer, and the checks on it.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::customers::{CustomerKind, is_email, normalise_name, postcode};
use sundry_domain::refusal::Invalid;
use sundry_store::customers::CustomerRow;

/// What is known of a customer, as typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerFields {
    /// Name as printed.
    pub name: String,
    /// What they are: person, company, council and so on.
    pub kind: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Days from invoice to due date; 30 when not said.
    pub terms_days: Option<i64>,
    /// post or email; post when not said.
    pub channel: String,
    /// en or cy; en when not said.
    pub language: String,
    /// standard, large_print, easy_read, braille or audio; standard when not said.
    pub letter_format: String,
    /// Who looks after the account.
    pub collector: String,
}

const FORMATS: [&str; 5] = ["standard", "large_print", "easy_read", "braille", "audio"];
/// What to do where a format is not one of ours.
pub(crate) const CHOOSE_FORMAT: &str = "Choose standard, large_print, easy_read, braille or audio";

/// Whether letters may be asked for in a format; nothing means the standard one.
pub(crate) fn is_format(text: &str) -> bool {
    text.is_empty() || FORMATS.contains(&text)
}

impl CustomerFields {
    /// Everything wrong with them.
    pub(super) fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
        if self.name.trim().is_empty() {
            say("name", "Enter the customer's name", &self.name);
        }
        if CustomerKind::parse(&self.kind).is_none() {
            say("kind", "Choose the kind of customer from the list", &self.kind);
        }
        let typed = self.postcode.trim();
        if !typed.is_empty() && postcode(typed).is_none() {
            say("postcode", "Enter a full UK postcode, like SW1A 1AA", typed);
        }
        let email = self.email.trim();
        if !email.is_empty() && !is_email(email) {
            say("email", "Enter an e-mail address, like name@example.org", email);
        }
        if !matches!(self.channel.as_str(), "" | "post" | "email") {
            say("channel", "Choose post or email", &self.channel);
        }
        if self.channel == "email" && email.is_empty() {
            say("email", "Enter the e-mail address to write to", email);
        }
        if !matches!(self.language.as_str(), "" | "en" | "cy") {
            say("language", "Choose en or cy", &self.language);
        }
        if !is_format(&self.letter_format) {
            say("letter_format", CHOOSE_FORMAT, &self.letter_format);
        }
        if let Some(days) = self.terms_days.filter(|days| !(0..=365).contains(days)) {
            say("terms_days", "Enter a number of days from 0 to 365", &days.to_string());
        }
        for (field, text) in self.texts() {
            if text.chars().count() > 200 || text.chars().any(char::is_control) {
                say(field, "Enter at most 200 characters on one line", text);
            }
        }
        wrong
    }

    /// The texts, each with its field.
    pub(super) fn texts(&self) -> [(&str, &str); 8] {
        [
            ("name", &self.name),
            ("address1", &self.address1),
            ("address2", &self.address2),
            ("town", &self.town),
            ("postcode", &self.postcode),
            ("email", &self.email),
            ("phone", &self.phone),
            ("collector", &self.collector),
        ]
    }

    /// Which of the texts are filled in.
    pub(super) fn filled(&self) -> Vec<&str> {
        self.texts().into_iter().filter(|(_, text)| !text.trim().is_empty()).map(|(field, _)| field).collect()
    }

    /// The row they make.
    pub(super) fn row(&self, id: i64, number: String, version: i64, at: DateTime<Utc>) -> CustomerRow {
        let or = |text: &str, otherwise: &str| if text.is_empty() { otherwise.into() } else { text.to_owned() };
        let name = self.name.trim().to_owned();
        CustomerRow {
            id,
            number,
            search_name: normalise_name(&name),
            name,
            kind: CustomerKind::parse(&self.kind).unwrap_or(CustomerKind::Unknown).as_str().into(),
            address1: self.address1.trim().into(),
            address2: self.address2.trim().into(),
            town: self.town.trim().into(),
            postcode: postcode(&self.postcode).unwrap_or_default(),
            email: self.email.trim().into(),
            phone: self.phone.trim().into(),
            terms_days: self.terms_days.unwrap_or(30),
            channel: or(&self.channel, "post"),
            language: or(&self.language, "en"),
            letter_format: or(&self.letter_format, "standard"),
            collector: self.collector.trim().into(),
            recorded_at: at,
            version,
        }
    }
}

/// An address on one line.
pub(super) fn one_line(c: &CustomerRow) -> String {
    let parts = [&c.address1, &c.address2, &c.town, &c.postcode];
    parts.into_iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}
