//! Giving a debt up (GL-02 row 22): asked for by one person, approved by another, posted and into the register.
use super::case::record_evidence;
use super::facts::{Debt, criteria_on, known_debt};
use crate::approvals::{AskForApproval, WRITE_OFF, ask_for_approval};
use crate::billing::set_against;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{may_claim_relief, refusals};
use sundry_domain::calendar::{add_days, add_months, fin_year};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId};
use sundry_domain::law::refusals::GIVE_UP_EVIDENCE;
use sundry_domain::ledger::write_off;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::counted;
use sundry_domain::writeoff::desk_refusals::ON_SCHEDULE;
use sundry_domain::writeoff::{
    Criteria, Evidence, WriteOffReason, category_of, checklist, may_propose, missing, reason_name,
};
use sundry_store::control::ApprovalRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::writeoff::losses::{LossRow, add_losses};
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
    /// What was done to recover it, in words.
    pub words: String,
    /// Evidence to put on file with the request.
    #[serde(default)]
    pub evidence: Vec<EvidenceGiven>,
}

/// A piece of evidence given with a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EvidenceGiven {
    /// trace_proof, proof_of_death, service_answer and so on.
    pub kind: String,
    /// What it shows.
    pub words: String,
    /// Its day; today when not said.
    #[serde(default)]
    pub on: Option<NaiveDate>,
}

/// The request that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WriteOffAsked {
    /// Approval number.
    pub approval: String,
    /// How much.
    pub amount_pence: i64,
}

/// What an approval keeps of a write-off or a write-back.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub item_id: i64,
    pub item: String,
    pub customer_id: i64,
    pub amount_pence: i64,
    pub reason: String,
    pub words: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub receipt: String,
}

/// Asks to write off what is open on an item, or a part of it, outside the monthly schedule.
///
/// # Errors
/// `REC-09-…` for what stands in the way, a reason that does not fit, or evidence that is missing; invalid fields.
pub async fn request_write_off(desk: &Desk, by: &Actor, ask: RequestWriteOff) -> Outcome<WriteOffAsked> {
    by.must_hold(Duty::ProposeWriteOff)?;
    let reason = WriteOffReason::parse(&ask.reason);
    let mut wrong = Vec::new();
    if reason.is_none() {
        wrong.push(Invalid::field("reason", "Choose why from the list", &ask.reason));
    }
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter what was done to recover it", &ask.words));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 1_000));
    wrong.extend(wrong_evidence(&ask.evidence, desk.today()));
    let Some(reason) = reason.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "request_write_off", &ask.key, &ask, |cmd| {
        let item = find_debit(&mut cmd.tx, cmd.by.org, &ask.item).await?;
        for one in &ask.evidence {
            let on = one.on.unwrap_or(cmd.today);
            record_evidence(cmd, (item.id, &item.number), (&one.kind, &one.words, on), None).await?;
        }
        let amount = ask.amount.unwrap_or(Pence(item.open_pence));
        let debt = debt_of(cmd, item.id).await?;
        if let Some(schedule) = &debt.schedule {
            return Err(ON_SCHEDULE.because(format!("{} stands on schedule {schedule}", item.number)).into());
        }
        let criteria = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?;
        check(&debt, amount, reason, &criteria, cmd.today)?;
        let payload = Payload {
            item_id: item.id,
            item: item.number.clone(),
            customer_id: item.customer_id,
            amount_pence: amount.0,
            reason: reason.as_str().into(),
            words: ask.words.trim().into(),
            receipt: String::new(),
        };
        let subject = format!("invoice {}", item.number);
        let request = AskForApproval {
            command: WRITE_OFF,
            summary: format!("Write off {amount} of {}: {}", item.number, reason_name(reason).to_lowercase()),
            subject: subject.clone(),
            payload: serde_json::to_value(&payload)?,
            amount,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("WriteOffAsked", subject, &payload);
        Ok(WriteOffAsked { approval, amount_pence: amount.0 })
    })
}

