//! Changing a plan that runs: skipping, paying more, new days after a moratorium; what is past stays (PLN-05, PP-05, PP-06).
use super::refusals;
use super::schedule::following;
use crate::billing::{Every, Instalment};
use crate::calendar::add_days;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most instalments that more debt may add: beyond that the plan is agreed anew.
const MOST_ADDED: u32 = 240;

/// A change of a plan that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanChange {
    /// One instalment, counted from 1, goes to the end.
    Skip(u32),
    /// Money beyond the schedule: the last instalments fall away.
    Sooner(Pence),
    /// Money beyond the schedule: those to come are smaller, in proportion.
    Smaller(Pence),
    /// More is owed: it follows at the end, by instalments of the usual size.
    Add(Pence),
}

/// Refuses a change of an instalment whose day has come.
pub fn may_edit(part: &Instalment, today: NaiveDate) -> Result<(), Refusal> {
    if part.due_on < today {
        let sentence = format!("The instalment of {} is past", written(part.due_on));
        return Err(refusals::PAST_INSTALMENT.because(sentence));
    }
    Ok(())
}

/// The schedule after a change: a new version. Instalments before today are as they were.
pub fn change_plan(
    schedule: &[Instalment],
    every: Every,
    change: PlanChange,
    today: NaiveDate,
) -> Result<Vec<Instalment>, Refusal> {
    let past = schedule.iter().take_while(|part| part.due_on < today).count();
    let (history, ahead) = schedule.split_at(past);
    if ahead.is_empty() {
        return Err(refusals::PLAN_OVER.because("No instalment of this plan is to come"));
    }
    let after_last = |n| following(schedule, every, n).unwrap_or(today);
    let to_come = ahead.iter().fold(Pence::ZERO, |sum, part| sum.plus(part.amount));
    let mut parts = ahead.to_vec();
    match change {
        PlanChange::Skip(number) => {
            let at = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
            let Some(skipped) = schedule.get(at) else {
                return Err(refusals::INSTALMENT_AMOUNT.because(format!("The plan has no instalment {number}")));
            };
            may_edit(skipped, today)?;
            parts.remove(at - past);
            parts.push(Instalment { due_on: after_last(1), amount: skipped.amount });
        }
        PlanChange::Sooner(paid) => parts = less(paid, to_come, parts, take_from_the_end)?,
        PlanChange::Smaller(paid) => parts = less(paid, to_come, parts, take_from_each)?,
        PlanChange::Add(more) => {
            let usual = parts.first().map_or(more, |part| part.amount);
            let added = super::by_amount(more, usual.min(more), MOST_ADDED)?;
            parts.extend((1..).zip(added).map(|(n, amount)| Instalment { due_on: after_last(n), amount }));
        }
    }
    Ok(history.iter().copied().chain(parts).collect())
}

type Take = fn(Pence, Vec<Instalment>) -> Vec<Instalment>;

fn less(paid: Pence, to_come: Pence, parts: Vec<Instalment>, take: Take) -> Result<Vec<Instalment>, Refusal> {
    if paid <= Pence::ZERO || paid > to_come {
        let sentence = format!("{paid} cannot be taken off where {to_come} is to come");
        return Err(refusals::INSTALMENT_AMOUNT.because(sentence));
    }
    Ok(take(paid, parts))
}

fn take_from_the_end(paid: Pence, mut parts: Vec<Instalment>) -> Vec<Instalment> {
    let mut left = paid;
    for part in parts.iter_mut().rev() {
        let off = left.min(part.amount);
        part.amount = part.amount.minus(off);
        left = left.minus(off);
    }
    parts.retain(|part| part.amount > Pence::ZERO);
    parts
}

fn take_from_each(paid: Pence, mut parts: Vec<Instalment>) -> Vec<Instalment> {
    let weights: Vec<i64> = parts.iter().map(|part| part.amount.0).collect();
    for (part, off) in parts.iter_mut().zip(crate::money::spread(paid, &weights)) {
        part.amount = part.amount.minus(off);
    }
    parts.retain(|part| part.amount > Pence::ZERO);
    parts
}

/// New days after a moratorium, by agreement: every instalment from its first day on moves by so many days.
pub fn shift(schedule: &[Instalment], from: NaiveDate, days: i64) -> Vec<Instalment> {
    let moved = |part: &Instalment| {
        let due_on = if part.due_on >= from { add_days(part.due_on, days) } else { part.due_on };
        Instalment { due_on, ..*part }
    };
    schedule.iter().map(moved).collect()
}

