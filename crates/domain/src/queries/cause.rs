//! What went wrong, so that it can be mended at its source (C3).
use super::Resolution;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// Why there was something to ask.
    Cause {
        /// The rate or price was wrong.
        WrongRate = "wrong_rate", "Wrong rate or price";
        /// The quantity, hours or dates were wrong.
        WrongQuantity = "wrong_quantity", "Wrong quantity, hours or dates";
        /// It was not delivered.
        NotDelivered = "not_delivered", "Service not given";
        /// It was delivered badly.
        PoorService = "poor_service", "Service not given well";
        /// An absence or an end was told to us too late.
        LateNotice = "late_notice", "We were told too late";
        /// It went to the wrong customer, or the wrong funder.
        WrongCustomer = "wrong_customer", "Wrong customer or funder";
        /// The order number was missing or wrong.
        OrderNumber = "order_number", "Order number missing or wrong";
        /// It was billed twice.
        BilledTwice = "billed_twice", "Billed twice";
        /// It came late.
        BilledLate = "billed_late", "Billed late";
        /// What we wrote was not clear.
        Unclear = "unclear", "Our letter was not clear";
        /// It did not reach the customer.
        NotReceived = "not_received", "Invoice did not arrive";
        /// The money was with us and not set against it.
        CashMisplaced = "cash_misplaced", "Payment not matched by us";
        /// Nothing was wrong on our side.
        NoError = "no_error", "No error of ours";
    }
}

impl Cause {
    /// What is most likely where nobody says: an error of the category's sort where the customer was right, none where
    /// the charge stands.
    pub fn likely(category: &str, resolution: Resolution) -> Cause {
        if category == "copy_wanted" {
            return Cause::NotReceived;
        }
        if category == "already_paid" && resolution == Resolution::Paid {
            return Cause::CashMisplaced;
        }
        if !resolution.credits() {
            return Cause::NoError;
        }
        match category {
            "service" => Cause::NotDelivered,
            "wrong_customer" => Cause::WrongCustomer,
            "purchase_order" => Cause::OrderNumber,
            "already_paid" => Cause::BilledTwice,
            _ => Cause::WrongRate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qry_08_every_end_has_a_cause() {
        assert_eq!(Cause::likely("price", Resolution::Upheld), Cause::WrongRate);
        assert_eq!(Cause::likely("price", Resolution::ChargeStands), Cause::NoError);
        assert_eq!(Cause::likely("service", Resolution::Upheld), Cause::NotDelivered);
        assert_eq!(Cause::likely("copy_wanted", Resolution::Explained), Cause::NotReceived);
        assert_eq!(Cause::likely("already_paid", Resolution::Paid), Cause::CashMisplaced);
        for cause in Cause::ALL {
            assert_eq!(Cause::parse(cause.as_str()), Some(*cause));
        }
    }
}
