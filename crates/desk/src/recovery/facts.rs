//! The facts of a day: a few statements for many customers, put together in memory.
use super::day::PlannedRefusal;
use crate::delivery::{Recipient, flag_of, hold_of, is_of_part, recipients_of};
use crate::plans::PromiseDecision;
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use sundry_domain::calendar::{Nation, add_days};
use sundry_domain::customers::{CustomerKind, Flag, is_email};
use sundry_domain::delivery::einvoice::EState;
use sundry_domain::delivery::proof::Known;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::PARKED;
use sundry_domain::recovery::{
    DayCase, DayItem, Hold, HoldReason, PathwayVersion, Pause, SiteFacts, StepTaken, pathway_code_for, statements_due,
};
use sundry_store::plans::HoldRow;
use sundry_store::recovery::{self, CaseItemRow, StepRow};
use sundry_store::{Tx, control, delivery, plans};

/// What is the same for every customer of a day.
pub(super) struct DayContext {
    pub(super) org: OrgId,
    pub(super) day: NaiveDate,
    pub(super) site: SiteFacts,
    pub(super) nation: Nation,
    /// Statements of everything open go out too.
    pub(super) statements: bool,
    /// Number and sum of bank lines that wait.
    pub(super) bank_waiting: (i64, i64),
    /// Debits due after this day have nothing to do.
    pub(super) horizon: NaiveDate,
    pathways: HashMap<(String, i64), Ladder>,
    live: HashMap<String, i64>,
    decided: HashSet<i64>,
}

struct Ladder {
    whole: PathwayVersion,
    /// For those whom e-mail does not reach.
    by_post: PathwayVersion,
}

/// Reads what is the same for every customer.
pub(super) async fn context(tx: &mut Tx, desk: &Desk, org: OrgId, day: NaiveDate) -> Outcome<DayContext> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let nation = Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?;
    let minimum =
        |name: &str, otherwise: i64| Pence(site.settings.get(name).and_then(|v| v.as_i64()).unwrap_or(otherwise));
    let bank_waiting = recovery::bank_lines_waiting(tx, org, day).await?;
    let (mut pathways, mut live, mut earliest) = (HashMap::new(), HashMap::new(), 0);
    for row in recovery::pathways(tx, org).await? {
        let whole: PathwayVersion = serde_json::from_value(row.body)?;
        if row.state == "live" {
            live.insert(row.code.clone(), row.version);
        }
        earliest = earliest.min(whole.steps.iter().map(|step| step.day).min().unwrap_or(0));
        let by_post = whole.without_email_courtesy();
        pathways.insert((row.code, row.version), Ladder { whole, by_post });
    }
    let last_run = recovery::newest_run_but(tx, org, "day", day).await?.map(|run| run.business_on);
    let book = desk.book();
    let statements = statements_due(book.calendar(nation), day, last_run.filter(|last| *last < day))?;
    Ok(DayContext {
        org,
        day,
        site: SiteFacts {
            minimum_to_chase: minimum("minimum_to_chase_pence", 500),
            minimum_to_claim: minimum("minimum_to_claim_pence", 5_000),
            bank_file_unposted: bank_waiting.0 > 0,
            we_are_nhs: site.kind == "nhs",
        },
        nation,
        statements,
        bank_waiting,
        horizon: if statements { NaiveDate::MAX } else { add_days(day, -i64::from(earliest)) },
        pathways,
        live,
        decided: HashSet::new(),
    })
}

impl DayContext {
    /// Promises that this day decides hold no longer, though nothing is recorded yet (the preview).
    pub(super) fn suppose(&mut self, decided: &[PromiseDecision]) {
        self.decided = decided.iter().map(|one| one.promise.id).collect();
    }

    /// The last due date to look at, as a date every engine can hold.
    pub(super) fn due_by(&self) -> NaiveDate {
        self.horizon.min(NaiveDate::from_ymd_opt(9_999, 12, 31).unwrap_or(self.day))
    }

    /// The version of the pathway a closed item was on, or one of its kind would start on.
    pub(super) fn pathway_of(&self, kind: CustomerKind, last: Option<&StepRow>) -> Outcome<&PathwayVersion> {
        match last {
            Some(step) => self.ladder(&step.pathway_code, step.pathway_version, true),
            None => {
                let code = pathway_code_for(kind);
                self.ladder(code, self.live.get(code).copied().unwrap_or(1), true)
            }
        }
    }

