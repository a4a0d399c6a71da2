//! What every use case of Direct Debit needs: the service user, the calendar, mandates, sealed details.
use super::service_user::Agreed;
use crate::core::command::Command;
use crate::core::vault::Vault;
use crate::delivery::add_missing_templates;
use crate::{Desk, Fault, No, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sundry_domain::calendar::{Calendar, Nation};
use sundry_domain::cash::direct_debit::refusals::{NO_SERVICE_USER, RUN_CHANGED};
use sundry_domain::cash::direct_debit::{MandateEvent, MandateState};
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::mandates::{self, MandateRow, ServiceUserRow};

const TEMPLATES: [&str; 3] = [
    include_str!("templates/dd_confirmation.json"),
    include_str!("templates/dd_notice.json"),
    include_str!("templates/dd_unpaid.json"),
];

/// Puts the letters of Direct Debit into an organisation that lacks them.
pub(crate) async fn seed(cmd: &mut Command) -> Outcome<()> {
    add_missing_templates(cmd, &TEMPLATES).await
}

/// The service user and what was agreed for it.
pub(super) struct Site {
    pub row: ServiceUserRow,
    pub agreed: Agreed,
}

pub(super) async fn site(tx: &mut Tx, org: OrgId) -> Outcome<Site> {
    let row = mandates::service_users(tx, org).await?.into_iter().next();
    let row = row.ok_or_else(|| NO_SERVICE_USER.because("No service user is set up for Direct Debit"))?;
    let agreed = serde_json::from_value(row.settings.clone())?;
    Ok(Site { row, agreed })
}

/// Bacs goes by the calendar of England and Wales.
pub(super) fn england(desk: &Desk) -> Calendar {
    desk.book().calendar(Nation::EnglandAndWales).clone()
}

/// A sort code and an account number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Details {
    pub sort_code: String,
    pub account: String,
}

impl Details {
    pub fn shown(&self) -> String {
        self.account[self.account.len().saturating_sub(4)..].to_owned()
    }
}

/// Seals details for one row, such as `mandate/7`.
pub(super) fn seal(vault: &Vault, org: OrgId, row: &str, details: &Details) -> Outcome<String> {
    vault.seal_text(org.0, row, &format!("{} {}", details.sort_code, details.account))
}

/// Opens them again.
pub(super) fn unseal(vault: &Vault, org: OrgId, row: &str, sealed: &str) -> Outcome<Details> {
    let broken = || No::Fault(Fault::new(format!("the bank details of {row} cannot be read")));
    let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| broken())?;
    let text = String::from_utf8(vault.open_sealed(org.0, row, &bytes)?).map_err(|_| broken())?;
    let (sort_code, account) = text.split_once(' ').ok_or_else(broken)?;
    Ok(Details { sort_code: sort_code.into(), account: account.into() })
}

pub(super) fn of_mandate(id: i64) -> String {
    format!("mandate/{id}")
}

pub(super) fn of_instruction(id: i64) -> String {
    format!("dd_instruction/{id}")
}

pub(super) fn of_service_user(sun: &str) -> String {
    format!("dd_service_user/{sun}")
}

/// The mandate with a reference.
pub(super) async fn find_mandate(tx: &mut Tx, org: OrgId, reference: &str) -> Outcome<MandateRow> {
    let row = mandates::mandate_called(tx, org, reference.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("mandate {}", reference.trim())))
}

pub(super) async fn mandate_of(tx: &mut Tx, org: OrgId, id: i64) -> Outcome<MandateRow> {
    Ok(mandates::mandate(tx, org, id).await?.ok_or_else(|| Fault::new("a mandate is gone"))?)
}

pub(super) fn state_of(mandate: &MandateRow) -> Outcome<MandateState> {
    Ok(MandateState::parse(&mandate.state).ok_or_else(|| Fault::new("a mandate's state cannot be read"))?)
}

/// Takes a mandate a step on, and tells it: why stands beside the trail, not in it.
pub(super) async fn step(cmd: &mut Command, mandate: &mut MandateRow, event: MandateEvent, why: &str) -> Outcome<()> {
    let to = state_of(mandate)?.after(event)?;
    mandate.state = to.as_str().into();
    mandate.state_reason = why.to_owned();
    mandate.state_on = cmd.today;
    save(cmd, mandate).await?;
    let detail = serde_json::json!({ "step": event.as_str(), "state": to.as_str() });
    cmd.tell_why("MandateChanged", format!("mandate {}", mandate.reference), detail, why);
    Ok(())
}

/// Saves a mandate, unless somebody else did meanwhile.
pub(super) async fn save(cmd: &mut Command, mandate: &mut MandateRow) -> Outcome<()> {
    if !mandates::change_mandate(&mut cmd.tx, cmd.by.org, mandate).await? {
        return Err(changed(&format!("Mandate {}", mandate.reference)));
    }
    mandate.version += 1;
    Ok(())
}

/// Somebody was quicker.
pub(super) fn changed(what: &str) -> No {
    RUN_CHANGED.because(format!("{what} has changed since it was read")).into()
}
