//! The shared mailbox: messages taken, listed, sorted; mailboxes they are collected from.
use super::answer::{Answer, List, file, made, ok};
use super::queries::QueryEvent;
use super::sent::{Asked, At, AtTwo, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sundry_desk::queries::{
    self as desk_queries, KeepMailbox, MailAsk, MailCollected, MailSorted, MailTaken, Mailbox, SortMail, TakeMail,
};
use sundry_domain::control::Duty;
use sundry_store::queries::mail::{InboundFileRow, InboundMailLine};
use utoipa::ToSchema;

const ROOM: &str = "Queries";
const WORKS: &[Duty] = &[Duty::WorkCases, Duty::AnswerQueries];
const STATES: &[&str] = &["waiting", "joined", "opened", "automatic", "came_back", "set_aside"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/mail", "list_mail", "List messages to the shared mailbox, those that wait to be sorted first")
                .asks("state", Holds::OneOf(STATES), "Only in this state; waiting when not said")
                .paged(own_list::<MessageLine>),
            list,
        )
        .add(
            post(ROOM, "/mail", "take_mail", "Take a message as it came: it joins a query, opens one, or waits")
                .needs(WORKS)
                .takes_file()
                .gives(200, desk::<MailTaken>),
            take,
        )
        .add(
            get(ROOM, "/mail/{number}", "get_mail", "Read a message, where it stands and why")
                .gives(200, own::<MessageAnswer>),
            view,
        )
        .add(
            get(ROOM, "/mail/{number}/source", "get_mail_source", "A message as it came")
                .gives_file(&["application/octet-stream"]),
            source,
        )
        .add(
            get(ROOM, "/mail/{number}/files/{sha256}", "get_mail_file", "A file that came with a message")
                .gives_file(&["application/octet-stream"]),
            one_file,
        )
        .add(
            post(ROOM, "/mail/{number}/sort", "sort_mail", "Join a message to a query, open one, or set it aside")
                .needs(WORKS)
                .takes::<MessageSort>()
                .gives(200, desk::<MailSorted>),
            sort,
        );
    table
        .add(
            get(ROOM, "/mailboxes", "list_mailboxes", "Mailboxes that messages are collected from")
                .needs(&[Duty::View, Duty::ManageSettings])
                .listed(desk_list::<Mailbox>),
            mailboxes,
        )
        .add(
            post(ROOM, "/mailboxes", "keep_mailbox", "Add a mailbox, or change the one with its name")
                .needs(&[Duty::ManageSettings])
                .takes::<NewMailbox>()
                .gives(201, desk::<Mailbox>),
            keep,
        )
        .add(
            post(ROOM, "/mailboxes/collect", "collect_mail", "Collect what is new in the mailboxes in use")
                .needs(WORKS)
                .asks("mailbox", Holds::Text, "Only from this one")
                .gives(200, desk::<MailCollected>),
            collect,
        )
}

/// A message in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageLine {
    /// Its number.
    pub number: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Subject.
    pub subject: String,
    /// person, automatic or bulk.
    pub writer: String,
    /// Where it stands.
    pub state: String,
    /// Why, in sentences.
    pub reasons: String,
    /// Who is to sort it, or looks after its query.
    pub owner: String,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// Number of the account it belongs to.
    pub customer: String,
    /// Number of the query it is part of.
    pub query: String,
    /// When the sender was first asked, answered or told something.
    pub answered_at: Option<DateTime<Utc>>,
}

impl From<InboundMailLine> for MessageLine {
    fn from(row: InboundMailLine) -> MessageLine {
        let reasons: Vec<String> = serde_json::from_value(row.reasons).unwrap_or_default();
        MessageLine {
            number: row.number,
            from_name: row.from_name,
            from_address: row.from_address,
            subject: row.subject,
            writer: row.writer,
            state: row.state,
            reasons: reasons.join("; "),
            owner: row.owner,
            received_on: row.received_on,
            taken_at: row.recorded_at,
            customer: row.customer_number,
            query: row.query_number,
            answered_at: row.answered_at,
        }
    }
}

/// A file that came with a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageFile {
    /// Its name as sent.
    pub name: String,
    /// Its media type as sent.
    pub media_type: String,
    /// Size.
    pub size_bytes: i64,
    /// Hash of the kept file; empty where it was left out.
    pub sha256: String,
    /// Why it was left out.
    pub left_out: String,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageAnswer {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// person, automatic or bulk.
    pub writer: String,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Where answers are to go, when that is elsewhere.
    pub reply_to: String,
    /// Subject.
    pub subject: String,
    /// What they wrote, card numbers masked.
    pub words: String,
    /// What they quote.
    pub quoted: String,
    /// When it says that it was written.
    pub sent_at: Option<DateTime<Utc>>,
    /// The day on which it came.
    pub received_on: NaiveDate,
    /// Whether a card number is masked in it; then it is not given out as it came.
    pub masked: bool,
    /// Number of the account it belongs to.
    pub customer: Option<String>,
    /// Number of the query it is part of.
    pub query: Option<String>,
    /// Numbers of accounts that it may belong to.
    pub candidates: Vec<String>,
    /// Who is to sort it.
    pub owner: String,
    /// Who sorted it.
    pub sorted_by: String,
    /// Why it was set aside.
    pub reason: String,
    /// Its files.
    pub files: Vec<MessageFile>,
    /// What happened to it, oldest first.
    pub history: Vec<QueryEvent>,
}

