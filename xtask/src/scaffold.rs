//! Writes the files of a new use case, where a reader would look for them.
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::rooms::ROOMS;

/// Writes the files and prints the lines to add by hand; never writes over a file.
pub fn run(root: &Path, room: &str, command: &str) -> Result<()> {
    let files = files_of(room, command)?;
    for (path, _) in &files {
        ensure!(!root.join(path).exists(), "{path} is there already; nothing was written");
    }
    for (path, text) in &files {
        let to = root.join(path);
        let folder = to.parent().context("a file has a folder")?;
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        std::fs::write(&to, text).with_context(|| path.clone())?;
        println!("written  {path}");
    }
    for line in by_hand(room, command) {
        println!("by hand  {line}");
    }
    Ok(())
}

/// Paths and contents, in the order in which they are best read and filled in.
fn files_of(room: &str, command: &str) -> Result<Vec<(String, String)>> {
    ensure!(ROOMS.contains(&room), "{room} is not a room; the rooms are {}", ROOMS.join(" "));
    let plain = !command.is_empty()
        && command.split('_').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()));
    ensure!(plain && command.contains('_'), "a command is verb_noun in small letters, such as allocate_receipt");
    let verb = command.split('_').next().unwrap_or(command);
    let sentence = sentence(command);
    let camel: String = command.split('_').map(capitalised).collect();
    let hyphens = command.replace('_', "-");
    let decision = format!(
        "//! {sentence}: the decision. Takes facts and a date, returns what happens or a refusal.\n\n\
         #[cfg(test)]\nmod tests {{\n    // Name each test for its worked example or catalogue line: `gl_e12_...`.\n}}\n"
    );
    let use_case = format!(
        "//! {sentence}: may they, load, decide, record, tell.\n\n\
         /// What is asked for.\n#[derive(Clone, Debug)]\npub struct {camel} {{\n    \
         /// The same key again gives the same answer again.\n    pub key: String,\n}}\n"
    );
    let page = format!("//! {sentence}: `view` shows the form, `submit` calls the desk and shows the answer.\n");
    let api = format!("//! {sentence}: one route with its duty, its OpenAPI and examples that are tested.\n");
    let template = format!(
        "{{% extends \"layout.html\" %}}\n{{% block content %}}\n\
         <h1 class=\"govuk-heading-l\">{sentence}</h1>\n{{% endblock %}}\n"
    );
    let story = format!("# {sentence}: what a person does, and what they then see\n");
    Ok(vec![
        (format!("crates/domain/src/{room}/{verb}.rs"), decision),
        (format!("crates/desk/src/{room}/{command}.rs"), use_case),
        (format!("crates/sundry/src/web/{room}/{command}.rs"), page),
        (format!("crates/sundry/src/api/{room}/{command}.rs"), api),
        (format!("crates/sundry/templates/{room}/{command}.html"), template),
        (format!("tests/stories/{room}/{hyphens}.story"), story),
    ])
}

fn by_hand(room: &str, command: &str) -> Vec<String> {
    let verb = command.split('_').next().unwrap_or(command);
    vec![
        format!("`pub mod {verb};` in crates/domain/src/{room}, and the refusals in its refusals.rs"),
        format!(
            "`pub mod {command};` in crates/desk/src/{room}, crates/sundry/src/web/{room} and crates/sundry/src/api/{room}"
        ),
        format!("the statements it needs in crates/store/src/{room}.rs"),
        format!("the route with its duty, and `sundry {room} {verb}` in crates/sundry/src/cli"),
        format!("what it does, for whom and what it refuses in handbook/rooms/{room}.md"),
    ]
}

fn sentence(command: &str) -> String {
    capitalised(&command.replace('_', " "))
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_where_the_room_is() {
        let paths: Vec<String> = files_of("cash", "allocate_receipt")
            .expect("a room and a command")
            .into_iter()
            .map(|(path, _)| path)
            .collect();
        let expected = [
            "crates/domain/src/cash/allocate.rs",
            "crates/desk/src/cash/allocate_receipt.rs",
            "crates/sundry/src/web/cash/allocate_receipt.rs",
            "crates/sundry/src/api/cash/allocate_receipt.rs",
            "crates/sundry/templates/cash/allocate_receipt.html",
            "tests/stories/cash/allocate-receipt.story",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn refuses_what_is_not_a_room_or_not_verb_noun() {
        assert!(files_of("kitchen", "allocate_receipt").is_err());
        for wrong in ["allocate", "AllocateReceipt", "allocate__receipt", "../etc_passwd"] {
            assert!(files_of("cash", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn never_writes_over_a_file() {
        let root = std::env::temp_dir().join(format!("sundry-scaffold-{}", std::process::id()));
        run(&root, "cash", "allocate_receipt").expect("first time");
        let again = run(&root, "cash", "allocate_receipt").expect_err("second time").to_string();
        std::fs::remove_dir_all(&root).expect("our own folder");
        assert!(again.contains("nothing was written"), "{again}");
    }
}
