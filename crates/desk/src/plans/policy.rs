//! The site's policy on plans, and the spending guidelines it holds under its own licence: data, changed by settings.
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::{BasisPoints, LARGEST, Pence};
use sundry_domain::plans::{Budget, Guideline, LineKind, PlanPolicy};
use sundry_domain::refusal::Invalid;
use sundry_store::control::{self, OrganisationRow};

/// A month's guideline for a kind of spending of a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseGuideline {
    /// communications, food or personal.
    pub kind: String,
    /// Grown-ups in the household.
    pub adults: u32,
    /// Children in it.
    pub children: u32,
    /// A month, in pence.
    pub monthly_pence: i64,
}

/// What a site decides of plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSettings {
    /// Who grants what, the least instalments, the days of grace.
    pub policy: PlanPolicy,
    /// The site's own spending guidelines; none are shipped.
    #[serde(default)]
    pub guidelines: Vec<HouseGuideline>,
    /// Savings up to this share of what is left are not asked about.
    #[serde(default = "tenth")]
    pub savings_basis_points: i64,
}

fn tenth() -> i64 {
    1_000
}

impl Default for PlanSettings {
    fn default() -> Self {
        PlanSettings { policy: PlanPolicy::default(), guidelines: Vec::new(), savings_basis_points: tenth() }
    }
}

impl PlanSettings {
    pub(super) fn of(site: &OrganisationRow) -> Outcome<PlanSettings> {
        match site.settings.get("plans") {
            Some(kept) => Ok(serde_json::from_value(kept.clone())?),
            None => Ok(PlanSettings::default()),
        }
    }

    /// What there is to say of a budget, in sentences.
    pub(super) fn findings(&self, budget: &Budget) -> Vec<String> {
        let of_house = |row: &&HouseGuideline| row.adults == budget.adults && row.children == budget.children;
        let guide = |row: &HouseGuideline| {
            Some(Guideline { kind: LineKind::parse(&row.kind)?, monthly: Pence(row.monthly_pence) })
        };
        let guidelines: Vec<Guideline> = self.guidelines.iter().filter(of_house).filter_map(guide).collect();
        let found = budget.findings(&guidelines, BasisPoints(self.savings_basis_points));
        found.into_iter().map(|one| one.sentence).collect()
    }

    fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let policy = &self.policy;
        for (field, amount) in [
            ("least_weekly", policy.least_weekly),
            ("least_monthly", policy.least_monthly),
            ("token_below", policy.token_below),
        ] {
            if !(0..=MOST).contains(&amount.0) {
                wrong.push(Invalid::field(field, "Enter an amount up to £10,000", amount.to_string()));
            }
        }
        for (field, days) in [
            ("tolerance_days", policy.tolerance_days),
            ("cure_days", policy.cure_days),
            ("break_days", policy.break_days),
        ] {
            if !(0..=90).contains(&days) {
                wrong.push(Invalid::field(field, "Enter from 0 to 90 days", days.to_string()));
            }
        }
        if !(1..=24).contains(&policy.review_months) {
            let typed = policy.review_months.to_string();
            wrong.push(Invalid::field("review_months", "Enter from 1 to 24 months between reviews", typed));
        }
        if policy.business_months > 60 {
            let typed = policy.business_months.to_string();
            wrong.push(Invalid::field("business_months", "Enter from 0 to 60 months", typed));
        }
        if !(0..=10_000).contains(&self.savings_basis_points) {
            let typed = BasisPoints(self.savings_basis_points).to_string();
            wrong.push(Invalid::field("savings", "Enter from 0% to 100%", typed));
        }
        if self.guidelines.len() > 1_000 {
            let typed = self.guidelines.len().to_string();
            wrong.push(Invalid::field("guidelines", "Enter up to 1,000 guidelines", typed));
        }
        self.check_bands(&mut wrong);
        self.check_guidelines(&mut wrong);
        wrong
    }

    fn check_bands(&self, wrong: &mut Vec<Invalid>) {
        let bands = &self.policy.bands;
        if !bands.windows(2).all(|pair| pair[0].approver < pair[1].approver) {
            wrong.push(Invalid::field("bands", "Put the bands in order, the least standing first", ""));
        }
        for (row, band) in (1..).zip(bands) {
            if !(1..=240).contains(&band.months) {
                let typed = band.months.to_string();
                wrong.push(Invalid::row(row, "bands.months", "Enter from 1 to 240 months", typed));
            }
            if band.up_to <= Pence::ZERO || band.up_to > LARGEST {
                let typed = band.up_to.to_string();
                wrong.push(Invalid::row(
                    row,
                    "bands.up_to",
                    format!("Enter an amount above £0, up to {LARGEST}"),
                    typed,
                ));
            }
        }
    }

    fn check_guidelines(&self, wrong: &mut Vec<Invalid>) {
        for (row, one) in (1..).zip(&self.guidelines) {
            if !matches!(one.kind.as_str(), "communications" | "food" | "personal") {
                let say = "Enter communications, food or personal";
                wrong.push(Invalid::row(row, "guidelines.kind", say, &one.kind));
            }
            if !(1..=20).contains(&one.adults) {
                let typed = one.adults.to_string();
                wrong.push(Invalid::row(row, "guidelines.adults", "Enter from 1 to 20 adults", typed));
            }
            if one.children > 20 {
                let typed = one.children.to_string();
                wrong.push(Invalid::row(row, "guidelines.children", "Enter up to 20 children", typed));
            }
            if !(0..=MOST).contains(&one.monthly_pence) {
                let typed = one.monthly_pence.to_string();
                let say = "Enter a month's spending up to £10,000";
                wrong.push(Invalid::row(row, "guidelines.monthly", say, typed));
            }
        }
    }
}

