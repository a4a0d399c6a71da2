//! `debt-fact`: dated facts of debts, with their evidence.
use super::input::date;
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::debt_facts::{
    RecordDebtFact, WithdrawDebtFact, debt_facts, record_debt_fact, withdraw_debt_fact,
};
use sundry_desk::{Actor, Desk, No, Outcome};
use sundry_domain::ids::ItemId;
use sundry_domain::law::DebtFact;
use sundry_store::billing::debt_facts::DebtFactRow;

/// Facts of debts.
#[derive(Debug, Subcommand)]
pub enum DebtFacts {
    /// List what is recorded of a debt, withdrawn facts too
    List {
        /// Number of the customer
        customer: String,
        /// Number of the invoice
        debt: String,
    },
    /// Record a fact: benefit_notice, appeal_lodged, appeal_decided, recovery_method, deferral_possible and so on
    Record {
        /// Number of the customer
        customer: String,
        /// Number of the invoice
        debt: String,
        /// Which fact
        fact: String,
        /// The day of it
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: NaiveDate,
        /// The document behind it
        #[arg(long)]
        evidence: String,
        /// For recovery_method: ongoing_benefit, invoice, other_benefits, earnings or county_court
        #[arg(long, default_value = "")]
        method: String,
    },
    /// Withdraw a fact that was recorded wrongly
    Withdraw {
        /// Number of the customer
        customer: String,
        /// Number of the invoice
        debt: String,
        /// Id of the fact
        id: i64,
        /// Why it was wrong
        #[arg(long)]
        reason: String,
    },
}

/// Facts of debts.
pub async fn debt_fact(shop: &Shop, ask: DebtFacts, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        DebtFacts::List { customer, debt } => {
            let item = debt_of(&open.desk, &open.by, &customer, &debt).await?;
            let found = debt_facts(&open.desk, &open.by, item).await?;
            out.answer(&found, || {
                let lines: Vec<Vec<String>> = found.facts.iter().map(line).collect();
                table(&["id", "fact", "on", "evidence", "recorded by", "withdrawn"], &[0], &lines)
            })?;
        }
        DebtFacts::Record { customer, debt, fact, on, evidence, method } => {
            let item = debt_of(&open.desk, &open.by, &customer, &debt).await?;
            let ask = RecordDebtFact { key: shop.key(), item, fact, on: Some(on), method, evidence };
            let recorded = record_debt_fact(&open.desk, &open.by, ask).await?;
            out.answer(&recorded, || format!("Recorded as fact {} of {debt}.", recorded.id))?;
        }
        DebtFacts::Withdraw { customer, debt, id, reason } => {
            let item = debt_of(&open.desk, &open.by, &customer, &debt).await?;
            let ask = WithdrawDebtFact { key: shop.key(), item, id, reason };
            let withdrawn = withdraw_debt_fact(&open.desk, &open.by, ask).await?;
            out.answer(&withdrawn, || format!("Fact {id} of {debt} counts no longer."))?;
        }
    }
    done()
}

fn line(row: &DebtFactRow) -> Vec<String> {
    let name = DebtFact::parse(&row.fact).map_or(row.fact.as_str(), |one| one.name());
    let withdrawn = row.withdrawn_on.map(|day| day.to_string()).unwrap_or_default();
    let on = row.happened_on.to_string();
    vec![row.id.to_string(), name.to_owned(), on, row.evidence.clone(), row.recorded_by.clone(), withdrawn]
}

async fn debt_of(desk: &Desk, by: &Actor, customer: &str, debt: &str) -> Outcome<ItemId> {
    let account = customer_account(desk, by, customer).await?;
    let found = account.items.iter().find(|item| item.number == debt && item.original_pence > 0);
    Ok(ItemId(found.ok_or_else(|| No::Absent(format!("debt {debt}")))?.item))
}
