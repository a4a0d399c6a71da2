//! BAI2, OFX, profiles and payment files: small files of our own, each bent once, and every encoding a bank sends.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use sundry_formats::bank_statement::{self, BankStatementFile, EntryStatus, Profile};

const CAMT: &str = include_str!("fixtures/good.camt053.xml");
const MT940: &str = include_str!("fixtures/good.mt940");
const MT942: &str = include_str!("fixtures/good.mt942");
const BAI: &str = include_str!("fixtures/good.bai2");
const SGML: &str = include_str!("fixtures/good.sgml.ofx");
const XML: &str = include_str!("fixtures/good.xml.ofx");
const LLOYDS: &str = include_str!("fixtures/good.lloyds.csv");
const AGENT: &str = include_str!("fixtures/good.agent.txt");
const LOCKBOX: &str = include_str!("fixtures/good.lockbox.csv");

fn read(name: &str, text: &str) -> BankStatementFile {
    bank_statement::read(name, text.as_bytes(), None)
}

fn codes(file: &BankStatementFile) -> Vec<&str> {
    assert!(file.statements.is_empty() || file.errors.is_empty(), "errors and statements");
    file.errors.iter().map(|e| e.code.as_str()).collect()
}

#[test]
fn csh_01_bai2_of_two_uk_banks() {
    let file = read("a.txt", BAI);
    assert_eq!((file.format.as_str(), file.version.as_str(), codes(&file)), ("bai2", "2", vec![]));
    let statement = &file.statements[0];
    assert_eq!((statement.opening, statement.closing), (Some(100_000), Some(119_550)));
    let [paid, cheque] = statement.entries.as_slice() else { panic!("two entries") };
    assert_eq!((paid.amount, paid.text.as_str()), (24_550, "INV SI0004521 MRS PATEL"));
    assert_eq!((paid.payer_name.as_deref(), paid.payer_sort_code.as_deref()), (Some("MRS A PATEL"), Some("089998")));
    assert_eq!(
        (paid.payer_account.as_deref(), paid.bank_reference.as_deref()),
        (Some("12345678"), Some("FP20261120A1"))
    );
    assert_eq!((cheque.amount, cheque.kind.as_str()), (-5_000, "CHQ"));
    assert_eq!(cheque.text, "CHQ 100071 PAID TO THE WATER COMPANY, LTD/QUARTER 3");
}

#[test]
fn csh_02_bai2_that_cannot_be_trusted_is_refused_by_code() {
    for (from, to, code) in [
        ("01,NWBKGB2L", "00,NWBKGB2L", "bai.record"),
        (",,,2/\n02", ",,,3/\n02", "bai.version"),
        ("16,191,24550", "16,191,24551", "bai.total"),
        ("015,119550", "015,119551", "bai.balance"),
        ("49,278650,10", "49,278650,9", "bai.count"),
        ("98,278650,1,12", "98,278650,2,12", "bai.count"),
        ("99,278650,1,14", "99,278650,1,15", "bai.count"),
        ("99,278650,1,14/\n", "", "bai.record"),
        ("49,278650,10/\n", "", "bai.record"),
        ("03,66374958 089999", "04,66374958 089999", "bai.record"),
        ("16,191,24550", "16,191,245.50", "money.format"),
        ("16,191,24550", "16,191,-24550", "money.format"),
        ("16,475,", "16,975,", "bai.type"),
        (",V,261120,,FP", ",V,260230,,FP", "date"),
        (",1,261120,2400", ",1,261320,2400", "date"),
        (",1,261120,2400", ",2,261120,2400", "bai.status"),
        (",1,261120,2400", ",3,261120,2400", "bai.status"),
        ("16,191,24550,V", "16,191,24550,Q", "bai.funds"),
        ("010,100000", "010,1000000000000000", "money.format"),
    ] {
        let text = BAI.replace(from, to);
        assert_ne!(text, BAI, "{from} is not in the fixture");
        let file = bank_statement::read("a.bai", text.as_bytes(), Some("bai2"));
        assert!(codes(&file).contains(&code), "{code}: {:?}", file.errors);
    }
    let test = read("a.bai2", &BAI.replace(",1,261120,2400", ",4,261120,2400"));
    assert_eq!(codes(&test), Vec::<&str>::new());
    assert!(test.statements[0].entries.iter().all(|e| e.status == EntryStatus::Information), "a test is never posted");
}

