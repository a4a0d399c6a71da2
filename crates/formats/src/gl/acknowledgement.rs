//! The ledger's answer to a batch: `batch,status,ledger_reference,message`.

use crate::problem::{FormatProblem, shown};
use crate::text;
use serde::Serialize;

/// What the ledger did with a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AcknowledgementStatus {
    /// All of it is posted.
    Accepted,
    /// None of it is posted; it may be written again under a new sequence with the same lines.
    Rejected,
    /// Some of it is posted; a person must look.
    Partial,
}

/// One row of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acknowledgement {
    /// The batch it answers.
    pub batch: u64,
    /// What was done.
    pub status: AcknowledgementStatus,
    /// The ledger's own reference.
    pub ledger_reference: String,
    /// What the ledger says.
    pub message: String,
}

/// Reads an acknowledgement file: all of it or every problem in it.
///
/// # Errors
/// Every row that is not an answer.
pub fn read_acknowledgements(bytes: &[u8]) -> Result<Vec<Acknowledgement>, Vec<FormatProblem>> {
    const HEADER: [&str; 4] = ["batch", "status", "ledger_reference", "message"];
    let decoded = text::decode(bytes, None);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(decoded.text.as_bytes());
    let headed = reader.headers().is_ok_and(|h| h.iter().map(str::trim).eq(HEADER));
    if !headed {
        return Err(vec![FormatProblem::new(
            "gl.ack_header",
            "row 1",
            format!("the header must be {}", HEADER.join(",")),
        )]);
    }
    let mut answers = Vec::new();
    let mut problems = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let at = format!("row {}", index + 2);
        match record.map_err(|e| e.to_string()).and_then(|r| row(&r)) {
            Ok(answer) => answers.push(answer),
            Err(message) => problems.push(FormatProblem::new("gl.ack", at, message)),
        }
    }
    if problems.is_empty() { Ok(answers) } else { Err(problems) }
}

fn row(record: &csv::StringRecord) -> Result<Acknowledgement, String> {
    if record.len() != 4 {
        return Err(format!("the row has {} columns; it must have 4", record.len()));
    }
    let cell = |index: usize| record.get(index).unwrap_or("").trim();
    let batch = cell(0);
    let number = batch.parse().ok().filter(|n| *n > 0 && batch.bytes().all(|b| b.is_ascii_digit()));
    let status = match cell(1) {
        "ACCEPTED" => AcknowledgementStatus::Accepted,
        "REJECTED" => AcknowledgementStatus::Rejected,
        "PARTIAL" => AcknowledgementStatus::Partial,
        other => return Err(format!("`{}` is not ACCEPTED, REJECTED or PARTIAL", shown(other))),
    };
    Ok(Acknowledgement {
        batch: number.ok_or_else(|| format!("`{}` is not a batch number", shown(batch)))?,
        status,
        ledger_reference: cell(2).to_owned(),
        message: cell(3).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_or_all_refused() {
        let good = b"batch,status,ledger_reference,message\n0000000123,ACCEPTED,J-9,\n124,REJECTED,,period closed\n";
        let read = read_acknowledgements(good).unwrap_or_default();
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].batch, read[1].status), (123, AcknowledgementStatus::Rejected));
        let bad = b"batch,status,ledger_reference,message\nx,ACCEPTED,,\n1,MAYBE,,\n";
        assert_eq!(read_acknowledgements(bad).map_err(|p| p.len()), Err(2));
        assert!(read_acknowledgements(b"").is_err());
    }
}
