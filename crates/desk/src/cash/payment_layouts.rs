//! How collection agents lay out their payment files, written by people beside the layouts of banks' CSV.
use super::common::check_words;
use super::csv_profiles::{CsvProfileSaved, newest, row};
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_formats::bank_statement::{Layout, layouts};
use sundry_store::Tx;
use sundry_store::bank_files::{self as store, CsvProfileRow};

/// Keeps a layout as a new version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavePaymentLayout {
    /// Idempotency key.
    pub key: String,
    /// The layout, under its own name.
    pub layout: Layout,
    /// What changed, or why.
    #[serde(default)]
    pub note: String,
}

/// Whether what is kept is the layout of a payment file, and not of a bank's CSV.
pub(super) fn is_of_payments(row: &CsvProfileRow) -> bool {
    row.layout.get("records").is_some()
}

/// The layouts in use that people of an organisation wrote.
pub(super) async fn own_layouts(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Layout>> {
    let rows = newest(store::csv_profiles(tx, org).await?);
    let own = rows.into_iter().filter(|row| row.in_use && is_of_payments(row));
    own.map(|row| Ok(serde_json::from_value(row.layout)?)).collect()
}

/// Every layout by which a payment file can be imported: one's own, then those that ship as examples.
///
/// # Errors
/// Duty.
pub async fn payment_layouts(desk: &Desk, by: &Actor) -> Outcome<Vec<Layout>> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let mut look = desk.look().await?;
    let mut all = own_layouts(&mut look, by.org).await?;
    let ships = layouts().iter().filter(|one| !all.iter().any(|own| own.name == one.name)).cloned();
    let ships: Vec<Layout> = ships.collect();
    all.extend(ships);
    Ok(all)
}

/// Keeps a layout; the same as before is no new version.
///
/// # Errors
/// Duty; everything wrong with the layout, at its place; a name that a bank's CSV has.
pub async fn save_payment_layout(desk: &Desk, by: &Actor, ask: SavePaymentLayout) -> Outcome<CsvProfileSaved> {
    by.must_hold(Duty::ManageSettings)?;
    check_words(&[("note", &ask.note)])?;
    let problems = ask.layout.problems();
    if !problems.is_empty() {
        let wrong = |p: sundry_formats::FormatProblem| Invalid::field(&p.at, p.message, "");
        return Err(problems.into_iter().map(wrong).collect::<Vec<_>>().into());
    }
    let layout = serde_json::to_value(&ask.layout)?;
    command!(desk, by, "save_payment_layout", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let name = ask.layout.name.clone();
        let last = newest(store::csv_profiles(&mut cmd.tx, org).await?).into_iter().find(|row| row.name == name);
        if last.as_ref().is_some_and(|row| !is_of_payments(row)) {
            return Err(Invalid::field("name", "A layout of a bank's CSV has this name", &name).into());
        }
        let before = last.as_ref().map_or(0, |row| row.version);
        let same = last.is_some_and(|row| row.in_use && row.layout == layout);
        let version = if same { before } else { before + 1 };
        if !same {
            let kept = row(cmd, &name, version, layout.clone(), &ask.note, true);
            store::add_csv_profile(&mut cmd.tx, org, &kept).await?;
        }
        let told = serde_json::json!({ "version": version, "layout": layout });
        cmd.tell("PaymentLayoutSaved", format!("payment file layout {name}"), told);
        Ok(CsvProfileSaved { name, version, changed: !same })
    })
}
