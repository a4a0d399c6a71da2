//! What a customer's contract says of a fee for paying late, recorded with its evidence, and the fee charged by hand: only
//! by such a term, once for an invoice, without VAT (DUN-09, REC-04, LP-08).
use super::charges::{NewCharge, charge, charged, may_demand};
use super::interest::invoice_item;
use super::recorded::{reasoned, withdraw};
use crate::approvals::{AskForApproval, CONTRACT_FEE, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::recovery::refusals::{FEE_FAIR, FEE_NOT_LATE, FEE_OVERLAPS, FEE_WITHDRAWN};
use sundry_domain::recovery::{Act, ChargePart, FeeDebt, FeeTerm, contract_fee, may_bear_fee};
use sundry_domain::refusal::Invalid;
use sundry_store::control::ApprovalRow;
use sundry_store::customers::{CustomerRow, customer, customer_numbered};
use sundry_store::ledger::ItemRow;
use sundry_store::recovery::charges::{LateChargeRow, charges_of};
use sundry_store::recovery::contract_fees::{self as rows, ContractFeeRow};
use sundry_store::recovery::recorded::{self, Recorded};
use sundry_store::{Tx, control};

/// The term that somebody recorded.
pub(super) fn term_of(row: &ContractFeeRow) -> FeeTerm {
    FeeTerm {
        debt_type: row.debt_type.clone(),
        fee: Pence(row.fee_pence),
        term: row.term.clone(),
        from_on: row.from_on,
        to_on: row.to_on,
        found_fair_by: row.found_fair_by.clone(),
        waits: !row.approval.is_empty() && row.confirmed_on.is_none(),
    }
}

/// Records what a contract says of a fee for paying late.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordContractFee {
    /// Idempotency key.
    pub key: String,
    /// Number of the customer.
    pub customer: String,
    /// The debt type it is for; empty for every contract of the customer.
    #[serde(default)]
    pub debt_type: String,
    /// The fee; none where it was not entered.
    pub fee: Option<Pence>,
    /// The contract and its clause.
    pub term: String,
    /// First day of debts that it is for; none where it was not entered.
    pub from_on: Option<NaiveDate>,
    /// Last day of debts that it is for; it does not end by itself when not said.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// Who found the term fair to a consumer; only a customer in business needs nobody.
    #[serde(default)]
    pub found_fair_by: String,
    /// The document behind it.
    pub evidence: String,
}

/// A term that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractFeeRecorded {
    /// Id, for withdrawing it.
    pub id: i64,
    /// Number of the customer.
    pub customer: String,
    /// The fee.
    pub fee_pence: Pence,
    /// Number of the approval that it waits for.
    #[serde(default)]
    pub approval: String,
}

/// Records what a contract says of a fee for paying late, with the document behind it. It allows nothing until somebody
/// else has said yes to it.
///
/// # Errors
/// Duty; what is not filled in; absent; `DUN-09-FEE-DEBT`, `DUN-09-FEE-FAIR`, `DUN-09-FEE-OVERLAPS`.
pub async fn record_contract_fee(desk: &Desk, by: &Actor, ask: RecordContractFee) -> Outcome<ContractFeeRecorded> {
    by.must_hold(Duty::WorkCases)?;
    refuse_cards(&[("term", &ask.term), ("evidence", &ask.evidence), ("found_fair_by", &ask.found_fair_by)])?;
    let term = checked(&ask, desk.today())?;
    command!(desk, by, "record_contract_fee", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let who = found(&mut cmd.tx, org, &ask.customer).await?;
        if !term.debt_type.is_empty() {
            may_bear_fee(&term.debt_type)?;
        }
        let in_business = CustomerKind::parse(&who.kind).is_some_and(CustomerKind::is_in_business);
        if !in_business && term.found_fair_by.is_empty() {
            return Err(FEE_FAIR
                .because(format!("{} is no business, and nobody found the term fair", who.name))
                .into());
        }
        let known = rows::contract_fees_of(&mut cmd.tx, org, CustomerId(who.id)).await?;
        let mut standing = known.iter().filter(|row| row.withdrawn_on.is_none());
        if let Some(row) = standing.find(|row| term_of(row).overlaps(&term)) {
            return Err(FEE_OVERLAPS.because(format!("{} stands for the same debts", row.term)).into());
        }
        keep(cmd, &who, &term, ask.evidence.trim()).await
    })
}

