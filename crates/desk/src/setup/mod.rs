//! Opening a home and its organisations; a whole home in one file and back.
pub mod backup;
pub mod organisations;
pub mod settings;
