//! Suspense: every pound with its age, owner, reason and next step, and the day's list for each owner (CSH-11).
use super::common::{check_words, find_receipt, must_say};
use super::placing::changed;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::desk_refusals::NOT_IN_SUSPENSE;
use sundry_domain::cash::suspense::{BANDS, age_days, band_of, days_of_band};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::cash_suspense::{self, SuspenseCaseRow, SuspenseFilter, SuspenseRow};
use sundry_store::{Tx, cash};

/// Most rows on a page.
const MOST: i64 = 200;

/// Which money in suspense to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SuspenseAsk {
    /// Words or an amount to look for in payer, reference, reason, next step, number and amount.
    pub search: String,
    /// One owner; `-` for what nobody has in hand.
    pub owner: String,
    /// One band of age, by its name.
    pub band: String,
    /// One bank account, by its id.
    pub bank_account: Option<i64>,
    /// Only what lacks an owner, a reason or a next step.
    pub unexplained: bool,
    /// Only what is to be looked at today.
    pub due: bool,
    /// Page, from 1.
    pub page: i64,
    /// Rows on a page; 0 is 200.
    pub per_page: i64,
}

/// Money in suspense, with its age.
#[derive(Clone, Debug, Serialize)]
pub struct SuspenseLine {
    /// The receipt.
    pub row: SuspenseRow,
    /// How many days it has waited.
    pub age_days: i64,
    /// The band of that age.
    pub band: String,
}

/// What one owner has in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspenseOwner {
    /// Their name; empty for nobody.
    pub owner: String,
    /// How many receipts.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
    /// How many are to be looked at today.
    pub due: i64,
    /// How many days the oldest has waited.
    pub oldest_days: i64,
}

/// A page of suspense.
#[derive(Clone, Debug, Serialize)]
pub struct SuspensePage {
    /// Oldest first.
    pub rows: Vec<SuspenseLine>,
    /// How many the filter finds.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
    /// All of suspense by age: name, count, sum.
    pub bands: Vec<(String, i64, i64)>,
    /// All of suspense by owner; nobody's first.
    pub owners: Vec<SuspenseOwner>,
    /// How many of all lack an owner, a reason or a next step, and their sum.
    pub unexplained: (i64, i64),
    /// The page.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
}

fn filter_of(ask: &SuspenseAsk, today: NaiveDate) -> SuspenseFilter {
    let words = ask.search.trim();
    let days = days_of_band(ask.band.trim(), today);
    SuspenseFilter {
        words: words.to_owned(),
        amount: Pence::parse(words),
        owner: ask.owner.trim().to_owned(),
        bank_account: ask.bank_account,
        from_on: days.map(|(first, _)| first),
        to_on: days.map(|(_, last)| last),
        unexplained: ask.unexplained,
        due_by: ask.due.then_some(today),
    }
}

/// Money in suspense that a filter finds, with where all of it stands.
///
/// # Errors
/// Duty.
pub async fn suspense(desk: &Desk, by: &Actor, ask: SuspenseAsk) -> Outcome<SuspensePage> {
    by.must_hold(Duty::View)?;
    let (mut look, org, today) = (desk.look().await?, by.org, desk.today());
    let per_page = if ask.per_page <= 0 { MOST } else { ask.per_page.min(MOST) };
    let filter = filter_of(&ask, today);
    let (count, sum_pence) = cash_suspense::count_suspense(&mut look, org, &filter).await?;
    let pages = ((count + per_page - 1) / per_page).max(1);
    let page = ask.page.clamp(1, pages);
    let place = (per_page, (page - 1) * per_page);
    let rows = cash_suspense::list_suspense(&mut look, org, &filter, place).await?;
    let aged = |row: SuspenseRow| {
        let age = age_days(row.received_on, today);
        SuspenseLine { row, age_days: age, band: band_of(age).into() }
    };
    let mut bands = Vec::new();
    for (name, ..) in BANDS {
        let Some((first, last)) = days_of_band(name, today) else { continue };
        let (count, sum) = cash::suspense_between(&mut look, org, first, last).await?;
        bands.push((name.to_owned(), count, sum));
    }
    let owners = cash_suspense::suspense_by_owner(&mut look, org, today).await?;
    let owners = owners.into_iter().map(|(owner, count, sum_pence, due, oldest)| SuspenseOwner {
        owner,
        count,
        sum_pence,
        due,
        oldest_days: age_days(oldest, today),
    });
    Ok(SuspensePage {
        rows: rows.into_iter().map(aged).collect(),
        count,
        sum_pence,
        bands,
        owners: owners.collect(),
        unexplained: unexplained_by(&mut look, org, None).await?,
        page,
        pages,
    })
}

/// How much suspense received by a day lacks an owner, a reason or a next step: count and sum.
pub(crate) async fn unexplained_by(look: &mut Tx, org: OrgId, by: Option<NaiveDate>) -> Outcome<(i64, i64)> {
    let filter = SuspenseFilter { unexplained: true, to_on: by, ..SuspenseFilter::default() };
    Ok(cash_suspense::count_suspense(look, org, &filter).await?)
}

