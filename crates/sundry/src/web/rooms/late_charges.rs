//! What is charged on an invoice for paying late: seen, charged, waived.
use super::form::{again, amount_field, onto};
use super::interest::working;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, invoice_at, page, page_with, told};
use crate::web::pages::late_charges::LateCharges;
use axum::extract::{Path, State};
use axum::routing::get;
use sundry_desk::recovery::contract_fees::{ChargeContractFee, charge_contract_fee};
use sundry_desk::recovery::{PostCharges, WaiveCharge, charges, post_charges, waive_charge};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::recovery::refusals::FEE_WAITS;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/billing/invoices/{number}/charges", &[Duty::View], get(view).post(act))
}

async fn shown(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<LateCharges> {
    let by = &visitor.actor;
    let found = charges(&doors.desk, by, number).await?;
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/recovery".into();
    Ok(LateCharges {
        frame,
        quoted: found.quoted.as_ref().map(working),
        refusal: found.refusal,
        fee: found.fee,
        fee_waits: found.fee_refusal.filter(|no| no.code == FEE_WAITS.code),
        stopped: found.stopped,
        sums: [found.charged_pence, found.waived_pence, found.open_pence],
        charges: found.charges,
        number: found.invoice,
        may: [by.holds(Duty::WorkCases), by.holds(Duty::ProposeWriteOff) || by.holds(Duty::ApproveWriteOff)],
        typed: Default::default(),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &number).await?)
}

async fn act(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let (charging, fee) = (posted.get("act") == "charge", posted.get("act") == "fee");
    if charging || fee {
        by.must_hold(Duty::WorkCases).map_err(No::from)?;
    } else if !by.holds(Duty::ProposeWriteOff) {
        by.must_hold(Duty::ApproveWriteOff).map_err(No::from)?;
    }
    let mut seen = shown(&doors, &visitor, &number).await?;
    let at = format!("{}/charges", invoice_at(&seen.number));
    seen.typed = ["charge", "amount", "reason", "words"].map(|field| posted.get(field).to_owned());
    let outcome = if charging {
        let ask = PostCharges { key: posted.key(), invoice: seen.number.clone() };
        post_charges(desk, by, ask).await.map(|done| {
            format!("Interest {} and fixed sum {} more than before", done.interest_pence, done.compensation_pence)
        })
    } else if fee {
        let ask = ChargeContractFee { key: posted.key(), invoice: seen.number.clone() };
        charge_contract_fee(desk, by, ask).await.map(|done| format!("{} charged by {}", done.fee_pence, done.term))
    } else {
        let amount = amount_field(&mut seen.frame, "amount", posted.get("amount"));
        if !seen.frame.errors.is_empty() {
            return again(&seen);
        }
        let [charge, _, reason, words] = seen.typed.clone();
        let ask = WaiveCharge { key: posted.key(), charge, amount, reason, words };
        waive_charge(desk, by, ask).await.map(|done| match done.approval.as_str() {
            "" => format!("{} of {} waived", done.waived_pence, done.charge),
            approval => format!("{} waits for somebody else's yes: approval {approval}", done.charge),
        })
    };
    match outcome {
        Ok(news) => told(&at, &news),
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}
