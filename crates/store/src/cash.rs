//! Bank accounts, statements and lines, receipts, suggestions; and what the matcher is told.
pub mod cards;

use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{BankLineId, CustomerId, ItemId, OrgId, ReceiptId};
use sundry_domain::money::Pence;

pub mod again;
pub mod lessons;

/// How many rows a statement over a list takes at once.
const LISTED: usize = 250;

// Bank accounts ----------------------------------------------------------------------

/// An account of ours at a bank.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BankAccountRow {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Fingerprint of sort code and account; empty until the first file maps it.
    pub print: String,
    /// Last digits, for people.
    pub shown: String,
    /// GL code.
    pub gl_code: String,
}

/// All bank accounts, in the order they were added.
pub async fn bank_accounts(tx: &mut Tx, org: OrgId) -> Result<Vec<BankAccountRow>, StoreFault> {
    tx.all(sql!("select id, name, print, shown, gl_code from bank_account where org_id = $1 order by id"), args![org])
        .await
}

/// Adds a bank account.
pub async fn add_bank_account(tx: &mut Tx, org: OrgId, row: &BankAccountRow) -> Result<(), StoreFault> {
    let sql =
        sql!("insert into bank_account (org_id, id, name, print, shown, gl_code) values ($1, $2, $3, $4, $5, $6)");
    tx.run(sql, args![org, row.id, &row.name, &row.print, &row.shown, &row.gl_code]).await.map(drop)
}

/// Gives an account its number, once; false if it had one.
pub async fn map_bank_account(tx: &mut Tx, org: OrgId, id: i64, print: &str, shown: &str) -> Result<bool, StoreFault> {
    let sql = sql!("update bank_account set print = $3, shown = $4 where org_id = $1 and id = $2 and print = ''");
    Ok(tx.run(sql, args![org, id, print, shown]).await? == 1)
}

// Statements -------------------------------------------------------------------------

/// A bank statement taken in.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BankStatementRow {
    /// Id.
    pub id: i64,
    /// Of which account.
    pub bank_account_id: i64,
    /// The file it came in.
    pub file_sha256: String,
    /// Its format.
    pub format: String,
    /// The bank's number of it.
    pub statement_number: String,
    /// First day.
    pub from_on: Option<NaiveDate>,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Opening balance.
    pub opening_pence: Option<i64>,
    /// Closing balance.
    pub closing_pence: Option<i64>,
    /// New lines taken from it.
    pub lines_count: i64,
    /// Money in, of the new lines.
    pub credits_pence: i64,
    /// Money out, of the new lines.
    pub debits_pence: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// The statements that came in a file.
pub async fn statements_of_file(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Vec<BankStatementRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at from bank_statement where org_id = $1 and file_sha256 = $2 order by id"
    );
    tx.all(sql, args![org, sha256]).await
}

/// The newest statement of an account that has a closing balance and brought something new.
pub async fn last_statement(tx: &mut Tx, org: OrgId, account: i64) -> Result<Option<BankStatementRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at from bank_statement where org_id = $1 and bank_account_id = $2 and closing_pence is not null and lines_count > 0 order by to_on desc nulls last, id desc limit 1"
    );
    tx.maybe(sql, args![org, account]).await
}

