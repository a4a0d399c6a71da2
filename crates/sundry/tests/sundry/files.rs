//! Files in, the day's work, files out: the totals agree to the penny, and nothing bad is kept.
use crate::bin::{Place, Ran, on_both};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use sundry_store::Engine;

const CUSTOMERS: &str = "\
customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no
C100001,Ashford Borough Council,council,1 High Street,Ashford,ZZ1 1AA,ar1@customer.example,30,00-00-11,11111111
C100002,Ada Abbott,person,2 Mill Lane,Beckton,ZZ2 2BB,ar2@customer.example,14,00-00-22,22222222
C100003,Calder Care Homes Ltd,company,3 Park Road,Calder,ZZ3 3CC,ar3@customer.example,30,00-00-33,33333333
C100004,=HYPERLINK(1),company,4 Park Road,Calder,ZZ3 3CC,ar4@customer.example,30,,
";
const INVOICES: &str = "\
invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross
SI1000001,C100001,2026-03-02,2026-04-01,PO-9,100.00,20.00,120.00
SI1000002,C100001,2026-04-20,2026-05-20,,50.00,0.00,50.00
SI1000003,C100002,2026-01-05,2026-01-19,,33.33,0.00,33.33
SI1000004,C100003,2025-02-03,2025-03-05,,1000.00,200.00,1200.00
SI1000005,C100004,2026-03-02,2026-04-01,,10.00,2.00,12.00
";
const LINES: &str = "\
invoice_no,line_no,description,quantity,unit_price,vat_code,net,vat
SI1000001,1,Room hire,2,25.00,S,50.00,10.00
SI1000001,2,Catering,1,50.00,S,50.00,10.00
SI1000002,1,Training course,1,50.00,E,50.00,0.00
SI1000003,1,Medical records copy,1,33.33,E,33.33,0.00
SI1000004,1,Clinical waste,1,1000.00,S,1000.00,200.00
SI1000005,1,Equipment loan,1,10.00,S,10.00,2.00
";
const BANK: &str = "\
bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference
B1,2026-04-28,120.00,BGC,ASHFORD BOROUGH COUNCIL,00-00-11,11111111,SI1000001
B2,2026-04-28,33.33,FPI,A ABBOTT,00-00-22,22222222,SI1000003
B3,2026-04-29,77.77,BGC,SOMEBODY ELSE,,,CREDIT
";
const OWED: i64 = 141_533;
const PAID: i64 = 23_110;

/// A test home on 1 May 2026 with the set taken in.
pub fn taken_in(engine: Engine) -> Place {
    let place = Place::test(engine);
    place.file("customers.csv", CUSTOMERS);
    place.file("invoices.csv", INVOICES);
    place.file("lines.csv", LINES);
    place.file("bank.csv", BANK);
    place.run(&["--today", "2026-05-01", "user", "list"]).code(0);
    let customers = place.run(&["import", "customers", "customers.csv", "--json"]).code(0).json();
    assert_eq!((&customers["rows"], &customers["taken"], &customers["refused"]), (&4.into(), &4.into(), &0.into()));
    let invoices = place.run(&["import", "invoices", "invoices.csv", "--lines", "lines.csv", "--json"]).code(0).json();
    assert_eq!(invoices["taken"], 5);
    assert_eq!(invoices["total_pence"], OWED);
    let bank = place.run(&["import", "bank-statement", "--format", "csv:neutral", "bank.csv", "--json"]).code(0).json();
    assert_eq!((&bank["lines_new"], &bank["credits_pence"]), (&3.into(), &PAID.into()));
    place
}

/// Every file below a folder.
fn kept_of(folder: &Path) -> Vec<PathBuf> {
    let inside = std::fs::read_dir(folder).expect("a folder").map(|one| one.expect("an entry").path());
    inside.flat_map(|path| if path.is_dir() { kept_of(&path) } else { vec![path] }).collect()
}

