//! `report`, `export`, `explain`, `verify`.
use super::input::date;
use super::out::{DONE, FAULT, Out, busy, say, table};
use super::{Open, Shop, done};
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;
use sundry_desk::cash::export_allocations::{COLUMNS, ExportedAllocation, export_allocations};
use sundry_desk::core::vault::sha256_hex;
use sundry_desk::ledger::verify::verify as prove;
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_desk::reports::explain::explain as story_of;
use sundry_desk::reports::exports::{self, Export as Listed, ExportLeft, record_export};
use sundry_desk::{No, Outcome};
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::csv_out::{self, Cell};

/// Rows are written in parts of so many.
const PART: usize = 2_000;

/// Reports.
#[derive(Debug, Subcommand)]
pub enum Report {
    /// Aged debt as at any day
    AgedDebt {
        /// As at the end of this day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_at: Option<NaiveDate>,
        /// due or invoice
        #[arg(long, default_value = "due")]
        basis: String,
        /// customer, service, debt-type or item
        #[arg(long, default_value = "customer")]
        by: String,
        /// How it is written
        #[arg(long)]
        format: Option<Form>,
        /// Where to write it; a workbook is never written on a terminal
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Pounds with two decimals
    Csv,
    /// Whole pence
    Json,
    /// A workbook
    Xlsx,
}

/// A list in full.
#[derive(Debug, Args)]
pub struct Export {
    /// What
    list: List,
    /// Only from this day on
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<NaiveDate>,
    /// csv or json
    #[arg(long)]
    format: Option<ListForm>,
}

/// Which list.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum List {
    Items,
    Allocations,
    Journals,
    Letters,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListForm {
    Csv,
    Json,
}

/// Writes a report.
pub async fn report(shop: &Shop, ask: Report, out: &mut Out) -> Outcome<u8> {
    let Report::AgedDebt { as_at, basis, by, format, out: file } = ask;
    let form = format.unwrap_or(if out.is_json() { Form::Json } else { Form::Csv });
    if form == Form::Xlsx && file.is_none() && std::io::IsTerminal::is_terminal(&std::io::stdout()) {
        return Err(Invalid::field("out", "Name a file for the workbook with --out", "").into());
    }
    let open = shop.open().await?;
    let showing = busy("Ageing");
    let ask = AskAgedDebt { as_at: as_at.unwrap_or_else(|| open.desk.today()), basis, by };
    let answer = aged_debt(&open.desk, &open.by, &ask).await?;
    let bytes = match form {
        Form::Csv => answer.to_csv(),
        Form::Json => serde_json::to_vec_pretty(&answer)?,
        Form::Xlsx => answer.to_xlsx(&open.by.name)?,
    };
    drop(showing);
    let as_at = Some(("as_at".to_owned(), ask.as_at.to_string()));
    let word = format!("{form:?}").to_lowercase();
    told(shop, &open, "aged debt", &word, (as_at, answer.rows.len(), sha256_hex(&bytes))).await?;
    match file {
        Some(path) => {
            let typed = path.display().to_string();
            std::fs::write(&path, bytes)
                .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            let document = serde_json::json!({ "file": typed, "total_pence": answer.total.total_pence });
            out.answer(&document, || format!("{typed}: {} in all.", Pence(answer.total.total_pence)))?;
        }
        None => out.write(&bytes)?,
    }
    done()
}

/// Writes a list.
pub async fn export(shop: &Shop, ask: Export, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, since) = (&open.desk, &open.by, ask.since);
    let json = ask.format.map_or(out.is_json(), |form| form == ListForm::Json);
    let rows = match ask.list {
        List::Items => written(&exports::items(desk, by, since).await?, json, out)?,
        List::Journals => written(&exports::journals(desk, by, since).await?, json, out)?,
        List::Letters => written(&exports::letters(desk, by, since).await?, json, out)?,
        List::Allocations => {
            let rows = export_allocations(desk, by, since).await?;
            if json {
                stream(&rows, out)?
            } else {
                allocations_csv(&rows, out)?
            }
            rows.len()
        }
    };
    let format = if json { "json" } else { "csv" };
    let (list, filters) = (format!("{:?}", ask.list), since.map(|day| ("since".to_owned(), day.to_string())));
    told(shop, &open, &list, format, (filters, rows, out.sha256())).await?;
    done()
}