/// Adds a statement.
pub async fn add_statement(tx: &mut Tx, org: OrgId, r: &BankStatementRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into bank_statement (org_id, id, bank_account_id, file_sha256, format, statement_number, from_on, to_on, opening_pence, closing_pence, lines_count, credits_pence, debits_pence, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = args![
        org,
        r.id,
        r.bank_account_id,
        &r.file_sha256,
        &r.format,
        &r.statement_number,
        r.from_on,
        r.to_on,
        r.opening_pence,
        r.closing_pence,
        r.lines_count,
        r.credits_pence,
        r.debits_pence,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

// Lines ------------------------------------------------------------------------------

/// A line of a bank statement.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct BankLineRow {
    /// Id.
    pub id: i64,
    /// The statement it came on.
    pub bank_statement_id: i64,
    /// The account.
    pub bank_account_id: i64,
    /// The bank's key of it, or our number.
    pub external_id: String,
    /// What makes it the same line again: `id:` and the bank's key, or a hash of what it says.
    pub line_key: String,
    /// The bank's date.
    pub posted_on: NaiveDate,
    /// Amount; money in is positive.
    pub amount_pence: i64,
    /// The bank's code for the kind of entry.
    pub kind: String,
    /// Who paid, as the bank writes it.
    pub payer_name: String,
    /// Fingerprint of the payer's account; empty if not given.
    pub payer_print: String,
    /// Last digits of it.
    pub payer_shown: String,
    /// Reference and narrative.
    pub words: String,
    /// waiting, posted, suggested, suspense, not_a_receipt or reversed.
    pub state: String,
    /// Why it is in that state, where there is more to say.
    pub reason: String,
    /// The receipt made of it.
    pub receipt_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Which of these keys an account has seen.
pub async fn seen_line_keys(tx: &mut Tx, org: OrgId, account: i64, keys: &[String]) -> Result<Vec<String>, StoreFault> {
    let mut seen = Vec::new();
    for part in keys.chunks(LISTED * 2) {
        let places: Vec<String> = (3..part.len() + 3).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select line_key from bank_line where org_id = $1 and bank_account_id = $2 and line_key in ({})",
            places.join(", ")
        );
        let mut values = args![org, account];
        values.extend(part.iter().map(Arg::from));
        let rows: Vec<(String,)> = tx.all_built(sql, values).await?;
        seen.extend(rows.into_iter().map(|row| row.0));
    }
    Ok(seen)
}

/// Adds lines.
pub async fn add_lines(tx: &mut Tx, org: OrgId, lines: Vec<BankLineRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "bank_statement_id",
        "bank_account_id",
        "external_id",
        "line_key",
        "posted_on",
        "amount_pence",
        "kind",
        "payer_name",
        "payer_print",
        "payer_shown",
        "words",
        "state",
        "reason",
        "receipt_id",
        "recorded_at",
    ];
    let rows = lines.into_iter().map(|l| {
        args![
            org,
            l.id,
            l.bank_statement_id,
            l.bank_account_id,
            l.external_id,
            l.line_key,
            l.posted_on,
            l.amount_pence,
            l.kind,
            l.payer_name,
            l.payer_print,
            l.payer_shown,
            l.words,
            l.state,
            l.reason,
            l.receipt_id,
            l.recorded_at
        ]
    });
    tx.insert("bank_line", COLUMNS, rows.collect()).await
}

/// Lines nobody has looked at yet, in the order the money came.
pub async fn waiting_lines(tx: &mut Tx, org: OrgId) -> Result<Vec<BankLineRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_statement_id, bank_account_id, external_id, line_key, posted_on, amount_pence, kind, payer_name, payer_print, payer_shown, words, state, reason, receipt_id, recorded_at from bank_line where org_id = $1 and state = 'waiting' order by posted_on, id"
    );
    tx.all(sql, args![org]).await
}

/// One line.
pub async fn line(tx: &mut Tx, org: OrgId, id: BankLineId) -> Result<Option<BankLineRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_statement_id, bank_account_id, external_id, line_key, posted_on, amount_pence, kind, payer_name, payer_print, payer_shown, words, state, reason, receipt_id, recorded_at from bank_line where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// The lines of a statement, in order.
pub async fn lines_of_statement(tx: &mut Tx, org: OrgId, statement: i64) -> Result<Vec<BankLineRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_statement_id, bank_account_id, external_id, line_key, posted_on, amount_pence, kind, payer_name, payer_print, payer_shown, words, state, reason, receipt_id, recorded_at from bank_line where org_id = $1 and bank_statement_id = $2 order by id"
    );
    tx.all(sql, args![org, statement]).await
}

/// What a waiting line becomes.
#[derive(Clone, Debug)]
pub struct LineSettled {
    /// The line.
    pub line: i64,
    /// Its state from now on.
    pub state: &'static str,
    /// Why, where there is more to say.
    pub reason: String,
    /// The receipt made of it.
    pub receipt_id: Option<i64>,
}

/// Settles waiting lines; gives how many were still waiting.
pub async fn settle_lines(tx: &mut Tx, org: OrgId, lines: &[LineSettled]) -> Result<usize, StoreFault> {
    let mut settled = 0;
    for part in lines.chunks(LISTED) {
        let sql = format!(
            "with settled(line, new_state, why, receipt) as (values {}) update bank_line set state = settled.new_state, reason = settled.why, receipt_id = settled.receipt from settled where bank_line.org_id = $1 and bank_line.id in ({}) and bank_line.id = settled.line and bank_line.state = 'waiting' returning id",
            values_of(part.len(), &["bigint", "text", "text", "bigint"]),
            firsts_of(part.len(), 4)
        );
        let mut values = args![org];
        for line in part {
            values.extend(args![line.line, line.state, &line.reason, line.receipt_id]);
        }
        let rows: Vec<(i64,)> = tx.all_built(sql, values).await?;
        settled += rows.len();
    }
    Ok(settled)
}

