//! Raising what is owed: VAT codes, line arithmetic, tax points, numbers, credit notes, VAT relief on bad debt.
pub mod activity;
pub mod contracts;
mod credit;
mod deposit;
pub mod feeders;
mod invoice;
mod numbers;
mod pricing;
pub mod refusals;
mod relief;
pub mod requests;
mod tax_point;
mod terms;
mod vat_return;

pub use crate::vat_code::VatCode;
pub use credit::{CreditAsk, CreditReason, CreditableLine, CreditedLine, PricedCredit, price_credit, share_of_net};
pub use deposit::{DepositFacts, DepositKind, may_be_deposit, net_to_use};
pub use invoice::{InvoiceAsk, Supplier, may_charge_vat, validate_invoice};
pub use numbers::{LONGEST_NUMBER, Series, gaps};
pub use pricing::{LineAsk, PricedDocument, PricedLine, RateTotal, price_lines, vat_within};
pub use relief::{Relief, ReliefFacts, TaxablePart, may_claim_relief, relief_repayment, vat_relief};
pub use tax_point::{TaxPointFacts, issued_late, may_use_tax_point, tax_point};
pub use terms::{
    DiscountFacts, EarlyDiscount, Every, Instalment, MOST_PARTS, PaymentTerms, TermsPart, check_instalments,
    creditable_lines, early_discount, equal_instalments, may_give_discount,
};
pub use vat_return::{VatBoxes, VatPart, may_file, vat_boxes};
