//! Opening an account and changing what is known of its customer (A1).
use super::alike::{AccountAlike, Identity, alike_to};
use super::fields::{CustomerFields, one_line};
use super::held_change::hold_address;
use super::{find, refuse_cards};
use crate::core::command::Command;
use crate::core::typed::lines_wrong;
use crate::{Actor, Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::normalise_reference;
use sundry_domain::customers::refusals::{CHANGED, LOOKS_ALIKE};
use sundry_domain::ids::CustomerId;
use sundry_store::customers::changes::{CustomerChangeRow, add_customer_change};
use sundry_store::customers::{self, AddressRow, CustomerRow, ReferenceRow};

const ADDRESS: &str = "address";

/// Opens an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AddCustomer {
    /// Idempotency key.
    pub key: String,
    /// What is known.
    #[serde(flatten)]
    pub fields: CustomerFields,
    /// Numbers that tell them from others, kept as references.
    #[serde(flatten)]
    pub identity: Identity,
    /// That it is another customer, though accounts look the same.
    #[serde(default)]
    pub confirmed_alike: bool,
}

/// The account that was opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CustomerAdded {
    /// Id.
    pub customer: CustomerId,
    /// Number, given by us.
    pub number: String,
    /// Numbers of accounts that looked the same before: is it one of them? Then merge the two.
    #[serde(default)]
    pub alike: Vec<String>,
}

/// Opens an account for a customer.
///
/// # Errors
/// Invalid fields; a card number in a text; `CUS-06-ALIKE` where accounts look the same and nobody has confirmed that this
/// is another customer.
pub async fn add_customer(desk: &Desk, by: &Actor, ask: AddCustomer) -> Outcome<CustomerAdded> {
    by.must_hold(Duty::ManageCustomers)?;
    let mut wrong = ask.fields.check();
    wrong.extend(ask.identity.check());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&ask.fields.texts())?;
    let numbers: Vec<(&str, &str)> = ask.identity.known().collect();
    refuse_cards(&numbers)?;
    command!(desk, by, "add_customer", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let alike = alike_to(&mut cmd.tx, org, &ask.fields, &ask.identity).await?;
        if !ask.confirmed_alike && !alike.is_empty() {
            return Err(LOOKS_ALIKE.because(look_the_same(&alike)).into());
        }
        let number = free_number(cmd).await?;
        let id: CustomerId = cmd.id();
        let row = ask.fields.row(id.0, number.clone(), 1, cmd.at);
        let address = one_line(&row);
        let (today, at) = (cmd.today, cmd.at);
        customers::add_customers(&mut cmd.tx, org, vec![row]).await?;
        if !address.is_empty() {
            let first =
                AddressRow { from_on: today, seq: 1, address, source: "account opened".into(), recorded_at: at };
            customers::add_addresses(&mut cmd.tx, org, vec![(id, first)]).await?;
        }
        for (kind, reference) in ask.identity.known() {
            let row = ReferenceRow {
                customer_id: id.0,
                kind: kind.into(),
                reference: reference.to_owned(),
                search_reference: normalise_reference(reference),
            };
            customers::add_reference(&mut cmd.tx, org, &row).await?;
        }
        let mut filled = ask.fields.filled();
        filled.extend(ask.identity.known().map(|(kind, _)| kind));
        let detail = serde_json::json!({ "kind": ask.fields.kind, "filled": filled, "alike": ask.confirmed_alike });
        cmd.tell("CustomerAdded", format!("customer {number}"), detail);
        Ok(CustomerAdded { customer: id, number, alike: alike.into_iter().map(|one| one.number).collect() })
    })
}

fn look_the_same(alike: &[AccountAlike]) -> String {
    let one = |account: &AccountAlike| format!("{} (same {})", account.number, account.words());
    let all: Vec<String> = alike.iter().map(one).collect();
    format!("These accounts look the same: {}", all.join("; "))
}

/// The next customer number that nobody has: numbers of an old ledger are stepped over.
async fn free_number(cmd: &mut Command) -> Outcome<String> {
    for _ in 0..200 {
        let number = format!("C{}", 100_000 + cmd.next_number("customer").await?);
        if customers::customer_numbered(&mut cmd.tx, cmd.by.org, &number).await?.is_none() {
            return Ok(number);
        }
    }
    Err(Fault::new("two hundred customer numbers in a row are taken").into())
}

/// Changes what is known of a customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeCustomer {
    /// Idempotency key.
    pub key: String,
    /// Number.
    pub number: String,
    /// The version that was read.
    pub version: i64,
    /// Everything that is known, changed or not.
    #[serde(flatten)]
    pub fields: CustomerFields,
    /// Where a new address comes from: a letter, a call.
    #[serde(default)]
    pub source: String,
}

