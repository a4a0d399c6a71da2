//! What an agency paid over: checked row by row, posted gross, its commission held against the contract (REC-07).
use super::answers::FileAsked;
use super::find;
use super::statement::{Plan, plan, reversible};
use super::tend::save;
use crate::cash::from_agency::{
    FromAgency, StatementMoney, receive_from_agency, settle_statement, take_back_from_agency,
};
use crate::core::command::Command;
use crate::core::typed::{all_right, kept, lines_wrong, words_wrong};
use crate::core::vault::sha256_hex;
use crate::customers::{keep_file, refuse_cards, refuse_cards_in_file};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::agency::{LineKind, LineOutcome, RemittanceLine};
use sundry_store::agency::{self as store, PlacementRow, RemittanceLineRow};
use sundry_store::customers;

/// Brings in a statement of an agency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BringRemittance {
    /// Idempotency key.
    pub key: String,
    /// The agency's code.
    pub agency: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
    /// Takes it though a statement before it has not come.
    #[serde(default)]
    pub accept_gap: bool,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Something to ask the agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemittanceQuery {
    /// Line of the file.
    pub line: i64,
    /// The placement as they name it.
    pub placement: String,
    /// What.
    pub words: String,
}

/// A statement that was read, and posted unless it was only checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemittanceTaken {
    /// Our number; empty while it is only checked.
    pub number: String,
    /// Theirs.
    pub statement_no: String,
    /// First day.
    pub period_from: NaiveDate,
    /// Last day.
    pub period_to: NaiveDate,
    /// Rows.
    pub rows: i64,
    /// Collected by the agency.
    pub collected_agency_pence: i64,
    /// Paid to us.
    pub collected_client_pence: i64,
    /// Commission they ask.
    pub commission_pence: i64,
    /// VAT on it.
    pub vat_pence: i64,
    /// Commission by the contract.
    pub expected_commission_pence: i64,
    /// What the bank is to show.
    pub net_pence: i64,
    /// Receipts of customers.
    pub receipts: i64,
    /// Payments of debts that are not known: in suspense.
    pub in_suspense: i64,
    /// Payments above what was open: the rest waits on the account.
    pub over: i64,
    /// What to ask the agency.
    pub queries: Vec<RemittanceQuery>,
}

fn shown(plan: &Plan, number: &str) -> RemittanceTaken {
    let file = &plan.file;
    let count = |of: fn(&LineOutcome) -> bool| plan.rows.iter().filter(|row| of(&row.outcome)).count() as i64;
    let queries = plan.rows.iter().filter(|row| !row.query.is_empty());
    RemittanceTaken {
        number: number.to_owned(),
        statement_no: file.statement_no.clone(),
        period_from: file.from_on,
        period_to: file.to_on,
        rows: file.lines.len() as i64,
        collected_agency_pence: file.collected_agency,
        collected_client_pence: file.collected_client,
        commission_pence: file.commission,
        vat_pence: file.vat,
        expected_commission_pence: plan.rows.iter().map(|row| row.due.0.0).sum(),
        net_pence: file.net,
        receipts: count(|one| matches!(one, LineOutcome::Receipt { .. })),
        in_suspense: count(|one| matches!(one, LineOutcome::Suspense { .. })),
        over: count(|one| matches!(one, LineOutcome::Receipt { surplus, .. } if *surplus > 0)),
        queries: queries
            .map(|row| RemittanceQuery {
                line: row.line.line as i64,
                placement: row.line.account_number.clone(),
                words: row.query.clone(),
            })
            .collect(),
    }
}

/// What a statement would post; changes nothing.
///
/// # Errors
/// As [`bring_remittance`].
pub async fn check_remittance(desk: &Desk, by: &Actor, ask: &BringRemittance) -> Outcome<RemittanceTaken> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(shown(&plan(&mut look, by.org, ask).await?, ""))
}

