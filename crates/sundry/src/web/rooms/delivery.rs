//! Letters: what waits, what could not be sent, print batches, and a letter as PDF.
use super::form::{Asked, asked, onto, plain};
use crate::web::door::{
    Answer, Posted, Routes, Shared, Trouble, Visitor, invoice_at, page, page_with, see_other, told,
};
use crate::web::pages::delivery::{BatchLine, Delivery, LetterLine, PrintBatch, SettleLetter};
use crate::web::ui::{Tag, TagColour, tag};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::delivery::notify::notify_state;
use sundry_desk::delivery::{
    ConfirmBatch, Reprint, SendCopies, batch, batches, confirm_batch, letter, letter_counts, letter_pdf,
    letters_in_state, mail_settings, reprint, send_copies, settle_letter,
};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::delivery::{BatchRow, LetterRow};

/// Letters shown at most.
const MOST: i64 = 200;
const LOOK: &[Duty] = &[Duty::ReleaseRuns, Duty::RaiseInvoice, Duty::WorkCases, Duty::ReadAudit];
const ACT: &[Duty] = &[Duty::ReleaseRuns];

/// The routes of delivery.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/delivery", LOOK, get(view))
        .add("/delivery/print", ACT, post(print))
        .add("/delivery/send", ACT, post(send))
        .add("/delivery/letters/{number}", ACT, get(ask_settle).post(settle))
        .add("/billing/invoices/{number}/copy", COPIES, post(send_copy))
        .add("/delivery/letters/{number}/copy", &[Duty::View], post(copy))
        .add("/delivery/batches/{number}", LOOK, get(one_batch).post(confirm))
        .add("/delivery/batches/{number}/{file}", LOOK, get(part))
        .add("/letters/{file}", &[Duty::View], get(pdf))
}

/// What became of a letter, in words.
pub(super) fn state(word: &str) -> (&'static str, TagColour) {
    match word {
        "waiting" => ("Waiting", TagColour::Blue),
        "held" => ("Held", TagColour::Purple),
        "sending" => ("Being sent", TagColour::Blue),
        "failed" => ("Could not be sent", TagColour::Red),
        "unknown" => ("Not known", TagColour::Orange),
        "printed" => ("Printed", TagColour::Green),
        "withdrawn" => ("Withdrawn", TagColour::Grey),
        _ => ("Sent", TagColour::Green),
    }
}

/// What a person may say became of a letter in this state.
fn outcomes(word: &str) -> Vec<(&'static str, &'static str)> {
    match word {
        "unknown" => vec![
            ("sent", "It arrived"),
            ("waiting", "It did not arrive: send it again"),
            ("withdrawn", "Withdraw it: it is not to be sent"),
        ],
        "failed" => vec![("waiting", "Try again"), ("withdrawn", "Withdraw it: it is not to be sent")],
        "waiting" | "held" => vec![("withdrawn", "Withdraw it: it is not to be sent")],
        _ => Vec::new(),
    }
}

fn line(row: LetterRow) -> LetterLine {
    let (words, colour) = state(&row.state);
    LetterLine {
        outcomes: outcomes(&row.state),
        number: row.number,
        kind: plain(&row.kind),
        dated: row.dated_on,
        to: row.sent_to.replace('\n', ", "),
        amount: Pence(row.total_pence),
        why: row.state_reason,
        state: tag(words, colour),
    }
}