/// Moves one line from any state but waiting to another.
pub async fn set_line_state(tx: &mut Tx, org: OrgId, id: i64, state: &str, reason: &str) -> Result<(), StoreFault> {
    let sql = sql!("update bank_line set state = $3, reason = $4 where org_id = $1 and id = $2 and state <> 'waiting'");
    tx.run(sql, args![org, id, state, reason]).await.map(drop)
}

/// `($2, $3), ($4, $5) …` from the second place on; the casts name the types.
fn values_of(rows: usize, types: &[&str]) -> String {
    let mut place = 1;
    let mut row = || {
        let cells: Vec<String> = types
            .iter()
            .map(|kind| {
                place += 1;
                format!("cast(${place} as {kind})")
            })
            .collect();
        format!("({})", cells.join(", "))
    };
    (0..rows).map(|_| row()).collect::<Vec<_>>().join(", ")
}

/// `$2, $4, …`: the first place of each row of [`values_of`]. Named again beside the join, they let SQLite look up
/// each row where it would read the whole table.
fn firsts_of(rows: usize, width: usize) -> String {
    (0..rows).map(|row| format!("${}", 2 + row * width)).collect::<Vec<_>>().join(", ")
}

// Open items, many at once -----------------------------------------------------------

/// What is open on each of these debits now, and when it was posted.
pub async fn open_debits(tx: &mut Tx, org: OrgId, items: &[ItemId]) -> Result<Vec<(i64, i64, NaiveDate)>, StoreFault> {
    let mut found = Vec::new();
    for part in items.chunks(LISTED * 2) {
        let places: Vec<String> = (2..part.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select id, open_pence, posted_on from open_item where org_id = $1 and original_pence > 0 and id in ({})",
            places.join(", ")
        );
        let mut values = args![org];
        values.extend(part.iter().map(|id| Arg::from(*id)));
        found.extend(tx.all_built::<(i64, i64, NaiveDate)>(sql, values).await?);
    }
    Ok(found)
}

/// Takes an amount off each of these debits, each named once; gives how many had enough open (P04).
pub async fn reduce_debits(tx: &mut Tx, org: OrgId, amounts: &[(ItemId, Pence)]) -> Result<usize, StoreFault> {
    let mut reduced = 0;
    for part in amounts.chunks(LISTED) {
        let sql = format!(
            "with taken(item, amount) as (values {}) update open_item set open_pence = open_pence - taken.amount from taken where open_item.org_id = $1 and open_item.id in ({}) and open_item.id = taken.item and original_pence > 0 and open_pence >= taken.amount returning id",
            values_of(part.len(), &["bigint", "bigint"]),
            firsts_of(part.len(), 2)
        );
        let mut values = args![org];
        for (item, amount) in part {
            values.extend(args![*item, *amount]);
        }
        let rows: Vec<(i64,)> = tx.all_built(sql, values).await?;
        reduced += rows.len();
    }
    Ok(reduced)
}

// Receipts ---------------------------------------------------------------------------

/// Money in.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ReceiptRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The bank line it was made of.
    pub bank_line_id: Option<i64>,
    /// Whose it is; of several, the first.
    pub customer_id: Option<i64>,
    /// The credit on their account.
    pub item_id: Option<i64>,
    /// bank, cheque, cash or card.
    pub method: String,
    /// The day the money came.
    pub received_on: NaiveDate,
    /// Amount.
    pub amount_pence: i64,
    /// identified, suspense or reversed.
    pub state: String,
    /// Why it is where it is.
    pub reason: String,
    /// Who looks after it in suspense.
    pub owner: String,
    /// Who paid, as written.
    pub payer_name: String,
    /// Reference and narrative.
    pub words: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds receipts.
pub async fn add_receipts(tx: &mut Tx, org: OrgId, receipts: Vec<ReceiptRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "bank_line_id",
        "customer_id",
        "item_id",
        "method",
        "received_on",
        "amount_pence",
        "state",
        "reason",
        "owner",
        "payer_name",
        "words",
        "recorded_at",
        "version",
    ];
    let rows = receipts.into_iter().map(|r| {
        args![
            org,
            r.id,
            r.number,
            r.bank_line_id,
            r.customer_id,
            r.item_id,
            r.method,
            r.received_on,
            r.amount_pence,
            r.state,
            r.reason,
            r.owner,
            r.payer_name,
            r.words,
            r.recorded_at,
            r.version
        ]
    });
    tx.insert("receipt", COLUMNS, rows.collect()).await
}

