//! Cheques and cash taken by hand: shares that add up, the paying-in slip, and the bank line that proves it (CSH-16).
use super::desk_refusals as refusals;
use super::refunds::words;
use crate::money::Pence;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

words! {
    /// Where a cheque or a sum of cash stands.
    CounterState {
        /// In the office.
        Held = "held", "In the office";
        /// On a paying-in slip.
        PayingIn = "paying_in", "On a paying-in slip";
        /// The bank has it.
        Banked = "banked", "Banked";
        /// The bank can no longer give it back.
        Cleared = "cleared", "Cleared";
        /// It came back unpaid, or never went.
        Returned = "returned", "Returned";
    }
}

/// The number of a cheque out of what was written about it: `Cheque no. 000431` is 000431.
pub fn cheque_number(words: &str) -> String {
    let mut rest = words.trim();
    for word in ["cheque", "chq", "number", "no.", "no"] {
        let head = rest.get(..word.len()).unwrap_or_default();
        let after = rest.get(word.len()..).unwrap_or_default();
        if head.eq_ignore_ascii_case(word) && !after.starts_with(char::is_alphabetic) {
            rest = after.trim_start_matches([' ', '.', ':']);
        }
    }
    rest.to_owned()
}

/// Whether the shares of a payment are the whole of it, each above nothing.
pub fn shares_are_whole(amount: Pence, shares: &[Pence]) -> Result<(), Refusal> {
    let sum = shares.iter().try_fold(Pence::ZERO, |sum, share| sum.checked_add(*share));
    let each = shares.iter().all(|share| *share > Pence::ZERO);
    match sum {
        Some(sum) if sum == amount && each => Ok(()),
        Some(sum) if sum > amount => {
            let more = sum.minus(amount);
            let sentence = format!("The shares add up to {sum}. That is {more} more than the {amount} that was paid.");
            Err(refusals::COUNTER_SHARES.because(sentence))
        }
        Some(sum) if sum < amount => {
            let less = amount.minus(sum);
            let sentence = format!("The shares add up to {sum}. That is {less} less than the {amount} that was paid.");
            Err(refusals::COUNTER_SHARES.because(sentence))
        }
        _ => Err(refusals::COUNTER_SHARES.because("Each share must be above £0.00.")),
    }
}

/// What a paying-in slip comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipTotals {
    /// How many cheques.
    pub cheques: i64,
    /// Their sum.
    pub cheques_sum: Pence,
    /// The cash.
    pub cash_sum: Pence,
}

impl SlipTotals {
    /// The slip's total.
    pub fn total(&self) -> Pence {
        self.cheques_sum.plus(self.cash_sum)
    }
}

/// Whether what a person counted is what was recorded: the slip is made of nothing else.
pub fn slip_agrees(recorded: &SlipTotals, counted: &SlipTotals) -> Result<(), Refusal> {
    if recorded == counted {
        return Ok(());
    }
    let words = |totals: &SlipTotals| {
        let cheques = if totals.cheques == 1 { "cheque" } else { "cheques" };
        format!("{} {cheques} of {} and {} in cash", totals.cheques, totals.cheques_sum, totals.cash_sum)
    };
    let sentence = format!("Recorded: {}. Counted: {}.", words(recorded), words(counted));
    Err(refusals::SLIP_TOTAL.because(sentence))
}

/// Whether a bank's words name a paying-in slip: as a whole word, leading noughts apart.
pub fn names_slip(bank_words: &str, slip: &str, batch: &str) -> bool {
    let plain = |text: &str| text.trim_start_matches('0').to_ascii_uppercase();
    let wanted = plain(slip);
    let parts = bank_words.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    parts.filter(|part| !part.is_empty()).any(|part| {
        let part = plain(part);
        (!wanted.is_empty() && part == wanted) || part == batch.to_ascii_uppercase()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_16_shares_are_the_whole_of_what_was_paid() {
        let whole = |shares: &[i64]| {
            let shares: Vec<Pence> = shares.iter().copied().map(Pence).collect();
            shares_are_whole(Pence(15_000), &shares).map_err(|refused| (refused.code, refused.sentence))
        };
        assert_eq!(whole(&[10_000, 5_000]), Ok(()));
        let (code, sentence) = whole(&[10_000, 5_001]).expect_err("too much");
        assert_eq!(code, "CSH-16-SHARES");
        assert_eq!(sentence, "The shares add up to £150.01. That is £0.01 more than the £150.00 that was paid.");
        assert!(whole(&[10_000]).expect_err("too little").1.contains("£50.00 less"));
        assert!(whole(&[15_001, -1]).is_err() && whole(&[15_000, 0]).is_err() && whole(&[]).is_err());
        assert!(whole(&[i64::MAX, i64::MAX]).is_err());
    }

    #[test]
    fn csh_16_a_cheques_number_without_the_words_round_it() {
        for (words, number) in [
            ("Cheque 000431", "000431"),
            ("chq no. 12", "12"),
            ("CHEQUE NUMBER: 7", "7"),
            ("000431", "000431"),
            ("", ""),
        ] {
            assert_eq!(cheque_number(words), number, "{words}");
        }
        assert_eq!(cheque_number("Chequers 5"), "Chequers 5");
    }

    #[test]
    fn csh_16_the_slip_is_what_was_counted() {
        let slip = SlipTotals { cheques: 2, cheques_sum: Pence(12_500), cash_sum: Pence(2_500) };
        assert_eq!(slip.total(), Pence(15_000));
        assert_eq!(slip_agrees(&slip, &slip), Ok(()));
        let one = SlipTotals { cheques: 1, ..slip };
        let refused = slip_agrees(&slip, &one).expect_err("one is missing");
        assert_eq!(refused.code, "CSH-16-SLIP-TOTAL");
        assert_eq!(
            refused.sentence,
            "Recorded: 2 cheques of £125.00 and £25.00 in cash. Counted: 1 cheque of £125.00 and £25.00 in cash."
        );
    }

    #[test]
    fn csh_16_a_slip_is_known_by_its_whole_number() {
        for words in ["PAYING IN 000431", "COUNTER CREDIT 431", "431", "REF PIB-000007 CREDIT", "paid in,000431,branch"]
        {
            assert!(names_slip(words, "000431", "PIB-000007"), "{words}");
        }
        for words in ["PAYING IN 1000431", "4310", "PIB-0000071", "", "0"] {
            assert!(!names_slip(words, "000431", "PIB-000007"), "{words}");
        }
        assert!(!names_slip("000000", "", "PIB-000007"), "no slip number names nothing");
    }
}
