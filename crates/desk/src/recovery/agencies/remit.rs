//! What an agency paid over: checked row by row, posted gross, its commission held against the contract (REC-07).
use super::answers::{FileAsked, not_understood};
use super::tend::save;
use super::{find, profile};
use crate::cash::from_agency::{
    FromAgency, StatementMoney, receive_from_agency, settle_statement, take_back_from_agency,
};
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::{keep_file, refuse_cards, refuse_cards_in_file};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::recovery::agency_refusals::{REVERSAL_UNKNOWN, STATEMENT_AGAIN, STATEMENT_GAP};
use sundry_domain::recovery::placement::{FeeTerms, commission_query, earned};
use sundry_domain::recovery::refusals::REMITTANCE_DIFFERS;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_formats::agency::{
    Judged, KnownAccount, LineKind, LineOutcome, Numbering, Remittance, RemittanceLine, judge, numbering,
    read_remittance,
};
use sundry_store::agency::{self as store, AgencyRow, PlacementRow, RemittanceLineRow};
use sundry_store::{Tx, customers, ledger};

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

/// One row, decided.
struct Row {
    line: RemittanceLine,
    outcome: LineOutcome,
    placement: Option<PlacementRow>,
    due: (Pence, Pence),
    query: String,
}

struct Plan {
    agency: AgencyRow,
    file: Remittance,
    rows: Vec<Row>,
}

fn terms(placement: &PlacementRow, agency: &AgencyRow) -> FeeTerms {
    FeeTerms {
        placed_on: placement.placed_on,
        recalled_on: placement.recalled_on.or(placement.closed_on),
        after_recall_days: agency.after_recall_days,
        rate: BasisPoints(placement.rate_bp),
        vat_rate: BasisPoints(placement.vat_bp),
    }
}

/// A statement that adds up as this agency settles.
fn read(bytes: &[u8], agency: &AgencyRow) -> Outcome<Remittance> {
    let problems = match read_remittance(bytes, &profile(agency)) {
        Ok(file) => return Ok(file),
        Err(problems) => problems,
    };
    if let [one] = problems.as_slice()
        && one.code == "agency.net"
    {
        let sentence = format!("What is paid over does not add up: {}", one.message);
        return Err(REMITTANCE_DIFFERS.because(sentence).into());
    }
    Err(not_understood(problems).into())
}

/// Decides every row, or says why the whole statement waits. The preview and the posting take the same way.
async fn plan(tx: &mut Tx, org: OrgId, ask: &BringRemittance) -> Outcome<Plan> {
    let agency = find(tx, org, &ask.agency).await?;
    let file = read(&ask.bytes, &agency)?;
    in_order(tx, org, ask, &agency, &file).await?;
    let placements = named(tx, org, &agency, &file).await?;
    let mut accounts = BTreeMap::new();
    for (number, placement) in &placements {
        accounts.insert(number.clone(), known(tx, org, placement).await?);
    }
    let mut rows = Vec::new();
    let mut taken_back: HashSet<i64> = HashSet::new();
    let mut in_file: HashMap<(String, i64), i64> = HashMap::new();
    let mut direct: HashMap<i64, Pence> = HashMap::new();
    for judged in judge(&file, &accounts) {
        let line = &judged.line;
        let placement = placements.get(&line.account_number).cloned();
        let key = (line.account_number.clone(), line.collected.abs());
        match &judged.outcome {
            LineOutcome::Receipt { .. } | LineOutcome::Suspense { .. } => *in_file.entry(key).or_default() += 1,
            LineOutcome::TakeBack { .. } => match in_file.get_mut(&key).filter(|count| **count > 0) {
                Some(count) => *count -= 1,
                None => {
                    let found = reversible(tx, org, placement.as_ref(), line, &taken_back).await?;
                    taken_back.insert(found.ok_or_else(|| never_paid(line))?);
                }
            },
            LineOutcome::Held { .. } if !line.to_us => return Err(never_paid(line).into()),
            LineOutcome::Held { .. } | LineOutcome::AlreadyHere | LineOutcome::Cost => {}
        }
        rows.push(decide(tx, org, &agency, placement, judged, &mut direct).await?);
    }
    Ok(Plan { agency, file, rows })
}

fn never_paid(line: &RemittanceLine) -> Refusal {
    let (account, amount) = (&line.account_number, Pence(line.collected.abs()));
    REVERSAL_UNKNOWN.because(format!("Line {}: {account} takes back {amount}, which was never paid over", line.line))
}

