//! Proof of arrival, e-invoices, and what receivers ask of our documents.
use super::form::{date_field, onto};
use crate::web::door::{
    Answer, Posted, Routes, Shared, Trouble, Visitor, invoice_at, page, page_with, see_other, told,
};
use crate::web::pages::proof::{DeliveryOf, Einvoices, NotReceived, NotReceivedLine};
use crate::web::pages::receiver::{Receiver, TypedRules};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use sundry_desk::customers::{ReceiverForm, SetReceiver, receiver_rules, set_receiver};
use sundry_desk::delivery::einvoice::{TakeAnswer, einvoices, take_answer};
use sundry_desk::delivery::{RecordProof, SendAgain, delivery_of, not_received, record_proof, send_again};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_domain::delivery::einvoice::EState;
use sundry_domain::delivery::proof::Known;
use sundry_domain::money::Pence;

/// Rows shown at most.
const MOST: i64 = 200;
const RECORD: &[Duty] = &[Duty::ReleaseRuns, Duty::WorkCases];

/// The routes of proof.
pub fn routes(routes: Routes) -> Routes {
    let send: &[Duty] = &[Duty::ReleaseRuns];
    routes
        .add("/delivery/not-received", &[Duty::View], get(missing))
        .add("/delivery/einvoices", &[Duty::View], get(list))
        .add("/delivery/einvoices/answer", send, post(answer))
        .add("/delivery/einvoices/send", send, post(start))
        .add("/billing/invoices/{number}/delivery", &[Duty::View], get(known))
        .add("/billing/invoices/{number}/proof", RECORD, post(record))
        .add("/billing/invoices/{number}/send-again", RECORD, post(again))
        .add("/customers/{number}/receiver", &[Duty::ManageCustomers], get(rules).post(keep))
}

fn named(outcome: &str) -> String {
    let known = Known::parse(outcome).map(Known::name);
    let words = known.or_else(|| EState::parse(outcome).map(EState::name)).unwrap_or(match outcome {
        "waiting" => "A letter waits to leave",
        "held" => "The letter is held",
        "failed" => "The letter could not be sent",
        "sending" => "The letter is being sent",
        _ => "No letter was written yet",
    });
    words.to_owned()
}

