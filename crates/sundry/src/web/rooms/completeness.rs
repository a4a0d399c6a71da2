//! Completeness: what was delivered in some days, and what became of it.
use super::activity::room;
use super::contracts::day_words;
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, date_field, onto, open_address};
use crate::web::door::{Answer, Routes, Shared, Visitor, page, page_with};
use crate::web::pages::completeness::{CompleteShown, CompletenessPage};
use crate::web::ui::{Tag, TagColour, tag};
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::billing::activity::{CompleteKind, Completeness, CompletenessAsk, completeness};
use sundry_domain::calendar::{add_days, add_months};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Money, Text, Whole};

/// The route of completeness.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/billing/completeness", &[Duty::View], get(view))
}

fn fate(kind: CompleteKind) -> Tag {
    let colour = match kind {
        CompleteKind::Billed => TagColour::Green,
        CompleteKind::NotYet => TagColour::Yellow,
        CompleteKind::Exception => TagColour::Red,
        CompleteKind::Explained => TagColour::Grey,
    };
    tag(kind.name(), colour)
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    use chrono::Datelike;
    let today = doors.desk.today();
    let first = today.with_day(1).unwrap_or(today);
    // The month before, where no days are chosen.
    let (start, end) = (add_months(first, -1), add_days(first, -1));
    let typed = ["from", "to"].map(|field| asked(&query, field).to_owned());
    let address = open_address("/billing/completeness", &[("from", &typed[0]), ("to", &typed[1])]);
    let frame = room(&doors, &visitor).await;
    let mut shown = CompletenessPage { frame, typed, found: None, address };
    for (place, day) in [(0, start), (1, end)] {
        if shown.typed[place].is_empty() {
            shown.typed[place] = day.format("%-d %b %Y").to_string();
        }
    }
    let from_on = date_field(&mut shown.frame, "from", &shown.typed[0], today);
    let to_on = date_field(&mut shown.frame, "to", &shown.typed[1], today);
    let (Some(from_on), Some(to_on)) = (from_on, to_on) else { return super::form::again(&shown) };
    match completeness(&doors.desk, &visitor.actor, CompletenessAsk { from_on, to_on }).await {
        Ok(found) if wanted(asked(&query, "format")) => sheet(&found).file(asked(&query, "format"), &doors, &visitor),
        Ok(found) => {
            shown.found = Some(told(found));
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn told(found: Completeness) -> CompleteShown {
    let proof = [
        ("Charges of contracts by activity", found.proof.charges_pence),
        ("The same on lines of invoices", found.proof.lines_pence),
        ("Credits by the run, posted", found.proof.credits_pence),
        ("Credits by the run, waiting for a yes", found.proof.asked_pence),
        ("Those invoices, with VAT", found.proof.invoices_pence),
        ("The same in the ledger", found.proof.ledger_pence),
    ];
    let differs = found.differs.into_iter().map(|one| {
        let what = if one.rechecked { "The next run adjusts it" } else { "Look at its charges" };
        let (billed, activity) = (Pence(one.billed_pence), Pence(one.activity_pence));
        (one.contract, day_words(one.period_starts_on), billed, activity, what.to_owned())
    });
    CompleteShown {
        lines: found.delivered_lines,
        sums: [
            found.delivered_pence,
            found.repriced_pence,
            found.billed_pence,
            found.not_yet_pence,
            found.exceptions_pence,
            found.explained_pence,
            found.unexplained_pence,
        ]
        .map(Pence),
        rows: found
            .lines
            .into_iter()
            .map(|one| (fate(one.kind), one.contract, one.service_user, one.why, one.lines, Pence(one.pence)))
            .collect(),
        proof: proof.map(|(what, pence)| (what.to_owned(), Pence(pence))).into(),
        agrees: found.agrees,
        differs: differs.collect(),
    }
}

fn sheet(found: &Completeness) -> Sheet {
    let cells = |one: &sundry_desk::billing::activity::CompleteLine| {
        vec![
            Cell::Text(one.kind.name().into()),
            Cell::Text(one.contract.clone()),
            Cell::Text(one.service_user.clone()),
            Cell::Text(one.why.clone()),
            Cell::Whole(one.lines),
            Cell::Pence(one.pence),
        ]
    };
    Sheet {
        title: "Completeness",
        columns: vec![
            ("became", Text),
            ("contract", Text),
            ("service_user", Text),
            ("why", Text),
            ("lines", Whole),
            ("pounds", Money),
        ],
        rows: found.lines.iter().map(cells).collect(),
        filters: vec![("From", found.from_on.to_string()), ("To", found.to_on.to_string())],
    }
}
