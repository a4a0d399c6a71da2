use super::*;
use crate::billing::VatCode;
use crate::money::Pence;

fn given(row: u64, cells: &[(Field, &str)]) -> Given {
    let mut all = vec![String::new(); Field::ALL.len()];
    for (field, text) in cells {
        all[field.place()] = (*text).to_owned();
    }
    Given { row, cells: all }
}

const GOOD: &[(Field, &str)] = &[
    (Field::Reference, "LIC-77/1"),
    (Field::Customer, "C100001"),
    (Field::Description, "Premises licence"),
    (Field::Amount, "295.00"),
];

fn with(more: &[(Field, &str)]) -> Given {
    given(2, &[GOOD, more].concat())
}

fn read(given: &Given) -> Result<Charge, Vec<Fault>> {
    let defaults = Defaults {
        vat_code: VatCode::O,
        income_code: "4000".into(),
        cost_centre: "CC1".into(),
        service: "Licensing".into(),
    };
    let income = ["4000".to_owned(), "4100".to_owned()];
    let coding = Coding { income: &income, registered: true, today: "2026-05-01".parse().unwrap() };
    read_charge(given, &defaults, &coding)
}

#[test]
fn bil_08_a_good_row_takes_the_feeders_defaults() {
    let charge = read(&with(&[(Field::SuppliedOn, "30/04/2026"), (Field::ServiceUser, "p104482")])).expect("good");
    assert_eq!((charge.amount, charge.vat_code, charge.income_code.as_str()), (Pence(29_500), VatCode::O, "4000"));
    assert_eq!((charge.service.as_str(), charge.service_user.as_str()), ("Licensing", "P104482"));
    assert_eq!(charge.supplied_on.map(|day| day.to_string()).as_deref(), Some("2026-04-30"));
}

#[test]
fn bil_08_every_fault_of_a_row_with_what_was_given_and_what_would_be_right() {
    let cases: &[(Field, &str, &str, &str)] = &[
        (Field::Reference, "", "missing", "used once"),
        (Field::Reference, "1.2E+11", "damaged", "in full"),
        (Field::Reference, "Mary Smith", "name", "never a name"),
        (Field::Customer, "", "missing", "customer's number"),
        (Field::Description, "", "missing", "what the charge is for"),
        (Field::Description, "Paid with 4111 1111 1111 1111", "card_number", "take it out"),
        (Field::Amount, "12.345", "amount", "two decimals"),
        (Field::Amount, "-5.00", "not_above_zero", "credit note"),
        (Field::VatCode, "X", "vat_code", "S, R, Z, E or O"),
        (Field::IncomeCode, "9999", "income_code", "4000, 4100"),
        (Field::SuppliedOn, "2026-02-30", "date", "2026-05-31"),
        (Field::SuppliedOn, "1999-01-01", "far", "ten years"),
        (Field::ServiceUser, "Mary Smith", "name", "never a name"),
        (Field::VatCode, "S", "missing", "VAT is due"),
    ];
    for (field, text, code, right) in cases {
        let faults = read(&with(&[(*field, text)])).expect_err(text);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!((faults[0].row, faults[0].code.as_str()), (2, *code), "{text}");
        assert!(faults[0].right.contains(right), "{} for {text}", faults[0].right);
        assert!(!faults[0].given.contains("4111 1111"), "a card number is not repeated");
    }
    let faults = read(&given(9, &[])).expect_err("nothing in it");
    assert_eq!(
        faults.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(),
        ["reference", "customer", "description", "amount"]
    );
}

#[test]
fn bil_08_rows_agree_with_each_other_and_with_what_was_sent_before() {
    let first = read(&with(&[(Field::Order, "PO-1")])).expect("good");
    let second = Charge { row: 3, ..first.clone() };
    let faults = twice_in_file(&[first.clone(), second.clone()]);
    assert_eq!((faults.len(), faults[0].row, faults[0].code.as_str()), (1, 3, "twice"));
    let other = Charge { order: "PO-2".into(), reference: "LIC-78/1".into(), ..second };
    let faults = one_document(&[first.clone(), other]);
    assert_eq!((faults[0].field.as_str(), faults[0].given.as_str()), ("order", "PO-2"));
    assert!(faults[0].right.contains("row 2 says “PO-1”"), "{}", faults[0].right);
    let before = Before {
        reference: "LIC-77/1".into(),
        customer: "C100001".into(),
        description: "Premises licence".into(),
        amount: Pence(29_500),
        file: "FDR-000001".into(),
        invoice: "INV-000007".into(),
    };
    assert_eq!(against_before(&first, &before), Known::Same);
    let dearer = Charge { amount: Pence(30_000), ..first };
    let Known::Differs(fault) = against_before(&dearer, &before) else { panic!("it differs") };
    assert_eq!(fault.right, "a new reference: £295.00 was billed on INV-000007 under this one");
}

#[test]
fn bil_08_totals_that_disagree_refuse_the_file_with_both_figures() {
    let told = Totals { rows: 3, pence: 60_000 };
    assert_eq!(agree(told, told, 0), Ok(()));
    let no = agree(told, Totals { rows: 2, pence: 60_000 }, 0).expect_err("a row is missing");
    assert_eq!(
        (no.code.as_str(), no.sentence.as_str()),
        ("BIL-08-CONTROL-TOTALS", "The sender says 3 rows; the file has 2")
    );
    let no = agree(told, Totals { rows: 3, pence: 59_999 }, 0).expect_err("a penny is missing");
    assert_eq!(no.sentence, "The sender says £600.00; the rows come to £599.99");
    assert_eq!(agree(told, Totals { rows: 3, pence: 40_000 }, 1), Ok(()), "the amount of one row cannot be read");
}
