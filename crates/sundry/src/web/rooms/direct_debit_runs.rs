//! Direct Debit: runs from the preview to the bank's line, reports, unpaid collections, claims.
use super::direct_debit::address;
use super::form::{Asked, asked, onto, plain, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::direct_debit::{Ask, CollectionRun, Reports, day_or_dash, state_tag};
use crate::web::ui::{Html, date, link, long_date, sub_line};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use sundry_desk::cash::direct_debit::{
    AskRun, DecideClaim, ImportBacsReport, MarkSent, ReleaseRun, RepresentCollection, RunPreview, SettleBankLine,
    SettleReportItem, ask_run, bacs_reports, claims, collection_run, collection_runs, decide_claim, held_report_items,
    import_bacs_report, mark_run_sent, preview_run, release_run, represent_collection, run_file, settle_bank_line,
    settle_report_item, unpaid_collections,
};
use sundry_desk::{No, Outcome};
use sundry_domain::cash::direct_debit::{ClaimReason, unpaid};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::counted;
use sundry_store::collections::{ClaimRow, CollectionRow, ReportItemRow};

const CASH: &[Duty] = &[Duty::PostCash];
/// Forms on one page at most.
const FORMS: usize = 20;

/// The routes of runs, reports and claims.
pub fn routes(routes: Routes) -> Routes {
    let either: &[Duty] = &[Duty::PostCash, Duty::ReleaseDirectDebit];
    routes
        .add("/direct-debits/plan", &[Duty::View], get(plan).post(ask))
        .add("/direct-debits/runs", &[Duty::View], get(runs))
        .add("/direct-debits/runs/{number}", &[Duty::View], get(run))
        .add("/direct-debits/runs/{number}/release", &[Duty::ReleaseDirectDebit], post(release))
        .add("/direct-debits/runs/{number}/file", either, get(file))
        .add("/direct-debits/runs/{number}/sent", CASH, post(sent))
        .add("/direct-debits/runs/{number}/bank", CASH, post(bank))
        .add("/direct-debits/reports", &[Duty::View], get(reports).post(import))
        .add("/direct-debits/reports/settle", CASH, post(settle))
        .add("/direct-debits/unpaid", &[Duty::View], get(unpaid_list).post(represent))
        .add("/direct-debits/claims", &[Duty::View], get(claim_list).post(decide))
}

async fn blank(doors: &Shared, visitor: &Visitor) -> CollectionRun {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/direct-debit".into();
    CollectionRun {
        frame,
        number: String::new(),
        state: String::new(),
        entry_on: String::new(),
        facts: Vec::new(),
        rows: Vec::new(),
        left_out: Vec::new(),
        content_hash: String::new(),
        may_ask: visitor.actor.holds(Duty::PostCash),
        may_release: false,
        may_mark: false,
        has_file: false,
        bank_lines: Vec::new(),
    }
}

fn code_words(code: &str) -> String {
    let words = match code {
        "01" => "first",
        "17" => "regular",
        "18" => "again",
        "19" => "final",
        _ => "",
    };
    format!("{code} {words}")
}

fn filled(page: &mut CollectionRun, preview: &RunPreview) {
    page.entry_on = preview.entry_on.to_string();
    page.facts = vec![
        ("Collection day".into(), long_date(preview.entry_on)),
        ("The file goes in on".into(), long_date(preview.input_on)),
        ("Sum".into(), Pence(preview.total_pence).into()),
        ("Collections".into(), preview.collections.len().to_string().into()),
        ("Instructions".into(), preview.instructions.to_string().into()),
    ];
    for (code, (count, pence)) in &preview.by_code {
        page.facts.push((format!("Code {}", code_words(code)), format!("{count} of {}", Pence(*pence)).into()));
    }
    page.rows = preview
        .collections
        .iter()
        .map(|c| {
            vec![
                c.number.clone().into(),
                link(address(&c.reference), &c.reference),
                link(format!("/customers/{}", c.customer_number), &c.customer_name),
                format!("ending {}", c.account_ending).into(),
                code_words(c.code.as_str()).into(),
                Pence(c.amount_pence).into(),
            ]
        })
        .collect();
    page.left_out = preview
        .refusals
        .iter()
        .map(|r| {
            let why =
                Html::from(&r.refusal.sentence).and(sub_line(format!("{}. {}", r.refusal.code, r.refusal.way_out)));
            vec![
                r.number.clone().into(),
                link(address(&r.reference), &r.reference),
                r.customer_name.clone().into(),
                why,
                Pence(r.amount_pence).into(),
            ]
        })
        .collect();
    let something = !preview.collections.is_empty() || preview.instructions > 0;
    page.content_hash = if something { preview.content_hash.clone() } else { String::new() };
}

async fn plan(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut shown = blank(&doors, &visitor).await;
    let typed = asked(&query, "entry_on");
    if typed.is_empty() {
        return page(&shown);
    }
    shown.entry_on = typed.to_owned();
    let Some(day) = read_date(typed, doors.desk.today()) else {
        shown.frame.errors.add("entry_on", "Enter a date such as 19/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    match preview_run(&doors.desk, &visitor.actor, day).await {
        Ok(preview) => {
            filled(&mut shown, &preview);
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = blank(&doors, &visitor).await;
    shown.entry_on = posted.get("entry_on").to_owned();
    let Some(entry_on) = read_date(&shown.entry_on, doors.desk.today()) else {
        shown.frame.errors.add("entry_on", "Enter a date such as 19/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let ask = AskRun { key: posted.key(), entry_on, content_hash: posted.get("content_hash").to_owned() };
    match ask_run(&doors.desk, &visitor.actor, ask).await {
        Ok(made) => {
            let news = format!("{} waits for somebody else’s yes: {}", made.run, made.approval);
            told(&format!("/direct-debits/runs/{}", made.run), &news)
        }
        Err(no) => {
            filled(&mut shown, &preview_run(&doors.desk, &visitor.actor, entry_on).await?);
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn listed(
    frame: crate::web::ui::Frame,
    place: &'static str,
    lead: &str,
    columns: Vec<(&'static str, bool)>,
) -> Reports {
    let (lead, rows, forms) = (lead.to_owned(), Vec::new(), Vec::new());
    Reports { frame, place, lead, columns, rows, forms, may_import: false }
}

async fn framed(doors: &Shared, visitor: &Visitor) -> crate::web::ui::Frame {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/direct-debit".into();
    frame
}

async fn runs(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let columns = vec![
        ("Run", false),
        ("Collection day", false),
        ("Collections", true),
        ("Sum", true),
        ("Instructions", true),
        ("State", false),
        ("Asked by", false),
    ];
    let lead = "Asked for by one person, approved by another, written once.";
    let mut shown = listed(framed(&doors, &visitor).await, "Runs", lead, columns);
    let rows = collection_runs(&doors.desk, &visitor.actor).await?.into_iter();
    let cells = |r: sundry_store::collections::RunRow| {
        vec![
            link(format!("/direct-debits/runs/{}", r.number), &r.number),
            date(r.entry_on),
            r.collections_count.to_string().into(),
            Pence(r.collections_pence).into(),
            r.instructions_count.to_string().into(),
            state_tag(&r.state).into(),
            r.asked_by.into(),
        ]
    };
    shown.rows = rows.map(cells).collect();
    page(&shown)
}

async fn one(doors: &Shared, visitor: &Visitor, number: &str) -> Result<CollectionRun, Trouble> {
    let found = collection_run(&doors.desk, &visitor.actor, number).await?;
    let mut page = blank(doors, visitor).await;
    let run = found.run;
    let written = matches!(run.state.as_str(), "written" | "sent" | "acknowledged");
    page.facts = vec![
        ("Collection day".into(), long_date(run.entry_on)),
        ("Sum".into(), Pence(run.collections_pence).into()),
        ("Collections".into(), format!("{}, {} posted", run.collections_count, run.done_count).into()),
        ("Instructions".into(), run.instructions_count.to_string().into()),
        ("Asked by".into(), run.asked_by.clone().into()),
        ("Approval".into(), link(format!("/approvals/{}", run.approval), &run.approval)),
    ];
    if written {
        let total = |name: &str| run.totals.get(name).and_then(serde_json::Value::as_i64).unwrap_or_default();
        let (debits, credits) = (Pence(total("debits_pence")), Pence(total("credits_pence")));
        page.facts.push(("Released by".into(), run.released_by.clone().into()));
        page.facts.push(("File".into(), Html::from(&run.file_name).and(sub_line(&run.file_sha256))));
        page.facts.push((
            "Trailer".into(),
            format!("debits {debits} ({}), credits {credits} ({})", total("debits"), total("credits")).into(),
        ));
        page.facts.push(("Sent".into(), day_or_dash(run.sent_on)));
        page.facts.push(("Acknowledged by the bank".into(), day_or_dash(run.acknowledged_on)));
        page.facts.push(("On the bank statement".into(), Pence(run.banked_pence).into()));
    }
    for (code, reference) in found.instructions.iter().take(200) {
        page.facts.push((format!("Instruction {code}"), link(address(reference), reference)));
    }
    page.rows = found
        .lines
        .iter()
        .map(|line| {
            let what: Vec<&str> = line.parts.iter().map(|part| part.item_number.as_str()).collect();
            vec![
                Html::from(&line.collection.number).and(sub_line(what.join(", "))),
                link(address(&line.reference), &line.reference),
                state_tag(&line.collection.state).into(),
                format!("ending {}", line.account_ending).into(),
                code_words(&line.collection.code).into(),
                Pence(line.collection.amount_pence).into(),
            ]
        })
        .collect();
    page.may_release = run.state == "releasing" && visitor.actor.holds(Duty::ReleaseDirectDebit);
    page.may_mark = run.state == "written" && visitor.actor.holds(Duty::PostCash);
    page.has_file = written && (page.may_ask || visitor.actor.holds(Duty::ReleaseDirectDebit));
    if page.may_ask {
        page.bank_lines = found
            .bank_lines
            .iter()
            .map(|l| (l.id, format!("{}, {}", l.posted_on.format("%-d %b %Y"), l.words)))
            .collect();
    }
    page.content_hash = run.file_sha256.chars().take(16).collect();
    (page.number, page.state, page.entry_on) = (run.number, run.state, run.entry_on.to_string());
    Ok(page)
}

async fn run(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&one(&doors, &visitor, &number).await?)
}

async fn settled(doors: &Shared, visitor: &Visitor, number: &str, done: Outcome<String>) -> Answer {
    match done {
        Ok(news) => told(&format!("/direct-debits/runs/{number}"), &news),
        Err(no) => {
            let mut shown = one(doors, visitor, number).await?;
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn release(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let done = release_run(&doors.desk, &visitor.actor, ReleaseRun { run: number.clone() }, &|_, _| {}).await;
    let news = done.map(|d| format!("{} is released: {} collections, {}", d.run, d.collections, Pence(d.pence)));
    settled(&doors, &visitor, &number, news).await
}

async fn file(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (name, bytes) = run_file(&doors.desk, &visitor.actor, &number).await?;
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-._".contains(*c)).collect();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=us-ascii".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{safe}\"")),
    ];
    Ok((headers, bytes).into_response())
}

async fn sent(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = MarkSent { key: posted.key(), run: number.clone(), file_sha256: posted.get("file_sha256").to_owned() };
    let done = mark_run_sent(&doors.desk, &visitor.actor, ask).await.map(|d| format!("{} is marked as sent", d.run));
    settled(&doors, &visitor, &number, done).await
}

async fn bank(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let line = posted.get("line").parse().unwrap_or(0);
    let ask = SettleBankLine { key: posted.key(), line, run: number.clone() };
    let done = settle_bank_line(&doors.desk, &visitor.actor, ask).await;
    let news = done.map(|d| format!("{} on the bank statement is {number}’s", Pence(d.amount_pence)));
    settled(&doors, &visitor, &number, news).await
}

async fn reports_page(doors: &Shared, visitor: &Visitor) -> Result<Reports, Trouble> {
    let columns =
        vec![("Report", false), ("Of", false), ("File", false), ("Items", true), ("Waiting", true), ("State", false)];
    let lead = "Reports are taken in before the next file is made. An item that came before changes nothing.";
    let mut shown = listed(framed(doors, visitor).await, "Bacs reports", lead, columns);
    shown.may_import = visitor.actor.holds(Duty::ImportFiles);
    let rows = bacs_reports(&doors.desk, &visitor.actor).await?.into_iter();
    let cells = |r: sundry_store::collections::ReportRow| {
        vec![
            r.kind.to_uppercase().into(),
            day_or_dash(r.report_on),
            Html::from(&r.file_name).and(sub_line(&r.reason)),
            r.items_count.to_string().into(),
            r.held_count.to_string().into(),
            state_tag(&r.state).into(),
        ]
    };
    shown.rows = rows.map(cells).collect();
    if visitor.actor.holds(Duty::PostCash) {
        let held = held_report_items(&doors.desk, &visitor.actor).await?;
        shown.forms = held.iter().take(FORMS).enumerate().map(|(at, item)| held_form(at, item)).collect();
    }
    Ok(shown)
}

fn held_form(at: usize, item: &ReportItemRow) -> Ask {
    let amount = if item.amount_pence == 0 { String::new() } else { format!(" of {}", Pence(item.amount_pence)) };
    Ask {
        title: format!("Waits: {} {}{amount}", plain(&item.kind), item.reference),
        about: format!("{}. The bank says: {}", item.outcome, item.words),
        action: "/direct-debits/reports/settle".into(),
        hidden: vec![("item".into(), item.key.clone()), ("at".into(), at.to_string())],
        words: Some((format!("words-{at}"), "What was done about it".into(), String::new())),
        day: None,
        verbs: vec![(String::new(), "Settle".into())],
        typed: (String::new(), String::new()),
    }
}

async fn reports(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&reports_page(&doors, &visitor).await?)
}

async fn import(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = reports_page(&doors, &visitor).await?;
    let Some(upload) = posted.files.iter().find(|f| !f.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose the report, XML or ZIP");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let ask = ImportBacsReport { key: posted.key(), file_name: upload.name.clone(), bytes: upload.bytes.clone() };
    match import_bacs_report(&doors.desk, &visitor.actor, ask).await {
        Ok(taken) if taken.seen_before => {
            told("/direct-debits/reports", "This file was taken in before: nothing was changed")
        }
        Ok(taken) => {
            let sum = |count: fn(&sundry_desk::cash::direct_debit::ReportTaken) -> i64| {
                taken.reports.iter().map(count).sum::<i64>()
            };
            let news = format!(
                "{} applied, {} for a person to settle, {} here before",
                counted(sum(|r| r.applied), "item"),
                sum(|r| r.held),
                sum(|r| r.known)
            );
            told("/direct-debits/reports", &news)
        }
        Err(No::Invalid(all)) => {
            let words: Vec<String> = all.iter().take(5).map(|one| format!("{} ({})", one.message, one.field)).collect();
            shown.frame.errors.add("file", words.join("; "));
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn settle(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let field = format!("words-{}", posted.get("at").parse::<usize>().unwrap_or(0));
    let ask = SettleReportItem {
        key: posted.key(),
        item: posted.get("item").to_owned(),
        words: posted.get(&field).to_owned(),
    };
    match settle_report_item(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told("/direct-debits/reports", "Settled"),
        Err(no) => {
            let mut shown = reports_page(&doors, &visitor).await?;
            let status = onto(&mut shown.frame, no, &[("words", &field)])?;
            page_with(status, &shown)
        }
    }
}

async fn unpaid_page(doors: &Shared, visitor: &Visitor) -> Result<Reports, Trouble> {
    let columns = vec![("Collection", false), ("Taken", false), ("Amount", true), ("Why it came back", false)];
    let lead = "Refer to payer may be presented again: the same amount, within a month, at most twice.";
    let mut shown = listed(framed(doors, visitor).await, "Unpaid", lead, columns);
    let rows = unpaid_collections(&doors.desk, &visitor.actor).await?;
    if visitor.actor.holds(Duty::PostCash) {
        let may = |row: &&CollectionRow| {
            unpaid(&row.reason_code)
                .is_some_and(|r| r.action == sundry_domain::cash::direct_debit::Action::MayRepresent)
        };
        shown.forms = rows.iter().filter(may).take(FORMS).enumerate().map(|(at, row)| again_form(at, row)).collect();
    }
    let cells = |r: CollectionRow| {
        vec![r.number.into(), day_or_dash(r.entry_on), Pence(r.amount_pence).into(), r.reason.into()]
    };
    shown.rows = rows.into_iter().map(cells).collect();
    Ok(shown)
}

fn again_form(at: usize, row: &CollectionRow) -> Ask {
    let first = row.first_presented_on.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default();
    Ask {
        title: format!("Present {} again", row.number),
        about: format!(
            "{}, first presented on {first}. The payer is written to with the day.",
            Pence(row.amount_pence)
        ),
        action: "/direct-debits/unpaid".into(),
        hidden: vec![
            ("number".into(), row.number.clone()),
            ("amount".into(), row.amount_pence.to_string()),
            ("at".into(), at.to_string()),
        ],
        words: None,
        day: Some((format!("day-{at}"), "Collection day".into())),
        verbs: vec![(String::new(), "Present it again".into())],
        typed: (String::new(), String::new()),
    }
}

async fn unpaid_list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&unpaid_page(&doors, &visitor).await?)
}

async fn represent(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let at = posted.get("at").parse::<usize>().unwrap_or(0);
    let field = format!("day-{at}");
    let mut shown = unpaid_page(&doors, &visitor).await?;
    if let Some(form) = shown.forms.get_mut(at) {
        form.typed.1 = posted.get(&field).to_owned();
    }
    let Some(entry_on) = read_date(posted.get(&field), doors.desk.today()) else {
        shown.frame.errors.add(field, "Enter a date such as 19/11/26");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let ask = RepresentCollection {
        key: posted.key(),
        number: posted.get("number").to_owned(),
        entry_on,
        amount: Pence(posted.get("amount").parse().unwrap_or(0)),
    };
    match represent_collection(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let word =
                if done.five_days_word { "" } else { "; the payer has less than five working days’ word of it" };
            told(
                "/direct-debits/unpaid",
                &format!("{} is taken on {}{word}", done.number, done.entry_on.format("%-d %B %Y")),
            )
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn claims_page(doors: &Shared, visitor: &Visitor) -> Result<Reports, Trouble> {
    let columns = vec![
        ("Claim", false),
        ("Amount", true),
        ("Reason", false),
        ("We are debited", false),
        ("Challenge by", false),
        ("State", false),
    ];
    let lead =
        "The payer’s bank has paid the money back. The debt is open again; contact the customer before any recovery.";
    let mut shown = listed(framed(doors, visitor).await, "Claims", lead, columns);
    let rows = claims(&doors.desk, &visitor.actor, "").await?;
    if visitor.actor.holds(Duty::WorkCases) {
        let open = rows.iter().filter(|row| row.state == "open" || row.state == "challenged");
        shown.forms = open.take(FORMS).enumerate().map(|(at, row)| claim_form(at, row)).collect();
    }
    let cells = |r: ClaimRow| {
        let reason = ClaimReason::parse(&r.reason_code).map_or("", |reason| reason.meaning);
        vec![
            r.number.into(),
            Pence(r.amount_pence).into(),
            reason.into(),
            date(r.debited_on),
            date(r.challenge_by),
            state_tag(&r.state).into(),
        ]
    };
    shown.rows = rows.into_iter().map(cells).collect();
    Ok(shown)
}

fn claim_form(at: usize, row: &ClaimRow) -> Ask {
    let reason = ClaimReason::parse(&row.reason_code).map_or("", |reason| reason.meaning);
    let mut verbs = vec![("accepted".to_owned(), "Accept it".to_owned())];
    if row.state == "open" {
        verbs.push(("challenged".into(), "Challenge it".into()));
    }
    Ask {
        title: format!("Decide {}", row.number),
        about: format!("{}: {reason}", Pence(row.amount_pence)),
        action: "/direct-debits/claims".into(),
        hidden: vec![("number".into(), row.number.clone()), ("at".into(), at.to_string())],
        words: Some((format!("words-{at}"), "Why, and what was said to the payer".into(), String::new())),
        day: None,
        verbs,
        typed: (String::new(), String::new()),
    }
}

async fn claim_list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&claims_page(&doors, &visitor).await?)
}

async fn decide(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let at = posted.get("at").parse::<usize>().unwrap_or(0);
    let field = format!("words-{at}");
    let ask = DecideClaim {
        key: posted.key(),
        number: posted.get("number").to_owned(),
        decision: posted.get("do").to_owned(),
        words: posted.get(&field).to_owned(),
    };
    match decide_claim(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told("/direct-debits/claims", &format!("{} is {}", done.number, done.state)),
        Err(no) => {
            let mut shown = claims_page(&doors, &visitor).await?;
            if let Some(form) = shown.forms.get_mut(at) {
                form.typed.0 = posted.get(&field).to_owned();
            }
            let status = onto(&mut shown.frame, no, &[("words", &field), ("decision", &field)])?;
            page_with(status, &shown)
        }
    }
}
