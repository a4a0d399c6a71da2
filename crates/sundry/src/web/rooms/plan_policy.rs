//! The policy on plans: to read, and to change.
use super::form::{again, amount_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::plan_policy::{AMOUNTS, COUNTS, GRANTORS, PlanPolicyPage, SAVINGS};
use crate::web::ui::Frame;
use axum::extract::State;
use axum::routing::{get, post};
use std::collections::BTreeMap;
use std::str::FromStr;
use sundry_desk::plans::{
    ChangePlanSettings, HouseGuideline, PlanSettings, change_plan_settings, plan_settings, plan_settings_change,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::plans::{PlanBand, PlanPolicy};
use sundry_domain::refusal::Invalid;

/// Where the policy stands.
const HERE: &str = "/plans/settings";
/// Empty lines for more guidelines.
const MORE: usize = 3;
/// Lines for guidelines that a form can send.
const LINES: usize = 200;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add(HERE, &[Duty::View, Duty::ManageSettings], get(view)).add(
        "/plans/settings/change",
        &[Duty::ManageSettings],
        post(change),
    )
}

/// What stands in each field.
fn kept(settings: &PlanSettings) -> BTreeMap<String, String> {
    let policy = &settings.policy;
    let mut values = BTreeMap::new();
    let mut set = |name: &str, value: String| drop(values.insert(name.to_owned(), value));
    for band in &policy.bands {
        set(&format!("months-{}", band.approver.as_str()), band.months.to_string());
        set(&format!("up_to-{}", band.approver.as_str()), band.up_to.pounds());
    }
    set("least_weekly", policy.least_weekly.pounds());
    set("least_monthly", policy.least_monthly.pounds());
    set("token_below", policy.token_below.pounds());
    set("tolerance_days", policy.tolerance_days.to_string());
    set("cure_days", policy.cure_days.to_string());
    set("break_days", policy.break_days.to_string());
    set("review_months", policy.review_months.to_string());
    set("business_months", policy.business_months.to_string());
    set(SAVINGS.0, BasisPoints(settings.savings_basis_points).to_string().trim_end_matches('%').to_owned());
    for (n, one) in (1_usize..).zip(&settings.guidelines) {
        set(&format!("kind-{n}"), one.kind.clone());
        set(&format!("adults-{n}"), one.adults.to_string());
        set(&format!("children-{n}"), one.children.to_string());
        set(&format!("monthly-{n}"), Pence(one.monthly_pence).pounds());
    }
    values
}

async fn shown(doors: &Shared, visitor: &Visitor) -> Outcome<PlanPolicyPage> {
    let settings = plan_settings(&doors.desk, &visitor.actor).await?;
    let change = plan_settings_change(&doors.desk, &visitor.actor).await?;
    let may_change = visitor.actor.holds(Duty::ManageSettings);
    // Who keeps the settings sees no customers.
    let room = if visitor.actor.holds(Duty::View) { "Customers" } else { "Admin" };
    let mut frame = doors.frame(visitor, room).await;
    frame.help = "rooms/plans".into();
    let words = |by: &str, on: &str| format!("Changed last by {by} on {on}.");
    Ok(PlanPolicyPage {
        frame,
        values: kept(&settings),
        lines: settings.guidelines.len() + if may_change { MORE } else { 0 },
        changed: change.map_or_else(String::new, |one| words(&one.by, &one.on.format("%-d %B %Y").to_string())),
        may_change,
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor).await?)
}

async fn change(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor).await?;
    form.lines = posted.starting("kind-").count().min(LINES);
    form.values = typed(&posted, form.lines);
    let (settings, places) = read(&mut form);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = ChangePlanSettings { key: posted.key(), settings: settings.clone() };
    match change_plan_settings(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(HERE, "The policy on plans is saved"),
        Err(No::Invalid(all)) => {
            for one in all {
                let field = field_of(&one, &settings, &places);
                form.frame.errors.add(field, one.message);
            }
            again(&form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

/// What was typed in each field of the page.
fn typed(posted: &Posted, lines: usize) -> BTreeMap<String, String> {
    let grants = GRANTORS.iter().flat_map(|who| ["months", "up_to"].map(|part| format!("{part}-{}", who.as_str())));
    let named = AMOUNTS.iter().map(|one| one.0).chain(COUNTS.iter().map(|one| one.0)).chain([SAVINGS.0]);
    let guides = (1..=lines).flat_map(|n| ["kind", "adults", "children", "monthly"].map(|part| format!("{part}-{n}")));
    let all = grants.chain(named.map(str::to_owned)).chain(guides);
    all.map(|name| (name.clone(), posted.get(&name).to_owned())).collect()
}

/// A number of a form; what cannot be read is told at the field.
fn whole<N: FromStr + Default>(frame: &mut Frame, values: &BTreeMap<String, String>, name: &str) -> N {
    values.get(name).and_then(|typed| typed.parse().ok()).unwrap_or_else(|| {
        frame.errors.add(name, "Enter a whole number");
        N::default()
    })
}

/// An amount of a form, which must be there.
fn pounds(frame: &mut Frame, values: &BTreeMap<String, String>, name: &str) -> Pence {
    let typed = values.get(name).map_or("", String::as_str);
    if typed.is_empty() {
        frame.errors.add(name, "Enter an amount in pounds, such as 20.00");
    }
    amount_field(frame, name, typed).unwrap_or(Pence::ZERO)
}

/// The policy as it was typed, and the line of each guideline; what cannot be read is told at its field.
fn read(form: &mut PlanPolicyPage) -> (PlanSettings, Vec<usize>) {
    let (values, frame) = (&form.values, &mut form.frame);
    let is_empty = |name: &str| values.get(name).is_none_or(String::is_empty);
    let mut bands = Vec::new();
    for approver in GRANTORS {
        let [months, up_to] = ["months", "up_to"].map(|part| format!("{part}-{}", approver.as_str()));
        if is_empty(&months) && is_empty(&up_to) {
            continue;
        }
        let months = whole(frame, values, &months);
        bands.push(PlanBand { approver, months, up_to: pounds(frame, values, &up_to) });
    }
    let (mut guidelines, mut places) = (Vec::new(), Vec::new());
    for n in 1..=form.lines {
        let kind = values.get(&format!("kind-{n}")).cloned().unwrap_or_default();
        if kind.is_empty() {
            continue;
        }
        let adults = whole(frame, values, &format!("adults-{n}"));
        let children = whole(frame, values, &format!("children-{n}"));
        let monthly_pence = pounds(frame, values, &format!("monthly-{n}")).0;
        guidelines.push(HouseGuideline { kind, adults, children, monthly_pence });
        places.push(n);
    }
    let policy = PlanPolicy {
        bands,
        least_weekly: pounds(frame, values, "least_weekly"),
        least_monthly: pounds(frame, values, "least_monthly"),
        token_below: pounds(frame, values, "token_below"),
        business_months: whole(frame, values, "business_months"),
        tolerance_days: whole(frame, values, "tolerance_days"),
        cure_days: whole(frame, values, "cure_days"),
        break_days: whole(frame, values, "break_days"),
        review_months: whole(frame, values, "review_months"),
    };
    // Two decimals of a per cent, as two of a pound.
    let share = values.get(SAVINGS.0).and_then(|typed| Pence::parse(typed.trim_end_matches('%')));
    if share.is_none() {
        frame.errors.add(SAVINGS.0, "Enter a share in per cent, such as 10");
    }
    let savings_basis_points = share.unwrap_or(Pence::ZERO).0;
    (PlanSettings { policy, guidelines, savings_basis_points }, places)
}

/// The field of the page of which the desk speaks.
fn field_of(one: &Invalid, settings: &PlanSettings, places: &[usize]) -> String {
    let at = one.row.and_then(|row| usize::try_from(row).ok()?.checked_sub(1));
    let field = match (one.field.split_once('.'), at) {
        (Some(("bands", part)), Some(at)) => {
            settings.policy.bands.get(at).map(|band| format!("{part}-{}", band.approver.as_str()))
        }
        (Some((_, part)), Some(at)) => places.get(at).map(|line| format!("{part}-{line}")),
        _ => None,
    };
    field.unwrap_or_else(|| one.field.clone())
}
