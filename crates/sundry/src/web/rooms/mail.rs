//! Mail: the list, one message, taking one by hand, sorting one.
use super::export::download;
use super::form::{Asked, address, again, asked, onto};
use super::query::happening;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::mail::{MailLine, MailList, Message};
use crate::web::ui::{self, Html};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use chrono::{DateTime, NaiveDate, Utc};
use sundry_desk::Outcome;
use sundry_desk::queries::{
    MailAsk, MailShown, SortMail, TakeMail, mail, mail_list, mail_source, mailboxes, query_categories, sort_mail,
    take_mail,
};
use sundry_domain::control::Duty;
use sundry_domain::queries::{MailState, MailWriter, may_sort};
use sundry_store::queries::mail::{InboundFileRow, InboundMailLine};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/mail", &[Duty::View], get(list).post(take))
        .add("/mail/{number}", &[Duty::View], get(view).post(sort))
        .add("/mail/{number}/source", &[Duty::View], get(source))
        .add("/mail/{number}/files/{sha256}", &[Duty::View], get(file))
}

fn works(visitor: &Visitor) -> bool {
    visitor.actor.holds(Duty::WorkCases) || visitor.actor.holds(Duty::AnswerQueries)
}

async fn listed(doors: &Shared, visitor: &Visitor, state: &str, after: &str) -> Outcome<MailList> {
    let state = MailState::parse(state).unwrap_or(MailState::Waiting);
    let ask = MailAsk { state: state.as_str().into(), after: after.to_owned(), limit: Some(100) };
    let found = mail_list(&doors.desk, &visitor.actor, ask).await?;
    let boxes = mailboxes(&doors.desk, &visitor.actor).await?;
    let today = doors.desk.today();
    let next = found.next.map(|place| address("/mail", &[("state", state.as_str()), ("after", &place)]));
    Ok(MailList {
        frame: doors.frame(visitor, "Queries").await,
        state,
        counts: found.counts.iter().filter_map(|(state, count)| Some((MailState::parse(state)?, *count))).collect(),
        rows: found.rows.into_iter().map(|row| line(row, today)).collect(),
        next: next.unwrap_or_default(),
        boxes: boxes.into_iter().filter(|one| one.in_use).map(|one| (one.name, one.result, one.failed)).collect(),
        may_work: works(visitor),
    })
}

fn line(row: InboundMailLine, today: NaiveDate) -> MailLine {
    let reasons: Vec<String> = serde_json::from_value(row.reasons).unwrap_or_default();
    MailLine {
        number: row.number,
        from: (row.from_name, row.from_address),
        subject: row.subject,
        why: reasons.join(". "),
        customer: (row.customer_number, row.customer_name),
        query: row.query_number,
        owner: row.owner,
        came: row.received_on,
        age: if row.received_on >= today { "today".into() } else { format!("{} ago", ui::age(row.received_on, today)) },
        response: row.answered_at.map(|at| took(row.recorded_at, at)).unwrap_or_default(),
    }
}

/// `42 minutes`, `5 hours`, `3 days`.
fn took(from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let minutes = (to - from).num_minutes().max(0);
    match minutes {
        0..60 => ui::count_of(minutes, "minute", "minutes"),
        60..2_880 => ui::count_of(minutes / 60, "hour", "hours"),
        _ => ui::count_of(minutes / 1_440, "day", "days"),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&listed(&doors, &visitor, asked(&query, "state"), asked(&query, "after")).await?)
}

