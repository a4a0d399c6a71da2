//! Writing a draft, changing it, taking it back.
use super::super::letters::sha256_of_json;
use super::show::{allowed, read, versions_of};
use crate::core::command::Command;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sundry_domain::control::Duty;
use sundry_domain::delivery::refusals::{DRAFT_STATE, LEGAL_BLOCK_MISSING, LOCKED_BLOCK};
use sundry_domain::delivery::template::{BLOCKS_MOST, HEADING_MOST, TEXT_MOST, is_block_id};
use sundry_domain::refusal::Invalid;
use sundry_paper::editor::{PARTS, field_faults, locks_broken, part};
use sundry_paper::{Audience, Panel, Template, TemplateBlock};
use sundry_store::delivery::templates::{self as rows, DraftMove, DraftRow};

/// A block as it was typed; what is locked comes as it stands in the letter in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftBlock {
    /// Unique in the letter.
    pub id: String,
    /// everyone, individuals or businesses; empty for everyone.
    pub audience: String,
    /// none, how_to_pay, enclosures or contact; empty for none.
    pub panel: String,
    /// Heading.
    pub heading_en: String,
    /// Heading in Welsh.
    pub heading_cy: String,
    /// Paragraphs parted by empty lines; a line that starts with `- ` is a list item.
    pub text_en: String,
    /// The same in Welsh.
    pub text_cy: String,
}

impl DraftBlock {
    /// A block as an editor shows it.
    pub fn of(block: &TemplateBlock) -> DraftBlock {
        let word = |value: serde_json::Result<serde_json::Value>| {
            value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        DraftBlock {
            id: block.id.clone(),
            audience: word(serde_json::to_value(block.audience)),
            panel: word(serde_json::to_value(block.panel)),
            heading_en: part(block, "heading_en").to_owned(),
            heading_cy: part(block, "heading_cy").to_owned(),
            text_en: part(block, "text_en").to_owned(),
            text_cy: part(block, "text_cy").to_owned(),
        }
    }
}

/// Writes a draft of a letter, or changes the one under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SaveDraft {
    /// Idempotency key.
    pub key: String,
    /// The letter.
    pub code: String,
    /// What was read of the draft under way; 0 to begin one.
    pub changes: i64,
    /// Title.
    pub title_en: String,
    /// Title in Welsh; may be empty.
    pub title_cy: String,
    /// The blocks in order.
    pub blocks: Vec<DraftBlock>,
}

/// The draft as it was kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DraftSaved {
    /// The letter.
    pub code: String,
    /// The version it would be.
    pub version: i64,
    /// Give this back when changing it.
    pub changes: i64,
    /// Hash of the wording.
    pub content_hash: String,
}

/// Keeps a draft.
///
/// # Errors
/// Duty; invalid fields, a field that the letter does not have among them, each with its place; `DLV-LOCKED-BLOCK`,
/// `DLV-LEGAL-BLOCK`; `DLV-DRAFT-STATE` when someone else changed it, or it waits for a yes.
pub async fn save_draft(desk: &Desk, by: &Actor, ask: SaveDraft) -> Outcome<DraftSaved> {
    by.must_hold(Duty::ManageSettings)?;
    command!(desk, by, "save_letter_draft", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let versions = versions_of(&mut cmd.tx, org, &ask.code).await?;
        let (last, newest) = (versions[0].version, read(&versions[0].body)?);
        let wording = wording(&ask, &newest, last + 1)?;
        refuse_faults(&wording, &newest, &allowed(&versions)?)?;
        keep(cmd, &ask, wording).await
    })
}

