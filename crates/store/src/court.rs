//! Court cases: who is sued for what, what happened, what is due, what went to the court.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CaseRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The customer.
    pub customer_id: i64,
    /// referred, sent_back, accepted, prepared, signed, filed, issued, judgment, satisfied or closed.
    pub state: String,
    /// Why court.
    pub why: String,
    /// What is known of their income.
    pub means: String,
    /// What is known of what they own.
    pub assets: String,
    /// What spoke for it and against when it was referred.
    pub checks: serde_json::Value,
    /// Who referred it.
    pub referred_by: i64,
    /// Their name.
    pub referred_by_name: String,
    /// When.
    pub referred_on: NaiveDate,
    /// Who decided on the referral.
    pub decided_by_name: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// What they said.
    pub decision_words: String,
    /// The letter of claim; empty before it.
    pub letter_number: String,
    /// Its date.
    pub letter_on: Option<NaiveDate>,
    /// When a reply form came.
    pub replied_on: Option<NaiveDate>,
    /// What it said.
    pub reply_kind: String,
    /// It was only partly completed.
    pub reply_unclear: bool,
    /// Documents were asked for.
    pub documents_requested: bool,
    /// When they were sent, or we explained why not.
    pub documents_sent_on: Option<NaiveDate>,
    /// When fourteen days' notice was given.
    pub notice_on: Option<NaiveDate>,
    /// An offer to pay waits for our answer.
    pub offer_unanswered: bool,
    /// A manager's reason to issue early because time runs out.
    pub time_runs_out: String,
    /// The last safe day for a claim.
    pub safe_on: Option<NaiveDate>,
    /// The claim as it was prepared.
    pub claim: Option<serde_json::Value>,
    /// Who prepared it.
    pub prepared_by: Option<i64>,
    /// Who signs the statement of truth.
    pub signed_by: String,
    /// When.
    pub signed_on: Option<NaiveDate>,
    /// The file it went in.
    pub file_id: Option<i64>,
    /// The court's number.
    pub claim_number: String,
    /// When it was issued.
    pub issued_on: Option<NaiveDate>,
    /// The fee as the court took it.
    pub issue_fee_pence: i64,
    /// When it counts as served.
    pub served_on: Option<NaiveDate>,
    /// Last day to answer.
    pub respond_by: Option<NaiveDate>,
    /// Last day to defend after an acknowledgment.
    pub defend_by: Option<NaiveDate>,
    /// Stayed after this day.
    pub stayed_after: Option<NaiveDate>,
    /// What the defendant answered.
    pub responses: serde_json::Value,
    /// An admission waits for our decision.
    pub admission_pending: bool,
    /// When judgment was asked for.
    pub requested_on: Option<NaiveDate>,
    /// When it was entered.
    pub judgment_on: Option<NaiveDate>,
    /// For how much.
    pub judgment_pence: i64,
    /// How.
    pub judgment_kind: String,
    /// Instalments the court ordered.
    pub terms: Option<serde_json::Value>,
    /// When all of it was paid.
    pub satisfied_on: Option<NaiveDate>,
    /// When the court was told.
    pub told_court_on: Option<NaiveDate>,
    /// A firm that has the case.
    pub solicitor: String,
    /// Its reference.
    pub solicitor_ref: String,
    /// Since when.
    pub solicitor_on: Option<NaiveDate>,
    /// When it ended without.
    pub closed_on: Option<NaiveDate>,
    /// Why.
    pub closed_words: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a case.
