//! How the desk stands: figures, series, and what needs attention.
use crate::core::actor::Actor;
use crate::reports::aged_debt::aged_sums;
use crate::{Desk, Outcome};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::reference::ReferenceBook;
use sundry_domain::reports::{
    AgeingBasis, average_days_delinquent, best_possible_dso, collection_effectiveness, dso, overdue_share,
};
use sundry_store::Tx;
use sundry_store::reports::{self, AgedBy, AgedSum};
use sundry_store::work::{self, AtStep};

/// Amounts, now and a month ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Now.
    pub now_pence: i64,
    /// At the end of last month.
    pub before_pence: i64,
}

/// Debt of one kind of customer by age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindByAge {
    /// Kind of customer.
    pub kind: String,
    /// Not due, 1-30, 31-60, 61-90, 91-180, 181-365, over 365.
    pub ages_pence: [i64; 7],
}

/// A month of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFigure {
    /// Last day of the month, or today in the running one.
    pub on: NaiveDate,
    /// The figure.
    pub pence: i64,
}

/// Something that stops work or breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    /// Stable name: jobs_failed, suspense …
    pub what: String,
    /// In words.
    pub words: String,
    /// How many.
    pub count: i64,
}

/// How the desk stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// As at.
    pub as_at: NaiveDate,
    /// All debits less credits.
    pub debt: Amount,
    /// Overdue.
    pub overdue: Amount,
    /// More than 90 days overdue.
    pub over_90: Amount,
    /// Credits not allocated, as a size.
    pub not_allocated: Amount,
    /// Collected this month to date; before: all of last month.
    pub collected: Amount,
    /// Days of sales outstanding over the last year; none without sales.
    pub days_to_collect: Option<String>,
    /// Days of it that are our customers' lateness.
    pub days_late: Option<String>,
    /// Collection effectiveness of last month, per cent.
    pub effectiveness: Option<String>,
    /// Overdue over debt, per cent.
    pub overdue_share: Option<String>,
    /// Promises of the last 90 days: kept, broken.
    pub promises: (i64, i64),
    /// Bank lines that wait: how many, how much.
    pub bank_lines_waiting: (i64, i64),
    /// Debt by age and kind of customer.
    pub by_age_and_kind: Vec<KindByAge>,
    /// Collected this financial year, running total by month.
    pub collected_running: Vec<MonthFigure>,
    /// Collected last financial year, running total by month.
    pub collected_last_year: Vec<MonthFigure>,
    /// More than 90 days overdue at the last twelve month ends and today.
    pub over_90_trend: Vec<MonthFigure>,
    /// Accounts and value at each step.
    pub at_steps: Vec<AtStepFigure>,
    /// What needs attention; empty when nothing does.
    pub attention: Vec<Attention>,
}

/// Accounts and value at a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtStepFigure {
    /// Step; empty before the first.
    pub step: String,
    /// Accounts.
    pub accounts: i64,
    /// Overdue.
    pub pence: i64,
}

/// How the desk stands today.
pub async fn dashboard(desk: &Desk, by: &Actor) -> Outcome<Dashboard> {
    by.must_hold(Duty::View)?;
    let (org, today) = (by.org, desk.today());
    let mut look = desk.look().await?;
    let tx = &mut look;
    let by_kind = by_age_and_kind(tx, org, today).await?;
    let now = by_kind.iter().fold(AgedSum::default(), |mut all, (_, sum)| {
        all.add(sum);
        all
    });
    let trend = month_ends(tx, org, today).await?;
    let before = trend.last().map(|(_, sum)| sum.clone()).unwrap_or_default();
    let amount = |of: fn(&AgedSum) -> i64| Amount { now_pence: of(&now), before_pence: of(&before) };
    let measures = measures(tx, org, today, &now, &trend).await?;
    let mut over_90_trend: Vec<MonthFigure> =
        trend.iter().map(|(on, sum)| MonthFigure { on: *on, pence: over_90(sum) }).collect();
    over_90_trend.push(MonthFigure { on: today, pence: over_90(&now) });
    let promised = work::promises_decided(tx, org, today - Days::new(90), today).await?;
    let promises = |state: &str| promised.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
    let year = financial_year(today);
    let at_steps = work::at_steps(tx, org, today).await?;
    Ok(Dashboard {
        as_at: today,
        debt: amount(AgedSum::total),
        overdue: amount(overdue),
        over_90: amount(over_90),
        not_allocated: amount(|sum| -sum.unallocated),
        collected: collected(tx, org, today).await?,
        days_to_collect: measures.0,
        days_late: measures.1,
        effectiveness: measures.2,
        overdue_share: overdue_share(Pence(overdue(&now)), Pence(debits(&now))).map(|share| share.to_string()),
        promises: (promises("kept"), promises("broken")),
        bank_lines_waiting: work::receipts_waiting(tx, org).await?,
        collected_running: running(tx, org, year, today).await?,
        collected_last_year: running(tx, org, year - Months::new(12), year - Days::new(1)).await?,
        over_90_trend,
        at_steps: at_steps.into_iter().map(step_figure).collect(),
        attention: attention(tx, org).await?.into_iter().chain(figures_wanted(&desk.book(), today)).collect(),
        by_age_and_kind: by_kind
            .into_iter()
            .map(|(kind, s)| KindByAge { kind, ages_pence: [s.b0, s.b1, s.b2, s.b3, s.b4, s.b5, s.b6] })
            .collect(),
    })
}

fn step_figure(row: AtStep) -> AtStepFigure {
    AtStepFigure { step: row.stage, accounts: row.accounts, pence: row.amount_pence }
}