#[test]
fn csh_01_ofx_1_and_2_say_the_same() {
    let (one, two) = (read("a.ofx", SGML), read("a.qfx", XML));
    assert_eq!((codes(&one), one.version.as_str()), (vec![], "102"));
    assert_eq!((codes(&two), two.version.as_str()), (vec![], "203"));
    assert_eq!(one.statements, two.statements);
    let statement = &one.statements[0];
    assert_eq!(
        (statement.account.as_str(), statement.opening, statement.closing),
        ("08999966374958", None, Some(119_550))
    );
    assert_eq!((statement.credits(), statement.debits()), (24_550, 5_000));
    assert_eq!(statement.entries[1].payer_name.as_deref(), Some("WATER & SONS"));
}

#[test]
fn csh_01_ofx_deviations_of_real_banks_are_taken() {
    let one_line = SGML.replacen('\n', "", 8);
    for text in [
        format!("\n\n{SGML}"),
        SGML.replace("NEWFILEUID:NONE\n\n", "NEWFILEUID:NONE\n"),
        one_line,
        SGML.replace("CHARSET:1252", "CHARSET:NONE"),
        SGML.replace("CHARSET:1252", "CHARSET:8859-1"),
        SGML.replace("<MEMO></STMTTRN>", "<MEMO/></STMTTRN>"),
        SGML.replace("<MEMO></STMTTRN>", "</STMTTRN>"),
        SGML.replace("-50.00", "- 50,00").replace("245.50", "+245.5"),
        SGML.replace("<TRNTYPE>CREDIT", "<TRNTYPE>Credit"),
        SGML.replace("<NAME>MRS", "<VALUEDATE>20261120<ACCTBAL>-4.1<NAME>MRS"),
        SGML.replace("<DTSTART>20261101", "<DTSTART>011126"),
        SGML.replace("<DTSTART>20261101", "<DTSTART>00000000"),
        SGML.replace("20261120A1<", "20261120A1</FITID><").replace("WATER &", "WATER &amp;"),
        SGML.replace('\n', "\r\n"),
        SGML.replace('\n', "\r"),
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", XML.split_once("?>\n").unwrap().1),
    ] {
        let file = read("a.qfx", &text);
        assert_eq!(codes(&file), Vec::<&str>::new(), "{text}");
        let statement = &file.statements[0];
        assert_eq!((statement.entries.len(), statement.closing), (2, Some(119_550)), "{text}");
        assert_eq!(statement.credits() - statement.debits(), 19_550, "{text}");
    }
}

#[test]
fn csh_02_ofx_that_cannot_be_trusted_is_refused_by_code() {
    for (from, to, code) in [
        ("<SONRS><STATUS><CODE>0", "<SONRS><STATUS><CODE>15500", "ofx.status"),
        ("<TRNUID>1<STATUS><CODE>0", "<TRNUID>1<STATUS><CODE>2000", "ofx.status"),
        ("245.50<", "decimal_error<", "money.format"),
        ("245.50<", "245.505<", "money.precision"),
        ("245.50<", "1000000000000000<", "money.too_large"),
        ("<DTPOSTED>20261120<TRNAMT>245", "<DTPOSTED>20260230<TRNAMT>245", "date"),
        ("<DTPOSTED>20261120<TRNAMT>245", "<TRNAMT>245", "date"),
        ("<TRNAMT>245.50", "", "ofx.amount"),
        ("</BANKTRANLIST>", "", "ofx.structure"),
        ("</STMTTRN>\n</BANKTRANLIST>", "</BANKTRANLIST></STMTTRN>", "ofx.structure"),
        ("</OFX>", "", "ofx.structure"),
        ("<NAME>MRS", "<CORRECTFITID>1<CORRECTACTION>REPLACE<NAME>MRS", "ofx.correction"),
        ("<CURDEF>GBP", "<CURDEF>POUNDS", "ofx.currency"),
        ("<ACCTID>66374958", "<ACCTID>", "ofx.account"),
        ("<BALAMT>1195.50", "<BALAMT>lots", "money.format"),
        ("<OFX>", "<!DOCTYPE OFX [<!ENTITY a \"b\">]><OFX>", "xml.entity"),
        ("<STMTRS>", "<INVSTMTRS>", "ofx.structure"),
    ] {
        let text = SGML.replace(from, to);
        assert_ne!(text, SGML, "{from} is not in the fixture");
        let file = bank_statement::read("a.ofx", text.as_bytes(), Some("ofx"));
        assert!(codes(&file).contains(&code), "{code}: {:?}", file.errors);
    }
    let none = SGML.split_once("<BANKMSGSRSV1>").unwrap().0.to_owned() + "</OFX>";
    assert_eq!(codes(&read("a.ofx", &none)), ["ofx.no_statement"]);
    let invested = SGML.replace("<STMTRS>", "<INVSTMTRS>").replace("</STMTRS>", "</INVSTMTRS>");
    assert_eq!(codes(&read("a.ofx", &invested)), ["ofx.kind"]);
    assert_eq!(
        codes(&read("a.ofx", &XML.replace("<MEMO></MEMO>", "<MEMO>"))),
        ["ofx.structure"],
        "XML closes its elements"
    );
}

