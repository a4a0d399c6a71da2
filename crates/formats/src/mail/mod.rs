//! A message as it came (RFC 5322 and MIME): who, about what, which message it answers, what it says, what hangs on it.
//!
//! Any bytes give a message: what cannot be read of them is said in `troubles`, and nothing is lost, because whoever
//! keeps the message keeps its bytes.

mod fields;
mod html;
mod quoted;

use crate::text;
use chrono::{DateTime, Utc};
use mail_parser::{Address, HeaderValue, MessageParser, MessagePart, MimeHeaders, PartType};
use quoted::split_quoted;
use serde::{Deserialize, Serialize};

pub(crate) use fields::fields;

/// The largest message that is read whole; of a larger one only the beginning is.
pub const LARGEST_MESSAGE: usize = 25 * 1024 * 1024;
/// How much is read of a message that is too large.
pub const BEGINNING: usize = 64 * 1024;
/// The longest text that is taken from a message, in characters.
const LONGEST_TEXT: usize = 50_000;
/// Attachments named at most.
const MOST_FILES: usize = 100;
/// Messages of the thread named at most.
const MOST_REFERENCES: usize = 50;

/// What wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// A person, as far as it tells.
    Person,
    /// A program that answers for somebody: out of the office, message received.
    Automatic,
    /// A program that writes to many, or of its own accord.
    Bulk,
}

/// Somebody with an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Their name, where it is said.
    pub name: String,
    /// Their address, in small letters.
    pub address: String,
}

/// A file that hangs on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name as sent; made up where it has none.
    pub name: String,
    /// Its media type as sent.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id, without angle brackets; empty when it has none.
    pub message_id: String,
    /// The messages it answers, nearest first: In-Reply-To, then References from the last.
    pub answers: Vec<String>,
    /// Who wrote it.
    pub from: Who,
    /// Where answers are to go, when that is elsewhere.
    pub reply_to: Who,
    /// Its subject.
    pub subject: String,
    /// When it says that it was written.
    pub sent_at: Option<DateTime<Utc>>,
    /// What they wrote, without what they quote.
    pub text: String,
    /// What they quote.
    pub quoted: String,
    /// What hangs on it.
    pub attachments: Vec<Attachment>,
    /// What wrote it.
    pub writer: Writer,
    /// What could not be read, in words.
    pub troubles: Vec<String>,
}

/// Reads a message; any bytes give one.
pub fn read_message(bytes: &[u8]) -> Message {
    let too_large = bytes.len() > LARGEST_MESSAGE;
    let read = if too_large { &bytes[..BEGINNING] } else { bytes };
    let mut troubles = Vec::new();
    if too_large {
        troubles.push(format!("It has {} MB; only its beginning was read", bytes.len() / (1024 * 1024)));
    }
    let parsed = MessageParser::default().parse(read);
    let Some(parsed) = parsed.filter(|one| !one.headers().is_empty()) else {
        troubles.push("It is not a message that can be read".into());
        return unreadable(read, troubles);
    };
    let from = who(parsed.from()).or_else(|| who(parsed.sender())).unwrap_or_default();
    if from.address.is_empty() {
        troubles.push("It does not say who wrote it".into());
    }
    let reply_to = who(parsed.reply_to()).filter(|to| to.address != from.address).unwrap_or_default();
    let (text, quoted) = split_quoted(&limited(&words_of(&parsed)));
    let mut attachments: Vec<Attachment> = Vec::new();
    if !too_large {
        let all = parsed.attachments().enumerate();
        attachments.extend(all.take(MOST_FILES).map(|(at, part)| attachment(at, part)));
        if parsed.attachment_count() > MOST_FILES {
            troubles.push(format!("It carries {} files; the first {MOST_FILES} are named", parsed.attachment_count()));
        }
    }
    let subject = one_line(parsed.subject().unwrap_or_default(), 500);
    Message {
        message_id: id_of(parsed.message_id().unwrap_or_default()),
        answers: answers(parsed.in_reply_to(), parsed.references()),
        writer: fields::writer(read, &subject),
        subject,
        from,
        reply_to,
        sent_at: parsed.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)),
        text,
        quoted,
        attachments,
        troubles,
    }
}

fn unreadable(bytes: &[u8], troubles: Vec<String>) -> Message {
    let shown: String = text::decode(&bytes[..bytes.len().min(4_000)], None).text;
    Message {
        message_id: String::new(),
        answers: Vec::new(),
        from: Who::default(),
        reply_to: Who::default(),
        subject: String::new(),
        sent_at: None,
        text: clean(&shown),
        quoted: String::new(),
        attachments: Vec::new(),
        writer: Writer::Person,
        troubles,
    }
}

