//! Rooms follow the money: a room may use any room above it and none below.
//!
//! Read from the paths in the code, not only its `use` lines, so that
//! `crate::recovery::due(...)` in the middle of `cash` is seen too.
//! Because the order is total, nothing that passes can be circular.
use crate::repo::{File, Finding, line_of};
use crate::rust;

/// The rooms, from the ledger down.
pub const ROOMS: [&str; 15] = [
    "ledger",
    "customers",
    "law",
    "billing",
    "delivery",
    "queries",
    "plans",
    "cash",
    "recovery",
    "court",
    "writeoff",
    "care",
    "close",
    "reports",
    "work",
];

/// What lies under every room, and so uses none.
const FOUNDATIONS: [&str; 8] = ["money", "calendar", "ids", "reference", "refusal", "words", "control", "engine"];

/// Crates with rooms in them.
const STOREYS: [&str; 3] = ["domain", "store", "desk"];

/// For each crate of ours, the crates of ours it may depend on.
const ARROWS: [(&str, &[&str]); 6] = [
    ("domain", &[]),
    ("formats", &[]),
    ("paper", &[]),
    ("store", &["domain"]),
    ("desk", &["domain", "store", "formats", "paper"]),
    // The doors open databases and write files themselves: decision 8.
    ("sundry", &["desk", "domain", "store", "formats"]),
];

/// Uses of a lower room that stand for now: the room, what it uses, and how it is to be mended.
///
/// A use that is not here is refused; one that has gone must be taken out.
const BORROWED: [(&str, &str, &str); 6] = [
    ("billing", "queries", "an invoice's page lists its queries: the page should ask `queries` itself"),
    ("close", "reports", "closing keeps the aged debt as a snapshot: let `reports` be told of the close"),
    ("customers", "reports", "the account strip ages its items: ageing belongs in `ledger`"),
    ("delivery", "reports", "a statement ages its items: ageing belongs in `ledger`"),
    ("delivery", "plans", "the holds are asked again when a letter leaves: holds belong above delivery"),
    ("queries", "plans", "a dispute places a hold: holds belong above queries"),
];

/// Every use of a room from above it.
pub fn upward_uses(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let Some(here) = place_of(&file.path) else { continue };
        let code = rust::code_without_tests(&file.text);
        for (offset, there) in modules_named(&code, supers_to_root(&file.path)) {
            let Some(rank) = rank(&there) else { continue };
            let borrowed = BORROWED.iter().any(|(room, lower, _)| *room == here.name && *lower == there);
            if rank > here.rank && !borrowed {
                findings.push(Finding::at(
                    &file.path,
                    line_of(&code, offset),
                    format!("`{}` may not use `{there}`, which lies below it; let `{there}` come and ask", here.name),
                ));
            }
        }
    }
    findings
}

/// Every dependency between our crates that the plan of the building lacks.
pub fn wrong_arrows(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, allowed) in ARROWS {
        let path = format!("crates/{name}/Cargo.toml");
        let Some(manifest) = files.iter().find(|file| file.path == path) else {
            continue;
        };
        let mut section = "";
        for (n, line) in manifest.text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                section = line;
            }
            let Some(other) = line.strip_prefix("sundry-").filter(|_| section == "[dependencies]") else {
                continue;
            };
            let other = other.split(['.', ' ', '=']).next().unwrap_or(other);
            if !allowed.contains(&other) {
                findings.push(Finding::at(&path, n + 1, format!("`{name}` may not depend on `{other}`")));
            }
        }
    }
    findings
}

/// A room or a foundation, and how far down it lies.
struct Place {
    name: String,
    rank: usize,
}

fn rank(name: &str) -> Option<usize> {
    ROOMS.iter().position(|room| *room == name).map(|n| n + 1)
}

/// The room, or the foundation, that a source file belongs to.
fn place_of(path: &str) -> Option<Place> {
    let (storey, rest) = path.strip_prefix("crates/")?.split_once("/src/")?;
    if !STOREYS.contains(&storey) {
        return None;
    }
    let name = rest.split('/').next()?.trim_end_matches(".rs").to_owned();
    let rank = rank(&name).or_else(|| FOUNDATIONS.contains(&name.as_str()).then_some(0))?;
    Some(Place { name, rank })
}