/// Suspense at the end of a period, for its close: what there is, and what of it nobody has explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspenseAtClose {
    /// Receipts in suspense that came by then.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
    /// Of these, without owner, reason or next step.
    pub unexplained_count: i64,
    /// Their sum.
    pub unexplained_pence: i64,
}

/// Suspense at the end of a day.
///
/// # Errors
/// Duty.
pub async fn suspense_at_close(desk: &Desk, by: &Actor, ends_on: NaiveDate) -> Outcome<SuspenseAtClose> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let all = SuspenseFilter { to_on: Some(ends_on), ..SuspenseFilter::default() };
    let (count, sum_pence) = cash_suspense::count_suspense(&mut look, by.org, &all).await?;
    let (unexplained_count, unexplained_pence) = unexplained_by(&mut look, by.org, Some(ends_on)).await?;
    Ok(SuspenseAtClose { count, sum_pence, unexplained_count, unexplained_pence })
}

/// Takes money in suspense in hand: who, and what comes next.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TakeInHand {
    /// Idempotency key.
    pub key: String,
    /// Numbers of the receipts.
    pub receipts: Vec<String>,
    /// Who has them in hand from now on.
    pub owner: String,
    /// Why they wait; what was said before stays when empty.
    #[serde(default)]
    pub reason: String,
    /// What comes next.
    pub next_step: String,
    /// When; not before today.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// They are in hand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InHand {
    /// How many receipts.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
    /// Who has them.
    pub owner: String,
}

/// Gives receipts in suspense an owner and a next step.
///
/// # Errors
/// Duty; fields; absent; `CSH-11-STATE` where one is not in suspense: then none is changed.
pub async fn take_in_hand(desk: &Desk, by: &Actor, ask: TakeInHand) -> Outcome<InHand> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("owner", &ask.owner), ("reason", &ask.reason), ("next step", &ask.next_step)])?;
    command!(desk, by, "take_in_hand", &ask.key, &ask, |cmd| {
        let mut wrong = Vec::new();
        if ask.receipts.is_empty() {
            wrong.push(Invalid::field("receipts", "Select a receipt", ""));
        }
        must_say("owner", "Enter who looks after it", &ask.owner, &mut wrong);
        check_next(&ask.next_step, ask.next_on, cmd.today, &mut wrong);
        must_say("next_step", "Enter what comes next", &ask.next_step, &mut wrong);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let mut sum = Pence::ZERO;
        for number in &ask.receipts {
            let mut receipt = find_receipt(&mut cmd.tx, cmd.by.org, number).await?;
            if receipt.state != "suspense" {
                return Err(NOT_IN_SUSPENSE.because(format!("{} is {}.", receipt.number, receipt.state)).into());
            }
            receipt.owner = ask.owner.trim().to_owned();
            if !ask.reason.trim().is_empty() {
                receipt.reason = ask.reason.trim().to_owned();
            } else if receipt.reason.is_empty() {
                receipt.reason = "The payer or the item is not known.".into();
            }
            if !cash::change_receipt(&mut cmd.tx, cmd.by.org, &receipt).await? {
                return Err(changed());
            }
            keep_next_step(cmd, receipt.id, &ask.next_step, ask.next_on).await?;
            sum = sum.plus(Pence(receipt.amount_pence));
            let told = serde_json::json!({ "owner": ask.owner.trim(), "next_step": ask.next_step.trim(), "next_on": ask.next_on, "reason": receipt.reason });
            cmd.tell("SuspenseTakenInHand", format!("receipt {}", receipt.number), told);
        }
        Ok(InHand { count: ask.receipts.len() as i64, sum_pence: sum.0, owner: ask.owner.trim().into() })
    })
}

/// A next step lies ahead.
pub(super) fn check_next(step: &str, on: Option<NaiveDate>, today: NaiveDate, wrong: &mut Vec<Invalid>) {
    if let Some(day) = on
        && day < today
    {
        let message = format!("Enter {} or a later day", written(today));
        wrong.push(Invalid::field("next_on", message, day.to_string()));
    }
    if on.is_some() {
        must_say("next_step", "Enter what comes next", step, wrong);
    }
    wrong.dedup_by(|a, b| a.field == b.field);
}

/// Keeps what comes next for a receipt in suspense.
pub(super) async fn keep_next_step(
    cmd: &mut Command,
    receipt: i64,
    next_step: &str,
    next_on: Option<NaiveDate>,
) -> Outcome<()> {
    let row = SuspenseCaseRow {
        receipt_id: receipt,
        next_step: next_step.trim().to_owned(),
        next_on,
        noted_on: cmd.today,
        noted_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    Ok(cash_suspense::note_next_step(&mut cmd.tx, cmd.by.org, &row).await?)
}