async fn keep(cmd: &mut Command, ask: &SaveDraft, wording: Template) -> Outcome<DraftSaved> {
    let org = cmd.by.org;
    let under_way = rows::draft(&mut cmd.tx, org, &ask.code).await?;
    let body = serde_json::to_value(&wording)?;
    let row = DraftRow {
        id: under_way.as_ref().map_or_else(|| cmd.id(), |row| row.id),
        code: ask.code.clone(),
        version: i64::from(wording.version),
        state: "draft".into(),
        content_hash: sha256_of_json(&body),
        body,
        live_from: None,
        approval: String::new(),
        turned_down: String::new(),
        drafted_by_name: cmd.by.name.clone(),
        changed_on: cmd.today,
        recorded_at: cmd.at,
        changes: ask.changes,
    };
    let kept = match &under_way {
        None if ask.changes == 0 => rows::add_draft(&mut cmd.tx, org, &row).await?,
        None => false,
        Some(_) => rows::change_draft(&mut cmd.tx, org, &row).await?,
    };
    if !kept {
        let words = match &under_way {
            Some(row) if row.state == "asked" => format!("The draft waits for a yes under {}", row.approval),
            Some(row) => format!("{} changed the draft meanwhile", row.drafted_by_name),
            None => "The draft you read is not there any more".to_owned(),
        };
        return Err(DRAFT_STATE.because(words).into());
    }
    let detail = serde_json::json!({ "version": row.version, "content_hash": row.content_hash });
    cmd.tell("LetterDrafted", format!("template {}", ask.code), detail);
    let changes = ask.changes + 1;
    Ok(DraftSaved { code: row.code, version: row.version, changes, content_hash: row.content_hash })
}

/// The wording that was typed; locked blocks keep the rule they have in the newest version.
fn wording(ask: &SaveDraft, newest: &Template, version: i64) -> Outcome<Template> {
    let mut wrong = Vec::new();
    if ask.title_en.trim().is_empty() || ask.title_en.chars().count() > HEADING_MOST {
        let words = format!("Enter a title of at most {HEADING_MOST} characters");
        wrong.push(Invalid::field("title_en", words, &ask.title_en));
    }
    if ask.title_cy.chars().count() > HEADING_MOST {
        let words = format!("Enter a title of at most {HEADING_MOST} characters");
        wrong.push(Invalid::field("title_cy", words, &ask.title_cy));
    }
    if ask.blocks.is_empty() || ask.blocks.len() > BLOCKS_MOST {
        let words = format!("A letter has 1 to {BLOCKS_MOST} blocks");
        wrong.push(Invalid::field("blocks", words, ask.blocks.len().to_string()));
    }
    let mut seen = BTreeSet::new();
    let mut blocks = Vec::with_capacity(ask.blocks.len());
    for typed in &ask.blocks {
        if !is_block_id(&typed.id) {
            let words = "Enter a name of small letters, figures and _, such as how_to_pay";
            wrong.push(Invalid::field("id", words, &typed.id));
        } else if !seen.insert(typed.id.clone()) {
            wrong.push(Invalid::field("id", format!("There is a block {} already", typed.id), &typed.id));
        }
        match block(typed, newest.blocks.iter().find(|one| one.id == typed.id)) {
            Ok(block) => blocks.push(block),
            Err(more) => wrong.extend(more),
        }
    }
    if !wrong.is_empty() {
        return Err(No::Invalid(wrong));
    }
    Ok(Template {
        code: ask.code.clone(),
        version: u32::try_from(version).unwrap_or(u32::MAX),
        title_en: ask.title_en.trim().to_owned(),
        title_cy: given(&ask.title_cy),
        blocks,
    })
}