/// A statement comes once, and after the one before it.
async fn in_order(
    tx: &mut Tx,
    org: OrgId,
    ask: &BringRemittance,
    agency: &AgencyRow,
    file: &Remittance,
) -> Outcome<()> {
    let before = store::remittances_of(tx, org, agency.id, 500).await?;
    let sha256 = sha256_hex(&ask.bytes);
    if let Some(same) = before.iter().find(|one| one.statement_no == file.statement_no || one.file_sha256 == sha256) {
        let sentence = format!("Statement {} was posted as {}", same.statement_no, same.number);
        return Err(STATEMENT_AGAIN.because(sentence).into());
    }
    let numbers: BTreeSet<String> = before.iter().map(|one| one.statement_no.clone()).collect();
    if numbering(&numbers, &file.statement_no) == Numbering::Gap && !ask.accept_gap {
        let last = before.first().map_or("", |last| last.statement_no.as_str());
        let sentence = format!("The last statement was {last} and this one is {}", file.statement_no);
        return Err(STATEMENT_GAP.because(sentence).into());
    }
    Ok(())
}

/// The placements of this agency that a statement names, by their numbers.
async fn named(
    tx: &mut Tx,
    org: OrgId,
    agency: &AgencyRow,
    file: &Remittance,
) -> Outcome<BTreeMap<String, PlacementRow>> {
    let numbers: BTreeSet<&String> = file.lines.iter().map(|line| &line.account_number).collect();
    let mut found = BTreeMap::new();
    for number in numbers {
        let row = store::placement(tx, org, number).await?;
        if let Some(row) = row.filter(|row| row.agency_id == agency.id) {
            found.insert(number.clone(), row);
        }
    }
    Ok(found)
}

/// What is open of a placement, and what the agency paid over for it before.
async fn known(tx: &mut Tx, org: OrgId, placement: &PlacementRow) -> Outcome<KnownAccount> {
    let mut balance = 0;
    for item in store::items_of(tx, org, placement.id).await? {
        let item = ledger::item(tx, org, ItemId(item.item_id)).await?;
        balance += item.map_or(0, |item| item.open_pence);
    }
    let lines = store::lines_of_placement(tx, org, placement.id).await?;
    let over = |line: &RemittanceLineRow| match (line.paid_to.as_str(), line.kind.as_str()) {
        ("agency", "payment") => line.amount_pence,
        ("agency", "reversal") => -line.amount_pence,
        _ => 0,
    };
    Ok(KnownAccount { balance, paid_before: lines.iter().map(over).sum() })
}

/// The receipt of an earlier payment of this amount that was not taken back yet.
async fn reversible(
    tx: &mut Tx,
    org: OrgId,
    placement: Option<&PlacementRow>,
    row: &RemittanceLine,
    taken_back: &HashSet<i64>,
) -> Outcome<Option<i64>> {
    let Some(placement) = placement else { return Ok(None) };
    let lines = store::lines_of_placement(tx, org, placement.id).await?;
    let gone: HashSet<i64> =
        lines.iter().filter(|line| line.outcome == "reversed").filter_map(|line| line.receipt_id).collect();
    let fits = |line: &&RemittanceLineRow| {
        line.kind == "payment" && line.paid_to == "agency" && line.amount_pence == row.collected.abs()
    };
    let receipts = lines.iter().filter(fits).filter_map(|line| line.receipt_id);
    Ok(receipts.filter(|id| !gone.contains(id) && !taken_back.contains(id)).last())
}

async fn decide(
    tx: &mut Tx,
    org: OrgId,
    agency: &AgencyRow,
    placement: Option<PlacementRow>,
    Judged { line, outcome }: Judged,
    direct: &mut HashMap<i64, Pence>,
) -> Outcome<Row> {
    let asked = (Pence(line.commission), Pence(line.vat));
    let Some(placement) = placement else {
        let query = format!("{} is not placed with this agency.", line.account_number);
        return Ok(Row { line, outcome, placement: None, due: (Pence::ZERO, Pence::ZERO), query });
    };
    let terms = terms(&placement, agency);
    let due = match line.kind {
        LineKind::Cost => (Pence::ZERO, Pence::ZERO),
        _ => earned(&terms, line.paid_on, Pence(line.counted())),
    };
    let mut query = match line.kind {
        LineKind::Cost => format!("A cost of {} is asked; the contract has none.", asked.0),
        _ => commission_query(&terms, line.paid_on, asked, due),
    };
    if line.to_us && line.kind == LineKind::Payment {
        let so_far = direct.entry(placement.id).or_insert(Pence::ZERO);
        *so_far = so_far.plus(Pence(line.collected));
        let ours = Pence(store::direct_since(tx, org, placement.id, placement.placed_on).await?);
        if ours < *so_far {
            query = format!("{} is said to be paid to us and {} was; {query}", so_far, ours).trim().to_owned();
        }
    }
    Ok(Row { line, outcome, placement: Some(placement), due, query })
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
    if ask.accept_gap && ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Say why the missing statement does not matter", &ask.reason).into());
    }
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
            agency_ref: read.agency_ref.clone(),
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
        words: format!("{number} {} {}", read.account_number, read.agency_ref).trim().to_owned(),
    };
    receive_from_agency(cmd, it).await
}
