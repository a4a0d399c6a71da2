//! Reconciling a list: a long piece of work in small steps, whose lines stand only when all are there.
use super::{PREPARES, find, must_hold_one, ours};
use crate::core::actor::Actor;
use crate::core::command::answered;
use crate::reports::refusals::{LISTING_COLUMNS, LISTING_SIGNED};
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;
use sundry_domain::money::Pence;
use sundry_domain::reports::reconcile::{
    Before, Change, Class, Judged, Line, OurRow, Reconciled, Reconciler, Rules, TheirRow, changes,
};
use sundry_store::control::answer_of_key;
use sundry_store::listing::{
    LineRow, ListingRow, add_lines, drop_lines_before, funder, keys_of, set_done, signed_before,
};

/// Rows weighed in one step.
const STEP: usize = 2_000;
/// Lines written in one transaction.
const WRITE: usize = 5_000;

/// Reconciles a list whose columns are named.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReconcileListing {
    /// Idempotency key.
    pub key: String,
    /// The list.
    pub number: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingReconciled {
    /// The list.
    pub number: String,
    /// Rows of theirs.
    pub their_rows: i64,
    /// Items of ours that count.
    pub our_rows: i64,
    /// Their total.
    pub theirs_pence: i64,
    /// Our total.
    pub ours_pence: i64,
    /// Lines that differ.
    pub differences: i64,
    /// Lines that agree.
    pub agreed: i64,
    /// Lines that were there last time and are not now.
    pub gone: i64,
}

/// Compares the list with our side. Stopped or killed, it begins again from the kept file, and no reader ever sees a
/// part of its lines.
///
/// # Errors
/// Duty; columns that are not named; a signed list.
pub async fn reconcile_listing(
    desk: &Desk,
    by: &Actor,
    ask: ReconcileListing,
    tell: &(dyn Fn(i64, i64) + Send + Sync),
) -> Outcome<ListingReconciled> {
    must_hold_one(by, PREPARES)?;
    let mut look = desk.look().await?;
    if let Some((_, _, Some(answer))) = answer_of_key(&mut look, by.org, &ask.key).await? {
        return answered(answer);
    }
    let row = find(&mut look, by.org, &ask.number).await?;
    match row.state.as_str() {
        "columns" => {
            return Err(LISTING_COLUMNS.because(format!("The columns of {} have no names.", row.number)).into());
        }
        "signed" => return Err(LISTING_SIGNED.because(format!("{} is signed.", row.number)).into()),
        _ => {}
    }
    let rules: Rules = serde_json::from_value(row.rules.clone())?;
    let theirs = ours::their_rows(desk, by.org, &row)?;
    let our_side = if row.our_file_sha256.is_empty() {
        let funder = funder(&mut look, by.org, row.funder_id).await?;
        let funder = funder.ok_or_else(|| Fault::new("a list without a funder"))?;
        ours::from_ledger(&mut look, by.org, (&row, &funder), rules).await?
    } else {
        ours::from_file(desk, by.org, &row, rules)?
    };
    let before = signed_before(&mut look, by.org, &row).await?;
    let before_lines = match &before {
        Some(before) => keys_of(&mut look, by.org, (before.id, before.attempt)).await?,
        None => Vec::new(),
    };
    drop(look);
    let total = theirs.len() as i64 * 2;
    tell(0, total);
    let done = compare(theirs, our_side, rules, &|rows| tell(rows, total)).await?;
    write(desk, by, &ask, (row, before), (done, before_lines), &|lines| tell(total / 2 + lines, total)).await
}

/// The comparison itself, two steps side by side, away from the threads that answer pages.
async fn compare(
    theirs: Vec<TheirRow>,
    ours: Vec<OurRow>,
    rules: Rules,
    tell: &(dyn Fn(i64) + Send + Sync),
) -> Outcome<Reconciled> {
    let stopped = |error: tokio::task::JoinError| Fault::new(format!("the comparison stopped: {error}"));
    let joined = (theirs.len() as i64, ());
    let work = tokio::task::spawn_blocking(move || Arc::new(Reconciler::new(theirs, ours, rules)));
    let work = work.await.map_err(stopped)?;
    let loose = work.loose();
    let known = joined.0 - loose as i64;
    let mut judged: Vec<Judged> = Vec::with_capacity(loose);
    let step = |range: Range<usize>| {
        let work = work.clone();
        tokio::task::spawn_blocking(move || work.judge(range))
    };
    let mut from = 0;
    while from < loose {
        tell(known + from as i64);
        let middle = (from + STEP).min(loose);
        let to = (middle + STEP).min(loose);
        let (first, second) = tokio::join!(step(from..middle), step(middle..to));
        judged.append(&mut first.map_err(stopped)?);
        judged.append(&mut second.map_err(stopped)?);
        from = to;
    }
    tell(joined.0);
    let work = Arc::into_inner(work).ok_or_else(|| Fault::new("a step of the comparison has not ended"))?;
    Ok(tokio::task::spawn_blocking(move || work.finish(judged)).await.map_err(stopped)?)
}

