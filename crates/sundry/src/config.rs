//! `sundry.toml`: what kind of home it is, and where its database lies.
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use sundry_desk::core::vault::write_private;
use sundry_desk::{Mode, Outcome};
use sundry_domain::refusal::Invalid;

/// The name of the file in the home.
pub const FILE: &str = "sundry.toml";

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// live, demo, training or test.
    mode: String,
    /// Where the database lies; none is `sundry.sqlite` in the home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
}

impl Config {
    /// For a new home.
    pub fn new(mode: Mode, database: Option<String>) -> Config {
        Config { mode: mode.as_str().to_owned(), database }
    }

    /// Reads a home's file; none when there is no home.
    ///
    /// # Errors
    /// Invalid when the file says what we do not understand.
    pub fn read(home: &Path) -> Outcome<Option<Config>> {
        let path = home.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if absent(&e) => return Ok(None),
            Err(e) => return Err(Invalid::field("home", format!("{} cannot be read: {e}", path.display()), "").into()),
        };
        let wrong = |why: String| Invalid::field(FILE, why, path.display().to_string());
        let config: Config = toml::from_str(&text).map_err(|e| wrong(e.message().to_owned()))?;
        match Mode::parse(&config.mode) {
            Some(_) => Ok(Some(config)),
            None => Err(wrong("mode must be live, demo, training or test".into()).into()),
        }
    }

    /// Writes the file of a new home, for its owner alone.
    ///
    /// # Errors
    /// A fault when it cannot be written, or is there already.
    pub fn write(&self, home: &Path) -> Outcome<()> {
        let lines = toml::to_string(self).map_err(|e| sundry_desk::Fault::new(format!("writing {FILE}: {e}")))?;
        let text = format!("# The home of Sundry. Keep the folder `keys` apart from backups.\n{lines}");
        Ok(write_private(&home.join(FILE), text.as_bytes())?)
    }

    /// What kind of home it is.
    pub fn mode(&self) -> Mode {
        Mode::parse(&self.mode).expect("checked when it was read, written from a mode when it was made")
    }

    /// The database's URL: as asked for now, else as the file says, else SQLite in the home.
    pub fn url(&self, home: &Path, asked: Option<&str>) -> String {
        match asked.or(self.database.as_deref()) {
            Some(url) => url.to_owned(),
            None => format!("sqlite:{}", home.join("sundry.sqlite").display()),
        }
    }
}

fn absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// A database URL as it is kept: a relative SQLite path is made whole.
///
/// # Errors
/// Invalid when it is neither `sqlite:PATH` nor `postgres://…`.
pub fn whole_url(url: &str) -> Outcome<String> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
        return Ok(format!("sqlite:{}", std::path::absolute(path)?.display()));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(url.to_owned());
    }
    // What was typed may hold a password, so it is not shown.
    Err(Invalid::field("database", "Enter sqlite:PATH or postgres://…", "").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let home = tempfile::tempdir().expect("a folder");
        assert_eq!(Config::read(home.path()).expect("no home is no error"), None);
        let config = Config::new(Mode::Training, Some("postgres://sundry@db/sundry".into()));
        config.write(home.path()).expect("it is written");
        assert_eq!(Config::read(home.path()).expect("it is read"), Some(config.clone()));
        assert_eq!(config.mode(), Mode::Training);
        assert_eq!(config.url(home.path(), Some("sqlite:x")), "sqlite:x");
        assert!(config.write(home.path()).is_err(), "a home is never written over");
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for text in ["mode = \"play\"", "mode = \"live\"\ncolour = 1", "\u{1}", ""] {
            let home = tempfile::tempdir().expect("a folder");
            std::fs::write(home.path().join(FILE), text).expect("written");
            assert!(Config::read(home.path()).is_err(), "{text}");
        }
        assert!(whole_url("mysql://x").is_err());
        assert!(whole_url("sqlite:a.db").expect("a URL").starts_with("sqlite:/"));
    }
}