/// What an instalment collects: never more than is still owed.
pub fn last_collection(part: &Instalment, balance: Pence) -> Pence {
    part.amount.min(balance).max(Pence::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn plan() -> Vec<Instalment> {
        (0..4).map(|n| Instalment { due_on: Every::Month.day(d("2026-10-31"), n), amount: Pence(2_500) }).collect()
    }

    #[test]
    fn pp_06_more_debt_adds_no_more_instalments_than_a_plan_has() {
        let add = |pence| change_plan(&plan(), Every::Month, PlanChange::Add(Pence(pence)), d("2026-11-22"));
        assert_eq!(add(600_000).expect("240 of £25.00").len(), 244);
        assert_eq!(add(600_001).expect_err("one more").code, "PP-02-TOO-LONG");
    }

    fn changed(change: PlanChange) -> Vec<(String, i64)> {
        let parts = change_plan(&plan(), Every::Month, change, d("2026-11-22")).expect("changed");
        parts.iter().map(|part| (part.due_on.to_string(), part.amount.0)).collect()
    }

    #[test]
    fn pln_05_skip_pay_more_add() {
        let skipped = changed(PlanChange::Skip(2));
        let days: Vec<&str> = skipped.iter().map(|(day, _)| day.as_str()).collect();
        assert_eq!(days, ["2026-10-31", "2026-12-31", "2027-01-31", "2027-02-28"]);
        let amounts = |change| changed(change).into_iter().map(|(_, amount)| amount).collect::<Vec<_>>();
        assert_eq!(amounts(PlanChange::Sooner(Pence(3_000))), [2_500, 2_500, 2_000]);
        assert_eq!(amounts(PlanChange::Smaller(Pence(3_000))), [2_500, 1_500, 1_500, 1_500]);
        assert_eq!(amounts(PlanChange::Add(Pence(4_000))), [2_500, 2_500, 2_500, 2_500, 2_500, 1_500]);
    }

    #[test]
    fn pp_02_what_follows_a_short_month_is_on_the_plans_own_day() {
        let after = |first: &str, change| {
            let part = |n| Instalment { due_on: Every::Month.day(d(first), n), amount: Pence(2_500) };
            let parts: Vec<Instalment> = (0..3).map(part).collect();
            let parts = change_plan(&parts, Every::Month, change, d("2026-12-01")).expect("changed");
            parts.iter().skip(2).map(|part| part.due_on.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(after("2026-12-31", PlanChange::Skip(3)), ["2027-03-31"], "never counted from 28 February");
        assert_eq!(after("2026-12-30", PlanChange::Skip(3)), ["2027-03-30"]);
        assert_eq!(after("2026-12-28", PlanChange::Skip(3)), ["2027-03-28"]);
        let added = ["2027-02-28", "2027-03-31", "2027-04-30"];
        assert_eq!(after("2026-12-31", PlanChange::Add(Pence(5_000))), added);
    }

    #[test]
    fn pp_06_what_is_past_stays() {
        let code =
            |change, today: &str| change_plan(&plan(), Every::Month, change, d(today)).expect_err("refused").code;
        assert_eq!(code(PlanChange::Skip(1), "2026-11-22"), "PP-06-HISTORY");
        assert_eq!(code(PlanChange::Skip(9), "2026-11-22"), "PP-02-AMOUNT");
        assert_eq!(code(PlanChange::Skip(0), "2026-11-22"), "PP-02-AMOUNT");
        assert_eq!(code(PlanChange::Sooner(Pence(7_501)), "2026-11-22"), "PP-02-AMOUNT");
        assert_eq!(code(PlanChange::Sooner(Pence(1)), "2027-03-01"), "PP-01-OVER");
    }

    #[test]
    fn pp_05_new_days_after_a_moratorium_and_a_last_collection_of_the_balance() {
        let moved = shift(&plan(), d("2026-11-13"), 60);
        assert_eq!((moved[0].due_on, moved[1].due_on), (d("2026-10-31"), d("2027-01-29")));
        assert_eq!(last_collection(&plan()[3], Pence(1_200)), Pence(1_200));
        assert_eq!(last_collection(&plan()[3], Pence(-5)), Pence::ZERO);
    }

    proptest! {
        #[test]
        fn a_change_keeps_the_sum(amount in 1i64..7_500, number in 2u32..5) {
            let sum = |parts: &[Instalment]| parts.iter().map(|part| part.amount.0).sum::<i64>();
            let today = d("2026-11-22");
            for (change, expected) in [
                (PlanChange::Skip(number), 10_000),
                (PlanChange::Sooner(Pence(amount)), 10_000 - amount),
                (PlanChange::Smaller(Pence(amount)), 10_000 - amount),
                (PlanChange::Add(Pence(amount)), 10_000 + amount),
            ] {
                let parts = change_plan(&plan(), Every::Month, change, today).expect("changed");
                prop_assert_eq!(sum(&parts), expected);
                prop_assert!(parts.windows(2).all(|pair| pair[0].due_on < pair[1].due_on));
            }
        }
    }
}
