//! Someone else's yes: own work, duties, conflicts (CTL-01).
use super::{Duty, Role, refusals};
use crate::ids::UserId;
use crate::refusal::Refusal;

/// Who decides, with the duties they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    /// The person.
    pub user: UserId,
    /// Their duties.
    pub duties: Vec<Duty>,
}

/// Pairs one person may not exercise on the same transaction.
const CONFLICTS: &[(Duty, Duty)] = &[
    (Duty::ManageCustomers, Duty::ApproveCredit),
    (Duty::ManageCustomers, Duty::ApproveRefund),
    (Duty::ManageCustomers, Duty::ReleasePaymentFile),
    (Duty::ManageCustomers, Duty::ApproveWriteOff),
    (Duty::ManageCustomers, Duty::ReleaseDirectDebit),
    (Duty::ChangeBankDetails, Duty::ApproveCredit),
    (Duty::ChangeBankDetails, Duty::ConfirmBankDetails),
    (Duty::ChangeBankDetails, Duty::ProposeRefund),
    (Duty::ChangeBankDetails, Duty::ApproveRefund),
    (Duty::ChangeBankDetails, Duty::ReleasePaymentFile),
    (Duty::ChangeBankDetails, Duty::ApproveWriteOff),
    (Duty::ChangeBankDetails, Duty::ReleaseDirectDebit),
    (Duty::RaiseInvoice, Duty::ApproveCredit),
    (Duty::RaiseInvoice, Duty::ApproveRefund),
    (Duty::RaiseInvoice, Duty::ReleasePaymentFile),
    (Duty::RaiseInvoice, Duty::ApproveWriteOff),
    (Duty::ProposeCredit, Duty::ApproveCredit),
    (Duty::ApproveCredit, Duty::ReleasePaymentFile),
    (Duty::ApproveCredit, Duty::ProposeWriteOff),
    (Duty::PostCash, Duty::ApproveRefund),
    (Duty::PostCash, Duty::ReleasePaymentFile),
    (Duty::PostCash, Duty::ProposeWriteOff),
    (Duty::PostCash, Duty::ApproveWriteOff),
    (Duty::PostCash, Duty::ReleaseDirectDebit),
    (Duty::ProposeRefund, Duty::ApproveRefund),
    (Duty::ApproveRefund, Duty::ReleasePaymentFile),
    (Duty::ProposeWriteOff, Duty::ApproveWriteOff),
];

/// Duties that post, which an administrator may never hold.
const POSTING: &[Duty] = &[
    Duty::RaiseInvoice,
    Duty::ApproveCredit,
    Duty::PostCash,
    Duty::ApproveRefund,
    Duty::ApproveWriteOff,
    Duty::PostJournals,
    Duty::ReleasePaymentFile,
    Duty::ReleaseDirectDebit,
];

/// Refuses a person without the duty (CTL-E8: an administrator cannot post an invoice).
pub fn must_hold(duties: &[Duty], duty: Duty) -> Result<(), Refusal> {
    if duties.contains(&duty) {
        return Ok(());
    }
    Err(refusals::NO_DUTY.because(format!("You do not have the duty “{}”", duty.name())))
}

/// Whether someone may decide what someone else asked for: never one's own work, and only with the duty.
pub fn may_approve(asked_by: UserId, decider: &Decider, duty: Duty) -> Result<(), Refusal> {
    if asked_by == decider.user {
        return Err(refusals::OWN_WORK.because("You cannot decide on what you asked for yourself"));
    }
    must_hold(&decider.duties, duty)
}

/// Refuses an act of a person who exercised a conflicting duty earlier on the same transaction.
pub fn conflict(exercised: &[Duty], next: Duty) -> Result<(), Refusal> {
    let clashes = |done: &&Duty| CONFLICTS.contains(&(**done, next)) || CONFLICTS.contains(&(next, **done));
    match exercised.iter().find(clashes) {
        Some(done) => {
            let sentence = format!("You did “{}” here, so someone else must do “{}”", done.name(), next.name());
            Err(refusals::CONFLICT.because(sentence))
        }
        None => Ok(()),
    }
}

/// Whether a person may hold these roles: who administers the system holds no posting duty.
pub fn may_hold_together(roles: &[Role]) -> Result<(), Refusal> {
    let posts = roles.iter().flat_map(|role| role.duties()).find(|duty| POSTING.contains(duty));
    match posts {
        Some(duty) if roles.contains(&Role::Administrator) => {
            Err(refusals::CONFLICT.because(format!("An administrator may not hold “{}”", duty.name())))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approver(user: i64) -> Decider {
        Decider { user: UserId(user), duties: Role::Approver.duties().to_vec() }
    }

    #[test]
    fn ctl_e1_nobody_approves_their_own_request() {
        let refused = may_approve(UserId(7), &approver(7), Duty::ApproveCredit).expect_err("own work");
        assert_eq!(refused.code, "CTL-01-OWN-WORK");
        assert_eq!(may_approve(UserId(8), &approver(7), Duty::ApproveCredit), Ok(()));
        let clerk = Decider { user: UserId(9), duties: Role::BillingOfficer.duties().to_vec() };
        assert_eq!(may_approve(UserId(8), &clerk, Duty::ApproveCredit).expect_err("no duty").code, "CTL-01-NO-DUTY");
    }

    #[test]
    fn ctl_e3_bank_details_then_refund_by_one_person() {
        let refused = conflict(&[Duty::ChangeBankDetails], Duty::ProposeRefund).expect_err("conflict");
        assert_eq!(refused.code, "CTL-01-CONFLICT");
        assert_eq!(conflict(&[Duty::View], Duty::ProposeRefund), Ok(()));
    }

    #[test]
    fn ctl_e8_an_administrator_posts_nothing() {
        let refused = must_hold(Role::Administrator.duties(), Duty::RaiseInvoice).expect_err("no duty");
        assert_eq!(refused.code, "CTL-01-NO-DUTY");
        assert!(may_hold_together(&[Role::Administrator, Role::Cashier]).is_err());
        assert_eq!(may_hold_together(&[Role::BillingOfficer, Role::Cashier]), Ok(()));
        assert_eq!(may_hold_together(&[Role::Administrator, Role::Auditor]), Ok(()));
    }

    #[test]
    fn the_auditor_changes_nothing_and_names_read_back() {
        assert_eq!(Role::Auditor.duties(), [Duty::View, Duty::RunReports, Duty::ReadAudit]);
        for duty in Duty::ALL {
            assert_eq!(Duty::parse(duty.as_str()), Some(*duty));
        }
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(*role));
            let with = |duty| conflict(role.duties(), duty);
            let own: Vec<_> = role.duties().iter().filter(|duty| with(**duty).is_err()).collect();
            assert!(own.is_empty() || *role == Role::TeamLeader, "{role:?} {own:?}");
        }
    }
}
