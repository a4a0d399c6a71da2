//! What standing orders will bring, as the matcher is told it.
use super::facts::terms;
use crate::Outcome;
use chrono::NaiveDate;
use sundry_domain::cash::Expectation;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::Tx;
use sundry_store::standing_order::orders;

/// A reference with fewer digits is too common a word to name its payer.
const DIGITS: usize = 4;

/// Payments due by standing order, and the references with which they come.
#[derive(Default)]
pub(in crate::cash) struct OnTheirWay {
    pub payments: Vec<Expectation>,
    pub references: Vec<(i64, String)>,
}

/// Loads what standing orders bring from one day to another.
pub(in crate::cash) async fn on_their_way(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Outcome<OnTheirWay> {
    let mut found = OnTheirWay::default();
    for row in orders(tx, org, from).await? {
        let days = terms(&row, &[])?.payments(from, to);
        found.payments.extend(days.into_iter().map(|due_on| Expectation {
            customer: CustomerId(row.customer_id),
            amount: Pence(row.amount_pence),
            due_on,
            what: "due by standing order".into(),
            items: Vec::new(),
        }));
        if row.reference.chars().filter(char::is_ascii_digit).count() >= DIGITS {
            found.references.push((row.customer_id, row.reference));
        }
    }
    Ok(found)
}
