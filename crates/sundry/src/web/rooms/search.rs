//! One box that finds everything; what is plainly meant opens at once.
use super::form::{Asked, asked};
use crate::web::door::{Answer, Routes, Shared, Visitor, form_encode, invoice_at, page, path_part, see_other};
use crate::web::pages::search::{Group, Hit, SearchResults};
use crate::web::ui::money;
use axum::extract::{Query, State};
use axum::routing::get;
use sundry_desk::customers::{Exact, Found, search};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/search", &[Duty::View], get(view))
}

/// The page of an item, by its kind and number.
pub fn page_of(kind: &str, number: &str) -> String {
    match kind {
        "invoice" | "credit_note" => invoice_at(number),
        // A receipt over several accounts has an item on each: RCT-000736/2 is of RCT-000736.
        // What was kept of pay or a payment never came as a receipt that has a page.
        "receipt" if !number.starts_with("STF-") => {
            format!("/cash/receipts/{}", form_encode(number.split('/').next().unwrap_or(number)))
        }
        "customer" => format!("/customers/{}", path_part(number)),
        _ => format!("/explain?ref={}", form_encode(number)),
    }
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let found = search(&doors.desk, &visitor.actor, asked(&query, "q")).await?;
    if let Some(exact) = &found.exact {
        return see_other(&opened(exact));
    }
    let mut frame = doors.frame(&visitor, "").await;
    frame.search.clone_from(&found.text);
    page(&SearchResults { frame, groups: groups(found), may_add: visitor.actor.holds(Duty::ManageCustomers) })
}

fn opened(exact: &Exact) -> String {
    match exact.kind.as_str() {
        "reference" => page_of("customer", &exact.customer_number),
        kind => page_of(kind, &exact.number),
    }
}

fn groups(found: Found) -> Vec<Group> {
    let customers = found.customers.into_iter().map(|c| Hit {
        href: page_of("customer", &c.number),
        words: format!("{}, {}", c.name, c.number),
        detail: format!("{} {}", c.town, c.postcode).trim().to_owned(),
        amount: money(Pence(c.balance_pence)),
    });
    let references = found.references.into_iter().map(|r| Hit {
        href: page_of("customer", &r.customer_number),
        words: format!("{}, {}", r.reference, super::form::plain(&r.kind).to_lowercase()),
        detail: format!("{}, {}", r.customer_name, r.customer_number),
        amount: String::new(),
    });
    let items = found.items.into_iter().filter(|i| i.kind != "receipt").map(|i| Hit {
        href: page_of(&i.kind, &i.number),
        words: format!("{} {}", super::form::plain(&i.kind), i.number),
        detail: format!("{}, {}, {}", i.customer_name, i.customer_number, i.dated_on.format("%-d %b %Y")),
        amount: money(Pence(i.original_pence)),
    });
    let receipts = found.receipts.into_iter().map(|r| Hit {
        href: page_of("receipt", &r.number),
        words: format!("Receipt {}", r.number),
        detail: format!("{}, {}", r.payer_name, r.received_on.format("%-d %b %Y")),
        amount: money(Pence(r.amount_pence)),
    });
    let group = |name: &str, hits: Vec<Hit>| Group {
        name: name.to_owned(),
        count: i64::try_from(hits.len()).unwrap_or(0),
        hits,
    };
    let all = [
        group("Customers", customers.collect()),
        group("Other references", references.collect()),
        group("Invoices and other items", items.collect()),
        group("Receipts", receipts.collect()),
    ];
    all.into_iter().filter(|group| !group.hits.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_part_of_its_address() {
        assert_eq!(page_of("invoice", "INV-000412/2"), "/billing/invoices/INV-000412%2F2");
        assert_eq!(page_of("credit_note", "OLD/77 B"), "/billing/invoices/OLD%2F77%20B");
        assert_eq!(page_of("receipt", "RCT-000736/2"), "/cash/receipts/RCT-000736");
        assert_eq!(page_of("receipt", "STF-000012"), "/explain?ref=STF-000012");
        assert_eq!(page_of("customer", "C1/7"), "/customers/C1%2F7");
        assert_eq!(page_of("journal", "JNL-1"), "/explain?ref=JNL-1");
    }
}
