//! Posting a chunk of verdicts: receipts, credits, allocations, suggestions and journals, all at once.
use super::common::again;
use super::match_cash::CashMatched;
use super::matching::Found;
use super::tolerance::{Cleared, clear};
use crate::Outcome;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, open_period, post_many};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use sundry_domain::cash::intake::{identify, post_receipt, post_suspense};
use sundry_domain::cash::{Candidate, Decision, edge_of};
use sundry_domain::ids::{AllocationId, CustomerId, ItemId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_store::cash::again::{drop_suggestions, identify_receipts, resettle_lines};
use sundry_store::cash::{self, LineSettled, ReceiptRow, SuggestionRow, lessons};
use sundry_store::ledger::{self, AllocationRow, ItemRow, PeriodRow};

/// A credit to be added once its journal has an id.
struct Credit {
    journal: usize,
    row: ItemRow,
}

/// What a chunk will write.
#[derive(Default)]
pub(super) struct Sheet {
    receipts: Vec<ReceiptRow>,
    /// Receipts that leave suspense.
    identified: Vec<ReceiptRow>,
    /// Their lines, and those whose suggestion is another now.
    resettled: Vec<LineSettled>,
    cleared: Vec<Cleared>,
    posted_at: BTreeMap<i64, i64>,
    credits: Vec<Credit>,
    journals: Vec<NewJournal>,
    allocations: Vec<AllocationRow>,
    suggestions: Vec<SuggestionRow>,
    settled: Vec<LineSettled>,
    taken: BTreeMap<ItemId, Pence>,
    counts: CashMatched,
}

/// What is open on an item as this chunk goes on, and when the item was posted.
type Opens = HashMap<i64, (i64, NaiveDate)>;

/// Posts what is certain and suggests the rest. A line whose item has changed meanwhile is suggested.
pub(super) async fn post_chunk(cmd: &mut Command, chunk: &[Found]) -> Outcome<CashMatched> {
    let org = cmd.by.org;
    let mut opens = opens_of(cmd, chunk).await?;
    let periods = ledger::periods(&mut cmd.tx, org).await?;
    let is_new =
        |found: &&Found| found.receipt.is_none() && !matches!(found.verdict.decision, Decision::NotAReceipt(_));
    let receipts = chunk.iter().filter(is_new).count();
    let mut number = if receipts > 0 { cmd.next_numbers("RCT", receipts as i64).await? } else { 0 };
    let mut sheet = Sheet::default();
    let differences = chunk.iter().filter_map(|f| f.verdict.posted()).filter(|c| c.difference != Pence::ZERO).count();
    let mut cleared = if differences > 0 { cmd.next_numbers("TOL", differences as i64).await? } else { 0 };
    for found in chunk {
        if let Some(receipt) = &found.receipt {
            let certain = found.verdict.posted().filter(|_| receipt.owner.is_empty());
            match certain.filter(|candidate| still_open(candidate, &mut opens)) {
                Some(candidate) => sheet.post(cmd, found, candidate, receipt.number.clone(), &opens, &periods),
                None => sheet.suggest_again(found),
            }
            continue;
        }
        sheet.counts.lines += 1;
        if let Decision::NotAReceipt(why) = &found.verdict.decision {
            sheet.counts.not_receipts += 1;
            sheet.settle(found, "not_a_receipt", why.clone(), None);
            continue;
        }
        let name = format!("RCT-{number:06}");
        number += 1;
        match found.verdict.posted().filter(|candidate| still_open(candidate, &mut opens)) {
            Some(candidate) => sheet.post(cmd, found, candidate, name, &opens, &periods),
            None => sheet.suspend(cmd, found, name, &periods),
        }
    }
    for one in &mut sheet.cleared {
        one.number = format!("TOL-{cleared:06}");
        cleared += 1;
    }
    write(cmd, sheet).await
}

async fn opens_of(cmd: &mut Command, chunk: &[Found]) -> Outcome<Opens> {
    let posted = chunk.iter().filter_map(|found| found.verdict.posted());
    let mut items: Vec<ItemId> = posted.flat_map(|c| c.lines.iter().map(|(item, _)| *item)).collect();
    items.sort_unstable();
    items.dedup();
    let rows = cash::open_debits(&mut cmd.tx, cmd.by.org, &items).await?;
    Ok(rows.into_iter().map(|(id, open, posted_on)| (id, (open, posted_on))).collect())
}

/// Whether every item still has the amount open; takes it if so.
fn still_open(candidate: &Candidate, opens: &mut Opens) -> bool {
    let short = candidate.difference.max(Pence::ZERO).0;
    let fits = |open: i64, amount: Pence| if short > 0 { open == amount.0 + short } else { open >= amount.0 };
    let enough = candidate.lines.iter().all(|(item, amount)| opens.get(&item.0).is_some_and(|o| fits(o.0, *amount)));
    if enough {
        for (item, amount) in &candidate.lines {
            if let Some(open) = opens.get_mut(&item.0) {
                open.0 -= amount.0 + short;
            }
        }
    }
    enough
}

impl Sheet {
    fn settle(&mut self, found: &Found, state: &'static str, reason: String, receipt: Option<ReceiptId>) {
        let receipt_id = receipt.map(|id| id.0);
        self.settled.push(LineSettled { line: found.line.id, state, reason, receipt_id });
    }

    fn post(
        &mut self,
        cmd: &Command,
        found: &Found,
        candidate: &Candidate,
        number: String,
        opens: &Opens,
        periods: &[PeriodRow],
    ) {
        let Some(customer) = candidate.customer else { return self.suspend(cmd, found, number, periods) };
        let (line, item) = (&found.line, cmd.id::<ItemId>());
        let receipt = found.receipt.as_ref().map_or_else(|| cmd.id::<ReceiptId>(), |known| ReceiptId(known.id));
        let amount = Pence(line.amount_pence);
        let over = candidate.difference.min(Pence::ZERO).size();
        // What is paid over within the tolerance is on the account for a moment, until the rule clears it.
        let on_account = candidate.on_account.plus(over);
        let allocated = amount.minus(on_account);
        // Never before the items it clears were posted, so that every day's books agree.
        let items = candidate.lines.iter().filter_map(|(item, _)| opens.get(&item.0).map(|open| open.1));
        let from = if found.receipt.is_some() { line.posted_on.max(cmd.today) } else { line.posted_on };
        let day = items.chain([from]).max().unwrap_or(from);
        let day = if open_period(periods, day).is_ok() { day } else { cmd.today };
        let reason = candidate.reasons_for.join(" ");
        let row = receipt_row(cmd, found, receipt, &number, Some((customer, item)), reason.clone());
        match &found.receipt {
            Some(known) => self.identified.push(ReceiptRow { version: known.version, ..row }),
            None => self.receipts.push(row),
        }
        self.credits.push(Credit {
            journal: self.journals.len(),
            row: credit_row(cmd, found, (receipt, item), customer, &number, (candidate.on_account, day)),
        });
        let (event, lines) = match found.receipt {
            Some(_) => ("ReceiptAllocated", identify(allocated, on_account)),
            None => ("ReceiptPosted", post_receipt(allocated, on_account)),
        };
        self.journals.push(NewJournal {
            posted_on: day,
            event,
            source: format!("receipt {number}"),
            reason: reason.clone(),
            customer: Some(customer),
            item: Some(item),
            lines,
        });
        for (debit, part) in &candidate.lines {
            let taken = self.taken.entry(*debit).or_default();
            *taken = taken.plus(*part);
            self.allocations.push(allocation_row(cmd, customer, (*debit, item), *part, day, &reason, candidate));
        }
        self.clear_difference(cmd, customer, item, candidate, (day, &number));
        *self.posted_at.entry(edge_of(candidate.confidence_ppm)).or_default() += 1;
        if found.receipt.is_some() {
            self.counts.posted_again += 1;
            self.counts.posted_pence += amount.0;
            return self.resettle(found, "posted", String::new());
        }
        if candidate.lines.is_empty() {
            self.counts.on_account += 1;
        } else {
            self.counts.posted += 1;
        }
        self.counts.posted_pence += amount.0;
        self.settle(found, "posted", String::new(), Some(receipt));
    }

    /// What the tolerance clears of a posting, with its own item and journal.
    fn clear_difference(
        &mut self,
        cmd: &Command,
        customer: CustomerId,
        credit: ItemId,
        candidate: &Candidate,
        (day, number): (NaiveDate, &str),
    ) {
        let debit = candidate.lines.first().map(|line| line.0);
        let Some(debit) = debit.filter(|_| candidate.difference != Pence::ZERO) else { return };
        self.cleared.push(clear(cmd, customer, (debit, credit), candidate, day, number));
        if candidate.difference > Pence::ZERO {
            let taken = self.taken.entry(debit).or_default();
            *taken = taken.plus(candidate.difference);
        }
    }

    fn resettle(&mut self, found: &Found, state: &'static str, reason: String) {
        self.resettled.push(LineSettled { line: found.line.id, state, reason, receipt_id: None });
    }

    /// A receipt in suspense with other suggestions than before.
    fn suggest_again(&mut self, found: &Found) {
        let candidates = &found.verdict.candidates;
        let (state, reason) = in_suspense(candidates.len());
        for (rank, candidate) in (1..).zip(candidates) {
            self.suggestions.extend(suggestion_rows(found.line.id, rank, candidate));
        }
        self.counts.suggested_again += 1;
        self.resettle(found, state, reason);
    }

    fn suspend(&mut self, cmd: &Command, found: &Found, number: String, periods: &[PeriodRow]) {
        let (line, receipt) = (&found.line, cmd.id::<ReceiptId>());
        let candidates = &found.verdict.candidates;
        let (state, reason) = in_suspense(candidates.len());
        let day = if open_period(periods, line.posted_on).is_ok() { line.posted_on } else { cmd.today };
        self.receipts.push(receipt_row(cmd, found, receipt, &number, None, reason.clone()));
        self.journals.push(NewJournal {
            posted_on: day,
            event: "ReceiptInSuspense",
            source: format!("receipt {number}"),
            reason: reason.clone(),
            customer: None,
            item: None,
            lines: post_suspense(Pence(line.amount_pence)),
        });
        for (rank, candidate) in (1..).zip(candidates) {
            self.suggestions.extend(suggestion_rows(line.id, rank, candidate));
        }
        if candidates.is_empty() {
            self.counts.suspense += 1;
        } else {
            self.counts.suggested += 1;
        }
        self.counts.suspense_pence += line.amount_pence;
        self.settle(found, state, reason, Some(receipt));
    }
}

/// State and reason of a line with so many possible matches.
fn in_suspense(candidates: usize) -> (&'static str, String) {
    match candidates {
        0 => ("suspense", "No customer is known for this payment.".to_owned()),
        1 => ("suggested", "One possible match; not certain enough to post without a person.".to_owned()),
        n => ("suggested", format!("{n} possible matches; a person chooses.")),
    }
}

fn receipt_row(
    cmd: &Command,
    found: &Found,
    id: ReceiptId,
    number: &str,
    credit: Option<(CustomerId, ItemId)>,
    reason: String,
) -> ReceiptRow {
    let line = &found.line;
    ReceiptRow {
        id: id.0,
        number: number.to_owned(),
        bank_line_id: Some(line.id),
        customer_id: credit.map(|c| c.0.0),
        item_id: credit.map(|c| c.1.0),
        method: "bank".into(),
        received_on: line.posted_on,
        amount_pence: line.amount_pence,
        state: if credit.is_some() { "identified" } else { "suspense" }.into(),
        reason,
        owner: String::new(),
        payer_name: line.payer_name.clone(),
        words: line.words.clone(),
        recorded_at: cmd.at,
        version: 1,
    }
}

fn credit_row(
    cmd: &Command,
    found: &Found,
    (receipt, item): (ReceiptId, ItemId),
    customer: CustomerId,
    number: &str,
    (on_account, day): (Pence, NaiveDate),
) -> ItemRow {
    let line = &found.line;
    ItemRow {
        id: item.0,
        customer_id: customer.0,
        kind: "receipt".into(),
        number: number.to_owned(),
        document_id: None,
        receipt_id: Some(receipt.0),
        posted_on: day,
        dated_on: line.posted_on,
        due_on: line.posted_on,
        original_pence: -line.amount_pence,
        open_pence: -on_account.0,
        disputed_pence: 0,
        service: String::new(),
        debt_type: String::new(),
        stage: String::new(),
        journal_id: 0,
        recorded_at: cmd.at,
    }
}

fn allocation_row(
    cmd: &Command,
    customer: CustomerId,
    (debit, credit): (ItemId, ItemId),
    amount: Pence,
    day: NaiveDate,
    reason: &str,
    candidate: &Candidate,
) -> AllocationRow {
    AllocationRow {
        id: cmd.id::<AllocationId>().0,
        customer_id: customer.0,
        debit_item_id: debit.0,
        credit_item_id: credit.0,
        amount_pence: amount.0,
        allocated_on: day,
        made_by: "machine".into(),
        actor_id: cmd.by.user.0,
        reason: reason.to_owned(),
        confidence_ppm: candidate.confidence_ppm,
        reverses_id: None,
        recorded_at: cmd.at,
    }
}

/// A row for each item and one for what would stay on the account; the sentences stand on the first.
pub(super) fn suggestion_rows(line: i64, rank: i64, candidate: &Candidate) -> Vec<SuggestionRow> {
    let rest = (candidate.on_account > Pence::ZERO).then_some((None, candidate.on_account));
    let own = candidate.customer;
    let shares = std::iter::once((own, &candidate.lines));
    let shares = shares.chain(candidate.others.iter().map(|other| (Some(other.customer), &other.lines)));
    let parts = shares
        .flat_map(|(customer, lines)| lines.iter().map(move |(item, amount)| (customer, Some(item.0), *amount)))
        .chain(rest.map(|(item, amount)| (own, item, amount)));
    let reasons = serde_json::json!({ "for": candidate.reasons_for, "against": candidate.reasons_against });
    (1..)
        .zip(parts)
        .map(|(place, (customer, item_id, amount))| SuggestionRow {
            bank_line_id: line,
            rank,
            line: place,
            customer_id: customer.map(|c| c.0),
            item_id,
            amount_pence: amount.0,
            confidence_ppm: candidate.confidence_ppm,
            reasons: if place == 1 { reasons.clone() } else { serde_json::json!({}) },
        })
        .collect()
}

async fn write(cmd: &mut Command, mut sheet: Sheet) -> Outcome<CashMatched> {
    let org = cmd.by.org;
    let taken: Vec<(ItemId, Pence)> = sheet.taken.into_iter().collect();
    if cash::settle_lines(&mut cmd.tx, org, &sheet.settled).await? != sheet.settled.len() {
        return Err(again("some of these bank lines were taken meanwhile"));
    }
    if resettle_lines(&mut cmd.tx, org, &sheet.resettled).await? != sheet.resettled.len()
        || identify_receipts(&mut cmd.tx, org, &sheet.identified).await? != sheet.identified.len()
    {
        return Err(again("some of these receipts were taken out of suspense meanwhile"));
    }
    let stale: Vec<i64> = sheet.resettled.iter().map(|line| line.line).collect();
    drop_suggestions(&mut cmd.tx, org, &stale).await?;
    if cash::reduce_debits(&mut cmd.tx, org, &taken).await? != taken.len() {
        return Err(again("some of these items were paid meanwhile"));
    }
    let mut to_post = sheet.journals;
    let first_cleared = to_post.len();
    to_post.extend(sheet.cleared.iter_mut().map(Cleared::journal));
    let journals = post_many(cmd, to_post).await?;
    let credit = |c: Credit| ItemRow { journal_id: journals[c.journal].0, ..c.row };
    ledger::add_items(&mut cmd.tx, org, sheet.credits.into_iter().map(credit).collect()).await?;
    let (mut allocations, mut differences) = (sheet.allocations, Vec::new());
    for (at, one) in sheet.cleared.into_iter().enumerate() {
        differences.push(ItemRow { journal_id: journals[first_cleared + at].0, ..one.item });
        allocations.push(one.allocation);
    }
    ledger::add_items(&mut cmd.tx, org, differences).await?;
    ledger::add_allocations(&mut cmd.tx, org, allocations).await?;
    cash::add_suggestions(&mut cmd.tx, org, sheet.suggestions).await?;
    let told: Vec<(&str, &str, i64)> = sheet
        .receipts
        .iter()
        .chain(&sheet.identified)
        .map(|r| (r.number.as_str(), r.state.as_str(), r.amount_pence))
        .collect();
    let subject = match (told.first(), told.last()) {
        (Some(first), Some(last)) => format!("receipts {} to {}", first.0, last.0),
        _ => "bank lines".to_owned(),
    };
    cmd.tell("BankLinesMatched", subject, serde_json::json!({ "receipts": told, "totals": sheet.counts }));
    cash::add_receipts(&mut cmd.tx, org, sheet.receipts).await?;
    let posted: Vec<(i64, &str, i64)> =
        sheet.posted_at.into_iter().map(|(edge, lines)| (edge, "posted", lines)).collect();
    lessons::tally(&mut cmd.tx, org, &posted).await?;
    Ok(sheet.counts)
}
