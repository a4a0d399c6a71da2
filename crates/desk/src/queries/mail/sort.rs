//! A person sorts a message: it joins a query, opens one, is set aside, or somebody else is to sort it.
use super::apply::{Kept, join, open};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::queries::act::find;
use crate::queries::raise::RaiseQuery;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::queries::{MailSort, MailState, QueryState, may_sort, refusals};
use sundry_domain::refusal::Invalid;
use sundry_store::control::{KeptFileRow, kept_file};
use sundry_store::queries::mail::{self as rows, InboundFileRow, InboundMailRow};

/// Sorts a message.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SortMail {
    /// Idempotency key.
    pub key: String,
    /// The message's number.
    pub number: String,
    /// join, open, set_aside or hand_over.
    pub how: String,
    /// For join: the query's number.
    pub query: String,
    /// For open: the customer's number; not needed with an invoice.
    pub customer: String,
    /// For open: the invoice, where it is about one.
    pub item: String,
    /// For open: what it is about, a code of the categories.
    pub category: String,
    /// For open and hand_over: who looks after it.
    pub owner: String,
    /// For set_aside: why.
    pub reason: String,
}

/// Where a sorted message stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSorted {
    /// Its number.
    pub number: String,
    /// waiting, joined, opened or set_aside.
    pub state: String,
    /// The query it is part of.
    pub query: Option<String>,
}

/// Sorts a message that waits, or of which nothing came.
///
/// # Errors
/// `QRY-MAIL-SORTED`; a closed query, what raising a query refuses; invalid fields; absent.
pub async fn sort_mail(desk: &Desk, by: &Actor, ask: SortMail) -> Outcome<MailSorted> {
    super::super::may_work(by)?;
    let how = MailSort::parse(&ask.how);
    let wrong = wrong_fields(&ask, how);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let Some(how) = how else { return Err(Invalid::field("how", "Choose what becomes of it", &ask.how).into()) };
    refuse_cards(&[("reason", &ask.reason), ("owner", &ask.owner)])?;
    command!(desk, by, "sort_mail", &ask.key, &ask, |cmd| { sorted(cmd, &ask, how).await })
}

async fn sorted(cmd: &mut Command, ask: &SortMail, how: MailSort) -> Outcome<MailSorted> {
    let org = cmd.by.org;
    let number = ask.number.trim();
    let found = rows::mail_numbered(&mut cmd.tx, org, number).await?;
    let mut mail = found.ok_or_else(|| No::Absent(format!("message {number}")))?;
    if let Some(state) = MailState::parse(&mail.state) {
        may_sort(state)?;
    }
    let mut query = None;
    match how {
        MailSort::HandOver => mail.owner = ask.owner.trim().into(),
        MailSort::SetAside => {
            mail.state = MailState::SetAside.as_str().into();
            mail.decided_reason = ask.reason.trim().into();
        }
        MailSort::Join | MailSort::Open => {
            let (shown, files) = kept_of(cmd, &mail).await?;
            let kept = Kept { shown: &shown, files: &files };
            let number = if how == MailSort::Join {
                let row = find(cmd, &ask.query).await?;
                let state = QueryState::parse(&row.state);
                if state == Some(QueryState::Withdrawn) {
                    return Err(refusals::STATE.because(format!("{} was taken back", row.number)).into());
                }
                let reopen = state == Some(QueryState::Resolved);
                join(cmd, &mail, &kept, (&row.number, reopen, false)).await?.number
            } else {
                let raise = RaiseQuery {
                    customer: ask.customer.clone(),
                    item: ask.item.clone(),
                    category: ask.category.clone(),
                    owner: ask.owner.clone(),
                    ..RaiseQuery::default()
                };
                open(cmd, &mail, &kept, raise, None).await?
            };
            let row = find(cmd, &number).await?;
            (mail.query_id, mail.customer_id) = (Some(row.id), Some(row.customer_id));
            let state = if how == MailSort::Join { MailState::Joined } else { MailState::Opened };
            mail.state = state.as_str().into();
            query = Some(number);
        }
    }
    if how != MailSort::HandOver {
        mail.decided_by_name = cmd.by.name.clone();
        mail.decided_at = Some(cmd.at);
    }
    if !rows::sort_mail(&mut cmd.tx, org, &mail).await? {
        return Err(refusals::MAIL_SORTED.because("Somebody else sorted it meanwhile").into());
    }
    let answer = MailSorted { number: mail.number.clone(), state: mail.state, query };
    let event = if how == MailSort::HandOver { "MailHandedOver" } else { "MailSorted" };
    cmd.tell(event, format!("message {}", mail.number), ask);
    Ok(answer)
}

fn wrong_fields(ask: &SortMail, how: Option<MailSort>) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    match how {
        None => say("how", "Choose what becomes of it", &ask.how),
        Some(MailSort::Join) if ask.query.trim().is_empty() => say("query", "Enter the query's number", ""),
        Some(MailSort::Open) => {
            if ask.customer.trim().is_empty() && ask.item.trim().is_empty() {
                say("customer", "Enter the customer's number or the invoice's", "");
            }
            if ask.category.trim().is_empty() {
                say("category", "Choose what it is about from the list", "");
            }
        }
        Some(MailSort::SetAside) if ask.reason.trim().is_empty() => say("reason", "Say why nothing comes of it", ""),
        Some(MailSort::HandOver) if ask.owner.trim().is_empty() => say("owner", "Enter who is to sort it", ""),
        Some(_) => {}
    }
    for (field, text, most) in [("reason", &ask.reason, 500), ("owner", &ask.owner, 200)] {
        if text.chars().count() > most {
            say(field, &format!("Enter at most {most} characters"), text);
        }
    }
    wrong
}

/// The message and its files as they lie with us.
async fn kept_of(cmd: &mut Command, mail: &InboundMailRow) -> Outcome<(KeptFileRow, Vec<InboundFileRow>)> {
    let org = cmd.by.org;
    let shown = if mail.masked {
        let text = format!("Subject: {}\n\n{}\n\n{}\n", mail.subject, mail.words, mail.quoted);
        let sha256 = cmd.desk.files().put(org.0, text.as_bytes())?;
        KeptFileRow {
            sha256,
            name: "message.txt".into(),
            media_type: "text/plain".into(),
            size_bytes: text.len() as i64,
        }
    } else {
        let (name, media_type) = ("message.eml".into(), "message/rfc822".into());
        KeptFileRow { sha256: mail.sha256.clone(), name, media_type, size_bytes: mail.size_bytes }
    };
    let mut files = rows::files_of(&mut cmd.tx, org, mail.id).await?;
    for file in &mut files {
        if let Some(kept) = kept_file(&mut cmd.tx, org, &file.sha256).await? {
            file.media_type = kept.media_type;
        }
    }
    Ok((shown, files))
}
