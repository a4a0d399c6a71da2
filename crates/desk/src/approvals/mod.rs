//! Someone else's yes: asked for by any room, decided here, and carried out in the same transaction.
mod ask;
mod decide;
mod list;

pub use decide::{DecideApproval, Decided, decide_approval};
pub use list::{ApprovalShown, ApprovalsPage, approval, approvals_list};

pub(crate) use ask::{AskForApproval, ask_for_approval, content_hash};

pub(crate) use crate::cash::direct_debit::{COLLECTION_RUN, MANDATE_BANK};
pub(crate) use crate::delivery::templates::LETTER_TEMPLATE;
pub(crate) use crate::recovery::PATHWAY;
pub(crate) use crate::recovery::tracing::FOUND_ADDRESS;
use sundry_domain::control::{Duty, LimitedAct};

/// Credit notes, as kept in an approval.
pub(crate) const CREDIT_NOTE: &str = "credit_note";
/// Invoices credited and billed anew, as kept in an approval.
pub(crate) const AMENDMENT: &str = "amend_invoice";
/// Write-offs, as kept in an approval.
pub(crate) const WRITE_OFF: &str = "write_off";
/// Write-backs, as kept in an approval.
pub(crate) const WRITE_BACK: &str = "write_back";

/// Charges for paying late that are waived, as kept in an approval.
pub(crate) const CHARGE_WAIVER: &str = "charge_waiver";
/// Small balances written off in bulk, as kept in an approval.
pub(crate) const SMALL_BALANCES: &str = "small_balances";
/// Criteria and limits of write-offs, as kept in an approval.
pub(crate) const WRITE_OFF_POLICY: &str = "write_off_policy";
/// Loss rates, as kept in an approval.
pub(crate) const ALLOWANCE_MATRIX: &str = "allowance_matrix";
/// A run of the loss allowance, as kept in an approval.
pub(crate) const ALLOWANCE_RUN: &str = "allowance_run";

/// Refunds, as kept in an approval.
pub(crate) const REFUND: &str = "refund";
/// Transfers to another account or fund, as kept in an approval.
pub(crate) const TRANSFER: &str = "transfer";
/// Refunds to a card, as kept in an approval.
pub(crate) const CARD_REFUND: &str = "card_refund";
/// Activity let through against its contract, as kept in an approval.
pub(crate) const ACTIVITY_OVERRIDE: &str = "activity_override";
/// Payment plans beyond what their clerk may grant, as kept in an approval.
pub(crate) const PLAN: &str = "payment_plan";
/// Changes of a payment plan, as kept in an approval.
pub(crate) const PLAN_CHANGE: &str = "payment_plan_change";
/// Uplifts over the whole book, as kept in an approval.
pub(crate) const UPLIFT: &str = "uplift";

/// Random splits between two pathways, as kept in an approval.
pub(crate) const PATHWAY_TRIAL: &str = "pathway_trial";

/// What a contract says of a fee for paying late, as kept in an approval.
pub(crate) const CONTRACT_FEE: &str = "contract_fee";

/// New dated rates and fees, as kept in an approval.
pub(crate) const RATES: &str = "dated_rates";

/// A customer's new address or bank account, as kept in an approval.
pub(crate) const CUSTOMER_CHANGE: &str = "customer_change";

/// Two accounts of one customer that become one, as kept in an approval.
pub(crate) const MERGE: &str = "merge_customers";

/// A merge that is undone, as kept in an approval.
pub(crate) const UNDO_MERGE: &str = "undo_merge";

/// The duty it takes to decide a command of this name, the duty it took to ask, and the limit that counts.
pub(crate) fn needs(command: &str) -> Option<(Duty, Duty, LimitedAct)> {
    match command {
        CREDIT_NOTE | AMENDMENT => Some((Duty::ApproveCredit, Duty::ProposeCredit, LimitedAct::CreditNote)),
        WRITE_OFF => Some((Duty::ApproveWriteOff, Duty::ProposeWriteOff, LimitedAct::WriteOff)),
        WRITE_BACK | CHARGE_WAIVER => Some((Duty::ApproveWriteOff, Duty::ProposeWriteOff, LimitedAct::WriteBack)),
        SMALL_BALANCES => Some((Duty::ApproveWriteOff, Duty::ProposeWriteOff, LimitedAct::WriteOff)),
        WRITE_OFF_POLICY | ALLOWANCE_MATRIX => Some((Duty::ApproveSettings, Duty::ManageSettings, LimitedAct::Court)),
        ALLOWANCE_RUN => Some((Duty::ClosePeriods, Duty::PostJournals, LimitedAct::Court)),
        // A run has no limit but the service user's own; neither have bank details.
        COLLECTION_RUN => Some((Duty::ReleaseDirectDebit, Duty::PostCash, LimitedAct::Court)),
        MANDATE_BANK => Some((Duty::ConfirmBankDetails, Duty::ChangeBankDetails, LimitedAct::Court)),
        CUSTOMER_CHANGE | MERGE | UNDO_MERGE => {
            Some((Duty::ConfirmBankDetails, Duty::ManageCustomers, LimitedAct::Court))
        }
        FOUND_ADDRESS => Some((Duty::ConfirmBankDetails, Duty::WorkCases, LimitedAct::Court)),
        LETTER_TEMPLATE | PATHWAY | PATHWAY_TRIAL | RATES => {
            Some((Duty::ApproveSettings, Duty::ManageSettings, LimitedAct::Court))
        }
        CONTRACT_FEE => Some((Duty::ApproveSettings, Duty::WorkCases, LimitedAct::Court)),
        REFUND | TRANSFER | CARD_REFUND => Some((Duty::ApproveRefund, Duty::ProposeRefund, LimitedAct::Refund)),
        // A plan is for a standing, by its length, its sum and what went before (PP-04).
        PLAN | PLAN_CHANGE => Some((Duty::ApprovePlans, Duty::AgreePlans, LimitedAct::Court)),
        // Activity has the organisation's own limit; an uplift always needs another.
        ACTIVITY_OVERRIDE | UPLIFT => Some((Duty::ReleaseRuns, Duty::RaiseInvoice, LimitedAct::CreditNote)),
        _ => None,
    }
}

/// Whether an amount counts against the decider's limit: a collection run has the service user's own limits, a plan is
/// for a standing, and a bank account and a letter have no amount; neither have criteria, loss rates and the allowance.
pub(crate) fn is_limited(command: &str) -> bool {
    !matches!(
        command,
        COLLECTION_RUN
            | MANDATE_BANK
            | CUSTOMER_CHANGE
            | MERGE
            | UNDO_MERGE
            | LETTER_TEMPLATE
            | PATHWAY
            | PATHWAY_TRIAL
            | CONTRACT_FEE
            | RATES
            | ACTIVITY_OVERRIDE
            | UPLIFT
            | PLAN
            | PLAN_CHANGE
            | FOUND_ADDRESS
            | WRITE_OFF_POLICY
            | ALLOWANCE_MATRIX
            | ALLOWANCE_RUN
    )
}
