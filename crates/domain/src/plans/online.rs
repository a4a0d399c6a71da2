//! A plan that a customer sets online: who they must show themselves to be, and what they may choose (PLN-10, PP-04).
use super::Approver;
use crate::billing::Every;
use crate::calendar::add_days;
use crate::money::Pence;
use chrono::NaiveDate;

/// What a link refuses.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// A link that was not made by us, or has ended.
        LINK = "PP-LINK", "PLN-10", "Call us: we can talk about what you can pay, and send you a new link";
        /// Details that are not theirs.
        LINK_PERSON = "PP-LINK-PERSON", "PLN-10", "Enter the account number and the postcode as they stand on our letter";
        /// Too much was sent in a short time.
        LINK_OFTEN = "PP-LINK-OFTEN", "PLN-10", "Wait a quarter of an hour and try again, or call us";
        /// Debts that are at court or with an agency.
        LINK_ELSEWHERE = "PP-LINK-ELSEWHERE", "PLN-10, PP-01", "Talk with the customer, and agree the plan by hand";
        /// A link that has ended, taken back.
        LINK_OVER = "PP-LINK-OVER", "PLN-10", "Make a new link";
        /// A link by e-mail to somebody without one.
        LINK_EMAIL = "PP-LINK-EMAIL", "PLN-10", "Add the e-mail address to the account, or pass the link on yourself";
        /// A customer whose postcode nobody knows could not show who they are.
        LINK_POSTCODE = "PP-LINK-POSTCODE", "PLN-10", "Add the postcode to the account";
        /// Nobody has said where our pages are reached.
        LINK_ADDRESS = "PP-LINK-ADDRESS", "PLN-10", "An administrator enters the address of these pages in the settings of the letters";
    }
}

/// Days for which a link opens.
pub const LINK_DAYS: i64 = 28;
/// Tries with other details that lock a link.
pub const MOST_WRONG: i64 = 5;
/// Minutes for which somebody who showed who they are need not do so again.
pub const PASS_MINUTES: i64 = 30;
/// Minutes over which what is sent is counted.
pub const COUNTED_MINUTES: i64 = 15;
/// What may be sent to one link in that time.
pub const MOST_OF_LINK: i64 = 30;
/// What may be sent from one address in that time, to any link.
pub const MOST_OF_ADDRESS: i64 = 60;
/// The first instalment lies within so many days.
pub const FIRST_WITHIN_DAYS: i64 = 31;
/// A customer alone, online, may take what a clerk may grant.
pub const ONLINE: Approver = Approver::Clerk;
/// How far apart instalments may be.
pub const EVERY: [Every; 4] = [Every::Week, Every::Fortnight, Every::FourWeeks, Every::Month];

/// Whether an account number and a postcode are those that are kept; spaces, hyphens and case do not count.
pub fn shows_who(kept: (&str, &str), told: (&str, &str)) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_uppercase()).collect()
    };
    let same = |kept: &str, told: &str| !plain(kept).is_empty() && plain(kept) == plain(told);
    same(kept.0, told.0) && same(kept.1, told.1)
}

/// The first and the last day on which a plan set online may begin.
pub fn first_days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (today, add_days(today, FIRST_WITHIN_DAYS))
}

/// The instalment by which a debt is paid in so many parts, the last the smallest.
pub fn each_of(total: Pence, parts: usize) -> Pence {
    let parts = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
    Pence((total.0 + parts - 1) / parts)
}

/// The share of plans that no staff touched, in thousandths, the half up; none where there is no plan.
pub fn share_untouched(untouched: i64, agreed: i64) -> Option<i64> {
    (agreed > 0).then(|| (untouched * 1_000 + agreed / 2) / agreed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pln_10_who_they_are_is_shown_by_number_and_postcode_together() {
        let kept = ("C100001", "NM1 1AA");
        assert!(shows_who(kept, (" c100001", "nm11aa")) && shows_who(kept, ("C-100001", "NM1 1AA ")));
        assert!(!shows_who(kept, ("C100001", "NM1 1AB")) && !shows_who(kept, ("C100002", "NM1 1AA")));
        assert!(!shows_who(kept, ("", "")) && !shows_who(("C100001", ""), ("C100001", "")), "nothing shows nobody");
    }

    #[test]
    fn pln_10_each_instalment_pays_the_debt_in_so_many_parts() {
        assert_eq!(each_of(Pence(100_000), 6), Pence(16_667));
        assert_eq!(each_of(Pence(90_000), 3), Pence(30_000));
        assert_eq!(each_of(Pence(1), 0), Pence(1));
    }

    #[test]
    fn pln_10_the_share_that_nobody_touched_is_of_all_that_began() {
        let shares = [(0, 0), (0, 4), (2, 3), (1, 3), (4, 4)].map(|(one, all)| share_untouched(one, all));
        assert_eq!(shares, [None, Some(0), Some(667), Some(333), Some(1_000)]);
    }
}
