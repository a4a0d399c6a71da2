//! `feeder`: the systems that send charges, their files, their rejects.
use super::input::{pounds, request};
use super::out::{Out, busy, counted, table};
use super::{Shop, bytes_of, done};
use crate::child;
use crate::rows_file::rows_file;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::billing::feeders::{
    FeederFileShown, FeederFilesAsk, FeederTotals, ReleaseFeederFile, SendFeederFile, SetRejectAside, TurnFeederFile,
    feeder, feeder_file, feeder_files, feeders, rejects_list, rejects_table, release_feeder_file, send_feeder_file,
    set_feeder, set_reject_aside, stop_feeder_file, withdraw_feeder_file,
};
use sundry_domain::money::Pence;

/// Feeders.
#[derive(Debug, Subcommand)]
pub enum Feeder {
    /// Set a feeder up, or change it, from a JSON file: code, name, columns, rejects_to and the rest
    Set {
        /// The file, or `-`
        input: PathBuf,
    },
    /// List the feeders
    List,
    /// Show a feeder's set-up
    Show {
        /// Code
        code: String,
    },
    /// Send a file of charges, CSV or workbook: judged whole, nothing is billed yet
    Send {
        /// The file
        file: PathBuf,
        /// Code of the feeder
        #[arg(long)]
        feeder: String,
        /// Rows the sender says, where the file has no row of totals
        #[arg(long)]
        rows: Option<i64>,
        /// What the sender says they come to
        #[arg(long, value_name = "POUNDS", value_parser = pounds)]
        sum: Option<Pence>,
        /// The file whose rejects it puts right
        #[arg(long, default_value = "")]
        corrects: String,
    },
    /// Bill the good rows of a file, or let a stopped one go on
    Release {
        /// Number
        number: String,
    },
    /// Stop a file after the piece it is at
    Stop {
        /// Number
        number: String,
    },
    /// Withdraw a file that was not released
    Withdraw {
        /// Number
        number: String,
    },
    /// Show a file, or all of them
    Files {
        /// Number
        number: Option<String>,
    },
    /// Rejects that wait; with --file those of one file, as they were sent, to put right
    Rejects {
        /// Of one feeder
        #[arg(long, default_value = "")]
        feeder: String,
        /// Of one file: its number
        #[arg(long)]
        file: Option<String>,
        /// Where to write them: a .csv or .xlsx file
        #[arg(long, requires = "file")]
        to: Option<PathBuf>,
    },
    /// Set a reject aside: it is not billed
    Aside {
        /// The file's number
        number: String,
        /// Row as a spreadsheet numbers it
        row: i64,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Feeders.
pub async fn feeder_of(shop: &Shop, ask: Feeder, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Feeder::Set { input } => {
            let set = set_feeder(desk, by, request(&input, key)?).await?;
            out.answer(&set, || format!("{} is set up, version {}.", set.code, set.version))?;
        }
        Feeder::List => {
            let all = feeders(desk, by).await?;
            let line = |one: &sundry_desk::billing::feeders::FeederShown| {
                vec![
                    one.code.clone(),
                    one.name.clone(),
                    one.rejects_to.clone(),
                    if one.active { "on" } else { "off" }.into(),
                ]
            };
            let rows =
                || table(&["Feeder", "Name", "Rejects to", "State"], &[], &all.iter().map(line).collect::<Vec<_>>());
            out.answer(&all, rows)?;
        }
        Feeder::Show { code } => {
            let one = feeder(desk, by, &code).await?;
            let column = |(field, heading): (&String, &String)| format!("\n  {field}: {heading}");
            out.answer(&one, || {
                let columns: String = one.columns.iter().map(column).collect();
                format!("{}, {}; rejects to {}{columns}", one.code, one.name, one.rejects_to)
            })?;
        }
        Feeder::Send { file, feeder, rows, sum, corrects } => {
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = child::as_table(bytes_of(&file, "file")?).await?;
            let told_pence = sum.map(|sum| sum.0);
            let ask = SendFeederFile { key, feeder, file_name, file: bytes, told_rows: rows, told_pence, corrects };
            let sent = send_feeder_file(desk, by, ask).await?;
            out.answer(&sent, || {
                format!(
                    "{}: {} rows, {} to bill, {} sent before, {} with faults.\n{}",
                    sent.number,
                    sent.rows,
                    sent.good,
                    sent.before,
                    sent.rejected,
                    totals(&sent.totals)
                )
            })?;
        }
        Feeder::Release { number } => release(shop, out, number).await?,
        Feeder::Stop { number } => {
            let turned = stop_feeder_file(desk, by, TurnFeederFile { key, number }).await?;
            out.answer(&turned, || format!("{} is {}.", turned.number, turned.state))?;
        }
        Feeder::Withdraw { number } => {
            let turned = withdraw_feeder_file(desk, by, TurnFeederFile { key, number }).await?;
            out.answer(&turned, || format!("{} is {}.", turned.number, turned.state))?;
        }
        Feeder::Files { number: Some(number) } => {
            let file = feeder_file(desk, by, &number).await?;
            out.answer(&file, || shown(&file))?;
        }
        Feeder::Files { number: None } => {
            let files = feeder_files(desk, by, FeederFilesAsk::default()).await?;
            let line = |one: &FeederFileShown| {
                let rejected = one.rejected.to_string();
                vec![one.number.clone(), one.feeder.clone(), one.state.clone(), one.good.to_string(), rejected]
            };
            let headings = ["File", "Feeder", "State", "To bill", "With faults"];
            out.answer(&files, || table(&headings, &[3, 4], &files.iter().map(line).collect::<Vec<_>>()))?;
        }
        Feeder::Rejects { feeder, file: None, .. } => {
            let all = rejects_list(desk, by, &feeder).await?;
            let line = |one: &sundry_store::feeders::rows::RejectRow| {
                vec![
                    one.file.clone(),
                    one.row_number.to_string(),
                    one.rejects_to.clone(),
                    one.field.clone(),
                    one.given.clone(),
                    one.right_words.clone(),
                ]
            };
            let headings = ["File", "Row", "With", "Field", "Given", "What would be right"];
            out.answer(&all, || table(&headings, &[1], &all.iter().map(line).collect::<Vec<_>>()))?;
        }
        Feeder::Rejects { file: Some(number), to, .. } => {
            let found = rejects_table(desk, by, &number).await?;
            if let Some(path) = &to {
                let format = if path.extension().is_some_and(|end| end == "xlsx") { "xlsx" } else { "csv" };
                let about = (format!("{} rejects", found.number), desk.today());
                let rows = (found.headings.as_slice(), found.rows.as_slice());
                std::fs::write(path, rows_file((&about.0, format), rows, (about.1, &by.name))?)?;
            }
            out.answer(&found, || match &to {
                Some(path) => format!("{} in {}.", counted(found.rows.len(), "reject", "rejects"), path.display()),
                None => {
                    let heads: Vec<&str> = found.headings.iter().map(String::as_str).collect();
                    table(&heads, &[], &found.rows)
                }
            })?;
        }
        Feeder::Aside { number, row, reason } => {
            let set = set_reject_aside(desk, by, SetRejectAside { key, number, row, reason }).await?;
            out.answer(&set, || format!("Row {} of {} is set aside.", set.row, set.number))?;
        }
    }
    done()
}

async fn release(shop: &Shop, out: &mut Out, number: String) -> Outcome<()> {
    let open = shop.open().await?;
    let showing = busy("Billing every charge");
    let told = |done: i64, of: i64| showing.now(format!("Billing {done} of {of}"));
    let key = format!("{}/release", shop.key());
    let file = release_feeder_file(&open.desk, &open.by, ReleaseFeederFile { key, number }, &told).await?;
    drop(showing);
    out.answer(&file, || shown(&file))
}

fn totals(t: &FeederTotals) -> String {
    let count = |many: i64, one: &str, more: &str| counted(usize::try_from(many).unwrap_or_default(), one, more);
    let (invoices, lines) = (count(t.invoices, "invoice", "invoices"), count(t.lines, "line", "lines"));
    format!("  {invoices} with {lines}, {} and {} VAT", Pence(t.net_pence), Pence(t.vat_pence))
}

fn shown(file: &FeederFileShown) -> String {
    let mut words = format!(
        "{} of {} is {}: {} rows, {} to bill, {} sent before, {} with faults.\n{}",
        file.number,
        file.feeder,
        file.state,
        file.rows,
        file.good,
        file.before,
        file.rejected,
        totals(&file.totals)
    );
    if let Some(ledger) = file.ledger_pence {
        words.push_str(&format!("\n  the ledger holds {}", Pence(ledger)));
    }
    for fault in &file.faults {
        let given = if fault.given.is_empty() { "nothing" } else { &fault.given };
        words.push_str(&format!("\n  row {}, {}: {given}; right would be {}", fault.row, fault.field, fault.right));
    }
    words
}
