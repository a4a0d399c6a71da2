//! Taking activity in: read whole with its faults by row and field, then each line accepted or held (BIL-05).
use super::judge::Judge;
use crate::billing::amounts::e4;
use crate::billing::contracts::rate;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::{keep_file, refuse_cards};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use sundry_domain::billing::activity::refusals::FILE_TWICE;
use sundry_domain::billing::activity::{NotBillable, Told, check_told, unit_of};
use sundry_domain::billing::contracts::{Unit, check_service_user};
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::intake::{ActivityLine, read_activity};
use sundry_store::activity::{
    self as rows, ActivityFileRow, ActivityRow, add_activity, add_activity_file, touch_activity, touch_activity_of_file,
};
use sundry_store::control::organisation;
use sundry_store::customers;

/// Working days within which an exception is to be seen to.
const CLOCK: i64 = 5;

/// One line of activity, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewActivity {
    /// Its reference in the system it comes from.
    pub reference: String,
    /// Service code or words.
    pub service: String,
    /// Reference of the service user, never a name.
    pub service_user: String,
    /// Number of the contract, if known.
    pub contract: String,
    /// Customer number of who is to pay, if known.
    pub funder: String,
    /// day or bed day, hour, visit, session.
    pub unit: String,
    /// First day.
    pub from_on: Option<NaiveDate>,
    /// Last day; the first when not said.
    pub to_on: Option<NaiveDate>,
    /// How many, with up to four decimals; 0 takes a line back.
    pub quantity: String,
    /// Pounds each, if told.
    pub rate: String,
}

/// Takes activity in: all of it or none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeInActivity {
    /// Idempotency key.
    pub key: String,
    /// The system it comes from: references are unique in it.
    #[serde(default)]
    pub source: String,
    /// Why lines there already are put right; empty where every line is new.
    #[serde(default)]
    pub reason: String,
    /// The lines, when there is no file.
    #[serde(default)]
    pub rows: Vec<NewActivity>,
    /// Name of the file.
    #[serde(default)]
    pub file_name: String,
    /// The file, as CSV.
    #[serde(skip)]
    pub file: Option<Vec<u8>>,
}

/// What was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityTaken {
    /// Its number.
    pub number: String,
    /// Lines taken in.
    pub lines: i64,
    /// Lines that fit a contract.
    pub accepted: i64,
    /// Lines that are held, each with its reason.
    pub held: i64,
    /// Lines that put others right.
    pub replaced: i64,
    /// Lines that were there just so.
    pub same: i64,
    /// What the lines that fit come to.
    pub worth_pence: i64,
    /// Pounds at stake in the lines that are held.
    pub held_pence: i64,
}

#[derive(Serialize)]
struct Claim<'a> {
    source: &'a str,
    reason: &'a str,
    rows: &'a [NewActivity],
    file_sha256: &'a str,
}

/// A line that was read, with the row it came from.
struct Line {
    row: u64,
    reference: String,
    funder: String,
    told: Told,
}

/// Takes activity in. Nothing is kept unless every row can be read; what no contract covers is held, not billed.
///
/// # Errors
/// `BIL-05-FILE-TWICE`; every fault by row and field: a reference that is there already and no reason to put it right.
pub async fn take_in_activity(desk: &Desk, by: &Actor, ask: TakeInActivity) -> Outcome<ActivityTaken> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("source", &ask.source), ("reason", &ask.reason)])?;
    let file_sha256 = ask.file.as_deref().map(sha256_hex).unwrap_or_default();
    let claim = Claim { source: &ask.source, reason: &ask.reason, rows: &ask.rows, file_sha256: &file_sha256 };
    let (lines, wrong) = read(&ask, desk.today());
    command!(desk, by, "take_in_activity", &ask.key, &claim, |cmd| {
        let org = cmd.by.org;
        if let Some(before) = rows::activity_file_with(&mut cmd.tx, org, &file_sha256).await? {
            let sentence = format!("This file was taken in on {} as {}", day(before.taken_on), before.number);
            return Err(FILE_TWICE.because(sentence).into());
        }
        let mut wrong = wrong.clone();
        let (new, replaced, same) = new_lines(cmd, &ask, &lines, &mut wrong).await?;
        if !wrong.is_empty() {
            wrong.sort_by_key(|one| one.row);
            return Err(wrong.into());
        }
        if let Some(file) = &ask.file {
            keep_file(cmd, &ask.file_name, file).await?;
        }
        let taken = keep(cmd, &ask, &file_sha256, (new, replaced, same)).await?;
        cmd.tell("ActivityTakenIn", format!("activity {}", taken.number), &taken);
        Ok(taken)
    })
}

