//! Money out: what may be refunded, what to mind first, and how a payment batch lives (GL-02 rows 18 and 19).
use super::desk_refusals as refusals;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A refund of the same amount within so many days is named as a possible duplicate.
pub const DUPLICATE_DAYS: i64 = 90;
/// From this much on an overpayment is unusual (CTL-10).
pub const UNUSUAL: Pence = Pence(500_000);
/// A cheque is taken as cleared so many days after it was paid in.
pub const CLEARING_DAYS: i64 = 6;

macro_rules! words {
    ($(#[$outer:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $text:literal, $title:literal;)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$name),*];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$name => $text,)* }
            }

            /// For people.
            pub fn name(self) -> &'static str {
                match self { $($type::$name => $title,)* }
            }

            /// Reads a stored name.
            pub fn parse(text: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Why money goes back.
    RefundReason {
        /// More was paid than was owed.
        Overpaid = "overpaid", "Paid more than was owed";
        /// The same was paid twice.
        PaidTwice = "paid_twice", "Paid twice";
        /// A credit note left a credit.
        Credited = "credited", "Credited after it was paid";
        /// It was never owed to us.
        NotOurs = "not_ours", "Not meant for us";
        /// A deposit is due back.
        Deposit = "deposit", "Deposit due back";
        /// Something else, in words.
        Other = "other", "Something else";
    }
}

words! {
    /// How money goes back.
    RefundMethod {
        /// To a bank account.
        Bank = "bank", "Bank transfer";
        /// By cheque.
        Cheque = "cheque", "Cheque";
        /// To the card it came from, through the card provider.
        Card = "card", "Back to the card";
    }
}

words! {
    /// Who or what allows a refund, or an offset, where a rule asks for it (CSH-13).
    Authority {
        /// The customer asked for it in writing.
        Customer = "customer", "The customer agreed in writing";
        /// A term of a contract.
        Contract = "contract", "A term of the contract";
        /// A court.
        Court = "court", "A court order";
        /// A statute.
        Statute = "statute", "A statute";
        /// Somebody here who may.
        Manager = "manager", "A manager's decision";
    }
}

/// What a refund is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundFacts {
    /// How much is asked for.
    pub amount: Pence,
    /// What there is of the credit.
    pub available: Pence,
    /// What the customer owes and is due or overdue.
    pub open_debts: Pence,
    /// Who allows it despite open debts, in words; empty for nobody.
    pub authority: String,
}

/// Whether it may be asked for.
pub fn may_refund(facts: &RefundFacts) -> Result<(), Refusal> {
    if facts.amount <= Pence::ZERO || facts.amount > facts.available {
        let sentence = format!("{} cannot be refunded where {} is in credit.", facts.amount, facts.available);
        return Err(refusals::REFUND_AMOUNT.because(sentence));
    }
    if facts.open_debts > Pence::ZERO && facts.authority.trim().is_empty() {
        let sentence = format!("{} is still owed on this account.", facts.open_debts);
        return Err(refusals::OPEN_DEBTS.because(sentence));
    }
    Ok(())
}

/// What is known about the money that a refund would send back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefundBackground {
    /// Numbers of refunds of the same amount to the same customer, asked for lately.
    pub alike: Vec<String>,
    /// How the money came: bank, cheque, cash, card; `direct_debit` where the bank says so. Empty if not from a receipt.
    pub came_by: String,
    /// When it came.
    pub came_on: Option<NaiveDate>,
    /// Whether the payee's account is the one it came from; none where that is not known.
    pub same_account: Option<bool>,
    /// Whether a cheque has not been cleared yet.
    pub uncleared: bool,
}

/// Something to look at before money goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundWarning {
    /// Stable name.
    pub code: String,
    /// In a sentence.
    pub sentence: String,
}

/// What to look at before this much is refunded in this way.
pub fn refund_warnings(amount: Pence, method: RefundMethod, known: &RefundBackground) -> Vec<RefundWarning> {
    let mut all = Vec::new();
    let mut warn = |code: &str, sentence: String| all.push(RefundWarning { code: code.to_owned(), sentence });
    if !known.alike.is_empty() {
        let list = known.alike.join(", ");
        warn("duplicate", format!("The same amount was asked for before: {list}. Make sure this is another payment."));
    }
    if known.came_by == "direct_debit" {
        let sentence = "The money was collected by Direct Debit. The payer can claim it from their bank too: make sure that no indemnity claim is open.";
        warn("direct_debit", sentence.to_owned());
    }
    if known.came_by == "card" && method != RefundMethod::Card {
        warn("card", "The money came by card. Refund it to the same card, or the payer may have it twice.".to_owned());
    }
    if known.came_by == "cash" && method == RefundMethod::Bank && amount >= UNUSUAL {
        warn("cash", "The money came in cash and would leave through a bank account.".to_owned());
    }
    if known.uncleared {
        warn("uncleared", "The cheque that paid this has not been cleared. It may still come back.".to_owned());
    }
    if method == RefundMethod::Bank && known.same_account == Some(false) {
        warn("other_account", "The payee's account is not the one the money came from.".to_owned());
    }
    if amount >= UNUSUAL {
        let sentence =
            format!("A refund of {UNUSUAL} or more is unusual. Tell the money laundering reporting officer.");
        warn("unusual", sentence);
    }
    all
}

