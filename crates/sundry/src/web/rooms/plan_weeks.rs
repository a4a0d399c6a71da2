//! How the plans of each week came about: the figure of those that no staff touched.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, read_date};
use crate::web::door::{Answer, Routes, Shared, Visitor, page};
use crate::web::pages::plan_weeks::PlanWeeks;
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::plans::{PlanWeek, plan_weeks};
use sundry_domain::control::Duty;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/plans/weeks", &[Duty::RunReports], get(view))
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let today = doors.desk.today();
    let on = read_date(asked(&query, "on"), today).unwrap_or(today);
    let weeks = plan_weeks(&doors.desk, &visitor.actor, on).await?;
    let format = asked(&query, "format");
    if wanted(format) {
        return sheet(weeks).file(format, &doors, &visitor);
    }
    let mut frame = doors.frame(&visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    page(&PlanWeeks { frame, weeks, on: on.to_string() })
}

fn sheet(weeks: Vec<PlanWeek>) -> Sheet {
    let cells = |week: PlanWeek| {
        vec![
            Cell::Date(week.from),
            Cell::Date(week.to),
            Cell::Whole(week.agreed),
            Cell::Whole(week.untouched),
            week.untouched_permille.map_or(Cell::Empty, Cell::Whole),
            Cell::Whole(week.offered),
            Cell::Whole(week.by_staff),
            Cell::Whole(week.links),
        ]
    };
    let whole = |name| (name, ColumnKind::Whole);
    Sheet {
        title: "Plans by week",
        columns: vec![
            ("from", ColumnKind::Date),
            ("to", ColumnKind::Date),
            whole("agreed"),
            whole("untouched"),
            whole("untouched_permille"),
            whole("offered"),
            whole("by_staff"),
            whole("links"),
        ],
        rows: weeks.into_iter().map(cells).collect(),
        filters: Vec::new(),
    }
}
