//! The account page: the strip on every tab, and what the tabs show (A2).
use super::find;
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{AccountItem, FlagKind, account_totals, days_overdue};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::reports::{AgeingBasis, AgeingItem, Buckets, age_items};
use sundry_store::customers::{self, AccountItemRow, CustomerRow, NoteRow, ReferenceRow};

/// The strip on every tab.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountStrip {
    /// Debits less credits.
    pub balance_pence: i64,
    /// Past due.
    pub overdue_pence: i64,
    /// Disputed.
    pub in_query_pence: i64,
    /// Promised and not yet kept or broken.
    pub promised_pence: i64,
    /// Credits not set against anything, as a positive amount.
    pub unallocated_pence: i64,
    /// Number of the newest receipt.
    pub last_paid_number: Option<String>,
    /// Its day.
    pub last_paid_on: Option<NaiveDate>,
    /// Its amount.
    pub last_paid_pence: Option<i64>,
}

/// One item of the account that is open.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountItemShown {
    /// Id, for naming it in an ask.
    pub item: i64,
    /// invoice, credit_note, receipt and so on.
    pub kind: String,
    /// Number.
    pub number: String,
    /// What it is for.
    pub description: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// When due.
    pub due_on: NaiveDate,
    /// Days past due; 0 before.
    pub days_overdue: i64,
    /// First amount; less than nothing for a credit.
    pub original_pence: i64,
    /// Paid or used so far.
    pub paid_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// What is disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Purchase order.
    pub po_number: String,
    /// The step at which it stands; empty before the first.
    pub stage: String,
}

/// Debt of one age.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgeBand {
    /// Code, as in files.
    pub code: String,
    /// For people.
    pub name: String,
    /// How much.
    pub amount_pence: i64,
}

/// A flag with its words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountFlag {
    /// Id, for ending it.
    pub flag: i64,
    /// What.
    pub kind: String,
    /// For people.
    pub name: String,
    /// How we know.
    pub evidence: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
    /// Who raised it.
    pub raised_by: String,
    /// Whether it holds today.
    pub holds: bool,
    /// Whether its review is due.
    pub review_due: bool,
}

/// An address the customer has or had.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountAddress {
    /// Since when.
    pub from_on: NaiveDate,
    /// On one line.
    pub address: String,
    /// Where we have it from.
    pub source: String,
}

/// A bank account, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountBank {
    /// `••••••78`.
    pub shown: String,
    /// import, person or learned.
    pub source: String,
}

/// Everything the account page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CustomerAccount {
    /// The customer.
    pub customer: CustomerRow,
    /// As at this business day.
    pub today: NaiveDate,
    /// The strip.
    pub strip: AccountStrip,
    /// What is open, oldest due first.
    pub items: Vec<AccountItemShown>,
    /// Debt by age, credits apart.
    pub ages: Vec<AgeBand>,
    /// Flags, newest first, those over too.
    pub flags: Vec<AccountFlag>,
    /// Notes, pinned first, at most 50.
    pub notes: Vec<NoteRow>,
    /// Addresses, newest first.
    pub addresses: Vec<AccountAddress>,
    /// Other references.
    pub references: Vec<ReferenceRow>,
    /// Bank accounts, masked.
    pub banks: Vec<AccountBank>,
}

/// The account of a customer.
///
/// # Errors
/// Absent when there is no such customer here.
pub async fn customer_account(desk: &Desk, by: &Actor, number: &str) -> Outcome<CustomerAccount> {
    by.must_hold(Duty::View)?;
    let (org, today) = (by.org, desk.today());
    let mut look = desk.look().await?;
    let customer = find(&mut look, org, number).await?;
    let id = CustomerId(customer.id);
    let items = customers::account_items(&mut look, org, id).await?;
    let last = customers::last_paid(&mut look, org, id).await?;
    let promised = customers::promised(&mut look, org, id).await?;
    let flags = customers::flags_of(&mut look, org, id).await?;
    let notes = customers::notes_of(&mut look, org, id, 50).await?;
    let addresses = customers::addresses_of(&mut look, org, id).await?;
    let references = customers::references_of(&mut look, org, id).await?;
    let banks = customers::banks_of(&mut look, org, id).await?;
    let flag = |f: customers::FlagRow| AccountFlag {
        flag: f.id,
        name: FlagKind::parse(&f.kind).map_or_else(|| f.kind.clone(), |kind| kind.name().into()),
        holds: f.from_on <= today && f.to_on.is_none_or(|last| today <= last),
        review_due: f.review_on.is_some_and(|day| day <= today),
        kind: f.kind,
        evidence: f.evidence,
        from_on: f.from_on,
        to_on: f.to_on,
        review_on: f.review_on,
        raised_by: f.raised_by,
    };
    let address =
        |a: customers::AddressRow| AccountAddress { from_on: a.from_on, address: a.address, source: a.source };
    let bank =
        |b: customers::BankRow| AccountBank { shown: format!("••••••{}", b.last_digits), source: b.source };
    Ok(CustomerAccount {
        strip: strip(&items, promised, last, today),
        ages: ages(&items, today),
        items: items.into_iter().map(|item| shown(item, today)).collect(),
        flags: flags.into_iter().map(flag).collect(),
        addresses: addresses.into_iter().map(address).collect(),
        banks: banks.into_iter().map(bank).collect(),
        customer,
        today,
        notes,
        references,
    })
}

fn strip(
    items: &[AccountItemRow],
    promised: i64,
    last: Option<(String, NaiveDate, i64)>,
    today: NaiveDate,
) -> AccountStrip {
    let facts: Vec<AccountItem> = items
        .iter()
        .map(|i| AccountItem { open: Pence(i.open_pence), disputed: Pence(i.disputed_pence), due_on: i.due_on })
        .collect();
    let totals = account_totals(&facts, today);
    AccountStrip {
        balance_pence: totals.balance.0,
        overdue_pence: totals.overdue.0,
        in_query_pence: totals.in_query.0,
        promised_pence: promised,
        unallocated_pence: totals.unallocated.0,
        last_paid_on: last.as_ref().map(|(_, on, _)| *on),
        last_paid_pence: last.as_ref().map(|(_, _, pence)| *pence),
        last_paid_number: last.map(|(number, _, _)| number),
    }
}

fn ages(items: &[AccountItemRow], today: NaiveDate) -> Vec<AgeBand> {
    let aged: Vec<AgeingItem> = items
        .iter()
        .map(|i| AgeingItem { invoice_on: i.dated_on, due_on: i.due_on, open: Pence(i.open_pence) })
        .collect();
    let buckets = Buckets::default();
    let row = age_items(&aged, today, AgeingBasis::Due, &buckets);
    let band = |(bucket, amount): (sundry_domain::reports::Bucket, Pence)| AgeBand {
        code: bucket.code,
        name: bucket.name,
        amount_pence: amount.0,
    };
    buckets.0.into_iter().zip(row.buckets).map(band).collect()
}

fn shown(item: AccountItemRow, today: NaiveDate) -> AccountItemShown {
    AccountItemShown {
        item: item.id,
        days_overdue: if item.open_pence > 0 { days_overdue(item.due_on, today) } else { 0 },
        paid_pence: Pence(item.original_pence).minus(Pence(item.open_pence)).0,
        kind: item.kind,
        number: item.number,
        description: item.description,
        dated_on: item.dated_on,
        due_on: item.due_on,
        original_pence: item.original_pence,
        open_pence: item.open_pence,
        disputed_pence: item.disputed_pence,
        service: item.service,
        debt_type: item.debt_type,
        po_number: item.po_number,
        stage: item.stage,
    }
}
