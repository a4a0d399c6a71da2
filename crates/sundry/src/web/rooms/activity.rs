//! Activity: the lines, taking a file in, one line and what is done about it, completeness.
use super::contracts::day_words;
use super::export::{Sheet, wanted};
use super::form::{Asked, again, asked, date_field, onto, open_address};
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::activity::{ActivityLines, ActivityRowShown, OneActivity, TakeActivity, TakenFile};
use crate::web::pages::contracts::Typed;
use crate::web::ui::{Frame, Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::billing::activity::{
    ActivityAsk, ActivityResolved, AssignActivity, ExplainActivity, NewActivity, OverrideActivity, OwnActivity,
    RecheckActivity, TakeInActivity, activity_exceptions, activity_files, activity_line, activity_list,
    assign_activity, explain_activity, override_activity, own_activity, quantity_words, recheck_activity,
    take_in_activity,
};
use sundry_desk::billing::contracts::rate_words;
use sundry_desk::{No, Outcome};
use sundry_domain::billing::activity::{HeldBecause, NotBillable};
use sundry_domain::billing::contracts::Unit;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::counted;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};
use sundry_store::activity::{ActivityOfList, ActivityRow};

const LOOK: &[Duty] = &[Duty::View];
const ACT: &[Duty] = &[Duty::RaiseInvoice];
const HOME: &str = "/billing/activity";

/// The routes of activity.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/activity", LOOK, get(list))
        .add("/billing/activity/take", ACT, get(form).post(take))
        .add("/billing/activity/recheck", ACT, post(recheck))
        .add("/billing/activity/{number}", LOOK, get(one))
        .add("/billing/activity/{number}/{verb}", ACT, post(turn))
}

pub(super) async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/activity".into();
    frame
}

fn state(word: &str, billed: bool) -> Tag {
    match word {
        "accepted" if billed => tag("Billed", TagColour::Green),
        "accepted" => tag("Accepted", TagColour::Blue),
        "held" => tag("Held", TagColour::Red),
        "asked" => tag("Waits for a yes", TagColour::Yellow),
        "explained" => tag("Explained", TagColour::Grey),
        _ => tag("Replaced", TagColour::Grey),
    }
}

fn quantity(e4: i64, unit: &str) -> String {
    Unit::parse(unit).map_or_else(|| quantity_words(e4), |unit| unit.counted(e4))
}

fn clock(owner: &str, due_on: Option<chrono::NaiveDate>) -> String {
    match due_on {
        Some(day) => format!("{owner}, by {}", day_words(day)),
        None => String::new(),
    }
}

fn shown(row: ActivityOfList) -> ActivityRowShown {
    let explained = NotBillable::parse(&row.explained_as).map_or("", NotBillable::name);
    let why = if row.state == "explained" { explained.to_owned() } else { row.sentence };
    let billed = !row.document.is_empty();
    ActivityRowShown {
        state: state(&row.state, billed),
        number: row.number,
        reference: row.reference,
        what: (row.service, row.service_user),
        days: (row.from_on, row.to_on),
        quantity: quantity(row.quantity_e4, &row.unit),
        contract: row.contract,
        worth: Pence(row.worth_pence),
        why,
        clock: clock(&row.owner_name, row.due_on),
        document: row.document,
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let filter = ["state", "because", "contract"].map(|field| asked(&query, field).to_owned());
    let [state, because, contract] = filter.clone();
    let ask = ActivityAsk {
        state,
        because,
        contract,
        before: asked(&query, "before").parse().ok(),
        ..ActivityAsk::default()
    };
    if wanted(asked(&query, "format")) {
        return sheet(&doors, &visitor, ask).await?.file(asked(&query, "format"), &doors, &visitor);
    }
    let found = activity_list(&doors.desk, &visitor.actor, ask).await?;
    let fields = [("state", &*filter[0]), ("because", &*filter[1]), ("contract", &*filter[2])];
    let address = open_address(HOME, &fields);
    let mut reasons = vec![(String::new(), "Any reason".to_owned())];
    reasons.extend(HeldBecause::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned())));
    let exceptions = activity_exceptions(&doors.desk, &visitor.actor).await?.into_iter();
    page(&ActivityLines {
        frame: room(&doors, &visitor).await,
        reasons,
        exceptions: exceptions
            .map(|one| (one.because, one.name, one.lines, one.overdue, Pence(one.at_stake_pence)))
            .collect(),
        next: found.next.map_or_else(String::new, |next| format!("{address}before={next}")),
        rows: found.rows.into_iter().map(shown).collect(),
        filter,
        address,
        may_set: visitor.actor.holds(Duty::RaiseInvoice),
    })
}

