//! Merging another account of the same customer into one, and undoing it.
use super::form::{Asked, asked, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, path_part, told};
use crate::web::pages::merge::MergeAccounts;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::customers::{
    MergeCustomers, UndoMerge, customer_account, merge_customers, merged_accounts, preview_merge, undo_merge,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/customers/{number}/merge", &[Duty::ManageCustomers], get(view).post(ask)).add(
        "/customers/{number}/unmerge",
        &[Duty::ManageCustomers],
        post(undo),
    )
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str, gone: &str) -> Outcome<MergeAccounts> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let customer = customer_account(desk, by, number).await?.customer;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/customers".into();
    let preview = match gone {
        "" => None,
        gone => match preview_merge(desk, by, &customer.number, gone).await {
            Ok(preview) => Some(preview),
            Err(No::Absent(_)) => {
                frame.errors.add("gone", "Enter the number of a customer of ours");
                None
            }
            Err(no) => return Err(no),
        },
    };
    let merged = merged_accounts(desk, by, &customer.number).await?.merged;
    let stays = (customer.number, customer.name);
    Ok(MergeAccounts {
        frame,
        stays,
        gone: gone.to_owned(),
        evidence: String::new(),
        preview,
        merged,
        undo: String::new(),
        reason: String::new(),
    })
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    page(&shown(&doors, &visitor, &number, asked(&query, "gone")).await?)
}

async fn ask(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (gone, evidence) = (posted.get("gone").trim().to_owned(), posted.get("evidence").to_owned());
    let mut form = shown(&doors, &visitor, &number, &gone).await?;
    let ask = MergeCustomers {
        key: posted.key(),
        stays: form.stays.0.clone(),
        gone: gone.clone(),
        evidence: evidence.clone(),
    };
    match merge_customers(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => told(
            &format!("/customers/{}", path_part(&asked.stays)),
            &format!("{} waits for somebody else: {} is merged into {}", asked.approval, asked.gone, asked.stays),
        ),
        Err(No::Absent(_)) => {
            form.frame.errors.add("gone", "Enter the number of a customer of ours");
            super::form::again(&form)
        }
        Err(no) => {
            form.evidence = evidence;
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn undo(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor, &number, "").await?;
    form.undo = posted.get("undo").trim().to_owned();
    form.reason = posted.get("reason").to_owned();
    let ask = UndoMerge { key: posted.key(), gone: form.undo.clone(), reason: form.reason.clone() };
    match undo_merge(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => told(
            &format!("/customers/{}", path_part(&asked.stays)),
            &format!("{} waits for somebody else: {} is an account of its own again", asked.approval, asked.gone),
        ),
        Err(No::Absent(_)) => {
            form.frame.errors.add("undo", "Choose the account that was merged");
            super::form::again(&form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
