//! Looking at cases, the diary, and files for the court.
use super::find;
use super::prepare::ClaimDraft;
use super::weigh::first_day;
use crate::recovery::frozen_of;
use crate::{Actor, Desk, No, Outcome};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::control::Duty;
use sundry_domain::court::{Registered, registered};
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::{PartPayment, Regime, judgment_interest_to};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::court::{self as store, CaseItemRow, CaseLine, CaseRow, DiaryLine, EventRow, FileRow};
use sundry_store::people::frozen_spans;
use sundry_store::{Tx, cash, customers, recovery};

/// A case with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseShown {
    /// The case.
    pub case: CaseRow,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub customer_name: String,
    /// Its debts and what was added.
    pub items: Vec<CaseItemRow>,
    /// What is open of them.
    pub open_pence: i64,
    /// What happened and what is due, oldest first.
    pub events: Vec<EventRow>,
    /// The claim, where it is prepared.
    pub claim: Option<ClaimDraft>,
    /// The first day of a claim, where a letter of claim has left and nothing must be done before.
    pub earliest_on: Option<NaiveDate>,
    /// What must be done before a claim.
    pub first: Option<Refusal>,
    /// How the judgment stands on the register: cancelled, satisfied or unpaid; empty before one.
    pub register: String,
    /// Until when it stands there.
    pub register_until: Option<NaiveDate>,
    /// Interest on the judgment to today, or to its payment; none where none runs, or payment by instalments is ordered.
    pub judgment_interest_pence: Option<Pence>,
}

/// Interest on what is left of a judgment (LP-10). Instalments that the court ordered bear none while they are kept, so
/// nothing is said of them here.
async fn since_judgment(tx: &mut Tx, desk: &Desk, org: OrgId, row: &CaseRow) -> Outcome<Option<Pence>> {
    let Some(judgment_on) = row.judgment_on.filter(|_| row.terms.is_none()) else { return Ok(None) };
    let until = row.satisfied_on.unwrap_or(desk.today());
    let claim: Option<ClaimDraft> = row.claim.clone().and_then(|claim| serde_json::from_value(claim).ok());
    let regime = claim.and_then(|claim| claim.interest).map(|interest| interest.regime);
    let mut payments = Vec::new();
    let space = FlagKind::BreathingSpace.as_str();
    let flags = recovery::flag_spans(tx, org, CustomerId(row.customer_id), space).await?;
    let mut frozen = frozen_of(judgment_on, &flags, &[], until);
    for item in store::items_of(tx, org, row.id).await? {
        let paid = recovery::paid_after(tx, org, ItemId(item.item_id), judgment_on).await?;
        payments.extend(paid.into_iter().map(|(on, amount)| PartPayment { on, amount: Pence(amount) }));
        frozen.extend(frozen_of(judgment_on, &[], &frozen_spans(tx, org, ItemId(item.item_id)).await?, until));
    }
    let under_the_act = regime == Some(Regime::LatePaymentAct);
    let judgment = (Pence(row.judgment_pence), judgment_on);
    let sum = judgment_interest_to(&desk.book(), judgment, under_the_act, (&payments, &frozen), until)?;
    Ok((sum > Pence::ZERO).then_some(sum))
}

/// One case.
///
/// # Errors
/// Duty; absent.
pub async fn case(desk: &Desk, by: &Actor, number: &str) -> Outcome<CaseShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    let who = customers::customer(&mut look, by.org, CustomerId(row.customer_id)).await?;
    let who = who.ok_or_else(|| No::Absent("customer".into()))?;
    let kind = CustomerKind::parse(&who.kind).unwrap_or(CustomerKind::Unknown);
    let (earliest_on, first) = match first_day(&mut look, by.org, &row, kind).await? {
        None => (None, None),
        Some(Ok(day)) => (Some(day), None),
        Some(Err(refusal)) => (None, Some(refusal)),
    };
    let (register, register_until) = match row.judgment_on.map(|on| registered(on, row.satisfied_on)) {
        None => ("", None),
        Some(Registered::Cancelled) => ("cancelled", None),
        Some(Registered::Satisfied { until }) => ("satisfied", Some(until)),
        Some(Registered::Unpaid { until }) => ("unpaid", Some(until)),
    };
    Ok(CaseShown {
        judgment_interest_pence: since_judgment(&mut look, desk, by.org, &row).await?,
        items: store::items_of(&mut look, by.org, row.id).await?,
        open_pence: store::open_of(&mut look, by.org, row.id).await?.iter().map(|(_, open)| open).sum(),
        events: store::events_of(&mut look, by.org, row.id).await?,
        claim: row.claim.clone().and_then(|claim| serde_json::from_value(claim).ok()),
        register: register.into(),
        register_until,
        customer: who.number,
        customer_name: who.name,
        earliest_on,
        first,
        case: row,
    })
}

/// Cases in a state (empty for those that run) before a place, newest first.
///
/// # Errors
/// Duty.
pub async fn cases_list(
    desk: &Desk,
    by: &Actor,
    state: &str,
    before: Option<i64>,
    limit: i64,
) -> Outcome<Vec<CaseLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::cases(&mut look, by.org, state, before.unwrap_or(i64::MAX), limit.clamp(1, 200)).await?)
}

/// Deadlines of cases and estates in the next days, what is late first.
///
/// # Errors
/// Duty.
pub async fn court_diary(desk: &Desk, by: &Actor, days: i64) -> Outcome<Vec<DiaryLine>> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let days = u64::try_from(days.clamp(0, 3_660)).unwrap_or(0);
    let up_to = today.checked_add_days(Days::new(days)).unwrap_or(today);
    let mut look = desk.look().await?;
    Ok(store::diary(&mut look, by.org, up_to, 500).await?)
}

/// The newest files for the court.
///
/// # Errors
/// Duty.
pub async fn court_files(desk: &Desk, by: &Actor) -> Outcome<Vec<FileRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::files(&mut look, by.org, 60).await?)
}

/// Number and name of customers, by id: for lists that keep ids only.
///
/// # Errors
/// Duty.
pub async fn customers_named(desk: &Desk, by: &Actor, ids: &[i64]) -> Outcome<BTreeMap<i64, (String, String)>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(cash::names_of(&mut look, by.org, ids).await?.into_iter().collect())
}
