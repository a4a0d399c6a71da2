//! Asking for money to go back: checked, warned about, and never without someone else's yes (CSH-13).
use super::common::{check_words, find_receipt, must_say};
use crate::approvals::{AskForApproval, REFUND, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use chrono::Days;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::desk_refusals::{CALL_BACK, REFUND_WARNING};
use sundry_domain::cash::refunds::{
    DUPLICATE_DAYS, RefundBackground, RefundFacts, RefundMethod, RefundReason, RefundWarning, may_refund,
    refund_warnings,
};
use sundry_domain::control::Duty;
use sundry_domain::ids::{BankLineId, CustomerId, OrgId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::cash_refunds::{self, RefundRow};
use sundry_store::customers::{self, CustomerRow};
use sundry_store::ledger::{self, ItemRow};
use sundry_store::{Tx, cash_counter};

/// Asks for a refund.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RequestRefund {
    /// Idempotency key.
    pub key: String,
    /// Number of the credit: a receipt or credit note with something left, or a receipt in suspense.
    pub credit: String,
    /// How much; all of it when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// overpaid, paid_twice, credited, not_ours, deposit or other.
    pub reason: String,
    /// The evidence, in words.
    pub words: String,
    /// bank, cheque or card.
    pub method: String,
    /// To whom; the customer when empty.
    #[serde(default)]
    pub payee_name: String,
    /// Where a cheque goes; the customer's address when empty.
    #[serde(default)]
    pub payee_address: String,
    /// Sort code, for a bank transfer.
    #[serde(default)]
    pub sort_code: String,
    /// Account number, for a bank transfer.
    #[serde(default)]
    pub account: String,
    /// Who allows it although there are open debts, and where that is written.
    #[serde(default)]
    pub authority: String,
    /// Who was rung about the account, on which number, when; needed unless the money came from it.
    #[serde(default)]
    pub call_back: String,
    /// The warnings have been looked at.
    #[serde(default)]
    pub seen_warnings: bool,
}

/// The refund that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefundAsked {
    /// Number of the refund.
    pub refund: String,
    /// Number of the approval.
    pub approval: String,
    /// How much.
    pub amount_pence: i64,
    /// What was looked at first.
    pub warnings: Vec<RefundWarning>,
}

/// The credit that a refund comes out of.
pub(super) struct Source {
    pub item: Option<ItemRow>,
    pub receipt: Option<ReceiptRow>,
    pub customer: Option<CustomerRow>,
    pub available: Pence,
    pub open_debts: Pence,
}

impl Source {
    /// credit or suspense.
    pub fn name(&self) -> &'static str {
        if self.item.is_some() { "credit" } else { "suspense" }
    }

    /// The number people know it by.
    pub fn number(&self) -> String {
        match (&self.item, &self.receipt) {
            (Some(item), _) => item.number.clone(),
            (None, Some(receipt)) => receipt.number.clone(),
            (None, None) => String::new(),
        }
    }
}

