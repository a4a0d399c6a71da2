//! Opening a contract: everything wrong with it is told at once, at its field.
use super::facts::{Shared, charge_terms, payer_of, rate_of, shared};
use super::typed::{quantity, rate, share, stored};
use crate::core::command::Command;
use crate::customers::{find, refuse_cards};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::VatCode;
use sundry_domain::billing::contracts::{Agreement, Cycle, Share, Unit, check_agreement, check_service_user};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::contracts::{
    self as rows, ContractChangeRow, ContractLineRow, ContractPayerRow, ContractRateRow, ContractRow,
};
use sundry_store::ledger::gl_codes;

/// A charge of a contract, as typed: at a rate card's rate or at one of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewCharge {
    /// What it is for; the rate card's words when empty.
    pub description: String,
    /// Code of a rate card; empty for a rate of its own.
    pub card: String,
    /// The rate card's line.
    pub service_code: String,
    /// day, week, month, quarter, year, term, period or hour; the card's own when it has one.
    pub unit: String,
    /// Pounds with up to four decimals; empty where a rate card has it.
    pub rate: String,
    /// How many, with up to four decimals; 1 when empty.
    pub quantity: String,
    /// S, R, Z, E or O; the card's own when it has one.
    pub vat_code: String,
    /// Income code; the card's own, or the organisation's first.
    pub income_code: String,
    /// The clause it rests on.
    pub clause: String,
    /// Whether what was delivered is charged, and not the plan.
    pub by_activity: bool,
    /// Of activity at most so many a week; no limit when empty.
    pub agreed: String,
}

/// A payer of a contract, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewPayer {
    /// Customer number.
    pub customer: String,
    /// `60%`, `£20.00` for each unit of the rate, or `rest`.
    pub share: String,
    /// The charge it is for, from 1; every one when not said.
    pub line: Option<i64>,
    /// Takes the odd pennies; the first payer where nobody is said to.
    pub lead: bool,
    /// Their purchase order.
    pub po_number: String,
}

/// Opens a contract.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddContract {
    /// Idempotency key.
    pub key: String,
    /// Reference of the service user in the case system, never a name; empty where there is none.
    #[serde(default)]
    pub service_user: String,
    /// Service.
    #[serde(default)]
    pub service: String,
    /// Debt type.
    #[serde(default)]
    pub debt_type: String,
    /// Cost centre.
    #[serde(default)]
    pub cost_centre: String,
    /// weekly, four_weekly, four_weekly_long, monthly, quarter_days, scottish_quarter_days, quarterly, yearly or termly.
    pub cycle: String,
    /// Whether it is billed before the period.
    #[serde(default)]
    pub in_advance: bool,
    /// First day of the service.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Whether the first day is not charged.
    #[serde(default)]
    pub skip_first_day: bool,
    /// Whether the last day, of discharge, is not charged.
    #[serde(default)]
    pub skip_last_day: bool,
    /// Days to pay; the customer's own when not said.
    #[serde(default)]
    pub terms_days: Option<i64>,
    /// The contract's own reference.
    #[serde(default)]
    pub reference: String,
    /// Its charges.
    pub lines: Vec<NewCharge>,
    /// Who pays.
    pub payers: Vec<NewPayer>,
}

/// A contract as it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractAdded {
    /// Its number.
    pub number: String,
    /// The first day on which a run bills it.
    pub next_on: Option<NaiveDate>,
}

/// A contract that was read and found whole.
struct Draft {
    service_user: String,
    cycle: Cycle,
    next_on: Option<NaiveDate>,
    lines: Vec<ContractLineRow>,
    rates: Vec<ContractRateRow>,
    payers: Vec<ContractPayerRow>,
}

/// Says everything that is wrong with a contract, and opens nothing.
///
/// # Errors
/// As [`add_contract`].
pub async fn check_contract(desk: &Desk, by: &Actor, ask: &AddContract) -> Outcome<()> {
    by.must_hold(Duty::RaiseInvoice)?;
    let mut look = desk.look().await?;
    draft(&mut look, by, desk.clock().now(), ask).await.map(drop)
}

