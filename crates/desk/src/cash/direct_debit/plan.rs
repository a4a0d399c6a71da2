//! What a run would take, and what it would refuse and why: the same function before and inside the run.
use super::common::{Site, england, site, state_of};
use crate::core::actor::Actor;
use crate::core::vault::sha256_hex;
use crate::delivery::freeze_of;
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};
use sundry_domain::calendar::Calendar;
use sundry_domain::cash::direct_debit::refusals::{OVER_LIMIT, TWICE};
use sundry_domain::cash::direct_debit::{CollectFacts, TransactionCode, collection_dates, may_collect};
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::collections::{self, CollectionItemRow, CollectionRow};
use sundry_store::mandates::{self, MandateRow};
use sundry_store::people::case_items_of_range;
use sundry_store::{Tx, delivery, plans};

/// Waiting instructions in one file at most.
pub(super) const INSTRUCTIONS: i64 = 10_000;

/// A collection that would be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedCollection {
    /// Number.
    pub number: String,
    /// Mandate's reference.
    pub reference: String,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// Last digits of the account.
    pub account_ending: String,
    /// 01, 17, 18 or 19.
    pub code: TransactionCode,
    /// How much.
    pub amount_pence: i64,
    /// The day notified.
    pub notified_for: NaiveDate,
    pub(super) id: i64,
}

/// A collection that would be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRefusal {
    /// Number.
    pub number: String,
    /// Mandate's reference.
    pub reference: String,
    /// Customer name.
    pub customer_name: String,
    /// How much.
    pub amount_pence: i64,
    /// The rule against it.
    pub refusal: Refusal,
}

/// What a run would do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunPreview {
    /// Day 3: money moves.
    pub entry_on: NaiveDate,
    /// Day 2.
    pub process_on: NaiveDate,
    /// Day 1: the file goes in.
    pub input_on: NaiveDate,
    /// What would be taken, in order.
    pub collections: Vec<PlannedCollection>,
    /// What would be left out.
    pub refusals: Vec<PlannedRefusal>,
    /// 0N, 0C and 0S that go in the same file.
    pub instructions: i64,
    /// The sum.
    pub total_pence: i64,
    /// How many and how much under each code.
    pub by_code: BTreeMap<String, (i64, i64)>,
    /// Items of reports that wait and may be about anybody.
    pub advices_waiting: i64,
    /// Hash of what would be taken.
    pub content_hash: String,
}

/// What a run for a collection day would take.
///
/// # Errors
/// Duty; `DD-01-NO-SERVICE-USER`; the years of the calendar.
pub async fn preview_run(desk: &Desk, by: &Actor, wanted_on: NaiveDate) -> Outcome<RunPreview> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let site = site(&mut look, by.org).await?;
    plan_run(&mut look, desk, by.org, &site, wanted_on).await
}

pub(super) async fn plan_run(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    site: &Site,
    wanted_on: NaiveDate,
) -> Outcome<RunPreview> {
    let calendar = england(desk);
    let dates = collection_dates(&calendar, wanted_on, site.agreed.notice_days)?;
    // Notified days roll forward, so those just before a bank holiday are taken after it.
    let (from, to) = (calendar.add(dates.entry_on, -4)?, dates.entry_on);
    let due = collections::collections_due(tx, org, from, to).await?;
    let facts = Facts::load(tx, org, (from, to), desk.today()).await?;
    let mut preview = RunPreview {
        entry_on: dates.entry_on,
        process_on: dates.process_on,
        input_on: dates.input_on,
        collections: Vec::new(),
        refusals: Vec::new(),
        instructions: mandates::instructions_waiting(tx, org, INSTRUCTIONS).await?.len() as i64,
        total_pence: 0,
        by_code: BTreeMap::new(),
        advices_waiting: facts.nobodys_advices,
        content_hash: String::new(),
    };
    let mut seen = HashSet::new();
    for row in &due {
        let Some(mandate) = facts.mandates.get(&row.mandate_id) else { continue };
        let name = facts.customers.get(&row.customer_id).cloned().unwrap_or_default();
        let decided = decide(row, mandate, &facts, site, &calendar, dates.entry_on).and_then(|code| {
            limits(row, mandate, site, &mut seen, &preview)?;
            Ok(code)
        });
        match decided {
            Ok(code) => preview.take(row, mandate, name, code),
            Err(refusal) => preview.refusals.push(PlannedRefusal {
                number: row.number.clone(),
                reference: mandate.reference.clone(),
                customer_name: name.1,
                amount_pence: row.amount_pence,
                refusal,
            }),
        }
    }
    preview.content_hash = content_hash(preview.collections.iter().map(|c| (c.id, c.code.as_str(), c.amount_pence)));
    Ok(preview)
}

