//! A question to a service, answered by a signed link that needs no account (C2).
use super::act::{change, find, next};
use super::may_work;
use super::raise::nation;
use crate::core::command::Command;
use crate::core::evidence::{NewFile, note, seal};
use crate::core::signed_link::{self, pages_address};
use crate::customers::refuse_cards;
use crate::delivery::write_mail;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, is_email};
use sundry_domain::ids::{CustomerId, ItemId, OrgId, QueryId};
use sundry_domain::queries::{ANSWER_DAYS, LINK_DAYS, QueryAct, QueryState, names_somebody, refusals};
use sundry_domain::refusal::Invalid;
use sundry_store::control::organisation;
use sundry_store::queries::questions::{self, QuestionRow};
use sundry_store::queries::{self, QueryRow};
use sundry_store::{Tx, customers, ledger};

const PURPOSE: &str = "service-question";
/// Files in one answer.
const MOST_FILES: usize = 5;

/// Asks a service.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AskService {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// The service; the query's when empty.
    #[serde(default)]
    pub service: String,
    /// Who is asked: the address the link goes to.
    pub to: String,
    /// The one question. It names the reference and nobody.
    pub question: String,
    /// Working days to answer; 5 when not said.
    #[serde(default)]
    pub days: Option<i64>,
}

/// The question that was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceAsked {
    /// Its id.
    pub question: i64,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
    /// The last day on which the link opens.
    pub ends_on: NaiveDate,
}

/// Asks a service one question; the link goes by e-mail, and opens the question and nothing else.
///
/// # Errors
/// `QRY-STATE` when the query is over, `QRY-NO-ADDRESS`; invalid fields, such as a question that names the customer.
pub async fn ask_service(desk: &Desk, by: &Actor, ask: AskService) -> Outcome<ServiceAsked> {
    may_work(by)?;
    let wrong = wrong_fields(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("question", &ask.question), ("service", &ask.service)])?;
    command!(desk, by, "ask_service", &ask.key, &ask, |cmd| {
        let query = find(cmd, &ask.number).await?;
        if !QueryState::parse(&query.state).is_some_and(QueryState::holds) {
            return Err(refusals::STATE.because(format!("{} is over", query.number)).into());
        }
        name_nobody(cmd, &query, &ask.question).await?;
        let nation = nation(cmd).await?;
        let book = cmd.desk.book();
        let answer_by = book.calendar(nation).add(cmd.today, ask.days.unwrap_or(ANSWER_DAYS))?;
        let row = QuestionRow {
            id: cmd.id(),
            query_id: query.id,
            service: if ask.service.trim().is_empty() { query.service.clone() } else { ask.service.trim().into() },
            sent_to: ask.to.trim().into(),
            question: ask.question.trim().into(),
            state: "open".into(),
            asked_on: cmd.today,
            answer_by,
            ends_on: book.calendar(nation).add(answer_by, LINK_DAYS)?,
            reminders: 0,
            reminded_on: None,
            answer: String::new(),
            answered_by: String::new(),
            answered_on: None,
            asked_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        questions::add_question(&mut cmd.tx, cmd.by.org, &row).await?;
        send_link(cmd, &row, &query.number, false).await?;
        cmd.tell("ServiceAsked", format!("query {}", query.number), &row);
        Ok(ServiceAsked { question: row.id, answer_by, ends_on: row.ends_on })
    })
}

fn wrong_fields(ask: &AskService) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if !is_email(ask.to.trim()) {
        wrong.push(Invalid::field("to", "Enter an e-mail address, like lettings@example.gov.uk", &ask.to));
    }
    if ask.question.trim().is_empty() || ask.question.chars().count() > 1_000 {
        wrong.push(Invalid::field("question", "Enter one question, in at most 1,000 characters", &ask.question));
    }
    if ask.service.chars().count() > 200 {
        wrong.push(Invalid::field("service", "Enter at most 200 characters", &ask.service));
    }
    if let Some(days) = ask.days.filter(|days| !(1..=30).contains(days)) {
        wrong.push(Invalid::field("days", "Enter how many working days they have, from 1 to 30", days.to_string()));
    }
    wrong
}

