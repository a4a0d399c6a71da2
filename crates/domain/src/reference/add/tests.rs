//! Each refusal of a new dated row, and the rows that are let in.
use super::*;
use crate::reference::{ReferenceBook, shipped_rows};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn rate(key: &str, figure: &str) -> AskedRate {
    AskedRate { key: key.into(), figure: figure.into() }
}

fn asked(kind: &str, from: &str, rates: &[AskedRate], today: &str) -> Result<Vec<ReferenceRow>, String> {
    let ask = AskedRates { kind, from_on: d(from), to_on: None, rates, note: "", source: "SI 2026/1" };
    new_rates(&shipped_rows(), &ask, d(today)).map_err(|refusal| refusal.code)
}

fn code(kind: &str, from: &str, rates: &[AskedRate], today: &str) -> String {
    asked(kind, from, rates, today).expect_err("is refused")
}

fn issue_fees() -> Vec<AskedRate> {
    let bands = [("300", "37"), ("500", "53"), ("1000", "74"), ("1500", "84"), ("3000", "121"), ("5000", "216")];
    let mut all: Vec<AskedRate> = bands.iter().map(|(key, figure)| rate(key, figure)).collect();
    all.extend([rate("10,000", "£478.00"), rate("200000", "5%"), rate("max", "10,500.00")]);
    all
}

#[test]
fn ct_01_a_whole_fee_table_is_let_in_and_read_on_its_day() {
    let new = asked("court_issue_fee", "2026-07-13", &issue_fees(), "2026-11-22").expect("is let in");
    assert_eq!(new.len(), 9);
    let mut rows = shipped_rows();
    rows.extend(new);
    let book = ReferenceBook::from_rows(&rows);
    let holds = |key: &str, on: &str| book.row("court_issue_fee", key, d(on)).map(|row| row.value);
    assert_eq!(holds("30000", "2026-11-22"), Some(3_700));
    assert_eq!(holds("30000", "2026-07-12"), Some(3_500));
    assert_eq!(holds("max", "2026-11-22"), Some(1_050_000));
    let share = book.row("court_issue_fee_rate", "20000000", d("2026-11-22"));
    assert_eq!(share.map(|row| row.value), Some(500));
}

#[test]
fn a_fee_table_comes_whole_and_rises() {
    for left_out in 0..9 {
        let mut some = issue_fees();
        some.remove(left_out);
        assert_eq!(code("court_issue_fee", "2026-07-13", &some, "2026-11-22"), "REF-INCOMPLETE", "{left_out}");
    }
    let mut twice = issue_fees();
    twice.push(rate("300", "38"));
    assert_eq!(code("court_issue_fee", "2026-07-13", &twice, "2026-11-22"), "REF-INCOMPLETE");
    let mut falling = issue_fees();
    falling[1].figure = "36".into();
    assert_eq!(code("court_issue_fee", "2026-07-13", &falling, "2026-11-22"), "REF-FIGURE");
    assert_eq!(code("court_fee", "2026-07-13", &[], "2026-11-22"), "REF-INCOMPLETE");
}

#[test]
fn lp_03_bank_rate_is_for_its_half_year_and_not_before_it_is_known() {
    let new = asked("late_payment_rate", "2027-01-01", &[rate("", "3.5%")], "2026-12-31").expect("is let in");
    let row = new.first().expect("one row");
    assert_eq!((row.value, row.to_on), (1_150, Some(d("2027-06-30"))));
    assert_eq!((row.key.as_str(), row.note.as_str()), ("statutory", "Bank Rate 3.50 on 2026-12-31 plus 8.00"));
    assert_eq!(code("late_payment_rate", "2027-01-01", &[rate("", "3.5")], "2026-12-30"), "REF-TOO-SOON");
    assert_eq!(code("late_payment_rate", "2027-02-01", &[rate("", "3.5")], "2027-02-01"), "REF-INCOMPLETE");
    assert_eq!(code("late_payment_rate", "2027-01-01", &[rate("", "20.01")], "2027-02-01"), "REF-FIGURE");
    assert_eq!(code("late_payment_rate", "2026-07-01", &[rate("", "3.5")], "2026-11-22"), "REF-OVERLAP");
}

#[test]
fn what_stands_or_may_have_been_used_is_not_changed() {
    let vat = |from, today| asked("vat_rate", from, &[rate("S", "17.5")], today);
    assert_eq!(vat("2027-01-04", "2026-11-22").map(|rows| rows.len()), Ok(1));
    assert_eq!(vat("2026-11-22", "2026-11-22"), Err("REF-BACKDATED".to_owned()));
    assert_eq!(vat("2011-01-04", "2026-11-22"), Err("REF-OVERLAP".to_owned()));
    assert_eq!(vat("2009-06-01", "2026-11-22"), Err("REF-BACKDATED".to_owned()));
    // No fee held since 13 July, so none was used.
    assert!(asked("court_fee", "2026-07-13", &[rate("warrant", "97")], "2026-11-22").is_ok());
    assert_eq!(code("court_fee", "2026-07-12", &[rate("warrant", "97")], "2026-11-22"), "REF-BACKDATED");
}

#[test]
fn figures_kinds_and_sources_that_cannot_be_meant() {
    for figure in ["-97", "0", "97.001", "ninety", "97%", "20000.01"] {
        assert_eq!(code("court_fee", "2026-07-13", &[rate("warrant", figure)], "2026-11-22"), "REF-FIGURE", "{figure}");
    }
    for (kind, key) in [("court_fee", "picnic"), ("court_fee", ""), ("vat_rate", "Z"), ("parking", "S")] {
        assert_eq!(code(kind, "2027-01-04", &[rate(key, "5")], "2026-11-22"), "REF-UNKNOWN-KIND", "{kind} {key}");
    }
    let rates = [rate("warrant", "97")];
    let day = d("2026-07-13");
    let ask = AskedRates { kind: "court_fee", from_on: day, to_on: None, rates: &rates, note: "", source: " " };
    assert_eq!(new_rates(&shipped_rows(), &ask, day).expect_err("no source").code, "REF-NO-SOURCE");
}

#[test]
fn a_bank_holiday_is_one_more_day_of_a_loaded_year_and_not_a_past_one() {
    let day = |from, today| asked("bank_holiday", from, &[rate("england-and-wales", "")], today);
    let new = day("2027-06-07", "2027-06-06").expect("is let in");
    assert_eq!(new.first().map(|row| (row.value, row.to_on)), Some((1, Some(d("2027-06-07")))));
    let mut rows = shipped_rows();
    rows.extend(new);
    let book = ReferenceBook::from_rows(&rows);
    assert_eq!(book.calendar(Nation::EnglandAndWales).is_working_day(d("2027-06-07")), Ok(false));
    assert_eq!(day("2027-06-07", "2027-06-07"), Err("REF-BACKDATED".to_owned()));
    assert_eq!(day("2026-12-25", "2026-11-22"), Err("REF-OVERLAP".to_owned()));
    assert_eq!(day("2039-12-27", "2026-11-22"), Err("REF-INCOMPLETE".to_owned()));
}
