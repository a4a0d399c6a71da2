//! What an electronic invoice says, in the terms of EN 16931: one model for every syntax.
//!
//! Amounts are pence, quantities and prices ten-thousandths, rates basis points. A credit note has positive amounts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 380.
    Invoice,
    /// 381.
    CreditNote,
}

/// How VAT treats a line (BT-151; UNCL 5305).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Category {
    /// Standard or reduced rate.
    S,
    /// Zero rated.
    Z,
    /// Exempt.
    E,
    /// Reverse charge.
    AE,
    /// Outside the scope of VAT.
    O,
}

impl Category {
    /// All of them.
    pub const ALL: [Category; 5] = [Category::S, Category::Z, Category::E, Category::AE, Category::O];

    /// The code.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::S => "S",
            Category::Z => "Z",
            Category::E => "E",
            Category::AE => "AE",
            Category::O => "O",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|one| one.as_str() == code)
    }

    /// Whether no VAT is charged for a reason that must be given (BR-E-10, BR-AE-10, BR-O-10).
    pub fn needs_reason(self) -> bool {
        matches!(self, Category::E | Category::AE | Category::O)
    }
}

/// An address on the network: a scheme of the EAS list and an id in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `0088` for a GLN, `9932` for a UK VAT number, and so on.
    pub scheme: String,
    /// The id.
    pub id: String,
}

/// Where a party is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    /// First line.
    pub street: String,
    /// Second line.
    pub additional: String,
    /// Town.
    pub city: String,
    /// Postcode.
    pub postcode: String,
}

/// Whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// A team or a person.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
}

/// A seller or a buyer (BG-4, BG-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Where it is reached on the network.
    pub endpoint: Endpoint,
    /// Our or their number for it (BT-29, BT-46); empty for none.
    pub identifier: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: PostalAddress,
    /// VAT number with its country; empty for none.
    pub vat_number: String,
    /// Contact, if any.
    pub contact: Option<Contact>,
}

/// A file that goes with it (BG-24).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is called in the document.
    pub id: String,
    /// What it is, for people.
    pub description: String,
    /// File name.
    pub filename: String,
    /// Media type.
    pub mime: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where to pay (BG-16): a UK account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayInto {
    /// What the payer should quote.
    pub reference: String,
    /// Eight digits.
    pub account: String,
    /// Name on the account.
    pub account_name: String,
    /// Six digits.
    pub sort_code: String,
}

/// A charge (BG-25).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number in the document.
    pub id: String,
    /// What it is for.
    pub description: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// UN/ECE code of the unit: `C62` one, `DAY`, `WEE`, `MON`, `HUR`.
    pub unit: String,
    /// Net amount.
    pub net_pence: i64,
    /// Net price of `base_e4` units, in ten-thousandths of a pound.
    pub price_e4: i64,
    /// How many units the price is for, in ten-thousandths; 10000 is one.
    pub base_e4: i64,
    /// VAT treatment.
    pub category: Category,
    /// VAT rate in basis points.
    pub rate_bp: i64,
    /// From and to, where the charge is for a time.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Line of the buyer's order; empty for none.
    pub order_line: String,
}

/// What one category and rate comes to (BG-23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatTotal {
    /// Treatment.
    pub category: Category,
    /// Rate in basis points.
    pub rate_bp: i64,
    /// Net.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
}

/// An invoice or a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EInvoice {
    /// Which.
    pub kind: Kind,
    /// Number (BT-1).
    pub number: String,
    /// Date of issue (BT-2).
    pub issued_on: NaiveDate,
    /// When due (BT-9); none on a credit note.
    pub due_on: Option<NaiveDate>,
    /// One note (BT-22); empty for none.
    pub note: String,
    /// Tax point, where it is not the date of issue (BT-7).
    pub tax_point_on: Option<NaiveDate>,
    /// The buyer's cost code (BT-19); empty for none.
    pub accounting_cost: String,
    /// The buyer's reference (BT-10); empty for none.
    pub buyer_reference: String,
    /// Service period (BG-14).
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Purchase order (BT-13); empty for none.
    pub order: String,
    /// Number and date of the invoice that a credit note corrects (BG-3).
    pub corrects: Option<(String, NaiveDate)>,
    /// Contract (BT-12); empty for none.
    pub contract: String,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// Who asks.
    pub seller: Party,
    /// Who owes.
    pub buyer: Party,
    /// When it was supplied (BT-72).
    pub delivered_on: Option<NaiveDate>,
    /// Where to pay.
    pub pay_into: Option<PayInto>,
    /// Terms in words (BT-20); empty for none.
    pub terms: String,
    /// Why no VAT is charged, by category.
    pub reasons: Vec<(Category, String)>,
    /// One for each category and rate.
    pub vat: Vec<VatTotal>,
    /// Sum of the lines.
    pub net_pence: i64,
    /// Sum of VAT.
    pub vat_pence: i64,
    /// What is asked for.
    pub gross_pence: i64,
    /// The charges.
    pub lines: Vec<Line>,
}

impl EInvoice {
    /// Why no VAT is charged in a category.
    pub fn reason(&self, category: Category) -> &str {
        self.reasons.iter().find(|(one, _)| *one == category).map_or("", |(_, text)| text)
    }
}
