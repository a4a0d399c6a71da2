//! Words that may not be committed: the project stands alone, on any machine.
use crate::repo::{File, Finding};

/// Pieces of paths and hosts that belong to one machine or one supplier.
///
/// Written in two halves so that this file does not hold what it forbids.
const FORBIDDEN: [(&str, &str, &str); 9] = [
    ("/work/ma", "in", "a path of one machine"),
    ("/ro", "ot/", "a path of one machine"),
    ("/Us", "ers/", "a path of one machine"),
    ("/tmp/", "target", "a path of one machine"),
    ("registry.npm", "js.org", "a registry host; the machine's own settings choose it"),
    ("index.crates", ".io", "a registry host; the machine's own settings choose it"),
    ("static.crates", ".io", "a registry host; the machine's own settings choose it"),
    ("deb.debian", ".org", "a package host; the machine's own settings choose it"),
    ("<<<<<<", "< ", "what a merge left behind"),
];

/// Where sample files outside the checkout may be named: beside this variable, in a test.
const SAMPLES_VARIABLE: &str = "SUNDRY_SAMPLES";

/// Every forbidden word in the files.
pub fn forbidden(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        // Cargo.lock names the one registry by rule of its format.
        if file.path == "Cargo.lock" {
            continue;
        }
        for (n, line) in file.text.lines().enumerate() {
            for (left, right, why) in FORBIDDEN {
                let word = format!("{left}{right}");
                if line.contains(&word) {
                    findings.push(Finding::at(&file.path, n + 1, format!("`{word}` is {why}")));
                }
            }
            if names_outside_samples(line) && !(line.contains(SAMPLES_VARIABLE) && is_test(file)) {
                let what =
                    format!("files outside the checkout are found by {SAMPLES_VARIABLE}, in tests, and only there");
                findings.push(Finding::at(&file.path, n + 1, what));
            }
        }
    }
    findings
}

fn names_outside_samples(line: &str) -> bool {
    let word = concat!("shared", "/");
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let starts_a_path = before.is_none_or(|c| " \"'`(=".contains(c));
        starts_a_path || line[..at].ends_with("../")
    })
}

fn is_test(file: &File) -> bool {
    file.path.contains("tests/") || file.path.contains("/tests") || file.text.contains("#[cfg(test)]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        forbidden(&[File { path: path.into(), text: text.into() }]).len()
    }

    #[test]
    fn minds_machine_paths_and_hosts() {
        assert_eq!(findings("a.md", &format!("see {}work/main/x and https://registry.{}", "/", "npmjs.org/x")), 2);
        assert_eq!(findings("a.md", &format!("a {}/service centre", "shared")), 1);
        assert_eq!(findings("a.md", "a shared-service centre, templates-shared/x"), 0);
    }

    #[test]
    fn samples_are_named_only_in_tests_beside_their_variable() {
        let line = format!("let dir = env_or(\"SUNDRY_SAMPLES\", \"../{}/data\");", "shared");
        assert_eq!(findings("crates/formats/tests/samples.rs", &line), 0);
        assert_eq!(findings("crates/formats/src/camt.rs", &line), 1);
    }
}
