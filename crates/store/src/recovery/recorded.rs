//! What somebody recorded with evidence and withdraws as wrong: facts of debts, and terms of contracts.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sundry_domain::ids::OrgId;

/// What was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A fact of a debt; the instalments of an invoice share one id.
    DebtFact,
    /// What a contract says of a fee for paying late.
    ContractFee,
}

/// Withdraws it wherever it was recorded under an id; how many rows those were: none where it was withdrawn before.
pub async fn withdraw(
    tx: &mut Tx,
    org: OrgId,
    (what, id): (Recorded, i64),
    on: NaiveDate,
    (by, why): (&str, &str),
) -> Result<u64, StoreFault> {
    let sql = match what {
        Recorded::DebtFact => sql!(
            "update debt_fact set withdrawn_on = $3, withdrawn_by = $4, withdrawn_why = $5 where org_id = $1 and id = $2 and withdrawn_on is null"
        ),
        Recorded::ContractFee => sql!(
            "update contract_fee set withdrawn_on = $3, withdrawn_by = $4, withdrawn_why = $5 where org_id = $1 and id = $2 and withdrawn_on is null"
        ),
    };
    tx.run(sql, args![org, id, on, by, why]).await
}
