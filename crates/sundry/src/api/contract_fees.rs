//! What contracts say of a fee for paying late, and that fee charged.
use super::answer::{Answer, List, made, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::recovery::contract_fees::{
    ChargeContractFee, ContractFeeCharged, ContractFeeRecorded, ContractFeeWithdrawn, RecordContractFee,
    WithdrawContractFee, charge_contract_fee, contract_fees, record_contract_fee, withdraw_contract_fee,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::recovery::contract_fees::ContractFeeRow;
use utoipa::ToSchema;

const ROOM: &str = "Recovery";

/// The rows of contracts' fees for paying late.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/customers/{number}/contract-fees",
                "list_contract_fees",
                "What a customer's contracts say of a fee for paying late, withdrawn terms too",
            )
            .needs(&[Duty::View])
            .listed(desk_list::<ContractFeeRow>),
            list,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/contract-fees",
                "record_contract_fee",
                "Record that a contract allows a fee for paying late, with its evidence, and ask for a second yes",
            )
            .needs(&[Duty::WorkCases])
            .takes::<NewContractFee>()
            .gives(201, desk::<ContractFeeRecorded>),
            record,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/contract-fees/withdraw",
                "withdraw_contract_fee",
                "Withdraw a term that was recorded wrongly",
            )
            .needs(&[Duty::WorkCases])
            .takes::<ContractFeeWithdrawal>()
            .gives(200, desk::<ContractFeeWithdrawn>),
            withdraw,
        )
        .add(
            post(
                ROOM,
                "/invoices/{number}/charges/fee",
                "charge_contract_fee",
                "Charge the fee that the contract of an overdue invoice allows, once",
            )
            .needs(&[Duty::WorkCases])
            .gives(200, desk::<ContractFeeCharged>),
            charge,
        )
}

/// What a contract says of a fee for paying late.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContractFee {
    /// The debt type it is for; every contract of the customer when empty.
    #[serde(default)]
    pub debt_type: String,
    /// The fee.
    #[schema(minimum = 1)]
    pub fee_pence: i64,
    /// The contract and its clause.
    pub term: String,
    /// First day of debts that it is for.
    pub from_on: NaiveDate,
    /// Last day of debts that it is for; it does not end by itself when not said.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// Who found the term fair to a consumer; needed where the customer is no business.
    #[serde(default)]
    pub found_fair_by: String,
    /// The document behind it.
    pub evidence: String,
}

/// A term that was wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractFeeWithdrawal {
    /// Id of the term.
    pub id: i64,
    /// Why it was wrong.
    pub reason: String,
}

async fn list(State(doors): State<Shared>, by: By, At(customer): At, asked: Asked) -> Answer {
    let found = contract_fees(&doors.desk, &by.0, &customer).await?;
    List::whole("Fees by contract", found).send(&asked, &by, doors.desk.today())
}

async fn record(
    State(doors): State<Shared>,
    by: By,
    At(customer): At,
    Key(key): Key,
    Sent(sent): Sent<NewContractFee>,
) -> Answer {
    let ask = RecordContractFee {
        key,
        customer: customer.clone(),
        debt_type: sent.debt_type,
        fee: Some(Pence(sent.fee_pence)),
        term: sent.term,
        from_on: Some(sent.from_on),
        to_on: sent.to_on,
        found_fair_by: sent.found_fair_by,
        evidence: sent.evidence,
    };
    let recorded = record_contract_fee(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{customer}/contract-fees"), &recorded)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(customer): At,
    Key(key): Key,
    Sent(sent): Sent<ContractFeeWithdrawal>,
) -> Answer {
    let ask = WithdrawContractFee { key, customer, id: sent.id, reason: sent.reason };
    ok(&withdraw_contract_fee(&doors.desk, &by.0, ask).await?)
}

async fn charge(State(doors): State<Shared>, by: By, At(invoice): At, Key(key): Key) -> Answer {
    ok(&charge_contract_fee(&doors.desk, &by.0, ChargeContractFee { key, invoice }).await?)
}
