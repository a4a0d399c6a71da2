//! What bears on debts that are, or are to be, with an agency: the same facts as the day's run has.
use super::super::facts::{CustomerDay, DayContext, Loaded, context, load};
use crate::{Desk, Outcome};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::{DebtFacts, SpecialDebt};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{CaseFacts, ClaimFacts, StepKind, earliest_issue, flags_that_bear, protocol_for};
use sundry_store::Tx;

/// Customers in one reading.
const CHUNK: usize = 200;

/// A customer's debts as they stand.
pub(crate) struct WeighedDebts {
    pub(crate) case: CaseFacts,
    pub(crate) items: Vec<WeighedItem>,
    pub(crate) has_address: bool,
    pub(crate) kind_is_individual: bool,
}

/// One debt.
pub(crate) struct WeighedItem {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) open: Pence,
    pub(crate) due_on: NaiveDate,
    pub(crate) dated_on: NaiveDate,
    /// The first day after the letter before a claim; none when it has not gone.
    pub(crate) claim_from: Option<NaiveDate>,
    /// What the law asks of overpaid benefit and of care charges.
    pub(crate) special: SpecialDebt,
}

/// Weighs debts of customers; `chosen` says which items of a customer count, all debits when it names none.
pub(crate) async fn weigh(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    chosen: &HashMap<i64, Vec<i64>>,
) -> Outcome<HashMap<i64, WeighedDebts>> {
    let today = desk.today();
    let context = context(tx, desk, org, today).await?;
    let customers: BTreeSet<i64> = chosen.keys().copied().collect();
    let customers: Vec<CustomerId> = customers.into_iter().map(CustomerId).collect();
    let mut all = HashMap::new();
    for chunk in customers.chunks(CHUNK) {
        let Loaded { days, parked } = load(tx, &context, chunk).await?;
        // One customer who cannot be decided stops only itself (P17).
        if let Some(one) = parked.into_iter().next().filter(|_| chosen.len() == 1) {
            return Err(one.refusal.into());
        }
        for day in days {
            let wanted = chosen.get(&day.to.row.id).map(Vec::as_slice).unwrap_or_default();
            all.insert(day.to.row.id, debts(&context, &day, wanted));
        }
    }
    Ok(all)
}

fn debts(context: &DayContext, day: &CustomerDay<'_>, wanted: &[i64]) -> WeighedDebts {
    let mut holds = day.case.holds.clone();
    let mut items: Vec<WeighedItem> = Vec::new();
    let mut freezes = Vec::new();
    for (item, place) in day.case.items.iter().zip(&day.places) {
        let row = &day.open[*place];
        if !wanted.is_empty() && !wanted.contains(&row.id) {
            continue;
        }
        for hold in &item.holds {
            if !holds.contains(hold) {
                holds.push(hold.clone());
            }
        }
        freezes.extend(item.freezes.iter().cloned());
        let letter = item
            .taken
            .iter()
            .rev()
            .find(|step| item.pathway.step(&step.code).is_some_and(|step| step.kind == StepKind::LetterOfClaim));
        let claim_from = letter.and_then(|step| {
            let facts = ClaimFacts {
                letter_on: step.on,
                replied_on: None,
                documents_requested: false,
                documents_sent_on: None,
                notice_on: None,
                offer_unanswered: false,
            };
            earliest_issue(protocol_for(day.case.kind), &facts).ok()
        });
        items.push(WeighedItem {
            id: row.id,
            number: row.number.clone(),
            kind: row.kind.clone(),
            open: item.open,
            due_on: item.due_on,
            dated_on: item.dated_on,
            claim_from,
            special: item.special,
        });
    }
    let first = items.iter().map(|item| item.dated_on).min().unwrap_or(context.day);
    // What a case freezes stands at the debt, not at the customer.
    let mut flags = flags_that_bear(&day.case.flags, first);
    flags.extend(freezes);
    let mut debt = DebtFacts::default();
    SpecialDebt::strictest(items.iter().map(|item| item.special)).told_to(&mut debt);
    WeighedDebts {
        case: CaseFacts {
            debt,
            flags,
            holds,
            minimum_to_chase: context.site.minimum_to_chase,
            minimum_to_claim: context.site.minimum_to_claim,
            // A credit note that is open is the customer's money too.
            unallocated: day.case.unallocated.plus(day.case.credits),
            bank_file_unposted: context.site.bank_file_unposted,
            we_are_nhs: context.site.we_are_nhs,
            ..CaseFacts::of(day.case.kind, items.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open)))
        },
        items,
        has_address: day.to.reach().has_address,
        kind_is_individual: day.case.kind.is_individual(),
    }
}
