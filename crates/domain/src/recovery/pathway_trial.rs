//! What a random split of two pathways shows, and how sure that is.
use serde::{Deserialize, Serialize};

/// Customers on a side below which nothing is said.
const LEAST: i64 = 30;
/// One, in hundredths of a per cent.
const WHOLE: i64 = 10_000;

/// The difference between two sides of a trial, in customers who paid everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialDifference {
    /// The challenger's share less the champion's, in hundredths of a per cent.
    pub bp: i64,
    /// Nineteen times in twenty the true difference is within so much of it.
    pub margin_bp: i64,
}

/// Compares customers who paid everything, of all customers, on each side; none where a side has fewer than thirty.
///
/// The margin is the usual one for two shares, with one payer and one other added to each side, so that a side on which
/// everybody or nobody paid is not taken as certain.
pub fn trial_difference(champion: (i64, i64), challenger: (i64, i64)) -> Option<TrialDifference> {
    if champion.1 < LEAST || challenger.1 < LEAST {
        return None;
    }
    let share = |(paid, of): (i64, i64)| paid.clamp(0, of) * WHOLE / of;
    let spread = |(paid, of): (i64, i64)| {
        let share = (paid.clamp(0, of) + 1) * WHOLE / (of + 2);
        share * (WHOLE - share) / (of + 2)
    };
    let deviation = (spread(champion) + spread(challenger)).max(0).isqrt();
    Some(TrialDifference { bp: share(challenger) - share(champion), margin_bp: deviation * 196 / 100 })
}

impl TrialDifference {
    /// Whether chance alone would seldom make such a difference.
    pub fn is_more_than_chance(self) -> bool {
        self.bp.abs() > self.margin_bp
    }
}

/// The difference in words, for who decides which pathway goes on.
pub fn difference_in_words(difference: Option<TrialDifference>) -> String {
    let Some(found) = difference else {
        return format!("Too few customers to tell: wait until {LEAST} are on each side.");
    };
    let in_a_hundred = |bp: i64| format!("{}.{}", bp / 100, bp % 100 / 10);
    let way = if found.bp < 0 { "fewer" } else { "more" };
    let by = in_a_hundred(found.bp.abs());
    let margin = in_a_hundred(found.margin_bp);
    let sure = match (found.is_more_than_chance(), found.bp) {
        (true, 1..) => "The challenger does better, and chance alone would seldom do that.",
        (true, _) => "The challenger does worse, and chance alone would seldom do that.",
        (false, _) => "Chance alone may explain it.",
    };
    format!("With the challenger {by} {way} in a hundred customers paid everything, give or take {margin}. {sure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dun_17_a_difference_is_told_with_how_sure_it_is() {
        assert_eq!(trial_difference((29, 29), (1, 400)), None);
        assert!(difference_in_words(None).contains("Too few customers"));
        let small = trial_difference((50, 100), (55, 100)).expect("enough");
        assert_eq!(small.bp, 500);
        assert!((1_300..1_450).contains(&small.margin_bp), "{small:?}");
        assert!(difference_in_words(Some(small)).ends_with("Chance alone may explain it."));
        let large = trial_difference((5_000, 10_000), (5_500, 10_000)).expect("enough");
        assert!(large.is_more_than_chance(), "{large:?}");
        let words = difference_in_words(Some(large));
        assert!(words.starts_with("With the challenger 5.0 more in a hundred customers"), "{words}");
        let worse = trial_difference((9_000, 10_000), (1_000, 10_000)).expect("enough");
        assert!(difference_in_words(Some(worse)).contains("80.0 fewer") && worse.is_more_than_chance());
        let nobody = trial_difference((0, 40), (0, 40)).expect("enough");
        assert!(nobody.margin_bp > 0 && !nobody.is_more_than_chance());
    }
}