pub(super) fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The lines as sent, and everything that cannot be read.
fn read(ask: &TakeInActivity, today: NaiveDate) -> (Vec<Line>, Vec<Invalid>) {
    let mut wrong = Vec::new();
    if ask.source.trim().chars().count() > 40 {
        wrong.push(Invalid::field("source", "Enter at most 40 characters", &ask.source));
    }
    if ask.reason.trim().chars().count() > 500 {
        wrong.push(Invalid::field("reason", "Enter at most 500 characters", &ask.reason));
    }
    if ask.file.is_none() && ask.rows.is_empty() {
        wrong.push(Invalid::field("rows", "Enter at least one line", ""));
    }
    let sent = sent(ask, &mut wrong);
    let of_file = ask.file.is_some();
    let mut lines = Vec::with_capacity(sent.len());
    let mut rows_of: HashMap<String, u64> = HashMap::new();
    for (row, new) in &sent {
        if let Some(line) = read_line((*row, new), of_file, today, &mut wrong) {
            if let Some(first) = rows_of.insert(line.reference.clone(), *row) {
                let say = format!("Row {first} has this reference too");
                wrong.push(Invalid::row(*row, "reference", say, &new.reference));
            }
            lines.push(line);
        }
    }
    (lines, wrong)
}

fn sent(ask: &TakeInActivity, wrong: &mut Vec<Invalid>) -> Vec<(u64, NewActivity)> {
    let Some(file) = &ask.file else { return (1..).zip(ask.rows.iter().cloned()).collect() };
    let (lines, problems) = read_activity(file);
    for one in problems {
        let row = (one.row > 0).then_some(one.row as u64);
        let field = if one.field.is_empty() { "file".into() } else { one.field };
        wrong.push(Invalid { row, field, message: one.message, typed: one.typed });
    }
    let new = |line: ActivityLine| NewActivity {
        reference: line.reference,
        service: line.service,
        service_user: line.service_user,
        contract: line.contract,
        funder: line.funder,
        unit: line.unit,
        from_on: line.from_on,
        to_on: line.to_on,
        quantity: line.quantity,
        rate: line.rate,
    };
    lines.into_iter().map(|line| (line.row as u64, new(line))).collect()
}

/// One line as it was meant; none where something in it is wrong, which is told.
fn read_line(
    (row, new): (u64, &NewActivity),
    of_file: bool,
    today: NaiveDate,
    wrong: &mut Vec<Invalid>,
) -> Option<Line> {
    let before = wrong.len();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::row(row, field, message, typed));
    let reference = new.reference.trim().to_owned();
    // What a file could not read has been told already.
    if !of_file && (reference.is_empty() || reference.chars().count() > 40) {
        say("reference", "Enter the line's reference in your system, of at most 40 characters", &new.reference);
    }
    if !of_file && new.service.trim().is_empty() {
        say("service", "Enter the service", &new.service);
    }
    if new.service.chars().count() > 120 {
        say("service", "Enter at most 120 characters", &new.service);
    }
    let unit = unit_of(&new.unit);
    if unit.is_none() {
        say("unit", "Enter day, hour, visit or session", &new.unit);
    }
    let quantity = e4(&new.quantity).filter(|many| (0..=100_000_000).contains(many));
    if quantity.is_none() {
        say("quantity", "Enter a number from 0 to 10,000 with at most four decimals", &new.quantity);
    }
    let rate_e4 = if new.rate.trim().is_empty() { Some(None) } else { rate(&new.rate).map(Some) };
    if rate_e4.is_none() {
        say("rate", "Enter pounds above zero with at most four decimals, or leave it empty", &new.rate);
    }
    if !of_file && new.from_on.is_none() {
        say("from", "Enter the first day", "");
    }
    for (field, text) in [("reference", &new.reference), ("service", &new.service)] {
        if refuse_cards(&[(field, text)]).is_err() {
            say(field, "This holds a payment card number, which we never keep", "");
        }
    }
    let service_user = check_service_user(&new.service_user).unwrap_or_else(|fault| {
        wrong.push(Invalid { row: Some(row), ..fault });
        String::new()
    });
    let from_on = new.from_on?;
    let told = Told {
        service: new.service.trim().to_owned(),
        service_user,
        contract: new.contract.trim().to_uppercase(),
        funder: None,
        unit: unit?,
        from_on,
        to_on: new.to_on.unwrap_or(from_on),
        quantity_e4: quantity?,
        rate_e4: rate_e4?,
        waived: false,
    };
    let told_already = |fault: &Invalid, wrong: &[Invalid]| {
        wrong[before..].iter().any(|one| one.row == fault.row && one.field == fault.field)
    };
    for fault in check_told(row, &told, today) {
        if !told_already(&fault, wrong) {
            wrong.push(fault);
        }
    }
    (wrong.len() == before).then(|| Line { row, reference, funder: new.funder.trim().to_uppercase(), told })
}

