//! Dated rates and fees: how they stand, and new ones for somebody else to approve.
use super::answer::{Answer, List, made};
use super::sent::{Asked, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::setup::rates::{self as desk_rates, AskRates, RatesAsked};
use sundry_domain::control::Duty;
use sundry_domain::reference::{AskedRate, RateLine};
use utoipa::ToSchema;

const ROOM: &str = "Control";

/// The rows of dated rates.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/dated-rates", "list_rates", "Every dated rate and fee, and whether it ends or is missing")
                .needs(&[Duty::View, Duty::ManageSettings])
                .asks("kind", Holds::Text, "Only of this kind; every one when not said")
                .listed(desk_list::<RateLine>),
            list,
        )
        .add(
            post(ROOM, "/dated-rates", "ask_rates", "Ask for new dated rates, which someone else approves")
                .needs(&[Duty::ManageSettings])
                .takes::<NewDatedRates>()
                .gives(201, desk::<RatesAsked>),
            ask,
        )
}

/// New dated rates of one kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDatedRates {
    /// late_payment_rate, late_payment_compensation, court_issue_fee, court_fee, court_small_hearing_fee,
    /// court_fixed_costs, court_judgment_costs, court_interest_rate, judgment_interest_minimum, vat_rate or
    /// bank_holiday.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day that is confirmed, if there is one.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// The figures; of a table of bands all of them.
    pub rates: Vec<NewDatedRate>,
    /// For people.
    #[serde(default)]
    pub note: String,
    /// The order, the regulation or the page that says so.
    pub source: String,
}

/// One figure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDatedRate {
    /// A band's bound in pounds or `max`, a step, a VAT code, a nation; empty where the kind has one figure.
    #[serde(default)]
    pub key: String,
    /// Pounds as 97.00, or a share as 5%; of a bank holiday nothing.
    #[serde(default)]
    pub figure: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let kind = asked.text("kind");
    let mut rows = desk_rates::rates(&doors.desk, &by.0).await?;
    rows.retain(|row| kind.is_empty() || row.kind == kind);
    List::whole("Dated rates", rows).send(&asked, &by, doors.desk.today())
}

async fn ask(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewDatedRates>) -> Answer {
    let NewDatedRates { kind, from_on, to_on, rates, note, source } = new;
    let rates = rates.into_iter().map(|one| AskedRate { key: one.key, figure: one.figure }).collect();
    let ask = AskRates { key, kind, from_on: Some(from_on), to_on, rates, note, source };
    let told = desk_rates::ask_rates(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", told.approval), &told)
}
