//! The worklist: views with their counts, filters, and what is done with several accounts at once.
use super::account_acts::hold_reasons;
use super::export::{Sheet, wanted};
use super::form::{Asked, address, asked, date_field, onto, open_address, page_number, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, see_other, told};
use crate::web::pages::account::Queue;
use crate::web::pages::bulk::{Bulk, BulkAct};
use crate::web::pages::worklist::{View, WorkRow, Worklist};
use crate::web::ui::{TagColour, count_of, money, tag};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::customers::{AddNote, add_note, customer_account};
use sundry_desk::plans::{PlaceHold, place_hold};
use sundry_desk::work::worklist::{self as desk_list, AskWorklist, worklist, worklist_with_counts};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let works: &[Duty] = &[Duty::WorkCases];
    routes.add("/work", works, get(view).post(choose)).add("/work/note", works, get(note_form).post(note_all)).add(
        "/work/hold",
        works,
        get(hold_form).post(hold_all),
    )
}

/// The views in words.
fn view_name(view: &str) -> String {
    match view {
        "today" => "My work today".into(),
        "all" => "All overdue".into(),
        other => plain(other),
    }
}

fn ask_of(query: &Asked) -> AskWorklist {
    let or = |name: &str, otherwise: &str| match asked(query, name) {
        "" => otherwise.to_owned(),
        value => value.to_owned(),
    };
    AskWorklist {
        view: or("view", "today"),
        collector: asked(query, "collector").to_owned(),
        find: asked(query, "find").to_owned(),
        page: page_number(query).into(),
        page_size: match asked(query, "size") {
            "100" => 100,
            "200" => 200,
            _ => 40,
        },
    }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let ask = ask_of(&query);
    if !desk_list::VIEWS.contains(&ask.view.as_str()) {
        return Err(No::Absent("view".into()).into());
    }
    if wanted(asked(&query, "format")) {
        return export(&doors, &visitor, ask).await?.file(asked(&query, "format"), &doors, &visitor);
    }
    page(&shown(&doors, &visitor, &ask, asked(&query, "sums") == "yes").await?)
}

async fn shown(doors: &Shared, visitor: &Visitor, ask: &AskWorklist, sums: bool) -> Outcome<Worklist> {
    let (list, counts) = worklist_with_counts(&doors.desk, &visitor.actor, ask).await?;
    let filters = [("view", ask.view.as_str()), ("collector", &ask.collector), ("find", &ask.find)];
    let views = counts.into_iter().map(|(view, count)| View {
        name: view_name(&view),
        href: address("/work", &[("view", &view), ("collector", &ask.collector)]),
        count,
        current: view == ask.view,
    });
    let number = |value: i64| u32::try_from(value).unwrap_or(1);
    Ok(Worklist {
        frame: doors.frame(visitor, "Worklist").await,
        owner: visitor.actor.name.clone(),
        title: view_name(&ask.view),
        view: ask.view.clone(),
        views: views.collect(),
        today: doors.desk.today(),
        collector: ask.collector.clone(),
        find: ask.find.clone(),
        sums,
        rows: list.rows.iter().map(|row| work_row(row, doors.desk.today())).collect(),
        matching: list.total_count,
        overdue: Pence(list.total_overdue_pence),
        first: (list.page - 1) * ask.page_size + 1,
        page: number(list.page),
        pages: number(list.pages),
        address: open_address("/work", &filters),
        answers_astray: list.answers_astray,
    })
}

fn work_row(row: &desk_list::WorkRow, today: NaiveDate) -> WorkRow {
    let tags = row.tags.iter().map(|words| match words.as_str() {
        "Cymraeg" => tag(words, TagColour::Teal).welsh(),
        "In query" => tag(words, TagColour::Yellow),
        _ => tag(words, TagColour::Purple),
    });
    let sum = row.score.parts.iter().map(|part| format!("{} {}", part.points, part.name)).collect::<Vec<_>>();
    WorkRow {
        account: row.customer_id.clone(),
        customer: row.name.clone(),
        tags: tags.collect(),
        why: row.why.clone(),
        also: row.also.clone(),
        next_step: row.next_step.clone(),
        due: row.due_on,
        overdue: Pence(row.overdue_pence),
        oldest_days: row.oldest_due_on.map_or(0, |day| (today - day).num_days()),
        last_contact: row.last_contact_on.map_or_else(String::new, |day| day.format("%-d %b").to_string()),
        step: match row.step.as_str() {
            "" => tag("Not chased", TagColour::Grey),
            step => tag(stage_name(step), TagColour::Blue),
        },
        sum: format!("{} = {}", sum.join(" + "), row.score.total),
    }
}

/// Every row of a view.
async fn every_row(doors: &Shared, visitor: &Visitor, mut ask: AskWorklist) -> Outcome<Vec<desk_list::WorkRow>> {
    ask.page_size = 200;
    ask.page = 1;
    let mut rows = Vec::new();
    loop {
        let mut list = worklist(&doors.desk, &visitor.actor, &ask).await?;
        rows.append(&mut list.rows);
        if ask.page >= list.pages {
            return Ok(rows);
        }
        ask.page += 1;
    }
}

