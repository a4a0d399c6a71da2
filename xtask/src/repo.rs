//! Where the checkout is and what is in it.
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A text file of the checkout.
#[derive(Clone, Debug)]
pub struct File {
    /// Path from the root, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// Whether this is Rust source.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// One thing that tidy minds: where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `path:line`, or the path alone.
    pub place: String,
    /// A sentence.
    pub what: String,
}

impl Finding {
    /// A finding at a line of a file, counted from 1.
    pub fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { place: format!("{path}:{line}"), what: what.into() }
    }

    /// A finding about a whole file.
    pub fn whole(path: &str, what: impl Into<String>) -> Self {
        Self { place: path.into(), what: what.into() }
    }
}

/// The root of the checkout: the folder above this crate.
pub fn root() -> Result<PathBuf> {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&here).parent().context("xtask has no folder above it")?;
    Ok(root.to_path_buf())
}

/// Every text file that is, or is about to be, committed.
pub fn files(root: &Path) -> Result<Vec<File>> {
    let out = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("git ls-files did not start")?;
    ensure!(out.status.success(), "git ls-files: {}", String::from_utf8_lossy(&out.stderr));
    let names = String::from_utf8(out.stdout).context("a file name is not UTF-8")?;
    let mut found = Vec::new();
    for path in names.split('\0').filter(|name| !name.is_empty()) {
        // A file deleted but not yet committed is listed and absent; pictures and fonts are not text.
        if let Ok(bytes) = std::fs::read(root.join(path))
            && let Ok(text) = String::from_utf8(bytes)
        {
            found.push(File { path: path.into(), text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The line, counted from 1, on which a byte offset falls.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}
