//! The team dashboard: how the desk stands, each figure with the list behind it.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked};
use crate::web::door::{Answer, Routes, Shared, Visitor, page};
use crate::web::pages::dashboard::{AgeBand, Attention, CollectedMonth, Dashboard, KeyFigure, MonthEnd, StepRow};
use crate::web::ui::{Trend, count_of, money_short};
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::work::dashboard::{self as desk_board, Amount, KindByAge, dashboard};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Money, Text};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/dashboard", &[Duty::View], get(view))
}

/// The bands of age, as the desk gives them.
const BANDS: [&str; 7] = ["Not due", "1–30", "31–60", "61–90", "91–180", "181–365", "Over 365"];

/// The types of customer of the picture, and the kinds in each.
const TYPES: [(&str, &[&str]); 4] = [
    ("NHS bodies", &["nhs_body"]),
    ("Public bodies", &["public_body"]),
    ("Companies", &["company"]),
    ("People", &["individual", "sole_trader", "employee", "unknown", ""]),
];

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let board = dashboard(&doors.desk, &visitor.actor).await?;
    if wanted(asked(&query, "format")) {
        return sheet(&board).file(asked(&query, "format"), &doors, &visitor);
    }
    let some = board.debt != Amount::default() || board.collected != Amount::default();
    page(&Dashboard {
        frame: doors.frame(&visitor, "Dashboard").await,
        today: board.as_at,
        figures: if some { figures(&board, &visitor) } else { Vec::new() },
        ages: ages(&board.by_age_and_kind, &visitor),
        types: TYPES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        ages_finding: ages_finding(&board.by_age_and_kind),
        collected: collected(&board),
        collected_finding: collected_finding(&board),
        over_90: board.over_90_trend.iter().map(|m| MonthEnd { date: m.on, amount: Pence(m.pence) }).collect(),
        over_90_finding: over_90_finding(&board),
        steps: steps(&board, &visitor),
        attention: board.attention.iter().map(|one| attention(one, &visitor)).collect(),
    })
}

fn if_may(visitor: &Visitor, duty: Duty, href: &str) -> String {
    if visitor.actor.holds(duty) { href.to_owned() } else { String::new() }
}

/// How an amount moved since the end of last month; more debt is worse.
fn moved(amount: Amount) -> (String, Option<Trend>) {
    let by = Pence(amount.now_pence).minus(Pence(amount.before_pence));
    match by.0 {
        0 => ("As at the end of last month".to_owned(), None),
        up if up > 0 => (format!("{} up on last month", money_short(by)), Some(Trend::UpBad)),
        _ => (format!("{} down on last month", money_short(by.size())), Some(Trend::DownGood)),
    }
}

fn figures(board: &desk_board::Dashboard, visitor: &Visitor) -> Vec<KeyFigure> {
    let amount = |label: &str, amount: Amount, href: String| {
        let (note, trend) = moved(amount);
        KeyFigure { label: label.to_owned(), value: Some(money_short(Pence(amount.now_pence))), href, note, trend }
    };
    let plain = |label: &str, value: Option<String>, note: String, href: String| KeyFigure {
        label: label.to_owned(),
        value,
        href,
        note,
        trend: None,
    };
    let aged = if_may(visitor, Duty::RunReports, "/reports/aged-debt");
    let (lines, waiting) = board.bank_lines_waiting;
    let (kept, broken) = board.promises;
    let before = format!("{} in all of last month", money_short(Pence(board.collected.before_pence)));
    let unallocated = format!("{} wait, {}", count_of(lines, "bank line", "bank lines"), money_short(Pence(waiting)));
    let late = board.days_late.as_ref().map_or_else(String::new, |days| format!("{days} of them late"));
    vec![
        amount("Debt", board.debt, aged.clone()),
        amount("Overdue", board.overdue, if_may(visitor, Duty::WorkCases, "/work?view=all")),
        amount("Over 90 days", board.over_90, aged),
        plain("Collected this month", Some(money_short(Pence(board.collected.now_pence))), before, String::new()),
        plain(
            "Days to collect",
            Some(board.days_to_collect.clone().unwrap_or_else(|| "–".into())),
            late,
            String::new(),
        ),
        plain(
            "Not allocated",
            Some(money_short(Pence(board.not_allocated.now_pence))),
            unallocated,
            if_may(visitor, Duty::PostCash, "/cash"),
        ),
        plain(
            "Promises kept, 90 days",
            Some(format!("{kept} of {}", kept + broken)),
            count_of(broken, "was not kept", "were not kept"),
            if_may(visitor, Duty::WorkCases, "/work?view=promises-not-kept"),
        ),
    ]
}

