//! Standing orders: what the payer's bank is to send, what the charge comes to, and what is done about the difference
//! (DD-11).
//!
//! The payer alone can change a standing order, so nothing here moves money: it says what was due and received, and
//! whether that is a shortfall, an excess, or only the swing of months against weeks.
use super::tokens::{runs, squeeze};
use crate::calendar::add_days;
use crate::money::{Pence, divide_half_up};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// What standing orders refuse.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// A standing order that has ended.
        ENDED = "DD-11-ENDED", "DD-11", "Set up a new standing order from the day it starts again";
        /// A charge dated where another already starts.
        CHARGE_DATE = "DD-11-CHARGE-DATE", "DD-11", "Choose another first day, or the charge that is there stands";
        /// A task that was done.
        TASK_DONE = "DD-11-TASK-DONE", "DD-11", "Look at what was done; check the period again if more is due";
        /// A letter about a change that starts too soon.
        TOO_LATE = "DD-11-TOO-LATE", "DD-11", "Write at least 4 weeks before the new charge, or say that you know it is late";
        /// A period whose last day has not passed.
        NOT_OVER = "DD-11-NOT-OVER", "DD-11", "Check the period after its last day";
    }
}

/// Days before a new charge by which the payer is written to.
pub const NOTICE_DAYS: i64 = 28;
/// An excess above this is paid back without being asked for, where nothing else is owed.
pub const REFUND_ABOVE: Pence = Pence(1_000);

/// How often it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Each week.
    Weekly,
    /// Every second week.
    TwoWeekly,
    /// Every fourth week.
    FourWeekly,
    /// Each calendar month.
    Monthly,
    /// Every third month.
    Quarterly,
}

impl Frequency {
    /// All of them.
    pub const ALL: [Frequency; 5] =
        [Frequency::Weekly, Frequency::TwoWeekly, Frequency::FourWeekly, Frequency::Monthly, Frequency::Quarterly];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Frequency::Weekly => "weekly",
            Frequency::TwoWeekly => "two_weekly",
            Frequency::FourWeekly => "four_weekly",
            Frequency::Monthly => "monthly",
            Frequency::Quarterly => "quarterly",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Frequency::Weekly => "every week",
            Frequency::TwoWeekly => "every 2 weeks",
            Frequency::FourWeekly => "every 4 weeks",
            Frequency::Monthly => "every month",
            Frequency::Quarterly => "every 3 months",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Frequency> {
        Frequency::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// Whole weeks between payments; none where it goes by months.
    fn weeks(self) -> Option<i64> {
        match self {
            Frequency::Weekly => Some(1),
            Frequency::TwoWeekly => Some(2),
            Frequency::FourWeekly => Some(4),
            Frequency::Monthly | Frequency::Quarterly => None,
        }
    }

    /// What one payment must be for a weekly charge: a month is 52 weeks in twelve parts.
    pub fn payment_for(self, weekly: Pence) -> Pence {
        let weekly = i128::from(weekly.0);
        let pence = match self {
            Frequency::Monthly => divide_half_up(weekly * 52, 12),
            Frequency::Quarterly => divide_half_up(weekly * 52, 4),
            _ => weekly * i128::from(self.weeks().unwrap_or(1)),
        };
        Pence(i64::try_from(pence).expect("amounts are bounded at the door"))
    }

    /// The payment with this number, counted from nothing, of a standing order that starts on a day.
    fn payment(self, from_on: NaiveDate, number: u32) -> Option<NaiveDate> {
        match self {
            Frequency::Monthly => from_on.checked_add_months(Months::new(number)),
            Frequency::Quarterly => from_on.checked_add_months(Months::new(number.checked_mul(3)?)),
            _ => Some(add_days(from_on, self.weeks()? * i64::from(number) * 7)),
        }
    }
}

/// A charge by the week, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklyCharge {
    /// First day.
    pub from_on: NaiveDate,
    /// Pence a week.
    pub weekly: Pence,
}