/// The sum of a money column of a CSV, in pence.
fn sum(csv: &str, column: &str) -> i64 {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let place = header.iter().position(|name| *name == column).unwrap_or_else(|| panic!("{column} in {header:?}"));
    let after = header.len() - place;
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = cells[cells.len() - after];
            let (pounds, pence) = cell.split_once('.').unwrap_or_else(|| panic!("{cell} is not money"));
            let sign = if pounds.starts_with('-') { -1 } else { 1 };
            sign * (pounds.trim_start_matches('-').parse::<i64>().expect("pounds") * 100
                + pence.parse::<i64>().expect("pence"))
        })
        .sum()
}

fn aged(place: &Place) -> String {
    place.run(&["report", "aged-debt", "--as-at", "2026-05-01", "--by", "customer", "--format", "csv"]).code(0).out
}

#[test]
fn a_day_from_files_to_proof_and_back_from_backup() {
    on_both(|engine| {
        let place = taken_in(engine);
        let before = aged(&place);
        assert!(
            before.starts_with("customer_id,name,not_due,1_30,31_60,61_90,91_180,181_365,over_365,unallocated,total\n")
        );
        assert_eq!(sum(&before, "total"), OWED);
        let matched = place.run(&["cash", "match", "--json"]).code(0).json();
        assert_eq!(matched["lines"], 3);
        let after = aged(&place);
        let placed = place.run(&["export", "allocations"]).code(0).out;
        assert!(placed.starts_with("bank_line_id,customer_id,invoice_no,amount,state,rank,confidence,reason\n"));
        let posted: i64 = sum_where(&placed, "posted", true);
        assert_eq!(sum(&after, "total"), OWED - posted, "{after}\n{placed}");
        assert!(place.run(&["cash", "match", "--json"]).code(0).json()["lines"] == 0, "matching again finds nothing");
        assert_eq!(aged(&place), after);
        let proof = place.run(&["verify", "--json"]).code(0).json();
        assert_eq!(proof["passed"], true);
        comes_back(&place, &after);
        tampering_shows(&place);
    });
}

/// What was posted to customers, in pence.
fn sum_where(placed: &str, state: &str, with_customer: bool) -> i64 {
    let mut rows = String::from("amount\n");
    for line in placed.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[4] == state && cells[1].is_empty() != with_customer {
            rows.push_str(cells[3]);
            rows.push('\n');
        }
    }
    sum(&rows, "amount")
}

fn comes_back(place: &Place, aged_before: &str) {
    let copied = place.run(&["backup", "home.backup", "--json"]).code(0).json();
    assert!(copied["rows"].as_u64().is_some_and(|rows| rows > 20));
    place.run(&["restore", "home.backup", "--json"]).code(3);
    let other = Place::empty(Engine::Sqlite);
    std::fs::copy(place.folder.path().join("home.backup"), other.folder.path().join("b")).expect("copied");
    other.run(&["restore", "b"]).code(0);
    assert_eq!(other.run(&["verify", "--json"]).code(0).json()["passed"], true);
    assert_eq!(aged(&other), aged_before);
    let mut spoilt = std::fs::read(place.folder.path().join("home.backup")).expect("read");
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 1;
    let third = Place::empty(Engine::Sqlite);
    third.file("b", spoilt);
    assert_eq!(third.run(&["restore", "b", "--json"]).code(2).invalid(), [(None, "file".to_owned())]);
}

/// A kept file that was changed is named, and verify says no.
fn tampering_shows(place: &Place) {
    let mut folders = vec![place.home.join("files")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                std::fs::write(entry.path(), b"changed").expect("changed");
                let proof = place.run(&["verify", "--json"]).code(1);
                assert_eq!(proof.json()["passed"], false);
                assert!(proof.err.contains("Does not hold"), "{}", proof.err);
                return;
            }
        }
    }
    panic!("no kept file");
}