fn debits(sum: &AgedSum) -> i64 {
    sum.total() - sum.unallocated
}

fn overdue(sum: &AgedSum) -> i64 {
    debits(sum) - sum.b0
}

fn over_90(sum: &AgedSum) -> i64 {
    sum.b4 + sum.b5 + sum.b6
}

fn financial_year(today: NaiveDate) -> NaiveDate {
    let year = if today.month() >= 4 { today.year() } else { today.year() - 1 };
    NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(today)
}

fn month_start(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

async fn by_age_and_kind(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Outcome<Vec<(String, AgedSum)>> {
    let mut kinds: BTreeMap<String, AgedSum> = BTreeMap::new();
    for sum in aged_sums(tx, org, today, AgeingBasis::Due, AgedBy::Customer).await? {
        kinds.entry(sum.customer_kind.clone()).or_default().add(&sum);
    }
    Ok(kinds.into_iter().collect())
}

/// What was open at the last twelve month ends, oldest first.
async fn month_ends(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Outcome<Vec<(NaiveDate, AgedSum)>> {
    let mut ends = Vec::new();
    for back in (0..12).rev() {
        let end = month_start(today) - Months::new(back) - Days::new(1);
        let whole = aged_sums(tx, org, end, AgeingBasis::Due, AgedBy::Whole).await?;
        ends.push((end, whole.into_iter().next().unwrap_or_default()));
    }
    Ok(ends)
}

async fn collected(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Outcome<Amount> {
    let first = month_start(today);
    let this = reports::received_by_day(tx, org, first, today).await?;
    let last = reports::received_by_day(tx, org, first - Months::new(1), first - Days::new(1)).await?;
    let sum = |days: &[reports::DaySum]| days.iter().map(|day| day.amount_pence).sum();
    Ok(Amount { now_pence: sum(&this), before_pence: sum(&last) })
}

async fn running(tx: &mut Tx, org: OrgId, from: NaiveDate, to: NaiveDate) -> Outcome<Vec<MonthFigure>> {
    let days = reports::received_by_day(tx, org, from, to).await?;
    let mut months = Vec::new();
    let mut first = from;
    while first <= to {
        let end = (first + Months::new(1) - Days::new(1)).min(to);
        let so_far = days.iter().filter(|day| day.on_day <= end);
        months.push(MonthFigure { on: end, pence: so_far.map(|day| day.amount_pence).sum() });
        first = first + Months::new(1);
    }
    Ok(months)
}

type Shown = Option<String>;

/// Days of sales outstanding, days late, and last month's effectiveness.
async fn measures(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    now: &AgedSum,
    trend: &[(NaiveDate, AgedSum)],
) -> Outcome<(Shown, Shown, Shown)> {
    let year = reports::sales_by_day(tx, org, today - Days::new(364), today).await?;
    let sales = |from: NaiveDate, to: NaiveDate| {
        Pence(year.iter().filter(|d| d.on_day >= from && d.on_day <= to).map(|d| d.amount_pence).sum())
    };
    let all = sales(NaiveDate::MIN, today);
    let days = dso(Pence(debits(now)), all, 365);
    let best = best_possible_dso(Pence(now.b0), all, 365);
    let late = days.zip(best).map(|(days, best)| average_days_delinquent(days, best));
    let effective = match trend {
        [.., (opened, opening), (closed, closing)] => collection_effectiveness(
            Pence(debits(opening)),
            sales(*opened + Days::new(1), *closed),
            Pence(debits(closing)),
            Pence(closing.b0),
        ),
        _ => None,
    };
    Ok((days.map(|d| d.to_string()), late.map(|d| d.to_string()), effective.map(|d| d.to_string())))
}

/// Days before a year begins in which its bank holidays are asked for.
const HOLIDAYS_AHEAD: u64 = 90;

/// Dated figures that are wanted and not there: the rate of a half-year from the day on which its Bank Rate is known, the
/// bank holidays of a year some months before it begins (LP-03, CAL-01).
fn figures_wanted(book: &ReferenceBook, today: NaiveDate) -> Vec<Attention> {
    let rates =
        [today, today + Days::new(1)].iter().filter(|day| book.late_payment_rate(**day).is_err()).count().min(1);
    let year = (today + Days::new(HOLIDAYS_AHEAD)).year();
    let short = |nation: &&Nation| book.calendar(**nation).years().is_none_or(|(_, last)| last < year);
    let nations = Nation::ALL.iter().filter(short).count();
    let wanted = [
        ("rate_wanted", "Bank Rate for late-payment interest to be entered", rates),
        ("holidays_wanted", "Nations whose next bank holidays are to be loaded", nations),
    ];
    let some = wanted.into_iter().filter(|(_, _, count)| *count > 0);
    some.map(|(what, words, count)| Attention { what: what.into(), words: words.into(), count: count as i64 }).collect()
}

async fn attention(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Attention>> {
    let words = |what: &str| match what {
        "jobs_failed" => "Jobs that failed",
        "runs_stopped" => "Runs that stopped half-way",
        "gl_rejected" => "Batches that the general ledger rejected",
        "suspense" => "Receipts in suspense",
        "servicenow_stopped" => "ServiceNow does not let us in, and nothing is asked there",
        "servicenow_waiting" => "Service desk cases that wait for a person",
        _ => "Letters that could not be sent",
    };
    let rows = work::troubles(tx, org).await?.into_iter().filter(|(_, count)| *count > 0);
    Ok(rows.map(|(what, count)| Attention { words: words(&what).into(), what, count }).collect())
}