/// How many `super::` lead from a file's own module to the crate's root.
fn supers_to_root(path: &str) -> usize {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let parts = inside.split('/').count();
    if inside.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// Modules at a crate's root that the code names, with the offset of each.
fn modules_named(code: &str, supers: usize) -> Vec<(usize, String)> {
    let root_by_super = "super::".repeat(supers);
    let mut found = Vec::new();
    for prefix in ["crate::", "sundry_domain::", "sundry_store::", "sundry_desk::", &root_by_super] {
        for (at, _) in code.match_indices(prefix) {
            // `super::super::x` holds `super::x`, which is some other module's business.
            let part_of_longer = code[..at].ends_with("::") || code[..at].ends_with(|c: char| c.is_alphanumeric());
            if !part_of_longer {
                found.extend(heads(code, at + prefix.len()));
            }
        }
    }
    found
}

/// The first segments at `at`: one for a path, several for a braced group.
fn heads(code: &str, at: usize) -> Vec<(usize, String)> {
    let rest = &code[at..];
    if !rest.starts_with('{') {
        return rust::identifiers(first_segment(rest)).into_iter().map(|(n, word)| (at + n, word.into())).collect();
    }
    let end = rust::closing(code, at);
    let mut depth = 0usize;
    let mut start = at + 1;
    let mut found = Vec::new();
    for (n, c) in code[at..end].char_indices() {
        let ends_one = matches!(c, ',' | '}') && depth == 1;
        if ends_one {
            let piece = &code[start..at + n];
            if let Some((offset, word)) = rust::identifiers(piece).into_iter().next() {
                found.push((start + offset, word.to_owned()));
            }
            start = at + n + 1;
        }
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

fn first_segment(rest: &str) -> &str {
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    fn whats(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|f| f.place).collect()
    }

    #[test]
    fn a_room_may_use_rooms_above_it() {
        let above = file("crates/domain/src/cash/allocate.rs", "use crate::{ledger::Item, money::Pence, cash::X};");
        assert_eq!(upward_uses(&[above]), []);
    }

    #[test]
    fn a_room_may_not_use_rooms_below_it_however_it_is_written() {
        let files = [
            file("crates/domain/src/cash.rs", "use crate::{\n    ledger::{Item, recovery},\n    recovery::Step,\n};"),
            file("crates/store/src/ledger.rs", "\nfn f() { sundry_domain::reports::age(); }"),
            file("crates/desk/src/billing/raise.rs", "use super::super::work::Task;"),
            file("crates/domain/src/control.rs", "use super::ledger;"),
        ];
        let expected = [
            "crates/domain/src/cash.rs:3",
            "crates/store/src/ledger.rs:2",
            "crates/desk/src/billing/raise.rs:1",
            "crates/domain/src/control.rs:1",
        ];
        assert_eq!(whats(upward_uses(&files)), expected);
    }

    #[test]
    fn comments_tests_and_own_submodules_do_not_count() {
        let files = [
            file("crates/domain/src/cash.rs", "// crate::recovery\n#[cfg(test)]\nmod tests { use crate::recovery; }"),
            file("crates/domain/src/cash/allocate.rs", "use super::recovery;"),
            file("crates/desk/src/demo.rs", "use crate::work;"),
        ];
        assert_eq!(upward_uses(&files), []);
    }

    #[test]
    fn crates_depend_only_along_the_arrows() {
        let files = [
            file(
                "crates/store/Cargo.toml",
                "[dependencies]\nsundry-domain.workspace = true\nsundry-desk.workspace = true\n",
            ),
            file("crates/domain/Cargo.toml", "[dependencies]\n[dev-dependencies]\nsundry-formats.workspace = true\n"),
        ];
        assert_eq!(whats(wrong_arrows(&files)), ["crates/store/Cargo.toml:3"]);
    }
}
