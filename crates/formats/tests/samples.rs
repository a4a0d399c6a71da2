//! Public sample statements, read and compared with what is known of them.
//!
//! The samples are not part of this repository: `SUNDRY_SAMPLES` names their folder.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use sundry_formats::bank_statement::{self, BankStatementFile};
use sundry_formats::pain::{
    Collection, CreditBatch, CreditProfile, CreditVersion, DebitBatch, DebitProfile, DebitVersion, Party, Payment,
    Sequence, write_credits, write_debits,
};

fn samples() -> Option<(PathBuf, Value)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("SUNDRY_SAMPLES").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let Ok(text) = std::fs::read(folder.join("expected.json")) else {
        // Straight to the terminal: what `println!` says is kept from whoever runs the tests.
        let _ = writeln!(std::io::stderr(), "skipped: no samples (set SUNDRY_SAMPLES to their folder)");
        return None;
    };
    Some((folder, serde_json::from_slice(&text).unwrap()))
}

fn of_kind<'a>(expected: &'a Value, prefix: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    expected.as_object().unwrap().iter().filter(move |(k, _)| k.starts_with(prefix))
}

fn minor(text: &str, currency: &str) -> i64 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |t| (-1, t));
    sign * sundry_formats::money::unsigned(text, sundry_formats::money::decimals_of(currency), '.').unwrap()
}

fn read(folder: &std::path::Path, path: &str) -> BankStatementFile {
    let bytes = std::fs::read(folder.join(path)).unwrap();
    let file = bank_statement::read(path, &bytes, None);
    assert!(file.errors.is_empty() || file.statements.is_empty(), "{path}: errors and statements");
    file
}

fn codes(file: &BankStatementFile) -> Vec<&str> {
    file.errors.iter().map(|e| e.code.as_str()).collect()
}

#[test]
fn mt940_samples_read_as_expected() {
    let Some((folder, expected)) = samples() else { return };
    let (mut read_whole, mut held) = (0, 0);
    let mut faults = Vec::new();
    for (path, known) in of_kind(&expected, "bank/mt940/") {
        let file = read(&folder, path);
        let proofs = known["balance_proof"].as_array().unwrap();
        let proves = proofs.iter().all(|p| p["adds_up"] == true);
        if !file.errors.is_empty() {
            held += 1;
            println!("held {path} (adds up: {proves}): {:?} {}", codes(&file), file.errors[0].message);
            continue;
        }
        read_whole += 1;
        if !proves {
            faults.push(format!("{path}: does not add up and was read"));
        }
        let lines: usize = file.statements.iter().map(|s| s.entries.len()).sum();
        let credits: i64 = file.statements.iter().map(|s| s.credits()).sum();
        let debits: i64 = file.statements.iter().map(|s| s.debits()).sum();
        let raw = &known["raw_reading"];
        let wanted = (
            usize::try_from(raw["lines"].as_u64().unwrap()).unwrap(),
            minor(raw["sum_credits_incl_reversed_debits"].as_str().unwrap(), "EUR"),
            minor(raw["sum_debits_incl_reversed_credits"].as_str().unwrap(), "EUR"),
        );
        if (lines, credits, debits) != wanted {
            faults.push(format!("{path}: {:?} for {wanted:?}", (lines, credits, debits)));
        }
        for (statement, proof) in file.statements.iter().zip(proofs) {
            let wanted = ["opening", "closing"].map(|end| Some(minor(proof[end].as_str().unwrap(), "EUR")));
            if [statement.opening, statement.closing] != wanted {
                faults.push(format!("{path}: balances {:?} for {wanted:?}", [statement.opening, statement.closing]));
            }
        }
        if file.format == "mt940" && file.statements.len() != proofs.len() {
            faults.push(format!("{path}: {} statements for {}", file.statements.len(), proofs.len()));
        }
    }
    println!("mt940: {read_whole} read, {held} held");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(read_whole >= 15, "only {read_whole} were read");
}

