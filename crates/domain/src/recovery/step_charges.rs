//! What a step does about paying late: nothing, or it quotes in its letter, or posts with it, the interest and the fixed
//! sum of the act, or the contract's own fee (DUN-09). The law and the contract decide for each debt, whatever the
//! pathway says.
use super::charges::{Charged, charge_change};
use super::contract_fee::may_bear_fee;
use super::day::{DayCase, DayItem, SiteFacts, item_facts};
use super::pathway::{PathwayVersion, Step, StepKind};
use crate::customers::CustomerKind;
use crate::law::{Act, DebtNature, LateFacts, LateInterest, eligible, may};
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// What a step does about interest and the fixed sum, or about the contract's own fee.
    #[derive(Default)]
    StepCharges {
        /// Nothing.
        #[default]
        None = "none", "Nothing";
        /// They are worked out to the letter's date and told in it; nothing is posted.
        Quote = "quote", "Quote them in the letter";
        /// They are posted with the step, and the letter asks for them.
        Post = "post", "Charge them with the letter";
        /// The contract's own fee is told in the letter; nothing is posted.
        QuoteFee = "quote_fee", "Quote the contract's own fee in the letter";
        /// The contract's own fee is posted with the step, and the letter asks for it.
        PostFee = "post_fee", "Charge the contract's own fee with the letter";
    }
}

impl StepCharges {
    /// Whether the step does nothing about them, as every step before there was a choice.
    pub fn is_none(&self) -> bool {
        *self == StepCharges::None
    }

    /// Whether it is about the contract's own fee, and not about what the act gives.
    pub fn is_fee(self) -> bool {
        matches!(self, StepCharges::QuoteFee | StepCharges::PostFee)
    }

    /// Whether it posts what its letter says.
    pub fn posts(self) -> bool {
        matches!(self, StepCharges::Post | StepCharges::PostFee)
    }

    /// After how a step reaches the customer: `; quotes interest and the fixed sum`; nothing where it does nothing.
    pub fn in_words(self) -> &'static str {
        match self {
            StepCharges::None => "",
            StepCharges::Quote => "; quotes interest and the fixed sum",
            StepCharges::Post => "; charges interest and the fixed sum",
            StepCharges::QuoteFee => "; quotes the contract's own fee",
            StepCharges::PostFee => "; charges the contract's own fee",
        }
    }
}

/// What a letter says of one debt: what paying late adds to what was charged before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCharge {
    /// Whether it is quoted or posted.
    pub does: StepCharges,
    /// Worked out to the end of this day.
    pub as_at: NaiveDate,
    /// The rate, fixed for the life of the debt.
    pub rate: BasisPoints,
    /// Interest beyond what was charged before.
    pub interest: Pence,
    /// The fixed sum, where it was not charged before.
    pub compensation: Pence,
    /// The contract's own fee, where the step is about it.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub fee: Pence,
    /// The contract and its clause that allow the fee; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fee_term: String,
}

fn is_nothing(amount: &Pence) -> bool {
    *amount == Pence::ZERO
}

impl StepCharge {
    /// All of it together.
    pub fn sum(&self) -> Pence {
        self.interest.plus(self.compensation).plus(self.fee)
    }

    /// What the letter asks for beside the debt: nothing where it is only quoted.
    pub fn asked(&self) -> Pence {
        if self.does.posts() { self.sum() } else { Pence::ZERO }
    }
}

/// What a step says of a debt, from what the law gives to a day and what was charged before; none where there is nothing
/// to say.
pub fn step_charge(
    does: StepCharges,
    worked: &LateInterest,
    as_at: NaiveDate,
    interest: Charged,
    compensation: Charged,
) -> Option<StepCharge> {
    // What was charged and paid too much is a person's to put right.
    let change = charge_change(worked, interest, compensation).unwrap_or_default();
    let charge = StepCharge {
        does,
        as_at,
        rate: worked.rate.rate,
        interest: change.interest.max(Pence::ZERO),
        compensation: change.compensation.max(Pence::ZERO),
        fee: Pence::ZERO,
        fee_term: String::new(),
    };
    (!does.is_none() && charge.sum() > Pence::ZERO).then_some(charge)
}

/// What a letter before a claim says of paying late, over all its debts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedLate {
    /// Interest to the date of the letter, less what was waived; charged before or not.
    pub interest: Pence,
    /// The fixed sums, less what was waived; charged before or not.
    pub compensation: Pence,
    /// Interest for each further day.
    pub daily: Pence,
}