pub async fn add_case(tx: &mut Tx, org: OrgId, r: &CaseRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into court_case (org_id, id, number, customer_id, state, why, means, assets, checks, referred_by, referred_by_name, referred_on, decided_by_name, decided_on, decision_words, letter_number, letter_on, replied_on, reply_kind, reply_unclear, documents_requested, documents_sent_on, notice_on, offer_unanswered, time_runs_out, safe_on, claim, prepared_by, signed_by, signed_on, file_id, claim_number, issued_on, issue_fee_pence, served_on, respond_by, defend_by, stayed_after, responses, admission_pending, requested_on, judgment_on, judgment_pence, judgment_kind, terms, satisfied_on, told_court_on, solicitor, solicitor_ref, solicitor_on, closed_on, closed_words, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.customer_id,
        &r.state,
        &r.why,
        &r.means,
        &r.assets,
        r.checks.clone(),
        r.referred_by,
        &r.referred_by_name,
        r.referred_on,
        &r.decided_by_name,
        r.decided_on,
        &r.decision_words,
        &r.letter_number,
        r.letter_on,
        r.replied_on,
        &r.reply_kind,
        r.reply_unclear,
        r.documents_requested,
        r.documents_sent_on,
        r.notice_on,
        r.offer_unanswered,
        &r.time_runs_out,
        r.safe_on,
        r.claim.clone(),
        r.prepared_by,
        &r.signed_by,
        r.signed_on,
        r.file_id,
        &r.claim_number,
        r.issued_on,
        r.issue_fee_pence,
        r.served_on,
        r.respond_by,
        r.defend_by,
        r.stayed_after,
        r.responses.clone(),
        r.admission_pending,
        r.requested_on,
        r.judgment_on,
        r.judgment_pence,
        &r.judgment_kind,
        r.terms.clone(),
        r.satisfied_on,
        r.told_court_on,
        &r.solicitor,
        &r.solicitor_ref,
        r.solicitor_on,
        r.closed_on,
        &r.closed_words,
        r.recorded_at,
        r.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes a case; false if its version has moved on.
pub async fn change_case(tx: &mut Tx, org: OrgId, r: &CaseRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update court_case set state = $4, decided_by_name = $5, decided_on = $6, decision_words = $7, letter_number = $8, letter_on = $9, replied_on = $10, reply_kind = $11, reply_unclear = $12, documents_requested = $13, documents_sent_on = $14, notice_on = $15, offer_unanswered = $16, time_runs_out = $17, safe_on = $18, claim = $19, prepared_by = $20, signed_by = $21, signed_on = $22, file_id = $23, claim_number = $24, issued_on = $25, issue_fee_pence = $26, served_on = $27, respond_by = $28, defend_by = $29, stayed_after = $30, responses = $31, admission_pending = $32, requested_on = $33, judgment_on = $34, judgment_pence = $35, judgment_kind = $36, terms = $37, satisfied_on = $38, told_court_on = $39, solicitor = $40, solicitor_ref = $41, solicitor_on = $42, closed_on = $43, closed_words = $44, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        &r.state,
        &r.decided_by_name,
        r.decided_on,
        &r.decision_words,
        &r.letter_number,
        r.letter_on,
        r.replied_on,
        &r.reply_kind,
        r.reply_unclear,
        r.documents_requested,
        r.documents_sent_on,
        r.notice_on,
        r.offer_unanswered,
        &r.time_runs_out,
        r.safe_on,
        r.claim.clone(),
        r.prepared_by,
        &r.signed_by,
        r.signed_on,
        r.file_id,
        &r.claim_number,
        r.issued_on,
        r.issue_fee_pence,
        r.served_on,
        r.respond_by,
        r.defend_by,
        r.stayed_after,
        r.responses.clone(),
        r.admission_pending,
        r.requested_on,
        r.judgment_on,
        r.judgment_pence,
        &r.judgment_kind,
        r.terms.clone(),
        r.satisfied_on,
        r.told_court_on,
        &r.solicitor,
        &r.solicitor_ref,
        r.solicitor_on,
        r.closed_on,
        &r.closed_words
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A case by its number.
pub async fn case(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, why, means, assets, checks, referred_by, referred_by_name, referred_on, decided_by_name, decided_on, decision_words, letter_number, letter_on, replied_on, reply_kind, reply_unclear, documents_requested, documents_sent_on, notice_on, offer_unanswered, time_runs_out, safe_on, claim, prepared_by, signed_by, signed_on, file_id, claim_number, issued_on, issue_fee_pence, served_on, respond_by, defend_by, stayed_after, responses, admission_pending, requested_on, judgment_on, judgment_pence, judgment_kind, terms, satisfied_on, told_court_on, solicitor, solicitor_ref, solicitor_on, closed_on, closed_words, recorded_at, version from court_case where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A case by the court's number.
pub async fn case_claimed(tx: &mut Tx, org: OrgId, claim: &str) -> Result<Vec<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, why, means, assets, checks, referred_by, referred_by_name, referred_on, decided_by_name, decided_on, decision_words, letter_number, letter_on, replied_on, reply_kind, reply_unclear, documents_requested, documents_sent_on, notice_on, offer_unanswered, time_runs_out, safe_on, claim, prepared_by, signed_by, signed_on, file_id, claim_number, issued_on, issue_fee_pence, served_on, respond_by, defend_by, stayed_after, responses, admission_pending, requested_on, judgment_on, judgment_pence, judgment_kind, terms, satisfied_on, told_court_on, solicitor, solicitor_ref, solicitor_on, closed_on, closed_words, recorded_at, version from court_case where org_id = $1 and claim_number = $2"
    );
    tx.all(sql, args![org, claim]).await
}

/// Cases of a customer, oldest first.
pub async fn cases_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, why, means, assets, checks, referred_by, referred_by_name, referred_on, decided_by_name, decided_on, decision_words, letter_number, letter_on, replied_on, reply_kind, reply_unclear, documents_requested, documents_sent_on, notice_on, offer_unanswered, time_runs_out, safe_on, claim, prepared_by, signed_by, signed_on, file_id, claim_number, issued_on, issue_fee_pence, served_on, respond_by, defend_by, stayed_after, responses, admission_pending, requested_on, judgment_on, judgment_pence, judgment_kind, terms, satisfied_on, told_court_on, solicitor, solicitor_ref, solicitor_on, closed_on, closed_words, recorded_at, version from court_case where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Cases that are not over, oldest first.
pub async fn running_cases(tx: &mut Tx, org: OrgId) -> Result<Vec<CaseRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, why, means, assets, checks, referred_by, referred_by_name, referred_on, decided_by_name, decided_on, decision_words, letter_number, letter_on, replied_on, reply_kind, reply_unclear, documents_requested, documents_sent_on, notice_on, offer_unanswered, time_runs_out, safe_on, claim, prepared_by, signed_by, signed_on, file_id, claim_number, issued_on, issue_fee_pence, served_on, respond_by, defend_by, stayed_after, responses, admission_pending, requested_on, judgment_on, judgment_pence, judgment_kind, terms, satisfied_on, told_court_on, solicitor, solicitor_ref, solicitor_on, closed_on, closed_words, recorded_at, version from court_case where org_id = $1 and state not in ('sent_back', 'satisfied', 'closed') order by id"
    );
    tx.all(sql, args![org]).await
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CaseLine {
    /// Id, for the next page.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Customer.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Where it stands.
    pub state: String,
    /// What is open of its debts.
    pub open_pence: i64,
    /// The court's number.
    pub claim_number: String,
    /// When it was referred.
    pub referred_on: NaiveDate,
    /// The last safe day for a claim.
    pub safe_on: Option<NaiveDate>,
    /// The next deadline.
    pub next_due_on: Option<NaiveDate>,
    /// A firm that has it.
    pub solicitor: String,
}

/// Cases in a state (empty for those that run), newest first.
pub async fn cases(tx: &mut Tx, org: OrgId, state: &str, before: i64, limit: i64) -> Result<Vec<CaseLine>, StoreFault> {
    let sql = sql!(
        "select k.id, k.number, c.number as customer_number, c.name as customer_name, k.state, coalesce((select cast(sum(i.open_pence) as bigint) from court_case_item m join open_item i on i.org_id = m.org_id and i.id = m.item_id where m.org_id = k.org_id and m.case_id = k.id), 0) as open_pence, k.claim_number, k.referred_on, k.safe_on, (select min(e.due_on) from court_event e where e.org_id = k.org_id and e.case_id = k.id and e.due_on is not null and e.done_on is null) as next_due_on, k.solicitor from court_case k join customer c on c.org_id = k.org_id and c.id = k.customer_id where k.org_id = $1 and (k.state = $2 or ($2 = '' and k.state not in ('sent_back', 'satisfied', 'closed'))) and k.id < $3 order by k.id desc limit $4"
    );
    tx.all(sql, args![org, state, before, limit]).await
}

/// A debt of a case, or what the court added to it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CaseItemRow {
    /// The case.
    pub case_id: i64,
    /// The open item.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// What was open of it when it joined.
    pub added_pence: i64,
    /// When it was due.
    pub due_on: NaiveDate,
    /// debt, interest, compensation, issue_fee, costs or enforcement.
    pub part: String,
    /// Whether the case still runs.
    pub is_open: bool,
}

