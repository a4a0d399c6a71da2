//! The preview of a run: the same plan as the release makes, and nothing kept.
use super::facts::{billed_before, load, shared};
use super::plan::{Payers, Plan, PlannedDocument, RunFacts, RunTotals, plan};
use crate::customers::receiver::rules_in;
use crate::{Actor, Desk, Fault, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::billing::contracts::Cycle;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::vat::vat_filed_until;
use sundry_store::contracts::{
    self as rows, ContractChargeRow, ContractRange, ContractRow, LeftNamed, PayingRow, last_period_sums,
    paying_customers,
};
use sundry_store::control::{number_to_come, organisation};
use sundry_store::customers::receiver::receivers;

use super::facts::Loaded;

/// Contracts planned at a time.
pub(super) const CHUNK: i64 = 500;
/// What a page shows of each kind.
const SHOWN: usize = 500;

/// Which contracts a run bills.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewAsk {
    /// What is due by this day.
    pub up_to: NaiveDate,
    /// Of one service; empty for all.
    #[serde(default)]
    pub service: String,
    /// Of one cycle; empty for all.
    #[serde(default)]
    pub cycle: String,
    /// How many invoices to show line by line, from the first; at most 500.
    #[serde(default)]
    pub show: usize,
}

/// A contract whose bill differs from the one before, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSeen {
    /// The contract.
    pub number: String,
    /// Its service user.
    pub service_user: String,
    /// new, more, less, adjusted, credited or nothing_due.
    pub what: String,
    /// The last period that was billed.
    pub was_pence: i64,
    /// The last period that is billed now, or the net adjustment.
    pub now_pence: i64,
    /// Why.
    pub why: String,
}

/// A line of an invoice that would be raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewInvoiceLine {
    /// What it says.
    pub description: String,
    /// Before VAT.
    pub net_pence: i64,
    /// VAT.
    pub vat_pence: i64,
    /// How it was worked out.
    pub working: String,
}

/// An invoice that would be raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewInvoice {
    /// The contract.
    pub contract: String,
    /// Customer number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// Purchase order.
    pub po_number: String,
    /// With VAT.
    pub gross_pence: i64,
    /// Its lines.
    pub lines: Vec<PreviewInvoiceLine>,
}

/// What a run would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingPreview {
    /// Control totals.
    pub totals: RunTotals,
    /// Contracts billed for the first time.
    pub new_contracts: i64,
    /// Contracts that come to the same as in the period before.
    pub same: i64,
    /// Contracts that come to something else.
    pub changed: i64,
    /// Contracts of which nothing is due: paused, or free.
    pub nothing_due: i64,
    /// What changed and why, at most 500.
    pub changes: Vec<ChangeSeen>,
    /// Left out, each with its reason, at most 500: what is missing, and what is out of contract.
    pub left: Vec<LeftSeen>,
    /// The first invoices, line by line.
    pub invoices: Vec<PreviewInvoice>,
}

/// A contract that a run leaves out.
pub type LeftSeen = LeftNamed;

impl Default for PreviewAsk {
    fn default() -> PreviewAsk {
        PreviewAsk { up_to: NaiveDate::MIN, service: String::new(), cycle: String::new(), show: 0 }
    }
}

/// A chunk of contracts with their plans.
pub(super) struct Planned {
    pub(super) of: ContractRange,
    pub(super) contracts: Vec<(Loaded, Plan)>,
    pub(super) before: HashMap<i64, Vec<ContractChargeRow>>,
}

pub(super) async fn facts(tx: &mut Tx, desk: &Desk, org: OrgId, up_to: NaiveDate) -> Outcome<RunFacts> {
    let organisation = organisation(tx, org).await?.ok_or_else(|| Fault::new("the organisation is missing"))?;
    Ok(RunFacts {
        today: desk.today(),
        up_to,
        vat_number: organisation.vat_number,
        vat_filed_until: vat_filed_until(tx, org).await?,
        book: desk.book(),
        shared: shared(tx, org).await?,
        number: format!("INV-{:06}", number_to_come(tx, org, "INV").await?),
    })
}

/// Plans some contracts, in the order of their ids.
pub(super) async fn plan_some(
    tx: &mut Tx,
    org: OrgId,
    facts: &RunFacts,
    contracts: Vec<ContractRow>,
) -> Outcome<Option<Planned>> {
    let (Some(first), Some(last)) = (contracts.first(), contracts.last()) else { return Ok(None) };
    let of = ContractRange { first: first.id, last: last.id, up_to: Some(facts.up_to) };
    let customers: HashMap<i64, PayingRow> =
        paying_customers(tx, org, &of).await?.into_iter().map(|customer| (customer.id, customer)).collect();
    let ids: Vec<i64> = customers.keys().copied().collect();
    let rules = receivers(tx, org, &ids).await?.into_iter().map(|row| (row.customer_id, rules_in(row))).collect();
    let payers = Payers { customers, rules };
    let before = billed_before(tx, org, &of).await?;
    let loaded = load(tx, org, &facts.shared, contracts, &of).await?;
    let mut planned = Vec::with_capacity(loaded.len());
    for one in loaded {
        let billed = before.get(&one.row.id).map_or(&[][..], Vec::as_slice);
        let plan = plan(facts, &one, billed, &payers)?;
        planned.push((one, plan));
    }
    Ok(Some(Planned { of, contracts: planned, before }))
}

