//! Files of an agency, right and wrong.

use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn row() -> PlacementRow {
    PlacementRow {
        account_number: "10004711X-1".into(),
        principal: 120_000,
        interest: 3_692,
        first_name: "Adam".into(),
        last_name: "Example".into(),
        born_on: Some(d("1970-01-01")),
        mobile: "447700900123".into(),
        address1: "1 High Street".into(),
        city: "Morpeth".into(),
        postcode: "NE61 1AA".into(),
        country: "GB".into(),
        last_invoice_on: Some(d("2026-07-01")),
        placement_count: 1,
        ..PlacementRow::default()
    }
}

#[test]
fn leg_01_a_placement_and_its_control_file() {
    let file = write_placement(&[row()], &AgencyProfile::default(), d("2026-11-20")).unwrap();
    assert_eq!((file.name.as_str(), file.rows, file.sum), ("20261120-placement.csv", 1, 123_692));
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    let line = "10004711X-1,1236.92,1200.00,36.92,0.00,Adam,Example,,1970-01-01,,447700900123,,1 High Street,,Morpeth,,\
                NE61 1AA,GB,2026-07-01,,1,,,GBP,";
    assert_eq!(text.lines().nth(1), Some(line));
    let told = PlacementRow { notes: "public services".into(), client_code: "NCC".into(), ..row() };
    let noted = write_placement(&[told], &AgencyProfile::default(), d("2026-11-20")).unwrap();
    assert!(String::from_utf8(noted.bytes).unwrap().ends_with(",1,,public services,GBP,NCC\n"));
    let control = control_file(&file, "ab12");
    assert_eq!(control.name, "20261120-placement.ctl");
    let text = String::from_utf8(control.bytes).unwrap();
    assert_eq!(text, "file,sha256,rows,sum\n20261120-placement.csv,ab12,1,1236.92\n");
}

#[test]
fn leg_01_a_flag_is_told_only_where_the_agreement_allows_it() {
    let vulnerable = PlacementRow { vulnerable: true, ..row() };
    let tag = |profile: &AgencyProfile| {
        let file = write_placement(std::slice::from_ref(&vulnerable), profile, d("2026-11-20")).unwrap();
        String::from_utf8(file.bytes).unwrap().contains("vulnerable")
    };
    assert!(!tag(&AgencyProfile::default()));
    assert!(tag(&AgencyProfile { may_tell_vulnerable: true, ..AgencyProfile::default() }));
}

#[test]
fn agency_bad_placements_are_told_whole() {
    let lacks = PlacementRow { last_name: " ".into(), city: String::new(), principal: -1, interest: 0, ..row() };
    let wrong = write_placement(&[row(), lacks, row()], &AgencyProfile::default(), d("2026-11-20")).unwrap_err();
    let told: Vec<(&str, &str)> = wrong.iter().map(|problem| (problem.code.as_str(), problem.at.as_str())).collect();
    let expected = [
        ("agency.missing", "row 2"),
        ("agency.missing", "row 2"),
        ("agency.balance", "row 2"),
        ("agency.twice", "row 2"),
        ("agency.twice", "row 3"),
    ];
    assert_eq!(told, expected);
    let born = AgencyProfile { takes_unknown_birth: false, ..AgencyProfile::default() };
    assert!(write_placement(&[PlacementRow { born_on: None, ..row() }], &born, d("2026-11-20")).is_err());
    let company = PlacementRow {
        company: "Example Ltd".into(),
        first_name: String::new(),
        last_name: String::new(),
        born_on: None,
        ..row()
    };
    assert!(write_placement(&[company], &born, d("2026-11-20")).is_ok());
    assert_eq!(write_placement(&[], &born, d("2026-11-20")).unwrap_err()[0].code, "agency.empty");
}

#[test]
fn dun_15_changes_of_the_day() {
    let change = |kind, amount| Change {
        account_number: "10004711X-1".into(),
        kind,
        amount,
        on: d("2026-11-20"),
        reason: "paid".into(),
    };
    let file =
        write_changes(&[change(ChangeKind::Payment, Some(5_000)), change(ChangeKind::Recall, None)], d("2026-11-20"));
    let text = String::from_utf8(file.unwrap().bytes).unwrap();
    assert_eq!(text.lines().nth(1), Some("10004711X-1,PAYMENT,50.00,2026-11-20,paid"));
    assert_eq!(text.lines().nth(2), Some("10004711X-1,RECALL,,2026-11-20,paid"));
    let wrong = write_changes(&[change(ChangeKind::Payment, None)], d("2026-11-20")).unwrap_err();
    assert_eq!(wrong[0].code, "agency.amount");
}