async fn sheet(doors: &Shared, visitor: &Visitor, mut ask: ActivityAsk) -> Outcome<Sheet> {
    let filters =
        vec![("State", ask.state.clone()), ("Held because", ask.because.clone()), ("Contract", ask.contract.clone())];
    (ask.before, ask.limit) = (None, Some(500));
    let mut rows = Vec::new();
    loop {
        let mut found = activity_list(&doors.desk, &visitor.actor, ask.clone()).await?;
        rows.append(&mut found.rows);
        match found.next {
            Some(place) => ask.before = Some(place),
            None => break,
        }
    }
    let cells = |row: ActivityOfList| {
        vec![
            Cell::Text(row.number),
            Cell::Text(row.reference),
            Cell::Text(row.service),
            Cell::Text(row.service_user),
            Cell::Date(row.from_on),
            Cell::Date(row.to_on),
            Cell::Text(quantity_words(row.quantity_e4)),
            Cell::Text(row.unit),
            Cell::Text(row.contract),
            Cell::Text(row.state),
            Cell::Text(row.held_because),
            Cell::Text(row.sentence),
            Cell::Text(row.explained_as),
            Cell::Pence(row.worth_pence),
            Cell::Text(row.owner_name),
            Cell::from(row.due_on),
            Cell::Text(row.document),
        ]
    };
    let columns = vec![
        ("number", Text),
        ("reference", Text),
        ("service", Text),
        ("service_user", Text),
        ("from_on", Date),
        ("to_on", Date),
        ("quantity", Text),
        ("unit", Text),
        ("contract", Text),
        ("state", Text),
        ("held_because", Text),
        ("why", Text),
        ("explained_as", Text),
        ("worth", Money),
        ("owner", Text),
        ("due_on", Date),
        ("invoice", Text),
    ];
    Ok(Sheet { title: "Activity", columns, rows: rows.into_iter().map(cells).collect(), filters })
}

// Taking a file in -----------------------------------------------------------------

async fn take_page(doors: &Shared, visitor: &Visitor, typed: [String; 2]) -> Result<TakeActivity, Trouble> {
    let files = activity_files(&doors.desk, &visitor.actor).await?.into_iter().take(50);
    let file = |one: sundry_store::activity::ActivityFileRow| TakenFile {
        number: one.number,
        from: (one.file_name, one.source),
        on: one.taken_on,
        by: one.actor_name,
        counts: (one.accepted_count, one.held_count),
        sums: (Pence(one.worth_pence), Pence(one.held_pence)),
    };
    Ok(TakeActivity { frame: room(doors, visitor).await, typed, faults: Vec::new(), files: files.map(file).collect() })
}

async fn form(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&take_page(&doors, &visitor, Default::default()).await?)
}

