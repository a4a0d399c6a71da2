//! `inspect bank-statement`: parse only. No home is needed and nothing is kept.
use super::file_bytes;
use super::out::{DONE, NOT_UNDERSTOOD, Out, busy, visible};
use crate::child;
use clap::Subcommand;
use serde_json::Value;
use std::path::{Path, PathBuf};
use sundry_desk::Outcome;
use sundry_domain::money::Pence;
use sundry_formats::FormatProblem;
use sundry_formats::bank_statement::{BankStatementFile, Profile, inspection, read_rows, read_with};

/// What can be inspected.
#[derive(Debug, Subcommand)]
pub enum Inspect {
    /// Bank statements: camt, MT940 and MT942, BAI2, OFX, CSV, workbooks, payment files
    BankStatement {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// camt, mt940, bai2, ofx, csv, csv:PROFILE or payment-file:LAYOUT; otherwise the file decides
        #[arg(long, value_name = "F")]
        format: Option<String>,
    },
}

/// Reads files and shows what they say.
pub async fn inspect(ask: Inspect, out: &mut Out) -> Outcome<u8> {
    let Inspect::BankStatement { files, format } = ask;
    let mut all = Vec::new();
    let mut wrong = false;
    let showing = busy("Reading");
    for path in &files {
        let file = bank_statement(path, format.as_deref(), &[]).await?;
        wrong |= !file.errors.is_empty();
        all.push(inspection(&path.to_string_lossy(), &file));
    }
    drop(showing);
    out.answer(&all, || all.iter().map(words).collect())?;
    Ok(if wrong { NOT_UNDERSTOOD } else { DONE })
}

/// A bank statement file, read as far as it can be trusted.
pub async fn bank_statement(path: &Path, format: Option<&str>, own: &[Profile]) -> Outcome<BankStatementFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = match file_bytes(path) {
        Ok(bytes) => bytes,
        Err(why) => return Ok(unreadable(FormatProblem::new("file.unreadable", "", why))),
    };
    if child::is_workbook(&bytes) && format.is_none_or(|f| f.starts_with("csv")) {
        let profile = format.and_then(|f| f.strip_prefix("csv:"));
        return Ok(match child::workbook(bytes).await? {
            Ok(rows) => read_rows(&name, &rows, profile, own),
            Err(problem) => unreadable(problem),
        });
    }
    Ok(match child::taste_bank_statement(&bytes).await? {
        Ok(()) => read_with(&name, &bytes, format, own),
        Err(problem) => unreadable(problem),
    })
}

fn unreadable(problem: FormatProblem) -> BankStatementFile {
    BankStatementFile { errors: vec![problem], ..BankStatementFile::default() }
}

/// One file for people.
fn words(file: &Value) -> String {
    let text = |value: &Value| visible(value.as_str().unwrap_or_default());
    let list = |name: &str| file[name].as_array().cloned().unwrap_or_default();
    let amount = |value: &Value, currency: &str| match value.as_i64() {
        Some(pence) if currency == "GBP" => Pence(pence).to_string(),
        Some(minor) => format!("{minor} ({currency}, minor units)"),
        None => "not given".into(),
    };
    let mut words = format!("{}: {} {}\n", text(&file["file"]), text(&file["format"]), text(&file["version"]));
    for one in list("statements") {
        let currency = text(&one["currency"]);
        words.push_str(&format!(
            "  account {} {currency}: {} entries, opening {}, in {}, out {}, closing {}\n",
            text(&one["account"]),
            one["entries"],
            amount(&one["opening_pence"], &currency),
            amount(&one["credits_pence"], &currency),
            amount(&one["debits_pence"], &currency),
            amount(&one["closing_pence"], &currency),
        ));
    }
    for (kind, title) in [("errors", "error"), ("warnings", "note")] {
        for one in list(kind) {
            words.push_str(&format!(
                "  {title} {} {}: {}\n",
                text(&one["code"]),
                text(&one["at"]),
                text(&one["message"])
            ));
        }
    }
    words
}
