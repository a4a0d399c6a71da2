//! Opening a home and its organisations; dated rates; a whole home in one file and back.
pub mod backup;
pub mod organisations;
pub mod rates;
pub mod settings;
