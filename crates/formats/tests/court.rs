//! The court's own samples, valid and not, held against what their schemas say of them.
//!
//! The samples are not part of this repository: `SUNDRY_SAMPLES` names their folder.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use sundry_formats::court::{read_bulk, read_defences, read_feedback, read_request, read_submitted};

fn samples() -> Option<(PathBuf, Value)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("SUNDRY_SAMPLES").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let Ok(text) = std::fs::read(folder.join("expected.json")) else {
        let _ = writeln!(std::io::stderr(), "skipped: no samples (set SUNDRY_SAMPLES to their folder)");
        return None;
    };
    Some((folder, serde_json::from_slice(&text).unwrap()))
}

/// What is wrong with a message that is read here; none for one that is not.
fn faults(root: &str, bytes: &[u8]) -> Option<Vec<String>> {
    let told = match root {
        "bulkRequest" => read_bulk(bytes).err(),
        "bulkResponse" => read_submitted(bytes).err(),
        "bulkFeedbackResponse" => read_feedback(bytes).err(),
        "submitQueryResponse" => read_defences(bytes).err(),
        "mcolClaim" | "mcolJudgment" | "mcolWarrant" | "mcolClaimStatusUpdate" | "mcolBreathingSpace" => {
            read_request(bytes).err()
        }
        _ => return None,
    };
    Some(told.unwrap_or_default().iter().map(ToString::to_string).collect())
}

#[test]
fn leg_03_the_courts_samples_are_judged_as_its_schemas_judge_them() {
    let Some((folder, expected)) = samples() else { return };
    let (mut valid, mut invalid, mut wrong) = (0, 0, Vec::new());
    let of_court =
        |prefix: &'static str| expected.as_object().unwrap().iter().filter(move |(path, _)| path.starts_with(prefix));
    for (path, known) in of_court("court-sdt/validation/").chain(of_court("court-sdt/e2e/")) {
        let (Some(root), Some(schemas)) = (known["root"].as_str(), known["schemas"].as_object()) else { continue };
        // A service's own error is told as one, though the schema knows nothing of it; a target's own messages have
        // another schema.
        let ours = schemas.keys().any(|schema| !schema.contains("TargetApp"));
        let Some(found) = faults(root, &std::fs::read(folder.join(path)).unwrap()).filter(|_| ours) else { continue };
        match schemas.values().all(|is| is == true) {
            true if found.iter().all(|fault| fault.starts_with("court.service_error")) => valid += 1,
            true => wrong.push(format!("{path}: valid, and refused: {}", found.join("; "))),
            // A test service answers with an empty reference and no date: taken, for the bulk is known by ours.
            false if path.contains("/e2e/") => {}
            false if found.is_empty() => wrong.push(format!("{path}: not valid, and taken")),
            false => invalid += 1,
        }
    }
    println!("court: {valid} valid, {invalid} not");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(valid >= 12 && invalid >= 10, "{valid} valid, {invalid} not");
}