/// Finds a credit by its number: on an account, or a receipt in suspense.
pub(super) async fn source_of(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<Source> {
    let number = number.trim();
    let items = ledger::items_numbered(tx, org, number).await?;
    if let Some(item) = items.into_iter().find(|item| item.original_pence < 0) {
        let receipt = match item.receipt_id {
            Some(_) => {
                let first = item.number.split('/').next().unwrap_or_default().to_owned();
                cash::receipt_numbered(tx, org, &first).await?
            }
            None => None,
        };
        let customer = customers::customer(tx, org, CustomerId(item.customer_id)).await?;
        let open_debts = cash_refunds::open_debts_of(tx, org, CustomerId(item.customer_id)).await?;
        let available = Pence(-item.open_pence);
        return Ok(Source { item: Some(item), receipt, customer, available, open_debts: Pence(open_debts) });
    }
    let receipt = find_receipt(tx, org, number).await.map_err(|no| match no {
        No::Absent(_) => No::Absent(format!("credit {number}")),
        other => other,
    })?;
    let available = if receipt.state == "suspense" { Pence(receipt.amount_pence) } else { Pence::ZERO };
    Ok(Source { item: None, receipt: Some(receipt), customer: None, available, open_debts: Pence::ZERO })
}

/// What is known about the money, and which account it would go to.
async fn background(
    tx: &mut Tx,
    org: OrgId,
    source: &Source,
    (print, amount, since): (&str, Pence, chrono::NaiveDate),
) -> Outcome<RefundBackground> {
    let customer = source.customer.as_ref().map(|row| CustomerId(row.id));
    let mut known = RefundBackground {
        alike: cash_refunds::refunds_alike(tx, org, customer, print, amount, since).await?,
        ..RefundBackground::default()
    };
    let mut prints: Vec<String> = match customer {
        Some(id) => customers::banks_of(tx, org, id).await?.into_iter().map(|row| row.print).collect(),
        None => Vec::new(),
    };
    if let Some(receipt) = &source.receipt {
        known.came_by.clone_from(&receipt.method);
        known.came_on = Some(receipt.received_on);
        if let Some(line) = receipt.bank_line_id
            && let Some(line) = cash::line(tx, org, BankLineId(line)).await?
        {
            if is_direct_debit(&line.kind, &line.words) {
                known.came_by = "direct_debit".into();
            }
            prints.push(line.payer_print);
        }
        let paid = cash_counter::counter_payment_of_receipt(tx, org, ReceiptId(receipt.id)).await?;
        known.uncleared = paid.is_some_and(|p| p.method == "cheque" && p.state != "cleared");
    }
    prints.retain(|one| !one.is_empty());
    known.same_account = (!print.is_empty() && !prints.is_empty()).then(|| prints.iter().any(|one| one == print));
    Ok(known)
}

/// Whether the bank's code or words say that it was collected by Direct Debit.
fn is_direct_debit(kind: &str, words: &str) -> bool {
    let kind = kind.to_ascii_uppercase();
    ["DD", "DDR", "DDC", "PMDD", "RDDT"].contains(&kind.as_str())
        || words.to_ascii_uppercase().starts_with("DIRECT DEBIT")
}

/// What the page shows before anything is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefundLook {
    /// Number of the credit.
    pub credit: String,
    /// credit or suspense.
    pub source: String,
    /// Number and name of the customer, if any.
    pub customer: Option<(String, String)>,
    /// Who paid, as the bank writes it.
    pub payer_name: String,
    /// What can be refunded.
    pub available_pence: i64,
    /// What the customer owes beside it.
    pub open_debts_pence: i64,
    /// How the money came: bank, cheque, cash, card or direct_debit; empty if not from a receipt.
    pub came_by: String,
    /// What there is to look at, as far as can be told before the payee is known.
    pub warnings: Vec<RefundWarning>,
}

/// Looks at a credit before a refund is asked for.
///
/// # Errors
/// Duty; absent.
pub async fn refund_look(desk: &Desk, by: &Actor, credit: &str) -> Outcome<RefundLook> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let source = source_of(&mut look, by.org, credit).await?;
    let since = duplicates_since(desk.today());
    let known = background(&mut look, by.org, &source, ("", source.available, since)).await?;
    let method = if known.came_by == "card" { RefundMethod::Card } else { RefundMethod::Bank };
    Ok(RefundLook {
        credit: source.number(),
        source: source.name().into(),
        customer: source.customer.as_ref().map(|row| (row.number.clone(), row.name.clone())),
        payer_name: source.receipt.as_ref().map(|row| row.payer_name.clone()).unwrap_or_default(),
        available_pence: source.available.0,
        open_debts_pence: source.open_debts.0,
        warnings: refund_warnings(source.available, method, &known),
        came_by: known.came_by,
    })
}

fn duplicates_since(today: chrono::NaiveDate) -> chrono::NaiveDate {
    today.checked_sub_days(Days::new(DUPLICATE_DAYS.unsigned_abs())).unwrap_or(today)
}

