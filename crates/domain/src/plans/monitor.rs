//! Whether a plan is kept: by what came in, never by the date alone (PP-05).
use super::refusals;
use crate::billing::Instalment;
use crate::calendar::{Calendar, add_days};
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Working days after the entry of a Direct Debit in which it can still come back unpaid.
const RETURN_DAYS: i64 = 2;
/// Days more for somebody vulnerable (BS-08).
const MORE_FOR_VULNERABLE: i64 = 14;

/// Money that came in under a plan; negative where it went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReceipt {
    /// When it counts.
    pub on: NaiveDate,
    /// How much.
    pub amount: Pence,
}

/// What decides how a plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonitorFacts {
    /// The schedule of the version in force.
    pub schedule: Vec<Instalment>,
    /// What came in, also under earlier versions if the schedule holds their instalments.
    pub receipts: Vec<PlanReceipt>,
    /// Collected by Direct Debit.
    pub direct_debit: bool,
    /// The customer is vulnerable: no break without a manager.
    pub vulnerable: bool,
    /// Moratoriums: instalments due inside one are not asked for until new days are agreed. None: it still runs.
    pub frozen: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// Calendar days of grace.
    pub tolerance_days: i64,
    /// Days to bring it up to date after the reminder.
    pub cure_days: i64,
    /// Days behind before it can break.
    pub break_days: i64,
}

/// How a plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Standing {
    /// All that is due came in.
    Kept,
    /// An instalment is short: one reminder, and time to catch up.
    Missed {
        /// Which, counted from 1.
        number: u32,
        /// When the reminder goes.
        remind_on: NaiveDate,
        /// Up to date by this day and nothing was lost.
        cure_by: NaiveDate,
    },
    /// It would be broken, and the customer is vulnerable.
    ForManager {
        /// Since when.
        since: NaiveDate,
    },
    /// Broken: the whole balance can be collected.
    Broken {
        /// First day.
        since: NaiveDate,
    },
    /// A moratorium runs.
    Suspended {
        /// Its last day, if known.
        until: Option<NaiveDate>,
    },
    /// Everything came in.
    Completed,
}

/// How a plan stands, with its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStanding {
    /// How it stands.
    pub standing: Standing,
    /// What was due by today.
    pub due: Pence,
    /// What came in by today.
    pub paid: Pence,
    /// What is still to come.
    pub balance: Pence,
    /// The next instalment that is not covered.
    pub next: Option<Instalment>,
}

impl PlanStanding {
    /// How much it is behind.
    pub fn behind(&self) -> Pence {
        self.due.minus(self.paid).max(Pence::ZERO)
    }
}

/// How a plan stands today: early and lump payments count, and a missed instalment is cured by catching up.
///
/// A plan breaks at the second miss in a row, or when the last instalment is missed, and in no case before the time to
/// catch up is over.
pub fn plan_standing(facts: &MonitorFacts, calendar: &Calendar, today: NaiveDate) -> Result<PlanStanding, Refusal> {
    let total = sum(facts.schedule.iter().map(|part| part.amount));
    let paid_by = |day: NaiveDate| sum(facts.receipts.iter().filter(|paid| paid.on <= day).map(|paid| paid.amount));
    let asked = |part: &&Instalment| !facts.frozen.iter().any(|span| within(part.due_on, span));
    let due = sum(facts.schedule.iter().filter(asked).filter(|part| part.due_on <= today).map(|part| part.amount));
    let paid = paid_by(today);
    let standing = if paid >= total {
        Standing::Completed
    } else if let Some(span) = facts.frozen.iter().find(|span| within(today, span)) {
        Standing::Suspended { until: span.1 }
    } else {
        running(facts, calendar, today, &paid_by)?
    };
    Ok(PlanStanding { standing, due, paid, balance: total.minus(paid), next: next(&facts.schedule, paid) })
}

