//! Beside court: the registers of insolvencies, estates and charges, one of each with its acts, and recording a new one.
use super::form::{again, amount_field, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::beside_court::{Kept, NewRecord, OneCharge, OneEstate, OneInsolvency, Records, Register, Typed};
use crate::web::ui::Frame;
use axum::extract::{Path, State};
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::court::{
    self, ActOnEstate, AddCharge, DeclareDividend, EndInsolvency, LodgeProof, OpenEstate, OpenInsolvency,
    ReceiveDividend, ReleaseCharge,
};
use sundry_desk::customers::customer_account;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const LOOK: &[Duty] = &[Duty::View];
const FLAGS: &[Duty] = &[Duty::SetFlags];
const EITHER: &[Duty] = &[Duty::WorkCases, Duty::ReferToCourt];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/insolvencies", LOOK, get(insolvencies))
        .add("/insolvencies/{number}", LOOK, get(insolvency).post(act_on_insolvency))
        .add("/estates", LOOK, get(estates))
        .add("/estates/{number}", LOOK, get(estate).post(act_on_estate))
        .add("/charges", LOOK, get(charges))
        .add("/charges/{number}", LOOK, get(charge).post(act_on_charge))
        .add("/customers/{number}/insolvency", FLAGS, get(blank_insolvency).post(open_insolvency))
        .add("/customers/{number}/estate", FLAGS, get(blank_estate).post(open_estate))
        .add("/customers/{number}/charge", EITHER, get(blank_charge).post(add_charge))
}

async fn room(doors: &Shared, visitor: &Visitor, place: &str) -> Frame {
    let mut frame = doors.frame(visitor, place).await;
    frame.help = "rooms/court".into();
    frame
}

fn kept(fields: &[&str], posted: &Posted) -> Typed {
    fields.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect()
}

/// What a form says, with what cannot be read told at its field.
struct Read<'a> {
    frame: &'a mut Frame,
    posted: &'a Posted,
    today: NaiveDate,
}

impl Read<'_> {
    fn text(&self, field: &str) -> String {
        self.posted.get(field).to_owned()
    }

    fn ticked(&self, field: &str) -> bool {
        self.posted.get(field) == "yes"
    }

    fn day(&mut self, field: &str) -> Option<NaiveDate> {
        let typed = self.posted.get(field).to_owned();
        date_field(self.frame, field, &typed, self.today)
    }

    /// A day that must be there.
    fn must_day(&mut self, field: &str) -> NaiveDate {
        if self.posted.get(field).is_empty() {
            self.frame.errors.add(field, "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
        }
        self.day(field).unwrap_or(self.today)
    }

    fn sum(&mut self, field: &str) -> Option<Pence> {
        let typed = self.posted.get(field).to_owned();
        amount_field(self.frame, field, &typed)
    }

    fn number(&mut self, field: &str, message: &str) -> i64 {
        let read = self.posted.get(field).replace(',', "").parse::<i64>();
        if read.is_err() {
            self.frame.errors.add(field, message);
        }
        read.unwrap_or_default()
    }

    fn failed(&self) -> bool {
        !self.frame.errors.is_empty()
    }

    fn charge(&mut self, number: &str, customer: &str) -> AddCharge {
        AddCharge {
            key: self.posted.key(),
            number: number.to_owned(),
            customer: customer.to_owned(),
            case: self.text("case"),
            kind: self.text("kind"),
            property: self.text("property"),
            title_number: self.text("title_number"),
            charged_on: self.day("charged_on"),
            registered_on: self.day("registered_on"),
            secured: self.sum("secured").unwrap_or(Pence::ZERO),
            value: self.sum("value"),
            valued_on: self.day("valued_on"),
            prior: self.sum("prior"),
        }
    }
}

