//! Card payments: where one stands and may go, what is set against which item, and what a payout must come to.
//!
//! ```text
//! asked -> with_payer -> paid -> settled
//!    \          \-> failed | cancelled | expired -> paid (the provider changed its mind)
//! ```
//! A provider may tell us anything twice, late and in any order: [`next_state`] only ever goes forward.
use super::allocate::OpenItems;
use crate::ids::ItemId;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What card payments refuse.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// Nobody takes card payments for this organisation.
        NO_PROVIDER = "CSH-CARD-NO-PROVIDER", "CSH-14", "Ask an administrator to set the card provider up";
        /// The provider cannot do this.
        NOT_OFFERED = "CSH-CARD-NOT-OFFERED", "CSH-14", "Do it on the provider's own page; it comes back in the settlement";
        /// The amount cannot be taken by card.
        AMOUNT = "CSH-CARD-AMOUNT", "CSH-14", "Enter an amount above £0.00 and up to £100,000.00, and no less than the items chosen";
        /// There is nothing left to pay.
        NOTHING_TO_PAY = "CSH-CARD-NOTHING-TO-PAY", "CSH-15", "Look at the account: it may have been paid another way";
        /// The link has ended or was never ours.
        LINK_ENDED = "CSH-CARD-LINK-ENDED", "CSH-15", "Use the newest letter, or telephone us";
        /// The provider says no.
        PROVIDER_SAYS_NO = "CSH-CARD-REFUSED", "CSH-14", "Read what the provider says, put it right, and begin again";
        /// The provider does not answer.
        PROVIDER_SILENT = "CSH-CARD-NO-ANSWER", "CSH-14", "Look at the payment again in a minute: it is asked for again until it is known";
        /// The payment is not where this can be done.
        STATE = "CSH-CARD-STATE", "CSH-14", "Look at the payment again to see what happened to it";
        /// More than can still be refunded.
        REFUND_ABOVE = "CSH-CARD-REFUND-ABOVE", "CSH-14", "Refund no more than was paid by this card and not refunded or disputed";
        /// The customer has no such credit.
        NO_CREDIT = "CSH-CARD-NO-CREDIT", "GL-02", "Undo the allocation, or raise the credit note, that leaves the credit to be refunded";
        /// The customer owes other money.
        OWES = "CSH-CARD-OWES", "GL-02", "Set the credit against what is owed, or say why it is refunded all the same";
        /// A card receipt is not reversed by hand.
        NOT_BY_HAND = "CSH-CARD-NOT-BY-HAND", "CSH-18", "Refund the card payment, or record the dispute: the provider holds the money";
        /// A payout is not what the bank shows.
        PAYOUT_DIFFERS = "CSH-CARD-PAYOUT-DIFFERS", "CSH-17", "Choose the right bank line, or read the settlement again: every payment, refund and charge is listed";
        /// A payout was reconciled before, or its bank line was.
        PAYOUT_DONE = "CSH-CARD-PAYOUT-DONE", "CSH-17", "Look at the payout again";
        /// A payment file does not follow the last.
        FILE_GAP = "CSH-CARD-FILE-GAP", "CSH-17", "Take the missing file in first";
        /// A payment file came before.
        FILE_AGAIN = "CSH-CARD-FILE-AGAIN", "CSH-17", "Look at what was taken from it; a corrected file needs a new number";
    }
}

/// The most that one card payment may be.
pub const LARGEST_CARD: Pence = Pence(10_000_000);
/// How long a provider may go on telling of one event.
const OLDEST_WEBHOOK: TimeDelta = TimeDelta::days(7);
/// How far ahead its clock may be.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Where a card payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Kept here before the provider was asked.
    Asked,
    /// The provider's page waits for the payer.
    WithPayer,
    /// The card was refused.
    Failed,
    /// The payer or we gave up.
    Cancelled,
    /// Nobody paid in time.
    Expired,
    /// The provider took the money.
    Paid,
    /// It was paid out to our bank.
    Settled,
}

