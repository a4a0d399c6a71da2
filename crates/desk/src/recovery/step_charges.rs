//! What the steps of a day say and post about paying late (DUN-09): worked out when the day is decided, told in the
//! letter, posted in the transaction that takes the step.
use super::charges::{NewCharge, charge, charged};
use super::day::{CustomerPlan, PlannedItem, PlannedLetter};
use super::facts::{CustomerDay, DayContext, grouped};
use super::interest::InterestFacts;
use crate::core::command::Command;
use crate::delivery::NewLetter;
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::customers::FlagKind;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{
    ChargePart, Charged, ClaimedLate, FeeDebt, FeeTerm, LateInterest, StepCharge, StepCharges, beside_fee,
    claimed_late, contract_fee, may_charge, may_charge_fee, step_charge, step_fee,
};
use sundry_domain::reference::ReferenceBook;
use sundry_paper::LateLine;
use sundry_store::recovery::charges::{self as rows, LateChargeRow};
use sundry_store::{Tx, ledger};

/// Puts what each step says of paying late into the letters of a day; what is posted is asked for with them.
pub(super) async fn work_out(
    tx: &mut Tx,
    desk: &Desk,
    context: &DayContext,
    days: &[CustomerDay<'_>],
    plans: &mut [CustomerPlan],
) -> Outcome<()> {
    // The law is asked first: facts are read for what it gives something on, and for nothing else.
    let asked: Vec<Asked> =
        days.iter().zip(plans.iter()).flat_map(|(day, plan)| asked_of(context, day, plan)).collect();
    let Some(known) = Known::of_items(tx, context.org, &asked).await? else { return Ok(()) };
    let book = desk.book();
    for (day, plan) in days.iter().zip(plans.iter_mut()) {
        for letter in &mut plan.letters {
            let seen: &PlannedLetter = letter;
            let found: Vec<Option<StepCharge>> =
                seen.items.iter().map(|item| of_item(context, &book, &known, (day, seen), item)).collect();
            for (item, found) in letter.items.iter_mut().zip(found) {
                letter.total_pence = letter.total_pence.plus(found.as_ref().map_or(Pence::ZERO, StepCharge::asked));
                item.charge = found;
            }
            if letter.kind == LetterKind::LetterOfClaim {
                letter.late = of_claim(context, &book, &known, (day, &*letter));
            }
        }
    }
    Ok(())
}

/// An invoice of which the facts of paying late are asked.
struct Asked {
    customer: CustomerId,
    item: ItemId,
    document: Option<i64>,
    /// Something was set against it.
    paid: bool,
}

/// The invoices of a customer's letters that may bear something for paying late, by their step and by law.
fn asked_of<'d>(
    context: &'d DayContext,
    day: &'d CustomerDay<'_>,
    plan: &'d CustomerPlan,
) -> impl Iterator<Item = Asked> + 'd {
    let may_bear = |letter: &PlannedLetter, planned: &PlannedItem| {
        let (at, fee) = match letter.kind {
            LetterKind::LetterOfClaim => (invoice_at(day, planned)?, false),
            _ => does(day, letter, planned).map(|(at, does)| (at, does.is_fee()))?,
        };
        let (item, row) = (day.case.items.get(at)?, day.open.get(*day.places.get(at)?)?);
        let (case, site, today) = (&day.case, &context.site, context.day);
        let lawful = if fee { may_charge_fee(case, site, item, today) } else { may_charge(case, site, item, today) };
        lawful.ok()?;
        Some(Asked {
            customer: CustomerId(row.customer_id),
            item: planned.item,
            document: row.document_id,
            paid: row.open_pence != row.original_pence,
        })
    };
    plan.letters.iter().flat_map(move |letter| letter.items.iter().filter_map(move |item| may_bear(letter, item)))
}

/// The place in the case of an invoice of a letter.
fn invoice_at(day: &CustomerDay<'_>, item: &PlannedItem) -> Option<usize> {
    let is_item = |place: &usize| {
        day.open.get(*place).is_some_and(|row| row.id == item.item.0 && row.kind == "invoice" && row.open_pence > 0)
    };
    day.places.iter().position(is_item)
}

/// The place in the case of an item of a reminder, and what its step does about paying late; none where nothing.
fn does(day: &CustomerDay<'_>, letter: &PlannedLetter, item: &PlannedItem) -> Option<(usize, StepCharges)> {
    let code = letter.other_step(item.item).map_or(&letter.step_code, |other| &other.step_code);
    let at = invoice_at(day, item).filter(|_| letter.kind == LetterKind::Reminder)?;
    let step = day.case.items.get(at)?.pathway.step(code)?;
    (!step.charges.is_none()).then_some((at, step.charges))
}

