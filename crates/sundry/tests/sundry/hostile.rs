//! Files made to hurt: each is refused in its own words, soon, and nothing else happens.
use crate::bin::{Place, Ran};
use crate::zips::{Member, sheet_rows, stored, workbook, workbook_members, zeros, zip};
use std::time::{Duration, Instant};
use sundry_store::Engine;

fn inspected(place: &Place, name: &str, content: impl AsRef<[u8]>) -> Ran {
    let path = place.file(name, content);
    let begun = Instant::now();
    let ran = place.run(&["inspect".as_ref(), "bank-statement".as_ref(), path.as_os_str(), "--json".as_ref()]);
    assert!(begun.elapsed() < Duration::from_secs(60), "{name} took too long");
    ran
}

#[track_caller]
fn refused(place: &Place, name: &str, content: impl AsRef<[u8]>) -> String {
    let file = inspected(place, name, content).code(2).json()[0].clone();
    assert_eq!(file["statements"].as_array().map(Vec::len), Some(0), "{file}");
    let errors = file["errors"].as_array().expect("errors").clone();
    assert!(
        !errors.is_empty() && errors.iter().all(|e| e["message"].as_str().is_some_and(|m| !m.is_empty())),
        "{file}"
    );
    errors[0]["code"].as_str().expect("a code").to_owned()
}

const HEAD: &[&str] =
    &["bank_line_id", "date", "amount", "type", "payer_name", "payer_sort_code", "payer_account", "reference"];
const LINE: &[&str] = &["B1", "2026-05-01", "12.50", "BGC", "A Payer", "", "", "INV 1"];

#[test]
fn a_workbook_is_read_in_a_child() {
    let place = Place::empty(Engine::Sqlite);
    let book = workbook("", &sheet_rows(&[HEAD, LINE]));
    let file = inspected(&place, "bank.xlsx", book).code(0).json()[0].clone();
    assert_eq!(file["format"], "csv:neutral");
    assert_eq!(file["statements"][0]["credits_pence"], 1250);
}

#[test]
fn a_workbook_that_spans_the_whole_sheet_is_refused() {
    let place = Place::empty(Engine::Sqlite);
    let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    refused(&place, "far.xlsx", workbook("", far));
}

#[test]
fn bombs_are_refused() {
    let place = Place::empty(Engine::Sqlite);
    refused(&place, "bomb.zip", zip(&[zeros("a.csv", 300_000_000, 300_000_000)]));
    refused(&place, "liar.zip", zip(&[zeros("a.csv", 300_000_000, 900_000)]));
    let mut members: Vec<Member> = workbook_members("", "");
    members.pop();
    members.push(zeros("xl/worksheets/sheet1.xml", 400_000_000, 900_000));
    refused(&place, "liar.xlsx", zip(&members));
    let inner = zip(&[stored("a.csv", b"x")]);
    assert_eq!(refused(&place, "nested.zip", zip(&[stored("inner.zip", &inner)])), "zip.nested");
    refused(&place, "many.zip", zip(&(0..5_000).map(|n| stored(&format!("{n}.csv"), b"")).collect::<Vec<_>>()));
}

#[test]
fn entities_are_never_expanded() {
    let place = Place::empty(Engine::Sqlite);
    let mut lines = String::from("<!DOCTYPE lolz [<!ENTITY a0 \"ha\">\n");
    for n in 1..30 {
        lines.push_str(&format!("<!ENTITY a{n} \"{}\">\n", format!("&a{};", n - 1).repeat(10)));
    }
    lines.push_str("]>");
    let body = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>&a29;</BkToCstmrStmt></Document>";
    refused(&place, "bomb.xml", format!("<?xml version=\"1.0\"?>\n{lines}{body}"));
    let outside = "<!DOCTYPE d [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>";
    let said =
        inspected(&place, "outside.xml", format!("<?xml version=\"1.0\"?>{outside}<Document>&f;</Document>")).code(2);
    assert!(!said.out.contains("root:"), "{}", said.out);
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>&a29;</t></is></c></row>"#;
    refused(&place, "bomb.xlsx", workbook(&lines, rows));
}

#[test]
fn a_large_xml_file_of_nothing_is_refused_soon() {
    let place = Place::empty(Engine::Sqlite);
    refused(&place, "deep.xml", format!("<?xml version=\"1.0\"?>{}", "<a>".repeat(2_000_000)));
}

#[test]
fn garbage_is_refused() {
    let place = Place::empty(Engine::Sqlite);
    let noise: Vec<u8> = (0u32..50_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    refused(&place, "noise.bin", &noise);
    refused(&place, "noise.xlsx", [b"PK\x03\x04", noise.as_slice()].concat());
    refused(&place, "named.xlsx", [b"PK\x03\x04[Content_Types].xml", noise.as_slice()].concat());
    refused(&place, "old.xls", [&[0xD0, 0xCF, 0x11, 0xE0], noise.as_slice()].concat());
    refused(&place, "empty.csv", b"");
    refused(&place, "page.csv", b"<!doctype html><html></html>");
    refused(&place, "paper.pdf", b"%PDF-1.7 ...");
    refused(&place, "zeros.csv", [0u8; 4096]);
    refused(
        &place,
        "wide.csv",
        "\u{FEFF}a,b,c\n1,2,3\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    );
}

#[test]
fn a_file_that_is_none_says_so_in_its_own_entry() {
    let place = Place::empty(Engine::Sqlite);
    let good = place.file("bank.csv", format!("{}\n{}\n", HEAD.join(","), LINE.join(",")));
    let good = good.to_str().expect("a path");
    let folder = place.folder.path().to_str().expect("a path");
    let all = place.run(&["inspect", "bank-statement", good, folder, "missing.csv", "--json"]).code(2).json();
    assert_eq!(all.as_array().map(Vec::len), Some(3));
    assert_eq!(all[0]["errors"].as_array().map(Vec::len), Some(0));
    assert_eq!(all[0]["statements"][0]["entries"], 1);
    for place in [1, 2] {
        assert_eq!(all[place]["errors"].as_array().map(Vec::len), Some(1));
        assert_eq!(all[place]["statements"].as_array().map(Vec::len), Some(0));
    }
}

#[test]
fn a_day_or_an_amount_that_cannot_be_is_refused() {
    let place = Place::empty(Engine::Sqlite);
    for (n, line) in
        ["B1,2026-02-30,1.00,BGC,,,,", "B1,2026-05-01,1000000000000000,BGC,,,,", "B1,2026-05-01,1.001,BGC,,,,"]
            .iter()
            .enumerate()
    {
        refused(&place, &format!("b{n}.csv"), format!("{}\n{line}\n", HEAD.join(",")));
    }
}
