//! Proofs of accounts: what the ledger says, what is open, what was kept of it.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// What one document left on an account.
#[derive(Clone, Debug, FromRow)]
pub struct SourceSum {
    /// The document: `receipt RCT-000041`.
    pub source: String,
    /// What happened first, by name.
    pub event: String,
    /// When.
    pub first_on: NaiveDate,
    /// Debits less credits.
    pub net_pence: i64,
}

/// The balance of a GL code at the end of a day.
pub async fn balance(tx: &mut Tx, org: OrgId, code: &str, as_at: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select coalesce(cast(sum(e.debit_pence - e.credit_pence) as bigint), 0) from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id where j.org_id = $1 and j.posted_on <= $2 and e.gl_code = $3"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, as_at, code]).await?.0)
}

/// The documents that are not cleared on a GL code at the end of a day, oldest first.
pub async fn open_sources(tx: &mut Tx, org: OrgId, code: &str, as_at: NaiveDate) -> Result<Vec<SourceSum>, StoreFault> {
    let sql = sql!(
        "select j.source, min(j.event) as event, min(j.posted_on) as first_on, cast(sum(e.debit_pence - e.credit_pence) as bigint) as net_pence from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id where j.org_id = $1 and j.posted_on <= $2 and e.gl_code = $3 group by j.source having cast(sum(e.debit_pence - e.credit_pence) as bigint) <> 0 order by 3, 1"
    );
    tx.all(sql, args![org, as_at, code]).await
}

/// The same on a bank's code, without what came in on a bank line.
pub async fn open_off_statement(
    tx: &mut Tx,
    org: OrgId,
    code: &str,
    as_at: NaiveDate,
) -> Result<Vec<SourceSum>, StoreFault> {
    let sql = sql!(
        "select j.source, min(j.event) as event, min(j.posted_on) as first_on, cast(sum(e.debit_pence - e.credit_pence) as bigint) as net_pence from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id left join receipt r on r.org_id = j.org_id and r.number = substr(j.source, 9) where j.org_id = $1 and j.posted_on <= $2 and e.gl_code = $3 and (r.id is null or r.bank_line_id is null) group by j.source having cast(sum(e.debit_pence - e.credit_pence) as bigint) <> 0 order by 3, 1"
    );
    tx.all(sql, args![org, as_at, code]).await
}

/// A bank line that is not in the ledger, or not wholly.
#[derive(Clone, Debug, FromRow)]
pub struct LineNotPosted {
    /// Line.
    pub id: i64,
    /// Its day.
    pub posted_on: NaiveDate,
    /// What it is for in the statement.
    pub amount_pence: i64,
    /// What of it is in the ledger.
    pub net_pence: i64,
    /// Who paid.
    pub payer_name: String,
    /// What the bank says.
    pub words: String,
    /// Where it stands.
    pub state: String,
    /// Why.
    pub reason: String,
}

/// Bank lines up to a day whose amount is not what the ledger has of them, oldest first.
pub async fn lines_not_posted(
    tx: &mut Tx,
    org: OrgId,
    code: &str,
    as_at: NaiveDate,
) -> Result<Vec<LineNotPosted>, StoreFault> {
    let sql = sql!(
        "select l.id, l.posted_on, l.amount_pence, coalesce(x.net, 0) as net_pence, l.payer_name, l.words, l.state, l.reason from bank_line l join bank_account b on b.org_id = l.org_id and b.id = l.bank_account_id left join (select r.bank_line_id, cast(sum(e.debit_pence - e.credit_pence) as bigint) as net from receipt r join journal j on j.org_id = r.org_id and j.source = 'receipt ' || r.number join entry e on e.org_id = j.org_id and e.journal_id = j.id where r.org_id = $1 and r.bank_line_id is not null and j.posted_on <= $2 and e.gl_code = $3 group by r.bank_line_id) x on x.bank_line_id = l.id where l.org_id = $1 and l.posted_on <= $2 and b.gl_code = $3 and l.amount_pence <> coalesce(x.net, 0) order by l.posted_on, l.id"
    );
    tx.all(sql, args![org, as_at, code]).await
}

/// A balance that a bank stated.
#[derive(Clone, Debug, FromRow)]
pub struct StatedBalance {
    /// The account.
    pub account_id: i64,
    /// Its name.
    pub name: String,
    /// The day.
    pub on_day: NaiveDate,
    /// The balance.
    pub pence: i64,
}

