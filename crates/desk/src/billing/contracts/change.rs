//! Changing a contract from a day on: its end, breaks, rates, payers. What was billed is put right by the next run.
use super::add::{NewPayer, read_payers};
use super::facts::{Loaded, Shared, break_of, load_one, payer_of, rate_of, shared};
use super::typed::{basis_points, rate};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::contracts::refusals::CHANGED;
use sundry_domain::billing::contracts::{Agreement, check_agreement};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::contracts::{
    self as rows, ContractBreakRow, ContractChangeRow, ContractPayerRow, ContractRange, ContractRateRow, ContractRow,
};

/// Ends a contract, or moves its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndContract {
    /// Idempotency key.
    pub key: String,
    /// The contract.
    pub number: String,
    /// Last day; none lets it run on.
    pub ends_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Marks days that are not charged, or only in part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PauseContract {
    /// Idempotency key.
    pub key: String,
    /// The contract.
    pub number: String,
    /// suspension, absence, or free: NHS continuing care, aftercare, reablement.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// What is still charged, in per cent; nothing when empty.
    #[serde(default)]
    pub retained: String,
    /// Why.
    pub reason: String,
}

/// Ends a break, or takes it back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndBreak {
    /// Idempotency key.
    pub key: String,
    /// The contract.
    pub number: String,
    /// Which break.
    pub seq: i64,
    /// Its last day; none takes it back as if it had never been.
    pub to_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Sets a rate of the contract's own from a day; the same day again puts it right.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeRate {
    /// Idempotency key.
    pub key: String,
    /// The contract.
    pub number: String,
    /// Which charge.
    pub line: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Pounds with up to four decimals.
    pub rate: String,
    /// The decision behind it.
    pub reason: String,
}

/// Sets who pays from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPayers {
    /// Idempotency key.
    pub key: String,
    /// The contract.
    pub number: String,
    /// First day.
    pub from_on: NaiveDate,
    /// All who pay from then on.
    pub payers: Vec<NewPayer>,
    /// Why.
    pub reason: String,
}

/// A contract as it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractChanged {
    /// Its number.
    pub number: String,
    /// The first billed day that the change touches; none where nothing billed is touched.
    pub recheck_from: Option<NaiveDate>,
    /// The first day on which a run bills it again.
    pub next_on: Option<NaiveDate>,
}

/// A break that was ended.
pub type BreakEnded = ContractChanged;

/// What a change does, for the record.
struct Change<'a> {
    what: String,
    why: &'a str,
    from_on: NaiveDate,
}

/// Ends a contract on a day, or lets it run on. Days billed beyond are given back by the next run.
///
/// # Errors
/// An end before the start; no reason.
pub async fn end_contract(desk: &Desk, by: &Actor, ask: EndContract) -> Outcome<ContractChanged> {
    begin(by, &ask.reason)?;
    command!(desk, by, "end_contract", &ask.key, &ask, |cmd| {
        let (shared, mut loaded) = read(cmd, &ask.number).await?;
        let before = loaded.row.ends_on;
        loaded.agreement.ends_on = ask.ends_on;
        refuse(&loaded.agreement)?;
        // The last day may be charged or not, so it is looked at too.
        let touched = before.into_iter().chain(ask.ends_on).min().unwrap_or(cmd.today);
        let what = ask.ends_on.map_or_else(|| "Runs on".to_owned(), |day| format!("Ends on {}", words(day)));
        let row = ContractRow { ends_on: ask.ends_on, end_reason: ask.reason.trim().into(), ..loaded.row.clone() };
        let change = Change { what, why: &ask.reason, from_on: touched };
        let changed = keep(cmd, &shared, (&loaded, row), change).await?;
        cmd.tell("ContractEnded", format!("contract {}", changed.number), &ask);
        Ok(changed)
    })
}

