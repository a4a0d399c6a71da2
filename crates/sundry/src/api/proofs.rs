//! Proofs of accounts as at any day: look, prepare, review, every night.
use super::answer::{Answer, List, file, json, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_desk::No;
use sundry_desk::close::proofs::{
    LineOwned, NightProved, OwnLine, PREPARES, PrepareProof, ProofPrepared, ProofReviewed, ProofSubject, ProveControls,
    REVIEWS, ReviewProof, account_proof, control_nights, own_line, prepare_proof, proof, proof_pdf, proof_subjects,
    proofs, prove_controls, review_proof,
};
use sundry_domain::close::{Proof, ProofKind};
use sundry_domain::control::Duty;
use sundry_store::control_proof::{NightRow, ProofRow};
use utoipa::ToSchema;

const ROOM: &str = "Reconciliations";
const KINDS: &[&str] = &["bank", "receivables", "suspense", "direct_debit", "refunds"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let look: &[Duty] = &[Duty::RunReports];
    let table = table
        .add(
            get(ROOM, "/proof-accounts", "list_proof_accounts", "List the accounts that are proved")
                .listed(desk_list::<ProofSubject>),
            subjects,
        )
        .add(
            get(
                ROOM,
                "/account-proof",
                "get_account_proof",
                "Prove an account as at the end of a day; nothing is kept",
            )
            .needs(look)
            .must("kind", Holds::OneOf(KINDS), "Which account")
            .asks("subject", Holds::Text, "GL code of the bank")
            .asks("as_at", Holds::Day, "As at the end of this day; today when not said")
            .gives(200, desk::<Proof>),
            live,
        )
        .add(
            get(ROOM, "/proofs", "list_proofs", "List the proofs that were kept, newest first")
                .needs(look)
                .asks("as_at", Holds::Day, "Only those of this day")
                .listed(own_list::<KeptProof>),
            list,
        )
        .add(
            post(ROOM, "/proofs", "prepare_proof", "Prepare a proof: printed, and kept by its hash")
                .needs(PREPARES)
                .takes::<NewProof>()
                .gives(201, desk::<ProofPrepared>),
            prepare,
        )
        .add(
            get(ROOM, "/proofs/{number}", "get_proof", "Read a proof that was kept")
                .needs(look)
                .gives(200, own::<WholeProof>),
            one,
        )
        .add(
            get(ROOM, "/proofs/{number}/pdf", "get_proof_pdf", "The PDF of a proof")
                .needs(look)
                .gives_file(&["application/pdf"]),
            pdf,
        );
    act_rows(table, look)
}

fn act_rows(table: Table, look: &'static [Duty]) -> Table {
    table
        .add(
            post(ROOM, "/proofs/{number}/review", "review_proof", "Review somebody else's proof")
                .needs(REVIEWS)
                .takes::<Review>()
                .gives(200, desk::<ProofReviewed>),
            review,
        )
        .add(
            post(ROOM, "/proof-line-owners", "own_proof_line", "Give an open line of an account an owner")
                .needs(PREPARES)
                .takes::<NewOwner>()
                .gives(200, desk::<LineOwned>),
            own_it,
        )
        .add(
            post(ROOM, "/control-nights", "prove_controls", "Prove every account as at today and keep the figures")
                .needs(look)
                .gives(200, desk::<NightProved>),
            night,
        )
        .add(
            get(ROOM, "/control-nights", "list_control_nights", "List what each night's proof found, newest first")
                .needs(look)
                .asks("since", Holds::Day, "From this day on; five weeks when not said")
                .listed(desk_list::<NightRow>),
            nights,
        )
}

/// A proof that was kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeptProof {
    /// Number.
    pub number: String,
    /// Which account.
    pub kind: String,
    /// GL code of the bank, or empty.
    pub subject: String,
    /// As at which day.
    pub as_at: NaiveDate,
    /// The ledger's balance.
    pub ledger_pence: i64,
    /// What it was proved against.
    pub other_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// What is left unexplained.
    pub unexplained_pence: i64,
    /// prepared, reviewed or sent_back.
    pub state: String,
    /// What was said of it.
    pub words: String,
    /// Who prepared it.
    pub prepared_by: String,
    /// Who reviewed it.
    pub reviewed_by: String,
    /// When.
    pub reviewed_on: Option<NaiveDate>,
    /// SHA-256 of its PDF.
    pub file_sha256: String,
}

