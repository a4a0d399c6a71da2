//! The facts of a day: a few statements for many customers, put together in memory.
use super::contract_fees::term_of;
use super::day::PlannedRefusal;
use super::out_of_time::weigh_time;
use super::people::{adjustments_of, contact_policy};
use super::restarts::Restarts;
use crate::delivery::{
    Recipient, RecordedFacts, flag_of, freeze_of, hold_of, is_of_part, is_spared, recipients_of, to_joint_debtor,
};
use crate::plans::PromiseDecision;
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use sundry_domain::calendar::{Nation, add_days};
use sundry_domain::customers::{CustomerKind, Flag, FlagKind, is_email};
use sundry_domain::delivery::einvoice::EState;
use sundry_domain::delivery::proof::Known;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::ContactWay;
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::PARKED;
use sundry_domain::recovery::{
    DayCase, DayItem, DebtSeen, FeeTerm, Hold, HoldReason, IN_TIME_DAYS, LetterSet, PaidBefore, PathwayVersion, Pause,
    SiteFacts, StepKind, StepTaken, choose, code_of, pathway_code_for, payer_score, statements_due, still_taken,
    takes_challenger,
};
use sundry_domain::refusal::Refusal;
use sundry_store::delivery::FlagFact;
use sundry_store::people::calls::{adjustments_of_range, contacts_of_range};
use sundry_store::people::{StoppedDebtRow, case_items_of_range};
use sundry_store::plans::HoldRow;
use sundry_store::recovery::charges::invoices_of_charges;
use sundry_store::recovery::contract_fees::contract_fees_of_range;
use sundry_store::recovery::pathways::{self as rows, ChoiceRow, TrialRow};
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
    trials: Vec<TrialRow>,
    /// Some pathway asks what the customer paid before.
    pub(super) history: bool,
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
    let mut history = false;
    for row in recovery::pathways(tx, org).await? {
        let in_force = in_force_on(&row, day);
        let whole: PathwayVersion = serde_json::from_value(row.body)?;
        if in_force {
            live.insert(row.code.clone(), row.version);
        }
        history |= whole.applies.when.asks_history() || whole.steps.iter().any(|step| step.when.asks_history());
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
            contact: contact_policy(&site.settings),
        },
        nation,
        statements,
        bank_waiting,
        horizon: if statements { NaiveDate::MAX } else { add_days(day, -i64::from(earliest)) },
        pathways,
        live,
        trials: rows::trials(tx, org).await?,
        history,
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

    /// The versions in force.
    pub(super) fn in_force(&self) -> Vec<&PathwayVersion> {
        let found = self.live.iter().filter_map(|(code, version)| self.pathways.get(&(code.clone(), *version)));
        found.map(|ladder| &ladder.whole).collect()
    }

    /// The pathway that a debt begins on by itself, or by the random split of a trial.
    fn begins_on(&self, live: &[&PathwayVersion], debt: &DebtSeen<'_>, customer: i64) -> String {
        let code = code_of(choose(live, debt), debt.kind);
        let runs = |trial: &&TrialRow| {
            trial.champion == code
                && trial.from_on <= self.day
                && self.day <= trial.until_on
                && trial.ended_on.is_none_or(|ended| self.day < ended)
                && self.live.contains_key(&trial.challenger)
        };
        match self.trials.iter().find(runs) {
            Some(trial) if takes_challenger(trial.id, customer, trial.share_percent) => trial.challenger.clone(),
            _ => code,
        }
    }

    /// The version that a case goes on with: its own, or the one in force where that takes open cases along.
    fn goes_on_with(&self, code: &str, version: i64) -> i64 {
        let newest = self.live.get(code).copied().unwrap_or(version);
        let moves = self.pathways.get(&(code.to_owned(), newest)).is_some_and(|ladder| ladder.whole.moves_open);
        if newest > version && moves { newest } else { version }
    }

    /// The version of a pathway in force.
    pub(super) fn newest_ladder(&self, code: &str, by_email: bool) -> Outcome<&PathwayVersion> {
        self.ladder(code, self.live.get(code).copied().unwrap_or(1), by_email)
    }

    /// What the steps of every version do, by code.
    pub(super) fn kinds_of_steps(&self) -> HashMap<String, StepKind> {
        let steps = self.pathways.values().flat_map(|ladder| ladder.whole.steps.iter());
        steps.map(|step| (step.code.clone(), step.kind)).collect()
    }

    fn ladder(&self, code: &str, version: i64, by_email: bool) -> Outcome<&PathwayVersion> {
        let found = self.pathways.get(&(code.to_owned(), version));
        let found = found.ok_or_else(|| Fault::new(format!("there is no version {version} of pathway {code}")))?;
        Ok(if by_email { &found.whole } else { &found.by_post })
    }
}