/// A standing order and the charge that it is meant to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingOrder {
    /// What the payer's bank sends each time.
    pub amount: Pence,
    /// How often.
    pub frequency: Frequency,
    /// First payment, and first day of the charge it pays.
    pub from_on: NaiveDate,
    /// Last day of the charge, where it has ended.
    pub to_on: Option<NaiveDate>,
    /// A difference no larger is let be.
    pub tolerance: Pence,
    /// The charges, oldest first.
    pub charges: Vec<WeeklyCharge>,
}

impl StandingOrder {
    /// The part of a period in which the charge runs.
    fn within(&self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let first = from.max(self.from_on);
        let last = self.to_on.map_or(to, |end| to.min(end));
        (first <= last).then_some((first, last))
    }

    /// What the charge comes to from one day to another, both counted: days in sevenths of a week, rounded once.
    pub fn due(&self, from: NaiveDate, to: NaiveDate) -> Pence {
        let Some((first, last)) = self.within(from, to) else { return Pence::ZERO };
        let mut sevenths: i128 = 0;
        for (at, charge) in self.charges.iter().enumerate() {
            let starts = if at == 0 { first } else { charge.from_on.max(first) };
            let next = self.charges.get(at + 1).and_then(|next| next.from_on.pred_opt());
            let ends = next.map_or(last, |day| day.min(last));
            if starts <= ends {
                let days = (ends - starts).num_days() + 1;
                sevenths += i128::from(charge.weekly.0) * i128::from(days);
            }
        }
        Pence(i64::try_from(divide_half_up(sevenths, 7)).expect("amounts are bounded at the door"))
    }

    /// The charge in force on a day.
    pub fn weekly_on(&self, day: NaiveDate) -> Option<Pence> {
        let begun = self.charges.iter().rev().find(|charge| charge.from_on <= day);
        begun.or(self.charges.first()).map(|charge| charge.weekly)
    }

    /// The days of a period on which a payment is expected.
    pub fn payments(&self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let last = self.to_on.map_or(to, |end| to.min(end));
        let mut days = Vec::new();
        for number in 0..10_000 {
            match self.frequency.payment(self.from_on, number) {
                Some(day) if day <= last => days.extend((day >= from).then_some(day)),
                _ => break,
            }
        }
        days
    }

    /// What one payment must be for the charge of a day, and whether the standing order sends another sum.
    pub fn change_on(&self, day: NaiveDate) -> Option<Pence> {
        let right = self.frequency.payment_for(self.weekly_on(day)?);
        let runs = self.to_on.is_none_or(|end| end >= day);
        (runs && right.minus(self.amount).size() > self.tolerance).then_some(right)
    }

    /// How far the running balance may swing before anybody is asked: one period's charge where months pay for weeks.
    fn swing(&self, day: NaiveDate) -> Pence {
        match self.frequency.weeks() {
            Some(_) => Pence::ZERO,
            None => self.frequency.payment_for(self.weekly_on(day).unwrap_or_default()),
        }
    }
}

/// What is known of the payer besides the money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerFacts {
    /// They have died.
    pub deceased: bool,
    /// They owe something else.
    pub other_debt: bool,
}

/// What is done about the difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Nothing: it came as it should, or within the tolerance.
    Nothing,
    /// Nothing yet: months against weeks swing within one period's charge.
    Swings,
    /// Write, and invoice or collect the difference, or ask the payer to amend the order.
    AskForShortfall,
    /// Keep it on the account for the next period.
    CarryForward,
    /// Pay it back.
    Refund,
    /// Pay it back to the estate.
    RefundToEstate,
}

