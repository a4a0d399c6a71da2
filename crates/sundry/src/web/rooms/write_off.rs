//! Candidates for giving up, and one debt: evidence, the service, proposing it.
use super::export::{Sheet, download, wanted};
use super::form::{Asked, again, amount_field, asked, date_field, onto, open_address};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, path_part, see_other, told};
use crate::web::pages::write_off::{Candidates, CasePage};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::queries::NewFile;
use sundry_desk::writeoff::{
    self, AddDebtEvidence, AskDecision, CandidatesAsk, CandidatesPage, EndDebtEvidence, ProposeWriteOffs,
    RequestWriteOff, candidates, debt_case,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::{counted, written};
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};

/// Whose work this room is.
pub(super) const READ: &[Duty] = &[Duty::ProposeWriteOff, Duty::ApproveWriteOff, Duty::WorkCases, Duty::RunReports];
const PROPOSE: &[Duty] = &[Duty::ProposeWriteOff];
const ASK: &[Duty] = &[Duty::ProposeWriteOff, Duty::WorkCases];
/// The fields of a debt's page.
const FIELDS: [&str; 13] = [
    "kind",
    "evidence_words",
    "on",
    "purpose",
    "to",
    "need",
    "question",
    "default_answer",
    "reason",
    "amount",
    "words",
    "how",
    "file",
];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/write-offs", READ, get(list).post(propose_many))
        .add("/write-offs/debts/{number}", &[Duty::View], get(view))
        .add("/write-offs/debts/{number}/evidence", PROPOSE, post(evidence))
        .add("/write-offs/debts/{number}/files/{sha256}", &[Duty::View], get(file))
        .add("/write-offs/debts/{number}/evidence-end", PROPOSE, post(evidence_end))
        .add("/write-offs/debts/{number}/propose", PROPOSE, post(propose))
        .add("/write-offs/debts/{number}/ask", ASK, post(ask))
        .add("/billing/invoices/{number}/write-off", PROPOSE, get(moved))
}

/// The form stood with the invoice once; what it did is done on the debt's page.
async fn moved(Path(number): Path<String>) -> Answer {
    see_other(&format!("/write-offs/debts/{}", path_part(&number)))
}