#[test]
fn csh_01_a_profile_of_ones_own_goes_before_one_that_ships() {
    let own: Profile = serde_json::from_str(
        r#"{"name": "our-bank", "kind": "bank", "date_format": "%d.%m.%Y", "delimiter": ";", "skip_rows": 2,
            "footer": "Total", "decimal": ",", "thousands": ".", "currency": "GBP",
            "meta": [{"row": 1, "column": 2, "field": "account"}],
            "columns": {"date": "1", "text": "2 + 3", "amount": "4", "indicator": "5", "balance": "6", "kind": "7"},
            "amount": "indicator", "credit_words": ["EIN"], "debit_words": ["AUS"], "prove": "oldest_first",
            "type_map": {"1": "BGC"}}"#,
    )
    .unwrap();
    assert_eq!(own.problems(), []);
    let sheet = "Account;08999966374958\nSomething;else\n20.11.2026;MRS A PATEL;SI0004521;1.245,50;EIN;2.245,50;1\n20.11.2026;WATER;;50,00;AUS;2.195,50;2\nTotal;;;1.195,50;;;\n";
    let file = bank_statement::read_with("a.csv", sheet.as_bytes(), Some("csv:our-bank"), std::slice::from_ref(&own));
    assert_eq!(codes(&file), Vec::<&str>::new(), "{:?}", file.errors);
    let statement = &file.statements[0];
    assert_eq!(
        (statement.account.as_str(), statement.opening, statement.closing),
        ("08999966374958", Some(100_000), Some(219_550))
    );
    assert_eq!(
        (statement.entries[0].text.as_str(), statement.entries[0].kind.as_str()),
        ("MRS A PATEL SI0004521", "BGC")
    );
    let preview = bank_statement::preview("a.csv", sheet.replace("50,00;AUS", "5o,00;AUS").as_bytes(), &own);
    assert_eq!(
        (preview.rows, preview.problems[0].code.as_str(), preview.problems[0].at.as_str()),
        (1, "money.format", "row 4")
    );
    let (delimiter, rows) = bank_statement::first_rows(sheet.as_bytes()).unwrap();
    assert_eq!((delimiter, rows.len(), rows[2].len()), (';', 5, 7));
    let unknown = bank_statement::read("a.csv", sheet.as_bytes(), Some("csv:our-bank"));
    assert_eq!(codes(&unknown), ["csv.profile"]);
}

#[test]
fn csh_01_a_list_of_takings_is_read_and_moves_no_cash() {
    let file = read("feemoto.csv", "Ordercode,Date,Amount\n13131313,28/01/2025,100\n");
    assert_eq!((file.format.as_str(), file.kind.as_str(), codes(&file)), ("csv:card-takings", "card", vec![]));
    assert!(!file.moves_cash());
    assert!(read("a.csv", LLOYDS).moves_cash());
}

