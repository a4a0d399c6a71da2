//! Which services a person asks for invoices of.
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::requests::OwnService;
use sundry_domain::control::Duty;
use sundry_domain::ids::UserId;
use sundry_domain::refusal::Invalid;
use sundry_store::control::user_by_name;
use sundry_store::control_services::{PersonService, all_services, set_services};

/// Says which services a person asks for, in place of those they had.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPersonServices {
    /// Idempotency key.
    pub key: String,
    /// Sign-in name.
    pub sign_in_name: String,
    /// The services; none takes them all away.
    pub services: Vec<OwnService>,
}

/// Services that were set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonServicesSet {
    /// Sign-in name.
    pub sign_in_name: String,
    /// How many.
    pub services: i64,
}

/// Says which services a person asks for.
///
/// # Errors
/// Absent when there is no such user here; invalid services.
pub async fn set_person_services(desk: &Desk, by: &Actor, ask: SetPersonServices) -> Outcome<PersonServicesSet> {
    by.must_hold(Duty::ManageUsers)?;
    let mut all: Vec<(String, String)> = Vec::new();
    for (row, one) in (1..).zip(&ask.services) {
        refuse_cards(&[("service", &one.service), ("cost centre", &one.cost_centre)])?;
        let (service, centre) = (one.service.trim(), one.cost_centre.trim());
        if service.is_empty() || service.chars().count() > 60 || centre.chars().count() > 60 {
            let say = "Enter a service, and if needed a cost centre, of at most 60 characters each";
            return Err(Invalid::row(row, "services", say, service).into());
        }
        all.push((service.to_owned(), centre.to_owned()));
    }
    all.sort();
    all.dedup();
    command!(desk, by, "set_person_services", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let user = user_by_name(&mut cmd.tx, ask.sign_in_name.trim()).await?.filter(|user| user.org_id == org.0);
        let user = user.ok_or_else(|| No::Absent(format!("user {}", ask.sign_in_name.trim())))?;
        let at = (cmd.by.name.clone(), cmd.at);
        set_services(&mut cmd.tx, org, UserId(user.id), &all, (&at.0, at.1)).await?;
        cmd.tell("PersonServicesSet", format!("user {}", user.sign_in_name), &all);
        Ok(PersonServicesSet { sign_in_name: user.sign_in_name, services: all.len() as i64 })
    })
}

/// Everyone's services.
pub async fn person_services(desk: &Desk, by: &Actor) -> Outcome<Vec<PersonService>> {
    by.must_hold(Duty::ManageUsers)?;
    Ok(all_services(&mut desk.look().await?, by.org).await?)
}
