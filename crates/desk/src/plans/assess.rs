//! How plans stand, by what came in: loaded for many in a few statements (PP-05).
use crate::Outcome;
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::calendar::Calendar;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::plans::{
    Instalment, MonitorFacts, PlanMethod, PlanReceipt, PlanStanding, Standing, behind_on, less_credits, plan_standing,
};
use sundry_store::Tx;
use sundry_store::plans::agreed::{self, PlanRow};
use sundry_store::plans::standing::{self, PlanFlagRow, PlanMoneyRow};

/// A plan and how it stands.
pub(super) struct Assessed {
    pub(super) plan: PlanRow,
    /// The instalments in force, after credit notes.
    pub(super) schedule: Vec<Instalment>,
    /// The instalments in force as they were agreed.
    pub(super) agreed: Vec<Instalment>,
    pub(super) standing: PlanStanding,
    /// Behind this morning, and since when.
    pub(super) behind: Pence,
    pub(super) behind_since: Option<NaiveDate>,
    /// Spans of breathing space.
    pub(super) frozen: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// Credit notes and write-offs since it began.
    pub(super) credited: Pence,
    /// Money of these people that waits to be allocated.
    pub(super) unallocated: Pence,
    pub(super) vulnerable: bool,
    /// Somebody on it has died, or is insolvent.
    pub(super) ends_by_law: Option<FlagKind>,
}

impl Assessed {
    /// The word that is kept of it.
    pub(super) fn word(&self) -> &'static str {
        match &self.standing.standing {
            Standing::Kept if self.behind > Pence::ZERO => "late",
            Standing::Kept => "kept",
            Standing::Missed { .. } => "missed",
            Standing::ForManager { .. } => "for_manager",
            Standing::Broken { .. } => "broken",
            Standing::Suspended { .. } => "suspended",
            Standing::Completed => "completed",
        }
    }
}

/// Assesses plans whose ids rise, as at a day.
pub(super) async fn assess(
    tx: &mut Tx,
    org: OrgId,
    calendar: &Calendar,
    plans: Vec<PlanRow>,
    today: NaiveDate,
) -> Outcome<Vec<Assessed>> {
    let (Some(first), Some(last)) = (plans.first(), plans.last()) else { return Ok(Vec::new()) };
    let span = (first.id, last.id);
    let mut parts: HashMap<i64, Vec<Instalment>> = HashMap::new();
    for row in agreed::instalments_in_force(tx, org, span).await? {
        let one = Instalment { due_on: row.due_on, amount: Pence(row.amount_pence) };
        parts.entry(row.plan_id).or_default().push(one);
    }
    let mut money: HashMap<i64, Vec<PlanMoneyRow>> = HashMap::new();
    for row in standing::money(tx, org, span).await? {
        money.entry(row.plan_id).or_default().push(row);
    }
    let mut flags: HashMap<i64, Vec<PlanFlagRow>> = HashMap::new();
    for row in standing::flags(tx, org, span).await? {
        flags.entry(row.plan_id).or_default().push(row);
    }
    let unallocated: HashMap<i64, i64> = standing::unallocated(tx, org, span).await?.into_iter().collect();
    let mut all = Vec::with_capacity(plans.len());
    for plan in plans {
        let agreed = parts.remove(&plan.id).unwrap_or_default();
        let came = money.remove(&plan.id).unwrap_or_default();
        let flags = flags.remove(&plan.id).unwrap_or_default();
        let waits = Pence(unallocated.get(&plan.id).copied().unwrap_or(0));
        all.push(one(plan, agreed, &came, &flags, (waits, calendar, today))?);
    }
    Ok(all)
}

fn one(
    plan: PlanRow,
    agreed: Vec<Instalment>,
    came: &[PlanMoneyRow],
    flags: &[PlanFlagRow],
    (unallocated, calendar, today): (Pence, &Calendar, NaiveDate),
) -> Outcome<Assessed> {
    let in_force = |flag: &&PlanFlagRow| flag.from_on <= today && flag.to_on.is_none_or(|last| today <= last);
    let has = |kind: FlagKind| flags.iter().filter(in_force).any(|flag| flag.kind == kind.as_str());
    let is_receipt = |row: &&PlanMoneyRow| row.kind == "receipt";
    let receipts =
        came.iter().filter(is_receipt).map(|row| PlanReceipt { on: row.on_day, amount: Pence(row.amount_pence) });
    let credited = Pence(came.iter().filter(|row| !is_receipt(row)).map(|row| row.amount_pence).sum());
    let schedule = less_credits(&agreed, credited.minus(Pence(plan.credited_pence)));
    let spaces = flags.iter().filter(|flag| flag.kind == FlagKind::BreathingSpace.as_str());
    let vulnerable = has(FlagKind::Vulnerable);
    let facts = MonitorFacts {
        schedule,
        // What came before its instalment's day counts from the start: a plan is granted before it is paid.
        receipts: receipts.collect(),
        direct_debit: plan.method == PlanMethod::DirectDebit.as_str(),
        vulnerable,
        frozen: spaces.map(|flag| (flag.from_on, flag.to_on)).collect(),
        tolerance_days: plan.tolerance_days,
        cure_days: plan.cure_days,
        break_days: plan.break_days,
    };
    let standing = plan_standing(&facts, calendar, today)?;
    let asked = facts.schedule.iter().filter(|part| !is_frozen(&facts.frozen, part.due_on)).copied();
    let asked: Vec<Instalment> = asked.collect();
    let (behind, behind_since) = behind_on(&asked, standing.paid, today);
    let ends_by_law = [FlagKind::Deceased, FlagKind::Insolvent].into_iter().find(|kind| has(*kind));
    Ok(Assessed {
        plan,
        agreed,
        standing,
        behind,
        behind_since,
        credited,
        unallocated,
        vulnerable,
        ends_by_law,
        schedule: facts.schedule,
        frozen: facts.frozen,
    })
}

/// Whether a day lies in breathing space.
pub(super) fn is_frozen(spans: &[(NaiveDate, Option<NaiveDate>)], day: NaiveDate) -> bool {
    spans.iter().any(|(from, to)| *from <= day && to.is_none_or(|last| day <= last))
}