impl CardState {
    /// All of them.
    pub const ALL: [CardState; 7] = [
        CardState::Asked,
        CardState::WithPayer,
        CardState::Failed,
        CardState::Cancelled,
        CardState::Expired,
        CardState::Paid,
        CardState::Settled,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            CardState::Asked => "asked",
            CardState::WithPayer => "with_payer",
            CardState::Failed => "failed",
            CardState::Cancelled => "cancelled",
            CardState::Expired => "expired",
            CardState::Paid => "paid",
            CardState::Settled => "settled",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<CardState> {
        CardState::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            CardState::Asked => "Starting",
            CardState::WithPayer => "Waiting for the card",
            CardState::Failed => "Card refused",
            CardState::Cancelled => "Cancelled",
            CardState::Expired => "Ran out of time",
            CardState::Paid => "Paid, not in the bank yet",
            CardState::Settled => "Paid out to the bank",
        }
    }

    /// Whether it should be asked for until something comes of it.
    pub fn is_open(self) -> bool {
        matches!(self, CardState::Asked | CardState::WithPayer)
    }

    /// Whether the money was taken.
    pub fn is_paid(self) -> bool {
        matches!(self, CardState::Paid | CardState::Settled)
    }

    fn height(self) -> u8 {
        match self {
            CardState::Asked => 0,
            CardState::WithPayer => 1,
            CardState::Failed | CardState::Cancelled | CardState::Expired => 2,
            CardState::Paid => 3,
            CardState::Settled => 4,
        }
    }
}

/// Where a payment goes when this is seen of it; none when it stays.
pub fn next_state(now: CardState, seen: CardState) -> Option<CardState> {
    (seen.height() > now.height()).then_some(seen)
}

/// Whether a webhook's own time is one at which it may come; one that cannot be read is not.
pub fn webhook_in_time(made_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    made_at.is_some_and(|made| made <= now + AHEAD && made >= now - OLDEST_WEBHOOK)
}

/// Whether so much may be taken by card for these items.
pub fn may_take(amount: Pence, lines: &BTreeMap<ItemId, Pence>) -> Result<(), Refusal> {
    let items = Pence::total(lines.values());
    if amount <= Pence::ZERO || amount > LARGEST_CARD {
        return Err(refusals::AMOUNT.because(format!("{amount} cannot be taken by card.")));
    }
    if items > amount {
        return Err(refusals::AMOUNT.because(format!("The items come to {items} and {amount} is to be paid.")));
    }
    Ok(())
}

/// What a payment sets against which item now that it is paid: what was chosen, as far as it is still open and as
/// far as the money goes. It never fails: what does not fit stays on the account, for a person to look at.
pub fn placed(chosen: &BTreeMap<ItemId, Pence>, open: &OpenItems, paid: Pence) -> BTreeMap<ItemId, Pence> {
    let mut left = paid;
    let mut lines = BTreeMap::new();
    for (item, amount) in chosen {
        let open = open.get(item).copied().unwrap_or(Pence::ZERO);
        let part = (*amount).min(open).min(left);
        if part > Pence::ZERO {
            lines.insert(*item, part);
            left = left.minus(part);
        }
    }
    lines
}

/// How a chargeback takes money off a receipt: first from what lies on the account, then from what it paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// From unallocated cash.
    pub on_account: Pence,
    /// From items, which are open again.
    pub reopened: Pence,
    /// Nowhere to take it from (it was refunded): a debt of its own.
    pub beyond: Pence,
}

/// Shares a chargeback out.
pub fn take_back(amount: Pence, on_account: Pence, allocated: Pence) -> TakenBack {
    let first = amount.min(on_account);
    let reopened = amount.minus(first).min(allocated);
    TakenBack { on_account: first, reopened, beyond: amount.minus(first).minus(reopened) }
}

