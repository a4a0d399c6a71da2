//! A line of activity as told, and the words for what may become of it.
use crate::billing::contracts::Unit;
use crate::ids::CustomerId;
use crate::refusal::Invalid;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// Why a line is held and not billed, in order of precedence.
    HeldBecause {
        /// No contract.
        OutOfContract = "out_of_contract", "Out of contract";
        /// A contract for another service user, or none of its charges is for this service.
        WrongService = "wrong_service", "Service or placement not in the contract";
        /// The charge is counted in another unit.
        WrongUnit = "wrong_unit", "Counted in another unit";
        /// Before the contract or after it.
        OutsideDates = "outside_dates", "Outside the contract's dates";
        /// Several charges fit.
        Several = "several", "More than one contract fits";
        /// No rate on the day.
        NoRate = "no_rate", "No approved rate";
        /// Told at another rate.
        WrongRate = "wrong_rate", "Not the approved rate";
        /// Told for somebody who does not pay.
        WrongFunder = "wrong_funder", "Funder does not pay this contract";
        /// The contract is suspended on the day.
        Suspended = "suspended", "Suspended or absent";
        /// Crosses a change of rate, payer or period and cannot be parted.
        Spans = "spans", "Crosses a change or the end of a period";
        /// More than was agreed.
        AboveAgreed = "above_agreed", "More than was agreed";
    }
}

named! {
    /// Why a line is not billed at all.
    NotBillable {
        /// It was not delivered.
        NotDelivered = "not_delivered", "Not delivered";
        /// It is there under another reference.
        RecordedTwice = "recorded_twice", "Recorded twice";
        /// Free to the payer by law.
        FreeService = "free_service", "Free service";
        /// Paid for by a block contract.
        BlockContract = "block_contract", "Paid for by a block contract";
        /// Billed from another system.
        BilledElsewhere = "billed_elsewhere", "Billed elsewhere";
        /// Not agreed and not recoverable.
        NotAgreed = "not_agreed", "Not agreed, cannot be recovered";
    }
}

impl HeldBecause {
    /// Whether a person may let the line through as it is: only where a contract covers it.
    pub fn may_override(self) -> bool {
        matches!(self, Self::WrongRate | Self::WrongFunder | Self::Suspended | Self::AboveAgreed)
    }
}

/// A line as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Service code or words.
    pub service: String,
    /// Reference of the service user, if any.
    pub service_user: String,
    /// Number of the contract, if told.
    pub contract: String,
    /// Who is to pay, if told.
    pub funder: Option<CustomerId>,
    /// What is counted.
    pub unit: Unit,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// The rate told, in ten-thousandths of a pound.
    pub rate_e4: Option<i64>,
    /// Whether a person lets it through: rate, funder, suspension and what was agreed do not hold it any more.
    pub waived: bool,
}

/// Reads a unit as returns from providers write it: `bed day`, `Hours`.
pub fn unit_of(typed: &str) -> Option<Unit> {
    let text = typed.trim().to_lowercase().replace(['_', '-'], " ");
    let text = text.trim_start_matches("bed ");
    let unit = Unit::parse(text.strip_suffix('s').unwrap_or(text))?;
    Unit::OF_ACTIVITY.contains(&unit).then_some(unit)
}

/// What is wrong with a line whatever the contracts say.
pub fn check_told(row: u64, told: &Told, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: String| wrong.push(Invalid::row(row, field, message, typed));
    if told.service_user.is_empty() && told.contract.is_empty() {
        say("service_user", "Enter the service user's reference or the contract", String::new());
    }
    if told.to_on < told.from_on {
        say("to", "Enter a day on or after the first", told.to_on.to_string());
    }
    if (told.to_on - told.from_on).num_days() > 366 {
        say("to", "Enter at most a year in one line", told.to_on.to_string());
    }
    if told.to_on > today {
        say("to", "Enter a day that has passed: only what was delivered is taken", told.to_on.to_string());
    }
    if (today - told.from_on).num_days() > 3_660 {
        say("from", "Enter a day of the last ten years", told.from_on.to_string());
    }
    wrong
}
