//! How VAT treats a charge, under all rooms because reference data is kept by it.
use serde::{Deserialize, Serialize};

/// How VAT treats a charge (INV-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum VatCode {
    /// Standard rate.
    S,
    /// Reduced rate.
    R,
    /// Zero rate: taxable at nothing.
    Z,
    /// Exempt.
    E,
    /// Outside scope or non-business. Shows no VAT, like exempt, but goes to another place on the return.
    O,
}

impl VatCode {
    /// All codes.
    pub const ALL: [VatCode; 5] = [VatCode::S, VatCode::R, VatCode::Z, VatCode::E, VatCode::O];

    /// The code's letter.
    pub fn as_str(self) -> &'static str {
        match self {
            VatCode::S => "S",
            VatCode::R => "R",
            VatCode::Z => "Z",
            VatCode::E => "E",
            VatCode::O => "O",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            VatCode::S => "Standard rate",
            VatCode::R => "Reduced rate",
            VatCode::Z => "Zero rate",
            VatCode::E => "Exempt",
            VatCode::O => "Outside scope",
        }
    }

    /// Reads a letter, in either case.
    pub fn parse(text: &str) -> Option<VatCode> {
        VatCode::ALL.into_iter().find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// A taxable supply: standard, reduced or zero. Only a registered body may charge one.
    pub fn is_taxable(self) -> bool {
        matches!(self, VatCode::S | VatCode::R | VatCode::Z)
    }
}
