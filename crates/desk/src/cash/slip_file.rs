//! The paying-in slip on paper and as CSV: the same rows, the same total.
use super::paying_in::PayingInView;
use crate::delivery::Stationery;
use sundry_formats::csv_out::{self, Cell};
use sundry_paper::{Addressee, Language, Letter, LetterItem, LetterKind};
use sundry_store::cash_counter::CounterPaymentRow;

const COLUMNS: &[&str] =
    &["batch", "slip", "dated_on", "method", "cheque_number", "drawer", "bank", "receipt", "payment", "amount"];

/// The slip as CSV.
pub(super) fn csv(view: &PayingInView) -> Vec<u8> {
    let rows = view.payments.iter().map(|payment| {
        vec![
            Cell::Text(view.batch.number.clone()),
            Cell::Text(view.batch.slip.clone()),
            Cell::Date(view.batch.dated_on),
            Cell::Text(payment.method.clone()),
            Cell::Text(payment.cheque_number.clone()),
            Cell::Text(payment.payer_name.clone()),
            Cell::Text(payment.drawer_bank.clone()),
            Cell::Text(payment.receipt_number.clone()),
            Cell::Text(payment.number.clone()),
            Cell::Pence(payment.amount_pence),
        ]
    });
    csv_out::write(COLUMNS, rows)
}

/// The slip for the printer, which refuses one that does not add up.
pub(super) fn letter(view: &PayingInView, paper: &Stationery) -> Letter {
    let batch = &view.batch;
    Letter {
        kind: LetterKind::PayingIn,
        language: Language::English,
        organisation: paper.letterhead.clone(),
        to: Addressee {
            name: format!("Paid in to {}", view.bank_account),
            salutation: String::new(),
            address: vec![format!("Slip {}", batch.slip)],
            customer_number: String::new(),
        },
        number: batch.number.clone(),
        dated_on: batch.dated_on,
        due_on: None,
        title: format!("Paying-in slip {}", batch.slip),
        sum_pence: batch.total_pence,
        blocks: Vec::new(),
        invoice: None,
        items: view.payments.iter().map(|payment| line(payment, batch.dated_on)).collect(),
        ageing: None,
        payment: None,
        signed_by: None,
        enclosures: Vec::new(),
        attachment: None,
        large_print: false,
        copy: false,
    }
}

fn line(payment: &CounterPaymentRow, on: chrono::NaiveDate) -> LetterItem {
    let number = match (payment.method.as_str(), payment.cheque_number.as_str()) {
        ("cash", _) => "Cash".to_owned(),
        (_, "") => "Cheque".to_owned(),
        (_, number) => number.to_owned(),
    };
    let drawer = [payment.payer_name.as_str(), payment.drawer_bank.as_str()];
    let drawer: Vec<&str> = drawer.into_iter().filter(|text| !text.is_empty()).collect();
    LetterItem {
        number,
        dated_on: on,
        due_on: None,
        description: drawer.join(", "),
        amount_pence: payment.amount_pence,
        charges_pence: 0,
        late: None,
        in_query_pence: 0,
        paid_pence: 0,
        owed_pence: payment.amount_pence,
    }
}