async fn take(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = ["source", "reason"].map(|field| posted.get(field).to_owned());
    let mut shown = take_page(&doors, &visitor, typed.clone()).await?;
    let Some(file) = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose a CSV file or a workbook");
        return again(&shown);
    };
    let [source, reason] = typed;
    let taken = match child::as_table(file.bytes.clone()).await {
        Ok(bytes) => {
            let (key, file_name, rows) = (posted.key(), file.name.clone(), Vec::new());
            let ask = TakeInActivity { key, source, reason, rows, file_name, file: Some(bytes) };
            take_in_activity(&doors.desk, &visitor.actor, ask).await
        }
        Err(no) => Err(no),
    };
    match taken {
        Ok(done) => {
            let held = match done.held {
                0 => "none is held".to_owned(),
                many => format!("{} held, {} at stake", counted(many, "line"), Pence(done.held_pence)),
            };
            let accepted = counted(done.accepted, "line");
            let news = format!("{}: {accepted} accepted, {}; {held}", done.number, Pence(done.worth_pence));
            told(if done.held > 0 { "/billing/activity?state=held" } else { HOME }, &news)
        }
        Err(No::Invalid(all)) => {
            for one in all {
                match (one.row, one.field.as_str()) {
                    (None, "source" | "reason") => shown.frame.errors.add(&one.field, one.message),
                    (row, _) => {
                        let row = row.map(|row| row.to_string()).unwrap_or_default();
                        shown.faults.push((row, one.field, one.message, one.typed));
                    }
                }
            }
            if !shown.faults.is_empty() {
                shown.frame.errors.add("file", "Nothing was taken: put right what is listed, and send it again");
            }
            again(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

// One line -------------------------------------------------------------------------

/// Why a line stands as it does.
fn why(row: &ActivityRow) -> String {
    match row.state.as_str() {
        "explained" => NotBillable::parse(&row.explained_as).map_or("", NotBillable::name).to_owned(),
        _ => row.sentence.clone(),
    }
}

fn past(row: &ActivityRow) -> [String; 6] {
    let days = match row.from_on == row.to_on {
        true => day_words(row.from_on),
        false => format!("{} to {}", day_words(row.from_on), day_words(row.to_on)),
    };
    let said = if row.why.is_empty() { why(row) } else { row.why.clone() };
    let state = state(&row.state, false).text;
    [row.number.clone(), days, quantity(row.quantity_e4, &row.unit), state, said, row.actor_name.clone()]
}

/// The line as it would be typed, to be corrected.
fn as_typed(row: &ActivityRow) -> Typed {
    let rate = row.rate_told_e4.map(rate_words).unwrap_or_default();
    let all = [
        ("from", row.from_on.format("%-d %b %Y").to_string()),
        ("to", row.to_on.format("%-d %b %Y").to_string()),
        ("service", row.service.clone()),
        ("service_user", row.service_user.clone()),
        ("quantity", quantity_words(row.quantity_e4)),
        ("unit", row.unit.clone()),
        ("rate", rate),
        ("funder", row.funder_told.clone()),
        ("contract", row.contract_told.clone()),
    ];
    all.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

async fn one_page(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    typed: Option<Typed>,
) -> Result<OneActivity, Trouble> {
    let found = activity_line(&doors.desk, &visitor.actor, number).await?;
    let row = found.line;
    let rate = |e4: Option<i64>| match (e4, Unit::parse(&row.unit)) {
        (Some(e4), Some(unit)) => format!("£{} {}", rate_words(e4), unit.each()),
        _ => String::new(),
    };
    let facts = vec![
        ("Rate told".to_owned(), rate(row.rate_told_e4)),
        ("Billed at".to_owned(), rate(row.rate_e4)),
        ("Funder told".to_owned(), row.funder_told.clone()),
        ("Source".to_owned(), row.source.clone()),
        ("Said".to_owned(), row.why.clone()),
    ];
    Ok(OneActivity {
        frame: room(doors, visitor).await,
        facts,
        history: found.history.iter().map(past).collect(),
        may_act: row.state == "held" && visitor.actor.holds(Duty::RaiseInvoice),
        may_override: found.may_override,
        told_rate: row.rate_told_e4.is_some(),
        approval: row.approval.clone(),
        reasons: NotBillable::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned())).collect(),
        typed: typed.unwrap_or_else(|| as_typed(&row)),
        line: ActivityRowShown {
            state: state(&row.state, false),
            why: why(&row),
            number: row.number,
            reference: row.reference,
            what: (row.service, row.service_user),
            days: (row.from_on, row.to_on),
            quantity: quantity(row.quantity_e4, &row.unit),
            contract: found.contract,
            worth: Pence(row.worth_pence),
            clock: clock(&row.owner_name, row.due_on),
            document: String::new(),
        },
    })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&one_page(&doors, &visitor, &number, None).await?)
}

const FIELDS: [&str; 11] = [
    "from",
    "to",
    "service",
    "service_user",
    "quantity",
    "unit",
    "rate",
    "funder",
    "contract",
    "explained_as",
    "at_told_rate",
];

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (desk, by, key) = (&doors.desk, &visitor.actor, posted.key());
    let reason = posted.get(&format!("reason-{verb}")).to_owned();
    let get = |field: &str| posted.get(field).to_owned();
    let done = match verb.as_str() {
        "own" => own_activity(desk, by, OwnActivity { key, number: number.clone() }).await.map(|line| news(&line)),
        "assign" => {
            let ask = AssignActivity { key, number: number.clone(), contract: get("contract"), reason: reason.clone() };
            assign_activity(desk, by, ask).await.map(|line| news(&line))
        }
        "explain" => {
            let explained_as = get("explained_as");
            let ask = ExplainActivity { key, number: number.clone(), explained_as, reason: reason.clone() };
            explain_activity(desk, by, ask).await.map(|line| news(&line))
        }
        "override" => {
            let at_told_rate = posted.get("at_told_rate") == "yes";
            let ask = OverrideActivity { key, number: number.clone(), at_told_rate, reason: reason.clone() };
            override_activity(desk, by, ask).await.map(|line| news(&line))
        }
        "correct" => return correct(&doors, &visitor, &number, &posted).await,
        _ => return Err(No::Absent("page".into()).into()),
    };
    match done {
        Ok(news) => told(&format!("{HOME}/{number}"), &news),
        Err(no) => wrong(&doors, &visitor, (&number, &verb), &posted, no).await,
    }
}

