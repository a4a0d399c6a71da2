//! Asking the instance whether the set-up is right: nothing is changed there, and what stopped us is over if it is.
use super::client::Client;
use super::settings::setting;
use crate::core::command::answer_to;
use crate::delivery::may_write_outside;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_store::queries::servicenow_setting::go_on;

/// Asks it whether it lets us in and has the fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckServiceNow {
    /// Idempotency key.
    pub key: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNowChecked {
    /// Nothing is wrong.
    pub right: bool,
    /// What was found, in sentences.
    pub findings: Vec<String>,
}

/// Asks for one case. Where it lets us in, looks go on that had stopped.
///
/// # Errors
/// Duty; `SERVICENOW-NOT-SET`; `DLV-NOTHING-LEAVES`. What it says no to is a finding.
pub async fn check_servicenow(desk: &Desk, by: &Actor, ask: CheckServiceNow) -> Outcome<ServiceNowChecked> {
    by.must_hold(Duty::ManageSettings)?;
    if let Some(before) = answer_to(desk, by, ("check_servicenow", &ask.key), &ask).await? {
        return Ok(before);
    }
    may_write_outside(desk)?;
    let row = setting(&mut desk.look().await?, by.org).await?;
    let mut findings = Vec::new();
    let mut let_in = false;
    match Client::of(desk, by.org, &row)?.any().await {
        Ok(Some(record)) => {
            let_in = true;
            let own = [&row.category_field, &row.invoice_field, &row.account_field, &row.amount_field];
            let usual = ["state", "short_description", "description", "correlation_id", "close_notes"];
            let asked = usual.into_iter().chain(own.into_iter().map(String::as_str).filter(|name| !name.is_empty()));
            let missing = asked.filter(|name| !record.contains_key(*name));
            findings.extend(missing.map(|name| format!("The table {} shows us no field {name}", row.case_table)));
        }
        Ok(None) => {
            let_in = true;
            findings.push(format!("The table {} has no case that we see, so its fields are not known", row.case_table));
        }
        Err(no) => findings.push(no.words()),
    }
    if row.request_user.is_empty() {
        findings.push("Nobody asks for invoices in its name, so such cases wait for a person".into());
    }
    let checked = ServiceNowChecked { right: findings.is_empty(), findings };
    command!(desk, by, "check_servicenow", &ask.key, &ask, |cmd| {
        if let_in {
            go_on(&mut cmd.tx, cmd.by.org).await?;
        }
        cmd.tell("ServiceNowChecked", "ServiceNow", &checked);
        Ok(checked.clone())
    })
}
