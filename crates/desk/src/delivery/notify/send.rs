//! Sending by GOV.UK Notify: first what may have left, by its reference; then what waits. Each letter once.
use super::client::{Client, ClientNo};
use super::ready::{Preflight, Ready, given_before, preflight};
use super::settings::setting;
use super::settle::{Fate, begin, end_waiting, leave_out, settle, take};
use crate::delivery::leaving::may_not_leave;
use crate::delivery::{Progress, may_write_outside};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::delivery::notify::{HOURS_TO_TRY, NotifyKind, ServiceNo, next_midnight};
use sundry_domain::delivery::refusals::{NO_NOTIFY, NOT_SET};
use sundry_domain::ids::LetterId;
use sundry_formats::notify::{EmailFields, Made, NewEmail, NewPdfLetter, SentFile};
use sundry_store::delivery::notify::{NotifySettingRow, hold_notify};
use sundry_store::delivery::notify_queue::{self as queue, NotifyMessageRow};
use sundry_store::delivery::{self, LetterRow};

/// Tries of one message at a "no" that may be the set-up's fault.
const TRIES: i64 = 3;
/// So many in a row, and the run ends.
const IN_A_ROW: u32 = 3;
/// Messages asked about in one run, at most.
const ASKED_MOST: i64 = 10_000;

/// Sends what waits by GOV.UK Notify.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendByNotify {
    /// Idempotency key.
    pub key: String,
    /// At most this many of each kind.
    pub limit: i64,
    /// Only what was begun before: what may have left, and what was put off.
    #[serde(default)]
    pub begun_only: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifySent {
    /// They have them.
    pub sent: i64,
    /// Of those, found there by their reference after a lost answer.
    pub found: i64,
    /// They will not be taken.
    pub failed: i64,
    /// They wait for the next time.
    pub put_off: i64,
    /// They may be there; they are asked about.
    pub unknown: i64,
    /// They may no longer leave.
    pub withdrawn: i64,
    /// They do not go this way.
    pub left_out: i64,
    /// Until when something waits, where a limit is reached.
    pub held_until: Option<DateTime<Utc>>,
}

/// What the run does next.
enum Step {
    On,
    Hold(Option<NotifyKind>, DateTime<Utc>, String),
    Stop(No),
}

struct Sender<'a> {
    desk: &'a Desk,
    by: &'a Actor,
    key: &'a str,
    row: NotifySettingRow,
    client: Client,
    sent: NotifySent,
    doubtful: u32,
    silent: u32,
}

/// Sends every letter that waits for it, each at most once; what was being sent when a sender died is asked about.
///
/// # Errors
/// `DLV-NO-NOTIFY`, `DLV-NOTIFY-NO`, `DLV-NOTIFY-SILENT`, `DLV-NOTHING-LEAVES`.
pub async fn send_by_notify(desk: &Desk, by: &Actor, ask: SendByNotify, progress: Progress<'_>) -> Outcome<NotifySent> {
    by.must_hold(Duty::ReleaseRuns)?;
    may_write_outside(desk)?;
    let row = setting(&mut desk.look().await?, by.org).await?;
    let client = Client::of(desk, by.org, &row)?;
    let mut sender =
        Sender { desk, by, key: &ask.key, row, client, sent: NotifySent::default(), doubtful: 0, silent: 0 };
    sender.end_holds().await?;
    match sender.ask_about_open().await? {
        Step::Stop(no) => return Err(no),
        Step::Hold(kind, until, why) => sender.hold(kind, until, &why).await?,
        Step::On => {}
    }
    if !sender.row.carries_email && !sender.row.carries_post && !ask.begun_only {
        return Err(NO_NOTIFY.because("GOV.UK Notify is set up to carry neither e-mail nor post").into());
    }
    for kind in NotifyKind::ALL {
        let (carried, held) = match kind {
            NotifyKind::Email => (sender.row.carries_email, sender.row.email_held_until),
            NotifyKind::Letter => (sender.row.carries_post, sender.row.letter_held_until),
        };
        if !carried || held.is_some() {
            continue;
        }
        match sender.send_waiting(kind, &ask, progress).await? {
            Step::Stop(no) => return Err(no),
            Step::Hold(kind, until, why) => sender.hold(kind, until, &why).await?,
            Step::On => {}
        }
    }
    Ok(sender.sent)
}

