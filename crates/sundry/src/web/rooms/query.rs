//! One query: looked at, worked, answered, resolved, with its files.
use super::export::download;
use super::form::{amount_field, date_field, onto, plain};
use super::queries::{late, state_tag};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, invoice_at, page, page_with, told};
use crate::web::pages::account::Happening;
use crate::web::pages::queries::QueryRow;
use crate::web::pages::query::{Creditable, KeptFile, May, Query as QueryPage, Typed};
use crate::web::ui::{self, Frame, Html};
use axum::extract::{Path, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::billing::CreditLine;
use sundry_desk::queries::{
    ActOnQuery, AddEvidence, AnswerQuery, CaseOfQuery, NewFile, QueryShown, QueryStands, ResolveQuery, act_on_query,
    add_evidence, answer_query, evidence_file, query, resolve_query, servicenow_stands,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::queries::servicenow::CaseState;
use sundry_domain::queries::{Cause, QueryAct, QueryState, Resolution, Source, next_query_state};
use sundry_store::control::AuditRow;
use sundry_store::queries::evidence::EvidenceRow;
use sundry_store::queries::questions::QuestionRow;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/queries/{number}", &[Duty::View], get(view).post(act))
        .add("/queries/{number}/evidence", &[Duty::WorkCases, Duty::AnswerQueries], post(add_file))
        .add("/queries/{number}/evidence/{sha256}", &[Duty::View], get(file))
}

pub(super) async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<QueryPage> {
    let shown = query(&doors.desk, &visitor.actor, number).await?;
    let today = doors.desk.today();
    let state = QueryState::parse(&shown.query.state);
    let goes = |act: QueryAct| state.is_some_and(|state| next_query_state(state, act).is_ok());
    let answers = visitor.actor.holds(Duty::AnswerQueries);
    let works = visitor.actor.holds(Duty::WorkCases) || answers;
    let all = [
        (QueryAct::AskCustomer, "ask_customer", "Wait for the customer"),
        (QueryAct::CustomerReplied, "customer_replied", "The customer has replied"),
        (QueryAct::Withdraw, "withdraw", "The customer takes it back"),
        (QueryAct::Reopen, "reopen", "Open it again"),
    ];
    let acts = all.into_iter().filter(|(act, ..)| works && goes(*act));
    let story = shown.history.iter().rev().map(happening).collect();
    let files = shown.evidence.iter().map(|row| kept(&shown.query.number, row)).collect();
    let lines = shown.lines.iter().filter(|line| line.net_pence > 0).map(|line| Creditable {
        line: line.line,
        description: line.description.clone(),
        net: Pence(line.net_pence),
        typed: String::new(),
    });
    let frame = doors.frame(visitor, "Queries").await;
    let (lines, end) = (lines.collect(), end(&shown, &frame));
    let questions = shown.questions.iter().map(question_words).collect();
    let summary = |one: &sundry_store::queries::escalations::EscalationRow| {
        let href = format!("/queries/{}/summary/{}", shown.query.number, one.rule_code);
        (href, format!("{}, {}", one.rule_name, one.escalated_on.format("%-d %B %Y")))
    };
    let escalations = shown.escalations.iter().map(summary).collect();
    let desk_cases: Vec<(String, String)> = shown.cases.iter().map(case_words).collect();
    let stands = servicenow_stands(&doors.desk, &visitor.actor).await?;
    let is_open = |one: &CaseOfQuery| one.ours && matches!(one.state.as_str(), "to_send" | "unsure" | "asked");
    let may_ask_desk = stands.in_use && state.is_some_and(QueryState::holds) && !shown.cases.iter().any(is_open);
    let q = shown.query;
    let asking = [q.service.clone(), String::new(), String::new(), "5".to_owned()];
    Ok(QueryPage {
        frame,
        row: QueryRow {
            number: q.number,
            customer: (shown.customer_number, shown.customer_name),
            invoice: shown.item_number.unwrap_or_default(),
            category: shown.category_name,
            amount: Pence(q.disputed_pence),
            waits_on: q.owner,
            due: q.answer_by,
            late: late(q.answer_by, &q.state, today),
            state: state_tag(&q.state),
        },
        line: q.line.map(|line| line.to_string()).unwrap_or_default(),
        came: Source::parse(&q.source).map_or_else(|| plain(&q.source), |source| source.name().to_owned()),
        service: q.service,
        says: q.words,
        held: shown.held.then_some(shown.held_until),
        answer: q.answer,
        end,
        story,
        files,
        may: May {
            work: works,
            answer: answers && goes(QueryAct::Answer),
            resolve: answers && goes(QueryAct::Resolve),
            ask: works && state.is_some_and(QueryState::holds),
            move_hold: works && shown.held && state.is_some_and(QueryState::holds),
        },
        acts: acts.map(|(_, word, verb)| (word.to_owned(), verb.to_owned())).collect(),
        lines,
        typed: Typed { letter: "yes".into(), ..Typed::default() },
        questions,
        links: shown.links,
        escalations,
        asking,
        desk_cases,
        may_ask_desk,
        desk_asking: [String::new(), "5".to_owned()],
    })
}

/// A case at ServiceNow: where it is shown, and where it stands.
fn case_words(case: &CaseOfQuery) -> (String, String) {
    let number = if case.their_number.is_empty() { &case.number } else { &case.their_number };
    let state = match CaseState::parse(&case.state) {
        _ if case.removed_there => "removed there",
        Some(state) => state.name(),
        None => "",
    };
    let why = if case.error.is_empty() { String::new() } else { format!(". {}", case.error) };
    (format!("/service-desk-cases/{}", case.number), format!("{number}: {state}{why}"))
}

/// A question in words, and its id while it can be taken back.
fn question_words(row: &QuestionRow) -> (String, Option<i64>) {
    let day = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
    let who = if row.service.is_empty() { &row.sent_to } else { &row.service };
    let came = match (row.state.as_str(), row.answered_on) {
        ("answered", Some(on)) => format!("{} answered on {}: {}", row.answered_by, day(on), row.answer),
        ("open", _) if row.reminders > 0 => {
            let often = ui::count_of(row.reminders, "reminder", "reminders");
            format!("To be answered by {}; {often} sent", day(row.answer_by))
        }
        ("open", _) => format!("To be answered by {}", day(row.answer_by)),
        (state, _) => plain(state),
    };
    let asked = format!("{who} was asked on {}: {} {came}", day(row.asked_on), row.question);
    (asked, (row.state == "open").then_some(row.id))
}

/// How it ended, with links to what came of it.
fn end(shown: &QueryShown, frame: &Frame) -> Vec<(String, Html)> {
    let q = &shown.query;
    let mut end: Vec<(String, Html)> = Vec::new();
    if !q.resolution.is_empty() {
        let named = Resolution::parse(&q.resolution).map_or_else(|| plain(&q.resolution), |one| one.name().to_owned());
        end.push(("How it ended".into(), named.into()));
    }
    if let Some(cause) = Cause::parse(&q.cause) {
        end.push(("Cause".into(), cause.name().into()));
    }
    for (key, number, href) in [
        ("Credit note asked for", &q.approval, format!("/approvals/{}", q.approval)),
        ("Billed again as", &q.rebilled_as, invoice_at(&q.rebilled_as)),
        ("Letter", &q.letter, format!("/letters/{}.pdf", q.letter)),
    ] {
        if !number.is_empty() {
            let shown = if frame.opens(&href) { ui::link(&href, number) } else { Html::text(number) };
            end.push((key.into(), shown));
        }
    }
    end
}

fn kept(number: &str, row: &EvidenceRow) -> KeptFile {
    let what = if row.words.is_empty() { String::new() } else { format!("{}. ", row.words.trim_end_matches('.')) };
    KeptFile {
        href: format!("/queries/{number}/evidence/{}", row.sha256),
        name: row.name.clone(),
        about: format!("{what}From {}, {}", row.came_from, row.recorded_on.format("%-d %B %Y")),
    }
}

/// An event of the audit trail: `QueryRaised` reads `Query raised`.
pub(super) fn happening(event: &AuditRow) -> Happening {
    let mut title = String::new();
    for letter in event.event.chars() {
        if letter.is_uppercase() && !title.is_empty() {
            title.push(' ');
            title.extend(letter.to_lowercase());
        } else {
            title.push(letter);
        }
    }
    Happening { title, by: event.actor_name.clone(), on: event.business_on, text: String::new(), link: None }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    let text = |field: &str| posted.get(field).to_owned();
    form.typed = Typed {
        answer: text("answer"),
        outcome: text("resolution"),
        words: text("words"),
        cause: text("cause"),
        rebilled_as: text("rebilled_as"),
        letter: if posted.get("letter") == "no" { "no".into() } else { "yes".into() },
        owner: text("owner"),
        until: text("until"),
        shows: String::new(),
    };
    for line in &mut form.lines {
        line.typed = posted.get(&format!("net_{}", line.line)).to_owned();
    }
    let Some(done) = carry_out(&doors, &visitor, &mut form, &posted).await else {
        return super::form::again(&form);
    };
    match done {
        Ok(stands) => {
            let (number, state) = (&form.row.number, plain(&stands.state).to_lowercase());
            let news = match stands.approval {
                Some(approval) => format!("Query {number} is {state}. Credit note asked for: {approval}"),
                None => format!("Query {number} is {state}"),
            };
            told(&format!("/queries/{number}"), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            for error in &mut form.frame.errors.list {
                if error.field == "resolution" {
                    error.message = "Choose what becomes of the amount".to_owned();
                }
            }
            page_with(status, &form)
        }
    }
}

/// Does what the form asks; nothing where a field cannot be read, which it then says.
async fn carry_out(
    doors: &Shared,
    visitor: &Visitor,
    form: &mut QueryPage,
    posted: &Posted,
) -> Option<Outcome<QueryStands>> {
    let (key, number) = (posted.key(), form.row.number.clone());
    Some(match posted.get("act") {
        "answer" => {
            let ask = AnswerQuery { key, number, answer: form.typed.answer.clone() };
            answer_query(&doors.desk, &visitor.actor, ask).await
        }
        "resolve" => {
            let credit = credit_lines(form)?;
            let typed = form.typed.clone();
            let ask = ResolveQuery {
                key,
                number,
                resolution: typed.outcome,
                words: typed.words,
                credit,
                credit_reason: String::new(),
                cause: typed.cause,
                rebilled_as: typed.rebilled_as,
                letter: Some(typed.letter == "yes"),
            };
            resolve_query(&doors.desk, &visitor.actor, ask).await
        }
        _ => {
            let typed = form.typed.until.clone();
            let until = date_field(&mut form.frame, "until", &typed, doors.desk.today());
            if !form.frame.errors.is_empty() {
                return None;
            }
            let act = posted.get("do").to_owned();
            let ask = ActOnQuery { key, number, act, owner: form.typed.owner.clone(), until };
            act_on_query(&doors.desk, &visitor.actor, ask).await
        }
    })
}

/// The lines with an amount; none where one cannot be read.
fn credit_lines(form: &mut QueryPage) -> Option<Vec<CreditLine>> {
    let mut credit = Vec::new();
    for line in &form.lines {
        let read = amount_field(&mut form.frame, &format!("net_{}", line.line), &line.typed);
        if let Some(net) = read.filter(|net| *net > Pence::ZERO) {
            credit.push(CreditLine { line: u32::try_from(line.line).unwrap_or_default(), net_pence: net.0 });
        }
    }
    form.frame.errors.is_empty().then_some(credit)
}

async fn add_file(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number).await?;
    form.typed.shows = posted.get("shows").to_owned();
    let sent = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let Some(sent) = sent else {
        form.frame.errors.add("file", "Choose a file");
        return super::form::again(&form);
    };
    let number = form.row.number.clone();
    let ask = AddEvidence { key: posted.key(), number: number.clone(), words: form.typed.shows.clone() };
    let new = NewFile { name: sent.name.clone(), bytes: sent.bytes.clone() };
    match add_evidence(&doors.desk, &visitor.actor, ask, new).await {
        Ok(added) => told(&format!("/queries/{number}"), &format!("{} is kept with the query", added.name)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("words", "shows")])?;
            page_with(status, &form)
        }
    }
}

/// A file of a query: always to be saved, never shown as a page of ours.
async fn file(State(doors): State<Shared>, visitor: Visitor, Path((number, file)): Path<(String, String)>) -> Answer {
    let (row, bytes) = evidence_file(&doors.desk, &visitor.actor, &number, &file).await?;
    download(&row.name, &row.media_type, bytes)
}