/// A person's name, address or telephone has no place in what leaves: the reference is enough.
pub(super) async fn name_nobody(cmd: &mut Command, query: &QueryRow, question: &str) -> Outcome<()> {
    let customer = customers::customer(&mut cmd.tx, cmd.by.org, CustomerId(query.customer_id)).await?;
    let Some(customer) = customer else { return Ok(()) };
    if !CustomerKind::parse(&customer.kind).is_none_or(CustomerKind::is_individual) {
        return Ok(());
    }
    let known = [&customer.name, &customer.email, &customer.phone, &customer.postcode];
    if names_somebody(question, &known.map(String::as_str)) {
        let say = "Take out the customer's name, address and telephone: the service sees the reference";
        return Err(Invalid::field("question", say, question).into());
    }
    Ok(())
}

/// The e-mail with the link, or the reminder of it.
pub(super) async fn send_link(cmd: &mut Command, row: &QuestionRow, reference: &str, again: bool) -> Outcome<()> {
    let base = pages_address(&mut cmd.tx, cmd.by.org).await?;
    let (base, site) =
        base.ok_or_else(|| refusals::NO_ADDRESS.because("Nobody has said where our pages are reached"))?;
    let link = format!("{base}/ask/{}", token(&cmd.desk, cmd.by.org, row.id));
    let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    let subject = format!("{}A question about {reference}", if again { "Reminder: " } else { "" });
    let text = format!(
        "{} asks about {reference}:\n\n{}\n\nPlease answer by {}, at this address. You need no account and no password; anyone who has this \
         message can answer, so do not pass it on outside your service.\n\n{link}\n\nThe link opens until {}.\n",
        site,
        row.question,
        day(row.answer_by),
        day(row.ends_on),
    );
    write_mail(cmd, &row.sent_to, (&subject, &text), &format!("query {reference}")).await.map(drop)
}

/// The token of a question's link: what it names, and a mark that only this home can make.
pub(super) fn token(desk: &Desk, org: OrgId, question: i64) -> String {
    signed_link::token(desk, PURPOSE, org, question)
}

/// What who holds a link sees: the question, and no more than it takes to answer it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkedQuestion {
    /// Who asks.
    pub organisation: String,
    /// The pseudonymous reference: the query's number.
    pub reference: String,
    /// The invoice, where it is about one.
    pub invoice: String,
    /// How much is in query.
    pub in_query_pence: i64,
    /// The question.
    pub question: String,
    /// By when.
    pub answer_by: NaiveDate,
    /// Whether it is answered.
    pub answered: bool,
}

async fn linked(desk: &Desk, text: &str) -> Outcome<(OrgId, QuestionRow, QueryRow, Tx)> {
    let no = |why: &str| No::from(refusals::LINK.because(why));
    let (org, id) = signed_link::read_token(desk, PURPOSE, text).ok_or_else(|| no("This link cannot be used"))?;
    let mut look = desk.look().await?;
    let row = questions::question(&mut look, org, id).await?;
    let row = row.ok_or_else(|| no("This link cannot be used"))?;
    if row.state == "withdrawn" || row.state == "expired" || (row.state == "open" && row.ends_on < desk.today()) {
        return Err(no("This link has ended"));
    }
    let query = queries::query_of_id(&mut look, org, QueryId(row.query_id)).await?;
    let query = query.ok_or_else(|| Fault::new("a question names a query that is not there"))?;
    Ok((org, row, query, look))
}

/// The question of a link.
///
/// # Errors
/// `QRY-LINK` when the link was not made by us, or has ended.
pub async fn linked_question(desk: &Desk, token: &str) -> Outcome<LinkedQuestion> {
    let (org, row, query, mut look) = linked(desk, token).await?;
    let site = organisation(&mut look, org).await?;
    let item = match query.item_id {
        Some(id) => ledger::item(&mut look, org, ItemId(id)).await?,
        None => None,
    };
    Ok(LinkedQuestion {
        organisation: site.map(|site| site.name).unwrap_or_default(),
        reference: query.number,
        invoice: item.map(|item| item.number).unwrap_or_default(),
        in_query_pence: query.disputed_pence,
        question: row.question,
        answer_by: row.answer_by,
        answered: row.state == "answered",
    })
}

