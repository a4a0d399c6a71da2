//! What the books know of a message: queries, accounts and invoices that it names, accounts that have its sender.
use super::reading::Read;
use crate::Outcome;
use crate::core::command::Command;
use std::collections::{BTreeMap, HashMap};
use sundry_domain::customers::normalise_reference;
use sundry_domain::queries::{
    AccountNamed, MailFacts, NumberNamed, Place, QueryState, QueryTraced, Trace, number_words,
};
use sundry_store::queries::mail_facts::{self as rows, NumberNamedRow, QueryNamedRow};

/// Gathers the facts of a message.
pub(super) async fn facts_of(cmd: &mut Command, read: &Read) -> Outcome<MailFacts> {
    let org = cmd.by.org;
    let message = &read.message;
    let sender = message.from.address.clone();
    let traces = traces(cmd, &message.answers).await?;
    let mut places: HashMap<String, Place> = HashMap::new();
    for word in number_words(&message.subject, &message.text, &message.quoted) {
        for form in word.forms {
            let reference = normalise_reference(&form);
            for form in [form, reference] {
                places.entry(form).and_modify(|place| *place = word.place.min(*place)).or_insert(word.place);
            }
        }
    }
    for letter in &traces.letters {
        places.insert(letter.clone(), Place::Subject);
    }
    let words: Vec<String> = places.keys().cloned().collect();
    let place = |found: &str| places.get(found).copied().unwrap_or(Place::Quoted);
    let mut queries: BTreeMap<String, QueryTraced> = BTreeMap::new();
    let mut add = |found: Vec<QueryNamedRow>, trace: &dyn Fn(&str) -> Trace| {
        for row in found {
            if let Some(one) = traced(&row, trace(&row.found)) {
                let known = queries.entry(row.number).or_insert_with(|| one.clone());
                known.trace = known.trace.min(one.trace);
            }
        }
    };
    add(rows::queries_of_letters(&mut cmd.tx, org, &traces.letters).await?, &|_| Trace::AnswersUs);
    add(rows::queries_numbered(&mut cmd.tx, org, &traces.queries).await?, &|_| Trace::AnswersUs);
    add(rows::queries_of_messages(&mut cmd.tx, org, &message.answers).await?, &|_| Trace::Thread);
    add(rows::queries_numbered(&mut cmd.tx, org, &words).await?, &|found| Trace::Number(place(found)));
    let named = rows::numbers_named(&mut cmd.tx, org, &words).await?;
    let invoices: Vec<String> =
        named.iter().filter(|one| one.kind == "invoice").map(|one| one.number.clone()).collect();
    let in_query: HashMap<String, String> =
        rows::open_queries_about(&mut cmd.tx, org, &invoices).await?.into_iter().collect();
    let mut sender_accounts = Vec::new();
    if !sender.is_empty() {
        let found = rows::accounts_with_email(&mut cmd.tx, org, &sender).await?;
        sender_accounts.extend(found.into_iter().map(|(id, number, name)| AccountNamed { id, number, name }));
    }
    let mut sender_was_asked = false;
    for number in queries.keys() {
        sender_was_asked |= rows::wrote_to(&mut cmd.tx, org, &format!("query {number}"), &sender).await?;
    }
    let mut numbers: Vec<NumberNamed> =
        named.into_iter().map(|row| number(&row, place(&row.found), &in_query)).collect();
    numbers.sort_by(|one, other| (one.place, &one.number).cmp(&(other.place, &other.number)));
    Ok(MailFacts {
        writer: read.writer(),
        sender,
        troubles: message.troubles.clone(),
        queries: queries.into_values().collect(),
        numbers,
        sender_accounts,
        sender_was_asked,
        today: cmd.today,
    })
}

/// Letters and queries that a message answers, by the ids that we gave to what we sent.
struct Traces {
    letters: Vec<String>,
    queries: Vec<String>,
}

async fn traces(cmd: &mut Command, answers: &[String]) -> Outcome<Traces> {
    let mut traces = Traces { letters: Vec::new(), queries: Vec::new() };
    for id in answers {
        let Some((first, _)) = id.split_once('.') else { continue };
        if first.starts_with("LTR-") {
            traces.letters.push(first.to_owned());
        } else if let Ok(ours) = first.parse::<i64>()
            && let Some((_, about, state, sent_as)) = rows::sent_mail(&mut cmd.tx, cmd.by.org, ours).await?
            && (state != "sent" || sent_as == *id)
            && let Some(number) = about.strip_prefix("query ")
        {
            traces.queries.push(number.to_owned());
        }
    }
    Ok(traces)
}

fn traced(row: &QueryNamedRow, trace: Trace) -> Option<QueryTraced> {
    Some(QueryTraced {
        number: row.number.clone(),
        account: AccountNamed {
            id: row.customer_id,
            number: row.customer_number.clone(),
            name: row.customer_name.clone(),
        },
        state: QueryState::parse(&row.state)?,
        resolved_on: row.resolved_on,
        trace,
    })
}

fn number(row: &NumberNamedRow, place: Place, in_query: &HashMap<String, String>) -> NumberNamed {
    let kind = match row.kind.as_str() {
        "invoice" => "invoice",
        "credit_note" => "credit note",
        "customer" => "customer",
        "letter" => "letter",
        _ => "reference",
    };
    NumberNamed {
        kind,
        number: row.number.clone(),
        account: AccountNamed {
            id: row.customer_id,
            number: row.customer_number.clone(),
            name: row.customer_name.clone(),
        },
        place,
        in_query: in_query.get(&row.number).filter(|_| kind == "invoice").cloned(),
    }
}

/// The query that an e-mail of ours was about, by the id it went out with.
pub(super) async fn query_of_sent(cmd: &mut Command, message_id: &str) -> Outcome<Option<String>> {
    Ok(traces(cmd, &[message_id.to_owned()]).await?.queries.pop())
}
