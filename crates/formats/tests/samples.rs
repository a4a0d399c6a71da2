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
