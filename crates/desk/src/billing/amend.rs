//! An invoice put right in one step (B5): what is wrong is credited, what is right is billed, by one yes.
use super::credit::{CreditPayload, find_invoice, post_credit, price, set_against_all};
use super::form::InvoiceForm;
use super::raise::{Amends, draft};
use crate::approvals::{AMENDMENT, AskForApproval, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{CreditReason, refusals};
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::CHANGED;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::control::ApprovalRow;
use sundry_store::ledger;

/// Puts an invoice right: the whole of it is credited and billed anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AmendInvoice {
    /// Idempotency key.
    pub key: String,
    /// Number of the invoice.
    #[serde(default)]
    pub invoice: String,
    /// wrong_price, wrong_customer, cancelled, service_not_given or dispute_agreed.
    pub reason: String,
    /// In words, for the person who decides.
    #[serde(default)]
    pub words: String,
    /// The invoice as it should have been.
    pub form: InvoiceForm,
    /// For each line of the form the line of the old invoice that it puts right; none where it is added.
    #[serde(default)]
    pub of_lines: Vec<Option<i64>>,
}

/// The request that waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AmendmentAsked {
    /// Approval number.
    pub approval: String,
    /// What would be credited, with VAT.
    pub credit_pence: i64,
    /// What would be billed anew, with VAT.
    pub bill_pence: i64,
}

/// What an approval of an amendment holds.
#[derive(Serialize, Deserialize)]
struct Payload {
    credit: CreditPayload,
    form: InvoiceForm,
    of_lines: Vec<Option<i64>>,
    bill_pence: i64,
}

/// Asks for an invoice to be credited in full and billed anew; it takes someone else's yes, by the limit for credits.
///
/// # Errors
/// Every invalid field at once; `INV-09-…` where nothing is left to credit; `INV-09-SAME` where nothing would change.
pub async fn request_amendment(desk: &Desk, by: &Actor, ask: AmendInvoice) -> Outcome<AmendmentAsked> {
    by.must_hold(Duty::ProposeCredit)?;
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("words", &ask.words)])?;
    let reason = CreditReason::parse(&ask.reason)
        .filter(|reason| reason.can_be_chosen())
        .ok_or_else(|| Invalid::field("reason", "Choose why from the list", &ask.reason))?;
    command!(desk, by, "request_amendment", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let invoice = find_invoice(&mut cmd.tx, org, &ask.invoice).await?;
        let bill = draft(&mut cmd.tx, desk, org, &ask.form).await?;
        let (_, priced, old) = price(&mut cmd.tx, org, &invoice, &[]).await?;
        if invoice.customer_id == bill.customer_id() && bill.is_as(&old) && priced.gross == Pence(invoice.gross_pence) {
            let sentence = format!("It would bill what invoice {} says", invoice.number);
            return Err(refusals::AMEND_SAME.because(sentence).into());
        }
        let of_lines = (0..ask.form.lines.len()).map(|at| ask.of_lines.get(at).copied().flatten());
        let of_lines = of_lines.map(|line| line.filter(|line| old.iter().any(|row| row.line == *line))).collect();
        let credit = CreditPayload::new(&invoice, Vec::new(), reason, &ask.words, &priced);
        let payload = Payload { credit, form: ask.form.clone(), of_lines, bill_pence: bill.gross().0 };
        let request = AskForApproval {
            command: AMENDMENT,
            subject: format!("invoice {}", invoice.number),
            summary: format!(
                "Credit {} of invoice {} and bill {} instead: {}",
                priced.gross,
                invoice.number,
                bill.gross(),
                reason.name()
            ),
            payload: serde_json::to_value(&payload)?,
            amount: priced.gross,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("AmendmentAsked", format!("invoice {}", invoice.number), &payload);
        Ok(AmendmentAsked { approval, credit_pence: priced.gross.0, bill_pence: bill.gross().0 })
    })
}

/// Posts an approved amendment: the credit note, the new invoice, and what was paid on the old one set against the new.
pub(crate) async fn post_amendment(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let payload: Payload = serde_json::from_value(approval.payload.clone())?;
    let org = cmd.by.org;
    let desk = cmd.desk.clone();
    let bill = draft(&mut cmd.tx, &desk, org, &payload.form).await?;
    if bill.gross().0 != payload.bill_pence {
        let sentence = format!("It would now bill {}, not {}", bill.gross(), Pence(payload.bill_pence));
        return Err(CHANGED.because(sentence).into());
    }
    let credit = post_credit(cmd, &payload.credit).await?;
    let old = find_invoice(&mut cmd.tx, org, &payload.credit.invoice).await?;
    let same_customer = old.customer_id == bill.customer_id();
    let amends = Amends { document: old.id, of_lines: payload.of_lines, actor: approval.asked_by };
    let raised = bill.amending(amends).post(cmd).await?;
    if same_customer && credit.left > Pence::ZERO {
        let items = ledger::items_of_document(&mut cmd.tx, org, raised.document, &raised.number).await?;
        let reason = format!("What was paid on invoice {} pays {}, which replaces it", old.number, raised.number);
        set_against_all(cmd, &items, credit.item, credit.left, &reason).await?;
    }
    cmd.tell("InvoiceRaised", format!("invoice {}", raised.number), &raised);
    Ok(format!("{} and {}", credit.number, raised.number))
}
