//! Bringing a list: whose it is, as at which day, and what stands on our side.
use super::{PREPARES, must_hold_one};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::keep_file;
use crate::reports::refusals::LISTING_NO_SIDE;
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::refuse_card_number;
use sundry_domain::refusal::Invalid;
use sundry_domain::reports::reconcile::{Basis, Rules};
use sundry_formats::listing;
use sundry_store::customers::customer_ids;
use sundry_store::listing::{
    FunderRow, ListingRow, add_funder, add_listing, funder_named, set_funder, set_funder_customers,
};

/// Brings a funder's list. A workbook is sent as the CSV that the limited child process made of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BringListing {
    /// Idempotency key.
    pub key: String,
    /// The funder, by the name under which their columns are remembered.
    pub funder: String,
    /// As at which day.
    pub as_at: NaiveDate,
    /// open: what is owed now; billed: the bills of a period.
    pub basis: String,
    /// First day of the period, where bills are compared.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Numbers of the customers on our side; empty: as last time.
    #[serde(default)]
    pub customers: Vec<String>,
    /// Every customer is on our side.
    #[serde(default)]
    pub whole_ledger: bool,
    /// Name of their file.
    pub file_name: String,
    /// Their list.
    pub bytes: Vec<u8>,
    /// Name of our own list, where two files are compared.
    #[serde(default)]
    pub our_file_name: String,
    /// Our own list; without it the ledger is our side.
    #[serde(default)]
    pub our_bytes: Option<Vec<u8>>,
}

/// A list that was brought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingBrought {
    /// Its number.
    pub number: String,
    /// Whether the funder's columns are remembered and are all there, so that it can be reconciled at once.
    pub columns_known: bool,
}

#[derive(Serialize)]
struct Claim<'a> {
    funder: &'a str,
    as_at: NaiveDate,
    basis: &'a str,
    from_on: Option<NaiveDate>,
    customers: &'a [String],
    whole_ledger: bool,
    file_sha256: String,
    our_sha256: Option<String>,
}

/// Keeps the list and remembers the funder; nothing is compared yet.
///
/// # Errors
/// Duty; a file that is no list; customers that are not ours; nothing on our side.
pub async fn bring_listing(desk: &Desk, by: &Actor, ask: BringListing) -> Outcome<ListingBrought> {
    must_hold_one(by, PREPARES)?;
    let basis = check(&ask, desk.today())?;
    let file_sha256 = sha256_hex(&ask.bytes);
    let our_sha256 = ask.our_bytes.as_deref().map(sha256_hex);
    let claim = Claim {
        funder: &ask.funder,
        as_at: ask.as_at,
        basis: &ask.basis,
        from_on: ask.from_on,
        customers: &ask.customers,
        whole_ledger: ask.whole_ledger,
        file_sha256,
        our_sha256,
    };
    command!(desk, by, "bring_listing", &ask.key, &claim, |cmd| { bring(cmd, &ask, basis).await })
}

fn check(ask: &BringListing, today: NaiveDate) -> Outcome<Basis> {
    refuse_card_number("funder", &ask.funder)?;
    let mut wrong = Vec::new();
    if ask.funder.trim().is_empty() || ask.funder.chars().count() > 100 {
        wrong.push(Invalid::field("funder", "Enter the funder's name, at most 100 characters", &ask.funder));
    }
    if ask.as_at > today {
        wrong.push(Invalid::field("as_at", "Enter a day up to today", ask.as_at.to_string()));
    }
    let basis = Basis::parse(&ask.basis);
    match (basis, ask.from_on) {
        (None, _) => {
            wrong.push(Invalid::field("basis", "Choose what is owed now, or the bills of a period", &ask.basis))
        }
        (Some(Basis::Billed), None) => {
            wrong.push(Invalid::field("from_on", "Enter the first day of the period", ""));
        }
        (Some(Basis::Billed), Some(from)) if from > ask.as_at => {
            wrong.push(Invalid::field("from_on", "Enter a day on or before the last day", from.to_string()));
        }
        _ => {}
    }
    let files = [("file", Some(&ask.bytes)), ("our_file", ask.our_bytes.as_ref())];
    for (field, bytes) in files {
        if let Some(Err(problem)) = bytes.map(|bytes| listing::head(bytes)) {
            wrong.push(Invalid::field(field, problem.to_string(), ""));
        }
    }
    match basis {
        Some(basis) if wrong.is_empty() => Ok(basis),
        _ => Err(wrong.into()),
    }
}

