//! Posting: every room posts through here, so that nothing unbalanced or out of period can.
use crate::core::command::Command;
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_domain::ids::{CustomerId, ItemId, JournalId};
use sundry_domain::ledger::{EntryLine, GlRole, Journal, PeriodState, may_post};
use sundry_domain::money::Pence;
use sundry_store::ledger::{self, EntryRow, JournalRow, PeriodRow};

/// A journal to post.
#[derive(Clone, Debug)]
pub struct NewJournal {
    /// Posting date; its period must be open.
    pub posted_on: NaiveDate,
    /// What happened: `InvoiceRaised`.
    pub event: &'static str,
    /// The document, receipt or item it comes from, as people name it.
    pub source: String,
    /// Why.
    pub reason: String,
    /// The customer whose account the control lines are on.
    pub customer: Option<CustomerId>,
    /// The open item the control lines are on.
    pub item: Option<ItemId>,
    /// The lines, from `domain::ledger::posting`.
    pub lines: Vec<EntryLine>,
}

/// Posts one journal.
///
/// # Errors
/// `GL-01-…` when it does not balance, `GL-04-…` when the period is closed.
pub async fn post(cmd: &mut Command, journal: NewJournal) -> Outcome<JournalId> {
    Ok(post_many(cmd, vec![journal]).await?[0])
}

/// Posts one journal whose debits are on its own account and whose credits are on another's (GL-02 row 20).
///
/// # Errors
/// As [`post`].
pub async fn post_between(
    cmd: &mut Command,
    journal: NewJournal,
    credited: (CustomerId, ItemId),
) -> Outcome<JournalId> {
    let credited = (Some(credited.0), Some(credited.1));
    Ok(post_all(cmd, vec![(journal, Some(credited))]).await?[0])
}

/// Posts many journals with consecutive numbers; gives their ids in order.
///
/// # Errors
/// As [`post`]; nothing is posted unless all can be.
pub async fn post_many(cmd: &mut Command, journals: Vec<NewJournal>) -> Outcome<Vec<JournalId>> {
    post_all(cmd, journals.into_iter().map(|journal| (journal, None)).collect()).await
}

/// The account an entry is on.
type On = (Option<CustomerId>, Option<ItemId>);

async fn post_all(cmd: &mut Command, journals: Vec<(NewJournal, Option<On>)>) -> Outcome<Vec<JournalId>> {
    if journals.is_empty() {
        return Ok(Vec::new());
    }
    let codes = gl_codes_by_role(cmd).await?;
    let periods = ledger::periods(&mut cmd.tx, cmd.by.org).await?;
    let first = cmd.next_numbers("journal", journals.len() as i64).await?;
    let (mut heads, mut entries, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (journal, credited)) in (first..).zip(journals) {
        let period = open_period(&periods, journal.posted_on)?;
        let id = cmd.id::<JournalId>();
        heads.push(JournalRow {
            id: id.0,
            number,
            posted_on: journal.posted_on,
            start_year: period.start_year,
            period_number: period.number,
            event: journal.event.into(),
            source: journal.source,
            reason: journal.reason,
            actor_id: cmd.by.user.0,
            recorded_at: cmd.at,
        });
        let balanced = Journal::balanced(journal.lines)?;
        for (line, entry) in (1..).zip(balanced.lines()) {
            let own = (journal.customer, journal.item);
            let on = if entry.credit > Pence::ZERO { credited.unwrap_or(own) } else { own };
            entries.push(entry_row(id, line, entry, on, &codes)?);
        }
        ids.push(id);
    }
    ledger::add_journals(&mut cmd.tx, cmd.by.org, heads, entries).await?;
    Ok(ids)
}

/// Whether a day can be posted on: its period exists and is open.
pub fn open_period(periods: &[PeriodRow], day: NaiveDate) -> Outcome<&PeriodRow> {
    let period = periods
        .iter()
        .find(|p| p.number <= 12 && p.starts_on <= day && day <= p.ends_on)
        .ok_or_else(|| crate::core::refusals::NO_PERIOD.because(format!("There is no accounting period for {day}.")))?;
    let state = PeriodState::parse(&period.state).ok_or_else(|| Fault::new("a period's state cannot be read"))?;
    may_post(state, false, &format!("{}/{:02} P{}", period.start_year, (period.start_year + 1) % 100, period.number))?;
    Ok(period)
}

async fn gl_codes_by_role(cmd: &mut Command) -> Outcome<HashMap<String, String>> {
    let rows = ledger::gl_codes(&mut cmd.tx, cmd.by.org).await?;
    let mut by_role = HashMap::new();
    for row in rows {
        by_role.entry(row.role).or_insert(row.code);
    }
    Ok(by_role)
}

fn entry_row(
    journal: JournalId,
    line: i64,
    entry: &EntryLine,
    on: On,
    codes: &HashMap<String, String>,
) -> Outcome<EntryRow> {
    let gl_code = match (&entry.income_code, entry.role) {
        (Some(code), GlRole::Inc | GlRole::Fund) if !code.is_empty() => code.clone(),
        (_, role) => codes
            .get(role.as_str())
            .cloned()
            .ok_or_else(|| Fault::new(format!("no GL code has the role {}", role.as_str())))?,
    };
    let on_account = entry.role.is_control();
    Ok(EntryRow {
        journal_id: journal.0,
        line,
        gl_code,
        cost_centre: entry.cost_centre.clone(),
        customer_id: on.0.filter(|_| on_account).map(|c| c.0),
        item_id: on.1.filter(|_| on_account).map(|i| i.0),
        debit_pence: entry.debit.0,
        credit_pence: entry.credit.0,
    })
}
