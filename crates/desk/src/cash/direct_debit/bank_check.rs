//! The modulus check: weight tables loaded with a version, and a number checked against the one in force.
use super::common::Details;
use crate::core::actor::Actor;
use crate::core::vault::sha256_hex;
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::{BAD_ACCOUNT, NO_TABLE, TABLE_DIFFERS};
use sundry_domain::control::Duty;
use sundry_domain::customers::modulus::{ModulusTable, Verdict, normalised};
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::mandates::{self, ModulusTableRow};

/// Loads a version of the published weight table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadModulusTable {
    /// Idempotency key.
    pub key: String,
    /// As its publisher calls it: 7.70.
    pub version: String,
    /// The day it counts from.
    pub effective_on: NaiveDate,
    /// The weights file.
    pub weights: String,
    /// The substitutions file.
    pub substitutes: String,
}

/// It is loaded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ModulusLoaded {
    /// Version.
    pub version: String,
    /// Rows of weights.
    pub rows: usize,
    /// Substitutions.
    pub substitutes: usize,
    /// Whether the same bytes were there before.
    pub was_there: bool,
}

/// Loads a table. One wrong line refuses the whole of it, and the old one stays.
///
/// # Errors
/// Duty; every wrong line; `DD-12-TABLE-DIFFERS`.
pub async fn load_modulus_table(desk: &Desk, by: &Actor, ask: LoadModulusTable) -> Outcome<ModulusLoaded> {
    by.must_hold(Duty::ManageSettings)?;
    let table = ModulusTable::parse(&ask.version, ask.effective_on, &ask.weights, &ask.substitutes)?;
    let sha256 = sha256_hex(format!("{}\n--\n{}", ask.weights, ask.substitutes).as_bytes());
    let (rows, substitutes) = (table.rows.len(), table.substitutes.len());
    let asked = (&table.version, table.effective_on, &sha256);
    command!(desk, by, "load_modulus_table", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let before = mandates::modulus_table_called(&mut cmd.tx, org, &table.version).await?;
        if let Some(row) = &before
            && row.sha256 != sha256
        {
            let sentence = format!("Version {} was loaded before with other contents", table.version);
            return Err(TABLE_DIFFERS.because(sentence).into());
        }
        let was_there = before.is_some();
        if !was_there {
            let row = ModulusTableRow {
                version: table.version.clone(),
                effective_on: table.effective_on,
                sha256: sha256.clone(),
                body: serde_json::to_value(&table)?,
                loaded_by: cmd.by.name.clone(),
                recorded_at: cmd.at,
            };
            mandates::add_modulus_table(&mut cmd.tx, org, &row).await?;
        }
        cmd.tell("ModulusTableLoaded", format!("modulus table {}", table.version), asked);
        Ok(ModulusLoaded { version: table.version.clone(), rows, substitutes, was_there })
    })
}

/// Version and first day of the table in force today, if one is loaded.
pub async fn modulus_table_in_force(desk: &Desk, by: &Actor) -> Outcome<Option<(String, NaiveDate)>> {
    by.must_hold(Duty::View)?;
    let row = mandates::modulus_table(&mut desk.look().await?, by.org, desk.today()).await?;
    Ok(row.map(|row| (row.version, row.effective_on)))
}

/// What the check says of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankChecked {
    /// valid, invalid or not_checkable.
    pub verdict: Verdict,
    /// Version of the table.
    pub version: String,
    /// The sort code as it will be used.
    pub sort_code: String,
    /// The account number as it will be used.
    pub account: String,
}

/// Checks a sort code and an account number (CUS-11).
///
/// # Errors
/// Fields; `DD-12-NO-TABLE`.
pub async fn check_bank(desk: &Desk, by: &Actor, sort_code: &str, account: &str) -> Outcome<BankChecked> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    checked(&mut look, by.org, desk.today(), sort_code, account).await
}

pub(super) async fn checked(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    sort_code: &str,
    account: &str,
) -> Outcome<BankChecked> {
    let (sort_code, account) = normalised(sort_code, account)?;
    let row = mandates::modulus_table(tx, org, today).await?;
    let row = row.ok_or_else(|| NO_TABLE.because("No weight table is loaded, so no account number can be checked"))?;
    let table: ModulusTable = serde_json::from_value(row.body)?;
    let verdict = table.check(&sort_code, &account).verdict;
    Ok(BankChecked { verdict, version: table.version, sort_code, account })
}

/// Details that may be saved, with how they were checked; a failing pair is refused (DD-12).
pub(super) async fn must_be_possible(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    sort_code: &str,
    account: &str,
) -> Outcome<(Details, String)> {
    let checked = checked(tx, org, today, sort_code, account).await?;
    let how = match checked.verdict {
        Verdict::Invalid => {
            let ending = &checked.account[checked.account.len().saturating_sub(4)..];
            let sentence = format!("The account number ending {ending} is not possible for this sort code");
            return Err(No::from(BAD_ACCOUNT.because(sentence)));
        }
        Verdict::Valid => "valid",
        Verdict::NotCheckable => "not_checkable",
    };
    let details = Details { sort_code: checked.sort_code, account: checked.account };
    Ok((details, format!("{how} by {}", checked.version)))
}
