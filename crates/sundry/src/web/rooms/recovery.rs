//! Recovery: runs, the preview of a day, its release, and the pathways to read.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, plain, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, see_other};
use crate::web::pages::recovery_run::{LeftOut, RunLetter, RunList, RunPreview, RunRow};
use crate::web::ui::{self, Frame, TagColour, Verdict, tag};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use sundry_desk::Outcome;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_desk::recovery::{
    DayPreview, DayTotals, PlannedLetter, PlannedRefusal, RunShown, RunView, preview_day, run_shown, runs,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_domain::refusal::Invalid;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;

/// Rows of each table on a page.
const SHOWN: usize = 200;
/// Runs in the list.
const RUNS: i64 = 60;
/// Rows of a file, at most.
const FILE: i64 = 1_000_000;
/// Who may look.
const LOOK: &[Duty] = &[Duty::WorkCases, Duty::ReleaseRuns, Duty::ReadAudit];

/// The routes of recovery.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery", LOOK, get(list))
        .add("/recovery/preview", LOOK, get(preview))
        .add("/recovery/release", &[Duty::ReleaseRuns], post(release))
        .add("/recovery/runs/{number}", LOOK, get(released))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/recovery".into();
    frame
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&listed(&doors, &visitor).await?)
}

async fn listed(doors: &Shared, visitor: &Visitor) -> Outcome<RunList> {
    let found = runs(&doors.desk, &visitor.actor, RUNS).await?;
    Ok(RunList {
        frame: room(doors, visitor).await,
        next_date: doors.desk.today().format("%-d %b %Y").to_string(),
        runs: found.iter().map(row).collect(),
    })
}

fn state(run: &RunView) -> ui::Tag {
    match run.state.as_str() {
        "done" => tag("Released", TagColour::Green),
        "releasing" => tag("Releasing", TagColour::Blue),
        _ => tag("Stopped", TagColour::Yellow),
    }
}

fn letters_of(totals: &DayTotals) -> (i64, Pence) {
    totals.letters.values().fold((0, Pence::ZERO), |sum, one| (sum.0 + one.count, sum.1.plus(one.total_pence)))
}

fn row(run: &RunView) -> RunRow {
    let (letters, amount) = letters_of(&run.totals);
    RunRow {
        number: run.number.clone(),
        date: run.business_on,
        by: run.started_by.clone(),
        letters,
        amount,
        left_out: run.totals.refused.values().sum(),
        state: state(run),
    }
}