#[test]
fn leg_01_acknowledgements_closures() {
    let profile = AgencyProfile::default();
    let taken =
        b"account_number,agency_ref,status,reason\n10004711X-1,A99-1,ACCEPTED,\n10004690C-1,,REJECTED,no address\n";
    let read = read_acknowledgements(taken, &profile).unwrap();
    assert!(read[0].accepted && !read[1].accepted && read[1].reason == "no address");
    let odd = b"account_number,agency_ref,status\nx,y,MAYBE\n";
    assert_eq!(read_acknowledgements(odd, &profile).unwrap_err()[0].code, "agency.status");
    let closed = b"account_number,reason,note\na,RTC,\nb,dec,\nc,IVA,\nd,XYZ,what\n";
    let read = read_closures(closed, &profile).unwrap();
    let codes: Vec<&str> = read.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["RTC", "DEC", "IVA", "XYZ"]);
    assert_eq!((read[3].line, read[3].note.as_str()), (5, "what"));
}

#[test]
fn leg_01_arrangements_are_read_made_or_ended() {
    let profile = AgencyProfile::default();
    let file = b"account_number,amount,frequency,first_payment_date,payment_method,is_cancelled\n\
        a,50.00,Weekly,2026-09-01,card,false\nb,12.50,BIWEEKLY,2026-09-04,,\nc,,,,,true\n";
    let read = read_arrangements(file, &profile).unwrap();
    let first = Terms { amount: 5_000, often: Often::Weekly, first_on: d("2026-09-01"), method: "card".into() };
    assert_eq!((read[0].account_number.as_str(), read[0].terms.clone()), ("a", Some(first)));
    assert_eq!(read[1].terms.as_ref().map(|terms| (terms.amount, terms.often)), Some((1_250, Often::Biweekly)));
    assert_eq!((read[2].line, read[2].terms.clone()), (4, None), "an end needs no terms");
    let codes = |row: &str| -> Vec<String> {
        let text = format!("account_number,amount,frequency,first_payment_date,is_cancelled\n{row}\n");
        read_arrangements(text.as_bytes(), &profile).unwrap_err().into_iter().map(|one| one.code).collect()
    };
    assert_eq!(codes("a,0.00,Weekly,2026-09-01,"), ["agency.amount"]);
    assert_eq!(codes("a,5.00,Yearly,2026-09-01,"), ["agency.frequency"]);
    assert_eq!(codes("a,5.00,Weekly,1/9/26,"), ["exchange.date"]);
    assert_eq!(codes("a,5.00,Weekly,2026-09-01,perhaps"), ["agency.cancelled"]);
    assert_eq!(codes(",5.00,Weekly,2026-09-01,"), ["agency.account"]);
}

const STATEMENT: &str = "H,EXAMPLE AGENCY,2026-11,2026-11-01,2026-11-30\n\
                         D,10004711X-1,A99-1,2026-11-12,100.00,10.00,2.00,AGENCY,PAYMENT,1136.92\n\
                         D,10004690C-1,A99-2,2026-11-14,50.00,5.00,1.00,CLIENT,PAYMENT,0.00\n\
                         T,2,100.00,50.00,15.00,3.00,82.00\n";

fn known(balance: i64) -> KnownAccount {
    KnownAccount { balance, paid_before: 0 }
}

fn accounts() -> BTreeMap<String, KnownAccount> {
    BTreeMap::from([("10004711X-1".into(), known(123_692)), ("10004690C-1".into(), known(0))])
}

fn code(text: &str) -> String {
    read_remittance(text.as_bytes(), &AgencyProfile::default()).unwrap_err()[0].code.clone()
}

