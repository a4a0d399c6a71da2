//! The arithmetic of a plan: instalments by number or by amount, each day counted from the first (PP-02).
use super::refusals;
use crate::billing::{Every, Instalment};
use crate::calendar::Calendar;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::{counted, named, written};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

named! {
    /// Where the pennies go that do not divide.
    Remainder {
        /// On the first: a broken plan then leaves round amounts.
        First = "first", "On the first instalment";
        /// On the last: a standing order stays the same until then.
        Last = "last", "On the last instalment";
        /// A penny each on the first ones.
        Spread = "spread", "A penny each on the first instalments";
    }
}

/// How large the instalments are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// So many of them.
    Number(u32),
    /// So much each; the last is the rest.
    Amount(Pence),
}

/// What is asked of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleAsk {
    /// What is owed.
    pub total: Pence,
    /// Number or amount.
    pub size: Size,
    /// How far apart.
    pub every: Every,
    /// Day of the first.
    pub first_on: NaiveDate,
    /// Day of the month for those after it, where the first is on another; a short month takes its last day.
    pub day_of_month: Option<u32>,
    /// Where the pennies go.
    pub remainder: Remainder,
    /// Most instalments anybody may agree.
    pub most: u32,
}

/// So many instalments of a total; they add up to it exactly.
pub fn by_number(total: Pence, count: u32, remainder: Remainder) -> Result<Vec<Pence>, Refusal> {
    let n = i64::from(count);
    if total <= Pence::ZERO || n == 0 || total.0 < n {
        let sentence = format!("{total} does not divide into {}", counted(n, "instalment"));
        return Err(refusals::INSTALMENT_NOTHING.because(sentence));
    }
    let (base, rest) = (total.0 / n, total.0 % n);
    let amount = |place: i64| match remainder {
        Remainder::First if place == 0 => base + rest,
        Remainder::Last if place == n - 1 => base + rest,
        Remainder::Spread if place < rest => base + 1,
        _ => base,
    };
    Ok((0..n).map(|place| Pence(amount(place))).collect())
}

/// Instalments of an amount, the last what is left.
pub fn by_amount(total: Pence, amount: Pence, most: u32) -> Result<Vec<Pence>, Refusal> {
    if amount <= Pence::ZERO || amount > total {
        let sentence = format!("{total} cannot be paid by instalments of {amount}");
        return Err(refusals::INSTALMENT_AMOUNT.because(sentence));
    }
    let count = (total.0 + amount.0 - 1) / amount.0;
    if count > i64::from(most) {
        let sentence = format!("{total} at {amount} takes {}", counted(count, "instalment"));
        return Err(refusals::TOO_LONG.because(sentence));
    }
    let last = Pence(total.0 - amount.0 * (count - 1));
    let mut parts = vec![amount; usize::try_from(count - 1).expect("bounded by the most instalments")];
    parts.push(last);
    Ok(parts)
}

/// The whole schedule.
pub fn schedule(ask: &ScheduleAsk) -> Result<Vec<Instalment>, Refusal> {
    let amounts = match ask.size {
        Size::Number(count) if count > ask.most => {
            let sentence = format!("{} are more than {}", counted(i64::from(count), "instalment"), ask.most);
            return Err(refusals::TOO_LONG.because(sentence));
        }
        Size::Number(count) => by_number(ask.total, count, ask.remainder)?,
        Size::Amount(amount) => by_amount(ask.total, amount, ask.most)?,
    };
    let day = |place: u32| on_its_day(ask.every.day(ask.first_on, place), place, ask);
    Ok((0..).zip(amounts).map(|(place, amount)| Instalment { due_on: day(place), amount }).collect())
}

/// The wanted day of the month, or the month's last.
fn on_its_day(day: NaiveDate, place: u32, ask: &ScheduleAsk) -> NaiveDate {
    let monthly = matches!(ask.every, Every::Month | Every::Quarter);
    match ask.day_of_month.filter(|_| monthly && place > 0) {
        Some(wanted) => of_month(day, wanted),
        None => day,
    }
}

/// A day of the month that a day lies in, or the month's last.
fn of_month(day: NaiveDate, wanted: u32) -> NaiveDate {
    (1..=wanted.clamp(1, 31)).rev().find_map(|of_month| day.with_day(of_month)).unwrap_or(day)
}