fn running(
    facts: &MonitorFacts,
    calendar: &Calendar,
    today: NaiveDate,
    paid_by: &dyn Fn(NaiveDate) -> Pence,
) -> Result<Standing, Refusal> {
    let asked: Vec<(usize, &Instalment)> = facts
        .schedule
        .iter()
        .enumerate()
        .filter(|(_, part)| !facts.frozen.iter().any(|span| within(part.due_on, span)))
        .collect();
    let more = if facts.vulnerable { MORE_FOR_VULNERABLE } else { 0 };
    let (mut owed, mut missed): (Pence, Vec<(usize, NaiveDate, NaiveDate)>) = (Pence::ZERO, Vec::new());
    let mut broken_since = None;
    for (place, (at, part)) in asked.iter().enumerate() {
        let grace = grace_ends(facts, part.due_on, calendar)?;
        if grace >= today {
            break;
        }
        // What was caught up before the next fell due, and before it broke, is no miss in a row.
        let eve = add_days(part.due_on, -1);
        if paid_by(eve) >= owed && broken_since.is_none_or(|since| since > eve) {
            missed.clear();
            broken_since = None;
        }
        owed = owed.plus(part.amount);
        if paid_by(grace) >= owed {
            missed.clear();
            broken_since = None;
            continue;
        }
        missed.push((*at, part.due_on, grace));
        let last = place + 1 == asked.len();
        if missed.len() >= 2 || last {
            let patient = add_days(missed[0].1, facts.break_days + more + 1);
            broken_since = broken_since.or(Some(patient.max(add_days(grace, 1))));
        }
    }
    let caught_up = paid_by(today) >= owed;
    Ok(match (missed.first(), broken_since.filter(|since| *since <= today)) {
        // What broke stays broken until somebody agrees anew, even where money came later.
        (Some(_), Some(since)) if !caught_up_before(paid_by, owed, since) => {
            if facts.vulnerable {
                Standing::ForManager { since }
            } else {
                Standing::Broken { since }
            }
        }
        (Some(_), _) if caught_up => Standing::Kept,
        (Some((at, _, grace)), _) => {
            let remind_on = add_days(*grace, 1);
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            Standing::Missed { number, remind_on, cure_by: add_days(remind_on, facts.cure_days + more) }
        }
        (None, _) => Standing::Kept,
    })
}

fn caught_up_before(paid_by: &dyn Fn(NaiveDate) -> Pence, owed: Pence, since: NaiveDate) -> bool {
    paid_by(add_days(since, -1)) >= owed
}

fn grace_ends(facts: &MonitorFacts, due_on: NaiveDate, calendar: &Calendar) -> Result<NaiveDate, Refusal> {
    if facts.direct_debit {
        return calendar.add(calendar.next_or_same(due_on)?, RETURN_DAYS);
    }
    Ok(add_days(due_on, facts.tolerance_days))
}

fn within(day: NaiveDate, span: &(NaiveDate, Option<NaiveDate>)) -> bool {
    span.0 <= day && span.1.is_none_or(|last| day <= last)
}

fn sum(amounts: impl Iterator<Item = Pence>) -> Pence {
    amounts.fold(Pence::ZERO, Pence::plus)
}

/// The first instalment that what came in does not cover, with what is left of it.
fn next(schedule: &[Instalment], paid: Pence) -> Option<Instalment> {
    let mut to = Pence::ZERO;
    schedule.iter().find_map(|part| {
        to = to.plus(part.amount);
        let left = to.minus(paid).min(part.amount);
        (left > Pence::ZERO).then_some(Instalment { amount: left, ..*part })
    })
}

/// Refuses to break a plan by hand before its time.
pub fn may_break(standing: &PlanStanding, by_manager: bool) -> Result<(), Refusal> {
    match &standing.standing {
        Standing::Broken { .. } => Ok(()),
        Standing::ForManager { .. } if by_manager => Ok(()),
        Standing::ForManager { .. } => {
            Err(refusals::VULNERABLE_BREAK.because("The customer is vulnerable: the plan does not break by itself"))
        }
        Standing::Missed { number, cure_by, .. } => {
            let sentence = format!("Instalment {number} can be caught up until {}", written(*cure_by));
            Err(refusals::NOT_BROKEN.because(sentence).allowed_from(add_days(*cure_by, 1)))
        }
        Standing::Suspended { until } => {
            let refusal = refusals::MORATORIUM.because("The plan is suspended by breathing space");
            Err(match until {
                Some(last) => refusal.allowed_from(add_days(*last, 1)),
                None => refusal,
            })
        }
        Standing::Kept => Err(refusals::NOT_BROKEN.because("The plan is kept")),
        Standing::Completed => Err(refusals::PLAN_OVER.because("The plan was paid in full")),
    }
}

/// Refuses to call a plan kept or complete while cash is short.
pub fn may_complete(standing: &PlanStanding) -> Result<(), Refusal> {
    if standing.standing == Standing::Completed {
        return Ok(());
    }
    Err(refusals::NOT_KEPT.because(format!("{} of the plan has not come in", standing.balance)))
}

/// Where recovery goes on after a plan broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfterBreak {
    /// The whole balance can be collected.
    pub collectable: Pence,
    /// A person's letter of claim was written before the plan: an updated one, and its time, come before a claim.
    pub letter_of_claim_again: bool,
}