#[test]
fn camt_samples_read_as_expected() {
    let Some((folder, expected)) = samples() else { return };
    let (mut read_whole, mut held) = (0, 0);
    let mut faults = Vec::new();
    for (path, known) in of_kind(&expected, "bank/camt/") {
        let file = read(&folder, path);
        let Some(statements) = known["statements"].as_array() else {
            println!("{path}: {:?}, {} statements", codes(&file), file.statements.len());
            // Two members that were anonymised and do not prove, or documents with no statement in them.
            let wanted = if path.ends_with(".zip") { "camt.balance" } else { "camt.wrong_message" };
            if !codes(&file).contains(&wanted) {
                faults.push(format!("{path}: {:?}", codes(&file)));
            }
            continue;
        };
        if !file.errors.is_empty() {
            held += 1;
            println!("held {path}: {:?} {}", codes(&file), file.errors[0].message);
            continue;
        }
        read_whole += 1;
        for (statement, wanted) in file.statements.iter().zip(statements) {
            let currency = statement.currency.as_str();
            let sum = |side: &str| wanted[side][currency].as_str().map_or(0, |t| minor(t, currency));
            let found =
                (statement.account.as_str(), statement.entries.len() as u64, statement.credits(), statement.debits());
            let known = (
                wanted["account"].as_str().unwrap(),
                wanted["entries"].as_u64().unwrap(),
                sum("credits"),
                sum("debits"),
            );
            if found != known {
                faults.push(format!("{path}: {found:?} for {known:?}"));
            }
            let details: usize = statement.entries.iter().map(|e| e.details.len()).sum();
            if details as u64 != wanted["tx_details"].as_u64().unwrap() {
                faults.push(format!("{path}: {details} details"));
            }
        }
        if file.statements.len() != statements.len() {
            faults.push(format!("{path}: {} statements", file.statements.len()));
        }
    }
    println!("camt: {read_whole} read, {held} held");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(read_whole >= 20, "only {read_whole} were read");
}

#[test]
fn csv_samples_read_as_expected_or_ask_for_a_profile() {
    let Some((folder, expected)) = samples() else { return };
    let (mut read_whole, mut held) = (0, 0);
    let mut faults = Vec::new();
    for (path, known) in of_kind(&expected, "bank/csv/") {
        let file = read(&folder, path);
        if !file.errors.is_empty() {
            held += 1;
            println!("held {path}: {:?} {}", codes(&file), file.errors[0].message);
            continue;
        }
        read_whole += 1;
        println!("read {path} as {}", file.format);
        let totals = &known["totals"];
        let rows = totals["n"].as_u64().or(totals["transactions"].as_u64()).unwrap();
        let found: usize = file.statements.iter().map(|s| s.entries.len()).sum();
        let credits: i64 = file.statements.iter().map(|s| s.credits()).sum();
        let debits: i64 = file.statements.iter().map(|s| s.debits()).sum();
        let wanted =
            (minor(totals["credits"].as_str().unwrap(), "GBP"), -minor(totals["debits"].as_str().unwrap(), "GBP"));
        if found as u64 != rows || (credits, debits) != wanted || totals["bad"] != 0 {
            faults.push(format!("{path}: {found} rows, {credits}, {debits} for {totals}"));
        }
    }
    println!("csv: {read_whole} read, {held} held");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(read_whole >= 7, "only {read_whole} were read");
}

fn refunds(version: CreditVersion) -> CreditBatch {
    let party = |name: &str, sort_code: &str, account: &str| Party {
        name: name.into(),
        sort_code: sort_code.into(),
        account: account.into(),
    };
    let newer = version == CreditVersion::V09;
    let given = |text: &str| newer.then(|| text.to_owned());
    CreditBatch {
        message_id: "REF-20261120-0007".into(),
        batch_id: "REFUNDS-0000000007".into(),
        created_at: "2026-11-20T10:15:00Z".parse().unwrap(),
        execute_on: "2026-11-24".parse().unwrap(),
        from: party("EXAMPLE NHS TRUST", "089999", "66374958"),
        customer_id: given("C-1"),
        profile: CreditProfile {
            version,
            local_instrument: given("BACS"),
            category_purpose: given("GOVT"),
            charge_bearer: given("SLEV"),
            ..CreditProfile::default()
        },
        payments: vec![Payment {
            end_to_end_id: "RF0000451".into(),
            to: party("MRS A PATEL", "107999", "88837491"),
            amount_pence: 4_550,
            remittance: "REFUND SI0004521".into(),
        }],
    }
}

fn collections(version: DebitVersion) -> DebitBatch {
    let refunds = refunds(CreditVersion::V03);
    let newer = version == DebitVersion::V08;
    let one = |id: &str, sequence| Collection {
        end_to_end_id: id.into(),
        from: refunds.payments[0].to.clone(),
        amount_pence: 4_550,
        mandate_reference: "SUN0000012345".into(),
        signed_on: "2026-10-01".parse().unwrap(),
        sequence,
        remittance: "SI0004521".into(),
    };
    DebitBatch {
        message_id: "DD-20261120-0007".into(),
        created_at: refunds.created_at,
        collect_on: refunds.execute_on,
        to: refunds.from.clone(),
        sun: "123456".into(),
        profile: DebitProfile {
            version,
            service_level: newer.then(|| "NURG".into()),
            local_instrument: newer.then(|| "BACS".into()),
        },
        collections: vec![
            one("C1", if newer { Sequence::Represented } else { Sequence::Regular }),
            one("C2", Sequence::First),
        ],
    }
}