/// The day that comes so many after a schedule's last: a plan of the 31st whose last is 28 February goes on on the 31st.
pub(super) fn following(parts: &[Instalment], every: Every, after: u32) -> Option<NaiveDate> {
    let last = parts.last()?.due_on;
    let day = every.day(last, after);
    if !matches!(every, Every::Month | Every::Quarter) {
        return Some(day);
    }
    let keep = |wanted: &u32| parts.iter().filter(|part| part.due_on == of_month(part.due_on, *wanted)).count();
    // Of the days that the last may stand for, the one that most instalments keep; of equals the earliest.
    let wanted = (1..=31).rev().filter(|wanted| last == of_month(last, *wanted)).max_by_key(keep);
    Some(wanted.map_or(day, |wanted| of_month(day, wanted)))
}

/// Refuses a schedule, also one typed by hand, that does not add up, is out of order or lies in the past.
pub fn check_schedule(parts: &[Instalment], total: Pence, today: NaiveDate) -> Result<(), Refusal> {
    let sum = parts.iter().fold(Pence::ZERO, |sum, part| sum.plus(part.amount));
    if parts.iter().any(|part| part.amount <= Pence::ZERO) {
        return Err(refusals::INSTALMENT_NOTHING.because("An instalment of nothing is none"));
    }
    if sum != total || parts.is_empty() {
        return Err(refusals::SUM.because(format!("The instalments add up to {sum} where {total} is owed")));
    }
    if let Some(late) = parts.iter().find(|part| part.due_on < today) {
        let sentence = format!("{} has passed", written(late.due_on));
        return Err(refusals::PAST.because(sentence).allowed_from(today));
    }
    if let Some(pair) = parts.windows(2).find(|pair| pair[1].due_on <= pair[0].due_on) {
        return Err(refusals::ORDER.because(format!("{} does not come after the one before", written(pair[1].due_on))));
    }
    Ok(())
}