/// Answers by a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerByLink {
    /// The key of the form.
    pub key: String,
    /// The answer.
    pub answer: String,
    /// Who answers.
    pub name: String,
}

/// Takes the answer of who holds a link, with files; it stands on the query's history and makes work for its owner.
///
/// The same form sent again gets the same answer; another one finds the question answered.
///
/// # Errors
/// `QRY-LINK`; invalid fields; `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`.
pub async fn answer_by_link(desk: &Desk, token: &str, ask: AnswerByLink, files: Vec<NewFile>) -> Outcome<()> {
    let (org, row, query, look) = linked(desk, token).await?;
    drop(look);
    let mut wrong = Vec::new();
    if ask.answer.trim().is_empty() || ask.answer.chars().count() > 4_000 {
        wrong.push(Invalid::field("answer", "Enter your answer, in at most 4,000 characters", &ask.answer));
    }
    if ask.name.trim().is_empty() || ask.name.chars().count() > 100 {
        wrong.push(Invalid::field("name", "Enter your name, in at most 100 characters", &ask.name));
    }
    if files.len() > MOST_FILES {
        wrong.push(Invalid::field("file", "Send at most 5 files", ""));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("answer", &ask.answer), ("name", &ask.name)])?;
    let from = format!("{}, {}, by link", ask.name.trim(), row.service.trim());
    let by = signed_link::holder(org, &from, Duty::AnswerQueries);
    let kept = files.iter().map(|file| seal(desk, org.0, file)).collect::<Outcome<Vec<_>>>()?;
    let hashes: Vec<&str> = kept.iter().map(|file| file.sha256.as_str()).collect();
    let key = format!("ask/{}/{}", row.id, ask.key);
    command!(desk, &by, "answer_by_link", &key, &(&ask.answer, &ask.name, &hashes), |cmd| {
        let said = (ask.answer.trim(), ask.name.trim(), cmd.today);
        if !questions::answer_question(&mut cmd.tx, org, row.id, said).await? {
            return Err(refusals::LINK.because("This question has been answered").into());
        }
        let subject = format!("query {}", query.number);
        for file in &kept {
            note(cmd, &subject, file, ("", &from)).await?;
        }
        let detail = serde_json::json!({ "question": row.id, "answer": said.0, "by": from });
        cmd.tell("ServiceAnswered", subject, detail);
        let mut query = find(cmd, &query.number).await?;
        if query.state == QueryState::Open.as_str() {
            query.state = next(&query, QueryAct::Answer)?.as_str().into();
            query.answer = said.0.to_owned();
            change(cmd, &query, "QueryAnswered", None).await?;
        }
        Ok(())
    })
}

/// Takes a question back: its link opens no more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawQuestion {
    /// Idempotency key.
    pub key: String,
    /// Query number.
    pub number: String,
    /// The question.
    pub question: i64,
}

/// Takes a question back.
///
/// # Errors
/// `QRY-STATE` when it is not open; absent.
pub async fn withdraw_question(desk: &Desk, by: &Actor, ask: WithdrawQuestion) -> Outcome<()> {
    may_work(by)?;
    command!(desk, by, "withdraw_question", &ask.key, &ask, |cmd| {
        let query = find(cmd, &ask.number).await?;
        let row = questions::question(&mut cmd.tx, cmd.by.org, ask.question).await?;
        row.filter(|row| row.query_id == query.id).ok_or_else(|| No::Absent(format!("question {}", ask.question)))?;
        if !questions::end_question(&mut cmd.tx, cmd.by.org, ask.question, "withdrawn").await? {
            return Err(refusals::STATE.because("This question is not open").into());
        }
        cmd.tell("QuestionWithdrawn", format!("query {}", query.number), ask.question);
        Ok(())
    })
}
