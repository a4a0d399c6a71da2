//! What bears on a case when a step is weighed: its debts, its dates, its limitation.
use super::clock::{FORCES_HOME, FORCES_OVERSEAS, STAY_LIFTED};
use super::limits::limitation_of_item;
use super::prepare::ClaimDraft;
use crate::recovery::Restarts;
use crate::recovery::agencies::{WeighedDebts, weigh};
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::court::{Jurisdiction, jurisdiction};
use sundry_domain::customers::CustomerKind;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::refusals::NO_LETTER;
use sundry_domain::law::{
    Authority, Capacity, CaseFacts, ClaimAtCourt, ClaimFacts, Limitation, Matter, PreAction, RepresentativeRole,
    earliest_issue, protocol_for,
};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::court::{self as store, CaseRow, EventRow};
use sundry_store::people::acting::{ActingRow, acting_for};
use sundry_store::{Tx, customers, delivery, ledger};

/// What bears on a case.
pub(super) struct WeighedCase {
    pub(super) facts: CaseFacts,
}

/// Debts of a customer: all, or those named by id.
pub(super) async fn debts_of(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    customer: i64,
    items: Vec<i64>,
) -> Outcome<Option<WeighedDebts>> {
    let chosen = HashMap::from([(customer, items)]);
    Ok(weigh(tx, desk, org, &chosen).await?.remove(&customer))
}

/// Whether a customer lives where the county court of England and Wales cannot reach.
pub(super) async fn is_elsewhere(tx: &mut Tx, org: OrgId, customer: i64) -> Outcome<bool> {
    let row = customers::customer(tx, org, CustomerId(customer)).await?;
    let place = row.map_or(Jurisdiction::Elsewhere, |row| jurisdiction(&row.postcode));
    Ok(!matches!(place, Jurisdiction::EnglandOrWales | Jurisdiction::Border))
}

/// The shortest limitation of some debts.
pub(super) async fn shortest(tx: &mut Tx, org: OrgId, items: &[i64]) -> Outcome<Option<Limitation>> {
    let mut found: Option<Limitation> = None;
    for item in items {
        let Some(row) = ledger::item(tx, org, ItemId(*item)).await? else { continue };
        let one = limitation_of_item(tx, org, &row).await?;
        let sooner = |old: &Limitation| one.safe_on.unwrap_or(NaiveDate::MAX) < old.safe_on.unwrap_or(NaiveDate::MAX);
        if found.as_ref().is_none_or(sooner) {
            found = Some(one);
        }
    }
    Ok(found)
}

/// The dates of a case before a claim.
pub(super) fn pre_action(row: &CaseRow) -> Option<PreAction> {
    Some(PreAction {
        dates: ClaimFacts {
            letter_on: row.letter_on?,
            replied_on: row.replied_on,
            documents_requested: row.documents_requested,
            documents_sent_on: row.documents_sent_on,
            notice_on: row.notice_on,
            offer_unanswered: row.offer_unanswered,
        },
        reply_unclear: row.reply_unclear,
        time_runs_out: Some(row.time_runs_out.clone()).filter(|words| !words.trim().is_empty()),
        plan_broke_on: None,
    })
}

/// A case as the law asks for it today. A person stands behind every step here.
pub(super) async fn weigh_case(tx: &mut Tx, desk: &Desk, org: OrgId, row: &CaseRow) -> Outcome<WeighedCase> {
    let items: Vec<_> = store::items_of(tx, org, row.id).await?;
    let ids: Vec<i64> = items.iter().filter(|item| item.part == "debt").map(|item| item.item_id).collect();
    let all: Vec<i64> = items.iter().map(|item| item.item_id).collect();
    let debts = debts_of(tx, desk, org, row.customer_id, all).await?;
    let limitation = shortest(tx, org, &ids).await?;
    let open: i64 = store::open_of(tx, org, row.id).await?.iter().map(|(_, open)| open).sum();
    let mut facts = match &debts {
        Some(debts) => debts.case.clone(),
        None => CaseFacts::of(CustomerKind::Unknown, Pence(open)),
    };
    facts.balance = Pence(open);
    facts.debt.limitation = limitation;
    facts.debt.interest.in_claim = true;
    facts.person.outside_england_and_wales = is_elsewhere(tx, org, row.customer_id).await?;
    facts.person.capacity = capacity(tx, org, row, desk.today()).await?;
    facts.step.decided_by_person = true;
    let plan_broke_on = plan_broke(tx, org, row, &ids).await?;
    let left = not_left(tx, org, row).await?.is_none();
    facts.step.pre_action = pre_action(row).filter(|_| left).map(|known| PreAction { plan_broke_on, ..known });
    if row.issued_on.is_some() {
        facts.step.claim = Some(at_court(row, open, &store::events_of(tx, org, row.id).await?));
    }
    Ok(WeighedCase { facts })
}