/// What is new: each line as a row without a verdict, the rows it replaces, and how many were there just so.
type Sorted = (Vec<(u64, ActivityRow, Told)>, Vec<ActivityRow>, i64);

async fn new_lines(
    cmd: &mut Command,
    ask: &TakeInActivity,
    lines: &[Line],
    wrong: &mut Vec<Invalid>,
) -> Outcome<Sorted> {
    let (org, source) = (cmd.by.org, ask.source.trim().to_owned());
    let references: Vec<String> = lines.iter().map(|line| line.reference.clone()).collect();
    let there = rows::activity_with(&mut cmd.tx, org, &source, &references).await?;
    let mut there: HashMap<String, ActivityRow> = there.into_iter().map(|row| (row.reference.clone(), row)).collect();
    let funders = funders(cmd, lines, wrong).await?;
    let (mut new, mut replaced, mut same) = (Vec::with_capacity(lines.len()), Vec::new(), 0);
    for line in lines {
        let told = Told { funder: funders.get(&line.funder).copied(), ..line.told.clone() };
        let row = row_of(cmd, (&source, ask.reason.trim()), line);
        match there.remove(&line.reference) {
            None if told.quantity_e4 == 0 => {
                let say = "Enter a quantity above zero: there is no line of this reference to take back";
                wrong.push(Invalid::row(line.row, "quantity", say, "0"));
            }
            None => new.push((line.row, row, told)),
            Some(old) if is_same(&old, &row) => same += 1,
            Some(old) => match may_replace(&old, ask) {
                Ok(()) => {
                    new.push((line.row, row, told));
                    replaced.push(old);
                }
                Err(say) => wrong.push(Invalid::row(line.row, "reference", say, &line.reference)),
            },
        }
    }
    Ok((new, replaced, same))
}

fn may_replace(old: &ActivityRow, ask: &TakeInActivity) -> Result<(), String> {
    if old.state == "asked" {
        return Err(format!("{} waits for {}: decide that first", old.number, old.approval));
    }
    if ask.reason.trim().is_empty() {
        return Err(format!("{} has this reference: to put it right, send it with a reason", old.number));
    }
    Ok(())
}

fn is_same(old: &ActivityRow, new: &ActivityRow) -> bool {
    let key = |row: &ActivityRow| {
        (row.from_on, row.to_on, row.quantity_e4, row.rate_told_e4, row.unit.clone(), row.service.clone())
    };
    let place = |row: &ActivityRow| (row.service_user.clone(), row.funder_told.clone());
    // A contract assigned by hand is not taken away by a file that names none.
    let contract = new.contract_told.is_empty() || old.contract_told == new.contract_told;
    key(old) == key(new) && place(old) == place(new) && contract
}

