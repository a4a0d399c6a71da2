//! Debts an agency closed, and what each reason asks of us.

use super::AgencyProfile;
use super::incoming::table;
use crate::problem::FormatProblem;

/// What a closure asks of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosureAction {
    /// Back to the work list.
    BackToWork,
    /// Stop everything: an estate.
    Estate,
    /// Stop everything: prove the debt.
    Insolvency,
    /// Look at writing it off.
    WriteOffReview,
    /// A hold until the moratorium ends.
    BreathingSpace,
    /// Close once the money is here.
    PaidInFull,
    /// Only what was approved before.
    Settled,
    /// A dispute.
    Dispute,
    /// A hold.
    Hold,
    /// A plan with a debt adviser.
    DebtPlan,
    /// A person decides.
    Person,
}

/// The action of a reason; none for one we do not know, which stays placed and is held.
pub fn closure_action(code: &str) -> Option<ClosureAction> {
    Some(match code.trim().to_ascii_uppercase().as_str() {
        "RTC" => ClosureAction::BackToWork,
        "DEC" => ClosureAction::Estate,
        "BK" | "IVA" | "DRO" => ClosureAction::Insolvency,
        "TD" => ClosureAction::WriteOffReview,
        "BS" => ClosureAction::BreathingSpace,
        "PIF" => ClosureAction::PaidInFull,
        "SET" => ClosureAction::Settled,
        "DISP" => ClosureAction::Dispute,
        "HOLD" => ClosureAction::Hold,
        "DMP" => ClosureAction::DebtPlan,
        "PE" | "LOI" | "ABU" => ClosureAction::Person,
        _ => return None,
    })
}

/// A debt that was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// Which debt.
    pub account_number: String,
    /// As the agency writes it.
    pub code: String,
    /// What it asks; none: held, and the account stays placed.
    pub action: Option<ClosureAction>,
    /// What the agency says.
    pub note: String,
}

/// Reads closures. A reason that is not known does not stop the file.
///
/// # Errors
/// A file without its headings, or that a spreadsheet spoilt.
pub fn read_closures(bytes: &[u8], profile: &AgencyProfile) -> Result<Vec<Closed>, Vec<FormatProblem>> {
    let table = table(bytes, profile, &["account_number", "reason"], &["note"])?;
    let mut closed = Vec::new();
    for row in &table.rows {
        let code = table.cell(row, "reason");
        closed.push(Closed {
            account_number: table.cell(row, "account_number").to_owned(),
            code: code.to_owned(),
            action: closure_action(code),
            note: table.cell(row, "note").to_owned(),
        });
    }
    Ok(closed)
}