/// The day on which a plan of these debts broke last.
async fn plan_broke(tx: &mut Tx, org: OrgId, row: &CaseRow, debts: &[i64]) -> Outcome<Option<NaiveDate>> {
    let customer = CustomerId(row.customer_id);
    let restarts = Restarts::of_range(tx, org, (customer, customer)).await?;
    Ok(debts.iter().filter_map(|id| restarts.broke_on(*id)).max())
}

/// Why no time runs from the letter of claim of a case: it waits to be sent, is held or was withdrawn. None for one that
/// has left.
async fn not_left(tx: &mut Tx, org: OrgId, row: &CaseRow) -> Outcome<Option<Refusal>> {
    let letter = delivery::letter(tx, org, &row.letter_number).await?;
    let stands = match letter.as_ref().map(|one| one.state.as_str()) {
        Some("waiting") => "waits to be sent",
        Some("held") => "is held",
        Some("withdrawn") => "was withdrawn",
        Some("failed") => "could not be sent",
        _ => return Ok(None),
    };
    let sentence = format!("The letter of claim {} {stands}: no time runs from it", row.letter_number);
    Ok(Some(NO_LETTER.because(sentence)))
}

/// The first day of a claim, or what comes before it: a letter of claim that has left, and after a broken plan a new one
/// (REC-03). None where there is no letter.
pub(super) async fn first_day(
    tx: &mut Tx,
    org: OrgId,
    row: &CaseRow,
    kind: CustomerKind,
) -> Outcome<Option<Result<NaiveDate, Refusal>>> {
    let Some(known) = pre_action(row) else { return Ok(None) };
    if row.issued_on.is_none() && row.closed_on.is_none() {
        if let Some(refusal) = not_left(tx, org, row).await? {
            return Ok(Some(Err(refusal)));
        }
        let items = store::items_of(tx, org, row.id).await?;
        let debts: Vec<i64> = items.iter().filter(|item| item.part == "debt").map(|item| item.item_id).collect();
        let plan_broke_on = plan_broke(tx, org, row, &debts).await?;
        if let Err(refusal) = (PreAction { plan_broke_on, ..known.clone() }).outlives_plan() {
            return Ok(Some(Err(refusal)));
        }
    }
    Ok(Some(earliest_issue(protocol_for(kind), &known.dates)))
}

/// Whether they can take part in a claim: who has a deputy, or is sued as a protected party, needs a litigation friend
/// (BS-07; CPR 21).
async fn capacity(tx: &mut Tx, org: OrgId, row: &CaseRow, today: NaiveDate) -> Outcome<Capacity> {
    let mut acts = acting_for(tx, org, CustomerId(row.customer_id)).await?;
    acts.retain(|one| one.from_on <= today);
    let claim: Option<ClaimDraft> = row.claim.clone().and_then(|claim| serde_json::from_value(claim).ok());
    let protected = claim.is_some_and(|claim| claim.is_against_protected());
    let deputy = acts.iter().any(|one| {
        one.authority == RepresentativeRole::Deputy.as_str()
            && one.ended_on.is_none_or(|day| today < day)
            && one.to_on.is_none_or(|last| today <= last)
    });
    Ok(Capacity { lacks: protected || deputy, authorities: acts.iter().filter_map(authority).collect() })
}

fn authority(row: &ActingRow) -> Option<Authority> {
    let scope: Vec<Matter> = row.scope.split(',').filter_map(Matter::parse).collect();
    let before = row.ended_on.and_then(|day| day.pred_opt());
    Some(Authority {
        role: RepresentativeRole::parse(&row.authority)?,
        seen: row.proved.then(|| row.document.clone()),
        ends_on: [row.to_on, before].into_iter().flatten().min(),
        except: Matter::ALL.iter().copied().filter(|one| !scope.contains(one)).collect(),
    })
}

fn at_court(row: &CaseRow, open: i64, events: &[EventRow]) -> ClaimAtCourt {
    let forces = events.iter().rev().find(|event| matches!(event.kind.as_str(), FORCES_OVERSEAS | FORCES_HOME));
    ClaimAtCourt {
        issued_on: row.issued_on,
        respond_by: row.respond_by,
        defend_by: row.defend_by,
        responses: serde_json::from_value(row.responses.clone()).unwrap_or_default(),
        admission_pending: row.admission_pending,
        paid_in_full: open <= 0,
        armed_forces_overseas: forces.is_some_and(|event| event.kind == FORCES_OVERSEAS),
        stay_lifted: events.iter().any(|event| event.kind == STAY_LIFTED),
    }
}
