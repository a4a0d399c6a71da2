//! The site's policy on plans, and the spending guidelines it holds under its own licence: data, changed by settings.
use crate::{Actor, Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::{BasisPoints, LARGEST, Pence};
use sundry_domain::plans::{Budget, Guideline, LineKind, PlanPolicy};
use sundry_domain::refusal::Invalid;
use sundry_store::control::{self, OrganisationRow};

/// Most months of a band: no plan is counted beyond them.
const MOST_MONTHS: u32 = 1_200;

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
        let days = [policy.tolerance_days, policy.cure_days, policy.break_days];
        if days.iter().any(|days| !(0..=90).contains(days)) {
            wrong.push(Invalid::field("policy", "Enter from 0 to 90 days", format!("{days:?}")));
        }
        if !(1..=24).contains(&policy.review_months) {
            let typed = policy.review_months.to_string();
            wrong.push(Invalid::field("policy", "Enter from 1 to 24 months between reviews", typed));
        }
        let rising = policy.bands.windows(2).all(|pair| pair[0].approver < pair[1].approver);
        if !rising {
            wrong.push(Invalid::field("policy", "Put the bands in order, the least standing first", ""));
        }
        if policy.bands.iter().any(|band| band.months > MOST_MONTHS) {
            wrong.push(Invalid::field("policy", format!("Enter up to {MOST_MONTHS} months in a band"), ""));
        }
        let sums = [policy.least_weekly, policy.least_monthly, policy.token_below].into_iter();
        let fits = |sum: Pence| (Pence::ZERO..=LARGEST).contains(&sum);
        if let Some(sum) = sums.chain(policy.bands.iter().map(|band| band.up_to)).find(|sum| !fits(*sum)) {
            wrong.push(Invalid::field("policy", format!("Enter amounts from £0.00 to {LARGEST}"), sum.pounds()));
        }
        if !(0..=10_000).contains(&self.savings_basis_points) {
            let typed = self.savings_basis_points.to_string();
            wrong.push(Invalid::field("savings_basis_points", "Enter a share from 0 to 10,000 basis points", typed));
        }
        if self.guidelines.len() > 1_000 {
            let typed = self.guidelines.len().to_string();
            wrong.push(Invalid::field("guidelines", "Enter up to 1,000 guidelines", typed));
        }
        for row in &self.guidelines {
            if !matches!(row.kind.as_str(), "communications" | "food" | "personal") {
                wrong.push(Invalid::field("guidelines", "Enter communications, food or personal", &row.kind));
            }
            if !(0..=1_000_000).contains(&row.monthly_pence) {
                let typed = row.monthly_pence.to_string();
                wrong.push(Invalid::field("guidelines", "Enter a month's spending up to £10,000", typed));
            }
        }
        wrong
    }
}

/// The site's policy on plans and its guidelines.
///
/// # Errors
/// Duty.
pub async fn plan_settings(desk: &Desk, by: &Actor) -> Outcome<PlanSettings> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let site = control::organisation(&mut look, by.org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    PlanSettings::of(&site)
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
        control::set_organisation(&mut cmd.tx, &site).await?;
        let detail = serde_json::json!({ "before": before, "after": ask.settings });
        cmd.tell("PlanSettingsChanged", "plans", detail);
        Ok(ask.settings.clone())
    })
}
