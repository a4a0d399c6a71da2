//! Billing runs, the evidence of an invoice, rate cards.
use super::contracts::{billed, day_words};
use super::form::{Asked, again, asked, date_field, onto, plain};
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::billing_runs::{
    BillingRuns, EvidenceOfLine, InvoiceEvidence, OneRun, Preview, PreviewInvoice, RateCards, RunLine,
};
use crate::web::ui::{Frame, Tag, TagColour, money, number as figure, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::No;
use sundry_desk::billing::contracts::{
    BillingPreview, BillingRunShown, LoadRateCard, PrepareBillingRun, PreviewAsk, RunTotals, TurnBillingRun,
    billing_run, billing_run_invoices, billing_runs, evidence, load_rate_card, prepare_billing_run, preview_billing,
    rate_cards, stop_billing_run, withdraw_billing_run,
};
use sundry_desk::billing::feeders::behind_invoice;
use sundry_desk::billing::invoice;
use sundry_desk::billing::requests::request_behind;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::billing::contracts::{Cycle, Unit};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::contracts::LeftNamed;

const LOOK: &[Duty] = &[Duty::View];
const HOME: &str = "/billing/runs";

/// The routes of billing runs.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/runs", LOOK, get(list))
        .add("/billing/runs/prepare", &[Duty::RaiseInvoice], post(prepare))
        .add("/billing/runs/{number}", LOOK, get(one))
        .add("/billing/runs/{number}/{verb}", &[Duty::ReleaseRuns, Duty::RaiseInvoice], post(turn))
        .add("/billing/invoices/{number}/evidence", LOOK, get(behind))
        .add("/billing/rate-cards", LOOK, get(cards))
        .add("/billing/rate-cards/load", &[Duty::RaiseInvoice], post(load))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/contracts".into();
    frame
}

fn state(word: &str) -> Tag {
    match word {
        "prepared" => tag("Prepared", TagColour::Blue),
        "releasing" => tag("Being billed", TagColour::Yellow),
        "stopped" => tag("Stopped", TagColour::Orange),
        "done" => tag("Done", TagColour::Green),
        other => tag(plain(other), TagColour::Grey),
    }
}

fn left(rows: &[LeftNamed]) -> Vec<(String, String, String, String)> {
    let row =
        |one: &LeftNamed| (one.number.clone(), one.service_user.clone(), one.sentence.clone(), one.way_out.clone());
    rows.iter().map(row).collect()
}

async fn runs_page(doors: &Shared, visitor: &Visitor, typed: [String; 3]) -> Result<BillingRuns, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let runs = billing_runs(desk, by).await?;
    let open = |run: &&BillingRunShown| ["prepared", "releasing", "stopped"].contains(&run.state.as_str());
    let unfinished = runs.iter().find(open).map(|run| run.number.clone()).unwrap_or_default();
    let line = |run: BillingRunShown| {
        let totals = if run.state == "prepared" { &run.prepared } else { &run.totals };
        RunLine {
            invoices: totals.invoices,
            gross: Pence(totals.gross_pence),
            left: totals.left,
            state: state(&run.state),
            number: run.number,
            up_to: run.up_to,
            by: run.prepared_by,
        }
    };
    let mut cycles = vec![(String::new(), "Every cycle".to_owned())];
    cycles.extend(Cycle::ALL.iter().map(|cycle| (cycle.as_str().to_owned(), cycle.name().to_owned())));
    Ok(BillingRuns {
        frame: room(doors, visitor).await,
        typed,
        cycles,
        preview: None,
        runs: runs.into_iter().map(line).collect(),
        may_prepare: by.holds(Duty::RaiseInvoice),
        unfinished,
    })
}

