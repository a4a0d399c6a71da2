//! What a person can afford, in the shape of the Standard Financial Statement (PP-03).
//!
//! The sector's spending guidelines are licensed and change each year: they are the site's data, never ours.
use super::refusals;
use crate::money::{BasisPoints, Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::named;
use serde::{Deserialize, Serialize};

/// Months after which a token payment is looked at again.
pub const TOKEN_MONTHS: i32 = 3;

named! {
    /// What a line of a budget is.
    LineKind {
        /// Wages, benefits, pensions, what others bring in.
        Income = "income", "Income";
        /// Rent, tax, fuel, care: costs that are what they are.
        Fixed = "fixed", "Fixed cost";
        /// Telephone, leisure: checked against the guideline.
        Communications = "communications", "Communications and leisure";
        /// Food and the house.
        Food = "food", "Food and housekeeping";
        /// Clothes, hair, toiletries.
        Personal = "personal", "Personal costs";
        /// Arrears that come first: rent, council tax, fuel.
        PriorityArrears = "priority_arrears", "Priority arrears";
        /// Put by.
        Savings = "savings", "Savings";
    }
}

named! {
    /// How often an amount comes or goes.
    BudgetPeriod {
        /// Each week.
        Week = "week", "Weekly";
        /// Each two weeks.
        Fortnight = "fortnight", "Every two weeks";
        /// Each four weeks.
        FourWeeks = "four_weeks", "Every four weeks";
        /// Each month.
        Month = "month", "Monthly";
        /// Each year.
        Year = "year", "Yearly";
    }
}

/// A line of a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLine {
    /// What it is.
    pub kind: LineKind,
    /// In the person's words.
    pub name: String,
    /// How much each time.
    pub amount: Pence,
    /// How often.
    pub period: BudgetPeriod,
}

impl BudgetLine {
    /// A month's worth, to the nearest penny.
    pub fn monthly(&self) -> Pence {
        let (times, months) = match self.period {
            BudgetPeriod::Week => (52, 12),
            BudgetPeriod::Fortnight => (26, 12),
            BudgetPeriod::FourWeeks => (13, 12),
            BudgetPeriod::Month => (1, 1),
            BudgetPeriod::Year => (1, 12),
        };
        let month = divide_half_up(i128::from(self.amount.0) * times, months);
        Pence(i64::try_from(month).expect("a month of an amount bounded at the door fits"))
    }
}

/// A month's guideline for a kind of flexible spending, as the site holds it for a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guideline {
    /// Which spending.
    pub kind: LineKind,
    /// Up to this a month needs no reason.
    pub monthly: Pence,
}

/// A person's month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Grown-ups in the household.
    pub adults: u32,
    /// Children.
    pub children: u32,
    /// Income and spending.
    pub lines: Vec<BudgetLine>,
    /// What is owed to us.
    pub owed_to_us: Pence,
    /// What is owed to everyone, without priority arrears; ours is in it.
    pub owed_to_all: Pence,
    /// How many are owed.
    pub creditors: u32,
    /// Sent by a debt adviser: it is taken unless it is clearly wrong.
    pub from_adviser: bool,
}

/// Something about a budget to talk about; none of them stops an adviser's statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetFinding {
    /// Which spending.
    pub kind: LineKind,
    /// In a sentence.
    pub sentence: String,
}

/// What is left and what of it is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// A month's income less costs, priority arrears and savings.
    pub available: Pence,
    /// Our share of it by what is owed, rounded down.
    pub ours: Pence,
}

impl Budget {
    /// A month of a kind.
    pub fn of(&self, kind: LineKind) -> Pence {
        let lines = self.lines.iter().filter(|line| line.kind == kind);
        lines.fold(Pence::ZERO, |sum, line| sum.plus(line.monthly()))
    }

    /// A month's costs before savings.
    pub fn costs(&self) -> Pence {
        let kinds =
            [LineKind::Fixed, LineKind::Communications, LineKind::Food, LineKind::Personal, LineKind::PriorityArrears];
        kinds.into_iter().fold(Pence::ZERO, |sum, kind| sum.plus(self.of(kind)))
    }

    /// Spending above a guideline, and savings above their share of what is left (a tenth, unless the site says
    /// otherwise): to be explained, not refused.
    pub fn findings(&self, guidelines: &[Guideline], savings_share: BasisPoints) -> Vec<BudgetFinding> {
        let above = guidelines.iter().filter_map(|guide| {
            let spent = self.of(guide.kind);
            let sentence = || format!("{} of {spent} is above the guideline of {}", guide.kind.name(), guide.monthly);
            (spent > guide.monthly).then(|| BudgetFinding { kind: guide.kind, sentence: sentence() })
        });
        let mut found: Vec<BudgetFinding> = above.collect();
        let left = self.of(LineKind::Income).minus(self.costs()).max(Pence::ZERO);
        let most = Pence(left.0 * savings_share.0 / 10_000);
        let saved = self.of(LineKind::Savings);
        if saved > most {
            let sentence = format!("Savings of {saved} are more than {savings_share} of the {left} that is left");
            found.push(BudgetFinding { kind: LineKind::Savings, sentence });
        }
        found
    }
}

