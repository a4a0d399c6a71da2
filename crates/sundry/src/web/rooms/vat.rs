//! The VAT return: its figures, relief on bad debts, recording it as filed.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, date_field, onto, plain};
use super::invoices::vat_words;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::vat::{Figures, VatReturn};
use crate::web::ui::{TagColour, tag};
use axum::extract::{Query, State};
use axum::routing::{get, post};
use chrono::NaiveDate;
use sundry_desk::billing::{
    AskVatReturn, ClaimVatRelief, FileVatReturn, VatReturnShown, claim_vat_relief, file_vat_return, vat_return,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/billing/vat", &[Duty::RunReports], get(view).post(file)).add(
        "/billing/vat/relief",
        &[Duty::PostJournals],
        post(claim),
    )
}

async fn blank(doors: &Shared, visitor: &Visitor, days: (&str, &str)) -> VatReturn {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/billing".into();
    VatReturn {
        frame,
        days: (days.0.to_owned(), days.1.to_owned()),
        figures: None,
        may_claim: visitor.actor.holds(Duty::PostJournals),
        may_file: visitor.actor.holds(Duty::ClosePeriods),
        receipt: String::new(),
    }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let typed = (asked(&query, "from_on"), asked(&query, "to_on"));
    let mut shown = blank(&doors, &visitor, typed).await;
    let today = doors.desk.today();
    let from_on = date_field(&mut shown.frame, "from_on", typed.0, today);
    let to_on = date_field(&mut shown.frame, "to_on", typed.1, today);
    if !shown.frame.errors.is_empty() {
        return super::form::again(&shown);
    }
    match vat_return(&doors.desk, &visitor.actor, AskVatReturn { from_on, to_on }).await {
        Ok(found) if wanted(asked(&query, "format")) => sheet(found).file(asked(&query, "format"), &doors, &visitor),
        Ok(found) => {
            shown.days = (short(found.from_on), short(found.to_on));
            shown.figures = Some(figures(found));
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

fn figures(found: VatReturnShown) -> Figures {
    let sum = |one: &sundry_store::billing::vat::VatSum| {
        let kind = if one.kind == "invoice" { "Invoices" } else { "Credit notes" };
        let code = vat_words(&one.vat_code, one.vat_bp);
        (kind.to_owned(), code, one.lines, Pence(one.net_pence), Pence(one.vat_pence))
    };
    let relief = found.relief.iter().map(|one| {
        let state = if one.state == "due" { tag("Due", TagColour::Green) } else { tag("Not yet", TagColour::Grey) };
        let (written_off, relief) = (Pence(one.written_off_pence), Pence(one.relief_pence));
        let (off, item, account) = (one.write_off.clone(), one.item.clone(), one.customer_number.clone());
        (off, item, account, written_off, relief, one.earliest_on, state)
    });
    let filed = found.filed.iter().map(|row| {
        let period = format!("{} to {}", written(row.from_on), written(row.to_on));
        let (box1, box4) = (Pence(row.box1_pence), Pence(row.box4_pence));
        (period, box1, box4, row.box6_pounds, row.receipt.clone(), row.filed_on, row.actor_name.clone())
    });
    Figures {
        period: (found.from_on, found.to_on),
        boxes: (found.boxes.box1, found.boxes.box4, found.boxes.box6_pounds),
        ledger: (Pence(found.repaid_pence), Pence(found.posted_pence), Pence(found.timing_pence)),
        sums: found.sums.iter().map(sum).collect(),
        documents: found.documents.len(),
        some_due: found.relief.iter().any(|one| one.state == "due"),
        relief: relief.collect(),
        filed: filed.collect(),
        why_not: found.why_not.clone(),
    }
}

fn sheet(found: VatReturnShown) -> Sheet {
    let filters = vec![("From", found.from_on.to_string()), ("To", found.to_on.to_string())];
    let columns = vec![
        ("kind", Text),
        ("number", Text),
        ("customer_id", Text),
        ("issued", Date),
        ("tax_point", Date),
        ("net", Money),
        ("vat", Money),
    ];
    let sign = |kind: &str| if kind == "credit_note" { -1 } else { 1 };
    let row = |one: sundry_store::billing::vat::VatDocument| {
        let sign = sign(&one.kind);
        vec![
            Cell::Text(plain(&one.kind)),
            Cell::Text(one.number),
            Cell::Text(one.customer_number),
            Cell::Date(one.issue_on),
            Cell::Date(one.tax_point_on),
            Cell::Pence(sign * one.net_pence),
            Cell::Pence(sign * one.vat_pence),
        ]
    };
    Sheet { title: "VAT return", columns, rows: found.documents.into_iter().map(row).collect(), filters }
}

async fn claim(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let done = claim_vat_relief(&doors.desk, &visitor.actor, ClaimVatRelief { key: posted.key() }).await?;
    let offs = sundry_domain::words::counted(done.write_offs, "write-off");
    told("/billing/vat", &format!("Relief of {} claimed on {offs}", Pence(done.relief_pence)))
}

async fn file(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = (posted.get("from_on"), posted.get("to_on"));
    let mut shown = blank(&doors, &visitor, typed).await;
    shown.receipt = posted.get("receipt").to_owned();
    let today = doors.desk.today();
    let days = date_field(&mut shown.frame, "from_on", typed.0, today).zip(date_field(
        &mut shown.frame,
        "to_on",
        typed.1,
        today,
    ));
    let Some((from_on, to_on)) = days else { return super::form::again(&shown) };
    let ask = FileVatReturn {
        key: posted.key(),
        from_on,
        to_on,
        box1_pence: posted.get("box1_pence").parse().unwrap_or_default(),
        receipt: shown.receipt.clone(),
    };
    match file_vat_return(&doors.desk, &visitor.actor, ask).await {
        Ok(row) => told("/billing/vat", &format!("The return up to {} is recorded as filed", written(row.to_on))),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            let asked = AskVatReturn { from_on: Some(from_on), to_on: Some(to_on) };
            let found = vat_return(&doors.desk, &visitor.actor, asked).await?;
            shown.days = (short(found.from_on), short(found.to_on));
            shown.figures = Some(figures(found));
            page_with(status, &shown)
        }
    }
}
