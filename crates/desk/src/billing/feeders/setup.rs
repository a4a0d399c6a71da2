//! A feeder's set-up: which heading is which field, how customers are known, what stands where a row says nothing.
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::billing::VatCode;
use sundry_domain::billing::feeders::Field;
use sundry_domain::billing::feeders::refusals::CHANGED;
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::feeders::{self as store, FeederRow};
use sundry_store::ledger::gl_codes;

/// Sets a feeder up, or changes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SetFeeder {
    /// Idempotency key.
    pub key: String,
    /// Code: `LICENCES`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Our field to their heading; a field left out has no column.
    pub columns: BTreeMap<String, String>,
    /// `number`, or the kind of reference by which they know customers; number when empty.
    pub customer_by: String,
    /// VAT code where a row says none; O when empty.
    pub vat_code: String,
    /// Income code where a row says none; the organisation's first when empty.
    pub income_code: String,
    /// Cost centre where a row says none.
    pub cost_centre: String,
    /// Service where a row says none.
    pub service: String,
    /// Debt type of its invoices.
    pub debt_type: String,
    /// Whether amounts include VAT.
    pub gross: bool,
    /// What the first cell of the row of totals says; `#TOTAL` when empty.
    pub trailer: String,
    /// Who puts rejects right.
    pub rejects_to: String,
    /// Whether it takes no files.
    pub off: bool,
    /// The version that was read; none for a new feeder.
    pub seen_version: Option<i64>,
}

/// A feeder that was set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeederSet {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: i64,
}

/// A feeder as it is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeederShown {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Our field to their heading.
    pub columns: BTreeMap<String, String>,
    /// `number`, or the kind of reference by which they know customers.
    pub customer_by: String,
    /// VAT code where a row says none.
    pub vat_code: String,
    /// Income code where a row says none.
    pub income_code: String,
    /// Cost centre where a row says none.
    pub cost_centre: String,
    /// Service where a row says none.
    pub service: String,
    /// Debt type of its invoices.
    pub debt_type: String,
    /// Whether amounts include VAT.
    pub gross: bool,
    /// What the first cell of the row of totals says.
    pub trailer: String,
    /// Who puts rejects right.
    pub rejects_to: String,
    /// Whether it takes files.
    pub active: bool,
    /// Who changed it last.
    pub changed_by: String,
    /// Rises with each change.
    pub version: i64,
}

impl From<FeederRow> for FeederShown {
    fn from(row: FeederRow) -> FeederShown {
        FeederShown {
            columns: columns_of(&row),
            code: row.code,
            name: row.name,
            customer_by: row.customer_by,
            vat_code: row.vat_code,
            income_code: row.income_code,
            cost_centre: row.cost_centre,
            service: row.service,
            debt_type: row.debt_type,
            gross: row.gross,
            trailer: row.trailer,
            rejects_to: row.rejects_to,
            active: row.active,
            changed_by: row.changed_by_name,
            version: row.version,
        }
    }
}

/// Our field to their heading, as kept.
pub(super) fn columns_of(row: &FeederRow) -> BTreeMap<String, String> {
    serde_json::from_value(row.columns.clone()).unwrap_or_default()
}

/// Sets a feeder up, or changes it.
///
/// # Errors
/// Every invalid field at once; `BIL-08-CHANGED` when someone changed it since it was read.
pub async fn set_feeder(desk: &Desk, by: &Actor, ask: SetFeeder) -> Outcome<FeederSet> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("name", &ask.name), ("rejects_to", &ask.rejects_to), ("service", &ask.service)])?;
    command!(desk, by, "set_feeder", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let income: Vec<String> =
            gl_codes(&mut cmd.tx, org).await?.into_iter().filter(|code| code.role == "INC").map(|c| c.code).collect();
        let kinds = store::rows::reference_kinds(&mut cmd.tx, org).await?;
        let wrong = faults(&ask, &income, &kinds);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let code = ask.code.trim().to_uppercase();
        let there = store::feeder(&mut cmd.tx, org, &code).await?;
        let seen = there.as_ref().map(|row| row.version);
        if seen != ask.seen_version {
            let sentence = if seen.is_none() {
                format!("There is no feeder {code}")
            } else {
                format!("{code} is not as you read it")
            };
            return Err(CHANGED.because(sentence).into());
        }
        let mut row = row_of(&ask, &income)?;
        row.changed_by_name = cmd.by.name.clone();
        row.recorded_at = cmd.at;
        let version = match there {
            Some(there) => {
                let changed = FeederRow { id: there.id, recorded_at: there.recorded_at, version: there.version, ..row };
                if !store::change_feeder(&mut cmd.tx, org, &changed).await? {
                    return Err(CHANGED.because(format!("{code} is not as you read it")).into());
                }
                there.version + 1
            }
            None => {
                row.id = cmd.id();
                store::add_feeder(&mut cmd.tx, org, row).await?;
                1
            }
        };
        cmd.tell("FeederSet", format!("feeder {code}"), &ask);
        Ok(FeederSet { code, version })
    })
}

