//! Editing a letter: the draft, its checks, the draft as a letter, asking for a yes, taking it back.
use super::delivery::show_pdf;
use super::form::{Asked, address, again, asked, date_field, onto};
use super::letters::LOOK;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::letter_edit::{BlockTyped, LetterCheck, LetterEdit, LetterPreview};
use crate::web::ui::Verdict;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::delivery::templates::{
    AskForDraft, DraftBlock, PreviewTemplate, Previewed, SaveDraft, WithdrawDraft, ask_for_draft, check_draft,
    preview_template, sample_accounts, save_draft, template, withdraw_draft,
};
use sundry_domain::control::Duty;

const EDIT: &[Duty] = &[Duty::ManageSettings];
const TRY: &[Duty] = &[Duty::ManageSettings, Duty::ApproveSettings];

/// What an e-mail shown by itself may do: have its styles, and nothing else.
const MAIL_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox";

/// The routes of editing letters.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/admin/letters/{code}/draft", EDIT, get(edit).post(save))
        .add("/admin/letters/{code}/check", LOOK, get(check))
        .add("/admin/letters/{code}/ask", EDIT, post(ask))
        .add("/admin/letters/{code}/withdraw", EDIT, post(withdraw))
        .add("/admin/letters/{code}/preview", TRY, get(preview))
        .add("/admin/letters/{code}/preview.pdf", TRY, get(preview_pdf))
        .add("/admin/letters/{code}/preview.html", TRY, get(preview_mail))
        .add("/admin/letters/{code}/preview/{page}", TRY, get(preview_page))
}

async fn form(doors: &Shared, visitor: &Visitor, code: &str) -> Result<LetterEdit, Trouble> {
    let shown = template(&doors.desk, &visitor.actor, code).await?;
    let newest = shown.versions.iter().map(|one| one.version).max().unwrap_or_default();
    let (wording, changes) = match shown.draft {
        Some(draft) => (draft.template, draft.changes),
        None => (shown.template, 0),
    };
    let typed = |(at, block): (usize, &sundry_desk::delivery::templates::Block)| {
        let one = DraftBlock::of(block);
        BlockTyped {
            id: one.id,
            place: ((at + 1) * 10).to_string(),
            fixed_by: block.rule.clone().filter(|_| block.locked).unwrap_or_default(),
            audience: one.audience,
            panel: one.panel,
            english: (one.heading_en, one.text_en),
            welsh: (one.heading_cy, one.text_cy),
            removed: false,
        }
    };
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "rooms/letters".into();
    Ok(LetterEdit {
        frame,
        code: shown.code,
        version: newest + 1,
        changes,
        titles: (wording.title_en.clone(), wording.title_cy.clone().unwrap_or_default()),
        blocks: wording.blocks.iter().enumerate().map(typed).collect(),
        new: BlockTyped::default(),
        fields: shown.fields.into_iter().map(|one| (one.field, one.means, one.example)).collect(),
    })
}

async fn edit(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    page(&form(&doors, &visitor, &code).await?)
}

/// What was typed, put over the form; locked blocks keep their words, whatever came.
fn put_on(form: &mut LetterEdit, posted: &Posted) {
    form.changes = posted.get("changes").parse().unwrap_or_default();
    form.titles = (posted.get("title_en").to_owned(), posted.get("title_cy").to_owned());
    let typed = |id: &str| {
        let get = |part: &str| posted.get(&format!("{part}-{id}")).to_owned();
        BlockTyped {
            id: id.to_owned(),
            place: get("place"),
            fixed_by: String::new(),
            audience: get("audience"),
            panel: get("panel"),
            english: (get("heading_en"), get("text_en")),
            welsh: (get("heading_cy"), get("text_cy")),
            removed: posted.has(&format!("remove-{id}")),
        }
    };
    let locked: Vec<BlockTyped> = form.blocks.iter().filter(|one| !one.fixed_by.is_empty()).cloned().collect();
    form.new = BlockTyped { id: posted.get("new_id").to_owned(), ..typed("") };
    form.blocks = posted
        .starting("place-")
        .filter(|(id, _)| !id.is_empty())
        .map(|(id, place)| match locked.iter().find(|one| one.id == id) {
            Some(one) => BlockTyped { place: place.to_owned(), ..one.clone() },
            None => typed(id),
        })
        .collect();
}

/// The blocks in the order of their places.
fn in_order(form: &mut LetterEdit) -> Vec<DraftBlock> {
    let mut all = form.blocks.clone();
    if !form.new.id.is_empty() {
        let last = all.iter().filter_map(|one| one.place.parse::<i64>().ok()).max().unwrap_or_default();
        let place = if form.new.place.is_empty() { (last + 10).to_string() } else { form.new.place.clone() };
        all.push(BlockTyped { place, ..form.new.clone() });
    }
    for one in &all {
        if one.place.parse::<i64>().is_err() {
            let field = format!("place-{}", if one.id == form.new.id { "" } else { &one.id });
            form.frame.errors.add(field, "Enter a number: blocks stand in the order of their places");
        }
    }
    all.retain(|one| !one.removed);
    all.sort_by_key(|one| one.place.parse::<i64>().unwrap_or_default());
    let block = |one: BlockTyped| DraftBlock {
        id: one.id,
        audience: one.audience,
        panel: one.panel,
        heading_en: one.english.0,
        heading_cy: one.welsh.0,
        text_en: one.english.1.replace("\r\n", "\n"),
        text_cy: one.welsh.1.replace("\r\n", "\n"),
    };
    all.into_iter().map(block).collect()
}

