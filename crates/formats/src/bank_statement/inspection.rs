//! What `inspect bank-statement --json` prints for one file.

use super::record::BankStatementFile;
use serde_json::{Value, json};

/// One object of the inspection: the file, its statements by figures, and its errors.
pub fn inspection(file_name: &str, file: &BankStatementFile) -> Value {
    let statements: Vec<Value> = file
        .statements
        .iter()
        .map(|statement| {
            json!({
                "account": statement.account,
                "currency": statement.currency,
                "opening_pence": statement.opening,
                "closing_pence": statement.closing,
                "entries": statement.entries.len(),
                "credits_pence": statement.credits(),
                "debits_pence": statement.debits(),
            })
        })
        .collect();
    json!({
        "file": file_name,
        "format": file.format,
        "version": file.version,
        "statements": statements,
        "errors": file.errors,
        "warnings": file.warnings,
    })
}
