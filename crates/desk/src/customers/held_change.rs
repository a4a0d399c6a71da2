//! A new address or bank account of a customer waits for somebody else, who has called back (CUS-18).
use super::fields::{CustomerFields, one_line};
use super::{find, refuse_cards};
use crate::approvals::{AskForApproval, CUSTOMER_CHANGE, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::typed::lines_wrong;
use crate::{Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::refusals::{CHANGE_WAITS, CHANGED, NO_CALL_BACK};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::control::ApprovalRow;
use sundry_store::customers::{self, AddressRow, BankRow, CustomerRow};
use sundry_store::people::changes::{HeldChangeRow, add_held_change, decide_held_change, held_change, held_changes_of};

/// Asks for a new address or bank account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskForChange {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// address or bank.
    pub field: String,
    /// First line of the new address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// New sort code.
    pub sort_code: String,
    /// New account number.
    pub account: String,
    /// Where we have it from: a letter, a call, a form.
    pub source: String,
}

/// It waits for somebody else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeAsked {
    /// Customer number.
    pub customer: String,
    /// Number of the approval.
    pub approval: String,
    /// As it is to be: an address on one line, a bank account by its last digits.
    pub wanted: String,
}

/// What is asked for, as the approval keeps it.
struct Wanted {
    field: &'static str,
    was: String,
    shown: String,
    payload: serde_json::Value,
}

/// Asks for a new address or bank account; it counts once somebody else has called back and said yes.
///
/// # Errors
/// Duty; fields; `CUS-18-WAITS` while another waits; a customer that is not there.
pub async fn ask_for_change(desk: &Desk, by: &Actor, ask: AskForChange) -> Outcome<ChangeAsked> {
    let duty = if ask.field == "bank" { Duty::ChangeBankDetails } else { Duty::ManageCustomers };
    by.must_hold(duty)?;
    let mut wrong = Vec::new();
    if !matches!(ask.field.as_str(), "address" | "bank") {
        wrong.push(Invalid::field("field", "Choose address or bank", &ask.field));
    }
    if ask.source.trim().is_empty() {
        let message = "Enter where you have it from: a letter, a call, a form";
        wrong.push(Invalid::field("source", message, &ask.source));
    }
    wrong.extend(lines_wrong(&[("source", &ask.source)], 200));
    if ask.field == "address" {
        let of_address = |one: &Invalid| !matches!(one.field.as_str(), "name" | "kind");
        wrong.extend(address_of(&ask, None).check().into_iter().filter(of_address));
        if ask.address1.trim().is_empty() {
            wrong.push(Invalid::field("address1", "Enter the first line of the new address", &ask.address1));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("source", &ask.source), ("address1", &ask.address1), ("address2", &ask.address2)])?;
    let print = desk.vault().bank_print(by.org.0, &ask.sort_code, &ask.account);
    if ask.field == "bank" && print.is_none() {
        return Err(Invalid::field("account", "Enter six digits of sort code and eight of account", "").into());
    }
    // The account itself stays out of the trail of requests.
    let asked = (&ask.customer, &ask.field, address_of(&ask, None), &print, &ask.source);
    command!(desk, by, "ask_for_change", &ask.key, &asked, |cmd| {
        let customer = find(&mut cmd.tx, cmd.by.org, &ask.customer).await?;
        let wanted = wanted(cmd, &customer, &ask, print.as_deref()).await?;
        hold(cmd, &customer, wanted, ask.source.trim()).await
    })
}

fn address_of(ask: &AskForChange, of: Option<&CustomerRow>) -> CustomerFields {
    let mut fields = CustomerFields {
        address1: ask.address1.trim().to_owned(),
        address2: ask.address2.trim().to_owned(),
        town: ask.town.trim().to_owned(),
        postcode: ask.postcode.trim().to_owned(),
        ..CustomerFields::default()
    };
    if let Some(row) = of {
        (fields.name, fields.kind) = (row.name.clone(), row.kind.clone());
    }
    fields
}

async fn wanted(cmd: &mut Command, customer: &CustomerRow, ask: &AskForChange, print: Option<&str>) -> Outcome<Wanted> {
    if ask.field == "address" {
        let row = address_of(ask, Some(customer)).row(customer.id, customer.number.clone(), 1, cmd.at);
        return Ok(address(customer, &row));
    }
    let org = cmd.by.org;
    let digits: String = ask.account.chars().filter(char::is_ascii_digit).collect();
    let last: String = digits.chars().skip(digits.chars().count().saturating_sub(2)).collect();
    let plain = format!("{} {}", ask.sort_code.trim(), ask.account.trim());
    let sealed = cmd.desk.vault().seal_text(org.0, &format!("customer_bank/{}", customer.id), &plain)?;
    let banks = customers::banks_of(&mut cmd.tx, org, CustomerId(customer.id)).await?;
    let shown = |last: &str| format!("account ending {last}");
    Ok(Wanted {
        field: "bank",
        was: banks.last().map(|row| shown(&row.last_digits)).unwrap_or_default(),
        shown: shown(&last),
        payload: serde_json::json!({ "print": print, "sealed": sealed, "last_digits": last }),
    })
}

fn address(before: &CustomerRow, after: &CustomerRow) -> Wanted {
    Wanted {
        field: "address",
        was: one_line(before),
        shown: one_line(after),
        payload: serde_json::json!({
            "address1": after.address1,
            "address2": after.address2,
            "town": after.town,
            "postcode": after.postcode,
        }),
    }
}

