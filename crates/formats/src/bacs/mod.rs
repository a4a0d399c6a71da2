//! Bacs: the submission file (Standard 18), the forms approved software takes, and the reports that come back.

pub mod reports;
pub mod software_csv;
pub mod standard18;
pub mod words;

/// A sort code of six digits.
pub(crate) fn is_sort_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

/// An account number of eight digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())
}