/// Every text format, with its name and what was chosen for it.
fn every_format() -> [(&'static str, &'static str, Option<&'static str>); 9] {
    [
        ("a.xml", CAMT, None),
        ("a.sta", MT940, None),
        ("a.942", MT942, None),
        ("a.txt", BAI, None),
        ("a.ofx", SGML, None),
        ("b.ofx", XML, None),
        ("a.csv", LLOYDS, None),
        ("a.dat", AGENT, Some("payment-file:agent-example")),
        ("l.csv", LOCKBOX, Some("payment-file:lockbox-example")),
    ]
}

#[test]
fn csh_02_every_format_in_every_encoding_and_with_every_line_end() {
    for (name, text, format) in every_format() {
        let plain = bank_statement::read(name, text.as_bytes(), format);
        assert_eq!(codes(&plain), Vec::<&str>::new(), "{name}");
        let wide = |mark: bool, little: bool| -> Vec<u8> {
            let mark = mark.then_some(0xFEFF_u16);
            let units = mark.into_iter().chain(text.encode_utf16());
            units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
        };
        let mixed: String = text.lines().enumerate().map(|(n, l)| format!("{l}{}", ["\n", "\r\n"][n % 2])).collect();
        let ways = [
            ("a mark", [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat()),
            ("UTF-16 little", wide(true, true)),
            ("UTF-16 big", wide(true, false)),
            ("UTF-16 little, not said", wide(false, true)),
            ("UTF-16 big, not said", wide(false, false)),
            ("CR LF", text.replace('\n', "\r\n").into_bytes()),
            ("CR LF and LF", mixed.into_bytes()),
        ];
        for (way, bytes) in ways {
            let file = bank_statement::read(name, &bytes, format);
            assert_eq!((codes(&file), &file.format), (vec![], &plain.format), "{name}: {way}");
            let sums = |f: &BankStatementFile| {
                f.statements.iter().map(|s| (s.credits(), s.debits(), s.entries.len())).collect::<Vec<_>>()
            };
            assert_eq!(sums(&file), sums(&plain), "{name}: {way}");
        }
    }
}

#[test]
fn csh_02_every_format_cut_short_or_with_a_nul_is_refused() {
    for (name, text, format) in every_format() {
        let whole = bank_statement::read(name, text.as_bytes(), format).statements;
        // The last line says that the file is whole; a CSV and a lone MT942 have no such line.
        if !["a.csv", "a.942"].contains(&name) {
            let cut = &text.trim_end()[..text.trim_end().rfind('\n').unwrap() - 3];
            let file = bank_statement::read(name, cut.as_bytes(), format);
            assert!(!codes(&file).is_empty(), "{name} cut short");
        }
        let at = text.len() / 2;
        let nul = format!("{}\0{}", &text[..at], &text[at..]);
        let file = bank_statement::read(name, nul.as_bytes(), format);
        let harmless = name.starts_with("a.sta") || name == "a.942";
        assert!(harmless || codes(&file) == ["encoding.control"], "{name}: {:?}", file.errors);
        assert!(file.statements.len() <= whole.len());
        for empty in ["", " ", "\n\r\n", "\u{FEFF}"] {
            let file = bank_statement::read(name, empty.as_bytes(), format);
            assert!(!codes(&file).is_empty(), "{name}: nothing in it");
        }
    }
}

#[test]
fn csh_02_a_very_long_line_is_refused_and_over_200_mb_is_not_read() {
    for format in ["camt", "mt940", "bai2", "ofx", "csv", "csv:hsbc-no-header", "payment-file:agent-example"] {
        for letter in ["A", "<", "&", "0", ",", "</", "\"", ":61:"] {
            let line = letter.repeat(3 * 1024 * 1024 / letter.len());
            let file = bank_statement::read("a", line.as_bytes(), Some(format));
            assert!(!codes(&file).is_empty(), "{letter} as {format}");
            assert!(
                file.errors.iter().all(|e| e.message.len() < 600),
                "{letter} as {format}: {}",
                file.errors[0].message.len()
            );
        }
    }
    let large = vec![b'A'; 200 * 1024 * 1024 + 1];
    assert_eq!(codes(&bank_statement::read("a.csv", &large, None)), ["file.too_large"]);
}

/// A fixture with a few bytes changed, cut, doubled or exchanged.
fn mangled() -> impl Strategy<Value = (Vec<u8>, Option<&'static str>)> {
    let fixtures: Vec<(&str, Option<&'static str>)> = every_format().iter().map(|(_, t, f)| (*t, *f)).collect();
    let edits =
        prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0u8..6), 1..7);
    (prop::sample::select(fixtures), edits).prop_map(|((text, format), edits)| {
        let mut bytes = text.as_bytes().to_vec();
        for (index, other, byte, how) in edits {
            if bytes.is_empty() {
                break;
            }
            let (at, to) = (index.index(bytes.len()), other.index(bytes.len()));
            match how {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                3 => bytes[at] = b"0123456789,.-:/<>&\"'\n"[usize::from(byte) % 21],
                4 => {
                    let piece: Vec<u8> = bytes[at.min(to)..at.max(to)].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => bytes[at] = byte,
            }
        }
        (bytes, format)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn csh_02_no_mangled_file_makes_a_reader_panic_or_half_read((bytes, format) in mangled(), other in prop::sample::select(vec!["bai2", "ofx", "csv", "mt940", "camt", "payment-file:agent-example", "csv:hsbc-no-header"])) {
        for format in [format, Some(other)] {
            let file = bank_statement::read("a.dat", &bytes, format);
            prop_assert!(file.errors.is_empty() != file.statements.is_empty());
            for statement in &file.statements {
                if let (Some(opening), Some(closing)) = (statement.opening, statement.closing) {
                    let booked = statement.entries.iter().filter(|e| e.status == EntryStatus::Booked).map(|e| e.amount).sum::<i64>();
                    // The balances of a report of the same day count what is pending.
                    prop_assert!([booked, statement.credits() - statement.debits()].contains(&(closing - opening)));
                }
            }
        }
    }
}