/// Opens a contract. Nothing is billed until a run.
///
/// # Errors
/// Every field to put right: a name where a reference is meant, an end before the start, rates that overlap, shares
/// that do not add up.
pub async fn add_contract(desk: &Desk, by: &Actor, ask: AddContract) -> Outcome<ContractAdded> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "add_contract", &ask.key, &ask, |cmd| {
        let (at, who) = (cmd.at, cmd.by.clone());
        let draft = draft(&mut cmd.tx, &who, at, &ask).await?;
        let added = keep(cmd, &ask, draft).await?;
        cmd.tell("ContractOpened", format!("contract {}", added.number), &ask);
        Ok(added)
    })
}

async fn keep(cmd: &mut Command, ask: &AddContract, draft: Draft) -> Outcome<ContractAdded> {
    let (org, id) = (cmd.by.org, cmd.id::<i64>());
    let number = format!("CON-{:06}", cmd.next_number("CON").await?);
    let row = ContractRow {
        id,
        number: number.clone(),
        service_user: draft.service_user,
        service: ask.service.trim().into(),
        debt_type: ask.debt_type.trim().into(),
        cost_centre: ask.cost_centre.trim().into(),
        cycle: draft.cycle.as_str().into(),
        in_advance: ask.in_advance,
        starts_on: ask.starts_on,
        ends_on: ask.ends_on,
        end_reason: String::new(),
        charge_first_day: !ask.skip_first_day,
        charge_last_day: !ask.skip_last_day,
        terms_days: ask.terms_days,
        reference: ask.reference.trim().into(),
        billed_to: add_days(ask.starts_on, -1),
        next_on: draft.next_on,
        recheck_from: None,
        recheck_why: String::new(),
        recorded_at: cmd.at,
        version: 1,
    };
    let opened = ContractChangeRow {
        contract_id: id,
        seq: 1,
        on_day: cmd.today,
        from_on: Some(ask.starts_on),
        what: "Opened".into(),
        why: ask.reference.trim().into(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    rows::add_contracts(&mut cmd.tx, org, vec![row]).await?;
    let lines = draft.lines.into_iter().map(|line| ContractLineRow { contract_id: id, ..line });
    rows::add_contract_lines(&mut cmd.tx, org, lines.collect()).await?;
    let rates = draft.rates.into_iter().map(|rate| ContractRateRow { contract_id: id, ..rate });
    rows::add_contract_rates(&mut cmd.tx, org, rates.collect()).await?;
    let payers = draft.payers.into_iter().map(|payer| ContractPayerRow { contract_id: id, ..payer });
    rows::add_contract_payers(&mut cmd.tx, org, payers.collect()).await?;
    rows::add_contract_changes(&mut cmd.tx, org, vec![opened]).await?;
    Ok(ContractAdded { number, next_on: draft.next_on })
}

async fn draft(tx: &mut Tx, by: &Actor, at: DateTime<Utc>, ask: &AddContract) -> Outcome<Draft> {
    refuse_cards(&texts(ask))?;
    let mut wrong = Vec::new();
    let service_user = check_service_user(&ask.service_user).unwrap_or_else(|fault| {
        wrong.push(fault);
        String::new()
    });
    let cycle = Cycle::parse(ask.cycle.trim());
    if cycle.is_none() {
        wrong.push(Invalid::field("cycle", "Choose how often it is billed", &ask.cycle));
    }
    if (ask.starts_on - at.date_naive()).num_days().abs() > 36_600 {
        wrong.push(Invalid::field("starts_on", "Enter a date within a hundred years", ask.starts_on.to_string()));
    }
    if ask.terms_days.is_some_and(|days| !(0..=365).contains(&days)) {
        let typed = ask.terms_days.map(|days| days.to_string()).unwrap_or_default();
        wrong.push(Invalid::field("terms_days", "Enter 0 to 365 days", typed));
    }
    let shared = shared(tx, by.org).await?;
    let (lines, rates) = read_lines(tx, by, at, ask, &shared, &mut wrong).await?;
    let payers = read_payers(tx, by.org, ask.starts_on, &ask.payers, &mut wrong).await?;
    let agreement = agreement(ask, cycle.unwrap_or(Cycle::Monthly), &shared, (&lines, &rates, &payers));
    // What could not be read has been told at its field; the rules speak of what could.
    let told: Vec<(Option<u64>, String)> = wrong.iter().map(|one| (one.row, one.field.clone())).collect();
    wrong.extend(
        check_agreement(&agreement)
            .into_iter()
            .filter(|fault| !told.iter().any(|(row, field)| *row == fault.row && *field == fault.field)),
    );
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let next_on = agreement.cycle.next_on(ask.in_advance, add_days(ask.starts_on, -1), &shared.terms);
    Ok(Draft { service_user, cycle: agreement.cycle, next_on, lines, rates, payers })
}

fn texts(ask: &AddContract) -> Vec<(&str, &str)> {
    let mut texts = vec![
        ("service_user", ask.service_user.as_str()),
        ("service", &ask.service),
        ("debt_type", &ask.debt_type),
        ("cost_centre", &ask.cost_centre),
        ("reference", &ask.reference),
    ];
    for line in &ask.lines {
        texts.extend([("description", line.description.as_str()), ("clause", &line.clause)]);
    }
    texts.extend(ask.payers.iter().map(|payer| ("po_number", payer.po_number.as_str())));
    texts
}

fn agreement(
    ask: &AddContract,
    cycle: Cycle,
    shared: &Shared,
    (lines, rates, payers): (&[ContractLineRow], &[ContractRateRow], &[ContractPayerRow]),
) -> Agreement {
    let of_line = |line: &ContractLineRow| {
        let dated = match line.card_id {
            Some(card) => shared.card_rates(card, &line.service_code),
            None => rates.iter().filter(|rate| rate.line == line.line).map(rate_of).collect(),
        };
        charge_terms(line, Unit::parse(&line.unit).unwrap_or(Unit::Week), dated)
    };
    Agreement {
        cycle,
        in_advance: ask.in_advance,
        starts_on: ask.starts_on,
        ends_on: ask.ends_on,
        charge_first_day: !ask.skip_first_day,
        charge_last_day: !ask.skip_last_day,
        lines: lines.iter().map(of_line).collect(),
        breaks: Vec::new(),
        payers: payers.iter().map(payer_of).collect(),
    }
}

type LinesRead = (Vec<ContractLineRow>, Vec<ContractRateRow>);

async fn read_lines(
    tx: &mut Tx,
    by: &Actor,
    at: DateTime<Utc>,
    ask: &AddContract,
    shared: &Shared,
    wrong: &mut Vec<Invalid>,
) -> Outcome<LinesRead> {
    let income: Vec<String> =
        gl_codes(tx, by.org).await?.into_iter().filter(|code| code.role == "INC").map(|code| code.code).collect();
    let cards = rows::rate_cards(tx, by.org).await?;
    let (mut lines, mut rates) = (Vec::new(), Vec::new());
    for (row, new) in (1..).zip(&ask.lines) {
        let mut say = |field: &str, message: &str, typed: &str| {
            wrong.push(Invalid::row(row, field, message, typed));
        };
        let card = cards.iter().find(|card| card.code.eq_ignore_ascii_case(new.card.trim()));
        if card.is_none() && !new.card.trim().is_empty() {
            say("card", "Choose a rate card from the list, or leave it empty and enter a rate", &new.card);
        }
        let service_code = new.service_code.trim().to_uppercase();
        let of_card = card.and_then(|card| shared.card_line(card.id, &service_code));
        if card.is_some() && of_card.is_none() {
            say("service_code", "Choose a service of this rate card", &new.service_code);
        }
        let or = |typed: &str, card: Option<&String>| match (typed.trim(), card) {
            ("", Some(card)) => card.clone(),
            (typed, _) => typed.to_owned(),
        };
        let unit = of_card.map_or_else(|| new.unit.trim().to_lowercase(), |line| line.unit.clone());
        if Unit::parse(&unit).is_none() && card.is_none() {
            say("unit", "Choose what the rate is for", &new.unit);
        }
        let many = quantity(&new.quantity);
        if many.is_none() {
            say("quantity", "Enter a number above zero with at most four decimals", &new.quantity);
        }
        let agreed = if new.agreed.trim().is_empty() { Some(0) } else { quantity(&new.agreed) };
        if agreed.is_none() || (!new.by_activity && agreed != Some(0)) {
            let say_so = if new.by_activity { "Enter a number above zero" } else { "Only activity has a limit" };
            say("agreed", say_so, &new.agreed);
        }
        if new.by_activity && many.is_some_and(|many| many != 10_000) {
            say("quantity", "Leave this empty: activity brings its own quantity", &new.quantity);
        }
        let vat = or(&new.vat_code, of_card.map(|line| &line.vat_code));
        let vat_code = VatCode::parse(&vat);
        if vat_code.is_none() {
            say("vat_code", "Choose S, R, Z, E or O", &new.vat_code);
        }
        let first_income = income.first();
        let income_code = or(&new.income_code, of_card.map(|line| &line.income_code).or(first_income));
        if !income.contains(&income_code) {
            say("income_code", "Choose an income code from the list", &new.income_code);
        }
        let line = row as i64;
        if card.is_none() {
            match rate(&new.rate) {
                Some(rate_e4) => rates.push(ContractRateRow {
                    contract_id: 0,
                    line,
                    from_on: ask.starts_on,
                    to_on: None,
                    rate_e4,
                    why: ask.reference.trim().to_owned(),
                    actor_name: by.name.clone(),
                    recorded_at: at,
                }),
                None => say("rate", "Enter a rate in pounds, above zero, with at most four decimals", &new.rate),
            }
        }
        lines.push(ContractLineRow {
            contract_id: 0,
            line,
            description: or(&new.description, of_card.map(|line| &line.description)),
            card_id: card.map(|card| card.id),
            service_code,
            unit,
            quantity_e4: many.unwrap_or(10_000),
            vat_code: vat_code.unwrap_or(VatCode::O).as_str().into(),
            income_code,
            clause: new.clause.trim().into(),
            by_activity: new.by_activity,
            agreed_e4: agreed.filter(|agreed| *agreed > 0),
            from_on: ask.starts_on,
            to_on: None,
        });
    }
    Ok((lines, rates))
}

/// Payers from a day on, as rows without a contract; the first leads where nobody is said to.
pub(super) async fn read_payers(
    tx: &mut Tx,
    org: OrgId,
    from_on: NaiveDate,
    payers: &[NewPayer],
    wrong: &mut Vec<Invalid>,
) -> Outcome<Vec<ContractPayerRow>> {
    let nobody_leads = !payers.iter().any(|payer| payer.lead);
    let mut all = Vec::with_capacity(payers.len());
    for (row, new) in (1..).zip(payers) {
        let customer = match find(tx, org, &new.customer).await {
            Ok(customer) => customer.id,
            Err(No::Absent(_)) => {
                wrong.push(Invalid::row(row, "customer", "Enter the number of a customer we have", &new.customer));
                // A customer that is not there is nobody else either.
                -(row as i64)
            }
            Err(other) => return Err(other),
        };
        let part = share(&new.share);
        if part.is_none() {
            let say = "Enter a percentage such as 60%, an amount such as £20.00, or the word rest";
            wrong.push(Invalid::row(row, "share", say, &new.share));
        }
        let (share, share_e4) = stored(part.unwrap_or(Share::Remainder));
        all.push(ContractPayerRow {
            contract_id: 0,
            seq: row as i64,
            customer_id: customer,
            line: new.line,
            from_on,
            to_on: None,
            share,
            share_e4,
            is_lead: new.lead || (nobody_leads && row == 1),
            po_number: new.po_number.trim().into(),
        });
    }
    Ok(all)
}
