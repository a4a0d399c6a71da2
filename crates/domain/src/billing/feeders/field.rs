//! The fields of a charge that a column of the sender's may fill.
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// A field of a charge.
    Field {
        /// The sender's own number of the charge, by which it is billed once.
        Reference = "reference", "Reference of the charge";
        /// Who is charged.
        Customer = "customer", "Customer";
        /// The sender's number of the document; charges of one customer and document make one invoice.
        Document = "document", "Document";
        /// What it is for.
        Description = "description", "Description";
        /// Pounds.
        Amount = "amount", "Amount";
        /// VAT code.
        VatCode = "vat_code", "VAT code";
        /// Income code.
        IncomeCode = "income_code", "Income code";
        /// Cost centre.
        CostCentre = "cost_centre", "Cost centre";
        /// Service.
        Service = "service", "Service";
        /// The day it was supplied.
        SuppliedOn = "supplied_on", "Day supplied";
        /// Purchase order.
        Order = "order", "Purchase order";
        /// Reference of the person it is for.
        ServiceUser = "service_user", "Service user's reference";
    }
}

impl Field {
    /// Whether every feeder must have a column for it.
    pub fn is_needed(self) -> bool {
        matches!(self, Field::Reference | Field::Customer | Field::Description | Field::Amount)
    }

    /// Its place among all fields.
    pub fn place(self) -> usize {
        Field::ALL.iter().position(|one| *one == self).unwrap_or_default()
    }
}