async fn write(
    desk: &Desk,
    by: &Actor,
    ask: &ReconcileListing,
    (row, before): (ListingRow, Option<ListingRow>),
    (mut done, before_lines): (Reconciled, Vec<LineRow>),
    tell: &(dyn Fn(i64) + Send + Sync),
) -> Outcome<ListingReconciled> {
    if done.proof.left() != Pence::ZERO {
        return Err(Fault::new(format!("{} is left unexplained of {}", done.proof.left(), row.number)).into());
    }
    let known = before_lines.iter().filter_map(|line| {
        Some(Before {
            key: line.key.clone(),
            class: Class::parse(&line.class)?,
            difference: Pence(line.difference_pence),
        })
    });
    let gone = changes(&mut done.lines, known.collect());
    let mut rows: Vec<LineRow> = (1..).zip(&done.lines).map(|(seq, line)| line_row(seq, line)).collect();
    let agreed = done.lines.iter().filter(|line| line.class == Class::Agreed).count() as i64;
    let differences = rows.len() as i64 - agreed;
    let old: std::collections::HashMap<&str, &LineRow> =
        before_lines.iter().map(|line| (line.key.as_str(), line)).collect();
    for one in &gone {
        if let Some(line) = old.get(one.0.key.as_str()) {
            rows.push(gone_row(rows.len() as i64 + 1, line));
        }
    }
    let attempt: i64 = desk.id();
    for (at, chunk) in rows.chunks(WRITE).enumerate() {
        tell((at * WRITE) as i64);
        let mut tx = desk.db().begin().await?;
        add_lines(&mut tx, by.org, (row.id, attempt), chunk.to_vec()).await?;
        tx.commit().await?;
    }
    let proof = serde_json::to_value(&done.proof)?;
    let answer = ListingReconciled {
        number: row.number.clone(),
        their_rows: done.proof.their_rows,
        our_rows: done.proof.our_rows,
        theirs_pence: done.proof.theirs.0,
        ours_pence: done.proof.ours.0,
        differences,
        agreed,
        gone: gone.len() as i64,
    };
    command!(desk, by, "reconcile_listing", &ask.key, ask, |cmd| {
        let org = cmd.by.org;
        let before = before.as_ref().map(|before| before.id);
        if !set_done(&mut cmd.tx, org, row.id, (attempt, proof.clone(), before)).await? {
            return Err(LISTING_SIGNED
                .because(format!("{} was signed, or reconciled again since.", row.number))
                .into());
        }
        drop_lines_before(&mut cmd.tx, org, row.id, attempt).await?;
        cmd.tell("ListingReconciled", format!("list {}", row.number), &answer);
        Ok(answer.clone())
    })
}

/// The row of their list, or rows, as people say them.
fn rows_in_words(rows: &[u32]) -> String {
    let shown: Vec<String> = rows.iter().take(20).map(u32::to_string).collect();
    let more = if rows.len() > 20 { format!(" and {} more", rows.len() - 20) } else { String::new() };
    shown.join(", ") + &more
}

fn line_row(seq: i64, line: &Line) -> LineRow {
    LineRow {
        seq,
        class: line.class.as_str().into(),
        change: line.change.as_str().into(),
        key: line.key.clone(),
        their_rows: rows_in_words(&line.their_rows),
        their_reference: line.their_reference.clone(),
        their_name: line.their_name.clone(),
        their_on: line.their_on,
        theirs_pence: line.theirs.0,
        our_number: line.our_number.clone(),
        our_account: line.our_account.clone(),
        our_on: line.our_on,
        our_count: line.our_ids.len() as i64,
        ours_pence: line.ours.0,
        difference_pence: line.difference().0,
        words: line.words.clone(),
        sure_ppm: line.sure_ppm,
    }
}

/// A line of last time that is not there any more: it counts for nothing now.
fn gone_row(seq: i64, line: &LineRow) -> LineRow {
    LineRow {
        seq,
        change: Change::Gone.as_str().into(),
        their_rows: String::new(),
        theirs_pence: 0,
        ours_pence: 0,
        difference_pence: 0,
        words: format!("Not there any more. Last time: {}", line.words),
        ..line.clone()
    }
}
