//! Where files are fetched: listing, reading and putting away, in a folder or on a server.
use super::collect_sftp::Sftp;
use crate::{Desk, No, Outcome};
use std::io::Read;
use std::path::{Path, PathBuf};
use sundry_domain::cash::statements::NOT_REACHED;
use sundry_domain::ids::OrgId;
use sundry_store::bank_files::BankSourceRow;

/// The largest file that is fetched.
pub(super) const LARGEST: u64 = 200 * 1024 * 1024;

/// A file that lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub name: String,
    pub size: u64,
}

/// A place that was reached.
pub(super) enum Place {
    Folder(PathBuf),
    Server(Box<Sftp>),
}

impl Place {
    /// Reaches it.
    pub async fn open(desk: &Desk, org: OrgId, source: &BankSourceRow) -> Outcome<Place> {
        if source.kind == "sftp" {
            return Ok(Place::Server(Box::new(Sftp::open(desk, org, source).await?)));
        }
        Ok(Place::Folder(PathBuf::from(&source.folder)))
    }

    /// The files that are meant and whole, by name.
    pub async fn list(&self, pattern: &str) -> Outcome<Vec<Listed>> {
        let mut found = match self {
            Place::Folder(folder) => listed(folder).map_err(|e| trouble(folder, &e))?,
            Place::Server(server) => server.list().await?,
        };
        found.retain(|file| meant(pattern, &file.name));
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// The bytes of a file; nothing while it is still being written.
    pub async fn read(&self, file: &Listed) -> Outcome<Option<Vec<u8>>> {
        let bytes = match self {
            Place::Folder(folder) => {
                let path = folder.join(&file.name);
                let read = || {
                    let mut bytes = Vec::new();
                    std::fs::File::open(&path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
                    Ok(bytes)
                };
                read().map_err(|e| trouble(&path, &e))?
            }
            Place::Server(server) => server.read(&file.name, LARGEST).await?,
        };
        Ok((bytes.len() as u64 == file.size).then_some(bytes))
    }

    /// Moves a file into a folder beside it; under another name when that one is taken.
    pub async fn put_away(&self, name: &str, into: &str, other_name: &str) -> Outcome<()> {
        match self {
            Place::Folder(folder) => {
                let beside = folder.join(into);
                std::fs::create_dir_all(&beside).map_err(|e| trouble(&beside, &e))?;
                let target = if beside.join(name).exists() { beside.join(other_name) } else { beside.join(name) };
                std::fs::rename(folder.join(name), &target).map_err(|e| trouble(&target, &e))
            }
            Place::Server(server) => match server.put_away(name, into, name).await {
                Ok(()) => Ok(()),
                Err(_) => server.put_away(name, into, other_name).await,
            },
        }
    }
}

fn listed(folder: &Path) -> std::io::Result<Vec<Listed>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A link may lead anywhere: only files that lie here are taken.
        let kind = entry.file_type()?;
        if let (true, Ok(name)) = (kind.is_file(), entry.file_name().into_string()) {
            found.push(Listed { name, size: entry.metadata()?.len() });
        }
    }
    Ok(found)
}

fn trouble(path: &Path, e: &std::io::Error) -> No {
    let why = match e.kind() {
        std::io::ErrorKind::NotFound => "is not there".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read or written".to_owned(),
        _ => format!("cannot be used ({e})"),
    };
    NOT_REACHED.because(format!("{} {why}.", path.display())).into()
}

/// Whether a name fits the pattern, and is not one that is still being written.
pub(super) fn meant(pattern: &str, name: &str) -> bool {
    let lower = name.to_lowercase();
    let unfinished = [".part", ".tmp", ".filepart", ".writing"].iter().any(|end| lower.ends_with(end));
    let plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    plain
        && !unfinished
        && fits(&pattern.to_lowercase().chars().collect::<Vec<_>>(), &lower.chars().collect::<Vec<_>>())
}

/// `*` stands for any characters, `?` for one.
fn fits(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, n) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_01_a_pattern_names_files_and_never_unfinished_ones() {
        for (pattern, name) in [("*.xml", "a.XML"), ("stmt-??.sta", "stmt-07.sta"), ("*", "a"), ("a*b*c", "aXbYbc")] {
            assert!(meant(pattern, name), "{pattern} {name}");
        }
        let not = [
            ("*.xml", "a.xml.part"),
            ("*", ".hidden"),
            ("*", "a.tmp"),
            ("stmt-??.sta", "stmt-7.sta"),
            ("*", "../a"),
            ("", "a"),
            ("a*b", "ac"),
        ];
        for (pattern, name) in not {
            assert!(!meant(pattern, name), "{pattern} {name}");
        }
    }
}