/// The text of a saved message (.eml): its plain text, or else its HTML without the marks.
pub fn body_of(bytes: &[u8]) -> String {
    let words = MessageParser::default().parse(bytes).map(|parsed| words_of(&parsed)).unwrap_or_default();
    match words.trim() {
        "" => text::with_line_feeds(text::decode(bytes, None).text),
        _ => words,
    }
}

/// Whether bytes look like a saved message: headings of mail come first.
pub(crate) fn looks_like_mail(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_lowercase();
    let has = |name: &str| head.starts_with(name) || head.contains(&format!("\n{name}"));
    has("from:") && (has("subject:") || has("mime-version:")) && (has("date:") || has("content-type:"))
}

/// The texts that lie in a message, unpacked: reports of mail servers, and the headings of messages given back.
pub(crate) fn inner_texts(bytes: &[u8]) -> String {
    let Some(parsed) = MessageParser::default().parse(bytes) else { return String::new() };
    let mut all = String::new();
    for part in &parsed.parts {
        match &part.body {
            PartType::Text(words) => all.push_str(words),
            PartType::Binary(inner) | PartType::InlineBinary(inner) if is_report(part) => {
                all.push_str(&String::from_utf8_lossy(inner));
            }
            PartType::Message(inner) => all.push_str(&String::from_utf8_lossy(inner.raw_message())),
            _ => continue,
        }
        all.push_str("\n\n");
    }
    all
}

fn is_report(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| kind.c_type.eq_ignore_ascii_case("message"))
}

/// The plain parts in order; where they say nothing, the HTML parts without their marks.
fn words_of(parsed: &mail_parser::Message<'_>) -> String {
    let mut plain = String::new();
    for part in parsed.text_bodies() {
        if let PartType::Text(words) = &part.body
            && !words.trim().is_empty()
        {
            plain.push_str(words);
            plain.push('\n');
        }
    }
    if plain.is_empty() {
        for part in parsed.html_bodies() {
            if let PartType::Html(page) = &part.body {
                plain.push_str(&html::without_marks(page));
                plain.push('\n');
            }
        }
    }
    if plain.is_empty() { plain } else { text::with_line_feeds(plain) }
}

fn attachment(at: usize, part: &MessagePart<'_>) -> Attachment {
    let kind = part.content_type();
    let (whole, sub) = match kind {
        Some(kind) => (kind.c_type.to_lowercase(), kind.c_subtype.as_deref().unwrap_or("plain").to_lowercase()),
        None => ("application".into(), "octet-stream".into()),
    };
    let bytes = match &part.body {
        PartType::Message(inner) => inner.raw_message().to_vec(),
        _ => part.contents().to_vec(),
    };
    let ending = match &part.body {
        PartType::Message(_) => "eml",
        PartType::Text(_) => "txt",
        PartType::Html(_) => "html",
        _ => "bin",
    };
    let name = part.attachment_name().map(|name| one_line(name, 200)).filter(|name| !name.is_empty());
    Attachment {
        name: name.unwrap_or_else(|| format!("attachment-{}.{ending}", at + 1)),
        media_type: one_line(&format!("{whole}/{sub}"), 100),
        bytes,
    }
}

fn who(address: Option<&Address<'_>>) -> Option<Who> {
    let first = address?.first()?;
    let address = one_line(first.address.as_deref().unwrap_or_default(), 254).to_lowercase();
    let name = one_line(first.name.as_deref().unwrap_or_default(), 200);
    (!address.is_empty() || !name.is_empty()).then_some(Who { name, address })
}

fn answers(reply: &HeaderValue<'_>, references: &HeaderValue<'_>) -> Vec<String> {
    let ids = |value: &HeaderValue<'_>| -> Vec<String> {
        let all = match value {
            HeaderValue::TextList(all) => all.iter().map(|id| id_of(id)).collect(),
            HeaderValue::Text(one) => vec![id_of(one)],
            _ => Vec::new(),
        };
        all.into_iter().filter(|id| !id.is_empty()).collect()
    };
    let mut found = ids(reply);
    for id in ids(references).into_iter().rev() {
        if found.len() < MOST_REFERENCES && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn id_of(text: &str) -> String {
    one_line(text.trim().trim_matches(['<', '>']), 300)
}

fn one_line(text: &str, most: usize) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

fn limited(text: &str) -> String {
    clean(&text.chars().take(LONGEST_TEXT).collect::<String>())
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests;
