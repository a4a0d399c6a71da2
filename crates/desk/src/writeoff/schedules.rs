//! The schedules, and one of them with every line as the approver must see it.
use super::facts::{Debt, ReliefIfGivenUp, criteria_on, known_of_schedule};
use crate::{Actor, Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::{Duty, LimitedAct, default_limits, limit_of};
use sundry_domain::money::Pence;
use sundry_domain::writeoff::{
    Criteria, LineState, Tier, WriteOffReason, category_of, checklist, in_the_way, may_propose, missing, reason_name,
};
use sundry_store::writeoff::schedules::{self, LineRow, ScheduleRow};

/// Schedules shown at once.
const PAGE: i64 = 120;

/// A line with what the approver must know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LineShown {
    /// The line.
    pub line: i64,
    /// Counts its changes; given back when deciding.
    pub version: i64,
    /// Number of the debt.
    pub number: String,
    /// Account.
    pub customer_number: String,
    /// Name.
    pub customer_name: String,
    /// Service.
    pub service: String,
    /// When due.
    pub due_on: NaiveDate,
    /// Days overdue.
    pub days_overdue: i64,
    /// How much is to be given up.
    pub amount_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// Stored name of the reason.
    pub reason: String,
    /// For people.
    pub reason_name: String,
    /// What was done.
    pub words: String,
    /// Reminders sent.
    pub letters: i64,
    /// Step of the pathway.
    pub stage: String,
    /// What is on file, in words.
    pub evidence: String,
    /// What is missing; empty when it is whole.
    pub missing: String,
    /// Loss category.
    pub category: String,
    /// Who decides: stored name of the tier.
    pub tier: String,
    /// What the customer was let off in twelve months, with this line and those above it.
    pub cumulative_pence: i64,
    /// VAT relief.
    pub relief: ReliefIfGivenUp,
    /// Where it stands.
    pub state: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_on: NaiveDate,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// Why.
    pub decision_words: String,
    /// Number of the write-off.
    pub write_off: String,
    /// The reader's own.
    pub own: bool,
    /// Why the reader cannot approve it, in words; empty when they can.
    pub why_not: String,
}

/// A schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScheduleShown {
    /// The schedule with its counts.
    pub schedule: ScheduleRow,
    /// Its lines, by customer.
    pub lines: Vec<LineShown>,
    /// What waits, by reason: stored name, name, lines, pence.
    pub by_reason: Vec<(String, String, i64, i64)>,
    /// What waits, by tier: stored name, name, lines, pence.
    pub by_tier: Vec<(String, String, i64, i64)>,
    /// VAT relief in what waits.
    pub relief_pence: i64,
    /// Lines that the reader can approve, and their sum.
    pub can_approve: (i64, i64),
    /// The reader's limit for one customer in twelve months; none where they have none.
    pub limit_pence: Option<i64>,
    /// Whether the reader decides at all.
    pub may_decide: bool,
}

/// Every schedule, newest first.
///
/// # Errors
/// Duty.
pub async fn schedules_list(desk: &Desk, by: &Actor) -> Outcome<Vec<ScheduleRow>> {
    by.must_hold(Duty::View)?;
    Ok(schedules::schedules(&mut desk.look().await?, by.org, PAGE).await?)
}

/// One schedule.
///
/// # Errors
/// Duty; absent schedule.
pub async fn schedule(desk: &Desk, by: &Actor, number: &str) -> Outcome<ScheduleShown> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let found = schedules::schedule(&mut look, by.org, number).await?;
    let found = found.ok_or_else(|| No::Absent(format!("schedule {number}")))?;
    let criteria = criteria_on(&mut look, by.org, today).await?;
    let rows = schedules::lines_of(&mut look, by.org, found.id).await?;
    let debts = known_of_schedule(&mut look, by.org, today, found.id).await?;
    let debts: HashMap<i64, Debt> = debts.into_iter().map(|debt| (debt.row.id, debt)).collect();
    let limit = limit_of(&by.roles, LimitedAct::WriteOff, by.limit, &default_limits());
    let reader = Reader { by, limit, minute: &found.committee_minute, criteria: &criteria, today };
    let mut so_far: HashMap<i64, Pence> = HashMap::new();
    let mut lines = Vec::new();
    for row in rows {
        let Some(debt) = debts.get(&row.item_id) else { continue };
        let sum = so_far.entry(row.customer_id).or_insert(debt.before);
        if row.state == LineState::Proposed.as_str() {
            *sum = sum.plus(Pence(row.amount_pence));
        }
        lines.push(reader.line(row, debt, *sum));
    }
    let waiting = || lines.iter().filter(|line| line.state == LineState::Proposed.as_str());
    let sum = |of: &dyn Fn(&LineShown) -> bool| {
        waiting().filter(|line| of(line)).fold((0, 0), |(count, pence), line| (count + 1, pence + line.amount_pence))
    };
    let by_reason = WriteOffReason::ALL.iter().map(|reason| {
        let (count, pence) = sum(&|line| line.reason == reason.as_str());
        (reason.as_str().to_owned(), reason_name(*reason).to_owned(), count, pence)
    });
    let by_reason = by_reason.filter(|row| row.2 > 0).collect();
    let by_tier = Tier::ALL.iter().map(|tier| {
        let (count, pence) = sum(&|line| line.tier == tier.as_str());
        (tier.as_str().to_owned(), tier.name().to_owned(), count, pence)
    });
    let by_tier = by_tier.filter(|row| row.2 > 0).collect();
    let can_approve = sum(&|line| line.why_not.is_empty());
    let relief_pence = waiting().map(|line| line.relief.amount_pence).sum();
    Ok(ScheduleShown {
        by_reason,
        by_tier,
        relief_pence,
        can_approve,
        limit_pence: limit.map(|limit| limit.0),
        may_decide: by.holds(Duty::ApproveWriteOff),
        schedule: found,
        lines,
    })
}

