//! Giving a debt up, and restoring it (GL-02 rows 22 and 24): asked for by one person, approved by another.
use super::credit::set_against;
use crate::approvals::{AskForApproval, WRITE_BACK, WRITE_OFF, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{ReliefFacts, TaxablePart, may_claim_relief, refusals};
use sundry_domain::calendar::add_months;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::law::refusals::GIVE_UP_AMOUNT;
use sundry_domain::ledger::{repay_vat_relief, write_back, write_off};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::counted;
use sundry_domain::writeoff::{WriteOffFacts, WriteOffReason, may_write_off};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::{Tx, billing};

/// Asks to write off a debt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestWriteOff {
    /// Idempotency key.
    pub key: String,
    /// Number of the item: an invoice, interest, costs.
    pub item: String,
    /// How much; all that is open when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// untraceable, uneconomic, statute_barred and so on.
    pub reason: String,
    /// The evidence, in words.
    pub words: String,
}

/// The request that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WriteOffAsked {
    /// Approval number.
    pub approval: String,
    /// How much.
    pub amount_pence: i64,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    item_id: i64,
    item: String,
    customer_id: i64,
    amount_pence: i64,
    reason: String,
    words: String,
}

/// Asks to write off what is open on an item, or a part of it.
///
/// # Errors
/// `REC-09-DISPUTED`, `REC-09-IN-PLAN`, `REC-09-AMOUNT`, `REC-09-NOT-UNECONOMIC`; invalid without evidence.
pub async fn request_write_off(desk: &Desk, by: &Actor, ask: RequestWriteOff) -> Outcome<WriteOffAsked> {
    by.must_hold(Duty::ProposeWriteOff)?;
    let reason = WriteOffReason::parse(&ask.reason);
    let mut wrong = Vec::new();
    if reason.is_none() {
        wrong.push(Invalid::field("reason", "Choose why from the list", &ask.reason));
    }
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter the evidence", &ask.words));
    }
    let Some(reason) = reason.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "request_write_off", &ask.key, &ask, |cmd| {
        let item = find_debit(&mut cmd.tx, cmd.by.org, &ask.item).await?;
        let amount = ask.amount.unwrap_or(Pence(item.open_pence));
        check(cmd, &item, amount, reason).await?;
        let payload = Payload {
            item_id: item.id,
            item: item.number.clone(),
            customer_id: item.customer_id,
            amount_pence: amount.0,
            reason: reason.as_str().into(),
            words: ask.words.trim().into(),
        };
        let subject = format!("invoice {}", item.number);
        let request = AskForApproval {
            command: WRITE_OFF,
            summary: format!("Write off {amount} of {}: {}", item.number, reason.as_str().replace('_', " ")),
            subject: subject.clone(),
            payload: serde_json::to_value(&payload)?,
            amount,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("WriteOffAsked", subject, &payload);
        Ok(WriteOffAsked { approval, amount_pence: amount.0 })
    })
}

async fn find_debit(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let mut debits = ledger::items_numbered(tx, org, number.trim()).await?;
    debits.retain(|item| item.original_pence > 0);
    let instalments = debits.iter().filter(|item| item.number != number.trim()).count();
    if instalments > 0 {
        let sentence = format!("{} is paid in {}", number.trim(), counted(instalments as i64, "instalment"));
        return Err(refusals::WHICH_INSTALMENT.because(sentence).into());
    }
    debits.into_iter().next().ok_or_else(|| No::Absent(format!("item {}", number.trim())))
}

async fn check(cmd: &mut Command, item: &ItemRow, amount: Pence, reason: WriteOffReason) -> Outcome<()> {
    let facts = WriteOffFacts {
        open: Pence(item.open_pence),
        disputed: item.disputed_pence > 0,
        in_plan: billing::in_plan(&mut cmd.tx, cmd.by.org, ItemId(item.id)).await?,
        overridden: false,
    };
    Ok(may_write_off(&facts, amount, reason)?)
}

/// What the customer of a request had written off in the twelve months before today (CTL-02).
pub(crate) async fn written_off_before(cmd: &mut Command, payload: &serde_json::Value) -> Outcome<Pence> {
    let payload: Payload = serde_json::from_value(payload.clone())?;
    let since = add_months(cmd.today, -12);
    Ok(billing::written_off_since(&mut cmd.tx, cmd.by.org, CustomerId(payload.customer_id), since).await?)
}