async fn register(doors: &Shared, visitor: &Visitor, rows: Kept) -> Answer {
    let mut ids: Vec<i64> = match &rows {
        Kept::Insolvencies(rows) => rows.iter().map(|row| row.customer_id).collect(),
        Kept::Estates(rows) => rows.iter().map(|row| row.customer_id).collect(),
        Kept::Charges(rows) => rows.iter().map(|row| row.customer_id).collect(),
    };
    ids.sort_unstable();
    ids.dedup();
    let names = court::customers_named(&doors.desk, &visitor.actor, &ids).await?;
    page(&Register { frame: room(doors, visitor, "Recovery").await, kept: rows, names })
}

async fn insolvencies(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = court::insolvencies_list(&doors.desk, &visitor.actor).await?;
    register(&doors, &visitor, Kept::Insolvencies(rows)).await
}

async fn estates(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = court::estates_list(&doors.desk, &visitor.actor).await?;
    register(&doors, &visitor, Kept::Estates(rows)).await
}

async fn charges(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = court::charges_list(&doors.desk, &visitor.actor, "").await?;
    register(&doors, &visitor, Kept::Charges(rows)).await
}

async fn insolvency_shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OneInsolvency> {
    let shown = court::insolvency(&doors.desk, &visitor.actor, number).await?;
    let may = [Duty::WorkCases, Duty::PostCash, Duty::SetFlags].map(|duty| visitor.actor.holds(duty));
    let today = doors.desk.today().format("%-d %b %Y").to_string();
    let typed = ["on", "ended"].map(|field| (field.to_owned(), today.clone())).into();
    Ok(OneInsolvency { frame: room(doors, visitor, "Recovery").await, shown, may, typed })
}

async fn insolvency(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&insolvency_shown(&doors, &visitor, &number).await?)
}

async fn act_on_insolvency(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(at): Path<String>,
    posted: Posted,
) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut seen = insolvency_shown(&doors, &visitor, &at).await?;
    seen.typed = kept(OneInsolvency::FIELDS, &posted);
    let mut read = Read { frame: &mut seen.frame, posted: &posted, today: desk.today() };
    let (key, number) = (posted.key(), at.clone());
    let done: Outcome<String> = match posted.get("act") {
        "prove" => {
            let interest = read.sum("interest");
            if read.failed() {
                return again(&seen);
            }
            let done = court::lodge_proof(desk, by, LodgeProof { key, number, interest }).await;
            done.map(|made| format!("{} is proved", Pence(made.proof_pence)))
        }
        "declare" => {
            let (on, admitted) = (read.must_day("on"), read.sum("admitted"));
            let pence_in_100 = read.number("rate", "Enter pence in a hundred pounds, from 1 to 10,000");
            let last = read.ticked("last");
            if read.failed() {
                return again(&seen);
            }
            let ask = DeclareDividend { key, number, on, pence_in_100, admitted, last };
            let done = court::declare_dividend(desk, by, ask).await;
            done.map(|made| format!("Dividend {} comes to {}", made.seq, Pence(made.expected_pence)))
        }
        "receive" => {
            let (seq, receipt) = (read.number("seq", "Choose the dividend"), read.text("receipt"));
            if receipt.is_empty() {
                read.frame.errors.add("receipt", "Enter the number of the receipt");
            }
            if read.failed() {
                return again(&seen);
            }
            match court::receive_dividend(desk, by, ReceiveDividend { key, number, seq, receipt }).await {
                Err(No::Absent(_)) => {
                    seen.frame.errors.add("receipt", "There is no receipt with this number");
                    return again(&seen);
                }
                done => done.map(|made| format!("Dividend {} came", made.seq)),
            }
        }
        "end" => {
            let (on, revoked) = (read.must_day("ended"), read.ticked("revoked"));
            if read.failed() {
                return again(&seen);
            }
            let done = court::end_insolvency(desk, by, EndInsolvency { key, number, on, revoked }).await;
            done.map(|made| format!("{} has ended", made.number))
        }
        _ => Err(No::Absent("act".into())),
    };
    match done {
        Ok(news) => told(&format!("/insolvencies/{at}"), &news),
        Err(no) => {
            let fields: &[(&str, &str)] = match posted.get("act") {
                "end" => &[("on", "ended")],
                _ => &[("pence_in_100", "rate")],
            };
            let status = onto(&mut seen.frame, no, fields)?;
            page_with(status, &seen)
        }
    }
}