/// Most that a least instalment or a guideline of a month can be, in pence.
const MOST: i64 = 1_000_000;
/// Where the site keeps who changed the policy last.
const CHANGED: &str = "plans_changed";

/// Who changed the policy last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSettingsChange {
    /// Their name then.
    pub by: String,
    /// On which day.
    pub on: NaiveDate,
}

/// Reads the site: who keeps the settings sees no accounts, and must see these.
async fn site_of(desk: &Desk, by: &Actor) -> Outcome<OrganisationRow> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let mut look = desk.look().await?;
    Ok(control::organisation(&mut look, by.org).await?.ok_or_else(|| Fault::new("no organisation"))?)
}

/// The site's policy on plans and its guidelines.
///
/// # Errors
/// Duty.
pub async fn plan_settings(desk: &Desk, by: &Actor) -> Outcome<PlanSettings> {
    PlanSettings::of(&site_of(desk, by).await?)
}

/// Who changed the policy last; none where nobody has, or nobody wrote it down.
///
/// # Errors
/// Duty.
pub async fn plan_settings_change(desk: &Desk, by: &Actor) -> Outcome<Option<PlanSettingsChange>> {
    let site = site_of(desk, by).await?;
    Ok(site.settings.get(CHANGED).map(|kept| serde_json::from_value(kept.clone())).transpose()?)
}

/// Changes the site's policy on plans; plans that run keep the days they were agreed with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangePlanSettings {
    /// Idempotency key.
    pub key: String,
    /// All of it.
    pub settings: PlanSettings,
}

/// Changes the policy.
///
/// # Errors
/// Duty; what is out of bounds.
pub async fn change_plan_settings(desk: &Desk, by: &Actor, ask: ChangePlanSettings) -> Outcome<PlanSettings> {
    by.must_hold(Duty::ManageSettings)?;
    let wrong = ask.settings.check();
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "change_plan_settings", &ask.key, &ask, |cmd| {
        let site = control::organisation(&mut cmd.tx, cmd.by.org).await?;
        let mut site = site.ok_or_else(|| Fault::new("no organisation"))?;
        let before = PlanSettings::of(&site)?;
        let serde_json::Value::Object(all) = &mut site.settings else {
            return Err(Fault::new("settings that cannot be read").into());
        };
        all.insert("plans".into(), serde_json::to_value(&ask.settings)?);
        let change = PlanSettingsChange { by: cmd.by.name.clone(), on: cmd.today };
        all.insert(CHANGED.into(), serde_json::to_value(change)?);
        control::set_organisation(&mut cmd.tx, &site).await?;
        let detail = serde_json::json!({ "before": before, "after": ask.settings });
        cmd.tell("PlanSettingsChanged", "plans", detail);
        Ok(ask.settings.clone())
    })
}
