//! How a room lists its refusals, and the list of them all, from which the handbook's page is written.
use crate::refusal::RefusalKind;

/// Declares a room's refusals: `NAME = code, rule, way out;` each with its doc comment, and `ALL`.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $rule:literal, $way_out:literal;)*) => {
        $($(#[$doc])*
        pub const $name: $crate::refusal::RefusalKind =
            $crate::refusal::RefusalKind { code: $code, rule: $rule, way_out: $way_out };)*
        /// Every refusal of this room.
        pub const ALL: &[$crate::refusal::RefusalKind] = &[$($name),*];
    };
}
pub(crate) use refusals;

/// Every refusal the rules in this crate can give, room by room.
pub fn all() -> Vec<RefusalKind> {
    [
        crate::calendar::refusals::ALL,
        crate::reference::refusals::ALL,
        crate::control::refusals::ALL,
        crate::ledger::refusals::ALL,
        crate::customers::refusals::ALL,
        crate::law::refusals::ALL,
        crate::billing::refusals::ALL,
        crate::billing::activity::refusals::ALL,
        crate::billing::contracts::refusals::ALL,
        crate::billing::feeders::refusals::ALL,
        crate::billing::requests::refusals::ALL,
        crate::queries::refusals::ALL,
        crate::plans::refusals::ALL,
        crate::plans::running::refusals::ALL,
        crate::plans::online::refusals::ALL,
        crate::delivery::refusals::ALL,
        crate::cash::refusals::ALL,
        crate::cash::statements::ALL,
        crate::cash::takings::ALL,
        crate::cash::direct_debit::refusals::ALL,
        crate::cash::desk_refusals::ALL,
        crate::cash::standing_orders::refusals::ALL,
        crate::cash::cards::refusals::ALL,
        crate::recovery::refusals::ALL,
        crate::recovery::person_case::refusals::ALL,
        crate::recovery::agency_refusals::ALL,
        crate::court::case_refusals::ALL,
        crate::court::refusals::ALL,
        crate::writeoff::refusals::ALL,
        crate::writeoff::desk_refusals::ALL,
        crate::writeoff::referral::refusals::ALL,
        crate::close::refusals::ALL,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_used_once_and_says_a_way_out() {
        let mut seen = BTreeSet::new();
        for kind in all() {
            assert!(seen.insert(kind.code), "{} twice", kind.code);
            assert!(!kind.way_out.is_empty() && !kind.rule.is_empty(), "{}", kind.code);
            assert!(
                kind.code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'),
                "{}",
                kind.code
            );
        }
    }
}