/// What a reason needs, said in one sentence for all of it: for papers that are kept elsewhere.
pub fn evidence_in_words(reason: &str, words: &str, today: NaiveDate) -> Vec<EvidenceGiven> {
    let kept_by_the_books = [Evidence::History, Evidence::LossCategory, Evidence::VatRelief];
    let needed = WriteOffReason::parse(reason).map(WriteOffReason::evidence).unwrap_or_default();
    let given = |kind: Evidence| EvidenceGiven {
        kind: kind.as_str().into(),
        words: words.to_owned(),
        // A claim could be issued until yesterday.
        on: Some(if kind == Evidence::LimitationWorking { add_days(today, -1) } else { today }),
    };
    needed.into_iter().filter(|kind| !kept_by_the_books.contains(kind)).map(given).collect()
}

/// What is wrong with evidence as it is given.
pub(super) fn wrong_evidence(given: &[EvidenceGiven], today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    for (row, one) in (1..).zip(given) {
        if Evidence::parse(&one.kind).is_none() {
            wrong.push(Invalid::row(row, "kind", "Choose a kind of evidence from the list", &one.kind));
        }
        if one.words.trim().is_empty() {
            wrong.push(Invalid::row(row, "words", "Enter what it shows, in at most 1,000 characters", &one.words));
        }
        let mut typed = words_wrong(&[("words", &one.words)], 1_000);
        typed.extend(wrong_day(&one.kind, one.on, today));
        wrong.extend(typed.into_iter().map(|no| Invalid { row: Some(row), ..no }));
    }
    wrong
}

/// What is wrong with the day of evidence: only the last day of a claim is still to come.
pub(super) fn wrong_day(kind: &str, on: Option<NaiveDate>, today: NaiveDate) -> Vec<Invalid> {
    match on.filter(|on| *on > today && kind != Evidence::LimitationWorking.as_str()) {
        Some(on) => vec![Invalid::field("on", "Enter a day that is not in the future", on.to_string())],
        None => days_wrong(&[("on", on)], today),
    }
}

/// The debt of an item with all that is known of it.
pub(super) async fn debt_of(cmd: &mut Command, item: i64) -> Outcome<Debt> {
    let found = known_debt(&mut cmd.tx, cmd.by.org, cmd.today, item).await?;
    found.ok_or_else(|| Fault::new("a debt is not there any more").into())
}