/// The hash that binds a yes to exactly these collections, codes and amounts.
pub(super) fn content_hash<'a>(rows: impl Iterator<Item = (i64, &'a str, i64)>) -> String {
    let lines: Vec<String> = rows.map(|(id, code, pence)| format!("{id} {code} {pence}")).collect();
    sha256_hex(lines.join("\n").as_bytes())
}

impl RunPreview {
    fn take(&mut self, row: &CollectionRow, mandate: &MandateRow, name: (String, String), code: TransactionCode) {
        self.total_pence += row.amount_pence;
        let sum = self.by_code.entry(code.as_str().to_owned()).or_default();
        *sum = (sum.0 + 1, sum.1 + row.amount_pence);
        self.collections.push(PlannedCollection {
            number: row.number.clone(),
            reference: mandate.reference.clone(),
            customer_number: name.0,
            customer_name: name.1,
            account_ending: mandate.shown.clone(),
            code,
            amount_pence: row.amount_pence,
            notified_for: row.notified_for,
            id: row.id,
        });
    }
}

/// What decides about many collections, read in a few statements.
struct Facts {
    mandates: HashMap<i64, MandateRow>,
    parts: HashMap<i64, Vec<CollectionItemRow>>,
    customers: HashMap<i64, (String, String)>,
    /// Customer to why nothing may be collected; item to why.
    held: HashMap<i64, String>,
    held_items: HashMap<i64, String>,
    advices: HashSet<i64>,
    nobodys_advices: i64,
}

impl Facts {
    async fn load(tx: &mut Tx, org: OrgId, span: (NaiveDate, NaiveDate), today: NaiveDate) -> Outcome<Facts> {
        let (from, to) = span;
        let rows = mandates::mandates_of_due(tx, org, from, to).await?;
        let customers = collections::customers_of_due(tx, org, from, to).await?;
        let mut parts: HashMap<i64, Vec<CollectionItemRow>> = HashMap::new();
        for part in collections::items_of_due(tx, org, from, to).await? {
            parts.entry(part.collection_id).or_default().push(part);
        }
        let mut facts = Facts {
            mandates: rows.into_iter().map(|row| (row.id, row)).collect(),
            parts,
            customers: HashMap::new(),
            held: HashMap::new(),
            held_items: HashMap::new(),
            advices: HashSet::new(),
            nobodys_advices: 0,
        };
        if let (Some(first), Some(last)) = (customers.first(), customers.last()) {
            let (first, last) = (CustomerId(first.0), CustomerId(last.0));
            facts.holds(tx, org, (first, last), today).await?;
        }
        facts.customers = customers.into_iter().map(|(id, number, name)| (id, (number, name))).collect();
        for item in collections::held_items(tx, org).await? {
            match item.mandate_id {
                Some(mandate) => drop(facts.advices.insert(mandate)),
                None if matches!(item.kind.as_str(), "amended" | "instruction_returned") => facts.nobodys_advices += 1,
                None => {}
            }
        }
        Ok(facts)
    }