/// What the budget offers us each month, in proportion to what is owed.
pub fn offer(budget: &Budget) -> Result<Offer, Refusal> {
    if budget.of(LineKind::Income) <= Pence::ZERO {
        return Err(refusals::BUDGET.because("The budget names no income"));
    }
    if budget.owed_to_us <= Pence::ZERO || budget.owed_to_all < budget.owed_to_us {
        let sentence = format!("{} is owed to us of {} in all", budget.owed_to_us, budget.owed_to_all);
        return Err(refusals::BUDGET.because(sentence));
    }
    let available = budget.of(LineKind::Income).minus(budget.costs()).minus(budget.of(LineKind::Savings));
    if available <= Pence::ZERO {
        return Err(refusals::NOTHING_LEFT.because(format!("The budget leaves {available} a month")));
    }
    let share = i128::from(available.0) * i128::from(budget.owed_to_us.0) / i128::from(budget.owed_to_all.0);
    let ours = Pence(i64::try_from(share).expect("a share of an amount fits"));
    Ok(Offer { available, ours })
}

/// Refuses an instalment that would leave less than the floor of a person who pays for care, unless a manager approved.
pub fn check_floor(income: Pence, floor: Pence, instalment: Pence, manager_approved: bool) -> Result<(), Refusal> {
    let left = income.minus(instalment);
    if left < floor && !manager_approved {
        return Err(refusals::BELOW_FLOOR.because(format!("{left} would be left where {floor} must stay")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Every, Remainder, ScheduleAsk, Size, schedule};
    use super::*;

    fn line(kind: LineKind, amount: i64, period: BudgetPeriod) -> BudgetLine {
        BudgetLine { kind, name: kind.name().into(), amount: Pence(amount), period }
    }

    fn budget() -> Budget {
        Budget {
            adults: 1,
            children: 0,
            lines: vec![
                line(LineKind::Income, 142_000, BudgetPeriod::Month),
                line(LineKind::Fixed, 90_000, BudgetPeriod::Month),
                line(LineKind::Food, 33_850, BudgetPeriod::Month),
                line(LineKind::Savings, 1_815, BudgetPeriod::Month),
            ],
            owed_to_us: Pence(90_000),
            owed_to_all: Pence(360_000),
            creditors: 4,
            from_adviser: false,
        }
    }

    #[test]
    fn pp_e9_what_a_budget_offers_and_how_long_it_takes() {
        let offered = offer(&budget()).expect("an offer");
        assert_eq!((offered.available, offered.ours), (Pence(16_335), Pence(4_083)));
        let ask = ScheduleAsk {
            total: Pence(90_000),
            size: Size::Amount(offered.ours),
            every: Every::Month,
            first_on: "2026-12-01".parse().expect("a date"),
            day_of_month: None,
            remainder: Remainder::First,
            most: 120,
        };
        let parts = schedule(&ask).expect("a schedule");
        assert_eq!(parts.len(), 23);
        assert!(parts[..22].iter().all(|part| part.amount == Pence(4_083)));
        assert_eq!(parts[22].amount, Pence(174));
    }

    #[test]
    fn pp_03_periods_become_months() {
        for (period, month) in [
            (BudgetPeriod::Week, 4_333),
            (BudgetPeriod::Fortnight, 2_167),
            (BudgetPeriod::FourWeeks, 1_083),
            (BudgetPeriod::Month, 1_000),
            (BudgetPeriod::Year, 83),
        ] {
            assert_eq!(line(LineKind::Income, 1_000, period).monthly(), Pence(month), "{period:?}");
        }
    }

    #[test]
    fn pp_03_findings_are_said_and_nothing_is_refused_for_them() {
        let mut case = budget();
        let guide = [Guideline { kind: LineKind::Food, monthly: Pence(33_850) }];
        assert_eq!(case.findings(&guide, BasisPoints(1_000)), []);
        case.lines.push(line(LineKind::Food, 100, BudgetPeriod::Month));
        case.lines.push(line(LineKind::Savings, 100, BudgetPeriod::Month));
        let found = case.findings(&guide, BasisPoints(1_000));
        assert_eq!(found[0].sentence, "Food and housekeeping of £339.50 is above the guideline of £338.50");
        assert_eq!(found[1].kind, LineKind::Savings);
        assert!(offer(&case).is_ok());
    }

    #[test]
    fn pp_03_a_budget_that_leaves_nothing_or_says_nothing() {
        let code = |budget: &Budget| offer(budget).expect_err("refused").code;
        let mut poor = budget();
        poor.lines.push(line(LineKind::PriorityArrears, 16_335, BudgetPeriod::Month));
        assert_eq!(code(&poor), "PP-03-NOTHING-LEFT");
        assert_eq!(code(&Budget { owed_to_all: Pence(89_999), ..budget() }), "PP-03-BUDGET");
        assert_eq!(code(&Budget { lines: vec![], ..budget() }), "PP-03-BUDGET");
    }

    #[test]
    fn pp_03_the_floor_of_care_stays() {
        let check = |manager| check_floor(Pence(20_000), Pence(18_000), Pence(2_001), manager);
        assert_eq!(check(false).expect_err("below").code, "PP-03-FLOOR");
        assert_eq!(check(true), Ok(()));
        assert_eq!(check_floor(Pence(20_000), Pence(18_000), Pence(2_000), false), Ok(()));
    }
}