/// Keeps the term, and asks for somebody else's yes to it.
async fn keep(cmd: &mut Command, who: &CustomerRow, term: &FeeTerm, evidence: &str) -> Outcome<ContractFeeRecorded> {
    let id = cmd.id::<i64>();
    let request = AskForApproval {
        command: CONTRACT_FEE,
        subject: format!("customer {}", who.number),
        summary: format!("{} may be charged {} for paying late, by {}", who.name, term.fee, term.term),
        payload: serde_json::json!({
            "id": id, "customer": who.number, "fee_pence": term.fee, "term": term.term, "debt_type": term.debt_type,
            "from_on": term.from_on, "to_on": term.to_on, "found_fair_by": term.found_fair_by, "document": evidence,
        }),
        amount: Pence::ZERO,
    };
    let approval = ask_for_approval(cmd, request).await?;
    let row = ContractFeeRow {
        id,
        customer_id: who.id,
        debt_type: term.debt_type.clone(),
        fee_pence: term.fee.0,
        term: term.term.clone(),
        from_on: term.from_on,
        to_on: term.to_on,
        found_fair_by: term.found_fair_by.clone(),
        evidence: evidence.to_owned(),
        recorded_by: cmd.by.name.clone(),
        recorded_on: cmd.today,
        approval: approval.clone(),
        confirmed_on: None,
        confirmed_by: String::new(),
        withdrawn_on: None,
        withdrawn_by: String::new(),
        withdrawn_why: String::new(),
    };
    rows::add_contract_fee(&mut cmd.tx, cmd.by.org, &row, cmd.at).await?;
    cmd.tell("ContractFeeRecorded", format!("customer {}", who.number), &row);
    Ok(ContractFeeRecorded { id, customer: who.number.clone(), fee_pence: term.fee, approval })
}

/// The term that an approval is about.
fn asked_of(approval: &ApprovalRow) -> Outcome<i64> {
    let id = approval.payload["id"].as_i64();
    Ok(id.ok_or_else(|| Fault::new("an approval of a fee names no term"))?)
}

/// A term counts from somebody else's yes; gives the contract and its clause.
pub(crate) async fn fee_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let (org, today, name) = (cmd.by.org, cmd.today, cmd.by.name.clone());
    let asked = (asked_of(approval)?, approval.number.as_str());
    if !rows::confirm_contract_fee(&mut cmd.tx, org, asked, today, &name).await? {
        return Err(FEE_WITHDRAWN.because("The term was withdrawn before anybody said yes to it").into());
    }
    let told = serde_json::json!({ "id": asked.0, "approval": approval.number });
    cmd.tell("ContractFeeConfirmed", approval.subject.clone(), told);
    Ok(approval.payload["term"].as_str().unwrap_or_default().to_owned())
}

/// A term that was turned down is kept, and counts for nothing.
pub(crate) async fn fee_refused(cmd: &mut Command, approval: &ApprovalRow, reason: &str) -> Outcome<()> {
    let (org, today, name) = (cmd.by.org, cmd.today, cmd.by.name.clone());
    let (id, why) = (asked_of(approval)?, (name.as_str(), reason.trim()));
    if recorded::withdraw(&mut cmd.tx, org, (Recorded::ContractFee, id), today, why).await? > 0 {
        let told = serde_json::json!({ "id": id, "approval": approval.number, "reason": why.1 });
        cmd.tell("ContractFeeWithdrawn", approval.subject.clone(), told);
    }
    Ok(())
}

fn checked(ask: &RecordContractFee, today: NaiveDate) -> Outcome<FeeTerm> {
    let mut wrong = Vec::new();
    if ask.fee.is_none_or(|fee| fee <= Pence::ZERO || fee > LARGEST) {
        let typed = ask.fee.map(Pence::pounds).unwrap_or_default();
        wrong.push(Invalid::field("fee", "Enter the fee in pounds, above £0.00", typed));
    }
    if ask.term.trim().is_empty() {
        wrong.push(Invalid::field("term", "Enter the contract and its clause, in at most 200 characters", &ask.term));
    }
    if ask.from_on.is_none() {
        wrong.push(Invalid::field("from_on", "Enter the first day of debts that it is for", ""));
    }
    if let Some((_, to)) = ask.from_on.zip(ask.to_on).filter(|(from, to)| to < from) {
        wrong.push(Invalid::field("to_on", "Enter a day that is not before the first", to.to_string()));
    }
    wrong.extend(lines_wrong(&[("term", &ask.term)], 200));
    wrong.extend(lines_wrong(&[("debt_type", &ask.debt_type), ("found_fair_by", &ask.found_fair_by)], 100));
    wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 300));
    wrong.extend(days_wrong(&[("from_on", ask.from_on), ("to_on", ask.to_on)], today));
    if ask.evidence.trim().is_empty() {
        let message = "Enter the document behind it, in at most 300 characters";
        wrong.push(Invalid::field("evidence", message, &ask.evidence));
    }
    match (ask.fee, ask.from_on) {
        (Some(fee), Some(from_on)) if wrong.is_empty() => Ok(FeeTerm {
            debt_type: ask.debt_type.trim().to_owned(),
            fee,
            term: ask.term.trim().to_owned(),
            from_on,
            to_on: ask.to_on,
            found_fair_by: ask.found_fair_by.trim().to_owned(),
            waits: true,
        }),
        _ => Err(No::Invalid(wrong)),
    }
}

async fn found(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<CustomerRow> {
    let row = customer_numbered(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("customer {}", number.trim())))
}