fn batch_line(row: &BatchRow) -> BatchLine {
    let state: Tag = match row.state.as_str() {
        "printing" => tag("Printing", TagColour::Blue),
        "printed" => tag("Printed, not signed for", TagColour::Yellow),
        _ => tag("Signed for", TagColour::Green),
    };
    let signed = if row.checked_by.is_empty() { String::new() } else { format!(", signed for by {}", row.checked_by) };
    BatchLine {
        number: row.number.clone(),
        made: row.dated_on,
        letters: row.letters_count,
        sheets: row.sheets_count,
        amount: Pence(row.total_pence),
        people: format!("{}{signed}", row.run_by),
        state,
    }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let counts = letter_counts(desk, by).await?;
    let troubled = |state: &str| ["failed", "unknown", "held"].contains(&state);
    let first = counts.iter().find(|(state, ..)| troubled(state)).or(counts.first());
    let chosen = match (asked(&query, "state"), asked(&query, "channel")) {
        ("", _) => first.map(|(state, channel, _)| (state.clone(), channel.clone())),
        (state, channel) => Some((state.to_owned(), channel.to_owned())),
    };
    let letters = match &chosen {
        Some((state, channel)) => letters_in_state(desk, by, state, channel, MOST).await?,
        None => Vec::new(),
    };
    let words =
        |word: &str, channel: &str| format!("{}, {}", state(word).0, if channel == "post" { "post" } else { "e-mail" });
    let heap = |(word, channel, count): &(String, String, i64)| {
        let here = chosen.as_ref().is_some_and(|(s, c)| s == word && c == channel);
        let href = format!("/delivery?state={word}&channel={channel}");
        (href, words(word, channel), *count, troubled(word), here)
    };
    let may = by.holds(Duty::ReleaseRuns);
    let waits = |channel: &str| {
        let found = counts.iter().find(|(word, way, _)| word == "waiting" && way == channel);
        found.filter(|_| may).map_or(0, |(_, _, count)| *count)
    };
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/delivery".into();
    page(&Delivery {
        frame,
        heaps: counts.iter().map(heap).collect(),
        shown: chosen.as_ref().map(|(word, channel)| words(word, channel)).unwrap_or_default(),
        letters: letters.into_iter().map(line).collect(),
        most: MOST,
        to_print: waits("post"),
        to_send: waits("email"),
        mail_server: mail_settings(desk, by).await?.is_some(),
        notify: notify_state(desk, by).await?.map_or((false, false), |state| (state.carries_email, state.carries_post)),
        may_settle: may,
        batches: batches(desk, by).await?.iter().map(batch_line).collect(),
    })
}

async fn start(doors: &Shared, visitor: &Visitor, posted: &Posted, kind: &str) -> Answer {
    let ask = AddJob {
        key: posted.key(),
        kind: kind.into(),
        dedupe_key: format!("{kind}/{}", posted.key()),
        request: serde_json::json!({}),
    };
    let job = add_job(&doors.desk, &visitor.actor, ask).await?.job;
    see_other(&format!("/jobs/{job}"))
}

async fn print(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    start(&doors, &visitor, &posted, "print_letters").await
}

async fn send(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    start(&doors, &visitor, &posted, "send_emails").await
}

async fn settle_form(doors: &Shared, visitor: &Visitor, number: &str) -> Result<SettleLetter, Trouble> {
    let head = letter(&doors.desk, &visitor.actor, number).await?.head;
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/delivery".into();
    Ok(SettleLetter { frame, letter: line(head), outcome: String::new(), words: String::new() })
}

async fn ask_settle(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&settle_form(&doors, &visitor, &number).await?)
}

