//! The hold register, its week, and the call list.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, read_date};
use crate::web::door::{Answer, Routes, Shared, Visitor, page};
use crate::web::pages::hold_register::{Calls, Register, Week};
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::recovery::people::{HoldRegister, HoldWeek, RegisterAsk, call_list, hold_register, hold_week};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery/holds", &[Duty::View], get(register))
        .add("/recovery/holds/week", &[Duty::RunReports], get(week))
        .add("/recovery/calls", &[Duty::View], get(calls))
}

async fn register(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let what = match asked(&query, "what") {
        what @ ("hold" | "query" | "freeze" | "flag") => what,
        _ => "",
    };
    let owner = asked(&query, "owner");
    let ask = RegisterAsk { what: what.into(), owner: owner.into(), ..RegisterAsk::default() };
    let register = hold_register(&doors.desk, &visitor.actor, &ask).await?;
    let format = asked(&query, "format");
    if wanted(format) {
        return sheet(register, what, owner).file(format, &doors, &visitor);
    }
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    page(&Register { frame, what: what.into(), owner: owner.into(), register })
}

fn sheet(register: HoldRegister, what: &str, owner: &str) -> Sheet {
    let cells = |one: sundry_desk::recovery::people::Stop| {
        vec![
            Cell::Text(one.row.what),
            Cell::Text(one.row.customer_number),
            Cell::Text(one.row.customer_name),
            Cell::Text(one.row.item_number),
            Cell::Text(one.reason_name),
            Cell::Text(one.row.words),
            Cell::Text(one.row.owner),
            Cell::Date(one.row.from_on),
            one.row.until_on.into(),
            Cell::Text(if one.expired { "has run out".into() } else { String::new() }),
            Cell::Pence(one.row.risk_pence),
        ]
    };
    let text = |name| (name, ColumnKind::Text);
    Sheet {
        title: "Hold register",
        columns: vec![
            text("what"),
            text("customer"),
            text("name"),
            text("debt"),
            text("reason"),
            text("words"),
            text("owner"),
            ("since", ColumnKind::Date),
            ("until", ColumnKind::Date),
            text("expired"),
            ("at_risk", ColumnKind::Money),
        ],
        rows: register.stops.into_iter().map(cells).collect(),
        filters: vec![("What", what.to_owned()), ("Owner", owner.to_owned())],
    }
}

async fn week(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let today = doors.desk.today();
    let on = read_date(asked(&query, "on"), today).unwrap_or(today);
    let week = hold_week(&doors.desk, &visitor.actor, on).await?;
    let format = asked(&query, "format");
    if wanted(format) {
        return week_sheet(week).file(format, &doors, &visitor);
    }
    let beside = (add_days(week.from, -7).to_string(), add_days(week.from, 7).to_string());
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    page(&Week { frame, week, beside })
}

fn week_sheet(week: HoldWeek) -> Sheet {
    let cells = |row: sundry_store::people::register::WeekRow| {
        vec![
            Cell::Text(row.reason),
            Cell::Text(row.owner),
            Cell::Whole(row.placed),
            Cell::Whole(row.ended),
            Cell::Whole(row.live),
            Cell::Whole(row.open_ended),
            Cell::Whole(row.soon),
        ]
    };
    let whole = |name| (name, ColumnKind::Whole);
    Sheet {
        title: "Holds of a week",
        columns: vec![
            ("reason", ColumnKind::Text),
            ("owner", ColumnKind::Text),
            whole("placed"),
            whole("ended"),
            whole("in_force"),
            whole("open_ended"),
            whole("run_out_next_week"),
        ],
        filters: vec![("From", week.from.to_string()), ("To", week.to.to_string())],
        rows: week.rows.into_iter().map(cells).collect(),
    }
}

async fn calls(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let list = call_list(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/people".into();
    page(&Calls { frame, list })
}