/// How a message is sorted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageSort {
    /// join, open, set_aside or hand_over.
    pub how: String,
    /// For join: the query's number.
    #[serde(default)]
    pub query: String,
    /// For open: the customer's number; not needed with an invoice.
    #[serde(default)]
    pub customer: String,
    /// For open: the invoice, where it is about one.
    #[serde(default)]
    pub item: String,
    /// For open: what it is about, a code of the categories.
    #[serde(default)]
    pub category: String,
    /// For open and hand_over: who looks after it.
    #[serde(default)]
    pub owner: String,
    /// For set_aside: why.
    #[serde(default)]
    pub reason: String,
}

/// A mailbox to collect from: IMAP over TLS.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMailbox {
    /// Its name here.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port; 993 when not said.
    #[serde(default)]
    pub port: i64,
    /// Whom the server knows us as.
    pub user_name: String,
    /// Their password; the one there is when not said, for the same server and name.
    #[serde(default)]
    pub password: String,
    /// The certificate (PEM) of the authority that signed the server's own; a public one when not said.
    #[serde(default)]
    pub certificate: String,
    /// The folder that is read; INBOX when not said.
    #[serde(default)]
    pub folder: String,
    /// The folder that taken messages are moved to; they stay, marked as read, when not said.
    #[serde(default)]
    pub moved_to: String,
    /// Who looks after the queries that it opens.
    #[serde(default)]
    pub query_owner: String,
    /// What they are about, until somebody says; other when not said.
    #[serde(default)]
    pub query_category: String,
    /// How often it is looked at, in minutes; 5 when not said.
    #[serde(default)]
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Whether each message that opens a query is acknowledged, with its number and day.
    #[serde(default)]
    pub acknowledge: bool,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = MailAsk { state: asked.text("state"), after: asked.text("after"), limit: Some(asked.limit()) };
    let page = desk_queries::mail_list(&doors.desk, &by.0, ask).await?;
    let rows = page.rows.into_iter().map(MessageLine::from).collect();
    List { title: "Mail", rows, next: page.next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn take(State(doors): State<Shared>, by: By, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    ok(&desk_queries::take_mail(&doors.desk, &by.0, TakeMail { key, file_name, bytes }).await?)
}

async fn view(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    let shown = desk_queries::mail(&doors.desk, &by, &number).await?;
    let file = |row: InboundFileRow| MessageFile {
        name: row.name,
        media_type: row.media_type,
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        left_out: row.left_out,
    };
    let event = |row: sundry_store::control::AuditRow| QueryEvent {
        on: row.business_on,
        event: row.event,
        who: row.actor_name,
    };
    let mail = shown.mail;
    ok(&MessageAnswer {
        number: mail.number,
        state: mail.state,
        reasons: shown.reasons,
        writer: mail.writer,
        from_name: mail.from_name,
        from_address: mail.from_address,
        reply_to: mail.reply_to,
        subject: mail.subject,
        words: mail.words,
        quoted: mail.quoted,
        sent_at: mail.sent_at,
        received_on: mail.received_on,
        masked: mail.masked,
        customer: shown.customer.map(|(number, _)| number),
        query: shown.query,
        candidates: shown.candidates.into_iter().map(|one| one.number).collect(),
        owner: mail.owner,
        sorted_by: mail.decided_by_name,
        reason: mail.decided_reason,
        files: shown.files.into_iter().map(file).collect(),
        history: shown.history.into_iter().map(event).collect(),
    })
}

async fn source(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    let (name, _, bytes) = desk_queries::mail_source(&doors.desk, &by, &number, "").await?;
    file(&name, "application/octet-stream", bytes)
}

async fn one_file(State(doors): State<Shared>, By(by): By, AtTwo(number, sha256): AtTwo) -> Answer {
    let (name, _, bytes) = desk_queries::mail_source(&doors.desk, &by, &number, &sha256).await?;
    file(&name, "application/octet-stream", bytes)
}

async fn sort(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(said): Sent<MessageSort>,
) -> Answer {
    let ask = SortMail {
        key,
        number,
        how: said.how,
        query: said.query,
        customer: said.customer,
        item: said.item,
        category: said.category,
        owner: said.owner,
        reason: said.reason,
    };
    ok(&desk_queries::sort_mail(&doors.desk, &by, ask).await?)
}

async fn mailboxes(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_queries::mailboxes(&doors.desk, &by.0).await?;
    List::whole("Mailboxes", rows).send(&asked, &by, doors.desk.today())
}

async fn keep(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewMailbox>) -> Answer {
    let ask = KeepMailbox {
        key,
        name: new.name,
        host: new.host,
        port: new.port,
        user_name: new.user_name,
        password: new.password,
        certificate: new.certificate,
        folder: new.folder,
        moved_to: new.moved_to,
        query_owner: new.query_owner,
        query_category: new.query_category,
        every_minutes: new.every_minutes,
        in_use: new.in_use,
        acknowledge: new.acknowledge,
        keep_certificate: false,
    };
    made("mailboxes", &desk_queries::keep_mailbox(&doors.desk, &by.0, ask).await?)
}

async fn collect(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key) -> Answer {
    let only = Some(asked.text("mailbox")).filter(|name| !name.is_empty());
    ok(&desk_queries::collect_mail(&doors.desk, &by.0, (&key, only.as_deref())).await?)
}
