//! A statement of an agency decided row by row, before anything of it is posted (REC-07).
use super::answers::not_understood;
use super::remit::BringRemittance;
use super::{find, profile};
use crate::Outcome;
use crate::core::vault::sha256_hex;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use sundry_domain::ids::{ItemId, OrgId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::recovery::agency_refusals::{REVERSAL_UNKNOWN, STATEMENT_AGAIN, STATEMENT_GAP};
use sundry_domain::recovery::placement::{FeeTerms, commission_query, earned};
use sundry_domain::recovery::refusals::REMITTANCE_DIFFERS;
use sundry_domain::refusal::Refusal;
use sundry_formats::agency::{
    Judged, KnownAccount, LineKind, LineOutcome, Numbering, Remittance, RemittanceLine, judge, numbering,
    read_remittance,
};
use sundry_store::agency::{self as store, AgencyRow, PlacementRow, RemittanceLineRow};
use sundry_store::{Tx, ledger};

/// One row, decided.
pub(super) struct Row {
    pub(super) line: RemittanceLine,
    pub(super) outcome: LineOutcome,
    pub(super) placement: Option<PlacementRow>,
    pub(super) due: (Pence, Pence),
    pub(super) query: String,
}

/// A statement, decided.
pub(super) struct Plan {
    pub(super) agency: AgencyRow,
    pub(super) file: Remittance,
    pub(super) rows: Vec<Row>,
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
pub(super) async fn plan(tx: &mut Tx, org: OrgId, ask: &BringRemittance) -> Outcome<Plan> {
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
    let sha256 = sha256_hex(&ask.bytes);
    if let Some(same) = store::remittance_before(tx, org, (agency.id, file.statement_no.as_str()), &sha256).await? {
        let sentence = format!("Statement {} was posted as {}", same.statement_no, same.number);
        return Err(STATEMENT_AGAIN.because(sentence).into());
    }
    let before = store::remittances_of(tx, org, agency.id, 500).await?;
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
pub(super) async fn reversible(
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
    let mut receipts = lines.iter().filter(fits).filter_map(|line| line.receipt_id);
    Ok(receipts.rfind(|id| !gone.contains(id) && !taken_back.contains(id)))
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