async fn export(doors: &Shared, visitor: &Visitor, ask: AskWorklist) -> Outcome<Sheet> {
    let filters = vec![
        ("View", view_name(&ask.view)),
        ("Looked after by", ask.collector.clone()),
        ("Name or number", ask.find.clone()),
    ];
    let cells = |row: desk_list::WorkRow| {
        vec![
            Cell::Text(row.name),
            Cell::Text(row.customer_id),
            Cell::Text(row.why),
            Cell::Text(row.next_step),
            Cell::Date(row.due_on),
            Cell::Pence(row.overdue_pence),
            Cell::from(row.oldest_due_on),
            Cell::from(row.last_contact_on),
            Cell::Text(row.step),
            Cell::Text(row.collector),
        ]
    };
    let rows = every_row(doors, visitor, ask).await?.into_iter().map(cells).collect();
    let columns = vec![
        ("name", Text),
        ("customer_id", Text),
        ("why", Text),
        ("next_step", Text),
        ("due", Date),
        ("overdue", Money),
        ("oldest_due", Date),
        ("last_contact", Date),
        ("step", Text),
        ("collector", Text),
    ];
    Ok(Sheet { title: "Worklist", columns, rows, filters })
}

/// Where an account stands in today's work.
pub async fn place_of(doors: &Shared, visitor: &Visitor, account: &str) -> Option<Queue> {
    let ask = AskWorklist { page_size: 200, ..AskWorklist::default() };
    let list = worklist(&doors.desk, &visitor.actor, &ask).await.ok()?;
    let place = list.rows.iter().position(|row| row.customer_id == account)?;
    let at = |place: Option<usize>| place.and_then(|place| list.rows.get(place)).map(|row| row.customer_id.clone());
    Some(Queue {
        place: i64::try_from(place).unwrap_or(0) + 1,
        of: list.total_count,
        previous: at(place.checked_sub(1)).unwrap_or_default(),
        next: at(Some(place + 1)).unwrap_or_default(),
    })
}

// Several at once ------------------------------------------------------------------

/// Goes to the check page of what was chosen.
async fn choose(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>, posted: Posted) -> Answer {
    let chosen: Vec<&str> = posted.all("account").filter(|account| !account.is_empty()).collect();
    if chosen.is_empty() {
        let mut page = shown(&doors, &visitor, &ask_of(&query), false).await?;
        page.frame.errors.add("account", "Select an account");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let form = if posted.get("do") == "hold" { "/work/hold" } else { "/work/note" };
    see_other(&address(form, &[("account", &chosen.join(" "))]))
}

async fn blank(doors: &Shared, visitor: &Visitor, act: BulkAct, accounts: &[&str]) -> Outcome<Bulk> {
    let mut named = Vec::new();
    let mut overdue = Pence::ZERO;
    for account in accounts.iter().flat_map(|words| words.split_whitespace()).take(200) {
        let found = customer_account(&doors.desk, &visitor.actor, account).await?;
        overdue = overdue.plus(Pence(found.strip.overdue_pence));
        named.push((found.customer.number, found.customer.name));
    }
    let summary = format!(
        "{}, {} overdue",
        count_of(i64::try_from(named.len()).unwrap_or(0), "account", "accounts"),
        money(overdue)
    );
    Ok(Bulk {
        frame: doors.frame(visitor, "Worklist").await,
        act,
        accounts: named,
        summary,
        words: String::new(),
        reasons: hold_reasons(),
        reason: String::new(),
        until: String::new(),
    })
}

async fn note_form(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&blank(&doors, &visitor, BulkAct::Note, &[asked(&query, "account")]).await?)
}

async fn hold_form(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&blank(&doors, &visitor, BulkAct::Hold, &[asked(&query, "account")]).await?)
}

fn accounts_word(page: &Bulk) -> String {
    count_of(i64::try_from(page.accounts.len()).unwrap_or(0), "account", "accounts")
}

async fn note_all(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let accounts: Vec<&str> = posted.all("account").collect();
    let mut form = blank(&doors, &visitor, BulkAct::Note, &accounts).await?;
    form.words = posted.get("words").to_owned();
    for (n, (number, _)) in form.accounts.clone().into_iter().enumerate() {
        let (key, words) = (format!("{}/{n}", posted.key()), form.words.clone());
        let ask = AddNote { key, number, kind: "note".into(), words, pinned: false };
        if let Err(no) = add_note(&doors.desk, &visitor.actor, ask).await {
            let status = onto(&mut form.frame, no, &[])?;
            return page_with(status, &form);
        }
    }
    told("/work", &format!("Note added to {}", accounts_word(&form)))
}

async fn hold_all(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let accounts: Vec<&str> = posted.all("account").collect();
    let mut form = blank(&doors, &visitor, BulkAct::Hold, &accounts).await?;
    form.words = posted.get("words").to_owned();
    form.reason = posted.get("reason").to_owned();
    form.until = posted.get("until").to_owned();
    let until = date_field(&mut form.frame, "until", &form.until, doors.desk.today());
    if !form.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &form);
    }
    for (n, (number, _)) in form.accounts.clone().into_iter().enumerate() {
        let customer = CustomerId(customer_account(&doors.desk, &visitor.actor, &number).await?.customer.id);
        let (key, reason, words) = (format!("{}/{n}", posted.key()), form.reason.clone(), form.words.clone());
        let ask = PlaceHold { key, customer, item: None, reason, until, words };
        if let Err(no) = place_hold(&doors.desk, &visitor.actor, ask).await {
            let status = onto(&mut form.frame, no, &[])?;
            return page_with(status, &form);
        }
    }
    told("/work", &format!("{} put on hold", accounts_word(&form)))
}
