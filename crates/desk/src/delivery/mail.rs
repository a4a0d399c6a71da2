//! E-mail through an SMTP server. What we cannot know, we do not send again (P16).
use super::Progress;
use super::backing::{Beside, beside};
use super::court_forms::whole_content_of;
use super::leaving::may_not_leave;
use super::letters::{kept_pdf, printer};
use super::notify::carries;
use super::proof::note_letter;
use crate::setup::settings::mail_password;
use crate::{Actor, Desk, Fault, Mode, Outcome, command};
use lettre::message::{Attachment, Mailbox, MultiPart, header::ContentType};
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use sundry_domain::control::Duty;
use sundry_domain::customers::is_email;
use sundry_domain::delivery::backing::fits;
use sundry_domain::delivery::notify::NotifyKind;
use sundry_domain::delivery::proof::Known;
use sundry_domain::delivery::refusals::{MAIL_SERVER_DOWN, NO_MAIL_SERVER, NOT_SET, NOTHING_LEAVES, NOTIFY_CARRIES};
use sundry_domain::ids::{LetterId, OrgId};
use sundry_domain::refusal::Invalid;
use sundry_paper::{HtmlMail, Letter};
use sundry_store::delivery::notify_queue::{left_out_emails, letters_under_way};
use sundry_store::delivery::{self, LetterRow};
use sundry_store::{Tx, control};

/// Every call to the mail server ends within this.
const DEADLINE: Duration = Duration::from_secs(30);
/// A letter that the server puts off so often needs a person.
const ATTEMPTS: i64 = 5;

/// Where e-mail goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The sender's address; replies to it are read.
    pub from: String,
    /// Refuse to send in clear.
    #[serde(default = "over_tls")]
    pub starttls: bool,
    /// Whom the server knows us as; empty where it asks for nobody.
    #[serde(default)]
    pub user: String,
    /// Their password, sealed.
    #[serde(default)]
    pub password_sealed: String,
}

fn over_tls() -> bool {
    true
}

/// The mail server, if one is set.
pub async fn mail_settings(desk: &Desk, by: &Actor) -> Outcome<Option<MailSettings>> {
    let mut look = desk.look().await?;
    Ok(settings_of(&mut look, by.org).await?.map(|(mail, _)| mail))
}

pub(super) async fn settings_of(tx: &mut Tx, org: OrgId) -> Outcome<Option<(MailSettings, String)>> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    match site.settings.get("mail") {
        Some(mail) => Ok(Some((serde_json::from_value(mail.clone())?, site.name))),
        None => Ok(None),
    }
}

/// A home of made people writes to nobody.
pub(crate) fn may_write_outside(desk: &Desk) -> Outcome<()> {
    match desk.mode() {
        Mode::Live | Mode::Test => Ok(()),
        Mode::Demo | Mode::Training => {
            let words = format!("Nothing leaves a {} home.", desk.mode().as_str());
            Err(NOTHING_LEAVES.because(words).into())
        }
    }
}

/// Sends a message that says no more than that mail arrives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendTestMessage {
    /// Idempotency key.
    pub key: String,
    /// To whom.
    pub to: String,
}

/// What the server said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestMessageSent {
    /// To whom.
    pub to: String,
    /// Whether the server took it.
    pub taken: bool,
    /// What it said, or what is not known.
    pub words: String,
}

/// Sends a test message over the mail server that is set; a key sends one, however often it comes.
///
/// # Errors
/// Duty; an address that cannot be written to; `DLV-NO-MAIL-SERVER`, `DLV-MAIL-SERVER-DOWN`, `DLV-NOTHING-LEAVES`.
pub async fn send_test_message(desk: &Desk, by: &Actor, ask: SendTestMessage) -> Outcome<TestMessageSent> {
    by.must_hold(Duty::ManageSettings)?;
    if !is_email(&ask.to) {
        return Err(Invalid::field("to", "Enter an e-mail address, like bills@example.gov.uk", &ask.to).into());
    }
    may_write_outside(desk)?;
    let settings = settings_of(&mut desk.look().await?, by.org).await?;
    let (mail, name) = settings.ok_or_else(|| NO_MAIL_SERVER.because("No mail server is set"))?;
    let mut line = connect(desk, by.org, &mail).await?;
    let token: i64 = desk.id();
    let asked: i64 = command!(desk, by, "send_test_message", &ask.key, &ask, |cmd| {
        cmd.tell("TestMessageAsked", format!("mail server {}", mail.host), serde_json::json!({ "to": ask.to }));
        Ok(token)
    })?;
    let said = if asked == token { try_message(&mut line, (&mail, &name), &ask.to).await? } else { None };
    let _ = tokio::time::timeout(DEADLINE, line.quit()).await;
    let (taken, words) = said.unwrap_or((false, "It was sent before; what became of it is not known".into()));
    command!(desk, by, "settle_test_message", &format!("{}/settled", ask.key), &ask.to, |cmd| {
        let answer = TestMessageSent { to: ask.to.clone(), taken, words: words.clone() };
        let event = if taken { "TestMessageSent" } else { "TestMessageFailed" };
        cmd.tell(event, format!("mail server {}", mail.host), &answer);
        Ok(answer)
    })
}

