//! Escalation: to a role or a person by name, once for each rule, with one page of what was known then.
use super::categories::wrong_code_or_name;
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::delivery::write_mail;
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, Role};
use sundry_domain::customers::is_email;
use sundry_domain::ids::{ItemId, OrgId, QueryId};
use sundry_domain::money::Pence;
use sundry_domain::queries::{EscalationRule, rules_in_force};
use sundry_domain::refusal::Invalid;
use sundry_store::queries::escalations::{self, EscalationRow, RuleRow};
use sundry_store::queries::{self, QueryRow, evidence, questions};
use sundry_store::{Tx, ledger};

pub(super) async fn rules_of(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Outcome<Vec<EscalationRule>> {
    let of = |row: RuleRow| EscalationRule {
        code: row.code,
        name: row.name,
        after_days: row.after_days,
        least: Pence(row.least_pence),
        to_role: row.to_role,
        to_email: row.to_email,
        from_on: row.from_on,
        active: row.active,
    };
    let own: Vec<EscalationRule> = escalations::rules(tx, org).await?.into_iter().map(of).collect();
    Ok(rules_in_force(&own, day))
}

/// Notes that a query goes to somebody, and writes to them where an address is named.
pub(super) async fn escalate(cmd: &mut Command, id: QueryId, rule: &EscalationRule, day: NaiveDate) -> Outcome<()> {
    let org = cmd.by.org;
    let query = queries::query_of_id(&mut cmd.tx, org, id).await?;
    let query = query.ok_or_else(|| Fault::new("a query that is to be escalated is not there"))?;
    let row = EscalationRow {
        query_id: query.id,
        rule_code: rule.code.clone(),
        rule_name: rule.name.clone(),
        to_role: rule.to_role.clone(),
        to_email: rule.to_email.clone(),
        summary: summary(cmd, &query, rule, day).await?,
        escalated_on: day,
        recorded_at: cmd.at,
    };
    if !escalations::add_escalation(&mut cmd.tx, org, &row).await? {
        return Ok(());
    }
    let about = format!("query {}", query.number);
    if !rule.to_email.is_empty() {
        let subject = format!("{}: {}", query.number, rule.name);
        write_mail(cmd, &rule.to_email, (&subject, &row.summary), &about).await?;
    }
    let detail = serde_json::json!({ "rule": rule.code, "to_role": rule.to_role, "to_email": rule.to_email });
    cmd.tell("QueryEscalated", about, detail);
    Ok(())
}

/// One page: what is in query, for how long, on whom it waits, what was asked and answered. It names the reference and
/// not the customer.
async fn summary(cmd: &mut Command, query: &QueryRow, rule: &EscalationRule, day: NaiveDate) -> Outcome<String> {
    let org = cmd.by.org;
    let item = match query.item_id {
        Some(id) => ledger::item(&mut cmd.tx, org, ItemId(id)).await?,
        None => None,
    };
    let asked = questions::questions_of(&mut cmd.tx, org, QueryId(query.id)).await?;
    let files = evidence::evidence_of(&mut cmd.tx, org, &format!("query {}", query.number)).await?;
    let show = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    let mut lines = vec![
        format!("Query {}: {}", query.number, rule.name),
        format!("Written on {}", show(day)),
        String::new(),
        format!("In query: {}", Pence(query.disputed_pence)),
    ];
    match &item {
        Some(item) => lines.push(format!(
            "Invoice: {} of {}, due {}, {} open",
            item.number,
            show(item.dated_on),
            show(item.due_on),
            Pence(item.open_pence)
        )),
        None => lines.push("About the account as a whole".into()),
    }
    let or_nobody = |text: &str| if text.is_empty() { "nobody".to_owned() } else { text.to_owned() };
    lines.extend([
        format!("Category: {}", query.category.replace('_', " ")),
        format!("Service: {}", or_nobody(&query.service)),
        format!("Opened: {}", show(query.opened_on)),
        format!("To be answered by: {}, {} days ago", show(query.answer_by), (day - query.answer_by).num_days()),
        format!("Waits on: {}", or_nobody(&query.owner)),
        format!("Stands: {}", query.state.replace('_', " ")),
        format!("Files kept: {}", files.len()),
        String::new(),
        "Questions to services:".into(),
    ]);
    for one in &asked {
        let came = match one.answered_on {
            Some(on) => format!("answered on {}", show(on)),
            None => format!("not answered, due {}, reminders: {}", show(one.answer_by), one.reminders),
        };
        lines.push(format!("- {} on {}: {came}", or_nobody(&one.service), show(one.asked_on)));
    }
    if asked.is_empty() {
        lines.push("- none was asked".into());
    }
    lines.extend([
        String::new(),
        "To decide: credit the part in query, bill it again, or say why the charge stands.".into(),
        "Until then the part in query is not chased.".into(),
    ]);
    Ok(lines.join("\n"))
}

/// The rules as they hold today, those that do not count too.
pub async fn escalation_rules(desk: &Desk, by: &Actor) -> Outcome<Vec<EscalationRule>> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    rules_of(&mut desk.look().await?, by.org, desk.today()).await
}

