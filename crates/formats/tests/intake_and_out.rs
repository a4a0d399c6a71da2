//! Customers and invoices in, workbooks both ways, journals out and back.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use chrono::NaiveDate;
use proptest::prelude::*;
use std::fmt::Write;
use sundry_formats::csv_out::Cell;
use sundry_formats::gl::{self, Batch, Line, LineEnding, Mode, Side};
use sundry_formats::intake::{RowProblem, bad_rows, check_lines, read_customers, read_invoice_lines, read_invoices};
use sundry_formats::{xlsx_in, xlsx_out};

const CUSTOMERS: &str = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n";
const INVOICES: &str = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n";
const LINES: &str = "invoice_no,line_no,description,quantity,unit_price,vat_code,net,vat\n";

fn found(problems: &[RowProblem]) -> Vec<(usize, &str, &str)> {
    problems.iter().map(|p| (p.row, p.field.as_str(), p.code.as_str())).collect()
}

#[test]
fn customers_in_any_order_with_a_mark_and_carriage_returns() {
    let text = "\u{FEFF}Name,customer_id,kind,address1,town,postcode,email,terms days,account_no,sort_code,references\r\n\
                \"Ada, Abbott\",C1,person,1 High St,Upton,ZZ1 1AA,a@customer.example,14,12345678,00-00-12,A1; B2\r\n";
    let read = read_customers(text.as_bytes());
    assert_eq!(found(&read.problems), []);
    let customer = &read.rows[0].value;
    assert_eq!(
        (customer.name.as_str(), customer.sort_code.as_str(), customer.terms_days),
        ("Ada, Abbott", "000012", Some(14))
    );
    assert_eq!(customer.references, ["A1", "B2"]);
}