async fn take(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let sent = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let Some(sent) = sent else {
        let mut form = listed(&doors, &visitor, "", "").await?;
        form.frame.errors.add("file", "Choose a message, saved as a file");
        return again(&form);
    };
    let ask = TakeMail { key: posted.key(), file_name: sent.name.clone(), bytes: sent.bytes.clone() };
    match take_mail(&doors.desk, &visitor.actor, ask).await {
        Ok(taken) => {
            let state = MailState::parse(&taken.state).map_or("", MailState::name).to_lowercase();
            let news = match (&taken.query, taken.again) {
                (_, true) => format!("{} came before; nothing was done", taken.number),
                (Some(query), _) => format!("{}: {state} {query}", taken.number),
                (None, _) => format!("{}: {state}", taken.number),
            };
            told(&format!("/mail/{}", taken.number), &news)
        }
        Err(no) => {
            let mut form = listed(&doors, &visitor, "", "").await?;
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<Message> {
    let shown = mail(&doors.desk, &visitor.actor, number).await?;
    let state = MailState::parse(&shown.mail.state).unwrap_or(MailState::Waiting);
    let categories = query_categories(&doors.desk, &visitor.actor).await?;
    let customer = match shown.candidates.as_slice() {
        [one] => one.number.clone(),
        _ => String::new(),
    };
    let typed = ["", &customer, "", "", &visitor.actor.name, "", ""].map(str::to_owned);
    Ok(Message {
        frame: doors.frame(visitor, "Queries").await,
        state,
        facts: facts(&shown),
        may_sort: works(visitor) && may_sort(state).is_ok(),
        files: shown.files.iter().map(|file| kept(&shown.mail.number, file)).collect(),
        story: shown.history.iter().rev().map(happening).collect(),
        candidates: shown.candidates.into_iter().map(|one| (one.number, one.name)).collect(),
        categories: categories.into_iter().filter(|one| one.active).map(|one| (one.code, one.name)).collect(),
        reasons: shown.reasons,
        number: shown.mail.number,
        words: shown.mail.words,
        quoted: shown.mail.quoted,
        typed,
    })
}

fn kept(number: &str, file: &InboundFileRow) -> (String, String, String) {
    if file.sha256.is_empty() {
        return (file.name.clone(), String::new(), file.left_out.clone());
    }
    (file.name.clone(), format!("/mail/{number}/files/{}", file.sha256), size(file.size_bytes))
}

fn size(bytes: i64) -> String {
    match bytes {
        0..1_000 => ui::count_of(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn facts(shown: &MailShown) -> Vec<(String, Html)> {
    let mail = &shown.mail;
    let from = [mail.from_name.as_str(), mail.from_address.as_str()];
    let from = from.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    let mut facts: Vec<(String, Html)> = vec![
        ("From".into(), ui::or_dash(from).into()),
        ("Subject".into(), ui::or_dash(&mail.subject).into()),
        ("Came".into(), ui::long_date(mail.received_on)),
    ];
    let mut add = |what: &str, value: Html| facts.push((what.to_owned(), value));
    if !mail.reply_to.is_empty() {
        add("Answers go to", Html::from(&mail.reply_to));
    }
    if let Some(writer) = MailWriter::parse(&mail.writer).filter(|writer| *writer != MailWriter::Person) {
        add("Written by", writer.name().into());
    }
    if let Some((number, name)) = &shown.customer {
        add("Customer", ui::link(format!("/customers/{number}"), format!("{number} {name}")));
    }
    if let Some(query) = &shown.query {
        add("Query", ui::link(format!("/queries/{query}"), query));
    }
    for (what, value) in [("Letter", &mail.letter), ("Mailbox", &mail.mailbox), ("To be sorted by", &mail.owner)] {
        if !value.is_empty() {
            add(what, Html::from(value));
        }
    }
    if !mail.decided_by_name.is_empty() {
        add("Sorted by", Html::from(&mail.decided_by_name));
    }
    if !mail.decided_reason.is_empty() {
        add("Why it was set aside", Html::from(&mail.decided_reason));
    }
    if mail.masked {
        add("As it came", Html::from("Not given out: a payment card number in it is masked here"));
    } else {
        let words = format!("{}.eml, {}", mail.number, size(mail.size_bytes));
        add("As it came", ui::link(format!("/mail/{}/source", mail.number), words));
    }
    facts
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn sort(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    let fields = ["query", "customer", "item", "category", "owner", "reason", "hand_to"];
    let hands_over = posted.get("how") == "hand_over";
    let before = form.typed.clone();
    form.typed = fields.map(|field| posted.get(field).to_owned());
    if posted.get("how") != "open" {
        // The other forms were not sent; what they offered stays.
        form.typed[1..5].clone_from_slice(&before[1..5]);
    }
    let ask = SortMail {
        key: posted.key(),
        number: form.number.clone(),
        how: posted.get("how").to_owned(),
        query: posted.get("query").to_owned(),
        customer: posted.get("customer").to_owned(),
        item: posted.get("item").to_owned(),
        category: posted.get("category").to_owned(),
        owner: posted.get(if hands_over { "hand_to" } else { "owner" }).to_owned(),
        reason: posted.get("reason").to_owned(),
    };
    match sort_mail(&doors.desk, &visitor.actor, ask).await {
        Ok(sorted) => match sorted.query {
            Some(query) => told(&format!("/queries/{query}"), &format!("{} is part of {query}", sorted.number)),
            None if hands_over => told("/mail", &format!("{} is handed over", sorted.number)),
            None => told("/mail", &format!("{} is set aside", sorted.number)),
        },
        Err(no) => {
            let names: &[(&str, &str)] = if hands_over { &[("owner", "hand_to")] } else { &[] };
            let status = onto(&mut form.frame, no, names)?;
            page_with(status, &form)
        }
    }
}

async fn source(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (name, _, bytes) = mail_source(&doors.desk, &visitor.actor, &number, "").await?;
    download(&name, "application/octet-stream", bytes)
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path((number, file)): Path<(String, String)>) -> Answer {
    let (name, _, bytes) = mail_source(&doors.desk, &visitor.actor, &number, &file).await?;
    download(&name, "application/octet-stream", bytes)
}
