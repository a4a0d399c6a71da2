//! Direct Debit: the list, a mandate, setting one up, notices.
use super::form::{Asked, asked, date_field, onto, plain, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::account::Happening;
use crate::web::pages::direct_debit::{DirectDebits, day_or_dash, state_tag};
use crate::web::pages::mandate::{Mandate, MandateForm};
use crate::web::ui::{Html, count_of, date, link, long_date, or_dash};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::collections::BTreeMap;
use sundry_desk::No;
use sundry_desk::cash::direct_debit::{
    ChangeMandateBank, MandateAct, MandateView, NotifyCollections, SetUpMandate, act_on_mandate, change_mandate_bank,
    direct_debits, mandate, mandates_list, modulus_table_in_force, notify_collections, service_user, set_up_mandate,
};
use sundry_domain::cash::direct_debit::{MandateEvent, MandateState, Route};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// The routes of mandates.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/direct-debits", &[Duty::View], get(list))
        .add("/direct-debits/notices", &[Duty::PostCash], post(notices))
        .add("/direct-debits/new", &[Duty::ChangeBankDetails], get(new).post(set_up))
        .add("/direct-debits/mandates/{reference}", &[Duty::View], get(view))
        .add("/direct-debits/mandates/{reference}/acts", &[Duty::ChangeBankDetails], post(act))
        .add("/direct-debits/mandates/{reference}/bank", &[Duty::ChangeBankDetails], post(change))
}