/// Adds up what the law gives on the debts of a letter before a claim: what is open of each, what was worked out on it,
/// and what was waived of its interest and of its fixed sum. A day's interest is rounded once, half up; none where the
/// law gives nothing on any.
pub fn claimed_late(debts: &[(Pence, LateInterest, (Pence, Pence))]) -> Option<ClaimedLate> {
    let mut sum = ClaimedLate { interest: Pence::ZERO, compensation: Pence::ZERO, daily: Pence::ZERO };
    let mut yearly = 0;
    for (open, worked, (interest, compensation)) in debts {
        sum.interest = sum.interest.plus(worked.interest.minus(*interest).max(Pence::ZERO));
        sum.compensation = sum.compensation.plus(worked.compensation.minus(*compensation).max(Pence::ZERO));
        yearly += i128::from(open.0) * i128::from(worked.rate.rate.0);
    }
    sum.daily = Pence(i64::try_from(divide_half_up(yearly, 10_000 * 365)).unwrap_or(i64::MAX));
    (!debts.is_empty()).then_some(sum)
}

/// Whether interest may be demanded on a debt with its letter of today: freezes, holds, the Care Act, who owes it.
///
/// # Errors
/// What the law or a hold says.
pub fn may_charge(case: &DayCase<'_>, site: &SiteFacts, item: &DayItem<'_>, today: NaiveDate) -> Result<(), Refusal> {
    let balance = site.minimum_to_chase.max(item.open);
    may(Act::InterestDemand, &item_facts(case, site, item, balance), today)
}

/// What is wrong with what a step of a draft charges; none where nothing is.
pub(super) fn fault(draft: &PathwayVersion, step: &Step, kinds: &[CustomerKind]) -> Option<String> {
    if step.charges.is_none() {
        return None;
    }
    let name = format!("{} ({})", step.code, step.name);
    if step.kind != StepKind::Letter {
        return Some(format!("{name}: charges for paying late go with a reminder, which says so (DUN-09)"));
    }
    let kinds = if step.when.kinds.is_empty() { kinds } else { step.when.kinds.as_slice() };
    let asked = if step.when.debt_types.is_empty() { &draft.applies.when.debt_types } else { &step.when.debt_types };
    if step.charges.is_fee() {
        let refusal = asked.iter().find_map(|word| may_bear_fee(word).err())?;
        return Some(format!("{name} charges a fee: {} ({})", refusal.sentence, refusal.code));
    }
    let mut natures: Vec<DebtNature> = asked.iter().map(|word| DebtNature::of_debt_type(word)).collect();
    if natures.is_empty() {
        natures.push(DebtNature::Contract);
    }
    let facts = |kind: CustomerKind, nature: DebtNature| LateFacts {
        customer_kind: kind,
        nature,
        contract_interest: false,
        we_are_nhs: false,
        disputed: false,
    };
    let all = natures.iter().flat_map(|nature| kinds.iter().map(move |kind| facts(*kind, *nature)));
    let refusal = all.filter_map(|one| eligible(&one).err()).next()?;
    Some(format!("{name} charges for paying late: {} ({})", refusal.sentence, refusal.code))
}

#[cfg(test)]
mod tests {
    use super::super::pathway_defaults::seeded_pathways;
    use super::*;
    use crate::law::late_interest;
    use crate::reference::{ReferenceBook, shipped_rows};

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn worked(pence: i64, relevant: &str, until: &str) -> LateInterest {
        let book = ReferenceBook::from_rows(&shipped_rows());
        late_interest(&book, Pence(pence), d(relevant), &[], &[], d(until)).expect("the law gives interest")
    }

    #[test]
    fn dun_09_lp_e1_to_e6_a_letter_of_the_day_names_them_to_the_penny() {
        let cases = [
            ("LP-E1", 100_000, "2026-03-31", "2026-04-30", 966, 7_000),
            ("LP-E2", 250_000, "2025-06-30", "2025-09-30", 7_719, 7_000),
            ("LP-E3", 99_999, "2024-03-30", "2024-06-28", 3_267, 4_000),
            ("LP-E4", 1_000_000, "2023-01-30", "2024-01-30", 115_000, 10_000),
            ("LP-E5", 481_237, "2025-12-19", "2026-02-14", 9_206, 7_000),
            ("LP-E6", 500_000, "2024-01-30", "2024-03-31", 11_072, 7_000),
        ];
        for (example, pence, relevant, until, interest, fixed) in cases {
            let worked = worked(pence, relevant, until);
            let nothing = Charged::default();
            let told = step_charge(StepCharges::Quote, &worked, d(until), nothing, nothing).expect(example);
            assert_eq!((told.interest, told.compensation), (Pence(interest), Pence(fixed)), "{example}");
            assert_eq!((told.sum(), told.asked()), (Pence(interest + fixed), Pence::ZERO), "{example}");
        }
    }