/// The debt of one of our types in one band.
fn in_band(kinds: &[KindByAge], members: &[&str], band: usize) -> Pence {
    let of = kinds.iter().filter(|kind| members.contains(&kind.kind.as_str()));
    let amounts: Vec<Pence> = of.filter_map(|kind| kind.ages_pence.get(band)).map(|pence| Pence(*pence)).collect();
    Pence::total(&amounts)
}

fn ages(kinds: &[KindByAge], visitor: &Visitor) -> Vec<AgeBand> {
    let href = if visitor.actor.holds(Duty::RunReports) { "/reports/aged-debt" } else { "/customers" };
    let band = |(at, name): (usize, &&str)| AgeBand {
        name: (*name).to_owned(),
        by_type: TYPES.iter().map(|(_, members)| in_band(kinds, members, at)).collect(),
        href: href.to_owned(),
    };
    BANDS.iter().enumerate().map(band).collect()
}

fn ages_finding(kinds: &[KindByAge]) -> String {
    let old = |members: &[&str]| Pence::total(&[4, 5, 6].map(|band| in_band(kinds, members, band)));
    let most = TYPES.iter().max_by_key(|(_, members)| old(members));
    match most.map(|(name, members)| (name, old(members))) {
        Some((name, sum)) if sum > Pence::ZERO => format!("{name} hold most of the debt over 90 days old"),
        _ => "No debt is over 90 days old".to_owned(),
    }
}

fn collected(board: &desk_board::Dashboard) -> Vec<CollectedMonth> {
    let last = &board.collected_last_year;
    let month = |(at, figure): (usize, &desk_board::MonthFigure)| CollectedMonth {
        name: figure.on.format("%b").to_string(),
        this_year: board.collected_running.get(at).map(|this| Pence(this.pence)),
        last_year: Some(Pence(figure.pence)),
    };
    last.iter().enumerate().map(month).collect()
}

fn collected_finding(board: &desk_board::Dashboard) -> String {
    let now = board.collected_running.last().map_or(Pence::ZERO, |month| Pence(month.pence));
    format!("{} collected this financial year", money_short(now))
}

fn over_90_finding(board: &desk_board::Dashboard) -> String {
    let by = Pence(board.over_90.now_pence).minus(Pence(board.over_90.before_pence));
    match by.0 {
        0 => "Debt over 90 days old is as it was at the end of last month".to_owned(),
        up if up > 0 => format!("Debt over 90 days old has risen by {} this month", money_short(by)),
        _ => format!("Debt over 90 days old has fallen by {} this month", money_short(by.size())),
    }
}

fn steps(board: &desk_board::Dashboard, visitor: &Visitor) -> Vec<StepRow> {
    let step = |row: &desk_board::AtStepFigure| StepRow {
        name: if row.step.is_empty() {
            "Overdue, nothing sent yet".to_owned()
        } else {
            stage_name(&row.step).to_owned()
        },
        href: if_may(visitor, Duty::WorkCases, "/work?view=all"),
        accounts: row.accounts,
        value: Pence(row.pence),
    };
    board.at_steps.iter().map(step).collect()
}

fn attention(one: &desk_board::Attention, visitor: &Visitor) -> Attention {
    let href = match one.what.as_str() {
        "runs_stopped" => if_may(visitor, Duty::ReleaseRuns, "/recovery"),
        "gl_rejected" => if_may(visitor, Duty::PostJournals, "/close"),
        "suspense" => if_may(visitor, Duty::PostCash, "/cash"),
        "emails_waiting" => if_may(visitor, Duty::WorkCases, "/work?view=letters-not-sent"),
        "servicenow_stopped" | "servicenow_waiting" => if_may(visitor, Duty::View, "/service-desk-cases?state=waiting"),
        "rate_wanted" | "holidays_wanted" => if_may(visitor, Duty::View, "/admin/rates"),
        _ => String::new(),
    };
    Attention { what: one.words.clone(), href, detail: one.count.to_string() }
}

fn sheet(board: &desk_board::Dashboard) -> Sheet {
    let names = ["not_due", "1_30", "31_60", "61_90", "91_180", "181_365", "over_365"];
    let columns = std::iter::once(("kind", Text)).chain(names.map(|name| (name, Money))).collect();
    let cells = |kind: &KindByAge| {
        let amounts = kind.ages_pence.iter().map(|pence| Cell::Pence(*pence));
        std::iter::once(Cell::Text(kind.kind.clone())).chain(amounts).collect()
    };
    Sheet {
        title: "Debt by type and age",
        columns,
        rows: board.by_age_and_kind.iter().map(cells).collect(),
        filters: Vec::new(),
    }
}