/// The customers named as funders; those we do not have are told at each row.
async fn funders(
    cmd: &mut Command,
    lines: &[Line],
    wrong: &mut Vec<Invalid>,
) -> Outcome<BTreeMap<String, sundry_domain::ids::CustomerId>> {
    let mut all = BTreeMap::new();
    let mut unknown: Vec<String> = Vec::new();
    for line in lines.iter().filter(|line| !line.funder.is_empty()) {
        let number = &line.funder;
        if !all.contains_key(number) && !unknown.contains(number) {
            match customers::customer_numbered(&mut cmd.tx, cmd.by.org, number).await? {
                Some(found) => {
                    all.insert(number.clone(), sundry_domain::ids::CustomerId(found.id));
                }
                None => unknown.push(number.clone()),
            }
        }
        if unknown.contains(number) {
            wrong.push(Invalid::row(line.row, "funder", "Enter the number of a customer we have", number));
        }
    }
    Ok(all)
}

fn row_of(cmd: &Command, (source, why): (&str, &str), line: &Line) -> ActivityRow {
    let told = &line.told;
    ActivityRow {
        id: cmd.id(),
        number: String::new(),
        file_id: 0,
        source: source.into(),
        reference: line.reference.clone(),
        service: told.service.clone(),
        service_user: told.service_user.clone(),
        contract_told: told.contract.clone(),
        funder_told: line.funder.clone(),
        unit: told.unit.as_str().into(),
        from_on: told.from_on,
        to_on: told.to_on,
        quantity_e4: told.quantity_e4,
        rate_told_e4: told.rate_e4,
        contract_id: None,
        line: None,
        rate_e4: None,
        state: "held".into(),
        held_because: String::new(),
        sentence: String::new(),
        explained_as: String::new(),
        why: why.into(),
        worth_pence: 0,
        owner_name: String::new(),
        due_on: None,
        approval: String::new(),
        actor_name: cmd.by.name.clone(),
        taken_on: cmd.today,
        recorded_at: cmd.at,
        version: 1,
    }
}

/// Judges the lines, replaces those put right, and keeps it all.
async fn keep(cmd: &mut Command, ask: &TakeInActivity, sha256: &str, sorted: Sorted) -> Outcome<ActivityTaken> {
    let (mut new, replaced, same) = sorted;
    let (org, file_id) = (cmd.by.org, cmd.id::<i64>());
    let number = format!("ACT-{:06}", cmd.next_number("ACT").await?);
    let told: Vec<&Told> = new.iter().map(|(_, _, told)| told).collect();
    let mut judge = Judge::of(&mut cmd.tx, org, &told).await?;
    for old in &replaced {
        if let (Some(contract), Some(line), "accepted") = (old.contract_id, old.line, old.state.as_str()) {
            judge.count(contract, line, old.from_on, -old.quantity_e4);
        }
    }
    let due_on = clock(cmd).await?;
    // In the order of their days, so that a week's limit is used up by what came first.
    new.sort_by_key(|(row, line, _)| (line.from_on, *row));
    let corrects = !replaced.is_empty();
    for (row, line, told) in &mut new {
        (line.number, line.file_id) = (format!("{number}-{row}"), file_id);
        verdict(line, told, &mut judge, (&cmd.by.name, due_on));
    }
    let mut taken = ActivityTaken {
        number: number.clone(),
        lines: new.len() as i64,
        accepted: 0,
        held: 0,
        replaced: replaced.len() as i64,
        same,
        worth_pence: 0,
        held_pence: 0,
    };
    for (_, line, _) in &new {
        match line.state.as_str() {
            "accepted" => {
                (taken.accepted, taken.worth_pence) = (taken.accepted + 1, taken.worth_pence + line.worth_pence)
            }
            "held" => (taken.held, taken.held_pence) = (taken.held + 1, taken.held_pence + line.worth_pence),
            _ => {}
        }
    }
    replace(cmd, &replaced).await?;
    let kept = file(cmd, ask, sha256, (file_id, &taken));
    add_activity_file(&mut cmd.tx, org, kept).await?;
    add_activity(&mut cmd.tx, org, new.into_iter().map(|(_, line, _)| line).collect()).await?;
    let why = if corrects { format!("Activity put right by {number}") } else { format!("Activity of {number}") };
    touch_activity_of_file(&mut cmd.tx, org, file_id, &why).await?;
    Ok(taken)
}