    #[test]
    fn dun_09_a_step_adds_only_what_was_not_charged_before() {
        let worked = worked(100_000, "2026-03-31", "2026-05-30");
        let of = |net: i64| Charged { net: Pence(net), waived: Pence::ZERO, open: Pence::ZERO };
        let post = |interest, fixed| step_charge(StepCharges::Post, &worked, d("2026-05-30"), interest, fixed);
        let more = post(of(966), of(7_000)).expect("a month more");
        assert_eq!((more.interest, more.compensation, more.asked()), (Pence(966), Pence::ZERO, Pence(966)));
        assert_eq!(post(of(1_932), of(7_000)), None, "all of it was charged");
        assert_eq!(post(of(2_000), of(7_000)), None, "too much is not taken off by a letter");
        let open = post(Charged { open: Pence(500), ..of(1_932) }, of(7_000));
        assert_eq!(open, None, "what is open of it stands in the letter by itself");
        let none = step_charge(StepCharges::None, &worked, d("2026-05-30"), of(0), of(0));
        assert_eq!(none, None);
    }

    #[test]
    fn rec_02_a_letter_before_a_claim_names_interest_to_its_date_and_by_the_day() {
        let worked = worked(100_000, "2026-03-31", "2026-04-30");
        let nothing = (Pence::ZERO, Pence::ZERO);
        let one = claimed_late(&[(Pence(100_000), worked.clone(), nothing)]).expect("the law gives interest");
        assert_eq!((one.interest, one.compensation, one.daily), (Pence(966), Pence(7_000), Pence(32)));
        let waived = (Pence(1_000), Pence(2_000));
        let two = [(Pence(100_000), worked.clone(), nothing), (Pence(100_000), worked, waived)];
        let two = claimed_late(&two).expect("the law gives interest");
        assert_eq!((two.interest, two.compensation, two.daily), (Pence(966), Pence(12_000), Pence(64)));
        assert_eq!(claimed_late(&[]), None);
    }

    #[test]
    fn dun_09_no_draft_charges_what_the_law_forbids() {
        let all = seeded_pathways();
        let tried = |code: &str, kinds: &[CustomerKind], place: usize| {
            let mut draft = all.iter().find(|one| one.code == code).expect("a default").clone();
            draft.steps[place].charges = StepCharges::Quote;
            fault(&draft, &draft.steps[place], kinds)
        };
        assert_eq!(tried("business", &[CustomerKind::Company], 1), None);
        let person = tried("individual", &[CustomerKind::Individual], 1).expect("a consumer");
        assert!(person.contains("LP-06-CONSUMER"), "{person}");
        let care = tried("care", &[CustomerKind::Company], 1).expect("no contract");
        assert!(care.contains("LP-01-STATUTORY"), "{care}");
        let call = tried("business", &[CustomerKind::Company], 3).expect("nothing is sent");
        assert!(call.contains("go with a reminder"), "{call}");
    }

    #[test]
    fn dun_09_no_draft_charges_a_fee_that_no_contract_can_set() {
        let all = seeded_pathways();
        let tried = |code: &str, place: usize, does: StepCharges| {
            let mut draft = all.iter().find(|one| one.code == code).expect("a default").clone();
            draft.steps[place].charges = does;
            fault(&draft, &draft.steps[place], &[CustomerKind::Individual])
        };
        assert_eq!(
            tried("individual", 1, StepCharges::PostFee),
            None,
            "each contract is asked when the letter is written"
        );
        let care = tried("care", 1, StepCharges::QuoteFee).expect("no contract");
        assert!(care.contains("DUN-09-FEE-DEBT"), "{care}");
        let call = tried("business", 3, StepCharges::PostFee).expect("nothing is sent");
        assert!(call.contains("go with a reminder"), "{call}");
    }

    #[test]
    fn dun_09_businesses_are_quoted_at_first_and_charged_at_last_and_nobody_else() {
        for pathway in seeded_pathways() {
            let charges: Vec<(&str, StepCharges)> = pathway
                .steps
                .iter()
                .filter(|step| !step.charges.is_none())
                .map(|step| (step.code.as_str(), step.charges))
                .collect();
            match pathway.code.as_str() {
                "business" => assert_eq!(charges, [("R1", StepCharges::Quote), ("R3", StepCharges::Post)]),
                other => assert!(charges.is_empty(), "{other}"),
            }
        }
    }

    #[test]
    fn a_step_written_before_there_was_a_choice_charges_nothing() {
        let step = &seeded_pathways()[0].steps[1];
        let stored = serde_json::to_value(step).expect("JSON");
        assert!(stored.get("charges").is_none(), "older versions keep their hash");
        let read: Step = serde_json::from_value(stored).expect("a step");
        assert_eq!(read.charges, StepCharges::None);
    }
}
