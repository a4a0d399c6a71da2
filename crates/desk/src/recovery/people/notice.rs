//! Taking in what we are told of a person: a notice of breathing space, a death, an insolvency, post that comes back.
use super::confirm::{CaseStands, put_in_force};
use super::matching::{LikelyCustomer, candidates};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::{find, refuse_cards};
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::law::HoldReason;
use sundry_domain::recovery::person_case::refusals::NOTICE_TWICE;
use sundry_domain::recovery::{EventForm, EventKind};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::people::{self, CaseRow};

/// What we were told.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeNotice {
    /// Idempotency key.
    pub key: String,
    /// Stored name of the domain's `EventForm`: standard, crisis, death, bankruptcy, dro, gone and so on.
    pub form: String,
    /// The name as told.
    pub person: String,
    /// Their date of birth.
    pub born_on: Option<NaiveDate>,
    /// Their address as told.
    pub address: String,
    /// An account number or reference of ours, as told.
    pub account: String,
    /// The customer, where it is known; then nothing is left to match.
    pub customer: String,
    /// Who told us.
    pub source: String,
    /// Their reference; needed for breathing space.
    pub reference: String,
    /// What the other side is: debt adviser, trustee, executor.
    pub contact_role: String,
    /// Their name.
    pub contact_name: String,
    /// Their address.
    pub contact_address: String,
    /// Their e-mail address.
    pub contact_email: String,
    /// When it came; today when not said.
    pub received_on: Option<NaiveDate>,
    /// First day: of the moratorium as the notice says it, of the order, of the death.
    pub starts_on: Option<NaiveDate>,
    /// Last day, where the notice names one: it wins over what the law would give.
    pub ends_on: Option<NaiveDate>,
    /// Numbers of the debts it names; all that were owed on the first day where it names none.
    pub debts: Vec<String>,
    /// The adviser has confirmed a second standard moratorium within twelve months.
    pub confirmed_by_adviser: bool,
    /// Anything else, in words.
    pub words: String,
}

impl TakeNotice {
    fn check(&self, today: NaiveDate) -> Result<(EventForm, NaiveDate), Vec<Invalid>> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, message: String, typed: String| wrong.push(Invalid::field(field, message, typed));
        let form = EventForm::parse(&self.form);
        if form.is_none() {
            say("form", "Choose what happened from the list".into(), self.form.clone());
        }
        if self.customer.trim().is_empty() && self.person.trim().is_empty() {
            say("person", "Enter the name in the notice, or choose the customer".into(), self.person.clone());
        }
        if self.source.trim().is_empty() {
            say("source", "Enter who told us".into(), self.source.clone());
        }
        let kind = form.map(EventForm::kind);
        if kind == Some(EventKind::BreathingSpace) && self.reference.trim().is_empty() {
            say("reference", "Enter the reference in the notice".into(), self.reference.clone());
        }
        let gone = kind == Some(EventKind::GoneAway);
        if self.starts_on.is_none() && !gone {
            say("starts_on", "Enter the first day, as the notice has it".into(), String::new());
        }
        let starts_on = self.starts_on.unwrap_or(today);
        if kind == Some(EventKind::Deceased) && starts_on > today {
            say("starts_on", format!("Enter a date up to {}", written(today)), starts_on.to_string());
        }
        if let Some(last) = self.ends_on.filter(|last| *last < starts_on) {
            say("ends_on", format!("Enter a date on or after {}", written(starts_on)), last.to_string());
        }
        if let Some(day) = self.received_on.filter(|day| *day > today) {
            say("received_on", format!("Enter a date up to {}", written(today)), day.to_string());
        }
        if let Some(day) = self.born_on.filter(|day| *day > today) {
            say("born_on", format!("Enter a date up to {}", written(today)), day.to_string());
        }
        let several = |field: &str| matches!(field, "address" | "contact_address" | "words");
        let (words, lines): (Vec<_>, Vec<_>) = self.texts().into_iter().partition(|&(field, _)| several(field));
        wrong.extend(lines_wrong(&lines, 500));
        wrong.extend(words_wrong(&words, 500));
        let days = [("starts_on", self.starts_on), ("ends_on", self.ends_on), ("received_on", self.received_on)];
        wrong.extend(days_wrong(&days, today));
        match form {
            Some(form) if wrong.is_empty() => Ok((form, starts_on)),
            _ => Err(wrong),
        }
    }

    fn texts(&self) -> [(&'static str, &str); 10] {
        [
            ("person", &self.person),
            ("address", &self.address),
            ("account", &self.account),
            ("source", &self.source),
            ("reference", &self.reference),
            ("contact_role", &self.contact_role),
            ("contact_name", &self.contact_name),
            ("contact_address", &self.contact_address),
            ("contact_email", &self.contact_email),
            ("words", &self.words),
        ]
    }
}

