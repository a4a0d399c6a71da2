//! Chores of the house, run as `cargo xtask CHORE`.
//!
//! `tidy` checks what the compiler cannot, `scaffold` writes the files of a new
//! use case, `docs` writes the handbook pages that come from the code, and
//! `assets` makes the styles and fonts the binary embeds.
#[allow(dead_code, reason = "the build script of `sundry` uses the rest of it")]
mod assets;
mod handbook;
mod ids;
mod repo;
mod rooms;
mod rust;
mod scaffold;
mod shape;
mod tidy;
mod words;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask tidy                       check rooms, words, named tests, shape and handbook
cargo xtask docs [--check]             write (or only compare) the generated handbook pages
cargo xtask scaffold ROOM COMMAND      write the files of a new use case
cargo xtask assets [FOLDER]            make the embedded styles, scripts and fonts, to look at them";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("xtask: {fault:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs one chore; false when it found something wrong.
fn run(words: &[String]) -> Result<bool> {
    let root = repo::root()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => tidy::run(&root),
        ["docs"] => handbook::write_generated(&root).map(|()| true),
        ["docs", "--check"] => handbook::compare_generated(&root),
        ["scaffold", room, command] => scaffold::run(&root, room, command).map(|()| true),
        ["assets"] => make_assets(&root, &root.join("target/assets")),
        ["assets", folder] => make_assets(&root, Path::new(folder)),
        _ => bail!("not understood: {:?}\n{USAGE}", words.join(" ")),
    }
}

fn make_assets(root: &Path, folder: &Path) -> Result<bool> {
    std::fs::create_dir_all(folder)?;
    assets::write(root, folder).map_err(anyhow::Error::msg)?;
    println!("assets are in {}", folder.display());
    Ok(true)
}