async fn estate_shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OneEstate> {
    let shown = court::estate(&doors.desk, &visitor.actor, number).await?;
    let row = &shown.estate;
    let known = [("representatives", &row.representatives), ("address", &row.address), ("solicitor", &row.solicitor)];
    let typed = known.map(|(field, value)| (field.to_owned(), value.clone())).into();
    let may = visitor.actor.holds(Duty::WorkCases);
    let today = doors.desk.today();
    Ok(OneEstate { frame: room(doors, visitor, "Recovery").await, shown, may, today, typed })
}

async fn estate(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&estate_shown(&doors, &visitor, &number).await?)
}

async fn act_on_estate(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(at): Path<String>,
    posted: Posted,
) -> Answer {
    let mut seen = estate_shown(&doors, &visitor, &at).await?;
    seen.typed = kept(OneEstate::FIELDS, &posted);
    let act = posted.get("act").to_owned();
    let mut read = Read { frame: &mut seen.frame, posted: &posted, today: doors.desk.today() };
    let (grant, words) = match act.as_str() {
        "searched" => ("searched_grant", "searched_words"),
        "settle" => ("grant_on", "settle_words"),
        _ => ("grant_on", "none_words"),
    };
    let ask = ActOnEstate {
        key: posted.key(),
        number: at.clone(),
        act,
        representatives: read.text("representatives"),
        address: read.text("address"),
        solicitor: read.text("solicitor"),
        grant_on: read.day(grant),
        notice_by: read.day("notice_by"),
        amount: read.sum("amount"),
        words: read.text(words),
    };
    if read.failed() {
        return again(&seen);
    }
    match court::act_on_estate(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&format!("/estates/{at}"), &format!("{} is {}", done.number, done.state.replace('_', " "))),
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[("words", words)])?;
            page_with(status, &seen)
        }
    }
}

async fn charge_shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OneCharge> {
    let shown = court::charge_shown(&doors.desk, &visitor.actor, number).await?;
    let row = &shown.charge;
    let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.format("%-d %b %Y").to_string());
    let valued = |pence: i64| row.valued_on.map_or_else(String::new, |_| Pence(pence).pounds());
    let known = [
        ("kind", row.kind.clone()),
        ("property", row.property.clone()),
        ("title_number", row.title_number.clone()),
        ("charged_on", day(Some(row.charged_on))),
        ("registered_on", day(row.registered_on)),
        ("secured", Pence(row.secured_pence).pounds()),
        ("value", valued(row.value_pence)),
        ("valued_on", day(row.valued_on)),
        ("prior", Pence(row.prior_pence).pounds()),
    ];
    let typed = known.map(|(field, value)| (field.to_owned(), value)).into();
    let works = EITHER.iter().any(|duty| visitor.actor.holds(*duty));
    let may = [works, visitor.actor.holds(Duty::ReferToCourt)];
    Ok(OneCharge { frame: room(doors, visitor, "Recovery").await, shown, may, typed })
}

async fn charge(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&charge_shown(&doors, &visitor, &number).await?)
}

