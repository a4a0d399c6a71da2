//! Our own small statements, what hostile files do to us (nothing), and that no bytes make a reader panic.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use std::io::Write;
use sundry_formats::bank_statement::{self, BankStatementFile, EntryStatus, write_neutral};

const CAMT: &str = include_str!("fixtures/good.camt053.xml");
const MT940: &str = include_str!("fixtures/good.mt940");
const LLOYDS: &str = include_str!("fixtures/good.lloyds.csv");
const NEUTRAL: &str = include_str!("fixtures/good.neutral.csv");

fn read(name: &str, text: &str) -> BankStatementFile {
    bank_statement::read(name, text.as_bytes(), None)
}

fn codes(file: &BankStatementFile) -> Vec<&str> {
    assert!(file.statements.is_empty() || file.errors.is_empty(), "errors and statements");
    file.errors.iter().map(|e| e.code.as_str()).collect()
}

#[test]
fn camt_053_version_8() {
    let file = read("a.xml", CAMT);
    assert_eq!((file.format.as_str(), file.version.as_str(), codes(&file)), ("camt.053", "08", vec![]));
    let statement = &file.statements[0];
    assert_eq!((statement.opening, statement.closing), (Some(100_000), Some(129_550)));
    let [first, batch, charge, pending] = statement.entries.as_slice() else { panic!("four entries") };
    assert_eq!((first.amount, first.kind.as_str(), first.text.as_str()), (24_550, "FPI", "INV SI0004521"));
    assert_eq!(first.payer_name.as_deref(), Some("Mrs A Patel & Son"));
    assert_eq!((first.payer_sort_code.as_deref(), first.payer_account.as_deref()), (Some("089999"), Some("12345678")));
    assert_eq!(first.customer_reference, None);
    assert!(batch.reversal && batch.amount == 6_000 && batch.details.len() == 2);
    assert_eq!((charge.amount, charge.text.as_str()), (-1_000, "CHARGES"));
    assert_eq!(pending.status, EntryStatus::Pending);
}

#[test]
fn camt_with_prefixes_on_every_element_and_no_version() {
    let text = CAMT.replace("</", "</n:").replace("<?", "\u{1}").replace("</n:", "\u{2}").replace('<', "<n:");
    let text = text.replace('\u{2}', "</n:").replace('\u{1}', "<?").replace("xmlns=", "xmlns:n=");
    let file = read("a.xml", &text);
    assert_eq!((codes(&file), file.version.as_str(), file.statements.len()), (vec![], "08", 1));
    let bare = read("a.xml", &CAMT.replace(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"", ""));
    assert_eq!((codes(&bare), bare.warnings[0].code.as_str()), (vec![], "camt.no_namespace"));
}

#[test]
fn camt_that_cannot_be_trusted_is_refused_by_code() {
    for (from, to, code) in [
        ("1295.50", "1295.51", "camt.balance"),
        ("245.50", "245.50001", "money.precision"),
        (">245.50<", ">1000000000000000<", "money.too_large"),
        (">245.50<", ">-245.50<", "camt.amount"),
        (">245.50<", ">245,50<", "camt.amount"),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>", "camt.sign"),
        ("<BookgDt><Dt>2026-11-20", "<BookgDt><Dt>2026-02-30", "date"),
        ("<Ntry><Amt Ccy=\"GBP\">10", "<Ntry><Amt Ccy=\"EUR\">10", "camt.currency"),
        (">40.00<", ">41.00<", "camt.batch_sum"),
        ("</GrpHdr>", "<MsgPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr>", "camt.page"),
        ("BkToCstmrStmt", "CstmrCdtTrfInitn", "camt.wrong_message"),
        ("</Stmt>", "</Stmp>", "camt.not_xml"),
        ("</Stmt></BkToCstmrStmt></Document>", "", "camt.truncated"),
        ("&amp;", "&nbsp;", "xml.entity"),
        ("<Document", "<!DOCTYPE Document [<!ENTITY a \"b\">]><Document", "xml.entity"),
    ] {
        let text = CAMT.replace(from, to);
        assert_ne!(text, CAMT, "{from} is not in the fixture");
        let file = read("a.xml", &text);
        assert!(codes(&file).contains(&code), "{code}: {:?}", file.errors);
    }
}

#[test]
fn hostile_xml_is_refused_quickly() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
    assert_eq!(codes(&read("a.xml", bomb)), ["xml.entity"]);
    let local = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><Document>&f;</Document>";
    assert_eq!(codes(&read("a.xml", local)), ["xml.entity"]);
    assert_eq!(codes(&read("a.xml", &"<a>".repeat(100_000))), ["xml.depth"]);
    assert_eq!(codes(&read("a.xml", "<!DOCTYPE html><html><body>Sign in</body></html>")), ["camt.not_xml"]);
    assert_eq!(codes(&read("a.xml", "%PDF-1.7 ...")), ["camt.not_xml"]);
    assert_eq!(codes(&read("a.xml", "plain words")), ["camt.not_xml"]);
}

