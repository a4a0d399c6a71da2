//! Editing a pathway: its draft step by step, a year of it tried, its checks, asking for a yes, taking it back.
use super::export::{Sheet, wanted};
use super::form::{Asked, again, amount_field, asked, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::pathway_edit::{
    DraftStep, PathwayCheckPage, PathwayDraftPage, PathwayStepForm, PathwayTryPage, TrialSeen, Typed,
};
use crate::web::ui::{Frame, Verdict, count_of, money, number};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use serde_json::json;
use std::collections::BTreeSet;
use sundry_desk::delivery::templates::templates;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_desk::recovery::pathways::{
    AskForPathway, NextChange, PathwaySimulation, SavePathwayDraft, WithdrawPathwayDraft, ask_for_pathway,
    check_pathway_draft, save_pathway_draft, simulation, withdraw_pathway_draft,
};
use sundry_desk::recovery::{PathwayDraft, pathway_draft, pathways};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::recovery::{
    Channel, PathwayVersion, SideTotals, Step, StepCharges, StepKind, Verdict as Found, When, fixed_by_law,
};
use sundry_domain::words::written;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::Text;

const EDIT: &[Duty] = &[Duty::ManageSettings];
/// Debts whose next step changes that the page shows; the file has more.
const SHOWN: usize = 50;
const LOOK: &[Duty] = &[Duty::ManageSettings, Duty::ApproveSettings, Duty::ReadAudit];

/// The routes of editing pathways.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery/pathways/{code}/draft", EDIT, get(draft).post(save_head))
        .add("/recovery/pathways/{code}/draft/{place}", EDIT, get(step).post(save_step))
        .add("/recovery/pathways/{code}/check", LOOK, get(check))
        .add("/recovery/pathways/{code}/try", EDIT, get(tried).post(attempt))
        .add("/recovery/pathways/{code}/ask", EDIT, post(ask))
        .add("/recovery/pathways/{code}/withdraw", EDIT, post(withdraw))
}

pub(super) async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/pathways".into();
    frame
}

/// The newest version of a pathway.
async fn newest(doors: &Shared, visitor: &Visitor, code: &str) -> Outcome<PathwayVersion> {
    let all = pathways(&doors.desk, &visitor.actor).await?;
    let last = all.into_iter().rfind(|one| one.pathway.code == code);
    Ok(last.ok_or_else(|| No::Absent("pathway".into()))?.pathway)
}

/// The draft under way; where there is none, what it would begin as, with no changes.
pub(super) async fn under_way(doors: &Shared, visitor: &Visitor, code: &str) -> Outcome<PathwayDraft> {
    if let Some(draft) = pathway_draft(&doors.desk, &visitor.actor, code).await? {
        return Ok(draft);
    }
    let last = newest(doors, visitor, code).await?;
    Ok(PathwayDraft {
        pathway: PathwayVersion { version: last.version + 1, moves_open: false, ..last },
        state: "draft".into(),
        changes: 0,
        content_hash: String::new(),
        live_from: None,
        approval: String::new(),
        turned_down: String::new(),
        drafted_by_name: String::new(),
        changed_on: doors.desk.today(),
    })
}

/// The draft that was begun.
async fn begun(doors: &Shared, visitor: &Visitor, code: &str) -> Outcome<PathwayDraft> {
    let draft = pathway_draft(&doors.desk, &visitor.actor, code).await?;
    draft.ok_or_else(|| No::Absent(format!("draft of pathway {code}")))
}

fn head(pathway: &PathwayVersion) -> Typed {
    let moves = if pathway.moves_open { "yes" } else { "no" };
    [("name", pathway.name.as_str()), ("words", pathway.words.as_str()), ("moves_open", moves)]
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect()
}

fn draft_page(frame: Frame, draft: &PathwayDraft, typed: Typed) -> PathwayDraftPage {
    let pathway = &draft.pathway;
    let line = |(at, step): (usize, &Step)| DraftStep {
        names: (step.code.clone(), step.name.clone()),
        day: i64::from(step.day),
        how: how(step),
        when: step.when.in_words(),
        cost: step.cost,
        clause: pathway.clause(&step.code),
        why: fixed_by_law(pathway, at).unwrap_or_default(),
    };
    PathwayDraftPage {
        frame,
        code: pathway.code.clone(),
        version: i64::from(pathway.version),
        changes: draft.changes,
        typed,
        applies: pathway.applies.in_words(),
        steps: pathway.steps.iter().enumerate().map(line).collect(),
        turned_down: draft.turned_down.clone(),
        approval: draft.approval.clone(),
    }
}

