//! What the court costs, and what of it the customer owes: each an item of its own, with its journal (CT-06, GL-02 29, 30, 40).
use super::{Happened, find, must_be, note};
use crate::core::command::Command;
use crate::core::typed::words_wrong;
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post};
use crate::recovery::give_way_to_judgment;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::{EntryLine, costs_charged, court_fee_paid, interest_demanded};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::court::{self as store, CaseItemRow, CaseRow};
use sundry_store::ledger::{self, ItemRow};

/// A fee that we paid: row 29.
pub(super) async fn pay(cmd: &mut Command, row: &CaseRow, amount: Pence, what: &str) -> Outcome<()> {
    if amount <= Pence::ZERO {
        return Ok(());
    }
    let journal = NewJournal {
        posted_on: cmd.today,
        event: "CourtFeePaid",
        source: format!("court case {}", row.number),
        reason: what.to_owned(),
        customer: None,
        item: None,
        lines: court_fee_paid(amount),
    };
    post(cmd, journal).await?;
    Ok(())
}

/// What the run charged for paying late on the debts of a case gives way to what the judgment gives.
pub(super) async fn late_charges_give_way(cmd: &mut Command, row: &CaseRow) -> Outcome<()> {
    for part in store::items_of(&mut cmd.tx, cmd.by.org, row.id).await?.iter().filter(|part| part.part == "debt") {
        give_way_to_judgment(cmd, ItemId(part.item_id), &row.number).await?;
    }
    Ok(())
}

/// What the customer owes more: rows 30 and 40. The item belongs to the case from now on.
pub(super) async fn charge(cmd: &mut Command, row: &CaseRow, part: &str, amount: Pence, what: &str) -> Outcome<String> {
    if amount <= Pence::ZERO {
        return Ok(String::new());
    }
    let (org, day) = (cmd.by.org, cmd.today);
    let before = store::items_of(&mut cmd.tx, org, row.id).await?.len();
    let number = format!("{}/{}", row.number, before + 1);
    let (kind, lines): (&str, Vec<EntryLine>) = match part {
        "interest" => ("interest", interest_demanded(amount)),
        "compensation" => ("compensation", interest_demanded(amount)),
        _ => ("costs", costs_charged(amount)),
    };
    let customer = CustomerId(row.customer_id);
    let id = cmd.id::<ItemId>();
    let journal = NewJournal {
        posted_on: day,
        event: "CourtCostsCharged",
        source: format!("court case {}", row.number),
        reason: what.to_owned(),
        customer: Some(customer),
        item: Some(id),
        lines,
    };
    let journal_id = post(cmd, journal).await?.0;
    let item = ItemRow {
        id: id.0,
        customer_id: row.customer_id,
        kind: kind.into(),
        number: number.clone(),
        document_id: None,
        receipt_id: None,
        posted_on: day,
        dated_on: day,
        due_on: day,
        original_pence: amount.0,
        open_pence: amount.0,
        disputed_pence: 0,
        service: String::new(),
        debt_type: "court".into(),
        stage: String::new(),
        journal_id,
        recorded_at: cmd.at,
    };
    ledger::add_items(&mut cmd.tx, org, vec![item]).await?;
    let joined = CaseItemRow {
        case_id: row.id,
        item_id: id.0,
        item_number: number.clone(),
        added_pence: amount.0,
        due_on: day,
        part: part.into(),
        is_open: true,
    };
    store::add_items(&mut cmd.tx, org, &[joined]).await?;
    Ok(number)
}

/// Adds a cost of the case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddCost {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// How much.
    pub amount: Pence,
    /// The court allowed it against the customer; otherwise it is ours alone.
    pub charged: bool,
    /// What for.
    pub words: String,
}

/// A cost that was added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CostAdded {
    /// Number of the case.
    pub case: String,
    /// The item on the account; empty where it is ours alone.
    pub item: String,
}

/// Adds a cost: a hearing fee, a solicitor's bill. Only what the court allowed is put on the account.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn add_cost(desk: &Desk, by: &Actor, ask: AddCost) -> Outcome<CostAdded> {
    by.must_hold(Duty::ReferToCourt)?;
    let mut wrong = Vec::new();
    if ask.amount <= Pence::ZERO || ask.amount > LARGEST {
        wrong.push(Invalid::field("amount", "Enter an amount above £0.00", ask.amount.pounds()));
    }
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Say what it is for, in up to 200 characters", &ask.words));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 200));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "add_court_cost", &ask.key, &ask, |cmd| {
        let row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        // What is charged before a judgment would be a charge the court did not allow.
        must_be(
            &row,
            if ask.charged {
                &["judgment"]
            } else {
                &["accepted", "prepared", "signed", "filed", "issued", "judgment"]
            },
        )?;
        pay(cmd, &row, ask.amount, ask.words.trim()).await?;
        let item = match ask.charged {
            true => charge(cmd, &row, "costs", ask.amount, ask.words.trim()).await?,
            false => String::new(),
        };
        let event =
            Happened { kind: "cost", words: ask.words.trim().to_owned(), amount_pence: ask.amount.0, due_on: None };
        note(cmd, row.id, vec![event]).await?;
        cmd.tell("CourtCostAdded", format!("court case {}", row.number), &ask);
        Ok(CostAdded { case: row.number, item })
    })
}