async fn found(doors: &Shared, visitor: &Visitor, query: &Asked, words: &str) -> Outcome<Candidates> {
    let (reason, service) = (asked(query, "reason").to_owned(), asked(query, "service").to_owned());
    let ready = asked(query, "ready") == "yes";
    let ask = CandidatesAsk { reason: reason.clone(), service: service.clone(), ready };
    let found = candidates(&doors.desk, &visitor.actor, ask).await?;
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/writeoff".into();
    let ready_word = if ready { "yes" } else { "" };
    let download = open_address("/write-offs", &[("reason", &reason), ("service", &service), ("ready", ready_word)]);
    Ok(Candidates {
        frame,
        found,
        filter: (reason, service, ready),
        may_propose: visitor.actor.holds(Duty::ProposeWriteOff),
        words: words.to_owned(),
        download,
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let shown = found(&doors, &visitor, &query, "").await?;
    if wanted(asked(&query, "format")) {
        return sheet(shown.found).file(asked(&query, "format"), &doors, &visitor);
    }
    page(&shown)
}

fn sheet(found: CandidatesPage) -> Sheet {
    let columns = vec![
        ("debt", Text),
        ("customer_id", Text),
        ("customer", Text),
        ("service", Text),
        ("due", Date),
        ("open", Money),
        ("vat_relief", Money),
        ("reason", Text),
        ("category", Text),
        ("decides", Text),
        ("missing", Text),
        ("in_the_way", Text),
        ("schedule", Text),
    ];
    let row = |one: writeoff::CandidateShown| {
        let way: Vec<String> = one.in_the_way.into_iter().map(|(_, words)| words).collect();
        vec![
            Cell::Text(one.number),
            Cell::Text(one.customer_number),
            Cell::Text(one.customer_name),
            Cell::Text(one.service),
            Cell::Date(one.due_on),
            Cell::Pence(one.open_pence),
            Cell::Pence(one.relief.amount_pence),
            Cell::Text(one.reason),
            Cell::Text(one.category),
            Cell::Text(one.tier),
            Cell::Text(one.missing),
            Cell::Text(way.join("; ")),
            Cell::Text(one.schedule),
        ]
    };
    Sheet { title: "Debts to give up", columns, rows: found.rows.into_iter().map(row).collect(), filters: Vec::new() }
}

async fn propose_many(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let reason = posted.get("reason").to_owned();
    let ask = ProposeWriteOffs {
        key: posted.key(),
        debts: posted.all("debt").map(str::to_owned).collect(),
        amount: None,
        reason: reason.clone(),
        words: posted.get("words").to_owned(),
    };
    match writeoff::propose_write_offs(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news =
                format!("{} of {} put on {}", counted(done.lines, "debt"), Pence(done.total_pence), done.schedule);
            told(&format!("/approvals/writeoffs/{}", done.schedule), &news)
        }
        Err(no) => {
            let query = Asked::from([("reason".to_owned(), reason)]);
            let mut shown = found(&doors, &visitor, &query, posted.get("words")).await?;
            let status = onto(&mut shown.frame, no, &[("debts", "words")])?;
            page_with(status, &shown)
        }
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Result<CasePage, Trouble> {
    let case = debt_case(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/writeoff".into();
    let may = |duty| visitor.actor.holds(duty);
    let propose = may(Duty::ProposeWriteOff);
    Ok(CasePage { frame, case, may: (propose, propose || may(Duty::WorkCases)), typed: Vec::new() })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

/// The debt's page with what was typed on it.
async fn typed(doors: &Shared, visitor: &Visitor, number: &str, posted: &Posted) -> Result<CasePage, Trouble> {
    let mut one = shown(doors, visitor, number).await?;
    one.typed = FIELDS.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect();
    Ok(one)
}

fn back(number: &str) -> String {
    format!("/write-offs/debts/{}", path_part(number))
}

async fn evidence(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut one = typed(&doors, &visitor, &number, &posted).await?;
    let on = date_field(&mut one.frame, "on", posted.get("on"), doors.desk.today());
    if !one.frame.errors.is_empty() {
        return again(&one);
    }
    let file = posted.files.iter().find(|file| !file.bytes.is_empty());
    let file = file.map(|file| NewFile { name: file.name.clone(), bytes: file.bytes.clone() });
    let ask = AddDebtEvidence {
        key: posted.key(),
        debt: number.clone(),
        kind: posted.get("kind").to_owned(),
        words: posted.get("evidence_words").to_owned(),
        on,
    };
    match writeoff::add_debt_evidence(&doors.desk, &visitor.actor, ask, file).await {
        Ok(_) => told(&back(&number), "The evidence is on file"),
        Err(no) => {
            let fields = [
                ("words", "evidence_words"),
                ("QRY-EVIDENCE-KIND", "file"),
                ("QRY-EVIDENCE-SIZE", "file"),
                ("CTL-06-CARD-NUMBER", "evidence_words"),
            ];
            let status = onto(&mut one.frame, no, &fields)?;
            page_with(status, &one)
        }
    }
}

/// A file on file: always to be saved, never shown as a page of ours.
async fn file(State(doors): State<Shared>, visitor: Visitor, Path((number, sha256)): Path<(String, String)>) -> Answer {
    let (name, kind, bytes) = writeoff::debt_evidence_file(&doors.desk, &visitor.actor, &number, &sha256).await?;
    download(&name, &kind, bytes)
}

async fn evidence_end(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let ask = EndDebtEvidence {
        key: posted.key(),
        debt: number.clone(),
        evidence: posted.get("evidence").parse().unwrap_or_default(),
        words: posted.get("words").to_owned(),
    };
    writeoff::end_debt_evidence(&doors.desk, &visitor.actor, ask).await?;
    told(&back(&number), "The evidence is taken off; it stays to be read")
}

async fn propose(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut one = typed(&doors, &visitor, &number, &posted).await?;
    let amount = amount_field(&mut one.frame, "amount", posted.get("amount"));
    if !one.frame.errors.is_empty() {
        return again(&one);
    }
    let (reason, words) = (posted.get("reason").to_owned(), posted.get("words").to_owned());
    let alone = posted.get("how") == "alone";
    let done = if alone {
        let item = number.clone();
        let ask = RequestWriteOff { key: posted.key(), item, amount, reason, words, evidence: Vec::new() };
        let done = writeoff::request_write_off(&doors.desk, &visitor.actor, ask).await;
        done.map(|asked| {
            let news = format!("Write-off of {} asked for: {}", Pence(asked.amount_pence), asked.approval);
            (back(&number), news)
        })
    } else {
        let ask = ProposeWriteOffs { key: posted.key(), debts: vec![number.clone()], amount, reason, words };
        let done = writeoff::propose_write_offs(&doors.desk, &visitor.actor, ask).await;
        done.map(|done| {
            let news = format!("{} put on {}", Pence(done.total_pence), done.schedule);
            (format!("/approvals/writeoffs/{}", done.schedule), news)
        })
    };
    match done {
        Ok((to, news)) => told(&to, &news),
        Err(no) => {
            let fields = [
                ("REC-09-AMOUNT", "amount"),
                ("REC-09-NOT-UNECONOMIC", "reason"),
                ("REC-09-NOT-BARRED", "reason"),
                ("REC-09-EVIDENCE", "reason"),
            ];
            let status = onto(&mut one.frame, no, &fields)?;
            page_with(status, &one)
        }
    }
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut one = typed(&doors, &visitor, &number, &posted).await?;
    let text = |field: &str| posted.get(field).to_owned();
    let ask = AskDecision {
        key: posted.key(),
        debt: number.clone(),
        purpose: text("purpose"),
        need: text("need"),
        to: text("to"),
        question: text("question"),
        default_answer: text("default_answer"),
        ..AskDecision::default()
    };
    match writeoff::ask_decision(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(
            &back(&number),
            &format!("{} is asked; recovery is held until {}", done.referral, written(done.answer_by)),
        ),
        Err(no) => {
            let fields = [("REC-06-FORBIDDEN", "need"), ("REC-06-DEFAULT", "default_answer")];
            let status = onto(&mut one.frame, no, &fields)?;
            page_with(status, &one)
        }
    }
}