async fn try_message(
    line: &mut AsyncSmtpConnection,
    (mail, name): (&MailSettings, &str),
    to: &str,
) -> Outcome<Option<(bool, String)>> {
    let address = |text: &str| text.parse::<Address>();
    let (Ok(from), Ok(who)) = (address(&mail.from), address(to)) else {
        return Ok(Some((false, "The address cannot be written to".into())));
    };
    let message = Message::builder()
        .from(Mailbox::new(Some(name.to_owned()), from))
        .to(Mailbox::new(None, who))
        .subject(format!("A test message from {name}"))
        .body(
            "This message shows that the mail server that Sundry was given takes its mail. Nothing need be done.\n"
                .to_owned(),
        )
        .map_err(|error| Fault::new(format!("a test message cannot be written: {error}")))?;
    let answer = tokio::time::timeout(DEADLINE, line.send(message.envelope(), &message.formatted())).await;
    Ok(Some(match answer {
        Ok(Ok(_)) => (true, "The server took it".into()),
        Ok(Err(error)) => (false, error.to_string()),
        Err(_) => (false, "The server did not answer in time".into()),
    }))
}

/// Sends the letters that wait for e-mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendEmails {
    /// Idempotency key.
    pub key: String,
    /// At most this many.
    pub limit: i64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The server took them.
    pub sent: i64,
    /// The server refused them for good, or the address cannot be written to.
    pub failed: i64,
    /// We cannot know: a person must look.
    pub unknown: i64,
    /// The server put them off; they wait for the next time.
    pub put_off: i64,
    /// They may no longer leave.
    pub withdrawn: i64,
}

/// Sends every waiting letter by e-mail, each at most once; what was being sent when a sender died becomes unknown.
///
/// # Errors
/// `DLV-NO-MAIL-SERVER`, `DLV-MAIL-SERVER-DOWN`, `DLV-NOTHING-LEAVES`.
pub async fn send_emails(desk: &Desk, by: &Actor, ask: SendEmails, progress: Progress<'_>) -> Outcome<Sent> {
    by.must_hold(Duty::ReleaseRuns)?;
    may_write_outside(desk)?;
    let mut look = desk.look().await?;
    let settings = settings_of(&mut look, by.org).await?;
    let by_notify = carries(&mut look, by.org, NotifyKind::Email).await?;
    let limit = ask.limit.clamp(1, 10_000);
    let waiting = if by_notify {
        left_out_emails(&mut look, by.org, limit).await?
    } else {
        delivery::letters_in_state(&mut look, by.org, "waiting", "email", LetterId(0), limit).await?
    };
    if by_notify && settings.is_none() && waiting.is_empty() {
        return Err(NOTIFY_CARRIES.because("GOV.UK Notify carries the e-mail of this organisation").into());
    }
    let (mail, name) = settings.ok_or_else(|| NO_MAIL_SERVER.because("No mail server is set"))?;
    let mut lost = delivery::letters_in_state(&mut look, by.org, "sending", "email", LetterId(0), 10_000).await?;
    let elsewhere = letters_under_way(&mut look, by.org).await?;
    lost.retain(|letter| !elsewhere.contains(&letter.id));
    let stopped = may_not_leave(&mut look, by.org, desk.today(), &waiting).await?;
    drop(look);
    let mut sent = Sent::default();
    for letter in &lost {
        settle(desk, by, letter, Fate::Unknown("The sender stopped before the server's answer was seen".into()))
            .await?;
        sent.unknown += 1;
    }
    let mut line = if waiting.is_empty() { None } else { Some(connect(desk, by.org, &mail).await?) };
    let total = waiting.len() as i64;
    for (at, letter) in (1i64..).zip(&waiting) {
        if let Some(refusal) = stopped.get(&letter.id) {
            let why = format!("{}: {}", refusal.code, refusal.sentence);
            settle(desk, by, letter, Fate::Withdrawn(why)).await?;
            sent.withdrawn += 1;
            continue;
        }
        let fate = send_one(desk, by, (&mail, &name), &mut line, letter).await?;
        match &fate {
            Some(Fate::Sent { .. }) => sent.sent += 1,
            Some(Fate::Failed(_)) => sent.failed += 1,
            Some(Fate::Unknown(_)) => sent.unknown += 1,
            Some(Fate::PutOff(_)) => sent.put_off += 1,
            Some(Fate::Withdrawn(_)) | None => {}
        }
        if let Some(fate) = fate {
            settle(desk, by, letter, fate).await?;
        }
        progress(at, total);
    }
    if let Some(mut line) = line {
        let _ = tokio::time::timeout(DEADLINE, line.quit()).await;
    }
    Ok(sent)
}