/// The day by which an exception is to be seen to.
pub(super) async fn clock(cmd: &mut Command) -> Outcome<NaiveDate> {
    let row = organisation(&mut cmd.tx, cmd.by.org).await?;
    let nation = row.and_then(|row| Nation::parse(&row.nation));
    let nation = nation.ok_or_else(|| Fault::new("the organisation's nation cannot be read"))?;
    let book = cmd.desk.book();
    Ok(book.calendar(nation).add(cmd.today, CLOCK)?)
}

/// Accepts a line or holds it; one of nothing takes the line back that it replaces.
pub(super) fn verdict(line: &mut ActivityRow, told: &Told, judge: &mut Judge, (owner, due_on): (&str, NaiveDate)) {
    if told.quantity_e4 == 0 {
        line.state = "explained".into();
        line.explained_as = NotBillable::NotDelivered.as_str().into();
        return;
    }
    (line.held_because, line.sentence, line.owner_name, line.due_on) = Default::default();
    match judge.hold(told) {
        Ok(fit) => {
            judge.count(fit.contract, fit.line, told.from_on, told.quantity_e4);
            (line.contract_id, line.line) = (Some(fit.contract), Some(fit.line));
            (line.state, line.worth_pence) = ("accepted".into(), fit.worth.0);
        }
        Err(held) => {
            (line.contract_id, line.line) = held.place.unzip();
            (line.state, line.held_because) = ("held".into(), held.because.as_str().into());
            (line.sentence, line.worth_pence) = (held.sentence, held.worth.0);
            (line.owner_name, line.due_on) = (owner.to_owned(), Some(due_on));
        }
    }
}

/// Lines put right are kept as replaced, and what was billed of them is looked at again.
async fn replace(cmd: &mut Command, replaced: &[ActivityRow]) -> Outcome<()> {
    let org = cmd.by.org;
    let ids: Vec<i64> = replaced.iter().map(|row| row.id).collect();
    let count = rows::replace_activity(&mut cmd.tx, org, &ids).await?;
    if count != ids.len() as u64 {
        return Err(sundry_domain::billing::activity::refusals::LINE_CHANGED
            .because("A line was changed meanwhile")
            .into());
    }
    let mut touched: BTreeMap<i64, NaiveDate> = BTreeMap::new();
    for row in replaced.iter().filter(|row| row.state == "accepted") {
        if let Some(contract) = row.contract_id {
            let first = touched.entry(contract).or_insert(row.from_on);
            *first = row.from_on.min(*first);
        }
    }
    for (contract, from_on) in touched {
        touch_activity(&mut cmd.tx, org, contract, from_on, "Activity put right").await?;
    }
    Ok(())
}

fn file(cmd: &Command, ask: &TakeInActivity, sha256: &str, (id, taken): (i64, &ActivityTaken)) -> ActivityFileRow {
    ActivityFileRow {
        id,
        number: taken.number.clone(),
        source: ask.source.trim().into(),
        file_name: ask.file_name.clone(),
        file_sha256: sha256.into(),
        reason: ask.reason.trim().into(),
        lines_count: taken.lines,
        accepted_count: taken.accepted,
        held_count: taken.held,
        worth_pence: taken.worth_pence,
        held_pence: taken.held_pence,
        actor_name: cmd.by.name.clone(),
        taken_on: cmd.today,
        recorded_at: cmd.at,
    }
}

/// A kept line as it was told.
pub(super) fn told_of(row: &ActivityRow, funder: Option<sundry_domain::ids::CustomerId>) -> Outcome<Told> {
    let unit = Unit::parse(&row.unit).ok_or_else(|| Fault::new(format!("{} has an unknown unit", row.number)))?;
    Ok(Told {
        service: row.service.clone(),
        service_user: row.service_user.clone(),
        contract: row.contract_told.clone(),
        funder,
        unit,
        from_on: row.from_on,
        to_on: row.to_on,
        quantity_e4: row.quantity_e4,
        rate_e4: row.rate_told_e4,
        waived: false,
    })
}
