//! The worklist: what to do next, in order, and why it stands there.
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Why a case is on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkReason {
    /// A promise was broken.
    PromiseBroken,
    /// A payment plan is behind.
    PlanBehind,
    /// A query is past its day.
    QueryOverdue,
    /// A decision is due: agency, court, plan or write-off.
    DecisionDue,
    /// A task of the pathway is due.
    TaskDue,
    /// A letter could not be sent.
    LetterHeld,
    /// A hold or a flag is due for review.
    ReviewDue,
    /// Money waits to be allocated.
    CashWaiting,
}

impl WorkReason {
    /// All reasons.
    pub const ALL: [WorkReason; 8] = [
        WorkReason::PromiseBroken,
        WorkReason::PlanBehind,
        WorkReason::QueryOverdue,
        WorkReason::DecisionDue,
        WorkReason::TaskDue,
        WorkReason::LetterHeld,
        WorkReason::ReviewDue,
        WorkReason::CashWaiting,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkReason::PromiseBroken => "promise_broken",
            WorkReason::PlanBehind => "plan_behind",
            WorkReason::QueryOverdue => "query_overdue",
            WorkReason::DecisionDue => "decision_due",
            WorkReason::TaskDue => "task_due",
            WorkReason::LetterHeld => "letter_held",
            WorkReason::ReviewDue => "review_due",
            WorkReason::CashWaiting => "cash_waiting",
        }
    }

    /// Why it is here, for people.
    pub fn name(self) -> &'static str {
        match self {
            WorkReason::PromiseBroken => "Promise broken",
            WorkReason::PlanBehind => "Plan behind",
            WorkReason::QueryOverdue => "Query past its day",
            WorkReason::DecisionDue => "Decision due",
            WorkReason::TaskDue => "Task due",
            WorkReason::LetterHeld => "Letter could not be sent",
            WorkReason::ReviewDue => "Review due",
            WorkReason::CashWaiting => "Money waits to be allocated",
        }
    }

    /// What to do next.
    pub fn next(self) -> &'static str {
        match self {
            WorkReason::PromiseBroken => "Call about the promise",
            WorkReason::PlanBehind => "Call about the plan, and agree how to catch up",
            WorkReason::QueryOverdue => "Answer the query",
            WorkReason::DecisionDue => "Decide: agency, court, plan or write-off",
            WorkReason::TaskDue => "Do the task",
            WorkReason::LetterHeld => "Find an address",
            WorkReason::ReviewDue => "Review the hold or flag",
            WorkReason::CashWaiting => "Allocate the money",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<WorkReason> {
        WorkReason::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    fn points(self) -> i64 {
        match self {
            WorkReason::PromiseBroken => 60,
            WorkReason::PlanBehind => 58,
            WorkReason::CashWaiting => 55,
            WorkReason::QueryOverdue => 50,
            WorkReason::DecisionDue => 40,
            WorkReason::LetterHeld => 30,
            WorkReason::TaskDue => 25,
            WorkReason::ReviewDue => 20,
        }
    }
}

/// A case on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItem {
    /// Why.
    pub reason: WorkReason,
    /// Since when it waits.
    pub due_on: NaiveDate,
    /// What is at stake.
    pub amount: Pence,
    /// The customer is vulnerable or needs extra support.
    pub needs_care: bool,
}

/// A part of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorePart {
    /// What it is for.
    pub name: String,
    /// Points.
    pub points: i64,
}

/// Where a case stands on the list, as a sum that can be read out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The parts.
    pub parts: Vec<ScorePart>,
    /// Their sum.
    pub total: i64,
}

/// Points for the reason, for what is at stake, for how long it waits, and for care.
fn points(item: &WorkItem, today: NaiveDate) -> [i64; 4] {
    let stake = match item.amount.size().0 {
        0..10_000 => 0,
        10_000..100_000 => 10,
        100_000..1_000_000 => 20,
        1_000_000..10_000_000 => 30,
        _ => 40,
    };
    let waited = (today - item.due_on).num_days().clamp(0, 30);
    [item.reason.points(), stake, waited, if item.needs_care { 15 } else { 0 }]
}

/// The sum of a score, without its words.
pub fn score_total(item: &WorkItem, today: NaiveDate) -> i64 {
    points(item, today).into_iter().sum()
}

/// The score of a case: why it is here, what is at stake, how long it waits, whether care is needed.
pub fn score(item: &WorkItem, today: NaiveDate) -> Score {
    let [reason, stake, waited, care] = points(item, today);
    let mut parts = vec![
        ScorePart { name: item.reason.name().into(), points: reason },
        ScorePart { name: format!("{} at stake", item.amount.size()), points: stake },
        ScorePart { name: format!("Waiting since {}", item.due_on.format("%-d %B %Y")), points: waited },
    ];
    if item.needs_care {
        parts.push(ScorePart { name: "Needs care".into(), points: care });
    }
    Score { parts, total: score_total(item, today) }
}

/// Orders a worklist: highest score first, then longest waiting, then largest, then as given.
pub fn order_worklist(items: &mut [WorkItem], today: NaiveDate) {
    items.sort_by_key(|item| (Reverse(score_total(item, today)), item.due_on, Reverse(item.amount)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_ordered_by_a_sum_that_can_be_read_out() {
        let today: NaiveDate = "2026-11-21".parse().expect("a date");
        let item = |reason, amount, waited: i64| WorkItem {
            reason,
            due_on: crate::calendar::add_days(today, -waited),
            amount: Pence(amount),
            needs_care: false,
        };
        let mut items = vec![
            item(WorkReason::ReviewDue, 5_000, 1),
            item(WorkReason::TaskDue, 2_000_000, 5),
            item(WorkReason::PromiseBroken, 50_000, 0),
        ];
        order_worklist(&mut items, today);
        let order: Vec<WorkReason> = items.iter().map(|item| item.reason).collect();
        assert_eq!(order, [WorkReason::PromiseBroken, WorkReason::TaskDue, WorkReason::ReviewDue]);
        let worked = score(&items[1], today);
        assert_eq!(worked.total, 25 + 30 + 5);
        assert_eq!(worked.parts.iter().map(|part| part.points).sum::<i64>(), worked.total);
        for reason in WorkReason::ALL {
            assert_eq!(WorkReason::parse(reason.as_str()), Some(reason));
        }
    }
}
