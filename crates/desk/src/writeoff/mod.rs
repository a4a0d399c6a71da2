//! Giving debts up: candidates, evidence, the service's view, schedules, small balances, losses, write-backs.
mod back;
mod candidates;
mod case;
mod decide;
mod facts;
mod losses;
mod policy;
mod propose;
mod referral_links;
mod referrals;
mod schedules;
mod small;
mod write_back;
mod write_off;

pub use back::{
    MoneyWaiting, Reappearance, Reappeared, SawSign, SeeSign, WaitingMoney, WriteOffsAsk, WriteOffsPage, reappearances,
    see_sign, waiting_money, write_offs_list, written_off_left,
};
pub use candidates::{CandidateShown, CandidatesAsk, CandidatesPage, candidates};
pub use case::{
    AddDebtEvidence, DebtCase, DebtEvidenceAdded, EndDebtEvidence, NeedShown, ReasonList, add_debt_evidence, debt_case,
    debt_evidence_file, end_debt_evidence,
};
pub use decide::{
    CommitteeRecorded, DecideSchedule, LineDecision, RecordCommittee, ScheduleDecided, decide_schedule,
    record_committee,
};
pub use facts::ReliefIfGivenUp;
pub use losses::{
    CategoryTotal, CommitteeGroup, CommitteeReport, LossesRegister, ReferLoss, RegisterLine, committee_report,
    losses_register, refer_loss,
};
pub use policy::{ChangePolicy, PolicyAsked, PolicyShown, change_policy, policy};
pub use propose::{LineStands, LinesProposed, ProposeWriteOffs, WithdrawLine, propose_write_offs, withdraw_line};
pub use referral_links::{AnswerReferral, LinkedReferral, answer_referral, linked_referral};
pub use referrals::{
    AskDecision, DecisionAsked, RecordAnswer, ReferralsTended, WithdrawReferral, ask_decision, record_answer, referral,
    referrals_list, tend_referrals, withdraw_referral,
};
pub use schedules::{LineShown, ScheduleShown, schedule, schedules_list};
pub use small::{
    LeftOut, RequestSmallBalances, SmallBalancesAsk, SmallBalancesAsked, SmallBalancesPreview, SmallOne,
    preview_small_balances, request_small_balances,
};
pub use write_back::{RequestWriteBack, request_write_back};
pub use write_off::{EvidenceGiven, RequestWriteOff, WriteOffAsked, evidence_in_words, request_write_off};

pub(crate) use policy::policy_approved;
pub(crate) use small::post_small_balances;
pub(crate) use write_back::post_write_back;
pub(crate) use write_off::{post_write_off, written_off_before};
