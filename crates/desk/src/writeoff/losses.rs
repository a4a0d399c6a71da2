//! The losses and special payments register and the committee's report: the same rows, shown two ways.
use super::facts::criteria_on;
use crate::core::vault::hex;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::calendar::{fin_year, fin_year_name};
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::writeoff::{LossCategory, LossRow, WriteOffReason, loss_report, reason_name};
use sundry_store::writeoff::losses::{self, RegisterRow};

/// A row of the register.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegisterLine {
    /// Serial in the year: `2026/27-001`.
    pub serial: String,
    /// Category.
    pub category: String,
    /// Number of the write-off.
    pub case: String,
    /// A mark of the debtor that only this home can make; the same for all their cases.
    pub debtor: String,
    /// Service.
    pub service: String,
    /// When the debt arose.
    pub arisen_on: NaiveDate,
    /// When it was given up.
    pub approved_on: NaiveDate,
    /// Gross.
    pub gross_pence: i64,
    /// VAT relief, less what was repaid of it.
    pub relief_pence: i64,
    /// Money that came; a debt that is only pursued again has brought none.
    pub recovered_pence: i64,
    /// Why, for people.
    pub reason: String,
    /// What was done to recover it.
    pub actions: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: String,
    /// The schedule or approval.
    pub schedule: String,
    /// When the committee decided.
    pub committee_on: Option<NaiveDate>,
    /// Its minute.
    pub committee_minute: String,
    /// Referred to counter-fraud.
    pub counter_fraud: bool,
    /// Disclosed by itself in the accounts.
    pub disclosed: bool,
}

/// A category of the register in a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryTotal {
    /// Category.
    pub category: String,
    /// For people.
    pub name: String,
    /// Cases.
    pub cases: i64,
    /// Gross.
    pub gross_pence: i64,
    /// VAT relief, less what was repaid of it.
    pub relief_pence: i64,
    /// Money that came; a debt that is only pursued again has brought none.
    pub recovered_pence: i64,
}

/// The register of a financial year.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LossesRegister {
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// `2026/27`.
    pub year: String,
    /// Every case, by serial.
    pub rows: Vec<RegisterLine>,
    /// By category.
    pub totals: Vec<CategoryTotal>,
    /// Cases above this are disclosed one by one.
    pub disclosed_above_pence: i64,
}

async fn of_year(desk: &Desk, by: &Actor, year: Option<i64>) -> Outcome<(i64, Vec<RegisterRow>, Pence)> {
    by.must_hold(Duty::RunReports)?;
    let start_year = year.unwrap_or_else(|| i64::from(fin_year(desk.today())));
    if !(1900..=2199).contains(&start_year) {
        let typed = start_year.to_string();
        return Err(Invalid::field("year", "Enter a year from 1900 to 2199", typed).into());
    }
    let mut look = desk.look().await?;
    let disclosed = criteria_on(&mut look, by.org, desk.today()).await?.disclosed_from;
    Ok((start_year, losses::register(&mut look, by.org, start_year).await?, disclosed))
}

/// The losses and special payments register of a financial year; of this year when not said.
///
/// # Errors
/// Duty.
pub async fn losses_register(desk: &Desk, by: &Actor, year: Option<i64>) -> Outcome<LossesRegister> {
    let (start_year, rows, disclosed) = of_year(desk, by, year).await?;
    let year = fin_year_name(i32::try_from(start_year).unwrap_or(2000));
    let losses: Vec<LossRow> =
        rows.iter().filter_map(|row| loss_of(row, pseudonym(desk, by, row.customer_id))).collect();
    let report = loss_report(&losses, i32::try_from(start_year).unwrap_or_default());
    let totals = report.categories.iter().map(|(category, total)| CategoryTotal {
        category: category.as_str().into(),
        name: category.name().into(),
        cases: i64::from(total.cases),
        gross_pence: total.gross.0,
        relief_pence: total.vat_relief.0,
        recovered_pence: total.recovered.0,
    });
    let totals = totals.collect();
    let line = |row: RegisterRow| RegisterLine {
        serial: format!("{year}-{:03}", row.serial),
        debtor: pseudonym(desk, by, row.customer_id),
        reason: reason_of(&row.reason),
        disclosed: Pence(row.gross_pence) > disclosed,
        category: row.category,
        case: row.number,
        service: row.service,
        arisen_on: row.arisen_on,
        approved_on: row.approved_on,
        gross_pence: row.gross_pence,
        relief_pence: row.relief_pence,
        recovered_pence: row.recovered_pence,
        actions: row.words,
        proposed_by: row.proposed_by,
        approved_by: row.approved_by,
        schedule: row.schedule,
        committee_on: row.committee_on,
        committee_minute: row.committee_minute,
        counter_fraud: row.counter_fraud,
    };
    Ok(LossesRegister {
        start_year,
        rows: rows.into_iter().map(line).collect(),
        totals,
        disclosed_above_pence: disclosed.0,
        year,
    })
}

