//! What an agency answers: which debts it takes, which it closes and why, and what it thinks it holds.
use super::{cells, rows_under};
use crate::problem::{FormatProblem, shown};

/// Whether an agency takes a debt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyAnswer {
    /// Line of the file.
    pub line: usize,
    /// Number of the placement.
    pub account_number: String,
    /// Their reference.
    pub agency_ref: String,
    /// Whether they take it.
    pub accepted: bool,
    /// Why not.
    pub reason: String,
}

/// Reads an acknowledgement.
///
/// # Errors
/// Every reason why the file cannot be trusted.
pub fn read_answers(bytes: &[u8]) -> Result<Vec<AgencyAnswer>, Vec<FormatProblem>> {
    let mut problems = Vec::new();
    let mut all = Vec::new();
    for record in rows_under(bytes, &["account_number", "agency_ref", "status", "reason"])? {
        let row = cells(&record);
        let account_number = row.account(0, &mut problems);
        let status = row.text(2).to_uppercase();
        if status != "ACCEPTED" && status != "REJECTED" {
            let message = format!("status “{}” is neither ACCEPTED nor REJECTED", shown(row.text(2)));
            problems.push(row.problem("agency.status", message));
        }
        all.push(AgencyAnswer {
            line: row.line,
            account_number,
            agency_ref: row.text(1).to_owned(),
            accepted: status == "ACCEPTED",
            reason: row.text(3).to_owned(),
        });
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// A debt that an agency gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureRow {
    /// Line of the file.
    pub line: usize,
    /// Number of the placement.
    pub account_number: String,
    /// Their code.
    pub reason: String,
    /// What they say.
    pub note: String,
}

/// Reads closures. A code that is not known is no fault of the file: the debt stays placed.
///
/// # Errors
/// Every reason why the file cannot be trusted.
pub fn read_closures(bytes: &[u8]) -> Result<Vec<ClosureRow>, Vec<FormatProblem>> {
    let mut problems = Vec::new();
    let mut all = Vec::new();
    for record in rows_under(bytes, &["account_number", "reason", "note"])? {
        let row = cells(&record);
        let account_number = row.account(0, &mut problems);
        all.push(ClosureRow {
            line: row.line,
            account_number,
            reason: row.text(1).to_uppercase(),
            note: row.text(2).to_owned(),
        });
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// A debt as the agency has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Line of the file.
    pub line: usize,
    /// Number of the placement.
    pub account_number: String,
    /// The balance as they know it.
    pub balance_pence: i64,
    /// Where it stands with them.
    pub status: String,
}

/// Reads a stock file.
///
/// # Errors
/// Every reason why the file cannot be trusted; a debt that stands twice.
pub fn read_stock(bytes: &[u8]) -> Result<Vec<StockRow>, Vec<FormatProblem>> {
    let mut problems = Vec::new();
    let mut all: Vec<StockRow> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for record in rows_under(bytes, &["account_number", "balance", "status"])? {
        let row = cells(&record);
        let account_number = row.account(0, &mut problems);
        let balance_pence = row.pounds(1, "balance", &mut problems);
        if !seen.insert(account_number.clone()) {
            problems.push(row.problem("agency.twice", format!("{} stands twice", shown(&account_number))));
        }
        all.push(StockRow { line: row.line, account_number, balance_pence, status: row.text(2).to_owned() });
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes<T: std::fmt::Debug>(read: Result<T, Vec<FormatProblem>>) -> Vec<String> {
        read.expect_err("refused").into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn answers_closures_and_stock_are_read_and_bad_ones_are_told() {
        let answers =
            read_answers(b"account_number,agency_ref,status,reason\nC1-1,A9,ACCEPTED,\nC2-1,,rejected,abroad\n");
        let answers = answers.expect("read");
        assert!(answers[0].accepted && !answers[1].accepted && answers[1].reason == "abroad");
        assert_eq!(
            codes(read_answers(b"account_number,agency_ref,status,reason\nC1-1,A9,MAYBE,\n")),
            ["agency.status"]
        );
        assert_eq!(
            codes(read_answers(b"Report of May\naccount_number,agency_ref,status,reason\n")),
            ["agency.headings"]
        );
        assert_eq!(codes(read_answers(b"")), ["file.empty"]);
        assert_eq!(codes(read_answers(b"PK\x03\x04rest")), ["agency.workbook"]);
        let closed = read_closures(b"account_number,reason,note\nC1-1,dec,Son called\n").expect("read");
        assert_eq!((closed[0].reason.as_str(), closed[0].note.as_str()), ("DEC", "Son called"));
        let wrong = codes(read_closures(b"account_number,reason,note\n1.00047E+07,RTC,\n"));
        assert_eq!(wrong, ["agency.spreadsheet"]);
        let stock = read_stock(b"account_number,balance,status\nC1-1,100.00,open\n").expect("read");
        assert_eq!(stock[0].balance_pence, 10_000);
        let twice = codes(read_stock(b"account_number,balance,status\nC1-1,100.00,open\nC1-1,1.0.0,open\n"));
        assert_eq!(twice, ["agency.amount", "agency.twice"]);
    }
}
