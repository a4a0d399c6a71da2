//! What the figures say: ageing as at any date, measures, the provision matrix, the roll-forward.
mod ageing;
mod measures;
mod provision;
pub mod reconcile;

pub use ageing::{AgeingBasis, AgeingItem, AgeingRow, Bucket, Buckets, age_items, open_as_at};
pub use measures::{
    Hundredths, MonthOfSales, RollForward, average_days_delinquent, bad_debt_ratio, best_possible_dso,
    collection_effectiveness, dso, dso_count_back, overdue_share,
};
pub use provision::{ProvisionLine, ProvisionRow, allowance_charge, flow_loss_rates, provision_matrix};
