//! How the plans of each week came about: the figure of those that no staff touched (PLN-10).
use crate::core::typed::days_wrong;
use crate::{Actor, Desk, Outcome};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::plans::online::share_untouched;
use sundry_store::plans::links::{self, BegunRow};

/// Weeks that are shown.
const WEEKS: i64 = 12;

/// The plans of a week, and how they came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanWeek {
    /// First day, a Monday.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whether it is over.
    pub is_over: bool,
    /// Links made, by which a customer can set a plan.
    pub links: i64,
    /// Plans that began.
    pub agreed: i64,
    /// Of these: set by the customer online and granted at once, without staff.
    pub untouched: i64,
    /// Their share, in thousandths; none where no plan began.
    pub untouched_permille: Option<i64>,
    /// Of these: offered by the customer online, and decided by somebody of ours.
    pub offered: i64,
    /// Of these: agreed by somebody of ours.
    pub by_staff: i64,
}

/// The twelve weeks up to the one that holds a day, newest first. A plan counts in the week in which it began.
///
/// # Errors
/// Duty; a day more than a hundred years away.
pub async fn plan_weeks(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<Vec<PlanWeek>> {
    by.must_hold(Duty::RunReports)?;
    let wrong = days_wrong(&[("on", Some(day))], desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let newest = add_days(day, -i64::from(day.weekday().num_days_from_monday()));
    let all = (add_days(newest, -7 * (WEEKS - 1)), add_days(newest, 6));
    let mut look = desk.look().await?;
    let begun = links::begun_between(&mut look, by.org, all).await?;
    let made = links::made_between(&mut look, by.org, all).await?;
    let mondays = (0..WEEKS).map(|n| add_days(newest, -7 * n));
    Ok(mondays.map(|from| week(from, desk.today(), &begun, &made)).collect())
}

fn week(from: NaiveDate, today: NaiveDate, begun: &[BegunRow], made: &[(NaiveDate, i64)]) -> PlanWeek {
    let to = add_days(from, 6);
    let days = from..=to;
    let (mut agreed, mut untouched, mut offered) = (0, 0, 0);
    for row in begun.iter().filter(|row| days.contains(&row.on_day)) {
        agreed += row.agreed;
        untouched += row.untouched;
        offered += row.offered;
    }
    PlanWeek {
        from,
        to,
        is_over: to < today,
        links: made.iter().filter(|(day, _)| days.contains(day)).map(|(_, count)| count).sum(),
        agreed,
        untouched,
        untouched_permille: share_untouched(untouched, agreed),
        offered,
        by_staff: agreed - untouched - offered,
    }
}