async fn preview(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let today = doors.desk.today();
    let typed = asked(&query, "date");
    let date = if typed.is_empty() { Some(today) } else { read_date(typed, today) };
    let Some(date) = date else {
        let mut again = listed(&doors, &visitor).await?;
        again.next_date = typed.to_owned();
        again.frame.errors.add("date", "Enter a date that exists, such as 19/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let day = preview_day(&doors.desk, &visitor.actor, date).await?;
    if wanted(asked(&query, "format")) {
        return sheet(&day).file(asked(&query, "format"), &doors, &visitor);
    }
    let over = runs(&doors.desk, &visitor.actor, 1).await?.iter().find_map(|newest| why_over(newest, date));
    let may = visitor.actor.holds(Duty::ReleaseRuns) && date <= today && over.is_none();
    let frame = room(&doors, &visitor).await;
    let mut seen = previewed(frame, &day, may, date > today);
    seen.checks.extend(over.map(|words| (Verdict::Look, words)));
    page(&seen)
}

/// Why a day can no longer be released: it was, or a later one was.
fn why_over(newest: &RunView, date: NaiveDate) -> Option<String> {
    let number = &newest.number;
    if newest.business_on > date {
        return Some(format!("{number} was released after this day: today's run catches up what was missed"));
    }
    let done = newest.business_on == date && newest.state == "done";
    done.then(|| format!("{number} was released: what has come since waits for the next day's run"))
}

fn previewed(frame: Frame, day: &DayPreview, may_release: bool, ahead: bool) -> RunPreview {
    let sum = day.letters.iter().fold(Pence::ZERO, |sum, letter| sum.plus(letter.total_pence));
    let left_out = left_out(&day.refusals);
    let mut checks = checks(&day.totals);
    if ahead {
        checks.push((Verdict::Look, "This day has not come: it can be looked at, not released".into()));
    }
    RunPreview {
        frame,
        number: format!("DAY-{}", day.date),
        date: day.date,
        released: false,
        may_release,
        letters: day.letters.iter().take(SHOWN).map(letter).collect(),
        totals: (day.letters.len() as i64, sum),
        left_out_total: left_out.len() as i64,
        left_out: left_out.into_iter().take(SHOWN).collect(),
        tasks: day
            .tasks
            .iter()
            .take(SHOWN)
            .map(|task| {
                let items = task.items.len() as i64;
                (task.customer_number.clone(), task.customer_name.clone(), task.step_name.clone(), items)
            })
            .collect(),
        facts: facts(&day.totals, day.refusals.iter().map(|one| (&*one.refusal.code, &*one.refusal.sentence))),
        checks,
    }
}

fn letter(one: &PlannedLetter) -> RunLetter {
    RunLetter {
        account: one.customer_number.clone(),
        customer: one.customer_name.clone(),
        step: one.step_name.clone(),
        how: plain(&one.way),
        invoices: one.items.iter().filter(|item| item.open_pence > Pence::ZERO).count() as i64,
        amount: one.total_pence,
        clause: match one.pathway_code.as_str() {
            "" => "Monthly statement".into(),
            code => format!("{} {}, step {}", plain(code), one.pathway_version, one.step_code),
        },
        href: String::new(),
    }
}

/// One row for each customer, step and rule.
fn left_out(refusals: &[PlannedRefusal]) -> Vec<LeftOut> {
    let mut rows: Vec<LeftOut> = Vec::new();
    for one in refusals {
        let (items, step) = (i64::from(one.item.is_some()), step_words(&one.step_code));
        let same = rows
            .iter_mut()
            .rev()
            .take(20)
            .find(|row| row.account == one.customer_number && row.step == step && row.code == one.refusal.code);
        match same {
            Some(row) => row.items += items,
            None => rows.push(LeftOut {
                account: one.customer_number.clone(),
                customer: one.customer_name.clone(),
                step: step.to_owned(),
                items,
                why: one.refusal.sentence.clone(),
                code: one.refusal.code.clone(),
                until: one.refusal.allowed_from,
            }),
        }
    }
    rows
}

/// The step that somebody would have had, for people.
fn step_words(code: &str) -> &str {
    if code == "STATEMENT" { "Monthly statement" } else { stage_name(code) }
}

/// What else the day brings; `why` is code and sentence of those left out, so that no code stands alone.
fn facts<'a>(totals: &DayTotals, why: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    let mut said: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (code, sentence) in why {
        said.entry(code).or_default().insert(sentence);
    }
    let mut facts = vec![
        ("Promises kept".to_owned(), ui::number(totals.promises_kept)),
        ("Promises broken".to_owned(), ui::number(totals.promises_broken)),
        ("Holds that end".to_owned(), ui::number(totals.holds_ended)),
        ("Customers with something due".to_owned(), ui::number(totals.customers)),
    ];
    for (kind, total) in &totals.letters {
        facts.push((
            format!("Letters: {}", plain(kind).to_lowercase()),
            format!("{}, {}", ui::number(total.count), total.total_pence),
        ));
    }
    for (code, count) in &totals.refused {
        let count = ui::number(count);
        let all = said.get(code.as_str());
        let value = match all.and_then(|all| all.first()) {
            Some(sentence) if all.is_some_and(|all| all.len() == 1) => format!("{count}: {sentence}"),
            Some(sentence) => format!("{count}, such as: {sentence}"),
            None => count,
        };
        facts.push((format!("Left out by {code}"), value));
    }
    facts
}

fn checks(totals: &DayTotals) -> Vec<(Verdict, String)> {
    if totals.bank_lines_waiting > 0 {
        let lines = ui::count_of(totals.bank_lines_waiting, "bank line", "bank lines");
        let sum = totals.bank_waiting_pence;
        return vec![(
            Verdict::Look,
            format!("{lines} of {sum} are not matched yet: match them first, nobody is chased before"),
        )];
    }
    vec![(Verdict::Passed, "All bank lines are matched".into())]
}

async fn release(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let date: NaiveDate = posted
        .get("date")
        .parse()
        .map_err(|_| Invalid::field("date", "Preview the run again, then release it", posted.get("date")))?;
    let ask = AddJob {
        key: posted.key(),
        kind: "release_day".into(),
        dedupe_key: format!("release_day/{date}"),
        request: serde_json::json!({ "date": date }),
    };
    let job = add_job(&doors.desk, &visitor.actor, ask).await?.job;
    see_other(&format!("/jobs/{job}"))
}