#[test]
fn p02_the_same_files_twice_change_nothing() {
    on_both(|engine| {
        let place = taken_in(engine);
        place.run(&["cash", "match"]).code(0);
        let before = (aged(&place), place.run(&["export", "journals"]).code(0).out);
        place.run(&["import", "customers", "customers.csv"]).code(0);
        place.run(&["import", "invoices", "invoices.csv", "--lines", "lines.csv"]).code(0);
        place.run(&["import", "bank-statement", "--format", "csv:neutral", "bank.csv"]).code(0);
        let other_name = place.file("bank again.csv", BANK);
        let seen =
            place.run(&["import", "bank-statement", other_name.to_str().expect("a path"), "--json"]).code(0).json();
        assert_eq!(seen["lines_new"], 0);
        place.file("again.csv", CUSTOMERS);
        let again = place.run(&["import", "customers", "again.csv", "--json"]);
        assert!([2, 3].contains(&again.code), "{}", again.err);
        place.run(&["cash", "match"]).code(0);
        assert_eq!((aged(&place), place.run(&["export", "journals"]).code(0).out), before);
        place.run(&["verify"]).code(0);
    });
}

fn nothing_kept(place: &Place) {
    assert_eq!(aged(place).lines().count(), 1);
    assert_eq!(place.run(&["export", "items", "--json"]).code(0).json().as_array().map(Vec::len), Some(0));
}

fn has(ran: &Ran, row: u64, field: &str) -> bool {
    ran.invalid().contains(&(Some(row), field.to_owned()))
}

#[test]
fn bad_rows_are_all_told_and_nothing_is_kept() {
    on_both(|engine| {
        let place = Place::test(engine);
        let bad = "\
customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no
C1,Good One,person,1 A Street,Town,ZZ1 1AA,a@b.example,30,,
,No Number,person,1 A Street,Town,ZZ1 1AA,a@b.example,30,,
C3,Bad Mail,person,1 A Street,Town,ZZ1 1AA,not mail,30,,
C4,Bad Kind,dragon,1 A Street,Town,ZZ1 1AA,a@b.example,9999,1,2
C1,Twice,person,1 A Street,Town,ZZ1 1AA,a@b.example,30,,
";
        place.file("bad.csv", bad);
        let all = place.run(&["import", "customers", "bad.csv", "--json"]).code(2);
        for (row, field) in [(3, "customer_id"), (4, "email"), (5, "terms_days"), (5, "sort_code"), (6, "customer_id")]
        {
            assert!(has(&all, row, field), "row {row}, {field}: {}", all.out);
        }
        place.run(&["customer", "show", "C1", "--json"]).code(2);
        place.file("customers.csv", CUSTOMERS);
        place.run(&["import", "customers", "customers.csv", "--dry-run"]).code(0);
        place.run(&["customer", "show", "C100001"]).code(2);
        place.run(&["import", "customers", "customers.csv"]).code(0);
        let bad = "\
invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross
A1,C100001,2026-02-30,2026-04-01,,1.00,0.00,1.00
A2,C999999,2026-03-02,2026-04-01,,1.00,0.00,1.00
A3,C100001,2026-03-02,2026-04-01,,1.00,0.20,1.30
A4,C100001,2026-03-02,2026-04-01,,1000000000000000,0.00,1000000000000000
A5,C100001,2026-03-02,2026-04-01,,1.00,0.00,1.00
";
        place.file("bad-invoices.csv", bad);
        let all = place.run(&["import", "invoices", "bad-invoices.csv", "--json"]).code(2);
        for (row, field) in [(2, "invoice_date"), (3, "customer_id"), (4, "gross"), (5, "net")] {
            assert!(has(&all, row, field), "row {row}, {field}: {}", all.out);
        }
        assert!(
            all.json()["invalid"].as_array().is_some_and(|list| list.iter().any(|one| one["typed"] == "2026-02-30"))
        );
        nothing_kept(&place);
    });
}

