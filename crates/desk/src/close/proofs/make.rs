//! Making a proof from the ledger, as at a day.
use crate::core::actor::Actor;
use crate::{Desk, No, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::close::{ClearingEntry, Group, OpenLine, Proof, ProofKind, clear};
use sundry_domain::control::{Duty, mask_card_numbers};
use sundry_domain::ids::OrgId;
use sundry_domain::ledger::GlRole;
use sundry_domain::money::Pence;
use sundry_store::Tx;
use sundry_store::cash::bank_accounts;
use sundry_store::control_proof::{self as rows, ReceiptFact, SourceSum, StatedBalance};
use sundry_store::ledger::gl_codes;
use sundry_store::reports::control_as_at;

/// Days by which a bank line and an entry of its amount may be apart and still be each other's.
const SAME_MONEY_DAYS: i64 = 7;

/// An account that can be proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofSubject {
    /// What: receivables, bank, suspense, direct_debit or refunds.
    pub kind: ProofKind,
    /// GL code of the bank; empty otherwise.
    pub subject: String,
    /// For people: `Bank, Main account`.
    pub title: String,
}

/// The accounts that can be proved: each bank, then the others.
///
/// # Errors
/// Duty.
pub async fn proof_subjects(desk: &Desk, by: &Actor) -> Outcome<Vec<ProofSubject>> {
    by.must_hold(Duty::View)?;
    subjects(&mut desk.look().await?, by.org).await
}

pub(super) async fn subjects(tx: &mut Tx, org: OrgId) -> Outcome<Vec<ProofSubject>> {
    let mut banks: Vec<(String, Vec<String>)> = Vec::new();
    for account in bank_accounts(tx, org).await? {
        match banks.iter_mut().find(|(code, _)| *code == account.gl_code) {
            Some((_, names)) => names.push(account.name),
            None => banks.push((account.gl_code, vec![account.name])),
        }
    }
    let bank = |(subject, names): (String, Vec<String>)| {
        let title = format!("Bank, {}", names.join(" and "));
        ProofSubject { kind: ProofKind::Bank, subject, title }
    };
    let mut told: Vec<ProofSubject> = banks.into_iter().filter(|(code, _)| !code.is_empty()).map(bank).collect();
    let others = ProofKind::ALL.into_iter().filter(|kind| *kind != ProofKind::Bank);
    told.extend(others.map(|kind| ProofSubject { kind, subject: String::new(), title: kind.name().into() }));
    Ok(told)
}

/// The proof of an account as at the end of a day. Nothing is kept.
///
/// # Errors
/// Duty; no such account.
pub async fn account_proof(
    desk: &Desk,
    by: &Actor,
    (kind, subject): (ProofKind, &str),
    as_at: NaiveDate,
) -> Outcome<Proof> {
    by.must_hold(Duty::RunReports)?;
    made(&mut desk.look().await?, by.org, (kind, subject), as_at).await
}

pub(super) async fn made(
    tx: &mut Tx,
    org: OrgId,
    (kind, subject): (ProofKind, &str),
    as_at: NaiveDate,
) -> Outcome<Proof> {
    let mut proof = match kind {
        ProofKind::Receivables => receivables(tx, org, as_at).await?,
        ProofKind::Bank => bank(tx, org, subject, as_at).await?,
        ProofKind::Suspense => clearing(tx, org, kind, GlRole::Susp, as_at).await?,
        ProofKind::DirectDebit => clearing(tx, org, kind, GlRole::Ddc, as_at).await?,
        ProofKind::Refunds => clearing(tx, org, kind, GlRole::Ref, as_at).await?,
    };
    let owners = rows::line_owners(tx, org, kind.as_str()).await?;
    let owners: HashMap<String, (String, String)> =
        owners.into_iter().map(|(key, owner, words)| (key, (owner, words))).collect();
    for line in proof.groups.iter_mut().flat_map(|group| &mut group.lines) {
        if let Some((owner, words)) = owners.get(&line.key) {
            line.owner.clone_from(owner);
            if !words.is_empty() {
                line.why = format!("{}. {words}", line.why.trim_end_matches('.'));
            }
        }
    }
    Ok(proof)
}

async fn code_of(tx: &mut Tx, org: OrgId, role: GlRole) -> Outcome<String> {
    let codes = gl_codes(tx, org).await?;
    let code = codes.into_iter().find(|row| row.role == role.as_str()).map(|row| row.code);
    code.ok_or_else(|| No::Absent(format!("GL code with the role {}", role.as_str())))
}

