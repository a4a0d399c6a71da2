//! The rule book's worked examples and the capability rows, and their tests.
//!
//! `tests/ids.txt` lists the ids. A worked example must have a test named for
//! it (`lp_e3_...`); one marked `later` is counted and told, but not minded.
use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use crate::repo::File;
use crate::rust;

/// What `tests/ids.txt` asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Worked examples that must have a test (`LP-E3`).
    pub examples: Vec<String>,
    /// Worked examples of rooms that are not built yet.
    pub later: Vec<String>,
    /// Capability rows, told and not minded (`CUS-01`).
    pub capabilities: Vec<String>,
}

/// Reads the list: `example`, `later` or `capability`, then an id or a range, then why.
pub fn parse(text: &str) -> Result<Asked> {
    let mut asked = Asked::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let (kind, range) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let ids = expand(range).with_context(|| format!("tests/ids.txt: {line}"))?;
        match kind {
            "example" => asked.examples.extend(ids),
            "later" => asked.later.extend(ids),
            "capability" => asked.capabilities.extend(ids),
            other => anyhow::bail!("tests/ids.txt: `{other}` is not example, later or capability"),
        }
    }
    asked.examples.retain(|id| !asked.later.contains(id));
    Ok(asked)
}

/// `LP-E1..12` is LP-E1 to LP-E12; `CUS-01..19` keeps its noughts.
fn expand(range: &str) -> Result<Vec<String>> {
    let Some((first, last)) = range.split_once("..") else {
        ensure!(!range.is_empty(), "no id");
        return Ok(vec![range.into()]);
    };
    let digits = first.len() - first.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (stem, from) = first.split_at(first.len() - digits);
    let (from, to): (u32, u32) = (from.parse().context("first number")?, last.parse().context("last number")?);
    ensure!(from <= to, "the range runs backwards");
    let width = if digits == last.len() { digits } else { 0 };
    Ok((from..=to).map(|n| format!("{stem}{n:0width$}")).collect())
}

/// The ids that have a test named for them.
pub fn tested(files: &[File], ids: &[String]) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut told = String::new();
    for file in files {
        if file.is_rust() {
            let code = rust::code_only(&file.text);
            names.extend(rust::identifiers(&code).into_iter().map(|(_, word)| word.to_lowercase()));
        } else if file.path.starts_with("tests/") && file.path != "tests/ids.txt" {
            told.push_str(&file.path.to_lowercase());
            told.push('\n');
            told.push_str(&file.text.to_lowercase());
            told.push('\n');
        }
    }
    ids.iter().filter(|id| is_named(id, &names) || is_told(&id.to_lowercase(), &told)).cloned().collect()
}

/// Whether a function carries the id at the start of its name.
fn is_named(id: &str, names: &BTreeSet<String>) -> bool {
    let stem = id.to_lowercase().replace('-', "_");
    names.range(stem.clone()..).take_while(|name| name.starts_with(&stem)).any(|name| {
        let after = &name[stem.len()..];
        after.is_empty() || after.starts_with('_')
    })
}

/// Whether a story or a browser journey names the id.
fn is_told(id: &str, told: &str) -> bool {
    told.match_indices(id).any(|(at, _)| !told[at + id.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Vec<String> {
        vec![text.into()]
    }

    #[test]
    fn ranges_keep_their_width() {
        assert_eq!(expand("LP-E9..11").expect("a range"), ["LP-E9", "LP-E10", "LP-E11"]);
        assert_eq!(expand("CUS-01..02").expect("a range"), ["CUS-01", "CUS-02"]);
        assert!(expand("CUS-02..01").is_err());
    }

    #[test]
    fn later_takes_an_example_out_of_what_is_minded() {
        let asked = parse("# why\nexample REC-E6..8\nlater REC-E7 agencies\n").expect("a list");
        assert_eq!(asked.examples, ["REC-E6", "REC-E8"]);
        assert_eq!(asked.later, ["REC-E7"]);
    }

    #[test]
    fn a_test_is_named_for_its_own_id_only() {
        let rust = File { path: "a.rs".into(), text: "fn lp_e12_late() {} // lp_e3_x\nfn help_e4() {}".into() };
        assert!(tested(std::slice::from_ref(&rust), &id("LP-E12")).contains("LP-E12"));
        for other in ["LP-E1", "LP-E3", "LP-E4"] {
            assert!(tested(std::slice::from_ref(&rust), &id(other)).is_empty(), "{other}");
        }
    }

    #[test]
    fn stories_and_journeys_count_by_what_they_say() {
        let story = File { path: "tests/stories/cash/a.story".into(), text: "# CSH-01: gl-e12".into() };
        assert_eq!(tested(std::slice::from_ref(&story), &id("CSH-01")).len(), 1);
        assert!(tested(&[story], &id("GL-E1")).is_empty());
    }
}