impl Sender<'_> {
    /// A hold whose time has come is forgotten.
    async fn end_holds(&mut self) -> Outcome<()> {
        let now = self.desk.clock().now();
        let still = |until: Option<DateTime<Utc>>| until.filter(|until| *until > now);
        let (email, letter) = (still(self.row.email_held_until), still(self.row.letter_held_until));
        self.sent.held_until = email.max(letter);
        if (email, letter) == (self.row.email_held_until, self.row.letter_held_until) {
            return Ok(());
        }
        let words = if email.or(letter).is_some() { self.row.held_words.clone() } else { String::new() };
        self.keep_hold("ended", (email, letter), &words).await
    }

    /// Nothing more of this kind, or of any, until then.
    async fn hold(&mut self, kind: Option<NotifyKind>, until: DateTime<Utc>, why: &str) -> Outcome<()> {
        let mut held = (self.row.email_held_until, self.row.letter_held_until);
        if kind != Some(NotifyKind::Letter) {
            held.0 = Some(until);
        }
        if kind != Some(NotifyKind::Email) {
            held.1 = Some(until);
        }
        self.sent.held_until = self.sent.held_until.max(Some(until));
        self.keep_hold(kind.map_or("all", NotifyKind::as_str), held, why).await
    }

    async fn keep_hold(
        &mut self,
        what: &str,
        (email, letter): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        words: &str,
    ) -> Outcome<()> {
        let key = format!("{}/hold/{what}/{}", self.key, self.desk.id::<i64>());
        command!(self.desk, self.by, "hold_notify", &key, &(what, email, letter), |cmd| {
            hold_notify(&mut cmd.tx, cmd.by.org, email, letter, words).await?;
            cmd.tell("NotifyHeld", "GOV.UK Notify", (email, letter, words));
            Ok(())
        })?;
        (self.row.email_held_until, self.row.letter_held_until) = (email, letter);
        Ok(())
    }

    /// What may have left is asked about by its reference; what is not there is sent under the same one.
    async fn ask_about_open(&mut self) -> Outcome<Step> {
        let (desk, by) = (self.desk, self.by);
        let now = desk.clock().now();
        let mut look = desk.look().await?;
        let mut open = queue::messages_due(&mut look, by.org, "sending", now, ASKED_MOST).await?;
        open.extend(queue::messages_due(&mut look, by.org, "unknown", now, ASKED_MOST).await?);
        drop(look);
        for message in open {
            let Some(message) = take(desk, by, &message).await? else { continue };
            let mut look = desk.look().await?;
            let letter = delivery::letter_by_id(&mut look, by.org, LetterId(message.letter_id)).await?;
            let letter = letter.ok_or_else(|| Fault::new(format!("message {} has no letter", message.id)))?;
            let one = std::slice::from_ref(&letter);
            let stopped = may_not_leave(&mut look, by.org, desk.today(), one).await?.remove(&letter.id);
            drop(look);
            let late = now - message.asked_at > TimeDelta::hours(HOURS_TO_TRY);
            let not_again = match stopped {
                Some(no) => Some(Fate::Withdrawn(format!("{}: {}", no.code, no.sentence))),
                None if late => Some(Fate::Lost("It was not found at GOV.UK Notify for a day".into())),
                None => None,
            };
            let ready = given_before(desk, by, &letter, &message).await?;
            let step = self.give(&letter, &message, &ready, not_again).await?;
            if !matches!(step, Step::On) {
                return Ok(step);
            }
        }
        Ok(Step::On)
    }

    async fn send_waiting(&mut self, kind: NotifyKind, ask: &SendByNotify, progress: Progress<'_>) -> Outcome<Step> {
        let (desk, by) = (self.desk, self.by);
        let mut look = desk.look().await?;
        let (limit, now) = (ask.limit.clamp(1, 100_000), desk.clock().now());
        let waiting = queue::letters_for_notify(&mut look, by.org, kind.channel(), now, ask.begun_only, limit).await?;
        let stopped = may_not_leave(&mut look, by.org, desk.today(), &waiting).await?;
        drop(look);
        let total = waiting.len() as i64;
        for (at, letter) in (1i64..).zip(&waiting) {
            if let Some(no) = stopped.get(&letter.id) {
                let why = format!("{}: {}", no.code, no.sentence);
                end_waiting(desk, by, letter, ("LetterWithdrawn", "withdrawn"), &why).await?;
                self.sent.withdrawn += 1;
                continue;
            }
            let step = self.send_one(kind, letter).await?;
            progress(at, total);
            if !matches!(step, Step::On) {
                return Ok(step);
            }
        }
        Ok(Step::On)
    }

    async fn send_one(&mut self, kind: NotifyKind, letter: &LetterRow) -> Outcome<Step> {
        let (desk, by) = (self.desk, self.by);
        let ready = match preflight(desk, by, letter, kind).await? {
            Preflight::Goes(ready) => ready,
            Preflight::LeftOut(why) => {
                leave_out(desk, by, letter, &why).await?;
                self.sent.left_out += 1;
                return Ok(Step::On);
            }
            Preflight::NotSet(why) => {
                let why = format!("{}: It could not be set: {why}", NOT_SET.code);
                end_waiting(desk, by, letter, ("LetterParked", "failed"), &why).await?;
                self.sent.failed += 1;
                return Ok(Step::On);
            }
        };
        match begin(desk, by, (letter, kind), &ready).await? {
            Some(message) => self.give(letter, &message, &ready, None).await,
            None => Ok(Step::On),
        }
    }

    /// Gives a message that is begun; before it is given again it is looked for.
    async fn give(
        &mut self,
        letter: &LetterRow,
        message: &NotifyMessageRow,
        ready: &Ready,
        not_again: Option<Fate>,
    ) -> Outcome<Step> {
        let there = match message.tries {
            ..2 => Ok(None),
            _ => self.client.by_reference(self.desk, &message.reference).await,
        };
        let (fate, step) = match (there, not_again) {
            (Ok(Some(seen)), _) => {
                self.sent.found += 1;
                (Fate::Taken(seen.id), Step::On)
            }
            (Ok(None), Some(fate)) => (fate, Step::On),
            (Ok(None), None) => match self.post(letter, message, ready).await {
                Ok(made) => (Fate::Taken(made.id), Step::On),
                Err(no) => self.judge(message, no),
            },
            // As long as it cannot be asked about, it may be there.
            (Err(no), _) => (Fate::Unknown(no.words()), Step::Stop(no.into())),
        };
        match &fate {
            Fate::Taken(_) => {
                (self.doubtful, self.silent) = (0, 0);
                self.sent.sent += 1;
            }
            Fate::Failed(_) => self.sent.failed += 1,
            Fate::PutOff(_) => self.sent.put_off += 1,
            Fate::Unknown(_) | Fate::Lost(_) => self.sent.unknown += 1,
            Fate::Withdrawn(_) => self.sent.withdrawn += 1,
        }
        settle(self.desk, self.by, (letter, message), &fate).await?;
        Ok(step)
    }

    async fn post(&self, letter: &LetterRow, message: &NotifyMessageRow, ready: &Ready) -> Result<Made, ClientNo> {
        let file = STANDARD.encode(&ready.pdf);
        if message.kind == NotifyKind::Letter.as_str() {
            let postage = self.row.postage.clone();
            let new = NewPdfLetter { reference: message.reference.clone(), content: file, postage };
            return self.client.letter(self.desk, &new).await;
        }
        let new = NewEmail {
            email_address: letter.sent_to.clone(),
            template_id: self.row.email_template.clone(),
            reference: message.reference.clone(),
            personalisation: EmailFields {
                subject: ready.subject.clone(),
                message: ready.message.clone(),
                file: SentFile {
                    file,
                    filename: format!("{}.pdf", letter.number),
                    confirm_email_before_download: true,
                    retention_period: "26 weeks",
                },
            },
            sanitise_content_for: ["subject", "message"],
            email_reply_to_id: Some(self.row.reply_to.clone()).filter(|id| !id.is_empty()),
        };
        self.client.email(self.desk, &new).await
    }

    /// What a "no" to a message means for it, and for the run.
    fn judge(&mut self, message: &NotifyMessageRow, no: ClientNo) -> (Fate, Step) {
        let (words, now) = (no.words(), self.desk.clock().now());
        let unsure = match &no {
            ClientNo::Said(said, ..) => match said {
                ServiceNo::Message => return (Fate::Failed(words), Step::On),
                ServiceNo::SetUp => return (Fate::PutOff(words), Step::Stop(no.into())),
                ServiceNo::Doubtful => {
                    self.doubtful += 1;
                    let last = message.tries >= TRIES;
                    let fate = if last { Fate::Failed(words) } else { Fate::PutOff(words) };
                    let step = if self.doubtful >= IN_A_ROW { Step::Stop(no.into()) } else { Step::On };
                    return (fate, step);
                }
                ServiceNo::TooFast => {
                    let step = Step::Hold(None, now + TimeDelta::minutes(1), words.clone());
                    return (Fate::PutOff(words), step);
                }
                ServiceNo::DayFull => {
                    let step = Step::Hold(NotifyKind::parse(&message.kind), next_midnight(now), words.clone());
                    return (Fate::PutOff(words), step);
                }
                ServiceNo::Unsure => true,
            },
            ClientNo::Silent(silence) => silence.may_have_happened,
        };
        self.silent += 1;
        let step = if !unsure || self.silent >= IN_A_ROW { Step::Stop(no.into()) } else { Step::On };
        (if unsure { Fate::Unknown(words) } else { Fate::PutOff(words) }, step)
    }
}