/// A proof with all of its lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeProof {
    /// What was kept of it.
    pub proof: KeptProof,
    /// Its groups and lines as they were.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

fn told(row: ProofRow) -> KeptProof {
    KeptProof {
        number: row.number,
        kind: row.kind,
        subject: row.subject,
        as_at: row.as_at,
        ledger_pence: row.ledger_pence,
        other_pence: row.other_pence,
        open_pence: row.open_pence,
        unexplained_pence: row.unexplained_pence,
        state: row.state,
        words: row.words,
        prepared_by: row.prepared_by_name,
        reviewed_by: row.reviewed_by_name,
        reviewed_on: row.reviewed_on,
        file_sha256: row.file_sha256,
    }
}

/// A proof to prepare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProof {
    /// bank, receivables, suspense, direct_debit or refunds.
    pub kind: String,
    /// GL code of the bank.
    #[serde(default)]
    pub subject: String,
    /// As at the end of this day.
    pub as_at: NaiveDate,
    /// What is said of it; needed where something is left unexplained.
    #[serde(default)]
    pub words: String,
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Yes; otherwise it goes back.
    pub accept: bool,
    /// What is said; needed to send it back.
    #[serde(default)]
    pub words: String,
}

/// An owner for a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOwner {
    /// The account.
    pub kind: String,
    /// The line's key.
    pub line: String,
    /// Who looks after it.
    pub owner: String,
    /// What is known.
    #[serde(default)]
    pub words: String,
}

async fn subjects(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Accounts", proof_subjects(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn live(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let kind = ProofKind::parse(&asked.text("kind")).ok_or_else(|| No::Absent("account".into()))?;
    let as_at = asked.day("as_at").unwrap_or_else(|| doors.desk.today());
    ok(&account_proof(&doors.desk, &by.0, (kind, &asked.text("subject")), as_at).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = proofs(&doors.desk, &by.0, asked.day("as_at")).await?;
    List::whole("Proofs", rows.into_iter().map(told).collect()).send(&asked, &by, doors.desk.today())
}

async fn prepare(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewProof>) -> Answer {
    let ask = PrepareProof { key, kind: new.kind, subject: new.subject, as_at: new.as_at, words: new.words };
    json(StatusCode::CREATED, &prepare_proof(&doors.desk, &by.0, ask).await?)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (row, kept) = proof(&doors.desk, &by.0, &number).await?;
    ok(&WholeProof { content: serde_json::to_value(&kept)?, proof: told(row) })
}

async fn pdf(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (name, bytes) = proof_pdf(&doors.desk, &by.0, &number).await?;
    file(&name, "application/pdf", bytes)
}

async fn review(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<Review>,
) -> Answer {
    ok(&review_proof(&doors.desk, &by.0, ReviewProof { key, number, accept: sent.accept, words: sent.words }).await?)
}

async fn own_it(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewOwner>) -> Answer {
    let ask = OwnLine { key, kind: sent.kind, line: sent.line, owner: sent.owner, words: sent.words };
    ok(&own_line(&doors.desk, &by.0, ask).await?)
}

async fn night(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    ok(&prove_controls(&doors.desk, &by.0, ProveControls { key, as_at: doors.desk.today() }).await?)
}

async fn nights(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let today = doors.desk.today();
    let since = asked.day("since").unwrap_or_else(|| today.checked_sub_days(Days::new(35)).unwrap_or(today));
    List::whole("Nights", control_nights(&doors.desk, &by.0, since).await?).send(&asked, &by, today)
}
