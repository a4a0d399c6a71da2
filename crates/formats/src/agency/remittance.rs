//! What an agency collected and pays over: a header, a row a payment, a trailer that must add up.
use super::{cells, records};
use crate::money::write_pounds;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;

/// Whom the customer paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidTo {
    /// The agency.
    Agency,
    /// Us.
    Client,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A payment.
    Payment,
    /// A payment taken back.
    Reversal,
    /// What the agency charges besides commission.
    Cost,
}

/// A row of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittanceRow {
    /// Line of the file.
    pub line: usize,
    /// Number of the placement.
    pub account_number: String,
    /// Their reference.
    pub agency_ref: String,
    /// When it was paid.
    pub paid_on: NaiveDate,
    /// How much, above zero.
    pub amount_pence: i64,
    /// Commission without VAT; below zero when it is given back.
    pub commission_pence: i64,
    /// VAT on it.
    pub vat_pence: i64,
    /// Whom it was paid to.
    pub paid_to: PaidTo,
    /// What it is.
    pub kind: RowKind,
    /// What they think is left.
    pub running_pence: i64,
}

impl RemittanceRow {
    /// The amount as it counts: a reversal takes away, a cost is no payment.
    pub fn signed_pence(&self) -> i64 {
        match self.kind {
            RowKind::Payment => self.amount_pence,
            RowKind::Reversal => -self.amount_pence,
            RowKind::Cost => 0,
        }
    }
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remittance {
    /// Who sends it, as they name themselves.
    pub agency: String,
    /// Its number.
    pub statement_no: String,
    /// First day.
    pub period_from: NaiveDate,
    /// Last day.
    pub period_to: NaiveDate,
    /// The rows.
    pub rows: Vec<RemittanceRow>,
    /// Collected by the agency.
    pub collected_agency_pence: i64,
    /// Paid to us.
    pub collected_client_pence: i64,
    /// Commission.
    pub commission_pence: i64,
    /// VAT on it.
    pub vat_pence: i64,
    /// What they pay over.
    pub net_pence: i64,
}

/// Reads a statement whose own totals agree with its rows.
///
/// Whether `net_pence` is the right sum depends on how the agency settles: that is for the ledger to say.
///
/// # Errors
/// Every reason why the file cannot be trusted.
pub fn read_remittance(bytes: &[u8]) -> Result<Remittance, Vec<FormatProblem>> {
    let all = records(bytes)?;
    let mut problems = Vec::new();
    let mut head = None;
    let mut tail = None;
    let mut rows = Vec::new();
    for record in &all {
        let row = cells(record);
        match (row.text(0), head.is_some(), tail.is_some()) {
            ("H", false, false) => {
                let statement_no = row.text(2).to_owned();
                if statement_no.is_empty() || statement_no.len() > 40 {
                    problems.push(row.problem("agency.statement", "the statement has no number".into()));
                }
                let from = row.day(3, "period_from", &mut problems);
                let to = row.day(4, "period_to", &mut problems);
                if to < from {
                    problems.push(row.problem("agency.period", "the period ends before it begins".into()));
                }
                head = Some((row.text(1).to_owned(), statement_no, from, to));
            }
            ("D", true, false) => {
                let kind = kind_of(row.text(8));
                let paid_to = match row.text(7) {
                    "AGENCY" => Some(PaidTo::Agency),
                    "CLIENT" => Some(PaidTo::Client),
                    _ => None,
                };
                if kind.is_none() || paid_to.is_none() {
                    let message = format!(
                        "“{}”, “{}” is not AGENCY or CLIENT, and PAYMENT, REVERSAL or COST",
                        shown(row.text(7)),
                        shown(row.text(8))
                    );
                    problems.push(row.problem("agency.kind", message));
                }
                let amount_pence = row.pounds(4, "amount_collected", &mut problems);
                if amount_pence < 0 || (amount_pence == 0 && kind != Some(RowKind::Cost)) {
                    problems.push(row.problem("agency.amount", "the amount must be above zero".into()));
                }
                rows.push(RemittanceRow {
                    line: row.line,
                    account_number: row.account(1, &mut problems),
                    agency_ref: row.text(2).to_owned(),
                    paid_on: row.day(3, "payment_date", &mut problems),
                    amount_pence,
                    commission_pence: row.pounds(5, "commission_net", &mut problems),
                    vat_pence: row.pounds(6, "commission_vat", &mut problems),
                    paid_to: paid_to.unwrap_or(PaidTo::Agency),
                    kind: kind.unwrap_or(RowKind::Payment),
                    running_pence: if row.text(9).is_empty() {
                        0
                    } else {
                        row.pounds(9, "running_balance", &mut problems)
                    },
                });
            }
            ("T", true, false) => {
                let count = row.text(1).parse::<usize>().ok();
                let sums = [2, 3, 4, 5, 6].map(|at| row.pounds(at, "a total", &mut problems));
                tail = Some((row.line, count, sums));
            }
            ("", _, _) if record.1.iter().all(|cell| cell.trim().is_empty()) => {}
            (other, _, _) => {
                let message = format!("“{}” is not the row that belongs here: H, then D, then T", shown(other));
                problems.push(row.problem("agency.row", message));
            }
        }
    }
    let (Some((agency, statement_no, period_from, period_to)), Some((line, count, sums))) = (head, tail) else {
        problems.push(FormatProblem::new("agency.whole", "", "the statement must begin with H and end with T"));
        return Err(problems);
    };
    let found = [
        sum(&rows, |row| if row.paid_to == PaidTo::Agency { row.signed_pence() } else { 0 }),
        sum(&rows, |row| if row.paid_to == PaidTo::Client { row.signed_pence() } else { 0 }),
        sum(&rows, |row| row.commission_pence),
        sum(&rows, |row| row.vat_pence),
    ];
    let at = format!("line {line}");
    if count != Some(rows.len()) {
        let message = format!("the trailer does not say {} rows", rows.len());
        problems.push(FormatProblem::new("agency.totals", &at, message));
    }
    for ((name, found), said) in
        ["collected_agency", "collected_client", "commission_net", "commission_vat"].into_iter().zip(found).zip(sums)
    {
        if found != said {
            let message =
                format!("{name} is said to be {} and the rows come to {}", write_pounds(said), write_pounds(found));
            problems.push(FormatProblem::new("agency.totals", &at, message));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let [collected_agency_pence, collected_client_pence, commission_pence, vat_pence, net_pence] = sums;
    Ok(Remittance {
        agency,
        statement_no,
        period_from,
        period_to,
        rows,
        collected_agency_pence,
        collected_client_pence,
        commission_pence,
        vat_pence,
        net_pence,
    })
}

fn kind_of(text: &str) -> Option<RowKind> {
    match text {
        "PAYMENT" => Some(RowKind::Payment),
        "REVERSAL" => Some(RowKind::Reversal),
        "COST" => Some(RowKind::Cost),
        _ => None,
    }
}

fn sum(rows: &[RemittanceRow], of: impl Fn(&RemittanceRow) -> i64) -> i64 {
    rows.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "H,EXAMPLE AGENCY,2026-11,2026-11-01,2026-11-30\n\
        D,10004711X-1,A99-1,2026-11-12,100.00,10.00,2.00,AGENCY,PAYMENT,1136.92\n\
        D,10004690C-1,A99-2,2026-11-14,50.00,5.00,1.00,CLIENT,PAYMENT,0.00\n\
        T,2,100.00,50.00,15.00,3.00,82.00\n";

    fn codes(text: &str) -> Vec<String> {
        read_remittance(text.as_bytes()).expect_err("refused").into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn leg_01_a_statement_that_adds_up_is_read() {
        let read = read_remittance(GOOD.as_bytes()).expect("read");
        assert_eq!((read.statement_no.as_str(), read.rows.len(), read.net_pence), ("2026-11", 2, 8_200));
        assert_eq!(read.rows[0].running_pence, 113_692);
        assert_eq!(read.rows[1].paid_to, PaidTo::Client);
    }

    #[test]
    fn leg_01_a_statement_that_does_not_add_up_is_refused() {
        assert_eq!(codes(&GOOD.replace("T,2,100.00", "T,2,100.01")), ["agency.totals"]);
        assert_eq!(codes(&GOOD.replace("T,2,", "T,3,")), ["agency.totals"]);
        assert_eq!(codes(&GOOD.replace("10004711X-1", "1.00047E+07")), ["agency.spreadsheet"]);
        assert_eq!(codes(&GOOD.replace("T,2,100.00,50.00,15.00,3.00,82.00\n", "")), ["agency.whole"]);
        assert_eq!(codes(&format!("Statement for you\n{GOOD}"))[0], "agency.row");
        assert_eq!(codes(&GOOD.replace("AGENCY,PAYMENT", "AGENCY,GIFT")), ["agency.kind"]);
        assert!(codes(&GOOD.replace("100.00,10.00", "1e2,10.00")).contains(&"agency.amount".to_owned()));
        assert!(codes(&GOOD.replace("2026-11-12", "12/11/2026")).contains(&"agency.date".to_owned()));
        assert_eq!(codes("PK\u{3}\u{4}workbook"), ["agency.workbook"]);
    }

    #[test]
    fn a_reversal_takes_away() {
        let text = "H,A,7,2026-11-01,2026-11-30\nD,C1-1,R,2026-11-12,100.00,-10.00,-2.00,AGENCY,REVERSAL,0\n\
            D,C1-1,R,2026-11-13,0.00,25.00,5.00,AGENCY,COST,0\nT,2,-100.00,0.00,15.00,3.00,-118.00\n";
        let read = read_remittance(text.as_bytes()).expect("read");
        assert_eq!((read.rows[0].signed_pence(), read.rows[1].signed_pence()), (-10_000, 0));
    }
}