/// Whether a version is approved and its day has come; a newer one of its code takes its place.
pub(super) fn in_force_on(row: &recovery::PathwayRow, day: NaiveDate) -> bool {
    // What came with the house is in force from the first.
    let from_the_first = row.version == 1 && row.drafted_by == super::pathways::HOUSE;
    row.state == "live" && (from_the_first || row.live_from.is_none_or(|from| from <= day))
}

/// What the choice of a pathway needs to know of a customer.
struct Standing<'c> {
    live: &'c [&'c PathwayVersion],
    marks: &'c [FlagKind],
    score: Option<i32>,
    choices: &'c [ChoiceRow],
    recorded: &'c RecordedFacts,
    restarts: &'c Restarts,
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
    /// These debts are asked of who owes them with the customer: no statement, and letters of their own.
    pub(super) joint: bool,
    /// What the flags of the customer are, for the wording.
    pub(super) marks: Vec<FlagKind>,
    /// What their contracts say of a fee for paying late.
    pub(super) fees: Vec<FeeTerm>,
    pub(super) case: DayCase<'a>,
}

/// The customers of a chunk, and those of them who cannot be decided.
#[derive(Default)]
pub(super) struct Loaded<'a> {
    pub(super) days: Vec<CustomerDay<'a>>,
    pub(super) parked: Vec<PlannedRefusal>,
}

/// What waits by itself while the rest goes on (P17).
pub(super) fn parked(whose: (CustomerId, String, String), step_code: &str, sentence: String) -> PlannedRefusal {
    step_refused(whose, step_code, PARKED.because(sentence))
}

