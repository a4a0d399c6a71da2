//! ZIP files opened with limits, so that a small file cannot become a large one in memory.

use crate::problem::{FormatProblem, shown};
use std::io::{Cursor, Read};

/// The most members accepted.
const MOST_MEMBERS: usize = 100;
/// The most bytes accepted when everything is unpacked.
const LARGEST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// The most bytes of one member: no reader takes a larger file.
const LARGEST_MEMBER: u64 = crate::text::LARGEST_FILE as u64;
/// How many times larger than its packed form a member may be, once it is over a megabyte.
const LARGEST_RATIO: u64 = 250;

/// One file of a ZIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name in the ZIP; never used as a path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a ZIP's directory says before anything is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Members, folders included.
    pub members: usize,
    /// The unpacked size that the directory states, in bytes.
    pub unpacked: u64,
}

/// Reads the directory and refuses what could not be unpacked safely.
///
/// # Errors
/// When it is not a ZIP, has too many members, states too large a size or ratio, is encrypted, or names a path outside.
pub fn check(bytes: &[u8], most_members: usize, largest: u64) -> Result<Directory, FormatProblem> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let members = archive.len();
    if members > most_members {
        return Err(problem(
            "zip.too_many_members",
            "",
            &format!("it has {members} members; at most {most_members} are opened"),
        ));
    }
    let mut unpacked = 0u64;
    for index in 0..members {
        let member = archive.by_index_raw(index).map_err(|e| damaged(&e.to_string()))?;
        let name = shown(&member.name().map_err(|e| damaged(&e.to_string()))?);
        if member.encrypted() {
            return Err(problem("zip.encrypted", &name, "it is encrypted"));
        }
        if member.enclosed_name().is_none() {
            return Err(problem("zip.path", &name, "its name leads outside the ZIP"));
        }
        let packed = member.compressed_size().max(1);
        if member.size() > 1024 * 1024 && member.size() / packed > LARGEST_RATIO {
            return Err(problem("zip.bomb", &name, "it unpacks to far more than its packed size"));
        }
        unpacked = unpacked.saturating_add(member.size());
    }
    if unpacked > largest {
        return Err(problem(
            "zip.too_large",
            "",
            &format!("it unpacks to {unpacked} bytes; at most {largest} are accepted"),
        ));
    }
    Ok(Directory { members, unpacked })
}

/// Unpacks every file of a ZIP within the limits; what the directory states is not believed while unpacking.
///
/// # Errors
/// When [`check`] refuses it, or a member is damaged or larger than stated.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Member>, FormatProblem> {
    check(bytes, MOST_MEMBERS, LARGEST_UNPACKED)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let mut members = Vec::new();
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).map_err(|e| damaged(&e.to_string()))?;
        if member.is_dir() {
            continue;
        }
        let name = member.name().map_err(|e| damaged(&e.to_string()))?.into_owned();
        let most = member.size().min(LARGEST_MEMBER).min(left);
        let mut bytes = Vec::new();
        let read = (&mut member).take(most + 1).read_to_end(&mut bytes).map_err(|e| damaged(&e.to_string()))? as u64;
        if read > most {
            return Err(problem("zip.too_large", &shown(&name), "it is larger than a file may be or than it says"));
        }
        left -= read;
        members.push(Member { name, bytes });
    }
    Ok(members)
}

fn problem(code: &str, at: &str, message: &str) -> FormatProblem {
    FormatProblem::new(code, at, message)
}

fn damaged(why: &str) -> FormatProblem {
    problem("zip.damaged", "", &format!("the ZIP cannot be opened: {}", shown(why)))
}