fn row_of(ask: &SetFeeder, income: &[String]) -> Outcome<FeederRow> {
    let or = |text: &str, default: &str| {
        let text = text.trim();
        if text.is_empty() { default.to_owned() } else { text.to_owned() }
    };
    let first = income.first().cloned().unwrap_or_default();
    let filled = ask.columns.iter().filter(|(_, heading)| !heading.trim().is_empty());
    let columns: BTreeMap<&String, &str> = filled.map(|(field, heading)| (field, heading.trim())).collect();
    Ok(FeederRow {
        id: 0,
        code: ask.code.trim().to_uppercase(),
        name: ask.name.trim().into(),
        columns: serde_json::to_value(columns)?,
        customer_by: or(&ask.customer_by, "number"),
        vat_code: or(&ask.vat_code, "O").to_uppercase(),
        income_code: or(&ask.income_code, &first),
        cost_centre: ask.cost_centre.trim().into(),
        service: ask.service.trim().into(),
        debt_type: ask.debt_type.trim().into(),
        gross: ask.gross,
        trailer: or(&ask.trailer, "#TOTAL"),
        rejects_to: ask.rejects_to.trim().into(),
        active: !ask.off,
        changed_by_name: String::new(),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        version: 1,
    })
}

fn faults(ask: &SetFeeder, income: &[String], kinds: &[String]) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    let code = ask.code.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if code.is_empty() || code.len() > 20 || !code.chars().all(fits) {
        say("code", "Enter a code of at most 20 letters and digits", &ask.code);
    }
    if ask.name.trim().is_empty() || ask.name.chars().count() > 80 {
        say("name", "Enter the system's name, in at most 80 characters", &ask.name);
    }
    if ask.rejects_to.trim().is_empty() || ask.rejects_to.chars().count() > 80 {
        say("rejects_to", "Enter who puts rejects right: a team or a person", &ask.rejects_to);
    }
    if !matches!(ask.customer_by.trim(), "" | "number") && !kinds.iter().any(|kind| kind == ask.customer_by.trim()) {
        let known = [&["number".to_owned()], kinds].concat().join(", ");
        say("customer_by", &format!("Enter how they know customers: {known}"), &ask.customer_by);
    }
    if !ask.vat_code.trim().is_empty() && VatCode::parse(&ask.vat_code.trim().to_uppercase()).is_none() {
        say("vat_code", "Choose S, R, Z, E or O", &ask.vat_code);
    }
    if !ask.income_code.trim().is_empty() && !income.iter().any(|code| code == ask.income_code.trim()) {
        say("income_code", "Choose an income code from the list", &ask.income_code);
    }
    for (field, text) in [
        ("cost_centre", &ask.cost_centre),
        ("service", &ask.service),
        ("debt_type", &ask.debt_type),
        ("trailer", &ask.trailer),
    ] {
        if text.chars().count() > 60 {
            say(field, "Enter at most 60 characters", text);
        }
    }
    for name in ask.columns.keys().filter(|name| Field::parse(name).is_none()) {
        say(name, "There is no such field", name);
    }
    let heading = |field: &Field| ask.columns.get(field.as_str()).map_or("", |heading| heading.trim());
    for field in Field::ALL {
        let typed = heading(field);
        if field.is_needed() && typed.is_empty() {
            say(field.as_str(), "Enter the heading of this column: every feeder needs it", "");
        }
        let same = |other: &&Field| other.place() < field.place() && heading(other).eq_ignore_ascii_case(typed);
        if !typed.is_empty() && Field::ALL.iter().any(|other| same(&other)) {
            say(field.as_str(), "Another field has this heading", typed);
        }
        if typed.chars().count() > 80 {
            say(field.as_str(), "Enter at most 80 characters", typed);
        }
    }
    wrong
}

/// Whoever sees accounts sees feeders; so does whoever sets them up.
pub(super) fn may_look(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ManageSettings) { Ok(()) } else { Ok(by.must_hold(Duty::View)?) }
}

/// The feeders, by code.
pub async fn feeders(desk: &Desk, by: &Actor) -> Outcome<Vec<FeederShown>> {
    may_look(by)?;
    Ok(store::feeders(&mut desk.look().await?, by.org).await?.into_iter().map(FeederShown::from).collect())
}

/// One feeder.
///
/// # Errors
/// Absent when there is none with this code.
pub async fn feeder(desk: &Desk, by: &Actor, code: &str) -> Outcome<FeederShown> {
    may_look(by)?;
    Ok(found(&mut desk.look().await?, by, code).await?.into())
}

pub(super) async fn found(tx: &mut Tx, by: &Actor, code: &str) -> Outcome<FeederRow> {
    let code = code.trim().to_uppercase();
    let row = store::feeder(tx, by.org, &code).await?;
    row.ok_or_else(|| No::Absent(format!("feeder {code}")))
}

/// What can be chosen in a set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeederChoices {
    /// Kinds of reference by which customers are known.
    pub reference_kinds: Vec<String>,
    /// Income codes: code and name.
    pub income_codes: Vec<(String, String)>,
}

/// What can be chosen in a set-up.
///
/// # Errors
/// Only who sets feeders up is told.
pub async fn feeder_choices(desk: &Desk, by: &Actor) -> Outcome<FeederChoices> {
    by.must_hold(Duty::ManageSettings)?;
    let mut look = desk.look().await?;
    let reference_kinds = store::rows::reference_kinds(&mut look, by.org).await?;
    let codes = gl_codes(&mut look, by.org).await?.into_iter().filter(|code| code.role == "INC");
    Ok(FeederChoices { reference_kinds, income_codes: codes.map(|code| (code.code, code.name)).collect() })
}
