//! Saying whose a case is: the debts it bears on, the flag, the tasks, what ends with it.
use super::matching::LikelyCustomer;
use super::notice::told;
use crate::cash::direct_debit::cancel_all;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::typed::words_wrong;
use crate::customers::{find, refuse_cards};
use crate::{Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::customers::refusals::CHANGED;
use sundry_domain::ids::{CustomerId, HoldId, OrgId};
use sundry_domain::law::{Moratorium, repeat_from};
use sundry_domain::money::Pence;
use sundry_domain::recovery::person_case::refusals::{CASE_STATE, TOO_SOON};
use sundry_domain::recovery::{EventForm, EventKind, EventTask, tasks};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::customers::{self, CustomerRow, FlagRow};
use sundry_store::people::calls::{FlagDetailRow, add_flag_detail};
use sundry_store::people::{self, CaseRow, CaseTaskRow, DebtRow, StoppedDebtRow};
use sundry_store::{Tx, control, plans};

/// How a case stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseStands {
    /// Number.
    pub number: String,
    /// breathing_space, deceased, insolvent or gone_away.
    pub kind: String,
    /// to_match, in_force, ended or not_ours.
    pub state: String,
    /// The last day it stops recovery, where that is known.
    pub ends_on: Option<NaiveDate>,
    /// Whom it may be about, the likeliest first; none once somebody has said so.
    pub candidates: Vec<LikelyCustomer>,
}

impl CaseStands {
    pub(super) fn of(row: &CaseRow, candidates: Vec<LikelyCustomer>) -> CaseStands {
        let (number, kind, state) = (row.number.clone(), row.kind.clone(), row.state.clone());
        CaseStands { number, kind, state, ends_on: row.ends_on, candidates }
    }
}

/// Says whose a notice is, or that it is not about a customer of ours.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfirmCase {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub number: String,
    /// Customer number; empty where it is not about a customer of ours.
    pub customer: String,
    /// Numbers of the debts the notice names; all that were owed where it names none.
    pub debts: Vec<String>,
    /// The adviser has confirmed a second standard moratorium within twelve months.
    pub confirmed_by_adviser: bool,
    /// Why it is not about a customer of ours.
    pub words: String,
}

/// Says whose a notice is: from this moment its debts are frozen, whatever waits to be printed.
///
/// # Errors
/// Duty; absent; `BS-CASE-STATE` once it was said; `BS-01-TOO-SOON`; debts that the customer does not owe.
pub async fn confirm_case(desk: &Desk, by: &Actor, ask: ConfirmCase) -> Outcome<CaseStands> {
    by.must_hold(Duty::SetFlags)?;
    if ask.customer.trim().is_empty() && ask.words.trim().is_empty() {
        let message = "Choose the customer, or enter why it is not about a customer of ours";
        return Err(Invalid::field("customer", message, &ask.customer).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 1_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "confirm_case", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = case_of(&mut cmd.tx, org, &ask.number).await?;
        let customer = match ask.customer.trim() {
            "" => None,
            number => Some(find(&mut cmd.tx, org, number).await?),
        };
        if row.state != "to_match" {
            let sentence = format!("It was said on {} whose {} is", on(row.confirmed_on), row.number);
            return Err(CASE_STATE.because(sentence).into());
        }
        let Some(customer) = customer else {
            end_hold(cmd, &mut row).await?;
            (row.state, row.outcome) = ("not_ours".into(), ask.words.trim().to_owned());
            (row.confirmed_by_name, row.confirmed_on) = (cmd.by.name.clone(), Some(cmd.today));
            save(cmd, &mut row).await?;
            cmd.tell("NoticeNotOurs", format!("case {}", row.number), &ask.words);
            return Ok(CaseStands::of(&row, Vec::new()));
        };
        put_in_force(cmd, &mut row, &customer, (&ask.debts, ask.confirmed_by_adviser)).await?;
        Ok(CaseStands::of(&row, Vec::new()))
    })
}

fn on(day: Option<NaiveDate>) -> String {
    day.map(written).unwrap_or_default()
}

/// A case by its number.
pub(super) async fn case_of(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<CaseRow> {
    let row = people::case_numbered(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("case {}", number.trim())))
}

