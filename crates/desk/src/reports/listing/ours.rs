//! Our side of a list: the ledger as at a day, or a second file.
use crate::{Desk, Fault, Outcome};
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use sundry_domain::control::mask_card_numbers;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::reports::reconcile::{Basis, OurKind, OurRow, Rules, Said, TheirRow};
use sundry_formats::listing::{self, Layout};
use sundry_store::Tx;
use sundry_store::listing::{self as rows, FunderRow, ListingRow, OurItem};

/// Bills that were settled so long ago are still known, so that a row for one finds it.
const SETTLED_DAYS: u64 = 400;
/// Bills so far outside a period are known, so that a row dated on the other side of its end finds one.
const OUTSIDE_DAYS: u64 = 45;

/// The rows of their list.
pub(super) fn their_rows(desk: &Desk, org: OrgId, row: &ListingRow) -> Outcome<Vec<TheirRow>> {
    let layout = row.layout.clone().ok_or_else(|| Fault::new("a list without columns was reconciled"))?;
    let told = read(desk, org, &row.file_sha256, layout)?.into_iter().map(|one| TheirRow {
        row: u32::try_from(one.row).unwrap_or(u32::MAX),
        reference: mask_card_numbers(&one.value.reference),
        words: mask_card_numbers(&one.value.words),
        name: mask_card_numbers(&one.value.name),
        listed: Pence(one.value.amount),
        paid: one.value.paid.map(Pence),
        paid_on: one.value.paid_on,
        on: one.value.on,
        said: match Said::read(&one.value.status) {
            Said::Owed if one.value.paid_on.is_some() && one.value.paid.is_none() => Said::Paid,
            said => said,
        },
    });
    Ok(told.collect())
}

fn read(
    desk: &Desk,
    org: OrgId,
    sha256: &str,
    layout: serde_json::Value,
) -> Outcome<Vec<sundry_formats::intake::Numbered<listing::ListingRow>>> {
    let layout: Layout = serde_json::from_value(layout)?;
    let bytes = desk.files().get(org.0, sha256)?;
    let read = listing::read(&bytes, &layout).map_err(|problem| Fault::new(problem.to_string()))?;
    if let Some(problem) = read.problems.first() {
        return Err(Fault::new(format!("a list that was read cannot be read again: {problem}")).into());
    }
    Ok(read.rows)
}

/// A second file as our side.
pub(super) fn from_file(desk: &Desk, org: OrgId, row: &ListingRow, rules: Rules) -> Outcome<Vec<OurRow>> {
    let layout = row.our_layout.clone().ok_or_else(|| Fault::new("our own list has no columns"))?;
    let told = read(desk, org, &row.our_file_sha256, layout)?.into_iter().map(|one| {
        let owed = Pence(one.value.amount - one.value.paid.unwrap_or(0));
        let settled = Said::read(&one.value.status) == Said::Paid && one.value.paid.is_none();
        let counts = match rules.basis {
            Basis::Billed => Pence(one.value.amount),
            Basis::Open if settled => Pence::ZERO,
            Basis::Open => owed,
        };
        OurRow {
            id: one.row as i64,
            number: mask_card_numbers(&one.value.reference),
            name: mask_card_numbers(&one.value.name),
            kind: if one.value.amount < 0 { OurKind::Credit } else { OurKind::Bill },
            on: one.value.on.unwrap_or(row.as_at),
            original: Pence(one.value.amount),
            counts,
            settled_on: one.value.paid_on,
            ..OurRow::default()
        }
    });
    Ok(told.collect())
}

/// The ledger as our side, as at the day of the list.
pub(super) async fn from_ledger(
    tx: &mut Tx,
    org: OrgId,
    (row, funder): (&ListingRow, &FunderRow),
    rules: Rules,
) -> Outcome<Vec<OurRow>> {
    let whole = funder.whole_ledger;
    let before = |day: NaiveDate, days| day.checked_sub_days(Days::new(days)).unwrap_or_default();
    if rules.basis == Basis::Billed {
        let from = row.from_on.unwrap_or(row.as_at);
        let (since, up_to) = (before(from, OUTSIDE_DAYS), row.as_at + Days::new(OUTSIDE_DAYS));
        let items = rows::our_items(tx, org, funder.id, whole, (since, up_to)).await?;
        let within = items.into_iter().filter(|item| is_bill(item) && (since..=up_to).contains(&item.dated_on));
        return Ok(within.map(|item| billed(item, (from, row.as_at))).collect());
    }
    let since = before(row.as_at, SETTLED_DAYS);
    let mut items = rows::our_items(tx, org, funder.id, whole, (since, row.as_at)).await?;
    items.append(&mut rows::our_items_cleared_since(tx, org, funder.id, whole, (since, row.as_at)).await?);
    let after: HashMap<i64, i64> = rows::allocated_after(tx, org, row.as_at).await?.into_iter().collect();
    let settled: HashMap<i64, NaiveDate> =
        rows::last_settled(tx, org, funder.id, whole, (since, row.as_at)).await?.into_iter().collect();
    let open = |item: OurItem| {
        let counts = Pence(item.open_pence + after.get(&item.id).copied().unwrap_or(0));
        OurRow { counts, settled_on: settled.get(&item.id).copied(), ..plain(item) }
    };
    Ok(items.into_iter().map(open).collect())
}

/// A bill or a credit, and not money or its way back.
fn is_bill(item: &OurItem) -> bool {
    matches!(item.kind.as_str(), "invoice" | "credit_note" | "interest" | "compensation" | "costs")
}

fn billed(item: OurItem, (from, to): (NaiveDate, NaiveDate)) -> OurRow {
    let outside = item.dated_on < from || item.dated_on > to;
    let counts = if outside { Pence::ZERO } else { Pence(item.original_pence) };
    OurRow { counts, outside, ..plain(item) }
}

fn plain(item: OurItem) -> OurRow {
    OurRow {
        id: item.id,
        kind: match item.kind.as_str() {
            "receipt" => OurKind::Receipt,
            _ if item.original_pence < 0 => OurKind::Credit,
            _ => OurKind::Bill,
        },
        number: item.number,
        order: item.po_number,
        account: item.account,
        name: item.name,
        on: item.dated_on,
        original: Pence(item.original_pence),
        counts: Pence::ZERO,
        settled_on: None,
        outside: false,
    }
}
