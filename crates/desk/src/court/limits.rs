//! How long a debt can be taken to court: worked out from what happened, with the evidence, and told in time (LEG-09).
use crate::core::typed::{days_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::delivery::limitation_by;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::{LimitEventKind, Limitation};
use sundry_domain::refusal::Invalid;
use sundry_store::court as store;
use sundry_store::ledger::ItemRow;
use sundry_store::limitation::{LimitRow, add_limit};
use sundry_store::{Tx, cash, ledger};

/// Debts looked at for alerts, at most.
const MOST: i64 = 5_000;

/// The limitation of a debt, with every event weighed.
pub(super) async fn limitation_of_item(tx: &mut Tx, org: OrgId, item: &ItemRow) -> Outcome<Limitation> {
    limitation_by(tx, org, ItemId(item.id), (&item.debt_type, item.due_on)).await
}

/// A debt and its last safe day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtLimit {
    /// Number of the invoice.
    pub number: String,
    /// Customer.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// What is open.
    pub open_pence: i64,
    /// When it was due.
    pub due_on: NaiveDate,
    /// The last safe day; none where time does not run.
    pub safe_on: Option<NaiveDate>,
    /// Out of time today.
    pub barred: bool,
    /// Months of warning that have begun: 12, 6, 3, 2; none before the first.
    pub alert_months: Option<i64>,
    /// The working.
    pub working: Limitation,
}

fn debt_limit(who: (&str, &str), item: &ItemRow, working: Limitation, today: NaiveDate) -> DebtLimit {
    let months = [2, 3, 6, 12];
    let begun = |months: &u32| {
        working.safe_on.and_then(|safe| safe.checked_sub_months(Months::new(*months))).is_some_and(|from| today >= from)
    };
    DebtLimit {
        number: item.number.clone(),
        customer: who.0.into(),
        name: who.1.into(),
        open_pence: item.open_pence,
        due_on: item.due_on,
        safe_on: working.safe_on,
        barred: working.barred_on(today),
        alert_months: months.iter().find(|months| begun(months)).map(|months| i64::from(*months)),
        working,
    }
}

/// The limitation of an invoice.
///
/// # Errors
/// Duty; absent.
pub async fn limitation_of(desk: &Desk, by: &Actor, number: &str) -> Outcome<DebtLimit> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let item = debit(&mut look, by.org, number).await?;
    let who = cash::customer_name(&mut look, by.org, CustomerId(item.customer_id)).await?;
    let (customer, name) = who.unwrap_or_default();
    let working = limitation_of_item(&mut look, by.org, &item).await?;
    Ok(debt_limit((&customer, &name), &item, working, desk.today()))
}

async fn debit(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let found = ledger::items_numbered(tx, org, number.trim()).await?;
    let mut found: Vec<ItemRow> = found.into_iter().filter(|item| item.original_pence > 0).collect();
    found.sort_by_key(|item| (item.due_on, item.id));
    found.into_iter().next().ok_or_else(|| No::Absent(format!("invoice {}", number.trim())))
}

/// Open debts whose time is short or over, the shortest first.
///
/// # Errors
/// Duty.
pub async fn limitation_soon(desk: &Desk, by: &Actor) -> Outcome<Vec<DebtLimit>> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    // Nothing that was due less than two years ago can run out within a year: the shortest time is three.
    let due_by = today.checked_sub_months(Months::new(24)).unwrap_or(today);
    let mut all = Vec::new();
    for old in store::old_debts(&mut look, by.org, due_by, MOST).await? {
        let Some(item) = ledger::item(&mut look, by.org, ItemId(old.item_id)).await? else { continue };
        let working = limitation_of_item(&mut look, by.org, &item).await?;
        let one = debt_limit((&old.customer_number, &old.customer_name), &item, working, today);
        if one.barred || one.alert_months.is_some() {
            all.push(one);
        }
    }
    all.sort_by_key(|one| (one.safe_on, one.number.clone()));
    Ok(all)
}

/// Records what may start limitation again, or does not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordLimit {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice.
    pub invoice: String,
    /// signed_letter, unsigned, part_payment, payment_for_other, payment_by_stranger or our_entry.
    pub kind: String,
    /// When.
    pub on: NaiveDate,
    /// What would be shown to the court.
    pub evidence: String,
}

/// Records an event of limitation; the answer says whether it counts, and why.
///
/// # Errors
/// Duty; fields; absent.
pub async fn record_limit(desk: &Desk, by: &Actor, ask: RecordLimit) -> Outcome<DebtLimit> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = Vec::new();
    if LimitEventKind::parse(&ask.kind).is_none() {
        wrong.push(Invalid::field("kind", "Choose what happened", &ask.kind));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    if ask.evidence.trim().is_empty() {
        wrong.push(Invalid::field("evidence", "Say what shows it, in up to 500 characters", &ask.evidence));
    }
    wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 500));
    wrong.extend(days_wrong(&[("on", Some(ask.on))], desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("evidence", &ask.evidence)])?;
    command!(desk, by, "record_limit", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let item = debit(&mut cmd.tx, org, &ask.invoice).await?;
        let row = LimitRow {
            id: cmd.id(),
            item_id: item.id,
            kind: ask.kind.clone(),
            on_day: ask.on,
            evidence: ask.evidence.trim().into(),
            actor_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        add_limit(&mut cmd.tx, org, &row).await?;
        cmd.tell("LimitationEvent", format!("invoice {}", item.number), &ask);
        let id = CustomerId(item.customer_id);
        let (customer, name) = cash::customer_name(&mut cmd.tx, org, id).await?.unwrap_or_default();
        let working = limitation_of_item(&mut cmd.tx, org, &item).await?;
        Ok(debt_limit((&customer, &name), &item, working, cmd.today))
    })
}