/// What a refund of a card payment is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundFacts {
    /// Paid by this card.
    pub paid: Pence,
    /// Refunded, or being refunded, or taken back in a dispute.
    pub gone: Pence,
    /// Credits that are open on the customer's account.
    pub credit: Pence,
    /// What the customer owes.
    pub owes: Pence,
    /// Somebody said why it is refunded all the same.
    pub all_the_same: bool,
}

/// Whether so much may be refunded to the card (GL-02: not above the credit, not while other debts are open).
pub fn may_refund(amount: Pence, facts: &RefundFacts) -> Result<(), Refusal> {
    let left = facts.paid.minus(facts.gone);
    if amount <= Pence::ZERO || amount > left {
        return Err(refusals::REFUND_ABOVE.because(format!("{left} of this payment can still be refunded.")));
    }
    if amount > facts.credit {
        let sentence = format!("The customer has {} in credit, so {amount} cannot be refunded.", facts.credit);
        return Err(refusals::NO_CREDIT.because(sentence));
    }
    if facts.owes > Pence::ZERO && !facts.all_the_same {
        return Err(refusals::OWES.because(format!("The customer owes {}.", facts.owes)));
    }
    Ok(())
}

/// What one payout is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutFigures {
    /// Payments.
    pub gross: Pence,
    /// Refunds in it.
    pub refunds: Pence,
    /// Disputes lost in it.
    pub disputes: Pence,
    /// What the provider kept for itself.
    pub charges: Pence,
}

impl PayoutFigures {
    /// What should reach the bank.
    pub fn net(&self) -> Pence {
        self.gross.minus(self.refunds).minus(self.disputes).minus(self.charges)
    }
}

