//! Queries: the list by the day they should be answered, and one query with its story.
use super::export::{Sheet, wanted};
use super::form::{Asked, address, again, asked, date_field, onto, open_address, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::queries::{Queries, QueryRow};
use crate::web::pages::query_categories::Categories;
use crate::web::ui::{Tag, TagColour, tag};
use axum::extract::{Query, State};
use axum::routing::get;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::queries::{QueriesAsk, SetCategory, queries_list, query_categories, set_query_category};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::queries::{Category, QueryState};
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};
use sundry_store::queries::QueryLine;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let routes = routes.add("/queries", &[Duty::View], get(list)).add(
        "/admin/query-categories",
        &[Duty::ManageSettings],
        get(categories).post(set_category),
    );
    super::query::routes(routes)
}

/// A state as a tag.
pub(super) fn state_tag(state: &str) -> Tag {
    let colour = match QueryState::parse(state) {
        Some(QueryState::Open) => TagColour::Yellow,
        Some(QueryState::WaitingForCustomer) => TagColour::Purple,
        Some(QueryState::Answered) => TagColour::Blue,
        Some(QueryState::Resolved) => TagColour::Green,
        _ => TagColour::Grey,
    };
    tag(plain(state), colour)
}

pub(super) fn late(due: NaiveDate, state: &str, today: NaiveDate) -> i64 {
    match QueryState::parse(state) {
        Some(QueryState::Open | QueryState::Answered) => (today - due).num_days().max(0),
        _ => 0,
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(asked_for): Query<Asked>) -> Answer {
    let state = asked(&asked_for, "state");
    if wanted(asked(&asked_for, "format")) {
        return export(&doors, &visitor, state).await?.file(asked(&asked_for, "format"), &doors, &visitor);
    }
    let after = asked(&asked_for, "after").to_owned();
    let ask = QueriesAsk { state: state.to_owned(), after, limit: Some(100), ..QueriesAsk::default() };
    let found = queries_list(&doors.desk, &visitor.actor, ask).await?;
    let today = doors.desk.today();
    let names = query_categories(&doors.desk, &visitor.actor).await?;
    let mut more = Vec::new();
    if visitor.actor.holds(Duty::RequestInvoice) {
        more.push(("/billing/requests".to_owned(), "Requests".to_owned()));
    }
    more.push(("/mail".to_owned(), "Mail".to_owned()));
    more.push(("/service-desk-cases".to_owned(), "Service desk".to_owned()));
    more.push(("/complaints".to_owned(), "Complaints".to_owned()));
    if visitor.actor.holds(Duty::RunReports) {
        more.push(("/queries/causes".to_owned(), "Causes".to_owned()));
    }
    if visitor.actor.holds(Duty::ManageSettings) {
        more.push(("/admin/query-categories".to_owned(), "Categories".to_owned()));
    }
    let not_over = (String::new(), "Not over".to_owned());
    let states = QueryState::ALL.iter().map(|state| (state.as_str().to_owned(), plain(state.as_str())));
    let next = found.next.map(|place| address("/queries", &[("state", state), ("after", &place)]));
    page(&Queries {
        frame: doors.frame(&visitor, "Queries").await,
        views: std::iter::once(not_over).chain(states).collect(),
        view: state.to_owned(),
        address: open_address("/queries", &[("state", state)]),
        next: next.unwrap_or_default(),
        rows: found.rows.into_iter().map(|line| row(line, &names, today)).collect(),
        more,
    })
}

fn row(line: QueryLine, names: &[Category], today: NaiveDate) -> QueryRow {
    let named = names.iter().find(|category| category.code == line.category);
    QueryRow {
        late: late(line.answer_by, &line.state, today),
        state: state_tag(&line.state),
        number: line.number,
        customer: (line.customer_number, line.customer_name),
        invoice: line.item_number,
        category: named.map_or_else(|| plain(&line.category), |category| category.name.clone()),
        amount: Pence(line.disputed_pence),
        waits_on: line.owner,
        due: line.answer_by,
    }
}

async fn export(doors: &Shared, visitor: &Visitor, state: &str) -> Outcome<Sheet> {
    let (mut lines, mut after) = (Vec::new(), Some(String::new()));
    while let Some(place) = after {
        let ask = QueriesAsk { state: state.to_owned(), after: place, limit: Some(500), ..QueriesAsk::default() };
        let mut found = queries_list(&doors.desk, &visitor.actor, ask).await?;
        lines.append(&mut found.rows);
        after = found.next;
    }
    let cells = |line: QueryLine| {
        vec![
            Cell::Text(line.number),
            Cell::Text(line.customer_number),
            Cell::Text(line.customer_name),
            Cell::Text(line.item_number),
            Cell::Text(line.category),
            Cell::Text(line.owner),
            Cell::Date(line.opened_on),
            Cell::Date(line.answer_by),
            Cell::Pence(line.disputed_pence),
            Cell::Text(line.state),
        ]
    };
    let columns = vec![
        ("query", Text),
        ("customer_id", Text),
        ("customer", Text),
        ("invoice", Text),
        ("category", Text),
        ("waits_on", Text),
        ("opened", Date),
        ("answer_by", Date),
        ("in_query", Money),
        ("state", Text),
    ];
    let rows = lines.into_iter().map(cells).collect();
    Ok(Sheet { title: "Queries", columns, rows, filters: vec![("State", state.to_owned())] })
}

async fn categories_page(doors: &Shared, visitor: &Visitor) -> Outcome<Categories> {
    Ok(Categories {
        frame: doors.frame(visitor, "Admin").await,
        rows: query_categories(&doors.desk, &visitor.actor).await?,
        typed: ["", "", "", "10", "90", "", "yes"].map(str::to_owned),
    })
}

async fn categories(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&categories_page(&doors, &visitor).await?)
}

async fn set_category(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = categories_page(&doors, &visitor).await?;
    form.typed = ["code", "name", "dispute", "target_days", "hold_days", "from_on", "active"]
        .map(|field| posted.get(field).to_owned());
    let whole = |field: &str| posted.get(field).parse::<i64>().unwrap_or(-1);
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), doors.desk.today());
    for (field, say) in [("dispute", "Say whether its part is held"), ("active", "Say whether it can be chosen")] {
        if !matches!(posted.get(field), "yes" | "no") {
            form.frame.errors.add(field, say);
        }
    }
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = SetCategory {
        key: posted.key(),
        code: posted.get("code").to_owned(),
        name: posted.get("name").to_owned(),
        dispute: posted.get("dispute") == "yes",
        target_days: whole("target_days"),
        hold_days: whole("hold_days"),
        from_on,
        active: posted.get("active") == "yes",
    };
    match set_query_category(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => told("/admin/query-categories", &format!("Category {} is set", set.code)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