impl Advice {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Advice::Nothing => "nothing",
            Advice::Swings => "swings",
            Advice::AskForShortfall => "ask_for_shortfall",
            Advice::CarryForward => "carry_forward",
            Advice::Refund => "refund",
            Advice::RefundToEstate => "refund_to_estate",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Advice::Nothing => "As expected",
            Advice::Swings => "Swings, let be",
            Advice::AskForShortfall => "Shortfall: write",
            Advice::CarryForward => "Excess: keep",
            Advice::Refund => "Excess: refund",
            Advice::RefundToEstate => "Excess: to the estate",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<Advice> {
        use Advice::{AskForShortfall, CarryForward, Nothing, Refund, RefundToEstate, Swings};
        [Nothing, Swings, AskForShortfall, CarryForward, Refund, RefundToEstate]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// Expected against received over a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What the charge came to.
    pub due: Pence,
    /// What came.
    pub received: Pence,
    /// How many payments were expected.
    pub payments_expected: i64,
    /// What is done about the difference.
    pub advice: Advice,
}

impl Finding {
    /// Received less due: below nothing is a shortfall.
    pub fn difference(&self) -> Pence {
        self.received.minus(self.due)
    }
}

/// Compares what came in a period with what the charge came to.
pub fn compare(
    order: &StandingOrder,
    (from, to): (NaiveDate, NaiveDate),
    received: Pence,
    payer: PayerFacts,
    refund_above: Pence,
) -> Finding {
    let due = order.due(from, to);
    let gap = received.minus(due);
    let running = order.to_on.is_none_or(|end| end > to);
    let advice = if gap.size() <= order.tolerance {
        Advice::Nothing
    } else if running && gap.size() <= order.swing(to) {
        Advice::Swings
    } else if gap < Pence::ZERO {
        Advice::AskForShortfall
    } else if payer.deceased {
        Advice::RefundToEstate
    } else if gap > refund_above && !payer.other_debt {
        Advice::Refund
    } else {
        Advice::CarryForward
    };
    Finding { due, received, payments_expected: order.payments(from, to).len() as i64, advice }
}

/// The text names the reference, whole and not as a piece of a longer one.
pub fn names_reference(words: &str, reference: &str) -> bool {
    let wanted = squeeze(reference);
    let parts = runs(words);
    let joined = |first: usize| {
        parts[first..].iter().scan(String::new(), |so_far, run| {
            so_far.push_str(&run.text);
            Some(so_far.clone())
        })
    };
    !wanted.is_empty() && (0..parts.len().min(60)).any(|first| joined(first).take(12).any(|text| text == wanted))
}

/// The last day on which the payer may be written to about a charge that starts on a day.
pub fn write_by(charge_from: NaiveDate) -> NaiveDate {
    add_days(charge_from, -NOTICE_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn order(amount: i64, frequency: Frequency, charges: &[(&str, i64)]) -> StandingOrder {
        StandingOrder {
            amount: Pence(amount),
            frequency,
            from_on: on(charges[0].0),
            to_on: None,
            tolerance: Pence::ZERO,
            charges: charges
                .iter()
                .map(|(from, weekly)| WeeklyCharge { from_on: on(from), weekly: Pence(*weekly) })
                .collect(),
        }
    }

    fn finding(order: &StandingOrder, from: &str, to: &str, received: i64, payer: PayerFacts) -> (i64, i64, Advice) {
        let found = compare(order, (on(from), on(to)), Pence(received), payer, REFUND_ABOVE);
        (found.due.0, found.difference().0, found.advice)
    }

    #[test]
    fn so_e1_four_weeks_paid_in_full() {
        let order = order(38_160, Frequency::FourWeekly, &[("2026-04-06", 9_540)]);
        let told = finding(&order, "2026-04-06", "2026-05-03", 38_160, PayerFacts::default());
        assert_eq!(told, (38_160, 0, Advice::Nothing));
    }

    #[test]
    fn so_e2_an_order_not_changed_in_the_new_year_falls_short() {
        let order = order(38_160, Frequency::FourWeekly, &[("2025-04-07", 9_540), ("2026-04-06", 9_825)]);
        let told = finding(&order, "2026-04-06", "2026-05-03", 38_160, PayerFacts::default());
        assert_eq!(told, (39_300, -1_140, Advice::AskForShortfall));
        let tolerant = StandingOrder { tolerance: Pence(1_140), ..order.clone() };
        assert_eq!(finding(&tolerant, "2026-04-06", "2026-05-03", 38_160, PayerFacts::default()).2, Advice::Nothing);
        assert_eq!(order.change_on(on("2026-04-06")), Some(Pence(39_300)));
        assert_eq!(order.change_on(on("2026-04-05")), None);
        assert_eq!(write_by(on("2026-04-06")), on("2026-03-09"));
    }

    #[test]
    fn so_e3_ended_after_ten_days_the_rest_goes_back() {
        let whole = order(38_160, Frequency::FourWeekly, &[("2026-04-06", 9_540)]);
        let ended = StandingOrder { to_on: Some(on("2026-04-15")), ..whole };
        let told = finding(&ended, "2026-04-06", "2026-05-03", 38_160, PayerFacts::default());
        assert_eq!(told, (13_629, 24_531, Advice::Refund));
        let died = PayerFacts { deceased: true, other_debt: false };
        assert_eq!(finding(&ended, "2026-04-06", "2026-05-03", 38_160, died).2, Advice::RefundToEstate);
        let owes = PayerFacts { deceased: false, other_debt: true };
        assert_eq!(finding(&ended, "2026-04-06", "2026-05-03", 38_160, owes).2, Advice::CarryForward);
        assert_eq!(finding(&ended, "2026-04-06", "2026-05-03", 14_629, PayerFacts::default()).2, Advice::CarryForward);
        assert_eq!(finding(&ended, "2026-04-06", "2026-05-03", 14_630, PayerFacts::default()).2, Advice::Refund);
    }

    #[test]
    fn so_e4_months_against_weeks_swing_and_come_back_to_nothing() {
        let monthly = order(41_340, Frequency::Monthly, &[("2026-04-06", 9_540)]);
        assert_eq!(Frequency::Monthly.payment_for(Pence(9_540)), Pence(41_340));
        // 52 weeks: thirteen bills of four weeks, twelve payments.
        let told = finding(&monthly, "2026-04-06", "2027-04-04", 12 * 41_340, PayerFacts::default());
        assert_eq!(told, (496_080, 0, Advice::Nothing));
        assert_eq!(monthly.payments(on("2026-04-06"), on("2027-04-04")).len(), 12);
        for bills in 1..13i64 {
            let to = on("2026-04-06") + chrono::Days::new(u64::try_from(bills * 28 - 1).unwrap());
            let paid = monthly.payments(on("2026-04-06"), to).len() as i64 * 41_340;
            let found = compare(&monthly, (on("2026-04-06"), to), Pence(paid), PayerFacts::default(), REFUND_ABOVE);
            assert!(found.difference().size() <= Pence(41_340), "{bills}: {}", found.difference());
            assert!(matches!(found.advice, Advice::Nothing | Advice::Swings), "{bills}: nobody is chased");
        }
        let behind = finding(&monthly, "2026-04-06", "2027-04-04", 10 * 41_340, PayerFacts::default());
        assert_eq!(behind, (496_080, -82_680, Advice::AskForShortfall));
    }

    #[test]
    fn csh_21_a_reference_is_named_whole_or_not_at_all() {
        for (words, named) in [
            ("STO PEMBERTON C103316", true),
            ("c 103316 care", true),
            ("PEMBERTON C1033160", false),
            ("91033160", false),
            ("", false),
        ] {
            assert_eq!(names_reference(words, "C103316"), named, "{words}");
        }
        assert!(!names_reference("anything", " - "));
    }

    #[test]
    fn csh_21_a_rate_that_changes_inside_a_period_is_charged_by_the_day() {
        let order = order(38_160, Frequency::FourWeekly, &[("2026-03-23", 9_540), ("2026-04-06", 9_825)]);
        assert_eq!(order.due(on("2026-03-23"), on("2026-04-19")), Pence(2 * 9_540 + 2 * 9_825));
        assert_eq!(order.due(on("2026-01-01"), on("2026-03-22")), Pence::ZERO);
        let days = order.payments(on("2026-04-01"), on("2026-05-31"));
        assert_eq!(days, [on("2026-04-20"), on("2026-05-18")]);
    }

    proptest! {
        #[test]
        fn csh_21_what_is_due_adds_up_over_weeks(weekly in 0i64..100_000, weeks in 1u64..60, cut in 1u64..60) {
            let order = order(1, Frequency::Weekly, &[("2026-04-06", weekly)]);
            let first = on("2026-04-06");
            let to = first + chrono::Days::new(weeks * 7 - 1);
            prop_assert_eq!(order.due(first, to), Pence(weekly * weeks as i64));
            let cut = first + chrono::Days::new(cut.min(weeks) * 7);
            let parts = order.due(first, cut - chrono::Days::new(1)).plus(order.due(cut, to));
            prop_assert_eq!(parts, order.due(first, to));
        }
    }
}
