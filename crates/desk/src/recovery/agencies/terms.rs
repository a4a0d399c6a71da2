//! An agency and its terms: commission, settlement, the data-sharing agreement.
use crate::core::typed::{all_right, days_wrong, lines_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::is_email;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::recovery::agency_refusals::AGENCY_CHANGED;
use sundry_domain::refusal::Invalid;
use sundry_store::agency::{self as store, AgencyRow};

/// Sets an agency's terms; a new code opens the agency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SetAgency {
    /// Idempotency key.
    pub key: String,
    /// Short code, ours.
    pub code: String,
    /// The version that was read; 0 for a new agency.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Where their letters go; may be empty.
    #[serde(default)]
    pub email: String,
    /// What they call us.
    #[serde(default)]
    pub client_code: String,
    /// Commission on a first placement, in hundredths of a per cent.
    pub first_bp: i64,
    /// Commission on a later placement.
    pub second_bp: i64,
    /// VAT on commission.
    pub vat_bp: i64,
    /// net or invoiced.
    pub settlement: String,
    /// Days after a recall for which their contract still gives commission.
    #[serde(default)]
    pub after_recall_days: i64,
    /// Least balance they take.
    pub least: Pence,
    /// The agreement lets us tell that someone needs extra care.
    #[serde(default)]
    pub shares_vulnerable: bool,
    /// The agreement lets us tell dates of birth.
    #[serde(default)]
    pub shares_birth: bool,
    /// Reference of the data-sharing agreement.
    #[serde(default)]
    pub agreement: String,
    /// Its first day; none where there is no agreement yet.
    #[serde(default)]
    pub agreement_from: Option<NaiveDate>,
    /// Its last day.
    #[serde(default)]
    pub agreement_to: Option<NaiveDate>,
    /// Whether debts may be placed.
    pub active: bool,
}

/// The terms as they stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgencySet {
    /// Code.
    pub code: String,
    /// Version.
    pub version: i64,
}

fn check(ask: &SetAgency, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let code = ask.code.trim();
    if code.is_empty() || code.len() > 12 || !code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        wrong.push(Invalid::field("code", "Enter up to 12 capital letters and digits", &ask.code));
    }
    if ask.name.trim().is_empty() {
        wrong.push(Invalid::field("name", "Enter the agency's name, up to 100 characters", &ask.name));
    }
    if !ask.email.trim().is_empty() && !is_email(ask.email.trim()) {
        wrong.push(Invalid::field("email", "Enter an e-mail address such as name@example.org", &ask.email));
    }
    for (field, rate) in [("first_bp", ask.first_bp), ("second_bp", ask.second_bp), ("vat_bp", ask.vat_bp)] {
        if !(0..=5_000).contains(&rate) {
            wrong.push(Invalid::field(field, "Enter a rate from 0 to 50 per cent", rate.to_string()));
        }
    }
    if !["net", "invoiced"].contains(&ask.settlement.as_str()) {
        wrong.push(Invalid::field("settlement", "Choose net or invoiced", &ask.settlement));
    }
    if !(0..=90).contains(&ask.after_recall_days) {
        let typed = ask.after_recall_days.to_string();
        wrong.push(Invalid::field("after_recall_days", "Enter a number of days from 0 to 90", typed));
    }
    if ask.least < Pence::ZERO || ask.least > LARGEST {
        wrong.push(Invalid::field("least", "Enter an amount of £0.00 or more", ask.least.pounds()));
    }
    if ask.agreement_from.is_some() == ask.agreement.trim().is_empty() {
        let say = "Enter the agreement's reference and its first day, or neither";
        wrong.push(Invalid::field("agreement", say, &ask.agreement));
    }
    if let (Some(from), Some(to)) = (ask.agreement_from, ask.agreement_to)
        && to < from
    {
        wrong.push(Invalid::field("agreement_to", "Enter a day after the agreement's first day", to.to_string()));
    }
    wrong.extend(lines_wrong(&[("name", &ask.name), ("agreement", &ask.agreement)], 100));
    wrong.extend(lines_wrong(&[("email", &ask.email)], 254));
    wrong.extend(lines_wrong(&[("client_code", &ask.client_code)], 40));
    let days = [("agreement_from", ask.agreement_from), ("agreement_to", ask.agreement_to)];
    wrong.extend(days_wrong(&days, today));
    wrong
}

/// Sets an agency's terms. Rates hold for what is placed from now on: a placement keeps the rate it went out at.
///
/// # Errors
/// Duty; fields; `REC-07-CHANGED`.
pub async fn set_agency(desk: &Desk, by: &Actor, ask: SetAgency) -> Outcome<AgencySet> {
    by.must_hold(Duty::ManageSettings)?;
    all_right(check(&ask, desk.today()))?;
    refuse_cards(&[
        ("code", &ask.code),
        ("name", &ask.name),
        ("email", &ask.email),
        ("client_code", &ask.client_code),
        ("agreement", &ask.agreement),
    ])?;
    command!(desk, by, "set_agency", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let before = store::agency(&mut cmd.tx, org, ask.code.trim()).await?;
        let row = AgencyRow {
            id: before.as_ref().map_or_else(|| cmd.id::<i64>(), |row| row.id),
            code: ask.code.trim().into(),
            name: ask.name.trim().into(),
            email: ask.email.trim().into(),
            client_code: ask.client_code.trim().into(),
            first_bp: ask.first_bp,
            second_bp: ask.second_bp,
            vat_bp: ask.vat_bp,
            settlement: ask.settlement.clone(),
            after_recall_days: ask.after_recall_days,
            least_pence: ask.least.0,
            shares_vulnerable: ask.shares_vulnerable,
            shares_birth: ask.shares_birth,
            agreement: ask.agreement.trim().into(),
            agreement_from: ask.agreement_from,
            agreement_to: ask.agreement_to,
            bank_account_id: before.as_ref().and_then(|row| row.bank_account_id),
            active: ask.active,
            actor_id: cmd.by.user.0,
            recorded_at: cmd.at,
            version: if before.is_some() { ask.version } else { 1 },
        };
        let done = match &before {
            Some(_) => store::change_agency(&mut cmd.tx, org, &row).await?,
            None => ask.version == 0 && store::add_agency(&mut cmd.tx, org, &row).await?,
        };
        if !done {
            let sentence = format!("{} was changed by someone else while you had it open", row.code);
            return Err(AGENCY_CHANGED.because(sentence).into());
        }
        cmd.tell("AgencySet", format!("agency {}", row.code), &ask);
        let version = if before.is_some() { row.version + 1 } else { 1 };
        Ok(AgencySet { code: row.code, version })
    })
}