/// A receipt by its number.
pub async fn receipt_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ReceiptRow>, StoreFault> {
    let sql = sql!(
        "select id, number, bank_line_id, customer_id, item_id, method, received_on, amount_pence, state, reason, owner, payer_name, words, recorded_at, version from receipt where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The number of a receipt.
pub async fn receipt_number(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select number from receipt where org_id = $1 and id = $2");
    Ok(tx.maybe::<(String,)>(sql, args![org, id]).await?.map(|row| row.0))
}

/// A customer's receipts, newest first.
pub async fn receipts_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<ReceiptRow>, StoreFault> {
    let sql = sql!(
        "select id, number, bank_line_id, customer_id, item_id, method, received_on, amount_pence, state, reason, owner, payer_name, words, recorded_at, version from receipt where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Changes a receipt that is still at `row.version`; false if somebody was quicker.
pub async fn change_receipt(tx: &mut Tx, org: OrgId, row: &ReceiptRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update receipt set customer_id = $4, item_id = $5, state = $6, reason = $7, owner = $8, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![org, row.id, row.version, row.customer_id, row.item_id, &row.state, &row.reason, &row.owner];
    Ok(tx.run(sql, values).await? == 1)
}

/// A credit that a receipt put on an account, or the debit that took it off again.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ReceiptItemRow {
    /// Item.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// Number of the item.
    pub number: String,
    /// Amount at first.
    pub original_pence: i64,
    /// What is left of it.
    pub open_pence: i64,
}

/// The items a receipt made, oldest first.
pub async fn items_of_receipt(tx: &mut Tx, org: OrgId, receipt: ReceiptId) -> Result<Vec<ReceiptItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, number, original_pence, open_pence from open_item where org_id = $1 and receipt_id = $2 order by id"
    );
    tx.all(sql, args![org, receipt]).await
}

/// A part of a receipt that stands against an item.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct StandingAllocationRow {
    /// Allocation.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// The debit.
    pub debit_item_id: i64,
    /// The credit.
    pub credit_item_id: i64,
    /// Number of the debit.
    pub item_number: String,
    /// Kind of the debit.
    pub item_kind: String,
    /// Amount.
    pub amount_pence: i64,
    /// Business date.
    pub allocated_on: NaiveDate,
    /// person, machine or rule.
    pub made_by: String,
    /// Why.
    pub reason: String,
    /// How sure the machine was.
    pub confidence_ppm: i64,
}

/// The allocations out of a credit that nobody has taken back, oldest first.
pub async fn standing_allocations(
    tx: &mut Tx,
    org: OrgId,
    credit: ItemId,
) -> Result<Vec<StandingAllocationRow>, StoreFault> {
    let sql = sql!(
        "select a.id, a.customer_id, a.debit_item_id, a.credit_item_id, d.number as item_number, d.kind as item_kind, a.amount_pence, a.allocated_on, a.made_by, a.reason, a.confidence_ppm from allocation a join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id where a.org_id = $1 and a.credit_item_id = $2 and a.reverses_id is null and not exists (select 1 from allocation z where z.org_id = $1 and z.reverses_id = a.id) order by a.id"
    );
    tx.all(sql, args![org, credit]).await
}

/// The allocations onto a debit that nobody has taken back, oldest first.
pub async fn standing_on_debit(
    tx: &mut Tx,
    org: OrgId,
    debit: ItemId,
) -> Result<Vec<StandingAllocationRow>, StoreFault> {
    let sql = sql!(
        "select a.id, a.customer_id, a.debit_item_id, a.credit_item_id, d.number as item_number, d.kind as item_kind, a.amount_pence, a.allocated_on, a.made_by, a.reason, a.confidence_ppm from allocation a join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id where a.org_id = $1 and a.debit_item_id = $2 and a.reverses_id is null and not exists (select 1 from allocation z where z.org_id = $1 and z.reverses_id = a.id) order by a.id"
    );
    tx.all(sql, args![org, debit]).await
}

// Suggestions ------------------------------------------------------------------------