fn news(line: &ActivityResolved) -> String {
    match line.state.as_str() {
        "held" if line.sentence.is_empty() => format!("{} is in your hands", line.number),
        "held" => format!("{} is held: {}", line.number, line.sentence),
        "asked" => format!("{} waits for someone else: {}", line.number, line.approval),
        "explained" => format!("{} is explained and not billed", line.number),
        _ => format!("{} is accepted: the next run bills {}", line.number, Pence(line.worth_pence)),
    }
}

/// The page again, with what was typed and what to put right.
async fn wrong(doors: &Shared, visitor: &Visitor, (number, verb): (&str, &str), posted: &Posted, no: No) -> Answer {
    let mut shown = one_page(doors, visitor, number, None).await?;
    let sent = FIELDS.iter().filter(|field| posted.has(field));
    shown.typed.extend(sent.map(|field| ((*field).to_owned(), posted.get(field).to_owned())));
    shown.typed.insert("verb".into(), verb.to_owned());
    shown.typed.insert("reason".into(), posted.get(&format!("reason-{verb}")).to_owned());
    let field = format!("reason-{verb}");
    let status = onto(&mut shown.frame, no, &[("reason", &field)])?;
    page_with(status, &shown)
}

/// The same reference again, with what was wrong put right.
async fn correct(doors: &Shared, visitor: &Visitor, number: &str, posted: &Posted) -> Answer {
    let mut shown = one_page(doors, visitor, number, None).await?;
    let today = doors.desk.today();
    let from_on = date_field(&mut shown.frame, "from", posted.get("from"), today);
    let to_on = date_field(&mut shown.frame, "to", posted.get("to"), today);
    let reason = posted.get("reason-correct").to_owned();
    if reason.trim().is_empty() {
        shown.frame.errors.add("reason", "Enter why, in at most 500 characters");
    }
    if shown.frame.failed() {
        let errors = std::mem::take(&mut shown.frame.errors);
        let all =
            errors.list.into_iter().map(|one| sundry_domain::refusal::Invalid::field(&one.field, one.message, ""));
        return wrong(doors, visitor, (number, "correct"), posted, No::Invalid(all.collect())).await;
    }
    let line = activity_line(&doors.desk, &visitor.actor, number).await?.line;
    let get = |field: &str| posted.get(field).to_owned();
    let row = NewActivity {
        reference: line.reference.clone(),
        service: get("service"),
        service_user: get("service_user"),
        contract: line.contract_told.clone(),
        funder: get("funder"),
        unit: get("unit"),
        from_on,
        to_on,
        quantity: get("quantity"),
        rate: get("rate"),
    };
    let (key, source, rows) = (posted.key(), line.source.clone(), vec![row]);
    let ask = TakeInActivity { key, source, reason, rows, file_name: String::new(), file: None };
    match take_in_activity(&doors.desk, &visitor.actor, ask).await {
        Ok(done) if done.same > 0 => {
            let no = sundry_domain::refusal::Invalid::field("quantity", "Nothing was changed", get("quantity"));
            wrong(doors, visitor, (number, "correct"), posted, no.into()).await
        }
        Ok(done) => {
            let says = if done.accepted > 0 { "accepted" } else { "still held" };
            told(&format!("{HOME}/{}-1", done.number), &format!("{number} is put right and {says}"))
        }
        Err(no) => wrong(doors, visitor, (number, "correct"), posted, no).await,
    }
}

async fn recheck(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let done = recheck_activity(&doors.desk, &visitor.actor, RecheckActivity { key: posted.key() }).await?;
    let news = format!(
        "{} looked at: {} accepted now, {} still held",
        counted(done.looked, "exception"),
        done.accepted,
        done.held
    );
    told("/billing/activity?state=held", &news)
}