/// Marks days of a contract that are not charged, or only in part.
///
/// # Errors
/// A break that meets another; a percentage beyond 100.
pub async fn pause_contract(desk: &Desk, by: &Actor, ask: PauseContract) -> Outcome<ContractChanged> {
    begin(by, &ask.reason)?;
    let mut wrong = Vec::new();
    if !["suspension", "absence", "free"].contains(&ask.kind.as_str()) {
        wrong.push(Invalid::field("kind", "Choose suspension, absence or free", &ask.kind));
    }
    let retained = basis_points(&ask.retained);
    if retained.is_none() || (ask.kind == "free" && retained != Some(0)) {
        let free = "Enter 0: a free service is not charged";
        let say = if retained.is_none() { "Enter a percentage from 0 to 100" } else { free };
        wrong.push(Invalid::field("retained", say, &ask.retained));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "pause_contract", &ask.key, &ask, |cmd| {
        let (shared, mut loaded) = read(cmd, &ask.number).await?;
        let seq = loaded.breaks.iter().map(|one| one.seq).max().unwrap_or(0) + 1;
        let row = ContractBreakRow {
            contract_id: loaded.row.id,
            seq,
            kind: ask.kind.clone(),
            from_on: ask.from_on,
            to_on: ask.to_on,
            retained_bp: retained.unwrap_or(0),
            reason: ask.reason.trim().into(),
            actor_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        loaded.agreement.breaks.push(break_of(&row));
        refuse(&loaded.agreement)?;
        rows::add_contract_breaks(&mut cmd.tx, cmd.by.org, vec![row]).await?;
        let last = ask.to_on.map_or_else(|| "on".to_owned(), |day| format!("to {}", words(day)));
        let what = format!("{} from {} {last}", capital(&ask.kind), words(ask.from_on));
        let change = Change { what, why: &ask.reason, from_on: ask.from_on };
        let changed = keep(cmd, &shared, (&loaded, loaded.row.clone()), change).await?;
        cmd.tell("ContractPaused", format!("contract {}", changed.number), &ask);
        Ok(changed)
    })
}

/// Ends a break on a day, or takes it back.
///
/// # Errors
/// No such break; an end before its start.
pub async fn end_contract_break(desk: &Desk, by: &Actor, ask: EndBreak) -> Outcome<BreakEnded> {
    begin(by, &ask.reason)?;
    command!(desk, by, "end_contract_break", &ask.key, &ask, |cmd| {
        let (shared, mut loaded) = read(cmd, &ask.number).await?;
        let place = loaded.breaks.iter().position(|one| one.seq == ask.seq);
        let place = place.ok_or_else(|| No::Absent(format!("break {}", ask.seq)))?;
        let (org, id, old) = (cmd.by.org, loaded.row.id, loaded.breaks[place].clone());
        let (what, touched) = match ask.to_on {
            Some(to_on) => {
                loaded.agreement.breaks[place].to_on = Some(to_on);
                refuse(&loaded.agreement)?;
                rows::end_contract_break(&mut cmd.tx, org, id, ask.seq, to_on).await?;
                let touched = old.to_on.map_or(to_on, |before| before.min(to_on));
                (format!("Break from {} ends on {}", words(old.from_on), words(to_on)), add_days(touched, 1))
            }
            None => {
                rows::drop_contract_break(&mut cmd.tx, org, id, ask.seq).await?;
                (format!("Break from {} taken back", words(old.from_on)), old.from_on)
            }
        };
        let change = Change { what, why: &ask.reason, from_on: touched };
        let changed = keep(cmd, &shared, (&loaded, loaded.row.clone()), change).await?;
        cmd.tell("ContractBreakEnded", format!("contract {}", changed.number), &ask);
        Ok(changed)
    })
}

/// Sets a rate of the contract's own from a day on.
///
/// # Errors
/// No such charge; one at a rate card's rate; a rate that is not above zero.
pub async fn change_contract_rate(desk: &Desk, by: &Actor, ask: ChangeRate) -> Outcome<ContractChanged> {
    begin(by, &ask.reason)?;
    let say = "Enter a rate in pounds, above zero, with at most four decimals";
    let rate_e4 = rate(&ask.rate).ok_or_else(|| Invalid::field("rate", say, &ask.rate))?;
    command!(desk, by, "change_contract_rate", &ask.key, &ask, |cmd| {
        let (shared, mut loaded) = read(cmd, &ask.number).await?;
        let place = loaded.lines.iter().position(|line| line.line == ask.line);
        let place =
            place.ok_or_else(|| Invalid::field("line", "Choose a charge of this contract", ask.line.to_string()))?;
        if loaded.lines[place].card_id.is_some() {
            let say = "This charge follows a rate card: change the card, which changes every contract on it";
            return Err(Invalid::field("line", say, ask.line.to_string()).into());
        }
        let row = ContractRateRow {
            contract_id: loaded.row.id,
            line: ask.line,
            from_on: ask.from_on,
            to_on: None,
            rate_e4,
            why: ask.reason.trim().into(),
            actor_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        let rates = &mut loaded.agreement.lines[place].rates;
        rates.retain(|rate| rate.from_on != ask.from_on);
        rates.push(rate_of(&row));
        refuse(&loaded.agreement)?;
        rows::set_contract_rate(&mut cmd.tx, cmd.by.org, &row).await?;
        let what =
            format!("Charge {} at £{} from {}", ask.line, super::typed::decimals(rate_e4, 2), words(ask.from_on));
        let change = Change { what, why: &ask.reason, from_on: ask.from_on };
        let changed = keep(cmd, &shared, (&loaded, loaded.row.clone()), change).await?;
        cmd.tell("ContractRateSet", format!("contract {}", changed.number), &ask);
        Ok(changed)
    })
}

/// Sets who pays from a day on; shares before it stay as they were.
///
/// # Errors
/// Shares that do not add up; customers we do not have.
pub async fn set_contract_payers(desk: &Desk, by: &Actor, ask: SetPayers) -> Outcome<ContractChanged> {
    begin(by, &ask.reason)?;
    command!(desk, by, "set_contract_payers", &ask.key, &ask, |cmd| {
        let (shared, mut loaded) = read(cmd, &ask.number).await?;
        let mut wrong = Vec::new();
        let org = cmd.by.org;
        let new = read_payers(&mut cmd.tx, org, ask.from_on, &ask.payers, &mut wrong).await?;
        let last = add_days(ask.from_on, -1);
        let payers = &mut loaded.agreement.payers;
        payers.retain(|payer| payer.from_on < ask.from_on);
        for payer in payers.iter_mut().filter(|payer| payer.to_on.is_none_or(|to| to > last)) {
            payer.to_on = Some(last);
        }
        let before = payers.len() as u64;
        payers.extend(new.iter().map(payer_of));
        // A row is that of the form, which holds the new payers alone.
        let faults = check_agreement(&loaded.agreement).into_iter();
        wrong.extend(faults.map(|one| Invalid { row: one.row.and_then(|row| row.checked_sub(before)), ..one }));
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        rows::end_contract_payers(&mut cmd.tx, org, loaded.row.id, (last, ask.from_on)).await?;
        let seq = loaded.payers.iter().map(|payer| payer.seq).max().unwrap_or(0);
        let new = new.into_iter().map(|row| ContractPayerRow { contract_id: loaded.row.id, seq: seq + row.seq, ..row });
        rows::add_contract_payers(&mut cmd.tx, org, new.collect()).await?;
        let what = format!("Other payers from {}", words(ask.from_on));
        let change = Change { what, why: &ask.reason, from_on: ask.from_on };
        let changed = keep(cmd, &shared, (&loaded, loaded.row.clone()), change).await?;
        cmd.tell("ContractPayersSet", format!("contract {}", changed.number), &ask);
        Ok(changed)
    })
}

/// The duty, and a reason: a change without one explains nothing next year.
fn begin(by: &Actor, reason: &str) -> Outcome<()> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("reason", reason)])?;
    if reason.trim().is_empty() || reason.chars().count() > 500 {
        return Err(Invalid::field("reason", "Enter why, in at most 500 characters", reason).into());
    }
    Ok(())
}