/// Posts an approved write-off: the VAT share to relief where it can be claimed today, the rest to the allowance.
pub(crate) async fn post_write_off(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let (org, today, amount) = (cmd.by.org, cmd.today, Pence(payload.amount_pence));
    let item = ledger::item(&mut cmd.tx, org, ItemId(payload.item_id)).await?;
    let item = item.ok_or_else(|| Fault::new("an approval names an item that is not there"))?;
    let reason = WriteOffReason::parse(&payload.reason).ok_or_else(|| Fault::new("an approval's reason is unknown"))?;
    check(cmd, &item, amount, reason).await?;
    let relief = relief_of(cmd, &item, amount).await?;
    let number = format!("WO-{:06}", cmd.next_number("WO").await?);
    let credit: ItemId = cmd.id();
    let journal = NewJournal {
        posted_on: today,
        event: "DebtWrittenOff",
        source: format!("write-off {number}"),
        reason: format!("{} written off: {}", item.number, payload.reason.replace('_', " ")),
        customer: Some(CustomerId(item.customer_id)),
        item: Some(credit),
        lines: write_off(amount, relief),
    };
    let journal = post(cmd, journal).await?;
    let row = other_side(cmd, &item, credit, "write_off", &number, amount.negated(), journal.0);
    ledger::add_items(&mut cmd.tx, org, vec![row]).await?;
    set_against(cmd, &item, credit, amount, format!("Write-off {number}")).await?;
    cmd.tell("DebtWrittenOff", format!("invoice {}", item.number), &payload);
    Ok(number)
}

/// VAT relief that can be claimed today on this much of an item; nothing when it cannot.
async fn relief_of(cmd: &mut Command, item: &ItemRow, amount: Pence) -> Outcome<Pence> {
    let Some(document) = item.document_id else { return Ok(Pence::ZERO) };
    let Some(head) = billing::document(&mut cmd.tx, cmd.by.org, DocumentId(document)).await? else {
        return Ok(Pence::ZERO);
    };
    let lines = billing::lines_of(&mut cmd.tx, cmd.by.org, DocumentId(document)).await?;
    let taxed: Vec<(i64, i64, i64)> =
        lines.iter().filter(|line| line.vat_bp > 0).map(|line| (line.net_pence, line.vat_pence, line.vat_bp)).collect();
    let facts = relief_on(&taxed, Pence(head.gross_pence), amount, (head.supply_on, head.due_on));
    Ok(may_claim_relief(&facts, cmd.today).map_or(Pence::ZERO, |relief| relief.amount))
}

/// What decides the relief on this much of an invoice: its taxed lines as net, VAT and rate, and its dates.
pub(super) fn relief_on(
    taxed: &[(i64, i64, i64)],
    gross: Pence,
    unpaid: Pence,
    (supply_on, due_on): (chrono::NaiveDate, chrono::NaiveDate),
) -> ReliefFacts {
    let part =
        |(net, vat, bp): &(i64, i64, i64)| TaxablePart { gross: Pence(*net).plus(Pence(*vat)), rate: BasisPoints(*bp) };
    ReliefFacts { gross, taxable: taxed.iter().map(part).collect(), paid: gross.minus(unpaid), supply_on, due_on }
}

fn other_side(
    cmd: &Command,
    of: &ItemRow,
    id: ItemId,
    kind: &str,
    number: &str,
    amount: Pence,
    journal: i64,
) -> ItemRow {
    ItemRow {
        id: id.0,
        kind: kind.to_owned(),
        number: number.to_owned(),
        document_id: None,
        receipt_id: None,
        posted_on: cmd.today,
        dated_on: cmd.today,
        due_on: cmd.today,
        original_pence: amount.0,
        open_pence: amount.0,
        disputed_pence: 0,
        stage: String::new(),
        journal_id: journal,
        recorded_at: cmd.at,
        ..of.clone()
    }
}

/// Asks to restore a debt that was written off, because it is being paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestWriteBack {
    /// Idempotency key.
    pub key: String,
    /// Number of the write-off: WO-000001.
    pub write_off: String,
    /// How much.
    pub amount: Pence,
    /// Why, in words.
    pub words: String,
}

