//! Cases that stop recovery for a person: the list, taking in a notice, one case, what is done to it.
use super::form::{Asked, address, asked, date_field, onto};
use super::query::happening;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use crate::web::pages::person_cases::{PersonCase, PersonCases};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::recovery::people::{
    ActOnCase, CasesAsk, ConfirmCase, NoticeFile, TakeNotice, act_on_case, cases, confirm_case, person_case,
    take_notice, take_notices,
};
use sundry_domain::control::Duty;
use sundry_domain::recovery::{EventForm, EventKind};
use sundry_domain::words::written;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery/cases", &[Duty::View], get(list))
        .add("/recovery/cases/new", &[Duty::SetFlags], get(blank_notice).post(take))
        .add("/recovery/cases/file", &[Duty::SetFlags], get(blank_file).post(take_file))
        .add("/recovery/cases/{number}", &[Duty::View], get(view))
        .add("/recovery/cases/{number}/confirm", &[Duty::SetFlags], post(confirm))
        .add("/recovery/cases/{number}/act", &[Duty::SetFlags, Duty::AllocateWork], post(act))
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let state = match asked(&query, "state") {
        state @ ("to_match" | "ended" | "not_ours") => state,
        _ => "in_force",
    };
    let after = asked(&query, "after").parse().unwrap_or(0);
    let ask = CasesAsk { state: state.into(), after, limit: 100, ..CasesAsk::default() };
    let found = cases(&doors.desk, &visitor.actor, ask).await?;
    let next = found.next.map(|id| address("/recovery/cases", &[("state", state), ("after", &id.to_string())]));
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    page(&PersonCases {
        frame,
        state: state.into(),
        rows: found.rows,
        next: next.unwrap_or_default(),
        may_take: visitor.actor.holds(Duty::SetFlags),
    })
}

// Taking in a notice ---------------------------------------------------------------

fn notice_fields() -> Vec<Field> {
    let forms = EventForm::ALL.iter().map(|form| (form.as_str().to_owned(), form.name().to_owned()));
    let forms = std::iter::once((String::new(), "Choose".to_owned())).chain(forms).collect();
    vec![
        Field::of("form", "What happened?", Takes::One(forms)),
        Field::of("customer", "Customer number, if you know it", Takes::Line)
            .hint("Leave empty to have the notice matched by name, postcode and account number."),
        Field::of("person", "Name in the notice", Takes::Line),
        Field::of("address", "Address in the notice", Takes::Lines),
        Field::of("account", "Our account number or reference in it", Takes::Line),
        Field::of("born_on", "Date of birth", Takes::Date),
        Field::of("source", "Who told us?", Takes::Line).hint("For example, the debt respite register, Tell Us Once"),
        Field::of("reference", "Their reference", Takes::Line),
        Field::of("starts_on", "First day", Takes::Date)
            .hint("Of the breathing space as the notice has it, of the order, of the death"),
        Field::of("ends_on", "Last day, if the notice names one", Takes::Date),
        Field::of("debts", "Debts it names", Takes::Line)
            .hint("Their numbers with commas. Empty: all that were owed on the first day."),
        Field::of("contact_role", "Who deals with it for them", Takes::Line)
            .hint("For example, debt adviser, trustee, executor"),
        Field::of("contact_name", "Their name", Takes::Line),
        Field::of("contact_email", "Their e-mail address", Takes::Line),
        Field::of("contact_address", "Their address", Takes::Lines),
        Field::of(
            "confirmed_by_adviser",
            "A second standard breathing space within twelve months",
            Takes::Any(vec![("yes".into(), "The debt adviser has confirmed it".into())]),
        ),
        Field::of("words", "Anything else", Takes::Lines),
    ]
}

async fn notice_form(doors: &Shared, visitor: &Visitor) -> PeopleForm {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    PeopleForm {
        frame,
        title: "Take in a notice".into(),
        back: ("/recovery/cases".into(), "Cases".into()),
        action: "/recovery/cases/new".into(),
        verb: "Take it in",
        note: "Once it has its customer, its debts are stopped at once: letters that wait to be printed too.".into(),
        fields: notice_fields(),
    }
}

async fn blank_notice(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut form = notice_form(&doors, &visitor).await;
    for field in &mut form.fields {
        if matches!(field.name, "customer" | "form") {
            field.typed = vec![asked(&query, field.name).to_owned()];
        }
    }
    page(&form)
}