#[test]
fn accept_good_keeps_the_good_rows_and_gives_the_others_back() {
    on_both(|engine| {
        let place = Place::test(engine);
        let typo = CUSTOMERS.replace("ar2@customer.example", "ar2 at customer");
        place.file("customers.csv", &typo);
        let taken = place.run(&["import", "customers", "customers.csv", "--accept-good", "--json"]).code(0).json();
        assert_eq!((&taken["taken"], &taken["refused"]), (&3.into(), &1.into()));
        assert_eq!(taken["files"][0]["bad_rows_file"], "customers.bad.csv");
        let bad = place.read("customers.bad.csv");
        assert!(bad.contains("Ada Abbott") && bad.lines().count() == 2 && bad.contains("reason"), "{bad}");
        place.run(&["customer", "show", "C100002"]).code(2);
        place.file("corrected.csv", bad.replace("ar2 at customer", "ar2@customer.example"));
        place.run(&["import", "customers", "corrected.csv"]).code(0);
        place.run(&["customer", "show", "C100002"]).code(0);
    });
}

#[test]
fn a_statement_that_does_not_add_up_is_refused_whole() {
    let place = Place::test(Engine::Sqlite);
    let lie = "\
:20:1\n:25:00001112345678\n:28C:1/1\n:60F:C260428GBP100,00\n:61:2604280428C10,00NTRFREF1\n:86:PAYMENT\n:62F:C260428GBP111,00\n-\n";
    place.file("lie.sta", lie);
    place.run(&["inspect", "bank-statement", "lie.sta", "--json"]).code(2);
    place.run(&["import", "bank-statement", "lie.sta", "--json"]).code(2);
    place.file("true.sta", lie.replace("111,00", "110,00"));
    let taken = place.run(&["import", "bank-statement", "true.sta", "--json"]).code(0).json();
    assert_eq!(taken["credits_pence"], 1_000);
    let gap = lie
        .replace("111,00", "110,00")
        .replace(":28C:1/1", ":28C:3/1")
        .replace("REF1", "REF9")
        .replace("260428", "260430");
    place.file("gap.sta", &gap);
    place.run(&["import", "bank-statement", "gap.sta", "--json"]).code(3);
    place.run(&["import", "bank-statement", "gap.sta", "--accept-gap"]).code(2);
    let why = "The bank lost number 2, and says so";
    place.run(&["import", "bank-statement", "gap.sta", "--accept-gap", "--reason", why]).code(0);
    let files = place.run(&["bank", "files", "--json"]).code(0).json();
    let gap = &files["files"][0];
    assert_eq!((&gap["name"], &gap["times"]), (&"gap.sta".into(), &2.into()), "{files}");
    assert_eq!((&gap["state"], &gap["decided_reason"]), (&"accepted".into(), &why.into()), "{files}");
}

#[test]
fn one_bad_file_of_several_keeps_the_others_out() {
    let place = Place::test(Engine::Sqlite);
    place.file("bank.csv", BANK);
    place.file("bad.csv", BANK.replace("2026-04-29", "2026-04-31").replace('B', "D"));
    place.run(&["import", "bank-statement", "bank.csv", "bad.csv", "--json"]).code(2);
    assert_eq!(place.run(&["export", "allocations", "--json"]).code(0).json().as_array().map(Vec::len), Some(0));
    place.file("customers.csv", CUSTOMERS);
    place.file("more.csv", CUSTOMERS.replace("C1000", "C2000").replace("council,1", "dragon,1"));
    place.run(&["import", "customers", "customers.csv", "more.csv"]).code(2);
    place.run(&["customer", "show", "C100001"]).code(2);
}

#[test]
fn wrong_encodings_are_read_or_refused_and_never_guessed_into_money() {
    let place = Place::test(Engine::Sqlite);
    let accents = CUSTOMERS.replace("Ada Abbott", "Zoë Müller");
    let latin: Vec<u8> = accents.chars().map(|c| u8::try_from(u32::from(c)).expect("a Latin letter")).collect();
    place.file("latin.csv", &latin);
    place.run(&["import", "customers", "latin.csv"]).code(0);
    let shown = place.run(&["customer", "show", "C100002", "--json"]).code(0).json();
    assert_eq!(shown["customer"]["name"], "Zoë Müller");
    let wide: Vec<u8> = CUSTOMERS.replace("C1000", "C3000").encode_utf16().flat_map(u16::to_le_bytes).collect();
    place.file("wide.csv", wide);
    place.run(&["import", "customers", "wide.csv"]).code(0);
    let shown = place.run(&["customer", "show", "C300002", "--json"]).code(0).json();
    assert_eq!(shown["customer"]["name"], "Ada Abbott");
}