async fn act_on_charge(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(at): Path<String>,
    posted: Posted,
) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut seen = charge_shown(&doors, &visitor, &at).await?;
    let customer = seen.shown.customer.clone();
    let releases = posted.get("act") == "release";
    // The other form keeps what is known.
    for (field, value) in kept(OneCharge::FIELDS, &posted) {
        if !releases || ["release_words", "still_owed"].contains(&field.as_str()) {
            seen.typed.retain(|(name, _)| *name != field);
            seen.typed.push((field, value));
        }
    }
    let mut read = Read { frame: &mut seen.frame, posted: &posted, today: desk.today() };
    let done = match posted.get("act") {
        "change" => {
            let ask = read.charge(&at, &customer);
            if read.failed() {
                return again(&seen);
            }
            court::add_charge(desk, by, ask).await.map(|made| format!("{} is saved", made.number))
        }
        "release" => {
            let (words, still_owed) = (read.text("release_words"), read.ticked("still_owed"));
            let ask = ReleaseCharge { key: posted.key(), number: at.clone(), words, still_owed };
            court::release_charge(desk, by, ask).await.map(|made| format!("{} is released", made.number))
        }
        _ => Err(No::Absent("act".into())),
    };
    match done {
        Ok(news) => told(&format!("/charges/{at}"), &news),
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[("words", "release_words")])?;
            page_with(status, &seen)
        }
    }
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str, what: Records) -> Outcome<NewRecord> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let customer = (account.customer.number, account.customer.name);
    Ok(NewRecord { frame: room(doors, visitor, "Customers").await, what, customer, typed: Vec::new() })
}

async fn blank_insolvency(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number, Records::Insolvency).await?)
}

async fn blank_estate(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number, Records::Estate).await?)
}

async fn blank_charge(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number, Records::Charge).await?)
}

/// Where the new record is, or the form again with why not.
fn recorded(mut seen: NewRecord, done: Outcome<(String, String)>) -> Answer {
    match done {
        Ok((address, number)) => told(&address, &format!("{number} is recorded")),
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}

async fn open_insolvency(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut seen = blank(&doors, &visitor, &number, Records::Insolvency).await?;
    seen.typed = kept(NewRecord::FIELDS, &posted);
    let mut read = Read { frame: &mut seen.frame, posted: &posted, today: doors.desk.today() };
    let ask = OpenInsolvency {
        key: posted.key(),
        customer: number,
        kind: read.text("kind"),
        on: read.must_day("on"),
        office_holder: read.text("office_holder"),
        reference: read.text("reference"),
        evidence: read.text("evidence"),
    };
    if read.failed() {
        return again(&seen);
    }
    let done = court::open_insolvency(&doors.desk, &visitor.actor, ask).await;
    recorded(seen, done.map(|made| (format!("/insolvencies/{}", made.number), made.number)))
}

async fn open_estate(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut seen = blank(&doors, &visitor, &number, Records::Estate).await?;
    seen.typed = kept(NewRecord::FIELDS, &posted);
    let mut read = Read { frame: &mut seen.frame, posted: &posted, today: doors.desk.today() };
    let ask = OpenEstate {
        key: posted.key(),
        customer: number,
        died_on: read.must_day("died_on"),
        told_on: read.day("told_on"),
        source: read.text("source"),
        representatives: read.text("representatives"),
        address: read.text("address"),
    };
    if read.failed() {
        return again(&seen);
    }
    let done = court::open_estate(&doors.desk, &visitor.actor, ask).await;
    recorded(seen, done.map(|made| (format!("/estates/{}", made.number), made.number)))
}

async fn add_charge(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut seen = blank(&doors, &visitor, &number, Records::Charge).await?;
    seen.typed = kept(NewRecord::FIELDS, &posted);
    let mut read = Read { frame: &mut seen.frame, posted: &posted, today: doors.desk.today() };
    let ask = read.charge("", &number);
    if read.failed() {
        return again(&seen);
    }
    let done = match court::add_charge(&doors.desk, &visitor.actor, ask).await {
        Err(No::Absent(what)) if what.starts_with("court case") => {
            seen.frame.errors.add("case", "There is no court case of this customer with this number");
            return again(&seen);
        }
        done => done,
    };
    recorded(seen, done.map(|made| (format!("/charges/{}", made.number), made.number)))
}
