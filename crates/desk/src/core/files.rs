//! Kept files: by content hash, sealed on disk, never changed.
use super::outcome::{Fault, No, Outcome};
use super::vault::{Vault, hex, random_bytes, sha256_hex, write_private};
use std::path::{Path, PathBuf};

/// The folder of kept files of a home.
#[derive(Clone)]
pub struct Files {
    folder: PathBuf,
    vault: Vault,
}

impl Files {
    /// Files in a folder, made if absent.
    pub fn open(folder: &Path, vault: Vault) -> Outcome<Files> {
        std::fs::create_dir_all(folder)?;
        Ok(Files { folder: folder.to_owned(), vault })
    }

    /// Keeps bytes and gives their SHA-256. The same bytes twice are one file.
    ///
    /// Written whole under another name and synced before it is renamed, so that a power cut
    /// leaves either nothing or all of it.
    pub fn put(&self, org: i64, bytes: &[u8]) -> Outcome<String> {
        let sha256 = sha256_hex(bytes);
        let path = self.path(org, &sha256);
        if path.exists() {
            return Ok(sha256);
        }
        let folder = path.parent().expect("a kept file lies in a folder");
        std::fs::create_dir_all(folder)?;
        let part = folder.join(format!(".{}", hex(&random_bytes::<8>())));
        write_private(&part, &self.vault.seal(org, &sha256, bytes)?)?;
        std::fs::rename(&part, &path)?;
        Ok(sha256)
    }

    /// The bytes with this hash, proved.
    pub fn get(&self, org: i64, sha256: &str) -> Outcome<Vec<u8>> {
        if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(No::Absent("file".into()));
        }
        let sealed = match std::fs::read(self.path(org, sha256)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Fault::new(format!("kept file {sha256} is missing")).into());
            }
            other => other?,
        };
        let bytes = self.vault.open_sealed(org, sha256, &sealed)?;
        if sha256_hex(&bytes) != sha256 {
            return Err(Fault::new(format!("kept file {sha256} does not match its hash")).into());
        }
        Ok(bytes)
    }

    fn path(&self, org: i64, sha256: &str) -> PathBuf {
        self.folder.join(org.to_string()).join(&sha256[..2]).join(sha256)
    }
}
