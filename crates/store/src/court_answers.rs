//! Answers of the court: each file once, and of each line what became of it.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// An answer file.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AnswerFileRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// submitted, feedback or responses.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Hash of its bytes: no file is taken twice.
    pub file_sha256: String,
    /// Our reference of the bulk it answers; empty where it names none.
    pub our_reference: String,
    /// The court's reference of that bulk; empty where it names none.
    pub court_reference: String,
    /// Lines in it.
    pub lines_count: i64,
    /// When it was taken.
    pub taken_on: NaiveDate,
    /// By whom.
    pub taken_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a file.
pub async fn add_file(tx: &mut Tx, org: OrgId, r: &AnswerFileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into court_answer_file (org_id, id, number, kind, name, file_sha256, our_reference, court_reference, lines_count, taken_on, taken_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        &r.kind,
        &r.name,
        &r.file_sha256,
        &r.our_reference,
        &r.court_reference,
        r.lines_count,
        r.taken_on,
        &r.taken_by,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// A file by its number.
pub async fn file(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<AnswerFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, name, file_sha256, our_reference, court_reference, lines_count, taken_on, taken_by, recorded_at from court_answer_file where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A file by the hash of its bytes.
pub async fn file_with(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Option<AnswerFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, name, file_sha256, our_reference, court_reference, lines_count, taken_on, taken_by, recorded_at from court_answer_file where org_id = $1 and file_sha256 = $2"
    );
    tx.maybe(sql, args![org, sha256]).await
}

/// A file in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AnswerFileLine {
    /// Id, for the next page.
    pub id: i64,
    /// Number.
    pub number: String,
    /// submitted, feedback or responses.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Our reference of the bulk it answers.
    pub our_reference: String,
    /// Lines in it.
    pub lines_count: i64,
    /// Lines that a person must decide.
    pub open_count: i64,
    /// Lines that are not worked yet.
    pub waiting_count: i64,
    /// When it was taken.
    pub taken_on: NaiveDate,
    /// By whom.
    pub taken_by: String,
}

/// Files before a place, newest first.
pub async fn files(tx: &mut Tx, org: OrgId, before: i64, limit: i64) -> Result<Vec<AnswerFileLine>, StoreFault> {
    let sql = sql!(
        "select f.id, f.number, f.kind, f.name, f.our_reference, f.lines_count, coalesce((select cast(count(*) as bigint) from court_answer a where a.org_id = f.org_id and a.file_id = f.id and a.state = 'open'), 0) as open_count, coalesce((select cast(count(*) as bigint) from court_answer a where a.org_id = f.org_id and a.file_id = f.id and a.state = 'waiting'), 0) as waiting_count, f.taken_on, f.taken_by from court_answer_file f where f.org_id = $1 and f.id < $2 order by f.id desc limit $3"
    );
    tx.all(sql, args![org, before, limit]).await
}

/// A line of an answer.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AnswerRow {
    /// Id.
    pub id: i64,
    /// The file.
    pub file_id: i64,
    /// Its place in the file, from 1.
    pub seq: i64,
    /// What it is about: bulk, response, or the court's name of the request, such as mcolClaim.
    pub about: String,
    /// What it says: accepted, rejected, awaiting, or what a defendant answered.
    pub said: String,
    /// Our number of the request; empty where it names none.
    pub request: String,
    /// The court's number; empty where it names none.
    pub claim_number: String,
    /// In words.
    pub words: String,
    /// Hash of all it says: the same told again is not done again.
    pub fingerprint: String,
    /// waiting, done, noted, again, open or settled.
    pub state: String,
    /// The case it was for; empty where none was found.
    pub case_number: String,
    /// What became of it, or why a person must decide.
    pub outcome: String,
    /// When that was decided.
    pub decided_on: Option<NaiveDate>,
    /// By whom.
    pub decided_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds lines.
pub async fn add_answers(tx: &mut Tx, org: OrgId, rows: &[AnswerRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "file_id",
        "seq",
        "about",
        "said",
        "request",
        "claim_number",
        "words",
        "fingerprint",
        "state",
        "case_number",
        "outcome",
        "decided_on",
        "decided_by",
        "recorded_at",
        "version",
    ];
    let rows = rows.iter().map(|r| {
        args![
            org,
            r.id,
            r.file_id,
            r.seq,
            &r.about,
            &r.said,
            &r.request,
            &r.claim_number,
            &r.words,
            &r.fingerprint,
            &r.state,
            &r.case_number,
            &r.outcome,
            r.decided_on,
            &r.decided_by,
            r.recorded_at,
            r.version
        ]
    });
    tx.insert("court_answer", COLUMNS, rows.collect()).await
}

/// The lines of a file, in its order.
pub async fn answers_of(tx: &mut Tx, org: OrgId, file: i64) -> Result<Vec<AnswerRow>, StoreFault> {
    let sql = sql!(
        "select id, file_id, seq, about, said, request, claim_number, words, fingerprint, state, case_number, outcome, decided_on, decided_by, recorded_at, version from court_answer where org_id = $1 and file_id = $2 order by seq, id"
    );
    tx.all(sql, args![org, file]).await
}

/// A line.
pub async fn answer(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<AnswerRow>, StoreFault> {
    let sql = sql!(
        "select id, file_id, seq, about, said, request, claim_number, words, fingerprint, state, case_number, outcome, decided_on, decided_by, recorded_at, version from court_answer where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// Numbers of files that said the same before.
pub async fn told_before(tx: &mut Tx, org: OrgId, fingerprint: &str) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!(
        "select f.number from court_answer a join court_answer_file f on f.org_id = a.org_id and f.id = a.file_id where a.org_id = $1 and a.fingerprint = $2 order by a.id"
    );
    tx.all(sql, args![org, fingerprint]).await
}

/// Writes down what became of a line; false if its version has moved on.
pub async fn change_answer(tx: &mut Tx, org: OrgId, r: &AnswerRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update court_answer set state = $4, case_number = $5, outcome = $6, decided_on = $7, decided_by = $8, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![org, r.id, r.version, &r.state, &r.case_number, &r.outcome, r.decided_on, &r.decided_by];
    Ok(tx.run(sql, values).await? == 1)
}