async fn receivables(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Outcome<Proof> {
    let ledger = Pence(control_as_at(tx, org, as_at).await?);
    let (mut bills, mut credits, mut cash) = (0, 0, 0);
    for (kind, pence) in rows::open_by_kind(tx, org, as_at).await? {
        match kind.as_str() {
            "receipt" => cash += pence,
            "credit_note" | "write_off" => credits += pence,
            _ => bills += pence,
        }
    }
    let group =
        |title: &str, pence: i64| Group { title: title.into(), count: 0, amount: Pence(pence), lines: Vec::new() };
    Ok(Proof {
        kind: ProofKind::Receivables,
        subject: String::new(),
        as_at,
        other_name: "Bills and charges open, item by item".into(),
        other: Pence(bills),
        groups: vec![group("Credits not used", credits), group("Money not yet set against a bill", cash)],
        ledger,
    })
}

async fn clearing(tx: &mut Tx, org: OrgId, kind: ProofKind, role: GlRole, as_at: NaiveDate) -> Outcome<Proof> {
    let code = code_of(tx, org, role).await?;
    let ledger = Pence(rows::balance(tx, org, &code, as_at).await?);
    let sums = rows::open_sources(tx, org, &code, as_at).await?;
    let entry = |sum: &SourceSum| ClearingEntry {
        source: sum.source.clone(),
        event: sum.event.clone(),
        on: sum.first_on,
        amount: Pence(sum.net_pence),
    };
    let entries: Vec<ClearingEntry> = sums.iter().map(entry).collect();
    // Suspense is known document by document; the others clear in totals too.
    let open = if kind == ProofKind::Suspense { entries } else { clear(&entries) };
    let receipts = receipts_of(tx, org, open.iter().map(|one| one.source.as_str())).await?;
    let lines = open.into_iter().map(|one| {
        let receipt = one.source.strip_prefix("receipt ").and_then(|number| receipts.get(number));
        let (why, owner, on) = match receipt {
            Some(fact) => (reason_of(fact), fact.owner.clone(), fact.received_on.min(one.on)),
            None => (why_open(kind, &one.event).to_owned(), String::new(), one.on),
        };
        OpenLine { key: one.source.clone(), what: one.source, why, on, amount: one.amount, owner }
    });
    let title = match kind {
        ProofKind::Suspense => "Money whose payer is not known",
        ProofKind::DirectDebit => "Collections that the bank has not settled",
        _ => "Refunds approved and not paid",
    };
    Ok(Proof {
        kind,
        subject: String::new(),
        as_at,
        other_name: "An account that is clear".into(),
        other: Pence::ZERO,
        groups: vec![Group::of(title, lines.collect())],
        ledger,
    })
}

fn reason_of(fact: &ReceiptFact) -> String {
    let reason = if fact.reason.is_empty() { "The payer is not known".to_owned() } else { fact.reason.clone() };
    if fact.payer_name.is_empty() { reason } else { format!("From {}: {reason}", mask_card_numbers(&fact.payer_name)) }
}

/// Why a document is open on an account that clears.
fn why_open(kind: ProofKind, event: &str) -> &'static str {
    match (kind, event) {
        (ProofKind::DirectDebit, event) if event.contains("Unpaid") => {
            "Came back unpaid; the bank has not taken it yet"
        }
        (ProofKind::DirectDebit, _) => "Collected; the bank has not credited it yet",
        (ProofKind::Refunds, _) => "Approved; it is not paid out yet",
        _ => "It is not cleared",
    }
}

/// The receipts that some sources name.
async fn receipts_of<'a>(
    tx: &mut Tx,
    org: OrgId,
    sources: impl Iterator<Item = &'a str>,
) -> Outcome<HashMap<String, ReceiptFact>> {
    let numbers: Vec<&str> = sources.filter_map(|source| source.strip_prefix("receipt ")).collect();
    let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else { return Ok(HashMap::new()) };
    let facts = rows::receipts_between(tx, org, (first, last)).await?;
    Ok(facts.into_iter().map(|fact| (fact.number.clone(), fact)).collect())
}

