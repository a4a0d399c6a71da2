//! `import`: files in, all errors at once; nothing kept unless all is right, or the good is asked for.
use super::inspect::bank_statement;
use super::out::{DONE, NOT_UNDERSTOOD, Out, busy, counted, say};
use super::{Open, Shop, bytes_of, done};
use crate::child;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use sundry_desk::billing::{ImportInvoices, import_invoices};
use sundry_desk::cash::csv_profiles::own_csv_profiles;
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, StatementsTaken, import_bank_statement};
use sundry_desk::core::vault::sha256_hex;
use sundry_desk::customers::{ImportCustomers, Imported, Problem, import_customers};
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::FormatProblem;

/// What can be taken in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// Customers under their own numbers
    Customers {
        /// The files: CSV or a workbook
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// How rows are taken
        #[command(flatten)]
        how: How,
    },
    /// Open invoices from an old ledger, under their old numbers
    Invoices {
        /// The files: CSV or a workbook
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The lines of the invoices; once for each file, in the same order
        #[arg(long, value_name = "FILE")]
        lines: Vec<PathBuf>,
        /// How rows are taken
        #[command(flatten)]
        how: How,
    },
    /// Bank statements: camt.053, MT940, BAI2, OFX, CSV and workbooks
    BankStatement {
        /// The files, in the order in which they were made
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// camt, mt940, bai2, ofx, csv or csv:PROFILE; otherwise the file decides
        #[arg(long, value_name = "F")]
        format: Option<String>,
        /// Name of our bank account, where the file does not say
        #[arg(long, value_name = "NAME")]
        bank_account: Option<String>,
        /// Check only
        #[arg(long)]
        dry_run: bool,
        /// Import it although it does not follow the last one, or may be a correction
        #[arg(long, requires = "reason")]
        accept_gap: bool,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
}

/// How rows are taken.
#[derive(Clone, Debug, Args)]
pub struct How {
    /// Check only
    #[arg(long)]
    dry_run: bool,
    /// Keep the good rows, and write the bad ones to a file that can be corrected and sent again
    #[arg(long)]
    accept_good: bool,
    /// Where the bad rows go; else beside the file, as NAME.bad.csv
    #[arg(long, value_name = "FILE")]
    bad_rows: Option<PathBuf>,
}

/// Takes files in.
pub async fn import(shop: &Shop, ask: Import, out: &mut Out) -> Outcome<u8> {
    match ask {
        Import::Customers { files, how } => {
            let wish = Wish { one: "customer", many: "customers", key: "import-customers" };
            rows(shop, &wish, sent(&files, &[]).await?, &how, out).await
        }
        Import::Invoices { files, lines, how } => {
            if !lines.is_empty() && lines.len() != files.len() {
                let message = format!("Name {}, one for each file of invoices", counted(files.len(), "file", "files"));
                return Err(Invalid::field("lines", message, lines.len().to_string()).into());
            }
            let wish = Wish { one: "invoice", many: "invoices", key: "import-invoices" };
            rows(shop, &wish, sent(&files, &lines).await?, &how, out).await
        }
        Import::BankStatement { files, format, bank_account, dry_run, accept_gap, reason } => {
            let wish = ImportBankStatement {
                format,
                bank_account,
                accept_gap,
                reason,
                dry_run,
                ..ImportBankStatement::default()
            };
            let open = shop.open().await?;
            let asks = statements(shop, &open, &files, &wish).await?;
            take_statements(&open, asks, dry_run, out).await
        }
    }
}

/// What is taken in, in words and in its key.
struct Wish {
    one: &'static str,
    many: &'static str,
    key: &'static str,
}

/// A table that was sent: its bytes as CSV, its name, where it lies, and its lines.
struct Sent {
    path: PathBuf,
    bytes: Vec<u8>,
    lines: Option<(PathBuf, Vec<u8>)>,
}

