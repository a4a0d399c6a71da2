//! Two accounts of one customer: what a merge would move, asking for it, and asking for it to be undone.
use super::answer::{Answer, made, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use serde::Deserialize;
use sundry_desk::customers::{
    MergeAsked, MergeCustomers, MergePreview, MergedAccounts, UndoAsked, UndoMerge, merge_customers, merged_accounts,
    preview_merge, undo_merge,
};
use sundry_domain::control::Duty;
use utoipa::ToSchema;

const ROOM: &str = "Customers";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/customers/{number}/merge-preview",
                "preview_merge",
                "What would move to this account from another of the same customer, and what forbids it",
            )
            .must("gone", Holds::Text, "Number of the account to be merged into this one")
            .gives(200, desk::<MergePreview>),
            preview,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/merges",
                "merge_customers",
                "Ask for another account of the same customer to be merged into this one",
            )
            .needs(&[Duty::ManageCustomers])
            .takes::<NewMerge>()
            .gives(201, desk::<MergeAsked>),
            ask,
        )
        .add(
            get(
                ROOM,
                "/customers/{number}/merges",
                "get_merges",
                "The accounts that were merged into this one, and which of them waits to be an account of its own again",
            )
            .gives(200, desk::<MergedAccounts>),
            merged,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/merges/undo",
                "undo_merge",
                "Ask for this account, which was merged into another, to be an account of its own again",
            )
            .needs(&[Duty::ManageCustomers])
            .takes::<NewUndoMerge>()
            .gives(201, desk::<UndoAsked>),
            undo,
        )
}

/// An account to be merged into this one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// Number of the account that is merged into this one.
    pub gone: String,
    /// How you know that both are one customer.
    pub evidence: String,
}

/// A merge that is to be undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUndoMerge {
    /// Why they are two customers after all.
    pub reason: String,
}

async fn merged(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&merged_accounts(&doors.desk, &by.0, &number).await?)
}

async fn undo(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewUndoMerge>,
) -> Answer {
    let place = format!("customers/{number}");
    let ask = UndoMerge { key, gone: number, reason: new.reason };
    made(&place, &undo_merge(&doors.desk, &by, ask).await?)
}

async fn preview(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    ok(&preview_merge(&doors.desk, &by.0, &number, &asked.text("gone")).await?)
}

async fn ask(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewMerge>,
) -> Answer {
    let place = format!("customers/{number}");
    let ask = MergeCustomers { key, stays: number, gone: new.gone, evidence: new.evidence };
    made(&place, &merge_customers(&doors.desk, &by, ask).await?)
}
