//! Contracts: who pays, for what, at which dated rate, in which cycle; and what that comes to for any period.
mod agreement;
mod charging;
mod cycle;
mod delivered;
pub mod refusals;
mod shares;
mod units;
mod uplift;

pub use agreement::{
    Agreement, Break, ChargeTerms, DatedRate, PAYERS_AT_MOST, check_agreement, check_rates, check_service_user,
};
pub use charging::{Adjustment, Billed, Charge, Due, PeriodChange, Working, charges_of_period, due, earned_by};
pub use cycle::{Cycle, Period, Term};
pub use delivered::{Delivered, priced, worth_of};
pub use shares::{Payer, Share, share_out};
pub use units::{Ratio, Unit, amount_of, rate_in_words, units_of};
pub use uplift::{Uplift, UpliftRounding, uplifted, yearly};
