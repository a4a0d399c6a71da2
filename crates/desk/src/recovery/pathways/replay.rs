//! Last year's invoices and payments lived again, with the flags, cases and recorded facts of then: each by its days.
use super::super::facts::{DayContext, grouped};
use super::simulate::{CHUNK, PathwaySimulation, Tried, YEAR, paid_by_item, run_days};
use crate::delivery::{Progress, RecordedFacts, flag_of, freeze_as_it_was, hold_of};
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};
use sundry_domain::calendar::add_days;
use sundry_domain::customers::{CustomerKind, Flag, FlagKind, is_email};
use sundry_domain::delivery::ReachFacts;
use sundry_domain::law::SpecialDebt;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{
    DayCase, DayItem, DebtSeen, Known, LetterSet, PathwayVersion, Side, SideTotals, choose, code_of, live_out,
};
use sundry_store::Tx;
use sundry_store::delivery::{FlagFact, flags_between};
use sundry_store::people::{StoppedDebtRow, case_items_between};
use sundry_store::plans::{self, HoldRow};
use sundry_store::recovery::pathways::{self as rows, BilledRow};

/// Last year's invoices from the day each was posted, paid when it was paid. Flags, cases and recorded facts count on
/// the days on which they stood; which pathway and which steps a debt has is asked of the flags of its due date.
pub(super) async fn over_last_year(
    tx: &mut Tx,
    desk: &Desk,
    context: &DayContext,
    tried: &Tried,
    progress: Progress<'_>,
) -> Outcome<PathwaySimulation> {
    let (from, until) = (add_days(context.day, -YEAR - 1), add_days(context.day, -1));
    let days = run_days(desk, context, from, until)?;
    let side = Side { site: &context.site, days: &days, response: None };
    let live = context.in_force();
    let with_draft = tried.among(&live);
    let mut found = PathwaySimulation { from_on: from, until_on: until, ..PathwaySimulation::default() };
    let customers = rows::customers_billed(tx, context.org, (from, until)).await?;
    progress(0, customers.len() as i64);
    for (at, chunk) in customers.chunks(CHUNK).enumerate() {
        let (Some(first), Some(last)) = (chunk.first(), chunk.last()) else { continue };
        let range = (*first, *last);
        let mut billed =
            grouped(rows::billed_of_range(tx, context.org, range, (from, until)).await?, |row| row.customer_id);
        let mut paid = paid_by_item(tx, context, range, from).await?;
        let holds = plans::holds_of_range(tx, context.org, *first, *last).await?;
        let holds = grouped(holds, |row| row.customer_id);
        let flags = grouped(flags_between(tx, context.org, range, (from, until)).await?, |row| row.customer_id);
        let cases = grouped(case_items_between(tx, context.org, range, (from, until)).await?, |row| row.customer_id);
        let recorded = RecordedFacts::of_range(tx, context.org, range).await?;
        for customer in chunk {
            let debts = billed.remove(&customer.0).unwrap_or_default();
            let past = Past {
                context,
                tried,
                live: &live,
                with_draft: &with_draft,
                held: holds.get(&customer.0).map_or(&[][..], Vec::as_slice),
                flags: flags.get(&customer.0).map_or(&[][..], Vec::as_slice),
                cases: cases.get(&customer.0).map_or(&[][..], Vec::as_slice),
                recorded: &recorded,
            };
            past.customer(&debts, &mut paid, &side, &mut found)?;
        }
        progress((at * CHUNK + chunk.len()) as i64, customers.len() as i64);
    }
    Ok(found)
}

/// What a replay of one customer needs.
struct Past<'d> {
    context: &'d DayContext,
    tried: &'d Tried,
    live: &'d [&'d PathwayVersion],
    with_draft: &'d [&'d PathwayVersion],
    held: &'d [HoldRow],
    flags: &'d [FlagFact],
    cases: &'d [StoppedDebtRow],
    recorded: &'d RecordedFacts,
}