#[test]
fn mt940_with_uk_narratives_and_reversals() {
    let file = read("a.sta", MT940);
    assert_eq!((file.format.as_str(), codes(&file)), ("mt940", vec![]));
    let statement = &file.statements[0];
    assert_eq!((statement.credits(), statement.debits()), (24_550 + 800, 5_000));
    let [paid, returned, new_year] = statement.entries.as_slice() else { panic!("three entries") };
    assert_eq!((paid.kind.as_str(), paid.payer_name.as_deref()), ("FPI", Some("MRS A PATEL")));
    assert_eq!(paid.bank_reference.as_deref(), Some("FP20261120A1"));
    assert!(returned.reversal && returned.amount == -5_000, "RC takes a credit back");
    assert_eq!(returned.text, "RETURNED CREDIT SI0004499 : 12:30 is not a tag");
    assert_eq!(new_year.booked_on.to_string(), "2027-01-02");
}

#[test]
fn mt940_that_cannot_be_trusted_is_refused_by_code() {
    for (from, to, code) in [
        ("GBP1203,50", "GBP1203,51", "mt940.balance"),
        (":62F:C261120GBP", ":62F:C261120EUR", "mt940.currency"),
        ("C245,50N", "CnullN", "money.format"),
        ("C245,50N", "C1.245,50N", "money.format"),
        ("C245,50N", "C245,505N", "money.precision"),
        ("C245,50N", "C1000000000000000,N", "money.too_large"),
        (":61:2611201120C", ":61:2602301120C", "date"),
        (":61:2611201120C", ":61:2613011120C", "date"),
        (":61:2611201120C", ":61:no line at all", "mt940.line"),
        (":62F:", ":64:", "mt940.structure"),
        (":62F:", ":62M:", "mt940.page"),
        (":20:STMT-261120\n", "", "mt940.structure"),
        ("-}\n", "-}\n:61:2611201120C5,NMSCNONREF\n", "mt940.structure"),
    ] {
        let text = MT940.replace(from, to);
        assert_ne!(text, MT940, "{from} is not in the fixture");
        let file = read("a.sta", &text);
        assert!(codes(&file).contains(&code), "{code}: {:?}", file.errors);
    }
}

#[test]
fn mt940_in_windows_1252_is_read_and_said() {
    let mut bytes = MT940.replace("MRS A PATEL", "MRS A PATE~").into_bytes();
    bytes.iter_mut().filter(|b| **b == b'~').for_each(|b| *b = 0xC9);
    let file = bank_statement::read("a.sta", &bytes, None);
    assert_eq!(file.statements[0].entries[0].payer_name.as_deref(), Some("MRS A PATEÉ"));
    assert_eq!(file.warnings[0].code, "encoding.windows_1252");
}

#[test]
fn csv_lloyds_newest_first_proves_from_the_last_row() {
    let file = read("a.csv", LLOYDS);
    assert_eq!((file.format.as_str(), codes(&file)), ("csv:lloyds", vec![]));
    let statement = &file.statements[0];
    assert_eq!((statement.opening, statement.closing), (Some(100_000), Some(119_550)));
    assert_eq!(statement.account, "08999966374958");
    for mangled in [LLOYDS.replace('\n', "\r\n"), LLOYDS.replace('\n', "\r"), format!("\u{FEFF}{LLOYDS}\n\n")] {
        assert_eq!(read("a.csv", &mangled).statements, file.statements);
    }
}

#[test]
fn csv_that_cannot_be_trusted_is_refused_by_code() {
    for (from, to, code) in [
        ("1195.50", "1195.51", "csv.balance"),
        ("Balance\n", "Total\n", "csv.profile"),
        ("245.50,1195.50", "245.50", "csv.width"),
        (",,245.50", ",1.00,245.50", "csv.amount"),
        (",,245.50", ",,", "csv.amount"),
        ("20/11/2026,FPI", "30/02/2026,FPI", "date"),
        ("20/11/2026,FPI", "2026-11-20,FPI", "date"),
        (",,245.50", ",,1e3", "money.format"),
        (",,245.50", ",,10000000000000000", "money.too_large"),
        ("66374958,MRS", "6.6E+10,MRS", "csv.excel_damage"),
        ("MRS A PATEL", "MRS \0", "encoding.control"),
    ] {
        let text = LLOYDS.replace(from, to);
        assert_ne!(text, LLOYDS, "{from} is not in the fixture");
        let file = read("a.csv", &text);
        assert!(codes(&file).contains(&code), "{code}: {:?}", file.errors);
    }
    assert_eq!(codes(&read("a.csv", "")), ["csv.empty"]);
    assert_eq!(codes(&read("a.csv", LLOYDS.lines().next().unwrap())), ["csv.empty"]);
    let twice = NEUTRAL.replace("B0000002", "B0000001");
    assert_eq!(codes(&read("a.csv", &twice)), ["csv.duplicate"]);
    assert_eq!(codes(&bank_statement::read("a", b"\xD0\xCF\x11\xE0rest", None)), ["csv.old_workbook"]);
}