/// Posts a statement: each payment gross to its customer, commission and VAT to their codes, the net for the bank.
///
/// # Errors
/// Duty; a file that is not understood; `REC-07-STATEMENT-AGAIN`, `REC-07-STATEMENT-GAP`, `REC-07-REMITTANCE`,
/// `REC-07-REVERSAL`: then nothing of it is posted.
pub async fn bring_remittance(desk: &Desk, by: &Actor, ask: BringRemittance) -> Outcome<RemittanceTaken> {
    by.must_hold(Duty::PostCash)?;
    find(&mut desk.look().await?, by.org, &ask.agency).await?;
    if ask.accept_gap && ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Say why the missing statement does not matter", &ask.reason).into());
    }
    all_right(words_wrong(&[("reason", &ask.reason)], 500))?;
    all_right(lines_wrong(&[("file_name", &ask.file_name)], 255))?;
    refuse_cards(&[("reason", &ask.reason)])?;
    refuse_cards_in_file(&ask.bytes)?;
    let asked = (
        FileAsked { agency: &ask.agency, file_name: &ask.file_name, sha256: sha256_hex(&ask.bytes) },
        ask.accept_gap,
        &ask.reason,
    );
    command!(desk, by, "bring_agency_remittance", &ask.key, &asked, |cmd| {
        let plan = plan(&mut cmd.tx, cmd.by.org, &ask).await?;
        let number = format!("AGR-{:06}", cmd.next_number("AGR").await?);
        let mut answer = shown(&plan, &number);
        let (lines, over) = post_rows(cmd, &plan, &number).await?;
        answer.over = over;
        let row = store::RemittanceRow {
            id: cmd.id(),
            number: number.clone(),
            agency_id: plan.agency.id,
            statement_no: plan.file.statement_no.clone(),
            period_from: plan.file.from_on,
            period_to: plan.file.to_on,
            name: ask.file_name.clone(),
            file_sha256: keep_file(cmd, &ask.file_name, &ask.bytes).await?,
            settlement: plan.agency.settlement.clone(),
            rows_count: answer.rows,
            collected_agency_pence: answer.collected_agency_pence,
            collected_client_pence: answer.collected_client_pence,
            commission_pence: answer.commission_pence,
            vat_pence: answer.vat_pence,
            net_pence: answer.net_pence,
            expected_commission_pence: answer.expected_commission_pence,
            queried_count: answer.queries.len() as i64,
            posted_on: cmd.today,
            posted_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        store::add_remittance(&mut cmd.tx, cmd.by.org, &row).await?;
        let lines: Vec<RemittanceLineRow> =
            lines.into_iter().map(|line| RemittanceLineRow { remittance_id: row.id, ..line }).collect();
        store::add_remittance_lines(&mut cmd.tx, cmd.by.org, &lines).await?;
        let money = StatementMoney {
            number: &number,
            file: (&row.name, &row.file_sha256),
            agency: &plan.agency.name,
            bank_account: plan.agency.bank_account_id,
            commission: (Pence(answer.commission_pence), Pence(answer.vat_pence)),
            net: plan.agency.settlement == "net",
            payments: (answer.receipts, Pence(answer.net_pence)),
            dated_on: plan.file.to_on,
        };
        settle_statement(cmd, money).await?;
        cmd.tell("AgencyStatementPosted", format!("agency statement {number}"), &answer);
        Ok(answer)
    })
}