async fn save(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let mut form = form(&doors, &visitor, &code).await?;
    put_on(&mut form, &posted);
    let blocks = in_order(&mut form);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = SaveDraft {
        key: posted.key(),
        code: code.clone(),
        changes: form.changes,
        title_en: form.titles.0.clone(),
        title_cy: form.titles.1.clone(),
        blocks,
    };
    match save_draft(&doors.desk, &visitor.actor, ask).await {
        Ok(_) if posted.get("do") == "check" => see_other(&format!("/admin/letters/{code}/check")),
        Ok(kept) => told(&format!("/admin/letters/{code}"), &format!("The draft of version {} is kept", kept.version)),
        Err(no) => {
            // The fields of the block to add have no name after the dash yet.
            let new = form.new.id.clone();
            let parts = ["heading_en", "text_en", "heading_cy", "text_cy", "audience", "panel"];
            let names: Vec<(String, String)> =
                parts.iter().map(|part| (format!("{part}-{new}"), format!("{part}-"))).collect();
            let mut names: Vec<(&str, &str)> = names.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
            names.push(("id", "new_id"));
            let status = onto(&mut form.frame, no, &names)?;
            page_with(status, &form)
        }
    }
}

async fn checked(doors: &Shared, visitor: &Visitor, code: &str) -> Result<LetterCheck, Trouble> {
    let shown = template(&doors.desk, &visitor.actor, code).await?;
    let draft = shown.draft.ok_or_else(|| No::Absent(format!("draft of letter {code}")))?;
    let checks = check_draft(&doors.desk, &visitor.actor, code).await?;
    let verdict = |word: &str| match word {
        "passed" => Verdict::Passed,
        "look" => Verdict::Look,
        _ => Verdict::Fix,
    };
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "rooms/letters".into();
    Ok(LetterCheck {
        frame,
        code: shown.code,
        version: draft.version,
        changes: draft.changes,
        checks: checks.into_iter().map(|one| (verdict(&one.verdict), one.words)).collect(),
        live_from: draft.live_from.map(|day| day.format("%-d %b %Y").to_string()).unwrap_or_default(),
        may_ask: visitor.actor.holds(Duty::ManageSettings) && draft.state == "draft",
    })
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
    let ask = AskForDraft { key: posted.key(), code: code.clone(), changes, live_from };
    match ask_for_draft(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => {
            let day = asked.live_from.format("%-d %B %Y");
            let words = format!("{} is asked for: version {} from {day}", asked.approval, asked.version);
            told(&format!("/admin/letters/{code}"), &words)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let ask = WithdrawDraft { key: posted.key(), code: code.clone() };
    withdraw_draft(&doors.desk, &visitor.actor, ask).await?;
    told(&format!("/admin/letters/{code}"), "The draft is taken back")
}

fn wanted(code: &str, query: &Asked) -> PreviewTemplate {
    let language = asked(query, "language");
    PreviewTemplate {
        code: code.to_owned(),
        version: asked(query, "version").parse().unwrap_or_default(),
        account: asked(query, "account").to_uppercase(),
        sample: asked(query, "sample").parse().unwrap_or_default(),
        language: if ["en", "cy"].contains(&language) { language.to_owned() } else { String::new() },
        large_print: asked(query, "large") == "yes",
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, code: &str, query: &Asked) -> Result<Previewed, Trouble> {
    Ok(preview_template(&doors.desk, &visitor.actor, wanted(code, query)).await?)
}

async fn preview(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let ask = wanted(&code, &query);
    let names = ["version", "account", "sample", "language", "large"];
    let pairs: Vec<(&str, &str)> = names.iter().map(|name| (*name, asked(&query, name))).collect();
    let mut frame = doors.frame(&visitor, "Admin").await;
    frame.help = "rooms/letters".into();
    let capital = |name: &str| super::form::plain(name);
    let mut form = LetterPreview {
        frame,
        code: code.clone(),
        version: ask.version,
        account: asked(&query, "account").to_owned(),
        sample: ask.sample.to_string(),
        samples: sample_accounts().into_iter().map(|one| (one.sample.to_string(), capital(&one.name))).collect(),
        language: ask.language.clone(),
        large: ask.large_print,
        query: address("", &pairs).trim_start_matches('?').to_owned(),
        pages: 0,
        mail: (String::new(), String::new()),
    };
    match preview_template(&doors.desk, &visitor.actor, ask).await {
        Ok(found) => {
            form.mail = (found.mail.subject.clone(), found.mail.text.clone());
            form.pages = found.pictures().await?.len();
            page(&form)
        }
        Err(No::Absent(what)) if what.starts_with("customer") => {
            form.frame.errors.add("account", "There is no account with this number");
            again(&form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn preview_pdf(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    show_pdf(&format!("{code}-preview"), shown(&doors, &visitor, &code, &query).await?.pdf().await?)
}

async fn preview_mail(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let html = shown(&doors, &visitor, &code, &query).await?.mail.html;
    let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
    Ok(([kind, (header::CONTENT_SECURITY_POLICY, MAIL_POLICY)], html).into_response())
}

async fn preview_page(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((code, number)): Path<(String, String)>,
    Query(query): Query<Asked>,
) -> Answer {
    let pages = shown(&doors, &visitor, &code, &query).await?.pictures().await?;
    let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let picture = at.and_then(|at| pages.into_iter().nth(at)).ok_or_else(|| No::Absent("page".into()))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}