fn previewed(found: BillingPreview) -> Preview {
    let t = &found.totals;
    let colour = |what: &str| match what {
        "new" => TagColour::Blue,
        "less" | "credited" => TagColour::Yellow,
        "nothing_due" => TagColour::Grey,
        _ => TagColour::Green,
    };
    Preview {
        counts: [t.contracts, t.invoices, t.lines, found.new_contracts, found.changed, found.same, found.nothing_due],
        sums: [t.net_pence, t.vat_pence, t.gross_pence, t.adjustments_pence, t.credits_pence].map(Pence),
        changes: found
            .changes
            .iter()
            .map(|one| {
                let what = tag(plain(&one.what), colour(&one.what));
                let (was, now) = (Pence(one.was_pence), Pence(one.now_pence));
                (one.number.clone(), one.service_user.clone(), what, was, now, one.why.clone())
            })
            .collect(),
        left: left(&found.left),
        invoices: found
            .invoices
            .into_iter()
            .map(|one| PreviewInvoice {
                contract: one.contract,
                customer: (one.customer_number, one.customer_name),
                gross: Pence(one.gross_pence),
                lines: one
                    .lines
                    .into_iter()
                    .map(|line| (line.description, Pence(line.net_pence), line.working))
                    .collect(),
            })
            .collect(),
    }
}

