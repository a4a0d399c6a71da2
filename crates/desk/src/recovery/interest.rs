//! Statutory interest on a late invoice as at a day, with the whole working. Nothing is posted.
use crate::delivery::RecordedFacts;
use crate::{Actor, Desk, Fault, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{
    DebtNature, Frozen, LateFacts, LateInterest, PartPayment, RelevantDayFacts, eligible, late_interest, relevant_day,
};
use sundry_store::ledger::ItemRow;
use sundry_store::people::frozen_spans;
use sundry_store::{Tx, control, delivery, ledger, recovery};

/// Interest with its working (LP-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterestView {
    /// The invoice.
    pub number: String,
    /// As at.
    pub as_at: NaiveDate,
    /// What it was at first.
    pub principal_pence: Pence,
    /// The last day without interest.
    pub relevant_day: NaiveDate,
    /// Payments and credits that counted.
    pub payments: Vec<PartPayment>,
    /// Days that the law froze.
    pub frozen: Vec<Frozen>,
    /// Rate, slices, interest, compensation.
    pub working: LateInterest,
}

/// Interest and compensation on an invoice as at a day.
///
/// # Errors
/// `LP-…` where the law gives none, or none yet; an invoice that is not there.
pub async fn statutory_interest(desk: &Desk, by: &Actor, number: &str, as_at: NaiveDate) -> Outcome<InterestView> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let item = invoice_item(&mut look, by.org, number).await?;
    worked(&mut look, desk, by.org, &item, as_at).await
}

/// The item of an invoice that interest is worked out on.
pub(super) async fn invoice_item(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let found = ledger::items_numbered(tx, org, number).await?;
    // Of an invoice in instalments the one that is longest overdue.
    let mut found: Vec<_> = found.into_iter().filter(|item| item.kind == "invoice").collect();
    found.sort_by_key(|item| (item.open_pence == 0, item.due_on, item.id));
    found.into_iter().next().ok_or_else(|| No::Absent("invoice".into()))
}

/// Interest on an item, from scratch.
pub(super) async fn worked(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    item: &ItemRow,
    as_at: NaiveDate,
) -> Outcome<InterestView> {
    let book = desk.book();
    let customer = CustomerId(item.customer_id);
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let who = delivery::recipients(tx, org, customer, customer).await?;
    let kind = who.first().and_then(|row| CustomerKind::parse(&row.kind)).unwrap_or(CustomerKind::Unknown);
    let recorded = RecordedFacts::of_range(tx, org, (customer, customer)).await?;
    recorded.special(item.id, &item.debt_type, as_at).may_bear_interest()?;
    eligible(&LateFacts {
        customer_kind: kind,
        nature: DebtNature::of_debt_type(&item.debt_type),
        contract_interest: false,
        we_are_nhs: site.kind == "nhs",
        disputed: item.disputed_pence > 0,
    })?;
    let dates = match item.document_id {
        Some(document) => recovery::document_dates(tx, org, document).await?,
        None => None,
    };
    let (performed_on, notice_on) = dates.unwrap_or((item.dated_on, item.dated_on));
    let relevant_day = relevant_day(&RelevantDayFacts {
        agreed_on: Some(item.due_on),
        performed_on,
        notice_on,
        accepted_on: None,
        public_authority: kind.is_public_authority(),
        later_day_is_fair: false,
    });
    let paid = recovery::payments_of(tx, org, ItemId(item.id)).await?;
    let paid = paid.into_iter().filter(|(_, amount)| *amount > 0);
    let payments: Vec<PartPayment> = paid.map(|(on, amount)| PartPayment { on, amount: Pence(amount) }).collect();
    let spans = recovery::flag_spans(tx, org, customer, FlagKind::BreathingSpace.as_str()).await?;
    let spans = spans.into_iter().filter(|(first_on, _)| item.dated_on <= *first_on);
    let of_cases = frozen_spans(tx, org, ItemId(item.id)).await?.into_iter().map(|(first_on, last, freed)| {
        let before = freed.and_then(|day| day.pred_opt());
        (first_on, [last, before].into_iter().flatten().min())
    });
    let spans = spans.chain(of_cases.filter(|(first_on, _)| *first_on <= as_at));
    let frozen: Vec<Frozen> =
        spans.map(|(first_on, last)| Frozen { first_on, last_on: last.unwrap_or(as_at).min(as_at) }).collect();
    let principal_pence = Pence(item.original_pence);
    let working = late_interest(&book, principal_pence, relevant_day, &payments, &frozen, as_at)?;
    Ok(InterestView { number: item.number.clone(), as_at, principal_pence, relevant_day, payments, frozen, working })
}