/// The last balance that each bank account of a GL code stated up to a day.
pub async fn closing_balances(
    tx: &mut Tx,
    org: OrgId,
    code: &str,
    as_at: NaiveDate,
) -> Result<Vec<StatedBalance>, StoreFault> {
    let sql = sql!(
        "select b.id as account_id, b.name, s.to_on as on_day, s.closing_pence as pence from bank_account b join bank_statement s on s.org_id = b.org_id and s.bank_account_id = b.id where b.org_id = $1 and b.gl_code = $3 and s.closing_pence is not null and s.to_on is not null and s.to_on <= $2 and not exists (select 1 from bank_statement n where n.org_id = s.org_id and n.bank_account_id = s.bank_account_id and n.closing_pence is not null and n.to_on is not null and n.to_on <= $2 and (n.to_on > s.to_on or (n.to_on = s.to_on and n.id > s.id))) order by b.id"
    );
    tx.all(sql, args![org, as_at, code]).await
}

/// The first balance that each bank account of a GL code stated.
pub async fn opening_balances(tx: &mut Tx, org: OrgId, code: &str) -> Result<Vec<StatedBalance>, StoreFault> {
    let sql = sql!(
        "select b.id as account_id, b.name, s.from_on as on_day, s.opening_pence as pence from bank_account b join bank_statement s on s.org_id = b.org_id and s.bank_account_id = b.id where b.org_id = $1 and b.gl_code = $2 and s.opening_pence is not null and s.from_on is not null and not exists (select 1 from bank_statement n where n.org_id = s.org_id and n.bank_account_id = s.bank_account_id and n.opening_pence is not null and n.from_on is not null and (n.from_on < s.from_on or (n.from_on = s.from_on and n.id < s.id))) order by b.id"
    );
    tx.all(sql, args![org, code]).await
}

/// Sum of the lines of a bank account after one day up to another.
pub async fn lines_between(
    tx: &mut Tx,
    org: OrgId,
    account: i64,
    (after, up_to): (NaiveDate, NaiveDate),
) -> Result<(i64, i64), StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint), coalesce(cast(sum(amount_pence) as bigint), 0) from bank_line where org_id = $1 and bank_account_id = $2 and posted_on > $3 and posted_on <= $4"
    );
    tx.one(sql, args![org, account, after, up_to]).await
}

/// A receipt as a proof tells of it.
#[derive(Clone, Debug, FromRow)]
pub struct ReceiptFact {
    /// Number.
    pub number: String,
    /// bank, cheque, cash or card.
    pub method: String,
    /// Who paid.
    pub payer_name: String,
    /// Why it is where it is.
    pub reason: String,
    /// Who looks after it.
    pub owner: String,
    /// When it came.
    pub received_on: NaiveDate,
}

/// Receipts between two numbers.
pub async fn receipts_between(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (&str, &str),
) -> Result<Vec<ReceiptFact>, StoreFault> {
    let sql = sql!(
        "select number, method, payer_name, reason, owner, received_on from receipt where org_id = $1 and number >= $2 and number <= $3"
    );
    tx.all(sql, args![org, first, last]).await
}

/// What is open on items at the end of a day, by kind: today's, less what was posted and plus what was allocated since.
pub async fn open_by_kind(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Result<Vec<(String, i64)>, StoreFault> {
    let now = sql!(
        "select kind, cast(sum(open_pence) as bigint) from open_item where org_id = $1 and posted_on <= $2 and open_pence <> 0 group by kind"
    );
    let debits = sql!(
        "select i.kind, cast(sum(a.amount_pence) as bigint) from allocation a join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id where a.org_id = $1 and a.allocated_on > $2 and i.posted_on <= $2 group by i.kind"
    );
    let credits = sql!(
        "select i.kind, cast(-sum(a.amount_pence) as bigint) from allocation a join open_item i on i.org_id = a.org_id and i.id = a.credit_item_id where a.org_id = $1 and a.allocated_on > $2 and i.posted_on <= $2 group by i.kind"
    );
    let mut rows: Vec<(String, i64)> = Vec::new();
    for sql in [now, debits, credits] {
        rows.append(&mut tx.all(sql, args![org, as_at]).await?);
    }
    Ok(rows)
}

/// A proof that was kept.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ProofRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// receivables, bank, suspense, direct_debit or refunds.
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
    /// Lines open.
    pub lines_count: i64,
    /// All of it.
    pub content: Value,
    /// Hash of the content.
    pub content_sha256: String,
    /// Hash of the PDF.
    pub file_sha256: String,
    /// What is said of it.
    pub words: String,
    /// prepared, reviewed or sent_back.
    pub state: String,
    /// Who prepared it.
    pub prepared_by: i64,
    /// Their name.
    pub prepared_by_name: String,
    /// When.
    pub prepared_on: NaiveDate,
    /// Who reviewed it.
    pub reviewed_by_name: String,
    /// When.
    pub reviewed_on: Option<NaiveDate>,
    /// What they said.
    pub review_words: String,
}

