//! The handbook: pages that come from the code, and links that must lead somewhere.
use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use crate::repo::{self, File, Finding};
use crate::rust;

/// The page of refusals, written from the code.
pub const REFUSALS: &str = "handbook/reference/refusals.md";

const SUMMARY: &str = "handbook/SUMMARY.md";

/// A kind of refusal as the code declares it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    room: String,
    code: String,
    about: String,
    way_out: String,
    rule: String,
}

/// Writes every generated page.
pub fn write_generated(root: &Path) -> Result<()> {
    let page = refusals_page(&refusals(&repo::files(root)?));
    let path = root.join(REFUSALS);
    let changed = std::fs::read_to_string(&path).is_ok_and(|old| old == page);
    std::fs::write(&path, page).with_context(|| path.display().to_string())?;
    println!("{REFUSALS}: {}", if changed { "unchanged" } else { "written" });
    Ok(())
}

/// Compares every generated page with what the code says now.
pub fn compare_generated(root: &Path) -> Result<bool> {
    let findings = stale(&repo::files(root)?);
    for finding in &findings {
        println!("{}: {}", finding.place, finding.what);
    }
    Ok(findings.is_empty())
}

/// Generated pages that the code has left behind, and codes that stand in two places.
pub fn stale(files: &[File]) -> Vec<Finding> {
    let refusals = refusals(files);
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for refusal in &refusals {
        if !seen.insert(&refusal.code) {
            findings
                .push(Finding::whole(REFUSALS, format!("{} is declared twice; a code has one meaning", refusal.code)));
        }
    }
    let page = files.iter().find(|file| file.path == REFUSALS).map_or("", |file| file.text.as_str());
    if page != refusals_page(&refusals) {
        let missing: Vec<&str> = refusals
            .iter()
            .map(|refusal| refusal.code.as_str())
            .filter(|code| !page.contains(&format!("`{code}`")))
            .collect();
        let what = format!("not what the code says (codes missing: {}); run `cargo xtask docs`", listed(&missing));
        findings.push(Finding::whole(REFUSALS, what));
    }
    findings
}

/// Entries of the summary that do not exist, pages it leaves out, and links that lead nowhere.
pub fn lost_pages(root: &Path, files: &[File]) -> Vec<Finding> {
    let Some(summary) = files.iter().find(|file| file.path == SUMMARY) else {
        return vec![Finding::whole(SUMMARY, "there is no summary")];
    };
    let mut findings = Vec::new();
    let listed: BTreeSet<String> = links(&summary.text).into_iter().map(|(_, to)| to).collect();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
        for (line, to) in links(&file.text) {
            let target = root.join(folder).join(&to);
            if !target.exists() {
                findings.push(Finding::at(&file.path, line, format!("leads to {to}, which is not there")));
            }
        }
        let inside = file.path.strip_prefix("handbook/").filter(|inside| *inside != "SUMMARY.md");
        if let Some(inside) = inside.filter(|inside| !listed.contains(*inside)) {
            findings.push(Finding::whole(&file.path, format!("{inside} is not in {SUMMARY}")));
        }
    }
    findings
}

/// Links within the checkout, without their anchors, each with its line.
fn links(markdown: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (n, line) in markdown.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let Some(end) = line[at + 2..].find(')') else { continue };
            let to = line[at + 2..at + 2 + end].split(['#', ' ']).next().unwrap_or_default();
            if !to.is_empty() && !to.contains(':') {
                found.push((n + 1, to.to_owned()));
            }
        }
    }
    found
}

/// Every kind of refusal declared in our crates, by room and code.
fn refusals(files: &[File]) -> Vec<Refusal> {
    let sources = files.iter().filter(|file| file.is_rust() && file.path.starts_with("crates/"));
    let mut found: Vec<Refusal> = sources.flat_map(refusals_in).collect();
    found.sort();
    found
}

fn refusals_in(file: &File) -> Vec<Refusal> {
    let code = rust::code_without_tests(&file.text);
    let room = file.path.split("/src/").nth(1).and_then(|inside| inside.split('/').next()).unwrap_or_default();
    let room = room.trim_end_matches(".rs").to_owned();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("RefusalKind {") {
        let open = at + "RefusalKind ".len();
        let body = open..rust::closing(&code, open);
        let field = |name: &str| {
            let from = code[body.clone()].find(name)? + body.start;
            rust::string_after(&file.text, from)
        };
        // A declaration gives all three as literals; the type itself and macros do not.
        if let (Some(code_text), Some(rule), Some(way_out)) = (field("code:"), field("rule:"), field("way_out:"))
            && is_code(&code_text)
        {
            let declared = code[..at].rfind("const ").unwrap_or(at);
            let about = comment_above(&file.text, declared);
            found.push(Refusal { room: room.clone(), code: code_text, about, way_out, rule });
        }
    }
    for (at, _) in code.match_indices("refusals! {") {
        found.extend(listed_in_macro(file, &code, at + "refusals! ".len(), &room));
    }
    found
}

