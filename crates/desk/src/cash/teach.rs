//! What a person's allocation teaches, and how it judges what the matcher had suggested.
use super::placing::Share;
use crate::Outcome;
use crate::core::command::Command;
use sundry_domain::cash::{edge_of, name_of, wording_of};
use sundry_domain::ids::BankLineId;
use sundry_store::cash::again::{best_confidence, drop_suggestions, suggested};
use sundry_store::cash::lessons::{NewLesson, is_own_account, tally, teach};
use sundry_store::cash::{self, BankLineRow, ReceiptRow, StandingAllocationRow};
use sundry_store::ledger;

/// Counts whether the first suggestion was what the person did, and takes the suggestions away: the line is settled.
pub(super) async fn judge(cmd: &mut Command, line: i64, shares: &[Share]) -> Outcome<()> {
    let org = cmd.by.org;
    let rows = suggested(&mut cmd.tx, org, line).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let first = rows.iter().filter(|row| row.rank == 1);
    let mut said: Vec<(i64, Option<i64>, i64)> =
        first.map(|row| (row.customer_id.unwrap_or_default(), row.item_id, row.amount_pence)).collect();
    let mut done: Vec<(i64, Option<i64>, i64)> = Vec::new();
    for share in shares {
        let customer = share.customer.id.0;
        done.extend(share.lines.iter().map(|(item, amount)| (customer, Some(item.0), amount.0)));
        let left = share.amount.0 - share.lines.values().map(|amount| amount.0).sum::<i64>();
        done.extend((left > 0).then_some((customer, None, left)));
    }
    said.sort_unstable();
    done.sort_unstable();
    let outcome = if said == done { "agreed" } else { "corrected" };
    if let Some(confidence) = best_confidence(&mut cmd.tx, org, line).await? {
        tally(&mut cmd.tx, org, &[(edge_of(confidence), outcome, 1)]).await?;
    }
    Ok(drop_suggestions(&mut cmd.tx, org, &[line]).await?)
}

/// Counts a posting of the machine that a person took back.
pub(super) async fn taken_back(cmd: &mut Command, allocations: &[StandingAllocationRow]) -> Outcome<()> {
    let made = allocations.iter().find(|a| a.made_by == "machine");
    if let Some(made) = made {
        tally(&mut cmd.tx, cmd.by.org, &[(edge_of(made.confidence_ppm), "undone", 1)]).await?;
    }
    Ok(())
}

/// A person has said whose money this is and what it is for: the next payment like it will be known.
///
/// Gives whether the payer's account is known from now on and was not before.
pub(super) async fn learn(cmd: &mut Command, receipt: &ReceiptRow, shares: &[Share]) -> Outcome<bool> {
    let ([share], Some(line)) = (shares, receipt.bank_line_id) else { return Ok(false) };
    let Some(line) = cash::line(&mut cmd.tx, cmd.by.org, BankLineId(line)).await? else { return Ok(false) };
    let account = learn_account(cmd, receipt, &line, share).await?;
    learn_name(cmd, receipt, share).await?;
    learn_wording(cmd, receipt, share).await?;
    Ok(account)
}

async fn learn_account(cmd: &mut Command, receipt: &ReceiptRow, line: &BankLineRow, share: &Share) -> Outcome<bool> {
    let org = cmd.by.org;
    let known =
        line.payer_print.is_empty() || is_own_account(&mut cmd.tx, org, share.customer.id, &line.payer_print).await?;
    if known {
        return Ok(false);
    }
    let lesson = Said { kind: "account", said: &line.payer_print, shown: &line.payer_shown, service: "" };
    Ok(keep(cmd, receipt, share.customer.id.0, lesson).await? == 1)
}

/// Only a name that is not the customer's own needs to be learned.
async fn learn_name(cmd: &mut Command, receipt: &ReceiptRow, share: &Share) -> Outcome<()> {
    let Some(name) = name_of(&receipt.payer_name) else { return Ok(()) };
    let own = name_of(&share.customer.name).unwrap_or_default();
    if !own.starts_with(&name) {
        let lesson = Said { kind: "name", said: &name, shown: receipt.payer_name.trim(), service: "" };
        keep(cmd, receipt, share.customer.id.0, lesson).await?;
    }
    Ok(())
}

/// Words teach only where all that was paid is for one service.
async fn learn_wording(cmd: &mut Command, receipt: &ReceiptRow, share: &Share) -> Outcome<()> {
    let Some(words) = wording_of(&receipt.words, &receipt.payer_name) else { return Ok(()) };
    let mut services: Vec<String> = Vec::new();
    for item in share.lines.keys() {
        let row = ledger::item(&mut cmd.tx, cmd.by.org, *item).await?;
        services.extend(row.map(|row| row.service));
    }
    services.sort_unstable();
    services.dedup();
    if let [service] = services.as_slice()
        && !service.is_empty()
    {
        let lesson = Said { kind: "wording", said: &words, shown: &words, service };
        keep(cmd, receipt, 0, lesson).await?;
    }
    Ok(())
}

struct Said<'a> {
    kind: &'a str,
    said: &'a str,
    shown: &'a str,
    service: &'a str,
}

async fn keep(cmd: &mut Command, receipt: &ReceiptRow, customer_id: i64, what: Said<'_>) -> Outcome<i64> {
    let (id, by, today) = (cmd.id::<i64>(), cmd.by.name.clone(), cmd.today);
    let lesson = NewLesson {
        id,
        kind: what.kind,
        said: what.said,
        shown: what.shown,
        customer_id,
        service: what.service,
        receipt: &receipt.number,
        taught_by: &by,
        taught_on: today,
    };
    Ok(teach(&mut cmd.tx, cmd.by.org, &lesson).await?)
}