/// One line of one suggestion.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct SuggestionRow {
    /// The bank line.
    pub bank_line_id: i64,
    /// 1 is best.
    pub rank: i64,
    /// Line of it, from 1.
    pub line: i64,
    /// Whose it would be.
    pub customer_id: Option<i64>,
    /// The item; none for what would stay on the account.
    pub item_id: Option<i64>,
    /// How much.
    pub amount_pence: i64,
    /// How likely.
    pub confidence_ppm: i64,
    /// Sentences for and against; on the first line.
    pub reasons: serde_json::Value,
}

/// Adds suggestions.
pub async fn add_suggestions(tx: &mut Tx, org: OrgId, rows: Vec<SuggestionRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "bank_line_id",
        "rank",
        "line",
        "customer_id",
        "item_id",
        "amount_pence",
        "confidence_ppm",
        "reasons",
    ];
    let rows = rows.into_iter().map(|s| {
        args![
            org,
            s.bank_line_id,
            s.rank,
            s.line,
            s.customer_id,
            s.item_id,
            s.amount_pence,
            s.confidence_ppm,
            s.reasons
        ]
    });
    tx.insert("suggestion", COLUMNS, rows.collect()).await
}

/// A suggestion's line with what people call its customer and item.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ShownSuggestionRow {
    /// 1 is best.
    pub rank: i64,
    /// Customer number.
    pub customer_number: Option<String>,
    /// Customer name.
    pub customer_name: Option<String>,
    /// The item.
    pub item_id: Option<i64>,
    /// Its number.
    pub item_number: Option<String>,
    /// How much.
    pub amount_pence: i64,
    /// How likely.
    pub confidence_ppm: i64,
    /// Sentences for and against; on the first line.
    pub reasons: serde_json::Value,
}

/// The suggestions for a bank line, best first.
pub async fn suggestions_of(tx: &mut Tx, org: OrgId, line: BankLineId) -> Result<Vec<ShownSuggestionRow>, StoreFault> {
    let sql = sql!(
        "select s.rank, c.number as customer_number, c.name as customer_name, s.item_id, i.number as item_number, s.amount_pence, s.confidence_ppm, s.reasons from suggestion s left join customer c on c.org_id = s.org_id and c.id = s.customer_id left join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.bank_line_id = $2 order by s.rank, s.line"
    );
    tx.all(sql, args![org, line]).await
}

/// Receipts in suspense whose best suggestion is at least so likely: number, customer, amount, confidence.
pub async fn strong_suggestions(
    tx: &mut Tx,
    org: OrgId,
    at_least_ppm: i64,
    limit: i64,
) -> Result<Vec<(String, String, String, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select r.number, c.number, c.name, r.amount_pence, s.confidence_ppm from receipt r join bank_line b on b.org_id = r.org_id and b.id = r.bank_line_id and b.state = 'suggested' join suggestion s on s.org_id = r.org_id and s.bank_line_id = r.bank_line_id and s.rank = 1 and s.line = 1 and s.confidence_ppm >= $2 join customer c on c.org_id = s.org_id and c.id = s.customer_id where r.org_id = $1 and r.state = 'suspense' order by r.received_on, r.id limit $3"
    );
    tx.all(sql, args![org, at_least_ppm, limit]).await
}

// What the matcher is told -----------------------------------------------------------

/// A debit as the matcher sees it.
#[derive(Clone, Debug, FromRow)]
pub struct MatchItemRow {
    /// Item.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// Number.
    pub number: String,
    /// Date of the document.
    pub dated_on: NaiveDate,
    /// Due date.
    pub due_on: NaiveDate,
    /// What is open.
    pub open_pence: i64,
    /// What it is for.
    pub service: String,
}

/// Debits with something open, and those posted since a day that are cleared.
pub async fn match_items(tx: &mut Tx, org: OrgId, cleared_since: NaiveDate) -> Result<Vec<MatchItemRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, number, dated_on, due_on, open_pence, service from open_item where org_id = $1 and open_pence > 0 and kind <> 'receipt' union all select id, customer_id, number, dated_on, due_on, open_pence, service from open_item where org_id = $1 and posted_on >= $2 and open_pence = 0 and original_pence > 0 and kind <> 'receipt' order by 1"
    );
    tx.all(sql, args![org, cleared_since]).await
}

/// Item and order number of each open item whose document has one.
pub async fn match_orders(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = sql!(
        "select i.id, d.po_number from document d join open_item i on i.org_id = d.org_id and i.document_id = d.id where d.org_id = $1 and d.po_number <> '' and i.open_pence > 0 order by i.id"
    );
    tx.all(sql, args![org]).await
}

