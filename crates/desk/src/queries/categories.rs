//! What queries may be about: shown, and set from a day on.
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::queries::{Category, category_of, in_force, is_code};
use sundry_domain::refusal::Invalid;
use sundry_store::queries::categories::{self, CategoryRow};

fn of(row: CategoryRow) -> Category {
    Category {
        code: row.code,
        name: row.name,
        dispute: row.dispute,
        target_days: row.target_days,
        hold_days: row.hold_days,
        from_on: row.from_on,
        active: row.active,
    }
}

async fn own(cmd: &mut Command) -> Outcome<Vec<Category>> {
    let rows = categories::categories(&mut cmd.tx, cmd.by.org).await?;
    Ok(rows.into_iter().map(of).collect())
}

/// The category of a code that can be chosen today.
pub(super) async fn category_at(cmd: &mut Command, code: &str) -> Outcome<Option<Category>> {
    Ok(category_of(&own(cmd).await?, code, cmd.today))
}

/// Days after which a hold of a category ends by itself, though it can no longer be chosen.
pub(super) async fn hold_days(cmd: &mut Command, code: &str) -> Outcome<i64> {
    let all = in_force(&own(cmd).await?, cmd.today);
    Ok(all.into_iter().find(|row| row.code == code).map_or(0, |row| row.hold_days))
}

/// The categories as they hold today, those that cannot be chosen too.
pub async fn query_categories(desk: &Desk, by: &Actor) -> Outcome<Vec<Category>> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let rows = categories::categories(&mut desk.look().await?, by.org).await?;
    let own: Vec<Category> = rows.into_iter().map(of).collect();
    Ok(in_force(&own, desk.today()))
}

/// Sets what a category is, from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetCategory {
    /// Idempotency key.
    pub key: String,
    /// Stable code: `wrong_customer`.
    pub code: String,
    /// For people.
    pub name: String,
    /// Whether it holds its part of the debt.
    pub dispute: bool,
    /// Working days in which it should be answered.
    pub target_days: i64,
    /// Days after which a hold ends by itself; 0 for never.
    #[serde(default)]
    pub hold_days: i64,
    /// From which day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Whether it can be chosen.
    pub active: bool,
}

/// The category that was set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CategorySet {
    /// Its code.
    pub code: String,
    /// From which day it is so.
    pub from_on: NaiveDate,
}

/// What is wrong with a code and a name that somebody gives to what they set.
pub(super) fn wrong_code_or_name(code: &str, name: &str) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if !is_code(code) {
        let say = "Enter 2 to 40 small letters, digits and underscores, beginning with a letter";
        wrong.push(Invalid::field("code", say, code));
    }
    if name.trim().is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        wrong.push(Invalid::field("name", "Enter its name, in at most 80 characters on one line", name));
    }
    wrong
}

impl SetCategory {
    fn wrong(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = wrong_code_or_name(&self.code, &self.name);
        if !(1..=60).contains(&self.target_days) {
            let say = "Enter how many working days there are to answer, from 1 to 60";
            wrong.push(Invalid::field("target_days", say, self.target_days.to_string()));
        }
        if !(0..=366).contains(&self.hold_days) {
            let say = "Enter after how many days a hold ends, from 0 (not by itself) to 366";
            wrong.push(Invalid::field("hold_days", say, self.hold_days.to_string()));
        }
        if let Some(day) = self.from_on.filter(|day| *day < today) {
            let say = format!("Enter a date on or after {}", today.format("%-d %B %Y"));
            wrong.push(Invalid::field("from_on", say, day.to_string()));
        }
        wrong
    }
}

/// Sets a category from a day on; what was raised before keeps its clock.
///
/// # Errors
/// Duty; invalid fields.
pub async fn set_query_category(desk: &Desk, by: &Actor, ask: SetCategory) -> Outcome<CategorySet> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("name", &ask.name)])?;
    command!(desk, by, "set_query_category", &ask.key, &ask, |cmd| {
        let wrong = ask.wrong(cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let row = CategoryRow {
            code: ask.code.clone(),
            from_on: ask.from_on.unwrap_or(cmd.today),
            name: ask.name.trim().to_owned(),
            dispute: ask.dispute,
            target_days: ask.target_days,
            hold_days: if ask.dispute { ask.hold_days } else { 0 },
            active: ask.active,
        };
        let who = (cmd.by.user.0, cmd.at);
        categories::set_category(&mut cmd.tx, cmd.by.org, &row, who).await?;
        cmd.tell("QueryCategorySet", format!("query category {}", row.code), &ask);
        Ok(CategorySet { code: row.code, from_on: row.from_on })
    })
}