/// Invoices that a preview shows line by line.
const SHOWN: usize = 50;

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let typed = ["up_to", "service", "cycle"].map(|field| asked(&query, field).to_owned());
    let mut shown = runs_page(&doors, &visitor, typed.clone()).await?;
    let up_to = date_field(&mut shown.frame, "up_to", &typed[0], doors.desk.today());
    if shown.frame.failed() {
        return again(&shown);
    }
    let may = [Duty::RaiseInvoice, Duty::ReleaseRuns].iter().any(|duty| visitor.actor.holds(*duty));
    let Some(up_to) = up_to.filter(|_| may) else { return page(&shown) };
    let ask = PreviewAsk { up_to, service: typed[1].clone(), cycle: typed[2].clone(), show: SHOWN };
    match preview_billing(&doors.desk, &visitor.actor, ask).await {
        Ok(found) => {
            shown.preview = Some(previewed(found));
            page(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn prepare(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = ["up_to", "service", "cycle"].map(|field| posted.get(field).to_owned());
    let mut shown = runs_page(&doors, &visitor, typed.clone()).await?;
    let up_to = date_field(&mut shown.frame, "up_to", &typed[0], doors.desk.today());
    if typed[0].is_empty() {
        shown.frame.errors.add("up_to", "Enter the day by which it is due");
    }
    let (Some(up_to), false) = (up_to, shown.frame.failed()) else { return again(&shown) };
    let [_, service, cycle] = typed;
    match prepare_billing_run(
        &doors.desk,
        &visitor.actor,
        PrepareBillingRun { key: posted.key(), up_to, service, cycle },
    )
    .await
    {
        Ok(run) => told(&format!("{HOME}/{}", run.number), &format!("{} is prepared", run.number)),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn totals(run: &BillingRunShown) -> Vec<[String; 4]> {
    let ledger = run.ledger_pence.map(|sum| money(Pence(sum))).unwrap_or_default();
    let begun = run.state != "prepared" && run.state != "withdrawn";
    let row = |what: &str, of: fn(&RunTotals) -> String, ledger: String| {
        let posted = if begun { of(&run.totals) } else { String::new() };
        [what.to_owned(), of(&run.prepared), posted, ledger]
    };
    vec![
        row("Contracts", |t| figure(t.contracts), String::new()),
        row("Invoices", |t| figure(t.invoices), String::new()),
        row("Lines", |t| figure(t.lines), String::new()),
        row("Before VAT", |t| money(Pence(t.net_pence)), String::new()),
        row("VAT", |t| money(Pence(t.vat_pence)), String::new()),
        row("With VAT", |t| money(Pence(t.gross_pence)), ledger),
        row("Adjustments, before VAT", |t| money(Pence(t.adjustments_pence)), String::new()),
        row("Credits that wait for a yes, before VAT", |t| money(Pence(t.credits_pence)), String::new()),
        row("Left out", |t| figure(t.left), String::new()),
    ]
}

async fn run_page(doors: &Shared, visitor: &Visitor, number: &str, after: i64) -> Result<OneRun, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let run = billing_run(desk, by, number).await?;
    let mut invoices = billing_run_invoices(desk, by, number, (after, 101)).await?;
    let more = invoices.len() > 100;
    invoices.truncate(100);
    let next = invoices.last().filter(|_| more).map(|last| format!("{HOME}/{number}?after={}", last.id));
    let cycle = Cycle::parse(&run.cycle).map_or("", Cycle::name);
    let span = if run.first_number.is_empty() {
        String::new()
    } else {
        format!("{} to {}", run.first_number, run.last_number)
    };
    let on = |day: Option<chrono::NaiveDate>| day.map(day_words).unwrap_or_default();
    let facts = vec![
        ("Due by", day_words(run.up_to)),
        ("Only this cycle", cycle.to_owned()),
        ("Only this service", run.service.clone()),
        ("Prepared by", format!("{}, {}", run.prepared_by, day_words(run.prepared_on))),
        ("Released by", run.released_by.clone()),
        ("Released on", on(run.released_on)),
        ("Numbers", span),
    ];
    Ok(OneRun {
        frame: room(doors, visitor).await,
        state: (run.state.clone(), state(&run.state)),
        facts: facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        totals: totals(&run),
        done: (run.done_count, run.total_count),
        left: left(&run.left),
        invoices: invoices
            .into_iter()
            .map(|one| (one.number, one.customer_number, one.customer_name, one.po_number, Pence(one.gross_pence)))
            .collect(),
        next: next.unwrap_or_default(),
        may_release: by.holds(Duty::ReleaseRuns),
        may_withdraw: by.holds(Duty::RaiseInvoice) || by.holds(Duty::ReleaseRuns),
        number: run.number,
    })
}

async fn one(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let after = asked(&query, "after").parse().unwrap_or(0);
    page(&run_page(&doors, &visitor, &number, after).await?)
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut shown = run_page(&doors, &visitor, &number, 0).await?;
    let (desk, by, key) = (&doors.desk, &visitor.actor, posted.key());
    let done = match verb.as_str() {
        "release" => {
            by.must_hold(Duty::ReleaseRuns).map_err(No::from)?;
            let request = serde_json::json!({ "number": number });
            let dedupe_key = format!("billing run {number} {key}");
            let ask = AddJob { key, kind: "bill_contracts".into(), dedupe_key, request };
            add_job(desk, by, ask).await.map(|_| format!("{number} is being billed; look again to see how far it is"))
        }
        "stop" => stop_billing_run(desk, by, TurnBillingRun { key, number: number.clone() })
            .await
            .map(|_| format!("{number} is stopped")),
        "withdraw" => withdraw_billing_run(desk, by, TurnBillingRun { key, number: number.clone() })
            .await
            .map(|_| format!("{number} is withdrawn")),
        _ => return Err(No::Absent("page".into()).into()),
    };
    match done {
        Ok(news) => told(&format!("{HOME}/{number}"), &news),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn behind(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let found = evidence(&doors.desk, &visitor.actor, &number).await?;
    let document = invoice(&doors.desk, &visitor.actor, &number).await?;
    let mut lines: Vec<EvidenceOfLine> = Vec::new();
    for one in found {
        let line = one.document_line.unwrap_or(0);
        if lines.last().is_none_or(|last| last.line != line) {
            let says = document.lines.iter().find(|row| row.line == line).map(|row| row.description.clone());
            lines.push(EvidenceOfLine {
                line,
                says: says.unwrap_or_default(),
                contract: one.contract.clone(),
                clause: one.clause.clone(),
                source: one.source.clone(),
                rows: Vec::new(),
                activity: Vec::new(),
            });
        }
        if let Some(last) = lines.last_mut() {
            last.activity.extend(one.activity.iter().map(delivered));
            last.rows.push(billed(one));
        }
    }
    let rows = behind_invoice(&doors.desk, &visitor.actor, &number).await?.into_iter().map(|one| {
        let amount = Pence(one.amount_pence);
        (one.line, one.feeder, one.file, one.row_number, one.reference, one.document, amount)
    });
    let request = request_behind(&doors.desk, &visitor.actor, &number).await?;
    let request = request.map(|one| (one.number, one.asked_by));
    page(&InvoiceEvidence { frame: room(&doors, &visitor).await, number, lines, request, sent: rows.collect() })
}

fn delivered(one: &sundry_store::activity::ActivityBehind) -> (String, String, String, String, Pence) {
    let days = match one.from_on == one.to_on {
        true => day_words(one.from_on),
        false => format!("{} to {}", day_words(one.from_on), day_words(one.to_on)),
    };
    let quantity = Unit::parse(&one.unit).map_or_else(String::new, |unit| unit.counted(one.quantity_e4));
    (one.number.clone(), one.reference.clone(), days, quantity, Pence(one.priced_pence))
}

async fn cards_page(doors: &Shared, visitor: &Visitor, typed: [String; 3]) -> Result<RateCards, Trouble> {
    let found = rate_cards(&doors.desk, &visitor.actor).await?;
    let rate = |one: &sundry_store::contracts::RateLineRow| {
        let each = Unit::parse(&one.unit).map_or("", Unit::each);
        let days = match one.to_on {
            Some(to) => format!("{} to {}", day_words(one.from_on), day_words(to)),
            None => format!("from {}", day_words(one.from_on)),
        };
        let pounds = format!("£{} {each}", sundry_desk::billing::contracts::rate_words(one.rate_e4));
        [one.service_code.clone(), one.description.clone(), pounds, one.vat_code.clone(), days, one.why.clone()]
    };
    Ok(RateCards {
        frame: room(doors, visitor).await,
        typed,
        faults: Vec::new(),
        cards: found
            .into_iter()
            .map(|card| (card.card.code, card.card.name, card.rates.iter().map(rate).collect()))
            .collect(),
        may_set: visitor.actor.holds(Duty::RaiseInvoice),
    })
}

async fn cards(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&cards_page(&doors, &visitor, Default::default()).await?)
}

async fn load(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = ["code", "name", "reason"].map(|field| posted.get(field).to_owned());
    let mut shown = cards_page(&doors, &visitor, typed.clone()).await?;
    let Some(file) = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose a CSV file or a workbook");
        return again(&shown);
    };
    let bytes = match child::as_table(file.bytes.clone()).await {
        Ok(bytes) => bytes,
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            return page_with(status, &shown);
        }
    };
    let [code, name, reason] = typed;
    let (file_name, rates) = (file.name.clone(), Vec::new());
    let ask = LoadRateCard { key: posted.key(), code, name, reason, rates, file_name, file: Some(bytes) };
    match load_rate_card(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let touched = match done.contracts_touched {
                0 => String::new(),
                1 => "; 1 contract is put right by the next run".to_owned(),
                more => format!("; {more} contracts are put right by the next run"),
            };
            let news = format!(
                "{}: {} new, {} put right, {} as before{touched}",
                done.code, done.added, done.corrected, done.same
            );
            told("/billing/rate-cards", &news)
        }
        Err(No::Invalid(all)) => {
            for one in all {
                match (one.row, one.field.as_str()) {
                    (None, "code" | "name" | "reason") => shown.frame.errors.add(&one.field, one.message),
                    (row, _) => {
                        let row = row.map(|row| row.to_string()).unwrap_or_default();
                        shown.faults.push((row, one.field, one.message, one.typed));
                    }
                }
            }
            if !shown.faults.is_empty() {
                shown.frame.errors.add("file", "Nothing was taken: put right what is listed, and send it again");
            }
            again(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}
