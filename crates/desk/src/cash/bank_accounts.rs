//! Our accounts at banks.
use super::common::check_words;
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ledger::GlRole;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::{self, BankAccountRow};
use sundry_store::ledger;

/// Adds a bank account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddBankAccount {
    /// Idempotency key.
    pub key: String,
    /// Name people know it by.
    pub name: String,
    /// Sort code; empty to let the first file say.
    pub sort_code: String,
    /// Account number; empty to let the first file say.
    pub account: String,
}

/// The account that was added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankAccountAdded {
    /// Its id.
    pub id: i64,
}

/// Adds a bank account that posts to the bank GL code.
///
/// # Errors
/// Duty; a name that is empty or taken.
pub async fn add_bank_account(desk: &Desk, by: &Actor, ask: AddBankAccount) -> Outcome<BankAccountAdded> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("name", &ask.name)])?;
    if ask.name.trim().is_empty() {
        return Err(Invalid::field("name", "Enter the name of the account", &ask.name).into());
    }
    command!(desk, by, "add_bank_account", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let accounts = cash::bank_accounts(&mut cmd.tx, org).await?;
        if accounts.iter().any(|a| a.name.eq_ignore_ascii_case(ask.name.trim())) {
            return Err(Invalid::field("name", "Another account has this name", &ask.name).into());
        }
        let codes = ledger::gl_codes(&mut cmd.tx, org).await?;
        let bank = codes.into_iter().find(|c| c.role == GlRole::Bank.as_str()).map(|c| c.code).unwrap_or_default();
        let row = BankAccountRow {
            id: cmd.id::<i64>(),
            name: ask.name.trim().to_owned(),
            print: desk.vault().bank_print(org.0, &ask.sort_code, &ask.account).unwrap_or_default(),
            shown: last_digits(&ask.account),
            gl_code: bank,
        };
        cash::add_bank_account(&mut cmd.tx, org, &row).await?;
        cmd.tell("BankAccountAdded", format!("bank account {}", row.name), serde_json::json!({ "shown": row.shown }));
        Ok(BankAccountAdded { id: row.id })
    })
}

/// Our bank accounts.
///
/// # Errors
/// Duty.
pub async fn bank_accounts(desk: &Desk, by: &Actor) -> Outcome<Vec<BankAccountRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(cash::bank_accounts(&mut look, by.org).await?)
}

/// The last four digits or letters of an account.
pub(super) fn last_digits(account: &str) -> String {
    let plain: Vec<char> = account.chars().filter(char::is_ascii_alphanumeric).collect();
    plain[plain.len().saturating_sub(4)..].iter().collect()
}
