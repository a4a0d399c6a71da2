//! The receipts beside the one at hand: which of those that wait are shown, and which comes next.
use super::form::{Asked, asked, open_address};
use crate::web::door::{Shared, Visitor};
use crate::web::pages::allocation::Sift;
use chrono::Days;
use sundry_desk::Outcome;
use sundry_desk::cash::bank_accounts;
use sundry_desk::cash::receipts_waiting::{ReceiptsPage, ReceiptsWaiting, receipts_waiting};

/// Receipts in the list beside the one chosen.
const QUEUE: i64 = 40;

/// What was filtered for, with the choices there are.
pub(super) async fn sift_of(doors: &Shared, visitor: &Visitor, query: &Asked) -> Outcome<Sift> {
    let accounts = bank_accounts(&doors.desk, &visitor.actor).await?;
    Ok(Sift {
        find: asked(query, "find").to_owned(),
        bank: asked(query, "bank").to_owned(),
        age: asked(query, "age").to_owned(),
        banks: accounts.into_iter().map(|account| (account.id.to_string(), account.name)).collect(),
    })
}

/// The same receipts again, on another page: `?find=…&bank=…&`, or `?`.
pub(super) fn beside(sift: &Sift) -> String {
    let fields = [("find", sift.find.as_str()), ("bank", &sift.bank), ("age", &sift.age)];
    let kept: Vec<(&str, &str)> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    open_address("", &kept)
}

/// The receipts that wait and fit.
pub(super) async fn waiting(doors: &Shared, visitor: &Visitor, sift: &Sift) -> Outcome<ReceiptsPage> {
    let older = sift.age.parse().ok().and_then(|days| doors.desk.today().checked_sub_days(Days::new(days)));
    let ask = ReceiptsWaiting {
        view: "waiting".into(),
        search: sift.find.clone(),
        bank_account: sift.bank.parse().ok(),
        to_on: older,
        per_page: QUEUE,
        ..ReceiptsWaiting::default()
    };
    receipts_waiting(&doors.desk, &visitor.actor, ask).await
}

/// The receipt after this one in the list, or the first.
pub(super) fn after(queue: &ReceiptsPage, number: &str) -> String {
    let place = queue.rows.iter().position(|row| row.number == number);
    let next = place.and_then(|place| queue.rows.get(place + 1));
    let first = queue.rows.iter().find(|row| row.number != number);
    next.or(first).map(|row| row.number.clone()).unwrap_or_default()
}