/// Who reads a schedule, and what they may decide.
struct Reader<'a> {
    by: &'a Actor,
    limit: Option<Pence>,
    minute: &'a str,
    criteria: &'a Criteria,
    today: NaiveDate,
}

impl Reader<'_> {
    fn line(&self, row: LineRow, debt: &Debt, cumulative: Pence) -> LineShown {
        let reason = WriteOffReason::parse(&row.reason).unwrap_or(WriteOffReason::Uneconomic);
        let amount = Pence(row.amount_pence);
        let list = checklist(reason, &debt.on_file);
        let tier = debt.tier_after(amount, cumulative.minus(amount), reason, self.criteria);
        let lacks = missing(&list);
        let evidence: Vec<String> = list.into_iter().filter_map(|need| need.found).collect();
        let own = row.proposed_by == self.by.user.0;
        let waits = row.state == LineState::Proposed.as_str();
        let why_not =
            if waits { self.why_not(debt, amount, reason, (tier, cumulative), (own, &lacks)) } else { String::new() };
        LineShown {
            line: row.id,
            version: row.version,
            number: debt.row.number.clone(),
            customer_number: debt.row.customer_number.clone(),
            customer_name: debt.row.customer_name.clone(),
            service: debt.row.service.clone(),
            due_on: debt.row.due_on,
            days_overdue: (self.today - debt.row.due_on).num_days(),
            amount_pence: amount.0,
            open_pence: debt.row.open_pence,
            reason: row.reason,
            reason_name: reason_name(reason).into(),
            words: row.words,
            letters: debt.facts.letters,
            stage: debt.row.stage.clone(),
            evidence: evidence.join("; "),
            missing: if waits { lacks } else { String::new() },
            category: category_of(&debt.row.debt_type).as_str().into(),
            tier: tier.as_str().into(),
            cumulative_pence: cumulative.0,
            relief: debt.relief(amount),
            state: row.state,
            proposed_by: row.proposed_by_name,
            proposed_on: row.proposed_on,
            decided_by: row.decided_by_name,
            decided_on: row.decided_on,
            decision_words: row.decision_words,
            write_off: row.write_off,
            own,
            why_not,
        }
    }

    /// Why the reader cannot approve a line, the weightiest first.
    fn why_not(
        &self,
        debt: &Debt,
        amount: Pence,
        reason: WriteOffReason,
        (tier, cumulative): (Tier, Pence),
        (own, lacks): (bool, &str),
    ) -> String {
        if own {
            return "You proposed this".into();
        }
        if !lacks.is_empty() {
            return format!("Missing: {lacks}");
        }
        if let Some(no) = in_the_way(&debt.facts).into_iter().next() {
            return no.sentence;
        }
        if let Err(no) = may_propose(&debt.facts, amount, reason, self.criteria, self.today) {
            return no.sentence;
        }
        match (tier, self.limit) {
            (Tier::Committee, _) if self.minute.is_empty() => "Needs the committee's decision".into(),
            (Tier::Committee, Some(_)) => String::new(),
            (_, Some(limit)) if cumulative <= limit => String::new(),
            (_, limit) => {
                let limit = limit.unwrap_or(Pence::ZERO);
                format!("{cumulative} in twelve months is above your limit of {limit}")
            }
        }
    }
}