/// Where a payment batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Put together; refunds can still be taken out by withdrawing it.
    Draft,
    /// Someone else released it.
    Approved,
    /// The file or list is written and kept.
    Written,
    /// It was sent to the bank or handed to the payments team.
    Sent,
    /// The bank or the payments team says that it was paid.
    Acknowledged,
    /// It was not: its refunds wait for another batch.
    Rejected,
}

/// What is done to a payment batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchAct {
    /// Someone else says yes.
    Approve,
    /// The file is made.
    Write,
    /// It goes.
    Send,
    /// The answer is yes.
    Acknowledge,
    /// The answer is no, or it is given up before it goes.
    Reject,
}

impl BatchState {
    /// All of them.
    pub const ALL: [BatchState; 6] = [
        BatchState::Draft,
        BatchState::Approved,
        BatchState::Written,
        BatchState::Sent,
        BatchState::Acknowledged,
        BatchState::Rejected,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            BatchState::Draft => "draft",
            BatchState::Approved => "approved",
            BatchState::Written => "written",
            BatchState::Sent => "sent",
            BatchState::Acknowledged => "acknowledged",
            BatchState::Rejected => "rejected",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<BatchState> {
        BatchState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// The state after an act; a batch goes one way only.
pub fn next_batch_state(from: BatchState, act: BatchAct) -> Result<BatchState, Refusal> {
    use BatchState::{Acknowledged, Approved, Draft, Rejected, Sent, Written};
    match (from, act) {
        (Draft, BatchAct::Approve) => Ok(Approved),
        (Approved, BatchAct::Write) => Ok(Written),
        (Written, BatchAct::Send) => Ok(Sent),
        (Sent, BatchAct::Acknowledge) => Ok(Acknowledged),
        (Draft | Approved | Written | Sent, BatchAct::Reject) => Ok(Rejected),
        (from, _) => Err(refusals::BATCH_STATE.because(format!("The batch is {}.", from.as_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(amount: i64, available: i64, debts: i64, authority: &str) -> RefundFacts {
        RefundFacts {
            amount: Pence(amount),
            available: Pence(available),
            open_debts: Pence(debts),
            authority: authority.into(),
        }
    }

    #[test]
    fn csh_13_a_refund_with_open_debts_takes_authority() {
        assert_eq!(may_refund(&facts(5_000, 5_000, 0, "")), Ok(()));
        let refused = may_refund(&facts(5_000, 5_000, 1, " ")).expect_err("debts");
        assert_eq!(
            (refused.code.as_str(), refused.sentence.as_str()),
            ("GL-02-REFUND-OPEN-DEBTS", "£0.01 is still owed on this account.")
        );
        assert_eq!(may_refund(&facts(5_000, 5_000, 1, "The customer agreed in writing")), Ok(()));
        for (amount, available) in [(0, 100), (-5, 100), (101, 100)] {
            let refused = may_refund(&facts(amount, available, 9, "")).expect_err("amount");
            assert_eq!(refused.code, "CSH-REFUND-AMOUNT");
        }
    }

    #[test]
    fn dd_05_and_csh_13_what_to_look_at_before_money_goes_out() {
        let codes = |amount, method, known: &RefundBackground| {
            refund_warnings(Pence(amount), method, known).into_iter().map(|one| one.code).collect::<Vec<_>>()
        };
        let plain = RefundBackground::default();
        assert!(codes(1_000, RefundMethod::Bank, &plain).is_empty());
        assert_eq!(codes(500_000, RefundMethod::Bank, &plain), ["unusual"]);
        let debit = RefundBackground { came_by: "direct_debit".into(), ..plain.clone() };
        assert_eq!(codes(1_000, RefundMethod::Bank, &debit), ["direct_debit"]);
        let card = RefundBackground { came_by: "card".into(), same_account: Some(false), ..plain.clone() };
        assert_eq!(codes(1_000, RefundMethod::Bank, &card), ["card", "other_account"]);
        assert!(codes(1_000, RefundMethod::Card, &card).is_empty());
        let cheque =
            RefundBackground { came_by: "cheque".into(), uncleared: true, alike: vec!["RFD-000001".into()], ..plain };
        assert_eq!(codes(1_000, RefundMethod::Cheque, &cheque), ["duplicate", "uncleared"]);
    }

    #[test]
    fn a_payment_batch_goes_one_way() {
        use BatchAct::{Acknowledge, Approve, Reject, Send, Write};
        let mut state = BatchState::Draft;
        for act in [Approve, Write, Send, Acknowledge] {
            for other in [Approve, Write, Send, Acknowledge].into_iter().filter(|other| *other != act) {
                assert_eq!(next_batch_state(state, other).expect_err("out of turn").code, "CSH-BATCH-STATE");
            }
            state = next_batch_state(state, act).expect("in turn");
            assert_eq!(BatchState::parse(state.as_str()), Some(state));
        }
        assert!(next_batch_state(BatchState::Acknowledged, Reject).is_err());
        assert_eq!(next_batch_state(BatchState::Sent, Reject), Ok(BatchState::Rejected));
    }
}
