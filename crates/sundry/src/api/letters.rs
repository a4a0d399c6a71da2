//! Letters as they are edited: versions, a draft, its checks, a preview, asking for a yes.
use super::answer::{Answer, List, file, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::delivery::templates::{
    self as desk_templates, AskForDraft, AskedForDraft, Difference, DraftBlock, DraftCheck, DraftSaved,
    PreviewTemplate, SaveDraft, TemplateLine, TemplateShown, WithdrawDraft, Wording,
};
use sundry_domain::control::Duty;
use utoipa::ToSchema;

const ROOM: &str = "Delivery";

/// The rows of letters as they are edited.
pub fn rows(table: Table) -> Table {
    let look: &[Duty] = &[Duty::ManageSettings, Duty::ApproveSettings, Duty::ReadAudit, Duty::View];
    let (edit, tries): (&[Duty], &[Duty]) = (&[Duty::ManageSettings], &[Duty::ManageSettings, Duty::ApproveSettings]);
    reading(table, look)
        .add(
            post(
                ROOM,
                "/letter-templates/{code}/draft",
                "save_letter_draft",
                "Write a draft of a letter, or change it",
            )
            .replaces()
            .needs(edit)
            .takes::<LetterDraftSent>()
            .gives(200, desk::<DraftSaved>),
            save,
        )
        .add(
            get(
                ROOM,
                "/letter-templates/{code}/draft/checks",
                "check_letter_draft",
                "Check a draft: fields, the law's blocks, reading, Welsh, letters to made-up accounts",
            )
            .needs(look)
            .listed(desk_list::<DraftCheck>),
            check,
        )
        .add(
            get(
                ROOM,
                "/letter-templates/{code}/preview",
                "preview_letter_template",
                "A version of a letter, or its draft, as PDF",
            )
            .needs(tries)
            .asks("version", Holds::Whole(0, 1_000_000), "Which version; the draft when not said")
            .asks(
                "account",
                Holds::Text,
                "Number of a real account, which is told to the audit trail; else a made-up one",
            )
            .asks("language", Holds::OneOf(&["en", "cy"]), "Instead of the account's own")
            .asks("large_print", Holds::Flag, "In large print")
            .gives_file(&["application/pdf"]),
            preview,
        )
        .add(
            post(
                ROOM,
                "/letter-templates/{code}/draft/request",
                "ask_for_letter_draft",
                "Send a draft for someone else's yes",
            )
            .needs(edit)
            .takes::<LetterDraftRequest>()
            .gives(200, desk::<AskedForDraft>),
            ask,
        )
        .add(
            post(ROOM, "/letter-templates/{code}/draft/withdraw", "withdraw_letter_draft", "Take a draft back")
                .needs(edit)
                .gives(200, desk::<TemplateShown>),
            withdraw,
        )
}

fn reading(table: Table, look: &'static [Duty]) -> Table {
    table
        .add(
            get(ROOM, "/letter-templates", "list_letter_templates", "List letters with the version in use of each")
                .needs(look)
                .listed(desk_list::<TemplateLine>),
            list,
        )
        .add(
            get(
                ROOM,
                "/letter-templates/{code}",
                "get_letter_template",
                "A letter: its words in use, its versions, its fields, its draft",
            )
            .needs(look)
            .gives(200, desk::<TemplateShown>),
            one,
        )
        .add(
            get(
                ROOM,
                "/letter-templates/{code}/versions/{version}",
                "get_letter_version",
                "The words of one version, kept for ever",
            )
            .needs(look)
            .gives(200, desk::<Wording>),
            version,
        )
        .add(
            get(
                ROOM,
                "/letter-templates/{code}/differences",
                "compare_letter_versions",
                "Where two versions of a letter differ",
            )
            .needs(look)
            .must("from", Holds::Whole(0, 1_000_000), "The older version; 0 is the draft")
            .must("to", Holds::Whole(0, 1_000_000), "The newer version; 0 is the draft")
            .listed(desk_list::<Difference>),
            differences,
        )
}

/// A block of a letter, as it is to be; a block that the law fixes is sent as it stands.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LetterBlockSent {
    /// Unique in the letter: small letters, figures and _.
    pub id: String,
    /// everyone, individuals or businesses.
    pub audience: String,
    /// none, how_to_pay, enclosures or contact.
    pub panel: String,
    /// Heading.
    pub heading_en: String,
    /// Heading in Welsh.
    pub heading_cy: String,
    /// Paragraphs parted by empty lines; a line that starts with "- " is a list item.
    pub text_en: String,
    /// The same in Welsh.
    pub text_cy: String,
}