/// Recovery resumes at the stage reached before the plan; a person gets an updated letter of claim first.
pub fn after_break(
    standing: &PlanStanding,
    individual: bool,
    letter_of_claim_on: Option<NaiveDate>,
    agreed_on: NaiveDate,
) -> AfterBreak {
    let letter_of_claim_again = individual && letter_of_claim_on.is_some_and(|letter| letter <= agreed_on);
    AfterBreak { collectable: standing.balance, letter_of_claim_again }
}

#[cfg(test)]
mod tests {
    use super::super::{Every, Remainder, by_number};
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn plan(total: i64, count: u32, every: Every, first: &str) -> MonitorFacts {
        let amounts = by_number(Pence(total), count, Remainder::First).expect("divides");
        let part = |(place, amount)| Instalment { due_on: every.day(d(first), place), amount };
        MonitorFacts {
            schedule: (0..).zip(amounts).map(part).collect(),
            receipts: vec![],
            direct_debit: false,
            vulnerable: false,
            frozen: vec![],
            tolerance_days: 7,
            cure_days: 14,
            break_days: 21,
        }
    }

    fn paid(on: &str, amount: i64) -> PlanReceipt {
        PlanReceipt { on: d(on), amount: Pence(amount) }
    }

    fn on(facts: &MonitorFacts, day: &str) -> PlanStanding {
        let book = ReferenceBook::default();
        plan_standing(facts, book.calendar(Nation::EnglandAndWales), d(day)).expect("loaded years")
    }

    #[test]
    fn pp_e10_a_missed_instalment_is_cured_by_catching_up() {
        let mut case = plan(100_000, 12, Every::Month, "2026-01-01");
        case.receipts = vec![paid("2026-01-01", 8_337)];
        let february = on(&case, "2026-02-09");
        assert_eq!(
            february.standing,
            Standing::Missed { number: 2, remind_on: d("2026-02-09"), cure_by: d("2026-02-23") }
        );
        assert_eq!(february.behind(), Pence(8_333));
        case.receipts.push(paid("2026-03-01", 16_666));
        let march = on(&case, "2026-03-31");
        assert_eq!((march.due, march.paid, march.standing), (Pence(25_003), Pence(25_003), Standing::Kept));
    }

    #[test]
    fn pp_e11_broken_at_the_second_miss_and_its_tolerance() {
        let mut case = plan(60_000, 6, Every::Month, "2026-01-01");
        case.receipts = vec![paid("2026-01-01", 10_000)];
        assert!(matches!(on(&case, "2026-03-08").standing, Standing::Missed { number: 2, .. }));
        let broken = on(&case, "2026-03-09");
        assert_eq!(
            (broken.standing.clone(), broken.balance),
            (Standing::Broken { since: d("2026-03-09") }, Pence(50_000))
        );
        assert_eq!(may_break(&broken, false), Ok(()));
        let after = after_break(&broken, true, Some(d("2025-12-01")), d("2025-12-20"));
        assert_eq!(after, AfterBreak { collectable: Pence(50_000), letter_of_claim_again: true });
        assert!(!after_break(&broken, false, Some(d("2025-12-01")), d("2025-12-20")).letter_of_claim_again);
        case.receipts.push(paid("2026-03-20", 20_000));
        assert!(matches!(on(&case, "2026-03-21").standing, Standing::Broken { .. }));
    }

    #[test]
    fn pp_05_a_miss_that_was_caught_up_is_no_first_of_two() {
        let mut case = plan(60_000, 6, Every::Month, "2026-01-01");
        case.receipts = vec![paid("2026-01-20", 10_000)];
        assert_eq!(on(&case, "2026-01-21").standing, Standing::Kept);
        let late_again = on(&case, "2026-02-09");
        let missed = Standing::Missed { number: 2, remind_on: d("2026-02-09"), cure_by: d("2026-02-23") };
        assert_eq!(late_again.standing, missed);
        assert_eq!(may_break(&late_again, true).expect_err("in its time").code, "PP-05-NOT-BROKEN");
        assert!(matches!(on(&case, "2026-03-08").standing, Standing::Missed { number: 2, .. }));
        assert_eq!(on(&case, "2026-03-09").standing, Standing::Broken { since: d("2026-03-09") });
        // A day too late, or a penny short, it was not caught up: the next is the second in a row.
        for short in [paid("2026-02-01", 10_000), paid("2026-01-20", 9_999)] {
            case.receipts = vec![short];
            assert_eq!(on(&case, "2026-02-09").standing, Standing::Broken { since: d("2026-02-09") });
        }
    }