/// Asks for a refund of a credit, or for money in suspense to go back to its payer.
///
/// # Errors
/// Duty; fields; absent; `CSH-REFUND-AMOUNT`, `GL-02-REFUND-OPEN-DEBTS`, `CTL-01-CALL-BACK`, `CSH-REFUND-WARNING`.
pub async fn request_refund(desk: &Desk, by: &Actor, ask: RequestRefund) -> Outcome<RefundAsked> {
    by.must_hold(Duty::ProposeRefund)?;
    let texts = [("evidence", &ask.words), ("payee name", &ask.payee_name), ("payee address", &ask.payee_address)];
    check_words(&texts.map(|(name, text)| (name, text.as_str())))?;
    check_words(&[("authority", &ask.authority), ("call back", &ask.call_back), ("account", &ask.account)])?;
    let (reason, method, payee) = check(&ask)?;
    command!(desk, by, "request_refund", &ask.key, &ask, |cmd| {
        let source = source_of(&mut cmd.tx, cmd.by.org, &ask.credit).await?;
        let amount = ask.amount.unwrap_or(source.available);
        let facts = RefundFacts {
            amount,
            available: source.available,
            open_debts: source.open_debts,
            authority: ask.authority.clone(),
        };
        may_refund(&facts)?;
        if source.item.is_none() && amount != source.available {
            return Err(whole_only(amount, source.available));
        }
        let print = print_of(desk, cmd.by.org, &payee);
        let since = duplicates_since(cmd.today);
        let known = background(&mut cmd.tx, cmd.by.org, &source, (&print, amount, since)).await?;
        if method == RefundMethod::Bank && known.same_account != Some(true) && ask.call_back.trim().is_empty() {
            let sentence = "Nothing was paid from this account before, so someone must ring the payee about it.";
            return Err(CALL_BACK.because(sentence).into());
        }
        let warnings = refund_warnings(amount, method, &known);
        if !warnings.is_empty() && !ask.seen_warnings {
            let all: Vec<&str> = warnings.iter().map(|one| one.sentence.as_str()).collect();
            return Err(REFUND_WARNING.because(all.join(" ")).into());
        }
        let new = New { ask: &ask, source: &source, amount, reason, method, payee: payee.clone(), print, warnings };
        record(cmd, new).await
    })
}

fn whole_only(amount: Pence, available: Pence) -> No {
    let sentence = format!("{amount} of {available}: money in suspense goes back whole.");
    sundry_domain::cash::desk_refusals::REFUND_AMOUNT.because(sentence).into()
}

/// Sort code and account; none where it goes by cheque or card.
type Payee = Option<(String, String)>;

/// Everything a new refund is made of.
struct New<'a> {
    ask: &'a RequestRefund,
    source: &'a Source,
    amount: Pence,
    reason: RefundReason,
    method: RefundMethod,
    payee: Payee,
    print: String,
    warnings: Vec<RefundWarning>,
}

/// The fields as they must be; all that is wrong at once.
fn check(ask: &RequestRefund) -> Outcome<(RefundReason, RefundMethod, Payee)> {
    let mut wrong = Vec::new();
    let reason = RefundReason::parse(&ask.reason);
    if reason.is_none() {
        wrong.push(Invalid::field("reason", "Choose why from the list", &ask.reason));
    }
    let method = RefundMethod::parse(&ask.method);
    if method.is_none() {
        wrong.push(Invalid::field("method", "Choose bank, cheque or card", &ask.method));
    }
    must_say("words", "Enter the evidence: what shows that it is due back", &ask.words, &mut wrong);
    let mut payee = None;
    if method == Some(RefundMethod::Bank) {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let (sort_code, account) = (digits(&ask.sort_code), digits(&ask.account));
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || " -".contains(c));
        if sort_code.len() != 6 || !plain(&ask.sort_code) {
            wrong.push(Invalid::field("sort_code", "Enter a sort code of 6 digits", &ask.sort_code));
        }
        if account.len() != 8 || !plain(&ask.account) {
            wrong.push(Invalid::field("account", "Enter an account number of 8 digits", &ask.account));
        }
        payee = Some((sort_code, account));
    }
    match (reason, method) {
        (Some(reason), Some(method)) if wrong.is_empty() => Ok((reason, method, payee)),
        _ => Err(wrong.into()),
    }
}

fn print_of(desk: &Desk, org: OrgId, payee: &Payee) -> String {
    payee.as_ref().and_then(|(sort, account)| desk.vault().bank_print(org.0, sort, account)).unwrap_or_default()
}

