//! Payment terms: the list, adding some, ending them.
use super::form::{again, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::payment_terms::{PaymentTerms, TermsLine};
use axum::extract::{Path, State};
use axum::routing::{get, post};
use sundry_desk::Outcome;
use sundry_desk::billing::{
    AddPaymentTerms, PaymentTermsShown, SetPaymentTerms, TermsPartAsked, add_payment_terms, payment_terms_list,
    set_payment_terms,
};
use sundry_domain::control::Duty;
use sundry_domain::money::{BasisPoints, Pence};

/// Rows of parts on the form.
pub const PARTS: usize = 4;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let manages: &[Duty] = &[Duty::ManageSettings];
    routes
        .add("/billing/payment-terms", &[Duty::View, Duty::ManageSettings], get(list))
        .add("/billing/payment-terms/add", manages, post(add))
        .add("/billing/payment-terms/{code}/set", manages, post(set))
}

fn line(one: PaymentTermsShown) -> TermsLine {
    let days = |days: i64| crate::web::ui::count_of(days, "day", "days");
    let part = |part: &TermsPartAsked| match part.share_bp {
        10_000 => format!("all in {}", days(part.days)),
        share => format!("{} in {}", BasisPoints(share), days(part.days)),
    };
    let discount = match one.row.discount_bp {
        0 => String::new(),
        rate => format!("{} within {}", BasisPoints(rate), days(one.row.discount_days)),
    };
    TermsLine {
        parts: one.parts.iter().map(part).collect::<Vec<_>>().join(", "),
        discount,
        code: one.row.code,
        name: one.row.name,
        active: one.row.active,
    }
}

async fn shown(doors: &Shared, visitor: &Visitor) -> Outcome<PaymentTerms> {
    let rows = payment_terms_list(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Billing").await;
    frame.help = "rooms/billing".into();
    Ok(PaymentTerms {
        frame,
        rows: rows.into_iter().map(line).collect(),
        may_manage: visitor.actor.holds(Duty::ManageSettings),
        typed: Default::default(),
        parts: vec![Default::default(); PARTS],
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor).await?)
}

async fn add(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor).await?;
    let text = |name: &str| posted.get(name).to_owned();
    form.typed = ["code", "name", "discount", "discount_days"].map(&text);
    form.parts = (1..=PARTS).map(|n| (text(&format!("share-{n}")), text(&format!("days-{n}")))).collect();
    let (mut parts, mut places) = (Vec::new(), Vec::new());
    for (n, (share, days)) in (1..).zip(&form.parts) {
        if share.is_empty() && days.is_empty() {
            continue;
        }
        let share = per_cent(share).unwrap_or_else(|| {
            form.frame.errors.add(format!("share-{n}"), "Enter a share in per cent, such as 50");
            0
        });
        let days = days.parse().unwrap_or_else(|_| {
            form.frame.errors.add(format!("days-{n}"), "Enter a number of days");
            0
        });
        parts.push(TermsPartAsked { share_bp: share, days });
        places.push(n);
    }
    let [code, name, discount, discount_days] = form.typed.clone();
    let discount_bp = if discount.is_empty() { Some(0) } else { per_cent(&discount) };
    if discount_bp.is_none() {
        form.frame.errors.add("discount", "Enter a rate in per cent, such as 2.5");
    }
    let days = if discount_days.is_empty() { Some(0) } else { discount_days.parse().ok() };
    if days.is_none() {
        form.frame.errors.add("discount_days", "Enter a number of days");
    }
    let (Some(discount_bp), Some(discount_days), true) = (discount_bp, days, form.frame.errors.is_empty()) else {
        return again(&form);
    };
    let ask = AddPaymentTerms { key: posted.key(), code, name, parts, discount_bp, discount_days };
    match add_payment_terms(&doors.desk, &visitor.actor, ask).await {
        Ok(made) => told("/billing/payment-terms", &format!("{} can be chosen on an invoice", made.row.code)),
        Err(sundry_desk::No::Invalid(all)) => {
            for one in all {
                let place = one.row.and_then(|row| places.get(usize::try_from(row).ok()?.checked_sub(1)?));
                let field = match (one.field.as_str(), place) {
                    (name, Some(place)) => format!("{name}-{place}"),
                    ("parts", None) => "share-1".to_owned(),
                    (name, None) => name.to_owned(),
                };
                form.frame.errors.add(field, one.message);
            }
            again(&form)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

/// `2.5` is 250 basis points.
fn per_cent(text: &str) -> Option<i64> {
    Pence::parse(text.trim().trim_end_matches('%').trim()).map(|read| read.0)
}

async fn set(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let active = posted.get("active") == "yes";
    let ask = SetPaymentTerms { key: posted.key(), code, active };
    let set = set_payment_terms(&doors.desk, &visitor.actor, ask).await?;
    let words = if active { "can be chosen again" } else { "can no longer be chosen" };
    told("/billing/payment-terms", &format!("{} {words}", set.row.code))
}