impl Past<'_> {
    fn customer(
        &self,
        debts: &[BilledRow],
        paid: &mut HashMap<i64, Vec<(NaiveDate, Pence)>>,
        side: &Side<'_>,
        found: &mut PathwaySimulation,
    ) -> Outcome<()> {
        let Some(face) = debts.first() else { return Ok(()) };
        let by_email = face.channel == "email" && is_email(&face.email);
        let kind = CustomerKind::parse(&face.customer_kind).unwrap_or(CustomerKind::Unknown);
        let marks: Vec<Vec<FlagKind>> =
            debts.iter().map(|debt| self.marks_on(debt.due_on.max(debt.posted_on))).collect();
        let mut case = self.case(face, kind, debts.len());
        for (debt, marks) in debts.iter().zip(&marks) {
            case.items.push(self.item(debt, &seen(debt, kind, marks), by_email)?);
        }
        let mut drafted = case.clone();
        let mut differs = false;
        for (item, (debt, marks)) in drafted.items.iter_mut().zip(debts.iter().zip(&marks)) {
            let seen = seen(debt, kind, marks);
            found.debts += 1;
            found.open_pence = found.open_pence.plus(item.open);
            let Some(ladder) = self.tried.of_debt(self.context, self.with_draft, item, &seen, by_email)? else {
                continue;
            };
            differs = true;
            found.on_draft += i64::from(ladder.code == self.tried.whole.code);
            item.left_out = if ladder.has_conditions() { ladder.left_out(&seen) } else { 0 };
            item.pathway = ladder;
        }
        let posted: Vec<NaiveDate> = debts.iter().map(|debt| debt.posted_on).collect();
        let payments: Vec<Vec<(NaiveDate, Pence)>> =
            debts.iter().map(|debt| paid.remove(&debt.id).unwrap_or_default()).collect();
        let special: Vec<Vec<(NaiveDate, SpecialDebt)>> =
            debts.iter().map(|debt| self.recorded.over_time(debt.id, &debt.debt_type)).collect();
        let turns = turns(&case);
        let known = Known { posted: &posted, paid: &payments, special: &special, turns: &turns };
        found.customers += 1;
        let mut part = SideTotals::default();
        live_out(&mut case, side, known, &mut part);
        found.live.add(&part);
        if differs {
            part = SideTotals::default();
            live_out(&mut drafted, side, known, &mut part);
        }
        found.draft.add(&part);
        Ok(())
    }

    /// What the flags of the customer were on a day.
    fn marks_on(&self, day: NaiveDate) -> Vec<FlagKind> {
        let held = self.flags.iter().filter_map(flag_of).filter(|flag| flag.holds_on(day));
        held.map(|flag| flag.kind).collect()
    }

    /// The customer with the flags of the year, and no debt yet. Breathing space by a case is said of each debt.
    fn case<'c>(&self, face: &BilledRow, kind: CustomerKind, debts: usize) -> DayCase<'c> {
        let by_case = |fact: &&FlagFact| fact.case_id.is_some() && fact.kind == FlagKind::BreathingSpace.as_str();
        DayCase {
            kind,
            reach: ReachFacts {
                prefers_email: face.channel == "email",
                email: face.email.clone(),
                has_address: true,
                gone_away: false,
            },
            flags: self.flags.iter().filter(|fact| !by_case(fact)).filter_map(flag_of).collect(),
            holds: Vec::new(),
            unallocated: Pence::ZERO,
            credits: Pence::ZERO,
            contacts: Vec::new(),
            adjustments: Vec::new(),
            items: Vec::with_capacity(debts),
        }
    }

    fn item(&self, debt: &BilledRow, seen: &DebtSeen<'_>, by_email: bool) -> Outcome<DayItem<'_>> {
        let code = code_of(choose(self.live, seen), seen.kind);
        let pathway = self.context.newest_ladder(&code, by_email)?;
        let bears = |hold: &&HoldRow| hold.item_id.is_none_or(|item| item == debt.id);
        let of_debt = self.cases.iter().filter(|case| case.item_id == debt.id);
        Ok(DayItem {
            dated_on: debt.dated_on,
            due_on: debt.due_on,
            open: Pence(debt.original_pence),
            in_query: Pence::ZERO,
            left_out: if pathway.has_conditions() { pathway.left_out(seen) } else { 0 },
            pathway,
            taken: Vec::new(),
            pauses: Vec::new(),
            holds: self.held.iter().filter(bears).filter_map(hold_of).collect(),
            undelivered: None,
            freezes: of_debt.filter_map(freeze_as_it_was).collect(),
            spared: false,
            special: SpecialDebt::default(),
            set: LetterSet::of(seen.kind, seen.flags, false, &[debt.debt_type.as_str()]),
            limitation: None,
        })
    }
}

/// The days from which another flag holds than the day before.
fn turns(case: &DayCase<'_>) -> Vec<NaiveDate> {
    let frozen = case.items.iter().flat_map(|item| item.freezes.iter());
    let of = |flag: &Flag| [Some(flag.starts_on), flag.ends_on.and_then(|last| last.succ_opt())];
    let days: BTreeSet<NaiveDate> = case.flags.iter().chain(frozen).flat_map(of).flatten().collect();
    days.into_iter().collect()
}

fn seen<'a>(debt: &'a BilledRow, kind: CustomerKind, flags: &'a [FlagKind]) -> DebtSeen<'a> {
    DebtSeen {
        kind,
        debt_type: &debt.debt_type,
        service: &debt.service,
        open: Pence(debt.original_pence),
        flags,
        score: None,
    }
}