/// Refuses a cycle that does not exist.
pub(super) fn check_cycle(typed: &str) -> Outcome<()> {
    if !typed.is_empty() && Cycle::parse(typed).is_none() {
        return Err(Invalid::field("cycle", "Choose how often it is billed, or leave it empty", typed).into());
    }
    Ok(())
}

/// What a run would bill, what changed since the last and why, and what it would leave out. Nothing is kept.
///
/// # Errors
/// Duty; a cycle that does not exist.
pub async fn preview_billing(desk: &Desk, by: &Actor, ask: PreviewAsk) -> Outcome<BillingPreview> {
    by.must_hold(Duty::RaiseInvoice).or_else(|no| by.must_hold(Duty::ReleaseRuns).map_err(|_| no))?;
    check_cycle(&ask.cycle)?;
    let mut look = desk.look().await?;
    let facts = facts(&mut look, desk, by.org, ask.up_to).await?;
    let which = (ask.up_to, ask.service.trim(), ask.cycle.as_str());
    let mut preview = BillingPreview::default();
    let mut after = i64::MIN;
    loop {
        let contracts = rows::contracts_due(&mut look, by.org, which, after, CHUNK).await?;
        let Some(planned) = plan_some(&mut look, by.org, &facts, contracts).await? else { return Ok(preview) };
        after = planned.of.last;
        let sums: HashMap<i64, i64> = last_period_sums(&mut look, by.org, &planned.of).await?.into_iter().collect();
        for (loaded, plan) in planned.contracts {
            preview.totals.add(&plan);
            preview.see(&loaded, &plan, sums.get(&loaded.row.id).copied());
            let room = ask.show.min(SHOWN).saturating_sub(preview.invoices.len());
            let shown = plan.documents.iter().take(room).map(|document| shown(&loaded, document));
            preview.invoices.extend(shown);
        }
    }
}

impl BillingPreview {
    /// Counts a contract as new, same, changed, left or without anything due, and keeps why.
    fn see(&mut self, loaded: &Loaded, plan: &Plan, before: Option<i64>) {
        let row = &loaded.row;
        let mut change = |what: &str, was: i64, now: i64, why: String| {
            if self.changes.len() < SHOWN {
                let (number, service_user) = (row.number.clone(), row.service_user.clone());
                let what = what.to_owned();
                self.changes.push(ChangeSeen { number, service_user, what, was_pence: was, now_pence: now, why });
            }
        };
        let why = plan.why.join("; ");
        if let Some(refusal) = &plan.refused {
            if self.left.len() < SHOWN {
                self.left.push(LeftNamed {
                    number: row.number.clone(),
                    service_user: row.service_user.clone(),
                    code: refusal.code.clone(),
                    sentence: refusal.sentence.clone(),
                    way_out: refusal.way_out.clone(),
                });
            }
            return;
        }
        for credit in &plan.credits {
            change("credited", 0, credit.net.0, row.recheck_why.clone());
        }
        let adjusted = plan.documents.iter().flat_map(|document| &document.behind).flatten();
        let adjusted: i64 = adjusted.filter(|one| one.kind == "adjustment").map(|one| one.net.0).sum();
        if adjusted > 0 {
            change("adjusted", 0, adjusted, row.recheck_why.clone());
        }
        match (before, plan.period_pence) {
            (_, None) if plan.documents.is_empty() && plan.credits.is_empty() => {
                self.nothing_due += 1;
                let none = "Nothing is charged for the period".to_owned();
                change("nothing_due", before.unwrap_or(0), 0, if why.is_empty() { none } else { why });
            }
            (None, Some(now)) => {
                self.new_contracts += 1;
                change("new", 0, now, why);
            }
            (Some(was), Some(now)) if was != now => {
                self.changed += 1;
                let other_days = "The period has another number of days".to_owned();
                let why = if why.is_empty() { other_days } else { why };
                change(if now > was { "more" } else { "less" }, was, now, why);
            }
            _ => self.same += 1,
        }
    }
}

fn shown(loaded: &Loaded, document: &PlannedDocument) -> PreviewInvoice {
    let lines = document.asks.iter().zip(&document.priced.lines).zip(&document.behind);
    let line = |((ask, priced), behind): (
        (&sundry_domain::billing::LineAsk, &sundry_domain::billing::PricedLine),
        &Vec<super::plan::Behind>,
    )| {
        let working: Vec<&str> = behind.iter().map(|one| one.words.as_str()).collect();
        PreviewInvoiceLine {
            description: ask.description.clone(),
            net_pence: priced.net.0,
            vat_pence: priced.vat.0,
            working: working.join("; "),
        }
    };
    PreviewInvoice {
        contract: loaded.row.number.clone(),
        customer_number: document.customer.number.clone(),
        customer_name: document.customer.name.clone(),
        po_number: document.po_number.clone(),
        gross_pence: document.priced.gross.0,
        lines: lines.map(line).collect(),
    }
}