#[test]
fn every_problem_is_named_at_once_by_row_and_field() {
    let text = format!(
        "{CUSTOMERS}C1,Ada,person,,,,not-an-address,fourteen,00-00,12345678\nC1,,person,,,,,30,,\n1.2E+10,Bo,person,,,,,30,,\nC4,Cy,person,,,,,30,,\n"
    );
    let read = read_customers(text.as_bytes());
    let wanted = [
        (2, "sort_code", "bank_details"),
        (2, "email", "email"),
        (2, "terms_days", "number"),
        (3, "name", "field.missing"),
        (3, "customer_id", "duplicate"),
        (4, "customer_id", "csv.excel_damage"),
    ];
    assert_eq!(found(&read.problems), wanted);
    assert_eq!(read.problems[2].typed, "fourteen");
    assert_eq!((read.rows.len(), read.rows_in_file), (1, 4));
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_does() {
    let text = format!("{CUSTOMERS}\nC1,\"two\nlines\",person,,,,,30,,\n\nC2,,person,,,,,30,,");
    let wanted = [(6, "name", "field.missing")];
    for text in [text.replace('\n', "\r\n"), text] {
        let read = read_customers(text.as_bytes());
        assert_eq!((found(&read.problems), read.rows[0].row), (wanted.to_vec(), 3));
    }
}

#[test]
fn columns_missing_unknown_and_twice_are_named() {
    let read = read_invoices(b"invoice_no,invoice_no,customer,invoice_date,due_date,po_number,net,vat,gross\n");
    let wanted = [
        (1, "invoice_no", "csv.column_twice"),
        (1, "customer", "csv.unknown_column"),
        (1, "customer_id", "csv.missing_column"),
    ];
    assert_eq!(found(&read.problems), wanted);
}

#[test]
fn invoices_refuse_dates_that_do_not_exist_and_money_that_does_not_add_up() {
    let text = format!(
        "{INVOICES}SI1,C1,2026-02-30,2026-03-30,,10.00,2.00,12.00\nSI2,C1,2026-03-01,2026-02-01,,10.00,2.00,12.01\n\
         SI3,C1,01/03/2026,2026-03-30,,10.005,2,12\nSI4,C1,2026-03-01,2026-03-30,,1000000000000000,0,0\nSI5,C1,2026-03-01,2026-03-30,,10,2,12\n"
    );
    let read = read_invoices(text.as_bytes());
    let wanted = [
        (2, "invoice_date", "date"),
        (3, "due_date", "date.order"),
        (3, "gross", "money.sum"),
        (4, "invoice_date", "date"),
        (4, "net", "money.precision"),
        (5, "net", "money.too_large"),
    ];
    assert_eq!(found(&read.problems), wanted);
    assert_eq!(read.rows.len(), 1);
}

#[test]
fn lines_must_come_to_their_invoice() {
    let invoices = read_invoices(format!("{INVOICES}SI1,C1,2026-03-01,2026-03-30,,10.00,2.00,12.00\n").as_bytes());
    let lines =
        read_invoice_lines(format!("{LINES}SI1,1,Room,1.5,6.00,S,9.00,1.80\nSI9,1,Room,1,1,S,1,0\n").as_bytes());
    assert_eq!(lines.rows[0].value.quantity_thousandths, 1_500);
    let (of_invoices, of_lines) = check_lines(&invoices.rows, &lines.rows);
    assert_eq!(found(&of_invoices), [(2, "net", "money.sum"), (2, "vat", "money.sum")]);
    assert_eq!(found(&of_lines), [(3, "invoice_no", "invoice.unknown")]);
}

#[test]
fn windows_1252_is_read_and_said() {
    let mut bytes = format!("{CUSTOMERS}C1,Caf~,company,,,,,30,,\n").into_bytes();
    bytes.iter_mut().filter(|b| **b == b'~').for_each(|b| *b = 0xE9);
    let read = read_customers(&bytes);
    assert_eq!((read.rows[0].value.name.as_str(), read.warnings.len()), ("Café", 1));
}

#[test]
fn bad_rows_can_be_corrected_and_sent_again() {
    let text = format!(
        "{INVOICES}SI1,C1,2026-02-30,2026-03-30,=HYPERLINK,-10.00,-2.00,-12.00\nSI2,C1,2026-03-01,2026-03-30,,10,2,12\n"
    );
    let read = read_invoices(text.as_bytes());
    let bad = String::from_utf8(bad_rows(text.as_bytes(), &read.problems)).unwrap();
    assert_eq!(bad.lines().count(), 2);
    assert!(bad.contains("'=HYPERLINK") && bad.contains(",-10.00,") && bad.contains("invoice_date: is not a date"));
    let again = read_invoices(bad.replace("2026-02-30", "2026-02-28").as_bytes());
    assert_eq!((found(&again.problems), again.rows.len()), (vec![], 1));
    assert_eq!(again.rows[0].value.po_number, "=HYPERLINK");
}

#[test]
fn two_hundred_thousand_invoices_are_read_in_one_pass() {
    let mut text = INVOICES.to_owned();
    for number in 0..200_000 {
        writeln!(text, "SI{number},C1,2026-03-01,2026-03-30,PO{number},10.00,2.00,12.00").unwrap();
    }
    let read = read_invoices(text.as_bytes());
    assert_eq!((read.rows.len(), read.problems.len()), (200_000, 0));
}

#[test]
fn a_workbook_reads_back_and_its_text_is_never_a_formula() {
    let about = xlsx_out::About {
        title: "Aged debt".to_owned(),
        facts: vec![("As at".to_owned(), "2026-11-30".to_owned())],
        made_on: None,
    };
    let column = |heading: &str, kind| xlsx_out::Column { heading: heading.to_owned(), kind };
    let columns = vec![
        column("Customer", xlsx_out::ColumnKind::Text),
        column("Due", xlsx_out::ColumnKind::Date),
        column("Total", xlsx_out::ColumnKind::Money),
    ];
    let mut writer = xlsx_out::WorkbookWriter::new(about, columns).unwrap();
    let due = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
    writer.row(&[Cell::from("=1+1"), Cell::Date(due), Cell::Pence(12_345)]).unwrap();
    writer.row(&[Cell::from("Ada"), Cell::Empty, Cell::Pence(-45)]).unwrap();
    let bytes = writer.finish().unwrap();
    let sheet = xlsx_in::first_sheet(&bytes).unwrap();
    assert_eq!(sheet.name, "Aged debt");
    assert_eq!(sheet.rows[1], ["=1+1", "2026-11-30", "123.45"]);
    assert_eq!(sheet.rows[3], ["Total", "", "123"]);
    assert!(xlsx_in::precheck(&bytes[..bytes.len() / 2]).is_err());
    assert!(xlsx_in::first_sheet(b"PK\x03\x04 nonsense").is_err());
}

fn line(account: &str, side: Side, amount: i64, description: &str) -> Line {
    Line {
        entity: "MSE".to_owned(),
        journal_on: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        category: "INVOICE".to_owned(),
        account: account.to_owned(),
        dimensions: std::array::from_fn(|i| if i == 0 { "99999".to_owned() } else { String::new() }),
        tax_code: String::new(),
        currency: "GBP".to_owned(),
        side,
        amount,
        base_amount: amount,
        customer: String::new(),
        document: String::new(),
        description: description.to_owned(),
        reversal_of: String::new(),
        journal_line_id: "6f1c2c2e-4d0e-4b8e-9a57-0a8a3c4f2b11".to_owned(),
    }
}

fn batch(lines: Vec<Line>) -> Batch {
    Batch {
        number: 123,
        entity: "MSE".to_owned(),
        period: "202611".to_owned(),
        journal_on: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        currency: "GBP".to_owned(),
        mode: Mode::Summary,
        approved_by: "jsmith".to_owned(),
        lines,
    }
}

fn three_lines() -> Batch {
    let words = "Invoices raised 20 Nov";
    let lines = [("130100", Side::Debit, 12_000), ("410200", Side::Credit, 10_000), ("220500", Side::Credit, 2_000)];
    batch(lines.map(|(account, side, amount)| line(account, side, amount, words)).to_vec())
}

#[test]
fn the_neutral_journal_is_written_to_the_byte() {
    let batch = three_lines();
    let written = gl::write(&batch, LineEnding::Lf).unwrap();
    let text = String::from_utf8(written.bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[1],
        "H,0000000123,0,MSE,202611,2026-11-20,SUNDRY,,,,,,,,,,,GBP,,,,,,,summary; approved by jsmith,,"
    );
    assert_eq!(
        lines[2],
        "D,0000000123,1,MSE,202611,2026-11-20,SUNDRY,INVOICE,130100,99999,,,,,,,,GBP,120.00,,120.00,,,,Invoices raised 20 Nov,,6f1c2c2e-4d0e-4b8e-9a57-0a8a3c4f2b11"
    );
    assert_eq!(
        lines[5],
        "T,0000000123,3,MSE,202611,2026-11-20,SUNDRY,,,,,,,,,,,GBP,120.00,120.00,120.00,120.00,,000000760800,,,"
    );
    assert_eq!(written.totals.hash, 760_800);
    assert_eq!(gl::file_name(&batch, 1), "SUNDRY_GL_MSE_202611_000123_1.csv");
    assert_eq!(gl::read(&written.bytes), Ok(batch.clone()));
    let crlf = gl::write(&batch, LineEnding::CrLf).unwrap();
    assert_eq!(String::from_utf8(crlf.bytes).unwrap(), text.replace('\n', "\r\n"));
}

#[test]
fn a_journal_that_is_wrong_is_not_written() {
    let code = |change: fn(&mut Batch)| {
        let mut batch = three_lines();
        change(&mut batch);
        gl::write(&batch, LineEnding::Lf).unwrap_err()[0].code.clone()
    };
    assert_eq!(code(|b| b.lines[0].amount = 12_001), "gl.unbalanced");
    assert_eq!(code(|b| b.lines[0].amount = 0), "gl.amount");
    assert_eq!(code(|b| b.lines[0].account.clear()), "gl.account");
    assert_eq!(code(|b| b.lines[0].category = "GIFT".to_owned()), "gl.category");
    assert_eq!(code(|b| b.period = "202612".to_owned()), "gl.period");
    assert_eq!(code(|b| b.lines[0].customer = "Ada".to_owned()), "gl.personal");
    assert_eq!(code(|b| b.lines.clear()), "gl.empty");
    let bytes = gl::write(&three_lines(), LineEnding::Lf).unwrap().bytes;
    let changed = String::from_utf8(bytes).unwrap().replace("760800", "760801");
    assert_eq!(gl::read(changed.as_bytes()).unwrap_err()[0].code, "gl.totals");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn journals_read_back_as_written(pairs in prop::collection::vec(("[0-9]{4,12}", 1i64..1_000_000_000, "[ -~£é]{0,60}"), 1..20)) {
        let both = |(account, amount, words): &(String, i64, String)| {
            [line(account, Side::Debit, *amount, words), line("999", Side::Credit, *amount, words)]
        };
        let batch = batch(pairs.iter().flat_map(both).collect());
        let written = gl::write(&batch, LineEnding::Lf).unwrap();
        prop_assert_eq!(gl::read(&written.bytes), Ok(batch));
    }

    #[test]
    fn no_bytes_make_an_intake_panic(text in "[ -~\n\"é\u{0}]{0,300}") {
        let whole = format!("{INVOICES}{text}");
        let read = read_invoices(whole.as_bytes());
        let _ = bad_rows(whole.as_bytes(), &read.problems);
        let _ = read_customers(text.as_bytes());
        let _ = read_invoice_lines(text.as_bytes());
        let _ = gl::read(text.as_bytes());
        let _ = gl::read_acknowledgements(text.as_bytes());
    }
}