async fn missing(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = not_received(&doors.desk, &visitor.actor, MOST).await?;
    let line = |one: sundry_desk::delivery::NotReceived| NotReceivedLine {
        what: named(&one.row.outcome),
        number: one.row.number,
        customer: (one.row.customer_number, one.row.customer_name),
        due: one.row.due_on,
        open: Pence(one.row.open_pence),
        why: one.row.words,
        since: one.row.since_on,
        next: one.next_step,
        stopped: one.row.stops_chasing,
    };
    let mut frame = doors.frame(&visitor, "Billing").await;
    frame.help = "rooms/delivery".into();
    page(&NotReceived { frame, rows: rows.into_iter().map(line).collect(), most: MOST })
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Result<DeliveryOf, Trouble> {
    let found = delivery_of(&doors.desk, &visitor.actor, number).await?;
    let events = found.events.into_iter().rev();
    let events = events.map(|e| (e.on_day, named(&e.outcome), e.reference, e.words, e.actor_name));
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/delivery".into();
    Ok(DeliveryOf {
        frame,
        number: found.number,
        stopped: found.stops_chasing,
        events: events.collect(),
        letters: found.letters,
        choices: Known::BY_PERSON.iter().map(|known| (known.as_str(), known.name())).collect(),
        may_record: RECORD.iter().any(|duty| visitor.actor.holds(*duty)),
        typed: Default::default(),
    })
}

async fn known(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn record(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut again = shown(&doors, &visitor, &number).await?;
    let typed = |name: &str| posted.get(name).to_owned();
    again.typed = (typed("known"), typed("on_day"), typed("reference"), typed("words"));
    let on_day = date_field(&mut again.frame, "on_day", &again.typed.1, doors.desk.today());
    if !again.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let ask = RecordProof {
        key: posted.key(),
        number: number.clone(),
        known: typed("known"),
        on_day,
        reference: typed("reference"),
        words: typed("words").lines().collect::<Vec<_>>().join(" "),
    };
    match record_proof(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("{}/delivery", invoice_at(&number)), "What you know is recorded"),
        Err(no) => {
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn again(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    match send_again(&doors.desk, &visitor.actor, SendAgain { key: posted.key(), number: number.clone() }).await {
        Ok(sent) => {
            let way = if sent.channel == "email" { "e-mail" } else { "the post" };
            let news = match sent.state.as_str() {
                "held" => format!("Letter {} is held", sent.letter),
                _ => format!("Letter {} waits for {way}", sent.letter),
            };
            told(&format!("{}/delivery", invoice_at(&number)), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn einvoices_shown(doors: &Shared, visitor: &Visitor) -> Result<Einvoices, Trouble> {
    let found = einvoices(&doors.desk, &visitor.actor, "").await?;
    let row = |row: sundry_store::delivery::einvoice::EinvoiceRow| {
        let look = EState::parse(&row.state).is_some_and(EState::stops_chasing);
        (row.document_number, row.receiver, named(&row.state), row.settled_on, row.reason, look)
    };
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/delivery".into();
    Ok(Einvoices {
        frame,
        waiting: found.waiting,
        counts: found.counts.into_iter().map(|(state, count)| (named(&state), count)).collect(),
        rows: found.rows.into_iter().map(row).collect(),
        may_send: visitor.actor.holds(Duty::ReleaseRuns),
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&einvoices_shown(&doors, &visitor).await?)
}

async fn answer(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = einvoices_shown(&doors, &visitor).await?;
    let Some(file) = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose the file of the answer");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let ask = TakeAnswer { key: posted.key(), file_name: file.name.clone(), bytes: file.bytes.clone() };
    match take_answer(&doors.desk, &visitor.actor, ask).await {
        Ok(taken) => told("/delivery/einvoices", &format!("{}: {}", taken.number, named(&taken.state).to_lowercase())),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn start(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = AddJob {
        key: posted.key(),
        kind: "send_einvoices".into(),
        dedupe_key: format!("send_einvoices/{}", posted.key()),
        request: serde_json::json!({}),
    };
    let job = add_job(&doors.desk, &visitor.actor, ask).await?.job;
    see_other(&format!("/jobs/{job}"))
}

fn number_of(value: Option<i64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

async fn rules(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let found = receiver_rules(&doors.desk, &visitor.actor, &number).await?;
    let (r, or) = (found.rules, |text: String, otherwise: &str| if text.is_empty() { otherwise.into() } else { text });
    let typed = TypedRules {
        way: or(r.way, "letters"),
        participant: r.participant,
        portal: r.portal,
        vat_number: r.vat_number,
        order_needed: r.order_needed,
        order_pattern: r.order_pattern,
        reference_needed: r.reference_needed,
        reference_name: r.reference_name,
        reference_pattern: r.reference_pattern,
        reference_usual: r.reference_usual,
        number_characters: or(r.number_characters, "any"),
        number_longest: number_of(r.number_longest),
        future_days: number_of(r.future_days),
        pdf_longest_kb: number_of(r.pdf_longest_kb),
        hybrid: r.hybrid,
    };
    let mut frame = doors.frame(&visitor, "Customers").await;
    frame.help = "rooms/delivery".into();
    page(&Receiver { frame, customer: (found.number, found.name), version: found.version, typed })
}

/// A number of a field: what is none becomes one that the desk refuses at its field.
fn whole(text: &str) -> Option<i64> {
    if text.is_empty() { None } else { Some(text.parse().unwrap_or(-1)) }
}

async fn keep(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let before = receiver_rules(&doors.desk, &visitor.actor, &number).await?;
    let text = |name: &str| posted.get(name).to_owned();
    let typed = TypedRules {
        way: text("way"),
        participant: text("participant"),
        portal: text("portal"),
        vat_number: text("vat_number"),
        order_needed: posted.has("order_needed"),
        order_pattern: text("order_pattern"),
        reference_needed: posted.has("reference_needed"),
        reference_name: text("reference_name"),
        reference_pattern: text("reference_pattern"),
        reference_usual: text("reference_usual"),
        number_characters: text("number_characters"),
        number_longest: text("number_longest"),
        future_days: text("future_days"),
        pdf_longest_kb: text("pdf_longest_kb"),
        hybrid: posted.has("hybrid"),
    };
    let t = typed.clone();
    let rules = ReceiverForm {
        way: t.way,
        participant: t.participant,
        portal: t.portal,
        vat_number: t.vat_number,
        order_needed: t.order_needed,
        order_pattern: t.order_pattern,
        reference_needed: t.reference_needed,
        reference_name: t.reference_name,
        reference_pattern: t.reference_pattern,
        reference_usual: t.reference_usual,
        number_characters: t.number_characters,
        number_longest: whole(&t.number_longest),
        future_days: whole(&t.future_days),
        pdf_longest_kb: whole(&t.pdf_longest_kb),
        hybrid: t.hybrid,
    };
    let version = posted.get("version").parse().unwrap_or(before.version);
    let ask = SetReceiver { key: posted.key(), number: number.clone(), version, rules };
    match set_receiver(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("/customers/{number}/details"), &format!("Rules of {} kept", before.name)),
        Err(no) => {
            let frame = doors.frame(&visitor, "Customers").await;
            let mut form = Receiver { frame, customer: (before.number, before.name), version, typed };
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
