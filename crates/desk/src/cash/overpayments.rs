//! Credits that wait on accounts: refund them, leave them with a reason, or offset them with authority (CSH-13, CSH-24).
use super::common::{check_words, must_say};
use super::placing::{AccountCredit, AllocationLine, Why, place_later, share_of};
use super::request_refund::source_of;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::desk_refusals::OFFSET_AUTHORITY;
use sundry_domain::cash::refunds::Authority;
use sundry_domain::cash::refusals::NOTHING_TO_ALLOCATE;
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::cash_refunds::{self, ChoiceRow, OverpaymentRow};

/// Most rows on a page.
const MOST: i64 = 200;

/// A page of credits that wait.
#[derive(Clone, Debug, Serialize)]
pub struct OverpaymentsPage {
    /// Oldest first.
    pub rows: Vec<OverpaymentRow>,
    /// How many there are in all.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
    /// The page.
    pub page: i64,
    /// How many pages.
    pub pages: i64,
}

/// Credits that wait on accounts; `undecided` shows only those to decide about today.
///
/// # Errors
/// Duty.
pub async fn overpayments(
    desk: &Desk,
    by: &Actor,
    undecided: bool,
    page: i64,
    per_page: i64,
) -> Outcome<OverpaymentsPage> {
    by.must_hold(Duty::View)?;
    let per_page = if per_page <= 0 { MOST } else { per_page.min(MOST) };
    let (mut look, today) = (desk.look().await?, desk.today());
    let (count, sum_pence) = cash_refunds::count_overpayments(&mut look, by.org, today, undecided).await?;
    let pages = ((count + per_page - 1) / per_page).max(1);
    let page = page.clamp(1, pages);
    let place = (per_page, (page - 1) * per_page);
    let rows = cash_refunds::overpayments(&mut look, by.org, today, undecided, place).await?;
    Ok(OverpaymentsPage { rows, count, sum_pence, page, pages })
}

/// Decides what becomes of a credit that is not refunded.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DecideOverpayment {
    /// Idempotency key.
    pub key: String,
    /// Number of the credit.
    pub credit: String,
    /// on_account or offset.
    pub choice: String,
    /// Why.
    pub words: String,
    /// For an offset: customer, contract, court, statute or manager.
    #[serde(default)]
    pub authority: String,
    /// For money that stays: when to look again.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
    /// For an offset: what it is set against.
    #[serde(default)]
    pub lines: Vec<AllocationLine>,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OverpaymentDecided {
    /// Number of the credit.
    pub credit: String,
    /// on_account or offset.
    pub choice: String,
    /// Set against debts.
    pub offset_pence: i64,
    /// What is left of the credit.
    pub left_pence: i64,
}

/// Leaves a credit on the account with a reason and a day to look again, or offsets it against debts of the same
/// customer with stated authority.
///
/// # Errors
/// Duty; fields; absent; `CSH-13-AUTHORITY`; `GL-02-…` and `GL-E12-…` as for any allocation.
pub async fn decide_overpayment(desk: &Desk, by: &Actor, ask: DecideOverpayment) -> Outcome<OverpaymentDecided> {
    by.must_hold(Duty::PostCash)?;
    check_words(&[("words", &ask.words)])?;
    command!(desk, by, "decide_overpayment", &ask.key, &ask, |cmd| {
        check(&ask, cmd.today)?;
        let source = source_of(&mut cmd.tx, cmd.by.org, &ask.credit).await?;
        let absent = || No::Absent(format!("credit {} on an account", ask.credit));
        let item = source.item.ok_or_else(absent)?;
        if source.available <= Pence::ZERO {
            return Err(NOTHING_TO_ALLOCATE.because(format!("Nothing is left of {}.", item.number)).into());
        }
        let authority = Authority::parse(&ask.authority);
        let mut offset = Pence::ZERO;
        if ask.choice == "offset" {
            let Some(authority) = authority else {
                let sentence = "Setting a customer's money against their debts takes somebody's word.";
                return Err(OFFSET_AUTHORITY.because(sentence).into());
            };
            let customer = source.customer.as_ref().map(|row| row.number.clone()).ok_or_else(absent)?;
            let share = share_of(cmd, &customer, source.available, &ask.lines).await?;
            let of = AccountCredit {
                id: ItemId(item.id),
                kind: &item.kind,
                source: format!("{} {}", item.kind.replace('_', " "), item.number),
            };
            let reason = format!("Offset: {}. {}", authority.name(), ask.words.trim());
            let day = cmd.today.max(item.posted_on);
            place_later(cmd, &of, &share, day, &Why { reason: &reason, confidence_ppm: 1_000_000 }).await?;
            offset = Pence::total(share.lines.values());
        }
        let row = ChoiceRow {
            item: ItemId(item.id),
            choice: if ask.choice == "offset" { "offset" } else { "on_account" },
            words: ask.words.trim().to_owned(),
            authority: authority.map(|one| one.as_str().to_owned()).unwrap_or_default(),
            review_on: ask.review_on,
            decided_by_name: cmd.by.name.clone(),
            decided_on: cmd.today,
            recorded_at: cmd.at,
        };
        keep(cmd, &row).await?;
        let left = source.available.minus(offset);
        let answer = OverpaymentDecided {
            credit: item.number.clone(),
            choice: row.choice.into(),
            offset_pence: offset.0,
            left_pence: left.0,
        };
        let told = serde_json::json!({ "answer": answer, "words": row.words, "authority": row.authority, "review_on": row.review_on });
        cmd.tell("OverpaymentDecided", format!("{} {}", item.kind.replace('_', " "), item.number), told);
        Ok(answer)
    })
}

async fn keep(cmd: &mut Command, row: &ChoiceRow) -> Outcome<()> {
    Ok(cash_refunds::decide_overpayment(&mut cmd.tx, cmd.by.org, row).await?)
}

fn check(ask: &DecideOverpayment, today: NaiveDate) -> Outcome<()> {
    let mut wrong = Vec::new();
    must_say("words", "Say why", &ask.words, &mut wrong);
    match ask.choice.as_str() {
        "on_account" => match ask.review_on {
            Some(day) if day > today => {}
            other => {
                let message = format!("Enter a day after {} to look again", written(today));
                let typed = other.map(|day| day.to_string()).unwrap_or_default();
                wrong.push(Invalid::field("review_on", message, typed));
            }
        },
        "offset" => {
            if ask.lines.is_empty() {
                wrong.push(Invalid::field("lines", "Enter an amount for at least one debt", ""));
            }
        }
        other => wrong.push(Invalid::field("choice", "Choose on_account or offset", other)),
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}
