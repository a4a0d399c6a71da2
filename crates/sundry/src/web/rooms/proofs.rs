//! Reconciliations: proofs of accounts as at any day, prepared, reviewed, kept.
use super::export::{Sheet, download, wanted};
use super::form::{Asked, address, asked, onto, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::proofs::{Account, AccountProof, Kept, KeptLine, ProofGroup, ProofLine, Reconciliations};
use crate::web::ui::{Frame, Tag, TagColour, count_of, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use chrono::{Days, NaiveDate};
use sundry_desk::No;
use sundry_desk::close::proofs::{
    OwnLine, PREPARES, PrepareProof, ProofSubject, ProveControls, REVIEWS, ReviewProof, account_proof, control_nights,
    own_line, prepare_proof, proof, proof_pdf, proof_subjects, proofs, prove_controls, review_proof,
};
use sundry_domain::close::{Proof, ProofKind};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;
use sundry_store::control_proof::ProofRow;

const LOOK: &[Duty] = &[Duty::RunReports];
/// Nights looked back for the last figures.
const NIGHTS: u64 = 35;

/// The routes of reconciliations.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/reconciliations", LOOK, get(list))
        .add("/cash/reconciliations/night", PREPARES, post(night))
        .add("/cash/reconciliations/{kind}", LOOK, get(view).post(prepare))
        .add("/cash/reconciliations/{kind}/owner", PREPARES, post(own))
        .add("/cash/proofs/{number}", LOOK, get(kept))
        .add("/cash/proofs/{number}/pdf", LOOK, get(pdf))
        .add("/cash/proofs/{number}/review", REVIEWS, post(review))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/reconciliations".into();
    frame
}

fn may(visitor: &Visitor, duties: &[Duty]) -> bool {
    duties.iter().any(|duty| visitor.actor.holds(*duty))
}

/// The tag of a proof's state.
pub(super) fn state(row: &ProofRow) -> Tag {
    match row.state.as_str() {
        "reviewed" => tag("Reviewed", TagColour::Green),
        "sent_back" => tag("Sent back", TagColour::Red),
        _ => tag("To review", TagColour::Yellow),
    }
}

fn title_of(subjects: &[ProofSubject], kind: &str, subject: &str) -> String {
    let found = subjects.iter().find(|one| one.kind.as_str() == kind && one.subject == subject);
    found.map_or_else(|| kind.to_owned(), |one| one.title.clone())
}

/// The address of the proof of an account.
pub(super) fn address_of(kind: ProofKind, subject: &str, as_at: NaiveDate) -> String {
    let path = format!("/cash/reconciliations/{}", kind.as_str());
    address(&path, &[("subject", subject), ("as_at", &as_at.to_string())])
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut frame = room(&doors, &visitor).await;
    let typed = asked(&query, "as_at");
    let as_at = if typed.is_empty() { Some(desk.today()) } else { read_date(typed, desk.today()) };
    if as_at.is_none() {
        frame.errors.add("as_at", "Enter a date such as 30/11/26");
    }
    let as_at = as_at.unwrap_or_else(|| desk.today());
    let subjects = proof_subjects(desk, by).await?;
    let since = as_at.checked_sub_days(Days::new(NIGHTS)).unwrap_or(as_at);
    let nights = control_nights(desk, by, since).await?;
    let of_day = proofs(desk, by, Some(as_at)).await?;
    let all = proofs(desk, by, None).await?;
    if wanted(asked(&query, "format")) {
        return sheet_of_proofs(&all, &subjects).file(asked(&query, "format"), &doors, &visitor);
    }
    let account = |one: &ProofSubject| {
        let night =
            nights.iter().find(|n| n.on_day <= as_at && n.kind == one.kind.as_str() && n.subject == one.subject);
        let kept = of_day.iter().find(|row| row.kind == one.kind.as_str() && row.subject == one.subject);
        Account {
            title: one.title.clone(),
            href: address_of(one.kind, &one.subject, as_at),
            night: night.map(|night| (Pence(night.ledger_pence), Pence(night.unexplained_pence))),
            proof: kept.map(|row| (row.number.clone(), state(row))),
        }
    };
    let line = |row: &ProofRow| KeptLine {
        number: row.number.clone(),
        title: title_of(&subjects, &row.kind, &row.subject),
        as_at: row.as_at,
        sums: (Pence(row.ledger_pence), Pence(row.unexplained_pence)),
        lines: row.lines_count,
        people: (row.prepared_by_name.clone(), row.reviewed_by_name.clone()),
        state: state(row),
    };
    let shown = Reconciliations {
        frame,
        as_at: if typed.is_empty() { as_at.format("%-d %b %Y").to_string() } else { typed.to_owned() },
        rows: subjects.iter().map(account).collect(),
        night: nights.iter().filter(|night| night.on_day <= as_at).map(|night| night.on_day).max(),
        may_prove: may(&visitor, PREPARES),
        kept: all.iter().take(40).map(line).collect(),
    };
    if shown.frame.failed() { super::form::again(&shown) } else { page(&shown) }
}

fn sheet_of_proofs(all: &[ProofRow], subjects: &[ProofSubject]) -> Sheet {
    let cells = |row: &ProofRow| {
        vec![
            Cell::Text(row.number.clone()),
            Cell::Text(title_of(subjects, &row.kind, &row.subject)),
            Cell::Date(row.as_at),
            Cell::Pence(row.ledger_pence),
            Cell::Pence(row.other_pence),
            Cell::Pence(row.open_pence),
            Cell::Pence(row.unexplained_pence),
            Cell::Text(row.prepared_by_name.clone()),
            Cell::Text(row.reviewed_by_name.clone()),
            Cell::from(row.reviewed_on),
            Cell::Text(row.state.clone()),
            Cell::Text(row.file_sha256.clone()),
        ]
    };
    Sheet {
        title: "Proofs",
        columns: vec![
            ("proof", ColumnKind::Text),
            ("account", ColumnKind::Text),
            ("as_at", ColumnKind::Date),
            ("ledger", ColumnKind::Money),
            ("proved_against", ColumnKind::Money),
            ("open", ColumnKind::Money),
            ("unexplained", ColumnKind::Money),
            ("prepared_by", ColumnKind::Text),
            ("reviewed_by", ColumnKind::Text),
            ("reviewed_on", ColumnKind::Date),
            ("state", ColumnKind::Text),
            ("sha256", ColumnKind::Text),
        ],
        rows: all.iter().map(cells).collect(),
        filters: Vec::new(),
    }
}

async fn night(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let ask = ProveControls { key: posted.key(), as_at: doors.desk.today() };
    let done = prove_controls(&doors.desk, &visitor.actor, ask).await?;
    let accounts = count_of(done.accounts, "account", "accounts");
    let words = match done.unexplained.as_slice() {
        [] => format!("{accounts} proved, nothing left unexplained"),
        [(title, pence), ..] => format!("{accounts} proved; {title} has {} unexplained", Pence(*pence)),
    };
    told("/cash/reconciliations", &words)
}

fn kind_of(text: &str) -> Result<ProofKind, No> {
    ProofKind::parse(text).ok_or_else(|| No::Absent("account".into()))
}

fn shown(frame: Frame, title: String, proof: Proof) -> AccountProof {
    let most = proof.kind.late_after();
    let (late, unexplained) = (proof.late(), proof.unexplained());
    let as_at = proof.as_at;
    let line = |line: sundry_domain::close::OpenLine| {
        let age = line.age(as_at);
        let href = line.what.strip_prefix("receipt ").map(|number| format!("/cash/receipts/{number}"));
        ProofLine {
            href: href.unwrap_or_default(),
            age: (age, most.is_some_and(|most| age > most)),
            key: line.key,
            what: line.what,
            why: line.why,
            on: line.on,
            owner: line.owner,
            amount: line.amount,
        }
    };
    let groups = proof.groups.into_iter().map(|group| ProofGroup {
        title: group.title,
        count: group.count,
        amount: group.amount,
        lines: group.lines.into_iter().map(line).collect(),
    });
    AccountProof {
        frame,
        title,
        account: (proof.kind.as_str().to_owned(), proof.subject),
        as_at,
        other: (proof.other_name, proof.other),
        groups: groups.collect(),
        ledger: proof.ledger,
        unexplained,
        late,
        prepare: None,
        owner: Default::default(),
        kept: None,
    }
}

async fn live(
    doors: &Shared,
    visitor: &Visitor,
    kind: &str,
    subject: &str,
    as_at: NaiveDate,
) -> Result<AccountProof, Trouble> {
    let kind = kind_of(kind)?;
    let subjects = proof_subjects(&doors.desk, &visitor.actor).await?;
    let made = account_proof(&doors.desk, &visitor.actor, (kind, subject), as_at).await?;
    let title = title_of(&subjects, kind.as_str(), subject);
    let mut page = shown(room(doors, visitor).await, title, made);
    page.prepare = may(visitor, PREPARES).then(String::new);
    Ok(page)
}

fn day_of(doors: &Shared, typed: &str) -> NaiveDate {
    read_date(typed, doors.desk.today()).unwrap_or_else(|| doors.desk.today())
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let as_at = day_of(&doors, asked(&query, "as_at"));
    let made = live(&doors, &visitor, &kind, asked(&query, "subject"), as_at).await?;
    if wanted(asked(&query, "format")) {
        return sheet_of_lines(made).file(asked(&query, "format"), &doors, &visitor);
    }
    page(&made)
}

fn sheet_of_lines(made: AccountProof) -> Sheet {
    let filters = vec![
        ("Account", made.title.clone()),
        ("As at the end of", made.as_at.to_string()),
        ("Balance in the ledger", made.ledger.pounds()),
        ("Left unexplained", made.unexplained.pounds()),
    ];
    let mut rows = vec![vec![
        Cell::Text(made.other.0.clone()),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Pence(made.other.1.0),
    ]];
    for group in made.groups {
        if group.lines.is_empty() {
            let blank = || Cell::Empty;
            rows.push(vec![
                Cell::Text(group.title.clone()),
                blank(),
                blank(),
                blank(),
                blank(),
                blank(),
                Cell::Pence(group.amount.0),
            ]);
        }
        rows.extend(group.lines.into_iter().map(|line| {
            vec![
                Cell::Text(group.title.clone()),
                Cell::Text(line.what),
                Cell::Text(line.why),
                Cell::Date(line.on),
                Cell::Whole(line.age.0),
                Cell::Text(line.owner),
                Cell::Pence(line.amount.0),
            ]
        }));
    }
    Sheet {
        title: "Proof",
        columns: vec![
            ("part", ColumnKind::Text),
            ("what", ColumnKind::Text),
            ("why", ColumnKind::Text),
            ("since", ColumnKind::Date),
            ("days", ColumnKind::Whole),
            ("owner", ColumnKind::Text),
            ("amount", ColumnKind::Money),
        ],
        rows,
        filters,
    }
}

async fn prepare(State(doors): State<Shared>, visitor: Visitor, Path(kind): Path<String>, posted: Posted) -> Answer {
    let as_at = day_of(&doors, posted.get("as_at"));
    let words = posted.get("words").to_owned();
    let subject = posted.get("subject").to_owned();
    let ask =
        PrepareProof { key: posted.key(), kind: kind.clone(), subject: subject.clone(), as_at, words: words.clone() };
    match prepare_proof(&doors.desk, &visitor.actor, ask).await {
        Ok(made) => told(&format!("/cash/proofs/{}", made.number), &format!("{} is kept", made.number)),
        Err(no) => {
            let mut again = live(&doors, &visitor, &kind, &subject, as_at).await?;
            again.prepare = Some(words);
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn own(State(doors): State<Shared>, visitor: Visitor, Path(kind): Path<String>, posted: Posted) -> Answer {
    let as_at = day_of(&doors, posted.get("as_at"));
    let subject = posted.get("subject").to_owned();
    let typed = (posted.get("line").to_owned(), posted.get("owner").to_owned(), posted.get("known").to_owned());
    let ask = OwnLine {
        key: posted.key(),
        kind: kind.clone(),
        line: typed.0.clone(),
        owner: typed.1.clone(),
        words: typed.2.clone(),
    };
    match own_line(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => see_other(&address_of(kind_of(&kind)?, &subject, as_at)),
        Err(no) => {
            let mut again = live(&doors, &visitor, &kind, &subject, as_at).await?;
            again.owner = typed;
            let status = onto(&mut again.frame, no, &[("words", "known")])?;
            page_with(status, &again)
        }
    }
}

async fn kept_page(doors: &Shared, visitor: &Visitor, number: &str) -> Result<AccountProof, Trouble> {
    let subjects = proof_subjects(&doors.desk, &visitor.actor).await?;
    let (row, made) = proof(&doors.desk, &visitor.actor, number).await?;
    let title = title_of(&subjects, &row.kind, &row.subject);
    let mut page = shown(room(doors, visitor).await, title, made);
    let may_review = row.state == "prepared" && may(visitor, REVIEWS) && row.prepared_by != visitor.actor.user.0;
    page.kept = Some(Kept {
        state: state(&row),
        number: row.number,
        words: row.words,
        prepared: (row.prepared_by_name, row.prepared_on),
        reviewed: row.reviewed_on.map(|on| (row.reviewed_by_name, on, row.review_words)),
        sha256: row.file_sha256,
        review: may_review.then(String::new),
    });
    Ok(page)
}

async fn kept(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&kept_page(&doors, &visitor, &number).await?)
}

async fn pdf(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let (name, bytes) = proof_pdf(&doors.desk, &visitor.actor, &number).await?;
    download(&name, "application/pdf", bytes)
}

async fn review(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let words = posted.get("words").to_owned();
    let accept = posted.get("do") == "accept";
    let ask = ReviewProof { key: posted.key(), number: number.clone(), accept, words: words.clone() };
    match review_proof(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let how = if done.state == "reviewed" { "reviewed" } else { "sent back" };
            told(&format!("/cash/proofs/{}", done.number), &format!("{} is {how}", done.number))
        }
        Err(no) => {
            let mut again = kept_page(&doors, &visitor, &number).await?;
            if let Some(kept) = &mut again.kept {
                kept.review = Some(words);
            }
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}