#[test]
fn csv_neutral_by_name_and_written_back() {
    let file = bank_statement::read("bank.csv", NEUTRAL.as_bytes(), Some("csv:neutral"));
    assert_eq!(codes(&file), Vec::<&str>::new());
    let entries = &file.statements[0].entries;
    assert_eq!((entries[0].amount, entries[1].amount), (24_550, -500));
    assert_eq!(entries[0].payer_sort_code.as_deref(), Some("00-00-12"));
    assert_eq!(String::from_utf8(write_neutral(entries)).unwrap(), NEUTRAL);
    let keys = file.statements[0].entry_keys();
    assert!(keys[0] != keys[1]);
}

#[test]
fn the_inspection_is_the_contract() {
    let file = read("a.csv", LLOYDS);
    let value = bank_statement::inspection("a.csv", &file);
    assert_eq!(value["statements"][0]["credits_pence"], 24_550);
    assert_eq!(value["statements"][0]["debits_pence"], 5_000);
    assert_eq!(value["statements"][0]["entries"], 2);
    assert_eq!(value["errors"].as_array().unwrap().len(), 0);
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_zip_of_statements_is_whole_or_nothing() {
    let good = zip_of(&[("a.xml", CAMT.as_bytes()), ("b.xml", CAMT.as_bytes())]);
    let file = bank_statement::read("s.zip", &good, None);
    assert_eq!((codes(&file), file.statements.len(), file.format.as_str()), (vec![], 2, "camt.053"));
    let bad = zip_of(&[("a.xml", CAMT.as_bytes()), ("b.xml", b"<html>")]);
    assert_eq!(codes(&bank_statement::read("s.zip", &bad, None)), ["camt.not_xml"]);
}

#[test]
fn hostile_zips_are_refused() {
    let zeros = vec![0u8; 20 * 1024 * 1024];
    let refused = |bytes: &[u8]| bank_statement::read("s.zip", bytes, None).errors[0].code.clone();
    assert_eq!(refused(&zip_of(&[("a.xml", &zeros)])), "zip.bomb");
    let inner = zip_of(&[("a.xml", CAMT.as_bytes())]);
    assert_eq!(refused(&zip_of(&[("inner.zip", &inner)])), "zip.nested");
    assert_eq!(refused(&zip_of(&[("../../etc/passwd", b"x")])), "zip.path");
    let many: Vec<String> = (0..101).map(|n| format!("{n}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
    assert_eq!(refused(&zip_of(&many)), "zip.too_many_members");
    assert_eq!(refused(&inner[..inner.len() / 2]), "zip.damaged");
    assert_eq!(refused(&zip_of(&[("[Content_Types].xml", b"<Types/>")])), "csv.workbook");
}

/// A fixture with a few bytes changed, cut or doubled.
fn mangled() -> impl Strategy<Value = Vec<u8>> {
    let zip = zip_of(&[("a.xml", CAMT.as_bytes())]);
    let fixtures: Vec<Vec<u8>> =
        [CAMT, MT940, LLOYDS, NEUTRAL].iter().map(|t| t.as_bytes().to_vec()).chain([zip]).collect();
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..5), 1..6);
    (prop::sample::select(fixtures), edits).prop_map(|(mut bytes, edits)| {
        for (index, byte, how) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match how {
                0 => bytes.truncate(at),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, byte),
                3 => bytes[at] = b"0123456789,.-:/<>&\"'\n"[usize::from(byte) % 21],
                _ => bytes[at] = byte,
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in mangled(), format in prop::sample::select(vec![None, Some("camt"), Some("mt940"), Some("csv:neutral"), Some("csv")])) {
        let file = bank_statement::read("a.csv", &bytes, format);
        prop_assert!(file.errors.is_empty() || file.statements.is_empty());
        prop_assert!(!file.errors.is_empty() || !file.statements.is_empty());
        for statement in &file.statements {
            if let (Some(opening), Some(closing)) = (statement.opening, statement.closing) {
                let booked: i64 = statement.entries.iter().filter(|e| e.status == EntryStatus::Booked).map(|e| e.amount).sum();
                prop_assert_eq!(opening + booked, closing);
            }
        }
    }

    #[test]
    fn neutral_lines_read_back_as_written(lines in prop::collection::vec(("[A-Z][A-Z0-9]{3,8}", -1_000_000i64..1_000_000, "[ -~]{0,30}", 0u32..28), 1..20)) {
        let mut ids = std::collections::HashSet::new();
        let mut source = String::from("bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n");
        for (id, pence, _, day) in &lines {
            if ids.insert(id) {
                source += &format!("{id},2026-11-{:02},{},,,,,\n", day + 1, sundry_formats::money::write_pounds(*pence));
            }
        }
        let mut entries = bank_statement::read("a.csv", source.as_bytes(), None).statements.remove(0).entries;
        for (entry, (_, _, text, _)) in entries.iter_mut().zip(&lines) {
            entry.text = text.trim_start_matches(['\'', ' ']).trim_end().to_owned();
        }
        let again = bank_statement::read("a.csv", &write_neutral(&entries), Some("csv:neutral"));
        for (read, written) in again.statements.iter().flat_map(|s| &s.entries).zip(&entries) {
            prop_assert_eq!((&read.text, read.amount, read.booked_on), (&written.text, written.amount, written.booked_on));
        }
    }
}