/// A step of a customer that a rule refused when its letter was to be written.
pub(super) fn step_refused(
    (customer, customer_number, customer_name): (CustomerId, String, String),
    step_code: &str,
    refusal: Refusal,
) -> PlannedRefusal {
    PlannedRefusal { customer, customer_number, customer_name, item: None, step_code: step_code.to_owned(), refusal }
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
    let cases = grouped(case_items_of_range(tx, org, *first, *last).await?, |row| row.customer_id);
    let mut contacts = grouped(contacts_of_range(tx, org, *first, *last, add_days(day, -6)).await?, |row| row.0);
    let mut wants = grouped(adjustments_of_range(tx, org, (*first, *last), day).await?, |row| row.0);
    let recorded = RecordedFacts::of_range(tx, org, (*first, *last)).await?;
    let choices = grouped(rows::choices_of_range(tx, org, (*first, *last), day).await?, |row| row.customer_id);
    let invoices: HashMap<i64, i64> = invoices_of_charges(tx, org, (*first, *last)).await?.into_iter().collect();
    let scores = if context.history { scores(tx, org, (*first, *last), day).await? } else { HashMap::new() };
    let mut fees = grouped(contract_fees_of_range(tx, org, (*first, *last)).await?, |row| row.customer_id);
    let restarts = Restarts::of_range(tx, org, (*first, *last)).await?;
    let live = context.in_force();
    let mut loaded = Loaded::default();
    for customer in customers {
        let to =
            recipients.remove(&customer.0).ok_or_else(|| Fault::new("an item names a customer who is not there"))?;
        let open = items.remove(&customer.0).unwrap_or_default();
        let mut held = holds.remove(&customer.0).unwrap_or_default();
        held.retain(|hold| hold.promise_id.is_none_or(|promise| !context.decided.contains(&promise)));
        let flags = flags.remove(&customer.0).unwrap_or_default();
        let marks: Vec<FlagKind> = flags.iter().filter_map(|flag| FlagKind::parse(&flag.kind)).collect();
        let by_case = |flag: &&FlagFact| flag.case_id.is_some() && flag.kind == FlagKind::BreathingSpace.as_str();
        let flags = flags.iter().filter(|flag| !by_case(flag)).filter_map(flag_of).collect();
        let of_cases = cases.get(&customer.0).map_or(&[][..], Vec::as_slice);
        let way = |stored: &str| ContactWay::parse(stored).unwrap_or(ContactWay::Post);
        let contacts = contacts.remove(&customer.0).unwrap_or_default();
        let contacts = contacts.into_iter().map(|(_, on, stored)| (on, way(&stored))).collect();
        let wants = wants.remove(&customer.0).unwrap_or_default();
        let wants = wants.iter().flat_map(|(_, stored)| adjustments_of(stored)).collect();
        let whose = (*customer, to.row.number.clone(), to.row.name.clone());
        let standing = Standing {
            live: &live,
            marks: &marks,
            score: scores.get(&customer.0).copied(),
            choices: choices.get(&customer.0).map_or(&[][..], Vec::as_slice),
            recorded: &recorded,
            restarts: &restarts,
        };
        match put_together(context, to, open, (&held, &standing), flags, (&mut steps, &lost), of_cases) {
            Ok(mut day) => {
                weigh_time(tx, context, &mut day).await?;
                ride_with_invoices(&mut day, &invoices);
                (day.had_statement, day.marks) = (had.contains(&customer.0), marks);
                (day.case.contacts, day.case.adjustments) = (contacts, wants);
                day.fees = fees.remove(&customer.0).unwrap_or_default().iter().map(term_of).collect();
                let theirs = joint_day(tx, org, &mut day, of_cases, context.day).await?;
                loaded.days.push(day);
                loaded.days.extend(theirs);
            }
            Err(no) => loaded.parked.push(parked(whose, "", format!("This customer cannot be decided: {no}"))),
        }
    }
    Ok(loaded)
}

/// The score of each customer of a range who has a history.
pub(super) async fn scores(
    tx: &mut Tx,
    org: OrgId,
    range: (CustomerId, CustomerId),
    day: NaiveDate,
) -> Outcome<HashMap<i64, i32>> {
    let since = add_days(day, -730);
    let mut paid: HashMap<i64, PaidBefore> = HashMap::new();
    for (customer, due_on, paid_on) in rows::settled_of_range(tx, org, range, since).await? {
        let one = paid.entry(customer).or_default();
        one.settled += 1;
        one.in_time += i64::from(paid_on <= add_days(due_on, IN_TIME_DAYS));
    }
    for (customer, broken) in rows::broken_of_range(tx, org, range, since).await? {
        paid.entry(customer).or_default().broken_promises = broken;
    }
    Ok(paid.into_iter().filter_map(|(customer, paid)| Some((customer, payer_score(paid)?))).collect())
}

pub(super) fn grouped<T>(rows: Vec<T>, by: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(by(&row)).or_default().push(row);
    }
    groups
}