/// The address of a mandate; a reference may hold `/` and `&`.
pub(super) fn address(reference: &str) -> String {
    let safe: String = reference
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b == b'-' || b == b'.' {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("/direct-debits/mandates/{safe}")
}

async fn shown(doors: &Shared, visitor: &Visitor, state: &str, number: i64) -> Result<DirectDebits, Trouble> {
    let summary = direct_debits(&doors.desk, &visitor.actor).await?;
    let rows = mandates_list(&doors.desk, &visitor.actor, state, number).await?;
    let more = rows.len() == 50;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/direct-debit".into();
    let table = modulus_table_in_force(&doors.desk, &visitor.actor).await?;
    let missing = match (service_user(&doors.desk, &visitor.actor).await, table) {
        (Err(No::Refused(refusal)), _) => format!("{}. {}.", refusal.sentence, refusal.way_out),
        (Err(other), _) => return Err(other.into()),
        (Ok(_), None) => "No weight table is loaded, so no account number can be checked.".into(),
        (Ok(_), Some(_)) => String::new(),
    };
    let count = |word: &str| summary.mandates.iter().find(|(state, _)| state == word).map_or(0, |(_, count)| *count);
    let all = summary.mandates.iter().map(|(_, count)| count).sum();
    let states = MandateState::ALL.iter().map(|s| (s.as_str().to_owned(), s.name().to_owned(), count(s.as_str())));
    let tile = |words: &str, figure: i64, note: &str, href: &str| {
        (words.to_owned(), figure.to_string(), note.to_owned(), href.to_owned())
    };
    Ok(DirectDebits {
        frame,
        position: vec![
            tile("Active mandates", count("active"), "may be collected from", "/direct-debits?state=active"),
            tile("Instructions waiting", summary.instructions, "go in the next file", "/direct-debits/plan"),
            tile("Report items waiting", summary.held, "before the next file", "/direct-debits/reports"),
            tile("Unpaid", summary.unpaid, "collections came back", "/direct-debits/unpaid"),
            tile("Open claims", summary.claims, "contact before recovery", "/direct-debits/claims"),
        ],
        states: std::iter::once((String::new(), "All".to_owned(), all)).chain(states).collect(),
        state: state.to_owned(),
        rows: rows
            .into_iter()
            .map(|m| {
                vec![
                    link(address(&m.reference), &m.reference),
                    link(format!("/customers/{}", m.customer_number), &m.customer_name),
                    m.payer_name.into(),
                    format!("ending {}", m.shown).into(),
                    state_tag(&m.state).into(),
                    day_or_dash(m.last_collected_on),
                ]
            })
            .collect(),
        page: (number, more),
        may_set_up: visitor.actor.holds(Duty::ChangeBankDetails),
        may_run: visitor.actor.holds(Duty::PostCash),
        due_by: String::new(),
        missing,
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let number = asked(&query, "page").parse().unwrap_or(1).clamp(1, 100_000);
    page(&shown(&doors, &visitor, asked(&query, "state"), number).await?)
}

async fn notices(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut again = shown(&doors, &visitor, "", 1).await?;
    again.due_by = posted.get("due_by").to_owned();
    let due_by = date_field(&mut again.frame, "due_by", &again.due_by.clone(), doors.desk.today());
    let Some(due_by) = due_by else {
        if again.frame.errors.is_empty() {
            again.frame.errors.add("due_by", "Enter the day up to which invoices are due");
        }
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    match notify_collections(&doors.desk, &visitor.actor, NotifyCollections { key: posted.key(), due_by }).await {
        Ok(told_them) => {
            let sum = Pence(told_them.pence);
            let notices = count_of(told_them.collections, "advance notice", "advance notices");
            let mut news = format!("{notices} written, {sum}");
            if told_them.unreachable > 0 {
                let payers = count_of(told_them.unreachable, "payer", "payers");
                news.push_str(&format!("; {payers} cannot be reached by letter or e-mail"));
            }
            told("/direct-debits", &news)
        }
        Err(no) => {
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

const FIELDS: [&str; 12] = [
    "customer",
    "route",
    "payer_name",
    "payer_address1",
    "payer_town",
    "payer_postcode",
    "payer_email",
    "sort_code",
    "signed_on",
    "evidence",
    "reference",
    "replaces",
];

async fn blank(doors: &Shared, visitor: &Visitor) -> MandateForm {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/direct-debit".into();
    MandateForm { frame, typed: BTreeMap::new(), sole: false }
}

async fn new(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut form = blank(&doors, &visitor).await;
    form.typed.insert("customer", asked(&query, "customer").to_owned());
    page(&form)
}

async fn set_up(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = blank(&doors, &visitor).await;
    for name in FIELDS {
        form.typed.insert(name, posted.get(name).to_owned());
    }
    form.sole = posted.has("sole_authority");
    let typed = posted.get("signed_on");
    let signed_on = read_date(typed, doors.desk.today());
    if signed_on.is_none() && !typed.is_empty() {
        form.frame.errors.add("signed_on", "Enter a date such as 19/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    let text = |name: &str| posted.get(name).to_owned();
    let ask = SetUpMandate {
        key: posted.key(),
        customer: text("customer"),
        route: text("route"),
        payer_name: text("payer_name"),
        payer_address1: text("payer_address1"),
        payer_address2: String::new(),
        payer_town: text("payer_town"),
        payer_postcode: text("payer_postcode"),
        payer_email: text("payer_email"),
        sort_code: text("sort_code"),
        account: text("account"),
        reference: text("reference"),
        signed_on,
        evidence: text("evidence"),
        sole_authority: form.sole,
        replaces: text("replaces"),
    };
    match set_up_mandate(&doors.desk, &visitor.actor, ask).await {
        Ok(made) => {
            let news = match &made.letter {
                Some(letter) => format!("Mandate {} is set up; confirmation {letter} is written", made.reference),
                None => format!("Mandate {} is set up", made.reference),
            };
            told(&address(&made.reference), &news)
        }
        Err(No::Absent(what)) => {
            form.frame.errors.add("customer", format!("There is no {what}"));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("DD-12-BAD-ACCOUNT", "account")])?;
            page_with(status, &form)
        }
    }
}

async fn one(doors: &Shared, visitor: &Visitor, reference: &str) -> Result<Mandate, Trouble> {
    let found = mandate(&doors.desk, &visitor.actor, reference).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/direct-debit".into();
    let state = MandateState::parse(&found.mandate.state);
    let may = visitor.actor.holds(Duty::ChangeBankDetails);
    let goes = |event: MandateEvent| may && state.is_some_and(|state| state.after(event).is_ok());
    let all = [
        (MandateEvent::Sign, "The form is signed"),
        (MandateEvent::Suspend, "Stop collections"),
        (MandateEvent::Resume, "Let collections go on"),
        (MandateEvent::Cancel, "Cancel the mandate"),
    ];
    let acts = all.into_iter().filter(|(event, _)| goes(*event));
    Ok(Mandate {
        frame,
        address: address(&found.mandate.reference),
        reference: found.mandate.reference.clone(),
        state: found.mandate.state.clone(),
        facts: facts(&found),
        collections: found
            .collections
            .iter()
            .map(|c| {
                vec![
                    c.number.clone().into(),
                    date(c.entry_on.unwrap_or(c.notified_for)),
                    Pence(c.amount_pence).into(),
                    or_dash(&c.code).into(),
                    state_tag(&c.state).into(),
                    or_dash(&c.reason).into(),
                ]
            })
            .collect(),
        instructions: found
            .instructions
            .iter()
            .map(|i| vec![i.code.clone().into(), format!("ending {}", i.shown).into(), state_tag(&i.state).into()])
            .collect(),
        story: found.history.iter().rev().map(|event| happening(event, found.why(event))).collect(),
        acts: acts.map(|(event, verb)| (event.as_str().to_owned(), verb.to_owned())).collect(),
        may_change_bank: goes(MandateEvent::ChangeBank),
        typed: Default::default(),
    })
}

fn facts(found: &MandateView) -> Vec<(String, Html)> {
    let m = &found.mandate;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "–".into(), long_date);
    let mut facts: Vec<(String, Html)> = vec![
        ("Customer".into(), link(format!("/customers/{}", found.customer.0), &found.customer.1)),
        ("Payer".into(), m.payer_name.clone().into()),
        ("Bank account".into(), format!("ending {}, {}", m.shown, m.modulus.replace('_', " ")).into()),
        ("Authority".into(), Route::parse(&m.route).map_or("", Route::name).into()),
        ("Given on".into(), day(m.signed_on)),
        ("Kept".into(), or_dash(&m.evidence).into()),
        ("Lodged".into(), day(m.lodged_on)),
        ("Last collected".into(), day(m.last_collected_on)),
    ];
    if !m.state_reason.is_empty() {
        facts.insert(0, ("Why".into(), m.state_reason.clone().into()));
    }
    if let Some(sleeps) = found.dormant_from {
        facts.push(("Dormant from".into(), long_date(sleeps)));
    }
    for claim in &found.claims {
        let words = format!("{} of {}, {}", claim.number, Pence(claim.amount_pence), claim.state);
        facts.push(("Claim".into(), words.into()));
    }
    facts
}

fn happening(event: &sundry_store::control::AuditRow, text: String) -> Happening {
    let mut title = String::new();
    for letter in event.event.chars() {
        if letter.is_uppercase() && !title.is_empty() {
            title.push(' ');
            title.extend(letter.to_lowercase());
        } else {
            title.push(letter);
        }
    }
    Happening { title, by: event.actor_name.clone(), on: event.business_on, text, link: None }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(reference): Path<String>) -> Answer {
    page(&one(&doors, &visitor, &reference).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(reference): Path<String>, posted: Posted) -> Answer {
    let mut form = one(&doors, &visitor, &reference).await?;
    (form.typed[0], form.typed[1]) = (posted.get("words").to_owned(), posted.get("signed_on").to_owned());
    let ask = MandateAct {
        key: posted.key(),
        reference: reference.clone(),
        act: posted.get("act").to_owned(),
        signed_on: read_date(posted.get("signed_on"), doors.desk.today()),
        words: posted.get("words").to_owned(),
    };
    match act_on_mandate(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("Mandate {} is {}", done.reference, plain(&done.state).to_lowercase());
            told(&address(&reference), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("act", "words")])?;
            page_with(status, &form)
        }
    }
}

async fn change(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(reference): Path<String>,
    posted: Posted,
) -> Answer {
    let mut form = one(&doors, &visitor, &reference).await?;
    (form.typed[2], form.typed[3]) = (posted.get("sort_code").to_owned(), posted.get("evidence").to_owned());
    let ask = ChangeMandateBank {
        key: posted.key(),
        reference: reference.clone(),
        sort_code: posted.get("sort_code").to_owned(),
        account: posted.get("account").to_owned(),
        evidence: posted.get("evidence").to_owned(),
    };
    match change_mandate_bank(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&address(&reference), &format!("The change waits for a second person: {}", done.approval)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("DD-12-BAD-ACCOUNT", "account")])?;
            page_with(status, &form)
        }
    }
}