/// The lines `NAME = "CODE", "rule", "way out";` of a room's list.
fn listed_in_macro(file: &File, code: &str, open: usize, room: &str) -> Vec<Refusal> {
    let body = open..rust::closing(code, open);
    let names = code[body.clone()].match_indices('=').map(|(n, _)| body.start + n);
    let read = |equals: usize| {
        let [code_text, rule, way_out] = rust::strings_after(&file.text, equals);
        let name = code[..equals].trim_end().rfind(char::is_whitespace).map_or(equals, |n| n + 1);
        let about = comment_above(&file.text, name);
        Some(Refusal { room: room.into(), code: code_text?, about, way_out: way_out?, rule: rule? })
    };
    names.filter_map(read).filter(|refusal| is_code(&refusal.code)).collect()
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
}

/// The doc comment of the declaration that holds `at`.
fn comment_above(source: &str, at: usize) -> String {
    let before = source[..at].rsplit_once('\n').map_or("", |(before, _)| before);
    let comments = before.lines().rev().take_while(|line| line.trim_start().starts_with("///"));
    let mut lines: Vec<&str> = comments.map(|line| line.trim_start().trim_start_matches('/').trim()).collect();
    lines.reverse();
    lines.join(" ")
}

fn refusals_page(refusals: &[Refusal]) -> String {
    let mut page = String::from(
        "<!-- Written by `cargo xtask docs` from the code. Change the code, not this page. -->\n# Refusals\n\n\
         A refusal means that a rule says no. Nothing has been changed, and nothing is broken. Each has a code\n\
         that never changes its meaning, so it can be quoted in a call, a procedure or a program.\n\
         The page shows it in the error summary, the API answers 409, the command line exits with 3.\n",
    );
    let mut room = "";
    for refusal in refusals {
        if refusal.room != room {
            room = &refusal.room;
            page.push_str(&format!("\n## {room}\n\n| code | says no when | the way out | rule |\n|---|---|---|---|\n"));
        }
        let cells = [&refusal.about, &refusal.way_out, &refusal.rule].map(|cell| cell.replace('|', "\\|"));
        page.push_str(&format!("| `{}` | {} |\n", refusal.code, cells.join(" | ")));
    }
    page
}

fn listed(codes: &[&str]) -> String {
    if codes.is_empty() { "none".into() } else { codes.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> File {
        let text = "/// A declaration of the type.\npub struct RefusalKind { pub code: &'static str }\n\
            /// More than the item has open.\npub const MORE_THAN_OPEN: RefusalKind = RefusalKind {\n    \
            code: \"CSH-MORE-THAN-OPEN\", // why\n    rule: \"GL-02\",\n    way_out: \"Allocate less, \\\n        or ask.\",\n};\n";
        File { path: "crates/domain/src/cash/refusals.rs".into(), text: text.into() }
    }

    #[test]
    fn finds_each_kind_with_its_words() {
        let expected = Refusal {
            room: "cash".into(),
            code: "CSH-MORE-THAN-OPEN".into(),
            about: "More than the item has open.".into(),
            way_out: "Allocate less, or ask.".into(),
            rule: "GL-02".into(),
        };
        assert_eq!(refusals(&[source()]), [expected]);
    }

    #[test]
    fn finds_each_kind_of_a_list() {
        let text = "refusals! {\n    /// The day is shut.\n    /// Quite.\n    SHUT = \"GL-1\", \"r\",\n        \
            \"Use; another = day.\";\n    /// No.\n    NO = \"GL-2\", \"s\", \"Ask.\";\n}\n";
        let found = refusals(&[File { path: "crates/domain/src/ledger/refusals.rs".into(), text: text.into() }]);
        let told: Vec<String> =
            found.iter().map(|r| format!("{} {} {} {}", r.code, r.about, r.rule, r.way_out)).collect();
        assert_eq!(told, ["GL-1 The day is shut. Quite. r Use; another = day.", "GL-2 No. s Ask."]);
    }

    #[test]
    fn minds_a_page_left_behind_and_a_code_used_twice() {
        let page = File { path: REFUSALS.into(), text: refusals_page(&refusals(&[source()])) };
        assert_eq!(stale(&[source(), page.clone()]), []);
        let what = &stale(&[source()])[0].what;
        assert!(what.contains("CSH-MORE-THAN-OPEN"), "{what}");
        let twice = File { path: "crates/domain/src/work.rs".into(), ..source() };
        assert!(stale(&[source(), twice, page]).iter().any(|finding| finding.what.contains("twice")));
    }

    #[test]
    fn reads_links_but_not_code_or_other_sites() {
        let text = "[a](b.md#c) [d](https://e)\n```\n[x](y.md)\n```\n[f](#g) [h](i/j.md)\n";
        assert_eq!(links(text), [(1, "b.md".into()), (5, "i/j.md".into())]);
    }
}