/// The day a Direct Debit for an instalment moves money; the instalment's own day stays (DD-03).
pub fn collection_day(due_on: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, Refusal> {
    calendar.next_or_same(due_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn ask(total: i64, size: Size, every: Every, first: &str) -> ScheduleAsk {
        ScheduleAsk {
            total: Pence(total),
            size,
            every,
            first_on: d(first),
            day_of_month: None,
            remainder: Remainder::First,
            most: 240,
        }
    }

    fn amounts(total: i64, count: u32, remainder: Remainder) -> Vec<i64> {
        by_number(Pence(total), count, remainder).expect("divides").iter().map(|part| part.0).collect()
    }

    #[test]
    fn pp_e1_the_pennies_on_the_first() {
        let parts = amounts(100_000, 12, Remainder::First);
        assert_eq!(parts[0], 8_337);
        assert_eq!(parts[1..], [8_333; 11]);
        let same = crate::billing::equal_instalments(Pence(100_000), 12, Every::Month, d("2026-12-01"));
        assert_eq!(same.iter().map(|part| part.amount.0).collect::<Vec<_>>(), parts);
    }

    #[test]
    fn pp_e2_the_pennies_on_the_last() {
        let parts = amounts(100_000, 12, Remainder::Last);
        assert_eq!(parts[11], 8_337);
        assert_eq!(parts[..11], [8_333; 11]);
    }

    #[test]
    fn pp_e3_the_pennies_spread() {
        let parts = amounts(100_000, 12, Remainder::Spread);
        assert_eq!(parts[..4], [8_334; 4]);
        assert_eq!(parts[4..], [8_333; 8]);
    }

    #[test]
    fn pp_e4_by_amount_the_last_is_the_rest() {
        let parts = by_amount(Pence(100_000), Pence(7_500), 240).expect("divides");
        assert_eq!(parts.len(), 14);
        assert_eq!(parts[..13], [Pence(7_500); 13]);
        assert_eq!(parts[13], Pence(2_500));
        for (amount, most, code) in
            [(0, 240, "PP-02-AMOUNT"), (100_001, 240, "PP-02-AMOUNT"), (7_500, 13, "PP-02-TOO-LONG")]
        {
            assert_eq!(by_amount(Pence(100_000), Pence(amount), most).expect_err("refused").code, code);
        }
    }

    #[test]
    fn pp_e5_a_hundred_pounds_over_three() {
        assert_eq!(amounts(10_000, 3, Remainder::First), [3_334, 3_333, 3_333]);
    }

    #[test]
    fn pp_e6_an_instalment_of_nothing_is_refused() {
        let refused = by_number(Pence(10), 12, Remainder::First).expect_err("nothing");
        assert_eq!((refused.code.as_str(), refused.rule.as_str()), ("PP-02-NOTHING", "PP-02"));
        assert_eq!(refused.sentence, "£0.10 does not divide into 12 instalments");
        assert!(by_number(Pence(10), 0, Remainder::First).is_err());
    }

    #[test]
    fn pp_e7_monthly_days_are_counted_from_the_first() {
        let parts = schedule(&ask(50_000, Size::Number(5), Every::Month, "2026-12-31")).expect("a schedule");
        let days: Vec<String> = parts.iter().map(|part| part.due_on.to_string()).collect();
        assert_eq!(days, ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]);
        let late = ScheduleAsk { day_of_month: Some(31), ..ask(30_000, Size::Number(3), Every::Month, "2027-02-10") };
        let days: Vec<String> =
            schedule(&late).expect("a schedule").iter().map(|part| part.due_on.to_string()).collect();
        assert_eq!(days, ["2027-02-10", "2027-03-31", "2027-04-30"]);
    }

    #[test]
    fn pp_e8_four_weekly() {
        let parts = schedule(&ask(30_000, Size::Number(3), Every::FourWeeks, "2026-12-14")).expect("a schedule");
        let days: Vec<String> = parts.iter().map(|part| part.due_on.to_string()).collect();
        assert_eq!(days, ["2026-12-14", "2027-01-11", "2027-02-08"]);
    }

    #[test]
    fn pp_e12_a_direct_debit_rolls_forward_and_the_plan_does_not() {
        let book = ReferenceBook::default();
        let due = d("2026-12-25");
        assert_eq!(collection_day(due, book.calendar(Nation::EnglandAndWales)), Ok(d("2026-12-29")));
        let parts = schedule(&ask(2_000, Size::Number(1), Every::Month, "2026-12-25")).expect("a schedule");
        assert_eq!(parts[0].due_on, due);
    }

    #[test]
    fn pp_06_a_schedule_adds_up_lies_ahead_and_is_in_order() {
        let today = d("2026-11-22");
        let parts = schedule(&ask(10_000, Size::Number(2), Every::Month, "2026-11-22")).expect("a schedule");
        assert_eq!(check_schedule(&parts, Pence(10_000), today), Ok(()));
        let code = |parts: &[Instalment], total, today: &str| {
            check_schedule(parts, Pence(total), d(today)).expect_err("refused").code
        };
        assert_eq!(code(&parts, 10_001, "2026-11-22"), "PP-06-SUM");
        assert_eq!(code(&[], 0, "2026-11-22"), "PP-06-SUM");
        assert_eq!(code(&parts, 10_000, "2026-11-23"), "PP-06-PAST");
        let turned = [parts[1], parts[0]];
        assert_eq!(code(&turned, 10_000, "2026-11-22"), "PP-06-ORDER");
    }

    proptest! {
        #[test]
        fn instalments_always_add_up(total in 1i64..10_000_000, count in 1u32..240, amount in 1i64..1_000_000) {
            for remainder in Remainder::ALL {
                if let Ok(parts) = by_number(Pence(total), count, *remainder) {
                    prop_assert_eq!(Pence::total(&parts), Pence(total));
                    prop_assert!(parts.iter().all(|part| part.0 > 0) && parts.len() == count as usize);
                } else {
                    prop_assert!(total < i64::from(count));
                }
            }
            if let Ok(parts) = by_amount(Pence(total), Pence(amount), 1_000_000) {
                prop_assert_eq!(Pence::total(&parts), Pence(total));
                prop_assert!(parts.iter().all(|part| part.0 > 0 && part.0 <= amount));
            }
        }
    }
}