/// The open debit with a number; an invoice that is paid in parts is named by its part.
pub(super) async fn find_debit(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<ItemRow> {
    let mut debits = ledger::items_numbered(tx, org, number.trim()).await?;
    debits.retain(|item| item.original_pence > 0);
    let instalments = debits.iter().filter(|item| item.number != number.trim()).count();
    if instalments > 0 {
        let sentence = format!("{} is paid in {}", number.trim(), counted(instalments as i64, "instalment"));
        return Err(refusals::WHICH_INSTALMENT.because(sentence).into());
    }
    debits.into_iter().next().ok_or_else(|| No::Absent(format!("item {}", number.trim())))
}

/// Whether a debt may be given up: nothing in the way, a reason that fits, evidence that is whole.
pub(super) fn check(
    debt: &Debt,
    amount: Pence,
    reason: WriteOffReason,
    criteria: &Criteria,
    today: NaiveDate,
) -> Outcome<()> {
    may_propose(&debt.facts, amount, reason, criteria, today)?;
    let lacks = missing(&checklist(reason, &debt.on_file));
    if !lacks.is_empty() {
        return Err(GIVE_UP_EVIDENCE.because(format!("{} lacks: {lacks}", debt.row.number)).into());
    }
    Ok(())
}

/// What the customer of a request had written off in the twelve months before today (CTL-02).
pub(crate) async fn written_off_before(cmd: &mut Command, payload: &serde_json::Value) -> Outcome<Pence> {
    let payload: Payload = serde_json::from_value(payload.clone())?;
    let since = add_months(cmd.today, -12);
    Ok(billing::written_off_since(&mut cmd.tx, cmd.by.org, CustomerId(payload.customer_id), since).await?)
}

/// Posts an approved write-off.
pub(crate) async fn post_write_off(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let amount = Pence(payload.amount_pence);
    let item = ledger::item(&mut cmd.tx, cmd.by.org, ItemId(payload.item_id)).await?;
    let item = item.ok_or_else(|| Fault::new("an approval names an item that is not there"))?;
    let reason = WriteOffReason::parse(&payload.reason).ok_or_else(|| Fault::new("an approval's reason is unknown"))?;
    let debt = debt_of(cmd, item.id).await?;
    let criteria = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?;
    check(&debt, amount, reason, &criteria, cmd.today)?;
    let what = GiveUp {
        item: &item,
        amount,
        reason,
        words: &payload.words,
        method: "request",
        schedule: &approval.number,
        proposed_by: &approval.asked_by_name,
        committee: None,
    };
    give_up(cmd, what).await
}

/// A debt that is given up, decided and checked.
pub(super) struct GiveUp<'a> {
    pub item: &'a ItemRow,
    pub amount: Pence,
    pub reason: WriteOffReason,
    pub words: &'a str,
    pub method: &'a str,
    pub schedule: &'a str,
    pub proposed_by: &'a str,
    pub committee: Option<(NaiveDate, &'a str)>,
}

/// Posts it: the VAT share to relief where it can be claimed today, the rest to the allowance; into the register.
pub(super) async fn give_up(cmd: &mut Command, what: GiveUp<'_>) -> Outcome<String> {
    let (org, today, item, amount) = (cmd.by.org, cmd.today, what.item, what.amount);
    let relief = relief_of(cmd, item, amount).await?;
    let number = format!("WO-{:06}", cmd.next_number("WO").await?);
    let credit: ItemId = cmd.id();
    let journal = NewJournal {
        posted_on: today,
        event: "DebtWrittenOff",
        source: format!("write-off {number}"),
        reason: format!("{} written off: {}", item.number, reason_name(what.reason).to_lowercase()),
        customer: Some(CustomerId(item.customer_id)),
        item: Some(credit),
        lines: write_off(amount, relief),
    };
    let journal = post(cmd, journal).await?;
    let row = other_side(cmd, item, credit, "write_off", &number, amount.negated(), journal.0);
    ledger::add_items(&mut cmd.tx, org, vec![row]).await?;
    set_against(cmd, item, credit, amount, format!("Write-off {number}")).await?;
    let loss = loss(cmd, &what, (credit, &number), relief).await?;
    cmd.tell("DebtWrittenOff", format!("invoice {}", item.number), &loss);
    add_losses(&mut cmd.tx, org, vec![loss]).await?;
    Ok(number)
}

/// The register's row of a debt that is given up.
pub(super) async fn loss(
    cmd: &mut Command,
    what: &GiveUp<'_>,
    (credit, number): (ItemId, &str),
    relief: Pence,
) -> Outcome<LossRow> {
    let start_year = i64::from(fin_year(cmd.today));
    let item = what.item;
    Ok(LossRow {
        item_id: credit.0,
        number: number.to_owned(),
        start_year,
        serial: cmd.next_number(&format!("LOSS-{start_year}")).await?,
        category: category_of(&item.debt_type).as_str().into(),
        debt_item_id: item.id,
        debt_number: item.number.clone(),
        customer_id: item.customer_id,
        service: item.service.clone(),
        debt_type: item.debt_type.clone(),
        reason: what.reason.as_str().into(),
        method: what.method.to_owned(),
        schedule: what.schedule.to_owned(),
        arisen_on: item.dated_on,
        approved_on: cmd.today,
        gross_pence: what.amount.0,
        relief_pence: relief.0,
        words: what.words.to_owned(),
        proposed_by: what.proposed_by.to_owned(),
        approved_by: cmd.by.name.clone(),
        committee_on: what.committee.map(|(on, _)| on),
        committee_minute: what.committee.map_or_else(String::new, |(_, minute)| minute.to_owned()),
        counter_fraud: false,
        recorded_at: cmd.at,
    })
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
    // An instalment has a due day of its own, from which its six months run.
    let facts = crate::billing::relief_on(&taxed, Pence(head.gross_pence), amount, (head.supply_on, item.due_on));
    Ok(may_claim_relief(&facts, cmd.today).map_or(Pence::ZERO, |relief| relief.amount))
}

pub(super) fn other_side(
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