/// A row as the rules of the register count it.
fn loss_of(row: &RegisterRow, debtor_ref: String) -> Option<LossRow> {
    Some(LossRow {
        serial: u32::try_from(row.serial).ok()?,
        category: LossCategory::parse(&row.category)?,
        case_ref: row.number.clone(),
        debtor_ref,
        arisen_on: row.arisen_on,
        approved_on: row.approved_on,
        gross: Pence(row.gross_pence),
        vat_relief: Pence(row.relief_pence),
        recovered: Pence(row.recovered_pence),
        reason: WriteOffReason::parse(&row.reason)?,
        actions: row.words.clone(),
        approvers: vec![row.approved_by.clone()],
        committee_on: row.committee_on,
        counter_fraud: row.counter_fraud,
    })
}

fn reason_of(stored: &str) -> String {
    WriteOffReason::parse(stored).map_or(stored, |one| reason_name(one)).to_owned()
}

/// A mark that stands for a debtor in lists that leave the house.
fn pseudonym(desk: &Desk, by: &Actor, customer: i64) -> String {
    format!("D-{}", hex(&desk.vault().mark(by.org.0, "losses-register", &customer.to_be_bytes())[..4]).to_uppercase())
}

/// A group of the committee's report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommitteeGroup {
    /// Service, or reason.
    pub name: String,
    /// Cases.
    pub cases: i64,
    /// Gross.
    pub gross_pence: i64,
    /// VAT relief, less what was repaid of it.
    pub relief_pence: i64,
    /// Money that came; a debt that is only pursued again has brought none.
    pub recovered_pence: i64,
    /// Gross less the relief that stands and what is owed again, paid or not.
    pub net_pence: i64,
}

/// The committee's report of a financial year.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommitteeReport {
    /// Year in which the financial year starts.
    pub start_year: i64,
    /// `2026/27`.
    pub year: String,
    /// By reason, the largest first.
    pub by_reason: Vec<CommitteeGroup>,
    /// By service, the largest first.
    pub by_service: Vec<CommitteeGroup>,
    /// Of the whole year.
    pub total: CommitteeGroup,
    /// Cases above officers' limits or of at least £1,000.00, with names of organisations only.
    pub cases: Vec<(RegisterLine, String)>,
}

/// The committee's report of a financial year: no person is named.
///
/// # Errors
/// Duty.
pub async fn committee_report(desk: &Desk, by: &Actor, year: Option<i64>) -> Outcome<CommitteeReport> {
    let (start_year, rows, _) = of_year(desk, by, year).await?;
    let register = losses_register(desk, by, Some(start_year)).await?;
    let by_reason = groups(&rows, |row| reason_of(&row.reason));
    let by_service =
        groups(&rows, |row| if row.service.is_empty() { "No service".into() } else { row.service.clone() });
    let total = groups(&rows, |_| "All".into()).into_iter().next();
    let total = total.unwrap_or_else(|| CommitteeGroup {
        name: "All".into(),
        cases: 0,
        gross_pence: 0,
        relief_pence: 0,
        recovered_pence: 0,
        net_pence: 0,
    });
    let named = |row: &RegisterRow| {
        let individual = CustomerKind::parse(&row.customer_kind).is_none_or(CustomerKind::is_individual);
        if individual || row.customer_kind == "employee" { "A person".to_owned() } else { row.customer_name.clone() }
    };
    let large = |row: &RegisterRow| row.gross_pence >= 100_000 || row.committee_on.is_some();
    let names: Vec<Option<String>> = rows.iter().map(|row| large(row).then(|| named(row))).collect();
    let cases = register.rows.into_iter().zip(names).filter_map(|(line, name)| Some((line, name?))).collect();
    Ok(CommitteeReport { start_year, year: register.year, by_reason, by_service, total, cases })
}

fn groups(rows: &[RegisterRow], name: impl Fn(&RegisterRow) -> String) -> Vec<CommitteeGroup> {
    let mut all: BTreeMap<String, CommitteeGroup> = BTreeMap::new();
    for row in rows {
        let name = name(row);
        let group = all.entry(name.clone()).or_insert_with(|| CommitteeGroup {
            name,
            cases: 0,
            gross_pence: 0,
            relief_pence: 0,
            recovered_pence: 0,
            net_pence: 0,
        });
        group.cases += 1;
        group.gross_pence += row.gross_pence;
        group.relief_pence += row.relief_pence;
        group.recovered_pence += row.recovered_pence;
        group.net_pence += row.gross_pence - row.relief_pence - row.restored_pence;
    }
    let mut all: Vec<CommitteeGroup> = all.into_values().collect();
    all.sort_by_key(|group| std::cmp::Reverse(group.gross_pence));
    all
}

/// Says that a loss was, or was not, referred to counter-fraud.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReferLoss {
    /// Idempotency key.
    pub key: String,
    /// Number of the write-off.
    pub write_off: String,
    /// Yes or no.
    pub referred: bool,
}

/// Says in the register that a loss was referred to counter-fraud, or was not after all.
///
/// # Errors
/// Duty; absent loss.
pub async fn refer_loss(desk: &Desk, by: &Actor, ask: ReferLoss) -> Outcome<()> {
    by.must_hold(Duty::ApproveWriteOff)?;
    command!(desk, by, "refer_loss", &ask.key, &ask, |cmd| {
        if !losses::set_counter_fraud(&mut cmd.tx, cmd.by.org, ask.write_off.trim(), ask.referred).await? {
            return Err(No::Absent(format!("loss {}", ask.write_off.trim())));
        }
        cmd.tell("LossReferred", format!("write-off {}", ask.write_off.trim()), ask.referred);
        Ok(())
    })
}
