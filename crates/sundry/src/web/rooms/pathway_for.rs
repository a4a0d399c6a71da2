//! Saying whose debts a pathway's draft is for.
use super::form::{again, amount_field, onto};
use super::pathway_edit::{as_it_is, room, under_way};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::pathway_edit::Typed;
use crate::web::pages::pathway_for::{PathwayForPage, Several};
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::recovery::PathwayDraft;
use sundry_desk::recovery::pathways::{SavePathwayDraft, save_pathway_draft};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{Applies, When};

const FIELDS: [&str; 8] = ["begins", "rank", "debt_types", "services", "least", "most", "least_score", "most_score"];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/recovery/pathways/{code}/for", &[Duty::ManageSettings], get(ask).post(save))
}

fn several<'a>(all: impl Iterator<Item = (&'a str, &'a str)>, ticked: Vec<String>) -> Several {
    Several { all: all.map(|(value, words)| (value.to_owned(), words.to_owned())).collect(), ticked }
}

async fn blank(doors: &Shared, visitor: &Visitor, draft: &PathwayDraft) -> PathwayForPage {
    let (pathway, applies) = (&draft.pathway, &draft.pathway.applies);
    let when = &applies.when;
    let pounds = |amount: Option<Pence>| amount.map(|one| one.pounds()).unwrap_or_default();
    let score = |score: Option<i32>| score.map(|one| one.to_string()).unwrap_or_default();
    let flags = || FlagKind::ALL.into_iter().map(|flag| (flag.as_str(), flag.name()));
    let names = |flags: &[FlagKind]| -> Vec<String> { flags.iter().map(|flag| flag.as_str().to_owned()).collect() };
    let typed = [
        ("begins", if applies.rank < 0 { "chosen".to_owned() } else { "itself".to_owned() }),
        ("rank", applies.rank.max(0).to_string()),
        ("debt_types", when.debt_types.join(", ")),
        ("services", applies.services.join(", ")),
        ("least", pounds(when.least)),
        ("most", pounds(when.most)),
        ("least_score", score(when.least_score)),
        ("most_score", score(when.most_score)),
    ];
    let kinds = CustomerKind::ALL.into_iter().map(|kind| (kind.as_str(), kind.name()));
    PathwayForPage {
        frame: room(doors, visitor).await,
        code: pathway.code.clone(),
        name: pathway.name.clone(),
        version: i64::from(pathway.version),
        changes: draft.changes,
        sentence: applies.in_a_sentence(),
        typed: typed.into_iter().map(|(field, value)| (field.to_owned(), value)).collect(),
        kinds: several(kinds, when.kinds.iter().map(|kind| kind.as_str().to_owned()).collect()),
        with_flags: several(flags(), names(&when.with_flags)),
        without_flags: several(flags(), names(&when.without_flags)),
    }
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    let draft = under_way(&doors, &visitor, &code).await?;
    page(&blank(&doors, &visitor, &draft).await)
}

fn text(form: &PathwayForPage, field: &str) -> String {
    form.typed.get(field).map_or("", |text| text.trim()).to_owned()
}

fn words(form: &PathwayForPage, field: &str) -> Vec<String> {
    text(form, field).split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn whole(form: &mut PathwayForPage, field: &str) -> Option<i32> {
    let typed = text(form, field);
    let read = typed.parse().ok();
    if read.is_none() && !typed.is_empty() {
        form.frame.errors.add(field, "Enter a whole number");
    }
    read
}

fn pounds(form: &mut PathwayForPage, field: &str) -> Option<Pence> {
    let typed = text(form, field);
    amount_field(&mut form.frame, field, &typed)
}

fn flags(ticked: &[String]) -> Vec<FlagKind> {
    ticked.iter().filter_map(|flag| FlagKind::parse(flag)).collect()
}

/// What was typed; what cannot be read is told at its field.
fn read(form: &mut PathwayForPage) -> Applies {
    let rank = whole(form, "rank").unwrap_or(0);
    let kind = |word: &String| CustomerKind::ALL.into_iter().find(|kind| kind.as_str() == word);
    let when = When {
        least: pounds(form, "least"),
        most: pounds(form, "most"),
        kinds: form.kinds.ticked.iter().filter_map(kind).collect(),
        debt_types: words(form, "debt_types"),
        with_flags: flags(&form.with_flags.ticked),
        without_flags: flags(&form.without_flags.ticked),
        least_score: whole(form, "least_score"),
        most_score: whole(form, "most_score"),
    };
    let chosen = text(form, "begins") == "chosen";
    let applies = Applies { rank: if chosen { -1 } else { rank }, when, services: words(form, "services") };
    if applies == Applies::default() && form.frame.errors.is_empty() {
        form.frame.errors.add("kinds", "Tick a kind of customer, or say something else of the debts");
    }
    applies
}

async fn save(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let draft = under_way(&doors, &visitor, &code).await?;
    let mut form = blank(&doors, &visitor, &draft).await;
    form.typed = FIELDS.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect::<Typed>();
    form.kinds.ticked = posted.all("kinds").map(str::to_owned).collect();
    form.with_flags.ticked = posted.all("with_flags").map(str::to_owned).collect();
    form.without_flags.ticked = posted.all("without_flags").map(str::to_owned).collect();
    let applies = read(&mut form);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let sentence = applies.in_a_sentence();
    let changes = posted.get("changes").parse().unwrap_or_default();
    let ask = SavePathwayDraft { applies, ..as_it_is(posted.key(), changes, &draft.pathway) };
    match save_pathway_draft(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("/recovery/pathways/{code}/draft"), &format!("The draft is kept. {sentence}")),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
