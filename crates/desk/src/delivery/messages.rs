//! E-mails that are not letters: written in a command, sent with the letters, each at most once (P16).
use super::mail::{connect, domain_of, may_write_outside, settings_of};
use crate::core::command::Command;
use crate::{Actor, Desk, Fault, Outcome, command};
use lettre::message::Mailbox;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::{Address, Message};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use sundry_domain::control::Duty;
use sundry_domain::delivery::refusals::NO_MAIL_SERVER;
use sundry_store::delivery::outgoing::{self, MailRow};

/// Every call to the mail server ends within this.
const DEADLINE: Duration = Duration::from_secs(30);
/// E-mails sent at once, at most.
const MOST: i64 = 500;
/// An e-mail that the server puts off so often needs a person.
const ATTEMPTS: i64 = 5;

/// Writes an e-mail inside a command; it waits to be sent with the letters.
pub(crate) async fn write_mail(
    cmd: &mut Command,
    to: &str,
    (subject, body): (&str, &str),
    about: &str,
) -> Outcome<i64> {
    let row = MailRow {
        id: cmd.id(),
        sent_to: to.to_owned(),
        subject: subject.to_owned(),
        body: body.to_owned(),
        about: about.to_owned(),
        state: "waiting".into(),
        attempts: 0,
        state_reason: String::new(),
        recorded_at: cmd.at,
    };
    outgoing::add_mail(&mut cmd.tx, cmd.by.org, &row).await?;
    Ok(row.id)
}

/// What came of the e-mails that waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSent {
    /// The server took them.
    pub sent: i64,
    /// The server refused them, or they cannot be written.
    pub failed: i64,
    /// We cannot know.
    pub unknown: i64,
}

/// Sends every e-mail that waits; what was being sent when a sender died becomes unknown.
///
/// # Errors
/// `DLV-NO-MAIL-SERVER`, `DLV-MAIL-SERVER-DOWN`, `DLV-NOTHING-LEAVES`.
pub async fn send_mail(desk: &Desk, by: &Actor) -> Outcome<MailSent> {
    by.must_hold(Duty::ReleaseRuns)?;
    let mut look = desk.look().await?;
    let lost = outgoing::mails_in_state(&mut look, by.org, "sending", MOST).await?;
    let waiting = outgoing::mails_in_state(&mut look, by.org, "waiting", MOST).await?;
    let settings = settings_of(&mut look, by.org).await?;
    drop(look);
    let mut sent = MailSent::default();
    for mail in &lost {
        let why = "The sender stopped before the server's answer was seen";
        settle(desk, by, (mail, mail.attempts), ("unknown", why)).await?;
        sent.unknown += 1;
    }
    if waiting.is_empty() {
        return Ok(sent);
    }
    may_write_outside(desk)?;
    let (server, name) = settings.ok_or_else(|| NO_MAIL_SERVER.because("No mail server is set"))?;
    let mut line = Some(connect(desk, by.org, &server).await?);
    for mail in &waiting {
        let id = format!("{}.{}@{}", mail.id, mail.attempts + 1, domain_of(&server.from));
        let message = written(&server.from, &name, mail, &id);
        let mut open = match line.take() {
            Some(open) => open,
            None => connect(desk, by.org, &server).await?,
        };
        if !begin(desk, by, mail).await? {
            line = Some(open);
            continue;
        }
        let (state, why) = match message {
            Err(why) => ("failed", why),
            Ok(message) => {
                let answer = tokio::time::timeout(DEADLINE, open.send(message.envelope(), &message.formatted())).await;
                match answer {
                    Ok(Ok(_)) => ("sent", id),
                    Ok(Err(no)) if no.is_transient() && mail.attempts + 1 < ATTEMPTS => ("waiting", no.to_string()),
                    Ok(Err(no)) if no.is_permanent() || no.is_transient() => ("failed", no.to_string()),
                    Ok(Err(no)) => ("unknown", no.to_string()),
                    Err(_) => ("unknown", "The server did not answer in time".to_owned()),
                }
            }
        };
        match state {
            "sent" => {
                sent.sent += 1;
                line = Some(open);
            }
            "failed" => sent.failed += 1,
            "unknown" => sent.unknown += 1,
            _ => {}
        }
        settle(desk, by, (mail, mail.attempts + 1), (state, &why)).await?;
    }
    if let Some(mut line) = line {
        let _ = tokio::time::timeout(DEADLINE, line.quit()).await;
    }
    Ok(sent)
}

/// Written by a program (RFC 3834): no other program answers it.
#[derive(Clone, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn written(from: &str, name: &str, mail: &MailRow, id: &str) -> Result<Message, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|error| format!("{text}: {error}"));
    Message::builder()
        .from(Mailbox::new(Some(name.to_owned()), address(from)?))
        .to(Mailbox::new(None, address(&mail.sent_to)?))
        .message_id(Some(format!("<{id}>")))
        .subject(mail.subject.clone())
        .header(AutoSubmitted)
        .body(mail.body.clone())
        .map_err(|error| error.to_string())
}

/// True only for the one sender who may go on.
async fn begin(desk: &Desk, by: &Actor, mail: &MailRow) -> Outcome<bool> {
    let key = format!("mail/{}/sending/{}", mail.id, mail.attempts + 1);
    let token: i64 = desk.id();
    let begun: (bool, i64) = command!(desk, by, "begin_mail", &key, &mail.id, |cmd| {
        let begun = outgoing::begin_mail(&mut cmd.tx, cmd.by.org, mail.id).await?;
        cmd.tell("MailSending", format!("mail {}", mail.id), mail.attempts + 1);
        Ok((begun, token))
    })?;
    Ok(begun == (true, token))
}

async fn settle(desk: &Desk, by: &Actor, (mail, attempt): (&MailRow, i64), (state, why): (&str, &str)) -> Outcome<()> {
    let key = format!("mail/{}/settled/{attempt}/{state}", mail.id);
    let settled: bool = command!(desk, by, "settle_mail", &key, &(mail.id, state, why), |cmd| {
        let settled = outgoing::settle_mail(&mut cmd.tx, cmd.by.org, mail.id, state, why).await?;
        let detail = serde_json::json!({ "about": mail.about, "state": state, "why": why });
        cmd.tell("MailSettled", format!("mail {}", mail.id), detail);
        Ok(settled)
    })?;
    if settled { Ok(()) } else { Err(Fault::new(format!("mail {} was settled by someone else", mail.id)).into()) }
}