/// Adds debts to a case.
pub async fn add_items(tx: &mut Tx, org: OrgId, rows: &[CaseItemRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "case_id", "item_id", "item_number", "added_pence", "due_on", "part", "is_open"];
    let rows = rows
        .iter()
        .map(|r| args![org, r.case_id, r.item_id, &r.item_number, r.added_pence, r.due_on, &r.part, r.is_open]);
    tx.insert("court_case_item", COLUMNS, rows.collect()).await
}

/// The debts of a case, and what was added.
pub async fn items_of(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<CaseItemRow>, StoreFault> {
    let sql = sql!(
        "select case_id, item_id, item_number, added_pence, due_on, part, is_open from court_case_item where org_id = $1 and case_id = $2 order by item_id"
    );
    tx.all(sql, args![org, case]).await
}

/// Lets the debts of a case go.
pub async fn free_items(tx: &mut Tx, org: OrgId, case: i64) -> Result<(), StoreFault> {
    let sql = sql!("update court_case_item set is_open = $3 where org_id = $1 and case_id = $2");
    tx.run(sql, args![org, case, false]).await.map(drop)
}

/// Takes the debts of a case back into it.
pub async fn take_items_back(tx: &mut Tx, org: OrgId, case: i64) -> Result<(), StoreFault> {
    let sql = sql!("update court_case_item set is_open = $3 where org_id = $1 and case_id = $2");
    tx.run(sql, args![org, case, true]).await.map(drop)
}

/// Satisfied cases of which something is owed again, with the sum; not those with a debt that another case took.
pub async fn owed_again(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select k.number, cast(sum(i.open_pence) as bigint) from court_case k join court_case_item m on m.org_id = k.org_id and m.case_id = k.id join open_item i on i.org_id = m.org_id and i.id = m.item_id where k.org_id = $1 and k.state = 'satisfied' and i.open_pence > 0 and not exists (select 1 from court_case_item s join court_case_item o on o.org_id = s.org_id and o.item_id = s.item_id where s.org_id = k.org_id and s.case_id = k.id and o.is_open = $2) group by k.id, k.number order by k.id"
    );
    tx.all(sql, args![org, true]).await
}

