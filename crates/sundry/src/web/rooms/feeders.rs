//! Feeders: set-up, files sent in and released, rejects.
use super::contracts::day_words;
use super::export::{Sheet, download, wanted};
use super::form::{Asked, again, amount_field, asked, onto, plain};
use crate::child;
use crate::rows_file::rows_file;
use crate::web::door::{Answer, Leaving, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::contracts::Typed;
use crate::web::pages::feeder_setup::{FeederForm, Feeders};
use crate::web::pages::feeders::{FeederFiles, FileLine, OneFile, RejectLine, Rejects};
use crate::web::ui::{self, Frame, Tag, TagColour, money, number as figure, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use sundry_desk::billing::feeders::{
    FeederFileShown, FeederFilesAsk, FeederShown, FeederTotals, SendFeederFile, SetFeeder, SetRejectAside,
    TurnFeederFile, feeder, feeder_choices, feeder_file, feeder_file_invoices, feeder_files, feeders, rejects_list,
    rejects_table, send_feeder_file, set_feeder, set_reject_aside, stop_feeder_file, withdraw_feeder_file,
};
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_desk::{No, Outcome};
use sundry_domain::billing::feeders::Field;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text, Whole};

const LOOK: &[Duty] = &[Duty::View, Duty::ManageSettings];
const SET: &[Duty] = &[Duty::ManageSettings];
const HOME: &str = "/billing/feeder-files";

/// The routes of feeders.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/billing/feeders", LOOK, get(list))
        .add("/billing/feeders/edit", SET, get(edit).post(save))
        .add("/billing/feeder-rejects", &[Duty::View], get(waiting))
        .add("/billing/feeder-files", &[Duty::View], get(files).post(send))
        .add("/billing/feeder-files/{number}", &[Duty::View], get(one))
        .add("/billing/feeder-files/{number}/rejects", &[Duty::View], get(rejects))
        .add("/billing/feeder-files/{number}/aside", &[Duty::RaiseInvoice], post(aside))
        .add("/billing/feeder-files/{number}/{verb}", &[Duty::ReleaseRuns, Duty::RaiseInvoice], post(turn))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/intake".into();
    frame
}

/// A field of the feeder as people read it; a whole row where there is none.
fn field_words(field: &str) -> String {
    Field::parse(field).map_or_else(|| plain(field), |field| field.name().to_owned())
}

// Set-up ---------------------------------------------------------------------------

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let row = |one: FeederShown| {
        let state = if one.active { tag("Takes files", TagColour::Green) } else { tag("Off", TagColour::Grey) };
        (one.code, one.name, plain(&one.customer_by), one.rejects_to, state, one.changed_by)
    };
    let rows = feeders(&doors.desk, &visitor.actor).await?.into_iter().map(row).collect();
    let may_set = visitor.actor.holds(Duty::ManageSettings);
    page(&Feeders { frame: room(&doors, &visitor).await, rows, may_set })
}

/// Fields of the form that bear another name than the desk's, since a column has that name already.
const USUAL: &[(&str, &str)] = &[
    ("vat_code", "vat_code_usual"),
    ("income_code", "income_usual"),
    ("cost_centre", "cost_centre_usual"),
    ("service", "service_usual"),
];

async fn form(doors: &Shared, visitor: &Visitor, typed: Typed, seen: String) -> Result<FeederForm, Trouble> {
    let choices = feeder_choices(&doors.desk, &visitor.actor).await?;
    let mut known_by = vec![("number".to_owned(), "Our account number".to_owned())];
    known_by.extend(choices.reference_kinds.into_iter().map(|kind| (kind.clone(), plain(&kind))));
    let mut income = vec![(String::new(), "The first income code".to_owned())];
    income.extend(choices.income_codes.into_iter().map(|(code, name)| (code.clone(), format!("{code}, {name}"))));
    Ok(FeederForm { frame: room(doors, visitor).await, typed, seen, known_by, income })
}

fn typed_of(one: FeederShown) -> (Typed, String) {
    let mut typed: Typed = one.columns;
    let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
    let rest = [
        ("code", one.code),
        ("name", one.name),
        ("rejects_to", one.rejects_to),
        ("customer_by", one.customer_by),
        ("trailer", one.trailer),
        ("gross", yes(one.gross)),
        ("vat_code_usual", one.vat_code),
        ("income_usual", one.income_code),
        ("cost_centre_usual", one.cost_centre),
        ("service_usual", one.service),
        ("debt_type", one.debt_type),
        ("off", yes(!one.active)),
    ];
    typed.extend(rest.map(|(field, value)| (field.to_owned(), value)));
    (typed, one.version.to_string())
}

