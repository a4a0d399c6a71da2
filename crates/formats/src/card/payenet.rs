//! Payment files of council payment screens: a header, a row for each payment, a trailer with count and sum.
//!
//! `H,<file number>,<date>`, then `D,…` with sixteen columns, then `T,<count>,<sum>`. A file is read whole or
//! refused whole: the trailer must be what the rows add up to.

use crate::money::{pounds, write_pounds};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashSet;

/// How the payer paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By card.
    Card,
    /// Notes and coins.
    Cash,
    /// By cheque, at a counter or by post.
    Cheque,
    /// Into the bank.
    Transfer,
}

/// One payment, or one taken back when the amount is below zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Row of the file, from 1.
    pub row: u64,
    /// One to five letters and digits.
    pub fund: String,
    /// The payer's account.
    pub reference: String,
    /// Pence; below zero for what was taken back.
    pub pence: i64,
    /// How.
    pub method: Method,
    /// When.
    pub on: NaiveDate,
    /// The screen's own id of it.
    pub transaction: String,
    /// What the operator typed.
    pub narrative: String,
    /// The payment that this takes back.
    pub original: String,
    /// When it was banked.
    pub banked_on: Option<NaiveDate>,
    /// The paying-in reference, to find the bank line.
    pub paying_in: String,
}

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentFile {
    /// Its number; each follows the last.
    pub number: u64,
    /// Its date.
    pub dated_on: NaiveDate,
    /// The payments.
    pub rows: Vec<Row>,
    /// What they add up to.
    pub sum_pence: i64,
}

/// Reads a payment file: all of it or every problem in it.
///
/// # Errors
/// Every row that is not understood, a trailer that differs, a file cut short.
pub fn read(bytes: &[u8]) -> Result<PaymentFile, Vec<FormatProblem>> {
    if bytes.len() > text::LARGEST_FILE {
        return Err(vec![FormatProblem::new("file.too_large", "", "the file is over 200 MB")]);
    }
    let decoded = text::decode(bytes, None);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(decoded.text.as_bytes());
    let mut file = PaymentFile { number: 0, dated_on: NaiveDate::MIN, rows: Vec::new(), sum_pence: 0 };
    let (mut problems, mut trailer, mut headed) = (Vec::new(), None, false);
    for (index, record) in reader.records().enumerate() {
        let row = index as u64 + 1;
        let at = format!("row {row}");
        let say = |message: String| FormatProblem::new("payments.row", at.clone(), message);
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(say(error.to_string()));
                break;
            }
        };
        if trailer.is_some() {
            problems.push(say("there is a row after the trailer".into()));
            break;
        }
        match (record.get(0).unwrap_or("").trim(), headed) {
            ("H", false) => {
                headed = true;
                match header(&record) {
                    Ok((number, on)) => (file.number, file.dated_on) = (number, on),
                    Err(message) => problems.push(say(message)),
                }
            }
            ("D", true) => match payment(row, &record) {
                Ok(payment) => file.rows.push(payment),
                Err(all) => problems.extend(all.into_iter().map(say)),
            },
            ("T", true) => match total(&record) {
                Ok(found) => trailer = Some(found),
                Err(message) => problems.push(say(message)),
            },
            ("", _) => {}
            (_, false) => {
                problems.push(say("the file must begin with a row H".into()));
                break;
            }
            (other, true) => problems.push(say(format!("`{}` is not H, D or T", shown(other)))),
        }
    }
    prove(&mut file, trailer, headed, &mut problems);
    if problems.is_empty() { Ok(file) } else { Err(problems) }
}

/// The trailer, and no transaction twice.
fn prove(file: &mut PaymentFile, trailer: Option<(u64, i64)>, headed: bool, problems: &mut Vec<FormatProblem>) {
    let whole = |code, message: String| FormatProblem::new(code, "", message);
    let mut seen = HashSet::new();
    for row in &file.rows {
        if !seen.insert(row.transaction.clone()) {
            let at = format!("row {}", row.row);
            let message = format!("transaction {} stands in the file twice", shown(&row.transaction));
            problems.push(FormatProblem::new("payments.twice", at, message));
        }
    }
    let sum = file.rows.iter().try_fold(0i64, |sum, row| sum.checked_add(row.pence));
    file.sum_pence = sum.unwrap_or_default();
    if !headed && problems.is_empty() {
        problems.push(whole("payments.empty", "the file is empty".into()));
    }
    match trailer {
        None if headed => {
            problems.push(whole("payments.truncated", "the file has no trailer: it was cut short".into()))
        }
        Some((count, total)) if problems.is_empty() && (count, Some(total)) != (file.rows.len() as u64, sum) => {
            let message = format!(
                "the trailer says {count} rows of {} and the file has {} of {}",
                write_pounds(total),
                file.rows.len(),
                write_pounds(file.sum_pence)
            );
            problems.push(whole("payments.totals", message));
        }
        _ => {}
    }
}

fn cell(record: &csv::StringRecord, index: usize) -> &str {
    record.get(index).unwrap_or("").trim()
}

fn header(record: &csv::StringRecord) -> Result<(u64, NaiveDate), String> {
    let number = cell(record, 1);
    let read = number.parse().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()));
    let number = read.ok_or_else(|| format!("`{}` is not a file number", shown(number)))?;
    Ok((number, day(cell(record, 2))?))
}

fn total(record: &csv::StringRecord) -> Result<(u64, i64), String> {
    let count = cell(record, 1).parse().map_err(|_| format!("`{}` is not a count", shown(cell(record, 1))))?;
    Ok((count, amount(cell(record, 2))?))
}

