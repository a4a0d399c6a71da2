//! What a database error means for the command that met it (reliability: what an error means).
use thiserror::Error;

/// What is known about a command after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It did not happen: the whole command may be tried again with the same key.
    NotDone,
    /// It may have happened: read the key on a new connection.
    Unknown,
    /// It did not happen and trying again will not help.
    Never,
}

/// The database said no, or said nothing.
#[derive(Debug, Error)]
pub enum StoreFault {
    /// An error of the engine.
    #[error("database: {0}")]
    Engine(#[from] sqlx::Error),
    /// An answer lost at COMMIT.
    #[error("database: the answer to COMMIT was lost: {0}")]
    Commit(sqlx::Error),
    /// A row that must exist does not, or a stored value cannot be read.
    #[error("database: {0}")]
    Broken(String),
}

impl StoreFault {
    /// What is known about the command.
    pub fn class(&self) -> Class {
        match self {
            StoreFault::Engine(error) => class_of(error, false),
            StoreFault::Commit(error) => class_of(error, true),
            StoreFault::Broken(_) => Class::Never,
        }
    }

    /// Whether a unique key was broken.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            StoreFault::Engine(sqlx::Error::Database(e)) | StoreFault::Commit(sqlx::Error::Database(e)) => {
                e.is_unique_violation()
            }
            _ => false,
        }
    }
}

fn class_of(error: &sqlx::Error, at_commit: bool) -> Class {
    match error {
        sqlx::Error::Database(e) => class_of_code(e.code().as_deref().unwrap_or(""), at_commit),
        sqlx::Error::PoolTimedOut => Class::NotDone,
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed | sqlx::Error::Tls(_) => {
            if at_commit { Class::Unknown } else { Class::NotDone }
        }
        _ => Class::Never,
    }
}

/// PostgreSQL's SQLSTATE or SQLite's extended code, as text.
fn class_of_code(code: &str, at_commit: bool) -> Class {
    match code {
        "40001" | "40P01" | "55P03" | "25006" => Class::NotDone,
        "5" | "6" | "261" | "262" | "517" | "773" => Class::NotDone, // SQLITE_BUSY and LOCKED with their extensions
        "57P01" | "57P02" | "57P03" if !at_commit => Class::NotDone,
        "57P01" | "57P02" | "57P03" | "40003" => Class::Unknown,
        "57014" if !at_commit => Class::NotDone,
        "XX000" if at_commit => Class::Unknown,
        c if c.starts_with("08") => {
            if at_commit {
                Class::Unknown
            } else {
                Class::NotDone
            }
        }
        _ => Class::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_class() {
        for code in ["40001", "40P01", "55P03", "25006", "5", "517", "57014"] {
            assert_eq!(class_of_code(code, false), Class::NotDone, "{code}");
        }
        for code in ["08006", "57P01", "40003", "XX000"] {
            assert_eq!(class_of_code(code, true), Class::Unknown, "{code}");
        }
        for code in ["22003", "23505", "42601", "0A000", "53100", "13", "10", "11"] {
            assert_eq!(class_of_code(code, true), Class::Never, "{code}");
        }
    }
}
