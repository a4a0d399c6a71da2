use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn record(code: Code, account: (&str, &str), pence: i64, reference: &str, name: &str) -> Record {
    Record {
        code,
        sort_code: account.0.into(),
        account: account.1.into(),
        name: name.into(),
        reference: reference.into(),
        amount_pence: pence,
        process_on: d("2026-11-23"),
    }
}

fn example() -> Submission {
    Submission {
        serial: "325001".into(),
        sun: "123456".into(),
        created_on: d("2026-11-21"),
        expires_on: d("2026-11-24"),
        multi_day: false,
        origin: Origin {
            sort_code: "089999".into(),
            account: "66374958".into(),
            name: "EXAMPLE NHS TRUST".into(),
            narrative: "EXAMPLE NHS TRUST".into(),
        },
        records: vec![
            record(Code::Regular, ("107999", "88837491"), 4_550, "SUN0000012345", "MRS A PATEL"),
            record(Code::First, ("202959", "63748472"), 12_000, "SUN0000012399", "ACME CARE LTD"),
            record(Code::New, ("118765", "64371389"), 0, "SUN0000012411", "MR B OKORO"),
        ],
        contra: Contra::Written,
        line_end: LineEnd::CrLf,
    }
}

/// Two collections, one instruction, one contra, every label: 80 and 100 characters.
const EXAMPLE: [&str; 11] = [
    "VOL1325001                               123456                                1",
    "HDR1A123456S  112345632500100010001       26325 26328 000000                    ",
    "HDR2F0200000100                                   00                            ",
    "UHL1 26327999999    000000001 DAILY  001                                        ",
    "1079998883749101708999966374958    00000004550EXAMPLE NHS TRUST SUN0000012345     MRS A PATEL       ",
    "2029596374847200108999966374958    00000012000EXAMPLE NHS TRUST SUN0000012399     ACME CARE LTD     ",
    "1187656437138900N08999966374958    00000000000EXAMPLE NHS TRUST SUN0000012411     MR B OKORO        ",
    "0899996637495809908999966374958    00000016550EXAMPLE NHS TRUST CONTRA            EXAMPLE NHS TRUST ",
    "EOF1A123456S  112345632500100010001       26325 26328 000000                    ",
    "EOF2F0200000100                                   00                            ",
    "UTL10000000016550000000001655000000020000001        0000001                     ",
];

fn codes(problems: &[crate::FormatProblem]) -> Vec<&str> {
    problems.iter().map(|p| p.code.as_str()).collect()
}

#[test]
fn csh_19_a_collection_file_to_the_byte() {
    let written = write(&example()).unwrap();
    let lines: Vec<&str> = std::str::from_utf8(&written.bytes).unwrap().split("\r\n").collect();
    assert_eq!(lines, [EXAMPLE.as_slice(), &[""]].concat());
    assert_eq!(
        written.totals,
        Totals { debits_pence: 16_550, credits_pence: 16_550, debits: 2, credits: 1, instructions: 1 }
    );
    let parsed = read(&written.bytes).unwrap();
    assert_eq!((parsed.serial.as_str(), parsed.sun.as_str(), parsed.created_on), ("325001", "123456", d("2026-11-21")));
    assert_eq!(parsed.records, example().records);
    assert_eq!(parsed.contras.len(), 1);
}

#[test]
fn refunds_are_credits_with_a_debit_contra() {
    let refund = record(Code::Credit, ("107999", "88837491"), 4_550, "RF451", "MRS A PATEL");
    let written = write(&Submission { records: vec![refund], ..example() }).unwrap();
    let text = String::from_utf8(written.bytes).unwrap();
    assert!(text.contains("0899996637495801708999966374958    00000004550EXAMPLE NHS TRUST CONTRA"), "{text}");
    assert_eq!((written.totals.debits, written.totals.credits), (1, 1));
}

#[test]
fn several_days_stand_in_records_of_106_with_a_contra_for_each_side_of_each_day() {
    let later = Record { process_on: d("2026-11-24"), ..example().records[0].clone() };
    let refund = record(Code::Credit, ("107999", "88837491"), 100, "RF451", "MRS A PATEL");
    let records = [example().records, vec![later, refund]].concat();
    let several = Submission { multi_day: true, expires_on: d("2026-11-25"), records, ..example() };
    let written = write(&several).unwrap();
    let text = String::from_utf8(written.bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[2].starts_with("HDR2F0200000106") && lines[3].starts_with("UHL1 26327999999    000000004 MULTI  001")
    );
    assert!(lines[4..12].iter().all(|line| line.len() == 106), "{text}");
    assert!(lines[7].ends_with(" 26328"));
    let parsed = read(&written.bytes).unwrap();
    let contras: Vec<_> = parsed.contras.iter().map(|c| (c.code.as_str(), c.amount_pence, c.process_on)).collect();
    assert_eq!(
        contras,
        [("99", 16_550, d("2026-11-23")), ("17", 100, d("2026-11-23")), ("99", 4_550, d("2026-11-24"))]
    );
    assert_eq!(codes(&write(&Submission { multi_day: false, ..several }).unwrap_err()), ["bacs.days"]);
}