async fn edit(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let code = asked(&query, "code");
    let (typed, seen) = match code {
        "" => Default::default(),
        code => typed_of(feeder(&doors.desk, &visitor.actor, code).await?),
    };
    page(&form(&doors, &visitor, typed, seen).await?)
}

async fn save(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let get = |field: &str| posted.get(field).to_owned();
    let columns = Field::ALL.iter().map(|field| (field.as_str().to_owned(), get(field.as_str())));
    let columns: Typed = columns.filter(|(_, heading)| !heading.is_empty()).collect();
    let ask = SetFeeder {
        key: posted.key(),
        code: get("code"),
        name: get("name"),
        columns,
        customer_by: get("customer_by"),
        vat_code: get("vat_code_usual"),
        income_code: get("income_usual"),
        cost_centre: get("cost_centre_usual"),
        service: get("service_usual"),
        debt_type: get("debt_type"),
        gross: posted.has("gross"),
        trailer: get("trailer"),
        rejects_to: get("rejects_to"),
        off: posted.has("off"),
        seen_version: get("seen_version").parse().ok(),
    };
    let fields = ["code", "name", "rejects_to", "customer_by", "trailer", "gross", "debt_type", "off"];
    let usual = USUAL.iter().map(|(_, field)| *field);
    let all = fields.into_iter().chain(usual).chain(Field::ALL.iter().map(|field| field.as_str()));
    let mut shown =
        form(&doors, &visitor, all.map(|field| (field.to_owned(), get(field))).collect(), get("seen_version")).await?;
    match set_feeder(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => told("/billing/feeders", &format!("{} is set up", set.code)),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

// Files ----------------------------------------------------------------------------

fn state(word: &str) -> Tag {
    match word {
        "prepared" => tag("Waits for release", TagColour::Blue),
        "releasing" => tag("Being billed", TagColour::Yellow),
        "stopped" => tag("Stopped", TagColour::Orange),
        "done" => tag("Done", TagColour::Green),
        other => tag(plain(other), TagColour::Grey),
    }
}

async fn files_page(doors: &Shared, visitor: &Visitor, typed: Typed) -> Result<FeederFiles, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let taking = feeders(desk, by).await?.into_iter().filter(|one| one.active);
    let known = taking.map(|one| (one.code.clone(), format!("{}, {}", one.code, one.name))).collect();
    let files = feeder_files(desk, by, FeederFilesAsk::default()).await?;
    let waits = |file: &&FeederFileShown| file.rejected > 0 && file.state != "withdrawn";
    let open = files.iter().filter(waits).take(50);
    let open = open.map(|file| {
        let rejects = ui::count_of(file.rejected, "row with faults", "rows with faults");
        (file.number.clone(), format!("{} of {}, {rejects}", file.number, file.feeder))
    });
    let open = open.collect();
    let line = |file: FeederFileShown| {
        let gross = if file.state == "done" { file.totals.gross_pence } else { file.prepared.gross_pence };
        FileLine {
            state: state(&file.state),
            counts: [file.rows, file.good, file.before, file.rejected],
            gross: Pence(gross),
            number: file.number,
            feeder: file.feeder,
            name: file.file_name,
            on: file.prepared_on,
        }
    };
    Ok(FeederFiles {
        frame: room(doors, visitor).await,
        typed,
        feeders: known,
        open,
        files: files.into_iter().map(line).collect(),
        may_send: by.holds(Duty::RaiseInvoice),
    })
}

async fn files(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&files_page(&doors, &visitor, Typed::default()).await?)
}

async fn send(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    visitor.actor.must_hold(Duty::RaiseInvoice).map_err(No::from)?;
    let typed: Typed = ["feeder", "told_rows", "told_sum", "corrects"]
        .map(|field| (field.to_owned(), posted.get(field).to_owned()))
        .into();
    let mut shown = files_page(&doors, &visitor, typed).await?;
    let told_rows = posted.get("told_rows").replace(',', "");
    if !told_rows.is_empty() && told_rows.parse::<i64>().is_err() {
        shown.frame.errors.add("told_rows", "Enter a whole number of rows");
    }
    let told_pence = amount_field(&mut shown.frame, "told_sum", posted.get("told_sum")).map(|sum| sum.0);
    let file = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    if file.is_none() {
        shown.frame.errors.add("file", "Choose a CSV file or a workbook");
    }
    let (Some(file), false) = (file, shown.frame.failed()) else { return again(&shown) };
    let bytes = match child::as_table(file.bytes.clone()).await {
        Ok(bytes) => bytes,
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            return page_with(status, &shown);
        }
    };
    let ask = SendFeederFile {
        key: posted.key(),
        feeder: posted.get("feeder").to_owned(),
        file_name: file.name.clone(),
        file: bytes,
        told_rows: told_rows.parse().ok(),
        told_pence,
        corrects: posted.get("corrects").to_owned(),
    };
    match send_feeder_file(&doors.desk, &visitor.actor, ask).await {
        Ok(sent) => {
            let news = format!(
                "{}: {} to bill, {} sent before, {} with faults",
                sent.number, sent.good, sent.before, sent.rejected
            );
            told(&format!("{HOME}/{}", sent.number), &news)
        }
        Err(No::Absent(_)) => {
            shown.frame.errors.add("feeder", "Choose a feeder from the list");
            again(&shown)
        }
        Err(no) => {
            let at_file = ["BIL-08-SEEN", "BIL-08-UNREADABLE", "BIL-08-CONTROL-TOTALS"].map(|code| (code, "file"));
            let status = onto(&mut shown.frame, no, &at_file)?;
            page_with(status, &shown)
        }
    }
}