/// What somebody else owes too is taken out of the customer's day, and asked of them where the customer is protected.
async fn joint_day<'a>(
    tx: &mut Tx,
    org: OrgId,
    day: &mut CustomerDay<'a>,
    cases: &[StoppedDebtRow],
    today: NaiveDate,
) -> Outcome<Option<CustomerDay<'a>>> {
    if !day.case.items.iter().any(|item| item.spared) {
        return Ok(None);
    }
    let joint = cases.iter().find(|row| is_spared(row, today)).and_then(|row| row.joint_customer_id);
    let Some(joint) = joint.map(CustomerId) else { return Ok(None) };
    let Some(face) = delivery::recipients(tx, org, joint, joint).await?.into_iter().next() else { return Ok(None) };
    let (items, places) = (std::mem::take(&mut day.case.items), std::mem::take(&mut day.places));
    let (mut theirs, mut their_places) = (Vec::new(), Vec::new());
    for (item, place) in items.into_iter().zip(places) {
        if item.spared {
            theirs.push(item);
            their_places.push(place);
        } else {
            day.case.items.push(item);
            day.places.push(place);
        }
    }
    let to = to_joint_debtor(&day.to, &face);
    let kind = CustomerKind::parse(&face.kind).unwrap_or(CustomerKind::Unknown);
    let flags = delivery::flags_of_range(tx, org, joint, joint, today).await?;
    let died = day.marks.iter().copied().filter(|mark| *mark == FlagKind::Deceased);
    let marks: Vec<FlagKind> = flags.iter().filter_map(|flag| FlagKind::parse(&flag.kind)).chain(died).collect();
    // Who owes with the dead is bereaved.
    let bereaved = marks.contains(&FlagKind::Deceased);
    for (item, place) in theirs.iter_mut().zip(&their_places) {
        let debt_type = day.open.get(*place).map_or("", |row| row.debt_type.as_str());
        item.set = LetterSet::of(kind, &marks, bereaved, &[debt_type]);
    }
    let case = DayCase {
        kind,
        reach: to.reach(),
        flags: flags.iter().filter_map(flag_of).collect(),
        holds: day.case.holds.clone(),
        unallocated: day.case.unallocated,
        credits: Pence::ZERO,
        contacts: Vec::new(),
        adjustments: Vec::new(),
        items: theirs,
    };
    Ok(Some(CustomerDay {
        to,
        open: day.open.clone(),
        places: their_places,
        taken: day.taken.clone(),
        had_statement: true,
        joint: true,
        marks,
        fees: Vec::new(),
        case,
    }))
}

/// A charge for paying late goes with its invoice while that is open: it has its place on the ladder, so the same letter
/// asks for both, and what stops the one stops the other. Once the invoice is paid, it goes on by itself (DUN-09).
fn ride_with_invoices(day: &mut CustomerDay<'_>, invoices: &HashMap<i64, i64>) {
    let ids: Vec<i64> = day.places.iter().filter_map(|place| day.open.get(*place)).map(|row| row.id).collect();
    for (at, id) in ids.iter().enumerate() {
        let invoice = invoices.get(id).and_then(|invoice| ids.iter().position(|one| one == invoice));
        let invoice = invoice.and_then(|place| day.case.items.get(place)).cloned();
        if let Some((item, invoice)) = day.case.items.get_mut(at).zip(invoice) {
            let holds = item.holds.iter().chain(&invoice.holds).cloned().collect();
            let freezes = item.freezes.iter().chain(&invoice.freezes).cloned().collect();
            let (open, in_query) = (item.open, item.in_query);
            *item = DayItem { open, in_query, holds, freezes, ..invoice };
        }
    }
}