#[test]
fn payments_validate_by_their_published_schemas() {
    let Some((folder, _)) = samples() else { return };
    if Command::new("xmllint").arg("--version").output().is_err() || !folder.join("xsd").exists() {
        let _ = writeln!(std::io::stderr(), "skipped: no xmllint on the path, or no schemas");
        return;
    }
    let files = [
        ("pain.001.001.03", write_credits(&refunds(CreditVersion::V03)).unwrap().bytes),
        ("pain.001.001.09", write_credits(&refunds(CreditVersion::V09)).unwrap().bytes),
        ("pain.008.001.02", write_debits(&collections(DebitVersion::V02)).unwrap().bytes),
        ("pain.008.001.08", write_debits(&collections(DebitVersion::V08)).unwrap().bytes),
    ];
    for (name, bytes) in files {
        let path = std::env::temp_dir().join(format!("sundry-{name}-{}.xml", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let schema = folder.join(format!("xsd/iso20022/{name}.xsd"));
        let said = Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).arg(&path).output().unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(said.status.success(), "{name}: {}", String::from_utf8_lossy(&said.stderr));
    }
}

#[test]
fn csh_01_ofx_samples_read_as_independent_readers_read_them() {
    let Some((folder, expected)) = samples() else { return };
    let (mut read_whole, mut held) = (0, 0);
    let mut faults = Vec::new();
    for (path, known) in of_kind(&expected, "bank/ofx/") {
        let file = read(&folder, path);
        let lists = [&known["ofxtools_1_1_1"]["statements"], &known["ofxparse_0_21"]["accounts"]];
        let precise = lists.iter().any(|l| {
            let sums = l.as_array().into_iter().flatten().flat_map(|a| [&a["sum_credits"], &a["sum_debits"]]);
            sums.filter_map(Value::as_str)
                .any(|t| t.split('.').nth(1).is_some_and(|d| d.len() > 2 && d.trim_end_matches('0').len() > 2))
        });
        if !file.errors.is_empty() {
            held += 1;
            println!("held {path}: {:?} {}", codes(&file), file.errors[0].message);
            let investment = std::fs::read(folder.join(path)).unwrap().windows(9).any(|w| w == b"INVSTMTRS");
            let wanted = match () {
                () if investment => "ofx.kind",
                () if precise => "money.precision",
                () if ["error_message", "signon_fail", "profrs"].iter().any(|part| path.contains(part)) => "ofx.status",
                () => "ofx.no_statement",
            };
            let only_precise = investment && codes(&file).contains(&"money.precision");
            if !codes(&file).contains(&wanted) && !only_precise {
                faults.push(format!("{path}: {:?} and not {wanted}", codes(&file)));
            }
            continue;
        }
        read_whole += 1;
        let Some(list) = lists.iter().find_map(|l| l.as_array().filter(|l| !l.is_empty())) else {
            faults.push(format!("{path}: read, and nobody else does"));
            continue;
        };
        for (statement, wanted) in file.statements.iter().zip(list) {
            let currency = statement.currency.as_str();
            let sum = |name: &str| minor(wanted[name].as_str().unwrap(), currency);
            let found = (
                statement.account.as_str(),
                statement.entries.len() as u64,
                statement.credits(),
                -statement.debits(),
                wanted["currency"].as_str().unwrap_or(currency),
            );
            let known = (
                wanted["account"].as_str().unwrap(),
                wanted["transactions"].as_u64().unwrap(),
                sum("sum_credits"),
                sum("sum_debits"),
                currency,
            );
            if found != known {
                faults.push(format!("{path}: {found:?} for {known:?}"));
            }
        }
        if file.statements.len() != list.len() {
            faults.push(format!("{path}: {} statements for {}", file.statements.len(), list.len()));
        }
        let balances = known["ofxparse_0_21"]["accounts"].as_array().into_iter().flatten();
        for (statement, wanted) in file.statements.iter().zip(balances) {
            let balance = wanted["balance"].as_str().map(|b| minor(b, &statement.currency));
            if statement.closing != balance {
                faults.push(format!("{path}: balance {:?} for {balance:?}", statement.closing));
            }
        }
    }
    println!("ofx: {read_whole} read, {held} held");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(read_whole >= 19, "only {read_whole} were read");
}

#[test]
fn csh_01_bai2_samples_read_or_are_refused_for_their_reason() {
    let Some((folder, expected)) = samples() else { return };
    let mut faults = Vec::new();
    for (path, known) in of_kind(&expected, "bank/bai2/") {
        let file = read(&folder, path);
        println!("{path}: {:?}", file.errors.first());
        let name = path.rsplit('/').next().unwrap();
        // The first was anonymised: 100.00 and 0.01 in make 100.01, and the bank says 100.00.
        let refused = match name {
            "moj-citi_example.bai2" => Some("bai.balance"),
            "moov-sample2.txt" => Some("bai.status"),
            "moov-sample3.txt" => Some("bai.record"),
            _ => None,
        };
        if let Some(code) = refused {
            if !codes(&file).contains(&code) {
                faults.push(format!("{path}: {:?} and not {code}", codes(&file)));
            }
            continue;
        }
        let accounts = known["bai2_0_15_0_integrity_on"]["accounts"].as_array().unwrap();
        let found: Vec<_> = file
            .statements
            .iter()
            .map(|s| {
                (
                    s.account.as_str(),
                    s.currency.as_str(),
                    s.entries.len() as u64,
                    s.credits(),
                    s.debits(),
                    s.opening,
                    s.closing,
                )
            })
            .collect();
        let wanted: Vec<_> = accounts
            .iter()
            .map(|a| {
                let number = |name: &str| a[name].as_i64().unwrap();
                (
                    a["account"].as_str().unwrap(),
                    a["currency"].as_str().unwrap(),
                    a["transactions"].as_u64().unwrap(),
                    number("credits_minor_units"),
                    number("debits_minor_units"),
                    a["summary"]["010"].as_i64(),
                    a["summary"]["015"].as_i64(),
                )
            })
            .collect();
        if found != wanted {
            faults.push(format!("{path}: {found:?} for {wanted:?} {:?}", file.errors));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Banks that do not ship with the product, each a profile that somebody would write.
#[test]
fn csh_01_csv_samples_read_by_profiles_given_as_data() {
    let Some((folder, expected)) = samples() else { return };
    let text = include_str!("fixtures/sample_profiles.json");
    let given: Vec<(String, bank_statement::Profile)> = serde_json::from_str(text).unwrap();
    let mut faults = Vec::new();
    for (name, profile) in &given {
        assert_eq!(profile.problems(), [], "{name}");
        let path = format!("bank/csv/{name}");
        let bytes = std::fs::read(folder.join(&path)).unwrap();
        let format = format!("csv:{}", profile.name);
        let file = bank_statement::read_with(name, &bytes, Some(&format), std::slice::from_ref(profile));
        if !file.errors.is_empty() {
            faults.push(format!("{name}: {:?}", file.errors));
            continue;
        }
        let rows: usize = file.statements.iter().map(|s| s.entries.len()).sum();
        let (credits, debits) = file.statements.iter().fold((0, 0), |(c, d), s| (c + s.credits(), d + s.debits()));
        let totals = &expected[&path]["totals"];
        if totals.is_null() {
            println!("{name}: {rows} rows, in {credits}, out {debits}; nobody else read it");
            continue;
        }
        let known = (
            totals["n"].as_u64().or(totals["transactions"].as_u64()).unwrap(),
            minor(totals["credits"].as_str().unwrap(), "GBP"),
            -minor(totals["debits"].as_str().unwrap(), "GBP"),
        );
        if (rows as u64, credits, debits) != known {
            faults.push(format!("{name}: {:?} for {known:?}", (rows, credits, debits)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(given.len() >= 14);
}

#[test]
fn csh_02_what_is_no_bank_statement_is_never_read_as_one() {
    let Some((folder, expected)) = samples() else { return };
    let mut seen = 0;
    for prefix in
        ["payments/pain/", "bank/ofx-deviations/", "bank/camt-expected", "modulus/", "calendars/", "directdebit/"]
    {
        for (path, _) in of_kind(&expected, prefix) {
            if !folder.join(path).is_file() {
                continue;
            }
            for format in [None, Some("camt"), Some("mt940"), Some("bai2"), Some("ofx"), Some("csv")] {
                let bytes = std::fs::read(folder.join(path)).unwrap();
                let file = bank_statement::read(path, &bytes, format);
                assert!(!file.errors.is_empty() && file.statements.is_empty(), "{path} as {format:?}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 40, "only {seen} files");
}
