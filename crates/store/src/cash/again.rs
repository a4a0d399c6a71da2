//! Looking again at receipts in suspense, and remittance advice that was applied.
use super::{BankLineRow, LISTED, LineSettled, ReceiptRow, values_of};
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, ReceiptId};

/// Lines whose receipts are in suspense, in the order the money came.
pub async fn suspense_lines(tx: &mut Tx, org: OrgId) -> Result<Vec<BankLineRow>, StoreFault> {
    let sql = sql!(
        "select b.id, b.bank_statement_id, b.bank_account_id, b.external_id, b.line_key, b.posted_on, b.amount_pence, b.kind, b.payer_name, b.payer_print, b.payer_shown, b.words, b.state, b.reason, b.receipt_id, b.recorded_at from receipt r join bank_line b on b.org_id = r.org_id and b.id = r.bank_line_id where r.org_id = $1 and r.state = 'suspense' and b.state in ('suggested','suspense') order by b.posted_on, b.id"
    );
    tx.all(sql, args![org]).await
}

/// Receipts in suspense that came by a bank line, by line.
pub async fn suspense_receipts(tx: &mut Tx, org: OrgId) -> Result<Vec<ReceiptRow>, StoreFault> {
    let sql = sql!(
        "select id, number, bank_line_id, customer_id, item_id, method, received_on, amount_pence, state, reason, owner, payer_name, words, recorded_at, version from receipt where org_id = $1 and state = 'suspense' and bank_line_id is not null order by bank_line_id"
    );
    tx.all(sql, args![org]).await
}

/// Line, rank, customer, item and amount of each suggestion for lines in suspense.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SuggestedRow {
    /// The bank line.
    pub bank_line_id: i64,
    /// 1 is best.
    pub rank: i64,
    /// Whose it would be.
    pub customer_id: Option<i64>,
    /// The item; none for what would stay on the account.
    pub item_id: Option<i64>,
    /// How much.
    pub amount_pence: i64,
}

/// What is suggested for lines in suspense now.
pub async fn standing_suggestions(tx: &mut Tx, org: OrgId) -> Result<Vec<SuggestedRow>, StoreFault> {
    let sql = sql!(
        "select s.bank_line_id, s.rank, s.customer_id, s.item_id, s.amount_pence from receipt r join bank_line b on b.org_id = r.org_id and b.id = r.bank_line_id join suggestion s on s.org_id = b.org_id and s.bank_line_id = b.id where r.org_id = $1 and r.state = 'suspense' and b.state = 'suggested' order by s.bank_line_id, s.rank, s.line"
    );
    tx.all(sql, args![org]).await
}

/// What is suggested for one line.
pub async fn suggested(tx: &mut Tx, org: OrgId, line: i64) -> Result<Vec<SuggestedRow>, StoreFault> {
    let sql = sql!(
        "select bank_line_id, rank, customer_id, item_id, amount_pence from suggestion where org_id = $1 and bank_line_id = $2 order by rank, line"
    );
    tx.all(sql, args![org, line]).await
}

/// How sure the best suggestion for a line is.
pub async fn best_confidence(tx: &mut Tx, org: OrgId, line: i64) -> Result<Option<i64>, StoreFault> {
    let sql =
        sql!("select confidence_ppm from suggestion where org_id = $1 and bank_line_id = $2 and rank = 1 and line = 1");
    Ok(tx.maybe::<(i64,)>(sql, args![org, line]).await?.map(|row| row.0))
}

/// Takes the suggestions for these lines away.
pub async fn drop_suggestions(tx: &mut Tx, org: OrgId, lines: &[i64]) -> Result<(), StoreFault> {
    let sql = ["delete from suggestion where org_id = $1 and bank_line_id in (", ") returning rank"];
    let _: Vec<(i64,)> = tx.all_listed(sql, org, lines.iter().copied()).await?;
    Ok(())
}