/// Id, number and name of every customer; a merged account is known by its number among its survivor's references.
pub async fn match_customers(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select c.id, c.number, c.name from customer c where c.org_id = $1 and not exists (select 1 from customer_merge m where m.org_id = c.org_id and m.customer_id = c.id and m.state = 'made') order by c.id"
    );
    tx.all(sql, args![org]).await
}

/// Customer, fingerprint and source of every bank account known.
pub async fn match_prints(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql =
        sql!("select customer_id, print, source from customer_bank where org_id = $1 order by customer_id, print");
    tx.all(sql, args![org]).await
}

/// Customer and reference of every other reference known.
pub async fn match_references(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql =
        sql!("select customer_id, reference from customer_reference where org_id = $1 order by customer_id, reference");
    tx.all(sql, args![org]).await
}

/// Id, number and name of the customer with a number; by a merged account's number, those of its survivor.
pub async fn customer_numbered(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Result<Option<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select k.id, k.number, k.name from customer n left join customer_merge m on m.org_id = n.org_id and m.customer_id = n.id and m.state = 'made' join customer k on k.org_id = n.org_id and k.id = coalesce(m.survivor_id, n.id) where n.org_id = $1 and n.number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Id, and number with name, of these customers.
pub async fn names_of(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<(i64, (String, String))>, StoreFault> {
    let mut found = Vec::new();
    for part in ids.chunks(LISTED * 2) {
        let places: Vec<String> = (2..part.len() + 2).map(|n| format!("${n}")).collect();
        let sql = format!("select id, number, name from customer where org_id = $1 and id in ({})", places.join(", "));
        let mut values = args![org];
        values.extend(part.iter().map(|id| Arg::from(*id)));
        let rows: Vec<(i64, String, String)> = tx.all_built(sql, values).await?;
        found.extend(rows.into_iter().map(|(id, number, name)| (id, (number, name))));
    }
    Ok(found)
}

/// The customers who have a reference, at most two.
pub async fn owners_of_reference(tx: &mut Tx, org: OrgId, search: &str) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select distinct customer_id from customer_reference where org_id = $1 and search_reference = $2 order by customer_id limit 2"
    );
    Ok(tx.all::<(i64,)>(sql, args![org, search]).await?.into_iter().map(|row| row.0).collect())
}

/// Number and name of a customer.
pub async fn customer_name(tx: &mut Tx, org: OrgId, id: CustomerId) -> Result<Option<(String, String)>, StoreFault> {
    tx.maybe(sql!("select number, name from customer where org_id = $1 and id = $2"), args![org, id]).await
}

// The workbench ----------------------------------------------------------------------

/// Which receipts to list.
#[derive(Clone, Debug, Default)]
pub struct ReceiptFilter {
    /// waiting, suggested, suspense, unallocated, allocated, reversed or all.
    pub view: String,
    /// Words in payer, reference or number; empty for any.
    pub words: String,
    /// Exactly this amount, where what was searched for is one.
    pub amount: Option<Pence>,
    /// One bank account.
    pub bank_account: Option<i64>,
    /// Received on or after.
    pub from_on: Option<NaiveDate>,
    /// Received on or before.
    pub to_on: Option<NaiveDate>,
}

/// A receipt in the list.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ListedReceiptRow {
    /// Number.
    pub number: String,
    /// Who paid.
    pub payer_name: String,
    /// Reference.
    pub words: String,
    /// bank, cheque, cash or card.
    pub method: String,
    /// Amount.
    pub amount_pence: i64,
    /// What is still to allocate.
    pub left_pence: i64,
    /// The day the money came.
    pub received_on: NaiveDate,
    /// identified, suspense or reversed.
    pub state: String,
    /// Who looks after it.
    pub owner: String,
    /// Customer number, known or best guess.
    pub customer_number: Option<String>,
    /// Customer name, known or best guess.
    pub customer_name: Option<String>,
    /// How likely the best suggestion is.
    pub confidence_ppm: Option<i64>,
}

const LISTED_FROM: &str = " from receipt r left join bank_line b on b.org_id = r.org_id and b.id = r.bank_line_id left join open_item i on i.org_id = r.org_id and i.id = r.item_id left join suggestion s on s.org_id = r.org_id and s.bank_line_id = r.bank_line_id and s.rank = 1 and s.line = 1 and r.state = 'suspense' and b.state = 'suggested' left join customer c on c.org_id = r.org_id and c.id = coalesce(r.customer_id, s.customer_id) where r.org_id = $1";
const LEFT: &str = "case when r.state = 'suspense' then r.amount_pence when r.state = 'reversed' then 0 else coalesce(-i.open_pence, 0) end";

