//! GOV.UK Notify: its key, its messages, its answers and its callbacks, as JSON.
use serde::{Deserialize, Serialize};

/// Length of a UUID as text.
const UUID: usize = 36;

fn is_uuid(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == UUID
        && text.bytes().enumerate().all(|(at, byte)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// The service id and the secret in a key: its name, both UUIDs, with hyphens between.
pub fn split_key(key: &str) -> Option<(&str, &str)> {
    let key = key.trim();
    let (rest, secret) = key.split_at_checked(key.len().checked_sub(UUID)?)?;
    let rest = rest.strip_suffix('-')?;
    let (name, service) = rest.split_at_checked(rest.len().checked_sub(UUID)?)?;
    (is_uuid(secret) && is_uuid(service) && name.ends_with('-')).then_some((service, secret))
}

/// Whether a text is an id of theirs.
pub fn is_id(text: &str) -> bool {
    is_uuid(text)
}

/// A file that goes with an e-mail: the reader confirms their address before they open it.
#[derive(Clone, Debug, Serialize)]
pub struct SentFile {
    /// Base64.
    pub file: String,
    /// Its name.
    pub filename: String,
    /// It holds personal data.
    pub confirm_email_before_download: bool,
    /// How long it can be fetched.
    pub retention_period: &'static str,
}

/// What the e-mail template is filled with.
#[derive(Clone, Debug, Serialize)]
pub struct EmailFields {
    /// The subject line.
    pub subject: String,
    /// The words.
    pub message: String,
    /// The document.
    pub file: SentFile,
}

/// The placeholders that the e-mail template must have.
pub const EMAIL_PLACEHOLDERS: [&str; 3] = ["subject", "message", "file"];

/// An e-mail to send.
#[derive(Clone, Debug, Serialize)]
pub struct NewEmail {
    /// To whom.
    pub email_address: String,
    /// The template there.
    pub template_id: String,
    /// Our id of the message.
    pub reference: String,
    /// What fills the template.
    pub personalisation: EmailFields,
    /// Fields in which a customer's own text may stand: no links are made of it.
    pub sanitise_content_for: [&'static str; 2],
    /// Where answers go, where it is not the service's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_reply_to_id: Option<String>,
}

/// A letter to print as it is.
#[derive(Clone, Debug, Serialize)]
pub struct NewPdfLetter {
    /// Our id of the message.
    pub reference: String,
    /// The PDF in base64.
    pub content: String,
    /// first, second or economy.
    pub postage: String,
}

/// The answer to a message that was taken.
#[derive(Clone, Debug, Deserialize)]
pub struct Made {
    /// Their id.
    pub id: String,
}

/// A message as they see it.
#[derive(Clone, Debug, Deserialize)]
pub struct SeenMessage {
    /// Their id.
    pub id: String,
    /// Ours.
    #[serde(default)]
    pub reference: Option<String>,
    /// Where it stands.
    #[serde(default)]
    pub status: String,
    /// When it ended.
    #[serde(default)]
    pub completed_at: Option<String>,
}

/// A page of messages.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SeenMessages {
    /// Newest first.
    #[serde(default)]
    pub notifications: Vec<SeenMessage>,
}

/// A template as they have it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SeenTemplate {
    /// email, sms or letter.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its words.
    #[serde(default)]
    pub body: String,
    /// Its subject.
    #[serde(default)]
    pub subject: Option<String>,
}

/// Placeholders that a template lacks; `((name))`, or `((name??words))` for some only.
pub fn missing_placeholders(template: &SeenTemplate) -> Vec<&'static str> {
    let text = format!("{}\n{}", template.subject.as_deref().unwrap_or_default(), template.body).to_lowercase();
    let there = |name: &str| text.contains(&format!("(({name}))")) || text.contains(&format!("(({name}??"));
    EMAIL_PLACEHOLDERS.into_iter().filter(|name| !there(name)).collect()
}

/// What stands in a "no".
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SaidNo {
    /// Each error.
    #[serde(default)]
    pub errors: Vec<OneNo>,
}

/// One error.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct OneNo {
    /// Its name, which decides.
    #[serde(default)]
    pub error: String,
    /// Its words, which people read.
    #[serde(default)]
    pub message: String,
}