/// Sets a rule from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetEscalation {
    /// Idempotency key.
    pub key: String,
    /// Stable code.
    pub code: String,
    /// For people.
    pub name: String,
    /// Working days after the answer was due.
    pub after_days: i64,
    /// At least so much is in query.
    pub least: Pence,
    /// The role it goes to.
    pub to_role: String,
    /// The address it is written to; empty where the role's list is enough.
    #[serde(default)]
    pub to_email: String,
    /// From which day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Whether it counts.
    pub active: bool,
}

/// The rule that was set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EscalationSet {
    /// Its code.
    pub code: String,
    /// From which day it is so.
    pub from_on: NaiveDate,
}

impl SetEscalation {
    fn wrong(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = wrong_code_or_name(&self.code, &self.name);
        if !(0..=250).contains(&self.after_days) {
            let say = "Enter how many working days after the answer was due, from 0 to 250";
            wrong.push(Invalid::field("after_days", say, self.after_days.to_string()));
        }
        if self.least < Pence::ZERO {
            wrong.push(Invalid::field("least", "Enter an amount of nothing or more", self.least.pounds()));
        }
        if Role::parse(&self.to_role).is_none() {
            wrong.push(Invalid::field("to_role", "Choose a role from the list", &self.to_role));
        }
        if !self.to_email.trim().is_empty() && !is_email(self.to_email.trim()) {
            wrong.push(Invalid::field("to_email", "Enter an e-mail address, like head@example.gov.uk", &self.to_email));
        }
        if let Some(day) = self.from_on.filter(|day| *day < today) {
            let say = format!("Enter a date on or after {}", today.format("%-d %B %Y"));
            wrong.push(Invalid::field("from_on", say, day.to_string()));
        }
        wrong
    }
}

/// Sets a rule from a day on.
///
/// # Errors
/// Duty; invalid fields.
pub async fn set_escalation(desk: &Desk, by: &Actor, ask: SetEscalation) -> Outcome<EscalationSet> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("name", &ask.name)])?;
    command!(desk, by, "set_escalation", &ask.key, &ask, |cmd| {
        let wrong = ask.wrong(cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let row = RuleRow {
            code: ask.code.clone(),
            from_on: ask.from_on.unwrap_or(cmd.today),
            name: ask.name.trim().into(),
            after_days: ask.after_days,
            least_pence: ask.least.0,
            to_role: ask.to_role.clone(),
            to_email: ask.to_email.trim().into(),
            active: ask.active,
        };
        let who = (cmd.by.user.0, cmd.at);
        escalations::set_rule(&mut cmd.tx, cmd.by.org, &row, who).await?;
        cmd.tell("EscalationSet", format!("escalation {}", row.code), &ask);
        Ok(EscalationSet { code: row.code, from_on: row.from_on })
    })
}