/// Settles lines in suspense anew; gives how many were still there.
pub async fn resettle_lines(tx: &mut Tx, org: OrgId, lines: &[LineSettled]) -> Result<usize, StoreFault> {
    let mut settled = 0;
    for part in lines.chunks(LISTED) {
        let sql = format!(
            "with settled(line, new_state, why) as (values {}) update bank_line set state = settled.new_state, reason = settled.why from settled where bank_line.org_id = $1 and bank_line.id = settled.line and bank_line.state in ('suggested','suspense') returning id",
            values_of(part.len(), &["bigint", "text", "text"])
        );
        let mut values = args![org];
        for line in part {
            values.extend(args![line.line, line.state, &line.reason]);
        }
        let rows: Vec<(i64,)> = tx.all_built(sql, values).await?;
        settled += rows.len();
    }
    Ok(settled)
}

/// Gives receipts in suspense their customers and credits; gives how many were still at their version.
pub async fn identify_receipts(tx: &mut Tx, org: OrgId, rows: &[ReceiptRow]) -> Result<usize, StoreFault> {
    let mut changed = 0;
    for part in rows.chunks(LISTED) {
        let sql = format!(
            "with known(receipt, at_version, customer, credit, why) as (values {}) update receipt set state = 'identified', customer_id = known.customer, item_id = known.credit, reason = known.why, version = version + 1 from known where receipt.org_id = $1 and receipt.id = known.receipt and receipt.version = known.at_version and receipt.state = 'suspense' returning id",
            values_of(part.len(), &["bigint", "bigint", "bigint", "bigint", "text"])
        );
        let mut values = args![org];
        for row in part {
            values.extend(args![row.id, row.version, row.customer_id, row.item_id, &row.reason]);
        }
        let ids: Vec<(i64,)> = tx.all_built(sql, values).await?;
        changed += ids.len();
    }
    Ok(changed)
}

/// Remittance advice that was applied to a receipt.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct RemittanceRow {
    /// Id.
    pub id: i64,
    /// The receipt.
    pub receipt_id: i64,
    /// The kept file.
    pub file_sha256: String,
    /// Its name.
    pub file_name: String,
    /// Lines read from it.
    pub lines_count: i64,
    /// What it says was paid.
    pub paid_pence: i64,
    /// Credit notes taken.
    pub credits_pence: i64,
    /// Deductions made.
    pub deductions_pence: i64,
    /// When it was applied.
    pub applied_on: NaiveDate,
    /// By whom.
    pub applied_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps that remittance advice was applied.
pub async fn add_remittance(tx: &mut Tx, org: OrgId, r: &RemittanceRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into remittance (org_id, id, receipt_id, file_sha256, file_name, lines_count, paid_pence, credits_pence, deductions_pence, applied_on, applied_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        r.id,
        r.receipt_id,
        &r.file_sha256,
        &r.file_name,
        r.lines_count,
        r.paid_pence,
        r.credits_pence,
        r.deductions_pence,
        r.applied_on,
        &r.applied_by,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The remittance advice applied to a receipt, oldest first.
pub async fn remittances_of(tx: &mut Tx, org: OrgId, receipt: ReceiptId) -> Result<Vec<RemittanceRow>, StoreFault> {
    let sql = sql!(
        "select id, receipt_id, file_sha256, file_name, lines_count, paid_pence, credits_pence, deductions_pence, applied_on, applied_by, recorded_at from remittance where org_id = $1 and receipt_id = $2 order by id"
    );
    tx.all(sql, args![org, receipt]).await
}

/// An item by its number, with its customer's.
#[derive(Clone, Debug, FromRow)]
pub struct NumberedItemRow {
    /// Item.
    pub id: i64,
    /// Customer.
    pub customer_id: i64,
    /// Customer number.
    pub customer_number: String,
    /// Kind.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Posted on.
    pub posted_on: NaiveDate,
    /// What is open; less than nothing for a credit.
    pub open_pence: i64,
}

/// Bills and credit notes with these numbers.
pub async fn items_of_numbers(tx: &mut Tx, org: OrgId, numbers: &[String]) -> Result<Vec<NumberedItemRow>, StoreFault> {
    let sql = [
        "select i.id, i.customer_id, c.number as customer_number, i.kind, i.number, i.posted_on, i.open_pence from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.kind in ('invoice','credit_note','interest','compensation','costs') and i.number in (",
        ") order by i.id",
    ];
    tx.all_listed(sql, org, numbers.iter()).await
}
