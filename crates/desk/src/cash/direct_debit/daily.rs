//! Once a day: instructions that nobody returned are active, and those that nobody used sleep (DD-08).
use super::common::{england, site};
use crate::core::actor::Actor;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_months;
use sundry_domain::cash::direct_debit::DORMANT_MONTHS;
use sundry_store::mandates;

/// What a day did to mandates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgedMandates {
    /// Now active.
    pub activated: Vec<String>,
    /// Now dormant.
    pub dormant: Vec<String>,
}

/// Ages mandates for a day; asked again for the same day, it answers the same. Without a service user it does nothing.
pub async fn age_mandates(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<AgedMandates> {
    if mandates::service_users(&mut desk.look().await?, by.org).await?.is_empty() {
        return Ok(AgedMandates::default());
    }
    let key = format!("dd/age/{day}");
    command!(desk, by, "age_mandates", &key, &day, |cmd| {
        let org = cmd.by.org;
        let agreed = site(&mut cmd.tx, org).await?.agreed;
        let settled = england(&cmd.desk).add(day, -agreed.settle_days)?;
        let activated = mandates::activate_lodged(&mut cmd.tx, org, settled, day).await?;
        let since = add_months(day, -DORMANT_MONTHS);
        let why = "No collection for 24 months";
        let dormant = mandates::let_sleep(&mut cmd.tx, org, since, day, why).await?;
        let names = |rows: Vec<(String,)>| -> Vec<String> { rows.into_iter().map(|row| row.0).collect() };
        let aged = AgedMandates { activated: names(activated), dormant: names(dormant) };
        for reference in &aged.activated {
            cmd.tell("MandateActive", format!("mandate {reference}"), "Nobody returned the instruction");
        }
        for reference in &aged.dormant {
            cmd.tell("MandateDormant", format!("mandate {reference}"), why);
        }
        cmd.tell("MandatesAged", format!("mandates on {day}"), &aged);
        Ok(aged)
    })
}