#[test]
fn leg_01_a_net_remittance_is_proved_and_the_debtor_gets_the_gross() {
    let read = read_remittance(STATEMENT.as_bytes(), &AgencyProfile::default()).unwrap();
    assert_eq!((read.net, read.commission, read.vat), (8_200, 1_500, 300));
    let judged = judge(&read, &accounts());
    assert_eq!(judged[0].outcome, LineOutcome::Receipt { amount: 10_000, surplus: 0 });
    assert_eq!(judged[1].outcome, LineOutcome::AlreadyHere);
    let gross = AgencyProfile { net_settled: false, ..AgencyProfile::default() };
    assert_eq!(read_remittance(STATEMENT.as_bytes(), &gross).unwrap_err()[0].code, "agency.net");
    let paid_gross = STATEMENT.replace(",82.00\n", ",100.00\n");
    assert_eq!(read_remittance(paid_gross.as_bytes(), &gross).unwrap().net, 10_000);
}

#[test]
fn agency_bad_totals_are_held() {
    assert_eq!(code(&STATEMENT.replace(",82.00\n", ",82.01\n")), "agency.net");
    assert_eq!(code(&STATEMENT.replace("T,2,", "T,3,")), "agency.rows");
    assert_eq!(code(&STATEMENT.replace("T,2,100.00", "T,2,100.50")), "agency.totals");
    assert_eq!(code(STATEMENT.split("T,").next().unwrap()), "agency.shape");
    assert_eq!(code(""), "agency.shape");
    assert_eq!(code(&STATEMENT.replace("D,10004690C", "X,10004690C")), "agency.shape");
    assert_eq!(code(&STATEMENT.replace("CLIENT", "OTHER")), "agency.kind");
    assert_eq!(code(&STATEMENT.replace("2026-11-12", "12/11/2026")), "exchange.date");
    assert_eq!(code(&STATEMENT.replace("AGENCY,2026-11,", "AGENCY,,")), "agency.missing");
    assert_eq!(code(&STATEMENT.replace("AGENCY,2026-11,", &format!("AGENCY,{},", "1".repeat(41)))), "agency.statement");
    assert_eq!(code(&STATEMENT.replace("2026-11-01,2026-11-30", "2026-11-30,2026-11-01")), "agency.period");
    assert_eq!(code(&STATEMENT.replace("D,10004711X-1,", "D,,")), "agency.account");
    assert_eq!(code(&STATEMENT.replace("2026-11-12,100.00", "2026-11-12,-100.00")), "agency.amount");
    assert_eq!(code(&STATEMENT.replace("EXAMPLE", "EX\u{1}AMPLE")), "file.control");
    let silent = STATEMENT.replace("PAYMENT,0.00", "PAYMENT,");
    assert_eq!(read_remittance(silent.as_bytes(), &AgencyProfile::default()).unwrap().lines[1].balance, 0);
}

#[test]
fn agency_bad_account_unknown_goes_to_suspense() {
    let read = read_remittance(STATEMENT.as_bytes(), &AgencyProfile::default()).unwrap();
    let judged = judge(&read, &BTreeMap::new());
    assert_eq!(judged[0].outcome, LineOutcome::Suspense { amount: 10_000 });
    assert!(matches!(judged[1].outcome, LineOutcome::Held { .. }));
}

#[test]
fn agency_bad_statement_numbers() {
    let before: BTreeSet<String> = ["2026-10".to_owned()].into();
    assert_eq!(numbering(&before, "2026-11"), Numbering::Next);
    assert_eq!(numbering(&before, "2026-10"), Numbering::Repeat);
    assert_eq!(numbering(&before, "2026-12"), Numbering::Gap);
    assert_eq!(numbering(&["2026-12".to_owned()].into(), "2027-01"), Numbering::Next);
    assert_eq!(numbering(&["41".to_owned()].into(), "43"), Numbering::Gap);
    assert_eq!(numbering(&["0042".to_owned()].into(), "43"), Numbering::Next);
    assert_eq!(numbering(&["MERC/0042".to_owned()].into(), "MERC/0044"), Numbering::Gap);
    assert_eq!(numbering(&["2026/11".to_owned()].into(), "2027/01"), Numbering::Gap);
    assert_eq!(numbering(&["A".to_owned()].into(), "B"), Numbering::Next, "what cannot be counted is not");
    assert_eq!(numbering(&BTreeSet::new(), "2026-11"), Numbering::Next);
}

