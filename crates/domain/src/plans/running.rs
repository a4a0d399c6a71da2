//! A plan while it runs: how it is paid, who may grant by their roles, what credits take off, what a Direct Debit takes.
use super::Approver;
use crate::billing::Instalment;
use crate::control::Role;
use crate::money::Pence;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a plan that runs refuses.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// The plan is not in a state for this.
        PLAN_STATE = "PP-01-STATE", "PP-01", "Look at the plan again";
        /// Somebody changed it meanwhile.
        PLAN_CHANGED = "PP-01-CHANGED", "PP-01", "Load the plan again and repeat the change";
        /// A Direct Debit plan without a mandate.
        NO_MANDATE = "PP-01-NO-MANDATE", "PLN-06", "Set up the Direct Debit first, or choose another way to pay";
        /// A hold of a plan, ended by hand.
        PLAN_HOLD = "PP-HOLD-OF-PLAN", "PP-01", "End or change the plan: its holds go with it";
        /// A hold that stands while a notice is not yet matched, ended by hand.
        NOTICE_HOLD = "PP-HOLD-OF-NOTICE", "BS-03, LEG-07", "Say whose notice it is, or that they are no customer of ours: the hold ends with that";
        /// A hold that stands while a service is asked, ended by hand.
        QUESTION_HOLD = "PP-HOLD-OF-QUESTION", "REC-06", "Record the service's answer, or take the question back: the hold ends with that";
        /// More than an adviser's statement offers, without a reason.
        ABOVE_ADVISER = "PP-03-ADVISER", "PP-03", "Take the adviser's offer, or record what is clearly wrong in it";
        /// An item of an account that is not on the plan.
        NOT_THEIRS = "PP-01-NOT-THEIRS", "PP-01, BS-06", "Name everybody who owes it, or leave it out";
    }
}

named! {
    /// How instalments are paid.
    PlanMethod {
        /// We collect.
        DirectDebit = "direct_debit", "Direct Debit";
        /// Their bank sends the same each time.
        StandingOrder = "standing_order", "Standing order";
        /// By card, each time or kept by the provider.
        Card = "card", "Card";
        /// By transfer.
        Transfer = "transfer", "Bank transfer";
        /// At a counter.
        Cash = "cash", "Cash or cheque";
    }
}

/// The standing that somebody's roles give, for PP-04. The operator of the machine has no role and every standing.
pub fn standing_of(roles: &[Role]) -> Approver {
    let of = |role: &Role| match role {
        Role::Approver => Approver::Head,
        Role::TeamLeader => Approver::TeamLeader,
        _ => Approver::Clerk,
    };
    roles.iter().map(of).max().unwrap_or(Approver::Head)
}

/// The schedule after credit notes and write-offs: the last instalments fall away, since less is owed.
pub fn less_credits(parts: &[Instalment], credited: Pence) -> Vec<Instalment> {
    let mut left = credited.max(Pence::ZERO);
    let mut kept = parts.to_vec();
    for part in kept.iter_mut().rev() {
        let off = left.min(part.amount);
        part.amount = part.amount.minus(off);
        left = left.minus(off);
    }
    kept.retain(|part| part.amount > Pence::ZERO);
    kept
}

/// How much is behind at the start of a day: the instalments of the days before it, less what came.
pub fn behind_on(parts: &[Instalment], paid: Pence, today: NaiveDate) -> (Pence, Option<NaiveDate>) {
    let mut due = Pence::ZERO;
    let mut since = None;
    for part in parts.iter().filter(|part| part.due_on < today) {
        due = due.plus(part.amount);
        if due > paid && since.is_none() {
            since = Some(part.due_on);
        }
    }
    (due.minus(paid).max(Pence::ZERO), since)
}

/// What a Direct Debit takes for the instalment of a day: not what came early, and never more than is owed.
pub fn to_collect(parts: &[Instalment], due_on: NaiveDate, paid: Pence, balance: Pence) -> Pence {
    let mut to = Pence::ZERO;
    for part in parts {
        to = to.plus(part.amount);
        if part.due_on == due_on {
            return to.minus(paid).min(part.amount).min(balance).max(Pence::ZERO);
        }
    }
    Pence::ZERO
}

#[cfg(test)]
mod tests {
    use super::super::Every;
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn plan() -> Vec<Instalment> {
        (0..3).map(|n| Instalment { due_on: Every::Month.day(d("2026-10-01"), n), amount: Pence(10_000) }).collect()
    }

    #[test]
    fn pln_05_a_credit_note_takes_off_the_end() {
        let amounts = |credited| less_credits(&plan(), Pence(credited)).iter().map(|p| p.amount.0).collect::<Vec<_>>();
        assert_eq!(amounts(0), [10_000, 10_000, 10_000]);
        assert_eq!(amounts(12_500), [10_000, 7_500]);
        assert_eq!(amounts(40_000), [0; 0]);
        assert_eq!(amounts(-5), [10_000, 10_000, 10_000]);
    }

    #[test]
    fn pln_03_the_morning_after_it_is_behind() {
        assert_eq!(behind_on(&plan(), Pence::ZERO, d("2026-10-01")), (Pence::ZERO, None));
        assert_eq!(behind_on(&plan(), Pence(4_000), d("2026-10-02")), (Pence(6_000), Some(d("2026-10-01"))));
        assert_eq!(behind_on(&plan(), Pence(10_000), d("2026-11-02")), (Pence(10_000), Some(d("2026-11-01"))));
        assert_eq!(behind_on(&plan(), Pence(99_000), d("2027-11-02")), (Pence::ZERO, None));
    }

    #[test]
    fn pln_06_a_direct_debit_takes_what_is_left_of_its_instalment() {
        let take = |paid, balance| to_collect(&plan(), d("2026-11-01"), Pence(paid), Pence(balance));
        assert_eq!(take(10_000, 20_000), Pence(10_000));
        assert_eq!(take(0, 30_000), Pence(10_000), "arrears are asked for by letter, not taken without notice");
        assert_eq!(take(14_000, 16_000), Pence(6_000));
        assert_eq!(take(10_000, 7_000), Pence(7_000));
        assert_eq!(take(25_000, 5_000), Pence::ZERO);
        assert_eq!(to_collect(&plan(), d("2026-11-02"), Pence::ZERO, Pence(1)), Pence::ZERO);
    }

    #[test]
    fn pp_04_standing_follows_the_highest_role() {
        assert_eq!(standing_of(&[Role::CreditController]), Approver::Clerk);
        assert_eq!(standing_of(&[Role::CreditController, Role::TeamLeader]), Approver::TeamLeader);
        assert_eq!(standing_of(&[Role::Approver]), Approver::Head);
        assert_eq!(standing_of(&[]), Approver::Head);
        assert_eq!(PlanMethod::parse("transfer"), Some(PlanMethod::Transfer));
    }
}