fn put_together<'a>(
    context: &'a DayContext,
    to: Recipient,
    open: Vec<CaseItemRow>,
    (held, standing): (&[HoldRow], &Standing<'_>),
    flags: Vec<Flag>,
    (steps, lost): (&mut HashMap<i64, Vec<StepRow>>, &HashMap<String, String>),
    cases: &[StoppedDebtRow],
) -> Outcome<CustomerDay<'a>> {
    let kind = to.kind();
    let by_email = to.face().channel == "email" && is_email(&to.face().email);
    let (mut items, mut places, mut taken) = (Vec::new(), Vec::new(), HashMap::new());
    let (mut credits, mut unallocated) = (Pence::ZERO, Pence::ZERO);
    for (at, row) in open.iter().enumerate() {
        match row.open_pence {
            left if left > 0 => {
                let rows = steps.remove(&row.id).unwrap_or_default();
                taken.insert(row.id, rows.len() as i64);
                let mut item = day_item(context, row, &rows, (held, standing), kind, by_email)?;
                // An instalment is of an invoice: INV-000412/2 is not chased while INV-000412 has come back.
                let whole = row.number.rsplit_once('/').map_or(row.number.as_str(), |(whole, _)| whole);
                let lost = lost.get(&row.number).or_else(|| lost.get(whole));
                item.undelivered = lost.filter(|_| row.kind == "invoice").cloned();
                let of_item = || cases.iter().filter(|one| one.item_id == row.id);
                item.freezes = of_item().filter_map(|one| freeze_of(one, context.day)).collect();
                item.spared = of_item().any(|one| is_spared(one, context.day));
                items.push(item);
                places.push(at);
            }
            left if row.kind == "credit_note" => credits = credits.plus(Pence(-left)),
            left => unallocated = unallocated.plus(Pence(-left)),
        }
    }
    let of_account = |hold: &&HoldRow| hold.item_id.is_none();
    let holds = held.iter().filter(of_account).filter_map(hold_of).collect();
    let case = DayCase {
        kind,
        reach: to.reach(),
        flags,
        holds,
        unallocated,
        credits,
        contacts: Vec::new(),
        adjustments: Vec::new(),
        items,
    };
    let (marks, fees) = (Vec::new(), Vec::new());
    Ok(CustomerDay { to, open, places, taken, had_statement: false, joint: false, marks, fees, case })
}

fn day_item<'a>(
    context: &'a DayContext,
    row: &CaseItemRow,
    steps: &[StepRow],
    (held, standing): (&[HoldRow], &Standing<'_>),
    kind: CustomerKind,
    by_email: bool,
) -> Outcome<DayItem<'a>> {
    let seen = DebtSeen {
        kind,
        debt_type: &row.debt_type,
        service: &row.service,
        open: Pence(row.open_pence),
        flags: standing.marks,
        score: standing.score,
    };
    let last = steps.last();
    let mut chosen = standing.choices.iter().filter(|choice| choice.item_id == row.id || choice.item_id == 0);
    // Of a choice for the debt and one for the account, the debt's own counts.
    let chosen = chosen.next_back().filter(|choice| context.live.contains_key(&choice.code));
    let (code, version) = match (chosen, last) {
        (Some(choice), last) if last.is_none_or(|step| step.pathway_code != choice.code) => {
            (choice.code.clone(), context.live.get(&choice.code).copied().unwrap_or(1))
        }
        (_, Some(step)) => (step.pathway_code.clone(), context.goes_on_with(&step.pathway_code, step.pathway_version)),
        (_, None) => {
            let code = context.begins_on(standing.live, &seen, row.customer_id);
            let version = context.live.get(&code).copied().unwrap_or(1);
            (code, version)
        }
    };
    let pathway = context.ladder(&code, version, by_email)?;
    // A letter that was withdrawn before it left undoes its step.
    let counted = steps.iter().filter(|step| step.letter_state != "withdrawn");
    let taken = counted.map(|step| StepTaken { code: step.step_code.clone(), on: step.taken_on }).collect();
    let taken = still_taken(taken, pathway, &standing.restarts.of(row.id, row.customer_id));
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
        left_out: if pathway.has_conditions() { pathway.left_out(&seen) } else { 0 },
        pathway,
        taken,
        pauses: bears.iter().filter_map(|hold| pause_of(hold, context.day)).collect(),
        holds: bears.into_iter().filter_map(hold_as).collect(),
        undelivered: None,
        freezes: Vec::new(),
        spared: false,
        special: standing.recorded.special(row.id, &row.debt_type, context.day),
        set: LetterSet::of(kind, standing.marks, false, &[row.debt_type.as_str()]),
        limitation: None,
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