/// Holds a new address that came with other changes; gives the approval's number.
pub(super) async fn hold_address(
    cmd: &mut Command,
    before: &CustomerRow,
    after: &CustomerRow,
    source: &str,
) -> Outcome<ChangeAsked> {
    hold(cmd, before, address(before, after), source).await
}

async fn hold(cmd: &mut Command, customer: &CustomerRow, wanted: Wanted, source: &str) -> Outcome<ChangeAsked> {
    let org = cmd.by.org;
    let before = held_changes_of(&mut cmd.tx, org, CustomerId(customer.id)).await?;
    if let Some(open) = before.iter().find(|row| row.state == "waiting" && row.field == wanted.field) {
        let sentence = format!("A new {} waits already ({})", wanted.field, open.approval);
        return Err(CHANGE_WAITS.because(sentence).into());
    }
    let what = if wanted.field == "bank" { "bank account" } else { "address" };
    let mut payload = wanted.payload;
    payload["field"] = wanted.field.into();
    payload["customer"] = customer.number.clone().into();
    payload["was"] = wanted.was.clone().into();
    payload["source"] = source.into();
    let ask = AskForApproval {
        command: CUSTOMER_CHANGE,
        subject: format!("customer {}", customer.number),
        summary: format!(
            "Change the {what} of {} ({}) from “{}” to “{}”; from {source}. Call them back on a number we held before.",
            customer.number, customer.name, wanted.was, wanted.shown
        ),
        payload,
        amount: Pence::ZERO,
    };
    let approval = ask_for_approval(cmd, ask).await?;
    let row = HeldChangeRow {
        id: cmd.id(),
        approval: approval.clone(),
        customer_id: customer.id,
        field: wanted.field.into(),
        was: wanted.was,
        wanted: wanted.shown.clone(),
        source: source.into(),
        state: "waiting".into(),
        call_back: String::new(),
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        decided_on: None,
        recorded_at: cmd.at,
    };
    add_held_change(&mut cmd.tx, org, &row).await?;
    // Neither address nor source: they stand with the approval.
    let detail = serde_json::json!({ "change": row.id, "field": row.field, "approval": row.approval });
    cmd.tell("ChangeHeld", format!("customer {}", customer.number), detail);
    Ok(ChangeAsked { customer: customer.number.clone(), approval, wanted: wanted.shown })
}

/// Carries the yes out: the call back is what the decider wrote.
///
/// # Errors
/// `CUS-18-CALL-BACK` without it; `CUS-CHANGED` where the address is no longer the one that was to be changed.
pub(crate) async fn carry_out_change(cmd: &mut Command, row: &ApprovalRow, call_back: &str) -> Outcome<String> {
    if call_back.trim().is_empty() {
        return Err(NO_CALL_BACK.because("Enter whom you called back, on which number, and what they said").into());
    }
    let org = cmd.by.org;
    let text = |name: &str| row.payload.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let customer = find(&mut cmd.tx, org, &text("customer")).await?;
    if text("field") == "bank" {
        let bank = BankRow {
            customer_id: customer.id,
            print: text("print"),
            sealed: text("sealed"),
            last_digits: text("last_digits"),
            source: "person".into(),
            recorded_at: cmd.at,
        };
        customers::add_banks(&mut cmd.tx, org, vec![bank]).await?;
    } else {
        move_house(cmd, &customer, &text).await?;
    }
    if !decide_held_change(&mut cmd.tx, org, &row.number, "made", (cmd.today, call_back.trim())).await? {
        return Err(Fault::new(format!("{} decides nothing that waits", row.number)).into());
    }
    let detail = serde_json::json!({ "field": text("field"), "approval": row.number });
    cmd.tell("ChangeMade", format!("customer {}", customer.number), detail);
    Ok(customer.number)
}

async fn move_house(cmd: &mut Command, customer: &CustomerRow, text: &impl Fn(&str) -> String) -> Outcome<()> {
    let org = cmd.by.org;
    if one_line(customer) != text("was") {
        let sentence = format!("The address of {} was changed since this was asked", customer.number);
        return Err(CHANGED.because(sentence).into());
    }
    let moved = CustomerRow {
        address1: text("address1"),
        address2: text("address2"),
        town: text("town"),
        postcode: text("postcode"),
        ..customer.clone()
    };
    if !customers::change_customer(&mut cmd.tx, org, &moved).await? {
        return Err(CHANGED.because(format!("{} was changed a moment ago", customer.number)).into());
    }
    let id = CustomerId(customer.id);
    let seq = customers::addresses_of(&mut cmd.tx, org, id).await?.first().map_or(1, |newest| newest.seq + 1);
    let (address, source) = (one_line(&moved), text("source"));
    let next = AddressRow { from_on: cmd.today, seq, address, source, recorded_at: cmd.at };
    customers::add_addresses(&mut cmd.tx, org, vec![(id, next)]).await?;
    Ok(())
}

/// Closes what waited, with the no.
pub(crate) async fn turn_down_change(cmd: &mut Command, row: &ApprovalRow, reason: &str) -> Outcome<()> {
    let found = held_change(&mut cmd.tx, cmd.by.org, &row.number).await?;
    found.ok_or_else(|| No::Absent("change".into()))?;
    decide_held_change(&mut cmd.tx, cmd.by.org, &row.number, "turned_down", (cmd.today, reason.trim())).await?;
    Ok(())
}

/// The changes of a customer that wait or waited, newest first.
///
/// # Errors
/// A customer that is not there.
pub async fn held_changes(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<HeldChangeRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, customer).await?;
    Ok(held_changes_of(&mut look, by.org, CustomerId(customer.id)).await?)
}