fn totals(file: &FeederFileShown) -> Vec<[String; 4]> {
    let ledger = file.ledger_pence.map(|sum| money(Pence(sum))).unwrap_or_default();
    let begun = !matches!(file.state.as_str(), "prepared" | "withdrawn");
    let row = |what: &str, of: fn(&FeederTotals) -> String, ledger: String| {
        let posted = if begun { of(&file.totals) } else { String::new() };
        [what.to_owned(), of(&file.prepared), posted, ledger]
    };
    vec![
        row("Invoices", |t| figure(t.invoices), String::new()),
        row("Lines", |t| figure(t.lines), String::new()),
        row("Before VAT", |t| money(Pence(t.net_pence)), String::new()),
        row("VAT", |t| money(Pence(t.vat_pence)), String::new()),
        row("With VAT", |t| money(Pence(t.gross_pence)), ledger),
        row("Invoices that could no longer be raised", |t| figure(t.left), String::new()),
    ]
}

fn facts(file: &FeederFileShown) -> Vec<(String, String)> {
    let on = |day: Option<chrono::NaiveDate>| day.map(day_words).unwrap_or_default();
    let span = if file.first_number.is_empty() {
        String::new()
    } else {
        format!("{} to {}", file.first_number, file.last_number)
    };
    let facts = vec![
        ("Feeder", format!("{}, {}", file.feeder, file.feeder_name)),
        ("File", file.file_name.clone()),
        ("Sent in by", format!("{}, {}", file.prepared_by, day_words(file.prepared_on))),
        ("Rows to bill", figure(file.good)),
        ("Rows sent before, not billed again", figure(file.before)),
        ("Rows with faults", figure(file.rejected)),
        ("Released by", file.released_by.clone()),
        ("Released on", on(file.released_on)),
        ("Numbers", span),
    ];
    facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn told_totals(file: &FeederFileShown) -> Vec<[String; 3]> {
    let mut rows = vec![
        ["Rows".to_owned(), figure(file.told_rows), figure(file.rows)],
        ["Sum".to_owned(), money(Pence(file.told_pence)), money(Pence(file.rows_pence))],
    ];
    if file.unread > 0 {
        let left = Pence(file.told_pence - file.rows_pence);
        let what = ui::count_of(file.unread, "row whose amount cannot be read", "rows whose amount cannot be read");
        rows.push([format!("In {what}"), money(left), String::new()]);
    }
    rows
}

async fn file_page(doors: &Shared, visitor: &Visitor, number: &str, after: i64) -> Result<OneFile, Trouble> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let file = feeder_file(desk, by, number).await?;
    let mut invoices = feeder_file_invoices(desk, by, number, (after, 101)).await?;
    let more = invoices.len() > 100;
    invoices.truncate(100);
    let next = invoices.last().filter(|_| more).map(|last| format!("{HOME}/{number}?after={}", last.id));
    Ok(OneFile {
        frame: room(doors, visitor).await,
        state: (file.state.clone(), state(&file.state)),
        facts: facts(&file),
        told: told_totals(&file),
        totals: totals(&file),
        done: (file.done_count, file.total_count),
        waiting: file.waiting,
        rejects_to: file.rejects_to.clone(),
        faults: file
            .faults
            .iter()
            .map(|one| (one.row, field_words(&one.field), one.given.clone(), one.right.clone(), one.waits))
            .collect(),
        invoices: invoices
            .into_iter()
            .map(|one| {
                let gross = Pence(one.gross_pence);
                (one.number, one.customer_number, one.customer_name, one.document, one.lines_count, gross)
            })
            .collect(),
        next: next.unwrap_or_default(),
        typed: Default::default(),
        may_release: by.holds(Duty::ReleaseRuns),
        may_raise: by.holds(Duty::RaiseInvoice),
        number: file.number,
    })
}