/// Asks to write back a part of a write-off.
///
/// # Errors
/// `REC-09-AMOUNT` above what was written off and not yet restored; absent write-off.
pub async fn request_write_back(desk: &Desk, by: &Actor, ask: RequestWriteBack) -> Outcome<WriteOffAsked> {
    by.must_hold(Duty::ProposeWriteOff)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter why the debt is restored", &ask.words).into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "request_write_back", &ask.key, &ask, |cmd| {
        let item = find_write_off(&mut cmd.tx, cmd.by.org, &ask.write_off).await?;
        check_write_back(cmd, &item, ask.amount).await?;
        let payload = Payload {
            item_id: item.id,
            item: item.number.clone(),
            customer_id: item.customer_id,
            amount_pence: ask.amount.0,
            reason: String::new(),
            words: ask.words.trim().into(),
        };
        let subject = format!("write-off {}", item.number);
        let request = AskForApproval {
            command: WRITE_BACK,
            summary: format!("Write back {} of write-off {}", ask.amount, item.number),
            subject: subject.clone(),
            payload: serde_json::to_value(&payload)?,
            amount: ask.amount,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("WriteBackAsked", subject, &payload);
        Ok(WriteOffAsked { approval, amount_pence: ask.amount.0 })
    })
}

async fn find_write_off(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let items = ledger::items_numbered(tx, org, number.trim()).await?;
    let found = items.into_iter().find(|item| item.kind == "write_off");
    found.ok_or_else(|| No::Absent(format!("write-off {}", number.trim())))
}

async fn check_write_back(cmd: &mut Command, write_off: &ItemRow, amount: Pence) -> Outcome<()> {
    let back = billing::written_back(&mut cmd.tx, cmd.by.org, &write_off.number).await?;
    let left = Pence(write_off.original_pence).size().minus(back);
    if amount <= Pence::ZERO || amount > left {
        return Err(GIVE_UP_AMOUNT
            .because(format!("{amount} cannot be written back where {left} is written off"))
            .into());
    }
    Ok(())
}

/// Posts an approved write-back: the debt stands again, and the VAT relief taken on it is owed again.
pub(crate) async fn post_write_back(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let (org, today, amount) = (cmd.by.org, cmd.today, Pence(payload.amount_pence));
    let off = find_write_off(&mut cmd.tx, org, &payload.item).await?;
    check_write_back(cmd, &off, amount).await?;
    let mut lines = write_back(amount);
    lines.extend(repay_vat_relief(relief_share(cmd, &off, amount).await?));
    let number = format!("WB-{:06}", cmd.next_number("WB").await?);
    let debit: ItemId = cmd.id();
    let journal = NewJournal {
        posted_on: today,
        event: "DebtWrittenBack",
        source: format!("write-off {}", off.number),
        reason: format!("{number}: {}", payload.words),
        customer: Some(CustomerId(off.customer_id)),
        item: Some(debit),
        lines,
    };
    let journal = post(cmd, journal).await?;
    let row = other_side(cmd, &off, debit, "write_back", &number, amount, journal.0);
    ledger::add_items(&mut cmd.tx, org, vec![row]).await?;
    cmd.tell("DebtWrittenBack", format!("write-off {}", off.number), &payload);
    Ok(number)
}

/// The share of the relief taken at the write-off that belongs to this much of it.
async fn relief_share(cmd: &mut Command, off: &ItemRow, amount: Pence) -> Outcome<Pence> {
    let gl = ledger::gl_codes(&mut cmd.tx, cmd.by.org).await?;
    let relief_code = gl.into_iter().find(|code| code.role == "VATBDR").map(|code| code.code).unwrap_or_default();
    let mut relief = 0;
    for journal in ledger::journals_of_source(&mut cmd.tx, cmd.by.org, &format!("write-off {}", off.number)).await? {
        let entries = ledger::entries_of(&mut cmd.tx, cmd.by.org, journal.id).await?;
        relief += entries.iter().filter(|e| e.gl_code == relief_code).map(|e| e.debit_pence).sum::<i64>();
    }
    let rest = Pence(off.original_pence).size().minus(amount);
    let shares = sundry_domain::money::spread(Pence(relief), &[amount.0, rest.0]);
    Ok(shares.first().copied().unwrap_or_default())
}