/// The conditions of a filter, and its values after the organisation.
fn listed_where(org: OrgId, filter: &ReceiptFilter) -> (String, Vec<Arg>) {
    let mut sql = String::from(match filter.view.as_str() {
        "waiting" => " and r.state = 'suspense'",
        "suggested" => " and r.state = 'suspense' and b.state = 'suggested'",
        "suspense" => " and r.state = 'suspense' and coalesce(b.state, 'suspense') <> 'suggested'",
        "unallocated" => " and r.state = 'identified' and i.open_pence < 0",
        "allocated" => " and r.state = 'identified' and i.open_pence = 0",
        "reversed" => " and r.state = 'reversed'",
        _ => "",
    });
    let mut values = args![org];
    let mut add = |text: &str, value: Arg, sql: &mut String| {
        values.push(value);
        sql.push_str(&text.replace('#', &format!("${}", values.len())));
    };
    if !filter.words.is_empty() {
        let escaped = filter.words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = Arg::from(format!("%{escaped}%"));
        add(
            " and (lower(r.payer_name) like # escape '\\' or lower(r.words) like # escape '\\' or lower(r.number) like # escape '\\'",
            like,
            &mut sql,
        );
        match filter.amount {
            Some(amount) => add(" or r.amount_pence = #)", amount.into(), &mut sql),
            None => sql.push(')'),
        }
    }
    if let Some(account) = filter.bank_account {
        add(" and b.bank_account_id = #", account.into(), &mut sql);
    }
    if let Some(day) = filter.from_on {
        add(" and r.received_on >= #", day.into(), &mut sql);
    }
    if let Some(day) = filter.to_on {
        add(" and r.received_on <= #", day.into(), &mut sql);
    }
    (sql, values)
}

/// A page of receipts, oldest first.
pub async fn list_receipts(
    tx: &mut Tx,
    org: OrgId,
    filter: &ReceiptFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<ListedReceiptRow>, StoreFault> {
    let (conditions, mut values) = listed_where(org, filter);
    values.extend(args![limit, offset]);
    let sql = format!(
        "select r.number, r.payer_name, r.words, r.method, r.amount_pence, {LEFT} as left_pence, r.received_on, r.state, r.owner, c.number as customer_number, c.name as customer_name, s.confidence_ppm{LISTED_FROM}{conditions} order by r.received_on, r.id limit ${} offset ${}",
        values.len() - 1,
        values.len()
    );
    tx.all_built(sql, values).await
}

/// How many receipts a filter finds, and the sum of what is left of them.
pub async fn count_receipts(tx: &mut Tx, org: OrgId, filter: &ReceiptFilter) -> Result<(i64, i64), StoreFault> {
    let (conditions, values) = listed_where(org, filter);
    let sql = format!("select count(*), cast(coalesce(sum({LEFT}), 0) as bigint){LISTED_FROM}{conditions}");
    Ok(tx.all_built(sql, values).await?.into_iter().next().unwrap_or((0, 0)))
}

// Position ---------------------------------------------------------------------------

/// Count and sum of the lines of each account in each state.
pub async fn lines_by_state(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select bank_account_id, state, count(*), cast(sum(amount_pence) as bigint) from bank_line where org_id = $1 group by bank_account_id, state order by bank_account_id, state"
    );
    tx.all(sql, args![org]).await
}

/// Count and sum of suspense received between two days, both included.
pub async fn suspense_between(
    tx: &mut Tx,
    org: OrgId,
    from_on: NaiveDate,
    to_on: NaiveDate,
) -> Result<(i64, i64), StoreFault> {
    let sql = sql!(
        "select count(*), cast(coalesce(sum(amount_pence), 0) as bigint) from receipt where org_id = $1 and state = 'suspense' and received_on >= $2 and received_on <= $3"
    );
    tx.one(sql, args![org, from_on, to_on]).await
}

/// Count and sum of what customers have on account from receipts.
pub async fn unallocated(tx: &mut Tx, org: OrgId) -> Result<(i64, i64), StoreFault> {
    let sql = sql!(
        "select count(*), cast(coalesce(sum(-open_pence), 0) as bigint) from open_item where org_id = $1 and kind = 'receipt' and open_pence < 0"
    );
    tx.one(sql, args![org]).await
}

