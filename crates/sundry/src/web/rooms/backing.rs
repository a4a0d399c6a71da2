//! Files behind an invoice or a credit note: what is there, one more, one less, all as one PDF.
use super::delivery::show_pdf;
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, invoice_at, page, page_with, told};
use crate::web::pages::backing::{BackingLine, BackingPage};
use axum::extract::{Path, State};
use axum::routing::{get, post};
use sundry_desk::delivery::{AttachBacking, WithdrawBacking, attach_backing, backing_of, bundle_pdf, withdraw_backing};
use sundry_domain::control::Duty;

const ATTACH: &[Duty] = &[Duty::RaiseInvoice, Duty::ReleaseRuns];

/// The routes of backing files.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/invoices/{number}/backing", &[Duty::View], get(view))
        .add("/billing/invoices/{number}/backing/add", ATTACH, post(attach))
        .add("/billing/invoices/{number}/backing/withdraw", ATTACH, post(withdraw))
        .add("/billing/invoices/{number}/bundle.pdf", &[Duty::View], get(bundle))
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Result<BackingPage, Trouble> {
    let found = backing_of(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/delivery".into();
    let line = |one: sundry_store::delivery::backing::BackingRow| BackingLine {
        id: one.id.to_string(),
        name: one.name,
        size: one.size_bytes,
        masked: one.masked_count,
        added: one.added_on,
        by: one.added_by_name,
    };
    Ok(BackingPage {
        frame,
        number: found.number,
        files: found.files.into_iter().map(line).collect(),
        bundle: found.bundle_bytes,
        longest_kb: found.longest_kb,
        may_attach: ATTACH.iter().any(|duty| visitor.actor.holds(*duty)),
        looked: false,
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn attach(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let looked_through = posted.has("looked_through");
    let (name, bytes) =
        posted.files.first().map_or_else(Default::default, |file| (file.name.clone(), file.bytes.to_vec()));
    let ask = AttachBacking { key: posted.key(), number: number.clone(), name, looked_through };
    match attach_backing(&doors.desk, &visitor.actor, ask, bytes).await {
        Ok(now) => {
            let masked = now.files.last().map_or(0, |one| one.masked_count);
            let words = match masked {
                0 => "The file is attached".to_owned(),
                1 => "The file is attached; 1 place in it was masked".to_owned(),
                many => format!("The file is attached; {many} places in it were masked"),
            };
            told(&format!("{}/backing", invoice_at(&number)), &words)
        }
        Err(no) => {
            let mut again = shown(&doors, &visitor, &number).await?;
            again.looked = looked_through;
            let codes = ["DLV-BACKING-KIND", "DLV-BACKING-NAMES", "DLV-PDF-SIZE"].map(|code| (code, "file"));
            let fields = [codes[0], codes[1], codes[2], ("DLV-BACKING-UNSEEN", "looked_through")];
            let status = onto(&mut again.frame, no, &fields)?;
            page_with(status, &again)
        }
    }
}

async fn withdraw(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let file = posted.get("file").parse().unwrap_or_default();
    let ask = WithdrawBacking { key: posted.key(), number: number.clone(), file };
    withdraw_backing(&doors.desk, &visitor.actor, ask).await?;
    told(&format!("{}/backing", invoice_at(&number)), "The file is taken away")
}

async fn bundle(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    show_pdf(&format!("{number}-bundle"), bundle_pdf(&doors.desk, &visitor.actor, &number).await?)
}