/// Withdraws a term that was recorded wrongly.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawContractFee {
    /// Idempotency key.
    pub key: String,
    /// Number of the customer.
    pub customer: String,
    /// The term.
    pub id: i64,
    /// Why it was wrong.
    pub reason: String,
}

/// A term counts no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractFeeWithdrawn {
    /// Id.
    pub id: i64,
    /// The contract and its clause.
    pub term: String,
}

/// Withdraws a term: it is kept and counts no longer. What was charged by it stays charged, and may be waived.
///
/// # Errors
/// Duty; no reason; a customer or a term that is not there; `DUN-09-FEE-WITHDRAWN`.
pub async fn withdraw_contract_fee(desk: &Desk, by: &Actor, ask: WithdrawContractFee) -> Outcome<ContractFeeWithdrawn> {
    by.must_hold(Duty::WorkCases)?;
    reasoned(&ask.reason, "why it was wrong")?;
    command!(desk, by, "withdraw_contract_fee", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let who = found(&mut cmd.tx, org, &ask.customer).await?;
        let known = rows::contract_fees_of(&mut cmd.tx, org, CustomerId(who.id)).await?;
        let row = known.into_iter().find(|row| row.id == ask.id);
        let row = row.ok_or_else(|| No::Absent("term".into()))?;
        withdraw(cmd, (Recorded::ContractFee, row.id), &ask.reason, FEE_WITHDRAWN).await?;
        let told = serde_json::json!({ "id": row.id, "term": row.term, "reason": ask.reason.trim() });
        cmd.tell("ContractFeeWithdrawn", format!("customer {}", who.number), told);
        Ok(ContractFeeWithdrawn { id: row.id, term: row.term })
    })
}

/// What the contracts of a customer say of fees for paying late, withdrawn terms too, in the order of recording.
///
/// # Errors
/// Duty; a customer who is not there.
pub async fn contract_fees(desk: &Desk, by: &Actor, number: &str) -> Outcome<Vec<ContractFeeRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let who = found(&mut look, by.org, number).await?;
    Ok(rows::contract_fees_of(&mut look, by.org, CustomerId(who.id)).await?)
}

/// The term by which an invoice bears a fee today, after what was charged on it.
///
/// # Errors
/// `DUN-09-FEE-NOT-LATE`, and what [`contract_fee`] says.
pub(super) async fn fee_on(
    tx: &mut Tx,
    org: OrgId,
    item: &ItemRow,
    before: &[LateChargeRow],
    today: NaiveDate,
) -> Outcome<FeeTerm> {
    let owner = CustomerId(item.customer_id);
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let who = customer(tx, org, owner).await?.ok_or_else(|| Fault::new("an item names a customer who is not there"))?;
    let terms: Vec<FeeTerm> =
        rows::contract_fees_of_range(tx, org, (owner, owner)).await?.iter().map(term_of).collect();
    let debt = FeeDebt {
        kind: CustomerKind::parse(&who.kind).unwrap_or(CustomerKind::Unknown),
        debt_type: &item.debt_type,
        dated_on: item.dated_on,
        we_are_nhs: site.kind == "nhs",
        disputed: item.disputed_pence > 0,
    };
    let of = |part: ChargePart| charged(before, part);
    let term = contract_fee(&terms, debt, of(ChargePart::Fee), of(ChargePart::Compensation))?.clone();
    if item.open_pence <= 0 || item.due_on >= today {
        return Err(FEE_NOT_LATE.because(format!("Nothing of {} is overdue", item.number)).into());
    }
    Ok(term)
}

/// Charges the contract's own fee on an invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChargeContractFee {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice.
    pub invoice: String,
}

/// A fee that was charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractFeeCharged {
    /// Number of the invoice.
    pub invoice: String,
    /// Number of the charge.
    pub charge: String,
    /// The fee.
    pub fee_pence: Pence,
    /// The contract and its clause.
    pub term: String,
}

/// Charges the contract's own fee on an overdue invoice, once, as an item of its own.
///
/// # Errors
/// Duty; absent; `REC-04-FEE` where no term stands; `DUN-09-FEE-…`; what freezes the debt.
pub async fn charge_contract_fee(desk: &Desk, by: &Actor, ask: ChargeContractFee) -> Outcome<ContractFeeCharged> {
    by.must_hold(Duty::WorkCases)?;
    command!(desk, by, "charge_contract_fee", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let item = invoice_item(&mut cmd.tx, org, ask.invoice.trim()).await?;
        let before = charges_of(&mut cmd.tx, org, ItemId(item.id)).await?;
        let term = fee_on(&mut cmd.tx, org, &item, &before, today).await?;
        may_demand(&mut cmd.tx, desk, org, &item, Act::Fee).await?;
        let new = NewCharge { id: cmd.id(), part: ChargePart::Fee, amount: term.fee };
        let number = charge(cmd, &item, new, today, &mut (before.len() + 1)).await?;
        cmd.tell("ContractFeeCharged", format!("invoice {}", item.number), (&number, &term));
        Ok(ContractFeeCharged { invoice: item.number, charge: number, fee_pence: term.fee, term: term.term })
    })
}
