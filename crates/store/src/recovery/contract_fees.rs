//! What contracts say of a fee for paying late.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A term of a contract, as somebody recorded it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractFeeRow {
    /// Id.
    pub id: i64,
    /// Whose contract.
    pub customer_id: i64,
    /// The debt type it is for; empty for every contract of the customer.
    pub debt_type: String,
    /// The fee.
    pub fee_pence: i64,
    /// The contract and its clause.
    pub term: String,
    /// First day of debts that it is for.
    pub from_on: NaiveDate,
    /// Last day of debts that it is for.
    pub to_on: Option<NaiveDate>,
    /// Who found the term fair to a consumer; may be empty.
    pub found_fair_by: String,
    /// The document behind it.
    pub evidence: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_on: NaiveDate,
    /// The approval it was asked for under; empty for those from before it took a yes.
    pub approval: String,
    /// When somebody else said yes.
    pub confirmed_on: Option<NaiveDate>,
    /// Who; may be empty.
    pub confirmed_by: String,
    /// When it was withdrawn as wrong.
    pub withdrawn_on: Option<NaiveDate>,
    /// By whom; may be empty.
    pub withdrawn_by: String,
    /// Why; may be empty.
    pub withdrawn_why: String,
}

/// Adds a term.
pub async fn add_contract_fee(
    tx: &mut Tx,
    org: OrgId,
    r: &ContractFeeRow,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into contract_fee (org_id, id, customer_id, debt_type, fee_pence, term, from_on, to_on, found_fair_by, evidence, recorded_by, recorded_on, approval, confirmed_on, confirmed_by, withdrawn_on, withdrawn_by, withdrawn_why, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
    );
    let values = args![
        org,
        r.id,
        r.customer_id,
        &r.debt_type,
        r.fee_pence,
        &r.term,
        r.from_on,
        r.to_on,
        &r.found_fair_by,
        &r.evidence,
        &r.recorded_by,
        r.recorded_on,
        &r.approval,
        r.confirmed_on,
        &r.confirmed_by,
        r.withdrawn_on,
        &r.withdrawn_by,
        &r.withdrawn_why,
        at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Every term of a customer, withdrawn ones too, in the order of recording.
pub async fn contract_fees_of(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<ContractFeeRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, debt_type, fee_pence, term, from_on, to_on, found_fair_by, evidence, recorded_by, recorded_on, approval, confirmed_on, confirmed_by, withdrawn_on, withdrawn_by, withdrawn_why from contract_fee where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// Terms that count, of customers from one id to another, in the order of recording.
pub async fn contract_fees_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (CustomerId, CustomerId),
) -> Result<Vec<ContractFeeRow>, StoreFault> {
    let sql = sql!(
        "select id, customer_id, debt_type, fee_pence, term, from_on, to_on, found_fair_by, evidence, recorded_by, recorded_on, approval, confirmed_on, confirmed_by, withdrawn_on, withdrawn_by, withdrawn_why from contract_fee where org_id = $1 and customer_id between $2 and $3 and withdrawn_on is null order by customer_id, id"
    );
    tx.all(sql, args![org, first, last]).await
}

/// Records somebody else's yes to a term; false where it was withdrawn, or was asked for under another approval.
pub async fn confirm_contract_fee(
    tx: &mut Tx,
    org: OrgId,
    (id, approval): (i64, &str),
    on: NaiveDate,
    by: &str,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update contract_fee set confirmed_on = $4, confirmed_by = $5 where org_id = $1 and id = $2 and approval = $3 and confirmed_on is null and withdrawn_on is null"
    );
    Ok(tx.run(sql, args![org, id, approval, on, by]).await? == 1)
}
