//! Letters to read: the list, each version for ever, and how versions differ.
use super::form::{Asked, asked, plain};
use crate::web::door::{Answer, Routes, Shared, Visitor, page};
use crate::web::pages::letter_edit::{AUDIENCES, PANELS};
use crate::web::pages::letters::{BlockShown, DraftLine, LetterDifferences, LetterPage, LetterRow, Letters};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::No;
use sundry_desk::delivery::templates::{
    DraftBlock, DraftShown, TemplateLine, template, template_differences, template_version, templates,
};
use sundry_domain::control::Duty;

/// Who may read letters and their versions.
pub const LOOK: &[Duty] = &[Duty::ManageSettings, Duty::ApproveSettings, Duty::ReadAudit];

/// The routes of letters to read.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/admin/letters", LOOK, get(list))
        .add("/admin/letters/{code}", LOOK, get(newest))
        .add("/admin/letters/{code}/versions/{version}", LOOK, get(version))
        .add("/admin/letters/{code}/differences", LOOK, get(differences))
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let row = |one: TemplateLine| LetterRow {
        title: one.title,
        kind: plain(&one.kind),
        version: one.version,
        live_from: one.live_from,
        approved_by: one.approved_by,
        welsh: one.welsh,
        next: one.next,
        draft: one.draft,
        code: one.code,
    };
    let rows = templates(&doors.desk, &visitor.actor).await?.into_iter().map(row).collect();
    let mut frame = doors.frame(&visitor, "Admin").await;
    frame.help = "rooms/letters".into();
    page(&Letters { frame, rows })
}

async fn newest(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    show(&doors, &visitor, &code, None).await
}

async fn version(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((code, version)): Path<(String, String)>,
) -> Answer {
    let version = version.parse().ok().filter(|version| *version > 0).ok_or_else(|| No::Absent("letter".into()))?;
    show(&doors, &visitor, &code, Some(version)).await
}

/// A word of a list of choices, for people; empty for the first, which says nothing special.
fn said(choices: &[(&'static str, &'static str)], word: &str) -> String {
    let found = choices.iter().skip(1).find(|(code, _)| *code == word);
    found.map_or_else(String::new, |(_, words)| (*words).to_owned())
}

async fn show(doors: &Shared, visitor: &Visitor, code: &str, version: Option<i64>) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let shown = template(desk, by, code).await?;
    let (version, wording) = match version {
        Some(version) => (version, template_version(desk, by, code, version).await?),
        None => (shown.version, shown.template),
    };
    let blocks = wording.blocks.iter().map(|block| {
        let typed = DraftBlock::of(block);
        BlockShown {
            fixed_by: block.rule.clone().filter(|_| block.locked).unwrap_or_default(),
            audience: said(&AUDIENCES, &typed.audience),
            panel: said(&PANELS, &typed.panel),
            english: (typed.heading_en, typed.text_en),
            welsh: (typed.heading_cy, typed.text_cy),
            id: typed.id,
        }
    });
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "rooms/letters".into();
    page(&LetterPage {
        frame,
        code: shown.code,
        version,
        titles: (wording.title_en.clone(), wording.title_cy.clone().unwrap_or_default()),
        blocks: blocks.collect(),
        versions: shown
            .versions
            .into_iter()
            .map(|one| (one.version, one.state, one.live_from, one.drafted_by_name, one.approved_by))
            .collect(),
        draft: shown.draft.map(draft_line),
        may_edit: by.holds(Duty::ManageSettings),
        may_preview: by.holds(Duty::ManageSettings) || by.holds(Duty::ApproveSettings),
    })
}

fn draft_line(draft: DraftShown) -> DraftLine {
    DraftLine {
        state: draft.state,
        version: draft.version,
        by: draft.drafted_by_name,
        on: draft.changed_on,
        live_from: draft.live_from,
        turned_down: draft.turned_down,
        approval: draft.approval,
    }
}

async fn differences(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let number = |name: &str| asked(&query, name).parse::<i64>().map_err(|_| No::Absent("version".into()));
    let versions = (number("from")?, number("to")?);
    let found = template_differences(&doors.desk, &visitor.actor, &code, versions).await?;
    let named = |version: i64| if version == 0 { "the draft".to_owned() } else { format!("version {version}") };
    let mut frame = doors.frame(&visitor, "Admin").await;
    frame.help = "rooms/letters".into();
    page(&LetterDifferences {
        frame,
        code,
        between: (named(versions.0), named(versions.1)),
        rows: found.into_iter().map(|one| (one.place, one.before, one.after)).collect(),
    })
}