    async fn holds(
        &mut self,
        tx: &mut Tx,
        org: OrgId,
        span: (CustomerId, CustomerId),
        today: NaiveDate,
    ) -> Outcome<()> {
        for flag in delivery::flags_of_range(tx, org, span.0, span.1, today).await? {
            // Breathing space pauses what is taken for its debts; what falls due after it began is still collected.
            if flag.case_id.is_some() && flag.kind == FlagKind::BreathingSpace.as_str() {
                continue;
            }
            if let Some(kind) = FlagKind::parse(&flag.kind).filter(|kind| kind.stops_recovery()) {
                self.held.insert(flag.customer_id, kind.name().to_owned());
            }
        }
        for row in case_items_of_range(tx, org, span.0, span.1).await? {
            if freeze_of(&row, today).is_some_and(|flag| flag.holds_on(today)) {
                self.held_items.insert(row.item_id, FlagKind::BreathingSpace.name().to_owned());
            }
        }
        for hold in plans::holds_of_range(tx, org, span.0, span.1).await? {
            // A promise or a plan is how the money is to come: it does not stop the collection.
            if !hold.holds_on(today) || matches!(hold.reason.as_str(), "promise" | "plan") {
                continue;
            }
            let why = format!("held, {}", hold.reason.replace('_', " "));
            match hold.item_id {
                Some(item) => drop(self.held_items.insert(item, why)),
                None => drop(self.held.entry(hold.customer_id).or_insert(why)),
            }
        }
        Ok(())
    }
}

fn decide(
    row: &CollectionRow,
    mandate: &MandateRow,
    facts: &Facts,
    site: &Site,
    calendar: &Calendar,
    entry_on: NaiveDate,
) -> Result<TransactionCode, Refusal> {
    let parts = facts.parts.get(&row.id).map_or(&[][..], Vec::as_slice);
    let enough = |part: &CollectionItemRow| part.open_pence - part.disputed_pence >= part.amount_pence;
    let open = parts.iter().map(|p| if enough(p) { p.amount_pence } else { p.open_pence - p.disputed_pence }).sum();
    let held_item = parts.iter().find_map(|part| facts.held_items.get(&part.item_id)).cloned();
    let collect = CollectFacts {
        reference: mandate.reference.clone(),
        state: state_of(mandate).unwrap_or(sundry_domain::cash::direct_debit::MandateState::Suspended),
        state_reason: mandate.state_reason.clone(),
        lodged_on: mandate.lodged_on,
        first_lead_days: site.agreed.first_lead_days,
        first_collected_on: mandate.first_collected_on,
        last_collected_on: mandate.last_collected_on,
        advice_waits: facts.advices.contains(&mandate.id),
        claim_open: mandate.claim_open,
        held: facts.held.get(&row.customer_id).cloned().or(held_item),
        notified_for: Some(row.notified_for),
        notice_with_payer_on: Some(row.notice_with_payer_on),
        // What is presented again was notified before; five days' word is good practice, not a bar.
        notice_days: if row.again_of.is_some() { 0 } else { site.agreed.notice_days },
        notified: Pence(row.amount_pence),
        open: Pence(open),
        entry_on,
        is_final: row.is_final,
        final_confirmed: row.is_final,
    };
    let code = may_collect(&collect, calendar)?;
    Ok(if row.again_of.is_some() { TransactionCode::Again } else { code })
}

/// Limits of the service user, and never the same payer, amount and day twice.
fn limits(
    row: &CollectionRow,
    mandate: &MandateRow,
    site: &Site,
    seen: &mut HashSet<(String, i64)>,
    so_far: &RunPreview,
) -> Result<(), Refusal> {
    let agreed = &site.agreed;
    if row.amount_pence > agreed.most_item_pence {
        let (amount, most) = (Pence(row.amount_pence), Pence(agreed.most_item_pence));
        return Err(OVER_LIMIT.because(format!("{amount} is over the limit of {most} for one collection")));
    }
    if so_far.collections.len() as i64 >= agreed.most_items {
        return Err(OVER_LIMIT.because(format!("The file has {} collections, the most agreed", agreed.most_items)));
    }
    if so_far.total_pence + row.amount_pence > agreed.most_run_pence {
        let most = Pence(agreed.most_run_pence);
        return Err(OVER_LIMIT.because(format!("The file would come to more than {most}")));
    }
    if !seen.insert((mandate.print.clone(), row.amount_pence)) {
        let amount = Pence(row.amount_pence);
        return Err(TWICE.because(format!("{amount} is taken from this account on this day already")));
    }
    Ok(())
}