/// What is said of one item; none where the law gives nothing, or not today.
fn of_item(
    context: &DayContext,
    book: &ReferenceBook,
    known: &Known,
    (day, letter): (&CustomerDay<'_>, &PlannedLetter),
    planned: &PlannedItem,
) -> Option<StepCharge> {
    let (at, does) = does(day, letter, planned)?;
    let before = known.charged_on(planned.item);
    let of = |part: ChargePart| charged(before, part);
    let (fee, fixed_sum) = (of(ChargePart::Fee), of(ChargePart::Compensation));
    if does.is_fee() {
        may_charge_fee(&day.case, &context.site, day.case.items.get(at)?, context.day).ok()?;
        let term = fee_of(day, planned.item, context.site.we_are_nhs, (fee, fixed_sum))?;
        return Some(step_fee(does, term, context.day));
    }
    let worked = beside_fee(worked(context, book, known, (day, at))?, fee, fixed_sum);
    step_charge(does, &worked, context.day, of(ChargePart::Interest), fixed_sum)
}

/// The term by which an item of a day bears the contract's own fee, after what was charged on it; none where none does.
fn fee_of<'d>(
    day: &'d CustomerDay<'_>,
    item: ItemId,
    we_are_nhs: bool,
    (fee, fixed_sum): (Charged, Charged),
) -> Option<&'d FeeTerm> {
    let row = day.open.iter().find(|row| row.id == item.0)?;
    let debt = FeeDebt {
        kind: day.case.kind,
        debt_type: &row.debt_type,
        dated_on: row.dated_on,
        we_are_nhs,
        disputed: row.disputed_pence > 0,
    };
    contract_fee(&day.fees, debt, fee, fixed_sum).ok()
}