fn how(step: &Step) -> String {
    let way = match (step.channel, step.kind.is_letter()) {
        (Channel::None, false) => step.kind.name(),
        (channel, _) => channel.name(),
    };
    format!("{way}{}", step.charges.in_words())
}

async fn draft(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    let draft = under_way(&doors, &visitor, &code).await?;
    let typed = head(&draft.pathway);
    page(&draft_page(room(&doors, &visitor).await, &draft, typed))
}

pub(super) fn as_it_is(key: String, changes: i64, pathway: &PathwayVersion) -> SavePathwayDraft {
    SavePathwayDraft {
        key,
        code: pathway.code.clone(),
        changes,
        name: pathway.name.clone(),
        words: pathway.words.clone(),
        applies: pathway.applies.clone(),
        moves_open: pathway.moves_open,
        steps: pathway.steps.clone(),
    }
}

async fn save_head(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let draft = under_way(&doors, &visitor, &code).await?;
    let names = ["name", "words", "moves_open"];
    let typed: Typed = names.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect();
    let changes = posted.get("changes").parse().unwrap_or_default();
    let ask = SavePathwayDraft {
        name: posted.get("name").to_owned(),
        words: posted.get("words").to_owned(),
        moves_open: posted.get("moves_open") == "yes",
        ..as_it_is(posted.key(), changes, &draft.pathway)
    };
    match save_pathway_draft(&doors.desk, &visitor.actor, ask).await {
        Ok(kept) => {
            let words = format!("The draft of version {} is kept", kept.version);
            told(&format!("/recovery/pathways/{code}/draft"), &words)
        }
        Err(no) => {
            let mut form = draft_page(room(&doors, &visitor).await, &draft, typed);
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

/// A step as the form shows it.
fn typed_step(step: &Step) -> Typed {
    let pounds = |amount: Option<sundry_domain::money::Pence>| amount.map(|one| one.pounds()).unwrap_or_default();
    let score = |score: Option<i32>| score.map(|one| one.to_string()).unwrap_or_default();
    let flag = |flags: &[FlagKind]| flags.first().map(|flag| flag.as_str().to_owned()).unwrap_or_default();
    let fields = [
        ("code", step.code.clone()),
        ("step_name", step.name.clone()),
        ("day", step.day.to_string()),
        ("kind", step.kind.as_str().to_owned()),
        ("channel", step.channel.as_str().to_owned()),
        ("template", step.template.clone()),
        ("wait_days", step.wait_days.to_string()),
        ("lapses", score(step.lapses_after_day)),
        ("cost", step.cost.pounds()),
        ("who", step.who.clone()),
        ("clause", step.clause.clone()),
        ("charges", step.charges.as_str().to_owned()),
        ("least", pounds(step.when.least)),
        ("most", pounds(step.when.most)),
        ("debt_types", step.when.debt_types.join(", ")),
        ("with_flag", flag(&step.when.with_flags)),
        ("without_flag", flag(&step.when.without_flags)),
        ("least_score", score(step.when.least_score)),
        ("most_score", score(step.when.most_score)),
    ];
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

async fn step_form(
    doors: &Shared,
    visitor: &Visitor,
    draft: &PathwayDraft,
    place: &str,
) -> Result<PathwayStepForm, Trouble> {
    let steps = &draft.pathway.steps;
    let typed = match place {
        "new" => Typed::from([("day".to_owned(), steps.last().map_or(7, |step| step.day + 7).to_string())]),
        place => typed_step(&steps[at(draft, place)?]),
    };
    let letters: BTreeSet<String> =
        templates(&doors.desk, &visitor.actor).await?.into_iter().map(|one| one.code).collect();
    let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
    Ok(PathwayStepForm {
        frame: room(doors, visitor).await,
        code: draft.pathway.code.clone(),
        name: draft.pathway.name.clone(),
        place: place.to_owned(),
        changes: draft.changes,
        typed,
        templates: letters.into_iter().collect(),
        kinds: StepKind::ALL.iter().map(|kind| pair(kind.as_str(), kind.name())).collect(),
        channels: Channel::ALL.iter().map(|channel| pair(channel.as_str(), channel.name())).collect(),
        flags: FlagKind::ALL.iter().map(|flag| pair(flag.as_str(), flag.name())).collect(),
    })
}

/// The place of a step that may be changed; what the law fixes is not there to change.
fn at(draft: &PathwayDraft, place: &str) -> Outcome<usize> {
    let found = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    let found = found.filter(|at| *at < draft.pathway.steps.len() && fixed_by_law(&draft.pathway, *at).is_none());
    found.ok_or_else(|| No::Absent("step".into()))
}

async fn step(State(doors): State<Shared>, visitor: Visitor, Path((code, place)): Path<(String, String)>) -> Answer {
    let draft = begun(&doors, &visitor, &code).await?;
    page(&step_form(&doors, &visitor, &draft, &place).await?)
}

fn whole(form: &mut PathwayStepForm, field: &str, otherwise: i32) -> i32 {
    let typed = form.typed.get(field).map_or("", |text| text.trim()).to_owned();
    if typed.is_empty() {
        return otherwise;
    }
    typed.parse().unwrap_or_else(|_| {
        form.frame.errors.add(field, "Enter a whole number of days, such as 7 or -7");
        otherwise
    })
}

fn maybe(form: &mut PathwayStepForm, field: &str) -> Option<i32> {
    let typed = form.typed.get(field).map_or("", |text| text.trim()).to_owned();
    if typed.is_empty() {
        return None;
    }
    let read = typed.parse().ok();
    if read.is_none() {
        form.frame.errors.add(field, "Enter a whole number");
    }
    read
}

fn pounds(form: &mut PathwayStepForm, field: &str) -> Option<sundry_domain::money::Pence> {
    let typed = form.typed.get(field).cloned().unwrap_or_default();
    if typed.trim().is_empty() { None } else { amount_field(&mut form.frame, field, &typed) }
}

fn text(form: &PathwayStepForm, field: &str) -> String {
    form.typed.get(field).map_or("", |text| text.trim()).to_owned()
}

fn flag(form: &PathwayStepForm, field: &str) -> Vec<FlagKind> {
    FlagKind::parse(&text(form, field)).into_iter().collect()
}

/// The step as it was typed, on what it was; what cannot be read is told at its field.
fn read_step(form: &mut PathwayStepForm, was: Option<&Step>) -> Step {
    let kind = StepKind::parse(&text(form, "kind")).unwrap_or(StepKind::Letter);
    let channel = Channel::parse(&text(form, "channel")).unwrap_or(Channel::Post);
    let words = text(form, "debt_types");
    let when = When {
        least: pounds(form, "least"),
        most: pounds(form, "most"),
        kinds: was.map(|step| step.when.kinds.clone()).unwrap_or_default(),
        debt_types: words.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect(),
        with_flags: flag(form, "with_flag"),
        without_flags: flag(form, "without_flag"),
        least_score: maybe(form, "least_score"),
        most_score: maybe(form, "most_score"),
    };
    Step {
        code: text(form, "code"),
        day: whole(form, "day", 0),
        name: text(form, "step_name"),
        kind,
        template: if kind.is_letter() { text(form, "template") } else { String::new() },
        channel,
        wait_days: whole(form, "wait_days", 0),
        lapses_after_day: maybe(form, "lapses"),
        when,
        cost: pounds(form, "cost").unwrap_or_default(),
        who: text(form, "who"),
        clause: text(form, "clause"),
        charges: StepCharges::parse(&text(form, "charges")).unwrap_or_default(),
    }
}

async fn save_step(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((code, place)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let draft = begun(&doors, &visitor, &code).await?;
    let mut form = step_form(&doors, &visitor, &draft, &place).await?;
    let mut steps = draft.pathway.steps.clone();
    if posted.get("do") == "remove" && place != "new" {
        steps.remove(at(&draft, &place)?);
    } else {
        let fields: Vec<String> = typed_step_fields();
        form.typed = fields.into_iter().map(|field| (field.clone(), posted.get(&field).to_owned())).collect();
        let was = if place == "new" { None } else { Some(at(&draft, &place)?) };
        let read = read_step(&mut form, was.and_then(|at| steps.get(at)));
        if !form.frame.errors.is_empty() {
            return again(&form);
        }
        if let Some(at) = was {
            steps.remove(at);
        }
        // In the order of their days; of one day, the new one last.
        let place = steps.iter().position(|step| step.day > read.day).unwrap_or(steps.len());
        steps.insert(place, read);
    }
    let changes = posted.get("changes").parse().unwrap_or_default();
    let ask = SavePathwayDraft { steps, ..as_it_is(posted.key(), changes, &draft.pathway) };
    match save_pathway_draft(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("/recovery/pathways/{code}/draft"), "The draft is kept"),
        Err(no) => {
            let names = [("name", "step_name"), ("wait", "wait_days")];
            let status = onto(&mut form.frame, no, &names)?;
            page_with(status, &form)
        }
    }
}

fn typed_step_fields() -> Vec<String> {
    let names = "code step_name day kind channel template wait_days lapses cost who clause charges least most debt_types \
                 with_flag without_flag least_score most_score";
    names.split_whitespace().map(str::to_owned).collect()
}

async fn checked(doors: &Shared, visitor: &Visitor, code: &str) -> Result<PathwayCheckPage, Trouble> {
    let draft = begun(doors, visitor, code).await?;
    let checks = check_pathway_draft(&doors.desk, &visitor.actor, code).await?;
    let verdict = |found: Found| match found {
        Found::Passed => Verdict::Passed,
        Found::Look => Verdict::Look,
        Found::Fix => Verdict::Fix,
    };
    let before = newest(doors, visitor, code).await.ok();
    Ok(PathwayCheckPage {
        frame: room(doors, visitor).await,
        code: code.to_owned(),
        name: draft.pathway.name.clone(),
        version: i64::from(draft.pathway.version),
        changes: draft.changes,
        checks: checks.into_iter().map(|one| (verdict(one.verdict), one.words)).collect(),
        differences: before.map(|before| differences(&before, &draft.pathway)).unwrap_or_default(),
        live_from: draft.live_from.map(|day| day.format("%-d %b %Y").to_string()).unwrap_or_default(),
        may_ask: visitor.actor.holds(Duty::ManageSettings) && draft.state == "draft",
    })
}

/// A step in a line, for comparing.
fn in_a_line(pathway: &PathwayVersion, step: &Step) -> String {
    let mut all = vec![format!("day {}", step.day), step.name.clone(), how(step)];
    all.extend(Some(step.when.in_words()).filter(|words| !words.is_empty()));
    all.push(format!("£{}, clause {}", step.cost.pounds(), pathway.clause(&step.code)));
    if step.wait_days > 0 {
        all.push(format!("{} after the step before", count_of(i64::from(step.wait_days), "day", "days")));
    }
    all.extend(Some(step.template.clone()).filter(|template| !template.is_empty()));
    all.join("; ")
}

fn differences(before: &PathwayVersion, after: &PathwayVersion) -> Vec<[String; 3]> {
    let mut codes: Vec<&str> = after.steps.iter().map(|step| step.code.as_str()).collect();
    codes.extend(before.steps.iter().map(|step| step.code.as_str()).filter(|code| after.step(code).is_none()));
    let line = |one: &PathwayVersion, code: &str| one.step(code).map(|step| in_a_line(one, step)).unwrap_or_default();
    let mut all: Vec<[String; 3]> =
        codes.iter().map(|code| [(*code).to_owned(), line(before, code), line(after, code)]).collect();
    all.push(["For".into(), before.applies.in_words(), after.applies.in_words()]);
    all.push(["In words".into(), before.words.clone(), after.words.clone()]);
    all.retain(|[_, was, will]| was != will);
    all
}

async fn check(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    page(&checked(&doors, &visitor, &code).await?)
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let mut form = checked(&doors, &visitor, &code).await?;
    form.live_from = posted.get("live_from").to_owned();
    let typed = form.live_from.clone();
    let live_from = date_field(&mut form.frame, "live_from", &typed, doors.desk.today());
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let changes = posted.get("changes").parse().unwrap_or_default();
    let ask = AskForPathway { key: posted.key(), code: code.clone(), changes, live_from };
    match ask_for_pathway(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let day = written(asked.live_from);
            let words = format!("{} is asked for: version {} from {day}", asked.approval, asked.version);
            told(&format!("/recovery/pathways/{code}/draft"), &words)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("REC-PATHWAY-LIVE-FROM", "live_from")])?;
            page_with(status, &form)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let ask = WithdrawPathwayDraft { key: posted.key(), code: code.clone() };
    withdraw_pathway_draft(&doors.desk, &visitor.actor, ask).await?;
    told("/recovery/pathways", "The draft is taken back")
}

fn seen(one: &PathwaySimulation) -> TrialSeen {
    let what = if one.kind == "live" { "On the live book" } else { "Over last year" };
    let row = |name: &str, of: &dyn Fn(&SideTotals) -> String| [name.to_owned(), of(&one.live), of(&one.draft)];
    let mut figures = vec![
        row("Letters", &|side| number(side.letters)),
        row("Text messages", &|side| number(side.texts)),
        row("Calls", &|side| number(side.calls)),
        row("Other work for people", &|side| number(side.tasks)),
        row("Cost", &|side| money(side.cost)),
        row(if one.kind == "live" { "Expected cash" } else { "Cash within four weeks of a step" }, &|side| {
            money(side.cash)
        }),
        row("People who hear from us", &|side| number(side.customers)),
    ];
    let codes: BTreeSet<&String> = one.live.steps.keys().chain(one.draft.steps.keys()).collect();
    for code in codes {
        let of = |side: &SideTotals| number(side.steps.get(code).map_or(0, |step| step.debts));
        figures.push([format!("Debts that took {code}"), of(&one.live), of(&one.draft)]);
    }
    figures.push(["Debts on the draft".into(), String::new(), number(one.on_draft)]);
    figures.push(["Debts that would skip a step".into(), String::new(), number(one.skips)]);
    figures.push(["Debts whose next step changes".into(), String::new(), number(one.changes)]);
    let weeks = one.live.weeks.len().max(one.draft.weeks.len());
    let letters = |side: &SideTotals, week: usize| side.weeks.get(week).map_or(0, |week| week.letters);
    TrialSeen {
        title: format!("{what}, {} to {}", written(one.from_on), written(one.until_on)),
        figures,
        weeks: (0..weeks).map(|week| (letters(&one.live, week), letters(&one.draft, week))).collect(),
        download: format!("/recovery/pathways/{}/try?kind={}&format=", one.code, one.kind),
        sample: one
            .sample
            .iter()
            .take(SHOWN)
            .map(|one| [one.customer.clone(), one.item.clone(), one.was.clone(), one.will.clone()])
            .collect(),
    }
}

/// Debts whose next step changes, as a file.
fn sheet(found: PathwaySimulation) -> Sheet {
    let cells = |one: NextChange| {
        [one.customer, one.item, one.was, one.will].into_iter().map(Cell::Text).collect::<Vec<Cell>>()
    };
    Sheet {
        title: "Next steps that change",
        columns: vec![("account", Text), ("debt", Text), ("next_step_now", Text), ("with_the_draft", Text)],
        filters: vec![("Pathway", found.code), ("Over", found.kind)],
        rows: found.sample.into_iter().map(cells).collect(),
    }
}

async fn tried(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let draft = begun(&doors, &visitor, &code).await?;
    if wanted(asked(&query, "format")) {
        let found = simulation(&doors.desk, &visitor.actor, &code, asked(&query, "kind")).await?;
        let found = found.ok_or_else(|| No::Absent("what trying the draft found".into()))?;
        return sheet(found).file(asked(&query, "format"), &doors, &visitor);
    }
    let mut found = Vec::new();
    for kind in ["live", "replay"] {
        found.extend(simulation(&doors.desk, &visitor.actor, &code, kind).await?.as_ref().map(seen));
    }
    page(&PathwayTryPage {
        frame: room(&doors, &visitor).await,
        code,
        name: draft.pathway.name,
        version: i64::from(draft.pathway.version),
        found,
    })
}

async fn attempt(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let draft = begun(&doors, &visitor, &code).await?;
    let kind = if posted.get("kind") == "replay" { "replay" } else { "live" };
    let today = doors.desk.today();
    let ask = AddJob {
        key: posted.key(),
        kind: "simulate_pathway".into(),
        dedupe_key: format!("simulate_pathway/{code}/{kind}/{}/{today}", draft.changes),
        request: json!({ "code": code, "kind": kind }),
    };
    let job = add_job(&doors.desk, &visitor.actor, ask).await?;
    see_other(&format!("/jobs/{}", job.job))
}