#[test]
fn a_field_that_does_not_fit_is_an_error() {
    let with = |change: &dyn Fn(&mut Record)| {
        let mut submission = example();
        change(&mut submission.records[0]);
        codes(&write(&submission).unwrap_err()).join(" ")
    };
    assert_eq!(with(&|r| r.name = "A NAME OF NINETEEN.".into()), "bacs.length");
    assert_eq!(with(&|r| r.name = "Mrs Patel".into()), "bacs.charset");
    assert_eq!(with(&|r| r.name = String::new()), "bacs.length");
    assert_eq!(with(&|r| r.reference = "AB123".into()), "bacs.length bacs.reference");
    assert_eq!(with(&|r| r.reference = "AAAAAA".into()), "bacs.reference");
    assert_eq!(with(&|r| r.reference = "DDIC0001".into()), "bacs.reference");
    assert_eq!(with(&|r| r.reference = " A123456".into()), "bacs.reference");
    assert_eq!(with(&|r| r.amount_pence = 0), "bacs.amount");
    assert_eq!(with(&|r| r.amount_pence = -1), "bacs.amount");
    assert_eq!(with(&|r| r.amount_pence = 100_000_000_000), "bacs.amount bacs.amount");
    assert_eq!(with(&|r| r.sort_code = "10-79-99".into()), "bacs.account");
    assert_eq!(with(&|r| r.account = "1234567".into()), "bacs.account");
    let mut paid = example();
    paid.records[2].amount_pence = 1;
    assert_eq!(codes(&write(&paid).unwrap_err()), ["bacs.amount"]);
    let whole = |change: &dyn Fn(&mut Submission)| {
        let mut submission = example();
        change(&mut submission);
        codes(&write(&submission).unwrap_err()).join(" ")
    };
    assert_eq!(whole(&|s| s.serial = "000000".into()), "bacs.serial");
    assert_eq!(whole(&|s| s.sun = "12345".into()), "bacs.sun");
    assert_eq!(whole(&|s| s.records.clear()), "bacs.empty");
    assert_eq!(whole(&|s| s.expires_on = d("2026-11-23")), "bacs.expiry");
}

#[test]
fn a_file_that_does_not_prove_is_refused_with_its_line() {
    let text = EXAMPLE.join("\r\n");
    let found = |from: &str, to: &str| {
        let problems = read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        format!("{} {}", problems[0].code, problems[0].at)
    };
    assert_eq!(found("00000004550", "00000004551"), "bacs.total UTL1");
    assert_eq!(found("MRS A PATEL ", "MRS A PATEL"), "bacs.length line 5");
    assert_eq!(found("MRS A PATEL", "MRS_A PATEL"), "bacs.charset line 5");
    assert_eq!(found("01708999966", "0Z408999966"), "bacs.code line 5");
    assert_eq!(found("00N0899996637", "01708999966374958"), "bacs.length line 7");
    assert_eq!(found("EOF1A", "EOX1A"), "bacs.labels line 9");
    assert_eq!(found("00000000000EXAMPLE", "00000000001EXAMPLE"), "bacs.amount line 7");
    assert_eq!(found("UHL1 26327", "UHL1 26999"), "bacs.date line 4");
    let unbalanced = text.replace("74958    00000016550", "74958    00000016549");
    let unbalanced = unbalanced.replace("00000000165500000000016550", "00000000165500000000016549");
    assert_eq!(codes(&read(unbalanced.as_bytes()).unwrap_err()), ["bacs.contra"]);
    assert_eq!(codes(&read("é".as_bytes()).unwrap_err()), ["bacs.charset"]);
    assert_eq!(codes(&read(b"").unwrap_err()), ["bacs.labels"]);
}

#[test]
fn a_bank_that_adds_contras_gets_none_and_lines_may_end_in_nothing() {
    let plain = Submission { contra: Contra::ByBank, line_end: LineEnd::None, ..example() };
    let written = write(&plain).unwrap();
    assert_eq!(written.bytes.len(), 4 * 80 + 3 * 100 + 3 * 80);
    assert_eq!((written.totals.credits, written.totals.credits_pence), (0, 0));
    assert_eq!(read(&written.bytes).unwrap().records, plain.records);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        rows in proptest::collection::vec((0usize..5, 1i64..10_000_000, "[A-Z0-9][A-Z0-9./&-]{0,17}", 0u64..3), 1..20),
        multi_day in any::<bool>(),
    ) {
        let records: Vec<Record> = rows.into_iter().map(|(code, pence, name, day)| Record {
            process_on: d("2026-11-23") + chrono::Days::new(if multi_day { day } else { 0 }),
            ..record(Code::ALL[code], ("107999", "88837491"), pence, "SUN0000012345", &name)
        }).collect();
        let submission = Submission { records: records.clone(), multi_day, expires_on: d("2026-12-01"), ..example() };
        let written = write(&submission).unwrap();
        let parsed = read(&written.bytes).unwrap();
        prop_assert_eq!(parsed.records, records);
        prop_assert_eq!(parsed.totals, written.totals);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..1200)) {
        let _ = read(&bytes);
        let _ = read(&[EXAMPLE.join("\n").as_bytes(), &bytes].concat());
    }
}