/// What a letter before a claim says of its debts; none where the law gives nothing on any.
fn of_claim(
    context: &DayContext,
    book: &ReferenceBook,
    known: &Known,
    (day, letter): (&CustomerDay<'_>, &PlannedLetter),
) -> Option<ClaimedLate> {
    let one = |planned: &PlannedItem| {
        let of = |part: ChargePart| charged(known.charged_on(planned.item), part);
        let (interest, fixed_sum) = (of(ChargePart::Interest), of(ChargePart::Compensation));
        let worked = worked(context, book, known, (day, invoice_at(day, planned)?))?;
        let worked = beside_fee(worked, of(ChargePart::Fee), fixed_sum);
        Some((planned.open_pence, worked, (interest.waived, fixed_sum.waived)))
    };
    let debts: Vec<(Pence, LateInterest, (Pence, Pence))> = letter.items.iter().filter_map(one).collect();
    claimed_late(&debts)
}

/// Interest and the fixed sum on an invoice of a case, to today; none where the law gives nothing, or not today.
fn worked(
    context: &DayContext,
    book: &ReferenceBook,
    known: &Known,
    (day, at): (&CustomerDay<'_>, usize),
) -> Option<LateInterest> {
    let item = day.case.items.get(at)?;
    let row = day.open.get(*day.places.get(at)?)?;
    may_charge(&day.case, &context.site, item, context.day).ok()?;
    let facts = InterestFacts {
        number: &row.number,
        kind: day.case.kind,
        debt_type: &row.debt_type,
        we_are_nhs: context.site.we_are_nhs,
        special: item.special,
        disputed: row.disputed_pence > 0,
        original: Pence(row.original_pence),
        dated_on: row.dated_on,
        due_on: row.due_on,
        dates: row.document_id.and_then(|document| known.dates.get(&document).copied()),
        paid: known.paid.get(&row.id).map(|all| all.iter().map(|one| (one.1, one.2)).collect()).unwrap_or_default(),
        flags: known
            .flags
            .get(&row.customer_id)
            .map(|all| all.iter().map(|one| (one.1, one.2)).collect())
            .unwrap_or_default(),
        cases: known
            .cases
            .get(&row.id)
            .map(|all| all.iter().map(|one| (one.1, one.2, one.3)).collect())
            .unwrap_or_default(),
        judged_on: known.judged.get(&row.id).copied(),
    };
    facts.work_out(book, context.day).ok().map(|view| view.working)
}

/// Item, first and last day, and from when a manager freed it.
type FrozenSpans = Vec<(i64, NaiveDate, Option<NaiveDate>, Option<NaiveDate>)>;

/// What interest is worked out from, of many customers at once.
struct Known {
    /// Days of supply and of issue, by document.
    dates: HashMap<i64, (NaiveDate, NaiveDate)>,
    paid: HashMap<i64, Vec<(i64, NaiveDate, i64)>>,
    flags: HashMap<i64, Vec<(i64, NaiveDate, Option<NaiveDate>)>>,
    cases: HashMap<i64, FrozenSpans>,
    charges: HashMap<i64, Vec<LateChargeRow>>,
    judged: HashMap<i64, NaiveDate>,
}

impl Known {
    /// What was charged on an invoice before.
    fn charged_on(&self, invoice: ItemId) -> &[LateChargeRow] {
        self.charges.get(&invoice.0).map_or(&[][..], Vec::as_slice)
    }

    /// Of invoices and whose they are; none of none.
    async fn of_items(tx: &mut Tx, org: OrgId, asked: &[Asked]) -> Outcome<Option<Known>> {
        let customers = || asked.iter().map(|one| one.customer);
        let (Some(first), Some(last)) = (customers().min(), customers().max()) else { return Ok(None) };
        let (range, space) = ((first, last), FlagKind::BreathingSpace.as_str());
        let documents: Vec<i64> = asked.iter().filter_map(|one| one.document).collect();
        let dates = rows::dates_of_documents(tx, org, &documents).await?;
        let paid: Vec<ItemId> = asked.iter().filter(|one| one.paid).map(|one| one.item).collect();
        // Few invoices were ever charged on: which, before what.
        let charged = rows::charged_invoices(tx, org).await?;
        let charged: Vec<ItemId> = asked.iter().map(|one| one.item).filter(|item| charged.contains(item)).collect();
        Ok(Some(Known {
            dates: dates.into_iter().map(|(document, performed, notice)| (document, (performed, notice))).collect(),
            paid: grouped(rows::payments_of_items(tx, org, &paid).await?, |one| one.0),
            flags: grouped(rows::flag_spans_of_range(tx, org, range, space).await?, |one| one.0),
            cases: grouped(rows::frozen_spans_of_range(tx, org, range).await?, |one| one.0),
            charges: grouped(rows::charges_of_items(tx, org, &charged).await?, |one| one.invoice_item_id),
            judged: rows::judgments(tx, org).await?.into_iter().collect(),
        }))
    }
}

/// The charges that a step posts on one invoice.
pub(super) struct ToPost {
    invoice: ItemId,
    as_at: NaiveDate,
    parts: Vec<NewCharge>,
}

/// What is charged on an invoice with its step: the ids of the new items, which take that step with it.
pub(super) fn new_items(posts: &[ToPost], invoice: ItemId) -> impl Iterator<Item = ItemId> {
    posts.iter().filter(move |one| one.invoice == invoice).flat_map(|one| &one.parts).map(|part| part.id)
}

/// The charges that a letter's steps post.
pub(super) fn to_post(cmd: &Command, letter: &PlannedLetter) -> Vec<ToPost> {
    let posted = letter.items.iter().filter_map(|item| Some((item.item, item.charge.as_ref()?)));
    let posted = posted.filter(|(_, charge)| charge.does.posts() && charge.sum() > Pence::ZERO);
    let parts = |charge: &StepCharge| {
        let all = [
            (ChargePart::Interest, charge.interest),
            (ChargePart::Compensation, charge.compensation),
            (ChargePart::Fee, charge.fee),
        ];
        let more = all.into_iter().filter(|(_, amount)| *amount > Pence::ZERO);
        more.map(|(part, amount)| NewCharge { id: cmd.id(), part, amount }).collect()
    };
    posted.map(|(invoice, charge)| ToPost { invoice, as_at: charge.as_at, parts: parts(charge) }).collect()
}

/// Writes what paying late adds into a letter: beside each item, and what is posted among what it asks for.
pub(super) fn told(mut new: NewLetter, planned: &PlannedLetter, posts: &[ToPost]) -> NewLetter {
    for item in &planned.items {
        let Some(charge) = &item.charge else { continue };
        if let Some(line) = new.items.iter_mut().find(|line| line.number == item.number && line.owed_pence > 0) {
            line.charges_pence += charge.asked().0;
            line.owed_pence += charge.asked().0;
            line.late = Some(LateLine {
                posted: charge.does.posts(),
                rate: charge.rate.to_string(),
                interest_pence: charge.interest.0,
                compensation_pence: charge.compensation.0,
                fee_pence: charge.fee.0,
                fee_term: charge.fee_term.clone(),
            });
        }
    }
    // When it leaves, what was paid of them since is seen, as of the debts themselves.
    new.item_ids.extend(posts.iter().flat_map(|one| &one.parts).map(|part| (part.id.0, part.amount.0)));
    new
}

/// Posts what the steps of a letter charge.
pub(super) async fn post_all(cmd: &mut Command, posts: &[ToPost]) -> Outcome<()> {
    let org = cmd.by.org;
    for ToPost { invoice, as_at, parts } in posts {
        let item = ledger::item(&mut cmd.tx, org, *invoice).await?;
        let item = item.ok_or_else(|| Fault::new("a step charges on an item that is not there"))?;
        let mut next = rows::charges_of(&mut cmd.tx, org, *invoice).await?.len() + 1;
        let mut numbers = Vec::with_capacity(parts.len());
        for part in parts {
            numbers.push(charge(cmd, &item, *part, *as_at, &mut next).await?);
        }
        let detail = serde_json::json!({ "as_at": as_at, "items": numbers });
        cmd.tell("LateChargesPosted", format!("invoice {}", item.number), detail);
    }
    Ok(())
}