/// Numbers with commas or spaces between them.
fn numbers(typed: &str) -> Vec<String> {
    typed.split([',', ' ', ';']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

async fn take(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = notice_form(&doors, &visitor).await;
    for field in &mut form.fields {
        field.typed = posted.all(field.name).map(str::to_owned).collect();
    }
    let today = doors.desk.today();
    let text = |name: &str| posted.get(name).to_owned();
    let mut day = |name: &str| date_field(&mut form.frame, name, posted.get(name), today);
    let (born_on, starts_on, ends_on) = (day("born_on"), day("starts_on"), day("ends_on"));
    if !form.frame.errors.is_empty() {
        return super::form::again(&form);
    }
    let ask = TakeNotice {
        key: posted.key(),
        form: text("form"),
        person: text("person"),
        born_on,
        address: text("address"),
        account: text("account"),
        customer: text("customer"),
        source: text("source"),
        reference: text("reference"),
        contact_role: text("contact_role"),
        contact_name: text("contact_name"),
        contact_address: text("contact_address"),
        contact_email: text("contact_email"),
        received_on: None,
        starts_on,
        ends_on,
        debts: numbers(posted.get("debts")),
        confirmed_by_adviser: posted.has("confirmed_by_adviser"),
        words: text("words"),
    };
    match take_notice(&doors.desk, &visitor.actor, ask).await {
        Ok(stands) => {
            let news = match stands.state.as_str() {
                "to_match" => format!("{} is taken in: say today whose it is", stands.number),
                _ => format!("{} is in force: what it names is stopped", stands.number),
            };
            told(&format!("/recovery/cases/{}", stands.number), &news)
        }
        Err(sundry_desk::No::Absent(_)) => {
            form.frame.errors.add("customer", "Enter the number of a customer of ours");
            super::form::again(&form)
        }
        Err(no) => {
            let codes = [("BS-NOTICE-TWICE", "reference"), ("BS-01-TOO-SOON", "confirmed_by_adviser")];
            let status = onto(&mut form.frame, no, &codes)?;
            page_with(status, &form)
        }
    }
}

// A file of notices ----------------------------------------------------------------

async fn file_form(doors: &Shared, visitor: &Visitor) -> PeopleForm {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    PeopleForm {
        frame,
        title: "Take in a file of notices".into(),
        back: ("/recovery/cases".into(), "Cases".into()),
        action: "/recovery/cases/file".into(),
        verb: "Take them in",
        note: "CSV with the headings reference, name and start date; address, account, debts, adviser and others count too. \
               A file that comes again adds nothing."
            .into(),
        fields: vec![
            Field::of("file", "The file", Takes::File(".csv,.txt")),
            Field::of("source", "Who told us?", Takes::Line).with("Debt respite register"),
        ],
    }
}

async fn blank_file(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&file_form(&doors, &visitor).await)
}

async fn take_file(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = file_form(&doors, &visitor).await;
    let Some(file) = posted.files.first().filter(|file| !file.bytes.is_empty()) else {
        form.frame.errors.add("file", "Choose a file");
        return super::form::again(&form);
    };
    let ask = NoticeFile { key: posted.key(), source: posted.get("source").to_owned(), bytes: file.bytes.clone() };
    match take_notices(&doors.desk, &visitor.actor, ask).await {
        Ok(rows) => {
            let refused: Vec<_> = rows.iter().filter(|row| !row.problem.is_empty()).collect();
            let taken = rows.len() - refused.len();
            if refused.is_empty() {
                let news = match taken {
                    1 => "1 notice taken in: say today whose it is".to_owned(),
                    many => format!("{many} notices taken in: say today whose they are"),
                };
                return told("/recovery/cases?state=to_match", &news);
            }
            form.frame.errors.add("file", format!("{taken} of {} rows were taken in", rows.len()));
            for row in refused {
                form.frame.errors.add("file", format!("Row {} ({}): {}", row.row, row.reference, row.problem));
            }
            super::form::again(&form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

// One case -------------------------------------------------------------------------

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PersonCase> {
    let found = person_case(&doors.desk, &visitor.actor, number).await?;
    let case = &found.case;
    let mut facts = vec![("Told by".to_owned(), [case.source.clone(), case.reference.clone()].join(", "))];
    let mut fact = |key: &str, value: String| {
        if !value.trim().is_empty() {
            facts.push((key.to_owned(), value));
        }
    };
    fact("Came on", written(case.received_on));
    fact("First day", written(case.starts_on));
    fact("Last day", case.ends_on.map_or_else(|| "Not known".to_owned(), written));
    fact("Recovery may go on from", found.recovery_from.map(written).unwrap_or_default());
    fact("Still allowed", found.allowed.join("; "));
    fact("Afterwards", found.then.join("; "));
    if let Some((first, last)) = found.midway {
        fact("The adviser looks again", format!("{} to {}", written(first), written(last)));
    }
    fact("We may ask for a review until", found.review_by.map(written).unwrap_or_default());
    fact("Name in the notice", case.person.clone());
    fact("Address in the notice", case.address.clone());
    let contact = [&case.contact_role, &case.contact_name, &case.contact_email, &case.contact_address];
    let contact: Vec<&str> = contact.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    fact("Deal with", contact.join(", "));
    fact("In words", case.words.clone());
    fact("Owner", case.owner.clone());
    fact("Ended", case.outcome.clone());
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    Ok(PersonCase {
        frame,
        number: case.number.clone(),
        form_name: found.form_name,
        state: case.state.clone(),
        customer: (found.customer_number, found.customer_name),
        letter: EventKind::parse(&case.kind).and_then(EventKind::letter).map(letter_says),
        written: found.letter.map(|one| (one.number, one.on)),
        waits_for_treatment: case.form == EventForm::Crisis.as_str() && case.treatment_ended_on.is_none(),
        facts,
        likely: found.candidates,
        items: found.items,
        tasks: found.tasks,
        story: found.history.iter().rev().map(happening).collect(),
        may_work: visitor.actor.holds(Duty::SetFlags),
        may_free: visitor.actor.holds(Duty::AllocateWork),
        act: String::new(),
        typed: Default::default(),
    })
}

fn letter_says(template: &'static str) -> &'static str {
    match template {
        "condolence" => {
            "It says that we are sorry, that nobody need pay now, and asks who deals with the estate. It goes to the \
             personal representatives."
        }
        _ => "It says that breathing space has begun, and what stops. It asks for no money.",
    }
}

/// The fields of the forms of a case, in the order in which the page keeps them.
const TYPED: [&str; 7] = ["customer", "debts", "words", "on", "debt", "owner", "task"];

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let case = shown(&doors, &visitor, &number).await?;
    page(&PersonCase { act: asked(&query, "act").to_owned(), ..case })
}

async fn confirm(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let other = posted.get("other").to_owned();
    let customer = match posted.get("customer") {
        _ if !other.is_empty() => other,
        "none" => String::new(),
        chosen => chosen.to_owned(),
    };
    let ask = ConfirmCase {
        key: posted.key(),
        number: number.clone(),
        customer,
        debts: numbers(posted.get("debts")),
        confirmed_by_adviser: posted.has("confirmed_by_adviser"),
        words: posted.get("words").to_owned(),
    };
    match confirm_case(&doors.desk, &visitor.actor, ask).await {
        Ok(stands) => {
            let news = match stands.state.as_str() {
                "not_ours" => format!("{} is not about a customer of ours", stands.number),
                _ => format!("{} is in force: what it names is stopped", stands.number),
            };
            told(&format!("/recovery/cases/{number}"), &news)
        }
        Err(no) => {
            let mut form = shown(&doors, &visitor, &number).await?;
            form.typed = TYPED.map(|name| posted.get(name).to_owned());
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    form.typed = TYPED.map(|name| posted.get(name).to_owned());
    posted.get("act").clone_into(&mut form.act);
    let on = date_field(&mut form.frame, "on", posted.get("on"), doors.desk.today());
    if !form.frame.errors.is_empty() {
        return super::form::again(&form);
    }
    let ask = ActOnCase {
        key: posted.key(),
        number: number.clone(),
        act: posted.get("act").to_owned(),
        task: posted.get("task").parse().ok(),
        debt: posted.get("debt").to_owned(),
        on,
        owner: posted.get("owner").to_owned(),
        words: posted.get("words").to_owned(),
    };
    match act_on_case(&doors.desk, &visitor.actor, ask).await {
        Ok(_) if posted.get("act") == "write" => {
            told(&format!("/recovery/cases/{number}"), &format!("{number}: its letter is written and waits to be sent"))
        }
        Ok(_) => told(&format!("/recovery/cases/{number}"), &format!("{number}: saved")),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
