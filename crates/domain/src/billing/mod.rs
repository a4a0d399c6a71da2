//! Raising what is owed: VAT codes, line arithmetic, tax points, numbers, credit notes, VAT relief on bad debt.
mod credit;
mod invoice;
mod numbers;
mod pricing;
pub mod refusals;
mod relief;
mod tax_point;

pub use credit::{CreditAsk, CreditReason, CreditableLine, CreditedLine, PricedCredit, price_credit, share_of_net};
pub use invoice::{InvoiceAsk, Supplier, may_charge_vat, validate_invoice};
pub use numbers::{LONGEST_NUMBER, Series, gaps};
pub use pricing::{LineAsk, PricedDocument, PricedLine, RateTotal, price_lines, vat_within};
pub use relief::{Relief, ReliefFacts, TaxablePart, may_claim_relief, relief_repayment, vat_relief};
pub use tax_point::{TaxPointFacts, issued_late, may_use_tax_point, tax_point};

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
        VatCode::ALL
            .into_iter()
            .find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }

    /// A taxable supply: standard, reduced or zero. Only a registered body may charge one.
    pub fn is_taxable(self) -> bool {
        matches!(self, VatCode::S | VatCode::R | VatCode::Z)
    }
}