/// A draft of a letter.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LetterDraftSent {
    /// What was read of the draft; 0 where there is none yet.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub changes: i64,
    /// Title.
    pub title_en: String,
    /// Title in Welsh.
    pub title_cy: String,
    /// The blocks in order.
    #[schema(min_items = 1, max_items = 40)]
    pub blocks: Vec<LetterBlockSent>,
}

/// Asking for a yes to a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterDraftRequest {
    /// What was read of the draft.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub changes: i64,
    /// First day; today when not said.
    #[serde(default)]
    pub live_from: Option<NaiveDate>,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_templates::templates(&doors.desk, &by.0).await?;
    List::whole("Letters", rows).send(&asked, &by, doors.desk.today())
}

async fn one(State(doors): State<Shared>, by: By, At(code): At) -> Answer {
    ok(&desk_templates::template(&doors.desk, &by.0, &code).await?)
}

async fn version(State(doors): State<Shared>, by: By, AtTwo(code, version): AtTwo) -> Answer {
    let version = numbered(&version, "version")?;
    ok(&desk_templates::template_version(&doors.desk, &by.0, &code, version).await?)
}

async fn differences(State(doors): State<Shared>, by: By, At(code): At, asked: Asked) -> Answer {
    let versions = (asked.whole("from").unwrap_or_default(), asked.whole("to").unwrap_or_default());
    let rows = desk_templates::template_differences(&doors.desk, &by.0, &code, versions).await?;
    List::whole("Differences", rows).send(&asked, &by, doors.desk.today())
}

async fn save(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(sent): Sent<LetterDraftSent>,
) -> Answer {
    let block = |one: LetterBlockSent| DraftBlock {
        id: one.id,
        audience: one.audience,
        panel: one.panel,
        heading_en: one.heading_en,
        heading_cy: one.heading_cy,
        text_en: one.text_en,
        text_cy: one.text_cy,
    };
    let ask = SaveDraft {
        key,
        code,
        changes: sent.changes,
        title_en: sent.title_en,
        title_cy: sent.title_cy,
        blocks: sent.blocks.into_iter().map(block).collect(),
    };
    ok(&desk_templates::save_draft(&doors.desk, &by.0, ask).await?)
}

async fn check(State(doors): State<Shared>, by: By, At(code): At, asked: Asked) -> Answer {
    let rows = desk_templates::check_draft(&doors.desk, &by.0, &code).await?;
    List::whole("Checks", rows).send(&asked, &by, doors.desk.today())
}

async fn preview(State(doors): State<Shared>, by: By, At(code): At, asked: Asked) -> Answer {
    let ask = PreviewTemplate {
        version: asked.whole("version").unwrap_or_default(),
        account: asked.text("account"),
        sample: 0,
        language: asked.text("language"),
        large_print: asked.flag("large_print"),
        code: code.clone(),
    };
    let pdf = desk_templates::preview_template(&doors.desk, &by.0, ask).await?.pdf().await?;
    file(&format!("{code}-preview.pdf"), "application/pdf", pdf)
}

async fn ask(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(sent): Sent<LetterDraftRequest>,
) -> Answer {
    let ask = AskForDraft { key, code, changes: sent.changes, live_from: sent.live_from };
    ok(&desk_templates::ask_for_draft(&doors.desk, &by.0, ask).await?)
}

async fn withdraw(State(doors): State<Shared>, by: By, At(code): At, Key(key): Key) -> Answer {
    desk_templates::withdraw_draft(&doors.desk, &by.0, WithdrawDraft { key, code: code.clone() }).await?;
    ok(&desk_templates::template(&doors.desk, &by.0, &code).await?)
}
