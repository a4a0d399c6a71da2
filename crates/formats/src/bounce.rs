//! Mail that comes back: delivery status notifications (RFC 3464) and complaints (RFC 5965).

use crate::mail::{fields as fields_of, inner_texts};
use crate::problem::FormatProblem;
use serde::{Deserialize, Serialize};

/// The largest message that is read.
const LARGEST: usize = 20 * 1024 * 1024;

/// What a mail server says became of a message of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It will not be delivered.
    Failed,
    /// It is still tried.
    Delayed,
    /// It was delivered, or passed on.
    Delivered,
    /// Its reader called it unwanted.
    Complained,
}

/// A message that says what became of one of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// Our message's id, without angle brackets.
    pub message_id: String,
    /// To whom it went; empty when not said.
    pub recipient: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The status, such as 5.1.1; empty when not said.
    pub status: String,
    /// What the server said, on one line.
    pub diagnostic: String,
}

impl Bounce {
    /// Whether the address itself is wrong, so that trying again is of no use (RFC 3463: 5.1.x, 5.2.1).
    pub fn address_is_bad(&self) -> bool {
        self.outcome == Outcome::Failed && (self.status.starts_with("5.1.") || self.status == "5.2.1")
    }
}

/// Reads such a message; the one that was sent back must be named in it.
///
/// # Errors
/// When it is no such message, or names none of ours.
pub fn read_bounce(bytes: &[u8]) -> Result<Bounce, FormatProblem> {
    if bytes.len() > LARGEST {
        return Err(FormatProblem::new("file.too_large", "", "the message is over 20 MB"));
    }
    let mut fields = fields_of(&String::from_utf8_lossy(bytes));
    if !fields.iter().any(|(name, _)| name == "action" || name == "feedback-type") {
        // A report that was packed for its way.
        fields.extend(fields_of(&inner_texts(bytes)));
    }
    let first = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let complaint = first("feedback-type").is_some_and(|kind| !kind.eq_ignore_ascii_case("not-spam"));
    let outcome = match first("action").map(str::to_ascii_lowercase).as_deref() {
        Some("failed") => Outcome::Failed,
        Some("delayed") => Outcome::Delayed,
        Some("delivered" | "relayed" | "expanded") => Outcome::Delivered,
        _ if complaint => Outcome::Complained,
        _ => {
            let words = "the message is neither a delivery status nor a complaint";
            return Err(FormatProblem::new("bounce.wrong_message", "", words));
        }
    };
    // The first id is the report's own; ours is named by the report, or stands in the message it gives back.
    let named = first("original-message-id").or_else(|| first("x-original-message-id"));
    let ids: Vec<&str> =
        fields.iter().filter(|(key, _)| key == "message-id").map(|(_, value)| value.as_str()).collect();
    let ours = named.or_else(|| ids.get(1).copied()).or_else(|| first("in-reply-to"));
    let ours = ours.ok_or_else(|| {
        FormatProblem::new("bounce.original", "Message-ID", "the message does not name the one it is about")
    })?;
    let address = |text: &str| text.rsplit(';').next().unwrap_or(text).trim().trim_matches(['<', '>']).to_owned();
    let recipient =
        first("final-recipient").or_else(|| first("original-recipient")).or_else(|| first("original-rcpt-to"));
    let said = first("diagnostic-code").map(|text| text.split_once(';').map_or(text, |(_, words)| words).trim());
    Ok(Bounce {
        message_id: ours.trim().trim_matches(['<', '>']).to_owned(),
        recipient: recipient.map(address).unwrap_or_default(),
        outcome,
        status: first("status").map(|text| text.chars().take(12).collect()).unwrap_or_default(),
        diagnostic: said.unwrap_or("").chars().filter(|c| !c.is_control()).take(500).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(action: &str, status: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example.org\r\nTo: bills@example.gov.uk\r\nMessage-ID: <77@mx.example.org>\r\n\
             Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"b\"\r\n\r\n--b\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n\
             Final-Recipient: rfc822; ann@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 5.1.1 No such\r\n  mailbox here\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             Message-ID: <LTR-000001.1@example.gov.uk>\r\nSubject: Invoice\r\n\r\n--b--\r\n"
        )
    }

    #[test]
    fn del_01_a_delivery_status_names_our_message() {
        let bounce = read_bounce(report("failed", "5.1.1").as_bytes()).expect("reads");
        assert_eq!(bounce.message_id, "LTR-000001.1@example.gov.uk");
        assert_eq!((bounce.recipient.as_str(), bounce.outcome), ("ann@example.org", Outcome::Failed));
        assert_eq!(bounce.diagnostic, "550 5.1.1 No such mailbox here");
        assert!(bounce.address_is_bad());
        let full = read_bounce(report("failed", "5.2.2").as_bytes()).expect("reads");
        assert!(!full.address_is_bad());
        assert_eq!(read_bounce(report("Delayed", "4.4.1").as_bytes()).expect("reads").outcome, Outcome::Delayed);
        assert_eq!(read_bounce(report("relayed", "2.0.0").as_bytes()).expect("reads").outcome, Outcome::Delivered);
    }

    #[test]
    fn del_01_a_complaint_is_told_from_a_bounce() {
        let text = "Message-ID: <1@isp.example>\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: <ann@example.org>\n\n\
                    Message-ID: <LTR-000002.1@example.gov.uk>\n";
        let complaint = read_bounce(text.as_bytes()).expect("reads");
        assert_eq!((complaint.outcome, complaint.recipient.as_str()), (Outcome::Complained, "ann@example.org"));
    }

    #[test]
    fn del_01_other_mail_is_refused() {
        assert_eq!(read_bounce(b"Subject: Hello\n\nHow are you?").unwrap_err().code, "bounce.wrong_message");
        assert_eq!(read_bounce(b"Action: failed\n").unwrap_err().code, "bounce.original");
        assert_eq!(read_bounce(&[0xff; 400]).unwrap_err().code, "bounce.wrong_message");
    }
}