/// Takes in what we were told. With the customer named it counts from now; else it is matched, a customer who fits
/// beyond doubt is held, and somebody says today whose it is.
///
/// # Errors
/// Duty; fields; `BS-NOTICE-TWICE` for a reference that came before; `BS-01-TOO-SOON`.
pub async fn take_notice(desk: &Desk, by: &Actor, ask: TakeNotice) -> Outcome<CaseStands> {
    by.must_hold(Duty::SetFlags)?;
    let (form, starts_on) = ask.check(desk.today())?;
    refuse_cards(&ask.texts())?;
    command!(desk, by, "take_notice", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = match ask.customer.trim() {
            "" => None,
            number => Some(find(&mut cmd.tx, org, number).await?),
        };
        let reference = ask.reference.trim();
        if !reference.is_empty() {
            let before = people::case_of_reference(&mut cmd.tx, org, form.kind().as_str(), reference).await?;
            if let Some(before) = before {
                let sentence = format!("{reference} was taken in before as {}", before.number);
                return Err(NOTICE_TWICE.because(sentence).into());
            }
        }
        let mut row = blank(cmd, &ask, form, starts_on).await?;
        let Some(customer) = customer else {
            let said = (ask.person.as_str(), ask.address.as_str(), ask.account.as_str());
            let found = candidates(&mut cmd.tx, org, cmd.today, said, ask.born_on).await?;
            row.candidates = serde_json::to_value(&found)?;
            row.hold_id = hold_the_one(cmd, &row.number, form.kind(), &found).await?;
            people::add_case(&mut cmd.tx, org, &row).await?;
            cmd.tell("NoticeTaken", format!("case {}", row.number), told(&row));
            return Ok(CaseStands::of(&row, found));
        };
        people::add_case(&mut cmd.tx, org, &row).await?;
        cmd.tell("NoticeTaken", format!("case {}", row.number), told(&row));
        put_in_force(cmd, &mut row, &customer, (&ask.debts, ask.confirmed_by_adviser)).await?;
        Ok(CaseStands::of(&row, Vec::new()))
    })
}

/// What the trail keeps: not that it is a crisis, which says something of health.
pub(super) fn told(row: &CaseRow) -> serde_json::Value {
    serde_json::json!({ "kind": row.kind, "reference": row.reference, "starts_on": row.starts_on, "ends_on": row.ends_on })
}

async fn blank(cmd: &mut Command, ask: &TakeNotice, form: EventForm, starts_on: NaiveDate) -> Outcome<CaseRow> {
    let trim = |text: &str| text.trim().to_owned();
    Ok(CaseRow {
        id: cmd.id(),
        number: format!("PC-{:06}", cmd.next_number("PC").await?),
        kind: form.kind().as_str().into(),
        form: form.as_str().into(),
        state: "to_match".into(),
        customer_id: None,
        candidates: serde_json::json!([]),
        hold_id: None,
        person: trim(&ask.person),
        born_on: ask.born_on,
        address: trim(&ask.address),
        account: trim(&ask.account),
        source: trim(&ask.source),
        reference: trim(&ask.reference),
        contact_role: trim(&ask.contact_role),
        contact_name: trim(&ask.contact_name),
        contact_address: trim(&ask.contact_address),
        contact_email: trim(&ask.contact_email),
        received_on: ask.received_on.unwrap_or(cmd.today),
        starts_on,
        ends_on: ask.ends_on,
        treatment_ended_on: None,
        flag_id: None,
        words: trim(&ask.words),
        owner: cmd.by.name.clone(),
        opened_by_name: cmd.by.name.clone(),
        confirmed_by_name: String::new(),
        confirmed_on: None,
        closed_on: None,
        outcome: String::new(),
        recorded_at: cmd.at,
        version: 1,
    })
}

/// The one customer who fits beyond doubt is left alone while a person looks.
async fn hold_the_one(
    cmd: &mut Command,
    number: &str,
    kind: EventKind,
    found: &[LikelyCustomer],
) -> Outcome<Option<i64>> {
    let reason = match kind {
        EventKind::BreathingSpace => HoldReason::BreathingSpace,
        EventKind::Deceased => HoldReason::Deceased,
        EventKind::Insolvent => HoldReason::Insolvency,
        EventKind::GoneAway => HoldReason::GoneAway,
    };
    let strong: Vec<&LikelyCustomer> = found.iter().filter(|one| one.strong).collect();
    let [only] = strong.as_slice() else { return Ok(None) };
    let customer = find(&mut cmd.tx, cmd.by.org, &only.number).await?;
    let words = format!("{number} may be about this customer: somebody says so today");
    Ok(Some(crate::plans::hold_for(cmd, (customer.id, None), reason.as_str(), &words).await?))
}
