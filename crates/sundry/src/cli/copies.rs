//! `backup` and `restore`.
use super::out::{Out, busy};
use super::{Shop, done};
use crate::home::HOME_THERE;
use clap::Args;
use std::path::{Path, PathBuf};
use sundry_desk::setup::backup::{Copied, backup as copy_out, prove_backup, restore as copy_in};
use sundry_desk::{No, Outcome};
use sundry_domain::refusal::Invalid;

/// Copies the home into one file.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file, which must not be there yet
    file: PathBuf,
    /// Leave the keys out: the backup then opens only with the keys, kept elsewhere
    #[arg(long)]
    without_keys: bool,
}

/// Brings a backup back into an empty home.
#[derive(Debug, Args)]
pub struct Restore {
    /// The file
    file: PathBuf,
    /// The folder with the keys, where the backup was made without them
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

/// Copies the home into one file.
pub async fn backup(shop: &Shop, ask: Backup, out: &mut Out) -> Outcome<u8> {
    let desk = shop.desk().await?;
    writable(&ask.file)?;
    let showing = busy("Copying");
    let copied = copy_out(&desk, &ask.file, !ask.without_keys).await?;
    drop(showing);
    let keys = if ask.without_keys {
        "The keys are not in it: without them it cannot be read."
    } else {
        "The keys are in it: keep it as safe as the home."
    };
    out.answer(&copied, || format!("{} holds {}\n{keys}", ask.file.display(), words(&copied)))?;
    done()
}

/// Brings a backup back into an empty home, on the database named or on SQLite.
pub async fn restore(shop: &Shop, ask: Restore, out: &mut Out) -> Outcome<u8> {
    let home = shop.home();
    if home.is_there()? {
        let sentence = format!("There is a home in {} already.", home.folder().display());
        return Err(HOME_THERE.because(sentence).into());
    }
    let showing = busy("Proving the backup");
    prove(&ask.file)?;
    let keys = ask.keys.as_deref().map(key_of).transpose()?;
    showing.now("Restoring".into());
    let copied = copy_in(&ask.file, home.folder(), &home.url_for_new()?).await?;
    home.settle_restored(keys.as_deref())?;
    drop(showing);
    out.answer(&copied, || {
        format!("{} has {}\nRun `sundry verify` on it now.", home.folder().display(), words(&copied))
    })?;
    done()
}

fn words(copied: &Copied) -> String {
    format!("{} rows and {} files (sum {}).", copied.rows, copied.files, &copied.sha256[..12])
}

/// What is wrong with a backup is wrong with the file that was named.
fn prove(file: &Path) -> Outcome<()> {
    if !file.is_file() {
        return Err(Invalid::field("file", "There is no such file", file.display().to_string()).into());
    }
    match prove_backup(file) {
        Ok(_) => Ok(()),
        Err(No::Fault(fault)) => Err(Invalid::field("file", fault.words, file.display().to_string()).into()),
        Err(no) => Err(no),
    }
}

/// Asks before the work whether the file can be written.
fn writable(file: &Path) -> Outcome<()> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    Err(Invalid::field("file", "There is no such folder", file.display().to_string()).into())
}

fn key_of(folder: &Path) -> Outcome<Vec<u8>> {
    super::bytes_of(&folder.join("home.key"), "keys")
}
