//! `contract-fee`: what contracts say of a fee for paying late, and that fee charged.
use super::input::{date, pounds};
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::recovery::contract_fees::{
    ChargeContractFee, ContractFeeRecorded, RecordContractFee, WithdrawContractFee, charge_contract_fee, contract_fees,
    record_contract_fee, withdraw_contract_fee,
};
use sundry_domain::money::Pence;
use sundry_store::recovery::contract_fees::ContractFeeRow;

/// Fees for paying late, by contract.
#[derive(Debug, Subcommand)]
pub enum ContractFees {
    /// List what the contracts of a customer say, withdrawn terms too
    List {
        /// Number of the customer
        customer: String,
    },
    /// Record that a contract allows a fee for paying late
    Record {
        /// Number of the customer
        customer: String,
        /// The fee, in pounds
        #[arg(value_parser = pounds)]
        fee: Pence,
        /// The contract and its clause
        #[arg(long)]
        term: String,
        /// First day of debts that it is for
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// Last day of debts that it is for; it does not end by itself when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<NaiveDate>,
        /// The debt type it is for; every contract of the customer when not said
        #[arg(long, default_value = "")]
        debt_type: String,
        /// Who found the term fair to a consumer; needed where the customer is no business
        #[arg(long, default_value = "")]
        found_fair_by: String,
        /// The document behind it
        #[arg(long)]
        evidence: String,
    },
    /// Withdraw a term that was recorded wrongly
    Withdraw {
        /// Number of the customer
        customer: String,
        /// Id of the term
        id: i64,
        /// Why it was wrong
        #[arg(long)]
        reason: String,
    },
    /// Charge the fee on an overdue invoice, once
    Charge {
        /// Number of the invoice
        invoice: String,
    },
}

/// Fees for paying late, by contract.
pub async fn contract_fee(shop: &Shop, ask: ContractFees, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        ContractFees::List { customer } => {
            let found = contract_fees(&open.desk, &open.by, &customer).await?;
            out.answer(&found, || {
                let lines: Vec<Vec<String>> = found.iter().map(line).collect();
                table(&["id", "fee", "debt type", "term", "from", "to", "confirmed by", "withdrawn"], &[0, 1], &lines)
            })?;
        }
        ContractFees::Record { customer, fee, term, from, to, debt_type, found_fair_by, evidence } => {
            let ask = RecordContractFee {
                key: shop.key(),
                customer,
                debt_type,
                fee: Some(fee),
                term,
                from_on: Some(from),
                to_on: to,
                found_fair_by,
                evidence,
            };
            let recorded = record_contract_fee(&open.desk, &open.by, ask).await?;
            out.answer(&recorded, || {
                let ContractFeeRecorded { id, customer, fee_pence, approval } = &recorded;
                format!("Recorded as term {id} of {customer}: {fee_pence}. {approval} waits for somebody else's yes.")
            })?;
        }
        ContractFees::Withdraw { customer, id, reason } => {
            let ask = WithdrawContractFee { key: shop.key(), customer, id, reason };
            let withdrawn = withdraw_contract_fee(&open.desk, &open.by, ask).await?;
            out.answer(&withdrawn, || format!("Term {id} counts no longer."))?;
        }
        ContractFees::Charge { invoice } => {
            let ask = ChargeContractFee { key: shop.key(), invoice };
            let charged = charge_contract_fee(&open.desk, &open.by, ask).await?;
            out.answer(&charged, || format!("{}: {} charged by {}.", charged.charge, charged.fee_pence, charged.term))?;
        }
    }
    done()
}

fn line(row: &ContractFeeRow) -> Vec<String> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    vec![
        row.id.to_string(),
        Pence(row.fee_pence).pounds(),
        row.debt_type.clone(),
        row.term.clone(),
        row.from_on.to_string(),
        day(row.to_on),
        row.confirmed_by.clone(),
        day(row.withdrawn_on),
    ]
}