async fn bank(tx: &mut Tx, org: OrgId, code: &str, as_at: NaiveDate) -> Outcome<Proof> {
    let accounts: Vec<_> = bank_accounts(tx, org).await?.into_iter().filter(|one| one.gl_code == code).collect();
    if accounts.is_empty() || code.is_empty() {
        return Err(No::Absent(format!("bank account with the GL code {code}")));
    }
    let ledger = Pence(rows::balance(tx, org, code, as_at).await?);
    let closing = rows::closing_balances(tx, org, code, as_at).await?;
    let opening = rows::opening_balances(tx, org, code).await?;
    let opening: Vec<&StatedBalance> = opening.iter().filter(|one| one.on_day <= as_at).collect();
    let (mut later, mut later_count) = (0, 0);
    for account in &accounts {
        let from = closing.iter().find(|one| one.account_id == account.id).map_or(NaiveDate::MIN, |one| one.on_day);
        let from = from.max(NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default());
        let (count, sum) = rows::lines_between(tx, org, account.id, (from, as_at)).await?;
        (later, later_count) = (later + sum, later_count + count);
    }
    let (not_posted, off) = loose(tx, org, code, as_at).await?;
    let sum = |all: &[&StatedBalance]| Pence(all.iter().map(|one| one.pence).sum());
    let mut groups = vec![
        Group::of("In the ledger, not on the statement", off),
        Group::of("On the statement, not in the ledger", not_posted),
    ];
    let plain =
        |title: &str, count: i64, amount: Pence| Group { title: title.into(), count, amount, lines: Vec::new() };
    if later != 0 || later_count > 0 {
        groups.push(plain("Bank lines after the last balance that the bank stated", later_count, Pence(later)));
    }
    let before = sum(&opening);
    if before != Pence::ZERO {
        groups.push(plain("In the bank before the first statement, so never in this ledger", 0, before.negated()));
    }
    let day = closing.iter().map(|one| one.on_day).max();
    let other_name = match day {
        Some(day) => format!("Balance on the bank statement of {}", day.format("%-d %B %Y")),
        None => "No balance is stated by the bank".to_owned(),
    };
    let all: Vec<&StatedBalance> = closing.iter().collect();
    Ok(Proof { kind: ProofKind::Bank, subject: code.to_owned(), as_at, other_name, other: sum(&all), groups, ledger })
}

/// Bank lines that the ledger has not, and entries that no bank line has; money of one amount in both is one money.
async fn loose(tx: &mut Tx, org: OrgId, code: &str, as_at: NaiveDate) -> Outcome<(Vec<OpenLine>, Vec<OpenLine>)> {
    let lines = rows::lines_not_posted(tx, org, code, as_at).await?;
    let mut not_posted: Vec<OpenLine> = lines
        .into_iter()
        .map(|line| OpenLine {
            key: format!("line {}", line.id),
            what: mask_card_numbers(&short(&[&line.payer_name, &line.words])),
            why: why_not_posted(&line.state, &line.reason),
            on: line.posted_on,
            amount: Pence(line.net_pence - line.amount_pence),
            owner: String::new(),
        })
        .collect();
    let sums = rows::open_off_statement(tx, org, code, as_at).await?;
    let receipts = receipts_of(tx, org, sums.iter().map(|sum| sum.source.as_str())).await?;
    let mut off: Vec<OpenLine> = sums
        .into_iter()
        .map(|sum| {
            let fact = sum.source.strip_prefix("receipt ").and_then(|number| receipts.get(number));
            let why = match fact.map(|fact| fact.method.as_str()) {
                Some("cheque") => "A cheque that the bank has not cleared",
                Some("cash") => "Cash that is not paid in, or not seen at the bank",
                Some("card") => "A card payment that is not settled",
                _ if sum.net_pence < 0 => "Paid out, and not seen at the bank",
                _ => "Posted, and not seen at the bank",
            };
            let owner = fact.map(|fact| fact.owner.clone()).unwrap_or_default();
            let amount = Pence(sum.net_pence);
            OpenLine { key: sum.source.clone(), what: sum.source, why: why.into(), on: sum.first_on, amount, owner }
        })
        .collect();
    let mut taken = vec![false; off.len()];
    let mut by_amount: HashMap<Pence, Vec<usize>> = HashMap::new();
    for (at, line) in off.iter().enumerate() {
        by_amount.entry(line.amount).or_default().push(at);
    }
    not_posted.retain(|line| {
        let partners = by_amount.get(&line.amount.negated());
        let near = |at: &&usize| !taken[**at] && (off[**at].on - line.on).num_days().abs() <= SAME_MONEY_DAYS;
        match partners.and_then(|all| all.iter().find(near)).copied() {
            Some(at) => {
                taken[at] = true;
                false
            }
            None => true,
        }
    });
    let mut taken = taken.into_iter();
    off.retain(|_| taken.next() == Some(false));
    Ok((not_posted, off))
}

fn short(parts: &[&str]) -> String {
    let all: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let text = all.join(", ");
    let text = if text.is_empty() { "A bank line without words".to_owned() } else { text };
    text.chars().take(120).collect()
}

fn why_not_posted(state: &str, reason: &str) -> String {
    let why = match state {
        "not_a_receipt" => "Not a customer's money",
        "waiting" => "The matcher has not looked at it",
        "suggested" => "It waits for a person to choose",
        "reversed" => "The receipt was taken back",
        _ => "Posted after this day, or in part",
    };
    if reason.is_empty() { why.to_owned() } else { format!("{why}: {}", reason.trim_end_matches('.')) }
}