async fn post_rows(cmd: &mut Command, plan: &Plan, number: &str) -> Outcome<(Vec<RemittanceLineRow>, i64)> {
    let org = cmd.by.org;
    let mut current: HashMap<i64, PlacementRow> = HashMap::new();
    let mut made: Vec<(String, i64, i64)> = Vec::new();
    let mut taken_back: HashSet<i64> = HashSet::new();
    let (mut lines, mut over) = (Vec::new(), 0);
    for row in &plan.rows {
        let read = &row.line;
        let amount = read.collected.abs();
        let mut placement =
            row.placement.as_ref().map(|found| current.remove(&found.id).unwrap_or_else(|| found.clone()));
        let (mut receipt_id, mut outcome) = (None, outcome_name(&row.outcome));
        match &row.outcome {
            LineOutcome::Receipt { .. } | LineOutcome::Suspense { .. } => {
                let got = receive(cmd, plan, placement.as_ref(), read, number).await?;
                receipt_id = Some(got.receipt);
                made.push((read.account_number.clone(), amount, got.receipt));
                if placement.is_some() && got.allocated < Pence(amount) {
                    (outcome, over) = ("part_on_account", over + 1);
                }
                if let Some(known) = &mut placement {
                    known.told_pence -= got.allocated.0;
                    save(cmd, known).await?;
                }
            }
            LineOutcome::TakeBack { .. } => {
                let here =
                    made.iter().rposition(|(account, paid, _)| *account == read.account_number && *paid == amount);
                let receipt = match here {
                    Some(at) => Some(made.remove(at).2),
                    None => reversible(&mut cmd.tx, org, placement.as_ref(), read, &taken_back).await?,
                };
                let receipt = receipt.ok_or_else(|| Fault::new("a payment to take back is gone"))?;
                taken_back.insert(receipt);
                let named = store::receipt_number(&mut cmd.tx, org, receipt).await?.unwrap_or_default();
                take_back_from_agency(cmd, &named, &format!("Taken back by {}", plan.agency.name)).await?;
                receipt_id = Some(receipt);
                if let Some(known) = &mut placement {
                    known.told_pence += amount;
                    save(cmd, known).await?;
                }
            }
            LineOutcome::AlreadyHere | LineOutcome::Held { .. } | LineOutcome::Cost => {}
        }
        lines.push(RemittanceLineRow {
            remittance_id: 0,
            line: read.line as i64,
            account_number: read.account_number.clone(),
            agency_ref: kept(&read.agency_ref, 40),
            paid_on: read.paid_on,
            kind: kind_name(read.kind).into(),
            paid_to: if read.to_us { "client" } else { "agency" }.into(),
            amount_pence: amount,
            commission_pence: read.commission,
            vat_pence: read.vat,
            expected_commission_pence: row.due.0.0,
            expected_vat_pence: row.due.1.0,
            placement_id: placement.as_ref().map(|known| known.id),
            receipt_id,
            outcome: outcome.to_owned(),
            query: row.query.clone(),
        });
        if let Some(known) = placement {
            current.insert(known.id, known);
        }
    }
    Ok((lines, over))
}

fn kind_name(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Payment => "payment",
        LineKind::Reversal => "reversal",
        LineKind::Cost => "cost",
    }
}

fn outcome_name(outcome: &LineOutcome) -> &'static str {
    match outcome {
        LineOutcome::Receipt { .. } => "allocated",
        LineOutcome::Suspense { .. } => "suspense",
        LineOutcome::TakeBack { .. } => "reversed",
        LineOutcome::AlreadyHere | LineOutcome::Held { .. } => "matched",
        LineOutcome::Cost => "cost",
    }
}

async fn receive(
    cmd: &mut Command,
    plan: &Plan,
    placement: Option<&PlacementRow>,
    read: &RemittanceLine,
    number: &str,
) -> Outcome<crate::cash::from_agency::Received> {
    let org = cmd.by.org;
    let (mut customer, mut items) = (None, Vec::new());
    if let Some(placement) = placement {
        let row = customers::customer(&mut cmd.tx, org, CustomerId(placement.customer_id)).await?;
        customer = Some(row.ok_or_else(|| Fault::new("a placement names a customer who is not there"))?);
        items = store::items_of(&mut cmd.tx, org, placement.id).await?.into_iter().map(|i| ItemId(i.item_id)).collect();
    }
    let it = FromAgency {
        customer: customer.as_ref().map(|row| (CustomerId(row.id), row.number.as_str(), row.name.as_str())),
        items,
        amount: Pence(read.collected),
        paid_on: read.paid_on.min(cmd.today),
        agency: &plan.agency.name,
        words: format!("{number} {} {}", read.account_number, kept(&read.agency_ref, 40)).trim().to_owned(),
    };
    receive_from_agency(cmd, it).await
}