/// What they call us about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callback {
    /// A message of ours stands elsewhere now.
    Status {
        /// Their id.
        id: String,
        /// Ours.
        reference: String,
        /// Where it stands.
        status: String,
        /// When it ended.
        completed_at: String,
    },
    /// The post brought a letter back.
    Returned {
        /// Their id.
        id: String,
        /// Ours.
        reference: String,
    },
    /// Something else, such as a text message.
    Other,
}

#[derive(Deserialize)]
struct RawCallback {
    id: Option<String>,
    notification_id: Option<String>,
    reference: Option<String>,
    status: Option<String>,
    completed_at: Option<String>,
    sent_at: Option<String>,
}

/// Reads a callback; none where it is no JSON object.
pub fn read_callback(body: &[u8]) -> Option<Callback> {
    let raw: RawCallback = serde_json::from_slice(body).ok()?;
    let cut = |text: Option<String>| text.unwrap_or_default().chars().take(100).collect::<String>();
    Some(match (raw.id, raw.status, raw.notification_id) {
        (Some(id), Some(status), _) => Callback::Status {
            id: cut(Some(id)),
            reference: cut(raw.reference),
            status: cut(Some(status)),
            completed_at: cut(raw.completed_at.or(raw.sent_at)),
        },
        (_, None, Some(id)) => Callback::Returned { id: cut(Some(id)), reference: cut(raw.reference) },
        _ => Callback::Other,
    })
}

/// Words that make no heading, quotation or list of their own where a line of a customer's text begins with a sign.
pub fn as_plain_words(text: &str) -> String {
    let plain = |line: &str| {
        let begins = line.trim_start().starts_with(['#', '^', '*']);
        if begins { format!("\\{}", line.trim_start()) } else { line.to_owned() }
    };
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
    const SECRET: &str = "3d844edf-8d35-48ac-975b-e847b4f122b0";

    #[test]
    fn del_01_a_key_is_split_from_its_end() {
        let key = format!("my-test_key-{SERVICE}-{SECRET}");
        assert_eq!(split_key(&format!(" {key}\n")), Some((SERVICE, SECRET)));
        for wrong in ["", SECRET, &format!("{SERVICE}-{SECRET}"), &key[..key.len() - 1], &key.replace('-', "_"), "é"] {
            assert_eq!(split_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn del_06_callbacks_are_read_by_what_they_hold() {
        let body = br#"{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":"r1","to":"adam@example.org",
            "status":"permanent-failure","completed_at":"2026-11-20T09:00:03.000000Z","notification_type":"email"}"#;
        let Some(Callback::Status { id, reference, status, completed_at }) = read_callback(body) else {
            panic!("a status")
        };
        assert_eq!((id.as_str(), reference.as_str()), ("740e5834-3a29-46b4-9a6f-16142fde533a", "r1"));
        assert_eq!((status.as_str(), completed_at.as_str()), ("permanent-failure", "2026-11-20T09:00:03.000000Z"));
        let back = br#"{"notification_id":"3d1ce039-5476-414c-99b2-fac1e6add62c","reference":null,"date_sent":"x"}"#;
        let returned = Callback::Returned { id: "3d1ce039-5476-414c-99b2-fac1e6add62c".into(), reference: "".into() };
        assert_eq!(read_callback(back), Some(returned));
        let text = br#"{"id":"x","source_number":"447900900123","message":"STOP"}"#;
        assert_eq!(read_callback(text), Some(Callback::Other));
        for wrong in [&b""[..], b"[]", b"\"x\"", b"{\"id\":1}"] {
            assert_eq!(read_callback(wrong), None);
        }
    }

    #[test]
    fn del_01_a_customers_words_make_no_headings() {
        assert_eq!(
            as_plain_words("Dear Ann\n# Pay\n  ^ me\n* now\nInvoice #4"),
            "Dear Ann\n\\# Pay\n\\^ me\n\\* now\nInvoice #4"
        );
        let template = SeenTemplate { body: "((message))\n((file))".into(), ..SeenTemplate::default() };
        assert_eq!(missing_placeholders(&template), ["subject"]);
        let whole = SeenTemplate { subject: Some("((Subject))".into()), ..template };
        assert!(missing_placeholders(&whole).is_empty());
    }
}