async fn sent(files: &[PathBuf], lines: &[PathBuf]) -> Outcome<Vec<Sent>> {
    let mut all = Vec::new();
    for (place, path) in files.iter().enumerate() {
        let bytes = child::as_table(bytes_of(path, "file")?).await?;
        let lines = match lines.get(place) {
            Some(path) => Some((path.clone(), child::as_table(bytes_of(path, "lines")?).await?)),
            None => None,
        };
        all.push(Sent { path: path.clone(), bytes, lines });
    }
    Ok(all)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The key of a file: the same file with the same wish is the same command.
fn content_key(wish: &str, parts: &[&[u8]]) -> String {
    let hashes: String = parts.iter().map(|part| sha256_hex(part)).collect();
    format!("{wish}/{}", sha256_hex(hashes.as_bytes()))
}

/// Takes files of rows in; several files are one wish, so all are looked at before the first is taken.
async fn rows(shop: &Shop, wish: &Wish, all: Vec<Sent>, how: &How, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let showing = busy(&format!("Reading {}", wish.many));
    let mut taken = Vec::new();
    if how.dry_run || (all.len() > 1 && !how.accept_good) {
        for one in &all {
            taken.push(take(&open, shop, wish, one, how, true).await?);
        }
    }
    if !how.dry_run && taken.iter().all(|t: &Imported| t.problems.is_empty()) {
        taken.clear();
        for one in &all {
            taken.push(take(&open, shop, wish, one, how, false).await?);
        }
    }
    drop(showing);
    let sources: Vec<&Sent> = all.iter().collect();
    told(wish, &sources, &taken, how, out)
}

async fn take(open: &Open, shop: &Shop, wish: &Wish, one: &Sent, how: &How, dry_run: bool) -> Outcome<Imported> {
    let name = file_name(&one.path);
    let lines = one.lines.as_ref();
    let lines_bytes = lines.map(|(_, bytes)| bytes.as_slice()).unwrap_or_default();
    let good = [u8::from(how.accept_good)];
    let key = shop.key_of(&content_key(wish.key, &[name.as_bytes(), &one.bytes, lines_bytes, &good]));
    let (bytes, accept_good) = (one.bytes.clone(), how.accept_good);
    if wish.key == "import-customers" {
        let ask = ImportCustomers { key, file_name: name, bytes, dry_run, accept_good };
        return import_customers(&open.desk, &open.by, ask).await;
    }
    let ask = ImportInvoices {
        key,
        file_name: name,
        bytes,
        lines_name: lines.map(|(path, _)| file_name(path)).unwrap_or_default(),
        lines: lines.map(|(_, bytes)| bytes.clone()),
        dry_run,
        accept_good,
    };
    import_invoices(&open.desk, &open.by, ask).await
}

/// Tells what came of files of rows: everything wrong, or what was taken.
fn told(wish: &Wish, sources: &[&Sent], taken: &[Imported], how: &How, out: &mut Out) -> Outcome<u8> {
    let problems = || sources.iter().zip(taken).flat_map(|(one, t)| t.problems.iter().map(move |p| (*one, p)));
    if problems().next().is_some() && !how.accept_good {
        return wrong_rows(problems().map(|(one, p)| (shown_path(one, p), p)).collect(), out);
    }
    let mut files = Vec::new();
    for (one, t) in sources.iter().zip(taken) {
        let keep = how.accept_good && !t.dry_run;
        let bad = bad_rows(&one.path, how, t.bad_rows_csv.as_deref().filter(|_| keep), "")?;
        let lines = one.lines.as_ref().map_or(&one.path, |(path, _)| path);
        let bad_lines = bad_rows(lines, how, t.bad_lines_csv.as_deref().filter(|_| keep), "lines.")?;
        files.push(json!({
            "file": one.path.display().to_string(), "rows": t.rows, "taken": t.taken, "refused": t.refused,
            "total_pence": t.total_pence, "sha256": t.file_sha256, "problems": t.problems,
            "bad_rows_file": bad, "bad_lines_file": bad_lines,
        }));
    }
    let sum = |part: fn(&Imported) -> i64| taken.iter().map(part).sum::<i64>();
    let (rows, kept, refused, total) = (sum(|t| t.rows), sum(|t| t.taken), sum(|t| t.refused), sum(|t| t.total_pence));
    let document = json!({
        "rows": rows, "taken": kept, "refused": refused, "total_pence": total, "dry_run": how.dry_run, "files": files,
    });
    out.answer(&document, || {
        let verb = if how.dry_run { "would be taken in" } else { "taken in" };
        let mut words = format!("{} {verb}", counted(kept as usize, wish.one, wish.many));
        if total != 0 {
            words.push_str(&format!(", {} in all", Pence(total)));
        }
        words.push_str(&format!("; {} refused.", counted(refused as usize, "row", "rows")));
        for bad in files.iter().flat_map(|f| [&f["bad_rows_file"], &f["bad_lines_file"]]).filter_map(Value::as_str) {
            words.push_str(&format!("\nCorrect the refused rows in {bad} and send that."));
        }
        words
    })?;
    done()
}

/// The file that a problem is in.
fn shown_path(one: &Sent, problem: &Problem) -> String {
    match &one.lines {
        Some((path, _)) if problem.file == "lines" => path.display().to_string(),
        _ => one.path.display().to_string(),
    }
}

/// Every problem of the files, with the file it is in.
fn wrong_rows(all: Vec<(String, &Problem)>, out: &mut Out) -> Outcome<u8> {
    say(&format!("{} to put right; nothing was kept:", counted(all.len(), "thing", "things")));
    for (file, p) in &all {
        let typed =
            if p.typed.is_empty() { String::new() } else { format!(" (typed: {})", super::out::visible(&p.typed)) };
        say(&format!("  {file}: {} row {}, {}: {}{typed}", p.file, p.row, p.field, p.message));
    }
    if out.is_json() {
        let list: Vec<Value> = all
            .iter()
            .map(|(file, p)| {
                json!({
                    "row": (p.row > 0).then_some(p.row), "field": p.field, "message": p.message, "typed": p.typed,
                    "file": file, "of": p.file,
                })
            })
            .collect();
        out.document(&json!({ "invalid": list }))?;
    }
    Ok(NOT_UNDERSTOOD)
}

/// Writes the refused rows where they can be corrected, and says where.
fn bad_rows(source: &Path, how: &How, csv: Option<&str>, part: &str) -> Outcome<Option<String>> {
    let Some(csv) = csv else { return Ok(None) };
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let path = match &how.bad_rows {
        Some(path) if part.is_empty() => path.clone(),
        Some(path) => path.with_extension(format!("{part}csv")),
        None => source.with_file_name(format!("{stem}.{part}bad.csv")),
    };
    let written = std::fs::write(&path, csv);
    written.map_err(|e| {
        No::from(Invalid::field("bad-rows", format!("It cannot be written: {e}"), path.display().to_string()))
    })?;
    Ok(Some(path.display().to_string()))
}

/// The files of bank statements, each read once to see that it can be trusted; one that cannot is kept as well.
async fn statements(
    shop: &Shop,
    open: &Open,
    files: &[PathBuf],
    wish: &ImportBankStatement,
) -> Outcome<Vec<ImportBankStatement>> {
    let own = own_csv_profiles(&open.desk, &open.by).await?;
    let (mut asks, mut wrong) = (Vec::new(), Vec::new());
    for path in files {
        let file = bank_statement(path, wish.format.as_deref(), &own).await?;
        let found = file.errors.iter().map(|problem| not_trusted(problem, path, files.len() > 1));
        let bytes = match bytes_of(path, "file") {
            Ok(bytes) => child::as_table(bytes).await,
            Err(no) => Err(no),
        };
        let ask = match bytes {
            Ok(bytes) => ImportBankStatement { file_name: file_name(path), bytes, ..wish.clone() },
            Err(_) if !file.errors.is_empty() => {
                wrong.extend(found);
                continue;
            }
            Err(no) => return Err(no),
        };
        let options =
            format!("{}/{:?}/{:?}/{}/{}", ask.file_name, ask.format, ask.bank_account, ask.accept_gap, ask.reason);
        let key = shop.key_of(&content_key("import-bank-statement", &[&ask.bytes, options.as_bytes()]));
        let ask = ImportBankStatement { key, ..ask };
        if file.errors.is_empty() {
            asks.push(ask);
            continue;
        }
        wrong.extend(found);
        if !ask.dry_run {
            // Says no again, and keeps the file with what is wrong in it.
            let _ = import_bank_statement(&open.desk, &open.by, ask).await;
        }
    }
    if wrong.is_empty() { Ok(asks) } else { Err(wrong.into()) }
}

fn not_trusted(problem: &FormatProblem, path: &Path, named: bool) -> Invalid {
    let typed = if named { path.display().to_string() } else { String::new() };
    let row = problem.at.rsplit(' ').next().and_then(|n| n.parse().ok());
    let at = if problem.at.is_empty() { typed } else { format!("{} {typed}", problem.at).trim().into() };
    Invalid { row, ..Invalid::field(&problem.code, &problem.message, at) }
}

async fn take_statements(open: &Open, asks: Vec<ImportBankStatement>, dry_run: bool, out: &mut Out) -> Outcome<u8> {
    let showing = busy("Reading bank statements");
    let mut taken: Vec<StatementsTaken> = Vec::new();
    for ask in asks {
        taken.push(import_bank_statement(&open.desk, &open.by, ask).await?);
    }
    drop(showing);
    let sum = |part: fn(&StatementsTaken) -> i64| taken.iter().map(part).sum::<i64>();
    let document = json!({
        "lines_new": sum(|t| t.lines_new), "lines_seen": sum(|t| t.lines_seen),
        "credits_pence": sum(|t| t.credits_pence), "debits_pence": sum(|t| t.debits_pence),
        "dry_run": dry_run, "files": taken,
    });
    out.answer(&document, || {
        let line = |t: &StatementsTaken| {
            let money = format!("in {}, out {}", Pence(t.credits_pence), Pence(t.debits_pence));
            format!("{}: {}; {money}\n", super::out::visible(&t.file_name), t.message)
        };
        taken.iter().map(line).collect()
    })?;
    Ok(DONE)
}
