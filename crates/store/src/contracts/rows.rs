//! Contracts and what hangs on them, as they are kept.
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

/// Contracts from one id to another: the one, or those among them that a run up to a day bills.
#[derive(Clone, Copy, Debug)]
pub struct ContractRange {
    /// First id.
    pub first: i64,
    /// Last id.
    pub last: i64,
    /// The run's day; none for every contract of the range.
    pub up_to: Option<NaiveDate>,
}

/// A contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractRow {
    /// Id.
    pub id: i64,
    /// Number: `CON-000001`.
    pub number: String,
    /// Reference of the service user; never a name.
    pub service_user: String,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Cost centre.
    pub cost_centre: String,
    /// How often it is billed.
    pub cycle: String,
    /// Whether it is billed before the period.
    pub in_advance: bool,
    /// First day of the service.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Why it ends.
    pub end_reason: String,
    /// Whether the first day is charged.
    pub charge_first_day: bool,
    /// Whether the last day is charged.
    pub charge_last_day: bool,
    /// Days to pay; the customer's own when not said.
    pub terms_days: Option<i64>,
    /// The contract's own reference.
    pub reference: String,
    /// Billed up to and with this day.
    pub billed_to: NaiveDate,
    /// The first day on which a run bills it again.
    pub next_on: Option<NaiveDate>,
    /// The first billed day that a change touches.
    pub recheck_from: Option<NaiveDate>,
    /// What changed.
    pub recheck_why: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// A charge of a contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractLineRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place, from 1.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// The rate card, if not a rate of its own.
    pub card_id: Option<i64>,
    /// The rate card's line.
    pub service_code: String,
    /// What its rate is for.
    pub unit: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// The clause it rests on.
    pub clause: String,
    /// Whether what was delivered is charged, and not the plan.
    pub by_activity: bool,
    /// Of activity at most so many a week, in ten-thousandths.
    pub agreed_e4: Option<i64>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
}

/// A rate of a contract's own.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractRateRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Of which charge.
    pub line: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// In ten-thousandths of a pound.
    pub rate_e4: i64,
    /// The decision behind it.
    pub why: String,
    /// Who entered it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// A payer of a contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractPayerRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place.
    pub seq: i64,
    /// Who.
    pub customer_id: i64,
    /// The charge it is for; every one when not said.
    pub line: Option<i64>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// fixed, percent or remainder.
    pub share: String,
    /// A fixed amount in ten-thousandths of a pound, or of a per cent.
    pub share_e4: i64,
    /// Takes the odd pennies.
    pub is_lead: bool,
    /// Purchase order.
    pub po_number: String,
}

/// Days of a contract that are not charged, or in part.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractBreakRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place.
    pub seq: i64,
    /// suspension, absence or free.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// What is still charged, in basis points.
    pub retained_bp: i64,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// What was changed about a contract.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractChangeRow {
    /// Of which contract.
    pub contract_id: i64,
    /// Its place.
    pub seq: i64,
    /// When it was made.
    pub on_day: NaiveDate,
    /// The first day it touches.
    pub from_on: Option<NaiveDate>,
    /// What changed.
    pub what: String,
    /// Why.
    pub why: String,
    /// Who.
    pub actor_name: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}