/// Saves a case, unless somebody changed it a moment ago.
pub(super) async fn save(cmd: &mut Command, row: &mut CaseRow) -> Outcome<()> {
    if !people::change_case(&mut cmd.tx, cmd.by.org, row).await? {
        return Err(CHANGED.because(format!("{} was changed by someone else a moment ago", row.number)).into());
    }
    row.version += 1;
    Ok(())
}

/// Ends the hold that stood while nobody had said whose it is.
pub(super) async fn end_hold(cmd: &mut Command, row: &mut CaseRow) -> Outcome<()> {
    if let Some(hold) = row.hold_id.take() {
        plans::end_hold(&mut cmd.tx, cmd.by.org, HoldId(hold), cmd.today).await?;
        cmd.tell("HoldEnded", format!("hold {hold}"), serde_json::json!({ "case": row.number }));
    }
    Ok(())
}

/// Puts a case in force for a customer.
pub(super) async fn put_in_force(
    cmd: &mut Command,
    row: &mut CaseRow,
    customer: &CustomerRow,
    (debts, confirmed): (&[String], bool),
) -> Outcome<()> {
    let form = EventForm::parse(&row.form).ok_or_else(|| Fault::new("a form of case that cannot be read"))?;
    let id = CustomerId(customer.id);
    once_a_year(cmd, row, (form, confirmed), id).await?;
    if row.ends_on.is_none() {
        let site = control::organisation(&mut cmd.tx, cmd.by.org).await?;
        let site = site.ok_or_else(|| Fault::new("no organisation"))?;
        let nation = Nation::parse(&site.nation).ok_or_else(|| Fault::new("a nation that cannot be read"))?;
        row.ends_on = form.last_day(row.starts_on, cmd.desk.book().calendar(nation))?;
    }
    end_hold(cmd, row).await?;
    let (named, others) = sort_out(cmd, row, id, debts).await?;
    let sum = Pence(named.iter().map(|item| item.open_pence).sum());
    people::add_case_items(&mut cmd.tx, cmd.by.org, named.clone()).await?;
    row.flag_id = Some(raise_flag(cmd, row, form, customer.id).await?);
    add_tasks(cmd, row, form, &others).await?;
    if form.kind() == EventKind::Deceased {
        end_what_death_ends(cmd, id, &row.number).await?;
    }
    (row.state, row.customer_id) = ("in_force".into(), Some(customer.id));
    (row.confirmed_by_name, row.confirmed_on) = (cmd.by.name.clone(), Some(cmd.today));
    save(cmd, row).await?;
    let mut detail = told(row);
    detail["customer"] = customer.number.clone().into();
    detail["debts"] = named.iter().map(|item| item.number.clone()).collect::<Vec<_>>().into();
    detail["sum_pence"] = sum.0.into();
    cmd.tell("CaseInForce", format!("case {}", row.number), detail);
    Ok(())
}

async fn once_a_year(
    cmd: &mut Command,
    row: &CaseRow,
    (form, confirmed): (EventForm, bool),
    customer: CustomerId,
) -> Outcome<()> {
    if form != EventForm::Standard || confirmed {
        return Ok(());
    }
    let before = people::cases_of(&mut cmd.tx, cmd.by.org, customer).await?;
    let last = before.iter().find(|one| one.id != row.id && one.form == form.as_str() && one.state != "not_ours");
    let Some(last) = last else { return Ok(()) };
    let known = form.moratorium(last.starts_on).map(|one| Moratorium { notified_end_on: last.ends_on, ..one });
    match known.as_ref().and_then(repeat_from) {
        Some(from) if row.starts_on < from => {
            let sentence = format!("{} ended on {}, less than twelve months before", last.number, on(last.ends_on));
            Err(TOO_SOON.because(sentence).allowed_from(from).into())
        }
        _ => Ok(()),
    }
}

