//! Statutory interest on a late invoice as at a day, with the whole working. Nothing is posted.
use crate::delivery::RecordedFacts;
use crate::{Actor, Desk, Fault, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::SpecialDebt;
use sundry_domain::law::refusals::JUDGED;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{
    DebtNature, Frozen, LateFacts, LateInterest, PartPayment, RelevantDayFacts, eligible, late_interest, relevant_day,
};
use sundry_domain::reference::ReferenceBook;
use sundry_domain::refusal::Refusal;
use sundry_domain::words::written;
use sundry_store::ledger::ItemRow;
use sundry_store::people::frozen_spans;
use sundry_store::recovery::charges::judged_on;
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
    let customer = CustomerId(item.customer_id);
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let who = delivery::recipients(tx, org, customer, customer).await?;
    let recorded = RecordedFacts::of_range(tx, org, (customer, customer)).await?;
    let dates = match item.document_id {
        Some(document) => recovery::document_dates(tx, org, document).await?,
        None => None,
    };
    let facts = InterestFacts {
        number: &item.number,
        kind: who.first().and_then(|row| CustomerKind::parse(&row.kind)).unwrap_or(CustomerKind::Unknown),
        debt_type: &item.debt_type,
        we_are_nhs: site.kind == "nhs",
        special: recorded.special(item.id, &item.debt_type, as_at),
        disputed: item.disputed_pence > 0,
        original: Pence(item.original_pence),
        dated_on: item.dated_on,
        due_on: item.due_on,
        dates,
        paid: recovery::payments_of(tx, org, ItemId(item.id)).await?,
        flags: recovery::flag_spans(tx, org, customer, FlagKind::BreathingSpace.as_str()).await?,
        cases: frozen_spans(tx, org, ItemId(item.id)).await?,
        judged_on: judged_on(tx, org, ItemId(item.id)).await?,
    };
    Ok(facts.work_out(&desk.book(), as_at)?)
}

/// What interest on a debt is worked out from.
pub(super) struct InterestFacts<'a> {
    pub(super) number: &'a str,
    pub(super) kind: CustomerKind,
    pub(super) debt_type: &'a str,
    pub(super) we_are_nhs: bool,
    /// What the law asks of overpaid benefit and of care charges.
    pub(super) special: SpecialDebt,
    pub(super) disputed: bool,
    pub(super) original: Pence,
    pub(super) dated_on: NaiveDate,
    pub(super) due_on: NaiveDate,
    /// When we performed, and when the customer had notice.
    pub(super) dates: Option<(NaiveDate, NaiveDate)>,
    /// Day and amount of what was set against it.
    pub(super) paid: Vec<(NaiveDate, i64)>,
    /// First and last day of breathing space of the whole account.
    pub(super) flags: Vec<(NaiveDate, Option<NaiveDate>)>,
    /// First and last day of breathing space of this debt, and from when a manager freed it.
    pub(super) cases: Vec<FrozenSpan>,
    /// The day of its judgment: from then on what paying late adds is the judgment's.
    pub(super) judged_on: Option<NaiveDate>,
}

impl InterestFacts<'_> {
    /// Interest from scratch.
    ///
    /// # Errors
    /// `LP-…` where the law gives none, or none yet.
    pub(super) fn work_out(self, book: &ReferenceBook, as_at: NaiveDate) -> Result<InterestView, Refusal> {
        self.special.may_bear_interest()?;
        if let Some(on) = self.judged_on {
            return Err(JUDGED.because(format!("There is a judgment of {}", written(on))));
        }
        eligible(&LateFacts {
            customer_kind: self.kind,
            nature: DebtNature::of_debt_type(self.debt_type),
            contract_interest: false,
            we_are_nhs: self.we_are_nhs,
            disputed: self.disputed,
        })?;
        let (performed_on, notice_on) = self.dates.unwrap_or((self.dated_on, self.dated_on));
        let relevant_day = relevant_day(&RelevantDayFacts {
            agreed_on: Some(self.due_on),
            performed_on,
            notice_on,
            accepted_on: None,
            public_authority: self.kind.is_public_authority(),
            later_day_is_fair: false,
        });
        let frozen = frozen_of(self.dated_on, &self.flags, &self.cases, as_at);
        let paid = self.paid.into_iter().filter(|(_, amount)| *amount > 0);
        let payments: Vec<PartPayment> = paid.map(|(on, amount)| PartPayment { on, amount: Pence(amount) }).collect();
        let principal_pence = self.original;
        let working = late_interest(book, principal_pence, relevant_day, &payments, &frozen, as_at)?;
        let number = self.number.to_owned();
        Ok(InterestView { number, as_at, principal_pence, relevant_day, payments, frozen, working })
    }
}

/// The first day on which a case froze a debt, the last, and the day on which somebody freed it before.
pub(crate) type FrozenSpan = (NaiveDate, Option<NaiveDate>, Option<NaiveDate>);

/// The days on which the law froze a debt of a day: by a flag that was set after it arose, or by a case that names it.
pub(crate) fn frozen_of(
    dated_on: NaiveDate,
    flags: &[(NaiveDate, Option<NaiveDate>)],
    cases: &[FrozenSpan],
    as_at: NaiveDate,
) -> Vec<Frozen> {
    let spans = flags.iter().copied().filter(|(first_on, _)| dated_on <= *first_on);
    let of_cases = cases.iter().map(|(first_on, last, freed)| {
        let before = freed.and_then(|day| day.pred_opt());
        (*first_on, [*last, before].into_iter().flatten().min())
    });
    let spans = spans.chain(of_cases.filter(|(first_on, _)| *first_on <= as_at));
    spans.map(|(first_on, last)| Frozen { first_on, last_on: last.unwrap_or(as_at).min(as_at) }).collect()
}
