//! Plans to offer: what the budget bears and what policy lets somebody grant at once (PLN-04, PLN-10, PP-03, PP-04).
use super::matrix::{Approver, PlanPolicy, PlanTerms, approver_of, check_minimum, term_months};
use super::schedule::{Remainder, ScheduleAsk, Size, schedule};
use crate::billing::{Every, Instalment};
use crate::money::Pence;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Instalments that nobody agrees to pass.
const MOST: u32 = 600;
/// Months of the shortest offer.
const SHORT_MONTHS: u32 = 3;

named! {
    /// Why a plan is offered.
    OfferBecause {
        /// Soonest over, where the budget bears it.
        Soonest = "soonest", "Paid soonest";
        /// As long as whoever offers may grant.
        WithinPolicy = "within_policy", "As long as can be granted at once";
        /// All that the budget leaves.
        Affordable = "affordable", "What the budget leaves";
    }
}

/// What is asked when plans are offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferAsk {
    /// What is owed.
    pub total: Pence,
    /// How often the customer pays.
    pub every: Every,
    /// Day of the first.
    pub first_on: NaiveDate,
    /// What the budget leaves for us each time, where there is a budget.
    pub affordable: Option<Pence>,
    /// The customer is in business.
    pub business: bool,
    /// Another plan broke in the last twelve months.
    pub broke_one: bool,
    /// Who offers; the customer alone, online, as a clerk would.
    pub by: Approver,
    /// Where the pennies go.
    pub remainder: Remainder,
}

/// A plan that can be offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedPlan {
    /// Why it is offered.
    pub because: OfferBecause,
    /// The schedule; it adds up to the debt.
    pub schedule: Vec<Instalment>,
    /// Months it takes.
    pub months: u32,
    /// Who grants it.
    pub approver: Approver,
    /// Granted at once by whoever offers it.
    pub at_once: bool,
}

/// The plans that can be offered, the shortest first; empty where nothing fits.
pub fn plan_offers(ask: &OfferAsk, policy: &PlanPolicy) -> Vec<OfferedPlan> {
    let own_months = policy.bands.iter().filter(|band| band.approver <= ask.by && ask.total <= band.up_to);
    let own_months = own_months.map(|band| band.months).max();
    let sizes = [
        (OfferBecause::Soonest, Some(Size::Number(instalments_in(ask.every, SHORT_MONTHS)))),
        (OfferBecause::WithinPolicy, own_months.map(|months| Size::Number(instalments_in(ask.every, months)))),
        (OfferBecause::Affordable, ask.affordable.map(|most| Size::Amount(most.min(ask.total)))),
    ];
    let mut offers: Vec<OfferedPlan> = Vec::new();
    for (because, size) in sizes {
        let Some(offer) = size.and_then(|size| offer_of(ask, policy, because, size)) else { continue };
        if offers.iter().all(|other| other.schedule != offer.schedule) {
            offers.push(offer);
        }
    }
    offers.sort_by_key(|offer| offer.schedule.len());
    offers
}

fn offer_of(ask: &OfferAsk, policy: &PlanPolicy, because: OfferBecause, size: Size) -> Option<OfferedPlan> {
    let wanted = ScheduleAsk {
        total: ask.total,
        size,
        every: ask.every,
        first_on: ask.first_on,
        day_of_month: None,
        remainder: ask.remainder,
        most: MOST,
    };
    let parts = schedule(&wanted).ok()?;
    let largest = parts.iter().map(|part| part.amount).max()?;
    // Pennies that do not divide are borne by any budget that bears the instalment.
    let usual = Pence(ask.total.0 / i64::try_from(parts.len()).ok()?);
    if ask.affordable.is_some_and(|most| usual > most) {
        return None;
    }
    let by_budget = because == OfferBecause::Affordable;
    check_minimum(policy, largest, ask.every, by_budget).ok()?;
    let months = term_months(&parts);
    let token = by_budget && usual < policy.token_below;
    let terms = PlanTerms { months, total: ask.total, token, broke_one: ask.broke_one, business: ask.business };
    let approver = approver_of(policy, &terms);
    Some(OfferedPlan { because, schedule: parts, months, approver, at_once: ask.by >= approver })
}

/// Instalments that fit into so many months.
fn instalments_in(every: Every, months: u32) -> u32 {
    let count = match every {
        Every::Week => months * 52 / 12,
        Every::Fortnight => months * 26 / 12,
        Every::FourWeeks => months * 13 / 12,
        Every::Month => months,
        Every::Quarter => months / 3,
    };
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ask(pounds: i64, affordable: Option<i64>) -> OfferAsk {
        OfferAsk {
            total: Pence(pounds * 100),
            every: Every::Month,
            first_on: "2026-12-01".parse().expect("a date"),
            affordable: affordable.map(Pence),
            business: false,
            broke_one: false,
            by: Approver::Clerk,
            remainder: Remainder::First,
        }
    }

    fn told(ask: &OfferAsk) -> Vec<(OfferBecause, usize, Approver, bool)> {
        let offers = plan_offers(ask, &PlanPolicy::default());
        offers.into_iter().map(|one| (one.because, one.schedule.len(), one.approver, one.at_once)).collect()
    }

    #[test]
    fn pln_04_inside_policy_at_once_outside_for_approval() {
        let clerk = (OfferBecause::WithinPolicy, 6, Approver::Clerk, true);
        assert_eq!(told(&ask(900, None)), [(OfferBecause::Soonest, 3, Approver::Clerk, true), clerk]);
        let poor = told(&ask(900, Some(4_083)));
        assert_eq!(poor, [(OfferBecause::Affordable, 23, Approver::Manager, false)]);
        let rich = told(&ask(900, Some(40_000)));
        let all = (OfferBecause::Affordable, 3, Approver::Clerk, true);
        assert_eq!(rich, [(OfferBecause::Soonest, 3, Approver::Clerk, true), all, clerk]);
        let leader = OfferAsk { by: Approver::TeamLeader, ..ask(4_000, None) };
        assert_eq!(told(&leader)[1], (OfferBecause::WithinPolicy, 12, Approver::TeamLeader, true));
    }

    #[test]
    fn pln_10_what_a_customer_may_take_online_needs_nobody() {
        let taken = told(&ask(600, None));
        assert!(taken.iter().all(|(_, _, _, at_once)| *at_once) && taken.len() == 2);
        assert!(told(&ask(30_000, None)).iter().all(|(_, _, _, at_once)| !at_once), "too much for a clerk");
        let broke = OfferAsk { broke_one: true, ..ask(600, None) };
        assert!(told(&broke).iter().all(|(_, _, approver, _)| *approver == Approver::Head));
        assert_eq!(told(&ask(600, Some(300))), [(OfferBecause::Affordable, 200, Approver::Head, false)]);
    }

    proptest! {
        #[test]
        fn every_offer_adds_up_and_stays_inside_the_budget(pounds in 1i64..50_000, affordable in 100i64..100_000) {
            for every in Every::ALL {
                let asked = OfferAsk { every: *every, ..ask(pounds, Some(affordable)) };
                for offer in plan_offers(&asked, &PlanPolicy::default()) {
                    let sum: i64 = offer.schedule.iter().map(|part| part.amount.0).sum();
                    prop_assert_eq!(sum, pounds * 100);
                    prop_assert!(offer.schedule.last().is_some_and(|part| part.amount.0 <= affordable));
                    prop_assert_eq!(offer.at_once, offer.approver == Approver::Clerk);
                }
            }
        }
    }
}