#[test]
fn agency_bad_what_was_paid_to_us_is_never_taken_from_the_agency() {
    let bounced = "H,A,2026-11,2026-11-01,2026-11-30\n\
                   D,10004711X-1,R,2026-11-12,100.00,0.00,0.00,CLIENT,REVERSAL,1236.92\n\
                   D,77-1,R,2026-11-12,40.00,0.00,0.00,AGENCY,PAYMENT,0.00\n\
                   D,77-1,R,2026-11-13,40.00,0.00,0.00,AGENCY,REVERSAL,0.00\n\
                   T,3,0.00,-100.00,0.00,0.00,0.00\n";
    let read = read_remittance(bounced.as_bytes(), &AgencyProfile::default()).unwrap();
    let outcomes: Vec<LineOutcome> = judge(&read, &accounts()).into_iter().map(|one| one.outcome).collect();
    let expected =
        [LineOutcome::AlreadyHere, LineOutcome::Suspense { amount: 4_000 }, LineOutcome::TakeBack { amount: 4_000 }];
    assert_eq!(outcomes, expected);
}

#[test]
fn agency_bad_amount_above_the_balance_leaves_a_surplus() {
    let mut accounts = accounts();
    accounts.get_mut("10004711X-1").unwrap().balance = 6_000;
    let judged = judge(&read_remittance(STATEMENT.as_bytes(), &AgencyProfile::default()).unwrap(), &accounts);
    assert_eq!(judged[0].outcome, LineOutcome::Receipt { amount: 10_000, surplus: 4_000 });
}

#[test]
fn agency_bad_reversal_without_a_payment_is_held() {
    let reversal = "H,A,2026-11,2026-11-01,2026-11-30\n\
                    D,10004711X-1,R,2026-11-12,-100.00,0.00,0.00,AGENCY,REVERSAL,1236.92\n\
                    T,1,-100.00,0.00,0.00,0.00,-100.00\n";
    let read = read_remittance(reversal.as_bytes(), &AgencyProfile::default()).unwrap();
    assert!(matches!(judge(&read, &accounts())[0].outcome, LineOutcome::Held { .. }));
    let mut paid = accounts();
    paid.get_mut("10004711X-1").unwrap().paid_before = 10_000;
    assert_eq!(judge(&read, &paid)[0].outcome, LineOutcome::TakeBack { amount: 10_000 });
}

#[test]
fn agency_bad_files_of_spreadsheets() {
    assert_eq!(code(&STATEMENT.replace("10004711X-1", "1.00047E+07")), "exchange.spreadsheet");
    let workbook = read_closures(b"PK\x03\x04rest", &AgencyProfile::default()).unwrap_err();
    assert_eq!(workbook[0].code, "exchange.workbook");
    let preamble = b"Closures of November,,\nprinted today,,\naccount_number,reason,note\na,RTC,\n";
    assert_eq!(read_closures(preamble, &AgencyProfile::default()).unwrap_err()[0].code, "exchange.headings");
    let third = AgencyProfile { heading_row: 3, ..AgencyProfile::default() };
    assert_eq!(read_closures(preamble, &third).unwrap().len(), 1);
}

#[test]
fn leg_01_stock_is_compared() {
    let stock = b"account_number,balance,status\na,10.00,open\nb,5.00,open\nz,1.00,open\n";
    let theirs = read_stock(stock, &AgencyProfile::default()).unwrap();
    let ours = BTreeMap::from([("a".to_owned(), 1_000), ("b".to_owned(), 400), ("c".to_owned(), 100)]);
    let expected = [
        StockDifference::Balance { account_number: "b".into(), ours: 400, theirs: 500 },
        StockDifference::MissingThere("c".into()),
        StockDifference::MissingHere("z".into()),
    ];
    assert_eq!(compare_stock(&ours, &theirs), expected);
    let twice = b"account_number,balance,status\na,10.00,open\na,1.0.0,open\n";
    let wrong = read_stock(twice, &AgencyProfile::default()).unwrap_err();
    let codes: Vec<&str> = wrong.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["agency.twice", "money.format"]);
}

proptest! {
    #[test]
    fn mangled_remittances_are_told_and_never_panic(at in 0usize..250, byte in any::<u8>()) {
        let mut bytes = STATEMENT.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read_remittance(&bytes, &AgencyProfile::default());
    }
}