/// What is open of each debt of a case.
pub async fn open_of(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select i.id, i.open_pence from court_case_item m join open_item i on i.org_id = m.org_id and i.id = m.item_id where m.org_id = $1 and m.case_id = $2 order by i.id"
    );
    tx.all(sql, args![org, case]).await
}

/// What is open of every running case.
pub async fn open_of_running(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, i64)>, StoreFault> {
    let sql = sql!(
        "select m.case_id, cast(sum(i.open_pence) as bigint) from court_case k join court_case_item m on m.org_id = k.org_id and m.case_id = k.id join open_item i on i.org_id = m.org_id and i.id = m.item_id where k.org_id = $1 and k.state not in ('sent_back', 'satisfied', 'closed') group by m.case_id order by m.case_id"
    );
    tx.all(sql, args![org]).await
}

/// What settled the debts of a case: kind and day of each credit, oldest first; what was taken back is out, and so are
/// small differences that were cleared.
pub async fn settled_by(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<(String, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select c.kind, c.dated_on from court_case_item m join allocation a on a.org_id = m.org_id and a.debit_item_id = m.item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where m.org_id = $1 and m.case_id = $2 and (c.kind <> 'write_off' or c.number like 'WO-%') group by m.item_id, c.id, c.kind, c.dated_on having cast(sum(a.amount_pence) as bigint) > 0 order by c.dated_on, c.id"
    );
    tx.all(sql, args![org, case]).await
}

/// What was received for the debts of a case from a day on; what was taken back is out.
pub async fn received_since(tx: &mut Tx, org: OrgId, case: i64, from: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select coalesce(cast(sum(a.amount_pence) as bigint), 0) from court_case_item m join allocation a on a.org_id = m.org_id and a.debit_item_id = m.item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id and c.kind = 'receipt' where m.org_id = $1 and m.case_id = $2 and c.dated_on >= $3"
    );
    let (sum,): (i64,) = tx.one(sql, args![org, case, from]).await?;
    Ok(sum)
}

/// Something that happened to a case, or is due.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct EventRow {
    /// Id.
    pub id: i64,
    /// The case.
    pub case_id: i64,
    /// What.
    pub kind: String,
    /// When.
    pub on_day: NaiveDate,
    /// A deadline it sets.
    pub due_on: Option<NaiveDate>,
    /// When that was met.
    pub done_on: Option<NaiveDate>,
    /// In words.
    pub words: String,
    /// Amount; 0 where there is none.
    pub amount_pence: i64,
    /// Who.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds what happened.
pub async fn add_events(tx: &mut Tx, org: OrgId, rows: &[EventRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "case_id",
        "kind",
        "on_day",
        "due_on",
        "done_on",
        "words",
        "amount_pence",
        "actor_name",
        "recorded_at",
    ];
    let rows = rows.iter().map(|r| {
        args![
            org,
            r.id,
            r.case_id,
            &r.kind,
            r.on_day,
            r.due_on,
            r.done_on,
            &r.words,
            r.amount_pence,
            &r.actor_name,
            r.recorded_at
        ]
    });
    tx.insert("court_event", COLUMNS, rows.collect()).await
}

/// What happened to a case, or an estate, oldest first.
pub async fn events_of(tx: &mut Tx, org: OrgId, case: i64) -> Result<Vec<EventRow>, StoreFault> {
    let sql = sql!(
        "select id, case_id, kind, on_day, due_on, done_on, words, amount_pence, actor_name, recorded_at from court_event where org_id = $1 and case_id = $2 order by id"
    );
    tx.all(sql, args![org, case]).await
}

