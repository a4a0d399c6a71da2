//! Taking a request on, making it an invoice, sending it back: what the desk does.
use super::super::raise::{InvoiceRaised, draft};
use super::ask::{change, must_be_as_read, must_step, seen, subject};
use super::form::RequestForm;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::requests::refusals::NO_CUSTOMER;
use sundry_domain::billing::requests::{RequestState, RequestStep};
use sundry_domain::control::{Decider, Duty, may_approve};
use sundry_domain::ids::UserId;
use sundry_domain::refusal::Invalid;
use sundry_store::requests::RequestRow;

/// Takes a request on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeRequest {
    /// Idempotency key.
    pub key: String,
    /// The request.
    pub number: String,
}

/// Makes a request an invoice.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApproveRequest {
    /// Idempotency key.
    pub key: String,
    /// The request.
    pub number: String,
    /// The version that was read.
    pub seen_version: i64,
    /// The customer's number, where the request only describes them.
    pub customer_number: String,
}

/// A request that became an invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestApproved {
    /// The request.
    pub number: String,
    /// The invoice.
    pub invoice: InvoiceRaised,
}

/// A request that was taken on or sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestTurned {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
}

/// Sends a request back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SendRequestBack {
    /// Idempotency key.
    pub key: String,
    /// The request.
    pub number: String,
    /// The version that was read.
    pub seen_version: i64,
    /// Why, for the service to read.
    pub reason: String,
}

/// Refuses whoever asked for it, and whoever may not raise invoices.
fn must_decide(by: &Actor, row: &RequestRow) -> Outcome<()> {
    let decider = Decider { user: by.user, duties: by.duties.clone() };
    Ok(may_approve(UserId(row.asked_by), &decider, Duty::RaiseInvoice)?)
}

/// Takes a request on: it has an owner from now on.
///
/// # Errors
/// `BIL-02-STATE` unless it waits for the desk; `CTL-01-OWN-WORK` of one's own.
pub async fn take_request(desk: &Desk, by: &Actor, ask: TakeRequest) -> Outcome<RequestTurned> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "take_request", &ask.key, &ask, |cmd| {
        let row = seen(&mut cmd.tx, by, &ask.number).await?;
        must_step(&row, RequestStep::Take)?;
        must_decide(by, &row)?;
        let turned = RequestTurned { number: row.number.clone(), state: row.state.clone() };
        let row = RequestRow { owner_id: cmd.by.user.0, owner_name: cmd.by.name.clone(), ..row };
        change(cmd, row, ("taken", "")).await?;
        cmd.tell("RequestTaken", subject(&turned.number), &turned);
        Ok(turned)
    })
}

/// Makes a request an invoice, as any invoice is raised.
///
/// # Errors
/// `CTL-01-OWN-WORK` of one's own; `BIL-02-STATE`; `BIL-02-CHANGED`; `BIL-02-NO-CUSTOMER`; all that raising refuses.
pub async fn approve_request(desk: &Desk, by: &Actor, ask: ApproveRequest) -> Outcome<RequestApproved> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "approve_request", &ask.key, &ask, |cmd| {
        let row = seen(&mut cmd.tx, by, &ask.number).await?;
        must_step(&row, RequestStep::Approve)?;
        must_decide(by, &row)?;
        must_be_as_read(&row, ask.seen_version)?;
        let mut form: RequestForm = serde_json::from_value(row.form.clone())?;
        if !ask.customer_number.trim().is_empty() {
            form.customer_number = ask.customer_number.trim().to_owned();
        }
        if form.customer_number.trim().is_empty() {
            return Err(NO_CUSTOMER
                .because(format!("{} describes a customer who has no number yet", row.number))
                .into());
        }
        let raised = draft(&mut cmd.tx, desk, by.org, &form.invoice()).await?.post(cmd).await?;
        cmd.tell("InvoiceRaised", format!("invoice {}", raised.number), &raised);
        let number = row.number.clone();
        let row = RequestRow {
            state: RequestState::Invoiced.as_str().into(),
            customer_number: form.customer_number.trim().to_owned(),
            gross_pence: raised.gross_pence,
            document_id: Some(raised.document.0),
            invoice_number: raised.number.clone(),
            decided_by_name: cmd.by.name.clone(),
            decided_on: Some(cmd.today),
            ..row
        };
        change(cmd, row, ("approved", &format!("Invoice {}", raised.number))).await?;
        let approved = RequestApproved { number, invoice: raised };
        cmd.tell("RequestApproved", subject(&approved.number), &approved);
        Ok(approved)
    })
}

/// Sends a request back with a reason, which the service sees at its request.
///
/// # Errors
/// No reason; `CTL-01-OWN-WORK`; `BIL-02-STATE`; `BIL-02-CHANGED`.
pub async fn send_request_back(desk: &Desk, by: &Actor, ask: SendRequestBack) -> Outcome<RequestTurned> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("reason", &ask.reason)])?;
    let reason = ask.reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        let say = "Enter what is to be put right, in at most 500 characters";
        return Err(Invalid::field("reason", say, &ask.reason).into());
    }
    command!(desk, by, "send_request_back", &ask.key, &ask, |cmd| {
        let row = seen(&mut cmd.tx, by, &ask.number).await?;
        must_step(&row, RequestStep::SendBack)?;
        must_decide(by, &row)?;
        must_be_as_read(&row, ask.seen_version)?;
        let state = RequestState::SentBack.as_str().to_owned();
        let turned = RequestTurned { number: row.number.clone(), state };
        let row = RequestRow {
            state: RequestState::SentBack.as_str().into(),
            reason: reason.to_owned(),
            decided_by_name: cmd.by.name.clone(),
            decided_on: Some(cmd.today),
            ..row
        };
        change(cmd, row, ("sent_back", reason)).await?;
        let detail = serde_json::json!({ "number": turned.number, "reason": reason });
        cmd.tell("RequestSentBack", subject(&turned.number), detail);
        Ok(turned)
    })
}
