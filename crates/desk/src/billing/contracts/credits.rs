//! Net adjustments that give money back: asked for as credit notes against the invoices that charged too much.
use super::plan::{Behind, adjustment_words, behind_adjustment};
use crate::Outcome;
use crate::billing::credit::{CreditLine, ask_credit_by_rule};
use crate::core::command::Command;
use std::collections::{BTreeMap, HashMap};
use sundry_domain::billing::contracts::Adjustment;
use sundry_domain::billing::contracts::refusals::PARKED;
use sundry_domain::ids::{DocumentId, RunId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Refusal;
use sundry_store::billing;
use sundry_store::contracts::{self as rows, ContractChargeRow};

/// A credit note to ask for, with the rows of evidence behind it.
struct Part {
    document: i64,
    lines: Vec<CreditLine>,
    behind: Vec<(Behind, Pence)>,
}

/// What is left to credit of the lines of invoices, by document and line.
type Left = HashMap<(i64, i64), i64>;

/// Works out which invoices a credit is set against; refused when they have been credited by hand already.
async fn parts(
    cmd: &mut Command,
    adjustment: &Adjustment,
    before: &[ContractChargeRow],
    left: &mut Left,
) -> Outcome<Result<Vec<Part>, Refusal>> {
    let mut more: Vec<(Behind, Pence)> = Vec::new();
    let mut less: Vec<(Behind, Pence)> = Vec::new();
    for behind in behind_adjustment(adjustment)? {
        let net = behind.net;
        if net > Pence::ZERO { more.push((behind, net)) } else { less.push((behind, net)) }
    }
    // The newest period first: it is the one the payer has in hand.
    less.reverse();
    let mut parts: Vec<Part> = Vec::new();
    for (behind, net) in less {
        let mut to_credit = net.negated();
        let mut with = Vec::new();
        while to_credit > Pence::ZERO
            && let Some((other, rest)) = more.pop()
        {
            let taken = rest.min(to_credit);
            to_credit = to_credit.minus(taken);
            if taken < rest {
                more.push((copy(&other), rest.minus(taken)));
            }
            with.push((other, taken));
        }
        if to_credit == Pence::ZERO {
            with.push((behind, net));
            parts.push(Part { document: 0, lines: Vec::new(), behind: with });
            continue;
        }
        let mut found = of_period(cmd, (adjustment, &behind), before, left, to_credit).await?;
        let Some(found) = found.as_mut() else {
            let sentence = format!("{to_credit} is to be credited, but its invoices have been credited by hand");
            return Ok(Err(PARKED.because(sentence)));
        };
        let mut with = Some(with);
        for (document, lines) in std::mem::take(found) {
            let sum: i64 = lines.iter().map(|line| line.net_pence).sum();
            let mut of_part = with.take().unwrap_or_default();
            let extra: i64 = of_part.iter().map(|(_, net)| net.0).sum();
            of_part.push((copy(&behind), Pence(-(sum + extra))));
            parts.push(Part { document, lines, behind: of_part });
        }
    }
    Ok(Ok(parts))
}

fn copy(behind: &Behind) -> Behind {
    Behind {
        words: behind.words.clone(),
        was_words: behind.was_words.clone(),
        working: behind.working.clone(),
        activity: behind.activity.clone(),
        ..*behind
    }
}

/// The lines that charged a period, newest invoice first, with how much of each to credit; none where too little is left.
async fn of_period(
    cmd: &mut Command,
    (adjustment, behind): (&Adjustment, &Behind),
    before: &[ContractChargeRow],
    left: &mut Left,
    to_credit: Pence,
) -> Outcome<Option<BTreeMap<i64, Vec<CreditLine>>>> {
    let charged = before.iter().filter(|row| {
        row.line == adjustment.line
            && row.customer_id == adjustment.customer.0
            && row.period_starts_on == behind.period.starts_on
            && row.net_pence > 0
            && row.approval.is_empty()
    });
    let mut places: Vec<(i64, i64)> = charged.filter_map(|row| Some((row.document_id?, row.document_line?))).collect();
    places.sort_unstable();
    places.dedup();
    places.reverse();
    let mut rest = to_credit.0;
    let mut found: BTreeMap<i64, Vec<CreditLine>> = BTreeMap::new();
    for (document, line) in places {
        read_left(cmd, document, left).await?;
        let Some(of_line) = left.get_mut(&(document, line)) else { continue };
        let part = rest.min(*of_line);
        if part > 0 {
            (rest, *of_line) = (rest - part, *of_line - part);
            found.entry(document).or_default().push(CreditLine { line: line as u32, net_pence: part });
        }
    }
    Ok((rest == 0).then_some(found))
}

async fn read_left(cmd: &mut Command, document: i64, left: &mut Left) -> Outcome<()> {
    if left.keys().any(|(of, _)| *of == document) {
        return Ok(());
    }
    let (org, id) = (cmd.by.org, DocumentId(document));
    for line in billing::lines_of(&mut cmd.tx, org, id).await? {
        left.insert((document, line.line), line.net_pence);
    }
    for (line, net, _) in billing::credited_so_far(&mut cmd.tx, org, id).await? {
        left.entry((document, line)).and_modify(|of_line| *of_line -= net);
    }
    for (line, net) in rows::credits_asked(&mut cmd.tx, org, id).await? {
        left.entry((document, line)).and_modify(|of_line| *of_line -= net);
    }
    Ok(())
}

/// Asks for the credit notes of a contract's adjustments; the rows of evidence wait with them. Refused, nothing is asked.
pub(super) async fn ask_credits(
    cmd: &mut Command,
    (run, contract, number): (RunId, i64, &str),
    adjustments: &[Adjustment],
    before: &[ContractChargeRow],
) -> Outcome<Result<Vec<ContractChargeRow>, Refusal>> {
    let mut left = Left::new();
    let mut planned = Vec::with_capacity(adjustments.len());
    for adjustment in adjustments {
        match parts(cmd, adjustment, before, &mut left).await? {
            Ok(parts) => planned.push((adjustment, parts)),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    let mut all = Vec::new();
    for (adjustment, parts) in planned {
        for part in parts {
            let asked = match part.document {
                0 => None,
                document => Some(ask(cmd, (document, &part.lines), number, adjustment).await?),
            };
            for (behind, net) in part.behind {
                let place = part.lines.first().map(|line| (part.document, i64::from(line.line)));
                let of = (run, contract, adjustment.customer.0);
                all.push(row(cmd, of, behind, net, (place, asked.clone())));
            }
        }
    }
    Ok(Ok(all))
}

async fn ask(
    cmd: &mut Command,
    (document, lines): (i64, &[CreditLine]),
    number: &str,
    adjustment: &Adjustment,
) -> Outcome<String> {
    let found = billing::document(&mut cmd.tx, cmd.by.org, DocumentId(document)).await?;
    let invoice = found.map(|document| document.number).unwrap_or_default();
    let words = format!("Contract {number}, {}", adjustment_words(adjustment));
    Ok(ask_credit_by_rule(cmd, &invoice, lines, "wrong_price", &words).await?.approval)
}

/// A row of evidence.
pub(super) fn row(
    cmd: &Command,
    (run, contract, customer): (RunId, i64, i64),
    behind: Behind,
    net: Pence,
    (place, approval): (Option<(i64, i64)>, Option<String>),
) -> ContractChargeRow {
    ContractChargeRow {
        id: cmd.id(),
        contract_id: contract,
        line: behind.line,
        customer_id: customer,
        kind: behind.kind.into(),
        state: if approval.is_some() { "asked".into() } else { "billed".into() },
        period_starts_on: behind.period.starts_on,
        period_ends_on: behind.period.ends_on,
        from_on: behind.from_on,
        to_on: behind.to_on,
        net_pence: net.0,
        words: behind.words,
        was_words: behind.was_words,
        working: behind.working,
        run_id: run.0,
        document_id: place.map(|place| place.0),
        document_line: place.map(|place| place.1),
        approval: approval.unwrap_or_default(),
        recorded_at: cmd.at,
        part: behind.part,
        activity: behind.activity,
    }
}

/// A credit that a run asked for was approved: what waited for it is billed.
pub(crate) async fn credit_approved(cmd: &mut Command, approval: &str) -> Outcome<()> {
    rows::settle_charges(&mut cmd.tx, cmd.by.org, approval, "billed").await?;
    Ok(())
}

/// A credit that a run asked for was refused: the contract stands as billed before, and the next run looks again.
pub(crate) async fn credit_refused(cmd: &mut Command, approval: &str) -> Outcome<()> {
    let org = cmd.by.org;
    if rows::settle_charges(&mut cmd.tx, org, approval, "refused").await? > 0 {
        rows::recheck_refused(&mut cmd.tx, org, approval, "A credit was refused").await?;
    }
    Ok(())
}