/// Whether a bank line is this payout, to the penny.
pub fn is_payout(figures: &PayoutFigures, bank: Pence) -> Result<(), Refusal> {
    let net = figures.net();
    if net == bank {
        return Ok(());
    }
    let sentence = format!("The payout comes to {net} and the bank line is {bank}: {} apart.", bank.minus(net).size());
    Err(refusals::PAYOUT_DIFFERS.because(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(all: &[(i64, i64)]) -> BTreeMap<ItemId, Pence> {
        all.iter().map(|(item, pence)| (ItemId(*item), Pence(*pence))).collect()
    }

    #[test]
    fn p13_a_state_never_goes_back() {
        use CardState::*;
        assert_eq!(next_state(WithPayer, Paid), Some(Paid));
        assert_eq!(next_state(Cancelled, Paid), Some(Paid), "the provider took it after all");
        for (now, seen) in [(Paid, Failed), (Paid, WithPayer), (Settled, Paid), (Failed, Cancelled), (Paid, Paid)] {
            assert_eq!(next_state(now, seen), None, "{now:?} {seen:?}");
        }
    }

    #[test]
    fn p13_an_old_webhook_is_out_of_time() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
        let now = at("2026-11-20T12:00:00Z").expect("a time");
        assert!(webhook_in_time(at("2026-11-20T11:59:00Z"), now) && webhook_in_time(at("2026-11-20T12:04:00Z"), now));
        for wrong in [at("2026-11-13T11:59:00Z"), at("2026-11-20T12:06:00Z"), None] {
            assert!(!webhook_in_time(wrong, now), "{wrong:?}");
        }
    }

    #[test]
    fn csh_14_what_is_paid_is_set_against_what_is_still_open() {
        let chosen = lines(&[(1, 4_000), (2, 6_000), (3, 500)]);
        let open = lines(&[(1, 4_000), (2, 2_500)]);
        assert_eq!(placed(&chosen, &open, Pence(10_500)), lines(&[(1, 4_000), (2, 2_500)]));
        assert_eq!(placed(&chosen, &open, Pence(5_000)), lines(&[(1, 4_000), (2, 1_000)]));
        assert!(placed(&chosen, &OpenItems::new(), Pence(5_000)).is_empty());
    }

    #[test]
    fn csh_14_amounts_that_cannot_be_taken() {
        let code = |pence, items: &[(i64, i64)]| may_take(Pence(pence), &lines(items)).map_err(|r| r.code);
        assert_eq!(code(10_000_000, &[]), Ok(()));
        assert_eq!(code(5_000, &[(1, 5_000)]), Ok(()));
        for (pence, items) in [(0, vec![]), (-1, vec![]), (10_000_001, vec![]), (4_999, vec![(1, 5_000)])] {
            assert_eq!(code(pence, &items), Err("CSH-CARD-AMOUNT".into()));
        }
    }

    #[test]
    fn csh_18_a_chargeback_takes_from_the_account_first() {
        let parts = |a, b, c| take_back(Pence(a), Pence(b), Pence(c));
        let taken = |a, b, c| TakenBack { on_account: Pence(a), reopened: Pence(b), beyond: Pence(c) };
        assert_eq!(parts(10_000, 0, 10_000), taken(0, 10_000, 0));
        assert_eq!(parts(4_000, 3_000, 7_000), taken(3_000, 1_000, 0));
        assert_eq!(parts(10_000, 0, 6_000), taken(0, 6_000, 4_000));
    }

    #[test]
    fn csh_16_a_refund_to_a_card_is_refused_in_order() {
        let facts = RefundFacts {
            paid: Pence(10_000),
            gone: Pence(2_000),
            credit: Pence(5_000),
            owes: Pence(100),
            all_the_same: false,
        };
        let code = |pence, facts: &RefundFacts| may_refund(Pence(pence), facts).map_err(|r| r.code);
        assert_eq!(code(8_001, &facts), Err("CSH-CARD-REFUND-ABOVE".into()));
        assert_eq!(code(5_001, &facts), Err("CSH-CARD-NO-CREDIT".into()));
        assert_eq!(code(5_000, &facts), Err("CSH-CARD-OWES".into()));
        assert_eq!(code(5_000, &RefundFacts { all_the_same: true, ..facts }), Ok(()));
        assert_eq!(code(0, &facts), Err("CSH-CARD-REFUND-ABOVE".into()));
    }

    #[test]
    fn csh_17_a_payout_agrees_to_the_penny() {
        let figures = PayoutFigures {
            gross: Pence(15_000),
            refunds: Pence(2_500),
            disputes: Pence(4_000),
            charges: Pence(1_680),
        };
        assert_eq!(figures.net(), Pence(6_820));
        assert_eq!(is_payout(&figures, Pence(6_820)), Ok(()));
        let refusal = is_payout(&figures, Pence(6_821)).expect_err("a penny");
        assert_eq!(
            (refusal.code.as_str(), refusal.sentence.ends_with("£0.01 apart.")),
            ("CSH-CARD-PAYOUT-DIFFERS", true)
        );
    }

    proptest! {
        #[test]
        fn p13_every_order_of_events_ends_the_same(mut seen in proptest::collection::vec(0usize..7, 1..8), swap in 0usize..8) {
            let end = |seen: &[usize]| seen.iter().fold(CardState::Asked, |now, next| {
                next_state(now, CardState::ALL[*next]).unwrap_or(now)
            });
            let first = end(&seen);
            let at = swap % seen.len();
            seen.rotate_left(at);
            prop_assert_eq!(end(&seen).is_paid(), first.is_paid());
            prop_assert_eq!(end(&seen).height(), first.height());
        }

        #[test]
        fn a_chargeback_is_shared_out_whole(a in 0i64..100_000, b in 0i64..100_000, c in 0i64..100_000) {
            let t = take_back(Pence(a), Pence(b), Pence(c));
            prop_assert_eq!(t.on_account.plus(t.reopened).plus(t.beyond), Pence(a));
            prop_assert!(t.on_account <= Pence(b) && t.reopened <= Pence(c));
        }
    }
}