/// Marks the open deadlines of a kind as met.
pub async fn meet(tx: &mut Tx, org: OrgId, case: i64, kind: &str, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!(
        "update court_event set done_on = $4 where org_id = $1 and case_id = $2 and kind = $3 and due_on is not null and done_on is null"
    );
    tx.run(sql, args![org, case, kind, on]).await.map(drop)
}

/// Marks every open deadline of a case as met.
pub async fn meet_all(tx: &mut Tx, org: OrgId, case: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!(
        "update court_event set done_on = $3 where org_id = $1 and case_id = $2 and due_on is not null and done_on is null"
    );
    tx.run(sql, args![org, case, on]).await.map(drop)
}

/// A deadline in the diary.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DiaryLine {
    /// Number of the case, estate or insolvency.
    pub number: String,
    /// Customer.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What.
    pub kind: String,
    /// By when.
    pub due_on: NaiveDate,
    /// In words.
    pub words: String,
}

/// Open deadlines up to a day, first due first.
pub async fn diary(tx: &mut Tx, org: OrgId, up_to: NaiveDate, limit: i64) -> Result<Vec<DiaryLine>, StoreFault> {
    let sql = sql!(
        "select k.number, c.number as customer_number, c.name as customer_name, e.kind, e.due_on, e.words from court_event e join (select org_id, id, number, customer_id from court_case where org_id = $1 union all select org_id, id, number, customer_id from estate where org_id = $1) k on k.org_id = e.org_id and k.id = e.case_id join customer c on c.org_id = k.org_id and c.id = k.customer_id where e.org_id = $1 and e.due_on is not null and e.due_on <= $2 and e.done_on is null order by e.due_on, e.id limit $3"
    );
    tx.all(sql, args![org, up_to, limit]).await
}

/// A file for the court.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct FileRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Our reference at the court: never used twice.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Hash of its bytes.
    pub file_sha256: String,
    /// Claims in it.
    pub claims_count: i64,
    /// Their sum.
    pub total_pence: i64,
    /// When.
    pub made_on: NaiveDate,
    /// By whom.
    pub made_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a file.
pub async fn add_file(tx: &mut Tx, org: OrgId, r: &FileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into court_file (org_id, id, number, reference, name, file_sha256, claims_count, total_pence, made_on, made_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        &r.reference,
        &r.name,
        &r.file_sha256,
        r.claims_count,
        r.total_pence,
        r.made_on,
        &r.made_by,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The newest files.
pub async fn files(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<FileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, reference, name, file_sha256, claims_count, total_pence, made_on, made_by, recorded_at from court_file where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// A file by its number.
pub async fn file(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<FileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, reference, name, file_sha256, claims_count, total_pence, made_on, made_by, recorded_at from court_file where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A file by our reference at the court.
pub async fn file_referenced(tx: &mut Tx, org: OrgId, reference: &str) -> Result<Option<FileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, reference, name, file_sha256, claims_count, total_pence, made_on, made_by, recorded_at from court_file where org_id = $1 and reference = $2"
    );
    tx.maybe(sql, args![org, reference]).await
}

/// Numbers of the cases that went in a file and wait for the court, oldest first.
pub async fn cases_filed_in(tx: &mut Tx, org: OrgId, file: i64) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!("select number from court_case where org_id = $1 and file_id = $2 and state = 'filed' order by id");
    tx.all(sql, args![org, file]).await
}

/// Debts that were due on or before a day and are still open, oldest first: those that limitation may end.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct OldDebt {
    /// The open item.
    pub item_id: i64,
    /// Its number.
    pub number: String,
    /// When it was due.
    pub due_on: NaiveDate,
    /// What is open.
    pub open_pence: i64,
    /// Debt type.
    pub debt_type: String,
    /// Customer.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
}

/// Debts due on or before a day, oldest first.
pub async fn old_debts(tx: &mut Tx, org: OrgId, due_by: NaiveDate, limit: i64) -> Result<Vec<OldDebt>, StoreFault> {
    let sql = sql!(
        "select i.id as item_id, i.number, i.due_on, i.open_pence, i.debt_type, c.number as customer_number, c.name as customer_name from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.open_pence <> 0 and i.open_pence > 0 and i.kind = 'invoice' and i.due_on <= $2 order by i.due_on, i.id limit $3"
    );
    tx.all(sql, args![org, due_by, limit]).await
}

/// Marks one deadline as met.
pub async fn meet_one(tx: &mut Tx, org: OrgId, event: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!("update court_event set done_on = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, event, on]).await.map(drop)
}