/// The new version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CustomerChanged {
    /// Number.
    pub number: String,
    /// Version.
    pub version: i64,
    /// The approval that a new address waits for; empty where it did not change.
    #[serde(default)]
    pub address_waits: String,
}

/// Changes what is known of a customer. A first address counts at once; another waits for somebody else, who calls the
/// customer back (CUS-18).
///
/// # Errors
/// `CUS-CHANGED` when someone changed it since it was read; `CUS-18-WAITS` while another address waits; invalid fields.
pub async fn change_customer(desk: &Desk, by: &Actor, ask: ChangeCustomer) -> Outcome<CustomerChanged> {
    by.must_hold(Duty::ManageCustomers)?;
    let mut wrong = ask.fields.check();
    wrong.extend(lines_wrong(&[("source", &ask.source)], 200));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&ask.fields.texts())?;
    refuse_cards(&[("source", &ask.source)])?;
    command!(desk, by, "change_customer", &ask.key, &ask, |cmd| {
        let (org, today, at) = (cmd.by.org, cmd.today, cmd.at);
        let before = find(&mut cmd.tx, org, &ask.number).await?;
        let asked = ask.fields.row(before.id, before.number.clone(), ask.version, before.recorded_at);
        let moves = one_line(&asked) != one_line(&before);
        let waits = moves && !one_line(&before).is_empty();
        let row = if waits { at_the_old_address(&asked, &before) } else { asked.clone() };
        if !customers::change_customer(&mut cmd.tx, org, &row).await? {
            let sentence = format!("{} was changed by someone else while you had it open", before.number);
            return Err(CHANGED.because(sentence).into());
        }
        let mut address_waits = String::new();
        if waits {
            let source = if ask.source.trim().is_empty() { "no source given" } else { ask.source.trim() };
            address_waits = hold_address(cmd, &before, &asked, source).await?.approval;
        } else if moves {
            let id = CustomerId(before.id);
            let seq = customers::addresses_of(&mut cmd.tx, org, id).await?.first().map_or(1, |newest| newest.seq + 1);
            let (address, source) = (one_line(&row), ask.source.clone());
            let next = AddressRow { from_on: today, seq, address, source, recorded_at: at };
            customers::add_addresses(&mut cmd.tx, org, vec![(id, next)]).await?;
        }
        let changed = changed(&before, &asked);
        keep_before(cmd, before.id, &changed).await?;
        let fields: Vec<&str> = changed.iter().map(|(field, ..)| *field).collect();
        let detail = serde_json::json!({ "version": ask.version + 1, "changed": fields, "approval": address_waits });
        cmd.tell("CustomerChanged", format!("customer {}", before.number), detail);
        Ok(CustomerChanged { number: before.number, version: ask.version + 1, address_waits })
    })
}

/// A field that was changed: its name, what it was and what it is.
type Changed = (&'static str, String, String);

/// Which fields were asked to be others: the trail names them, and the account keeps what they were.
fn changed(before: &CustomerRow, asked: &CustomerRow) -> Vec<Changed> {
    let fields = |row: &CustomerRow| {
        [
            ("name", row.name.clone()),
            ("kind", row.kind.clone()),
            (ADDRESS, one_line(row)),
            ("email", row.email.clone()),
            ("phone", row.phone.clone()),
            ("terms_days", row.terms_days.to_string()),
            ("channel", row.channel.clone()),
            ("language", row.language.clone()),
            ("letter_format", row.letter_format.clone()),
            ("collector", row.collector.clone()),
        ]
    };
    let both = fields(before).into_iter().zip(fields(asked));
    both.filter(|((_, was), (_, now))| was != now).map(|((field, was), (_, now))| (field, was, now)).collect()
}

/// Keeps what the fields were, but for an address: that has its own history.
async fn keep_before(cmd: &mut Command, account: i64, all: &[Changed]) -> Outcome<()> {
    for (field, was, now) in all.iter().filter(|(field, ..)| *field != ADDRESS) {
        let row = CustomerChangeRow {
            id: cmd.id(),
            account_id: account,
            field: (*field).into(),
            was: was.clone(),
            now_is: now.clone(),
            changed_on: cmd.today,
            actor_id: cmd.by.user.0,
            actor_name: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        add_customer_change(&mut cmd.tx, cmd.by.org, &row).await?;
    }
    Ok(())
}

/// What else was changed, with the address that stands until somebody has called back.
fn at_the_old_address(asked: &CustomerRow, before: &CustomerRow) -> CustomerRow {
    CustomerRow {
        address1: before.address1.clone(),
        address2: before.address2.clone(),
        town: before.town.clone(),
        postcode: before.postcode.clone(),
        ..asked.clone()
    }
}