async fn bring(cmd: &mut Command, ask: &BringListing, basis: Basis) -> Outcome<ListingBrought> {
    let org = cmd.by.org;
    let name = ask.funder.split_whitespace().collect::<Vec<_>>().join(" ");
    let customers = known(cmd, &ask.customers).await?;
    let known_funder = funder_named(&mut cmd.tx, org, &name).await?;
    let no_side = customers.is_empty() && !ask.whole_ledger && ask.our_bytes.is_none();
    let mut funder = match known_funder {
        Some(row) => row,
        None if no_side => return Err(LISTING_NO_SIDE.because("Nothing stands on our side of this list.").into()),
        None => {
            let rules = serde_json::to_value(Rules { basis, ..Rules::default() })?;
            let (layout, our_layout) = (None, None);
            let whole_ledger = ask.whole_ledger;
            let row = FunderRow { id: cmd.id(), name, layout, our_layout, rules, whole_ledger, version: 1 };
            add_funder(&mut cmd.tx, org, &row, cmd.at).await?;
            row
        }
    };
    if !customers.is_empty() || ask.whole_ledger {
        funder.whole_ledger = ask.whole_ledger;
        set_funder(&mut cmd.tx, org, &funder).await?;
        set_funder_customers(&mut cmd.tx, org, funder.id, &customers).await?;
    }
    let rules: Rules = serde_json::from_value(funder.rules.clone())?;
    let rules = serde_json::to_value(Rules { basis, ..rules })?;
    let file_sha256 = keep_file(cmd, &ask.file_name, &ask.bytes).await?;
    let our_file_sha256 = match &ask.our_bytes {
        Some(bytes) => keep_file(cmd, &ask.our_file_name, bytes).await?,
        None => String::new(),
    };
    let layout = funder.layout.filter(|layout| still_fits(&ask.bytes, layout));
    let our_layout = match &ask.our_bytes {
        Some(bytes) => funder.our_layout.filter(|layout| still_fits(bytes, layout)),
        None => None,
    };
    let columns_known = layout.is_some() && (ask.our_bytes.is_none() || our_layout.is_some());
    let number = format!("LST-{:06}", cmd.next_number("LST").await?);
    let row = ListingRow {
        id: cmd.id(),
        number: number.clone(),
        funder_id: funder.id,
        funder: funder.name.clone(),
        as_at: ask.as_at,
        from_on: ask.from_on.filter(|_| basis == Basis::Billed),
        rules,
        layout,
        our_layout,
        file_name: ask.file_name.clone(),
        file_sha256: file_sha256.clone(),
        our_file_name: ask.our_file_name.clone(),
        our_file_sha256,
        state: if columns_known { "waiting" } else { "columns" }.into(),
        attempt: 0,
        proof: None,
        before_id: None,
        prepared_by: cmd.by.user.0,
        prepared_by_name: cmd.by.name.clone(),
        prepared_on: cmd.today,
        signed_by_name: String::new(),
        signed_on: None,
        signed_words: String::new(),
    };
    add_listing(&mut cmd.tx, org, &row, cmd.at).await?;
    let detail =
        serde_json::json!({ "funder": funder.name, "file": ask.file_name, "sha256": file_sha256, "as_at": ask.as_at });
    cmd.tell("ListingBrought", format!("list {number}"), detail);
    Ok(ListingBrought { number, columns_known })
}

/// A layout from another month whose headings are all in this file.
fn still_fits(bytes: &[u8], layout: &serde_json::Value) -> bool {
    let layout: Result<listing::Layout, _> = serde_json::from_value(layout.clone());
    let (Ok(layout), Ok(head)) = (layout, listing::head(bytes)) else { return false };
    let headings = head.headings(layout.heading_row);
    let named = listing::Columns::FIELDS.iter().map(|(field, ..)| layout.columns.of(field));
    !headings.is_empty() && named.filter(|name| !name.is_empty()).all(|name| headings.iter().any(|one| one == name))
}

/// The customers with these numbers, every wrong number told.
async fn known(cmd: &mut Command, numbers: &[String]) -> Outcome<Vec<i64>> {
    let mut numbers: Vec<&str> = numbers.iter().map(|number| number.trim()).filter(|n| !n.is_empty()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Ok(Vec::new()) };
    let ids: HashMap<String, i64> = customer_ids(&mut cmd.tx, cmd.by.org, first, last).await?.into_iter().collect();
    let strange: Vec<&str> = numbers.iter().filter(|number| !ids.contains_key(**number)).copied().take(10).collect();
    if !strange.is_empty() {
        let say = format!("No customer has the number {}", strange.join(", "));
        return Err(Invalid::field("customers", say, strange.join(", ")).into());
    }
    Ok(numbers.iter().filter_map(|number| ids.get(*number).copied()).collect())
}
