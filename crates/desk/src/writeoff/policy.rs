//! Criteria and limits as dated data: asked for by one person, approved by another.
use super::facts::criteria_on;
use crate::approvals::{AskForApproval, WRITE_OFF_POLICY, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::days_wrong;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_domain::writeoff::Criteria;
use sundry_store::control::ApprovalRow;
use sundry_store::writeoff::{PolicyRow, policies, set_policies};

/// How the words of a criterion end whose value is pence.
const IN_PENCE: &str = ", in pence";

/// A criterion as it holds today, with what is to come.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyShown {
    /// Stored name.
    pub name: String,
    /// For people.
    pub words: String,
    /// What holds today: pence, days or months.
    pub value: i64,
    /// Every value that was set, oldest first.
    pub rows: Vec<PolicyRow>,
}

impl PolicyShown {
    /// Whether its value is pence.
    pub fn is_money(&self) -> bool {
        self.words.ends_with(IN_PENCE)
    }

    /// What it is, for people who read and type pounds.
    pub fn title(&self) -> &str {
        self.words.trim_end_matches(IN_PENCE)
    }
}

/// The criteria.
///
/// # Errors
/// Duty.
pub async fn policy(desk: &Desk, by: &Actor) -> Outcome<Vec<PolicyShown>> {
    by.must_hold(Duty::View).or_else(|no| by.must_hold(Duty::ManageSettings).map_err(|_| no))?;
    let mut look = desk.look().await?;
    let holds = criteria_on(&mut look, by.org, desk.today()).await?;
    let rows = policies(&mut look, by.org).await?;
    let shown = |(name, words, value): (&str, &str, i64)| PolicyShown {
        name: name.into(),
        words: words.into(),
        value,
        rows: rows.iter().filter(|row| row.name == name).cloned().collect(),
    };
    Ok(holds.named().into_iter().map(shown).collect())
}

/// Changes criteria from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangePolicy {
    /// Idempotency key.
    pub key: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Stored names with their values.
    pub values: Vec<(String, i64)>,
}

/// What waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PolicyAsked {
    /// Approval number.
    pub approval: String,
}

/// The most that a criterion may be: a hundred years of days or of months, else so much money.
fn most_of(name: &str) -> i64 {
    match name {
        name if name.ends_with("_days") => 36_600,
        name if name.ends_with("_months") => 1_200,
        _ => 100_000_000_000,
    }
}

/// Asks to change criteria from a day on.
///
/// # Errors
/// Duty; invalid fields.
pub async fn change_policy(desk: &Desk, by: &Actor, ask: ChangePolicy) -> Outcome<PolicyAsked> {
    by.must_hold(Duty::ManageSettings)?;
    let mut wrong = Vec::new();
    let mut trial = Criteria::default();
    for (name, value) in &ask.values {
        if !trial.set(name, *value) {
            wrong.push(Invalid::field(name, "There is no criterion of this name", name));
        } else if !(0..=most_of(name)).contains(value) {
            let message = format!("Enter a whole number from 0 to {}", most_of(name));
            wrong.push(Invalid::field(name, message, value.to_string()));
        }
    }
    wrong.extend(days_wrong(&[("from_on", Some(ask.from_on))], desk.today()));
    if ask.values.is_empty() {
        wrong.push(Invalid::field("values", "Change at least one", ""));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "change_write_off_policy", &ask.key, &ask, |cmd| {
        if ask.from_on < cmd.today {
            return Err(Invalid::field("from_on", "Enter today or a later day", ask.from_on.to_string()).into());
        }
        let names: Vec<&str> = ask.values.iter().map(|(name, _)| name.as_str()).collect();
        let request = AskForApproval {
            command: WRITE_OFF_POLICY,
            summary: format!(
                "Criteria of write-offs from {}: {}",
                written(ask.from_on),
                names.join(", ").replace('_', " ")
            ),
            subject: format!("write-off criteria from {}", written(ask.from_on)),
            payload: serde_json::to_value(&ask)?,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("WriteOffPolicyAsked", format!("approval {approval}"), &ask);
        Ok(PolicyAsked { approval })
    })
}

/// Lets approved criteria hold.
pub(crate) async fn policy_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let ask: ChangePolicy = serde_json::from_value(approval.payload.clone())?;
    let row = |(name, value): &(String, i64)| PolicyRow {
        name: name.clone(),
        from_on: ask.from_on,
        value: *value,
        entered_by: approval.asked_by_name.clone(),
        approved_by: cmd.by.name.clone(),
    };
    let rows: Vec<PolicyRow> = ask.values.iter().map(row).collect();
    set_policies(&mut cmd.tx, cmd.by.org, &rows, cmd.at).await?;
    cmd.tell("WriteOffPolicySet", "write-off criteria".to_owned(), &rows);
    Ok(format!("from {}", written(ask.from_on)))
}