fn written<T: Serialize>(list: &Listed<T>, json: bool, out: &mut Out) -> Outcome<usize> {
    if json {
        stream(&list.rows, out)?
    } else {
        out.write(&list.csv)?
    }
    Ok(list.rows.len())
}

/// Records that a list left: what it was narrowed to, its rows, its hash.
async fn told(
    shop: &Shop,
    open: &Open,
    list: &str,
    format: &str,
    what: (Option<(String, String)>, usize, String),
) -> Outcome<()> {
    let (filters, rows, sha256) = what;
    let ask = ExportLeft {
        key: shop.key(),
        list: list.to_lowercase(),
        format: format.into(),
        filters: filters.into_iter().collect(),
        rows: i64::try_from(rows).unwrap_or(i64::MAX),
        sha256,
    };
    record_export(&open.desk, &open.by, ask).await
}

/// An array, a part at a time.
fn stream<T: Serialize>(rows: &[T], out: &mut Out) -> Outcome<()> {
    out.write(b"[")?;
    let mut first = true;
    for part in rows.chunks(PART) {
        let mut bytes = Vec::new();
        for row in part {
            bytes.extend_from_slice(if first { b"\n" } else { b",\n" });
            first = false;
            serde_json::to_writer(&mut bytes, row)?;
        }
        out.write(&bytes)?;
        if out.is_closed() {
            return Ok(());
        }
    }
    out.write(b"\n]\n")
}

fn allocations_csv(rows: &[ExportedAllocation], out: &mut Out) -> Outcome<()> {
    out.write(&csv_out::write(&COLUMNS, []))?;
    let header = csv_out::write(&COLUMNS, []).len();
    for part in rows.chunks(PART) {
        let bytes = csv_out::write(&COLUMNS, part.iter().map(cells));
        out.write(&bytes[header..])?;
        if out.is_closed() {
            return Ok(());
        }
    }
    Ok(())
}

fn cells(row: &ExportedAllocation) -> Vec<Cell> {
    let [line, customer, invoice, _, state, rank, confidence, reason] = row.cells();
    let money = Cell::Pence(row.amount_pence);
    let [line, customer, invoice, state, rank, confidence, reason] =
        [line, customer, invoice, state, rank, confidence, reason].map(Cell::Text);
    vec![line, customer, invoice, money, state, rank, confidence, reason]
}

/// The chain of events, rules and people behind a figure.
#[derive(Debug, Args)]
pub struct Explain {
    /// An invoice, credit note, receipt, letter, customer, query, run or approval
    reference: String,
    /// As at the end of this day; today when not said
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_at: Option<NaiveDate>,
}

/// Explains a figure.
pub async fn explain(shop: &Shop, ask: Explain, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let answer = story_of(&open.desk, &open.by, &ask.reference, ask.as_at).await?;
    out.answer(&answer, || {
        let rows: Vec<Vec<String>> = answer
            .rows
            .iter()
            .map(|row| {
                let amount = row.amount_pence.map(|pence| Pence(pence).to_string()).unwrap_or_default();
                let after = Pence(row.balance_pence).to_string();
                vec![row.on.to_string(), row.words.clone(), row.who.clone(), row.rule.clone(), amount, after]
            })
            .collect();
        let (subject, day, figure) = (&answer.subject, answer.as_at, Pence(answer.figure_pence));
        let title = format!("{subject} {} as at {day}: {figure}\n", answer.customer);
        title + &table(&["day", "what happened", "who", "rule", "amount", "after"], &[4, 5], &rows)
    })?;
    done()
}

/// Proves the ledger: of the organisation named, else of all.
pub async fn verify(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let (desk, org) = match shop.global.org {
        Some(_) => {
            let open = shop.open().await?;
            (open.desk, Some(OrgId(open.org.id)))
        }
        None => (shop.desk().await?, None),
    };
    let showing = busy("Proving");
    let proof = prove(&desk, org, |org, name| showing.now(format!("{org} {name}"))).await?;
    drop(showing);
    out.answer(&proof, || {
        let line = |check: &sundry_desk::ledger::verify::Check| {
            let verdict = if check.passed { "holds" } else { "FAILS" };
            vec![check.organisation.clone(), check.name.clone(), verdict.into(), check.figures.clone()]
        };
        let rows: Vec<Vec<String>> = proof.checks.iter().map(line).collect();
        table(&["", "check", "", "looked at"], &[], &rows)
    })?;
    for failure in proof.failures() {
        say(&format!("Does not hold: {failure}"));
    }
    Ok(if proof.passed { DONE } else { FAULT })
}