/// The debts it bears on, and what else the customer owes.
async fn sort_out(
    cmd: &mut Command,
    row: &CaseRow,
    customer: CustomerId,
    wanted: &[String],
) -> Outcome<(Vec<StoppedDebtRow>, Vec<DebtRow>)> {
    let kind = EventKind::parse(&row.kind).unwrap_or(EventKind::GoneAway);
    let until = if kind == EventKind::BreathingSpace { row.starts_on } else { cmd.today };
    let mut all = people::debts_of(&mut cmd.tx, cmd.by.org, customer, until).await?;
    // Who owes with the dead or the insolvent goes on owing: what stands on their account is not touched.
    all.retain(|debt| kind == EventKind::BreathingSpace || debt.customer_id == customer.0);
    if kind == EventKind::GoneAway {
        return Ok((Vec::new(), Vec::new()));
    }
    let wanted: Vec<&str> = wanted.iter().map(|number| number.trim()).filter(|number| !number.is_empty()).collect();
    if let Some(strange) = wanted.iter().find(|number| !all.iter().any(|debt| debt.number == **number)) {
        let message = format!("Enter numbers of debts owed on {}", written(until));
        return Err(Invalid::field("debts", message, *strange).into());
    }
    let (named, others): (Vec<DebtRow>, Vec<DebtRow>) =
        all.into_iter().partition(|debt| wanted.is_empty() || wanted.contains(&debt.number.as_str()));
    let item = |debt: DebtRow| StoppedDebtRow {
        case_id: row.id,
        item_id: debt.id,
        customer_id: debt.customer_id,
        number: debt.number,
        kind: row.kind.clone(),
        named: !wanted.is_empty(),
        joint_customer_id: debt.joint_customer_id,
        open_pence: debt.open_pence,
        stage: debt.stage,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        freed_on: None,
        freed_by_name: String::new(),
        freed_why: String::new(),
    };
    Ok((named.into_iter().map(item).collect(), others))
}

async fn raise_flag(cmd: &mut Command, row: &CaseRow, form: EventForm, customer: i64) -> Outcome<i64> {
    let flag = FlagRow {
        id: cmd.id(),
        customer_id: customer,
        kind: form.kind().flag().as_str().into(),
        evidence: format!("{}: told by {}", row.number, row.source),
        from_on: row.starts_on,
        to_on: row.ends_on,
        review_on: None,
        raised_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    customers::add_flag(&mut cmd.tx, cmd.by.org, &flag).await?;
    let detail = FlagDetailRow {
        flag_id: flag.id,
        customer_id: customer,
        need: String::new(),
        adjustments: String::new(),
        reason: String::new(),
        basis: "Legal obligation".into(),
        restricted: form == EventForm::Crisis,
        case_id: Some(row.id),
    };
    add_flag_detail(&mut cmd.tx, cmd.by.org, &detail).await?;
    Ok(flag.id)
}

async fn add_tasks(cmd: &mut Command, row: &CaseRow, form: EventForm, others: &[DebtRow]) -> Outcome<()> {
    let list: Vec<String> = others.iter().map(|debt| format!("{} {}", debt.number, Pence(debt.open_pence))).collect();
    let task = |(at, task): (usize, EventTask)| CaseTaskRow {
        case_id: row.id,
        seq: at as i64 + 1,
        code: task.code.into(),
        what: match (task.code, list.is_empty()) {
            ("adviser", true) => "Tell the debt adviser that we hold no other debt (reg 14)".into(),
            ("adviser", false) => format!("{}: {}", task.what, list.join(", ")),
            _ => task.what.to_owned(),
        },
        due_on: task.due_on,
        done_on: None,
        done_by_name: String::new(),
        words: String::new(),
    };
    let rows = tasks(form, row.starts_on, cmd.today).into_iter().enumerate().map(task).collect();
    Ok(people::add_tasks(&mut cmd.tx, cmd.by.org, rows).await?)
}

/// The Direct Debit and the promises of a living person end with the death, whoever hears of it first (BS-06).
pub(crate) async fn end_what_death_ends(cmd: &mut Command, customer: CustomerId, number: &str) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let words = format!("The payer has died ({number})");
    cancel_all(cmd, customer.0, &words).await?;
    for promise in plans::promises_of_customer(&mut cmd.tx, org, customer).await? {
        if plans::decide_promise(&mut cmd.tx, org, promise.id, "withdrawn", today).await? {
            plans::end_holds_of_promise(&mut cmd.tx, org, promise.id, today).await?;
            cmd.tell("PromiseWithdrawn", format!("promise {}", promise.id), &words);
        }
    }
    Ok(())
}