/// How it went with one letter.
enum Fate {
    Sent { message_id: String, file: String, size: usize },
    Failed(String),
    PutOff(String),
    Unknown(String),
    Withdrawn(String),
}

pub(super) async fn connect(desk: &Desk, org: OrgId, mail: &MailSettings) -> Outcome<AsyncSmtpConnection> {
    let down = |why: String| MAIL_SERVER_DOWN.because(format!("{}:{} cannot be reached: {why}", mail.host, mail.port));
    let us = ClientId::default();
    let dial = AsyncSmtpConnection::connect_tokio1((mail.host.as_str(), mail.port), Some(DEADLINE), &us, None, None);
    let dialled = tokio::time::timeout(DEADLINE, dial).await.map_err(|_| down("no answer".into()))?;
    let mut line = dialled.map_err(|error| down(error.to_string()))?;
    if line.can_starttls() && mail.starttls {
        let tls = TlsParameters::new(mail.host.clone()).map_err(|error| down(error.to_string()))?;
        line.starttls(tls, &us).await.map_err(|error| down(error.to_string()))?;
    } else if mail.starttls {
        return Err(down("it does not offer TLS".into()).into());
    }
    if !mail.user.is_empty() {
        let password = mail_password(desk.vault(), org, &mail.password_sealed)?;
        let who = Credentials::new(mail.user.clone(), password);
        let said = tokio::time::timeout(DEADLINE, line.auth(&[Mechanism::Plain, Mechanism::Login], &who)).await;
        said.map_err(|_| down("no answer".into()))?.map_err(|error| down(error.to_string()))?;
    }
    Ok(line)
}

/// A letter as it would leave, or why its customer would not take it.
enum Ready {
    Goes(HtmlMail, Vec<u8>, Box<Letter>),
    TooLarge(String),
}

/// Sends one letter: that it is being sent is committed before the first byte leaves.
async fn send_one(
    desk: &Desk,
    by: &Actor,
    from: (&MailSettings, &str),
    line: &mut Option<AsyncSmtpConnection>,
    letter: &LetterRow,
) -> Outcome<Option<Fate>> {
    let mut look = desk.look().await?;
    let content = whole_content_of(desk, &mut look, by.org, letter).await;
    let beside = beside(desk, &mut look, by.org, letter).await;
    drop(look);
    let number = letter.number.clone();
    let work = tokio::task::spawn_blocking(move || -> Result<Ready, String> {
        let (printer, content) = (printer(), content.map_err(|no| no.to_string())?);
        let Beside { files, longest_kb } = beside.map_err(|no| no.to_string())?;
        let pdf = |letter: &Letter| match files.is_empty() && !letter.encloses_pages() {
            true => printer.pdf(letter),
            false => printer.bundle(letter, &files),
        };
        let set = printer.html(&content).and_then(|mail| Ok((mail, pdf(&content)?)));
        let (mail, pdf) = set.map_err(|fault| fault.to_string())?;
        Ok(match fits(pdf.len(), longest_kb) {
            Ok(()) => Ready::Goes(mail, pdf, Box::new(content)),
            Err(no) => Ready::TooLarge(format!("{}: {}", no.code, no.sentence)),
        })
    });
    // One that cannot be set stops only itself (P17).
    let (html, pdf, content) = match work.await.unwrap_or_else(|error| Err(format!("the printer broke on it: {error}")))
    {
        Ok(Ready::Goes(html, pdf, content)) => (html, pdf, content),
        Ok(Ready::TooLarge(why)) => return Ok(begin(desk, by, letter).await?.then_some(Fate::Failed(why))),
        Err(why) => {
            let why = format!("{}: It could not be set: {why}", NOT_SET.code);
            return Ok(begin(desk, by, letter).await?.then_some(Fate::Failed(why)));
        }
    };
    let file = desk.files().put(by.org.0, &pdf)?;
    let size = pdf.len();
    let message_id = format!("{number}.{}@{}", letter.attempts + 1, domain_of(&from.0.from));
    let message = match message(from, letter, &message_id, html, pdf, &content) {
        Ok(message) => message,
        Err(why) => return Ok(begin(desk, by, letter).await?.then_some(Fate::Failed(why))),
    };
    if line.is_none() {
        *line = Some(connect(desk, by.org, from.0).await?);
    }
    if !begin(desk, by, letter).await? {
        return Ok(None);
    }
    let Some(mut open) = line.take() else { return Err(Fault::new("no line to the mail server").into()) };
    let answer = tokio::time::timeout(DEADLINE, open.send(message.envelope(), &message.formatted())).await;
    Ok(Some(match answer {
        Ok(Ok(_)) => {
            *line = Some(open);
            Fate::Sent { message_id, file, size }
        }
        Ok(Err(error)) if error.is_permanent() => Fate::Failed(error.to_string()),
        Ok(Err(error)) if error.is_transient() && letter.attempts + 1 < ATTEMPTS => Fate::PutOff(error.to_string()),
        Ok(Err(error)) if error.is_transient() => Fate::Failed(error.to_string()),
        Ok(Err(error)) => Fate::Unknown(error.to_string()),
        Err(_) => Fate::Unknown("The server did not answer in time".into()),
    }))
}