async fn settle(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = sundry_desk::delivery::SettleLetter {
        key: posted.key(),
        number: number.clone(),
        outcome: posted.get("outcome").to_owned(),
        words: posted.get("words").to_owned(),
    };
    match settle_letter(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told("/delivery", &format!("{} is {} now", done.number, state(&done.state).0.to_lowercase())),
        Err(no) => {
            let mut again = settle_form(&doors, &visitor, &number).await?;
            (again.outcome, again.words) = (posted.get("outcome").to_owned(), posted.get("words").to_owned());
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Result<PrintBatch, Trouble> {
    let (view, letters) = batch(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/delivery".into();
    let part = |part: &sundry_store::delivery::PartRow| {
        let href = format!("/delivery/batches/{number}/{}.pdf", part.part);
        let words = format!("Part {}, {} to {}", part.part, part.first_number, part.last_number);
        (href, words, part.letters_count, part.sheets_count, Pence(part.total_pence))
    };
    Ok(PrintBatch {
        frame,
        ends: (view.batch.first_number.clone(), view.batch.last_number.clone()),
        parts: view.parts.iter().map(part).collect(),
        letters: letters.into_iter().take(MOST as usize).map(line).collect(),
        may_confirm: view.batch.state == "printed" && visitor.actor.holds(Duty::ReleaseRuns),
        typed: Default::default(),
        batch: batch_line(&view.batch),
    })
}

async fn one_batch(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn confirm(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut again = shown(&doors, &visitor, &number).await?;
    let typed = |name: &str| posted.get(name).to_owned();
    again.typed = (typed("letters_count"), typed("sheets_count"), typed("total"));
    let whole = |text: &str| text.replace([',', ' '], "").parse::<i64>().ok();
    let counts = (whole(&again.typed.0), whole(&again.typed.1), Pence::parse(&again.typed.2));
    let (Some(letters_count), Some(sheets_count), Some(total_pence)) = counts else {
        let fields = [
            ("letters_count", counts.0.is_none(), "Enter how many letters you counted"),
            ("sheets_count", counts.1.is_none(), "Enter how many sheets you counted"),
            ("total", counts.2.is_none(), "Enter the sum on the control list, such as 99120.00"),
        ];
        for (field, missing, words) in fields {
            if missing {
                again.frame.errors.add(field, words);
            }
        }
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let ask = ConfirmBatch { key: posted.key(), number: number.clone(), letters_count, sheets_count, total_pence };
    match confirm_batch(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&format!("/delivery/batches/{number}"), &format!("You signed for {}", done.batch.number)),
        Err(no) => {
            let status = onto(&mut again.frame, no, &[("total_pence", "total")])?;
            page_with(status, &again)
        }
    }
}

async fn part(State(doors): State<Shared>, visitor: Visitor, Path((number, file)): Path<(String, String)>) -> Answer {
    let absent = || No::Absent("file of a print batch".into());
    let place: i64 = file.strip_suffix(".pdf").and_then(|n| n.parse().ok()).ok_or_else(absent)?;
    let (view, _) = batch(&doors.desk, &visitor.actor, &number).await?;
    let part = view.parts.iter().find(|part| part.part == place).ok_or_else(absent)?;
    let bytes = doors.desk.files().get(visitor.actor.org.0, &part.file_sha256)?;
    show_pdf(&format!("{number}-{place}"), bytes)
}

async fn pdf(State(doors): State<Shared>, visitor: Visitor, Path(file): Path<String>) -> Answer {
    let number = file.strip_suffix(".pdf").ok_or_else(|| No::Absent("letter".into()))?;
    show_pdf(number, letter_pdf(&doors.desk, &visitor.actor, number).await?)
}

/// A copy, marked as one on every page; asked for again with the same form it is the same copy.
async fn copy(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let ask = Reprint { key: posted.key(), number: number.clone() };
    let made = reprint(&doors.desk, &visitor.actor, ask).await?;
    show_pdf(&format!("{number}-copy"), doors.desk.files().get(visitor.actor.org.0, &made.file_sha256)?)
}

/// Who may send copies.
const COPIES: &[Duty] = &[Duty::WorkCases, Duty::RaiseInvoice, Duty::AnswerQueries];

/// A copy of an invoice by the customer's way of today.
async fn send_copy(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let ask = SendCopies { key: posted.key(), documents: vec![number.clone()] };
    let sent = send_copies(&doors.desk, &visitor.actor, ask).await?;
    let news = match sent.letters.first() {
        Some(letter) if letter.state == "held" => format!("{} is held: no address is known", letter.number),
        Some(letter) if letter.channel == "email" => format!("{}, a copy, leaves by e-mail", letter.number),
        Some(letter) => format!("{}, a copy, leaves by post", letter.number),
        None => "No letter of ours carried it: it came from the old ledger".to_owned(),
    };
    told(&invoice_at(&number), &news)
}

/// A PDF to be read in the browser, with a name for those who keep it.
pub(super) fn show_pdf(name: &str, bytes: Vec<u8>) -> Answer {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let place = format!("inline; filename=\"{name}.pdf\"");
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, place)], bytes)
        .into_response())
}
