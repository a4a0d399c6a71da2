//! The official rules of Peppol BIS Billing 3.0 and of EN 16931, run on documents of ours.
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn say(words: &str) {
    // Straight to the terminal: what `println!` says is kept from whoever runs the tests.
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// The folder of samples of e-invoices and their rules, if there is one.
pub fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("SUNDRY_SAMPLES").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let folder = folder.join("einvoice");
    if !folder.join("rules").exists() {
        say("skipped: no e-invoice rules and samples (set SUNDRY_SAMPLES to their folder)");
        return None;
    }
    Some(folder)
}

/// What the official rules find in each UBL document, in their order; none, said visibly, when they cannot be run here.
pub fn found_by_rules(documents: &[Vec<u8>]) -> Option<Vec<Vec<String>>> {
    found("--ubl", documents)
}

/// What the rules of EN 16931 find in each CII document.
pub fn found_by_cii_rules(documents: &[Vec<u8>]) -> Option<Vec<Vec<String>>> {
    found("--cii", documents)
}

fn found(kind: &str, documents: &[Vec<u8>]) -> Option<Vec<Vec<String>>> {
    let samples = samples()?;
    let modules = std::env::var_os("SUNDRY_NODE_MODULES").map_or_else(|| root().join("node_modules"), PathBuf::from);
    if !modules.join("xslt3").exists() {
        say("skipped: node_modules has no xslt3; run npm ci");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let files: Vec<PathBuf> = documents
        .iter()
        .enumerate()
        .map(|(at, bytes)| {
            let path = folder.path().join(format!("{at:03}.xml"));
            std::fs::write(&path, bytes).expect("writes");
            path
        })
        .collect();
    let out = Command::new("node")
        .arg(root().join("tests/support/peppol.mjs"))
        .arg(samples.join("rules"))
        .arg(root().join("target/peppol-rules"))
        .arg(kind)
        .args(&files)
        .output()
        .expect("node starts");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).expect("text");
    let words = |line: &str| -> Vec<String> {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let one = |found: &Value| {
            format!("{} {}", found["flag"].as_str().unwrap_or(""), found["words"].as_str().unwrap_or(""))
        };
        line["found"].as_array().expect("a list").iter().map(one).collect()
    };
    let all: Vec<_> = text.lines().map(words).collect();
    assert_eq!(all.len(), documents.len());
    Some(all)
}
