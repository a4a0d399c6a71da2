//! The VAT return: its figures, relief on bad debts, recording it as filed.
use super::answer::{Answer, made, ok};
use super::sent::{Asked, By, Key, Sent};
use super::table::{Holds, Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::billing::{self, AskVatReturn, ClaimVatRelief, FileVatReturn};
use sundry_domain::control::Duty;
use sundry_store::billing::vat::VatReturnRow;
use utoipa::ToSchema;

const ROOM: &str = "Billing";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/vat-return", "get_vat_return", "Work out the figures of a VAT return; nothing is kept")
                .needs(&[Duty::RunReports])
                .asks("from_on", Holds::Day, "First day; the day after the last return when not said")
                .asks("to_on", Holds::Day, "Last day; three months on when not said")
                .gives(200, desk::<billing::VatReturnShown>),
            shown,
        )
        .add(
            post(
                ROOM,
                "/vat-relief",
                "claim_vat_relief",
                "Claim VAT relief on write-offs whose six months have passed",
            )
            .needs(&[Duty::PostJournals])
            .gives(200, desk::<billing::ReliefClaimed>),
            claim,
        )
        .add(
            post(ROOM, "/vat-returns", "file_vat_return", "Record a VAT return as filed, which closes its tax points")
                .needs(&[Duty::ClosePeriods])
                .takes::<FiledVatReturn>()
                .gives(201, desk::<VatReturnRow>),
            file,
        )
}

/// A VAT return that was filed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FiledVatReturn {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Box 1 as it was filed; it must be what the books say.
    pub box1_pence: i64,
    /// What HMRC answered: the form bundle number.
    pub receipt: String,
}

async fn shown(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = AskVatReturn { from_on: asked.day("from_on"), to_on: asked.day("to_on") };
    ok(&billing::vat_return(&doors.desk, &by.0, ask).await?)
}

async fn claim(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    ok(&billing::claim_vat_relief(&doors.desk, &by.0, ClaimVatRelief { key }).await?)
}

async fn file(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<FiledVatReturn>) -> Answer {
    let FiledVatReturn { from_on, to_on, box1_pence, receipt } = new;
    let ask = FileVatReturn { key, from_on, to_on, box1_pence, receipt };
    made("vat-return", &billing::file_vat_return(&doors.desk, &by.0, ask).await?)
}
