//! CSV as a treasury workstation hands it on: an id, a date, an amount and who paid.
use super::{Statement, size};
use std::fmt::Write;

/// The file.
pub fn write(statement: &Statement) -> String {
    let mut text = String::from("bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n");
    for line in &statement.lines {
        let sign = if line.pence < 0 { "-" } else { "" };
        let _ = writeln!(
            text,
            "{},{},{sign}{},{},{},{},{},{}",
            line.bank_reference,
            statement.on,
            size(line.pence, '.'),
            line.kind,
            quoted(&line.payer_name),
            line.sort_code,
            line.account,
            quoted(&line.text),
        );
    }
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