    fn ladder(&self, code: &str, version: i64, by_email: bool) -> Outcome<&PathwayVersion> {
        let found = self.pathways.get(&(code.to_owned(), version));
        let found = found.ok_or_else(|| Fault::new(format!("there is no version {version} of pathway {code}")))?;
        Ok(if by_email { &found.whole } else { &found.by_post })
    }
}

/// One customer's day before it is decided.
pub(super) struct CustomerDay<'a> {
    pub(super) to: Recipient,
    /// Everything open on the account.
    pub(super) open: Vec<CaseItemRow>,
    /// Places in `open` of the items of the case.
    pub(super) places: Vec<usize>,
    /// Steps taken so far, by item: how many, undone ones too.
    pub(super) taken: HashMap<i64, i64>,
    /// A statement of account was written today.
    pub(super) had_statement: bool,
    pub(super) case: DayCase<'a>,
}

/// The customers of a chunk, and those of them who cannot be decided.
#[derive(Default)]
pub(super) struct Loaded<'a> {
    pub(super) days: Vec<CustomerDay<'a>>,
    pub(super) parked: Vec<PlannedRefusal>,
}

/// What waits by itself while the rest goes on (P17).
pub(super) fn parked(
    (customer, customer_number, customer_name): (CustomerId, String, String),
    step_code: &str,
    sentence: String,
) -> PlannedRefusal {
    let (step_code, refusal) = (step_code.to_owned(), PARKED.because(sentence));
    PlannedRefusal { customer, customer_number, customer_name, item: None, step_code, refusal }
}

/// Loads the customers of a chunk, in order. One whose records cannot be put together stops only itself.
pub(super) async fn load<'a>(tx: &mut Tx, context: &'a DayContext, customers: &[CustomerId]) -> Outcome<Loaded<'a>> {
    let (Some(first), Some(last)) = (customers.first(), customers.last()) else { return Ok(Loaded::default()) };
    let (org, day) = (context.org, context.day);
    let mut recipients = recipients_of(tx, org, *first, *last, day).await?;
    let mut items = grouped(recovery::open_items_of_range(tx, org, *first, *last).await?, |row| row.customer_id);
    let mut steps = grouped(recovery::steps_of_range(tx, org, *first, *last).await?, |row| row.item_id);
    let mut holds = grouped(plans::holds_of_range(tx, org, *first, *last).await?, |row| row.customer_id);
    let flags = delivery::flags_of_range(tx, org, *first, *last, day).await?;
    let mut flags = grouped(flags, |flag| flag.customer_id);
    let lost = delivery::proof::undelivered_of_range(tx, org, *first, *last).await?;
    let lost: HashMap<String, String> =
        lost.into_iter().map(|fact| (fact.number.clone(), not_received(&fact))).collect();
    let had = recovery::statements_of_day(tx, org, day, (*first, *last)).await?;
    let mut loaded = Loaded::default();
    for customer in customers {
        let to =
            recipients.remove(&customer.0).ok_or_else(|| Fault::new("an item names a customer who is not there"))?;
        let open = items.remove(&customer.0).unwrap_or_default();
        let mut held = holds.remove(&customer.0).unwrap_or_default();
        held.retain(|hold| hold.promise_id.is_none_or(|promise| !context.decided.contains(&promise)));
        let flags = flags.remove(&customer.0).unwrap_or_default().iter().filter_map(flag_of).collect();
        let whose = (*customer, to.row.number.clone(), to.row.name.clone());
        match put_together(context, to, open, &held, flags, (&mut steps, &lost)) {
            Ok(day) => loaded.days.push(CustomerDay { had_statement: had.contains(&customer.0), ..day }),
            Err(no) => loaded.parked.push(parked(whose, "", format!("This customer cannot be decided: {no}"))),
        }
    }
    Ok(loaded)
}

fn grouped<T>(rows: Vec<T>, by: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(by(&row)).or_default().push(row);
    }
    groups
}

