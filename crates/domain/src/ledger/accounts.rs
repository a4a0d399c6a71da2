//! The part each GL code plays (GL-01), and the codes a fresh home starts with.
use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $code:literal, $title:literal;)*) => {
        /// What a GL code is for. Postings speak of roles; each organisation maps roles to its own codes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum GlRole {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl GlRole {
            /// All roles.
            pub const ALL: &'static [GlRole] = &[$(GlRole::$name),*];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(GlRole::$name => $text,)* }
            }
        }

        /// The codes a fresh home starts with, one for each role.
        pub fn default_gl_codes() -> Vec<DefaultGlCode> {
            vec![$(DefaultGlCode { role: GlRole::$name, code: $code, name: $title }),*]
        }
    };
}

/// A GL code a fresh home starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DefaultGlCode {
    /// Its part.
    pub role: GlRole,
    /// The code.
    pub code: &'static str,
    /// For people.
    pub name: &'static str,
}

roles! {
    /// Receivables control account.
    Ar = "AR", "1200", "Receivables control";
    /// Bank.
    Bank = "BANK", "1000", "Bank";
    /// Income, by code.
    Inc = "INC", "4000", "Income";
    /// Output VAT.
    Vato = "VATO", "2200", "Output VAT";
    /// Input VAT.
    Vati = "VATI", "2210", "Input VAT";
    /// Cash whose payer is not known.
    Susp = "SUSP", "2900", "Cash suspense";
    /// Cash whose payer is known and whose items are not.
    Unall = "UNALL", "1210", "Unallocated customer cash";
    /// Loss allowance.
    Allow = "ALLOW", "1290", "Loss allowance";
    /// Impairment expense.
    Ecl = "ECL", "6100", "Impairment of receivables";
    /// VAT bad-debt relief receivable.
    Vatbdr = "VATBDR", "2205", "VAT bad-debt relief";
    /// Refunds clearing.
    Ref = "REF", "2950", "Refunds clearing";
    /// Direct Debit clearing.
    Ddc = "DDC", "1050", "Direct Debit clearing";
    /// Late-payment interest and compensation.
    Intinc = "INTINC", "4900", "Interest on late payment";
    /// Costs recovered.
    Costrec = "COSTREC", "4910", "Recovered costs";
    /// Court fees.
    Legal = "LEGAL", "6200", "Court fees";
    /// Collection agencies' commission.
    Comm = "COMM", "6210", "Collection commission";
    /// Deferred payments, long-term.
    Dpa = "DPA", "1400", "Deferred payments";
    /// Interest on deferred payments.
    Dpaint = "DPAINT", "4920", "Deferred payment interest";
    /// Deferred income.
    Def = "DEF", "2300", "Deferred income";
    /// Accrued income.
    Accr = "ACCR", "1300", "Accrued income";
    /// Provider cost.
    Prov = "PROV", "5000", "Provider cost";
    /// Payables, for contras.
    Ap = "AP", "2100", "Payables control";
    /// Pay cost, for salary overpayments.
    Pay = "PAY", "5100", "Pay cost";
    /// Rounding and small balances.
    Tol = "TOL", "6190", "Small balances and rounding";
    /// Money received for other funds and other organisations.
    Fund = "FUND", "2960", "Due to other funds";
    /// Card payments taken by a provider and not yet in the bank.
    Crdc = "CRDC", "1055", "Card clearing";
    /// What card providers charge.
    Crdf = "CRDF", "6220", "Card payment charges";
    /// Opening balances brought over from an old ledger.
    Take = "TAKE", "9900", "Balances taken on";
}

impl GlRole {
    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<GlRole> {
        GlRole::ALL.iter().copied().find(|role| role.as_str() == text)
    }

    /// Roles whose balance open items must equal: only events post there.
    pub fn is_control(self) -> bool {
        matches!(self, GlRole::Ar | GlRole::Unall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_role_has_its_own_code_and_reads_back() {
        let codes: BTreeSet<&str> = default_gl_codes().iter().map(|row| row.code).collect();
        assert_eq!(codes.len(), GlRole::ALL.len());
        for role in GlRole::ALL {
            assert_eq!(GlRole::parse(role.as_str()), Some(*role));
        }
    }
}