fn amount(text: &str) -> Result<i64, String> {
    pounds(text).map_err(|e| format!("`{}` {}", shown(text), e.words()))
}

/// `20/11/2026` or `2026-11-20`.
fn day(text: &str) -> Result<NaiveDate, String> {
    let read = NaiveDate::parse_from_str(text, "%d/%m/%Y").or_else(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d"));
    let sane = |day: &NaiveDate| (1990..2200).contains(&chrono::Datelike::year(day));
    read.ok().filter(sane).ok_or_else(|| format!("`{}` is not a date", shown(text)))
}

fn method(text: &str) -> Result<Method, String> {
    match text {
        "CARD" => Ok(Method::Card),
        "CASH" => Ok(Method::Cash),
        "CHEQUE" | "POSTAL" => Ok(Method::Cheque),
        "TRANSFER" => Ok(Method::Transfer),
        other => Err(format!("`{}` is not CARD, CASH, CHEQUE, POSTAL or TRANSFER", shown(other))),
    }
}

fn payment(row: u64, record: &csv::StringRecord) -> Result<Row, Vec<String>> {
    let mut wrong = Vec::new();
    if !(13..=16).contains(&record.len()) {
        return Err(vec![format!("the row has {} columns; it must have 13 to 16", record.len())]);
    }
    let mut keep = |said: Result<(), String>| {
        if let Err(message) = said {
            wrong.push(message);
        }
    };
    let fund = cell(record, 1);
    let good = (1..=5).contains(&fund.len()) && fund.bytes().all(|b| b.is_ascii_alphanumeric());
    keep(if good { Ok(()) } else { Err(format!("`{}` is not a fund", shown(fund))) });
    let pence = amount(cell(record, 3));
    let how = method(cell(record, 4));
    let on = day(cell(record, 5));
    let banked = Some(cell(record, 14)).filter(|text| !text.is_empty()).map(day).transpose();
    keep(pence.as_ref().map(drop).map_err(Clone::clone));
    keep(how.as_ref().map(drop).map_err(Clone::clone));
    keep(on.as_ref().map(drop).map_err(Clone::clone));
    keep(banked.as_ref().map(drop).map_err(Clone::clone));
    keep(if pence == Ok(0) { Err("the amount is nothing".into()) } else { Ok(()) });
    let transaction = cell(record, 7);
    let fits = |text: &str| text.chars().count() <= 60;
    keep(if transaction.is_empty() || !fits(transaction) { Err("it has no transaction id".into()) } else { Ok(()) });
    let (Ok(pence), Ok(method), Ok(on), Ok(banked_on), true) = (pence, how, on, banked, wrong.is_empty()) else {
        return Err(wrong);
    };
    let text = |index: usize| cell(record, index).chars().take(200).collect::<String>();
    Ok(Row {
        row,
        fund: fund.to_owned(),
        reference: text(2),
        pence,
        method,
        on,
        transaction: transaction.to_owned(),
        narrative: text(12),
        original: text(13),
        banked_on,
        paying_in: text(15),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "H,000412,20/11/2026\n\
        D,SUNDR,10004711X,120.00,CARD,20/11/2026,10:42:10,TX0009912,TEL01,op17,,,,,23/11/2026,\n\
        D,SUNDR,10004690C,-35.00,CARD,20/11/2026,11:03:55,TX0009931,TEL01,op17,,,wrong account,TX0009700,23/11/2026,\n\
        T,2,85.00\n";

    fn codes(text: &str) -> Vec<String> {
        read(text.as_bytes()).expect_err("refused").into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn csh_14_a_payment_file_is_read_and_its_totals_proved() {
        let file = read(GOOD.as_bytes()).expect("a good file");
        assert_eq!((file.number, file.rows.len(), file.sum_pence), (412, 2, 8_500));
        let (paid, back) = (&file.rows[0], &file.rows[1]);
        assert_eq!((paid.pence, paid.method, paid.transaction.as_str()), (12_000, Method::Card, "TX0009912"));
        assert_eq!(
            (back.pence, back.original.as_str(), back.narrative.as_str()),
            (-3_500, "TX0009700", "wrong account")
        );
        assert_eq!(paid.banked_on, NaiveDate::from_ymd_opt(2026, 11, 23));
        let with_mark = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
        assert_eq!(read(with_mark.as_bytes()), Ok(file), "a byte-order mark and CR LF change nothing");
    }

    #[test]
    fn a_file_that_cannot_be_trusted_is_refused_whole() {
        assert_eq!(codes(""), ["payments.empty"]);
        assert_eq!(codes(&GOOD.replace("T,2,85.00\n", "")), ["payments.truncated"]);
        assert_eq!(codes(&GOOD.replace("T,2,85.00", "T,2,85.01")), ["payments.totals"]);
        assert_eq!(codes(&GOOD.replace("T,2,", "T,3,")), ["payments.totals"]);
        assert_eq!(codes(&GOOD.replace("TX0009931", "TX0009912")), ["payments.twice"]);
        assert_eq!(codes(&GOOD.replace("120.00", "120.001")), ["payments.row"]);
        assert_eq!(codes(&GOOD.replace("CARD", "CARDS")), ["payments.row", "payments.row"]);
        assert_eq!(codes(&GOOD.replace("20/11/2026,10", "31/11/2026,10")), ["payments.row"]);
        assert_eq!(codes("D,SUNDR,X,1.00\n"), ["payments.row"]);
        assert_eq!(codes(&format!("{GOOD}D,again")), ["payments.row"]);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..300, with in any::<u8>()) {
            let _ = read(&bytes);
            bytes = GOOD.as_bytes().to_vec();
            if at < bytes.len() {
                bytes[at] = with;
            }
            let _ = read(&bytes);
        }
    }
}