pub(super) fn domain_of(address: &str) -> &str {
    address.split_once('@').map_or("localhost", |(_, domain)| domain)
}

fn message(
    from: (&MailSettings, &str),
    letter: &LetterRow,
    message_id: &str,
    html: HtmlMail,
    pdf: Vec<u8>,
    content: &Letter,
) -> Result<Message, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|error| format!("{text}: {error}"));
    let sender = Mailbox::new(Some(from.1.to_owned()), address(&from.0.from)?);
    let to = Mailbox::new(Some(content.to.name.clone()), address(&letter.sent_to)?);
    let kind = ContentType::parse("application/pdf").map_err(|error| error.to_string())?;
    let body = MultiPart::mixed()
        .multipart(MultiPart::alternative_plain_html(html.text, html.html))
        .singlepart(Attachment::new(format!("{}.pdf", letter.number)).body(pdf, kind));
    Message::builder()
        .from(sender)
        .to(to)
        .message_id(Some(format!("<{message_id}>")))
        .subject(html.subject)
        .multipart(body)
        .map_err(|error| error.to_string())
}

/// True only for the one sender who may go on: another finds the key taken, and holds another token.
async fn begin(desk: &Desk, by: &Actor, letter: &LetterRow) -> Outcome<bool> {
    let key = format!("{}/sending/{}", letter.number, letter.attempts + 1);
    let token: i64 = desk.id();
    let begun: (bool, i64) = command!(desk, by, "begin_sending", &key, &letter.number, |cmd| {
        let begun = delivery::begin_sending(&mut cmd.tx, cmd.by.org, LetterId(letter.id)).await?;
        cmd.tell("LetterSending", format!("letter {}", letter.number), letter.attempts + 1);
        Ok((begun, token))
    })?;
    Ok(begun == (true, token))
}

#[derive(Serialize)]
struct SettleAsk<'a> {
    letter: &'a str,
    state: &'static str,
    why: &'a str,
}

async fn settle(desk: &Desk, by: &Actor, letter: &LetterRow, fate: Fate) -> Outcome<()> {
    let sending = ("sending", "sending");
    let (event, state, from, why) = match &fate {
        Fate::Sent { message_id, .. } => ("LetterSent", "sent", sending, message_id),
        Fate::Failed(why) => ("LetterFailed", "failed", sending, why),
        Fate::PutOff(why) => ("LetterPutOff", "waiting", sending, why),
        Fate::Unknown(why) => ("LetterUnknown", "unknown", sending, why),
        Fate::Withdrawn(why) => ("LetterWithdrawn", "withdrawn", ("waiting", "waiting"), why),
    };
    let ask = SettleAsk { letter: &letter.number, state, why };
    let key = format!("{}/settled/{}/{state}", letter.number, letter.attempts);
    command!(desk, by, "settle_sending", &key, &ask, |cmd| {
        let (org, id) = (cmd.by.org, LetterId(letter.id));
        match &fate {
            Fate::Sent { message_id, file, size } => {
                delivery::settle_sent(&mut cmd.tx, org, id, message_id, file).await?;
                let kept = kept_pdf(file, &format!("{}.pdf", letter.number), *size);
                control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
            }
            _ => {
                delivery::move_letter(&mut cmd.tx, org, id, from, state, why).await?;
            }
        }
        let known = match &fate {
            Fate::Sent { .. } => Some(Known::Accepted),
            Fate::Failed(_) => Some(Known::NotSent),
            _ => None,
        };
        if let Some(known) = known {
            note_letter(cmd, letter, known, "", why).await?;
        }
        cmd.tell(event, format!("letter {}", letter.number), why);
        Ok(state.to_owned())
    })
    .map(drop)
}
