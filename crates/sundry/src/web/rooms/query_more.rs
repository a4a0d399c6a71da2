//! More about queries: asking a service, what was escalated, where they came from, and the rules of escalation.
use super::export::{Sheet, wanted};
use super::form::{Asked, again, amount_field, asked, date_field, onto, open_address, read_date};
use super::query::shown;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::causes::Causes;
use crate::web::pages::escalation::{Escalation, Summary};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::queries::{
    AskService, CausesReport, SetEscalation, WithdrawQuestion, ask_service, escalation_rules, query, query_causes,
    set_escalation, withdraw_question,
};
use sundry_desk::{No, Outcome};
use sundry_domain::calendar::add_months;
use sundry_domain::control::{Duty, Role};
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Money, Text, Whole};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let works: &[Duty] = &[Duty::WorkCases, Duty::AnswerQueries];
    routes
        .add("/queries/causes", &[Duty::RunReports], get(causes))
        .add("/queries/{number}/ask", works, post(ask))
        .add("/queries/{number}/ask/withdraw", works, post(withdraw))
        .add("/queries/{number}/summary/{rule}", &[Duty::View], get(summary))
        .add("/admin/escalation", &[Duty::ManageSettings], get(rules).post(set_rule))
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    form.asking = ["service", "to", "question", "days"].map(|field| posted.get(field).to_owned());
    let days = posted.get("days").parse::<i64>();
    if days.is_err() && !posted.get("days").is_empty() {
        form.frame.errors.add("days", "Enter how many working days they have, from 1 to 30");
        return again(&form);
    }
    let number = form.row.number.clone();
    let ask = AskService {
        key: posted.key(),
        number: number.clone(),
        service: posted.get("service").to_owned(),
        to: posted.get("to").to_owned(),
        question: posted.get("question").to_owned(),
        days: days.ok(),
    };
    match ask_service(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let day = asked.answer_by.format("%-d %B %Y");
            told(&format!("/queries/{number}"), &format!("The service is asked, to answer by {day}"))
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    let number = form.row.number.clone();
    let question = posted.get("question").parse().unwrap_or_default();
    let ask = WithdrawQuestion { key: posted.key(), number: number.clone(), question };
    match withdraw_question(&doors.desk, &visitor.actor, ask).await {
        Ok(()) => told(&format!("/queries/{number}"), "The question is taken back"),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn summary(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, rule)): Path<(String, String)>,
) -> Answer {
    let shown = query(&doors.desk, &visitor.actor, &number).await?;
    let found = shown.escalations.into_iter().find(|one| one.rule_code == rule);
    let found = found.ok_or_else(|| No::Absent("summary".into()))?;
    let role = Role::parse(&found.to_role).map_or(found.to_role, |role| role.name().to_owned());
    let to = if found.to_email.is_empty() { role } else { format!("{role}, {}", found.to_email) };
    page(&Summary { frame: doors.frame(&visitor, "Queries").await, query: shown.query.number, to, text: found.summary })
}

async fn causes(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let today = doors.desk.today();
    let (from, to) = (asked(&query, "from"), asked(&query, "to"));
    let first = if from.is_empty() { Some(add_months(today, -12)) } else { read_date(from, today) };
    let last = if to.is_empty() { Some(today) } else { read_date(to, today) };
    let mut frame = doors.frame(&visitor, "Queries").await;
    for (field, read) in [("from", first), ("to", last)] {
        if read.is_none() {
            frame.errors.add(field, "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
        }
    }
    let mut shown = Causes {
        frame,
        from: from.to_owned(),
        to: to.to_owned(),
        months: Vec::new(),
        rows: Vec::new(),
        address: String::new(),
    };
    let (Some(first), Some(last)) = (first, last) else { return again(&shown) };
    let report = match query_causes(&doors.desk, &visitor.actor, (first, last)).await {
        Ok(report) => report,
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            return page_with(status, &shown);
        }
    };
    let format = asked(&query, "format");
    if wanted(format) {
        return sheet(report).file(format, &doors, &visitor);
    }
    shown.from = first.format("%-d %B %Y").to_string();
    shown.to = last.format("%-d %B %Y").to_string();
    shown.months = report.months.iter().map(|month| month.format("%B %Y").to_string()).collect();
    let days = [("from", first.to_string()), ("to", last.to_string())];
    shown.address = open_address("/queries/causes", &days.each_ref().map(|(name, day)| (*name, day.as_str())));
    shown.rows = report.rows;
    page(&shown)
}

fn sheet(report: CausesReport) -> Sheet {
    let columns = vec![
        ("service", Text),
        ("cause", Text),
        ("letter", Text),
        ("queries", Whole),
        ("in_query", Money),
        ("credited", Money),
        ("steps", Whole),
        ("days", Whole),
        ("by_month", Text),
    ];
    let months: Vec<String> = report.months.iter().map(|month| month.format("%Y-%m").to_string()).collect();
    let rows = report.rows.into_iter().map(|row| {
        let by_month = months.iter().zip(&row.months).filter(|(_, count)| **count > 0);
        let by_month: Vec<String> = by_month.map(|(month, count)| format!("{month}: {count}")).collect();
        vec![
            Cell::Text(row.service),
            Cell::Text(row.cause_name),
            Cell::Text(row.template),
            Cell::Whole(row.count),
            Cell::Pence(row.disputed_pence),
            Cell::Pence(row.credited_pence),
            Cell::Whole(row.steps),
            Cell::Whole(row.days),
            Cell::Text(by_month.join("; ")),
        ]
    });
    let filters = vec![("From", report.from.to_string()), ("To", report.to.to_string())];
    Sheet { title: "Causes of queries", columns, rows: rows.collect(), filters }
}

async fn rules_page(doors: &Shared, visitor: &Visitor) -> Outcome<Escalation> {
    Ok(Escalation {
        frame: doors.frame(visitor, "Admin").await,
        rows: escalation_rules(&doors.desk, &visitor.actor).await?,
        typed: ["", "", "5", "0", "team_leader", "", "", "yes"].map(str::to_owned),
    })
}

async fn rules(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&rules_page(&doors, &visitor).await?)
}

async fn set_rule(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = rules_page(&doors, &visitor).await?;
    form.typed = ["code", "name", "after_days", "least", "to_role", "to_email", "from_on", "active"]
        .map(|field| posted.get(field).to_owned());
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), doors.desk.today());
    let least = amount_field(&mut form.frame, "least", posted.get("least"));
    if !matches!(posted.get("active"), "yes" | "no") {
        form.frame.errors.add("active", "Say whether it counts");
    }
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = SetEscalation {
        key: posted.key(),
        code: posted.get("code").to_owned(),
        name: posted.get("name").to_owned(),
        after_days: posted.get("after_days").parse().unwrap_or(-1),
        least: least.unwrap_or(Pence::ZERO),
        to_role: posted.get("to_role").to_owned(),
        to_email: posted.get("to_email").to_owned(),
        from_on,
        active: posted.get("active") == "yes",
    };
    match set_escalation(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => told("/admin/escalation", &format!("Rule {} is set", set.code)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
