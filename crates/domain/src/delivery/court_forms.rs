//! The protocol's own forms that go with a letter of claim (REC-02): supplied by the site, never rewritten.
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// A form of the debt protocol.
    CourtForm {
        /// Annex 1: what the protocol is, and who gives advice.
        InformationSheet = "information_sheet", "Information sheet";
        /// Annex 1: what the customer answers on.
        ReplyForm = "reply_form", "Reply form";
        /// Annex 2: income and outgoings.
        FinancialStatement = "financial_statement", "Financial statement form";
    }
}

impl CourtForm {
    /// Its name in a letter in Welsh.
    pub fn welsh(self) -> &'static str {
        match self {
            CourtForm::InformationSheet => "Taflen wybodaeth",
            CourtForm::ReplyForm => "Ffurflen ateb",
            CourtForm::FinancialStatement => "Ffurflen datganiad ariannol",
        }
    }
}