fn put_together<'a>(
    context: &'a DayContext,
    to: Recipient,
    open: Vec<CaseItemRow>,
    held: &[HoldRow],
    flags: Vec<Flag>,
    (steps, lost): (&mut HashMap<i64, Vec<StepRow>>, &HashMap<String, String>),
) -> Outcome<CustomerDay<'a>> {
    let kind = to.kind();
    let by_email = to.row.channel == "email" && is_email(&to.row.email);
    let (mut items, mut places, mut taken) = (Vec::new(), Vec::new(), HashMap::new());
    let (mut credits, mut unallocated) = (Pence::ZERO, Pence::ZERO);
    for (at, row) in open.iter().enumerate() {
        match row.open_pence {
            left if left > 0 => {
                let rows = steps.remove(&row.id).unwrap_or_default();
                taken.insert(row.id, rows.len() as i64);
                let mut item = day_item(context, row, &rows, held, pathway_code_for(kind), by_email)?;
                // An instalment is of an invoice: INV-000412/2 is not chased while INV-000412 has come back.
                let whole = row.number.rsplit_once('/').map_or(row.number.as_str(), |(whole, _)| whole);
                let lost = lost.get(&row.number).or_else(|| lost.get(whole));
                item.undelivered = lost.filter(|_| row.kind == "invoice").cloned();
                items.push(item);
                places.push(at);
            }
            left if row.kind == "credit_note" => credits = credits.plus(Pence(-left)),
            left => unallocated = unallocated.plus(Pence(-left)),
        }
    }
    let of_account = |hold: &&HoldRow| hold.item_id.is_none();
    let holds = held.iter().filter(of_account).filter_map(hold_of).collect();
    let case = DayCase { kind, reach: to.reach(), flags, holds, unallocated, credits, items };
    Ok(CustomerDay { to, open, places, taken, had_statement: false, case })
}

fn day_item<'a>(
    context: &'a DayContext,
    row: &CaseItemRow,
    steps: &[StepRow],
    held: &[HoldRow],
    code: &str,
    by_email: bool,
) -> Outcome<DayItem<'a>> {
    let (code, version) = match steps.last() {
        Some(step) => (step.pathway_code.as_str(), step.pathway_version),
        None => (code, context.live.get(code).copied().unwrap_or(1)),
    };
    // A letter that was withdrawn before it left undoes its step.
    let counted = steps.iter().filter(|step| step.letter_state != "withdrawn");
    let taken = counted.map(|step| StepTaken { code: step.step_code.clone(), on: step.taken_on }).collect();
    let bears: Vec<&HoldRow> = held.iter().filter(|hold| hold.item_id.is_none_or(|item| item == row.id)).collect();
    // What is in query is left out while its hold lasts; where all of it is, nothing is left to ask for.
    let lasts = |hold: &&&HoldRow| is_of_part(hold) && hold.holds_on(context.day);
    let part = row.disputed_pence > 0 && row.disputed_pence < row.open_pence && bears.iter().any(|hold| lasts(&hold));
    let hold_as = |hold: &HoldRow| Some(Hold { part: part && is_of_part(hold), ..hold_of(hold)? });
    Ok(DayItem {
        dated_on: row.dated_on,
        due_on: row.due_on,
        open: Pence(row.open_pence),
        in_query: if part { Pence(row.disputed_pence) } else { Pence::ZERO },
        pathway: context.ladder(code, version, by_email)?,
        taken,
        pauses: bears.iter().filter_map(|hold| pause_of(hold, context.day)).collect(),
        holds: bears.into_iter().filter_map(hold_as).collect(),
        undelivered: None,
    })
}

/// What recovery says of a document that did not arrive.
fn not_received(fact: &delivery::proof::UndeliveredFact) -> String {
    let what = Known::parse(&fact.outcome).map(Known::name);
    let what = what.or_else(|| EState::parse(&fact.outcome).map(EState::name)).unwrap_or("It did not arrive");
    format!("{}: {what}, {}", fact.number, fact.from_on.format("%-d %B %Y"))
}

/// A dispute that is over moved the clock.
fn pause_of(hold: &HoldRow, day: NaiveDate) -> Option<Pause> {
    if hold.reason != HoldReason::Dispute.as_str() {
        return None;
    }
    let resolved_on = hold.last_day()?.succ_opt().filter(|resolved| *resolved <= day)?;
    Some(Pause { opened_on: hold.from_on, resolved_on })
}