// Export -----------------------------------------------------------------------------

/// A bank line and where (a part of) it went.
#[derive(Clone, Debug, FromRow)]
pub struct PlacedRow {
    /// The line.
    pub line_id: i64,
    /// The bank's key of it, or our number.
    pub external_id: String,
    /// The bank's date.
    pub posted_on: NaiveDate,
    /// State of the line.
    pub state: String,
    /// Rank of the suggestion; 1 for what is posted.
    pub rank: i64,
    /// Customer number.
    pub customer_number: Option<String>,
    /// Item number; none for what is on the account.
    pub item_number: Option<String>,
    /// How much.
    pub amount_pence: i64,
    /// How sure.
    pub confidence_ppm: i64,
    /// Why, in words.
    pub reason: String,
    /// Sentences for and against, where it is a suggestion's first line.
    pub reasons: Option<serde_json::Value>,
}

/// What stands against items from posted lines since a day.
///
/// `cross join` keeps SQLite to this order, from the lines on; PostgreSQL chooses its own.
pub async fn placed_on_items(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<PlacedRow>, StoreFault> {
    let sql = sql!(
        "select b.id as line_id, b.external_id, b.posted_on, b.state, cast(1 as bigint) as rank, c.number as customer_number, d.number as item_number, a.amount_pence, a.confidence_ppm, a.reason, cast(null as jsonb) as reasons from bank_line b cross join open_item k cross join allocation a cross join open_item d cross join customer c where b.org_id = $1 and b.state = 'posted' and b.posted_on >= $2 and k.org_id = $1 and k.receipt_id = b.receipt_id and k.original_pence < 0 and a.org_id = $1 and a.credit_item_id = k.id and a.reverses_id is null and d.org_id = $1 and d.id = a.debit_item_id and d.kind <> 'receipt' and c.org_id = $1 and c.id = k.customer_id and not exists (select 1 from allocation z where z.org_id = $1 and z.reverses_id = a.id) order by b.posted_on, b.id, a.id"
    );
    tx.all(sql, args![org, since]).await
}

/// What is on account from posted lines since a day.
pub async fn placed_on_account(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<PlacedRow>, StoreFault> {
    let sql = sql!(
        "select b.id as line_id, b.external_id, b.posted_on, b.state, cast(1 as bigint) as rank, c.number as customer_number, cast(null as text) as item_number, -k.open_pence as amount_pence, cast(1000000 as bigint) as confidence_ppm, r.reason, cast(null as jsonb) as reasons from bank_line b cross join receipt r cross join open_item k cross join customer c where b.org_id = $1 and b.state = 'posted' and b.posted_on >= $2 and r.org_id = $1 and r.id = b.receipt_id and k.org_id = $1 and k.receipt_id = b.receipt_id and k.open_pence < 0 and c.org_id = $1 and c.id = k.customer_id order by b.posted_on, b.id, k.id"
    );
    tx.all(sql, args![org, since]).await
}

/// What is suggested for lines since a day.
pub async fn placed_by_suggestion(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<PlacedRow>, StoreFault> {
    let sql = sql!(
        "select b.id as line_id, b.external_id, b.posted_on, b.state, s.rank, c.number as customer_number, d.number as item_number, s.amount_pence, s.confidence_ppm, b.reason, s.reasons from bank_line b join suggestion s on s.org_id = b.org_id and s.bank_line_id = b.id left join customer c on c.org_id = b.org_id and c.id = s.customer_id left join open_item d on d.org_id = b.org_id and d.id = s.item_id where b.org_id = $1 and b.state = 'suggested' and b.posted_on >= $2 order by b.posted_on, b.id, s.rank, s.line"
    );
    tx.all(sql, args![org, since]).await
}

/// Lines since a day that are nobody's: suspense, and what is no receipt.
pub async fn placed_nowhere(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<PlacedRow>, StoreFault> {
    let sql = sql!(
        "select b.id as line_id, b.external_id, b.posted_on, b.state, cast(1 as bigint) as rank, cast(null as text) as customer_number, cast(null as text) as item_number, b.amount_pence, cast(0 as bigint) as confidence_ppm, b.reason, cast(null as jsonb) as reasons from bank_line b where b.org_id = $1 and b.state in ('suspense','not_a_receipt') and b.posted_on >= $2 order by b.posted_on, b.id"
    );
    tx.all(sql, args![org, since]).await
}