/// Keeps a proof.
pub async fn add_proof(tx: &mut Tx, org: OrgId, p: &ProofRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into control_proof (org_id, id, number, kind, subject, as_at, ledger_pence, other_pence, open_pence, unexplained_pence, lines_count, content, content_sha256, file_sha256, words, state, prepared_by, prepared_by_name, prepared_on, reviewed_by_name, review_words, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'prepared', $16, $17, $18, '', '', $19)"
    );
    let values = args![
        org,
        p.id,
        &p.number,
        &p.kind,
        &p.subject,
        p.as_at,
        p.ledger_pence,
        p.other_pence,
        p.open_pence,
        p.unexplained_pence,
        p.lines_count,
        p.content.clone(),
        &p.content_sha256,
        &p.file_sha256,
        &p.words,
        p.prepared_by,
        &p.prepared_by_name,
        p.prepared_on,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The proof with a number.
pub async fn proof_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ProofRow>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, subject, as_at, ledger_pence, other_pence, open_pence, unexplained_pence, lines_count, content, content_sha256, file_sha256, words, state, prepared_by, prepared_by_name, prepared_on, reviewed_by_name, reviewed_on, review_words from control_proof where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Proofs, newest first; of one day where one is given.
pub async fn proofs(
    tx: &mut Tx,
    org: OrgId,
    as_at: Option<NaiveDate>,
    limit: i64,
) -> Result<Vec<ProofRow>, StoreFault> {
    let all = sql!(
        "select id, number, kind, subject, as_at, ledger_pence, other_pence, open_pence, unexplained_pence, lines_count, content, content_sha256, file_sha256, words, state, prepared_by, prepared_by_name, prepared_on, reviewed_by_name, reviewed_on, review_words from control_proof where org_id = $1 order by id desc limit $2"
    );
    let of_day = sql!(
        "select id, number, kind, subject, as_at, ledger_pence, other_pence, open_pence, unexplained_pence, lines_count, content, content_sha256, file_sha256, words, state, prepared_by, prepared_by_name, prepared_on, reviewed_by_name, reviewed_on, review_words from control_proof where org_id = $1 and as_at = $3 order by id desc limit $2"
    );
    match as_at {
        None => tx.all(all, args![org, limit]).await,
        Some(day) => tx.all(of_day, args![org, limit, day]).await,
    }
}

/// Decides a proof that waits; false where somebody was quicker.
pub async fn decide_proof(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (state, by, name, on, words): (&str, i64, &str, NaiveDate, &str),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update control_proof set state = $3, reviewed_by = $4, reviewed_by_name = $5, reviewed_on = $6, review_words = $7 where org_id = $1 and id = $2 and state = 'prepared'"
    );
    Ok(tx.run(sql, args![org, id, state, by, name, on, words]).await? == 1)
}

/// Owners and words of open lines: key, owner, words.
pub async fn line_owners(tx: &mut Tx, org: OrgId, kind: &str) -> Result<Vec<(String, String, String)>, StoreFault> {
    let sql = sql!("select key, owner, words from control_line_owner where org_id = $1 and kind = $2");
    tx.all(sql, args![org, kind]).await
}

/// Gives an open line an owner and words.
pub async fn set_line_owner(
    tx: &mut Tx,
    org: OrgId,
    (kind, key): (&str, &str),
    (owner, words, by): (&str, &str, &str),
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into control_line_owner (org_id, kind, key, owner, words, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (org_id, kind, key) do update set owner = excluded.owner, words = excluded.words, actor_name = excluded.actor_name, recorded_at = excluded.recorded_at"
    );
    tx.run(sql, args![org, kind, key, owner, words, by, at]).await.map(drop)
}

/// What a night's proof found.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NightRow {
    /// The day.
    pub on_day: NaiveDate,
    /// What was proved.
    pub kind: String,
    /// GL code of the bank, or empty.
    pub subject: String,
    /// The ledger's balance.
    pub ledger_pence: i64,
    /// What it was proved against, with what is open.
    pub other_pence: i64,
    /// What is left unexplained.
    pub unexplained_pence: i64,
}

/// Keeps a night's proof; one of the same day is replaced.
pub async fn keep_night(tx: &mut Tx, org: OrgId, n: &NightRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into control_night (org_id, on_day, kind, subject, ledger_pence, other_pence, unexplained_pence, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (org_id, on_day, kind, subject) do update set ledger_pence = excluded.ledger_pence, other_pence = excluded.other_pence, unexplained_pence = excluded.unexplained_pence, recorded_at = excluded.recorded_at"
    );
    let values = args![org, n.on_day, &n.kind, &n.subject, n.ledger_pence, n.other_pence, n.unexplained_pence, at];
    tx.run(sql, values).await.map(drop)
}

/// The nights since a day, newest first.
pub async fn nights(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<NightRow>, StoreFault> {
    let sql = sql!(
        "select on_day, kind, subject, ledger_pence, other_pence, unexplained_pence from control_night where org_id = $1 and on_day >= $2 order by on_day desc, kind, subject"
    );
    tx.all(sql, args![org, since]).await
}