async fn one(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let after = asked(&query, "after").parse().unwrap_or(0);
    page(&file_page(&doors, &visitor, &number, after).await?)
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut shown = file_page(&doors, &visitor, &number, 0).await?;
    let (desk, by, key) = (&doors.desk, &visitor.actor, posted.key());
    let done = match verb.as_str() {
        "release" => {
            by.must_hold(Duty::ReleaseRuns).map_err(No::from)?;
            let request = serde_json::json!({ "number": number });
            let dedupe_key = format!("feeder file {number} {key}");
            let ask = AddJob { key, kind: "bill_feeder_file".into(), dedupe_key, request };
            add_job(desk, by, ask).await.map(|_| format!("{number} is being billed; look again to see how far it is"))
        }
        "stop" => stop_feeder_file(desk, by, TurnFeederFile { key, number: number.clone() })
            .await
            .map(|_| format!("{number} is stopped")),
        "withdraw" => withdraw_feeder_file(desk, by, TurnFeederFile { key, number: number.clone() })
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

// Rejects --------------------------------------------------------------------------

async fn rejects(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let table = rejects_table(&doors.desk, &visitor.actor, &number).await?;
    let format = if asked(&query, "format") == "xlsx" { "xlsx" } else { "csv" };
    let (today, name) = (doors.desk.today(), format!("{}-rejects", table.number));
    let bytes = rows_file((&name, format), (&table.headings, &table.rows), (today, &visitor.actor.name))?;
    let left = Leaving::of("Rejects", format, table.rows.len(), &bytes).with("file", table.number);
    let kind = if format == "xlsx" {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else {
        "text/csv; charset=utf-8"
    };
    Ok(left.on(download(&format!("{name}.{format}"), kind, bytes)?))
}

async fn aside(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut shown = file_page(&doors, &visitor, &number, 0).await?;
    shown.typed = (posted.get("row").to_owned(), posted.get("reason").to_owned());
    let row: Result<i64, No> = posted
        .get("row")
        .parse()
        .map_err(|_| Invalid::field("row", "Enter the row's number", posted.get("row")).into());
    let done = match row {
        Ok(row) => {
            let ask =
                SetRejectAside { key: posted.key(), number: number.clone(), row, reason: posted.get("reason").into() };
            set_reject_aside(&doors.desk, &visitor.actor, ask).await
        }
        Err(no) => Err(no),
    };
    match done {
        Ok(set) => told(&format!("{HOME}/{number}"), &format!("Row {} is set aside", set.row)),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[("BIL-08-NO-REJECT", "row")])?;
            page_with(status, &shown)
        }
    }
}

async fn waiting(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let code = asked(&query, "feeder").to_owned();
    let format = asked(&query, "format");
    if wanted(format) {
        return waiting_sheet(&doors, &visitor, &code).await?.file(format, &doors, &visitor);
    }
    let today = doors.desk.today();
    let rows = rejects_list(&doors.desk, &visitor.actor, &code).await?.into_iter().map(|one| RejectLine {
        place: (one.file, one.row_number),
        owner: one.rejects_to,
        since: (one.recorded_on, ui::age(one.recorded_on, today)),
        reference: one.reference,
        fault: (field_words(&one.field), one.given, one.right_words),
        amount: Pence(one.amount_pence),
    });
    let mut known = vec![(String::new(), "Every feeder".to_owned())];
    known.extend(feeders(&doors.desk, &visitor.actor).await?.into_iter().map(|one| (one.code.clone(), one.code)));
    page(&Rejects { frame: room(&doors, &visitor).await, feeder: code, feeders: known, rows: rows.collect() })
}

async fn waiting_sheet(doors: &Shared, visitor: &Visitor, code: &str) -> Outcome<Sheet> {
    let rows = rejects_list(&doors.desk, &visitor.actor, code).await?;
    let columns = vec![
        ("file", Text),
        ("row", Whole),
        ("feeder", Text),
        ("with", Text),
        ("reference", Text),
        ("customer", Text),
        ("amount", Money),
        ("since", Date),
        ("field", Text),
        ("value_given", Text),
        ("what_would_be_right", Text),
    ];
    let cells = |one: sundry_store::feeders::rows::RejectRow| {
        vec![
            Cell::Text(one.file),
            Cell::Whole(one.row_number),
            Cell::Text(one.feeder),
            Cell::Text(one.rejects_to),
            Cell::Text(one.reference),
            Cell::Text(one.customer),
            Cell::Pence(one.amount_pence),
            Cell::Date(one.recorded_on),
            Cell::Text(one.field),
            Cell::Text(one.given),
            Cell::Text(one.right_words),
        ]
    };
    let rows = rows.into_iter().map(cells).collect();
    Ok(Sheet { title: "Rejects", columns, rows, filters: vec![("Feeder", code.to_owned())] })
}
