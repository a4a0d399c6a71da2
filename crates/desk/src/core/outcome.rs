//! What a use case answers: done, refused by a rule, not understood, not there, or our fault.
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::StoreFault;
use sundry_store::engine::Class;
use thiserror::Error;

/// Our fault: logged once, at the door; the person gets a reference.
#[derive(Debug, Error)]
#[error("{words}")]
pub struct Fault {
    /// What happened, for the log.
    pub words: String,
    /// Whether the command may be tried again with the same key.
    pub class: Class,
}

impl Fault {
    /// A fault that trying again will not mend.
    pub fn new(words: impl Into<String>) -> Fault {
        Fault { words: words.into(), class: Class::Never }
    }
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum No {
    /// A rule says no.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The input is not understood; every field at once.
    #[error("{} things to put right", .0.len())]
    Invalid(Vec<Invalid>),
    /// There is no such thing, or it belongs to someone else: the same answer for both.
    #[error("there is no {0}")]
    Absent(String),
    /// We broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The answer of a use case.
pub type Outcome<T> = Result<T, No>;

impl No {
    /// What is known about the command, for trying again.
    pub fn class(&self) -> Class {
        match self {
            No::Fault(fault) => fault.class,
            _ => Class::Never,
        }
    }

    /// The refusal's code, if it is one.
    pub fn code(&self) -> Option<&str> {
        match self {
            No::Refused(refusal) => Some(&refusal.code),
            _ => None,
        }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> No {
        super::met::meet(&refusal);
        No::Refused(Box::new(refusal))
    }
}

impl From<Vec<Invalid>> for No {
    fn from(all: Vec<Invalid>) -> No {
        No::Invalid(all)
    }
}

impl From<Invalid> for No {
    fn from(one: Invalid) -> No {
        No::Invalid(vec![one])
    }
}

impl From<StoreFault> for No {
    fn from(fault: StoreFault) -> No {
        No::Fault(Fault { class: fault.class(), words: fault.to_string() })
    }
}

impl From<serde_json::Error> for No {
    fn from(error: serde_json::Error) -> No {
        No::Fault(Fault::new(format!("a stored document cannot be read: {error}")))
    }
}

impl From<std::io::Error> for No {
    fn from(error: std::io::Error) -> No {
        No::Fault(Fault::new(format!("a file of the home: {error}")))
    }
}