#[test]
fn what_a_spreadsheet_would_run_is_made_harmless() {
    let place = taken_in(Engine::Sqlite);
    for csv in [aged(&place), place.run(&["export", "items"]).code(0).out] {
        assert!(csv.contains("'=HYPERLINK(1)"), "{csv}");
        assert!(!csv.contains(",=HYPERLINK"), "{csv}");
    }
}

#[test]
fn aged_debt_comes_in_every_shape() {
    let place = taken_in(Engine::Sqlite);
    let document = place.run(&["report", "aged-debt", "--as-at", "2026-05-01", "--json"]).code(0).json();
    assert_eq!(document["total"]["total_pence"], OWED);
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(4));
    for by in ["service", "debt-type", "item"] {
        let csv = place.run(&["report", "aged-debt", "--as-at", "2026-05-01", "--by", by]).code(0).out;
        assert_eq!(sum(&csv, "total"), OWED, "{by}");
    }
    let book = place.run(&["report", "aged-debt", "--format", "xlsx", "--out", "aged.xlsx", "--json"]).code(0).json();
    assert_eq!(book["file"], "aged.xlsx");
    assert!(std::fs::read(place.folder.path().join("aged.xlsx")).expect("a file").starts_with(b"PK"));
    let wrong = place.run(&["report", "aged-debt", "--by", "moon", "--basis", "tide", "--json"]).code(2);
    assert_eq!(wrong.invalid().len(), 2);
    place.run(&["report", "aged-debt", "--as-at", "2026-02-30"]).code(2);
}