async fn released(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let format = asked(&query, "format");
    let limit = if wanted(format) { FILE } else { SHOWN as i64 };
    let shown = run_shown(&doors.desk, &visitor.actor, &number, limit).await?;
    if wanted(format) {
        return released_sheet(shown).file(format, &doors, &visitor);
    }
    let run = &shown.run;
    let (letters, sum) = letters_of(&run.totals);
    let mut checks = checks(&run.totals);
    if run.state != "done" {
        let words = format!(
            "{} of {} done: release it again and it goes on",
            ui::number(run.done_count),
            ui::number(run.total_count)
        );
        checks.push((Verdict::Fix, words));
    }
    page(&RunPreview {
        frame: room(&doors, &visitor).await,
        number: run.number.clone(),
        date: run.business_on,
        released: run.state == "done",
        may_release: visitor.actor.holds(Duty::ReleaseRuns),
        totals: (letters, sum),
        left_out_total: run.totals.refused.values().sum(),
        facts: facts(&run.totals, shown.refusals.iter().map(|one| (&*one.code, &*one.sentence))),
        checks,
        tasks: Vec::new(),
        letters: shown
            .letters
            .into_iter()
            .map(|one| RunLetter {
                account: one.customer_number,
                customer: one.customer_name,
                step: plain(&one.template_code),
                how: format!("{}, {}", plain(&one.channel), super::delivery::state(&one.state).0.to_lowercase()),
                invoices: one.items,
                amount: Pence(one.total_pence),
                href: format!("/letters/{}.pdf", one.number),
                clause: one.number,
            })
            .collect(),
        left_out: shown
            .refusals
            .into_iter()
            .map(|one| LeftOut {
                account: one.customer_number,
                customer: one.customer_name,
                step: step_words(&one.step_code).to_owned(),
                items: i64::from(one.item_number.is_some()),
                why: one.sentence,
                code: one.code,
                until: one.allowed_from,
            })
            .collect(),
    })
}

const COLUMNS: [(&str, ColumnKind); 9] = [
    ("what", ColumnKind::Text),
    ("customer_id", ColumnKind::Text),
    ("name", ColumnKind::Text),
    ("step", ColumnKind::Text),
    ("how", ColumnKind::Text),
    ("reason", ColumnKind::Text),
    ("code", ColumnKind::Text),
    ("until", ColumnKind::Date),
    ("amount", ColumnKind::Money),
];

fn line(words: [&str; 7], until: Option<NaiveDate>, amount: Option<Pence>) -> Vec<Cell> {
    let amount = amount.map_or(Cell::Empty, |sum| Cell::Pence(sum.0));
    words.into_iter().map(Cell::from).chain([until.into(), amount]).collect()
}

fn sheet(day: &DayPreview) -> Sheet {
    let letters = day.letters.iter().map(|one| {
        let words = ["letter", &one.customer_number, &one.customer_name, &one.step_code, &one.way, &one.step_name, ""];
        line(words, None, Some(one.total_pence))
    });
    let tasks = day.tasks.iter().map(|one| {
        line(["task", &one.customer_number, &one.customer_name, &one.step_code, "", &one.step_name, ""], None, None)
    });
    let refusals = day.refusals.iter().map(|one| {
        let (number, name, no) = (&one.customer_number, &one.customer_name, &one.refusal);
        let sum = one.item.as_ref().map(|item| item.open_pence);
        line(["left out", number, name, &one.step_code, "", &no.sentence, &no.code], no.allowed_from, sum)
    });
    Sheet {
        title: "Recovery preview",
        columns: COLUMNS.to_vec(),
        rows: letters.chain(tasks).chain(refusals).collect(),
        filters: vec![("Date", day.date.to_string())],
    }
}

fn released_sheet(shown: RunShown) -> Sheet {
    let letters = shown.letters.iter().map(|one| {
        let words = [
            "letter",
            &one.customer_number,
            &one.customer_name,
            &one.template_code,
            &one.channel,
            &one.number,
            &one.state,
        ];
        line(words, None, Some(Pence(one.total_pence)))
    });
    let refusals = shown.refusals.iter().map(|one| {
        let words =
            ["left out", &one.customer_number, &one.customer_name, &one.step_code, "", &one.sentence, &one.code];
        line(words, one.allowed_from, None)
    });
    Sheet {
        title: "Recovery run",
        columns: COLUMNS.to_vec(),
        rows: letters.chain(refusals).collect(),
        filters: vec![("Run", shown.run.number.clone())],
    }
}