fn given(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn block(typed: &DraftBlock, was: Option<&TemplateBlock>) -> Result<TemplateBlock, Vec<Invalid>> {
    if let Some(was) = was.filter(|was| was.locked && *typed == DraftBlock::of(was)) {
        return Ok(was.clone());
    }
    let at = |name: &str| format!("{name}-{}", typed.id);
    let mut wrong = Vec::new();
    let choice = |word: &str, otherwise: &str| {
        serde_json::Value::String(if word.is_empty() { otherwise } else { word }.to_owned())
    };
    let audience: Option<Audience> = serde_json::from_value(choice(&typed.audience, "everyone")).ok();
    let panel: Option<Panel> = serde_json::from_value(choice(&typed.panel, "none")).ok();
    if audience.is_none() {
        wrong.push(Invalid::field(&at("audience"), "Choose everyone, individuals or businesses", &typed.audience));
    }
    if panel.is_none() {
        let words = "Choose none, how_to_pay, enclosures or contact";
        wrong.push(Invalid::field(&at("panel"), words, &typed.panel));
    }
    let texts = [&typed.heading_en, &typed.text_en, &typed.heading_cy, &typed.text_cy];
    for ((name, words), text) in PARTS.iter().zip(texts) {
        let most = if name.starts_with("heading") { HEADING_MOST } else { TEXT_MOST };
        if text.chars().count() > most {
            let words = format!("The {words} may have at most {most} characters");
            wrong.push(Invalid::field(&at(name), words, text));
        }
    }
    if typed.text_en.trim().is_empty() && panel.unwrap_or_default() == Panel::None {
        wrong.push(Invalid::field(&at("text_en"), "Enter the text, or remove the block", &typed.text_en));
    }
    let (Some(audience), Some(panel), true) = (audience, panel, wrong.is_empty()) else { return Err(wrong) };
    Ok(TemplateBlock {
        id: typed.id.clone(),
        locked: was.is_some_and(|was| was.locked),
        rule: was.and_then(|was| was.rule.clone()),
        audience,
        panel,
        heading_en: given(&typed.heading_en),
        heading_cy: given(&typed.heading_cy),
        text_en: given(&typed.text_en).unwrap_or_default(),
        text_cy: given(&typed.text_cy),
    })
}

/// Fields that the letter does not have, then the words of the law.
pub(super) fn refuse_faults(draft: &Template, newest: &Template, allowed: &BTreeSet<String>) -> Outcome<()> {
    let faults = field_faults(draft, allowed);
    if !faults.is_empty() {
        let invalid = faults.into_iter().map(|fault| {
            let field = match fault.place.block.as_str() {
                "title" => fault.place.part.clone(),
                block => format!("{}-{block}", fault.place.part),
            };
            Invalid::field(&field, fault.words, fault.field)
        });
        return Err(No::Invalid(invalid.collect()));
    }
    match locks_broken(newest, draft).into_iter().next() {
        None => Ok(()),
        Some(lock) if lock.missing => {
            let words = format!("The block {} is not in the letter, and {} wants it", lock.block, lock.rule);
            Err(LEGAL_BLOCK_MISSING.because(words).into())
        }
        Some(lock) => {
            let words = format!("The words of the block {} are fixed by {}", lock.block, lock.rule);
            Err(LOCKED_BLOCK.because(words).into())
        }
    }
}

/// Takes a draft back; what waits for a yes may be taken back too, and the yes then finds nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawDraft {
    /// Idempotency key.
    pub key: String,
    /// The letter.
    pub code: String,
}

/// Takes a draft back.
///
/// # Errors
/// Duty; absent when there is no draft.
pub async fn withdraw_draft(desk: &Desk, by: &Actor, ask: WithdrawDraft) -> Outcome<()> {
    by.must_hold(Duty::ManageSettings)?;
    command!(desk, by, "withdraw_letter_draft", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = rows::draft(&mut cmd.tx, org, &ask.code).await?;
        let row = row.ok_or_else(|| No::Absent(format!("draft of letter {}", ask.code)))?;
        let to = DraftMove {
            from: &row.state,
            to: "withdrawn",
            live_from: None,
            approval: &row.approval,
            turned_down: &row.turned_down,
        };
        if !rows::move_draft(&mut cmd.tx, org, row.id, to).await? {
            return Err(DRAFT_STATE.because("The draft changed meanwhile").into());
        }
        cmd.tell(
            "LetterDraftWithdrawn",
            format!("template {}", ask.code),
            serde_json::json!({ "version": row.version }),
        );
        Ok(())
    })
}