async fn read(cmd: &mut Command, number: &str) -> Outcome<(Shared, Loaded)> {
    let org = cmd.by.org;
    let row = rows::contract_numbered(&mut cmd.tx, org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("contract {}", number.trim())))?;
    let shared = shared(&mut cmd.tx, org).await?;
    let loaded = load_one(&mut cmd.tx, org, &shared, row).await?;
    Ok((shared, loaded))
}

fn refuse(agreement: &Agreement) -> Outcome<()> {
    let wrong = check_agreement(agreement);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// Keeps the change, its record, and from which billed day on the next run looks again.
async fn keep(
    cmd: &mut Command,
    shared: &Shared,
    (loaded, row): (&Loaded, ContractRow),
    change: Change<'_>,
) -> Outcome<ContractChanged> {
    let org = cmd.by.org;
    let touched = Some(change.from_on).filter(|day| *day <= row.billed_to);
    let recheck_from = row.recheck_from.into_iter().chain(touched).min();
    let over = row.ends_on.is_some_and(|end| end <= row.billed_to);
    let usual = if over { None } else { loaded.cycle.next_on(row.in_advance, row.billed_to, &shared.terms) };
    let next_on = recheck_from.into_iter().chain(usual).min();
    let recheck_why = if touched.is_some() { change.what.clone() } else { row.recheck_why.clone() };
    let row = ContractRow { recheck_from, next_on, recheck_why, ..row };
    if !rows::change_contract(&mut cmd.tx, org, &row).await? {
        return Err(CHANGED.because(format!("{} was changed meanwhile", row.number)).into());
    }
    let of = ContractRange { first: row.id, last: row.id, up_to: Some(cmd.today) };
    let seq = rows::contract_changes(&mut cmd.tx, org, &of).await?.first().map_or(0, |newest| newest.seq);
    let record = ContractChangeRow {
        contract_id: row.id,
        seq: seq + 1,
        on_day: cmd.today,
        from_on: Some(change.from_on),
        what: change.what,
        why: change.why.trim().into(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    rows::add_contract_changes(&mut cmd.tx, org, vec![record]).await?;
    Ok(ContractChanged { number: row.number, recheck_from, next_on })
}

pub(super) fn words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