    #[test]
    fn pp_e12_a_debit_of_the_next_working_day_is_on_time() {
        let mut case = plan(2_000, 1, Every::Month, "2026-12-25");
        case.direct_debit = true;
        let due = on(&case, "2026-12-28");
        assert_eq!((due.standing, due.due), (Standing::Kept, Pence(2_000)), "the bank is closed until the 29th");
        case.receipts = vec![paid("2026-12-29", 2_000)];
        assert_eq!(on(&case, "2026-12-29").standing, Standing::Completed);
    }

    #[test]
    fn pp_05_grace_is_seven_days_or_the_days_of_a_direct_debit() {
        let mut case = plan(4_000, 2, Every::Month, "2026-12-25");
        assert_eq!(on(&case, "2027-01-01").standing, Standing::Kept);
        assert!(matches!(on(&case, "2027-01-02").standing, Standing::Missed { number: 1, .. }));
        case.direct_debit = true;
        assert_eq!(on(&case, "2026-12-31").standing, Standing::Kept);
        assert!(matches!(on(&case, "2027-01-01").standing, Standing::Missed { .. }));
        case.receipts = vec![paid("2026-12-29", 2_000)];
        assert_eq!(on(&case, "2027-01-20").standing, Standing::Kept);
    }

    #[test]
    fn pp_05_a_weekly_plan_does_not_break_before_its_time_to_catch_up() {
        let case = plan(10_000, 10, Every::Week, "2026-01-05");
        assert!(matches!(on(&case, "2026-01-26").standing, Standing::Missed { number: 1, .. }));
        assert_eq!(on(&case, "2026-01-27").standing, Standing::Broken { since: d("2026-01-27") });
        let mut late = case.clone();
        late.receipts = vec![paid("2026-01-26", 3_000)];
        assert_eq!(on(&late, "2026-01-27").standing, Standing::Kept);
    }

    #[test]
    fn pp_05_the_last_instalment_alone_breaks_after_twenty_one_days() {
        let mut case = plan(2_000, 2, Every::Month, "2026-01-01");
        case.receipts = vec![paid("2026-01-01", 1_000)];
        assert!(matches!(on(&case, "2026-02-22").standing, Standing::Missed { number: 2, .. }));
        assert_eq!(on(&case, "2026-02-23").standing, Standing::Broken { since: d("2026-02-23") });
    }

    #[test]
    fn pp_05_somebody_vulnerable_has_more_time_and_a_manager() {
        let mut case = plan(60_000, 6, Every::Month, "2026-01-01");
        case.vulnerable = true;
        case.receipts = vec![paid("2026-01-01", 10_000)];
        let standing = on(&case, "2026-03-09");
        assert_eq!(standing.standing, Standing::ForManager { since: d("2026-03-09") });
        assert_eq!(may_break(&standing, false).expect_err("a manager's").code, "PP-05-VULNERABLE");
        assert_eq!(may_break(&standing, true), Ok(()));
    }

    #[test]
    fn pp_05_breathing_space_suspends_and_does_not_count() {
        let mut case = plan(60_000, 6, Every::Month, "2026-09-01");
        case.receipts = vec![paid("2026-09-01", 10_000)];
        case.frozen = vec![(d("2026-09-14"), Some(d("2026-11-12")))];
        let frozen = on(&case, "2026-10-20");
        assert_eq!(frozen.standing, Standing::Suspended { until: Some(d("2026-11-12")) });
        let refused = may_break(&frozen, true).expect_err("frozen");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("PP-06-BREATHING-SPACE", Some(d("2026-11-13"))));
        let after = on(&case, "2026-11-20");
        assert_eq!((after.standing, after.due), (Standing::Kept, Pence(10_000)));
    }

    #[test]
    fn pp_06_kept_is_said_by_receipts_only() {
        let mut case = plan(2_000, 2, Every::Month, "2026-01-01");
        case.receipts = vec![paid("2026-01-01", 1_999)];
        let short = on(&case, "2026-01-05");
        assert_eq!(may_complete(&short).expect_err("short").code, "PP-06-NOT-KEPT");
        assert_eq!(short.next.map(|part| part.amount), Some(Pence(1)));
        case.receipts.push(paid("2026-01-20", 1));
        let full = on(&case, "2026-01-20");
        assert_eq!((may_complete(&full), full.next), (Ok(()), None));
        assert_eq!(may_break(&full, true).expect_err("over").code, "PP-01-OVER");
        case.receipts.push(PlanReceipt { on: d("2026-01-25"), amount: Pence(-1) });
        assert!(may_complete(&on(&case, "2026-01-25")).is_err(), "a cheque that bounces opens the plan again");
    }
}