#[test]
fn a_workbook_of_customers_is_taken_in() {
    let place = Place::test(Engine::Sqlite);
    let rows: Vec<Vec<&str>> = CUSTOMERS.lines().take(3).map(|line| line.split(',').collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    place.file("customers.xlsx", crate::zips::workbook("", &crate::zips::sheet_rows(&rows)));
    let taken = place.run(&["import", "customers", "customers.xlsx", "--json"]).code(0).json();
    assert_eq!(taken["taken"], 2);
}

/// Activity as a care system's workbook holds it: quantities and rates are numbers, the rest is text.
fn rota(last_hours: &str) -> Vec<u8> {
    let mut xml =
        crate::zips::sheet_rows(&[&["Reference", "Service", "Service_user", "Unit", "From", "Quantity", "Rate"]]);
    for (n, (day, hours)) in
        [("2026-04-13", "2"), ("2026-04-14", "3"), ("2026-04-15", last_hours)].into_iter().enumerate()
    {
        let (row, reference) = (n + 2, format!("V-{n}"));
        xml.push_str(&format!(r#"<row r="{row}">"#));
        for (letter, text) in ('A'..).zip([reference.as_str(), "Home care", "P104482", "hour", day]) {
            xml.push_str(&format!(r#"<c r="{letter}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#));
        }
        xml.push_str(&format!(r#"<c r="F{row}"><v>{hours}</v></c><c r="G{row}"><v>22.5</v></c></row>"#));
    }
    crate::zips::workbook("", &xml)
}

#[test]
fn bil_05_a_workbook_of_activity_is_taken_in_as_its_rows_or_told_row_by_row() {
    on_both(|engine| {
        let place = taken_in(engine);
        let contract = r#"{"service_user":"P104482","service":"Home care","cycle":"four_weekly","starts_on":"2026-04-06",
            "lines":[{"description":"Home care","rate":"22.50","unit":"hour","vat_code":"O","by_activity":true,"agreed":"14"}],
            "payers":[{"customer":"C100003","share":""}]}"#;
        place.file("contract.json", contract);
        place.run(&["contracts", "add", "--input", "contract.json", "--json"]).code(0);
        place.file("wrong.xlsx", rota("-1"));
        place.file("rota.xlsx", rota("4.25"));
        let take = |name: &str| place.run(&["activity", "take", name, "--source", "CareRota", "--json"]);
        let wrong = take("wrong.xlsx").code(2).invalid();
        assert_eq!(wrong, [(Some(4), "quantity".to_owned())], "the row as the workbook numbers it");
        let done = take("rota.xlsx").code(0).json();
        assert_eq!((&done["lines"], &done["accepted"], &done["held"]), (&3.into(), &3.into(), &0.into()), "{done}");
        assert_eq!(done["worth_pence"], 4_500 + 6_750 + 9_563);
        assert_eq!(take("rota.xlsx").code(3).json()["refused"]["code"], "BIL-05-FILE-TWICE");
        place.file("bad.xlsx", b"PK\x03\x04 no workbook".as_slice());
        let bad = take("bad.xlsx").code(2).invalid();
        assert!(bad.iter().all(|(_, field)| field == "file"), "{bad:?}");
        let listed = place.run(&["activity", "list", "--json"]).code(0).json();
        let days = listed["rows"].as_array().expect("rows").iter().map(|row| row["from_on"].clone());
        assert_eq!(days.collect::<Vec<_>>(), ["2026-04-15", "2026-04-14", "2026-04-13"]);
    });
}

#[test]
fn lists_are_one_document_and_explain_tells_the_story() {
    let place = taken_in(Engine::Sqlite);
    place.run(&["cash", "match"]).code(0);
    for list in ["items", "allocations", "journals", "letters"] {
        assert!(place.run(&["export", list, "--json"]).code(0).json().is_array(), "{list}");
        let csv = place.run(&["export", list, "--format", "csv"]).code(0).out;
        assert!(csv.lines().next().is_some_and(|header| header.contains(',')), "{list}");
    }
    for path in kept_of(&place.home.join("files")) {
        let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    let story = place.run(&["explain", "SI1000001", "--json"]).code(0).json();
    assert!(story["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{story}");
    let nothing = place.run(&["explain", "SI9999999", "--json"]).code(2).json();
    assert!(nothing["absent"].is_string());
}

#[test]
fn the_day_is_previewed_then_released_once() {
    on_both(|engine| {
        let place = taken_in(engine);
        let preview = place.run(&["run", "day", "--date", "2026-05-01", "--json"]).code(0).json();
        let letters = place.run(&["export", "letters", "--json"]).code(0).json();
        assert_eq!(letters.as_array().map(Vec::len), Some(0), "a preview does nothing");
        let released = place.run(&["run", "day", "--date", "2026-05-01", "--release", "--json"]).code(0).json();
        assert_eq!(released["totals"], preview["totals"]);
        let again = place.run(&["run", "day", "--date", "2026-05-01", "--release", "--json"]).code(0).json();
        assert_eq!(again["totals"], released["totals"]);
        let future = place.run(&["run", "day", "--date", "2026-05-02", "--release", "--json"]).code(3).json();
        assert!(future["refused"]["code"].is_string());
        place.run(&["verify"]).code(0);
    });
}

#[test]
fn nobody_approves_what_they_asked_for() {
    let place = taken_in(Engine::Sqlite);
    let raise = r#"{"customer_number":"C100001","supply_on":"2026-05-01","lines":[{"description":"Hall","unit_price":"100","vat_code":"S"}]}"#;
    place.file("raise.json", raise);
    let raised = place.run(&["invoice", "raise", "--input", "raise.json", "--json"]).code(0).json();
    assert_eq!(raised["gross_pence"], 12_000);
    let number = raised["number"].as_str().expect("a number").to_owned();
    let asked = place.run(&["credit", "request", &number, "--reason", "cancelled", "--words", "Not held", "--json"]);
    let approval = asked.code(0).json()["approval"].as_str().expect("an approval").to_owned();
    let own = place.run(&["approvals", "decide", &approval, "--approve", "--json"]).code(3).json();
    assert_eq!(own["refused"]["code"], "CTL-01-OWN-WORK");
    place.run(&["invoice", "raise", "--input", "missing.json", "--json"]).code(2);
    place.file("list.json", "[1]");
    place.run(&["invoice", "raise", "--input", "list.json", "--json"]).code(2);
    place.run(&["verify"]).code(0);
}
