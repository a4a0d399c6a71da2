//! Remittance advice handed in for a receipt: shown first, applied when a person says so.
use super::form::onto;
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::remittance::{Read, ReadLine, Remittance};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::remittance::{
    ApplyRemittance, RemittanceFile, RemittanceLineShown, RemittanceRead, apply_remittance, read_remittance,
    remittances,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const DUTIES: &[Duty] = &[Duty::PostCash];

/// The routes of advice.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/cash/receipts/{number}/remittance", DUTIES, get(view).post(read)).add(
        "/cash/receipts/{number}/remittance/apply",
        DUTIES,
        post(apply),
    )
}

async fn blank(doors: &Shared, visitor: &Visitor, number: &str) -> Result<Remittance, Trouble> {
    let view = receipt(&doors.desk, &visitor.actor, number).await?;
    let before = remittances(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let head = view.receipt;
    let who = |by: String, on: chrono::NaiveDate| format!("{by}, {}", on.format("%-d %B %Y"));
    let before = before.into_iter().map(|row| (row.file_name, row.lines_count, who(row.applied_by, row.applied_on)));
    Ok(Remittance {
        frame,
        receipt: format!("{} from {}, {}", Pence(head.amount_pence), head.payer_name, head.words),
        number: head.number,
        before: before.collect(),
        read: None,
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank(&doors, &visitor, &number).await?)
}

async fn read(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut shown = blank(&doors, &visitor, &number).await?;
    let Some(file) = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose the file of the advice");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    match looked_at(&doors, &visitor, &number, &file.name, file.bytes.clone()).await {
        Ok(read) => {
            // Kept sealed, by its hash, until a person applies it or nobody ever does.
            let kept = doors.desk.files().put(visitor.actor.org.0, &file.bytes)?;
            shown.read = Some(of(read, &file.name, kept));
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn looked_at(
    doors: &Shared,
    visitor: &Visitor,
    number: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<RemittanceRead, No> {
    let bytes = child::as_table(bytes).await?;
    let file = RemittanceFile { receipt: number.to_owned(), file_name: name.to_owned(), bytes };
    read_remittance(&doors.desk, &visitor.actor, &file).await
}

fn of(read: RemittanceRead, name: &str, kept: String) -> Read {
    let line = |one: RemittanceLineShown| ReadLine {
        reference: one.reference,
        item: one.item,
        customer: one.customer,
        sums: (Pence(one.paid_pence), Pence(one.deducted_pence), Pence(one.open_pence)),
        note: if one.reason.is_empty() { one.note } else { format!("{} The payer says: {}.", one.note, one.reason) },
    };
    Read {
        name: name.to_owned(),
        kept,
        sums: (
            Pence(read.left_pence),
            Pence(read.allocated_pence),
            Pence(read.credits_pence),
            Pence(read.on_account_pence),
        ),
        may_keep: read.may_keep_rest,
        lines: read.lines.into_iter().map(line).collect(),
        left_out: read.left_out,
        problem: read.problem,
    }
}

async fn apply(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let original = doors.desk.files().get(visitor.actor.org.0, posted.get("kept"))?;
    let name = posted.get("name").to_owned();
    let outcome = match child::as_table(original.clone()).await {
        Ok(bytes) => {
            let file = RemittanceFile { receipt: number.clone(), file_name: name, bytes };
            let ask = ApplyRemittance { key: posted.key(), file, original, keep_rest: posted.has("keep_rest") };
            apply_remittance(&doors.desk, &visitor.actor, ask).await
        }
        Err(no) => Err(no),
    };
    match outcome {
        Ok(done) => {
            let (items, account) = (Pence(done.allocated_pence), Pence(done.on_account_pence));
            let news = format!("{} allocated as the advice says: {items} to items, {account} on account", done.receipt);
            told(&format!("/cash/receipts/{number}"), &news)
        }
        Err(no) => {
            let mut again = blank(&doors, &visitor, &number).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}
