//! Dated facts of debts: decision notices, appeals, deferred payments, agreements.
use super::answer::{Answer, List, made, ok};
use super::sent::{Asked, At, AtTwo, By, Key, Sent};
use super::table::{Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::debt_facts::{
    DebtFactRecorded, DebtFactWithdrawn, RecordDebtFact, WithdrawDebtFact, debt_facts, record_debt_fact,
    withdraw_debt_fact,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_store::billing::debt_facts::DebtFactRow;
use utoipa::ToSchema;

const ROOM: &str = "Recovery";

/// The rows of the facts of debts.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/customers/{number}/debts/{debt}/facts",
                "list_debt_facts",
                "Facts recorded of a debt, withdrawn ones too",
            )
            .needs(&[Duty::View])
            .listed(desk_list::<DebtFactRow>),
            list,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/debts/{debt}/facts",
                "record_debt_fact",
                "Record a dated fact of a debt, with its evidence",
            )
            .needs(&[Duty::WorkCases])
            .takes::<NewDebtFact>()
            .gives(201, desk::<DebtFactRecorded>),
            record,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/debt-facts/withdraw",
                "withdraw_debt_fact",
                "Withdraw a fact that was recorded wrongly",
            )
            .needs(&[Duty::WorkCases])
            .takes::<DebtFactWithdrawal>()
            .gives(200, desk::<DebtFactWithdrawn>),
            withdraw,
        )
}

/// A fact of a debt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDebtFact {
    /// benefit_notice, appeal_lodged, appeal_decided, recovery_method, deferral_possible, deferral_not_possible,
    /// deferral_refused, deferred, deferral_ended, salary_notice, salary_agreement, provider_notice or
    /// unspent_statement.
    pub fact: String,
    /// The day of it.
    pub on: NaiveDate,
    /// For recovery_method: ongoing_benefit, invoice, other_benefits, earnings or county_court.
    #[serde(default)]
    pub method: String,
    /// The document behind it.
    pub evidence: String,
}

/// A fact that was wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DebtFactWithdrawal {
    /// Number of the debt.
    pub debt: String,
    /// Id of the fact.
    pub id: i64,
    /// Why it was wrong.
    pub reason: String,
}

/// A debt of a customer by its number.
async fn debt_of(doors: &Shared, by: &By, customer: &str, debt: &str) -> Outcome<ItemId> {
    let account = customer_account(&doors.desk, &by.0, customer).await?;
    let found = account.items.iter().find(|item| item.number == debt.trim() && item.original_pence > 0);
    Ok(ItemId(found.ok_or_else(|| No::Absent(format!("debt {debt}")))?.item))
}

async fn list(State(doors): State<Shared>, by: By, AtTwo(customer, debt): AtTwo, asked: Asked) -> Answer {
    let item = debt_of(&doors, &by, &customer, &debt).await?;
    let found = debt_facts(&doors.desk, &by.0, item).await?;
    List::whole("Facts of a debt", found.facts).send(&asked, &by, doors.desk.today())
}

async fn record(
    State(doors): State<Shared>,
    by: By,
    AtTwo(customer, debt): AtTwo,
    Key(key): Key,
    Sent(sent): Sent<NewDebtFact>,
) -> Answer {
    let item = debt_of(&doors, &by, &customer, &debt).await?;
    let NewDebtFact { fact, on, method, evidence } = sent;
    let ask = RecordDebtFact { key, item, fact, on: Some(on), method, evidence };
    let recorded = record_debt_fact(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{customer}/debts/{debt}/facts"), &recorded)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(customer): At,
    Key(key): Key,
    Sent(sent): Sent<DebtFactWithdrawal>,
) -> Answer {
    let item = debt_of(&doors, &by, &customer, &sent.debt).await?;
    let ask = WithdrawDebtFact { key, item, id: sent.id, reason: sent.reason };
    ok(&withdraw_debt_fact(&doors.desk, &by.0, ask).await?)
}