async fn record(cmd: &mut Command, new: New<'_>) -> Outcome<RefundAsked> {
    let number = format!("RFD-{:06}", cmd.next_number("RFD").await?);
    let id = cmd.id::<i64>();
    let (sealed, shown) = sealed(cmd, id, &new.payee)?;
    let customer = new.source.customer.as_ref();
    let or = |text: &str, other: String| if text.trim().is_empty() { other } else { text.trim().to_owned() };
    let payer = new.source.receipt.as_ref().map(|row| row.payer_name.clone()).unwrap_or_default();
    let address = customer.map(address).unwrap_or_default();
    let warnings: Vec<String> = new.warnings.iter().map(|one| one.sentence.clone()).collect();
    let mut row = RefundRow {
        id,
        number: number.clone(),
        source: new.source.name().into(),
        customer_id: customer.map(|row| row.id),
        credit_item_id: new.source.item.as_ref().map(|item| item.id),
        refund_item_id: None,
        receipt_id: new.source.receipt.as_ref().map(|row| row.id),
        credit_number: new.source.number(),
        amount_pence: new.amount.0,
        reason: new.reason.as_str().into(),
        words: new.ask.words.trim().into(),
        authority: new.ask.authority.trim().into(),
        method: new.method.as_str().into(),
        payee_name: or(&new.ask.payee_name, customer.map_or(payer, |row| row.name.clone())),
        payee_address: or(&new.ask.payee_address, address),
        bank_print: new.print,
        bank_sealed: sealed,
        bank_shown: shown,
        call_back: new.ask.call_back.trim().into(),
        warnings: warnings.join(" "),
        state: "asked".into(),
        approval: String::new(),
        batch_id: None,
        asked_by: cmd.by.user.0,
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        approved_by: None,
        approved_by_name: String::new(),
        approved_on: None,
        paid_on: None,
        returned_on: None,
        return_reason: String::new(),
        recorded_at: cmd.at,
        version: 1,
    };
    let payload = facts_of(&row, customer, new.source.open_debts);
    let to =
        customer.map_or_else(|| row.payee_name.clone(), |customer| format!("{} ({})", customer.name, customer.number));
    let request = AskForApproval {
        command: REFUND,
        subject: format!("refund {number}"),
        summary: format!(
            "Refund {} of {} to {to}: {}",
            new.amount,
            row.credit_number,
            new.reason.name().to_lowercase()
        ),
        payload: payload.clone(),
        amount: new.amount,
    };
    row.approval = ask_for_approval(cmd, request).await?;
    cash_refunds::add_refund(&mut cmd.tx, cmd.by.org, &row).await?;
    cmd.tell("RefundAsked", format!("refund {number}"), &payload);
    Ok(RefundAsked { refund: number, approval: row.approval, amount_pence: new.amount.0, warnings: new.warnings })
}

/// The account sealed for this refund alone, and its last digits.
fn sealed(cmd: &Command, id: i64, payee: &Payee) -> Outcome<(String, String)> {
    let Some((sort_code, account)) = payee else { return Ok((String::new(), String::new())) };
    let plain = format!("{sort_code} {account}");
    let sealed = cmd.desk.vault().seal_text(cmd.by.org.0, &format!("refund/{id}"), &plain)?;
    Ok((sealed, super::bank_accounts::last_digits(account)))
}

pub(super) fn address(row: &CustomerRow) -> String {
    let parts = [&row.address1, &row.address2, &row.town, &row.postcode];
    parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What the person who decides reads; the payee's account only by its last digits.
fn facts_of(row: &RefundRow, customer: Option<&CustomerRow>, open_debts: Pence) -> serde_json::Value {
    let account = if row.bank_shown.is_empty() { String::new() } else { format!("ending {}", row.bank_shown) };
    serde_json::json!({
        "refund": row.number,
        "credit": row.credit_number,
        "customer": customer.map(|row| format!("{} {}", row.number, row.name)),
        "amount_pence": row.amount_pence,
        "reason": RefundReason::parse(&row.reason).map(RefundReason::name),
        "evidence": row.words,
        "method": RefundMethod::parse(&row.method).map(RefundMethod::name),
        "payee": row.payee_name,
        "payee_account": account,
        "call_back": row.call_back,
        "open_debts_pence": open_debts.0,
        "authority": row.authority,
        "warnings": row.warnings,
    })
}
